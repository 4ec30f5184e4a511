/*
 * column.c
 *	  Values that are no numbers, or not as they are, to the floats of an
 *	  input: strings and integers to ids of a vocabulary, anything to its
 *	  hash, dates to their parts.
 *
 * NULL is what is missing: the mask_token's id, or that of what is not in the
 * vocabulary; the bin of the mask_value; of a date zeros, and 1 in the part
 * "missing".  Arrays give a value for each element.
 *
 * While a vocabulary is learned, floats are provisional int32: MISSING, NOTHING,
 * or the number of the token among those seen.  The trend of a date then is the
 * distance from the first one, in double before it is rounded, and NaN where
 * it is missing.  nnet_column_learned makes the vocabulary or the trend of
 * those that were learned from, in Keras's order, and nnet_column_final the
 * floats.
 *
 * Long because each way of reading is here from a value's bytes to what is learned.
 *
 * Lifetimes: a column lives in the context given to nnet_column_make.  Of the
 * value at hand strings are not copied: they are where the row is, or in
 * scratch, until the next is taken.
 */
#include "pg/data/column.h"

#include <limits.h>
#include <math.h>

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "pg/data/data.h"
#include "pg/types/moment.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#define MISSING (-1)
#define NOTHING (-2) /* an array without elements */

/* A string, an integer's 8 bytes, or a date: seconds and its parts. */
typedef struct ColumnValue
{
	bool missing;
	bool nothing;	   /* it stands for an array without elements */
	int length;		   /* in bytes */
	const char *bytes; /* NULL: they are own */
	union
	{
		int64 integer;
		NnetMoment moment;
	} own;
} ColumnValue;

struct NnetColumn
{
	MemoryContext context;
	MemoryContext scratch; /* of the value at hand */
	int input;
	NNReadAs as;
	char *what; /* 'x for model "m"' */
	char *layer;
	bool varies;
	bool times;
	Oid type;	  /* of one value */
	bool array;	  /* they come in arrays */
	bool varlena; /* strings are as they are stored */
	FmgrInfo output;
	/* at hand */
	ColumnValue *values;
	int n;
	int room;
	float *reals;
	size_t reals_room;
	/* while something is learned */
	MemoryContext learning; /* NULL: not */
	NnetTokens *seen;
	int64 *counts; /* by number */
	int counts_room;
	float *final;  /* by number, once learned */
	float missing; /* those of what has none */
	float nothing;
	bool has_first; /* of dates */
	double first;	/* of the first date, and the others' distances from it */
	double count;
	double mean;
	double squares;
	double origin;
	double deviation;
};

/* ---- setting up ---- */

bool
nnet_column_reads(const NnetModel *model, int input)
{
	NNReadAs as = model->readings[input].how.as;

	return as != NN_READ_NUMBERS && as != NN_READ_TOKENS;
}

static bool
is_integer(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID;
}

static bool
is_date(Oid type)
{
	return type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID || type == TIMEOID;
}

static bool
takes_type(NNReadAs as, Oid type)
{
	bool label = nnet_type_is_label(type) || type == UUIDOID;

	switch (as)
	{
		case NN_READ_STRINGS:
		case NN_READ_HASHES:
			return label || is_integer(type) || type == NUMERICOID || type == BOOLOID;
		case NN_READ_INTEGERS:
			return is_integer(type) || type == NUMERICOID || type == UNKNOWNOID;
		case NN_READ_DATES:
			return is_date(type) || nnet_type_is_label(type);
		default:
			return false;
	}
}

static void
refuse_type(const NnetColumn *column, Oid type)
{
	static const char *const wanted[] = {
		[NN_READ_STRINGS] = "strings",
		[NN_READ_INTEGERS] = "integers",
		[NN_READ_HASHES] = "strings or integers",
		[NN_READ_DATES] = "dates or times",
	};

	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("%s has type %s, but layer \"%s\" takes %s", column->what, format_type_be(type),
					column->layer, wanted[column->as]),
			 errhint("Cast it, or make the model by layers for values of that type.")));
}

