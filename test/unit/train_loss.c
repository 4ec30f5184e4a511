/*
 * train_loss.c
 *	  Losses: values and gradients against Keras, gradients against
 *	  differences (in double), masks, extreme outputs.
 *
 * The numbers were printed by Keras 3.15 on TensorFlow 2.21: losses by
 * keras.losses.<name>(target, y), gradients by tf.GradientTape of the sum over
 * rows, fused ones with from_logits=True.
 */
#include <stdlib.h>
#include <string.h>

#include "core/losses/loss.h"
#include "test/unit/json.h"
#include "test/unit/unit.h"

#define ROWS 4
#define WIDTH 3
#define N (ROWS * WIDTH)

typedef struct Golden
{
	const char *loss;
	bool logits;
	const double *y;
	const float *target;
	double value[ROWS];
	double gradient[N];
} Golden;

static const double any[N] = {0.2, 0.5, 0.3, 1.5, -0.75, 2.0, 0.9, 0.05, 0.05, 0.0, 1.0, 0.25};
static const double logits[N] = {0.2, -1.5, 3.0, 40.0, -60.0, 1.0, -0.3, 0.1, 0.05, 2.0, 2.5, -0.5};
static const double shares[N] = {0.2, 0.5, 0.3, 0.15, 0.8, 0.4, 0.9, 0.05, 0.05, 0.0, 1.0, 0.25};

static const float numbers[N] = {0, 1, 0, 1, 0.5f, -1, 0.7f, 0.1f, 0.2f, 1, 0, 0};
static const float other_shares[N] = {0,	 1,	   0.25f, 0.9f, 0.05f, 0.05f,
									  0.15f, 0.8f, 0.4f,  0.2f, 0.5f,  0.3f};
static const float classes[N] = {0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0};
static const float bits[N] = {0, 1, 1, 1, 0, 0.25f, 0, 0, 1, 1, 0, 0};
static const int32_t indexes[ROWS] = {1, 0, 2, 0};

/* 1 - 1e-7 is another number in float; Keras with set_floatx('float64') for double */
#ifdef NN_DOUBLE
#define CLIPPED_BINARY 10.84129112
#else
#define CLIPPED_BINARY 10.7827196
#endif

