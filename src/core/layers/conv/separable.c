/*
 * separable.c
 *	  Convolution of each channel by itself, then of all channels at each cell:
 *	  t = windows of x by D,  y = f(t W + b).
 *
 * Shapes: x (batch, height, width, channels), D (size_h, size_w, channels,
 * depth_multiplier), t (cells, channels * depth_multiplier),
 * W (1, 1, channels * depth_multiplier, filters), b (filters).
 * t exists for one band of cells at a time, in scratch; backward computes it
 * again, uses it for dW += t' dz, and puts dt = dz W' in its place.
 */
#include "core/layers/window.h"
#include "core/kernels/depthwise.h"
#include "core/kernels/im2col.h"

typedef struct SeparableConf
{
	NNWindowConf window;
	int filters;
	int depth_multiplier;
	int activation;
	bool use_bias;
	NNInitializer depthwise_initializer;
	NNInitializer pointwise_initializer;
	NNInitializer bias_initializer;
	NNRegularizer depthwise_regularizer;
	NNRegularizer pointwise_regularizer;
	NNRegularizer bias_regularizer;
} SeparableConf;

static const NNField separable_fields[] = {
	NN_FIELD_INT(SeparableConf, filters, true, 0, 1, NN_MAX_UNITS),
	NN_WINDOW_FIELD(SeparableConf, "kernel_size", size, 2, true, 0),
	NN_WINDOW_FIELD(SeparableConf, "strides", strides, 2, false, 1),
	NN_WINDOW_PADDING(SeparableConf),
	NN_WINDOW_FIELD(SeparableConf, "dilation_rate", dilation_rate, 2, false, 1),
	NN_FIELD_INT(SeparableConf, depth_multiplier, false, 1, 1, NN_MAX_UNITS),
	NN_FIELD_ACTIVATION(SeparableConf, activation, NN_LINEAR),
	NN_FIELD_BOOL(SeparableConf, use_bias, true),
	NN_FIELD_INITIALIZER(SeparableConf, depthwise_initializer, NN_INIT_GLOROT_UNIFORM),
	NN_FIELD_INITIALIZER(SeparableConf, pointwise_initializer, NN_INIT_GLOROT_UNIFORM),
	NN_FIELD_INITIALIZER(SeparableConf, bias_initializer, NN_INIT_ZEROS),
	NN_FIELD_REGULARIZER(SeparableConf, depthwise_regularizer),
	NN_FIELD_REGULARIZER(SeparableConf, pointwise_regularizer),
	NN_FIELD_REGULARIZER(SeparableConf, bias_regularizer),
	NN_FIELD_END,
};

static bool
separable_shape(NNLayer *layer, NNError *error)
{
	const SeparableConf *conf = NN_CONF(layer, SeparableConf);
	int64_t wide;
	int channels;

	if (!nn_window_shape(layer, &conf->window, 2, error))
		return false;
	channels = layer->in[0].dim[2];
	wide = (int64_t) channels * conf->depth_multiplier;
	if (!nn_window_check_channels(layer, wide, error))
		return false;
	layer->out.dim[2] = conf->filters;
	nn_layer_add_param(
		layer, "depthwise_kernel",
		nn_shape4(conf->window.size[0], conf->window.size[1], channels, conf->depth_multiplier),
		conf->depthwise_initializer, &conf->depthwise_regularizer);
	nn_layer_add_param(layer, "pointwise_kernel", nn_shape4(1, 1, (int) wide, conf->filters),
					   conf->pointwise_initializer, &conf->pointwise_regularizer);
	layer->flops = (double) layer->out.dim[0] * layer->out.dim[1] * (double) layer->param_size;
	if (conf->use_bias)
		nn_layer_add_param(layer, "bias", nn_shape1(conf->filters), conf->bias_initializer,
						   &conf->bias_regularizer);
	layer->saved_size =
		nn_activation_needs_z((NNActivation) conf->activation) ? nn_shape_size(&layer->out) : 0;
	layer->scratch_fixed = nn_band_rows((size_t) wide, (size_t) conf->filters) * (size_t) wide;
	return true;
}

