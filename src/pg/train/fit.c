/*
 * fit.c
 *	  The aggregates nnet.fit(model, x, y [, options [, weight] [, validation]]), of
 *	  a table, and nnet.fit_value with the same arguments, of a value.
 *
 * A row becomes a record of the dataset.  Where one pass in the order of the
 * rows is all that is wanted, the dataset is only the next few batches, trained
 * on as they fill.
 */
#include "pg/run/progress.h"
#include "pg/train/aggregate.h"

#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

typedef struct FitState
{
	NnetFitting fitting; /* first */
	NnetFitOptions options;
	int weight_argument; /* its number; 0: there is none */
	int validation_argument;
	NnetModel *model;
	NnetModelValue *rest; /* of a value: what training leaves of it */
	NnetRecorder *recorder;
	NnetRowWeights *weights; /* NULL: records have none */
	NnetStrata *strata;		 /* that choose; NULL: they do not */
	char *row;				 /* of strata: a record until it is known where to */
	size_t row_room;
	NnetClassWeights *class_weights; /* or NULL */
	bool streaming;
	NnetPass *pass; /* of streaming */
	NnetSteering *steering;
	NnetRunner *runner; /* at the end, or from the first batch if streaming */
	NnetEpoch epoch;	/* the one of streaming */
	uint64 seen;		/* its rows so far, of which it may have been too late for the last ones */
	uint64 left;		/* rows that were not even read for that */
	NnetFitted fitted;
} FitState;

PG_FUNCTION_INFO_V1(nnet_fit_transition);
PG_FUNCTION_INFO_V1(nnet_fit_final);
PG_FUNCTION_INFO_V1(nnet_fit_value_transition);
PG_FUNCTION_INFO_V1(nnet_fit_value_final);

/* ---- the first row ---- */

/* Whether nothing must be known of the rows before training on them. */
static bool
can_stream(const FitState *fit)
{
	const NnetModel *model = fit->model;

	if (fit->options.epochs - fit->options.initial_epoch != 1 || fit->options.shuffle ||
		fit->options.steps_per_epoch > 0 || fit->options.validation_split > 0 ||
		fit->fitting.chosen != NULL || fit->class_weights != NULL ||
		nnet_recorder_learning(fit->recorder))
		return false;
	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(model->core, i);

		if (nn_layer_unadapted(layer, model->params + nn_layer_params(layer).offset))
			return false;
	}
	return true;
}

/* No batch has more rows than there are: buffers need not either. */
static void
make_runner(FitState *fit, uint64 rows)
{
	fit->runner = nnet_runner_make(fit->model, fit->recorder->format,
								   (int) Min((uint64) fit->options.batch_size, rows),
								   nnet_fit_threads(&fit->options), fit->fitting.context);
	fit->runner->run.core.seed = (uint64) fit->options.seed;
	nnet_clock_set(&fit->runner->clock, fit->options.time_limit, fit->fitting.start);
	fit->fitted.epoch = MemoryContextAlloc(
		fit->fitting.context, sizeof(NnetEpoch) * Min(fit->options.epochs, NNET_HISTORY_EPOCHS));
}

/* After the options: a number is a row's weight, a boolean says that it is for validation. */
static void
find_arguments(FunctionCallInfo fcinfo, FitState *fit)
{
	bool boolean = PG_NARGS() > 5 && getBaseType(get_fn_expr_argtype(fcinfo->flinfo, 5)) == BOOLOID;

	if (PG_NARGS() == 6 && boolean)
		fit->validation_argument = 5;
	else if (PG_NARGS() > 5)
		fit->weight_argument = 5;
	if (PG_NARGS() > 6)
		fit->validation_argument = 6;
	if (fit->validation_argument > 0 && fit->options.validation_split > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("validation_split is %g, but the last argument of nnet.fit() says which "
						"rows are for validation",
						fit->options.validation_split),
				 errhint("Leave out one of them.")));
}

void
nnet_warn_of_doubts(const NnetModel *model)
{
	NNError note = {.code = NN_OK};

	for (int o = 0; o < model->objectives.n; o++)
		if (nn_objective_doubtful(&model->objectives.of[o], model->core, o, &note))
			ereport(WARNING,
					(errcode(ERRCODE_WARNING),
					 errmsg("model \"%s\": %s", model->name, note.message),
					 errhint("%s", note.hint)));
}

