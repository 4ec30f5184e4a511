/*
 * normalization.c
 *	  y = (x - mean) / max(sqrt(variance), 1e-7), feature by feature of the
 *	  last dimension; or its inverse.
 *
 * A feature of variance 0 was constant: it gives 0 whatever it is later (and
 * the inverse gives the mean).  Keras divides what it is later by 1e-7, as
 * keep_constant does.  A learned variance that is no more than the rounding of
 * its mean is 0.
 *
 * mean and variance are given by the configuration, or are parameters learned
 * from the rows of the first training, in doubles: from what comes to the layer,
 * by the inverse from y, to whose scale it is to bring the output.  Parameters are those of
 * Keras: mean (c), variance (c), count (1); none of them is trained.  Keras
 * itself leaves count 0 after learning, so a layer counts as learned too once
 * mean or variance differ from their initial 0 and 1.
 */
#include "core/layers/layer.h"
#include "core/kernels/columns.h"

#include <float.h>

#define EPSILON 1e-7
#define MOST ((double) FLT_MAX) /* given: what can be learned, too */
#define ROUNDING 0x1p-24		/* of a float, relative */

typedef struct NormalizationConf
{
	int axis;
	bool invert;
	bool keep_constant;
	NNReals mean;
	NNReals variance;
} NormalizationConf;

static const NNField normalization_fields[] = {
	NN_FIELD_INT(NormalizationConf, axis, false, -1, -1, NN_MAX_RANK),
	NN_FIELD_REALS(NormalizationConf, mean, NN_MAX_REALS, false, -MOST, MOST),
	NN_FIELD_REALS(NormalizationConf, variance, NN_MAX_REALS, false, 0, MOST),
	NN_FIELD_BOOL(NormalizationConf, invert, false),
	NN_FIELD_BOOL(NormalizationConf, keep_constant, false),
	NN_FIELD_END,
};

static bool
check_given(const NNLayer *layer, int c, NNError *error)
{
	const NormalizationConf *conf = NN_CONF(layer, NormalizationConf);
	char what[NN_MAX_NAME + 16];

	nn_layer_what(layer, what, sizeof(what));
	if ((conf->mean.count == 0) != (conf->variance.count == 0))
	{
		nn_error(error, NN_BAD_VALUE, "%s: \"%s\" is given without \"%s\"", what,
				 conf->mean.count ? "mean" : "variance", conf->mean.count ? "variance" : "mean");
		return nn_hint(error, "Give both, or neither to have them learned from the training rows.");
	}
	if (conf->mean.count != conf->variance.count)
	{
		nn_error(error, NN_BAD_VALUE, "%s: \"mean\" has %d numbers and \"variance\" %d", what,
				 conf->mean.count, conf->variance.count);
		return nn_hint(error, "Give as many of the one as of the other.");
	}
	if (conf->mean.count > 1 && conf->mean.count != c)
	{
		nn_error(error, NN_BAD_SHAPE,
				 "%s: \"mean\" and \"variance\" have %d numbers for %d features", what,
				 conf->mean.count, c);
		return nn_hint(error,
					   "Give one number for all features or %d of them, "
					   "or leave both out to have them learned from the training rows.",
					   c);
	}
	return true;
}

static bool
normalization_shape(NNLayer *layer, NNError *error)
{
	const NormalizationConf *conf = NN_CONF(layer, NormalizationConf);
	NNInitializer zeros = nn_initializer_default(NN_INIT_ZEROS);
	NNInitializer ones = nn_initializer_default(NN_INIT_ONES);
	NNParam *variance;
	int c;

	if (!nn_columns_check(layer, conf->axis, error))
		return false;
	c = nn_shape_last(&layer->in[0]);
	if (!check_given(layer, c, error))
		return false;
	if (conf->mean.count == 0)
	{
		nn_layer_add_param(layer, "mean", nn_shape1(c), zeros, NULL)->trainable = false;
		variance = nn_layer_add_param(layer, "variance", nn_shape1(c), ones, NULL);
		variance->trainable = false;
		variance->mean = layer->n_params - 1;
		nn_layer_add_param(layer, "count", nn_shape1(1), zeros, NULL)->trainable = false;
	}
	layer->out = layer->in[0];
	layer->scratch_fixed = 3 * (size_t) c;
	layer->flops = 2.0 * (double) nn_shape_size(&layer->in[0]);
	layer->mask_from = 0;
	return true;
}

static double
mean_of(const NormalizationConf *conf, const nn_real *params, int i)
{
	return conf->mean.count ? conf->mean.value[conf->mean.count == 1 ? 0 : i] : (double) params[i];
}

static double
variance_of(const NormalizationConf *conf, const nn_real *params, int c, int i)
{
	return conf->mean.count ? conf->variance.value[conf->mean.count == 1 ? 0 : i]
							: (double) params[c + i];
}

