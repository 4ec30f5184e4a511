/*
 * layer.c
 *	  What kinds of layers share: their parameter tensors, the inference of one
 *	  layer's shape with the limits on what comes out, initial values, refusals.
 */
#include <stdio.h>

#include "core/layers/layer.h"

const char *
nn_layer_what(const NNLayer *layer, char *buf, size_t size)
{
	snprintf(buf, size, "layer \"%s\"", layer->name);
	return buf;
}

/* A tensor too many is counted, not stored: inference refuses the layer. */
NNParam *
nn_layer_add_param(NNLayer *layer, const char *name, NNShape shape, NNInitializer init,
				   const NNRules *rules)
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
	if (rules != NULL)
	{
		param->regularizer = rules->regularizer;
		param->constraint = rules->constraint;
	}
	if (param->size < NN_SIZE_LIMIT - layer->param_size)
		layer->param_size += param->size;
	else
		layer->param_size = NN_SIZE_LIMIT;
	return param;
}

/* Norms go along dimensions that there are, orthogonal are the rows of a matrix. */
static bool
check_rules(const NNLayer *layer, const NNParam *param, NNError *error)
{
	const NNInts *axis = &param->constraint.axis;
	int rank = param->shape.rank > 0 ? param->shape.rank : 1;
	bool rows = param->regularizer.mode == NN_ROWS;

	for (int i = 0; i < axis->count; i++)
		if (axis->value[i] < -rank || axis->value[i] >= rank)
			return nn_error(error, NN_BAD_VALUE,
							"layer \"%s\": the constraint of its %s cannot go along axis %d of %d "
							"dimension%s",
							layer->name, param->name, axis->value[i], rank, rank == 1 ? "" : "s");
	if (param->regularizer.orthogonal == 0)
		return true;
	if (rank != 2)
		return nn_error(error, NN_BAD_SHAPE,
						"layer \"%s\": its %s cannot be regularized to be orthogonal, having %d "
						"dimension%s, not 2",
						layer->name, param->name, rank, rank == 1 ? "" : "s");
	if (param->shape.dim[rows ? 0 : 1] < 2)
		return nn_error(error, NN_BAD_SHAPE,
						"layer \"%s\": its %s has one %s, which is orthogonal to nothing",
						layer->name, param->name, rows ? "row" : "column");
	return true;
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
	for (int i = 0; i < layer->n_params; i++)
		if (!check_rules(layer, &layer->params[i], error))
			return false;
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
	layer->activity = (NNRegularizer){0};
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
	layer->gradient_rows = 0;
	layer->packs = 0;
	if (!layer->kind->shape(layer, error) || !check_padding(layer, error))
		return false;
	/* a mask is of steps: who passes it on has those */
	if (layer->mask_from >= 0)
		layer->steps_from = layer->mask_from;
	return check_inferred(layer, error);
}

void
nn_layer_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random)
{
	if (layer->kind->init != NULL)
	{
		layer->kind->init(layer, params, scratch, random);
		return;
	}
	for (int i = 0; i < layer->n_params; i++)
	{
		const NNParam *param = &layer->params[i];

		nn_initialize(&param->init, params + param->offset, param->shape.dim, param->shape.rank,
					  scratch, random);
	}
}

size_t
nn_layer_initial_scratch(const NNLayer *layer)
{
	size_t most = 0;

	for (int i = 0; i < layer->n_params; i++)
		if (layer->params[i].init.kind == NN_INIT_ORTHOGONAL && layer->params[i].size > most)
			most = layer->params[i].size;
	for (int i = 0; i < 2 && layer->inner[i] != NULL; i++)
	{
		size_t inner = nn_layer_initial_scratch(layer->inner[i]);

		most = inner > most ? inner : most;
	}
	return most;
}

const NNLayer *
nn_layer_beginner(const NNLayer *layer)
{
	while (layer != NULL && layer->kind->begin_step == NULL)
		layer = layer->inner[0];
	return layer;
}

const NNLayer *
nn_layer_ending(const NNLayer *layer)
{
	while (layer->kind->flags & NN_KIND_OUTER)
		layer = layer->inner[0];
	return layer;
}

NNActivation
nn_layer_activation(const NNLayer *layer)
{
	layer = nn_layer_ending(layer);
	if (!layer->kind->has_activation)
		return NN_LINEAR;
	return (NNActivation) * (const int *) (layer->conf.bytes + layer->kind->activation_offset);
}

void
nn_pass_refuse(const NNPass *pass, const NNLayer *layer, nn_real value)
{
	if (pass->refusal == NULL || atomic_exchange(&pass->refusal->noted, true))
		return;
	pass->refusal->layer = layer;
	pass->refusal->value = value;
}

/* ---- the last dimension, column by column ---- */

bool
nn_columns_check(const NNLayer *layer, int axis, NNError *error)
{
	const NNShape *in = &layer->in[0];
	char what[NN_MAX_NAME + 16], shape[64];

	if (axis != -1 && axis != in->rank)
	{
		nn_error(error, NN_BAD_VALUE, "%s: axis is %d, but only the last axis (-1) is supported",
				 nn_layer_what(layer, what, sizeof(what)), axis);
		return nn_hint(error, "Its input has shape %s, so -1 and %d are the same.",
					   nn_shape_text(in, shape, sizeof(shape)), in->rank);
	}
	if (nn_shape_last(in) == NN_ANY)
	{
		nn_error(error, NN_BAD_SHAPE, "%s: the last dimension of its input %s is variable",
				 nn_layer_what(layer, what, sizeof(what)), nn_shape_text(in, shape, sizeof(shape)));
		return nn_hint(error,
					   "Its parameters need a fixed number of features: "
					   "give the model an input of shape (null, features), or an embedding before "
					   "this layer.");
	}
	return true;
}

size_t
nn_columns_rows_a_step(const NNShape *shape)
{
	size_t rows = 1;

	for (int i = 1; i < shape->rank - 1; i++)
		rows *= (size_t) shape->dim[i];
	return rows;
}
