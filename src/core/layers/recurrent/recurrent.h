/*
 * recurrent.h
 *	  Shared by simple_rnn, lstm and gru: all but the arithmetic of one step.
 *
 * Inside a layer time comes first: step t of all samples of a chunk is one
 * (batch, width) block, so that the inputs of all steps go through one
 * product and each step's recurrence through another.  Slot t is the t-th
 * step in the order of processing; where that is in x depends on
 * go_backwards.
 *
 * A cell computes in rows of `width` columns: a column block of `units` for
 * each gate, and for gru one more.  z is what the products give and what the
 * cell turns into gates; d is its gradient.  State slot 0 is zero and slot
 * t + 1 is the state after step t.
 */
#ifndef NN_RECURRENT_H
#define NN_RECURRENT_H

#include "core/layers/draw.h"
#include "core/layers/layer.h"

/* The options of all three kinds; each has a table of its own ones. */
typedef struct RecurrentConf
{
	int units;
	int activation;
	int recurrent_activation;
	bool use_bias;
	bool unit_forget_bias;
	bool reset_after;
	bool return_sequences;
	bool go_backwards;
	double dropout;
	double recurrent_dropout;
	int seed;
	NNInitializer kernel_initializer;
	NNInitializer recurrent_initializer;
	NNInitializer bias_initializer;
	NNRules kernel;
	NNRules recurrent;
	NNRules bias;
	NNRegularizer activity_regularizer;

	/* not options: what bidirectional asks of its inner layers */
	bool aligned;	  /* outputs stand at their step of x, also if processed backwards */
	bool zero_masked; /* the output at a hidden step is 0, not the one before */
	int draws;		  /* tells apart the dropout of the two */
} RecurrentConf;

#define NN_RECURRENT_FIELDS                                                                  \
	NN_FIELD_INT(RecurrentConf, units, true, 0, 1, NN_MAX_UNITS),                            \
		NN_FIELD_ACTIVATION(RecurrentConf, activation, NN_TANH),                             \
		NN_FIELD_BOOL(RecurrentConf, use_bias, true),                                        \
		NN_FIELD_INITIALIZER(RecurrentConf, kernel_initializer, NN_INIT_GLOROT_UNIFORM),     \
		NN_FIELD_INITIALIZER(RecurrentConf, recurrent_initializer, NN_INIT_ORTHOGONAL),      \
		NN_FIELD_INITIALIZER(RecurrentConf, bias_initializer, NN_INIT_ZEROS),                \
		NN_FIELD_RULES(RecurrentConf, kernel), NN_FIELD_RULES(RecurrentConf, recurrent),     \
		NN_FIELD_RULES(RecurrentConf, bias), NN_FIELD_ACTIVITY(RecurrentConf),               \
		NN_FIELD_REAL(RecurrentConf, dropout, false, 0, 0, 1),                               \
		NN_FIELD_REAL(RecurrentConf, recurrent_dropout, false, 0, 0, 1),                     \
		NN_FIELD_SEED(RecurrentConf), NN_FIELD_BOOL(RecurrentConf, return_sequences, false), \
		NN_FIELD_BOOL(RecurrentConf, go_backwards, false)

/* Gates [gate, gate + n) of a weight matrix and the first column block of z they go to. */
typedef struct RecurrentBlock
{
	int gate;
	int n; /* 0: none */
	int column;
	bool from_z; /* multiplied with z's column block 2 instead of the state before */
} RecurrentBlock;

/* One step of a chunk, as a cell sees it. */
typedef struct RecurrentStep
{
	const struct RecurrentRun *run;
	int batch;
	int units;
	const uint8_t *mask; /* (batch), 0: the state is carried over; or NULL */
	nn_real *z;			 /* (batch, width) */
	nn_real *pre;		 /* (batch, width): z before activation, or NULL */
	const nn_real *h0;	 /* (batch, units): the state before */
	nn_real *h;
	const nn_real *c0; /* (batch, units): lstm */
	nn_real *c;
	nn_real *a; /* (batch, units): activation(c) */
	/* backward */
	nn_real *d;		   /* (batch, width): to be filled */
	const nn_real *dh; /* (batch, units): gradient of h */
	nn_real *dh0;	   /* of h0: to be filled */
	nn_real *dc;	   /* of c; to become that of c0 */
} RecurrentStep;

typedef struct RecurrentCell
{
	int gates;	/* column blocks of the kernels */
	int blocks; /* column blocks of z */
	bool carry; /* has c */
	bool two_biases;
	RecurrentBlock input[2]; /* products with x */
	RecurrentBlock state[2]; /* products with h */
	/* z has the inputs' share and the biases; masked rows are the cell's affair */
	void (*forward)(const RecurrentStep *step);
	void (*backward)(const RecurrentStep *step);
} RecurrentCell;

