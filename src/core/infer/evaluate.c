/*
 * evaluate.c
 *	  Evaluation: forward passes only, samples shared out among the threads in
 *	  pieces of a chunk, so that results do not depend on how many there are.
 *
 * Work is done block after block; a block that was interrupted leaves nothing
 * behind and is counted as not done.
 */
#include "core/infer/score.h"

#define BLOCK_CHUNKS 8 /* of each thread: milliseconds between looks at *done */

typedef struct EvaluateJob
{
	NNRun *run;
	const void *const *records;
	size_t n;
	bool alone; /* by the calling thread, which is in a job of the pool already */
	bool stopped;
} EvaluateJob;

/* One chunk's samples as a part of its own. */
static void
evaluate_chunk(EvaluateJob *job, int thread, size_t first, int count)
{
	const NNRun *run = job->run;
	NNPart part;
	NNChunk chunk = nn_part_alone(&part, run, thread, count);

	nn_chunk_load(&part, &chunk, job->records + first);
	nn_part_forward(&part, 0);
	nn_part_loss(&part, 0, false, nn_plan_totals(run->plan, run->workspace, thread));
}

static void
evaluate_job(void *arg, int thread)
{
	EvaluateJob *job = arg;
	const NNPlan *plan = job->run->plan;
	size_t chunk = (size_t) plan->chunk;
	size_t stride = chunk * (size_t) plan->threads;

	memset(nn_plan_totals(plan, job->run->workspace, thread), 0,
		   nn_totals_bytes(job->run->objectives));
	for (size_t at = chunk * (size_t) thread; at < job->n && !nn_pool_stopping(); at += stride)
		evaluate_chunk(job, thread, at, (int) (job->n - at < chunk ? job->n - at : chunk));
	if (plan->threads > 1 ? nn_pool_barrier(thread) && thread == 0 : nn_pool_stopping())
		job->stopped = true;
}

/* All of the job's samples; false if interrupted. */
static bool
evaluate_block(EvaluateJob *job)
{
	const NNRun *run = job->run;

	if (job->alone)
		evaluate_job(job, 0);
	else
		nn_pool_run(run->plan->threads, evaluate_job, job);
	if (job->stopped)
		return false;
	for (int t = 0; t < run->plan->threads; t++)
		nn_totals_add(run->objectives, run->totals, nn_plan_totals(run->plan, run->workspace, t));
	return true;
}

/* Samples of one block. */
static size_t
block_samples(const NNPlan *plan)
{
	return (size_t) plan->chunk * (size_t) plan->threads * BLOCK_CHUNKS;
}

static NNRunResult
evaluate_records(NNRun *run, bool alone, const void *const *records, size_t n_records, size_t *done)
{
	EvaluateJob job = {.run = run, .alone = alone};
	double penalty = nn_run_penalty(run);
	double before = run->totals->losses.samples;
	NNRunResult result = NN_RUN_DONE;

	nn_plan_begin(run->plan);
	for (*done = 0; *done < n_records && result == NN_RUN_DONE;)
	{
		job.records = records + *done;
		job.n = n_records - *done;
		if (job.n > block_samples(run->plan))
			job.n = block_samples(run->plan);
		if (!evaluate_block(&job))
			result = NN_RUN_INTERRUPTED;
		else if (nn_plan_refused(run->plan))
			result = NN_RUN_REFUSED;
		else
			*done += job.n;
	}
	run->totals->losses.penalty_sum += penalty * (run->totals->losses.samples - before);
	return result;
}

NNRunResult
nn_evaluate_records(NNRun *run, const void *const *records, size_t n_records, size_t *done)
{
	return evaluate_records(run, false, records, n_records, done);
}

NNRunResult
nn_evaluate_alone(NNRun *run, const void *const *records, size_t n_records, size_t *done)
{
	return evaluate_records(run, true, records, n_records, done);
}
