/*
 * global_pool.c
 *	  Largest and mean values of each channel over all steps or all cells.
 *
 * Shapes: x (batch, ..., channels), y (batch, channels), or (batch, 1, ...,
 * channels) with keepdims.  Padding does not count, so that a sample gives the
 * same whatever it is padded with; without any step y is 0.  Steps that a mask
 * hides do not count for the mean; for the maximum, as in Keras, they do.
 * Backward: of a maximum dy goes to the cells that have it, in equal shares.
 */
#include "core/kernels/math_inline.h"
#include "core/layers/window.h"

typedef struct GlobalConf
{
	bool keepdims;
} GlobalConf;

static const NNField global_fields[] = {
	NN_FIELD_BOOL(GlobalConf, keepdims, false),
	NN_FIELD_END,
};

static bool
global_shape(NNLayer *layer, int dims, NNError *error)
{
	const GlobalConf *conf = NN_CONF(layer, GlobalConf);
	const NNShape *in = &layer->in[0];

	if (!nn_window_check_input(layer, dims, error))
		return false;
	layer->out = nn_shape1(in->dim[dims]);
	if (conf->keepdims)
		layer->out = dims == 1 ? nn_shape2(1, in->dim[dims])
			: dims == 2		   ? nn_shape3(1, 1, in->dim[dims])
							   : nn_shape4(1, 1, 1, in->dim[dims]);
	layer->flops = (double) nn_shape_size(in);
	layer->scratch_fixed = (size_t) in->dim[dims]; /* how many cells have the maximum */
	layer->mask_from = NN_MASK_NONE;
	return true;
}

static bool
global1d_shape(NNLayer *layer, NNError *error)
{
	return global_shape(layer, 1, error);
}

static bool
global2d_shape(NNLayer *layer, NNError *error)
{
	return global_shape(layer, 2, error);
}

static bool
global3d_shape(NNLayer *layer, NNError *error)
{
	return global_shape(layer, 3, error);
}

/* One sample: rows cells of c channels, and which count, or NULL for all. */
typedef struct Sample
{
	size_t rows;
	size_t c;
	const uint8_t *mask;
	size_t x; /* offsets */
	size_t y;
} Sample;

static Sample
sample_of(const NNLayer *layer, const NNPass *pass, const uint8_t *mask, size_t b)
{
	Sample s = {.c = (size_t) nn_shape_last(&layer->in[0])};
	size_t size = nn_shape_reals(&layer->in[0], pass->steps);

	s.rows = size / s.c;
	s.mask = mask && layer->in[0].rank == 2 ? mask + b * s.rows : NULL;
	s.x = b * size;
	s.y = b * s.c;
	return s;
}

static size_t
count_of(const Sample *s)
{
	size_t count = 0;

	if (s->mask == NULL)
		return s->rows;
	for (size_t r = 0; r < s->rows; r++)
		count += s->mask[r] != 0;
	return count;
}

static NN_HOT(void, max_sample, (const Sample *s, const nn_real *restrict x, nn_real *restrict y),
			  (s, x, y))
{
	bool first = true;

	for (size_t r = 0; r < s->rows; r++, x += s->c)
	{
		if (s->mask && !s->mask[r])
			continue;
		for (size_t c = 0; c < s->c; c++)
			y[c] = first ? x[c] : nn_larger(y[c], x[c]);
		first = false;
	}
	if (first)
		nn_zero(y, s->c);
}

static NN_HOT(void, max_back_sample,
			  (const Sample *s, const nn_real *restrict x, const nn_real *restrict y,
			   nn_real *restrict dy, nn_real *restrict dx, nn_real *restrict number),
			  (s, x, y, dy, dx, number))
{
	nn_zero(number, s->c);
	for (size_t r = 0; r < s->rows; r++)
		for (size_t c = 0; c < s->c && (s->mask == NULL || s->mask[r]); c++)
			number[c] += x[r * s->c + c] == y[c] ? 1 : 0;
	for (size_t c = 0; c < s->c; c++)
		dy[c] = number[c] > 1 ? dy[c] / number[c] : dy[c];
	for (size_t r = 0; r < s->rows; r++, x += s->c, dx += s->c)
	{
		if (s->mask && !s->mask[r])
			nn_zero(dx, s->c);
		else
			for (size_t c = 0; c < s->c; c++)
				dx[c] = x[c] == y[c] ? dy[c] : 0;
	}
}

static void
max_forward(const NNLayer *layer, const NNPass *pass)
{
	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		Sample s = sample_of(layer, pass, pass->padding, b);

		max_sample(&s, pass->x + s.x, pass->y + s.y);
	}
}

static void
max_backward(const NNLayer *layer, const NNPass *pass)
{
	for (size_t b = 0; pass->dx && b < (size_t) pass->batch; b++)
	{
		Sample s = sample_of(layer, pass, pass->padding, b);

		max_back_sample(&s, pass->x + s.x, pass->y + s.y, pass->dy + s.y, pass->dx + s.x,
						pass->scratch);
	}
}

static void
mean_forward(const NNLayer *layer, const NNPass *pass)
{
	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		Sample s = sample_of(layer, pass, pass->mask, b);
		size_t count = count_of(&s);
		nn_real *y = pass->y + s.y;

		nn_zero(y, s.c);
		if (s.mask == NULL)
			nn_sum_rows(y, pass->x + s.x, s.rows, s.c);
		else
			for (size_t r = 0; r < s.rows; r++)
				if (s.mask[r])
					nn_add(y, pass->x + s.x + r * s.c, s.c);
		if (count > 0)
			nn_scale(y, 1 / (nn_real) count, s.c);
	}
}

static void
mean_backward(const NNLayer *layer, const NNPass *pass)
{
	for (size_t b = 0; pass->dx && b < (size_t) pass->batch; b++)
	{
		Sample s = sample_of(layer, pass, pass->mask, b);
		size_t count = count_of(&s);
		nn_real *dx = pass->dx + s.x;

		if (count > 0)
			nn_scale(pass->dy + s.y, 1 / (nn_real) count, s.c);
		nn_fill_rows(dx, pass->dy + s.y, s.rows, s.c);
		for (size_t r = 0; s.mask && r < s.rows; r++)
			if (!s.mask[r])
				nn_zero(dx + r * s.c, s.c);
	}
}

#define GLOBAL_KIND(symbol, kind_name, dims, run)           \
	const NNKind symbol = {.name = kind_name,               \
						   .flags = NN_KIND_MASKED,         \
						   .min_inputs = 1,                 \
						   .max_inputs = 1,                 \
						   .conf_size = sizeof(GlobalConf), \
						   .fields = global_fields,         \
						   .shape = global##dims##d_shape,  \
						   .forward = run##_forward,        \
						   .backward = run##_backward}

GLOBAL_KIND(nn_global_max_pooling1d, "global_max_pooling1d", 1, max);
GLOBAL_KIND(nn_global_max_pooling2d, "global_max_pooling2d", 2, max);
GLOBAL_KIND(nn_global_average_pooling1d, "global_average_pooling1d", 1, mean);
GLOBAL_KIND(nn_global_average_pooling2d, "global_average_pooling2d", 2, mean);
GLOBAL_KIND(nn_global_max_pooling3d, "global_max_pooling3d", 3, max);
GLOBAL_KIND(nn_global_average_pooling3d, "global_average_pooling3d", 3, mean);
