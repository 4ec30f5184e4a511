/*
 * gemm_bf16.c
 *	  Matrix products of numbers rounded to bfloat16, by AVX512_BF16: sums are
 *	  floats.  Twice as many multiplications an instruction as of floats, and
 *	  half the bytes of packed weights.
 *
 * bfloat16 is the upper half of a float, rounded to nearest.  The instruction
 * takes pairs of neighbours along k, each in the room of a float: so the tiles
 * are those of floats (gemm_tile.h), with pairs in place of numbers, once both
 * factors are rounded.  B is rounded as it is packed, panel after panel as in
 * gemm_tiles.h with a block's pairs of rows for its rows; A block by block.  Where k
 * is odd, both factors of the last pair's second half are 0.
 *
 * All products are rounded, however small: a row's result does not depend on
 * which rows are beside it.  Numbers too small for a normal float count as 0.
 */
#include "core/kernels/backend.h"

#ifdef NN_HAS_BF16

#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target(NN_LEVEL_4_FEATURES ",avx512bf16")))
#define LANES 16
#define VECTOR __m512
#define TILE_ROWS 12
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)
#define EACH_TILE(DO) DO(12) DO(11) DO(10) DO(9) DO(8) DO(7) DO(6) DO(5) DO(4) DO(3) DO(2)

/* x and y are vectors of pairs, sum of floats. */
#define V_ZERO() _mm512_setzero_ps()
#define V_SET1(x) _mm512_set1_ps(x)
#define V_STEP(x, y, sum) _mm512_dpbf16_ps(sum, (__m512bh) (x), (__m512bh) (y))
#define V_FMA(x, y, sum) _mm512_fmadd_ps(x, y, sum)
#define V_MUL(x, y) _mm512_mul_ps(x, y)
#define V_LOAD_PART(p, part) _mm512_maskz_loadu_ps(part, p)
#define V_STORE_PART(p, v, part) _mm512_mask_storeu_ps(p, part, v)
#define V_LOAD_B(p, part) _mm512_load_ps(p)

#define PART __mmask16
#define V_PART(n) ((__mmask16) ((1u << ((n) < 0 ? 0 : (n) < LANES ? (n) : LANES)) - 1))

#include "core/kernels/gemm_tile.h"
#include "core/kernels/gemm_turn.h"

/* A pair in the room of a float, as it is moved about. */
typedef float Pair;

#define BLOCK 256	  /* pairs of rows of B, at most: a panel is 32 kB */
#define BLOCK_ROWS 96 /* of A: 96 kB of a block */
#define BUFFER_PAIRS 32768

static int
pairs_of(int k)
{
	return k / 2 + k % 2;
}

static int
count_blocks(int pairs)
{
	return (pairs + BLOCK - 1) / BLOCK;
}

static int
block_begin(int pairs, int block)
{
	return (int) ((int64_t) pairs * block / count_blocks(pairs));
}

/* ---- rounding ---- */

/* Pairs of the first n lanes of two rows, whose numbers stand below each other; second may be NULL. */
TARGET_INLINE __m512
pair_rows(const float *first, const float *second, __mmask16 n)
{
	const __m512i order =
		_mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6,
						 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
	const __m512 low = _mm512_maskz_loadu_ps(n, first);
	const __m512 high = second != NULL ? _mm512_maskz_loadu_ps(n, second) : _mm512_setzero_ps();

	return (__m512) _mm512_permutexvar_epi16(order, (__m512i) _mm512_cvtne2ps_pbh(high, low));
}

/* The n numbers of a row as pairs; the last one's second half is 0 if n is odd. */
static TARGET void
pair_row(Pair *to, const float *from, int n)
{
	for (int p = 0; p < n; p += 2 * LANES, to += LANES)
	{
		const __m512 low = _mm512_maskz_loadu_ps(V_PART(n - p), from + p);
		const __m512 high = _mm512_maskz_loadu_ps(V_PART(n - p - LANES), from + p + LANES);

		_mm512_mask_storeu_ps(to, V_PART(pairs_of(n - p)), (__m512) _mm512_cvtne2ps_pbh(high, low));
	}
}

