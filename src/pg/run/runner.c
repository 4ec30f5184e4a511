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
#include "pg/train/train.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#define INFERENCE_BATCH 1024 /* at least, so that threads have something to share */

NnetTrainer *
nnet_trainer_make(NnetModel *model, const NNRecordFormat *format, int batch, int threads,
				  MemoryContext context)
{
	NnetTrainer *trainer = MemoryContextAllocZero(context, sizeof(NnetTrainer));

	trainer->model = model;
	trainer->context = context;
	trainer->batch = batch;
	trainer->threads = nnet_core_start(threads);
	trainer->precision = nnet_precision();
	nnet_run_init(&trainer->run, model, context);
	trainer->run.core.totals = MemoryContextAllocZero(context, nn_totals_bytes(&model->objectives));
	trainer->run.core.format = format;
	return trainer;
}

/* The steps that a batch of these records needs. */
static NNSteps
records_steps(const NnetTrainer *trainer, const void *const *records, size_t n)
{
	const NNRecordFormat *format = trainer->run.core.format;
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

/* Make ready for a batch of that many steps. */
static void
plan_run(NnetTrainer *trainer, bool training, NNSteps steps)
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
		.batch = training ? trainer->batch : Max(trainer->batch, INFERENCE_BATCH),
		.steps = steps,
		.threads = trainer->threads,
		.objectives = &trainer->model->objectives,
		.format = trainer->run.core.format,
		.training = training,
		.force_threads = nnet_force_threads,
		.precision = trainer->precision,
		.optimizer = training ? &trainer->model->optimizer : NULL,
	};

	nnet_run_plan(&trainer->run, &request, training ? &train : &evaluate);
}

void
nnet_trainer_move_totals(NnetTrainer *trainer, NNTotals *to)
{
	nn_totals_add(trainer->run.core.objectives, to, trainer->run.core.totals);
	memset(trainer->run.core.totals, 0, nn_totals_bytes(trainer->run.core.objectives));
}

void
nnet_trainer_scores(NnetTrainer *trainer, NNScores *scores)
{
	nn_totals_scores(trainer->run.core.objectives, trainer->run.core.totals, scores);
	memset(trainer->run.core.totals, 0, nn_totals_bytes(trainer->run.core.objectives));
}

void
nnet_trainer_end(NnetTrainer *trainer)
{
	nnet_run_end(&trainer->run);
}

void
nnet_trainer_plan_inference(NnetTrainer *trainer, const void *const *records, size_t n)
{
	plan_run(trainer, false, records_steps(trainer, records, n));
}

void
nnet_trainer_plan(NnetTrainer *trainer, bool training)
{
	plan_run(trainer, training, (NNSteps){{0}});
}

static void
refuse_diverged(const NnetTrainer *trainer, int epoch)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("training of model \"%s\" diverged: its loss or weights became infinite or NaN",
					trainer->model->name),
			 errdetail("In epoch %d, at step %lld.", epoch, (long long) trainer->run.core.step + 1),
			 errhint(NNET_HINT_DIVERGED)));
}

void
nnet_trainer_check(const NnetTrainer *trainer, NNRunResult result, int epoch)
{
	if (result == NN_RUN_DIVERGED)
		refuse_diverged(trainer, epoch);
	(void) nnet_run_again(trainer->run.core.plan, trainer->model, result);
}

/* One call of the core, gone on with after each interrupt. */
static void
run_piece(NnetTrainer *trainer, bool training, const void *const *records, size_t n, int epoch)
{
	size_t all = 0;

	plan_run(trainer, training, records_steps(trainer, records, n));
	nnet_watch_interrupts();
	while (all < n)
	{
		size_t done = 0;
		NNRunResult result = training
			? nn_train_records(&trainer->run.core, records + all, n - all, &done)
			: nn_evaluate_records(&trainer->run.core, records + all, n - all, &done);

		all += done;
		if (result == NN_RUN_DIVERGED)
			refuse_diverged(trainer, epoch);
		if (!nnet_run_again(trainer->run.core.plan, trainer->model, result) && all < n && done == 0)
			elog(ERROR, "a run of model \"%s\" made no progress", trainer->model->name);
	}
}

size_t
nnet_trainer_piece(const NnetTrainer *trainer, size_t n)
{
	return trainer->run.core.format->n_sequences > 0 ? Min((size_t) trainer->batch, n) : n;
}

void
nnet_trainer_train(NnetTrainer *trainer, const void *const *records, size_t n, int epoch)
{
	size_t piece;

	for (size_t i = 0; i < n && !trainer->clock.late; i += piece)
	{
		piece =
			nnet_clock_slice(&trainer->clock, nnet_trainer_piece(trainer, n - i), trainer->batch);
		run_piece(trainer, true, records + i, piece, epoch);
		nnet_clock_look(&trainer->clock);
	}
}

void
nnet_trainer_evaluate(NnetTrainer *trainer, const void *const *records, size_t n)
{
	size_t piece;

	for (size_t i = 0; i < n; i += piece)
	{
		piece = nnet_trainer_piece(trainer, n - i);
		run_piece(trainer, false, records + i, piece, 0);
	}
}
