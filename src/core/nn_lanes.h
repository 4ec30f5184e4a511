/*
 * nn_lanes.h
 *	  Several trainings side by side: the face of train/lanes.c.
 */
#ifndef NN_LANES_H
#define NN_LANES_H

#include "core/nn.h"

/*
 * One of several runs that go on side by side, each on a thread of its own: one
 * training or evaluation, of a plan of one thread and a model that no other has.
 */
typedef struct NNLane
{
	NNRun *run;
	bool training;
	/*
	 * The next records, whole batches but for the last; none: there are no more.
	 * Called on any thread: it computes, and does nothing else.
	 */
	size_t (*next)(void *source, const void *const **records);
	void *source;
	/* where it is; zeros before its first record */
	const void *const *records;
	size_t n; /* of those at hand */
	size_t used;
	bool ended;			/* there were no more */
	NNRunResult result; /* NN_RUN_DONE, or what ended it before */
} NNLane;

/*
 * Run n lanes, as many as the pool has threads at most, until one of them has
 * ended or failed: the others pause after their batch, and go on when they are
 * given again.  NN_RUN_INTERRUPTED: something waits to be answered.
 */
extern NNRunResult nn_lanes_run(NNLane *const *lanes, int n);

#endif /* NN_LANES_H */
