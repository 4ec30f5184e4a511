/*
 * backend.c
 *	  Which backends multiply matrices here, and every product's way to one.
 *
 * They are chosen as the library is loaded, by what the processor has: what is
 * packed, planned and computed later follows from that.  Only what Linux gives to
 * processes that ask for it (the registers of AMX) waits until a precision is
 * wanted that needs it, or asked for by nnet.info(): who does neither has a process
 * like any other, in which no library's stack for signals can be too small for them.  OpenBLAS stands in the
 * table from the beginning and takes products once it is loaded.  The variable
 * NNET_KERNELS of the environment names a backend to be used instead, which is
 * how all are tested and measured on one machine.
 */
#include "core/kernels/backend.h"

#include <stdlib.h>
#include <string.h>

#define VARIABLE "NNET_KERNELS"

/* Multiply-adds from which it is asked whether to stop (20 us and more), and parts are made (10 ms). */
#define WORK_TO_LOOK ((double) (1 << 20))
#define WORK_TO_PART ((double) (1 << 29))
#define FEW 16

/* All there are, the best first. */
static const NNBackend *const table[] = {
#ifdef NN_HAS_TILES
	&nn_backend_avx512,
#endif
#ifdef NN_HAS_AMX
	&nn_backend_amx,
#endif
#ifdef NN_HAS_BF16
	&nn_backend_bf16,
#endif
#ifdef NN_HAS_TILES
	&nn_backend_avx2,	  &nn_backend_small,
#endif
	&nn_backend_openblas, &nn_backend_plain,
};

#define COUNT ((int) (sizeof(table) / sizeof(table[0])))

typedef struct Choice
{
	const NNBackend *order[COUNT];
	int n;					/* 0: products of this precision cannot be had */
	const NNBackend *packs; /* who keeps packed weights, or NULL */
	bool settled;			/* somebody wanted it */
} Choice;

static Choice chosen[NN_PRECISIONS];
static const NNBackend *forced; /* by name, or NULL */

/* That of the calling thread's products. */
static _Thread_local NNPrecision precision = NN_FLOAT32;

/* ---- the choice ---- */

static const NNBackend *
find_backend(const char *name)
{
	for (int i = 0; name != NULL && i < COUNT; i++)
		if (strcmp(table[i]->name, name) == 0)
			return table[i];
	return NULL;
}

/* Whether it stands before the one that was asked for, among those that are then not used. */
static bool
passed_over(int i)
{
	if (forced == NULL ||
		(forced->precision != NN_FLOAT32 && forced->precision != table[i]->precision))
		return false;
	for (; i >= 0; i--)
		if (table[i] == forced)
			return false;
	return true;
}

/* Those of one precision, if it is wanted also such as the system must be asked for. */
static void
choose_for(NNPrecision which, bool wanted)
{
	Choice *choice = &chosen[which];

	memset(choice, 0, sizeof(*choice));
	for (int i = 0; i < COUNT; i++)
	{
		const NNBackend *next = table[i];

		if (next->precision != which || passed_over(i) ||
			!nn_processor_has(nn_processor(), next->needs) ||
			(next->unless != 0 && nn_processor_has(nn_processor(), next->unless)) ||
			(next->granted != NULL && (!wanted || !next->granted())))
			continue;
		choice->order[choice->n++] = next;
		if (choice->packs == NULL && next->pack != NULL)
			choice->packs = next;
	}
	choice->settled = wanted;
}

bool
nn_backend_force(const char *name)
{
	const NNBackend *wanted = find_backend(name);

	if (name != NULL &&
		(wanted == NULL || !nn_processor_has(nn_processor_whole(), wanted->needs) ||
		 (wanted->granted != NULL && !wanted->granted())))
		return false;
	forced = wanted;
	nn_processor_limit(wanted != NULL ? wanted->level : NN_LEVEL_MOST);
	for (int i = 0; i < NN_PRECISIONS; i++)
		choose_for((NNPrecision) i, i == NN_FLOAT32);
	return true;
}

static void choose(void) __attribute__((constructor(NN_AFTER_PROCESSOR)));

static void
choose(void)
{
	static const NNPoolHooks hooks = {nn_blas_thread_init, nn_blas_job_begin, nn_blas_job_end};

	nn_pool_set_hooks(&hooks);
	if (!nn_backend_force(getenv(VARIABLE)))
		(void) nn_backend_force(NULL);
}

const NNBackend *const *
nn_backend_table(int *n)
{
	*n = COUNT;
	return table;
}

const NNBackend *const *
nn_backends(int *n)
{
	*n = chosen[NN_FLOAT32].n;
	return chosen[NN_FLOAT32].order;
}

const char *
nn_backend_name(NNPrecision which, int i)
{
	return i < chosen[which].n ? chosen[which].order[i]->name : NULL;
}

bool
nn_precision_has(NNPrecision which)
{
	/* before anything is computed with it: nobody gets there without asking here */
	if (!chosen[which].settled)
		choose_for(which, true);
	return chosen[which].n > 0;
}

