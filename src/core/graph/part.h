/*
 * part.h
 *	  Taking a thread's part of a batch through the layers.
 *
 * The callers (infer/, train/) are written for one thread among equals: each makes
 * an NNPart for a batch, then all call the same functions in the same order,
 * since some of them meet at barriers.
 */
#ifndef NN_RUN_H
#define NN_RUN_H

#include "core/graph/plan.h"
#include "core/losses/loss.h"

/* One thread's samples of one batch. */
typedef struct NNPart
{
	const NNRun *run;
	const NNPlan *plan;
	int thread;
	int batch; /* samples of the whole batch */
	int first; /* this thread's first of them */
	int count;
	int chunks; /* that count takes */
	int rounds; /* of every thread, so that all meet at the same barriers */
	uint64_t seed;
	int64_t step;
	nn_real limit;					   /* of the gradient of each place of an id; 0: none */
	void *sums;						   /* the workspace to whose sums over places it adds */
	double scale[NN_MAX_OUTPUTS];	   /* of each output's gradient, where the plan scales them */
	NNLossBatch whole[NN_MAX_OUTPUTS]; /* what is to be known of a batch, where the plan counts */
	nn_real *rows;					   /* where rows of a gradient are at hand (by_rows), and */
	size_t rows_from;				   /* of which parameter on */
} NNPart;

/* One chunk of a part and its buffer. */
typedef struct NNChunk
{
	int first; /* in the batch */
	int count;
	nn_real *base;
} NNChunk;

extern void nn_part_make(NNPart *part, const NNRun *run, int thread, int batch);
/*
 * A step of several passes, each with a workspace of its own, whose gradients are summed, divided by
 * so much and used up by one update: that of the first.  The others join it, by plans alike.
 */
extern void nn_part_divide(NNPart *part, double divisor);
extern void nn_part_join(NNPart *part, const NNPart *first);
/* A part that is not shared: at most a chunk of samples, which it returns. */
extern NNChunk nn_part_alone(NNPart *part, const NNRun *run, int thread, int count);
/* The chunks [*from, *to) of a round; none when this thread has no more. */
extern void nn_part_round(const NNPart *part, int round, int *from, int *to);
extern NNChunk nn_part_chunk(const NNPart *part, int chunk);

/*
 * Wait for the plan's other threads, as nn_pool_barrier() does.  The only one waits
 * for nobody: so it may be one of several that run side by side (train/lanes.c).
 */
extern bool nn_part_barrier(const NNPart *part);

/*
 * By what the sum of a batch's gradients is divided, whose rows of the first
 * output that count are so many.
 */
extern double nn_part_divisor(const NNPart *part, double rows);
/* An output's rows that count are so many in the batch. */
extern void nn_part_scale(NNPart *part, int output, double rows);

/* Which rows of an output count, whatever its rank; NULL: all. */
extern const uint8_t *nn_chunk_row_mask(const NNPart *part, const NNChunk *chunk, int output);
/* Reals of one sample's input. */
extern size_t nn_part_input_reals(const NNPart *part, int input);
/* An input's array, an output's and its gradient, its targets and its rows' weights (or NULL). */
extern nn_real *nn_chunk_input(const NNPart *part, const NNChunk *chunk, int input);
extern nn_real *nn_chunk_output(const NNPart *part, const NNChunk *chunk, int output);
extern nn_real *nn_chunk_output_gradient(const NNPart *part, const NNChunk *chunk, int output);
extern nn_real *nn_chunk_input_gradient(const NNPart *part, const NNChunk *chunk, int input);
extern void *nn_chunk_targets(const NNPart *part, const NNChunk *chunk, int output);
extern float *nn_chunk_weights(const NNPart *part, const NNChunk *chunk, int output);
/* The mask of any layer's output, or NULL. */
extern const uint8_t *nn_chunk_mask(const NNPart *part, const NNChunk *chunk, int layer);

/* Where that of its padding lies, or NULL. */
extern uint8_t *nn_chunk_padding(const NNPart *part, const NNChunk *chunk, int layer);

/* Unpack records (one a sample of the chunk) into inputs, their masks, targets and weights. */
extern void nn_chunk_load(const NNPart *part, const NNChunk *chunk, const void *const *records);
/* The same from reals; x holds the chunk's samples, all of the plan's steps. */
extern void nn_chunk_load_reals(const NNPart *part, const NNChunk *chunk, const nn_real *x);

/* Before a training step, by all threads: what layers change of their parameters first, once a step. */
extern void nn_part_begin_step(const NNPart *part);
/* All layers, for the chunks of a round whose input is loaded. */
extern void nn_part_forward(const NNPart *part, int round);
/* The layers before one, to learn from what reaches it. */
extern void nn_part_forward_some(const NNPart *part, int from, int to);
/* From the outputs' gradients, already in place, back to the first layer that learns. */
extern void nn_part_backward(const NNPart *part, int round);
/* The same of one layer, after all that follow it. */
extern void nn_part_backward_layer(const NNPart *part, int i, int round);
/*
 * Of a layer of large weights, when all threads' chunks of this round are complete: add this
 * thread's share of the weights' gradient, over all of them, to the first thread's.
 */
extern void nn_part_split_gradient(const NNPart *part, int i, int round);
/* The rows of a layer's kernel whose gradient this thread makes, where it is made by rows. */
extern void nn_part_rows(const NNPart *part, const NNLayer *layer, int *from, int *to);
/* Of a layer that a plan updates by rows: add those of its kernel's gradient to grads, over all of the batch. */
extern void nn_part_gradient_rows(const NNPart *part, int i, int from, int to, nn_real *grads);
/* After a backward, the shares of all layers that are not updated by rows (barriers inside). */
extern void nn_part_split_gradients(const NNPart *part, int round);
/* After the last round, by thread 0 when all have passed a barrier: moving averages. */
extern void nn_part_end_step(const NNPart *part);

#endif /* NN_RUN_H */
