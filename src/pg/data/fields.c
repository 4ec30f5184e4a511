/*
 * fields.c
 *	  A value with named parts, taken apart into what each port of a model takes.
 *
 *	 whole rows, composite types	by name: other columns are passed over
 *	 ROW(...)						by position, since its columns have no names
 *	 jsonb							by key
 *
 * A model of one port takes a value as it is, unless that has a field of the
 * port's name.
 *
 * Lifetimes: all is in the context given to nnet_fields_make.  What taking a
 * value apart leaves behind (detoasted copies, values made of jsonb) goes to a
 * scratch context that the next take resets.
 */
#include "pg/data/data.h"
#include "pg/data/fields.h"

#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/typcache.h"

#define MANY_VALUES 100000 /* worth a check before there is room made for them */

struct NnetFields
{
	MemoryContext context;
	MemoryContext scratch;
	const char *what;
	char *model;
	Oid type; /* of values, no domain */
	int n;
	NnetField *fields;
	bool whole; /* of one port: values are taken as they are */

	/* rows */
	uint64 row_type; /* what desc describes, as the type cache numbers it; 0: nothing */
	TupleDesc desc;
	Datum *values;
	bool *nulls;
	MemoryContext row_context; /* of these */
};

/* ---- what is refused ---- */

/* "a", "b", ... of the ports, for a hint. */
static char *
ports_list(const NnetFields *fields)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < fields->n; i++)
		appendStringInfo(&list, "%s%s", i > 0 ? ", " : "",
						 quote_identifier(fields->fields[i].name));
	return list.data;
}

pg_noreturn static void
refuse_missing(const NnetFields *fields, const char *name, bool json)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_UNDEFINED_COLUMN),
		 json ? errmsg("%s for model \"%s\" has no key \"%s\"", fields->what, fields->model, name)
			  : errmsg("%s for model \"%s\" has no column \"%s\"", fields->what, fields->model,
					   name),
		 errhint("It must have: %s. Others are passed over.", ports_list(fields))));
}

pg_noreturn static void
refuse_whole(const NnetFields *fields, const char *is)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("%s for model \"%s\" is %s, but must have the parts %s", fields->what,
					fields->model, is, ports_list(fields)),
			 errhint("Give a whole row that has these columns, ROW(...) of them in this order, or "
					 "a jsonb object with these keys.")));
}

/* ---- rows ---- */

/* Whether columns have no names but f1, f2, ..., as those of ROW(...). */
static bool
is_anonymous(TupleDesc desc)
{
	char name[NAMEDATALEN];

	/* what is declared as record may be a row of a table */
	if (desc->tdtypeid != RECORDOID)
		return false;
	for (int i = 0; i < desc->natts; i++)
	{
		snprintf(name, sizeof(name), "f%d", i + 1);
		if (strcmp(NameStr(TupleDescAttr(desc, i)->attname), name) != 0)
			return false;
	}
	return true;
}

static int
find_column(TupleDesc desc, const char *name)
{
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0)
			return i;
	}
	return -1;
}

/*
 * Whether ports take columns by their positions.  A query may well name its
 * columns f1, f2, ...: then so may ports be named, and which is meant must not
 * be guessed.
 */
static bool
is_by_position(const NnetFields *fields, TupleDesc desc)
{
	bool in_order = true;

	if (fields->n == 1 || !is_anonymous(desc))
		return false;
	for (int i = 0; i < fields->n; i++)
	{
		int column = find_column(desc, fields->fields[i].name);

		if (column < 0)
			return true;
		in_order &= column == i;
	}
	if (!in_order && desc->natts == fields->n)
		ereport(ERROR,
				(errcode(ERRCODE_AMBIGUOUS_COLUMN),
				 errmsg("%s for model \"%s\" can be read by the names of its columns and by their "
						"positions, which differ",
						fields->what, fields->model),
				 errhint("Cast it to a type that has the columns %s, or give jsonb.",
						 ports_list(fields))));
	return false;
}

