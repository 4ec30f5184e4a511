/*
 * field_number.c
 *	  Options that are numbers, lists of numbers or shapes.
 */
#include <float.h>
#include <limits.h>
#include <stdio.h>

#include "core/base/field.h"

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
nn_field_int(const NNPlace *place, const NNValue *value, int *into)
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
nn_field_real(const NNPlace *place, const NNValue *value, double *into)
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
nn_field_reals(const NNPlace *place, const NNValue *value, NNReals *into)
{
	const NNValue *items = NULL;
	int count = 0;
	double *values = into->value; /* by a pointer: there may be more of them */

	if (!list_items(place, value, &items, &count))
		return false;
	for (int i = 0; i < count; i++)
		if (!nn_field_real(place, &items[i], &values[i]))
			return false;
	into->count = count;
	return true;
}

bool
nn_field_shape(const NNPlace *place, const NNValue *value, NNInts *into)
{
	const NNValue *items = NULL;
	int count = 0;

	if (!list_items(place, value, &items, &count))
		return false;
	for (int i = 0; i < count; i++)
	{
		if (items[i].type == NN_V_NULL)
			into->value[i] = NN_ANY;
		else if (!nn_field_int(place, &items[i], &into->value[i]))
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
nn_field_ints(const NNPlace *place, const NNValue *value, int *into)
{
	int count = place->field->count;

	if (value->type == NN_V_NUMBER)
	{
		if (!nn_field_int(place, value, &into[0]))
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
		if (!nn_field_int(place, &value->items[i], &into[i]))
			return false;
	return true;
}

bool
nn_field_pairs(const NNPlace *place, const NNValue *value, int *into)
{
	int n_pairs = place->field->count / 2;

	if (value->type == NN_V_NUMBER)
		return nn_field_ints(place, value, into);
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
		if (!nn_field_int(place, first, &into[2 * i]) ||
			!nn_field_int(place, second, &into[2 * i + 1]))
			return false;
	}
	return true;
}
