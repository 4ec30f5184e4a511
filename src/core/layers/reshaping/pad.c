/*
 * pad.c
 *	  Zeros around signals, images and volumes, and borders cut off.
 *
 * Shapes: x (batch, depth, height, width, channels), of an image without depth, of a
 * signal without height; y has so many planes, rows and columns more before
 * and behind (zero_padding) or less (cropping).  Each is the other backwards.
 * Signals may have steps of their own: then y begins and ends where they do.
 */
#include "core/layers/window.h"

typedef struct PadConf
{
	NNWindowConf window; /* of it only whether steps are variable */
	int sides[6];		 /* before and behind, of each dimension */
} PadConf;

#define SIDES(name, type, dims, def)                                                        \
	{                                                                                       \
		name, type, offsetof(PadConf, sides), false, def, 0, NN_MAX_UNITS, NULL, 2 * (dims) \
	}

/* Of a signal two numbers are its sides; else a number is both sides of a dimension. */
static const NNField zero_padding1d_fields[] = {SIDES("padding", NN_FIELD_TYPE_INTS, 1, 1),
												NN_FIELD_END};
static const NNField zero_padding2d_fields[] = {SIDES("padding", NN_FIELD_TYPE_PAIRS, 2, 1),
												NN_FIELD_END};
static const NNField zero_padding3d_fields[] = {SIDES("padding", NN_FIELD_TYPE_PAIRS, 3, 1),
												NN_FIELD_END};
static const NNField cropping1d_fields[] = {SIDES("cropping", NN_FIELD_TYPE_INTS, 1, 1),
											NN_FIELD_END};
static const NNField cropping2d_fields[] = {SIDES("cropping", NN_FIELD_TYPE_PAIRS, 2, 0),
											NN_FIELD_END};
static const NNField cropping3d_fields[] = {SIDES("cropping", NN_FIELD_TYPE_PAIRS, 3, 1),
											NN_FIELD_END};

static bool
begin_shape(NNLayer *layer, int dims, NNError *error)
{
	if (!nn_window_check_input(layer, dims, error))
		return false;
	layer->out = layer->in[0];
	if (dims == 1)
		nn_window_note_variable(layer);
	layer->mask_from = NN_MASK_NONE;
	return true;
}

static bool
padding_shape(NNLayer *layer, int dims, NNError *error)
{
	const int *sides = NN_CONF(layer, PadConf)->sides;

	if (!begin_shape(layer, dims, error))
		return false;
	for (int i = 0; i < dims; i++)
		if (layer->in[0].dim[i] != NN_ANY)
			layer->out.dim[i] += sides[2 * i] + sides[2 * i + 1];
	layer->flops = (double) nn_shape_size(&layer->out);
	return true;
}

