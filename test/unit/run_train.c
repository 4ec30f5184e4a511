/*
 * run_train.c
 *	  Whole networks through the face of the core: gradients against finite
 *	  differences, the same result for any chunking, interrupts, divergence.
 *
 * The gradient is read off one step of plain SGD with learning rate 1; the
 * loss in training mode off a step with learning rate 0.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/layers/layer.h"
#include "test/unit/networks.h"
#include "test/unit/reals.h"
#include "test/unit/unit.h"

#ifdef NN_DOUBLE
/* All trainable parameters' gradients against central differences. */
static void
check_gradient(const char *name, const NetworkLayer *layers, int n_layers, const char *loss,
			   const char *metrics, int threads, int chunk)
{
	Network *network =
		network_make(layers, n_layers, loss, metrics, "{\"kind\":\"sgd\",\"learning_rate\":1}");
	Network *probe =
		network_make(layers, n_layers, loss, NULL, "{\"kind\":\"sgd\",\"learning_rate\":0}");
	double worst = 0;
	double h = 1e-5;

	network_data(network, BATCH, 3);
	network_data(probe, BATCH, 3);
	network_reset(network, BATCH, threads, chunk, true);
	(void) network_train(network, BATCH);
	for (int l = 1; l < network->model->n_layers; l++)
	{
		const NNLayer *layer = &network->model->layers[l];

		for (int p = 0; p < layer->n_params; p++)
			for (size_t i = 0; i < layer->params[p].size && layer->params[p].trainable; i++)
			{
				size_t at = layer->param_offset + layer->params[p].offset + i;
				double up, down, numeric,
					got = (double) (network->start[at] - network->run.params[at]);

				network_reset(probe, BATCH, 1, 0, true);
				probe->run.params[at] += (nn_real) h;
				up = network_train(probe, BATCH);
				network_reset(probe, BATCH, 1, 0, true);
				probe->run.params[at] -= (nn_real) h;
				down = network_train(probe, BATCH);
				numeric = (up - down) / (2 * h);
				if (!(fabs(numeric - got) / (fabs(numeric) + fabs(got) + 1e-3) <= worst))
					worst = fabs(numeric - got) / (fabs(numeric) + fabs(got) + 1e-3);
			}
	}
	CHECK(worst < 1e-5, "%s: gradient, %d threads, chunk %d (worst %.2g)", name, threads, chunk,
		  worst);
}
#endif

/* Cross-entropies with the activation that is not theirs. */
static const NetworkLayer softmax_end[] = {
	{"input", NULL, NULL, "{\"shape\":[5]}"},
	{"dense", NULL, NULL, "{\"units\":3,\"activation\":\"softmax\"}"},
};

static const NetworkLayer sigmoid_end[] = {
	{"input", NULL, NULL, "{\"shape\":[5]}"},
	{"dense", NULL, NULL, "{\"units\":6,\"activation\":\"tanh\"}"},
	{"dense", NULL, NULL, "{\"units\":3}"},
	{"activation", NULL, NULL, "{\"activation\":\"sigmoid\"}"},
};

