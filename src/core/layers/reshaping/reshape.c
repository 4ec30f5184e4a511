/*
 * reshape.c
 *	  The same numbers of a sample under another shape.  A view: nothing is
 *	  computed.
 *
 * One dimension of target_shape may be -1: it takes what the others leave.
 * Of a variable input only the dimensions after the steps can be reshaped,
 * by a target whose first dimension is -1: then each step stays one, padded or
 * not.  A mask ends here.
 */
#include "core/layers/layer.h"

typedef struct ReshapeConf
{
	NNInts target_shape;
} ReshapeConf;

static const NNField reshape_fields[] = {
	NN_FIELD_SHAPE(ReshapeConf, target_shape, NN_MAX_RANK, true, -1),
	NN_FIELD_END,
};

static bool
misfit(const NNLayer *layer, const NNShape *target, NNError *error)
{
	char what[NN_MAX_NAME + 16], from[64], to[64];

	nn_error(error, NN_BAD_SHAPE, "%s: cannot reshape %s into %s",
			 nn_layer_what(layer, what, sizeof(what)),
			 nn_shape_text(&layer->in[0], from, sizeof(from)),
			 nn_shape_text(target, to, sizeof(to)));
	if (layer->in[0].dim[0] == NN_ANY)
		return nn_hint(
			error,
			"The input has a variable number of steps: "
			"target_shape must begin with -1 and the others must keep the %zu numbers of a step.",
			nn_shape_size(&layer->in[0]));
	return nn_hint(
		error,
		"The input has %zu numbers a sample; the dimensions of target_shape must multiply to that, "
		"and one may be -1 to be computed.",
		nn_shape_size(&layer->in[0]));
}

static bool
reshape_shape(NNLayer *layer, NNError *error)
{
	const NNInts *conf = &NN_CONF(layer, ReshapeConf)->target_shape;
	const NNShape *in = &layer->in[0];
	size_t size = nn_shape_size(in);
	size_t known = 1;
	int open = -1;
	int n_open = 0;
	NNShape out = {.rank = conf->count};

	for (int i = 0; i < conf->count; i++)
	{
		out.dim[i] = conf->value[i];
		if (conf->value[i] == NN_ANY)
		{
			open = i;
			n_open++;
		}
		else if (known <= NN_MAX_SAMPLE)
			known *= (size_t) conf->value[i];
	}
	layer->mask_from = NN_MASK_NONE;
	if (n_open > 1 || known > size || size % known != 0)
		return misfit(layer, &out, error);
	if (in->dim[0] == NN_ANY)
	{
		if (open != 0 || known != size)
			return misfit(layer, &out, error);
	}
	else if (open >= 0)
		out.dim[open] = (int) (size / known);
	else if (known != size)
		return misfit(layer, &out, error);
	layer->out = out;
	layer->steps_from = 0; /* only those of a variable input are ever padded */
	return true;
}

const NNKind nn_reshape = {
	.name = "reshape",
	.flags = NN_KIND_VIEW | NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(ReshapeConf),
	.fields = reshape_fields,
	.shape = reshape_shape,
};
