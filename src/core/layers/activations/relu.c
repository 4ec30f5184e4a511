/*
 * relu.c
 *	  Activations with arguments, as layers: elu, relu and prelu.
 *
 * elu: x where x > 0, else alpha (e^x - 1).
 * relu: x above threshold, at most max_value, else negative_slope (x - threshold).
 * prelu: x where x > 0, else alpha x; alpha is learned, for each feature of a sample,
 * or one for all of those along shared_axes.
 *
 * Forward keeps nothing: x and y are still there when backward needs them.  (The
 * activations of these names have no arguments.)
 */
#include "core/kernels/math_inline.h"
#include "core/layers/spread.h"

static bool
elementwise_shape(NNLayer *layer, NNError *error)
{
	(void) error;
	layer->out = layer->in[0];
	layer->flops = (double) nn_shape_size(&layer->in[0]);
	layer->mask_from = 0;
	return true;
}

static size_t
reals_of(const NNLayer *layer, const NNPass *pass)
{
	return nn_shape_reals(&layer->out, pass->steps) * (size_t) pass->batch;
}

/* ---- elu ---- */

typedef struct EluConf
{
	double alpha;
} EluConf;

static const NNField elu_fields[] = {
	NN_FIELD_REAL(EluConf, alpha, false, 1, -1e30, 1e30),
	NN_FIELD_END,
};

static NN_HOT(void, elu, (nn_real *restrict y, const nn_real *restrict x, nn_real alpha, size_t n),
			  (y, x, alpha, n))
{
	for (size_t i = 0; i < n; i++)
		y[i] = x[i] > 0 ? x[i] : alpha * nn_expm1(x[i]);
}

static NN_HOT(void, elu_back,
			  (nn_real *restrict dx, const nn_real *restrict dy, const nn_real *restrict x,
			   const nn_real *restrict y, nn_real alpha, size_t n),
			  (dx, dy, x, y, alpha, n))
{
	for (size_t i = 0; i < n; i++)
		dx[i] = x[i] > 0 ? dy[i] : dy[i] * (y[i] + alpha);
}

static void
elu_forward(const NNLayer *layer, const NNPass *pass)
{
	elu(pass->y, pass->x, (nn_real) NN_CONF(layer, EluConf)->alpha, reals_of(layer, pass));
}

static void
elu_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		elu_back(pass->dx, pass->dy, pass->x, pass->y, (nn_real) NN_CONF(layer, EluConf)->alpha,
				 reals_of(layer, pass));
}

/* ---- relu ---- */

typedef struct ReluConf
{
	double max_value; /* infinite: none */
	double negative_slope;
	double threshold;
} ReluConf;

static const NNField relu_fields[] = {
	NN_FIELD_REAL(ReluConf, max_value, false, (double) INFINITY, 0, 1e30),
	NN_FIELD_REAL(ReluConf, negative_slope, false, 0, 0, 1e30),
	NN_FIELD_REAL(ReluConf, threshold, false, 0, 0, 1e30),
	NN_FIELD_END,
};

typedef struct Bounds
{
	nn_real low, high, slope;
} Bounds;

static Bounds
bounds_of(const NNLayer *layer)
{
	const ReluConf *conf = NN_CONF(layer, ReluConf);

	return (Bounds){(nn_real) conf->threshold, (nn_real) conf->max_value,
					(nn_real) conf->negative_slope};
}

static NN_HOT(void, relu, (nn_real *restrict y, const nn_real *restrict x, Bounds b, size_t n),
			  (y, x, b, n))
{
	if (b.slope == 0)
		for (size_t i = 0; i < n; i++) /* an infinity times 0 would be NaN */
			y[i] = x[i] <= b.low ? 0 : nn_at_most(x[i], b.high);
	else
		for (size_t i = 0; i < n; i++)
			y[i] = x[i] > b.low ? nn_at_most(x[i], b.high) : b.slope * (x[i] - b.low);
}

static NN_HOT(void, relu_back,
			  (nn_real *restrict dx, const nn_real *restrict dy, const nn_real *restrict x,
			   Bounds b, size_t n),
			  (dx, dy, x, b, n))
{
	for (size_t i = 0; i < n; i++)
		dx[i] = x[i] > b.low ? (x[i] > b.high ? 0 : dy[i]) : b.slope * dy[i];
}

static void
relu_forward(const NNLayer *layer, const NNPass *pass)
{
	relu(pass->y, pass->x, bounds_of(layer), reals_of(layer, pass));
}

static void
relu_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		relu_back(pass->dx, pass->dy, pass->x, bounds_of(layer), reals_of(layer, pass));
}

/* ---- prelu ---- */

typedef struct PreluConf
{
	NNInitializer alpha_initializer;
	NNRules alpha;
	NNInts shared_axes;
} PreluConf;

static const NNField prelu_fields[] = {
	NN_FIELD_INITIALIZER(PreluConf, alpha_initializer, NN_INIT_ZEROS),
	NN_FIELD_RULES(PreluConf, alpha),
	NN_FIELD_LIST(PreluConf, shared_axes, NN_MAX_RANK, 1, NN_MAX_RANK),
	NN_FIELD_END,
};

