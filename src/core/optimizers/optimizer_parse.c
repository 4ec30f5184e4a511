/*
 * optimizer_parse.c
 *	  An optimizer read from its configuration: a name ('adam') or an object
 *	  {"kind": "adam", "learning_rate": 0.001, ...}.
 */
#include <stdio.h>

#include "core/optimizers/optimizer.h"

#define MAX_STEPS 1000000

/* The options of all optimizers. */
typedef struct Options
{
	double weight_decay; /* negative: the kind's default */
	double clipnorm;
	double global_clipnorm;
	double clipvalue;
	bool use_ema;
	double ema_momentum;
	int ema_overwrite_frequency;
	int gradient_accumulation_steps;
} Options;

static const NNField common_fields[] = {
	{"learning_rate", NN_FIELD_TYPE_IGNORED, 0, false, 0, 0, 0, NULL,
	 0}, /* nn_schedule_parse reads it */
	NN_FIELD_REAL(Options, weight_decay, false, -1, 0, 1e6),
	NN_FIELD_REAL(Options, clipnorm, false, 0, 0, 1e30),
	NN_FIELD_REAL(Options, global_clipnorm, false, 0, 0, 1e30),
	NN_FIELD_REAL(Options, clipvalue, false, 0, 0, 1e30),
	NN_FIELD_BOOL(Options, use_ema, false),
	NN_FIELD_REAL(Options, ema_momentum, false, 0.99, 0, 1),
	NN_FIELD_INT(Options, ema_overwrite_frequency, false, 0, 1, MAX_STEPS),
	NN_FIELD_INT(Options, gradient_accumulation_steps, false, 1, 2, MAX_STEPS),
	NN_FIELD_END,
};

static const NNOptimizerKind *
optimizer_find(const char *name, NNError *error)
{
	const NNOptimizerKind *kind;
	char list[256];
	char clip[NN_CLIP];
	size_t used = 0;

	for (kind = nn_optimizers; name != NULL && kind->name != NULL; kind++)
		if (strcmp(kind->name, name) == 0)
			return kind;

	list[0] = '\0';
	for (kind = nn_optimizers; kind->name != NULL && used < sizeof(list); kind++)
		used += (size_t) snprintf(list + used, sizeof(list) - used, "%s%s", used > 0 ? ", " : "",
								  kind->name);
	if (name != NULL)
		nn_error(error, NN_UNKNOWN_NAME, "unknown optimizer \"%s\"", nn_clip(clip, name));
	else
		nn_error(error, NN_BAD_VALUE, "the optimizer must be a name or an object with a \"kind\"");
	nn_hint(error, "Optimizers are: %s.", list);
	return NULL;
}

static bool
option_given(const NNValue *config, const char *name)
{
	const NNValue *value = nn_value_get(config, name);

	return value != NULL && value->type != NN_V_NULL;
}

/* Those of the kind, then those of options. */
static void
plan_slots(NNOptimizer *optimizer)
{
	optimizer->n_slots = optimizer->kind->n_slots(optimizer->conf.bytes);
	optimizer->sum_slot = optimizer->accumulation > 1 ? optimizer->n_slots++ : -1;
	optimizer->average_slot = optimizer->use_ema ? optimizer->n_slots++ : -1;
}

/* A name alone ('adam') stands for an object with nothing but its kind. */
bool
nn_optimizer_parse(NNOptimizer *optimizer, const NNValue *config, NNError *error)
{
	static const char *const passed_over[] = {"kind", NULL};
	static const NNValue empty = {.type = NN_V_OBJECT};
	const NNOptimizerKind *kind;
	const char *name = NULL;
	Options options;
	NNFields tables[2] = {{common_fields, &options}};
	char what[NN_MAX_NAME + 16];

	if (config->type == NN_V_STRING)
	{
		name = config->string;
		config = &empty;
	}
	else if (config->type == NN_V_OBJECT)
	{
		const NNValue *value = nn_value_get(config, "kind");

		if (value != NULL && value->type == NN_V_STRING)
			name = value->string;
	}
	kind = optimizer_find(name, error);
	if (kind == NULL)
		return false;

	memset(optimizer, 0, sizeof(*optimizer));
	optimizer->kind = kind;
	snprintf(what, sizeof(what), "optimizer \"%s\"", kind->name);
	tables[1] = (NNFields){kind->fields, optimizer->conf.bytes};
	if (!nn_fields_parse_all(tables, 2, config, what, passed_over, error))
		return false;
	if (option_given(config, "clipnorm") + option_given(config, "global_clipnorm") +
			option_given(config, "clipvalue") >
		1)
	{
		nn_error(error, NN_BAD_VALUE, "%s: only one way of clipping may be given", what);
		return nn_hint(error, "Give clipnorm, global_clipnorm or clipvalue.");
	}
	optimizer->rate_factor = 1;
	optimizer->schedule.rate = kind->default_rate;
	if (!nn_schedule_parse(&optimizer->schedule, nn_value_get(config, "learning_rate"), what,
						   error))
		return false;

	optimizer->weight_decay = options.weight_decay < 0 ? kind->default_decay : options.weight_decay;
	optimizer->clipnorm = options.clipnorm;
	optimizer->global_clipnorm = options.global_clipnorm;
	optimizer->clipvalue = options.clipvalue;
	optimizer->accumulation = options.gradient_accumulation_steps;
	optimizer->use_ema = options.use_ema;
	optimizer->ema_momentum = options.ema_momentum;
	optimizer->ema_overwrite_frequency = options.ema_overwrite_frequency;
	plan_slots(optimizer);
	return true;
}