/* Some rows and columns of op(M) as pairs along k. */
typedef struct Source
{
	const float *from; /* the first of them */
	size_t ld;
	bool along; /* pairs lie along a row of M, otherwise below each other */
	int k;		/* numbers along k */
} Source;

/* to (pairs, width) = pairs of n numbers each of that source, n up to width. */
static TARGET void
pair_panel(Pair *to, size_t width, const Source *s, int n)
{
	_Alignas(NN_ALIGN) Pair rows[8 * BLOCK];
	const int pairs = pairs_of(s->k);

	if ((size_t) n < width)
		memset(to, 0, (size_t) pairs * width * sizeof(Pair));
	for (int j = 0; j < n && s->along; j += 8)
	{
		const int count = n - j < 8 ? n - j : 8;

		for (int i = 0; i < count; i++)
			pair_row(rows + i * BLOCK, s->from + (size_t) (j + i) * s->ld, s->k);
		nn_turn(to + j, width, rows, BLOCK, count, pairs);
	}
	for (int q = 0; q < pairs && !s->along; q++, to += width)
	{
		const float *first = s->from + (size_t) (2 * q) * s->ld;
		const float *second = 2 * q + 1 < s->k ? first + s->ld : NULL;

		for (int j = 0; j < n; j += LANES)
			_mm512_store_ps(
				to + j, pair_rows(first + j, second != NULL ? second + j : NULL, V_PART(n - j)));
	}
}

/* A block's panels of B's columns [j, j + cols); b is its first row.  Returns the end. */
static Pair *
pack_columns(Pair *to, bool turned, const float *b, size_t ldb, int k, int j, int cols)
{
	for (const int end = j + cols; j < end; j += PANEL)
	{
		const int n = end - j < PANEL ? end - j : PANEL;
		const Source source = {turned ? b + (size_t) j * ldb : b + j, ldb, turned, k};

		pair_panel(to, padded(n), &source, n);
		to += (size_t) pairs_of(k) * padded(n);
	}
	return to;
}

/* Where the numbers of a block of k begin, and how many they are. */
static int
block_numbers(int k, int block, int *count)
{
	const int begin = 2 * block_begin(pairs_of(k), block);
	const int end = 2 * block_begin(pairs_of(k), block + 1);

	*count = (end < k ? end : k) - begin;
	return begin;
}

/* Some rows of a block of A, rounded. */
typedef struct Rows
{
	_Alignas(NN_ALIGN) Pair pairs[BLOCK_ROWS * BLOCK];
	bool turned;
	size_t ld;
} Rows;

/* The rows of A are `rows`, from that of the source on. */
static void
round_rows(Rows *to, const Source *source, int rows)
{
	to->turned = !source->along;
	to->ld = source->along ? BLOCK : BLOCK_ROWS;
	if (!source->along)
		pair_panel(to->pairs, BLOCK_ROWS, source, rows);
	else
		for (int i = 0; i < rows; i++)
			pair_row(to->pairs + (size_t) i * BLOCK, source->from + (size_t) i * source->ld,
					 source->k);
}

/* ---- packed weights ---- */

static size_t
bf16_packed_reals(int k, int n)
{
	return n > LANES / 2 ? NN_ALIGN_REALS((size_t) pairs_of(k) * padded(n)) : 0;
}

static void
bf16_pack(nn_real *to, bool turned, const nn_real *b, size_t ldb, int k, int n)
{
	for (int block = 0; block < count_blocks(pairs_of(k)); block++)
	{
		int count;
		const int begin = block_numbers(k, block, &count);

		to = pack_columns(to, turned, turned ? b + begin : b + (size_t) begin * ldb, ldb, count, 0,
						  n);
	}
}

/* Panels of columns that are stored together; t has A, S and C of their first column. */
static bool
multiply_panels(Panel t, const Rows *a, const Pair *b, int stored_cols, int n, int m)
{
	const float *s = t.s;
	float *c = t.c;

	t.a = a->pairs;
	t.lda = a->ld;
	for (int j = 0; j < n; j += PANEL)
	{
		const int stored = stored_cols - j > LANES ? PANEL : LANES;

		if (nn_pool_stopping())
			return false;
		t.b = b;
		t.ldb = (size_t) stored;
		t.s = s != NULL ? s + j : NULL;
		t.c = c + j;
		t.cols = n - j < PANEL ? n - j : PANEL;
		run_panel(&t, stored, a->turned, m);
		b += (size_t) t.k * (size_t) stored;
	}
	return true;
}

