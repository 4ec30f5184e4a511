/*
 * train_metric.c
 *	  Metrics: values against Keras, masks, adding up over chunks, names.
 *
 * The numbers were printed by Keras 3.15 on TensorFlow 2.21: update_state()
 * of the class of keras.metrics, then result(); masked ones on (2, 2, width)
 * with the mask below on y.
 */
#include <stdlib.h>
#include <string.h>

#include "core/losses/metric.h"
#include "test/unit/json.h"
#include "test/unit/unit.h"

#define ROWS 4
#define STATES 410 /* of any metric */

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

/* The metric of that name; its kind is NULL if there is none. */
static NNMetric
find(const char *name, const char *loss, int width)
{
	NNShape out = {1, {width}};
	NNValue value = {.type = NN_V_STRING, .string = name};
	NNError error;
	NNMetric metric;

	if (!nn_metric_parse(&metric, &value, nn_loss_find(loss), &out, &error))
		metric.kind = NULL;
	return metric;
}

static void
run(const NNMetric *metric, const NNLossPass *pass, double *state)
{
	metric->kind->run(metric, pass, state);
}

static double
result(const NNMetric *metric, const double *state)
{
	double value = NAN;

	metric->kind->result(metric, state, &value);
	return value;
}

/* The metric of rows first to last, added to its state. */
static void
add_rows(const NNMetric *metric, const Golden *golden, int first, int last, bool masked,
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
	run(metric, &pass, state);
}

static void
test_golden(const Golden *golden)
{
	const char *loss = golden->index != NULL ? "sparse_categorical_crossentropy" : "mse";
	NNMetric metric = find(golden->metric, loss, golden->width);
	double state[STATES] = {0};
	bool is_mean = metric.states <= 4;

	add_rows(&metric, golden, 0, ROWS, false, state);
	CHECK(fabs(result(&metric, state) - golden->value) < 2e-6, "%s", golden->metric);
	if (is_mean)
		CHECK(state[1] == ROWS, "%s counts rows", golden->metric);
	memset(state, 0, sizeof(state));
	add_rows(&metric, golden, 0, 1, false, state);
	add_rows(&metric, golden, 1, ROWS, false, state);
	CHECK(fabs(result(&metric, state) - golden->value) < 2e-6, "%s in two chunks", golden->metric);
	memset(state, 0, sizeof(state));
	add_rows(&metric, golden, 0, ROWS, true, state);
	if (is_mean)
		CHECK(state[1] == 3, "%s counts the rows that the mask leaves", golden->metric);
	if (golden->masked >= 0)
		CHECK(fabs(result(&metric, state) - golden->masked) < 1e-6, "%s, masked", golden->metric);
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
	NNMetric auc = find("auc", "binary_crossentropy", 1);

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

			run(&auc, &pass, state);
		}
		CHECK_CLOSE(result(&auc, state), expected[weighted], 1e-6);
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
	NNMetric auc = find("auc", "mse", 1);
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
	run(&auc, &pass, state);
	CHECK_CLOSE(result(&auc, state), ordered / pairs, 1e-3);
	/* no pair at all */
	for (int all = 0; all < 2; all++)
	{
		memset(state, 0, sizeof(state));
		CHECK(result(&auc, state) == 0, "of no rows it is 0");
		for (int i = 0; i < N; i++)
			target[i] = (float) all;
		run(&auc, &pass, state);
		CHECK(result(&auc, state) == 0, "of one class it is 0, as Keras's");
	}
	y[0] = (nn_real) NAN;
	y[1] = (nn_real) INFINITY;
	y[2] = (nn_real) -INFINITY;
	run(&auc, &pass, state);
	CHECK(result(&auc, state) == 0, "scores that are none stay in the state");
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
		NNMetric metric = find(names[i], "mse", 3);
		double state[STATES] = {0};

		for (int k = 0; k < ROWS * 3; k++)
			y[k] = (nn_real) shares[k];
		add_rows(&metric, &golden, 0, ROWS, false, state);
		CHECK(state[0] == nn_loss_of_outputs(nn_metric_loss(&metric), &pass) && state[1] == ROWS,
			  "%s as a metric", names[i]);
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
	NNMetric accuracy = find("accuracy", "sparse_categorical_crossentropy", 3);
	NNMetric top = find("sparse_top_k_categorical_accuracy", "sparse_categorical_crossentropy", 3);
	double state[2] = {0};

	run(&accuracy, &pass, state);
	CHECK(state[0] == 0 && state[1] == 1, "the first of equal outputs is the answer");
	y[0] = (nn_real) 0.3;
	run(&accuracy, &pass, state);
	CHECK(state[0] == 1 && state[1] == 2, "the largest output is the answer");
	y[1] = (nn_real) NAN;
	run(&accuracy, &pass, state);
	run(&top, &pass, state);
	CHECK(state[0] == 1 && state[1] == 4, "NaN is no hit");
	pass.index = outside;
	run(&accuracy, &pass, state);
	run(&top, &pass, state);
	CHECK(state[0] == 1 && state[1] == 6, "a class outside is no hit");
}

