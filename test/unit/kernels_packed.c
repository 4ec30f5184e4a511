/*
 * kernels_packed.c
 *	  nn_gemm_packed against sums in double: odd sizes, gaps between rows, what
 *	  is added, some of the columns.  Matrices end where their memory ends, so
 *	  that a sanitizer sees a read or write past them.
 *
 * Where there are no kernels (double, other processors) only that is tested.
 */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "core/kernels/kernels.h"
#include "unit.h"

#define TOLERANCE (4 * FLT_EPSILON)

typedef struct Case
{
	int m, k, n;
	int first, columns; /* of B */
	int pad;			/* between rows of A, S and C */
	enum
	{
		NOTHING,
		ROW,
		MATRIX,
		ITSELF
	} added;
} Case;

typedef struct Operands
{
	nn_real *a, *b, *s, *c, *old;
	NNPacked packed;
	int lda, ldc, lds;
} Operands;

static NNRandom numbers;

/* rows of cols reals, ld apart; the last row ends with the memory.  Gaps are NaN. */
static nn_real *
make_matrix(int rows, int cols, int ld)
{
	size_t n = (size_t) (rows - 1) * (size_t) ld + (size_t) cols;
	nn_real *x = malloc(n * sizeof(nn_real));

	for (size_t i = 0; i < n; i++)
		x[i] = (int) (i % (size_t) ld) < cols ? (nn_real) (nn_random_uniform(&numbers) - 0.5)
											  : (nn_real) NAN;
	return x;
}

static void
make_operands(Operands *o, const Case *t)
{
	size_t c_size = ((size_t) (t->m - 1) * (size_t) (t->columns + t->pad) + (size_t) t->columns) *
		sizeof(nn_real);
	nn_real *panels;

	o->lda = t->k + t->pad;
	o->ldc = o->lds = t->columns + t->pad;
	o->a = make_matrix(t->m, t->k, o->lda);
	o->b = make_matrix(t->k, t->n, t->n);
	o->s = make_matrix(t->m, t->columns, o->lds);
	o->c = make_matrix(t->m, t->columns, o->ldc);
	o->old = malloc(c_size);
	memcpy(o->old, o->c, c_size);
	panels = aligned_alloc(NN_ALIGN, nn_packed_reals(t->k, t->n) * sizeof(nn_real));
	nn_pack(panels, false, o->b, t->n, t->k, t->n);
	o->packed = (NNPacked){panels, t->k, t->n};
}

static void
free_operands(Operands *o)
{
	free(o->a);
	free(o->b);
	free(o->s);
	free(o->c);
	free(o->old);
	free((void *) o->packed.panels);
}

/* Element (i, j) as a sum in double. */
static double
expected(const Case *t, const Operands *o, int i, int j)
{
	double sum = t->added == NOTHING ? 0
		: t->added == ROW			 ? (double) o->s[j]
		: t->added == MATRIX		 ? (double) o->s[i * o->lds + j]
									 : (double) o->old[i * o->ldc + j];

	for (int p = 0; p < t->k; p++)
		sum += (double) o->a[i * o->lda + p] * (double) o->b[p * t->n + t->first + j];
	return sum;
}

/* The worst error of a product relative to the length of its sums; infinite if a gap was written to. */
static double
worst_error(const Case *t)
{
	Operands o;
	double worst = 0;

	make_operands(&o, t);
	if (!nn_gemm_packed(&o.packed, t->first, t->columns, t->m, o.a, o.lda,
						t->added == NOTHING		 ? NULL
							: t->added == ITSELF ? o.c
												 : o.s,
						t->added == ROW			 ? 0
							: t->added == ITSELF ? o.ldc
												 : o.lds,
						o.c, o.ldc))
		worst = INFINITY;
	for (int i = 0; i < t->m; i++)
		for (int j = 0; j < (i < t->m - 1 ? o.ldc : t->columns); j++)
		{
			nn_real got = o.c[i * o.ldc + j];
			double error;

			if (j >= t->columns)
				error = got != got ? 0 : INFINITY;
			else
				error = fabs((double) got - expected(t, &o, i, j)) / (1 + t->k / 8.0);
			if (!(error <= worst))
				worst = error == error ? error : INFINITY;
		}
	free_operands(&o);
	return worst;
}

/* Each way of adding, with gaps and without. */
static double
worst_of_size(int m, int k, int n, int first, int columns)
{
	double worst = 0;

	for (int added = NOTHING; added <= ITSELF; added++)
		for (int pad = 0; pad <= 5; pad += 5)
			worst = fmax(worst, worst_error(&(Case){m, k, n, first, columns, pad, added}));
	return worst;
}

