/*
 * run_layerwise.c
 *	  Layers updated one by one, and kernels some rows at a time: to the same weights as
 *	  all together, for any chunking and whatever interrupts come at any time.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "core/graph/plan.h"
#include "test/unit/networks.h"
#include "test/unit/reals.h"
#include "test/unit/unit.h"

/* Rooms for gradients, by which a plan updates all at once, layer by layer, or large kernels by rows. */
#define ALL 0
#define LAYERS 1
#define ROWS SIZE_MAX

/* Weights so many that threads share a gradient. */
static const NetworkLayer wide[] = {
	{"input", NULL, NULL, "{\"shape\":[1024]}"},
	{"dense", NULL, NULL, "{\"units\":600,\"activation\":\"tanh\"}"},
	{"dense", NULL, NULL, "{\"units\":600,\"activation\":\"tanh\"}"},
	{"dense", NULL, NULL, "{\"units\":4,\"activation\":\"softmax\"}"},
};

/* Parameters held to all there is: large ones, whose gradient threads share, and small. */
static const NetworkLayer held[] = {
	{"input", NULL, NULL, "{\"shape\":[1024]}"},
	{"dense", NULL, NULL,
	 "{\"units\":600,\"activation\":\"tanh\",\"kernel_constraint\":{\"kind\":\"max_norm\","
	 "\"max_value\":0.9},\"bias_constraint\":\"non_neg\"}"},
	{"batch_normalization", NULL, NULL,
	 "{\"gamma_constraint\":{\"kind\":\"min_max_norm\",\"min_value\":20,\"max_value\":22,"
	 "\"rate\":0.5},\"beta_constraint\":{\"kind\":\"max_norm\",\"max_value\":0.01}}"},
	{"dense", NULL, NULL,
	 "{\"units\":600,\"activation\":\"tanh\",\"kernel_constraint\":{\"kind\":\"unit_norm\","
	 "\"axis\":1}}"},
	{"dense", NULL, NULL,
	 "{\"units\":4,\"activation\":\"softmax\",\"kernel_constraint\":\"non_neg\","
	 "\"trainable\":false}"},
};

/* The same of layers within others, whose rows are not whole tiles; the first has no bias. */
static const NetworkLayer within[] = {
	{"input", NULL, NULL, "{\"shape\":[3,437]}"},
	{"time_distributed", NULL, NULL,
	 "{\"layer\":{\"kind\":\"dense\",\"units\":600,\"activation\":\"tanh\","
	 "\"use_bias\":false}}"},
	{"time_distributed", NULL, NULL,
	 "{\"layer\":{\"kind\":\"dense\",\"units\":440,\"use_bias\":false,"
	 "\"kernel_regularizer\":{\"l1\":0.001,\"l2\":0.01}}}"},
	{"flatten", NULL, NULL, "{}"},
	{"spectral_normalization", NULL, NULL,
	 "{\"layer\":{\"kind\":\"dense\",\"units\":250,\"activation\":\"relu\"}}"},
	{"dense", NULL, NULL, "{\"units\":4,\"activation\":\"softmax\"}"},
};

static bool
has_all_gradients(const Network *network)
{
	return !network->run.plan->layerwise;
}

/* Layers updated one by one end where all together do. */
static void
check_layerwise(const char *name, const NetworkLayer *layers, int n_layers, const char *loss,
				const char *optimizer)
{
	Network *network = network_make(layers, n_layers, loss, NULL, optimizer);
	size_t n = network->model->n_params;
	nn_real *expected = malloc(n * sizeof(nn_real));
	double loss_expected;

	network_data(network, 7 * BATCH + 5, 4);
	network_reset(network, BATCH, 1, 0, true);
	loss_expected = network_train(network, network->n_records);
	CHECK(has_all_gradients(network), "%s: a plan has all gradients", name);
	memcpy(expected, network->run.params, n * sizeof(nn_real));
	network->gradient_room = LAYERS;
	for (int threads = 1; threads <= 3; threads++)
		for (int chunk = 0; chunk <= 4; chunk += 2)
		{
			double loss_value;

			/* twice: gradients are left zero */
			network_reset(network, BATCH, threads, chunk, true);
			loss_value = network_train(network, network->n_records);
			CHECK(network->run.step == 8 && fabs(loss_value - loss_expected) < 50 * TIGHT &&
					  reals_distance(expected, network->run.params, n) < 50 * TIGHT,
				  "%s: layer by layer, %d threads, chunk %d (%.2g)%s", name, threads, chunk,
				  reals_distance(expected, network->run.params, n),
				  has_all_gradients(network) ? ", all gradients" : "");
			CHECK(chunk > 0 || !has_all_gradients(network), "by fewer gradients");
		}
	free(expected);
}

