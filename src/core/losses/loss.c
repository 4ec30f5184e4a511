/*
 * loss.c
 *	  The table of losses, and those that compare numbers with numbers.  Those
 *	  of classes and probabilities are in crossentropy.c and focal.c, those of
 *	  what overlaps in overlap.c, that of sequences in ctc.c; arguments are
 *	  read in loss_parse.c.
 *
 * An entry of a loss is a row: the last dimension of one sample's output, or
 * of one step of it.  A row's value is, as in Keras, the mean over its width
 * (of some losses the sum, as said at each).  run() returns the sum of the
 * values of all rows the mask leaves, and sets dy to the gradient of that sum
 * (0 in masked rows), so the caller divides both by the number of such rows.
 */
#include <float.h>
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

/* The value of one element with output y and target t; *d is its derivative by y; delta is huber's. */
NN_INLINE nn_real
term(Term kind, nn_real y, nn_real t, nn_real delta, nn_real *d)
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

		case HUBER: /* squared up to an error of delta, then linear */
			*d = nn_at_most(nn_at_least(e, -delta), delta);
			return a <= delta ? e * e / 2 : delta * a - delta * delta / 2;

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
	nn_real delta = kind == HUBER ? (nn_real) pass->conf->delta : 0;
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
				value[i] = term(kind, y[i], (nn_real) t[i], delta, &d);
				dy[i] = d * (nn_real) scale;
			}
		}
		else
			for (size_t i = 0; i < m; i++)
				value[i] = term(kind, y[i], (nn_real) t[i], delta, &d);
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

/*
 * ---- categorical hinge of a row: max(neg - pos + 1, 0), pos = sum(t y),
 * neg = max((1 - t) y); where several are the largest, each has a part of the slope ----
 */

static double
categorical_hinge_span(const NNLossPass *pass)
{
	size_t width = (size_t) pass->width;
	double sum = 0;

	for (size_t row = 0; row < pass->rows; row++)
	{
		const nn_real *y = pass->y + row * width;
		const float *t = pass->target + row * width;
		nn_real *dy = pass->dy == NULL ? NULL : pass->dy + row * width;
		nn_real pos = 0;
		nn_real neg = (1 - (nn_real) t[0]) * y[0];
		nn_real ties = 0;
		nn_real value;

		for (size_t i = 0; i < width; i++)
		{
			pos += (nn_real) t[i] * y[i];
			neg = nn_larger(neg, (1 - (nn_real) t[i]) * y[i]);
		}
		value = nn_at_least(neg - pos + 1, 0);
		sum += value;
		for (size_t i = 0; dy != NULL && i < width; i++)
			ties += (1 - (nn_real) t[i]) * y[i] == neg;
		for (size_t i = 0; dy != NULL && i < width; i++)
		{
			nn_real rest = 1 - (nn_real) t[i];
			nn_real slope = rest * y[i] == neg ? rest / ties : 0;

			dy[i] = value > 0 ? slope - (nn_real) t[i] : 0;
		}
	}
	return sum;
}

static double
categorical_hinge_run(const NNLossPass *pass)
{
	return nn_loss_spans(pass, NN_LINEAR, categorical_hinge_span);
}

/* ---- the arguments ---- */

#define MAX_FACTOR 1e6
#define MAX_CLASS 16777216 /* what a real holds exactly */

#define SMOOTHED(m) NN_FIELD_REAL(NNLossConf, m, false, 0, 0, 1)
#define AXIS                                                                            \
	{                                                                                   \
		"axis", NN_FIELD_TYPE_LIST, offsetof(NNLossConf, axis), false, 0, -NN_MAX_DIMS, \
			NN_MAX_DIMS - 1, NULL, NN_MAX_DIMS                                          \
	}

static const NNField axis_fields[] = {AXIS, NN_FIELD_END};
static const NNField huber_fields[] = {
	NN_FIELD_REAL(NNLossConf, delta, false, 1, 0, 1e30),
	NN_FIELD_END,
};
static const NNField crossentropy_fields[] = {
	NN_FIELD_BOOL(NNLossConf, from_logits, false),
	SMOOTHED(label_smoothing),
	AXIS,
	NN_FIELD_END,
};
static const NNField sparse_fields[] = {
	NN_FIELD_BOOL(NNLossConf, from_logits, false),
	NN_FIELD_INT(NNLossConf, ignore_class, false, NN_NO_CLASS, -MAX_CLASS, MAX_CLASS),
	AXIS,
	NN_FIELD_END,
};
static const NNField binary_focal_fields[] = {
	NN_FIELD_BOOL(NNLossConf, apply_class_balancing, false),
	NN_FIELD_REAL(NNLossConf, alpha, false, 0.25, 0, 1),
	NN_FIELD_REAL(NNLossConf, gamma, false, 2, 0, 1000),
	NN_FIELD_BOOL(NNLossConf, from_logits, false),
	SMOOTHED(label_smoothing),
	AXIS,
	NN_FIELD_END,
};
static const NNField categorical_focal_fields[] = {
	{"alpha", NN_FIELD_TYPE_NUMBERS, offsetof(NNLossConf, alphas), false, 0, 0, MAX_FACTOR, NULL,
	 0},
	NN_FIELD_REAL(NNLossConf, gamma, false, 2, 0, 1000),
	NN_FIELD_BOOL(NNLossConf, from_logits, false),
	SMOOTHED(label_smoothing),
	AXIS,
	NN_FIELD_END,
};
static const NNField generalized_fields[] = {
	NN_FIELD_REAL(NNLossConf, q, false, 0.5, DBL_MIN, 0x1.fffffffffffffp-1),
	NN_FIELD_END,
};
static const NNField tversky_fields[] = {
	NN_FIELD_REAL(NNLossConf, alpha, false, 0.5, 0, MAX_FACTOR),
	NN_FIELD_REAL(NNLossConf, beta, false, 0.5, 0, MAX_FACTOR),
	AXIS,
	NN_FIELD_END,
};

