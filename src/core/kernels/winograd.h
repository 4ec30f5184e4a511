/*
 * winograd.h
 *	  The transforms of convolutions by 3 x 3 windows, two by two outputs at a
 *	  time (winograd.c).
 *
 * A tile is 2 x 2 cells of the output and the 4 x 4 cells of the input that
 * they see, numbered row by row.  Where a number is wanted of a cell that is
 * not there, the caller points to a row of zeros, or one that nobody reads.
 * Transformed, a tile has NN_WINOGRAD_PLANES numbers a channel: number p of all
 * tiles is a matrix, and lies `plane` reals behind number p - 1.
 */
#ifndef NN_WINOGRAD_H
#define NN_WINOGRAD_H

#include "core/kernels/kernels.h"

#define NN_WINOGRAD_PLANES 16

/* u (16, n) of a kernel g (3, 3, n), and the gradient of g, which is added to. */
extern void nn_winograd_kernel(nn_real *u, const nn_real *g, size_t n);
extern void nn_winograd_kernel_back(nn_real *dg, const nn_real *du, size_t n);

/* v of a tile's input x (16 cells of n channels); dx += the gradient. */
extern void nn_winograd_input(nn_real *v, size_t plane, const nn_real *const *x, size_t n);
extern void nn_winograd_input_back(nn_real *const *dx, const nn_real *dv, size_t plane, size_t n);

/* y of a tile's products m (4 cells of n filters), with the bias unless NULL; relu or nothing. */
extern void nn_winograd_output(nn_real *const *y, const nn_real *m, size_t plane,
							   const nn_real *bias, bool relu, size_t n);
/* dm of dy. */
extern void nn_winograd_output_back(nn_real *dm, size_t plane, const nn_real *const *dy, size_t n);

#endif /* NN_WINOGRAD_H */
