/*
 * fit_rounds.c
 *	  The procedure nnet.fit_rounds(model, query, rounds, options, outer, validation,
 *	  steps, divide_batch).
 *
 * A round locks and loads the model as nnet.fit() does, has it trained on each bucket
 * as a value, makes a step towards the average of what comes back, notes it in the
 * history, and commits.  An error leaves the model as the round before has left it.
 *
 * Lifetimes: what is said in rounds.h; a round's context ends before its transaction.
 */
#include "pg/data/data.h"
#include "pg/rounds/rounds.h"
#include "pg/run/progress.h"

#include "access/relation.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "nodes/parsenodes.h"
#include "portability/instr_time.h"
#include "tcop/pquery.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#define MOST_ROUNDS 1000000

PG_FUNCTION_INFO_V1(nnet_fit_rounds);

/* ---- arguments ---- */

/* An option of nnet.fit() that means something else, or nothing, where rows are in buckets. */
static void
refuse_option(bool given, const char *name, const char *hint)
{
	if (given)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"%s\" is not one of " NNET_ROUNDS_FUNCTION "()", name),
				 errhint("%s", hint)));
}

static void
refuse_options(const NnetFitOptions *options)
{
	refuse_option(options->validation_split > 0 || options->stratify, "validation_split",
				  "Give the rows for validation by a query, the argument validation.");
	refuse_option(options->validation_freq != NULL, "validation_freq",
				  "Each round ends with validation.");
	refuse_option(options->reduce_lr_on_plateau.given, "reduce_lr_on_plateau",
				  "Compile the model with a schedule of the learning rate.");
	refuse_option(options->best_weights, "best_weights",
				  "nnet.early_stopping() keeps those of the best round.");
	refuse_option(options->initial_epoch > 0, "initial_epoch",
				  "A call that ended by an error is gone on with by the next.");
	refuse_option(options->steps_per_epoch > 0, "steps_per_epoch",
				  "The argument steps says how many each bucket makes in a round.");
}

static void
check_options(const NnetRounds *rounds)
{
	const NNValue *class_weight = rounds->options.class_weight;

	refuse_options(&rounds->options);
	if (class_weight != NULL && class_weight->type == NN_V_STRING)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("option \"class_weight\" of " NNET_ROUNDS_FUNCTION "() cannot be \"balanced\""),
			 errhint("Buckets would weigh their classes apart: give a weight for each class.")));
	if (rounds->steps > 0 && rounds->options.epochs > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("both steps and epochs are given for a round"),
				 errhint("Leave out one of them.")));
	if (rounds->steps > 0 && !rounds->options.shuffle && !rounds->options.slots)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("steps in the order of rows go on by the optimizer's state, which slots => "
						"false leaves out"),
				 errhint("Each round would train on the same rows: shuffle them, or keep slots.")));
}

