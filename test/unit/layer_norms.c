/*
 * layer_norms.c
 *	  Normalization, batch normalization and layer normalization.  Numbers
 *	  marked Keras were computed by Keras 3.
 */
#include <stdlib.h>

#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

/* x (4, 3), and dy = i / 3 - 1 in the tests below */
static const double rows[] = {1, 2, -1, 0, 5, 3, 4, -2, 1, 2, 2, 2};

static void
set_dy(Probe *p, int n)
{
	for (int i = 0; i < n; i++)
		p->dy[i] = (nn_real) (i / 3.0 - 1);
}

static void
batch_keras(int threads, int chunks)
{
	static const double params[] = {2, 0.5, 1, 0.1, -0.2, 0.3, 1, 2, 3, 4, 1, 0.5};
	Probe *p = probe_make(&(ProbeSpec){.kind = "batch_normalization",
									   .config = "{\"momentum\": 0.9}",
									   .in = {{1, {3}}},
									   .batch = 4},
						  NULL);

	p->threads = threads;
	p->chunks = chunks;
	numbers_set(p->x[0], rows, 12);
	numbers_set(p->params, params, 12);
	set_dy(p, 12);
	probe_forward(p, true);
	numbers_check("batch: y as Keras", p->y,
				  (double[]){-0.9139534, -0.14975214, -1.2209301, -2.2658913, 0.45322192, 1.4829457,
							 3.1418602, -0.95371747, 0.13100779, 0.43798447, -0.14975214,
							 0.80697674},
				  12, 1e-5);
	probe_backward(p);
	numbers_check("batch: dx as Keras", p->dx[0],
				  (double[]){-1.6225109, -0.29438236, -0.40585935, 0.26995516, -0.008135781,
							 -0.8109466, -0.54021925, -0.006073453, 0.40555045, 1.8927748,
							 0.30859157, 0.81125546},
				  12, 1e-5);
	numbers_check(
		"batch: gradients of gamma and beta as Keras", p->grads,
		(double[]){2.3658912, -1.4069391, 2.3658912, 2, 3.3333333, 4.666667, 0, 0, 0, 0, 0, 0}, 12,
		1e-5);
	probe_end_step(p, p->params);
	numbers_check("batch: moving averages as Keras, after backward", p->params + 6,
				  (double[]){1.0749999, 1.9749999, 2.8249998, 3.81875, 1.51875, 0.66875}, 6, 1e-6);
	probe_forward(p, false);
	numbers_check("batch: inference as Keras", p->y,
				  (double[]){0.023250937, -0.18986034, -4.3738527, -1.0000715, 1.0269004, 0.5138366,
							 3.0932183, -1.8122079, -1.9300082, 1.0465734, -0.18986034, -0.7080858},
				  12, 1e-5);
	probe_free(p);
}

/* Frozen: moving averages also in training, which do not move. */
static void
batch_frozen(void)
{
	static const double params[] = {2, 0.5, 1, 0.1, -0.2, 0.3, 1, 2, 3, 4, 1, 0.5};
	Probe *p = probe_make(&(ProbeSpec){.kind = "batch_normalization",
									   .config = "{\"trainable\": false}",
									   .in = {{1, {3}}},
									   .batch = 4},
						  NULL);

	p->want_grads = false;
	numbers_set(p->x[0], rows, 12);
	numbers_set(p->params, params, 12);
	for (int i = 0; i < 12; i++)
		p->dy[i] = 1;
	probe_forward(p, true);
	CHECK_CLOSE((double) p->y[0], 0.1, 1e-6);
	CHECK_CLOSE((double) p->y[6], 0.1 + 2 * 3 / sqrt(4.001), 1e-6);
	probe_backward(p);
	CHECK_CLOSE((double) p->dx[0][3], 2 / sqrt(4.001), 1e-6);
	probe_end_step(p, p->params);
	numbers_check("frozen averages stay", p->params, params, 12, 1e-7);
	probe_free(p);
}

