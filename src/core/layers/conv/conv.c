/*
 * conv.c
 *	  Convolutions of signals, images and volumes: y = f(patches of x W + b).
 *
 * Shapes: x (batch, height, width, channels), W (size_h, size_w,
 * channels / groups, filters), b (filters), y (batch, out_h, out_w, filters);
 * of a signal without height, of a volume with depth before it.  Group g of the filters sees group g of the
 * channels.  forward keeps z only for activations whose derivative needs it.
 *
 * As in Keras a mask ends here, and windows see hidden steps as they are;
 * samples may have lengths of their own: see window.h.
 */
#include "core/layers/conv/conv.h"

#define PACKED_CELLS 64 /* of a chunk's output: below, packing takes longer than it saves */
#define PACKED_MOST ((size_t) 1 << 22) /* reals: beyond, each thread's copy takes too much */

/*
 * From so many weights, and filters, threads share the kernel's gradient: each
 * then makes the patches of all, which next to that many filters is little.
 */
#define SPLIT_WEIGHTS ((size_t) 1 << 20)
#define SPLIT_FILTERS 256

typedef struct ConvConf
{
	NNWindowConf window;
	int filters;
	int groups;
	int activation;
	bool use_bias;
	bool winograd; /* set by shape() */
	NNInitializer kernel_initializer;
	NNInitializer bias_initializer;
	NNRules kernel;
	NNRules bias;
	NNRegularizer activity_regularizer;
} ConvConf;

static const NNWord padding_words_1d[] = {
	{"valid", NN_PADDING_VALID},
	{"same", NN_PADDING_SAME},
	{"causal", NN_PADDING_CAUSAL},
	{NULL, 0},
};

/* The options in Keras's order, for a window of so many dimensions. */
#define CONV_FIELDS(dims, words)                                                    \
	NN_FIELD_INT(ConvConf, filters, true, 0, 1, NN_MAX_UNITS),                      \
		NN_WINDOW_FIELD(ConvConf, "kernel_size", size, dims, true, 0),              \
		NN_WINDOW_FIELD(ConvConf, "strides", strides, dims, false, 1),              \
		{"padding",                                                                 \
		 NN_FIELD_TYPE_WORD,                                                        \
		 offsetof(ConvConf, window.padding),                                        \
		 false,                                                                     \
		 NN_PADDING_VALID,                                                          \
		 0,                                                                         \
		 0,                                                                         \
		 words,                                                                     \
		 0},                                                                        \
		NN_WINDOW_FIELD(ConvConf, "dilation_rate", dilation_rate, dims, false, 1),  \
		NN_FIELD_INT(ConvConf, groups, false, 1, 1, NN_MAX_UNITS),                  \
		NN_FIELD_ACTIVATION(ConvConf, activation, NN_LINEAR),                       \
		NN_FIELD_BOOL(ConvConf, use_bias, true),                                    \
		NN_FIELD_INITIALIZER(ConvConf, kernel_initializer, NN_INIT_GLOROT_UNIFORM), \
		NN_FIELD_INITIALIZER(ConvConf, bias_initializer, NN_INIT_ZEROS),            \
		NN_FIELD_RULES(ConvConf, kernel), NN_FIELD_RULES(ConvConf, bias),           \
		NN_FIELD_ACTIVITY(ConvConf), NN_FIELD_END

static const NNField conv1d_fields[] = {CONV_FIELDS(1, padding_words_1d)};
static const NNField conv2d_fields[] = {CONV_FIELDS(2, nn_padding_words)};
static const NNField conv3d_fields[] = {CONV_FIELDS(3, nn_padding_words)};

static bool
check_groups(const NNLayer *layer, const ConvConf *conf, int channels, NNError *error)
{
	char what[NN_MAX_NAME + 16], shape[64];

	nn_layer_what(layer, what, sizeof(what));
	if (channels % conf->groups != 0)
	{
		nn_error(error, NN_BAD_SHAPE,
				 "%s: the %d channels of its input %s are not divisible by %d groups", what,
				 channels, nn_shape_text(&layer->in[0], shape, sizeof(shape)), conf->groups);
		return nn_hint(error,
					   "Option \"groups\" must divide both the input's channels and \"filters\".");
	}
	if (conf->filters % conf->groups != 0)
	{
		nn_error(error, NN_BAD_SHAPE, "%s: %d filters are not divisible by %d groups", what,
				 conf->filters, conf->groups);
		return nn_hint(error,
					   "Option \"groups\" must divide both the input's channels and \"filters\".");
	}
	return true;
}

