/*
 * objective.c
 *	  What a model is trained for: loss and metrics of each output, resolved
 *	  against its shape, and the totals a run adds up.
 */
#include <stdio.h>

#include "core/graph/model.h"
#include "core/losses/loss.h"

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

/*
 * Keras's name of metric i: as it is written, but of a weighted one that stands
 * among the others as well with "weighted_" before it.  False: it is there already.
 */
static bool
name_metric(NNObjective *objective, int i, const char *const *names)
{
	bool other = false;

	for (int k = 0; k < i; k++)
	{
		bool same = strcmp(names[k], names[i]) == 0;

		if (same && objective->weighted[k] == objective->weighted[i])
			return false;
		other |= same;
	}
	/* it is a name from the table, and so fits */
	snprintf(objective->metric_names[i], NN_MAX_NAME, "%s%s", other ? "weighted_" : "", names[i]);
	return true;
}

static bool
misfit(const NNObjective *objective, const char *name, const NNMetricKind *metric, NNError *error)
{
	bool index = objective->target == NN_TARGET_INDEX;
	bool sparse = metric->target == NN_TARGET_INDEX;

	nn_error(error, NN_BAD_VALUE, "metric \"%s\" does not fit loss \"%s\", whose targets are %s",
			 name, objective->loss->name,
			 index		  ? "class indexes"
				 : sparse ? "numbers"
						  : nn_targets_text(objective));
	if (metric->meaning == NN_MEANS_PROBABILITY)
		return nn_hint(error, "Compile the model with %s for it.",
					   index ? "categorical_crossentropy" : "binary_crossentropy");
	return nn_hint(error,
				   index ? "Use \"accuracy\" or a metric that begins with \"sparse_\"."
						 : "Use \"accuracy\" or a metric that does not begin with \"sparse_\".");
}

/* Whether targets can be what a metric takes; if that is less than the loss takes, nothing else. */
static bool
narrow_values(NNObjective *objective, const NNMetricKind *metric)
{
	if (metric->target != objective->target)
		return false;
	if (metric->meaning != NN_MEANS_PROBABILITY)
		return true;
	switch (objective->meaning)
	{
		case NN_MEANS_NUMBER:
		case NN_MEANS_AMOUNT:
		case NN_MEANS_GROWTH:
			objective->values = NN_MEANS_PROBABILITY;
			return true;
		case NN_MEANS_PROBABILITY:
		case NN_MEANS_DISTRIBUTION:
			return true;
		default:
			return false;
	}
}

static bool
parse_metrics(NNObjective *objective, const NNShape *out, const char *const *names, int n,
			  int n_weighted, NNError *error)
{
	if (n > NN_MAX_METRICS)
		return nn_error(error, NN_TOO_LARGE, "%d metrics are given, at most %d are possible", n,
						NN_MAX_METRICS);
	for (int i = 0; i < n; i++)
	{
		const NNMetricKind *metric = nn_metric_find(names[i], objective->loss, out);

		if (metric == NULL)
			return unknown_metric(names[i], error);
		if (!narrow_values(objective, metric))
			return misfit(objective, names[i], metric, error);
		objective->metrics[i] = metric;
		objective->weighted[i] = i >= n - n_weighted;
		if (!name_metric(objective, i, names))
			return nn_error(error, NN_BAD_VALUE, "metric \"%s\" is given twice", names[i]);
	}
	objective->n_metrics = n;
	return true;
}

/*
 * As Keras on TensorFlow, any cross-entropy goes by what a last sigmoid or
 * softmax was given, be it the one that belongs to it or the other.
 */
static void
mark_logits(const NNObjective *objective, NNLayer *last)
{
	NNActivation f = nn_layer_activation(last);

	last->logits = last->logits_twice = false;
	if (f != NN_SIGMOID && f != NN_SOFTMAX)
		return;
	last->logits = objective->loss->fused != NN_LINEAR;
	last->logits_twice = last->logits && objective->loss->fused != f;
	for (int i = 0; i < objective->n_metrics; i++)
	{
		const NNLossKind *loss = nn_loss_find(objective->metrics[i]->name);

		/* also the loss itself, where rows weigh in it and not in the metric */
		if (loss != NULL && loss->fused != NN_LINEAR)
			last->logits = last->logits_twice = true;
	}
}

