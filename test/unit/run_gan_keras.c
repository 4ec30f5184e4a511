/*
 * run_gan_keras.c
 *	  Two networks against each other: three steps beside Keras's, and the
 *	  generator's gradients through the discriminator against differences.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/layers/layer.h"
#include "test/unit/gan_keras.h"
#include "test/unit/gan_pair.h"
#include "test/unit/unit.h"

/* ---- beside Keras ---- */

#define KERAS_TOLERANCE 1e-4
#define SHOWN 8

static void
pseudo_params(Network *network, int seed)
{
	for (int l = 1; l < network->model->n_layers; l++)
	{
		const NNLayer *layer = &network->model->layers[l];

		for (int p = 0; p < layer->n_params; p++, seed++)
		{
			const NNParam *param = &layer->params[p];
			nn_real *w = network->start + layer->param_offset + param->offset;
			double fans = param->shape.dim[0] + param->shape.dim[1];

			for (size_t i = 0; i < param->size; i++)
				if (param->shape.rank == 2)
					w[i] = (nn_real) pair_pseudo(seed, i, (double) (float) sqrt(6 / fans));
				else if (strcmp(param->name, "gamma") == 0)
					w[i] = (nn_real) (1 + pair_pseudo(seed, i, 0.1));
				else if (param->trainable)
					w[i] = (nn_real) pair_pseudo(seed, i, 0.1);
		}
	}
}

typedef struct FixedNoise
{
	size_t width;
	int draws; /* of a step */
	double scale;
} FixedNoise;

static void
fixed_noise(void *arg, int64_t step, int draw, int first, int count, nn_real *z)
{
	const FixedNoise *noise = arg;
	int seed = 2000 + (int) step * noise->draws + draw;

	for (size_t i = 0; i < (size_t) count * noise->width; i++)
		z[i] = (nn_real) pair_pseudo(seed, (size_t) first * noise->width + i, noise->scale);
}

static double
worst_weights(const NNRun *run, const double *expected)
{
	double worst = 0;

	for (int l = 1; l < run->model->n_layers; l++)
	{
		const NNLayer *layer = &run->model->layers[l];

		for (int p = 0; p < layer->n_params; p++)
		{
			const NNParam *param = &layer->params[p];

			for (size_t i = 0; param->trainable && i < SHOWN; i++, expected++)
			{
				double got =
					(double)
						run->params[layer->param_offset + param->offset + i * param->size / SHOWN];

				if (!(fabs(got - *expected) <= worst))
					worst = fabs(got - *expected);
			}
		}
	}
	return worst;
}

static double
worst_rows(Pair *pair, const FixedNoise *noise, const double *expected)
{
	NNRun run = pair->gan.generator;
	NNPlanRequest request = {.batch = SHOWN, .threads = 1};
	NNError error = {0};
	size_t out = pair->generator->out;
	nn_real *z = pair_kept(SHOWN * noise->width * sizeof(nn_real));
	nn_real *y = pair_kept(SHOWN * out * sizeof(nn_real));
	double worst = 0;

	run.plan = pair_kept(nn_plan_bytes(run.model));
	CHECK(nn_plan_make(run.plan, run.model, &request, &error), "a plan for the generator's rows");
	run.workspace = pair_kept(nn_plan_workspace(run.plan));
	fixed_noise((void *) noise, 0, 0, 0, SHOWN, z);
	(void) nn_predict_reals(&run, z, SHOWN, y);
	for (size_t i = 0; i < SHOWN * out; i++)
		if (!(fabs((double) y[i] - expected[i]) <= worst))
			worst = fabs((double) y[i] - expected[i]);
	return worst;
}

typedef struct Golden
{
	const char *name;
	const NetworkLayer *generator;
	int n_generator;
	const NetworkLayer *discriminator;
	int n_discriminator;
	const char *optimizer;
	NNGanLoss loss;
	int batch;
	double smoothing;
	double clip;
	int steps;
	const double *discriminator_losses;
	const double *generator_losses;
	const double *discriminator_weights;
	const double *generator_weights;
	const double *rows; /* NULL: the generator normalizes, and rows depend on each other */
} Golden;

