/*
 * save.c
 *	  A trained model back into its table, by UPDATE of the rows that
 *	  nnet_model_load locked.
 */
#include "pg/model/model.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#define ROW_REST ((size_t) 1 << 20)	 /* bytes of a row beside weights and slots, at most */
#define LARGE_ROW ((size_t) 1 << 20) /* values, from which a row is written in two steps */

static SPIPlanPtr
prepare(const char *set, const char *table, int n, Oid *types)
{
	char *sql = psprintf("UPDATE %s SET %s WHERE \"layer\" OPERATOR(pg_catalog.=) $1"
						 " AND \"part\" OPERATOR(pg_catalog.=) $2",
						 table, set);
	/* generic: a plan of its own would hold copies of the values */
	SPIPlanPtr plan = SPI_prepare_cursor(sql, n, types, CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	return plan;
}

/* values[0] and [1] are layer and part. */
static void
update_row(const NnetModel *model, SPIPlanPtr plan, Datum *values, const char *nulls)
{
	int result = nnet_execute_lending(plan, values, nulls);

	/* rewritten: a rule does something else instead */
	if (result != SPI_OK_UPDATE && result != SPI_OK_REWRITTEN)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
	if (SPI_processed != 1)
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("model \"%s\": the UPDATE of layer %d, part %d changed " UINT64_FORMAT
					" rows instead of one",
					model->name, DatumGetInt32(values[0]), DatumGetInt32(values[1]), SPI_processed),
			 errhint("A trigger, a rule or a row security policy may stand in the way.")));
}

/* How many values of the layer go into each of its rows. */
static size_t
row_values(const NnetModel *model, int index)
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
		size_t n = row_values(model, i);
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

/* What of a layer is written by one UPDATE of each of its rows. */
typedef enum SavedColumns
{
	WEIGHTS_AND_SLOTS,
	WEIGHTS_ALONE,
	SLOTS_ALONE
} SavedColumns;

/* Queries with layer, part and, of weights and slots, those that are set. */
static const char *const saved_columns[] = {
	[WEIGHTS_AND_SLOTS] = "\"weights\" = $3, \"slots\" = $4",
	[WEIGHTS_ALONE] = "\"weights\" = $3",
	[SLOTS_ALONE] = "\"slots\" = $3",
};

typedef struct Saver
{
	NnetModel *model;
	const char *table;
	bool lend; /* see nnet_weights_lend */
	SPIPlanPtr plans[3];
} Saver;

/* From place `at` of the layer's values, out of each of the arrays. */
static Datum
values_from(const Saver *saver, const NNLayer *layer, size_t at, size_t n, nn_real *const *arrays,
			int n_arrays)
{
	const nn_real *sources[NN_MAX_SLOTS];
	Datum values;

	for (int i = 0; i < n_arrays; i++)
		sources[i] = arrays[i] + nn_layer_params(layer).offset + at;
	values = nnet_weights_lend(NULL, n, sources, n_arrays);
	return saver->lend ? values : nnet_weights_flat(values);
}

static void
save_layer(Saver *saver, int index, SavedColumns columns)
{
	const NnetModel *model = saver->model;
	const NNLayer *layer = nn_model_layer(model->core, index);
	bool slots = nn_layer_trainable(layer) && model->optimizer.n_slots > 0;
	size_t room = row_values(model, index);
	size_t at = 0;

	if (saver->plans[columns] == NULL)
	{
		Oid types[4] = {INT4OID, INT4OID, FLOAT4ARRAYOID, FLOAT4ARRAYOID};

		saver->plans[columns] = prepare(saved_columns[columns], saver->table,
										columns == WEIGHTS_AND_SLOTS ? 4 : 3, types);
	}
	for (int part = 0; part < model->layer_parts[index]; part++)
	{
		size_t n = Min(room, nn_layer_params(layer).size - at);
		Datum datums[4];
		int place = 2;

		nnet_check_interrupts();
		datums[0] = Int32GetDatum(model->layer_numbers[index]);
		datums[1] = Int32GetDatum(part);
		if (columns != SLOTS_ALONE)
			datums[place++] = values_from(saver, layer, at, n, &model->params, 1);
		if (columns != WEIGHTS_ALONE)
			datums[place] = slots
				? values_from(saver, layer, at, n, model->slots, model->optimizer.n_slots)
				: (Datum) 0;
		update_row(model, saver->plans[columns], datums, slots ? "    " : "   n");
		at += n;
	}
}

