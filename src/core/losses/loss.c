/*
 * loss.c
 *	  The table of losses, and those that compare numbers with numbers.  Those
 *	  of classes and probabilities are in crossentropy.c.
 *
 * An entry of a loss is a row: the last dimension of one sample's output, or
 * of one step of it.  A row's value is, as in Keras, the mean over its width
 * (of some losses the sum, as said at each).  run() returns the sum of the
 * values of all rows the mask leaves, and sets dy to the gradient of that sum
 * (0 in masked rows), so the caller divides both by the number of such rows.
 */
#include <stdio.h>

#include "core/kernels/math_inline.h"
#include "core/losses/loss.h"

/* ---- losses of single elements ---- */

typedef enum Term
{
	SQUARED_ERROR,
	ABSOLUTE_ERROR,
	PERCENTAGE_ERROR,
	LOGARITHMIC_ERROR,
	HUBER,
	LOG_COSH,
	POISSON,
	KL_DIVERGENCE,
	HINGE,
	SQUARED_HINGE
} Term;

NN_INLINE nn_real
sign(nn_real x)
{
	return (nn_real) ((x > 0) - (x < 0));
}

/* max(1 - t y, 0), or its square; targets are -1 and 1, 0 counts as -1. */
NN_INLINE nn_real
hinge_term(nn_real y, nn_real t, bool squared, nn_real *d)
{
	nn_real s = t == 0 ? -1 : t;
	nn_real open = 1 - s * y;
	nn_real gap = nn_at_least(open, 0);
	nn_real slope = open >= 0 ? -s : 0;

	*d = squared ? 2 * gap * slope : slope;
	return squared ? gap * gap : gap;
}

/* The value of one element with output y and target t; *d is its derivative by y. */
NN_INLINE nn_real
term(Term kind, nn_real y, nn_real t, nn_real *d)
{
	const nn_real epsilon = (nn_real) NN_LOSS_EPSILON;
	nn_real e = y - t;
	nn_real a = nn_abs(e);

	switch (kind)
	{
		case SQUARED_ERROR:
			*d = 2 * e;
			return e * e;

		case ABSOLUTE_ERROR:
			*d = sign(e);
			return a;

		case PERCENTAGE_ERROR: /* 100 |y - t| / |t| */
		{
			nn_real scale = 100 / nn_at_least(nn_abs(t), epsilon);

			*d = sign(e) * scale;
			return a * scale;
		}

		case LOGARITHMIC_ERROR: /* (log(y + 1) - log(t + 1))^2; negative numbers count as 0 */
		{
			nn_real y1 = nn_at_least(y, epsilon) + 1;
			nn_real ratio = nn_log(y1 / (nn_at_least(t, epsilon) + 1));

			*d = y >= epsilon ? 2 * ratio / y1 : 0;
			return ratio * ratio;
		}

		case HUBER: /* squared up to an error of 1, then linear */
			*d = nn_at_most(nn_at_least(e, -1), 1);
			return a <= 1 ? e * e / 2 : a - (nn_real) 0.5;

		case LOG_COSH: /* log(cosh(e)) = |e| + log(1 + exp(-2 |e|)) - log(2) */
			*d = nn_tanh(e);
			return a + nn_log1p_exp(-2 * a) - (nn_real) 0.69314718055994531;

		case POISSON:
			*d = 1 - t / (y + epsilon);
			return y - t * nn_log(y + epsilon);

		case KL_DIVERGENCE: /* t log(t / y) of numbers within epsilon and 1 */
		{
			nn_real p = nn_at_most(nn_at_least(t, epsilon), 1);
			nn_real q = nn_at_most(nn_at_least(y, epsilon), 1);

			*d = y < epsilon || y > 1 ? 0 : -p / q;
			return p * nn_log(p / q);
		}

		case HINGE:
			return hinge_term(y, t, false, d);

		case SQUARED_HINGE:
			return hinge_term(y, t, true, d);
	}
	return 0;
}

/* Sum of terms over all elements, and their derivatives, both times scale. */
NN_INLINE double
sum_terms(Term kind, const NNLossPass *pass, double scale)
{
	size_t n = pass->rows * (size_t) pass->width;
	double sum = 0;

	for (size_t at = 0; at < n; at += NN_LOSS_BLOCK)
	{
		size_t m = n - at < NN_LOSS_BLOCK ? n - at : NN_LOSS_BLOCK;
		const nn_real *restrict y = pass->y + at;
		const float *restrict t = pass->target + at;
		nn_real value[NN_LOSS_BLOCK];
		nn_real d;

		if (pass->dy != NULL)
		{
			nn_real *restrict dy = pass->dy + at;

			for (size_t i = 0; i < m; i++)
			{
				value[i] = term(kind, y[i], (nn_real) t[i], &d);
				dy[i] = d * (nn_real) scale;
			}
		}
		else
			for (size_t i = 0; i < m; i++)
				value[i] = term(kind, y[i], (nn_real) t[i], &d);
		sum += nn_loss_sum(value, m);
	}
	return sum * scale;
}

