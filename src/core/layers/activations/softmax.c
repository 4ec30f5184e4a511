/*
 * softmax.c
 *	  Softmax along any dimensions, as a layer: e^x / sum of e^x.
 *
 * A sample is (outer, n, inner), see axes.h; the sum is that of n numbers.  Along
 * the steps, those that a mask hides take no part, and have 0 in y; so that a
 * row gives the same however it is padded.
 * Backward: dx = y (dy - sum of dy y).
 * scratch: largest and sum of inner columns.
 */
#include "core/kernels/math_inline.h"
#include "core/layers/axes.h"

typedef struct SoftmaxConf
{
	NNInts axis;
} SoftmaxConf;

static const NNField softmax_fields[] = {
	NN_FIELD_AXES(SoftmaxConf),
	NN_FIELD_END,
};

static bool
softmax_shape(NNLayer *layer, NNError *error)
{
	NNAxes axes;

	if (!nn_axes(layer, &NN_CONF(layer, SoftmaxConf)->axis, 1, &axes, error))
		return false;
	layer->out = layer->in[0];
	layer->scratch_fixed = 2 * axes.inner;
	layer->flops = 10 * (double) nn_shape_size(&layer->in[0]);
	layer->mask_from = 0;
	return true;
}

/* Whether place i of n stands for a step that is hidden: n is (steps, rest). */
NN_INLINE bool
is_hidden(const uint8_t *mask, size_t i, size_t rest)
{
	return mask != NULL && !mask[i / rest];
}

/* One (n, inner) of x; mask of its steps, or NULL.  most and sum have room for inner. */
static NN_HOT(void, columns,
			  (nn_real *restrict y, const nn_real *restrict x, size_t n, size_t inner,
			   const uint8_t *mask, size_t rest, nn_real *restrict most, nn_real *restrict sum),
			  (y, x, n, inner, mask, rest, most, sum))
{
	for (size_t k = 0; k < inner; k++)
	{
		most[k] = -(nn_real) INFINITY;
		sum[k] = 0;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < inner && !is_hidden(mask, i, rest); k++)
			most[k] = nn_larger(most[k], x[i * inner + k]);
	for (size_t i = 0; i < n; i++)
	{
		if (is_hidden(mask, i, rest))
		{
			for (size_t k = 0; k < inner; k++)
				y[i * inner + k] = 0;
			continue;
		}
		for (size_t k = 0; k < inner; k++)
		{
			nn_real e = nn_exp(x[i * inner + k] - most[k]);

			y[i * inner + k] = e;
			sum[k] += e;
		}
	}
	for (size_t k = 0; k < inner; k++)
		sum[k] = sum[k] == 0 ? 0 : 1 / sum[k]; /* 0: nothing was there */
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < inner; k++)
			y[i * inner + k] *= sum[k];
}

static NN_HOT(void, columns_back,
			  (nn_real *restrict dx, const nn_real *restrict dy, const nn_real *restrict y,
			   size_t n, size_t inner, nn_real *restrict dot),
			  (dx, dy, y, n, inner, dot))
{
	for (size_t k = 0; k < inner; k++)
		dot[k] = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < inner; k++)
			dot[k] += dy[i * inner + k] * y[i * inner + k];
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < inner; k++)
			dx[i * inner + k] = y[i * inner + k] * (dy[i * inner + k] - dot[k]);
}

static void
softmax_forward(const NNLayer *layer, const NNPass *pass)
{
	NNAxes axes = nn_axes_of(layer, &NN_CONF(layer, SoftmaxConf)->axis, pass->steps);
	size_t size = axes.n * axes.inner, groups = axes.outer * (size_t) pass->batch;
	const uint8_t *mask = axes.first == 0 ? pass->mask : NULL;
	size_t steps = mask ? (size_t) layer->in[0].dim[0] : 1;

	if (axes.inner == 1 && mask == NULL)
	{
		nn_copy(pass->y, pass->x, groups * axes.n);
		nn_activate(NN_SOFTMAX, pass->y, groups * axes.n, axes.n);
		return;
	}
	for (size_t g = 0; g < groups; g++)
		columns(pass->y + g * size, pass->x + g * size, axes.n, axes.inner,
				mask ? mask + g * steps : NULL, axes.n / steps, pass->scratch,
				pass->scratch + axes.inner);
}

static void
softmax_backward(const NNLayer *layer, const NNPass *pass)
{
	NNAxes axes = nn_axes_of(layer, &NN_CONF(layer, SoftmaxConf)->axis, pass->steps);
	size_t size = axes.n * axes.inner, groups = axes.outer * (size_t) pass->batch;

	for (size_t g = 0; pass->dx && g < groups; g++)
		columns_back(pass->dx + g * size, pass->dy + g * size, pass->y + g * size, axes.n,
					 axes.inner, pass->scratch);
}

const NNKind nn_softmax = {
	.name = "softmax",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(SoftmaxConf),
	.fields = softmax_fields,
	.shape = softmax_shape,
	.forward = softmax_forward,
	.backward = softmax_backward,
};