NnetColumnOf
nnet_column_of(const NnetModel *model, int input, bool learn)
{
	const NnetReading *reading = &model->readings[input];
	NnetColumnOf of = {.input = input};

	if (!nnet_column_reads(model, input))
		return of;
	of.as = reading->how.as;
	of.layer = pstrdup(nn_layer_name(nn_model_layer(model->core, reading->layer)));
	of.model = pstrdup(model->name);
	of.learn = learn && !reading->known;
	of.times = (reading->how.parts & (NN_DATE_TREND | NN_DATE_WEEKDAY | NN_DATE_YEARDAY)) == 0;
	for (int s = 0; s < model->core->n_sequences; s++)
		of.varies |= model->core->sequences[s] == input;
	return of;
}

NnetColumn *
nnet_column_make(Oid type, const char *what, const NnetColumnOf *of, MemoryContext context)
{
	NnetColumn *column = MemoryContextAllocZero(context, sizeof(NnetColumn));
	Oid element;
	Oid function;
	bool varlena;

	column->context = context;
	column->scratch = AllocSetContextCreate(context, "nnet column", ALLOCSET_SMALL_SIZES);
	column->input = of->input;
	column->as = of->as;
	column->what = MemoryContextStrdup(context, psprintf("%s for model \"%s\"", what, of->model));
	column->layer = MemoryContextStrdup(context, of->layer);
	column->varies = of->varies;
	column->times = of->times;
	if (!OidIsValid(type))
		ereport(ERROR,
				(errcode(ERRCODE_INDETERMINATE_DATATYPE),
				 errmsg("could not determine the type of %s", what)));
	column->type = getBaseType(type);
	element = get_element_type(column->type);
	if (OidIsValid(element) && column->as != NN_READ_DATES)
	{
		column->array = true;
		column->type = getBaseType(element);
	}
	if (!takes_type(column->as, column->type))
		refuse_type(column, type);
	column->varlena = column->as != NN_READ_DATES &&
		(column->type == BPCHAROID || IsBinaryCoercible(column->type, TEXTOID));
	if (column->type != UNKNOWNOID && !column->varlena)
	{
		getTypeOutputInfo(column->type, &function, &varlena);
		fmgr_info_cxt(function, &column->output, context);
	}
	if (of->learn)
	{
		column->learning = AllocSetContextCreate(context, "nnet learned", ALLOCSET_DEFAULT_SIZES);
		column->seen = nnet_tokens_make(column->learning);
	}
	return column;
}

bool
nnet_column_runs_others(const NnetColumn *column)
{
	return OidIsValid(column->output.fn_oid) && !nnet_function_is_servers(column->output.fn_oid);
}

bool
nnet_column_learning(const NnetColumn *column)
{
	return column->learning != NULL;
}

size_t
nnet_column_learning_bytes(const NnetColumn *column)
{
	return column->learning == NULL ? 0 : MemoryContextMemAllocated(column->learning, false);
}

/* ---- taking a value ---- */

static const char *
bytes_of(const ColumnValue *value)
{
	return value->bytes != NULL ? value->bytes : (const char *) &value->own;
}

static ColumnValue *
add_value(NnetColumn *column)
{
	ColumnValue *value;

	if (column->n == column->room)
	{
		column->room = Max(16, 2 * column->room);
		column->values = column->values == NULL
			? MemoryContextAllocHuge(column->context, column->room * sizeof(ColumnValue))
			: repalloc_huge(column->values, column->room * sizeof(ColumnValue));
	}
	value = &column->values[column->n++];
	value->missing = value->nothing = false;
	value->length = 0;
	value->bytes = NULL;
	return value;
}

