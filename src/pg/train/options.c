/*
 * options.c
 *	  The options of a training: one table that nnet.options() and fit share.
 *
 * A row of the table is also an argument of nnet.options(), in this order.
 */
#include "pg/train/train.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/numeric.h"

typedef enum OptionType
{
	OPTION_INT, OPTION_BIGINT, OPTION_REAL, OPTION_BOOL
} OptionType;

typedef struct Option
{
	const char *name;
	OptionType	type;
	size_t		offset;
	double		def;
	double		min;			/* inclusive */
	double		max;			/* inclusive, of OPTION_REAL exclusive */
} Option;

/* Seeds travel through jsonb as numbers that a double must hold exactly. */
#define MAX_SEED 9007199254740991.0

static const Option option_table[] = {
	{"epochs", OPTION_INT, offsetof(NnetFitOptions, epochs), 1, 1, 1000000},
	{"batch_size", OPTION_INT, offsetof(NnetFitOptions, batch_size), 32, 1, 1000000},
	{"validation_split", OPTION_REAL, offsetof(NnetFitOptions, validation_split), 0, 0, 1},
	{"shuffle", OPTION_BOOL, offsetof(NnetFitOptions, shuffle), true, 0, 1},
	{"seed", OPTION_BIGINT, offsetof(NnetFitOptions, seed), 0, -MAX_SEED, MAX_SEED},
	{"verbose", OPTION_BOOL, offsetof(NnetFitOptions, verbose), false, 0, 1}
};

#define N_OPTIONS ((int) lengthof(option_table))

PG_FUNCTION_INFO_V1(nnet_options);

static const Option *
find_option(const char *name)
{
	StringInfoData list;

	for (int i = 0; i < N_OPTIONS; i++)
	{
		if (strcmp(option_table[i].name, name) == 0)
			return &option_table[i];
	}
	initStringInfo(&list);
	for (int i = 0; i < N_OPTIONS; i++)
		appendStringInfo(&list, "%s%s", i ? ", " : "", option_table[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown option \"%s\" for fit", name),
			 errhint("Options are %s.", list.data)));
}

/* "an integer from 1 to 1000000" */
static const char *
option_wants(const Option *option)
{
	switch (option->type)
	{
		case OPTION_BOOL:
			return "true or false";
		case OPTION_REAL:
			return psprintf("a number from %g to below %g", option->min, option->max);
		default:
			return psprintf("an integer from %.0f to %.0f", option->min, option->max);
	}
}

static void
store_option(const Option *option, double value, NnetFitOptions *options)
{
	char	   *place = (char *) options + option->offset;

	switch (option->type)
	{
		case OPTION_INT:
			*(int *) place = (int) value;
			break;
		case OPTION_BIGINT:
			*(int64 *) place = (int64) value;
			break;
		case OPTION_REAL:
			*(double *) place = value;
			break;
		case OPTION_BOOL:
			*(bool *) place = value != 0;
			break;
	}
}

static void
parse_option(const Option *option, const NNValue *value, NnetFitOptions *options)
{
	bool		good;
	char	   *given;

	if (option->type == OPTION_BOOL)
		good = value->type == NN_V_BOOL;
	else
		good = value->type == NN_V_NUMBER && value->number >= option->min &&
			(option->type == OPTION_REAL ? value->number < option->max :
			 value->number <= option->max && value->number == floor(value->number));
	if (good)
	{
		store_option(option, value->type == NN_V_BOOL ? value->boolean : value->number, options);
		return;
	}
	given = JsonbToCString(NULL, &nnet_value_to_jsonb(value)->root, -1);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("option \"%s\" must be %s, not %s", option->name, option_wants(option),
					given)));
}

/* Set what an object of options says; NULLs leave defaults. */
static void
parse_options(const NNValue *object, NnetFitOptions *options)
{
	for (int i = 0; i < N_OPTIONS; i++)
		store_option(&option_table[i], option_table[i].def, options);
	options->has_seed = false;
	if (object == NULL)
		return;
	if (object->type != NN_V_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the options of fit must be a jsonb object"),
				 errhint("Use nnet.options(epochs => 5, ...).")));
	for (int i = 0; i < object->count; i++)
	{
		const Option *option = find_option(object->keys[i]);

		if (object->items[i].type == NN_V_NULL)
			continue;
		parse_option(option, &object->items[i], options);
		if (strcmp(option->name, "seed") == 0)
			options->has_seed = true;
	}
}

void
nnet_fit_options(Jsonb *jsonb, NnetFitOptions *options)
{
	parse_options(jsonb ? nnet_value_from_jsonb(jsonb) : NULL, options);
	if (!options->has_seed)
		options->seed = (int64) (DatumGetFloat8(OidFunctionCall0(F_RANDOM)) * 4294967296.0);
}

/*
 * nnet.options(epochs, batch_size, ...): the arguments as jsonb, checked.
 */
Datum
nnet_options(PG_FUNCTION_ARGS)
{
	NNValue		items[N_OPTIONS] = {{0}};
	const char *keys[N_OPTIONS];
	NNValue		object = {.type = NN_V_OBJECT, .items = items, .keys = keys};
	NnetFitOptions options;

	for (int i = 0; i < Min(PG_NARGS(), N_OPTIONS); i++)
	{
		const Option *option = &option_table[i];
		NNValue    *item = &items[object.count];

		if (PG_ARGISNULL(i))
			continue;
		keys[object.count++] = option->name;
		item->type = option->type == OPTION_BOOL ? NN_V_BOOL : NN_V_NUMBER;
		switch (option->type)
		{
			case OPTION_INT:
				item->number = PG_GETARG_INT32(i);
				break;
			case OPTION_BIGINT:
				item->number = (double) PG_GETARG_INT64(i);
				break;
			case OPTION_REAL:
				item->number = PG_GETARG_FLOAT8(i);
				break;
			case OPTION_BOOL:
				item->boolean = PG_GETARG_BOOL(i);
				break;
		}
	}
	parse_options(&object, &options);
	PG_RETURN_JSONB_P(nnet_value_to_jsonb(&object));
}
