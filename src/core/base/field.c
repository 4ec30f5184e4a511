/*
 * field.c
 *	  Configurations read by table: defaults, types, ranges, words.
 *
 * Values come from a stranger's table.  What is stored in conf is within the
 * field's range, finite, and one of its words; everything else is refused by
 * name, and lists in hints come from the tables that parse.
 */
#include <float.h>
#include <limits.h>
#include <stdio.h>

#include "core/base/field_number.h"

/* ---- messages ---- */

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

/* ---- words, alone or with arguments: initializers, regularizers ---- */

/* The longest list of words that leaves a hint room for its sentence. */
#define LIST_SIZE (sizeof(((NNError *) NULL)->hint) - NN_MAX_NAME)

static bool
parse_word(const NNPlace *place, const NNWord *words, const NNValue *value, int *into)
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

static bool
parse_words(const NNPlace *place, const NNValue *value, int *into)
{
	if (value->type != NN_V_ARRAY)
		return nn_field_wrong_type(place, "an array of words", value);
	if (value->count < 1 || value->count > place->field->count)
		return nn_error(place->error, NN_BAD_VALUE,
						"%s: option \"%s\" must have 1 to %d elements, not %d", place->what,
						place->field->name, place->field->count, value->count);
	for (int i = 0; i < value->count; i++)
		if (!parse_word(place, place->field->words, &value->items[i], &into[i]))
			return false;
	return true;
}

static bool
parse_text(const NNPlace *place, const NNValue *value, char *into)
{
	if (value->type != NN_V_STRING)
		return nn_field_wrong_type(place, "a text", value);
	if (strlen(value->string) >= NN_MAX_TEXT)
		return nn_error(place->error, NN_BAD_VALUE, "%s: option \"%s\" must be at most %d bytes",
						place->what, place->field->name, NN_MAX_TEXT - 1);
	memcpy(into, value->string, strlen(value->string) + 1);
	return true;
}

static bool
parse_texts(const NNPlace *place, const NNValue *value, NNTexts *into)
{
	if (value->type != NN_V_ARRAY)
		return nn_field_wrong_type(place, "an array of texts", value);
	if (value->count > NN_MAX_TEXTS)
		return nn_error(place->error, NN_BAD_VALUE, "%s: option \"%s\" has %d texts, at most %d go",
						place->what, place->field->name, value->count, NN_MAX_TEXTS);
	for (int i = 0; i < value->count; i++)
	{
		const NNValue *item = &value->items[i];
		size_t n = item->type == NN_V_STRING ? strlen(item->string) : 0;

		if (n == 0 || n >= NN_MAX_TEXT)
			return nn_error(place->error, NN_BAD_VALUE,
							"%s: option \"%s\" must be texts of 1 to %d bytes", place->what,
							place->field->name, NN_MAX_TEXT - 1);
		memcpy(into->text[i], item->string, n + 1);
	}
	into->count = value->count;
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
static const NNField scaling_fields[] = {
	INITIALIZER_ARG("scale", a, 1e-30),
	NN_FIELD_WORD(NNInitializer, mode, nn_fan_words, NN_FAN_IN),
	NN_FIELD_WORD(NNInitializer, distribution, nn_distribution_words, NN_TRUNCATED_NORMAL),
	NN_FIELD_END,
};
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
		case NN_INIT_VARIANCE_SCALING:
			return scaling_fields;
		default:
			return no_fields;
	}
}

/* Which of the field's words a string is, or an object's "kind". */
static bool
parse_kind(const NNPlace *place, const NNValue *value, int *kind)
{
	char list[LIST_SIZE];

	if (value->type == NN_V_OBJECT)
	{
		value = nn_value_get(value, "kind");
		if (value == NULL)
		{
			nn_error(place->error, NN_BAD_VALUE, "%s: option \"%s\" is an object without \"kind\"",
					 place->what, place->field->name);
			nn_words_list(place->field->words, list, sizeof(list));
			return nn_hint(place->error, "Its kind is one of: %s.", list);
		}
	}
	else if (value->type != NN_V_STRING)
		return nn_field_wrong_type(place, "a string or an object with \"kind\"", value);
	return parse_word(place, place->field->words, value, kind);
}

static const char *const kind_key[] = {"kind", NULL};

static bool
parse_initializer(const NNPlace *place, const NNValue *value, NNInitializer *into)
{
	NNInitializer given;
	NNField fields[4];
	int kind = 0;

	if (!parse_kind(place, value, &kind))
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
		if (fields[i].type == NN_FIELD_TYPE_REAL)
			fields[i].def = i == 0 ? into->a : into->b;
	}
	given = *into;
	if (!parse_nested(place, fields, &given, value, kind_key))
		return false;
	*into = given;
	if (into->kind == NN_INIT_RANDOM_UNIFORM && into->a > into->b)
		return nn_error(place->error, NN_BAD_VALUE, "%s: %s: minval %.10g is above maxval %.10g",
						place->what, place->field->name, into->a, into->b);
	return true;
}

