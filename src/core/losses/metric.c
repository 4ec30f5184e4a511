/*
 * metric.c
 *	  The table of metrics.  At this time y are outputs, also where the loss
 *	  was given logits; cross-entropies that go by logits are score.c's.
 *
 * run() adds to a state of sums, which add up over chunks, threads and
 * processes, and of which result() makes the metric; that of most is a mean's, a
 * sum and a count.  As with losses an entry is a row, and masked rows do not count;
 * others count by their weights, which a metric is given only if it is one of
 * the weighted.
 */
#include <stdio.h>

#include "core/base/shape.h"
#include "core/losses/loss.h"

#define TOP_K 5 /* Keras's default k */

/* ---- means ---- */

enum
{
	SUM,
	COUNT,
	MEAN_STATES
};

/* Over nothing 0, as in Keras. */
static double
mean(const double *state)
{
	return state[COUNT] == 0 ? 0 : state[SUM] / state[COUNT];
}

static double
root_of_mean(const double *state)
{
	return sqrt(mean(state));
}

void
nn_metric_add(double *state, double sum, double count)
{
	state[SUM] += sum;
	state[COUNT] += count;
}

/* ---- shares of hits: each row scores 0 to 1 ---- */

/* How many of x are larger than the value. */
NN_INLINE int
count_larger(const nn_real *x, int n, nn_real value)
{
	int larger = 0;

	for (int i = 0; i < n; i++)
		larger += x[i] > value;
	return larger;
}

/* Whether x[index] is the first of the largest; an index outside is not. */
NN_INLINE bool
is_argmax(const nn_real *x, int n, int index)
{
	if (index < 0 || index >= n || isnan(x[index]) || count_larger(x, n, x[index]) > 0)
		return false;
	for (int i = 0; i < index; i++)
		if (x[i] == x[index])
			return false;
	return true;
}

/* The first of the largest. */
NN_INLINE int
argmax_floats(const float *x, int n)
{
	int best = 0;

	for (int i = 1; i < n; i++)
		best = x[i] > x[best] ? i : best;
	return best;
}

NN_INLINE double
binary_score(const NNLossPass *pass, size_t row)
{
	const nn_real *y = pass->y + row * (size_t) pass->width;
	const float *target = pass->target + row * (size_t) pass->width;
	int hits = 0;

	for (int i = 0; i < pass->width; i++)
		hits += target[i] == (y[i] > (nn_real) 0.5 ? 1.0f : 0.0f);
	return (double) hits / pass->width;
}

NN_INLINE double
sparse_score(const NNLossPass *pass, size_t row)
{
	return is_argmax(pass->y + row * (size_t) pass->width, pass->width, pass->index[row]);
}

NN_INLINE double
categorical_score(const NNLossPass *pass, size_t row)
{
	size_t at = row * (size_t) pass->width;

	return is_argmax(pass->y + at, pass->width, argmax_floats(pass->target + at, pass->width));
}

/* Whether fewer than k outputs are larger than that of the class. */
NN_INLINE bool
in_top(const nn_real *y, int width, int index)
{
	return index >= 0 && index < width && isfinite(y[index]) &&
		count_larger(y, width, y[index]) < TOP_K;
}

NN_INLINE double
sparse_top_score(const NNLossPass *pass, size_t row)
{
	return in_top(pass->y + row * (size_t) pass->width, pass->width, pass->index[row]);
}

NN_INLINE double
top_score(const NNLossPass *pass, size_t row)
{
	size_t at = row * (size_t) pass->width;

	return in_top(pass->y + at, pass->width, argmax_floats(pass->target + at, pass->width));
}

