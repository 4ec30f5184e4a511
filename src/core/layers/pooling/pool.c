/*
 * pool.c
 *	  Largest and mean values of windows, channel by channel.
 *
 * Shapes: x (batch, height, width, channels), y (batch, out_h, out_w,
 * channels); of a signal without height, of a volume with depth before it.  Cells of padding do not count.
 * Backward: of a maximum dy goes to the window's first cell that has it, found
 * again by comparing with y; of a mean each cell gets its share.
 *
 * Work goes by vectors of channels, whose sums or maxima stay in registers
 * while the window's cells pass by.
 */
#include "core/kernels/math_inline.h"
#include "core/layers/window.h"

typedef struct PoolConf
{
	NNWindowConf window;
} PoolConf;

/* Keras's order; without strides windows lie side by side. */
#define POOL_FIELDS(dims)                                              \
	NN_WINDOW_FIELD(PoolConf, "pool_size", size, dims, false, 2),      \
		NN_WINDOW_FIELD(PoolConf, "strides", strides, dims, false, 0), \
		NN_WINDOW_PADDING(PoolConf), NN_FIELD_END

static const NNField pool1d_fields[] = {POOL_FIELDS(1)};
static const NNField pool2d_fields[] = {POOL_FIELDS(2)};
static const NNField pool3d_fields[] = {POOL_FIELDS(3)};

