"""What the Python peers share: sessions, and where things go on a sheet."""
import base64
import json
import math
import os
import sys

NAMES = ["reference", "audit-0", "audit-1", "audit-2", "audit-3"]
WHITE, BLACK, ORANGE = (255, 255, 255), (20, 24, 30), (230, 159, 0)


def edge(share, side):
    """Returns where an edge lies, rounded half up, within the frame."""
    return min(max(math.floor(share * side + 0.5), 0), side)


def boxes(box, width, height):
    """Returns the edges of a box, and of what is cut: 15 % more on each side."""
    left, top = box["Left"], box["Top"]
    right, bottom = left + box["Width"], top + box["Height"]
    dx, dy = 0.15 * box["Width"], 0.15 * box["Height"]
    mark = edge(left, width), edge(top, height), edge(right, width), edge(bottom, height)
    face = edge(left - dx, width), edge(top - dy, height), edge(right + dx, width), edge(bottom + dy, height)
    return mark, face


def fit(width, height, most_wide, most_high):
    """Returns the largest size of a shape that fits."""
    if most_wide * height <= most_high * width:
        return most_wide, most_wide * height // width
    return most_high * width // height, most_high


def picture_place(k, width, height):
    """Returns where the k-th marked frame goes: left, top, width, height."""
    w, h = fit(width, height, 280, 373)
    return 48 + k % 3 * 528 + (280 - w) // 2, 320 + k // 3 * 405 + (373 - h) // 2, w, h


def face_place(k, width, height):
    """Returns where the k-th face goes."""
    return 344 + k % 3 * 528, 433 + k // 3 * 405, *fit(width, height, 186, 236)


def run(convert):
    """Calls convert for every session: OUT SHEET-WIDTH SHEET-HEIGHT SESSION.json ..."""
    out, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for name in sys.argv[4:]:
        with open(name, encoding="utf-8") as file:
            session = json.load(file)
        folder = os.path.join(out, session["SessionId"])
        os.mkdir(folder)
        os.mkdir(os.path.join(folder, "annotated"))
        os.mkdir(os.path.join(folder, "faces"))
        images = [session["ReferenceImage"], *session["AuditImages"]]
        frames = [(n, base64.b64decode(i["Bytes"]), i["BoundingBox"]) for n, i in zip(NAMES, images)]
        report = {"session": session["SessionId"], "confidence": session["Confidence"]}
        report["frames"] = convert(session, frames, folder, (width, height))
        with open(os.path.join(folder, "report.json"), "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)
