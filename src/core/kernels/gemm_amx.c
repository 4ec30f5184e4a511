/*
 * gemm_amx.c
 *	  Matrix products of numbers rounded to bfloat16, by AMX: sums are floats.
 *	  An instruction multiplies 16 rows of 16 pairs by 16 pairs of 16 columns.
 *
 * The tiles of C, two by two of them, stay in four of the eight registers for
 * tiles; all but that is in gemm_pairs.h.  Registers are given back after each product, so
 * that the system has nothing to save of threads that do not multiply.
 *
 * Where nothing but 1 is multiplied by, sums begin with what they are added to.
 */
#include "core/kernels/backend.h"

#ifdef NN_HAS_AMX

#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target(NN_LEVEL_4_FEATURES ",avx512bf16,amx-tile,amx-bf16")))
#define LANES 16
#define PART __mmask16
#define V_PART(n) ((__mmask16) ((1u << ((n) < 0 ? 0 : (n) < LANES ? (n) : LANES)) - 1))

#define BLOCK 256	   /* a panel is 32 kB */
#define BLOCK_ROWS 128 /* 128 kB of a block */
#define BUFFER_PAIRS 32768
#define A_IN_TILES
#define MULTIPLY_ROWS amx_rows

#include "core/kernels/gemm_panel.h"

#define TILE_ROWS (2 * LANES)
#define BYTES(reals) ((reals) * sizeof(float))

/* Compilers do not know what instructions for tiles read. */
#define WRITTEN() __asm__ volatile("" ::: "memory")

/* What a register has: 16 rows of 64 bytes, each of the eight. */
static const struct
{
	uint8_t palette, start_row, reserved[14];
	uint16_t bytes[16];
	uint8_t rows[16];
} whole_tiles __attribute__((aligned(64))) = {
	.palette = 1,
	.bytes = {64, 64, 64, 64, 64, 64, 64, 64},
	.rows = {16, 16, 16, 16, 16, 16, 16, 16},
};

/* ---- two by two tiles, or fewer: not the low ones, not those at the right ---- */

/* Sixteen pairs along k. */
TARGET_INLINE void
step(const float *a, size_t lda, const float *b, size_t ldb, const bool low, const bool right)
{
	_tile_loadd(4, a, BYTES(LANES));
	_tile_loadd(6, b, BYTES(ldb));
	_tile_dpbf16ps(0, 4, 6);
	if (right)
	{
		_tile_loadd(7, b + LANES, BYTES(ldb));
		_tile_dpbf16ps(1, 4, 7);
	}
	if (low)
	{
		_tile_loadd(5, a + LANES * lda, BYTES(LANES));
		_tile_dpbf16ps(2, 5, 6);
		if (right)
			_tile_dpbf16ps(3, 5, 7);
	}
}

TARGET_INLINE void
load_sums(const float *s, size_t lds, const bool low, const bool right)
{
	WRITTEN();
	_tile_loadd(0, s, BYTES(lds));
	if (right)
		_tile_loadd(1, s + LANES, BYTES(lds));
	if (low)
		_tile_loadd(2, s + LANES * lds, BYTES(lds));
	if (low && right)
		_tile_loadd(3, s + LANES * lds + LANES, BYTES(lds));
}

TARGET_INLINE void
clear_sums(void)
{
	_tile_zero(0);
	_tile_zero(1);
	_tile_zero(2);
	_tile_zero(3);
}

TARGET_INLINE void
store_sums(float *c, size_t ldc, const bool low, const bool right)
{
	_tile_stored(0, c, BYTES(ldc));
	if (right)
		_tile_stored(1, c + LANES, BYTES(ldc));
	if (low)
		_tile_stored(2, c + LANES * ldc, BYTES(ldc));
	if (low && right)
		_tile_stored(3, c + LANES * ldc + LANES, BYTES(ldc));
	WRITTEN();
}

/* What some rows of C are added to, in room for whole tiles. */
static TARGET void
copy_in(float *room, const Panel *t, const float *s, int rows)
{
	for (int r = 0; r < rows; r++, s += t->lds)
		for (int j = 0; j < PANEL; j += LANES)
			_mm512_store_ps(room + r * PANEL + j,
							_mm512_maskz_loadu_ps(V_PART(t->cols - j), s + j));
}

