/*
 * model_type.c
 *	  The type nnet.model in SQL: text and binary form, comparison, and
 *	  nnet.pack() and nnet.unpack(), between tables and values.
 *
 * As text a value is its bytes in base64, in binary form its bytes as they are.
 * Two values are equal if their contents are, which is if their digests are; their
 * order is that of the digests and means nothing.
 */
#include "pg/model/model_value.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "common/base64.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "libpq/pqformat.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(nnet_model_in);
PG_FUNCTION_INFO_V1(nnet_model_out);
PG_FUNCTION_INFO_V1(nnet_model_recv);
PG_FUNCTION_INFO_V1(nnet_model_send);
PG_FUNCTION_INFO_V1(nnet_model_eq);
PG_FUNCTION_INFO_V1(nnet_model_ne);
PG_FUNCTION_INFO_V1(nnet_model_lt);
PG_FUNCTION_INFO_V1(nnet_model_le);
PG_FUNCTION_INFO_V1(nnet_model_gt);
PG_FUNCTION_INFO_V1(nnet_model_ge);
PG_FUNCTION_INFO_V1(nnet_model_cmp);
PG_FUNCTION_INFO_V1(nnet_model_hash);
PG_FUNCTION_INFO_V1(nnet_model_hash_extended);
PG_FUNCTION_INFO_V1(nnet_pack);
PG_FUNCTION_INFO_V1(nnet_unpack);

/* ---- in and out ---- */

/* Refuse what is no value; leaves nothing behind. */
static void
check(const NnetModelValue *value)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet model value", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	int n;

	(void) nnet_model_value_rows(value, &n);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

struct varlena *
nnet_bytes_in(const char *text, const char *type)
{
	int length = (int) strlen(text);
	/* not pg_b64_dec_len, which from 700 MB on is more than an int */
	int room = length / 4 * 3;
	struct varlena *value = palloc0(VARHDRSZ + (size_t) room);
	int bytes = length % 4 == 0
		? pg_b64_decode((const void *) text, length, (void *) VARDATA(value), room)
		: -1;

	if (bytes < 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s", type), errdetail("It is not base64."),
			 errhint("Such values are made by functions, not written; nnet.pack() makes a value "
					 "of a model's table.")));
	SET_VARSIZE(value, VARHDRSZ + bytes);
	return value;
}

char *
nnet_bytes_out(const struct varlena *value, const char *type)
{
	size_t n = VARSIZE_ANY_EXHDR(value);
	size_t room = (n + 2) / 3 * 4;
	char *text;
	int length;

	if (room >= MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a value of type %s of %zu bytes is too large for text", type, n),
				 errhint("Copy it in binary form.")));
	text = palloc(room + 1);
	length = pg_b64_encode((const void *) VARDATA_ANY(value), (int) n, text, (int) room);
	if (length < 0)
		elog(ERROR, "base64 of %zu bytes failed", n);
	text[length] = '\0';
	return text;
}

Datum
nnet_model_in(PG_FUNCTION_ARGS)
{
	NnetModelValue *value = (NnetModelValue *) nnet_bytes_in(PG_GETARG_CSTRING(0), "nnet.model");

	check(value);
	PG_RETURN_POINTER(value);
}

Datum
nnet_model_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(nnet_bytes_out(PG_GETARG_VARLENA_PP(0), "nnet.model"));
}

Datum
nnet_model_recv(PG_FUNCTION_ARGS)
{
	StringInfo buffer = (StringInfo) PG_GETARG_POINTER(0);
	int n = buffer->len - buffer->cursor;
	NnetModelValue *value = palloc(VARHDRSZ + (size_t) n);

	SET_VARSIZE(value, VARHDRSZ + n);
	pq_copymsgbytes(buffer, VARDATA(value), n);
	check(value);
	PG_RETURN_POINTER(value);
}

Datum
nnet_model_send(PG_FUNCTION_ARGS)
{
	/* the bytes after the length, as bytea sends them */
	PG_RETURN_BYTEA_P(PG_GETARG_BYTEA_P_COPY(0));
}

/* ---- comparison ---- */

