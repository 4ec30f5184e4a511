/*
 * batchnorm.c
 *	  y = (x - mean) gamma / sqrt(variance + epsilon) + beta, feature by feature
 *	  of the last dimension.
 *
 * In training mean and variance (biased) are those of the whole batch: each
 * thread gathers moments of its chunks, then all are joined in thread order.
 * Elsewhere, and while the layer is frozen, they are the moving averages.
 * Steps that the mask hides do not count in the moments, but are normalized.
 *
 * With renorm (batch renormalization) what the batch's moments give, xhat, goes on to
 * xhat r + d, which leads from them to averages of earlier batches; r and d are constants
 * to backward.
 *
 * Parameters: gamma, beta (each may be absent), moving_mean, moving_variance; with
 * renorm moving_stddev, which the variance is made of, renorm_mean, renorm_stddev.
 * Partial sums: count | mean (c) | squares (c), by forward; sums of dy (c) |
 * sums of dy xhat (c), by backward.  saved, of the chunk's first sample:
 * mean (c) | 1 / deviation (c) | count, and with renorm r (c) | d (c).
 * Backward, n rows: dx = gamma inverse (dy - (sum dy + xhat sum(dy xhat)) / n), where
 * the second part belongs to the rows that count; with renorm r times that.
 */
#include "core/layers/layer.h"
#include "core/kernels/columns.h"

typedef struct BatchnormConf
{
	int axis;
	double momentum;
	double epsilon;
	bool center;
	bool scale;
	NNInitializer beta_initializer;
	NNInitializer gamma_initializer;
	NNInitializer moving_mean_initializer;
	NNInitializer moving_variance_initializer;
	NNRules beta;
	NNRules gamma;
	bool renorm;
	NNClipping renorm_clipping;
	double renorm_momentum;
} BatchnormConf;

static const NNField batchnorm_fields[] = {
	NN_FIELD_INT(BatchnormConf, axis, false, -1, -1, NN_MAX_RANK),
	NN_FIELD_REAL(BatchnormConf, momentum, false, 0.99, 0, 1),
	NN_FIELD_REAL(BatchnormConf, epsilon, false, 1e-3, 1e-12, 1e6),
	NN_FIELD_BOOL(BatchnormConf, center, true),
	NN_FIELD_BOOL(BatchnormConf, scale, true),
	NN_FIELD_INITIALIZER(BatchnormConf, beta_initializer, NN_INIT_ZEROS),
	NN_FIELD_INITIALIZER(BatchnormConf, gamma_initializer, NN_INIT_ONES),
	NN_FIELD_INITIALIZER(BatchnormConf, moving_mean_initializer, NN_INIT_ZEROS),
	NN_FIELD_INITIALIZER(BatchnormConf, moving_variance_initializer, NN_INIT_ONES),
	NN_FIELD_RULES(BatchnormConf, beta),
	NN_FIELD_RULES(BatchnormConf, gamma),
	NN_FIELD_BOOL(BatchnormConf, renorm, false),
	NN_FIELD_CLIPPING(BatchnormConf, renorm_clipping),
	NN_FIELD_REAL(BatchnormConf, renorm_momentum, false, 0.99, 0, 1),
	NN_FIELD_END,
};

/* Beside the moving averages: those that training goes by. */
static void
add_renorm(NNLayer *layer, const BatchnormConf *conf, NNShape features)
{
	static const char *const names[] = {"moving_stddev", "renorm_mean", "renorm_stddev"};

	for (int i = 0; i < NN_ARRAY_LENGTH(names); i++)
		nn_layer_add_param(
			layer, names[i], features,
			i == 1 ? conf->moving_mean_initializer : conf->moving_variance_initializer, NULL)
			->trainable = false;
}

