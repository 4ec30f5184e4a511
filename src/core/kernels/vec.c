/*
 * vec.c
 *	  Loops over plain arrays.
 *
 * Nothing is kept between calls; arrays of one call do not overlap.  Matrices
 * are row-major (rows, n) without gaps.
 */
#include <math.h>
#include <string.h>

#include "core/kernels/kernels.h"

void
nn_zero(nn_real *y, size_t n)
{
	if (n > 0)
		memset(y, 0, n * sizeof(nn_real));
}

void
nn_copy(nn_real *y, const nn_real *x, size_t n)
{
	if (n > 0)
		memcpy(y, x, n * sizeof(nn_real));
}

void
nn_copy_rows(nn_real *to, size_t to_stride, const nn_real *from, size_t from_stride, size_t n,
			 int rows)
{
	if (to_stride == n && from_stride == n)
		nn_copy(to, from, n * (size_t) rows);
	else if (n == 1) /* a column: a call for each number costs more than the number */
		for (size_t i = 0; i < (size_t) rows; i++)
			to[i * to_stride] = from[i * from_stride];
	else
		for (int i = 0; i < rows; i++)
			nn_copy(to + (size_t) i * to_stride, from + (size_t) i * from_stride, n);
}

NN_HOT(void, nn_add, (nn_real *restrict y, const nn_real *restrict x, size_t n), (y, x, n))
{
	for (size_t i = 0; i < n; i++)
		y[i] += x[i];
}

NN_HOT(void, nn_mul, (nn_real *restrict y, const nn_real *restrict x, size_t n), (y, x, n))
{
	for (size_t i = 0; i < n; i++)
		y[i] *= x[i];
}

NN_HOT(void, nn_axpy, (nn_real *restrict y, nn_real a, const nn_real *restrict x, size_t n),
	   (y, a, x, n))
{
	for (size_t i = 0; i < n; i++)
		y[i] += a * x[i];
}

NN_HOT(void, nn_scale, (nn_real *restrict y, nn_real a, size_t n), (y, a, n))
{
	for (size_t i = 0; i < n; i++)
		y[i] *= a;
}

NN_HOT(void, nn_limit, (nn_real *restrict y, size_t n, nn_real limit), (y, n, limit))
{
	for (size_t i = 0; i < n; i++)
	{
		nn_real v = y[i] > limit ? limit : y[i];

		y[i] = v < -limit ? -limit : v;
	}
}

NN_HOT(void, nn_affine, (nn_real *const y, const nn_real *x, nn_real a, nn_real b, size_t n),
	   (y, x, a, b, n))
{
	for (size_t i = 0; i < n; i++)
		y[i] = a * x[i] + b;
}

NN_HOT(void, nn_add_rows, (nn_real *restrict y, const nn_real *restrict b, size_t rows, size_t n),
	   (y, b, rows, n))
{
	for (size_t r = 0; r < rows; r++, y += n)
		for (size_t j = 0; j < n; j++)
			y[j] += b[j];
}

void
nn_fill_rows(nn_real *y, const nn_real *b, size_t rows, size_t n)
{
	if (n == 0)
		return;
	if (rows > 0)
		memcpy(y, b, n * sizeof(nn_real));
	/* what is there already is copied on, up to a few pages at a time */
	for (size_t done = 1, more; done < rows; done += more)
	{
		more = done * n > 4096 ? 4096 / n + 1 : done;
		if (more > done)
			more = done;
		if (more > rows - done)
			more = rows - done;
		memcpy(y + done * n, y, more * n * sizeof(nn_real));
	}
}

/* Four rows at a time, so that s is read and written less often. */
NN_HOT(void, nn_sum_rows, (nn_real *restrict s, const nn_real *restrict x, size_t rows, size_t n),
	   (s, x, rows, n))
{
	size_t r = 0;

	if (n == 1)
	{
		nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
		for (size_t i = 0; i < rows; i++)
			sum += x[i];
		s[0] += sum;
		return;
	}
	for (; r + 4 <= rows; r += 4, x += 4 * n)
	{
		const nn_real *restrict x1 = x + n;
		const nn_real *restrict x2 = x + 2 * n;
		const nn_real *restrict x3 = x + 3 * n;

		for (size_t j = 0; j < n; j++)
			s[j] += (x[j] + x1[j]) + (x2[j] + x3[j]);
	}
	for (; r < rows; r++, x += n)
		for (size_t j = 0; j < n; j++)
			s[j] += x[j];
}

NN_HOT(double, nn_sum_squares, (const nn_real *x, size_t n), (x, n))
{
	double sum = 0;

#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < n; i++)
		sum += (double) x[i] * (double) x[i];
	return sum;
}

NN_HOT(double, nn_sum_abs, (const nn_real *x, size_t n), (x, n))
{
	double sum = 0;

#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < n; i++)
		sum += fabs((double) x[i]);
	return sum;
}

/* 0 times a number that is not finite is NaN, and a NaN stays in the sum. */
NN_HOT(bool, nn_all_finite, (const nn_real *x, size_t n), (x, n))
{
	const size_t piece = 4096;

	for (size_t i = 0; i < n; i += piece)
	{
		size_t end = n - i < piece ? n : i + piece;
		nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
		for (size_t j = i; j < end; j++)
			sum += 0 * x[j];
		if (sum != 0)
			return false;
	}
	return true;
}

size_t
nn_first_not_finite(const nn_real *x, size_t n)
{
	size_t i = 0;

	if (nn_all_finite(x, n))
		return n;
	while (i < n && isfinite(x[i]))
		i++;
	return i;
}

NN_HOT(void, nn_measure_rounding,
	   (double *restrict low, double *restrict high, double *restrict loss,
		const double *restrict x, size_t n),
	   (low, high, loss, x, n))
{
	for (size_t i = 0; i < n; i++)
	{
		double lost = fabs(x[i] - (double) (float) x[i]);

		low[i] = x[i] < low[i] ? x[i] : low[i];
		high[i] = x[i] > high[i] ? x[i] : high[i];
		loss[i] = lost > loss[i] ? lost : loss[i];
	}
}

NN_HOT(void, nn_bytes_to_reals, (nn_real *restrict y, const uint8_t *restrict x, size_t n),
	   (y, x, n))
{
	for (size_t i = 0; i < n; i++)
		y[i] = (nn_real) x[i];
}

NN_HOT(void, nn_floats_to_reals, (nn_real *restrict y, const float *restrict x, size_t n),
	   (y, x, n))
{
	for (size_t i = 0; i < n; i++)
		y[i] = (nn_real) x[i];
}

int
nn_argmax(const nn_real *x, int n)
{
	int best = 0;

	for (int i = 1; i < n; i++)
		if (x[i] > x[best])
			best = i;
	return best;
}
