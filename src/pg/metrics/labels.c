/*
 * labels.c
 *	  Labels of any type, for the metrics of queries.
 *
 * Truth and what was predicted need not be of one type: nnet.classify() gives
 * text.  Of two numbers both become the wider; text beside another type is read
 * as that one.
 */
#include "pg/metrics/tally.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/lsyscache.h"

#include <math.h>

static const char *const kind_names[] = {
	[LABEL_INTEGER] = "an integer",
	[LABEL_FLOAT] = "a number",
	[LABEL_BOOLEAN] = "a boolean",
	[LABEL_TEXT] = "a text",
};

void
label_reader_make(LabelReader *reader, Oid type, const char *what, MemoryContext context)
{
	Oid base = OidIsValid(type) ? getBaseType(type) : InvalidOid;
	Oid output;
	bool varlena;

	memset(reader, 0, sizeof(*reader));
	reader->type = base;
	switch (base)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			reader->kind = LABEL_INTEGER;
			return;
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
			reader->kind = LABEL_FLOAT;
			return;
		case BOOLOID:
			reader->kind = LABEL_BOOLEAN;
			return;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			reader->kind = LABEL_TEXT;
			reader->trimmed = base == BPCHAROID;
			return;
	}
	if (!OidIsValid(base))
		ereport(ERROR,
				(errcode(ERRCODE_INDETERMINATE_DATATYPE),
				 errmsg("the type of the argument %s cannot be told", what)));
	if (type_is_array(base) || type_is_rowtype(base))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("a label cannot be of type %s, as the argument %s is", format_type_be(type),
						what),
				 errhint("Give one value: nnet.classify() says which class a model predicts.")));
	reader->kind = LABEL_TEXT;
	getTypeOutputInfo(base, &output, &varlena);
	fmgr_info_cxt(output, &reader->output, context);
}

LabelKind
label_common_kind(LabelKind truth, LabelKind predicted)
{
	if (truth == predicted || predicted == LABEL_TEXT)
		return truth;
	if (truth == LABEL_TEXT)
		return predicted;
	return truth == LABEL_FLOAT || predicted == LABEL_FLOAT ? LABEL_FLOAT : LABEL_INTEGER;
}

static void
set_real(Label *label, double value, const char *what)
{
	if (isnan(value) || isinf(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a label is %s, in the argument %s", nnet_not_finite_word(value), what)));
	label->real = value == 0 ? 0 : value; /* one zero */
}

/* Text as the kind that the other argument has. */
static void
parse_text(Label *label, LabelKind kind, const char *what)
{
	char *text = pnstrdup(label->text, label->length);
	char *end = text;
	bool boolean;

	errno = 0;
	if (kind == LABEL_INTEGER)
		label->integer = strtoll(text, &end, 10);
	else if (kind == LABEL_FLOAT)
		set_real(label, strtod(text, &end), what);
	else if (parse_bool(text, &boolean))
	{
		label->integer = boolean;
		end = text + strlen(text);
	}
	if (end == text || *end != '\0' || errno != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("label \"%s\" of the argument %s is not %s, as labels of the other are",
						text, what, kind_names[kind]),
				 errhint("To compare labels as texts, cast the other argument to text.")));
	pfree(text);
}

static void
read_text(LabelReader *reader, Datum value, Label *label)
{
	if (OidIsValid(reader->output.fn_oid))
	{
		label->text = OutputFunctionCall(&reader->output, value);
		label->length = (int) strlen(label->text);
	}
	else
	{
		text *packed = DatumGetTextPP(value);

		label->text = VARDATA_ANY(packed);
		label->length = (int) VARSIZE_ANY_EXHDR(packed);
	}
	while (reader->trimmed && label->length > 0 && label->text[label->length - 1] == ' ')
		label->length--;
}

Label
label_read(LabelReader *reader, Datum value, LabelKind kind, const char *what)
{
	Label label = {0};

	switch (reader->type)
	{
		case INT2OID:
			label.integer = DatumGetInt16(value);
			break;
		case INT4OID:
			label.integer = DatumGetInt32(value);
			break;
		case INT8OID:
			label.integer = DatumGetInt64(value);
			break;
		case BOOLOID:
			label.integer = DatumGetBool(value);
			break;
		case FLOAT4OID:
			set_real(&label, DatumGetFloat4(value), what);
			break;
		case FLOAT8OID:
			set_real(&label, DatumGetFloat8(value), what);
			break;
		case NUMERICOID:
			set_real(&label, DatumGetFloat8(DirectFunctionCall1(numeric_float8, value)), what);
			break;
		default:
			read_text(reader, value, &label);
			if (kind != LABEL_TEXT)
				parse_text(&label, kind, what);
			return label;
	}
	if (kind == LABEL_FLOAT && reader->kind != LABEL_FLOAT)
		label.real = (double) label.integer;
	return label;
}

char *
label_text(LabelKind kind, const Label *label)
{
	switch (kind)
	{
		case LABEL_INTEGER:
			return psprintf(INT64_FORMAT, label->integer);
		case LABEL_FLOAT:
			return float8out_internal(label->real);
		case LABEL_BOOLEAN:
			return pstrdup(label->integer ? "true" : "false");
		case LABEL_TEXT:
			break;
	}
	return pnstrdup(label->text, label->length);
}

int
label_compare(LabelKind kind, const Label *a, const Label *b)
{
	int order;

	if (kind == LABEL_FLOAT)
		return (a->real > b->real) - (a->real < b->real);
	if (kind != LABEL_TEXT)
		return (a->integer > b->integer) - (a->integer < b->integer);
	order = memcmp(a->text, b->text, Min(a->length, b->length));
	return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

uint32
label_hash(LabelKind kind, const Label *label)
{
	if (kind == LABEL_TEXT)
		return hash_bytes((const unsigned char *) label->text, label->length);
	if (kind == LABEL_FLOAT)
		return hash_bytes((const unsigned char *) &label->real, sizeof(double));
	return hash_bytes((const unsigned char *) &label->integer, sizeof(int64));
}
