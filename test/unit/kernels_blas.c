/*
 * kernels_blas.c
 *	  nn_gemm against sums in double: all transposes, odd sizes, gaps between
 *	  rows, beta 0 over NaN; without and with OpenBLAS.
 */
#include <stdlib.h>
#include <string.h>

#include "core/kernels/kernels.h"
#include "unit.h"

#define MAX_SIDE 140
#define PAD 3					/* gap between rows */
#define GUARD ((nn_real) -12345.0)

static nn_real a[MAX_SIDE * (MAX_SIDE + PAD)];
static nn_real b[MAX_SIDE * (MAX_SIDE + PAD)];
static nn_real c[MAX_SIDE * (MAX_SIDE + PAD)];
static nn_real before[MAX_SIDE * (MAX_SIDE + PAD)];

typedef struct Case
{
	bool		ta,
				tb;
	int			m,
				n,
				k,
				pad;
	nn_real		alpha,
				beta;
} Case;

static void
fill_random(nn_real *x, size_t n, uint64_t stream)
{
	NNRandom	r = nn_random(42, stream);

	for (size_t i = 0; i < n; i++)
		x[i] = (nn_real) (nn_random_uniform(&r) - 0.5);
}

/* The worst error of a product relative to sqrt(k); infinite if a gap was written to. */
static double
worst_error(const Case *t)
{
	int			lda = (t->ta ? t->m : t->k) + t->pad;
	int			ldb = (t->tb ? t->k : t->n) + t->pad;
	int			ldc = t->n + t->pad;
	double		worst = 0;

	for (int i = 0; i < t->m * ldc; i++)
	{
		if (i % ldc >= t->n)
			c[i] = GUARD;
		else if (t->beta == 0)
			c[i] = (nn_real) NAN;
		else
			c[i] = (nn_real) ((i * 7 % 13) / 13.0);
	}
	memcpy(before, c, sizeof(c));
	nn_gemm(t->ta, t->tb, t->m, t->n, t->k, t->alpha, a, lda, b, ldb, t->beta, c, ldc);
	for (int i = 0; i < t->m; i++)
	{
		for (int j = 0; j < t->n; j++)
		{
			double		sum = 0;
			double		error;

			for (int p = 0; p < t->k; p++)
				sum += (double) a[t->ta ? p * lda + i : i * lda + p] *
					(double) b[t->tb ? j * ldb + p : p * ldb + j];
			sum *= (double) t->alpha;
			if (t->beta != 0)
				sum += (double) t->beta * (double) before[i * ldc + j];
			error = fabs((double) c[i * ldc + j] - sum) / sqrt(t->k + 1.0);
			if (!(error <= worst))
				worst = error == error ? error : INFINITY;
		}
		for (int j = t->n; j < ldc; j++)
			if (c[i * ldc + j] != GUARD)
				worst = INFINITY;
	}
	return worst;
}

/* All transposes, paddings, alphas and betas of one size. */
static double
worst_of_size(int m, int n, int k)
{
	static const nn_real scales[][2] = {{1, 0}, {1, 1}, {(nn_real) -0.5, (nn_real) 0.25}, {0, (nn_real) 0.5}, {2, 0}};
	double		worst = 0;

	for (int bits = 0; bits < 8; bits++)
		for (int s = 0; s < 5; s++)
		{
			Case		t = {bits & 1, bits & 2, m, n, k, bits & 4 ? PAD : 0, scales[s][0], scales[s][1]};
			double		error = worst_error(&t);

			if (error > worst)
				worst = error;
		}
	return worst;
}

static void
check_sizes(const char *how)
{
	static const int side[] = {1, 2, 3, 5, 8, 10, 16, 17, 31, 33, 64, 67};
	static const int shape[][3] = {
		{32, 64, 100}, {100, 64, 32}, {32, 64, 64}, {64, 64, 32}, {32, 10, 64}, {64, 10, 32},
		{32, 64, 10}, {32, 100, 64}, {128, 64, 100}, {100, 64, 128}, {31, 63, 99}, {65, 129, 101},
		{1, 64, 100}, {128, 1, 64}, {64, 1, 128}, {16, 128, 92}, {6, 16, 1}, {140, 140, 140}
	};
	const double tolerance = sizeof(nn_real) == 8 ? 2e-15 : 6e-7;
	double		worst = 0;

	for (int i = 0; i < 12; i++)
		for (int j = 0; j < 12; j++)
			for (int p = 0; p < 12; p++)
				worst = fmax(worst, worst_of_size(side[i], side[j], side[p]));
	CHECK(worst < tolerance, "%s: odd sizes, worst error %.2g", how, worst);
	for (int i = 0; i < (int) (sizeof(shape) / sizeof(shape[0])); i++)
	{
		worst = worst_of_size(shape[i][0], shape[i][1], shape[i][2]);
		CHECK(worst < tolerance, "%s: (%d, %d, %d), worst error %.2g", how,
			  shape[i][0], shape[i][1], shape[i][2], worst);
	}
	CHECK(worst_of_size(5, 7, 0) == 0, "%s: k = 0 only scales", how);
}

/* Equal bits when the same product is computed again at other addresses. */
static void
check_repeatable(void)
{
	static nn_real copy[MAX_SIDE * (MAX_SIDE + PAD)];

	nn_gemm(false, false, 32, 64, 100, 1, a, 100, b, 64, 0, c, 64);
	memcpy(copy, c, sizeof(c));
	memcpy(before, a, sizeof(a));
	memmove(before + 1, before, 32 * 100 * sizeof(nn_real));
	nn_gemm(false, false, 32, 64, 100, 1, before + 1, 100, b, 64, 0, c, 64);
	CHECK(memcmp(c, copy, 32 * 64 * sizeof(nn_real)) == 0, "alignment does not change a product");
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
	const char *error;

	fill_random(a, sizeof(a) / sizeof(a[0]), 1);
	fill_random(b, sizeof(b) / sizeof(b[0]), 2);

	CHECK(!nn_blas_loaded() && nn_blas_core()[0] == '\0', "nothing is loaded at first");
	check_sizes("plain");
	check_repeatable();

	setenv("OPENBLAS_NUM_THREADS", "3", 1);
	unsetenv("OMP_NUM_THREADS");
	error = nn_blas_load();
	check_environment("OPENBLAS_NUM_THREADS", "3");
	check_environment("OMP_NUM_THREADS", NULL);
	if (!CHECK(error == NULL, "OpenBLAS loads: %s", error == NULL ? "yes" : error))
		return unit_done();
	CHECK(nn_blas_load() == NULL, "loading again is nothing");
	CHECK(nn_blas_threads() == 1, "OpenBLAS has %d threads", nn_blas_threads());
	CHECK(nn_blas_config()[0] != '\0', "%s", nn_blas_config());
	CHECK(nn_blas_core()[0] != '\0', "kernels for %s", nn_blas_core());
	check_sizes("OpenBLAS");
	check_repeatable();
	return unit_done();
}
