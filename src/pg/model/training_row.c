/*
 * training_row.c
 *	  The training row's config: what compile and fit know of a model.
 *
 * {"format": 1, "seed": ..., "loss": "mse", "optimizer": {...}, "metrics": [...],
 *	"labels": [...], "label_type": "text", "steps": 0, "history": [{...}, ...],
 *	"history_dropped": 0}
 *
 * Since format 2, what belongs to an output ("loss", "metrics", "labels",
 * "label_type", and new "loss_weights" and "weighted_metrics") may be an object
 * of one for each output, by its name; an output without a loss is trained for
 * nothing.  A loss or a metric may be an object with its arguments,
 * {"kind": "huber", "delta": 2}, as an optimizer is.
 *
 * "averaged" is there where the weights are moving averages (moving_average.c).
 *
 * "label_type" is the type of y that labels were learned from, or "class number"
 * where the model was trained on numbers of classes and has no labels; labels
 * without it were given to compile.
 *
 * Strings are not copied: they live where the value was read.
 */
#include "pg/model/model.h"

#include <math.h>

#include "lib/stringinfo.h"

static const char *const known_keys[] = {
	"format", "loss",		"loss_weights", "optimizer", "metrics",			"weighted_metrics",
	"labels", "label_type", "steps",		"history",	 "history_dropped", "averaged",
};

static void
bad_training(const NnetTraining *training, const char *model, const char *key, const char *expected)
{
	if (training->given)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\": \"%s\" is not %s", model, key, expected)));
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		 errmsg("model \"%s\": the training row's \"%s\" is not %s", model, key, expected),
		 errhint("Put the config of layer -1 right with UPDATE; nnet.compile() fills it anew.")));
}

/* NULL for an absent key and for JSON's null. */
static const NNValue *
get(const NnetTraining *training, const char *key, NNValueType type, const char *expected,
	const char *model)
{
	const NNValue *value = nn_value_get(training->whole, key);

	if (value == NULL || value->type == NN_V_NULL)
		return NULL;
	if (value->type != type)
		bad_training(training, model, key, expected);
	return value;
}

/* 0 for an absent key. */
static int64
get_count(const NnetTraining *training, const char *key, double most, const char *expected,
		  const char *model)
{
	const NNValue *value = get(training, key, NN_V_NUMBER, "a number", model);

	if (value != NULL && !(value->number >= 0 && value->number <= most))
		bad_training(training, model, key, expected);
	return value != NULL ? (int64) value->number : 0;
}

static void
check_format(const NnetTraining *training, const char *model)
{
	const NNValue *format = get(training, "format", NN_V_NUMBER, "a number", model);

	if (format != NULL && !(format->number >= 1 && format->number == floor(format->number)))
		bad_training(training, model, "format", "a whole number from 1 on");
	if (format != NULL && format->number > NNET_FORMAT)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" has format %.0f, this version of nnet reads up to %d", model,
						format->number, NNET_FORMAT),
				 errhint("Install the nnet that wrote it, or a newer one.")));
}

static void
check_history(const NnetTraining *training, const char *model)
{
	const NNValue *history = training->history;

	for (int i = 0; history != NULL && i < history->count; i++)
		if (history->items[i].type != NN_V_OBJECT)
			bad_training(training, model, "history", "an array of objects");
}

void
nnet_training_read(NnetTraining *training, NNValue *config, const char *model)
{
	const NNValue *loss;

	memset(training, 0, sizeof(*training));
	training->whole = config;
	check_format(training, model);

	loss = nn_value_get(config, "loss");
	training->optimizer =
		unconstify(NNValue *, get(training, "optimizer", NN_V_OBJECT, "an object", model));
	training->compiled = loss != NULL && loss->type != NN_V_NULL && training->optimizer != NULL;
	training->steps = get_count(training, "steps", 9e15, "a count of steps", model);
	training->averaged = get(training, "averaged", NN_V_OBJECT, "an object", model);
	training->history_dropped =
		get_count(training, "history_dropped", NNET_DROPPED_EPOCHS, "a count of epochs", model);
	training->history =
		unconstify(NNValue *, get(training, "history", NN_V_ARRAY, "an array of objects", model));
	check_history(training, model);
}

/* ---- what belongs to an output ---- */

/* The names of a model's outputs, for a hint. */
static char *
outputs_list(const NNModel *core)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int o = 0; o < core->n_outputs; o++)
		appendStringInfo(&list, "%s\"%s\"", o > 0 ? ", " : "",
						 nn_layer_name(nn_model_output(core, o)));
	return list.data;
}