static void
take_text(NnetColumn *column, ColumnValue *value, Datum datum)
{
	if (column->varlena)
	{
		struct varlena *text = PG_DETOAST_DATUM_PACKED(datum);

		value->bytes = VARDATA_ANY(text);
		value->length = (int) VARSIZE_ANY_EXHDR(text);
	}
	else
	{
		value->bytes = column->type == UNKNOWNOID ? DatumGetCString(datum)
												  : OutputFunctionCall(&column->output, datum);
		value->length = (int) strlen(value->bytes);
	}
	if (column->type == BPCHAROID)
		value->length = bpchartruelen(unconstify(char *, value->bytes), value->length);
}

static void
refuse_fraction(const NnetColumn *column, Datum numeric)
{
	Datum whole = DirectFunctionCall2(numeric_trunc, numeric, Int32GetDatum(0));

	if (!DatumGetBool(DirectFunctionCall2(numeric_eq, numeric, whole)))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("%s is %s, but layer \"%s\" takes integers", column->what,
						DatumGetCString(DirectFunctionCall1(numeric_out, numeric)), column->layer),
				 errhint("Round it in the query.")));
}

/* The server's functions say what is wrong with a value, but not whose it is. */
static void
tell_column(void *arg)
{
	errcontext("%s", ((const NnetColumn *) arg)->what);
}

static int64
integer_of(NnetColumn *column, Datum datum)
{
	ErrorContextCallback where = {error_context_stack, tell_column, column};
	Datum integer;

	switch (column->type)
	{
		case INT2OID:
			return DatumGetInt16(datum);
		case INT4OID:
			return DatumGetInt32(datum);
		case INT8OID:
			return DatumGetInt64(datum);
		case NUMERICOID:
			refuse_fraction(column, datum);
			break;
	}
	error_context_stack = &where;
	integer = DirectFunctionCall1(column->type == NUMERICOID ? numeric_int8 : int8in, datum);
	error_context_stack = where.previous;
	return DatumGetInt64(integer);
}

static void
take_one(NnetColumn *column, Datum datum, bool isnull)
{
	ColumnValue *value = add_value(column);

	value->missing = isnull;
	if (isnull)
		return;
	switch (column->as)
	{
		case NN_READ_INTEGERS:
			value->own.integer = integer_of(column, datum);
			value->length = sizeof(value->own.integer);
			break;
		case NN_READ_DATES:
			value->own.moment =
				nnet_moment_of(column->type, datum, &column->output, column->times, column->what);
			break;
		default:
			take_text(column, value, datum);
	}
}

static void
take_array(NnetColumn *column, Datum datum)
{
	ArrayType *array = DatumGetArrayTypeP(datum);
	int16 length;
	bool by_value;
	char align;
	Datum *elements;
	bool *nulls;
	int n;

	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align, &elements, &nulls, &n);
	for (int i = 0; i < n; i++)
		take_one(column, elements[i], nulls[i]);
}

/* A string that is neither compressed nor stored elsewhere: most are, and nothing is left behind. */
static bool
is_flat(Datum value)
{
	return !VARATT_IS_EXTENDED(DatumGetPointer(value)) || VARATT_IS_SHORT(DatumGetPointer(value));
}

void
nnet_column_take(NnetColumn *column, Datum value, bool isnull)
{
	MemoryContext caller;

	column->n = 0;
	if (isnull || (column->varlena && !column->array && is_flat(value)))
	{
		take_one(column, value, isnull);
		return;
	}
	MemoryContextReset(column->scratch);
	caller = MemoryContextSwitchTo(column->scratch);
	if (column->array)
		take_array(column, value);
	else
		take_one(column, value, false);
	MemoryContextSwitchTo(caller);
}

/* ---- its floats ---- */

static float *
extend_reals(NnetColumn *column, size_t n)
{
	if (n > column->reals_room)
	{
		column->reals_room = Max(n, 2 * column->reals_room);
		column->reals = column->reals == NULL
			? MemoryContextAllocHuge(column->context, column->reals_room * sizeof(float))
			: repalloc_huge(column->reals, column->reals_room * sizeof(float));
	}
	return column->reals;
}

