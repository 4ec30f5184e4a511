/*
 * counts.h
 *	  How often each value comes, of any number of values, in a table of a fixed
 *	  size.
 *
 * Up to `most` different values are counted apart, and all is exact.  Of more, the
 * last bits of values are left out, as few as it takes: neighbours share a count
 * then.  How many bits those are follows from the values alone: tables that are
 * merged are the same, whichever values each has seen, in whichever order.
 */
#ifndef NN_COUNTS_H
#define NN_COUNTS_H

#include "core/kernels/kernels.h"

#include <string.h>

/* Bits of a value, as float has it, that are in the order of the floats. */
NN_INLINE uint32_t
nn_ordered_bits(double value)
{
	float single = (float) value + 0.0f; /* -0 becomes 0 */
	uint32_t bits;

	memcpy(&bits, &single, sizeof(bits));
	return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

NN_INLINE double
nn_of_ordered_bits(uint32_t bits)
{
	float value;

	bits = bits & 0x80000000u ? bits & 0x7fffffffu : ~bits;
	memcpy(&value, &bits, sizeof(value));
	return (double) value;
}

/* Doubles of a table, all zero at first. */
extern size_t nn_counts_size(size_t most);
/* A value that is a number. */
extern void nn_counts_add(double *counts, size_t most, double value);
/* Add another table of the same size.  It may hold anything: what is no count is passed over. */
extern void nn_counts_merge(double *counts, size_t most, const double *other);
/* All values become more by that. */
extern void nn_counts_shift(double *counts, size_t most, double by);
/* Values in their order and how often each came; room for `most`.  Returns how many. */
extern size_t nn_counts_list(double *counts, size_t most, double *values, double *times);

#endif /* NN_COUNTS_H */