/* How its products are made, and the scratch for that. */
static bool
plan_products(NNLayer *layer, ConvConf *conf, int dims, NNError *error)
{
	const size_t patch = layer->param_size / (size_t) conf->filters;
	const size_t packed = nn_packed_reals((int) patch, conf->filters);
	const NNWindow window = nn_window(layer, &conf->window, dims);

	if (!nn_conv_plan(layer, patch, (size_t) conf->filters, error))
		return false;
	layer->split_gradient = conf->groups == 1 && conf->filters >= SPLIT_FILTERS &&
		layer->params[0].size >= SPLIT_WEIGHTS;
	conf->winograd = nn_conv_suits_winograd(&window, conf->filters, conf->groups);
	if (conf->winograd)
	{
		const size_t winograd = nn_conv_winograd_scratch(window.in_c, conf->filters);

		/* patches are still for the part of a gradient that is split */
		if (!layer->split_gradient || winograd > layer->scratch_fixed)
			layer->scratch_fixed = winograd;
	}
	else if (conf->groups == 1 && packed > 0)
	{
		layer->packs = 1;
		if (packed <= PACKED_MOST)
			layer->scratch_fixed = NN_ALIGN_REALS(layer->scratch_fixed) + packed;
	}
	return true;
}

static bool
conv_shape(NNLayer *layer, int dims, NNError *error)
{
	ConvConf *conf = (ConvConf *) layer->conf.bytes;
	NNShape kernel = {.rank = dims + 2};
	int channels;

	if (!nn_window_shape(layer, &conf->window, dims, error))
		return false;
	channels = layer->in[0].dim[dims];
	if (!check_groups(layer, conf, channels, error))
		return false;
	layer->out.dim[dims] = conf->filters;
	for (int i = 0; i < dims; i++)
		kernel.dim[i] = conf->window.size[i];
	kernel.dim[dims] = channels / conf->groups;
	kernel.dim[dims + 1] = conf->filters;
	layer->activity = conf->activity_regularizer;
	nn_layer_add_param(layer, "kernel", kernel, conf->kernel_initializer, &conf->kernel);
	layer->flops = (double) nn_shape_size(&layer->out) / conf->filters * (double) layer->param_size;
	if (!plan_products(layer, conf, dims, error))
		return false;
	if (conf->use_bias)
		nn_layer_add_param(layer, "bias", nn_shape1(conf->filters), conf->bias_initializer,
						   &conf->bias);
	layer->saved_size =
		nn_activation_needs_z((NNActivation) conf->activation) ? nn_shape_size(&layer->out) : 0;
	return true;
}

static bool
conv1d_shape(NNLayer *layer, NNError *error)
{
	return conv_shape(layer, 1, error);
}

static bool
conv2d_shape(NNLayer *layer, NNError *error)
{
	return conv_shape(layer, 2, error);
}

static bool
conv3d_shape(NNLayer *layer, NNError *error)
{
	return conv_shape(layer, 3, error);
}

static NNConv
conv_of(const NNLayer *layer, const NNPass *pass)
{
	const ConvConf *conf = NN_CONF(layer, ConvConf);

	return (NNConv){
		.window = nn_window(layer, &conf->window, layer->in[0].rank - 1),
		.filters = conf->filters,
		.groups = conf->groups,
		.activation = layer->logits ? NN_LINEAR : (NNActivation) conf->activation,
		.kernel = pass->params,
		.bias = conf->use_bias ? pass->params + layer->params[1].offset : NULL,
	};
}

/* From sample b: `samples` of them. */
static void
forward_samples(const NNConv *conv, const NNLayer *layer, const NNPass *pass, size_t b,
				size_t samples)
{
	size_t in = b * nn_shape_reals(&layer->in[0], pass->steps);
	size_t out = b * nn_shape_reals(&layer->out, pass->steps);

	nn_real *z = pass->keeps && nn_activation_needs_z(conv->activation) ? pass->saved + out : NULL;

	if (NN_CONF(layer, ConvConf)->winograd)
		nn_conv_winograd_forward(conv, samples, pass->x + in, pass->y + out, z, pass->scratch);
	else
		nn_conv_forward(conv, samples, pass->x + in, pass->y + out, z, pass->scratch);
}

/* What backward computes from, for `samples` of them from sample b. */
static NNConvBack
back_of(const NNConv *conv, const NNLayer *layer, const NNPass *pass, size_t b, size_t samples)
{
	size_t in = b * nn_shape_reals(&layer->in[0], pass->steps);
	size_t out = b * nn_shape_reals(&layer->out, pass->steps);

	return (NNConvBack){
		.samples = samples,
		.x = pass->x + in,
		.y = pass->y + out,
		.z = nn_activation_needs_z(conv->activation) ? pass->saved + out : NULL,
		.dy = pass->dy + out,
		.dx = pass->dx ? pass->dx + in : NULL,
		.kernel_grad = pass->grads,
		.bias_grad = pass->grads && conv->bias ? pass->grads + layer->params[1].offset : NULL,
		.scratch = pass->scratch,
	};
}

static void
backward_samples(const NNConv *conv, const NNLayer *layer, const NNPass *pass, size_t b,
				 size_t samples)
{
	NNConvBack back = back_of(conv, layer, pass, b, samples);

	if (layer->split_gradient)
		back.kernel_grad = NULL;
	if (NN_CONF(layer, ConvConf)->winograd)
		nn_conv_winograd_backward(conv, &back);
	else
		nn_conv_backward(conv, &back);
}

