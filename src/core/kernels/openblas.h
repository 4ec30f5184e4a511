/*
 * openblas.h
 *	  What openblas.c found, for blas.c.
 */
#ifndef NN_OPENBLAS_H
#define NN_OPENBLAS_H

#include "core/kernels/kernels.h"

typedef struct NNOpenBLAS
{
	bool loaded;	   /* the rest means something */
	bool copies_small; /* operands of small products too: gemm_small.c is faster */
	void (*gemm)(int order, int ta, int tb, int m, int n, int k, nn_real alpha, const nn_real *a,
				 int lda, const nn_real *b, int ldb, nn_real beta, nn_real *c, int ldc);
	void (*gemv)(int order, int ta, int m, int n, nn_real alpha, const nn_real *a, int lda,
				 const nn_real *x, int incx, nn_real beta, nn_real *y, int incy);
} NNOpenBLAS;

extern NNOpenBLAS nn_openblas;

#endif /* NN_OPENBLAS_H */
