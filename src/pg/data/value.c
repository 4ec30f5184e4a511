/*
 * value.c
 *	  Any SQL value to floats.
 *
 * A reader is a small tree of nodes, chosen once by type: arrays of numbers,
 * bytea, one number, rows of such values, literals of unknown type, and types
 * with a cast to real[].  Domains count as what they are made from.
 *
 * An error names the column of a row, or the position among all values where the
 * columns have no names of their own, and the model.  Which row of a query it
 * is, whoever reads rows says (NnetRow).
 *
 * Lifetimes: the reader and its buffer live in the context given to
 * nnet_reader_make.  What reading a value leaves behind (detoasted copies, the
 * results of casts) goes to a scratch context that the next read resets.
 *
 * Long because how a value is read and reading it are told part by part of the
 * same tree.
 */
#include "pg/data/data.h"
#include "pg/types/number.h"
#include "pg/data/origin.h"

#include <math.h>

#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#define PREFETCH_BYTES 4096 /* of an array: in a page there is none larger */

typedef enum Form
{
	FORM_NUMBER,
	FORM_ARRAY,
	FORM_BYTEA,
	FORM_ROW,
	FORM_LITERAL,
	FORM_CAST
} Form;

/* How values of one type, or of one column of a row, are read. */
typedef struct ValueNode
{
	Form form;
	const NnetNumber *number; /* of FORM_NUMBER and FORM_ARRAY */
	FmgrInfo cast;			  /* of FORM_CAST */
	int cast_args;
	char *column;	 /* its name, after those it is within; NULL: has none */
	uint64 row_type; /* of FORM_ROW: what desc describes, as the type cache numbers it */
	TupleDesc desc;
	struct ValueNode *columns; /* one an attribute */
	Datum *values;
	bool *nulls;
	size_t *ends;		   /* how many values there were after each column, of the row read last */
	MemoryContext context; /* of desc, columns, values and nulls */
	MemoryContext owner;   /* where the node itself lives */
} ValueNode;

struct NnetReader
{
	ValueNode root;
	char *what;
	char *subject; /* of messages: 'x for model "m"' */
	MemoryContext context;
	MemoryContext scratch;
	float *values;
	size_t count;
	size_t room;
	NnetRounding *rounding; /* measured while reading, or NULL */
	bool takes_missing;		/* NULL and NaN are read as NaN */
	NnetOrigins *origins;	/* taken from each value, or NULL */
	bool ahead;				/* casts of users are refused */
	bool runs_others;		/* one was met */
	/* at hand */
	const char *column; /* NULL: none with a name */
	size_t begin;		/* how many values there were before that column */
	bool in_row;
	/* where the array before lay, and how far before it the one before that */
	uintptr_t array;
	uintptr_t stride;
};

static void read_value(NnetReader *reader, ValueNode *node, Datum value);

/* ---- choosing how to read ---- */

/* 'x for model "m"', or a column of it. */
static const char *
subject_of(const NnetReader *reader, const char *column)
{
	return column != NULL ? psprintf("column \"%s\" of %s", column, reader->subject)
						  : reader->subject;
}

/* number: of the column in its row, 0 outside of a row. */
static void
refuse_type(const NnetReader *reader, Oid type, const char *column, int number)
{
	const char *subject = subject_of(reader, column);
	const char *last = column != NULL ? strrchr(column, '.') : NULL;
	const char *what = strchr(reader->what, ' ') != NULL ? "x" : reader->what;

	if (column == NULL && number > 0)
		subject = psprintf("column %d of %s", number, subject);
	if (column != NULL)
		what = quote_identifier(last != NULL ? last + 1 : column);
	ereport(
		ERROR,
		(errcode(ERRCODE_DATATYPE_MISMATCH),
		 errmsg("%s has type %s, which cannot be read as numbers", subject, format_type_be(type)),
		 errhint("%s", nnet_type_hint(type, what))));
}

