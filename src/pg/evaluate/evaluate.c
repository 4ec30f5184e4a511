/*
 * evaluate.c
 *	  The aggregate nnet.evaluate(model, x, y [, weight]): loss and metrics over rows.
 *
 * A state is no more than sums, so that partial states of parallel workers add
 * up.  Rows that wait to be run through the model together are in the
 * evaluator of the query, of which there is one for each process; they belong
 * to one state, its owner, and are run before another state's rows come in or
 * the owner is finished, combined or sent.
 *
 * Lifetimes: an EvaluateState is in the aggregate's context, the Evaluator in
 * that of the transition function's FmgrInfo, and so outlives all states.  What
 * it made for the loaded model is in a context of its own, made anew when the
 * cache has loaded the model anew.  Where reading x pushes the model out of the
 * cache, the evaluator has one of its own, as the query's snapshot shows it.
 */
#include "pg/evaluate/evaluation.h"
#include "pg/data/data.h"
#include "pg/train/train.h"

#include "catalog/namespace.h"
#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define OWN_GENERATION PG_UINT64_MAX /* no model of the cache has it */
#define WAITING_RECORDS 1024
#define WAITING_BYTES ((size_t) 512 * 1024)

typedef struct EvaluateState
{
	Oid relid;
	uint32 asked; /* see what_is_asked */
	int n_outputs;
	size_t n_states; /* of the metrics, in totals */
	int64 skipped;
	int64 rows; /* seen by this process, with those skipped */
	NNTotals *totals;
	struct Evaluator *evaluator; /* NULL in a combined state */
} EvaluateState;

typedef struct Evaluator
{
	MemoryContext parent;
	Oid xtype;
	Oid ytype;
	Oid wtype;			  /* InvalidOid: rows have no weights */
	EvaluateState *owner; /* of the waiting records; NULL: none wait */

	/* for the model as it is loaded now */
	MemoryContext context;
	Oid relid;
	uint64 generation; /* 0: for no model yet */
	NnetRecorder *recorder;
	NnetRowWeights *weights; /* or NULL */
	NnetRunner *runner;
	int classes[NN_MAX_OUTPUTS];
	int ignored[NN_MAX_OUTPUTS];
	NnetModel *own; /* not of the cache; or NULL */

	/* records that wait */
	char *buffer;
	size_t room;
	size_t used;
	int n;
	size_t offsets[WAITING_RECORDS];
} Evaluator;

PG_FUNCTION_INFO_V1(nnet_evaluate_transition);
PG_FUNCTION_INFO_V1(nnet_evaluate_combine);
PG_FUNCTION_INFO_V1(nnet_evaluate_serialize);
PG_FUNCTION_INFO_V1(nnet_evaluate_deserialize);
PG_FUNCTION_INFO_V1(nnet_evaluate_final);

/* ---- the evaluator ---- */

static void
check_compiled(const NnetModel *model)
{
	if (!model->training.compiled)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\" is not compiled", model->name),
				 errhint("Call nnet.compile() first, to say by which loss to evaluate it.")));
}

static NnetModel *
compiled_model(Oid relid, MemoryContext query, uint64 *generation)
{
	NnetCached *cached = nnet_cache_get(relid, query);

	check_compiled(cached->model);
	if (generation != NULL)
		*generation = cached->generation;
	return cached->model;
}

/* Whether the records that wait are what the recorder would make of the same rows. */
static bool
records_fit(const Evaluator *evaluator)
{
	NnetSteps *steps = evaluator->recorder->steps;

	for (int i = 0; steps != NULL && i < evaluator->n; i++)
	{
		NNRecordHead head;

		nn_record_get_head(evaluator->recorder->format, evaluator->buffer + evaluator->offsets[i],
						   &head);
		if (memcmp(nnet_steps_output(steps, &head.steps), head.target_steps,
				   sizeof(head.target_steps)) != 0)
			return false;
	}
	return true;
}

static bool
same_classes(const Evaluator *evaluator, const NnetModel *model)
{
	for (int o = 0; o < model->objectives.n; o++)
	{
		int ignored;

		(void) nn_objective_ignores(&model->objectives.of[o], &ignored);
		if (evaluator->classes[o] != model->objectives.of[o].classes ||
			evaluator->ignored[o] != ignored)
			return false;
	}
	return true;
}