static bool
is_missing(const NnetReading *reading, const ColumnValue *value)
{
	return value->missing ||
		(reading->mask != NULL && value->length == reading->mask_length &&
		 (value->length == 0 || *bytes_of(value) == *reading->mask) &&
		 memcmp(bytes_of(value), reading->mask, value->length) == 0);
}

static void
refuse_missing(const NnetColumn *column, const char *option)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s is NULL, and layer \"%s\" has no place for what is missing", column->what,
					column->layer),
			 errhint("Leave such rows out, give a value in its place, or make the layer with %s.",
					 option)));
}

/* The id of what is missing. */
static float
missing_id(const NnetColumn *column, const NnetReading *reading)
{
	if (reading->how.masked)
		return (float) reading->how.missing;
	if (reading->how.num_oov == 0)
		refuse_missing(column, "a mask_token");
	return (float) reading->how.first_oov;
}

static void
refuse_unknown(const NnetColumn *column, const NnetReading *reading, const char *token)
{
	int64 integer = 0;

	if (column->as == NN_READ_INTEGERS)
		memcpy(&integer, token, sizeof(integer));
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 column->as == NN_READ_INTEGERS
				 ? errmsg("%s is " INT64_FORMAT ", which is not in the vocabulary of layer \"%s\"",
						  column->what, integer, column->layer)
				 : errmsg("%s is \"%s\", which is not in the vocabulary of layer \"%s\"",
						  column->what, token, column->layer),
			 errhint("With num_oov_indices of 1 or more there is a place for such values.")));
}

static float
lookup_id(const NnetColumn *column, const NnetReading *reading, const ColumnValue *value)
{
	const char *token = bytes_of(value);

	if (value->nothing)
		return (float) reading->how.missing;
	if (is_missing(reading, value))
		return missing_id(column, reading);
	if (reading->how.num_oov == 0 && nnet_tokens_find(reading->tokens, token, value->length) < 0)
		refuse_unknown(column, reading, pnstrdup(token, value->length));
	return (float) nnet_reading_id(reading, token, value->length);
}

static float
provisional_id(NnetColumn *column, const NnetReading *reading, const ColumnValue *value)
{
	int32 number = value->nothing ? NOTHING : MISSING;
	float id;

	if (!value->nothing && !is_missing(reading, value))
		number = nnet_tokens_add(column->seen, bytes_of(value), value->length);
	else if (!value->nothing)
		(void) missing_id(column, reading);
	memcpy(&id, &number, sizeof(id));
	return id;
}

static float
hash_bin(const NnetColumn *column, const NnetReading *reading, const ColumnValue *value)
{
	/* with one bin there is none to spare */
	bool masked = reading->how.masked && reading->how.bins > 1;
	const char *text = bytes_of(value);
	uint64 hash;

	if (value->nothing)
		return 0;
	if (!reading->how.masked && value->missing)
		refuse_missing(column, "a mask_value");
	if (is_missing(reading, value))
		return 0;
	hash = reading->how.salted
		? nn_siphash(text, value->length, reading->how.salt[0], reading->how.salt[1])
		: nn_fingerprint(text, value->length);
	return (float) (hash % (uint64) (reading->how.bins - masked) + masked);
}

static float
trend_of(double seconds, double origin, double deviation)
{
	return deviation > 0 ? (float) ((seconds - origin) / deviation) : 0;
}

static void
put_date(NnetColumn *column, const NnetReading *reading, float *to)
{
	const ColumnValue *value = &column->values[0];
	unsigned parts = reading->how.parts;
	float trend;

	memset(to, 0, nn_date_width(parts) * sizeof(float));
	if (parts & NN_DATE_MISSING)
		to[nn_date_width(parts) - 1] = value->missing;
	if (value->missing)
	{
		if (column->learning != NULL && (parts & NN_DATE_TREND))
			to[0] = NAN;
		return;
	}
	if (column->learning != NULL && !column->has_first)
	{
		column->has_first = true;
		column->first = value->own.moment.seconds;
	}
	trend = column->learning != NULL
		? (float) (value->own.moment.seconds - column->first)
		: trend_of(value->own.moment.seconds, reading->origin, reading->deviation);
	nnet_moment_put(&value->own.moment, parts, trend, to);
}