/* Layers that will learn from the rows must be able to, where they are. */
static void
check_learning(const NnetModel *model)
{
	NNError error = {.code = NN_OK};

	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(model->core, i);

		if (nn_layer_unadapted(layer, model->params + nn_layer_params(layer).offset) &&
			!nn_adapt_check(model->core, &model->objectives, i, &error))
			nnet_core_error(&error, model->name);
	}
}

/* By row, by class, or by both. */
static void
make_weights(FunctionCallInfo fcinfo, FitState *fit)
{
	const NNValue *by_class = fit->options.class_weight;
	int w = fit->weight_argument;

	if (by_class != NULL)
	{
		fit->class_weights = nnet_class_weights_make(by_class, fit->model, fit->recorder->format,
													 fit->fitting.context);
		nnet_class_weights_check_names(fit->class_weights, fit->recorder);
	}
	if (w > 0 || by_class != NULL)
		fit->weights = nnet_row_weights_make(
			w > 0 ? get_fn_expr_argtype(fcinfo->flinfo, w) : InvalidOid,
			by_class != NULL && nnet_class_weights_by_step(fit->class_weights), fit->model,
			fit->recorder->format, fit->fitting.context);
}

static void
make_datasets(FitState *fit)
{
	const NNRecordFormat *format = fit->recorder->format;

	if (fit->options.stratify)
		fit->strata = nnet_strata_make(&fit->options, fit->model, fit->fitting.context);
	else if (fit->options.validation_split > 0 || fit->validation_argument > 0)
		nnet_recorder_hold_back(fit->recorder, fit->validation_argument == 0);
	fit->fitting.dataset =
		nnet_dataset_create(format, fit->options.batch_size, fit->fitting.context);
	if (fit->strata != NULL || fit->validation_argument > 0)
		fit->fitting.chosen =
			nnet_dataset_create(format, fit->options.batch_size, fit->fitting.context);
}

static void
check_model(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the model to fit is NULL")));
}

