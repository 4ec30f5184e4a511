/*
 * survey.c
 *	  What nnet.fit_rounds() looks at before it trains: the buckets, how many rows
 *	  each has, and of which classes.
 *
 * Models trained on buckets of different classes pull the average apart, and rows
 * that lie where they were loaded are often sorted by them: that is told before
 * hours go into it.
 *
 * What is counted is counted by one query, which a server that shards rows can run
 * where they are.  Whether it did is read from the plan: then rounds can, too.
 */
#include "pg/rounds/rounds.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "nodes/extensible.h"
#include "nodes/plannodes.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/typcache.h"

#define APART 0.25		  /* so much of a bucket's rows in other classes is worth a word */
#define NAMED_BUCKETS 5	  /* in a message */
#define MOST_CLASSES 1000 /* that are counted */

typedef struct Counting
{
	NnetSurvey *survey;
	const char *model;
	bool classes;
	int room;			  /* for buckets */
	Datum *values;		  /* of buckets */
	TypeCacheEntry *type; /* theirs */
	char **class_names;
	int64 *class_rows;
	int n_classes;
	int class_room;
	int64 null_rows; /* whose bucket is NULL */
	int empty;		 /* buckets without rows to train on */
	char *empty_name;
} Counting;

/* ---- where the rows are read ---- */

typedef struct Places
{
	bool elsewhere; /* something else than the executor reads */
	bool travels;	/* and gives it rows that it groups */
	bool by_citus;	/* in shards, those of a server at a time */
} Places;

static void look_at_plan(const Plan *plan, bool grouped, Places *places);

static void
look_at_plans(const List *plans, bool grouped, Places *places)
{
	ListCell *cell;

	foreach (cell, plans)
		look_at_plan(lfirst(cell), grouped, places);
}

/* grouped: by a node above it. */
static void
look_at_plan(const Plan *plan, bool grouped, Places *places)
{
	const CustomScan *custom = (const CustomScan *) plan;

	if (plan == NULL)
		return;
	switch (nodeTag(plan))
	{
		case T_Agg:
			grouped = true;
			break;
		case T_ForeignScan:
			places->elsewhere = true;
			places->travels |= grouped;
			break;
		case T_CustomScan:
			/* those with plans below them only change what comes out of these */
			places->elsewhere |= custom->custom_plans == NIL;
			places->by_citus |= strncmp(custom->methods->CustomName, "Citus ", 6) == 0;
			places->travels |= grouped && custom->custom_plans == NIL;
			look_at_plans(custom->custom_plans, grouped, places);
			break;
		case T_Append:
			look_at_plans(((const Append *) plan)->appendplans, grouped, places);
			break;
		case T_MergeAppend:
			look_at_plans(((const MergeAppend *) plan)->mergeplans, grouped, places);
			break;
		case T_SubqueryScan:
			look_at_plan(((const SubqueryScan *) plan)->subplan, grouped, places);
			break;
		default:
			break;
	}
	look_at_plan(outerPlan(plan), grouped, places);
	look_at_plan(innerPlan(plan), grouped, places);
}

/* A query's only value; EXPLAIN is none for a read-only call. */
static char *
value_of(const char *sql)
{
	int result = SPI_execute(sql, false, 0);
	char *value;

	if ((result != SPI_OK_SELECT && result != SPI_OK_UTILITY) || SPI_processed != 1)
		elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(result));
	value = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	SPI_freetuptable(SPI_tuptable);
	return value;
}

/* How many servers of the cluster have shards. */
static int
citus_servers(void)
{
	const char *count = value_of("SELECT pg_catalog.count(*) FROM pg_catalog.pg_dist_node "
								 "WHERE isactive AND shouldhaveshards "
								 "AND noderole::pg_catalog.text OPERATOR(pg_catalog.=) 'primary'");

	return Max(atoi(count), 1);
}

/* Into how many parts Citus divides a query, one for each shard, each run by a session of its own. */
static int
citus_tasks(const char *sql)
{
	static const char key[] = "\"Task Count\": ";
	const char *plan = value_of(psprintf("EXPLAIN (FORMAT JSON) %s", sql));
	const char *tasks = plan != NULL ? strstr(plan, key) : NULL;

	return tasks != NULL ? atoi(tasks + strlen(key)) : INT_MAX;
}