static const Golden goldens[] = {
	{"mean_squared_error",
	 false,
	 any,
	 numbers,
	 {0.126666665, 3.60416675, 0.0216666665, 0.6875},
	 {0.13333334, -0.333333343, 0.200000018, 0.333333343, -0.833333373, 2, 0.133333325,
	  -0.0333333351, -0.100000009, -0.666666687, 0.666666687, 0.166666672}},
	{"mean_absolute_error",
	 false,
	 any,
	 numbers,
	 {0.333333343, 1.58333337, 0.133333325, 0.75},
	 {0.333333343, -0.333333343, 0.333333343, 0.333333343, -0.333333343, 0.333333343, 0.333333343,
	  -0.333333343, -0.333333343, -0.333333343, 0.333333343, 0.333333343}},
	{"mean_absolute_percentage_error",
	 false,
	 any,
	 numbers,
	 {166666688, 200, 51.1904793, 416666688},
	 {333333312, -33.3333321, 333333312, 33.3333321, -66.6666641, 33.3333321, 47.6190453,
	  -333.333313, -166.666656, -33.3333321, 333333312, 333333312}},
	{"mean_squared_logarithmic_error",
	 false,
	 any,
	 numbers,
	 {0.0616123378, 0.47371456, 0.0107886316, 0.336899549},
	 {0.101289712, -0.127858713, 0.134545699, 0.0595049523, 0, 0.244136065, 0.03902651,
	  -0.0295365639, -0.0847819, 0, 0.231049031, 0.11900983}},
	{"huber",
	 false,
	 any,
	 numbers,
	 {0.0633333325, 1.125, 0.0108333332, 0.34375},
	 {0.0666666701, -0.166666672, 0.100000009, 0.166666672, -0.333333343, 0.333333343, 0.0666666627,
	  -0.0166666675, -0.0500000045, -0.333333343, 0.333333343, 0.0833333358}},
	{"log_cosh",
	 false,
	 any,
	 numbers,
	 {0.0614410825, 1.02172863, 0.010775228, 0.299497157},
	 {0.0657918155, -0.154039025, 0.0971041918, 0.15403907, -0.282761246, 0.331684917, 0.0657918155,
	  -0.0166527927, -0.049628377, -0.253864735, 0.253864735, 0.0816395581}},
	{"kl_divergence",
	 false,
	 shares,
	 other_shares,
	 {0.647565365, 1.36998188, 2.78108358, 2.60985446},
	 {-4.99999942e-07, -1.99999988, -0.833333313, -5.99999952, -0.0624999963, -0.124999993,
	  -0.166666687, -15.999999, -8, 0, -0.5, -1.20000005}},
	{"poisson",
	 false,
	 shares,
	 other_shares,
	 {0.664713383, 1.03812635, 1.53689337, 1.62983572},
	 {0.333333343, -0.333333164, 0.0555556417, -1.6666652, 0.3125, 0.291666687, 0.277777791,
	  -4.99998951, -2.33332825, -666666.375, 0.166666687, -0.0666665435}},
	{"hinge",
	 false,
	 any,
	 classes,
	 {1, 1.08333337, 1.29999995, 1.41666663},
	 {0.333333343, -0.333333343, 0.333333343, 0, 0.333333343, 0.333333343, 0.333333343, 0.333333343,
	  -0.333333343, -0.333333343, 0.333333343, 0.333333343}},
	{"squared_hinge",
	 false,
	 any,
	 classes,
	 {1.12666667, 3.02083325, 1.87166655, 2.1875},
	 {0.800000072, -0.333333343, 0.866666675, 0, 0.166666672, 2, 1.26666665, 0.699999988,
	  -0.633333325, -0.666666687, 1.33333337, 0.833333373}},
	{"cosine_similarity",
	 false,
	 any,
	 numbers,
	 {-0.811107159, 0.223492831, -0.972263634, 0},
	 {0.426898569, -0.55496788, 0.640347898, -0.304629803, -0.103105463, 0.189807773, 0.0184956789,
	  -0.0910904557, -0.241829008, -0.970142543, 0, 0}},
	{"binary_crossentropy",
	 false,
	 shares,
	 bits,
	 {0.706754506, 1.37291658, 1.78320348, CLIPPED_BINARY},
	 {0.416666687, -0.666666627, -1.11111116, -2.22222233, 1.66666687, 0.208333313, 3.33333278,
	  0.350877225, -6.66666698, 0, 0, 0.444444478}},
	{"binary_crossentropy",
	 true,
	 logits,
	 bits,
	 {0.849379838, 0.354420573, 0.655737162, 1.05996501},
	 {0.183278009, -0.272524834, -0.015808627, -1.41611801e-18, 2.91883658e-27, 0.160352856,
	  0.141852498, 0.174993068, -0.162500858, -0.039734304, 0.308047295, 0.125846893}},
	{"categorical_crossentropy",
	 false,
	 shares,
	 classes,
	 {0.693147182, 2.19722462, 2.99573231, 16.1180954},
	 {1, -1, 1, -5.92592525, 0.740740597, 0.740740597, 1, 1, -19, 0, 0, 0}},
	{"categorical_crossentropy",
	 true,
	 logits,
	 classes,
	 {4.56945038, 0, 1.01376557, 1.00459695},
	 {0.0567300916, -0.989636362, 0.93290621, 0, 0, 1.15482239e-17, 0.255696118, 0.381453782,
	  -0.63714993, -0.633807778, 0.603748918, 0.0300588869}},
	{"sparse_categorical_crossentropy",
	 false,
	 shares,
	 NULL,
	 {0.693147182, 2.19722462, 2.99573231, 16.3412399},
	 {1, -1, 1, -5.92592573, 0.740740776, 0.740740776, 1, 1, -19, 0, 0, 0.800000012}},
	{"sparse_categorical_crossentropy",
	 true,
	 logits,
	 NULL,
	 {4.56945038, 0, 1.01376557, 1.00459695},
	 {0.0567300916, -0.989636362, 0.93290621, 0, 0, 1.15482239e-17, 0.255696118, 0.381453782,
	  -0.63714993, -0.633807778, 0.603748918, 0.0300588869}},
};