static void
find_columns(NnetFields *fields, TupleDesc desc)
{
	bool by_position = is_by_position(fields, desc);

	if (by_position && desc->natts != fields->n)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s for model \"%s\" is a row of %d values, but must have %d", fields->what,
						fields->model, desc->natts, fields->n),
				 errhint("ROW(...) is taken by position: %s.", ports_list(fields))));
	for (int i = 0; i < fields->n; i++)
	{
		NnetField *field = &fields->fields[i];

		field->column = by_position ? i : find_column(desc, field->name);
		if (field->column < 0 && fields->n > 1)
			refuse_missing(fields, field->name, false);
		field->type =
			field->column < 0 ? fields->type : TupleDescAttr(desc, field->column)->atttypid;
	}
	fields->whole = fields->fields[0].column < 0;
}

/* Learn the columns of another row type than before, or of one that was altered. */
static void
set_row_type(NnetFields *fields, Oid type, int32 typmod)
{
	uint64 identifier = assign_record_type_identifier(type, typmod);
	MemoryContext old;

	fields->row_type = 0;
	MemoryContextReset(fields->row_context);
	old = MemoryContextSwitchTo(fields->row_context);
	fields->desc = lookup_rowtype_tupdesc_copy(type, typmod);
	fields->values = palloc(fields->desc->natts * sizeof(Datum) + 1);
	fields->nulls = palloc(fields->desc->natts * sizeof(bool) + 1);
	MemoryContextSwitchTo(old);
	find_columns(fields, fields->desc);
	fields->row_type = identifier;
}

static void
take_row(NnetFields *fields, Datum value)
{
	HeapTupleHeader row = DatumGetHeapTupleHeader(value);
	Oid type = HeapTupleHeaderGetTypeId(row);
	int32 typmod = HeapTupleHeaderGetTypMod(row);
	HeapTupleData tuple;

	if (fields->row_type != assign_record_type_identifier(type, typmod))
		set_row_type(fields, type, typmod);
	if (fields->whole)
		return;
	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = row;
	heap_deform_tuple(&tuple, fields->desc, fields->values, fields->nulls);
	for (int i = 0; i < fields->n; i++)
	{
		NnetField *field = &fields->fields[i];

		field->value = fields->values[field->column];
		field->isnull = fields->nulls[field->column];
	}
}

/* ---- jsonb ---- */

static const char *
json_type(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNumeric:
			return "a number";
		case jbvBool:
			return "a boolean";
		case jbvString:
			return "a string";
		case jbvNull:
			return "null";
		case jbvBinary:
			return JsonContainerIsArray(value->val.binary.data) ? "an array" : "an object";
		default:
			return "something else";
	}
}

pg_noreturn static void
refuse_json(const NnetFields *fields, const NnetField *field, const JsonbValue *value,
			const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("\"%s\" in %s for model \"%s\" is %s, but must be %s", field->name,
					fields->what, fields->model, json_type(value), expected)));
}

/* A number of JSON that float8 cannot hold becomes infinite, which the reader refuses. */
static Datum
json_float8(const JsonbValue *value)
{
	if (value->type == jbvBool)
		return Float8GetDatum(value->val.boolean ? 1 : 0);
	return DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value->val.numeric));
}

/* How many values there are in arrays within arrays; an error for what cannot be one. */
static size_t
count_numbers(const NnetFields *fields, const NnetField *field, JsonbContainer *container)
{
	JsonbIterator *iterator = JsonbIteratorInit(container);
	JsonbIteratorToken token;
	JsonbValue value;
	size_t n = 0;

	while ((token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE)
	{
		if (token == WJB_BEGIN_OBJECT)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("\"%s\" in %s for model \"%s\" has an object in an array", field->name,
							fields->what, fields->model),
					 errhint("Give numbers, or arrays of numbers.")));
		if (token != WJB_ELEM)
			continue;
		nnet_check_interrupts();
		if (value.type == jbvString)
			refuse_json(fields, field, &value, "a number in this array");
		n++;
	}
	return n;
}

