/*
 * fit_gan.c
 *	  The aggregate nnet.fit_gan(generator, discriminator, x [, options]).
 *
 * The models are locked in the order of their oids, so that two trainings of
 * the same models wait and do not deadlock.
 */
#include "pg/train/aggregate.h"
#include "pg/train/fit_gan.h"

typedef struct GanState
{
	NnetFitting fitting; /* first */
	NnetGan gan;
	NnetRecorder *recorder;
} GanState;

PG_FUNCTION_INFO_V1(nnet_fit_gan_transition);
PG_FUNCTION_INFO_V1(nnet_fit_gan_final);

/* ---- the first row ---- */

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
load_models(NnetGan *gan, Oid generator, Oid discriminator)
{
	Oid first = Min(generator, discriminator);
	Oid second = Max(generator, discriminator);
	NnetModel *a = nnet_model_load(first, NNET_LOAD_FOR_UPDATE, gan->context);
	NnetModel *b = nnet_model_load(second, NNET_LOAD_FOR_UPDATE, gan->context);

	gan->generator = first == generator ? a : b;
	gan->discriminator = first == generator ? b : a;
}

static void
begin(NnetFitting *fitting, FunctionCallInfo fcinfo)
{
	GanState *state = (GanState *) fitting;
	NnetGan *gan = &state->gan;

	gan->context = fitting->context;
	nnet_gan_options_read(fitting->options, &gan->options);
	load_models(gan, fitting->relids[0], fitting->relids[1]);
	fitting->name = gan->discriminator->name;
	nnet_gan_check(gan);
	state->recorder = nnet_recorder_make(get_fn_expr_argtype(fcinfo->flinfo, 3), InvalidOid,
										 gan->discriminator, false, gan->context);
	nnet_recorder_measure(state->recorder);
	fitting->dataset =
		nnet_dataset_create(state->recorder->format, gan->options.batch_size, gan->context);
}

/* ---- each row, and the end ---- */

static void
add(NnetFitting *fitting, FunctionCallInfo fcinfo)
{
	GanState *state = (GanState *) fitting;
	const NnetModel *model = state->gan.discriminator;
	size_t bytes;

	nnet_recorder_take(state->recorder, PG_GETARG_DATUM(3));
	bytes = nnet_recorder_read(state->recorder, model);
	nnet_recorder_write(state->recorder, model, (Datum) 0,
						nnet_dataset_append(fitting->dataset, bytes));
}

static void
train(NnetFitting *fitting)
{
	GanState *state = (GanState *) fitting;
	NnetGan *gan = &state->gan;

	gan->skipped = fitting->skipped;
	nnet_clock_set(&gan->clock, gan->options.time_limit, fitting->start);
	nnet_recorder_tell_rounding(state->recorder);
	nnet_dataset_seal(fitting->dataset);
	nnet_gan_train(gan, fitting->dataset, state->recorder->format);
	nnet_fitting_free_rows(fitting);
	nnet_average_end(gan->generator);
	nnet_average_end(gan->discriminator);
	nnet_gan_report_history(gan);
	nnet_model_save(gan->generator);
	nnet_model_save(gan->discriminator);
	gan->seconds = nnet_fitting_seconds(fitting);
}

static struct varlena *
result(NnetFitting *fitting)
{
	return (struct varlena *) nnet_gan_report(&((GanState *) fitting)->gan);
}

static void
tell_nulls(const NnetFitting *fitting)
{
	const NnetGan *gan = &((const GanState *) fitting)->gan;

	ereport(
		WARNING,
		(errcode(ERRCODE_WARNING),
		 errmsg("models \"%s\" and \"%s\" are not trained: x of all " INT64_FORMAT " rows is NULL",
				gan->generator->name, gan->discriminator->name, fitting->skipped)));
}

static const NnetFittingKind kind = {
	.function = "nnet.fit_gan",
	.size = sizeof(GanState),
	.models = 2,
	.check_models = check_models,
	.begin = begin,
	.add = add,
	.train = train,
	.result = result,
	.tell_nulls = tell_nulls,
};

Datum
nnet_fit_gan_transition(PG_FUNCTION_ARGS)
{
	return nnet_fitting_transition(&kind, fcinfo);
}

Datum
nnet_fit_gan_final(PG_FUNCTION_ARGS)
{
	return nnet_fitting_final(&kind, fcinfo);
}
