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
#include "core/kernels/math_inline.h"
#include "core/losses/loss.h"

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

/* Targets as label_smoothing makes them: t scale + shift. */
typedef struct Smoothed
{
	nn_real scale;
	nn_real shift;
} Smoothed;

/* width: the classes among which what is taken is shared out. */
static Smoothed
smoothed(const NNLossPass *pass, int width)
{
	double smoothing = pass->conf->label_smoothing;

	return (Smoothed){(nn_real) (1 - smoothing), (nn_real) (smoothing / width)};
}

NN_INLINE nn_real
smooth(Smoothed s, float t)
{
	return (nn_real) t * s.scale + s.shift;
}

/* ---- binary ---- */

/* n up to NN_LOSS_BLOCK; returns the sum of the elements' values. */
NN_INLINE double
binary_logits(nn_real *restrict y, const float *restrict target, nn_real *restrict dy, size_t n,
			  nn_real scale, Smoothed smoothing)
{
	nn_real value[NN_LOSS_BLOCK];

	for (size_t i = 0; i < n; i++)
	{
		nn_real z = y[i];
		nn_real t = smooth(smoothing, target[i]);
		nn_real p = nn_sigmoid(z);

		value[i] = (nn_at_least(z, 0) - z * t) + nn_log1p_exp(-nn_abs(z));
		y[i] = p;
		if (dy != NULL)
			dy[i] = (p - t) * scale;
	}
	return nn_loss_sum(value, n);
}

NN_INLINE double
binary_probabilities(const nn_real *restrict y, const float *restrict target, nn_real *restrict dy,
					 size_t n, nn_real scale, Smoothed smoothing)
{
	nn_real value[NN_LOSS_BLOCK];
	nn_real p[NN_LOSS_BLOCK];

	/* a loop of its own: compilers that know p's range make branches of the logarithms' ends */
	for (size_t i = 0; i < n; i++)
		p[i] = clip(y[i]);
	for (size_t i = 0; i < n; i++)
	{
		nn_real t = smooth(smoothing, target[i]);

		value[i] = -(t * nn_log(p[i]) + (1 - t) * nn_log(1 - p[i]));
	}
	for (size_t i = 0; dy != NULL && i < n; i++)
	{
		nn_real d = (p[i] - smooth(smoothing, target[i])) / (p[i] * (1 - p[i])) * scale;

		dy[i] = clipped(y[i]) ? 0 : d;
	}
	return nn_loss_sum(value, n);
}

static NN_HOT(double, binary_span, (const NNLossPass *pass), (pass))
{
	size_t n = pass->rows * (size_t) pass->width;
	nn_real scale = 1 / (nn_real) pass->width;
	Smoothed smoothing = smoothed(pass, 2);
	double sum = 0;

	for (size_t at = 0; at < n; at += NN_LOSS_BLOCK)
	{
		size_t m = n - at < NN_LOSS_BLOCK ? n - at : NN_LOSS_BLOCK;
		nn_real *y = pass->y + at;
		const float *t = pass->target + at;

		if (pass->logits && pass->dy != NULL)
			sum += binary_logits(y, t, pass->dy + at, m, scale, smoothing);
		else if (pass->logits)
			sum += binary_logits(y, t, NULL, m, scale, smoothing);
		else if (pass->dy != NULL)
			sum += binary_probabilities(y, t, pass->dy + at, m, scale, smoothing);
		else
			sum += binary_probabilities(y, t, NULL, m, scale, smoothing);
	}
	return sum / pass->width;
}

double
nn_binary_run(const NNLossPass *pass)
{
	return nn_loss_spans(pass, NN_SIGMOID, binary_span);
}

/*
 * ---- classes, from logits ----
 *
 * Rows are often few numbers, too few for vector code.  So rows go by blocks,
 * within a block exp and log run over all rows at once, and what has to go row
 * by row takes four of them together, which do not wait for each other.
 */

#define BLOCK_ROWS 64

