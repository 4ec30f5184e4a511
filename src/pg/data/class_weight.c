/*
 * class_weight.c
 *	  What rows weigh by their classes: the option class_weight, onto the weights
 *	  of records.
 *
 * Weights are given by label or by number of class, or 'balanced': then all
 * classes that occur weigh alike, as by scikit-learn's compute_class_weight.
 * Labels and counts are known when all rows were seen; then the weights of the
 * records for training are multiplied.  Those for validation keep theirs, as in
 * Keras.  Where each step of the output has a class, each step has its weight.
 * Of a model of several outputs they are given by the outputs' names.
 *
 * Records that several trainings share keep their weights: each training multiplies those
 * of its copies.
 */
#include "pg/data/data.h"

#include <float.h>
#include <math.h>

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#define BALANCED "balanced"

/* Those of one output. */
typedef struct OutputWeights
{
	MemoryContext context;
	const NNValue *given;
	const NNRecordFormat *format;
	char *model;
	char *name; /* for messages: 'y', '"kind" of y' */
	NNObjective objective;
	int output;
	int classes;
	float *of; /* by class, when all rows were seen */
} OutputWeights;

struct NnetClassWeights
{
	int n;
	OutputWeights of[NN_MAX_OUTPUTS];
};

/* Records under way: the first so many get weights. */
typedef struct Weighing
{
	const OutputWeights *weights;
	uint64 left;
} Weighing;

static bool
is_weight(const NNValue *value)
{
	return value->type == NN_V_NUMBER && value->number >= 0 && value->number <= FLT_MAX;
}

/* Whether outputs are named, and not classes. */
static bool
is_by_output(const NNValue *value)
{
	return value->type == NN_V_OBJECT && value->count > 0 && value->items[0].type != NN_V_NUMBER;
}

static bool
is_by_class(const NNValue *value)
{
	if (value->type == NN_V_STRING)
		return strcmp(value->string, BALANCED) == 0;
	if (value->type != NN_V_OBJECT)
		return false;
	for (int i = 0; i < value->count; i++)
		if (!is_weight(&value->items[i]))
			return false;
	return true;
}

bool
nnet_class_weight_valid(const NNValue *value)
{
	if (!is_by_output(value))
		return is_by_class(value);
	for (int i = 0; i < value->count; i++)
		if (!is_by_class(&value->items[i]))
			return false;
	return true;
}

/* ---- of which output ---- */

static const char *
outputs_list(const NnetModel *model)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int o = 0; o < model->objectives.n; o++)
		if (model->objectives.of[o].target != NN_TARGET_NONE)
			appendStringInfo(&list, "%s\"%s\"", list.len > 0 ? ", " : "",
							 nn_layer_name(nn_model_output(model->core, o)));
	return list.data;
}

static int
named_output(const NnetModel *model, const char *name)
{
	int o = nn_model_find_output(model->core, name);

	if (o >= 0 && model->objectives.of[o].target != NN_TARGET_NONE)
		return o;
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		 errmsg("class_weight names \"%s\", which is no output of model \"%s\"", name, model->name),
		 errhint("Its outputs are: %s.", outputs_list(model))));
}

/* The only output that is trained. */
static int
only_output(const NnetModel *model)
{
	int output = -1;

	for (int o = 0; o < model->objectives.n; o++)
	{
		if (model->objectives.of[o].target == NN_TARGET_NONE)
			continue;
		if (output >= 0)
			ereport(
				ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("class_weight does not say for which output of model \"%s\" it is",
						model->name),
				 errhint("Give it by the outputs' names, such as '{\"%s\": \"balanced\"}'; they "
						 "are: %s.",
						 nn_layer_name(nn_model_output(model->core, o)), outputs_list(model))));
		output = o;
	}
	return Max(output, 0);
}

static void
add_output(NnetClassWeights *weights, const NNValue *given, const NnetModel *model, int output,
		   const NNRecordFormat *format)
{
	OutputWeights *of = &weights->of[weights->n++];

	of->context = CurrentMemoryContext;
	of->given = given;
	of->format = format;
	of->model = pstrdup(model->name);
	of->output = output;
	of->name = model->objectives.n == 1
		? "y"
		: psprintf("\"%s\" of y", nn_layer_name(nn_model_output(model->core, output)));
	of->objective = model->objectives.of[output];
	of->classes = nn_objective_classes(&of->objective);
	if (of->classes == 0 || nn_objective_sequence(&of->objective))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("class_weight is given, but %s for model \"%s\" is no class", of->name,
						model->name),
				 errdetail("Its loss is %s.", nn_loss_name(&of->objective.loss)),
				 errhint("Give weights by row, as the argument of nnet.fit() after the options, or "
						 "compile the model with a loss of classes.")));
}

