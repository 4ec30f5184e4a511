/*
 * run_lanes.c
 *	  Several trainings side by side against the same ones alone: what comes out is
 *	  the same, bit for bit, wherever they pause.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/kernels/kernels.h"
#include "core/nn_lanes.h"
#include "test/unit/network.h"
#include "test/unit/unit.h"

#define N(layers) ((int) (sizeof(layers) / sizeof((layers)[0])))
#define LANES 3
#define EPOCHS 3
#define BATCH 8

static const NetworkLayer plain[] = {
	{"input", NULL, NULL, "{\"shape\":[5]}"},
	{"dense", NULL, NULL, "{\"units\":40,\"activation\":\"relu\"}"},
	{"dense", NULL, NULL, "{\"units\":3,\"activation\":\"softmax\"}"},
};
static const NetworkLayer coupled[] = {
	{"input", NULL, NULL, "{\"shape\":[6]}"},
	{"dense", NULL, NULL, "{\"units\":9,\"kernel_regularizer\":{\"l2\":0.01}}"},
	{"batch_normalization", NULL, NULL, "{}"},
	{"dropout", NULL, NULL, "{\"rate\":0.3}"},
	{"dense", NULL, NULL, "{\"units\":4,\"activation\":\"softmax\"}"},
};
static const NetworkLayer recurrent[] = {
	{"input", NULL, NULL, "{\"shape\":[7,2]}"},
	{"lstm", NULL, NULL, "{\"units\":6}"},
	{"dense", NULL, NULL, "{\"units\":2,\"activation\":\"softmax\"}"},
};

/* Where a lane's records come from: some at a time, in their order. */
typedef struct Source
{
	const Network *network;
	size_t given;
} Source;

static size_t
next_records(void *arg, const void *const **records)
{
	Source *source = arg;
	size_t left = source->network->n_records - source->given;
	size_t n = left < 3 * BATCH ? left : 3 * BATCH;

	*records = (const void *const *) source->network->records + source->given;
	source->given += n;
	return n;
}

static void
train_alone(Network *network)
{
	for (int epoch = 0; epoch < EPOCHS; epoch++)
	{
		size_t done;

		CHECK(nn_train_records(&network->run, (const void *const *) network->records,
							   network->n_records, &done) == NN_RUN_DONE,
			  "alone, epoch %d", epoch);
	}
}

/* Each lane takes its epochs, whatever the others are at; returns how often all paused. */
static int
train_beside(Network **networks, int n)
{
	Source sources[LANES];
	NNLane all[LANES];
	NNLane *lanes[LANES];
	int epochs[LANES] = {0};
	int pauses = 0;

	for (int i = 0; i < n; i++)
	{
		sources[i] = (Source){networks[i], 0};
		all[i] = (NNLane){.run = &networks[i]->run,
						  .training = true,
						  .next = next_records,
						  .source = &sources[i]};
		lanes[i] = &all[i];
	}
	while (n > 0)
	{
		int kept = 0;

		pauses++;
		CHECK(nn_lanes_run(lanes, n) == NN_RUN_DONE, "lanes pause");
		for (int i = 0; i < n; i++)
		{
			int number = (int) (lanes[i] - all);

			CHECK(lanes[i]->result == NN_RUN_DONE, "lane %d goes well", number);
			if (lanes[i]->ended)
			{
				sources[number].given = 0;
				lanes[i]->ended = false;
				epochs[number]++;
			}
			if (epochs[number] < EPOCHS)
				lanes[kept++] = lanes[i];
		}
		n = kept;
	}
	return pauses;
}

static void
check_training(Network **networks)
{
	nn_real *alone[LANES];
	double loss[LANES];
	int pauses;

	for (int i = 0; i < LANES; i++)
	{
		size_t bytes = networks[i]->model->n_params * sizeof(nn_real);

		network_reset(networks[i], BATCH, 1, 0, true);
		train_alone(networks[i]);
		loss[i] = network_loss(networks[i]);
		alone[i] = malloc(bytes);
		memcpy(alone[i], networks[i]->run.params, bytes);
		network_reset(networks[i], BATCH, 1, 0, true);
	}
	pauses = train_beside(networks, LANES);
	CHECK(pauses >= EPOCHS && pauses <= LANES * EPOCHS, "%d pauses", pauses);
	for (int i = 0; i < LANES; i++)
	{
		CHECK(memcmp(alone[i], networks[i]->run.params,
					 networks[i]->model->n_params * sizeof(nn_real)) == 0,
			  "lane %d: the same weights", i);
		CHECK(network_loss(networks[i]) == loss[i], "lane %d: the same loss", i);
		CHECK(isfinite(loss[i]) && loss[i] > 0, "lane %d: a loss of %g", i, loss[i]);
		free(alone[i]);
	}
}