static void
batch_masked(int threads, int chunks)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = "batch_normalization",
									   .config = "{\"momentum\": 0.9}",
									   .in = {{2, {3, 2}}},
									   .batch = 2,
									   .masked = true},
						  NULL);
	static const uint8_t mask[] = {1, 1, 0, 1, 0, 0};

	p->threads = threads;
	p->chunks = chunks;
	numbers_set(p->x[0], (double[]){1, 2, 3, -1, 9, 9, 0, 4, 7, 7, 8, 8}, 12);
	numbers_set(p->params, (double[]){1, 1, 0, 0, 0, 0, 1, 1}, 8);
	memcpy(p->mask, mask, sizeof(mask));
	set_dy(p, 12);
	probe_forward(p, true);
	numbers_check("masked batch: y as Keras", p->y,
				  (double[]){-0.26717538, 0.16220224, 1.335877, -1.2976177, 6.145034, 3.5684488,
							 -1.0687015, 1.1354156, 4.5419817, 2.5952353, 5.343508, 3.081842},
				  12, 1e-5);
	probe_backward(p);
	numbers_check("masked batch: dx as Keras", p->dx[0],
				  (double[]){-0.3826353, -1.7499692, -8.773838, 2.6456, 0.2671754, 0.3244044,
							 5.683193, -3.4908664, 1.335877, 0.97321326, 1.8702276, 1.2976177},
				  12, 1e-5);
	numbers_check("masked batch: gradients as Keras", p->grads,
				  (double[]){20.83968, 17.193436, 4, 6}, 4, 1e-5);
	probe_end_step(p, p->params);
	numbers_check("masked batch: moving averages as Keras", p->params + 4,
				  (double[]){0.13333334, 0.16666667, 1.0555556, 1.3222222}, 4, 1e-6);

	/* nothing counts: mean and variance are 0 */
	memset(p->mask, 0, 6);
	probe_forward(p, true);
	CHECK_CLOSE((double) p->y[0], 1 / sqrt(1e-3), 1e-4);
	probe_backward(p);
	CHECK_CLOSE((double) p->dx[0][0], -1 / sqrt(1e-3), 1e-4);
	probe_free(p);
}

/* A large mean and a small spread keep their digits in single precision. */
static void
batch_cancellation(void)
{
	enum
	{
		ROWS = 1000,
	};
	Probe *p = probe_make(&(ProbeSpec){.kind = "batch_normalization",
									   .config = "{\"epsilon\": 1e-9, \"momentum\": 0}",
									   .in = {{1, {2}}},
									   .batch = ROWS},
						  NULL);

	p->threads = 2;
	p->chunks = 3;
	for (int i = 0; i < ROWS; i++)
	{
		p->x[0][2 * i] = (nn_real) (4096 + (i % 2 ? 0.25 : -0.25));
		p->x[0][2 * i + 1] = (nn_real) (i < ROWS / 2 ? 1000 : -1000);
	}
	numbers_set(p->params, (double[]){1, 1, 0, 0, 0, 0, 1, 1}, 8);
	probe_forward(p, true);
	probe_end_step(p, p->params);
	CHECK_CLOSE((double) p->params[4], 4096, 1e-3);
	CHECK_CLOSE((double) p->params[6], 0.0625, 1e-6);
	CHECK_CLOSE((double) p->params[5], 0, 1e-3);
	CHECK_CLOSE((double) p->params[7], 1e6, 1);
	CHECK_CLOSE((double) p->y[0], -1, 1e-4);
	probe_free(p);
}

static void
layer_keras(void)
{
	Probe *p =
		probe_make(&(ProbeSpec){.kind = "layer_normalization", .in = {{1, {3}}}, .batch = 4}, NULL);

	numbers_set(p->x[0], rows, 12);
	numbers_set(p->params, (double[]){2, 0.5, 1, 0.1, -0.2, 0.3}, 6);
	set_dy(p, 12);
	probe_forward(p, true);
	numbers_check("layer: y as Keras", p->y,
				  (double[]){0.6343508, 0.33435076, -1.0358769, -2.4952354, 0.3677078, 0.46220225,
							 2.5492857, -0.8123214, 0.3, 0.1, -0.2, 0.3},
				  12, 1e-5);
	probe_backward(p);
	numbers_check("layer: dx as Keras", p->dx[0],
				  (double[]){-0.85879844, 0.57243693, 0.28636152, -0.072578967, -0.10883324,
							 0.18141219, -0.045311779, -0.045402497, 0.090714335, 43.920517,
							 -45.677345, 1.7568207},
				  12, 1e-4);
	numbers_check("layer: gradients as Keras", p->grads,
				  (double[]){0.95746744, -1.9668527, 0.55342704, 2, 3.3333333, 4.666667}, 6, 1e-5);
	probe_free(p);
}

