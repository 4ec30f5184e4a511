/*
 * layernorm.c
 *	  y = (x - mean) gamma / sqrt(variance + epsilon) + beta, where mean and
 *	  variance (biased) are those of each row of the last dimension.
 *
 * saved, for each row: mean | 1 / deviation.  Backward of one row of c, with
 * xhat = (x - mean) r and g = dy gamma:
 * dx = r (g - mean(g) - xhat mean(g xhat)); dgamma += dy xhat; dbeta += dy.
 */
#include "core/layers/layer.h"
#include "core/kernels/columns.h"

typedef struct LayernormConf
{
	int axis;
	double epsilon;
	bool center;
	bool scale;
	NNInitializer beta_initializer;
	NNInitializer gamma_initializer;
	NNRules beta;
	NNRules gamma;
} LayernormConf;

static const NNField layernorm_fields[] = {
	NN_FIELD_INT(LayernormConf, axis, false, -1, -1, NN_MAX_RANK),
	NN_FIELD_REAL(LayernormConf, epsilon, false, 1e-3, 1e-12, 1e6),
	NN_FIELD_BOOL(LayernormConf, center, true),
	NN_FIELD_BOOL(LayernormConf, scale, true),
	NN_FIELD_INITIALIZER(LayernormConf, beta_initializer, NN_INIT_ZEROS),
	NN_FIELD_INITIALIZER(LayernormConf, gamma_initializer, NN_INIT_ONES),
	NN_FIELD_RULES(LayernormConf, beta),
	NN_FIELD_RULES(LayernormConf, gamma),
	NN_FIELD_END,
};

static bool
layernorm_shape(NNLayer *layer, NNError *error)
{
	const LayernormConf *conf = NN_CONF(layer, LayernormConf);
	NNShape features;
	size_t size;

	if (!nn_columns_check(layer, conf->axis, error))
		return false;
	features = nn_shape1(nn_shape_last(&layer->in[0]));
	if (conf->scale)
		nn_layer_add_param(layer, "gamma", features, conf->gamma_initializer, &conf->gamma);
	if (conf->center)
		nn_layer_add_param(layer, "beta", features, conf->beta_initializer, &conf->beta);
	size = nn_shape_size(&layer->in[0]);
	layer->out = layer->in[0];
	layer->saved_size = 2 * size / (size_t) features.dim[0];
	layer->flops = 5.0 * (double) size;
	layer->mask_from = 0;
	return true;
}

/* gamma and beta of a row, NULL where absent. */
typedef struct Affine
{
	const nn_real *gamma;
	const nn_real *beta;
} Affine;

static Affine
affine_of(const NNLayer *layer, const nn_real *params)
{
	const LayernormConf *conf = NN_CONF(layer, LayernormConf);
	Affine a = {NULL, NULL};

	if (conf->scale)
		a.gamma = params + layer->params[0].offset;
	if (conf->center)
		a.beta = params + layer->params[conf->scale ? 1 : 0].offset;
	return a;
}

NN_INLINE void
row_moments(const nn_real *x, size_t c, double epsilon, nn_real *mean, nn_real *inverse)
{
	nn_real sum = 0, squares = 0, m;

#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < c; i++)
		sum += x[i];
	m = sum / (nn_real) c;
#pragma omp simd reduction(+ : squares)
	for (size_t i = 0; i < c; i++)
		squares += (x[i] - m) * (x[i] - m);
	*mean = m;
	*inverse = (nn_real) (1 / sqrt((double) squares / (double) c + epsilon));
}

/* y = (x - mean) inverse gamma + beta */
NN_INLINE void
scale_row(nn_real *y, const nn_real *x, size_t c, nn_real mean, nn_real inverse, Affine a)
{
	if (a.gamma && a.beta)
	{
#pragma omp simd
		for (size_t i = 0; i < c; i++)
			y[i] = (x[i] - mean) * inverse * a.gamma[i] + a.beta[i];
		return;
	}
#pragma omp simd
	for (size_t i = 0; i < c; i++)
		y[i] = (x[i] - mean) * inverse;
	if (a.gamma)
		nn_mul(y, a.gamma, c);
	if (a.beta)
		nn_add(y, a.beta, c);
}

