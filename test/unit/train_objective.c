/*
 * train_objective.c
 *	  Objectives: loss and metrics against the model's output, logits of the
 *	  last layer, totals, every error.
 */
#include <stdlib.h>
#include <string.h>

#include "core/layers/layer.h"
#include "core/losses/metric.h"
#include "test/unit/objective.h"
#include "test/unit/json.h"
#include "test/unit/unit.h"

/* An input and at most one more layer, as "kind" and its options. */
static NNModel *
make_model(const char *shape, const char *kind, const char *config)
{
	NNModel *model = malloc(nn_model_bytes(4));
	char input[128];
	NNError error = {NN_OK, "", ""};
	NNValue *value;
	bool built;

	snprintf(input, sizeof(input), "{\"shape\": %s}", shape);
	nn_model_begin(model, 4);
	value = json_parse(input);
	built = nn_model_add(model, "input", NULL, NULL, -1, value, &error);
	json_free(value);
	if (built && kind != NULL)
	{
		value = json_parse(config);
		built = nn_model_add(model, kind, NULL, NULL, -1, value, &error);
		json_free(value);
	}
	if (!built || !nn_model_finish(model, &error))
	{
		printf("Bail out! %s\n", error.message);
		exit(1);
	}
	return model;
}

typedef struct Case
{
	const char *shape;
	const char *kind;
	const char *config;
	const char *loss;
	NNTargetType target;
	size_t count;
	int classes;
	bool logits;
	const char *accuracy; /* what 'accuracy' is */
} Case;

#define SOFTMAX(n) "{\"units\": " #n ", \"activation\": \"softmax\"}"
#define SIGMOID(n) "{\"units\": " #n ", \"activation\": \"sigmoid\"}"
#define LINEAR(n) "{\"units\": " #n "}"
#define SPARSE "sparse_categorical_crossentropy"

static const Case cases[] = {
	{"[4]", "dense", SOFTMAX(3), SPARSE, NN_TARGET_INDEX, 1, 3, true,
	 "sparse_categorical_accuracy"},
	{"[4]", "dense", SOFTMAX(3), "categorical_crossentropy", NN_TARGET_REALS, 3, 0, true,
	 "categorical_accuracy"},
	{"[4]", "dense", SOFTMAX(3), "mse", NN_TARGET_REALS, 3, 0, false, "categorical_accuracy"},
	{"[4]", "dense", SOFTMAX(3), "binary_crossentropy", NN_TARGET_REALS, 3, 0, true,
	 "categorical_accuracy"},
	{"[4]", "dense", SIGMOID(1), "binary_crossentropy", NN_TARGET_REALS, 1, 0, true,
	 "binary_accuracy"},
	{"[4]", "dense", SIGMOID(5), "bce", NN_TARGET_REALS, 5, 0, true, "categorical_accuracy"},
	{"[4]", "dense", SIGMOID(2), SPARSE, NN_TARGET_INDEX, 1, 2, true,
	 "sparse_categorical_accuracy"},
	{"[4]", "dense", LINEAR(1), "mae", NN_TARGET_REALS, 1, 0, false, "binary_accuracy"},
	{"[4]", "activation", "{\"activation\": \"softmax\"}", SPARSE, NN_TARGET_INDEX, 1, 4, true,
	 "sparse_categorical_accuracy"},
	{"[4]", "dropout", "{\"rate\": 0.5}", SPARSE, NN_TARGET_INDEX, 1, 4, false,
	 "sparse_categorical_accuracy"},
	{"[6, 4]", "dense", SOFTMAX(3), SPARSE, NN_TARGET_INDEX, 6, 3, true,
	 "sparse_categorical_accuracy"},
	{"[6, 4]", "dense", LINEAR(3), "huber", NN_TARGET_REALS, 18, 0, false, "categorical_accuracy"},
	{"[null, 4]", "dense", SOFTMAX(3), SPARSE, NN_TARGET_INDEX, 1, 3, true,
	 "sparse_categorical_accuracy"},
	{"[null, 4]", "dense", LINEAR(2), "mse", NN_TARGET_REALS, 2, 0, false, "categorical_accuracy"},
};

static void
test_case(const Case *test)
{
	static const char *const names[] = {"accuracy"};
	NNModel *model = make_model(test->shape, test->kind, test->config);
	NNLayer *last = &model->layers[model->n_layers - 1];
	NNObjective objective;
	NNError error = {NN_OK, "", ""};

	last->logits = !test->logits; /* of an earlier compile */
	if (!CHECK(parse_objective(&objective, model, 0, test->loss, names, 1, 0, &error),
			   "%s %s with %s %s", test->shape, test->kind, test->loss, error.message))
		return;
	CHECK(objective.target == test->target && objective.target_count == test->count &&
			  objective.classes == test->classes,
		  "its targets: %zu of type %d", objective.target_count, (int) objective.target);
	CHECK(last->logits == test->logits, "its loss %s logits", test->logits ? "takes" : "takes no");
	CHECK(objective.n_metrics == 1 &&
			  strcmp(objective.metrics[0].kind->name, test->accuracy) == 0 &&
			  strcmp(objective.metrics[0].name, "accuracy") == 0,
		  "its accuracy is %s", test->accuracy);
	free(model);
}

