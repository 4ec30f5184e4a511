/*
 * kernels_backends.c
 *	  Every backend of matrix products that this processor can run, one by one:
 *	  shapes from 1 to 1024 with all transposes and gaps between rows, against
 *	  sums in double; NaN and infinity against plain loops; packed weights and
 *	  batches.  And who is chosen.
 *
 * Matrices end where their memory ends, so that a sanitizer sees a read or write
 * past them.
 */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "core/kernels/backend.h"
#include "unit.h"

#define TOLERANCE (4 * (sizeof(nn_real) == sizeof(double) ? DBL_EPSILON : FLT_EPSILON))
#define GUARD ((nn_real) -12345.0)
#define SAMPLES 120 /* elements of a large C that are compared */

static NNRandom numbers;

static int
below(int n)
{
	return (int) nn_random_below(&numbers, (uint64_t) n);
}

/* rows of cols reals, ld apart; the last row ends with the memory. */
static nn_real *
make_matrix(int rows, int cols, size_t ld)
{
	const size_t n = (size_t) (rows - 1) * ld + (size_t) cols;
	nn_real *x = malloc(n * sizeof(nn_real));

	for (size_t i = 0; i < n; i++)
		x[i] = i % ld < (size_t) cols ? (nn_real) (nn_random_uniform(&numbers) - 0.5) : GUARD;
	return x;
}

/* A product and what C was before. */
typedef struct Trial
{
	NNProduct p;
	nn_real *a, *b, *c, *old;
	size_t size; /* of c */
} Trial;

static Trial
make_trial(int bits, int m, int n, int k, int pad)
{
	static const nn_real scales[][2] = {{1, 0}, {1, 1}, {(nn_real) -0.5, (nn_real) 0.25}, {2, 0}};
	const nn_real *scale = scales[below(4)];
	const bool ta = bits & 1, tb = bits & 2;
	Trial t;

	t.p = (NNProduct){
		.ta = ta,
		.tb = tb,
		.m = m,
		.n = n,
		.k = k,
		.alpha = scale[0],
		.beta = scale[1],
		.lda = (size_t) ((ta ? m : k) + pad),
		.ldb = (size_t) ((tb ? k : n) + pad),
		.ldc = (size_t) (n + pad),
	};
	t.p.a = t.a = make_matrix(ta ? k : m, ta ? m : k, t.p.lda);
	t.p.b = t.b = make_matrix(tb ? n : k, tb ? k : n, t.p.ldb);
	t.p.c = t.c = make_matrix(m, n, t.p.ldc);
	t.size = (size_t) (m - 1) * t.p.ldc + (size_t) n;
	/* beta 0 overwrites whatever was there */
	for (size_t i = 0; i < t.size && t.p.beta == 0; i++)
		if (i % t.p.ldc < (size_t) n)
			t.c[i] = (nn_real) NAN;
	t.old = malloc(t.size * sizeof(nn_real));
	memcpy(t.old, t.c, t.size * sizeof(nn_real));
	return t;
}

static void
free_trial(Trial *t)
{
	free(t->a);
	free(t->b);
	free(t->c);
	free(t->old);
}

static double
expected(const Trial *t, size_t i, size_t j)
{
	const NNProduct *p = &t->p;
	double sum = 0;

	for (size_t l = 0; l < (size_t) p->k; l++)
		sum += (double) t->a[p->ta ? l * p->lda + i : i * p->lda + l] *
			(double) t->b[p->tb ? j * p->ldb + l : l * p->ldb + j];
	return (double) p->alpha * sum +
		(p->beta != 0 ? (double) p->beta * (double) t->old[i * p->ldc + j] : 0);
}

/* The worst error relative to the length of the sums, of all elements or some; infinite for a gap written to. */
static double
error_of(const Trial *t)
{
	const size_t step = t->size > 2 * SAMPLES ? t->size / SAMPLES : 1;
	double worst = 0;

	for (size_t at = 0; at < t->size; at++)
		if (at % t->p.ldc >= (size_t) t->p.n && t->c[at] != GUARD)
			return INFINITY;
	for (size_t at = 0; at < t->size; at += 1 + (size_t) below((int) (2 * step - 1)))
	{
		const size_t i = at / t->p.ldc, j = at % t->p.ldc;
		double error;

		if (j >= (size_t) t->p.n)
			continue;
		error = fabs((double) t->c[at] - expected(t, i, j)) / (1 + t->p.k / 8.0);
		if (!(error <= worst))
			worst = error == error ? error : INFINITY;
	}
	return worst;
}