/*
 * Whether a row is formed of so much that weights and slots are better written
 * one after the other, though that is one more version of it: in between the
 * weights in memory go.
 */
static bool
is_large(const NnetModel *model, int index)
{
	const NNLayer *layer = nn_model_layer(model->core, index);

	return nn_layer_trainable(layer) && model->optimizer.n_slots > 0 &&
		row_values(model, index) >= LARGE_ROW;
}

static void
save_layers(Saver *saver, bool again)
{
	NnetModel *model = saver->model;
	MemoryContext row_context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet model row", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(row_context);

	for (int i = 0; i < model->core->n_layers; i++)
	{
		bool large = is_large(model, i);

		if (nn_layer_params(nn_model_layer(model->core, i)).size == 0 || model->layer_fixed[i])
			continue;
		if (!again)
			save_layer(saver, i, large ? WEIGHTS_ALONE : WEIGHTS_AND_SLOTS);
		else if (large)
			save_layer(saver, i, SLOTS_ALONE);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(row_context);
}

/* As stored; NULL if it is. */
static ArrayType *
training_inputs(const char *table)
{
	bool isnull = true;
	Datum inputs = 0;

	if (SPI_execute(psprintf("SELECT \"inputs\" FROM %s WHERE \"layer\" OPERATOR(pg_catalog.=) "
							 "'%d'::pg_catalog.int4",
							 table, TRAINING_LAYER),
					false, 1) == SPI_OK_SELECT &&
		SPI_processed == 1)
		inputs = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	return isnull ? NULL : DatumGetArrayTypeP(inputs);
}

/* Epochs that are not among the newest any more: the column with them, or NULL if there are none. */
static ArrayType *
older_epochs(NnetModel *model, Relation relation, const char *table)
{
	Datum *chunks;
	/* without that privilege they stay where they are */
	int n = nnet_may_write_history(relation) ? nnet_history_pack(&model->training, &chunks) : 0;

	return n > 0 ? nnet_history_append(training_inputs(table), chunks, n) : NULL;
}

static void
save_training(NnetModel *model, Relation relation, const char *table)
{
	Oid types[4] = {INT4OID, INT4OID, JSONBOID, TEXTARRAYOID};
	Datum datums[4] = {Int32GetDatum(TRAINING_LAYER), Int32GetDatum(0)};
	ArrayType *older = older_epochs(model, relation, table);

	datums[2] =
		JsonbPGetDatum(nnet_value_to_jsonb(nnet_training_value(&model->training, model->core)));
	datums[3] = PointerGetDatum(older);
	if (older != NULL)
		update_row(model, prepare("\"config\" = $3, \"inputs\" = $4", table, 4, types), datums,
				   NULL);
	else
		update_row(model, prepare("\"config\" = $3", table, 3, types), datums, NULL);
}

/* Of a layer that learned something for it. */
static void
save_config(const NnetModel *model, const char *table, int layer, const NNValue *config)
{
	Oid types[3] = {INT4OID, INT4OID, JSONBOID};
	Datum datums[3];

	datums[0] = Int32GetDatum(model->layer_numbers[layer]);
	datums[1] = Int32GetDatum(0);
	datums[2] = JsonbPGetDatum(nnet_value_to_jsonb(config));
	update_row(model, prepare("\"config\" = $3", table, 3, types), datums, NULL);
}

void
nnet_model_save(NnetModel *model)
{
	Relation relation = relation_open(model->relid, RowExclusiveLock);
	char *table = nnet_relation_sql(relation);
	Saver saver = {.model = model, .table = table, .lend = nnet_may_lend(model->relid)};

	nnet_check_finite(model);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	save_layers(&saver, false);
	MemoryContextReset(model->weights_context);
	model->params = NULL;
	save_layers(&saver, true);
	save_training(model, relation, table);
	for (const NnetVocabulary *v = model->vocabularies; v != NULL; v = v->next)
		if (v->changed)
			save_config(model, table, v->layer, nnet_vocabulary_config(v));
	for (int i = 0; i < model->core->n_inputs; i++)
		if (model->readings[i].changed)
			save_config(model, table, model->readings[i].layer,
						nnet_reading_config(model, &model->readings[i]));
	SPI_finish();
	relation_close(relation, NoLock);
}
