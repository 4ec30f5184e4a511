/*
 * report.c
 *	  What a training or an evaluation came to, as jsonb: the history in the
 *	  training row and the results of fit and evaluate.
 */
#include "pg/train/train.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "utils/memutils.h"

NNValue
nnet_value_seconds(double seconds)
{
	return nnet_value_number(rint(seconds * 1e6) / 1e6);
}

/* A metric, which may be an array. */
static int
append_metric(NnetFigure *figures, int n, const NnetModel *model, const NNScores *scores, int o,
			  int i)
{
	const NNMetric *metric = &model->objectives.of[o].metrics[i];
	const double *values = nn_scores_values(&model->objectives, scores, o, i);
	NnetFigure figure = {
		.name = model->core->n_outputs == 1
			? metric->name
			: psprintf("%s_%s", nn_layer_name(nn_model_output(model->core, o)), metric->name),
		.value = scores->outputs[o].metrics[i],
		.rises = nn_metric_rises(metric),
	};

	if (metric->values == 0)
		figures[n++] = figure;
	for (int k = 0; k < metric->values; k++)
	{
		figure.value = values != NULL ? values[k] : 0;
		figure.element = k + 1;
		figures[n++] = figure;
	}
	return n;
}

/*
 * The figures of an output: its loss, unless it is the model's only output and
 * so the whole, then its metrics, named as Keras does: 'accuracy', of several
 * outputs 'kind_loss' and 'kind_accuracy'.
 */
static int
append_output(NnetFigure *figures, int n, const NnetModel *model, const NNScores *scores, int o)
{
	const NNObjective *objective = &model->objectives.of[o];
	const char *output = nn_layer_name(nn_model_output(model->core, o));

	if (model->core->n_outputs > 1 && objective->loss.kind != NULL)
		figures[n++] = (NnetFigure){
			.name = psprintf("%s_loss", output),
			.value = scores->outputs[o].loss,
		};
	for (int i = 0; i < objective->n_metrics; i++)
		n = append_metric(figures, n, model, scores, o, i);
	return n;
}

int
nnet_scores_figures(const NnetModel *model, const NNScores *scores, NnetFigure **figures)
{
	size_t most = 1 + (size_t) model->objectives.n * (1 + NN_MAX_METRICS) +
		nn_objectives_values(&model->objectives);
	int n = 1;

	*figures = palloc(sizeof(NnetFigure) * most);
	(*figures)[0] = (NnetFigure){.name = "loss", .value = scores->loss};
	for (int o = 0; o < model->objectives.n; o++)
		n = append_output(*figures, n, model, scores, o);
	return n;
}

double *
nnet_scores_values(const NnetModel *model)
{
	size_t n = nn_objectives_values(&model->objectives);

	return n > 0 ? palloc(sizeof(double) * n) : NULL;
}

int
nnet_figure_find(const NnetFigure *figures, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (figures[i].element == 0 && strcmp(figures[i].name, name) == 0)
			return i;
	return -1;
}

void
nnet_figures_list(StringInfo list, const NnetFigure *figures, int n, const char *prefix)
{
	for (int i = 0; i < n; i++)
		if (figures[i].element == 0)
			appendStringInfo(list, "%s%s%s", list->len > 0 ? ", " : "", prefix, figures[i].name);
}

NNValue
nnet_figure_value(const NnetFigure *figures, int n, int i, int *next)
{
	NNValue array;

	*next = i + 1;
	if (figures[i].element == 0)
		return nnet_value_number(figures[i].value);
	array = nnet_value_array(1);
	nnet_value_append(&array, nnet_value_number(figures[i].value));
	for (; *next < n && figures[*next].element > 1; (*next)++)
		nnet_value_append(&array, nnet_value_number(figures[*next].value));
	return array;
}

int
nnet_figure_detail(const NnetFigure *figures, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (figures[i].element > 0 && strcmp(figures[i].name, name) == 0)
			return errdetail("\"%s\" is an array, of which none is better than another.", name);
	return 0;
}

const char *
nnet_scores_not_finite(const NnetModel *model, const NNScores *scores, double *value)
{
	NnetFigure *figures;
	int n = nnet_scores_figures(model, scores, &figures);

	for (int i = 0; i < n; i++)
	{
		*value = figures[i].value;
		if (!isfinite(*value))
			return figures[i].name;
	}
	return NULL;
}

/* Add "loss" to object and the others to metrics, or their val_ forms. */
static void
set_figures(NNValue *object, NNValue *metrics, const NnetModel *model, const NNScores *scores,
			const char *prefix)
{
	NnetFigure *figures;
	int n = nnet_scores_figures(model, scores, &figures);
	int next;

	for (int i = 0; i < n; i = next)
	{
		const char *name = psprintf("%s%s", prefix, figures[i].name);

		nnet_value_set(i == 0 ? object : metrics, name, nnet_figure_value(figures, n, i, &next));
	}
}

static const char *const endings[] = {
	[NNET_ENDED_EPOCHS] = "epochs",
	[NNET_ENDED_EARLY] = "early_stopping",
	[NNET_ENDED_TIME] = "time_limit",
};

const char *
nnet_ended_word(NnetEnded ended)
{
	return endings[ended];
}

