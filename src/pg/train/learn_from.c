/*
 * learn_from.c
 *	  nnet.learn_from(model, query): what nnet.learn() learns of the rows of a query,
 *	  into the model's table, so that the fit that follows has it.
 *
 * The query runs as one of nnet.learn() over a value of the model, in parallel where
 * it can be, and again as long as layers are left that learn from what others have learned.
 * The rows of the table are locked meanwhile, and of them those are written that changed.
 */
#include "pg/model/model_value.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#define MOST_PASSES 16

PG_FUNCTION_INFO_V1(nnet_learn_from);

/* A name of the schema that the function is in. */
static const char *
in_schema(FunctionCallInfo fcinfo, const char *name)
{
	Oid schema = get_func_namespace(fcinfo->flinfo->fn_oid);

	return quote_qualified_identifier(get_namespace_name(schema), name);
}

static Oid
model_type(FunctionCallInfo fcinfo)
{
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("model"),
						   ObjectIdGetDatum(get_func_namespace(fcinfo->flinfo->fn_oid)));
}

static void
execute(const char *sql)
{
	if (SPI_execute(sql, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(SPI_result));
}

/*
 * Whoever trains it goes first, and what that leaves is read.  In the order in which fit
 * locks rows, so that neither waits for what the other has.
 */
static void
lock_rows(const char *table)
{
	execute(psprintf("SELECT 1 FROM %s WHERE \"layer\" OPERATOR(pg_catalog.=) "
					 "'%d'::pg_catalog.int4 FOR UPDATE",
					 table, TRAINING_LAYER));
	execute(psprintf("SELECT 1 FROM %s ORDER BY \"layer\", \"part\" FOR UPDATE", table));
}

/* One SELECT by itself: text that goes on after its end would be more than the rows of a query. */
static void
check_query(const char *query)
{
	const CachedPlanSource *source;
	SPIPlanPtr plan = nnet_prepare_query(query, 0, &source);

	if (source == NULL || source->resultDesc == NULL || source->resultDesc->natts != 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the query of nnet.learn_from() is not one SELECT of x and y"),
				 errhint("For example: SELECT x, y FROM rows.")));
	SPI_freeplan(plan);
}

/* One pass over the rows; NULL: there were none to learn from. */
static NnetModelValue *
learn_once(FunctionCallInfo fcinfo, const NnetModelValue *value, const char *query,
		   MemoryContext context)
{
	Oid types[1] = {model_type(fcinfo)};
	Datum values[1] = {PointerGetDatum(value)};
	char *sql = psprintf("SELECT %s($1, q.x, q.y) FROM (%s\n) AS q (x, y)",
						 in_schema(fcinfo, "learn"), query);
	NnetModelValue *learned = NULL;
	bool isnull = true;
	Datum result = 0;

	if (SPI_execute_with_args(sql, 1, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_with_args failed: %s", SPI_result_code_string(SPI_result));
	if (SPI_processed == 1)
		result = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	if (!isnull)
	{
		MemoryContext old = MemoryContextSwitchTo(context);

		learned = nnet_model_value_get(PointerGetDatum(PG_DETOAST_DATUM_COPY(result)));
		MemoryContextSwitchTo(old);
	}
	SPI_freetuptable(SPI_tuptable);
	return learned;
}

/* Whether a row of one value is another in the other. */
static bool
differs(const NnetLayerRow *a, const NnetLayerRow *b, ModelColumn column)
{
	struct varlena *x = (struct varlena *) DatumGetPointer(a->values[column]);
	struct varlena *y = (struct varlena *) DatumGetPointer(b->values[column]);

	if (a->nulls[column] || b->nulls[column])
		return a->nulls[column] != b->nulls[column];
	return VARSIZE_ANY(x) != VARSIZE_ANY(y) || memcmp(x, y, VARSIZE_ANY(x)) != 0;
}

static void
update(const char *model, const char *table, const NnetLayerRow *row)
{
	Oid types[4] = {INT4OID, INT4OID, JSONBOID, FLOAT4ARRAYOID};
	Datum values[4] = {Int32GetDatum(row->layer), Int32GetDatum(row->part),
					   row->values[COLUMN_CONFIG], row->values[COLUMN_WEIGHTS]};
	char nulls[4] = {' ', ' ', row->nulls[COLUMN_CONFIG] ? 'n' : ' ',
					 row->nulls[COLUMN_WEIGHTS] ? 'n' : ' '};
	int result = SPI_execute_with_args(
		psprintf("UPDATE %s SET \"config\" = $3, \"weights\" = $4 WHERE \"layer\" "
				 "OPERATOR(pg_catalog.=) $1 AND \"part\" OPERATOR(pg_catalog.=) $2",
				 table),
		4, types, values, nulls, false, 0);

	if (result != SPI_OK_UPDATE)
		elog(ERROR, "SPI_execute_with_args failed: %s", SPI_result_code_string(result));
	if (SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\": the UPDATE of layer %d, part %d changed " UINT64_FORMAT
						" rows instead of one",
						model, row->layer, row->part, SPI_processed),
				 errhint("A trigger, a rule or a row security policy may stand in the way.")));
}

