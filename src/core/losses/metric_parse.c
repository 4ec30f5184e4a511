/*
 * metric_parse.c
 *	  A metric read from its configuration: a name ('auc') or an object
 *	  {"kind": "auc", "curve": "PR", "name": "pr"}.
 */
#include <stdio.h>

#include "core/base/shape.h"
#include "core/losses/metric.h"

static const NNField no_fields[] = {NN_FIELD_END};

/* The longest list of names that leaves a hint room for its sentence. */
#define LIST_SIZE (sizeof(((NNError *) NULL)->hint) - 64)

static bool
unknown_metric(const char *name, NNError *error)
{
	char list[LIST_SIZE];
	char clip[NN_CLIP];

	if (name != NULL)
		nn_error(error, NN_UNKNOWN_NAME, "unknown metric \"%s\"", nn_clip(clip, name));
	else
		nn_error(error, NN_BAD_VALUE, "a metric must be a name or an object with a \"kind\"");
	nn_metrics_list(list, sizeof(list));
	return nn_hint(error, "Metrics are: %s.", list);
}

/* What 'accuracy' means depends on targets and outputs, as in Keras. */
static const char *
resolve_accuracy(const char *name, const NNLossKind *loss, const NNShape *out)
{
	if (strcmp(name, "accuracy") != 0 && strcmp(name, "acc") != 0)
		return name;
	if (loss != NULL && nn_loss_target(loss) == NN_TARGET_INDEX)
		return "sparse_categorical_accuracy";
	return out == NULL || out->rank == 0 || nn_shape_last(out) == 1 ? "binary_accuracy"
																	: "categorical_accuracy";
}

/* What stands beside metrics in results. */
static bool
is_taken(const char *name)
{
	static const char *const taken[] = {
		"loss",	   "epochs",  "samples", "val_samples", "steps",
		"seconds", "skipped", "seed",	 "ended",		"best_epoch",
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(taken); i++)
		if (strcmp(taken[i], name) == 0)
			return true;
	return strncmp(name, "val_", 4) == 0;
}

/* As it is written, of an object its "name" if there is one. */
static bool
set_name(NNMetric *metric, const char *kind, const NNValue *config, const char *what,
		 NNError *error)
{
	const NNValue *given = nn_value_get(config, "name");
	const char *name = kind;

	if (given != NULL && given->type != NN_V_NULL)
	{
		if (given->type != NN_V_STRING)
			return nn_error(error, NN_BAD_VALUE, "%s: option \"name\" must be a string", what);
		name = given->string;
	}
	if (name[0] == '\0' || strlen(name) >= NN_MAX_NAME - NN_METRIC_PREFIX)
		return nn_error(error, NN_BAD_VALUE, "%s: option \"name\" must have 1 to %d bytes", what,
						NN_MAX_NAME - NN_METRIC_PREFIX - 1);
	if (is_taken(name))
	{
		nn_error(error, NN_BAD_VALUE, "%s: its name cannot be \"%s\"", what, name);
		return nn_hint(error,
					   "Results have that name for something else, or begin it by \"val_\".");
	}
	strcpy(metric->name, name);
	return true;
}

static bool
parse_arguments(NNMetric *metric, const NNLossKind *loss, const NNValue *config, const char *what,
				const NNShape *out, NNError *error)
{
	static const char *const passed_over[] = {"kind", "name", NULL};
	NNMetricConf *conf = (NNMetricConf *) metric->conf.bytes;
	const NNField *fields = loss != NULL ? loss->fields : metric->kind->fields;
	const NNValue *object = config->type == NN_V_OBJECT ? config : NULL;

	if (loss != NULL)
		nn_loss_set(&metric->conf.loss, loss);
	else
	{
		conf->class_id = -1;
		conf->ignore_class = NN_NO_CLASS;
	}
	if (!nn_fields_parse(fields != NULL ? fields : no_fields,
						 loss != NULL ? (void *) metric->conf.loss.conf.bytes : (void *) conf,
						 object, what, passed_over, error))
		return false;
	if (loss != NULL)
		return out == NULL || nn_loss_resolve(&metric->conf.loss, out, error);
	return metric->kind->check == NULL || metric->kind->check(metric, what, error);
}

bool
nn_metric_parse(NNMetric *metric, const NNValue *config, const NNLossKind *loss, const NNShape *out,
				NNError *error)
{
	const char *written = nn_value_kind(config);
	const NNLossKind *own = NULL;
	const char *kind;
	char what[NN_MAX_NAME + 16];

	memset(metric, 0, sizeof(*metric));
	if (written == NULL)
		return unknown_metric(written, error);
	kind = resolve_accuracy(written, loss, out);
	metric->kind = nn_metric_find(kind, &own);
	if (metric->kind == NULL)
		return unknown_metric(written, error);
	metric->states = metric->kind->states;
	metric->index = loss != NULL && nn_loss_target(loss) == NN_TARGET_INDEX;
	metric->width = out == NULL ? 0 : out->rank == 0 ? 1 : nn_shape_last(out);
	snprintf(what, sizeof(what), "metric \"%s\"", kind);
	return set_name(metric, written, config, what, error) &&
		parse_arguments(metric, own, config, what, out, error);
}

bool
nn_metric_check(const NNValue *config, NNError *error)
{
	NNMetric metric;

	return nn_metric_parse(&metric, config, NULL, NULL, error);
}
