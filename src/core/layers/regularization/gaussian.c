/*
 * gaussian.c
 *	  Normal noise in training, added (gaussian_noise: y = x + n) or multiplied
 *	  (gaussian_dropout: y = x n, n of mean 1 and variance rate / (1 - rate));
 *	  elsewhere the identity.
 *
 * The noise is a function of (seed, step, layer, sample, element), drawn again by
 * backward.
 */
#include "core/kernels/noise.h"
#include "core/layers/draw.h"

typedef struct GaussianConf
{
	double amount; /* stddev, or rate */
	int seed;
} GaussianConf;

static const NNField noise_fields[] = {
	{"stddev", NN_FIELD_TYPE_REAL, offsetof(GaussianConf, amount), true, 0, 0, 1, NULL, 0},
	NN_FIELD_SEED(GaussianConf),
	NN_FIELD_END,
};

/* rate below 1, where the variance would be infinite */
static const NNField dropout_fields[] = {
	{"rate", NN_FIELD_TYPE_REAL, offsetof(GaussianConf, amount), true, 0, 0, 0x1.fffffffffffffp-1,
	 NULL, 0},
	NN_FIELD_SEED(GaussianConf),
	NN_FIELD_END,
};

static bool
gaussian_shape(NNLayer *layer, NNError *error)
{
	(void) error;
	layer->out = layer->in[0];
	layer->flops = 20 * (double) nn_shape_size(&layer->in[0]);
	layer->mask_from = 0;
	return true;
}

/* to = x + stddev to */
static NN_HOT(void, add_noise,
			  (nn_real *restrict to, const nn_real *restrict x, nn_real stddev, size_t n),
			  (to, x, stddev, n))
{
	for (size_t i = 0; i < n; i++)
		to[i] = x[i] + stddev * to[i];
}

/* to = x (1 + stddev to) */
static NN_HOT(void, multiply_noise,
			  (nn_real *restrict to, const nn_real *restrict x, nn_real stddev, size_t n),
			  (to, x, stddev, n))
{
	for (size_t i = 0; i < n; i++)
		to[i] = x[i] * (1 + stddev * to[i]);
}

/* What one sample becomes: to holds standard normal numbers. */
typedef void (*Apply)(nn_real *restrict to, const nn_real *restrict x, nn_real stddev, size_t n);

static void
gaussian_run(const NNLayer *layer, const NNPass *pass, Apply apply, double stddev,
			 const nn_real *from, nn_real *to)
{
	size_t n = nn_shape_reals(&layer->out, pass->steps);

	if (!pass->training || stddev <= 0)
	{
		nn_copy(to, from, n * (size_t) pass->batch);
		return;
	}
	for (int s = 0; s < pass->batch; s++, from += n, to += n)
	{
		nn_fill_normal(to, n, nn_draw_seed(layer, pass, NN_CONF(layer, GaussianConf)->seed, s));
		apply(to, from, (nn_real) stddev, n);
	}
}

static void
noise_forward(const NNLayer *layer, const NNPass *pass)
{
	gaussian_run(layer, pass, add_noise, NN_CONF(layer, GaussianConf)->amount, pass->x, pass->y);
}

static void
noise_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		nn_copy(pass->dx, pass->dy,
				nn_shape_reals(&layer->out, pass->steps) * (size_t) pass->batch);
}

static double
dropout_stddev(const NNLayer *layer)
{
	double rate = NN_CONF(layer, GaussianConf)->amount;

	return sqrt(rate / (1 - rate));
}

static void
dropout_forward(const NNLayer *layer, const NNPass *pass)
{
	gaussian_run(layer, pass, multiply_noise, dropout_stddev(layer), pass->x, pass->y);
}

static void
dropout_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		gaussian_run(layer, pass, multiply_noise, dropout_stddev(layer), pass->dy, pass->dx);
}

const NNKind nn_gaussian_noise = {
	.name = "gaussian_noise",
	.flags = NN_KIND_TRAINING_ONLY | NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(GaussianConf),
	.fields = noise_fields,
	.shape = gaussian_shape,
	.forward = noise_forward,
	.backward = noise_backward,
};

const NNKind nn_gaussian_dropout = {
	.name = "gaussian_dropout",
	.flags = NN_KIND_TRAINING_ONLY | NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(GaussianConf),
	.fields = dropout_fields,
	.shape = gaussian_shape,
	.forward = dropout_forward,
	.backward = dropout_backward,
};
