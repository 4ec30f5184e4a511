/*
 * category_encoding.c
 *	  Ids from 0 to num_tokens - 1 as ones among zeros, or how often each came.
 *
 * Ids are rounded towards 0; others are refused as an embedding refuses them.
 * Keras's count_weights are not taken: a second input would have to bring them.
 */
#include "core/layers/preprocessing/encode.h"

typedef struct CategoryConf
{
	int num_tokens;
	int output_mode;
	bool variable;
} CategoryConf;

static const NNField category_fields[] = {
	NN_FIELD_INT(CategoryConf, num_tokens, true, 0, 1, NN_MAX_UNITS),
	NN_FIELD_WORD(CategoryConf, output_mode, nn_encoding_words, NN_OUTPUT_MULTI_HOT),
	NN_FIELD_END,
};

static bool
category_shape(NNLayer *layer, NNError *error)
{
	CategoryConf *conf = (CategoryConf *) layer->conf.bytes;

	return nn_encode_shape(layer, conf->output_mode, conf->num_tokens, &conf->variable, error);
}

static int
place_of(const NNLayer *layer, const NNPass *pass, nn_real id)
{
	(void) pass;
	return (int) nn_id_of(id, NN_CONF(layer, CategoryConf)->num_tokens);
}

static void
category_forward(const NNLayer *layer, const NNPass *pass)
{
	const CategoryConf *conf = NN_CONF(layer, CategoryConf);

	nn_check_ids(layer, pass, nn_shape_reals(&layer->in[0], pass->steps) * (size_t) pass->batch,
				 conf->num_tokens);
	nn_encode(layer, pass, conf->output_mode, conf->num_tokens, place_of);
}

static int
category_ids(const NNLayer *layer)
{
	return NN_CONF(layer, CategoryConf)->num_tokens;
}

const NNKind nn_category_encoding = {
	.name = "category_encoding",
	.flags = NN_KIND_MASKED | NN_KIND_STEPPED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(CategoryConf),
	.fields = category_fields,
	.shape = category_shape,
	.forward = category_forward,
	.backward = nn_encode_backward,
	.ids = category_ids,
	.ids_option = "num_tokens",
};
