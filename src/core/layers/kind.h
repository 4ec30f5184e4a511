/*
 * kind.h
 *	  What a kind of layer is.
 *
 * A layer kind is one file with one const NNKind.  Only its shape() may
 * refuse; init, forward and backward cannot fail and allocate nothing.
 */
#ifndef NN_KIND_H
#define NN_KIND_H

#include "core/base/field.h"
#include "core/layers/pass.h"
#include "core/nn_reading.h"

/*
 * Weights from which a gradient for each thread costs more than it saves.  Where a sample
 * has several rows, and in a table of ids, what each thread reads of the others' part of
 * the batch is more, and so are these.
 */
#define NN_SPLIT_WEIGHTS ((size_t) 1 << 16)
#define NN_SPLIT_WEIGHTS_OF_STEPS ((size_t) 1 << 18)

#define NN_KIND_TRAINING_ONLY 1 /* the identity outside training (dropout) */
#define NN_KIND_VIEW 2			/* y is x under another shape: never run */
#define NN_KIND_MASKED 4 /* takes variable steps: its result does not depend on their padding */

#define NN_KIND_ELEMENTWISE 8 /* each value of y stands where the one of x stood from which it is */
#define NN_KIND_AT_INPUT 16	  /* only right after an input, whose values the caller makes for it */
#define NN_KIND_OUTER 128	  /* a wrapper whose y is the inner layer's, with its activation */
#define NN_KIND_STEPPED 64	  /* y does not follow small changes of x: gradients by x end here */
#define NN_KIND_TAKES_MISSING 32 /* NaN in its input is a missing value, and does not come out */

/* What a layer makes of all its input's values being more by the same. */
typedef enum NNOrigin
{
	NN_ORIGIN_MATTERS,	/* something else */
	NN_ORIGIN_KEPT,		/* values that are more by the same */
	NN_ORIGIN_FORGOTTEN /* the same */
} NNOrigin;

/*
 * Learning from rows in one pass, by states that can be put together: see
 * nn_learn_*.  size doubles of state, zero at first.
 */
typedef struct NNLearning
{
	size_t (*size)(const NNLayer *layer);
	/* Of what makes something of missing values: have it pass them on, as nobody knows yet. */
	void (*pass_missing)(const NNLayer *layer, nn_real *params);
	void (*rows)(const NNLayer *layer, const NNPass *pass, double *state);
	/* Add another state, which may hold any finite doubles. */
	void (*merge)(const NNLayer *layer, double *state, const double *other);
	/* A feature's values become more by that. */
	void (*shift)(const NNLayer *layer, double *state, int feature, double by);
	/* Of what can wait for values that are missing: how many of a feature are.  NULL: it cannot. */
	double (*missing)(const NNLayer *layer, const double *state, int feature);
	/* Put a value in the place of a feature's missing ones. */
	void (*fill)(const NNLayer *layer, double *state, int feature, const double *shown);
	void (*end)(const NNLayer *layer, double *state, nn_real *params);
} NNLearning;

struct NNKind
{
	const char *name;
	unsigned flags;
	int min_inputs; /* 1; 2 for add, ... */
	int max_inputs;
	size_t conf_size;
	const NNField *fields;
	size_t
		activation_offset; /* of an int in conf holding an NNActivation, or 0 with has_activation false */
	bool has_activation;

	/*
	 * From in[], n_inputs and conf: set out, params (nn_layer_add_param),
	 * saved_size, scratch sizes, partial_size, flops, steps_from, mask_from.  Must also
	 * accept in[].dim[0] == NN_ANY or refuse it.  Called again with a number
	 * in its place when a plan is made: params must come out the same.
	 */
	bool (*shape)(NNLayer *layer, NNError *error);
	/* NULL: each parameter by its own initializer */
	void (*init)(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random);
	void (*forward)(const NNLayer *layer, const NNPass *pass);
	void (*backward)(const NNLayer *layer, const NNPass *pass);

	/*
	 * Layers whose samples depend on each other in training (batch
	 * normalization).  Before forward, forward_reduce has run over all chunks
	 * of all threads and added to `partial` (zeroed before); likewise backward,
	 * which adds to a part of its own: nothing is zeroed in between.
	 */
	void (*forward_reduce)(const NNLayer *layer, const NNPass *pass);
	void (*backward_reduce)(const NNLayer *layer, const NNPass *pass);
	/*
	 * Before a step of training, by one thread while no other computes, if the layer learns:
	 * params change for good.  scratch is as in a pass.
	 */
	void (*begin_step)(const NNLayer *layer, nn_real *params, nn_real *scratch);
	/* After a step's forward pass, by one thread: moving averages in params. */
	void (*end_step)(const NNLayer *layer, const NNPass *pass, nn_real *params);

	/*
	 * For layer->split_gradient: backward leaves the weights' gradient out,
	 * and this adds part `part` of `parts` of it for one chunk (any thread's:
	 * pass has that chunk's x, dy as backward left it, saved).
	 */
	void (*gradient_part)(const NNLayer *layer, const NNPass *pass, int part, int parts);
	/*
	 * In its place for layer->gradient_rows: adds rows [from, to) of the gradient of the first
	 * parameter, a matrix of so many rows, to `grads`, where these rows alone are.
	 */
	void (*add_rows)(const NNLayer *layer, const NNPass *pass, int from, int to, nn_real *grads);

	/* Refuse parameters from a table that make no layer, though they are finite; may be NULL. */
	bool (*check_params)(const NNLayer *layer, const nn_real *params, NNError *error);

	/* Of a layer right after an input: how the caller makes its values (as, and what belongs to it). */
	void (*reading)(const NNLayer *layer, NNReading *reading);

	/* Of a layer whose input is ids, how many there are, and its option that says so. */
	int (*ids)(const NNLayer *layer);
	const char *ids_option;

	/*
	 * Learning from rows: see nn_adapt_*.  adapt_size doubles of state, zero at
	 * first.  adapt_passes, NULL: 1, is how often it sees all rows; adapt_pass
	 * begins each pass but the first.
	 */
	bool (*unadapted)(const NNLayer *layer, const nn_real *params);
	size_t (*adapt_size)(const NNLayer *layer);
	int (*adapt_passes)(const NNLayer *layer);
	void (*adapt_pass)(const NNLayer *layer, int pass, double *state);
	void (*adapt_rows)(const NNLayer *layer, const NNPass *pass, double *state);
	void (*adapt_end)(const NNLayer *layer, double *state, nn_real *params);
	const NNLearning *learning; /* NULL: it does not learn in one pass */
	/* Of what it learns of, or does not learn at all; NULL: the origin matters. */
	NNOrigin (*origin)(const NNLayer *layer);
	/* a feature that was the same in all rows and so gives nothing; NULL: there are none to tell of */
	bool (*adapt_constant)(const NNLayer *layer, const nn_real *params, int feature);
	bool (*adapts_to_target)(const NNLayer *layer); /* it learns from y; NULL: from its input */
};

#endif /* NN_KIND_H */
