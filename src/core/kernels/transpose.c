/*
 * transpose.c
 *	  A matrix turned: four by four numbers at a time in registers, where there
 *	  are shuffles for it.
 */
#include "core/kernels/kernels.h"

#if defined(__x86_64__) && !defined(NN_DOUBLE)

#include <xmmintrin.h>

/* to (4, 4) = from' */
NN_INLINE void
turn_square(float *to, size_t ldt, const float *from, size_t ldf)
{
	__m128 a = _mm_loadu_ps(from), b = _mm_loadu_ps(from + ldf);
	__m128 c = _mm_loadu_ps(from + 2 * ldf), d = _mm_loadu_ps(from + 3 * ldf);

	_MM_TRANSPOSE4_PS(a, b, c, d);
	_mm_storeu_ps(to, a);
	_mm_storeu_ps(to + ldt, b);
	_mm_storeu_ps(to + 2 * ldt, c);
	_mm_storeu_ps(to + 3 * ldt, d);
}

#else

NN_INLINE void
turn_square(nn_real *to, size_t ldt, const nn_real *from, size_t ldf)
{
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++)
			to[j * ldt + i] = from[i * ldf + j];
}

#endif

void
nn_transpose(nn_real *to, const nn_real *from, size_t rows, size_t columns)
{
	const size_t even_rows = rows & ~(size_t) 3, even_columns = columns & ~(size_t) 3;

	for (size_t i = 0; i < even_rows; i += 4)
	{
		for (size_t j = 0; j < even_columns; j += 4)
			turn_square(to + j * rows + i, rows, from + i * columns + j, columns);
		for (size_t j = even_columns; j < columns; j++)
			for (size_t k = i; k < i + 4; k++)
				to[j * rows + k] = from[k * columns + j];
	}
	for (size_t i = even_rows; i < rows; i++)
		for (size_t j = 0; j < columns; j++)
			to[j * rows + i] = from[i * columns + j];
}
