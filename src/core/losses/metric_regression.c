/*
 * metric_regression.c
 *	  Metrics of numbers beside numbers: r2_score over all rows, output by output, and
 *	  the correlations within each row.
 *
 * What is not defined (of targets that are all the same) counts as 0, where Keras has NaN.
 */
#include "core/losses/metric.h"

/* ---- r2_score: 1 - sum (t - y)^2 / sum (t - mean t)^2 ---- */

enum
{
	UNIFORM_AVERAGE,
	VARIANCE_WEIGHTED_AVERAGE,
	NO_AVERAGE
};

static const NNWord aggregation_words[] = {
	{"uniform_average", UNIFORM_AVERAGE},
	{"variance_weighted_average", VARIANCE_WEIGHTED_AVERAGE},
	{"none", NO_AVERAGE},
	{NULL, 0},
};

const NNField nn_r2_fields[] = {
	NN_FIELD_WORD(NNMetricConf, class_aggregation, aggregation_words, UNIFORM_AVERAGE),
	NN_FIELD_INT(NNMetricConf, num_regressors, false, 0, 0, NN_MAX_UNITS),
	NN_FIELD_END,
};

/* The sums of one output; before them all is how many targets there were. */
typedef struct R2Sums
{
	double weight;
	double sum;
	double squares;
	double residual;
} R2Sums;

bool
nn_r2_check(NNMetric *metric, const char *what, NNError *error)
{
	size_t n = metric->width > 0 ? (size_t) metric->width : 1;

	return nn_metric_size(metric, 1 + n * sizeof(R2Sums) / sizeof(double),
						  n > 1 && nn_metric_conf(metric)->class_aggregation == NO_AVERAGE ? (int) n
																						   : 0,
						  what, error);
}

void
nn_r2_run(const NNMetric *metric, const NNLossPass *pass, double *state)
{
	R2Sums *sums = (R2Sums *) (state + 1);

	(void) metric;
	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *y = pass->y + row * (size_t) pass->width;
		const float *target = pass->target + row * (size_t) pass->width;
		double weight = nn_loss_weight(pass, row);

		state[0] += nn_loss_counts(pass, row) ? pass->width : 0;
		for (int i = 0; i < pass->width; i++)
		{
			double t = (double) target[i];
			double miss = t - (double) y[i];

			sums[i].weight += weight;
			sums[i].sum += weight * t;
			sums[i].squares += weight * t * t;
			sums[i].residual += weight * miss * miss;
		}
	}
}

/* Of so many rows, told by so many numbers each. */
static double
adjusted(double score, double rows, int regressors)
{
	double left = rows - regressors - 1;

	return regressors == 0 || left <= 0 ? score : 1 - (1 - score) * (rows - 1) / left;
}

void
nn_r2_result(const NNMetric *metric, const double *state, double *values)
{
	const R2Sums *sums = (const R2Sums *) (state + 1);
	int aggregation = nn_metric_conf(metric)->class_aggregation;
	int regressors = nn_metric_conf(metric)->num_regressors;
	double weights = 0;
	double total = 0;

	for (int i = 0; i < metric->width; i++)
	{
		double mean = nn_metric_share(sums[i].sum, sums[i].weight);
		double variation = sums[i].squares - sums[i].sum * mean;
		double score = variation > 0 ? 1 - sums[i].residual / variation : 0;
		double weight = aggregation == VARIANCE_WEIGHTED_AVERAGE ? fmax(variation, 0) : 1;

		if (aggregation == NO_AVERAGE)
			values[i] = adjusted(score, state[0], regressors);
		weights += weight;
		total += weight * score;
	}
	if (aggregation != NO_AVERAGE)
		*values = adjusted(nn_metric_share(total, weights), state[0], regressors);
}

/* ---- correlations of a row's outputs with its targets ---- */

const NNField nn_correlation_fields[] = {
	NN_FIELD_INT(NNMetricConf, axis, false, -1, -1, -1), /* the last alone */
	NN_FIELD_END,
};

bool
nn_correlation_check(NNMetric *metric, const char *what, NNError *error)
{
	metric->states = NN_MEAN_STATES;
	if (metric->width != 1)
		return true;
	nn_error(error, NN_BAD_SHAPE, "%s: it compares the outputs of a row, of which there is one",
			 what);
	return nn_hint(error, "Over rows there is the aggregate corr(y, prediction).");
}

typedef struct Moments
{
	double y, t;   /* means */
	double yy, tt; /* variances */
	double yt;	   /* covariance */
	double
		t_about_y_by_y; /* mean of (t - mean y) (y - mean y), Keras's covariance in concordance */
} Moments;

static Moments
moments_of(const nn_real *y, const float *t, int n)
{
	Moments m = {0};

	for (int i = 0; i < n; i++)
	{
		m.y += (double) y[i] / n;
		m.t += (double) t[i] / n;
	}
	for (int i = 0; i < n; i++)
	{
		double dy = (double) y[i] - m.y;
		double dt = (double) t[i] - m.t;

		m.yy += dy * dy / n;
		m.tt += dt * dt / n;
		m.yt += dy * dt / n;
		m.t_about_y_by_y += ((double) t[i] - m.y) * dy / n;
	}
	return m;
}

static double
pearson_of(const Moments *m)
{
	return nn_metric_share(m->yt, sqrt(m->yy * m->tt));
}

static double
concordance_of(const Moments *m)
{
	return 2 * m->t_about_y_by_y /
		(m->tt + m->yy + (m->t - m->y) * (m->t - m->y) + NN_LOSS_EPSILON);
}

static void
add_rows(const NNLossPass *pass, double *state, double (*value)(const Moments *m))
{
	for (size_t row = 0; row < pass->rows; row++)
	{
		size_t at = row * (size_t) pass->width;
		double weight = nn_loss_weight(pass, row);
		Moments m;

		if (weight == 0)
			continue;
		m = moments_of(pass->y + at, pass->target + at, pass->width);
		state[NN_MEAN_SUM] += weight * value(&m);
		state[NN_MEAN_COUNT] += weight;
	}
}

void
nn_pearson_run(const NNMetric *metric, const NNLossPass *pass, double *state)
{
	(void) metric;
	add_rows(pass, state, pearson_of);
}

void
nn_concordance_run(const NNMetric *metric, const NNLossPass *pass, double *state)
{
	(void) metric;
	add_rows(pass, state, concordance_of);
}
