"""The work that lvtool is compared by, with OpenCV. Its colours are blue, green, red."""
import cv2
import numpy as np

import session as s

BLACK, WHITE, ORANGE = s.BLACK[::-1], s.WHITE, s.ORANGE[::-1]


def write(image, words, x, y, colour):
    cv2.putText(image, words, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour)


def shrink(sheet, image, place):
    x, y, w, h = place
    sheet[y : y + h, x : x + w] = cv2.resize(image, (w, h), interpolation=cv2.INTER_AREA)


def convert(session, frames, folder, size):
    sheet = np.full((size[1], size[0], 3), 255, np.uint8)
    write(sheet, session["SessionId"], 48, 60, BLACK)
    report = []
    for k, (name, data, box) in enumerate(frames):
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        height, width = image.shape[:2]
        mark, face = s.boxes(box, width, height)

        cut = image[face[1] : face[3], face[0] : face[2]]
        cv2.imwrite(f"{folder}/faces/{name}.png", cut)
        shrink(sheet, cut, s.face_place(k, cut.shape[1], cut.shape[0]))

        left, top, right, bottom = mark
        cv2.rectangle(image, (left + 2, top + 2), (right - 2, bottom - 2), ORANGE, 4)
        cv2.rectangle(image, (left, top - 16), (left + 9 * len(name) + 4, top - 1), BLACK, cv2.FILLED)
        write(image, name, left + 4, top - 4, WHITE)
        cv2.imwrite(f"{folder}/annotated/{name}.png", image)
        shrink(sheet, image, s.picture_place(k, width, height))

        x, y = 344 + k % 3 * 528, 332 + k // 3 * 405
        write(sheet, name, x, y, BLACK)
        write(sheet, f"{width}x{height}", x, y + 20, BLACK)
        report.append({"name": name, "bytes": len(data), "width": width, "height": height, "box": mark})
    cv2.imwrite(f"{folder}/sheet.png", sheet)
    return report


cv2.setNumThreads(1)
s.run(convert)
