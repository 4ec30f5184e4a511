/*
 * field_word.c
 *	  Options that are words, alone or with arguments: initializers and
 *	  regularizers.
 */
#include <stdio.h>

#include "core/base/field.h"

/* The longest list of words that leaves a hint room for its sentence. */
#define LIST_SIZE (sizeof(((NNError *) NULL)->hint) - NN_MAX_NAME)

bool
nn_field_word(const NNPlace *place, const NNWord *words, const NNValue *value, int *into)
{
	char list[LIST_SIZE];
	char clip[NN_CLIP];

	if (value->type != NN_V_STRING)
		return nn_field_wrong_type(place, "a string", value);
	for (const NNWord *word = words; word->name != NULL; word++)
	{
		if (strcmp(word->name, value->string) == 0)
		{
			*into = word->value;
			return true;
		}
	}
	nn_error(place->error, NN_UNKNOWN_NAME, "%s: option \"%s\" has no value \"%s\"", place->what,
			 place->field->name, nn_clip(clip, value->string));
	nn_words_list(words, list, sizeof(list));
	return nn_hint(place->error, "Valid values are: %s.", list);
}

bool
nn_field_words(const NNPlace *place, const NNValue *value, int *into)
{
	if (value->type != NN_V_ARRAY)
		return nn_field_wrong_type(place, "an array of words", value);
	if (value->count < 1 || value->count > place->field->count)
		return nn_error(place->error, NN_BAD_VALUE,
						"%s: option \"%s\" must have 1 to %d elements, not %d", place->what,
						place->field->name, place->field->count, value->count);
	for (int i = 0; i < value->count; i++)
		if (!nn_field_word(place, place->field->words, &value->items[i], &into[i]))
			return false;
	return true;
}

/* The fields of an object given as an option's value, in the same manner. */
static bool
parse_nested(const NNPlace *place, const NNField *fields, void *into, const NNValue *value,
			 const char *const *common)
{
	char what[256];

	snprintf(what, sizeof(what), "%s: %s", place->what, place->field->name);
	return nn_fields_parse(fields, into, value, what, common, place->error);
}

/*
 * An initializer's arguments by Keras's names.  Ends of ranges keep sums of
 * float weights finite.
 */
#define INITIALIZER_ARG(name, m, min)                                                      \
	{                                                                                      \
		name, NN_FIELD_TYPE_REAL, offsetof(NNInitializer, m), false, 0, min, 1e30, NULL, 0 \
	}

static const NNField value_fields[] = {INITIALIZER_ARG("value", a, -1e30), NN_FIELD_END};
static const NNField normal_fields[] = {
	INITIALIZER_ARG("mean", a, -1e30),
	INITIALIZER_ARG("stddev", b, 0),
	NN_FIELD_END,
};
static const NNField uniform_fields[] = {
	INITIALIZER_ARG("minval", a, -1e30),
	INITIALIZER_ARG("maxval", b, -1e30),
	NN_FIELD_END,
};
static const NNField gain_fields[] = {INITIALIZER_ARG("gain", a, -1e30), NN_FIELD_END};
static const NNField no_fields[] = {NN_FIELD_END};

static const NNField *
initializer_fields(NNInitializerKind kind)
{
	switch (kind)
	{
		case NN_INIT_CONSTANT:
			return value_fields;
		case NN_INIT_RANDOM_NORMAL:
		case NN_INIT_TRUNCATED_NORMAL:
			return normal_fields;
		case NN_INIT_RANDOM_UNIFORM:
			return uniform_fields;
		case NN_INIT_ORTHOGONAL:
		case NN_INIT_IDENTITY:
			return gain_fields;
		default:
			return no_fields;
	}
}

bool
nn_field_initializer(const NNPlace *place, const NNValue *value, NNInitializer *into)
{
	static const char *const common[] = {"kind", NULL};
	char list[LIST_SIZE];
	const NNValue *kind_value = value;
	NNInitializer given;
	NNField fields[3];
	int kind = 0;

	if (value->type == NN_V_OBJECT)
	{
		kind_value = nn_value_get(value, "kind");
		if (kind_value == NULL)
		{
			nn_error(place->error, NN_BAD_VALUE, "%s: option \"%s\" is an object without \"kind\"",
					 place->what, place->field->name);
			nn_words_list(place->field->words, list, sizeof(list));
			return nn_hint(place->error, "Its kind is one of: %s.", list);
		}
	}
	else if (value->type != NN_V_STRING)
		return nn_field_wrong_type(place, "a string or an object with \"kind\"", value);
	if (!nn_field_word(place, place->field->words, kind_value, &kind))
		return false;

	*into = nn_initializer_default((NNInitializerKind) kind);
	if (value->type != NN_V_OBJECT)
		return true;

	/* arguments left out keep the kind's own defaults */
	memcpy(fields, no_fields, sizeof(no_fields));
	for (int i = 0; i < NN_ARRAY_LENGTH(fields); i++)
	{
		fields[i] = initializer_fields(into->kind)[i];
		if (fields[i].name == NULL)
			break;
		fields[i].def = i == 0 ? into->a : into->b;
	}
	given = *into;
	if (!parse_nested(place, fields, &given, value, common))
		return false;
	*into = given;
	if (into->kind == NN_INIT_RANDOM_UNIFORM && into->a > into->b)
		return nn_error(place->error, NN_BAD_VALUE, "%s: %s: minval %.10g is above maxval %.10g",
						place->what, place->field->name, into->a, into->b);
	return true;
}

/* Keras's factor for a regularizer given by its name alone */
#define DEFAULT_REGULARIZATION 0.01

bool
nn_field_regularizer(const NNPlace *place, const NNValue *value, NNRegularizer *into)
{
	enum
	{
		L1 = 1,
		L2 = 2,
	};
	static const NNWord words[] = {{"l1", L1}, {"l2", L2}, {"l1_l2", L1 | L2}, {NULL, 0}};
	static const NNField fields[] = {
		NN_FIELD_REAL(NNRegularizer, l1, false, 0, 0, 1e30),
		NN_FIELD_REAL(NNRegularizer, l2, false, 0, 0, 1e30),
		NN_FIELD_END,
	};
	int word = 0;

	if (value->type == NN_V_OBJECT)
		return parse_nested(place, fields, into, value, NULL);
	if (value->type != NN_V_STRING)
		return nn_field_wrong_type(place, "\"l1\", \"l2\" or an object such as {\"l2\": 0.01}",
								   value);
	if (!nn_field_word(place, words, value, &word))
		return false;
	if (word & L1)
		into->l1 = DEFAULT_REGULARIZATION;
	if (word & L2)
		into->l2 = DEFAULT_REGULARIZATION;
	return true;
}
