/*
 * objective.c
 *	  What a model is trained for: its loss and metrics, resolved against the
 *	  shape of its output, and the totals a run adds up.
 */
#include "core/internal.h"

/* The output as rows of a width; a shape without dimensions is one number. */
static int
output_width(const NNShape *out)
{
	return out->rank == 0 ? 1 : nn_shape_last(out);
}

static bool
check_width(const NNLossKind *loss, const NNLayer *last, NNError *error)
{
	char shape[64];

	nn_shape_text(&last->out, shape, sizeof(shape));
	if (output_width(&last->out) == NN_ANY)
	{
		nn_error(error, NN_BAD_SHAPE,
				 "the output of layer \"%s\" has shape %s, whose last dimension is not fixed",
				 last->name, shape);
		return nn_hint(error,
					   "Begin the model with steps of features, such as nnet.input(NULL, 1).");
	}
	if (output_width(&last->out) >= loss->min_width)
		return true;
	nn_error(
		error, NN_BAD_SHAPE,
		"loss \"%s\" needs one output for each class, at least %d, but layer \"%s\" has shape %s",
		loss->name, loss->min_width, last->name, shape);
	return nn_hint(error,
				   "End the model with as many softmax units as there are classes, "
				   "or use binary_crossentropy with one sigmoid unit.");
}

/* The longest list of names that leaves a hint room for its sentence. */
#define LIST_SIZE (sizeof(((NNError *) NULL)->hint) - 64)

static bool
unknown_loss(const char *name, NNError *error)
{
	char list[LIST_SIZE];
	char clip[NN_CLIP];

	nn_error(error, NN_UNKNOWN_NAME, "unknown loss \"%s\"", nn_clip(clip, name));
	nn_losses_list(list, sizeof(list));
	return nn_hint(error, "Losses are: %s.", list);
}

static bool
unknown_metric(const char *name, NNError *error)
{
	char list[LIST_SIZE];
	char clip[NN_CLIP];

	nn_error(error, NN_UNKNOWN_NAME, "unknown metric \"%s\"", nn_clip(clip, name));
	nn_metrics_list(list, sizeof(list));
	return nn_hint(error, "Metrics are: %s.", list);
}

static bool
parse_metrics(NNObjective *objective, const NNShape *out, const char *const *names, int n,
			  NNError *error)
{
	if (n > NN_MAX_METRICS)
		return nn_error(error, NN_TOO_LARGE, "%d metrics are given, at most %d are possible", n,
						NN_MAX_METRICS);
	for (int i = 0; i < n; i++)
	{
		const NNMetricKind *metric = nn_metric_find(names[i], objective->loss, out);

		if (metric == NULL)
			return unknown_metric(names[i], error);
		if (metric->target != objective->target)
		{
			bool index = objective->target == NN_TARGET_INDEX;

			nn_error(error, NN_BAD_VALUE,
					 "metric \"%s\" does not fit loss \"%s\", whose targets are %s", names[i],
					 objective->loss->name, index ? "class indexes" : "numbers");
			return nn_hint(
				error,
				index ? "Use \"accuracy\" or a metric that begins with \"sparse_\"."
					  : "Use \"accuracy\" or a metric that does not begin with \"sparse_\".");
		}
		for (int k = 0; k < i; k++)
			if (strcmp(objective->metric_names[k], names[i]) == 0)
				return nn_error(error, NN_BAD_VALUE, "metric \"%s\" is given twice", names[i]);
		objective->metrics[i] = metric;
		/* it is a name from the table, and so fits */
		strncpy(objective->metric_names[i], names[i], NN_MAX_NAME - 1);
	}
	objective->n_metrics = n;
	return true;
}

static const char *
activation_name(NNActivation f)
{
	const NNWord *word = nn_activation_words;

	while (word->name != NULL && word->value != (int) f)
		word++;
	return word->name;
}

NNActivation
nn_last_activation(const NNModel *model)
{
	const NNLayer *last = &model->layers[model->n_layers - 1];

	if (!last->kind->has_activation)
		return NN_LINEAR;
	return (NNActivation) * (const int *) (last->conf.bytes + last->kind->activation_offset);
}

/*
 * As Keras on TensorFlow, any cross-entropy goes by what a last sigmoid or
 * softmax was given, be it the one that belongs to it or the other.
 */
