/*
 * shuffle.c
 *	  A random order of n rows, computed instead of stored.
 *
 * An array of row numbers would grow with the rows; this takes none.  A
 * Feistel network over as many bits as n needs is a permutation of a power of
 * two; numbers of n and above are sent through again until they fall below
 * (less than twice on average).  The same seed gives the same order.
 */
#include "pg/train/train.h"

#define ROUNDS 6

void
nnet_shuffle_init(NnetShuffle *shuffle, uint64 n, uint64 seed)
{
	int bits = 8; /* below, a network mixes badly */

	while (bits < 64 && (n >> bits) != 0)
		bits++;
	shuffle->n = n;
	shuffle->seed = seed;
	shuffle->low_bits = bits / 2;
	shuffle->high_bits = bits - bits / 2;
}

uint64
nnet_shuffle_at(const NnetShuffle *shuffle, uint64 i)
{
	uint32 low_mask = (uint32) (((uint64) 1 << shuffle->low_bits) - 1);
	uint32 high_mask = (uint32) (((uint64) 1 << shuffle->high_bits) - 1);

	Assert(i < shuffle->n);
	do
	{
		uint32 low = (uint32) i & low_mask;
		uint32 high = (uint32) (i >> shuffle->low_bits);

		for (uint64 round = 0; round < ROUNDS; round += 2)
		{
			/* the upper half of a hash is as good as the lower, and keys differ by round */
			high ^= nn_hash32(shuffle->seed + round * 0x9E3779B97F4A7C15, low) & high_mask;
			low ^= nn_hash32(shuffle->seed + (round + 1) * 0x9E3779B97F4A7C15, high) & low_mask;
		}
		i = (uint64) high << shuffle->low_bits | low;
	} while (i >= shuffle->n);
	return i;
}
