/*
 * depthwise.c
 *	  Convolution of each channel by itself.
 *
 * Shapes: x (batch, height, width, channels), W (size_h, size_w, channels,
 * depth_multiplier), b (channels * depth_multiplier), y (batch, out_h, out_w,
 * channels * depth_multiplier).  forward keeps z only for activations whose
 * derivative needs it.
 */
#include "core/layers/window.h"
#include "core/kernels/depthwise.h"

/* Cells whose outputs are activated while they are in cache. */
#define CELL_ROWS 256

typedef struct DepthwiseConf
{
	NNWindowConf window;
	int depth_multiplier;
	int activation;
	bool use_bias;
	NNInitializer depthwise_initializer;
	NNInitializer bias_initializer;
	NNRegularizer depthwise_regularizer;
	NNRegularizer bias_regularizer;
} DepthwiseConf;

static const NNField depthwise_fields[] = {
	NN_WINDOW_FIELD(DepthwiseConf, "kernel_size", size, 2, true, 0),
	NN_WINDOW_FIELD(DepthwiseConf, "strides", strides, 2, false, 1),
	NN_WINDOW_PADDING(DepthwiseConf),
	NN_FIELD_INT(DepthwiseConf, depth_multiplier, false, 1, 1, NN_MAX_UNITS),
	NN_WINDOW_FIELD(DepthwiseConf, "dilation_rate", dilation_rate, 2, false, 1),
	NN_FIELD_ACTIVATION(DepthwiseConf, activation, NN_LINEAR),
	NN_FIELD_BOOL(DepthwiseConf, use_bias, true),
	NN_FIELD_INITIALIZER(DepthwiseConf, depthwise_initializer, NN_INIT_GLOROT_UNIFORM),
	NN_FIELD_INITIALIZER(DepthwiseConf, bias_initializer, NN_INIT_ZEROS),
	NN_FIELD_REGULARIZER(DepthwiseConf, depthwise_regularizer),
	NN_FIELD_REGULARIZER(DepthwiseConf, bias_regularizer),
	NN_FIELD_END,
};

static bool
depthwise_shape(NNLayer *layer, NNError *error)
{
	const DepthwiseConf *conf = NN_CONF(layer, DepthwiseConf);
	int64_t filters;
	int channels;

	if (!nn_window_shape(layer, &conf->window, 2, error))
		return false;
	channels = layer->in[0].dim[2];
	filters = (int64_t) channels * conf->depth_multiplier;
	if (!nn_window_check_channels(layer, filters, error))
		return false;
	layer->out.dim[2] = (int) filters;
	nn_layer_add_param(
		layer, "kernel",
		nn_shape4(conf->window.size[0], conf->window.size[1], channels, conf->depth_multiplier),
		conf->depthwise_initializer, &conf->depthwise_regularizer);
	layer->flops = (double) layer->out.dim[0] * layer->out.dim[1] * (double) layer->param_size;
	if (conf->use_bias)
		nn_layer_add_param(layer, "bias", nn_shape1((int) filters), conf->bias_initializer,
						   &conf->bias_regularizer);
	layer->saved_size =
		nn_activation_needs_z((NNActivation) conf->activation) ? nn_shape_size(&layer->out) : 0;
	return true;
}

static NNDepthwise
depthwise_of(const NNLayer *layer, const NNPass *pass)
{
	const DepthwiseConf *conf = NN_CONF(layer, DepthwiseConf);

	return (NNDepthwise){
		.window = nn_window(layer, &conf->window, 2),
		.multiplier = conf->depth_multiplier,
		.kernel = pass->params,
	};
}

static NNActivation
depthwise_activation(const NNLayer *layer)
{
	return layer->logits ? NN_LINEAR : (NNActivation) NN_CONF(layer, DepthwiseConf)->activation;
}

static void
depthwise_forward(const NNLayer *layer, const NNPass *pass)
{
	NNDepthwise d = depthwise_of(layer, pass);
	NNActivation f = depthwise_activation(layer);
	size_t wide = (size_t) nn_shape_last(&layer->out);
	size_t cells = nn_pass_rows(&layer->out, pass);

	for (size_t from = 0, to; from < cells; from = to)
	{
		nn_real *y = pass->y + from * wide;
		size_t n;

		to = cells - from < CELL_ROWS ? cells : from + CELL_ROWS;
		n = (to - from) * wide;
		if (layer->n_params > 1)
			nn_fill_rows(y, pass->params + layer->params[1].offset, to - from, wide);
		else
			nn_zero(y, n);
		nn_depthwise_add(&d, from, to, pass->x, y);
		if (pass->keeps && nn_activation_needs_z(f))
			nn_copy(pass->saved + from * wide, y, n);
		nn_activate(f, y, n, wide);
	}
}

static void
depthwise_backward(const NNLayer *layer, const NNPass *pass)
{
	NNDepthwise d = depthwise_of(layer, pass);
	NNActivation f = depthwise_activation(layer);
	size_t wide = (size_t) nn_shape_last(&layer->out);
	size_t cells = nn_pass_rows(&layer->out, pass);

	nn_activate_backward(f, nn_activation_needs_z(f) ? pass->saved : NULL, pass->y, pass->dy,
						 cells * wide, wide);
	if (pass->grads && layer->n_params > 1)
		nn_sum_rows(pass->grads + layer->params[1].offset, pass->dy, cells, wide);
	if (pass->dx)
		nn_zero(pass->dx, (size_t) pass->batch * nn_window_in_size(&d.window));
	nn_depthwise_back(&d, 0, cells, pass->x, pass->dy, pass->dx, pass->grads);
}

const NNKind nn_depthwise_conv2d = {
	.name = "depthwise_conv2d",
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(DepthwiseConf),
	.fields = depthwise_fields,
	.activation_offset = offsetof(DepthwiseConf, activation),
	.has_activation = true,
	.shape = depthwise_shape,
	.forward = depthwise_forward,
	.backward = depthwise_backward,
};
