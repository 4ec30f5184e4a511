/*
 * run_ports.c
 *	  Networks of several inputs and outputs, weights of losses and of rows:
 *	  gradients against finite differences, the same for any threads and chunks,
 *	  and rows of several sequences of their own lengths.
 */
#include <stdlib.h>
#include <string.h>

#include "core/graph/model.h"
#include "test/unit/objective.h"
#include "test/unit/networks.h"
#include "test/unit/reals.h"
#include "test/unit/unit.h"

typedef struct Case
{
	const char *name;
	const NetworkLayer *layers;
	int n_layers;
	const char *loss;
	double loss_weights[2];
	int row_weights[2]; /* a sample's: 0, 1, or as many as rows */
} Case;

static const NetworkLayer merged[] = {
	{"input", "left", NULL, "{\"shape\": [3]}"},
	{"input", "right", NULL, "{\"shape\": [2, 2]}"},
	{"flatten", "flat", NULL, "{}"},
	{"dense", "l", "left", "{\"units\": 4, \"activation\": \"tanh\"}"},
	{"dense", "r", "flat", "{\"units\": 4, \"activation\": \"tanh\"}"},
	{"add", "sum", "l r", "{}"},
	{"concatenate", "both", "sum l", "{}"},
	{"dense", "price", "both", "{\"units\": 1}"},
	{"dense", "kind", "sum", "{\"units\": 3, \"activation\": \"softmax\"}"},
};

/* Rows of two outputs that a mask hides apart: 6 steps of one, 3 of the other. */
static const NetworkLayer masked[] = {
	{"input", "steps", NULL, "{\"shape\": [6, 2]}"},
	{"masking", "hidden", NULL, "{\"mask_value\": 0}"},
	{"lstm", "each", NULL, "{\"units\": 3, \"return_sequences\": true}"},
	{"dense", "tags", "each", "{\"units\": 2}"},
	{"lstm", "last", "each", "{\"units\": 3}"},
	{"dense", "whole", "last", "{\"units\": 2}"},
};

/* Coupled by batch normalization, with regularization, into one output that is a view. */
static const NetworkLayer coupled[] = {
	{"input", "a", NULL, "{\"shape\": [3]}"},
	{"dense", "d", NULL, "{\"units\": 4, \"kernel_regularizer\": {\"l2\": 0.01}}"},
	{"batch_normalization", "n", NULL, "{}"},
	{"input", "b", NULL, "{\"shape\": [4]}"},
	{"multiply", "m", "n b", "{}"},
	{"reshape", "square", "m", "{\"target_shape\": [2, 2]}"},
	{"dense", "other", "n", "{\"units\": 2, \"activation\": \"sigmoid\"}"},
};

#define CASE(layers) layers, (int) (sizeof(layers) / sizeof(layers[0]))

#define TVERSKY(more) "{\"kind\":\"tversky\",\"alpha\":0.7,\"beta\":0.4" more "}"
#define SPARSE_BUT(class) \
	"{\"kind\":\"sparse_categorical_crossentropy\",\"ignore_class\":" class "}"
#define SMOOTHED(kind, more) \
	"{\"kind\":\"" kind "\",\"from_logits\":true,\"label_smoothing\":" more "}"

