/*
 * model_value.c
 *	  The bytes of a model as one value: made of rows, and checked and read.
 *
 * Lifetimes: what is read points into the value, but for texts, which are in
 * the database's encoding.
 */
#include "pg/model/model_value.h"

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#define MAGIC 0x766d6e6e /* "nnmv" where the lowest byte is first */
#define VERSION 1
#define NO_FIELD 0xffffffff
#define HEAD_BYTES offsetof(NnetModelValue, rows_len_)
#define WEIGHTS_HEADER ARR_OVERHEAD_NONULLS(1) /* of arrays in values: one dimension, or none */

StaticAssertDecl(sizeof(struct varatt_external) <= sizeof(((NnetRecentValue *) 0)->pointer),
				 "a TOAST pointer must fit");

/* ---- writing ---- */

/* Bytes as they are appended; what is not wanted goes nowhere but into the sum. */
typedef struct Writer
{
	char *to; /* NULL: only counts */
	size_t at;
} Writer;

static void
put_bytes(Writer *writer, const void *bytes, size_t n)
{
	size_t padded = TYPEALIGN(4, n);

	if (writer->to != NULL)
	{
		memcpy(writer->to + writer->at, bytes, n);
		memset(writer->to + writer->at + n, 0, padded - n);
	}
	writer->at += padded;
}

static void
put_number(Writer *writer, uint32 number)
{
	put_bytes(writer, &number, sizeof(number));
}

/* A text of the server's, as UTF-8. */
static void
put_text(Writer *writer, const char *text)
{
	char *utf8 = pg_server_to_any(text, (int) strlen(text), PG_UTF8);

	put_number(writer, (uint32) strlen(utf8));
	put_bytes(writer, utf8, strlen(utf8));
	if (utf8 != text)
		pfree(utf8);
}

static void
put_texts(Writer *writer, Datum array)
{
	Datum *elements;
	bool *nulls;
	int n;
	size_t length_at = writer->at;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &elements,
					  &nulls, &n);
	put_number(writer, 0);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			put_number(writer, NO_FIELD);
		else
			put_text(writer, TextDatumGetCString(elements[i]));
	}
	if (writer->to != NULL)
	{
		uint32 length = (uint32) (writer->at - length_at - sizeof(uint32));

		memcpy(writer->to + length_at, &length, sizeof(length));
	}
}

/* What of an epoch is the same wherever and whenever it is trained. */
static NNValue
lasting_epoch(const NNValue *epoch)
{
	return epoch->type == NN_V_OBJECT ? nnet_value_without(epoch, NNET_KEYS("seconds"), 0) : *epoch;
}

/* The training row's config without the times of epochs. */
static Datum
lasting_training(Datum config)
{
	NNValue *training = nnet_value_from_datum(config, NULL);
	const NNValue *history =
		training->type == NN_V_OBJECT ? nn_value_get(training, "history") : NULL;
	NNValue epochs;

	if (history == NULL || history->type != NN_V_ARRAY)
		return config;
	epochs = nnet_value_array(history->count);
	for (int i = 0; i < history->count; i++)
		nnet_value_append(&epochs, lasting_epoch(&history->items[i]));
	nnet_value_set(training, "history", epochs);
	return JsonbPGetDatum(nnet_value_to_jsonb(training));
}

static void
put_json(Writer *writer, Datum datum)
{
	Jsonb *jsonb = DatumGetJsonbP(datum);

	put_text(writer, JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb)));
}

