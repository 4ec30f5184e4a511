/*
 * value_json.c
 *	  jsonb to the core's values and back.
 *
 * Values are made in the current memory context and freed with it.  Numbers
 * become double precision, and go back as the shortest decimal that reads as
 * the same double, so that a configuration survives any number of rewrites.
 * Whole numbers of 64 bits, such as seeds, are kept as they are.
 */
#include "pg/nnet.h"

#include <math.h>

#include "access/detoast.h"
#include "common/shortest_dec.h"
#include "miscadmin.h"
#include "storage/shmem.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#define EXACT_DOUBLES 9007199254740992.0 /* below it every whole number is one */

#define LARGE_JSON ((size_t) 1 << 20) /* bytes, from which memory is asked for */
#define VALUE_TIMES 16				  /* so many bytes values take for one of jsonb */

/* ---- from jsonb ---- */

static NNValue container_value(JsonbContainer *container);

static int
compare(Datum numeric, int64 integer)
{
	return DatumGetInt32(
		DirectFunctionCall2(numeric_cmp, numeric, NumericGetDatum(int64_to_numeric(integer))));
}

static NNValue
numeric_value(Datum numeric)
{
	NNValue value = {.type = NN_V_NUMBER};
	int64 integer;

	value.number = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, numeric));
	if (!(fabs(value.number) >= EXACT_DOUBLES) || compare(numeric, PG_INT64_MIN) < 0 ||
		compare(numeric, PG_INT64_MAX) > 0)
		return value;
	integer = DatumGetInt64(DirectFunctionCall1(numeric_int8, numeric));
	if (compare(numeric, integer) == 0)
		value.integer = integer;
	return value;
}

static NNValue
scalar_value(const JsonbValue *scalar)
{
	NNValue value = {.type = NN_V_NULL};

	switch (scalar->type)
	{
		case jbvNull:
			break;
		case jbvBool:
			value.type = NN_V_BOOL;
			value.boolean = scalar->val.boolean;
			break;
		case jbvNumeric:
			return numeric_value(NumericGetDatum(scalar->val.numeric));
		case jbvString:
			value.type = NN_V_STRING;
			value.string = pnstrdup(scalar->val.string.val, scalar->val.string.len);
			break;
		case jbvBinary:
			return container_value(scalar->val.binary.data);
		default:
			elog(ERROR, "unexpected type of jsonb value: %d", (int) scalar->type);
	}
	return value;
}

