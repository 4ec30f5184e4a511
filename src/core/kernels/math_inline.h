/*
 * math_inline.h
 *	  exp, tanh and their like, for loops that should vectorise.
 *
 * In float: short polynomials without branches or calls, so that a loop in an
 * NN_HOT function becomes vector code; errors are a few units in the last
 * place.  In double (unit tests): libm.
 *
 * NaN gives NaN.  Large arguments saturate.  No result is denormal unless the
 * argument is: exp() is 0 below -86.99, a sigmoid below -87.
 */
#ifndef NN_MATH_INLINE_H
#define NN_MATH_INLINE_H

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/kernels/kernels.h"

/* Written so that a NaN in x comes through. */
NN_INLINE nn_real
nn_at_least(nn_real x, nn_real low)
{
	return x < low ? low : x;
}

NN_INLINE nn_real
nn_at_most(nn_real x, nn_real high)
{
	return x > high ? high : x;
}

/* NaN if either is. */
NN_INLINE nn_real
nn_larger(nn_real a, nn_real b)
{
	return a >= b || a != a ? a : b;
}

NN_INLINE nn_real
nn_smaller(nn_real a, nn_real b)
{
	return a <= b || a != a ? a : b;
}

#ifdef NN_DOUBLE

NN_INLINE nn_real
nn_abs(nn_real x)
{
	return fabs(x);
}

NN_INLINE nn_real
nn_sqrt(nn_real x)
{
	return sqrt(x);
}

NN_INLINE nn_real
nn_exp(nn_real x)
{
	return exp(x);
}

NN_INLINE nn_real
nn_expm1(nn_real x)
{
	return expm1(x);
}

NN_INLINE nn_real
nn_log(nn_real x)
{
	return log(x);
}

NN_INLINE nn_real
nn_sigmoid(nn_real x)
{
	return 1 / (1 + exp(-x));
}

NN_INLINE nn_real
nn_tanh(nn_real x)
{
	return tanh(x);
}

/* Phi(x), the share of the normal distribution below x; density is exp(-x^2 / 2). */
NN_INLINE nn_real
nn_normal_share(nn_real x, nn_real density)
{
	(void) density;
	return 0.5 * erfc(-x * 0.70710678118654752);
}

/* log(1 + exp(x)): softplus */
NN_INLINE nn_real
nn_log1p_exp(nn_real x)
{
	return nn_at_least(x, 0) + log1p(exp(-fabs(x)));
}

#else /* float */

NN_INLINE nn_real
nn_abs(nn_real x)
{
	return fabsf(x);
}

NN_INLINE nn_real
nn_sqrt(nn_real x)
{
	return sqrtf(x);
}

/*
 * Split x = n log 2 + r with |r| <= log(2) / 2.  Returns exp(r) - 1 and sets
 * *half to 2^(n-1), which is finite up to n = 128 and 0 at n = -126.
 *
 * Adding 1.5 * 2^23 rounds to an integer in the low bits of the significand;
 * adding the exponent's bias along with it makes them an exponent after one
 * shift.
 */
NN_INLINE float
nn_exp_parts(float x, float *half)
{
	const float shift = 12582912.0f + 126.0f;
	float t = x * 1.44269504f + shift;
	float n = t - shift;
	float r = (x - n * 0.693145752f) - n * 1.42860677e-6f;
	float p = 1.38825100e-3f;
	uint32_t bits;

	memcpy(&bits, &t, sizeof(bits));
	bits <<= 23;
	memcpy(half, &bits, sizeof(bits));

	p = p * r + 8.36658012e-3f;
	p = p * r + 4.16672006e-2f;
	p = p * r + 1.66665435e-1f;
	p = p * r + 4.99999970e-1f;
	return p * (r * r) + r;
}

/* exp(x) for x from -87 to 88.8 */
NN_INLINE float
nn_exp_limited(float x)
{
	float half;
	float q = nn_exp_parts(x, &half);

	return (2.0f * q + 2.0f) * half;
}

/* exp(x) - 1, accurate near 0, for x from -20 to 88.8 */
NN_INLINE float
nn_expm1_limited(float x)
{
	float half;
	float q = nn_exp_parts(x, &half);

	return 2.0f * (q * half + (half - 0.5f));
}