/* Whether it is computed at all; what only some backends can is not asked of the others. */
static bool
compute(const NNBackend *backend, Trial *t, double *worst)
{
	if (!backend->multiply(&t->p))
		return false;
	*worst = fmax(*worst, error_of(t));
	return true;
}

static void
check_shapes(const NNBackend *backend)
{
	static const int side[] = {1, 2, 7, 8, 9, 16, 17, 31, 33, 64};
	double worst = 0;
	int done = 0;

	for (int i = 0; i < 10 * 10 * 10; i++)
		for (int bits = 0; bits < 4; bits++)
		{
			Trial t = make_trial(bits, side[i % 10], side[i / 10 % 10], side[i / 100], i % 3 * 2);

			done += compute(backend, &t, &worst);
			free_trial(&t);
		}
	CHECK(worst < TOLERANCE && done == 4000, "%s: %d small products, worst error %.2g",
		  backend->name, done, worst);
	worst = 0;
	done = 0;
	for (int i = 0; i < 60; i++)
	{
		/* one side long, or all middling, so that it ends this week under a sanitizer */
		int m = 1 + below(i % 3 == 0 ? 1024 : 160), n = 1 + below(i % 3 == 1 ? 1024 : 160),
			k = 1 + below(i % 3 == 2 ? 1024 : 160);
		Trial t = make_trial(i % 4, m, n, k, i % 5);

		done += compute(backend, &t, &worst);
		free_trial(&t);
	}
	for (int bits = 0; bits < 4; bits++)
	{
		Trial t = make_trial(bits, 1024, bits == 1 ? 1024 : 130, bits == 1 ? 80 : 1024, 0);

		done += compute(backend, &t, &worst);
		free_trial(&t);
	}
	CHECK(worst < TOLERANCE && done >= 40,
		  "%s: %d products with sides up to 1024, worst error %.2g", backend->name, done, worst);
}

/* 0: finite, 1: NaN, 2 and 3: infinities */
static int
class_of(nn_real x)
{
	return x != x ? 1 : x > (nn_real) FLT_MAX ? 2 : x < (nn_real) -FLT_MAX ? 3 : 0;
}

/* NaN, infinities and zeros anywhere in A and B come out where plain loops have them. */
static void
check_strange_numbers(const NNBackend *backend)
{
	static const double strange[] = {NAN, INFINITY, -INFINITY, 0};
	int wrong = 0, done = 0;

	for (int i = 0; i < 400; i++)
	{
		const int most = i % 10 == 0 ? 300 : 40;
		Trial t = make_trial(i % 4, 1 + below(most), 1 + below(most), 1 + below(most), i % 3);
		const size_t a_size =
			(size_t) ((t.p.ta ? t.p.k : t.p.m) - 1) * t.p.lda + (size_t) (t.p.ta ? t.p.m : t.p.k);
		const size_t b_size =
			(size_t) ((t.p.tb ? t.p.n : t.p.k) - 1) * t.p.ldb + (size_t) (t.p.tb ? t.p.k : t.p.n);
		nn_real *plain = malloc(t.size * sizeof(nn_real));

		for (int s = 0; s < 3; s++)
		{
			if (i % 2 == 0 || s == 0)
				t.a[below((int) a_size)] = (nn_real) strange[below(4)];
			if (i % 2 == 1 || s == 0)
				t.b[below((int) b_size)] = (nn_real) strange[below(4)];
		}
		if (backend->multiply(&t.p))
		{
			done++;
			memcpy(plain, t.old, t.size * sizeof(nn_real));
			t.p.c = plain;
			(void) nn_backend_plain.multiply(&t.p);
			for (size_t at = 0; at < t.size; at++)
				wrong += class_of(plain[at]) != class_of(t.c[at]);
		}
		free(plain);
		free_trial(&t);
	}
	CHECK(wrong == 0 && done >= 300, "%s: NaN and infinity as in plain loops, %d of %d elsewhere",
		  backend->name, wrong, done);
}

