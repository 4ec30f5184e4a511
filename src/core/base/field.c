/*
 * field.c
 *	  Configurations read by table: defaults, types, ranges, words.
 *
 * Values come from a stranger's table.  What is stored in conf is within the
 * field's range, finite, and one of its words; everything else is refused by
 * name, and lists in hints come from the tables that parse.
 */
#include <stdarg.h>
#include <stdio.h>

#include "core/base/field.h"

/* ---- messages ---- */

void
nn_append(char *buf, size_t size, size_t *used, const char *format, ...)
{
	va_list args;
	int length;

	if (*used >= size)
		return;
	va_start(args, format);
	length = vsnprintf(buf + *used, size - *used, format, args);
	va_end(args);
	if (length > 0)
		*used += (size_t) length;
}

void
nn_words_list(const NNWord *words, char *buf, size_t size)
{
	size_t used = 0;

	if (size > 0)
		buf[0] = '\0';
	for (int i = 0; words[i].name != NULL; i++)
		nn_append(buf, size, &used, "%s%s", i == 0 ? "" : ", ", words[i].name);
}

static void
fields_list(const NNFields *tables, int n, const char *const *common, char *buf, size_t size)
{
	size_t used = 0;
	const char *separator = "";

	buf[0] = '\0';
	for (int i = 0; i < n; i++)
		for (const NNField *field = tables[i].fields; field->name != NULL; field++)
		{
			nn_append(buf, size, &used, "%s%s", separator, field->name);
			separator = ", ";
		}
	for (; common != NULL && *common != NULL; common++)
	{
		nn_append(buf, size, &used, "%s%s", separator, *common);
		separator = ", ";
	}
}

static const char *
type_text(const NNValue *value)
{
	switch (value->type)
	{
		case NN_V_NULL:
			return "null";
		case NN_V_BOOL:
			return "a boolean";
		case NN_V_NUMBER:
			return "a number";
		case NN_V_STRING:
			return "a string";
		case NN_V_ARRAY:
			return "an array";
		case NN_V_OBJECT:
			return "an object";
	}
	return "something else";
}

bool
nn_field_wrong_type(const NNPlace *place, const char *expected, const NNValue *value)
{
	char clip[NN_CLIP];

	if (value->type == NN_V_STRING)
		return nn_error(place->error, NN_BAD_VALUE,
						"%s: option \"%s\" must be %s, not the string \"%s\"", place->what,
						place->field->name, expected, nn_clip(clip, value->string));
	return nn_error(place->error, NN_BAD_VALUE, "%s: option \"%s\" must be %s, not %s", place->what,
					place->field->name, expected, type_text(value));
}

static bool
check_layer_value(const NNPlace *place, const NNValue *value)
{
	const NNValue *kind = nn_value_get(value, "kind");

	if (kind != NULL && kind->type == NN_V_STRING)
		return true;
	if (value->type != NN_V_OBJECT)
		nn_field_wrong_type(place, "a layer: an object with \"kind\"", value);
	else
		nn_error(place->error, NN_BAD_VALUE, "%s: option \"%s\" must be a layer with a \"kind\"",
				 place->what, place->field->name);
	return nn_hint(place->error,
				   "Make it by a function of the schema nnet, such as nnet.lstm(32).");
}

/* ---- all fields ---- */

static void
set_default(const NNField *field, void *conf)
{
	char *at = (char *) conf + field->offset;

	switch (field->type)
	{
		case NN_FIELD_TYPE_INT:
		case NN_FIELD_TYPE_WORD:
		case NN_FIELD_TYPE_GIVEN:
			*(int *) at = (int) field->def;
			break;
		case NN_FIELD_TYPE_REAL:
			*(double *) at = field->def;
			break;
		case NN_FIELD_TYPE_BOOL:
			*(bool *) at = field->def != 0;
			break;
		case NN_FIELD_TYPE_INTS:
		case NN_FIELD_TYPE_PAIRS:
		case NN_FIELD_TYPE_WORDS:
			for (int i = 0; i < field->count; i++)
				((int *) at)[i] = (int) field->def;
			break;
		case NN_FIELD_TYPE_REALS:
			memset(at, 0, sizeof(NNReals));
			break;
		case NN_FIELD_TYPE_SHAPE:
			memset(at, 0, sizeof(NNInts));
			break;
		case NN_FIELD_TYPE_INITIALIZER:
			*(NNInitializer *) at = nn_initializer_default((NNInitializerKind) field->def);
			break;
		case NN_FIELD_TYPE_REGULARIZER:
			memset(at, 0, sizeof(NNRegularizer));
			break;
		case NN_FIELD_TYPE_LAYER:
		case NN_FIELD_TYPE_IGNORED:
			break;
	}
}

