/*
 * depthwise.c
 *	  Convolution of each channel by itself.
 *
 * Shapes: x (batch, height, width, channels), W (size_h, size_w, channels,
 * depth_multiplier), b (channels * depth_multiplier), y (batch, out_h, out_w,
 * channels * depth_multiplier); of a signal without height.  forward keeps z
 * only for activations whose derivative needs it.
 *
 * As in Keras a mask ends here; samples may have lengths of their own: see
 * window.h.
 */
#include "core/kernels/depthwise.h"

#include "core/layers/window.h"

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
	NNRules depthwise;
	NNRules bias;
	NNRegularizer activity_regularizer;
} DepthwiseConf;

#define DEPTHWISE_FIELDS(dims)                                                              \
	NN_WINDOW_FIELD(DepthwiseConf, "kernel_size", size, dims, true, 0),                     \
		NN_WINDOW_FIELD(DepthwiseConf, "strides", strides, dims, false, 1),                 \
		NN_WINDOW_PADDING(DepthwiseConf),                                                   \
		NN_FIELD_INT(DepthwiseConf, depth_multiplier, false, 1, 1, NN_MAX_UNITS),           \
		NN_WINDOW_FIELD(DepthwiseConf, "dilation_rate", dilation_rate, dims, false, 1),     \
		NN_FIELD_ACTIVATION(DepthwiseConf, activation, NN_LINEAR),                          \
		NN_FIELD_BOOL(DepthwiseConf, use_bias, true),                                       \
		NN_FIELD_INITIALIZER(DepthwiseConf, depthwise_initializer, NN_INIT_GLOROT_UNIFORM), \
		NN_FIELD_INITIALIZER(DepthwiseConf, bias_initializer, NN_INIT_ZEROS),               \
		NN_FIELD_RULES(DepthwiseConf, depthwise), NN_FIELD_RULES(DepthwiseConf, bias),      \
		NN_FIELD_ACTIVITY(DepthwiseConf), NN_FIELD_END

static const NNField depthwise1d_fields[] = {DEPTHWISE_FIELDS(1)};
static const NNField depthwise2d_fields[] = {DEPTHWISE_FIELDS(2)};

static bool
depthwise_shape(NNLayer *layer, int dims, NNError *error)
{
	const DepthwiseConf *conf = NN_CONF(layer, DepthwiseConf);
	NNShape kernel = {.rank = dims + 2};
	int64_t filters;
	int channels;

	if (!nn_window_shape(layer, &conf->window, dims, error))
		return false;
	channels = layer->in[0].dim[dims];
	filters = (int64_t) channels * conf->depth_multiplier;
	if (!nn_window_check_channels(layer, filters, error))
		return false;
	layer->out.dim[dims] = (int) filters;
	for (int i = 0; i < dims; i++)
		kernel.dim[i] = conf->window.size[i];
	kernel.dim[dims] = channels;
	kernel.dim[dims + 1] = conf->depth_multiplier;
	layer->activity = conf->activity_regularizer;
	nn_layer_add_param(layer, "kernel", kernel, conf->depthwise_initializer, &conf->depthwise);
	layer->flops =
		(double) nn_shape_size(&layer->out) / (double) filters * (double) layer->param_size;
	if (conf->use_bias)
		nn_layer_add_param(layer, "bias", nn_shape1((int) filters), conf->bias_initializer,
						   &conf->bias);
	layer->saved_size =
		nn_activation_needs_z((NNActivation) conf->activation) ? nn_shape_size(&layer->out) : 0;
	return true;
}

static bool
depthwise1d_shape(NNLayer *layer, NNError *error)
{
	return depthwise_shape(layer, 1, error);
}

static bool
depthwise2d_shape(NNLayer *layer, NNError *error)
{
	return depthwise_shape(layer, 2, error);
}

static NNDepthwise
depthwise_of(const NNLayer *layer, const NNPass *pass)
{
	const DepthwiseConf *conf = NN_CONF(layer, DepthwiseConf);

	return (NNDepthwise){
		.window = nn_window(layer, &conf->window, layer->in[0].rank - 1),
		.multiplier = conf->depth_multiplier,
		.kernel = pass->params,
	};
}

static NNActivation
depthwise_activation(const NNLayer *layer)
{
	return layer->logits ? NN_LINEAR : (NNActivation) NN_CONF(layer, DepthwiseConf)->activation;
}

