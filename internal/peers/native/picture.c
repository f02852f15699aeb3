#include "picture.h"

#include <stdlib.h>
#include <string.h>

void fill(picture *m, rect r, colour c) {
  if (r.left < 0) r.left = 0;
  if (r.top < 0) r.top = 0;
  if (r.right > m->width) r.right = m->width;
  if (r.bottom > m->height) r.bottom = m->height;
  for (int y = r.top; y < r.bottom; y++) {
    uint8_t *p = m->rgb + (size_t)y * m->stride + 3 * (size_t)r.left;
    for (int x = r.left; x < r.right; x++, p += 3) {
      p[0] = c.r;
      p[1] = c.g;
      p[2] = c.b;
    }
  }
}

void outline(picture *m, rect r, int t, colour c) {
  fill(m, (rect){r.left, r.top, r.right, r.top + t}, c);
  fill(m, (rect){r.left, r.bottom - t, r.right, r.bottom}, c);
  fill(m, (rect){r.left, r.top, r.left + t, r.bottom}, c);
  fill(m, (rect){r.right - t, r.top, r.right, r.bottom}, c);
}

/* Five columns of seven bits a character, the top one lowest. */
static const struct {
  char c;
  uint8_t columns[5];
} glyphs[] = {
    {'0', {0x3E, 0x51, 0x49, 0x45, 0x3E}}, {'1', {0x00, 0x42, 0x7F, 0x40, 0x00}}, {'2', {0x62, 0x51, 0x49, 0x49, 0x46}},
    {'3', {0x22, 0x41, 0x49, 0x49, 0x36}}, {'4', {0x18, 0x14, 0x12, 0x7F, 0x10}}, {'5', {0x27, 0x45, 0x45, 0x45, 0x39}},
    {'6', {0x3E, 0x49, 0x49, 0x49, 0x32}}, {'7', {0x01, 0x71, 0x09, 0x05, 0x03}}, {'8', {0x36, 0x49, 0x49, 0x49, 0x36}},
    {'9', {0x26, 0x49, 0x49, 0x49, 0x3E}}, {'A', {0x7E, 0x09, 0x09, 0x09, 0x7E}}, {'C', {0x3E, 0x41, 0x41, 0x41, 0x22}},
    {'D', {0x7F, 0x41, 0x41, 0x41, 0x3E}}, {'E', {0x7F, 0x49, 0x49, 0x49, 0x41}}, {'F', {0x7F, 0x09, 0x09, 0x09, 0x01}},
    {'I', {0x00, 0x41, 0x7F, 0x41, 0x00}}, {'N', {0x7F, 0x04, 0x08, 0x10, 0x7F}}, {'O', {0x3E, 0x41, 0x41, 0x41, 0x3E}},
    {'R', {0x7F, 0x09, 0x19, 0x29, 0x46}}, {'S', {0x26, 0x49, 0x49, 0x49, 0x32}}, {'T', {0x01, 0x01, 0x7F, 0x01, 0x01}},
    {'U', {0x3F, 0x40, 0x40, 0x40, 0x3F}}, {'X', {0x63, 0x14, 0x08, 0x14, 0x63}}, {'-', {0x08, 0x08, 0x08, 0x08, 0x08}},
    {'.', {0x00, 0x60, 0x60, 0x00, 0x00}},
};

void text(picture *m, int x, int y, const char *s, colour c) {
  for (; *s; s++, x += 12) {
    char upper = *s >= 'a' && *s <= 'z' ? (char)(*s - 32) : *s;
    for (size_t g = 0; g < sizeof glyphs / sizeof *glyphs; g++) {
      if (glyphs[g].c != upper) continue;
      for (int i = 0; i < 5; i++)
        for (int j = 0; j < 7; j++)
          if (glyphs[g].columns[i] >> j & 1) fill(m, (rect){x + 2 * i, y + 2 * j, x + 2 * i + 2, y + 2 * j + 2}, c);
    }
  }
}

/* A span is the source pixels that a target pixel covers; their weights sum to
 * 256. */
typedef struct {
  int first, count;
  uint16_t weight[64];
} span;

static void divide(span *s, int to, int from) {
  for (int i = 0; i < to; i++) {
    double begin = (double)i * from / to, end = (double)(i + 1) * from / to;
    int last = (int)end < end ? (int)end + 1 : (int)end, sum = 0, largest = 0;
    s[i].first = (int)begin;
    s[i].count = last - s[i].first;
    if (s[i].count > 64) abort();
    for (int k = 0; k < s[i].count; k++) {
      double l = s[i].first + k, r = l + 1;
      double share = (r < end ? r : end) - (l > begin ? l : begin);
      s[i].weight[k] = (uint16_t)(share / (end - begin) * 256 + 0.5);
      sum += s[i].weight[k];
      if (s[i].weight[k] > s[i].weight[largest]) largest = k;
    }
    s[i].weight[largest] = (uint16_t)(s[i].weight[largest] + 256 - sum);
  }
}

static void add(uint16_t *restrict sum, const uint8_t *restrict row, uint16_t weight, size_t n) {
  for (size_t i = 0; i < n; i++) sum[i] = (uint16_t)(sum[i] + row[i] * weight);
}

static void narrow(uint8_t *restrict out, const uint16_t *restrict sum, const span *s, int n) {
  for (int x = 0; x < n; x++, s++, out += 3) {
    const uint16_t *p = sum + 3 * (size_t)s->first;
    uint32_t r = 1 << 15, g = r, b = r;
    for (int k = 0; k < s->count; k++, p += 3) {
      r += (uint32_t)p[0] * s->weight[k];
      g += (uint32_t)p[1] * s->weight[k];
      b += (uint32_t)p[2] * s->weight[k];
    }
    out[0] = (uint8_t)(r >> 16);
    out[1] = (uint8_t)(g >> 16);
    out[2] = (uint8_t)(b >> 16);
  }
}

void shrink(picture *dst, rect place, int centred, const picture *src) {
  int w = place.right - place.left, h = place.bottom - place.top;
  if ((int64_t)w * src->height <= (int64_t)h * src->width)
    h = (int)((int64_t)w * src->height / src->width);
  else
    w = (int)((int64_t)h * src->width / src->height);
  if (centred) {
    place.left += (place.right - place.left - w) / 2;
    place.top += (place.bottom - place.top - h) / 2;
  }
  span *columns = malloc(sizeof(span) * (size_t)w), *rows = malloc(sizeof(span) * (size_t)h);
  size_t n = 3 * (size_t)src->width;
  uint16_t *sum = malloc(n * sizeof *sum);
  if (!columns || !rows || !sum) abort();
  divide(columns, w, src->width);
  divide(rows, h, src->height);
  for (int y = 0; y < h; y++) {
    memset(sum, 0, n * sizeof *sum);
    for (int k = 0; k < rows[y].count; k++)
      add(sum, src->rgb + (size_t)(rows[y].first + k) * src->stride, rows[y].weight[k], n);
    narrow(dst->rgb + (size_t)(place.top + y) * dst->stride + 3 * (size_t)place.left, sum, columns, w);
  }
  free(columns);
  free(rows);
  free(sum);
}
