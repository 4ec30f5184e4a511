/*
 * lengths.c
 *	  Vectors divided by their length: unit_normalization, y = x / |x|, and
 *	  rms_normalization, y = scale x / sqrt(mean of x^2 + epsilon).
 *
 * A sample is (outer, n, inner), see axes.h: a vector has n numbers, and scale, which is
 * learned, one for each of them.  With r = 1 / length and g = dy scale:
 * unit: dx = r (g - y (g . y));  rms: dx = r (g - x r^2 (g . x) / n),
 * dscale += dy x r.  Of a vector without a direction (shorter than 1e-12) unit
 * gives x 1e12 and no gradient.
 * scratch: r and the products of inner vectors.
 */
#include "core/kernels/math_inline.h"
#include "core/layers/axes.h"

typedef struct LengthConf
{
	NNInts axis;
	double epsilon;
} LengthConf;

static const NNField unit_fields[] = {
	NN_FIELD_AXES(LengthConf),
	NN_FIELD_END,
};

static const NNField rms_fields[] = {
	NN_FIELD_AXES(LengthConf),
	NN_FIELD_REAL(LengthConf, epsilon, false, 1e-6, 1e-12, 1e6),
	NN_FIELD_END,
};

#define SHORTEST ((nn_real) 1e-12)

static bool
length_shape(NNLayer *layer, NNAxes *axes, NNError *error)
{
	char what[NN_MAX_NAME + 16], shape[64];

	if (!nn_axes(layer, &NN_CONF(layer, LengthConf)->axis, 1, axes, error))
		return false;
	if (axes->first == 0 && layer->in[0].dim[0] == NN_ANY)
	{
		nn_error(error, NN_BAD_SHAPE,
				 "%s: its axis is the variable first dimension of its input %s",
				 nn_layer_what(layer, what, sizeof(what)),
				 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
		return nn_hint(error, "Choose the last axis, -1: then each step is normalized by itself.");
	}
	layer->out = layer->in[0];
	layer->scratch_fixed = 2 * axes->inner;
	layer->flops = 3 * (double) nn_shape_size(&layer->in[0]);
	return true;
}

static bool
unit_shape(NNLayer *layer, NNError *error)
{
	NNAxes axes;

	if (!length_shape(layer, &axes, error))
		return false;
	layer->mask_from = 0;
	return true;
}

/* As in Keras, scale lies along the last dimensions, and no mask comes through. */
static bool
rms_shape(NNLayer *layer, NNError *error)
{
	const NNInitializer ones = nn_initializer_default(NN_INIT_ONES);
	NNShape scale = {0};
	NNAxes axes;
	char what[NN_MAX_NAME + 16], shape[64];

	if (!length_shape(layer, &axes, error))
		return false;
	if (axes.last < layer->in[0].rank - 1)
	{
		nn_error(error, NN_BAD_VALUE, "%s: its axis does not end with the last dimension",
				 nn_layer_what(layer, what, sizeof(what)));
		return nn_hint(error,
					   "Its input has shape %s: choose -1, or axes next to each other up to %d.",
					   nn_shape_text(&layer->in[0], shape, sizeof(shape)), layer->in[0].rank);
	}
	for (int i = axes.first; i <= axes.last; i++)
		scale.dim[scale.rank++] = layer->in[0].dim[i];
	nn_layer_add_param(layer, "scale", scale, ones, NULL);
	layer->steps_from = 0;
	return true;
}

/* What the two differ in. */
typedef struct Lengths
{
	size_t n, inner;
	bool mean; /* of squares, and epsilon; else their sum */
	nn_real epsilon;
	const nn_real *scale; /* or NULL */
} Lengths;

/* r of one (n, inner); 1 / SHORTEST where the vector is too short. */
NN_INLINE void
inverse_lengths(const Lengths *l, const nn_real *restrict x, nn_real *restrict r)
{
	size_t n = l->n, inner = l->inner;

	if (inner == 1)
	{
		nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
		for (size_t i = 0; i < n; i++)
			sum += x[i] * x[i];
		r[0] = sum;
	}
	else
	{
		for (size_t k = 0; k < inner; k++)
			r[k] = 0;
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < inner; k++)
				r[k] += x[i * inner + k] * x[i * inner + k];
	}
	for (size_t k = 0; k < inner; k++)
	{
		nn_real length = nn_sqrt(l->mean ? r[k] / (nn_real) n + l->epsilon : r[k]);

		r[k] = 1 / nn_at_least(length, SHORTEST);
	}
}

