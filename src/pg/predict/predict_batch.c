/*
 * predict_batch.c
 *	  nnet.predict_batch(model, x) OVER (): many rows through a model in one
 *	  pass, with threads (batch.c).
 *
 * A window function may look ahead.  At a row whose prediction is not there
 * yet, it and the rows after it are read, as many as work_mem / 4 has room
 * for, and predicted together; how many, quadruples from a few, so that
 * LIMIT 1 does not pay for a thousand.  Each call marks its position: rows
 * before it are let go, and memory stays flat.
 *
 * Lifetimes: Ahead is the query's (fn_extra) and serves one partition after
 * the other.
 */
#include "pg/predict/batch.h"
#include "pg/predict/predict.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/memutils.h"
#include "windowapi.h"

#define FIRST_ROWS 16

typedef struct Ahead
{
	FunctionCallInfo fcinfo;
	WindowObject window;
	MemoryContext row; /* of a row's arguments, reset after each */
	bool one_model;	   /* for all rows of the query: asked for once a pass */
	NnetBatch *batch;

	/* predictions of rows first .. first + n - 1 of the partition */
	int64 first;
	int n;
	int n_next;					   /* rows to read at the next pass */
	int16 places[NNET_BATCH_ROWS]; /* by row: its place in the pass, -1: NULL */
} Ahead;

PG_FUNCTION_INFO_V1(nnet_predict_batch);

/* ---- reading ahead ---- */

/* An argument of the row that many after the current one. */
static Datum
argument(Ahead *ahead, int number, int rows, bool *isnull, bool *isout)
{
	MemoryContext old = MemoryContextSwitchTo(ahead->row);
	Datum value = WinGetFuncArgInPartition(ahead->window, number, rows, WINDOW_SEEK_CURRENT, false,
										   isnull, isout);

	MemoryContextSwitchTo(old);
	return value;
}

/* The row of the partition that is at that position, from 0. */
static void
enter_row(const Ahead *ahead, NnetRow *row, int64 position)
{
	*row = (NnetRow){
		.what = "row",
		.function = "nnet.predict_batch",
		.model = nnet_batch_model(ahead->batch),
		.number = position + 1,
	};
	nnet_row_enter(row);
}

static bool
take_row(Ahead *ahead, NnetRow *row)
{
	NnetBatch *batch = ahead->batch;
	bool begun = nnet_batch_count(batch) > 0;
	bool no_model = false;
	bool no_x;
	bool isout = false;
	Oid relid = nnet_batch_relid(batch);
	Datum x;

	MemoryContextReset(ahead->row);
	if (!ahead->one_model || !begun)
		relid = DatumGetObjectId(argument(ahead, 0, ahead->n, &no_model, &isout));
	if (isout)
		return false;
	/* before x is evaluated, which happens again at the next pass */
	if (begun && (nnet_batch_full(batch) || (!no_model && relid != nnet_batch_relid(batch))))
		return false;
	x = argument(ahead, 1, ahead->n, &no_x, &isout);
	if (isout)
		return false;
	if (no_model || no_x)
	{
		ahead->places[ahead->n++] = -1;
		return true;
	}
	/* what is wrong with the model is not the row's */
	nnet_row_leave(row);
	nnet_batch_set_model(batch, relid);
	row->model = nnet_batch_model(batch);
	nnet_row_enter(row);
	nnet_batch_take(batch, x);
	nnet_batch_look(batch);
	if (!nnet_batch_add(batch))
		return false;
	ahead->places[ahead->n++] = (int16) (nnet_batch_count(batch) - 1);
	return true;
}

/* Take one more row into the pass.  False if it belongs to the next, or there is none. */
static bool
add_row(Ahead *ahead)
{
	NnetRow row;
	bool added;

	enter_row(ahead, &row, ahead->first + ahead->n);
	added = take_row(ahead, &row);
	nnet_row_leave(&row);
	return added;
}

static void
predict_ahead(Ahead *ahead, int64 position)
{
	ahead->first = position;
	ahead->n = 0;
	nnet_batch_begin(ahead->batch, ahead->n_next);
	while (ahead->n < ahead->n_next && add_row(ahead))
		;
	/* four times as many as these were: rows of another length ended the pass early */
	ahead->n_next = Min(Max(4 * (int) pg_nextpower2_32(ahead->n), FIRST_ROWS), NNET_BATCH_ROWS);
	nnet_batch_finish(ahead->batch);
}

/* ---- the function ---- */

static Ahead *
get_ahead(FunctionCallInfo fcinfo)
{
	FmgrInfo *flinfo = fcinfo->flinfo;
	WindowObject window = PG_WINDOW_OBJECT();
	Ahead *ahead = flinfo->fn_extra;
	bool *started;

	if (!WindowObjectIsValid(window))
		/* an operator may be made of it */
		ereport(ERROR,
				(errcode(ERRCODE_WINDOWING_ERROR),
				 errmsg("nnet.predict_batch() was called without a window"),
				 errhint("Write nnet.predict_batch(model, x) OVER ().")));
	if (ahead == NULL)
	{
		ahead = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(Ahead));
		ahead->row = AllocSetContextCreate(flinfo->fn_mcxt, "nnet predict_batch row",
										   ALLOCSET_DEFAULT_SIZES);
		ahead->batch = nnet_batch_make(flinfo->fn_mcxt, get_fn_expr_argtype(flinfo, 1),
									   (size_t) work_mem * 1024 / 4, false, false);
		ahead->one_model = get_fn_expr_arg_stable(flinfo, 0);
		flinfo->fn_extra = ahead;
	}
	ahead->fcinfo = fcinfo;
	ahead->window = window;
	started = WinGetPartitionLocalMemory(window, sizeof(bool));
	if (!*started)
	{
		*started = true;
		ahead->first = 0;
		ahead->n = 0;
		ahead->n_next = FIRST_ROWS;
	}
	return ahead;
}

Datum
nnet_predict_batch(PG_FUNCTION_ARGS)
{
	Ahead *ahead = get_ahead(fcinfo);
	int64 position = WinGetCurrentPosition(ahead->window);
	ArrayType *array;
	const NNShape *shape;
	const nn_real *y;
	size_t n;
	NnetRow row;
	int place;

	if (position < ahead->first || position >= ahead->first + ahead->n)
		predict_ahead(ahead, position);
	WinSetMarkPosition(ahead->window, position);
	place = ahead->places[position - ahead->first];
	if (place < 0)
		PG_RETURN_NULL();
	shape = nnet_batch_shape(ahead->batch);
	y = nnet_batch_outputs(ahead->batch, place);
	/* here and not in the pass, which may have read rows that nobody asks for */
	n = nn_shape_size(shape);
	if (!nn_all_finite(y, n))
	{
		enter_row(ahead, &row, position);
		nnet_check_outputs(y, n, nnet_batch_model(ahead->batch));
	}
	array = nnet_output_array(shape);
	memcpy(ARR_DATA_PTR(array), y, n * sizeof(nn_real));
	PG_RETURN_ARRAYTYPE_P(array);
}
