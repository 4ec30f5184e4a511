/*
 * profile.c
 *	  Where the time of training and prediction goes, layer by layer, on one
 *	  thread; "make profile".  With "peak THREADS" only what the machine can do
 *	  at most, for the benchmark.
 *
 * Each layer's kind is replaced by a copy whose functions look at the clock
 * and call the original.  What is left of the whole is loading records, loss,
 * and the optimizer.  GFLOP/s count a multiplication and an addition as two,
 * in forward one product, in backward one for the weights and one for the
 * input, where it is wanted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/internal.h"
#include "test/bench/fma_peak.h"
#include "test/unit/network.h"

#define MOST_LAYERS 16
#define RECORDS 2048
#define RUNS 7 /* the fastest counts: other programs only slow down */

typedef struct Clocked
{
	const NNKind *kind; /* the original */
	NNKind copy;
	double forward, backward; /* seconds of the run under way */
	double least_forward, least_backward;
} Clocked;

typedef struct Example
{
	const char *name;
	const NetworkLayer *layers;
	int n_layers;
	int batch;
} Example;

static Clocked clocked[MOST_LAYERS];

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

/* ---- looking at the clock ---- */

static void
timed_forward(const NNLayer *layer, const NNPass *pass)
{
	double start = now();

	clocked[layer->index].kind->forward(layer, pass);
	clocked[layer->index].forward += now() - start;
}

static void
timed_backward(const NNLayer *layer, const NNPass *pass)
{
	double start = now();

	clocked[layer->index].kind->backward(layer, pass);
	clocked[layer->index].backward += now() - start;
}

static void
timed_gradient_part(const NNLayer *layer, const NNPass *pass, int part, int parts)
{
	double start = now();

	clocked[layer->index].kind->gradient_part(layer, pass, part, parts);
	clocked[layer->index].backward += now() - start;
}

static void
watch_layers(NNModel *model)
{
	for (int i = 0; i < model->n_layers; i++)
	{
		NNLayer *layer = &model->layers[i];
		Clocked *clock = &clocked[i];

		clock->kind = layer->kind;
		clock->copy = *layer->kind;
		clock->copy.forward = timed_forward;
		clock->copy.backward = timed_backward;
		if (clock->copy.gradient_part != NULL)
			clock->copy.gradient_part = timed_gradient_part;
		layer->kind = &clock->copy;
		clock->least_forward = clock->least_backward = 1e9;
	}
}

static void
take_least(const NNModel *model)
{
	for (int i = 0; i < model->n_layers; i++)
	{
		Clocked *clock = &clocked[i];

		if (clock->forward < clock->least_forward)
			clock->least_forward = clock->forward;
		if (clock->backward < clock->least_backward)
			clock->least_backward = clock->backward;
		clock->forward = clock->backward = 0;
	}
}

/* ---- networks ---- */

#define INPUT(shape)                                 \
	{                                                \
		"input", NULL, NULL, "{\"shape\":" shape "}" \
	}
#define DENSE(units, f)                                                        \
	{                                                                          \
		"dense", NULL, NULL, "{\"units\":" #units ",\"activation\":\"" f "\"}" \
	}
#define CONV(filters)                                                              \
	{                                                                              \
		"conv2d", NULL, NULL,                                                      \
			"{\"filters\":" #filters ",\"kernel_size\":3,\"activation\":\"relu\"}" \
	}
#define POOL                              \
	{                                     \
		"max_pooling2d", NULL, NULL, "{}" \
	}

static const NetworkLayer mlp[] = {
	INPUT("[100]"),
	DENSE(64, "relu"),
	DENSE(64, "relu"),
	DENSE(10, "softmax"),
};
static const NetworkLayer wide[] = {
	INPUT("[784]"),
	DENSE(1024, "relu"),
	DENSE(1024, "relu"),
	DENSE(10, "softmax"),
};
static const NetworkLayer cnn[] = {
	INPUT("[28,28,1]"),
	CONV(32),
	POOL,
	CONV(64),
	POOL,
	{"flatten", NULL, NULL, "{}"},
	DENSE(64, "relu"),
	DENSE(10, "softmax"),
};
#define LSTMS                                                         \
	{"lstm", NULL, NULL, "{\"units\":64,\"return_sequences\":true}"}, \
		{"lstm", NULL, NULL, "{\"units\":64}"}, DENSE(10, "softmax")
