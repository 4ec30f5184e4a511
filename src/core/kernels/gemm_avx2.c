/*
 * gemm_avx2.c
 *	  Matrix products by AVX2: gemm_tiles.h with 16 registers of 8 lanes, of which
 *	  tiles of up to 6 rows by 16 columns take 12.  What is too small for copies
 *	  is left to gemm_small.c.
 */
#include "core/kernels/backend.h"

#ifdef NN_HAS_TILES

#include <immintrin.h>

#define TARGET NN_LEVEL_3
#define LANES 8
#define VECTOR __m256
#define TILE_ROWS 6
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5)
#define EACH_TILE(DO) DO(6) DO(5) DO(4) DO(3) DO(2)

#define V_ZERO() _mm256_setzero_ps()
#define V_SET1(x) _mm256_set1_ps(x)
#define V_FMA(x, y, sum) _mm256_fmadd_ps(x, y, sum)
#define V_MUL(x, y) _mm256_mul_ps(x, y)
#define PART int
#define V_PART(n) (n)
#define V_LOAD_PART(p, part) load_part(p, part)
#define V_STORE_PART(p, v, part) store_part(p, v, part)
#define V_LOAD_B(p, part) _mm256_loadu_ps(p)

static inline __attribute__((always_inline)) NN_LEVEL_3 __m256
load_part(const float *p, int n)
{
	const __m256i places = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);

	return n >= LANES ? _mm256_loadu_ps(p)
					  : _mm256_maskload_ps(p, _mm256_cmpgt_epi32(_mm256_set1_epi32(n), places));
}

/* By halves, since masked stores are slow. */
static inline __attribute__((always_inline)) NN_LEVEL_3 void
store_part(float *p, __m256 v, int n)
{
	__m128 part = _mm256_castps256_ps128(v);

	if (n >= LANES)
	{
		_mm256_storeu_ps(p, v);
		return;
	}
	if (n >= 4)
	{
		_mm_storeu_ps(p, part);
		part = _mm256_extractf128_ps(v, 1);
		p += 4;
		n -= 4;
	}
	if (n >= 2)
	{
		_mm_storel_pi((__m64 *) p, part);
		part = _mm_movehl_ps(part, part);
		p += 2;
		n -= 2;
	}
	if (n >= 1)
		_mm_store_ss(p, part);
}

#include "core/kernels/gemm_tiles.h"

#define MOST_WORK ((double) (1 << 21)) /* that gemm_small.c does faster */

static bool
avx2_takes(const NNProduct *t)
{
	/* a tile's height of rows reads B once */
	return t->m > TILE_ROWS && t->n > LANES / 2 && (double) t->m * t->n * t->k > MOST_WORK;
}

static bool
avx2_multiply(const NNProduct *t)
{
	if (multiplies_few(t))
		multiply_few(t);
	else
		multiply_copied(t);
	return true;
}

const NNBackend nn_backend_avx2 = {
	.name = "avx2",
	.element = "float32",
	.needs = NN_X86_64_V3,
	.unless = NN_X86_64_V4,
	.level = 3,
	.tile_rows = TILE_ROWS,
	.tile_columns = PANEL,
	.takes = avx2_takes,
	.multiply = avx2_multiply,
	.packed_reals = tiles_packed_reals,
	.pack = tiles_pack,
	.multiply_packed = tiles_multiply_packed,
};

#endif
