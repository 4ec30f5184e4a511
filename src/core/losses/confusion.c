/*
 * confusion.c
 *	  Metrics of two classes by thresholds: each output of each row is a score, and
 *	  positive if its target is not 0, whatever the output's shape.
 *
 * The state is a histogram of the scores: of the positive ones and of the others
 * how many, by their weights, are above none of the thresholds, above one, ..., above
 * all.  Whatever follows from true and false positives and negatives at any of the
 * thresholds can be told from it, whatever their order.  Thresholds in equal steps from 0
 * to 1 are found without looking at them, rounded as Keras does.
 */
#include "core/kernels/math_inline.h"
#include "core/losses/metric.h"

enum
{
	ROC,
	PR,
	PRGAIN
};

enum
{
	INTERPOLATION,
	MINORING,
	MAJORING
};

static const NNWord curve_words[] = {
	{"ROC", ROC},		{"roc", ROC},		{"PR", PR}, {"pr", PR},
	{"PRGAIN", PRGAIN}, {"prgain", PRGAIN}, {NULL, 0},
};

static const NNWord summation_words[] = {
	{"interpolation", INTERPOLATION},
	{"minoring", MINORING},
	{"majoring", MAJORING},
	{NULL, 0},
};

#define MAX_THRESHOLDS 100000

#define THRESHOLDS NN_FIELD_NUMBERS(NNMetricConf, thresholds, false, 0, 1)
#define CLASS_ID NN_FIELD_INT(NNMetricConf, class_id, false, -1, 0, NN_MAX_UNITS)
#define NUM_THRESHOLDS(least) \
	NN_FIELD_INT(NNMetricConf, num_thresholds, false, 200, least, MAX_THRESHOLDS)
#define VALUE(name)                                                                     \
	{                                                                                   \
		name, NN_FIELD_TYPE_REAL, offsetof(NNMetricConf, value), true, 0, 0, 1, NULL, 0 \
	}

const NNField nn_count_fields[] = {THRESHOLDS, NN_FIELD_END};
const NNField nn_precision_fields[] = {
	THRESHOLDS,
	NN_FIELD_INT(NNMetricConf, top_k, false, 0, 1, NN_MAX_UNITS),
	CLASS_ID,
	NN_FIELD_END,
};
const NNField nn_sensitivity_fields[] = {VALUE("specificity"), NUM_THRESHOLDS(1), CLASS_ID,
										 NN_FIELD_END};
const NNField nn_specificity_fields[] = {VALUE("sensitivity"), NUM_THRESHOLDS(1), CLASS_ID,
										 NN_FIELD_END};
const NNField nn_at_recall_fields[] = {VALUE("recall"), NUM_THRESHOLDS(1), CLASS_ID, NN_FIELD_END};
const NNField nn_at_precision_fields[] = {VALUE("precision"), NUM_THRESHOLDS(1), CLASS_ID,
										  NN_FIELD_END};
const NNField nn_auc_fields[] = {
	NUM_THRESHOLDS(2),
	NN_FIELD_WORD(NNMetricConf, curve, curve_words, ROC),
	NN_FIELD_WORD(NNMetricConf, summation_method, summation_words, INTERPOLATION),
	THRESHOLDS,
	NN_FIELD_BOOL(NNMetricConf, multi_label, false),
	NN_FIELD_INT(NNMetricConf, num_labels, false, 0, 1, NN_MAX_UNITS),
	NN_FIELD_NUMBERS(NNMetricConf, label_weights, false, 0, 1e30),
	NN_FIELD_BOOL(NNMetricConf, from_logits, false),
	NN_FIELD_END,
};

/* ---- thresholds and the state ---- */

/* Of a threshold metric: 0.5 if none is given, of top_k one below all. */
static int
n_thresholds(const NNMetricConf *conf)
{
	return conf->thresholds.count > 0 ? conf->thresholds.count : 1;
}

/* The histograms of one label: positives, then negatives, each of n + 1 places. */
static size_t
label_states(int n)
{
	return 2 * ((size_t) n + 1);
}

static double
sum_above(const double *histogram, int n, int threshold)
{
	double sum = 0;

	for (int i = threshold + 1; i <= n; i++)
		sum += histogram[i];
	return sum;
}

static bool
check_class(const NNMetric *metric, const char *what, NNError *error)
{
	int class_id = nn_metric_conf(metric)->class_id;

	if (metric->width == 0 || class_id < metric->width)
		return true;
	return nn_error(error, NN_BAD_VALUE, "%s: class_id is %d, but there are %d classes", what,
					class_id, metric->width);
}

