/*
 * gan.c
 *	  The aggregate nnet.fit_gan(generator, discriminator, x [, options]).
 *
 * As in fit: the first row loads and locks both models and refuses what can
 * be refused; every row goes into the dataset; the final function trains, once,
 * and writes both models back.  The models are locked in the order of their
 * oids, so that two trainings of the same models wait and do not deadlock.
 *
 * Lifetimes: GanState is in the aggregate's context, so that its result
 * survives; everything else is in gan.context and goes when the final function
 * ends, or with the aggregate.
 */
#include "pg/train/gan.h"

#include "miscadmin.h"
#include "utils/memutils.h"

typedef struct GanState
{
	MemoryContext aggregate; /* of this struct and result */
	Oid generator;
	Oid discriminator;
	NnetTrained *trained[2];
	Jsonb *options_given; /* or NULL */
	NnetGan gan;		  /* gan.context: of all below; NULL once finished */
	NnetRecorder *recorder;
	NnetDataset *dataset;
	int64 rows; /* seen, with those passed over */
	instr_time start;
	bool finished;
	Jsonb *result; /* NULL: there was nothing to train on */
} GanState;

PG_FUNCTION_INFO_V1(nnet_fit_gan_transition);
PG_FUNCTION_INFO_V1(nnet_fit_gan_final);

/* ---- the first row ---- */

/* The aggregate ends or starts over without its final function. */
static void
abandon(Datum arg)
{
	GanState *state = (GanState *) DatumGetPointer(arg);

	if (state->dataset != NULL)
		nnet_dataset_close(state->dataset);
	for (int i = 0; i < 2; i++)
		nnet_training_abandoned(state->trained[i]);
}

static Jsonb *
options_argument(FunctionCallInfo fcinfo)
{
	return PG_NARGS() > 4 && !PG_ARGISNULL(4) ? PG_GETARG_JSONB_P(4) : NULL;
}

static void
check_models(FunctionCallInfo fcinfo)
{
	for (int i = 1; i <= 2; i++)
		if (PG_ARGISNULL(i))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("the %s to train is NULL", i == 1 ? "generator" : "discriminator")));
	if (PG_GETARG_OID(1) == PG_GETARG_OID(2))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("generator and discriminator are the same model"),
				 errhint("Make two models, one that ends with what the other begins with.")));
}

static void
load_models(GanState *state)
{
	NnetGan *gan = &state->gan;
	Oid first = Min(state->generator, state->discriminator);
	Oid second = Max(state->generator, state->discriminator);
	NnetModel *a = nnet_model_load(first, NNET_LOAD_FOR_UPDATE, gan->context);
	NnetModel *b = nnet_model_load(second, NNET_LOAD_FOR_UPDATE, gan->context);

	gan->generator = first == state->generator ? a : b;
	gan->discriminator = first == state->generator ? b : a;
}

static GanState *
begin(FunctionCallInfo fcinfo, MemoryContext aggregate)
{
	GanState *state = MemoryContextAllocZero(aggregate, sizeof(GanState));
	NnetGan *gan = &state->gan;
	Jsonb *options = options_argument(fcinfo);
	MemoryContext old;

	check_models(fcinfo);
	PreventCommandIfReadOnly("nnet.fit_gan()");
	PreventCommandIfParallelMode("nnet.fit_gan()");
	INSTR_TIME_SET_CURRENT(state->start);
	state->aggregate = aggregate;
	state->generator = PG_GETARG_OID(1);
	state->discriminator = PG_GETARG_OID(2);
	gan->context = AllocSetContextCreate(aggregate, "nnet fit_gan", ALLOCSET_DEFAULT_SIZES);
	state->trained[0] = nnet_note_trained(fcinfo, state->generator);
	state->trained[1] = nnet_note_trained(fcinfo, state->discriminator);

	old = MemoryContextSwitchTo(gan->context);
	nnet_gan_options_read(options, &gan->options);
	if (options != NULL)
	{
		state->options_given = palloc(VARSIZE(options));
		memcpy(state->options_given, options, VARSIZE(options));
	}
	load_models(state);
	nnet_require_one_port(gan->generator, "nnet.fit_gan()");
	nnet_require_one_port(gan->discriminator, "nnet.fit_gan()");
	nnet_gan_check(gan);
	state->recorder = nnet_recorder_make(get_fn_expr_argtype(fcinfo->flinfo, 3), InvalidOid,
										 gan->discriminator, false, gan->context);
	nnet_recorder_measure(state->recorder);
	state->dataset =
		nnet_dataset_create(state->recorder->format, gan->options.batch_size, gan->context);
	AggRegisterCallback(fcinfo, abandon, PointerGetDatum(state));
	for (int i = 0; i < 2; i++)
		nnet_training_locked(state->trained[i]);
	MemoryContextSwitchTo(old);
	return state;
}

