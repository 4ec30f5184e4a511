/*
 * regression.c
 *	  nnet.mse, rmse, mae, mape and r2_score of (truth, predicted [, weight]).
 *
 * The state is one array of sums, of double precision; all five share it where a
 * query asks for several.  Squares are summed about the mean, so that no digits
 * are lost (Youngs and Cramer 1971).
 */
#include "pg/metrics/numbers.h"
#include "pg/metrics/tally.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include <float.h>
#include <math.h>

/* Places in the state. */
typedef enum RegressionSum
{
	SUM_ROWS,
	SUM_WEIGHTS,
	SUM_TRUTH,
	SUM_SPREAD, /* squares of truth about its mean */
	SUM_SQUARES,
	SUM_DISTANCES,
	SUM_SHARES, /* distances relative to truth */
	REGRESSION_SUMS
} RegressionSum;

PG_FUNCTION_INFO_V1(nnet_regression_transition);
PG_FUNCTION_INFO_V1(nnet_regression_array_transition);
PG_FUNCTION_INFO_V1(nnet_regression_any_transition);
PG_FUNCTION_INFO_V1(nnet_regression_combine);
PG_FUNCTION_INFO_V1(nnet_mse_final);
PG_FUNCTION_INFO_V1(nnet_rmse_final);
PG_FUNCTION_INFO_V1(nnet_mae_final);
PG_FUNCTION_INFO_V1(nnet_mape_final);
PG_FUNCTION_INFO_V1(nnet_r2_score_final);

/* The sums of a state, where they are. */
static float8 *
sums_of(ArrayType *state)
{
	if (ARR_NDIM(state) != 1 || ARR_DIMS(state)[0] != REGRESSION_SUMS || ARR_HASNULL(state) ||
		ARR_ELEMTYPE(state) != FLOAT8OID)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("a state of a metric is not valid")));
	return (float8 *) ARR_DATA_PTR(state);
}

static ArrayType *
make_state(MemoryContext aggregate)
{
	MemoryContext old = MemoryContextSwitchTo(aggregate);
	Datum zeros[REGRESSION_SUMS];
	ArrayType *state;

	for (int i = 0; i < REGRESSION_SUMS; i++)
		zeros[i] = Float8GetDatum(0);
	state = construct_array(zeros, REGRESSION_SUMS, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
							TYPALIGN_DOUBLE);
	MemoryContextSwitchTo(old);
	return state;
}

