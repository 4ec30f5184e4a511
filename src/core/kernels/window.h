/*
 * window.h
 *	  Windows that slide over an image (height, width, channels) or a signal
 *	  (steps, channels).
 *
 * A signal is an image of height 1, so that a window's cells are one
 * contiguous run.  Output cell (oy, ox) sees input cells
 * (oy * stride_h - top + i * dilation_h, ox * stride_w - left + j * dilation_w);
 * those outside of the image are padding.
 */
#ifndef NN_WINDOW_H
#define NN_WINDOW_H

#include "core/kernels/kernels.h"

typedef struct NNWindow
{
	int in_h, in_w, in_c;
	int out_h, out_w;
	int size_h, size_w;
	int stride_h, stride_w;
	int dilation_h, dilation_w;
	int top, left; /* padding before the first row and column */
} NNWindow;

NN_INLINE size_t
nn_window_in_size(const NNWindow *w)
{
	return (size_t) w->in_h * (size_t) w->in_w * (size_t) w->in_c;
}

/* Cells of one sample's output. */
NN_INLINE size_t
nn_window_out_cells(const NNWindow *w)
{
	return (size_t) w->out_h * (size_t) w->out_w;
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
