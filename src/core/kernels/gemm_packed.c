/*
 * gemm_packed.c
 *	  Products whose right factor stays the same from call to call, as the
 *	  weights of a model that predicts, on AVX-512.
 *
 * OpenBLAS copies ("packs") both factors at each call; with a few hundred rows
 * that takes a tenth of the time, with a few dozen a third.  Here B is packed
 * once and A is read where it lies.
 *
 * Packed, B (k, n) is cut into blocks of up to BLOCK rows, as even as can be,
 * and these into panels of PANEL columns, each row after row; the last panel
 * may have half of them and is filled up with zeros.  A panel, at most 32 kB,
 * stays in the first cache level while the rows of A go by, and a block of A's
 * rows in the second (Goto and van de Geijn, Anatomy of High-Performance Matrix
 * Multiplication, 2008).  Their sums, tiles of up to 12 rows by 32 columns, take
 * 24 of the 32 registers.
 *
 * The order of additions depends on k alone: a row of C does not depend on
 * which rows are beside it.  In double (unit tests) and on other processors
 * nothing is packed.
 */
#include <string.h>

#include "core/kernels/kernels.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(NN_DOUBLE)

#include <immintrin.h>

#define LANES 16
#define PANEL (2 * LANES)
#define BLOCK 256
#define TILE_ROWS 12
#define BLOCK_ROWS (16 * TILE_ROWS) /* of A: 192 kB of a block */

#define AVX512 NN_LEVEL_4
#define AVX512_INLINE static inline __attribute__((always_inline)) NN_LEVEL_4

/* One panel of one block of B, and what its products are added to. */
typedef struct Panel
{
	int k;
	const float *a; /* from the block's first column */
	size_t lda;
	const float *b;
	const float *s; /* NULL: nothing */
	size_t lds;
	float *c;
	size_t ldc;
	int cols; /* of C, up to PANEL */
} Panel;

static size_t
padded(int n)
{
	return ((size_t) n + LANES - 1) / LANES * LANES;
}

static int
count_blocks(int k)
{
	return (k + BLOCK - 1) / BLOCK;
}

static int
block_begin(int k, int block)
{
	return (int) ((int64_t) k * block / count_blocks(k));
}

size_t
nn_packed_reals(int k, int n)
{
	/* with more than half of the lanes empty OpenBLAS's kernels are faster */
	return nn_x86_level >= 4 && n > LANES / 2 ? (size_t) k * padded(n) : 0;
}

void
nn_pack(nn_real *to, const nn_real *b, int ldb, int k, int n)
{
	for (int block = 0; block < count_blocks(k); block++)
		for (int j = 0; j < n; j += PANEL)
		{
			const size_t width = padded(n - j) < PANEL ? padded(n - j) : PANEL;
			const size_t cols = n - j < PANEL ? (size_t) (n - j) : PANEL;

			for (int p = block_begin(k, block); p < block_begin(k, block + 1); p++, to += width)
			{
				memcpy(to, b + (size_t) p * (size_t) ldb + j, cols * sizeof(float));
				memset(to + cols, 0, (width - cols) * sizeof(float));
			}
		}
}

/* All lines of the code below that differ by the row only. */
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)

#define ROW_BEGIN(r)                                       \
	__m512 low##r = _mm512_setzero_ps(), high##r = low##r; \
	if (rows > r)                                          \
		_mm_prefetch((const char *) (c + r * ldc), _MM_HINT_T0);

#define ROW_STEP(r)                                    \
	if (rows > r)                                      \
	{                                                  \
		const __m512 x = _mm512_set1_ps(a[r * lda]);   \
                                                       \
		low##r = _mm512_fmadd_ps(x, b0, low##r);       \
		if (wide)                                      \
			high##r = _mm512_fmadd_ps(x, b1, high##r); \
	}

