/*
 * shape.c
 *	  Shapes of one sample.
 *
 * Sizes are products of numbers from a stranger's table: they saturate at
 * NN_SIZE_LIMIT instead of wrapping around, and inference refuses them.
 */
#include <stdio.h>

#include "core/base/shape.h"

static size_t
saturating_product(size_t a, size_t b)
{
	return a != 0 && b > NN_SIZE_LIMIT / a ? NN_SIZE_LIMIT : a * b;
}

size_t
nn_shape_reals(const NNShape *shape, int steps)
{
	size_t size = 1;

	for (int i = 0; i < shape->rank; i++)
	{
		int dim = shape->dim[i] == NN_ANY ? steps : shape->dim[i];

		size = saturating_product(size, dim > 0 ? (size_t) dim : 0);
	}
	return size;
}

size_t
nn_shape_size(const NNShape *shape)
{
	return nn_shape_reals(shape, 1);
}

bool
nn_shape_equal(const NNShape *a, const NNShape *b)
{
	if (a->rank != b->rank)
		return false;
	for (int i = 0; i < a->rank; i++)
		if (a->dim[i] != b->dim[i])
			return false;
	return true;
}

char *
nn_shape_text(const NNShape *shape, char *buf, size_t size)
{
	size_t used = 0;
	int rank = shape->rank < 0 ? 0 : shape->rank > NN_MAX_DIMS ? NN_MAX_DIMS : shape->rank;

	if (size == 0)
		return buf;
	buf[0] = '\0';
	for (int i = 0; i < rank && used < size; i++)
	{
		const char *before = i == 0 ? "(" : ", ";

		if (shape->dim[i] == NN_ANY)
			used += (size_t) snprintf(buf + used, size - used, "%sNone", before);
		else
			used += (size_t) snprintf(buf + used, size - used, "%s%d", before, shape->dim[i]);
	}
	if (used < size)
		snprintf(buf + used, size - used, "%s", rank == 0 ? "()" : ")");
	return buf;
}

NNShape
nn_shape1(int a)
{
	return (NNShape){1, {a, 0, 0, 0}};
}

NNShape
nn_shape2(int a, int b)
{
	return (NNShape){2, {a, b, 0, 0}};
}

NNShape
nn_shape3(int a, int b, int c)
{
	return (NNShape){3, {a, b, c, 0}};
}

NNShape
nn_shape4(int a, int b, int c, int d)
{
	return (NNShape){4, {a, b, c, d}};
}