static void
mark_logits(const NNObjective *objective, NNModel *model)
{
	NNLayer *last = &model->layers[model->n_layers - 1];
	NNActivation f = nn_last_activation(model);

	last->logits = last->logits_twice = false;
	if (f != NN_SIGMOID && f != NN_SOFTMAX)
		return;
	last->logits = objective->loss->fused != NN_LINEAR;
	last->logits_twice = last->logits && objective->loss->fused != f;
	for (int i = 0; i < objective->n_metrics; i++)
	{
		const NNLossKind *loss = nn_loss_find(objective->metrics[i]->name);

		if (loss != NULL && loss != objective->loss && loss->fused != NN_LINEAR)
			last->logits = last->logits_twice = true;
	}
}

bool
nn_objective_parse(NNObjective *objective, NNModel *model, const char *loss,
				   const char *const *metrics, int n_metrics, NNError *error)
{
	NNLayer *last = &model->layers[model->n_layers - 1];
	size_t values = nn_shape_size(&last->out);

	memset(objective, 0, sizeof(*objective));
	objective->loss = nn_loss_find(loss);
	if (objective->loss == NULL)
		return unknown_loss(loss, error);
	if (!check_width(objective->loss, last, error))
		return false;
	objective->meaning = objective->loss->meaning;
	objective->target = nn_loss_target(objective->loss);
	objective->target_count = values;
	objective->width = output_width(&last->out);
	objective->target_variable = model->variable_output;
	if (objective->target == NN_TARGET_INDEX)
	{
		objective->classes = objective->width;
		objective->target_count = values / (size_t) objective->classes;
	}
	if (!parse_metrics(objective, &last->out, metrics, n_metrics, error))
		return false;
	mark_logits(objective, model);
	return true;
}

bool
nn_model_decides(const NNModel *model, const NNObjective *objective, double *threshold)
{
	const NNLayer *last = &model->layers[model->n_layers - 1];
	bool sides = objective != NULL && objective->meaning == NN_MEANS_SIDE;
	NNActivation f;

	/* the classes are at -1 and 1, or at 0 and 1 */
	*threshold = sides ? 0 : 0.5;
	if (sides || !last->kind->has_activation)
		return true;
	f = nn_last_activation(model);
	return f == NN_SIGMOID || f == NN_HARD_SIGMOID || f == NN_SOFTMAX;
}

bool
nn_objective_doubtful(const NNObjective *objective, const NNModel *model, NNError *note)
{
	const NNLayer *last = &model->layers[model->n_layers - 1];
	const char *wanted = activation_name(objective->loss->fused);
	NNActivation activation;

	activation = nn_last_activation(model);
	if (objective->loss->fused == NN_LINEAR || activation == objective->loss->fused ||
		!last->kind->has_activation)
		return false;
	/* of these each number is positive and may be a probability, or become one */
	if (activation == NN_SIGMOID || activation == NN_HARD_SIGMOID || activation == NN_SOFTPLUS ||
		activation == NN_EXPONENTIAL || (activation == NN_SOFTMAX && output_width(&last->out) > 1))
		return false;
	nn_error(note, NN_BAD_VALUE,
			 "loss \"%s\" takes probabilities, but the last layer, \"%s\", has the activation %s",
			 objective->loss->name, last->name, activation_name(activation));
	(void) nn_hint(note, "End the model with the activation %s.", wanted);
	return true;
}

/* ---- totals ---- */

void
nn_totals_add(NNTotals *to, const NNTotals *from)
{
	to->loss_sum += from->loss_sum;
	to->loss_count += from->loss_count;
	to->samples += from->samples;
	for (int i = 0; i < NN_MAX_METRICS; i++)
	{
		to->metric_sum[i] += from->metric_sum[i];
		to->metric_count[i] += from->metric_count[i];
	}
}

/* Means over nothing are 0, as in Keras. */
double
nn_totals_loss(const NNTotals *totals)
{
	return totals->loss_count == 0 ? 0 : totals->loss_sum / totals->loss_count;
}

double
nn_totals_metric(const NNObjective *objective, const NNTotals *totals, int i)
{
	double sum = totals->metric_sum[i];
	double count = totals->metric_count[i];

	if (count == 0)
		return 0;
	return objective->metrics[i]->result != NULL ? objective->metrics[i]->result(sum, count)
												 : sum / count;
}
