/*
 * objective.c
 *	  What a model is trained for: loss and metrics of each output, resolved
 *	  against its shape, and the totals a run adds up.
 */
#include <stdio.h>

#include "core/graph/model.h"
#include "core/losses/metric.h"

/* The output as rows of a width; a shape without dimensions is one number. */
static int
output_width(const NNShape *out)
{
	return out->rank == 0 ? 1 : nn_shape_last(out);
}

static bool
refuse_no_steps(const NNLossKind *loss, const NNLayer *last, const char *shape, NNError *error)
{
	nn_error(error, NN_BAD_SHAPE,
			 "loss \"%s\" needs an output of steps, each with a logit for each class, but layer "
			 "\"%s\" has shape %s",
			 loss->name, last->name, shape);
	return nn_hint(error,
				   "End the model with dense units, as many as there are classes and one "
				   "for the blank, after a layer that gives steps, such as a recurrent one "
				   "with return_sequences.");
}

static bool
check_width(const NNLossKind *loss, const NNLayer *last, NNError *error)
{
	char shape[64];

	nn_shape_text(&last->out, shape, sizeof(shape));
	if (loss->meaning == NN_MEANS_SEQUENCE && last->out.rank != 2)
		return refuse_no_steps(loss, last, shape, error);
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
				   loss->meaning == NN_MEANS_SEQUENCE
					   ? "End the model with as many dense units as there are classes, and one for "
						 "the blank."
					   : "End the model with as many softmax units as there are classes, "
						 "or use binary_crossentropy with one sigmoid unit.");
}

/*
 * Keras's name of metric i: its own, but of a weighted one that stands among the others
 * as well with "weighted_" before it.  False: it is there already.
 */
static bool
name_metric(NNObjective *objective, int i)
{
	NNMetric *metric = &objective->metrics[i];
	char name[NN_MAX_NAME];
	bool other = false;

	strcpy(name, metric->name);
	for (int k = 0; k < i; k++)
	{
		const NNMetric *before = &objective->metrics[k];
		bool same = strcmp(before->name, name) == 0;

		if (same && before->weighted == metric->weighted)
			return false;
		other |= same;
	}
	if (other) /* its length leaves room for that */
		snprintf(metric->name, NN_MAX_NAME, "weighted_%.*s", NN_MAX_NAME - NN_METRIC_PREFIX, name);
	for (int k = 0; k < i; k++)
		if (strcmp(objective->metrics[k].name, metric->name) == 0)
			return false;
	return true;
}

static bool
misfit(const NNObjective *objective, const NNMetric *metric, NNError *error)
{
	bool sequence = nn_objective_sequence(objective);
	bool index = objective->target == NN_TARGET_INDEX && !sequence;
	bool sparse = nn_metric_target(metric) == NN_TARGET_INDEX;

	nn_error(error, NN_BAD_VALUE, "metric \"%s\" does not fit loss \"%s\", whose targets are %s",
			 metric->name, objective->loss.kind->name,
			 index					   ? "class indexes"
				 : sparse && !sequence ? "numbers"
									   : nn_targets_text(objective));
	if (sequence)
		return nn_hint(error, "Compare nnet.classify_steps() with y in a query.");
	if (metric->kind->meaning == NN_MEANS_PROBABILITY)
		return nn_hint(error, "Compile the model with binary_crossentropy for it.");
	return nn_hint(error,
				   index ? "Use \"accuracy\" or a metric that begins with \"sparse_\"."
						 : "Use \"accuracy\" or a metric that does not begin with \"sparse_\".");
}

/* Whether targets can be what a metric takes; if that is less than the loss takes, nothing else. */
static bool
narrow_values(NNObjective *objective, const NNMetric *metric)
{
	NNTargetType target = nn_metric_target(metric);
	const NNLoss *loss = nn_metric_loss(metric);
	bool sequence = loss != NULL && loss->kind->meaning == NN_MEANS_SEQUENCE;

	if (target != NN_TARGET_NONE && target != objective->target)
		return false;
	/* what is of a sequence says nothing of its steps, nor they of it */
	if (sequence != nn_objective_sequence(objective))
		return false;
	if (metric->kind->meaning != NN_MEANS_PROBABILITY)
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
		case NN_MEANS_CLASS:
			return true;
		default:
			return false;
	}
}

