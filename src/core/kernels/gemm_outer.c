/*
 * gemm_outer.c
 *	  C += A' B, as gradients of weights are: sums of outer products of rows.
 *
 * Numbers of a row of A, one after the other, times vectors of the same row of
 * B, on AVX-512 into tiles of up to 12 x 32 sums.  B is read where it lies, A
 * too unless C is wide: what a tile reads of it is then copied next to each other.
 * OpenBLAS would copy both at each call.  On other processors nn_gemm does it.
 *
 * Its tiles are not those of gemm_tile.h, which for their masks and factors are a tenth slower here.
 *
 * The order of additions depends on the shape alone.
 */
#include "core/kernels/kernels.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(NN_DOUBLE)

#include <immintrin.h>

#include "core/kernels/gemm_step.h"

#define LANES 16
#define TILE_ROWS 12
#define TILE_COLUMNS (2 * LANES)
#define LEAST_COLUMNS 12 /* with more lanes empty OpenBLAS is faster */
#define BLOCK 128		 /* rows of A and B: 16 kB of a tile's columns of B */
#define WIDE 128		 /* columns of C from which a copy of A pays */
#define COPIED_TILES 8	 /* of A at a time: 48 kB of a block */

#define AVX512 NN_LEVEL_4
#define AVX512_INLINE static inline __attribute__((always_inline)) NN_LEVEL_4

/* What all tiles of a block share. */
typedef struct Outer
{
	int k;
	size_t lda, ldb, ldc;
	size_t next_tile; /* of A, from one to the next; 0: beside each other, in rows of A */
} Outer;

#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)

#define ROW_BEGIN(r) __m512 low##r = _mm512_setzero_ps(), high##r = low##r;