/*
 * All numbers of arrays within arrays, in their order.  They are counted before
 * there is room made for them: of JSON a number may be a byte.
 */
static Datum
json_array(const NnetFields *fields, const NnetField *field, JsonbContainer *container)
{
	size_t n = count_numbers(fields, field, container);
	size_t header = ARR_OVERHEAD_WITHNULLS(1, n);
	size_t bytes = header + n * sizeof(float8);
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue value;
	ArrayType *array;
	float8 *to;
	bits8 *present;
	bool nulls = false;

	if (n == 0)
		return PointerGetDatum(construct_empty_array(FLOAT8OID));
	if (n > MANY_VALUES && field->shape != NULL)
		(void) nnet_input_steps(
			field->shape, n,
			fields->n == 1 ? fields->what : psprintf("\"%s\" of %s", field->name, fields->what),
			fields->model);
	if (!AllocSizeIsValid(bytes))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("\"%s\" in %s for model \"%s\" has %zu values, which are too many",
						field->name, fields->what, fields->model, n)));
	array = palloc0(bytes);
	array->ndim = 1;
	array->elemtype = FLOAT8OID;
	array->dataoffset = (int32) header;
	ARR_DIMS(array)[0] = (int) n;
	ARR_LBOUND(array)[0] = 1;
	present = ARR_NULLBITMAP(array);
	to = (float8 *) ((char *) array + header);
	iterator = JsonbIteratorInit(container);
	for (size_t i = 0; (token = JsonbIteratorNext(&iterator, &value, false)) != WJB_DONE;)
	{
		if (token != WJB_ELEM)
			continue;
		nnet_check_interrupts();
		if (value.type == jbvNull)
			nulls = true;
		else
		{
			*to++ = DatumGetFloat8(json_float8(&value));
			present[i / 8] |= (bits8) (1 << (i % 8));
		}
		i++;
	}
	if (!nulls)
	{
		size_t plain = ARR_OVERHEAD_NONULLS(1);

		memmove((char *) array + plain, (char *) array + header, n * sizeof(float8));
		array->dataoffset = 0;
		to = (float8 *) ((char *) array + plain) + n;
	}
	SET_VARSIZE(array, (char *) to - (char *) array);
	return PointerGetDatum(array);
}

static bool
is_array(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data);
}

