/*
 * blas.c
 *	  Matrix products, by OpenBLAS (openblas.c) or without it.
 *
 * Until it is loaded a plain loop computes the same; it is also what the unit
 * tests compare with.
 */
#include "core/kernels/gemm_small.h"
#include "core/kernels/openblas.h"

/* Multiply-adds from which it is asked whether to stop (20 us and more), and parts are made (10 ms). */
#define WORK_TO_LOOK ((double) (1 << 20))
#define WORK_TO_PART ((double) (1 << 29))
#define FEW 16

/* values of the C interface of BLAS */
#define ROW_MAJOR 101
#define NO_TRANS 111
#define TRANS 112

/* C (m, n) of rows ldc apart is scaled; beta 0 overwrites whatever was there. */
static void
scale_matrix(nn_real beta, nn_real *c, int m, int n, int ldc)
{
	for (int i = 0; i < m; i++)
	{
		nn_real *row = c + (size_t) i * ldc;

		if (beta == 0)
			nn_zero(row, (size_t) n);
		else if (beta != 1)
			nn_scale(row, beta, (size_t) n);
	}
}

/* C += alpha op(A) op(B), plainly. */
static NN_HOT(void, gemm_plain,
			  (bool ta, bool tb, int m, int n, int k, nn_real alpha, const nn_real *a, int lda,
			   const nn_real *b, int ldb, nn_real *c, int ldc),
			  (ta, tb, m, n, k, alpha, a, lda, b, ldb, c, ldc))
{
	const size_t a_row = ta ? 1 : (size_t) lda;
	const size_t a_col = ta ? (size_t) lda : 1;

	for (int i = 0; i < m; i++)
	{
		const nn_real *ai = a + (size_t) i * a_row;
		nn_real *restrict ci = c + (size_t) i * ldc;

		for (int p = 0; p < k && !tb; p++)
		{
			const nn_real *restrict bp = b + (size_t) p * ldb;
			nn_real x = alpha * ai[(size_t) p * a_col];

			for (int j = 0; j < n; j++)
				ci[j] += x * bp[j];
		}
		for (int j = 0; j < n && tb; j++)
		{
			const nn_real *bj = b + (size_t) j * ldb;
			nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
			for (int p = 0; p < k; p++)
				sum += ai[(size_t) p * a_col] * bj[p];
			ci[j] += alpha * sum;
		}
	}
}

/* All of it, for sizes from 1 (k from 0). */
static void
multiply(bool ta, bool tb, int m, int n, int k, nn_real alpha, const nn_real *a, int lda,
		 const nn_real *b, int ldb, nn_real beta, nn_real *c, int ldc)
{
	if (k <= 0 || alpha == 0 || !nn_openblas.loaded)
	{
		scale_matrix(beta, c, m, n, ldc);
		if (k > 0 && alpha != 0)
			gemm_plain(ta, tb, m, n, k, alpha, a, lda, b, ldb, c, ldc);
	}
	else if (m == 1)
	{
		/* gemv of some versions multiplies y by beta even if it is 0 */
		if (beta == 0)
			nn_zero(c, (size_t) n);
		nn_openblas.gemv(ROW_MAJOR, tb ? NO_TRANS : TRANS, tb ? n : k, tb ? k : n, alpha, b, ldb, a,
						 ta ? lda : 1, beta, c, 1);
	}
	else if (n == 1)
	{
		scale_matrix(beta, c, m, 1, ldc);
		nn_openblas.gemv(ROW_MAJOR, ta ? TRANS : NO_TRANS, ta ? k : m, ta ? m : k, alpha, a, lda, b,
						 tb ? 1 : ldb, 1, c, ldc);
	}
	else if (!nn_openblas.copies_small ||
			 !nn_gemm_small(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc))
		nn_openblas.gemm(ROW_MAJOR, ta ? TRANS : NO_TRANS, tb ? TRANS : NO_TRANS, m, n, k, alpha, a,
						 lda, b, ldb, beta, c, ldc);
}

/* About half of a dimension, such that neither part has an odd end. */
static int
half_of(int n)
{
	return (n / 2 + 63) & ~63;
}

/*
 * In halves along the longest side, over and over: the parts are as cubic as
 * can be, which costs next to nothing in copies of the operands.
 */
static void
multiply_parts(bool ta, bool tb, int m, int n, int k, nn_real alpha, const nn_real *a, int lda,
			   const nn_real *b, int ldb, nn_real beta, nn_real *c, int ldc)
{
	if (k >= m && k >= n)
	{
		const int h = half_of(k);

		nn_gemm(ta, tb, m, n, h, alpha, a, lda, b, ldb, beta, c, ldc);
		nn_gemm(ta, tb, m, n, k - h, alpha, a + (size_t) h * (size_t) (ta ? lda : 1), lda,
				b + (size_t) h * (size_t) (tb ? 1 : ldb), ldb, 1, c, ldc);
	}
	else if (m >= n)
	{
		const int h = half_of(m);

		nn_gemm(ta, tb, h, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
		nn_gemm(ta, tb, m - h, n, k, alpha, a + (size_t) h * (size_t) (ta ? 1 : lda), lda, b, ldb,
				beta, c + (size_t) h * (size_t) ldc, ldc);
	}
	else
	{
		const int h = half_of(n);

		nn_gemm(ta, tb, m, h, k, alpha, a, lda, b, ldb, beta, c, ldc);
		nn_gemm(ta, tb, m, n - h, k, alpha, a, lda, b + (size_t) h * (size_t) (tb ? ldb : 1), ldb,
				beta, c + h, ldc);
	}
}

/*
 * Where a side is short, what takes time is reading the matrix between the two
 * others: that counts as if the side had FEW.
 */
void
nn_gemm(bool ta, bool tb, int m, int n, int k, nn_real alpha, const nn_real *a, int lda,
		const nn_real *b, int ldb, nn_real beta, nn_real *c, int ldc)
{
	const double work = (double) (m > FEW ? m : FEW) * (n > FEW ? n : FEW) * k;

	if (m <= 0 || n <= 0)
		return;
	if (work >= WORK_TO_LOOK && nn_pool_stopping())
		return;
	if (work >= WORK_TO_PART)
		multiply_parts(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
	else
		multiply(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
