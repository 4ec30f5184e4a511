/*
 * workers.c
 *	  One round of nnet.fit_rounds(): a model trained on each bucket, and their average.
 *
 * It is one query, with the model as its parameter:
 *
 *	  SELECT nnet.average_value(model, rows), jsonb_agg(report) FROM
 *	  (SELECT bucket, nnet.fit_value($1, x, y, $2) AS model ... GROUP BY bucket)
 *
 * In place of fit_value stands fit_bucket where the model is small: it is the same, but
 * the planner hashes the buckets, where it would sort all rows, which writes them to disk.
 *
 * Whoever shards rows by the bucket runs the inner one where they are, and averages
 * what each server has before it is sent; so does postgres_fdw for partitions by
 * bucket.  Here GROUP BY would train one bucket after the other, as rows of an
 * aggregate are not parted among parallel workers: in its place each bucket is a
 * query of its own of a UNION ALL, which Parallel Append hands out, one at a time, to
 * as many workers as max_parallel_workers_per_gather allows.  They have the user's
 * query by a name, since an error tells the whole statement.
 */
#include "pg/rounds/rounds.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "nodes/plannodes.h"
#include "optimizer/cost.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/plancache.h"

#define SMALL_PART 16  /* of maintenance_work_mem is a small model */
#define MOST_APART 256 /* buckets with a query of their own */

/* ---- the statement ---- */

/* The columns of a bucket's query, but for its name; hashed: several may be in memory at once. */
static const char *
trained_columns(const NnetRoundQuery *query, bool hashed)
{
	return psprintf("pg_catalog.count(*) FILTER (WHERE pg_catalog.num_nulls(r.x, r.y) "
					"OPERATOR(pg_catalog.=) 0)::pg_catalog.float8 AS n, "
					"nnet.%s($1, r.x, r.y, $2%s) AS model",
					hashed ? "fit_bucket" : "fit_value",
					OidIsValid(query->types[NNET_ROUND_WEIGHT]) ? ", r.weight" : "");
}

/* Whether models of several buckets, with what they learn from, may be in memory at once. */
static bool
is_small(const NnetModel *model)
{
	double bytes = (double) nnet_params_bytes(model) * (2 + model->optimizer.n_slots);

	return bytes <= maintenance_work_mem * 1024.0 / SMALL_PART;
}

static void
append_apart(StringInfo sql, const NnetRoundQuery *query, const NnetSurvey *survey)
{
	Oid type = query->types[NNET_ROUND_BUCKET];
	const char *columns = trained_columns(query, false);
	const char *type_name = format_type_be_qualified(type);

	for (int b = 0; b < survey->n; b++)
	{
		const char *name = quote_literal_cstr(survey->buckets[b].name);

		appendStringInfo(sql,
						 "%sSELECT %s::pg_catalog.text AS bucket, %s FROM r WHERE r.bucket%s%s::%s",
						 b > 0 ? " UNION ALL " : "", name, columns, query->equals, name, type_name);
	}
}

void
nnet_round_plan(const NnetRoundQuery *query, const NnetSurvey *survey, const NnetModel *model,
				NnetRoundPlan *plan)
{
	StringInfoData sql;

	plan->buckets = survey->n;
	plan->apart = !survey->elsewhere && query->repeatable && survey->n > 1 &&
		survey->n <= MOST_APART && max_parallel_workers_per_gather > 0 && max_parallel_workers > 0;
	initStringInfo(&sql);
	if (plan->apart)
		appendStringInfo(&sql, "WITH r AS NOT MATERIALIZED (SELECT * FROM %s) ", query->from);
	appendStringInfoString(
		&sql,
		"SELECT nnet.average_value(m.model, m.n), "
		"pg_catalog.jsonb_agg(nnet.round_report(m.model, m.bucket::pg_catalog.text)) FROM (");
	if (plan->apart)
		append_apart(&sql, query, survey);
	else
		appendStringInfo(&sql, "SELECT r.bucket, %s FROM %s GROUP BY r.bucket",
						 trained_columns(query, is_small(model)),
						 /* read before they are grouped, so that no row comes with the model */
						 survey->travels ? psprintf("(SELECT * FROM %s OFFSET 0) AS r", query->from)
										 : query->from);
	appendStringInfoString(&sql, ") AS m");
	plan->sql = sql.data;
}

/* ---- running it ---- */

void
nnet_round_set(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
							 false);
}

static Gather *
find_gather(Plan *plan)
{
	while (plan != NULL && !IsA(plan, Gather))
		plan = outerPlan(plan);
	return (Gather *) plan;
}