static int
compare(FunctionCallInfo fcinfo)
{
	NnetRecentValue a = {.stored = false};
	NnetRecentValue b = {.stored = false};

	return memcmp(nnet_model_value_content(PG_GETARG_DATUM(0), &a),
				  nnet_model_value_content(PG_GETARG_DATUM(1), &b), NNET_DIGEST_BYTES);
}

Datum
nnet_model_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) == 0);
}

Datum
nnet_model_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) != 0);
}

Datum
nnet_model_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) < 0);
}

Datum
nnet_model_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) <= 0);
}

Datum
nnet_model_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) > 0);
}

Datum
nnet_model_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) >= 0);
}

Datum
nnet_model_cmp(PG_FUNCTION_ARGS)
{
	int order = compare(fcinfo);

	PG_RETURN_INT32(order < 0 ? -1 : order > 0);
}

Datum
nnet_model_hash(PG_FUNCTION_ARGS)
{
	NnetRecentValue value = {.stored = false};

	PG_RETURN_DATUM(
		hash_any(nnet_model_value_content(PG_GETARG_DATUM(0), &value), NNET_DIGEST_BYTES));
}

Datum
nnet_model_hash_extended(PG_FUNCTION_ARGS)
{
	NnetRecentValue value = {.stored = false};

	PG_RETURN_DATUM(hash_any_extended(nnet_model_value_content(PG_GETARG_DATUM(0), &value),
									  NNET_DIGEST_BYTES, (uint64) PG_GETARG_INT64(1)));
}

/* ---- pack ---- */

/* Refuse what would be no model anywhere. */
static void
check_rows(NnetLayerRow *rows, int n, const char *name)
{
	NnetModel *model =
		nnet_model_load_rows(rows, n, name, NNET_LOAD_STRUCTURE, CurrentMemoryContext);

	MemoryContextDelete(model->context);
}

/* nnet.pack(model, slots) */
Datum
nnet_pack(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	Relation relation = nnet_model_open(PG_GETARG_OID(0), AccessShareLock, true);
	NnetModelValue *value;
	NnetLayerRow *rows;
	MemoryContext spi;
	int n;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	rows = nnet_model_rows(relation, &n);
	check_rows(rows, n, nnet_relation_name(relation));
	spi = MemoryContextSwitchTo(caller);
	value = nnet_model_value_make(rows, n, PG_GETARG_BOOL(1), nnet_relation_name(relation));
	MemoryContextSwitchTo(spi);
	SPI_finish();
	relation_close(relation, NoLock);
	PG_RETURN_POINTER(value);
}

/* ---- unpack ---- */

static SPIPlanPtr
prepare_insert(const char *table)
{
	Oid types[COLUMN_COUNT] = {
		INT4OID, INT4OID, TEXTOID, TEXTOID, TEXTARRAYOID, JSONBOID, FLOAT4ARRAYOID, FLOAT4ARRAYOID,
	};
	/* generic: a plan of its own would hold copies of the values */
	SPIPlanPtr plan = SPI_prepare_cursor(
		psprintf("INSERT INTO %s (layer, part, kind, name, inputs, config, weights, slots) "
				 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
				 table),
		COLUMN_COUNT, types, CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	return plan;
}

static void
insert_rows(const char *table, const NnetLayerRow *rows, int n)
{
	SPIPlanPtr plan = prepare_insert(table);

	for (int i = 0; i < n; i++)
	{
		char nulls[COLUMN_COUNT];
		int result;

		nnet_check_interrupts();
		for (int column = 0; column < COLUMN_COUNT; column++)
			nulls[column] = rows[i].nulls[column] ? 'n' : ' ';
		result = nnet_execute_lending(plan, rows[i].values, nulls);
		if (result != SPI_OK_INSERT)
			elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
	}
}

/* nnet.unpack(value, name) */
Datum
nnet_unpack(PG_FUNCTION_ARGS)
{
	text *name;
	NnetLayerRow *rows;
	char *table;
	Oid relid;
	int n;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	name = nnet_name_argument(fcinfo, 1);
	rows = nnet_model_value_rows(nnet_model_value_get(PG_GETARG_DATUM(0)), &n);
	check_rows(rows, n, nnet_value_name(rows, n));
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	relid = nnet_create_model_table(name, &table);
	insert_rows(table, rows, n);
	SPI_finish();
	PG_RETURN_OID(relid);
}
