// PNG by fpnge at its default level, 4. Its source is not part of this project.
#include <cstdlib>

#include "fpnge.h"
#include "png.h"

const uint8_t *png_encode(const uint8_t *rgb, int width, int height, size_t stride, size_t *size) {
  static uint8_t *file;
  static size_t room;
  size_t need = FPNGEOutputAllocSize(1, 3, width, height);
  if (room < need) {
    room = need;
    file = static_cast<uint8_t *>(realloc(file, room));
    if (!file) abort();
  }
  FPNGEOptions options;
  FPNGEFillOptions(&options, FPNGE_COMPRESS_LEVEL_DEFAULT, FPNGE_CICP_NONE);
  *size = FPNGEEncode(1, 3, rgb, width, stride, height, file, &options);
  return file;
}
