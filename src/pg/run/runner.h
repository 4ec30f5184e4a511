/*
 * runner.h
 *	  Records through a model, batch by batch: steps of training, evaluation.
 *
 * A runner owns the buffers that this needs beside the model itself (plans,
 * workspace, gradients); it lives in the context of one fit or evaluation.
 */
#ifndef NNET_RUNNER_H
#define NNET_RUNNER_H

#include "pg/run/run.h"
#include "portability/instr_time.h"

/* ---- in clock.c ---- */

extern double nnet_seconds_since(instr_time start);

/* When a training has to end. */
typedef struct NnetClock
{
	double limit; /* seconds from start on; 0: any */
	instr_time start;
	instr_time begun; /* of the slice under way */
	int slice;		  /* batches until it is looked at again */
	bool late;		  /* time is over */
} NnetClock;

extern void nnet_clock_set(NnetClock *clock, double limit, instr_time start);
/* How many of n records, of batches of that size, to train on before nnet_clock_look(). */
extern size_t nnet_clock_slice(NnetClock *clock, size_t n, int batch);
extern void nnet_clock_look(NnetClock *clock);
/*
 * Say that time_limit ended training, after that many of all rows of an epoch (all of
 * them: after the epoch).
 */
extern void nnet_clock_say(const NnetClock *clock, const char *model, int epoch, int epochs,
						   uint64 rows, uint64 all);

/* ---- in run/runner.c ---- */

typedef struct NnetRunner
{
	NnetModel *model;
	MemoryContext context;
	int batch;
	int threads; /* wanted */
	NNPrecision precision;
	NnetRun run; /* what is in the totals, step and seed are the caller's */
	NnetClock clock;
} NnetRunner;

/* batch is the size of a training step, or of a piece for inference; format stays the caller's. */
extern NnetRunner *nnet_runner_make(NnetModel *model, const NNRecordFormat *format, int batch,
									int threads, MemoryContext context);
/* Both answer cancels.  epoch is for the error of a diverged training. */
extern void nnet_runner_train(NnetRunner *runner, const void *const *records, size_t n, int epoch);
extern void nnet_runner_evaluate(NnetRunner *runner, const void *const *records, size_t n);
/* Add the totals to others of the same objectives; they begin anew. */
extern void nnet_runner_move_totals(NnetRunner *runner, NNTotals *to);
/* What the totals come to; they begin anew.  Arrays are made in the runner's context. */
extern void nnet_runner_scores(NnetRunner *runner, NNScores *scores);
/* Make run.plan the plan for steps of training, or for evaluation, of rows of fixed steps. */
extern void nnet_runner_plan(NnetRunner *runner, bool training);
/* Raise what a run that was not interrupted came to, if that is an error. */
extern void nnet_runner_check(const NnetRunner *runner, NNRunResult result, int epoch);
/* Let go of the buffers; what was trained is in the model. */
extern void nnet_runner_end(NnetRunner *runner);
/* Make run.plan the plan for inference of these records. */
extern void nnet_runner_plan_inference(NnetRunner *runner, const void *const *records, size_t n);
/* How many of n records go into one plan: variable steps are planned for batch by batch. */
extern size_t nnet_runner_piece(const NnetRunner *runner, size_t n);

#endif /* NNET_RUNNER_H */