static void
check_error(const char *shape, const char *config, const char *loss, const char *const *metrics,
			int n_metrics, NNErrorCode code, const char *message, const char *hint)
{
	NNModel *model = make_model(shape, "dense", config);
	NNObjective objective;
	NNError error = {NN_OK, "", ""};

	CHECK(!parse_objective(&objective, model, 0, loss, metrics, n_metrics, 0, &error),
		  "refused: %s", message);
	CHECK(error.code == code && strcmp(error.message, message) == 0, "message: %s", error.message);
	CHECK(strncmp(error.hint, hint, strlen(hint)) == 0 &&
			  (error.hint[0] == '\0') == (hint[0] == '\0'),
		  "hint: %s", error.hint);
	free(model);
}

static void
test_errors(void)
{
	static const char *const unknown[] = {"accuracy", "precison"};
	static const char *const dense[] = {"categorical_accuracy"};
	static const char *const sparse[] = {"sparse_categorical_accuracy"};
	static const char *const area[] = {"auc"};
	static const char *const score[] = {"r2_score"};
	static const char *const twice[] = {"mse", "mae", "mse"};
	static const char *const many[MOST_NAMES] = {"mse",	  "mae",	 "rmse",  "mape", "msle",
												 "huber", "poisson", "hinge", "bce",  "recall",
												 "auc",	  "kld",	 "dice"};
	const char *width_hint = "End the model with as many softmax units as there are classes, "
							 "or use binary_crossentropy with one sigmoid unit.";

	check_error("[4]", LINEAR(1), "mean_square", NULL, 0, NN_UNKNOWN_NAME,
				"unknown loss \"mean_square\"",
				"Losses are: mean_squared_error, mean_absolute_error, ");
	check_error("[4]", LINEAR(1), "mse", unknown, 2, NN_UNKNOWN_NAME, "unknown metric \"precison\"",
				"Metrics are: accuracy, binary_accuracy, ");
	check_error(
		"[4]", SIGMOID(1), SPARSE, NULL, 0, NN_BAD_SHAPE,
		"loss \"sparse_categorical_crossentropy\" needs one output for each class, at least 2, "
		"but layer \"dense\" has shape (1)",
		width_hint);
	check_error("[6, 4]", SIGMOID(1), "categorical_crossentropy", NULL, 0, NN_BAD_SHAPE,
				"loss \"categorical_crossentropy\" needs one output for each class, at least 2, "
				"but layer \"dense\" has shape (6, 1)",
				width_hint);
	check_error(
		"[4]", SOFTMAX(3), SPARSE, dense, 1, NN_BAD_VALUE,
		"metric \"categorical_accuracy\" does not fit loss \"sparse_categorical_crossentropy\", "
		"whose targets are class indexes",
		"Use \"accuracy\" or a metric that begins with \"sparse_\".");
	check_error(
		"[4]", SOFTMAX(3), "categorical_crossentropy", sparse, 1, NN_BAD_VALUE,
		"metric \"sparse_categorical_accuracy\" does not fit loss \"categorical_crossentropy\", "
		"whose targets are numbers",
		"Use \"accuracy\" or a metric that does not begin with \"sparse_\".");
	check_error("[4]", SOFTMAX(3), SPARSE, score, 1, NN_BAD_VALUE,
				"metric \"r2_score\" does not fit loss \"sparse_categorical_crossentropy\", "
				"whose targets are class indexes",
				"Use \"accuracy\" or a metric that begins with \"sparse_\".");
	check_error("[4]", LINEAR(1), "squared_hinge", area, 1, NN_BAD_VALUE,
				"metric \"auc\" does not fit loss \"squared_hinge\", "
				"whose targets are -1 and 1, or 0 and 1 for two classes",
				"Compile the model with binary_crossentropy for it.");
	check_error("[4]", LINEAR(1), "mse", twice, 3, NN_BAD_VALUE, "metric \"mse\" is given twice",
				"");
	check_error("[4]", LINEAR(1), "mse", many, MOST_NAMES, NN_TOO_LARGE,
				"13 metrics are given, at most 12 are possible", "");
}