NnetClassWeights *
nnet_class_weights_make(const NNValue *given, const NnetModel *model, const NNRecordFormat *format,
						MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	NnetClassWeights *weights = palloc0(sizeof(NnetClassWeights));

	if (is_by_output(given))
		for (int i = 0; i < given->count; i++)
			add_output(weights, &given->items[i], model, named_output(model, given->keys[i]),
					   format);
	else
		add_output(weights, given, model, only_output(model), format);
	MemoryContextSwitchTo(old);
	return weights;
}

bool
nnet_class_weights_by_step(const NnetClassWeights *weights)
{
	for (int i = 0; i < weights->n; i++)
		if (nn_objective_labels(&weights->of[i].objective) == 0)
			return true;
	return false;
}

/* ---- which weight is whose ---- */

static const char *
known_classes(const OutputWeights *weights, const NnetLabels *labels)
{
	if (nnet_labels_count(labels) > 0)
		return psprintf("Its labels are %s.", nnet_labels_list(labels, 0));
	return psprintf("Its classes are the whole numbers from 0 to %d.", weights->classes - 1);
}

/* A label, or the number of a class. */
static int
named_class(const OutputWeights *weights, NnetLabels *labels, const char *key)
{
	int class = nnet_labels_find(labels, key);
	size_t digits = strspn(key, "0123456789");

	if (class >= 0)
		return class;
	if (digits > 0 && digits <= 9 && key[digits] == '\0' && (digits == 1 || key[0] != '0') &&
		atoi(key) < weights->classes)
		return atoi(key);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("class_weight names \"%s\", which is no class of model \"%s\"", key,
					weights->model),
			 errdetail("%s", known_classes(weights, labels)),
			 errhint("Give labels as y has them, or numbers of classes from 0 on.")));
}

/* What was given of each class; only checked while there is no room for it. */
static void
take_given(const OutputWeights *weights, NnetLabels *labels)
{
	const NNValue *given = weights->given;
	bool *named = palloc0(weights->classes);

	for (int i = 0; i < given->count; i++)
	{
		int class = named_class(weights, labels, given->keys[i]);

		if (named[class])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("class_weight names class %d of model \"%s\" twice, now as \"%s\"",
							class, weights->model, given->keys[i]),
					 errhint("Name each class by its label or by its number.")));
		named[class] = true;
		if (weights->of != NULL)
			weights->of[class] = (float) given->items[i].number;
		nnet_check_interrupts();
	}
	pfree(named);
}

void
nnet_class_weights_check_names(NnetClassWeights *weights, const NnetRecorder *recorder)
{
	for (int i = 0; i < weights->n; i++)
		for (int t = 0; t < recorder->n_targets; t++)
		{
			const NnetTargetPort *port = &recorder->targets[t];
			NnetLabels *labels = port->target != NULL && port->output == weights->of[i].output
				? nnet_target_final_labels(port->target)
				: NULL;

			if (labels != NULL && weights->of[i].given->type == NN_V_OBJECT)
				take_given(&weights->of[i], labels);
		}
}

/* A record's classes, one a row of the output; *n: how many. */
static const void *
record_classes(const OutputWeights *weights, const void *record, size_t *n)
{
	const NNRecordFormat *format = weights->format;
	const NNObjective *objective = &weights->objective;
	NNRecordHead head;

	nn_record_get_head(format, record, &head);
	*n = nn_record_target_count(format, &head, weights->output) /
		(objective->target == NN_TARGET_INDEX ? 1 : (size_t) objective->width);
	return (const char *) record + nn_record_target_at(format, &head, weights->output);
}

/* n / (classes that occur * rows of the class): each class weighs n / classes in all. */
static void
balance(const OutputWeights *weights, NnetPass *pass, uint64 n)
{
	uint64 *rows = MemoryContextAllocExtended(weights->context, sizeof(uint64) * weights->classes,
											  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	const void *const *records;
	uint64 all = 0;
	int present = 0;
	int fetched;

	nnet_pass_begin(pass, 0, n);
	while ((fetched = nnet_pass_next(pass, &records)) > 0)
		for (int i = 0; i < fetched; i++)
		{
			size_t count;
			const void *classes = record_classes(weights, records[i], &count);

			for (size_t k = 0; k < count; k++)
			{
				int class = nn_target_class(&weights->objective, classes, k);

				/* what the loss ignores does not count */
				if (class < 0)
					continue;
				rows[class]++;
				all++;
			}
		}
	for (int c = 0; c < weights->classes; c++)
		present += rows[c] > 0;
	for (int c = 0; c < weights->classes; c++)
		if (rows[c] > 0)
			weights->of[c] = (float) ((double) all / ((double) present * (double) rows[c]));
	pfree(rows);
}

/* ---- records ---- */

static void
check_record(const OutputWeights *weights, const void *record)
{
	size_t n;
	const void *classes = record_classes(weights, record, &n);
	int ignored;

	if (nn_objective_ignores(&weights->objective, &ignored))
		return;
	for (size_t i = 0; i < n; i++)
		if (nn_target_class(&weights->objective, classes, i) < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("class_weight is given, but %s for model \"%s\" is not of one class",
							weights->name, weights->model),
					 errdetail("Of its values one alone must be above 0.5."),
					 errhint("Give weights by row, as the argument of nnet.fit() after the "
							 "options.")));
}

