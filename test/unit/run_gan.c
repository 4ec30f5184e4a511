/*
 * run_gan.c
 *	  Two networks against each other: the same result for any sharing out,
 *	  interrupts, divergence, what is refused, clipping, noise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/unit/gan_pair.h"
#include "test/unit/reals.h"
#include "test/unit/unit.h"

/* ---- sharing out ---- */

#ifdef NN_DOUBLE
#define ALIKE 1e-9
#else
#define ALIKE 1e-3
#endif

static void
check_sharing(const char *name, const NetworkLayer *generator, int n_generator,
			  const NetworkLayer *discriminator, int n_discriminator, int condition)
{
	Pair *pair = pair_make(generator, n_generator, discriminator, n_discriminator,
						   "{\"kind\":\"adam\",\"learning_rate\":0.01}");
	NNGan *gan = &pair->gan;
	size_t n = pair->generator->model->n_params;
	nn_real *expected = pair_kept(n * sizeof(nn_real));
	nn_real *again = pair_kept(n * sizeof(nn_real));
	size_t done;

	gan->discriminator_steps = 2;
	gan->condition = condition;
	pair_rows(pair, 4 * 13 + 5, 4, 1);
	pair_reset(pair, 13, 1, 0);
	(void) pair_train(pair, 0, pair->n_records, &done);
	memcpy(expected, gan->generator.params, n * sizeof(nn_real));
	CHECK(reals_distance(expected, pair->generator->start, n) > 0.01, "%s: the generator moves",
		  name);
	for (int threads = 1; threads <= 3; threads++)
		for (int chunk = 0; chunk <= 4; chunk += 2)
		{
			double difference;

			pair_reset(pair, 13, threads, chunk);
			CHECK(nn_plan_threads(gan->generator.plan) == threads &&
					  nn_plan_threads(gan->judge) == threads,
				  "%s: %d threads are planned", name, threads);
			(void) pair_train(pair, 0, pair->n_records, &done);
			difference = reals_distance(expected, gan->generator.params, n);
			CHECK(done == pair->n_records && gan->generator.step == 5 &&
					  gan->discriminator.step == 10,
				  "%s: five steps, ten updates of the discriminator", name);
			CHECK(gan->totals.generator_samples == 57 && gan->totals.discriminator_samples == 114,
				  "%s: all samples count", name);
			CHECK(difference < ALIKE, "%s: %d threads, chunk %d train alike (%.2g)", name, threads,
				  chunk, difference);
			memcpy(again, gan->generator.params, n * sizeof(nn_real));
			pair_reset(pair, 13, threads, chunk);
			(void) pair_train(pair, 0, pair->n_records, &done);
			CHECK(memcmp(again, gan->generator.params, n * sizeof(nn_real)) == 0,
				  "%s: %d threads, chunk %d: bit for bit the same again", name, threads, chunk);
		}
}

/* ---- interrupts and divergence ---- */

static volatile int interrupt_flag = 0;

/* Raises the flag when asked for the generator's noise: the discriminator's updates are done. */
static void
interrupting_noise(void *arg, int64_t step, int draw, int first, int count, nn_real *z)
{
	int *armed = arg;

	for (int i = 0; i < count * 5; i++)
		z[i] = (nn_real) pair_pseudo(9 + (int) step * 3 + draw, (size_t) (first * 5 + i), 1);
	/* thread 0, which looks at it */
	if (*armed && draw == 2 && first == 0)
		interrupt_flag = 1;
}

