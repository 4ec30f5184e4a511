/*
 * columns.h
 *	  Moments and affine maps of the columns of a matrix, for what treats the
 *	  last dimension column by column.
 */
#ifndef NN_COLUMNS_H
#define NN_COLUMNS_H

#include "core/kernels/kernels.h"

/*
 * Running moments of c columns, in doubles: count | mean (c) | sum of squared
 * distances from the mean (c).  All zero at first.
 */
#define NN_MOMENTS_SIZE(c) (1 + 2 * (size_t) (c))
/* Reals of scratch that nn_moments_add needs. */
#define NN_MOMENTS_SCRATCH(c) (3 * (size_t) (c))

/*
 * Add rows of x (rows, c).  mask, if any, has a byte for every rows_a_byte
 * rows; rows under a 0 are passed over.
 */
extern void nn_moments_add(double *moments, const nn_real *x, size_t rows, int c,
						   const uint8_t *mask, size_t rows_a_byte, nn_real *scratch);
/* The same summed in doubles, which nothing of a real's size overflows; 2 c doubles of scratch. */
extern void nn_moments_add_exact(double *moments, const nn_real *x, size_t rows, int c,
								 const uint8_t *mask, size_t rows_a_byte, double *scratch);

/* y = (x - shift) * scale + offset, column by column; offset may be NULL. */
extern void nn_columns_affine(nn_real *y, const nn_real *x, size_t rows, int c,
							  const nn_real *shift, const nn_real *scale, const nn_real *offset);
/* y = x * scale, column by column. */
extern void
nn_columns_scale(nn_real *y, const nn_real *x, size_t rows, int c, const nn_real *scale);

#endif /* NN_COLUMNS_H */