int
nnet_find_output(const NnetModel *model, const char *name)
{
	int output = nn_model_find_output(model->core, name);

	if (output < 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("model \"%s\" has no output \"%s\"", model->name, name),
				 errhint("Its outputs are: %s.", outputs_list(model->core))));
	return output;
}

/*
 * Whether a value says something of each output by its name, and not of all of them:
 * one with arguments has a kind, which could be an output's name as well.
 */
static bool
is_by_output(const NnetModel *model, const NNValue *value)
{
	if (value->type != NN_V_OBJECT)
		return false;
	if (nn_value_kind(value) == NULL)
		return true;
	for (int i = 0; i < value->count; i++)
		if (nn_model_find_output(model->core, value->keys[i]) < 0)
			return false;
	return true;
}

/* What is given by output must name outputs. */
static void
check_names(const NnetModel *model, const char *key)
{
	const NNValue *value = nn_value_get(model->training.whole, key);

	if (value == NULL || !is_by_output(model, value))
		return;
	for (int i = 0; i < value->count; i++)
		if (nn_model_find_output(model->core, value->keys[i]) < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("model \"%s\" has no output \"%s\", which \"%s\" names", model->name,
							value->keys[i], key),
					 errhint("Its outputs are: %s.", outputs_list(model->core))));
}

/* What a key says of an output: by its name, or of all; NULL: nothing. */
static const NNValue *
of_output(const NnetModel *model, const char *key, int output)
{
	const NNValue *value = nn_value_get(model->training.whole, key);

	if (value != NULL && is_by_output(model, value))
		value = nn_value_get(value, nn_layer_name(nn_model_output(model->core, output)));
	return value != NULL && value->type != NN_V_NULL ? value : NULL;
}

static const char *
string_of_output(const NnetModel *model, const char *key, int output)
{
	const NNValue *value = of_output(model, key, output);

	if (value == NULL)
		return NULL;
	if (value->type != NN_V_STRING)
		bad_training(&model->training, model->name, key,
					 "a string, or an object of one for each output");
	return value->string;
}

static const char **
strings_of_output(const NnetModel *model, const char *key, int output, int *n)
{
	const NNValue *value = of_output(model, key, output);
	const NNValue *items = value != NULL && value->type == NN_V_ARRAY ? value->items : value;
	const char **strings;

	*n = value == NULL ? 0 : value->type == NN_V_ARRAY ? value->count : 1;
	strings = *n == 0 ? NULL : palloc(sizeof(char *) * *n);
	for (int i = 0; i < *n; i++)
	{
		if (items[i].type != NN_V_STRING)
			bad_training(&model->training, model->name, key,
						 "an array of strings, or an object of one for each output");
		strings[i] = items[i].string;
	}
	return strings;
}

/* What else a loss or a metric must be than a name or an object with a kind is the core's to say. */
static const NNValue *
loss_of_output(const NnetModel *model, int output)
{
	const NNValue *value = of_output(model, "loss", output);

	if (value != NULL && nn_value_kind(value) == NULL)
		bad_training(&model->training, model->name, "loss",
					 "a name or an object with a \"kind\", or an object of one for each output");
	return value;
}

/* Appends to the n metrics there are. */
static NNValue *
metrics_of_output(const NnetModel *model, const char *key, int output, NNValue *metrics, int *n)
{
	const NNValue *value = of_output(model, key, output);
	int count = value == NULL ? 0 : value->type == NN_V_ARRAY ? value->count : 1;
	const NNValue *items = value != NULL && value->type == NN_V_ARRAY ? value->items : value;

	if (count == 0)
		return metrics;
	metrics = metrics == NULL ? palloc(sizeof(NNValue) * count)
							  : repalloc(metrics, sizeof(NNValue) * (*n + count));
	for (int i = 0; i < count; i++)
	{
		if (nn_value_kind(&items[i]) == NULL)
			bad_training(&model->training, model->name, key,
						 "an array of names and objects with a \"kind\", or an object of one for "
						 "each output");
		metrics[(*n)++] = items[i];
	}
	return metrics;
}

static double
weight_of_output(const NnetModel *model, int output)
{
	const NNValue *value = of_output(model, "loss_weights", output);

	if (value == NULL)
		return 1;
	if (value->type != NN_V_NUMBER || !(value->number >= 0) || !isfinite((float) value->number))
		bad_training(&model->training, model->name, "loss_weights",
					 "a number from 0 on, or an object of one for each output");
	return value->number;
}