static bool
bf16_multiply_packed(const NNPackedProduct *t)
{
	Rows rows;
	const NNPacked *b = t->b;
	const int pairs = pairs_of(b->k);

	if (t->first % PANEL != 0)
		return false;
	for (int i = 0; i < t->m; i += BLOCK_ROWS)
	{
		const int m = t->m - i < BLOCK_ROWS ? t->m - i : BLOCK_ROWS;
		Panel panel = {
			.alpha = 1,
			.beta = 1,
			.s = t->s != NULL ? t->s + (size_t) i * t->lds : NULL,
			.lds = t->lds,
			.c = t->c + (size_t) i * t->ldc,
			.ldc = t->ldc,
		};

		for (int block = 0; block < count_blocks(pairs); block++)
		{
			Source a = {.ld = t->lda, .along = true};
			const int begin = block_numbers(b->k, block, &a.k);

			a.from = t->a + (size_t) i * t->lda + begin;
			round_rows(&rows, &a, m);
			panel.k = pairs_of(a.k);
			if (!multiply_panels(panel, &rows,
								 b->panels + (size_t) (begin / 2) * padded(b->n) +
									 (size_t) t->first * (size_t) panel.k,
								 b->n - t->first, t->n, m))
				return true;
			/* the other blocks add to what the first left */
			panel.s = panel.c;
			panel.lds = panel.ldc;
		}
	}
	return true;
}

/* ---- any product ---- */

/* C += of one block of k and some columns, whose panels are packed, for all rows. */
static bool
multiply_group(const NNProduct *t, Rows *rows, int begin, int count, const Pair *b, int j, int cols)
{
	Panel panel = {
		.k = pairs_of(count),
		.alpha = t->alpha,
		.beta = begin == 0 ? t->beta : 1,
		.lds = t->ldc,
		.ldc = t->ldc,
	};
	const bool adds = panel.beta != 0;

	for (int i = 0; i < t->m; i += BLOCK_ROWS)
	{
		const int m = t->m - i < BLOCK_ROWS ? t->m - i : BLOCK_ROWS;
		const Source a = {t->ta ? t->a + (size_t) begin * t->lda + i
								: t->a + (size_t) i * t->lda + begin,
						  t->lda, !t->ta, count};

		round_rows(rows, &a, m);
		panel.c = t->c + (size_t) i * t->ldc + j;
		panel.s = adds ? panel.c : NULL;
		if (!multiply_panels(panel, rows, b, cols, cols, m))
			return false;
	}
	return true;
}

static bool
bf16_multiply(const NNProduct *t)
{
	_Alignas(NN_ALIGN) Pair buffer[BUFFER_PAIRS];
	Rows rows;

	for (int block = 0; block < count_blocks(pairs_of(t->k)); block++)
	{
		int count;
		const int begin = block_numbers(t->k, block, &count);
		const int most = BUFFER_PAIRS / pairs_of(count) / PANEL * PANEL;
		const float *b = t->tb ? t->b + begin : t->b + (size_t) begin * t->ldb;

		for (int j = 0; j < t->n; j += most)
		{
			const int cols = t->n - j < most ? t->n - j : most;

			(void) pack_columns(buffer, t->tb, b, t->ldb, count, j, cols);
			if (!multiply_group(t, &rows, begin, count, buffer, j, cols))
				return true;
		}
	}
	return true;
}

const NNBackend nn_backend_bf16 = {
	.name = "bf16",
	.element = "bfloat16",
	.precision = NN_BFLOAT16,
	.needs = NN_X86_64_V4 | NN_AVX512_BF16,
	.level = 4,
	.tile_rows = TILE_ROWS,
	.tile_columns = PANEL,
	.multiply = bf16_multiply,
	.packed_reals = bf16_packed_reals,
	.pack = bf16_pack,
	.multiply_packed = bf16_multiply_packed,
};

#endif
