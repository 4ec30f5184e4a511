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

#define BLOCK 64  /* rows made orthogonal to others at a time */
#define LOOK 4096 /* numbers drawn in some 100 us */
#define SQUARE 32

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
	{"variance_scaling", NN_INIT_VARIANCE_SCALING},
	{NULL, 0},
};

const NNWord nn_fan_words[] = {
	{"fan_in", NN_FAN_IN},
	{"fan_out", NN_FAN_OUT},
	{"fan_avg", NN_FAN_AVG},
	{NULL, 0},
};

const NNWord nn_distribution_words[] = {
	{"truncated_normal", NN_TRUNCATED_NORMAL},
	{"untruncated_normal", NN_UNTRUNCATED_NORMAL},
	{"uniform", NN_UNIFORM},
	{"normal", NN_TRUNCATED_NORMAL},
	{NULL, 0},
};

/* The family of Glorot, He and LeCun: each a variance that is scaled. */
static NNInitializer
scaling(NNInitializerKind kind, double scale, NNFan mode, NNDistribution distribution)
{
	return (NNInitializer){
		.kind = kind, .a = scale, .mode = (int) mode, .distribution = (int) distribution};
}

NNInitializer
nn_initializer_default(NNInitializerKind kind)
{
	NNInitializer init = {.kind = kind};

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
		case NN_INIT_GLOROT_UNIFORM:
			return scaling(kind, 1, NN_FAN_AVG, NN_UNIFORM);
		case NN_INIT_GLOROT_NORMAL:
			return scaling(kind, 1, NN_FAN_AVG, NN_TRUNCATED_NORMAL);
		case NN_INIT_HE_UNIFORM:
			return scaling(kind, 2, NN_FAN_IN, NN_UNIFORM);
		case NN_INIT_HE_NORMAL:
			return scaling(kind, 2, NN_FAN_IN, NN_TRUNCATED_NORMAL);
		case NN_INIT_LECUN_UNIFORM:
			return scaling(kind, 1, NN_FAN_IN, NN_UNIFORM);
		case NN_INIT_LECUN_NORMAL:
		case NN_INIT_VARIANCE_SCALING:
			return scaling(kind, 1, NN_FAN_IN, NN_TRUNCATED_NORMAL);
		default:
			break;
	}
	return init;
}

/* Now and then while numbers are drawn: whether to leave the rest. */
static bool
leave(size_t drawn)
{
	return drawn % LOOK == 0 && nn_pool_stopping();
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
	for (size_t i = 0; i < n && !leave(i); i++)
		w[i] = (nn_real) (low + (high - low) * nn_random_uniform(random));
}

static void
fill_normal(nn_real *w, size_t n, double mean, double stddev, NNRandom *random)
{
	for (size_t i = 0; i < n && !leave(i); i++)
		w[i] = (nn_real) (mean + stddev * nn_random_normal(random));
}

/* What falls outside of two standard deviations is drawn again. */
static void
fill_truncated(nn_real *w, size_t n, double mean, double stddev, NNRandom *random)
{
	for (size_t i = 0; i < n && !leave(i); i++)
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

/* Variance scale / fan. */
static void
fill_scaled(const NNInitializer *init, nn_real *w, size_t n, const int *dim, int rank,
			NNRandom *random)
{
	double fan_in;
	double fan_out;
	double fan;
	double variance;

	compute_fans(dim, rank, &fan_in, &fan_out);
	fan = init->mode == NN_FAN_IN  ? fan_in
		: init->mode == NN_FAN_OUT ? fan_out
								   : (fan_in + fan_out) / 2;
	variance = init->a / fmax(1, fan);
	if (init->distribution == NN_UNIFORM)
	{
		double limit = sqrt(3 * variance);

		fill_uniform(w, n, -limit, limit, random);
	}
	else if (init->distribution == NN_TRUNCATED_NORMAL)
		fill_truncated(w, n, 0, sqrt(variance) / TRUNCATED_STDDEV, random);
	else
		fill_normal(w, n, 0, sqrt(variance), random);
}

/* Make rows (m, n) orthogonal to others (k, n), orthonormal; twice, since once leaves too much. */
static void
take_out(nn_real *rows, size_t m, const nn_real *others, size_t k, size_t n, nn_real *products)
{
	for (int pass = 0; pass < 2; pass++)
	{
		nn_gemm(false, true, (int) m, (int) k, (int) n, 1, rows, (int) n, others, (int) n, 0,
				products, (int) k);
		nn_gemm(false, false, (int) m, (int) n, (int) k, -1, products, (int) k, others, (int) n, 1,
				rows, (int) n);
	}
}

/*
 * Make the rows of v (count, n), count <= n, orthonormal by Gram and Schmidt's
 * process, a block at a time; products has room for a block by count.  It is the
 * QR factorization whose R has a positive diagonal, which makes Q uniform.
 */
static void
orthonormalize(nn_real *v, size_t count, size_t n, nn_real *products, NNRandom *random)
{
	for (size_t block = 0; block < count; block += BLOCK)
	{
		const size_t end = block + BLOCK < count ? block + BLOCK : count;

		fill_normal(v + block * n, (end - block) * n, 0, 1, random);
		take_out(v + block * n, end - block, v, block, n, products);
		for (size_t i = block, from = block; i < end && !nn_pool_stopping();)
		{
			nn_real *row = v + i * n;
			double norm;

			take_out(row, 1, v + from * n, i - from, n, products);
			norm = sqrt(nn_sum_squares(row, n));
			if (norm > 1e-3 * sqrt((double) n))
			{
				nn_scale(row, (nn_real) (1 / norm), n);
				from = block;
				i++;
				continue;
			}
			/* almost a combination of the others: draw it anew */
			fill_normal(row, n, 0, 1, random);
			from = 0;
		}
		if (nn_pool_stopping())
			return;
	}
}

/* w (rows, cols) = gain times v transposed, in squares that stay in cache. */
static void
transpose(nn_real *w, const nn_real *v, size_t rows, size_t cols, nn_real gain)
{
	for (size_t i = 0; i < rows && !nn_pool_stopping(); i += SQUARE)
		for (size_t j = 0; j < cols; j += SQUARE)
			for (size_t r = i; r < i + SQUARE && r < rows; r++)
				for (size_t c = j; c < j + SQUARE && c < cols; c++)
					w[r * cols + c] = gain * v[c * rows + r];
}

/* w (rows, cols): the shorter side's vectors are orthonormal, times gain. */
static void
fill_orthogonal(nn_real *w, size_t rows, size_t cols, double gain, nn_real *scratch,
				NNRandom *random)
{
	if (rows < cols)
	{
		orthonormalize(w, rows, cols, scratch, random);
		nn_scale(w, (nn_real) gain, rows * cols);
	}
	else
	{
		orthonormalize(scratch, cols, rows, w, random);
		transpose(w, scratch, rows, cols, (nn_real) gain);
	}
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
			fill_scaled(init, w, n, dim, rank, random);
			break;
	}
}