/* Values of an array as one of one dimension, whatever it was. */
static void
put_reals(Writer *writer, Datum datum, const char *model, const char *what)
{
	NnetStored stored;
	size_t header;
	size_t bytes;

	nnet_stored_open(&stored, datum, model, what);
	header = ARR_OVERHEAD_NONULLS(stored.n > 0 ? 1 : 0);
	bytes = header + stored.n * sizeof(float4);
	if (bytes > MaxAllocSize)
		writer->at = MaxAllocSize; /* it cannot be written, which is told by the sum */
	put_number(writer, (uint32) bytes);
	if (writer->to != NULL && bytes <= MaxAllocSize)
	{
		ArrayType *array = (ArrayType *) (writer->to + writer->at);

		memset(array, 0, header);
		SET_VARSIZE(array, bytes);
		array->elemtype = FLOAT4OID;
		if (stored.n > 0)
		{
			array->ndim = 1;
			ARR_DIMS(array)[0] = (int) stored.n;
			ARR_LBOUND(array)[0] = 1;
			nnet_stored_read(&stored, 0, stored.n, (float4 *) ARR_DATA_PTR(array));
		}
	}
	writer->at += bytes;
	nnet_stored_close(&stored);
}

/* What of the rows is written: all, or what makes the structure. */
typedef struct Wanted
{
	bool structure;
	bool slots;
	const char *model;
} Wanted;

static bool
is_wanted(const Wanted *wanted, const NnetLayerRow *row, int column)
{
	/* older epochs lie in this column of the training row */
	if (row->nulls[column] || (row->layer == TRAINING_LAYER && column == COLUMN_INPUTS))
		return false;
	if (column == COLUMN_SLOTS)
		return wanted->slots && !wanted->structure;
	return column != COLUMN_WEIGHTS || !wanted->structure;
}

static void
put_column(Writer *writer, const Wanted *wanted, const NnetLayerRow *row, int column)
{
	Datum datum = row->values[column];

	if (!is_wanted(wanted, row, column))
	{
		put_number(writer, NO_FIELD);
		return;
	}
	switch (column)
	{
		case COLUMN_KIND:
		case COLUMN_NAME:
			put_text(writer, TextDatumGetCString(datum));
			break;
		case COLUMN_INPUTS:
			put_texts(writer, datum);
			break;
		case COLUMN_CONFIG:
			put_json(writer, row->layer == TRAINING_LAYER ? lasting_training(datum) : datum);
			break;
		default:
			put_reals(writer, datum, wanted->model,
					  psprintf("the %s of layer %d", column == COLUMN_SLOTS ? "slots" : "weights",
							   row->layer));
	}
}

static void
put_rows(Writer *writer, const Wanted *wanted, const NnetLayerRow *rows, int n)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet model row", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	put_number(writer, (uint32) n);
	for (int i = 0; i < n; i++)
	{
		if (wanted->structure && rows[i].layer == TRAINING_LAYER)
			continue;
		put_number(writer, (uint32) rows[i].layer);
		put_number(writer, (uint32) rows[i].part);
		for (int column = COLUMN_KIND; column < COLUMN_COUNT; column++)
			put_column(writer, wanted, &rows[i], column);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

static void
digest(const void *bytea_of, uint8 *to)
{
	Datum hash = DirectFunctionCall1(sha256_bytea, PointerGetDatum(bytea_of));

	memcpy(to, VARDATA_ANY(DatumGetPointer(hash)), NNET_DIGEST_BYTES);
	pfree(DatumGetPointer(hash));
}

static void
digest_structure(const NnetLayerRow *rows, int n, uint8 *to)
{
	Wanted wanted = {.structure = true};
	Writer writer = {NULL, 0};
	bytea *bytes;

	put_rows(&writer, &wanted, rows, n);
	bytes = palloc(VARHDRSZ + writer.at);
	SET_VARSIZE(bytes, VARHDRSZ + writer.at);
	writer = (Writer){VARDATA(bytes), 0};
	put_rows(&writer, &wanted, rows, n);
	digest(bytes, to);
	pfree(bytes);
}

NnetModelValue *
nnet_model_value_make(const NnetLayerRow *rows, int n, bool slots, const char *name)
{
	Wanted wanted = {.slots = slots, .model = name};
	Writer writer = {NULL, offsetof(NnetModelValue, rows)};
	NnetModelValue *value;
	size_t bytes;

	put_rows(&writer, &wanted, rows, n);
	bytes = writer.at;
	if (bytes > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("model \"%s\" is too large for a value of type nnet.model", name),
				 errdetail("A value has at most 1 GB."),
				 slots ? errhint("nnet.pack(model, slots => false) leaves out the optimizer's "
								 "state; larger models stay tables.")
					   : errhint("Larger models stay tables.")));
	nnet_memory_check(&(NnetMemoryNeed){
		.model = name,
		.action = "be made one value",
		.bytes = {[NNET_MEMORY_COPIES] = bytes},
	});
	value = palloc(bytes);
	memset(value, 0, offsetof(NnetModelValue, rows));
	SET_VARSIZE(value, bytes);
	value->magic = MAGIC;
	value->version = VERSION;
	SET_VARSIZE(&value->rows_len_, bytes - HEAD_BYTES);
	writer = (Writer){(char *) value, offsetof(NnetModelValue, rows)};
	put_rows(&writer, &wanted, rows, n);
	Assert(writer.at == bytes);
	digest(&value->rows_len_, value->content);
	digest_structure(rows, n, value->structure);
	return value;
}

