/*
 * conv.h
 *	  The products of a convolution over one chunk, shared by the kinds whose
 *	  kernel is (height, width, channels / groups, filters), row-major: its rows
 *	  are those of a patch.  See conv_product.c and conv_winograd.c.
 */
#ifndef NN_CONV_H
#define NN_CONV_H

#include "core/layers/window.h"
#include "core/kernels/im2col.h"

typedef struct NNConv
{
	NNWindow window;
	int filters;
	int groups;
	NNActivation activation; /* as computed here: linear if the loss does it */
	const nn_real *kernel;
	NNPacked packed;	 /* the same for products, or nothing */
	const nn_real *bias; /* or NULL */
} NNConv;

/*
 * Set the layer's scratch for patches of size_h * size_w * channels that give
 * width numbers each, or refuse so large ones.
 */
extern bool nn_conv_plan(NNLayer *layer, size_t patch, size_t width, NNError *error);

/* y = f(patches W + b); z, where f needs it later, is kept there. */
extern void nn_conv_forward(const NNConv *conv, size_t samples, const nn_real *x, nn_real *y,
							nn_real *z, nn_real *scratch);

/* What backward computes from; the pointers that are NULL are not wanted. */
typedef struct NNConvBack
{
	size_t samples;
	const nn_real *x;
	const nn_real *y;
	const nn_real *z;
	nn_real *dy;		  /* becomes dz */
	nn_real *dx;		  /* overwritten */
	nn_real *kernel_grad; /* added to */
	nn_real *bias_grad;
	nn_real *scratch;
} NNConvBack;

extern void nn_conv_backward(const NNConv *conv, const NNConvBack *back);

/*
 * After that without kernel_grad, the kernel's gradient for filters from `from`
 * to before `to`, of a convolution without groups.
 */
extern void nn_conv_kernel_gradient(const NNConv *conv, const NNConvBack *back, int from, int to);

/* In conv_winograd.c, the same for some: */

/* Whether a convolution is one of them, by its shape. */
extern bool nn_conv_suits_winograd(const NNWindow *w, int filters, int groups);
extern size_t nn_conv_winograd_scratch(int channels, int filters);
extern void nn_conv_winograd_forward(const NNConv *conv, size_t samples, const nn_real *x,
									 nn_real *y, nn_real *z, nn_real *scratch);
extern void nn_conv_winograd_backward(const NNConv *conv, const NNConvBack *back);

#endif /* NN_CONV_H */
