/*
 * dropout.c
 *	  In training each number is set to 0 with probability `rate`, the others
 *	  are scaled by 1 / (1 - rate); elsewhere the identity.
 *
 * What is dropped is a hash of (seed, step, layer, sample, element), so it is
 * the same however the batch is split, and backward draws it again instead of
 * keeping a mask.
 */
#include "core/layers/layer.h"

typedef struct DropoutConf
{
	double rate;
} DropoutConf;

static const NNField dropout_fields[] = {
	NN_FIELD_REAL(DropoutConf, rate, true, 0, 0, 1),
	NN_FIELD_END,
};

static bool
dropout_shape(NNLayer *layer, NNError *error)
{
	(void) error;
	layer->out = layer->in[0];
	layer->flops = (double) nn_shape_size(&layer->in[0]);
	layer->mask_from = 0;
	return true;
}

static NN_HOT(void, drop,
			  (nn_real *const y, const nn_real *x, size_t n, uint64_t seed, uint32_t threshold,
			   nn_real scale),
			  (y, x, n, seed, threshold, scale))
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		y[i] = nn_hash32(seed, (uint32_t) i) < threshold ? (nn_real) 0 : x[i] * scale;
}

static void
dropout_run(const NNLayer *layer, const NNPass *pass, nn_real *to, const nn_real *from)
{
	double rate = NN_CONF(layer, DropoutConf)->rate;
	size_t n = nn_shape_reals(&layer->out, pass->steps);

	if (!pass->training || rate <= 0)
		nn_copy(to, from, n * (size_t) pass->batch);
	else if (rate >= 1)
		nn_zero(to, n * (size_t) pass->batch);
	else
		for (int s = 0; s < pass->batch; s++)
			drop(to + (size_t) s * n, from + (size_t) s * n, n,
				 nn_mix(pass->seed, (uint64_t) pass->step, (uint64_t) layer->index,
						(uint64_t) (pass->first_sample + s)),
				 (uint32_t) (rate * 4294967296.0), (nn_real) (1 / (1 - rate)));
}

static void
dropout_forward(const NNLayer *layer, const NNPass *pass)
{
	dropout_run(layer, pass, pass->y, pass->x);
}

static void
dropout_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		dropout_run(layer, pass, pass->dx, pass->dy);
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
