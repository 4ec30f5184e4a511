/*
 * weights.c
 *	  Arrays of real between tables and memory, without a step per element.
 */
#include "pg/model/model.h"

#include "catalog/pg_type.h"
#include "utils/memutils.h"

nn_real *
nnet_alloc_reals(MemoryContext context, size_t n, bool zero)
{
	Size bytes = n * sizeof(nn_real) + NN_ALIGN;
	char *room =
		MemoryContextAllocExtended(context, bytes, MCXT_ALLOC_HUGE | (zero ? MCXT_ALLOC_ZERO : 0));

	/* never freed alone: its context ends */
	return (nn_real *) TYPEALIGN(NN_ALIGN, room);
}

ArrayType *
nnet_weights_array(size_t n, float4 **values)
{
	Size header = n > 0 ? ARR_OVERHEAD_NONULLS(1) : ARR_OVERHEAD_NONULLS(0);
	Size bytes = header + n * sizeof(float4);
	ArrayType *array = palloc0(header + n * sizeof(float4));

	SET_VARSIZE(array, bytes);
	array->ndim = n > 0 ? 1 : 0;
	array->dataoffset = 0;
	array->elemtype = FLOAT4OID;
	if (n > 0)
	{
		ARR_DIMS(array)[0] = (int) n;
		ARR_LBOUND(array)[0] = 1;
	}
	*values = (float4 *) ARR_DATA_PTR(array);
	return array;
}

static void
bad_values(int sqlstate, const char *model, const char *what, const char *contains)
{
	ereport(
		ERROR,
		(errcode(sqlstate), errmsg("model \"%s\": %s contain %s", model, what, contains),
		 errhint("Put the values right with UPDATE, or take the row from a copy of the model.")));
}

const float4 *
nnet_weights_values(Datum datum, size_t *n, const char *model, const char *what)
{
	ArrayType *array = DatumGetArrayTypeP(datum);
	const float4 *values;

	*n = (size_t) ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (ARR_HASNULL(array) && array_contains_nulls(array))
		bad_values(ERRCODE_NULL_VALUE_NOT_ALLOWED, model, what, "NULL");
	values = (const float4 *) ARR_DATA_PTR(array);
	if (!nn_all_finite(values, *n))
		bad_values(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, model, what, "NaN or infinity");
	return values;
}

int
nnet_parts(size_t n)
{
	return n > PART_VALUES ? (int) ((n + PART_VALUES - 1) / PART_VALUES) : 1;
}
