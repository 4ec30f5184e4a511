/*
 * report.c
 *	  What a training or an evaluation came to, as jsonb: the history in the
 *	  training row and the results of fit and evaluate.
 */
#include "pg/train/train.h"

#include <math.h>

#include "utils/memutils.h"

NNValue
nnet_value_seconds(double seconds)
{
	return nnet_value_number(rint(seconds * 1e6) / 1e6);
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
	bool only = model->core->n_outputs == 1;

	if (!only && objective->loss != NULL)
		figures[n++] = (NnetFigure){psprintf("%s_loss", output), scores->outputs[o].loss, false};
	for (int i = 0; i < objective->n_metrics; i++)
		figures[n++] = (NnetFigure){
			only ? objective->metric_names[i]
				 : psprintf("%s_%s", output, objective->metric_names[i]),
			scores->outputs[o].metrics[i],
			nn_metric_rises(objective->metrics[i]),
		};
	return n;
}

int
nnet_scores_figures(const NnetModel *model, const NNScores *scores, NnetFigure **figures)
{
	int n = 1;

	*figures = palloc(sizeof(NnetFigure) * (1 + model->objectives.n * (1 + NN_MAX_METRICS)));
	(*figures)[0] = (NnetFigure){"loss", scores->loss, false};
	for (int o = 0; o < model->objectives.n; o++)
		n = append_output(*figures, n, model, scores, o);
	return n;
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

	for (int i = 0; i < n; i++)
		nnet_value_set(i == 0 ? object : metrics, psprintf("%s%s", prefix, figures[i].name),
					   nnet_value_number(figures[i].value));
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
	nnet_value_set(&result, "steps",
				   nnet_value_number((double) (model->training.steps - fitted->first_step)));
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
