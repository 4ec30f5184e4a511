/*
 * epochs.c
 *	  Passes over the dataset: training, validation.
 *
 * Rows are trained on in an order drawn anew for each epoch.  A pass gives several
 * batches at a time, so that the pool is not woken for each.
 */
#include "pg/adapt/adapt.h"
#include "pg/data/data.h"
#include "pg/run/progress.h"
#include "pg/train/train.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/* ", loss 0.25, accuracy 0.9"; an array in brackets */
static void
append_figures(StringInfo line, const NnetModel *model, const NNScores *scores, const char *prefix)
{
	NnetFigure *figures;
	int n = nnet_scores_figures(model, scores, &figures);

	for (int i = 0; i < n; i++)
	{
		bool last = i + 1 == n || figures[i + 1].element <= 1;

		if (figures[i].element > 1)
			appendStringInfo(line, ", %.4g", figures[i].value);
		else
			appendStringInfo(line, "%s%s%s %s%.4g", line->data[line->len - 1] == ':' ? " " : ", ",
							 prefix, figures[i].name, figures[i].element > 0 ? "[" : "",
							 figures[i].value);
		if (figures[i].element > 0 && last)
			appendStringInfoChar(line, ']');
	}
}

/* "epoch 2/5: loss 0.25, accuracy 0.9, ..." */
static void
say_epoch(const NnetRunner *runner, int number, int epochs, const NnetEpoch *epoch)
{
	StringInfoData line;

	initStringInfo(&line);
	appendStringInfo(&line, "epoch %d/%d:", number, epochs);
	append_figures(&line, runner->model, &epoch->training, "");
	if (epoch->validation.samples > 0)
		append_figures(&line, runner->model, &epoch->validation, "val_");
	appendStringInfo(&line, ", %.2f s", epoch->seconds);
	ereport(NOTICE, (errmsg_internal("%s", line.data)));
	pfree(line.data);
}

/* What an epoch came to goes into the history, where only numbers belong. */
static void
check_epoch(const NnetRunner *runner, int number, const NnetEpoch *epoch)
{
	double value;
	const char *prefix = "";
	const char *name = nnet_scores_not_finite(runner->model, &epoch->training, &value);

	if (name == NULL)
	{
		prefix = "val_";
		name = nnet_scores_not_finite(runner->model, &epoch->validation, &value);
	}
	if (name != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("training of model \"%s\" diverged: %s%s is %s", runner->model->name,
						prefix, name, nnet_not_finite_word(value)),
				 errdetail("At the end of epoch %d.", number),
				 errhint("Lower the learning rate, or scale the inputs (nnet.normalization, "
						 "nnet.rescaling) and the targets%s.",
						 prefix[0] != '\0' ? ", also those of the rows for validation" : "")));
}

/* Of an epoch that is given up, unless it is the best. */
static void
forget_values(double *values, const double *best)
{
	if (values != NULL && values != best)
		pfree(values);
}

void
nnet_end_epoch(NnetRunner *runner, const NnetFitOptions *options, NnetFitted *fitted,
			   const NnetEpoch *epoch)
{
	int number = options->initial_epoch + fitted->epochs + 1;

	NnetEpoch *place = &fitted->epoch[fitted->epochs % NNET_HISTORY_EPOCHS];

	check_epoch(runner, number, epoch);
	if (fitted->epochs++ >= NNET_HISTORY_EPOCHS)
	{
		forget_values(place->training.values, fitted->best_epoch.training.values);
		forget_values(place->validation.values, fitted->best_epoch.validation.values);
	}
	*place = *epoch;
	if (options->verbose)
		say_epoch(runner, number, options->epochs, epoch);
}

