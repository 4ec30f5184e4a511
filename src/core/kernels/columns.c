/*
 * columns.c
 *	  Moments and affine maps of the columns of a matrix (rows, c).
 *
 * Moments are gathered in blocks of rows that stay in cache: first the
 * block's mean, then the squared distances from it, corrected for the mean's
 * own rounding; blocks, chunks and threads are joined by the formula of Chan,
 * Golub and LeVeque in double precision.  So a column with a large mean and a
 * small spread keeps its digits, and the order of joining is fixed.
 *
 * Within a block sums are reals, as fast as training wants them; or doubles,
 * for what is learned once and kept: then nothing overflows, and a column of
 * one value has exactly that mean and no squares.
 */
#include <string.h>

#include "core/kernels/columns.h"

#define BLOCK_ROWS 64

/* d += x - m, q += (x - m)^2 for each column. */
static NN_HOT(void, add_distances,
			  (nn_real *restrict d, nn_real *restrict q, const nn_real *restrict m,
			   const nn_real *restrict x, size_t rows, size_t c),
			  (d, q, m, x, rows, c))
{
	if (c == 1)
	{
		nn_real sum = 0, squares = 0, mean = m[0];

#pragma omp simd reduction(+ : sum, squares)
		for (size_t r = 0; r < rows; r++)
		{
			nn_real v = x[r] - mean;

			sum += v;
			squares += v * v;
		}
		d[0] += sum;
		q[0] += squares;
		return;
	}
	for (size_t r = 0; r < rows; r++, x += c)
	{
#pragma omp simd
		for (size_t i = 0; i < c; i++)
		{
			nn_real v = x[i] - m[i];

			d[i] += v;
			q[i] += v * v;
		}
	}
}

/* Join `rows` more, whose columns have mean m + d / rows and squares q about m. */
static NN_HOT(void, join_block,
			  (double *restrict mean, double *restrict m2, double count, double rows,
			   const nn_real *restrict m, const nn_real *restrict d, const nn_real *restrict q,
			   size_t c),
			  (mean, m2, count, rows, m, d, q, c))
{
	double share = rows / (count + rows);
	double cross = count * share;

#pragma omp simd
	for (size_t i = 0; i < c; i++)
	{
		double shift = (double) d[i] / rows;
		double delta = (double) m[i] + shift - mean[i];
		double own = (double) q[i] - shift * (double) d[i];

		mean[i] += delta * share;
		m2[i] += (own > 0 ? own : 0) + delta * delta * cross;
	}
}

static void
add_run(double *moments, const nn_real *x, size_t rows, int c, void *scratch)
{
	nn_real *m = scratch, *d = m + c, *q = d + c;
	size_t n = (size_t) c;
	size_t block = c == 1 ? 32 * BLOCK_ROWS : BLOCK_ROWS;

	for (; rows > 0; rows -= block)
	{
		if (block > rows)
			block = rows;
		nn_zero(m, 3 * n);
		nn_sum_rows(m, x, block, n);
		nn_scale(m, (nn_real) (1.0 / (double) block), n);
		add_distances(d, q, m, x, block, n);
		join_block(moments + 1, moments + 1 + n, moments[0], (double) block, m, d, q, n);
		moments[0] += (double) block;
		x += block * n;
	}
}

/* s += x, then q += (x - m)^2, for each column. */
static NN_HOT(void, add_doubles,
			  (double *restrict s, const nn_real *restrict x, size_t rows, size_t c),
			  (s, x, rows, c))
{
	if (c == 1)
	{
		double sum = 0;

#pragma omp simd reduction(+ : sum)
		for (size_t r = 0; r < rows; r++)
			sum += (double) x[r];
		s[0] += sum;
		return;
	}
	for (size_t r = 0; r < rows; r++, x += c)
	{
#pragma omp simd
		for (size_t i = 0; i < c; i++)
			s[i] += (double) x[i];
	}
}

static NN_HOT(void, add_squares,
			  (double *restrict q, const double *restrict m, const nn_real *restrict x, size_t rows,
			   size_t c),
			  (q, m, x, rows, c))
{
	if (c == 1)
	{
		double squares = 0, mean = m[0];

#pragma omp simd reduction(+ : squares)
		for (size_t r = 0; r < rows; r++)
			squares += ((double) x[r] - mean) * ((double) x[r] - mean);
		q[0] += squares;
		return;
	}
	for (size_t r = 0; r < rows; r++, x += c)
	{
#pragma omp simd
		for (size_t i = 0; i < c; i++)
			q[i] += ((double) x[i] - m[i]) * ((double) x[i] - m[i]);
	}
}