static void
gradients(void)
{
	GRADCHECK(.kind = "batch_normalization", .in = {{1, {4}}}, .batch = 7);
	GRADCHECK(.kind = "batch_normalization", .config = "{\"center\": false}",
			  .in = {{3, {3, 2, 5}}}, .batch = 5);
	GRADCHECK(.kind = "batch_normalization", .config = "{\"scale\": false}", .in = {{1, {1}}},
			  .batch = 9);
	GRADCHECK(.kind = "batch_normalization", .config = "{\"scale\": false, \"center\": false}",
			  .in = {{3, {20, 20, 2}}}, .batch = 5);
	GRADCHECK(.kind = "batch_normalization", .in = {{2, {NN_ANY, 4}}}, .steps = 6, .batch = 7,
			  .mask = GRADCHECK_HOLES);
	GRADCHECK(.kind = "batch_normalization", .in = {{3, {NN_ANY, 2, 3}}}, .steps = 4, .batch = 5,
			  .mask = GRADCHECK_PREFIX);
	/* frozen: no gradients of parameters are computed, dx is checked by hand */
	/* where they are clipped, r and d are the constants that they are to backward */
	GRADCHECK(.kind = "batch_normalization",
			  .config = "{\"renorm\": true, \"renorm_clipping\": {\"rmin\": 1.5, \"rmax\": 1.5, "
						"\"dmax\": 0.001}}",
			  .in = {{1, {4}}}, .batch = 7);
	GRADCHECK(.kind = "batch_normalization",
			  .config = "{\"renorm\": true, \"scale\": false, \"center\": false, "
						"\"renorm_clipping\": {\"rmin\": 0.5, \"rmax\": 0.5, \"dmax\": 0.001}}",
			  .in = {{2, {NN_ANY, 4}}}, .steps = 6, .batch = 7, .mask = GRADCHECK_HOLES);
	GRADCHECK(.kind = "batch_normalization", .config = "{\"trainable\": false}", .in = {{1, {4}}},
			  .batch = 7, .no_differences = true);
	GRADCHECK(.kind = "layer_normalization", .in = {{1, {6}}}, .batch = 5);
	GRADCHECK(.kind = "layer_normalization", .config = "{\"center\": false, \"epsilon\": 1e-5}",
			  .in = {{2, {3, 17}}}, .batch = 5);
	GRADCHECK(.kind = "layer_normalization", .config = "{\"scale\": false}",
			  .in = {{2, {NN_ANY, 4}}}, .steps = 6, .batch = 5, .mask = GRADCHECK_HOLES);
	GRADCHECK(.kind = "layer_normalization", .config = "{\"scale\": false, \"center\": false}",
			  .in = {{3, {2, 3, 4}}}, .batch = 5);
	GRADCHECK(.kind = "normalization", .in = {{1, {4}}}, .batch = 5);
	GRADCHECK(.kind = "normalization", .config = "{\"invert\": true}", .in = {{3, {5, 5, 1}}},
			  .batch = 5);
	GRADCHECK(.kind = "normalization", .config = "{\"mean\": [1, 2], \"variance\": [4, 9]}",
			  .in = {{2, {NN_ANY, 2}}}, .steps = 3, .batch = 5, .mask = GRADCHECK_PREFIX);
}

static void
given_numbers(const char *config, const double *expected)
{
	Probe *p = probe_make(
		&(ProbeSpec){.kind = "normalization", .config = config, .in = {{1, {3}}}, .batch = 4},
		NULL);

	CHECK(p->layer->n_params == 0 && !nn_layer_unadapted(p->layer, p->params),
		  "given mean and variance leave nothing to learn");
	numbers_set(p->x[0], rows, 12);
	probe_forward(p, false);
	numbers_check(config, p->y, expected, 12, 1e-5);
	probe_free(p);
}

/* Learn from the rows in pieces of the given sizes. */
static void
adapt(Probe *p, const int *pieces, int n_pieces)
{
	const NNKind *kind = p->layer->kind;
	double *state = calloc(kind->adapt_size(p->layer), sizeof(double));
	int first = 0;

	for (int i = 0; i < n_pieces; i++)
	{
		NNPass pass = {
			.batch = pieces[i],
			.steps = p->steps,
			.x = p->x[0] + (size_t) first * p->in_size[0],
			.mask = p->mask ? p->mask + first * p->mask_steps : NULL,
		};

		kind->adapt_rows(p->layer, &pass, state);
		first += pieces[i];
	}
	kind->adapt_end(p->layer, state, p->params);
	free(state);
}

