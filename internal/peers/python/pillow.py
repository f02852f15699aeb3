"""The work that lvtool is compared by, with Pillow.

The environment variable LEVEL is zlib's level, if it is not to be the default.
"""
import io
import os

from PIL import Image, ImageDraw, ImageFont

import session as s

OPTIONS = {"compress_level": int(os.environ["LEVEL"])} if "LEVEL" in os.environ else {}
FONT = ImageFont.load_default()


def convert(session, frames, folder, size):
    sheet = Image.new("RGB", size, s.WHITE)
    words = ImageDraw.Draw(sheet)
    words.text((48, 48), session["SessionId"], s.BLACK, FONT)
    report = []
    for k, (name, data, box) in enumerate(frames):
        image = Image.open(io.BytesIO(data)).convert("RGB")
        mark, face = s.boxes(box, *image.size)

        cut = image.crop(face)
        cut.save(f"{folder}/faces/{name}.png", **OPTIONS)
        x, y, w, h = s.face_place(k, *cut.size)
        sheet.paste(cut.resize((w, h), Image.Resampling.BOX), (x, y))

        draw = ImageDraw.Draw(image)
        left, top, right, bottom = mark
        draw.rectangle((left, top, right - 1, bottom - 1), outline=s.ORANGE, width=4)
        draw.rectangle((left, top - 16, left + 7 * len(name) + 4, top - 1), fill=s.BLACK)
        draw.text((left + 4, top - 14), name, s.WHITE, FONT)
        image.save(f"{folder}/annotated/{name}.png", **OPTIONS)
        x, y, w, h = s.picture_place(k, *image.size)
        sheet.paste(image.resize((w, h), Image.Resampling.BOX), (x, y))

        words.text((344 + k % 3 * 528, 320 + k // 3 * 405), f"{name}\n{image.width}x{image.height}", s.BLACK, FONT)
        report.append({"name": name, "bytes": len(data), "width": image.width, "height": image.height, "box": mark})
    sheet.save(f"{folder}/sheet.png", **OPTIONS)
    return report


s.run(convert)