static bool
pool_shape(NNLayer *layer, int dims, NNError *error)
{
	const PoolConf *conf = NN_CONF(layer, PoolConf);
	double cells = conf->window.size[0];

	if (!nn_window_shape(layer, &conf->window, dims, error))
		return false;
	for (int i = 1; i < dims; i++)
		cells *= conf->window.size[i];
	layer->flops = (double) nn_shape_size(&layer->out) * cells;
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

static bool
pool3d_shape(NNLayer *layer, NNError *error)
{
	return pool_shape(layer, 3, error);
}

/* The part of a window that lies within the volume. */
typedef struct Cells
{
	size_t first; /* offset of its first cell in x */
	int planes;
	int rows;
	int columns;
	size_t plane_step; /* reals from plane to plane */
	size_t row_step;   /* from row to row */
	size_t c;		   /* channels: reals from cell to cell */
} Cells;

NN_INLINE Cells
cells_of(const NNWindow *w, int oz, int oy, int ox)
{
	int z = oz * w->stride_d - w->front, y = oy * w->stride_h - w->top,
		x = ox * w->stride_w - w->left;
	int z_to = z + w->size_d < w->in_d ? z + w->size_d : w->in_d;
	int y_to = y + w->size_h < w->in_h ? y + w->size_h : w->in_h,
		x_to = x + w->size_w < w->in_w ? x + w->size_w : w->in_w;
	Cells s;

	if (z < 0)
		z = 0;
	if (y < 0)
		y = 0;
	if (x < 0)
		x = 0;
	s.c = (size_t) w->in_c;
	s.row_step = (size_t) w->in_w * s.c;
	s.plane_step = (size_t) w->in_h * s.row_step;
	s.first = (size_t) z * s.plane_step + (size_t) y * s.row_step + (size_t) x * s.c;
	s.planes = z_to - z;
	s.rows = y_to - y;
	s.columns = x_to - x;
	return s;
}

/* Numbers of neighbouring channels that are worked on together. */
#define LANES ((size_t) (32 / sizeof(nn_real)))

typedef nn_real Vector __attribute__((vector_size(32)));
typedef nn_real Place __attribute__((vector_size(32), aligned(sizeof(nn_real)), may_alias));
#ifdef NN_DOUBLE
typedef int64_t Mask __attribute__((vector_size(32)));
#else
typedef int32_t Mask __attribute__((vector_size(32)));
#endif

#define LOAD(p) ((Vector) * (const Place *) (p))
#define STORE(p, v) (*(Place *) (p) = (v))
/* a where mask is set, else b: vectors do not pass through functions alike everywhere */
#define CHOOSE(mask, a, b) ((Vector) (((mask) & (Mask) (a)) | (~(mask) & (Mask) (b))))

/* Each cell of a window, and where it begins. */
#define FOR_EACH_CELL(planes, rows, columns) \
	for (int h = 0; h < (planes); h++)       \
		for (int i = 0; i < (rows); i++)     \
			for (int j = 0; j < (columns); j++)
#define AT(s) ((size_t) h * (s)->plane_step + (size_t) i * (s)->row_step + (size_t) j * (s)->c)

/* The window has planes * rows * columns cells, which are constants where it pays. */
NN_INLINE void
max_window(nn_real *restrict y, const nn_real *restrict x, const Cells *s, int planes, int rows,
		   int columns)
{
	size_t k = 0;

	for (; k + LANES <= s->c; k += LANES)
	{
		Vector best = LOAD(x + k);

		FOR_EACH_CELL(planes, rows, columns)
		{
			Vector v = LOAD(x + AT(s) + k);

			best = CHOOSE((best >= v) | (best != best), best, v);
		}
		STORE(y + k, best);
	}
	for (; k < s->c; k++)
	{
		nn_real best = x[k];

		FOR_EACH_CELL(planes, rows, columns)
		best = nn_larger(best, x[AT(s) + k]);
		y[k] = best;
	}
}

NN_INLINE void
mean_window(nn_real *restrict y, const nn_real *restrict x, const Cells *s, int planes, int rows,
			int columns)
{
	nn_real share = 1 / (nn_real) (planes * rows * columns);
	size_t k = 0;

	for (; k + LANES <= s->c; k += LANES)
	{
		Vector sum = {0};

		FOR_EACH_CELL(planes, rows, columns)
		sum += LOAD(x + AT(s) + k);
		STORE(y + k, sum * share);
	}
	for (; k < s->c; k++)
	{
		nn_real sum = 0;

		FOR_EACH_CELL(planes, rows, columns)
		sum += x[AT(s) + k];
		y[k] = sum * share;
	}
}

/*
 * What is left of dy after a cell that has the maximum took it is 0.  Where
 * windows overlap dx is added to.
 */
NN_INLINE void
max_back_window(nn_real *restrict dx, const nn_real *restrict x, const nn_real *restrict y,
				const nn_real *restrict dy, const Cells *s, int planes, int rows, int columns,
				bool add)
{
	const Vector zero = {0};
	size_t k = 0;

	for (; k + LANES <= s->c; k += LANES)
	{
		Vector most = LOAD(y + k);
		Vector left = LOAD(dy + k);

		FOR_EACH_CELL(planes, rows, columns)
		{
			size_t at = AT(s) + k;
			Mask here = LOAD(x + at) == most;
			Vector share = CHOOSE(here, left, zero);

			if (add)
				share += LOAD(dx + at);
			STORE(dx + at, share);
			left = CHOOSE(here, zero, left);
		}
	}
	for (; k < s->c; k++)
	{
		nn_real left = dy[k];

		FOR_EACH_CELL(planes, rows, columns)
		{
			size_t at = AT(s) + k;
			bool here = x[at] == y[k];

			dx[at] = (add ? dx[at] : 0) + (here ? left : 0);
			left = here ? 0 : left;
		}
	}
}

NN_INLINE void
mean_back_window(nn_real *restrict dx, const nn_real *restrict dy, const Cells *s, int planes,
				 int rows, int columns)
{
	nn_real share = 1 / (nn_real) (planes * rows * columns);

	FOR_EACH_CELL(planes, rows, columns)
	{
		nn_real *restrict to = dx + AT(s);

		for (size_t k = 0; k < s->c; k++)
			to[k] += dy[k] * share;
	}
}

/* Whether the whole window of 2 x 2, by far the most frequent, is there. */
#define IS_2X2(s) ((s).planes == 1 && (s).rows == 2 && (s).columns == 2)

#define FOR_EACH_WINDOW(w)                      \
	for (int oz = 0; oz < (w)->out_d; oz++)     \
		for (int oy = 0; oy < (w)->out_h; oy++) \
			for (int ox = 0; ox < (w)->out_w; ox++)

static NN_HOT(void, max_sample, (const NNWindow *w, const nn_real *x, nn_real *y), (w, x, y))
{
	FOR_EACH_WINDOW (w)
	{
		Cells s = cells_of(w, oz, oy, ox);

		if (IS_2X2(s))
			max_window(y, x + s.first, &s, 1, 2, 2);
		else
			max_window(y, x + s.first, &s, s.planes, s.rows, s.columns);
		y += s.c;
	}
}

static NN_HOT(void, mean_sample, (const NNWindow *w, const nn_real *x, nn_real *y), (w, x, y))
{
	FOR_EACH_WINDOW (w)
	{
		Cells s = cells_of(w, oz, oy, ox);

		if (IS_2X2(s))
			mean_window(y, x + s.first, &s, 1, 2, 2);
		else
			mean_window(y, x + s.first, &s, s.planes, s.rows, s.columns);
		y += s.c;
	}
}

static NN_HOT(void, max_back_sample,
			  (const NNWindow *w, const nn_real *x, const nn_real *y, const nn_real *dy,
			   nn_real *dx, bool add),
			  (w, x, y, dy, dx, add))
{
	FOR_EACH_WINDOW (w)
	{
		Cells s = cells_of(w, oz, oy, ox);

		if (IS_2X2(s) && !add)
			max_back_window(dx + s.first, x + s.first, y, dy, &s, 1, 2, 2, false);
		else if (add)
			max_back_window(dx + s.first, x + s.first, y, dy, &s, s.planes, s.rows, s.columns,
							true);
		else
			max_back_window(dx + s.first, x + s.first, y, dy, &s, s.planes, s.rows, s.columns,
							false);
		y += s.c;
		dy += s.c;
	}
}

static NN_HOT(void, mean_back_sample, (const NNWindow *w, const nn_real *dy, nn_real *dx),
			  (w, dy, dx))
{
	FOR_EACH_WINDOW (w)
	{
		Cells s = cells_of(w, oz, oy, ox);

		mean_back_window(dx + s.first, dy, &s, s.planes, s.rows, s.columns);
		dy += s.c;
	}
}

/* All windows of a pass, and one sample's, which may be shorter. */
typedef struct Windows
{
	NNWindow all;
	bool uneven;
	size_t in; /* reals of a sample */
	size_t out;
} Windows;

static Windows
windows_of(const NNLayer *layer, const NNPass *pass)
{
	const NNWindowConf *conf = &NN_CONF(layer, PoolConf)->window;
	Windows s = {.all = nn_window(layer, conf, layer->in[0].rank - 1)};

	s.uneven = nn_window_uneven(conf, pass, s.all.in_w);
	s.in = nn_window_in_size(&s.all);
	s.out = nn_window_out_cells(&s.all) * (size_t) s.all.in_c;
	return s;
}

static NNWindow
window_of(const NNLayer *layer, const NNPass *pass, const Windows *s, size_t b)
{
	return s->uneven ? nn_window_over(layer, &NN_CONF(layer, PoolConf)->window,
									  nn_window_steps(pass, b, s->all.in_w))
					 : s->all;
}

/* What follows a sample's last window, and the mask. */
static void
end_sample(const NNPass *pass, const Windows *s, const NNWindow *w, size_t b)
{
	size_t used = nn_window_out_cells(w) * (size_t) w->in_c;

	nn_zero(pass->y + b * s->out + used, s->out - used);
	nn_window_mask(pass, b, w->out_w, s->all.out_w);
}

static void
max_forward(const NNLayer *layer, const NNPass *pass)
{
	Windows s = windows_of(layer, pass);

	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		NNWindow w = window_of(layer, pass, &s, b);

		max_sample(&w, pass->x + b * s.in, pass->y + b * s.out);
		end_sample(pass, &s, &w, b);
	}
}

