/*
 * adaptive_pool.c
 *	  Largest and mean values of windows that divide an input into so many cells.
 *
 * Shapes: x (batch, depth, height, width, channels), of an image without depth, of a
 * signal without height; y has output_size cells along each.  Cell o of out, over n
 * cells, sees those from floor(o n / out) to before ceil((o + 1) n / out).
 * Backward: of a maximum dy goes to the window's first cell that has it, of a mean each
 * cell gets its share; windows may overlap.
 */
#include "core/kernels/math_inline.h"
#include "core/layers/window.h"

typedef struct AdaptiveConf
{
	int output_size[3];
} AdaptiveConf;

#define ADAPTIVE_FIELDS(dims)                                                                  \
	{                                                                                          \
		NN_FIELD_INTS(AdaptiveConf, output_size, dims, true, 0, 1, NN_MAX_UNITS), NN_FIELD_END \
	}

static const NNField adaptive1d_fields[] = ADAPTIVE_FIELDS(1);
static const NNField adaptive2d_fields[] = ADAPTIVE_FIELDS(2);
static const NNField adaptive3d_fields[] = ADAPTIVE_FIELDS(3);

static bool
adaptive_shape(NNLayer *layer, int dims, NNError *error)
{
	if (!nn_window_check_input(layer, dims, error))
		return false;
	layer->out = layer->in[0];
	for (int i = 0; i < dims; i++)
		if (layer->in[0].dim[i] != NN_ANY)
			layer->out.dim[i] = NN_CONF(layer, AdaptiveConf)->output_size[i];
	layer->flops = (double) nn_shape_size(&layer->in[0]) + (double) nn_shape_size(&layer->out);
	layer->mask_from = NN_MASK_NONE;
	return true;
}

/* One dimension, 1 where the input has none such. */
typedef struct Axis
{
	int in, out;
} Axis;

typedef struct Adaptive
{
	Axis depth, height, width;
	size_t c;
	size_t in, out; /* reals of a sample */
} Adaptive;

static Axis
axis_of(const NNLayer *layer, int from_last)
{
	int i = layer->in[0].rank - 2 - from_last;

	return i < 0 ? (Axis){1, 1} : (Axis){layer->in[0].dim[i], layer->out.dim[i]};
}

static Adaptive
adaptive_of(const NNLayer *layer)
{
	return (Adaptive){
		.depth = axis_of(layer, 2),
		.height = axis_of(layer, 1),
		.width = axis_of(layer, 0),
		.c = (size_t) nn_shape_last(&layer->in[0]),
		.in = nn_shape_size(&layer->in[0]),
		.out = nn_shape_size(&layer->out),
	};
}

NN_INLINE int
begin_of(const Axis *a, int o)
{
	return (int) ((int64_t) o * a->in / a->out);
}

NN_INLINE int
end_of(const Axis *a, int o)
{
	return (int) (((int64_t) (o + 1) * a->in + a->out - 1) / a->out);
}

/* Each cell of y: planes from k[0] to k[1], rows, columns. */
typedef struct Box
{
	int k[2], i[2], j[2];
} Box;

NN_INLINE Box
box_of(const Adaptive *a, int z, int y, int x)
{
	return (Box){{begin_of(&a->depth, z), end_of(&a->depth, z)},
				 {begin_of(&a->height, y), end_of(&a->height, y)},
				 {begin_of(&a->width, x), end_of(&a->width, x)}};
}

#define FOR_EACH_BOX(a)                           \
	for (int z = 0; z < (a)->depth.out; z++)      \
		for (int y = 0; y < (a)->height.out; y++) \
			for (int x = 0; x < (a)->width.out; x++)
#define FOR_EACH_CELL(b)                            \
	for (int k = (b)->k[0]; k < (b)->k[1]; k++)     \
		for (int i = (b)->i[0]; i < (b)->i[1]; i++) \
			for (int j = (b)->j[0]; j < (b)->j[1]; j++)
#define AT(a)                                                                                      \
	((((size_t) k * (size_t) (a)->height.in + (size_t) i) * (size_t) (a)->width.in + (size_t) j) * \
	 (a)->c)

NN_INLINE nn_real
share_of(const Box *b)
{
	return 1 / (nn_real) ((b->k[1] - b->k[0]) * (b->i[1] - b->i[0]) * (b->j[1] - b->j[0]));
}

static NN_HOT(void, mean_sample,
			  (const Adaptive *a, const nn_real *restrict from, nn_real *restrict to),
			  (a, from, to))
{
	FOR_EACH_BOX(a)
	{
		Box b = box_of(a, z, y, x);
		nn_real share = share_of(&b);

		for (size_t n = 0; n < a->c; n++)
			to[n] = 0;
		FOR_EACH_CELL(&b)
		for (size_t n = 0; n < a->c; n++)
			to[n] += from[AT(a) + n];
		for (size_t n = 0; n < a->c; n++)
			to[n] *= share;
		to += a->c;
	}
}

