/*
 * im2col.h
 *	  Patches: what a window sees, unfolded to the rows of a matrix.
 *
 * Patches are numbered over the whole chunk, sample after sample, in the order
 * of the output's cells; row r - from of p is patch r: (size_d, size_h, size_w,
 * channels) of `channels` channels of x from `channel`, zero where there is
 * padding.  A band of patches is unfolded at a time, small enough to stay in
 * cache from here to the product, whatever the image's size.
 */
#ifndef NN_IM2COL_H
#define NN_IM2COL_H

#include "core/kernels/window.h"

/* Which patches of which channels. */
typedef struct NNBand
{
	size_t from, to;
	int channel;
	int channels;
} NNBand;

/* Patches that one band holds, of so many reals each and so many more that come of them. */
extern size_t nn_band_rows(size_t patch, size_t width);
/* Whether patches are the rows of x as they lie. */
extern bool nn_window_is_cell(const NNWindow *w);

extern void nn_im2col(const NNWindow *w, const NNBand *band, const nn_real *x, nn_real *p);
/* The way back: add each number of p to its place in x. */
extern void nn_col2im_add(const NNWindow *w, const NNBand *band, nn_real *x, const nn_real *p);

#endif /* NN_IM2COL_H */
