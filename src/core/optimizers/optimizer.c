/*
 * optimizer.c
 *	  The table of optimizers and their updates: loops over flat arrays that
 *	  know no layers.
 *
 * Before an update the caller clips the gradients (clipnorm: each tensor by
 * its own norm, global_clipnorm: all by their common norm, clipvalue: each
 * element), then shrinks the parameters by weight_decay * rate.  An update
 * may be called for any part of the arrays: parts do not depend on each
 * other, and all state is in the slots and the step.
 *
 * Formulas, defaults and the places of the epsilons are those of Keras 3.
 * Constants that change with the step are rounded as Keras does: powers of
 * the betas to the precision of the weights before they are used.
 *
 * Where ids stand at several places (plan.h), g is the sum of their gradients
 * and each that of their squares, or magnitudes, as Keras takes them.
 *
 * Loops run to a local n: with PostgreSQL's -fno-strict-aliasing a bound read
 * through a pointer might change under the stores, and nothing vectorises.
 */
#include "core/kernels/math_inline.h"
#include "core/optimizers/optimizer_conf.h"

/* ---- sgd: m = momentum m - rate g;  p += m ---- */

typedef struct SgdConf
{
	double momentum;
	bool nesterov; /* p += momentum m - rate g with the new m */
} SgdConf;

static const NNField sgd_fields[] = {
	NN_FIELD_REAL(SgdConf, momentum, false, 0, 0, 1),
	NN_FIELD_BOOL(SgdConf, nesterov, false),
	NN_FIELD_END,
};

static int
sgd_slots(const void *conf)
{
	return ((const SgdConf *) conf)->momentum != 0 ? 1 : 0;
}

static NN_HOT(void, sgd_update, (const void *conf, const NNUpdate *u), (conf, u))
{
	const SgdConf *c = conf;
	nn_real *restrict p = u->p;
	size_t n = u->n;
	const nn_real *restrict g = u->g;
	nn_real rate = (nn_real) u->rate;
	nn_real momentum = (nn_real) c->momentum;

	if (c->momentum == 0)
	{
#pragma omp simd
		for (size_t i = 0; i < n; i++)
			p[i] -= g[i] * rate;
		return;
	}

	nn_real *restrict m = u->slots[0];

	if (c->nesterov)
#pragma omp simd
		for (size_t i = 0; i < n; i++)
		{
			m[i] = m[i] * momentum - g[i] * rate;
			p[i] += m[i] * momentum - g[i] * rate;
		}
	else
#pragma omp simd
		for (size_t i = 0; i < n; i++)
		{
			m[i] = m[i] * momentum - g[i] * rate;
			p[i] += m[i];
		}
}

/*
 * ---- rmsprop: v = rho v + (1 - rho) g^2;  p -= rate g / sqrt(v + epsilon),
 * through momentum if there is one; centered takes the squared mean from v, which
 * sums over places might leave below 0: it goes by their sum's square ----
 */

typedef struct RmspropConf
{
	double rho;
	double momentum;
	double epsilon;
	bool centered;
} RmspropConf;

static const NNField rmsprop_fields[] = {
	NN_FIELD_REAL(RmspropConf, rho, false, 0.9, 0, NN_BELOW_ONE),
	NN_FIELD_REAL(RmspropConf, momentum, false, 0, 0, 1),
	NN_FIELD_REAL(RmspropConf, epsilon, false, 1e-7, NN_MIN_EPSILON, NN_MAX_EPSILON),
	NN_FIELD_BOOL(RmspropConf, centered, false),
	NN_FIELD_END,
};

static int
rmsprop_slots(const void *conf)
{
	const RmspropConf *c = conf;

	return 1 + (c->momentum > 0) + c->centered;
}

