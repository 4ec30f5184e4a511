/*
 * run_packed.c
 *	  Predictions with packed weights against those without, for each kind of
 *	  layer that packs them and for layers that wrap one.
 */
#include <stdlib.h>
#include <string.h>

#include "core/layers/layer.h"
#include "test/unit/network.h"
#include "test/unit/reals.h"
#include "test/unit/unit.h"

#ifdef NN_DOUBLE
#define TIGHT 0
#else
#define TIGHT 2e-6
#endif

#define N(layers) ((int) (sizeof(layers) / sizeof((layers)[0])))
#define SAMPLES 150
#define END                                  \
	{                                        \
		"dense", NULL, NULL, "{\"units\":3}" \
	}

static const NetworkLayer dense[] = {
	{"input", NULL, NULL, "{\"shape\":[37]}"},
	{"dense", NULL, NULL, "{\"units\":300,\"activation\":\"relu\"}"},
	{"dense", NULL, NULL, "{\"units\":33,\"use_bias\":false}"},
	END,
};
static const NetworkLayer steps[] = {
	{"input", NULL, NULL, "{\"shape\":[5,4]}"},
	{"time_distributed", NULL, NULL, "{\"layer\":{\"kind\":\"dense\",\"units\":17}}"},
	{"dense", NULL, NULL, "{\"units\":12}"},
	{"flatten", NULL, NULL, "{}"},
	END,
};
static const NetworkLayer images[] = {
	{"input", NULL, NULL, "{\"shape\":[9,8,2]}"},
	{"conv2d", NULL, NULL, "{\"filters\":12,\"kernel_size\":3,\"activation\":\"gelu\"}"},
	{"conv2d", NULL, NULL, "{\"filters\":4,\"kernel_size\":[2,3],\"groups\":2}"},
	{"conv2d", NULL, NULL, "{\"filters\":20,\"kernel_size\":1,\"use_bias\":false}"},
	{"flatten", NULL, NULL, "{}"},
	END,
};
static const NetworkLayer signals[] = {
	{"input", NULL, NULL, "{\"shape\":[12,3]}"},
	{"conv1d", NULL, NULL, "{\"filters\":20,\"kernel_size\":4,\"padding\":\"causal\"}"},
	{"lstm", NULL, NULL, "{\"units\":32,\"return_sequences\":true}"},
	{"gru", NULL, NULL, "{\"units\":32,\"return_sequences\":true}"},
	{"gru", NULL, NULL, "{\"units\":7,\"return_sequences\":true,\"reset_after\":false}"},
	{"bidirectional", NULL, NULL,
	 "{\"layer\":{\"kind\":\"lstm\",\"units\":5,\"return_sequences\":true}}"},
	{"simple_rnn", NULL, NULL, "{\"units\":9,\"go_backwards\":true}"},
	END,
};
static const NetworkLayer branches[] = {
	{"input", "in", NULL, "{\"shape\":[10]}"},
	{"dense", "left", "in", "{\"units\":16}"},
	{"dense", "right", "in", "{\"units\":16}"},
	{"add", NULL, "left right", "{}"},
	END,
};

/* A weight of each parameter that is packed; if none is, the first of all. */
static void
change(const NNModel *model, nn_real *params, bool packs)
{
	if (!packs)
		params[0] += 10;
	for (int i = 0; i < model->n_layers; i++)
		for (int p = 0; p < model->layers[i].packs; p++)
			params[model->layers[i].param_offset + model->layers[i].params[p].offset] += 10;
}

static void
check_network(const char *name, const NetworkLayer *layers, int n_layers)
{
	Network *network = network_make(layers, n_layers, "mse", NULL, "{\"kind\":\"sgd\"}");
	const NNModel *model = network->model;
	size_t bytes = (model->n_packed * sizeof(nn_real) + NN_ALIGN) & ~(size_t) (NN_ALIGN - 1);
	size_t n = SAMPLES * network->out;
	nn_real *x = malloc(SAMPLES * network->in * sizeof(nn_real));
	nn_real *y = malloc(n * sizeof(nn_real));
	nn_real *expected = malloc(n * sizeof(nn_real));
	nn_real *packed = aligned_alloc(NN_ALIGN, bytes);
	NNRandom random = nn_random(8, 0);
	const bool packs = nn_packed_reals(64, 64) > 0;
	double off;

	for (size_t i = 0; i < SAMPLES * network->in; i++)
		x[i] = (nn_real) nn_random_normal(&random);
	CHECK((model->n_packed > 0) == packs, "%s: %zu reals of packed weights", name, model->n_packed);
	for (int threads = 1; threads <= 3; threads += 2)
	{
		network_reset(network, SAMPLES, threads, 0, false);
		network->run.packed = NULL;
		CHECK(nn_predict_reals(&network->run, x, SAMPLES, expected) == NN_RUN_DONE &&
				  nn_sum_squares(expected, n) > 0,
			  "%s: plain", name);
		memset(packed, 0xff, bytes);
		nn_model_pack(model, NN_FLOAT32, network->run.params, packed);
		network->run.packed = packed;
		memset(y, 0xff, n * sizeof(nn_real));
		CHECK(nn_predict_reals(&network->run, x, SAMPLES, y) == NN_RUN_DONE, "%s: packed", name);
		off = reals_difference(y, expected, n);
		CHECK(off <= TIGHT, "%s: packed, %d threads, off by %.2g", name, threads, off);
		/* weights that change after packing show that the copy is read */
		change(model, network->run.params, packs);
		CHECK(nn_predict_reals(&network->run, x, SAMPLES, expected) == NN_RUN_DONE &&
				  reals_same_bits(y, expected, n) == packs,
			  "%s: the packed weights are those that count", name);
	}
	network->run.packed = NULL;
	free(x);
	free(y);
	free(expected);
	free(packed);
}

int
main(void)
{
	(void) nn_blas_load(NULL);
	CHECK(nn_pool_grow(3) == 3, "a pool of three");
	check_network("dense", dense, N(dense));
	check_network("steps", steps, N(steps));
	check_network("images", images, N(images));
	check_network("signals", signals, N(signals));
	check_network("branches", branches, N(branches));
	nn_pool_end();
	return unit_done();
}