static int
count_argument(FunctionCallInfo fcinfo, int argument, const char *what)
{
	int value = PG_GETARG_INT32(argument);

	if (value < 1 || value > MOST_ROUNDS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be from 1 to %d, not %d", what, MOST_ROUNDS, value)));
	return value;
}

static void
check_nulls(FunctionCallInfo fcinfo)
{
	static const char *const what[] = {"the model", "the query", "the number of rounds"};

	for (int i = 0; i < (int) lengthof(what); i++)
		if (PG_ARGISNULL(i))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s of " NNET_ROUNDS_FUNCTION "() is NULL", what[i])));
}

/* Copied, since what the arguments are in may not outlive a round. */
static Jsonb *
jsonb_argument(FunctionCallInfo fcinfo, int argument)
{
	return PG_ARGISNULL(argument) ? NULL : PG_GETARG_JSONB_P_COPY(argument);
}

static void
read_arguments(FunctionCallInfo fcinfo, NnetRounds *rounds)
{
	Jsonb *options = jsonb_argument(fcinfo, 3);

	check_nulls(fcinfo);
	rounds->relid = PG_GETARG_OID(0);
	rounds->rounds = count_argument(fcinfo, 2, "the number of rounds");
	nnet_fit_options(options, NULL, &rounds->options);
	rounds->given = options != NULL ? nnet_value_from_jsonb(options) : NULL;
	nnet_outer_parse(jsonb_argument(fcinfo, 4), &rounds->outer);
	if (!PG_ARGISNULL(6))
		rounds->steps = count_argument(fcinfo, 6, "steps");
	rounds->divide_batch_given = !PG_ARGISNULL(7);
	rounds->divide_batch = rounds->divide_batch_given && PG_GETARG_BOOL(7);
	check_options(rounds);
	nnet_round_query_read(text_to_cstring(PG_GETARG_TEXT_PP(1)), "query", true, &rounds->query);
	rounds->validates = !PG_ARGISNULL(5);
	if (rounds->validates)
		nnet_round_query_read(text_to_cstring(PG_GETARG_TEXT_PP(5)), "validation query", false,
							  &rounds->validation);
}

/* What is drawn goes by seed and steps, which an optimizer that begins anew counts from 0. */
static int64
round_seed(const NnetRounds *rounds, int number)
{
	uint64 seed = (uint64) rounds->options.seed;

	if (rounds->begins_anew)
		seed += (uint64) (number - 1) * UINT64CONST(0x9E3779B97F4A7C15);
	return (int64) seed;
}

/* What each bucket's training is told in a round. */
static Jsonb *
local_options(const NnetRounds *rounds, const NnetModel *model, int number)
{
	static const char *const handed_on[] = {"epochs", "shuffle", "class_weight"};
	NNValue local = nnet_value_object(12);

	for (int i = 0; rounds->given != NULL && i < (int) lengthof(handed_on); i++)
	{
		const NNValue *value = nn_value_get(rounds->given, handed_on[i]);

		if (value != NULL)
			nnet_value_set(&local, handed_on[i], *value);
	}
	nnet_value_set(&local, "batch_size", nnet_value_number(rounds->batch));
	nnet_value_set(&local, "seed", nnet_value_integer(round_seed(rounds, number)));
	nnet_value_set(&local, "slots", nnet_value_bool(!rounds->begins_anew));
	nnet_value_set(&local, "concurrency",
				   nnet_value_number(nnet_round_given(rounds, "concurrency")
										 ? rounds->options.concurrency
										 : rounds->survey.concurrency));
	nnet_value_set(&local, "learning_rate_factor",
				   nnet_value_number(nnet_round_rate_factor(rounds, model, number)));
	if (rounds->steps > 0)
		nnet_value_set(&local, "steps_per_epoch", nnet_value_number(rounds->steps));
	return nnet_value_to_jsonb(&local);
}

/* ---- before the first round ---- */

static NnetModel *
load(const NnetRounds *rounds)
{
	return nnet_model_load(rounds->relid, NNET_LOAD_FOR_UPDATE, CurrentMemoryContext);
}

/* A layer that has yet to learn from rows, by its name; NULL: there is none. */
static const char *
unlearned_layer(const NnetModel *model)
{
	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(model->core, i);

		if (nn_layer_unadapted(layer, model->params + nn_layer_params(layer).offset))
			return nn_layer_name(layer);
	}
	for (int i = 0; i < model->core->n_inputs; i++)
	{
		const NnetVocabulary *vocabulary = nnet_model_vocabulary(model, i);

		if ((vocabulary != NULL && !nnet_vocabulary_known(vocabulary)) || !model->readings[i].known)
			return nn_layer_name(nn_model_layer(model->core, model->core->inputs[i]));
	}
	return NULL;
}

/* Whether classes are named by y, or by its elements, and the model knows none. */
static bool
labels_unlearned(const NnetModel *model, Oid y)
{
	const NNObjective *objective = &model->objectives.of[0];
	Oid type = getBaseType(y);
	char category;
	bool preferred;

	if (model->objectives.n != 1 || nn_objective_classes(objective) == 0 ||
		nnet_output_knows(&model->training.outputs[0]) != NNET_KNOWS_NOTHING)
		return false;
	if (nn_objective_labels(objective) == 0)
		type = get_element_type(type);
	if (!OidIsValid(type))
		return false;
	get_type_category_preferred(getBaseType(type), &category, &preferred);
	return category == TYPCATEGORY_STRING || category == TYPCATEGORY_ENUM;
}

