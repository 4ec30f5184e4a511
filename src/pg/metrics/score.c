/*
 * score.c
 *	  Scores and probabilities, numbers of any type, alone or in arrays.
 */
#include "pg/metrics/score.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include <math.h>

ScoreReaders *
score_readers(FunctionCallInfo fcinfo, const char *what)
{
	ScoreReaders *readers = fcinfo->flinfo->fn_extra;
	MemoryContext query = fcinfo->flinfo->fn_mcxt;

	if (readers != NULL)
		return readers;
	readers = MemoryContextAllocZero(query, sizeof(ScoreReaders));
	label_reader_make(&readers->truth, get_fn_expr_argtype(fcinfo->flinfo, 1), "truth", query);
	number_reader_make(&readers->scores, get_fn_expr_argtype(fcinfo->flinfo, 2), what, query);
	fcinfo->flinfo->fn_extra = readers;
	return readers;
}

bool
score_is_single(const ScoreReaders *readers)
{
	return readers->scores.number->oid == FLOAT4OID;
}

double
score_read_one(ScoreReaders *readers, Datum value)
{
	int n;
	const double *values = number_reader_read(&readers->scores, value, &n);

	if (n > 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the argument %s is the score of one class, not of %d",
						readers->scores.what, n),
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
