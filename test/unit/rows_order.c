/*
 * rows_order.c
 *	  Orders of rows and of blocks: each once, others by another seed, and spread.
 */
#include "pg/data/order.h"

#include <stdlib.h>
#include <string.h>

#include "test/unit/unit.h"

#define MOST 100000

static unsigned char seen[MOST];

/* Whether all of 0 .. n-1 were seen once. */
static bool
all_once(uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		if (seen[i] != 1)
			return false;
	return true;
}

static void
see(uint64_t i, uint64_t n)
{
	if (i >= n)
		i = 0;
	else if (seen[i] < 2)
		seen[i]++;
}

/* ---- rows ---- */

static void
check_shuffle(uint64_t n)
{
	NnetShuffle shuffle;
	NnetShuffle same;
	NnetShuffle other;
	uint64_t differ = 0;
	uint64_t kept = 0;
	double distance = 0;

	memset(seen, 0, sizeof(seen));
	nnet_shuffle_init(&shuffle, n, 7);
	nnet_shuffle_init(&same, n, 7);
	nnet_shuffle_init(&other, n, 8);
	for (uint64_t i = 0; i < n; i++)
	{
		uint64_t at = nnet_shuffle_at(&shuffle, i);

		see(at, n);
		differ += at != nnet_shuffle_at(&same, i);
		kept += at == nnet_shuffle_at(&other, i);
		distance += fabs((double) at - (double) i) / (double) n;
	}
	CHECK(all_once(n), "%llu rows: each once", (unsigned long long) n);
	CHECK(differ == 0, "%llu rows: the same order by the same seed", (unsigned long long) n);
	if (n >= 1000)
	{
		CHECK(kept < n / 100, "%llu rows: another by another seed", (unsigned long long) n);
		CHECK_CLOSE(distance / (double) n, 1.0 / 3, 0.03);
	}
}

/* Numbers taken together go where each goes by itself, at whatever one begins. */
static void
check_some(uint64_t n)
{
	NnetShuffle shuffle;
	uint64_t out[70];
	uint64_t wrong = 0;

	nnet_shuffle_init(&shuffle, n, 7);
	for (uint64_t from = 0, some = 0; from < n; from += some)
	{
		some = 1 + from % 70;
		some = some < n - from ? some : n - from;
		nnet_shuffle_some(&shuffle, from, (int) some, out);
		for (uint64_t k = 0; k < some; k++)
			wrong += out[k] != nnet_shuffle_at(&shuffle, from + k);
	}
	CHECK(wrong == 0, "%llu rows: several at a time as one by one", (unsigned long long) n);
}

/* ---- blocks ---- */

/* Sweeps over n blocks: each block once, forwards in each sweep, one of each stretch. */
static void
check_sweeps(uint64_t n, uint64_t most)
{
	NnetSweeps sweeps;
	uint64_t block;
	uint64_t last = 0;
	uint64_t sweep = UINT64_MAX;
	uint64_t size = 0;
	uint64_t least = UINT64_MAX;
	uint64_t largest = 0;
	uint64_t count = 0;
	bool forwards = true;

	memset(seen, 0, sizeof(seen));
	nnet_sweeps_init(&sweeps, n, most, 3);
	while (count <= n && nnet_sweeps_next(&sweeps, &block))
	{
		count++;
		see(block, n);
		if (sweeps.sweep != sweep)
		{
			if (size > 0 && size < least)
				least = size;
			size = 0;
			sweep = sweeps.sweep;
		}
		else
			forwards = forwards && block / sweeps.sweeps == last / sweeps.sweeps + 1;
		last = block;
		largest = ++size > largest ? size : largest;
	}
	least = size < least ? size : least;
	CHECK(count == n && all_once(n), "%llu blocks, %llu at a time: each once",
		  (unsigned long long) n, (unsigned long long) most);
	CHECK(forwards, "%llu blocks, %llu at a time: a sweep has the next of each stretch",
		  (unsigned long long) n, (unsigned long long) most);
	CHECK(largest <= most && (n == 0 || largest - least <= 1),
		  "%llu blocks, %llu at a time: sweeps are alike and no longer", (unsigned long long) n,
		  (unsigned long long) most);
}

/* How often a block of n comes in the same place for two seeds, over many. */
static double
alike(uint64_t n, uint64_t most)
{
	double same = 0;

	for (uint64_t seed = 0; seed < 200; seed++)
	{
		NnetSweeps a;
		NnetSweeps b;
		uint64_t x;
		uint64_t y;

		nnet_sweeps_init(&a, n, most, 2 * seed);
		nnet_sweeps_init(&b, n, most, 2 * seed + 1);
		while (nnet_sweeps_next(&a, &x) && nnet_sweeps_next(&b, &y))
			same += x == y;
	}
	return same / 200 / (double) n;
}

int
main(void)
{
	const uint64_t rows[] = {1, 2, 3, 15, 16, 17, 255, 256, 257, 1000, 4096, 65537, 99999};
	const uint64_t blocks[] = {0, 1, 2, 63, 64, 65, 128, 129, 1000, 4097};
	const uint64_t most[] = {1, 2, 7, 64, 1000};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
	{
		check_shuffle(rows[i]);
		check_some(rows[i]);
	}
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		for (size_t j = 0; j < sizeof(most) / sizeof(most[0]); j++)
			check_sweeps(blocks[i], most[j]);
	/* of stretches of two, five and sixteen blocks */
	CHECK_CLOSE(alike(128, 64), 0.5, 0.03);
	CHECK_CLOSE(alike(320, 64), 0.2, 0.02);
	CHECK_CLOSE(alike(1024, 64), 1.0 / 16, 0.01);
	return unit_done();
}