static bool
batchnorm_shape(NNLayer *layer, NNError *error)
{
	const BatchnormConf *conf = NN_CONF(layer, BatchnormConf);
	NNShape features;
	NNParam *variance;
	size_t c;

	if (!nn_columns_check(layer, conf->axis, error))
		return false;
	features = nn_shape1(nn_shape_last(&layer->in[0]));
	c = (size_t) features.dim[0];
	if (conf->scale)
		nn_layer_add_param(layer, "gamma", features, conf->gamma_initializer, &conf->gamma);
	if (conf->center)
		nn_layer_add_param(layer, "beta", features, conf->beta_initializer, &conf->beta);
	nn_layer_add_param(layer, "moving_mean", features, conf->moving_mean_initializer, NULL)
		->trainable = false;
	variance = nn_layer_add_param(layer, "moving_variance", features,
								  conf->moving_variance_initializer, NULL);
	variance->trainable = false;
	variance->mean = layer->n_params - 1;
	if (conf->renorm)
		add_renorm(layer, conf, features);
	layer->out = layer->in[0];
	layer->saved_size = (conf->renorm ? 4 : 2) * c + 1;
	layer->scratch_fixed = NN_MOMENTS_SCRATCH(c);
	layer->partial_size = NN_MOMENTS_SIZE(c) + 2 * c;
	layer->flops = 4.0 * (double) nn_shape_size(&layer->in[0]);
	layer->mask_from = 0;
	return true;
}

/* As Keras: deviations begin as roots of what variances would. */
static void
batchnorm_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random)
{
	const bool renorm = NN_CONF(layer, BatchnormConf)->renorm;

	for (int i = 0; i < layer->n_params; i++)
	{
		const NNParam *param = &layer->params[i];
		nn_real *p = params + param->offset;
		bool root = renorm && (i == layer->n_params - 3 || i == layer->n_params - 1);

		nn_initialize(&param->init, p, param->shape.dim, param->shape.rank, scratch, random);
		for (size_t k = 0; k < param->size && root; k++)
			p[k] = (nn_real) sqrt(fmax((double) p[k], 0));
	}
}

/* Where each parameter lies in the layer's; of an absent one meaningless. */
typedef struct Parts
{
	size_t c;
	size_t gamma;
	size_t beta;
	size_t mean;
	size_t variance;
	size_t stddev;
	size_t renorm_mean;
	size_t renorm_stddev;
} Parts;

static Parts
parts_of(const NNLayer *layer)
{
	const BatchnormConf *conf = NN_CONF(layer, BatchnormConf);
	Parts p = {.c = (size_t) nn_shape_last(&layer->in[0])};
	int i = 0;

	if (conf->scale)
		p.gamma = layer->params[i++].offset;
	if (conf->center)
		p.beta = layer->params[i++].offset;
	p.mean = layer->params[i++].offset;
	p.variance = layer->params[i++].offset;
	if (conf->renorm)
	{
		p.stddev = layer->params[i++].offset;
		p.renorm_mean = layer->params[i++].offset;
		p.renorm_stddev = layer->params[i].offset;
	}
	return p;
}

/* Whether this pass takes its moments from the batch. */
static bool
uses_batch(const NNLayer *layer, const NNPass *pass)
{
	return pass->training && layer->trainable;
}

static void
batchnorm_forward_reduce(const NNLayer *layer, const NNPass *pass)
{
	if (uses_batch(layer, pass))
		nn_moments_add(pass->partial, pass->x, nn_pass_rows(&layer->in[0], pass),
					   nn_shape_last(&layer->in[0]), pass->mask,
					   nn_columns_rows_a_step(&layer->in[0]), pass->scratch);
}

/* Averages that others made may be a little below 0: with epsilon they must be positive. */
static bool
batchnorm_check_params(const NNLayer *layer, const nn_real *params, NNError *error)
{
	double epsilon = NN_CONF(layer, BatchnormConf)->epsilon;
	Parts p = parts_of(layer);
	char what[NN_MAX_NAME + 16];

	for (size_t i = 0; i < p.c; i++)
		if (!((double) params[p.variance + i] + epsilon > 0))
		{
			nn_error(error, NN_BAD_VALUE,
					 "%s: its moving_variance has %g, which epsilon, %g, does not make positive",
					 nn_layer_what(layer, what, sizeof(what)), (double) params[p.variance + i],
					 epsilon);
			return nn_hint(error, "A variance is 0 or more.");
		}
	return true;
}

