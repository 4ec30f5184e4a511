/*
 * random.c
 *	  Random numbers by counting: draw number c of a stream is a hash of
 *	  (seed, stream, c) and nothing else, so results do not depend on threads.
 *
 * Not for cryptography.
 */
#include <math.h>

#include "core/kernels/kernels.h"

#define TWO_PI 6.283185307179586477

/* A bijection of 64 bits in which each input bit changes half of the output's. */
static uint64_t
scramble(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xBF58476D1CE4E5B9);
	x ^= x >> 27;
	x *= UINT64_C(0x94D049BB133111EB);
	x ^= x >> 31;
	return x;
}

/* Steps of the golden ratio keep small arguments, and zeros, apart. */
uint64_t
nn_mix(uint64_t seed, uint64_t a, uint64_t b, uint64_t c)
{
	const uint64_t golden = UINT64_C(0x9E3779B97F4A7C15);
	uint64_t h = scramble(seed + golden);

	h = scramble((h ^ a) + golden);
	h = scramble((h ^ b) + golden);
	return scramble((h ^ c) + golden);
}

NNRandom
nn_random(uint64_t seed, uint64_t stream)
{
	return (NNRandom){.seed = seed, .stream = stream, .counter = 0};
}

uint64_t
nn_random_bits(NNRandom *r)
{
	return nn_mix(r->seed, r->stream, r->counter++, 0);
}

double
nn_random_uniform(NNRandom *r)
{
	return (double) (nn_random_bits(r) >> 11) * 0x1p-53;
}

/* Box and Muller's, the sine left unused: two draws a number, always. */
double
nn_random_normal(NNRandom *r)
{
	double u = 1.0 - nn_random_uniform(r); /* not 0 */
	double angle = TWO_PI * nn_random_uniform(r);

	return sqrt(-2.0 * log(u)) * cos(angle);
}

/* Numbers of the last, incomplete stretch of n are drawn again. */
uint64_t
nn_random_below(NNRandom *r, uint64_t n)
{
	uint64_t bits;
	uint64_t rest;

	if (n < 2)
		return 0;
	do
	{
		bits = nn_random_bits(r);
		rest = bits % n;
	} while (bits - rest > UINT64_MAX - n + 1);
	return rest;
}