/* 20 steps must not depend on how samples are shared out, up to rounding. */
static void
check_sharing(const char *name, const NetworkLayer *layers, int n_layers, const char *loss,
			  const char *optimizer)
{
	Network *network = network_make(layers, n_layers, loss, NULL, optimizer);
	size_t n = network->model->n_params;
	nn_real *expected = malloc(n * sizeof(nn_real));
	nn_real *again = malloc(n * sizeof(nn_real));

	network_data(network, 7 * BATCH + 5, 4);
	network_reset(network, BATCH, 1, 0, true);
	(void) network_train(network, network->n_records);
	memcpy(expected, network->run.params, n * sizeof(nn_real));
	for (int threads = 1; threads <= 3; threads++)
		for (int chunk = 0; chunk <= 4; chunk += 2)
		{
			double loss_value;

			network_reset(network, BATCH, threads, chunk, true);
			loss_value = network_train(network, network->n_records);
			CHECK(network->run.step == 8 && isfinite(loss_value) &&
					  reals_distance(expected, network->run.params, n) < 50 * TIGHT,
				  "%s: %d threads, chunk %d train alike (%.2g)", name, threads, chunk,
				  reals_distance(expected, network->run.params, n));
			memcpy(again, network->run.params, n * sizeof(nn_real));
			network_reset(network, BATCH, threads, chunk, true);
			(void) network_train(network, network->n_records);
			CHECK(memcmp(again, network->run.params, n * sizeof(nn_real)) == 0,
				  "%s: %d threads, chunk %d: bit for bit the same again", name, threads, chunk);
		}
	free(expected);
	free(again);
}

/* What changes its parameters before each step, alone and at each step. */
static const NetworkLayer begun[] = {
	{"input", NULL, NULL, "{\"shape\":[5,3]}"},
	{"time_distributed", NULL, NULL,
	 "{\"layer\":{\"kind\":\"spectral_normalization\",\"layer\":{\"kind\":\"dense\",\"units\":6}}"
	 "}"},
	{"flatten", NULL, NULL, "{}"},
	{"spectral_normalization", NULL, NULL,
	 "{\"layer\":{\"kind\":\"dense\",\"units\":4,\"activation\":\"softmax\"},\"power_iterations\":"
	 "3}"},
};

/* The same with so many rows that threads share a gradient, and sums have a map. */
static const NetworkLayer many_rows[] = {
	{"input", NULL, NULL, "{\"shape\":[9]}"},
	{"rescaling", NULL, NULL, "{\"scale\":2.999,\"shift\":3}"},
	{"embedding", NULL, NULL, "{\"input_dim\":90000,\"output_dim\":3}"},
	{"flatten", NULL, NULL, "{}"},
	{"dense", NULL, NULL, "{\"units\":4,\"activation\":\"softmax\"}"},
};

/* As many weights in fewer rows than there are places: sums need no map. */
static const NetworkLayer long_rows[] = {
	{"input", NULL, NULL, "{\"shape\":[9]}"},
	{"rescaling", NULL, NULL, "{\"scale\":2.999,\"shift\":3}"},
	{"embedding", NULL, NULL, "{\"input_dim\":7,\"output_dim\":40000}"},
	{"global_average_pooling1d", NULL, NULL, "{}"},
	{"dense", NULL, NULL, "{\"units\":4,\"activation\":\"softmax\"}"},
};

/* A table of many rows learns what one of those that are used does. */
static void
check_many_rows(const char *optimizer)
{
	Network *few =
		network_make(places, N(places), "sparse_categorical_crossentropy", NULL, optimizer);
	Network *many =
		network_make(many_rows, N(many_rows), "sparse_categorical_crossentropy", NULL, optimizer);
	const size_t table = few->model->layers[2].param_size;
	const size_t rest = few->model->n_params - table;
	const size_t rest_at = many->model->n_params - rest;

	CHECK(many->model->layers[2].split_gradient, "the large table's gradient is split");
	memcpy(many->start, few->start, table * sizeof(nn_real));
	memcpy(many->start + rest_at, few->start + table, rest * sizeof(nn_real));
	network_data(few, 7 * BATCH + 5, 4);
	network_data(many, 7 * BATCH + 5, 4);
	network_reset(few, BATCH, 1, 0, true);
	(void) network_train(few, few->n_records);
	for (int threads = 1; threads <= 3; threads++)
		for (int chunk = 0; chunk <= 2; chunk += 2)
		{
			double worst;
			double rest_worst;
			bool still = true;

			network_reset(many, BATCH, threads, chunk, true);
			(void) network_train(many, many->n_records);
			worst = reals_distance(few->run.params, many->run.params, table);
			rest_worst = reals_distance(few->run.params + table, many->run.params + rest_at, rest);
			for (size_t i = table; i < rest_at; i++)
				still = still && many->run.params[i] == many->start[i];
			CHECK(worst < 50 * TIGHT && rest_worst < 50 * TIGHT,
				  "%s: %d threads, chunk %d: a large table is trained as a small one (%.2g, %.2g)",
				  optimizer, threads, chunk, worst, rest_worst);
			CHECK(still, "and rows of no id stay");
		}
}

