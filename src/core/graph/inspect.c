/*
 * inspect.c
 *	  What a model's layers say together: whether padding shows, whether the
 *	  input is ids.
 */
#include "core/internal.h"

/* Each layer that sees the variable steps knows their padding and heeds it, and so does the loss. */
bool
nn_model_hides_padding(const NNModel *model)
{
	bool masked[NN_MAX_LAYERS] = {true};

	for (int i = 1; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];

		for (int k = 0; k < layer->n_inputs; k++)
			if (layer->in[k].dim[0] == NN_ANY &&
				!(masked[layer->inputs[k]] && (layer->kind->flags & NN_KIND_MASKED)))
				return false;
		masked[i] = layer->steps_from == NN_MASK_OWN ||
			(layer->steps_from >= 0 && masked[layer->inputs[layer->steps_from]]);
	}
	return masked[model->n_layers - 1] || model->layers[model->n_layers - 1].out.dim[0] != NN_ANY;
}

bool
nn_model_ids(const NNModel *model, int *input_dim)
{
	bool found = false;

	for (int i = 1; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		int from = layer->inputs[0];
		int ids = nn_layer_ids(layer);

		/* under another shape ids are still ids */
		while (from > 0 && (model->layers[from].kind->flags & NN_KIND_VIEW))
			from = model->layers[from].inputs[0];
		if (from != 0 || ids == 0)
			continue;
		if (!found || ids < *input_dim)
			*input_dim = ids;
		found = true;
	}
	return found;
}