static bool
cut_too_much(const NNLayer *layer, int dims, int i, NNError *error)
{
	static const char *const words[3][3] = {
		{"steps"}, {"rows", "columns"}, {"planes", "rows", "columns"}};
	const int *sides = NN_CONF(layer, PadConf)->sides;
	const char *cut = words[dims - 1][i];
	char what[NN_MAX_NAME + 16], shape[64];

	nn_error(error, NN_BAD_SHAPE, "%s: cannot cut %d + %d %s from its input %s",
			 nn_layer_what(layer, what, sizeof(what)), sides[2 * i], sides[2 * i + 1], cut,
			 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
	return nn_hint(error, "Cut at most %d of its %d %s.", layer->in[0].dim[i] - 1,
				   layer->in[0].dim[i], cut);
}

static bool
cropping_shape(NNLayer *layer, int dims, NNError *error)
{
	const int *sides = NN_CONF(layer, PadConf)->sides;

	if (!begin_shape(layer, dims, error))
		return false;
	for (int i = 0; i < dims; i++)
	{
		if (layer->in[0].dim[i] == NN_ANY)
			continue;
		layer->out.dim[i] -= sides[2 * i] + sides[2 * i + 1];
		if (layer->out.dim[i] < 1)
			return cut_too_much(layer, dims, i, error);
	}
	layer->flops = (double) nn_shape_size(&layer->out);
	return true;
}

/* A volume within a larger one. */
typedef struct Frame
{
	size_t planes, rows;		   /* of the inner one */
	size_t inner_row;			   /* reals of a row */
	size_t outer_row, outer_plane; /* reals from one to the next */
	size_t inner, outer;		   /* reals of a sample */
	size_t first;				   /* of the inner volume in the outer one */
} Frame;

static Frame
frame_of(const NNLayer *layer, const NNShape *inner, const NNShape *outer)
{
	const int *sides = NN_CONF(layer, PadConf)->sides;
	int last = inner->rank - 2; /* the dimension of the columns */
	size_t c = (size_t) inner->dim[last + 1];
	Frame f = {
		.planes = last > 1 ? (size_t) inner->dim[0] : 1,
		.rows = last > 0 ? (size_t) inner->dim[last - 1] : 1,
		.inner_row = (size_t) inner->dim[last] * c,
		.outer_row = (size_t) outer->dim[last] * c,
		.inner = nn_shape_size(inner),
		.outer = nn_shape_size(outer),
	};

	f.outer_plane = f.outer_row * (last > 0 ? (size_t) outer->dim[last - 1] : 1);
	f.first = (size_t) sides[2 * last] * c;
	if (last > 0)
		f.first += (size_t) sides[2 * (last - 1)] * f.outer_row;
	if (last > 1)
		f.first += (size_t) sides[0] * f.outer_plane;
	return f;
}

static void
put_inside(const Frame *f, nn_real *outer, const nn_real *inner)
{
	nn_zero(outer, f->outer);
	for (size_t k = 0; k < f->planes; k++)
		for (size_t i = 0; i < f->rows; i++, inner += f->inner_row)
			nn_copy(outer + f->first + k * f->outer_plane + i * f->outer_row, inner, f->inner_row);
}

static void
take_inside(const Frame *f, nn_real *inner, const nn_real *outer)
{
	for (size_t k = 0; k < f->planes; k++)
		for (size_t i = 0; i < f->rows; i++, inner += f->inner_row)
			nn_copy(inner, outer + f->first + k * f->outer_plane + i * f->outer_row, f->inner_row);
	nn_zero(inner, f->inner - f->planes * f->rows * f->inner_row);
}

/* The frame of sample b, which may have fewer steps; what follows them is 0. */
static Frame
frame_at(const NNLayer *layer, const NNPass *pass, const Frame *all, bool pads, size_t b)
{
	const PadConf *conf = NN_CONF(layer, PadConf);
	int room = layer->in[0].dim[0], more = conf->sides[0] + conf->sides[1];
	int steps, out;
	Frame f = *all;

	if (!nn_window_uneven(&conf->window, pass, room))
	{
		nn_window_mask(pass, b, layer->out.dim[0], layer->out.dim[0]);
		return f;
	}
	steps = nn_window_steps(pass, b, room);
	out = pads ? steps + more : steps > more ? steps - more : 0;
	f.inner_row = (size_t) (pads ? steps : out) * (size_t) layer->in[0].dim[1];
	nn_window_mask(pass, b, out, layer->out.dim[0]);
	return f;
}

static void
padding_forward(const NNLayer *layer, const NNPass *pass)
{
	Frame all = frame_of(layer, &layer->in[0], &layer->out);

	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		Frame f = frame_at(layer, pass, &all, true, b);

		put_inside(&f, pass->y + b * all.outer, pass->x + b * all.inner);
	}
}

static void
padding_backward(const NNLayer *layer, const NNPass *pass)
{
	Frame all = frame_of(layer, &layer->in[0], &layer->out);

	for (size_t b = 0; pass->dx && b < (size_t) pass->batch; b++)
	{
		Frame f = frame_at(layer, pass, &all, true, b);

		take_inside(&f, pass->dx + b * all.inner, pass->dy + b * all.outer);
	}
}

static void
cropping_forward(const NNLayer *layer, const NNPass *pass)
{
	Frame all = frame_of(layer, &layer->out, &layer->in[0]);

	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		Frame f = frame_at(layer, pass, &all, false, b);

		take_inside(&f, pass->y + b * all.inner, pass->x + b * all.outer);
	}
}

static void
cropping_backward(const NNLayer *layer, const NNPass *pass)
{
	Frame all = frame_of(layer, &layer->out, &layer->in[0]);

	for (size_t b = 0; pass->dx && b < (size_t) pass->batch; b++)
	{
		Frame f = frame_at(layer, pass, &all, false, b);

		put_inside(&f, pass->dx + b * all.outer, pass->dy + b * all.inner);
	}
}

#define PAD_KIND(what, word, dims)                                              \
	static bool what##dims##d_shape(NNLayer *layer, NNError *error)             \
	{                                                                           \
		return what##_shape(layer, dims, error);                                \
	}                                                                           \
	const NNKind nn_##word##dims##d = {.name = #word #dims "d",                 \
									   .flags = dims == 1 ? NN_KIND_MASKED : 0, \
									   .min_inputs = 1,                         \
									   .max_inputs = 1,                         \
									   .conf_size = sizeof(PadConf),            \
									   .fields = word##dims##d_fields,          \
									   .shape = what##dims##d_shape,            \
									   .forward = what##_forward,               \
									   .backward = what##_backward}

PAD_KIND(padding, zero_padding, 1);
PAD_KIND(padding, zero_padding, 2);
PAD_KIND(padding, zero_padding, 3);
PAD_KIND(cropping, cropping, 1);
PAD_KIND(cropping, cropping, 2);
PAD_KIND(cropping, cropping, 3);
