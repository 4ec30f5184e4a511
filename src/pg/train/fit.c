/*
 * fit.c
 *	  The aggregate nnet.fit(model, x, y [, options [, weight] [, validation]]).
 *
 * The first row loads and locks the model and refuses what can be refused;
 * every row goes into the dataset; the final function trains, once, and writes
 * the model back.  Where one pass in the order of the rows is all that is
 * wanted, the dataset is only the next few batches, trained on as they fill.
 *
 * Lifetimes: FitState is in the aggregate's context, so that its result
 * survives; everything else is in fit->context and goes when the final
 * function ends, or with the aggregate.
 */
#include "pg/data/data.h"
#include "pg/train/train.h"

#include "catalog/pg_type.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

typedef struct FitState
{
	MemoryContext aggregate; /* of this struct and result */
	MemoryContext context;	 /* of all below; NULL once finished */
	Oid relid;
	NnetTrained *trained;
	Jsonb *options_given; /* or NULL */
	NnetFitOptions options;
	int weight_argument; /* its number; 0: there is none */
	int validation_argument;
	NnetModel *model;
	NnetRecorder *recorder;
	NnetRowWeights *weights; /* NULL: records have none */
	NnetDataset *dataset;
	NnetDataset *chosen; /* for validation; NULL: none are chosen */
	NnetStrata *strata;	 /* that choose; NULL: they do not */
	char *row;			 /* of strata: a record until it is known where to */
	size_t row_room;
	NnetClassWeights *class_weights; /* or NULL */
	bool streaming;
	NnetPass *pass;		  /* of streaming */
	NnetTrainer *trainer; /* at the end, or from the first batch if streaming */
	NnetEpoch epoch;	  /* the one of streaming */
	NnetFitted fitted;
	int64 rows; /* seen, with those passed over */
	instr_time start;
	bool finished;
	Jsonb *result; /* NULL: there was nothing to train on */
} FitState;

PG_FUNCTION_INFO_V1(nnet_fit_transition);
PG_FUNCTION_INFO_V1(nnet_fit_final);

/* ---- the first row ---- */

/* Whether nothing must be known of the rows before training on them. */
static bool
can_stream(const FitState *fit)
{
	const NnetModel *model = fit->model;

	if (fit->options.epochs != 1 || fit->options.shuffle || fit->options.validation_split > 0 ||
		fit->chosen != NULL || fit->class_weights != NULL || nnet_recorder_learning(fit->recorder))
		return false;
	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = &model->core->layers[i];

		if (nn_layer_unadapted(layer, model->params + layer->param_offset))
			return false;
	}
	return true;
}

/* No batch has more rows than there are: buffers need not either. */
static void
make_trainer(FitState *fit, uint64 rows)
{
	fit->trainer = nnet_trainer_make(fit->model, fit->recorder->format,
									 (int) Min((uint64) fit->options.batch_size, rows),
									 nnet_threads_for_fit(), fit->context);
	fit->trainer->run.core.seed = (uint64) fit->options.seed;
	fit->fitted.first_step = fit->model->training.steps;
	fit->fitted.epoch = MemoryContextAlloc(
		fit->context, sizeof(NnetEpoch) * Min(fit->options.epochs, NNET_HISTORY_EPOCHS));
}

/* The aggregate ends or starts over without its final function. */
static void
abandon(Datum arg)
{
	FitState *fit = (FitState *) DatumGetPointer(arg);

	if (fit->dataset != NULL)
		nnet_dataset_close(fit->dataset);
	nnet_training_abandoned(fit->trained);
}

