/*
 * input.c
 *	  What a model is fed: it only says which shape a sample has.
 *
 * The first dimension may be variable (null in the configuration): a number
 * of steps that each sample brings along.
 */
#include "core/layers/layer.h"

typedef struct InputConf
{
	NNInts shape;
	int dtype;
} InputConf;

static const NNWord dtype_words[] = {
	{"float32", NN_INPUT_REALS},
	{"int", NN_INPUT_WHOLE},
	{"text", NN_INPUT_TEXTS},
	{NULL, 0},
};

static const NNField input_fields[] = {
	NN_FIELD_SHAPE(InputConf, shape, NN_MAX_RANK, true, 1),
	NN_FIELD_WORD(InputConf, dtype, dtype_words, NN_INPUT_REALS),
	NN_FIELD_IGNORED("origin"), /* what the caller subtracts from values in double */
	NN_FIELD_IGNORED("adapted"),
	NN_FIELD_END,
};

static bool
input_shape(NNLayer *layer, NNError *error)
{
	const InputConf *conf = NN_CONF(layer, InputConf);
	NNShape *out = &layer->out;
	char what[NN_MAX_NAME + 16];

	layer->mask_from = NN_MASK_NONE;
	out->rank = conf->shape.count;
	for (int i = 0; i < out->rank; i++)
	{
		out->dim[i] = conf->shape.value[i];
		if (i > 0 && out->dim[i] == NN_ANY)
		{
			nn_error(error, NN_BAD_SHAPE, "%s: dimension %d of its shape is variable",
					 nn_layer_what(layer, what, sizeof(what)), i + 1);
			return nn_hint(error, "Only the first dimension, the number of steps, may be null.");
		}
	}
	return true;
}

NNInputType
nn_input_type(const NNLayer *layer)
{
	return (NNInputType) NN_CONF(layer, InputConf)->dtype;
}

const NNKind nn_input = {
	.name = "input",
	.flags = NN_KIND_VIEW | NN_KIND_MASKED,
	.min_inputs = 0,
	.max_inputs = 0,
	.conf_size = sizeof(InputConf),
	.fields = input_fields,
	.shape = input_shape,
};
