/*
 * pad.c
 *	  Zeros around images, and borders cut off.
 *
 * Shapes: x (batch, height, width, channels); y has top + bottom rows and
 * left + right columns more (zero_padding2d) or less (cropping2d).  Each is
 * the other backwards.
 */
#include "core/layers/window.h"

typedef struct PadConf
{
	int sides[4]; /* top, bottom, left, right */
} PadConf;

static const NNField zero_padding_fields[] = {
	{"padding", NN_FIELD_TYPE_PAIRS, offsetof(PadConf, sides), false, 1, 0, NN_MAX_UNITS, NULL, 4},
	NN_FIELD_END,
};

static const NNField cropping_fields[] = {
	{"cropping", NN_FIELD_TYPE_PAIRS, offsetof(PadConf, sides), false, 0, 0, NN_MAX_UNITS, NULL, 4},
	NN_FIELD_END,
};

static bool
zero_padding_shape(NNLayer *layer, NNError *error)
{
	const int *sides = NN_CONF(layer, PadConf)->sides;

	if (!nn_window_check_input(layer, 2, error))
		return false;
	layer->out = layer->in[0];
	for (int i = 0; i < 2; i++)
		layer->out.dim[i] += sides[2 * i] + sides[2 * i + 1];
	layer->flops = (double) nn_shape_size(&layer->out);
	layer->mask_from = NN_MASK_NONE;
	return true;
}

static bool
cropping_shape(NNLayer *layer, NNError *error)
{
	const int *sides = NN_CONF(layer, PadConf)->sides;
	char what[NN_MAX_NAME + 16], shape[64];

	if (!nn_window_check_input(layer, 2, error))
		return false;
	layer->out = layer->in[0];
	for (int i = 0; i < 2; i++)
	{
		layer->out.dim[i] -= sides[2 * i] + sides[2 * i + 1];
		if (layer->out.dim[i] < 1)
		{
			const char *cut = i == 0 ? "rows" : "columns";

			nn_error(error, NN_BAD_SHAPE, "%s: cannot cut %d + %d %s from its input %s",
					 nn_layer_what(layer, what, sizeof(what)), sides[2 * i], sides[2 * i + 1], cut,
					 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
			return nn_hint(error, "Cut at most %d of its %d %s.", layer->in[0].dim[i] - 1,
						   layer->in[0].dim[i], cut);
		}
	}
	layer->flops = (double) nn_shape_size(&layer->out);
	layer->mask_from = NN_MASK_NONE;
	return true;
}

/* An image within a larger one. */
typedef struct Frame
{
	size_t inner_h;
	size_t inner_row; /* reals of a row */
	size_t outer_row;
	size_t outer; /* reals of a sample */
	size_t first; /* of the inner image in the outer one */
} Frame;

static Frame
frame_of(const NNLayer *layer, const NNShape *inner, const NNShape *outer)
{
	const int *sides = NN_CONF(layer, PadConf)->sides;
	size_t c = (size_t) inner->dim[2];
	Frame f = {
		.inner_h = (size_t) inner->dim[0],
		.inner_row = (size_t) inner->dim[1] * c,
		.outer_row = (size_t) outer->dim[1] * c,
		.outer = nn_shape_size(outer),
	};

	f.first = (size_t) sides[0] * f.outer_row + (size_t) sides[2] * c;
	return f;
}

static void
put_inside(const Frame *f, size_t samples, nn_real *outer, const nn_real *inner)
{
	nn_zero(outer, samples * f->outer);
	for (size_t b = 0; b < samples; b++, outer += f->outer)
		for (size_t i = 0; i < f->inner_h; i++, inner += f->inner_row)
			nn_copy(outer + f->first + i * f->outer_row, inner, f->inner_row);
}

static void
take_inside(const Frame *f, size_t samples, nn_real *inner, const nn_real *outer)
{
	for (size_t b = 0; b < samples; b++, outer += f->outer)
		for (size_t i = 0; i < f->inner_h; i++, inner += f->inner_row)
			nn_copy(inner, outer + f->first + i * f->outer_row, f->inner_row);
}

static void
zero_padding_forward(const NNLayer *layer, const NNPass *pass)
{
	Frame f = frame_of(layer, &layer->in[0], &layer->out);

	put_inside(&f, (size_t) pass->batch, pass->y, pass->x);
}

static void
zero_padding_backward(const NNLayer *layer, const NNPass *pass)
{
	Frame f = frame_of(layer, &layer->in[0], &layer->out);

	if (pass->dx)
		take_inside(&f, (size_t) pass->batch, pass->dx, pass->dy);
}

static void
cropping_forward(const NNLayer *layer, const NNPass *pass)
{
	Frame f = frame_of(layer, &layer->out, &layer->in[0]);

	take_inside(&f, (size_t) pass->batch, pass->y, pass->x);
}

static void
cropping_backward(const NNLayer *layer, const NNPass *pass)
{
	Frame f = frame_of(layer, &layer->out, &layer->in[0]);

	if (pass->dx)
		put_inside(&f, (size_t) pass->batch, pass->dx, pass->dy);
}

const NNKind nn_zero_padding2d = {
	.name = "zero_padding2d",
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(PadConf),
	.fields = zero_padding_fields,
	.shape = zero_padding_shape,
	.forward = zero_padding_forward,
	.backward = zero_padding_backward,
};

const NNKind nn_cropping2d = {
	.name = "cropping2d",
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(PadConf),
	.fields = cropping_fields,
	.shape = cropping_shape,
	.forward = cropping_forward,
	.backward = cropping_backward,
};
