/*
 * train_metric.c
 *	  Metrics: values against Keras, masks, adding up over chunks, names.
 *
 * The numbers were printed by Keras 3.15 on TensorFlow 2.21: update_state()
 * of the class of keras.metrics, then result(); masked ones on (2, 2, width)
 * with the mask below on y.
 */
#include <string.h>

#include "core/losses/loss.h"
#include "test/unit/unit.h"

#define ROWS 4
#define STATES 400 /* of any metric */

typedef struct Golden
{
	const char *metric;
	int width;
	const double *y;
	const float *target;
	const int32_t *index;
	double value;
	double masked; /* negative: not compared */
} Golden;

static const uint8_t mask[ROWS] = {1, 0, 1, 1};

static const double any[ROWS * 3] = {0.2, 0.5,	0.3,  1.5, -0.75, 2.0,
									 0.9, 0.05, 0.05, 0.0, 1.0,	  0.25};
static const double shares[ROWS * 3] = {0.2, 0.5,  0.3,	 0.15, 0.8, 0.4,
										0.9, 0.05, 0.05, 0.0,  1.0, 0.25};
static const float numbers[ROWS * 3] = {0, 1, 0, 1, 0.5f, -1, 0.7f, 0.1f, 0.2f, 1, 0, 0};
static const float bits[ROWS * 3] = {0, 1, 1, 1, 0, 0.25f, 0, 0, 1, 1, 0, 0};
static const float classes[ROWS * 3] = {0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0};
static const int32_t indexes[ROWS] = {1, 0, 2, 0};

static const double wide[ROWS * 7] = {
	0.1,  0.2,	0.05, 0.15, 0.12, 0.3, 0.08, 0.3, 0.1, 0.1, 0.2, 0.1, 0.15, 0.05,
	0.05, 0.05, 0.5,  0.1,	0.1,  0.1, 0.1,	 0.2, 0.2, 0.2, 0.1, 0.1, 0.1,	0.1,
};
static const float wide_classes[ROWS * 7] = {
	0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
};
static const int32_t wide_indexes[ROWS] = {2, 0, 2, 6};

static const Golden goldens[] = {
	{"binary_accuracy", 3, shares, bits, NULL, 0.25, 0.3333333432674408},
	{"categorical_accuracy", 3, shares, classes, NULL, 0.25, 0.3333333432674408},
	{"sparse_categorical_accuracy", 3, shares, NULL, indexes, 0.25, 0.3333333432674408},
	{"top_k_categorical_accuracy", 7, wide, wide_classes, NULL, 0.75, 0.6666666865348816},
	{"auc", 3, shares, bits, NULL, 0.2916666865348816, 0.32499998807907104},
	{"auc", 3, any, bits, NULL, 0.5833333730697632, 0.32499998807907104},
	{"sparse_top_k_categorical_accuracy", 7, wide, NULL, wide_indexes, 0.75, 0.6666666865348816},
	{"mean_squared_error", 3, any, numbers, NULL, 1.1100001335144043, 0.27861109375953674},
	{"mean_absolute_error", 3, any, numbers, NULL, 0.7000000476837158, 0.4055555760860443},
	{"root_mean_squared_error", 3, any, numbers, NULL, 1.0535653829574585, -1},
	{"cosine_similarity", 3, any, numbers, NULL, 0.38996946811676025, 0.5944569110870361},
#ifndef NN_DOUBLE /* clipping to 1 - 1e-7 rounds otherwise */
	{"binary_crossentropy", 3, shares, bits, NULL, 3.661398410797119, -1},
#endif
	{"categorical_crossentropy", 3, shares, classes, NULL, 5.501049995422363, -1},
	{"sparse_categorical_crossentropy", 3, shares, NULL, indexes, 5.556836128234863, -1},
};

static const NNMetricKind *
find(const char *name, const char *loss, int width)
{
	NNShape out = {1, {width}};

	return nn_metric_find(name, nn_loss_find(loss), &out);
}

/* The metric of rows first to last, added to its state. */
static void
add_rows(const NNMetricKind *metric, const Golden *golden, int first, int last, bool masked,
		 double *state)
{
	nn_real y[ROWS * 7];
	NNLossPass pass = {.rows = (size_t) (last - first),
					   .width = golden->width,
					   .y = y,
					   .logits = true, /* says how the loss got them; y are outputs by now */
					   .mask = masked ? mask + first : NULL};
	size_t at = (size_t) (first * golden->width);

	for (int i = 0; i < (last - first) * golden->width; i++)
		y[i] = (nn_real) golden->y[at + (size_t) i];
	if (golden->target != NULL)
		pass.target = golden->target + at;
	else
		pass.index = golden->index + first;
	metric->run(&pass, state);
}

