/*
 * gemm_turn.h
 *	  Transposes in registers of AVX, for those who pack matrices.
 */
#ifndef NN_GEMM_TURN_H
#define NN_GEMM_TURN_H

#include <immintrin.h>

#include "core/kernels/kernels.h"

/*
 * to (8, rows of `width`) = the transpose of 8 columns of `rows` rows of b, up to
 * 8.  Columns past rows repeat the last one: what comes of them is not stored.
 * to is aligned to 32 bytes, and width a multiple of 8.
 */
static inline __attribute__((always_inline)) NN_LEVEL_3 void
nn_turn8(float *to, size_t width, const float *b, size_t ldb, int rows)
{
	__m256 r[8];
	__m256 s[8];

	for (int i = 0; i < 4; i++)
	{
		const float *low = b + (size_t) (i < rows ? i : rows - 1) * ldb;
		const float *high = b + (size_t) (i + 4 < rows ? i + 4 : rows - 1) * ldb;

		r[i] =
			_mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(low)), _mm_loadu_ps(high), 1);
		r[i + 4] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(low + 4)),
										_mm_loadu_ps(high + 4), 1);
	}
	for (int i = 0; i < 8; i += 2)
	{
		s[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
		s[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
	}
	for (int i = 0; i < 8; i += 4)
	{
		_mm256_store_ps(to + (size_t) i * width, _mm256_shuffle_ps(s[i], s[i + 2], 0x44));
		_mm256_store_ps(to + (size_t) (i + 1) * width, _mm256_shuffle_ps(s[i], s[i + 2], 0xEE));
		_mm256_store_ps(to + (size_t) (i + 2) * width, _mm256_shuffle_ps(s[i + 1], s[i + 3], 0x44));
		_mm256_store_ps(to + (size_t) (i + 3) * width, _mm256_shuffle_ps(s[i + 1], s[i + 3], 0xEE));
	}
}

/*
 * to (k, width) = the transpose of cols rows of b, each k reals: up to width,
 * which is a multiple of 8.  Past cols rounded up to 8 nothing is written.
 */
static inline __attribute__((always_inline)) NN_LEVEL_3 void
nn_turn(float *to, size_t width, const float *b, size_t ldb, int cols, int k)
{
	for (int j = 0; j < cols; j += 8)
	{
		const float *from = b + (size_t) j * ldb;
		const int rows = cols - j < 8 ? cols - j : 8;
		int p = 0;

		for (; p + 8 <= k; p += 8)
			nn_turn8(to + (size_t) p * width + j, width, from + p, ldb, rows);
		for (; p < k; p++)
			for (int l = 0; l < 8; l++)
				to[(size_t) p * width + (size_t) (j + l)] =
					from[(size_t) (l < rows ? l : rows - 1) * ldb + (size_t) p];
	}
}

#endif /* NN_GEMM_TURN_H */