/* A metric that takes fewer values than the loss, and wants probabilities. */
static void
test_values(void)
{
	static const struct
	{
		const char *config;
		const char *loss;
		NNMeaning values;
		const char *doubt; /* NULL: none */
	} tests[] = {
		{SIGMOID(1), "mse", NN_MEANS_PROBABILITY, NULL},
		{SIGMOID(1), "msle", NN_MEANS_PROBABILITY, NULL},
		{SIGMOID(1), "poisson", NN_MEANS_PROBABILITY, NULL},
		{SIGMOID(2), "bce", NN_MEANS_PROBABILITY, NULL},
		{SOFTMAX(3), "categorical_crossentropy", NN_MEANS_DISTRIBUTION, NULL},
		{LINEAR(1), "mse", NN_MEANS_PROBABILITY, "metric \"auc\""},
		{LINEAR(1), "bce", NN_MEANS_PROBABILITY, "loss \"binary_crossentropy\""},
	};
	static const char *const names[] = {"mae", "auc"};
	const float targets[3] = {0, 1, 2};

	for (int i = 0; i < NN_ARRAY_LENGTH(tests); i++)
	{
		NNModel *model = make_model("[4]", "dense", tests[i].config);
		NNObjective objective;
		NNTargetFault fault;
		NNError note = {NN_OK, "", ""};
		bool doubtful;

		CHECK(parse_objective(&objective, model, 0, tests[i].loss, names, 2, 0, &note) &&
				  objective.values == tests[i].values,
			  "auc with %s %s", tests[i].loss, note.message);
		CHECK(!nn_targets_meant(&objective, targets, 3, &fault), "2 is not taken");
		if (strcmp(tests[i].loss, "mse") == 0)
			CHECK(fault.position == 2 && strcmp(nn_targets_taker(&objective), "auc") == 0 &&
					  strcmp(nn_targets_text(&objective), "values from 0 to 1") == 0 &&
					  strcmp(nn_targets_remedy(&objective),
							 "For other numbers compile the model without that metric") == 0,
				  "the metric does not take it");
		doubtful = nn_objective_doubtful(&objective, model, 0, &note);
		CHECK(doubtful == (tests[i].doubt != NULL) &&
				  (!doubtful || strncmp(note.message, tests[i].doubt, strlen(tests[i].doubt)) == 0),
			  "its outputs: %s", note.message);
		free(model);
	}
}

/* A weighted metric has Keras's name, beside the same without weights. */
static void
test_weighted(void)
{
	static const char *const names[] = {"mae", "mse", "mae"};
	NNModel *model = make_model("[4]", "dense", LINEAR(1));
	NNObjective objective;
	NNError error = {NN_OK, "", ""};

	CHECK(parse_objective(&objective, model, 0, "mse", names, 3, 2, &error), "%s", error.message);
	CHECK(!objective.metrics[0].weighted && objective.metrics[1].weighted &&
			  objective.metrics[2].weighted,
		  "the last two are weighted");
	CHECK(strcmp(objective.metrics[0].name, "mae") == 0 &&
			  strcmp(objective.metrics[1].name, "mse") == 0 &&
			  strcmp(objective.metrics[2].name, "weighted_mae") == 0,
		  "names: %s, %s, %s", objective.metrics[0].name, objective.metrics[1].name,
		  objective.metrics[2].name);
	CHECK(!parse_objective(&objective, model, 0, "mse", names, 3, 3, &error), "twice weighted");
	free(model);
}

/* Whose only dimension is variable: no rows to speak of. */
static void
test_variable_width(void)
{
	NNModel *model = make_model("[4]", "dense", LINEAR(1));
	NNObjective objective;
	NNError error = {NN_OK, "", ""};

	model->layers[1].out.dim[0] = NN_ANY;
	CHECK(!parse_objective(&objective, model, 0, "mse", NULL, 0, 0, &error) &&
			  strcmp(error.message,
					 "the output of layer \"dense\" has shape (None), "
					 "whose last dimension is not fixed") == 0,
		  "%s", error.message);
	free(model);
}