static Jsonb *
options_argument(FunctionCallInfo fcinfo)
{
	return PG_NARGS() > 4 && !PG_ARGISNULL(4) ? PG_GETARG_JSONB_P(4) : NULL;
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

/* Not at compile: a generator is compiled with its discriminator's loss. */
static void
warn_of_doubts(const NnetModel *model)
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
		const NNLayer *layer = &model->core->layers[i];

		if (nn_layer_unadapted(layer, model->params + layer->param_offset) &&
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
		fit->class_weights =
			nnet_class_weights_make(by_class, fit->model, fit->recorder->format, fit->context);
	if (w > 0 || by_class != NULL)
		fit->weights = nnet_row_weights_make(
			w > 0 ? get_fn_expr_argtype(fcinfo->flinfo, w) : InvalidOid,
			by_class != NULL && nnet_class_weights_by_step(fit->class_weights), fit->model,
			fit->recorder->format, fit->context);
}

static void
make_datasets(FitState *fit)
{
	const NNRecordFormat *format = fit->recorder->format;

	if (fit->options.stratify)
		fit->strata = nnet_strata_make(&fit->options, fit->model, fit->context);
	else if (fit->options.validation_split > 0 || fit->validation_argument > 0)
		nnet_recorder_hold_back(fit->recorder, fit->validation_argument == 0);
	fit->dataset = nnet_dataset_create(format, fit->options.batch_size, fit->context);
	if (fit->strata != NULL || fit->validation_argument > 0)
		fit->chosen = nnet_dataset_create(format, fit->options.batch_size, fit->context);
}

static FitState *
begin_fit(FunctionCallInfo fcinfo, MemoryContext aggregate)
{
	FitState *fit = MemoryContextAllocZero(aggregate, sizeof(FitState));
	Jsonb *options = options_argument(fcinfo);
	MemoryContext old;

	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the model to fit is NULL")));
	PreventCommandIfReadOnly("nnet.fit()");
	PreventCommandIfParallelMode("nnet.fit()");
	INSTR_TIME_SET_CURRENT(fit->start);
	fit->aggregate = aggregate;
	fit->context = AllocSetContextCreate(aggregate, "nnet fit", ALLOCSET_DEFAULT_SIZES);
	fit->relid = PG_GETARG_OID(1);
	fit->trained = nnet_note_trained(fcinfo, fit->relid);

	old = MemoryContextSwitchTo(fit->context);
	nnet_fit_options(options, &fit->options);
	find_arguments(fcinfo, fit);
	if (options != NULL)
	{
		fit->options_given = palloc(VARSIZE(options));
		memcpy(fit->options_given, options, VARSIZE(options));
	}
	fit->model = nnet_model_load(fit->relid, NNET_LOAD_FOR_UPDATE, fit->context);
	warn_of_doubts(fit->model);
	check_learning(fit->model);
	fit->recorder =
		nnet_recorder_make(get_fn_expr_argtype(fcinfo->flinfo, 2),
						   get_fn_expr_argtype(fcinfo->flinfo, 3), fit->model, true, fit->context);
	nnet_recorder_measure(fit->recorder);
	make_weights(fcinfo, fit);
	make_datasets(fit);
	AggRegisterCallback(fcinfo, abandon, PointerGetDatum(fit));
	nnet_training_locked(fit->trained);
	fit->streaming = can_stream(fit);
	MemoryContextSwitchTo(old);
	return fit;
}

/* Model and options must be the same for all rows of a group. */
static void
check_constant(FunctionCallInfo fcinfo, const FitState *fit)
{
	Jsonb *options = options_argument(fcinfo);

	if (PG_ARGISNULL(1) || PG_GETARG_OID(1) != fit->relid)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the model changes within a group of rows of nnet.fit()"),
				 errhint("Add GROUP BY with what the model follows from.")));
	if ((options == NULL) != (fit->options_given == NULL) ||
		(options != NULL &&
		 (VARSIZE(options) != VARSIZE(fit->options_given) ||
		  memcmp(options, fit->options_given, VARSIZE(options)) != 0)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the options change within a group of rows of nnet.fit()"),
				 errhint("Give options that are the same for all rows of a group.")));
}

/* ---- each row ---- */

/* Train on what the dataset holds of a stream, and empty it. */
static void
train_stream(FitState *fit)
{
	int n = (int) nnet_dataset_count(fit->dataset);
	MemoryContext old = MemoryContextSwitchTo(fit->context);
	const void *const *records;
	int fetched;

	if (fit->trainer == NULL)
	{
		make_trainer(fit, n);
		fit->pass = nnet_pass_make(fit->dataset, fit->context);
	}
	nnet_dataset_seal(fit->dataset);
	nnet_pass_begin(fit->pass, 0, n);
	while ((fetched = nnet_pass_next(fit->pass, &records)) > 0)
		nnet_trainer_train(fit->trainer, records, fetched, 1);
	nnet_dataset_clear(fit->dataset);
	fit->fitted.samples += n;
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
		fit->row = MemoryContextAllocHuge(fit->context, bytes);
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
		memcpy(nnet_dataset_append(chosen ? fit->chosen : fit->dataset, bytes), fit->row, bytes);
	return chosen;
}

static void
add_row(FitState *fit, FunctionCallInfo fcinfo)
{
	int v = fit->validation_argument;
	int w = fit->weight_argument;
	bool chosen = v > 0 && !PG_ARGISNULL(v) && PG_GETARG_BOOL(v);
	size_t bytes;
	void *record;

	nnet_recorder_take(fit->recorder, PG_GETARG_DATUM(2));
	bytes = nnet_recorder_read(fit->recorder, fit->model);
	record = fit->strata != NULL ? make_row(fit, bytes)
								 : nnet_dataset_append(chosen ? fit->chosen : fit->dataset, bytes);

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
	nnet_dataset_reserve(fit->dataset, nnet_recorder_learning_bytes(fit->recorder));
}

