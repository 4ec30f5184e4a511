/*
 * rounding.c
 *	  What rounding to real takes from numbers that SQL holds more exactly:
 *	  seconds of an epoch, keys, a large number with a small part that varies.
 *
 * For each column of x (a feature, see column_names.c), and each output in y, its
 * range is kept and the most that a value lost.
 *
 * Wider inputs than MOST_WIDTH are none of columns, and are not measured.
 */
#include "pg/data/data.h"

#include <math.h>

#include "utils/memutils.h"

#define MOST_WIDTH 65536

NnetRounding *
nnet_rounding_make(size_t width, MemoryContext context)
{
	NnetRounding *rounding;

	if (width > MOST_WIDTH)
		return NULL;
	rounding = MemoryContextAllocZero(context, sizeof(NnetRounding));
	rounding->width = width;
	rounding->low = MemoryContextAllocHuge(context, 3 * width * sizeof(double));
	rounding->high = rounding->low + width;
	rounding->loss = rounding->high + width;
	for (size_t i = 0; i < width; i++)
	{
		rounding->low[i] = INFINITY;
		rounding->high[i] = -INFINITY;
		rounding->loss[i] = 0;
	}
	return rounding;
}

void
nnet_rounding_add(NnetRounding *rounding, size_t position, const double *values, size_t n)
{
	size_t more;

	for (size_t i = 0; i < n; i += more)
	{
		size_t column = (position + i) % rounding->width;

		more = Min(rounding->width - column, n - i);
		nn_measure_rounding(rounding->low + column, rounding->high + column,
							rounding->loss + column, values + i, more);
	}
}
