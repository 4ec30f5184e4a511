/*
 * gemm_plain.c
 *	  Matrix products by plain loops, for any processor: what is left when no
 *	  other backend takes a product, and what the tests compare the others with.
 */
#include "core/kernels/backend.h"

/* C += alpha op(A) op(B) */
static NN_HOT(void, add_product, (const NNProduct *t), (t))
{
	const size_t a_row = t->ta ? 1 : t->lda;
	const size_t a_col = t->ta ? t->lda : 1;

	for (int i = 0; i < t->m; i++)
	{
		const nn_real *ai = t->a + (size_t) i * a_row;
		nn_real *restrict ci = t->c + (size_t) i * t->ldc;

		for (int p = 0; p < t->k && !t->tb; p++)
		{
			const nn_real *restrict bp = t->b + (size_t) p * t->ldb;
			nn_real x = t->alpha * ai[(size_t) p * a_col];

			for (int j = 0; j < t->n; j++)
				ci[j] += x * bp[j];
		}
		for (int j = 0; j < t->n && t->tb; j++)
		{
			const nn_real *bj = t->b + (size_t) j * t->ldb;
			nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
			for (int p = 0; p < t->k; p++)
				sum += ai[(size_t) p * a_col] * bj[p];
			ci[j] += t->alpha * sum;
		}
	}
}

static bool
plain_multiply(const NNProduct *t)
{
	for (int i = 0; i < t->m; i++)
	{
		nn_real *row = t->c + (size_t) i * t->ldc;

		/* beta 0 overwrites whatever was there */
		if (t->beta == 0)
			nn_zero(row, (size_t) t->n);
		else if (t->beta != 1)
			nn_scale(row, t->beta, (size_t) t->n);
	}
	add_product(t);
	return true;
}

const NNBackend nn_backend_plain = {
	.name = "plain",
	.element = sizeof(nn_real) == sizeof(float) ? "float32" : "float64",
	.level = NN_LEVEL_MOST,
	.multiply = plain_multiply,
};
