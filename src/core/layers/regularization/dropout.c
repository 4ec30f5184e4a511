/*
 * dropout.c
 *	  Numbers left out at random in training; elsewhere the identity.
 *
 * dropout: each number is set to 0 with probability `rate`, the others are
 * scaled by 1 / (1 - rate).  alpha_dropout: it is set to the value that selu
 * goes to, -a' = -1.758, and all are then mapped by a x + b, so that mean and
 * variance stay what they were.  Which ones is drawn by noise_shape (draw.h).
 */
#include "core/layers/draw.h"

typedef struct DropoutConf
{
	double rate;
	NNInts noise_shape;
	int seed;
} DropoutConf;

#define DROPOUT_FIELDS(most)                                                               \
	NN_FIELD_REAL(DropoutConf, rate, true, 0, 0, most), NN_FIELD_NOISE_SHAPE(DropoutConf), \
		NN_FIELD_SEED(DropoutConf), NN_FIELD_END

static const NNField dropout_fields[] = {DROPOUT_FIELDS(1)};
/* below 1: nothing would be left to map */
static const NNField alpha_dropout_fields[] = {DROPOUT_FIELDS(0x1.fffffffffffffp-1)};

static bool
dropout_shape(NNLayer *layer, NNError *error)
{
	if (!nn_noise_check(layer, &NN_CONF(layer, DropoutConf)->noise_shape, error))
		return false;
	layer->out = layer->in[0];
	layer->flops = (double) nn_shape_size(&layer->in[0]);
	layer->mask_from = 0;
	return true;
}

/* What y is made of: x scale + shift where x stays, else other. */
typedef struct Drop
{
	uint32_t threshold;
	nn_real scale;
	nn_real shift;
	nn_real other;
} Drop;

static NN_HOT(void, drop_each,
			  (nn_real *const y, const nn_real *x, size_t n, uint64_t seed, uint32_t first, Drop d),
			  (y, x, n, seed, first, d))
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		y[i] = nn_hash32(seed, first + (uint32_t) i) < d.threshold ? d.other
																   : x[i] * d.scale + d.shift;
}

static void
drop_sample(const NNSpread *spread, nn_real *y, const nn_real *x, uint64_t seed, const Drop *drop)
{
	for (size_t r = 0; r < spread->rows; r++, x += spread->width, y += spread->width)
	{
		uint32_t first = (uint32_t) nn_spread_at(spread, r);

		if (!spread->single)
		{
			drop_each(y, x, spread->width, seed, first, *drop);
			continue;
		}
		/* one draw for the whole row: all of it or nothing */
		if (nn_hash32(seed, first) < drop->threshold)
			for (size_t i = 0; i < spread->width; i++)
				y[i] = drop->other;
		else
			nn_affine(y, x, drop->scale, drop->shift, spread->width);
	}
}

static void
dropout_run(const NNLayer *layer, const NNPass *pass, nn_real *to, const nn_real *from,
			const Drop *drop)
{
	const DropoutConf *conf = NN_CONF(layer, DropoutConf);
	size_t n = nn_shape_reals(&layer->out, pass->steps);
	NNSpread spread;

	if (!pass->training || conf->rate <= 0)
	{
		nn_copy(to, from, n * (size_t) pass->batch);
		return;
	}
	spread = nn_noise_spread(layer, &conf->noise_shape, pass->steps);
	for (int s = 0; s < pass->batch; s++)
		drop_sample(&spread, to + (size_t) s * n, from + (size_t) s * n,
					nn_noise_seed(layer, pass, &conf->noise_shape, conf->seed, s), drop);
}

/* ---- dropout ---- */

static Drop
drop_of(const NNLayer *layer)
{
	double rate = NN_CONF(layer, DropoutConf)->rate;

	return (Drop){(uint32_t) (rate * 4294967296.0), (nn_real) (1 / (1 - rate)), 0, 0};
}

static void
dropout_both(const NNLayer *layer, const NNPass *pass, nn_real *to, const nn_real *from)
{
	Drop drop;

	if (pass->training && NN_CONF(layer, DropoutConf)->rate >= 1)
	{
		nn_zero(to, nn_shape_reals(&layer->out, pass->steps) * (size_t) pass->batch);
		return;
	}
	drop = drop_of(layer);
	dropout_run(layer, pass, to, from, &drop);
}

static void
dropout_forward(const NNLayer *layer, const NNPass *pass)
{
	dropout_both(layer, pass, pass->y, pass->x);
}

static void
dropout_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		dropout_both(layer, pass, pass->dx, pass->dy);
}

/* ---- alpha_dropout ---- */

/* selu's limit, alpha times scale */
#define SELU_LIMIT (-1.6732632423543772 * 1.0507009873554805)

static Drop
alpha_of(const NNLayer *layer)
{
	double rate = NN_CONF(layer, DropoutConf)->rate;
	double a = 1 / sqrt((1 - rate) * (1 + rate * SELU_LIMIT * SELU_LIMIT));
	double b = -a * SELU_LIMIT * rate;

	return (Drop){(uint32_t) (rate * 4294967296.0), (nn_real) a, (nn_real) b,
				  (nn_real) (a * SELU_LIMIT + b)};
}

static void
alpha_dropout_forward(const NNLayer *layer, const NNPass *pass)
{
	Drop drop = alpha_of(layer);

	dropout_run(layer, pass, pass->y, pass->x, &drop);
}

static void
alpha_dropout_backward(const NNLayer *layer, const NNPass *pass)
{
	Drop drop = alpha_of(layer);

	drop.shift = drop.other = 0;
	if (pass->dx)
		dropout_run(layer, pass, pass->dx, pass->dy, &drop);
}

const NNKind nn_dropout = {
	.name = "dropout",
	.flags = NN_KIND_TRAINING_ONLY | NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(DropoutConf),
	.fields = dropout_fields,
	.shape = dropout_shape,
	.forward = dropout_forward,
	.backward = dropout_backward,
};

const NNKind nn_alpha_dropout = {
	.name = "alpha_dropout",
	.flags = NN_KIND_TRAINING_ONLY | NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(DropoutConf),
	.fields = alpha_dropout_fields,
	.shape = dropout_shape,
	.forward = alpha_dropout_forward,
	.backward = alpha_dropout_backward,
};
