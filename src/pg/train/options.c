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
#include "pg/types/number.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

/* a member of the struct owner; further fields may follow */
#define OPTION(owner, TYPE, member, ...)                                                \
	{                                                                                   \
		.name = #member, .type = NNET_OPTION_##TYPE, .offset = offsetof(owner, member), \
		__VA_ARGS__                                                                     \
	}
#define RANGE(default, least, most) .def = default, .min = least, .max = most

/* ---- steering: options that are options themselves ---- */

static const NNWord mode_words[] = {
	{"auto", NNET_MODE_AUTO},
	{"min", NNET_MODE_MIN},
	{"max", NNET_MODE_MAX},
	{NULL, 0},
};

#define STOPPING(TYPE, member, ...) OPTION(NnetEarlyStopping, TYPE, member, __VA_ARGS__)
#define PLATEAU(TYPE, member, ...) OPTION(NnetPlateau, TYPE, member, __VA_ARGS__)

static const NnetOption stopping_options[] = {
	STOPPING(TEXT, monitor, .text = "val_loss"),
	STOPPING(REAL, min_delta, RANGE(0, 0, INFINITY)),
	STOPPING(INT, patience, RANGE(0, 0, 1000000)),
	STOPPING(WORD, mode, .def = NNET_MODE_AUTO, .words = mode_words),
	STOPPING(REAL, baseline, RANGE(NAN, -INFINITY, INFINITY)),
	STOPPING(BOOL, restore_best_weights, .def = true),
	STOPPING(INT, start_from_epoch, RANGE(0, 0, 1000000)),
};

static const NnetOption plateau_options[] = {
	PLATEAU(TEXT, monitor, .text = "val_loss"),
	PLATEAU(REAL, factor, RANGE(0.1, 0, 1)),
	PLATEAU(INT, patience, RANGE(10, 0, 1000000)),
	PLATEAU(WORD, mode, .def = NNET_MODE_AUTO, .words = mode_words),
	PLATEAU(REAL, min_delta, RANGE(1e-4, 0, INFINITY)),
	PLATEAU(INT, cooldown, RANGE(0, 0, 1000000)),
	PLATEAU(REAL, min_lr, RANGE(0, 0, INFINITY)),
};

static const NnetOptionTable stopping_table = {
	"early_stopping",
	"nnet.early_stopping(patience => 5, ...)",
	stopping_options,
	lengthof(stopping_options),
};

static const NnetOptionTable plateau_table = {
	"reduce_lr_on_plateau",
	"nnet.reduce_lr_on_plateau(patience => 5, ...)",
	plateau_options,
	lengthof(plateau_options),
};

/* ---- of fit ---- */

#define FIT(TYPE, member, ...) OPTION(NnetFitOptions, TYPE, member, __VA_ARGS__)

#define NOTHING_HELD_BACK "fit_gan holds back no rows for validation."
#define NO_BEST_EPOCH                                                                          \
	"The losses of two models against each other do not tell which epoch is better: train by " \
	"several calls and look at nnet.generate() in between, or give a time_limit."

static const NnetOption fit_options[] = {
	FIT(INT, epochs, RANGE(1, 1, 1000000)),
	FIT(INT, batch_size, RANGE(32, 1, 1000000)),
	FIT(REAL, validation_split, RANGE(0, 0, 1), .alone = NOTHING_HELD_BACK),
	FIT(BOOL, shuffle, .def = true),
	FIT(BIGINT, seed, RANGE(0, (double) PG_INT64_MIN, (double) PG_INT64_MAX)),
	FIT(BOOL, verbose, .def = false),
	FIT(VALUE, class_weight, .takes = nnet_class_weight_valid,
		.wants =
			"\"balanced\", or an object of weights of 0 or more by label or number of class, or "
			"of these by output",
		.alone = "Rows of fit_gan have no classes."),
	FIT(BOOL, stratify, .def = false, .alone = NOTHING_HELD_BACK),
	FIT(OPTIONS, early_stopping, .table = &stopping_table, .alone = NO_BEST_EPOCH),
	FIT(OPTIONS, reduce_lr_on_plateau, .table = &plateau_table, .alone = NO_BEST_EPOCH),
	FIT(BOOL, best_weights, .def = false, .alone = NO_BEST_EPOCH),
	FIT(SECONDS, time_limit, RANGE(0, 0, 1e9)),
	FIT(VALUE, validation_freq, .takes = nnet_validation_freq_valid,
		.wants = "a number of epochs of 1 or more, or an array of epochs", .alone = NO_BEST_EPOCH),
	FIT(INT, initial_epoch, RANGE(0, 0, 999999), .alone = NO_BEST_EPOCH),
	FIT(INT, steps_per_epoch, RANGE(0, 1, 1000000000)),
	FIT(REAL, learning_rate_factor, RANGE(1, 0, 1e6),
		.alone = "Each of the two models learns by the rate that it is compiled with."),
	FIT(INT, concurrency, RANGE(1, 1, 1000000), .alone = "Its threads are those of nnet.threads."),
	FIT(BOOL, slots, .def = true, .alone = "The state of both optimizers is saved."),
};

