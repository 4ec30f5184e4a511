/*
 * crossentropy.c
 *	  The losses of probabilities: binary, categorical and sparse categorical
 *	  cross-entropy.
 *
 * From logits z they are computed together with the activation (fused), in a
 * way that neither overflows nor loses what is far from the answer, and y
 * becomes the probabilities:
 *	 sigmoid: max(z, 0) - z t + log(1 + exp(-|z|)),  dz = sigmoid(z) - t
 *	 softmax: sum(t) log(sum(exp(z))) - sum(t z),    dz = sum(t) softmax(z) - t
 * From probabilities y, when the output layer has another activation, as Keras
 * does: y is clipped to [epsilon, 1 - epsilon], with no gradient where it is
 * outside.  Categorical divides y by its sum first; sparse divides after
 * clipping.  A row's value is the sum over classes, in binary the mean.
 */
#include "core/internal.h"
#include "core/kernels/math_inline.h"
#include "core/train/loss.h"

#define LOW ((nn_real) NN_LOSS_EPSILON)
#define HIGH ((nn_real) (1.0 - NN_LOSS_EPSILON))

NN_INLINE nn_real
clip(nn_real p)
{
	return nn_at_most(nn_at_least(p, LOW), HIGH);
}

NN_INLINE bool
clipped(nn_real p)
{
	return p < LOW || p > HIGH;
}

/* ---- binary ---- */

/* n up to NN_LOSS_BLOCK; returns the sum of the elements' values. */
NN_INLINE nn_real
binary_logits(nn_real *restrict y, const float *restrict target, nn_real *restrict dy, size_t n,
			  nn_real scale)
{
	nn_real		value[NN_LOSS_BLOCK];

	for (size_t i = 0; i < n; i++)
	{
		nn_real		z = y[i];
		nn_real		t = (nn_real) target[i];
		nn_real		p = nn_sigmoid(z);

		value[i] = (nn_at_least(z, 0) - z * t) + nn_log1p_exp(-nn_abs(z));
		y[i] = p;
		if (dy != NULL)
			dy[i] = (p - t) * scale;
	}
	return nn_loss_sum(value, n);
}

NN_INLINE nn_real
binary_probabilities(const nn_real *restrict y, const float *restrict target,
					 nn_real *restrict dy, size_t n, nn_real scale)
{
	nn_real		value[NN_LOSS_BLOCK];

	for (size_t i = 0; i < n; i++)
	{
		nn_real		p = clip(y[i]);
		nn_real		t = (nn_real) target[i];

		value[i] = -(t * nn_log(p) + (1 - t) * nn_log(1 - p));
		if (dy != NULL)
			dy[i] = clipped(y[i]) ? 0 : (p - t) / (p * (1 - p)) * scale;
	}
	return nn_loss_sum(value, n);
}

NN_HOT static double
binary_span(const NNLossPass *pass)
{
	size_t		n = pass->rows * (size_t) pass->width;
	nn_real		scale = 1 / (nn_real) pass->width;
	double		sum = 0;

	for (size_t at = 0; at < n; at += NN_LOSS_BLOCK)
	{
		size_t		m = n - at < NN_LOSS_BLOCK ? n - at : NN_LOSS_BLOCK;
		nn_real    *y = pass->y + at;
		const float *t = pass->target + at;

		if (pass->logits && pass->dy != NULL)
			sum += binary_logits(y, t, pass->dy + at, m, scale);
		else if (pass->logits)
			sum += binary_logits(y, t, NULL, m, scale);
		else if (pass->dy != NULL)
			sum += binary_probabilities(y, t, pass->dy + at, m, scale);
		else
			sum += binary_probabilities(y, t, NULL, m, scale);
	}
	return sum / pass->width;
}

double
nn_binary_run(const NNLossPass *pass)
{
	return nn_loss_spans(pass, NN_SIGMOID, binary_span);
}

/* ---- classes, from logits ---- */

/* The largest of a row is taken off all of it: (n) becomes z - max(z). */
NN_INLINE void
shift_row(nn_real *restrict z, int n)
{
	nn_real		top = z[0];

	for (int i = 1; i < n; i++)
		top = z[i] > top ? z[i] : top;
	for (int i = 0; i < n; i++)
		z[i] -= top;
}

