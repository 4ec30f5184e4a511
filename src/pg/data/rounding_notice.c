/*
 * rounding_notice.c
 *	  A fit's NOTICE of columns that lost more than a ten-thousandth of their own
 *	  range by rounding to real.  Ranges so small that double precision rounds
 *	  them away as well count as constants.
 */
#include "pg/data/port.h"

#include <float.h>
#include <math.h>

#include "utils/memutils.h"

#define LOSS 1e-4 /* of a column's range */

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
