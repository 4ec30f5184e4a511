/*
 * average.c
 *	  The aggregate nnet.average(real[]): element by element.
 *
 * Models are averaged by their weights.  Sums are double; arrays must have the
 * dimensions of the first; NULL arrays are passed over.  A state is one piece
 * of memory in the aggregate's context.
 */
#include "pg/nnet.h"

#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "utils/memutils.h"

#define ASKED_BYTES ((size_t) 1 << 20)

typedef struct AverageState
{
	int64 count;
	int32 ndim;
	int32 dims[MAXDIM];
	int64 n; /* elements */
	double sums[FLEXIBLE_ARRAY_MEMBER];
} AverageState;

PG_FUNCTION_INFO_V1(nnet_average_transition);
PG_FUNCTION_INFO_V1(nnet_average_combine);
PG_FUNCTION_INFO_V1(nnet_average_serialize);
PG_FUNCTION_INFO_V1(nnet_average_deserialize);
PG_FUNCTION_INFO_V1(nnet_average_final);

static AverageState *
new_state(MemoryContext context, int ndim, const int *dims)
{
	int64 n = ArrayGetNItems(ndim, dims);
	size_t bytes = offsetof(AverageState, sums) + n * sizeof(double);
	AverageState *state;

	/* small ones, of which there may be many, without asking */
	if (bytes >= ASKED_BYTES || nnet_memory_used() > nnet_memory_limit())
		nnet_memory_check(&(NnetMemoryNeed){
			.action = psprintf("average arrays of %lld values", (long long) n),
			.hint =
				"Average fewer layers at a time, or let a superuser raise nnet.memory_fraction.",
			/* the sums, and the array that they become */
			.bytes = {[NNET_MEMORY_ROWS] = bytes, [NNET_MEMORY_COPIES] = n * sizeof(float4)},
		});
	state = nnet_memory_alloc(context, bytes, true);
	state->ndim = ndim;
	memcpy(state->dims, dims, ndim * sizeof(int));
	state->n = n;
	return state;
}

static void
check_dims(const AverageState *state, int ndim, const int *dims)
{
	int64 n = ArrayGetNItems(ndim, dims);

	if (state->n != n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("cannot average arrays of %lld and of %lld values", (long long) state->n,
						(long long) n),
				 errhint("Weights are averaged layer by layer: GROUP BY layer, part.")));
	if (state->ndim != ndim || memcmp(state->dims, dims, ndim * sizeof(int)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("cannot average arrays of different dimensions"),
				 errhint("Give arrays of the same dimensions, or all as lists: "
						 "ARRAY(SELECT unnest(...)).")));
}

Datum
nnet_average_transition(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate;
	AverageState *state = PG_ARGISNULL(0) ? NULL : (AverageState *) PG_GETARG_POINTER(0);
	ArrayType *array;
	const float4 *values;
	NnetRow row = {.what = "array", .function = "nnet.average"};

	if (!AggCheckCallContext(fcinfo, &aggregate))
		elog(ERROR, "nnet_average_transition called in non-aggregate context");
	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	row.number = state == NULL ? 1 : state->count + 1;
	nnet_row_enter(&row);
	array = PG_GETARG_ARRAYTYPE_P(1);
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("cannot average an array with NULL elements"),
				 errhint("Leave such arrays out, or give a number in its place by "
						 "array_replace(..., NULL, 0).")));
	if (state == NULL)
		state = new_state(aggregate, ARR_NDIM(array), ARR_DIMS(array));
	else
		check_dims(state, ARR_NDIM(array), ARR_DIMS(array));
	nnet_row_leave(&row);
	values = (const float4 *) ARR_DATA_PTR(array);
	for (int64 i = 0; i < state->n; i++)
		state->sums[i] += values[i];
	state->count++;
	PG_FREE_IF_COPY(array, 1);
	PG_RETURN_POINTER(state);
}

Datum
nnet_average_combine(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate;
	AverageState *left = PG_ARGISNULL(0) ? NULL : (AverageState *) PG_GETARG_POINTER(0);
	AverageState *right = PG_ARGISNULL(1) ? NULL : (AverageState *) PG_GETARG_POINTER(1);

	if (!AggCheckCallContext(fcinfo, &aggregate))
		elog(ERROR, "nnet_average_combine called in non-aggregate context");
	if (right == NULL)
	{
		if (left == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(left);
	}
	if (left == NULL)
		left = new_state(aggregate, right->ndim, right->dims);
	else
		check_dims(left, right->ndim, right->dims);
	for (int64 i = 0; i < left->n; i++)
		left->sums[i] += right->sums[i];
	left->count += right->count;
	PG_RETURN_POINTER(left);
}

Datum
nnet_average_serialize(PG_FUNCTION_ARGS)
{
	AverageState *state = (AverageState *) PG_GETARG_POINTER(0);
	StringInfoData buffer;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "nnet_average_serialize called in non-aggregate context");
	pq_begintypsend(&buffer);
	pq_sendint64(&buffer, state->count);
	pq_sendint32(&buffer, state->ndim);
	for (int i = 0; i < state->ndim; i++)
		pq_sendint32(&buffer, state->dims[i]);
	for (int64 i = 0; i < state->n; i++)
		pq_sendfloat8(&buffer, state->sums[i]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

static void
invalid_state(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("a state of nnet.average() is not valid")));
}

Datum
nnet_average_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	StringInfoData buffer;
	AverageState *state;
	int64 count;
	int ndim;
	int dims[MAXDIM] = {0};

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "nnet_average_deserialize called in non-aggregate context");
	/* read where it is: the message is only looked at */
	buffer.data = VARDATA_ANY(bytes);
	buffer.len = buffer.maxlen = VARSIZE_ANY_EXHDR(bytes);
	buffer.cursor = 0;
	count = pq_getmsgint64(&buffer);
	ndim = (int) pq_getmsgint(&buffer, 4);
	if (count < 1 || ndim < 0 || ndim > MAXDIM)
		invalid_state();
	for (int i = 0; i < ndim; i++)
	{
		dims[i] = (int) pq_getmsgint(&buffer, 4);
		if (dims[i] < 1)
			invalid_state();
	}
	if ((int64) ArrayGetNItems(ndim, dims) * 8 != buffer.len - buffer.cursor)
		invalid_state();
	state = new_state(CurrentMemoryContext, ndim, dims);
	state->count = count;
	for (int64 i = 0; i < state->n; i++)
		state->sums[i] = pq_getmsgfloat8(&buffer);
	pq_getmsgend(&buffer);
	PG_RETURN_POINTER(state);
}

Datum
nnet_average_final(PG_FUNCTION_ARGS)
{
	AverageState *state = PG_ARGISNULL(0) ? NULL : (AverageState *) PG_GETARG_POINTER(0);
	ArrayType *array;
	float4 *values;
	Size bytes;

	if (state == NULL)
		PG_RETURN_NULL();
	if (state->n == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(FLOAT4OID));
	bytes = ARR_OVERHEAD_NONULLS(state->ndim) + state->n * sizeof(float4);
	array = palloc0(bytes);
	SET_VARSIZE(array, bytes);
	array->ndim = state->ndim;
	array->elemtype = FLOAT4OID;
	memcpy(ARR_DIMS(array), state->dims, state->ndim * sizeof(int));
	values = (float4 *) ARR_DATA_PTR(array);
	for (int i = 0; i < state->ndim; i++)
		ARR_LBOUND(array)[i] = 1;
	for (int64 i = 0; i < state->n; i++)
		values[i] = (float4) (state->sums[i] / state->count);
	PG_RETURN_ARRAYTYPE_P(array);
}