/* ---- the name for messages ---- */

/* In the training row, whose name says nothing else. */
#define NAME_PREFIX TRAINING_KIND " of "

void
nnet_value_set_name(NnetLayerRow *rows, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (rows[i].layer == TRAINING_LAYER)
		{
			rows[i].values[COLUMN_NAME] = CStringGetTextDatum(psprintf(NAME_PREFIX "%s", name));
			rows[i].nulls[COLUMN_NAME] = false;
		}
}

const char *
nnet_value_name(const NnetLayerRow *rows, int n)
{
	for (int i = 0; i < n; i++)
		if (rows[i].layer == TRAINING_LAYER && !rows[i].nulls[COLUMN_NAME])
		{
			const char *name = TextDatumGetCString(rows[i].values[COLUMN_NAME]);

			if (strncmp(name, NAME_PREFIX, strlen(NAME_PREFIX)) == 0)
				return name + strlen(NAME_PREFIX);
		}
	return NNET_VALUE_NAME;
}

NnetModel *
nnet_value_rows_load(NnetLayerRow *rows, int n, int flags, MemoryContext parent)
{
	return nnet_model_load_rows(rows, n, nnet_value_name(rows, n), flags, parent);
}

/* ---- reading ---- */

typedef struct Parser
{
	const char *from;
	size_t left;
} Parser;

pg_noreturn static void
refuse(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid value of type nnet.model"), errdetail("%s", detail),
			 errhint("nnet.pack() and nnet.fit_value() make such values; copy them whole.")));
}

/* n bytes and the zeros that follow. */
static const char *
take_bytes(Parser *parser, size_t n)
{
	const char *bytes = parser->from;
	size_t padded = TYPEALIGN(4, n);

	if (n > parser->left || padded > parser->left)
		refuse("It ends before its length.");
	for (size_t i = n; i < padded; i++)
		if (bytes[i] != 0)
			refuse("There is something between its parts.");
	parser->from += padded;
	parser->left -= padded;
	return bytes;
}

static uint32
take_number(Parser *parser)
{
	uint32 number;

	memcpy(&number, take_bytes(parser, sizeof(number)), sizeof(number));
	return number;
}

/* The length of a part, or NO_FIELD. */
static uint32
take_length(Parser *parser)
{
	uint32 length = take_number(parser);

	if (length != NO_FIELD && length > parser->left)
		refuse("A part of it is longer than the whole.");
	return length;
}

/* Of that length, in the server's encoding; refuses what is no text. */
static char *
take_text(Parser *parser, uint32 length)
{
	const char *bytes = take_bytes(parser, length);
	char *text;

	if (memchr(bytes, 0, length) != NULL)
		refuse("A text in it contains a zero byte.");
	text = pnstrdup(bytes, length);
	/* if it is not another, it was checked where it is */
	return pg_any_to_server(text, (int) length, PG_UTF8);
}

