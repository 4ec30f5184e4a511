/*
 * orthogonal.c
 *	  The regularizer that wants the rows of a matrix, or its columns, orthogonal.
 *
 * Of n vectors w, with u = w / max(|w|, epsilon), the penalty is the factor times the mean of
 * |u_i . u_j| over all pairs; by w_i it changes by (g - (g . u_i) u_i) / |w_i|, where
 * g = sum(sign(u_i . u_j) u_j) is that by u_i.  Nothing is kept of the products: each
 * vector's are made where they are wanted, for some of the others at a time.
 */
#include <math.h>

#include "core/layers/layer.h"

#define EPSILON 1e-7
#define SOME 64 /* vectors at a time */

/* Element k of vector i is p[i * next + k * stride]. */
typedef struct Vectors
{
	const nn_real *p;
	size_t n, size;
	size_t next, stride;
} Vectors;

/* Of one vector with some others. */
typedef struct Products
{
	size_t from, n;
	double dot[SOME]; /* of the unit vectors */
	double norm[SOME];
} Products;

static Vectors
vectors_of(const NNParam *param, const nn_real *p)
{
	size_t rows = (size_t) param->shape.dim[0];
	size_t columns = (size_t) param->shape.dim[1];

	if (param->regularizer.mode == NN_ROWS)
		return (Vectors){p, rows, columns, columns, 1};
	return (Vectors){p, columns, rows, 1, columns};
}

static double
norm_of(const Vectors *v, size_t i)
{
	double sum = 0;

	for (size_t k = 0; k < v->size; k++)
	{
		double w = (double) v->p[i * v->next + k * v->stride];

		sum += w * w;
	}
	return fmax(sqrt(sum), EPSILON);
}

/* In the order in which they lie: rows one by one, columns side by side. */
static void
multiply(const Vectors *v, size_t i, Products *with)
{
	const nn_real *own = v->p + i * v->next;
	const nn_real *others = v->p + with->from * v->next;
	bool rows = v->stride == 1;
	size_t outer = rows ? with->n : v->size;
	size_t inner = rows ? v->size : with->n;
	double norm = norm_of(v, i);

	for (size_t j = 0; j < with->n; j++)
		with->dot[j] = with->norm[j] = 0;
	for (size_t a = 0; a < outer; a++)
		for (size_t b = 0; b < inner; b++)
		{
			size_t j = rows ? a : b;
			size_t k = rows ? b : a;
			double w = (double) others[j * v->next + k * v->stride];

			with->dot[j] += w * (double) own[k * v->stride];
			with->norm[j] += w * w;
		}
	for (size_t j = 0; j < with->n; j++)
	{
		with->norm[j] = fmax(sqrt(with->norm[j]), EPSILON);
		with->dot[j] /= norm * with->norm[j];
	}
}

/* The vectors from `from` on, at most SOME. */
static Products
some(const Vectors *v, size_t from)
{
	return (Products){.from = from, .n = v->n - from < SOME ? v->n - from : SOME};
}

static double
by_pairs(const NNParam *param, const Vectors *v)
{
	return param->regularizer.orthogonal / ((double) v->n * ((double) v->n - 1) / 2);
}

double
nn_orthogonal_penalty(const NNParam *param, const nn_real *p)
{
	Vectors v = vectors_of(param, p);
	double sum = 0;

	for (size_t i = 0; i < v.n; i++)
		for (size_t from = i + 1; from < v.n; from += SOME)
		{
			Products with = some(&v, from);

			multiply(&v, i, &with);
			for (size_t j = 0; j < with.n; j++)
				sum += fabs(with.dot[j]);
		}
	return sum * by_pairs(param, &v);
}

size_t
nn_orthogonal_vectors(const NNParam *param)
{
	return vectors_of(param, NULL).n;
}

void
nn_orthogonal_gradient(const NNParam *param, const nn_real *p, size_t vector, double factor,
					   nn_real *g)
{
	Vectors v = vectors_of(param, p);
	double norm = norm_of(&v, vector);
	double common = 0;

	factor *= by_pairs(param, &v) / norm;
	for (size_t from = 0; from < v.n; from += SOME)
	{
		Products with = some(&v, from);

		multiply(&v, vector, &with);
		for (size_t j = 0; j < with.n; j++)
		{
			const nn_real *other = p + (from + j) * v.next;
			double sign = (double) ((with.dot[j] > 0) - (with.dot[j] < 0));

			if (from + j == vector)
				continue;
			common += fabs(with.dot[j]);
			for (size_t k = 0; k < v.size; k++)
				g[vector * v.next + k * v.stride] +=
					(nn_real) (factor * sign / with.norm[j] * (double) other[k * v.stride]);
		}
	}
	if (norm <= EPSILON)
		return; /* it is divided by epsilon, whatever its length */
	for (size_t k = 0; k < v.size; k++)
	{
		size_t at = vector * v.next + k * v.stride;

		g[at] -= (nn_real) (factor * common / norm * (double) p[at]);
	}
}
