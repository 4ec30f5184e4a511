/*
 * evaluation.c
 *	  The type nnet.evaluation in SQL, and the aggregate nnet.evaluate(nnet.evaluation):
 *	  sums of what nnet.score_value() gives for each row, and the figures they
 *	  come to.
 *
 * Its state is a value of that type, which goes anywhere as such: figures are
 * told without the model.
 */
#include "pg/evaluate/evaluation.h"

#include <math.h>

#include "common/base64.h"
#include "libpq/pqformat.h"
#include "pg/train/train.h"
#include "utils/memutils.h"

#define MAGIC 0x65766e6e /* "nnve" where the lowest byte is first */
#define VERSION 1

PG_FUNCTION_INFO_V1(nnet_evaluation_in);
PG_FUNCTION_INFO_V1(nnet_evaluation_out);
PG_FUNCTION_INFO_V1(nnet_evaluation_recv);
PG_FUNCTION_INFO_V1(nnet_evaluation_send);
PG_FUNCTION_INFO_V1(nnet_evaluate_add);
PG_FUNCTION_INFO_V1(nnet_evaluate_figures);

/* ---- the bytes ---- */

static size_t
n_sums(const NnetEvaluation *evaluation)
{
	return 2 * (size_t) evaluation->n_outputs + evaluation->n_states;
}

NnetEvaluation *
nnet_evaluation_make(const uint8 *content, int n_outputs, size_t n_states,
					 const NnetModelValue *form)
{
	size_t sums = 2 * (size_t) n_outputs + n_states;
	size_t form_at = offsetof(NnetEvaluation, sums) + sums * sizeof(double);
	size_t bytes = form_at + VARSIZE(form);
	NnetEvaluation *evaluation = palloc(bytes);

	memset(evaluation, 0, form_at);
	SET_VARSIZE(evaluation, bytes);
	evaluation->magic = MAGIC;
	evaluation->version = VERSION;
	evaluation->n_outputs = (uint32) n_outputs;
	evaluation->n_states = (uint32) n_states;
	evaluation->form_at = (uint32) form_at;
	memcpy(evaluation->content, content, NNET_DIGEST_BYTES);
	memcpy((char *) evaluation + form_at, form, VARSIZE(form));
	return evaluation;
}

void
nnet_evaluation_add(NnetEvaluation *evaluation, const NNTotals *totals)
{
	int n = (int) evaluation->n_outputs;

	evaluation->samples += totals->losses.samples;
	evaluation->penalty_sum += totals->losses.penalty_sum;
	for (int o = 0; o < n; o++)
	{
		evaluation->sums[o] += totals->losses.sum[o];
		evaluation->sums[n + o] += totals->losses.count[o];
	}
	for (uint32 i = 0; i < evaluation->n_states; i++)
		evaluation->sums[2 * n + i] += totals->states[i];
}

pg_noreturn static void
refuse(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid value of type nnet.evaluation"), errdetail("%s", detail),
			 errhint("nnet.score_value() makes such values; copy them whole.")));
}

static const NnetModelValue *
form_of(const NnetEvaluation *evaluation)
{
	return (const NnetModelValue *) ((const char *) evaluation + evaluation->form_at);
}

/* Lengths and counts; the form is checked where it is read. */
static void
check(const NnetEvaluation *evaluation)
{
	size_t bytes = VARSIZE(evaluation);
	bool valid;

	if (bytes < offsetof(NnetEvaluation, sums))
		refuse("It is too short for one.");
	if (evaluation->magic != MAGIC || evaluation->version != VERSION)
		refuse("It does not begin as one of this version.");
	if (evaluation->n_outputs > NN_MAX_OUTPUTS || evaluation->n_states > bytes / sizeof(double) ||
		evaluation->form_at !=
			offsetof(NnetEvaluation, sums) + n_sums(evaluation) * sizeof(double) ||
		evaluation->form_at + sizeof(NnetModelValue) > bytes ||
		!VARATT_IS_4B_U(form_of(evaluation)) ||
		evaluation->form_at + VARSIZE(form_of(evaluation)) != bytes)
		refuse("Its parts do not fit its length.");
	valid = evaluation->skipped >= 0 && evaluation->samples >= 0;
	for (uint32 o = 0; o < evaluation->n_outputs; o++)
		valid = valid && evaluation->sums[evaluation->n_outputs + o] >= 0;
	if (!valid)
		refuse("It has negative counts.");
}

static NnetEvaluation *
get(Datum datum)
{
	NnetEvaluation *evaluation = (NnetEvaluation *) PG_DETOAST_DATUM(datum);

	if ((uintptr_t) evaluation % MAXIMUM_ALIGNOF != 0)
	{
		NnetEvaluation *copy = palloc(VARSIZE(evaluation));

		evaluation = memcpy(copy, evaluation, VARSIZE(evaluation));
	}
	check(evaluation);
	return evaluation;
}