static const NetworkLayer lstm28[] = {INPUT("[28,28]"), LSTMS};
static const NetworkLayer lstm100[] = {INPUT("[100,16]"), LSTMS};

#define EXAMPLE(name, layers, batch)                                    \
	{                                                                   \
		name, layers, (int) (sizeof(layers) / sizeof(layers[0])), batch \
	}

static const Example examples[] = {
	EXAMPLE("MLP 100-64-64-10", mlp, 32), EXAMPLE("MLP 784-1024-1024-10", wide, 128),
	EXAMPLE("CNN 28x28x1", cnn, 32),	  EXAMPLE("CNN 28x28x1", cnn, 128),
	EXAMPLE("LSTM 28x28", lstm28, 32),	  EXAMPLE("LSTM 28x28", lstm28, 128),
	EXAMPLE("LSTM 100x16", lstm100, 128),
};

/* Seconds of the fastest run over all records; fills the layers' least. */
static double
fastest(Network *network)
{
	double least = 1e9;

	for (int run = 0; run < RUNS; run++)
	{
		double start = now();
		double taken;
		size_t done;

		(void) nn_train_records(&network->run, (const void *const *) network->records,
								network->n_records, &done);
		taken = now() - start;
		take_least(network->model);
		least = taken < least ? taken : least;
	}
	return least;
}

static void
report(const Example *example, const Network *network, double whole)
{
	const NNModel *model = network->model;
	double rest = whole;
	double each = 1e6 / RECORDS;

	printf("\n%s, batch %d: %.0f samples/s, %.2f us a sample\n", example->name, example->batch,
		   RECORDS / whole, whole * each);
	printf("    %-18s %12s %9s %9s %6s %8s %8s\n", "layer", "mult-adds", "forward", "backward",
		   "part", "GFLOP/s", "GFLOP/s");
	for (int i = 1; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		double forward = clocked[i].least_forward;
		double backward = clocked[i].least_backward;
		double work = 2e-9 * layer->flops * RECORDS;
		int products = layer->inputs[0] == 0 ? 1 : 2;

		rest -= forward + backward;
		printf("    %-18s %12.0f %6.2f us %6.2f us %5.1f%%", layer->name, layer->flops,
			   forward * each, backward * each, 100 * (forward + backward) / whole);
		if (layer->flops > 0 && layer->n_params > 0)
			printf(" %8.0f %8.0f", work / forward, products * work / backward);
		printf("\n");
	}
	printf("    %-18s %12s %9s %6.2f us %5.1f%%\n", "loss, optimizer", "", "", rest * each,
		   100 * rest / whole);
}

int
main(int argc, char **argv)
{
	const char *problem;

	if (argc == 3 && strcmp(argv[1], "peak") == 0)
	{
		printf("%.1f\n", fma_peak(atoi(argv[2])));
		return 0;
	}
	problem = nn_blas_load(NULL);
	if (problem != NULL)
	{
		fprintf(stderr, "%s\n", problem);
		return 1;
	}
	nn_blas_thread_init();
	printf("one thread, float, Adam; fastest of %d runs over %d samples\n", RUNS, RECORDS);
	printf("multiplying and adding registers: %.0f GFLOP/s\n", fma_peak(1));
	for (size_t e = 0; e < sizeof(examples) / sizeof(examples[0]); e++)
	{
		const Example *example = &examples[e];
		Network *network =
			network_make(example->layers, example->n_layers, "sparse_categorical_crossentropy",
						 NULL, "{\"kind\":\"adam\"}");

		network_data(network, RECORDS, 1);
		network_reset(network, example->batch, 1, 0, true);
		watch_layers(network->model);
		report(example, network, fastest(network));
	}
	return 0;
}
