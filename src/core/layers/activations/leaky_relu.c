/*
 * leaky_relu.c
 *	  y = x where x > 0, else negative_slope x: the layer, whose slope is free.
 *
 * (The activation of the same name has a slope of 0.2.)  Forward keeps nothing.
 */
#include "core/layers/layer.h"

typedef struct LeakyReluConf
{
	double negative_slope;
} LeakyReluConf;

static const NNField leaky_relu_fields[] = {
	NN_FIELD_REAL(LeakyReluConf, negative_slope, false, 0.3, 0, 1e30),
	NN_FIELD_END,
};

static bool
leaky_relu_shape(NNLayer *layer, NNError *error)
{
	(void) error;
	layer->out = layer->in[0];
	layer->flops = (double) nn_shape_size(&layer->in[0]);
	layer->mask_from = 0;
	return true;
}

/* y = v where x > 0, else slope v */
static NN_HOT(void, leak,
			  (nn_real *const y, const nn_real *v, const nn_real *x, nn_real slope, size_t n),
			  (y, v, x, slope, n))
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		y[i] = x[i] > 0 ? v[i] : slope * v[i];
}

static void
leaky_relu_forward(const NNLayer *layer, const NNPass *pass)
{
	leak(pass->y, pass->x, pass->x, (nn_real) NN_CONF(layer, LeakyReluConf)->negative_slope,
		 nn_shape_reals(&layer->out, pass->steps) * (size_t) pass->batch);
}

static void
leaky_relu_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		leak(pass->dx, pass->dy, pass->x, (nn_real) NN_CONF(layer, LeakyReluConf)->negative_slope,
			 nn_shape_reals(&layer->out, pass->steps) * (size_t) pass->batch);
}

const NNKind nn_leaky_relu = {
	.name = "leaky_relu",
	.flags = NN_KIND_MASKED | NN_KIND_ELEMENTWISE,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(LeakyReluConf),
	.fields = leaky_relu_fields,
	.shape = leaky_relu_shape,
	.forward = leaky_relu_forward,
	.backward = leaky_relu_backward,
};