/* Compiled once for each combination of slots. */
NN_INLINE void
rmsprop_loop(const RmspropConf *c, const NNUpdate *u, const nn_real *restrict each,
			 nn_real *restrict m, nn_real *restrict mean)
{
	nn_real *restrict p = u->p;
	size_t n = u->n;
	const nn_real *restrict g = u->g;
	nn_real *restrict v = u->slots[0];
	nn_real rate = (nn_real) u->rate;
	nn_real rho = (nn_real) c->rho;
	nn_real rest = (nn_real) (1 - c->rho);
	nn_real momentum = (nn_real) c->momentum;
	nn_real epsilon = (nn_real) c->epsilon;

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		nn_real d;

		v[i] = rho * v[i] + rest * nn_square_of(g, each, i);
		d = v[i];
		if (mean != NULL)
		{
			mean[i] = rho * mean[i] + rest * g[i];
			d -= mean[i] * mean[i];
		}
		d = rate * g[i] / nn_sqrt(d + epsilon);
		if (m != NULL)
		{
			m[i] = momentum * m[i] + d;
			d = m[i];
		}
		p[i] -= d;
	}
}

static NN_HOT(void, rmsprop_update, (const void *conf, const NNUpdate *u), (conf, u))
{
	const RmspropConf *c = conf;

	if (c->momentum > 0 && c->centered)
		rmsprop_loop(c, u, NULL, u->slots[1], u->slots[2]);
	else if (c->centered)
		rmsprop_loop(c, u, NULL, NULL, u->slots[1]);
	else if (c->momentum > 0 && u->each != NULL)
		rmsprop_loop(c, u, u->each, u->slots[1], NULL);
	else if (c->momentum > 0)
		rmsprop_loop(c, u, NULL, u->slots[1], NULL);
	else if (u->each != NULL)
		rmsprop_loop(c, u, u->each, NULL, NULL);
	else
		rmsprop_loop(c, u, NULL, NULL, NULL);
}

/* ---- adagrad: v += g^2;  p -= rate g / sqrt(v + epsilon) ---- */

typedef struct AdagradConf
{
	double initial_accumulator_value; /* of v; the slot holds what came on top of it */
	double epsilon;
} AdagradConf;

static const NNField adagrad_fields[] = {
	NN_FIELD_REAL(AdagradConf, initial_accumulator_value, false, 0.1, 0, 1e6),
	NN_FIELD_REAL(AdagradConf, epsilon, false, 1e-7, NN_MIN_EPSILON, NN_MAX_EPSILON),
	NN_FIELD_END,
};

NN_INLINE void
adagrad_loop(const AdagradConf *c, const NNUpdate *u, const nn_real *restrict each)
{
	nn_real *restrict p = u->p;
	size_t n = u->n;
	const nn_real *restrict g = u->g;
	nn_real *restrict v = u->slots[0];
	nn_real rate = (nn_real) u->rate;
	nn_real start = (nn_real) (c->initial_accumulator_value + c->epsilon);

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		v[i] += nn_square_of(g, each, i);
		p[i] -= rate * g[i] / nn_sqrt(v[i] + start);
	}
}

BOTH_UPDATES(adagrad)

/*
 * ---- adadelta: v averages g^2 and w the squared steps d;
 * d = g sqrt(w + epsilon) / sqrt(v + epsilon);  p -= rate d ----
 */

typedef struct AdadeltaConf
{
	double rho;
	double epsilon;
} AdadeltaConf;

static const NNField adadelta_fields[] = {
	NN_FIELD_REAL(AdadeltaConf, rho, false, 0.95, 0, NN_BELOW_ONE),
	NN_FIELD_REAL(AdadeltaConf, epsilon, false, 1e-7, NN_MIN_EPSILON, NN_MAX_EPSILON),
	NN_FIELD_END,
};