/* Two classes of one label could not be told apart. */
static void
check_labels(const NnetOutputTraining *output, const char *model)
{
	size_t bytes = sizeof(char *) * output->n_labels;
	char **sorted = palloc(bytes);

	memcpy(sorted, output->labels, bytes);
	qsort(sorted, output->n_labels, sizeof(char *), pg_qsort_strcmp);
	for (int i = 1; i < output->n_labels; i++)
		if (strcmp(sorted[i - 1], sorted[i]) == 0)
			ereport(
				ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has the label \"%s\" twice", model, sorted[i]),
				 errhint("Give each output a label of its own; where they stand in its table, "
						 "take \"labels\" out of the config of layer -1 for nnet.fit() to learn "
						 "them anew.")));
	pfree(sorted);
}

static void
read_output(const NnetModel *model, int o, NnetOutputTraining *output)
{
	const char *label_type = string_of_output(model, "label_type", o);
	int n = 0;

	memset(output, 0, sizeof(*output));
	output->loss = loss_of_output(model, o);
	output->weight = weight_of_output(model, o);
	output->metrics = metrics_of_output(model, "metrics", o, NULL, &output->n_metrics);
	n = output->n_metrics;
	output->metrics =
		metrics_of_output(model, "weighted_metrics", o, output->metrics, &output->n_metrics);
	output->n_weighted = output->n_metrics - n;
	output->labels = (char **) strings_of_output(model, "labels", o, &output->n_labels);
	if (output->n_labels > 0)
		check_labels(output, model->name);
	output->label_type = label_type != NULL ? pstrdup(label_type) : NULL;
}

void
nnet_training_read_outputs(NnetModel *model)
{
	static const char *const by_output[] = {
		"loss", "loss_weights", "metrics", "weighted_metrics", "labels", "label_type",
	};
	MemoryContext old = MemoryContextSwitchTo(model->context);

	for (int i = 0; i < (int) lengthof(by_output); i++)
		check_names(model, by_output[i]);
	model->training.outputs = palloc0(sizeof(NnetOutputTraining) * model->core->n_outputs);
	for (int o = 0; o < model->core->n_outputs; o++)
		read_output(model, o, &model->training.outputs[o]);
	MemoryContextSwitchTo(old);
}

void
nnet_training_resolve(NnetModel *model)
{
	NNObjectives *objectives = &model->objectives;
	NNError error = {.code = NN_OK};
	bool trained = false;

	objectives->n = model->core->n_outputs;
	for (int o = 0; o < objectives->n; o++)
	{
		const NnetOutputTraining *output = &model->training.outputs[o];

		if (!nn_objective_parse(&objectives->of[o], model->core, o, output->loss, output->metrics,
								output->n_metrics, output->n_weighted, &error))
			nnet_core_error(&error, model->name);
		objectives->of[o].weight = output->weight;
		trained |= output->loss != NULL;
	}
	if (!trained)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has a loss for none of its outputs", model->name),
				 errhint("Its outputs are: %s.", outputs_list(model->core))));
	if (!nn_optimizer_parse(&model->optimizer, model->training.optimizer, &error))
		nnet_core_error(&error, model->name);
}

void
nnet_model_set_rate(NnetModel *model, double rate)
{
	const NNValue *before = model->training.optimizer;
	MemoryContext old = MemoryContextSwitchTo(model->context);
	NNValue *optimizer = palloc(sizeof(NNValue));

	*optimizer = nnet_value_without(before, NNET_KEYS("learning_rate"), 1);
	nnet_value_set(optimizer, "learning_rate", nnet_value_number(rate));
	model->training.optimizer = optimizer;
	model->optimizer.schedule.rate = rate;
	MemoryContextSwitchTo(old);
}

NnetKnows
nnet_output_knows(const NnetOutputTraining *output)
{
	const char *type = output->label_type;

	if (output->n_labels == 0)
		return type != NULL && strcmp(type, NNET_NUMBERS_TYPE) == 0 ? NNET_KNOWS_NUMBERS
																	: NNET_KNOWS_NOTHING;
	if (type == NULL)
		return NNET_KNOWS_GIVEN;
	return strcmp(type, NNET_BOOLEANS_TYPE) == 0 && output->n_labels == 2 &&
			strcmp(output->labels[0], "false") == 0 && strcmp(output->labels[1], "true") == 0
		? NNET_KNOWS_BOOLEANS
		: NNET_KNOWS_LEARNED;
}

/* ---- writing ---- */

static NNValue
strings_value(const char *const *strings, int n)
{
	NNValue array = nnet_value_array(n);

	for (int i = 0; i < n; i++)
		nnet_value_append(&array, nnet_value_string(strings[i]));
	return array;
}

static bool
is_known(const char *key)
{
	for (int i = 0; i < (int) lengthof(known_keys); i++)
		if (strcmp(known_keys[i], key) == 0)
			return true;
	return false;
}