void
nnet_finish_epoch(NnetRunner *runner, const NnetSplit *split, const NnetFitOptions *options,
				  NnetSteering *steering, NnetFitted *fitted, const NnetEpoch *epoch)
{
	int number = options->initial_epoch + fitted->epochs + 1;
	/* there may be a million epochs: of none is left behind what is looked at here */
	MemoryContext own =
		AllocSetContextCreate(CurrentMemoryContext, "nnet epoch", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(own);

	nnet_end_epoch(runner, options, fitted, epoch);
	nnet_steer(steering, epoch, fitted);
	if (fitted->ended == NNET_ENDED_EPOCHS && runner->clock.late &&
		(epoch->cut || number < options->epochs))
	{
		fitted->ended = NNET_ENDED_TIME;
		nnet_clock_say(&runner->clock, runner->model->name, number, options->epochs,
					   (uint64) epoch->training.samples, split->n_training);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(own);
}

/* All rows, until time is over. */
static void
train_rows(NnetRunner *runner, const NnetSplit *split, NnetPass *pass, const uint64 *seed,
		   int number)
{
	const void *const *records;
	int fetched;

	if (seed != NULL)
		nnet_pass_begin_shuffled(pass, 0, split->n_training, *seed);
	else
		nnet_pass_begin(pass, 0, split->n_training);
	while (!runner->clock.late && (fetched = nnet_pass_next(pass, &records)) > 0)
		nnet_runner_train(runner, records, fetched, number);
}

/*
 * So many steps, on rows drawn anew, or in the order of the records from where the steps
 * so far have ended.  If the rows do not make as many it begins again.
 */
static void
train_steps(NnetRunner *runner, const NnetSplit *split, NnetPass *pass, const uint64 *seed,
			int steps, int number)
{
	uint64 n = split->n_training;
	uint64 batch = (uint64) runner->batch;
	uint64 from = (uint64) runner->run.core.step % ((n + batch - 1) / batch) * batch;
	int64 end = runner->run.core.step + steps;
	const void *const *records;
	int fetched;

	for (uint64 again = 0; runner->run.core.step < end && !runner->clock.late; again++)
	{
		if (seed != NULL)
			nnet_pass_begin_shuffled(pass, 0, n, *seed + again);
		else
			nnet_pass_begin(pass, again == 0 ? from : 0, n);
		while (runner->run.core.step < end && !runner->clock.late &&
			   (fetched = nnet_pass_next(pass, &records)) > 0)
			nnet_runner_train(runner, records,
							  Min((size_t) fetched, (size_t) (end - runner->run.core.step) * batch),
							  number);
	}
}

/* seed NULL: in the order of the records; steps 0: all rows.  The passes may be one; validation NULL: none now. */
static void
train_epoch(NnetRunner *runner, const NnetSplit *split, NnetPass *pass, NnetPass *validation,
			const uint64 *seed, int steps, int number, NnetEpoch *epoch)
{
	int64 first = runner->run.core.step;
	const void *const *records;
	int fetched;
	instr_time start;

	INSTR_TIME_SET_CURRENT(start);
	memset(epoch, 0, sizeof(*epoch));
	if (steps > 0)
		train_steps(runner, split, pass, seed, steps, number);
	else
		train_rows(runner, split, pass, seed, number);
	nnet_runner_scores(runner, &epoch->training);
	epoch->cut = steps > 0 ? runner->run.core.step < first + steps
						   : (uint64) epoch->training.samples < split->n_training;
	epoch->rate = nn_optimizer_rate(&runner->model->optimizer, runner->run.core.step - 1);

	if (validation != NULL)
	{
		nnet_pass_begin(validation, split->from, split->to);
		while ((fetched = nnet_pass_next(validation, &records)) > 0)
			nnet_runner_evaluate(runner, records, fetched);
	}
	nnet_runner_scores(runner, &epoch->validation);
	epoch->seconds = nnet_seconds_since(start);
}

void
nnet_train_epochs(NnetRunner *runner, const NnetSplit *split, const NnetRecorder *recorder,
				  const NnetFitOptions *options, NnetSteering *steering, NnetFitted *fitted)
{
	NnetPass *pass;
	NnetPass *validation;

	nnet_split_passes(split, runner->batch, runner->context, &pass, &validation);
	fitted->samples = split->n_training;
	fitted->validation_samples = split->to - split->from;
	nnet_steering_begin(steering, fitted->validation_samples > 0);
	nnet_progress_begin(runner->model->relid, options->initial_epoch + 1, options->epochs,
						options->steps_per_epoch > 0
							? (uint64) options->steps_per_epoch * (uint64) runner->batch
							: split->n_training,
						runner->context);
	nnet_adapt_layers(runner, pass, split->n_training, recorder);
	for (int number = options->initial_epoch + 1;
		 number <= options->epochs && fitted->ended == NNET_ENDED_EPOCHS; number++)
	{
		NnetEpoch epoch;
		/* by the steps done, so that fits that follow each other go on as one would */
		uint64 seed = nn_mix((uint64) options->seed, 0, 0, (uint64) runner->run.core.step);

		nnet_progress_epoch(number);
		train_epoch(runner, split, pass, nnet_validates(options, number) ? validation : NULL,
					options->shuffle ? &seed : NULL, options->steps_per_epoch, number, &epoch);
		nnet_finish_epoch(runner, split, options, steering, fitted, &epoch);
	}
	nnet_steering_end(steering, fitted);
}