NN_INLINE void
adadelta_loop(const AdadeltaConf *c, const NNUpdate *u, const nn_real *restrict each)
{
	nn_real *restrict p = u->p;
	size_t n = u->n;
	const nn_real *restrict g = u->g;
	nn_real *restrict v = u->slots[0];
	nn_real *restrict w = u->slots[1];
	nn_real rate = (nn_real) u->rate;
	nn_real rho = (nn_real) c->rho;
	nn_real rest = (nn_real) (1 - c->rho);
	nn_real epsilon = (nn_real) c->epsilon;

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		nn_real squared = nn_square_of(g, each, i);
		nn_real before = w[i] + epsilon;

		v[i] = rho * v[i] + rest * squared;
		w[i] = rho * w[i] + rest * (squared * before / (v[i] + epsilon));
		p[i] -= rate * (nn_sqrt(before) * g[i] / nn_sqrt(v[i] + epsilon));
	}
}

BOTH_UPDATES(adadelta)

/* ---- adamax: m averages g, v = max(beta_2 v, |g|);  p -= rate m / (1 - beta_1^t) / (v + epsilon) ---- */

static const NNField betas_fields[] = {
	NN_FIELD_REAL(NNBetasConf, beta_1, false, 0.9, 0, NN_BELOW_ONE),
	NN_FIELD_REAL(NNBetasConf, beta_2, false, 0.999, 0, NN_BELOW_ONE),
	NN_FIELD_REAL(NNBetasConf, epsilon, false, 1e-7, NN_MIN_EPSILON, NN_MAX_EPSILON),
	NN_FIELD_END,
};

NN_INLINE void
adamax_loop(const NNBetasConf *c, const NNUpdate *u, const nn_real *restrict each)
{
	nn_real *restrict p = u->p;
	size_t n = u->n;
	const nn_real *restrict g = u->g;
	nn_real *restrict m = u->slots[0];
	nn_real *restrict v = u->slots[1];
	nn_real alpha = (nn_real) u->rate / (1 - nn_power_of(c->beta_1, u->step));
	nn_real a = (nn_real) (1 - c->beta_1);
	nn_real beta_2 = (nn_real) c->beta_2;
	nn_real epsilon = (nn_real) c->epsilon;

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		nn_real decayed = beta_2 * v[i];
		nn_real now = each != NULL ? each[i] : nn_abs(g[i]);

		m[i] += (g[i] - m[i]) * a;
		v[i] = decayed > now ? decayed : now;
		p[i] -= alpha * m[i] / (v[i] + epsilon);
	}
}

BOTH_UPDATES(adamax)

/*
 * ---- nadam: adam that looks a step ahead, with u(t) = beta_1 (1 - 0.96^t / 2)
 * for beta_1 and the product of all u so far for its power ----
 */

/* The product of u(1) .. u(t); its second part converges, so the loop is short for any t. */
static double
nadam_product(double beta_1, int64_t step)
{
	double product = pow(beta_1, (double) step);
	double decay = 0.96;

	for (int64_t i = 1; i <= step && decay > 1e-17; i++, decay *= 0.96)
		product *= 1 - 0.5 * decay;
	return product;
}

NN_INLINE void
nadam_loop(const NNBetasConf *c, const NNUpdate *u, const nn_real *restrict each)
{
	nn_real *restrict p = u->p;
	size_t n = u->n;
	const nn_real *restrict g = u->g;
	nn_real *restrict m = u->slots[0];
	nn_real *restrict v = u->slots[1];
	double u_now = c->beta_1 * (1 - 0.5 * pow(0.96, (double) u->step));
	double u_next = c->beta_1 * (1 - 0.5 * pow(0.96, (double) u->step + 1));
	double product = nadam_product(c->beta_1, u->step);
	nn_real from_m = (nn_real) (u->rate * u_next / (1 - product * u_next));
	nn_real from_g = (nn_real) (u->rate * (1 - u_now) / (1 - product));
	nn_real correction = 1 / (1 - nn_power_of(c->beta_2, u->step));
	nn_real a = (nn_real) (1 - c->beta_1);
	nn_real b = (nn_real) (1 - c->beta_2);
	nn_real epsilon = (nn_real) c->epsilon;

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		m[i] += (g[i] - m[i]) * a;
		v[i] += (nn_square_of(g, each, i) - v[i]) * b;
		p[i] -= (m[i] * from_m + g[i] * from_g) / (nn_sqrt(v[i] * correction) + epsilon);
	}
}