/* The metric that adds up the scores of the rows that count. */
#define SCORE_METRIC(name)                                                                       \
	static NN_HOT(void, name##_accuracy, (const NNLossPass *pass, double *state), (pass, state)) \
	{                                                                                            \
		double scores = 0;                                                                       \
		double rows = 0;                                                                         \
                                                                                                 \
		for (size_t row = 0; row < pass->rows; row++)                                            \
		{                                                                                        \
			double weight = nn_loss_weight(pass, row);                                           \
                                                                                                 \
			if (weight == 0)                                                                     \
				continue;                                                                        \
			scores += weight * name##_score(pass, row);                                          \
			rows += weight;                                                                      \
		}                                                                                        \
		state[SUM] += scores;                                                                    \
		state[COUNT] += rows;                                                                    \
	}

SCORE_METRIC(binary)
SCORE_METRIC(sparse)
SCORE_METRIC(categorical)
SCORE_METRIC(sparse_top)
SCORE_METRIC(top)

/* ---- losses as metrics ---- */

static void
add_loss(const char *name, const NNLossPass *pass, double *state)
{
	NNLossPass copy = *pass;

	copy.logits = false;
	copy.dy = NULL;
	nn_metric_add(state, nn_loss_find(name)->run(&copy), nn_loss_weights(pass));
}

#define LOSS_METRIC(name)                                   \
	static void name(const NNLossPass *pass, double *state) \
	{                                                       \
		add_loss(#name, pass, state);                       \
	}

LOSS_METRIC(mean_squared_error)
LOSS_METRIC(mean_absolute_error)
LOSS_METRIC(mean_absolute_percentage_error)
LOSS_METRIC(mean_squared_logarithmic_error)
LOSS_METRIC(huber)
LOSS_METRIC(log_cosh)
LOSS_METRIC(binary_crossentropy)
LOSS_METRIC(categorical_crossentropy)
LOSS_METRIC(sparse_categorical_crossentropy)
LOSS_METRIC(kl_divergence)
LOSS_METRIC(poisson)
LOSS_METRIC(hinge)
LOSS_METRIC(squared_hinge)

/* As a metric similar rows score high, as a loss low. */
static void
cosine_similarity(const NNLossPass *pass, double *state)
{
	double loss[MEAN_STATES] = {0};

	add_loss("cosine_similarity", pass, loss);
	nn_metric_add(state, -loss[SUM], loss[COUNT]);
}

/* ---- the table ---- */

#define REALS NN_TARGET_REALS
#define INDEX NN_TARGET_INDEX
#define MEAN MEAN_STATES
#define ANY NN_MEANS_NUMBER
#define UP true
#define DOWN false

static const NNMetricKind metrics[] = {
	{"binary_accuracy", NULL, REALS, ANY, MEAN, binary_accuracy, mean, UP},
	{"categorical_accuracy", NULL, REALS, ANY, MEAN, categorical_accuracy, mean, UP},
	{"sparse_categorical_accuracy", NULL, INDEX, ANY, MEAN, sparse_accuracy, mean, UP},
	{"top_k_categorical_accuracy", NULL, REALS, ANY, MEAN, top_accuracy, mean, UP},
	{"sparse_top_k_categorical_accuracy", NULL, INDEX, ANY, MEAN, sparse_top_accuracy, mean, UP},
	{"auc", NULL, REALS, NN_MEANS_PROBABILITY, NN_HISTOGRAM_STATES, nn_metric_histogram,
	 nn_metric_auc, UP},
	{"mean_squared_error", "mse", REALS, ANY, MEAN, mean_squared_error, mean, DOWN},
	{"root_mean_squared_error", "rmse", REALS, ANY, MEAN, mean_squared_error, root_of_mean, DOWN},
	{"mean_absolute_error", "mae", REALS, ANY, MEAN, mean_absolute_error, mean, DOWN},
	{"mean_absolute_percentage_error", "mape", REALS, ANY, MEAN, mean_absolute_percentage_error,
	 mean, DOWN},
	{"mean_squared_logarithmic_error", "msle", REALS, ANY, MEAN, mean_squared_logarithmic_error,
	 mean, DOWN},
	{"huber", NULL, REALS, ANY, MEAN, huber, mean, DOWN},
	{"log_cosh", NULL, REALS, ANY, MEAN, log_cosh, mean, DOWN},
	{"binary_crossentropy", "bce", REALS, ANY, MEAN, binary_crossentropy, mean, DOWN},
	{"categorical_crossentropy", NULL, REALS, ANY, MEAN, categorical_crossentropy, mean, DOWN},
	{"sparse_categorical_crossentropy", NULL, INDEX, ANY, MEAN, sparse_categorical_crossentropy,
	 mean, DOWN},
	{"kl_divergence", "kld", REALS, ANY, MEAN, kl_divergence, mean, DOWN},
	{"poisson", NULL, REALS, ANY, MEAN, poisson, mean, DOWN},
	{"hinge", NULL, REALS, ANY, MEAN, hinge, mean, DOWN},
	{"squared_hinge", NULL, REALS, ANY, MEAN, squared_hinge, mean, DOWN},
	{"cosine_similarity", NULL, REALS, ANY, MEAN, cosine_similarity, mean, UP},
};

/* What 'accuracy' means depends on targets and outputs, as in Keras. */
static const char *
accuracy_for(const NNLossKind *loss, const NNShape *out)
{
	if (nn_loss_target(loss) == NN_TARGET_INDEX)
		return "sparse_categorical_accuracy";
	return nn_shape_last(out) == 1 ? "binary_accuracy" : "categorical_accuracy";
}

const NNMetricKind *
nn_metric_find(const char *name, const NNLossKind *loss, const NNShape *out)
{
	if (strcmp(name, "accuracy") == 0 || strcmp(name, "acc") == 0)
		name = accuracy_for(loss, out);
	for (int i = 0; i < NN_ARRAY_LENGTH(metrics); i++)
		if (strcmp(metrics[i].name, name) == 0 ||
			(metrics[i].synonym != NULL && strcmp(metrics[i].synonym, name) == 0))
			return &metrics[i];
	return NULL;
}

bool
nn_metric_rises(const NNMetricKind *metric)
{
	return metric->rises;
}

void
nn_metrics_list(char *buf, size_t size)
{
	size_t used = (size_t) snprintf(buf, size, "accuracy");

	for (int i = 0; i < NN_ARRAY_LENGTH(metrics) && used < size; i++)
		used += (size_t) snprintf(buf + used, size - used, ", %s", metrics[i].name);
}
