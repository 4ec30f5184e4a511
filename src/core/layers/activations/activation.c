/*
 * activation.c
 *	  y = f(x), an activation as a layer of its own.
 *
 * Softmax and its like run over the last dimension.  Forward keeps nothing: the input is
 * still there when backward needs it.
 */
#include "core/layers/layer.h"

typedef struct ActivationConf
{
	int activation;
} ActivationConf;

static const NNField activation_fields[] = {
	{"activation", NN_FIELD_TYPE_WORD, offsetof(ActivationConf, activation), true, NN_LINEAR, 0, 0,
	 nn_activation_words, 0},
	NN_FIELD_END,
};

static bool
activation_shape(NNLayer *layer, NNError *error)
{
	const NNShape *in = &layer->in[0];
	NNActivation f = (NNActivation) NN_CONF(layer, ActivationConf)->activation;
	char what[NN_MAX_NAME + 16];

	if (nn_activation_by_rows(f) && nn_shape_last(in) == NN_ANY)
	{
		nn_error(error, NN_BAD_SHAPE, "%s: %s over a variable number of steps",
				 nn_layer_what(layer, what, sizeof(what)), nn_activation_name(f));
		return nn_hint(error, "It runs over the last dimension, which must be a fixed number.");
	}
	layer->out = *in;
	layer->flops = (double) nn_shape_size(in);
	layer->mask_from = 0;
	return true;
}

static NNActivation
own_activation(const NNLayer *layer)
{
	return layer->logits ? NN_LINEAR : (NNActivation) NN_CONF(layer, ActivationConf)->activation;
}

/* Of the rows that it runs over. */
static size_t
row_width(const NNLayer *layer, NNActivation f)
{
	return nn_activation_by_rows(f) ? (size_t) nn_shape_last(&layer->out) : 1;
}

static void
activation_forward(const NNLayer *layer, const NNPass *pass)
{
	NNActivation f = own_activation(layer);
	size_t n = nn_shape_reals(&layer->out, pass->steps) * (size_t) pass->batch;

	nn_copy(pass->y, pass->x, n);
	if (f != NN_LINEAR)
		nn_activate(f, pass->y, n, row_width(layer, f));
}

static void
activation_backward(const NNLayer *layer, const NNPass *pass)
{
	NNActivation f = own_activation(layer);
	size_t n = nn_shape_reals(&layer->out, pass->steps) * (size_t) pass->batch;

	if (pass->dx == NULL)
		return;
	nn_copy(pass->dx, pass->dy, n);
	if (f != NN_LINEAR)
		nn_activate_backward(f, pass->x, pass->y, pass->dx, n, row_width(layer, f));
}

const NNKind nn_activation = {
	.name = "activation",
	.flags = NN_KIND_MASKED | NN_KIND_ELEMENTWISE,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(ActivationConf),
	.fields = activation_fields,
	.activation_offset = offsetof(ActivationConf, activation),
	.has_activation = true,
	.shape = activation_shape,
	.forward = activation_forward,
	.backward = activation_backward,
};