static bool
is_constant(const NormalizationConf *conf, double variance)
{
	return !conf->keep_constant && !(variance > 0);
}

/* Into scratch: shift, scale and offset of y = (x - shift) scale + offset. */
static void
prepare(const NNLayer *layer, const NNPass *pass, nn_real *shift, nn_real *scale, nn_real *offset)
{
	const NormalizationConf *conf = NN_CONF(layer, NormalizationConf);
	int c = nn_shape_last(&layer->in[0]);

	for (int i = 0; i < c; i++)
	{
		double mean = mean_of(conf, pass->params, i);
		double variance = variance_of(conf, pass->params, c, i);
		bool constant = is_constant(conf, variance);
		double deviation = variance > 0 ? sqrt(variance) : 0;

		if (deviation < EPSILON)
			deviation = EPSILON;
		shift[i] = (nn_real) (conf->invert || constant ? 0 : mean);
		offset[i] = (nn_real) (conf->invert ? mean : 0);
		scale[i] = (nn_real) (constant ? 0 : conf->invert ? deviation : 1 / deviation);
	}
}

static void
normalization_forward(const NNLayer *layer, const NNPass *pass)
{
	int c = nn_shape_last(&layer->in[0]);
	nn_real *shift = pass->scratch, *scale = shift + c, *offset = scale + c;

	prepare(layer, pass, shift, scale, offset);
	nn_columns_affine(pass->y, pass->x, nn_pass_rows(&layer->in[0], pass), c, shift, scale, offset);
}

static void
normalization_backward(const NNLayer *layer, const NNPass *pass)
{
	int c = nn_shape_last(&layer->in[0]);
	nn_real *shift = pass->scratch, *scale = shift + c;

	if (pass->dx == NULL)
		return;
	prepare(layer, pass, shift, scale, scale + c);
	nn_columns_scale(pass->dx, pass->dy, nn_pass_rows(&layer->in[0], pass), c, scale);
}

static bool
normalization_unadapted(const NNLayer *layer, const nn_real *params)
{
	int c = nn_shape_last(&layer->in[0]);

	if (NN_CONF(layer, NormalizationConf)->mean.count > 0 || params[2 * (size_t) c] != 0)
		return false;
	for (int i = 0; i < c; i++)
		if (params[i] != 0 || params[c + i] != 1)
			return false;
	return true;
}

static bool
normalization_check_params(const NNLayer *layer, const nn_real *params, NNError *error)
{
	int c = nn_shape_last(&layer->in[0]);
	char what[NN_MAX_NAME + 16];

	for (int i = 0; i < c && layer->n_params > 0; i++)
		if (params[c + i] < 0)
		{
			nn_error(error, NN_BAD_VALUE, "%s: its variance has %g, which is negative",
					 nn_layer_what(layer, what, sizeof(what)), (double) params[c + i]);
			return nn_hint(error, "A variance is 0 or more.");
		}
	return true;
}

static bool
normalization_adapts_to_target(const NNLayer *layer)
{
	return NN_CONF(layer, NormalizationConf)->invert;
}

/* moments | scratch for gathering them */
static size_t
normalization_adapt_size(const NNLayer *layer)
{
	int c = nn_shape_last(&layer->in[0]);

	return NN_MOMENTS_SIZE(c) + 2 * (size_t) c;
}

static void
normalization_adapt_rows(const NNLayer *layer, const NNPass *pass, double *state)
{
	int c = nn_shape_last(&layer->in[0]);

	nn_moments_add_exact(state, pass->x, nn_pass_rows(&layer->in[0], pass), c, pass->mask,
						 nn_columns_rows_a_step(&layer->in[0]), state + NN_MOMENTS_SIZE(c));
}

static void
put_moments(const NNLayer *layer, nn_real *params, int feature, double mean, double variance)
{
	double rounding = mean * ROUNDING;

	if (variance <= rounding * rounding && !NN_CONF(layer, NormalizationConf)->keep_constant)
		variance = 0;
	params[feature] = (nn_real) mean;
	params[nn_shape_last(&layer->in[0]) + feature] = (nn_real) variance;
}

static void
normalization_adapt_end(const NNLayer *layer, double *state, nn_real *params)
{
	int c = nn_shape_last(&layer->in[0]);

	if (state[0] <= 0)
		return;
	for (int i = 0; i < c; i++)
		put_moments(layer, params, i, state[1 + i], state[1 + c + i] / state[0]);
	params[2 * (size_t) c] = (nn_real) state[0];
}

/* ---- in one pass, by states that are put together ---- */

/* By feature: */
enum
{
	AT_COUNT,
	AT_MEAN,
	AT_SQUARES, /* of distances from the mean */
	AT_MISSING,
	AT_SIZE
};

static size_t
learning_size(const NNLayer *layer)
{
	return AT_SIZE * (size_t) nn_shape_last(&layer->in[0]);
}