/*
 * What each bucket would learn for itself all buckets learn together, into the table.
 * True: there was something.
 */
static bool
learn(const NnetRounds *rounds, const NnetModel *model)
{
	Oid types[2] = {REGCLASSOID, TEXTOID};
	Datum values[2] = {ObjectIdGetDatum(rounds->relid)};
	int result;

	if (unlearned_layer(model) == NULL &&
		!labels_unlearned(model, rounds->query.types[NNET_ROUND_Y]))
		return false;
	values[1] = CStringGetTextDatum(psprintf("SELECT r.x, r.y FROM %s", rounds->query.from));
	result =
		SPI_execute_with_args("SELECT nnet.learn_from($1, $2)", 2, types, values, NULL, false, 0);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_with_args failed: %s", SPI_result_code_string(result));
	SPI_freetuptable(SPI_tuptable);
	return true;
}

/* ---- a model as a value ---- */

typedef struct Round
{
	int number;
	NnetModel *model;
	NnetModelValue *value; /* of the model as it was before */
	NnetModelValue *rest;
	instr_time start;
	NNValue entry;
	bool last;
} Round;

/* By a snapshot that sees what was committed before the model was locked. */
static void
pack(const NnetRounds *rounds, Round *round)
{
	Relation relation = relation_open(round->model->relid, NoLock);
	MemoryContext caller = CurrentMemoryContext;
	NnetLayerRow *rows;
	int n;

	PushActiveSnapshot(GetTransactionSnapshot());
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	rows = nnet_model_rows(relation, &n);
	/* the velocity stays here */
	for (int i = 0; i < n; i++)
		if (rows[i].layer == TRAINING_LAYER || rounds->begins_anew)
			rows[i].nulls[COLUMN_SLOTS] = true;
	nnet_value_set_name(rows, n, round->model->name);
	MemoryContextSwitchTo(caller);
	round->value = nnet_model_value_make(rows, n, true, round->model->name);
	round->rest = nnet_model_value_rest(round->model, rows, n);
	SPI_finish();
	PopActiveSnapshot();
	relation_close(relation, NoLock);
}

/* ---- what is refused before the first round ---- */

/* What each bucket would find out for itself: whether its training can begin. */
static void
check_training(const NnetRounds *rounds, const NnetModel *model)
{
	const Oid *types = rounds->query.types;
	const NNValue *by_class = rounds->options.class_weight;
	MemoryContext context = CurrentMemoryContext;
	NnetRecorder *recorder =
		nnet_recorder_make(types[NNET_ROUND_X], types[NNET_ROUND_Y], model, true, context);
	NnetClassWeights *weights;

	if (by_class != NULL)
	{
		weights = nnet_class_weights_make(by_class, model, recorder->format, context);
		nnet_class_weights_check_names(weights, recorder);
	}
	if (OidIsValid(types[NNET_ROUND_WEIGHT]))
		(void) nnet_row_weights_make(types[NNET_ROUND_WEIGHT], false, model, recorder->format,
									 context);
}

/* What the end of the first round would find out. */
static void
check_validation(const NnetRounds *rounds, NnetModel *model)
{
	Round round = {.model = model};

	if (!rounds->validates)
		return;
	pack(rounds, &round);
	nnet_round_try(&rounds->validation, round.value);
}