static void
check_evaluation(Network **networks)
{
	Source source = {networks[0], 0};
	NNLane lane = {.run = &networks[0]->run, .next = next_records, .source = &source};
	NNLane *lanes[] = {&lane};
	size_t done;
	double loss;

	network_reset(networks[0], BATCH, 1, 0, false);
	CHECK(nn_evaluate_records(&networks[0]->run, (const void *const *) networks[0]->records,
							  networks[0]->n_records, &done) == NN_RUN_DONE,
		  "evaluation alone");
	loss = network_loss(networks[0]);
	network_reset(networks[0], BATCH, 1, 0, false);
	CHECK(nn_lanes_run(lanes, 1) == NN_RUN_DONE && lane.ended, "evaluation in a lane");
	CHECK(fabs(network_loss(networks[0]) - loss) <= 1e-6 * fabs(loss), "evaluation: %g and %g",
		  network_loss(networks[0]), loss);
}

/* One diverges: it says so, the other goes on. */
static void
check_divergence(Network **networks)
{
	Source sources[2] = {{networks[0], 0}, {networks[1], 0}};
	NNLane wild = {
		.run = &networks[0]->run, .training = true, .next = next_records, .source = &sources[0]};
	NNLane calm = {
		.run = &networks[1]->run, .training = true, .next = next_records, .source = &sources[1]};
	NNLane *lanes[] = {&wild, &calm};

	network_reset(networks[0], BATCH, 1, 0, true);
	network_reset(networks[1], BATCH, 1, 0, true);
	networks[0]->run.params[0] = NAN;
	/* whichever gets a processor first */
	while (wild.result == NN_RUN_DONE && !wild.ended)
	{
		(void) nn_lanes_run(lanes, calm.ended ? 1 : 2);
		CHECK(calm.result == NN_RUN_DONE, "and the other does not");
	}
	CHECK(wild.result == NN_RUN_DIVERGED, "a lane diverges");
	lanes[0] = &calm;
	while (!calm.ended)
		CHECK(nn_lanes_run(lanes, 1) == NN_RUN_DONE && calm.result == NN_RUN_DONE, "it goes on");
	CHECK(sources[1].given == networks[1]->n_records, "to its end");
}

/* What waits to be answered stops all, and nothing is lost. */
static void
check_interrupt(Network **networks)
{
	Source source = {networks[2], 0};
	NNLane lane = {
		.run = &networks[2]->run, .training = true, .next = next_records, .source = &source};
	NNLane *lanes[] = {&lane};
	volatile int flag = 1;

	network_reset(networks[2], BATCH, 1, 0, true);
	nn_pool_watch(&flag);
	CHECK(nn_lanes_run(lanes, 1) == NN_RUN_INTERRUPTED, "interrupted");
	CHECK(lane.result == NN_RUN_DONE && !lane.ended, "which is no failure");
	flag = 0;
	CHECK(nn_lanes_run(lanes, 1) == NN_RUN_DONE && lane.ended, "and goes on");
	nn_pool_watch(NULL);
}

int
main(void)
{
	Network *networks[LANES] = {
		network_make(plain, N(plain), "sparse_categorical_crossentropy", "accuracy",
					 "{\"kind\":\"adam\"}"),
		network_make(coupled, N(coupled), "sparse_categorical_crossentropy", "accuracy",
					 "{\"kind\":\"sgd\",\"momentum\":0.9,\"clipnorm\":0.5}"),
		network_make(recurrent, N(recurrent), "sparse_categorical_crossentropy", "accuracy",
					 "{\"kind\":\"rmsprop\",\"global_clipnorm\":0.5}"),
	};

	(void) nn_pool_grow(LANES);
	for (int i = 0; i < LANES; i++)
		network_data(networks[i], 90 + 35 * (size_t) i, 5 + (uint64_t) i);
	check_training(networks);
	check_evaluation(networks);
	check_divergence(networks);
	check_interrupt(networks);
	nn_pool_end();
	return unit_done();
}