static void
check_keras(const Golden *golden, int threads)
{
	Pair *pair = pair_make(golden->generator, golden->n_generator, golden->discriminator,
						   golden->n_discriminator, golden->optimizer);
	NNGan *gan = &pair->gan;
	FixedNoise noise = {pair->generator->in, golden->steps + 1, 1.5};
	double worst = 0;
	double last = 0;
	size_t batch = (size_t) golden->batch;

	pseudo_params(pair->generator, 1);
	pseudo_params(pair->discriminator, 101);
	pair_rows(pair, 3 * batch, 1000, 1);
	gan->loss = golden->loss;
	gan->smoothing = golden->smoothing;
	gan->clip = golden->clip;
	gan->discriminator_steps = golden->steps;
	gan->source = fixed_noise;
	gan->source_arg = &noise;
	pair_reset(pair, golden->batch, threads, 0);
	for (size_t step = 0; step < 3; step++)
	{
		size_t done;
		double d, g;

		memset(&gan->totals, 0, sizeof(gan->totals));
		CHECK(pair_train(pair, step * batch, batch, &done) == NN_RUN_DONE && done == batch,
			  "%s: step %zu is done", golden->name, step);
		g = gan->totals.generator_loss / gan->totals.generator_samples;
		d = gan->totals.discriminator_loss / gan->totals.discriminator_samples;
		/* Keras's log has the loss of a step's last update */
		if (golden->steps == 1)
			worst = fmax(worst, fabs(d - golden->discriminator_losses[step]));
		worst = fmax(worst, fabs(g - golden->generator_losses[step]));
		last = g;
	}
	CHECK(worst < KERAS_TOLERANCE && isfinite(last), "%s, %d threads: losses are Keras's (%.2g)",
		  golden->name, threads, worst);
	worst = worst_weights(&gan->generator, golden->generator_weights);
	CHECK(worst < KERAS_TOLERANCE, "%s, %d threads: so are the generator's weights (%.2g)",
		  golden->name, threads, worst);
	worst = worst_weights(&gan->discriminator, golden->discriminator_weights);
	CHECK(worst < KERAS_TOLERANCE, "%s, %d threads: and the discriminator's (%.2g)", golden->name,
		  threads, worst);
	if (golden->rows != NULL)
	{
		worst = worst_rows(pair, &noise, golden->rows);
		CHECK(worst < KERAS_TOLERANCE, "%s, %d threads: and rows (%.2g)", golden->name, threads,
			  worst);
	}
}

#define GOLDEN(name)                                                                    \
	name##_discriminator_losses, name##_generator_losses, name##_discriminator_weights, \
		name##_generator_weights

static const Golden goldens[] = {
	{"dense", NETWORKS(dense_generator, dense_discriminator), "{\"kind\":\"adam\"}",
	 NN_GAN_CROSSENTROPY, 128, 0, 0, 1, GOLDEN(dense), dense_rows},
	{"smoothed, normalized", NETWORKS(normalized_generator, normalized_discriminator),
	 "{\"kind\":\"sgd\",\"learning_rate\":0.1}", NN_GAN_CROSSENTROPY, 13, 0.1, 0, 1,
	 GOLDEN(smoothed), NULL},
	{"least squares", NETWORKS(small_generator, small_critic),
	 "{\"kind\":\"rmsprop\",\"learning_rate\":0.01}", NN_GAN_LEAST_SQUARES, 13, 0, 0, 1,
	 GOLDEN(squares), squares_rows},
	{"wasserstein", NETWORKS(small_generator, small_critic),
	 "{\"kind\":\"rmsprop\",\"learning_rate\":0.01}", NN_GAN_WASSERSTEIN, 13, 0, 0.15, 2,
	 GOLDEN(critic), critic_rows},
};

/* ---- gradients ---- */