static NN_HOT(void, normalize_rows,
			  (nn_real y[], const nn_real *x, size_t rows, size_t c, double epsilon, Affine a,
			   nn_real *saved),
			  (y, x, rows, c, epsilon, a, saved))
{
	for (size_t r = 0; r < rows; r++, x += c, y += c)
	{
		nn_real mean, inverse;

		row_moments(x, c, epsilon, &mean, &inverse);
		if (saved)
		{
			saved[2 * r] = mean;
			saved[2 * r + 1] = inverse;
		}
		scale_row(y, x, c, mean, inverse, a);
	}
}

static void
layernorm_forward(const NNLayer *layer, const NNPass *pass)
{
	normalize_rows(pass->y, pass->x, nn_pass_rows(&layer->in[0], pass),
				   (size_t) nn_shape_last(&layer->in[0]), NN_CONF(layer, LayernormConf)->epsilon,
				   affine_of(layer, pass->params), pass->keeps ? pass->saved : NULL);
}

/* dgamma += dy xhat over all rows */
static NN_HOT(void, add_gamma,
			  (nn_real *restrict dgamma, const nn_real *restrict dy, const nn_real *restrict x,
			   const nn_real *restrict saved, size_t rows, size_t c),
			  (dgamma, dy, x, saved, rows, c))
{
	for (size_t r = 0; r < rows; r++, x += c, dy += c)
	{
		nn_real mean = saved[2 * r], inverse = saved[2 * r + 1];

#pragma omp simd
		for (size_t i = 0; i < c; i++)
			dgamma[i] += dy[i] * ((x[i] - mean) * inverse);
	}
}

/* g becomes dx: g is dy gamma on entry */
static NN_HOT(void, rows_backward,
			  (nn_real *restrict g, const nn_real *restrict x, const nn_real *restrict saved,
			   size_t rows, size_t c),
			  (g, x, saved, rows, c))
{
	for (size_t r = 0; r < rows; r++, x += c, g += c)
	{
		nn_real mean = saved[2 * r], inverse = saved[2 * r + 1], sum = 0, dot = 0;

#pragma omp simd reduction(+ : sum, dot)
		for (size_t i = 0; i < c; i++)
		{
			sum += g[i];
			dot += g[i] * (x[i] - mean);
		}
		sum /= (nn_real) c;
		dot *= inverse * inverse / (nn_real) c;
#pragma omp simd
		for (size_t i = 0; i < c; i++)
			g[i] = inverse * (g[i] - sum - (x[i] - mean) * dot);
	}
}

static void
layernorm_backward(const NNLayer *layer, const NNPass *pass)
{
	const LayernormConf *conf = NN_CONF(layer, LayernormConf);
	size_t rows = nn_pass_rows(&layer->in[0], pass);
	size_t c = (size_t) nn_shape_last(&layer->in[0]);

	if (pass->grads && conf->scale)
		add_gamma(pass->grads + layer->params[0].offset, pass->dy, pass->x, pass->saved, rows, c);
	if (pass->grads && conf->center)
		nn_sum_rows(pass->grads + layer->params[conf->scale ? 1 : 0].offset, pass->dy, rows, c);
	if (pass->dx == NULL)
		return;
	if (conf->scale)
		nn_columns_scale(pass->dx, pass->dy, rows, (int) c, pass->params + layer->params[0].offset);
	else
		nn_copy(pass->dx, pass->dy, rows * c);
	rows_backward(pass->dx, pass->x, pass->saved, rows, c);
}

const NNKind nn_layer_normalization = {
	.name = "layer_normalization",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(LayernormConf),
	.fields = layernorm_fields,
	.shape = layernorm_shape,
	.forward = layernorm_forward,
	.backward = layernorm_backward,
};
