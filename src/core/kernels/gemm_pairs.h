/*
 * gemm_pairs.h
 *	  A backend of products of numbers rounded to bfloat16, but for what multiplies
 *	  a panel: gemm_bf16.c and gemm_amx.c have that, and include this.
 *
 * bfloat16 is the upper half of a float, rounded to nearest.  The instructions
 * take pairs of neighbours along k, each in the room of a float: so packing and
 * blocks are those of floats (gemm_tiles.h), with pairs in place of numbers, once
 * both factors are rounded.  B is rounded as it is packed, panel after panel as in
 * gemm_tiles.h with a block's pairs of rows for its rows; A block by block.  Where k
 * is odd, both factors of the last pair's second half are 0.
 *
 * All products are rounded, however small: a row's result does not depend on
 * which rows are beside it.  Numbers too small for a normal float count as 0.
 *
 * To be defined before:
 *	 TARGET		attributes of functions with AVX-512 and AVX512_BF16
 *	 LANES		16
 *	 PART, V_PART(n)	as in gemm_tile.h
 *	 BLOCK		pairs of rows of B, at most; a multiple of LANES
 *	 BLOCK_ROWS	rows of A that are rounded at a time
 *	 BUFFER_PAIRS	of B that are
 *	 A_IN_TILES	if rows of A are to be rounded to tiles of LANES rows of LANES pairs, one
 *				after the other along k, filled up with zeros there
 *	 MULTIPLY_ROWS(panel, stored, turned, m)
 *				multiply m rows of A, whose pairs may stand below each other, by a
 *				panel of `stored` columns
 */
#include <immintrin.h>
#include <string.h>

#include "core/kernels/gemm_panel.h"
#include "core/kernels/gemm_turn.h"

/* A pair in the room of a float, as it is moved about. */
typedef float Pair;

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

/* A multiple of LANES, but for the end. */
static int
block_begin(int pairs, int block)
{
	const int begin =
		(int) ((int64_t) (padded(pairs) / LANES) * block / count_blocks(pairs)) * LANES;

	return begin < pairs ? begin : pairs;
}

/* ---- rounding ---- */

/* Pairs of the first n lanes of two rows, whose numbers stand below each other; second may be NULL. */
TARGET_INLINE __m512
pair_rows(const float *first, const float *second, PART n)
{
	const __m512i order =
		_mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6,
						 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
	const __m512 low = _mm512_maskz_loadu_ps(n, first);
	const __m512 high = second != NULL ? _mm512_maskz_loadu_ps(n, second) : _mm512_setzero_ps();

	return (__m512) _mm512_permutexvar_epi16(order, (__m512i) _mm512_cvtne2ps_pbh(high, low));
}