/* Of no values, where there may be any number: what stands for one that is in no place. */
static void
add_nothing(NnetColumn *column)
{
	if (column->n == 0 && column->varies)
		add_value(column)->nothing = true;
}

const float *
nnet_column_reals(NnetColumn *column, const NnetModel *model, size_t *count)
{
	const NnetReading *reading = &model->readings[column->input];

	if (reading->how.as != column->as)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("model \"%s\" was changed while rows were predicted", model->name),
				 errhint("Run the statement again.")));
	if (column->learning == NULL && !reading->known)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("layer \"%s\" of model \"%s\" has learned nothing yet", column->layer,
						model->name),
				 errhint("nnet.fit() learns it from the rows for training.")));
	if (column->as == NN_READ_DATES)
	{
		*count = nn_date_width(reading->how.parts);
		put_date(column, reading, extend_reals(column, *count));
		return column->reals;
	}
	add_nothing(column);
	*count = column->n;
	extend_reals(column, *count);
	for (int i = 0; i < column->n; i++)
	{
		const ColumnValue *value = &column->values[i];

		column->reals[i] = column->as == NN_READ_HASHES ? hash_bin(column, reading, value)
			: column->learning != NULL					? provisional_id(column, reading, value)
														: lookup_id(column, reading, value);
	}
	return column->reals;
}

/* ---- learning ---- */

/* Have counts for all tokens seen. */
static void
extend_counts(NnetColumn *column)
{
	int n = nnet_tokens_count(column->seen);

	if (column->counts_room >= n && column->counts != NULL)
		return;
	n = Max(2 * n, 16);
	column->counts = column->counts == NULL
		? MemoryContextAllocHuge(column->learning, n * sizeof(int64))
		: repalloc_huge(column->counts, n * sizeof(int64));
	memset(column->counts + column->counts_room, 0, (n - column->counts_room) * sizeof(int64));
	column->counts_room = n;
}

static void
add_date(NnetColumn *column, double distance)
{
	double from = distance - column->mean;

	column->count++;
	column->mean += from / column->count;
	column->squares += from * (distance - column->mean);
}

void
nnet_column_learn(NnetColumn *column, float *values, size_t n)
{
	if (column->as == NN_READ_DATES)
	{
		if (!isnan(values[0]))
			add_date(column, values[0]);
		return;
	}
	extend_counts(column);
	for (size_t i = 0; i < n; i++)
	{
		int32 number;

		memcpy(&number, &values[i], sizeof(number));
		if (number >= 0)
			column->counts[number]++;
	}
}

static int
token_length(const NnetColumn *column, const char *token)
{
	return column->as == NN_READ_INTEGERS ? (int) sizeof(int64) : (int) strlen(token);
}

void
nnet_column_learn_now(NnetColumn *column, float *values, size_t n)
{
	if (column->as != NN_READ_DATES)
		nnet_column_learn(column, values, n);
	else if (!column->values[0].missing)
		add_date(column, column->values[0].own.moment.seconds - column->first);
}

void
nnet_column_each(NnetColumn *column,
				 void (*each)(void *arg, const char *bytes, int length, int64 count), void *arg)
{
	if (column->as == NN_READ_DATES)
		return;
	extend_counts(column);
	for (int i = 0; i < nnet_tokens_count(column->seen); i++)
	{
		const char *token = nnet_tokens_get(column->seen, i);

		if (column->counts[i] > 0)
			each(arg, token, token_length(column, token), column->counts[i]);
	}
}

NnetDates
nnet_column_dates(const NnetColumn *column)
{
	return (NnetDates){column->count, column->first + column->mean, column->squares};
}

void
nnet_column_count(NnetColumn *column, const char *token, int length, int64 count)
{
	int number = nnet_tokens_add(column->seen, token, length);

	extend_counts(column);
	column->counts[number] += count;
}

