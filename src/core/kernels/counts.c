/*
 * counts.c
 *	  A table of values and how often each came.
 *
 * counts: bits left out | entries used | slots (2 most): key + 1 (0: empty), count |
 * room for making the slots anew (most) | room for a list (most).  A key is the value's
 * bits, in the order of floats, without those that are left out.
 */
#include "core/kernels/counts.h"

#include "core/kernels/quantiles.h"

#include <math.h>
#include <string.h>

#define BITS 0
#define USED 1
#define SLOTS 2
#define MOST_BITS 31

size_t
nn_counts_size(size_t most)
{
	return SLOTS + 8 * most;
}

/* The middle of what shares a key. */
static double
of_key(uint64_t key, int bits)
{
	double middle =
		nn_of_ordered_bits((uint32_t) (key << bits | (bits > 0 ? UINT64_C(1) << (bits - 1) : 0)));

	return isfinite(middle) ? middle : nn_of_ordered_bits((uint32_t) (key << bits));
}

/* The slot of the key, or the empty one where it would be. */
static double *
find_slot(double *counts, size_t most, uint64_t key)
{
	double *slots = counts + SLOTS;
	size_t at = (size_t) (key * UINT64_C(0x9e3779b97f4a7c15) >> 32) % (2 * most);

	while (slots[2 * at] != 0 && slots[2 * at] != (double) key + 1)
		at = at + 1 == 2 * most ? 0 : at + 1;
	return slots + 2 * at;
}

/* Leave one more bit out. */
static void
coarsen(double *counts, size_t most)
{
	double *slots = counts + SLOTS, *room = slots + 4 * most;
	size_t n = 0;

	for (size_t i = 0; i < 2 * most; i++)
		if (slots[2 * i] != 0)
		{
			room[2 * n] = slots[2 * i];
			room[2 * n++ + 1] = slots[2 * i + 1];
		}
	memset(slots, 0, 4 * most * sizeof(double));
	counts[BITS] += 1;
	counts[USED] = 0;
	for (size_t i = 0; i < n; i++)
	{
		uint64_t key = (uint64_t) (room[2 * i] - 1) >> 1;
		double *slot = find_slot(counts, most, key);

		counts[USED] += slot[0] == 0;
		slot[0] = (double) key + 1;
		slot[1] += room[2 * i + 1];
	}
}

static void
add_bits(double *counts, size_t most, uint32_t bits, double times)
{
	for (;;)
	{
		uint64_t key = (uint64_t) bits >> (int) counts[BITS];
		double *slot = find_slot(counts, most, key);

		if (slot[0] == 0 && counts[USED] >= (double) most)
		{
			coarsen(counts, most);
			continue;
		}
		counts[USED] += slot[0] == 0;
		slot[0] = (double) key + 1;
		slot[1] += times;
		return;
	}
}

void
nn_counts_add(double *counts, size_t most, double value)
{
	add_bits(counts, most, nn_ordered_bits(value), 1);
}

void
nn_counts_merge(double *counts, size_t most, const double *other)
{
	const double *slots = other + SLOTS;
	int bits = other[BITS] >= 0 && other[BITS] <= MOST_BITS ? (int) other[BITS] : 0;
	double last = (double) (UINT64_C(1) << (32 - bits));

	while (counts[BITS] < bits)
		coarsen(counts, most);
	for (size_t i = 0; i < 2 * most; i++)
	{
		double key = slots[2 * i], times = slots[2 * i + 1];

		if (key >= 1 && key <= last && key == floor(key) && times > 0 && isfinite(times))
			add_bits(counts, most, (uint32_t) ((uint64_t) (key - 1) << bits), times);
	}
}

size_t
nn_counts_list(double *counts, size_t most, double *values, double *times)
{
	const double *slots = counts + SLOTS;
	size_t n = 0;

	for (size_t i = 0; i < 2 * most; i++)
		if (slots[2 * i] != 0)
			values[n++] = slots[2 * i] - 1;
	nn_sort(values, n);
	for (size_t i = 0; i < n; i++)
	{
		uint64_t key = (uint64_t) values[i];

		times[i] = find_slot(counts, most, key)[1];
		values[i] = of_key(key, (int) counts[BITS]);
	}
	return n;
}

void
nn_counts_shift(double *counts, size_t most, double by)
{
	double *values = counts + SLOTS + 6 * most, *times = values + most;
	size_t n = nn_counts_list(counts, most, values, times);

	memset(counts, 0, (SLOTS + 4 * most) * sizeof(double));
	for (size_t i = 0; i < n; i++)
		add_bits(counts, most, nn_ordered_bits(values[i] + by), times[i]);
}
