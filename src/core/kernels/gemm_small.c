/*
 * gemm_small.c
 *	  Products of small matrices on AVX2, where OpenBLAS's kernels spend a good
 *	  part of their time on copying the operands.
 *
 * C is computed in tiles of up to 6 rows by 16 columns, whose sums fill 12 of
 * the 16 vector registers: for each p of k, two vectors of a row of op(B) times
 * one number of op(A) for each row of the tile.  A is read where it lies,
 * transposed or not.  So is B, unless it is transposed or its rows crowd each
 * other out of the cache: then 16 columns at a time are put into a buffer on
 * the stack.  What lies past the last column is masked out.
 *
 * The order of additions depends on the shape alone.  In double (unit tests)
 * and on other processors there is nothing here.
 */
#include "core/kernels/backend.h"

#ifdef NN_HAS_TILES

#include <immintrin.h>

#include "core/kernels/gemm_turn.h"

#define LANES 8
#define TILE_ROWS 6
#define TILE_COLS 16
#define MAX_K 512					   /* of what fits the buffer for B: 32 kB */
#define MAX_PRODUCT ((size_t) 1 << 21) /* m n k from which OpenBLAS's copies pay */

#define AVX2 NN_LEVEL_3
#define AVX2_INLINE static inline __attribute__((always_inline)) NN_LEVEL_3

/* What all tiles share; element (i, p) of op(A) is a[i * a_row + p * a_col]. */
typedef struct Product
{
	int k;
	float alpha, beta;
	const float *a;
	size_t a_row, a_col;
	size_t ldc;
} Product;

