/*
 * score.h
 *	  From outputs to loss and metrics (score.c).
 */
#ifndef NN_SCORE_H
#define NN_SCORE_H

#include "core/graph/part.h"

/* Loss and metrics of a round's chunks into totals; with_gradient also starts the backward pass. */
extern void nn_part_loss(const NNPart *part, int round, bool with_gradient, NNTotals *totals);
/* The losses of all threads' totals, in order: every thread gets the same. */
extern NNLosses nn_part_losses(const NNPart *part);
/* What is to be known of a batch before the gradients of its losses, by output. */
typedef struct NNCounts
{
	double rows[NN_MAX_OUTPUTS]; /* entries that count */
	NNLossBatch whole[NN_MAX_OUTPUTS];
} NNCounts;

/* Add that of a round's chunks that went forward. */
extern void nn_part_count(const NNPart *part, int round, NNCounts *counts);
/* Regularization's share of the loss. */
extern double nn_run_penalty(const NNRun *run);

/* nn_evaluate_records of a plan of one thread, by a thread that is in a job of the pool already. */
extern NNRunResult
nn_evaluate_alone(NNRun *run, const void *const *records, size_t n_records, size_t *done);

#endif /* NN_SCORE_H */