/* A value lacks some of the history: of the training row no more than labels is taken from it. */
static Datum
training_config(Datum stored, Datum learned)
{
	static const char *const keys[] = {"labels", "label_type"};
	NNValue *config = nnet_value_from_datum(stored, NULL);
	const NNValue *from = nnet_value_from_datum(learned, NULL);
	NNValue merged = nnet_value_object(config->count + (int) lengthof(keys));

	for (int i = 0; i < config->count; i++)
		if (strcmp(config->keys[i], keys[0]) != 0 && strcmp(config->keys[i], keys[1]) != 0)
			nnet_value_set(&merged, config->keys[i], config->items[i]);
	for (int k = 0; k < (int) lengthof(keys); k++)
		if (nn_value_get(from, keys[k]) != NULL)
			nnet_value_set(&merged, keys[k], *nn_value_get(from, keys[k]));
	return JsonbPGetDatum(nnet_value_to_jsonb(&merged));
}

/* Values of the rows that are stored, of which some have changed: into the table. */
static int
write_changes(const char *model, const char *table, const NnetLayerRow *stored,
			  const NnetModelValue *before, const NnetModelValue *after)
{
	int n, n_after;
	NnetLayerRow *old = nnet_model_value_rows(before, &n);
	NnetLayerRow *new = nnet_model_value_rows(after, &n_after);
	int changed = 0;

	Assert(n == n_after);
	for (int i = 0; i < n; i++)
	{
		if (!differs(&old[i], &new[i], COLUMN_CONFIG) && !differs(&old[i], &new[i], COLUMN_WEIGHTS))
			continue;
		if (new[i].layer == TRAINING_LAYER)
			new[i].values[COLUMN_CONFIG] =
				training_config(stored[i].values[COLUMN_CONFIG], new[i].values[COLUMN_CONFIG]);
		update(model, table, &new[i]);
		changed++;
	}
	return changed;
}

/* nnet.learn_from(model, query): how many rows of the model were written. */
Datum
nnet_learn_from(PG_FUNCTION_ARGS)
{
	Oid relid = PG_GETARG_OID(0);
	char *query = text_to_cstring(PG_GETARG_TEXT_PP(1));
	MemoryContext context = CurrentMemoryContext;
	Relation relation;
	NnetModelValue *before;
	NnetModelValue *after;
	const char *table;
	int changed = 0;
	int n;
	NnetLayerRow *rows;

	PreventCommandIfReadOnly("nnet.learn_from()");
	nnet_refuse_while_trained(relid);
	relation = nnet_model_open(relid, RowExclusiveLock, true);
	nnet_check_trainable(relation);
	table = nnet_relation_sql(relation);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	check_query(query);
	lock_rows(table);
	PushActiveSnapshot(GetTransactionSnapshot());
	rows = nnet_model_rows(relation, &n);
	PopActiveSnapshot();
	nnet_value_set_name(rows, n, nnet_relation_name(relation));
	before = after = nnet_model_value_make(rows, n, true, nnet_relation_name(relation));
	for (int pass = 0; pass < MOST_PASSES; pass++)
	{
		NnetRow row = {.what = "pass",
					   .function = "nnet.learn_from",
					   .model = nnet_relation_name(relation),
					   .number = pass + 1};
		NnetModelValue *learned;

		nnet_row_enter(&row);
		learned = learn_once(fcinfo, after, query, context);
		nnet_row_leave(&row);
		if (learned == NULL || memcmp(learned->content, after->content, NNET_DIGEST_BYTES) == 0)
			break;
		after = learned;
	}
	if (after != before)
		changed = write_changes(nnet_relation_name(relation), table, rows, before, after);
	SPI_finish();
	relation_close(relation, NoLock);
	PG_RETURN_INT32(changed);
}