/* ---- constraints, of Keras's defaults ---- */

const NNWord nn_constraint_words[] = {
	{"max_norm", NN_MAX_NORM},
	{"min_max_norm", NN_MIN_MAX_NORM},
	{"non_neg", NN_NON_NEG},
	{"unit_norm", NN_UNIT_NORM},
	{NULL, 0},
};

#define NORM(m, def) NN_FIELD_REAL(NNConstraint, m, false, def, 0, 1e30)
#define NORM_AXIS                                                                         \
	{                                                                                     \
		"axis", NN_FIELD_TYPE_LIST, offsetof(NNConstraint, axis), false, 0, -NN_MAX_DIMS, \
			NN_MAX_DIMS - 1, NULL, NN_MAX_DIMS                                            \
	}

static const NNField max_norm_fields[] = {NORM(max_value, 2), NORM_AXIS, NN_FIELD_END};
static const NNField min_max_norm_fields[] = {
	NORM(min_value, 0), NORM(max_value, 1), NN_FIELD_REAL(NNConstraint, rate, false, 1, 0, 1),
	NORM_AXIS,			NN_FIELD_END,
};
static const NNField unit_norm_fields[] = {NORM_AXIS, NN_FIELD_END};

static bool
parse_constraint(const NNPlace *place, const NNValue *value, NNConstraint *into)
{
	static const NNValue nothing = {.type = NN_V_OBJECT};
	const NNField *fields = no_fields;
	int kind = 0;

	if (!parse_kind(place, value, &kind))
		return false;
	if (kind == NN_MAX_NORM)
		fields = max_norm_fields;
	else if (kind == NN_MIN_MAX_NORM)
		fields = min_max_norm_fields;
	else if (kind == NN_UNIT_NORM)
		fields = unit_norm_fields;
	if (!parse_nested(place, fields, into, value->type == NN_V_OBJECT ? value : &nothing, kind_key))
		return false;
	into->kind = (NNConstraintKind) kind;
	if (into->axis.count == 0)
		into->axis = (NNInts){.count = 1, .value = {0}};
	if (kind == NN_MIN_MAX_NORM && into->min_value > into->max_value)
		return nn_error(place->error, NN_BAD_VALUE,
						"%s: %s: min_value %.10g is above max_value %.10g", place->what,
						place->field->name, into->min_value, into->max_value);
	return true;
}

/* ---- regularizers ---- */

/* Keras's factor for a regularizer given by its name alone */
#define DEFAULT_REGULARIZATION 0.01

/* Of an orthogonal one: that it is one tells the key "factor". */
static bool
parse_orthogonal(const NNPlace *place, const NNValue *value, NNRegularizer *into)
{
	static const NNWord modes[] = {{"rows", NN_ROWS}, {"columns", NN_COLUMNS}, {NULL, 0}};
	static const NNField fields[] = {
		{"factor", NN_FIELD_TYPE_REAL, offsetof(NNRegularizer, orthogonal), false,
		 DEFAULT_REGULARIZATION, 0, 1e30, NULL, 0},
		NN_FIELD_WORD(NNRegularizer, mode, modes, NN_ROWS),
		NN_FIELD_END,
	};

	return parse_nested(place, fields, into, value, NULL);
}

static bool
parse_regularizer(const NNPlace *place, const NNValue *value, NNRegularizer *into)
{
	enum
	{
		L1 = 1,
		L2 = 2,
		ORTHOGONAL = 4,
	};
	static const NNWord words[] = {
		{"l1", L1}, {"l2", L2}, {"l1_l2", L1 | L2}, {"orthogonal_regularizer", ORTHOGONAL},
		{NULL, 0},
	};
	static const NNField fields[] = {
		NN_FIELD_REAL(NNRegularizer, l1, false, 0, 0, 1e30),
		NN_FIELD_REAL(NNRegularizer, l2, false, 0, 0, 1e30),
		NN_FIELD_END,
	};
	bool matrix = place->field->max > 0;
	int word = 0;

	if (matrix && (nn_value_get(value, "factor") != NULL || nn_value_get(value, "mode") != NULL))
		return parse_orthogonal(place, value, into);
	if (value->type == NN_V_OBJECT)
		return parse_nested(place, fields, into, value, NULL);
	if (value->type != NN_V_STRING)
		return nn_field_wrong_type(place, "\"l1\", \"l2\" or an object such as {\"l2\": 0.01}",
								   value);
	if (!parse_word(place, words, value, &word))
		return false;
	if (word & ORTHOGONAL && !matrix)
		return nn_error(
			place->error, NN_BAD_VALUE,
			"%s: option \"%s\" cannot be \"orthogonal_regularizer\", which is of matrices",
			place->what, place->field->name);
	if (word & L1)
		into->l1 = DEFAULT_REGULARIZATION;
	if (word & L2)
		into->l2 = DEFAULT_REGULARIZATION;
	if (word & ORTHOGONAL)
		into->orthogonal = DEFAULT_REGULARIZATION;
	return true;
}

