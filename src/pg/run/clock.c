/*
 * clock.c
 *	  time_limit: how a training ends in time.
 *
 * The clock is looked at between calls of the core, which get slices of whole
 * batches that take about SLICE_SECONDS: what is trained does not hang on how
 * rows are sliced.
 */
#include "pg/run/runner.h"

#define SLICE_SECONDS 0.01
#define MOST_BATCHES 65536

void
nnet_clock_set(NnetClock *clock, double limit, instr_time start)
{
	*clock = (NnetClock){.limit = limit, .start = start, .slice = 1};
}

size_t
nnet_clock_slice(NnetClock *clock, size_t n, int batch)
{
	if (clock->limit <= 0)
		return n;
	INSTR_TIME_SET_CURRENT(clock->begun);
	return Min(n, (size_t) clock->slice * batch);
}

double
nnet_seconds_since(instr_time start)
{
	instr_time now;

	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_SUBTRACT(now, start);
	return INSTR_TIME_GET_DOUBLE(now);
}

void
nnet_clock_look(NnetClock *clock)
{
	double took;

	if (clock->limit <= 0)
		return;
	took = nnet_seconds_since(clock->begun);
	clock->late = nnet_seconds_since(clock->start) >= clock->limit;
	if (took < SLICE_SECONDS / 2)
		clock->slice = Min(2 * clock->slice, MOST_BATCHES);
	else if (took > SLICE_SECONDS)
		clock->slice = Max(clock->slice / 2, 1);
}

void
nnet_clock_say(const NnetClock *clock, const char *model, int epoch, int epochs, uint64 rows,
			   uint64 all)
{
	if (rows < all)
		ereport(NOTICE,
				(errmsg("model \"%s\": time_limit of %g s ended training in epoch %d of %d, "
						"after " UINT64_FORMAT " of " UINT64_FORMAT " rows",
						model, clock->limit, epoch, epochs, rows, all)));
	else
		ereport(NOTICE,
				(errmsg("model \"%s\": time_limit of %g s ended training after epoch %d of %d",
						model, clock->limit, epoch, epochs)));
}