/* ---- the table ---- */

#define NUMBER .meaning = NN_MEANS_NUMBER
#define PROBABILITY .meaning = NN_MEANS_PROBABILITY
#define DISTRIBUTION .meaning = NN_MEANS_DISTRIBUTION, .min_width = 2
#define CLASS .meaning = NN_MEANS_CLASS, .min_width = 2
#define LOSS(name_, run_, ...)                                        \
	{                                                                 \
		.name = name_, .run = run_, .judge = NN_GAN_NONE, __VA_ARGS__ \
	}

static const NNLossKind losses[] = {
	{"mean_squared_error", "mse", NUMBER, .run = squared_run, .judge = NN_GAN_LEAST_SQUARES},
	LOSS("mean_absolute_error", absolute_run, NUMBER, .synonym = "mae"),
	LOSS("mean_absolute_percentage_error", percentage_run, NUMBER, .synonym = "mape"),
	LOSS("mean_squared_logarithmic_error", logarithmic_run, .meaning = NN_MEANS_GROWTH,
		 .synonym = "msle"),
	LOSS("huber", huber_run, NUMBER, .fields = huber_fields),
	LOSS("log_cosh", log_cosh_run, NUMBER),
	{"binary_crossentropy", "bce", PROBABILITY, .fused = NN_SIGMOID, .run = nn_binary_run,
	 .judge = NN_GAN_CROSSENTROPY, .fields = crossentropy_fields},
	LOSS("categorical_crossentropy", nn_categorical_run, DISTRIBUTION, .fused = NN_SOFTMAX,
		 .fields = crossentropy_fields),
	LOSS("sparse_categorical_crossentropy", nn_sparse_run, CLASS, .fused = NN_SOFTMAX,
		 .fields = sparse_fields),
	LOSS("kl_divergence", kl_divergence_run, .meaning = NN_MEANS_DISTRIBUTION, .synonym = "kld"),
	LOSS("poisson", poisson_run, .meaning = NN_MEANS_AMOUNT),
	LOSS("hinge", hinge_run, .meaning = NN_MEANS_SIDE),
	LOSS("squared_hinge", squared_hinge_run, .meaning = NN_MEANS_SIDE),
	LOSS("cosine_similarity", cosine_run, NUMBER, .fields = axis_fields),
	LOSS("binary_focal_crossentropy", nn_binary_focal_run, PROBABILITY, .fused = NN_SIGMOID,
		 .apart = true, .fields = binary_focal_fields),
	LOSS("categorical_focal_crossentropy", nn_categorical_focal_run, DISTRIBUTION,
		 .taken = NN_SOFTMAX, .fields = categorical_focal_fields),
	LOSS("categorical_generalized_cross_entropy", nn_generalized_run, CLASS, .taken = NN_SOFTMAX,
		 .fields = generalized_fields),
	LOSS("categorical_hinge", categorical_hinge_run, DISTRIBUTION),
	LOSS("dice", nn_dice_run, PROBABILITY, .taken = NN_SIGMOID, .over = NN_OVER_BATCH,
		 .fields = axis_fields),
	LOSS("tversky", nn_tversky_run, PROBABILITY, .taken = NN_SIGMOID, .over = NN_OVER_BATCH,
		 .fields = tversky_fields),
	LOSS("ctc", nn_ctc_run, .meaning = NN_MEANS_SEQUENCE, .logits = true, .over = NN_OVER_SAMPLES,
		 .min_width = 2, .room = nn_ctc_room),
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
	return loss->meaning == NN_MEANS_CLASS || loss->meaning == NN_MEANS_SEQUENCE ? NN_TARGET_INDEX
																				 : NN_TARGET_REALS;
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

size_t
nn_loss_room(const NNLoss *loss, size_t sample_rows)
{
	return loss->kind != NULL && loss->kind->room != NULL ? loss->kind->room(sample_rows) : 0;
}

size_t
nn_loss_states(const NNLoss *loss)
{
	return loss->kind != NULL && nn_loss_conf(loss)->over == NN_OVER_BATCH ? NN_RATIO_STATES : 0;
}

bool
nn_objective_counts_rows(const NNObjective *objective)
{
	const NNLossConf *conf = nn_loss_conf(&objective->loss);

	return objective->loss.kind == NULL ||
		(conf->over == NN_OVER_ROWS && conf->ignore_class == NN_NO_CLASS);
}
