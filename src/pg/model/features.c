/*
 * features.c
 *	  nnet.features: a block of inputs and of layers that make numbers of the
 *	  columns of a table, by their types.
 *
 *	 numbers		mean of what is there in the place of NULL, normalized; where NULL was
 *	 booleans		the same, not normalized
 *	 intervals		their seconds, as numbers
 *	 strings, enums	ids of categories, one-hot or, if there are many, embedded
 *	 dates, times	the parts that vary in values of the type
 *	 arrays, vector	as numbers, feature by feature
 *
 * The block ends in one layer that puts them side by side.  Only how many
 * categories there are and how long arrays are is looked up in the table, by
 * SQL as the calling user; all else is learned by the first fit.
 */
#include "pg/model/model.h"

#include <math.h>

#include "access/relation.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pg/data/data.h"
#include "pg/types/number.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(nnet_features);

#define MISSING_TOKEN "[NULL]"
#define MOST_CATEGORIES 1000000
#define KEY_ROWS 100 /* from so many rows on, of which each has a value of its own, it is a key */
#define KEY_SAMPLE 10000

/* What values of a column are taken as, by their type. */
typedef enum TakenAs
{
	TAKEN_AS_NOTHING,
	TAKEN_AS_BOOLEANS,
	TAKEN_AS_NUMBERS,
	TAKEN_AS_ENUMS,
	TAKEN_AS_STRINGS,
	TAKEN_AS_DATES,
	TAKEN_AS_ARRAYS,
	TAKEN_BY_CAST
} TakenAs;

typedef struct Features
{
	Relation relation;
	List *columns; /* that are to be features; numbers from 0 */
	List *excluded;
	const char *sql; /* its name */
	int max_categories;
	int embedding_from;
	const char *name; /* of the last layer */
	NNValue layers;
	List *names; /* of all layers so far, and of all columns */
	List *parts; /* names of layers to be put side by side */
} Features;

/* ---- layers ---- */

/* A name for a layer of a column: no other's, and no longer than names are. */
static char *
make_name(Features *block, const char *column, const char *suffix)
{
	char number[16] = "";
	char *name;
	ListCell *cell;
	bool taken = true;

	for (int i = 1; taken; i++)
	{
		int room = NAMEDATALEN - 1 - (int) (strlen(suffix) + strlen(number) + 1);

		name = psprintf("%.*s_%s%s", pg_mbcliplen(column, (int) strlen(column), room), column,
						suffix, number);
		taken = false;
		foreach (cell, block->names)
			taken = taken || strcmp(lfirst(cell), name) == 0;
		snprintf(number, sizeof(number), "_%d", i);
	}
	block->names = lappend(block->names, name);
	return name;
}

static NNValue
begin_layer(const char *kind, const char *name, const char *input)
{
	NNValue layer = nnet_value_object(6);
	NNValue inputs = nnet_value_array(1);

	nnet_value_set(&layer, "kind", nnet_value_string(kind));
	nnet_value_set(&layer, "name", nnet_value_string(name));
	if (input == NULL)
		return layer;
	nnet_value_append(&inputs, nnet_value_string(input));
	nnet_value_set(&layer, "inputs", inputs);
	return layer;
}

static void
add_input(Features *block, const char *column, int width)
{
	NNValue layer = begin_layer("input", column, NULL);
	NNValue shape = nnet_value_array(1);

	nnet_value_append(&shape, nnet_value_integer(width));
	nnet_value_set(&layer, "shape", shape);
	nnet_value_append(&block->layers, layer);
}

/* A layer whose options, if any, the caller has set. */
static void
add_part(Features *block, const char *name)
{
	block->parts = lappend(block->parts, unconstify(char *, name));
}

static char *
add_layer(Features *block, const char *column, const char *suffix, const char *kind,
		  const char *input)
{
	char *name = make_name(block, column, suffix);

	nnet_value_append(&block->layers, begin_layer(kind, name, input));
	return name;
}

/* ---- what is looked up ---- */

static int64
ask(const char *query, bool *isnull)
{
	MemoryContext caller = CurrentMemoryContext;
	Datum value;

	if (SPI_execute(query, true, 1) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "SPI_execute failed");
	value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, isnull);
	/* SPI leaves its own behind, which ends before the block does */
	MemoryContextSwitchTo(caller);
	return *isnull ? 0 : DatumGetInt64(value);
}

