/*
 * learned.c
 *	  What a layer learned from the rows before training (normalization): it is
 *	  refused where it is no number, and features that never varied are told.
 */
#include "pg/data/data.h"
#include "pg/train/train.h"

#include <math.h>

/* The features of what the layer learned from, for a message. */
static char *
features_text(const NnetTrainer *trainer, int layer, const NnetRecorder *recorder,
			  const int *features, int n)
{
	const NNModel *core = trainer->model->core;
	bool target = nn_adapts_to_target(core, layer);
	int input = target ? -1 : nn_adapt_on_input(core, layer);

	return nnet_columns_text(
		input >= 0 ? recorder->inputs : NULL, input, features, n,
		target ? "y" : psprintf("what layer \"%s\" learned from", core->layers[layer].name));
}

static void
refuse_not_finite(const NnetTrainer *trainer, int index, const NnetRecorder *recorder)
{
	const NNLayer *layer = &trainer->model->core->layers[index];

	for (int k = 0; k < layer->n_params; k++)
	{
		const NNParam *param = &layer->params[k];
		const nn_real *values = trainer->model->params + layer->param_offset + param->offset;
		int i = (int) nn_first_not_finite(values, param->size);

		if ((size_t) i == param->size)
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("model \"%s\": the %s of %s is %s", trainer->model->name, param->name,
						features_text(trainer, index, recorder, &i, 1),
						isnan(values[i]) ? "NaN" : "beyond what real holds"),
				 errdetail("A real is finite and up to about 3.4e38."),
				 errhint("Scale such values, in the query or by nnet.rescaling() before layer "
						 "\"%s\".",
						 layer->name)));
	}
}

static void
tell_constant(const NnetTrainer *trainer, int index, const NnetRecorder *recorder)
{
	const NnetModel *model = trainer->model;
	int all = nn_adapt_features(model->core, index);
	int *features = MemoryContextAllocHuge(trainer->context, sizeof(int) * all);
	int n = 0;

	for (int i = 0; i < all; i++)
		if (nn_adapt_constant(model->core, index, model->params, i))
			features[n++] = i;
	if (n > 0)
		ereport(
			NOTICE,
			(errmsg("model \"%s\": %s %s not vary in the rows of training", model->name,
					features_text(trainer, index, recorder, features, n), n > 1 ? "do" : "does"),
			 errdetail("Layer \"%s\" gives the same for whatever %s in later rows.",
					   model->core->layers[index].name, n > 1 ? "they are" : "it is"),
			 nn_adapts_to_target(model->core, index)
				 ? errhint("Train on rows in which that varies.")
				 : errhint("Train on rows in which that varies, or leave that out of x. "
						   "nnet.normalization(keep_constant => true) divides by 1e-7 instead, as "
						   "Keras does.")));
	pfree(features);
}

void
nnet_check_learned(const NnetTrainer *trainer, int layer, const NnetRecorder *recorder)
{
	MemoryContext old = MemoryContextSwitchTo(trainer->context);

	refuse_not_finite(trainer, layer, recorder);
	tell_constant(trainer, layer, recorder);
	MemoryContextSwitchTo(old);
}
