/*
 * concatenate.c
 *	  Several inputs side by side along one axis, the last by default.
 *
 * Axis 0 is the batch, 1 the first dimension of a sample, -1 the last.  The
 * other dimensions must be equal.  Each input is `outer` pieces of its own
 * width, laid one after the other into pieces of the output.
 */
#include "core/layers/layer.h"

typedef struct ConcatenateConf
{
	int axis;
} ConcatenateConf;

static const NNField concatenate_fields[] = {
	NN_FIELD_INT(ConcatenateConf, axis, false, -1, -NN_MAX_RANK, NN_MAX_RANK),
	NN_FIELD_END,
};

/* The axis as an index of a sample's dimensions, or -1. */
static int
axis_index(const NNLayer *layer)
{
	int axis = NN_CONF(layer, ConcatenateConf)->axis;
	int rank = layer->in[0].rank;

	if (axis == 0 || axis > rank || axis < -rank)
		return -1;
	return axis > 0 ? axis - 1 : rank + axis;
}

static bool
misfit(const NNLayer *layer, int i, NNError *error)
{
	char what[NN_MAX_NAME + 16], first[64], other[64];

	nn_error(error, NN_BAD_SHAPE,
			 "%s: its inputs 1 and %d have shapes %s and %s, "
			 "which do not fit along axis %d",
			 nn_layer_what(layer, what, sizeof(what)), i + 1,
			 nn_shape_text(&layer->in[0], first, sizeof(first)),
			 nn_shape_text(&layer->in[i], other, sizeof(other)),
			 NN_CONF(layer, ConcatenateConf)->axis);
	return nn_hint(error, "All dimensions but that of the axis must be equal, and its size fixed.");
}

static bool
concatenate_shape(NNLayer *layer, NNError *error)
{
	const NNShape *first = &layer->in[0];
	int axis = axis_index(layer);
	int64_t total = 0;
	char what[NN_MAX_NAME + 16], shape[64];

	if (axis < 0)
	{
		nn_error(error, NN_BAD_VALUE, "%s: axis %d does not exist in its inputs of shape %s",
				 nn_layer_what(layer, what, sizeof(what)), NN_CONF(layer, ConcatenateConf)->axis,
				 nn_shape_text(first, shape, sizeof(shape)));
		return nn_hint(
			error, "Axis 0 is the batch; an axis of a sample is 1 to %d, or -1 (the last) to %d.",
			first->rank, -first->rank);
	}
	for (int i = 0; i < layer->n_inputs; i++)
	{
		const NNShape *in = &layer->in[i];

		if (in->rank != first->rank || in->dim[axis] == NN_ANY)
			return misfit(layer, i, error);
		for (int k = 0; k < in->rank; k++)
			if (k != axis && in->dim[k] != first->dim[k])
				return misfit(layer, i, error);
		total += in->dim[axis];
	}
	if (total > (int64_t) NN_MAX_SAMPLE)
		return nn_error(error, NN_TOO_LARGE, "%s: its output has more than %zu numbers a sample",
						nn_layer_what(layer, what, sizeof(what)), NN_MAX_SAMPLE);
	layer->out = *first;
	layer->out.dim[axis] = (int) total;
	layer->flops = (double) nn_shape_size(&layer->out);
	/* steps that follow each other are of fixed numbers, and so without padding */
	layer->steps_from = axis == 0 ? NN_MASK_NONE : 0;
	layer->mask_from = axis == 0 ? NN_MASK_JOINED : NN_MASK_SHARED;
	return true;
}

/* Reals of the axis and all dimensions behind it. */
static size_t
piece_width(const NNShape *shape, int axis)
{
	size_t width = 1;

	for (int k = axis; k < shape->rank; k++)
		width *= (size_t) shape->dim[k];
	return width;
}

/* Pieces in the chunk. */
static size_t
count_pieces(const NNLayer *layer, const NNPass *pass, int axis)
{
	return nn_shape_reals(&layer->out, pass->steps) / piece_width(&layer->out, axis) *
		(size_t) pass->batch;
}

static void
concatenate_forward(const NNLayer *layer, const NNPass *pass)
{
	int axis = axis_index(layer);
	size_t n = count_pieces(layer, pass, axis);
	size_t all = piece_width(&layer->out, axis);
	nn_real *y = pass->y;

	for (int i = 0; i < layer->n_inputs; i++)
	{
		size_t own = piece_width(&layer->in[i], axis);

		nn_copy_rows(y, all, pass->xs[i], own, own, (int) n);
		y += own;
	}
}

static void
concatenate_backward(const NNLayer *layer, const NNPass *pass)
{
	int axis = axis_index(layer);
	size_t n = count_pieces(layer, pass, axis);
	size_t all = piece_width(&layer->out, axis);
	const nn_real *dy = pass->dy;

	for (int i = 0; i < layer->n_inputs; i++)
	{
		size_t own = piece_width(&layer->in[i], axis);

		for (size_t p = 0; pass->dxs[i] && p < n; p++)
			memcpy(pass->dxs[i] + p * own, dy + p * all, own * sizeof(nn_real));
		dy += own;
	}
}

const NNKind nn_concatenate_layer = {
	.name = "concatenate",
	.flags = NN_KIND_MASKED,
	.min_inputs = 2,
	.max_inputs = NN_MAX_INPUTS,
	.conf_size = sizeof(ConcatenateConf),
	.fields = concatenate_fields,
	.shape = concatenate_shape,
	.forward = concatenate_forward,
	.backward = concatenate_backward,
};