Datum
nnet_fit_transition(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate;
	FitState *fit;
	NnetRow row = {.what = "row", .function = "nnet.fit"};

	if (AggCheckCallContext(fcinfo, &aggregate) != AGG_CONTEXT_AGGREGATE)
		elog(ERROR, "nnet_fit_transition called in non-aggregate context");
	if (PG_ARGISNULL(0))
		fit = begin_fit(fcinfo, aggregate);
	else
	{
		fit = (FitState *) PG_GETARG_POINTER(0);
		if (fit->finished)
			elog(ERROR, "nnet_fit_transition called after its final function");
	}
	row.model = fit->model->name;
	row.number = ++fit->rows;
	nnet_row_enter(&row);
	check_constant(fcinfo, fit);
	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		fit->fitted.skipped++;
	else
		add_row(fit, fcinfo);
	nnet_row_leave(&row);
	if (fit->streaming &&
		nnet_dataset_count(fit->dataset) == (uint64) nnet_dataset_window(fit->dataset))
		train_stream(fit);
	PG_RETURN_POINTER(fit);
}

/* ---- the end ---- */

static void
finish_stream(FitState *fit)
{
	instr_time now;

	if (nnet_dataset_count(fit->dataset) > 0)
		train_stream(fit);
	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_SUBTRACT(now, fit->start);
	nnet_trainer_scores(fit->trainer, &fit->epoch.training);
	fit->epoch.seconds = INSTR_TIME_GET_DOUBLE(now);
	fit->epoch.rate =
		nn_schedule_rate(&fit->model->optimizer.schedule, fit->trainer->run.core.step - 1);
	nnet_end_epoch(fit->trainer, &fit->options, &fit->fitted, &fit->epoch);
}

static void
free_rows(FitState *fit)
{
	if (fit->dataset != NULL)
		nnet_dataset_free(fit->dataset);
	if (fit->chosen != NULL)
		nnet_dataset_free(fit->chosen);
	fit->dataset = fit->chosen = NULL;
}

/* Train, write the model, make the result. */
static void
train(FitState *fit)
{
	instr_time now;
	MemoryContext old;

	nnet_recorder_tell_rounding(fit->recorder);
	if (fit->streaming)
	{
		nnet_recorder_learned(fit->recorder, NULL, fit->model);
		finish_stream(fit);
	}
	else
	{
		NnetSplit split = nnet_split(&fit->options, fit->dataset, fit->chosen, fit->model->name);

		nnet_recorder_learned(fit->recorder, &split, fit->model);
		if (fit->class_weights != NULL)
			nnet_class_weights_apply(fit->class_weights, fit->model, split.training,
									 split.n_training);
		make_trainer(fit, split.n_training);
		nnet_train_epochs(fit->trainer, &split, fit->recorder, &fit->options, &fit->fitted);
	}
	fit->model->training.steps = fit->trainer->run.core.step;
	free_rows(fit);
	nnet_trainer_end(fit->trainer);
	nnet_report_history(fit->model, &fit->fitted, &fit->options);
	nnet_model_save(fit->model);

	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_SUBTRACT(now, fit->start);
	fit->fitted.seconds = INSTR_TIME_GET_DOUBLE(now);
	old = MemoryContextSwitchTo(fit->aggregate);
	fit->result = nnet_report_fit(fit->model, &fit->fitted, &fit->options);
	MemoryContextSwitchTo(old);
}

static void
finish_fit(FitState *fit)
{
	MemoryContext old = MemoryContextSwitchTo(fit->context);

	if (fit->fitted.samples + nnet_dataset_count(fit->dataset) > 0 ||
		(fit->chosen != NULL && nnet_dataset_count(fit->chosen) > 0))
		train(fit);
	else if (fit->fitted.skipped > 0)
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("model \"%s\" is not trained: x or y of all " UINT64_FORMAT " rows is NULL",
						fit->model->name, (uint64) fit->fitted.skipped)));
	MemoryContextSwitchTo(old);
	free_rows(fit);
	MemoryContextDelete(fit->context);
	fit->context = NULL;
	nnet_training_ended(fit->trained);
	fit->finished = true;
}

Datum
nnet_fit_final(PG_FUNCTION_ARGS)
{
	FitState *fit = PG_ARGISNULL(0) ? NULL : (FitState *) PG_GETARG_POINTER(0);

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "nnet_fit_final called in non-aggregate context");
	if (fit != NULL && !fit->finished)
		finish_fit(fit);
	if (fit == NULL)
		nnet_report_no_rows("nnet.fit()");
	if (fit == NULL || fit->result == NULL)
		PG_RETURN_NULL();
	PG_RETURN_JSONB_P(fit->result);
}
