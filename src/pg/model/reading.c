/*
 * reading.c
 *	  What a model knows for reading the values of its inputs: vocabularies of
 *	  lookups, the trend of dates, origins of numbers; in and out of the
 *	  configurations of its layers.
 *
 * Configurations are a stranger's: all is checked when it is read.  Ids of a
 * lookup are as src/core/layers/preprocessing/lookup.c says.
 *
 * Lifetimes: everything lives in the model's context.
 */
#include "pg/model/model.h"

#include <math.h>

#include "funcapi.h"
#include "utils/builtins.h"

#define DATE_KIND "date_features"

/* ---- a new model ---- */

bool
nnet_spec_is(const NNValue *layer, const char *kind)
{
	const NNValue *value = nn_value_get(layer, "kind");

	return value != NULL && value->type == NN_V_STRING && strcmp(value->string, kind) == 0;
}

void
nnet_spec_set_shape(NNValue *input, NNValue shape)
{
	NNValue copy = nnet_value_object(input->count);

	for (int i = 0; i < input->count; i++)
		nnet_value_set(&copy, input->keys[i],
					   strcmp(input->keys[i], "shape") == 0 ? shape : input->items[i]);
	*input = copy;
}

/* Whether the input is declared as one value. */
static bool
is_one(const NNValue *input)
{
	const NNValue *shape = nn_value_get(input, "shape");

	if (shape != NULL && shape->type == NN_V_ARRAY && shape->count == 1)
		shape = &shape->items[0];
	return shape != NULL && shape->type == NN_V_NUMBER && shape->number == 1;
}

/* How many numbers are made of a date; words that are none are refused where the layer is made. */
static int
date_width(const NNValue *layer)
{
	static const char *const names[NN_DATE_PARTS] = {"trend", "hour", "weekday", "yearday",
													 "missing"};
	const NNValue *parts = nn_value_get(layer, "parts");
	unsigned wanted = 0;

	for (int i = 0; parts != NULL && parts->type == NN_V_ARRAY && i < parts->count; i++)
		for (int k = 0; k < NN_DATE_PARTS; k++)
			if (parts->items[i].type == NN_V_STRING &&
				strcmp(parts->items[i].string, names[k]) == 0)
				wanted |= 1U << k;
	return nn_date_width(wanted == 0 ? NN_DATE_ALL : wanted);
}

void
nnet_reading_set_input(NNValue *input, const NNValue *next)
{
	if (nnet_spec_is(input, INPUT_KIND) && nnet_spec_is(next, DATE_KIND) && is_one(input))
		nnet_spec_set_shape(input, nnet_value_integer(date_width(next)));
}

/* ---- reading ---- */

static const char *
layer_name(const NnetModel *model, const NnetReading *reading)
{
	return nn_layer_name(nn_model_layer(model->core, reading->layer));
}

static void
refuse(const NnetModel *model, const NnetReading *reading, const char *problem, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\": layer \"%s\" has %s", model->name, layer_name(model, reading),
					problem),
			 errhint("%s", hint)));
}

/* A value of the configuration as a token's bytes; false: it is none. */
static bool
get_token(const NnetReading *reading, const NNValue *value, const char **bytes, int *length)
{
	int64 *integer;

	if (reading->how.as != NN_READ_INTEGERS)
	{
		*bytes = value->string;
		*length = value->type == NN_V_STRING ? (int) strlen(value->string) : 0;
		return value->type == NN_V_STRING;
	}
	integer = palloc(sizeof(int64));
	*bytes = (const char *) integer;
	*length = sizeof(int64);
	return nnet_value_int64(value, integer);
}

static void
read_special(const NnetModel *model, const NnetReading *reading, const NNValue *config,
			 const char *key, const char **bytes, int *length)
{
	const NNValue *value = nn_value_get(config, key);
	NNValue text;

	if (value == NULL || value->type == NN_V_NULL)
		return;
	if (reading->how.as == NN_READ_HASHES && value->type == NN_V_NUMBER)
	{
		int64 integer;

		if (nnet_value_int64(value, &integer))
		{
			text = nnet_value_string(psprintf(INT64_FORMAT, integer));
			value = &text;
		}
	}
	if (!get_token(reading, value, bytes, length))
		refuse(model, reading, psprintf("a \"%s\" that is no token", key),
			   reading->how.as == NN_READ_INTEGERS ? "It is an integer of 64 bits."
												   : "It is a string.");
}

static bool
same(const char *a, int a_length, const char *b, int b_length)
{
	return a != NULL && a_length == b_length && memcmp(a, b, a_length) == 0;
}

