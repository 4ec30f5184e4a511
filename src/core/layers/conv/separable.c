/*
 * separable.c
 *	  Convolution of each channel by itself, then of all channels at each cell:
 *	  t = windows of x by D,  y = f(t W + b).
 *
 * Shapes: x (batch, height, width, channels), D (size_h, size_w, channels,
 * depth_multiplier), t (cells, channels * depth_multiplier),
 * W (1, 1, channels * depth_multiplier, filters), b (filters); of a signal D and W
 * have a dimension less, and samples may have lengths of their own: see window.h.
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
	NNRules depthwise;
	NNRules pointwise;
	NNRules bias;
	NNRegularizer activity_regularizer;
} SeparableConf;

#define SEPARABLE_FIELDS(dims)                                                              \
	NN_FIELD_INT(SeparableConf, filters, true, 0, 1, NN_MAX_UNITS),                         \
		NN_WINDOW_FIELD(SeparableConf, "kernel_size", size, dims, true, 0),                 \
		NN_WINDOW_FIELD(SeparableConf, "strides", strides, dims, false, 1),                 \
		NN_WINDOW_PADDING(SeparableConf),                                                   \
		NN_WINDOW_FIELD(SeparableConf, "dilation_rate", dilation_rate, dims, false, 1),     \
		NN_FIELD_INT(SeparableConf, depth_multiplier, false, 1, 1, NN_MAX_UNITS),           \
		NN_FIELD_ACTIVATION(SeparableConf, activation, NN_LINEAR),                          \
		NN_FIELD_BOOL(SeparableConf, use_bias, true),                                       \
		NN_FIELD_INITIALIZER(SeparableConf, depthwise_initializer, NN_INIT_GLOROT_UNIFORM), \
		NN_FIELD_INITIALIZER(SeparableConf, pointwise_initializer, NN_INIT_GLOROT_UNIFORM), \
		NN_FIELD_INITIALIZER(SeparableConf, bias_initializer, NN_INIT_ZEROS),               \
		NN_FIELD_RULES(SeparableConf, depthwise), NN_FIELD_RULES(SeparableConf, pointwise), \
		NN_FIELD_RULES(SeparableConf, bias), NN_FIELD_ACTIVITY(SeparableConf), NN_FIELD_END

static const NNField separable1d_fields[] = {SEPARABLE_FIELDS(1)};
static const NNField separable2d_fields[] = {SEPARABLE_FIELDS(2)};

static bool
separable_shape(NNLayer *layer, int dims, NNError *error)
{
	const SeparableConf *conf = NN_CONF(layer, SeparableConf);
	NNShape depthwise = {.rank = dims + 2}, pointwise = {.rank = dims + 2};
	int64_t wide;
	int channels;

	if (!nn_window_shape(layer, &conf->window, dims, error))
		return false;
	channels = layer->in[0].dim[dims];
	wide = (int64_t) channels * conf->depth_multiplier;
	if (!nn_window_check_channels(layer, wide, error))
		return false;
	layer->out.dim[dims] = conf->filters;
	for (int i = 0; i < dims; i++)
	{
		depthwise.dim[i] = conf->window.size[i];
		pointwise.dim[i] = 1;
	}
	depthwise.dim[dims] = channels;
	depthwise.dim[dims + 1] = conf->depth_multiplier;
	pointwise.dim[dims] = (int) wide;
	pointwise.dim[dims + 1] = conf->filters;
	layer->activity = conf->activity_regularizer;
	nn_layer_add_param(layer, "depthwise_kernel", depthwise, conf->depthwise_initializer,
					   &conf->depthwise);
	nn_layer_add_param(layer, "pointwise_kernel", pointwise, conf->pointwise_initializer,
					   &conf->pointwise);
	layer->flops = (double) nn_shape_size(&layer->out) / conf->filters * (double) layer->param_size;
	if (conf->use_bias)
		nn_layer_add_param(layer, "bias", nn_shape1(conf->filters), conf->bias_initializer,
						   &conf->bias);
	layer->saved_size =
		nn_activation_needs_z((NNActivation) conf->activation) ? nn_shape_size(&layer->out) : 0;
	layer->scratch_fixed = nn_band_rows((size_t) wide, (size_t) conf->filters) * (size_t) wide;
	return true;
}

static bool
separable1d_shape(NNLayer *layer, NNError *error)
{
	return separable_shape(layer, 1, error);
}

static bool
separable2d_shape(NNLayer *layer, NNError *error)
{
	return separable_shape(layer, 2, error);
}

/* The layer as its passes see it. */
typedef struct Separable
{
	NNDepthwise depthwise;
	NNActivation activation;
	int wide;
	int filters;
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
				.window = nn_window(layer, &conf->window, layer->in[0].rank - 1),
				.multiplier = conf->depth_multiplier,
				.kernel = pass->params,
			},
		.activation = layer->logits ? NN_LINEAR : (NNActivation) conf->activation,
		.wide = nn_shape_last(&layer->in[0]) * conf->depth_multiplier,
		.filters = conf->filters,
		.pointwise = pass->params + layer->params[1].offset,
		.bias = conf->use_bias ? pass->params + layer->params[2].offset : NULL,
	};

	s.rows = nn_band_rows((size_t) s.wide, (size_t) s.filters);
	return s;
}

