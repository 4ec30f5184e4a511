/*
 * kernels_bf16.c
 *	  Products of bfloat16, of each backend that has them, against sums in double
 *	  of numbers rounded here: all transposes, odd sizes, gaps between rows, packed
 *	  weights, NaN and infinity.
 *	  Matrices end where their memory ends, so that a sanitizer sees a read or
 *	  write past them.
 *
 * Where the processor has none (and in double) only that it says so is tested.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/kernels/backend.h"
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

/* Room for packed weights, in which nothing is a number; NULL: they are not packed. */
static nn_real *
make_panels(int k, int n)
{
	const size_t bytes = nn_packed_reals(k, n) * sizeof(nn_real);

	return bytes > 0 ? memset(aligned_alloc(NN_ALIGN, bytes), 0xFF, bytes) : NULL;
}

/* The worst error of the same product by both ways. */
static double
product_error(const Case *t)
{
	Operands o = make_operands(t);
	nn_real *panels = make_panels(t->k, t->n);
	NNPacked packed = {panels, t->k, t->n};
	double off;

	nn_gemm(t->ta, t->tb, t->m, t->n, t->k, (nn_real) t->alpha, o.a, o.lda, o.b, o.ldb,
			(nn_real) t->beta, o.c, o.ldc);
	off = worst_error(t, &o);
	if (panels != NULL && !t->ta && t->alpha == 1)
	{
		const bool adds = t->beta != 0;
		Case one = *t;

		one.beta = adds;
		memcpy(o.c, o.old, reals(t->m, t->n, o.ldc) * sizeof(nn_real));
		nn_pack(panels, t->tb, o.b, o.ldb, t->k, t->n);
		if (!nn_gemm_packed(&packed, 0, t->n, t->m, o.a, o.lda, adds ? o.c : NULL, o.ldc, o.c,
							o.ldc))
			off = INFINITY;
		off = fmax(off, worst_error(&one, &o));
	}
	free(panels);
	free_operands(&o);
	return off;
}

static void
check_product(const Case *t)
{
	const double off = product_error(t);

	CHECK(off <= TOLERANCE, "(%d, %d) by %d%s%s, %d apart, %g, %g: off by %.1e", t->m, t->n, t->k,
		  t->ta ? ", A turned" : "", t->tb ? ", B turned" : "", t->pad, t->alpha, t->beta, off);
}

/* Every number of rows and columns about what kernels take at a time, and ends of k. */
static void
check_sides(void)
{
	static const int lengths[] = {1, 3, 15, 31, 32, 33, 35};
	static const double scales[][2] = {{1, 0}, {1, 1}, {2, 0}, {-0.5, 0.25}};

	for (int m = 1; m <= 33; m++)
	{
		double worst = 0;

		for (int n = 1; n <= 70; n++)
		{
			const int i = 70 * m + n;

			worst = fmax(worst,
						 product_error(&(Case){.m = m,
											   .n = n,
											   .k = lengths[i % 7],
											   .ta = i / 2 & 1,
											   .tb = i / 4 & 1,
											   .pad = i % 3,
											   .alpha = scales[i / 8 % 4][0],
											   .beta = scales[i / 8 % 4][1]}));
		}
		CHECK(worst <= TOLERANCE, "%d rows, columns from 1 to 70: off by %.1e", m, worst);
	}
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
	nn_real *panels = make_panels(t.k, t.n);
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
check_bits(int n, int k)
{
	const Case t = {.m = 140, .n = n, .k = k, .alpha = 1};
	Operands o = make_operands(&t);
	nn_real *panels = make_panels(k, n);
	const NNPacked packed = {panels, k, n};
	static const int parts[][2] = {{7, 1}, {3, 17}, {100, 33}, {0, 128}};

	nn_gemm(false, false, t.m, n, k, 1, o.a, o.lda, o.b, o.ldb, 0, o.c, o.ldc);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
	{
		const int from = parts[i][0], rows = parts[i][1];

		nn_gemm(false, false, rows, n, k, 1, o.a + from * o.lda, o.lda, o.b, o.ldb, 0, o.old,
				o.ldc);
		CHECK(memcmp(o.old, o.c + from * o.ldc, reals(rows, n, o.ldc) * sizeof(nn_real)) == 0,
			  "%d columns of %d: rows from %d to %d alone have the same bits", n, k, from,
			  from + rows);
	}
	if (panels != NULL)
	{
		nn_pack(panels, false, o.b, o.ldb, k, n);
		(void) nn_gemm_packed(&packed, 0, n, t.m, o.a, o.lda, NULL, 0, o.old, o.ldc);
		CHECK(memcmp(o.old, o.c, reals(t.m, n, o.ldc) * sizeof(nn_real)) == 0,
			  "so have packed weights");
	}
	free(panels);
	free_operands(&o);
}

/* What is no number comes out where a plain loop has it, and nowhere else. */
static void
check_not_finite(int k)
{
	static const nn_real odd[] = {(nn_real) NAN, (nn_real) INFINITY, (nn_real) -INFINITY};

	for (int turned = 0; turned < 4; turned++)
		for (int side = 0; side < 2; side++)
			for (int i = 0; i < 3; i++)
			{
				const Case t = {14, 35, k, turned & 1, turned & 2, 1, 1, 0};
				Operands o = make_operands(&t);
				bool same = true;

				/* the last of k, whose pair may be half empty: of row 5 of A, of column 5 of B */
				if (side == 0)
					o.a[t.ta ? (k - 1) * o.lda + 5 : 5 * o.lda + k - 1] = odd[i];
				else
					o.b[t.tb ? 5 * o.ldb + k - 1 : (k - 1) * o.ldb + 5] = odd[i];
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
				CHECK(same, "%g in %s at %d, %d: as in a plain loop", (double) odd[i],
					  side == 0 ? "A" : "B", k, turned);
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

static void
check_backend(const NNBackend *backend)
{
	printf("# %s\n", backend->name);
	nn_precision_use(NN_BFLOAT16);
	check_products();
	check_sides();
	check_part();
	check_bits(70, 600);
	check_bits(200, 1200);
	check_bits(5, 50);
	check_not_finite(9);
	check_not_finite(70);
	check_switch();
}

int
main(void)
{
	int n;
	const NNBackend *const *all = nn_backend_table(&n);

	numbers = nn_random(12, 0);
	CHECK(nn_precision_has(NN_FLOAT32), "float32 is everywhere");
	for (int i = 0; i < n; i++)
		if (all[i]->precision == NN_BFLOAT16 && nn_backend_force(all[i]->name))
		{
			CHECK(nn_precision_has(NN_BFLOAT16), "%s is here", all[i]->name);
			check_backend(all[i]);
		}
	return unit_done();
}
