/*
 * shape.c
 *	  Shapes of one sample, a layer's parameter tensors, and the inference of
 *	  one layer's shape with the limits on what comes out.
 *
 * Sizes are products of numbers from a stranger's table: they saturate at
 * SIZE_LIMIT instead of wrapping around, and inference refuses them.
 */
#include <stdio.h>

#include "core/internal.h"

/* far above every limit of nn.h; twelve of them still fit a size_t */
#define SIZE_LIMIT ((size_t) 1 << 56)

static size_t
saturating_product(size_t a, size_t b)
{
	return a != 0 && b > SIZE_LIMIT / a ? SIZE_LIMIT : a * b;
}

size_t
nn_shape_reals(const NNShape *shape, int steps)
{
	size_t size = 1;

	for (int i = 0; i < shape->rank; i++)
	{
		int dim = shape->dim[i] == NN_ANY ? steps : shape->dim[i];

		size = saturating_product(size, dim > 0 ? (size_t) dim : 0);
	}
	return size;
}

size_t
nn_shape_size(const NNShape *shape)
{
	return nn_shape_reals(shape, 1);
}

bool
nn_shape_equal(const NNShape *a, const NNShape *b)
{
	if (a->rank != b->rank)
		return false;
	for (int i = 0; i < a->rank; i++)
		if (a->dim[i] != b->dim[i])
			return false;
	return true;
}

char *
nn_shape_text(const NNShape *shape, char *buf, size_t size)
{
	size_t used = 0;
	int rank = shape->rank < 0 ? 0 : shape->rank > NN_MAX_RANK ? NN_MAX_RANK : shape->rank;

	if (size == 0)
		return buf;
	buf[0] = '\0';
	for (int i = 0; i < rank && used < size; i++)
	{
		const char *before = i == 0 ? "(" : ", ";

		if (shape->dim[i] == NN_ANY)
			used += (size_t) snprintf(buf + used, size - used, "%sNone", before);
		else
			used += (size_t) snprintf(buf + used, size - used, "%s%d", before, shape->dim[i]);
	}
	if (used < size)
		snprintf(buf + used, size - used, "%s", rank == 0 ? "()" : ")");
	return buf;
}

NNShape
nn_shape1(int a)
{
	return (NNShape){1, {a, 0, 0, 0}};
}

NNShape
nn_shape2(int a, int b)
{
	return (NNShape){2, {a, b, 0, 0}};
}

NNShape
nn_shape3(int a, int b, int c)
{
	return (NNShape){3, {a, b, c, 0}};
}

NNShape
nn_shape4(int a, int b, int c, int d)
{
	return (NNShape){4, {a, b, c, d}};
}

const char *
nn_layer_what(const NNLayer *layer, char *buf, size_t size)
{
	snprintf(buf, size, "layer \"%s\"", layer->name);
	return buf;
}

/* A tensor too many is counted, not stored: inference refuses the layer. */
NNParam *
nn_layer_add_param(NNLayer *layer, const char *name, NNShape shape, NNInitializer init,
				   const NNRegularizer *regularizer)
{
	int i = layer->n_params++;
	NNParam *param = &layer->params[i < NN_MAX_PARAMS ? i : NN_MAX_PARAMS - 1];

	memset(param, 0, sizeof(*param));
	param->name = name;
	param->shape = shape;
	param->offset = layer->param_size;
	param->size = nn_shape_size(&shape);
	param->trainable = true;
	param->init = init;
	if (regularizer != NULL)
	{
		param->l1 = regularizer->l1;
		param->l2 = regularizer->l2;
	}
	if (param->size < SIZE_LIMIT - layer->param_size)
		layer->param_size += param->size;
	else
		layer->param_size = SIZE_LIMIT;
	return param;
}

