/*
 * save.c
 *	  A trained model back into its table, by UPDATE of the rows that
 *	  nnet_model_load locked; or into a value, whose rows are those it was
 *	  loaded from with what training has changed.
 */
#include "pg/model/model_value.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#define LARGE_ROW ((size_t) 1 << 20) /* values, from which a row is written in two steps */

/* What of a row is written at once, beside which row it is. */
typedef enum SavedColumns
{
	WEIGHTS_AND_SLOTS,
	WEIGHTS_ALONE,
	SLOTS_ALONE,
	CONFIG_ALONE,
	CONFIG_AND_INPUTS,
	SAVED_COLUMNS
} SavedColumns;

#define MOST_SAVED 2

static const struct
{
	int n;
	ModelColumn columns[MOST_SAVED];
} saved_columns[SAVED_COLUMNS] = {
	[WEIGHTS_AND_SLOTS] = {2, {COLUMN_WEIGHTS, COLUMN_SLOTS}},
	[WEIGHTS_ALONE] = {1, {COLUMN_WEIGHTS}},
	[SLOTS_ALONE] = {1, {COLUMN_SLOTS}},
	[CONFIG_ALONE] = {1, {COLUMN_CONFIG}},
	[CONFIG_AND_INPUTS] = {2, {COLUMN_CONFIG, COLUMN_INPUTS}},
};

typedef struct Saver
{
	NnetModel *model;
	/* into a table */
	const char *table;
	bool lend; /* see nnet_weights_lend */
	SPIPlanPtr plans[SAVED_COLUMNS];
	/* or into these rows */
	NnetLayerRow *rows;
	int n_rows;
} Saver;

/* ---- a row ---- */

/* UPDATE of a row, whose layer and part are the first two parameters. */
static SPIPlanPtr
prepare(const char *table, SavedColumns columns)
{
	Oid types[2 + MOST_SAVED] = {INT4OID, INT4OID};
	StringInfoData sql;
	SPIPlanPtr plan;

	initStringInfo(&sql);
	appendStringInfo(&sql, "UPDATE %s SET ", table);
	for (int i = 0; i < saved_columns[columns].n; i++)
	{
		ModelColumn column = saved_columns[columns].columns[i];

		appendStringInfo(&sql, "%s\"%s\" = $%d", i > 0 ? ", " : "", nnet_column_name(column),
						 i + 3);
		types[2 + i] = nnet_column_type(column);
	}
	appendStringInfoString(&sql,
						   " WHERE \"layer\" OPERATOR(pg_catalog.=) $1"
						   " AND \"part\" OPERATOR(pg_catalog.=) $2");
	/* generic: a plan of its own would hold copies of the values */
	plan =
		SPI_prepare_cursor(sql.data, 2 + saved_columns[columns].n, types, CURSOR_OPT_GENERIC_PLAN);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	return plan;
}

static void
update_row(Saver *saver, SavedColumns columns, int layer, int part, const Datum *values,
		   const bool *isnull)
{
	Datum datums[2 + MOST_SAVED] = {Int32GetDatum(layer), Int32GetDatum(part)};
	char nulls[2 + MOST_SAVED] = {' ', ' '};
	int result;

	if (saver->plans[columns] == NULL)
		saver->plans[columns] = prepare(saver->table, columns);
	for (int i = 0; i < saved_columns[columns].n; i++)
	{
		datums[2 + i] = values[i];
		nulls[2 + i] = isnull[i] ? 'n' : ' ';
	}
	result = nnet_execute_lending(saver->plans[columns], datums, nulls);
	/* rewritten: a rule does something else instead */
	if (result != SPI_OK_UPDATE && result != SPI_OK_REWRITTEN)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
	if (SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\": the UPDATE of layer %d, part %d changed " UINT64_FORMAT
						" rows instead of one",
						saver->model->name, layer, part, SPI_processed),
				 errhint("A trigger, a rule or a row security policy may stand in the way.")));
}

static void
set_row(const Saver *saver, SavedColumns columns, int layer, int part, const Datum *values,
		const bool *isnull)
{
	for (int i = 0; i < saver->n_rows; i++)
	{
		NnetLayerRow *row = &saver->rows[i];

		if (row->layer != layer || row->part != part)
			continue;
		for (int k = 0; k < saved_columns[columns].n; k++)
		{
			row->values[saved_columns[columns].columns[k]] = values[k];
			row->nulls[saved_columns[columns].columns[k]] = isnull[k];
		}
	}
}

static void
save_row(Saver *saver, SavedColumns columns, int layer, int part, const Datum *values,
		 const bool *isnull)
{
	if (saver->rows != NULL)
		set_row(saver, columns, layer, part, values, isnull);
	else
		update_row(saver, columns, layer, part, values, isnull);
}