/* A loss that is the mean (or, with scale 1, the sum) of a term over the row. */
#define ELEMENT_LOSS(name, kind, scale)                                  \
	static NN_HOT(double, name##_span, (const NNLossPass *pass), (pass)) \
	{                                                                    \
		return sum_terms(kind, pass, scale);                             \
	}                                                                    \
	static double name##_run(const NNLossPass *pass)                     \
	{                                                                    \
		return nn_loss_spans(pass, NN_LINEAR, name##_span);              \
	}

ELEMENT_LOSS(squared, SQUARED_ERROR, 1.0 / pass->width)
ELEMENT_LOSS(absolute, ABSOLUTE_ERROR, 1.0 / pass->width)
ELEMENT_LOSS(percentage, PERCENTAGE_ERROR, 1.0 / pass->width)
ELEMENT_LOSS(logarithmic, LOGARITHMIC_ERROR, 1.0 / pass->width)
ELEMENT_LOSS(huber, HUBER, 1.0 / pass->width)
ELEMENT_LOSS(log_cosh, LOG_COSH, 1.0 / pass->width)
ELEMENT_LOSS(poisson, POISSON, 1.0 / pass->width)
ELEMENT_LOSS(kl_divergence, KL_DIVERGENCE, 1.0)
ELEMENT_LOSS(hinge, HINGE, 1.0 / pass->width)
ELEMENT_LOSS(squared_hinge, SQUARED_HINGE, 1.0 / pass->width)

/* ---- cosine similarity of a row: -sum(y t) / (|y| |t|), the lengths at least epsilon ---- */

static NN_HOT(double, cosine_span, (const NNLossPass *pass), (pass))
{
	int width = pass->width;
	double sum = 0;

	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *y = pass->y + row * (size_t) width;
		const float *t = pass->target + row * (size_t) width;
		nn_real yy = 0, tt = 0, yt = 0;
		nn_real by_y, by_t, cosine;

		for (int i = 0; i < width; i++)
		{
			yy += y[i] * y[i];
			tt += (nn_real) t[i] * (nn_real) t[i];
			yt += y[i] * (nn_real) t[i];
		}
		by_y = 1 / nn_at_least(nn_sqrt(yy), (nn_real) NN_LOSS_EPSILON);
		by_t = 1 / nn_at_least(nn_sqrt(tt), (nn_real) NN_LOSS_EPSILON);
		cosine = yt * by_y * by_t;
		sum -= cosine;
		if (pass->dy != NULL)
		{
			nn_real *dy = pass->dy + row * (size_t) width;
			nn_real along = nn_sqrt(yy) < (nn_real) NN_LOSS_EPSILON ? 0 : cosine * by_y * by_y;

			for (int i = 0; i < width; i++)
				dy[i] = y[i] * along - (nn_real) t[i] * by_y * by_t;
		}
	}
	return sum;
}

static double
cosine_run(const NNLossPass *pass)
{
	return nn_loss_spans(pass, NN_LINEAR, cosine_span);
}

/* ---- the table ---- */

#define NUMBER NN_MEANS_NUMBER
#define PROBABILITY NN_MEANS_PROBABILITY
#define DISTRIBUTION NN_MEANS_DISTRIBUTION

static const NNLossKind losses[] = {
	{"mean_squared_error", "mse", NUMBER, NN_LINEAR, 1, squared_run, NN_GAN_LEAST_SQUARES},
	{"mean_absolute_error", "mae", NUMBER, NN_LINEAR, 1, absolute_run, NN_GAN_NONE},
	{"mean_absolute_percentage_error", "mape", NUMBER, NN_LINEAR, 1, percentage_run, NN_GAN_NONE},
	{"mean_squared_logarithmic_error", "msle", NN_MEANS_GROWTH, NN_LINEAR, 1, logarithmic_run,
	 NN_GAN_NONE},
	{"huber", NULL, NUMBER, NN_LINEAR, 1, huber_run, NN_GAN_NONE},
	{"log_cosh", NULL, NUMBER, NN_LINEAR, 1, log_cosh_run, NN_GAN_NONE},
	{"binary_crossentropy", "bce", PROBABILITY, NN_SIGMOID, 1, nn_binary_run, NN_GAN_CROSSENTROPY},
	{"categorical_crossentropy", NULL, DISTRIBUTION, NN_SOFTMAX, 2, nn_categorical_run,
	 NN_GAN_NONE},
	{"sparse_categorical_crossentropy", NULL, NN_MEANS_CLASS, NN_SOFTMAX, 2, nn_sparse_run,
	 NN_GAN_NONE},
	{"kl_divergence", "kld", DISTRIBUTION, NN_LINEAR, 1, kl_divergence_run, NN_GAN_NONE},
	{"poisson", NULL, NN_MEANS_AMOUNT, NN_LINEAR, 1, poisson_run, NN_GAN_NONE},
	{"hinge", NULL, NN_MEANS_SIDE, NN_LINEAR, 1, hinge_run, NN_GAN_NONE},
	{"squared_hinge", NULL, NN_MEANS_SIDE, NN_LINEAR, 1, squared_hinge_run, NN_GAN_NONE},
	{"cosine_similarity", NULL, NUMBER, NN_LINEAR, 1, cosine_run, NN_GAN_NONE},
};

const NNLossKind *
nn_loss_find(const char *name)
{
	for (int i = 0; i < NN_ARRAY_LENGTH(losses); i++)
		if (strcmp(losses[i].name, name) == 0 ||
			(losses[i].synonym != NULL && strcmp(losses[i].synonym, name) == 0))
			return &losses[i];
	return NULL;
}

const NNLossKind *
nn_loss_judge(NNGanLoss judge)
{
	for (int i = 0; i < NN_ARRAY_LENGTH(losses); i++)
		if (losses[i].judge == judge)
			return &losses[i];
	return NULL;
}

NNTargetType
nn_loss_target(const NNLossKind *loss)
{
	return loss->meaning == NN_MEANS_CLASS ? NN_TARGET_INDEX : NN_TARGET_REALS;
}

void
nn_losses_list(char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (int i = 0; i < NN_ARRAY_LENGTH(losses) && used < size; i++)
		used +=
			(size_t) snprintf(buf + used, size - used, "%s%s", i > 0 ? ", " : "", losses[i].name);
}

const char *
nn_loss_name(const NNLossKind *loss)
{
	return loss->name;
}
