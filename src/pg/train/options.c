/*
 * options.c
 *	  The options of trainings: tables that the function which makes options
 *	  and the aggregate which takes them share.  Here is that of nnet.options()
 *	  and fit.
 *
 * A row of a table is also an argument of the function, in this order.
 */
#include "pg/data/data.h"
#include "pg/train/train.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#define OPTION(type, member, def, min, max)                                                       \
	{                                                                                             \
#member, NNET_OPTION_##type, offsetof(NnetFitOptions, member), def, min, max, NULL, NULL, \
			NULL                                                                                  \
	}

static const NnetOption fit_options[] = {
	OPTION(INT, epochs, 1, 1, 1000000),
	OPTION(INT, batch_size, 32, 1, 1000000),
	OPTION(REAL, validation_split, 0, 0, 1),
	OPTION(BOOL, shuffle, true, 0, 1),
	OPTION(BIGINT, seed, 0, (double) PG_INT64_MIN, (double) PG_INT64_MAX),
	OPTION(BOOL, verbose, false, 0, 1),
	{"class_weight", NNET_OPTION_VALUE, offsetof(NnetFitOptions, class_weight),
	 .takes = nnet_class_weight_valid,
	 .wants = "\"balanced\", or an object of weights of 0 or more by label or number of class, or "
			  "of these by output"},
	OPTION(BOOL, stratify, false, 0, 1),
};

static const NnetOptionTable fit_table = {
	"fit",
	"nnet.options(epochs => 5, ...)",
	fit_options,
	lengthof(fit_options),
};

PG_FUNCTION_INFO_V1(nnet_options);

static const NnetOption *
find_option(const NnetOptionTable *table, const char *name)
{
	StringInfoData list;

	for (int i = 0; i < table->n; i++)
	{
		if (strcmp(table->options[i].name, name) == 0)
			return &table->options[i];
	}
	initStringInfo(&list);
	for (int i = 0; i < table->n; i++)
		appendStringInfo(&list, "%s%s", i ? ", " : "", table->options[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown option \"%s\" for %s", name, table->function),
			 errhint("Options are %s.", list.data)));
}

/* "normal, uniform" */
static const char *
word_list(const NNWord *words)
{
	StringInfoData list;

	initStringInfo(&list);
	for (const NNWord *word = words; word->name != NULL; word++)
		appendStringInfo(&list, "%s%s", word > words ? ", " : "", word->name);
	return list.data;
}

/* "an integer from 1 to 1000000" */
static const char *
option_wants(const NnetOption *option)
{
	switch (option->type)
	{
		case NNET_OPTION_BOOL:
			return "true or false";
		case NNET_OPTION_REAL:
			return psprintf("a number from %g to below %g", option->min, option->max);
		case NNET_OPTION_WORD:
			return psprintf("one of %s", word_list(option->words));
		case NNET_OPTION_VALUE:
			return option->wants;
		case NNET_OPTION_BIGINT:
			return psprintf("an integer from " INT64_FORMAT " to " INT64_FORMAT, PG_INT64_MIN,
							PG_INT64_MAX);
		default:
			return psprintf("an integer from %.0f to %.0f", option->min, option->max);
	}
}

static void
store_option(const NnetOption *option, double value, void *options)
{
	char *place = (char *) options + option->offset;

	switch (option->type)
	{
		case NNET_OPTION_INT:
		case NNET_OPTION_WORD:
			*(int *) place = (int) value;
			break;
		case NNET_OPTION_BIGINT:
			*(int64 *) place = (int64) value;
			break;
		case NNET_OPTION_REAL:
			*(double *) place = value;
			break;
		case NNET_OPTION_BOOL:
			*(bool *) place = value != 0;
			break;
		case NNET_OPTION_VALUE:
			*(const NNValue **) place = NULL;
			break;
	}
}

/* Whether value is one the option takes; then *number stands for it, but for a bigint. */
static bool
read_option(const NnetOption *option, const NNValue *value, double *number)
{
	*number = value->number;
	switch (option->type)
	{
		case NNET_OPTION_BOOL:
			*number = value->boolean;
			return value->type == NN_V_BOOL;
		case NNET_OPTION_WORD:
			for (const NNWord *word = option->words; word->name != NULL; word++)
			{
				*number = word->value;
				if (value->type == NN_V_STRING && strcmp(word->name, value->string) == 0)
					return true;
			}
			return false;
		case NNET_OPTION_REAL:
			return value->type == NN_V_NUMBER && value->number >= option->min &&
				value->number < option->max;
		default:
			return value->type == NN_V_NUMBER && value->number >= option->min &&
				value->number <= option->max && value->number == floor(value->number);
	}
}

