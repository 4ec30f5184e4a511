/*
 * aggregate.c
 *	  The skeleton of the aggregates that train, fit and fit_gan.
 *
 * The first row loads and locks the models and refuses what can be refused;
 * every row goes into a dataset; the final function trains, once, writes the
 * models back and keeps its result, in case it is asked again.
 *
 * Lifetimes: the state is in the aggregate's context, so that its result
 * survives; everything else is in fitting->context and goes when the final
 * function ends, or with the aggregate.
 */
#include "pg/data/data.h"
#include "pg/train/aggregate.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#define VALUE_ARGUMENTS 3 /* the state, models and values: so many before the options */

/* ---- the first row ---- */

/* How many of the models are tables, to be locked and written. */
static int
n_tables(const NnetFittingKind *kind)
{
	return kind->of_value ? 0 : kind->models;
}

/* The aggregate ends or starts over without its final function. */
static void
abandon(Datum arg)
{
	NnetFitting *fitting = (NnetFitting *) DatumGetPointer(arg);

	/* and with it the other: they have one parent */
	if (fitting->dataset != NULL)
		nnet_dataset_close(fitting->dataset);
	for (int i = 0; i < n_tables(fitting->kind); i++)
		nnet_claim_abandoned(fitting->claims[i]);
}

static Jsonb *
options_argument(FunctionCallInfo fcinfo)
{
	int options = VALUE_ARGUMENTS + 1;

	return PG_NARGS() > options && !PG_ARGISNULL(options) ? PG_GETARG_JSONB_P(options) : NULL;
}

/* That the statement trains these tables, and may. */
static void
claim_tables(NnetFitting *fitting, FunctionCallInfo fcinfo)
{
	const NnetFittingKind *kind = fitting->kind;
	char *call = psprintf("%s()", kind->function);

	if (n_tables(kind) == 0)
		return;
	PreventCommandIfReadOnly(call);
	PreventCommandIfParallelMode(call);
	for (int i = 0; i < kind->models; i++)
		fitting->relids[i] = PG_GETARG_OID(1 + i);
	for (int i = 0; i < kind->models; i++)
		fitting->claims[i] = nnet_claim_model(fcinfo, fitting->relids[i]);
}

static NnetFitting *
begin(const NnetFittingKind *kind, FunctionCallInfo fcinfo, MemoryContext aggregate)
{
	NnetFitting *fitting = MemoryContextAllocZero(aggregate, kind->size);
	Jsonb *options = options_argument(fcinfo);
	MemoryContext old;

	kind->check_models(fcinfo);
	INSTR_TIME_SET_CURRENT(fitting->start);
	fitting->kind = kind;
	fitting->aggregate = aggregate;
	fitting->context = AllocSetContextCreate(aggregate, "nnet fit", ALLOCSET_DEFAULT_SIZES);
	claim_tables(fitting, fcinfo);
	if (kind->of_value)
		memcpy(fitting->content, nnet_model_value_content(PG_GETARG_DATUM(1), &fitting->recent),
			   NNET_DIGEST_BYTES);

	old = MemoryContextSwitchTo(fitting->context);
	if (options != NULL)
	{
		fitting->options = palloc(VARSIZE(options));
		memcpy(fitting->options, options, VARSIZE(options));
	}
	kind->begin(fitting, fcinfo);
	AggRegisterCallback(fcinfo, abandon, PointerGetDatum(fitting));
	for (int i = 0; i < n_tables(kind); i++)
		nnet_claim_locked(fitting->claims[i]);
	MemoryContextSwitchTo(old);
	return fitting;
}

/* ---- each row ---- */

static bool
is_same_model(NnetFitting *fitting, FunctionCallInfo fcinfo, int i)
{
	if (PG_ARGISNULL(1 + i))
		return false;
	if (!fitting->kind->of_value)
		return PG_GETARG_OID(1 + i) == fitting->relids[i];
	return memcmp(nnet_model_value_content(PG_GETARG_DATUM(1 + i), &fitting->recent),
				  fitting->content, NNET_DIGEST_BYTES) == 0;
}

