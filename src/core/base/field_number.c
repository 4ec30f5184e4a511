/*
 * field_number.c
 *	  Options that are numbers, and lists of them: within the field's range, and finite.
 */
#include <float.h>
#include <limits.h>
#include <stdio.h>

#include "core/base/field_number.h"

/* ---- messages ---- */

const char *
nn_value_type_text(const NNValue *value)
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
					place->field->name, expected, nn_value_type_text(value));
}

/* ---- numbers, lists of numbers, shapes ---- */

/* "from 1 to 9"; an open end reads "greater than 0" or "less than 1". */
static void
range_text(double min, double max, char *buf, size_t size)
{
	bool open_min = min > 0 && min <= DBL_MIN;
	bool open_max = max == nextafter(1, 0);
	size_t used = 0;

	if (!open_min && !open_max && isfinite(min) && isfinite(max))
	{
		snprintf(buf, size, "from %.10g to %.10g", min, max);
		return;
	}
	buf[0] = '\0';
	if (min > -DBL_MAX)
		nn_append(buf, size, &used, "%s %.10g", open_min ? "greater than" : "at least",
				  open_min ? 0.0 : min);
	if (max < DBL_MAX)
		nn_append(buf, size, &used, "%s%s %.10g", used > 0 ? " and " : "",
				  open_max ? "less than" : "at most", open_max ? 1.0 : max);
	if (used == 0)
		nn_append(buf, size, &used, "finite");
}

/* number, within the range and, where wanted, without a fraction. */
static bool
check_number(const NNPlace *place, double number, bool whole, double min, double max)
{
	char range[80];

	range_text(min, max, range, sizeof(range));
	if (whole && isfinite(number) && number != floor(number))
		return nn_error(place->error, NN_BAD_VALUE,
						"%s: option \"%s\" must be a whole number, not %.10g", place->what,
						place->field->name, number);
	if (!isfinite(number) || number < min || number > max)
		return nn_error(place->error, NN_BAD_VALUE, "%s: option \"%s\" must be %s, not %.10g",
						place->what, place->field->name, range, number);
	return true;
}

bool
nn_field_parse_int(const NNPlace *place, const NNValue *value, int *into)
{
	double min = fmax(place->field->min, INT_MIN);
	double max = fmin(place->field->max, INT_MAX);

	if (value->type != NN_V_NUMBER)
		return nn_field_wrong_type(place, "a whole number", value);
	if (!check_number(place, value->number, true, min, max))
		return false;
	*into = (int) value->number;
	return true;
}

bool
nn_field_parse_real(const NNPlace *place, const NNValue *value, double *into)
{
	if (value->type != NN_V_NUMBER)
		return nn_field_wrong_type(place, "a number", value);
	if (!check_number(place, value->number, false, place->field->min, place->field->max))
		return false;
	*into = value->number;
	return true;
}

/* A list of 1 to count, or a number that stands for a list of one. */
static bool
list_items(const NNPlace *place, const NNValue *value, const NNValue **items, int *count)
{
	if (value->type == NN_V_NUMBER)
	{
		*items = value;
		*count = 1;
		return true;
	}
	if (value->type != NN_V_ARRAY)
		return nn_field_wrong_type(place, "a number or an array", value);
	if (value->count < 1 || value->count > place->field->count)
		return nn_error(place->error, NN_BAD_VALUE,
						"%s: option \"%s\" must have 1 to %d elements, not %d", place->what,
						place->field->name, place->field->count, value->count);
	*items = value->items;
	*count = value->count;
	return true;
}

bool
nn_field_parse_reals(const NNPlace *place, const NNValue *value, NNReals *into)
{
	const NNValue *items = NULL;
	int count = 0;
	double *values = into->value; /* by a pointer: there may be more of them */

	if (!list_items(place, value, &items, &count))
		return false;
	for (int i = 0; i < count; i++)
		if (!nn_field_parse_real(place, &items[i], &values[i]))
			return false;
	into->count = count;
	return true;
}