/* Column i of all threads' moments, joined in thread order. */
NN_INLINE double
join_column(const NNLayer *layer, const NNPass *pass, size_t i, double *mean, double *variance)
{
	size_t c = (size_t) nn_shape_last(&layer->in[0]);
	double count = 0, m = 0, m2 = 0;

	for (int t = 0; t < pass->n_threads; t++)
	{
		const double *p = pass->partials + (size_t) t * pass->partial_stride;
		double more = p[0];
		double delta = p[1 + i] - m;

		if (more == 0)
			continue;
		m += delta * (more / (count + more));
		m2 += p[1 + c + i] + delta * delta * (count * more / (count + more));
		count += more;
	}
	*mean = m;
	*variance = count > 0 ? m2 / count : 0;
	return count;
}

/* Mean and 1 / deviation of each column, from the batch or the moving averages. */
static void
find_moments(const NNLayer *layer, const NNPass *pass, nn_real *mean, nn_real *inverse,
			 nn_real *count)
{
	double epsilon = NN_CONF(layer, BatchnormConf)->epsilon;
	Parts p = parts_of(layer);
	bool batch = uses_batch(layer, pass);
	double n = 0;

	for (size_t i = 0; i < p.c; i++)
	{
		double m = (double) pass->params[p.mean + i], v = (double) pass->params[p.variance + i];

		if (batch)
			n = join_column(layer, pass, i, &m, &v);
		mean[i] = (nn_real) m;
		inverse[i] = (nn_real) (1 / sqrt(v + epsilon));
	}
	*count = (nn_real) n;
}

/* Whether this pass leads from the batch's moments to those before. */
static bool
renormalizes(const NNLayer *layer, const NNPass *pass)
{
	return NN_CONF(layer, BatchnormConf)->renorm && uses_batch(layer, pass);
}

/* Save r and d of each column, which lead from the batch's moments to the renorm averages. */
static void
find_correction(const NNLayer *layer, const NNPass *pass, const nn_real *mean,
				const nn_real *inverse)
{
	const BatchnormConf *conf = NN_CONF(layer, BatchnormConf);
	const NNClipping *clip = &conf->renorm_clipping;
	Parts p = parts_of(layer);
	nn_real *r = pass->saved + 2 * p.c + 1, *d = r + p.c;

	for (size_t i = 0; i < p.c; i++)
	{
		const double stddev = fmax((double) pass->params[p.renorm_stddev + i], sqrt(conf->epsilon));
		const double shift = (double) mean[i] - (double) pass->params[p.renorm_mean + i];

		r[i] = (nn_real) fmin(fmax(1 / ((double) inverse[i] * stddev), clip->rmin), clip->rmax);
		d[i] = (nn_real) fmin(fmax(shift / stddev, -clip->dmax), clip->dmax);
	}
}

/* To factor, of x - mean, goes r; offset (c) becomes gamma d + beta. */
static void
renormalize(const NNLayer *layer, const NNPass *pass, nn_real *factor, nn_real *offset)
{
	const BatchnormConf *conf = NN_CONF(layer, BatchnormConf);
	Parts p = parts_of(layer);
	const nn_real *r = pass->saved + 2 * p.c + 1;

	nn_mul(factor, r, p.c);
	nn_copy(offset, r + p.c, p.c);
	if (conf->scale)
		nn_mul(offset, pass->params + p.gamma, p.c);
	if (conf->center)
		nn_add(offset, pass->params + p.beta, p.c);
}