/* Rows are few numbers, so exp runs over all of them at once. */
NN_HOT static double
sparse_logits(const NNLossPass *pass)
{
	int			width = pass->width;
	double		loss = 0;

	for (size_t row = 0; row < pass->rows; row++)
	{
		nn_real    *z = pass->y + row * (size_t) width;

		shift_row(z, width);
		loss -= z[pass->index[row]];
	}
	for (size_t i = 0; i < pass->rows * (size_t) width; i++)
		pass->y[i] = nn_exp(pass->y[i]);
	for (size_t row = 0; row < pass->rows; row++)
	{
		nn_real    *restrict y = pass->y + row * (size_t) width;
		nn_real		sum = nn_loss_sum(y, (size_t) width);
		nn_real		by_sum = 1 / sum;

		loss += nn_log(sum);
		for (int i = 0; i < width; i++)
			y[i] *= by_sum;
		if (pass->dy != NULL)
		{
			nn_real    *restrict dy = pass->dy + row * (size_t) width;

			for (int i = 0; i < width; i++)
				dy[i] = y[i];
			dy[pass->index[row]] -= 1;
		}
	}
	return loss;
}

/* sum(t z) and sum(t) of a row. */
NN_INLINE nn_real
target_sums(const nn_real *restrict z, const float *restrict t, int n, nn_real *weight)
{
	nn_real		sum = 0;
	nn_real		all = 0;

	for (int i = 0; i < n; i++)
	{
		sum += z[i] * (nn_real) t[i];
		all += (nn_real) t[i];
	}
	*weight = all;
	return sum;
}

NN_HOT static double
categorical_logits(const NNLossPass *pass)
{
	int			width = pass->width;
	double		loss = 0;

	for (size_t row = 0; row < pass->rows; row++)
	{
		nn_real    *restrict y = pass->y + row * (size_t) width;
		const float *restrict t = pass->target + row * (size_t) width;
		nn_real		weight,
					sum,
					by_sum;

		shift_row(y, width);
		loss -= target_sums(y, t, width, &weight);
		for (int i = 0; i < width; i++)
			y[i] = nn_exp(y[i]);
		sum = nn_loss_sum(y, (size_t) width);
		by_sum = 1 / sum;
		loss += weight * nn_log(sum);
		for (int i = 0; i < width; i++)
			y[i] *= by_sum;
		if (pass->dy != NULL)
		{
			nn_real    *restrict dy = pass->dy + row * (size_t) width;

			for (int i = 0; i < width; i++)
				dy[i] = y[i] * weight - (nn_real) t[i];
		}
	}
	return loss;
}

/* ---- classes, from probabilities ---- */

/* -log(c[t] / sum(c)) with c = clip(y) */
NN_HOT static double
sparse_probabilities(const NNLossPass *pass)
{
	int			width = pass->width;
	double		loss = 0;

	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *restrict y = pass->y + row * (size_t) width;
		int			t = pass->index[row];
		nn_real		sum = 0;

		for (int i = 0; i < width; i++)
			sum += clip(y[i]);
		loss += nn_log(sum) - nn_log(clip(y[t]));
		if (pass->dy != NULL)
		{
			nn_real    *restrict dy = pass->dy + row * (size_t) width;
			nn_real		by_sum = 1 / sum;

			for (int i = 0; i < width; i++)
				dy[i] = clipped(y[i]) ? 0 : by_sum;
			if (!clipped(y[t]))
				dy[t] -= 1 / y[t];
		}
	}
	return loss;
}

/*
 * -sum(t log(c)) with c = clip(q), q = y / sum(y).  By q the derivative is
 * e = -t / q, by y it is (e - sum(e q)) / sum(y).
 */
NN_HOT static double
categorical_probabilities(const NNLossPass *pass)
{
	int			width = pass->width;
	double		loss = 0;

	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *restrict y = pass->y + row * (size_t) width;
		const float *restrict t = pass->target + row * (size_t) width;
		nn_real		by_sum = 1 / nn_loss_sum(y, (size_t) width);
		nn_real		value = 0;
		nn_real		common = 0; /* sum(t) over what is not clipped: -sum(e q) */

		for (int i = 0; i < width; i++)
		{
			nn_real		q = y[i] * by_sum;

			value -= (nn_real) t[i] * nn_log(clip(q));
			common += clipped(q) ? 0 : (nn_real) t[i];
		}
		loss += value;
		if (pass->dy != NULL)
		{
			nn_real    *restrict dy = pass->dy + row * (size_t) width;

			for (int i = 0; i < width; i++)
			{
				nn_real		q = y[i] * by_sum;

				dy[i] = (common - (clipped(q) ? 0 : (nn_real) t[i] / q)) * by_sum;
			}
		}
	}
	return loss;
}

double
nn_categorical_run(const NNLossPass *pass)
{
	return nn_loss_spans(pass, NN_SOFTMAX,
						 pass->logits ? categorical_logits : categorical_probabilities);
}

double
nn_sparse_run(const NNLossPass *pass)
{
	return nn_loss_spans(pass, NN_SOFTMAX, pass->logits ? sparse_logits : sparse_probabilities);
}