static void
check_finite(double value, const char *what)
{
	if (!isfinite(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a value of the argument %s is %s", what, nnet_not_finite_word(value))));
}

static Datum
add_row(FunctionCallInfo fcinfo, double truth, double predicted)
{
	MemoryContext aggregate = tally_context(fcinfo);
	double distance, weight;
	ArrayType *state;
	float8 *sums;

	check_finite(truth, "truth");
	check_finite(predicted, "predicted");
	if (!tally_weight(fcinfo, 3, &weight))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	state = PG_ARGISNULL(0) ? make_state(aggregate) : PG_GETARG_ARRAYTYPE_P(0);
	sums = sums_of(state);
	distance = fabs(truth - predicted);
	sums[SUM_ROWS]++;
	if (weight > 0 && sums[SUM_WEIGHTS] > 0)
	{
		double off = truth - sums[SUM_TRUTH] / sums[SUM_WEIGHTS];

		sums[SUM_SPREAD] += off * off * weight * sums[SUM_WEIGHTS] / (sums[SUM_WEIGHTS] + weight);
	}
	sums[SUM_WEIGHTS] += weight;
	sums[SUM_TRUTH] += weight * truth;
	sums[SUM_SQUARES] += weight * distance * distance;
	sums[SUM_DISTANCES] += weight * distance;
	sums[SUM_SHARES] += weight * distance / fmax(fabs(truth), DBL_EPSILON);
	PG_RETURN_ARRAYTYPE_P(state);
}

static bool
has_null(FunctionCallInfo fcinfo)
{
	(void) tally_context(fcinfo);
	return PG_ARGISNULL(1) || PG_ARGISNULL(2);
}

static Datum
same_state(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

Datum
nnet_regression_transition(PG_FUNCTION_ARGS)
{
	return has_null(fcinfo) ? same_state(fcinfo)
							: add_row(fcinfo, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2));
}

pg_noreturn static void
refuse_many(const char *what, int n)
{
	ereport(ERROR,
			(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
			 errmsg("the argument %s must be an array of one number, not of %d", what, n),
			 errhint("Take the element that is meant: (nnet.predict(...))[2].")));
}

/* Predictions as nnet.predict() gives them. */
Datum
nnet_regression_array_transition(PG_FUNCTION_ARGS)
{
	ArrayType *array;
	int n;

	if (has_null(fcinfo))
		return same_state(fcinfo);
	array = PG_GETARG_ARRAYTYPE_P(2);
	n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (n != 1 || array_contains_nulls(array))
		refuse_many("predicted", n);
	return add_row(fcinfo, PG_GETARG_FLOAT8(1), ((float4 *) ARR_DATA_PTR(array))[0]);
}

/* How truth and predictions of any type are read; kept for the query. */
typedef struct Readers
{
	NumberReader truth;
	NumberReader predicted;
} Readers;

static Readers *
get_readers(FunctionCallInfo fcinfo)
{
	Readers *readers = fcinfo->flinfo->fn_extra;
	MemoryContext query = fcinfo->flinfo->fn_mcxt;

	if (readers != NULL)
		return readers;
	readers = MemoryContextAllocZero(query, sizeof(Readers));
	number_reader_make(&readers->truth, get_fn_expr_argtype(fcinfo->flinfo, 1), "truth", query);
	number_reader_make(&readers->predicted, get_fn_expr_argtype(fcinfo->flinfo, 2), "predicted",
					   query);
	fcinfo->flinfo->fn_extra = readers;
	return readers;
}

static double
read_one(NumberReader *reader, Datum value)
{
	int n;
	const double *values = number_reader_read(reader, value, &n);

	if (n != 1)
		refuse_many(reader->what, n);
	return values[0];
}

/* Numbers of any type, alone or in arrays of one. */
Datum
nnet_regression_any_transition(PG_FUNCTION_ARGS)
{
	Readers *readers;

	(void) tally_context(fcinfo);
	readers = get_readers(fcinfo);
	if (has_null(fcinfo))
		return same_state(fcinfo);
	return add_row(fcinfo, read_one(&readers->truth, PG_GETARG_DATUM(1)),
				   read_one(&readers->predicted, PG_GETARG_DATUM(2)));
}

Datum
nnet_regression_combine(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate = tally_context(fcinfo);
	ArrayType *state;
	float8 *to;
	const float8 *from;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	from = sums_of(PG_GETARG_ARRAYTYPE_P(1));
	state = PG_ARGISNULL(0) ? make_state(aggregate) : PG_GETARG_ARRAYTYPE_P(0);
	to = sums_of(state);
	if (to[SUM_WEIGHTS] > 0 && from[SUM_WEIGHTS] > 0)
	{
		double off = to[SUM_TRUTH] / to[SUM_WEIGHTS] - from[SUM_TRUTH] / from[SUM_WEIGHTS];

		to[SUM_SPREAD] +=
			off * off * to[SUM_WEIGHTS] * from[SUM_WEIGHTS] / (to[SUM_WEIGHTS] + from[SUM_WEIGHTS]);
	}
	for (int i = 0; i < REGRESSION_SUMS; i++)
		to[i] += from[i];
	PG_RETURN_ARRAYTYPE_P(state);
}

/* ---- results ---- */

/* NULL: no rows, or none that weighs anything. */
static const float8 *
final_sums(FunctionCallInfo fcinfo)
{
	const float8 *sums;

	(void) tally_context(fcinfo);
	if (PG_ARGISNULL(0))
		return NULL;
	sums = sums_of(PG_GETARG_ARRAYTYPE_P(0));
	return sums[SUM_WEIGHTS] > 0 ? sums : NULL;
}

static Datum
mean_of(FunctionCallInfo fcinfo, RegressionSum which)
{
	const float8 *sums = final_sums(fcinfo);

	if (sums == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(tally_finite(sums[which] / sums[SUM_WEIGHTS]));
}

Datum
nnet_mse_final(PG_FUNCTION_ARGS)
{
	return mean_of(fcinfo, SUM_SQUARES);
}

Datum
nnet_rmse_final(PG_FUNCTION_ARGS)
{
	const float8 *sums = final_sums(fcinfo);

	if (sums == NULL)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(tally_finite(sqrt(sums[SUM_SQUARES] / sums[SUM_WEIGHTS])));
}

Datum
nnet_mae_final(PG_FUNCTION_ARGS)
{
	return mean_of(fcinfo, SUM_DISTANCES);
}

Datum
nnet_mape_final(PG_FUNCTION_ARGS)
{
	return mean_of(fcinfo, SUM_SHARES);
}

/* Of one row it is not defined; where truth does not vary it is 1 or 0, as scikit-learn has it. */
Datum
nnet_r2_score_final(PG_FUNCTION_ARGS)
{
	const float8 *sums = final_sums(fcinfo);

	if (sums == NULL || sums[SUM_ROWS] < 2)
		PG_RETURN_NULL();
	if (sums[SUM_SPREAD] == 0)
		PG_RETURN_FLOAT8(sums[SUM_SQUARES] == 0 ? 1 : 0);
	PG_RETURN_FLOAT8(tally_finite(1 - sums[SUM_SQUARES] / sums[SUM_SPREAD]));
}
