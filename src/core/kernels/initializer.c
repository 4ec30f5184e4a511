/*
 * initializer.c
 *	  First values of weights, as Keras 3 draws them (not with its numbers).
 *
 * Fans: of (n) both are n; of (in, out) in and out; of a convolution's
 * (..., in, out) these times the product of what comes before.
 */
#include <math.h>

#include "core/kernels/kernels.h"

/* Standard deviation of a normal variable cut off at two of its own. */
#define TRUNCATED_STDDEV 0.87962566103423978

const NNWord nn_initializer_words[] = {
	{"zeros", NN_INIT_ZEROS},
	{"zero", NN_INIT_ZEROS},
	{"ones", NN_INIT_ONES},
	{"one", NN_INIT_ONES},
	{"constant", NN_INIT_CONSTANT},
	{"random_normal", NN_INIT_RANDOM_NORMAL},
	{"normal", NN_INIT_RANDOM_NORMAL},
	{"random_uniform", NN_INIT_RANDOM_UNIFORM},
	{"uniform", NN_INIT_RANDOM_UNIFORM},
	{"truncated_normal", NN_INIT_TRUNCATED_NORMAL},
	{"glorot_uniform", NN_INIT_GLOROT_UNIFORM},
	{"glorot_normal", NN_INIT_GLOROT_NORMAL},
	{"he_uniform", NN_INIT_HE_UNIFORM},
	{"he_normal", NN_INIT_HE_NORMAL},
	{"lecun_uniform", NN_INIT_LECUN_UNIFORM},
	{"lecun_normal", NN_INIT_LECUN_NORMAL},
	{"orthogonal", NN_INIT_ORTHOGONAL},
	{"identity", NN_INIT_IDENTITY},
	{NULL, 0},
};

NNInitializer
nn_initializer_default(NNInitializerKind kind)
{
	NNInitializer init = {.kind = kind, .a = 0, .b = 0};

	switch (kind)
	{
		case NN_INIT_RANDOM_NORMAL:
		case NN_INIT_TRUNCATED_NORMAL:
			init.b = 0.05;
			break;
		case NN_INIT_RANDOM_UNIFORM:
			init.a = -0.05;
			init.b = 0.05;
			break;
		case NN_INIT_ORTHOGONAL:
		case NN_INIT_IDENTITY:
			init.a = 1;
			break;
		default:
			break;
	}
	return init;
}

static void
fill(nn_real *w, size_t n, double value)
{
	for (size_t i = 0; i < n; i++)
		w[i] = (nn_real) value;
}

static void
fill_uniform(nn_real *w, size_t n, double low, double high, NNRandom *random)
{
	for (size_t i = 0; i < n; i++)
		w[i] = (nn_real) (low + (high - low) * nn_random_uniform(random));
}

static void
fill_normal(nn_real *w, size_t n, double mean, double stddev, NNRandom *random)
{
	for (size_t i = 0; i < n; i++)
		w[i] = (nn_real) (mean + stddev * nn_random_normal(random));
}

/* What falls outside of two standard deviations is drawn again. */
static void
fill_truncated(nn_real *w, size_t n, double mean, double stddev, NNRandom *random)
{
	for (size_t i = 0; i < n; i++)
	{
		double x;

		do
			x = nn_random_normal(random);
		while (fabs(x) > 2.0);
		w[i] = (nn_real) (mean + stddev * x);
	}
}

static void
compute_fans(const int *dim, int rank, double *fan_in, double *fan_out)
{
	double field = 1;

	for (int i = 0; i < rank - 2; i++)
		field *= dim[i];
	*fan_in = rank < 1 ? 1 : rank == 1 ? dim[0] : field * dim[rank - 2];
	*fan_out = rank < 1 ? 1 : field * dim[rank - 1];
}