#define ROW_STEP(r)                          \
	if (rows > r)                            \
	{                                        \
		STEP_AT_512(a + r, b0, low##r);      \
		if (wide)                            \
			STEP_AT_512(a + r, b1, high##r); \
	}

#define STEP()                                                                 \
	{                                                                          \
		const __m512 b0 = _mm512_maskz_loadu_ps(mask0, b);                     \
		const __m512 b1 = wide ? _mm512_maskz_loadu_ps(mask1, b + LANES) : b0; \
                                                                               \
		EACH_ROW(ROW_STEP)                                                     \
		a += lda;                                                              \
		b += ldb;                                                              \
		HIDE(a);                                                               \
		HIDE(b);                                                               \
	}

#define ROW_END(r)                                          \
	if (rows > r)                                           \
	{                                                       \
		add_to(c + r * t->ldc, low##r, mask0);              \
		if (wide)                                           \
			add_to(c + r * t->ldc + LANES, high##r, mask1); \
	}

AVX512_INLINE void
add_to(float *c, __m512 sum, __mmask16 mask)
{
	_mm512_mask_storeu_ps(c, mask, _mm512_add_ps(sum, _mm512_maskz_loadu_ps(mask, c)));
}

AVX512_INLINE __mmask16
lanes(int n)
{
	return n >= LANES ? 0xFFFF : (__mmask16) (0xFFFF >> (LANES - n));
}

/* One tile; rows, wide and masked are constants of each call, columns up to 16 or 32. */
AVX512_INLINE void
tile(const Outer *t, const int rows, const bool wide, const bool masked, const float *a,
	 const float *b, float *c, int columns)
{
	const __mmask16 mask0 = wide || !masked ? 0xFFFF : lanes(columns);
	const __mmask16 mask1 = !masked ? 0xFFFF : wide ? lanes(columns - LANES) : 0;

	int k = t->k;
	const size_t lda = t->lda, ldb = t->ldb;

	EACH_ROW(ROW_BEGIN)
	for (; k >= 4; k -= 4)
	{
		STEP()
		STEP()
		STEP()
		STEP()
	}
	for (; k > 0; k--)
		STEP()
	EACH_ROW(ROW_END)
}

#define TILE_OF(n)                                  \
	case n:                                         \
		tile(t, n, wide, masked, a, b, c, columns); \
		break;

/* All rows of C, in tiles as even as can be. */
AVX512_INLINE void
panel(const Outer *t, const bool wide, const bool masked, int m, const float *a, const float *b,
	  float *c, int columns)
{
	int rows;

	for (int tiles = (m + TILE_ROWS - 1) / TILE_ROWS; tiles > 0; tiles--, m -= rows,
			 a += t->next_tile > 0 ? t->next_tile : (size_t) rows, c += (size_t) rows * t->ldc)
	{
		rows = (m + tiles - 1) / tiles;
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
				tile(t, 1, wide, masked, a, b, c, columns);
				break;
		}
	}
}

static AVX512 void
panel_whole(const Outer *t, int m, const float *a, const float *b, float *c)
{
	panel(t, true, false, m, a, b, c, TILE_COLUMNS);
}

static AVX512 void
panel_wide(const Outer *t, int m, const float *a, const float *b, float *c, int columns)
{
	panel(t, true, true, m, a, b, c, columns);
}

static AVX512 void
panel_narrow(const Outer *t, int m, const float *a, const float *b, float *c, int columns)
{
	panel(t, false, true, m, a, b, c, columns);
}

/* to: tile after tile, as panel() cuts them, TILE_ROWS numbers of each of k rows of a. */
static AVX512 void
copy_tiles(float *to, const float *a, size_t lda, int m, int k)
{
	int rows;

	for (int tiles = (m + TILE_ROWS - 1) / TILE_ROWS; tiles > 0; tiles--, m -= rows, a += rows)
	{
		__mmask16 mask;

		rows = (m + tiles - 1) / tiles;
		mask = lanes(rows);
		for (int p = 0; p < k; p++, to += TILE_ROWS)
			_mm512_mask_storeu_ps(to, mask, _mm512_maskz_loadu_ps(mask, a + (size_t) p * lda));
	}
}

/* Some rows of C += A' B, for one block; false when the job is to stop. */
static bool
multiply_rows(const Outer *t, int m, int n, const float *a, const float *b, float *c)
{
	for (int j = 0; j < n; j += TILE_COLUMNS)
	{
		if (nn_pool_stopping())
			return false;
		if (n - j >= TILE_COLUMNS)
			panel_whole(t, m, a, b + j, c + j);
		else if (n - j > LANES)
			panel_wide(t, m, a, b + j, c + j, n - j);
		else
			panel_narrow(t, m, a, b + j, c + j, n - j);
	}
	return true;
}

/* The same, with A copied. */
static bool
multiply_copied(Outer t, int m, int n, const float *a, const float *b, float *c)
{
	_Alignas(NN_ALIGN) float tiles[COPIED_TILES * TILE_ROWS * BLOCK];
	const size_t lda = t.lda;
	int rows;

	t.lda = TILE_ROWS;
	t.next_tile = (size_t) TILE_ROWS * (size_t) t.k;
	for (int i = 0; i < m; i += rows)
	{
		rows = m - i < COPIED_TILES * TILE_ROWS ? m - i : COPIED_TILES * TILE_ROWS;
		copy_tiles(tiles, a + i, lda, rows, t.k);
		if (!multiply_rows(&t, rows, n, tiles, b, c + (size_t) i * t.ldc))
			return false;
	}
	return true;
}

static bool
multiply(int m, int n, int k, const float *a, int lda, const float *b, int ldb, float *c, int ldc)
{
	Outer t = {.lda = (size_t) lda, .ldb = (size_t) ldb, .ldc = (size_t) ldc};

	if (nn_x86_level < 4 || n < LEAST_COLUMNS)
		return false;
	for (int p = 0; p < k; p += t.k, a += (size_t) t.k * t.lda, b += (size_t) t.k * t.ldb)
	{
		t.k = k - p < BLOCK ? k - p : BLOCK;
		if (!(n >= WIDE ? multiply_copied(t, m, n, a, b, c) : multiply_rows(&t, m, n, a, b, c)))
			return true;
	}
	return true;
}

#else

static bool
multiply(int m, int n, int k, const nn_real *a, int lda, const nn_real *b, int ldb, nn_real *c,
		 int ldc)
{
	(void) m, (void) n, (void) k, (void) a, (void) lda, (void) b, (void) ldb, (void) c, (void) ldc;
	return false;
}

#endif

void
nn_gemm_outer(int m, int n, int k, const nn_real *a, int lda, const nn_real *b, int ldb, nn_real *c,
			  int ldc)
{
	if (nn_precision() != NN_FLOAT32 || !multiply(m, n, k, a, lda, b, ldb, c, ldc))
		nn_gemm(true, false, m, n, k, 1, a, lda, b, ldb, 1, c, ldc);
}
