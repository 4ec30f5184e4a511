/*
 * rounding.c
 *	  What rounding to real takes from numbers that SQL holds more exactly:
 *	  seconds of an epoch, keys, a large number with a small part that varies.
 *
 * For each column of x (a feature, see column_names.c), and each output in y, its
 * range is kept and the most that a value lost.  A fit tells of columns that
 * lost more than a ten-thousandth of their own range; ranges so small that
 * double precision rounds them away as well count as constants.
 *
 * Wider inputs than MOST_WIDTH are none of columns, and are not measured.
 */
#include "pg/data/port.h"

#include <float.h>
#include <math.h>

#include "utils/memutils.h"

#define MOST_WIDTH 65536
#define LOSS 1e-4 /* of a column's range */

struct NnetRounding
{
	size_t width;
	double *low; /* (width) each */
	double *high;
	double *loss;
};

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

static bool
loses(const NnetRounding *rounding, size_t i)
{
	double range = rounding->high[i] - rounding->low[i];
	double largest = Max(fabs(rounding->low[i]), fabs(rounding->high[i]));

	return rounding->loss[i] > LOSS * range && range > 4 * DBL_EPSILON * largest;
}

/* What to subtract: a whole number, unless that is still too far away. */
static double
origin_of(const NnetRounding *rounding, int i)
{
	double whole = floor(rounding->low[i]);
	double range = rounding->high[i] - rounding->low[i];

	return rounding->high[i] - whole < 1000 * range ? whole : rounding->low[i];
}

/* inputs NULL: the reader is one of y, as what says. */
static void
tell(const NnetRecorder *recorder, const NnetReader *reader, const NnetInputs *inputs, int input,
	 const char *what)
{
	const NnetRounding *rounding = reader != NULL ? nnet_reader_rounding(reader) : NULL;
	const char *first;
	int *columns;
	int n = 0;

	if (rounding == NULL)
		return;
	columns = MemoryContextAllocHuge(recorder->context, sizeof(int) * rounding->width);
	for (size_t i = 0; i < rounding->width; i++)
		if (loses(rounding, i))
			columns[n++] = (int) i;
	if (n > 0)
	{
		first = inputs == NULL && rounding->width == 1
			? what
			: nnet_columns_text(inputs, input, columns, 1, what);
		ereport(
			NOTICE,
			(errmsg("model \"%s\": much of what varies in %s is lost by rounding to real",
					recorder->model,
					n == 1 ? first : nnet_columns_text(inputs, input, columns, n, what)),
			 errdetail("The values of %s are from %.15g to %.15g, and are rounded by up to %.3g.",
					   first, rounding->low[columns[0]], rounding->high[columns[0]],
					   rounding->loss[columns[0]]),
			 errhint("Subtract an origin in the query, such as %.15g from %s: what is left is "
					 "rounded far less.",
					 origin_of(rounding, columns[0]), first)));
	}
	pfree(columns);
}

void
nnet_recorder_tell_rounding(const NnetRecorder *recorder)
{
	const NnetInputs *inputs = recorder->inputs;

	for (int i = 0; i < inputs->n; i++)
		tell(recorder, inputs->ports[i].reader, inputs, i, "x");
	for (int i = 0; i < recorder->n_targets; i++)
		if (recorder->targets[i].target != NULL)
			tell(recorder, nnet_target_reader(recorder->targets[i].target), NULL, 0,
				 recorder->targets[i].what);
}
