/*
 * train.c
 *	  Training steps over batches of records.
 *
 * All threads run the same loop.  A step: each thread takes its part of the
 * batch through forward and backward into its own gradients; at a barrier
 * they meet, look at the loss of all, and decide alike; each updates its share
 * of the parameters; at a second barrier the step is done.  Until the first
 * barrier nothing lasting has changed but what layers change before a step, which is
 * not repeated, so an interrupted step is simply done again: draws depend on (seed, step),
 * not on what was tried.
 *
 * Where a plan goes layer by layer the threads meet after the losses already: with
 * what they decide there the step is certain.  Then each layer's gradient is made,
 * used up by its update and forgotten before the next one's, so that a model whose
 * gradients are as large as itself has no need of them all.
 *
 * The gradient that flows is that of the batch's *summed* loss; the division
 * by the number of entries happens in the update, where the number is known
 * even if masks hide some.
 */
#include "core/train/update.h"

typedef struct TrainJob
{
	NNRun *run;
	const void *const *records;
	size_t n_records;
	NNRunResult result; /* this and the next are written by thread 0 */
	size_t done;
	int64_t steps; /* finished; run->step stays until the job ends, as all threads read it */
	NNCounts counts[NN_MAX_THREADS]; /* of each, if the plan wants them */
} TrainJob;

/* Where a thread is: all are at the same place, each with its own count. */
typedef struct Position
{
	size_t done; /* records used up */
	int64_t step;
} Position;

/*
 * Add a step to the epoch, before any thread begins the next: as Keras, the epoch's
 * losses are the means of the batches' losses weighted by their samples.
 */
static void
commit(TrainJob *job, const NNLosses *step, double penalty)
{
	const NNRun *run = job->run;
	NNLosses *losses = &run->totals->losses;

	for (int t = 0; t < run->plan->threads; t++)
		nn_totals_add_states(run->objectives, run->totals,
							 nn_plan_totals(run->plan, run->workspace, t));
	losses->samples += step->samples;
	losses->penalty_sum += step->penalty_sum + penalty * step->samples;
	for (int o = 0; o < run->objectives->n; o++)
	{
		losses->sum[o] += nn_losses_output(step, o) * step->samples;
		losses->count[o] += step->samples;
	}
	job->steps++;
	job->done += (size_t) step->samples;
}

/* What losses want to know of all of the batch, which is at the same place in all threads. */
static void
count_batch(TrainJob *job, NNPart *part)
{
	NNCounts all;

	memset(&all, 0, sizeof(all));
	memset(&job->counts[part->thread], 0, sizeof(NNCounts));
	nn_part_count(part, 0, &job->counts[part->thread]);
	(void) nn_part_barrier(part);
	for (int o = 0; o < job->run->model->n_outputs; o++)
	{
		for (int t = 0; t < part->plan->threads; t++)
		{
			const NNCounts *counts = &job->counts[t];

			all.rows[o] += counts->rows[o];
			all.whole[o].weights += counts->whole[o].weights;
			all.whole[o].ratio[0] += counts->whole[o].ratio[0];
			all.whole[o].ratio[1] += counts->whole[o].ratio[1];
		}
		part->whole[o] = all.whole[o];
		if (part->plan->scaled)
			nn_part_scale(part, o, all.rows[o]);
	}
}

/* Forward, loss and backward of this thread's part, into its own gradients. */
static void
differentiate(TrainJob *job, NNPart *part, const void *const *records)
{
	NNTotals *totals = nn_plan_totals(part->plan, part->run->workspace, part->thread);

	memset(totals, 0, nn_totals_bytes(part->run->objectives));
	for (int round = 0; round < part->rounds; round++)
	{
		int from, to;

		nn_part_round(part, round, &from, &to);
		for (int c = from; c < to && !nn_pool_stopping(); c++)
		{
			NNChunk chunk = nn_part_chunk(part, c);

			nn_chunk_load(part, &chunk, records);
		}
		nn_part_forward(part, round);
		if (part->plan->counted)
			count_batch(job, part);
		nn_part_loss(part, round, true, totals);
		if (part->plan->layerwise)
			continue; /* it is the only round */
		nn_part_backward(part, round);
		nn_part_split_gradients(part, round);
	}
}

/*
 * From here on the step is not stopped, since what makes gradients while it updates must not
 * be broken off between the two: false if the job was stopped before that.
 */
static bool
hold_step(const NNPart *part)
{
	if (part->thread == 0)
		nn_pool_hold(true);
	return !nn_part_barrier(part);
}