static void
begin(NnetRounds *rounds)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet rounds", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	NnetModel *model = load(rounds);
	int done;

	rounds->stopping = nnet_stopping_make(&rounds->options.early_stopping, model, rounds->validates,
										  rounds->context);
	check_training(rounds, model);
	if (learn(rounds, model))
		model = load(rounds);
	check_validation(rounds, model);
	done = nnet_rounds_done(model, rounds->rounds);
	MemoryContextSwitchTo(caller);
	nnet_survey(&rounds->query, model, &rounds->survey);
	nnet_round_plan(&rounds->query, &rounds->survey, model, &rounds->plan);
	rounds->batch = nnet_round_batch(rounds, model);
	rounds->begins_anew = nnet_round_begins_anew(rounds, model);
	rounds->first = done + 1;
	if (done > 0)
		ereport(NOTICE,
				(errmsg("model \"%s\": going on with round %d of %d, where a call before has ended",
						model->name, rounds->first, rounds->rounds)));
	if (rounds->outer.momentum > 0)
	{
		nnet_memory_check(&(NnetMemoryNeed){
			.model = model->name,
			.action = "be trained in rounds with momentum",
			.bytes = {[NNET_MEMORY_SLOTS] = nnet_params_bytes(model)},
		});
		rounds->velocity = nnet_memory_alloc(rounds->context, nnet_params_bytes(model), true);
		if (done > 0)
			nnet_velocity_read(model, rounds->velocity);
	}
	MemoryContextDelete(context);
}

/* ---- a round ---- */

/* The model moves to where the average says. */
static void
take_average(const NnetRounds *rounds, Round *round, Datum average)
{
	NnetModel *model = round->model;
	NnetModel *after = nnet_model_value_load(average, NNET_LOAD_FOR_UPDATE, CurrentMemoryContext);

	if (after->core->n_params != model->core->n_params ||
		after->optimizer.n_slots != model->optimizer.n_slots)
		elog(ERROR, "the average of model \"%s\" is another model", model->name);
	nnet_outer_step(&rounds->outer, model->core, model->params, after->params, rounds->velocity);
	for (int i = 0; i < model->optimizer.n_slots; i++)
		memcpy(model->slots[i], after->slots[i], nnet_params_bytes(model));
	MemoryContextDelete(after->context);
}

static const NNValue *
validate(const NnetRounds *rounds, const Round *round)
{
	NnetModel model = *round->model;

	nnet_model_leave_out_slots(&model);
	return rounds->validates
		? nnet_round_validate(&rounds->validation, nnet_model_value_save(&model, round->rest))
		: NULL;
}

static const char *
ended_word(const NnetRounds *rounds, const Round *round, bool stops)
{
	if (stops)
		return "early_stopping";
	if (round->number == rounds->rounds)
		return "rounds";
	return "time_limit";
}

static void
append_entry(NnetModel *model, NNValue entry)
{
	MemoryContext caller = MemoryContextSwitchTo(model->context);
	int first;
	NNValue *history = nnet_history_begin(model, 1, &first);

	nnet_value_append(history, entry);
	MemoryContextSwitchTo(caller);
}

/* "round 2/5: loss 0.25, accuracy 0.9, val_loss ..." */
static void
say_round(const NnetRounds *rounds, const Round *round)
{
	const NNValue *metrics = nn_value_get(&round->entry, "metrics");
	StringInfoData line;
	double value;

	initStringInfo(&line);
	appendStringInfo(&line, "round %d/%d:", round->number, rounds->rounds);
	if (nnet_round_figure(&round->entry, "loss", &value))
		appendStringInfo(&line, " loss %.4g", value);
	if (nnet_round_figure(&round->entry, "val_loss", &value))
		appendStringInfo(&line, ", val_loss %.4g", value);
	for (int i = 0; i < metrics->count; i++)
		if (metrics->items[i].type == NN_V_NUMBER)
			appendStringInfo(&line, ", %s %.4g", metrics->keys[i], metrics->items[i].number);
	appendStringInfo(&line, ", %.2f s", nnet_seconds_since(round->start));
	ereport(NOTICE, (errmsg_internal("%s", line.data)));
}