/* True if the type can be read after its cast to real[]. */
static bool
node_init_cast(NnetReader *reader, ValueNode *node, Oid type)
{
	Oid function;
	AclResult acl;

	switch (find_coercion_pathway(FLOAT4ARRAYOID, type, COERCION_EXPLICIT, &function))
	{
		case COERCION_PATH_FUNC:
			acl = object_aclcheck(ProcedureRelationId, function, GetUserId(), ACL_EXECUTE);
			if (acl != ACLCHECK_OK)
				aclcheck_error(acl, OBJECT_FUNCTION, get_func_name(function));
			reader->runs_others |= !nnet_function_is_servers(function);
			if (reader->ahead && reader->runs_others)
				nnet_refuse_ahead(reader->subject);
			node->form = FORM_CAST;
			fmgr_info_cxt(function, &node->cast, node->owner);
			node->cast_args = get_func_nargs(function);
			return true;
		case COERCION_PATH_RELABELTYPE:
			node->form = FORM_ARRAY;
			node->number = nnet_number_type(FLOAT4OID);
			return true;
		default:
			return false;
	}
}

static void
node_init(NnetReader *reader, ValueNode *node, Oid type, char *column, int number,
		  MemoryContext owner)
{
	Oid element;

	memset(node, 0, sizeof(*node));
	node->owner = owner;
	node->column = column;
	type = getBaseType(type);
	if (type == BYTEAOID)
		node->form = FORM_BYTEA;
	else if (type == UNKNOWNOID)
		node->form = FORM_LITERAL;
	else if ((node->number = nnet_number_type(type)) != NULL)
		node->form = FORM_NUMBER;
	else if ((element = get_element_type(type)) != InvalidOid &&
			 (node->number = nnet_number_type(getBaseType(element))) != NULL)
		node->form = FORM_ARRAY;
	else if (type_is_rowtype(type) && !node_init_cast(reader, node, type))
		node->form = FORM_ROW;
	else if (node->form != FORM_CAST && !node_init_cast(reader, node, type))
		refuse_type(reader, type, column, number);
}

NnetReader *
nnet_reader_make(Oid type, const char *what, const char *model, MemoryContext context)
{
	NnetReader *reader = MemoryContextAllocZero(context, sizeof(NnetReader));

	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_INDETERMINATE_DATATYPE),
				 errmsg("could not determine the type of %s", what)));
	reader->context = context;
	reader->scratch = AllocSetContextCreate(context, "nnet reader", ALLOCSET_DEFAULT_SIZES);
	reader->what = MemoryContextStrdup(context, what);
	reader->subject = reader->what;
	if (model != NULL)
		reader->subject =
			MemoryContextStrdup(context, psprintf("%s for model \"%s\"", what, model));
	node_init(reader, &reader->root, type, NULL, 0, context);
	return reader;
}

void
nnet_reader_set_origins(NnetReader *reader, NnetOrigins *origins)
{
	const NnetNumber *number = reader->root.number;

	/* what a real holds as it is has nothing to lose */
	if (!origins->finds ||
		(reader->root.form != FORM_BYTEA && (number == NULL || number->widen != NULL)))
		reader->origins = origins;
}

void
nnet_reader_read_ahead(NnetReader *reader)
{
	reader->ahead = true;
}

bool
nnet_reader_runs_others(const NnetReader *reader)
{
	return reader->runs_others;
}

void
nnet_reader_take_missing(NnetReader *reader)
{
	reader->takes_missing = true;
}

void
nnet_reader_measure(NnetReader *reader, NnetRounding *rounding)
{
	reader->rounding = rounding;
}

const NnetRounding *
nnet_reader_rounding(const NnetReader *reader)
{
	return reader->rounding;
}

bool
nnet_reader_is_bytes(const NnetReader *reader)
{
	return reader->root.form == FORM_BYTEA;
}

/* ---- reading ---- */