static NN_HOT(void, max_sample,
			  (const Adaptive *a, const nn_real *restrict from, nn_real *restrict to),
			  (a, from, to))
{
	FOR_EACH_BOX(a)
	{
		Box b = box_of(a, z, y, x);

		for (size_t n = 0; n < a->c; n++)
			to[n] = -(nn_real) INFINITY;
		FOR_EACH_CELL(&b)
		for (size_t n = 0; n < a->c; n++)
			to[n] = nn_larger(to[n], from[AT(a) + n]);
		to += a->c;
	}
}

static NN_HOT(void, mean_back_sample,
			  (const Adaptive *a, const nn_real *restrict dy, nn_real *restrict dx), (a, dy, dx))
{
	FOR_EACH_BOX(a)
	{
		Box b = box_of(a, z, y, x);
		nn_real share = share_of(&b);

		FOR_EACH_CELL(&b)
		for (size_t n = 0; n < a->c; n++)
			dx[AT(a) + n] += dy[n] * share;
		dy += a->c;
	}
}

/* What is left of dy after a cell that has the maximum took it is 0. */
static NN_HOT(void, max_back_sample,
			  (const Adaptive *a, const nn_real *restrict from, const nn_real *restrict to,
			   nn_real *restrict dy, nn_real *restrict dx),
			  (a, from, to, dy, dx))
{
	FOR_EACH_BOX(a)
	{
		Box b = box_of(a, z, y, x);

		FOR_EACH_CELL(&b)
		for (size_t n = 0; n < a->c; n++)
		{
			bool here = from[AT(a) + n] == to[n];

			dx[AT(a) + n] += here ? dy[n] : 0;
			dy[n] = here ? 0 : dy[n];
		}
		to += a->c;
		dy += a->c;
	}
}

static void
mean_forward(const NNLayer *layer, const NNPass *pass)
{
	Adaptive a = adaptive_of(layer);

	for (size_t b = 0; b < (size_t) pass->batch; b++)
		mean_sample(&a, pass->x + b * a.in, pass->y + b * a.out);
}

static void
max_forward(const NNLayer *layer, const NNPass *pass)
{
	Adaptive a = adaptive_of(layer);

	for (size_t b = 0; b < (size_t) pass->batch; b++)
		max_sample(&a, pass->x + b * a.in, pass->y + b * a.out);
}

static void
mean_backward(const NNLayer *layer, const NNPass *pass)
{
	Adaptive a = adaptive_of(layer);

	if (pass->dx == NULL)
		return;
	nn_zero(pass->dx, a.in * (size_t) pass->batch);
	for (size_t b = 0; b < (size_t) pass->batch; b++)
		mean_back_sample(&a, pass->dy + b * a.out, pass->dx + b * a.in);
}

static void
max_backward(const NNLayer *layer, const NNPass *pass)
{
	Adaptive a = adaptive_of(layer);

	if (pass->dx == NULL)
		return;
	nn_zero(pass->dx, a.in * (size_t) pass->batch);
	for (size_t b = 0; b < (size_t) pass->batch; b++)
		max_back_sample(&a, pass->x + b * a.in, pass->y + b * a.out, pass->dy + b * a.out,
						pass->dx + b * a.in);
}

#define ADAPTIVE_SHAPE(dims)                                            \
	static bool adaptive##dims##d_shape(NNLayer *layer, NNError *error) \
	{                                                                   \
		return adaptive_shape(layer, dims, error);                      \
	}

ADAPTIVE_SHAPE(1)
ADAPTIVE_SHAPE(2)
ADAPTIVE_SHAPE(3)

#define ADAPTIVE_KIND(word, run, dims)                                                        \
	const NNKind nn_adaptive_##word##_pooling##dims##d = {.name = "adaptive_" #word           \
																  "_pooling" #dims "d",       \
														  .min_inputs = 1,                    \
														  .max_inputs = 1,                    \
														  .conf_size = sizeof(AdaptiveConf),  \
														  .fields = adaptive##dims##d_fields, \
														  .shape = adaptive##dims##d_shape,   \
														  .forward = run##_forward,           \
														  .backward = run##_backward}

ADAPTIVE_KIND(max, max, 1);
ADAPTIVE_KIND(max, max, 2);
ADAPTIVE_KIND(max, max, 3);
ADAPTIVE_KIND(average, mean, 1);
ADAPTIVE_KIND(average, mean, 2);
ADAPTIVE_KIND(average, mean, 3);
