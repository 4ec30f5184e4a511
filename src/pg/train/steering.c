/*
 * steering.c
 *	  What looks at a training from epoch to epoch: early stopping, the learning
 *	  rate on plateaus, and the weights of the best epoch.
 *
 * It goes by figures of epochs as Keras 3 does (the callbacks EarlyStopping and
 * ReduceLROnPlateau), which compares them in single precision.  Counters begin
 * anew with each fit.
 *
 * Lifetimes: all lives in the context of one fit; the best weights in a context
 * of their own, which ends before the model is saved.
 */
#include "pg/data/data.h"
#include "pg/train/train.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "utils/memutils.h"

/* A figure of epochs, and when one of them is better than another. */
typedef struct Monitor
{
	const char *option; /* that asks for it */
	const char *name;	/* "val_loss" */
	int figure;			/* its number in nnet_scores_figures() */
	bool validation;
	bool rises;
	double min_delta; /* by so much at least it must be better */
	bool seen;
	float best;
} Monitor;

struct NnetSteering
{
	const NnetFitOptions *options;
	NnetModel *model;
	MemoryContext context;
	Monitor stopping; /* of early_stopping, if given */
	int stopping_wait;
	Monitor plateau; /* of reduce_lr_on_plateau, if given */
	int plateau_wait;
	int cooldown;	/* epochs to go until it counts again */
	Monitor best;	/* of best_weights, if wanted */
	nn_real *saved; /* the best epoch's weights; NULL: there is but one epoch, or none wanted */
	MemoryContext saved_context;
};

/* ---- monitors ---- */

static void
refuse_monitor(const NnetModel *model, const Monitor *monitor, const NnetFigure *figures, int n,
			   bool validation)
{
	StringInfoData list;

	initStringInfo(&list);
	nnet_figures_list(&list, figures, n, "");
	if (validation)
		nnet_figures_list(&list, figures, n, "val_");
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 monitor->validation && !validation
				 ? errmsg("option \"%s\" monitors \"%s\" of model \"%s\", but no rows are for "
						  "validation",
						  monitor->option, monitor->name, model->name)
				 : errmsg("option \"%s\" monitors \"%s\", which model \"%s\" does not have",
						  monitor->option, monitor->name, model->name),
			 nnet_figure_detail(figures, n,
								strncmp(monitor->name, "val_", 4) == 0 ? monitor->name + 4
																	   : monitor->name),
			 monitor->validation && !validation
				 ? errhint("Give a validation_split or rows for validation, or monitor one of: %s.",
						   list.data)
				 : errhint("What can be monitored: %s.", list.data)));
}

/* validation: whether some rows are for that. */
static void
make_monitor(Monitor *monitor, const NnetModel *model, int mode, bool validation)
{
	static const NNScores none;
	NnetFigure *figures;
	int n = nnet_scores_figures(model, &none, &figures);
	const char *name = monitor->name;

	monitor->figure = nnet_figure_find(figures, n, name);
	if (monitor->figure < 0 && strncmp(name, "val_", 4) == 0)
	{
		monitor->figure = nnet_figure_find(figures, n, name + 4);
		monitor->validation = monitor->figure >= 0;
	}
	if (monitor->figure < 0 || (monitor->validation && !validation))
		refuse_monitor(model, monitor, figures, n, validation);
	monitor->rises =
		mode == NNET_MODE_AUTO ? figures[monitor->figure].rises : mode == NNET_MODE_MAX;
}

/* Its value in that epoch; false: it has none there. */
static bool
monitor_value(const Monitor *monitor, const NnetModel *model, const NnetEpoch *epoch, float *value)
{
	NnetFigure *figures;

	/* what few rows came to is not compared with what all did */
	if (monitor->validation ? epoch->validation.samples == 0 : epoch->cut)
		return false;
	nnet_scores_figures(model, monitor->validation ? &epoch->validation : &epoch->training,
						&figures);
	*value = (float) figures[monitor->figure].value;
	return true;
}

static bool
is_better(const Monitor *monitor, float value, float reference)
{
	if (monitor->rises)
		return (float) (value - monitor->min_delta) > reference;
	return (float) (value + monitor->min_delta) < reference;
}