static void
check_found(const char *name, const char *loss, int width, const char *expected)
{
	NNMetric metric = find(name, loss, width);
	const NNLoss *own = metric.kind != NULL ? nn_metric_loss(&metric) : NULL;
	const char *found = metric.kind == NULL ? "" : metric.kind->name;

	if (found == NULL)
		found = own->kind->name;
	CHECK(strcmp(found, expected) == 0, "%s with %s of width %d is %s", name, loss, width,
		  expected);
}

static void
test_names(void)
{
	char list[2048];

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
	CHECK(find("precison", "mse", 1).kind == NULL, "no metric of that name");
	nn_metrics_list(list, sizeof(list));
	CHECK(strstr(list, "accuracy, ") == list, "the list begins with accuracy");
	for (int i = 0; i < NN_ARRAY_LENGTH(goldens); i++)
		CHECK(strstr(list, goldens[i].metric) != NULL, "the list has %s", goldens[i].metric);
}

/* ---- with arguments ---- */

static NNMetric
find_json(const char *text, const char *loss, int width, NNError *error)
{
	NNShape out = {1, {width}};
	NNMetric metric;

	if (!nn_metric_parse(&metric, json_lasting(text), nn_loss_find(loss), &out, error))
		metric.kind = NULL;
	return metric;
}

/* Of rows with weights, as update_state(..., sample_weight) has them. */
static void
test_weights(void)
{
	static const struct
	{
		const char *metric;
		const float *target;
		bool weighted;
		int n;
		double values[3];
	} tests[] = {
		{"{\"kind\":\"r2_score\"}", numbers, false, 1, {-4.652989864349365}},
		{"{\"kind\":\"r2_score\",\"num_regressors\":2}", numbers, false, 1, {-5.909209728240967}},
		{"{\"kind\":\"r2_score\",\"num_regressors\":5}", numbers, false, 1, {-9.363814353942871}},
		{"{\"kind\":\"r2_score\",\"num_regressors\":20}", numbers, false, 1, {-4.652989864349365}},
		{"{\"kind\":\"r2_score\"}", numbers, true, 1, {-2.4936635}},
		{"{\"kind\":\"pearson_correlation\"}", numbers, true, 1, {0.7719841}},
		{"{\"kind\":\"concordance_correlation\"}", numbers, true, 1, {0.6042126}},
		{"{\"kind\":\"precision\",\"thresholds\":[0.1,0.6]}", classes, true, 2, {0.25, 0.16666667}},
		{"{\"kind\":\"f1_score\"}", classes, true, 3, {0, 0.9999998, 0}},
		{"{\"kind\":\"auc\",\"curve\":\"PR\",\"num_thresholds\":20}",
		 classes,
		 true,
		 1,
		 {0.32271785}},
	};
	static const float weights[ROWS] = {1, 0.5f, 2, 0};
	nn_real y[ROWS * 3];

	for (int i = 0; i < ROWS * 3; i++)
		y[i] = (nn_real) any[i];
	for (int i = 0; i < NN_ARRAY_LENGTH(tests); i++)
	{
		NNError error = {0};
		NNMetric metric = find_json(tests[i].metric, "mse", 3, &error);
		NNLossPass pass = {.rows = ROWS,
						   .width = 3,
						   .y = y,
						   .target = tests[i].target,
						   .weights = tests[i].weighted ? weights : NULL};
		double state[STATES] = {0};
		double values[3] = {NAN, NAN, NAN};

		if (!CHECK(metric.kind != NULL, "%s: %s", tests[i].metric, error.message))
			continue;
		CHECK(metric.values == (tests[i].n > 1 ? tests[i].n : 0), "%s: values", tests[i].metric);
		run(&metric, &pass, state);
		metric.kind->result(&metric, state, values);
		for (int k = 0; k < tests[i].n; k++)
			CHECK(fabs(values[k] - tests[i].values[k]) < 1e-6 * fmax(1, fabs(values[k])),
				  "%s: %.9g, not %.9g", tests[i].metric, values[k], tests[i].values[k]);
	}
}

