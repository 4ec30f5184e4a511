/*
 * curve.c
 *	  nnet.roc_auc(truth, score [, weight]), average_precision, roc_curve,
 *	  precision_recall_curve, and calibration_curve(truth, probability [, n_bins
 *	  [, strategy]]): what follows from scores of two classes, sorted.
 *
 * Curves have the points of scikit-learn's, in their order.
 */
#include "pg/metrics/score.h"

#include "utils/builtins.h"

#include <math.h>

#define MOST_BINS 100000

PG_FUNCTION_INFO_V1(nnet_scores_transition);
PG_FUNCTION_INFO_V1(nnet_calibration_curve_transition);
PG_FUNCTION_INFO_V1(nnet_roc_auc_final);
PG_FUNCTION_INFO_V1(nnet_average_precision_final);
PG_FUNCTION_INFO_V1(nnet_roc_curve_final);
PG_FUNCTION_INFO_V1(nnet_precision_recall_curve_final);
PG_FUNCTION_INFO_V1(nnet_calibration_curve_final);

/* ---- rows ---- */

static Tally *
add_score(FunctionCallInfo fcinfo, ScoreReaders *readers, double weight)
{
	MemoryContext aggregate = tally_context(fcinfo);
	LabelKind kind = readers->truth.kind;
	Label truth = label_read(&readers->truth, PG_GETARG_DATUM(1), kind, "truth");
	double score = score_read_one(readers, PG_GETARG_DATUM(2));
	Tally *tally = PG_ARGISNULL(0) ? tally_make(TALLY_SCORES, kind, aggregate)
								   : tally_change(PG_GETARG_DATUM(0), TALLY_SCORES, aggregate);

	tally_score(tally, tally_label(tally, &truth), score, weight);
	return tally;
}

static Datum
same_state(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

Datum
nnet_scores_transition(PG_FUNCTION_ARGS)
{
	ScoreReaders *readers = score_readers(fcinfo, "score");
	double weight;

	(void) tally_context(fcinfo);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || !tally_weight(fcinfo, 3, &weight))
		return same_state(fcinfo);
	PG_RETURN_DATUM(TallyGetDatum(add_score(fcinfo, readers, weight)));
}

static bool
is_quantile(const text *strategy)
{
	const char *said = text_to_cstring(strategy);

	if (strcmp(said, "quantile") != 0 && strcmp(said, "uniform") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("unknown strategy \"%s\"", said),
				 errhint("It is uniform or quantile.")));
	return strcmp(said, "quantile") == 0;
}

/* What is said of the bins: by the first row, and by all others alike. */
static void
set_bins(FunctionCallInfo fcinfo, Tally *tally)
{
	int32 bins = PG_NARGS() > 3 && !PG_ARGISNULL(3) ? PG_GETARG_INT32(3) : 5;
	bool quantile = PG_NARGS() > 4 && !PG_ARGISNULL(4) && is_quantile(PG_GETARG_TEXT_PP(4));

	if (bins < 1 || bins > MOST_BINS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("n_bins must be from 1 to %d, not %d", MOST_BINS, bins)));
	if (tally->bins != 0 && (tally->bins != bins || (tally->quantile != 0) != quantile))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("n_bins or strategy change within a group of rows of "
						"nnet.calibration_curve()"),
				 errhint("They are the same for all rows of a group; rows have no weights here.")));
	tally->bins = bins;
	tally->quantile = quantile;
}

Datum
nnet_calibration_curve_transition(PG_FUNCTION_ARGS)
{
	ScoreReaders *readers = score_readers(fcinfo, "probability");
	Tally *tally;

	(void) tally_context(fcinfo);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return same_state(fcinfo);
	tally = add_score(fcinfo, readers, 1);
	score_check_probability(((TallyScore *) tally->items)[tally->n - 1].score);
	set_bins(fcinfo, tally);
	PG_RETURN_DATUM(TallyGetDatum(tally));
}

/* ---- sorted ---- */

/* A walk through the scores from the highest, those that are equal at once. */
typedef struct Walk
{
	const Tally *tally;
	double sign; /* that weights of the class looked for have */
	double positives;
	double negatives;
	int64 at;
	int64 steps;
	/* after a step */
	double threshold;
	double true_positives;
	double false_positives;
} Walk;

