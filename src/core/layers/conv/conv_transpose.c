/*
 * conv_transpose.c
 *	  Transposed convolutions: each input cell adds a window of W to the output.
 *
 * Shapes: x (batch, height, width, in), W (size_h, size_w, filters, in),
 * b (filters), y (batch, out_h, out_w, filters); of a signal without
 * height, of a volume with depth.
 * It is the convolution from y to x run backwards, with patches P of y:
 * forward adds the numbers of P = x W' to their places in y, and then f;
 * backward: dx = P W, dW += P' x, P being dz unfolded.
 *
 * The output's size is Keras's: valid, (n - 1) s + max(size, s); same, n s;
 * with output_padding, (n - 1) s + size (same: size % 2) + output_padding.
 */
#include "core/layers/conv/conv.h"

typedef struct TransposeConf
{
	NNWindowConf window;
	int output_padding[3]; /* -1: none given */
	int filters;
	int activation;
	bool use_bias;
	NNInitializer kernel_initializer;
	NNInitializer bias_initializer;
	NNRules kernel;
	NNRules bias;
	NNRegularizer activity_regularizer;
} TransposeConf;

#define TRANSPOSE_FIELDS(dims)                                                           \
	NN_FIELD_INT(TransposeConf, filters, true, 0, 1, NN_MAX_UNITS),                      \
		NN_WINDOW_FIELD(TransposeConf, "kernel_size", size, dims, true, 0),              \
		NN_WINDOW_FIELD(TransposeConf, "strides", strides, dims, false, 1),              \
		NN_WINDOW_PADDING(TransposeConf),                                                \
		NN_FIELD_INTS(TransposeConf, output_padding, dims, false, -1, 0, NN_MAX_UNITS),  \
		NN_WINDOW_FIELD(TransposeConf, "dilation_rate", dilation_rate, dims, false, 1),  \
		NN_FIELD_ACTIVATION(TransposeConf, activation, NN_LINEAR),                       \
		NN_FIELD_BOOL(TransposeConf, use_bias, true),                                    \
		NN_FIELD_INITIALIZER(TransposeConf, kernel_initializer, NN_INIT_GLOROT_UNIFORM), \
		NN_FIELD_INITIALIZER(TransposeConf, bias_initializer, NN_INIT_ZEROS),            \
		NN_FIELD_RULES(TransposeConf, kernel), NN_FIELD_RULES(TransposeConf, bias),      \
		NN_FIELD_ACTIVITY(TransposeConf), NN_FIELD_END

static const NNField conv1d_transpose_fields[] = {TRANSPOSE_FIELDS(1)};
static const NNField conv2d_transpose_fields[] = {TRANSPOSE_FIELDS(2)};
static const NNField conv3d_transpose_fields[] = {TRANSPOSE_FIELDS(3)};

/* One dimension: cells out of n cells in; *before is what the window has of padding. */
static int64_t
axis_out(const TransposeConf *conf, int i, int n, int *before)
{
	int64_t stride = conf->window.strides[i];
	int64_t extent = (int64_t) (conf->window.size[i] - 1) * conf->window.dilation_rate[i] + 1;
	int64_t begins = (int64_t) (n - 1) * stride; /* of the last window */
	int64_t more = conf->output_padding[i];
	int64_t out;

	*before = 0;
	if (conf->window.padding == NN_PADDING_VALID)
		return begins + (more >= 0 ? extent + more : extent > stride ? extent : stride);
	out = more >= 0 ? begins + extent % 2 + more : (int64_t) n * stride;
	if (begins + extent > out)
		*before = (int) ((begins + extent - out) / 2);
	return out;
}

static bool
check_output_padding(const NNLayer *layer, const TransposeConf *conf, int dims, NNError *error)
{
	char what[NN_MAX_NAME + 16];

	for (int i = 0; i < dims; i++)
		if (conf->output_padding[i] >= conf->window.strides[i])
		{
			nn_error(error, NN_BAD_VALUE,
					 "%s: option \"output_padding\" must be less than \"strides\", but %d "
					 "is not less than %d",
					 nn_layer_what(layer, what, sizeof(what)), conf->output_padding[i],
					 conf->window.strides[i]);
			return nn_hint(error,
						   "Use larger strides, or leave output_padding out: "
						   "padding => 'same' alone gives strides times the input.");
		}
	return true;
}

