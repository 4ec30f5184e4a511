/*
 * batch.c
 *	  Many rows through a model in one pass, with threads.
 *
 * The pool's threads begin with the first rows of a pass while the others are
 * read, which may run anything: a function that predicts, trains or fails.  Whoever needs the pool, or frees what the threads read, abandons their
 * work first (nn_pool_abandon); the pass is then predicted when it is read.
 *
 * Lifetimes: the batch is the query's.  Its buffers are in rows_context, what
 * was planned for the loaded model in planned, made anew when the cache has
 * loaded anew.
 */
#include "pg/predict/batch.h"

#include "pg/data/data.h"
#include "pg/predict/predict.h"
#include "pg/run/run.h"
#include "utils/memutils.h"

#define PACKED_ROWS 64 /* from here weights are packed, once until they change */

struct NnetBatch
{
	MemoryContext query;
	Oid xtype;
	size_t bytes; /* for x and y */
	bool alone;
	bool ahead;
	MemoryContext reading;
	NnetInputs *inputs; /* how x is read; NULL: for no model yet */
	Oid relid;			/* the model that they were made for */
	char *model;		/* its name then */

	/* the pass */
	NnetCached *cached; /* as last looked at */
	int expected;
	int n;			   /* rows in x */
	NNSteps row_steps; /* of each row */
	size_t *counts;	   /* values of each input of a row, in reading */
	size_t in;		   /* reals of a row */
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
	NNSteps steps;
	int rows;
	NNPrecision precision;
	NnetRun run;
	MemoryContextCallback stop_rows; /* nobody works in x and y when they go */
};

NnetBatch *
nnet_batch_make(MemoryContext query, Oid xtype, size_t bytes, bool alone, bool ahead)
{
	MemoryContext context = AllocSetContextCreate(query, "nnet batch", ALLOCSET_DEFAULT_SIZES);
	NnetBatch *batch = MemoryContextAllocZero(context, sizeof(NnetBatch));

	batch->query = query;
	batch->xtype = xtype;
	batch->bytes = bytes;
	batch->alone = alone;
	batch->ahead = ahead;
	batch->reading = AllocSetContextCreate(context, "nnet batch reader", ALLOCSET_SMALL_SIZES);
	batch->rows_context = AllocSetContextCreate(context, "nnet batch rows", ALLOCSET_SMALL_SIZES);
	batch->planned = AllocSetContextCreate(context, "nnet batch plan", ALLOCSET_SMALL_SIZES);
	return batch;
}

/* ---- the model ---- */

/* As it is now; what an earlier call gave is not valid any more. */
static NnetCached *
get_model(const NnetBatch *batch)
{
	return nnet_cache_get(batch->relid, batch->query);
}

void
nnet_batch_set_model(NnetBatch *batch, Oid relid)
{
	const NnetModel *model;

	/* no oid says that none is set: a query may give any, 0 too */
	if (batch->inputs != NULL && batch->relid == relid)
		return;
	batch->inputs = NULL;
	batch->model = NULL;
	MemoryContextReset(batch->reading);
	batch->relid = relid;
	model = get_model(batch)->model;
	batch->model = MemoryContextStrdup(batch->reading, model->name);
	batch->counts = MemoryContextAlloc(batch->reading, sizeof(size_t) * model->core->n_inputs);
	batch->inputs = nnet_inputs_make(batch->xtype, model, false, batch->reading);
	if (batch->ahead)
		nnet_inputs_read_ahead(batch->inputs);
}

Oid
nnet_batch_relid(const NnetBatch *batch)
{
	return batch->relid;
}

const char *
nnet_batch_model(const NnetBatch *batch)
{
	return batch->model;
}

bool
nnet_batch_declines(const NnetBatch *batch)
{
	return batch->ahead && batch->inputs != NULL && nnet_inputs_run_others(batch->inputs);
}

/* Whether the plan there is fits the model as it is loaded now. */
static bool
is_planned(const NnetBatch *batch, const NnetCached *cached, const NNSteps *steps, int rows)
{
	const NNModel *core = cached->model->core;

	return batch->generation == cached->generation && nn_steps_equal(&batch->steps, steps) &&
		batch->rows == rows && batch->precision == nnet_precision() &&
		(!core->variable || nn_steps_equal(&core->steps, steps));
}

/* Before x and y are freed, also where an error ends the query. */
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
plan_model(NnetBatch *batch, NnetCached *cached, const NNSteps *steps, int rows)
{
	NnetModel *model = cached->model;
	NNPlanRequest request = {
		.steps = *steps,
		.batch = rows,
		.precision = nnet_precision(),
	};
	NnetRunTask task = {.verb = "predict", .hint = NNET_MEMORY_HINT_ROWS};

	if (is_planned(batch, cached, steps, request.batch))
		return model->core;
	request.packed = rows >= PACKED_ROWS && nnet_cache_packs(cached, request.precision);
	request.threads = nnet_core_start(batch->alone ? 1 : nnet_threads_for_fit());
	request.force_threads = nnet_force_threads;
	batch->generation = 0;
	MemoryContextReset(batch->planned);
	nnet_run_init(&batch->run, model, batch->planned);
	batch->run.ahead = true;
	nnet_run_plan(&batch->run, &request, &task);
	/* after the plan: a model whose last steps were refused has no shapes until then */
	if (request.packed)
		batch->run.core.packed = nnet_cache_packed(cached, request.precision);
	batch->generation = cached->generation;
	batch->steps = request.steps;
	batch->rows = request.batch;
	batch->precision = request.precision;
	return model->core;
}

