/*
 * image.h
 *	  What the functions that make pictures share.
 */
#ifndef NNET_IMAGE_H
#define NNET_IMAGE_H

#include "postgres.h"

#include "fmgr.h"

/* The size of one picture and what its values mean. */
typedef struct NnetImage
{
	int height;
	int width;
	int channels; /* grey; grey, alpha; red, green, blue; red, green, blue, alpha */
	double low;	  /* this value is black, ... */
	double high;  /* ... this one white; NaN: 1, of bytea 255 */
} NnetImage;

/* ---- in png.c ---- */

/* The arguments from number `first` on: height, width, channels. */
extern void nnet_image_arguments(FunctionCallInfo fcinfo, int first, NnetImage *image);
/* Arguments low and high, from number `first` on; high may be NULL. */
extern void nnet_image_range(FunctionCallInfo fcinfo, int first, NnetImage *image);
extern size_t nnet_image_bytes(const NnetImage *image);
/* Argument number `number` as bytes, row by row: out has nnet_image_bytes. */
extern void
nnet_image_read(FunctionCallInfo fcinfo, int number, const NnetImage *image, uint8 *out);
/* Bytes as a PNG file. */
extern bytea *nnet_png_write(const NnetImage *image, const uint8 *pixels);

#endif /* NNET_IMAGE_H */
