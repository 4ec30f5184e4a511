/*
 * kernels_blas.c
 *	  nn_gemm against sums in double: all transposes, odd sizes, gaps between
 *	  rows, beta 0 over NaN; without OpenBLAS, then with it, which includes
 *	  gemm_small.c.  Matrices end where their memory ends, so that a sanitizer
 *	  sees a read past them.
 */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "core/kernels/kernels.h"
#include "unit.h"

#define POOL (1 << 18)
#define GUARD ((nn_real) -12345.0)

static nn_real pool[POOL]; /* what matrices are filled from */

typedef struct Case
{
	bool ta, tb;
	int m, n, k, pad;
	nn_real alpha, beta;
} Case;

/* rows of cols reals, ld apart; the last row ends with the memory. */
static nn_real *
make_matrix(int rows, int cols, int ld, size_t offset)
{
	size_t n = rows > 0 && cols > 0 ? (size_t) (rows - 1) * (size_t) ld + (size_t) cols : 1;
	nn_real *x = malloc(n * sizeof(nn_real));

	for (size_t i = 0; i < n; i++)
		x[i] = pool[(i + offset) % POOL];
	return x;
}

/* What was in C: with beta 0 NaN, in the gaps between rows a guard. */
static nn_real *
make_result(const Case *t, int ldc)
{
	nn_real *c = make_matrix(t->m, t->n, ldc, 1000);

	for (int i = 0; i < (t->m - 1) * ldc + t->n; i++)
	{
		if (i % ldc >= t->n)
			c[i] = GUARD;
		else if (t->beta == 0)
			c[i] = (nn_real) NAN;
	}
	return c;
}

/* Element (i, j) as a sum in double. */
static double
expected(const Case *t, const nn_real *a, int lda, const nn_real *b, int ldb, double old, int i,
		 int j)
{
	double sum = 0;

	for (int p = 0; p < t->k; p++)
		sum += (double) a[t->ta ? p * lda + i : i * lda + p] *
			(double) b[t->tb ? j * ldb + p : p * ldb + j];
	return (double) t->alpha * sum + (t->beta != 0 ? (double) t->beta * old : 0);
}

/* The worst error of a product relative to the length of its sums; infinite if a gap was written to. */
static double
worst_error(const Case *t)
{
	int lda = (t->ta ? t->m : t->k) + t->pad;
	int ldb = (t->tb ? t->k : t->n) + t->pad;
	int ldc = t->n + t->pad;
	nn_real *a = make_matrix(t->ta ? t->k : t->m, t->ta ? t->m : t->k, lda, 0);
	nn_real *b = make_matrix(t->tb ? t->n : t->k, t->tb ? t->k : t->n, ldb, POOL / 2);
	nn_real *c = make_result(t, ldc);
	nn_real *old = make_result(t, ldc);
	double worst = 0;

	nn_gemm(t->ta, t->tb, t->m, t->n, t->k, t->alpha, a, lda, b, ldb, t->beta, c, ldc);
	for (int at = 0; at < (t->m - 1) * ldc + t->n; at++)
	{
		int i = at / ldc;
		int j = at % ldc;
		double error;

		if (j >= t->n)
			error = c[at] == GUARD ? 0 : INFINITY;
		else
			error = fabs((double) c[at] - expected(t, a, lda, b, ldb, (double) old[at], i, j));
		error /= 1 + t->k / 8.0;
		if (!(error <= worst))
			worst = error == error ? error : INFINITY;
	}
	free(a);
	free(b);
	free(c);
	free(old);
	return worst;
}

/* All transposes, paddings, alphas and betas of one size. */
static double
worst_of_size(int m, int n, int k, int pad)
{
	static const nn_real scales[][2] = {
		{1, 0}, {1, 1}, {(nn_real) -0.5, (nn_real) 0.25}, {0, (nn_real) 0.5}, {2, 0}};
	double worst = 0;

	for (int bits = 0; bits < 8; bits++)
		for (int s = 0; s < 5; s++)
		{
			Case t = {bits & 1, bits & 2, m, n, k, bits & 4 ? pad : 0, scales[s][0], scales[s][1]};
			double error = worst_error(&t);

			if (error > worst)
				worst = error;
		}
	return worst;
}

