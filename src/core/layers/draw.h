/*
 * draw.h
 *	  What layers that draw at random in training share: their option seed, and
 *	  dropout's noise_shape.
 *
 * What is drawn for a sample is a hash of (seed, step, layer, sample), so it is the
 * same however the batch is split, and backward draws it again instead of
 * keeping it.  A layer with a seed of its own draws alike in each training, and
 * like each other layer with that seed: so an image and its mask turn together.
 */
#ifndef NN_DRAW_H
#define NN_DRAW_H

#include <limits.h>

#include "core/layers/spread.h"

#define NN_NO_SEED (-1)
#define NN_FIELD_SEED(s) NN_FIELD_INT(s, seed, false, NN_NO_SEED, 0, INT_MAX)

/* The seed of sample number `sample` of the chunk. */
extern uint64_t nn_draw_seed(const NNLayer *layer, const NNPass *pass, int seed, int sample);

/* In [0, 1), from 32 bits. */
NN_INLINE double
nn_draw_uniform(uint64_t seed, uint32_t i)
{
	return (double) nn_hash32(seed, i) / 4294967296.0;
}

/*
 * noise_shape, as Keras has it: the batch, then the input's dimensions, each
 * NN_ANY (as many as there are) or 1 (one draw for all).
 */
#define NN_FIELD_NOISE_SHAPE(s) NN_FIELD_SHAPE(s, noise_shape, NN_MAX_DIMS, false, 1)

/* Refuse one that does not fit the layer's input. */
extern bool nn_noise_check(const NNLayer *layer, const NNInts *noise_shape, NNError *error);
/* How the draws of a sample lie along it. */
extern NNSpread nn_noise_spread(const NNLayer *layer, const NNInts *noise_shape, int steps);
/* The seed of sample number `sample`, which may be that of all samples. */
extern uint64_t nn_noise_seed(const NNLayer *layer, const NNPass *pass, const NNInts *noise_shape,
							  int seed, int sample);

#endif /* NN_DRAW_H */
