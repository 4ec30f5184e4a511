/*
 * flatten.c
 *	  All dimensions of a sample become one.  A view: nothing is computed.
 */
#include "core/layers/layer.h"

static const NNField flatten_fields[] = {
	NN_FIELD_END,
};

static bool
flatten_shape(NNLayer *layer, NNError *error)
{
	const NNShape *in = &layer->in[0];
	char what[NN_MAX_NAME + 16], shape[64];

	if (in->dim[0] == NN_ANY)
	{
		nn_error(error, NN_BAD_SHAPE, "%s: cannot flatten the variable shape %s",
				 nn_layer_what(layer, what, sizeof(what)), nn_shape_text(in, shape, sizeof(shape)));
		return nn_hint(error,
					   "Give the input a fixed number of steps, or end the steps before with "
					   "a recurrent layer (return_sequences false) or a global pooling layer.");
	}
	layer->out = nn_shape1((int) nn_shape_size(in));
	layer->mask_from = NN_MASK_NONE;
	return true;
}

const NNKind nn_flatten = {
	.name = "flatten",
	.flags = NN_KIND_VIEW,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = 0,
	.fields = flatten_fields,
	.shape = flatten_shape,
};
