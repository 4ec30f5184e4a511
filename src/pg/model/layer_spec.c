/*
 * layer_spec.c
 *	  The constructors of SQL: nnet.dense(64, activation => 'relu') to jsonb.
 *
 * One C function serves all constructors of a sort.  It reads its own entry
 * in pg_proc and turns each argument that is not NULL into a key of that name,
 * after "kind", the function's name.  So a new kind of layer costs one SQL
 * declaration, and its options are checked by the table in the kind's own file.
 *
 * Arguments declared "any" take a number, an array or, as a literal of unknown
 * type, the text of one: 3, ARRAY[3,5] and '{3,5}'.
 *
 * Lifetimes: what pg_proc says is kept in fn_extra for the query.
 */
#include "pg/model/model.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(nnet_layer_spec);
PG_FUNCTION_INFO_V1(nnet_layer_literal_spec);
PG_FUNCTION_INFO_V1(nnet_optimizer_spec);
PG_FUNCTION_INFO_V1(nnet_schedule_spec);
PG_FUNCTION_INFO_V1(nnet_loss_spec);
PG_FUNCTION_INFO_V1(nnet_metric_spec);
PG_FUNCTION_INFO_V1(nnet_kind_spec);
PG_FUNCTION_INFO_V1(nnet_plain_spec);

/* The constructor as pg_proc has it. */
typedef struct Constructor
{
	char *name;
	int n_args;
	char **arg_names;
	Oid *arg_types;
} Constructor;

static const Constructor *
get_constructor(FmgrInfo *flinfo)
{
	Constructor *constructor = flinfo->fn_extra;
	MemoryContext caller;
	HeapTuple tuple;
	char *modes;

	if (constructor != NULL)
		return constructor;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(flinfo->fn_oid));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", flinfo->fn_oid);
	caller = MemoryContextSwitchTo(flinfo->fn_mcxt);
	constructor = palloc(sizeof(Constructor));
	constructor->name = pstrdup(NameStr(((Form_pg_proc) GETSTRUCT(tuple))->proname));
	constructor->n_args =
		get_func_arg_info(tuple, &constructor->arg_types, &constructor->arg_names, &modes);
	MemoryContextSwitchTo(caller);
	ReleaseSysCache(tuple);
	if (constructor->n_args > 0 && constructor->arg_names == NULL)
		elog(ERROR, "arguments of function %u have no names", flinfo->fn_oid);
	flinfo->fn_extra = constructor;
	return constructor;
}

/* ---- arguments to values ---- */

static NNValue datum_value(Datum datum, Oid type, bool any, const char *argument);

/* An array's dimensions become arrays in arrays. */
static NNValue
elements_value(Datum **next, bool **nulls, const int *dims, int ndim, Oid type,
			   const char *argument)
{
	NNValue value = nnet_value_array(dims[0]);

	for (int i = 0; i < dims[0]; i++)
	{
		if (ndim > 1)
			nnet_value_append(&value,
							  elements_value(next, nulls, dims + 1, ndim - 1, type, argument));
		else if (*(*nulls)++)
		{
			nnet_value_append(&value, nnet_value_null());
			(*next)++;
		}
		else
			nnet_value_append(&value, datum_value(*(*next)++, type, false, argument));
	}
	return value;
}

static NNValue
array_value(Datum datum, const char *argument)
{
	ArrayType *array = DatumGetArrayTypeP(datum);
	Oid type = ARR_ELEMTYPE(array);
	int16 length;
	bool by_value;
	char align;
	Datum *elements;
	bool *nulls;
	int n;

	get_typlenbyvalalign(type, &length, &by_value, &align);
	deconstruct_array(array, type, length, by_value, align, &elements, &nulls, &n);
	if (n == 0)
		return nnet_value_array(0);
	return elements_value(&elements, &nulls, ARR_DIMS(array), ARR_NDIM(array), type, argument);
}

/* Text given for an "any" argument: an array, a number, JSON or a word. */
static NNValue
text_value(char *text, bool any, const char *argument)
{
	const char *start = text + strspn(text, " \t\n");
	const char *second;
	char *end;

	if (!any || *start == '\0')
		return nnet_value_string(text);
	second = start + 1 + strspn(start + 1, " \t\n");
	if (*start == '[' || *start == '"' || (*start == '{' && (*second == '"' || *second == '}')))
		return *nnet_value_from_jsonb(
			DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text))));
	if (*start == '{')
		return array_value(OidInputFunctionCall(F_ARRAY_IN, text, FLOAT8OID, -1), argument);
	if (strchr("+-.0123456789", *start) != NULL)
	{
		double number = strtod(start, &end);

		if (end[strspn(end, " \t\n")] == '\0')
			return nnet_value_number(number);
	}
	return nnet_value_string(text);
}

static NNValue
number_value(Datum datum, Oid type)
{
	switch (type)
	{
		case INT2OID:
			return nnet_value_number(DatumGetInt16(datum));
		case INT4OID:
			return nnet_value_number(DatumGetInt32(datum));
		case INT8OID:
			return nnet_value_integer(DatumGetInt64(datum));
		case FLOAT4OID:
			return nnet_value_number((double) DatumGetFloat4(datum));
		case FLOAT8OID:
			return nnet_value_number(DatumGetFloat8(datum));
		default:
			Assert(type == NUMERICOID);
			return nnet_value_number(
				DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, datum)));
	}
}