static const Case cases[] = {
	{"merged", CASE(merged), NULL, {0.5, 2}, {0, 0}},
	{"merged, weighted rows", CASE(merged), NULL, {0.5, 2}, {1, 1}},
	{"merged, one loss without weight", CASE(merged), NULL, {0, 1}, {0, 1}},
	{"masked", CASE(masked), "mean_squared_error", {0.25, 3}, {0, 0}},
	{"masked, weighted steps", CASE(masked), "mean_squared_error", {0.25, 3}, {6, 1}},
	{"coupled", CASE(coupled), "mean_squared_error", {1, 0.5}, {0, 0}},
	{"coupled, weighted rows", CASE(coupled), "huber", {2, 0.5}, {1, 0}},
	{"coupled, huber's delta",
	 CASE(coupled),
	 "{\"kind\":\"huber\",\"delta\":0.4}",
	 {2, 0.5},
	 {0, 1}},
	{"coupled, dice", CASE(coupled), "{\"kind\":\"dice\"}", {2, 0.5}, {1, 0}},
	{"merged, tversky", CASE(merged), TVERSKY(""), {0.5, 1}, {0, 1}},
	{"merged, tversky of rows", CASE(merged), TVERSKY(",\"axis\":-1"), {1, 2}, {1, 0}},
	{"masked, tversky", CASE(masked), TVERSKY(""), {1, 0.5}, {6, 0}},
	{"masked, tversky of samples", CASE(masked), TVERSKY(",\"axis\":[1,2]"), {1, 1}, {6, 0}},
	{"masked, tversky of samples alone", CASE(masked), TVERSKY(",\"axis\":[1,2]"), {1, 0}, {0, 0}},
	{"merged, class ignored", CASE(merged), SPARSE_BUT("1"), {0.5, 2}, {0, 1}},
	{"masked, class ignored", CASE(masked), SPARSE_BUT("0,\"from_logits\":true"), {2, 1}, {6, 1}},
	{"masked, smoothed", CASE(masked), SMOOTHED("binary_crossentropy", "0.3"), {1, 2}, {6, 0}},
	{"masked, focal",
	 CASE(masked),
	 SMOOTHED("binary_focal_crossentropy", "0.1,\"gamma\":1.5"),
	 {1, 2},
	 {0, 1}},
	{"masked, focal of classes",
	 CASE(masked),
	 SMOOTHED("categorical_focal_crossentropy", "0.1,\"alpha\":[1,0.3]"),
	 {1, 0.5},
	 {6, 1}},
	{"masked, sequences", CASE(masked), "{\"kind\":\"ctc\"}", {1, 0.5}, {1, 0}},
	{"masked, sequences with weights of steps", CASE(masked), "{\"kind\":\"ctc\"}", {2, 1}, {6, 1}},
};

static Network *
make(const Case *test, const char *optimizer)
{
	Network *network = network_make(test->layers, test->n_layers, "mean_squared_error",
									"mean_absolute_error", optimizer);
	static const char *const accuracy[] = {"accuracy", "sparse_categorical_crossentropy"};
	NNError error = {0};

	CHECK(network->model->n_outputs == 2, "%s: two outputs", test->name);
	if (test->loss == NULL)
		CHECK(parse_objective(&network->objectives.of[1], network->model, 1,
							  "sparse_categorical_crossentropy", accuracy, 2, 0, &error),
			  "%s: two losses %s", test->name, error.message);
	else
		for (int o = 0; o < 2; o++)
		{
			/* one of them may be none that the loss takes */
			bool fits = parse_objective(&network->objectives.of[o], network->model, o, test->loss,
										NULL, 0, 0, &error);

			CHECK(fits || o == 0 || test->loss[0] == '{', "%s: %s", test->name, error.message);
			if (!fits)
				(void) parse_objective(&network->objectives.of[o], network->model, o, "mse", NULL,
									   0, 0, &error);
		}
	nn_record_format(network->format, network->model, &network->objectives);
	for (int o = 0; o < 2; o++)
	{
		network->objectives.of[o].weight = test->loss_weights[o];
		network->format->outputs[o].weights = (size_t) test->row_weights[o];
	}
	network_data(network, BATCH, 3);
	return network;
}

/* Hide the last steps of some rows, none of others. */
static void
hide_steps(Network *network)
{
	NNRecordHead head = {0};

	for (size_t r = 0; r < network->n_records; r++)
	{
		float *x =
			(float *) ((char *) network->records[r] + nn_record_x_at(network->format, &head, 0));

		memset(x + 2 * (1 + r % 6), 0, (12 - 2 * (1 + r % 6)) * sizeof(float));
	}
}

static double
train(Network *network, int threads, int chunk)
{
	network_reset(network, BATCH, threads, chunk, true);
	return network_train(network, BATCH);
}

#ifdef NN_DOUBLE
#define STEP 1e-5

static void
check_gradient(const Case *test, Network *network)
{
	Network *probe = make(test, "{\"kind\":\"sgd\",\"learning_rate\":0}");
	double worst = 0;

	if (test->layers == masked)
		hide_steps(probe);
	(void) train(network, 2, 3);
	for (int i = 0; i < probe->model->n_layers; i++)
	{
		const NNLayer *layer = &probe->model->layers[i];

		for (int k = 0; k < layer->n_params; k++)
			for (size_t j = 0; j < layer->params[k].size && layer->params[k].trainable; j++)
			{
				size_t at = layer->param_offset + layer->params[k].offset + j;
				nn_real *start = &probe->start[at];
				double expected;

				*start += STEP;
				expected = train(probe, 1, 0);
				*start -= 2 * STEP;
				expected = (expected - train(probe, 1, 0)) / (2 * STEP);
				*start += STEP;
				worst = fmax(worst,
							 fabs(expected - (network->start[at] - network->run.params[at])) /
								 (1 + fabs(expected)));
			}
	}
	CHECK(worst < 1e-7, "%s: gradients are derivatives (off by %.2g)", test->name, worst);
}
#endif

