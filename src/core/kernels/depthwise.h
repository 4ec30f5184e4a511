/*
 * depthwise.h
 *	  Convolution of each channel by itself, over a band of output cells that
 *	  are numbered through the chunk.  See depthwise.c.
 *
 * kernel (size_h, size_w, channels, multiplier); t (cells of the band,
 * channels * multiplier).
 */
#ifndef NN_DEPTHWISE_H
#define NN_DEPTHWISE_H

#include "core/kernels/window.h"

typedef struct NNDepthwise
{
	NNWindow window;
	int multiplier;
	const nn_real *kernel;
} NNDepthwise;

/* t += windows of x by the kernel. */
extern void
nn_depthwise_add(const NNDepthwise *d, size_t from, size_t to, const nn_real *x, nn_real *t);
/* dx += what comes back of dt, kernel_grad += likewise; either may be NULL. */
extern void nn_depthwise_back(const NNDepthwise *d, size_t from, size_t to, const nn_real *x,
							  const nn_real *dt, nn_real *dx, nn_real *kernel_grad);

#endif /* NN_DEPTHWISE_H */