/* tf.nn.softmax and tf.nn.sigmoid of the logits */
static const double softmax_of[N] = {
	0.0567300878, 0.0103636514, 0.93290621, 1,			 0,			  1.15482239e-17,
	0.255696118,  0.381453782,	0.36285007, 0.366192222, 0.603748918, 0.0300588869,
};
static const double sigmoid_of[N] = {
	0.549833953, 0.182425529, 0.952574134, 1,			8.75650781e-27, 0.731058538,
	0.425557405, 0.524979174, 0.512497425, 0.880797088, 0.924141824,	0.377540678,
};

/* A loss with the arguments it has by its name alone. */
static double
run(const NNLossKind *kind, NNLossPass *pass)
{
	NNLoss loss;

	nn_loss_set(&loss, kind);
	pass->conf = nn_loss_conf(&loss);
	pass->sample_rows = 1;
	return kind->run(pass);
}

/* The largest difference, relative where numbers are above 1. */
static double
worst(const nn_real *got, const double *expected, int n)
{
	double most = 0;

	for (int i = 0; i < n; i++)
	{
		double off = fabs((double) got[i] - expected[i]) / fmax(1, fabs(expected[i]));

		if (!(off <= most))
			most = off; /* NaN too */
	}
	return most;
}

static NNLossPass
golden_pass(const Golden *golden, nn_real *y, nn_real *dy, int first, int rows)
{
	NNLossPass pass = {
		.rows = (size_t) rows, .width = WIDTH, .y = y, .logits = golden->logits, .dy = dy};

	for (int i = 0; i < rows * WIDTH; i++)
		y[i] = (nn_real) golden->y[first * WIDTH + i];
	if (golden->target != NULL)
		pass.target = golden->target + first * WIDTH;
	else
		pass.index = indexes + first;
	return pass;
}

static void
test_golden(const Golden *golden)
{
	const NNLossKind *loss = nn_loss_find(golden->loss);
	const char *from = golden->logits ? "logits" : "outputs";
	nn_real y[N], dy[N], values[ROWS];
	double all = 0;
	NNLossPass pass;

	for (int row = 0; row < ROWS; row++)
	{
		pass = golden_pass(golden, y, NULL, row, 1);
		values[row] = (nn_real) run(loss, &pass);
		all += golden->value[row];
	}
	CHECK(worst(values, golden->value, ROWS) < 1e-6, "%s of %s: values of rows", golden->loss,
		  from);
	memset(dy, 0xff, sizeof(dy));
	pass = golden_pass(golden, y, dy, 0, ROWS);
	CHECK(fabs(run(loss, &pass) - all) <= 1e-6 * fmax(1, all), "%s of %s: sum of rows",
		  golden->loss, from);
	CHECK(worst(dy, golden->gradient, N) < 2e-6, "%s of %s: gradient", golden->loss, from);
	if (golden->logits)
		CHECK(worst(y, loss->fused == NN_SOFTMAX ? softmax_of : sigmoid_of, N) < 1e-6,
			  "%s: logits become probabilities", golden->loss);
	else
		CHECK(worst(y, golden->y, N) < 1e-7, "%s: outputs stay", golden->loss);
}

