/*
 * adam.c
 *	  The optimizers adam and adamw, and what muon does with tensors that are no matrices.
 */
#include "core/kernels/math_inline.h"
#include "core/kernels/moments.h"
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

void
nn_adam_update(const void *conf, const NNUpdate *u)
{
	const NNAdamConf *c = conf;
	const NNMomentStep step = {
		.alpha = (nn_real) u->rate * nn_sqrt(1 - nn_power_of(c->beta_2, u->step)) /
			(1 - nn_power_of(c->beta_1, u->step)),
		.a = (nn_real) (1 - c->beta_1),
		.b = (nn_real) (1 - c->beta_2),
		.epsilon = (nn_real) c->epsilon,
		.scale = u->scale,
	};

	nn_moment_step(&step, u->p, u->slots[0], u->slots[1], c->amsgrad ? u->slots[2] : NULL, u->g,
				   u->each, u->n);
}
