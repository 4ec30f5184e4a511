/*
 * predict_batch.c
 *	  nnet.predict_batch(model, x) OVER (): many rows through a model in one
 *	  pass, with threads.
 *
 * A window function may look ahead.  At a row whose prediction is not there
 * yet, it and the rows after it are read, as many as work_mem / 4 has room
 * for, and predicted together (a pass); how many, quadruples from a few, so that
 * LIMIT 1 does not pay for a thousand.  Each call marks its position: rows
 * before it are let go, and memory stays flat.
 *
 * The pool's threads begin with the first rows of a pass while the others are
 * read, which may run anything: a function that predicts, trains or fails.  Whoever needs the pool, or frees what the threads read, abandons their
 * work first (nn_pool_abandon); the pass is then predicted when it is read.
 *
 * Lifetimes: Batch is the query's (fn_extra) and serves one partition after
 * the other.  Its buffers are in batch->context, what was planned for the
 * loaded model in batch->planned, made anew when the cache has loaded anew.
 */
#include "pg/predict/predict.h"

#include "miscadmin.h"
#include "pg/data/data.h"
#include "pg/train/train.h"
#include "port/pg_bitutils.h"
#include "utils/memutils.h"
#include "windowapi.h"

#define FIRST_ROWS 16
#define MOST_ROWS 8192
#define PACKED_ROWS 64 /* from here weights are packed, once until they change */

typedef struct Batch
{
	FunctionCallInfo fcinfo;
	WindowObject window;
	MemoryContext context;
	MemoryContext row; /* of a row's arguments, reset after each */
	bool one_model;	   /* for all rows of the query: asked for once a pass */
	MemoryContext reading;
	NnetInput *input; /* how x is read; NULL: for no model yet */
	Oid relid;		  /* the model that input was made for */
	char *model;	  /* its name then */

	/* predictions of rows first .. first + n - 1 of the partition */
	int64 first;
	int n;
	int n_next;				 /* rows to read at the next pass */
	int n_filled;			 /* rows that are not NULL: in x and y */
	int16 places[MOST_ROWS]; /* by row: its place in x and y, -1: NULL */
	int ids;				 /* that x must be below, or 0 */
	size_t in;				 /* reals of a row */
	size_t out;
	NNShape output;
	int room;					/* rows that x and y have room for */
	MemoryContext rows_context; /* of x and y */
	nn_real *x;
	nn_real *y;
	NNPrediction prediction;

	/* for the model as it is loaded now */
	MemoryContext planned;
	uint64 generation; /* 0: nothing is planned */
	int steps;
	int rows;
	NNRun run;
	/* of planned, and of x and y: nobody works there when they go */
	MemoryContextCallback stop;
	MemoryContextCallback stop_rows;
} Batch;

PG_FUNCTION_INFO_V1(nnet_predict_batch);

/* ---- the model ---- */

/* As it is now; what an earlier call gave is not valid any more. */
static NnetCached *
get_model(const Batch *batch, Oid relid)
{
	return nnet_cache_get(relid, batch->fcinfo->flinfo->fn_mcxt);
}

/* Whether the plan there is fits the model as it is loaded now. */
static bool
is_planned(const Batch *batch, const NnetCached *cached, int steps, int rows)
{
	const NNModel *core = cached->model->core;

	return batch->generation == cached->generation && batch->steps == steps &&
		batch->rows == rows && (!core->variable || core->steps == steps);
}

/* Before planned, and x and y, are freed, also where an error ends the query. */
static void
stop_threads(void *arg)
{
	nn_pool_abandon();
}

/*
 * Have a plan for that many rows of the model as the cache has it now: few
 * rows are not worth a second thread.
 */