/* Models and options must be the same for all rows of a group. */
static void
check_constant(NnetFitting *fitting, FunctionCallInfo fcinfo)
{
	const NnetFittingKind *kind = fitting->kind;

	for (int i = 0; i < kind->models; i++)
		if (!is_same_model(fitting, fcinfo, i))
			ereport(
				ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 kind->models == 1
					 ? errmsg("the model changes within a group of rows of %s()", kind->function)
					 : errmsg("the models change within a group of rows of %s()", kind->function),
				 kind->models == 1 ? errhint("Add GROUP BY with what the model follows from.")
								   : errhint("Add GROUP BY with what the models follow from.")));
	nnet_options_check_same(fitting->options, options_argument(fcinfo), kind->function);
}

/* Whether a value is NULL, so that the row is passed over. */
static bool
has_null(const NnetFitting *fitting, FunctionCallInfo fcinfo)
{
	for (int i = 1 + fitting->kind->models; i <= VALUE_ARGUMENTS; i++)
		if (PG_ARGISNULL(i))
			return true;
	return false;
}

Datum
nnet_fitting_transition(const NnetFittingKind *kind, FunctionCallInfo fcinfo)
{
	MemoryContext aggregate;
	NnetFitting *fitting;
	NnetRow row = {.what = "row", .function = kind->function};

	if (AggCheckCallContext(fcinfo, &aggregate) != AGG_CONTEXT_AGGREGATE)
		elog(ERROR, "transition of %s called in non-aggregate context", kind->function);
	if (PG_ARGISNULL(0))
		fitting = begin(kind, fcinfo, aggregate);
	else
	{
		fitting = (NnetFitting *) PG_GETARG_POINTER(0);
		if (fitting->finished)
			elog(ERROR, "transition of %s called after its final function", kind->function);
	}
	row.model = fitting->name;
	row.number = ++fitting->rows;
	nnet_row_enter(&row);
	check_constant(fitting, fcinfo);
	if (has_null(fitting, fcinfo))
		fitting->skipped++;
	else
		kind->add(fitting, fcinfo);
	nnet_row_leave(&row);
	if (kind->added != NULL)
		kind->added(fitting);
	PG_RETURN_POINTER(fitting);
}

/* ---- the end ---- */

void
nnet_fitting_free_rows(NnetFitting *fitting)
{
	if (fitting->dataset != NULL)
		nnet_dataset_free(fitting->dataset);
	if (fitting->chosen != NULL)
		nnet_dataset_free(fitting->chosen);
	fitting->dataset = fitting->chosen = NULL;
}

double
nnet_fitting_seconds(const NnetFitting *fitting)
{
	return nnet_seconds_since(fitting->start);
}

static void
finish(NnetFitting *fitting)
{
	const NnetFittingKind *kind = fitting->kind;
	MemoryContext old = MemoryContextSwitchTo(fitting->context);

	if (fitting->rows > fitting->skipped)
	{
		for (int i = 0; i < n_tables(kind); i++)
			nnet_claim_check(fitting->claims[i]);
		kind->train(fitting);
		MemoryContextSwitchTo(fitting->aggregate);
		fitting->result = kind->result(fitting);
	}
	else if (fitting->skipped > 0)
		kind->tell_nulls(fitting);
	MemoryContextSwitchTo(old);
	nnet_fitting_free_rows(fitting);
	MemoryContextDelete(fitting->context);
	fitting->context = NULL;
	for (int i = 0; i < n_tables(kind); i++)
		nnet_claim_ended(fitting->claims[i]);
	fitting->finished = true;
}

Datum
nnet_fitting_final(const NnetFittingKind *kind, FunctionCallInfo fcinfo)
{
	NnetFitting *fitting = PG_ARGISNULL(0) ? NULL : (NnetFitting *) PG_GETARG_POINTER(0);

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "final function of %s called in non-aggregate context", kind->function);
	if (fitting != NULL && !fitting->finished)
		finish(fitting);
	if (fitting == NULL)
		nnet_report_no_rows(psprintf("%s()", kind->function));
	if (fitting == NULL || fitting->result == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(fitting->result);
}
