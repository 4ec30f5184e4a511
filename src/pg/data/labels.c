/*
 * labels.c
 *	  Labels of classes: those a model has, those that a training meets, and
 *	  the text of a value of y as a label.
 *
 * A label is text.  Values of other types are looked up by the text that a
 * cast would give: 'true', '3', the trimmed text of a char(n).  Numbers that
 * are equal are one label, however they are written (3, 3.0).  Where a type
 * has an equality of its own (citext), its spellings are one label, the first
 * that came.
 *
 * The model's labels come first, by class.  Those met in a training follow in
 * the order in which they came, until nnet_labels_sort.
 *
 * Lifetimes: all is in the context given to nnet_labels_make.
 */
#include "pg/data/data.h"

#include <math.h>

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#define LISTED 10		   /* labels named in a message */
#define WHOLE_DOUBLES 1e15 /* whole numbers up to this are written without an exponent */

struct NnetLabels
{
	MemoryContext context;
	Oid type;		   /* of y, no domain */
	NnetTokens *names; /* by class */
	int known;		   /* so many are the model's */

	/* a value's text */
	FmgrInfo output;
	bool output_known;
	StringInfoData text;

	/* of a type with an equality of its own */
	bool own_equality;
	FmgrInfo equal;
	Oid input;
	Oid input_param;
	int n_values; /* labels that are there as values of the type */
	int values_room;
	Datum *values;
	NnetTokens *spellings; /* that are no names */
	int spellings_room;
	int *spelled; /* the class of each */
};

/* Whether texts of the type may differ and be equal; if so, how that is found out. */
static void
init_equality(NnetLabels *labels)
{
	TypeCacheEntry *type;

	if (labels->type == TEXTOID || labels->type == VARCHAROID || labels->type == BPCHAROID ||
		labels->type == NAMEOID || !nnet_type_is_label(labels->type) ||
		type_is_enum(labels->type) || labels->type == CHAROID || labels->type == UNKNOWNOID)
		return;
	type = lookup_type_cache(labels->type, TYPECACHE_EQ_OPR_FINFO);
	if (!OidIsValid(type->eq_opr) || type->eq_opr_finfo.fn_oid == F_TEXTEQ)
		return;
	fmgr_info_copy(&labels->equal, &type->eq_opr_finfo, labels->context);
	getTypeInputInfo(labels->type, &labels->input, &labels->input_param);
	labels->spellings = nnet_tokens_make(labels->context);
	labels->own_equality = true;
}

NnetLabels *
nnet_labels_make(Oid type, const NnetOutputTraining *training, MemoryContext context)
{
	NnetLabels *labels = MemoryContextAllocZero(context, sizeof(NnetLabels));
	MemoryContext old = MemoryContextSwitchTo(context);

	labels->context = context;
	labels->type = type;
	labels->names = nnet_tokens_make(context);
	initStringInfo(&labels->text);
	for (int i = 0; i < training->n_labels; i++)
		nnet_labels_add(labels, training->labels[i]);
	labels->known = training->n_labels;
	init_equality(labels);
	MemoryContextSwitchTo(old);
	return labels;
}

/* ---- the text of a value ---- */

static const char *
string_text(NnetLabels *labels, Datum y)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(y);
	int length = VARSIZE_ANY_EXHDR(value);

	if (labels->type == BPCHAROID)
		length = bpchartruelen(VARDATA_ANY(value), length);
	appendBinaryStringInfo(&labels->text, VARDATA_ANY(value), length);
	if ((Pointer) value != DatumGetPointer(y))
		pfree(value);
	return labels->text.data;
}

/* The same text for equal numbers; NULL: as the type writes it. */
static const char *
number_text(NnetLabels *labels, Datum y)
{
	double value;

	if (labels->type == NUMERICOID)
		return numeric_normalize(DatumGetNumeric(y));
	if (labels->type == FLOAT4OID)
		value = (double) DatumGetFloat4(y);
	else if (labels->type == FLOAT8OID)
		value = DatumGetFloat8(y);
	else
		return NULL;
	if (!(fabs(value) < WHOLE_DOUBLES) || value != floor(value))
		return NULL;
	appendStringInfo(&labels->text, INT64_FORMAT, (int64) value);
	return labels->text.data;
}

const char *
nnet_labels_text(NnetLabels *labels, Datum y)
{
	const char *text;

	resetStringInfo(&labels->text);
	switch (labels->type)
	{
		case BOOLOID:
			return DatumGetBool(y) ? "true" : "false";
		case UNKNOWNOID:
			return DatumGetCString(y);
		case NAMEOID:
			return NameStr(*DatumGetName(y));
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			return string_text(labels, y);
		default:
			break;
	}
	text = number_text(labels, y);
	if (text != NULL)
		return text;
	if (!labels->output_known)
	{
		Oid function;
		bool varlena;

		getTypeOutputInfo(labels->type, &function, &varlena);
		fmgr_info_cxt(function, &labels->output, labels->context);
		labels->output_known = true;
	}
	return OutputFunctionCall(&labels->output, y);
}