static void
test_golden(const Golden *golden)
{
	const char *loss = golden->index != NULL ? "sparse_categorical_crossentropy" : "mse";
	const NNMetricKind *metric = find(golden->metric, loss, golden->width);
	double state[STATES] = {0};
	bool is_mean = metric->states == 2;

	add_rows(metric, golden, 0, ROWS, false, state);
	CHECK(fabs(metric->result(state) - golden->value) < 2e-6, "%s", golden->metric);
	if (is_mean)
		CHECK(state[1] == ROWS, "%s counts rows", golden->metric);
	memset(state, 0, sizeof(state));
	add_rows(metric, golden, 0, 1, false, state);
	add_rows(metric, golden, 1, ROWS, false, state);
	CHECK(fabs(metric->result(state) - golden->value) < 2e-6, "%s in two chunks", golden->metric);
	memset(state, 0, sizeof(state));
	add_rows(metric, golden, 0, ROWS, true, state);
	if (is_mean)
		CHECK(state[1] == 3, "%s counts the rows that the mask leaves", golden->metric);
	if (golden->masked >= 0)
		CHECK(fabs(metric->result(state) - golden->masked) < 1e-6, "%s, masked", golden->metric);
}

/* The area with ties, scores at thresholds and parts of targets, as Keras has it, in two chunks. */
static void
test_area(void)
{
	enum
	{
		N = 12
	};
	nn_real y[N] = {0.0f, 0.005f, 0.0050252f, 0.5f,	   0.5f,		0.5f,
					1.0f, 0.995f, 0.25f,	  0.2512f, 0.25125629f, 0.7f};
	const float target[N] = {0, 1, 0, 1, 0, 1, 1, 0, 0.3f, 1, 0, 1};
	const float weights[N] = {1, 2, 0.5f, 1, 1, 3, 0, 1, 2, 0.25f, 1, 1.5f};
	const double expected[2] = {0.6000000834465027, 0.5185185074806213};
	const NNMetricKind *auc = find("auc", "binary_crossentropy", 1);

	for (int weighted = 0; weighted < 2; weighted++)
	{
		double state[STATES] = {0};

		for (int first = 0; first < N; first += 5)
		{
			NNLossPass pass = {.rows = (size_t) (N - first < 5 ? N - first : 5),
							   .width = 1,
							   .y = y + first,
							   .target = target + first,
							   .weights = weighted ? weights + first : NULL};

			auc->run(&pass, state);
		}
		CHECK_CLOSE(auc->result(state), expected[weighted], 1e-6);
	}
}

/* As near to the share of pairs in order, scikit-learn's roc_auc_score, as thresholds let it. */
static void
test_area_of_pairs(void)
{
	enum
	{
		N = 1500
	};
	NNRandom random = nn_random(4, 2);
	static nn_real y[N];
	static float target[N];
	NNLossPass pass = {.rows = N, .width = 1, .y = y, .target = target};
	const NNMetricKind *auc = find("auc", "mse", 1);
	double state[STATES] = {0};
	double pairs = 0, ordered = 0;

	for (int i = 0; i < N; i++)
	{
		y[i] = (nn_real) nn_random_uniform(&random);
		target[i] = nn_random_uniform(&random) < (double) (y[i] * y[i]);
	}
	for (int i = 0; i < N; i++)
		for (int k = 0; k < N; k++)
			if (target[i] > target[k])
			{
				pairs++;
				ordered += y[i] > y[k] ? 1 : y[i] == y[k] ? 0.5 : 0;
			}
	auc->run(&pass, state);
	CHECK_CLOSE(auc->result(state), ordered / pairs, 1e-3);
	/* no pair at all */
	for (int all = 0; all < 2; all++)
	{
		memset(state, 0, sizeof(state));
		CHECK(auc->result(state) == 0, "of no rows it is 0");
		for (int i = 0; i < N; i++)
			target[i] = (float) all;
		auc->run(&pass, state);
		CHECK(auc->result(state) == 0, "of one class it is 0, as Keras's");
	}
	y[0] = (nn_real) NAN;
	y[1] = (nn_real) INFINITY;
	y[2] = (nn_real) -INFINITY;
	auc->run(&pass, state);
	CHECK(auc->result(state) == 0, "scores that are none stay in the state");
}