static bool
check_inferred(const NNLayer *layer, NNError *error)
{
	char what[NN_MAX_NAME + 16];
	char text[80];

	nn_layer_what(layer, what, sizeof(what));
	nn_shape_text(&layer->out, text, sizeof(text));

	if (layer->out.rank < 1 || layer->out.rank > NN_MAX_RANK)
		return nn_error(error, NN_BAD_SHAPE, "%s: its output would have %d dimensions, not 1 to %d",
						what, layer->out.rank, NN_MAX_RANK);
	for (int i = 0; i < layer->out.rank; i++)
	{
		int dim = layer->out.dim[i];

		if (dim < 1 && !(dim == NN_ANY && i == 0))
			return nn_error(
				error, NN_BAD_SHAPE,
				"%s: the shape of its output would be %s, and each dimension must be at least 1",
				what, text);
	}
	if (nn_shape_size(&layer->out) > NN_MAX_SAMPLE)
	{
		nn_error(error, NN_TOO_LARGE, "%s: its output %s has more than %zu values a sample", what,
				 text, NN_MAX_SAMPLE);
		return nn_hint(error, "Use a smaller input, or fewer units or filters.");
	}
	if (layer->n_params > NN_MAX_PARAMS)
		return nn_error(error, NN_TOO_LARGE,
						"%s: has %d parameter tensors, at most %d are possible", what,
						layer->n_params, NN_MAX_PARAMS);
	if (layer->param_size > NN_MAX_MODEL_PARAMS)
	{
		nn_error(error, NN_TOO_LARGE, "%s: has more than %zu parameters", what,
				 NN_MAX_MODEL_PARAMS);
		return nn_hint(error, "Use a smaller layer, or a smaller input.");
	}
	/* what forward keeps is a few times its output; this stops products that ran away */
	if (layer->saved_size > 64 * NN_MAX_SAMPLE || layer->scratch_size > 64 * NN_MAX_SAMPLE ||
		layer->scratch_fixed > 64 * NN_MAX_SAMPLE || layer->partial_size > 64 * NN_MAX_SAMPLE)
	{
		nn_error(error, NN_TOO_LARGE, "%s: would need too much memory a sample", what);
		return nn_hint(error, "Use a smaller input, or fewer units or filters.");
	}
	return true;
}

/* Rows of different length share a batch: no layer may see what they are padded with. */
static bool
check_padding(const NNLayer *layer, NNError *error)
{
	char what[NN_MAX_NAME + 16], shape[64];

	for (int i = 0; i < layer->n_inputs && !(layer->kind->flags & NN_KIND_MASKED); i++)
		if (layer->in[i].dim[0] == NN_ANY)
		{
			nn_error(error, NN_BAD_SHAPE, "%s: the first dimension of its input %s is variable",
					 nn_layer_what(layer, what, sizeof(what)),
					 nn_shape_text(&layer->in[i], shape, sizeof(shape)));
			return nn_hint(error, "Give nnet.input() a number in place of NULL.");
		}
	return true;
}

bool
nn_layer_infer_inner(NNLayer *layer, NNError *error)
{
	memset(&layer->out, 0, sizeof(layer->out));
	layer->n_params = 0;
	layer->param_size = 0;
	layer->saved_size = 0;
	layer->scratch_size = 0;
	layer->scratch_fixed = 0;
	layer->partial_size = 0;
	layer->flops = 0;
	layer->steps_from = NN_MASK_NONE;
	layer->mask_from = NN_MASK_NONE;
	layer->split_gradient = false;
	layer->packs = 0;
	if (!layer->kind->shape(layer, error) || !check_padding(layer, error))
		return false;
	/* a mask is of steps: who passes it on has those */
	if (layer->mask_from >= 0)
		layer->steps_from = layer->mask_from;
	return check_inferred(layer, error);
}

bool
nn_layer_infer(NNModel *model, NNLayer *layer, NNError *error)
{
	for (int i = 0; i < layer->n_inputs; i++)
		layer->in[i] = model->layers[layer->inputs[i]].out;
	return nn_layer_infer_inner(layer, error);
}
