/*
 * resample.h
 *	  Images brought to another size, as TensorFlow does it.
 *
 * Along each axis a cell of the result is a weighted sum of neighbouring cells: their
 * number is bounded by a span, which follows from the sizes.  Cells of the source
 * may lie outside of the image at hand, where all is fill.
 */
#ifndef NN_RESAMPLE_H
#define NN_RESAMPLE_H

#include "core/kernels/kernels.h"

typedef enum NNInterpolation
{
	NN_NEAREST,
	NN_BILINEAR,
	NN_BICUBIC,
	NN_LANCZOS3,
	NN_LANCZOS5,
	NN_AREA
} NNInterpolation;

/* From `in` cells, of which the image has `size` from `from` on, to `out` cells. */
typedef struct NNResampleAxis
{
	NNInterpolation interpolation;
	bool antialias;
	int in, out;
	int from, size;
} NNResampleAxis;

/* Reals that the weights of an axis take. */
extern size_t nn_resample_reals(const NNResampleAxis *axis);

/* The cells (first + k) of the image that make cell o, with weights[o * span + k], count of them. */
typedef struct NNResampled
{
	int span;
	const nn_real *weights;
	const int32_t *first;
	const int32_t *count;
} NNResampled;

/* Into memory of nn_resample_reals. */
extern NNResampled nn_resample(const NNResampleAxis *axis, nn_real *memory);

typedef struct NNResampleImage
{
	NNResampled rows, columns;
	int width;		  /* of x, or of the part of it that is seen */
	int stride;		  /* cells from row to row of x */
	int out_h, out_w; /* of y */
	int channels;
	nn_real fill;
} NNResampleImage;

/* One sample; scratch has width cells.  Backward adds to dx. */
extern void
nn_resample_forward(const NNResampleImage *image, const nn_real *x, nn_real *y, nn_real *scratch);
extern void nn_resample_backward(const NNResampleImage *image, const nn_real *dy, nn_real *dx,
								 nn_real *scratch);

#endif /* NN_RESAMPLE_H */
