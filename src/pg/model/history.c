/*
 * history.c
 *	  The epochs a model was trained: nnet.history() and nnet.trainings(), and
 *	  where they are kept.
 *
 * The newest, at most NEWEST, are in the training row's config, which every
 * fit reads and writes.  Those before go, CHUNK at a time, into its column
 * inputs, which has no other use there: it is stored apart from the row, not
 * read for training, and not written by an UPDATE that leaves it alone.  So
 * the cost of a fit does not grow with what was trained before.
 *
 * A chunk is the text of a JSON object of columns, {"loss": [0.7, 0.6, ...],
 * "seed": [7], ...}, of CHUNK values each; those at the end that equal the one
 * before them are left out.  "history_dropped" in the config counts all epochs
 * before its "history": the last chunk ends where that begins.
 *
 * Lifetimes: what is packed lives in the current context; a chunk that is shown
 * in one of its own.
 */
#include "pg/model/model.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#define NEWEST 64
#define CHUNK 64
#define MOST_CHUNKS (NNET_HISTORY_EPOCHS / CHUNK)

/* One row more, or none, for an epoch and its number. */
typedef void (*PutEpoch)(FunctionCallInfo fcinfo, int number, const NNValue *epoch);

PG_FUNCTION_INFO_V1(nnet_history);
PG_FUNCTION_INFO_V1(nnet_trainings);

/* ---- packing ---- */

static bool
same_value(const NNValue *a, const NNValue *b)
{
	if (a->type != b->type || a->boolean != b->boolean || a->integer != b->integer ||
		a->count != b->count || memcmp(&a->number, &b->number, sizeof(a->number)) != 0)
		return false;
	if (a->type == NN_V_STRING)
		return strcmp(a->string, b->string) == 0;
	for (int i = 0; i < a->count; i++)
		if ((a->type == NN_V_OBJECT && strcmp(a->keys[i], b->keys[i]) != 0) ||
			!same_value(&a->items[i], &b->items[i]))
			return false;
	return true;
}

/* That key of n epochs. */
static NNValue
column(const NNValue *epochs, int n, const char *key)
{
	NNValue values = nnet_value_array(n);

	for (int i = 0; i < n; i++)
	{
		const NNValue *value = nn_value_get(&epochs[i], key);

		nnet_value_append(&values, value != NULL ? *value : nnet_value_null());
	}
	while (values.count > 1 &&
		   same_value(&values.items[values.count - 1], &values.items[values.count - 2]))
		values.count--;
	return values;
}

static Datum
pack(const NNValue *epochs, int n)
{
	NNValue chunk = nnet_value_object(16);
	Jsonb *jsonb;

	for (int i = 0; i < n; i++)
		for (int k = 0; k < epochs[i].count; k++)
			if (nn_value_get(&chunk, epochs[i].keys[k]) == NULL)
				nnet_value_set(&chunk, epochs[i].keys[k], column(epochs, n, epochs[i].keys[k]));
	jsonb = nnet_value_to_jsonb(&chunk);
	return CStringGetTextDatum(JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb)));
}

int
nnet_history_pack(NnetTraining *training, Datum **chunks)
{
	NNValue *history = training->history;
	int n = history != NULL ? (history->count - NEWEST + CHUNK - 1) / CHUNK : 0;

	if (n <= 0)
		return 0;
	*chunks = palloc(sizeof(Datum) * n);
	for (int i = 0; i < n; i++)
	{
		nnet_check_interrupts();
		(*chunks)[i] = pack(history->items + i * CHUNK, CHUNK);
	}
	training->history = palloc(sizeof(NNValue));
	*training->history = nnet_value_array(NEWEST);
	for (int i = n * CHUNK; i < history->count; i++)
		nnet_value_append(training->history, history->items[i]);
	training->history_dropped = Min(training->history_dropped + n * CHUNK, NNET_DROPPED_EPOCHS);
	return n;
}

ArrayType *
nnet_history_append(ArrayType *before, const Datum *chunks, int n)
{
	Datum *elements = NULL;
	bool *nulls = NULL;
	int n_before = 0;
	int kept;
	Datum *all;
	bool *all_nulls;
	int lower = 1;

	if (before != NULL)
		deconstruct_array(before, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n_before);
	kept = Max(Min(n_before, MOST_CHUNKS - n), 0);
	all = palloc(sizeof(Datum) * (kept + n));
	all_nulls = palloc0(sizeof(bool) * (kept + n));
	for (int i = 0; i < kept; i++)
	{
		all[i] = elements[n_before - kept + i];
		all_nulls[i] = nulls[n_before - kept + i];
	}
	memcpy(all + kept, chunks, sizeof(Datum) * n);
	n += kept;
	return construct_md_array(all, all_nulls, 1, &n, &lower, TEXTOID, -1, false, TYPALIGN_INT);
}

/* ---- what there is to see ---- */

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
bad_chunk(const char *model, const char *found)
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
read_chunk(Datum element, char *model)
{
	ErrorContextCallback where = {error_context_stack, tell_where, model};
	Datum json;
	const NNValue *chunk;

	error_context_stack = &where;
	json = DirectFunctionCall1(jsonb_in, CStringGetDatum(TextDatumGetCString(element)));
	error_context_stack = where.previous;
	chunk = nnet_value_from_jsonb(DatumGetJsonbP(json));
	if (chunk->type != NN_V_OBJECT)
		bad_chunk(model, "An element is not a JSON object.");
	for (int i = 0; i < chunk->count; i++)
		if (chunk->items[i].type != NN_V_ARRAY || chunk->items[i].count < 1 ||
			chunk->items[i].count > CHUNK)
			bad_chunk(model,
					  psprintf("A key of an element is not an array of 1 to %d values.", CHUNK));
	return chunk;
}

/* Those of a chunk from the one at first on; number is that of the chunk's first. */
static void
put_chunk(FunctionCallInfo fcinfo, PutEpoch put, const NNValue *chunk, int first, int64 number)
{
	NNValue epoch = nnet_value_object(chunk->count);

	for (int i = first; i < CHUNK; i++)
	{
		epoch.count = 0;
		for (int k = 0; k < chunk->count; k++)
		{
			const NNValue *values = &chunk->items[k];

			nnet_value_set(&epoch, chunk->keys[k], values->items[Min(i, values->count - 1)]);
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
		int64 after = (n - i) * CHUNK; /* the chunk's first, counted from the end */
		int64 first = Max(after - Min(most, dropped), 0);
		MemoryContext chunk;

		nnet_check_interrupts();
		if (first >= CHUNK)
			continue;
		if (nulls[i])
			bad_chunk(model->name, "An element is NULL.");
		chunk = AllocSetContextCreate(context, "nnet history chunk", ALLOCSET_DEFAULT_SIZES);
		MemoryContextSwitchTo(chunk);
		put_chunk(fcinfo, put, read_chunk(elements[i], model->name), (int) first,
				  dropped - after + 1);
		MemoryContextSwitchTo(caller);
		MemoryContextDelete(chunk);
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

Datum
nnet_trainings(PG_FUNCTION_ARGS)
{
	put_all(fcinfo, put_training);
	return (Datum) 0;
}