/* A convolution with one window, whose kernel's gradient threads share, and the same as dense. */
static void
check_large_kernel(void)
{
	static const NetworkLayer window[] = {
		{"input", NULL, NULL, "{\"shape\":[2,2048]}"},
		{"conv1d", NULL, NULL, "{\"filters\":256,\"kernel_size\":2,\"activation\":\"relu\"}"},
		{"flatten", NULL, NULL, "{}"},
		{"dense", NULL, NULL, "{\"units\":4,\"activation\":\"softmax\"}"},
	};
	static const NetworkLayer flat[] = {
		{"input", NULL, NULL, "{\"shape\":[2,2048]}"},
		{"flatten", NULL, NULL, "{}"},
		{"dense", NULL, NULL, "{\"units\":256,\"activation\":\"relu\"}"},
		{"dense", NULL, NULL, "{\"units\":4,\"activation\":\"softmax\"}"},
	};
	static const char optimizer[] = "{\"kind\":\"sgd\",\"learning_rate\":0.01}";
	Network *conv =
		network_make(window, N(window), "sparse_categorical_crossentropy", NULL, optimizer);
	Network *dense =
		network_make(flat, N(flat), "sparse_categorical_crossentropy", NULL, optimizer);
	size_t n = conv->model->n_params;

	CHECK(conv->model->layers[1].split_gradient && n == dense->model->n_params,
		  "the large kernel's gradient is split");
	memcpy(conv->start, dense->start, n * sizeof(nn_real));
	network_data(conv, 3 * BATCH + 5, 4);
	network_data(dense, 3 * BATCH + 5, 4);
	network_reset(dense, BATCH, 1, 0, true);
	(void) network_train(dense, dense->n_records);
	for (int threads = 1; threads <= 3; threads++)
	{
		network_reset(conv, BATCH, threads, 2, true);
		(void) network_train(conv, conv->n_records);
		CHECK(reals_distance(dense->run.params, conv->run.params, n) < 50 * TIGHT &&
				  reals_distance(dense->start, conv->run.params, n) > 1e-4,
			  "%d threads: a large kernel is trained as dense (%.2g)", threads,
			  reals_distance(dense->run.params, conv->run.params, n));
	}
}

/* One step of an id at two places: squares are summed, a regularizer sums before. */
static void
check_two_places(void)
{
	static const NetworkLayer plain_table[] = {
		{"input", NULL, NULL, "{\"shape\":[2]}"},
		{"embedding", NULL, NULL, "{\"input_dim\":1,\"output_dim\":1}"},
		{"global_average_pooling1d", NULL, NULL, "{}"},
	};
	static const NetworkLayer regular_table[] = {
		{"input", NULL, NULL, "{\"shape\":[2]}"},
		{"embedding", NULL, NULL,
		 "{\"input_dim\":1,\"output_dim\":1,\"embeddings_regularizer\":{\"l2\":1e-12}}"},
		{"global_average_pooling1d", NULL, NULL, "{}"},
	};
	static const struct
	{
		const char *optimizer;
		double places, sum; /* what the weight 1 becomes: as Keras 3.15 on TensorFlow */
	} expected[] = {
		{"{\"kind\":\"rmsprop\",\"learning_rate\":0.1}", 0.5527864, 0.6837722},
		{"{\"kind\":\"sgd\",\"learning_rate\":0.1,\"clipnorm\":1}", 0.8585786, 0.9},
		{"{\"kind\":\"sgd\",\"learning_rate\":0.1,\"clipvalue\":0.75}", 0.85, 0.925},
		{"{\"kind\":\"adamax\",\"learning_rate\":0.1,\"clipvalue\":0.75}", 0.9, 0.9},
	};

	for (int i = 0; i < N(expected); i++)
		for (int regular = 0; regular < 2; regular++)
		{
			Network *network = network_make(regular ? regular_table : plain_table, 3, "mse", NULL,
											expected[i].optimizer);

			network_data(network, 1, 3);
			/* ids that are too large are held within the table; the target is 0 */
			memset(network->records[0], 0, nn_record_bytes(network->format, &(NNRecordHead){0}));
			network->start[0] = 1;
			network_reset(network, 1, 1, 0, true);
			(void) network_train(network, 1);
			CHECK_CLOSE(network->run.params[0], regular ? expected[i].sum : expected[i].places,
						1e-5);
		}
}

