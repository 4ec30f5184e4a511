/*
 * gan_pair.h
 *	  Two networks made to be trained against each other, and the small
 *	  networks that the tests of adversarial training are about.  Memory lives
 *	  as long as the program.
 */
#ifndef GAN_PAIR_H
#define GAN_PAIR_H

#include <stddef.h>

#include "core/nn_gan.h"
#include "test/unit/network.h"

#define N(a) ((int) (sizeof(a) / sizeof((a)[0])))

typedef struct Pair
{
	Network *generator;
	Network *discriminator;
	NNGan gan;
	void *workspace[3];
	size_t n_records;
	void **records;
} Pair;

/* Zeroed memory that lives as long as the program. */
extern void *pair_kept(size_t bytes);
/* Numbers within [-scale, scale), as test/golden/gan.py makes them. */
extern double pair_pseudo(int seed, size_t i, double scale);
extern Pair *
pair_make(const NetworkLayer *generator, int n_generator, const NetworkLayer *discriminator,
		  int n_discriminator, const char *optimizer);
/* n real rows within [-scale, scale). */
extern void pair_rows(Pair *pair, size_t n, int seed, double scale);
/* Plan afresh and go back to the first parameters. */
extern void pair_reset(Pair *pair, int batch, int threads, int chunk);
extern NNRunResult pair_train(Pair *pair, size_t from, size_t n, size_t *done);

#define RELU(units)                                                           \
	{                                                                         \
		"dense", NULL, NULL, "{\"units\":" #units ",\"activation\":\"relu\"}" \
	}
#define TANH(units)                                                           \
	{                                                                         \
		"dense", NULL, NULL, "{\"units\":" #units ",\"activation\":\"tanh\"}" \
	}
#define INPUT(n)                                    \
	{                                               \
		"input", NULL, NULL, "{\"shape\":[" #n "]}" \
	}
#define SIGMOID                                                         \
	{                                                                   \
		"dense", NULL, NULL, "{\"units\":1,\"activation\":\"sigmoid\"}" \
	}
#define LINEAR                               \
	{                                        \
		"dense", NULL, NULL, "{\"units\":1}" \
	}
#define NORMALIZED                              \
	{                                           \
		"batch_normalization", NULL, NULL, "{}" \
	}

static const NetworkLayer dense_generator[] = {
	INPUT(100), RELU(256), RELU(256), RELU(128), RELU(64), RELU(32), TANH(10),
};
static const NetworkLayer dense_discriminator[] = {
	INPUT(10), RELU(128), RELU(128), RELU(64), RELU(32), SIGMOID,
};
static const NetworkLayer small_generator[] = {INPUT(5), RELU(16), TANH(3)};
static const NetworkLayer small_critic[] = {INPUT(3), TANH(16), LINEAR};
static const NetworkLayer small_discriminator[] = {INPUT(3), TANH(16), SIGMOID};
static const NetworkLayer normalized_generator[] = {INPUT(5), RELU(16), NORMALIZED, TANH(3)};
static const NetworkLayer normalized_discriminator[] = {INPUT(3), TANH(16), NORMALIZED, SIGMOID};
static const NetworkLayer dropping_discriminator[] = {
	INPUT(3),
	TANH(16),
	{"dropout", NULL, NULL, "{\"rate\":0.3}"},
	SIGMOID,
};
/* of a row of 5 values the last 2 are given */
static const NetworkLayer conditional_discriminator[] = {INPUT(5), TANH(16), NORMALIZED, SIGMOID};

#define NETWORKS(g, d) g, N(g), d, N(d)

#endif /* GAN_PAIR_H */