static void
normalization(void)
{
	static const double learned[] = {1.75, 1.75, 1.25, 2.1875, 6.1875, 2.1875, 4};
	Probe *p =
		probe_make(&(ProbeSpec){.kind = "normalization", .in = {{1, {3}}}, .batch = 4}, NULL);

	CHECK(p->layer->n_params == 3 && strcmp(p->layer->params[2].name, "count") == 0 &&
			  p->layer->param_size == 7 && !p->layer->params[0].trainable,
		  "parameters are mean, variance and count, and are not trained");
	numbers_set(p->x[0], rows, 12);
	numbers_set(p->params, (double[]){0, 0, 0, 1, 1, 1, 0}, 7);
	CHECK(nn_layer_unadapted(p->layer, p->params), "at first there is something to learn");
	adapt(p, NULL, 0);
	CHECK(nn_layer_unadapted(p->layer, p->params), "no rows teach nothing");
	adapt(p, (int[]){1, 3}, 2);
	numbers_check("mean, variance, count", p->params, learned, 7, 1e-6);
	CHECK(!nn_layer_unadapted(p->layer, p->params), "then it is learned");
	probe_forward(p, false);
	numbers_check("normalized as Keras", p->y,
				  (double[]){-0.50709254, 0.10050379, -1.5212775, -1.1832159, 1.3065492, 1.1832159,
							 1.5212775, -1.5075568, -0.16903085, 0.16903085, 0.10050379,
							 0.50709254},
				  12, 1e-5);
	p->params[6] = 0;
	CHECK(!nn_layer_unadapted(p->layer, p->params),
		  "Keras's own weights, count 0, count as learned");
	numbers_set(p->params, (double[]){0, 0, 0, 1, 1, 1, 9}, 7);
	CHECK(!nn_layer_unadapted(p->layer, p->params), "rows that were standard already count too");
	/* a constant feature: deviation 1e-7, no infinity */
	numbers_set(p->params, (double[]){1, 2, -1, 0, 0, -3, 4}, 7);
	probe_forward(p, false);
	CHECK(p->y[0] == 0 && nn_all_finite(p->y, 12),
		  "no spread, or a negative one, gives no infinity");
	probe_free(p);

	given_numbers("{\"mean\": 1, \"variance\": 4, \"invert\": true}",
				  (double[]){3, 5, -1, 1, 11, 7, 9, -3, 3, 5, 5, 5});
	/* constant features: as Keras, and by default */
	given_numbers("{\"mean\": [1, 2, 3], \"variance\": [4, 0, 1], \"keep_constant\": true}",
				  (double[]){0, 0, -4, -0.5, 3e7, 0, 1.5, -4e7, -2, 0.5, 0, -1});
	given_numbers("{\"mean\": [1, 2, 3], \"variance\": [4, 0, 1]}",
				  (double[]){0, 0, -4, -0.5, 0, 0, 1.5, 0, -2, 0.5, 0, -1});
	given_numbers("{\"mean\": [1, 2, 3], \"variance\": [4, 0, 1], \"invert\": true}",
				  (double[]){3, 2, 2, 1, 2, 6, 9, 2, 4, 5, 2, 5});
}

/* Many rows, one of them masked, one feature, a large mean: all in doubles. */
static void
adapt_many(void)
{
	enum
	{
		BATCH = 3000,
		STEPS = 3,
	};
	Probe *p = probe_make(&(ProbeSpec){.kind = "normalization",
									   .in = {{2, {NN_ANY, 1}}},
									   .batch = BATCH,
									   .steps = STEPS,
									   .masked = true},
						  NULL);

	for (int i = 0; i < BATCH * STEPS; i++)
	{
		p->x[0][i] = (nn_real) (10000 + (i % 2 ? 0.5 : -0.5));
		p->mask[i] = 1;
	}
	p->x[0][17] = 1e6;
	p->mask[17] = 0;
	p->x[0][18] = 1e6;
	p->mask[18] = 0;
	adapt(p, (int[]){1, 999, 2000}, 3);
	CHECK_CLOSE((double) p->params[0], 10000, 1e-3);
	CHECK_CLOSE((double) p->params[1], 0.25, 1e-6);
	CHECK_CLOSE((double) p->params[2], BATCH * STEPS - 2, 1e-9);
	probe_free(p);
}