/* Variance 1 / fan times scale: the family of Glorot, He and LeCun. */
static void
fill_scaled(NNInitializerKind kind, nn_real *w, size_t n, const int *dim, int rank,
			NNRandom *random)
{
	double fan_in;
	double fan_out;
	double variance;

	compute_fans(dim, rank, &fan_in, &fan_out);
	if (kind == NN_INIT_GLOROT_UNIFORM || kind == NN_INIT_GLOROT_NORMAL)
		variance = 1 / fmax(1, (fan_in + fan_out) / 2);
	else if (kind == NN_INIT_HE_UNIFORM || kind == NN_INIT_HE_NORMAL)
		variance = 2 / fmax(1, fan_in);
	else
		variance = 1 / fmax(1, fan_in);

	if (kind == NN_INIT_GLOROT_UNIFORM || kind == NN_INIT_HE_UNIFORM ||
		kind == NN_INIT_LECUN_UNIFORM)
	{
		double limit = sqrt(3 * variance);

		fill_uniform(w, n, -limit, limit, random);
	}
	else
		fill_truncated(w, n, 0, sqrt(variance) / TRUNCATED_STDDEV, random);
}

static NN_HOT double
dot(const nn_real *x, const nn_real *y, size_t n)
{
	double sum = 0;

#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < n; i++)
		sum += (double) x[i] * (double) y[i];
	return sum;
}

/*
 * Make the rows of v (count, n), count <= n, orthonormal by Gram and Schmidt's
 * process, twice for each row, since once leaves too much in float.  It is the
 * QR factorization whose R has a positive diagonal, which makes Q uniform.
 */
static void
orthonormalize(nn_real *v, size_t count, size_t n, NNRandom *random)
{
	for (size_t i = 0; i < count; i++)
	{
		nn_real *row = v + i * n;
		double before;
		double norm;

		do
		{
			fill_normal(row, n, 0, 1, random);
			before = sqrt(dot(row, row, n));
			for (int pass = 0; pass < 2; pass++)
				for (size_t j = 0; j < i; j++)
					nn_axpy(row, (nn_real) -dot(row, v + j * n, n), v + j * n, n);
			norm = sqrt(dot(row, row, n));
		} while (!(norm > 1e-3 * before)); /* almost a combination of the others */
		nn_scale(row, (nn_real) (1 / norm), n);
	}
}

/* w (rows, cols): the shorter side's vectors are orthonormal, times gain. */
static void
fill_orthogonal(nn_real *w, size_t rows, size_t cols, double gain, nn_real *scratch,
				NNRandom *random)
{
	if (rows < cols)
		orthonormalize(w, rows, cols, random);
	else
	{
		orthonormalize(scratch, cols, rows, random);
		for (size_t i = 0; i < rows; i++)
			for (size_t j = 0; j < cols; j++)
				w[i * cols + j] = scratch[j * rows + i];
	}
	nn_scale(w, (nn_real) gain, rows * cols);
}

void
nn_initialize(const NNInitializer *init, nn_real *w, const int *dim, int rank, nn_real *scratch,
			  NNRandom *random)
{
	size_t cols = rank > 0 ? (size_t) dim[rank - 1] : 1;
	size_t rows = 1;
	size_t n;

	for (int i = 0; i < rank - 1; i++)
		rows *= (size_t) dim[i];
	n = rows * cols;

	switch (init->kind)
	{
		case NN_INIT_ZEROS:
			nn_zero(w, n);
			break;
		case NN_INIT_ONES:
			fill(w, n, 1);
			break;
		case NN_INIT_CONSTANT:
			fill(w, n, init->a);
			break;
		case NN_INIT_RANDOM_NORMAL:
			fill_normal(w, n, init->a, init->b, random);
			break;
		case NN_INIT_RANDOM_UNIFORM:
			fill_uniform(w, n, init->a, init->b, random);
			break;
		case NN_INIT_TRUNCATED_NORMAL:
			fill_truncated(w, n, init->a, init->b, random);
			break;
		case NN_INIT_ORTHOGONAL:
			fill_orthogonal(w, rows, cols, init->a, scratch, random);
			break;
		case NN_INIT_IDENTITY:
			nn_zero(w, n);
			for (size_t i = 0; i < rows && i < cols; i++)
				w[i * cols + i] = (nn_real) init->a;
			break;
		default:
			fill_scaled(init->kind, w, n, dim, rank, random);
			break;
	}
}