/* An output that nothing is wanted of. */
static bool
parse_nothing(const NNLayer *layer, int n_metrics, NNError *error)
{
	if (n_metrics == 0)
		return true;
	nn_error(error, NN_BAD_VALUE, "the output \"%s\" has metrics, but no loss", layer->name);
	return nn_hint(error, "Give it a loss as well; by a loss weight of 0 it trains nothing.");
}

bool
nn_objective_parse(NNObjective *objective, NNModel *model, int output, const char *loss,
				   const char *const *metrics, int n_metrics, int n_weighted, NNError *error)
{
	NNLayer *last = &model->layers[model->outputs[output]];
	size_t values = nn_shape_size(&last->out);

	memset(objective, 0, sizeof(*objective));
	objective->weight = 1;
	objective->target = NN_TARGET_NONE;
	objective->width = output_width(&last->out);
	last->logits = last->logits_twice = false;
	if (loss == NULL)
		return parse_nothing(last, n_metrics, error);
	objective->loss = nn_loss_find(loss);
	if (objective->loss == NULL)
		return unknown_loss(loss, error);
	if (!check_width(objective->loss, last, error))
		return false;
	objective->meaning = objective->values = objective->loss->meaning;
	objective->target = nn_loss_target(objective->loss);
	objective->target_count = values;
	objective->target_variable = model->variable_output[output];
	if (objective->target == NN_TARGET_INDEX)
	{
		objective->classes = objective->width;
		objective->target_count = values / (size_t) objective->classes;
	}
	if (!parse_metrics(objective, &last->out, metrics, n_metrics, n_weighted, error))
		return false;
	mark_logits(objective, last);
	return true;
}

bool
nn_objectives_parse(NNObjectives *objectives, NNModel *model, const char *loss,
					const char *const *metrics, int n_metrics, NNError *error)
{
	char list[LIST_SIZE] = "";
	size_t used = 0;

	objectives->n = model->n_outputs;
	if (model->n_outputs == 1)
		return nn_objective_parse(&objectives->of[0], model, 0, loss, metrics, n_metrics, 0, error);
	for (int o = 0; o < model->n_outputs; o++)
		nn_append(list, sizeof(list), &used, "%s\"%s\"", used > 0 ? ", " : "",
				  nn_model_output(model, o)->name);
	nn_error(error, NN_BAD_VALUE, "the model has %d outputs, but one loss is given",
			 model->n_outputs);
	return nn_hint(error, "Give a loss by output; they are: %s.", list);
}

bool
nn_model_decides(const NNModel *model, int output, const NNObjective *objective, double *threshold)
{
	const NNLayer *last = nn_model_output(model, output);
	bool sides = objective != NULL && objective->meaning == NN_MEANS_SIDE;
	NNActivation f;

	/* the classes are at -1 and 1, or at 0 and 1 */
	*threshold = sides ? 0 : 0.5;
	if (sides || !last->kind->has_activation)
		return true;
	f = nn_layer_activation(last);
	return f == NN_SIGMOID || f == NN_HARD_SIGMOID || f == NN_SOFTMAX;
}

static bool
gives_probabilities(const NNLayer *last)
{
	NNActivation activation = nn_layer_activation(last);

	return !last->kind->has_activation || activation == NN_SIGMOID ||
		activation == NN_HARD_SIGMOID || (activation == NN_SOFTMAX && output_width(&last->out) > 1);
}

static bool
note_doubt(const char *what, const char *name, const NNLayer *last, NNActivation wanted,
		   NNError *note)
{
	nn_error(note, NN_BAD_VALUE,
			 "%s \"%s\" takes probabilities, but the last layer, \"%s\", has the activation %s",
			 what, name, last->name, nn_activation_name(nn_layer_activation(last)));
	(void) nn_hint(note, "End the model with the activation %s.", nn_activation_name(wanted));
	return true;
}

