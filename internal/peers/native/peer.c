/* The work that lvtool is compared by, in C: libjpeg-turbo, and a PNG writer that
 * png.h hides.
 *
 *   peer OUT SHEET-WIDTH SHEET-HEIGHT SESSION.json ...
 *
 * It reads sessions as the driver beside it writes them, and no others. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <turbojpeg.h>

#include "picture.h"
#include "png.h"

enum { frames = 5, room = 4096, more = 64 };

static const char *const names[frames] = {"reference", "audit-0", "audit-1", "audit-2", "audit-3"};
static const colour white = {255, 255, 255}, black = {20, 24, 30}, orange = {230, 159, 0};

typedef struct {
  picture canvas; /* the frame, then the marked frame */
  picture sheet;
  char *document;
  uint8_t *jpeg;
  tjhandle decoder;
} work;

static void die(const char *what, const char *why) {
  fprintf(stderr, "peer: %s: %s\n", what, why);
  exit(1);
}

static char *read_file(const char *name, size_t *size) {
  FILE *f = fopen(name, "rb");
  struct stat s;
  if (!f || stat(name, &s)) die(name, "cannot be read");
  char *data = malloc((size_t)s.st_size + 1);
  if (!data || fread(data, 1, (size_t)s.st_size, f) != (size_t)s.st_size) die(name, "cannot be read");
  fclose(f);
  *size = (size_t)s.st_size;
  data[*size] = 0;
  return data;
}

static void write_file(const char *name, const void *data, size_t size) {
  FILE *f = fopen(name, "wb");
  if (!f || fwrite(data, 1, size, f) != size || fclose(f)) die(name, "cannot be written");
}

/* Returns what follows a key. */
static const char *value(const char *p, const char *key) {
  p = strstr(p, key);
  if (!p) die(key, "is missing");
  return p + strlen(key);
}

static uint8_t digits[256];

static void base64_init(void) {
  const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int i = 0; i < 64; i++) digits[(uint8_t)alphabet[i]] = (uint8_t)i;
}

/* Decodes up to the closing quote, and returns that. */
static const char *base64(const char *p, uint8_t *out, size_t *size) {
  const char *end = strchr(p, '"');
  uint8_t *begin = out;
  for (; p < end; p += 4, out += 3) {
    uint32_t v = (uint32_t)digits[(uint8_t)p[0]] << 18 | (uint32_t)digits[(uint8_t)p[1]] << 12 |
                 (uint32_t)digits[(uint8_t)p[2]] << 6 | digits[(uint8_t)p[3]];
    out[0] = (uint8_t)(v >> 16);
    out[1] = (uint8_t)(v >> 8);
    out[2] = (uint8_t)v;
  }
  *size = (size_t)(out - begin) - (end[-1] == '=') - (end[-2] == '=');
  return end;
}

static void decode(work *w, size_t size) {
  picture *m = &w->canvas;
  int subsampling, space, width, height;
  if (tjDecompressHeader3(w->decoder, w->jpeg, size, &width, &height, &subsampling, &space))
    die("JPEG", tjGetErrorStr2(w->decoder));
  if (!m->rgb || m->width != width || m->height != height) {
    m->width = width;
    m->height = height;
    m->stride = 3 * (size_t)width;
    m->rgb = realloc(m->rgb, m->stride * (size_t)height);
    if (!m->rgb) die("JPEG", "no memory");
  }
  if (tjDecompress2(w->decoder, w->jpeg, size, m->rgb, width, (int)m->stride, height, TJPF_RGB, 0))
    die("JPEG", tjGetErrorStr2(w->decoder));
}

static void write_png(const char *name, const picture *m) {
  size_t size;
  const uint8_t *data = png_encode(m->rgb, m->width, m->height, m->stride, &size);
  write_file(name, data, size);
}

static int edge(double share, int side) {
  int v = (int)floor(share * side + 0.5);
  return v < 0 ? 0 : v > side ? side : v;
}

/* Reads a box, and what is to be cut: the box with 15 % more on each side. */
static const char *boxes(const char *p, const picture *m, rect *mark, rect *face) {
  double width = strtod(value(p, "\"Width\": "), NULL), height = strtod(value(p, "\"Height\": "), NULL);
  double left = strtod(value(p, "\"Left\": "), NULL);
  p = value(p, "\"Top\": ");
  double top = strtod(p, NULL), dx = 0.15 * width, dy = 0.15 * height;
  *mark = (rect){edge(left, m->width), edge(top, m->height), edge(left + width, m->width), edge(top + height, m->height)};
  *face = (rect){edge(left - dx, m->width), edge(top - dy, m->height), edge(left + width + dx, m->width),
                 edge(top + height + dy, m->height)};
  return p;
}

