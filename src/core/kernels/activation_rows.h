/*
 * activation_rows.h
 *	  Activations that run over rows (activation_rows.c): z (rows, width) becomes
 *	  y; dy becomes dz, from y.
 */
#ifndef NN_ACTIVATION_ROWS_H
#define NN_ACTIVATION_ROWS_H

#include <stddef.h>

#include "core/kernels/kernels.h"

extern void nn_softmax_forward(nn_real *z, size_t rows, size_t width);
extern void nn_softmax_backward(const nn_real *y, nn_real *dy, size_t rows, size_t width);
extern void nn_log_softmax_forward(nn_real *z, size_t rows, size_t width);
extern void nn_log_softmax_backward(const nn_real *y, nn_real *dy, size_t rows, size_t width);
extern void nn_sparsemax_forward(nn_real *z, size_t rows, size_t width);
extern void nn_sparsemax_backward(const nn_real *y, nn_real *dy, size_t rows, size_t width);

#endif /* NN_ACTIVATION_ROWS_H */