void
nnet_value_set_ended(NNValue *entry, NnetEnded ended, int epochs, int best)
{
	nnet_value_set(entry, "ended", nnet_value_string(nnet_ended_word(ended)));
	nnet_value_set(entry, "epochs", nnet_value_number(epochs));
	if (best >= 0)
		nnet_value_set(entry, "best", nnet_value_number(best + 1));
}

/* Epoch number i of this fit for the history; nnet.history() shows these keys. */
static NNValue
history_entry(const NnetModel *model, const NnetFitted *fitted, int i,
			  const NnetFitOptions *options)
{
	const NnetEpoch *epoch = &fitted->epoch[i % NNET_HISTORY_EPOCHS];
	NNValue entry = nnet_value_object(10);
	NNValue metrics = nnet_value_object(2 * NN_MAX_METRICS);

	set_figures(&entry, &metrics, model, &epoch->training, "");
	if (epoch->validation.samples > 0)
		set_figures(&entry, &metrics, model, &epoch->validation, "val_");
	nnet_value_set(&entry, "metrics", metrics);
	nnet_value_set(&entry, "seconds", nnet_value_seconds(epoch->seconds));
	nnet_value_set(&entry, "samples", nnet_value_number(epoch->training.samples));
	nnet_value_set(&entry, "learning_rate", nnet_value_number(epoch->rate));
	nnet_value_set(&entry, "batch_size", nnet_value_number(options->batch_size));
	nnet_value_set(&entry, "seed", nnet_value_integer(options->seed));
	if (i == fitted->epochs - 1)
		nnet_value_set_ended(&entry, fitted->ended, fitted->epochs, fitted->best);
	return entry;
}

NNValue *
nnet_history_begin(NnetModel *model, int more, int *first)
{
	NnetTraining *training = &model->training;
	const NNValue *before = training->history;
	int n_before = before != NULL ? before->count : 0;
	int new = Min(more, NNET_HISTORY_EPOCHS);
	int kept = Min(n_before, NNET_HISTORY_EPOCHS - new);
	NNValue *history = palloc(sizeof(NNValue));

	*history = nnet_value_array(kept + new);
	for (int i = n_before - kept; i < n_before; i++)
		nnet_value_append(history, before->items[i]);
	*first = more - new;
	training->history_dropped =
		Min(training->history_dropped + n_before - kept + *first, NNET_DROPPED_EPOCHS);
	training->history = history;
	return history;
}

void
nnet_report_history(NnetModel *model, NnetFitted *fitted, const NnetFitOptions *options)
{
	const NNValue *before = model->training.history;
	MemoryContext old = MemoryContextSwitchTo(model->context);
	int first;
	NNValue *history;

	fitted->epochs_before = model->training.history_dropped + (before != NULL ? before->count : 0);
	history = nnet_history_begin(model, fitted->epochs, &first);
	for (int i = first; i < fitted->epochs; i++)
		nnet_value_append(history, history_entry(model, fitted, i, options));
	MemoryContextSwitchTo(old);
}

void
nnet_report_no_rows(const char *aggregate)
{
	ereport(WARNING,
			(errcode(ERRCODE_WARNING), errmsg("%s saw no rows", aggregate),
			 errhint("Look at FROM and WHERE of its query.")));
}

Jsonb *
nnet_report_fit(NnetModel *model, const NnetFitted *fitted, const NnetFitOptions *options)
{
	const NnetEpoch *saved = fitted->best >= 0
		? &fitted->best_epoch
		: &fitted->epoch[(fitted->epochs - 1) % NNET_HISTORY_EPOCHS];
	NNValue result = nnet_value_object(11 + 2 * NN_MAX_METRICS);

	nnet_value_set(&result, "epochs", nnet_value_number(fitted->epochs));
	nnet_value_set(&result, "samples", nnet_value_number((double) fitted->samples));
	if (fitted->validation_samples > 0)
		nnet_value_set(&result, "val_samples",
					   nnet_value_number((double) fitted->validation_samples));
	nnet_value_set(&result, "steps", nnet_value_number((double) fitted->steps));
	nnet_value_set(&result, "seconds", nnet_value_seconds(fitted->seconds));
	nnet_value_set(&result, "skipped", nnet_value_number((double) fitted->skipped));
	nnet_value_set(&result, "seed", nnet_value_integer(options->seed));
	nnet_value_set(&result, "ended", nnet_value_string(nnet_ended_word(fitted->ended)));
	if (fitted->best >= 0)
		nnet_value_set(&result, "best_epoch",
					   nnet_value_number((double) (fitted->epochs_before + fitted->best + 1)));
	set_figures(&result, &result, model, &saved->training, "");
	if (saved->validation.samples > 0)
		set_figures(&result, &result, model, &saved->validation, "val_");
	return nnet_value_to_jsonb(&result);
}

Jsonb *
nnet_report_evaluate(const NnetModel *model, const NNScores *scores, int64 skipped)
{
	NNValue result = nnet_value_object(3 + NN_MAX_METRICS);

	set_figures(&result, &result, model, scores, "");
	nnet_value_set(&result, "samples", nnet_value_number(scores->samples));
	nnet_value_set(&result, "skipped", nnet_value_number((double) skipped));
	return nnet_value_to_jsonb(&result);
}