bool
nn_field_parse_shape(const NNPlace *place, const NNValue *value, NNInts *into)
{
	const NNValue *items = NULL;
	int count = 0;

	if (!list_items(place, value, &items, &count))
		return false;
	for (int i = 0; i < count; i++)
	{
		if (items[i].type == NN_V_NULL)
			into->value[i] = NN_ANY;
		else if (!nn_field_parse_int(place, &items[i], &into->value[i]))
			return false;
		if (into->value[i] == 0)
		{
			nn_error(place->error, NN_BAD_VALUE, "%s: option \"%s\" must not contain 0",
					 place->what, place->field->name);
			return nn_hint(place->error,
						   "A dimension is at least 1; -1 stands for what the others leave.");
		}
	}
	into->count = count;
	return true;
}

bool
nn_field_parse_list(const NNPlace *place, const NNValue *value, NNInts *into)
{
	const NNValue *items = NULL;
	int count = 0;

	if (!list_items(place, value, &items, &count))
		return false;
	for (int i = 0; i < count; i++)
		if (!nn_field_parse_int(place, &items[i], &into->value[i]))
			return false;
	into->count = count;
	return true;
}

/* Of each the range is checked; the field's "count" says whether they must be whole. */
bool
nn_field_parse_numbers(const NNPlace *place, const NNValue *value, NNNumbers *into)
{
	const NNField *field = place->field;

	*into = (NNNumbers){1, value};
	if (value->type == NN_V_ARRAY)
		*into = (NNNumbers){value->count, value->items};
	else if (value->type != NN_V_NUMBER)
		return nn_field_wrong_type(place, "a number or an array", value);
	if (into->count == 0)
		return nn_error(place->error, NN_BAD_VALUE, "%s: option \"%s\" is an empty array",
						place->what, field->name);
	for (int i = 0; i < into->count; i++)
	{
		const NNValue *item = &into->items[i];

		if (item->type != NN_V_NUMBER)
			return nn_field_wrong_type(place, "numbers", item);
		if (!check_number(place, item->number, field->count > 0, field->min, field->max))
			return false;
	}
	return true;
}

bool
nn_field_parse_ints(const NNPlace *place, const NNValue *value, int *into)
{
	int count = place->field->count;

	if (value->type == NN_V_NUMBER)
	{
		if (!nn_field_parse_int(place, value, &into[0]))
			return false;
		for (int i = 1; i < count; i++)
			into[i] = into[0];
		return true;
	}
	if (value->type != NN_V_ARRAY)
		return nn_field_wrong_type(
			place, count == 1 ? "a whole number" : "a whole number or an array", value);
	if (value->count != count)
		return nn_error(place->error, NN_BAD_VALUE,
						"%s: option \"%s\" must have %d element%s, not %d", place->what,
						place->field->name, count, count == 1 ? "" : "s", value->count);
	for (int i = 0; i < count; i++)
		if (!nn_field_parse_int(place, &value->items[i], &into[i]))
			return false;
	return true;
}

bool
nn_field_parse_pairs(const NNPlace *place, const NNValue *value, int *into)
{
	int n_pairs = place->field->count / 2;

	if (value->type == NN_V_NUMBER)
		return nn_field_parse_ints(place, value, into);
	if (value->type != NN_V_ARRAY)
		return nn_field_wrong_type(place, "a whole number or an array", value);
	if (value->count != n_pairs)
		return nn_error(place->error, NN_BAD_VALUE,
						"%s: option \"%s\" must have %d numbers or pairs of numbers, not %d",
						place->what, place->field->name, n_pairs, value->count);
	for (int i = 0; i < n_pairs; i++)
	{
		const NNValue *item = &value->items[i];
		const NNValue *first = item;
		const NNValue *second = item;

		if (item->type == NN_V_ARRAY)
		{
			if (item->count != 2)
				return nn_error(place->error, NN_BAD_VALUE,
								"%s: option \"%s\" must have 2 numbers in each pair, not %d",
								place->what, place->field->name, item->count);
			first = &item->items[0];
			second = &item->items[1];
		}
		if (!nn_field_parse_int(place, first, &into[2 * i]) ||
			!nn_field_parse_int(place, second, &into[2 * i + 1]))
			return false;
	}
	return true;
}
