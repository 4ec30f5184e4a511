/*
 * combine.c
 *	  Tallies of two processes as one.
 */
#include "pg/metrics/tally.h"

PG_FUNCTION_INFO_V1(nnet_tally_combine);

static void
refuse_different(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("rows of one metric differ in what they are: labels, number of classes, or "
					"bins")));
}

static void
add_tally(Tally *to, const Tally *from)
{
	int *numbers = palloc(Max(from->n_labels, 1) * sizeof(int));

	if (to->labels_are != from->labels_are || to->width != from->width || to->bins != from->bins ||
		to->quantile != from->quantile)
		refuse_different();
	for (int i = 0; i < from->n_labels; i++)
		numbers[i] = tally_label(to, &from->labels[i]);
	for (int64 i = 0; i < from->n; i++)
	{
		const TallyPair *pair = (const TallyPair *) from->items + i;
		const TallyScore *score = (const TallyScore *) from->items + i;
		int64 each = 1 + from->width;

		if ((i & TALLY_LOOK) == 0)
			nnet_check_interrupts();
		switch (from->kind)
		{
			case TALLY_PAIRS:
				tally_pair(to, numbers[pair->truth], numbers[pair->predicted], pair->weight);
				break;
			case TALLY_SCORES:
				tally_score(to, numbers[score->weight > 0 ? 1 : 0], score->score,
							score->weight > 0 ? score->weight : -score->weight);
				break;
			case TALLY_LIKELIHOOD:
				tally_sums(to, numbers[i / each])[i % each] += ((const double *) from->items)[i];
				break;
		}
	}
	pfree(numbers);
}

Datum
nnet_tally_combine(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate = tally_context(fcinfo);
	Tally *from, *to;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	from = tally_look(PG_GETARG_DATUM(1), 0);
	to = PG_ARGISNULL(0) ? tally_make(from->kind, from->labels_are, aggregate)
						 : tally_change(PG_GETARG_DATUM(0), from->kind, aggregate);
	if (PG_ARGISNULL(0))
	{
		to->width = from->width;
		to->bins = from->bins;
		to->quantile = from->quantile;
	}
	add_tally(to, from);

	PG_RETURN_DATUM(TallyGetDatum(to));
}