/* What the round came to, and whether it is the last. */
static void
conclude(NnetRounds *rounds, Round *round, const NnetRoundResult *result)
{
	NnetModel *model = round->model;
	NNValue *entry = &round->entry;
	int64 steps;
	bool stops;
	int best;

	*entry = nnet_round_entry(result->reports, validate(rounds, round), &steps);
	nnet_value_set(entry, "seconds", nnet_value_seconds(nnet_seconds_since(round->start)));
	nnet_value_set(entry, "batch_size", nnet_value_number(rounds->batch));
	nnet_value_set(entry, "seed", nnet_value_integer(rounds->options.seed));
	nnet_value_set(entry, "round", nnet_value_number(round->number));
	/* those of the optimizer */
	model->training.steps = rounds->begins_anew ? 0 : Max(model->training.steps, steps);
	stops = nnet_stopping_look(rounds->stopping, model, entry, round->number);
	round->last = stops || round->number == rounds->rounds ||
		(rounds->options.time_limit > 0 &&
		 nnet_seconds_since(rounds->start) >= rounds->options.time_limit);
	if (round->last)
	{
		best = nnet_stopping_restore(rounds->stopping, model);
		nnet_value_set(entry, "ended", nnet_value_string(ended_word(rounds, round, stops)));
		nnet_value_set(entry, "epochs", nnet_value_number(round->number));
		if (best > 0)
			nnet_value_set(entry, "best", nnet_value_number(best));
	}
	append_entry(model, *entry);
	nnet_rounds_set_done(model, round->last ? rounds->rounds : round->number, rounds->rounds);
}

static bool
run_round(NnetRounds *rounds, int number)
{
	MemoryContext context =
		AllocSetContextCreate(rounds->context, "nnet round", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	Round round = {.number = number};
	NnetRoundResult result;
	NnetRow row = {.what = "round", .function = NNET_ROUNDS_FUNCTION, .number = number};

	nnet_row_enter(&row);
	EnsurePortalSnapshotExists();
	INSTR_TIME_SET_CURRENT(round.start);
	round.model = load(rounds);
	row.model = round.model->name;
	nnet_progress_begin(rounds->relid, number, rounds->rounds,
						(uint64) rounds->survey.rows * (uint64) rounds->options.epochs, context);
	nnet_progress_hold();
	pack(rounds, &round);
	nnet_round_run(&rounds->plan, round.value, local_options(rounds, round.model, number), &result);
	pfree(round.value);
	take_average(rounds, &round, result.average);
	conclude(rounds, &round, &result);
	if (rounds->velocity != NULL || round.last)
		nnet_velocity_save(round.model, round.last ? NULL : rounds->velocity);
	if (rounds->begins_anew)
		nnet_model_leave_out_slots(round.model);
	nnet_model_save(round.model);
	if (rounds->options.verbose)
		say_round(rounds, &round);
	nnet_row_leave(&row);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return round.last;
}

static void
commit(void)
{
	SPI_commit();
	/* before PostgreSQL 15 it does not begin by itself */
	SPI_start_transaction();
}

static void
check_nonatomic(FunctionCallInfo fcinfo)
{
	if (fcinfo->context == NULL || !IsA(fcinfo->context, CallContext) ||
		castNode(CallContext, fcinfo->context)->atomic)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TRANSACTION_TERMINATION),
				 errmsg(NNET_ROUNDS_FUNCTION "() cannot be called within a transaction"),
				 errhint("It commits after each round: call it by a CALL of its own, outside of "
						 "BEGIN and of functions, and not in one string with other statements.")));
}

Datum
nnet_fit_rounds(PG_FUNCTION_ARGS)
{
	NnetRounds rounds = {.context = NULL};
	bool last = false;

	check_nonatomic(fcinfo);
	PreventCommandIfReadOnly(NNET_ROUNDS_FUNCTION "()");
	if (SPI_connect_ext(SPI_OPT_NONATOMIC) != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	EnsurePortalSnapshotExists();
	rounds.context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet fit_rounds", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(rounds.context);
	INSTR_TIME_SET_CURRENT(rounds.start);
	read_arguments(fcinfo, &rounds);
	begin(&rounds);
	commit();
	for (int number = rounds.first; number <= rounds.rounds && !last; number++)
	{
		last = run_round(&rounds, number);
		commit();
	}
	SPI_finish();
	PG_RETURN_VOID();
}