static void
read_vocabulary(const NnetModel *model, NnetReading *reading, const NNValue *given)
{
	int most = reading->how.max_tokens > 0 ? reading->how.max_tokens - nnet_reading_first(reading)
										   : INT_MAX;

	if (given->type != NN_V_ARRAY)
		refuse(model, reading, "a vocabulary that is no array", "It is an array of tokens.");
	for (int i = 0; i < given->count; i++)
	{
		const char *bytes;
		int length;

		nnet_check_interrupts();
		if (!get_token(reading, &given->items[i], &bytes, &length))
			refuse(model, reading, psprintf("a vocabulary whose element %d is no token", i + 1),
				   reading->how.as == NN_READ_INTEGERS ? "Tokens are integers of 64 bits."
													   : "Tokens are strings.");
		if (same(reading->mask, reading->mask_length, bytes, length) ||
			same(reading->oov, reading->oov_length, bytes, length))
			refuse(model, reading, "its mask_token or oov_token in its vocabulary",
				   "Those have ids of their own: leave them out.");
		if (nnet_tokens_add(reading->tokens, bytes, length) != i)
			refuse(model, reading,
				   psprintf("the token \"%s\" twice in its vocabulary",
							nnet_reading_token(reading,
											   nnet_tokens_find(reading->tokens, bytes, length))),
				   "It is an array of different tokens.");
	}
	if (given->count > most)
		refuse(model, reading,
			   psprintf("a vocabulary of %d tokens, but max_tokens is %d", given->count,
						reading->how.max_tokens),
			   "max_tokens counts num_oov_indices and the mask_token, too.");
	reading->known = true;
}

static void
read_lookup(const NnetModel *model, NnetReading *reading, const NNValue *config)
{
	static const int64 minus_one = -1;
	const NNValue *given = nn_value_get(config, "vocabulary");

	reading->tokens = nnet_tokens_make(model->context);
	reading->oov = reading->how.as == NN_READ_INTEGERS ? (const char *) &minus_one : "[UNK]";
	reading->oov_length = reading->how.as == NN_READ_INTEGERS ? sizeof(int64) : 5;
	read_special(model, reading, config, "mask_token", &reading->mask, &reading->mask_length);
	read_special(model, reading, config, "oov_token", &reading->oov, &reading->oov_length);
	if (given != NULL && given->type != NN_V_NULL)
		read_vocabulary(model, reading, given);
}

static bool
get_finite(const NNValue *config, const char *key, double *number)
{
	const NNValue *value = nn_value_get(config, key);

	if (value == NULL || value->type != NN_V_NUMBER || !isfinite(value->number))
		return false;
	*number = value->number;
	return true;
}

static bool
is_given(const NNValue *config, const char *key)
{
	const NNValue *value = nn_value_get(config, key);

	return value != NULL && value->type != NN_V_NULL;
}

static void
read_trend(const NnetModel *model, NnetReading *reading, const NNValue *config)
{
	reading->known = (reading->how.parts & NN_DATE_TREND) == 0;
	if (!is_given(config, "origin") && !is_given(config, "deviation"))
		return;
	if (!get_finite(config, "origin", &reading->origin) ||
		!get_finite(config, "deviation", &reading->deviation) || reading->deviation < 0)
		refuse(model, reading, "an origin or deviation that is none",
			   "Both are numbers of seconds, and a deviation is 0 or more.");
	reading->known = true;
}

static void
read_origins(const NnetModel *model, NnetReading *reading, const NNValue *config)
{
	const NNValue *given = nn_value_get(config, "origin");

	reading->known = true;
	if (given == NULL || given->type == NN_V_NULL)
		return;
	if (given->type != NN_V_ARRAY || given->count < 1 ||
		(size_t) given->count !=
			nn_shape_size(nn_layer_shape(nn_model_layer(model->core, reading->layer))))
		refuse(model, reading, "an origin that does not fit its shape",
			   "It is an array with a number for each value of a sample, or of a step.");
	reading->n_origins = given->count;
	reading->origins =
		MemoryContextAllocHuge(model->context, sizeof(double) * (size_t) given->count);
	for (int i = 0; i < given->count; i++)
	{
		reading->origins[i] = given->items[i].number;
		if (given->items[i].type != NN_V_NUMBER || !isfinite(reading->origins[i]))
			refuse(model, reading, "an origin with something that is no number",
				   "It is an array with a number for each value of a sample, or of a step.");
	}
}