static void
batchnorm_forward(const NNLayer *layer, const NNPass *pass)
{
	const BatchnormConf *conf = NN_CONF(layer, BatchnormConf);
	Parts p = parts_of(layer);
	nn_real *mean = pass->scratch;
	nn_real *factor = mean + p.c;
	const nn_real *offset = conf->center ? pass->params + p.beta : NULL;
	nn_real count;

	find_moments(layer, pass, mean, factor, &count);
	if (pass->keeps)
	{
		nn_copy(pass->saved, mean, 2 * p.c);
		pass->saved[2 * p.c] = count;
	}
	if (renormalizes(layer, pass))
	{
		find_correction(layer, pass, mean, factor);
		renormalize(layer, pass, factor, factor + p.c);
		offset = factor + p.c;
	}
	if (conf->scale)
		nn_mul(factor, pass->params + p.gamma, p.c);
	nn_columns_affine(pass->y, pass->x, nn_pass_rows(&layer->in[0], pass), (int) p.c, mean, factor,
					  offset);
}

/* s += dy, t += dy (x - mean) inverse, for each column. */
static NN_HOT(void, add_sums,
			  (nn_real *restrict s, nn_real *restrict t, const nn_real *restrict dy,
			   const nn_real *restrict x, const nn_real *restrict mean,
			   const nn_real *restrict inverse, size_t rows, size_t c),
			  (s, t, dy, x, mean, inverse, rows, c))
{
	for (size_t r = 0; r < rows; r++, x += c, dy += c)
	{
#pragma omp simd
		for (size_t i = 0; i < c; i++)
		{
			s[i] += dy[i];
			t[i] += dy[i] * ((x[i] - mean[i]) * inverse[i]);
		}
	}
}

/* Sums of the chunk in blocks, so that they keep their digits over many rows. */
static void
chunk_sums(const NNLayer *layer, const NNPass *pass, double *sums)
{
	size_t c = (size_t) nn_shape_last(&layer->in[0]);
	size_t rows = nn_pass_rows(&layer->in[0], pass);
	nn_real *s = pass->scratch;
	size_t block;

	for (size_t r = 0; r < rows; r += block)
	{
		block = rows - r < 256 ? rows - r : 256;
		nn_zero(s, 2 * c);
		add_sums(s, s + c, pass->dy + r * c, pass->x + r * c, pass->saved, pass->saved + c, block,
				 c);
		for (size_t i = 0; i < 2 * c; i++)
			sums[i] += (double) s[i];
	}
}

static void
batchnorm_backward_reduce(const NNLayer *layer, const NNPass *pass)
{
	if (uses_batch(layer, pass))
		chunk_sums(layer, pass, pass->partial + NN_MOMENTS_SIZE(nn_shape_last(&layer->in[0])));
}

/* dx = a dy - weight (b + d (x - mean)), for each column. */
static NN_HOT(void, add_back,
			  (nn_real *restrict dx, const nn_real *restrict dy, const nn_real *restrict x,
			   const nn_real *restrict mean, const nn_real *restrict a, const nn_real *restrict b,
			   const nn_real *restrict d, size_t rows, size_t c, const uint8_t *mask,
			   size_t rows_a_byte),
			  (dx, dy, x, mean, a, b, d, rows, c, mask, rows_a_byte))
{
	for (size_t r = 0; r < rows; r++, x += c, dx += c, dy += c)
	{
		nn_real weight = mask && !mask[r / rows_a_byte] ? 0 : 1;

#pragma omp simd
		for (size_t i = 0; i < c; i++)
			dx[i] = a[i] * dy[i] - weight * (b[i] + d[i] * (x[i] - mean[i]));
	}
}

/*
 * The whole batch's sums are in partials: the chunk with the first sample adds
 * them to the gradients of gamma and beta.
 */