static nn_real
least(const nn_real *x, size_t n)
{
	nn_real value = x[0];

	for (size_t i = 1; i < n; i++)
		value = x[i] < value ? x[i] : value;
	return value;
}

/* Nothing else differs: chunks, threads, the order of sums. */
static void
check_same(const char *name, const NetworkLayer *layers, int n_layers, const char *optimizer)
{
	static const size_t rooms[] = {LAYERS, ROWS};
	Network *network =
		network_make(layers, n_layers, "sparse_categorical_crossentropy", NULL, optimizer);
	size_t n = network->model->n_params;
	nn_real *expected;

	network_data(network, 3 * BATCH + 1, 6); /* at the end threads have no samples */
	for (int threads = 1; threads <= 3; threads++)
	{
		network->gradient_room = ALL;
		network_reset(network, BATCH, threads, 0, true);
		(void) network_train(network, network->n_records);
		CHECK(has_all_gradients(network) && !network->run.plan->by_rows, "%s: all gradients", name);
		expected = reals_copy(network->run.params, n);
		CHECK(reals_distance(expected, network->start, n) > 0, "%s: weights have moved", name);
		for (size_t r = 0; r < N(rooms); r++)
		{
			bool by_rows = rooms[r] == ROWS;

			network->gradient_room = rooms[r];
			network_reset(network, BATCH, threads, 0, true);
			(void) network_train(network, network->n_records);
			CHECK(network->run.plan->by_rows == by_rows && has_all_gradients(network) == by_rows,
				  "%s: %s", name, by_rows ? "by rows" : "layer by layer");
			/* of products of other heights OpenBLAS may add up in another order */
			CHECK(by_rows ? reals_distance(expected, network->run.params, n) < TIGHT
						  : reals_same_bits(expected, network->run.params, n),
				  "%s, %d threads: the same %s (%.2g)", name, threads,
				  by_rows ? "by rows" : "bits layer by layer",
				  reals_distance(expected, network->run.params, n));
		}
		free(expected);
	}
	if (layers == held)
		CHECK(least(network->run.params + 1024 * 600, 600) >= 0, "%s: biases are held", name);
}

/* What looks at more than one layer's gradient, or more than its sum, has all of them. */
static void
check_all_gradients(const char *what, const NetworkLayer *layers, int n_layers,
					const char *optimizer)
{
	Network *network =
		network_make(layers, n_layers, "sparse_categorical_crossentropy", NULL, optimizer);

	network_data(network, BATCH, 4);
	network->gradient_room = LAYERS;
	network_reset(network, BATCH, 1, 0, true);
	CHECK(has_all_gradients(network), "%s: all gradients", what);
	network->gradient_room = ROWS;
	network_reset(network, BATCH, 1, 0, true);
	CHECK(!network->run.plan->by_rows, "%s: of all rows", what);
}

/* By rows only where all of a batch is at hand, and no longer than a step may be held. */
static void
check_rows(void)
{
	Network *network =
		network_make(wide, N(wide), "sparse_categorical_crossentropy", NULL, "{\"kind\":\"adam\"}");

	network->gradient_room = ROWS;
	network_reset(network, BATCH, 2, 0, true);
	CHECK(network->run.plan->by_rows, "a chunk for each thread: by rows");
	network_reset(network, BATCH, 2, BATCH / 2, true);
	CHECK(!network->run.plan->by_rows, "two chunks for the first thread: not by rows");
	network_reset(network, 2000, 2, 1000, true);
	CHECK(!network->run.plan->by_rows, "a large batch: not by rows");
}

/* Raised again and again at any time, by a signal that the main thread alone takes. */
static volatile int interrupted;

static void
interrupt(int signal)
{
	(void) signal;
	interrupted = 1;
}

/* Every so many microseconds; 0: no more. */
static void
interrupt_every(int microseconds)
{
	struct itimerval timer = {{0, microseconds}, {0, microseconds}};

	(void) setitimer(ITIMER_REAL, &timer, NULL);
}

/* Before there are threads, which are to be left alone. */
static void
keep_from_threads(int how)
{
	sigset_t signals;

	(void) signal(SIGALRM, interrupt);
	sigemptyset(&signals);
	sigaddset(&signals, SIGALRM);
	(void) pthread_sigmask(how, &signals, NULL);
}