/* The layer as its passes see it. */
typedef struct Separable
{
	NNDepthwise depthwise;
	NNActivation activation;
	int wide;
	int filters;
	size_t cells;
	size_t rows; /* of a band */
	const nn_real *pointwise;
	const nn_real *bias;
} Separable;

static Separable
separable_of(const NNLayer *layer, const NNPass *pass)
{
	const SeparableConf *conf = NN_CONF(layer, SeparableConf);
	Separable s = {
		.depthwise =
			{
				.window = nn_window(layer, &conf->window, 2),
				.multiplier = conf->depth_multiplier,
				.kernel = pass->params,
			},
		.activation = layer->logits ? NN_LINEAR : (NNActivation) conf->activation,
		.wide = layer->in[0].dim[2] * conf->depth_multiplier,
		.filters = conf->filters,
		.cells = nn_pass_rows(&layer->out, pass),
		.pointwise = pass->params + layer->params[1].offset,
		.bias = conf->use_bias ? pass->params + layer->params[2].offset : NULL,
	};

	s.rows = nn_band_rows((size_t) s.wide, (size_t) s.filters);
	return s;
}

/* t of the band's cells into scratch. */
static void
depthwise_band(const Separable *s, const NNPass *pass, size_t from, size_t to)
{
	nn_zero(pass->scratch, (to - from) * (size_t) s->wide);
	nn_depthwise_add(&s->depthwise, from, to, pass->x, pass->scratch);
}

static void
separable_forward(const NNLayer *layer, const NNPass *pass)
{
	Separable s = separable_of(layer, pass);
	size_t f = (size_t) s.filters;

	for (size_t from = 0, to; from < s.cells; from = to)
	{
		nn_real *y = pass->y + from * f;

		to = s.cells - from < s.rows ? s.cells : from + s.rows;
		depthwise_band(&s, pass, from, to);
		if (s.bias)
			nn_fill_rows(y, s.bias, to - from, f);
		nn_gemm(false, false, (int) (to - from), s.filters, s.wide, 1, pass->scratch, s.wide,
				s.pointwise, s.filters, s.bias ? 1 : 0, y, s.filters);
		if (pass->keeps && nn_activation_needs_z(s.activation))
			nn_copy(pass->saved + from * f, y, (to - from) * f);
		nn_activate(s.activation, y, (to - from) * f, f);
	}
}

static void
separable_backward(const NNLayer *layer, const NNPass *pass)
{
	Separable s = separable_of(layer, pass);
	size_t f = (size_t) s.filters;

	nn_activate_backward(s.activation, nn_activation_needs_z(s.activation) ? pass->saved : NULL,
						 pass->y, pass->dy, s.cells * f, f);
	if (pass->grads && s.bias)
		nn_sum_rows(pass->grads + layer->params[2].offset, pass->dy, s.cells, f);
	if (pass->dx)
		nn_zero(pass->dx, (size_t) pass->batch * nn_window_in_size(&s.depthwise.window));
	for (size_t from = 0, to; from < s.cells; from = to)
	{
		const nn_real *dz = pass->dy + from * f;

		to = s.cells - from < s.rows ? s.cells : from + s.rows;
		if (pass->grads)
		{
			depthwise_band(&s, pass, from, to);
			nn_gemm_outer(s.wide, s.filters, (int) (to - from), pass->scratch, s.wide, dz,
						  s.filters, pass->grads + layer->params[1].offset, s.filters);
		}
		nn_gemm(false, true, (int) (to - from), s.wide, s.filters, 1, dz, s.filters, s.pointwise,
				s.filters, 0, pass->scratch, s.wide);
		nn_depthwise_back(&s.depthwise, from, to, pass->x, pass->scratch, pass->dx, pass->grads);
	}
}

const NNKind nn_separable_conv2d = {
	.name = "separable_conv2d",
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(SeparableConf),
	.fields = separable_fields,
	.activation_offset = offsetof(SeparableConf, activation),
	.has_activation = true,
	.shape = separable_shape,
	.forward = separable_forward,
	.backward = separable_backward,
};
