/*
 * kernels_bf16.c
 *	  Products of bfloat16 against sums in double of numbers rounded here: all
 *	  transposes, odd sizes, gaps between rows, packed weights, NaN and infinity.
 *	  Matrices end where their memory ends, so that a sanitizer sees a read or
 *	  write past them.
 *
 * Where the processor has none (and in double) only that it says so is tested.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/kernels/kernels.h"
#include "unit.h"

/* Relative to the sum of the products' sizes: that of sums in float. */
#define TOLERANCE 2e-6

typedef struct Case
{
	int m, n, k;
	bool ta, tb;
	int pad; /* between rows of all */
	double alpha, beta;
} Case;

typedef struct Operands
{
	nn_real *a, *b, *c, *old;
	int lda, ldb, ldc;
} Operands;

static NNRandom numbers;

/* To nearest, ties to even; what is no number stays so. */
static double
rounded(nn_real x)
{
	float f = (float) x;
	uint32_t bits;

	memcpy(&bits, &f, sizeof(bits));
	if ((bits & 0x7F800000u) != 0x7F800000u)
		bits += 0x7FFFu + (bits >> 16 & 1);
	bits &= 0xFFFF0000u;
	memcpy(&f, &bits, sizeof(f));
	return (double) f;
}

static size_t
reals(int rows, int cols, int ld)
{
	return (size_t) (rows - 1) * (size_t) ld + (size_t) cols;
}

/* rows of cols reals, ld apart; the last row ends with the memory.  Gaps are NaN. */
static nn_real *
make_matrix(int rows, int cols, int ld)
{
	const size_t n = reals(rows, cols, ld);
	nn_real *x = malloc(n * sizeof(nn_real));

	for (size_t i = 0; i < n; i++)
		x[i] =
			(int) (i % (size_t) ld) < cols ? (nn_real) nn_random_normal(&numbers) : (nn_real) NAN;
	return x;
}

static Operands
make_operands(const Case *t)
{
	Operands o = {
		.lda = (t->ta ? t->m : t->k) + t->pad,
		.ldb = (t->tb ? t->k : t->n) + t->pad,
		.ldc = t->n + t->pad,
	};

	o.a = make_matrix(t->ta ? t->k : t->m, t->ta ? t->m : t->k, o.lda);
	o.b = make_matrix(t->tb ? t->n : t->k, t->tb ? t->k : t->n, o.ldb);
	o.c = make_matrix(t->m, t->n, o.ldc);
	o.old = malloc(reals(t->m, t->n, o.ldc) * sizeof(nn_real));
	memcpy(o.old, o.c, reals(t->m, t->n, o.ldc) * sizeof(nn_real));
	return o;
}

static void
free_operands(const Operands *o)
{
	free(o->a);
	free(o->b);
	free(o->c);
	free(o->old);
}

/* Element (i, j) as a sum in double; *size is the sum of what was added without its signs. */
static double
expected(const Case *t, const Operands *o, int i, int j, double *size)
{
	double sum = 0;

	*size = 0;
	for (int p = 0; p < t->k; p++)
	{
		const double x = rounded(t->ta ? o->a[p * o->lda + i] : o->a[i * o->lda + p]) *
			rounded(t->tb ? o->b[j * o->ldb + p] : o->b[p * o->ldb + j]);

		sum += x;
		*size += fabs(x);
	}
	sum *= t->alpha;
	if (t->beta != 0)
		sum += t->beta * (double) o->old[i * o->ldc + j];
	*size += fabs(sum);
	return sum;
}

/* The worst error of what is in C; infinite if a gap was written to. */
static double
worst_error(const Case *t, const Operands *o)
{
	double worst = 0;

	for (int i = 0; i < t->m; i++)
	{
		for (int j = 0; j < t->n; j++)
		{
			double size;
			const double sum = expected(t, o, i, j, &size);
			const double error = fabs((double) o->c[i * o->ldc + j] - sum) / size;

			worst = error <= worst ? worst : isnan(error) ? INFINITY : error;
		}
		for (int j = t->n; j < o->ldc && i < t->m - 1; j++)
			if (!isnan(o->c[i * o->ldc + j]))
				return INFINITY;
	}
	return worst;
}

