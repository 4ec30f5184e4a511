/*
 * spread.h
 *	  A tensor whose dimensions are those of a sample or 1, along the sample:
 *	  dimensions of 1 are repeated.
 *
 * The sample is taken as rows of its last dimension, or as a single one where
 * nothing is repeated.
 */
#ifndef NN_SPREAD_H
#define NN_SPREAD_H

#include "core/layers/layer.h"

typedef struct NNSpread
{
	size_t rows;  /* of a sample */
	size_t width; /* values of a row */
	bool single;  /* the tensor has one value for a whole row, else one for each */
	int n_dims;	  /* those that number the rows, and how far a step along each goes */
	size_t dim[NN_MAX_RANK];
	size_t step[NN_MAX_RANK];
} NNSpread;

/* part has the rank of whole; pass->steps stand for NN_ANY in either. */
extern NNSpread nn_spread(const NNShape *whole, const NNShape *part, int steps);
/* Where in the tensor the values of a row begin. */
extern size_t nn_spread_at(const NNSpread *spread, size_t row);

#endif /* NN_SPREAD_H */