/* Whether value is the best so far, which it is from now on. */
static bool
improves(Monitor *monitor, float value)
{
	if (monitor->seen && !is_better(monitor, value, monitor->best))
		return false;
	monitor->seen = true;
	monitor->best = value;
	return true;
}

/* ---- setting up ---- */

static bool
keeps_weights(const NnetFitOptions *options)
{
	return options->best_weights ||
		(options->early_stopping.given && options->early_stopping.restore_best_weights);
}

static size_t
weights_bytes(const NnetSteering *steering)
{
	const NnetFitOptions *options = steering->options;

	return keeps_weights(options) && options->epochs - options->initial_epoch > 1
		? nnet_params_bytes(steering->model)
		: 0;
}

/* gradients: bytes that are wanted beside. */
static void
check_memory(const NnetSteering *steering, size_t gradients)
{
	nnet_memory_check(&(NnetMemoryNeed){
		.model = steering->model->name,
		.action = "be trained and keep the weights of its best epoch",
		.bytes =
			{[NNET_MEMORY_BEST] = weights_bytes(steering), [NNET_MEMORY_GRADIENTS] = gradients},
	});
}

static void
check_rate(const NnetModel *model)
{
	if (model->optimizer.schedule.kind != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"reduce_lr_on_plateau\" cannot change the learning rate of model "
						"\"%s\", which follows a schedule",
						model->name),
				 errhint("Compile it with a number as the learning rate, or leave the option "
						 "out.")));
}

NnetSteering *
nnet_steering_make(const NnetFitOptions *options, NnetModel *model, bool validation,
				   MemoryContext context)
{
	NnetSteering *steering = MemoryContextAllocZero(context, sizeof(NnetSteering));
	const NnetEarlyStopping *stopping = &options->early_stopping;
	const NnetPlateau *plateau = &options->reduce_lr_on_plateau;

	steering->options = options;
	steering->model = model;
	steering->context = context;
	model->optimizer.rate_factor = options->learning_rate_factor;
	if (stopping->given)
	{
		steering->stopping = (Monitor){.option = "early_stopping",
									   .name = stopping->monitor,
									   .min_delta = stopping->min_delta};
		make_monitor(&steering->stopping, model, stopping->mode, validation);
	}
	if (plateau->given)
	{
		check_rate(model);
		steering->plateau = (Monitor){.option = "reduce_lr_on_plateau",
									  .name = plateau->monitor,
									  .min_delta = plateau->min_delta};
		make_monitor(&steering->plateau, model, plateau->mode, validation);
	}
	if (options->best_weights && stopping->given)
	{
		steering->best = steering->stopping;
		steering->best.min_delta = 0;
	}
	else if (options->best_weights)
	{
		steering->best =
			(Monitor){.option = "best_weights", .name = validation ? "val_loss" : "loss"};
		make_monitor(&steering->best, model, NNET_MODE_AUTO, validation);
	}
	if (weights_bytes(steering) > 0)
		check_memory(steering, nnet_params_bytes(model));
	return steering;
}

/* Once rows are read it is known whether some are for validation. */
static void
check_validation(const NnetSteering *steering, const Monitor *monitor)
{
	NnetFigure *figures;
	static const NNScores none;
	int n;

	if (!monitor->validation)
		return;
	n = nnet_scores_figures(steering->model, &none, &figures);
	refuse_monitor(steering->model, monitor, figures, n, false);
}

void
nnet_steering_begin(NnetSteering *steering, bool validation)
{
	size_t bytes = weights_bytes(steering);

	if (!validation)
	{
		check_validation(steering, &steering->stopping);
		check_validation(steering, &steering->plateau);
		check_validation(steering, &steering->best);
	}
	if (bytes == 0)
		return;
	check_memory(steering, 0);
	steering->saved_context =
		AllocSetContextCreate(steering->context, "nnet best weights", ALLOCSET_SMALL_SIZES);
	steering->saved = nnet_memory_alloc(steering->saved_context, bytes, false);
}

/* ---- epochs ---- */

static void
keep_weights(NnetSteering *steering, const NnetEpoch *epoch, NnetFitted *fitted)
{
	fitted->best = fitted->epochs - 1;
	fitted->best_epoch = *epoch;
	if (steering->saved != NULL)
		memcpy(steering->saved, steering->model->params, weights_bytes(steering));
}

