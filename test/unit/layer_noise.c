/*
 * layer_noise.c
 *	  Noise in training: alpha_dropout, gaussian_dropout, gaussian_noise, and
 *	  dropout's noise_shape and seed: what is drawn, promises, refusals.
 */
#include <stdlib.h>

#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"
#include "test/unit/reals.h"

enum
{
	WIDTH = 5000,
	BATCH = 20,
	ALL = WIDTH * BATCH
};

/* Of x all of one value, in training: y's mean and variance. */
static void
moments(const char *kind, const char *config, double x, double *mean, double *variance)
{
	Probe *p = probe_make(
		&(ProbeSpec){.kind = kind, .config = config, .in = {nn_shape1(WIDTH)}, .batch = BATCH},
		NULL);
	double sum = 0, squares = 0;

	for (int i = 0; i < ALL; i++)
		p->x[0][i] = (nn_real) x;
	probe_forward(p, true);
	for (int i = 0; i < ALL; i++)
		sum += (double) p->y[i];
	*mean = sum / ALL;
	for (int i = 0; i < ALL; i++)
		squares += ((double) p->y[i] - *mean) * ((double) p->y[i] - *mean);
	*variance = squares / ALL;
	probe_free(p);
}

static void
distributions(void)
{
	double mean, variance;

	moments("gaussian_noise", "{\"stddev\": 0.5}", 2, &mean, &variance);
	CHECK(fabs(mean - 2) < 0.01 && fabs(variance - 0.25) < 0.01,
		  "noise of mean 0 and variance 0.25: %g, %g", mean - 2, variance);
	moments("gaussian_dropout", "{\"rate\": 0.2}", 2, &mean, &variance);
	CHECK(fabs(mean - 2) < 0.02 && fabs(variance - 1) < 0.03,
		  "a factor of mean 1 and variance 0.25: %g, %g", mean / 2, variance / 4);
	/* a standard normal x would keep mean and variance; of zeros the mean is a b' */
	moments("alpha_dropout", "{\"rate\": 0.3}", 0, &mean, &variance);
	CHECK(fabs(mean) < 0.02, "alpha dropout keeps the mean: %g", mean);
	moments("gaussian_noise", "{\"stddev\": 0}", 2, &mean, &variance);
	CHECK(mean == 2 && variance == 0, "no deviation, no noise");
}

/* By hand, as Keras: a (x or -1.758) + b. */
static void
alpha(void)
{
	const double limit = -1.6732632423543772 * 1.0507009873554805, rate = 0.3;
	const double a = pow((1 - rate) * (1 + rate * limit * limit), -0.5), b = -a * limit * rate;
	Probe *p = probe_make(&(ProbeSpec){.kind = "alpha_dropout",
									   .config = "{\"rate\": 0.3}",
									   .in = {nn_shape1(WIDTH)},
									   .batch = BATCH},
						  NULL);
	int dropped = 0;
	bool known = true, back = true;

	for (int i = 0; i < ALL; i++)
		p->x[0][i] = p->dy[i] = 1;
	probe_forward(p, true);
	probe_backward(p);
	for (int i = 0; i < ALL; i++)
	{
		bool kept = fabs((double) p->y[i] - (a + b)) < 1e-5;

		known = known && (kept || fabs((double) p->y[i] - (a * limit + b)) < 1e-5);
		back = back && fabs((double) p->dx[0][i] - (kept ? a : 0)) < 1e-5;
		dropped += !kept;
	}
	CHECK(known, "each is mapped, or dropped to selu's limit and mapped");
	CHECK(back, "the gradient is the slope of what stayed");
	CHECK(fabs(dropped - rate * ALL) < 6 * sqrt(ALL * rate * (1 - rate)),
		  "%d of %d are dropped at a rate of 0.3", dropped, (int) ALL);
	probe_free(p);
}

