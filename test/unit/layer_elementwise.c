/*
 * layer_elementwise.c
 *	  Layers that treat each number alone: activation, leaky_relu, rescaling,
 *	  dropout.
 */
#include <stdlib.h>

#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

/* y and dx (for dy of ones) of one sample. */
static void
check_numbers(const char *kind, const char *config, const double *x, int n, const double *y,
			  const double *dx)
{
	Probe *p = probe_make(
		&(ProbeSpec){.kind = kind, .config = config, .in = {nn_shape1(n)}, .batch = 1}, NULL);
	char what[200];

	numbers_set(p->x[0], x, (size_t) n);
	for (int i = 0; i < n; i++)
		p->dy[i] = 1;
	snprintf(what, sizeof(what), "%s %s: y", kind, config);
	probe_forward(p, false);
	numbers_check(what, p->y, y, (size_t) n, 1e-6);
	snprintf(what, sizeof(what), "%s %s: dx", kind, config);
	probe_forward(p, true);
	probe_backward(p);
	numbers_check(what, p->dx[0], dx, (size_t) n, 1e-6);
	CHECK(p->layer->mask_from == 0 && p->layer->n_params == 0, "%s passes the mask on", kind);
	probe_free(p);
}

static void
hand_numbers(void)
{
	static const double x[] = {-2, 0, 3};

	check_numbers("activation", "{\"activation\": \"relu\"}", x, 3, (double[]){0, 0, 3},
				  (double[]){0, 0, 1});
	check_numbers("activation", "{\"activation\": \"linear\"}", x, 3, x, (double[]){1, 1, 1});
	check_numbers("activation", "{\"activation\": \"softsign\"}", x, 3,
				  (double[]){-2.0 / 3, 0, 0.75}, (double[]){1.0 / 9, 1, 1.0 / 16});
	check_numbers("leaky_relu", "{}", x, 3, (double[]){-0.6, 0, 3}, (double[]){0.3, 0.3, 1});
	check_numbers("leaky_relu", "{\"negative_slope\": 0}", x, 3, (double[]){0, 0, 3},
				  (double[]){0, 0, 1});
	check_numbers("rescaling", "{\"scale\": 2}", x, 3, (double[]){-4, 0, 6}, (double[]){2, 2, 2});
	check_numbers("rescaling", "{\"scale\": 0.5, \"offset\": -1}", x, 3, (double[]){-2, -1, 0.5},
				  (double[]){0.5, 0.5, 0.5});
	check_numbers("rescaling", "{\"scale\": 0.5, \"shift\": 1}", x, 3, (double[]){0, 1, 2.5},
				  (double[]){0.5, 0.5, 0.5});
	check_numbers("dropout", "{\"rate\": 0}", x, 3, x, (double[]){1, 1, 1});
}

static void
gradients(void)
{
	for (const NNWord *word = nn_activation_words; word->name != NULL; word++)
	{
		char config[100];

		snprintf(config, sizeof(config), "{\"activation\": \"%s\"}", word->name);
		GRADCHECK(.kind = "activation", .config = config, .in = {{2, {3, 4}}}, .batch = 5);
	}
	GRADCHECK(.kind = "activation", .config = "{\"activation\": \"softmax\"}",
			  .in = {{2, {NN_ANY, 4}}}, .steps = 3, .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "leaky_relu", .in = {{3, {2, 3, 4}}}, .batch = 5);
	GRADCHECK(.kind = "leaky_relu", .config = "{\"negative_slope\": 0.01}", .in = {{1, {NN_ANY}}},
			  .steps = 7, .batch = 5);
	GRADCHECK(.kind = "rescaling", .config = "{\"scale\": -3.5, \"offset\": 2}", .in = {{1, {4}}},
			  .batch = 5);
	GRADCHECK(.kind = "dropout", .config = "{\"rate\": 0.4}", .in = {{2, {3, 4}}}, .batch = 7);
	GRADCHECK(.kind = "dropout", .config = "{\"rate\": 0.4}", .in = {{2, {NN_ANY, 4}}}, .steps = 6,
			  .batch = 5, .mask = GRADCHECK_HOLES);
}

/* The loss computes the activation: a layer of its own leaves it out too. */
static void
logits(void)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = "activation",
									   .config = "{\"activation\": \"sigmoid\"}",
									   .in = {{1, {2}}},
									   .batch = 1},
						  NULL);

	CHECK(p->layer->kind->has_activation, "losses can find the activation");
	numbers_set(p->x[0], (double[]){2, -3}, 2);
	numbers_set(p->dy, (double[]){1, 10}, 2);
	p->layer->logits = true;
	probe_forward(p, true);
	numbers_check("logits pass", p->y, (double[]){2, -3}, 2, 0);
	probe_backward(p);
	numbers_check("and so do their gradients", p->dx[0], (double[]){1, 10}, 2, 0);
	probe_free(p);
}

