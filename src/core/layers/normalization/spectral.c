/*
 * spectral.c
 *	  spectral_normalization: a layer whose kernel is divided by its largest
 *	  singular value before each step of training, for good.
 *
 * The kernel is a matrix (rows, columns), its last dimension the columns.  The value
 * is estimated by power iteration from vector_u (columns), which stays from step to step:
 * v = u W', u = v W, each of length 1, sigma = v W u'.  Outside training the kernel
 * is taken as it is.  Parameters: the kernel, vector_u, what else the layer has.
 */
#include "core/layers/layer.h"

typedef struct SpectralConf
{
	int power_iterations;
} SpectralConf;

static const NNField spectral_fields[] = {
	NN_FIELD_LAYER,
	NN_FIELD_INT(SpectralConf, power_iterations, false, 1, 1, 1000),
	NN_FIELD_END,
};

#define SHORTEST 1e-7

/* Those that Keras takes: they have a kernel or embeddings of their own. */
static bool
check_inner(const NNLayer *layer, NNError *error)
{
	const NNLayer *inner = layer->inner[0];
	const char *first = inner->n_params > 0 ? inner->params[0].name : "";
	const char *second = inner->n_params > 1 ? inner->params[1].name : "";
	char what[NN_MAX_NAME + 16];

	if ((strcmp(first, "kernel") == 0 || strcmp(first, "embeddings") == 0) &&
		strcmp(second, "recurrent_kernel") != 0 && inner->inner[0] == NULL)
		return true;
	nn_error(error, NN_BAD_VALUE, "%s: a layer of kind \"%s\" has no kernel to normalize",
			 nn_layer_what(layer, what, sizeof(what)), inner->kind->name);
	return nn_hint(error, "Dense, convolutional, einsum_dense and embedding layers have one.");
}

static NNParam *
add_as(NNLayer *layer, const NNParam *from)
{
	NNParam *param = nn_layer_add_param(layer, from->name, from->shape, from->init, NULL);

	param->regularizer = from->regularizer;
	param->constraint = from->constraint;
	param->by_id = from->by_id;
	param->trainable = from->trainable;
	return param;
}

static bool
spectral_shape(NNLayer *layer, NNError *error)
{
	NNInitializer init = nn_initializer_default(NN_INIT_TRUNCATED_NORMAL);
	NNLayer *inner = layer->inner[0];
	int columns;

	inner->in[0] = layer->in[0];
	if (!nn_layer_infer_inner(inner, error) || !check_inner(layer, error))
		return false;
	columns = nn_shape_last(&inner->params[0].shape);
	init.b = 0.02;
	layer->activity = inner->activity;
	add_as(layer, &inner->params[0]);
	nn_layer_add_param(layer, "vector_u", nn_shape2(1, columns), init, NULL)->trainable = false;
	/* the inner layer finds what comes after its kernel behind vector_u */
	for (int i = 1; i < inner->n_params; i++)
		inner->params[i].offset = add_as(layer, &inner->params[i])->offset;
	layer->out = inner->out;
	layer->saved_size = inner->saved_size;
	layer->scratch_size = inner->scratch_size;
	layer->scratch_fixed =
		inner->scratch_fixed > (size_t) columns ? inner->scratch_fixed : (size_t) columns;
	layer->split_gradient = inner->split_gradient;
	layer->gradient_rows = inner->gradient_rows;
	layer->packs = inner->packs;
	layer->flops = inner->flops;
	layer->steps_from = inner->steps_from;
	layer->mask_from = inner->mask_from;
	return true;
}

static void
spectral_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random)
{
	const NNParam *u = &layer->params[1];

	nn_layer_init(layer->inner[0], params, scratch, random);
	nn_initialize(&u->init, params + u->offset, u->shape.dim, u->shape.rank, scratch, random);
}

/* ---- before a step ---- */

static NN_HOT(double, dot, (const nn_real *a, const nn_real *b, size_t n), (a, b, n))
{
	nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return (double) sum;
}

/* x divided by its length, which is at least SHORTEST. */
static void
normalize(nn_real *x, size_t n)
{
	nn_scale(x, (nn_real) (1 / fmax(sqrt(nn_sum_squares(x, n)), SHORTEST)), n);
}

/*
 * u (columns) one power iteration on; to (columns) becomes v W.  v is not kept: v W is the
 * sum of W's rows, each by what it is along u.
 */
static void
iterate(const nn_real *w, size_t rows, size_t columns, nn_real *u, nn_real *to)
{
	double squares = 0;

	nn_zero(to, columns);
	for (size_t r = 0; r < rows; r++)
	{
		const nn_real *row = w + r * columns;
		const double along = dot(row, u, columns);

		squares += along * along;
		nn_axpy(to, (nn_real) along, row, columns);
	}
	nn_scale(to, (nn_real) (1 / fmax(sqrt(squares), SHORTEST)), columns);
	nn_copy(u, to, columns);
	normalize(u, columns);
}

static void
spectral_begin_step(const NNLayer *layer, nn_real *params, nn_real *scratch)
{
	const NNParam *kernel = &layer->params[0];
	const size_t columns = layer->params[1].size, rows = kernel->size / columns;
	nn_real *u = params + layer->params[1].offset;
	double sigma = 0;

	if (nn_sum_abs(params, kernel->size) == 0)
		return;
	for (int i = 0; i < NN_CONF(layer, SpectralConf)->power_iterations; i++)
	{
		iterate(params, rows, columns, u, scratch);
		sigma = dot(scratch, u, columns); /* v W u' */
	}
	if (sigma != 0)
		nn_scale(params, (nn_real) (1 / sigma), kernel->size);
}

/* ---- passes: the inner layer's, whose parameters begin with the kernel as ours do ---- */

static void
spectral_forward(const NNLayer *layer, const NNPass *pass)
{
	layer->inner[0]->kind->forward(layer->inner[0], pass);
}

static void
spectral_backward(const NNLayer *layer, const NNPass *pass)
{
	layer->inner[0]->kind->backward(layer->inner[0], pass);
}

static void
spectral_gradient_part(const NNLayer *layer, const NNPass *pass, int part, int parts)
{
	layer->inner[0]->kind->gradient_part(layer->inner[0], pass, part, parts);
}

static void
spectral_add_rows(const NNLayer *layer, const NNPass *pass, int from, int to, nn_real *grads)
{
	layer->inner[0]->kind->add_rows(layer->inner[0], pass, from, to, grads);
}

const NNKind nn_spectral_normalization = {
	.name = "spectral_normalization",
	.flags = NN_KIND_MASKED | NN_KIND_OUTER,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(SpectralConf),
	.fields = spectral_fields,
	.shape = spectral_shape,
	.init = spectral_init,
	.begin_step = spectral_begin_step,
	.forward = spectral_forward,
	.backward = spectral_backward,
	.gradient_part = spectral_gradient_part,
	.add_rows = spectral_add_rows,
};