BOTH_UPDATES(nadam)

/* ---- lion: p -= rate sign(beta_1 m + (1 - beta_1) g);  m = beta_2 m + (1 - beta_2) g ---- */

typedef struct LionConf
{
	double beta_1;
	double beta_2;
} LionConf;

static const NNField lion_fields[] = {
	NN_FIELD_REAL(LionConf, beta_1, false, 0.9, 1e-6, 1),
	NN_FIELD_REAL(LionConf, beta_2, false, 0.99, 0, 1),
	NN_FIELD_END,
};

static NN_HOT(void, lion_update, (const void *conf, const NNUpdate *u), (conf, u))
{
	const LionConf *c = conf;
	nn_real *restrict p = u->p;
	size_t n = u->n;
	const nn_real *restrict g = u->g;
	nn_real *restrict m = u->slots[0];
	nn_real rate = (nn_real) u->rate;
	nn_real beta_1 = (nn_real) c->beta_1;
	nn_real beta_2 = (nn_real) c->beta_2;

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		nn_real way = m[i] * beta_1 + g[i] * (1 - beta_1);

		p[i] -= way > 0 ? rate : way < 0 ? -rate : 0;
		m[i] = m[i] * beta_2 + g[i] * (1 - beta_2);
	}
}

/*
 * ---- ftrl: z gathers g less what p already has of it, n gathers g^2;
 * p = (z within [-l1, l1] - z) / (n^power / rate + 2 l2) ----
 */

typedef struct FtrlConf
{
	double learning_rate_power;
	double initial_accumulator_value; /* of n; the slot holds what came on top of it */
	double l1_regularization_strength;
	double l2_regularization_strength;
	double l2_shrinkage_regularization_strength;
	double beta;
} FtrlConf;

static const NNField ftrl_fields[] = {
	NN_FIELD_REAL(FtrlConf, learning_rate_power, false, -0.5, -100, 0),
	NN_FIELD_REAL(FtrlConf, initial_accumulator_value, false, 0.1, 0, 1e6),
	NN_FIELD_REAL(FtrlConf, l1_regularization_strength, false, 0, 0, 1e6),
	NN_FIELD_REAL(FtrlConf, l2_regularization_strength, false, 0, 0, 1e6),
	NN_FIELD_REAL(FtrlConf, l2_shrinkage_regularization_strength, false, 0, 0, 1e6),
	NN_FIELD_REAL(FtrlConf, beta, false, 0, 0, 1e6),
	NN_FIELD_END,
};

static void
ftrl_update(const void *conf, const NNUpdate *u)
{
	const FtrlConf *c = conf;
	double power = -c->learning_rate_power;
	double l1 = c->l1_regularization_strength;
	double l2 = c->l2_regularization_strength + c->beta / (2 * u->rate);

	/* p follows from the rate: of rate 0 it stays where it is */
	if (u->rate == 0)
		return;
	for (size_t i = 0; i < u->n; i++)
	{
		double g = (double) u->g[i];
		double p = (double) u->p[i];
		double before = c->initial_accumulator_value + (double) u->slots[0][i];
		double after = before + (double) nn_square_of(u->g, u->each, i);
		double raised = pow(after, power);
		double z = (double) u->slots[1][i] + g + 2 * c->l2_shrinkage_regularization_strength * p -
			(raised - pow(before, power)) / u->rate * p;
		double scale = raised / u->rate + 2 * l2;

		u->slots[0][i] = (nn_real) (after - c->initial_accumulator_value);
		u->slots[1][i] = (nn_real) z;
		u->p[i] = (nn_real) (scale > 0 ? (fmin(fmax(z, -l1), l1) - z) / scale : p);
	}
}