static bool
has_rows(const Features *block)
{
	switch (block->relation->rd_rel->relkind)
	{
		case RELKIND_RELATION:
		case RELKIND_PARTITIONED_TABLE:
		case RELKIND_MATVIEW:
		case RELKIND_VIEW:
		case RELKIND_FOREIGN_TABLE:
			return true;
		default:
			return false;
	}
}

/* How many different values there are, up to one more than the most. */
static int64
count_values(const Features *block, const char *column)
{
	bool isnull;

	if (!has_rows(block))
		return 0;
	return ask(psprintf("SELECT pg_catalog.count(*) FROM (SELECT DISTINCT %s FROM %s WHERE %s IS "
						"NOT NULL LIMIT %d) AS d",
						quote_identifier(column), block->sql, quote_identifier(column),
						block->max_categories + 1),
			   &isnull);
}

/* Whether each of the first rows has a value of its own. */
static bool
is_key(const Features *block, const char *column)
{
	bool isnull;

	return has_rows(block) &&
		ask(psprintf("SELECT CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) "
					 "pg_catalog.count(DISTINCT c) THEN pg_catalog.count(*) END FROM "
					 "(SELECT %s FROM %s WHERE %s IS NOT NULL LIMIT %d) AS d (c)",
					 quote_identifier(column), block->sql, quote_identifier(column), KEY_SAMPLE),
			&isnull) >= KEY_ROWS;
}

/* ---- columns ---- */

pg_noreturn static void
refuse_column(const char *column, const char *problem, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("nnet.features cannot take column \"%s\": %s", column, problem),
			 errhint("%s", hint)));
}

static TakenAs
taken_as(Oid type)
{
	Oid base = getBaseType(type);
	Oid element = get_element_type(base);

	if (base == BOOLOID)
		return TAKEN_AS_BOOLEANS;
	if (nnet_number_type(base) != NULL)
		return TAKEN_AS_NUMBERS;
	if (type_is_enum(base))
		return TAKEN_AS_ENUMS;
	if (base != UNKNOWNOID && nnet_type_is_label(base))
		return TAKEN_AS_STRINGS;
	if (base == DATEOID || base == TIMESTAMPOID || base == TIMESTAMPTZOID || base == TIMEOID)
		return TAKEN_AS_DATES;
	if (OidIsValid(element) && nnet_number_type(getBaseType(element)) != NULL)
		return TAKEN_AS_ARRAYS;
	/* of a type with a cast to real[] the modifier is the length, such as vector(384) */
	if (base != UUIDOID && base != BYTEAOID && !type_is_rowtype(base) &&
		nnet_type_is_readable(base))
		return TAKEN_BY_CAST;
	return TAKEN_AS_NOTHING;
}

/* An argument that leaves out the column, whatever else no feature is made of, and what was left out. */
static const char *
exclude_hint(const Features *block, const char *column)
{
	TupleDesc desc = RelationGetDescr(block->relation);
	Datum *names = palloc(sizeof(Datum) * desc->natts);
	int n = 0;

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);
		const char *name = NameStr(attribute->attname);

		if (list_member_int(block->excluded, i) ||
			(list_member_int(block->columns, i) &&
			 (strcmp(name, column) == 0 || taken_as(attribute->atttypid) == TAKEN_AS_NOTHING)))
			names[n++] = CStringGetTextDatum(name);
	}
	return psprintf(
		"Leave it out by exclude => %s, or write an input and layers for it.",
		quote_literal_cstr(OidOutputFunctionCall(
			F_ARRAY_OUT,
			PointerGetDatum(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT)))));
}

static void
set_option(Features *block, const char *key, NNValue value)
{
	NNValue *layer = unconstify(NNValue *, &block->layers.items[block->layers.count - 1]);

	nnet_value_set(layer, key, value);
}

static void
add_numbers(Features *block, const char *column, int width, bool normalizes, bool indicates)
{
	char *last;

	add_input(block, column, width);
	last = add_layer(block, column, "imputation", "imputation", column);
	if (normalizes)
		last = add_layer(block, column, "normalization", "normalization", last);
	add_part(block, last);
	if (indicates)
		add_part(block, add_layer(block, column, "missing", "missing_indicator", column));
}

