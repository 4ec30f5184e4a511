/*
 * metric_class.c
 *	  Metrics by classes: F scores, and the intersection over the union of what is of
 *	  a class and what is said to be of it.
 */
#include "core/losses/metric.h"

/* ---- fbeta: of each output, or micro: of all together ---- */

enum
{
	AVERAGE_NONE,
	AVERAGE_MICRO,
	AVERAGE_MACRO,
	AVERAGE_WEIGHTED
};

static const NNWord average_words[] = {
	{"micro", AVERAGE_MICRO},
	{"macro", AVERAGE_MACRO},
	{"weighted", AVERAGE_WEIGHTED},
	{"none", AVERAGE_NONE},
	{NULL, 0},
};

#define AVERAGE NN_FIELD_WORD(NNMetricConf, average, average_words, AVERAGE_NONE)
#define F_THRESHOLD NN_FIELD_REAL(NNMetricConf, threshold, false, -1, 1e-30, 1)

const NNField nn_fbeta_fields[] = {
	AVERAGE,
	NN_FIELD_REAL(NNMetricConf, beta, false, 1, 1e-30, 1e6),
	F_THRESHOLD,
	NN_FIELD_END,
};
const NNField nn_f1_fields[] = {AVERAGE, F_THRESHOLD, NN_FIELD_END};

/* What is summed up of a class, by the weights of rows. */
typedef struct FSums
{
	double hits;	/* said and true */
	double alarms;	/* said and not true */
	double misses;	/* true and not said */
	double support; /* true */
} FSums;

static int
f_classes(const NNMetric *metric)
{
	return nn_metric_conf(metric)->average == AVERAGE_MICRO || metric->width == 0 ? 1
																				  : metric->width;
}

bool
nn_fbeta_check(NNMetric *metric, const char *what, NNError *error)
{
	int n = f_classes(metric);

	return nn_metric_size(metric, sizeof(FSums) / sizeof(double) * (size_t) n,
						  n > 1 && nn_metric_conf(metric)->average == AVERAGE_NONE ? n : 0, what,
						  error);
}

bool
nn_f1_check(NNMetric *metric, const char *what, NNError *error)
{
	((NNMetricConf *) metric->conf.bytes)->beta = 1;
	return nn_fbeta_check(metric, what, error);
}

void
nn_fbeta_run(const NNMetric *metric, const NNLossPass *pass, double *state)
{
	FSums *sums = (FSums *) state;
	nn_real threshold = (nn_real) nn_metric_conf(metric)->threshold;
	bool each = f_classes(metric) > 1;

	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *y = pass->y + row * (size_t) pass->width;
		double weight = nn_loss_weight(pass, row);
		nn_real largest = y[0];

		for (int i = 1; i < pass->width; i++)
			largest = y[i] > largest ? y[i] : largest;
		for (int i = 0; i < pass->width && weight != 0; i++)
		{
			/* Keras: the largest ones, unless all are 0 */
			double said =
				threshold < 0 ? y[i] >= largest && fabs((double) y[i]) > 1e-9 : y[i] > threshold;
			double is = nn_metric_target_of(pass, row, i);
			FSums *of = &sums[each ? i : 0];

			of->hits += weight * said * is;
			of->alarms += weight * said * (1 - is);
			of->misses += weight * (1 - said) * is;
			of->support += weight * is;
		}
	}
}

static double
f_score(const FSums *sums, double beta)
{
	double precision = sums->hits / (sums->hits + sums->alarms + NN_LOSS_EPSILON);
	double recall = sums->hits / (sums->hits + sums->misses + NN_LOSS_EPSILON);

	return (1 + beta * beta) * precision * recall /
		(beta * beta * precision + recall + NN_LOSS_EPSILON);
}

void
nn_fbeta_result(const NNMetric *metric, const double *state, double *values)
{
	const FSums *sums = (const FSums *) state;
	int n = f_classes(metric);
	double support = 0;
	double sum = 0;

	for (int i = 0; i < n; i++)
		support += sums[i].support;
	for (int i = 0; i < n; i++)
	{
		double score = f_score(&sums[i], nn_metric_conf(metric)->beta);

		if (nn_metric_conf(metric)->average == AVERAGE_NONE)
			values[i] = score;
		else if (nn_metric_conf(metric)->average == AVERAGE_WEIGHTED)
			sum += score * sums[i].support / (support + NN_LOSS_EPSILON);
		else
			sum += score / n;
	}
	if (nn_metric_conf(metric)->average != AVERAGE_NONE)
		*values = sum;
}

/*
 * ---- intersection over union: the state is how often rows of each class (true)
 * are said to be of each, by their weights; what is of no class is left out ----
 */

#define MAX_CLASSES 1024

#define IOU_CLASSES NN_FIELD_INT(NNMetricConf, num_classes, true, 0, 1, MAX_CLASSES)
#define IOU_IGNORED \
	NN_FIELD_INT(NNMetricConf, ignore_class, false, NN_NO_CLASS, -16777216, 16777216)
#define IOU_TARGETS                                                                                \
	{                                                                                              \
		"target_class_ids", NN_FIELD_TYPE_NUMBERS, offsetof(NNMetricConf, target_class_ids), true, \
			0, 0, MAX_CLASSES, NULL, 1                                                             \
	}
#define IOU_SPARSE_TRUE NN_FIELD_BOOL(NNMetricConf, sparse_y_true, true)
#define IOU_SPARSE_PRED(def) NN_FIELD_BOOL(NNMetricConf, sparse_y_pred, def)

