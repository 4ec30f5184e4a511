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

#define ROW_REST ((size_t) 1 << 20) /* bytes of a row beside weights and slots, at most */

static SPIPlanPtr
prepare(const char *set, const char *table, int n, Oid *types)
{
	char *sql = psprintf("UPDATE %s SET %s WHERE \"layer\" OPERATOR(pg_catalog.=) $1"
						 " AND \"part\" OPERATOR(pg_catalog.=) $2",
						 table, set);
	SPIPlanPtr plan = SPI_prepare(sql, n, types);

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	return plan;
}

/* values[0] and [1] are layer and part. */
static void
update_row(const NnetModel *model, SPIPlanPtr plan, Datum *values, const char *nulls)
{
	int result = SPI_execute_plan(plan, values, nulls, false, 0);

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

/* n values from each slot, one slot after the other. */
static ArrayType *
slots_array(const NnetModel *model, size_t offset, size_t n)
{
	size_t n_slots = (size_t) model->optimizer.n_slots;
	float4 *values;
	ArrayType *array = nnet_weights_array(n * n_slots, &values);

	for (size_t i = 0; i < n_slots; i++)
		memcpy(values + i * n, model->slots[i] + offset, n * sizeof(float4));
	return array;
}

/* How many values of the layer go into each of its rows. */
static size_t
row_values(const NnetModel *model, int index)
{
	size_t size = model->core->layers[index].param_size;
	size_t parts = (size_t) model->layer_parts[index];

	return Min(Max(PART_VALUES, (size + parts - 1) / parts), size);
}

void
nnet_check_savable(const NnetModel *model)
{
	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = &model->core->layers[i];
		size_t n = row_values(model, i);
		size_t slots = layer->trainable ? n * (size_t) model->optimizer.n_slots : 0;

		if (slots > MaxArraySize || (n + slots) * sizeof(float4) > MaxAllocSize - ROW_REST)
			ereport(
				ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("model \"%s\": layer \"%s\" has %zu values in a row, too many to write "
						"them back with the state of the optimizer",
						model->name, layer->name, n),
				 errhint("Spread its weights over more rows, the parts 0, 1, ..., of %zu values.",
						 PART_VALUES)));
	}
}

static void
save_layer(const NnetModel *model, SPIPlanPtr plan, int index)
{
	const NNLayer *layer = &model->core->layers[index];
	size_t parts = (size_t) model->layer_parts[index];
	size_t room = row_values(model, index);
	size_t at = 0;

	for (size_t part = 0; part < parts; part++)
	{
		size_t n = Min(room, layer->param_size - at);
		bool slots = layer->trainable && model->optimizer.n_slots > 0;
		float4 *values;
		ArrayType *weights = nnet_weights_array(n, &values);
		Datum datums[4];

		nnet_check_interrupts();
		memcpy(values, model->params + layer->param_offset + at, n * sizeof(float4));
		datums[0] = Int32GetDatum(model->layer_numbers[index]);
		datums[1] = Int32GetDatum((int32) part);
		datums[2] = PointerGetDatum(weights);
		datums[3] = slots ? PointerGetDatum(slots_array(model, layer->param_offset + at, n)) : 0;
		update_row(model, plan, datums, slots ? "    " : "   n");
		at += n;
	}
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

	datums[2] = JsonbPGetDatum(nnet_value_to_jsonb(nnet_training_value(&model->training)));
	datums[3] = PointerGetDatum(older);
	if (older != NULL)
		update_row(model, prepare("\"config\" = $3, \"inputs\" = $4", table, 4, types), datums,
				   NULL);
	else
		update_row(model, prepare("\"config\" = $3", table, 3, types), datums, NULL);
}

/* That was learned now. */
static void
save_vocabulary(const NnetModel *model, const char *table)
{
	const NnetVocabulary *vocabulary = model->vocabulary;
	Oid types[3] = {INT4OID, INT4OID, JSONBOID};
	Datum datums[3];

	datums[0] = Int32GetDatum(model->layer_numbers[vocabulary->layer]);
	datums[1] = Int32GetDatum(0);
	datums[2] = JsonbPGetDatum(nnet_value_to_jsonb(nnet_vocabulary_config(vocabulary)));
	update_row(model, prepare("\"config\" = $3", table, 3, types), datums, NULL);
}

void
nnet_model_save(NnetModel *model)
{
	Relation relation = relation_open(model->relid, RowExclusiveLock);
	char *table = nnet_relation_sql(relation);
	Oid types[4] = {INT4OID, INT4OID, FLOAT4ARRAYOID, FLOAT4ARRAYOID};
	MemoryContext row_context;
	MemoryContext caller;
	SPIPlanPtr plan;

	nnet_check_finite(model);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	plan = prepare("\"weights\" = $3, \"slots\" = $4", table, 4, types);
	row_context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet model row", ALLOCSET_DEFAULT_SIZES);
	caller = MemoryContextSwitchTo(row_context);
	for (int i = 0; i < model->core->n_layers; i++)
	{
		if (model->core->layers[i].param_size > 0 && !model->layer_fixed[i])
			save_layer(model, plan, i);
		MemoryContextReset(row_context);
	}
	save_training(model, relation, table);
	if (model->vocabulary != NULL && model->vocabulary->changed)
		save_vocabulary(model, table);
	MemoryContextSwitchTo(caller);
	SPI_finish();
	relation_close(relation, NoLock);
}