static bool
prelu_shape(NNLayer *layer, NNError *error)
{
	const PreluConf *conf = NN_CONF(layer, PreluConf);
	NNShape alpha = layer->in[0];
	char what[NN_MAX_NAME + 16], shape[64];

	nn_layer_what(layer, what, sizeof(what));
	nn_shape_text(&layer->in[0], shape, sizeof(shape));
	for (int i = 0; i < conf->shared_axes.count; i++)
	{
		int axis = conf->shared_axes.value[i];

		if (axis > alpha.rank)
		{
			nn_error(error, NN_BAD_VALUE, "%s: its input %s has no axis %d to share", what, shape,
					 axis);
			return nn_hint(error, "Its axes are 1 to %d.", alpha.rank);
		}
		alpha.dim[axis - 1] = 1;
	}
	if (alpha.dim[0] == NN_ANY)
	{
		nn_error(error, NN_BAD_SHAPE, "%s: the first dimension of its input %s is variable", what,
				 shape);
		return nn_hint(error, "Share its parameter along the steps, by shared_axes => 1.");
	}
	nn_layer_add_param(layer, "alpha", alpha, conf->alpha_initializer, &conf->alpha);
	return elementwise_shape(layer, error);
}

/* step 1: a row of alpha, 0: one of it for the whole row of x */
NN_INLINE void
prelu_row_of(nn_real *restrict y, const nn_real *restrict x, const nn_real *restrict alpha,
			 size_t step, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] = x[i] > 0 ? x[i] : alpha[i * step] * x[i];
}

static NN_HOT(void, prelu_row,
			  (nn_real *restrict y, const nn_real *restrict x, const nn_real *restrict alpha,
			   bool single, size_t n),
			  (y, x, alpha, single, n))
{
	if (single)
		prelu_row_of(y, x, alpha, 0, n);
	else
		prelu_row_of(y, x, alpha, 1, n);
}

/* dx and grad may be NULL.  At 0, as in Keras, neither side has a slope. */
static NN_HOT(void, prelu_row_back,
			  (nn_real *restrict dx, nn_real *restrict grad, const nn_real *restrict dy,
			   const nn_real *restrict x, const nn_real *restrict alpha, bool single, size_t n),
			  (dx, grad, dy, x, alpha, single, n))
{
	nn_real sum = 0;

	if (dx && single)
		for (size_t i = 0; i < n; i++)
			dx[i] = x[i] > 0 ? dy[i] : x[i] < 0 ? alpha[0] * dy[i] : 0;
	else if (dx)
		for (size_t i = 0; i < n; i++)
			dx[i] = x[i] > 0 ? dy[i] : x[i] < 0 ? alpha[i] * dy[i] : 0;
	if (grad == NULL)
		return;
	if (!single)
	{
		for (size_t i = 0; i < n; i++)
			grad[i] += x[i] < 0 ? x[i] * dy[i] : 0;
		return;
	}
#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < n; i++)
		sum += x[i] < 0 ? x[i] * dy[i] : 0;
	grad[0] += sum;
}

static void
prelu_forward(const NNLayer *layer, const NNPass *pass)
{
	NNSpread s = nn_spread(&layer->in[0], &layer->params[0].shape, pass->steps);
	size_t rows = s.rows * (size_t) pass->batch;

	for (size_t r = 0; r < rows; r++)
		prelu_row(pass->y + r * s.width, pass->x + r * s.width,
				  pass->params + nn_spread_at(&s, r % s.rows), s.single, s.width);
}

static void
prelu_backward(const NNLayer *layer, const NNPass *pass)
{
	NNSpread s = nn_spread(&layer->in[0], &layer->params[0].shape, pass->steps);
	size_t rows = s.rows * (size_t) pass->batch;

	for (size_t r = 0; r < rows; r++)
	{
		size_t at = nn_spread_at(&s, r % s.rows), from = r * s.width;

		prelu_row_back(pass->dx ? pass->dx + from : NULL, pass->grads ? pass->grads + at : NULL,
					   pass->dy + from, pass->x + from, pass->params + at, s.single, s.width);
	}
}

const NNKind nn_elu = {
	.name = "elu",
	.flags = NN_KIND_MASKED | NN_KIND_ELEMENTWISE,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(EluConf),
	.fields = elu_fields,
	.shape = elementwise_shape,
	.forward = elu_forward,
	.backward = elu_backward,
};

const NNKind nn_relu = {
	.name = "relu",
	.flags = NN_KIND_MASKED | NN_KIND_ELEMENTWISE,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(ReluConf),
	.fields = relu_fields,
	.shape = elementwise_shape,
	.forward = relu_forward,
	.backward = relu_backward,
};

const NNKind nn_prelu = {
	.name = "prelu",
	.flags = NN_KIND_MASKED | NN_KIND_ELEMENTWISE,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(PreluConf),
	.fields = prelu_fields,
	.shape = prelu_shape,
	.forward = prelu_forward,
	.backward = prelu_backward,
};