/* Make ready for a model as the cache has it now. */
static void
set_model(Evaluator *evaluator, NnetModel *model, uint64 generation)
{
	NNRecordFormat *before = NULL;
	bool same = true;
	MemoryContext old;

	if (evaluator->n > 0)
	{
		size_t bytes = nn_record_format_bytes(evaluator->recorder->format->n_inputs);

		before = memcpy(palloc(bytes), evaluator->recorder->format, bytes);
		same = nnet_inputs_are_of(evaluator->recorder->inputs, model) &&
			same_classes(evaluator, model);
	}
	evaluator->generation = 0;
	if (evaluator->context != NULL)
		MemoryContextDelete(evaluator->context);
	evaluator->context =
		AllocSetContextCreate(evaluator->parent, "nnet evaluator", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(evaluator->context);
	evaluator->recorder =
		nnet_recorder_make(evaluator->xtype, evaluator->ytype, model, false, evaluator->context);
	evaluator->weights = OidIsValid(evaluator->wtype)
		? nnet_row_weights_make(evaluator->wtype, false, model, evaluator->recorder->format,
								evaluator->context)
		: NULL;
	evaluator->runner = nnet_runner_make(model, evaluator->recorder->format, WAITING_RECORDS,
										 nnet_threads_for_predict(), evaluator->context);
	MemoryContextSwitchTo(old);

	/* it was loaded under the same snapshot; if not, records must not be misread */
	for (int o = 0; o < model->objectives.n; o++)
	{
		evaluator->classes[o] = model->objectives.of[o].classes;
		(void) nn_objective_ignores(&model->objectives.of[o], &evaluator->ignored[o]);
	}
	if (evaluator->n > 0 &&
		(!same || !nn_record_format_equal(before, evaluator->recorder->format) ||
		 !records_fit(evaluator)))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("model \"%s\" was changed while rows were evaluated", model->name),
				 errhint("Run the statement again.")));
	evaluator->relid = model->relid;
	evaluator->generation = generation;
}

/* As it is loaded now. */
static NnetModel *
loaded_model(const Evaluator *evaluator, Oid relid, uint64 *generation)
{
	if (evaluator->own == NULL || evaluator->own->relid != relid)
		return compiled_model(relid, evaluator->parent, generation);
	*generation = OWN_GENERATION;
	return evaluator->own;
}

static void
get_model(Evaluator *evaluator, Oid relid)
{
	uint64 generation;
	NnetModel *model = loaded_model(evaluator, relid, &generation);

	if (evaluator->generation != generation || evaluator->relid != relid)
		set_model(evaluator, model, generation);
}

/* Have a model that nothing pushes out. */
static void
set_own_model(Evaluator *evaluator, Oid relid)
{
	NnetModel *before = evaluator->own;

	evaluator->own = nnet_model_load(relid, NNET_LOAD_VERSIONS, evaluator->parent);
	check_compiled(evaluator->own);
	set_model(evaluator, evaluator->own, OWN_GENERATION);
	if (before != NULL)
		MemoryContextDelete(before->context);
}

/* A model can be compiled anew while its rows are evaluated, and a state come from elsewhere. */
static void
check_asked(const EvaluateState *state, const NnetModel *model)
{
	if (model->objectives.n != state->n_outputs ||
		nn_totals_states(&model->objectives) != state->n_states ||
		nnet_what_is_asked(model) != state->asked)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("model \"%s\" was changed while rows were evaluated", model->name),
				 errhint("Run the statement again.")));
}

/* Run what waits. */
static void
flush(Evaluator *evaluator)
{
	NnetRunner *runner;
	const void *records[WAITING_RECORDS];
	EvaluateState *owner = evaluator->owner;

	if (owner == NULL)
		return;
	get_model(evaluator, owner->relid);
	check_asked(owner, evaluator->runner->model);
	runner = evaluator->runner;
	for (int i = 0; i < evaluator->n; i++)
		records[i] = evaluator->buffer + evaluator->offsets[i];
	nnet_runner_evaluate(runner, records, evaluator->n);
	nnet_runner_move_totals(runner, owner->totals);
	evaluator->n = 0;
	evaluator->used = 0;
	evaluator->owner = NULL;
}

static void
flush_state(EvaluateState *state)
{
	if (state->evaluator != NULL && state->evaluator->owner == state)
		flush(state->evaluator);
}

static Evaluator *
get_evaluator(FunctionCallInfo fcinfo)
{
	Evaluator *evaluator = fcinfo->flinfo->fn_extra;

	if (evaluator != NULL)
		return evaluator;
	evaluator = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Evaluator));
	evaluator->parent = fcinfo->flinfo->fn_mcxt;
	evaluator->xtype = get_fn_expr_argtype(fcinfo->flinfo, 2);
	evaluator->ytype = get_fn_expr_argtype(fcinfo->flinfo, 3);
	if (PG_NARGS() > 4)
		evaluator->wtype = get_fn_expr_argtype(fcinfo->flinfo, 4);
	fcinfo->flinfo->fn_extra = evaluator;
	return evaluator;
}