/* As JSON has it, but for what it does not have (NaN) or writes with many zeros. */
static const char *
given_text(const NNValue *value)
{
	if (value->type == NN_V_NUMBER && value->integer == 0 && !(fabs(value->number) < 1e15))
		return psprintf("%.17g", value->number);
	return JsonbToCString(NULL, &nnet_value_to_jsonb(value)->root, -1);
}

static void
parse_option(const NnetOption *option, const NNValue *value, void *options)
{
	void *place = (char *) options + option->offset;
	double number;

	if (option->type == NNET_OPTION_BIGINT && nnet_value_int64(value, place))
		return;
	if (option->type == NNET_OPTION_VALUE && option->takes(value))
	{
		*(const NNValue **) place = value;
		return;
	}
	if (option->type != NNET_OPTION_BIGINT && option->type != NNET_OPTION_VALUE &&
		read_option(option, value, &number))
	{
		store_option(option, number, options);
		return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("option \"%s\" must be %s, not %s", option->name, option_wants(option),
					given_text(value))));
}

void
nnet_options_parse(const NnetOptionTable *table, const NNValue *object, void *options)
{
	for (int i = 0; i < table->n; i++)
		store_option(&table->options[i], table->options[i].def, options);
	if (object == NULL)
		return;
	if (object->type != NN_V_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the options of %s must be a jsonb object", table->function),
				 errhint("Use %s.", table->example)));
	for (int i = 0; i < object->count; i++)
	{
		const NnetOption *option = find_option(table, object->keys[i]);

		if (object->items[i].type != NN_V_NULL)
			parse_option(option, &object->items[i], options);
	}
}

int64
nnet_options_seed(const NNValue *object, int64 given)
{
	const NNValue *seed = object != NULL ? nn_value_get(object, "seed") : NULL;

	if (seed != NULL && seed->type == NN_V_NUMBER)
		return given;
	return (int64) (nnet_random() * 4294967296.0);
}

static void
check_fit_options(const NnetFitOptions *options)
{
	if (options->stratify && options->validation_split <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"stratify\" needs a validation_split above 0"),
				 errhint("Give both: nnet.options(validation_split => 0.2, stratify => true).")));
}

void
nnet_fit_options(Jsonb *jsonb, NnetFitOptions *options)
{
	NNValue *object = jsonb ? nnet_value_from_jsonb(jsonb) : NULL;

	nnet_options_parse(&fit_table, object, options);
	check_fit_options(options);
	options->seed = nnet_options_seed(object, options->seed);
}

/* Argument i, which is not NULL. */
static NNValue
option_argument(FunctionCallInfo fcinfo, const NnetOption *option, int i)
{
	switch (option->type)
	{
		case NNET_OPTION_INT:
			return nnet_value_number(PG_GETARG_INT32(i));
		case NNET_OPTION_BIGINT:
			return nnet_value_integer(PG_GETARG_INT64(i));
		case NNET_OPTION_REAL:
			return nnet_value_number(PG_GETARG_FLOAT8(i));
		case NNET_OPTION_WORD:
			return nnet_value_string(text_to_cstring(PG_GETARG_TEXT_PP(i)));
		case NNET_OPTION_VALUE:
			return nnet_argument_value(PG_GETARG_DATUM(i), get_fn_expr_argtype(fcinfo->flinfo, i),
									   option->name);
		case NNET_OPTION_BOOL:
			break;
	}
	return nnet_value_bool(PG_GETARG_BOOL(i));
}

Jsonb *
nnet_options_arguments(FunctionCallInfo fcinfo, const NnetOptionTable *table, void *options)
{
	NNValue object = nnet_value_object(table->n);

	for (int i = 0; i < Min(PG_NARGS(), table->n); i++)
		if (!PG_ARGISNULL(i))
			nnet_value_set(&object, table->options[i].name,
						   option_argument(fcinfo, &table->options[i], i));
	nnet_options_parse(table, &object, options);
	return nnet_value_to_jsonb(&object);
}

/*
 * nnet.options(epochs, batch_size, ...): the arguments as jsonb, checked.
 */
Datum
nnet_options(PG_FUNCTION_ARGS)
{
	NnetFitOptions options;
	Jsonb *object = nnet_options_arguments(fcinfo, &fit_table, &options);

	check_fit_options(&options);
	PG_RETURN_JSONB_P(object);
}