static void
check_interrupt(void)
{
	Pair *pair = pair_make(small_generator, N(small_generator), normalized_discriminator,
						   N(normalized_discriminator), "{\"kind\":\"adam\"}");
	NNGan *gan = &pair->gan;
	size_t n = pair->generator->model->n_params;
	nn_real *expected = pair_kept(n * sizeof(nn_real));
	int armed = 0;
	size_t done = 99;
	NNRunResult result;

	gan->discriminator_steps = 2;
	gan->source = interrupting_noise;
	gan->source_arg = &armed;
	pair_rows(pair, 26, 5, 1);
	pair_reset(pair, 13, 2, 3);
	(void) pair_train(pair, 0, 26, &done);
	memcpy(expected, gan->generator.params, n * sizeof(nn_real));

	pair_reset(pair, 13, 2, 3);
	nn_pool_watch(&interrupt_flag);
	interrupt_flag = 1;
	result = pair_train(pair, 0, 26, &done);
	CHECK(result == NN_RUN_INTERRUPTED && done == 0 && gan->discriminator.step == 0,
		  "an interrupt stops the first update");
	CHECK(memcmp(gan->discriminator.params, pair->discriminator->start,
				 pair->discriminator->model->n_params * sizeof(nn_real)) == 0,
		  "and changes nothing");
	interrupt_flag = 0;
	armed = 1;
	result = pair_train(pair, 0, 26, &done);
	CHECK(result == NN_RUN_INTERRUPTED && done == 0 && gan->discriminator.step == 2 &&
			  gan->generator.step == 0 && gan->draw == 2,
		  "another one stops between updates");
	CHECK(memcmp(gan->generator.params, pair->generator->start, n * sizeof(nn_real)) == 0,
		  "before the generator's");
	interrupt_flag = armed = 0;
	result = pair_train(pair, 0, 26, &done);
	CHECK(result == NN_RUN_DONE && done == 26 && gan->discriminator.step == 4 &&
			  gan->generator.step == 2,
		  "training goes on after them");
	CHECK(memcmp(expected, gan->generator.params, n * sizeof(nn_real)) == 0, "to the same weights");
	nn_pool_watch(NULL);
}

static void
check_divergence(void)
{
	Pair *pair = pair_make(small_generator, N(small_generator), small_discriminator,
						   N(small_discriminator), "{\"kind\":\"adam\"}");
	size_t done;

	pair_rows(pair, 13, 6, 1);
	pair_reset(pair, 13, 2, 0);
	pair->gan.generator.params[0] = (nn_real) NAN;
	CHECK(pair_train(pair, 0, 13, &done) == NN_RUN_DIVERGED && done == 0 &&
			  pair->gan.discriminator.step == 0,
		  "a NaN ends training");
}

/* ---- what is refused ---- */

static const NetworkLayer wide_generator[] = {INPUT(5), TANH(4)};
static const NetworkLayer wide_discriminator[] = {INPUT(3), TANH(2)};
static const NetworkLayer learning_discriminator[] = {
	INPUT(3),
	{"normalization", NULL, NULL, "{}"},
	SIGMOID,
};
static const NetworkLayer endless_generator[] = {
	{"input", NULL, NULL, "{\"shape\":[null,5]}"},
	TANH(3),
};

static void
check_refused(const NetworkLayer *generator, int n_generator, const NetworkLayer *discriminator,
			  int n_discriminator, NNGanLoss loss, double smoothing, const char *expected)
{
	Pair *pair =
		pair_make(generator, n_generator, discriminator, n_discriminator, "{\"kind\":\"sgd\"}");
	NNError error = {0};

	pair->gan.generator = pair->generator->run;
	pair->gan.generator.params = pair->generator->start;
	pair->gan.discriminator = pair->discriminator->run;
	pair->gan.discriminator.params = pair->discriminator->start;
	pair->gan.loss = loss;
	pair->gan.smoothing = smoothing;
	CHECK(!nn_gan_check(&pair->gan, &error) && strstr(error.message, expected) != NULL,
		  "refused: %s", error.message);
}

static void
check_refusals(void)
{
	check_refused(NETWORKS(wide_generator, small_discriminator), NN_GAN_CROSSENTROPY, 0,
				  "has shape (4), size 4, but the discriminator's input has shape (3), size 3");
	check_refused(NETWORKS(small_generator, wide_discriminator), NN_GAN_LEAST_SQUARES, 0,
				  "it must be one number");
	check_refused(NETWORKS(small_generator, small_critic), NN_GAN_CROSSENTROPY, 0, "sigmoid");
	check_refused(NETWORKS(small_generator, learning_discriminator), NN_GAN_CROSSENTROPY, 0,
				  "has not learned from rows");
	check_refused(NETWORKS(endless_generator, small_discriminator), NN_GAN_CROSSENTROPY, 0,
				  "fixed shape");
	check_refused(NETWORKS(small_generator, small_critic), NN_GAN_WASSERSTEIN, 0, "clip");
	check_refused(NETWORKS(small_generator, small_critic), NN_GAN_WASSERSTEIN, 0.1,
				  "label_smoothing");
}