/* Whether they can be searched. */
static void
note_order(NNMetric *metric)
{
	NNMetricConf *conf = (NNMetricConf *) metric->conf.bytes;

	conf->sorted = true;
	for (int i = 1; i < conf->thresholds.count; i++)
		conf->sorted = conf->sorted &&
			conf->thresholds.items[i].number >= conf->thresholds.items[i - 1].number;
}

bool
nn_thresholds_check(NNMetric *metric, const char *what, NNError *error)
{
	const NNMetricConf *conf = nn_metric_conf(metric);
	int n = n_thresholds(conf);

	note_order(metric);
	return check_class(metric, what, error) &&
		nn_metric_size(metric, label_states(n), conf->thresholds.count > 1 ? n : 0, what, error);
}

bool
nn_curve_check(NNMetric *metric, const char *what, NNError *error)
{
	return check_class(metric, what, error) &&
		nn_metric_size(metric, label_states(nn_metric_conf(metric)->num_thresholds), 0, what,
					   error);
}

/* Of auc: those given, or in equal steps, with one below 0 and one above 1. */
static int
auc_thresholds(const NNMetricConf *conf)
{
	return conf->thresholds.count > 0 ? conf->thresholds.count + 2 : conf->num_thresholds;
}

static int
auc_labels(const NNMetric *metric)
{
	return nn_metric_conf(metric)->multi_label && metric->width > 0 ? metric->width : 1;
}

bool
nn_auc_check(NNMetric *metric, const char *what, NNError *error)
{
	const NNMetricConf *conf = nn_metric_conf(metric);
	int width = metric->width;

	if (conf->num_labels > 0 && !conf->multi_label)
		return nn_error(error, NN_BAD_VALUE, "%s: num_labels is for multi_label alone", what);
	if (width > 0 && conf->num_labels > 0 && conf->num_labels != width)
		return nn_error(error, NN_BAD_VALUE, "%s: num_labels is %d, but there are %d outputs", what,
						conf->num_labels, width);
	if (width > 0 && conf->label_weights.count > 0 && conf->label_weights.count != width)
		return nn_error(error, NN_BAD_VALUE, "%s: there are %d label_weights for %d outputs", what,
						conf->label_weights.count, width);
	note_order(metric);
	return nn_metric_size(metric, label_states(auc_thresholds(conf)) * (size_t) auc_labels(metric),
						  0, what, error);
}

/* ---- counting ---- */

