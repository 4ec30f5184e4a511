/*
 * probe.h
 *	  One layer alone, built as a model builds it and run by calling its
 *	  kind's functions as a training run would, for tests of layers.
 *
 *	 Probe *p = probe_make(&(ProbeSpec) {
 *		 .kind = "dense", .config = "{\"units\": 3}",
 *		 .n_inputs = 1, .in = {{1, {4}}}, .batch = 5}, NULL);
 *	 fill p->x[0], p->params (and p->mask, p->padding)
 *	 probe_forward(p, true);			-> p->y
 *	 fill p->dy
 *	 probe_backward(p);				-> p->dx[0], adds to p->grads
 *	 probe_free(p);
 *
 * The batch is cut into threads * chunks pieces of sizes as even as it goes,
 * run one after the other on the calling thread; partial sums are kept for
 * each `thread`.  Before each call scratch is filled with NaN; before a
 * forward pass so are saved and y, before a backward pass dx.  Every buffer
 * has exactly the size that is promised to kinds, so that the address
 * sanitizer sees what runs over.  dy is passed as a copy: backward may destroy
 * it.  Kinds of views are run as copies, kinds that only train as the identity
 * outside training, as in a real run.
 */
#ifndef UNIT_PROBE_H
#define UNIT_PROBE_H

#include "core/graph/model.h"

typedef struct ProbeSpec
{
	const char *kind;
	const char *config;		   /* a JSON object; NULL: {} */
	int n_inputs;			   /* 0 means 1 */
	NNShape in[NN_MAX_INPUTS]; /* dim[0] may be NN_ANY: then steps says how many */
	int batch;
	int steps;
	bool masked; /* give the layer a mask of its first input's first dimension */
	bool padded; /* the same of what is padding; unless masked that is the mask */
} ProbeSpec;

typedef struct Probe
{
	NNModel *model;
	NNLayer *layer;
	int batch;
	int steps;
	int n_inputs;
	size_t in_size[NN_MAX_INPUTS]; /* reals of one sample */
	size_t out_size;
	int mask_steps; /* bytes a sample of mask and padding, 0: none */
	int mask_out_steps;

	/* how to cut the batch; change them at will */
	int threads;
	int chunks; /* of each thread */
	uint64_t seed;
	int64_t step;
	bool want_grads;			 /* false: pass->grads is NULL, as for a frozen layer */
	bool want_dx[NN_MAX_INPUTS]; /* false: that input's gradient is not wanted */

	/* (batch, size) each */
	nn_real *x[NN_MAX_INPUTS];
	nn_real *dx[NN_MAX_INPUTS];
	nn_real *y;
	nn_real *dy;
	nn_real *params;
	nn_real *grads;
	uint8_t *mask;	   /* or NULL */
	uint8_t *padding;  /* or NULL */
	uint8_t *mask_out; /* of a layer that makes its own, or NULL */

	/* inside */
	nn_real **saved; /* of each piece */
	nn_real *dy_work;
	int pieces;
	double *partials;
} Probe;

/*
 * NULL with *error filled if the model refuses the layer; with error NULL the
 * program ends then.  A layer of a variable number of steps is built with
 * NN_ANY first and then inferred for spec->steps, as a plan does.
 */
extern Probe *probe_make(const ProbeSpec *spec, NNError *error);
extern void probe_free(Probe *probe);

extern void probe_forward(Probe *probe, bool training);
/* After probe_forward(training = true). */
extern void probe_backward(Probe *probe);
/* The kind's end_step on these parameters, after forward and backward. */
extern void probe_end_step(Probe *probe, nn_real *params);

/* Aligned, exact, filled with NaN; ends the program when there is none. */
extern nn_real *probe_reals(size_t n);

#endif /* UNIT_PROBE_H */