/* Weights are clipped, and only what learns. */
static void
check_clip(void)
{
	Pair *pair = pair_make(small_generator, N(small_generator), small_critic, N(small_critic),
						   "{\"kind\":\"adam\"}");
	double largest = 0;
	size_t done;

	pair->gan.loss = NN_GAN_WASSERSTEIN;
	pair->gan.clip = 0.02;
	pair_rows(pair, 26, 7, 1);
	pair_reset(pair, 13, 3, 0);
	(void) pair_train(pair, 0, 26, &done);
	for (size_t i = 0; i < pair->discriminator->model->n_params; i++)
		largest = fmax(largest, fabs((double) pair->gan.discriminator.params[i]));
	CHECK(largest > 0.0199 && largest < 0.0200001, "weights of a critic stay within clip (%.6f)",
		  largest);
}

/* ---- noise ---- */

static void
check_noise(NNNoise noise, double variance, double fourth)
{
	enum
	{
		DRAWS = 200000,
	};
	static nn_real z[DRAWS];
	static nn_real other[DRAWS];
	double sums[5] = {0};
	double neighbours = 0;
	double largest = 0;

	nn_noise(noise, 11, 3, z, DRAWS);
	nn_noise(noise, 11, 3, other, 77);
	CHECK(memcmp(z, other, 77 * sizeof(nn_real)) == 0,
		  "noise of an element does not depend on the others");
	nn_noise(noise, 11, 4, other, DRAWS);
	for (int i = 0; i < DRAWS; i++)
	{
		double x = (double) z[i];

		sums[0] += x;
		sums[1] += x * x;
		sums[2] += x * x * x;
		sums[3] += x * x * x * x;
		sums[4] += x * (double) other[i];
		neighbours += i > 0 ? x * (double) z[i - 1] : 0;
		largest = fmax(largest, fabs(x));
	}
	CHECK(fabs(sums[0] / DRAWS) < 0.01 && fabs(sums[2] / DRAWS) < 0.05, "noise %d is centered",
		  (int) noise);
	CHECK(fabs(sums[1] / DRAWS - variance) < 0.01, "its variance (%.4f)", sums[1] / DRAWS);
	CHECK(fabs(sums[3] / DRAWS - fourth) < 0.1, "its fourth moment (%.4f)", sums[3] / DRAWS);
	CHECK(fabs(sums[4] / DRAWS) < 0.01 && fabs(neighbours / DRAWS) < 0.01,
		  "neighbours are independent");
	CHECK(noise == NN_NOISE_UNIFORM ? largest <= 1 : largest > 3.5 && largest < 6.8,
		  "its largest (%.3f)", largest);
}

/* One of the few samples whose bits come next to the logarithm of 0. */
static void
check_rare_noise(void)
{
	nn_real z[16];
	double length;

	nn_noise(NN_NOISE_NORMAL, 11, 2390635, z, 16);
	for (int i = 0; i < 16; i++)
		CHECK(isfinite((double) z[i]) && fabs((double) z[i]) < 7, "rare noise is finite");
	length = hypot((double) z[4], (double) z[5]);
	CHECK(length > 6.2 && length < 6.8, "a radius is at most 6.8 (%.3f)", length);
}

int
main(void)
{
	(void) nn_blas_load(NULL);
	CHECK(nn_pool_grow(3) == 3, "a pool of three");
	check_sharing("plain", NETWORKS(small_generator, dropping_discriminator), 0);
	check_sharing("normalized", NETWORKS(normalized_generator, normalized_discriminator), 0);
	check_sharing("one of them normalized", NETWORKS(small_generator, normalized_discriminator), 0);
	check_sharing("conditional", NETWORKS(small_generator, conditional_discriminator), 2);
	check_interrupt();
	check_divergence();
	check_refusals();
	check_clip();
	check_noise(NN_NOISE_NORMAL, 1, 3);
	check_noise(NN_NOISE_UNIFORM, 1.0 / 3, 1.0 / 5);
	check_rare_noise();
	nn_pool_end();
	return unit_done();
}
