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

const char *
nnet_scores_not_finite(const NNObjectives *objectives, const NNScores *scores, double *value)
{
	*value = scores->loss;
	if (!isfinite(*value))
		return "loss";
	for (int i = 0; i < objectives->of[0].n_metrics; i++)
	{
		*value = scores->outputs[0].metrics[i];
		if (!isfinite(*value))
			return objectives->of[0].metric_names[i];
	}
	return NULL;
}

/* Add "loss" and the metrics to object, or their val_ forms. */
static void
set_losses(NNValue *object, NNValue *metrics, const NNObjectives *objectives,
		   const NNScores *scores, const char *prefix)
{
	nnet_value_set(object, psprintf("%sloss", prefix), nnet_value_number(scores->loss));
	for (int i = 0; i < objectives->of[0].n_metrics; i++)
		nnet_value_set(metrics, psprintf("%s%s", prefix, objectives->of[0].metric_names[i]),
					   nnet_value_number(scores->outputs[0].metrics[i]));
}

/* One epoch for the history; nnet.history() shows these keys. */
static NNValue
history_entry(const NNObjectives *objectives, const NnetFitted *fitted, const NnetEpoch *epoch,
			  const NnetFitOptions *options)
{
	NNValue entry = nnet_value_object(8);
	NNValue metrics = nnet_value_object(2 * objectives->of[0].n_metrics);

	set_losses(&entry, &metrics, objectives, &epoch->training, "");
	if (epoch->validation.samples > 0)
		set_losses(&entry, &metrics, objectives, &epoch->validation, "val_");
	nnet_value_set(&entry, "metrics", metrics);
	nnet_value_set(&entry, "seconds", nnet_value_seconds(epoch->seconds));
	nnet_value_set(&entry, "samples", nnet_value_number((double) fitted->samples));
	nnet_value_set(&entry, "learning_rate", nnet_value_number(epoch->rate));
	nnet_value_set(&entry, "batch_size", nnet_value_number(options->batch_size));
	nnet_value_set(&entry, "seed", nnet_value_integer(options->seed));
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
nnet_report_history(NnetModel *model, const NnetFitted *fitted, const NnetFitOptions *options)
{
	MemoryContext old = MemoryContextSwitchTo(model->context);
	int first;
	NNValue *history = nnet_history_begin(model, fitted->epochs, &first);

	for (int i = first; i < fitted->epochs; i++)
		nnet_value_append(history,
						  history_entry(&model->objectives, fitted,
										&fitted->epoch[i % NNET_HISTORY_EPOCHS], options));
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
	const NNObjectives *objectives = &model->objectives;
	const NnetEpoch *last = &fitted->epoch[(fitted->epochs - 1) % NNET_HISTORY_EPOCHS];
	NNValue result = nnet_value_object(9 + 2 * objectives->of[0].n_metrics);

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
	set_losses(&result, &result, objectives, &last->training, "");
	if (last->validation.samples > 0)
		set_losses(&result, &result, objectives, &last->validation, "val_");
	return nnet_value_to_jsonb(&result);
}

Jsonb *
nnet_report_evaluate(const NNObjectives *objectives, const NNScores *scores, int64 skipped)
{
	NNValue result = nnet_value_object(3 + objectives->of[0].n_metrics);

	set_losses(&result, &result, objectives, scores, "");
	nnet_value_set(&result, "samples", nnet_value_number(scores->samples));
	nnet_value_set(&result, "skipped", nnet_value_number((double) skipped));
	return nnet_value_to_jsonb(&result);
}