static void
check_sizes(const char *how)
{
	static const int side[] = {1, 2, 3, 5, 8, 10, 16, 23, 33, 64};
	static const int shape[][3] = {
		{32, 64, 100}, {100, 64, 32},  {32, 64, 64},	{64, 64, 32},	{32, 10, 64},
		{64, 10, 32},  {32, 64, 10},   {32, 100, 64},	{128, 64, 100}, {100, 64, 128},
		{31, 63, 99},  {65, 129, 101}, {1, 64, 100},	{128, 1, 64},	{64, 1, 128},
		{16, 128, 92}, {6, 16, 1},	   {140, 140, 140}, {13, 37, 513},	{4, 100, 700},
	};
	const double tolerance = 4 * (sizeof(nn_real) == 8 ? DBL_EPSILON : FLT_EPSILON);
	double worst = 0;

	for (int i = 0; i < 10; i++)
		for (int j = 0; j < 10; j++)
			for (int p = 0; p < 10; p++)
				worst = fmax(worst, worst_of_size(side[i], side[j], side[p], 3));
	CHECK(worst < tolerance, "%s: odd sizes, worst error %.2g", how, worst);
	for (int i = 0; i < (int) (sizeof(shape) / sizeof(shape[0])); i++)
	{
		worst = worst_of_size(shape[i][0], shape[i][1], shape[i][2], 3);
		CHECK(worst < tolerance, "%s: (%d, %d, %d), worst error %.2g", how, shape[i][0],
			  shape[i][1], shape[i][2], worst);
	}
	/* rows 1024 and 1025 apart */
	worst = fmax(worst_of_size(17, 24, 40, 1000), worst_of_size(14, 41, 16, 984));
	CHECK(worst < tolerance, "%s: distant rows, worst error %.2g", how, worst);
	CHECK(worst_of_size(5, 7, 0, 3) == 0, "%s: k = 0 only scales", how);
}

/* Products that are made in parts, by some of their elements. */
static void
check_long(const char *how)
{
	static const int shape[][3] = {{17001, 101, 401}, {101, 401, 17001}, {101, 17001, 401}};
	const double tolerance = 4 * (sizeof(nn_real) == 8 ? DBL_EPSILON : FLT_EPSILON);
	double worst = 0;

	for (int i = 0; i < 3; i++)
		for (int bits = 1; bits < 3; bits++)
		{
			const int m = shape[i][0], n = shape[i][1], k = shape[i][2];
			const Case t = {bits & 1, bits & 2, m, n, k, 0, 1, (nn_real) 0.5};
			const int lda = t.ta ? m : k, ldb = t.tb ? k : n;
			nn_real *a = make_matrix(m, k, k, 0);
			nn_real *b = make_matrix(k, n, n, POOL / 2);
			nn_real *old = make_matrix(m, n, n, 1000);
			nn_real *c = make_matrix(m, n, n, 1000);

			nn_gemm(t.ta, t.tb, m, n, k, 1, a, lda, b, ldb, t.beta, c, n);
			for (int at = 0; at < m * n; at += m * n / 200 + 1)
			{
				double right = expected(&t, a, lda, b, ldb, (double) old[at], at / n, at % n);

				worst = fmax(worst, fabs((double) c[at] - right) / (1 + k / 8.0));
			}
			free(a);
			free(b);
			free(old);
			free(c);
		}
	CHECK(worst < tolerance, "%s: long products, worst error %.2g", how, worst);
}

/* Equal bits when the same product is computed at other addresses. */
static void
check_repeatable(const char *how)
{
	nn_real *a = make_matrix(32, 100, 100, 0);
	nn_real *moved = make_matrix(32 * 100 + 1, 1, 1, POOL - 1);
	nn_real *b = make_matrix(100, 64, 64, 5);
	nn_real *c = make_matrix(32, 64, 64, 0);
	nn_real *again = make_matrix(32, 64, 64, 0);

	nn_gemm(false, false, 32, 64, 100, 1, a, 100, b, 64, 0, c, 64);
	nn_gemm(false, false, 32, 64, 100, 1, moved + 1, 100, b, 64, 0, again, 64);
	CHECK(memcmp(c, again, 32 * 64 * sizeof(nn_real)) == 0,
		  "%s: alignment does not change a product", how);
	free(a);
	free(moved);
	free(b);
	free(c);
	free(again);
}

static void
check_environment(const char *name, const char *expected)
{
	const char *value = getenv(name);

	CHECK(expected == NULL ? value == NULL : value != NULL && strcmp(value, expected) == 0,
		  "%s is as it was", name);
}

int
main(void)
{
	NNRandom random = nn_random(42, 1);
	const char *error;

	for (int i = 0; i < POOL; i++)
		pool[i] = (nn_real) (nn_random_uniform(&random) - 0.5);

	CHECK(!nn_blas_loaded() && nn_blas_core()[0] == '\0', "nothing is loaded at first");
	check_sizes("plain");
	check_repeatable("plain");

	setenv("OPENBLAS_NUM_THREADS", "3", 1);
	unsetenv("OMP_NUM_THREADS");
	error = nn_blas_load(NULL);
	check_environment("OPENBLAS_NUM_THREADS", "3");
	check_environment("OMP_NUM_THREADS", NULL);
	if (getenv("NNET_WITHOUT_OPENBLAS") != NULL)
		return unit_done(); /* of another architecture */
	if (!CHECK(error == NULL, "OpenBLAS loads: %s", error == NULL ? "yes" : error))
		return unit_done();
	CHECK(nn_blas_load(NULL) == NULL, "loading again is nothing");
	CHECK(nn_blas_threads() == 1, "OpenBLAS has %d threads", nn_blas_threads());
	CHECK(nn_blas_config()[0] != '\0', "%s", nn_blas_config());
	CHECK(nn_blas_core()[0] != '\0', "kernels for %s", nn_blas_core());
	check_sizes("OpenBLAS");
	check_long("OpenBLAS");
	check_repeatable("OpenBLAS");
	return unit_done();
}
