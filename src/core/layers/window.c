/*
 * window.c
 *	  Shapes of windows, with TensorFlow's arithmetic of padding.
 *
 * Of n cells a window that spans e = (size - 1) * dilation + 1 of them, moved
 * by s, sees: valid, (n - e) / s + 1 places; same, ceil(n / s) places, with
 * the padding that they lack split in halves, the larger one behind; causal,
 * the same as valid with e - 1 cells of padding before.
 */
#include "core/layers/window.h"

const NNWord nn_padding_words[] = {
	{"valid", NN_PADDING_VALID},
	{"same", NN_PADDING_SAME},
	{NULL, 0},
};

/* One dimension of a window: n cells in, out cells out, padding before. */
typedef struct Axis
{
	int size, stride, dilation;
	int64_t extent;
} Axis;

static Axis
axis_of(const NNWindowConf *conf, int i)
{
	Axis a = {conf->size[i], conf->strides[i], conf->dilation_rate[i], 0};

	if (a.stride == 0)
		a.stride = a.size;
	if (a.dilation == 0)
		a.dilation = 1; /* poolings have none */
	a.extent = (int64_t) (a.size - 1) * a.dilation + 1;
	return a;
}

static int
axis_out(const Axis *a, int padding, int n)
{
	if (n < 1)
		return 0;
	switch (padding)
	{
		case NN_PADDING_SAME:
		case NN_PADDING_CAUSAL:
			return (n - 1) / a->stride + 1;
		default:
			return n < a->extent ? 0 : (int) ((n - a->extent) / a->stride + 1);
	}
}

static int
axis_before(const Axis *a, int padding, int n)
{
	int64_t lacks;

	if (padding == NN_PADDING_CAUSAL)
		return (int) (a->extent - 1);
	if (padding == NN_PADDING_VALID)
		return 0;
	lacks = (int64_t) (axis_out(a, padding, n) - 1) * a->stride + a->extent - n;
	return lacks > 0 ? (int) (lacks / 2) : 0;
}

bool
nn_window_check_input(const NNLayer *layer, int dims, NNError *error)
{
	const NNShape *in = &layer->in[0];
	char what[NN_MAX_NAME + 16], shape[64];

	nn_layer_what(layer, what, sizeof(what));
	nn_shape_text(in, shape, sizeof(shape));
	if (in->rank != dims + 1)
	{
		nn_error(error, NN_BAD_SHAPE, "%s: its input must have shape %s, not %s", what,
				 dims == 1		 ? "(steps, channels)"
					 : dims == 2 ? "(height, width, channels)"
								 : "(depth, height, width, channels)",
				 shape);
		if (in->rank == dims)
			return nn_hint(error,
						   "One channel is a dimension too: give it to nnet.input, "
						   "or use nnet.reshape before this layer.");
		return nn_hint(error,
					   "Use nnet.reshape before this layer, or a layer of the input's dimensions.");
	}
	if (dims > 1 && in->dim[0] == NN_ANY)
	{
		nn_error(error, NN_BAD_SHAPE, "%s: the %s of its input %s is variable", what,
				 dims == 2 ? "height" : "depth", shape);
		return nn_hint(error,
					   "%s must have a fixed %s: write it as the first argument of nnet.input.",
					   dims == 2 ? "Images" : "Volumes", dims == 2 ? "height" : "depth");
	}
	return true;
}

static bool
does_not_fit(const NNLayer *layer, const NNWindowConf *conf, int dims, NNError *error)
{
	NNShape extent = {.rank = dims};
	NNShape in = layer->in[0];
	char what[NN_MAX_NAME + 16], window[64], image[64];
	bool dilated = false;

	in.rank = dims;
	for (int i = 0; i < dims; i++)
	{
		int64_t e = axis_of(conf, i).extent;

		extent.dim[i] = e > INT32_MAX ? INT32_MAX : (int) e;
		dilated = dilated || extent.dim[i] != conf->size[i];
	}
	nn_error(error, NN_BAD_SHAPE, "%s: its window %s%s is larger than its input %s",
			 nn_layer_what(layer, what, sizeof(what)),
			 nn_shape_text(&extent, window, sizeof(window)), dilated ? ", dilated," : "",
			 nn_shape_text(&in, image, sizeof(image)));
	return nn_hint(error, "Use a smaller window, fewer poolings before it, or padding => 'same'.");
}

