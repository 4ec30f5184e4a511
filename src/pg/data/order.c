/*
 * order.c
 *	  Random orders of rows and of blocks of a file.
 *
 * An array of row numbers would grow with the rows; this takes none.  A
 * Feistel network over as many bits as n needs is a permutation of a power of
 * two; numbers of n and above are sent through again until they fall below
 * (less than twice on average).
 *
 * Blocks are drawn by stretches of the file and not from all of it, so that
 * what is read together is of everywhere in it, whatever the rows were sorted
 * by, and is read forwards.
 */
#include "pg/data/order.h"

#include "core/kernels/kernels.h"

#define ROUNDS 6

void
nnet_shuffle_init(NnetShuffle *shuffle, uint64_t n, uint64_t seed)
{
	int bits = 8; /* below, a network mixes badly */

	while (bits < 64 && (n >> bits) != 0)
		bits++;
	shuffle->n = n;
	shuffle->seed = seed;
	shuffle->low_bits = bits / 2;
	shuffle->high_bits = bits - bits / 2;
}

/* One way through the network: a permutation of a power of two of at least n. */
static inline uint64_t
through(const NnetShuffle *shuffle, uint64_t i)
{
	uint32_t low_mask = (uint32_t) (((uint64_t) 1 << shuffle->low_bits) - 1);
	uint32_t high_mask = (uint32_t) (((uint64_t) 1 << shuffle->high_bits) - 1);
	uint32_t low = (uint32_t) i & low_mask;
	uint32_t high = (uint32_t) (i >> shuffle->low_bits);

	for (uint64_t round = 0; round < ROUNDS; round += 2)
	{
		/* the upper half of a hash is as good as the lower, and keys differ by round */
		high ^= nn_hash32(shuffle->seed + round * 0x9E3779B97F4A7C15, low) & high_mask;
		low ^= nn_hash32(shuffle->seed + (round + 1) * 0x9E3779B97F4A7C15, high) & low_mask;
	}
	return (uint64_t) high << shuffle->low_bits | low;
}

/* What came out of the network, sent through it again until it is below n. */
static inline uint64_t
until_below(const NnetShuffle *shuffle, uint64_t i)
{
	while (i >= shuffle->n)
		i = through(shuffle, i);
	return i;
}

uint64_t
nnet_shuffle_at(const NnetShuffle *shuffle, uint64_t i)
{
	return until_below(shuffle, through(shuffle, i));
}

void
nnet_shuffle_some(const NnetShuffle *shuffle, uint64_t i, int n, uint64_t *out)
{
	/* a number waits for each of its hashes: those of several go on meanwhile */
	for (int k = 0; k < n; k++)
		out[k] = through(shuffle, i + (uint64_t) k);
	for (int k = 0; k < n; k++)
		out[k] = until_below(shuffle, out[k]);
}

/* ---- blocks ---- */

void
nnet_sweeps_init(NnetSweeps *sweeps, uint64_t n, uint64_t most, uint64_t seed)
{
	*sweeps = (NnetSweeps){.n = n, .seed = seed};
	sweeps->sweeps = n / most + (n % most > 0);
}

bool
nnet_sweeps_next(NnetSweeps *sweeps, uint64_t *block)
{
	while (sweeps->sweep < sweeps->sweeps)
	{
		uint64_t first = sweeps->stretch * sweeps->sweeps;
		NnetShuffle shuffle;

		if (first >= sweeps->n)
		{
			sweeps->sweep++;
			sweeps->stretch = 0;
			continue;
		}
		nnet_shuffle_init(&shuffle, sweeps->sweeps, nn_mix(sweeps->seed, sweeps->stretch, 0, 0));
		*block = first + nnet_shuffle_at(&shuffle, sweeps->sweep);
		sweeps->stretch++;
		/* a place of the last stretch that it does not have */
		if (*block < sweeps->n)
			return true;
	}
	return false;
}