/* Both ways to the same product; all that is true of it. */
static void
check_product(const Case *t)
{
	Operands o = make_operands(t);
	nn_real *panels = nn_packed_reals(t->k, t->n) > 0
		? aligned_alloc(NN_ALIGN, nn_packed_reals(t->k, t->n) * sizeof(nn_real))
		: NULL;
	NNPacked packed = {panels, t->k, t->n};
	double off;

	nn_gemm(t->ta, t->tb, t->m, t->n, t->k, (nn_real) t->alpha, o.a, o.lda, o.b, o.ldb,
			(nn_real) t->beta, o.c, o.ldc);
	off = worst_error(t, &o);
	CHECK(off <= TOLERANCE, "(%d, %d) by %d%s%s, %d apart, %g, %g: off by %.1e", t->m, t->n, t->k,
		  t->ta ? ", A turned" : "", t->tb ? ", B turned" : "", t->pad, t->alpha, t->beta, off);
	if (panels != NULL && !t->ta && t->alpha == 1)
	{
		const bool adds = t->beta != 0;
		Case one = *t;

		one.beta = adds;
		memcpy(o.c, o.old, reals(t->m, t->n, o.ldc) * sizeof(nn_real));
		nn_pack(panels, t->tb, o.b, o.ldb, t->k, t->n);
		CHECK(nn_gemm_packed(&packed, 0, t->n, t->m, o.a, o.lda, adds ? o.c : NULL, o.ldc, o.c,
							 o.ldc),
			  "packed");
		off = worst_error(&one, &o);
		CHECK(off <= TOLERANCE, "packed, off by %.1e", off);
	}
	free(panels);
	free_operands(&o);
}

static void
check_products(void)
{
	static const int sizes[][3] = {
		{1, 1, 1},	  {1, 10, 64},	  {7, 1, 33},	 {2, 3, 2},		 {12, 32, 1},	{13, 33, 5},
		{25, 17, 31}, {97, 48, 63},	  {5, 31, 513},	 {193, 65, 130}, {64, 16, 515}, {3, 200, 1024},
		{1, 9, 1023}, {100, 96, 700}, {1024, 8, 16}, {31, 1024, 40}, {96, 64, 1024}};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int turned = 0; turned < 4; turned++)
			check_product(&(Case){.m = sizes[i][0],
								  .n = sizes[i][1],
								  .k = sizes[i][2],
								  .ta = turned & 1,
								  .tb = turned & 2,
								  .pad = (int) (i + (size_t) turned) % 3,
								  .alpha = i % 3 == 2 ? -0.5 : 1,
								  .beta = (double) (turned % 3) * 0.5});
}

/* Some columns of packed weights, and a row that is added to all. */
static void
check_part(void)
{
	const Case t = {.m = 30, .n = 100, .k = 77, .alpha = 1};
	Operands o = make_operands(&t);
	nn_real *panels = aligned_alloc(NN_ALIGN, nn_packed_reals(t.k, t.n) * sizeof(nn_real));
	const NNPacked packed = {panels, t.k, t.n};
	double worst = 0;

	nn_pack(panels, false, o.b, o.ldb, t.k, t.n);
	CHECK(nn_gemm_packed(&packed, 64, 36, t.m, o.a, o.lda, o.b, 0, o.c, o.ldc),
		  "the columns from the third panel on");
	for (int i = 0; i < t.m; i++)
		for (int j = 0; j < 36; j++)
		{
			double size;
			const double sum = expected(&t, &o, i, 64 + j, &size) + (double) o.b[j];

			worst = fmax(worst, fabs((double) o.c[i * o.ldc + j] - sum) / size);
		}
	CHECK(worst <= TOLERANCE, "are right, off by %.1e", worst);
	CHECK(!nn_gemm_packed(&packed, 16, 32, t.m, o.a, o.lda, NULL, 0, o.c, o.ldc),
		  "a place where no panel begins is declined");
	free(panels);
	free_operands(&o);
}

