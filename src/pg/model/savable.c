/*
 * savable.c
 *	  Whether what training makes of a model can be kept: before it, whether its
 *	  rows have room for the optimizer's state, and after it, whether all is finite:
 *	  NaN and infinities are refused by whatever reads a model.
 *
 * A loss is looked at before the update that follows from it.  What the last
 * update did to weights, and any of them to averages or to the optimizer's
 * state, no loss has seen.
 */
#include "pg/model/model.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"

#define ROW_REST ((size_t) 1 << 20) /* bytes of a row beside weights and slots, at most */

const char *
nnet_not_finite_word(double value)
{
	return isnan(value) ? "NaN" : "infinite";
}

bool
nnet_model_spells(const NnetModel *model)
{
	for (int o = 0; o < model->objectives.n; o++)
		if (nn_objective_sequence(&model->objectives.of[o]))
			return true;
	return false;
}

int
nnet_hint_diverged(const NnetModel *model)
{
	return errhint("%sLower the learning rate, scale the inputs (nnet.normalization, "
				   "nnet.rescaling) or the targets, or clip gradients (clipnorm).",
				   nnet_model_spells(model) ? "Leave out rows of which a mask leaves fewer steps "
											  "than y needs. "
											: "");
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
			 errdetail("Nothing was saved."), nnet_hint_diverged(model)));
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

size_t
nnet_row_values(const NnetModel *model, int index)
{
	size_t size = nn_layer_params(nn_model_layer(model->core, index)).size;
	size_t parts = (size_t) model->layer_parts[index];

	return Min(Max(PART_VALUES, (size + parts - 1) / parts), size);
}

void
nnet_check_savable(const NnetModel *model)
{
	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(model->core, i);
		size_t n = nnet_row_values(model, i);
		size_t slots = nn_layer_trainable(layer) ? n * (size_t) model->optimizer.n_slots : 0;

		if (slots > MaxArraySize || (n + slots) * sizeof(float4) > MaxAllocSize - ROW_REST)
			ereport(
				ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("model \"%s\": layer \"%s\" has %zu values in a row, too many to write "
						"them back with the state of the optimizer",
						model->name, nn_layer_name(layer), n),
				 errhint("Spread its weights over more rows, the parts 0, 1, ..., of %zu values.",
						 PART_VALUES)));
	}
}