/* t of the band's cells into scratch. */
static void
depthwise_band(const Separable *s, const nn_real *x, nn_real *scratch, size_t from, size_t to)
{
	nn_zero(scratch, (to - from) * (size_t) s->wide);
	nn_depthwise_add(&s->depthwise, from, to, x, scratch);
}

/* `samples` from sample b on, which all have the window s has. */
static void
forward_samples(const Separable *s, const NNLayer *layer, const NNPass *pass, size_t b,
				size_t samples)
{
	size_t f = (size_t) s->filters, cells = samples * nn_window_out_cells(&s->depthwise.window);
	size_t at = b * nn_shape_reals(&layer->out, pass->steps);
	const nn_real *x = pass->x + b * nn_shape_reals(&layer->in[0], pass->steps);

	for (size_t from = 0, to; from < cells; from = to)
	{
		nn_real *y = pass->y + at + from * f;

		to = cells - from < s->rows ? cells : from + s->rows;
		depthwise_band(s, x, pass->scratch, from, to);
		if (s->bias)
			nn_fill_rows(y, s->bias, to - from, f);
		nn_gemm(false, false, (int) (to - from), s->filters, s->wide, 1, pass->scratch, s->wide,
				s->pointwise, s->filters, s->bias ? 1 : 0, y, s->filters);
		if (pass->keeps && nn_activation_needs_z(s->activation))
			nn_copy(pass->saved + at + from * f, y, (to - from) * f);
		nn_activate(s->activation, y, (to - from) * f, f);
	}
}

static void
backward_samples(const Separable *s, const NNLayer *layer, const NNPass *pass, size_t b,
				 size_t samples)
{
	size_t f = (size_t) s->filters, cells = samples * nn_window_out_cells(&s->depthwise.window);
	size_t at = b * nn_shape_reals(&layer->out, pass->steps);
	size_t in = nn_shape_reals(&layer->in[0], pass->steps);
	const nn_real *x = pass->x + b * in;
	nn_real *dx = pass->dx ? pass->dx + b * in : NULL;

	nn_activate_backward(s->activation,
						 nn_activation_needs_z(s->activation) ? pass->saved + at : NULL,
						 pass->y + at, pass->dy + at, cells * f, f);
	if (pass->grads && s->bias)
		nn_sum_rows(pass->grads + layer->params[2].offset, pass->dy + at, cells, f);
	if (dx)
		nn_zero(dx, samples * in);
	for (size_t from = 0, to; from < cells; from = to)
	{
		const nn_real *dz = pass->dy + at + from * f;

		to = cells - from < s->rows ? cells : from + s->rows;
		if (pass->grads)
		{
			depthwise_band(s, x, pass->scratch, from, to);
			nn_gemm_outer(s->wide, s->filters, (int) (to - from), pass->scratch, s->wide, dz,
						  s->filters, pass->grads + layer->params[1].offset, s->filters);
		}
		nn_gemm(false, true, (int) (to - from), s->wide, s->filters, 1, dz, s->filters,
				s->pointwise, s->filters, 0, pass->scratch, s->wide);
		nn_depthwise_back(&s->depthwise, from, to, x, pass->scratch, dx, pass->grads);
	}
}

static void
separable_forward(const NNLayer *layer, const NNPass *pass)
{
	const NNWindowConf *window = &NN_CONF(layer, SeparableConf)->window;
	Separable s = separable_of(layer, pass);
	int room = layer->in[0].dim[0];

	if (!nn_window_uneven(window, pass, room))
	{
		forward_samples(&s, layer, pass, 0, (size_t) pass->batch);
		for (size_t b = 0; b < (size_t) pass->batch; b++)
			nn_window_mask(pass, b, layer->out.dim[0], layer->out.dim[0]);
		return;
	}
	nn_zero(pass->y, nn_shape_reals(&layer->out, pass->steps) * (size_t) pass->batch);
	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		s.depthwise.window = nn_window_over(layer, window, nn_window_steps(pass, b, room));
		forward_samples(&s, layer, pass, b, 1);
		nn_window_mask(pass, b, s.depthwise.window.out_w, layer->out.dim[0]);
	}
}

static void
separable_backward(const NNLayer *layer, const NNPass *pass)
{
	const NNWindowConf *window = &NN_CONF(layer, SeparableConf)->window;
	Separable s = separable_of(layer, pass);
	int room = layer->in[0].dim[0];

	if (!nn_window_uneven(window, pass, room))
	{
		backward_samples(&s, layer, pass, 0, (size_t) pass->batch);
		return;
	}
	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		s.depthwise.window = nn_window_over(layer, window, nn_window_steps(pass, b, room));
		backward_samples(&s, layer, pass, b, 1);
	}
}

#define SEPARABLE_KIND(dims)                                                            \
	const NNKind nn_separable_conv##dims##d = {.name = "separable_conv" #dims "d",      \
											   .flags = dims == 1 ? NN_KIND_MASKED : 0, \
											   .min_inputs = 1,                         \
											   .max_inputs = 1,                         \
											   .conf_size = sizeof(SeparableConf),      \
											   .fields = separable##dims##d_fields,     \
											   .activation_offset =                     \
												   offsetof(SeparableConf, activation), \
											   .has_activation = true,                  \
											   .shape = separable##dims##d_shape,       \
											   .forward = separable_forward,            \
											   .backward = separable_backward}

SEPARABLE_KIND(1);
SEPARABLE_KIND(2);
