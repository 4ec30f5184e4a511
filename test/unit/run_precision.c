/*
 * run_precision.c
 *	  Training with products of bfloat16, by each backend that has them: by any
 *	  number of threads, again with the same bits, and near that of float32.
 */
#include <stdlib.h>
#include <string.h>

#include "core/kernels/backend.h"
#include "test/unit/network.h"
#include "test/unit/unit.h"

#define N(layers) ((int) (sizeof(layers) / sizeof((layers)[0])))
#define BATCH 40
#define RECORDS 200

/* The first has so many weights that threads share their gradient. */
static const NetworkLayer dense[] = {
	{"input", NULL, NULL, "{\"shape\":[530]}"},
	{"dense", NULL, NULL, "{\"units\":520,\"activation\":\"relu\"}"},
	{"dense", NULL, NULL, "{\"units\":5,\"activation\":\"softmax\"}"},
};
static const NetworkLayer conv[] = {
	{"input", NULL, NULL, "{\"shape\":[9,9,2]}"},
	{"conv2d", NULL, NULL, "{\"filters\":24,\"kernel_size\":3,\"activation\":\"relu\"}"},
	{"conv2d", NULL, NULL, "{\"filters\":20,\"kernel_size\":3,\"activation\":\"relu\"}"},
	{"flatten", NULL, NULL, "{}"},
	{"dense", NULL, NULL, "{\"units\":5,\"activation\":\"softmax\"}"},
};
static const NetworkLayer recurrent[] = {
	{"input", NULL, NULL, "{\"shape\":[7,20]}"},
	{"lstm", NULL, NULL, "{\"units\":33}"},
	{"dense", NULL, NULL, "{\"units\":5,\"activation\":\"softmax\"}"},
};

static double
train(Network *network, NNPrecision precision, int threads)
{
	network->precision = precision;
	network_reset(network, BATCH, threads, 0, true);
	return network_train(network, RECORDS);
}

static void
check(const char *name, const char *backend, const NetworkLayer *layers, int n_layers)
{
	Network *network = network_make(layers, n_layers, "sparse_categorical_crossentropy", NULL,
									"{\"kind\":\"adam\"}");
	const size_t bytes = network->model->n_params * sizeof(nn_real);
	nn_real *weights = malloc(bytes);
	double plain;

	network_data(network, RECORDS, 5);
	plain = train(network, NN_FLOAT32, 1);
	for (int threads = 1; threads <= 3; threads++)
	{
		const double loss = train(network, NN_BFLOAT16, threads);

		memcpy(weights, network->run.params, bytes);
		CHECK(fabs(loss - plain) < 0.02 * plain, "%s, %s, %d threads: %.4f, in float32 %.4f", name,
			  backend, threads, loss, plain);
		CHECK(train(network, NN_BFLOAT16, threads) == loss &&
				  memcmp(weights, network->run.params, bytes) == 0,
			  "again with the same bits");
	}
	free(weights);
}

int
main(void)
{
	int n;
	const NNBackend *const *all = nn_backend_table(&n);

	(void) nn_blas_load(NULL);
	(void) nn_pool_grow(nn_blas_reserve(3));
	CHECK(nn_precision_has(NN_FLOAT32), "float32 is everywhere");
	for (int i = 0; i < n; i++)
		if (all[i]->precision == NN_BFLOAT16 && nn_backend_force(all[i]->name) &&
			nn_precision_has(NN_BFLOAT16))
		{
			check("dense", all[i]->name, dense, N(dense));
			check("convolutions", all[i]->name, conv, N(conv));
			check("LSTM", all[i]->name, recurrent, N(recurrent));
		}
	return unit_done();
}
