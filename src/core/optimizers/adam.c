/*
 * adam.c
 *	  The optimizers adam and adamw, and what muon does with tensors that are no matrices.
 */
#include "core/kernels/math_inline.h"
#include "core/optimizers/optimizer_conf.h"

/*
 * ---- adam, adamw: m and v are moving averages of g and g^2;
 * p -= rate m / (1 - beta_1^t) / (sqrt(v / (1 - beta_2^t)) + epsilon'), with
 * both corrections taken into the rate, so that epsilon is added to sqrt(v) ----
 */

const NNField nn_adam_fields[] = {
	NN_FIELD_REAL(NNAdamConf, beta_1, false, 0.9, 0, NN_BELOW_ONE),
	NN_FIELD_REAL(NNAdamConf, beta_2, false, 0.999, 0, NN_BELOW_ONE),
	NN_FIELD_REAL(NNAdamConf, epsilon, false, 1e-7, NN_MIN_EPSILON, NN_MAX_EPSILON),
	NN_FIELD_BOOL(NNAdamConf, amsgrad, false),
	NN_FIELD_END,
};

int
nn_adam_slots(const void *conf)
{
	return ((const NNAdamConf *) conf)->amsgrad ? 3 : 2;
}

NN_INLINE void
adam_loop(const NNAdamConf *c, const NNUpdate *u, const nn_real *restrict each)
{
	nn_real *restrict p = u->p;
	size_t n = u->n;
	const nn_real *restrict g = u->g;
	nn_real *restrict m = u->slots[0];
	nn_real *restrict v = u->slots[1];
	nn_real alpha = (nn_real) u->rate * nn_sqrt(1 - nn_power_of(c->beta_2, u->step)) /
		(1 - nn_power_of(c->beta_1, u->step));
	nn_real a = (nn_real) (1 - c->beta_1);
	nn_real b = (nn_real) (1 - c->beta_2);
	nn_real epsilon = (nn_real) c->epsilon;

	if (c->amsgrad)
	{
		nn_real *restrict most = u->slots[2];

#pragma omp simd
		for (size_t i = 0; i < n; i++)
		{
			m[i] += (g[i] - m[i]) * a;
			v[i] += (nn_square_of(g, each, i) - v[i]) * b;
			most[i] = most[i] > v[i] ? most[i] : v[i];
			p[i] -= m[i] * alpha / (nn_sqrt(most[i]) + epsilon);
		}
		return;
	}
#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		m[i] += (g[i] - m[i]) * a;
		v[i] += (nn_square_of(g, each, i) - v[i]) * b;
		p[i] -= m[i] * alpha / (nn_sqrt(v[i]) + epsilon);
	}
}

BOTH_UPDATES(adam)

void
nn_adam_update(const void *conf, const NNUpdate *u)
{
	adam_update(conf, u);
}
