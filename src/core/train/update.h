/*
 * update.h
 *	  From summed gradients to new parameters (update.c).
 */
#ifndef NN_UPDATE_H
#define NN_UPDATE_H

#include "core/infer/score.h"

/*
 * Called by every thread of a step after a barrier, and before nn_update: what can
 * be interrupted of it, which changes nothing lasting.  True: the step is to end here,
 * abandoned, for all threads alike.
 */
extern bool nn_update_begin(const NNPart *part, double scale);
/*
 * Called by every thread of a step after a barrier: sums the threads'
 * gradients, scales, regularizes and clips them, updates this thread's share
 * of the parameters and leaves all gradients zero.  Has barriers of its own
 * only when clipping needs norms.
 */
extern void nn_update(const NNPart *part, double scale);
/* The same of one layer, whose gradients are the only ones, without barriers. */
extern void nn_update_layer(const NNPart *part, int i, double scale);
/* Called by every thread after an update: constraints, with a barrier before where there are any. */
extern void nn_constrain(const NNPart *part);
/* Add what makes rows or columns of matrices orthogonal to gradients that will be scaled so. */
extern void nn_orthogonalize(const NNPart *part, double scale);
/* Zero this thread's gradients, and its share of the first's, after a broken step. */
extern void nn_update_abandon(const NNPart *part);
/* Bring this thread's share of what learns within [-limit, limit]. */
extern void nn_update_limit(const NNPart *part, double limit);

/* nn_train_records of a plan of one thread, by a thread that is in a job of the pool already. */
extern NNRunResult
nn_train_alone(NNRun *run, const void *const *records, size_t n_records, size_t *done);

#endif /* NN_UPDATE_H */
