/*
 * kernels_initializer.c
 *	  Initializers: ranges, deviations by the fans Keras computes, and matrices
 *	  that are orthogonal.
 */
#include <stdlib.h>
#include <string.h>

#include "core/kernels/kernels.h"
#include "unit.h"

#define MAX_VALUES 300000

static nn_real w[MAX_VALUES];
static nn_real scratch[MAX_VALUES];

typedef struct Moments
{
	size_t n;
	double mean, stddev, min, max;
} Moments;

static size_t
size_of(const int *dim, int rank)
{
	size_t n = 1;

	for (int i = 0; i < rank; i++)
		n *= (size_t) dim[i];
	return n;
}

static Moments
initialize(NNInitializer init, const int *dim, int rank, uint64_t seed)
{
	NNRandom random = nn_random(seed, 0);
	Moments m = {.n = size_of(dim, rank), .min = INFINITY, .max = -INFINITY};
	double squares = 0;

	for (size_t i = 0; i < m.n; i++)
		w[i] = (nn_real) NAN;
	nn_initialize(&init, w, dim, rank, scratch, &random);
	for (size_t i = 0; i < m.n; i++)
	{
		double x = (double) w[i];

		m.mean += x / (double) m.n;
		squares += x * x / (double) m.n;
		m.min = fmin(m.min, x);
		m.max = fmax(m.max, x);
		if (isnan(x))
			m.min = -INFINITY;
	}
	m.stddev = sqrt(squares - m.mean * m.mean);
	return m;
}

static void
check_constants(void)
{
	const int dim[] = {3, 4, 5};
	Moments m = initialize(nn_initializer_default(NN_INIT_ZEROS), dim, 3, 1);
	NNInitializer constant = nn_initializer_default(NN_INIT_CONSTANT);

	CHECK(m.min == 0 && m.max == 0, "zeros");
	m = initialize(nn_initializer_default(NN_INIT_ONES), dim, 3, 1);
	CHECK(m.min == 1 && m.max == 1, "ones");
	m = initialize(constant, dim, 3, 1);
	CHECK(m.min == 0 && m.max == 0, "constant is 0 by default");
	constant.a = -2.5;
	m = initialize(constant, dim, 3, 1);
	CHECK(m.min == -2.5 && m.max == -2.5, "constant");
}

/* stddev and the limit beyond which nothing may be (0: none) */
static void
check_moments(const char *name, NNInitializer init, const int *dim, int rank, double mean,
			  double stddev, double limit)
{
	Moments m = initialize(init, dim, rank, 11);
	double error = 5 * stddev / sqrt((double) m.n);

	CHECK(fabs(m.mean - mean) < error, "%s: mean %.5f, expected %.5f", name, m.mean, mean);
	CHECK(fabs(m.stddev - stddev) < error, "%s: stddev %.5f, expected %.5f", name, m.stddev,
		  stddev);
	if (limit > 0)
		CHECK(m.max <= mean + limit * 1.000001 && m.min >= mean - limit * 1.000001 &&
				  m.max > mean + 0.98 * limit && m.min < mean - 0.98 * limit,
			  "%s: within %.5f and close to it: %.5f, %.5f", name, limit, m.min, m.max);
}

static void
check_plain_distributions(void)
{
	const int dim[] = {300, 200};
	const double cut = 0.87962566103423978; /* stddev of a normal variable within 2 */
	NNInitializer init = nn_initializer_default(NN_INIT_RANDOM_NORMAL);

	check_moments("random_normal", init, dim, 2, 0, 0.05, 0);
	init = (NNInitializer){.kind = NN_INIT_RANDOM_NORMAL, .a = 3, .b = 2};
	check_moments("random_normal(3, 2)", init, dim, 2, 3, 2, 0);
	init = nn_initializer_default(NN_INIT_RANDOM_UNIFORM);
	check_moments("random_uniform", init, dim, 2, 0, 0.1 / sqrt(12), 0.05);
	init = (NNInitializer){.kind = NN_INIT_RANDOM_UNIFORM, .a = 1, .b = 5};
	check_moments("random_uniform(1, 5)", init, dim, 2, 3, 4 / sqrt(12), 2);
	init = nn_initializer_default(NN_INIT_TRUNCATED_NORMAL);
	check_moments("truncated_normal", init, dim, 2, 0, 0.05 * cut, 0.1);
	init = (NNInitializer){.kind = NN_INIT_TRUNCATED_NORMAL, .a = -1, .b = 0.5};
	check_moments("truncated_normal(-1, 0.5)", init, dim, 2, -1, 0.5 * cut, 1);
}

/* The scaled family over one shape with the fans that Keras gives it. */
static void
check_fans(const int *dim, int rank, double in, double out)
{
	const struct
	{
		NNInitializerKind kind;
		double variance;
		bool uniform;
	} family[] = {
		{NN_INIT_GLOROT_UNIFORM, 2 / (in + out), true},
		{NN_INIT_GLOROT_NORMAL, 2 / (in + out), false},
		{NN_INIT_HE_UNIFORM, 2 / in, true},
		{NN_INIT_HE_NORMAL, 2 / in, false},
		{NN_INIT_LECUN_UNIFORM, 1 / in, true},
		{NN_INIT_LECUN_NORMAL, 1 / in, false},
	};

	for (int i = 0; i < 6; i++)
	{
		char name[64];
		double stddev = sqrt(family[i].variance);

		snprintf(name, sizeof(name), "kind %d of rank %d", (int) family[i].kind, rank);
		check_moments(name, nn_initializer_default(family[i].kind), dim, rank, 0, stddev,
					  family[i].uniform ? stddev * sqrt(3) : stddev * 2 / 0.87962566103423978);
	}
}

