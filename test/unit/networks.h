/*
 * networks.h
 *	  Networks that several tests of training share, and how near they must come.
 */
#ifndef NETWORKS_H
#define NETWORKS_H

#include "test/unit/network.h"

#define N(a) ((int) (sizeof(a) / sizeof((a)[0])))
#define BATCH 13 /* not a multiple of 2 or 3 threads */

#ifdef NN_DOUBLE
#define TIGHT 1e-12
#else
#define TIGHT 2e-5
#endif

static const NetworkLayer branched[] = {
	{"input", NULL, NULL, "{\"shape\":[6]}"},
	{"dense", "a", NULL, "{\"units\":5,\"activation\":\"tanh\"}"},
	{"batch_normalization", "n", NULL, "{}"},
	{"dense", "b", NULL,
	 "{\"units\":5,\"activation\":\"silu\",\"kernel_regularizer\":{\"l2\":0.1}}"},
	{"add", "sum", "n b a", "{}"},
	{"dense", "c", "a", "{\"units\":3,\"activation\":\"sigmoid\"}"},
	{"concatenate", NULL, "sum c", "{}"},
	{"reshape", NULL, NULL, "{\"target_shape\":[2,4]}"},
	{"layer_normalization", NULL, NULL, "{}"},
	{"flatten", NULL, NULL, "{}"},
	{"dense", NULL, NULL, "{\"units\":4,\"activation\":\"softmax\"}"},
};

static const NetworkLayer plain[] = {
	{"input", NULL, NULL, "{\"shape\":[9]}"},
	{"dense", NULL, NULL, "{\"units\":8,\"activation\":\"relu\"}"},
	{"dropout", NULL, NULL, "{\"rate\":0.3}"},
	{"dense", NULL, NULL, "{\"units\":1,\"activation\":\"sigmoid\"}"},
};

/* Ids 0 to 5, most of them at several places of a batch. */
static const NetworkLayer places[] = {
	{"input", NULL, NULL, "{\"shape\":[9]}"},
	{"rescaling", NULL, NULL, "{\"scale\":2.999,\"shift\":3}"},
	{"embedding", NULL, NULL, "{\"input_dim\":7,\"output_dim\":3}"},
	{"flatten", NULL, NULL, "{}"},
	{"dense", NULL, NULL, "{\"units\":4,\"activation\":\"softmax\"}"},
};

#endif /* NETWORKS_H */