/* Room for n more values; returns where they go. */
static float *
reader_extend(NnetReader *reader, size_t n)
{
	if (n > NN_MAX_SAMPLE - reader->count)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s has more than %zu values", reader->subject, NN_MAX_SAMPLE)));
	if (reader->count + n > reader->room)
	{
		size_t room = Max(Max(reader->count + n, 2 * reader->room), 16);

		reader->values = reader->values == NULL
			? MemoryContextAllocHuge(reader->context, room * sizeof(float))
			: repalloc_huge(reader->values, room * sizeof(float));
		reader->room = room;
	}
	return reader->values + reader->count;
}

/* A message of the value after index others of an array, a bytea or a row; single: of one number. */
static int
errmsg_at(const NnetReader *reader, const char *value, size_t index, bool single)
{
	const char *subject = subject_of(reader, reader->column);

	if (single && reader->column != NULL)
		return errmsg("%s is %s", subject, value);
	return errmsg("%s has %s at position %zu", subject, value,
				  reader->count - reader->begin + index + 1);
}

static void
refuse_null(const NnetReader *reader, size_t index, bool single)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
		 errmsg_at(reader, single && reader->column != NULL ? "NULL" : "a NULL", index, single),
		 errhint("Leave such rows out, or give a value in its place, for example by coalesce().")));
}

/* Refuse NaN and infinities among the n values that come next. */
static void
check_finite(const NnetReader *reader, const float *values, size_t n, bool single)
{
	size_t i = nn_first_not_finite(values, n);

	while (i < n && reader->takes_missing && !isinf(values[i]))
		i++;
	if (i == n)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg_at(reader, isnan(values[i]) ? "NaN" : "an infinite value", i, single),
			 errdetail("Values are kept as real: finite and up to about 3.4e38."),
			 errhint(isnan(values[i])
						 ? "Leave such rows out, or give a number in its place, in an array by "
						   "array_replace(..., 'NaN', 0)."
						 : "Leave such rows out, or scale or limit the values, for example by "
						   "least().")));
}

/* How many elements; NULLs among them are refused, unless they may be missing. */
static size_t
array_count(NnetReader *reader, ArrayType *array)
{
	size_t n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	bits8 *nulls = ARR_NULLBITMAP(array);

	for (size_t i = 0; nulls != NULL && i < n && !reader->takes_missing; i++)
	{
		if (!(nulls[i / 8] & (1 << (i % 8))))
			refuse_null(reader, i, false);
	}
	return n;
}

static void
take_origins(NnetReader *reader, float *dst, double *exact, size_t index, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		exact[i] = nnet_origins_take(reader->origins, reader->count + index + i, exact[i]);
		dst[i] = (float) exact[i];
	}
}

/* Of a type that a real holds exactly. */
static const char *
widen_exact(const NnetNumber *number, const char *src, float *dst, double *exact, size_t n)
{
	number->convert(src, dst, n);
	for (size_t i = 0; i < n; i++)
		exact[i] = (double) dst[i];
	return src + n * number->size;
}

static void
measure_array(NnetReader *reader, const NnetNumber *number, const char *src, float *dst, size_t n)
{
	double exact[256];
	size_t more;

	for (size_t i = 0; i < n; i += more)
	{
		more = Min(n - i, lengthof(exact));
		if (number->widen != NULL)
			src = number->widen(src, dst + i, exact, more);
		else
			src = widen_exact(number, src, dst + i, exact, more);
		if (reader->origins != NULL)
			take_origins(reader, dst + i, exact, i, more);
		if (reader->rounding != NULL)
			nnet_rounding_add(reader->rounding, reader->count + i, exact, more);
	}
}

