/*
 * pool.c
 *	  Largest and mean values of windows, channel by channel.
 *
 * Shapes: x (batch, height, width, channels), y (batch, out_h, out_w,
 * channels); of a signal without height.  Cells of padding do not count.
 * Backward: of a maximum dy goes to the window's first cell that has it, found
 * again by comparing with y; of a mean each cell gets its share.
 *
 * All loops are over blocks of channels, the sums or maxima of a block being
 * in registers while the window's cells pass by.
 */
#include "core/layers/window.h"

typedef struct PoolConf
{
	NNWindowConf window;
} PoolConf;

/* Keras's order; without strides windows lie side by side. */
#define POOL_FIELDS(dims) \
	NN_WINDOW_FIELD(PoolConf, "pool_size", size, dims, false, 2), \
	NN_WINDOW_FIELD(PoolConf, "strides", strides, dims, false, 0), \
	NN_WINDOW_PADDING(PoolConf), \
	NN_FIELD_END

static const NNField pool1d_fields[] = {POOL_FIELDS(1)};
static const NNField pool2d_fields[] = {POOL_FIELDS(2)};

static bool
pool_shape(NNLayer *layer, int dims, NNError *error)
{
	const PoolConf *conf = NN_CONF(layer, PoolConf);
	double		cells = conf->window.size[0];

	if (!nn_window_shape(layer, &conf->window, dims, error))
		return false;
	if (dims == 2)
		cells *= conf->window.size[1];
	layer->flops = (double) nn_shape_size(&layer->out) * cells;
	layer->mask_from = NN_MASK_NONE;
	return true;
}

static bool
pool1d_shape(NNLayer *layer, NNError *error)
{
	return pool_shape(layer, 1, error);
}

static bool
pool2d_shape(NNLayer *layer, NNError *error)
{
	return pool_shape(layer, 2, error);
}

/* The part of a window that lies within the image. */
typedef struct Cells
{
	size_t		first;			/* offset of its first cell in x */
	int			rows;
	int			columns;
	size_t		row_step;		/* reals from row to row */
	size_t		c;				/* channels: reals from cell to cell */
} Cells;

NN_INLINE Cells
cells_of(const NNWindow *w, int oy, int ox)
{
	int			y = oy * w->stride_h - w->top,
				x = ox * w->stride_w - w->left;
	int			y_to = y + w->size_h < w->in_h ? y + w->size_h : w->in_h,
				x_to = x + w->size_w < w->in_w ? x + w->size_w : w->in_w;
	Cells		s;

	if (y < 0)
		y = 0;
	if (x < 0)
		x = 0;
	s.c = (size_t) w->in_c;
	s.row_step = (size_t) w->in_w * s.c;
	s.first = (size_t) y * s.row_step + (size_t) x * s.c;
	s.rows = y_to - y;
	s.columns = x_to - x;
	return s;
}

/* n channels of one window: a block, or what is left. */
#define BLOCK 16

NN_INLINE void
max_block(nn_real *restrict y, const nn_real *restrict x, const Cells *s, size_t n)
{
	nn_real		best[BLOCK];

	for (size_t k = 0; k < n; k++)
		best[k] = x[k];
	for (int i = 0; i < s->rows; i++)
		for (int j = 0; j < s->columns; j++)
		{
			const nn_real *restrict v = x + (size_t) i * s->row_step + (size_t) j * s->c;

			for (size_t k = 0; k < n; k++)
				best[k] = v[k] > best[k] ? v[k] : best[k];
		}
	for (size_t k = 0; k < n; k++)
		y[k] = best[k];
}

NN_INLINE void
mean_block(nn_real *restrict y, const nn_real *restrict x, const Cells *s, size_t n)
{
	nn_real		share = 1 / (nn_real) (s->rows * s->columns);
	nn_real		sum[BLOCK];

	for (size_t k = 0; k < n; k++)
		sum[k] = 0;
	for (int i = 0; i < s->rows; i++)
		for (int j = 0; j < s->columns; j++)
		{
			const nn_real *restrict v = x + (size_t) i * s->row_step + (size_t) j * s->c;

			for (size_t k = 0; k < n; k++)
				sum[k] += v[k];
		}
	for (size_t k = 0; k < n; k++)
		y[k] = sum[k] * share;
}