/* ---- labels and classes ---- */

/* The labels as values of the type, those that were added since the last time too. */
static void
make_values(NnetLabels *labels)
{
	int n = nnet_tokens_count(labels->names);
	MemoryContext old = MemoryContextSwitchTo(labels->context);

	if (n > labels->values_room)
	{
		labels->values_room = Max(2 * n, 16);
		labels->values = labels->values == NULL
			? palloc(sizeof(Datum) * labels->values_room)
			: repalloc_huge(labels->values, sizeof(Datum) * labels->values_room);
	}
	for (; labels->n_values < n; labels->n_values++)
		labels->values[labels->n_values] = OidInputFunctionCall(
			labels->input, unconstify(char *, nnet_tokens_get(labels->names, labels->n_values)),
			labels->input_param, -1);
	MemoryContextSwitchTo(old);
}

/* The only label that is equal to the text as a value of the type, or -1. */
static int
find_equal(NnetLabels *labels, const char *text)
{
	Datum value =
		OidInputFunctionCall(labels->input, unconstify(char *, text), labels->input_param, -1);
	int found = -1;

	make_values(labels);
	for (int i = 0; i < labels->n_values; i++)
	{
		if (!DatumGetBool(
				FunctionCall2Coll(&labels->equal, DEFAULT_COLLATION_OID, labels->values[i], value)))
			continue;
		if (found >= 0)
			return -1;
		found = i;
	}
	return found;
}

static void
note_spelling(NnetLabels *labels, const char *text, int class)
{
	int number = nnet_tokens_add(labels->spellings, text, strlen(text));

	if (number >= labels->spellings_room)
	{
		labels->spellings_room = Max(2 * number, 64);
		labels->spelled = labels->spelled == NULL
			? MemoryContextAlloc(labels->context, sizeof(int) * labels->spellings_room)
			: repalloc_huge(labels->spelled, sizeof(int) * labels->spellings_room);
	}
	labels->spelled[number] = class;
}

int
nnet_labels_find(NnetLabels *labels, const char *text)
{
	int class = nnet_tokens_find(labels->names, text, strlen(text));
	int spelling;

	if (class >= 0 || !labels->own_equality)
		return class;
	spelling = nnet_tokens_find(labels->spellings, text, strlen(text));
	if (spelling >= 0)
		return labels->spelled[spelling];
	class = find_equal(labels, text);
	if (class >= 0)
		note_spelling(labels, text, class);
	return class;
}

int
nnet_labels_add(NnetLabels *labels, const char *text)
{
	return nnet_tokens_add(labels->names, text, strlen(text));
}

int
nnet_labels_count(const NnetLabels *labels)
{
	return nnet_tokens_count(labels->names);
}

int
nnet_labels_known(const NnetLabels *labels)
{
	return labels->known;
}

const char *
nnet_labels_name(const NnetLabels *labels, int class)
{
	return nnet_tokens_get(labels->names, class);
}

void
nnet_labels_tell_new(const NnetLabels *labels, const char *model)
{
	int known = nnet_labels_known(labels);
	int n = nnet_labels_count(labels);

	if (known == 0 || n == known)
		return;
	ereport(
		NOTICE,
		(errmsg_plural("model \"%s\" learns a new label: %s", "model \"%s\" learns new labels: %s",
					   n - known, model, nnet_labels_list(labels, known)),
		 errhint("Outputs that had none take them. Labels given to nnet.compile() are all "
				 "that are taken.")));
}

char *
nnet_labels_list(const NnetLabels *labels, int from)
{
	int n = nnet_labels_count(labels);
	StringInfoData list;

	initStringInfo(&list);
	for (int i = from; i < n && i < from + LISTED; i++)
		appendStringInfo(&list, "%s\"%s\"", i > from ? ", " : "", nnet_labels_name(labels, i));
	if (n > from + LISTED)
		appendStringInfo(&list, " and %d more", n - from - LISTED);
	return list.data;
}

static int
compare_classes(const void *a, const void *b, void *labels)
{
	return strcmp(nnet_labels_name(labels, *(const int *) a),
				  nnet_labels_name(labels, *(const int *) b));
}

bool
nnet_labels_sort(NnetLabels *labels, int *order)
{
	int n = nnet_labels_count(labels);
	bool moved = false;

	for (int i = 0; i < n; i++)
		order[i] = i;
	/* outputs that were trained keep their labels */
	qsort_arg(order + labels->known, n - labels->known, sizeof(int), compare_classes, labels);
	for (int i = 0; i < n; i++)
		moved |= order[i] != i;
	return moved;
}
