/*
 * run_metrics.c
 *	  Metrics of whole runs: what evaluation and training come to, with any
 *	  number of threads and any chunks, is what follows from the outputs.
 *
 * The expected area is that of Keras's definition, with a count of all rows for
 * each threshold.
 */
#include <stdlib.h>
#include <string.h>

#include "test/unit/objective.h"
#include "test/unit/network.h"
#include "test/unit/unit.h"

#define ROWS 203 /* more than a block of the fewest threads, and no multiple of any */
#define THRESHOLDS 200
#define WIDTH 3

/* Outputs: first has metrics without weights, second with them. */
static const NetworkLayer layers[] = {
	{"input", "x", NULL, "{\"shape\": [4]}"},
	{"dense", "h", "x", "{\"units\": 5, \"activation\": \"tanh\"}"},
	{"dense", "first", "h", "{\"units\": 3, \"activation\": \"sigmoid\"}"},
	{"dense", "second", "h", "{\"units\": 3, \"activation\": \"sigmoid\"}"},
};

static const char *const metrics[] = {"mae", "auc", "binary_accuracy"};

static Network *
make(void)
{
	Network *network = network_make(layers, 4, "mean_squared_error", NULL,
									"{\"kind\":\"sgd\",\"learning_rate\":0}");
	NNError error = {0};

	for (int o = 0; o < 2; o++)
	{
		NNObjective *objective = &network->objectives.of[o];

		CHECK(parse_objective(objective, network->model, o, "binary_crossentropy", metrics, 3, 0,
							  &error),
			  "an objective %s", error.message);
		for (int m = 0; m < 3; m++)
			objective->metrics[m].weighted = o == 1;
	}
	nn_record_format(network->format, network->model, &network->objectives);
	for (int o = 0; o < 2; o++)
		network->format->outputs[o].weights = 1;
	network_data(network, ROWS, 3);
	return network;
}

static const float *
values_of(const Network *network, size_t row, size_t at)
{
	return (const float *) ((const char *) network->records[row] + at);
}

/* The area of the scores y, (ROWS, both outputs), of one output. */
static double
expected_area(const Network *network, const nn_real *y, int output)
{
	NNRecordHead head = {0};
	double area = 0;
	double last[2] = {0};
	double all[2] = {0};

	for (int t = THRESHOLDS - 1; t >= 0; t--)
	{
		double threshold = t == 0 ? -1e-7 : (double) t / (THRESHOLDS - 1);
		double above[2] = {0};

		for (size_t row = 0; row < ROWS; row++)
		{
			const float *target =
				values_of(network, row, nn_record_target_at(network->format, &head, output));
			const float *weight =
				values_of(network, row, nn_record_weight_at(network->format, &head, output));

			for (int i = 0; i < WIDTH; i++)
				if ((double) y[row * 2 * WIDTH + (size_t) (output * WIDTH + i)] > threshold)
					above[target[i] != 0] += output == 1 ? (double) *weight : 1;
		}
		area += (above[0] - last[0]) * (above[1] + last[1]) / 2;
		memcpy(last, above, sizeof(last));
		memcpy(all, above, sizeof(all));
	}
	return area / all[0] / all[1];
}

static void
check_areas(const Network *network, const double expected[2], const char *what)
{
	for (int o = 0; o < 2; o++)
	{
		CHECK_CLOSE(network_metric(network, o, 1), expected[o], 1e-6);
		CHECK(network_metric(network, o, 2) > 0 && network_metric(network, o, 2) < 1,
			  "%s: the metric after it has its own state", what);
	}
}

int
main(void)
{
	Network *network = make();
	const void *const *records = (const void *const *) network->records;
	nn_real *x = malloc(ROWS * network->in * sizeof(nn_real));
	nn_real *y = malloc(ROWS * network->out * sizeof(nn_real));
	double expected[2];
	size_t done;

	CHECK(nn_pool_grow(3) == 3, "a pool of three");
	for (size_t row = 0; row < ROWS; row++)
		for (size_t k = 0; k < network->in; k++)
			x[row * network->in + k] = (nn_real) values_of(
				network, row, nn_record_x_at(network->format, &(NNRecordHead){0}, 0))[k];
	network_reset(network, ROWS, 1, 0, false);
	(void) nn_predict_reals(&network->run, x, ROWS, y);
	for (int o = 0; o < 2; o++)
		expected[o] = expected_area(network, y, o);
	CHECK(fabs(expected[0] - expected[1]) > 0.001, "the outputs differ");

	for (int threads = 1; threads <= 3; threads++)
		for (int chunk = 0; chunk <= 5; chunk += 5)
		{
			network_reset(network, 64, threads, chunk, false);
			(void) nn_evaluate_records(&network->run, records, ROWS, &done);
			CHECK(done == ROWS, "all rows are evaluated");
			check_areas(network, expected, "evaluated");
			/* batches of 64, the last one smaller; nothing is learned */
			network_reset(network, 64, threads, chunk, true);
			(void) nn_train_records(&network->run, records, ROWS, &done);
			CHECK(done == ROWS, "all rows are trained on");
			check_areas(network, expected, "trained");
		}
	free(x);
	free(y);
	nn_pool_end();
	return unit_done();
}