/* False: no rows, or nobody knows which class is looked for. */
static bool
walk_begin(FunctionCallInfo fcinfo, Walk *walk)
{
	const TallyScore *scores;
	Tally *tally;
	int positive;

	(void) tally_context(fcinfo);
	if (PG_ARGISNULL(0))
		return false;
	tally = tally_look(PG_GETARG_DATUM(0), TALLY_SCORES);
	positive = tally_positive(tally);
	if (positive < 0 || tally->n == 0)
		return false;
	tally_sort(tally);
	memset(walk, 0, sizeof(*walk));
	walk->tally = tally;
	/* of one label alone, weights are negative */
	walk->sign = positive == 0 ? -1 : 1;
	scores = tally->items;
	for (int64 i = 0; i < tally->n; i++)
	{
		if ((i & TALLY_LOOK) == 0)
			nnet_check_interrupts();
		if (walk->sign * scores[i].weight > 0)
			walk->positives += fabs(scores[i].weight);
		else
			walk->negatives += fabs(scores[i].weight);
	}
	(void) tally_finite(walk->positives + walk->negatives);
	return true;
}

static bool
walk_step(Walk *walk)
{
	const TallyScore *scores = walk->tally->items;

	if (walk->at == walk->tally->n)
		return false;
	if ((++walk->steps & TALLY_LOOK) == 0)
		nnet_check_interrupts();
	walk->threshold = scores[walk->at].score;
	for (; walk->at < walk->tally->n && scores[walk->at].score == walk->threshold; walk->at++)
	{
		if (walk->sign * scores[walk->at].weight > 0)
			walk->true_positives += fabs(scores[walk->at].weight);
		else
			walk->false_positives += fabs(scores[walk->at].weight);
	}
	return true;
}

/* ---- results ---- */

Datum
nnet_roc_auc_final(PG_FUNCTION_ARGS)
{
	Walk walk;
	double area = 0;
	double x = 0, y = 0;

	if (!walk_begin(fcinfo, &walk) || walk.positives == 0 || walk.negatives == 0)
		PG_RETURN_NULL();
	while (walk_step(&walk))
	{
		area += (walk.false_positives - x) * (walk.true_positives + y) / 2;
		x = walk.false_positives;
		y = walk.true_positives;
	}
	PG_RETURN_FLOAT8(Min(tally_finite(area) / x / y, 1));
}

Datum
nnet_average_precision_final(PG_FUNCTION_ARGS)
{
	Walk walk;
	double sum = 0;
	double before = 0;

	if (!walk_begin(fcinfo, &walk))
		PG_RETURN_NULL();
	while (walk_step(&walk))
	{
		sum += (walk.true_positives - before) * walk.true_positives /
			(walk.true_positives + walk.false_positives);
		before = walk.true_positives;
	}
	PG_RETURN_FLOAT8(before == 0 ? 0 : tally_finite(sum) / before);
}

/* A point of a curve that waits for the next two, which say whether it is a corner. */
typedef struct Corner
{
	double x;
	double y;
	double threshold;
} Corner;

static void
add_roc_point(RowArray *rows, const Walk *walk, const Corner *corner)
{
	row_array_add(rows,
				  (Datum[]){Float8GetDatum(corner->x / walk->negatives),
							Float8GetDatum(corner->y / walk->positives),
							Float8GetDatum(corner->threshold)},
				  (bool[]){walk->negatives == 0, walk->positives == 0, false});
}

/* On the line through its neighbours, and as far from one as from the other. */
static bool
is_between(const Corner *before, const Corner *corner, const Corner *after)
{
	return (after->x - corner->x) - (corner->x - before->x) == 0 &&
		(after->y - corner->y) - (corner->y - before->y) == 0;
}

Datum
nnet_roc_curve_final(PG_FUNCTION_ARGS)
{
	Walk walk;
	RowArray rows;
	Corner last[2];
	int n = 0; /* points walked to, at most 2 of them in last */

	if (!walk_begin(fcinfo, &walk))
		PG_RETURN_NULL();
	row_array_begin(&rows, fcinfo);
	add_roc_point(&rows, &walk, &(Corner){.threshold = INFINITY});
	while (walk_step(&walk))
	{
		Corner now = {walk.false_positives, walk.true_positives, walk.threshold};

		if (n == 2)
		{
			if (!is_between(&last[0], &last[1], &now))
				add_roc_point(&rows, &walk, &last[1]);
			last[0] = last[1];
			last[1] = now;
			continue;
		}
		last[n++] = now;
		if (n == 1)
			add_roc_point(&rows, &walk, &now);
	}
	if (n == 2)
		add_roc_point(&rows, &walk, &last[1]);
	PG_RETURN_DATUM(row_array_end(&rows));
}