void
nn_precision_use(NNPrecision which)
{
	precision = which;
}

NNPrecision
nn_precision(void)
{
	return precision;
}

/* ---- products ---- */

/* C (m, n) of rows ldc apart is scaled; beta 0 overwrites whatever was there. */
static void
scale_matrix(nn_real beta, nn_real *c, int m, int n, size_t ldc)
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

static void
multiply(const NNProduct *product)
{
	const Choice *choice = &chosen[precision];

	for (int i = 0; i < choice->n; i++)
	{
		const NNBackend *next = choice->order[i];

		if ((next->takes == NULL || next->takes(product)) && next->multiply(product))
			return;
	}
}

/* About half of a dimension, such that neither part has an odd end. */
static int
half_of(int n)
{
	return (n / 2 + 63) & ~63;
}

/* Where a side is short, what takes time is reading the matrix between the two others. */
static double
work_of(const NNProduct *t)
{
	return (double) (t->m > FEW ? t->m : FEW) * (t->n > FEW ? t->n : FEW) * t->k;
}

/*
 * In halves along the longest side, over and over, until none takes long: the
 * parts are as cubic as can be, which costs next to nothing in copies of the
 * operands.
 */
static void
multiply_parts(const NNProduct *whole)
{
	NNProduct one = *whole;
	NNProduct other = *whole;

	if (work_of(whole) >= WORK_TO_LOOK && nn_pool_stopping())
		return;
	if (work_of(whole) < WORK_TO_PART)
	{
		multiply(whole);
		return;
	}
	if (whole->k >= whole->m && whole->k >= whole->n)
	{
		one.k = half_of(whole->k);
		other.k -= one.k;
		other.a += (size_t) one.k * (whole->ta ? whole->lda : 1);
		other.b += (size_t) one.k * (whole->tb ? 1 : whole->ldb);
		other.beta = 1;
	}
	else if (whole->m >= whole->n)
	{
		one.m = half_of(whole->m);
		other.m -= one.m;
		other.a += (size_t) one.m * (whole->ta ? 1 : whole->lda);
		other.c += (size_t) one.m * whole->ldc;
	}
	else
	{
		one.n = half_of(whole->n);
		other.n -= one.n;
		other.b += (size_t) one.n * (whole->tb ? whole->ldb : 1);
		other.c += one.n;
	}
	multiply_parts(&one);
	multiply_parts(&other);
}

void
nn_gemm(bool ta, bool tb, int m, int n, int k, nn_real alpha, const nn_real *a, int lda,
		const nn_real *b, int ldb, nn_real beta, nn_real *c, int ldc)
{
	const NNProduct product = {
		.ta = ta,
		.tb = tb,
		.m = m,
		.n = n,
		.k = k,
		.alpha = alpha,
		.beta = beta,
		.a = a,
		.lda = (size_t) lda,
		.b = b,
		.ldb = (size_t) ldb,
		.c = c,
		.ldc = (size_t) ldc,
	};

	if (m <= 0 || n <= 0)
		return;
	if (k <= 0 || alpha == 0)
		scale_matrix(beta, c, m, n, (size_t) ldc);
	else
		multiply_parts(&product);
}

void
nn_gemm_batched(int count, bool ta, bool tb, int m, int n, int k, nn_real alpha, const nn_real *a,
				int lda, size_t next_a, const nn_real *b, int ldb, size_t next_b, nn_real beta,
				nn_real *c, int ldc, size_t next_c)
{
	/* with the same B for all and rows that go on evenly they are one product */
	if (next_b == 0 && !ta && m > 0 && count <= INT32_MAX / m &&
		next_a == (size_t) m * (size_t) lda && next_c == (size_t) m * (size_t) ldc)
	{
		m *= count;
		count = 1;
	}
	for (int i = 0; i < count && !nn_pool_stopping(); i++)
		nn_gemm(ta, tb, m, n, k, alpha, a + (size_t) i * next_a, lda, b + (size_t) i * next_b, ldb,
				beta, c + (size_t) i * next_c, ldc);
}

/* ---- packed weights ---- */

size_t
nn_packed_reals(int k, int n)
{
	const NNBackend *packs = chosen[NN_FLOAT32].packs;

	/* room for any precision, so that what is planned holds for all */
	return packs != NULL ? packs->packed_reals(k, n) : 0;
}

void
nn_pack(nn_real *to, bool turned, const nn_real *b, int ldb, int k, int n)
{
	chosen[precision].packs->pack(to, turned, b, (size_t) ldb, k, n);
}

bool
nn_gemm_packed(const NNPacked *b, int first, int n, int m, const nn_real *a, int lda,
			   const nn_real *s, int lds, nn_real *c, int ldc)
{
	const NNPackedProduct product = {
		.b = b,
		.first = first,
		.n = n,
		.m = m,
		.a = a,
		.lda = (size_t) lda,
		.s = s,
		.lds = (size_t) lds,
		.c = c,
		.ldc = (size_t) ldc,
	};

	return b->panels != NULL && chosen[precision].packs->multiply_packed(&product);
}
