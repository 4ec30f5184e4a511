/*
 * spatial_dropout.c
 *	  In training whole channels of a sample are set to 0 with probability
 *	  `rate`, the others are scaled by 1 / (1 - rate); elsewhere the identity.
 *
 * What is dropped is a hash of (seed, step, layer, sample, channel), drawn
 * again by backward, as in dropout.
 */
#include "core/layers/draw.h"
#include "core/layers/window.h"

typedef struct SpatialConf
{
	double rate;
	int seed;
} SpatialConf;

static const NNField spatial_fields[] = {
	NN_FIELD_REAL(SpatialConf, rate, true, 0, 0, 1),
	NN_FIELD_SEED(SpatialConf),
	NN_FIELD_END,
};

static bool
spatial_shape(NNLayer *layer, int dims, NNError *error)
{
	if (!nn_window_check_input(layer, dims, error))
		return false;
	layer->out = layer->in[0];
	layer->flops = (double) nn_shape_size(&layer->in[0]);
	layer->scratch_fixed = (size_t) layer->in[0].dim[dims];
	layer->mask_from = 0;
	return true;
}

static bool
spatial1d_shape(NNLayer *layer, NNError *error)
{
	return spatial_shape(layer, 1, error);
}

static bool
spatial2d_shape(NNLayer *layer, NNError *error)
{
	return spatial_shape(layer, 2, error);
}

static bool
spatial3d_shape(NNLayer *layer, NNError *error)
{
	return spatial_shape(layer, 3, error);
}

/* The factor of each channel. */
static void
draw_channels(nn_real *factor, size_t c, double rate, uint64_t seed)
{
	nn_real kept = rate < 1 ? (nn_real) (1 / (1 - rate)) : 0;
	double threshold = rate * 4294967296.0;

	for (size_t i = 0; i < c; i++)
		factor[i] = (double) nn_hash32(seed, (uint32_t) i) < threshold ? 0 : kept;
}

static NN_HOT(void, scale_channels,
			  (nn_real *restrict to, const nn_real *restrict from, const nn_real *restrict factor,
			   size_t rows, size_t c),
			  (to, from, factor, rows, c))
{
	for (size_t r = 0; r < rows; r++, to += c, from += c)
		for (size_t i = 0; i < c; i++)
			to[i] = from[i] * factor[i];
}

static void
spatial_run(const NNLayer *layer, const NNPass *pass, nn_real *to, const nn_real *from)
{
	const SpatialConf *conf = NN_CONF(layer, SpatialConf);
	size_t c = (size_t) nn_shape_last(&layer->in[0]);
	size_t n = nn_shape_reals(&layer->in[0], pass->steps);

	if (!pass->training)
	{
		nn_copy(to, from, n * (size_t) pass->batch);
		return;
	}
	for (int s = 0; s < pass->batch; s++, to += n, from += n)
	{
		draw_channels(pass->scratch, c, conf->rate, nn_draw_seed(layer, pass, conf->seed, s));
		scale_channels(to, from, pass->scratch, n / c, c);
	}
}

static void
spatial_forward(const NNLayer *layer, const NNPass *pass)
{
	spatial_run(layer, pass, pass->y, pass->x);
}

static void
spatial_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		spatial_run(layer, pass, pass->dx, pass->dy);
}

#define SPATIAL_KIND(dims)                                                                       \
	const NNKind nn_spatial_dropout##dims##d = {.name = "spatial_dropout" #dims "d",             \
												.flags = NN_KIND_TRAINING_ONLY | NN_KIND_MASKED, \
												.min_inputs = 1,                                 \
												.max_inputs = 1,                                 \
												.conf_size = sizeof(SpatialConf),                \
												.fields = spatial_fields,                        \
												.shape = spatial##dims##d_shape,                 \
												.forward = spatial_forward,                      \
												.backward = spatial_backward}

SPATIAL_KIND(1);
SPATIAL_KIND(2);
SPATIAL_KIND(3);
