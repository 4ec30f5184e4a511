/*
 * text_vectorization.c
 *	  Texts as ids of their tokens: 0 padding, 1 an unknown token, then the
 *	  vocabulary.
 *
 * The caller makes the ids, by the options here and the vocabulary, which the
 * configuration carries for it; so the input's values already are ids, and
 * this is a view of them.  The input's one dimension is the number of tokens:
 * as many as a text has (variable), or output_sequence_length.
 */
#include "core/layers/layer.h"

enum
{
	STANDARDIZE_NONE = 0,
	STANDARDIZE_LOWER = 1,
	STANDARDIZE_STRIP = 2,
};

enum
{
	SPLIT_WHITESPACE,
	SPLIT_CHARACTER,
};

typedef struct TextConf
{
	int max_tokens;
	int standardize;
	int split;
	int output_sequence_length;
} TextConf;

static const NNWord standardize_words[] = {
	{"lower_and_strip_punctuation", STANDARDIZE_LOWER | STANDARDIZE_STRIP},
	{"lower", STANDARDIZE_LOWER},
	{"strip_punctuation", STANDARDIZE_STRIP},
	{"none", STANDARDIZE_NONE},
	{NULL, 0},
};

static const NNWord split_words[] = {
	{"whitespace", SPLIT_WHITESPACE},
	{"character", SPLIT_CHARACTER},
	{NULL, 0},
};

/* ids are kept as reals, which are exact that far */
static const NNField text_fields[] = {
	NN_FIELD_INT(TextConf, max_tokens, false, 0, 3, 16000000),
	NN_FIELD_WORD(TextConf, standardize, standardize_words, STANDARDIZE_NONE),
	NN_FIELD_WORD(TextConf, split, split_words, SPLIT_WHITESPACE),
	NN_FIELD_INT(TextConf, output_sequence_length, false, 0, 1, NN_MAX_UNITS),
	NN_FIELD_IGNORED("vocabulary"),
	NN_FIELD_IGNORED("adapted"),
	NN_FIELD_END,
};

static bool
text_shape(NNLayer *layer, NNError *error)
{
	const TextConf *conf = NN_CONF(layer, TextConf);
	const NNShape *in = &layer->in[0];
	char what[NN_MAX_NAME + 16];
	char shape[64];

	nn_layer_what(layer, what, sizeof(what));
	if (in->rank != 1)
	{
		nn_error(error, NN_BAD_SHAPE, "%s: a text has one dimension, not the shape %s", what,
				 nn_shape_text(in, shape, sizeof(shape)));
		return nn_hint(error, "Begin the model with nnet.input(1): one text.");
	}
	if (conf->output_sequence_length > 0 && in->dim[0] != conf->output_sequence_length)
	{
		nn_error(error, NN_BAD_SHAPE,
				 "%s: output_sequence_length is %d, but the input has the shape %s", what,
				 conf->output_sequence_length, nn_shape_text(in, shape, sizeof(shape)));
		return nn_hint(error, "The input's shape is the number of tokens: make it %d too.",
					   conf->output_sequence_length);
	}
	layer->out = *in;
	layer->mask_from = 0;
	return true;
}

static void
read_tokens(const NNLayer *layer, NNReading *reading)
{
	const TextConf *conf = NN_CONF(layer, TextConf);

	reading->as = NN_READ_TOKENS;
	reading->text = (NNTextOptions){
		.lower = (conf->standardize & STANDARDIZE_LOWER) != 0,
		.strip_punctuation = (conf->standardize & STANDARDIZE_STRIP) != 0,
		.characters = conf->split == SPLIT_CHARACTER,
		.max_tokens = conf->max_tokens,
	};
}

const NNKind nn_text_vectorization = {
	.name = "text_vectorization",
	.flags = NN_KIND_VIEW | NN_KIND_MASKED | NN_KIND_AT_INPUT | NN_KIND_STEPPED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(TextConf),
	.fields = text_fields,
	.shape = text_shape,
	.reading = read_tokens,
};