/* Room for one more record. */
static char *
waiting_room(Evaluator *evaluator, size_t bytes)
{
	if (evaluator->used + bytes > evaluator->room)
	{
		size_t room = Max(evaluator->used + bytes, Max(2 * evaluator->room, 8192));

		evaluator->buffer = evaluator->buffer == NULL
			? MemoryContextAllocHuge(evaluator->parent, room)
			: repalloc_huge(evaluator->buffer, room);
		evaluator->room = room;
	}
	evaluator->offsets[evaluator->n++] = evaluator->used;
	evaluator->used += bytes;
	return evaluator->buffer + evaluator->offsets[evaluator->n - 1];
}

/*
 * Take x, which may run anything and so push the model out.  Returns the model as
 * it is loaded then, if the recorder wants it, else NULL.
 */
static const NnetModel *
take_row(Evaluator *evaluator, Oid relid, Datum x, NnetRow *row)
{
	uint64 generation;
	NnetModel *model;

	nnet_recorder_take(evaluator->recorder, x);
	if (!nnet_recorder_wants_model(evaluator->recorder))
		return NULL;
	model = loaded_model(evaluator, relid, &generation);
	if (generation == evaluator->generation)
		return model;
	/* the recorder goes with the other model: what it has taken, and the name that messages have */
	nnet_row_leave(row);
	set_own_model(evaluator, relid);
	row->model = evaluator->recorder->model;
	nnet_row_enter(row);
	nnet_recorder_take(evaluator->recorder, x);
	return evaluator->own;
}

static void
add_row(FunctionCallInfo fcinfo, EvaluateState *state, NnetRow *row)
{
	Evaluator *evaluator = state->evaluator;
	const NnetModel *model;
	size_t bytes;
	void *record;

	if (evaluator->owner != state)
		flush(evaluator);
	if (evaluator->generation == 0 || evaluator->relid != state->relid)
		get_model(evaluator, state->relid);
	row->model = evaluator->recorder->model;
	nnet_row_enter(row);
	model = take_row(evaluator, state->relid, PG_GETARG_DATUM(2), row);
	bytes = nnet_recorder_read(evaluator->recorder, model);
	evaluator->owner = state;
	record = waiting_room(evaluator, bytes);
	nnet_recorder_write(evaluator->recorder, model, PG_GETARG_DATUM(3), record);
	if (evaluator->weights != NULL)
		nnet_row_weights_write(evaluator->weights, PG_GETARG_DATUM(4), PG_ARGISNULL(4), record);
	nnet_row_leave(row);
	if (evaluator->n == WAITING_RECORDS || evaluator->used >= WAITING_BYTES)
		flush(evaluator);
}

/* ---- states ---- */

/* The state's memory goes: its rows are nobody's. */
static void
abandon(Datum arg)
{
	EvaluateState *state = (EvaluateState *) DatumGetPointer(arg);

	if (state->evaluator != NULL && state->evaluator->owner == state)
	{
		state->evaluator->owner = NULL;
		state->evaluator->n = 0;
		state->evaluator->used = 0;
	}
}

static NNTotals *
make_totals(MemoryContext context, size_t n_states)
{
	return MemoryContextAllocZero(context, sizeof(NNTotals) + n_states * sizeof(double));
}

static EvaluateState *
begin_state(FunctionCallInfo fcinfo, MemoryContext aggregate)
{
	EvaluateState *state;
	NnetModel *model;

	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the model to evaluate is NULL")));
	model = compiled_model(PG_GETARG_OID(1), fcinfo->flinfo->fn_mcxt, NULL);
	state = MemoryContextAllocZero(aggregate, sizeof(EvaluateState));
	state->relid = PG_GETARG_OID(1);
	state->asked = nnet_what_is_asked(model);
	state->n_outputs = model->objectives.n;
	state->n_states = nn_totals_states(&model->objectives);
	state->totals = make_totals(aggregate, state->n_states);
	state->evaluator = get_evaluator(fcinfo);
	AggRegisterCallback(fcinfo, abandon, PointerGetDatum(state));
	return state;
}