/* ---- weights and slots ---- */

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
	size_t room = nnet_row_values(model, index);
	size_t at = 0;

	for (int part = 0; part < model->layer_parts[index]; part++)
	{
		size_t n = Min(room, nn_layer_params(layer).size - at);
		Datum values[MOST_SAVED] = {0};
		bool isnull[MOST_SAVED] = {false};
		int place = 0;

		nnet_check_interrupts();
		if (columns != SLOTS_ALONE)
			values[place++] = values_from(saver, layer, at, n, &model->params, 1);
		if (columns != WEIGHTS_ALONE && slots)
			values[place] =
				values_from(saver, layer, at, n, model->slots, model->optimizer.n_slots);
		else if (columns != WEIGHTS_ALONE)
			isnull[place] = true;
		save_row(saver, columns, model->layer_numbers[index], part, values, isnull);
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
		nnet_row_values(model, index) >= LARGE_ROW;
}

/* Whether training leaves its rows as they are. */
static bool
stays(const NnetModel *model, int index)
{
	return nn_layer_params(nn_model_layer(model->core, index)).size == 0 ||
		model->layer_fixed[index];
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

		if (stays(model, i))
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
	Datum *blocks;
	/* without that privilege they stay where they are */
	int n = nnet_may_write_history(relation) ? nnet_history_pack(&model->training, &blocks) : 0;

	return n > 0 ? nnet_history_append(training_inputs(table), blocks, n) : NULL;
}

/* older: the column inputs of the training row, or NULL if it stays. */
static void
save_training(Saver *saver, ArrayType *older)
{
	const NnetModel *model = saver->model;
	Datum values[MOST_SAVED];
	bool isnull[MOST_SAVED] = {false};

	values[0] =
		JsonbPGetDatum(nnet_value_to_jsonb(nnet_training_value(&model->training, model->core)));
	values[1] = PointerGetDatum(older);
	save_row(saver, older != NULL ? CONFIG_AND_INPUTS : CONFIG_ALONE, TRAINING_LAYER, 0, values,
			 isnull);
}

/* Of a layer that learned something for it. */
static void
save_config(Saver *saver, int layer, const NNValue *config)
{
	Datum value = JsonbPGetDatum(nnet_value_to_jsonb(config));
	bool isnull = false;

	save_row(saver, CONFIG_ALONE, saver->model->layer_numbers[layer], 0, &value, &isnull);
}

static void
save_configs(Saver *saver)
{
	const NnetModel *model = saver->model;

	for (const NnetVocabulary *v = model->vocabularies; v != NULL; v = v->next)
		if (v->changed)
			save_config(saver, v->layer, nnet_vocabulary_config(v));
	for (int i = 0; i < model->core->n_inputs; i++)
		if (model->readings[i].changed)
			save_config(saver, model->readings[i].layer,
						nnet_reading_config(model, &model->readings[i]));
}

void
nnet_model_leave_out_slots(NnetModel *model)
{
	if (model->optimizer.n_slots == 0)
		return;
	model->optimizer.n_slots = 0;
	model->training.steps = 0;
	model->training.averaged = NULL;
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
	save_training(&saver, older_epochs(model, relation, table));
	save_configs(&saver);
	SPI_finish();
	relation_close(relation, NoLock);
}

NnetModelValue *
nnet_model_value_rest(const NnetModel *model, NnetLayerRow *rows, int n)
{
	for (int i = 0; i < n; i++)
		for (int index = 0; index < model->core->n_layers; index++)
			if (model->layer_numbers[index] == rows[i].layer && !stays(model, index))
				rows[i].nulls[COLUMN_WEIGHTS] = rows[i].nulls[COLUMN_SLOTS] = true;
	return nnet_model_value_make(rows, n, true, model->name);
}

NnetModelValue *
nnet_model_value_save(NnetModel *model, const NnetModelValue *rest)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet model value", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	Saver saver = {.model = model, .lend = true};
	NnetModelValue *value;
	Datum *older;

	nnet_check_finite(model);
	saver.rows = nnet_model_value_rows(rest, &saver.n_rows);
	for (int i = 0; i < model->core->n_layers; i++)
		if (!stays(model, i))
			save_layer(&saver, i, WEIGHTS_AND_SLOTS);
	/* a value has none of the older epochs */
	(void) nnet_history_pack(&model->training, &older);
	save_training(&saver, NULL);
	save_configs(&saver);
	MemoryContextSwitchTo(caller);
	value = nnet_model_value_make(saver.rows, saver.n_rows, true, model->name);
	MemoryContextDelete(context);
	return value;
}

NnetModelValue *
nnet_model_value_weights(NnetModel *model, NnetLayerRow *rows, int n)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet model value", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	Saver saver = {.model = model, .lend = true, .rows = rows, .n_rows = n};
	NnetModelValue *value;

	for (int i = 0; i < model->core->n_layers; i++)
		if (nn_layer_params(nn_model_layer(model->core, i)).size > 0)
			save_layer(&saver, i, WEIGHTS_AND_SLOTS);
	MemoryContextSwitchTo(caller);
	value = nnet_model_value_make(rows, n, true, model->name);
	MemoryContextDelete(context);
	return value;
}