static void
mean_forward(const NNLayer *layer, const NNPass *pass)
{
	Windows s = windows_of(layer, pass);

	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		NNWindow w = window_of(layer, pass, &s, b);

		mean_sample(&w, pass->x + b * s.in, pass->y + b * s.out);
		end_sample(pass, &s, &w, b);
	}
}

/* Whether windows side by side cover all of x, so that each cell is written once. */
static bool
tiles(const NNWindow *w)
{
	return w->stride_d == w->size_d && w->stride_h == w->size_h && w->stride_w == w->size_w &&
		w->out_d * w->size_d >= w->in_d && w->out_h * w->size_h >= w->in_h &&
		w->out_w * w->size_w >= w->in_w;
}

static void
max_backward(const NNLayer *layer, const NNPass *pass)
{
	Windows s = windows_of(layer, pass);
	bool overlap = s.all.stride_d < s.all.size_d || s.all.stride_h < s.all.size_h ||
		s.all.stride_w < s.all.size_w;

	if (pass->dx == NULL)
		return;
	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		NNWindow w = window_of(layer, pass, &s, b);
		nn_real *dx = pass->dx + b * s.in;

		if (s.uneven || !tiles(&w))
			nn_zero(dx, s.in);
		max_back_sample(&w, pass->x + b * s.in, pass->y + b * s.out, pass->dy + b * s.out, dx,
						overlap);
	}
}

static void
mean_backward(const NNLayer *layer, const NNPass *pass)
{
	Windows s = windows_of(layer, pass);

	if (pass->dx == NULL)
		return;
	nn_zero(pass->dx, s.in * (size_t) pass->batch);
	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		NNWindow w = window_of(layer, pass, &s, b);

		mean_back_sample(&w, pass->dy + b * s.out, pass->dx + b * s.in);
	}
}

#define POOL_KIND(symbol, kind_name, dims, run)                     \
	const NNKind symbol = {.name = kind_name,                       \
						   .flags = dims == 1 ? NN_KIND_MASKED : 0, \
						   .min_inputs = 1,                         \
						   .max_inputs = 1,                         \
						   .conf_size = sizeof(PoolConf),           \
						   .fields = pool##dims##d_fields,          \
						   .shape = pool##dims##d_shape,            \
						   .forward = run##_forward,                \
						   .backward = run##_backward}

POOL_KIND(nn_max_pooling1d, "max_pooling1d", 1, max);
POOL_KIND(nn_max_pooling2d, "max_pooling2d", 2, max);
POOL_KIND(nn_average_pooling1d, "average_pooling1d", 1, mean);
POOL_KIND(nn_average_pooling2d, "average_pooling2d", 2, mean);
POOL_KIND(nn_max_pooling3d, "max_pooling3d", 3, max);
POOL_KIND(nn_average_pooling3d, "average_pooling3d", 3, mean);
