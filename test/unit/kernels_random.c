/*
 * kernels_random.c
 *	  Random numbers: repeatable by place, distributed as said, streams apart.
 */
#include <stdlib.h>
#include <string.h>

#include "core/kernels/kernels.h"
#include "unit.h"

#define DRAWS 200000

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *) a;
	double y = *(const double *) b;

	return (x > y) - (x < y);
}

/*
 * Kolmogorov and Smirnov's distance times sqrt(n) of draws from a distribution:
 * above 2.2 once in 8,000 times if they are from it.
 */
static double
distance(double *draws, int n, double (*distribution)(double x))
{
	double worst = 0;

	qsort(draws, (size_t) n, sizeof(double), compare_doubles);
	for (int i = 0; i < n; i++)
	{
		double p = distribution(draws[i]);

		worst = fmax(worst, fmax(fabs(p - (double) i / n), fabs(p - (i + 1.0) / n)));
	}
	return worst * sqrt(n);
}

static double
uniform(double x)
{
	return fmin(fmax(x, 0), 1);
}

static double
normal(double x)
{
	return 0.5 * erfc(-x / sqrt(2));
}

static void
check_place(void)
{
	NNRandom a = nn_random(1, 2);
	NNRandom b = nn_random(1, 2);
	uint64_t tenth = 0;

	for (int i = 0; i < 10; i++)
		tenth = nn_random_bits(&a);
	b.counter = 9;
	CHECK(nn_random_bits(&b) == tenth, "a draw depends on its place only");
	CHECK(a.counter == 10 && b.counter == 10, "draws are counted");
	b = nn_random(1, 3);
	b.counter = 9;
	CHECK(nn_random_bits(&b) != tenth, "another stream draws otherwise");
	b = nn_random(2, 2);
	b.counter = 9;
	CHECK(nn_random_bits(&b) != tenth, "another seed draws otherwise");
}

/* Of streams and seeds that differ in one bit, about half of the bits differ. */
static void
check_avalanche(void)
{
	double worst = 0;

	for (int argument = 0; argument < 4; argument++)
		for (int bit = 0; bit < 64; bit++)
		{
			int differ = 0;

			for (uint64_t i = 0; i < 200; i++)
			{
				uint64_t v[4] = {i, i * 3, i * 5, i * 7};
				uint64_t first = nn_mix(v[0], v[1], v[2], v[3]);

				v[argument] ^= UINT64_C(1) << bit;
				differ += __builtin_popcountll(first ^ nn_mix(v[0], v[1], v[2], v[3]));
			}
			worst = fmax(worst, fabs(differ / (200 * 64.0) - 0.5));
		}
	CHECK(worst < 0.03, "one bit of a seed changes half of a mix: %.3f off", worst);
}

static void
check_distributions(void)
{
	static double draws[DRAWS];
	static double pairs[DRAWS];
	NNRandom r = nn_random(5, 0);
	NNRandom s = nn_random(5, 1);
	double sum = 0;
	double fourth = 0;
	double correlation = 0;
	bool inside = true;

	for (int i = 0; i < DRAWS; i++)
	{
		draws[i] = nn_random_uniform(&r);
		pairs[i] = nn_random_uniform(&s);
		inside = inside && draws[i] >= 0 && draws[i] < 1;
		correlation += (draws[i] - 0.5) * (pairs[i] - 0.5) * 12 / DRAWS;
		if (i > 0)
			sum += (draws[i] - 0.5) * (draws[i - 1] - 0.5) * 12 / DRAWS;
	}
	CHECK(inside, "uniform numbers are in [0, 1)");
	CHECK(fabs(sum) < 0.01, "one after the other: correlation %.4f", sum);
	CHECK(fabs(correlation) < 0.01, "two streams: correlation %.4f", correlation);
	CHECK(distance(draws, DRAWS, uniform) < 2.2, "uniform: distance %.2f",
		  distance(draws, DRAWS, uniform));

	for (int i = 0; i < DRAWS; i++)
	{
		draws[i] = nn_random_normal(&r);
		fourth += pow(draws[i], 4) / DRAWS;
	}
	CHECK(distance(draws, DRAWS, normal) < 2.2, "normal: distance %.2f",
		  distance(draws, DRAWS, normal));
	CHECK_CLOSE(fourth, 3.0, 0.15);
}

static void
check_below(void)
{
	NNRandom r = nn_random(9, 0);
	int count[7] = {0};
	uint64_t huge = (UINT64_C(1) << 63) + 1;
	double chi = 0;
	int upper = 0;

	for (int i = 0; i < 70000; i++)
		count[nn_random_below(&r, 7)]++;
	for (int i = 0; i < 7; i++)
		chi += pow(count[i] - 10000, 2) / 10000;
	CHECK(chi < 27.9, "below 7: chi squared %.1f of 6", chi); /* p 0.0001 */
	CHECK(nn_random_below(&r, 1) == 0 && nn_random_below(&r, 0) == 0, "below 1 is 0");
	/* without drawing again, the lower half would come up twice as often */
	for (int i = 0; i < 10000; i++)
	{
		uint64_t x = nn_random_below(&r, huge);

		upper += x >= huge / 2;
		if (x >= huge)
			upper = -100000;
	}
	CHECK(abs(upper - 5000) < 250, "below 2^63 + 1: %d of 10000 in the upper half", upper);
}

/* nn_hash32 by element, as dropout draws */
static void
check_hash(void)
{
	static double draws[DRAWS];
	uint64_t seed = nn_mix(3, 1, 4, 1);
	double correlation = 0;

	for (int i = 0; i < DRAWS; i++)
	{
		double neighbour = nn_hash32(nn_mix(3, 1, 4, 2), (uint32_t) i) * 0x1p-32;

		draws[i] = nn_hash32(seed, (uint32_t) i) * 0x1p-32;
		correlation += (draws[i] - 0.5) * (neighbour - 0.5) * 12 / DRAWS;
	}
	CHECK(distance(draws, DRAWS, uniform) < 2.2, "hash: distance %.2f",
		  distance(draws, DRAWS, uniform));
	CHECK(fabs(correlation) < 0.01, "hashes of neighbouring samples: correlation %.4f",
		  correlation);
}

int
main(void)
{
	check_place();
	check_avalanche();
	check_distributions();
	check_below();
	check_hash();
	return unit_done();
}