/* ---- clipping ---- */

#define NO_CLIPPING 1e30 /* above what values of single precision differ by */

static bool
parse_clipping(const NNPlace *place, const NNValue *value, NNClipping *into)
{
	static const NNField fields[] = {
		NN_FIELD_REAL(NNClipping, rmin, false, 0, 0, NO_CLIPPING),
		NN_FIELD_REAL(NNClipping, rmax, false, NO_CLIPPING, 0, NO_CLIPPING),
		NN_FIELD_REAL(NNClipping, dmax, false, NO_CLIPPING, 0, NO_CLIPPING),
		NN_FIELD_END,
	};

	if (value->type != NN_V_OBJECT)
		return nn_field_wrong_type(place, "an object such as {\"rmax\": 3, \"dmax\": 5}", value);
	if (!parse_nested(place, fields, into, value, NULL))
		return false;
	if (into->rmin > into->rmax)
		return nn_error(place->error, NN_BAD_VALUE, "%s: %s: rmin %.10g is above rmax %.10g",
						place->what, place->field->name, into->rmin, into->rmax);
	return true;
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
		case NN_FIELD_TYPE_OTHER_LAYER:
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
		case NN_FIELD_TYPE_TEXT:
			memset(at, 0, NN_MAX_TEXT);
			break;
		case NN_FIELD_TYPE_TEXTS:
			memset(at, 0, sizeof(NNTexts));
			break;
		case NN_FIELD_TYPE_SHAPE:
		case NN_FIELD_TYPE_LIST:
			memset(at, 0, sizeof(NNInts));
			break;
		case NN_FIELD_TYPE_NUMBERS:
			memset(at, 0, sizeof(NNNumbers));
			break;
		case NN_FIELD_TYPE_INITIALIZER:
			*(NNInitializer *) at = nn_initializer_default((NNInitializerKind) field->def);
			break;
		case NN_FIELD_TYPE_REGULARIZER:
			memset(at, 0, sizeof(NNRegularizer));
			break;
		case NN_FIELD_TYPE_CONSTRAINT:
			memset(at, 0, sizeof(NNConstraint));
			break;
		case NN_FIELD_TYPE_CLIPPING:
			*(NNClipping *) at = (NNClipping){0, NO_CLIPPING, NO_CLIPPING};
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
			return nn_field_parse_int(place, value, (int *) at);
		case NN_FIELD_TYPE_REAL:
			return nn_field_parse_real(place, value, (double *) at);
		case NN_FIELD_TYPE_BOOL:
			if (value->type != NN_V_BOOL)
				return nn_field_wrong_type(place, "true or false", value);
			*(bool *) at = value->boolean;
			return true;
		case NN_FIELD_TYPE_WORD:
			return parse_word(place, field->words, value, (int *) at);
		case NN_FIELD_TYPE_WORDS:
			return parse_words(place, value, (int *) at);
		case NN_FIELD_TYPE_TEXT:
			return parse_text(place, value, at);
		case NN_FIELD_TYPE_TEXTS:
			return parse_texts(place, value, (NNTexts *) at);
		case NN_FIELD_TYPE_GIVEN:
			*(int *) at = value->type == NN_V_ARRAY ? value->count : 1;
			return true;
		case NN_FIELD_TYPE_INTS:
			return nn_field_parse_ints(place, value, (int *) at);
		case NN_FIELD_TYPE_PAIRS:
			return nn_field_parse_pairs(place, value, (int *) at);
		case NN_FIELD_TYPE_REALS:
			return nn_field_parse_reals(place, value, (NNReals *) at);
		case NN_FIELD_TYPE_SHAPE:
			return nn_field_parse_shape(place, value, (NNInts *) at);
		case NN_FIELD_TYPE_LIST:
			return nn_field_parse_list(place, value, (NNInts *) at);
		case NN_FIELD_TYPE_NUMBERS:
			return nn_field_parse_numbers(place, value, (NNNumbers *) at);
		case NN_FIELD_TYPE_INITIALIZER:
			return parse_initializer(place, value, (NNInitializer *) at);
		case NN_FIELD_TYPE_REGULARIZER:
			return parse_regularizer(place, value, (NNRegularizer *) at);
		case NN_FIELD_TYPE_OTHER_LAYER:
			*(bool *) at = true;
			return check_layer_value(place, value);
		case NN_FIELD_TYPE_CONSTRAINT:
			return parse_constraint(place, value, (NNConstraint *) at);
		case NN_FIELD_TYPE_CLIPPING:
			return parse_clipping(place, value, (NNClipping *) at);
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
						nn_value_type_text(object));
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
