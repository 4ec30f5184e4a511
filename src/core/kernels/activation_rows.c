/*
 * activation_rows.c
 *	  Activations over rows, whose values depend on each other: softmax,
 *	  log_softmax, sparsemax.
 */
#include "core/kernels/activation_rows.h"
#include "core/kernels/math_inline.h"

/* The largest, NaN passed over; in lanes, since compilers keep the order. */
NN_INLINE nn_real
row_max(const nn_real *x, size_t n)
{
	nn_real lane[8];
	nn_real max = x[0];
	size_t j = 0;

	if (n >= 16)
	{
		for (int l = 0; l < 8; l++)
			lane[l] = x[l];
		for (j = 8; j + 8 <= n; j += 8)
			for (int l = 0; l < 8; l++)
				lane[l] = x[j + l] > lane[l] ? x[j + l] : lane[l];
		for (int l = 0; l < 8; l++)
			max = lane[l] > max ? lane[l] : max;
	}
	for (; j < n; j++)
		max = x[j] > max ? x[j] : max;
	return max;
}

/*
 * z (rows, width).  The exponentials are one loop over several rows, since
 * rows are often shorter than it takes to vectorise well.
 */
static NN_HOT(void, softmax_rows, (nn_real *restrict z, size_t rows, size_t width),
			  (z, rows, width))
{
	for (size_t r = 0; r < rows; r++)
	{
		nn_real *row = z + r * width;
		nn_real max = row_max(row, width);

		for (size_t j = 0; j < width; j++)
			row[j] -= max;
	}
	for (size_t i = 0; i < rows * width; i++)
		z[i] = nn_exp(z[i]);
	for (size_t r = 0; r < rows; r++)
	{
		nn_real *row = z + r * width;
		nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
		for (size_t j = 0; j < width; j++)
			sum += row[j];
		sum = 1 / sum;
		for (size_t j = 0; j < width; j++)
			row[j] *= sum;
	}
}

/* dz = y (dy - sum of dy y over the row) */
static NN_HOT(void, softmax_gradient,
			  (const nn_real *restrict y, nn_real *restrict dy, size_t rows, size_t width),
			  (y, dy, rows, width))
{
	for (size_t r = 0; r < rows; r++, y += width, dy += width)
	{
		nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
		for (size_t j = 0; j < width; j++)
			sum += y[j] * dy[j];
		for (size_t j = 0; j < width; j++)
			dy[j] = y[j] * (dy[j] - sum);
	}
}

void
nn_softmax_forward(nn_real *z, size_t rows, size_t width)
{
	const size_t piece = width < 4096 ? 4096 / width : 1; /* stays in the first cache */

	for (size_t r = 0; r < rows; r += piece)
		softmax_rows(z + r * width, rows - r < piece ? rows - r : piece, width);
}

void
nn_softmax_backward(const nn_real *y, nn_real *dy, size_t rows, size_t width)
{
	softmax_gradient(y, dy, rows, width);
}

/* ---- log_softmax: z - log(sum(exp(z))) ---- */

static NN_HOT(void, log_softmax_rows, (nn_real *restrict z, size_t rows, size_t width),
			  (z, rows, width))
{
	for (size_t r = 0; r < rows; r++, z += width)
	{
		nn_real max = row_max(z, width);
		nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
		for (size_t j = 0; j < width; j++)
			sum += nn_exp(z[j] - max);
		sum = nn_log(sum);
		for (size_t j = 0; j < width; j++)
			z[j] = z[j] - max - sum;
	}
}

/* dz = dy - exp(y) times the sum of dy over the row */
static NN_HOT(void, log_softmax_gradient,
			  (const nn_real *restrict y, nn_real *restrict dy, size_t rows, size_t width),
			  (y, dy, rows, width))
{
	for (size_t r = 0; r < rows; r++, y += width, dy += width)
	{
		nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
		for (size_t j = 0; j < width; j++)
			sum += dy[j];
		for (size_t j = 0; j < width; j++)
			dy[j] -= nn_exp(y[j]) * sum;
	}
}

void
nn_log_softmax_forward(nn_real *z, size_t rows, size_t width)
{
	log_softmax_rows(z, rows, width);
}

void
nn_log_softmax_backward(const nn_real *y, nn_real *dy, size_t rows, size_t width)
{
	log_softmax_gradient(y, dy, rows, width);
}

/*
 * ---- sparsemax: max(z - tau, 0), with the tau of which the row's sum is 1 ----
 *
 * What lies below tau lies below it also after that has been left out, so tau
 * climbs to its place without the values being sorted.
 */

/* z (width) with its largest value at 0, or with NaN, for which tau is NaN. */
static nn_real
sparsemax_threshold(const nn_real *z, size_t width)
{
	size_t support = 0;
	nn_real tau = -INFINITY;

	for (;;)
	{
		size_t above = 0;
		nn_real sum = 0;

		for (size_t j = 0; j < width; j++)
			if (!(z[j] <= tau))
			{
				above++;
				sum += z[j];
			}
		if (above == support)
			return tau;
		support = above;
		tau = (sum - 1) / (nn_real) support;
	}
}

void
nn_sparsemax_forward(nn_real *z, size_t rows, size_t width)
{
	for (size_t r = 0; r < rows; r++, z += width)
	{
		nn_real max = row_max(z, width);
		nn_real tau;

		for (size_t j = 0; j < width; j++)
			z[j] -= max;
		tau = sparsemax_threshold(z, width);
		for (size_t j = 0; j < width; j++)
			z[j] = nn_at_least(z[j] - tau, 0);
	}
}

/* dz = dy - its mean over what is not 0 */
void
nn_sparsemax_backward(const nn_real *y, nn_real *dy, size_t rows, size_t width)
{
	for (size_t r = 0; r < rows; r++, y += width, dy += width)
	{
		size_t support = 0;
		nn_real mean = 0;

		for (size_t j = 0; j < width; j++)
			if (y[j] != 0)
			{
				support++;
				mean += dy[j];
			}
		mean /= (nn_real) support;
		for (size_t j = 0; j < width; j++)
			dy[j] = y[j] != 0 ? dy[j] - mean : 0;
	}
}
