/*
 * noise.c
 *	  Random numbers by the array, in loops that vectorise.
 *
 * Normal ones by Box and Muller: a radius and an angle give two of them.  A
 * radius comes from 32 random bits, so none is longer than 6.8.
 */
#include "core/kernels/noise.h"

#include "core/kernels/math_inline.h"

#define PAIRS 64 /* at a time, on the stack */

/* 32 random bits as a number within [-1/2, 1/2). */
NN_INLINE nn_real
centered(uint64_t seed, uint32_t i)
{
	return (nn_real) (int32_t) nn_hash32(seed, i) * (nn_real) 0x1p-32;
}

/*
 * Sine and cosine of t half turns, t within [-1/2, 1/2): Taylor's series, whose
 * error there is below one part in ten million.
 */
NN_INLINE void
half_turns(nn_real t, nn_real *sine, nn_real *cosine)
{
	nn_real x = t * (nn_real) 3.14159265358979324;
	nn_real xx = x * x;
	nn_real s = (nn_real) (-1.0 / 39916800);
	nn_real c = (nn_real) (1.0 / 479001600);

	s = s * xx + (nn_real) (1.0 / 362880);
	s = s * xx - (nn_real) (1.0 / 5040);
	s = s * xx + (nn_real) (1.0 / 120);
	s = s * xx - (nn_real) (1.0 / 6);
	*sine = s * xx * x + x;
	c = c * xx - (nn_real) (1.0 / 3628800);
	c = c * xx + (nn_real) (1.0 / 40320);
	c = c * xx - (nn_real) (1.0 / 720);
	c = c * xx + (nn_real) (1.0 / 24);
	c = c * xx - (nn_real) 0.5;
	*cosine = c * xx + 1;
}

/* Pair j of standard normal numbers. */
NN_INLINE void
normal_pair(uint64_t seed, uint32_t j, nn_real *first, nn_real *second)
{
	/* 0 would have no logarithm, and numbers next to it are rounded to it */
	nn_real u = nn_at_least(centered(seed, 2 * j) + (nn_real) 0.5, (nn_real) 0x1p-33);
	nn_real radius = nn_sqrt(nn_at_least(-2 * nn_log(u), 0));
	nn_real s, c;

	/* twice the angle: sin 2a = 2 sin a cos a, cos 2a = 1 - 2 sin^2 a */
	half_turns(centered(seed, 2 * j + 1), &s, &c);
	*first = radius * (1 - 2 * s * s);
	*second = radius * (2 * s * c);
}

static NN_HOT(void, fill_pairs,
			  (nn_real *restrict first, nn_real *restrict second, uint64_t seed, uint32_t from),
			  (first, second, seed, from))
{
	for (uint32_t j = 0; j < PAIRS; j++)
		normal_pair(seed, from + j, &first[j], &second[j]);
}

void
nn_fill_normal(nn_real *y, size_t n, uint64_t seed)
{
	nn_real first[PAIRS];
	nn_real second[PAIRS];

	for (size_t at = 0; at < n; at += 2 * PAIRS)
	{
		size_t m = n - at < 2 * PAIRS ? n - at : 2 * PAIRS;

		fill_pairs(first, second, seed, (uint32_t) (at / 2));
		for (size_t i = 0; i < m; i++)
			y[at + i] = i % 2 == 0 ? first[i / 2] : second[i / 2];
	}
}

NN_HOT(void, nn_fill_uniform, (nn_real *restrict y, size_t n, uint64_t seed), (y, n, seed))
{
	for (size_t i = 0; i < n; i++)
		y[i] = 2 * centered(seed, (uint32_t) i);
}