/* A cross-entropy is the same as loss and as metric, whatever the loss is. */
static void
check_metric(const char *name, const NetworkLayer *layers, int n_layers, const char *metric,
			 const char *other)
{
	Network *network = network_make(layers, n_layers, metric, metric, "{\"kind\":\"sgd\"}");
	Network *beside = network_make(layers, n_layers, other, metric, "{\"kind\":\"sgd\"}");
	size_t n = network->model->n_params;
	double loss;

	for (size_t i = 0; i < n; i++)
		network->start[i] *= 40; /* far from where probabilities are clipped */
	memcpy(beside->start, network->start, n * sizeof(nn_real));
	for (int training = 0; training < 2; training++)
	{
		network_data(network, BATCH, 3);
		network_data(beside, BATCH, 3);
		network_reset(network, BATCH, 2, 2, training);
		network_reset(beside, BATCH, 2, 2, training);
		for (int i = 0; i < 2; i++)
		{
			Network *one = i == 0 ? network : beside;
			size_t done;

			if (training)
				(void) nn_train_records(&one->run, (const void *const *) one->records, BATCH,
										&done);
			else
				(void) nn_evaluate_records(&one->run, (const void *const *) one->records, BATCH,
										   &done);
		}
		loss = network_loss(network);
		CHECK(loss > 1, "%s, %s: a loss to speak of (%g)", name, metric, loss);
		CHECK_CLOSE(network_metric(network, 0, 0), loss, TIGHT * loss);
		CHECK_CLOSE(network_metric(beside, 0, 0), loss, TIGHT * loss);
	}
}

/* A flag that is up stops training without a trace; going on gives what would have been. */
static void
check_interrupt(const NetworkLayer *layers, int n_layers, size_t gradient_room)
{
	Network *network = network_make(layers, n_layers, "sparse_categorical_crossentropy", NULL,
									"{\"kind\":\"adam\"}");
	size_t n = network->model->n_params;
	nn_real *expected = malloc(n * sizeof(nn_real));
	volatile int flag = 1;
	size_t done = 99;
	NNRunResult result;

	network->gradient_room = gradient_room;
	network_data(network, 4 * BATCH, 5);
	network_reset(network, BATCH, 2, 3, true);
	(void) network_train(network, 4 * BATCH);
	memcpy(expected, network->run.params, n * sizeof(nn_real));

	network_reset(network, BATCH, 2, 3, true);
	nn_pool_watch(&flag);
	result =
		nn_train_records(&network->run, (const void *const *) network->records, 4 * BATCH, &done);
	CHECK(result == NN_RUN_INTERRUPTED && done == 0 && network->run.step == 0,
		  "an interrupt stops the first step");
	CHECK(memcmp(network->start, network->run.params, n * sizeof(nn_real)) == 0,
		  "and changes nothing");
	flag = 0;
	result =
		nn_train_records(&network->run, (const void *const *) network->records, 4 * BATCH, &done);
	CHECK(result == NN_RUN_DONE && done == 4 * BATCH, "training goes on after it");
	CHECK(memcmp(expected, network->run.params, n * sizeof(nn_real)) == 0, "to the same weights");
	nn_pool_watch(NULL);
	free(expected);
}

