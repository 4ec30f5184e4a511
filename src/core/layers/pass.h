/*
 * pass.h
 *	  What a layer sees of a run: one chunk of samples on one thread.
 */
#ifndef NN_PASS_H
#define NN_PASS_H

#include "core/nn.h"

/* The first value of a run that a layer had no place for; read when all threads are done. */
typedef struct NNRefusal
{
	atomic_bool noted;
	const NNLayer *layer;
	nn_real value;
} NNRefusal;

/*
 * What forward and backward see: one layer, one chunk of samples, one thread.
 * n_in(i) and n_out are the reals of one sample; all arrays hold `batch`
 * samples end to end.
 */
typedef struct NNPass
{
	int batch; /* samples in this chunk */
	int steps; /* where a shape says NN_ANY: of a layer alone; a plan's shapes have numbers */
	bool training;
	bool keeps;			   /* backward follows, in training or not: what it needs is to be saved */
	const nn_real *params; /* the layer's */
	const nn_real *packed; /* its first layer->packs parameters, packed one by one; or NULL */
	nn_real *grads;		   /* the layer's, to add to; NULL: frozen, do not compute */
	/* beside grads, of an embedding: see plan.h; NULL: not wanted */
	nn_real *squares;
	nn_real *magnitudes;
	int32_t *slots;			/* 1 + where in them a row's sums are, 0: nowhere yet; NULL: in order */
	atomic_int *slots_used; /* the next is to be zeroed by who takes it */
	nn_real limit;			/* of each place's gradient; 0: none */
	const nn_real *x;		/* xs[0] */
	nn_real *y;
	nn_real *dy;			  /* gradient of y; backward may destroy it */
	nn_real *dx;			  /* dxs[0]; backward overwrites it; NULL: not wanted */
	const nn_real *const *xs; /* each input */
	nn_real *const *dxs;	  /* each input's gradient, or NULL */
	nn_real *saved;			  /* saved_size * batch, from forward to backward of the same chunk */
	nn_real *scratch;		  /* scratch_fixed + scratch_size * batch, any content */
	const uint8_t *mask;	  /* masks[0] */
	const uint8_t *padding;	  /* paddings[0] */
	/* of each input: (batch, its steps, in[].dim[0]), 1 = counts; or NULL */
	const uint8_t *const *masks;
	const uint8_t *const *paddings; /* the same, 0 only where a shorter row was padded; or NULL */
	uint8_t *mask_out;				/* for NN_MASK_OWN: to be filled */
	/* padding once more, of x in equal parts, also where steps are taken for samples */
	const uint8_t *present;
	size_t n_present;
	NNRefusal *refusal; /* where to note one (nn_pass_refuse) */
	/* draws: nn_mix(seed, iteration, layer, first_sample + i), then by element */
	uint64_t seed;
	int64_t iteration;	  /* the optimizer's step; steps are of time */
	int64_t first_sample; /* number of this chunk's first sample in the batch */
	/* layers that couple samples */
	double *partial;		/* this thread's partial sums (partial_size) */
	const double *partials; /* all threads', partial_stride apart */
	size_t partial_stride;
	int n_threads;
} NNPass;

#endif /* NN_PASS_H */