/* Sums of squares that no real holds, features of one value, and what a real rounds away. */
static void
adapt_extremes(void)
{
	enum
	{
		BATCH = 700,
		C = 6,
	};
	Probe *p =
		probe_make(&(ProbeSpec){.kind = "normalization", .in = {{1, {C}}}, .batch = BATCH}, NULL);
	const double largest = (double) 3e38f, fits = 1.5e19, tenth = (double) 0.1f;

	for (int i = 0; i < BATCH; i++)
	{
		double side = i % 2 ? 1 : -1;

		numbers_set(p->x[0] + (size_t) i * C,
					(double[]){tenth, fits * side, -largest, 5e6 + 2 * side, 1e8, largest * side},
					C);
	}
	p->x[0][4] += 8;
	adapt(p, (int[]){1, 64, 300, 335}, 4);
	CHECK(p->params[0] == (nn_real) tenth && p->params[C] == 0,
		  "a constant has exactly its mean, and no variance");
	CHECK_CLOSE((double) p->params[C + 1] / (fits * fits), 1, 1e-6);
	CHECK(p->params[2] == (nn_real) -largest && p->params[C + 2] == 0, "so has a large one");
	CHECK_CLOSE((double) p->params[C + 3], 4, 1e-6);
	CHECK(p->params[C + 4] == 0, "one unit in the last place of the mean, in one row, is none");
	CHECK(isfinite(p->params[C + 5]) == (sizeof(nn_real) == sizeof(double)),
		  "a variance that no real holds is not taken for a number");
	for (int i = 0; i < C; i++)
		CHECK(p->layer->kind->adapt_constant(p->layer, p->params, i) ==
				  (i == 0 || i == 2 || i == 4),
			  "feature %d is constant or not", i);
	p->x[0][0] = 50;
	p->x[0][2] = (nn_real) largest;
	p->x[0][4] = -9;
	probe_forward(p, false);
	CHECK(p->y[0] == 0 && p->y[2] == 0 && p->y[4] == 0, "what was constant gives 0 for anything");
	CHECK_CLOSE((double) p->y[1], -1, 1e-5);
	CHECK_CLOSE((double) p->y[3], -1, 1e-5);
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "normalization",
								.config = "{\"keep_constant\": true}",
								.in = {{1, {1}}},
								.batch = 2},
				   NULL);
	numbers_set(p->x[0], (double[]){5, 5}, 2);
	adapt(p, (int[]){2}, 1);
	CHECK(!p->layer->kind->adapt_constant(p->layer, p->params, 0), "keep_constant: none is");
	p->x[0][1] = 6;
	probe_forward(p, false);
	numbers_check("keep_constant: divided by 1e-7, as Keras", p->y, (double[]){0, 1e7}, 2, 1e-6);
	probe_free(p);
}

static void
refusals(void)
{
	numbers_refused("batch_normalization", "{\"axis\": 1}", nn_shape2(3, 4), "axis is 1");
	numbers_refused("batch_normalization", "{\"axis\": 0}", nn_shape1(4), "axis is 0");
	numbers_refused("batch_normalization", "{\"momentum\": 2}", nn_shape1(4), "momentum");
	numbers_refused("batch_normalization", "{\"renorm_clipping\": 3}", nn_shape1(4), "an object");
	numbers_refused("batch_normalization", "{\"renorm_clipping\": {\"rmean\": 3}}", nn_shape1(4),
					"rmean");
	numbers_refused("batch_normalization", "{\"renorm_clipping\": {\"dmax\": -1}}", nn_shape1(4),
					"dmax");
	numbers_refused("batch_normalization", "{\"renorm_clipping\": {\"rmin\": 3, \"rmax\": 2}}",
					nn_shape1(4), "rmin 3 is above rmax 2");
	numbers_refused("batch_normalization", "{\"epsilon\": 0}", nn_shape1(4), "epsilon");
	numbers_refused("batch_normalization", "{}", nn_shape1(NN_ANY), "variable");
	numbers_refused("layer_normalization", "{\"axis\": 7}", nn_shape1(4), "axis");
	numbers_refused("layer_normalization", "{}", nn_shape1(NN_ANY), "variable");
	numbers_refused("normalization", "{\"mean\": 1}", nn_shape1(4),
					"\"mean\" is given without \"variance\"");
	numbers_refused("normalization", "{\"variance\": 1}", nn_shape1(4),
					"\"variance\" is given without \"mean\"");
	numbers_refused("normalization", "{\"mean\": [1, 2], \"variance\": 1}", nn_shape1(2),
					"\"mean\" has 2 numbers and \"variance\" 1");
	numbers_refused("normalization", "{\"mean\": [1, 2], \"variance\": [1, 2]}", nn_shape1(4),
					"have 2 numbers for 4 features");
	numbers_refused("normalization", "{\"mean\": 1, \"variance\": -1}", nn_shape1(4), "variance");
	numbers_refused("normalization", "{}", nn_shape1(NN_ANY), "variable");
}

int
main(void)
{
	batch_keras(1, 1);
	batch_keras(3, 2);
	batch_frozen();
	batch_masked(1, 1);
	batch_masked(2, 1);
	batch_cancellation();
	layer_keras();
	normalization();
	adapt_many();
	adapt_extremes();
	gradients();
	refusals();
	return unit_done();
}