/* Interrupts at any time: what comes out is the same to the last bit. */
static void
check_restless(size_t gradient_room, int threads)
{
	Network *network =
		network_make(wide, N(wide), "sparse_categorical_crossentropy", NULL, "{\"kind\":\"adam\"}");
	size_t n = network->model->n_params;
	nn_real *expected = malloc(n * sizeof(nn_real));
	size_t most = 12 * BATCH;
	size_t all = 0;
	int interrupts = 0;

	network->gradient_room = gradient_room;
	network_data(network, most, 5);
	network_reset(network, BATCH, threads, 0, true);
	(void) network_train(network, most);
	memcpy(expected, network->run.params, n * sizeof(nn_real));
	network_reset(network, BATCH, threads, 0, true);
	nn_pool_watch(&interrupted);
	interrupt_every(137);
	while (all < most)
	{
		size_t done = 0;

		interrupts += nn_train_records(&network->run, (const void *const *) network->records + all,
									   most - all, &done) == NN_RUN_INTERRUPTED;
		all += done;
		interrupted = 0;
		/* other moments of a step; some steps take longer than any of these */
		interrupt_every(interrupts < 200 ? 50 + interrupts * 97 % 3000 : 0);
	}
	interrupt_every(0);
	nn_pool_watch(NULL);
	CHECK(memcmp(expected, network->run.params, n * sizeof(nn_real)) == 0,
		  "%d interrupts of %d threads%s: the same weights", interrupts, threads,
		  gradient_room == ALL			? ""
			  : gradient_room == LAYERS ? ", layer by layer"
										: ", by rows");
	free(expected);
}

int
main(void)
{
	(void) nn_blas_load(NULL);
	keep_from_threads(SIG_BLOCK);
	CHECK(nn_pool_grow(3) == 3, "a pool of three");
	keep_from_threads(SIG_UNBLOCK);
	check_layerwise("branched, adam", branched, N(branched), "sparse_categorical_crossentropy",
					"{\"kind\":\"adam\",\"learning_rate\":0.01,\"weight_decay\":0.1}");
	check_layerwise("branched, averages", branched, N(branched), "sparse_categorical_crossentropy",
					"{\"kind\":\"sgd\",\"momentum\":0.9,\"use_ema\":true,\"clipvalue\":0.01}");
	check_layerwise("plain", plain, N(plain), "binary_crossentropy",
					"{\"kind\":\"rmsprop\",\"learning_rate\":0.01}");
	check_layerwise("wide", wide, N(wide), "sparse_categorical_crossentropy",
					"{\"kind\":\"adam\",\"learning_rate\":0.001}");
	check_layerwise("places, sgd", places, N(places), "sparse_categorical_crossentropy",
					"{\"kind\":\"sgd\",\"learning_rate\":0.1}");
	check_same("constraints, sgd", held, N(held),
			   "{\"kind\":\"sgd\",\"learning_rate\":0.5,\"momentum\":0.9,\"clipvalue\":0.001}");
	check_same("constraints, adam", held, N(held),
			   "{\"kind\":\"adam\",\"learning_rate\":0.01,\"weight_decay\":0.1}");
	check_same("constraints, averages", held, N(held),
			   "{\"kind\":\"rmsprop\",\"learning_rate\":0.01,\"use_ema\":true,"
			   "\"ema_momentum\":0.5,\"ema_overwrite_frequency\":2}");
	check_same("constraints, averages kept apart", held, N(held),
			   "{\"kind\":\"schedule_free_adamw\",\"learning_rate\":0.01}");
	check_same("wide, lion", wide, N(wide),
			   "{\"kind\":\"lion\",\"weight_decay\":0.1,\"clipvalue\":0.001}");
	check_same("layers within others", within, N(within),
			   "{\"kind\":\"adam\",\"learning_rate\":0.01}");
	check_rows();
	check_all_gradients("places", places, N(places), "{\"kind\":\"adam\"}");
	check_all_gradients("clipnorm", wide, N(wide), "{\"kind\":\"adam\",\"clipnorm\":1}");
	check_all_gradients("global_clipnorm", wide, N(wide),
						"{\"kind\":\"adam\",\"global_clipnorm\":1}");
	check_all_gradients("accumulation", wide, N(wide),
						"{\"kind\":\"adam\",\"gradient_accumulation_steps\":2}");
	check_all_gradients("whole tensors", wide, N(wide), "{\"kind\":\"muon\"}");
	for (int threads = 1; threads <= 3; threads++)
	{
		check_restless(ALL, threads);
		check_restless(LAYERS, threads);
		check_restless(ROWS, threads);
	}
	nn_pool_end();
	return unit_done();
}