/* An array with NULLs, which are NaN here: element by element. */
static void
read_array_missing(NnetReader *reader, const NnetNumber *number, ArrayType *array)
{
	Oid element = ARR_ELEMTYPE(array);
	int16 length;
	bool by_value;
	char align;
	Datum *values;
	bool *nulls;
	int n;

	get_typlenbyvalalign(element, &length, &by_value, &align);
	deconstruct_array(array, element, length, by_value, align, &values, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		double exact = NAN;
		float real = nulls[i] ? NAN : number->number(values[i], &exact);

		if (reader->origins != NULL && !nulls[i])
			take_origins(reader, &real, &exact, 0, 1);
		check_finite(reader, &real, 1, false);
		if (reader->rounding != NULL && number->widen != NULL)
			nnet_rounding_add(reader->rounding, reader->count, &exact, 1);
		*reader_extend(reader, 1) = real;
		reader->count++;
	}
}

/* Arrays of a scan lie at even distances in a page: ask for the next but one, if it is there or not. */
static void
prefetch_array(NnetReader *reader, const void *array)
{
	/* as numbers: what is asked for need not be an address of anything */
	uintptr_t at = (uintptr_t) array;
	uintptr_t stride = at - reader->array;
	size_t bytes = VARSIZE_ANY(array);

	if (stride == reader->stride && bytes <= PREFETCH_BYTES)
		nn_prefetch((const void *) (at + 2 * stride), bytes);
	reader->stride = stride;
	reader->array = at;
}

static void
read_array(NnetReader *reader, const NnetNumber *number, Datum value)
{
	ArrayType *array;
	size_t n;
	float *dst;

	prefetch_array(reader, DatumGetPointer(value));
	array = DatumGetArrayTypeP(value);
	n = array_count(reader, array);
	dst = reader_extend(reader, n);
	if (ARR_NULLBITMAP(array) != NULL)
	{
		read_array_missing(reader, number, array);
		return;
	}
	if (reader->origins != NULL || (reader->rounding != NULL && number->widen != NULL))
		measure_array(reader, number, ARR_DATA_PTR(array), dst, n);
	else
		number->convert(ARR_DATA_PTR(array), dst, n);
	check_finite(reader, dst, n, false);
	reader->count += n;
}

static void
read_number(NnetReader *reader, float value)
{
	*reader_extend(reader, 1) = value;
	if (!isfinite(value))
		check_finite(reader, &value, 1, true);
	reader->count++;
}

static void
read_typed_number(NnetReader *reader, const NnetNumber *number, Datum value)
{
	double exact;
	size_t position = reader->count;

	float real = number->number(value, &exact);

	if (reader->origins != NULL)
		take_origins(reader, &real, &exact, 0, 1);
	read_number(reader, real);
	if (reader->rounding != NULL && number->widen != NULL)
		nnet_rounding_add(reader->rounding, position, &exact, 1);
}

static void
read_bytea(NnetReader *reader, Datum value)
{
	bytea *bytes = DatumGetByteaPP(value);
	size_t n = VARSIZE_ANY_EXHDR(bytes);

	nn_bytes_to_reals(reader_extend(reader, n), (const uint8_t *) VARDATA_ANY(bytes), n);
	for (size_t i = 0; reader->origins != NULL && i < n; i++)
	{
		float *value = reader->values + reader->count + i;

		*value = (float) nnet_origins_take(reader->origins, reader->count + i, *value);
	}
	reader->count += n;
}

/* Where in x a value is that a function of its type is asked for. */
static void
tell_value(void *arg)
{
	const NnetReader *reader = arg;

	if (reader->column == NULL && reader->in_row)
		errcontext("position %zu of %s", reader->count + 1, reader->subject);
	else
		errcontext("%s", subject_of(reader, reader->column));
}

/* '{1,2}' is read as real[], anything else as one number. */
static void
read_literal(NnetReader *reader, Datum value)
{
	char *text = DatumGetCString(value);
	Oid type = reader->origins != NULL ? FLOAT8OID : FLOAT4OID;

	if (text[strspn(text, " \t\n\r\f\v")] == '{' || strchr(text, '[') != NULL)
		read_array(reader, nnet_number_type(type),
				   OidInputFunctionCall(F_ARRAY_IN, text, type, -1));
	else if (reader->origins != NULL)
		read_typed_number(reader, nnet_number_type(type),
						  DirectFunctionCall1(float8in, CStringGetDatum(text)));
	else
		read_number(reader, DatumGetFloat4(DirectFunctionCall1(float4in, CStringGetDatum(text))));
}