/* Does the k-th frame, whose pixels are decoded, and puts it on the sheet. */
static void do_frame(work *w, const char *dir, int k, rect mark, rect face) {
  char name[room + more];
  int x = 48 + k % 3 * 528, y = 320 + k / 3 * 405;
  picture *m = &w->canvas;
  picture cut = {m->rgb + (size_t)face.top * m->stride + 3 * (size_t)face.left, face.right - face.left,
                 face.bottom - face.top, m->stride};
  snprintf(name, sizeof name, "%s/faces/%s.png", dir, names[k]);
  write_png(name, &cut);
  shrink(&w->sheet, (rect){x + 296, y + 113, x + 296 + 186, y + 113 + 236}, 0, &cut);
  outline(m, mark, 4, orange);
  int below = mark.top < 22 ? 0 : mark.top - 22;
  fill(m, (rect){mark.left, below, mark.left + 12 * (int)strlen(names[k]) + 8, below + 22}, black);
  text(m, mark.left + 4, below + 4, names[k], white);
  snprintf(name, sizeof name, "%s/annotated/%s.png", dir, names[k]);
  write_png(name, m);
  shrink(&w->sheet, (rect){x, y, x + 280, y + 373}, 1, m);
  text(&w->sheet, x + 296, y, names[k], black);
  snprintf(name, sizeof name, "%dx%d", m->width, m->height);
  text(&w->sheet, x + 296, y + 20, name, black);
}

static void do_session(work *w, const char *out, const char *name) {
  char dir[room], path[room + more], id[64];
  size_t size;
  char *document = read_file(name, &size);
  const char *p = value(document, "\"SessionId\": \"");
  snprintf(id, sizeof id, "%.*s", (int)strcspn(p, "\""), p);
  snprintf(dir, sizeof dir, "%s/%s", out, id);
  const char *subs[] = {"", "/faces", "/annotated"};
  for (int i = 0; i < 3; i++) {
    snprintf(path, sizeof path, "%s%s", dir, subs[i]);
    if (mkdir(path, 0777)) die(path, "cannot be made");
  }
  double confidence = strtod(value(document, "\"Confidence\": "), NULL);
  fill(&w->sheet, (rect){0, 0, w->sheet.width, w->sheet.height}, white);
  text(&w->sheet, 48, 48, id, black);
  snprintf(path, sizeof path, "%s/report.json", dir);
  FILE *report = fopen(path, "w");
  if (!report) die(path, "cannot be written");
  fprintf(report, "{\"session\": \"%s\", \"confidence\": %.17g, \"frames\": [", id, confidence);
  w->jpeg = realloc(w->jpeg, size);
  for (int k = 0; k < frames; k++) {
    rect mark, face;
    size_t bytes;
    p = base64(value(p, "\"Bytes\": \""), w->jpeg, &bytes);
    decode(w, bytes);
    p = boxes(p, &w->canvas, &mark, &face);
    do_frame(w, dir, k, mark, face);
    fprintf(report, "%s\n  {\"name\": \"%s\", \"bytes\": %zu, \"width\": %d, \"height\": %d, \"box\": [%d, %d, %d, %d]}",
            k ? "," : "", names[k], bytes, w->canvas.width, w->canvas.height, mark.left, mark.top, mark.right, mark.bottom);
  }
  fputs("\n]}\n", report);
  if (fclose(report)) die(path, "cannot be written");
  snprintf(path, sizeof path, "%s/sheet.png", dir);
  write_png(path, &w->sheet);
  free(document);
}

int main(int argc, char **argv) {
  if (argc < 5) die("arguments", "want OUT SHEET-WIDTH SHEET-HEIGHT SESSION...");
  work w = {.decoder = tjInitDecompress()};
  w.sheet = (picture){NULL, atoi(argv[2]), atoi(argv[3]), 3 * (size_t)atoi(argv[2])};
  w.sheet.rgb = malloc(w.sheet.stride * (size_t)w.sheet.height);
  if (!w.sheet.rgb || !w.decoder) die("start", "no memory");
  base64_init();
  for (int i = 4; i < argc; i++) do_session(&w, argv[1], argv[i]);
  return 0;
}
