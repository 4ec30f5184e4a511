/*
 * epochs.c
 *	  Passes over the dataset: learning from rows, training, validation.
 *
 * Rows are trained on in an order drawn anew for each epoch.  A pass gives several
 * batches at a time, so that the pool is not woken for each.
 */
#include "pg/data/data.h"
#include "pg/train/train.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/* ---- layers that learn from rows before training ---- */

/* Layers that learn from the same passes over the rows: none gets values of another. */
typedef struct Adapting
{
	NNAdapting *layers;
	int n;
	size_t bytes; /* of their states */
} Adapting;

#define ADAPTING_BYTES ((size_t) 64 << 20) /* of states at a time */

static void
adapt_piece(NnetTrainer *trainer, NNAdapting *layers, int n_layers, const void *const *records,
			size_t n)
{
	nnet_trainer_plan_inference(trainer, records, n);
	nnet_watch_interrupts();
	for (size_t all = 0, done; all < n; all += done)
		(void) nnet_run_again(
			trainer->run.core.plan, trainer->model,
			nn_adapt_records(&trainer->run.core, layers, n_layers, records + all, n - all, &done));
}

/* Show all rows to layers once. */
static void
adapt_pass(NnetTrainer *trainer, NnetPass *pass, uint64 n, NNAdapting *layers, int n_layers)
{
	const void *const *records;
	int fetched;

	nnet_pass_begin(pass, 0, n);
	while ((fetched = nnet_pass_next(pass, &records)) > 0)
	{
		int count;

		for (int i = 0; i < fetched; i += count)
		{
			count = (int) nnet_trainer_piece(trainer, fetched - i);
			adapt_piece(trainer, layers, n_layers, records + i, count);
		}
	}
}

/* Those that take one more pass, number `number` from 0 on; returns how many. */
static int
begin_pass(const NNModel *core, const Adapting *adapting, int number, NNAdapting *layers)
{
	int n = 0;

	for (int i = 0; i < adapting->n; i++)
	{
		const NNAdapting *layer = &adapting->layers[i];

		if (number >= nn_adapt_passes(core, layer->layer))
			continue;
		if (number > 0)
			nn_adapt_pass(core, layer->layer, number, layer->state);
		layers[n++] = *layer;
	}
	return n;
}

static void
adapt_together(NnetTrainer *trainer, NnetPass *pass, uint64 n, const Adapting *adapting,
			   const NnetRecorder *recorder)
{
	NNModel *core = trainer->model->core;
	NNAdapting *layers = MemoryContextAlloc(trainer->context, sizeof(NNAdapting) * adapting->n);
	int more;

	for (int i = 0; (more = begin_pass(core, adapting, i, layers)) > 0; i++)
		adapt_pass(trainer, pass, n, layers, more);
	for (int i = 0; i < adapting->n; i++)
	{
		nn_adapt_end(core, adapting->layers[i].layer, adapting->layers[i].state,
					 trainer->model->params);
		pfree(adapting->layers[i].state);
	}
	nnet_check_learned(trainer, adapting->layers, adapting->n, recorder);
	pfree(layers);
}

static void
add_adapting(NnetTrainer *trainer, Adapting *adapting, int layer)
{
	NNModel *core = trainer->model->core;
	double *state = MemoryContextAllocHuge(trainer->context, nn_adapt_bytes(core, layer));

	nn_adapt_begin(core, layer, state);
	adapting->layers[adapting->n++] = (NNAdapting){.layer = layer, .state = state};
	adapting->bytes += nn_adapt_bytes(core, layer);
}

/* Whether something that a layer gets values of has still to learn. */
static bool
waits(const NNLayer *layer, const bool *unlearned)
{
	for (int k = 0; nn_layer_input(layer, k) >= 0; k++)
		if (unlearned[nn_layer_input(layer, k)])
			return true;
	return false;
}

/* Together those that can be: a table has many columns, and rows are read once more for each pass. */
void
nnet_adapt_layers(NnetTrainer *trainer, NnetPass *pass, uint64 n, const NnetRecorder *recorder)
{
	NNModel *core = trainer->model->core;
	bool *unlearned = MemoryContextAlloc(trainer->context, sizeof(bool) * core->n_layers);
	bool *shown = MemoryContextAllocZero(trainer->context, sizeof(bool) * core->n_layers);
	Adapting adapting = {.n = 0};

	adapting.layers = MemoryContextAlloc(trainer->context, sizeof(NNAdapting) * core->n_layers);
	do
	{
		adapting.n = 0;
		adapting.bytes = 0;
		for (int i = 0; i < core->n_layers; i++)
		{
			const NNLayer *layer = nn_model_layer(core, i);
			/* a layer that rows taught nothing is not asked again */
			bool wants = !shown[i] &&
				nn_layer_unadapted(layer, trainer->model->params + nn_layer_params(layer).offset);
			bool late = waits(layer, unlearned);

			unlearned[i] = wants || late;
			if (!wants || late || adapting.bytes >= ADAPTING_BYTES)
				continue;
			add_adapting(trainer, &adapting, i);
			shown[i] = true;
		}
		if (adapting.n > 0)
			adapt_together(trainer, pass, n, &adapting, recorder);
	} while (adapting.n > 0);
	pfree(adapting.layers);
	pfree(shown);
	pfree(unlearned);
}

/* ---- epochs ---- */

/* ", loss 0.25, accuracy 0.9" */
static void
append_figures(StringInfo line, const NnetModel *model, const NNScores *scores, const char *prefix)
{
	NnetFigure *figures;
	int n = nnet_scores_figures(model, scores, &figures);

	for (int i = 0; i < n; i++)
		appendStringInfo(line, "%s%s%s %.4g", line->data[line->len - 1] == ':' ? " " : ", ", prefix,
						 figures[i].name, figures[i].value);
}