const NNField nn_iou_fields[] = {
	IOU_CLASSES, IOU_TARGETS, IOU_IGNORED, IOU_SPARSE_TRUE, IOU_SPARSE_PRED(true), NN_FIELD_END,
};
const NNField nn_mean_iou_fields[] = {
	IOU_CLASSES, IOU_IGNORED, IOU_SPARSE_TRUE, IOU_SPARSE_PRED(true), NN_FIELD_END,
};
const NNField nn_one_hot_iou_fields[] = {
	IOU_CLASSES, IOU_TARGETS, IOU_IGNORED, IOU_SPARSE_PRED(false), NN_FIELD_END,
};
const NNField nn_one_hot_mean_iou_fields[] = {
	IOU_CLASSES,
	IOU_IGNORED,
	IOU_SPARSE_PRED(false),
	NN_FIELD_END,
};
const NNField nn_binary_iou_fields[] = {
	{"target_class_ids", NN_FIELD_TYPE_NUMBERS, offsetof(NNMetricConf, target_class_ids), false, 0,
	 0, 1, NULL, 1},
	NN_FIELD_REAL(NNMetricConf, threshold, false, 0.5, -1e30, 1e30),
	NN_FIELD_END,
};

bool
nn_iou_check(NNMetric *metric, const char *what, NNError *error)
{
	const NNMetricConf *conf = nn_metric_conf(metric);

	for (int i = 0; i < conf->target_class_ids.count; i++)
		if (!(conf->target_class_ids.items[i].number < conf->num_classes))
			return nn_error(error, NN_BAD_VALUE, "%s: target class %g is none of %d classes", what,
							conf->target_class_ids.items[i].number, conf->num_classes);
	/* a row has as many classes said as are true: one, or one for each output */
	if (metric->width > 1 && (metric->index || !conf->sparse_y_true) && conf->sparse_y_pred)
	{
		nn_error(error, NN_BAD_VALUE, "%s: each row is of one class, but has %d outputs", what,
				 metric->width);
		return nn_hint(error,
					   "Give sparse_y_pred => false, by which the largest output tells the "
					   "class.");
	}
	if (metric->width > 1 && !metric->index && conf->sparse_y_true && !conf->sparse_y_pred)
	{
		nn_error(error, NN_BAD_VALUE,
				 "%s: the targets are %d classes a row, but the outputs tell one", what,
				 metric->width);
		return nn_hint(error,
					   "Give sparse_y_true => false, or use one_hot_iou or one_hot_mean_iou, "
					   "by which the largest target tells the class.");
	}
	return nn_metric_size(metric, (size_t) conf->num_classes * (size_t) conf->num_classes, 0, what,
						  error);
}

bool
nn_one_hot_iou_check(NNMetric *metric, const char *what, NNError *error)
{
	((NNMetricConf *) metric->conf.bytes)->sparse_y_true = false;
	return nn_iou_check(metric, what, error);
}

bool
nn_binary_iou_check(NNMetric *metric, const char *what, NNError *error)
{
	NNMetricConf *conf = (NNMetricConf *) metric->conf.bytes;

	conf->binary = true;
	conf->num_classes = 2;
	conf->sparse_y_true = conf->sparse_y_pred = true;
	return nn_iou_check(metric, what, error);
}

/* A number as a class, as Keras casts it; -1: it is none. */
static int
class_of(double number, int classes)
{
	return number > -1 && number < classes ? (int) number : -1;
}

static void
count_pair(const NNMetric *metric, double *state, double truth, double said, double weight)
{
	int classes = nn_metric_conf(metric)->num_classes;
	int t = class_of(truth, classes);
	int p = class_of(said, classes);

	if (t >= 0 && p >= 0 && t != nn_metric_conf(metric)->ignore_class)
		state[t * classes + p] += weight;
}

void
nn_iou_run(const NNMetric *metric, const NNLossPass *pass, double *state)
{
	const NNMetricConf *conf = nn_metric_conf(metric);
	bool binary = conf->binary;
	int width = pass->width;

	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *y = pass->y + row * (size_t) width;
		const float *t = pass->target == NULL ? NULL : pass->target + row * (size_t) width;
		double weight = nn_loss_weight(pass, row);

		if (weight == 0)
			continue;
		if (!conf->sparse_y_pred)
			count_pair(metric, state,
					   pass->index != NULL		 ? pass->index[row]
						   : conf->sparse_y_true ? (double) t[0]
												 : nn_metric_largest(t, width),
					   nn_argmax(y, width), weight);
		else
			for (int i = 0; i < width; i++)
				count_pair(metric, state,
						   pass->index != NULL		 ? pass->index[row]
							   : conf->sparse_y_true ? (double) t[i]
													 : nn_metric_largest(t, width),
						   binary ? y[i] >= (nn_real) conf->threshold : (double) y[i], weight);
	}
}

/* Of one class; negative: there is nothing of it. */
static double
iou_of(const double *state, int classes, int class)
{
	double said = 0;
	double is = 0;
	double both = state[class * classes + class];
	double all;

	for (int i = 0; i < classes; i++)
	{
		said += state[i * classes + class];
		is += state[class * classes + i];
	}
	all = said + is - both;
	return all > 1e-9 ? both / (all + NN_LOSS_EPSILON) : -1;
}

void
nn_iou_result(const NNMetric *metric, const double *state, double *values)
{
	const NNNumbers *ids = &nn_metric_conf(metric)->target_class_ids;
	int classes = nn_metric_conf(metric)->num_classes;
	int n = ids->count > 0 ? ids->count : classes;
	double sum = 0;
	int there = 0;

	for (int i = 0; i < n; i++)
	{
		double iou = iou_of(state, classes, ids->count > 0 ? (int) ids->items[i].number : i);

		if (iou < 0)
			continue;
		sum += iou;
		there++;
	}
	*values = sum / (there + NN_LOSS_EPSILON);
}
