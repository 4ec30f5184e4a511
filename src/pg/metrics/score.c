/*
 * score.c
 *	  Scores and probabilities, of any type that is numbers or an array of reals.
 */
#include "pg/metrics/score.h"
#include "pg/types/number.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"

#include <math.h>

ScoreReaders *
score_readers(FunctionCallInfo fcinfo, const char *what)
{
	ScoreReaders *readers = fcinfo->flinfo->fn_extra;
	MemoryContext query = fcinfo->flinfo->fn_mcxt;
	Oid type;

	if (readers != NULL)
		return readers;
	readers = MemoryContextAllocZero(query, sizeof(ScoreReaders));
	readers->room = 1;
	readers->values = MemoryContextAlloc(query, sizeof(double));
	label_reader_make(&readers->truth, get_fn_expr_argtype(fcinfo->flinfo, 1), "truth", query);
	type = get_fn_expr_argtype(fcinfo->flinfo, 2);
	readers->type = OidIsValid(type) ? getBaseType(type) : InvalidOid;
	switch (readers->type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
			break;
		case FLOAT4ARRAYOID:
			readers->element = FLOAT4OID;
			break;
		case FLOAT8ARRAYOID:
			readers->element = FLOAT8OID;
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("the argument %s cannot be of type %s", what, format_type_be(type)),
					 errhint("It is a number, or an array of type real[] or double precision[], "
							 "as of nnet.predict().")));
	}
	fcinfo->flinfo->fn_extra = readers;
	return readers;
}

bool
score_is_single(const ScoreReaders *readers)
{
	return readers->type == FLOAT4OID || readers->element == FLOAT4OID;
}

static void
read_array(ScoreReaders *readers, Datum value, const char *what, int *n)
{
	ArrayType *array = DatumGetArrayTypeP(value);

	*n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (ARR_ELEMTYPE(array) != readers->element || array_contains_nulls(array) || *n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("an array of the argument %s is empty or has NULL elements", what)));
	if (*n > readers->room)
	{
		readers->values = repalloc_huge(readers->values, (size_t) *n * sizeof(double));
		readers->room = *n;
	}
	for (int i = 0; i < *n; i++)
		readers->values[i] = readers->element == FLOAT4OID ? ((float4 *) ARR_DATA_PTR(array))[i]
														   : ((float8 *) ARR_DATA_PTR(array))[i];
	if ((Pointer) array != DatumGetPointer(value))
		pfree(array);
}

const double *
score_read_all(ScoreReaders *readers, Datum value, const char *what, int *n)
{
	*n = 1;
	if (OidIsValid(readers->element))
		read_array(readers, value, what, n);
	else
		(void) nnet_number_type(readers->type)->number(value, readers->values);
	for (int i = 0; i < *n; i++)
		if (!isfinite(readers->values[i]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("a value of the argument %s is %s", what,
							nnet_not_finite_word(readers->values[i]))));
	return readers->values;
}

double
score_read_one(ScoreReaders *readers, Datum value, const char *what)
{
	int n;
	const double *values = score_read_all(readers, value, what, &n);

	if (n > 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the argument %s is the score of one class, not of %d", what, n),
				 errhint("Take one class against the others: truth = 'cat' beside element "
						 "number 3 of the array, if that is its place.")));
	return values[n - 1];
}

void
score_check_probability(double value)
{
	if (value < 0 || value > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a probability must be from 0 to 1, not %s", float8out_internal(value))));
}