/* So many numbers for one of n categories: as many as their square root, up to 50. */
static int
embedding_width(int n)
{
	return Min(50, (int) ceil(sqrt(n)));
}

static void
add_categories(Features *block, const char *column, int n)
{
	int ids = n + 2; /* what is missing, and what is not among them */
	char *last;

	add_input(block, column, 1);
	last = add_layer(block, column, "lookup", "string_lookup", column);
	set_option(block, "max_tokens", nnet_value_integer(ids));
	set_option(block, "mask_token", nnet_value_string(MISSING_TOKEN));
	if (n < block->embedding_from)
	{
		last = add_layer(block, column, "categories", "category_encoding", last);
		set_option(block, "num_tokens", nnet_value_integer(ids));
		set_option(block, "output_mode", nnet_value_string("one_hot"));
	}
	else
	{
		last = add_layer(block, column, "embedding", "embedding", last);
		set_option(block, "input_dim", nnet_value_integer(ids));
		set_option(block, "output_dim", nnet_value_integer(embedding_width(n)));
		last = add_layer(block, column, "flatten", "flatten", last);
	}
	add_part(block, last);
}

static void
add_strings(Features *block, const char *column)
{
	int64 n = count_values(block, column);

	if (is_key(block, column))
		refuse_column(column, "each row has a value of its own",
					  psprintf("%s Text to be read is for nnet.text_vectorization().",
							   exclude_hint(block, column)));
	add_categories(block, column,
				   n == 0 ? block->max_categories : (int) Min(n, block->max_categories));
}

/* All of its labels, whichever are in the table. */
static int
count_labels(Oid type)
{
	bool isnull;

	return (int) ask(psprintf("SELECT pg_catalog.count(*) FROM pg_catalog.pg_enum WHERE enumtypid "
							  "OPERATOR(pg_catalog.=) '%u'::pg_catalog.oid",
							  type),
					 &isnull);
}

static void
add_date(Features *block, const char *column, Oid type)
{
	static const char *const of_dates[] = {"trend", "weekday", "yearday", "missing", NULL};
	static const char *const of_times[] = {"hour", "missing", NULL};
	static const char *const all[] = {"trend", "hour", "weekday", "yearday", "missing", NULL};
	const char *const *parts = type == DATEOID ? of_dates : type == TIMEOID ? of_times : all;
	NNValue list = nnet_value_array(NN_DATE_PARTS);

	for (; *parts != NULL; parts++)
		nnet_value_append(&list, nnet_value_string(*parts));
	add_input(block, column, 1);
	add_part(block, add_layer(block, column, "date", "date_features", column));
	set_option(block, "parts", list);
}

/* How long the arrays are, which must be the same for all; 0: not known. */
static int
array_width(const Features *block, const char *column)
{
	bool isnull;
	int64 width;

	if (!has_rows(block))
		return 0;
	width = ask(psprintf("SELECT CASE WHEN pg_catalog.min(n) OPERATOR(pg_catalog.<>) "
						 "pg_catalog.max(n) THEN '-1'::pg_catalog.int8 ELSE pg_catalog.min(n) END "
						 "FROM (SELECT pg_catalog.cardinality(%s)::pg_catalog.int8 AS n FROM %s "
						 "WHERE %s IS NOT NULL) AS d",
						 quote_identifier(column), block->sql, quote_identifier(column)),
				&isnull);
	return (int) width;
}

static void
add_array(Features *block, const char *column)
{
	int width = array_width(block, column);

	if (width <= 0)
		refuse_column(column,
					  width < 0 ? "its arrays are of different length"
								: "how long its arrays are is not known",
					  width < 0 ? "A sequence needs an input and layers of its own."
								: "Call it when there are rows, or write an input of that many "
								  "values, nnet.imputation() and nnet.normalization().");
	add_numbers(block, column, width, true, false);
}

/* So many numbers each as the type's modifier says. */
static void
add_cast(Features *block, const char *column, int32 typmod)
{
	if (typmod <= 0 || typmod > NN_MAX_UNITS)
		refuse_column(column, "how many numbers each value has is not known",
					  "Declare it, such as vector(384), or write an input and layers for it.");
	add_numbers(block, column, typmod, true, false);
}

