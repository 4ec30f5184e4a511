/*
 * backend.h
 *	  Backends: who multiplies matrices.  Each is one const table; backend.c
 *	  chooses among them once and hands every product to the first that takes it.
 *
 * All matrices are row-major; ld is from row to row.  A backend may be called
 * on any thread, and keeps nothing from one product to the next.  NaN and
 * infinity pass through as in plain loops.  The order in which it adds depends
 * on the shape alone, so that the same product gives the same bits anywhere.
 */
#ifndef NN_BACKEND_H
#define NN_BACKEND_H

#include "core/kernels/kernels.h"
#include "core/kernels/processor.h"

/* Kernels of ours are for float on x86-64. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(NN_DOUBLE)
#define NN_HAS_TILES
/* gcc below 10 does not know the instructions of bfloat16 */
#if defined(__clang__) || __GNUC__ >= 10
#define NN_HAS_BF16
#endif
/* nor gcc below 11 or clang below 12 those of AMX */
#if defined(__clang__) ? __clang_major__ >= 12 : __GNUC__ >= 11
#define NN_HAS_AMX
#endif
#endif

/* C (m, n) = alpha op(A) op(B) + beta C, as nn_gemm; all sizes are from 1. */
typedef struct NNProduct
{
	bool ta, tb;
	int m, n, k;
	nn_real alpha, beta; /* alpha is not 0 */
	const nn_real *a;
	size_t lda;
	const nn_real *b;
	size_t ldb;
	nn_real *c;
	size_t ldc;
} NNProduct;

/* C (m, n) = S + A B', as nn_gemm_packed. */
typedef struct NNPackedProduct
{
	const NNPacked *b;
	int first, n; /* columns of it */
	int m;
	const nn_real *a;
	size_t lda;
	const nn_real *s;
	size_t lds;
	nn_real *c;
	size_t ldc;
} NNPackedProduct;

typedef struct NNBackend
{
	const char *name;	   /* as nnet.info() and NNET_KERNELS have it */
	const char *element;   /* what it multiplies and adds */
	NNPrecision precision; /* whose products it is asked for */
	unsigned needs;		   /* features of the processor */
	unsigned unless;	   /* features with which it is not wanted, all of them; 0: always */
	int level;			   /* of NN_HOT's that goes with it, if it is asked for by name */
	int tile_rows;		   /* of C, whose sums it keeps in registers; 0: not ours to know */
	int tile_columns;	   /* of C; also of a panel of packed weights */

	/*
	 * Whether the system lets this process use it, which is asked as soon as somebody wants
	 * that precision; NULL: always.
	 */
	bool (*granted)(void);
	/* Whether it is the one for such a product, among those behind it; NULL: for all. */
	bool (*takes)(const NNProduct *product);
	/* False: it cannot, and nothing was done. */
	bool (*multiply)(const NNProduct *product);
	/* Packed weights, all NULL for who has none: see kernels.h. */
	size_t (*packed_reals)(int k, int n);
	void (*pack)(nn_real *to, bool turned, const nn_real *b, size_t ldb, int k, int n);
	bool (*multiply_packed)(const NNPackedProduct *product);
} NNBackend;

extern const NNBackend nn_backend_openblas; /* once it is loaded; until then it takes nothing */
extern const NNBackend nn_backend_plain;	/* takes everything */
#ifdef NN_HAS_TILES
extern const NNBackend nn_backend_avx512;
extern const NNBackend nn_backend_avx2;
extern const NNBackend nn_backend_small; /* AVX2, where copies of the operands do not pay */
#endif
#ifdef NN_HAS_BF16
/* Its packed weights take no more room than those of nn_backend_avx512, and panels are as wide. */
extern const NNBackend nn_backend_bf16;
#endif
#ifdef NN_HAS_AMX
extern const NNBackend nn_backend_amx; /* packs as nn_backend_bf16 */
#endif

/* All there are for the type of reals that this is compiled for, best first. */
extern const NNBackend *const *nn_backend_table(int *n);
/* The backends of float32 in the order in which they are asked, n of them. */
extern const NNBackend *const *nn_backends(int *n);
/*
 * Use no others than the one of that name and those that must stand behind it
 * (and loops of its level; if it is not for float32, those of its precision),
 * or choose by the processor (NULL).  Must not be called while anything is packed
 * or computed.  False: there is none, or not on this processor, and nothing was
 * done.
 */
extern bool nn_backend_force(const char *name);

#endif /* NN_BACKEND_H */
