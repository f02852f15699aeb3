"""Reads boxes with Python's own parsers, by the published rules of each format.

usage: read.py FORMAT FOLDER < SIZES

SIZES are lines of SESSION/FRAME WIDTH HEIGHT. Writes a line for every box:
SESSION/FRAME LEFT TOP RIGHT BOTTOM, half open, in pixels.
"""
import csv
import json
import os
import re
import sys
import xml.etree.ElementTree as ET

form, folder = sys.argv[1:]
sizes = {}
for line in sys.stdin:
    key, w, h = line.split()
    sizes[key] = (int(w), int(h))


def path(*parts):
    return os.path.join(folder, *parts)


def name(file):
    file = file.split("?d=")[-1].replace("/originals/", "/")
    return os.path.splitext(file)[0]


def say(key, left, top, right, bottom):
    edges = [left, top, right, bottom]
    assert all(abs(e - round(e)) < 1e-3 for e in edges), (key, edges)
    print(key, *[round(e) for e in edges])


if form == "coco":
    doc = json.load(open(path("annotations.json"), encoding="utf-8"))
    images = {m["id"]: m for m in doc["images"]}
    for a in doc["annotations"]:
        x, y, w, h = a["bbox"]
        say(name(images[a["image_id"]]["file_name"]), x, y, x + w, y + h)
elif form == "voc":
    for line in open(path("ImageSets", "Main", "trainval.txt")):
        root = ET.parse(path("Annotations", line.strip() + ".xml")).getroot()
        b = root.find("object/bndbox")
        say(line.strip(), *[int(b.find(t).text) - d for t, d in
                            (("xmin", 1), ("ymin", 1), ("xmax", 0), ("ymax", 0))])
elif form == "yolo":
    for line in open(path("train.txt")):
        key = name(line.strip().replace("./images/", ""))
        with open(path("labels", key + ".txt")) as f:
            _, x, y, w, h = map(float, f.read().split())
        width, height = sizes[key]
        say(key, (x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height)
elif form == "labelstudio":
    for task in json.load(open(path("tasks.json"), encoding="utf-8")):
        for p in task["predictions"]:
            for r in p["result"]:
                v, w, h = r["value"], r["original_width"] / 100, r["original_height"] / 100
                say(name(task["data"]["image"]), v["x"] * w, v["y"] * h,
                    (v["x"] + v["width"]) * w, (v["y"] + v["height"]) * h)
elif form == "cvat":
    for m in ET.parse(path("annotations.xml")).getroot().findall("image"):
        for b in m.findall("box"):
            say(name(m.get("name")), *[float(b.get(a)) for a in ("xtl", "ytl", "xbr", "ybr")])
elif form == "w3c":
    for a in json.load(open(path("annotations.jsonld"), encoding="utf-8")):
        match = re.fullmatch(r"xywh=pixel:(\d+),(\d+),(\d+),(\d+)", a["target"]["selector"]["value"])
        x, y, w, h = map(int, match.groups())
        say(name(a["target"]["source"]), x, y, x + w, y + h)
elif form == "csv":
    with open(path("boxes.csv"), newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            say(row["folder"] + "/" + row["frame"],
                *[int(row["clipped_" + e]) for e in ("left", "top", "right", "bottom")])
else:
    sys.exit("unknown format " + form)