/* What is left of dy after a cell that has the maximum took it is 0. */
NN_INLINE void
max_back_block(nn_real *restrict dx, const nn_real *restrict x, const nn_real *restrict y,
			   const nn_real *restrict dy, const Cells *s, size_t n)
{
	nn_real		left[BLOCK];

	for (size_t k = 0; k < n; k++)
		left[k] = dy[k];
	for (int i = 0; i < s->rows; i++)
		for (int j = 0; j < s->columns; j++)
		{
			size_t		at = (size_t) i * s->row_step + (size_t) j * s->c;

			for (size_t k = 0; k < n; k++)
			{
				nn_real		old = dx[at + k];
				bool		here = x[at + k] == y[k];

				dx[at + k] = old + (here ? left[k] : 0);
				left[k] = here ? 0 : left[k];
			}
		}
}

/* The same where windows do not overlap. */
NN_INLINE void
max_back_alone_block(nn_real *restrict dx, const nn_real *restrict x, const nn_real *restrict y,
					 const nn_real *restrict dy, const Cells *s, size_t n)
{
	nn_real		left[BLOCK];

	for (size_t k = 0; k < n; k++)
		left[k] = dy[k];
	for (int i = 0; i < s->rows; i++)
		for (int j = 0; j < s->columns; j++)
		{
			size_t		at = (size_t) i * s->row_step + (size_t) j * s->c;

			for (size_t k = 0; k < n; k++)
			{
				bool		here = x[at + k] == y[k];

				dx[at + k] = here ? left[k] : 0;
				left[k] = here ? 0 : left[k];
			}
		}
}

NN_INLINE void
mean_back_block(nn_real *restrict dx, const nn_real *restrict dy, const Cells *s, size_t n)
{
	nn_real		share = 1 / (nn_real) (s->rows * s->columns);

	for (int i = 0; i < s->rows; i++)
		for (int j = 0; j < s->columns; j++)
		{
			nn_real    *restrict to = dx + (size_t) i * s->row_step + (size_t) j * s->c;

			for (size_t k = 0; k < n; k++)
				to[k] += dy[k] * share;
		}
}

/* Run call(k, n) for blocks of channels, n being a constant in all but the last. */
#define BLOCKS(c, call) \
	do \
	{ \
		size_t		k = 0; \
\
		for (; k + BLOCK <= (c); k += BLOCK) \
			call(BLOCK); \
		if (k < (c)) \
			call((c) - k); \
	} while (0)

/* Window after window of one sample; y and dy move on with them. */
#define WINDOWS(w, s) \
	for (int oy = 0; oy < (w)->out_h; oy++) \
		for (int ox = 0; ox < (w)->out_w; ox++) \
		{ \
			Cells		s = cells_of(w, oy, ox); \

#define WINDOWS_END \
		}

#define MAX_CALL(n) max_block(y + k, x + s.first + k, &s, n)
#define MEAN_CALL(n) mean_block(y + k, x + s.first + k, &s, n)
#define MAX_BACK_CALL(n) max_back_block(dx + s.first + k, x + s.first + k, y + k, dy + k, &s, n)
#define MAX_BACK_ALONE_CALL(n) max_back_alone_block(dx + s.first + k, x + s.first + k, y + k, dy + k, &s, n)
#define MEAN_BACK_CALL(n) mean_back_block(dx + s.first + k, dy + k, &s, n)

static NN_HOT void
max_sample(const NNWindow *w, const nn_real *x, nn_real *y)
{
	WINDOWS(w, s)
	if (w->size_h == 2 && w->size_w == 2 && s.rows == 2 && s.columns == 2)
	{
		/* by far the most frequent: let the compiler unroll it */
		s.rows = 2;
		s.columns = 2;
		BLOCKS(s.c, MAX_CALL);
	}
	else
		BLOCKS(s.c, MAX_CALL);
	y += s.c;
	WINDOWS_END
}

static NN_HOT void
mean_sample(const NNWindow *w, const nn_real *x, nn_real *y)
{
	WINDOWS(w, s)
	BLOCKS(s.c, MEAN_CALL);
	y += s.c;
	WINDOWS_END
}

