/*
 * profile.c
 *	  Where the time of training goes, layer by layer; "make profile".
 *
 *	 profile [THREADS [NAME...]]: 1 unless said, and of the examples those whose
 *	 name begins so (mlp, wide, cnn, lstm28, lstm100, gan).
 *	 PROFILE_LEVEL=3 in the environment takes kernels for AVX2 alone, with
 *	 OPENBLAS_CORETYPE=Haswell beside it OpenBLAS's too.
 *	 PROFILE_PRECISION=bfloat16 rounds what is multiplied (not of the GAN).
 *
 *	 profile peak THREADS: only what the machine can do at most, for the benchmark.
 *
 * Each layer's kind is replaced by a copy whose functions look at the clock
 * and call the original, on the first thread.  What is left of the whole is
 * loading records, loss, the optimizer, and waiting for the other threads.
 * GFLOP/s, of all threads, count a multiplication and an addition as two,
 * in forward one product, in backward one for the weights and one for the
 * input, where it is wanted.  The fraction is that of what as many threads do
 * that multiply and add registers and nothing else.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/layers/layer.h"
#include "core/kernels/processor.h"
#include "test/bench/fma_peak.h"
#include "test/unit/gan_pair.h"

#define MOST_LAYERS 16
#define MOST_THREADS 64
#define RECORDS 1024
#define GRADIENT_ROOM ((size_t) 256 << 20) /* bytes, as in fit */
/* The fastest run counts, since other programs only slow down: of at least so many, in so many seconds. */
#define RUNS 7
#define SECONDS 1.5

typedef struct Clocked
{
	NNKind copy; /* what the layer points to; first, so that it leads here */
	const NNKind *kind;
	double forward, backward; /* seconds of the run under way */
	double least_forward, least_backward;
} Clocked;

typedef struct Example
{
	const char *key;
	const char *name;
	const NetworkLayer *layers;
	int n_layers;
	int batch;
} Example;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

/* Of products. */
static NNPrecision precision = NN_FLOAT32;

/* ---- looking at the clock ---- */

static pthread_t caller;

/* The first thread is the caller's. */
static bool
is_first(void)
{
	return pthread_equal(pthread_self(), caller);
}

static void
timed_forward(const NNLayer *layer, const NNPass *pass)
{
	Clocked *clock = (Clocked *) layer->kind;
	double start = now();

	clock->kind->forward(layer, pass);
	if (is_first())
		clock->forward += now() - start;
}

static void
timed_backward(const NNLayer *layer, const NNPass *pass)
{
	Clocked *clock = (Clocked *) layer->kind;
	double start = now();

	clock->kind->backward(layer, pass);
	if (is_first())
		clock->backward += now() - start;
}

static void
timed_gradient_part(const NNLayer *layer, const NNPass *pass, int part, int parts)
{
	Clocked *clock = (Clocked *) layer->kind;
	double start = now();

	clock->kind->gradient_part(layer, pass, part, parts);
	if (is_first())
		clock->backward += now() - start;
}

static void
timed_add_rows(const NNLayer *layer, const NNPass *pass, int from, int to, nn_real *grads)
{
	Clocked *clock = (Clocked *) layer->kind;
	double start = now();

	clock->kind->add_rows(layer, pass, from, to, grads);
	if (is_first())
		clock->backward += now() - start;
}

static void
watch_layers(NNModel *model, Clocked *clocked)
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
		if (clock->copy.add_rows != NULL)
			clock->copy.add_rows = timed_add_rows;
		layer->kind = &clock->copy;
		clock->forward = clock->backward = 0;
		clock->least_forward = clock->least_backward = 1e9;
	}
}

static void
take_least(const NNModel *model, Clocked *clocked)
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

#undef INPUT
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
static const NetworkLayer dense[] = {INPUT("[784]"), DENSE(128, "relu"), DENSE(10, "softmax")};
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

#define EXAMPLE(key, name, layers, batch)                                    \
	{                                                                        \
		key, name, layers, (int) (sizeof(layers) / sizeof(layers[0])), batch \
	}

static const Example examples[] = {
	EXAMPLE("mlp", "MLP 100-64-64-10", mlp, 32),
	EXAMPLE("mlp", "MLP 100-64-64-10", mlp, 128),
	EXAMPLE("dense", "MLP 784-128-10", dense, 16),
	EXAMPLE("dense", "MLP 784-128-10", dense, 64),
	EXAMPLE("wide", "MLP 784-1024-1024-10", wide, 128),
	EXAMPLE("cnn", "CNN 28x28x1", cnn, 32),
	EXAMPLE("cnn", "CNN 28x28x1", cnn, 128),
	EXAMPLE("lstm28", "LSTM 28x28", lstm28, 32),
	EXAMPLE("lstm28", "LSTM 28x28", lstm28, 128),
	EXAMPLE("lstm100", "LSTM 100x16", lstm100, 128),
};

/*
 * Layer by layer; prints and returns what all take together.  passes: how often
 * each goes forward for a sample, for the weights and for the input.
 */
static double
report_layers(const NNModel *model, const Clocked *clocked, double whole, double *flops)
{
	double each = 1e6 / RECORDS;
	double sum = 0;

	printf("    %-18s %12s %9s %9s %6s %8s %8s\n", "layer", "mult-adds", "forward", "backward",
		   "part", "GFLOP/s", "GFLOP/s");
	for (int i = 1; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		double forward = clocked[i].least_forward;
		double backward = clocked[i].least_backward;
		double work = 2e-9 * layer->flops * RECORDS;
		int products = layer->inputs[0] == 0 ? 1 : 2;

		sum += forward + backward;
		printf("    %-18s %12.0f %6.2f us %6.2f us %5.1f%%", layer->name, layer->flops,
			   forward * each, backward * each, 100 * (forward + backward) / whole);
		if (layer->flops > 0 && layer->n_params > 0)
		{
			*flops += work * (1 + products);
			printf(" %8.0f %8.0f", work / forward, products * work / backward);
		}
		printf("\n");
	}
	return sum;
}