/* Whether training ends after the epoch, number `number` from 0 on. */
static bool
stop_early(NnetSteering *steering, const NnetEpoch *epoch, int number, NnetFitted *fitted)
{
	const NnetEarlyStopping *stopping = &steering->options->early_stopping;
	float value;

	if (!stopping->given || number < stopping->start_from_epoch ||
		!monitor_value(&steering->stopping, steering->model, epoch, &value))
		return false;
	steering->stopping_wait++;
	if (improves(&steering->stopping, value))
	{
		if (stopping->restore_best_weights && !steering->options->best_weights)
			keep_weights(steering, epoch, fitted);
		/* as Keras has it: what does not reach the baseline goes on waiting */
		if (isnan(stopping->baseline) ||
			is_better(&steering->stopping, value, (float) stopping->baseline))
			steering->stopping_wait = 0;
		return false;
	}
	return steering->stopping_wait >= stopping->patience && number > 0;
}

/* The new rate, or what it is. */
static double
reduced(const NnetPlateau *plateau, double rate)
{
	return (float) rate > (float) plateau->min_lr ? fmax(rate * plateau->factor, plateau->min_lr)
												  : rate;
}

static void
reduce_rate(NnetSteering *steering, const NnetEpoch *epoch, int number)
{
	const NnetPlateau *plateau = &steering->options->reduce_lr_on_plateau;
	double rate = steering->model->optimizer.schedule.rate;
	float value;

	if (!plateau->given || !monitor_value(&steering->plateau, steering->model, epoch, &value))
		return;
	if (steering->cooldown > 0)
	{
		steering->cooldown--;
		steering->plateau_wait = 0;
	}
	if (improves(&steering->plateau, value))
	{
		steering->plateau_wait = 0;
		return;
	}
	if (steering->cooldown > 0 || ++steering->plateau_wait < plateau->patience ||
		reduced(plateau, rate) == rate)
		return;
	nnet_model_set_rate(steering->model, reduced(plateau, rate));
	steering->cooldown = plateau->cooldown;
	steering->plateau_wait = 0;
	if (steering->options->verbose)
		ereport(NOTICE,
				(errmsg("epoch %d/%d: %s has not improved, the learning rate is %g from now on",
						number + 1, steering->options->epochs, plateau->monitor,
						steering->model->optimizer.schedule.rate)));
}

void
nnet_steer(NnetSteering *steering, const NnetEpoch *epoch, NnetFitted *fitted)
{
	int number = steering->options->initial_epoch + fitted->epochs - 1;
	float value;

	if (steering->options->best_weights &&
		monitor_value(&steering->best, steering->model, epoch, &value) &&
		improves(&steering->best, value))
		keep_weights(steering, epoch, fitted);
	if (stop_early(steering, epoch, number, fitted))
		fitted->ended = NNET_ENDED_EARLY;
	reduce_rate(steering, epoch, number);
	if (fitted->ended == NNET_ENDED_EARLY && steering->options->verbose)
		ereport(NOTICE,
				(errmsg("epoch %d/%d: early stopping, %s has not improved", number + 1,
						steering->options->epochs, steering->stopping.name)));
}

void
nnet_steering_end(NnetSteering *steering, const NnetFitted *fitted)
{
	if (steering->saved == NULL)
		return;
	if (fitted->best >= 0)
		memcpy(steering->model->params, steering->saved, weights_bytes(steering));
	steering->saved = NULL;
	MemoryContextDelete(steering->saved_context);
}

/* ---- when there is validation ---- */

static bool
is_epoch(const NNValue *value)
{
	return value->type == NN_V_NUMBER && value->number >= 1 && value->number <= 1e6 &&
		value->number == floor(value->number);
}

bool
nnet_validation_freq_valid(const NNValue *value)
{
	if (value->type != NN_V_ARRAY)
		return is_epoch(value);
	for (int i = 0; i < value->count; i++)
		if (!is_epoch(&value->items[i]))
			return false;
	return value->count > 0;
}

bool
nnet_validates(const NnetFitOptions *options, int epoch)
{
	const NNValue *freq = options->validation_freq;

	if (freq == NULL)
		return true;
	if (freq->type != NN_V_ARRAY)
		return epoch % (int) freq->number == 0;
	for (int i = 0; i < freq->count; i++)
		if (epoch == (int) freq->items[i].number)
			return true;
	return false;
}
