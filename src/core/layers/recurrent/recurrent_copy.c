/*
 * recurrent_copy.c
 *	  Copies of a recurrent layer's kernels: many small products with the same
 *	  one are faster if it lies well.
 *
 * Packed, where the processor has kernels for that: once for all runs of a
 * prediction (pass->packed), else for each chunk, in scratch.  Without, rows a
 * power of two apart are kept from colliding in the cache.  Backward multiplies
 * with the recurrent kernel's transpose.
 */
#include "core/layers/recurrent/recurrent.h"

#define SMALL_UNITS 128 /* up to here plain copies and transposes pay */
#define PACKED_SIDE 512 /* units or features up to which each chunk packs: some MB */
#define PADDING 16		/* reals more in a row of a plain copy */

static bool
may_pack(int features, int units, int columns)
{
	return nn_packed_reals(units, columns) > 0 && features <= PACKED_SIDE && units <= PACKED_SIDE;
}

/* Whether there are so many products that a copy pays. */
static bool
repeats(const RecurrentRun *run)
{
	return run->steps > 2 && run->batch > 2;
}

size_t
nn_recurrent_copies(const RecurrentCell *cell, int features, int units)
{
	const int columns = cell->gates * units;
	size_t forward = 0;
	size_t backward = 0;

	if (units <= SMALL_UNITS)
	{
		forward = NN_ALIGN_REALS((size_t) (columns + PADDING) * (size_t) units);
		backward =
			NN_ALIGN_REALS((size_t) columns * (size_t) units) + nn_packed_reals(columns, units);
	}
	if (may_pack(features, units, columns))
		forward = nn_packed_reals(features, columns) + nn_packed_reals(units, columns);
	return forward > backward ? forward : backward;
}

static NNPacked
pack(const nn_real *from, int k, int n, nn_real **at)
{
	const size_t reals = nn_packed_reals(k, n);
	nn_real *to = nn_recurrent_take(at, reals);

	if (reals == 0)
		return (NNPacked){NULL, 0, 0};
	nn_pack(to, false, from, n, k, n);
	return (NNPacked){to, k, n};
}

/* Rows of the recurrent kernel that are no power of two apart. */
static void
pad(RecurrentRun *run, nn_real **at)
{
	const int columns = run->stride;
	nn_real *to = nn_recurrent_take(at, (size_t) (columns + PADDING) * (size_t) run->units);

	for (int i = 0; i < run->units; i++)
		nn_copy(to + i * (columns + PADDING), run->recurrent + i * columns, (size_t) columns);
	run->recurrent = to;
	run->stride = columns + PADDING;
}

void
nn_recurrent_copy(RecurrentRun *run, nn_real **at)
{
	const int columns = run->stride;
	const nn_real *packed = run->pass->packed;

	if (!repeats(run))
		return;
	if (packed != NULL)
	{
		run->packed_kernel = (NNPacked){packed, run->features, columns};
		packed += nn_packed_reals(run->features, columns);
		run->packed_recurrent = (NNPacked){packed, run->units, columns};
	}
	else if (may_pack(run->features, run->units, columns))
	{
		run->packed_kernel = pack(run->kernel, run->features, columns, at);
		run->packed_recurrent = pack(run->recurrent, run->units, columns, at);
	}
	else if (run->units <= SMALL_UNITS && columns % 64 == 0)
		pad(run, at);
}

void
nn_recurrent_copy_back(RecurrentRun *run, nn_real **at)
{
	const int columns = run->cell->gates * run->units;

	if (run->units > SMALL_UNITS || run->steps <= 2)
		return;
	run->turned = nn_recurrent_take(at, (size_t) columns * (size_t) run->units);
	nn_transpose(run->turned, run->recurrent, (size_t) run->units, (size_t) columns);
	/* all gates at once, or none: see nn_recurrent_product_back */
	if (repeats(run) && run->cell->state[0].n == run->cell->gates)
		run->packed_turned = pack(run->turned, columns, run->units, at);
}
