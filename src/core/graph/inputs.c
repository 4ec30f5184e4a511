/*
 * inputs.c
 *	  What a model's layers say together of an input: how it is read, whether
 *	  it is ids, whether values may be missing, whether its origin matters.
 */
#include "core/layers/layer.h"

int
nn_layer_ids(const NNLayer *layer)
{
	if (layer->kind->ids != NULL)
		return layer->kind->ids(layer);
	/* a wrapper takes what the layer in it takes */
	return layer->inner[0] == NULL ? 0 : nn_layer_ids(layer->inner[0]);
}

/* Whether a layer's values are another's under another shape. */
static bool
shows(const NNModel *model, int layer, int other)
{
	while (layer != other && model->layers[layer].n_inputs > 0 &&
		   (model->layers[layer].kind->flags & NN_KIND_VIEW))
		layer = model->layers[layer].inputs[0];
	return layer == other;
}

const NNLayer *
nn_model_ids_taker(const NNModel *model, int from)
{
	const NNLayer *taker = NULL;

	for (int i = from + 1; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		int ids = nn_layer_ids(layer);

		if (ids > 0 && shows(model, layer->inputs[0], from) &&
			(taker == NULL || ids < nn_layer_ids(taker)))
			taker = layer;
	}
	return taker;
}

bool
nn_model_takes_missing(const NNModel *model, int input)
{
	bool found = false;

	for (int i = 0; i < model->n_layers; i++)
		for (int k = 0; k < model->layers[i].n_inputs; k++)
		{
			if (model->layers[i].inputs[k] != model->inputs[input])
				continue;
			if (!(model->layers[i].kind->flags & NN_KIND_TAKES_MISSING))
				return false;
			found = true;
		}
	return found;
}

bool
nn_layer_reading(const NNLayer *layer, NNReading *reading)
{
	memset(reading, 0, sizeof(*reading));
	reading->layer = layer->index;
	if (layer->kind->reading == NULL)
		return false;
	layer->kind->reading(layer, reading);
	return true;
}

void
nn_model_reading(const NNModel *model, int input, NNReading *reading)
{
	for (int i = 0; i < model->n_layers; i++)
		if (model->layers[i].n_inputs > 0 && model->layers[i].inputs[0] == model->inputs[input] &&
			nn_layer_reading(&model->layers[i], reading))
			return;
	memset(reading, 0, sizeof(*reading));
	reading->layer = model->inputs[input];
}

/* Of all that the layer feeds; some of those pass the question on. */
static bool
forgets_origin(const NNModel *model, int from, const nn_real *params)
{
	bool found = false;

	for (int i = from + 1; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];

		for (int k = 0; k < layer->n_inputs; k++)
		{
			NNOrigin origin;

			if (layer->inputs[k] != from)
				continue;
			origin = layer->kind->origin == NULL ? NN_ORIGIN_MATTERS : layer->kind->origin(layer);
			if (origin == NN_ORIGIN_MATTERS ||
				(nn_layer_adapts(layer) &&
				 !nn_layer_unadapted(layer, params + layer->param_offset)) ||
				(origin == NN_ORIGIN_KEPT && !forgets_origin(model, i, params)))
				return false;
			found = true;
		}
	}
	return found;
}

bool
nn_model_origin_free(const NNModel *model, int input, const nn_real *params)
{
	return forgets_origin(model, model->inputs[input], params);
}