static void
check_divergence(void)
{
	Network *network =
		network_make(plain, N(plain), "mse", NULL, "{\"kind\":\"sgd\",\"learning_rate\":0.1}");
	size_t done;

	network_data(network, BATCH, 6);
	network_reset(network, BATCH, 2, 0, true);
	network->run.params[0] = (nn_real) NAN;
	CHECK(nn_train_records(&network->run, (const void *const *) network->records, BATCH, &done) ==
				  NN_RUN_DIVERGED &&
			  done == 0 && network->run.step == 0,
		  "a NaN in the loss ends training");
}

/* Evaluation and prediction: the same for any number of threads, and one by one. */
static void
check_inference(void)
{
	Network *network = network_make(branched, N(branched), "sparse_categorical_crossentropy",
									"accuracy", "{\"kind\":\"adam\"}");
	size_t n = 101;
	nn_real *x = malloc(n * network->in * sizeof(nn_real));
	nn_real *y = malloc(n * network->out * sizeof(nn_real));
	nn_real *one = malloc(network->out * sizeof(nn_real));
	double loss = 0;

	network_data(network, n, 8);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < network->in; k++)
			x[i * network->in + k] =
				(nn_real) ((float *) ((char *) network->records[i] +
									  nn_record_x_at(network->format, &(NNRecordHead){0}, 0)))[k];
	for (int threads = 1; threads <= 3; threads++)
	{
		double worst = 0;
		size_t done;

		network_reset(network, 64, threads, threads == 2 ? 3 : 0, false);
		(void) nn_evaluate_records(&network->run, (const void *const *) network->records, n, &done);
		if (threads == 1)
			loss = network_loss(network);
		CHECK(done == n && network->run.totals->losses.samples == (double) n,
			  "evaluate takes all samples");
		CHECK_CLOSE(network_loss(network), loss, TIGHT);
		(void) nn_predict_reals(&network->run, x, n, y);
		network_reset(network, 1, 1, 0, false);
		for (size_t i = 0; i < n; i++)
		{
			double difference;

			nn_predict_one(&network->run, x + i * network->in, one);
			difference = reals_distance(one, y + i * network->out, network->out);
			worst = difference > worst ? difference : worst;
		}
		CHECK(worst < TIGHT, "rows together or one by one predict the same, %d threads (%.2g)",
			  threads, worst);
	}
	free(x);
	free(y);
	free(one);
}

/* Predict n of the expected samples while x is still being filled from all. */
static NNRunResult
predict_filling(Network *network, const nn_real *all, nn_real *x, size_t expected, size_t n,
				nn_real *y)
{
	NNPrediction prediction;

	memset(x, 0xff, expected * network->in * sizeof(nn_real));
	nn_predict_begin(&prediction, &network->run, x, expected, y);
	for (size_t i = 0; i < n; i++)
	{
		memcpy(x + i * network->in, all + i * network->in, network->in * sizeof(nn_real));
		nn_predict_ready(&prediction, i + 1);
	}
	return nn_predict_finish(&prediction, n);
}

