/* PNG by libdeflate level 1, every row with the Paeth filter. */
#include "png.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

static void put32(uint8_t *p, uint32_t v) {
  p[0] = (uint8_t)(v >> 24);
  p[1] = (uint8_t)(v >> 16);
  p[2] = (uint8_t)(v >> 8);
  p[3] = (uint8_t)v;
}

/* Writes length, type and checksum around data that stand at p + 8. */
static uint8_t *chunk(uint8_t *p, const char *type, size_t n) {
  put32(p, (uint32_t)n);
  memcpy(p + 4, type, 4);
  put32(p + 8 + n, libdeflate_crc32(0, p + 4, n + 4));
  return p + 12 + n;
}

/* Branch-free, so that the compiler does many pixels at once. */
static void paeth(uint8_t *restrict out, const uint8_t *restrict row, const uint8_t *restrict above, size_t n) {
  for (size_t i = 0; i < n; i++) {
    int16_t a = row[(ptrdiff_t)i - 3], b = above[i], c = above[(ptrdiff_t)i - 3];
    int16_t da = (int16_t)abs(b - c), db = (int16_t)abs(a - c), dc = (int16_t)abs(a + b - 2 * c);
    int16_t best = db <= dc ? b : c;
    best = da <= db && da <= dc ? a : best;
    out[i] = (uint8_t)(row[i] - best);
  }
}

const uint8_t *png_encode(const uint8_t *rgb, int width, int height, size_t stride, size_t *size) {
  static struct libdeflate_compressor *compressor;
  static uint8_t *filtered, *file, *rows[2];
  static size_t room, widest;
  size_t n = 3 * (size_t)width, raw = (n + 1) * (size_t)height;
  if (!compressor) compressor = libdeflate_alloc_compressor(1);
  size_t bound = libdeflate_zlib_compress_bound(compressor, raw);
  if (room < bound + 64) {
    room = bound + 64;
    filtered = realloc(filtered, room);
    file = realloc(file, room);
  }
  if (widest < n) {
    widest = n;
    rows[0] = realloc(rows[0], n + 3);
    rows[1] = realloc(rows[1], n + 3);
  }
  if (!compressor || !filtered || !file || !rows[0] || !rows[1]) abort();
  memset(rows[0], 0, n + 3);
  memset(rows[1], 0, 3); /* the pixel left of a row is black */
  for (int y = 0; y < height; y++) {
    uint8_t *above = rows[y & 1], *row = rows[~y & 1], *out = filtered + (size_t)y * (n + 1);
    memset(row, 0, 3);
    memcpy(row + 3, rgb + (size_t)y * stride, n);
    out[0] = 4;
    paeth(out + 1, row + 3, above + 3, n);
  }
  memcpy(file, "\x89PNG\r\n\x1a\n", 8);
  uint8_t *p = file + 8;
  put32(p + 8, (uint32_t)width);
  put32(p + 12, (uint32_t)height);
  memcpy(p + 16, "\x08\x02\x00\x00\x00", 5);
  p = chunk(p, "IHDR", 13);
  p = chunk(p, "IDAT", libdeflate_zlib_compress(compressor, filtered, raw, p + 8, bound));
  p = chunk(p, "IEND", 0);
  *size = (size_t)(p - file);
  return file;
}