/*
 * ---- schedule_free_adamw: z goes by g / (sqrt(v') + epsilon), x is the mean of all z,
 * p = (1 - beta_1) z + beta_1 x.  The slot holds z as its difference from p ----
 */

typedef struct ScheduleFreeConf
{
	double beta_1;
	double beta_2;
	double epsilon;
	int warmup_steps;
} ScheduleFreeConf;

static const NNField schedule_free_fields[] = {
	NN_FIELD_REAL(ScheduleFreeConf, beta_1, false, 0.9, 1e-6, 1),
	NN_FIELD_REAL(ScheduleFreeConf, beta_2, false, 0.999, 0, NN_BELOW_ONE),
	NN_FIELD_REAL(ScheduleFreeConf, epsilon, false, 1e-8, NN_MIN_EPSILON, NN_MAX_EPSILON),
	NN_FIELD_INT(ScheduleFreeConf, warmup_steps, false, 0, 0, 1000000000),
	NN_FIELD_END,
};

NN_INLINE void
schedule_free_loop(const ScheduleFreeConf *c, const NNUpdate *u, const nn_real *restrict each)
{
	nn_real *restrict p = u->p;
	size_t n = u->n;
	const nn_real *restrict g = u->g;
	nn_real *restrict z = u->slots[0];
	nn_real *restrict v = u->slots[1];
	double warm = c->warmup_steps > 0 ? fmin((double) u->step / c->warmup_steps, 1) : 1;
	nn_real rate = (nn_real) (u->rate * warm);
	nn_real correction = 1 / (1 - nn_power_of(c->beta_2, u->step));
	nn_real beta_1 = (nn_real) c->beta_1;
	nn_real a = (nn_real) (1 - c->beta_1);
	nn_real b = (nn_real) (1 - c->beta_2);
	nn_real epsilon = (nn_real) c->epsilon;
	nn_real weight = (nn_real) (1.0 / (double) u->step);

#pragma omp simd
	for (size_t i = 0; i < n; i++)
	{
		nn_real x;

		v[i] += (nn_square_of(g, each, i) - v[i]) * b;
		z[i] -= rate * g[i] / (nn_sqrt(v[i] * correction) + epsilon);
		/* by the new z: what Keras keeps of the old one is, on TensorFlow, the variable itself */
		x = (p[i] - a * z[i]) / beta_1;
		x += (z[i] - x) * weight;
		p[i] = a * z[i] + beta_1 * x;
	}
}

BOTH_UPDATES(schedule_free)

/* ---- lamb and adafactor are in optimizer_tensor.c, muon in muon.c ---- */

static const NNField adafactor_fields[] = {
	NN_FIELD_REAL(NNAdafactorConf, beta_2_decay, false, -0.8, -100, 0),
	NN_FIELD_REAL(NNAdafactorConf, epsilon_1, false, 1e-30, NN_MIN_EPSILON, NN_MAX_EPSILON),
	NN_FIELD_REAL(NNAdafactorConf, epsilon_2, false, 1e-3, 0, NN_MAX_EPSILON),
	NN_FIELD_REAL(NNAdafactorConf, clip_threshold, false, 1, NN_MIN_EPSILON, 1e30),
	NN_FIELD_BOOL(NNAdafactorConf, relative_step, true),
	NN_FIELD_END,
};

/* ---- the table ---- */

static int
one_slot(const void *conf)
{
	(void) conf;
	return 1;
}

static int
two_slots(const void *conf)
{
	(void) conf;
	return 2;
}

#define OPTIMIZER(kind, type, table, rate, decay, sums, n, function)                      \
	{                                                                                     \
		.name = kind, .conf_size = sizeof(type), .fields = table, .default_rate = rate,   \
		.default_decay = decay, .each = NN_EACH_##sums, .n_slots = n, .update = function, \
	}

