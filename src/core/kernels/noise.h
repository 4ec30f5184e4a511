/*
 * noise.h
 *	  Random numbers by the array, as inputs of generators.
 */
#ifndef NN_NOISE_H
#define NN_NOISE_H

#include "core/kernels/kernels.h"

/* Element i is a function of (seed, i) alone: standard normal numbers, ... */
extern void nn_fill_normal(nn_real *y, size_t n, uint64_t seed);
/* ... or uniform ones within [-1, 1). */
extern void nn_fill_uniform(nn_real *y, size_t n, uint64_t seed);

#endif /* NN_NOISE_H */
