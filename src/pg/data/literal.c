/*
 * literal.c
 *	  Literals of unknown type: whether they are meant as numbers.
 */
#include "pg/data/data.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"

bool
nnet_literal_is_numbers(const char *text)
{
	char *end;

	text += strspn(text, " ");
	if (*text == '{')
		return true;
	strtod(text, &end);
	return end != text && end[strspn(end, " ")] == '\0';
}

ArrayType *
nnet_literal_array(const char *literal)
{
	return DatumGetArrayTypeP(
		OidInputFunctionCall(F_ARRAY_IN, unconstify(char *, literal), TEXTOID, -1));
}

bool
nnet_literal_array_is_numbers(const char *literal)
{
	Datum *values;
	bool *nulls;
	int n;

	deconstruct_array(nnet_literal_array(literal), TEXTOID, -1, false, TYPALIGN_INT, &values,
					  &nulls, &n);
	for (int i = 0; i < n; i++)
		if (!nulls[i] && !nnet_literal_is_numbers(TextDatumGetCString(values[i])))
			return false;
	return true;
}