static const char *const argued[] = {
	"{\"kind\":\"true_positives\",\"thresholds\":[0.5,0.2]}",
	"{\"kind\":\"false_negatives\"}",
	"{\"kind\":\"precision\",\"top_k\":2}",
	"{\"kind\":\"recall\",\"class_id\":1}",
	"{\"kind\":\"sensitivity_at_specificity\",\"specificity\":0.5}",
	"{\"kind\":\"auc\",\"multi_label\":true}",
	"{\"kind\":\"auc\",\"thresholds\":[0.8,0.3,0.4]}",
	"{\"kind\":\"f1_score\"}",
	"{\"kind\":\"fbeta_score\",\"average\":\"weighted\",\"beta\":2}",
	"{\"kind\":\"one_hot_mean_iou\",\"num_classes\":4}",
	"{\"kind\":\"r2_score\"}",
	"{\"kind\":\"pearson_correlation\"}",
	"{\"kind\":\"categorical_crossentropy\",\"label_smoothing\":0.1}",
	"{\"kind\":\"dice\",\"axis\":-1}",
	"{\"kind\":\"top_k_categorical_accuracy\",\"k\":2}",
};

/* A row of weight 2 is one that stands there twice, in one chunk or in several; one that is hidden is none. */
static void
test_repeated(void)
{
	enum
	{
		N = 11,
		WIDTH = 4
	};
	nn_real y[N * WIDTH], more[2 * N * WIDTH];
	float target[N * WIDTH] = {0}, more_target[2 * N * WIDTH], weights[N];
	uint8_t shown[N];
	NNRandom random = nn_random(3, 9);
	size_t n = 0;

	for (int r = 0; r < N; r++)
	{
		for (int i = 0; i < WIDTH; i++)
			y[r * WIDTH + i] = (nn_real) nn_random_uniform(&random);
		target[r * WIDTH + (int) nn_random_below(&random, WIDTH)] = 1;
		weights[r] = (float) (r % 3);
		shown[r] = r % 4 != 1;
		for (int k = 0; k < r % 3 && shown[r]; k++, n++)
		{
			memcpy(more + n * WIDTH, y + r * WIDTH, WIDTH * sizeof(nn_real));
			memcpy(more_target + n * WIDTH, target + r * WIDTH, WIDTH * sizeof(float));
		}
	}
	for (int i = 0; i < NN_ARRAY_LENGTH(argued); i++)
	{
		NNError error = {0};
		NNMetric metric = find_json(argued[i], "categorical_crossentropy", WIDTH, &error);
		NNLossPass all = {
			.rows = n, .width = WIDTH, .sample_rows = 1, .y = more, .target = more_target};
		double *state[2];
		double values[2][WIDTH] = {{0}};

		if (!CHECK(metric.kind != NULL, "%s: %s", argued[i], error.message))
			continue;
		for (int s = 0; s < 2; s++)
			state[s] = calloc((size_t) metric.states, sizeof(double));
		run(&metric, &all, state[0]);
		for (int from = 0; from < N; from += 4)
		{
			NNLossPass part = {.rows = (size_t) (N - from < 4 ? N - from : 4),
							   .width = WIDTH,
							   .sample_rows = 1,
							   .y = y + from * WIDTH,
							   .target = target + from * WIDTH,
							   .mask = shown + from,
							   .weights = weights + from};

			run(&metric, &part, state[1]);
		}
		for (int s = 0; s < 2; s++)
			metric.kind->result(&metric, state[s], values[s]);
		for (int k = 0; k < (metric.values > 0 ? metric.values : 1); k++)
			CHECK_CLOSE(values[0][k], values[1][k], 1e-6);
		free(state[0]);
		free(state[1]);
	}
}