static void
read_cast(NnetReader *reader, ValueNode *node, Datum value)
{
	LOCAL_FCINFO(fcinfo, 3);
	Datum array;

	InitFunctionCallInfoData(*fcinfo, &node->cast, node->cast_args, InvalidOid, NULL, NULL);
	fcinfo->args[0] = (NullableDatum){value, false};
	fcinfo->args[1] = (NullableDatum){Int32GetDatum(-1), false}; /* typmod */
	fcinfo->args[2] = (NullableDatum){BoolGetDatum(true), false};
	array = FunctionCallInvoke(fcinfo);
	if (fcinfo->isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s: the cast to real[] gives NULL", reader->subject),
				 errhint("Leave such rows out.")));
	read_array(reader, nnet_number_type(FLOAT4OID), array);
}

/*
 * The name of a column for messages, after those of the columns that it is
 * within.  Columns of ROW(...) have no names but f1, f2, ...: NULL.
 */
static char *
column_name(const ValueNode *node, Oid type, int i, const char *name)
{
	char position[NAMEDATALEN];

	snprintf(position, sizeof(position), "f%d", i + 1);
	if (type == RECORDOID && strcmp(name, position) == 0)
		return node->column;
	return node->column != NULL ? psprintf("%s.%s", node->column, name) : pstrdup(name);
}

/* Learn the columns of another row type than before, or of one that was altered. */
static void
node_set_row_type(NnetReader *reader, ValueNode *node, Oid type, int32 typmod)
{
	uint64 identifier = assign_record_type_identifier(type, typmod);
	MemoryContext old;
	TupleDesc desc;

	node->row_type = 0;
	if (node->context == NULL)
		node->context = AllocSetContextCreate(node->owner, "nnet row reader", ALLOCSET_SMALL_SIZES);
	else
		MemoryContextReset(node->context);
	old = MemoryContextSwitchTo(node->context);
	desc = lookup_rowtype_tupdesc_copy(type, typmod);
	node->desc = desc;
	node->columns = palloc0(desc->natts * sizeof(ValueNode) + 1);
	node->values = palloc(desc->natts * sizeof(Datum) + 1);
	node->nulls = palloc(desc->natts * sizeof(bool) + 1);
	node->ends = palloc0(desc->natts * sizeof(size_t) + 1);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		if (!attribute->attisdropped)
			node_init(reader, &node->columns[i], attribute->atttypid,
					  column_name(node, type, i, NameStr(attribute->attname)), i + 1,
					  node->context);
	}
	MemoryContextSwitchTo(old);
	node->row_type = identifier;
}

/* A NULL column: one missing number, if it is one. */
static void
read_null(NnetReader *reader, const ValueNode *node)
{
	if (!reader->takes_missing || (node->form != FORM_NUMBER && node->form != FORM_LITERAL))
		refuse_null(reader, 0, true);
	read_number(reader, NAN);
}

static void
read_row(NnetReader *reader, ValueNode *node, Datum value)
{
	HeapTupleHeader row = DatumGetHeapTupleHeader(value);
	Oid type = HeapTupleHeaderGetTypeId(row);
	int32 typmod = HeapTupleHeaderGetTypMod(row);
	HeapTupleData tuple;
	const char *column = reader->column;
	size_t begin = reader->begin;

	check_stack_depth();
	if (node->row_type != assign_record_type_identifier(type, typmod))
		node_set_row_type(reader, node, type, typmod);
	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, node->desc, node->values, node->nulls);
	for (int i = 0; i < node->desc->natts; i++)
	{
		node->ends[i] = reader->count;
		if (TupleDescAttr(node->desc, i)->attisdropped)
			continue;
		if (node->columns[i].column != column)
		{
			reader->column = node->columns[i].column;
			reader->begin = reader->count;
		}
		reader->in_row = true;
		if (node->nulls[i])
			read_null(reader, &node->columns[i]);
		else
			read_value(reader, &node->columns[i], node->values[i]);
		node->ends[i] = reader->count;
	}
	reader->column = column;
	reader->begin = begin;
}