NN_INLINE nn_real
larger(nn_real a, nn_real b)
{
	return b > a ? b : a;
}

/* The largest of each row is taken off all of it: z - max(z). */
NN_INLINE void
shift_rows(nn_real *restrict z, size_t rows, size_t width)
{
	nn_real top[BLOCK_ROWS];
	size_t row = 0;

	for (; row + 4 <= rows; row += 4)
	{
		const nn_real *a = z + row * width, *b = a + width, *c = b + width, *d = c + width;
		nn_real top_a = a[0], top_b = b[0], top_c = c[0], top_d = d[0];

		for (size_t i = 1; i < width; i++)
		{
			top_a = larger(top_a, a[i]);
			top_b = larger(top_b, b[i]);
			top_c = larger(top_c, c[i]);
			top_d = larger(top_d, d[i]);
		}
		top[row] = top_a;
		top[row + 1] = top_b;
		top[row + 2] = top_c;
		top[row + 3] = top_d;
	}
	for (; row < rows; row++)
	{
		top[row] = z[row * width];
		for (size_t i = 1; i < width; i++)
			top[row] = larger(top[row], z[row * width + i]);
	}
	for (row = 0; row < rows; row++)
		for (size_t i = 0; i < width; i++)
			z[row * width + i] -= top[row];
}

/* sum (rows) becomes the sums of rows. */
NN_INLINE void
sum_rows(const nn_real *restrict x, nn_real *restrict sum, size_t rows, size_t width)
{
	size_t row = 0;

	for (; row + 4 <= rows && width < 32; row += 4)
	{
		const nn_real *a = x + row * width, *b = a + width, *c = b + width, *d = c + width;
		nn_real sum_a = 0, sum_b = 0, sum_c = 0, sum_d = 0;

		for (size_t i = 0; i < width; i++)
		{
			sum_a += a[i];
			sum_b += b[i];
			sum_c += c[i];
			sum_d += d[i];
		}
		sum[row] = sum_a;
		sum[row + 1] = sum_b;
		sum[row + 2] = sum_c;
		sum[row + 3] = sum_d;
	}
	for (; row < rows; row++)
		sum[row] = nn_row_sum(x + row * width, width);
}

/* Shifted logits become probabilities; log_sum (rows) becomes log(sum(exp(z))). */
NN_INLINE void
softmax_rows(nn_real *restrict z, nn_real *restrict log_sum, size_t rows, size_t width)
{
	nn_real by_sum[BLOCK_ROWS];

	for (size_t i = 0; i < rows * width; i++)
		z[i] = nn_exp(z[i]);
	sum_rows(z, log_sum, rows, width);
	for (size_t row = 0; row < rows; row++)
		by_sum[row] = 1 / log_sum[row];
	for (size_t row = 0; row < rows; row++)
		log_sum[row] = nn_log(log_sum[row]);
	for (size_t row = 0; row < rows; row++)
		for (size_t i = 0; i < width; i++)
			z[row * width + i] *= by_sum[row];
}

/* One block; returns the sum of its rows' values. */
NN_INLINE double
sparse_block(nn_real *restrict y, const int32_t *restrict index, nn_real *restrict dy, size_t rows,
			 size_t width)
{
	nn_real log_sum[BLOCK_ROWS];
	double loss = 0;

	shift_rows(y, rows, width);
	for (size_t row = 0; row < rows; row++)
		loss -= y[row * width + (size_t) index[row]];
	softmax_rows(y, log_sum, rows, width);
	if (dy != NULL)
	{
		memcpy(dy, y, rows * width * sizeof(nn_real));
		for (size_t row = 0; row < rows; row++)
			dy[row * width + (size_t) index[row]] -= 1;
	}
	return loss + nn_loss_sum(log_sum, rows);
}