static void
check_scaling(const int *dim, int rank, double in, double out)
{
	const double fans[] = {in, out, (in + out) / 2};

	for (int mode = NN_FAN_IN; mode <= NN_FAN_AVG; mode++)
		for (int distribution = NN_TRUNCATED_NORMAL; distribution <= NN_UNIFORM; distribution++)
		{
			double stddev = sqrt(3 / fans[mode]);
			NNInitializer init = {.kind = NN_INIT_VARIANCE_SCALING,
								  .a = 3,
								  .mode = mode,
								  .distribution = distribution};
			char name[64];

			snprintf(name, sizeof(name), "scaled by %s, %s", nn_fan_words[mode].name,
					 nn_distribution_words[distribution].name);
			check_moments(name, init, dim, rank, 0, stddev,
						  distribution == NN_UNIFORM ? stddev * sqrt(3)
							  : distribution == NN_TRUNCATED_NORMAL
							  ? stddev * 2 / 0.87962566103423978
							  : 0);
		}
}

/*
 * Of a (rows, cols) matrix the shorter side's vectors: the worst of
 * |dot product - (same ? gain^2 : 0)|.
 */
static double
worst_product(size_t rows, size_t cols, double gain)
{
	size_t count = rows < cols ? rows : cols;
	size_t n = rows < cols ? cols : rows;
	size_t vector = rows < cols ? cols : 1;
	size_t element = rows < cols ? 1 : cols;
	double worst = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j <= i; j++)
		{
			double sum = i == j ? -gain * gain : 0;

			for (size_t p = 0; p < n; p++)
				sum += (double) w[i * vector + p * element] * (double) w[j * vector + p * element];
			worst = fmax(worst, fabs(sum));
		}
	return worst;
}

static void
check_orthogonal(void)
{
	static const int shapes[][4] = {{64, 64}, {64, 256}, {200, 30},	   {1, 5},
									{5, 1},	  {1, 1},	 {3, 3, 8, 16}};
	static const int ranks[] = {2, 2, 2, 2, 2, 2, 4};
	const double tolerance = sizeof(nn_real) == 8 ? 1e-13 : 2e-6;
	NNInitializer init = nn_initializer_default(NN_INIT_ORTHOGONAL);
	double corner = 0;

	CHECK(init.a == 1, "the gain of orthogonal is 1");
	for (int i = 0; i < 7; i++)
	{
		size_t cols = (size_t) shapes[i][ranks[i] - 1];
		size_t rows = size_of(shapes[i], ranks[i]) / cols;
		double worst;

		initialize(init, shapes[i], ranks[i], (uint64_t) i);
		worst = worst_product(rows, cols, 1);
		CHECK(worst < tolerance, "orthogonal (%zu, %zu): worst product %.2g", rows, cols, worst);
	}
	init.a = 2.5;
	initialize(init, shapes[1], 2, 5);
	CHECK(worst_product(64, 256, 2.5) < 10 * tolerance, "orthogonal with a gain");
	/* uniform over rotations and reflections: each element has mean 0, square 1 / n */
	init.a = 1;
	for (uint64_t seed = 0; seed < 4000; seed++)
	{
		initialize(init, (const int[]){3, 3}, 2, seed);
		corner += (double) w[0] / 4000;
	}
	CHECK(fabs(corner) < 0.04, "orthogonal has no preferred sign: mean %.3f", corner);
}

static void
check_identity(void)
{
	const int dim[] = {3, 5};
	NNInitializer init = nn_initializer_default(NN_INIT_IDENTITY);
	bool right = true;

	init.a *= 3;
	initialize(init, dim, 2, 1);
	for (int i = 0; i < 15; i++)
		right = right && w[i] == (i / 5 == i % 5 ? 3 : 0);
	CHECK(right, "identity with gain 3");
}

static void
check_repeatable(void)
{
	const int dim[] = {40, 30};
	nn_real first[1200];
	NNInitializer init = nn_initializer_default(NN_INIT_GLOROT_UNIFORM);

	initialize(init, dim, 2, 77);
	memcpy(first, w, sizeof(first));
	initialize(init, dim, 2, 77);
	CHECK(memcmp(first, w, sizeof(first)) == 0, "one seed, one matrix");
	initialize(init, dim, 2, 78);
	CHECK(memcmp(first, w, sizeof(first)) != 0, "another seed, another matrix");
}

static void
check_words(void)
{
	bool seen[NN_INIT_VARIANCE_SCALING + 1] = {false};
	bool all = true;
	int zero = -1;

	for (const NNWord *word = nn_initializer_words; word->name != NULL; word++)
	{
		seen[word->value] = true;
		if (strcmp(word->name, "zero") == 0)
			zero = word->value;
	}
	for (int i = 0; i <= NN_INIT_VARIANCE_SCALING; i++)
		all = all && seen[i];
	CHECK(all, "each initializer has a name");
	CHECK(zero == NN_INIT_ZEROS, "zero is zeros");
}

int
main(void)
{
	check_words();
	check_constants();
	check_plain_distributions();
	check_fans((const int[]){60000}, 1, 60000, 60000);
	check_fans((const int[]){400, 100}, 2, 400, 100);
	check_fans((const int[]){5, 40, 80}, 3, 200, 400);
	check_fans((const int[]){3, 3, 40, 80}, 4, 360, 720);
	check_scaling((const int[]){3, 3, 40, 80}, 4, 360, 720);
	check_orthogonal();
	check_identity();
	check_repeatable();
	return unit_done();
}
