/*
 * window.h
 *	  Windows that slide over a volume (depth, height, width, channels), an image
 *	  (height, width, channels) or a signal (steps, channels).
 *
 * An image is a volume of depth 1, and a signal an image of height 1, so that a
 * window's cells are one contiguous run.  Output cell (oz, oy, ox) sees input cells
 * (oz * stride_d - front + k * dilation_d, oy * stride_h - top + i * dilation_h,
 * ox * stride_w - left + j * dilation_w); those outside of the volume are padding.
 */
#ifndef NN_WINDOW_H
#define NN_WINDOW_H

#include "core/kernels/kernels.h"

typedef struct NNWindow
{
	int in_d, in_h, in_w, in_c;
	int out_d, out_h, out_w;
	int size_d, size_h, size_w;
	int stride_d, stride_h, stride_w;
	int dilation_d, dilation_h, dilation_w;
	int front, top, left; /* padding before the first plane, row and column */
} NNWindow;

/* One of its dimensions: 0 is the width, 1 the height, 2 the depth. */
typedef struct NNWindowAxis
{
	int in, out, size, stride, dilation, before;
} NNWindowAxis;

/* The window of n dimensions, axes[0] first; the others are of size 1. */
NN_INLINE NNWindow
nn_window_of(const NNWindowAxis *axes, int n, int channels)
{
	const NNWindowAxis one = {1, 1, 1, 1, 1, 0};
	const NNWindowAxis x = axes[0], y = n > 1 ? axes[1] : one, z = n > 2 ? axes[2] : one;

	return (NNWindow){
		.in_d = z.in,
		.in_h = y.in,
		.in_w = x.in,
		.in_c = channels,
		.out_d = z.out,
		.out_h = y.out,
		.out_w = x.out,
		.size_d = z.size,
		.size_h = y.size,
		.size_w = x.size,
		.stride_d = z.stride,
		.stride_h = y.stride,
		.stride_w = x.stride,
		.dilation_d = z.dilation,
		.dilation_h = y.dilation,
		.dilation_w = x.dilation,
		.front = z.before,
		.top = y.before,
		.left = x.before,
	};
}

NN_INLINE size_t
nn_window_in_size(const NNWindow *w)
{
	return (size_t) w->in_d * (size_t) w->in_h * (size_t) w->in_w * (size_t) w->in_c;
}

/* Reals of what a window sees of that many channels. */
NN_INLINE size_t
nn_window_patch(const NNWindow *w, int channels)
{
	return (size_t) w->size_d * (size_t) w->size_h * (size_t) w->size_w * (size_t) channels;
}

/* Cells of one sample's output. */
NN_INLINE size_t
nn_window_out_cells(const NNWindow *w)
{
	return (size_t) w->out_d * (size_t) w->out_h * (size_t) w->out_w;
}

/* The cells of a window, from `from` to before `to`, that lie within `in` cells. */
NN_INLINE void
nn_window_clip(int origin, int size, int dilation, int in, int *from, int *to)
{
	*from = origin >= 0 ? 0 : (-origin + dilation - 1) / dilation;
	*to = origin >= in ? 0 : (in - 1 - origin) / dilation + 1;
	if (*to > size)
		*to = size;
	if (*from > *to)
		*from = *to;
}

#endif /* NN_WINDOW_H */