NN_INLINE double
categorical_block(nn_real *restrict y, const float *restrict target, nn_real *restrict dy,
				  size_t rows, size_t width, Smoothed smoothing)
{
	nn_real log_sum[BLOCK_ROWS];
	nn_real weight[BLOCK_ROWS]; /* sum(t), 1 for one class */
	double loss = 0;

	shift_rows(y, rows, width);
	for (size_t row = 0; row < rows; row++)
	{
		nn_real sum = 0;

		weight[row] = 0;
		for (size_t i = row * width; i < (row + 1) * width; i++)
		{
			nn_real t = smooth(smoothing, target[i]);

			sum += y[i] * t;
			weight[row] += t;
		}
		loss -= sum;
	}
	softmax_rows(y, log_sum, rows, width);
	for (size_t row = 0; row < rows; row++)
	{
		loss += log_sum[row] * weight[row];
		for (size_t i = row * width; dy != NULL && i < (row + 1) * width; i++)
			dy[i] = y[i] * weight[row] - smooth(smoothing, target[i]);
	}
	return loss;
}

/* Both losses by blocks of rows. */
static NN_HOT(double, class_logits, (const NNLossPass *pass), (pass))
{
	size_t width = (size_t) pass->width;
	Smoothed smoothing = smoothed(pass, pass->width);
	double loss = 0;

	for (size_t row = 0; row < pass->rows; row += BLOCK_ROWS)
	{
		size_t rows = pass->rows - row < BLOCK_ROWS ? pass->rows - row : BLOCK_ROWS;
		nn_real *y = pass->y + row * width;
		nn_real *dy = pass->dy == NULL ? NULL : pass->dy + row * width;

		if (pass->index != NULL)
			loss += sparse_block(y, pass->index + row, dy, rows, width);
		else
			loss += categorical_block(y, pass->target + row * width, dy, rows, width, smoothing);
	}
	return loss;
}

/* ---- classes, from probabilities ---- */

/* -log(c[t] / sum(c)) with c = clip(y) */
static NN_HOT(double, sparse_probabilities, (const NNLossPass *pass), (pass))
{
	int width = pass->width;
	double loss = 0;

	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *restrict y = pass->y + row * (size_t) width;
		int t = pass->index[row];
		nn_real sum = 0;

		for (int i = 0; i < width; i++)
			sum += clip(y[i]);
		loss += nn_log(sum) - nn_log(clip(y[t]));
		if (pass->dy != NULL)
		{
			nn_real *restrict dy = pass->dy + row * (size_t) width;
			nn_real by_sum = 1 / sum;

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
static NN_HOT(double, categorical_probabilities, (const NNLossPass *pass), (pass))
{
	int width = pass->width;
	Smoothed smoothing = smoothed(pass, width);
	double loss = 0;

	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *restrict y = pass->y + row * (size_t) width;
		const float *restrict t = pass->target + row * (size_t) width;
		nn_real by_sum = 1 / nn_row_sum(y, (size_t) width);
		nn_real value = 0;
		nn_real common = 0; /* sum(t) over what is not clipped: -sum(e q) */

		for (int i = 0; i < width; i++)
		{
			nn_real q = y[i] * by_sum;

			value -= smooth(smoothing, t[i]) * nn_log(clip(q));
			common += clipped(q) ? 0 : smooth(smoothing, t[i]);
		}
		loss += value;
		if (pass->dy != NULL)
		{
			nn_real *restrict dy = pass->dy + row * (size_t) width;

			for (int i = 0; i < width; i++)
			{
				nn_real q = y[i] * by_sum;

				dy[i] = (common - (clipped(q) ? 0 : smooth(smoothing, t[i]) / q)) * by_sum;
			}
		}
	}
	return loss;
}

double
nn_categorical_run(const NNLossPass *pass)
{
	return nn_loss_spans(pass, NN_SOFTMAX, pass->logits ? class_logits : categorical_probabilities);
}

double
nn_sparse_run(const NNLossPass *pass)
{
	return nn_loss_spans(pass, NN_SOFTMAX, pass->logits ? class_logits : sparse_probabilities);
}