/* What is predicted while x is filled: the very same, at every number of samples. */
static void
check_filling(void)
{
	Network *network = network_make(branched, N(branched), "sparse_categorical_crossentropy", NULL,
									"{\"kind\":\"adam\"}");
	const size_t most = 700;
	size_t y_size = most * network->out * sizeof(nn_real);
	nn_real *all = malloc(most * network->in * sizeof(nn_real));
	nn_real *x = malloc(most * network->in * sizeof(nn_real));
	nn_real *y = malloc(y_size);
	nn_real *expected = malloc(y_size);
	NNRandom random = nn_random(9, 0);

	for (size_t i = 0; i < most * network->in; i++)
		all[i] = (nn_real) nn_random_uniform(&random);
	for (int threads = 1; threads <= 3; threads++)
	{
		network_reset(network, (int) most, threads, threads == 2 ? 13 : 0, false);
		CHECK(nn_predict_reals(&network->run, all, most, expected) == NN_RUN_DONE, "all at once");
		for (int i = 0; i < 20; i++)
		{
			size_t n = i == 0 ? most : (size_t) i * 37 - 36;

			memset(y, 0xff, y_size);
			CHECK(predict_filling(network, all, x, most, n, y) == NN_RUN_DONE &&
					  reals_distance(y, expected, n * network->out) < TIGHT,
				  "%zu of %zu samples while they are filled, %d threads", n, most, threads);
			CHECK(i > 0 || memcmp(y, expected, y_size) == 0, "to the last bit");
		}
	}
	free(all);
	free(x);
	free(y);
	free(expected);
}

/* How many of two threads a plan takes for batches of so many. */
static int
threads_taken(const NetworkLayer *layers, int n_layers, int batch)
{
	Network *network =
		network_make(layers, n_layers, "mse", NULL, "{\"kind\":\"sgd\",\"learning_rate\":1}");
	NNPlanRequest request = {
		.batch = batch,
		.threads = 2,
		.training = true,
		.optimizer = &network->optimizer,
		.objectives = &network->objectives,
		.format = network->format,
	};
	NNError error = {0};
	NNPlan *plan = malloc(nn_plan_bytes(network->model));
	int taken;

	CHECK(nn_plan_make(plan, network->model, &request, &error), "a plan: %s", error.message);
	taken = nn_plan_threads(plan);
	free(plan);
	return taken;
}

/* One thread where parameters would travel more than work is shared. */
static void
check_choice_of_threads(void)
{
	static const NetworkLayer digits[] = {
		{"input", NULL, NULL, "{\"shape\":[784]}"},
		{"dense", NULL, NULL, "{\"units\":128}"},
	};
	static const NetworkLayer large[] = {
		{"input", NULL, NULL, "{\"shape\":[784]}"},
		{"dense", NULL, NULL, "{\"units\":1024}"},
	};
	static const NetworkLayer frozen[] = {
		{"input", NULL, NULL, "{\"shape\":[784]}"},
		{"dense", NULL, NULL, "{\"units\":128,\"trainable\":false}"},
		{"dense", NULL, NULL, "{\"units\":2}"},
	};
	static const NetworkLayer words[] = {
		{"input", NULL, NULL, "{\"shape\":[100]}"},
		{"embedding", NULL, NULL, "{\"input_dim\":20000,\"output_dim\":16}"},
		{"flatten", NULL, NULL, "{}"},
		{"dense", NULL, NULL, "{\"units\":8}"},
	};

	CHECK(threads_taken(digits, N(digits), 16) == 1, "small batches of a small network");
	CHECK(threads_taken(digits, N(digits), 64) == 2, "larger ones");
	CHECK(threads_taken(large, N(large), 16) == 2, "a network that fits no cache");
	CHECK(threads_taken(frozen, N(frozen), 16) == 2, "what does not learn does not travel");
	CHECK(threads_taken(words, N(words), 64) == 2, "nor does a table of ids");
}