/* How many of the thresholds the score is above; NaN is above none. */
static int
above_list(const NNMetricConf *conf, nn_real score)
{
	const NNNumbers *thresholds = &conf->thresholds;
	int low = 0;
	int high = thresholds->count;

	for (int i = 0; i < thresholds->count && !conf->sorted; i++)
		low += score > (nn_real) thresholds->items[i].number;
	while (low < high && conf->sorted)
	{
		int middle = (low + high) / 2;

		if (score > (nn_real) thresholds->items[middle].number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A score that is above a threshold is above all that are not above that one: so many at least. */
static int
places_below(const NNNumbers *thresholds, int i)
{
	int n = 0;

	for (int k = 0; k < thresholds->count; k++)
		n += (nn_real) thresholds->items[k].number <= (nn_real) thresholds->items[i].number;
	return thresholds->count > 0 ? n : 1;
}

/* Of n in equal steps from 0 to 1. */
NN_INLINE int
above_steps(int n, nn_real score)
{
	float share = score > 0 ? (score < 1 ? (float) score : 1.0f) : 0.0f;

	return (int) ceilf(share * (float) (n - 1));
}

/* Whether a row's score i is among its k largest, the first of equal ones. */
static bool
in_top(const nn_real *y, int width, int i, int k)
{
	int before = 0;

	for (int j = 0; j < width; j++)
		before += y[j] > y[i] || (y[j] == y[i] && j < i);
	return before < k;
}

void
nn_thresholds_run(const NNMetric *metric, const NNLossPass *pass, double *state)
{
	const NNMetricConf *conf = nn_metric_conf(metric);
	int n = n_thresholds(conf);
	double *positives = state;
	double *negatives = state + n + 1;

	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *y = pass->y + row * (size_t) pass->width;
		double weight = nn_loss_weight(pass, row);

		for (int i = 0; i < pass->width && weight != 0; i++)
		{
			int above;

			if (conf->class_id >= 0 && i != conf->class_id)
				continue;
			if (conf->top_k > 0 && !in_top(y, pass->width, i, conf->top_k))
				above = 0;
			else if (conf->thresholds.count > 0)
				above = above_list(conf, y[i]);
			else
				above = conf->top_k > 0 || y[i] > (nn_real) 0.5;
			(nn_metric_target_of(pass, row, i) != 0 ? positives : negatives)[above] += weight;
		}
	}
}

void
nn_curve_run(const NNMetric *metric, const NNLossPass *pass, double *state)
{
	int n = nn_metric_conf(metric)->num_thresholds;
	int class_id = nn_metric_conf(metric)->class_id;
	double *positives = state;
	double *negatives = state + n + 1;

	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *y = pass->y + row * (size_t) pass->width;
		double weight = nn_loss_weight(pass, row);

		for (int i = 0; i < pass->width && weight != 0; i++)
		{
			int above = n == 1 ? y[i] > (nn_real) 0.5 : above_steps(n, y[i]);

			if (class_id < 0 || i == class_id)
				(nn_metric_target_of(pass, row, i) != 0 ? positives : negatives)[above] += weight;
		}
	}
}

/* Of auc: in equal steps all scores are above the first threshold and none above the last. */
static int
above_auc(const NNMetricConf *conf, int n, nn_real score)
{
	int above;

	if (conf->thresholds.count > 0)
		return (score > (nn_real) -NN_LOSS_EPSILON) + above_list(conf, score) +
			(score > (nn_real) (1 + NN_LOSS_EPSILON));
	above = above_steps(n, score);
	return above < 1 ? 1 : above < n ? above : n - 1;
}

void
nn_auc_run(const NNMetric *metric, const NNLossPass *pass, double *state)
{
	const NNMetricConf *conf = nn_metric_conf(metric);
	int n = auc_thresholds(conf);

	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *y = pass->y + row * (size_t) pass->width;
		double weight = nn_loss_weight(pass, row);

		for (int i = 0; i < pass->width && weight != 0; i++)
		{
			double *positives = state + (conf->multi_label ? (size_t) i * label_states(n) : 0);
			nn_real score = conf->from_logits ? nn_sigmoid(y[i]) : y[i];
			int above = above_auc(conf, n, score);
			bool weighs = conf->label_weights.count > 0 && !conf->multi_label;

			positives[nn_metric_target_of(pass, row, i) != 0 ? above : above + n + 1] +=
				weighs ? weight * conf->label_weights.items[i].number : weight;
		}
	}
}

/* ---- results ---- */

/* Each of a metric's thresholds by what it makes of true and false positives and negatives. */
typedef double (*Figure)(double tp, double fp, double tn, double fn);

static void
each_threshold(const NNMetric *metric, const double *state, double *values, Figure figure)
{
	const NNMetricConf *conf = nn_metric_conf(metric);
	int n = n_thresholds(conf);
	const double *negatives = state + n + 1;

	for (int i = 0; i < n; i++)
	{
		int below = places_below(&conf->thresholds, i);
		double tp = sum_above(state, n, below - 1);
		double fp = sum_above(negatives, n, below - 1);

		values[i] = figure(tp, fp, sum_above(negatives, n, -1) - fp, sum_above(state, n, -1) - tp);
	}
}

