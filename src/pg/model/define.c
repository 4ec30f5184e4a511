/*
 * define.c
 *	  create_model and copy_model.
 *
 * All by SQL as the calling user: privileges, search_path, event triggers and
 * rollback are PostgreSQL's own.  A model is built and checked in memory before
 * its table is created.
 */
#include "pg/model/model.h"
#include "pg/model/written.h"

#include <math.h>

#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(nnet_create_model);
PG_FUNCTION_INFO_V1(nnet_copy_model);

static void
run(const char *sql, int expected)
{
	int result = SPI_execute(sql, false, 0);

	if (result != expected)
		elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(result));
}

/* ---- the table ---- */

Oid
nnet_create_model_table(text *name, char **sql)
{
	RangeVar *range = nnet_new_model_name(name);
	Oid schema = RangeVarGetCreationNamespace(range);
	Oid relid;

	/* the schema by name, so that a table elsewhere in the path is not meant */
	*sql = quote_qualified_identifier(get_namespace_name(schema), range->relname);
	run(psprintf("CREATE TABLE %s OF nnet.layer (PRIMARY KEY (layer, part))", *sql),
		SPI_OK_UTILITY);
	/* weights do not compress, and numbers of older epochs hardly: to try costs more than it gives */
	run(psprintf(
			"ALTER TABLE %s ALTER COLUMN weights SET STORAGE EXTERNAL, "
			"ALTER COLUMN slots SET STORAGE EXTERNAL, ALTER COLUMN inputs SET STORAGE EXTERNAL",
			*sql),
		SPI_OK_UTILITY);
	relid = get_relname_relid(range->relname, schema);
	if (!OidIsValid(relid))
		elog(ERROR, "the table %s is gone after its creation", *sql);
	return relid;
}

/* ---- create_model ---- */

static double
draw_seed(void)
{
	/* PostgreSQL's own stream, so that setseed() fixes the weights; 48 bits are exact in JSON */
	return floor(nnet_random() * (double) (UINT64CONST(1) << 48));
}

/* What goes into the column config: the layer without what has its own column. */
static Jsonb *
layer_config(const NNValue *layer)
{
	NNValue config = nnet_value_without(layer, NNET_KEYS("kind", "name", "inputs"), 0);

	return nnet_value_to_jsonb(&config);
}