/* "epoch 2/5: loss 0.25, accuracy 0.9, ..." */
static void
say_epoch(const NnetTrainer *trainer, int number, int epochs, const NnetEpoch *epoch)
{
	StringInfoData line;

	initStringInfo(&line);
	appendStringInfo(&line, "epoch %d/%d:", number, epochs);
	append_figures(&line, trainer->model, &epoch->training, "");
	if (epoch->validation.samples > 0)
		append_figures(&line, trainer->model, &epoch->validation, "val_");
	appendStringInfo(&line, ", %.2f s", epoch->seconds);
	ereport(NOTICE, (errmsg_internal("%s", line.data)));
	pfree(line.data);
}

/* What an epoch came to goes into the history, where only numbers belong. */
static void
check_epoch(const NnetTrainer *trainer, int number, const NnetEpoch *epoch)
{
	double value;
	const char *prefix = "";
	const char *name = nnet_scores_not_finite(trainer->model, &epoch->training, &value);

	if (name == NULL)
	{
		prefix = "val_";
		name = nnet_scores_not_finite(trainer->model, &epoch->validation, &value);
	}
	if (name != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("training of model \"%s\" diverged: %s%s is %s", trainer->model->name,
						prefix, name, nnet_not_finite_word(value)),
				 errdetail("At the end of epoch %d.", number),
				 errhint("Lower the learning rate, or scale the inputs (nnet.normalization, "
						 "nnet.rescaling) and the targets%s.",
						 prefix[0] != '\0' ? ", also those of the rows for validation" : "")));
}

void
nnet_end_epoch(NnetTrainer *trainer, const NnetFitOptions *options, NnetFitted *fitted,
			   const NnetEpoch *epoch)
{
	int number = options->initial_epoch + fitted->epochs + 1;

	check_epoch(trainer, number, epoch);
	fitted->epoch[fitted->epochs++ % NNET_HISTORY_EPOCHS] = *epoch;
	if (options->verbose)
		say_epoch(trainer, number, options->epochs, epoch);
}

void
nnet_finish_epoch(NnetTrainer *trainer, const NnetSplit *split, const NnetFitOptions *options,
				  NnetSteering *steering, NnetFitted *fitted, const NnetEpoch *epoch)
{
	int number = options->initial_epoch + fitted->epochs + 1;

	nnet_end_epoch(trainer, options, fitted, epoch);
	nnet_steer(steering, epoch, fitted);
	if (fitted->ended == NNET_ENDED_EPOCHS && trainer->clock.late &&
		(epoch->cut || number < options->epochs))
	{
		fitted->ended = NNET_ENDED_TIME;
		nnet_clock_say(&trainer->clock, trainer->model->name, number, options->epochs,
					   (uint64) epoch->training.samples, split->n_training);
	}
}

static void
train_rows(NnetTrainer *trainer, const NnetSplit *split, NnetPass *pass, const uint64 *seed,
		   int number)
{
	const void *const *records;
	int fetched;

	if (seed != NULL)
		nnet_pass_begin_shuffled(pass, 0, split->n_training, *seed);
	else
		nnet_pass_begin(pass, 0, split->n_training);
	while (!trainer->clock.late && (fetched = nnet_pass_next(pass, &records)) > 0)
		nnet_trainer_train(trainer, records, fetched, number);
}

/* seed NULL: in the order of the records.  The passes may be one; validation NULL: none now. */
static void
train_epoch(NnetTrainer *trainer, const NnetSplit *split, NnetPass *pass, NnetPass *validation,
			const uint64 *seed, int number, NnetEpoch *epoch)
{
	const void *const *records;
	int fetched;
	instr_time start;
	instr_time now;

	INSTR_TIME_SET_CURRENT(start);
	memset(epoch, 0, sizeof(*epoch));
	train_rows(trainer, split, pass, seed, number);
	nnet_trainer_scores(trainer, &epoch->training);
	epoch->rate = nn_schedule_rate(&trainer->model->optimizer.schedule, trainer->run.core.step - 1);
	epoch->cut = (uint64) epoch->training.samples < split->n_training;

	if (validation != NULL)
	{
		nnet_pass_begin(validation, split->from, split->to);
		while ((fetched = nnet_pass_next(validation, &records)) > 0)
			nnet_trainer_evaluate(trainer, records, fetched);
	}
	nnet_trainer_scores(trainer, &epoch->validation);
	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_SUBTRACT(now, start);
	epoch->seconds = INSTR_TIME_GET_DOUBLE(now);
}

void
nnet_train_epochs(NnetTrainer *trainer, const NnetSplit *split, const NnetRecorder *recorder,
				  const NnetFitOptions *options, NnetSteering *steering, NnetFitted *fitted)
{
	NnetPass *pass;
	NnetPass *validation;

	nnet_split_passes(split, trainer->batch, trainer->context, &pass, &validation);
	fitted->samples = split->n_training;
	fitted->validation_samples = split->to - split->from;
	nnet_steering_begin(steering, fitted->validation_samples > 0);
	nnet_adapt_layers(trainer, pass, split->n_training, recorder);
	for (int number = options->initial_epoch + 1;
		 number <= options->epochs && fitted->ended == NNET_ENDED_EPOCHS; number++)
	{
		NnetEpoch epoch;
		/* by the steps done, so that fits that follow each other go on as one would */
		uint64 seed = nn_mix((uint64) options->seed, 0, 0, (uint64) trainer->run.core.step);

		train_epoch(trainer, split, pass, nnet_validates(options, number) ? validation : NULL,
					options->shuffle ? &seed : NULL, number, &epoch);
		nnet_finish_epoch(trainer, split, options, steering, fitted, &epoch);
	}
	nnet_steering_end(steering, fitted);
}