/* Trainings at a time on each server. */
static int
citus_concurrency(const char *sql, int buckets)
{
	int servers = citus_servers();
	int trainings = Min(buckets, citus_tasks(sql));

	return Max((trainings + servers - 1) / servers, 1);
}

static void
find_places(SPIPlanPtr plan, NnetSurvey *survey, Places *places, const char *model)
{
	CachedPlan *cached = SPI_plan_get_cached_plan(plan);
	ListCell *cell;

	if (cached == NULL)
		return;
	foreach (cell, cached->stmt_list)
		look_at_plan(lfirst_node(PlannedStmt, cell)->planTree, false, places);
	ReleaseCachedPlan(cached, 0);
	survey->elsewhere = places->elsewhere;
	survey->travels = places->travels;
	if (survey->travels)
		ereport(NOTICE,
				(errmsg("model \"%s\": all rows travel to this server in each round", model),
				 errhint("Rows are trained on where they are if the bucket is the column by which "
						 "the table is distributed or partitioned.")));
}

/* ---- counting ---- */

/* NULL: it is new.  Equal values may be written in several ways, such as 1.0 and 1.00. */
static NnetBucket *
find_bucket(const Counting *counting, const char *name, Datum value)
{
	NnetSurvey *survey = counting->survey;

	/* they come in their order */
	if (survey->n > 0 && strcmp(survey->buckets[survey->n - 1].name, name) == 0)
		return &survey->buckets[survey->n - 1];
	for (int b = 0; b < survey->n; b++)
		if (DatumGetBool(FunctionCall2Coll(&counting->type->eq_opr_finfo,
										   counting->type->typcollation, counting->values[b],
										   value)))
			return &survey->buckets[b];
	return NULL;
}

static NnetBucket *
bucket_of(Counting *counting, const char *name, Datum value)
{
	NnetSurvey *survey = counting->survey;
	NnetBucket *bucket = find_bucket(counting, name, value);

	if (bucket != NULL)
		return bucket;
	if (survey->n == NNET_MOST_BUCKETS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the query of " NNET_ROUNDS_FUNCTION "() has more than %d buckets",
						NNET_MOST_BUCKETS),
				 errhint("A model is trained on each bucket; take fewer, for example id %% 8.")));
	if (survey->n == counting->room)
	{
		counting->room = Max(16, 2 * counting->room);
		survey->buckets = survey->buckets == NULL
			? palloc(sizeof(NnetBucket) * counting->room)
			: repalloc(survey->buckets, sizeof(NnetBucket) * counting->room);
		counting->values = counting->values == NULL
			? palloc(sizeof(Datum) * counting->room)
			: repalloc(counting->values, sizeof(Datum) * counting->room);
	}
	counting->values[survey->n] =
		datumCopy(value, counting->type->typbyval, counting->type->typlen);
	bucket = &survey->buckets[survey->n++];
	*bucket = (NnetBucket){.name = pstrdup(name)};
	if (counting->classes)
		bucket->by_class = palloc0(sizeof(int64) * MOST_CLASSES);
	return bucket;
}

/* Its number; -1: there are too many. */
static int
class_named(Counting *counting, const char *name)
{
	for (int i = 0; i < counting->n_classes; i++)
		if (strcmp(counting->class_names[i], name) == 0)
			return i;
	if (counting->n_classes == MOST_CLASSES)
		return -1;
	if (counting->n_classes == counting->class_room)
	{
		counting->class_room = Max(16, 2 * counting->class_room);
		counting->class_names = counting->class_names == NULL
			? palloc(sizeof(char *) * counting->class_room)
			: repalloc(counting->class_names, sizeof(char *) * counting->class_room);
		counting->class_rows = counting->class_rows == NULL
			? palloc(sizeof(int64) * counting->class_room)
			: repalloc(counting->class_rows, sizeof(int64) * counting->class_room);
	}
	counting->class_names[counting->n_classes] = pstrdup(name);
	counting->class_rows[counting->n_classes] = 0;
	return counting->n_classes++;
}