static void
read_value(NnetReader *reader, ValueNode *node, Datum value)
{
	ErrorContextCallback frame = {error_context_stack, tell_value, reader};

	switch (node->form)
	{
		case FORM_NUMBER:
			read_typed_number(reader, node->number, value);
			break;
		case FORM_ARRAY:
			read_array(reader, node->number, value);
			break;
		case FORM_BYTEA:
			read_bytea(reader, value);
			break;
		case FORM_ROW:
			read_row(reader, node, value);
			break;
		case FORM_LITERAL:
			error_context_stack = &frame;
			read_literal(reader, value);
			break;
		case FORM_CAST:
			error_context_stack = &frame;
			read_cast(reader, node, value);
			break;
	}
	error_context_stack = frame.previous;
}

const float *
nnet_reader_reals(NnetReader *reader, Datum value, size_t *count)
{
	MemoryContext old;

	reader->count = 0;
	reader->begin = 0;
	reader->column = NULL;
	reader->in_row = false;
	if (reader->root.form == FORM_NUMBER && reader->root.number->size > 0)
	{
		/* each column of a row has a reader: what is slow is for those that leave something behind */
		read_typed_number(reader, reader->root.number, value);
		*count = 1;
		return reader->values;
	}
	MemoryContextReset(reader->scratch);
	old = MemoryContextSwitchTo(reader->scratch);
	if (reader->root.form == FORM_ARRAY && reader->root.number->oid == FLOAT4OID &&
		reader->origins == NULL)
	{
		/* already what is wanted: no copy */
		ArrayType *array = DatumGetArrayTypeP(value);
		const float *values = (const float *) ARR_DATA_PTR(array);

		*count = array_count(reader, array);
		if (ARR_NULLBITMAP(array) == NULL)
		{
			check_finite(reader, values, *count, false);
			MemoryContextSwitchTo(old);
			return values;
		}
		value = PointerGetDatum(array);
	}
	read_value(reader, &reader->root, value);
	MemoryContextSwitchTo(old);
	*count = reader->count;
	return reader->values;
}

char *
nnet_reader_column(const NnetReader *reader, size_t position)
{
	const ValueNode *node = &reader->root;
	char *name = NULL;
	size_t begin = 0;
	size_t end = 0;

	while (node->form == FORM_ROW && node->row_type != 0)
	{
		int i = 0;

		while (i < node->desc->natts && node->ends[i] <= position)
			begin = node->ends[i++];
		if (i == node->desc->natts)
			return NULL;
		end = node->ends[i];
		name = psprintf("%s%s\"%s\"", name != NULL ? name : "", name != NULL ? "." : "",
						NameStr(TupleDescAttr(node->desc, i)->attname));
		node = &node->columns[i];
	}
	return end - begin > 1 ? psprintf("%s[%zu]", name, position - begin + 1) : name;
}

const uint8 *
nnet_reader_bytes(NnetReader *reader, Datum value, size_t *count)
{
	MemoryContext old;
	bytea *bytes;

	Assert(nnet_reader_is_bytes(reader));
	MemoryContextReset(reader->scratch);
	old = MemoryContextSwitchTo(reader->scratch);
	bytes = DatumGetByteaPP(value);
	MemoryContextSwitchTo(old);
	*count = VARSIZE_ANY_EXHDR(bytes);
	return (const uint8 *) VARDATA_ANY(bytes);
}
