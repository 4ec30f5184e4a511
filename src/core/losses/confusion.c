/*
 * confusion.c
 *	  Metrics of two classes by thresholds: each output of each row is a score
 *	  from 0 to 1, and positive if its target is not 0, whatever the output's shape.
 *
 * The state is a histogram of the scores, so that whatever follows from true and
 * false positives and negatives at any of the thresholds can be told from it.
 * As in Keras a score counts in the part (threshold, next threshold].
 */
#include "core/losses/loss.h"

/* Keras's 200 thresholds, the first below 0 and the last above 1: parts in between. */
enum
{
	PARTS = 199
};

typedef struct Histogram
{
	double negatives[PARTS]; /* weights of the scores */
	double positives[PARTS];
} Histogram;

_Static_assert(sizeof(Histogram) == NN_HISTOGRAM_STATES * sizeof(double), "doubles alone");

/* Scores beyond are the nearest; NaN is the least. */
NN_INLINE int
part_of(nn_real score)
{
	float share = score > 0 ? (score < 1 ? (float) score : 1.0f) : 0.0f;
	int part = (int) ceilf(share * (float) PARTS) - 1;

	return part > 0 ? part : 0;
}

void
nn_metric_histogram(const NNLossPass *pass, double *state)
{
	Histogram *histogram = (Histogram *) state;

	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *y = pass->y + row * (size_t) pass->width;
		const float *target = pass->target + row * (size_t) pass->width;
		double weight = nn_loss_weight(pass, row);

		if (weight == 0)
			continue;
		for (int i = 0; i < pass->width; i++)
			*((target[i] != 0 ? histogram->positives : histogram->negatives) + part_of(y[i])) +=
				weight;
	}
}

/*
 * The area below the curve of true positives by false ones, whose points are the
 * thresholds; as in Keras 0 if one of the classes is missing.
 */
double
nn_metric_auc(const double *state)
{
	const Histogram *histogram = (const Histogram *) state;
	double area = 0;
	double positives = 0; /* above the part */
	double negatives = 0;

	for (int i = PARTS - 1; i >= 0; i--)
	{
		area += histogram->negatives[i] * (positives + histogram->positives[i] / 2);
		positives += histogram->positives[i];
		negatives += histogram->negatives[i];
	}
	return positives > 0 && negatives > 0 ? area / positives / negatives : 0;
}