int
main(void)
{
	(void) nn_blas_load(NULL);
	CHECK(nn_pool_grow(3) == 3, "a pool of three");
#ifdef NN_DOUBLE
	for (int threads = 1; threads <= 3; threads++)
		for (int chunk = 0; chunk <= 2; chunk += 2)
		{
			check_gradient("branched, cross-entropy", branched, N(branched),
						   "sparse_categorical_crossentropy", NULL, threads, chunk);
			check_gradient("plain, binary cross-entropy", plain, N(plain), "binary_crossentropy",
						   NULL, threads, chunk);
			check_gradient("plain, mean squared error", plain, N(plain), "mse", NULL, threads,
						   chunk);
			check_gradient("softmax, binary cross-entropy", softmax_end, N(softmax_end),
						   "binary_crossentropy", NULL, threads, chunk);
			check_gradient("sigmoid, cross-entropy", sigmoid_end, N(sigmoid_end),
						   "categorical_crossentropy", NULL, threads, chunk);
			check_gradient("sigmoid, sparse cross-entropy", sigmoid_end, N(sigmoid_end),
						   "sparse_categorical_crossentropy", NULL, threads, chunk);
			check_gradient("softmax, cross-entropy as metric", softmax_end, N(softmax_end), "mse",
						   "binary_crossentropy", threads, chunk);
			check_gradient("sigmoid, cross-entropy as metric", sigmoid_end, N(sigmoid_end), "mse",
						   "categorical_crossentropy", threads, chunk);
		}
#endif
	check_sharing("branched", branched, N(branched), "sparse_categorical_crossentropy",
				  "{\"kind\":\"adam\",\"learning_rate\":0.01}");
	check_sharing("plain", plain, N(plain), "binary_crossentropy",
				  "{\"kind\":\"adam\",\"learning_rate\":0.01}");
	check_sharing("places", places, N(places), "sparse_categorical_crossentropy",
				  "{\"kind\":\"adam\",\"learning_rate\":0.01}");
	check_sharing("places, adamax, clipnorm", places, N(places), "sparse_categorical_crossentropy",
				  "{\"kind\":\"adamax\",\"learning_rate\":0.01,\"clipnorm\":0.1}");
	check_sharing("places, clipvalue", places, N(places), "sparse_categorical_crossentropy",
				  "{\"kind\":\"rmsprop\",\"learning_rate\":0.01,\"clipvalue\":0.003}");
	check_sharing("long rows", long_rows, N(long_rows), "sparse_categorical_crossentropy",
				  "{\"kind\":\"adam\",\"learning_rate\":0.01,\"clipnorm\":0.1}");
	check_sharing("begun", begun, N(begun), "sparse_categorical_crossentropy",
				  "{\"kind\":\"sgd\",\"learning_rate\":0.1}");
	check_choice_of_threads();
	check_many_rows("{\"kind\":\"adam\",\"learning_rate\":0.01}");
	check_many_rows("{\"kind\":\"sgd\",\"learning_rate\":0.01,\"clipnorm\":0.01}");
	check_many_rows("{\"kind\":\"adamax\",\"learning_rate\":0.01,\"clipnorm\":0.1}");
	check_many_rows("{\"kind\":\"rmsprop\",\"learning_rate\":0.01,\"clipvalue\":0.003}");
	check_many_rows("{\"kind\":\"adam\",\"learning_rate\":0.01,\"global_clipnorm\":0.05}");
	check_large_kernel();
	check_two_places();
	check_metric("softmax", softmax_end, N(softmax_end), "sparse_categorical_crossentropy",
				 "sparse_categorical_crossentropy");
	check_metric("softmax", softmax_end, N(softmax_end), "categorical_crossentropy", "mse");
	check_metric("softmax", softmax_end, N(softmax_end), "binary_crossentropy",
				 "categorical_crossentropy");
	check_metric("sigmoid", sigmoid_end, N(sigmoid_end), "binary_crossentropy", "mae");
	check_metric("sigmoid", sigmoid_end, N(sigmoid_end), "categorical_crossentropy",
				 "binary_crossentropy");
	check_interrupt(branched, N(branched), 0);
	check_interrupt(branched, N(branched), 1);
	check_interrupt(begun, N(begun), 0);
	check_divergence();
	check_inference();
	check_filling();
	nn_pool_end();
	return unit_done();
}