#define FIGURE(name, value)                                                            \
	static double name##_of(double tp, double fp, double tn, double fn)                \
	{                                                                                  \
		(void) tp, (void) fp, (void) tn, (void) fn;                                    \
		return value;                                                                  \
	}                                                                                  \
	void nn_metric_##name(const NNMetric *metric, const double *state, double *values) \
	{                                                                                  \
		each_threshold(metric, state, values, name##_of);                              \
	}

FIGURE(true_positives, tp)
FIGURE(false_positives, fp)
FIGURE(true_negatives, tn)
FIGURE(false_negatives, fn)
FIGURE(precision, nn_metric_share(tp, tp + fp))
FIGURE(recall, nn_metric_share(tp, tp + fn))

/* The most of one figure where another is at least the value wanted; 0 if it is nowhere. */
static double
most_where(const NNMetric *metric, const double *state, Figure wanted, Figure reached)
{
	int n = nn_metric_conf(metric)->num_thresholds;
	const double *negatives = state + n + 1;
	double all_positives = sum_above(state, n, -1);
	double all_negatives = sum_above(negatives, n, -1);
	double tp = 0;
	double fp = 0;
	double most = 0;

	for (int i = n - 1; i >= 0; i--)
	{
		double tn, fn;

		tp += state[i + 1];
		fp += negatives[i + 1];
		tn = all_negatives - fp;
		fn = all_positives - tp;
		if (reached(tp, fp, tn, fn) >= nn_metric_conf(metric)->value)
			most = fmax(most, wanted(tp, fp, tn, fn));
	}
	return most;
}

static double
specificity_of(double tp, double fp, double tn, double fn)
{
	(void) tp, (void) fn;
	return nn_metric_share(tn, tn + fp);
}

void
nn_metric_sensitivity_at_specificity(const NNMetric *metric, const double *state, double *values)
{
	*values = most_where(metric, state, recall_of, specificity_of);
}

void
nn_metric_specificity_at_sensitivity(const NNMetric *metric, const double *state, double *values)
{
	*values = most_where(metric, state, specificity_of, recall_of);
}

void
nn_metric_precision_at_recall(const NNMetric *metric, const double *state, double *values)
{
	*values = most_where(metric, state, precision_of, recall_of);
}

void
nn_metric_recall_at_precision(const NNMetric *metric, const double *state, double *values)
{
	*values = most_where(metric, state, recall_of, precision_of);
}

/* ---- auc ---- */

/* A point of a curve: what is above one threshold, of how many. */
typedef struct Point
{
	double tp, fp;
	double positives, negatives;
} Point;

static double
point_x(int curve, const Point *p)
{
	double scale = nn_metric_share(p->positives, p->negatives);

	if (curve == ROC)
		return nn_metric_share(p->fp, p->negatives);
	if (curve == PR)
		return nn_metric_share(p->tp, p->positives);
	return p->tp == 0 ? 0 : fmax(1 - scale * nn_metric_share(p->positives - p->tp, p->tp), 0);
}

static double
point_y(int curve, const Point *p)
{
	double scale = nn_metric_share(p->positives, p->negatives);

	if (curve == ROC)
		return nn_metric_share(p->tp, p->positives);
	if (curve == PR)
		return nn_metric_share(p->tp, p->tp + p->fp);
	return p->tp == 0 ? 1 : 1 - scale * nn_metric_share(p->fp, p->tp);
}

/* What lies below the curve of precision between two thresholds, the second above the first. */
static double
interpolated(const Point *a, const Point *b)
{
	double dtp = a->tp - b->tp;
	double pa = a->tp + a->fp;
	double pb = b->tp + b->fp;
	double slope = nn_metric_share(dtp, fmax(pa - pb, 0));
	double intercept = b->tp - slope * pb;
	double ratio = pa > 0 && pb > 0 ? pa / pb : 1;

	return nn_metric_share(slope * (dtp + intercept * log(ratio)), fmax(b->positives, 0));
}

static double
piece(const NNMetricConf *conf, const Point *a, const Point *b)
{
	double ya, yb, height;

	if (conf->curve == PR && conf->summation_method == INTERPOLATION)
		return interpolated(a, b);
	ya = point_y(conf->curve, a);
	yb = point_y(conf->curve, b);
	height = conf->summation_method == MINORING ? fmin(ya, yb)
		: conf->summation_method == MAJORING	? fmax(ya, yb)
												: (ya + yb) / 2;
	return (point_x(conf->curve, a) - point_x(conf->curve, b)) * height;
}

static double
label_area(const NNMetricConf *conf, const double *state)
{
	int n = auc_thresholds(conf);
	const double *negatives = state + n + 1;
	Point above = {0, 0, sum_above(state, n, -1), sum_above(negatives, n, -1)};
	double area = 0;

	above.tp = state[n];
	above.fp = negatives[n];
	for (int i = n - 2; i >= 0; i--)
	{
		Point here = above;

		here.tp += state[i + 1];
		here.fp += negatives[i + 1];
		area += piece(conf, &here, &above);
		above = here;
	}
	return area;
}

void
nn_auc_result(const NNMetric *metric, const double *state, double *values)
{
	const NNMetricConf *conf = nn_metric_conf(metric);
	size_t each = label_states(auc_thresholds(conf));
	double sum = 0;
	double weights = 0;

	for (int i = 0; i < auc_labels(metric); i++)
	{
		double weight = conf->multi_label && conf->label_weights.count > 0
			? conf->label_weights.items[i].number
			: 1;

		sum += weight * label_area(conf, state + (size_t) i * each);
		weights += weight;
	}
	*values = nn_metric_share(sum, weights);
}
