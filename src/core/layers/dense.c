/*
 * dense.c
 *	  y = f(x W + b), the fully connected layer, on the last dimension.
 *
 * Shapes: x (rows, in), W (in, units), b (units), y (rows, units); rows is the
 * batch times all dimensions but the last.  Backward: dW += x' dz,
 * db += column sums of dz, dx = dz W', where dz = dy * f'.  forward keeps z
 * only for activations whose derivative needs it.
 *
 * Large weights have no gradient of their own for each thread: backward leaves
 * dz in dy, and each thread then adds its rows of dW over all chunks.
 */
#include "core/layers/layer.h"
#include "core/kernels/columns.h"

typedef struct DenseConf
{
	int units;
	int activation;
	bool use_bias;
	NNInitializer kernel_initializer;
	NNInitializer bias_initializer;
	NNRules kernel;
	NNRules bias;
	NNRegularizer activity_regularizer;
} DenseConf;

static const NNField dense_fields[] = {
	NN_FIELD_INT(DenseConf, units, true, 0, 1, NN_MAX_UNITS),
	NN_FIELD_ACTIVATION(DenseConf, activation, NN_LINEAR),
	NN_FIELD_BOOL(DenseConf, use_bias, true),
	NN_FIELD_INITIALIZER(DenseConf, kernel_initializer, NN_INIT_GLOROT_UNIFORM),
	NN_FIELD_INITIALIZER(DenseConf, bias_initializer, NN_INIT_ZEROS),
	NN_FIELD_RULES(DenseConf, kernel),
	NN_FIELD_RULES(DenseConf, bias),
	NN_FIELD_ACTIVITY(DenseConf),
	NN_FIELD_END,
};

static bool
dense_shape(NNLayer *layer, NNError *error)
{
	const DenseConf *conf = NN_CONF(layer, DenseConf);
	int in;

	if (!nn_columns_check(layer, -1, error))
		return false;
	in = nn_shape_last(&layer->in[0]);
	layer->out = layer->in[0];
	layer->out.dim[layer->out.rank - 1] = conf->units;
	layer->activity = conf->activity_regularizer;
	nn_layer_add_param(layer, "kernel", nn_shape2(in, conf->units), conf->kernel_initializer,
					   &conf->kernel);
	if (conf->use_bias)
		nn_layer_add_param(layer, "bias", nn_shape1(conf->units), conf->bias_initializer,
						   &conf->bias);
	layer->saved_size =
		nn_activation_needs_z((NNActivation) conf->activation) ? nn_shape_size(&layer->out) : 0;
	layer->packs = nn_packed_reals(in, conf->units) > 0 ? 1 : 0;
	layer->split_gradient = (size_t) in * (size_t) conf->units >=
		(layer->in[0].rank == 1 ? NN_SPLIT_WEIGHTS : NN_SPLIT_WEIGHTS_OF_STEPS);
	layer->gradient_rows = layer->split_gradient ? in : 0;
	layer->flops = (double) nn_shape_size(&layer->in[0]) * conf->units;
	layer->mask_from = 0;
	return true;
}

/* The activation this layer computes itself: none if the loss does. */
static NNActivation
dense_activation(const NNLayer *layer)
{
	return layer->logits ? NN_LINEAR : (NNActivation) NN_CONF(layer, DenseConf)->activation;
}

static void
dense_forward(const NNLayer *layer, const NNPass *pass)
{
	NNActivation f = dense_activation(layer);
	size_t rows = nn_pass_rows(&layer->in[0], pass);
	int in = nn_shape_last(&layer->in[0]);
	int units = nn_shape_last(&layer->out);
	size_t n = rows * (size_t) units;
	const nn_real *w = pass->params; /* (in, units) */
	const nn_real *bias = layer->n_params > 1 ? pass->params + layer->params[1].offset : NULL;
	const NNPacked packed = {pass->packed, in, units};

	if (!nn_gemm_packed(&packed, 0, units, (int) rows, pass->x, in, bias, 0, pass->y, units))
	{
		/* to add to the bias is cheaper than a pass of its own */
		if (bias)
			nn_fill_rows(pass->y, bias, rows, (size_t) units);
		nn_gemm(false, false, (int) rows, units, in, 1, pass->x, in, w, units, bias ? 1 : 0,
				pass->y, units);
	}
	if (f == NN_LINEAR)
		return;
	if (pass->keeps && nn_activation_needs_z(f))
		nn_copy(pass->saved, pass->y, n);
	nn_activate(f, pass->y, n, (size_t) units);
}

static void
dense_backward(const NNLayer *layer, const NNPass *pass)
{
	NNActivation f = dense_activation(layer);
	size_t rows = nn_pass_rows(&layer->in[0], pass);
	int in = nn_shape_last(&layer->in[0]);
	int units = nn_shape_last(&layer->out);
	const nn_real *w = pass->params;

	if (f != NN_LINEAR)
		nn_activate_backward(f, nn_activation_needs_z(f) ? pass->saved : NULL, pass->y, pass->dy,
							 rows * (size_t) units, (size_t) units);
	if (pass->grads)
	{
		if (!layer->split_gradient)
			nn_gemm_outer(in, units, (int) rows, pass->x, in, pass->dy, units, pass->grads, units);
		if (layer->n_params > 1)
			nn_sum_rows(pass->grads + layer->params[1].offset, pass->dy, rows, (size_t) units);
	}
	if (pass->dx)
		nn_gemm(false, true, (int) rows, in, units, 1, pass->dy, units, w, units, 0, pass->dx, in);
}

static void
dense_add_rows(const NNLayer *layer, const NNPass *pass, int from, int to, nn_real *grads)
{
	int in = nn_shape_last(&layer->in[0]);
	int units = nn_shape_last(&layer->out);

	nn_gemm_outer(to - from, units, (int) nn_pass_rows(&layer->in[0], pass), pass->x + from, in,
				  pass->dy, units, grads, units);
}

const NNKind nn_dense = {
	.name = "dense",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(DenseConf),
	.fields = dense_fields,
	.activation_offset = offsetof(DenseConf, activation),
	.has_activation = true,
	.shape = dense_shape,
	.forward = dense_forward,
	.backward = dense_backward,
	.add_rows = dense_add_rows,
};