static const NNModel *
plan_model(Batch *batch, NnetCached *cached, int steps, int rows)
{
	NnetModel *model = cached->model;
	NNPlanRequest request = {
		.steps = steps,
		.batch = rows,
	};
	NNError error = {0};

	if (is_planned(batch, cached, steps, request.batch))
		return model->core;
	request.packed = rows >= PACKED_ROWS && nnet_cache_packs(cached);
	request.threads = nnet_core_start(nnet_threads_for_fit());
	request.force_threads = nnet_force_threads;
	batch->generation = 0;
	MemoryContextReset(batch->planned);
	batch->stop = (MemoryContextCallback){.func = stop_threads};
	MemoryContextRegisterResetCallback(batch->planned, &batch->stop);
	memset(&batch->run, 0, sizeof(batch->run));
	batch->run.model = model->core;
	batch->run.params = model->params;
	batch->run.plan = MemoryContextAllocHuge(batch->planned, nn_plan_bytes(model->core));
	if (!nn_plan_make(batch->run.plan, model->core, &request, &error))
		nnet_steps_error(&error, model->name, steps);
	/* after the plan: a model whose last steps were refused has no shapes until then */
	if (request.packed)
		batch->run.packed = nnet_cache_packed(cached);
	nnet_memory_check(&(NnetMemoryNeed){
		.model = model->name,
		.action =
			psprintf("predict %d rows with %d threads", rows, nn_plan_threads(batch->run.plan)),
		.hint = NNET_MEMORY_HINT_ROWS,
		.bytes = {[NNET_MEMORY_WORKSPACE] = nn_plan_workspace(batch->run.plan)},
	});
	batch->run.workspace =
		nnet_memory_alloc(batch->planned, nn_plan_workspace(batch->run.plan), false);
	batch->generation = cached->generation;
	batch->steps = steps;
	batch->rows = request.batch;
	return model->core;
}

/* Have x and y for rows of in reals that become out reals. */
static void
make_room(Batch *batch, const NnetModel *model, size_t in, size_t out)
{
	size_t row_bytes = (in + out) * sizeof(nn_real);

	if (batch->x != NULL && batch->in == in && batch->out == out)
		return;
	MemoryContextReset(batch->rows_context);
	batch->stop_rows = (MemoryContextCallback){.func = stop_threads};
	MemoryContextRegisterResetCallback(batch->rows_context, &batch->stop_rows);
	batch->x = batch->y = NULL;
	batch->room = (int) Min(Max((size_t) work_mem * 1024 / 4 / row_bytes, 1), MOST_ROWS);
	nnet_memory_check(&(NnetMemoryNeed){
		.model = model->name,
		.action = psprintf("read %d rows ahead", batch->room),
		.hint = NNET_MEMORY_HINT_ROWS,
		.bytes = {[NNET_MEMORY_ROWS] = batch->room * row_bytes},
	});
	batch->y = nnet_memory_alloc(batch->rows_context, batch->room * out * sizeof(nn_real), false);
	batch->x = nnet_memory_alloc(batch->rows_context, batch->room * in * sizeof(nn_real), false);
	batch->in = in;
	batch->out = out;
}

/* Let the threads begin, with as many rows to come as planned for. */
static void
start_threads(Batch *batch)
{
	nn_predict_begin(&batch->prediction, &batch->run, batch->x, batch->rows, batch->y);
}

/* The first row of a pass says how large rows are. */
static void
begin_pass(Batch *batch, NnetCached *cached, size_t count)
{
	const NnetModel *model = cached->model;
	NNShape input = nnet_input_shape(model);
	int steps = nnet_input_steps(&input, count, model->name);
	const NNModel *core = plan_model(batch, cached, steps, Max(batch->rows, 1));

	batch->ids = nnet_model_ids(model);
	batch->output = core->layers[core->n_layers - 1].out;
	make_room(batch, model, count, nn_shape_size(&batch->output));
	(void) plan_model(batch, cached, steps, Min(batch->n_next, batch->room));
	start_threads(batch);
}

/* ---- reading ahead ---- */

