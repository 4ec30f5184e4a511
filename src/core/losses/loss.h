/*
 * loss.h
 *	  What the files of losses share (loss.c, crossentropy.c, metric.c).
 */
#ifndef NN_LOSS_H
#define NN_LOSS_H

#include "core/internal.h"

/* Keras's epsilon, by which probabilities stay away from 0 and 1. */
#define NN_LOSS_EPSILON 1e-7

#define NN_LOSS_BLOCK 256 /* values that loops hand on to nn_loss_sum at a time */

/* Compilers keep the order of a sum, so vector code needs it written in lanes. */
NN_INLINE nn_real
nn_loss_sum(const nn_real *x, size_t n)
{
	nn_real lane[8] = {0};
	nn_real sum = 0;
	size_t i = 0;

	for (; i + 8 <= n; i += 8)
		for (int l = 0; l < 8; l++)
			lane[l] += x[i + l];
	for (; i < n; i++)
		sum += x[i];
	return sum +
		(((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7])));
}

/* By how much a row counts. */
NN_INLINE double
nn_loss_weight(const NNLossPass *pass, size_t row)
{
	if (pass->mask != NULL && !pass->mask[row])
		return 0;
	return pass->weights == NULL ? 1 : (double) pass->weights[row];
}

/* And all rows together. */
extern double nn_loss_weights(const NNLossPass *pass);

/* Add to the state of a metric that is a mean. */
extern void nn_metric_add(double *state, double sum, double count);

typedef double (*NNLossSpan)(const NNLossPass *pass);

/*
 * Run a loss over each span of rows that count and return the weighted sum.  In rows
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