static void
load_value(FitState *fit, Datum datum)
{
	MemoryContext reading =
		AllocSetContextCreate(CurrentMemoryContext, "nnet model value", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(reading);
	int n;
	NnetLayerRow *rows = nnet_model_value_rows(nnet_model_value_get(datum), &n);

	MemoryContextSwitchTo(caller);
	fit->model = nnet_value_rows_load(rows, n, NNET_LOAD_FOR_UPDATE, fit->fitting.context);
	fit->rest = nnet_model_value_rest(fit->model, rows, n);
	MemoryContextDelete(reading);
}

static void
load(FitState *fit, FunctionCallInfo fcinfo)
{
	NnetFitting *fitting = &fit->fitting;
	int64 seed;

	if (!fitting->kind->of_value)
	{
		nnet_fit_options(fitting->options, NULL, &fit->options);
		find_arguments(fcinfo, fit);
		fit->model = nnet_model_load(fitting->relids[0], NNET_LOAD_FOR_UPDATE, fitting->context);
		return;
	}
	/* what follows from the arguments alone has a seed that does too */
	seed = (int64) fitting->content[0] << 24 | fitting->content[1] << 16 |
		fitting->content[2] << 8 | fitting->content[3];
	nnet_fit_options(fitting->options, &seed, &fit->options);
	find_arguments(fcinfo, fit);
	load_value(fit, PG_GETARG_DATUM(1));
}

static void
begin(NnetFitting *fitting, FunctionCallInfo fcinfo)
{
	FitState *fit = (FitState *) fitting;
	MemoryContext context = fitting->context;

	load(fit, fcinfo);
	fitting->name = fit->model->name;
	nnet_warn_of_doubts(fit->model);
	check_learning(fit->model);
	fit->steering = nnet_steering_make(
		&fit->options, fit->model,
		fit->options.validation_split > 0 || fit->validation_argument > 0, context);
	fit->fitted.best = -1;
	fit->recorder =
		nnet_recorder_make(get_fn_expr_argtype(fcinfo->flinfo, 2),
						   get_fn_expr_argtype(fcinfo->flinfo, 3), fit->model, true, context);
	nnet_recorder_measure(fit->recorder);
	make_weights(fcinfo, fit);
	make_datasets(fit);
	fit->streaming = can_stream(fit);
}

/* ---- each row ---- */

/* Train on what the dataset holds of a stream, and empty it. */
static void
train_stream(FitState *fit)
{
	int n = (int) nnet_dataset_count(fit->fitting.dataset);
	MemoryContext old = MemoryContextSwitchTo(fit->fitting.context);
	const void *const *records;
	int fetched;

	if (fit->runner == NULL)
	{
		make_runner(fit, n);
		nnet_progress_begin(fit->fitting.relids[0], fit->options.epochs, fit->options.epochs, 0,
							fit->fitting.context);
		fit->pass = nnet_pass_make(fit->fitting.dataset, fit->fitting.context);
	}
	nnet_dataset_seal(fit->fitting.dataset);
	nnet_pass_begin(fit->pass, 0, n);
	while (!fit->runner->clock.late && (fetched = nnet_pass_next(fit->pass, &records)) > 0)
		nnet_runner_train(fit->runner, records, fetched, fit->options.epochs);
	nnet_dataset_clear(fit->fitting.dataset);
	fit->seen += n;
	MemoryContextSwitchTo(old);
}

/* Room for a record that is not yet for training or for validation. */
static void *
make_row(FitState *fit, size_t bytes)
{
	if (bytes > fit->row_room)
	{
		if (fit->row != NULL)
			pfree(fit->row);
		fit->row = MemoryContextAllocHuge(fit->fitting.context, bytes);
		fit->row_room = bytes;
	}
	return fit->row;
}

/* Which it is follows from its class. */
static bool
choose_row(FitState *fit, size_t bytes, void **record)
{
	bool chosen = nnet_strata_choose(fit->strata, fit->recorder->format, fit->row);

	*record =
		memcpy(nnet_dataset_append(chosen ? fit->fitting.chosen : fit->fitting.dataset, bytes),
			   fit->row, bytes);
	return chosen;
}

static void
add(NnetFitting *fitting, FunctionCallInfo fcinfo)
{
	FitState *fit = (FitState *) fitting;
	int v = fit->validation_argument;
	int w = fit->weight_argument;
	bool chosen = v > 0 && !PG_ARGISNULL(v) && PG_GETARG_BOOL(v);
	size_t bytes;
	void *record;

	/* of a stream: what comes after time was over is not trained on */
	if (fit->runner != NULL && fit->runner->clock.late)
	{
		fit->left++;
		return;
	}
	nnet_recorder_take(fit->recorder, PG_GETARG_DATUM(2));
	bytes = nnet_recorder_read(fit->recorder, fit->model);
	record = fit->strata != NULL
		? make_row(fit, bytes)
		: nnet_dataset_append(chosen ? fitting->chosen : fitting->dataset, bytes);

	if (v > 0)
		nnet_recorder_set_validation(fit->recorder, chosen);
	nnet_recorder_write(fit->recorder, fit->model, PG_GETARG_DATUM(3), record);
	if (fit->weights != NULL)
		nnet_row_weights_write(fit->weights, w > 0 ? PG_GETARG_DATUM(w) : (Datum) 0,
							   w == 0 || PG_ARGISNULL(w), record);
	if (fit->class_weights != NULL)
		nnet_class_weights_check(fit->class_weights, record);
	if (fit->strata != NULL)
		chosen = choose_row(fit, bytes, &record);
	if (chosen)
		nnet_recorder_uncount(fit->recorder, record);
	nnet_dataset_reserve(fitting->dataset, nnet_recorder_learning_bytes(fit->recorder));
}

static void
added(NnetFitting *fitting)
{
	FitState *fit = (FitState *) fitting;

	if (fit->streaming &&
		nnet_dataset_count(fitting->dataset) == (uint64) nnet_dataset_at_once(fitting->dataset))
		train_stream(fit);
}

/* ---- the end ---- */

static void
finish_stream(FitState *fit)
{
	if (nnet_dataset_count(fit->fitting.dataset) > 0)
		train_stream(fit);
	nnet_runner_scores(fit->runner, &fit->epoch.training);
	fit->fitted.samples = (uint64) fit->epoch.training.samples;
	fit->epoch.cut = fit->fitted.samples < fit->seen + fit->left;
	fit->epoch.seconds = nnet_fitting_seconds(&fit->fitting);
	fit->epoch.rate = nn_optimizer_rate(&fit->model->optimizer, fit->runner->run.core.step - 1);
	nnet_end_epoch(fit->runner, &fit->options, &fit->fitted, &fit->epoch);
	nnet_steer(fit->steering, &fit->epoch, &fit->fitted);
	if (!fit->epoch.cut)
		return;
	fit->fitted.ended = NNET_ENDED_TIME;
	nnet_clock_say(&fit->runner->clock, fit->model->name, fit->options.epochs, fit->options.epochs,
				   fit->fitted.samples, fit->seen + fit->left);
}

static void
train(NnetFitting *fitting)
{
	FitState *fit = (FitState *) fitting;

	fit->fitted.skipped = fitting->skipped;
	nnet_recorder_tell_rounding(fit->recorder);
	if (fit->streaming)
	{
		nnet_recorder_learned(fit->recorder, NULL, fit->model);
		finish_stream(fit);
	}
	else
	{
		NnetSplit split =
			nnet_split(&fit->options, fitting->dataset, fitting->chosen, fit->model->name);

		nnet_recorder_learned(fit->recorder, &split, fit->model);
		if (fit->class_weights != NULL)
			nnet_class_weights_apply(fit->class_weights, fit->model, split.training,
									 split.n_training);
		make_runner(fit, split.n_training);
		nnet_train_epochs(fit->runner, &split, fit->recorder, &fit->options, fit->steering,
						  &fit->fitted);
	}
	fit->fitted.steps = fit->runner->run.core.step - fit->model->training.steps;
	fit->model->training.steps = fit->runner->run.core.step;
	/* weights chosen for being the best stay as they were then */
	if (fit->fitted.best < 0)
		nnet_average_end(fit->model);
	else
		fit->model->training.averaged = NULL;
	nnet_fitting_free_rows(fitting);
	nnet_runner_end(fit->runner);
	nnet_report_history(fit->model, &fit->fitted, &fit->options);
	if (!fit->options.slots)
		nnet_model_leave_out_slots(fit->model);
	if (!fitting->kind->of_value)
		nnet_model_save(fit->model);
	fit->fitted.seconds = nnet_fitting_seconds(fitting);
}

static struct varlena *
report(NnetFitting *fitting)
{
	FitState *fit = (FitState *) fitting;

	return (struct varlena *) nnet_report_fit(fit->model, &fit->fitted, &fit->options);
}

static struct varlena *
trained_value(NnetFitting *fitting)
{
	FitState *fit = (FitState *) fitting;

	return (struct varlena *) nnet_model_value_save(fit->model, fit->rest);
}

static void
tell_nulls(const NnetFitting *fitting)
{
	ereport(WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg("model \"%s\" is not trained: x or y of all " INT64_FORMAT " rows is NULL",
					fitting->name, fitting->skipped)));
}

static const NnetFittingKind kind = {
	.function = "nnet.fit",
	.size = sizeof(FitState),
	.models = 1,
	.check_models = check_model,
	.begin = begin,
	.add = add,
	.added = added,
	.train = train,
	.result = report,
	.tell_nulls = tell_nulls,
};

Datum
nnet_fit_transition(PG_FUNCTION_ARGS)
{
	return nnet_fitting_transition(&kind, fcinfo);
}

Datum
nnet_fit_final(PG_FUNCTION_ARGS)
{
	return nnet_fitting_final(&kind, fcinfo);
}

static const NnetFittingKind value_kind = {
	.function = "nnet.fit_value",
	.size = sizeof(FitState),
	.models = 1,
	.of_value = true,
	.check_models = check_model,
	.begin = begin,
	.add = add,
	.added = added,
	.train = train,
	.result = trained_value,
	.tell_nulls = tell_nulls,
};

Datum
nnet_fit_value_transition(PG_FUNCTION_ARGS)
{
	return nnet_fitting_transition(&value_kind, fcinfo);
}

Datum
nnet_fit_value_final(PG_FUNCTION_ARGS)
{
	return nnet_fitting_final(&value_kind, fcinfo);
}
