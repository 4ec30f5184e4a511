/*
 * shape.h
 *	  Shapes of one sample (shape.c).
 */
#ifndef NN_SHAPE_H
#define NN_SHAPE_H

#include "core/nn.h"

/* Sizes saturate there: far above every limit of nn.h; twelve of them still fit a size_t. */
#define NN_SIZE_LIMIT ((size_t) 1 << 56)
extern NNShape nn_shape1(int a);
extern NNShape nn_shape2(int a, int b);
extern NNShape nn_shape3(int a, int b, int c);
extern NNShape nn_shape4(int a, int b, int c, int d);
/* Reals of one sample when NN_ANY stands for steps. */
extern size_t nn_shape_reals(const NNShape *shape, int steps);
/* The last dimension (features, channels). */
NN_INLINE int
nn_shape_last(const NNShape *shape)
{
	return shape->dim[shape->rank - 1];
}

#endif /* NN_SHAPE_H */
