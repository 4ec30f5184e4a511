/*
 * vocabulary_rows.c
 *	  Vocabularies as rows: nnet.vocabulary(model), of the layer of texts, and
 *	  nnet.vocabulary(model, layer), of a layer of categories.
 */
#include "pg/model/model.h"

#include "funcapi.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(nnet_vocabulary);
PG_FUNCTION_INFO_V1(nnet_layer_vocabulary);

/* ---- nnet.vocabulary(model) ---- */

Datum
nnet_vocabulary(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	NnetModel *model;
	const NnetVocabulary *vocabulary;
	int n;

	InitMaterializedSRF(fcinfo, 0);
	model = nnet_model_load(PG_GETARG_OID(0), NNET_LOAD_STRUCTURE, CurrentMemoryContext);
	if (model->vocabularies == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("model \"%s\" has no vocabulary", model->name),
				 errdetail("It has no layer of kind \"%s\".", NNET_TEXT_KIND)));
	if (model->vocabularies->next != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" has several vocabularies", model->name),
				 errhint("They are in the config of its layers, under the key \"vocabulary\".")));
	vocabulary = model->vocabularies;
	n = nnet_vocabulary_known(vocabulary) ? nnet_tokens_count(vocabulary->tokens) + NNET_TOKEN_FIRST
										  : 0;
	for (int id = 0; id < n; id++)
	{
		Datum values[2];
		bool nulls[2] = {false};

		values[0] = Int32GetDatum(id);
		values[1] =
			CStringGetTextDatum(id == NNET_TOKEN_PADDING ? ""
									: id == NNET_TOKEN_UNKNOWN
									? NNET_UNKNOWN_TOKEN
									: nnet_tokens_get(vocabulary->tokens, id - NNET_TOKEN_FIRST));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	MemoryContextDelete(model->context);
	return (Datum) 0;
}

/* ---- nnet.vocabulary(model, layer) ---- */

static const NnetReading *
find_reading(const NnetModel *model, const char *layer)
{
	for (int i = 0; i < model->core->n_inputs; i++)
	{
		const NnetReading *reading = &model->readings[i];

		if (reading->tokens != NULL &&
			strcmp(nn_layer_name(nn_model_layer(model->core, reading->layer)), layer) == 0)
			return reading;
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("model \"%s\" has no vocabulary of a layer \"%s\"", model->name, layer),
			 errhint("Layers of the kinds string_lookup and integer_lookup have one.")));
}

Datum
nnet_layer_vocabulary(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	NnetModel *model;
	const NnetReading *reading;
	int first;

	InitMaterializedSRF(fcinfo, 0);
	model = nnet_model_load(PG_GETARG_OID(0), NNET_LOAD_STRUCTURE, CurrentMemoryContext);
	reading = find_reading(model, text_to_cstring(PG_GETARG_TEXT_PP(1)));
	first = nnet_reading_first(reading);
	for (int id = 0; reading->known && id < first + nnet_tokens_count(reading->tokens); id++)
	{
		Datum values[2] = {Int32GetDatum(id), (Datum) 0};
		bool nulls[2] = {false, id < first};

		if (!nulls[1])
			values[1] = CStringGetTextDatum(nnet_reading_token(reading, id - first));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	MemoryContextDelete(model->context);
	return (Datum) 0;
}