static void
refuse_other_model(NnetRow *row)
{
	nnet_row_enter(row);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("the model changes within a group of rows of nnet.evaluate()"),
			 errhint("Add GROUP BY with what the model follows from.")));
}

Datum
nnet_evaluate_transition(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate;
	EvaluateState *state;
	NnetRow row = {.what = "row", .function = "nnet.evaluate"};

	if (AggCheckCallContext(fcinfo, &aggregate) != AGG_CONTEXT_AGGREGATE)
		elog(ERROR, "nnet_evaluate_transition called in non-aggregate context");
	if (PG_ARGISNULL(0))
		state = begin_state(fcinfo, aggregate);
	else
		state = (EvaluateState *) PG_GETARG_POINTER(0);
	row.number = ++state->rows;
	if (PG_ARGISNULL(1) || PG_GETARG_OID(1) != state->relid)
		refuse_other_model(&row);
	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		state->skipped++;
	else
		add_row(fcinfo, state, &row);
	PG_RETURN_POINTER(state);
}

/* Of two that ask the same; both are sums without the model, which may be gone. */
static void
add_totals(EvaluateState *to, const EvaluateState *from)
{
	nn_losses_add(&to->totals->losses, &from->totals->losses, to->n_outputs);
	for (size_t i = 0; i < to->n_states; i++)
		to->totals->states[i] += from->totals->states[i];
}

Datum
nnet_evaluate_combine(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate;
	EvaluateState *left = PG_ARGISNULL(0) ? NULL : (EvaluateState *) PG_GETARG_POINTER(0);
	EvaluateState *right = PG_ARGISNULL(1) ? NULL : (EvaluateState *) PG_GETARG_POINTER(1);

	if (!AggCheckCallContext(fcinfo, &aggregate))
		elog(ERROR, "nnet_evaluate_combine called in non-aggregate context");
	if (right == NULL)
	{
		if (left == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(left);
	}
	flush_state(right);
	if (left == NULL)
	{
		left = MemoryContextAlloc(aggregate, sizeof(EvaluateState));
		*left = *right;
		left->totals = make_totals(aggregate, left->n_states);
		add_totals(left, right);
		left->evaluator = NULL;
		PG_RETURN_POINTER(left);
	}
	if (left->relid != right->relid || left->asked != right->asked ||
		left->n_outputs != right->n_outputs || left->n_states != right->n_states)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the model changes within a group of rows of nnet.evaluate()"),
				 errhint("Add GROUP BY with what the model follows from.")));
	flush_state(left);
	left->skipped += right->skipped;
	add_totals(left, right);
	PG_RETURN_POINTER(left);
}

static void
send_name(StringInfo buffer, const char *name)
{
	/* as it is: nothing here is for a client */
	pq_sendint32(buffer, (uint32) strlen(name));
	pq_sendbytes(buffer, name, (int) strlen(name));
}

static char *
receive_name(StringInfo buffer)
{
	int length = (int) pq_getmsgint(buffer, 4);

	return pnstrdup(pq_getmsgbytes(buffer, length), length);
}

/*
 * An oid says nothing elsewhere: a state travels with the name of its model,
 * and belongs to the model of that name where it arrives.
 */
static void
send_model(StringInfo buffer, Oid relid)
{
	char *name = get_rel_name(relid);
	char *schema = name != NULL ? get_namespace_name(get_rel_namespace(relid)) : NULL;

	if (schema == NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE), errmsg("model with OID %u does not exist", relid)));
	send_name(buffer, schema);
	send_name(buffer, name);
}

static Oid
receive_model(StringInfo buffer)
{
	char *schema = receive_name(buffer);
	char *name = receive_name(buffer);
	Oid namespace = get_namespace_oid(schema, true);
	Oid relid = OidIsValid(namespace) ? get_relname_relid(name, namespace) : InvalidOid;

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("model \"%s.%s\" does not exist here", schema, name),
				 errdetail("A state of nnet.evaluate() for it came from elsewhere.")));
	return relid;
}

static void
send_totals(StringInfo buffer, const EvaluateState *state)
{
	const NNLosses *losses = &state->totals->losses;

	pq_sendfloat8(buffer, losses->samples);
	pq_sendfloat8(buffer, losses->penalty_sum);
	pq_sendint32(buffer, state->n_outputs);
	for (int o = 0; o < state->n_outputs; o++)
	{
		pq_sendfloat8(buffer, losses->sum[o]);
		pq_sendfloat8(buffer, losses->count[o]);
	}
	pq_sendint32(buffer, (uint32) state->n_states);
	for (size_t i = 0; i < state->n_states; i++)
		pq_sendfloat8(buffer, state->totals->states[i]);
}

