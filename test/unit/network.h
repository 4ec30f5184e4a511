/*
 * network.h
 *	  Whole networks for the tests of runs: a model with its parameters,
 *	  buffers and records, in malloc memory that lives as long as the program.
 */
#ifndef NETWORK_H
#define NETWORK_H

#include "core/nn.h"

typedef struct NetworkLayer
{
	const char *kind;
	const char *name;	/* NULL: made */
	const char *inputs; /* "a b", or NULL: the one before */
	const char *config; /* JSON */
} NetworkLayer;

typedef struct Network
{
	NNModel *model;
	NNObjectives objectives;
	NNRecordFormat *format; /* of the records */
	NNOptimizer optimizer;
	NNRun run;
	nn_real *start; /* the parameters drawn at first */
	size_t n_records;
	void **records;
	size_t in, out;		  /* reals of a sample */
	size_t gradient_room; /* of its plans */
	NNPrecision precision;
	struct Network *next; /* all there are: reachable until the program ends */
} Network;

/* Exits with a message if anything is refused.  All outputs have the same loss and metric. */
extern Network *network_make(const NetworkLayer *layers, int n_layers, const char *loss,
							 const char *metric, const char *optimizer);
/* Random inputs in [-1, 1) and targets that suit the loss. */
extern void network_data(Network *network, size_t n_records, uint64_t seed);
/* Plan afresh and go back to the first parameters, slots and step. */
extern void network_reset(Network *network, int batch, int threads, int chunk, bool training);

/* Train on its first n records; the loss. */
extern double network_train(Network *network, size_t n);
/* What the totals of its run come to: the loss, a metric. */
extern double network_loss(const Network *network);
extern double network_metric(const Network *network, int output, int i);

#endif /* NETWORK_H */