/* One thing that is said of an output; null: nothing is. */
typedef NNValue (*OutputValue)(const NnetOutputTraining *output);

static NNValue
loss_value(const NnetOutputTraining *output)
{
	return output->loss != NULL ? *output->loss : nnet_value_null();
}

static NNValue
weight_value(const NnetOutputTraining *output)
{
	return output->weight != 1 ? nnet_value_number(output->weight) : nnet_value_null();
}

static NNValue
values_array(const NNValue *values, int n)
{
	NNValue array = nnet_value_array(n);

	for (int i = 0; i < n; i++)
		nnet_value_append(&array, values[i]);
	return array;
}

static NNValue
metrics_value(const NnetOutputTraining *output)
{
	return values_array(output->metrics, output->n_metrics - output->n_weighted);
}

static NNValue
weighted_metrics_value(const NnetOutputTraining *output)
{
	return output->n_weighted > 0
		? values_array(output->metrics + output->n_metrics - output->n_weighted, output->n_weighted)
		: nnet_value_null();
}

static NNValue
labels_value(const NnetOutputTraining *output)
{
	return output->n_labels > 0
		? strings_value((const char *const *) output->labels, output->n_labels)
		: nnet_value_null();
}

static NNValue
label_type_value(const NnetOutputTraining *output)
{
	return output->label_type != NULL ? nnet_value_string(output->label_type) : nnet_value_null();
}

/* Of the only output as it is, of several by their names; left out where nothing is said. */
static void
set_by_output(NNValue *config, const char *key, const NnetTraining *training, const NNModel *core,
			  OutputValue get_value)
{
	NNValue values = nnet_value_object(core->n_outputs);

	for (int o = 0; o < core->n_outputs; o++)
	{
		NNValue value = get_value(&training->outputs[o]);

		if (value.type != NN_V_NULL)
			nnet_value_set(&values, nn_layer_name(nn_model_output(core, o)), value);
	}
	if (values.count > 0)
		nnet_value_set(config, key, core->n_outputs == 1 ? values.items[0] : values);
}

/* Whether a loss or a metric is more than a name. */
static bool
has_arguments(const NnetOutputTraining *output)
{
	bool has = output->loss != NULL && output->loss->type == NN_V_OBJECT;

	for (int i = 0; i < output->n_metrics; i++)
		has = has || output->metrics[i].type == NN_V_OBJECT;
	return has;
}

/* The least that says it all: a model that format 1 can tell stays readable to those who know no other. */
static int
format_of(const NnetTraining *training, const NNModel *core)
{
	const NnetOutputTraining *output = &training->outputs[0];

	return core->n_inputs == 1 && core->n_outputs == 1 && output->weight == 1 &&
			output->n_weighted == 0 && !has_arguments(output)
		? NNET_FIRST_FORMAT
		: NNET_FORMAT;
}

NNValue *
nnet_training_value(const NnetTraining *training, const NNModel *core)
{
	const NNValue *whole = training->whole;
	int n_whole = whole != NULL && whole->type == NN_V_OBJECT ? whole->count : 0;
	NNValue *config = palloc(sizeof(NNValue));

	*config = nnet_value_object(n_whole + (int) lengthof(known_keys));
	for (int i = 0; i < n_whole; i++)
		if (!is_known(whole->keys[i]))
			nnet_value_set(config, whole->keys[i], whole->items[i]);

	nnet_value_set(config, "format", nnet_value_number(format_of(training, core)));
	if (training->compiled)
	{
		set_by_output(config, "loss", training, core, loss_value);
		set_by_output(config, "loss_weights", training, core, weight_value);
		nnet_value_set(config, "optimizer", *training->optimizer);
		set_by_output(config, "metrics", training, core, metrics_value);
		set_by_output(config, "weighted_metrics", training, core, weighted_metrics_value);
		nnet_value_set(config, "steps", nnet_value_number((double) training->steps));
		if (training->averaged != NULL)
			nnet_value_set(config, "averaged", *training->averaged);
	}
	set_by_output(config, "labels", training, core, labels_value);
	set_by_output(config, "label_type", training, core, label_type_value);
	if (training->history != NULL)
		nnet_value_set(config, "history", *training->history);
	if (training->history_dropped > 0)
		nnet_value_set(config, "history_dropped",
					   nnet_value_number((double) training->history_dropped));
	return config;
}

NNValue
nnet_training_start(double seed)
{
	NNValue config = nnet_value_object(2);

	nnet_value_set(&config, "format", nnet_value_number(NNET_FIRST_FORMAT));
	nnet_value_set(&config, "seed", nnet_value_number(seed));
	return config;
}
