/*
 * inspect.c
 *	  What a model's layers say together of an input: whether it is ids, and
 *	  whether values may be missing.
 */
#include "core/internal.h"

bool
nn_model_ids(const NNModel *model, int input, int *input_dim)
{
	bool found = false;

	for (int i = 0; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		int from = layer->inputs[0];
		int ids = nn_layer_ids(layer);

		if (ids == 0)
			continue;
		/* under another shape ids are still ids */
		while (model->layers[from].n_inputs > 0 && (model->layers[from].kind->flags & NN_KIND_VIEW))
			from = model->layers[from].inputs[0];
		if (from != model->inputs[input])
			continue;
		if (!found || ids < *input_dim)
			*input_dim = ids;
		found = true;
	}
	return found;
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
