/*
 * training.c
 *	  The training row's config: what compile and fit know of a model.
 *
 * {"format": 1, "seed": ..., "loss": "mse", "optimizer": {...}, "metrics": [...],
 *	"labels": [...], "label_type": "text", "steps": 0, "history": [{...}, ...],
 *	"history_dropped": 0}
 *
 * "label_type" is the type of y that labels were learned from, or "class number"
 * where the model was trained on numbers of classes and has no labels; labels
 * without it were given to compile.
 *
 * Strings are not copied: they live where the value was read.
 */
#include "pg/model/model.h"

static const char *const known_keys[] = {
	"format",	  "loss",  "optimizer", "metrics",		   "labels",
	"label_type", "steps", "history",	"history_dropped",
};

static void
bad_training(const char *model, const char *key, const char *expected)
{
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
		bad_training(model, key, expected);
	return value;
}

static const char **
get_strings(const NnetTraining *training, const char *key, int *n, const char *model)
{
	static const char expected[] = "an array of strings";
	const NNValue *value = get(training, key, NN_V_ARRAY, expected, model);
	const char **strings;

	*n = 0;
	if (value == NULL || value->count == 0)
		return NULL;
	strings = palloc(sizeof(char *) * value->count);
	for (int i = 0; i < value->count; i++)
	{
		if (value->items[i].type != NN_V_STRING)
			bad_training(model, key, expected);
		strings[i] = value->items[i].string;
	}
	*n = value->count;
	return strings;
}

/* 0 for an absent key. */
static int64
get_count(const NnetTraining *training, const char *key, double most, const char *expected,
		  const char *model)
{
	const NNValue *value = get(training, key, NN_V_NUMBER, "a number", model);

	if (value != NULL && !(value->number >= 0 && value->number <= most))
		bad_training(model, key, expected);
	return value != NULL ? (int64) value->number : 0;
}

static void
check_format(const NnetTraining *training, const char *model)
{
	const NNValue *format = get(training, "format", NN_V_NUMBER, "a number", model);

	if (format != NULL && format->number > NNET_FORMAT)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" has format %.0f, this version of nnet reads up to %d", model,
						format->number, NNET_FORMAT),
				 errhint("Install the nnet that wrote it, or a newer one.")));
}

/* Two outputs of one label could not be told apart. */
void
nnet_training_check_labels(const NnetTraining *training, const char *model)
{
	size_t bytes = sizeof(char *) * training->n_labels;
	char **sorted = palloc(bytes);

	memcpy(sorted, training->labels, bytes);
	qsort(sorted, training->n_labels, sizeof(char *), pg_qsort_strcmp);
	for (int i = 1; i < training->n_labels; i++)
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
check_history(const NnetTraining *training, const char *model)
{
	const NNValue *history = training->history;

	for (int i = 0; history != NULL && i < history->count; i++)
		if (history->items[i].type != NN_V_OBJECT)
			bad_training(model, "history", "an array of objects");
}

void
nnet_training_read(NnetTraining *training, NNValue *config, const char *model)
{
	const NNValue *loss;
	const NNValue *label_type;

	memset(training, 0, sizeof(*training));
	training->whole = config;
	check_format(training, model);

	loss = get(training, "loss", NN_V_STRING, "a string", model);
	training->optimizer =
		unconstify(NNValue *, get(training, "optimizer", NN_V_OBJECT, "an object", model));
	training->compiled = loss != NULL && training->optimizer != NULL;
	training->loss = loss != NULL ? pstrdup(loss->string) : NULL;
	training->metrics = get_strings(training, "metrics", &training->n_metrics, model);

	training->labels = (char **) get_strings(training, "labels", &training->n_labels, model);
	if (training->n_labels > 0)
		nnet_training_check_labels(training, model);
	label_type = get(training, "label_type", NN_V_STRING, "a string", model);
	training->label_type = label_type != NULL ? pstrdup(label_type->string) : NULL;

	training->steps = get_count(training, "steps", 9e15, "a count of steps", model);
	training->history_dropped =
		get_count(training, "history_dropped", NNET_DROPPED_EPOCHS, "a count of epochs", model);
	training->history =
		unconstify(NNValue *, get(training, "history", NN_V_ARRAY, "an array of objects", model));
	check_history(training, model);
}

NnetKnows
nnet_training_knows(const NnetTraining *training)
{
	const char *type = training->label_type;

	if (training->n_labels == 0)
		return type != NULL && strcmp(type, NNET_NUMBERS_TYPE) == 0 ? NNET_KNOWS_NUMBERS
																	: NNET_KNOWS_NOTHING;
	if (type == NULL)
		return NNET_KNOWS_GIVEN;
	return strcmp(type, NNET_BOOLEANS_TYPE) == 0 && training->n_labels == 2 &&
			strcmp(training->labels[0], "false") == 0 && strcmp(training->labels[1], "true") == 0
		? NNET_KNOWS_BOOLEANS
		: NNET_KNOWS_LEARNED;
}

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

NNValue *
nnet_training_value(const NnetTraining *training)
{
	const NNValue *whole = training->whole;
	int n_whole = whole != NULL && whole->type == NN_V_OBJECT ? whole->count : 0;
	NNValue *config = palloc(sizeof(NNValue));

	*config = nnet_value_object(n_whole + (int) lengthof(known_keys));
	for (int i = 0; i < n_whole; i++)
		if (!is_known(whole->keys[i]))
			nnet_value_set(config, whole->keys[i], whole->items[i]);

	nnet_value_set(config, "format", nnet_value_number(NNET_FORMAT));
	if (training->compiled)
	{
		nnet_value_set(config, "loss", nnet_value_string(training->loss));
		nnet_value_set(config, "optimizer", *training->optimizer);
		nnet_value_set(config, "metrics", strings_value(training->metrics, training->n_metrics));
		nnet_value_set(config, "steps", nnet_value_number((double) training->steps));
	}
	if (training->n_labels > 0)
		nnet_value_set(config, "labels",
					   strings_value((const char *const *) training->labels, training->n_labels));
	if (training->label_type != NULL)
		nnet_value_set(config, "label_type", nnet_value_string(training->label_type));
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

	nnet_value_set(&config, "format", nnet_value_number(NNET_FORMAT));
	nnet_value_set(&config, "seed", nnet_value_number(seed));
	return config;
}