static int
receive_count(StringInfo buffer, int most, const char *what)
{
	int count = pq_getmsgint(buffer, 4);

	if (count < 0 || count > most)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("a state of nnet.evaluate() with %d %s is not valid", count, what)));
	return count;
}

/* False if a count is negative. */
static bool
receive_totals(StringInfo buffer, EvaluateState *state)
{
	NNLosses losses = {0};
	bool valid;

	losses.samples = pq_getmsgfloat8(buffer);
	losses.penalty_sum = pq_getmsgfloat8(buffer);
	valid = losses.samples >= 0;
	state->n_outputs = receive_count(buffer, NN_MAX_OUTPUTS, "outputs");
	for (int o = 0; o < state->n_outputs; o++)
	{
		losses.sum[o] = pq_getmsgfloat8(buffer);
		losses.count[o] = pq_getmsgfloat8(buffer);
		valid = valid && losses.count[o] >= 0;
	}
	/* no more than the message can have */
	state->n_states = receive_count(buffer, buffer->len / (int) sizeof(double), "sums of metrics");
	state->totals = make_totals(CurrentMemoryContext, state->n_states);
	state->totals->losses = losses;
	for (size_t i = 0; i < state->n_states; i++)
		state->totals->states[i] = pq_getmsgfloat8(buffer);
	return valid;
}

Datum
nnet_evaluate_serialize(PG_FUNCTION_ARGS)
{
	EvaluateState *state = (EvaluateState *) PG_GETARG_POINTER(0);
	StringInfoData buffer;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "nnet_evaluate_serialize called in non-aggregate context");
	flush_state(state);
	pq_begintypsend(&buffer);
	send_model(&buffer, state->relid);
	pq_sendint32(&buffer, state->asked);
	pq_sendint64(&buffer, state->skipped);
	send_totals(&buffer, state);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

Datum
nnet_evaluate_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	EvaluateState *state;
	StringInfoData buffer;
	bool valid;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "nnet_evaluate_deserialize called in non-aggregate context");
	initStringInfo(&buffer);
	appendBinaryStringInfo(&buffer, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));

	/* each read refuses a message that ends too early */
	state = palloc0(sizeof(EvaluateState));
	state->relid = receive_model(&buffer);
	state->asked = pq_getmsgint(&buffer, 4);
	state->skipped = pq_getmsgint64(&buffer);
	valid = receive_totals(&buffer, state);
	if (!valid || state->skipped < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("a state of nnet.evaluate() with negative counts is not valid")));
	pq_getmsgend(&buffer);
	pfree(buffer.data);
	PG_RETURN_POINTER(state);
}

void
nnet_check_scores(const NnetModel *model, const NNScores *scores)
{
	double value;
	const char *name = nnet_scores_not_finite(model, scores, &value);

	if (name != NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("the %s of model \"%s\" is %s", name, model->name, nnet_not_finite_word(value)),
			 errdetail("An output or its distance from y is beyond what real holds%s.",
					   nnet_model_spells(model) ? ", or y needs more steps than a mask leaves"
												: ""),
			 errhint("Look at the rows by nnet.predict(), which refuses such outputs; give x "
					 "and y on the scale of the rows that the model was trained on.")));
}

Datum
nnet_evaluate_final(PG_FUNCTION_ARGS)
{
	EvaluateState *state;
	NnetModel *model;
	NNScores scores;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "nnet_evaluate_final called in non-aggregate context");
	state = PG_ARGISNULL(0) ? NULL : (EvaluateState *) PG_GETARG_POINTER(0);
	if (state != NULL)
		flush_state(state);
	if (state == NULL || (state->totals->losses.samples == 0 && state->skipped == 0))
	{
		nnet_report_no_rows("nnet.evaluate()");
		PG_RETURN_NULL();
	}
	model = compiled_model(state->relid, fcinfo->flinfo->fn_mcxt, NULL);
	if (state->totals->losses.samples == 0)
	{
		ereport(
			WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg("model \"%s\" is not evaluated: x or y of all " INT64_FORMAT " rows is NULL",
					model->name, state->skipped)));
		PG_RETURN_NULL();
	}
	check_asked(state, model);
	scores.values = nnet_scores_values(model);
	nn_totals_scores(&model->objectives, state->totals, &scores);
	nnet_check_scores(model, &scores);
	PG_RETURN_JSONB_P(nnet_report_evaluate(model, &scores, state->skipped));
}
