/*
 * activity.c
 *	  Regularizers of outputs: each sample's are added to the loss by l1 and l2.
 */
#include "core/layers/layer.h"

double
nn_activity(const NNRegularizer *activity, const nn_real *y, nn_real *dy, size_t n)
{
	nn_real l1 = (nn_real) activity->l1;
	nn_real l2 = (nn_real) activity->l2;

	if (dy == NULL)
		return activity->l1 * nn_sum_abs(y, n) + activity->l2 * nn_sum_squares(y, n);
	for (size_t i = 0; i < n; i++)
		dy[i] += l1 * (nn_real) ((y[i] > 0) - (y[i] < 0)) + 2 * l2 * y[i];
	return 0;
}