static void
test_case(const Case *test)
{
	Network *network = make(test, "{\"kind\":\"sgd\",\"learning_rate\":1}");
	size_t n = network->model->n_params;
	nn_real *once = malloc(n * sizeof(nn_real));
	double loss;
	double sum = 0;

	if (test->layers == masked)
		hide_steps(network);
#ifdef NN_DOUBLE
	check_gradient(test, network);
#endif
	loss = train(network, 1, BATCH);
	memcpy(once, network->run.params, n * sizeof(nn_real));
	for (int o = 0; o < 2; o++)
		sum += test->loss_weights[o] * nn_losses_output(&network->run.totals->losses, o);
	CHECK(loss > 0 && loss >= sum - TIGHT, "%s: the loss is the weighted sum", test->name);
	if (test->layers != coupled)
		CHECK_CLOSE(loss, sum, TIGHT);
	for (int threads = 1; threads <= 3; threads++)
		for (int chunk = 1; chunk <= 4; chunk++)
		{
			CHECK_CLOSE(train(network, threads, chunk), loss, TIGHT * (1 + loss));
			CHECK(reals_distance(once, network->run.params, n) <= 100 * TIGHT,
				  "%s: the same for %d threads, chunks of %d", test->name, threads, chunk);
		}
	free(once);
}

/* Weights of rows in loss and metrics: as if a row of weight 2 stood there twice. */
static void
test_weighted_rows(void)
{
	Case twice = {"weights", CASE(merged), NULL, {1, 1}, {1, 1}};
	Network *network = make(&twice, "{\"kind\":\"sgd\"}");
	NNRecordHead head = {0};
	size_t done;
	double loss[2] = {0};
	double accuracy[2] = {0}, entropy[2] = {0};
	double weights = 0;

	for (int weighted = 0; weighted < 2; weighted++)
	{
		const double *state[2];

		for (int m = 0; m < 2; m++)
			network->objectives.of[1].metrics[m].weighted = weighted;
		network_reset(network, BATCH, 2, 2, false);
		(void) nn_evaluate_records(&network->run, (const void *const *) network->records, BATCH,
								   &done);
		for (int m = 0; m < 2; m++)
			state[m] = nn_totals_state(&network->objectives, network->run.totals, 1, m);
		loss[weighted] = network->run.totals->losses.sum[1];
		accuracy[weighted] = state[0][1];
		entropy[weighted] = state[1][1];
		if (weighted)
			CHECK_CLOSE(state[1][0], loss[1], TIGHT * 10);
		else
			CHECK(fabs(state[1][0] - loss[0]) > 0.01, "a metric without weights is not the loss");
	}
	for (size_t r = 0; r < BATCH; r++)
	{
		float weight;

		memcpy(&weight,
			   (char *) network->records[r] + nn_record_weight_at(network->format, &head, 1),
			   sizeof(weight));
		weights += (double) weight;
	}
	CHECK_CLOSE(loss[0], loss[1], TIGHT);
	CHECK_CLOSE(accuracy[0], BATCH, 0);
	CHECK_CLOSE(entropy[0], BATCH, 0);
	CHECK_CLOSE(accuracy[1], weights, 1e-6);
	CHECK_CLOSE(entropy[1], weights, 1e-6);
}

