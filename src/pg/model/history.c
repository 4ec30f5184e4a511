/*
 * history.c
 *	  The epochs a model was trained, as rows: nnet.history() and nnet.trainings().
 *	  Where they are kept is told in history_pack.c.
 *
 * Lifetimes: a block that is shown lives in a context of its own.
 */
#include "pg/model/model.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

/* One row more, or none, for an epoch and its number. */
typedef void (*PutEpoch)(FunctionCallInfo fcinfo, int number, const NNValue *epoch);

PG_FUNCTION_INFO_V1(nnet_history);
PG_FUNCTION_INFO_V1(nnet_history_rounded);
PG_FUNCTION_INFO_V1(nnet_trainings);

static Datum
epoch_number(const NNValue *epoch, const char *key, bool *isnull)
{
	const NNValue *value = nn_value_get(epoch, key);

	*isnull = value == NULL || value->type != NN_V_NUMBER;
	return Float8GetDatum(*isnull ? 0 : value->number);
}

static void
put_epoch(FunctionCallInfo fcinfo, int number, const NNValue *epoch)
{
	const NNValue *metrics = nn_value_get(epoch, "metrics");
	const NNValue *samples = nn_value_get(epoch, "samples");
	Datum values[7];
	bool nulls[7] = {false};

	values[0] = Int32GetDatum(number);
	values[1] = epoch_number(epoch, "loss", &nulls[1]);
	values[2] = epoch_number(epoch, "val_loss", &nulls[2]);
	nulls[3] = metrics == NULL || metrics->type != NN_V_OBJECT;
	values[3] = nulls[3] ? (Datum) 0 : JsonbPGetDatum(nnet_value_to_jsonb(metrics));
	nulls[4] = samples == NULL || samples->type != NN_V_NUMBER ||
		!(samples->number >= 0 && samples->number < 9e15);
	values[4] = Int64GetDatum(nulls[4] ? 0 : (int64) samples->number);
	values[5] = epoch_number(epoch, "seconds", &nulls[5]);
	values[6] = epoch_number(epoch, "learning_rate", &nulls[6]);
	nnet_put_row(fcinfo, values, nulls);
}

/* A number of so many significant digits, and all that are in an object or an array. */
static NNValue
rounded(const NNValue *value, int digits)
{
	NNValue copy;
	char text[64];

	if (value->type == NN_V_NUMBER && value->integer == 0 && isfinite(value->number))
	{
		snprintf(text, sizeof(text), "%.*e", digits - 1, value->number);
		return nnet_value_number(strtod(text, NULL));
	}
	if (value->type == NN_V_ARRAY)
	{
		copy = nnet_value_array(value->count);
		for (int i = 0; i < value->count; i++)
			nnet_value_append(&copy, rounded(&value->items[i], digits));
		return copy;
	}
	if (value->type != NN_V_OBJECT)
		return *value;
	copy = nnet_value_object(value->count);
	for (int i = 0; i < value->count; i++)
		nnet_value_set(&copy, value->keys[i], rounded(&value->items[i], digits));
	return copy;
}

/* With figures that are rounded: counts are left alone. */
static void
put_rounded(FunctionCallInfo fcinfo, int number, const NNValue *epoch)
{
	NNValue copy = nnet_value_object(epoch->count);
	int digits = PG_GETARG_INT32(1);

	for (int i = 0; i < epoch->count; i++)
		nnet_value_set(&copy, epoch->keys[i],
					   strcmp(epoch->keys[i], "samples") == 0 ? epoch->items[i]
															  : rounded(&epoch->items[i], digits));
	put_epoch(fcinfo, number, &copy);
}

/* A whole number of at least 0. */
static Datum
epoch_count(const NNValue *epoch, const char *key, bool *isnull)
{
	const NNValue *value = nn_value_get(epoch, key);

	*isnull = value == NULL || value->type != NN_V_NUMBER ||
		!(value->number >= 0 && value->number <= NNET_DROPPED_EPOCHS);
	return Int32GetDatum(*isnull ? 0 : (int) value->number);
}

/* The last epoch of a training says of it what there is to say. */
static void
put_training(FunctionCallInfo fcinfo, int number, const NNValue *epoch)
{
	const NNValue *ended = nn_value_get(epoch, "ended");
	const NNValue *seed = nn_value_get(epoch, "seed");
	int64 whole = 0;
	int before;
	Datum values[6];
	bool nulls[6] = {false};

	if (ended == NULL || ended->type != NN_V_STRING)
		return;
	before = number - DatumGetInt32(epoch_count(epoch, "epochs", &nulls[0]));
	values[0] = Int32GetDatum(before + 1);
	values[1] = Int32GetDatum(number);
	values[2] = Int32GetDatum(before + DatumGetInt32(epoch_count(epoch, "best", &nulls[2])));
	values[3] = CStringGetTextDatum(ended->string);
	values[4] = epoch_count(epoch, "batch_size", &nulls[4]);
	nulls[5] = seed == NULL || !nnet_value_int64(seed, &whole);
	values[5] = Int64GetDatum(whole);
	nnet_put_row(fcinfo, values, nulls);
}

