/*
 * query.c
 *	  The queries that nnet.fit_rounds() is given, as part of its own.
 *
 * A query becomes a subquery with columns named bucket, x, y and weight: by the names
 * it gives them, if all that must be there are, else in this order.
 */
#include "pg/rounds/rounds.h"

#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "optimizer/optimizer.h"
#include "tcop/cmdtag.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

static const char *const column_names[NNET_ROUND_COLUMNS] = {
	[NNET_ROUND_BUCKET] = "bucket",
	[NNET_ROUND_X] = "x",
	[NNET_ROUND_Y] = "y",
	[NNET_ROUND_WEIGHT] = "weight",
};

pg_noreturn static void
refuse_columns(const char *what, bool buckets)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the %s of " NNET_ROUNDS_FUNCTION "() must have the columns %sx, y and, if "
					"rows have one, weight",
					what, buckets ? "bucket, " : ""),
			 errhint(buckets ? "For example: SELECT id %% 4 AS bucket, x, y FROM rows."
							 : "For example: SELECT x, y FROM rows.")));
}

/* The number of the only column of that name, from 1; 0: there is none, or there are more. */
static int
column_named(TupleDesc desc, const char *name)
{
	int found = 0;

	for (int i = 0; i < desc->natts; i++)
		if (strcmp(NameStr(TupleDescAttr(desc, i)->attname), name) == 0)
		{
			if (found > 0)
				return 0;
			found = i + 1;
		}
	return found;
}

/* Which column each is, from 1; of the weight 0: there is none. */
static void
find_columns(TupleDesc desc, const char *what, bool buckets, int *columns)
{
	int first = buckets ? NNET_ROUND_BUCKET : NNET_ROUND_X;
	int n = NNET_ROUND_WEIGHT - first;
	bool named = true;

	for (int i = 0; i < NNET_ROUND_COLUMNS; i++)
		columns[i] = i < first ? 0 : column_named(desc, column_names[i]);
	for (int i = first; i < NNET_ROUND_WEIGHT; i++)
		named &= columns[i] > 0;
	if (desc->natts < n || desc->natts > n + 1 ||
		(named && desc->natts == n + 1 && columns[NNET_ROUND_WEIGHT] == 0))
		refuse_columns(what, buckets);
	if (named)
		return;
	for (int i = first; i < NNET_ROUND_COLUMNS; i++)
		columns[i] = i - first < desc->natts ? i - first + 1 : 0;
}

static void
check_weight(Oid type, const char *what)
{
	if (OidIsValid(type) && getBaseType(type) == BOOLOID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the column weight of the %s is a boolean", what),
				 errhint("Rows for validation are those of a query of their own, the argument "
						 "validation.")));
}

/* "(SELECT ...) AS r(y, x)" */
static char *
from_item(const char *sql, const int *columns, int n)
{
	StringInfoData from;

	initStringInfo(&from);
	/* on lines of its own: it may end in a comment */
	appendStringInfo(&from, "(\n%s\n) AS r(", sql);
	for (int number = 1; number <= n; number++)
		for (int i = 0; i < NNET_ROUND_COLUMNS; i++)
			if (columns[i] == number)
				appendStringInfo(&from, "%s%s", number > 1 ? ", " : "", column_names[i]);
	appendStringInfoChar(&from, ')');
	return from.data;
}

/* Refuses a type whose values cannot be told apart. */
static char *
equals_operator(Oid type)
{
	Oid operator= lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
	HeapTuple tuple;
	Form_pg_operator form;
	char *text;

	if (!OidIsValid(operator))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("buckets of type %s cannot be told apart", format_type_be(type)),
				 errhint("Cast them to text, for example.")));
	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(operator));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator %u", operator);
	form = (Form_pg_operator) GETSTRUCT(tuple);
	text = psprintf(" OPERATOR(%s.%s) ", quote_identifier(get_namespace_name(form->oprnamespace)),
					NameStr(form->oprname));
	ReleaseSysCache(tuple);
	return text;
}

void
nnet_round_query_read(const char *sql, const char *what, bool buckets, NnetRoundQuery *query)
{
	char *text = nnet_without_semicolon(sql);
	const CachedPlanSource *source;
	SPIPlanPtr plan = nnet_prepare_query(text, 0, &source);
	int columns[NNET_ROUND_COLUMNS];

	if (source == NULL || source->resultDesc == NULL || source->commandTag != CMDTAG_SELECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the %s of " NNET_ROUNDS_FUNCTION "() is not one SELECT", what)));
	find_columns(source->resultDesc, what, buckets, columns);
	for (int i = 0; i < NNET_ROUND_COLUMNS; i++)
		query->types[i] =
			columns[i] > 0 ? SPI_gettypeid(source->resultDesc, columns[i]) : InvalidOid;
	check_weight(query->types[NNET_ROUND_WEIGHT], what);
	query->equals = buckets ? equals_operator(query->types[NNET_ROUND_BUCKET]) : NULL;
	query->from = from_item(text, columns, source->resultDesc->natts);
	query->repeatable = !contain_volatile_functions((Node *) source->query_list);
	SPI_freeplan(plan);
}
