/*
 * asked.c
 *	  What is asked of an evaluation, as one number that travels with its sums.
 */
#include "pg/evaluate/evaluation.h"

#include "common/hashfn.h"

static uint32
add_hash(uint32 hash, const char *text)
{
	return hash_combine(hash, hash_bytes((const unsigned char *) text, (int) strlen(text)));
}

static uint32
add_value(uint32 hash, const NNValue *value)
{
	hash = hash_combine(hash, (uint32) value->type);
	if (value->type == NN_V_STRING)
		return add_hash(hash, value->string);
	if (value->type == NN_V_BOOL)
		return hash_combine(hash, value->boolean);
	if (value->type == NN_V_NUMBER)
		return hash_combine(
			hash, hash_bytes((const unsigned char *) &value->number, (int) sizeof(value->number)));
	for (int i = 0; i < value->count; i++)
	{
		if (value->type == NN_V_OBJECT)
			hash = add_hash(hash, value->keys[i]);
		hash = add_value(hash, &value->items[i]);
	}
	return hash;
}

uint32
nnet_what_is_asked(const NnetModel *model)
{
	uint32 asked = 0;

	for (int o = 0; o < model->objectives.n; o++)
	{
		const NNObjective *objective = &model->objectives.of[o];
		const NnetOutputTraining *output = &model->training.outputs[o];

		asked = add_hash(asked, nn_layer_name(nn_model_output(model->core, o)));
		if (output->loss != NULL)
			asked = add_value(asked, output->loss);
		for (int i = 0; i < output->n_metrics; i++)
		{
			asked = add_hash(asked, objective->metrics[i].name);
			asked = add_value(asked, &output->metrics[i]);
		}
	}
	return asked;
}
