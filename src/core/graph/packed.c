/*
 * packed.c
 *	  A model's weights in the order in which products of many rows read them:
 *	  layer after layer, of each the parameters that it says (layer->packs).
 */
#include "core/graph/model.h"

/* A parameter as a matrix has rows of its last dimension. */
static int
matrix_rows(const NNParam *param)
{
	return (int) (param->size / (size_t) nn_shape_last(&param->shape));
}

size_t
nn_layer_packed(const NNLayer *layer)
{
	size_t reals = 0;

	for (int i = 0; i < layer->packs; i++)
		reals +=
			nn_packed_reals(matrix_rows(&layer->params[i]), nn_shape_last(&layer->params[i].shape));
	return reals;
}

void
nn_model_pack(const NNModel *model, NNPrecision precision, const nn_real *params, nn_real *packed)
{
	nn_precision_use(precision);
	for (int i = 0; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		nn_real *to = packed + layer->packed_offset;

		for (int p = 0; p < layer->packs; p++)
		{
			const NNParam *param = &layer->params[p];
			const int rows = matrix_rows(param), columns = nn_shape_last(&param->shape);

			nn_pack(to, false, params + layer->param_offset + param->offset, columns, rows,
					columns);
			to += nn_packed_reals(rows, columns);
		}
	}
	nn_precision_use(NN_FLOAT32);
}