static void
batchnorm_backward(const NNLayer *layer, const NNPass *pass)
{
	const BatchnormConf *conf = NN_CONF(layer, BatchnormConf);
	Parts p = parts_of(layer);
	const nn_real *mean = pass->saved, *inverse = mean + p.c;
	double count = (double) pass->saved[2 * p.c];
	nn_real *a = pass->scratch, *b = a + p.c, *d = b + p.c;
	size_t rows = nn_pass_rows(&layer->in[0], pass);
	bool batch = uses_batch(layer, pass);
	bool first = batch && pass->grads && pass->first_sample == 0;
	const nn_real *r = renormalizes(layer, pass) ? pass->saved + 2 * p.c + 1 : NULL;

	for (size_t i = 0; i < p.c; i++)
	{
		double sum = 0, dot = 0;

		for (int t = 0; batch && t < pass->n_threads; t++)
		{
			const double *sums =
				pass->partials + (size_t) t * pass->partial_stride + NN_MOMENTS_SIZE(p.c);

			sum += sums[i];
			dot += sums[p.c + i];
		}
		if (first && conf->scale)
			pass->grads[p.gamma + i] +=
				(nn_real) (r == NULL ? dot : (double) r[i] * dot + (double) r[p.c + i] * sum);
		if (first && conf->center)
			pass->grads[p.beta + i] += (nn_real) sum;
		a[i] = conf->scale ? pass->params[p.gamma + i] * inverse[i] : inverse[i];
		if (r != NULL)
			a[i] *= r[i];
		b[i] = count > 0 ? (nn_real) ((double) a[i] * sum / count) : 0;
		d[i] = count > 0 ? (nn_real) ((double) a[i] * (double) inverse[i] * dot / count) : 0;
	}
	if (pass->dx == NULL)
		return;
	if (batch)
		add_back(pass->dx, pass->dy, pass->x, mean, a, b, d, rows, p.c, pass->mask,
				 nn_columns_rows_a_step(&layer->in[0]));
	else
		nn_columns_scale(pass->dx, pass->dy, rows, (int) p.c, a);
}

static nn_real
moved(nn_real average, double momentum, double value)
{
	return (nn_real) ((double) average * momentum + value * (1 - momentum));
}

/* Column i's averages that renorm has beside the others; the variance is made of a deviation then. */
static void
move_renorm(const NNLayer *layer, const Parts *p, size_t i, double mean, double variance,
			nn_real *params)
{
	const BatchnormConf *conf = NN_CONF(layer, BatchnormConf);
	const double stddev = sqrt(variance + conf->epsilon);
	nn_real *moving = params + p->stddev + i;
	nn_real *own_mean = params + p->renorm_mean + i, *own = params + p->renorm_stddev + i;

	*own_mean = moved(*own_mean, conf->renorm_momentum, mean);
	*own = moved(*own, conf->renorm_momentum, stddev);
	*moving = moved(*moving, conf->momentum, stddev);
	params[p->variance + i] =
		(nn_real) fmax((double) *moving * (double) *moving - conf->epsilon, 0);
}

static void
batchnorm_end_step(const NNLayer *layer, const NNPass *pass, nn_real *params)
{
	const BatchnormConf *conf = NN_CONF(layer, BatchnormConf);
	Parts p = parts_of(layer);

	if (!uses_batch(layer, pass))
		return;
	for (size_t i = 0; i < p.c; i++)
	{
		nn_real *mean = params + p.mean + i, *variance = params + p.variance + i;
		double m, v;

		join_column(layer, pass, i, &m, &v);
		*mean = moved(*mean, conf->momentum, m);
		if (conf->renorm)
			move_renorm(layer, &p, i, m, v, params);
		else
			*variance = moved(*variance, conf->momentum, v);
	}
}

const NNKind nn_batch_normalization = {
	.name = "batch_normalization",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(BatchnormConf),
	.fields = batchnorm_fields,
	.shape = batchnorm_shape,
	.init = batchnorm_init,
	.check_params = batchnorm_check_params,
	.forward = batchnorm_forward,
	.backward = batchnorm_backward,
	.forward_reduce = batchnorm_forward_reduce,
	.backward_reduce = batchnorm_backward_reduce,
	.end_step = batchnorm_end_step,
};
