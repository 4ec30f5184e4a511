/*
 * order.h
 *	  Random orders, computed instead of stored: of rows, and of blocks of a file.
 *
 * Plain C: a unit test looks at what orders come out.  The same seed gives the
 * same order.
 */
#ifndef NNET_ORDER_H
#define NNET_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/* A permutation of 0 .. n-1 that takes no memory. */
typedef struct NnetShuffle
{
	uint64_t n;
	uint64_t seed;
	int low_bits;
	int high_bits;
} NnetShuffle;

extern void nnet_shuffle_init(NnetShuffle *shuffle, uint64_t n, uint64_t seed);
/* Where i, below n, goes; those of i, i + 1 and so on, which must be below n. */
extern uint64_t nnet_shuffle_at(const NnetShuffle *shuffle, uint64_t i);
extern void nnet_shuffle_some(const NnetShuffle *shuffle, uint64_t i, int n, uint64_t *out);

/*
 * All of n blocks, each once, in sweeps: the file is cut into as many stretches
 * as a sweep has blocks, and a sweep takes one block of each, drawn at random,
 * from the file's begin to its end.  A single sweep is the blocks in their order.
 */
typedef struct NnetSweeps
{
	uint64_t n;
	uint64_t sweeps; /* also the blocks of a stretch; the last may be shorter */
	uint64_t seed;
	uint64_t sweep; /* of the block that comes next */
	uint64_t stretch;
} NnetSweeps;

/* most: blocks of a sweep, at least 1. */
extern void nnet_sweeps_init(NnetSweeps *sweeps, uint64_t n, uint64_t most, uint64_t seed);
/* The next block; false: there is none. */
extern bool nnet_sweeps_next(NnetSweeps *sweeps, uint64_t *block);

#endif /* NNET_ORDER_H */
