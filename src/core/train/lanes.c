/*
 * lanes.c
 *	  Several trainings or evaluations side by side, each on a thread of its own.
 *
 * Steps of small networks are too short to be shared among threads; whole
 * trainings are not.  A lane goes on by itself, batch after batch, until there are no
 * more records: then all pause, since what comes next (another epoch, another
 * training) is the caller's, who may allocate and fail.  A thread waits for the
 * others no longer than their batch takes.
 */
#include "core/nn_lanes.h"
#include "core/train/update.h"

#include <stdatomic.h>

typedef struct LanesJob
{
	NNLane *const *lanes;
	atomic_bool pause;
} LanesJob;

/* A batch at a time, so that none is waited for long; of evaluation, what a plan is made for. */
static size_t
piece_of(const NNLane *lane)
{
	size_t left = lane->n - lane->used;
	size_t batch = (size_t) lane->run->plan->request.batch;

	return left < batch ? left : batch;
}

/* False: there is nothing to go on with. */
static bool
take_records(NNLane *lane)
{
	if (lane->used < lane->n)
		return true;
	lane->n = lane->next(lane->source, &lane->records);
	lane->used = 0;
	lane->ended = lane->n == 0;
	return !lane->ended;
}

static NNRunResult
run_piece(NNLane *lane)
{
	size_t done = 0;
	const void *const *records = lane->records + lane->used;
	NNRunResult result = lane->training
		? nn_train_alone(lane->run, records, piece_of(lane), &done)
		: nn_evaluate_alone(lane->run, records, piece_of(lane), &done);

	lane->used += done;
	return result;
}

static void
lanes_job(void *arg, int thread)
{
	LanesJob *job = arg;
	NNLane *lane = job->lanes[thread];

	while (!nn_pool_stopping() && !atomic_load_explicit(&job->pause, memory_order_relaxed))
	{
		NNRunResult result = take_records(lane) ? run_piece(lane) : NN_RUN_DONE;

		/* the caller knows of interrupts by itself */
		if (result != NN_RUN_INTERRUPTED)
			lane->result = result;
		if (lane->ended || lane->result != NN_RUN_DONE)
			atomic_store_explicit(&job->pause, true, memory_order_relaxed);
	}
}

NNRunResult
nn_lanes_run(NNLane *const *lanes, int n)
{
	LanesJob job = {.lanes = lanes};

	atomic_init(&job.pause, false);
	nn_pool_run(n, lanes_job, &job);
	return atomic_load(&job.pause) ? NN_RUN_DONE : NN_RUN_INTERRUPTED;
}