static void
add_exact_run(double *moments, const nn_real *x, size_t rows, int c, void *scratch)
{
	size_t n = (size_t) c;
	double *mean = moments + 1, *m2 = mean + n, *m = scratch, *q = m + n;
	size_t block = c == 1 ? 32 * BLOCK_ROWS : BLOCK_ROWS;

	for (; rows > 0; rows -= block)
	{
		double share, cross;

		if (block > rows)
			block = rows;
		memset(scratch, 0, 2 * n * sizeof(double));
		add_doubles(m, x, block, n);
		for (size_t i = 0; i < n; i++)
			m[i] /= (double) block;
		add_squares(q, m, x, block, n);
		share = (double) block / (moments[0] + (double) block);
		cross = moments[0] * share;
		for (size_t i = 0; i < n; i++)
		{
			double delta = m[i] - mean[i];

			mean[i] += delta * share;
			m2[i] += q[i] + delta * delta * cross;
		}
		moments[0] += (double) block;
		x += block * n;
	}
}

typedef void (*AddRun)(double *moments, const nn_real *x, size_t rows, int c, void *scratch);

/* Each run of rows that the mask shows. */
static void
add_shown(AddRun add, double *moments, const nn_real *x, size_t rows, int c, const uint8_t *mask,
		  size_t rows_a_byte, void *scratch)
{
	size_t n_bytes;

	if (mask == NULL)
	{
		add(moments, x, rows, c, scratch);
		return;
	}
	n_bytes = rows / rows_a_byte;
	for (size_t from = 0; from < n_bytes;)
	{
		size_t to = from;

		while (to < n_bytes && mask[to])
			to++;
		if (to > from)
			add(moments, x + from * rows_a_byte * (size_t) c, (to - from) * rows_a_byte, c,
				scratch);
		from = to + 1;
	}
}

void
nn_moments_add(double *moments, const nn_real *x, size_t rows, int c, const uint8_t *mask,
			   size_t rows_a_byte, nn_real *scratch)
{
	add_shown(add_run, moments, x, rows, c, mask, rows_a_byte, scratch);
}

void
nn_moments_add_exact(double *moments, const nn_real *x, size_t rows, int c, const uint8_t *mask,
					 size_t rows_a_byte, double *scratch)
{
	add_shown(add_exact_run, moments, x, rows, c, mask, rows_a_byte, scratch);
}

NN_HOT(void, nn_columns_affine,
	   (nn_real y[], const nn_real *x, size_t rows, int c, const nn_real *shift,
		const nn_real *scale, const nn_real *offset),
	   (y, x, rows, c, shift, scale, offset))
{
	size_t n = (size_t) c;

	if (n == 1)
	{
		nn_real m = shift[0], a = scale[0], b = offset ? offset[0] : 0;

#pragma omp simd
		for (size_t r = 0; r < rows; r++)
			y[r] = (x[r] - m) * a + b;
		return;
	}
	for (size_t r = 0; r < rows; r++, x += n, y += n)
	{
		if (offset)
		{
#pragma omp simd
			for (size_t i = 0; i < n; i++)
				y[i] = (x[i] - shift[i]) * scale[i] + offset[i];
		}
		else
		{
#pragma omp simd
			for (size_t i = 0; i < n; i++)
				y[i] = (x[i] - shift[i]) * scale[i];
		}
	}
}

NN_HOT(void, nn_columns_scale,
	   (nn_real y[], const nn_real *x, size_t rows, int c, const nn_real *scale),
	   (y, x, rows, c, scale))
{
	size_t n = (size_t) c;

	if (n == 1)
	{
		nn_real a = scale[0];

#pragma omp simd
		for (size_t r = 0; r < rows; r++)
			y[r] = x[r] * a;
		return;
	}
	for (size_t r = 0; r < rows; r++, x += n, y += n)
	{
#pragma omp simd
		for (size_t i = 0; i < n; i++)
			y[i] = x[i] * scale[i];
	}
}