bool
nn_objective_doubtful(const NNObjective *objective, const NNModel *model, int output, NNError *note)
{
	const NNLossKind *loss = objective->loss;
	const NNLayer *last = nn_model_output(model, output);
	NNActivation activation = nn_layer_activation(last);

	if (loss == NULL || gives_probabilities(last))
		return false;
	/* of these each number is positive and becomes a probability */
	if (loss->fused != NN_LINEAR && activation != loss->fused && activation != NN_SOFTPLUS &&
		activation != NN_EXPONENTIAL)
		return note_doubt("loss", loss->name, last, loss->fused, note);
	for (int i = 0; i < objective->n_metrics; i++)
		if (objective->metrics[i]->meaning == NN_MEANS_PROBABILITY)
			return note_doubt("metric", objective->metric_names[i], last, NN_SIGMOID, note);
	return false;
}

/* ---- totals ---- */

void
nn_losses_add(NNLosses *to, const NNLosses *from, int outputs)
{
	to->samples += from->samples;
	to->penalty_sum += from->penalty_sum;
	for (int o = 0; o < outputs; o++)
	{
		to->sum[o] += from->sum[o];
		to->count[o] += from->count[o];
	}
}

/* Means over nothing are 0, as in Keras. */
double
nn_losses_output(const NNLosses *losses, int output)
{
	return losses->count[output] == 0 ? 0 : losses->sum[output] / losses->count[output];
}

double
nn_losses_all(const NNObjectives *objectives, const NNLosses *losses)
{
	double loss = losses->samples == 0 ? 0 : losses->penalty_sum / losses->samples;

	for (int o = 0; o < objectives->n; o++)
		loss += objectives->of[o].weight * nn_losses_output(losses, o);
	return loss;
}

/* Of the metrics before an output's i-th. */
static size_t
states_before(const NNObjectives *objectives, int output, int i)
{
	size_t n = 0;

	for (int o = 0; o <= output && o < objectives->n; o++)
	{
		const NNObjective *objective = &objectives->of[o];

		for (int m = 0; m < (o < output ? objective->n_metrics : i); m++)
			n += (size_t) objective->metrics[m]->states;
	}
	return n;
}

size_t
nn_totals_states(const NNObjectives *objectives)
{
	return states_before(objectives, objectives->n, 0);
}

size_t
nn_totals_bytes(const NNObjectives *objectives)
{
	return sizeof(NNTotals) + nn_totals_states(objectives) * sizeof(double);
}

double *
nn_totals_state(const NNObjectives *objectives, NNTotals *totals, int output, int i)
{
	return totals->states + states_before(objectives, output, i);
}

void
nn_totals_add_states(const NNObjectives *objectives, NNTotals *to, const NNTotals *from)
{
	size_t n = nn_totals_states(objectives);

	for (size_t i = 0; i < n; i++)
		to->states[i] += from->states[i];
}

void
nn_totals_add(const NNObjectives *objectives, NNTotals *to, const NNTotals *from)
{
	nn_losses_add(&to->losses, &from->losses, objectives->n);
	nn_totals_add_states(objectives, to, from);
}

void
nn_totals_scores(const NNObjectives *objectives, const NNTotals *totals, NNScores *scores)
{
	const double *state = totals->states;

	memset(scores, 0, sizeof(*scores));
	scores->samples = totals->losses.samples;
	scores->loss = nn_losses_all(objectives, &totals->losses);
	for (int o = 0; o < objectives->n; o++)
	{
		scores->outputs[o].loss = nn_losses_output(&totals->losses, o);
		for (int i = 0; i < objectives->of[o].n_metrics; i++)
		{
			const NNMetricKind *metric = objectives->of[o].metrics[i];

			scores->outputs[o].metrics[i] = metric->result(state);
			state += metric->states;
		}
	}
}