/* Rows 0, 2 and 3 count: as a keras.Loss divides when y carries that mask. */
static void
test_mask(const Golden *golden)
{
	static const uint8_t mask[ROWS] = {1, 0, 1, 1};
	const NNLossKind *loss = nn_loss_find(golden->loss);
	nn_real y[N], dy[N];
	double gradient[N];
	NNLossPass pass = golden_pass(golden, y, dy, 0, ROWS);
	double expected = golden->value[0] + golden->value[2] + golden->value[3];
	int32_t hidden[ROWS] = {indexes[0], -1, indexes[2], indexes[3]};

	memcpy(gradient, golden->gradient, sizeof(gradient));
	memset(gradient + WIDTH, 0, WIDTH * sizeof(double));
	memset(dy, 0xff, sizeof(dy));
	pass.mask = mask;
	if (pass.index != NULL)
		pass.index = hidden; /* what a mask hides is never looked at */
	CHECK(fabs(run(loss, &pass) - expected) <= 1e-6 * fmax(1, expected), "%s of %s, masked: sum",
		  golden->loss, golden->logits ? "logits" : "outputs");
	CHECK(worst(dy, gradient, N) < 2e-6, "%s of %s, masked: gradient, 0 where hidden", golden->loss,
		  golden->logits ? "logits" : "outputs");
	if (golden->logits)
		CHECK(worst(y, loss->fused == NN_SOFTMAX ? softmax_of : sigmoid_of, N) < 1e-6,
			  "%s, masked: all logits become probabilities", golden->loss);
	pass = golden_pass(golden, y, NULL, 0, ROWS);
	pass.mask = mask;
	CHECK(fabs(run(loss, &pass) - expected) <= 1e-6 * fmax(1, expected),
		  "%s, masked: the same without a gradient", golden->loss);
}

/* However many rows go together, they come to the sum of what each does alone. */
static void
test_sums(const Golden *golden)
{
	enum
	{
		TIMES = 100
	};
	const NNLossKind *loss = nn_loss_find(golden->loss);
	nn_real *y = malloc(TIMES * N * sizeof(nn_real));
	float *target = malloc(TIMES * N * sizeof(float));
	int32_t index[TIMES * ROWS];
	double alone = 0;
	double together;
	NNLossPass pass = {.rows = TIMES * ROWS, .width = WIDTH, .y = y, .logits = golden->logits};

	for (int i = 0; i < TIMES * N; i++)
	{
		y[i] = (nn_real) (golden->y[i % N] * (1 - 1e-3 * (i / N)));
		target[i] = golden->target != NULL ? golden->target[i % N] : 0;
		index[i / WIDTH] = indexes[i / WIDTH % ROWS];
	}
	for (int row = 0; row < TIMES * ROWS; row++)
	{
		nn_real copy[WIDTH];
		NNLossPass one = {.rows = 1, .width = WIDTH, .y = copy, .logits = golden->logits};

		memcpy(copy, y + row * WIDTH, sizeof(copy));
		one.target = golden->target != NULL ? target + row * WIDTH : NULL;
		one.index = golden->target != NULL ? NULL : index + row;
		alone += run(loss, &one);
	}
	pass.target = golden->target != NULL ? target : NULL;
	pass.index = golden->target != NULL ? NULL : index;
	together = run(loss, &pass);
	CHECK(fabs(together - alone) <= 1e-11 * fabs(alone), "%s of %s: %g of %d rows, off by %.1e",
		  golden->loss, golden->logits ? "logits" : "outputs", together, TIMES * ROWS,
		  together - alone);
	free(y);
	free(target);
}

/* keras.losses.MeanSquaredError and SparseCategoricalCrossentropy on (2, 2, 3) with that mask. */
static void
test_masked_means(void)
{
	static const uint8_t mask[ROWS] = {1, 0, 1, 1};
	nn_real y[N];
	NNLossPass pass = golden_pass(&goldens[0], y, NULL, 0, ROWS);

	pass.mask = mask;
	CHECK_CLOSE(run(nn_loss_find("mse"), &pass) / 3, 0.27861112356185913, 1e-7);
	pass = golden_pass(&goldens[15], y, NULL, 0, ROWS);
	pass.mask = mask;
	CHECK_CLOSE(run(nn_loss_find("sparse_categorical_crossentropy"), &pass) / 3, 6.676706790924072,
				1e-5);
}

#ifdef NN_DOUBLE

/* ---- gradients against differences, for shapes that fill no block or vector ---- */

typedef struct Batch
{
	size_t n;
	nn_real *y;
	nn_real *work;
	nn_real *dy;
	float *target;
	int32_t *index;
	uint8_t *mask;
} Batch;