const NnetOptionTable nnet_fit_option_table = {
	"fit",
	"nnet.options(epochs => 5, ...)",
	fit_options,
	lengthof(fit_options),
};

PG_FUNCTION_INFO_V1(nnet_options);
PG_FUNCTION_INFO_V1(nnet_early_stopping);
PG_FUNCTION_INFO_V1(nnet_reduce_lr_on_plateau);

const NnetOption *
nnet_option_find(const NnetOptionTable *table, const char *name)
{
	for (int i = 0; i < table->n; i++)
		if (strcmp(table->options[i].name, name) == 0)
			return &table->options[i];
	return NULL;
}

bool
nnet_option_says_nothing(const NnetOption *option, const NNValue *value)
{
	switch (value->type)
	{
		case NN_V_NULL:
			return true;
		case NN_V_BOOL:
			return option->type == NNET_OPTION_BOOL && value->boolean == (option->def != 0);
		case NN_V_NUMBER:
			return (option->type == NNET_OPTION_INT || option->type == NNET_OPTION_REAL) &&
				value->number == option->def;
		default:
			return false;
	}
}

static void
refuse_unknown(const NnetOptionTable *table, const char *name)
{
	StringInfoData list;

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
			if (isinf(option->min))
				return "a number";
			return isinf(option->max)
				? psprintf("a number from %g on", option->min)
				: psprintf("a number from %g to below %g", option->min, option->max);
		case NNET_OPTION_TEXT:
			return "a text";
		case NNET_OPTION_SECONDS:
			return psprintf("a time above 0, of at most %g seconds", option->max);
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
		case NNET_OPTION_SECONDS:
			*(double *) place = value;
			break;
		case NNET_OPTION_TEXT:
			*(const char **) place = option->text;
			break;
		case NNET_OPTION_VALUE:
			*(const NNValue **) place = NULL;
			break;
		case NNET_OPTION_OPTIONS:
			*(bool *) place = false;
			nnet_options_parse(option->table, NULL, place);
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
		case NNET_OPTION_SECONDS:
			return value->type == NN_V_NUMBER && value->number > option->min &&
				value->number <= option->max;
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
	return nnet_value_to_text(value);
}

/* Whether the option takes a value that stays as it is, or is more than a number. */
static bool
keep_value(const NnetOption *option, const NNValue *value, void *place)
{
	switch (option->type)
	{
		case NNET_OPTION_BIGINT:
			return nnet_value_int64(value, place);
		case NNET_OPTION_VALUE:
			*(const NNValue **) place = value;
			return option->takes(value);
		case NNET_OPTION_TEXT:
			*(const char **) place = value->string;
			return value->type == NN_V_STRING;
		case NNET_OPTION_OPTIONS:
			nnet_options_parse(option->table, value, place);
			*(bool *) place = true;
			return true;
		default:
			return false;
	}
}

static bool
is_kept(const NnetOption *option)
{
	return option->type == NNET_OPTION_BIGINT || option->type == NNET_OPTION_VALUE ||
		option->type == NNET_OPTION_TEXT || option->type == NNET_OPTION_OPTIONS;
}

