/*
 * numbers.c
 *	  Arguments that are numbers, whatever their type, alone or in arrays.
 *
 * They are read in double precision.
 */
#include "pg/metrics/numbers.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include <math.h>

/* NULL: a type whose values are no measures. */
static const NnetNumber *
measure_type(Oid type)
{
	return type == BOOLOID || type == INTERVALOID ? NULL : nnet_number_type(type);
}

static void
make_room(NumberReader *reader, int n)
{
	if (n <= reader->room)
		return;
	if (reader->values != NULL)
	{
		pfree(reader->values);
		pfree(reader->rounded);
		reader->values = NULL;
	}
	reader->rounded = MemoryContextAllocHuge(reader->context, (size_t) n * sizeof(float));
	reader->values = MemoryContextAllocHuge(reader->context, (size_t) n * sizeof(double));
	reader->room = n;
}

void
number_reader_make(NumberReader *reader, Oid type, const char *what, MemoryContext context)
{
	Oid base = OidIsValid(type) ? getBaseType(type) : InvalidOid;

	*reader = (NumberReader){.what = what, .context = context};
	if (OidIsValid(base))
		reader->element = get_element_type(base);
	if (OidIsValid(reader->element))
		base = getBaseType(reader->element);
	reader->number = measure_type(base);
	if (reader->number == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the argument %s cannot be of type %s", what, format_type_be(type)),
				 errhint("It is a number, or an array of numbers, as of nnet.predict().")));
	make_room(reader, 1);
}

static void
read_array(NumberReader *reader, Datum value, int *n)
{
	ArrayType *array = DatumGetArrayTypeP(value);
	const NnetNumber *number = reader->number;

	*n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (ARR_ELEMTYPE(array) != reader->element || array_contains_nulls(array) || *n == 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("an array of the argument %s is empty or has NULL elements", reader->what)));
	make_room(reader, *n);
	if (number->widen != NULL)
		(void) number->widen(ARR_DATA_PTR(array), reader->rounded, reader->values, (size_t) *n);
	else
	{
		number->convert(ARR_DATA_PTR(array), reader->rounded, (size_t) *n);
		for (int i = 0; i < *n; i++)
			reader->values[i] = reader->rounded[i];
	}
	if ((Pointer) array != DatumGetPointer(value))
		pfree(array);
}

const double *
number_reader_read(NumberReader *reader, Datum value, int *n)
{
	*n = 1;
	if (OidIsValid(reader->element))
		read_array(reader, value, n);
	else
		(void) reader->number->number(value, reader->values);
	for (int i = 0; i < *n; i++)
		if (!isfinite(reader->values[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("a value of the argument %s is %s", reader->what,
							nnet_not_finite_word(reader->values[i]))));
	return reader->values;
}