/* Outputs and targets that keep away from kinks, of the kind the loss expects. */
static void
fill_batch(Batch *batch, const NNLossKind *loss, bool from_logits, int rows, int width,
		   NNRandom *random)
{
	bool positive = !from_logits &&
		(loss->fused != NN_LINEAR || strcmp(loss->name, "poisson") == 0 ||
		 strcmp(loss->name, "kl_divergence") == 0 ||
		 strcmp(loss->name, "mean_squared_logarithmic_error") == 0);
	bool hinge = strstr(loss->name, "hinge") != NULL;

	for (size_t i = 0; i < batch->n; i++)
	{
		double u = nn_random_uniform(random);

		batch->y[i] = (nn_real) (positive ? 0.05 + 0.9 * u : 4 * u - 2);
		if (hinge)
		{
			batch->target[i] = nn_random_below(random, 2) == 0 ? -1 : 1;
			batch->y[i] = (nn_real) (batch->target[i] * (u < 0.5 ? u : 1 + u));
		}
		else if (positive || loss->fused != NN_LINEAR)
			batch->target[i] = (float) (0.05 + 0.9 * nn_random_uniform(random));
		else
			do
				batch->target[i] = (float) (4 * nn_random_uniform(random) - 2);
			while (fabs(batch->y[i] - (double) batch->target[i]) < 0.01 ||
				   fabs(fabs(batch->y[i] - (double) batch->target[i]) - 1) < 0.01);
	}
	for (int r = 0; r < rows; r++)
	{
		batch->index[r] = (int32_t) nn_random_below(random, (uint64_t) width);
		batch->mask[r] = nn_random_below(random, 3) > 0;
	}
}

static double
run_batch(const Batch *batch, const NNLossKind *loss, bool from_logits, int rows, int width,
		  bool masked, nn_real *dy)
{
	NNLossPass pass = {.rows = (size_t) rows,
					   .width = width,
					   .y = batch->work,
					   .logits = from_logits,
					   .target = nn_loss_target(loss) == NN_TARGET_REALS ? batch->target : NULL,
					   .index = nn_loss_target(loss) == NN_TARGET_INDEX ? batch->index : NULL,
					   .mask = masked ? batch->mask : NULL,
					   .dy = dy};

	memcpy(batch->work, batch->y, batch->n * sizeof(nn_real));
	return run(loss, &pass);
}

static void
test_differences(const NNLossKind *loss, bool from_logits, int rows, int width, bool masked,
				 NNRandom *random)
{
	Batch batch = {.n = (size_t) (rows * width)};
	const double h = 1e-6;
	double most = 0;

	batch.y = malloc(batch.n * sizeof(nn_real));
	batch.work = malloc(batch.n * sizeof(nn_real));
	batch.dy = malloc(batch.n * sizeof(nn_real));
	batch.target = malloc(batch.n * sizeof(float));
	batch.index = malloc((size_t) rows * sizeof(int32_t));
	batch.mask = malloc((size_t) rows);
	fill_batch(&batch, loss, from_logits, rows, width, random);
	run_batch(&batch, loss, from_logits, rows, width, masked, batch.dy);
	for (size_t i = 0; i < batch.n; i += 1 + batch.n / 150)
	{
		nn_real y = batch.y[i];
		double up, down;

		batch.y[i] = y + h;
		up = run_batch(&batch, loss, from_logits, rows, width, masked, NULL);
		batch.y[i] = y - h;
		down = run_batch(&batch, loss, from_logits, rows, width, masked, NULL);
		batch.y[i] = y;
		most = fmax(most, fabs((up - down) / (2 * h) - batch.dy[i]) / fmax(1, fabs(batch.dy[i])));
	}
	CHECK(most < 1e-6, "%s of %s, %d x %d%s: gradient is the derivative (%.1e)", loss->name,
		  from_logits ? "logits" : "outputs", rows, width, masked ? ", masked" : "", most);
	free(batch.y);
	free(batch.work);
	free(batch.dy);
	free(batch.target);
	free(batch.index);
	free(batch.mask);
}

