/*
 * metric.h
 *	  What a metric is, and what the files of metrics share: metric.c has the table, means and
 *	  shares of hits; confusion.c what goes by thresholds; metric_class.c what goes by
 *	  classes; metric_regression.c what compares numbers; metric_parse.c reads them.
 */
#ifndef NN_METRIC_H
#define NN_METRIC_H

#include "core/losses/loss.h"

/* The arguments of a metric that is no loss; each kind has some of them. */
typedef struct NNMetricConf
{
	bool multi_label;
	bool from_logits;
	bool sparse_y_true;
	bool sparse_y_pred;
	bool sorted; /* thresholds are */
	bool binary; /* outputs are scores of the second of two classes */
	int average; /* of classes */
	int curve;
	int summation_method;
	int class_aggregation;
	int k;
	int top_k;	  /* 0: none */
	int class_id; /* -1: all */
	int num_thresholds;
	int num_regressors;
	int num_classes;
	int num_labels;
	int ignore_class; /* or NN_NO_CLASS */
	int axis;
	double threshold; /* negative: none */
	double beta;
	double value; /* that another figure is to reach */
	NNNumbers thresholds;
	NNNumbers label_weights;
	NNNumbers target_class_ids;
} NNMetricConf;

_Static_assert(sizeof(NNMetricConf) <= sizeof(((NNMetric *) NULL)->conf),
			   "an NNMetric has room for its arguments");

NN_INLINE const NNMetricConf *
nn_metric_conf(const NNMetric *metric)
{
	return (const NNMetricConf *) metric->conf.bytes;
}

struct NNMetricKind
{
	const char *name;
	const char *synonym;
	NNTargetType target;   /* what it needs; NN_TARGET_NONE: it takes classes and reals */
	NNMeaning meaning;	   /* of targets, if that is less than what they mean to the loss */
	int states;			   /* doubles of its state; 0: check says */
	const NNField *fields; /* of its NNMetricConf; NULL: none */
	const char *loss;	   /* that it is, with the arguments of that; NULL: none */
	/* Check arguments, and set states and values; may be NULL. */
	bool (*check)(NNMetric *metric, const char *what, NNError *error);
	/* Add to the state; y are outputs. */
	void (*run)(const NNMetric *metric, const NNLossPass *pass, double *state);
	/* What it comes to: one value, or metric->values of them. */
	void (*result)(const NNMetric *metric, const double *state, double *values);
	bool rises; /* the higher, the better */
};

#define NN_MAX_METRIC_STATES ((size_t) 1 << 20) /* for each thread */

/* ---- in metric.c ---- */

/* By name, of losses too; NULL: there is none.  *loss: that it is, or NULL. */
extern const NNMetricKind *nn_metric_find(const char *name, const NNLossKind **loss);
extern void nn_metrics_list(char *buf, size_t size);
/* The loss that it is; NULL: it is none. */
extern const NNLoss *nn_metric_loss(const NNMetric *metric);
extern NNTargetType nn_metric_target(const NNMetric *metric);

/* ---- in metric_parse.c ---- */

/* Of a name in results: what may come before it. */
#define NN_METRIC_PREFIX 12

/*
 * A name, or an object whose "name" is that of the result.  Without loss and shape what
 * depends on them is not checked.
 */
extern bool nn_metric_parse(NNMetric *metric, const NNValue *config, const NNLossKind *loss,
							const NNShape *out, NNError *error);

/* ---- what metrics share ---- */

/* The state of a metric that is a mean. */
enum
{
	NN_MEAN_SUM,
	NN_MEAN_COUNT,
	NN_MEAN_STATES
};

NN_INLINE void
nn_metric_add(double *state, double sum, double count)
{
	state[NN_MEAN_SUM] += sum;
	state[NN_MEAN_COUNT] += count;
}

/* a / b, and 0 where b is 0. */
NN_INLINE double
nn_metric_share(double a, double b)
{
	return b == 0 ? 0 : a / b;
}

/* Over nothing 0, as in Keras. */
NN_INLINE double
nn_metric_mean(const double *state)
{
	return nn_metric_share(state[NN_MEAN_SUM], state[NN_MEAN_COUNT]);
}

/* What a row's target says of output i: of classes 1 or 0. */
NN_INLINE double
nn_metric_target_of(const NNLossPass *pass, size_t row, int i)
{
	return pass->index != NULL ? pass->index[row] == i
							   : (double) pass->target[row * (size_t) pass->width + (size_t) i];
}