/* Of the columns bucket, class, rows, and of these those with neither x nor y NULL. */
static void
count(Counting *counting, HeapTuple tuple, TupleDesc desc)
{
	char *name = SPI_getvalue(tuple, desc, 1);
	Datum value;
	char *class = SPI_getvalue(tuple, desc, 2);
	bool isnull;
	int64 all = DatumGetInt64(SPI_getbinval(tuple, desc, 3, &isnull));
	int64 rows = DatumGetInt64(SPI_getbinval(tuple, desc, 4, &isnull));
	NnetBucket *bucket;
	int number;

	if (name == NULL)
	{
		counting->null_rows += all;
		return;
	}
	value = SPI_getbinval(tuple, desc, 1, &isnull);
	bucket = bucket_of(counting, name, value);
	bucket->rows += rows;
	counting->survey->rows += rows;
	if (class == NULL || !counting->classes || rows == 0)
		return;
	number = class_named(counting, class);
	if (number < 0)
	{
		counting->classes = false;
		return;
	}
	bucket->by_class[number] += rows;
	counting->class_rows[number] += rows;
}

/* Whether y is of a type whose values are classes. */
static bool
has_classes(const NnetModel *model, Oid type)
{
	char category;
	bool preferred;

	if (model->objectives.n != 1 || nn_objective_labels(&model->objectives.of[0]) == 0)
		return false;
	get_type_category_preferred(getBaseType(type), &category, &preferred);
	return category == TYPCATEGORY_NUMERIC || category == TYPCATEGORY_STRING ||
		category == TYPCATEGORY_BOOLEAN || category == TYPCATEGORY_ENUM;
}

static char *
counting_query(const NnetRoundQuery *query, bool classes)
{
	/* grouped at the top, where the plan shows who groups; and nothing that is not sent elsewhere */
	return psprintf("SELECT r.bucket, %s, pg_catalog.count(*), pg_catalog.count(*) FILTER "
					"(WHERE pg_catalog.num_nulls(r.x, r.y) OPERATOR(pg_catalog.=) 0) "
					"FROM %s GROUP BY r.bucket%s ORDER BY 1",
					classes ? "r.y" : "NULL::pg_catalog.text", query->from, classes ? ", r.y" : "");
}

/* ---- what is told ---- */

/* Which part of a bucket's rows is of classes that have more of it than of all. */
static double
distance(const Counting *counting, const NnetBucket *bucket)
{
	double sum = 0;

	for (int c = 0; c < counting->n_classes; c++)
		sum += fabs((double) bucket->by_class[c] / (double) bucket->rows -
					(double) counting->class_rows[c] / (double) counting->survey->rows);
	return sum / 2;
}

/* What the same would be if rows were drawn at random, about. */
static double
distance_of_chance(const Counting *counting, const NnetBucket *bucket)
{
	double sum = 0;

	for (int c = 0; c < counting->n_classes; c++)
	{
		double share = (double) counting->class_rows[c] / (double) counting->survey->rows;

		sum += sqrt(share * (1 - share) / (double) bucket->rows);
	}
	return sum / 2;
}

static int
classes_missing(const Counting *counting, const NnetBucket *bucket)
{
	int missing = 0;

	for (int c = 0; c < counting->n_classes; c++)
		missing += bucket->by_class[c] == 0;
	return missing;
}

/* "\"3\" has none of 2 of 10 classes; ..." */
static char *
missing_list(const Counting *counting, int *n)
{
	StringInfoData list;

	initStringInfo(&list);
	*n = 0;
	for (int b = 0; b < counting->survey->n; b++)
	{
		const NnetBucket *bucket = &counting->survey->buckets[b];
		int missing = classes_missing(counting, bucket);

		if (missing == 0)
			continue;
		if (++*n <= NAMED_BUCKETS)
			appendStringInfo(&list, "%sbucket \"%s\" has no rows of %d of %d classes",
							 *n > 1 ? ", " : "", bucket->name, missing, counting->n_classes);
	}
	if (*n > NAMED_BUCKETS)
		appendStringInfo(&list, ", and %d more lack some", *n - NAMED_BUCKETS);
	return list.data;
}