static NNValue
datum_value(Datum datum, Oid type, bool any, const char *argument)
{
	type = getBaseType(type);
	switch (type)
	{
		case BOOLOID:
			return nnet_value_bool(DatumGetBool(datum));
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
			return number_value(datum, type);
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			return text_value(TextDatumGetCString(datum), any, argument);
		case UNKNOWNOID:
			return text_value(pstrdup(DatumGetCString(datum)), any, argument);
		case JSONOID:
			return text_value(TextDatumGetCString(datum), true, argument);
		case JSONBOID:
			return *nnet_value_from_jsonb(DatumGetJsonbP(datum));
		default:
			break;
	}
	if (OidIsValid(get_element_type(type)))
		return array_value(datum, argument);
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("argument \"%s\" cannot have type %s", argument, format_type_be(type)),
			 errhint("Give a number, a word, an array of numbers, "
					 "or the result of a function of the schema nnet.")));
}

NNValue
nnet_argument_value(Datum datum, Oid type, const char *argument)
{
	return datum_value(datum, type, true, argument);
}

/* literals: so many arguments, from the first on, are texts of what "any" takes. */
static NNValue
spec_value_of(FunctionCallInfo fcinfo, bool with_kind, int literals)
{
	const Constructor *constructor = get_constructor(fcinfo->flinfo);
	NNValue spec = nnet_value_object(constructor->n_args + 1);

	if (with_kind)
		nnet_value_set(&spec, "kind", nnet_value_string(constructor->name));
	for (int i = 0; i < Min(constructor->n_args, PG_NARGS()); i++)
	{
		Oid type = constructor->arg_types[i];
		bool any = type == ANYOID || i < literals;

		if (PG_ARGISNULL(i))
			continue;
		if (type == ANYOID)
			type = get_fn_expr_argtype(fcinfo->flinfo, i);
		if (!OidIsValid(type))
			elog(ERROR, "cannot determine the type of argument \"%s\"", constructor->arg_names[i]);
		nnet_value_set(&spec, constructor->arg_names[i],
					   datum_value(PG_GETARG_DATUM(i), type, any, constructor->arg_names[i]));
	}
	return spec;
}

static NNValue
spec_value(FunctionCallInfo fcinfo, bool with_kind)
{
	return spec_value_of(fcinfo, with_kind, 0);
}

/* ---- the constructors ---- */

static Jsonb *
checked_layer(NNValue spec)
{
	NNError error = {.code = NN_OK};

	if (!nn_layer_check(nn_value_get(&spec, "kind")->string, &spec, &error))
		nnet_core_error(&error, NULL);
	return nnet_value_to_jsonb(&spec);
}

/* Layers: checked at once, so that an unknown activation fails here. */
Datum
nnet_layer_spec(PG_FUNCTION_ARGS)
{
	PG_RETURN_JSONB_P(checked_layer(spec_value(fcinfo, true)));
}

/*
 * The same of a function whose first argument is text beside one whose is "any": where
 * literals could be arguments of several, PostgreSQL takes the one with text.
 */
Datum
nnet_layer_literal_spec(PG_FUNCTION_ARGS)
{
	PG_RETURN_JSONB_P(checked_layer(spec_value_of(fcinfo, true, 1)));
}

Datum
nnet_optimizer_spec(PG_FUNCTION_ARGS)
{
	NNValue spec = spec_value(fcinfo, true);
	NNOptimizer optimizer;
	NNError error = {.code = NN_OK};

	if (!nn_optimizer_parse(&optimizer, &spec, &error))
		nnet_core_error(&error, NULL);
	PG_RETURN_JSONB_P(nnet_value_to_jsonb(&spec));
}

/* Schedules of the learning rate: checked as an optimizer would. */
Datum
nnet_schedule_spec(PG_FUNCTION_ARGS)
{
	NNValue spec = spec_value(fcinfo, true);
	NNValue sgd = nnet_value_object(2);
	NNOptimizer optimizer;
	NNError error = {.code = NN_OK};

	nnet_value_set(&sgd, "kind", nnet_value_string("sgd"));
	nnet_value_set(&sgd, "learning_rate", spec);
	if (!nn_optimizer_parse(&optimizer, &sgd, &error))
		nnet_core_error(&error, NULL);
	PG_RETURN_JSONB_P(nnet_value_to_jsonb(&spec));
}

/* Losses, which are metrics as well: "name" is that of the metric. */
Datum
nnet_loss_spec(PG_FUNCTION_ARGS)
{
	NNValue spec = spec_value(fcinfo, true);
	NNError error = {.code = NN_OK};

	if (!nn_loss_check(&spec, &error) || !nn_metric_check(&spec, &error))
		nnet_core_error(&error, NULL);
	PG_RETURN_JSONB_P(nnet_value_to_jsonb(&spec));
}

Datum
nnet_metric_spec(PG_FUNCTION_ARGS)
{
	NNValue spec = spec_value(fcinfo, true);
	NNError error = {.code = NN_OK};

	if (!nn_metric_check(&spec, &error))
		nnet_core_error(&error, NULL);
	PG_RETURN_JSONB_P(nnet_value_to_jsonb(&spec));
}

/* Initializers: checked by the layer that takes them. */
Datum
nnet_kind_spec(PG_FUNCTION_ARGS)
{
	NNValue spec = spec_value(fcinfo, true);

	PG_RETURN_JSONB_P(nnet_value_to_jsonb(&spec));
}

/* Regularizers: they have arguments and no kind. */
Datum
nnet_plain_spec(PG_FUNCTION_ARGS)
{
	NNValue spec = spec_value(fcinfo, false);

	PG_RETURN_JSONB_P(nnet_value_to_jsonb(&spec));
}
