/*
 * moments.c
 *	  Steps of Adam: moving averages of a gradient and of its square, and the way
 *	  that parameters go by their ratio.
 *
 * With AVX-512 a root and a division of 16 lanes take the divider some 30 cycles,
 * more than reading and writing the arrays from the second cache level: the root
 * is there an estimate of 14 bits and a step of Newton's, right to the last bit or
 * the one before it.
 */
#include "core/kernels/moments.h"

#include "core/kernels/backend.h"
#include "core/kernels/math_inline.h"

NN_INLINE void
step_loop(const NNMomentStep *step, nn_real *restrict p, nn_real *restrict m, nn_real *restrict v,
		  nn_real *restrict most, const nn_real *restrict g, const nn_real *restrict squares,
		  size_t n)
{
	const nn_real alpha = step->alpha, a = step->a, b = step->b, epsilon = step->epsilon;
	const nn_real scale = step->scale;

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		const nn_real slope = g[i] * scale;
		nn_real of;

		m[i] += (slope - m[i]) * a;
		v[i] += ((squares != NULL ? squares[i] : slope * slope) - v[i]) * b;
		of = v[i];
		if (most != NULL)
		{
			most[i] = most[i] > of ? most[i] : of;
			of = most[i];
		}
		p[i] -= m[i] * alpha / (nn_sqrt(of) + epsilon);
	}
}

static NN_HOT(void, step_by_loops,
			  (const NNMomentStep *step, nn_real *p, nn_real *m, nn_real *v, nn_real *most,
			   const nn_real *g, const nn_real *squares, size_t n),
			  (step, p, m, v, most, g, squares, n))
{
	/* a loop of its own for each case */
	if (most == NULL && squares == NULL)
		step_loop(step, p, m, v, NULL, g, NULL, n);
	else if (most == NULL)
		step_loop(step, p, m, v, NULL, g, squares, n);
	else if (squares == NULL)
		step_loop(step, p, m, v, most, g, NULL, n);
	else
		step_loop(step, p, m, v, most, g, squares, n);
}

#ifdef NN_HAS_TILES

#include <immintrin.h>

#define LANES 16
/* Classes of numbers, as vfpclassps has them: both zeros, and what Newton's step is not for. */
#define ZEROS 0x06
#define ODD 0xf9

NN_INLINE NN_LEVEL_4 __m512
root_of(__m512 x)
{
	const __mmask16 some = (__mmask16) ~_mm512_fpclass_ps_mask(x, ZEROS);
	const __m512 guess = _mm512_maskz_rsqrt14_ps(some, x);
	const __m512 root = _mm512_mul_ps(x, guess);
	const __m512 off = _mm512_fnmadd_ps(root, guess, _mm512_set1_ps(1));

	/* subnormal, negative, infinite, or no number */
	if (__builtin_expect(_mm512_fpclass_ps_mask(x, ODD) != 0, 0))
		return _mm512_sqrt_ps(x);
	return _mm512_fmadd_ps(_mm512_mul_ps(root, _mm512_set1_ps(0.5f)), off, root);
}

NN_INLINE NN_LEVEL_4 void
step_lanes(const NNMomentStep *step, float *p, float *m, float *v, float *most, const float *g,
		   const float *squares, __mmask16 part)
{
	const __m512 slope = _mm512_mul_ps(_mm512_maskz_loadu_ps(part, g), _mm512_set1_ps(step->scale));
	__m512 square =
		squares != NULL ? _mm512_maskz_loadu_ps(part, squares) : _mm512_mul_ps(slope, slope);
	__m512 mean = _mm512_maskz_loadu_ps(part, m);
	__m512 of = _mm512_maskz_loadu_ps(part, v);
	__m512 way;

	mean = _mm512_fmadd_ps(_mm512_sub_ps(slope, mean), _mm512_set1_ps(step->a), mean);
	of = _mm512_fmadd_ps(_mm512_sub_ps(square, of), _mm512_set1_ps(step->b), of);
	_mm512_mask_storeu_ps(m, part, mean);
	_mm512_mask_storeu_ps(v, part, of);
	if (most != NULL)
	{
		/* what is no number is passed on, as by the loops */
		of = _mm512_max_ps(_mm512_maskz_loadu_ps(part, most), of);
		_mm512_mask_storeu_ps(most, part, of);
	}
	way = _mm512_div_ps(_mm512_mul_ps(mean, _mm512_set1_ps(step->alpha)),
						_mm512_add_ps(root_of(of), _mm512_set1_ps(step->epsilon)));
	_mm512_mask_storeu_ps(p, part, _mm512_sub_ps(_mm512_maskz_loadu_ps(part, p), way));
}

NN_INLINE NN_LEVEL_4 void
step_vectors(const NNMomentStep *step, float *p, float *m, float *v, float *most, const float *g,
			 const float *squares, size_t n)
{
	size_t i = 0;

	for (; i + LANES <= n; i += LANES)
		step_lanes(step, p + i, m + i, v + i, most != NULL ? most + i : NULL, g + i,
				   squares != NULL ? squares + i : NULL, 0xffff);
	if (i < n)
		step_lanes(step, p + i, m + i, v + i, most != NULL ? most + i : NULL, g + i,
				   squares != NULL ? squares + i : NULL, (__mmask16) ((1u << (n - i)) - 1));
}

static NN_LEVEL_4 void
step_by_vectors(const NNMomentStep *step, float *p, float *m, float *v, float *most, const float *g,
				const float *squares, size_t n)
{
	if (most == NULL && squares == NULL)
		step_vectors(step, p, m, v, NULL, g, NULL, n);
	else if (most == NULL)
		step_vectors(step, p, m, v, NULL, g, squares, n);
	else
		step_vectors(step, p, m, v, most, g, squares, n);
}

#endif

void
nn_moment_step(const NNMomentStep *step, nn_real *p, nn_real *m, nn_real *v, nn_real *most,
			   const nn_real *g, const nn_real *squares, size_t n)
{
#ifdef NN_HAS_TILES
	if (nn_x86_level == 4)
	{
		step_by_vectors(step, p, m, v, most, g, squares, n);
		return;
	}
#endif
	step_by_loops(step, p, m, v, most, g, squares, n);
}
