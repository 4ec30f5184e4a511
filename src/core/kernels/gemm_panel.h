/*
 * gemm_panel.h
 *	  Panels of a right factor, as kernels read them: PANEL columns, row after row,
 *	  or half as many at the end.
 *
 * To be defined before: TARGET and LANES, see gemm_tile.h.
 */
#ifndef NN_GEMM_PANEL_H
#define NN_GEMM_PANEL_H

#include <stdbool.h>
#include <stddef.h>

#define PANEL (2 * LANES)

#define TARGET_INLINE static inline __attribute__((always_inline)) TARGET

/* One panel of one block of B, and what its products are added to. */
typedef struct Panel
{
	int k;
	const float *a; /* from the block's first column, or row if turned */
	size_t lda;
	size_t next_tile; /* of A, where it is turned and copied tile after tile; otherwise 0 */
	const float *b;
	size_t ldb;
	bool far; /* B lies in the second cache level at best */
	float alpha, beta;
	const float *s; /* C = alpha A B + beta S; NULL: nothing is added */
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

#endif /* NN_GEMM_PANEL_H */