static void
check_sizes(void)
{
	static const int columns[] = {9, 15, 16, 17, 31, 32, 33, 48, 49, 64, 79, 100};
	static const int shapes[][3] = {{96, 784, 64}, {97, 513, 70},	{193, 255, 33}, {205, 256, 32},
									{400, 28, 96}, {16, 1100, 130}, {1, 300, 200},	{12, 1, 17}};
	double worst = 0;

	for (int m = 1; m <= 27; m++)
		for (int n = 0; n < (int) (sizeof(columns) / sizeof(columns[0])); n++)
			worst = fmax(worst, worst_of_size(m, 1 + 37 * n % 90, columns[n], 0, columns[n]));
	CHECK(worst < TOLERANCE, "few rows and any columns, worst error %.2g", worst);
	for (int i = 0; i < (int) (sizeof(shapes) / sizeof(shapes[0])); i++)
	{
		const int *s = shapes[i];

		worst = worst_of_size(s[0], s[1], s[2], 0, s[2]);
		CHECK(worst < TOLERANCE, "(%d, %d, %d), worst error %.2g", s[0], s[1], s[2], worst);
	}
}

/* Columns of B from the beginning of a panel, ending anywhere. */
static void
check_columns(void)
{
	double worst = 0;
	Operands o;
	const Case t = {5, 300, 100, 0, 100, 0, NOTHING};

	for (int first = 0; first < 100; first += 32)
		for (int columns = 1; columns <= 100 - first; columns += columns % 16 == 15 ? 1 : 2)
			worst = fmax(worst, worst_error(&(Case){14, 300, 100, first, columns, 3, MATRIX}));
	CHECK(worst < TOLERANCE, "some of the columns, worst error %.2g", worst);

	make_operands(&o, &t);
	CHECK(!nn_gemm_packed(&o.packed, 16, 32, t.m, o.a, o.lda, NULL, 0, o.c, o.ldc) &&
			  memcmp(o.c, o.old, (size_t) (t.m * t.n) * sizeof(nn_real)) == 0,
		  "columns within a panel are refused, and nothing is done");
	free_operands(&o);
}

/* A row has the same bits whichever rows are beside it. */
static void
check_rows_alone(void)
{
	const Case t = {207, 600, 75, 0, 75, 0, ROW};
	Operands o;
	nn_real alone[75];
	bool same = true;

	make_operands(&o, &t);
	(void) nn_gemm_packed(&o.packed, 0, t.n, t.m, o.a, o.lda, o.s, 0, o.c, o.ldc);
	for (int i = 0; i < t.m; i++)
	{
		(void) nn_gemm_packed(&o.packed, 0, t.n, 1, o.a + i * o.lda, o.lda, o.s, 0, alone, t.n);
		same = same && memcmp(alone, o.c + i * o.ldc, sizeof(alone)) == 0;
	}
	CHECK(same, "a row does not depend on those beside it");
	free_operands(&o);
}

/* What is beside the columns of B that are wanted does not show. */
static void
check_strangers(void)
{
	const Case t = {13, 40, 64, 0, 20, 0, NOTHING};
	Operands o;
	nn_real sum = 0;

	make_operands(&o, &t);
	for (int p = 0; p < t.k; p++)
		o.b[p * t.n + 20] = (nn_real) INFINITY;
	nn_pack((nn_real *) o.packed.panels, false, o.b, t.n, t.k, t.n);
	(void) nn_gemm_packed(&o.packed, 0, 20, t.m, o.a, o.lda, NULL, 0, o.c, o.ldc);
	for (int i = 0; i < t.m * 20; i++)
		sum += o.c[i];
	CHECK(nn_all_finite(&sum, 1), "an infinite column stays where it is");
	free_operands(&o);
}

int
main(void)
{
	const NNPacked none = {NULL, 3, 3};
	nn_real x[9] = {1};
	nn_real c[9] = {0};

	numbers = nn_random(43, 1);
	CHECK(!nn_gemm_packed(&none, 0, 3, 3, x, 3, NULL, 0, c, 3) && c[0] == 0,
		  "what is not packed is refused");
	CHECK(nn_packed_reals(100, 8) == 0, "narrow matrices are not packed");
	if (nn_packed_reals(100, 33) == 0)
		return unit_done();
	CHECK(nn_packed_reals(100, 33) >= 3300, "room for all");
	check_sizes();
	check_columns();
	check_rows_alone();
	check_strangers();
	return unit_done();
}
