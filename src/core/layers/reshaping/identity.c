/*
 * identity.c
 *	  What comes in, under another name.  A view: nothing is computed.
 */
#include "core/layers/layer.h"

static const NNField no_fields[] = {
	NN_FIELD_END,
};

static bool
identity_shape(NNLayer *layer, NNError *error)
{
	(void) error;
	layer->out = layer->in[0];
	layer->mask_from = 0;
	return true;
}

const NNKind nn_identity = {
	.name = "identity",
	.flags = NN_KIND_VIEW | NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = 0,
	.fields = no_fields,
	.shape = identity_shape,
};
