/*
 * runner.c
 *	  The buffers of training and evaluating, and running the core in them.
 *
 * The core returns when a cancel or anything else waits to be answered; that
 * is done here, where the pool is parked and an error may jump.
 *
 * A variable input is planned anew for each batch that is longer or shorter
 * than the one before; batches are then handed over one by one.
 */
#include "pg/data/data.h"
#include "pg/run/progress.h"
#include "pg/run/runner.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#define GRADIENT_ROOM ((size_t) 256 << 20) /* bytes */
#define INFERENCE_BATCH 1024			   /* at least, so that threads have something to share */

NnetRunner *
nnet_runner_make(NnetModel *model, const NNRecordFormat *format, int batch, int threads,
				 MemoryContext context)
{
	NnetRunner *runner = MemoryContextAllocZero(context, sizeof(NnetRunner));

	runner->model = model;
	runner->context = context;
	runner->batch = batch;
	runner->threads = nnet_core_start(threads);
	runner->precision = nnet_precision();
	nnet_run_init(&runner->run, model, context);
	runner->run.core.totals = MemoryContextAllocZero(context, nn_totals_bytes(&model->objectives));
	runner->run.core.format = format;
	return runner;
}

/* The steps that a batch of these records needs. */
static NNSteps
records_steps(const NnetRunner *runner, const void *const *records, size_t n)
{
	const NNRecordFormat *format = runner->run.core.format;
	NNSteps most = {{0}};

	if (format->n_sequences == 0)
		return most;
	for (size_t i = 0; i < n; i++)
	{
		NNRecordHead head;

		nn_record_get_head(format, records[i], &head);
		for (int s = 0; s < format->n_sequences; s++)
			most.of[s] = Max(most.of[s], head.steps.of[s]);
	}
	return most;
}

/* Make ready for a batch of that many steps; gradient_room as in NNPlanRequest. */
static void
plan_run(NnetRunner *runner, bool training, NNSteps steps, size_t gradient_room)
{
	static const NnetRunTask train = {
		.verb = "be trained on batches of",
		.hint = NNET_MEMORY_HINT_BATCH,
	};
	static const NnetRunTask evaluate = {
		.verb = "evaluate batches of",
		.hint = NNET_MEMORY_HINT_BATCH,
	};
	NNPlanRequest request = {
		.batch = training ? runner->batch : Max(runner->batch, INFERENCE_BATCH),
		.steps = steps,
		.threads = runner->threads,
		.objectives = &runner->model->objectives,
		.format = runner->run.core.format,
		.training = training,
		.force_threads = nnet_force_threads,
		.precision = runner->precision,
		.optimizer = training ? &runner->model->optimizer : NULL,
		.gradient_room = gradient_room,
	};

	nnet_run_plan(&runner->run, &request, training ? &train : &evaluate);
}

void
nnet_runner_move_totals(NnetRunner *runner, NNTotals *to)
{
	nn_totals_add(runner->run.core.objectives, to, runner->run.core.totals);
	memset(runner->run.core.totals, 0, nn_totals_bytes(runner->run.core.objectives));
}

void
nnet_runner_scores(NnetRunner *runner, NNScores *scores)
{
	size_t values = nn_objectives_values(runner->run.core.objectives);

	scores->values =
		values > 0 ? MemoryContextAlloc(runner->context, sizeof(double) * values) : NULL;
	nn_totals_scores(runner->run.core.objectives, runner->run.core.totals, scores);
	memset(runner->run.core.totals, 0, nn_totals_bytes(runner->run.core.objectives));
}

void
nnet_runner_end(NnetRunner *runner)
{
	nnet_run_end(&runner->run);
}

void
nnet_runner_plan_inference(NnetRunner *runner, const void *const *records, size_t n)
{
	plan_run(runner, false, records_steps(runner, records, n), 0);
}

void
nnet_runner_plan(NnetRunner *runner, bool training)
{
	plan_run(runner, training, (NNSteps){{0}}, 0);
}

static void
refuse_diverged(const NnetRunner *runner, int epoch)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("training of model \"%s\" diverged: its loss or weights became infinite or NaN",
					runner->model->name),
			 errdetail("In epoch %d, at step %lld.", epoch, (long long) runner->run.core.step + 1),
			 nnet_hint_diverged(runner->model)));
}

void
nnet_runner_check(const NnetRunner *runner, NNRunResult result, int epoch)
{
	if (result == NN_RUN_DIVERGED)
		refuse_diverged(runner, epoch);
	(void) nnet_run_again(runner->run.core.plan, runner->model, result);
}

/* One call of the core, gone on with after each interrupt. */
static void
run_piece(NnetRunner *runner, bool training, const void *const *records, size_t n, int epoch)
{
	size_t all = 0;

	plan_run(runner, training, records_steps(runner, records, n), GRADIENT_ROOM);
	nnet_watch_interrupts();
	while (all < n)
	{
		size_t done = 0;
		NNRunResult result = training
			? nn_train_records(&runner->run.core, records + all, n - all, &done)
			: nn_evaluate_records(&runner->run.core, records + all, n - all, &done);

		all += done;
		if (result == NN_RUN_DIVERGED)
			refuse_diverged(runner, epoch);
		if (!nnet_run_again(runner->run.core.plan, runner->model, result) && all < n && done == 0)
			elog(ERROR, "a run of model \"%s\" made no progress", runner->model->name);
	}
}

size_t
nnet_runner_piece(const NnetRunner *runner, size_t n)
{
	return runner->run.core.format->n_sequences > 0 ? Min((size_t) runner->batch, n) : n;
}

void
nnet_runner_train(NnetRunner *runner, const void *const *records, size_t n, int epoch)
{
	size_t piece;

	for (size_t i = 0; i < n && !runner->clock.late; i += piece)
	{
		piece = nnet_clock_slice(&runner->clock, nnet_runner_piece(runner, n - i), runner->batch);
		run_piece(runner, true, records + i, piece, epoch);
		nnet_progress_rows(
			runner->run.core.step, piece,
			nn_losses_all(runner->run.core.objectives, &runner->run.core.totals->losses));
		nnet_clock_look(&runner->clock);
	}
}

void
nnet_runner_evaluate(NnetRunner *runner, const void *const *records, size_t n)
{
	size_t piece;

	for (size_t i = 0; i < n; i += piece)
	{
		piece = nnet_runner_piece(runner, n - i);
		run_piece(runner, false, records + i, piece, 0);
	}
}