void
nnet_class_weights_check(const NnetClassWeights *weights, const void *record)
{
	for (int i = 0; i < weights->n; i++)
		check_record(&weights->of[i], record);
}

pg_noreturn static void
refuse_weight(const OutputWeights *weights)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("the weight of a row for model \"%s\", times that of its class, is infinite",
					weights->model),
			 errhint("Give smaller weights: only how they compare matters much.")));
}

/* A record's weights times those of its classes, to where they lie in another; false: one is infinite. */
static bool
multiply(const OutputWeights *weights, const void *record, void *to)
{
	NNRecordHead head;
	size_t n;
	const void *classes = record_classes(weights, record, &n);
	bool finite = true;
	size_t at;

	nn_record_get_head(weights->format, record, &head);
	at = nn_record_weight_at(weights->format, &head, weights->output);
	for (size_t i = 0; i < n; i++, at += sizeof(float))
	{
		int class = nn_target_class(&weights->objective, classes, i);
		float weight;

		memcpy(&weight, (const char *) record + at, sizeof(float));
		weight *= class >= 0 ? weights->of[class] : 1;
		finite = finite && isfinite(weight);
		if (to != NULL)
			memcpy((char *) to + at, &weight, sizeof(float));
	}
	return finite;
}

static void
weigh_record(void *record, void *arg)
{
	Weighing *weighing = arg;

	if (weighing->left == 0)
		return;
	weighing->left--;
	if (!multiply(weighing->weights, record, record))
		refuse_weight(weighing->weights);
}

static void
find_weights(OutputWeights *weights, const NnetModel *model, NnetPass *pass, uint64 n)
{
	weights->of = MemoryContextAllocHuge(weights->context, sizeof(float) * weights->classes);
	for (int c = 0; c < weights->classes; c++)
		weights->of[c] = 1;
	if (weights->given->type == NN_V_OBJECT)
		take_given(
			weights,
			nnet_labels_make(TEXTOID, &model->training.outputs[weights->output], weights->context));
	else
		balance(weights, pass, n);
}

void
nnet_class_weights_apply(NnetClassWeights *weights, const NnetModel *model, NnetDataset *dataset,
						 uint64 n)
{
	for (int i = 0; i < weights->n; i++)
	{
		OutputWeights *of = &weights->of[i];
		Weighing weighing = {.weights = of, .left = n};

		find_weights(of, model, nnet_pass_make(dataset, of->context), n);
		nnet_dataset_rewrite(dataset, weigh_record, &weighing);
		pfree(of->of);
		of->of = NULL;
	}
}

/* ---- records that are shared ---- */

void
nnet_class_weights_learn(NnetClassWeights *weights, const NnetModel *model, NnetPass *pass,
						 uint64 n)
{
	const void *const *records;
	int fetched;

	for (int i = 0; i < weights->n; i++)
		find_weights(&weights->of[i], model, pass, n);
	/* who multiplies them cannot fail */
	nnet_pass_begin(pass, 0, n);
	while ((fetched = nnet_pass_next(pass, &records)) > 0)
		for (int r = 0; r < fetched; r++)
			for (int i = 0; i < weights->n; i++)
				if (!multiply(&weights->of[i], records[r], NULL))
					refuse_weight(&weights->of[i]);
}

void
nnet_class_weights_multiply(const NnetClassWeights *weights, void *copy)
{
	for (int i = 0; i < weights->n; i++)
		(void) multiply(&weights->of[i], copy, copy);
}

void
nnet_class_weight_outputs(const NNValue *given, StringInfo to)
{
	appendStringInfoString(to, "|class_weight");
	for (int i = 0; is_by_output(given) && i < given->count; i++)
		appendStringInfo(to, " \"%s\"", given->keys[i]);
}