/* All configurations with a window begin with it. */
void
nn_window_note_variable(NNLayer *layer)
{
	NNWindowConf *conf = (NNWindowConf *) layer->conf.bytes;

	if (layer->in[0].dim[0] == NN_ANY)
		conf->variable = true;
	layer->steps_from = conf->variable ? NN_MASK_OWN : NN_MASK_NONE;
}

bool
nn_window_shape(NNLayer *layer, const NNWindowConf *conf, int dims, NNError *error)
{
	const NNShape *in = &layer->in[0];

	if (!nn_window_check_input(layer, dims, error))
		return false;
	nn_window_note_variable(layer);
	layer->out.rank = dims + 1;
	layer->out.dim[dims] = in->dim[dims];
	for (int i = 0; i < dims; i++)
	{
		Axis a = axis_of(conf, i);

		if (in->dim[i] == NN_ANY)
		{
			layer->out.dim[i] = NN_ANY;
			continue;
		}
		layer->out.dim[i] = axis_out(&a, conf->padding, in->dim[i]);
		if (a.extent > (int64_t) NN_MAX_SAMPLE || layer->out.dim[i] < 1)
			return does_not_fit(layer, conf, dims, error);
	}
	return true;
}

bool
nn_window_check_channels(const NNLayer *layer, int64_t channels, NNError *error)
{
	char what[NN_MAX_NAME + 16];

	if (channels <= NN_MAX_UNITS)
		return true;
	nn_error(error, NN_TOO_LARGE, "%s: %lld channels are more than %d",
			 nn_layer_what(layer, what, sizeof(what)), (long long) channels, NN_MAX_UNITS);
	return nn_hint(error, "Lower its depth_multiplier.");
}

NNWindow
nn_window(const NNLayer *layer, const NNWindowConf *conf, int dims)
{
	const NNShape *in = &layer->in[0];
	NNWindowAxis axes[3] = {{0}};

	for (int i = 0; i < dims; i++)
	{
		Axis a = axis_of(conf, i);
		int n = in->dim[i];

		axes[dims - 1 - i] =
			(NNWindowAxis){n,		   axis_out(&a, conf->padding, n),	 a.size, a.stride,
						   a.dilation, axis_before(&a, conf->padding, n)};
	}
	return nn_window_of(axes, dims, in->dim[dims]);
}

/* ---- samples of different lengths ---- */

bool
nn_window_uneven(const NNWindowConf *conf, const NNPass *pass, int steps)
{
	if (!conf->variable || pass->padding == NULL)
		return false;
	for (size_t b = 0; b < (size_t) pass->batch; b++)
		if (!pass->padding[(b + 1) * (size_t) steps - 1])
			return true;
	return false;
}

int
nn_window_steps(const NNPass *pass, size_t b, int steps)
{
	const uint8_t *padding = pass->padding + b * (size_t) steps;

	while (steps > 0 && !padding[steps - 1])
		steps--;
	return steps;
}

NNWindow
nn_window_over(const NNLayer *layer, const NNWindowConf *conf, int steps)
{
	Axis x = axis_of(conf, 0);
	NNWindow w = nn_window(layer, conf, 1);

	w.in_w = steps;
	w.out_w = axis_out(&x, conf->padding, steps);
	w.left = axis_before(&x, conf->padding, steps);
	return w;
}

void
nn_window_mask(const NNPass *pass, size_t b, int steps, int room)
{
	if (pass->mask_out == NULL)
		return;
	memset(pass->mask_out + b * (size_t) room, 1, (size_t) steps);
	memset(pass->mask_out + b * (size_t) room + steps, 0, (size_t) (room - steps));
}
