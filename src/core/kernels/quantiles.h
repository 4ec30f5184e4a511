/*
 * quantiles.h
 *	  Keras's summary of a distribution: as many values as 1 / epsilon, each
 *	  with how many it stands for, from which quantiles are interpolated.
 *
 * Values are summarized a block at a time, of so many as Keras is given at
 * once; of no more than a block the boundaries are those that Keras's adapt()
 * finds for an array, beyond it those for batches of a block.
 */
#ifndef NN_QUANTILES_H
#define NN_QUANTILES_H

#include "core/kernels/kernels.h"

#define NN_QUANTILES_MIN_EPSILON 1e-4

/* Doubles of a summary's state, all zero at first. */
extern size_t nn_quantiles_size(double epsilon);
extern void nn_quantiles_add(double *state, double epsilon, nn_real value);
/* The bins - 1 boundaries of that many bins; fewer, if there were fewer values.  Returns how many. */
extern int nn_quantiles_end(double *state, double epsilon, int bins, nn_real *boundaries);
/*
 * The same boundaries of n different values, in their order, and how often each came: those that
 * Keras finds for all of them as one block.  room: nn_quantiles_room doubles.
 */
extern size_t nn_quantiles_room(double epsilon);
extern int nn_quantiles_counted(const double *values, const double *times, size_t n, double epsilon,
								int bins, nn_real *boundaries, double *room);
/* Sort n doubles, without memory. */
extern void nn_sort(double *values, size_t n);

#endif /* NN_QUANTILES_H */