static void
bad_block(const char *model, const char *found)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\": the older epochs in the training row's \"inputs\" are not valid",
					model),
			 errdetail("%s", found),
			 errhint("Set inputs of layer -1 to NULL, to forget the epochs before the latest.")));
}

/* What PostgreSQL says of text that is no JSON does not tell where it is. */
static void
tell_where(void *arg)
{
	errcontext("older epochs in the training row's \"inputs\" of model \"%s\"", (char *) arg);
}

static const NNValue *
read_block(Datum element, char *model)
{
	ErrorContextCallback where = {error_context_stack, tell_where, model};
	Datum json;
	const NNValue *block;

	error_context_stack = &where;
	json = DirectFunctionCall1(jsonb_in, CStringGetDatum(TextDatumGetCString(element)));
	error_context_stack = where.previous;
	block = nnet_value_from_jsonb(DatumGetJsonbP(json));
	if (block->type != NN_V_OBJECT)
		bad_block(model, "An element is not a JSON object.");
	for (int i = 0; i < block->count; i++)
		if (block->items[i].type != NN_V_ARRAY || block->items[i].count < 1 ||
			block->items[i].count > NNET_HISTORY_BLOCK)
			bad_block(model,
					  psprintf("A key of an element is not an array of 1 to %d values.",
							   NNET_HISTORY_BLOCK));
	return block;
}

/* Those of a block from the one at first on; number is that of the block's first. */
static void
put_block(FunctionCallInfo fcinfo, PutEpoch put, const NNValue *block, int first, int64 number)
{
	NNValue epoch = nnet_value_object(block->count);

	for (int i = first; i < NNET_HISTORY_BLOCK; i++)
	{
		epoch.count = 0;
		for (int k = 0; k < block->count; k++)
		{
			const NNValue *values = &block->items[k];

			nnet_value_set(&epoch, block->keys[k], values->items[Min(i, values->count - 1)]);
		}
		put(fcinfo, (int) (number + i), &epoch);
	}
}

/* The latest of the epochs before the config's: at most that many. */
static void
put_older(FunctionCallInfo fcinfo, PutEpoch put, const NnetModel *model, int64 most)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet history", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	int64 dropped = model->training.history_dropped;
	Datum *elements;
	bool *nulls;
	int n;

	deconstruct_array(model->training.older, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls,
					  &n);
	MemoryContextSwitchTo(caller);
	for (int64 i = 0; i < n; i++)
	{
		int64 after = (n - i) * NNET_HISTORY_BLOCK; /* the block's first, counted from the end */
		int64 first = Max(after - Min(most, dropped), 0);
		MemoryContext block;

		nnet_check_interrupts();
		if (first >= NNET_HISTORY_BLOCK)
			continue;
		if (nulls[i])
			bad_block(model->name, "An element is NULL.");
		block = AllocSetContextCreate(context, "nnet history block", ALLOCSET_DEFAULT_SIZES);
		MemoryContextSwitchTo(block);
		put_block(fcinfo, put, read_block(elements[i], model->name), (int) first,
				  dropped - after + 1);
		MemoryContextSwitchTo(caller);
		MemoryContextDelete(block);
	}
	MemoryContextDelete(context);
}

static void
put_all(FunctionCallInfo fcinfo, PutEpoch put)
{
	NnetModel *model;
	const NNValue *history;
	int n;

	InitMaterializedSRF(fcinfo, 0);
	model = nnet_model_load(PG_GETARG_OID(0), NNET_LOAD_STRUCTURE | NNET_LOAD_HISTORY,
							CurrentMemoryContext);
	history = model->training.history;
	n = history != NULL ? history->count : 0;
	if (model->training.older != NULL)
		put_older(fcinfo, put, model, Max(NNET_HISTORY_EPOCHS - n, 0));
	for (int i = 0; i < n; i++)
		put(fcinfo, (int) (model->training.history_dropped + i + 1), &history->items[i]);
	MemoryContextDelete(model->context);
}

Datum
nnet_history(PG_FUNCTION_ARGS)
{
	put_all(fcinfo, put_epoch);
	return (Datum) 0;
}

/* nnet.history(model, digits) */
Datum
nnet_history_rounded(PG_FUNCTION_ARGS)
{
	int digits = PG_GETARG_INT32(1);

	if (digits < 1 || digits > 17)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("figures can be rounded to 1 to 17 digits, not %d", digits)));
	put_all(fcinfo, put_rounded);
	return (Datum) 0;
}

Datum
nnet_trainings(PG_FUNCTION_ARGS)
{
	put_all(fcinfo, put_training);
	return (Datum) 0;
}