NN_INLINE nn_real
nn_exp(nn_real x)
{
	return nn_exp_limited(nn_at_most(nn_at_least(x, -87.0f), 88.8f));
}

NN_INLINE nn_real
nn_expm1(nn_real x)
{
	return nn_expm1_limited(nn_at_most(nn_at_least(x, -20.0f), 88.8f));
}

/*
 * x within [-most, most].  Of two limits one after the other GCC makes three
 * times as many instructions for AVX-512, which then take longer than the rest
 * of a sigmoid.
 */
NN_INLINE float
nn_within(float x, float most)
{
	return fabsf(x) > most ? copysignf(most, x) : x;
}

NN_INLINE nn_real
nn_sigmoid(nn_real x)
{
	float y = 1.0f / (1.0f + nn_exp_limited(nn_within(-x, 87.0f)));

	return x < -87.0f ? 0.0f : y;
}

/* tanh(x) = (e^2x - 1) / (e^2x + 1); tanh(10) is 1 to the last bit */
NN_INLINE nn_real
nn_tanh(nn_real x)
{
	float e = nn_expm1_limited(nn_within(2.0f * x, 20.0f));

	return e / (e + 2.0f);
}

/*
 * log(x) = e log 2 + 2 atanh(w), w = (m - 1) / (m + 1), x = 2^e m with m
 * between the square roots of 1/2 and 2.
 */
NN_INLINE nn_real
nn_log(nn_real x)
{
	float scaled = x < FLT_MIN ? x * 8388608.0f : x;
	float e = x < FLT_MIN ? -23.0f : 0.0f;
	uint32_t bits;
	int32_t exponent;
	float m;
	float w;
	float w2;
	float y;

	memcpy(&bits, &scaled, sizeof(bits));
	exponent = (int32_t) (bits - 0x3F3504F3u) >> 23;
	bits -= (uint32_t) exponent << 23;
	memcpy(&m, &bits, sizeof(m));
	e += (float) exponent;

	w = (m - 1.0f) / (m + 1.0f);
	w2 = w * w;
	y = (0.298713624f * w2 + 0.399775594f) * w2 + 0.666667759f;
	y = y * w2 * w + 2.0f * w;
	y = e * 0.693145752f + (e * 1.42860677e-6f + y);

	y = x > FLT_MAX || x != x ? x : y;
	y = x == 0.0f ? -INFINITY : y;
	return x < 0.0f ? NAN : y;
}

/*
 * Phi(x), the share of the normal distribution below x; density is exp(-x^2 / 2).
 * Phi(-a) = density p(1 / (1 + 0.3 a)) keeps its digits far out, where 1 - erf(a)
 * has none left; the polynomial is a minimax one of the relative error.
 */
NN_INLINE nn_real
nn_normal_share(nn_real x, nn_real density)
{
	float u = 1.0f / (1.0f + 0.3f * nn_abs(x));
	float p = 0.0383780301f;
	float beyond;

	p = p * u - 0.169164985f;
	p = p * u + 0.228658035f;
	p = p * u - 0.0765044317f;
	p = p * u + 0.142534301f;
	p = p * u + 0.0946839675f;
	p = p * u + 0.121920243f;
	p = p * u + 0.119487703f;
	p = p * u + 7.16832756e-06f;
	beyond = p * density;
	return x < 0 ? beyond : 1.0f - beyond;
}

/* log(1 + exp(x)) = max(x, 0) + 2 atanh(u / (2 + u)), u = exp(-|x|): softplus */
NN_INLINE nn_real
nn_log1p_exp(nn_real x)
{
	float u = nn_exp(-nn_abs(x));
	float w = u / (2.0f + u);
	float w2 = w * w;
	float p = 2.42895544e-1f;

	p = p * w2 + 2.14307413e-1f;
	p = p * w2 + 2.86165953e-1f;
	p = p * w2 + 3.99988890e-1f;
	p = p * w2 + 6.66666746e-1f;
	return nn_at_least(x, 0.0f) + (p * w2 * w + 2.0f * w);
}

#endif /* float */

#endif /* NN_MATH_INLINE_H */