/* A loss used as a metric is that loss (its sign apart for cosine_similarity). */
static void
test_losses(void)
{
	static const char *const names[] = {
		"mean_absolute_percentage_error",
		"mean_squared_logarithmic_error",
		"huber",
		"log_cosh",
		"kl_divergence",
		"poisson",
		"hinge",
		"squared_hinge",
		"binary_crossentropy",
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(names); i++)
	{
		Golden golden = {.width = 3, .y = shares, .target = bits};
		nn_real y[ROWS * 3];
		NNLossPass pass = {.rows = ROWS, .width = 3, .y = y, .target = bits};
		double state[2] = {0};

		for (int k = 0; k < ROWS * 3; k++)
			y[k] = (nn_real) shares[k];
		add_rows(find(names[i], "mse", 3), &golden, 0, ROWS, false, state);
		CHECK(state[0] == nn_loss_find(names[i])->run(&pass) && state[1] == ROWS, "%s as a metric",
			  names[i]);
	}
}

/* Ties go to the first; NaN and an index outside hit nothing. */
static void
test_ties(void)
{
	static const int32_t second[1] = {1};
	static const int32_t outside[1] = {3};
	nn_real y[3] = {0.4f, 0.4f, 0.2f};
	NNLossPass pass = {.rows = 1, .width = 3, .y = y, .index = second};
	double state[2] = {0};

	find("accuracy", "sparse_categorical_crossentropy", 3)->run(&pass, state);
	CHECK(state[0] == 0 && state[1] == 1, "the first of equal outputs is the answer");
	y[0] = (nn_real) 0.3;
	find("accuracy", "sparse_categorical_crossentropy", 3)->run(&pass, state);
	CHECK(state[0] == 1 && state[1] == 2, "the largest output is the answer");
	y[1] = (nn_real) NAN;
	find("accuracy", "sparse_categorical_crossentropy", 3)->run(&pass, state);
	find("sparse_top_k_categorical_accuracy", "sparse_categorical_crossentropy", 3)
		->run(&pass, state);
	CHECK(state[0] == 1 && state[1] == 4, "NaN is no hit");
	pass.index = outside;
	find("accuracy", "sparse_categorical_crossentropy", 3)->run(&pass, state);
	find("sparse_top_k_categorical_accuracy", "sparse_categorical_crossentropy", 3)
		->run(&pass, state);
	CHECK(state[0] == 1 && state[1] == 6, "a class outside is no hit");
}

static void
check_found(const char *name, const char *loss, int width, const char *expected)
{
	const NNMetricKind *metric = find(name, loss, width);

	CHECK(metric != NULL && strcmp(metric->name, expected) == 0, "%s with %s of width %d is %s",
		  name, loss, width, expected);
}

static void
test_names(void)
{
	char list[1024];

	/* as keras.src.trainers.compile_utils.is_binary_or_sparse_categorical decides */
	check_found("accuracy", "sparse_categorical_crossentropy", 10, "sparse_categorical_accuracy");
	check_found("acc", "categorical_crossentropy", 10, "categorical_accuracy");
	check_found("accuracy", "binary_crossentropy", 1, "binary_accuracy");
	check_found("accuracy", "binary_crossentropy", 3, "categorical_accuracy");
	check_found("acc", "mse", 1, "binary_accuracy");
	check_found("mse", "mae", 1, "mean_squared_error");
	check_found("rmse", "mae", 1, "root_mean_squared_error");
	check_found("mae", "mae", 1, "mean_absolute_error");
	check_found("mape", "mae", 1, "mean_absolute_percentage_error");
	check_found("msle", "mae", 1, "mean_squared_logarithmic_error");
	check_found("bce", "bce", 1, "binary_crossentropy");
	check_found("kld", "bce", 1, "kl_divergence");
	CHECK(find("precision", "mse", 1) == NULL, "no metric of that name");
	nn_metrics_list(list, sizeof(list));
	CHECK(strstr(list, "accuracy, ") == list, "the list begins with accuracy");
	for (int i = 0; i < NN_ARRAY_LENGTH(goldens); i++)
		CHECK(strstr(list, goldens[i].metric) != NULL, "the list has %s", goldens[i].metric);
}

int
main(void)
{
	for (int i = 0; i < NN_ARRAY_LENGTH(goldens); i++)
		test_golden(&goldens[i]);
	test_losses();
	test_area();
	test_area_of_pairs();
	test_ties();
	test_names();
	return unit_done();
}