/* Backward and update of one layer after the other; false if the job was stopped before that. */
static bool
update_layers(const NNPart *part, double scale)
{
	const NNModel *model = part->run->model;

	if (!hold_step(part))
		return false;
	for (int i = model->n_layers - 1; i > 0; i--)
	{
		nn_part_backward_layer(part, i, 0);
		if (!part->plan->layers[i].grads)
			continue;
		/* all have read the layer's weights, and written their gradients of it */
		(void) nn_part_barrier(part);
		if (model->layers[i].split_gradient)
		{
			nn_part_split_gradient(part, i, 0);
			(void) nn_part_barrier(part);
		}
		nn_update_layer(part, i, scale);
		/* the next layer's gradients take the place of these */
		(void) nn_part_barrier(part);
	}
	if (part->thread == 0)
		nn_pool_hold(false);
	return true;
}

/* The step comes to nothing, and the job ends. */
static bool
break_off(TrainJob *job, const NNPart *part, NNRunResult result)
{
	nn_update_abandon(part);
	if (part->thread == 0)
		job->result = result;
	return false;
}

/* One batch.  False when the job ends here. */
static bool
train_step(TrainJob *job, int thread, Position *position)
{
	NNRun *run = job->run;
	size_t left = job->n_records - position->done;
	size_t most = (size_t) run->plan->request.batch;
	NNLosses step;
	NNPart part;
	double loss;
	double penalty = 0;
	double divisor;
	double scale;
	bool stop;
	bool refused;

	nn_part_make(&part, run, thread, (int) (left < most ? left : most));
	part.step = position->step;
	nn_part_begin_step(&part);
	differentiate(job, &part, job->records + position->done);

	stop = nn_part_barrier(&part);
	step = nn_part_losses(&part);
	loss = nn_losses_all(run->objectives, &step);
	refused = nn_plan_refused(run->plan);
	if (refused || stop || !isfinite(loss))
		return break_off(job, &part,
						 refused	? NN_RUN_REFUSED
							 : stop ? NN_RUN_INTERRUPTED
									: NN_RUN_DIVERGED);
	divisor = nn_part_divisor(&part, step.count[0]);
	scale = divisor > 0 ? 1.0 / divisor : 0;
	if (nn_update_begin(&part, scale))
		return break_off(job, &part, NN_RUN_INTERRUPTED);
	if (run->plan->penalized)
	{
		/* every thread reads all parameters: none may change before all have */
		penalty = nn_run_penalty(run);
		(void) nn_part_barrier(&part);
	}
	if ((run->plan->layerwise && !update_layers(&part, scale)) ||
		(run->plan->by_rows && !hold_step(&part)))
		return break_off(job, &part, NN_RUN_INTERRUPTED);
	if (thread == 0)
	{
		nn_part_end_step(&part);
		commit(job, &step, penalty);
	}
	if (!run->plan->layerwise)
		nn_update(&part, scale);
	nn_constrain(&part);

	stop = nn_part_barrier(&part);
	if (thread == 0 && run->plan->by_rows)
		nn_pool_hold(false);
	position->done += (size_t) part.batch;
	position->step++;
	if (thread == 0 && stop)
		job->result = NN_RUN_INTERRUPTED;
	return !stop && position->done < job->n_records;
}

static void
train_job(void *arg, int thread)
{
	TrainJob *job = arg;
	Position position = {.done = 0, .step = job->run->step};

	while (train_step(job, thread, &position))
		;
}

/* alone: by the calling thread, which is in a job of the pool already. */
static NNRunResult
train_records(NNRun *run, bool alone, const void *const *records, size_t n_records, size_t *done)
{
	TrainJob job = {
		.run = run,
		.records = records,
		.n_records = n_records,
		.result = NN_RUN_DONE,
	};

	nn_plan_begin(run->plan);
	if (n_records > 0 && alone)
		train_job(&job, 0);
	else if (n_records > 0)
		nn_pool_run(run->plan->threads, train_job, &job);
	run->step += job.steps;
	*done = job.done;
	/* an interrupt that came with the last step has nothing left to stop */
	return job.result == NN_RUN_INTERRUPTED && job.done == n_records ? NN_RUN_DONE : job.result;
}

NNRunResult
nn_train_records(NNRun *run, const void *const *records, size_t n_records, size_t *done)
{
	return train_records(run, false, records, n_records, done);
}

NNRunResult
nn_train_alone(NNRun *run, const void *const *records, size_t n_records, size_t *done)
{
	return train_records(run, true, records, n_records, done);
}