static Datum
take_texts(Parser *parser, uint32 length)
{
	Parser texts = {take_bytes(parser, length), length};
	int room = (int) (length / sizeof(uint32)) + 1;
	Datum *elements = palloc(sizeof(Datum) * room);
	bool *nulls = palloc(sizeof(bool) * room);
	int n = 0;
	int lower = 1;

	if (length % sizeof(uint32) != 0)
		refuse("A list of texts in it ends within one.");
	for (; texts.left > 0; n++)
	{
		uint32 one = take_length(&texts);

		nulls[n] = one == NO_FIELD;
		elements[n] = nulls[n] ? (Datum) 0 : CStringGetTextDatum(take_text(&texts, one));
	}
	return PointerGetDatum(
		construct_md_array(elements, nulls, 1, &n, &lower, TEXTOID, -1, false, TYPALIGN_INT));
}

/* PostgreSQL's message about a text that is no JSON does not tell where it is. */
static void
tell_config(void *arg)
{
	errcontext("config of layer %d in a value of type nnet.model", *(const int *) arg);
}

static Datum
take_json(Parser *parser, uint32 length, int layer)
{
	char *text = take_text(parser, length);
	ErrorContextCallback where = {error_context_stack, tell_config, &layer};
	Datum json;

	error_context_stack = &where;
	json = DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
	error_context_stack = where.previous;
	pfree(text);
	return json;
}

/* Exactly what put_reals writes. */
static Datum
take_reals(Parser *parser, uint32 length)
{
	const ArrayType *array = (const ArrayType *) take_bytes(parser, length);
	bool empty = length == ARR_OVERHEAD_NONULLS(0);

	if (length < ARR_OVERHEAD_NONULLS(0) || length % sizeof(float4) != 0 ||
		(!empty && length <= WEIGHTS_HEADER))
		refuse("Its weights have no length.");
	if (!VARATT_IS_4B_U(array) || VARSIZE(array) != length || array->dataoffset != 0 ||
		array->elemtype != FLOAT4OID || array->ndim != (empty ? 0 : 1) ||
		(!empty &&
		 (ARR_LBOUND(array)[0] != 1 ||
		  ARR_DIMS(array)[0] != (int) ((length - WEIGHTS_HEADER) / sizeof(float4)))))
		refuse("Its weights are no array.");
	return PointerGetDatum(array);
}

static void
take_row(Parser *parser, NnetLayerRow *row)
{
	memset(row, 0, sizeof(*row));
	row->layer = (int) take_number(parser);
	row->part = (int) take_number(parser);
	row->values[COLUMN_LAYER] = Int32GetDatum(row->layer);
	row->values[COLUMN_PART] = Int32GetDatum(row->part);
	for (int column = COLUMN_KIND; column < COLUMN_COUNT; column++)
	{
		uint32 length = take_length(parser);

		row->nulls[column] = length == NO_FIELD;
		if (length == NO_FIELD)
			continue;
		if (column == COLUMN_KIND || column == COLUMN_NAME)
			row->values[column] = CStringGetTextDatum(take_text(parser, length));
		else if (column == COLUMN_INPUTS)
			row->values[column] = take_texts(parser, length);
		else if (column == COLUMN_CONFIG)
			row->values[column] = take_json(parser, length, row->layer);
		else
			row->values[column] = take_reals(parser, length);
	}
}

static void
check_head(const NnetModelValue *value)
{
	size_t bytes = VARSIZE(value);
	uint8 content[NNET_DIGEST_BYTES];

	if (bytes < offsetof(NnetModelValue, rows) + sizeof(uint32))
		refuse("It is too short for one.");
	if (value->magic == pg_bswap32(MAGIC))
		refuse("It comes from a machine with another order of bytes.");
	if (value->magic != MAGIC)
		refuse("It does not begin as one.");
	if (value->version != VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a value of type nnet.model has version %u, this nnet reads %d",
						value->version, VERSION),
				 errhint("Install the nnet that wrote it, or a newer one.")));
	if (!VARATT_IS_4B_U(&value->rows_len_) || VARSIZE(&value->rows_len_) != bytes - HEAD_BYTES)
		refuse("Its length is not what it says.");
	digest(&value->rows_len_, content);
	if (memcmp(content, value->content, NNET_DIGEST_BYTES) != 0)
		refuse("Its content is not what its digest says.");
}