static void
parse_option(const NnetOption *option, const NNValue *value, void *options)
{
	double number;

	if (is_kept(option) && keep_value(option, value, (char *) options + option->offset))
		return;
	if (!is_kept(option) && read_option(option, value, &number))
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
		const NnetOption *option = nnet_option_find(table, object->keys[i]);

		if (option == NULL)
			refuse_unknown(table, object->keys[i]);
		else if (object->items[i].type != NN_V_NULL)
			parse_option(option, &object->items[i], options);
	}
}

int64
nnet_options_seed(const NNValue *object, int64 given, const int64 *otherwise)
{
	const NNValue *seed = object != NULL ? nn_value_get(object, "seed") : NULL;

	if (seed != NULL && seed->type == NN_V_NUMBER)
		return given;
	return otherwise != NULL ? *otherwise : (int64) (nnet_random() * 4294967296.0);
}

void
nnet_options_check_same(const Jsonb *first, const Jsonb *now, const char *function)
{
	if (now == NULL ? first == NULL
					: first != NULL && VARSIZE(now) == VARSIZE(first) &&
				memcmp(now, first, VARSIZE(now)) == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the options change within a group of rows of %s()", function),
			 errhint("Give options that are the same for all rows of a group.")));
}

static void
check_fit_options(const NnetFitOptions *options)
{
	if (options->stratify && options->validation_split <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"stratify\" needs a validation_split above 0"),
				 errhint("Give both: nnet.options(validation_split => 0.2, stratify => true).")));
	if (options->initial_epoch >= options->epochs)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"initial_epoch\" of %d leaves none of %d epochs to train",
						options->initial_epoch, options->epochs),
				 errhint("Training begins after that epoch, and ends with epoch number "
						 "\"epochs\".")));
}

void
nnet_fit_options(Jsonb *jsonb, const int64 *seed, NnetFitOptions *options)
{
	NNValue *object = jsonb ? nnet_value_from_jsonb(jsonb) : NULL;

	nnet_options_parse(&nnet_fit_option_table, object, options);
	check_fit_options(options);
	options->seed = nnet_options_seed(object, options->seed, seed);
}

int
nnet_fit_threads(const NnetFitOptions *options)
{
	return Max(nnet_threads_for_fit() / options->concurrency, 1);
}

/* Argument i, which is not NULL. */
static NNValue
option_argument(FunctionCallInfo fcinfo, const NnetOption *option, int i)
{
	double seconds;

	switch (option->type)
	{
		case NNET_OPTION_INT:
			return nnet_value_number(PG_GETARG_INT32(i));
		case NNET_OPTION_BIGINT:
			return nnet_value_integer(PG_GETARG_INT64(i));
		case NNET_OPTION_REAL:
			return nnet_value_number(PG_GETARG_FLOAT8(i));
		case NNET_OPTION_SECONDS:
			(void) nnet_number_type(INTERVALOID)->number(PG_GETARG_DATUM(i), &seconds);
			return nnet_value_number(seconds);
		case NNET_OPTION_WORD:
		case NNET_OPTION_TEXT:
			return nnet_value_string(text_to_cstring(PG_GETARG_TEXT_PP(i)));
		case NNET_OPTION_OPTIONS:
			return *nnet_value_from_jsonb(PG_GETARG_JSONB_P(i));
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
	Jsonb *object = nnet_options_arguments(fcinfo, &nnet_fit_option_table, &options);

	check_fit_options(&options);
	PG_RETURN_JSONB_P(object);
}

/*
 * nnet.early_stopping(monitor, ...), nnet.reduce_lr_on_plateau(monitor, ...): the same
 * for an option of nnet.options() that is options itself.
 */
Datum
nnet_early_stopping(PG_FUNCTION_ARGS)
{
	NnetEarlyStopping options;

	PG_RETURN_JSONB_P(nnet_options_arguments(fcinfo, &stopping_table, &options));
}

Datum
nnet_reduce_lr_on_plateau(PG_FUNCTION_ARGS)
{
	NnetPlateau options;

	PG_RETURN_JSONB_P(nnet_options_arguments(fcinfo, &plateau_table, &options));
}