static void
add_moments(double *moments, double count, double mean, double squares)
{
	double all = moments[AT_COUNT] + count;
	double distance = mean - moments[AT_MEAN];

	if (!(count > 0))
		return;
	moments[AT_SQUARES] += squares + distance * distance * moments[AT_COUNT] * (count / all);
	moments[AT_MEAN] += distance * (count / all);
	moments[AT_COUNT] = all;
}

static void
learning_rows(const NNLayer *layer, const NNPass *pass, double *state)
{
	const size_t c = (size_t) nn_shape_last(&layer->in[0]);
	const size_t rows = nn_pass_rows(&layer->in[0], pass);
	const size_t rows_a_step = nn_columns_rows_a_step(&layer->in[0]);

	for (size_t i = 0; i < c; i++)
	{
		double *moments = state + AT_SIZE * i;
		double from = moments[AT_MEAN], count = 0, sum = 0, squares = 0;

		for (size_t r = 0; r < rows; r++)
		{
			double x = (double) pass->x[r * c + i];

			if (pass->mask != NULL && !pass->mask[r / rows_a_step])
				continue;
			if (x != x)
			{
				moments[AT_MISSING] += 1;
				continue;
			}
			/* distances from a value that is among them lose no digits */
			if (count + moments[AT_COUNT] == 0)
				from = x;
			count += 1;
			sum += x - from;
			squares += (x - from) * (x - from);
		}
		if (count > 0)
			add_moments(moments, count, from + sum / count, fmax(squares - sum * (sum / count), 0));
	}
}

static void
learning_merge(const NNLayer *layer, double *state, const double *other)
{
	for (int i = 0; i < nn_shape_last(&layer->in[0]); i++)
	{
		const double *moments = other + AT_SIZE * (size_t) i;

		state[AT_SIZE * (size_t) i + AT_MISSING] += fmax(moments[AT_MISSING], 0);
		add_moments(state + AT_SIZE * (size_t) i, moments[AT_COUNT], moments[AT_MEAN],
					fmax(moments[AT_SQUARES], 0));
	}
}

static void
learning_shift(const NNLayer *layer, double *state, int feature, double by)
{
	(void) layer;
	state[AT_SIZE * (size_t) feature + AT_MEAN] += by;
}

static double
learning_missing(const NNLayer *layer, const double *state, int feature)
{
	(void) layer;
	return state[AT_SIZE * (size_t) feature + AT_MISSING];
}

static void
learning_fill(const NNLayer *layer, double *state, int feature, const double *shown)
{
	double *moments = state + AT_SIZE * (size_t) feature;

	(void) layer;
	add_moments(moments, moments[AT_MISSING], shown[AT_SIZE * (size_t) feature + AT_MEAN], 0);
	moments[AT_MISSING] = 0;
}

static void
learning_end(const NNLayer *layer, double *state, nn_real *params)
{
	const int c = nn_shape_last(&layer->in[0]);

	for (int i = 0; i < c; i++)
	{
		const double *moments = state + AT_SIZE * (size_t) i;

		if (moments[AT_COUNT] > 0)
			put_moments(layer, params, i, moments[AT_MEAN],
						moments[AT_SQUARES] / moments[AT_COUNT]);
	}
	params[2 * (size_t) c] = (nn_real) state[AT_COUNT];
}

static const NNLearning learning = {
	.size = learning_size,
	.rows = learning_rows,
	.merge = learning_merge,
	.shift = learning_shift,
	.missing = learning_missing,
	.fill = learning_fill,
	.end = learning_end,
};

static NNOrigin
normalization_origin(const NNLayer *layer)
{
	const NormalizationConf *conf = NN_CONF(layer, NormalizationConf);

	return conf->mean.count > 0 || conf->invert ? NN_ORIGIN_MATTERS : NN_ORIGIN_FORGOTTEN;
}

static bool
normalization_constant(const NNLayer *layer, const nn_real *params, int feature)
{
	const NormalizationConf *conf = NN_CONF(layer, NormalizationConf);

	return is_constant(conf, variance_of(conf, params, nn_shape_last(&layer->in[0]), feature));
}

const NNKind nn_normalization = {
	.name = "normalization",
	.flags = NN_KIND_MASKED | NN_KIND_ELEMENTWISE,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(NormalizationConf),
	.fields = normalization_fields,
	.shape = normalization_shape,
	.forward = normalization_forward,
	.backward = normalization_backward,
	.check_params = normalization_check_params,
	.unadapted = normalization_unadapted,
	.adapts_to_target = normalization_adapts_to_target,
	.adapt_size = normalization_adapt_size,
	.adapt_rows = normalization_adapt_rows,
	.adapt_end = normalization_adapt_end,
	.learning = &learning,
	.origin = normalization_origin,
	.adapt_constant = normalization_constant,
};