/* Dropout over (2, 3, 4), 50 samples: which axes each draw is for. */
static void
noise_shapes(void)
{
	static const struct
	{
		const char *shape;
		int same[4]; /* batch, then dimensions: whether values along it are dropped together */
	} cases[] = {
		{"[null, null, null, null]", {0, 0, 0, 0}}, {"[null, 1, null, null]", {0, 1, 0, 0}},
		{"[null, 2, 3, 1]", {0, 0, 0, 1}},			{"[null, 1, 1, null]", {0, 1, 1, 0}},
		{"[1, null, 3, 4]", {1, 0, 0, 0}},			{"[null, 1, 1, 1]", {0, 1, 1, 1}},
	};
	static const int size[4] = {50, 2, 3, 4}, step[4] = {24, 12, 4, 1};

	for (int k = 0; k < NN_ARRAY_LENGTH(cases); k++)
	{
		char config[100];
		Probe *p;
		bool right = true;

		snprintf(config, sizeof(config), "{\"rate\": 0.5, \"noise_shape\": %s}", cases[k].shape);
		p = probe_make(
			&(ProbeSpec){
				.kind = "dropout", .config = config, .in = {nn_shape3(2, 3, 4)}, .batch = 50},
			NULL);
		for (int i = 0; i < 1200; i++)
			p->x[0][i] = 1;
		probe_forward(p, true);
		for (int d = 0; d < 4; d++)
		{
			int differ = 0;

			for (int i = 0; i < 1200; i++)
				if (i / step[d] % size[d] > 0)
					differ += p->y[i] != p->y[i - step[d]];
			right = right && (differ == 0) == (cases[k].same[d] == 1);
		}
		CHECK(right, "noise_shape %s: what is dropped together", cases[k].shape);
		probe_free(p);
	}
}

static void
seeds(void)
{
	nn_real *first = probe_reals(3 * WIDTH);

	for (int i = 0; i < 3; i++)
	{
		Probe *p = probe_make(
			&(ProbeSpec){
				.kind = i == 2 ? "alpha_dropout" : "dropout",
				.config = "{\"rate\": 0.5, \"seed\": 7}",
				.in = {nn_shape1(WIDTH)},
				.batch = 1,
			},
			NULL);

		p->seed = (uint64_t) i; /* of the training */
		for (int k = 0; k < WIDTH; k++)
			p->x[0][k] = 1;
		probe_forward(p, true);
		for (int k = 0; k < WIDTH; k++)
			first[i * WIDTH + k] = p->y[k] > (nn_real) 0.5 ? 1 : 0;
		if (i == 0)
		{
			int same = 0;

			p->step++;
			probe_forward(p, true);
			for (int k = 0; k < WIDTH; k++)
				same += (p->y[k] > (nn_real) 0.5) == (first[k] > (nn_real) 0.5);
			CHECK(same < WIDTH * 0.6, "with a seed too each step draws afresh");
		}
		probe_free(p);
	}
	CHECK(memcmp(first, first + WIDTH, WIDTH * sizeof(nn_real)) == 0,
		  "a layer's own seed draws alike in each training");
	CHECK(memcmp(first, first + 2 * WIDTH, WIDTH * sizeof(nn_real)) == 0,
		  "and in each layer that has it");
	free(first);
}

/* Of recurrent layers: as the others'. */
static void
recurrent_seeds(const char *kind, const char *config)
{
	nn_real *first = NULL;
	size_t n = 0;

	for (int i = 0; i < 2; i++)
	{
		Probe *p = probe_make(
			&(ProbeSpec){.kind = kind, .config = config, .in = {nn_shape2(5, 3)}, .batch = 2},
			NULL);

		p->seed = (uint64_t) i; /* of the training */
		n = 2 * p->out_size;
		for (size_t k = 0; k < p->layer->param_size; k++)
			p->params[k] = (nn_real) (k % 7) / 10;
		for (int k = 0; k < 30; k++)
			p->x[0][k] = (nn_real) (1 + k % 5);
		probe_forward(p, true);
		if (i == 0)
			first = reals_copy(p->y, n);
		else
			CHECK(reals_same_bits(first, p->y, n), "%s: a seed draws alike in each training", kind);
		p->step++;
		probe_forward(p, true);
		CHECK(reals_distance(first, p->y, n) > 0, "%s: each step draws afresh", kind);
		probe_free(p);
	}
	free(first);
}

