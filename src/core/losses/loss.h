/*
 * loss.h
 *	  What a loss and a metric are, and what the files of them share.
 */
#ifndef NN_LOSS_H
#define NN_LOSS_H

#include <math.h>

#include "core/base/field.h"
#include "core/nn_gan.h"

typedef struct NNLossPass
{
	size_t rows; /* rows of width; mask has one byte a row */
	int width;
	nn_real *y; /* outputs; where logits: replaced by fused(y) */
	bool logits;
	const float *target;  /* (rows, width), or NULL */
	const int32_t *index; /* (rows), or NULL */
	const uint8_t *mask;  /* (rows) or NULL */
	const float *weights; /* (rows), of each row's loss and gradient; or NULL */
	nn_real *dy;		  /* gradient of the loss's *sum* by y (or logits), or NULL */
} NNLossPass;

struct NNLossKind
{
	const char *name;
	const char *synonym; /* 'mse' or NULL */
	NNMeaning meaning;	 /* of its targets */
	/* activation computed with the loss from logits, of cross-entropies; NN_LINEAR: none */
	NNActivation fused;
	int min_width; /* of the output's last dimension: 2 for classes */
	/* Returns the sum over rows that count; the caller divides by their number. */
	double (*run)(const NNLossPass *pass);
	NNGanLoss judge; /* what it is as a discriminator's */
};

struct NNMetricKind
{
	const char *name;
	const char *synonym;
	NNTargetType target; /* what it needs */
	NNMeaning meaning;	 /* of targets, if that is less than what they mean to the loss */
	int states;			 /* doubles of its state, which begins as zeros: sums */
	void (*run)(const NNLossPass *pass, double *state); /* add to it; y are outputs */
	double (*result)(const double *state);
	bool rises; /* the higher, the better */
};

extern const NNLossKind *nn_loss_find(const char *name);
extern const NNLossKind *nn_loss_judge(NNGanLoss judge); /* the one that a discriminator's is */
extern NNTargetType nn_loss_target(const NNLossKind *loss);
extern const NNMetricKind *
nn_metric_find(const char *name, const NNLossKind *loss, const NNShape *out);
extern void nn_losses_list(char *buf, size_t size);
extern void nn_metrics_list(char *buf, size_t size);

/* ---- what losses share ---- */

/* Keras's epsilon, by which probabilities stay away from 0 and 1. */
#define NN_LOSS_EPSILON 1e-7

#define NN_LOSS_BLOCK 256 /* values that loops hand on to nn_loss_sum at a time */

/* Compilers keep the order of a sum, so vector code needs it written in lanes. */
#define NN_SUM_LANES 8
#define NN_SUM_OF_LANES(lane) \
	(((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7])))

/* The sum of a row's numbers. */
NN_INLINE nn_real
nn_row_sum(const nn_real *x, size_t n)
{
	nn_real lane[NN_SUM_LANES] = {0};
	nn_real rest = 0;
	size_t i = 0;

	for (; i + NN_SUM_LANES <= n; i += NN_SUM_LANES)
		for (int l = 0; l < NN_SUM_LANES; l++)
			lane[l] += x[i + l];
	for (; i < n; i++)
		rest += x[i];
	return rest + NN_SUM_OF_LANES(lane);
}

/*
 * The sum of what many rows come to: in doubles, so that it does not hang on
 * which rows go together.
 */
NN_INLINE double
nn_loss_sum(const nn_real *x, size_t n)
{
	double lane[NN_SUM_LANES] = {0};
	double rest = 0;
	size_t i = 0;

	for (; i + NN_SUM_LANES <= n; i += NN_SUM_LANES)
		for (int l = 0; l < NN_SUM_LANES; l++)
			lane[l] += (double) x[i + l];
	for (; i < n; i++)
		rest += (double) x[i];
	return rest + NN_SUM_OF_LANES(lane);
}

/* By how much a row counts. */
NN_INLINE double
nn_loss_weight(const NNLossPass *pass, size_t row)
{
	if (pass->mask != NULL && !pass->mask[row])
		return 0;
	return pass->weights == NULL ? 1 : (double) pass->weights[row];
}

/* And all rows together (rows.c). */
extern double nn_loss_weights(const NNLossPass *pass);

/* Add to the state of a metric that is a mean. */
extern void nn_metric_add(double *state, double sum, double count);

typedef double (*NNLossSpan)(const NNLossPass *pass);

/*
 * In rows.c: run a loss over each span of rows that count and return the weighted sum.  In rows
 * that do not, dy becomes 0 and logits go through their activation alone.
 */
extern double nn_loss_spans(const NNLossPass *pass, NNActivation fused, NNLossSpan span);

/* in confusion.c */
#define NN_HISTOGRAM_STATES (2 * 199)
extern void nn_metric_histogram(const NNLossPass *pass, double *state);
extern double nn_metric_auc(const double *state);

/* in crossentropy.c */
extern double nn_binary_run(const NNLossPass *pass);
extern double nn_categorical_run(const NNLossPass *pass);
extern double nn_sparse_run(const NNLossPass *pass);

#endif /* NN_LOSS_H */
