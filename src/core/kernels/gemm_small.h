/*
 * gemm_small.h
 *	  What blas.c asks of gemm_small.c.
 */
#ifndef NN_GEMM_SMALL_H
#define NN_GEMM_SMALL_H

#include "core/kernels/kernels.h"

/* Whether this processor has what it takes; otherwise do not call the next. */
extern bool nn_gemm_small_usable(void);
/* As nn_gemm for sizes from 1 and alpha other than 0; false: too large, nothing done. */
extern bool nn_gemm_small(bool ta, bool tb, int m, int n, int k, nn_real alpha, const nn_real *a,
						  int lda, const nn_real *b, int ldb, nn_real beta, nn_real *c, int ldc);

#endif /* NN_GEMM_SMALL_H */