#ifdef NN_DOUBLE
/*
 * The generator's gradient, read off one update by plain SGD with rate 1,
 * against differences of its loss; the discriminator stands still (rate 0).
 */
static void
check_gradient(const char *name, const NetworkLayer *generator, int n_generator,
			   const NetworkLayer *discriminator, int n_discriminator, NNGanLoss loss,
			   int condition, int threads, int chunk)
{
	Pair *pair = pair_make(generator, n_generator, discriminator, n_discriminator,
						   "{\"kind\":\"sgd\",\"learning_rate\":0}");
	NNGan *gan = &pair->gan;
	size_t n = pair->generator->model->n_params;
	nn_real *first = pair_kept(n * sizeof(nn_real));
	nn_real *stepped = pair_kept(n * sizeof(nn_real));
	double worst = 0;
	double h = 1e-5;
	size_t done;

	gan->loss = loss;
	gan->condition = condition;
	gan->clip = loss == NN_GAN_WASSERSTEIN ? 100 : 0;
	pair_rows(pair, 11, 3, 1);
	memcpy(first, pair->generator->start, n * sizeof(nn_real));
	pair->generator->optimizer.schedule.rate = 1;
	pair_reset(pair, 11, threads, chunk);
	(void) pair_train(pair, 0, 11, &done);
	memcpy(stepped, gan->generator.params, n * sizeof(nn_real));
	pair->generator->optimizer.schedule.rate = 0;
	for (int l = 1; l < pair->generator->model->n_layers; l++)
	{
		const NNLayer *layer = &pair->generator->model->layers[l];

		for (int p = 0; p < layer->n_params; p++)
			for (size_t i = 0; i < layer->params[p].size && layer->params[p].trainable; i++)
			{
				size_t at = layer->param_offset + layer->params[p].offset + i;
				double got = (double) (first[at] - stepped[at]);
				double moved[2];
				double numeric;

				for (int side = 0; side < 2; side++)
				{
					pair->generator->start[at] = first[at] + (nn_real) (side == 0 ? h : -h);
					pair_reset(pair, 11, 1, 0);
					(void) pair_train(pair, 0, 11, &done);
					moved[side] = gan->totals.generator_loss / gan->totals.generator_samples;
				}
				pair->generator->start[at] = first[at];
				numeric = (moved[0] - moved[1]) / (2 * h);
				if (!(fabs(numeric - got) / (fabs(numeric) + fabs(got) + 1e-3) <= worst))
					worst = fabs(numeric - got) / (fabs(numeric) + fabs(got) + 1e-3);
			}
	}
	CHECK(worst < 1e-5, "%s: the generator's gradient, %d threads, chunk %d (worst %.2g)", name,
		  threads, chunk, worst);
}
#endif

int
main(void)
{
	(void) nn_blas_load(NULL);
	CHECK(nn_pool_grow(3) == 3, "a pool of three");
	for (int i = 0; i < N(goldens); i++)
		for (int threads = 1; threads <= 3; threads++)
			check_keras(&goldens[i], threads);
#ifdef NN_DOUBLE
	for (int threads = 1; threads <= 3; threads += 2)
		for (int chunk = 0; chunk <= 2; chunk += 2)
		{
			check_gradient("cross-entropy", NETWORKS(small_generator, dropping_discriminator),
						   NN_GAN_CROSSENTROPY, 0, threads, chunk);
			check_gradient("normalized", NETWORKS(normalized_generator, normalized_discriminator),
						   NN_GAN_CROSSENTROPY, 0, threads, chunk);
			check_gradient("least squares", NETWORKS(small_generator, normalized_discriminator),
						   NN_GAN_LEAST_SQUARES, 0, threads, chunk);
			check_gradient("conditional", NETWORKS(normalized_generator, conditional_discriminator),
						   NN_GAN_CROSSENTROPY, 2, threads, chunk);
			check_gradient("wasserstein", NETWORKS(normalized_generator, small_critic),
						   NN_GAN_WASSERSTEIN, 0, threads, chunk);
		}
#endif
	nn_pool_end();
	return unit_done();
}