static NN_HOT void
max_back_sample(const NNWindow *w, const nn_real *x, const nn_real *y, const nn_real *dy, nn_real *dx)
{
	WINDOWS(w, s)
	BLOCKS(s.c, MAX_BACK_CALL);
	y += s.c;
	dy += s.c;
	WINDOWS_END
}

static NN_HOT void
max_back_alone_sample(const NNWindow *w, const nn_real *x, const nn_real *y, const nn_real *dy,
					  nn_real *dx)
{
	WINDOWS(w, s)
	BLOCKS(s.c, MAX_BACK_ALONE_CALL);
	y += s.c;
	dy += s.c;
	WINDOWS_END
}

static NN_HOT void
mean_back_sample(const NNWindow *w, const nn_real *dy, nn_real *dx)
{
	WINDOWS(w, s)
	BLOCKS(s.c, MEAN_BACK_CALL);
	dy += s.c;
	WINDOWS_END
}

static NNWindow
window_of(const NNLayer *layer)
{
	return nn_window(layer, &NN_CONF(layer, PoolConf)->window, layer->in[0].rank - 1);
}

static void
max_forward(const NNLayer *layer, const NNPass *pass)
{
	NNWindow	w = window_of(layer);
	size_t		in = nn_window_in_size(&w);
	size_t		out = nn_window_out_cells(&w) * (size_t) w.in_c;

	for (size_t b = 0; b < (size_t) pass->batch; b++)
		max_sample(&w, pass->x + b * in, pass->y + b * out);
}

static void
mean_forward(const NNLayer *layer, const NNPass *pass)
{
	NNWindow	w = window_of(layer);
	size_t		in = nn_window_in_size(&w);
	size_t		out = nn_window_out_cells(&w) * (size_t) w.in_c;

	for (size_t b = 0; b < (size_t) pass->batch; b++)
		mean_sample(&w, pass->x + b * in, pass->y + b * out);
}

/* Whether windows side by side cover all of x, so that each cell is written once. */
static bool
tiles(const NNWindow *w)
{
	return w->stride_h == w->size_h && w->stride_w == w->size_w &&
		w->out_h * w->size_h >= w->in_h && w->out_w * w->size_w >= w->in_w;
}

static void
max_backward(const NNLayer *layer, const NNPass *pass)
{
	NNWindow	w = window_of(layer);
	size_t		in = nn_window_in_size(&w);
	size_t		out = nn_window_out_cells(&w) * (size_t) w.in_c;
	bool		alone = w.stride_h >= w.size_h && w.stride_w >= w.size_w;

	if (pass->dx == NULL)
		return;
	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		nn_real    *dx = pass->dx + b * in;

		if (!tiles(&w))
			nn_zero(dx, in);
		if (alone)
			max_back_alone_sample(&w, pass->x + b * in, pass->y + b * out, pass->dy + b * out, dx);
		else
			max_back_sample(&w, pass->x + b * in, pass->y + b * out, pass->dy + b * out, dx);
	}
}

static void
mean_backward(const NNLayer *layer, const NNPass *pass)
{
	NNWindow	w = window_of(layer);
	size_t		in = nn_window_in_size(&w);
	size_t		out = nn_window_out_cells(&w) * (size_t) w.in_c;

	if (pass->dx == NULL)
		return;
	nn_zero(pass->dx, in * (size_t) pass->batch);
	for (size_t b = 0; b < (size_t) pass->batch; b++)
		mean_back_sample(&w, pass->dy + b * out, pass->dx + b * in);
}

#define POOL_KIND(symbol, kind_name, dims, run) \
const NNKind symbol = { \
	.name = kind_name, \
	.min_inputs = 1, \
	.max_inputs = 1, \
	.conf_size = sizeof(PoolConf), \
	.fields = pool##dims##d_fields, \
	.shape = pool##dims##d_shape, \
	.forward = run##_forward, \
	.backward = run##_backward \
}

POOL_KIND(nn_max_pooling1d, "max_pooling1d", 1, max);
POOL_KIND(nn_max_pooling2d, "max_pooling2d", 2, max);
POOL_KIND(nn_average_pooling1d, "average_pooling1d", 1, mean);
POOL_KIND(nn_average_pooling2d, "average_pooling2d", 2, mean);
