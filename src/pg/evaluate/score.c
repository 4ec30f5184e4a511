/*
 * score.c
 *	  nnet.score_value(model, x, y [, weight]): what a model that is a value comes
 *	  to for one row, to be summed by nnet.evaluate().
 *
 * Per call site, in fn_extra: the model, read once, with its readers and a
 * runner for one row.  It is not the cache's, from which reading x, which may
 * run anything, could push it out.
 */
#include "pg/evaluate/evaluation.h"

#include "pg/data/data.h"
#include "pg/train/train.h"
#include "utils/memutils.h"

typedef struct Scorer
{
	NnetRecentValue recent;
	MemoryContext context; /* of all below; NULL: for no model yet */
	uint8 content[NNET_DIGEST_BYTES];
	NnetModel *model;
	const NnetModelValue *form; /* it without weights */
	NnetRecorder *recorder;
	NnetRowWeights *weights; /* NULL: rows have none */
	NnetRunner *runner;
	NNTotals *totals;
	char *record;
	size_t room;
	int64 calls;
} Scorer;

PG_FUNCTION_INFO_V1(nnet_score_value);

/* The rows of a model without its weights and what it came to. */
static const NnetModelValue *
make_form(NnetLayerRow *rows, int n)
{
	for (int i = 0; i < n; i++)
	{
		rows[i].nulls[COLUMN_WEIGHTS] = rows[i].nulls[COLUMN_SLOTS] = true;
		if (rows[i].layer == TRAINING_LAYER && !rows[i].nulls[COLUMN_CONFIG])
			rows[i].values[COLUMN_CONFIG] = JsonbPGetDatum(nnet_value_to_jsonb(
				nnet_value_from_datum(rows[i].values[COLUMN_CONFIG], "history")));
	}
	return nnet_model_value_make(rows, n, false, nnet_value_name(rows, n));
}

static void
load(Scorer *scorer, Datum value)
{
	MemoryContext reading =
		AllocSetContextCreate(CurrentMemoryContext, "nnet model value", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(reading);
	NnetLayerRow *rows;
	int n;

	rows = nnet_model_value_rows(nnet_model_value_get(value), &n);
	scorer->model = nnet_value_rows_load(rows, n, 0, scorer->context);
	if (!scorer->model->training.compiled)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\" is not compiled", scorer->model->name),
				 errhint("Call nnet.compile() before nnet.pack(), to say by which loss to "
						 "evaluate it.")));
	MemoryContextSwitchTo(scorer->context);
	scorer->form = make_form(rows, n);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(reading);
}

/* Be ready for rows of that model. */
static void
set_model(FunctionCallInfo fcinfo, Scorer *scorer, const uint8 *content)
{
	MemoryContext context =
		AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "nnet score_value", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller;

	if (scorer->context != NULL)
		MemoryContextDelete(scorer->context);
	scorer->context = NULL;
	*scorer = (Scorer){.recent = scorer->recent, .calls = scorer->calls, .context = context};
	nnet_core_start(1);
	load(scorer, PG_GETARG_DATUM(0));
	caller = MemoryContextSwitchTo(context);
	scorer->recorder =
		nnet_recorder_make(get_fn_expr_argtype(fcinfo->flinfo, 1),
						   get_fn_expr_argtype(fcinfo->flinfo, 2), scorer->model, false, context);
	if (PG_NARGS() > 3)
		scorer->weights = nnet_row_weights_make(get_fn_expr_argtype(fcinfo->flinfo, 3), false,
												scorer->model, scorer->recorder->format, context);
	scorer->runner = nnet_runner_make(scorer->model, scorer->recorder->format, 1,
									  nnet_threads_for_predict(), context);
	/* immutable, whatever the setting */
	scorer->runner->precision = NN_FLOAT32;
	scorer->totals = palloc(nn_totals_bytes(&scorer->model->objectives));
	MemoryContextSwitchTo(caller);
	/* only now: after an error it is made anew */
	memcpy(scorer->content, content, NNET_DIGEST_BYTES);
}

static Scorer *
get_scorer(FunctionCallInfo fcinfo)
{
	Scorer *scorer = fcinfo->flinfo->fn_extra;
	uint8 content[NNET_DIGEST_BYTES];

	if (scorer == NULL)
		fcinfo->flinfo->fn_extra = scorer =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Scorer));
	memcpy(content, nnet_model_value_content(PG_GETARG_DATUM(0), &scorer->recent),
		   NNET_DIGEST_BYTES);
	if (scorer->totals == NULL || memcmp(scorer->content, content, NNET_DIGEST_BYTES) != 0)
		set_model(fcinfo, scorer, content);
	return scorer;
}

/* Room for a record. */
static char *
record_room(Scorer *scorer, size_t bytes)
{
	if (bytes > scorer->room)
	{
		if (scorer->record != NULL)
			pfree(scorer->record);
		scorer->record = MemoryContextAllocHuge(scorer->context, bytes);
		scorer->room = bytes;
	}
	return scorer->record;
}

static void
score_row(FunctionCallInfo fcinfo, Scorer *scorer)
{
	const void *records[1];
	char *record;

	nnet_recorder_take(scorer->recorder, PG_GETARG_DATUM(1));
	record = record_room(scorer, nnet_recorder_read(scorer->recorder, scorer->model));
	nnet_recorder_write(scorer->recorder, scorer->model, PG_GETARG_DATUM(2), record);
	if (scorer->weights != NULL)
		nnet_row_weights_write(scorer->weights, PG_GETARG_DATUM(3), PG_ARGISNULL(3), record);
	records[0] = record;
	nnet_runner_evaluate(scorer->runner, records, 1);
	memset(scorer->totals, 0, nn_totals_bytes(&scorer->model->objectives));
	nnet_runner_move_totals(scorer->runner, scorer->totals);
}

/* nnet.score_value(model, x, y [, weight]) */
Datum
nnet_score_value(PG_FUNCTION_ARGS)
{
	NnetRow row = {.what = "call", .function = "nnet.score_value"};
	NnetEvaluation *evaluation;
	Scorer *scorer;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	scorer = get_scorer(fcinfo);
	row.model = scorer->model->name;
	row.number = ++scorer->calls;
	evaluation = nnet_evaluation_make(scorer->content, scorer->model->objectives.n,
									  nn_totals_states(&scorer->model->objectives), scorer->form);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
	{
		evaluation->skipped = 1;
		PG_RETURN_POINTER(evaluation);
	}
	nnet_row_enter(&row);
	score_row(fcinfo, scorer);
	nnet_row_leave(&row);
	nnet_evaluation_add(evaluation, scorer->totals);
	PG_RETURN_POINTER(evaluation);
}