NnetLayerRow *
nnet_model_value_rows(const NnetModelValue *value, int *n)
{
	Parser parser = {value->rows, VARSIZE(value) - offsetof(NnetModelValue, rows)};
	uint8 structure[NNET_DIGEST_BYTES];
	NnetLayerRow *rows;
	uint32 count;

	check_head(value);
	count = take_number(&parser);
	/* none is shorter than its numbers and lengths */
	if (count > parser.left / (COLUMN_COUNT * sizeof(uint32)))
		refuse("It says that it has more rows than it can hold.");
	rows = palloc(sizeof(NnetLayerRow) * Max(count, 1));
	for (uint32 i = 0; i < count; i++)
	{
		nnet_check_interrupts();
		take_row(&parser, &rows[i]);
	}
	if (parser.left > 0)
		refuse("There is something after its last row.");
	digest_structure(rows, (int) count, structure);
	if (memcmp(structure, value->structure, NNET_DIGEST_BYTES) != 0)
		refuse("Its structure is not what its digest says.");
	*n = (int) count;
	return rows;
}

NnetModelValue *
nnet_model_value_get(Datum datum)
{
	NnetModelValue *value = (NnetModelValue *) PG_DETOAST_DATUM(datum);

	/* on a page it is aligned as its type says, elsewhere perhaps not */
	if ((uintptr_t) value % sizeof(int32) != 0)
	{
		NnetModelValue *copy = palloc(VARSIZE(value));

		value = memcpy(copy, value, VARSIZE(value));
	}
	return value;
}

NnetModel *
nnet_model_value_load(Datum datum, int flags, MemoryContext parent)
{
	MemoryContext reading =
		AllocSetContextCreate(CurrentMemoryContext, "nnet model value", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(reading);
	int n;
	NnetLayerRow *rows = nnet_model_value_rows(nnet_model_value_get(datum), &n);
	NnetModel *model;

	MemoryContextSwitchTo(caller);
	model = nnet_value_rows_load(rows, n, flags, parent);
	MemoryContextDelete(reading);
	return model;
}

const uint8 *
nnet_model_value_content(Datum datum, NnetRecentValue *recent)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);
	struct varlena *head;

	if (VARATT_IS_4B_U(value) && VARSIZE(value) >= HEAD_BYTES)
	{
		recent->stored = false;
		memcpy(recent->content, (char *) value + offsetof(NnetModelValue, content),
			   NNET_DIGEST_BYTES);
		return recent->content;
	}
	/* the same pointer in one query is the same value */
	if (VARATT_IS_EXTERNAL_ONDISK(value) && recent->stored &&
		memcmp(recent->pointer, VARDATA_EXTERNAL(value), sizeof(struct varatt_external)) == 0)
		return recent->content;
	head = PG_DETOAST_DATUM_SLICE(datum, 0, HEAD_BYTES - VARHDRSZ);
	if (VARSIZE_ANY_EXHDR(head) != HEAD_BYTES - VARHDRSZ)
		refuse("It is too short for one.");
	memcpy(recent->content, VARDATA_ANY(head) + offsetof(NnetModelValue, content) - VARHDRSZ,
		   NNET_DIGEST_BYTES);
	recent->stored = VARATT_IS_EXTERNAL_ONDISK(value);
	if (recent->stored)
		memcpy(recent->pointer, VARDATA_EXTERNAL(value), sizeof(struct varatt_external));
	if (head != value)
		pfree(head);
	return recent->content;
}