/* A metric that is a loss of classes passes over those that the loss passes over: none is an output's. */
static bool
share_ignored(const NNObjective *objective, NNMetric *metric, NNError *error)
{
	int ignored = nn_loss_conf(&objective->loss)->ignore_class;
	NNLossConf *conf;

	if (ignored == NN_NO_CLASS || nn_metric_target(metric) != NN_TARGET_INDEX ||
		nn_metric_loss(metric) == NULL)
		return true;
	conf = (NNLossConf *) metric->conf.loss.conf.bytes;
	if (conf->ignore_class != NN_NO_CLASS && conf->ignore_class != ignored)
		return nn_error(error, NN_BAD_VALUE,
						"metric \"%s\" ignores class %d, but the loss ignores class %d",
						metric->name, conf->ignore_class, ignored);
	conf->ignore_class = ignored;
	return true;
}

static bool
parse_metrics(NNObjective *objective, const NNShape *out, const NNValue *metrics, int n,
			  int n_weighted, NNError *error)
{
	if (n > NN_MAX_METRICS)
		return nn_error(error, NN_TOO_LARGE, "%d metrics are given, at most %d are possible", n,
						NN_MAX_METRICS);
	for (int i = 0; i < n; i++)
	{
		NNMetric *metric = &objective->metrics[i];

		if (!nn_metric_parse(metric, &metrics[i], objective->loss.kind, out, error))
			return false;
		if (!narrow_values(objective, metric))
			return misfit(objective, metric, error);
		metric->weighted = i >= n - n_weighted;
		if (!share_ignored(objective, metric, error))
			return false;
		if (!name_metric(objective, i))
		{
			nn_error(error, NN_BAD_VALUE, "metric \"%s\" is given twice", metric->name);
			return metrics[i].type == NN_V_OBJECT
				? nn_hint(error, "Give one of them another \"name\".")
				: false;
		}
	}
	objective->n_metrics = n;
	return true;
}

/* What a wrapper is to leave out its inner layer leaves out. */
static void
pass_on_logits(NNLayer *last)
{
	while (last->kind->flags & NN_KIND_OUTER)
	{
		last->inner[0]->logits = last->logits;
		last = last->inner[0];
	}
}

