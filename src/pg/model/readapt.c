/*
 * readapt.c
 *	  nnet.readapt(model): what its layers learned of rows before training is
 *	  forgotten, so that the next fit learns it anew.
 */
#include "pg/model/model.h"

#include "miscadmin.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(nnet_readapt);

/* What a layer learned of rows is as in a new model. */
static bool
forget_layer(NnetModel *model, int index, nn_real *scratch)
{
	const NNLayer *layer = nn_model_layer(model->core, index);
	nn_real *params = model->params + nn_layer_params(layer).offset;

	if (!nn_layer_adapts(layer))
		return false;
	(void) nn_model_init_params(model->core, index, params, 0, scratch);
	model->layer_fixed[index] = false;
	return true;
}

static bool
forget_reading(NnetReading *reading)
{
	if (!reading->adapted)
		return false;
	reading->known = false;
	reading->changed = true;
	return true;
}

static bool
forget_vocabulary(NnetModel *model, NnetVocabulary *vocabulary)
{
	if (!vocabulary->adapted)
		return false;
	vocabulary->tokens = nnet_tokens_make(model->context);
	vocabulary->adapted = false;
	vocabulary->changed = true;
	return true;
}

Datum
nnet_readapt(PG_FUNCTION_ARGS)
{
	Oid relid = PG_GETARG_OID(0);
	NnetModel *model;
	bool found = false;

	PreventCommandIfReadOnly("nnet.readapt()");
	nnet_refuse_while_trained(relid);
	model = nnet_model_load(relid, NNET_LOAD_FOR_UPDATE, CurrentMemoryContext);
	for (int i = 0; i < model->core->n_layers; i++)
	{
		nn_real *scratch = nnet_memory_alloc(
			model->context,
			nn_layer_initial_scratch(nn_model_layer(model->core, i)) * sizeof(nn_real), false);

		found |= forget_layer(model, i, scratch);
	}
	for (int i = 0; i < model->core->n_inputs; i++)
		found |= forget_reading(&model->readings[i]);
	for (NnetVocabulary *vocabulary = model->vocabularies; vocabulary != NULL;
		 vocabulary = vocabulary->next)
		found |= forget_vocabulary(model, vocabulary);
	if (!found)
		ereport(NOTICE,
				(errmsg("model \"%s\" has no layer that learns from rows before training",
						model->name)));
	else
		nnet_model_save(model);
	MemoryContextDelete(model->context);
	PG_RETURN_VOID();
}