/* Lanes 0 to cols - 1 are all ones. */
AVX2_INLINE __m256i
lane_mask(int cols)
{
	return _mm256_cmpgt_epi32(_mm256_set1_epi32(cols), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

/* Store the first cols of 8 lanes: by halves, since masked stores are slow. */
AVX2_INLINE void
store_part(float *c, __m256 x, int cols)
{
	__m128 part = _mm256_castps256_ps128(x);

	if (cols & 4)
	{
		_mm_storeu_ps(c, part);
		part = _mm256_extractf128_ps(x, 1);
		c += 4;
	}
	if (cols & 2)
	{
		_mm_storel_pi((__m64 *) c, part);
		part = _mm_movehl_ps(part, part);
		c += 2;
	}
	if (cols & 1)
		_mm_store_ss(c, part);
}

/* c = alpha * sum + beta * c for the first cols of 8 columns. */
AVX2_INLINE void
store(const Product *t, const bool masked, float *c, __m256 sum, int cols)
{
	const __m256 beta = _mm256_set1_ps(t->beta);

	sum = _mm256_mul_ps(sum, _mm256_set1_ps(t->alpha));
	if (!masked)
	{
		if (t->beta != 0)
			sum = _mm256_fmadd_ps(beta, _mm256_loadu_ps(c), sum);
		_mm256_storeu_ps(c, sum);
	}
	else
	{
		if (t->beta != 0)
			sum = _mm256_fmadd_ps(beta, _mm256_maskload_ps(c, lane_mask(cols)), sum);
		if (cols == LANES)
			_mm256_storeu_ps(c, sum);
		else
			store_part(c, sum, cols);
	}
}

/* One row's part of a step: two vectors of B times a number of A. */
#define ROW_STEP(r)                                    \
	if (rows > r)                                      \
	{                                                  \
		__m256 x = _mm256_broadcast_ss(a + r * a_row); \
                                                       \
		s##r##0 = _mm256_fmadd_ps(x, b0, s##r##0);     \
		if (wide)                                      \
			s##r##1 = _mm256_fmadd_ps(x, b1, s##r##1); \
	}

#define ROW_STORE(r)                                                         \
	if (rows > r)                                                            \
	{                                                                        \
		store(t, masked && !wide, c + r * t->ldc, s##r##0, cols);            \
		if (wide)                                                            \
			store(t, masked, c + r * t->ldc + LANES, s##r##1, cols - LANES); \
	}

/*
 * The tile of C from row i, with rows (a constant of each call) and cols: up
 * to 8, or up to 16 if wide.  Unless masked these are full.  b (k, cols) has
 * rows ldb apart.
 */
AVX2_INLINE void
tile(const Product *t, const int rows, const bool wide, const bool masked, int i, const float *b,
	 size_t ldb, float *c, int cols)
{
	const float *a = t->a + (size_t) i * t->a_row;
	const size_t a_row = t->a_row;
	const size_t a_col = t->a_col;
	const __m256i mask = lane_mask(wide ? cols - LANES : cols);
	__m256 s00 = _mm256_setzero_ps(), s10 = s00, s20 = s00, s30 = s00, s40 = s00, s50 = s00,
		   s01 = s00, s11 = s00, s21 = s00, s31 = s00, s41 = s00, s51 = s00;

	for (int p = 0; p < t->k; p++, a += a_col, b += ldb)
	{
		__m256 b0 = masked && !wide ? _mm256_maskload_ps(b, mask) : _mm256_loadu_ps(b);
		__m256 b1 = !wide ? b0
			: masked	  ? _mm256_maskload_ps(b + LANES, mask)
						  : _mm256_loadu_ps(b + LANES);

		ROW_STEP(0);
		ROW_STEP(1);
		ROW_STEP(2);
		ROW_STEP(3);
		ROW_STEP(4);
		ROW_STEP(5);
	}
	c += (size_t) i * t->ldc;
	ROW_STORE(0);
	ROW_STORE(1);
	ROW_STORE(2);
	ROW_STORE(3);
	ROW_STORE(4);
	ROW_STORE(5);
}

/* All rows of up to 16 columns, in tiles as even as can be. */
AVX2_INLINE void
panel(const Product *t, const bool wide, const bool masked, int m, const float *b, size_t ldb,
	  float *c, int cols)
{
	for (int i = 0, tiles = (m + TILE_ROWS - 1) / TILE_ROWS, rows; tiles > 0; i += rows, tiles--)
	{
		rows = (m - i + tiles - 1) / tiles;
		switch (rows)
		{
			case 6:
				tile(t, 6, wide, masked, i, b, ldb, c, cols);
				break;
			case 5:
				tile(t, 5, wide, masked, i, b, ldb, c, cols);
				break;
			case 4:
				tile(t, 4, wide, masked, i, b, ldb, c, cols);
				break;
			case 3:
				tile(t, 3, wide, masked, i, b, ldb, c, cols);
				break;
			case 2:
				tile(t, 2, wide, masked, i, b, ldb, c, cols);
				break;
			default:
				tile(t, 1, wide, masked, i, b, ldb, c, cols);
				break;
		}
	}
}

static AVX2 void
panel_wide(const Product *t, int m, const float *b, size_t ldb, float *c)
{
	panel(t, true, false, m, b, ldb, c, TILE_COLS);
}

static AVX2 void
panel_wide_masked(const Product *t, int m, const float *b, size_t ldb, float *c, int cols)
{
	panel(t, true, true, m, b, ldb, c, cols);
}

static AVX2 void
panel_narrow(const Product *t, int m, const float *b, size_t ldb, float *c, int cols)
{
	panel(t, false, true, m, b, ldb, c, cols);
}

static AVX2 void
transpose(float *to, const float *b, size_t ldb, int cols, int k)
{
	nn_turn(to, TILE_COLS, b, ldb, cols, k);
}

/* to (k, 16) = 16 columns of b */
static AVX2 void
gather(float *to, const float *b, size_t ldb, int k)
{
	for (int p = 0; p < k; p++, b += ldb, to += TILE_COLS)
	{
		_mm256_store_ps(to, _mm256_loadu_ps(b));
		_mm256_store_ps(to + LANES, _mm256_loadu_ps(b + LANES));
	}
}

/*
 * Whether k rows of B, ldb apart, crowd each other out of a first-level cache
 * of 32 kB in 8 ways: the more so, the larger the power of two in ldb.
 */
static bool
crowded(size_t ldb, int k)
{
	return (ldb & -ldb) * (size_t) k > 8192 && k <= MAX_K;
}

static bool
small_takes(const NNProduct *p)
{
	if (p->m == 1 || p->n == 1)
		return false;
	/* one tile's height of rows reads B once, whatever its size */
	return (p->m <= TILE_ROWS && !p->tb) ||
		(size_t) p->m * (size_t) p->n * (size_t) p->k <= MAX_PRODUCT;
}

static bool
small_multiply(const NNProduct *p)
{
	_Alignas(NN_ALIGN) float buffer[MAX_K * TILE_COLS];
	const Product t = {
		.k = p->k,
		.alpha = p->alpha,
		.beta = p->beta,
		.a = p->a,
		.a_row = p->ta ? 1 : p->lda,
		.a_col = p->ta ? p->lda : 1,
		.ldc = p->ldc,
	};

	if (p->tb && p->k > MAX_K)
		return false;
	for (int j = 0; j < p->n; j += TILE_COLS)
	{
		const int cols = p->n - j < TILE_COLS ? p->n - j : TILE_COLS;
		const float *from = p->b + j;
		size_t stride = p->ldb;
		const bool gathered =
			!p->tb && cols == TILE_COLS && p->m > 2 * TILE_ROWS && crowded(p->ldb, p->k);

		if (p->tb)
			transpose(buffer, p->b + (size_t) j * p->ldb, stride, cols, p->k);
		else if (gathered)
			gather(buffer, from, stride, p->k);
		if (p->tb || gathered)
		{
			from = buffer;
			stride = TILE_COLS;
		}
		if (cols == TILE_COLS)
			panel_wide(&t, p->m, from, stride, p->c + j);
		else if (cols > LANES)
			panel_wide_masked(&t, p->m, from, stride, p->c + j, cols);
		else
			panel_narrow(&t, p->m, from, stride, p->c + j, cols);
	}
	return true;
}

const NNBackend nn_backend_small = {
	.name = "small",
	.element = "float32",
	.needs = NN_X86_64_V3,
	.unless = NN_X86_64_V4,
	.level = 3,
	.tile_rows = TILE_ROWS,
	.tile_columns = TILE_COLS,
	.takes = small_takes,
	.multiply = small_multiply,
};

#endif