static void
test_all_differences(void)
{
	static const int shapes[][2] = {{7, 1}, {5, 3}, {6, 17}, {90, 10}};
	NNRandom random = nn_random(1, 2);

	for (int g = 0; g < NN_ARRAY_LENGTH(goldens); g++)
		for (int s = 0; s < NN_ARRAY_LENGTH(shapes); s++)
		{
			const NNLossKind *loss = nn_loss_find(goldens[g].loss);

			if (shapes[s][1] < loss->min_width)
				continue;
			test_differences(loss, goldens[g].logits, shapes[s][0], shapes[s][1], false, &random);
			test_differences(loss, goldens[g].logits, shapes[s][0], shapes[s][1], true, &random);
		}
}

/* ---- the same of losses with arguments, whose rows have weights ---- */

static const struct
{
	const char *loss;
	bool targets_sum; /* to 1 */
} argued[] = {
	{"{\"kind\":\"huber\",\"delta\":0.5}", false},
	{"{\"kind\":\"binary_crossentropy\",\"from_logits\":true}", false},
	{"{\"kind\":\"binary_crossentropy\",\"label_smoothing\":0.3}", false},
	{"{\"kind\":\"categorical_crossentropy\",\"from_logits\":true,\"label_smoothing\":0.2}", true},
	{"{\"kind\":\"categorical_crossentropy\",\"label_smoothing\":0.2}", true},
	{"{\"kind\":\"sparse_categorical_crossentropy\",\"from_logits\":true,\"ignore_class\":0}",
	 false},
	{"{\"kind\":\"sparse_categorical_crossentropy\",\"ignore_class\":1}", false},
	{"{\"kind\":\"binary_focal_crossentropy\"}", false},
	{"{\"kind\":\"binary_focal_crossentropy\",\"gamma\":0.7,\"alpha\":0.8,\"label_smoothing\":0.1,"
	 "\"apply_class_balancing\":true,\"from_logits\":true}",
	 false},
	{"{\"kind\":\"categorical_focal_crossentropy\",\"alpha\":0.6}", true},
	{"{\"kind\":\"categorical_focal_crossentropy\",\"gamma\":1,\"label_smoothing\":0.1,"
	 "\"from_logits\":true}",
	 true},
	{"{\"kind\":\"categorical_generalized_cross_entropy\",\"q\":0.3}", false},
	{"{\"kind\":\"categorical_hinge\"}", true},
	{"{\"kind\":\"dice\"}", false},
	{"{\"kind\":\"dice\",\"axis\":-1}", false},
	{"{\"kind\":\"dice\",\"axis\":[1,2]}", false},
	{"{\"kind\":\"tversky\",\"alpha\":0.2,\"beta\":0.9}", false},
};

#define SAMPLE_ROWS 3

static double
run_argued(const NNLoss *loss, const Batch *batch, const float *weights, int width, nn_real *dy,
		   nn_real *scratch)
{
	bool index = nn_loss_target(loss->kind) == NN_TARGET_INDEX;
	NNLossPass pass = {.rows = batch->n / (size_t) width,
					   .width = width,
					   .sample_rows = SAMPLE_ROWS,
					   .y = batch->y,
					   .target = index ? NULL : batch->target,
					   .index = index ? batch->index : NULL,
					   .mask = batch->mask,
					   .weights = weights,
					   .dy = dy,
					   .scratch = scratch};

	return nn_loss_of_outputs(loss, &pass);
}