/* The n numbers of a row as pairs, LANES of them each `next` further, filled up with zeros. */
TARGET_INLINE void
pair_row(Pair *to, size_t next, const float *from, int n)
{
	for (int p = 0; p < n; p += 2 * LANES, to += next)
	{
		const __m512 low = _mm512_maskz_loadu_ps(V_PART(n - p), from + p);
		const __m512 high = _mm512_maskz_loadu_ps(V_PART(n - p - LANES), from + p + LANES);

		_mm512_store_ps(to, (__m512) _mm512_cvtne2ps_pbh(high, low));
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
			pair_row(rows + i * BLOCK, LANES, s->from + (size_t) (j + i) * s->ld, s->k);
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
	_Alignas(NN_ALIGN) Pair pairs[BLOCK_ROWS * (BLOCK + LANES)];
	bool turned;
	size_t ld;
} Rows;

#ifdef A_IN_TILES

/* Rows of few numbers, as patches of small kernels are. */
static TARGET void
round_short(Pair *to, const Source *source, int rows)
{
	const PART part = V_PART(source->k);
	const float *from = source->from;

	for (int i = 0; i < rows; i++, to += LANES, from += source->ld)
		_mm512_store_ps(
			to,
			(__m512) _mm512_cvtne2ps_pbh(_mm512_setzero_ps(), _mm512_maskz_loadu_ps(part, from)));
}

static TARGET void
round_rows(Rows *to, const Source *source, int rows)
{
	_Alignas(NN_ALIGN) Pair below[LANES * BLOCK];
	const size_t pairs = (size_t) pairs_of(source->k);
	Source part = *source;

	to->turned = false;
	to->ld = padded((int) pairs);
	if (source->along && source->k <= LANES)
		round_short(to->pairs, source, rows);
	else
		for (int i = 0; i < rows && source->along; i++)
			pair_row(to->pairs + (size_t) (i / LANES * LANES) * to->ld + i % LANES * LANES,
					 LANES * LANES, source->from + (size_t) i * source->ld, source->k);
	if (source->along)
		return;
	memset(below + pairs * LANES, 0, (to->ld - pairs) * LANES * sizeof(Pair));
	for (int i = 0; i < rows; i += LANES, part.from += LANES)
	{
		pair_panel(below, LANES, &part, rows - i < LANES ? rows - i : LANES);
		for (size_t q = 0; q < to->ld; q += LANES)
			nn_turn(to->pairs + (size_t) i * to->ld + q * LANES, LANES, below + q * LANES, LANES,
					LANES, LANES);
	}
}

#else

/* The rows of A are `rows`, from that of the source on. */
static TARGET void
round_rows(Rows *to, const Source *source, int rows)
{
	to->turned = !source->along;
	/* an odd number of cache lines, so that rows are not all in the same few sets */
	to->ld = source->along ? padded(pairs_of(source->k)) | LANES : BLOCK_ROWS;
	if (!source->along)
		pair_panel(to->pairs, BLOCK_ROWS, source, rows);
	else
		for (int i = 0; i < rows; i++)
			pair_row(to->pairs + (size_t) i * to->ld, LANES, source->from + (size_t) i * source->ld,
					 source->k);
}

#endif

/* ---- packed weights ---- */

static size_t
pairs_packed_reals(int k, int n)
{
	return n > LANES / 2 ? NN_ALIGN_REALS((size_t) pairs_of(k) * padded(n)) : 0;
}

static void
pairs_pack(nn_real *to, bool turned, const nn_real *b, size_t ldb, int k, int n)
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
		MULTIPLY_ROWS(&t, stored, a->turned, m);
		b += (size_t) t.k * (size_t) stored;
	}
	return true;
}

static bool
pairs_multiply_packed(const NNPackedProduct *t)
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

/* A block of the m rows of A from row i on. */
static void
round_block(Rows *rows, const NNProduct *t, int begin, int count, int i, int m)
{
	const Source a = {t->ta ? t->a + (size_t) begin * t->lda + i
							: t->a + (size_t) i * t->lda + begin,
					  t->lda, !t->ta, count};

	round_rows(rows, &a, m);
}

/*
 * C += of one block of k and some columns, whose panels are packed, for all rows; they are
 * rounded already if they are few enough for that.
 */
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

		if (t->m > BLOCK_ROWS)
			round_block(rows, t, begin, count, i, m);
		panel.c = t->c + (size_t) i * t->ldc + j;
		panel.s = adds ? panel.c : NULL;
		if (!multiply_panels(panel, rows, b, cols, cols, m))
			return false;
	}
	return true;
}

static bool
pairs_multiply(const NNProduct *t)
{
	_Alignas(NN_ALIGN) Pair buffer[BUFFER_PAIRS];
	Rows rows;

	for (int block = 0; block < count_blocks(pairs_of(t->k)); block++)
	{
		int count;
		const int begin = block_numbers(t->k, block, &count);
		const int most = BUFFER_PAIRS / pairs_of(count) / PANEL * PANEL;
		const float *b = t->tb ? t->b + begin : t->b + (size_t) begin * t->ldb;

		if (t->m <= BLOCK_ROWS)
			round_block(&rows, t, begin, count, 0, t->m);
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
