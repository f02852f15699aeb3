"""The work that lvtool is compared by, with libvips: level 1 and the Sub filter.

It calls the library as pyvips does, which Debian 12 has no package of. A VipsImage
is freed when nothing names it any more.
"""
import ctypes
from ctypes import byref, c_char_p, c_double, c_int, c_void_p

import session as s

vips = ctypes.CDLL("libvips.so.42")
vips.vips_image_copy_memory.restype = c_void_p
vips.vips_error_buffer.restype = c_char_p
SUB, NONE = 0x10, None


class Picture:
    """A VipsImage."""

    def __init__(self, handle):
        self.handle = c_void_p(handle)

    def __del__(self):
        vips.g_object_unref(self.handle)

    width = property(lambda self: vips.vips_image_get_width(self.handle))
    height = property(lambda self: vips.vips_image_get_height(self.handle))

    def in_memory(self):
        return Picture(vips.vips_image_copy_memory(self.handle))

    def fill(self, left, top, width, height, colour):
        check(vips.vips_draw_rect(self.handle, ink(colour), 3, left, top, width, height, b"fill", 1, NONE))

    def paste(self, picture, left, top):
        check(vips.vips_draw_image(self.handle, picture.handle, left, top, NONE))

    def write(self, words, left, top, colour):
        mask = new(vips.vips_text, words.encode(), b"font", b"Sans 10")
        check(vips.vips_draw_mask(self.handle, ink(colour), 3, mask.handle, left, top, NONE))

    def crop(self, left, top, right, bottom):
        return new(vips.vips_extract_area, self.handle, left, top, right - left, bottom - top)

    def shrunk(self, width, height):
        return new(vips.vips_thumbnail_image, self.handle, width, b"height", height, b"size", 3)  # 3: force

    def save(self, name):
        check(vips.vips_pngsave(self.handle, name.encode(), b"compression", 1, b"filter", SUB, NONE))


def check(status):
    if status:
        raise RuntimeError(vips.vips_error_buffer().decode())


def ink(colour):
    return (c_double * 3)(*colour)


def new(operation, first, *rest):
    """Calls an operation whose second argument, or first where it has no input, is its result."""
    out = c_void_p()
    if operation is vips.vips_text:
        check(operation(byref(out), first, *rest, NONE))
    else:
        check(operation(first, byref(out), *rest, NONE))
    return Picture(out.value)


def decode(data):
    out = c_void_p()
    check(vips.vips_jpegload_buffer(data, ctypes.c_size_t(len(data)), byref(out), NONE))
    return Picture(out.value).in_memory()


def blank(width, height):
    out = c_void_p()
    check(vips.vips_black(byref(out), width, height, b"bands", 3, NONE))
    sheet = Picture(out.value).in_memory()
    sheet.fill(0, 0, width, height, s.WHITE)
    return sheet


def convert(session, frames, folder, size):
    sheet = blank(*size)
    sheet.write(session["SessionId"], 48, 48, s.BLACK)
    report = []
    for k, (name, data, box) in enumerate(frames):
        image = decode(data)
        width, height = image.width, image.height
        mark, face = s.boxes(box, width, height)

        cut = image.crop(*face).in_memory()
        cut.save(f"{folder}/faces/{name}.png")
        x, y, w, h = s.face_place(k, cut.width, cut.height)
        sheet.paste(cut.shrunk(w, h), x, y)

        left, top, right, bottom = mark
        image.fill(left, top, right - left, 4, s.ORANGE)
        image.fill(left, bottom - 4, right - left, 4, s.ORANGE)
        image.fill(left, top, 4, bottom - top, s.ORANGE)
        image.fill(right - 4, top, 4, bottom - top, s.ORANGE)
        image.fill(left, top - 16, 9 * len(name) + 4, 16, s.BLACK)
        image.write(name, left + 4, top - 14, s.WHITE)
        image.save(f"{folder}/annotated/{name}.png")
        x, y, w, h = s.picture_place(k, width, height)
        sheet.paste(image.shrunk(w, h), x, y)

        sheet.write(f"{name}\n{width}x{height}", 344 + k % 3 * 528, 320 + k // 3 * 405, s.BLACK)
        report.append({"name": name, "bytes": len(data), "width": width, "height": height, "box": mark})
    sheet.save(f"{folder}/sheet.png")
    return report


check(vips.vips_init(b"peer"))
s.run(convert)
