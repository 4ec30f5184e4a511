/*
 * finite.c
 *	  Whether what training made of a model can be kept: NaN and infinities are
 *	  refused by whatever reads a model, so none may be written.
 *
 * A loss is looked at before the update that follows from it.  What the last
 * update did to weights, and any of them to averages or to the optimizer's
 * state, no loss has seen.
 */
#include "pg/model/model.h"

#include <math.h>

#include "miscadmin.h"

const char *
nnet_not_finite_word(double value)
{
	return isnan(value) ? "NaN" : "infinite";
}

static void
check(const NnetModel *model, const NNLayer *layer, const NNParam *param, int slot,
	  const nn_real *values)
{
	size_t i = nn_first_not_finite(values, param->size);

	if (i == param->size)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("training made %s\"%s\" of layer \"%s\" of model \"%s\" %s",
					slot >= 0 ? "the optimizer's state of " : "", param->name, nn_layer_name(layer),
					model->name, nnet_not_finite_word(values[i])),
			 errdetail("Nothing was saved."), errhint(NNET_HINT_DIVERGED)));
}

void
nnet_check_finite(const NnetModel *model)
{
	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(model->core, i);

		for (int k = 0; k < nn_layer_params(layer).n && !model->layer_fixed[i]; k++)
		{
			const NNParam *param = &nn_layer_params(layer).of[k];
			size_t at = nn_layer_params(layer).offset + param->offset;

			nnet_check_interrupts();
			check(model, layer, param, -1, model->params + at);
			for (int s = 0; s < model->optimizer.n_slots && nn_layer_trainable(layer); s++)
				check(model, layer, param, s, model->slots[s] + at);
		}
	}
}