static bool
parse_field(const NNPlace *place, void *conf, const NNValue *value)
{
	const NNField *field = place->field;
	char *at = (char *) conf + field->offset;

	switch (field->type)
	{
		case NN_FIELD_TYPE_INT:
			return nn_field_int(place, value, (int *) at);
		case NN_FIELD_TYPE_REAL:
			return nn_field_real(place, value, (double *) at);
		case NN_FIELD_TYPE_BOOL:
			if (value->type != NN_V_BOOL)
				return nn_field_wrong_type(place, "true or false", value);
			*(bool *) at = value->boolean;
			return true;
		case NN_FIELD_TYPE_WORD:
			return nn_field_word(place, field->words, value, (int *) at);
		case NN_FIELD_TYPE_WORDS:
			return nn_field_words(place, value, (int *) at);
		case NN_FIELD_TYPE_GIVEN:
			*(int *) at = value->type == NN_V_ARRAY ? value->count : 1;
			return true;
		case NN_FIELD_TYPE_INTS:
			return nn_field_ints(place, value, (int *) at);
		case NN_FIELD_TYPE_PAIRS:
			return nn_field_pairs(place, value, (int *) at);
		case NN_FIELD_TYPE_REALS:
			return nn_field_reals(place, value, (NNReals *) at);
		case NN_FIELD_TYPE_SHAPE:
			return nn_field_shape(place, value, (NNInts *) at);
		case NN_FIELD_TYPE_INITIALIZER:
			return nn_field_initializer(place, value, (NNInitializer *) at);
		case NN_FIELD_TYPE_REGULARIZER:
			return nn_field_regularizer(place, value, (NNRegularizer *) at);
		case NN_FIELD_TYPE_LAYER:
			return check_layer_value(place, value);
		case NN_FIELD_TYPE_IGNORED:
			return true;
	}
	return false;
}

static bool
is_known(const NNFields *tables, int n, const char *const *common, const char *key)
{
	for (int i = 0; i < n; i++)
		for (const NNField *field = tables[i].fields; field->name != NULL; field++)
			if (strcmp(field->name, key) == 0)
				return true;
	for (; common != NULL && *common != NULL; common++)
		if (strcmp(*common, key) == 0)
			return true;
	return false;
}

/* Keys that no field has: almost always a misspelt option. */
static bool
check_keys(const NNFields *tables, int n, const char *const *common, const NNValue *object,
		   const char *what, NNError *error)
{
	char list[sizeof(error->hint) - NN_MAX_NAME];
	char clip[NN_CLIP];

	for (int i = 0; i < object->count; i++)
	{
		if (is_known(tables, n, common, object->keys[i]))
			continue;
		nn_error(error, NN_UNKNOWN_NAME, "%s: there is no option \"%s\"", what,
				 nn_clip(clip, object->keys[i]));
		fields_list(tables, n, common, list, sizeof(list));
		if (list[0] == '\0')
			return nn_hint(error, "It has no options.");
		return nn_hint(error, "Its options are: %s.", list);
	}
	return true;
}

/* One table's, whose keys were checked; object may be NULL. */
static bool
parse_fields(const NNField *fields, void *conf, const NNValue *object, const char *what,
			 NNError *error)
{
	for (const NNField *field = fields; field->name != NULL; field++)
	{
		const NNValue *value = nn_value_get(object, field->name);
		NNPlace place = {what, field, error};

		set_default(field, conf);
		if (value != NULL && value->type != NN_V_NULL)
		{
			if (!parse_field(&place, conf, value))
				return false;
		}
		else if (field->required)
			return nn_error(error, NN_BAD_VALUE, "%s: option \"%s\" is missing", what, field->name);
		else if (value != NULL && field->words == nn_activation_words)
			*(int *) ((char *) conf + field->offset) = NN_LINEAR; /* None is no activation */
	}
	return true;
}

bool
nn_fields_parse_all(const NNFields *tables, int n, const NNValue *object, const char *what,
					const char *const *common, NNError *error)
{
	if (object != NULL && object->type == NN_V_NULL)
		object = NULL;
	if (object != NULL && object->type != NN_V_OBJECT)
		return nn_error(error, NN_BAD_VALUE, "%s: options must be an object, not %s", what,
						type_text(object));
	if (object != NULL && !check_keys(tables, n, common, object, what, error))
		return false;
	for (int i = 0; i < n; i++)
		if (!parse_fields(tables[i].fields, tables[i].conf, object, what, error))
			return false;
	return true;
}

bool
nn_fields_parse(const NNField *fields, void *conf, const NNValue *object, const char *what,
				const char *const *common, NNError *error)
{
	const NNFields table = {fields, conf};

	return nn_fields_parse_all(&table, 1, object, what, common, error);
}