static void
report_rest(double rest, double whole)
{
	printf("    %-18s %12s %9s %6.2f us %5.1f%%\n", "loss, optimizer", "", "", rest * 1e6 / RECORDS,
		   100 * rest / whole);
}

/* Seconds of the fastest run over all records; fills the layers' least. */
static double
fastest(Network *network, Clocked *clocked)
{
	double least = 1e9;
	const double begin = now();

	for (int run = 0; run < RUNS || now() < begin + SECONDS; run++)
	{
		double start = now();
		double taken;
		size_t done;

		(void) nn_train_records(&network->run, (const void *const *) network->records,
								network->n_records, &done);
		taken = now() - start;
		take_least(network->model, clocked);
		least = taken < least ? taken : least;
	}
	return least;
}

static void
profile_network(const Example *example, int threads, double peak)
{
	Clocked clocked[MOST_LAYERS];
	Network *network = network_make(example->layers, example->n_layers,
									"sparse_categorical_crossentropy", NULL, "{\"kind\":\"adam\"}");
	double whole;
	double rest;
	double flops = 0;

	network_data(network, RECORDS, 1);
	network->gradient_room = GRADIENT_ROOM;
	network->precision = precision;
	network_reset(network, example->batch, threads, 0, true);
	watch_layers(network->model, clocked);
	whole = fastest(network, clocked);
	printf("\n%s, batch %d: %.0f samples/s, %.2f us a sample\n", example->name, example->batch,
		   RECORDS / whole, whole * 1e6 / RECORDS);
	rest = whole - report_layers(network->model, clocked, whole, &flops);
	report_rest(rest, whole);
	printf("    %.2f of the peak\n", flops / whole / peak);
}

/* Of a step the generator goes forward twice and back once, the discriminator three times each way. */
static double
gan_flops(const NNModel *model, bool generator)
{
	double sum = 0;

	for (int i = 1; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		int products = layer->inputs[0] == 0 ? 1 : 2;

		/* back through the frozen discriminator goes one product, to its input */
		sum += 2 * layer->flops * (generator ? 2 + products : 3 + 2 * products + 1);
	}
	return sum;
}

static void
profile_gan(int batch, int threads, double peak)
{
	Pair *pair = pair_make(NETWORKS(dense_generator, dense_discriminator), "{\"kind\":\"adam\"}");
	NNModel *models[] = {pair->generator->model, pair->discriminator->model};
	Clocked clocked[2][MOST_LAYERS];
	double whole = 1e9;
	double rest;
	double flops = 0;
	double begin;

	pair_rows(pair, RECORDS, 1, 1);
	pair_reset(pair, batch, threads, 0);
	for (int m = 0; m < 2; m++)
		watch_layers(models[m], clocked[m]);
	begin = now();
	for (int run = 0; run < RUNS || now() < begin + SECONDS; run++)
	{
		double start = now();
		double taken;
		size_t done;

		(void) pair_train(pair, 0, RECORDS, &done);
		taken = now() - start;
		for (int m = 0; m < 2; m++)
			take_least(models[m], clocked[m]);
		whole = taken < whole ? taken : whole;
	}
	printf("\nGAN 100..10 / 10..1, batch %d: %.0f steps/s, %.2f us a sample\n", batch,
		   RECORDS / whole / batch, whole * 1e6 / RECORDS);
	rest = whole;
	for (int m = 0; m < 2; m++)
		rest -= report_layers(models[m], clocked[m], whole, &flops);
	report_rest(rest, whole);
	flops = 1e-9 * RECORDS * (gan_flops(models[0], true) + gan_flops(models[1], false));
	printf("    %.2f of the peak\n", flops / whole / peak);
}

static bool
wanted(const char *key, char **names, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(key, names[i]) == 0)
			return true;
	return n <= 0;
}

int
main(int argc, char **argv)
{
	const char *problem;
	const char *level = getenv("PROFILE_LEVEL");
	const char *rounded = getenv("PROFILE_PRECISION");
	int threads = argc > 1 ? atoi(argv[1]) : 1;
	double peak;

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
	if (threads < 1 || threads > MOST_THREADS)
		threads = 1;
	if (level != NULL)
		nn_processor_limit(atoi(level));
	if (rounded != NULL && strcmp(rounded, "bfloat16") == 0)
		precision = NN_BFLOAT16;
	if (!nn_precision_has(precision))
	{
		fprintf(stderr, "this processor does not multiply bfloat16\n");
		return 1;
	}
	threads = nn_blas_reserve(threads);
	caller = pthread_self();
	threads = nn_pool_grow(threads);
	nn_blas_thread_init();
	peak = fma_peak(threads);
	printf("threads %d, %s, Adam; fastest run over %d samples\n", threads,
		   precision == NN_FLOAT32 ? "float" : "bfloat16", RECORDS);
	printf("multiplying and adding registers: %.0f GFLOP/s\n", peak);
	for (size_t e = 0; e < sizeof(examples) / sizeof(examples[0]); e++)
		if (wanted(examples[e].key, argv + 2, argc - 2))
			profile_network(&examples[e], threads, peak);
	if (wanted("gan", argv + 2, argc - 2))
		profile_gan(128, threads, peak);
	return 0;
}