/* How many of n are 0, and that the others are ones scaled. */
static int
count_dropped(const nn_real *y, size_t n, double scale, bool *clean)
{
	int dropped = 0;

	*clean = true;
	for (size_t i = 0; i < n; i++)
	{
		if (y[i] == 0)
			dropped++;
		else if (fabs((double) y[i] - scale) > 1e-6)
			*clean = false;
	}
	return dropped;
}

static void
dropout(void)
{
	enum
	{
		WIDTH = 5000,
		BATCH = 20,
	};
	size_t n = (size_t) WIDTH * BATCH;
	Probe *p = probe_make(
		&(ProbeSpec){
			.kind = "dropout", .config = "{\"rate\": 0.3}", .in = {{1, {WIDTH}}}, .batch = BATCH},
		NULL);
	nn_real *first = probe_reals(n);
	int dropped, same = 0, equal_rows = 0;
	bool clean;

	for (size_t i = 0; i < n; i++)
		p->x[0][i] = p->dy[i] = 1;
	probe_forward(p, true);
	dropped = count_dropped(p->y, n, 1 / 0.7, &clean);
	/* 6 standard deviations of a binomial count */
	CHECK(clean && fabs(dropped - 0.3 * (double) n) < 6 * sqrt((double) n * 0.3 * 0.7),
		  "%d of %zu are dropped at a rate of 0.3, the others scaled", dropped, n);
	probe_backward(p);
	CHECK(memcmp(p->y, p->dx[0], n * sizeof(nn_real)) == 0, "backward drops the same");
	for (int s = 1; s < BATCH; s++)
		equal_rows += memcmp(p->y, p->y + s * WIDTH, WIDTH * sizeof(nn_real)) == 0;
	CHECK(equal_rows == 0, "each sample has its own draws");
	memcpy(first, p->y, n * sizeof(nn_real));
	p->threads = 3;
	p->chunks = 2;
	probe_forward(p, true);
	CHECK(memcmp(first, p->y, n * sizeof(nn_real)) == 0, "however the batch is cut");
	p->step++;
	probe_forward(p, true);
	for (size_t i = 0; i < n; i++)
		same += (first[i] == 0) == (p->y[i] == 0);
	/* independent draws agree in 0.58 of all places */
	CHECK(fabs(same - 0.58 * (double) n) < 0.02 * (double) n,
		  "another step draws afresh (%d of %zu agree)", same, n);
	probe_free(p);

	p = probe_make(
		&(ProbeSpec){
			.kind = "dropout", .config = "{\"rate\": 1}", .in = {{1, {WIDTH}}}, .batch = 1},
		NULL);
	for (size_t i = 0; i < WIDTH; i++)
		p->x[0][i] = 1;
	probe_forward(p, true);
	CHECK(count_dropped(p->y, WIDTH, 1, &clean) == WIDTH, "a rate of 1 drops all");
	probe_free(p);
	free(first);
}

static void
refusals(void)
{
	numbers_refused("activation", "{}", nn_shape1(3), "activation");
	numbers_refused("activation", "{\"activation\": \"rleu\"}", nn_shape1(3), "rleu");
	numbers_refused("activation", "{\"activation\": \"softmax\"}", nn_shape1(NN_ANY),
					"layer \"probe\": softmax over a variable number of steps");
	numbers_refused("leaky_relu", "{\"negative_slope\": -1}", nn_shape1(3), "negative_slope");
	numbers_refused("rescaling", "{}", nn_shape1(3), "scale");
	numbers_refused("rescaling", "{\"scale\": \"x\"}", nn_shape1(3), "scale");
	numbers_refused("rescaling", "{\"scale\": 1, \"shift\": 1, \"offset\": 2}", nn_shape1(3),
					"both \"offset\" and \"shift\"");
	numbers_refused("dropout", "{}", nn_shape1(3), "rate");
	numbers_refused("dropout", "{\"rate\": 1.5}", nn_shape1(3), "rate");
	numbers_refused("dropout", "{\"rate\": -0.1}", nn_shape1(3), "rate");
}

int
main(void)
{
	hand_numbers();
	gradients();
	logits();
	dropout();
	refusals();
	return unit_done();
}