/* A row of C is the same alone and among others, packed or not. */
static void
check_bits(void)
{
	const Case t = {.m = 40, .n = 70, .k = 600, .alpha = 1};
	Operands o = make_operands(&t);
	nn_real *panels = aligned_alloc(NN_ALIGN, nn_packed_reals(t.k, t.n) * sizeof(nn_real));
	const NNPacked packed = {panels, t.k, t.n};

	nn_pack(panels, false, o.b, o.ldb, t.k, t.n);
	nn_gemm(false, false, t.m, t.n, t.k, 1, o.a, o.lda, o.b, o.ldb, 0, o.c, o.ldc);
	nn_gemm(false, false, 1, t.n, t.k, 1, o.a + 7 * o.lda, o.lda, o.b, o.ldb, 0, o.old, o.ldc);
	CHECK(memcmp(o.old, o.c + 7 * o.ldc, (size_t) t.n * sizeof(nn_real)) == 0,
		  "one row alone has the same bits");
	(void) nn_gemm_packed(&packed, 0, t.n, t.m, o.a, o.lda, NULL, 0, o.old, o.ldc);
	CHECK(memcmp(o.old, o.c, reals(t.m, t.n, o.ldc) * sizeof(nn_real)) == 0,
		  "so have packed weights");
	free(panels);
	free_operands(&o);
}

/* What is no number comes out where a plain loop has it, and nowhere else. */
static void
check_not_finite(void)
{
	static const nn_real odd[] = {(nn_real) NAN, (nn_real) INFINITY, (nn_real) -INFINITY};

	for (int turned = 0; turned < 4; turned++)
		for (int side = 0; side < 2; side++)
			for (int i = 0; i < 3; i++)
			{
				const Case t = {14, 35, 9, turned & 1, turned & 2, 1, 1, 0};
				Operands o = make_operands(&t);
				bool same = true;

				/* the last of k, whose pair is half empty: element 8 of row 5 of A, of column 5 of B */
				if (side == 0)
					o.a[t.ta ? 8 * o.lda + 5 : 5 * o.lda + 8] = odd[i];
				else
					o.b[t.tb ? 5 * o.ldb + 8 : 8 * o.ldb + 5] = odd[i];
				o.c[0] = (nn_real) NAN;
				nn_gemm(t.ta, t.tb, t.m, t.n, t.k, 1, o.a, o.lda, o.b, o.ldb, 0, o.c, o.ldc);
				for (int r = 0; r < t.m; r++)
					for (int j = 0; j < t.n; j++)
					{
						double size;
						const double sum = expected(&t, &o, r, j, &size);
						const double got = (double) o.c[r * o.ldc + j];

						same = same &&
							(isnan(sum)		  ? isnan(got)
								 : isinf(sum) ? got == sum
											  : fabs(got - sum) <= TOLERANCE * size);
					}
				CHECK(same, "%g in %s, %d: as in a plain loop", (double) odd[i],
					  side == 0 ? "A" : "B", turned);
				free_operands(&o);
			}
}

/* The precision is the thread's, and floats are floats again after it. */
static void
check_switch(void)
{
	const nn_real a = (nn_real) 1.001, b = 1;
	nn_real c;

	nn_gemm(false, false, 1, 1, 1, 1, &a, 1, &b, 1, 0, &c, 1);
	CHECK(c == 1, "1.001 is 1 as a bfloat16");
	nn_precision_use(NN_FLOAT32);
	nn_gemm(false, false, 1, 1, 1, 1, &a, 1, &b, 1, 0, &c, 1);
	CHECK(c == a, "and 1.001 as a float");
}

int
main(void)
{
	numbers = nn_random(12, 0);
	CHECK(nn_precision_has(NN_FLOAT32), "float32 is everywhere");
	if (!nn_precision_has(NN_BFLOAT16))
		return unit_done();
	nn_precision_use(NN_BFLOAT16);
	check_products();
	check_part();
	check_bits();
	check_not_finite();
	check_switch();
	return unit_done();
}
