/*
 * moments.h
 *	  Steps of Adam on plain arrays (moments.c).
 */
#ifndef NN_MOMENTS_H
#define NN_MOMENTS_H

#include "core/kernels/kernels.h"

typedef struct NNMomentStep
{
	nn_real alpha;	 /* the rate, with the corrections of both averages */
	nn_real a;		 /* 1 - beta_1 */
	nn_real b;		 /* 1 - beta_2 */
	nn_real epsilon; /* above 0 */
	nn_real scale;	 /* what gradients are multiplied by, before anything else; squares are not */
} NNMomentStep;

/*
 * For n parameters p with gradients g, scaled: m += a (g - m), v += b (g^2 - v), and
 * p -= alpha m / (sqrt(v) + epsilon).  squares, unless NULL, stands for g^2; most,
 * unless NULL, is the largest v so far, and stands for v in the last.  Kingma and
 * Ba, Adam (2015); Reddi and others, On the convergence of Adam (2018) for most.
 */
extern void nn_moment_step(const NNMomentStep *step, nn_real *p, nn_real *m, nn_real *v,
						   nn_real *most, const nn_real *g, const nn_real *squares, size_t n);

#endif /* NN_MOMENTS_H */
