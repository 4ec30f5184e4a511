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

#include "core/losses/metric.h"

/* ---- means ---- */

static void
mean(const NNMetric *metric, const double *state, double *values)
{
	(void) metric;
	*values = nn_metric_mean(state);
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

NN_INLINE double
binary_score(const NNMetric *metric, const NNLossPass *pass, size_t row)
{
	nn_real threshold = (nn_real) nn_metric_conf(metric)->threshold;
	const nn_real *y = pass->y + row * (size_t) pass->width;
	const float *target = pass->target + row * (size_t) pass->width;
	int hits = 0;

	for (int i = 0; i < pass->width; i++)
		hits += target[i] == (y[i] > threshold ? 1.0f : 0.0f);
	return (double) hits / pass->width;
}

NN_INLINE double
sparse_score(const NNMetric *metric, const NNLossPass *pass, size_t row)
{
	(void) metric;
	return is_argmax(pass->y + row * (size_t) pass->width, pass->width, pass->index[row]);
}

NN_INLINE double
categorical_score(const NNMetric *metric, const NNLossPass *pass, size_t row)
{
	size_t at = row * (size_t) pass->width;

	(void) metric;
	return is_argmax(pass->y + at, pass->width, nn_metric_largest(pass->target + at, pass->width));
}

/* Whether fewer than k outputs are larger than that of the class. */
NN_INLINE bool
in_top(const nn_real *y, int width, int index, int k)
{
	return index >= 0 && index < width && isfinite(y[index]) &&
		count_larger(y, width, y[index]) < k;
}

NN_INLINE double
sparse_top_score(const NNMetric *metric, const NNLossPass *pass, size_t row)
{
	return in_top(pass->y + row * (size_t) pass->width, pass->width, pass->index[row],
				  nn_metric_conf(metric)->k);
}

NN_INLINE double
top_score(const NNMetric *metric, const NNLossPass *pass, size_t row)
{
	size_t at = row * (size_t) pass->width;

	return in_top(pass->y + at, pass->width, nn_metric_largest(pass->target + at, pass->width),
				  nn_metric_conf(metric)->k);
}

/* The metric that adds up the scores of the rows that count. */
#define SCORE_METRIC(name)                                                         \
	static NN_HOT(void, name##_accuracy,                                           \
				  (const NNMetric *metric, const NNLossPass *pass, double *state), \
				  (metric, pass, state))                                           \
	{                                                                              \
		double scores = 0;                                                         \
		double rows = 0;                                                           \
                                                                                   \
		for (size_t row = 0; row < pass->rows; row++)                              \
		{                                                                          \
			double weight = nn_loss_weight(pass, row);                             \
                                                                                   \
			if (weight == 0)                                                       \
				continue;                                                          \
			scores += weight * name##_score(metric, pass, row);                    \
			rows += weight;                                                        \
		}                                                                          \
		nn_metric_add(state, scores, rows);                                        \
	}

SCORE_METRIC(binary)
SCORE_METRIC(sparse)
SCORE_METRIC(categorical)
SCORE_METRIC(sparse_top)
SCORE_METRIC(top)

/* ---- losses as metrics: each is one, with the same arguments ---- */

/* The state of a loss that is one value of all rows goes on behind the mean. */
enum
{
	RATIO = NN_MEAN_STATES,
	LOSS_STATES = RATIO + NN_RATIO_STATES
};

static void
run_loss(const NNMetric *metric, const NNLossPass *pass, double *state)
{
	const NNLoss *loss = nn_metric_loss(metric);
	NNLossPass own = *pass;

	own.conf = nn_loss_conf(loss);
	own.ratio = nn_loss_states(loss) > 0 ? state + RATIO : NULL;
	nn_metric_add(state, nn_loss_of_outputs(loss, &own), nn_loss_weights(&own));
}

static void
loss_result(const NNMetric *metric, const double *state, double *values)
{
	(void) metric;
	*values = nn_metric_mean(state) * nn_overlap_loss(state + RATIO);
}

static void
root_result(const NNMetric *metric, const double *state, double *values)
{
	(void) metric;
	*values = sqrt(nn_metric_mean(state));
}

/* As a metric similar rows score high, as a loss low. */
static void
similarity_result(const NNMetric *metric, const double *state, double *values)
{
	(void) metric;
	*values = -nn_metric_mean(state);
}

/* ---- the table ---- */

static const NNField threshold_fields[] = {
	NN_FIELD_REAL(NNMetricConf, threshold, false, 0.5, -1e30, 1e30),
	NN_FIELD_END,
};
static const NNField k_fields[] = {
	NN_FIELD_INT(NNMetricConf, k, false, 5, 1, NN_MAX_UNITS),
	NN_FIELD_END,
};

#define REALS .target = NN_TARGET_REALS
#define INDEX .target = NN_TARGET_INDEX
#define SHARE .meaning = NN_MEANS_PROBABILITY /* and classes or reals */
#define UP .rises = true

/* A mean, and the rest. */
#define MEAN(name_, run_, ...)                                                                \
	{                                                                                         \
		.name = name_, .states = NN_MEAN_STATES, .run = run_, .result = mean, UP, __VA_ARGS__ \
	}
#define METRIC(name_, prefix, result_, ...)                                             \
	{                                                                                   \
		.name = name_, .check = prefix##_check, .run = prefix##_run, .result = result_, \
		__VA_ARGS__                                                                     \
	}
#define LOSS(name_, loss_, result_, ...)                                                         \
	{                                                                                            \
		.name = name_, .loss = loss_, .states = LOSS_STATES, .run = run_loss, .result = result_, \
		__VA_ARGS__                                                                              \
	}
#define COUNT(name, ...) \
	METRIC(#name, nn_thresholds, nn_metric_##name, .fields = nn_count_fields, SHARE, __VA_ARGS__)
#define CURVE(name, fields_) METRIC(#name, nn_curve, nn_metric_##name, .fields = fields_, SHARE, UP)
#define IOU(name_, synonym_, fields_, check_)                                                      \
	{                                                                                              \
		.name = name_, .synonym = synonym_, .fields = fields_, .check = check_, .run = nn_iou_run, \
		.result = nn_iou_result, UP                                                                \
	}

static const NNMetricKind metrics[] = {
	MEAN("binary_accuracy", binary_accuracy, REALS, .fields = threshold_fields),
	MEAN("categorical_accuracy", categorical_accuracy, REALS),
	MEAN("sparse_categorical_accuracy", sparse_accuracy, INDEX),
	MEAN("top_k_categorical_accuracy", top_accuracy, REALS, .fields = k_fields),
	MEAN("sparse_top_k_categorical_accuracy", sparse_top_accuracy, INDEX, .fields = k_fields),
	METRIC("auc", nn_auc, nn_auc_result, .fields = nn_auc_fields, SHARE, UP),
	METRIC("precision", nn_thresholds, nn_metric_precision, .fields = nn_precision_fields, SHARE,
		   UP),
	METRIC("recall", nn_thresholds, nn_metric_recall, .fields = nn_precision_fields, SHARE, UP),
	COUNT(true_positives, UP),
	COUNT(true_negatives, UP),
	COUNT(false_positives),
	COUNT(false_negatives),
	CURVE(sensitivity_at_specificity, nn_sensitivity_fields),
	CURVE(specificity_at_sensitivity, nn_specificity_fields),
	CURVE(precision_at_recall, nn_at_recall_fields),
	CURVE(recall_at_precision, nn_at_precision_fields),
	{.name = "f1_score",
	 .fields = nn_f1_fields,
	 .check = nn_f1_check,
	 .run = nn_fbeta_run,
	 .result = nn_fbeta_result,
	 SHARE,
	 UP},
	METRIC("fbeta_score", nn_fbeta, nn_fbeta_result, .fields = nn_fbeta_fields, SHARE, UP,
		   .synonym = "f_beta_score"),
	IOU("iou", "io_u", nn_iou_fields, nn_iou_check),
	IOU("mean_iou", "mean_io_u", nn_mean_iou_fields, nn_iou_check),
	IOU("binary_iou", "binary_io_u", nn_binary_iou_fields, nn_binary_iou_check),
	IOU("one_hot_iou", "one_hot_io_u", nn_one_hot_iou_fields, nn_one_hot_iou_check),
	IOU("one_hot_mean_iou", "one_hot_mean_io_u", nn_one_hot_mean_iou_fields, nn_one_hot_iou_check),
	METRIC("r2_score", nn_r2, nn_r2_result, .fields = nn_r2_fields, REALS, UP),
	MEAN("pearson_correlation", nn_pearson_run, REALS, .fields = nn_correlation_fields,
		 .check = nn_correlation_check),
	MEAN("concordance_correlation", nn_concordance_run, REALS, .fields = nn_correlation_fields,
		 .check = nn_correlation_check),
	LOSS("root_mean_squared_error", "mean_squared_error", root_result, REALS, .synonym = "rmse"),
	LOSS("cosine_similarity", "cosine_similarity", similarity_result, REALS, UP),
	LOSS("log_cosh_error", "log_cosh", loss_result, REALS, .synonym = "logcosh"),
};

/* Of losses that have no row of their own. */
static const NNMetricKind loss_metric = {
	.states = LOSS_STATES,
	.run = run_loss,
	.result = loss_result,
};

static const NNMetricKind *
find(const char *name)
{
	for (int i = 0; i < NN_ARRAY_LENGTH(metrics); i++)
		if (strcmp(metrics[i].name, name) == 0 ||
			(metrics[i].synonym != NULL && strcmp(metrics[i].synonym, name) == 0))
			return &metrics[i];
	return NULL;
}

const NNMetricKind *
nn_metric_find(const char *name, const NNLossKind **loss)
{
	const NNMetricKind *kind = find(name);

	*loss = kind == NULL	 ? nn_loss_find(name)
		: kind->loss != NULL ? nn_loss_find(kind->loss)
							 : NULL;
	return kind != NULL || *loss == NULL ? kind : &loss_metric;
}

const NNLoss *
nn_metric_loss(const NNMetric *metric)
{
	return metric->kind->run == run_loss ? &metric->conf.loss : NULL;
}

NNTargetType
nn_metric_target(const NNMetric *metric)
{
	return metric->kind == &loss_metric ? nn_loss_target(metric->conf.loss.kind)
										: metric->kind->target;
}

bool
nn_metric_rises(const NNMetric *metric)
{
	return metric->kind->rises;
}

/* Of all names, those of losses included, once each. */
void
nn_metrics_list(char *buf, size_t size)
{
	char losses[1024];
	size_t used = (size_t) snprintf(buf, size, "accuracy");

	for (int i = 0; i < NN_ARRAY_LENGTH(metrics) && used < size; i++)
		if (nn_loss_find(metrics[i].name) == NULL)
			used += (size_t) snprintf(buf + used, size - used, ", %s", metrics[i].name);
	nn_losses_list(losses, sizeof(losses));
	if (used < size)
		(void) snprintf(buf + used, size - used, ", %s", losses);
}