/* Two sequences of lengths of their own: each row as it is alone. */
static void
test_sequences(void)
{
	static const NetworkLayer layers[] = {
		{"input", "question", NULL, "{\"shape\": [null, 2]}"},
		{"input", "answer", NULL, "{\"shape\": [null, 3]}"},
		{"lstm", "q", "question", "{\"units\": 3}"},
		{"gru", "a", "answer", "{\"units\": 3, \"return_sequences\": true}"},
		{"dense", "each", "a", "{\"units\": 2}"},
		{"lstm", "whole", "a", "{\"units\": 3}"},
		{"multiply", "fit", "q whole", "{}"},
	};
	static const int questions[] = {3, 1, 4, 2, 2};
	static const int answers[] = {2, 5, 1, 1, 3};
	enum
	{
		ROWS = 5
	};
	Network *network = network_make(layers, 7, "mean_squared_error", NULL, "{\"kind\":\"sgd\"}");
	const NNRecordFormat *format = network->format;
	NNRandom random = nn_random(8, 8);
	const void *records[ROWS];
	double alone[2] = {0};

	CHECK(network->model->n_sequences == 2 && format->n_target_sequences == 1,
		  "two sequences in, one out");
	for (int r = 0; r < ROWS; r++)
	{
		/* outputs are in the order of the layers: each, fit */
		NNRecordHead head = {.steps = {{questions[r], answers[r]}}, .target_steps = {answers[r]}};
		NNRecordHead back;
		size_t bytes = nn_record_bytes(format, &head);
		float *values = calloc(1, bytes);

		for (size_t i = 0; i < bytes / sizeof(float); i++)
			values[i] = (float) nn_random_normal(&random);
		nn_record_put_head(format, &head, values);
		nn_record_get_head(format, values, &back);
		CHECK(memcmp(&head, &back, sizeof(head)) == 0, "a head is read as written");
		records[r] = values;
	}
	for (int threads = 0; threads <= 3; threads++)
	{
		NNLosses *losses = &network->run.totals->losses;
		size_t done;

		memset(losses, 0, sizeof(*losses));
		for (int r = 0; r < (threads == 0 ? ROWS : 1); r++)
		{
			NNPlanRequest request = {
				.batch = threads == 0 ? 1 : ROWS,
				.steps = {{threads == 0 ? questions[r] : 4, threads == 0 ? answers[r] : 5}},
				.threads = threads,
				.force_threads = true,
				.chunk = 2,
				.objectives = &network->objectives,
			};
			NNError error = {0};
			size_t bytes;

			free(network->run.plan);
			free(network->run.workspace);
			network->run.plan = calloc(1, nn_plan_bytes(network->model));
			CHECK(nn_plan_make(network->run.plan, network->model, &request, &error), "a plan %s",
				  error.message);
			bytes = (nn_plan_workspace(network->run.plan) + NN_ALIGN) & ~(size_t) (NN_ALIGN - 1);
			network->run.workspace = aligned_alloc(NN_ALIGN, bytes);
			memset(network->run.workspace, 0xFF, bytes);
			memcpy(network->run.params, network->start, network->model->n_params * sizeof(nn_real));
			(void) nn_evaluate_records(&network->run, records + r, threads == 0 ? 1 : ROWS, &done);
		}
		CHECK(losses->count[0] == 12 && losses->count[1] == ROWS,
			  "as many rows of each output as there are");
		for (int o = 0; o < 2; o++)
			if (threads == 0)
				alone[o] = nn_losses_output(losses, o);
			else
				CHECK_CLOSE(nn_losses_output(losses, o), alone[o], TIGHT);
	}
	for (int r = 0; r < ROWS; r++)
		free((void *) records[r]);
}

/* Predictions: x and y of all ports end to end. */
static void
test_predictions(void)
{
	static const nn_real x[2][7] = {{1, 2, 3, 4, 5, 6, 7}, {-1, 0, 1, 0, 2, 0, 3}};
	Case plain = {"predictions", CASE(merged), NULL, {1, 1}, {0, 0}};
	Network *network = make(&plain, "{\"kind\":\"sgd\"}");
	nn_real one[2][4], both[2][4];
	double sum = 0;

	CHECK(network->in == 7 && network->out == 4, "7 values in, 4 out");
	network_reset(network, 2, 2, 0, false);
	CHECK(nn_predict_reals(&network->run, x[0], 2, both[0]) == NN_RUN_DONE, "both rows");
	for (int r = 0; r < 2; r++)
		(void) nn_predict_one(&network->run, x[r], one[r]);
	CHECK(reals_distance(one[0], both[0], 8) < TIGHT, "together as alone");
	for (int k = 1; k < 4; k++)
		sum += (double) both[1][k];
	CHECK_CLOSE(sum, 1, TIGHT);
}

int
main(void)
{
	CHECK(nn_pool_grow(3) == 3, "a pool of three");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(&cases[i]);
	test_weighted_rows();
	test_sequences();
	test_predictions();
	nn_pool_end();
	return unit_done();
}
