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

static const NNField activity_fields[] = {
	NN_FIELD_REAL(NNRegularizer, l1, false, 0, 0, 1e30),
	NN_FIELD_REAL(NNRegularizer, l2, false, 0, 0, 1e30),
	NN_FIELD_END,
};

static bool
activity_shape(NNLayer *layer, NNError *error)
{
	layer->activity = *NN_CONF(layer, NNRegularizer);
	return identity_shape(layer, error);
}

const NNKind nn_activity_regularization = {
	.name = "activity_regularization",
	.flags = NN_KIND_VIEW | NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(NNRegularizer),
	.fields = activity_fields,
	.shape = activity_shape,
};
