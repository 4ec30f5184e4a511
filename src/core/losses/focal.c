/*
 * focal.c
 *	  The cross-entropies that weigh what is hard to tell, binary and categorical
 *	  focal cross-entropy, and the generalized one, which weighs it less.
 *
 * p being the probability of what is true, a value of cross-entropy counts
 * (1 - p)^gamma times.  As in Keras, binary takes cross-entropy from logits where there
 * are some and the factor from probabilities; categorical goes by probabilities.
 */
#include "core/kernels/math_inline.h"
#include "core/losses/loss.h"

#define LOW ((nn_real) NN_LOSS_EPSILON)
#define HIGH ((nn_real) (1.0 - NN_LOSS_EPSILON))
#define DEFAULT_ALPHA 0.25

/* The least that is raised to a power, so that its derivative is finite. */
#define LEAST 1e-30

/* x^power for x from 0 on; what is next to nothing counts as the least. */
NN_INLINE nn_real
raised(nn_real x, nn_real power)
{
	return nn_exp(power * nn_log(nn_at_least(x, (nn_real) LEAST)));
}

/* ---- binary ---- */

/* What a binary element is made of. */
typedef struct Binary
{
	nn_real gamma;
	nn_real scale, shift; /* of smoothed targets */
	nn_real alpha;
	bool balanced;
} Binary;

/*
 * The value of an element of probability p and target t, whose cross-entropy is bce
 * and has the derivative slope by p or by the logit; by_p is that of p by the same.
 */
NN_INLINE nn_real
binary_value(const Binary *b, nn_real p, nn_real t, nn_real bce, nn_real slope, nn_real by_p,
			 nn_real *d)
{
	nn_real miss = nn_at_least(1 - (t * p + (1 - t) * (1 - p)), 0);
	nn_real factor = raised(miss, b->gamma);
	nn_real falls = b->gamma * raised(miss, b->gamma - 1) * (1 - 2 * t) * by_p;
	nn_real weight = b->balanced ? t * b->alpha + (1 - t) * (1 - b->alpha) : 1;

	*d = weight * (factor * slope + falls * bce);
	return weight * factor * bce;
}

static NN_HOT(double, binary_focal_span, (const NNLossPass *pass), (pass))
{
	const NNLossConf *c = pass->conf;
	Binary b = {(nn_real) c->gamma, (nn_real) (1 - c->label_smoothing),
				(nn_real) (c->label_smoothing / 2), (nn_real) c->alpha, c->apply_class_balancing};
	size_t n = pass->rows * (size_t) pass->width;
	nn_real scale = 1 / (nn_real) pass->width;
	double sum = 0;

	for (size_t i = 0; i < n; i++)
	{
		nn_real t = (nn_real) pass->target[i] * b.scale + b.shift;
		nn_real y = pass->y[i];
		nn_real d;

		if (pass->logits)
		{
			nn_real p = nn_sigmoid(y);
			nn_real bce = (nn_at_least(y, 0) - y * t) + nn_log1p_exp(-nn_abs(y));

			sum += binary_value(&b, p, t, bce, p - t, p * (1 - p), &d);
			pass->y[i] = p;
		}
		else
		{
			nn_real p = nn_at_most(nn_at_least(y, LOW), HIGH);
			nn_real bce = -(t * nn_log(p) + (1 - t) * nn_log(1 - p));
			nn_real slope = y < LOW || y > HIGH ? 0 : (p - t) / (p * (1 - p));

			sum += binary_value(&b, y, t, bce, slope, 1, &d);
		}
		if (pass->dy != NULL)
			pass->dy[i] = d * scale;
	}
	return sum / pass->width;
}

double
nn_binary_focal_run(const NNLossPass *pass)
{
	return nn_loss_spans(pass, NN_SIGMOID, binary_focal_span);
}

/*
 * ---- categorical: -sum(alpha (1 - c)^gamma t log(c)) with c = clip(q), q = y / sum(y);
 * of e, the derivative by q, that by y is (e - sum(e q)) / sum(y) ----
 */

static double
alpha_of(const NNLossConf *conf, int i)
{
	const NNNumbers *alphas = &conf->alphas;

	return alphas->count == 0 ? DEFAULT_ALPHA : alphas->items[alphas->count == 1 ? 0 : i].number;
}

static double
categorical_focal_row(const NNLossConf *conf, const nn_real *y, const float *target, int width,
					  nn_real *dy)
{
	nn_real gamma = (nn_real) conf->gamma;
	nn_real by_sum = 1 / nn_row_sum(y, (size_t) width);
	nn_real value = 0;
	nn_real common = 0;

	for (int i = 0; i < width; i++)
	{
		nn_real q = y[i] * by_sum;
		nn_real c = nn_at_most(nn_at_least(q, LOW), HIGH);
		nn_real t =
			(nn_real) (target[i] * (1 - conf->label_smoothing) + conf->label_smoothing / width);
		nn_real weight = (nn_real) alpha_of(conf, i) * t;
		nn_real e =
			weight * (gamma * raised(1 - c, gamma - 1) * nn_log(c) - raised(1 - c, gamma) / c);

		value -= weight * raised(1 - c, gamma) * nn_log(c);
		e = q < LOW || q > HIGH ? 0 : e;
		common += e * q;
		if (dy != NULL)
			dy[i] = e;
	}
	for (int i = 0; dy != NULL && i < width; i++)
		dy[i] = (dy[i] - common) * by_sum;
	return value;
}

static double
categorical_focal_span(const NNLossPass *pass)
{
	double sum = 0;

	for (size_t row = 0; row < pass->rows; row++)
	{
		size_t at = row * (size_t) pass->width;

		sum += categorical_focal_row(pass->conf, pass->y + at, pass->target + at, pass->width,
									 pass->dy == NULL ? NULL : pass->dy + at);
	}
	return sum;
}

double
nn_categorical_focal_run(const NNLossPass *pass)
{
	return nn_loss_spans(pass, NN_LINEAR, categorical_focal_span);
}

/* ---- generalized: (1 - p^q) / q of the probability p of the class ---- */

/* As a sum over all, to which each that is no number shows. */
static nn_real
probability_of(const nn_real *y, int width, int class)
{
	nn_real p = 0;

	for (int i = 0; i < width; i++)
		p += y[i] * (nn_real) (i == class);
	return p;
}

static double
generalized_span(const NNLossPass *pass)
{
	nn_real power = (nn_real) pass->conf->q;
	double sum = 0;

	for (size_t row = 0; row < pass->rows; row++)
	{
		size_t at = row * (size_t) pass->width;
		nn_real p = probability_of(pass->y + at, pass->width, pass->index[row]);

		sum += (1 - raised(p, power)) / power;
		if (pass->dy == NULL)
			continue;
		nn_zero(pass->dy + at, (size_t) pass->width);
		pass->dy[at + (size_t) pass->index[row]] = -raised(p, power - 1);
	}
	return sum;
}

double
nn_generalized_run(const NNLossPass *pass)
{
	return nn_loss_spans(pass, NN_LINEAR, generalized_span);
}