void
nnet_readings_read(NnetModel *model)
{
	MemoryContext caller = MemoryContextSwitchTo(model->context);

	model->readings = palloc0(sizeof(NnetReading) * (size_t) model->core->n_inputs);
	for (int i = 0; i < model->core->n_inputs; i++)
	{
		NnetReading *reading = &model->readings[i];
		const NNValue *config;

		nn_model_reading(model->core, i, &reading->how);
		reading->layer = reading->how.layer;
		config = model->layer_configs[reading->layer];
		reading->adapted = nn_value_get(config, "adapted") != NULL &&
			nn_value_get(config, "adapted")->type == NN_V_BOOL &&
			nn_value_get(config, "adapted")->boolean;
		switch (reading->how.as)
		{
			case NN_READ_NUMBERS:
				read_origins(model, reading, config);
				break;
			case NN_READ_TOKENS:
				break; /* model->vocabulary */
			case NN_READ_STRINGS:
			case NN_READ_INTEGERS:
				read_lookup(model, reading, config);
				nnet_reading_check(model, reading);
				break;
			case NN_READ_HASHES:
				read_special(model, reading, config, "mask_value", &reading->mask,
							 &reading->mask_length);
				reading->known = true;
				break;
			case NN_READ_DATES:
				read_trend(model, reading, config);
				break;
		}
	}
	MemoryContextSwitchTo(caller);
}

/* ---- ids ---- */

int
nnet_reading_first(const NnetReading *reading)
{
	return reading->how.first_oov + reading->how.num_oov;
}

static int
oov_id(const NnetReading *reading, const char *token, int length)
{
	int n = reading->how.num_oov;
	int64 integer;

	if (n <= 1)
		return reading->how.first_oov;
	if (reading->how.as == NN_READ_STRINGS)
		return reading->how.first_oov + (int) (nn_fingerprint(token, length) % (uint64) n);
	memcpy(&integer, token, sizeof(integer));
	return reading->how.first_oov + (int) ((integer % n + n) % n);
}

int
nnet_reading_id(const NnetReading *reading, const char *token, int length)
{
	int number = nnet_tokens_find(reading->tokens, token, length);

	return number >= 0 ? number + nnet_reading_first(reading) : oov_id(reading, token, length);
}

void
nnet_check_vocabulary_ids(const NnetModel *model, int layer, int ids)
{
	const NNLayer *from = nn_model_layer(model->core, layer);
	const NNLayer *taker = nn_model_ids_taker(model->core, layer);
	int room = taker == NULL ? 0 : nn_layer_ids(taker);

	if (taker == NULL || ids <= room)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\": the vocabulary of layer \"%s\" has %d ids, but layer "
					"\"%s\" takes %d",
					model->name, nn_layer_name(from), ids, nn_layer_name(taker), room),
			 errhint("Give %s max_tokens => %d, or layer \"%s\" room for more.",
					 nn_layer_kind(from), room, nn_layer_name(taker))));
}

void
nnet_reading_check(const NnetModel *model, const NnetReading *reading)
{
	nnet_check_vocabulary_ids(model, reading->layer,
							  nnet_tokens_count(reading->tokens) + nnet_reading_first(reading));
}

/* ---- writing ---- */

static NNValue
token_value(const NnetReading *reading, int i)
{
	const char *token = nnet_tokens_get(reading->tokens, i);
	int64 integer;

	if (reading->how.as != NN_READ_INTEGERS)
		return nnet_value_string(token);
	memcpy(&integer, token, sizeof(integer));
	return nnet_value_integer(integer);
}

char *
nnet_reading_token(const NnetReading *reading, int i)
{
	const char *token = nnet_tokens_get(reading->tokens, i);
	int64 integer;

	if (reading->how.as != NN_READ_INTEGERS)
		return pstrdup(token);
	memcpy(&integer, token, sizeof(integer));
	return psprintf(INT64_FORMAT, integer);
}

NNValue *
nnet_reading_config(const NnetModel *model, const NnetReading *reading)
{
	const NNValue *config = model->layer_configs[reading->layer];
	NNValue *changed = palloc(sizeof(NNValue));
	NNValue list;

	*changed =
		nnet_value_without(config, NNET_KEYS("vocabulary", "origin", "deviation", "adapted"), 3);
	if (!reading->known)
		return changed;
	nnet_value_set(changed, "adapted", nnet_value_bool(true));
	switch (reading->how.as)
	{
		case NN_READ_STRINGS:
		case NN_READ_INTEGERS:
			list = nnet_value_array(nnet_tokens_count(reading->tokens));
			for (int i = 0; i < nnet_tokens_count(reading->tokens); i++)
				nnet_value_append(&list, token_value(reading, i));
			nnet_value_set(changed, "vocabulary", list);
			break;
		case NN_READ_DATES:
			nnet_value_set(changed, "origin", nnet_value_number(reading->origin));
			nnet_value_set(changed, "deviation", nnet_value_number(reading->deviation));
			break;
		case NN_READ_NUMBERS:
			list = nnet_value_array(reading->n_origins);
			for (int i = 0; i < reading->n_origins; i++)
				nnet_value_append(&list, nnet_value_number(reading->origins[i]));
			nnet_value_set(changed, "origin", list);
			break;
		case NN_READ_TOKENS:
		case NN_READ_HASHES:
			break;
	}
	return changed;
}
