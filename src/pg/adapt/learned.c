/*
 * learned.c
 *	  What a layer learned from the rows before training (normalization): it is
 *	  refused where it is no number, and features that never varied are told.
 */
#include "pg/adapt/adapt.h"

#include <math.h>

#include "lib/stringinfo.h"

#define MOST_LISTED 10 /* columns named in a message */

/* The features of what the layer learned from, for a message. */
static char *
features_text(const NnetRunner *runner, int layer, const NnetRecorder *recorder,
			  const int *features, int n)
{
	const NNModel *core = runner->model->core;
	bool target = nn_adapts_to_target(core, layer);
	int input = target ? -1 : nn_adapt_on_input(core, layer);

	return nnet_columns_text(input >= 0 && recorder != NULL ? recorder->inputs : NULL, input,
							 features, n,
							 target ? "y"
									: psprintf("what layer \"%s\" learned from",
											   nn_layer_name(nn_model_layer(core, layer))));
}

static void
refuse_not_finite(const NnetRunner *runner, int index, const NnetRecorder *recorder)
{
	const NNLayer *layer = nn_model_layer(runner->model->core, index);

	for (int k = 0; k < nn_layer_params(layer).n; k++)
	{
		const NNParam *param = &nn_layer_params(layer).of[k];
		const nn_real *values =
			runner->model->params + nn_layer_params(layer).offset + param->offset;
		int i = (int) nn_first_not_finite(values, param->size);

		if ((size_t) i == param->size)
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("model \"%s\": the %s of %s is %s", runner->model->name, param->name,
						features_text(runner, index, recorder, &i, 1),
						isnan(values[i]) ? "NaN" : "beyond what real holds"),
				 errdetail("A real is finite and up to about 3.4e38."),
				 errhint("Scale such values, in the query or by nnet.rescaling() before layer "
						 "\"%s\".",
						 nn_layer_name(layer))));
	}
}

/* The features that gave a layer one value only, for a message; *n of them. */
static char *
constant_text(const NnetRunner *runner, int index, const NnetRecorder *recorder, int *n)
{
	const NnetModel *model = runner->model;
	int all = nn_adapt_features(model->core, index);
	int *features = MemoryContextAllocHuge(runner->context, sizeof(int) * all);
	char *text = NULL;

	*n = 0;
	for (int i = 0; i < all; i++)
		if (nn_adapt_constant(model->core, index, model->params, i))
			features[(*n)++] = i;
	if (*n > 0)
		text = features_text(runner, index, recorder, features, *n);
	pfree(features);
	return text;
}

static void
tell_constant(const NnetRunner *runner, int index, const char *what, int n)
{
	const NnetModel *model = runner->model;

	ereport(
		NOTICE,
		(errmsg("model \"%s\": %s %s not vary in the rows of training", model->name, what,
				n > 1 ? "do" : "does"),
		 errdetail("Layer \"%s\" gives the same for whatever %s in later rows.",
				   nn_layer_name(nn_model_layer(model->core, index)), n > 1 ? "they are" : "it is"),
		 nn_adapts_to_target(model->core, index)
			 ? errhint("Train on rows in which that varies.")
			 : errhint("Train on rows in which that varies, or leave that out of x. "
					   "nnet.normalization(keep_constant => true) divides by 1e-7 instead, as "
					   "Keras does.")));
}

/* What several layers learned from: columns of a table, of which each has its own. */
static void
tell_constants(const NnetRunner *runner, List *texts)
{
	int listed = Min(list_length(texts), MOST_LISTED);
	StringInfoData all;

	initStringInfo(&all);
	for (int i = 0; i < listed; i++)
		appendStringInfo(&all, "%s%s",
						 i == 0							   ? ""
							 : i + 1 == list_length(texts) ? " and "
														   : ", ",
						 (const char *) list_nth(texts, i));
	if (listed < list_length(texts))
		appendStringInfo(&all, " and %d more", list_length(texts) - listed);
	ereport(NOTICE,
			(errmsg("model \"%s\": %s do not vary in the rows of training", runner->model->name,
					all.data),
			 errdetail("What they are in later rows makes no difference."),
			 errhint("Train on rows in which they vary, or leave them out of x.")));
}

void
nnet_check_learned(const NnetRunner *runner, const NNAdapting *layers, int n,
				   const NnetRecorder *recorder)
{
	MemoryContext old = MemoryContextSwitchTo(runner->context);
	List *texts = NIL;
	int last = 0;
	int n_last = 0;

	for (int i = 0; i < n; i++)
	{
		int n_constant;
		char *text;

		refuse_not_finite(runner, layers[i].layer, recorder);
		if (recorder == NULL)
			continue;
		text = constant_text(runner, layers[i].layer, recorder, &n_constant);
		if (text == NULL)
			continue;
		texts = lappend(texts, text);
		last = layers[i].layer;
		n_last = n_constant;
	}
	if (list_length(texts) == 1)
		tell_constant(runner, last, linitial(texts), n_last);
	else if (texts != NIL)
		tell_constants(runner, texts);
	MemoryContextSwitchTo(old);
}