#define ADAM                                                                             \
	.conf_size = sizeof(NNAdamConf), .fields = nn_adam_fields, .default_rate = 0.001,    \
	.each = NN_EACH_SQUARE, .n_slots = nn_adam_slots, .scales = true, .corrected = true, \
	.update = nn_adam_update

#define BETAS                                                                        \
	.conf_size = sizeof(NNBetasConf), .fields = betas_fields, .default_rate = 0.001, \
	.n_slots = two_slots, .corrected = true

const NNOptimizerKind nn_optimizers[] = {
	{
		.name = "sgd",
		.conf_size = sizeof(SgdConf),
		.fields = sgd_fields,
		.default_rate = 0.01,
		.n_slots = sgd_slots,
		.proportional = true,
		.update = sgd_update,
	},
	{
		.name = "adam",
		ADAM,
	},
	{
		.name = "adamw",
		ADAM,
		.default_decay = 0.004,
	},
	OPTIMIZER("rmsprop", RmspropConf, rmsprop_fields, 0.001, 0, SQUARE, rmsprop_slots,
			  rmsprop_update),
	OPTIMIZER("adagrad", AdagradConf, adagrad_fields, 0.001, 0, SQUARE, one_slot, adagrad_update),
	OPTIMIZER("adadelta", AdadeltaConf, adadelta_fields, 0.001, 0, SQUARE, two_slots,
			  adadelta_update),
	{
		.name = "adamax",
		BETAS,
		.each = NN_EACH_MAGNITUDE,
		.update = adamax_update,
	},
	{
		.name = "nadam",
		BETAS,
		.each = NN_EACH_SQUARE,
		.update = nadam_update,
	},
	OPTIMIZER("lion", LionConf, lion_fields, 0.001, 0, NOTHING, one_slot, lion_update),
	{
		.name = "ftrl",
		.conf_size = sizeof(FtrlConf),
		.fields = ftrl_fields,
		.default_rate = 0.001,
		.each = NN_EACH_SQUARE,
		.n_slots = two_slots,
		.by_rate = true,
		.update = ftrl_update,
	},
	{
		.name = "lamb",
		BETAS,
		.each = NN_EACH_SQUARE,
		.whole = true,
		.update = nn_lamb_update,
	},
	{
		.name = "adafactor",
		.conf_size = sizeof(NNAdafactorConf),
		.fields = adafactor_fields,
		.default_rate = 0.001,
		.each = NN_EACH_SQUARE,
		.n_slots = two_slots,
		.whole = true,
		.update = nn_adafactor_update,
	},
	{
		.name = "muon",
		.conf_size = sizeof(NNMuonConf),
		.fields = nn_muon_fields,
		.default_rate = 0.001,
		.default_decay = 0.004,
		.each = NN_EACH_SQUARE,
		.n_slots = two_slots,
		.whole = true,
		.decay = nn_muon_decay,
		.scratch = nn_muon_scratch,
		.prepare = nn_muon_prepare,
		.update = nn_muon_update,
	},
	{
		.name = "schedule_free_adamw",
		.conf_size = sizeof(ScheduleFreeConf),
		.fields = schedule_free_fields,
		.default_rate = 0.0025,
		.each = NN_EACH_SQUARE,
		.n_slots = two_slots,
		.relative = true,
		.update = schedule_free_update,
	},
	{.name = NULL},
};

_Static_assert(sizeof(NNMuonConf) <= NN_MAX_OPTIMIZER_CONF, "an optimizer's conf is too large");

double
nn_optimizer_rate(const NNOptimizer *optimizer, int64_t step)
{
	return nn_schedule_rate(&optimizer->schedule, step) * optimizer->rate_factor;
}

bool
nn_optimizer_proportional(const NNOptimizer *optimizer)
{
	return optimizer->kind->proportional;
}

bool
nn_optimizer_corrected(const NNOptimizer *optimizer)
{
	return optimizer->kind->corrected;
}

bool
nn_optimizer_by_rate(const NNOptimizer *optimizer)
{
	return optimizer->kind->by_rate;
}