/* `samples` from sample b on, which all have the window d's. */
static void
forward_samples(const NNDepthwise *d, const NNLayer *layer, const NNPass *pass, size_t b,
				size_t samples)
{
	NNActivation f = depthwise_activation(layer);
	size_t wide = (size_t) nn_shape_last(&layer->out);
	size_t cells = samples * nn_window_out_cells(&d->window);
	size_t at = b * nn_shape_reals(&layer->out, pass->steps);
	const nn_real *x = pass->x + b * nn_shape_reals(&layer->in[0], pass->steps);

	for (size_t from = 0, to; from < cells; from = to)
	{
		nn_real *y = pass->y + at + from * wide;
		size_t n;

		to = cells - from < CELL_ROWS ? cells : from + CELL_ROWS;
		n = (to - from) * wide;
		if (layer->n_params > 1)
			nn_fill_rows(y, pass->params + layer->params[1].offset, to - from, wide);
		else
			nn_zero(y, n);
		nn_depthwise_add(d, from, to, x, y);
		if (pass->keeps && nn_activation_needs_z(f))
			nn_copy(pass->saved + at + from * wide, y, n);
		nn_activate(f, y, n, wide);
	}
}

static void
backward_samples(const NNDepthwise *d, const NNLayer *layer, const NNPass *pass, size_t b,
				 size_t samples)
{
	NNActivation f = depthwise_activation(layer);
	size_t wide = (size_t) nn_shape_last(&layer->out);
	size_t cells = samples * nn_window_out_cells(&d->window);
	size_t at = b * nn_shape_reals(&layer->out, pass->steps);
	size_t x = b * nn_shape_reals(&layer->in[0], pass->steps);
	nn_real *dx = pass->dx ? pass->dx + x : NULL;

	nn_activate_backward(f, nn_activation_needs_z(f) ? pass->saved + at : NULL, pass->y + at,
						 pass->dy + at, cells * wide, wide);
	if (pass->grads && layer->n_params > 1)
		nn_sum_rows(pass->grads + layer->params[1].offset, pass->dy + at, cells, wide);
	if (dx)
		nn_zero(dx, samples * nn_shape_reals(&layer->in[0], pass->steps));
	nn_depthwise_back(d, 0, cells, pass->x + x, pass->dy + at, dx, pass->grads);
}

static void
depthwise_forward(const NNLayer *layer, const NNPass *pass)
{
	const NNWindowConf *window = &NN_CONF(layer, DepthwiseConf)->window;
	NNDepthwise d = depthwise_of(layer, pass);
	int room = layer->in[0].dim[0];
	size_t out = nn_shape_reals(&layer->out, pass->steps);

	if (!nn_window_uneven(window, pass, room))
	{
		forward_samples(&d, layer, pass, 0, (size_t) pass->batch);
		for (size_t b = 0; b < (size_t) pass->batch; b++)
			nn_window_mask(pass, b, layer->out.dim[0], layer->out.dim[0]);
		return;
	}
	nn_zero(pass->y, out * (size_t) pass->batch);
	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		d.window = nn_window_over(layer, window, nn_window_steps(pass, b, room));
		forward_samples(&d, layer, pass, b, 1);
		nn_window_mask(pass, b, d.window.out_w, layer->out.dim[0]);
	}
}

static void
depthwise_backward(const NNLayer *layer, const NNPass *pass)
{
	const NNWindowConf *window = &NN_CONF(layer, DepthwiseConf)->window;
	NNDepthwise d = depthwise_of(layer, pass);
	int room = layer->in[0].dim[0];

	if (!nn_window_uneven(window, pass, room))
	{
		backward_samples(&d, layer, pass, 0, (size_t) pass->batch);
		return;
	}
	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		d.window = nn_window_over(layer, window, nn_window_steps(pass, b, room));
		backward_samples(&d, layer, pass, b, 1);
	}
}

#define DEPTHWISE_KIND(dims)                                                            \
	const NNKind nn_depthwise_conv##dims##d = {.name = "depthwise_conv" #dims "d",      \
											   .flags = dims == 1 ? NN_KIND_MASKED : 0, \
											   .min_inputs = 1,                         \
											   .max_inputs = 1,                         \
											   .conf_size = sizeof(DepthwiseConf),      \
											   .fields = depthwise##dims##d_fields,     \
											   .activation_offset =                     \
												   offsetof(DepthwiseConf, activation), \
											   .has_activation = true,                  \
											   .shape = depthwise##dims##d_shape,       \
											   .forward = depthwise_forward,            \
											   .backward = depthwise_backward}

DEPTHWISE_KIND(1);
DEPTHWISE_KIND(2);