static void
add_column(Features *block, const char *column, Oid type, int32 typmod)
{
	Oid base = getBaseTypeAndTypmod(type, &typmod);

	switch (taken_as(type))
	{
		case TAKEN_AS_BOOLEANS:
			add_numbers(block, column, 1, false, true);
			break;
		case TAKEN_AS_NUMBERS:
			add_numbers(block, column, 1, true, true);
			break;
		case TAKEN_AS_ENUMS:
			add_categories(block, column, Min(Max(count_labels(base), 1), block->max_categories));
			break;
		case TAKEN_AS_STRINGS:
			add_strings(block, column);
			break;
		case TAKEN_AS_DATES:
			add_date(block, column, base);
			break;
		case TAKEN_AS_ARRAYS:
			add_array(block, column);
			break;
		case TAKEN_BY_CAST:
			add_cast(block, column, typmod);
			break;
		case TAKEN_AS_NOTHING:
			refuse_column(column,
						  base == UUIDOID ? "values of type uuid name things and measure nothing"
										  : psprintf("it has type %s", format_type_be(type)),
						  exclude_hint(block, column));
	}
}

/* ---- the last layer ---- */

/* Side by side, no more than a layer takes at a time. */
static void
join(Features *block, List *parts, const char *name)
{
	NNValue layer = begin_layer(list_length(parts) > 1 ? "concatenate" : "flatten", name, NULL);
	NNValue inputs = nnet_value_array(list_length(parts));
	ListCell *cell;

	foreach (cell, parts)
		nnet_value_append(&inputs, nnet_value_string(lfirst(cell)));
	nnet_value_set(&layer, "inputs", inputs);
	nnet_value_append(&block->layers, layer);
}

static void
join_parts(Features *block)
{
	while (list_length(block->parts) > NN_MAX_INPUTS)
	{
		List *joined = NIL;

		for (int i = 0; i < list_length(block->parts); i += NN_MAX_INPUTS)
		{
			List *some = NIL;
			char *name = make_name(block, block->name, "part");

			for (int k = i; k < Min(i + NN_MAX_INPUTS, list_length(block->parts)); k++)
				some = lappend(some, list_nth(block->parts, k));
			join(block, some, name);
			joined = lappend(joined, name);
		}
		block->parts = joined;
	}
	join(block, block->parts, block->name);
}

/* ---- nnet.features ---- */

static int
find_column(Relation relation, const char *name)
{
	TupleDesc desc = RelationGetDescr(relation);

	for (int i = 0; i < desc->natts; i++)
		if (!TupleDescAttr(desc, i)->attisdropped &&
			strcmp(NameStr(TupleDescAttr(desc, i)->attname), name) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("\"%s\" has no column \"%s\"", RelationGetRelationName(relation), name),
			 errhint("Names are as they are stored: without quotes, in lower case unless they were "
					 "quoted when the table was made.")));
}

/* The names in a text[], each of which is a column. */
static List *
get_columns(FunctionCallInfo fcinfo, int argument, Relation relation)
{
	Datum *names;
	bool *nulls;
	int n;
	List *columns = NIL;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), TEXTOID, -1, false, TYPALIGN_INT, &names,
					  &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(
				ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a name of a column is NULL")));
		columns =
			list_append_unique_int(columns, find_column(relation, TextDatumGetCString(names[i])));
	}
	return columns;
}

/* Whether the column is declared as serial, or as an identity. */
static bool
owns_sequence(const Features *block, const char *column)
{
	bool isnull;

	return ask(psprintf("SELECT (pg_catalog.pg_get_serial_sequence(%s, %s) IS NOT NULL)"
						"::pg_catalog.int4::pg_catalog.int8",
						quote_literal_cstr(block->sql), quote_literal_cstr(column)),
			   &isnull) != 0;
}

/* The columns that are the primary key's, if it is one alone, or that number rows as they come. */
static List *
key_columns(const Features *block)
{
	Relation relation = block->relation;
	Bitmapset *primary = RelationGetIndexAttrBitmap(relation, INDEX_ATTR_BITMAP_PRIMARY_KEY);
	TupleDesc desc = RelationGetDescr(relation);
	List *keys = NIL;

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);
		bool is_primary = bms_num_members(primary) == 1 &&
			bms_is_member(attribute->attnum - FirstLowInvalidHeapAttributeNumber, primary);

		if (attribute->attisdropped)
			continue;
		if (is_primary || owns_sequence(block, NameStr(attribute->attname)))
			keys = lappend_int(keys, i);
	}
	return keys;
}