static void
test_argued(const NNLoss *loss, const char *text, bool targets_sum, int width)
{
	enum
	{
		ROWS_OF = 4 * SAMPLE_ROWS,
		MOST = ROWS_OF * 20
	};
	nn_real y[MOST], dy[MOST], other[MOST], scratch[MOST];
	float target[MOST], weights[ROWS_OF];
	int32_t index[ROWS_OF];
	uint8_t mask[ROWS_OF];
	Batch batch = {
		.n = (size_t) (ROWS_OF * width), .y = y, .target = target, .index = index, .mask = mask};
	NNRandom random = nn_random(5, (uint64_t) width);
	const double h = 1e-6;
	double most = 0;

	for (int r = 0; r < ROWS_OF; r++)
	{
		mask[r] = r % 5 != 3;
		weights[r] = (float) (r % 4) / 2;
		index[r] = r % width;
		for (int i = 0; i < width; i++)
		{
			y[r * width + i] = (nn_real) (0.1 + 0.8 * nn_random_uniform(&random));
			target[r * width + i] =
				targets_sum ? i == r % width : (float) nn_random_below(&random, 2);
		}
	}
	memcpy(scratch, y, sizeof(y));
	(void) run_argued(loss, &batch, weights, width, dy, scratch);
	for (size_t i = 0; i < batch.n; i++)
	{
		nn_real start = y[i];
		double up, down;

		y[i] = start + h;
		up = run_argued(loss, &batch, weights, width, NULL, other);
		y[i] = start - h;
		down = run_argued(loss, &batch, weights, width, NULL, other);
		y[i] = start;
		most = fmax(most, fabs((up - down) / (2 * h) - dy[i]) / fmax(1, fabs(dy[i])));
	}
	CHECK(most < 1e-7, "%s of width %d: gradient is the derivative (%.1e)", text, width, most);
}

static void
test_all_arguments(void)
{
	static const int widths[] = {2, 3, 17};

	for (int g = 0; g < NN_ARRAY_LENGTH(argued); g++)
		for (int w = 0; w < NN_ARRAY_LENGTH(widths); w++)
		{
			NNShape out = {2, {SAMPLE_ROWS, widths[w]}};
			NNValue *value = json_parse(argued[g].loss);
			NNError error = {0};
			NNLoss loss;

			CHECK(nn_loss_parse(&loss, value, &error) && nn_loss_resolve(&loss, &out, &error),
				  "%s %s", argued[g].loss, error.message);
			test_argued(&loss, argued[g].loss, argued[g].targets_sum, widths[w]);
			json_free(value);
		}
}

#endif

/* Far logits neither overflow nor lose the loss; NaN and infinity show in it. */
static void
test_extremes(void)
{
	nn_real y[2] = {1000, -1000};
	nn_real dy[2];
	float wrong[2] = {0, 1};
	int32_t second = 1;
	NNLossPass pass = {.rows = 1, .width = 2, .y = y, .logits = true, .target = wrong, .dy = dy};

	CHECK_CLOSE(run(nn_loss_find("categorical_crossentropy"), &pass), 2000, 1e-3);
	CHECK(y[0] == 1 && y[1] == 0 && dy[0] == 1 && dy[1] == -1, "categorical: far logits");
	y[0] = 1000;
	y[1] = -1000;
	CHECK_CLOSE(run(nn_loss_find("bce"), &pass), 1000, 1e-3);
	CHECK(y[0] == 1 && y[1] == 0 && dy[0] == (nn_real) 0.5 && dy[1] == (nn_real) -0.5,
		  "binary: far logits");
	y[0] = 1000;
	y[1] = -1000;
	pass.index = &second;
	CHECK_CLOSE(run(nn_loss_find("sparse_categorical_crossentropy"), &pass), 2000, 1e-3);
	for (int g = 0; g < NN_ARRAY_LENGTH(goldens); g++)
	{
		y[0] = (nn_real) NAN;
		y[1] = (nn_real) 0.5;
		pass.logits = goldens[g].logits;
		CHECK(isnan(run(nn_loss_find(goldens[g].loss), &pass)), "%s of %s: NaN comes through",
			  goldens[g].loss, goldens[g].logits ? "logits" : "outputs");
	}
}

int
main(void)
{
	for (int g = 0; g < NN_ARRAY_LENGTH(goldens); g++)
	{
		test_golden(&goldens[g]);
		test_mask(&goldens[g]);
		test_sums(&goldens[g]);
	}
	test_masked_means();
#ifdef NN_DOUBLE
	test_all_differences();
	test_all_arguments();
#endif
	test_extremes();
	return unit_done();
}