/* The model without weights, with what is asked of it; in the current context. */
static NnetModel *
load_form(const NnetEvaluation *evaluation)
{
	int n;
	NnetLayerRow *rows;
	NnetModel *model;

	rows = nnet_model_value_rows(form_of(evaluation), &n);
	model = nnet_value_rows_load(rows, n, NNET_LOAD_STRUCTURE, CurrentMemoryContext);
	if (!model->training.compiled)
		refuse("Its model is not compiled.");
	nnet_training_resolve(model);
	if (model->objectives.n != (int) evaluation->n_outputs ||
		nn_totals_states(&model->objectives) != evaluation->n_states)
		refuse("It has other sums than its model.");
	return model;
}

/* Refuse what no figures can be told of; leaves nothing behind. */
static void
check_whole(const NnetEvaluation *evaluation)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet evaluation", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	check(evaluation);
	(void) load_form(evaluation);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

/* ---- in and out ---- */

Datum
nnet_evaluation_in(PG_FUNCTION_ARGS)
{
	NnetEvaluation *evaluation =
		(NnetEvaluation *) nnet_bytes_in(PG_GETARG_CSTRING(0), "nnet.evaluation");

	check_whole(evaluation);
	PG_RETURN_POINTER(evaluation);
}

Datum
nnet_evaluation_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(nnet_bytes_out(PG_GETARG_VARLENA_PP(0), "nnet.evaluation"));
}

Datum
nnet_evaluation_recv(PG_FUNCTION_ARGS)
{
	StringInfo buffer = (StringInfo) PG_GETARG_POINTER(0);
	int n = buffer->len - buffer->cursor;
	NnetEvaluation *evaluation = palloc(VARHDRSZ + (size_t) n);

	SET_VARSIZE(evaluation, VARHDRSZ + n);
	pq_copymsgbytes(buffer, VARDATA(evaluation), n);
	check_whole(evaluation);
	PG_RETURN_POINTER(evaluation);
}

Datum
nnet_evaluation_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(PG_GETARG_BYTEA_P_COPY(0));
}

/* ---- the aggregate ---- */

static void
refuse_other_model(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the model changes within a group of rows of nnet.evaluate()"),
			 errhint("Add GROUP BY with what the model follows from.")));
}

/* nnet.evaluate_add(a, b): in an aggregate a is its state, which is added to where it is. */
Datum
nnet_evaluate_add(PG_FUNCTION_ARGS)
{
	NnetEvaluation *sum = get(PG_GETARG_DATUM(0));
	const NnetEvaluation *more = get(PG_GETARG_DATUM(1));

	if (!AggCheckCallContext(fcinfo, NULL))
	{
		NnetEvaluation *copy = palloc(VARSIZE(sum));

		sum = memcpy(copy, sum, VARSIZE(sum));
	}
	if (memcmp(sum->content, more->content, NNET_DIGEST_BYTES) != 0 ||
		sum->n_outputs != more->n_outputs || sum->n_states != more->n_states)
		refuse_other_model();
	sum->skipped += more->skipped;
	sum->samples += more->samples;
	sum->penalty_sum += more->penalty_sum;
	for (size_t i = 0; i < n_sums(sum); i++)
		sum->sums[i] += more->sums[i];
	PG_RETURN_POINTER(sum);
}

static NNTotals *
totals_of(const NnetEvaluation *evaluation)
{
	int n = (int) evaluation->n_outputs;
	NNTotals *totals = palloc0(sizeof(NNTotals) + evaluation->n_states * sizeof(double));

	totals->losses.samples = evaluation->samples;
	totals->losses.penalty_sum = evaluation->penalty_sum;
	memcpy(totals->losses.sum, evaluation->sums, n * sizeof(double));
	memcpy(totals->losses.count, evaluation->sums + n, n * sizeof(double));
	memcpy(totals->states, evaluation->sums + 2 * n, evaluation->n_states * sizeof(double));
	return totals;
}

/* What nnet.evaluate() gives at the end. */
Datum
nnet_evaluate_figures(PG_FUNCTION_ARGS)
{
	const NnetEvaluation *evaluation;
	NnetModel *model;
	NNScores scores;

	if (PG_ARGISNULL(0))
	{
		nnet_report_no_rows("nnet.evaluate()");
		PG_RETURN_NULL();
	}
	evaluation = get(PG_GETARG_DATUM(0));
	model = load_form(evaluation);
	if (evaluation->samples == 0)
	{
		ereport(
			WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg("model \"%s\" is not evaluated: x or y of all " INT64_FORMAT " rows is NULL",
					model->name, evaluation->skipped)));
		PG_RETURN_NULL();
	}
	scores.values = nnet_scores_values(model);
	nn_totals_scores(&model->objectives, totals_of(evaluation), &scores);
	nnet_check_scores(model, &scores);
	PG_RETURN_JSONB_P(nnet_report_evaluate(model, &scores, evaluation->skipped));
}