static Datum
text_array(const char *const *strings, int n)
{
	Datum *datums = palloc(sizeof(Datum) * Max(n, 1));

	for (int i = 0; i < n; i++)
		datums[i] = CStringGetTextDatum(strings[i]);
	return PointerGetDatum(construct_array(datums, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* ---- rows of a new model ---- */

#define INSERT_COLUMNS 7 /* all but slots */

static SPIPlanPtr
prepare_insert(const char *table)
{
	Oid types[INSERT_COLUMNS] = {
		INT4OID, INT4OID, TEXTOID, TEXTOID, TEXTARRAYOID, JSONBOID, FLOAT4ARRAYOID,
	};
	/* generic: a plan of its own would hold copies of the values */
	SPIPlanPtr plan =
		SPI_prepare_cursor(psprintf("INSERT INTO %s (layer, part, kind, name, inputs, config, "
									"weights) VALUES ($1, $2, $3, $4, $5, $6, $7)",
									table),
						   INSERT_COLUMNS, types, CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	return plan;
}

/* inputs, config and weights may be NULL. */
static void
insert_row(SPIPlanPtr plan, int layer, int part, const char *kind, const char *name, Datum inputs,
		   Jsonb *config, Datum weights)
{
	Datum values[INSERT_COLUMNS] = {
		Int32GetDatum(layer),
		Int32GetDatum(part),
		CStringGetTextDatum(kind),
		CStringGetTextDatum(name),
		inputs,
		PointerGetDatum(config),
		weights,
	};
	char nulls[INSERT_COLUMNS];
	int result;

	for (int i = 0; i < INSERT_COLUMNS; i++)
		nulls[i] = i >= 4 && DatumGetPointer(values[i]) == NULL ? 'n' : ' ';
	result = nnet_execute_lending(plan, values, nulls);
	if (result != SPI_OK_INSERT)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
}

static void
insert_layer(SPIPlanPtr plan, bool lend, const NNModel *core, int index, const NnetWritten *written,
			 const nn_real *params)
{
	const NNLayer *layer = nn_model_layer(core, index);
	const char **inputs;
	int n_inputs = nnet_written_inputs(&written->value, written->place, &inputs);
	size_t at = 0;

	for (int part = 0; part < nnet_parts(nn_layer_params(layer).size); part++)
	{
		size_t n = Min(nn_layer_params(layer).size - at, PART_VALUES);
		const nn_real *values = params + at;
		Datum weights = (Datum) 0;

		nnet_check_interrupts();
		if (n > 0)
			weights = nnet_weights_lend(NULL, n, &values, 1);
		if (n > 0 && !lend)
			weights = nnet_weights_flat(weights);
		insert_row(plan, index, part, nn_layer_kind(layer), nn_layer_name(layer),
				   n_inputs >= 0 && part == 0 ? text_array(inputs, n_inputs) : (Datum) 0,
				   part == 0 ? layer_config(&written->value) : NULL, weights);
		at += n;
	}
}

/* One layer at a time is in memory, and once more as a row of it is written. */
static void
check_memory(const NNModel *core, const char *name)
{
	size_t largest = 0;
	size_t scratch = 0;

	for (int i = 0; i < core->n_layers; i++)
	{
		largest = Max(largest, nn_layer_params(nn_model_layer(core, i)).size);
		scratch = Max(scratch, nn_layer_initial_scratch(nn_model_layer(core, i)));
	}
	nnet_memory_check(&(NnetMemoryNeed){
		.model = name,
		.action = "draw its initial weights",
		.bytes =
			{
				[NNET_MEMORY_PARAMETERS] = largest * sizeof(nn_real),
				[NNET_MEMORY_WORKSPACE] = scratch * sizeof(nn_real),
				[NNET_MEMORY_COPIES] = Min(largest, PART_VALUES) * sizeof(nn_real),
			},
	});
}

static void
insert_model(Oid relid, const char *table, const NNModel *core, const NnetWritten *layers)
{
	SPIPlanPtr plan = prepare_insert(table);
	bool lend = nnet_may_lend(relid);
	MemoryContext row_context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet model row", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(row_context);
	double seed = draw_seed();
	NNValue training = nnet_training_start(seed);

	nnet_core_try(); /* orthogonal weights are products */
	insert_row(plan, TRAINING_LAYER, 0, TRAINING_KIND, TRAINING_KIND, (Datum) 0,
			   nnet_value_to_jsonb(&training), (Datum) 0);
	for (int i = 0; i < core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(core, i);
		nn_real *params =
			nnet_memory_alloc(row_context, nn_layer_params(layer).size * sizeof(nn_real), false);
		nn_real *scratch = nnet_memory_alloc(
			row_context, nn_layer_initial_scratch(layer) * sizeof(nn_real), false);

		nnet_watch_interrupts();
		while (!nn_model_init_params(core, i, params, (uint64_t) seed, scratch))
			nnet_answer_interrupt();
		insert_layer(plan, lend, core, i, &layers[i], params);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(caller);
}

text *
nnet_name_argument(FunctionCallInfo fcinfo, int argument)
{
	if (PG_ARGISNULL(argument))
		ereport(
			ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the name of the new model is NULL")));
	return PG_GETARG_TEXT_PP(argument);
}

Datum
nnet_create_model(PG_FUNCTION_ARGS)
{
	text *name = nnet_name_argument(fcinfo, 0);
	NnetWrittenLayers list = {.n = 0};
	NNModel *core;
	char *table;
	Oid relid;

	if (!PG_ARGISNULL(1))
		nnet_written_read(PG_GETARG_ARRAYTYPE_P(1), &list);
	core = nnet_written_build(&list);
	check_memory(core, text_to_cstring(name));

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	relid = nnet_create_model_table(name, &table);
	insert_model(relid, table, core, list.layers);
	SPI_finish();
	PG_RETURN_OID(relid);
}

/* ---- copy_model ---- */

/* Of a table, a row is copied at a time, as it is stored. */
static void
check_copy(Relation from, const char *table, const char *name)
{
	bool isnull = true;
	Datum bytes = 0;

	if (from->rd_rel->relkind == RELKIND_VIEW || from->rd_rel->relkind == RELKIND_FOREIGN_TABLE)
		return;
	run(psprintf("SELECT pg_catalog.max(coalesce(pg_catalog.pg_column_size(weights), "
				 "'0'::pg_catalog.int4) OPERATOR(pg_catalog.+) "
				 "coalesce(pg_catalog.pg_column_size(slots), '0'::pg_catalog.int4)) FROM %s",
				 table),
		SPI_OK_SELECT);
	if (SPI_processed == 1)
		bytes = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	nnet_memory_check(&(NnetMemoryNeed){
		.model = name,
		.action = "copy the largest of its rows",
		.bytes = {[NNET_MEMORY_COPIES] = isnull ? 0 : (size_t) DatumGetInt32(bytes)},
	});
}

Datum
nnet_copy_model(PG_FUNCTION_ARGS)
{
	Relation from;
	char *table;
	Oid relid;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	from = nnet_model_open(PG_GETARG_OID(0), AccessShareLock, true);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	check_copy(from, nnet_relation_sql(from), nnet_relation_name(from));
	relid = nnet_create_model_table(nnet_name_argument(fcinfo, 1), &table);
	run(psprintf("INSERT INTO %s (layer, part, kind, name, inputs, config, weights, slots) "
				 "SELECT layer, part, kind, name, inputs, config, weights, slots FROM %s",
				 table, nnet_relation_sql(from)),
		SPI_OK_INSERT);
	SPI_finish();
	relation_close(from, NoLock);
	PG_RETURN_OID(relid);
}