void
nnet_column_set_dates(NnetColumn *column, const NnetDates *dates)
{
	column->first = 0;
	column->count = dates->count;
	column->mean = dates->mean;
	column->squares = dates->squares;
}

/* The most frequent first; equals by their bytes or numbers, the last first: Keras's order. */
static int
compare_tokens(const void *a, const void *b, void *arg)
{
	const NnetColumn *column = arg;
	int i = *(const int *) a;
	int k = *(const int *) b;
	int64 first, second;

	nnet_check_interrupts();
	if (column->counts[i] != column->counts[k])
		return column->counts[i] > column->counts[k] ? -1 : 1;
	if (column->as != NN_READ_INTEGERS)
		return strcmp(nnet_tokens_get(column->seen, k), nnet_tokens_get(column->seen, i));
	memcpy(&first, nnet_tokens_get(column->seen, i), sizeof(first));
	memcpy(&second, nnet_tokens_get(column->seen, k), sizeof(second));
	return first > second ? -1 : first < second;
}

/* The oov_token itself is never one of them. */
static bool
is_oov(const NnetColumn *column, const NnetReading *reading, const char *token)
{
	return token_length(column, token) == reading->oov_length &&
		memcmp(token, reading->oov, reading->oov_length) == 0;
}

static void
learn_vocabulary(NnetColumn *column, NnetReading *reading)
{
	int n = nnet_tokens_count(column->seen);
	int most = reading->how.max_tokens > 0 ? reading->how.max_tokens - nnet_reading_first(reading)
										   : INT_MAX;
	int *order = MemoryContextAllocHuge(column->learning, sizeof(int) * Max(n, 1));

	extend_counts(column);
	column->final = MemoryContextAllocHuge(column->learning, sizeof(float) * Max(n, 1));
	column->nothing = (float) reading->how.missing;
	/* where there is no place for it, it was refused when it was read */
	column->missing = reading->how.masked ? column->nothing : (float) reading->how.first_oov;
	for (int i = 0; i < n; i++)
		order[i] = i;
	qsort_arg(order, n, sizeof(int), compare_tokens, column);
	for (int i = 0; i < n && nnet_tokens_count(reading->tokens) < most; i++)
	{
		const char *token = nnet_tokens_get(column->seen, order[i]);

		nnet_check_interrupts();
		if (column->counts[order[i]] == 0)
			break;
		if (!is_oov(column, reading, token))
			nnet_tokens_add(reading->tokens, token, token_length(column, token));
	}
	for (int i = 0; i < n; i++)
	{
		const char *token = nnet_tokens_get(column->seen, i);
		int length = token_length(column, token);

		nnet_check_interrupts();
		if (reading->how.num_oov == 0 && nnet_tokens_find(reading->tokens, token, length) < 0)
			refuse_unknown(column, reading, token);
		column->final[i] = (float) nnet_reading_id(reading, token, length);
	}
}

void
nnet_column_learned(NnetColumn *column, NnetModel *model)
{
	NnetReading *reading = &model->readings[column->input];

	if (column->as == NN_READ_DATES)
	{
		reading->origin = column->origin = column->first + column->mean;
		reading->deviation = column->deviation =
			column->count > 0 ? sqrt(column->squares / column->count) : 0;
	}
	else
		learn_vocabulary(column, reading);
	reading->known = true;
	reading->adapted = true;
	reading->changed = true;
	if (reading->tokens != NULL)
		nnet_reading_check(model, reading);
}

void
nnet_column_final(NnetColumn *column, float *values, size_t n)
{
	if (column->as == NN_READ_DATES)
	{
		values[0] = isnan(values[0])
			? 0
			: trend_of(column->first + values[0], column->origin, column->deviation);
		return;
	}
	for (size_t i = 0; i < n; i++)
	{
		int32 number;

		memcpy(&number, &values[i], sizeof(number));
		values[i] = number >= 0 ? column->final[number]
			: number == MISSING ? column->missing
								: column->nothing;
	}
}
