/*
 * gemm_bf16.c
 *	  Matrix products of numbers rounded to bfloat16, by AVX512_BF16: sums are
 *	  floats.  Twice as many multiplications an instruction as of floats, and
 *	  half the bytes of packed weights.
 *
 * The tiles are those of floats (gemm_tile.h), with pairs in place of numbers;
 * all else is in gemm_pairs.h.
 */
#include "core/kernels/backend.h"

#ifdef NN_HAS_BF16

#include <immintrin.h>

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

#define BLOCK 256	  /* a panel is 32 kB */
#define BLOCK_ROWS 96 /* 96 kB of a block */
#define BUFFER_PAIRS 32768
#define MULTIPLY_ROWS run_panel

#include "core/kernels/gemm_pairs.h"

const NNBackend nn_backend_bf16 = {
	.name = "bf16",
	.element = "bfloat16",
	.precision = NN_BFLOAT16,
	.needs = NN_X86_64_V4 | NN_AVX512_BF16,
	.level = 4,
	.tile_rows = TILE_ROWS,
	.tile_columns = PANEL,
	.multiply = pairs_multiply,
	.packed_reals = pairs_packed_reals,
	.pack = pairs_pack,
	.multiply_packed = pairs_multiply_packed,
};

#endif
