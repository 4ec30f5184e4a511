/*
 * rounding.c
 *	  What rounding to real takes from numbers that SQL holds more exactly:
 *	  seconds of an epoch, keys, a large number with a small part that varies.
 *
 * For each column of x (a feature, see columns.c), and each output in y, its
 * range is kept and the most that a value lost.  A fit tells of columns that
 * lost more than a ten-thousandth of their own range; ranges so small that
 * double precision rounds them away as well count as constants.
 *
 * Wider inputs than MOST_WIDTH are none of columns, and are not measured.
 */
#include "pg/data/data.h"

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

static NnetRounding *
make_rounding(size_t width, MemoryContext context)
{
	NnetRounding *rounding = MemoryContextAllocZero(context, sizeof(NnetRounding));

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

void
nnet_recorder_measure(NnetRecorder *recorder)
{
	NnetReader *y = recorder->target != NULL ? nnet_target_reader(recorder->target) : NULL;
	const NNShape *input = &recorder->input;
	/* the only dimension may be steps */
	int width = input->rank > 0 ? Max(input->dim[input->rank - 1], 1) : 1;

	if (recorder->reader != NULL && recorder->ids == 0 && width <= MOST_WIDTH)
		nnet_reader_measure(recorder->reader, make_rounding(width, recorder->context));
	if (y != NULL && recorder->format->outputs[0].target == NN_TARGET_REALS &&
		recorder->format->outputs[0].count <= MOST_WIDTH)
		nnet_reader_measure(y,
							make_rounding(recorder->format->outputs[0].count, recorder->context));
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

static void
tell(const NnetRecorder *recorder, const NnetReader *reader, bool is_x)
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
		const NnetRecorder *of = is_x ? recorder : NULL;

		first = !is_x && rounding->width == 1 ? "y" : nnet_columns_text(of, columns, 1, "y");
		ereport(
			NOTICE,
			(errmsg("model \"%s\": much of what varies in %s is lost by rounding to real",
					recorder->model, n == 1 ? first : nnet_columns_text(of, columns, n, "y")),
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
	tell(recorder, recorder->reader, true);
	if (recorder->target != NULL)
		tell(recorder, nnet_target_reader(recorder->target), false);
}