/* The first of the largest. */
NN_INLINE int
nn_metric_largest(const float *x, int n)
{
	int best = 0;

	for (int i = 1; i < n; i++)
		best = x[i] > x[best] ? i : best;
	return best;
}

/* Set states and values; refuses too many. */
NN_INLINE bool
nn_metric_size(NNMetric *metric, size_t states, int values, const char *what, NNError *error)
{
	if (states > NN_MAX_METRIC_STATES)
		return nn_error(error, NN_TOO_LARGE, "%s: it needs %zu sums, at most %zu are possible",
						what, states, NN_MAX_METRIC_STATES);
	metric->states = (int) states;
	metric->values = values;
	return true;
}

/* in confusion.c */
extern const NNField nn_count_fields[];
extern const NNField nn_precision_fields[];
extern const NNField nn_sensitivity_fields[];
extern const NNField nn_specificity_fields[];
extern const NNField nn_at_recall_fields[];
extern const NNField nn_at_precision_fields[];
extern const NNField nn_auc_fields[];
extern bool nn_thresholds_check(NNMetric *metric, const char *what, NNError *error);
extern bool nn_curve_check(NNMetric *metric, const char *what, NNError *error);
extern bool nn_auc_check(NNMetric *metric, const char *what, NNError *error);
extern void nn_thresholds_run(const NNMetric *metric, const NNLossPass *pass, double *state);
extern void nn_curve_run(const NNMetric *metric, const NNLossPass *pass, double *state);
extern void nn_auc_run(const NNMetric *metric, const NNLossPass *pass, double *state);
extern void nn_metric_true_positives(const NNMetric *metric, const double *state, double *values);
extern void nn_metric_true_negatives(const NNMetric *metric, const double *state, double *values);
extern void nn_metric_false_positives(const NNMetric *metric, const double *state, double *values);
extern void nn_metric_false_negatives(const NNMetric *metric, const double *state, double *values);
extern void nn_metric_precision(const NNMetric *metric, const double *state, double *values);
extern void nn_metric_recall(const NNMetric *metric, const double *state, double *values);
extern void
nn_metric_sensitivity_at_specificity(const NNMetric *metric, const double *state, double *values);
extern void
nn_metric_specificity_at_sensitivity(const NNMetric *metric, const double *state, double *values);
extern void
nn_metric_precision_at_recall(const NNMetric *metric, const double *state, double *values);
extern void
nn_metric_recall_at_precision(const NNMetric *metric, const double *state, double *values);
extern void nn_auc_result(const NNMetric *metric, const double *state, double *values);

/* in metric_class.c */
extern const NNField nn_fbeta_fields[];
extern const NNField nn_f1_fields[];
extern const NNField nn_iou_fields[];
extern const NNField nn_mean_iou_fields[];
extern const NNField nn_binary_iou_fields[];
extern const NNField nn_one_hot_iou_fields[];
extern const NNField nn_one_hot_mean_iou_fields[];
extern bool nn_fbeta_check(NNMetric *metric, const char *what, NNError *error);
extern bool nn_f1_check(NNMetric *metric, const char *what, NNError *error);
extern void nn_fbeta_run(const NNMetric *metric, const NNLossPass *pass, double *state);
extern void nn_fbeta_result(const NNMetric *metric, const double *state, double *values);
extern bool nn_iou_check(NNMetric *metric, const char *what, NNError *error);
extern bool nn_binary_iou_check(NNMetric *metric, const char *what, NNError *error);
extern bool nn_one_hot_iou_check(NNMetric *metric, const char *what, NNError *error);
extern void nn_iou_run(const NNMetric *metric, const NNLossPass *pass, double *state);
extern void nn_iou_result(const NNMetric *metric, const double *state, double *values);

/* in metric_regression.c */
extern const NNField nn_r2_fields[];
extern const NNField nn_correlation_fields[];
extern bool nn_r2_check(NNMetric *metric, const char *what, NNError *error);
extern bool nn_correlation_check(NNMetric *metric, const char *what, NNError *error);
extern void nn_r2_run(const NNMetric *metric, const NNLossPass *pass, double *state);
extern void nn_r2_result(const NNMetric *metric, const double *state, double *values);
extern void nn_pearson_run(const NNMetric *metric, const NNLossPass *pass, double *state);
extern void nn_concordance_run(const NNMetric *metric, const NNLossPass *pass, double *state);

#endif /* NN_METRIC_H */