/* Rows have the same bits whichever are beside them, many or few. */
static void
check_rows(const NNBackend *backend)
{
	double worst = 0;
	int differ = 0;

	for (int i = 0; i < 60; i++)
	{
		const int m = 1 + below(110), n = 100 + below(700), k = 20 + below(600);
		Trial t = make_trial(i % 3 == 0 ? 0 : 2, 120, n, k, i % 4);
		nn_real *few = malloc(t.size * sizeof(nn_real));
		Trial part = t;

		t.p.alpha = part.p.alpha = i % 5 == 0 ? (nn_real) 0.5 : 1;
		t.p.beta = part.p.beta = (nn_real) (i % 2);
		for (size_t at = 0; at < t.size; at++)
			t.c[at] = t.old[at] = at % t.p.ldc < (size_t) n ? (nn_real) below(5) : GUARD;
		memcpy(few, t.c, t.size * sizeof(nn_real));
		part.p.c = part.c = few;
		part.p.m = m;
		part.size = (size_t) (part.p.m - 1) * t.p.ldc + (size_t) n;
		if (compute(backend, &t, &worst) && compute(backend, &part, &worst))
			differ += memcmp(few, t.c, part.size * sizeof(nn_real)) != 0 ||
				memcmp(few + part.size, t.old + part.size,
					   (t.size - part.size) * sizeof(nn_real)) != 0;
		free(few);
		free_trial(&t);
	}
	CHECK(worst < TOLERANCE && (differ == 0 || backend->pack == NULL),
		  "%s: few rows by large matrices, worst error %.2g, %d differ from those among many",
		  backend->name, worst, differ);
}

/* Packed, also the transpose: the same bits as packed otherwise, and right. */
static void
check_packed(const NNBackend *backend)
{
	double worst = 0;
	bool same = true;

	for (int i = 0; i < 80; i++)
	{
		/* also so wide that rows of the left factor are copied */
		const bool wide = i % 10 == 9;
		const int m = wide ? 8 + below(200) : 1 + below(40);
		const int n = wide ? 500 + below(200) : 9 + below(120);
		const int k = 1 + below(i % 8 == 0 || wide ? 700 : 80);
		const size_t reals = backend->packed_reals(k, n);
		nn_real *straight = aligned_alloc(NN_ALIGN, reals * sizeof(nn_real));
		nn_real *turned = aligned_alloc(NN_ALIGN, reals * sizeof(nn_real));
		Trial t = make_trial(0, m, n, k, 0);
		nn_real *b = malloc((size_t) n * (size_t) k * sizeof(nn_real));
		nn_real *again = malloc(t.size * sizeof(nn_real));
		NNPacked packed = {straight, k, n};
		NNPackedProduct p = {
			.b = &packed, .n = n, .m = m, .a = t.a, .lda = t.p.lda, .c = t.c, .ldc = t.p.ldc};

		for (int l = 0; l < k; l++)
			for (int j = 0; j < n; j++)
				b[j * k + l] = t.b[(size_t) l * t.p.ldb + (size_t) j];
		memset(straight, 0xff, reals * sizeof(nn_real));
		memset(turned, 0xff, reals * sizeof(nn_real));
		backend->pack(straight, false, t.b, t.p.ldb, k, n);
		backend->pack(turned, true, b, (size_t) k, k, n);
		t.p.alpha = 1;
		t.p.beta = 0;
		same = same && backend->multiply_packed(&p);
		worst = fmax(worst, error_of(&t));
		packed.panels = turned;
		p.c = again;
		same = same && backend->multiply_packed(&p) &&
			memcmp(again, t.c, t.size * sizeof(nn_real)) == 0;
		/* nor does it matter that it was packed before */
		t.p.c = again;
		same = same && backend->multiply(&t.p) && memcmp(again, t.c, t.size * sizeof(nn_real)) == 0;
		free(straight);
		free(turned);
		free(b);
		free(again);
		free_trial(&t);
	}
	CHECK(worst < TOLERANCE && same, "%s: packed weights, transposed or not, worst error %.2g",
		  backend->name, worst);
}

/* ---- as products are asked for ---- */