/* Where everything of one pass lies. */
typedef struct RecurrentRun
{
	const RecurrentCell *cell;
	const RecurrentConf *conf;
	const NNPass *pass;
	int batch;
	int steps;
	int features;
	int units;
	int width;				  /* cell->blocks * units */
	const nn_real *kernel;	  /* (features, gates * units) */
	const nn_real *recurrent; /* (units, gates * units) */
	int stride;				  /* of its rows: more for a copy that lies better in the cache */
	NNPacked packed_kernel;	  /* copies of both and of turned for products, where those pay */
	NNPacked packed_recurrent;
	NNPacked packed_turned;
	const nn_real *bias; /* (gates * units), two of them for two_biases; or NULL */
	/* saved; outside training z, c and a are of a few steps, used again and again */
	int kept;	  /* steps of z and a; c has one more */
	nn_real *z;	  /* (kept, batch, width) */
	nn_real *h;	  /* (steps + 1, batch, units) */
	nn_real *c;	  /* (kept + 1, batch, units) */
	nn_real *a;	  /* (kept, batch, units) */
	nn_real *pre; /* (steps, batch, width) or NULL */
	/* scratch */
	const nn_real *x;	 /* (steps, batch, features) */
	nn_real *dx;		 /* the same */
	nn_real *d;			 /* (steps, batch, width) */
	nn_real *part;		 /* (steps, batch, features): x without what one gate drops */
	nn_real *state_part; /* (steps, batch, units) */
	nn_real *dh;		 /* (batch, units) */
	nn_real *dh0;
	nn_real *dc;
	nn_real *row;	 /* (width) */
	nn_real *turned; /* (gates * units, units): recurrent transposed, if small; or NULL */
	nn_real *drop_x; /* (gates or 1, batch, features): 0 or the scale; or NULL */
	nn_real *drop_h; /* (gates, batch, units) */
	uint8_t *mask;	 /* (steps, batch) or NULL */
	int *length;	 /* (batch): steps without padding */
} RecurrentRun;

/* In recurrent_product.c: of one step. */

/* z += h W for a block of the cell's, each gate with its own dropout unless plain. */
extern void nn_recurrent_product(const RecurrentStep *step, const RecurrentBlock *block,
								 const nn_real *h, int ldh, bool plain);
/* dh += d W', the same backward; beta 0 overwrites. */
extern void nn_recurrent_product_back(const RecurrentStep *step, const RecurrentBlock *block,
									  nn_real beta, nn_real *dh, int ldh, bool plain);

/* In recurrent_product.c too: of all steps. */

/*
 * to (masks, batch, n): 0 or 1 / (1 - rate).  Each sample draws by itself, the
 * numbers from `first` on of its own.
 */
extern void nn_recurrent_draw(const NNLayer *layer, const RecurrentRun *run, nn_real *to, int masks,
							  size_t n, double rate, uint32_t first);
/* to (steps, n) = x * mask, where the mask (n) repeats. */
extern void
nn_recurrent_multiply(nn_real *to, const nn_real *x, const nn_real *mask, size_t steps, size_t n);
extern void nn_recurrent_bias(const RecurrentRun *run); /* row = the biases as a row of z */
/* z = x W + row for some steps, from the beginning of z */
extern void nn_recurrent_inputs(const RecurrentRun *run, int from, int steps);
extern void nn_recurrent_input_back(const RecurrentRun *run);					/* dx = d W' */
extern void nn_recurrent_input_gradients(const RecurrentRun *run, nn_real *dw); /* dW += x' d */
extern void nn_recurrent_state_gradients(const RecurrentRun *run, nn_real *du); /* dU += h' d */
extern void nn_recurrent_bias_gradients(const RecurrentRun *run, nn_real *db);

/* In recurrent_copy.c: of the kernels, for a chunk. */

/* Reals of scratch that copies take in either pass. */
extern size_t nn_recurrent_copies(const RecurrentCell *cell, int features, int units);
/* Before the steps forward, and before those backward; *at moves on. */
extern void nn_recurrent_copy(RecurrentRun *run, nn_real **at);
extern void nn_recurrent_copy_back(RecurrentRun *run, nn_real **at);

/* In recurrent.c: a kind's functions, given its cell. */

extern bool nn_recurrent_shape(NNLayer *layer, const RecurrentCell *cell, NNError *error);
extern void
nn_recurrent_forward(const NNLayer *layer, const NNPass *pass, const RecurrentCell *cell);
extern void
nn_recurrent_backward(const NNLayer *layer, const NNPass *pass, const RecurrentCell *cell);

/* The next n reals of scratch, at the beginning of a cache line as scratch itself. */
NN_INLINE nn_real *
nn_recurrent_take(nn_real **at, size_t n)
{
	nn_real *taken = *at;

	*at += NN_ALIGN_REALS(n);
	return taken;
}

/* Whether each gate drops on its own. */
NN_INLINE bool
nn_recurrent_drops_apart(const RecurrentConf *conf)
{
	return conf->recurrent_dropout > 0;
}

/* What the recurrence drops of the state for one gate: (batch, units), or NULL. */
NN_INLINE const nn_real *
nn_recurrent_drop(const RecurrentRun *run, int gate)
{
	return run->drop_h == NULL
		? NULL
		: run->drop_h + (size_t) gate * (size_t) run->batch * (size_t) run->units;
}

NN_INLINE bool
nn_recurrent_hidden(const RecurrentStep *step, int row)
{
	return step->mask != NULL && step->mask[row] == 0;
}

/* Whether a kind is one of the three; their configuration is then a RecurrentConf. */
extern const NNKind nn_simple_rnn;
extern const NNKind nn_lstm;
extern const NNKind nn_gru;

NN_INLINE bool
nn_is_recurrent(const NNKind *kind)
{
	return kind == &nn_simple_rnn || kind == &nn_lstm || kind == &nn_gru;
}

#endif /* NN_RECURRENT_H */