/* The planner asks for workers by the logarithm of the branches; trainings are worth one each. */
static void
ask_for_workers(SPIPlanPtr prepared, int workers)
{
	CachedPlan *cached = SPI_plan_get_cached_plan(prepared);
	Gather *gather;

	if (cached == NULL)
		return;
	gather = find_gather(linitial_node(PlannedStmt, cached->stmt_list)->planTree);
	if (gather != NULL)
		gather->num_workers = Max(gather->num_workers, workers);
	ReleaseCachedPlan(cached, 0);
}

/*
 * Settings by which the planner takes parallel workers for what costs more than it
 * knows; they share the processors, and the session waits for them.
 */
static void
set_for_workers(int workers)
{
	int threads = Max(nnet_threads_for_fit() / workers, 1);

	nnet_round_set("enable_parallel_append", "on");
	nnet_round_set("parallel_setup_cost", "0");
	nnet_round_set("parallel_tuple_cost", "0");
	nnet_round_set("parallel_leader_participation", "off");
	nnet_round_set("nnet.threads", psprintf("%d", threads));
}

static Oid
model_type(void)
{
	return DatumGetObjectId(DirectFunctionCall1(regtypein, CStringGetDatum("nnet.model")));
}

static void
run(const char *sql, int n, const Datum *values, bool parallel_wanted, int workers)
{
	Oid types[2] = {model_type(), JSONBOID};
	/* a generic plan holds no copies of the model, and is the one that is run */
	int options = CURSOR_OPT_PARALLEL_OK | (parallel_wanted ? CURSOR_OPT_GENERIC_PLAN : 0);
	SPIPlanPtr prepared = SPI_prepare_cursor(sql, n, types, options);
	int result;

	if (prepared == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	if (parallel_wanted)
		ask_for_workers(prepared, workers);
	result = SPI_execute_plan(prepared, unconstify(Datum *, values), NULL, false, 0);
	if (result != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
	SPI_freeplan(prepared);
}

void
nnet_round_run(const NnetRoundPlan *plan, const NnetModelValue *model, const Jsonb *options,
			   NnetRoundResult *result)
{
	int workers = Min(plan->buckets, Min(max_parallel_workers_per_gather, max_parallel_workers));
	Datum values[2] = {PointerGetDatum(model), PointerGetDatum(options)};
	int level = NewGUCNestLevel();
	Datum datum;
	bool isnull;

	if (plan->apart)
		set_for_workers(workers);
	else
		nnet_round_set("enable_partitionwise_aggregate", "on");
	run(plan->sql, 2, values, plan->apart, workers);
	AtEOXact_GUC(true, level);
	datum = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("the query of " NNET_ROUNDS_FUNCTION "() gives no rows to train on")));
	/* moved out of the result, which goes */
	result->average = PointerGetDatum(PG_DETOAST_DATUM_COPY(datum));
	datum = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &isnull);
	result->reports = nnet_value_from_jsonb(DatumGetJsonbP(datum));
	SPI_freetuptable(SPI_tuptable);
}

static const char *
score(const NnetRoundQuery *query)
{
	return psprintf("nnet.score_value($1, r.x, r.y%s)",
					OidIsValid(query->types[NNET_ROUND_WEIGHT]) ? ", r.weight" : "");
}

pg_noreturn static void
refuse_no_rows(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NO_DATA_FOUND),
			 errmsg("the validation query of " NNET_ROUNDS_FUNCTION "() gives no rows")));
}

void
nnet_round_try(const NnetRoundQuery *query, const NnetModelValue *model)
{
	Datum values[1] = {PointerGetDatum(model)};
	bool isnull;

	run(psprintf("SELECT pg_catalog.count(first.score) FROM (SELECT %s FROM %s WHERE "
				 "pg_catalog.num_nulls(r.x, r.y) OPERATOR(pg_catalog.=) 0 LIMIT 1) "
				 "AS first (score)",
				 score(query), query->from),
		1, values, false, 0);
	if (DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull)) == 0)
		refuse_no_rows();
	SPI_freetuptable(SPI_tuptable);
}

NNValue *
nnet_round_validate(const NnetRoundQuery *query, const NnetModelValue *model)
{
	Datum values[1] = {PointerGetDatum(model)};
	NNValue *figures;
	Datum datum;
	bool isnull;

	run(psprintf("SELECT nnet.evaluate(%s) FROM %s", score(query), query->from), 1, values, false,
		0);
	datum = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	if (isnull)
		refuse_no_rows();
	figures = nnet_value_from_jsonb(DatumGetJsonbPCopy(datum));
	SPI_freetuptable(SPI_tuptable);
	return figures;
}