static void
check_batched(const char *how)
{
	double worst = 0;

	for (int i = 0; i < 60; i++)
	{
		const int count = below(5), m = 1 + below(33), n = 1 + below(33), k = 1 + below(33);
		const bool shared = i % 3 == 0, even = i % 2 == 0;
		const size_t next_a = (size_t) (m * k + (even ? 0 : 5)),
					 next_b = shared ? 0 : (size_t) (n * k + 3),
					 next_c = (size_t) (m * n + (even ? 0 : 2));
		nn_real *a = make_matrix(5, (int) next_a, next_a),
				*b = make_matrix(5, n * k + 3, (size_t) (n * k + 3)),
				*c = make_matrix(5, (int) next_c, next_c);
		nn_real *old = malloc(5 * next_c * sizeof(nn_real));

		memcpy(old, c, 5 * next_c * sizeof(nn_real));
		nn_gemm_batched(count, i & 4, i & 8, m, n, k, 1, a, i & 4 ? m : k, next_a, b, i & 8 ? k : n,
						next_b, 1, c, n, next_c);
		for (size_t at = 0; at < 5 * next_c; at++)
		{
			const size_t which = at / next_c, place = at % next_c;
			double sum = (double) old[at];

			for (size_t l = 0; l < (size_t) k && which < (size_t) count && place < (size_t) (m * n);
				 l++)
			{
				const size_t row = place / (size_t) n, column = place % (size_t) n;

				sum +=
					(double)
						a[which * next_a + (i & 4 ? l * (size_t) m + row : row * (size_t) k + l)] *
					(double) b[which * next_b +
							   (i & 8 ? column * (size_t) k + l : l * (size_t) n + column)];
			}
			worst = fmax(worst, fabs(sum - (double) c[at]) / (1 + k / 8.0));
		}
		free(a);
		free(b);
		free(c);
		free(old);
	}
	CHECK(worst < TOLERANCE, "%s: batches, worst error %.2g", how, worst);
}

/* The system is asked for what it gives on demand as soon as a precision is wanted, not before. */
static void
check_asked(const NNBackend *const *all, int n_all)
{
	for (int i = 0; i < n_all; i++)
	{
		const NNPrecision which = all[i]->precision;
		const char *first;

		if (all[i]->granted == NULL || !nn_processor_has(nn_processor(), all[i]->needs))
			continue;
		first = nn_backend_name(which, 0);
		CHECK(first == NULL || strcmp(first, all[i]->name) != 0, "%s waits until it is wanted",
			  all[i]->name);
		CHECK(nn_precision_has(which), "it is");
		CHECK((strcmp(nn_backend_name(which, 0), all[i]->name) == 0) == all[i]->granted(),
			  "and stands first if the system lets it");
		CHECK(nn_backend_force(NULL), "left to the processor again");
	}
}

static void
check_choice(void)
{
	int n, n_all;
	const NNBackend *const *all = nn_backend_table(&n_all);
	const NNBackend *first = nn_backends(&n)[0];

	CHECK(first == all[0] || !nn_processor_has(nn_processor_whole(), all[0]->needs),
		  "the first of the table that the processor can run is chosen: %s", first->name);
	CHECK(strcmp(nn_backend_name(NN_FLOAT32, n - 1), "plain") == 0 &&
			  nn_backend_name(NN_FLOAT32, n) == NULL,
		  "plain loops are the last of %d", n);
	CHECK(!nn_backend_force("fastest") && nn_backends(&n)[0] == first, "an unknown one is refused");
	for (int i = 0; i < n_all; i++)
	{
		const bool here = nn_processor_has(nn_processor_whole(), all[i]->needs) &&
			(all[i]->granted == NULL || all[i]->granted());

		CHECK(nn_backend_force(all[i]->name) == here, "%s can be forced, or is not here",
			  all[i]->name);
		if (!here)
			continue;
		CHECK(nn_precision_has(all[i]->precision) &&
				  strcmp(nn_backend_name(all[i]->precision, 0), all[i]->name) == 0,
			  "%s stands first then", all[i]->name);
		if (all[i]->precision != NN_FLOAT32)
		{
			CHECK(nn_backends(&n)[0] == first, "and floats have who they had");
			continue;
		}
		CHECK((nn_packed_reals(64, 64) > 0) == (all[i]->pack != NULL), "%s: who packs",
			  all[i]->name);
		check_batched(all[i]->name);
	}
	CHECK(nn_backend_force(NULL) && nn_backends(&n)[0] == first, "and left to the processor again");
	check_asked(all, n_all);
}

int
main(void)
{
	int n;
	const NNBackend *const *all = nn_backend_table(&n);

	numbers = nn_random(44, 1);
	(void) nn_blas_load(NULL);
	check_choice();
	for (int i = 0; i < n; i++)
	{
		if (all[i]->precision != NN_FLOAT32 || /* see kernels_bf16.c */
			!nn_processor_has(nn_processor_whole(), all[i]->needs) ||
			(all[i] == &nn_backend_openblas && !nn_blas_loaded()))
			continue;
		check_shapes(all[i]);
		check_strange_numbers(all[i]);
		check_rows(all[i]);
		if (all[i]->pack != NULL)
			check_packed(all[i]);
	}
	return unit_done();
}