static void
tell_classes(const Counting *counting)
{
	NnetSurvey *survey = counting->survey;
	double apart = 0;
	double chance = 0;
	int lacking;
	char *list = missing_list(counting, &lacking);

	for (int b = 0; b < survey->n; b++)
	{
		const NnetBucket *bucket = &survey->buckets[b];
		double part = (double) bucket->rows / (double) survey->rows;

		apart += part * distance(counting, bucket);
		chance += part * distance_of_chance(counting, bucket);
	}
	survey->differ = apart > APART + 2 * chance;
	if (survey->differ)
		ereport(
			WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg("model \"%s\": the buckets have rows of different classes", counting->model),
			 errdetail("%.0f %% of the rows would have to change places for all buckets to have "
					   "the same shares of classes%s%s.",
					   100 * apart, lacking > 0 ? "; " : "", list),
			 errhint("Models trained on them draw the average apart: share rows out by "
					 "something that mixes them, as a hash of their id, or average more often, "
					 "by more rounds of fewer steps.")));
	else if (lacking > 0)
		ereport(NOTICE,
				(errmsg("model \"%s\": some buckets lack classes", counting->model),
				 errdetail("Of all buckets, %s.", list)));
}

static void
tell_empty(const Counting *counting)
{
	if (counting->empty > 0)
		ereport(
			WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg("model \"%s\": buckets without rows to train on are left out: %d, the first "
					"is \"%s\"",
					counting->model, counting->empty, counting->empty_name),
			 errdetail("x or y of all of their rows is NULL.")));
}

static void
leave_out_empty(Counting *counting)
{
	NnetSurvey *survey = counting->survey;
	int n = 0;

	for (int b = 0; b < survey->n; b++)
	{
		if (survey->buckets[b].rows > 0)
			survey->buckets[n++] = survey->buckets[b];
		else if (counting->empty++ == 0)
			counting->empty_name = survey->buckets[b].name;
	}
	survey->n = n;
}

static void
check(const Counting *counting)
{
	if (counting->null_rows > 0)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the bucket of " INT64_FORMAT " rows is NULL", counting->null_rows),
				 errhint("Give each row a bucket, or leave these out by WHERE.")));
	if (counting->survey->rows == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 errmsg("the query of " NNET_ROUNDS_FUNCTION "() gives no rows to train on")));
}

void
nnet_survey(const NnetRoundQuery *query, const NnetModel *model, NnetSurvey *survey)
{
	Counting counting = {
		.survey = survey,
		.model = model->name,
		.classes = has_classes(model, query->types[NNET_ROUND_Y]),
		.type = lookup_type_cache(query->types[NNET_ROUND_BUCKET], TYPECACHE_EQ_OPR_FINFO),
	};
	int level = NewGUCNestLevel();
	const char *sql = counting_query(query, counting.classes);
	Places places = {0};
	SPIPlanPtr plan;
	int result;

	nnet_round_set("enable_partitionwise_aggregate", "on");
	plan = SPI_prepare_cursor(sql, 0, NULL, CURSOR_OPT_PARALLEL_OK);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	*survey = (NnetSurvey){0};
	find_places(plan, survey, &places, model->name);
	/* what is written is what rows are chosen by: with all digits */
	nnet_round_set("extra_float_digits", "1");
	result = SPI_execute_plan(plan, NULL, NULL, false, 0);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
	for (uint64 i = 0; i < SPI_processed; i++)
		count(&counting, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
	SPI_freetuptable(SPI_tuptable);
	SPI_freeplan(plan);
	AtEOXact_GUC(true, level);
	leave_out_empty(&counting);
	check(&counting);
	survey->concurrency =
		places.by_citus && !places.travels ? citus_concurrency(sql, survey->n) : 1;
	tell_empty(&counting);
	if (counting.classes)
		tell_classes(&counting);
}