static NN_HOT(void, divide,
			  (const Lengths *l, nn_real *restrict y, const nn_real *restrict x,
			   nn_real *restrict r),
			  (l, y, x, r))
{
	const nn_real *scale = l->scale;
	size_t inner = l->inner;

	inverse_lengths(l, x, r);
	if (inner == 1)
	{
		nn_real factor = r[0];

		if (scale)
			for (size_t i = 0; i < l->n; i++)
				y[i] = x[i] * factor * scale[i];
		else
			for (size_t i = 0; i < l->n; i++)
				y[i] = x[i] * factor;
		return;
	}
	for (size_t i = 0; i < l->n; i++)
	{
		nn_real weight = scale ? scale[i] : 1;

		for (size_t k = 0; k < inner; k++)
			y[i * inner + k] = x[i * inner + k] * r[k] * weight;
	}
}

/* grad += dy x r */
NN_INLINE void
add_scale(const Lengths *l, nn_real *restrict grad, const nn_real *restrict dy,
		  const nn_real *restrict x, const nn_real *restrict r)
{
	size_t inner = l->inner;

	if (inner == 1)
	{
		for (size_t i = 0; i < l->n; i++)
			grad[i] += dy[i] * x[i] * r[0];
		return;
	}
	for (size_t i = 0; i < l->n; i++)
	{
		nn_real sum = 0;

		for (size_t k = 0; k < inner; k++)
			sum += dy[i * inner + k] * x[i * inner + k] * r[k];
		grad[i] += sum;
	}
}

static NN_HOT(void, divide_back,
			  (const Lengths *l, nn_real *restrict dx, nn_real *restrict grad,
			   const nn_real *restrict dy, const nn_real *restrict x, nn_real *restrict r),
			  (l, dx, grad, dy, x, r))
{
	const nn_real *scale = l->scale;
	size_t n = l->n, inner = l->inner;
	nn_real *restrict dot = r + inner;

	inverse_lengths(l, x, r);
	if (grad)
		add_scale(l, grad, dy, x, r);
	if (dx == NULL)
		return;
	for (size_t k = 0; k < inner; k++)
		dot[k] = 0;
	for (size_t i = 0; i < n; i++)
	{
		nn_real weight = scale ? scale[i] : 1;

		for (size_t k = 0; k < inner; k++)
		{
			dx[i * inner + k] = dy[i * inner + k] * weight;
			dot[k] += dx[i * inner + k] * x[i * inner + k];
		}
	}
	for (size_t k = 0; k < inner; k++)
	{
		/* the part of g along x, as a factor of x */
		dot[k] *= l->mean ? r[k] * r[k] / (nn_real) n : r[k] * r[k];
		if (!l->mean && r[k] >= 1 / SHORTEST)
			r[k] = dot[k] = 0;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < inner; k++)
			dx[i * inner + k] = r[k] * (dx[i * inner + k] - dot[k] * x[i * inner + k]);
}

static Lengths
lengths_of(const NNLayer *layer, const NNPass *pass, const NNAxes *axes)
{
	return (Lengths){
		.n = axes->n,
		.inner = axes->inner,
		.mean = layer->n_params > 0,
		.epsilon = (nn_real) NN_CONF(layer, LengthConf)->epsilon,
		.scale = layer->n_params > 0 ? pass->params : NULL,
	};
}

static void
length_forward(const NNLayer *layer, const NNPass *pass)
{
	NNAxes axes = nn_axes_of(layer, &NN_CONF(layer, LengthConf)->axis, pass->steps);
	Lengths l = lengths_of(layer, pass, &axes);
	size_t size = axes.n * axes.inner, groups = axes.outer * (size_t) pass->batch;

	for (size_t g = 0; g < groups; g++)
		divide(&l, pass->y + g * size, pass->x + g * size, pass->scratch);
}

static void
length_backward(const NNLayer *layer, const NNPass *pass)
{
	NNAxes axes = nn_axes_of(layer, &NN_CONF(layer, LengthConf)->axis, pass->steps);
	Lengths l = lengths_of(layer, pass, &axes);
	size_t size = axes.n * axes.inner, groups = axes.outer * (size_t) pass->batch;
	nn_real *grad = layer->n_params > 0 ? pass->grads : NULL;

	for (size_t g = 0; (pass->dx || grad) && g < groups; g++)
		divide_back(&l, pass->dx ? pass->dx + g * size : NULL, grad, pass->dy + g * size,
					pass->x + g * size, pass->scratch);
}

const NNKind nn_unit_normalization = {
	.name = "unit_normalization",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(LengthConf),
	.fields = unit_fields,
	.shape = unit_shape,
	.forward = length_forward,
	.backward = length_backward,
};

const NNKind nn_rms_normalization = {
	.name = "rms_normalization",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(LengthConf),
	.fields = rms_fields,
	.shape = rms_shape,
	.forward = length_forward,
	.backward = length_backward,
};