static Datum
json_reals(const NnetFields *fields, const NnetField *field, const JsonbValue *value)
{
	Datum number;

	if (is_array(value))
		return json_array(fields, field, value->val.binary.data);
	if (value->type != jbvNumeric && value->type != jbvBool)
		refuse_json(fields, field, value, "a number or an array of numbers");
	number = json_float8(value);
	return PointerGetDatum(
		construct_array(&number, 1, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

static Datum
json_text(const NnetFields *fields, const NnetField *field, const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			return PointerGetDatum(
				cstring_to_text_with_len(value->val.string.val, value->val.string.len));
		case jbvBool:
			return CStringGetTextDatum(value->val.boolean ? "true" : "false");
		case jbvNumeric:
			return CStringGetTextDatum(numeric_normalize(value->val.numeric));
		default:
			refuse_json(fields, field, value, "a string");
	}
}

static Datum
json_numeric(const NnetFields *fields, const NnetField *field, const JsonbValue *value)
{
	if (value->type != jbvNumeric)
		refuse_json(fields, field, value, "a number");
	return NumericGetDatum(value->val.numeric);
}

/* An array's first element that is not null, if there is one. */
static bool
first_element(const JsonbValue *value, JsonbValue *element)
{
	JsonbIterator *iterator = JsonbIteratorInit(value->val.binary.data);

	(void) JsonbIteratorNext(&iterator, element, true);
	while (JsonbIteratorNext(&iterator, element, true) == WJB_ELEM)
		if (element->type != jbvNull)
			return true;
	return false;
}

/* Whether elements are texts: labels, one for each step. */
static bool
is_text_array(const JsonbValue *value)
{
	JsonbValue first;

	return is_array(value) && first_element(value, &first) && first.type == jbvString;
}

/* An array of what each element gives, or of the value if it is none. */
static Datum
json_elements(const NnetFields *fields, const NnetField *field, const JsonbValue *value, Oid type,
			  Datum (*get)(const NnetFields *, const NnetField *, const JsonbValue *))
{
	Datum *values;
	bool *nulls;
	JsonbIterator *iterator;
	JsonbValue element;
	int lower = 1;
	int room = 1;
	int n = 0;

	if (is_array(value))
		room = (int) JsonContainerSize(value->val.binary.data);
	if (room == 0)
		return PointerGetDatum(construct_empty_array(type));
	values = MemoryContextAllocHuge(CurrentMemoryContext, room * sizeof(Datum));
	nulls = MemoryContextAllocExtended(CurrentMemoryContext, room * sizeof(bool),
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	if (!is_array(value))
		values[n++] = get(fields, field, value);
	else
	{
		iterator = JsonbIteratorInit(value->val.binary.data);
		(void) JsonbIteratorNext(&iterator, &element, true);
		while (JsonbIteratorNext(&iterator, &element, true) == WJB_ELEM)
		{
			nnet_check_interrupts();
			nulls[n] = element.type == jbvNull;
			values[n] = nulls[n] ? (Datum) 0 : get(fields, field, &element);
			n++;
		}
	}
	return PointerGetDatum(
		construct_md_array(values, nulls, 1, &n, &lower, type, -1, false, TYPALIGN_INT));
}

/* As the value is; an array without elements may be one of whatever there was before. */
static void
set_json_as_it_is(const NnetFields *fields, NnetField *field, const JsonbValue *value)
{
	JsonbValue first;

	if (value->type == jbvString)
	{
		field->type = TEXTOID;
		field->value = json_text(fields, field, value);
	}
	else if (value->type == jbvNumeric)
	{
		field->type = NUMERICOID;
		field->value = NumericGetDatum(value->val.numeric);
	}
	else if (value->type == jbvBool)
	{
		field->type = BOOLOID;
		field->value = BoolGetDatum(value->val.boolean);
	}
	else if (is_text_array(value) ||
			 (field->type == TEXTARRAYOID && is_array(value) && !first_element(value, &first)))
	{
		field->type = TEXTARRAYOID;
		field->value = json_elements(fields, field, value, TEXTOID, json_text);
	}
	else
	{
		field->type = FLOAT8ARRAYOID;
		field->value = json_reals(fields, field, value);
	}
}

static void
set_json_field(const NnetFields *fields, NnetField *field, const JsonbValue *value)
{
	field->isnull = value->type == jbvNull;
	field->value = (Datum) 0;
	if (field->isnull)
		return;
	switch (field->form)
	{
		case NNET_JSON_TEXT:
			field->value = json_text(fields, field, value);
			break;
		case NNET_JSON_TEXTS:
			field->value = json_elements(fields, field, value, TEXTOID, json_text);
			break;
		case NNET_JSON_NUMBER:
			field->value = json_numeric(fields, field, value);
			break;
		case NNET_JSON_NUMBERS:
			field->value = json_elements(fields, field, value, NUMERICOID, json_numeric);
			break;
		case NNET_JSON_REALS:
			field->value = json_reals(fields, field, value);
			break;
		case NNET_JSON_AS_IT_IS:
			set_json_as_it_is(fields, field, value);
			break;
	}
}

/* The one value of a jsonb that is no object, or all of an array. */
static void
set_json_whole(NnetFields *fields, Jsonb *jsonb)
{
	JsonbValue value;

	if (!JB_ROOT_IS_SCALAR(jsonb) || !JsonbExtractScalar(&jsonb->root, &value))
	{
		value.type = jbvBinary;
		value.val.binary.data = &jsonb->root;
		value.val.binary.len = VARSIZE(jsonb) - VARHDRSZ;
	}
	if (fields->n > 1)
		refuse_whole(fields, psprintf("%s of JSON", json_type(&value)));
	set_json_field(fields, &fields->fields[0], &value);
}

static void
take_json(NnetFields *fields, Datum datum)
{
	Jsonb *jsonb = DatumGetJsonbP(datum);

	if (!JB_ROOT_IS_OBJECT(jsonb))
	{
		set_json_whole(fields, jsonb);
		return;
	}
	for (int i = 0; i < fields->n; i++)
	{
		NnetField *field = &fields->fields[i];
		JsonbValue *value = getKeyJsonValueFromContainer(&jsonb->root, field->name,
														 (int) strlen(field->name), NULL);

		if (value == NULL)
			refuse_missing(fields, field->name, true);
		set_json_field(fields, field, value);
	}
}

/* ---- fields ---- */

/* Whether the columns of a row type are known: they are not those of record. */
static bool
is_named_row(Oid type)
{
	return type != RECORDOID && type_is_rowtype(type);
}

NnetFields *
nnet_fields_make(Oid type, const char *what, const char *model, int n, const NnetField *fields,
				 MemoryContext context)
{
	static const Oid json_types[] = {
		[NNET_JSON_REALS] = FLOAT8ARRAYOID,	   [NNET_JSON_TEXT] = TEXTOID,
		[NNET_JSON_TEXTS] = TEXTARRAYOID,	   [NNET_JSON_NUMBER] = NUMERICOID,
		[NNET_JSON_NUMBERS] = NUMERICARRAYOID, [NNET_JSON_AS_IT_IS] = InvalidOid,
	};
	NnetFields *made;
	MemoryContext old;
	bool row;

	if (!OidIsValid(type))
		return NULL;
	type = getBaseType(type);
	row = type_is_rowtype(type);
	if (n == 1 && !row && type != JSONBOID)
		return NULL;
	old = MemoryContextSwitchTo(context);
	made = palloc0(sizeof(NnetFields));
	made->context = context;
	made->scratch = AllocSetContextCreate(context, "nnet fields", ALLOCSET_DEFAULT_SIZES);
	made->row_context = AllocSetContextCreate(context, "nnet row fields", ALLOCSET_SMALL_SIZES);
	made->what = what;
	made->model = pstrdup(model);
	made->type = type;
	made->n = n;
	made->fields = palloc(sizeof(NnetField) * n);
	memcpy(made->fields, fields, sizeof(NnetField) * n);
	MemoryContextSwitchTo(old);
	for (int i = 0; i < n; i++)
	{
		made->fields[i].column = -1;
		made->fields[i].type = InvalidOid;
		if (type == JSONBOID)
			made->fields[i].type = json_types[fields[i].form];
	}
	if (!row && type != JSONBOID)
		refuse_whole(made, psprintf("of type %s", format_type_be(type)));
	if (is_named_row(type))
	{
		set_row_type(made, type, -1);
		if (made->whole)
			return NULL;
	}
	return made;
}

void
nnet_fields_take(NnetFields *fields, Datum value)
{
	MemoryContext old;

	MemoryContextReset(fields->scratch);
	old = MemoryContextSwitchTo(fields->scratch);
	if (fields->type == JSONBOID)
		take_json(fields, value);
	else
		take_row(fields, value);
	if (fields->whole)
	{
		fields->fields[0].value = value;
		fields->fields[0].isnull = false;
	}
	MemoryContextSwitchTo(old);
}

bool
nnet_fields_are_columns(const NnetFields *fields)
{
	return fields->row_type != 0 && fields->type != RECORDOID && !fields->whole;
}

void
nnet_fields_take_columns(NnetFields *fields, const Datum *values, const bool *nulls,
						 const int *columns)
{
	for (int i = 0; i < fields->n; i++)
	{
		NnetField *field = &fields->fields[i];

		field->value = values[columns[field->column]];
		field->isnull = nulls[columns[field->column]];
	}
}

const NnetField *
nnet_fields_get(const NnetFields *fields, int i)
{
	return &fields->fields[i];
}