/* What the last layer is to leave to losses, and what they copy of it. */
static void
mark_logits(const NNObjective *objective, NNLayer *last)
{
	/* a regularizer of outputs looks at them, which the loss then leaves as they are */
	NNActivation f = nn_regularized(&last->activity) ? NN_LINEAR : nn_layer_activation(last);
	const NNLoss *loss = &objective->loss;
	bool by_logits = nn_loss_by_logits(loss, f);

	last->logits = by_logits;
	last->copied = by_logits ? loss->kind->fused != f : nn_loss_copies(loss);
	for (int i = 0; i < objective->n_metrics; i++)
	{
		const NNLoss *other = nn_metric_loss(&objective->metrics[i]);

		if (other == NULL)
			continue;
		by_logits = nn_loss_by_logits(other, f);
		/* also the loss itself, where rows weigh in it and not in the metric */
		last->logits |= by_logits;
		last->copied |= by_logits || nn_loss_copies(other);
	}
	/* what a batch has in common is told before its loss */
	last->copied |= last->logits && nn_loss_states(loss) > 0;
	pass_on_logits(last);
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
nn_objective_parse(NNObjective *objective, NNModel *model, int output, const NNValue *loss,
				   const NNValue *metrics, int n_metrics, int n_weighted, NNError *error)
{
	NNLayer *last = &model->layers[model->outputs[output]];
	size_t values = nn_shape_size(&last->out);

	memset(objective, 0, sizeof(*objective));
	objective->weight = 1;
	objective->target = NN_TARGET_NONE;
	objective->width = output_width(&last->out);
	last->logits = last->copied = false;
	pass_on_logits(last);
	if (loss == NULL)
		return parse_nothing(last, n_metrics, error);
	if (!nn_loss_parse(&objective->loss, loss, error) ||
		!check_width(objective->loss.kind, last, error) ||
		!nn_loss_resolve(&objective->loss, &last->out, error))
		return false;
	objective->meaning = objective->values = objective->loss.kind->meaning;
	objective->target = nn_loss_target(objective->loss.kind);
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

#define LIST_SIZE (sizeof(((NNError *) NULL)->hint) - 64)

bool
nn_objectives_parse(NNObjectives *objectives, NNModel *model, const char *loss,
					const char *const *metrics, int n_metrics, NNError *error)
{
	NNValue loss_value = {.type = NN_V_STRING, .string = loss};
	NNValue values[NN_MAX_METRICS];
	char list[LIST_SIZE] = "";
	size_t used = 0;

	objectives->n = model->n_outputs;
	for (int i = 0; i < n_metrics && i < NN_MAX_METRICS; i++)
		values[i] = (NNValue){.type = NN_V_STRING, .string = metrics[i]};
	if (model->n_outputs == 1)
		return nn_objective_parse(&objectives->of[0], model, 0, loss == NULL ? NULL : &loss_value,
								  values, n_metrics, 0, error);
	for (int o = 0; o < model->n_outputs; o++)
		nn_append(list, sizeof(list), &used, "%s\"%s\"", used > 0 ? ", " : "",
				  nn_model_output(model, o)->name);
	nn_error(error, NN_BAD_VALUE, "the model has %d outputs, but one loss is given",
			 model->n_outputs);
	return nn_hint(error, "Give a loss by output; they are: %s.", list);
}

/* Whether outputs are to go through an activation yet that the loss brings. */
static bool
takes_logits(const NNObjective *objective)
{
	const NNLossKind *loss = objective->loss.kind;

	return loss != NULL && (loss->logits || nn_loss_conf(&objective->loss)->from_logits);
}

bool
nn_model_decides(const NNModel *model, int output, const NNObjective *objective, double *threshold)
{
	const NNLayer *last = nn_model_output(model, output);
	bool sides = objective != NULL && objective->meaning == NN_MEANS_SIDE;
	NNActivation f = nn_layer_activation(last);
	bool squashed = f == NN_SIGMOID || f == NN_HARD_SIGMOID || f == NN_SOFTMAX;
	bool logits = objective != NULL && takes_logits(objective) && !squashed;

	/* the classes are at -1 and 1, or at 0 and 1; a logit of 0 is one half */
	*threshold = sides || logits ? 0 : 0.5;
	return sides || logits || !nn_layer_ending(last)->kind->has_activation || squashed;
}

static bool
gives_probabilities(const NNLayer *last)
{
	NNActivation activation = nn_layer_activation(last);

	return !nn_layer_ending(last)->kind->has_activation || activation == NN_SIGMOID ||
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

static bool
note_logits(const NNLossKind *loss, const NNLayer *last, NNError *note)
{
	nn_error(note, NN_BAD_VALUE,
			 "loss \"%s\" takes logits, but the last layer, \"%s\", has the activation %s",
			 loss->name, last->name, nn_activation_name(nn_layer_activation(last)));
	(void) nn_hint(note,
				   loss->logits ? "End the model without an activation."
								: "Leave out from_logits, or end the model without an activation.");
	return true;
}

/* Whether a metric's scores are to be probabilities, and are no logits by its own word. */
static bool
wants_probabilities(const NNMetric *metric)
{
	return metric->kind->meaning == NN_MEANS_PROBABILITY && !nn_metric_conf(metric)->from_logits;
}

bool
nn_objective_doubtful(const NNObjective *objective, const NNModel *model, int output, NNError *note)
{
	const NNLossKind *loss = objective->loss.kind;
	const NNLayer *last = nn_model_output(model, output);
	NNActivation activation = nn_layer_activation(last);
	NNActivation wanted;

	if (loss == NULL)
		return false;
	if (takes_logits(objective) && (activation == NN_SIGMOID || activation == NN_SOFTMAX))
		return note_logits(loss, last, note);
	if (gives_probabilities(last))
		return false;
	wanted = loss->fused != NN_LINEAR ? loss->fused : loss->taken;
	/* of these each number is positive and becomes a probability */
	if (wanted != NN_LINEAR && !takes_logits(objective) && activation != wanted &&
		activation != NN_SOFTPLUS && activation != NN_EXPONENTIAL)
		return note_doubt("loss", loss->name, last, wanted, note);
	for (int i = 0; i < objective->n_metrics; i++)
		if (wants_probabilities(&objective->metrics[i]))
			return note_doubt("metric", objective->metrics[i].name, last, NN_SIGMOID, note);
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

/* Of an output's loss and of its metrics before the i-th. */
static size_t
states_of(const NNObjective *objective, int i)
{
	size_t n = nn_loss_states(&objective->loss);

	for (int m = 0; m < i; m++)
		n += (size_t) objective->metrics[m].states;
	return n;
}

static size_t
states_before(const NNObjectives *objectives, int output)
{
	size_t n = 0;

	for (int o = 0; o < output; o++)
		n += states_of(&objectives->of[o], objectives->of[o].n_metrics);
	return n;
}

size_t
nn_totals_states(const NNObjectives *objectives)
{
	return states_before(objectives, objectives->n);
}

size_t
nn_totals_bytes(const NNObjectives *objectives)
{
	return sizeof(NNTotals) + nn_totals_states(objectives) * sizeof(double);
}

double *
nn_totals_state(const NNObjectives *objectives, NNTotals *totals, int output, int i)
{
	return totals->states + states_before(objectives, output) +
		states_of(&objectives->of[output], i);
}

double *
nn_totals_loss_state(const NNObjectives *objectives, NNTotals *totals, int output)
{
	return nn_loss_states(&objectives->of[output].loss) > 0
		? totals->states + states_before(objectives, output)
		: NULL;
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

size_t
nn_objectives_values(const NNObjectives *objectives)
{
	size_t n = 0;

	for (int o = 0; o < objectives->n; o++)
		for (int i = 0; i < objectives->of[o].n_metrics; i++)
			n += (size_t) objectives->of[o].metrics[i].values;
	return n;
}

const double *
nn_scores_values(const NNObjectives *objectives, const NNScores *scores, int output, int metric)
{
	const double *values = scores->values;

	for (int o = 0; o <= output && values != NULL; o++)
		for (int i = 0; i < (o < output ? objectives->of[o].n_metrics : metric); i++)
			values += objectives->of[o].metrics[i].values;
	return values;
}

/*
 * An output's loss.  Of one value of all rows the sums are of their weights, and its
 * state is what they have in common; after training it is nothing, and they are of losses.
 */
static double
output_loss(const NNObjectives *objectives, const NNTotals *totals, int output)
{
	double loss = nn_losses_output(&totals->losses, output);

	return nn_loss_states(&objectives->of[output].loss) > 0
		? loss * nn_overlap_loss(totals->states + states_before(objectives, output))
		: loss;
}

static void
metrics_scores(const NNObjective *objective, const double *state, NNScores *scores, int output,
			   double **values)
{
	for (int i = 0; i < objective->n_metrics; i++)
	{
		const NNMetric *metric = &objective->metrics[i];

		if (metric->values == 0)
			metric->kind->result(metric, state, &scores->outputs[output].metrics[i]);
		else if (*values != NULL)
		{
			metric->kind->result(metric, state, *values);
			*values += metric->values;
		}
		state += metric->states;
	}
}

void
nn_totals_scores(const NNObjectives *objectives, const NNTotals *totals, NNScores *scores)
{
	double *values = scores->values;
	const NNLosses *losses = &totals->losses;

	memset(scores, 0, sizeof(*scores));
	scores->values = values;
	scores->samples = losses->samples;
	scores->loss = losses->samples == 0 ? 0 : losses->penalty_sum / losses->samples;
	for (int o = 0; o < objectives->n; o++)
	{
		const NNObjective *objective = &objectives->of[o];

		scores->outputs[o].loss = output_loss(objectives, totals, o);
		scores->loss += objective->weight * scores->outputs[o].loss;
		metrics_scores(objective,
					   totals->states + states_before(objectives, o) + states_of(objective, 0),
					   scores, o, &values);
	}
}