#define ROW_END(r)                                                                      \
	if (rows > r)                                                                       \
	{                                                                                   \
		finish(low##r, mask0, s ? s + r *lds : NULL, c + r * ldc);                      \
		if (wide)                                                                       \
			finish(high##r, mask1, s ? s + r *lds + LANES : NULL, c + r * ldc + LANES); \
	}

/* The first n of 16 lanes. */
AVX512_INLINE __mmask16
lanes(int n)
{
	return n >= LANES ? 0xFFFF : n <= 0 ? 0 : (__mmask16) (0xFFFF >> (LANES - n));
}

/* c = s + sum in the lanes of the mask */
AVX512_INLINE void
finish(__m512 sum, __mmask16 mask, const float *s, float *c)
{
	if (s != NULL)
		sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(mask, s));
	_mm512_mask_storeu_ps(c, mask, sum);
}

/* The tile from row i, with rows and wide (both constants of each call). */
AVX512_INLINE void
tile(const Panel *t, const int rows, const bool wide, int i)
{
	const __mmask16 mask0 = lanes(t->cols);
	const __mmask16 mask1 = lanes(t->cols - LANES);
	const size_t lda = t->lda, lds = t->lds, ldc = t->ldc;
	const float *a = t->a + (size_t) i * lda;
	const float *b = t->b;
	const float *s = t->s != NULL ? t->s + (size_t) i * lds : NULL;
	float *c = t->c + (size_t) i * ldc;

	EACH_ROW(ROW_BEGIN)
	for (int p = 0; p < t->k; p++, a++, b += wide ? PANEL : LANES)
	{
		const __m512 b0 = _mm512_load_ps(b);
		const __m512 b1 = wide ? _mm512_load_ps(b + LANES) : b0;

		EACH_ROW(ROW_STEP)
	}
	EACH_ROW(ROW_END)
}

#define TILE_OF(n)           \
	case n:                  \
		tile(t, n, wide, i); \
		break;

/* All rows, in tiles as even as can be. */
AVX512_INLINE void
panel(const Panel *t, const bool wide, int m)
{
	int rows;

	for (int i = 0, tiles = (m + TILE_ROWS - 1) / TILE_ROWS; tiles > 0; i += rows, tiles--)
	{
		rows = (m - i + tiles - 1) / tiles;
		switch (rows)
		{
			TILE_OF(12)
			TILE_OF(11)
			TILE_OF(10)
			TILE_OF(9)
			TILE_OF(8)
			TILE_OF(7)
			TILE_OF(6)
			TILE_OF(5)
			TILE_OF(4)
			TILE_OF(3)
			TILE_OF(2)
			default:
				tile(t, 1, wide, i);
				break;
		}
	}
}

static AVX512 void
panel_wide(const Panel *t, int m)
{
	panel(t, true, m);
}

static AVX512 void
panel_narrow(const Panel *t, int m)
{
	panel(t, false, m);
}

/* All columns for some rows of A and one block of B; false when the job is to stop. */
static bool
multiply_block(const NNPacked *b, int first, int n, int block, int m, Panel t)
{
	const int begin = block_begin(b->k, block);
	const float *panels = b->panels + (size_t) begin * padded(b->n);
	const float *s = t.s;
	float *c = t.c;

	t.k = block_begin(b->k, block + 1) - begin;
	t.a += begin;
	for (int j = 0; j < n; j += PANEL)
	{
		if (nn_pool_stopping())
			return false;
		t.b = panels + (size_t) (first + j) * (size_t) t.k;
		t.s = s != NULL ? s + j : NULL;
		t.c = c + j;
		t.cols = n - j < PANEL ? n - j : PANEL;
		/* a part of a panel that is stored with PANEL columns is read as such */
		if (b->n - first - j > LANES)
			panel_wide(&t, m);
		else
			panel_narrow(&t, m);
	}
	return true;
}

bool
nn_gemm_packed(const NNPacked *b, int first, int n, int m, const nn_real *a, int lda,
			   const nn_real *s, int lds, nn_real *c, int ldc)
{
	if (b->panels == NULL || first % PANEL != 0)
		return false;
	for (int i = 0; i < m; i += BLOCK_ROWS)
	{
		Panel t = {
			.a = a + (size_t) i * (size_t) lda,
			.lda = (size_t) lda,
			.s = s != NULL ? s + (size_t) i * (size_t) lds : NULL,
			.lds = (size_t) lds,
			.c = c + (size_t) i * (size_t) ldc,
			.ldc = (size_t) ldc,
		};
		const int rows = m - i < BLOCK_ROWS ? m - i : BLOCK_ROWS;

		for (int block = 0; block < count_blocks(b->k); block++)
		{
			if (!multiply_block(b, first, n, block, rows, t))
				return true;
			/* the other blocks add to what the first left */
			t.s = t.c;
			t.lds = t.ldc;
		}
	}
	return true;
}

#else

size_t
nn_packed_reals(int k, int n)
{
	(void) k, (void) n;
	return 0;
}

void
nn_pack(nn_real *to, const nn_real *b, int ldb, int k, int n)
{
	(void) to, (void) b, (void) ldb, (void) k, (void) n;
}

bool
nn_gemm_packed(const NNPacked *b, int first, int n, int m, const nn_real *a, int lda,
			   const nn_real *s, int lds, nn_real *c, int ldc)
{
	(void) b, (void) first, (void) n, (void) m, (void) a, (void) lda, (void) s, (void) lds;
	(void) c, (void) ldc;
	return false;
}

#endif
