/*
 * attend.h
 *	  What layers of attention share: which of their inputs is what, which keys
 *	  a query sees, and the weights that scores become.
 *
 * Inputs are query, value and, unless it is the value, key; of a single one all
 * three are the same.  Positions of a sample are its dimensions but the last
 * end to end: t of the query, s of value and key.
 */
#ifndef NN_ATTEND_H
#define NN_ATTEND_H

#include "core/layers/draw.h"

typedef enum NNRole
{
	NN_QUERY,
	NN_VALUE,
	NN_KEY
} NNRole;

/* What the score of a key becomes that a query does not see; it matters where a query sees none. */
typedef enum NNUnseen
{
	NN_UNSEEN_LESS, /* less by 1e9 */
	NN_UNSEEN_LOW,	/* the same low number for all: each has the same weight if all are unseen */
	NN_UNSEEN_NONE	/* its weight is 0 in any case */
} NNUnseen;

/* Which keys are seen, of one layer's pass. */
typedef struct NNAttend
{
	int t, s;
	bool causal; /* no key after the query's own position */
	int window;	 /* keys nearer than that; 0: any */
	NNUnseen unseen;
	/* (batch, steps) of each role, or NULL; positions of a step are next to each other */
	const uint8_t *masks[3];
	const uint8_t *padding; /* of the keys: padded ones have no weight whatever else is hidden */
	int each[2];			/* positions of a step, of query and keys */
} NNAttend;

NN_INLINE int
nn_attend_input(const NNLayer *layer, NNRole role)
{
	return (int) role < layer->n_inputs ? (int) role : layer->n_inputs - 1;
}

/* All dimensions but the last, NN_ANY counting as 1. */
extern size_t nn_attend_positions(const NNShape *shape);
/* Refuse inputs that cannot meet: of other ranks than min to max, or keys and values of other steps. */
extern bool nn_attend_check(const NNLayer *layer, int min, int max, NNError *error);
/* causal, window and unseen are set; the rest is the pass's. masks of roles the kind does not look at stay. */
extern void nn_attend_begin(NNAttend *attend, const NNLayer *layer, const NNPass *pass);
/* z, scores (heads, t, s) of one sample, become weights whose sum over the keys is 1. */
extern void nn_attend_weights(const NNAttend *attend, int sample, int heads, nn_real *z);
/* dw, gradients of these weights w, become those of the scores. */
extern void
nn_attend_backward(const NNAttend *attend, int sample, int heads, const nn_real *w, nn_real *dw);
/*
 * Dropout of (heads, t, s) of one sample: to = from / (1 - rate) or 0; the same in
 * backward, and whatever the others of the batch are padded to.  to may be from.
 */
extern void nn_attend_drop(const NNAttend *attend, uint64_t seed, double rate, int heads,
						   nn_real *to, const nn_real *from);
/*
 * The gradient of an input is written by its first role in the order value,
 * query, key, and added to by others: the beta of their products.
 */
extern nn_real nn_attend_beta(const NNLayer *layer, NNRole role);

#endif /* NN_ATTEND_H */
