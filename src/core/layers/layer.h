/*
 * layer.h
 *	  What files of layers include: a layer, its kind, its pass, and what kinds
 *	  share (layer.c).
 */
#ifndef NN_LAYER_H
#define NN_LAYER_H

#include "core/base/shape.h"
#include "core/layers/kinds.h"

struct NNLayer
{
	const NNKind *kind;
	char name[NN_MAX_NAME];
	int index;		/* in the model */
	bool trainable; /* config: false freezes it */

	/* the graph */
	int n_inputs;
	int inputs[NN_MAX_INPUTS]; /* indexes of earlier layers */
	int n_consumers;

	/* set by kind->shape from in[] and conf */
	NNShape in[NN_MAX_INPUTS];
	NNShape out;
	int n_params;
	NNParam params[NN_MAX_PARAMS];
	size_t param_offset; /* in the model's parameters */
	size_t param_size;
	size_t packed_offset; /* in the model's packed weights */
	size_t saved_size;	  /* reals a sample that forward keeps for backward */
	size_t scratch_size;  /* reals a sample, not kept, shared by all layers */
	size_t scratch_fixed; /* reals whatever the chunk, not kept */
	size_t partial_size;  /* doubles of one thread's partial sums */
	double flops;		  /* multiply-adds a sample, forward */
	int steps_from;		 /* input whose steps, and so whose padding, the output has, or NN_MASK_* */
	int mask_from;		 /* input whose mask passes on, steps included, or NN_MASK_* */
	bool split_gradient; /* large weights: gradient_part or add_rows instead of private copies */
	int gradient_rows;	 /* add_rows, of so many rows; 0: gradient_part */
	int packs;			 /* so many first parameters are packed as factors of forward's products */
	NNRegularizer activity; /* of its outputs, by the mean over samples */
	bool logits;			/* the loss wants this last layer without its activation */
	bool copied;			/* it, or metrics, work on a copy of the output: that needs room */

	struct NNLayer *inner[2]; /* of a wrapper */
	union
	{
		char bytes[NN_MAX_CONF];
		double align;
	} conf;
};

#define NN_MASK_NONE (-1) /* the output has none: of steps, as many as it says */
#define NN_MASK_OWN (-2)  /* the layer computes its output's */
/* of mask_from only, for layers of several inputs: see graph/mask.c */
#define NN_MASK_SHARED (-3) /* if all inputs have a mask, what any of them shows */
#define NN_MASK_JOINED (-4) /* if any input has one, theirs along the steps; others show all */

/* Forward cannot fail: note that a value has no place in the layer, and go on. */
extern void nn_pass_refuse(const NNPass *pass, const NNLayer *layer, nn_real value);

#define NN_CONF(layer, type) ((const type *) (layer)->conf.bytes)

/* Append a parameter tensor (in layers/layer.c); offsets follow from the order. */
extern NNParam *nn_layer_add_param(NNLayer *layer, const char *name, NNShape shape,
								   NNInitializer init, const NNRules *rules);
/*
 * Run kind->shape afresh and check what it says, for a layer whose in[] are
 * set (a wrapper's inner one, by the wrapper's shape()).
 */
extern bool nn_layer_infer_inner(NNLayer *layer, NNError *error);
/* Initial values of one layer, as nn_model_init_params draws them; for wrappers too. */
extern void
nn_layer_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random);
/* The layer, or the one that it wraps, that has a begin_step; NULL: none.  Their parameters begin alike. */
extern const NNLayer *nn_layer_beginner(const NNLayer *layer);
/* Rows of width nn_shape_last in a chunk. */
NN_INLINE size_t
nn_pass_rows(const NNShape *shape, const NNPass *pass)
{
	return nn_shape_reals(shape, pass->steps) / (size_t) nn_shape_last(shape) *
		(size_t) pass->batch;
}
/* "layer \"conv2d_1\"" for messages. */
extern const char *nn_layer_what(const NNLayer *layer, char *buf, size_t size);

/* Refuses a layer whose input has a variable last dimension, or another axis than the last. */
extern bool nn_columns_check(const NNLayer *layer, int axis, NNError *error);

/* Rows of the last dimension that share one step, and so one byte of the mask. */
extern size_t nn_columns_rows_a_step(const NNShape *shape);
/* The layer itself, or the one inside that makes its y, activation included. */
extern const NNLayer *nn_layer_ending(const NNLayer *layer);
/* In orthogonal.c: the penalty of a matrix whose rows, or columns, are not orthogonal. */
extern double nn_orthogonal_penalty(const NNParam *param, const nn_real *p);
/* How many rows or columns that are, and its gradient by one of them, times factor, added to g. */
extern size_t nn_orthogonal_vectors(const NNParam *param);
extern void nn_orthogonal_gradient(const NNParam *param, const nn_real *p, size_t vector,
								   double factor, nn_real *g);

/* In activity.c: the penalty of n outputs; with dy 0, and its gradient added to that. */
extern double nn_activity(const NNRegularizer *activity, const nn_real *y, nn_real *dy, size_t n);

NN_INLINE bool
nn_regularized(const NNRegularizer *regularizer)
{
	return regularizer->l1 != 0 || regularizer->l2 != 0 || regularizer->orthogonal != 0;
}

/* NN_LINEAR if its kind has none. */
extern NNActivation nn_layer_activation(const NNLayer *layer);

#endif /* NN_LAYER_H */
