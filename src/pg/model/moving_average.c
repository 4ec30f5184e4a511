/*
 * moving_average.c
 *	  Moving averages of weights (use_ema) where a training begins and ends.
 *
 * While a model is trained its slots hold the averages.  As in Keras they become
 * the weights when training ends; what was trained takes their place in the
 * slots, so that a further fit goes on with it and not with the averages.  The
 * training row has a fingerprint of each layer's weights then, "averaged": who
 * changes weights in between gets a training that begins with those.
 */
#include "pg/model/model.h"

#include "miscadmin.h"

#define FINGERPRINT_BITS 53 /* a number of JSON that a double holds */
#define PIECE ((size_t) 1 << 20)

static nn_real *
averages(const NnetModel *model)
{
	return model->slots[model->optimizer.average_slot];
}

/* Of what learns in a layer. */
static double
fingerprint(const NnetModel *model, const NNLayer *layer)
{
	uint64 hash = 0;

	for (int k = 0; k < nn_layer_params(layer).n; k++)
	{
		const NNParam *param = &nn_layer_params(layer).of[k];
		const nn_real *values = model->params + nn_layer_params(layer).offset + param->offset;

		for (size_t i = 0; i < param->size && param->trainable; i++)
		{
			uint32 bits;

			if (i % PIECE == 0)
				nnet_check_interrupts();
			memcpy(&bits, &values[i], sizeof(bits));
			hash = (hash ^ bits) * UINT64CONST(0x9E3779B97F4A7C15);
			hash ^= hash >> 32;
		}
	}
	return (double) (hash >> (64 - FINGERPRINT_BITS));
}

void
nnet_average_begin(NnetModel *model, int layer, bool slots)
{
	const NNLayer *of = nn_model_layer(model->core, layer);
	const NNValue *averaged = model->training.averaged;
	const NNValue *before = averaged != NULL ? nn_value_get(averaged, nn_layer_name(of)) : NULL;

	if (averaged == NULL && slots)
		return;
	if (slots && before != NULL && before->type == NN_V_NUMBER &&
		before->number == fingerprint(model, of))
		nn_layer_swap_average(of, model->params, averages(model));
	else
		nn_layer_start_average(of, model->params, averages(model));
}

void
nnet_average_end(NnetModel *model)
{
	MemoryContext old = MemoryContextSwitchTo(model->context);
	NNValue *averaged;

	model->training.averaged = NULL;
	if (model->optimizer.use_ema)
	{
		averaged = palloc(sizeof(NNValue));
		*averaged = nnet_value_object(model->core->n_layers);
		for (int i = 0; i < model->core->n_layers; i++)
		{
			const NNLayer *layer = nn_model_layer(model->core, i);

			if (!nn_layer_trainable(layer) || nn_layer_params(layer).size == 0)
				continue;
			nn_layer_swap_average(layer, model->params, averages(model));
			nnet_value_set(averaged, nn_layer_name(layer),
						   nnet_value_number(fingerprint(model, layer)));
		}
		model->training.averaged = averaged;
	}
	MemoryContextSwitchTo(old);
}
