/* 8-bit RGB pixels, and what is done with them. */
#ifndef PICTURE_H
#define PICTURE_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint8_t *rgb;
  int width, height;
  size_t stride;
} picture;

typedef struct {
  int left, top, right, bottom;
} rect;

typedef struct {
  uint8_t r, g, b;
} colour;

void fill(picture *m, rect r, colour c);

/* Draws a frame, its outer edge on that of r, of some thickness. */
void outline(picture *m, rect r, int thickness, colour c);

/* Writes letters of 12 by 14 pixels; what is not a letter, a digit or a few
 * signs is left blank. */
void text(picture *m, int x, int y, const char *s, colour c);

/* Shrinks src by area averaging into a place of dst, keeping its shape. It lies
 * in the middle of the place where centred, else at its top left. */
void shrink(picture *dst, rect place, int centred, const picture *src);

#endif
