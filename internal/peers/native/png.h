/* A PNG writer: the part in which the two C peers differ. */
#ifndef PNG_H
#define PNG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns a PNG of 8-bit RGB pixels, whose rows lie stride bytes apart, and its
 * size. What is returned lasts until the next call. */
const uint8_t *png_encode(const uint8_t *rgb, int width, int height, size_t stride, size_t *size);

#ifdef __cplusplus
}
#endif

#endif