/* An argument of the row that many after the current one. */
static Datum
argument(Batch *batch, int number, int ahead, bool *isnull, bool *isout)
{
	MemoryContext old = MemoryContextSwitchTo(batch->row);
	Datum value = WinGetFuncArgInPartition(batch->window, number, ahead, WINDOW_SEEK_CURRENT, false,
										   isnull, isout);

	MemoryContextSwitchTo(old);
	return value;
}

static void
set_reader(Batch *batch, Oid relid)
{
	const NnetModel *model;

	batch->input = NULL;
	batch->model = NULL;
	MemoryContextReset(batch->reading);
	batch->relid = relid;
	model = get_model(batch, relid)->model;
	batch->model = MemoryContextStrdup(batch->reading, model->name);
	batch->input =
		nnet_input_make(get_fn_expr_argtype(batch->fcinfo->flinfo, 1), model, batch->reading);
}

/* The row of the partition that is at that position, from 0. */
static void
enter_row(const Batch *batch, NnetRow *row, int64 position)
{
	*row = (NnetRow){
		.what = "row",
		.function = "nnet.predict_batch",
		.model = batch->model,
		.number = position + 1,
	};
	nnet_row_enter(row);
}

static bool
take_row(Batch *batch, NnetRow *row)
{
	bool no_model = false;
	bool no_x;
	bool isout = false;
	Oid relid = batch->relid;
	Datum x;
	NnetCached *cached;
	const float *values;
	size_t count;

	MemoryContextReset(batch->row);
	if (!batch->one_model || batch->n_filled == 0)
		relid = DatumGetObjectId(argument(batch, 0, batch->n, &no_model, &isout));
	if (isout)
		return false;
	/* before x is evaluated, which happens again at the next pass */
	if (batch->n_filled > 0 &&
		(batch->n_filled == batch->room || (!no_model && relid != batch->relid)))
		return false;
	x = argument(batch, 1, batch->n, &no_x, &isout);
	if (isout)
		return false;
	if (no_model || no_x)
	{
		batch->places[batch->n++] = -1;
		return true;
	}
	/* no oid says that none is set: a query may give any, 0 too */
	if (batch->input == NULL || relid != batch->relid)
	{
		/* what is wrong with the model is not the row's */
		nnet_row_leave(row);
		set_reader(batch, relid);
		row->model = batch->model;
		nnet_row_enter(row);
	}
	nnet_input_take(batch->input, x);
	cached = get_model(batch, relid);
	values = nnet_input_reals(batch->input, cached->model, &count);
	if (batch->n_filled == 0)
		begin_pass(batch, cached, count);
	else if (count != batch->in)
		return false; /* of other length: checked when its turn comes */
	if (batch->ids > 0)
		nnet_check_ids(values, count, batch->ids, cached->model->name);
	memcpy(batch->x + batch->n_filled * batch->in, values, count * sizeof(nn_real));
	batch->places[batch->n++] = (int16) batch->n_filled++;
	nn_predict_ready(&batch->prediction, batch->n_filled);
	return true;
}

/* Take one more row into the pass.  False if it belongs to the next, or there is none. */
static bool
add_row(Batch *batch)
{
	NnetRow row;
	bool added;

	enter_row(batch, &row, batch->first + batch->n);
	added = take_row(batch, &row);
	nnet_row_leave(&row);
	return added;
}

/* x and y were made for the model as the first row of the pass met it. */
static void
check_unchanged(const Batch *batch, const NnetModel *model)
{
	const NNModel *core = model->core;
	size_t in = nn_shape_size(&core->layers[0].out);

	if (in != batch->in || !nn_shape_equal(&batch->output, &core->layers[core->n_layers - 1].out) ||
		nnet_model_ids(model) != batch->ids)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("model \"%s\" was changed while rows were predicted", model->name),
				 errhint("Run the statement again.")));
}

/* All of a pass once more, in the same pieces, so that results are the same. */
static void
begin_again(Batch *batch, NnetCached *cached)
{
	(void) plan_model(batch, cached, batch->steps, batch->rows);
	check_unchanged(batch, cached->model);
	start_threads(batch);
}