/* What arguments are refused, and how. */
static const struct
{
	const char *metric;
	const char *message;
	const char *hint;
} refused[] = {
	{"{\"k\":1}", "a metric must be a name or an object with a \"kind\"", "Metrics are: "},
	{"{\"kind\":\"aux\"}", "unknown metric \"aux\"", "Metrics are: "},
	{"{\"kind\":\"auc\",\"k\":1}", "metric \"auc\": there is no option \"k\"",
	 "Its options are: num_thresholds, curve, "},
	{"{\"kind\":\"auc\",\"curve\":\"DET\"}",
	 "metric \"auc\": option \"curve\" has no value \"DET\"",
	 "Valid values are: ROC, roc, PR, pr, PRGAIN, prgain."},
	{"{\"kind\":\"auc\",\"num_labels\":3}", "metric \"auc\": num_labels is for multi_label alone",
	 ""},
	{"{\"kind\":\"auc\",\"num_labels\":4,\"multi_label\":true}",
	 "metric \"auc\": num_labels is 4, but there are 3 outputs", ""},
	{"{\"kind\":\"auc\",\"label_weights\":[1,2]}",
	 "metric \"auc\": there are 2 label_weights for 3 outputs", ""},
	{"{\"kind\":\"auc\",\"num_thresholds\":100000,\"multi_label\":true}", NULL, ""},
	{"{\"kind\":\"precision\",\"thresholds\":[0.5,1.5]}",
	 "metric \"precision\": option \"thresholds\" must be from 0 to 1, not 1.5", ""},
	{"{\"kind\":\"recall\",\"class_id\":3}",
	 "metric \"recall\": class_id is 3, but there are 3 classes", ""},
	{"{\"kind\":\"precision_at_recall\"}",
	 "metric \"precision_at_recall\": option \"recall\" is missing", ""},
	{"{\"kind\":\"iou\",\"num_classes\":2,\"target_class_ids\":[2]}",
	 "metric \"iou\": target class 2 is none of 2 classes", ""},
	{"{\"kind\":\"iou\",\"num_classes\":2,\"target_class_ids\":[0.5]}",
	 "metric \"iou\": option \"target_class_ids\" must be a whole number, not 0.5", ""},
	{"{\"kind\":\"mean_iou\",\"num_classes\":3,\"sparse_y_true\":false}",
	 "metric \"mean_iou\": each row is of one class, but has 3 outputs",
	 "Give sparse_y_pred => false, "},
	{"{\"kind\":\"mean_iou\",\"num_classes\":3,\"sparse_y_pred\":false}",
	 "metric \"mean_iou\": the targets are 3 classes a row, but the outputs tell one",
	 "Give sparse_y_true => false, "},
	{"{\"kind\":\"mean_iou\",\"num_classes\":1024}", NULL, ""},
	{"{\"kind\":\"one_hot_mean_iou\",\"num_classes\":1025}",
	 "metric \"one_hot_mean_iou\": option \"num_classes\" must be from 1 to 1024, not 1025", ""},
	{"{\"kind\":\"pearson_correlation\",\"axis\":0}",
	 "metric \"pearson_correlation\": option \"axis\" must be from -1 to -1, not 0", ""},
	{"{\"kind\":\"auc\",\"name\":\"\"}", "metric \"auc\": option \"name\" must have 1 to 51 bytes",
	 ""},
	{"{\"kind\":\"auc\",\"name\":1}", "metric \"auc\": option \"name\" must be a string", ""},
	{"{\"kind\":\"auc\",\"name\":\"loss\"}", "metric \"auc\": its name cannot be \"loss\"",
	 "Results have that name"},
	{"{\"kind\":\"auc\",\"name\":\"val_x\"}", "metric \"auc\": its name cannot be \"val_x\"",
	 "Results have that name"},
	{"{\"kind\":\"huber\",\"delta\":-1}",
	 "metric \"huber\": option \"delta\" must be from 0 to 1e+30, not -1", ""},
	{"{\"kind\":\"dice\",\"axis\":3}",
	 "loss \"dice\": it cannot go over this axis of outputs of 1 dimension", "Give -1 for "},
};

static void
test_refused(void)
{
	NNError error = {0};

	for (int i = 0; i < NN_ARRAY_LENGTH(refused); i++)
	{
		error = (NNError){0};
		if (find_json(refused[i].metric, "mse", 3, &error).kind != NULL)
		{
			CHECK(refused[i].message == NULL, "refused: %s", refused[i].metric);
			continue;
		}
		CHECK(refused[i].message != NULL && strcmp(error.message, refused[i].message) == 0,
			  "message: %s", error.message);
		CHECK(strncmp(error.hint, refused[i].hint, strlen(refused[i].hint)) == 0 &&
				  (error.hint[0] == '\0') == (refused[i].hint[0] == '\0'),
			  "hint: %s", error.hint);
	}
	CHECK(find_json("{\"kind\":\"concordance_correlation\"}", "mse", 1, &error).kind == NULL &&
			  strstr(error.message, "of which there is one") != NULL,
		  "nothing correlates with one number");
	CHECK(find_json("{\"kind\":\"auc\",\"num_thresholds\":100000,\"multi_label\":true}", "mse", 9,
					&error)
					  .kind == NULL &&
			  error.code == NN_TOO_LARGE,
		  "too many sums: %s", error.message);
	CHECK(strcmp(find_json("{\"kind\":\"auc\",\"name\":\"area\"}", "mse", 3, &error).name,
				 "area") == 0,
		  "a name of its own");
	CHECK(nn_metric_rises(&(NNMetric){.kind = find("recall", "mse", 1).kind}) &&
			  !nn_metric_rises(&(NNMetric){.kind = find("false_positives", "mse", 1).kind}) &&
			  !nn_metric_rises(&(NNMetric){.kind = find("huber", "mse", 1).kind}),
		  "which are better the higher they are");
}

int
main(void)
{
	test_weights();
	test_repeated();
	test_refused();
	for (int i = 0; i < NN_ARRAY_LENGTH(goldens); i++)
		test_golden(&goldens[i]);
	test_losses();
	test_area();
	test_area_of_pairs();
	test_ties();
	test_names();
	return unit_done();
}