static NNValue
container_value(JsonbContainer *container)
{
	bool object = JsonContainerIsObject(container);
	int count = JsonContainerSize(container);
	NNValue value = {.type = object ? NN_V_OBJECT : NN_V_ARRAY, .count = count};
	NNValue *items = palloc0(sizeof(NNValue) * Max(count, 1));
	const char **keys = object ? palloc0(sizeof(char *) * Max(count, 1)) : NULL;
	JsonbIterator *iterator = JsonbIteratorInit(container);
	JsonbIteratorToken token;
	JsonbValue part;
	int i = 0;

	check_stack_depth();
	nnet_check_interrupts();
	while ((token = JsonbIteratorNext(&iterator, &part, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			keys[i] = pnstrdup(part.val.string.val, part.val.string.len);
		else if (token == WJB_VALUE || token == WJB_ELEM)
			items[i++] = scalar_value(&part);
	}
	Assert(i == count);
	value.items = items;
	value.keys = keys;
	if (JsonContainerIsScalar(container))
		return items[0];
	return value;
}

NNValue *
nnet_value_from_jsonb(Jsonb *jsonb)
{
	NNValue *value = palloc(sizeof(NNValue));

	*value = container_value(&jsonb->root);
	return value;
}

/* A vocabulary may be large, and a short string takes many times its bytes as a value. */
static void
check_memory(size_t bytes)
{
	if (bytes >= LARGE_JSON)
		nnet_memory_check(&(NnetMemoryNeed){
			.action = "read a configuration",
			.bytes = {[NNET_MEMORY_COPIES] = mul_size(bytes, VALUE_TIMES)},
		});
}

NNValue *
nnet_value_from_datum(Datum datum, const char *without)
{
	Jsonb *whole;
	Jsonb *part;
	NNValue *value;

	if (DatumGetPointer(datum) == NULL)
	{
		value = palloc(sizeof(NNValue));
		*value = nnet_value_object(0);
		return value;
	}
	check_memory(toast_raw_datum_size(datum));
	part = whole = DatumGetJsonbP(datum);
	if (without != NULL && JB_ROOT_IS_OBJECT(whole))
		part = DatumGetJsonbP(
			DirectFunctionCall2(jsonb_delete, JsonbPGetDatum(whole), CStringGetTextDatum(without)));
	value = nnet_value_from_jsonb(part);
	if (part != whole)
		pfree(part);
	if ((Pointer) whole != DatumGetPointer(datum))
		pfree(whole);
	return value;
}

/* ---- to jsonb ---- */

static Numeric
number_to_numeric(const NNValue *value)
{
	double number = value->number;
	char text[DOUBLE_SHORTEST_DECIMAL_LEN];
	int64 integer;

	if (nnet_value_int64(value, &integer))
		return int64_to_numeric(integer);
	double_to_shortest_decimal_buf(number, text);
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(text),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

static JsonbValue
string_json(const char *string)
{
	JsonbValue json;

	json.type = jbvString;
	json.val.string.val = unconstify(char *, string);
	json.val.string.len = strlen(string);
	return json;
}

static JsonbValue
scalar_json(const NNValue *value)
{
	JsonbValue json = {.type = jbvNull};

	if (value->type == NN_V_BOOL)
	{
		json.type = jbvBool;
		json.val.boolean = value->boolean;
	}
	else if (value->type == NN_V_STRING)
		json = string_json(value->string);
	else if (value->type == NN_V_NUMBER && isfinite(value->number))
	{
		/* JSON has no NaN and no infinity: those are null */
		json.type = jbvNumeric;
		json.val.numeric = number_to_numeric(value);
	}
	return json;
}

static JsonbValue *
push_value(JsonbParseState **state, JsonbIteratorToken as, const NNValue *value)
{
	JsonbValue json;

	check_stack_depth();
	if (value->type == NN_V_ARRAY)
	{
		pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
		for (int i = 0; i < value->count; i++)
			push_value(state, WJB_ELEM, &value->items[i]);
		return pushJsonbValue(state, WJB_END_ARRAY, NULL);
	}
	if (value->type == NN_V_OBJECT)
	{
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		for (int i = 0; i < value->count; i++)
		{
			json = string_json(value->keys[i]);
			pushJsonbValue(state, WJB_KEY, &json);
			push_value(state, WJB_VALUE, &value->items[i]);
		}
		return pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	json = scalar_json(value);
	return pushJsonbValue(state, as, &json);
}

Jsonb *
nnet_value_to_jsonb(const NNValue *value)
{
	JsonbParseState *state = NULL;
	JsonbValue json;

	if (value->type == NN_V_ARRAY || value->type == NN_V_OBJECT)
		return JsonbValueToJsonb(push_value(&state, WJB_VALUE, value));
	json = scalar_json(value);
	return JsonbValueToJsonb(&json);
}

char *
nnet_value_to_text(const NNValue *value)
{
	Jsonb *jsonb = nnet_value_to_jsonb(value);

	return JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb));
}

/* ---- making values ---- */

NNValue
nnet_value_null(void)
{
	return (NNValue){.type = NN_V_NULL};
}

NNValue
nnet_value_number(double number)
{
	return (NNValue){.type = NN_V_NUMBER, .number = number};
}

NNValue
nnet_value_integer(int64 integer)
{
	NNValue value = nnet_value_number((double) integer);

	if (fabs(value.number) >= EXACT_DOUBLES)
		value.integer = integer;
	return value;
}

bool
nnet_value_int64(const NNValue *value, int64 *integer)
{
	if (value->type != NN_V_NUMBER)
		return false;
	*integer = value->integer;
	if (value->integer != 0)
		return true;
	if (value->number != floor(value->number) || !(fabs(value->number) < EXACT_DOUBLES))
		return false;
	*integer = (int64) value->number;
	return true;
}

NNValue
nnet_value_bool(bool boolean)
{
	return (NNValue){.type = NN_V_BOOL, .boolean = boolean};
}

/* The string is not copied. */
NNValue
nnet_value_string(const char *string)
{
	return (NNValue){.type = NN_V_STRING, .string = string};
}

NNValue
nnet_value_array(int room)
{
	return (NNValue){
		.type = NN_V_ARRAY, .room = Max(room, 1), .items = palloc0(sizeof(NNValue) * Max(room, 1))};
}

NNValue
nnet_value_object(int room)
{
	NNValue object = nnet_value_array(room);

	object.type = NN_V_OBJECT;
	object.keys = palloc0(sizeof(char *) * Max(room, 1));
	return object;
}

NNValue
nnet_value_without(const NNValue *object, const char *const *keys, int more)
{
	NNValue rest = nnet_value_object(object->count + more);

	for (int i = 0; i < object->count; i++)
	{
		const char *const *key = keys;

		while (*key != NULL && strcmp(*key, object->keys[i]) != 0)
			key++;
		if (*key == NULL)
			nnet_value_set(&rest, object->keys[i], object->items[i]);
	}
	return rest;
}

/* The items, with room for one more.  What has no room of its own is copied. */
static NNValue *
extend(NNValue *value)
{
	NNValue larger;

	if (value->count >= value->room)
	{
		int room = Max(8, 2 * value->count);

		larger = value->type == NN_V_OBJECT ? nnet_value_object(room) : nnet_value_array(room);
		larger.count = value->count;
		if (value->count > 0)
			memcpy(unconstify(NNValue *, larger.items), value->items,
				   sizeof(NNValue) * value->count);
		if (value->count > 0 && value->type == NN_V_OBJECT)
			memcpy((const char **) larger.keys, value->keys, sizeof(char *) * value->count);
		*value = larger;
	}
	return unconstify(NNValue *, value->items);
}

void
nnet_value_append(NNValue *array, NNValue item)
{
	NNValue *items = extend(array);

	Assert(array->type == NN_V_ARRAY);
	items[array->count++] = item;
}

void
nnet_value_set(NNValue *object, const char *key, NNValue item)
{
	NNValue *items = extend(object);

	Assert(object->type == NN_V_OBJECT);
	((const char **) object->keys)[object->count] = key;
	items[object->count++] = item;
}