static bool
transpose_out(NNLayer *layer, int dims, NNError *error)
{
	const TransposeConf *conf = NN_CONF(layer, TransposeConf);
	const NNShape *in = &layer->in[0];
	char what[NN_MAX_NAME + 16], shape[64];

	if (!nn_window_check_input(layer, dims, error) ||
		!check_output_padding(layer, conf, dims, error))
		return false;
	nn_window_note_variable(layer);
	layer->out.rank = dims + 1;
	layer->out.dim[dims] = conf->filters;
	for (int i = 0; i < dims; i++)
	{
		int before;
		int64_t out = axis_out(conf, i, in->dim[i], &before);

		if (in->dim[i] == NN_ANY)
			layer->out.dim[i] = NN_ANY;
		else if (out > (int64_t) NN_MAX_SAMPLE ||
				 (int64_t) conf->window.size[i] * conf->window.dilation_rate[i] >
					 (int64_t) NN_MAX_SAMPLE)
		{
			nn_error(error, NN_TOO_LARGE,
					 "%s: from its input %s would come more than %zu values a sample",
					 nn_layer_what(layer, what, sizeof(what)),
					 nn_shape_text(in, shape, sizeof(shape)), NN_MAX_SAMPLE);
			return nn_hint(error, "Use smaller strides, or a smaller kernel_size.");
		}
		else
			layer->out.dim[i] = (int) out;
	}
	return true;
}

static bool
transpose_shape(NNLayer *layer, int dims, NNError *error)
{
	const TransposeConf *conf = NN_CONF(layer, TransposeConf);
	NNShape kernel = {.rank = dims + 2};
	int channels;

	if (!transpose_out(layer, dims, error))
		return false;
	channels = layer->in[0].dim[dims];
	for (int i = 0; i < dims; i++)
		kernel.dim[i] = conf->window.size[i];
	kernel.dim[dims] = conf->filters;
	kernel.dim[dims + 1] = channels;
	layer->activity = conf->activity_regularizer;
	nn_layer_add_param(layer, "kernel", kernel, conf->kernel_initializer, &conf->kernel);
	layer->flops = (double) nn_shape_size(&layer->in[0]) / channels * (double) layer->param_size;
	if (!nn_conv_plan(layer, layer->param_size / (size_t) channels, (size_t) channels, error))
		return false;
	if (conf->use_bias)
		nn_layer_add_param(layer, "bias", nn_shape1(conf->filters), conf->bias_initializer,
						   &conf->bias);
	layer->saved_size =
		nn_activation_needs_z((NNActivation) conf->activation) ? nn_shape_size(&layer->out) : 0;
	return true;
}

static bool
conv1d_transpose_shape(NNLayer *layer, NNError *error)
{
	return transpose_shape(layer, 1, error);
}

static bool
conv2d_transpose_shape(NNLayer *layer, NNError *error)
{
	return transpose_shape(layer, 2, error);
}

static bool
conv3d_transpose_shape(NNLayer *layer, NNError *error)
{
	return transpose_shape(layer, 3, error);
}

/* The window of the convolution from y to x. */
static NNWindow
window_of(const NNLayer *layer)
{
	const TransposeConf *conf = NN_CONF(layer, TransposeConf);
	const NNWindowConf *window = &conf->window;
	NNWindowAxis axes[3] = {{0}};
	int dims = layer->in[0].rank - 1;

	for (int i = 0; i < dims; i++)
	{
		NNWindowAxis *a = &axes[dims - 1 - i];

		*a = (NNWindowAxis){layer->out.dim[i],	layer->in[0].dim[i],	  window->size[i],
							window->strides[i], window->dilation_rate[i], 0};
		(void) axis_out(conf, i, layer->in[0].dim[i], &a->before);
	}
	return nn_window_of(axes, dims, conf->filters);
}

static NNActivation
activation_of(const NNLayer *layer)
{
	return layer->logits ? NN_LINEAR : (NNActivation) NN_CONF(layer, TransposeConf)->activation;
}

/* The band of cells of x, of that width, from `from`. */
static NNBand
band_of(const NNWindow *w, size_t width, size_t from, size_t cells)
{
	NNBand band = {from, from + nn_band_rows(nn_window_patch(w, w->in_c), width), 0, w->in_c};

	if (band.to > cells)
		band.to = cells;
	return band;
}

/* Samples that follow each other in a pass, and the window over them. */
typedef struct Samples
{
	NNWindow window;
	size_t first;
	size_t count;
} Samples;

static void
forward_samples(const NNLayer *layer, const NNPass *pass, const Samples *s)
{
	NNActivation f = activation_of(layer);
	const NNWindow *w = &s->window;
	int in = nn_shape_last(&layer->in[0]);
	size_t cells = s->count * nn_window_out_cells(w);
	size_t n = s->count * nn_window_in_size(w);
	size_t at = s->first * nn_shape_reals(&layer->out, pass->steps);
	const nn_real *x = pass->x + s->first * nn_shape_reals(&layer->in[0], pass->steps);
	nn_real *y = pass->y + at;
	NNBand band;

	if (layer->n_params > 1)
		nn_fill_rows(y, pass->params + layer->params[1].offset, n / (size_t) w->in_c,
					 (size_t) w->in_c);
	else
		nn_zero(y, n);
	for (size_t from = 0; from < cells; from = band.to)
	{
		band = band_of(w, (size_t) in, from, cells);
		nn_gemm(false, true, (int) (band.to - from), (int) nn_window_patch(w, w->in_c), in, 1,
				x + from * (size_t) in, in, pass->params, in, 0, pass->scratch,
				(int) nn_window_patch(w, w->in_c));
		nn_col2im_add(w, &band, y, pass->scratch);
	}
	if (pass->keeps && nn_activation_needs_z(f))
		nn_copy(pass->saved + at, y, n);
	nn_activate(f, y, n, (size_t) w->in_c);
}

