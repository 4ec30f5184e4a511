/*
 * depthwise.c
 *	  Convolution of each channel by itself: one weight a channel (times the
 *	  multiplier) for each place of the window, no products of matrices.
 *
 * Work goes cell by cell, vectorised over channels.
 */
#include "core/kernels/depthwise.h"

/* t += x w for n channels; with a multiplier m channel c has m numbers from c m. */
NN_INLINE void
tap_add(nn_real *restrict t, const nn_real *restrict x, const nn_real *restrict w, int n, int m)
{
	if (m == 1)
	{
#pragma omp simd
		for (int c = 0; c < n; c++)
			t[c] += x[c] * w[c];
		return;
	}
	for (int c = 0; c < n; c++, t += m, w += m)
		for (int k = 0; k < m; k++)
			t[k] += x[c] * w[k];
}

/* dw += x dt */
NN_INLINE void
tap_kernel(nn_real *restrict dw, const nn_real *restrict x, const nn_real *restrict dt, int n,
		   int m)
{
	if (m == 1)
	{
#pragma omp simd
		for (int c = 0; c < n; c++)
			dw[c] += x[c] * dt[c];
		return;
	}
	for (int c = 0; c < n; c++, dw += m, dt += m)
		for (int k = 0; k < m; k++)
			dw[k] += x[c] * dt[k];
}

/* dx += w dt */
NN_INLINE void
tap_x(nn_real *restrict dx, const nn_real *restrict w, const nn_real *restrict dt, int n, int m)
{
	if (m == 1)
	{
#pragma omp simd
		for (int c = 0; c < n; c++)
			dx[c] += w[c] * dt[c];
		return;
	}
	for (int c = 0; c < n; c++, w += m, dt += m)
		for (int k = 0; k < m; k++)
			dx[c] += w[k] * dt[k];
}

/* What one cell's window sees: the places of it that lie within the image. */
typedef struct Cell
{
	size_t image; /* offset of the sample in x */
	int y, x;	  /* of the window's first place, maybe outside */
	int i_from, i_to, j_from, j_to;
} Cell;

NN_INLINE Cell
cell_of(const NNWindow *w, size_t number)
{
	size_t cells = nn_window_out_cells(w);
	size_t at = number % cells;
	Cell c;

	c.image = number / cells * nn_window_in_size(w);
	c.y = (int) (at / (size_t) w->out_w) * w->stride_h - w->top;
	c.x = (int) (at % (size_t) w->out_w) * w->stride_w - w->left;
	nn_window_clip(c.y, w->size_h, w->dilation_h, w->in_h, &c.i_from, &c.i_to);
	nn_window_clip(c.x, w->size_w, w->dilation_w, w->in_w, &c.j_from, &c.j_to);
	return c;
}

/* Offset in x of the cell's place (i, j). */
NN_INLINE size_t
place(const NNWindow *w, const Cell *c, int i, int j)
{
	size_t row = (size_t) (c->y + i * w->dilation_h);
	size_t column = (size_t) (c->x + j * w->dilation_w);

	return c->image + (row * (size_t) w->in_w + column) * (size_t) w->in_c;
}

NN_HOT(void, nn_depthwise_add,
	   (const NNDepthwise *d, size_t from, size_t to, const nn_real *x, nn_real *t),
	   (d, from, to, x, t))
{
	const NNWindow *w = &d->window;
	size_t wide = (size_t) w->in_c * (size_t) d->multiplier;

	for (size_t r = from; r < to; r++, t += wide)
	{
		Cell c = cell_of(w, r);

		for (int i = c.i_from; i < c.i_to; i++)
			for (int j = c.j_from; j < c.j_to; j++)
				tap_add(t, x + place(w, &c, i, j), d->kernel + (size_t) (i * w->size_w + j) * wide,
						w->in_c, d->multiplier);
	}
}

NN_HOT(void, nn_depthwise_back,
	   (const NNDepthwise *d, size_t from, size_t to, const nn_real *x, const nn_real *dt,
		nn_real *dx, nn_real *kernel_grad),
	   (d, from, to, x, dt, dx, kernel_grad))
{
	const NNWindow *w = &d->window;
	size_t wide = (size_t) w->in_c * (size_t) d->multiplier;

	for (size_t r = from; r < to; r++, dt += wide)
	{
		Cell c = cell_of(w, r);

		for (int i = c.i_from; i < c.i_to; i++)
			for (int j = c.j_from; j < c.j_to; j++)
			{
				size_t at = place(w, &c, i, j);
				size_t tap = (size_t) (i * w->size_w + j) * wide;

				if (kernel_grad)
					tap_kernel(kernel_grad + tap, x + at, dt, w->in_c, d->multiplier);
				if (dx)
					tap_x(dx + at, d->kernel + tap, dt, w->in_c, d->multiplier);
			}
	}
}
