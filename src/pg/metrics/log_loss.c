/*
 * log_loss.c
 *	  nnet.log_loss(truth, probability [, weight]): the mean of -log of what was
 *	  given to the class that was true.
 *
 * Which class a probability is of is known when all labels are: until then the
 * state has sums for each label and each place of the array.  Probabilities are
 * kept off 0 and 1 by the precision of their type, as scikit-learn does.
 */
#include "pg/metrics/score.h"

#include "utils/builtins.h"

#include <float.h>
#include <math.h>

PG_FUNCTION_INFO_V1(nnet_log_loss_transition);
PG_FUNCTION_INFO_V1(nnet_log_loss_final);

static void
refuse_width(int expected, int given)
{
	ereport(ERROR,
			(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
			 errmsg("there are probabilities of %d and of %d classes", expected, given)));
}

/* Logarithms of n probabilities, 2 of one. */
static void
add_logarithms(double *sums, const double *p, int n, bool single, double weight)
{
	double least = single ? FLT_EPSILON : DBL_EPSILON;

	*sums++ += weight;
	for (int i = 0; i < n; i++)
		score_check_probability(p[i]);
	for (int i = 0; i < Max(n, 2); i++)
	{
		double q = n > 1 ? p[i] : i == 1 ? p[0] : single ? (float) (1 - p[0]) : 1 - p[0];

		sums[i] += weight * log(Min(Max(q, least), 1 - least));
	}
}

Datum
nnet_log_loss_transition(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate = tally_context(fcinfo);
	ScoreReaders *readers = score_readers(fcinfo, "probability");
	const double *p;
	double weight;
	Label truth;
	Tally *tally;
	int n;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || !tally_weight(fcinfo, 3, &weight))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	truth = label_read(&readers->truth, PG_GETARG_DATUM(1), readers->truth.kind, "truth");
	p = number_reader_read(&readers->scores, PG_GETARG_DATUM(2), &n);
	tally = PG_ARGISNULL(0) ? tally_make(TALLY_LIKELIHOOD, readers->truth.kind, aggregate)
							: tally_change(PG_GETARG_DATUM(0), TALLY_LIKELIHOOD, aggregate);
	if (tally->width == 0)
		tally->width = Max(n, 2);
	if (tally->width != Max(n, 2))
		refuse_width(tally->width, Max(n, 2));
	add_logarithms(tally_sums(tally, tally_label(tally, &truth)), p, n, score_is_single(readers),
				   weight);
	PG_RETURN_DATUM(TallyGetDatum(tally));
}

/* Labels that are the places themselves. */
static bool
labels_are_places(const Tally *tally)
{
	if (tally->labels_are != LABEL_INTEGER && tally->labels_are != LABEL_BOOLEAN)
		return false;
	for (int i = 0; i < tally->n_labels; i++)
		if (tally->labels[i].integer < 0 || tally->labels[i].integer >= tally->width)
			return false;
	return true;
}

Datum
nnet_log_loss_final(PG_FUNCTION_ARGS)
{
	double weights = 0, sum = 0;
	const Tally *tally;
	bool places;
	int *order;

	(void) tally_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	tally = tally_look(PG_GETARG_DATUM(0), TALLY_LIKELIHOOD);
	places = labels_are_places(tally);
	if (!places && tally->n_labels < 2)
		PG_RETURN_NULL();
	if (!places && tally->n_labels != tally->width)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there are %d labels, but probabilities of %d classes", tally->n_labels,
						tally->width),
				 errhint("Probabilities are of all labels in their order; labels may be the "
						 "numbers of the classes, from 0.")));
	order = tally_order(tally);
	for (int i = 0; i < tally->n_labels; i++)
	{
		const double *sums = (double *) tally->items + order[i] * (1 + (int64) tally->width);
		int64 place = places ? tally->labels[order[i]].integer : i;

		weights += sums[0];
		sum += sums[1 + place];
	}
	if (weights == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(tally_finite(-sum / weights));
}