/* From the lowest threshold, and at the end the point of no threshold. */
Datum
nnet_precision_recall_curve_final(PG_FUNCTION_ARGS)
{
	Walk walk;
	RowArray rows;

	if (!walk_begin(fcinfo, &walk))
		PG_RETURN_NULL();
	row_array_begin(&rows, fcinfo);
	row_array_add(&rows, (Datum[]){Float8GetDatum(1), Float8GetDatum(0), (Datum) 0},
				  (bool[]){false, false, true});
	while (walk_step(&walk))
	{
		double recall = walk.positives == 0 ? 1 : walk.true_positives / walk.positives;

		row_array_add(&rows,
					  (Datum[]){Float8GetDatum(walk.true_positives /
											   (walk.true_positives + walk.false_positives)),
								Float8GetDatum(recall), Float8GetDatum(walk.threshold)},
					  (bool[]){false, false, false});
	}
	for (int64 i = 0, j = rows.n - 1; i < j; i++, j--)
	{
		Datum row = rows.values[i];

		rows.values[i] = rows.values[j];
		rows.values[j] = row;
	}
	PG_RETURN_DATUM(row_array_end(&rows));
}

/* ---- calibration ---- */

/* A way through the rows from the lowest score. */
typedef struct Ascent
{
	int64 at;
	double seen; /* rows before it */
} Ascent;

/* The score of the row at a place, counted from 0; places do not go down. */
static double
ascend(Ascent *ascent, const Tally *tally, double place)
{
	const TallyScore *scores = tally->items;

	while (ascent->at > 0 && ascent->seen + fabs(scores[ascent->at].weight) <= place)
		ascent->seen += fabs(scores[ascent->at--].weight);
	return scores[ascent->at].score;
}

/* The inner edges of the bins, n_bins - 1 of them. */
static double *
make_edges(const Tally *tally, double rows)
{
	double *edges = palloc(tally->bins * sizeof(double));
	Ascent lower = {.at = tally->n - 1};
	Ascent upper = lower;

	for (int i = 1; i < tally->bins; i++)
	{
		double share = i * (1.0 / tally->bins);
		double place = share * (rows - 1);
		double below, above, part;

		edges[i - 1] = share;
		if (!tally->quantile)
			continue;
		below = ascend(&lower, tally, floor(place));
		above = ascend(&upper, tally, floor(place) + 1);
		part = place - floor(place);
		edges[i - 1] =
			part < 0.5 ? below + (above - below) * part : above - (above - below) * (1 - part);
	}
	return edges;
}

Datum
nnet_calibration_curve_final(PG_FUNCTION_ARGS)
{
	const TallyScore *scores;
	const Tally *tally;
	double *edges;
	RowArray rows;
	Walk walk;
	int64 at;

	if (!walk_begin(fcinfo, &walk))
		PG_RETURN_NULL();
	tally = walk.tally;
	scores = tally->items;
	if (tally->bins < 1 || tally->bins > MOST_BINS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("a state of a metric is not valid")));
	edges = make_edges(tally, walk.positives + walk.negatives);
	row_array_begin(&rows, fcinfo);
	at = tally->n - 1;
	for (int bin = 0; bin < tally->bins && at >= 0; bin++)
	{
		double sum = 0, count = 0, hits = 0;

		for (; at >= 0 && (bin == tally->bins - 1 || scores[at].score <= edges[bin]); at--)
		{
			double weight = fabs(scores[at].weight);

			sum += weight * scores[at].score;
			count += weight;
			hits += walk.sign * scores[at].weight > 0 ? weight : 0;
		}
		if (count > 0)
			row_array_add(&rows,
						  (Datum[]){Float8GetDatum(hits / count), Float8GetDatum(sum / count),
									Int64GetDatum((int64) count)},
						  (bool[]){false, false, false});
	}
	PG_RETURN_DATUM(row_array_end(&rows));
}
