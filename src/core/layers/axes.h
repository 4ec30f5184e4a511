/*
 * axes.h
 *	  The dimensions that a layer works along: its option axis, a number or a list.
 *
 * Numbers are Keras's: 1 is the first dimension of a sample, since 0 is the batch,
 * and -1 the last.  Several must be neighbours, so that a sample is always
 * (outer, n, inner): n numbers that belong together, inner apart.
 */
#ifndef NN_AXES_H
#define NN_AXES_H

#include "core/layers/layer.h"

/* A list that is not given stands for -1. */
#define NN_FIELD_AXES(s) NN_FIELD_LIST(s, axis, NN_MAX_RANK, -NN_MAX_RANK, NN_MAX_RANK)

typedef struct NNAxes
{
	int first, last; /* of the sample's dimensions, from 0 */
	size_t outer;
	size_t n;
	size_t inner;
} NNAxes;

/* In a shape of which NN_ANY counts as `steps`; or a refusal. */
extern bool
nn_axes(const NNLayer *layer, const NNInts *axis, int steps, NNAxes *axes, NNError *error);
/* The same of a layer that was not refused. */
extern NNAxes nn_axes_of(const NNLayer *layer, const NNInts *axis, int steps);

#endif /* NN_AXES_H */
