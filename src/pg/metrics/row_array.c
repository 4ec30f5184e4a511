/*
 * row_array.c
 *	  Rows of a composite type as an array: what an aggregate can return for unnest().
 */
#include "pg/metrics/tally.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#define FIRST_ROWS 64
#define ASKED_ROWS (1 << 14)
#define ROW_BYTES 96 /* about, with the array's copy of it */

void
row_array_begin(RowArray *array, FunctionCallInfo fcinfo)
{
	Oid type = get_func_rettype(fcinfo->flinfo->fn_oid);

	memset(array, 0, sizeof(*array));
	array->element = get_element_type(type);
	if (!OidIsValid(array->element))
		elog(ERROR, "function %u does not return an array", fcinfo->flinfo->fn_oid);
	array->row = lookup_rowtype_tupdesc_copy(array->element, -1);
	array->room = FIRST_ROWS;
	array->values = palloc(FIRST_ROWS * sizeof(Datum));
}

void
row_array_add(RowArray *array, const Datum *values, const bool *nulls)
{
	if (array->n == array->room)
	{
		int64 room = 2 * array->room;

		if (room >= ASKED_ROWS)
			nnet_memory_check(&(NnetMemoryNeed){
				.action = psprintf("return " INT64_FORMAT " rows in an array", array->n + 1),
				.hint = "Round the scores, so that fewer are different, or let a superuser raise "
						"nnet.memory_fraction.",
				.bytes = {[NNET_MEMORY_ROWS] =
							  (size_t) (room - array->n) * (sizeof(Datum) + ROW_BYTES)},
			});
		array->values = repalloc_huge(array->values, (size_t) room * sizeof(Datum));
		array->room = room;
	}
	if ((array->n & 1023) == 0)
		nnet_check_interrupts();
	/* not const in PostgreSQL's headers */
	array->values[array->n++] =
		HeapTupleGetDatum(heap_form_tuple(array->row, (Datum *) values, (bool *) nulls));
}

Datum
row_array_end(RowArray *array)
{
	size_t bytes = 0;

	for (int64 i = 0; i < array->n; i++)
		bytes += MAXALIGN(HeapTupleHeaderGetDatumLength(DatumGetHeapTupleHeader(array->values[i])));
	if (!AllocSizeIsValid(bytes + ARR_OVERHEAD_NONULLS(1)))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg(INT64_FORMAT " rows are more than an array can hold", array->n),
				 errhint("Round the scores, so that fewer are different.")));
	return PointerGetDatum(
		construct_array(array->values, (int) array->n, array->element, -1, false, TYPALIGN_DOUBLE));
}