/* Rows of C from sums; s, or NULL, is still to be added. */
static TARGET void
copy_out(const Panel *t, const float *room, const float *s, float *c, int rows)
{
	const __m512 alpha = _mm512_set1_ps(t->alpha);
	const __m512 beta = _mm512_set1_ps(t->beta);

	for (int r = 0; r < rows; r++, c += t->ldc)
		for (int j = 0; j < t->cols; j += LANES)
		{
			const PART part = V_PART(t->cols - j);
			__m512 x = _mm512_mul_ps(_mm512_load_ps(room + r * PANEL + j), alpha);

			if (s != NULL)
				x = _mm512_fmadd_ps(beta, _mm512_maskz_loadu_ps(part, s + (size_t) r * t->lds + j),
									x);
			_mm512_mask_storeu_ps(c + j, part, x);
		}
}

/* The sums of tiles from row i on; tail is the end of the panel, filled up, if it is not whole. */
TARGET_INLINE void
sum_tiles(const Panel *t, const float *tail, int i, const bool low, const bool right)
{
	const float *a = t->a + (size_t) i * t->lda;
	const float *b = t->b;

	for (int p = t->k; p >= LANES; p -= LANES)
	{
		step(a, t->lda, b, t->ldb, low, right);
		a += LANES * LANES;
		b += LANES * t->ldb;
	}
	if (tail != NULL)
		step(a, t->lda, tail, PANEL, low, right);
}

TARGET_INLINE void
tiles(const Panel *t, const float *tail, int i, int rows, const bool low, const bool right)
{
	_Alignas(NN_ALIGN) float room[TILE_ROWS * PANEL];
	const bool plain = t->alpha == 1 && (t->s == NULL || t->beta == 1);
	const bool in_place =
		plain && rows == (low ? TILE_ROWS : LANES) && t->cols == (right ? PANEL : LANES);
	const float *s = t->s != NULL ? t->s + (size_t) i * t->lds : NULL;
	float *c = t->c + (size_t) i * t->ldc;

	if (s == NULL || !plain)
		clear_sums();
	else if (in_place)
		load_sums(s, t->lds, low, right);
	else
	{
		copy_in(room, t, s, rows);
		load_sums(room, PANEL, low, right);
	}
	sum_tiles(t, tail, i, low, right);
	if (in_place)
		store_sums(c, t->ldc, low, right);
	else
	{
		store_sums(room, PANEL, low, right);
		copy_out(t, room, plain ? NULL : s, c, rows);
	}
}

/* Rows of a panel past a multiple of 16, filled up with zeros; those of A are as well. */
static TARGET void
fill_tail(float *tail, const Panel *t, int stored)
{
	const int rows = t->k % LANES;
	const float *b = t->b + (size_t) (t->k - rows) * t->ldb;

	memset(tail, 0, LANES * PANEL * sizeof(float));
	for (int r = 0; r < rows; r++, b += t->ldb)
		memcpy(tail + r * PANEL, b, (size_t) stored * sizeof(float));
	WRITTEN();
}

TARGET_INLINE void
all_rows(const Panel *t, const float *tail, int m, const bool right)
{
	for (int i = 0; i < m; i += TILE_ROWS)
		if (m - i > LANES)
			tiles(t, tail, i, m - i < TILE_ROWS ? m - i : TILE_ROWS, true, right);
		else
			tiles(t, tail, i, m - i, false, right);
}

static TARGET void
amx_rows(const Panel *t, int stored, bool turned, int m)
{
	_Alignas(NN_ALIGN) float room[LANES * PANEL];
	const float *tail = t->k % LANES != 0 ? room : NULL;

	(void) turned;
	if (tail != NULL)
		fill_tail(room, t, stored);
	WRITTEN();
	if (stored > LANES)
		all_rows(t, tail, m, true);
	else
		all_rows(t, tail, m, false);
}

#include "core/kernels/gemm_pairs.h"

static TARGET bool
amx_multiply(const NNProduct *t)
{
	bool done;

	_tile_loadconfig(&whole_tiles);
	done = pairs_multiply(t);
	_tile_release();
	return done;
}

static TARGET bool
amx_multiply_packed(const NNPackedProduct *t)
{
	bool done;

	_tile_loadconfig(&whole_tiles);
	done = pairs_multiply_packed(t);
	_tile_release();
	return done;
}

const NNBackend nn_backend_amx = {
	.name = "amx",
	.element = "bfloat16",
	.precision = NN_BFLOAT16,
	.needs = NN_X86_64_V4 | NN_AVX512_BF16 | NN_AMX_TILE | NN_AMX_BF16,
	.level = 4,
	.tile_rows = TILE_ROWS,
	.tile_columns = PANEL,
	.granted = nn_processor_ask_tiles,
	.multiply = amx_multiply,
	.packed_reals = pairs_packed_reals,
	.pack = pairs_pack,
	.multiply_packed = amx_multiply_packed,
};

#endif