static void
test_totals(void)
{
	static const char *const names[] = {"rmse", "mae"};
	NNModel *model = make_model("[4]", "dense", LINEAR(1));
	NNObjectives objectives = {.n = 0};
	NNError error = {NN_OK, "", ""};
	const NNLosses losses[] = {
		{.samples = 2, .penalty_sum = 1, .sum = {3}, .count = {2}},
		{.samples = 1, .penalty_sum = 0.5, .sum = {1}, .count = {2}},
	};
	/* of each a sum and a count, and room for a ratio */
	const double states[][8] = {{10, 2, 0, 0, 4, 2, 0, 0}, {8, 0, 0, 0, 5, 1, 0, 0}};
	NNTotals *totals[3];
	NNScores scores = {.samples = 0};

	CHECK(nn_objectives_parse(&objectives, model, "mse", names, 2, &error), "%s", error.message);
	CHECK(objectives.n == 1 && strcmp(objectives.of[0].metrics[0].name, "rmse") == 0 &&
			  strcmp(objectives.of[0].metrics[1].name, "mae") == 0,
		  "metrics keep the names given");
	CHECK(nn_totals_states(&objectives) == 8, "states of two metrics, and none of the loss");
	for (int i = 0; i < 3; i++)
	{
		totals[i] = calloc(1, nn_totals_bytes(&objectives));
		if (i == 2)
			break;
		totals[i]->losses = losses[i];
		memcpy(totals[i]->states, states[i], sizeof(states[i]));
	}
	nn_totals_add(&objectives, totals[0], totals[1]);
	nn_totals_scores(&objectives, totals[0], &scores);
	CHECK(scores.samples == 3, "samples add up");
	CHECK_CLOSE(scores.outputs[0].loss, 1, 0);
	CHECK_CLOSE(scores.loss, 1.5, 0);
	CHECK_CLOSE(scores.outputs[0].metrics[0], 3, 0);
	CHECK_CLOSE(scores.outputs[0].metrics[1], 3, 0);
	nn_totals_scores(&objectives, totals[2], &scores);
	CHECK_CLOSE(scores.loss, 0, 0);
	CHECK_CLOSE(scores.outputs[0].metrics[0], 0, 0);
	CHECK_CLOSE(scores.outputs[0].metrics[1], 0, 0);
	for (int i = 0; i < 3; i++)
		free(totals[i]);
	free(model);
}

/* What targets say of the class: of one row, or of the second of two. */
static void
test_classes(void)
{
	static const struct
	{
		const char *shape;
		const char *kind;
		const char *config;
		const char *loss;
		int classes, labels;
		float targets[6];
		size_t row;
		int class;
	} tests[] = {
		{"[4]", "dense", SOFTMAX(3), "categorical_crossentropy", 3, 3, {0.2f, 0.7f, 0.1f}, 0, 1},
		{"[4]", "dense", SOFTMAX(3), "categorical_crossentropy", 3, 3, {0.5f, 0.5f, 0}, 0, 0},
		{"[2, 4]", "dense", SOFTMAX(3), "kl_divergence", 3, 0, {1, 0, 0, 0, 0, 1}, 1, 2},
		{"[4]", "dense", SIGMOID(1), "binary_crossentropy", 2, 2, {0.6f}, 0, 1},
		{"[4]", "dense", SIGMOID(1), "binary_crossentropy", 2, 2, {0.5f}, 0, 0},
		{"[4]", "dense", SIGMOID(3), "binary_crossentropy", 3, 3, {0, 0, 1}, 0, 2},
		{"[4]", "dense", SIGMOID(3), "binary_crossentropy", 3, 3, {0, 1, 1}, 0, -1},
		{"[4]", "dense", SIGMOID(3), "binary_crossentropy", 3, 3, {0, 0, 0}, 0, -1},
		{"[4]", "dense", LINEAR(1), "hinge", 2, 2, {-1}, 0, 0},
		{"[4]", "dense", LINEAR(1), "hinge", 2, 2, {0}, 0, 0},
		{"[4]", "dense", LINEAR(1), "squared_hinge", 2, 2, {1}, 0, 1},
		{"[4]", "dense", LINEAR(2), "mse", 0, 0, {0}, 0, 0},
	};
	const int32_t index[2] = {1, 2};

	for (int i = 0; i < NN_ARRAY_LENGTH(tests); i++)
	{
		NNModel *model = make_model(tests[i].shape, tests[i].kind, tests[i].config);
		NNObjective objective;
		NNError error = {NN_OK, "", ""};

		CHECK(parse_objective(&objective, model, 0, tests[i].loss, NULL, 0, 0, &error), "%s",
			  error.message);
		CHECK(nn_objective_classes(&objective) == tests[i].classes &&
				  nn_objective_labels(&objective) == tests[i].labels,
			  "%s %d: classes of a row, and of a sample", tests[i].loss, i);
		CHECK(tests[i].classes == 0 ||
				  nn_target_class(&objective, tests[i].targets, tests[i].row) == tests[i].class,
			  "%s %d: the class", tests[i].loss, i);
		free(model);
	}
	CHECK(nn_target_class(&(NNObjective){.target = NN_TARGET_INDEX, .width = 3}, index, 1) == 2,
		  "the class of a step");
}

int
main(void)
{
	for (int i = 0; i < NN_ARRAY_LENGTH(cases); i++)
		test_case(&cases[i]);
	test_errors();
	test_values();
	test_weighted();
	test_variable_width();
	test_totals();
	test_classes();
	return unit_done();
}