static void
gradients(void)
{
	GRADCHECK(.kind = "alpha_dropout", .config = "{\"rate\": 0.4}", .in = {{2, {3, 4}}},
			  .batch = 7);
	GRADCHECK(.kind = "alpha_dropout",
			  .config = "{\"rate\": 0.4, \"noise_shape\": [null, 1, null], \"seed\": 1}",
			  .in = {{2, {NN_ANY, 4}}}, .steps = 6, .batch = 5, .mask = GRADCHECK_HOLES);
	GRADCHECK(.kind = "gaussian_dropout", .config = "{\"rate\": 0.4}", .in = {{2, {3, 4}}},
			  .batch = 7);
	GRADCHECK(.kind = "gaussian_dropout", .config = "{\"rate\": 0.4, \"seed\": 3}",
			  .in = {{2, {NN_ANY, 4}}}, .steps = 6, .batch = 5, .mask = GRADCHECK_HOLES);
	GRADCHECK(.kind = "gaussian_noise", .config = "{\"stddev\": 0.4}", .in = {{2, {3, 4}}},
			  .batch = 7);
	GRADCHECK(.kind = "gaussian_noise", .config = "{\"stddev\": 1}", .in = {{2, {NN_ANY, 4}}},
			  .steps = 6, .batch = 5, .mask = GRADCHECK_HOLES);
	GRADCHECK(.kind = "dropout", .config = "{\"rate\": 0.4, \"noise_shape\": [null, 1, 3, 1]}",
			  .in = {{3, {2, 3, 4}}}, .batch = 5);
	GRADCHECK(.kind = "dropout", .config = "{\"rate\": 0.4, \"noise_shape\": [1, null, 1]}",
			  .in = {{2, {NN_ANY, 4}}}, .steps = 5, .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "spatial_dropout3d", .config = "{\"rate\": 0.4, \"seed\": 9}",
			  .in = {{4, {2, 3, 2, 4}}}, .batch = 5);
}

static void
refusals(void)
{
	NNShape rows = nn_shape2(3, 4);

	numbers_refused("dropout", "{\"rate\": 0.5, \"noise_shape\": [1, 4]}", rows,
					"layer \"probe\": its noise_shape (1, 4) does not fit its input (3, 4)");
	numbers_refused("dropout", "{\"rate\": 0.5, \"noise_shape\": [2, 3, 4]}", rows,
					"noise_shape (2, 3, 4) does not fit");
	numbers_refused("dropout", "{\"rate\": 0.5, \"noise_shape\": [null, 3, 2]}", rows,
					"noise_shape (None, 3, 2) does not fit");
	numbers_refused("dropout", "{\"rate\": 0.5, \"seed\": -1}", rows, "seed");
	numbers_refused("dropout", "{\"rate\": 0.5, \"seed\": 0.5}", rows, "seed");
	numbers_refused("alpha_dropout", "{\"rate\": 1}", rows, "less than 1");
	numbers_refused("gaussian_dropout", "{\"rate\": 1}", rows, "less than 1");
	numbers_refused("gaussian_noise", "{}", rows, "\"stddev\" is missing");
	numbers_refused("gaussian_noise", "{\"stddev\": 1.5}", rows, "stddev");
	numbers_refused("spatial_dropout3d", "{\"rate\": 0.5}", nn_shape3(4, 5, 6),
					"must have shape (depth, height, width, channels), not (4, 5, 6)");
}

int
main(void)
{
	distributions();
	alpha();
	noise_shapes();
	seeds();
	recurrent_seeds("simple_rnn", "{\"units\": 4, \"dropout\": 0.5, \"seed\": 7}");
	recurrent_seeds("lstm", "{\"units\": 4, \"recurrent_dropout\": 0.5, \"seed\": 7}");
	recurrent_seeds("gru",
					"{\"units\": 4, \"dropout\": 0.3, \"recurrent_dropout\": 0.5, \"seed\": 7}");
	gradients();
	refusals();
	return unit_done();
}
