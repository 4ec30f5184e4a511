/*
 * vocabulary.c
 *	  What a model that takes texts knows of tokens: the vocabulary in the
 *	  configuration of its text_vectorization layer, in and out.
 *
 * The configuration is a stranger's: tokens are checked when they are read.
 * Ids are 0 for padding, 1 for a token that is not in the vocabulary, and then
 * the vocabulary's in its order.
 *
 * Lifetimes: a vocabulary lives in its model's context.
 */
#include "pg/model/model.h"

#include "funcapi.h"
#include "utils/builtins.h"

/* ---- a new model ---- */

/* Whether the input is declared as one text, or as anything of one dimension. */
static bool
is_one_text(const NNValue *input)
{
	const NNValue *shape = nn_value_get(input, "shape");

	if (shape != NULL && shape->type == NN_V_ARRAY && shape->count == 1)
		shape = &shape->items[0];
	return shape != NULL &&
		(shape->type == NN_V_NULL || (shape->type == NN_V_NUMBER && shape->number == 1));
}

/*
 * Texts come by nnet.input(1), one text; what the other layers see is its
 * tokens, and that is the shape the input gets.
 */
void
nnet_vocabulary_set_input(NNValue *input, const NNValue *next)
{
	const NNValue *length;
	NNValue shape;

	if (!nnet_spec_is(input, INPUT_KIND) || !nnet_spec_is(next, NNET_TEXT_KIND) ||
		!is_one_text(input))
		return;
	length = nn_value_get(next, "output_sequence_length");
	shape = nnet_value_array(1);
	nnet_value_append(&shape, length != NULL ? *length : nnet_value_null());
	nnet_spec_set_shape(input, shape);
}

/* ---- reading ---- */

static void
refuse_vocabulary(const NnetModel *model, const NnetVocabulary *vocabulary, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\": the vocabulary of layer \"%s\" %s", model->name,
					nn_layer_name(nn_model_layer(model->core, vocabulary->layer)), problem),
			 errhint("It is an array of different strings: the tokens from id %d on.",
					 NNET_TOKEN_FIRST)));
}

/* How many tokens at the start stand for the ids that every vocabulary has. */
static int
count_special(const NNValue *given)
{
	int n = 0;

	if (n < given->count && given->items[n].type == NN_V_STRING &&
		given->items[n].string[0] == '\0')
		n++;
	if (n < given->count && given->items[n].type == NN_V_STRING &&
		strcmp(given->items[n].string, NNET_UNKNOWN_TOKEN) == 0)
		n++;
	return n;
}

static void
read_tokens(NnetModel *model, NnetVocabulary *vocabulary, const NNValue *given)
{
	if (given->type != NN_V_ARRAY)
		refuse_vocabulary(model, vocabulary, "is not an array");
	for (int i = count_special(given); i < given->count; i++)
	{
		const char *token = given->items[i].string;

		if (given->items[i].type != NN_V_STRING)
			refuse_vocabulary(model, vocabulary, "has something other than a string");
		if (token[0] == '\0')
			refuse_vocabulary(model, vocabulary, "has an empty token");
		if (nnet_tokens_add(vocabulary->tokens, token, (int) strlen(token)) !=
				nnet_tokens_count(vocabulary->tokens) - 1 ||
			nnet_tokens_count(vocabulary->tokens) != i + 1 - count_special(given))
			refuse_vocabulary(model, vocabulary, psprintf("has the token \"%s\" twice", token));
	}
	if (vocabulary->options.max_tokens > 0 &&
		nnet_tokens_count(vocabulary->tokens) > vocabulary->options.max_tokens - NNET_TOKEN_FIRST)
		refuse_vocabulary(
			model, vocabulary,
			psprintf("has %d tokens, but max_tokens is %d, with padding and unknown tokens",
					 nnet_tokens_count(vocabulary->tokens), vocabulary->options.max_tokens));
}

void
nnet_vocabulary_check(const NnetModel *model, const NnetVocabulary *vocabulary)
{
	nnet_check_vocabulary_ids(model, vocabulary->layer,
							  nnet_tokens_count(vocabulary->tokens) + NNET_TOKEN_FIRST);
}

void
nnet_vocabulary_read(NnetModel *model, int layer, const NNValue *config)
{
	NNReading reading;
	NnetVocabulary *vocabulary;
	const NNValue *given = nn_value_get(config, "vocabulary");
	const NNValue *adapted = nn_value_get(config, "adapted");

	if (!nn_layer_reading(nn_model_layer(model->core, layer), &reading) ||
		reading.as != NN_READ_TOKENS)
		return;
	vocabulary = MemoryContextAllocZero(model->context, sizeof(NnetVocabulary));
	vocabulary->layer = layer;
	vocabulary->options = reading.text;
	vocabulary->config = config;
	vocabulary->tokens = nnet_tokens_make(model->context);
	vocabulary->next = model->vocabularies;
	model->vocabularies = vocabulary;
	vocabulary->adapted = adapted != NULL && adapted->type == NN_V_BOOL && adapted->boolean;
	if (given != NULL && given->type != NN_V_NULL)
		read_tokens(model, vocabulary, given);
}

NnetVocabulary *
nnet_model_vocabulary(const NnetModel *model, int input)
{
	for (NnetVocabulary *vocabulary = model->vocabularies; vocabulary != NULL;
		 vocabulary = vocabulary->next)
		if (nn_layer_input(nn_model_layer(model->core, vocabulary->layer), 0) ==
			model->core->inputs[input])
			return vocabulary;
	return NULL;
}

bool
nnet_vocabulary_known(const NnetVocabulary *vocabulary)
{
	return nnet_tokens_count(vocabulary->tokens) > 0;
}

int
nnet_vocabulary_id(const NnetVocabulary *vocabulary, const char *token, int length)
{
	int number = nnet_tokens_find(vocabulary->tokens, token, length);

	return number < 0 ? NNET_TOKEN_UNKNOWN : number + NNET_TOKEN_FIRST;
}

/* ---- writing ---- */

/* The layer's configuration with the vocabulary as it is now. */
NNValue *
nnet_vocabulary_config(const NnetVocabulary *vocabulary)
{
	const NNValue *config = vocabulary->config;
	int n = nnet_tokens_count(vocabulary->tokens);
	NNValue tokens = nnet_value_array(n);
	NNValue *changed = palloc(sizeof(NNValue));

	*changed = nnet_value_without(config, NNET_KEYS("vocabulary", "adapted"), 2);
	if (n == 0)
		return changed;
	if (vocabulary->adapted)
		nnet_value_set(changed, "adapted", nnet_value_bool(true));
	for (int i = 0; i < n; i++)
		nnet_value_append(&tokens, nnet_value_string(nnet_tokens_get(vocabulary->tokens, i)));
	nnet_value_set(changed, "vocabulary", tokens);
	return changed;
}