static void
backward_samples(const NNLayer *layer, const NNPass *pass, const Samples *s)
{
	NNActivation f = activation_of(layer);
	const NNWindow *w = &s->window;
	int in = nn_shape_last(&layer->in[0]);
	int patch = (int) nn_window_patch(w, w->in_c);
	size_t cells = s->count * nn_window_out_cells(w);
	size_t n = s->count * nn_window_in_size(w);
	size_t at = s->first * nn_shape_reals(&layer->out, pass->steps);
	size_t x = s->first * nn_shape_reals(&layer->in[0], pass->steps);
	nn_real *dy = pass->dy + at;
	NNBand band;

	nn_activate_backward(f, nn_activation_needs_z(f) ? pass->saved + at : NULL, pass->y + at, dy, n,
						 (size_t) w->in_c);
	if (pass->grads && layer->n_params > 1)
		nn_sum_rows(pass->grads + layer->params[1].offset, dy, n / (size_t) w->in_c,
					(size_t) w->in_c);
	for (size_t from = 0; from < cells; from = band.to)
	{
		int rows;

		band = band_of(w, (size_t) in, from, cells);
		rows = (int) (band.to - from);
		nn_im2col(w, &band, dy, pass->scratch);
		if (pass->grads)
			nn_gemm_outer(patch, in, rows, pass->scratch, patch, pass->x + x + from * (size_t) in,
						  in, pass->grads, in);
		if (pass->dx)
			nn_gemm(false, false, rows, in, patch, 1, pass->scratch, patch, pass->params, in, 0,
					pass->dx + x + from * (size_t) in, in);
	}
}

/* The samples from number `first` that have one length. */
static Samples
samples_of(const NNLayer *layer, const NNPass *pass, size_t first, bool uneven)
{
	const TransposeConf *conf = NN_CONF(layer, TransposeConf);
	Samples s = {window_of(layer), first, (size_t) pass->batch - first};

	if (uneven)
	{
		s.count = 1;
		s.window.out_w = nn_window_steps(pass, first, s.window.out_w);
		s.window.in_w =
			s.window.out_w < 1 ? 0 : (int) axis_out(conf, 0, s.window.out_w, &s.window.left);
	}
	return s;
}

static void
transpose_forward(const NNLayer *layer, const NNPass *pass)
{
	bool uneven =
		nn_window_uneven(&NN_CONF(layer, TransposeConf)->window, pass, layer->in[0].dim[0]);
	size_t out = nn_shape_reals(&layer->out, pass->steps);
	Samples s;

	for (size_t b = 0; b < (size_t) pass->batch; b += s.count)
	{
		size_t used;

		s = samples_of(layer, pass, b, uneven);
		used = nn_window_in_size(&s.window);
		if (used > 0)
			forward_samples(layer, pass, &s);
		for (size_t i = b; i < b + s.count; i++)
		{
			nn_zero(pass->y + i * out + used, out - used);
			nn_window_mask(pass, i, s.window.in_w, layer->out.dim[0]);
		}
	}
}

static void
transpose_backward(const NNLayer *layer, const NNPass *pass)
{
	bool uneven =
		nn_window_uneven(&NN_CONF(layer, TransposeConf)->window, pass, layer->in[0].dim[0]);
	size_t in = nn_shape_reals(&layer->in[0], pass->steps);
	Samples s;

	if (uneven && pass->dx)
		nn_zero(pass->dx, in * (size_t) pass->batch);
	for (size_t b = 0; b < (size_t) pass->batch; b += s.count)
	{
		s = samples_of(layer, pass, b, uneven);
		if (nn_window_in_size(&s.window) > 0)
			backward_samples(layer, pass, &s);
	}
}

const NNKind nn_conv1d_transpose = {
	.name = "conv1d_transpose",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(TransposeConf),
	.fields = conv1d_transpose_fields,
	.activation_offset = offsetof(TransposeConf, activation),
	.has_activation = true,
	.shape = conv1d_transpose_shape,
	.forward = transpose_forward,
	.backward = transpose_backward,
};

const NNKind nn_conv2d_transpose = {
	.name = "conv2d_transpose",
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(TransposeConf),
	.fields = conv2d_transpose_fields,
	.activation_offset = offsetof(TransposeConf, activation),
	.has_activation = true,
	.shape = conv2d_transpose_shape,
	.forward = transpose_forward,
	.backward = transpose_backward,
};

const NNKind nn_conv3d_transpose = {
	.name = "conv3d_transpose",
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(TransposeConf),
	.fields = conv3d_transpose_fields,
	.activation_offset = offsetof(TransposeConf, activation),
	.has_activation = true,
	.shape = conv3d_transpose_shape,
	.forward = transpose_forward,
	.backward = transpose_backward,
};