/* Keys are for finding rows: they are left out unless they are named. */
static List *
leave_out_keys(const Features *block, List *columns)
{
	Relation relation = block->relation;
	List *keys = list_intersection_int(columns, key_columns(block));
	StringInfoData names;
	ListCell *cell;

	if (keys == NIL || list_length(keys) == list_length(columns))
		return columns;
	initStringInfo(&names);
	foreach (cell, keys)
		appendStringInfo(
			&names, "%s\"%s\"", names.len > 0 ? ", " : "",
			NameStr(TupleDescAttr(RelationGetDescr(relation), lfirst_int(cell))->attname));
	ereport(NOTICE,
			(errmsg_plural("nnet.features leaves out the key of \"%s\": %s",
						   "nnet.features leaves out the keys of \"%s\": %s", list_length(keys),
						   RelationGetRelationName(relation), names.data),
			 errdetail("It finds rows, and tells nothing of those to come."),
			 errhint("Name it in columns => where it is to be a feature, or in exclude => to hear "
					 "nothing of it.")));
	return list_difference_int(columns, keys);
}

/* Those named, else all but keys, without those excluded. */
static List *
choose_columns(FunctionCallInfo fcinfo, const Features *block)
{
	Relation relation = block->relation;
	List *columns = NIL;

	if (!PG_ARGISNULL(1))
		return list_difference_int(get_columns(fcinfo, 1, relation), block->excluded);
	for (int i = 0; i < RelationGetDescr(relation)->natts; i++)
		if (!TupleDescAttr(RelationGetDescr(relation), i)->attisdropped)
			columns = lappend_int(columns, i);
	return leave_out_keys(block, list_difference_int(columns, block->excluded));
}

static int
get_count(FunctionCallInfo fcinfo, int argument, const char *name, int min, int max, int otherwise)
{
	int count = PG_ARGISNULL(argument) ? otherwise : PG_GETARG_INT32(argument);

	if (count < min || count > max)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s of nnet.features must be from %d to %d, not %d", name, min, max, count)));
	return count;
}

Datum
nnet_features(PG_FUNCTION_ARGS)
{
	Features block = {.layers = nnet_value_array(16)};
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext spi;
	List *columns;
	ListCell *cell;
	Jsonb *jsonb;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	block.relation = try_relation_open(PG_GETARG_OID(0), AccessShareLock);
	if (block.relation == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", PG_GETARG_OID(0))));
	block.max_categories = get_count(fcinfo, 3, "max_categories", 1, MOST_CATEGORIES, 1000);
	block.embedding_from = get_count(fcinfo, 4, "embedding_from", 1, PG_INT32_MAX, 50);
	block.name = PG_ARGISNULL(5) ? "features" : text_to_cstring(PG_GETARG_TEXT_PP(5));
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	spi = MemoryContextSwitchTo(caller);
	block.sql = nnet_relation_sql(block.relation);
	if (!PG_ARGISNULL(2))
		block.excluded = get_columns(fcinfo, 2, block.relation);
	columns = block.columns = choose_columns(fcinfo, &block);
	if (columns == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("no column of \"%s\" is left for nnet.features",
						RelationGetRelationName(block.relation))));
	block.names = list_make1(unconstify(char *, block.name));
	foreach (cell, columns)
		block.names = lappend(
			block.names,
			NameStr(TupleDescAttr(RelationGetDescr(block.relation), lfirst_int(cell))->attname));
	foreach (cell, columns)
	{
		Form_pg_attribute attribute =
			TupleDescAttr(RelationGetDescr(block.relation), lfirst_int(cell));

		nnet_check_interrupts();
		add_column(&block, pstrdup(NameStr(attribute->attname)), attribute->atttypid,
				   attribute->atttypmod);
	}
	join_parts(&block);
	jsonb = nnet_value_to_jsonb(&block.layers);
	MemoryContextSwitchTo(spi);
	SPI_finish();
	relation_close(block.relation, NoLock);
	PG_RETURN_JSONB_P(jsonb);
}
