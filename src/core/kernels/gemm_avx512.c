/*
 * gemm_avx512.c
 *	  Matrix products by AVX-512: gemm_tiles.h with 32 registers of 16 lanes, of
 *	  which tiles of up to 12 rows by 32 columns take 24.
 */
#include "core/kernels/backend.h"

#ifdef NN_HAS_TILES

#include <immintrin.h>

#define TARGET NN_LEVEL_4
#define LANES 16
#define VECTOR __m512
#define TILE_ROWS 12
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)
#define EACH_TILE(DO) DO(12) DO(11) DO(10) DO(9) DO(8) DO(7) DO(6) DO(5) DO(4) DO(3) DO(2)

#define V_ZERO() _mm512_setzero_ps()
#define V_SET1(x) _mm512_set1_ps(x)
#define V_FMA(x, y, sum) _mm512_fmadd_ps(x, y, sum)
#define V_STEP_AT(p, y, sum) STEP_AT_512(p, y, sum)
#define V_MUL(x, y) _mm512_mul_ps(x, y)
#define V_LOAD_PART(p, part) _mm512_maskz_loadu_ps(part, p)
#define V_STORE_PART(p, v, part) _mm512_mask_storeu_ps(p, part, v)
#define B_IN_PLACE
#define V_LOAD_B(p, part) V_LOAD_PART(p, part)

#define PART __mmask16
#define V_PART(n) ((__mmask16) ((1u << ((n) < 0 ? 0 : (n) < LANES ? (n) : LANES)) - 1))

#include "core/kernels/gemm_tiles.h"

/* B is read once by a tile's height of rows; up to so many copies do not pay. */
#define FEW_ROWS (2 * TILE_ROWS)
#define CACHED_REALS 8192 /* of B, which stay in the first cache level by themselves */

#define SMALL_WORK \
	(64.0 * 64 * 64) /* OpenBLAS has kernels for these, without copies, that are faster */

static bool
avx512_takes(const NNProduct *t)
{
	if (t->m == 1 || t->n <= LANES / 2)
		return false;
	return t->tb || t->n < LANES || (double) t->m * t->n * t->k > SMALL_WORK;
}

/*
 * Rows of A that read a large B in place, from the second cache level, if that is of a size to
 * keep a panel of a block whose rows are a page apart, beside the rest.
 */
#define FAR_ROWS (6 * TILE_ROWS)
#define FAR_CACHE ((size_t) 2 << 20)

static bool
multiplies_far(const NNProduct *t)
{
	return !t->tb && t->m >= TILE_ROWS && t->m <= FAR_ROWS && t->n >= COPY_WIDE &&
		nn_processor()->cache2 >= FAR_CACHE;
}

static bool
avx512_multiply(const NNProduct *t)
{
	if (multiplies_few(t))
		multiply_few(t);
	else if (multiplies_far(t))
		multiply_far(t);
	else if (!t->tb && (t->m <= FEW_ROWS || (size_t) t->k * t->ldb <= CACHED_REALS))
		multiply_in_place(t);
	else
		multiply_copied(t);
	return true;
}

const NNBackend nn_backend_avx512 = {
	.name = "avx512",
	.element = "float32",
	.needs = NN_X86_64_V4,
	.level = 4,
	.tile_rows = TILE_ROWS,
	.tile_columns = PANEL,
	.takes = avx512_takes,
	.multiply = avx512_multiply,
	.packed_reals = tiles_packed_reals,
	.pack = tiles_pack,
	.multiply_packed = tiles_multiply_packed,
};

#endif