/* Models and options must be the same for all rows of a group. */
static void
check_constant(FunctionCallInfo fcinfo, const GanState *state)
{
	Jsonb *options = options_argument(fcinfo);

	if (PG_ARGISNULL(1) || PG_GETARG_OID(1) != state->generator || PG_ARGISNULL(2) ||
		PG_GETARG_OID(2) != state->discriminator)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the models change within a group of rows of nnet.fit_gan()"),
				 errhint("Add GROUP BY with what the models follow from.")));
	if ((options == NULL) != (state->options_given == NULL) ||
		(options != NULL &&
		 (VARSIZE(options) != VARSIZE(state->options_given) ||
		  memcmp(options, state->options_given, VARSIZE(options)) != 0)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the options change within a group of rows of nnet.fit_gan()"),
				 errhint("Give options that are the same for all rows of a group.")));
}

/* ---- each row ---- */

Datum
nnet_fit_gan_transition(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate;
	GanState *state;
	NnetRow row = {.what = "row", .function = "nnet.fit_gan"};

	if (AggCheckCallContext(fcinfo, &aggregate) != AGG_CONTEXT_AGGREGATE)
		elog(ERROR, "nnet_fit_gan_transition called in non-aggregate context");
	if (PG_ARGISNULL(0))
		state = begin(fcinfo, aggregate);
	else
	{
		state = (GanState *) PG_GETARG_POINTER(0);
		if (state->finished)
			elog(ERROR, "nnet_fit_gan_transition called after its final function");
	}
	row.model = state->gan.discriminator->name;
	row.number = ++state->rows;
	nnet_row_enter(&row);
	check_constant(fcinfo, state);
	if (PG_ARGISNULL(3))
		state->gan.skipped++;
	else
	{
		const NnetModel *model = state->gan.discriminator;
		size_t bytes;

		nnet_recorder_take(state->recorder, PG_GETARG_DATUM(3));
		bytes = nnet_recorder_read(state->recorder, model);
		nnet_recorder_write(state->recorder, model, (Datum) 0,
							nnet_dataset_append(state->dataset, bytes));
	}
	nnet_row_leave(&row);
	PG_RETURN_POINTER(state);
}

/* ---- the end ---- */

/* Train, write both models, make the result. */
static void
train(GanState *state)
{
	NnetGan *gan = &state->gan;
	instr_time now;
	MemoryContext old;

	nnet_recorder_tell_rounding(state->recorder);
	nnet_dataset_seal(state->dataset);
	nnet_gan_train(gan, state->dataset, state->recorder->format);
	nnet_dataset_free(state->dataset);
	state->dataset = NULL;
	nnet_gan_report_history(gan);
	nnet_model_save(gan->generator);
	nnet_model_save(gan->discriminator);

	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_SUBTRACT(now, state->start);
	gan->seconds = INSTR_TIME_GET_DOUBLE(now);
	old = MemoryContextSwitchTo(state->aggregate);
	state->result = nnet_gan_report(gan);
	MemoryContextSwitchTo(old);
}

static void
finish(GanState *state)
{
	MemoryContext old = MemoryContextSwitchTo(state->gan.context);

	if (nnet_dataset_count(state->dataset) > 0)
		train(state);
	else if (state->gan.skipped > 0)
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("models \"%s\" and \"%s\" are not trained: x of all " INT64_FORMAT
						" rows is NULL",
						state->gan.generator->name, state->gan.discriminator->name,
						(int64) state->gan.skipped)));
	MemoryContextSwitchTo(old);
	if (state->dataset != NULL)
		nnet_dataset_free(state->dataset);
	state->dataset = NULL;
	MemoryContextDelete(state->gan.context);
	state->gan.context = NULL;
	nnet_training_ended(state->trained[0]);
	nnet_training_ended(state->trained[1]);
	state->finished = true;
}

Datum
nnet_fit_gan_final(PG_FUNCTION_ARGS)
{
	GanState *state = PG_ARGISNULL(0) ? NULL : (GanState *) PG_GETARG_POINTER(0);

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "nnet_fit_gan_final called in non-aggregate context");
	if (state != NULL && !state->finished)
		finish(state);
	if (state == NULL)
		nnet_report_no_rows("nnet.fit_gan()");
	if (state == NULL || state->result == NULL)
		PG_RETURN_NULL();
	PG_RETURN_JSONB_P(state->result);
}