/* Each sample with its own number of steps; past them y, or dx, is zero. */
static void
run_uneven(NNConv *conv, const NNLayer *layer, const NNPass *pass, bool backward)
{
	const NNWindowConf *window = &NN_CONF(layer, ConvConf)->window;
	int room = layer->in[0].dim[0];
	size_t in = nn_shape_reals(&layer->in[0], pass->steps),
		   out = nn_shape_reals(&layer->out, pass->steps);

	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		size_t used;

		conv->window = nn_window_over(layer, window, nn_window_steps(pass, b, room));
		if (backward)
		{
			used = conv->window.out_w > 0 ? nn_window_in_size(&conv->window) : 0;
			if (used > 0)
				backward_samples(conv, layer, pass, b, 1);
			if (pass->dx)
				nn_zero(pass->dx + b * in + used, in - used);
			continue;
		}
		used = (size_t) conv->window.out_w * (size_t) conv->filters;
		if (used > 0)
			forward_samples(conv, layer, pass, b, 1);
		nn_zero(pass->y + b * out + used, out - used);
		nn_window_mask(pass, b, conv->window.out_w, layer->out.dim[0]);
	}
}

/* The kernel as products read it, made for this pass unless the run brings it. */
static NNPacked
packed_kernel(const NNLayer *layer, const NNPass *pass)
{
	const int filters = nn_shape_last(&layer->params[0].shape);
	const int patch = (int) (layer->params[0].size / (size_t) filters);
	nn_real *to;

	if (layer->packs == 0 ||
		(pass->packed == NULL &&
		 (nn_pass_rows(&layer->out, pass) < PACKED_CELLS ||
		  nn_packed_reals(patch, filters) > PACKED_MOST)))
		return (NNPacked){NULL, 0, 0};
	if (pass->packed != NULL)
		return (NNPacked){pass->packed, patch, filters};
	to = pass->scratch + layer->scratch_fixed - nn_packed_reals(patch, filters);
	nn_pack(to, false, pass->params, filters, patch, filters);
	return (NNPacked){to, patch, filters};
}

static void
conv_forward(const NNLayer *layer, const NNPass *pass)
{
	NNConv conv = conv_of(layer, pass);

	conv.packed = packed_kernel(layer, pass);
	if (nn_window_uneven(&NN_CONF(layer, ConvConf)->window, pass, layer->in[0].dim[0]))
	{
		run_uneven(&conv, layer, pass, false);
		return;
	}
	forward_samples(&conv, layer, pass, 0, (size_t) pass->batch);
	for (size_t b = 0; b < (size_t) pass->batch; b++)
		nn_window_mask(pass, b, layer->out.dim[0], layer->out.dim[0]);
}

static void
conv_backward(const NNLayer *layer, const NNPass *pass)
{
	NNConv conv = conv_of(layer, pass);

	if (nn_window_uneven(&NN_CONF(layer, ConvConf)->window, pass, layer->in[0].dim[0]))
		run_uneven(&conv, layer, pass, true);
	else
		backward_samples(&conv, layer, pass, 0, (size_t) pass->batch);
}

static void
conv_gradient_part(const NNLayer *layer, const NNPass *pass, int part, int parts)
{
	const NNWindowConf *window = &NN_CONF(layer, ConvConf)->window;
	NNConv conv = conv_of(layer, pass);
	int from = (int) ((int64_t) conv.filters * part / parts);
	int to = (int) ((int64_t) conv.filters * (part + 1) / parts);
	bool uneven = nn_window_uneven(window, pass, layer->in[0].dim[0]);
	size_t samples = uneven ? 1 : (size_t) pass->batch;

	for (size_t b = 0; b < (size_t) pass->batch && pass->grads != NULL; b += samples)
	{
		NNConvBack back = back_of(&conv, layer, pass, b, samples);

		if (uneven)
			conv.window =
				nn_window_over(layer, window, nn_window_steps(pass, b, layer->in[0].dim[0]));
		if (conv.window.out_w > 0)
			nn_conv_kernel_gradient(&conv, &back, from, to);
	}
}

const NNKind nn_conv1d = {
	.name = "conv1d",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(ConvConf),
	.fields = conv1d_fields,
	.activation_offset = offsetof(ConvConf, activation),
	.has_activation = true,
	.shape = conv1d_shape,
	.forward = conv_forward,
	.backward = conv_backward,
	.gradient_part = conv_gradient_part,
};

const NNKind nn_conv2d = {
	.name = "conv2d",
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(ConvConf),
	.fields = conv2d_fields,
	.activation_offset = offsetof(ConvConf, activation),
	.has_activation = true,
	.shape = conv2d_shape,
	.forward = conv_forward,
	.backward = conv_backward,
	.gradient_part = conv_gradient_part,
};

const NNKind nn_conv3d = {
	.name = "conv3d",
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(ConvConf),
	.fields = conv3d_fields,
	.activation_offset = offsetof(ConvConf, activation),
	.has_activation = true,
	.shape = conv3d_shape,
	.forward = conv_forward,
	.backward = conv_backward,
	.gradient_part = conv_gradient_part,
};