/* The rest of a pass that is read, and all of it if the threads had to leave it. */
static void
finish_pass(Batch *batch)
{
	NnetCached *cached = get_model(batch, batch->relid);

	/* what later rows evaluated may have used the cache, or changed what a view shows */
	if (!is_planned(batch, cached, batch->steps, batch->rows))
		begin_again(batch, cached);
	nnet_watch_interrupts();
	while (nnet_run_again(batch->run.plan, cached->model,
						  nn_predict_finish(&batch->prediction, batch->n_filled)))
		begin_again(batch, cached);
}

static void
predict_ahead(Batch *batch, int64 position)
{
	batch->first = position;
	batch->n = 0;
	batch->n_filled = 0;
	while (batch->n < batch->n_next && add_row(batch))
		;
	/* four times as many as these were: rows of another length ended the pass early */
	batch->n_next = Min(Max(4 * (int) pg_nextpower2_32(batch->n), FIRST_ROWS), MOST_ROWS);
	if (batch->n_filled > 0)
		finish_pass(batch);
}

/* ---- the function ---- */

static Batch *
get_batch(FunctionCallInfo fcinfo)
{
	FmgrInfo *flinfo = fcinfo->flinfo;
	WindowObject window = PG_WINDOW_OBJECT();
	Batch *batch = flinfo->fn_extra;
	bool *started;

	if (!WindowObjectIsValid(window))
		/* an operator may be made of it */
		ereport(ERROR,
				(errcode(ERRCODE_WINDOWING_ERROR),
				 errmsg("nnet.predict_batch() was called without a window"),
				 errhint("Write nnet.predict_batch(model, x) OVER ().")));
	if (batch == NULL)
	{
		batch = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(Batch));
		batch->context =
			AllocSetContextCreate(flinfo->fn_mcxt, "nnet predict_batch", ALLOCSET_DEFAULT_SIZES);
		batch->row =
			AllocSetContextCreate(batch->context, "nnet predict_batch row", ALLOCSET_DEFAULT_SIZES);
		batch->reading = AllocSetContextCreate(batch->context, "nnet predict_batch reader",
											   ALLOCSET_SMALL_SIZES);
		batch->rows_context =
			AllocSetContextCreate(batch->context, "nnet predict_batch rows", ALLOCSET_SMALL_SIZES);
		batch->planned =
			AllocSetContextCreate(batch->context, "nnet predict_batch plan", ALLOCSET_SMALL_SIZES);
		batch->one_model = get_fn_expr_arg_stable(flinfo, 0);
		flinfo->fn_extra = batch;
	}
	batch->fcinfo = fcinfo;
	batch->window = window;
	started = WinGetPartitionLocalMemory(window, sizeof(bool));
	if (!*started)
	{
		*started = true;
		batch->first = 0;
		batch->n = 0;
		batch->n_next = FIRST_ROWS;
	}
	return batch;
}

Datum
nnet_predict_batch(PG_FUNCTION_ARGS)
{
	Batch *batch = get_batch(fcinfo);
	int64 position = WinGetCurrentPosition(batch->window);
	ArrayType *array;
	const nn_real *y;
	NnetRow row;
	int place;

	if (position < batch->first || position >= batch->first + batch->n)
		predict_ahead(batch, position);
	WinSetMarkPosition(batch->window, position);
	place = batch->places[position - batch->first];
	if (place < 0)
		PG_RETURN_NULL();
	y = batch->y + place * batch->out;
	/* here and not in the pass, which may have read rows that nobody asks for */
	if (!nn_all_finite(y, batch->out))
	{
		enter_row(batch, &row, position);
		nnet_check_outputs(y, batch->out, batch->model);
	}
	array = nnet_output_array(&batch->output);
	memcpy(ARR_DATA_PTR(array), y, batch->out * sizeof(nn_real));
	PG_RETURN_ARRAYTYPE_P(array);
}