/* ---- a pass ---- */

/* Have x and y for rows of in reals that become out reals. */
static void
make_room(NnetBatch *batch, const NnetModel *model, size_t in, size_t out)
{
	size_t row_bytes = (in + out) * sizeof(nn_real);

	if (batch->x != NULL && batch->in == in && batch->out == out)
		return;
	MemoryContextReset(batch->rows_context);
	batch->stop_rows = (MemoryContextCallback){.func = stop_threads};
	MemoryContextRegisterResetCallback(batch->rows_context, &batch->stop_rows);
	batch->x = batch->y = NULL;
	batch->room = (int) Min(Max(batch->bytes / row_bytes, 1), NNET_BATCH_ROWS);
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
start_threads(NnetBatch *batch)
{
	nn_predict_begin(&batch->prediction, &batch->run.core, batch->x, batch->rows, batch->y);
}

/* The first row of a pass says how large rows are. */
static void
begin_pass(NnetBatch *batch, NnetCached *cached, size_t count)
{
	const NnetModel *model = cached->model;
	const NNModel *core = plan_model(batch, cached, &batch->row_steps, Max(batch->rows, 1));

	batch->output = nnet_output_shape(core, NNET_ALL_OUTPUTS);
	make_room(batch, model, count, nn_shape_size(&batch->output));
	(void) plan_model(batch, cached, &batch->row_steps, Min(batch->expected, batch->room));
	start_threads(batch);
}

void
nnet_batch_begin(NnetBatch *batch, int expected)
{
	batch->expected = expected;
	batch->n = 0;
}

void
nnet_batch_take(NnetBatch *batch, Datum x)
{
	nnet_inputs_take(batch->inputs, x);
}

bool
nnet_batch_takes_columns(const NnetBatch *batch)
{
	return nnet_inputs_take_columns_apart(batch->inputs);
}

void
nnet_batch_take_columns(NnetBatch *batch, const Datum *values, const bool *nulls,
						const int *columns)
{
	nnet_inputs_take_columns(batch->inputs, values, nulls, columns);
}

void
nnet_batch_look(NnetBatch *batch)
{
	batch->cached = get_model(batch);
}

bool
nnet_batch_add(NnetBatch *batch)
{
	NnetCached *cached = batch->cached;
	size_t count;
	const float *values;

	nnet_inputs_ready(batch->inputs, cached->model);
	if (batch->n > 0 &&
		(!nnet_inputs_alike(batch->inputs, batch->counts) || nnet_batch_full(batch)))
		return false; /* of other length: checked when its turn comes */
	nnet_inputs_check(batch->inputs, &batch->row_steps);
	values = nnet_inputs_values(batch->inputs, &count);
	if (batch->n == 0)
	{
		nnet_inputs_copy_counts(batch->inputs, batch->counts);
		begin_pass(batch, cached, count);
	}
	memcpy(batch->x + batch->n * batch->in, values, count * sizeof(nn_real));
	batch->n++;
	nn_predict_ready(&batch->prediction, batch->n);
	return true;
}

bool
nnet_batch_full(const NnetBatch *batch)
{
	return batch->n > 0 && batch->n == batch->room;
}

int
nnet_batch_count(const NnetBatch *batch)
{
	return batch->n;
}

/* x and y were made for the model as the first row of the pass met it. */
static void
check_unchanged(const NnetBatch *batch, const NnetModel *model)
{
	const NNModel *core = model->core;
	NNShape output = nnet_output_shape(core, NNET_ALL_OUTPUTS);

	if (nn_model_x_size(core) != batch->in || !nn_shape_equal(&batch->output, &output) ||
		!nnet_inputs_are_of(batch->inputs, model))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("model \"%s\" was changed while rows were predicted", model->name),
				 errhint("Run the statement again.")));
}

/* All of a pass once more, in the same pieces, so that results are the same. */
static void
begin_again(NnetBatch *batch, NnetCached *cached)
{
	(void) plan_model(batch, cached, &batch->steps, batch->rows);
	check_unchanged(batch, cached->model);
	start_threads(batch);
}

/* The rest of the pass, and all of it if the threads had to leave it. */
void
nnet_batch_finish(NnetBatch *batch)
{
	NnetCached *cached;

	if (batch->n == 0)
		return;
	nnet_batch_look(batch);
	cached = batch->cached;
	/* what later rows evaluated may have used the cache, or changed what a view shows */
	if (!is_planned(batch, cached, &batch->steps, batch->rows))
		begin_again(batch, cached);
	nnet_watch_interrupts();
	while (nnet_run_again(batch->run.core.plan, cached->model,
						  nn_predict_finish(&batch->prediction, batch->n)))
		begin_again(batch, cached);
}

const NnetModel *
nnet_batch_loaded(const NnetBatch *batch)
{
	return batch->cached->model;
}

const NNShape *
nnet_batch_shape(const NnetBatch *batch)
{
	return &batch->output;
}

const nn_real *
nnet_batch_outputs(const NnetBatch *batch, int place)
{
	return batch->y + place * batch->out;
}
