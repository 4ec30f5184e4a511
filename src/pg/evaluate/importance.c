/*
 * importance.c
 *	  The aggregate nnet.permutation_importance(model, x, y [, options]): how much
 *	  worse a model gets when one feature is taken from other rows (Breiman 2001),
 *	  as scikit-learn's permutation_importance.
 *
 * Rows are kept as records, in memory, and so all of one length.  A feature is
 * shuffled in copies of a batch of them: where its values come from is computed
 * (data/order.c), so that a repetition takes no memory but that of a batch.
 *
 * Lifetimes: the state, its records and a model of its own are in the aggregate's
 * context; what a repetition needs is in a context that is reset after it.
 */
#include "pg/data/order.h"
#include "pg/data/port.h"
#include "pg/metrics/tally.h"
#include "pg/train/train.h"

#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include <math.h>

#define BATCH_RECORDS 1024
#define BATCH_BYTES ((size_t) 4 << 20) /* of copies, but for one record that is longer */
#define ASKED_BYTES ((size_t) 1 << 20)
#define FIRST_RECORDS 64

PG_FUNCTION_INFO_V1(nnet_permutation_importance_transition);
PG_FUNCTION_INFO_V1(nnet_permutation_importance_final);

typedef struct ImportanceOptions
{
	int repeats;
	int64 seed;
	const char *metric;
} ImportanceOptions;

static const NnetOption importance_options[] = {
	{
		.name = "repeats",
		.type = NNET_OPTION_INT,
		.offset = offsetof(ImportanceOptions, repeats),
		.def = 5,
		.min = 1,
		.max = 10000,
	},
	{
		.name = "seed",
		.type = NNET_OPTION_BIGINT,
		.offset = offsetof(ImportanceOptions, seed),
		.min = (double) PG_INT64_MIN,
		.max = (double) PG_INT64_MAX,
	},
	{
		.name = "metric",
		.type = NNET_OPTION_TEXT,
		.offset = offsetof(ImportanceOptions, metric),
		.text = "loss",
	},
};

static const NnetOptionTable importance_table = {
	"permutation_importance",
	"'{\"repeats\": 10, \"metric\": \"accuracy\"}'",
	importance_options,
	lengthof(importance_options),
};

/* What is shuffled together: values of an input, side by side. */
typedef struct Feature
{
	const char *name;
	int input;
	size_t first;
	size_t count;
} Feature;

typedef struct ImportanceState
{
	MemoryContext context;
	Oid relid;
	NnetModel *model;
	NnetRecorder *recorder;
	const Jsonb *given; /* the options as they came; NULL: none */
	ImportanceOptions options;
	int metric; /* among the model's figures */
	int n_features;
	Feature *features; /* NULL: no row yet */
	size_t record_bytes;
	char *records;
	int64 n;
	int64 room;
	int64 rows;		/* with those passed over */
	size_t counted; /* bytes that records are counted with */
	MemoryContextCallback uncount;
	NnetRunner *runner;
	char *batch; /* copies */
	int batch_records;
	bool done;
	Datum result;
} ImportanceState;

/* ---- rows ---- */

static void
find_metric(ImportanceState *state)
{
	static const NNScores none;
	NnetFigure *figures;
	int n = nnet_scores_figures(state->model, &none, &figures);
	StringInfoData list;

	state->metric = nnet_figure_find(figures, n, state->options.metric);
	if (state->metric >= 0)
		return;
	initStringInfo(&list);
	nnet_figures_list(&list, figures, n, "");
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\" has no metric \"%s\"", state->model->name, state->options.metric),
			 nnet_figure_detail(figures, n, state->options.metric),
			 errhint("It has %s.", list.data)));
}

/* The records are freed with the context. */
static void
uncount(void *arg)
{
	nnet_memory_give(((ImportanceState *) arg)->counted);
}

static Jsonb *
options_argument(FunctionCallInfo fcinfo)
{
	return PG_NARGS() > 4 && !PG_ARGISNULL(4) ? PG_GETARG_JSONB_P(4) : NULL;
}

static ImportanceState *
begin_state(FunctionCallInfo fcinfo, MemoryContext aggregate)
{
	ImportanceState *state = MemoryContextAllocZero(aggregate, sizeof(ImportanceState));
	MemoryContext old = MemoryContextSwitchTo(aggregate);
	NNValue *options = NULL;

	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the model to judge is NULL")));
	if (options_argument(fcinfo) != NULL)
	{
		Jsonb *given = (Jsonb *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(4));

		state->given = given;
		options = nnet_value_from_jsonb(given);
	}
	nnet_options_parse(&importance_table, options, &state->options);
	state->options.seed = nnet_options_seed(options, state->options.seed, NULL);
	state->context = aggregate;
	state->uncount = (MemoryContextCallback){.func = uncount, .arg = state};
	MemoryContextRegisterResetCallback(aggregate, &state->uncount);
	state->relid = PG_GETARG_OID(1);
	nnet_core_start(nnet_threads_for_fit());
	state->model = nnet_model_load(state->relid, 0, aggregate);
	if (!state->model->training.compiled)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\" is not compiled", state->model->name),
				 errhint("Call nnet.compile() first, to say by which loss to evaluate it.")));
	find_metric(state);
	state->recorder =
		nnet_recorder_make(get_fn_expr_argtype(fcinfo->flinfo, 2),
						   get_fn_expr_argtype(fcinfo->flinfo, 3), state->model, false, aggregate);
	if (nn_record_varies(state->recorder->format))
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("rows of model \"%s\" may differ in their number of steps", state->model->name),
			 errhint("Features are shuffled among rows of one shape.")));
	MemoryContextSwitchTo(old);
	return state;
}

static void
add_feature(ImportanceState *state, const char *name, int input, size_t first)
{
	state->features[state->n_features++] =
		(Feature){.name = name, .input = input, .first = first, .count = 1};
}

/* Each input, of several; else each column of a row, or each value. */
static void
find_features(ImportanceState *state)
{
	const NNRecordFormat *format = state->recorder->format;
	MemoryContext old = MemoryContextSwitchTo(state->context);
	size_t n = format->n_inputs > 1 ? (size_t) format->n_inputs : format->inputs[0].count;

	state->features = MemoryContextAllocHuge(state->context, Max(n, 1) * sizeof(Feature));
	for (size_t i = 0; i < n; i++)
	{
		const char *column;

		if (format->n_inputs > 1)
		{
			add_feature(state, nn_layer_name(nn_model_input(state->model->core, (int) i)), (int) i,
						0);
			state->features[i].count = format->inputs[i].count;
			continue;
		}
		column = nnet_inputs_column(state->recorder->inputs, i);
		if (column == NULL)
			add_feature(state, psprintf("%zu", i + 1), 0, i);
		else if (i > 0 && strcmp(column, state->features[state->n_features - 1].name) == 0)
			state->features[state->n_features - 1].count++;
		else
			add_feature(state, column, 0, i);
	}
	MemoryContextSwitchTo(old);
}

static char *
record_room(ImportanceState *state, size_t bytes)
{
	state->record_bytes = bytes;
	if (state->n == state->room)
	{
		int64 room = Max(2 * state->room, FIRST_RECORDS);
		size_t had = (size_t) state->room * bytes;

		if ((size_t) room * bytes >= ASKED_BYTES)
			nnet_memory_check(&(NnetMemoryNeed){
				.model = state->model->name,
				.action = psprintf("keep " INT64_FORMAT " rows", state->n + 1),
				.hint = "Take a sample of the rows: TABLESAMPLE, or WHERE random() < 0.1.",
				.bytes = {[NNET_MEMORY_ROWS] = (size_t) room * bytes},
			});
		if (state->records == NULL)
			state->records = MemoryContextAllocHuge(state->context, (size_t) room * bytes);
		else
			state->records = repalloc_huge(state->records, (size_t) room * bytes);
		nnet_memory_take((size_t) room * bytes - had);
		state->counted += (size_t) room * bytes - had;
		state->room = room;
	}
	return state->records + (size_t) state->n++ * bytes;
}

Datum
nnet_permutation_importance_transition(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate;
	ImportanceState *state;
	NnetRow row = {.what = "row", .function = "nnet.permutation_importance"};
	size_t bytes;

	if (AggCheckCallContext(fcinfo, &aggregate) != AGG_CONTEXT_AGGREGATE)
		elog(ERROR, "nnet_permutation_importance_transition called in non-aggregate context");
	if (PG_ARGISNULL(0))
		state = begin_state(fcinfo, aggregate);
	else
		state = (ImportanceState *) PG_GETARG_POINTER(0);
	row.number = ++state->rows;
	row.model = state->model->name;
	nnet_row_enter(&row);
	if (PG_ARGISNULL(1) || PG_GETARG_OID(1) != state->relid)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the model changes within a group of rows of "
						"nnet.permutation_importance()"),
				 errhint("Add GROUP BY with what the model follows from.")));
	nnet_options_check_same(state->given, options_argument(fcinfo), row.function);
	if (!PG_ARGISNULL(2) && !PG_ARGISNULL(3))
	{
		nnet_recorder_take(state->recorder, PG_GETARG_DATUM(2));
		bytes = nnet_recorder_read(state->recorder, state->model);
		nnet_recorder_write(state->recorder, state->model, PG_GETARG_DATUM(3),
							record_room(state, bytes));
		if (state->features == NULL)
			find_features(state);
	}
	nnet_row_leave(&row);
	PG_RETURN_POINTER(state);
}

/* ---- scores ---- */

/* A batch of records as they are, or with a feature that others have. */
static void
evaluate_batch(ImportanceState *state, int64 from, int n, const Feature *feature,
			   const NnetShuffle *shuffle)
{
	const NNRecordFormat *format = state->recorder->format;
	const NNRecordHead head = {.steps = {{0}}};
	const void *records[BATCH_RECORDS];
	size_t at = 0, bytes = 0;

	if (feature != NULL)
	{
		size_t each = format->inputs[feature->input].bytes ? 1 : sizeof(float);

		at = nn_record_x_at(format, &head, feature->input) + feature->first * each;
		bytes = feature->count * each;
	}
	for (int i = 0; i < n; i++)
	{
		const char *record = state->records + (size_t) (from + i) * state->record_bytes;
		char *copy = state->batch + (size_t) i * state->record_bytes;

		records[i] = record;
		if (feature == NULL)
			continue;
		memcpy(copy, record, state->record_bytes);
		memcpy(copy + at,
			   state->records +
				   nnet_shuffle_at(shuffle, (uint64) (from + i)) * state->record_bytes + at,
			   bytes);
		records[i] = copy;
	}
	nnet_runner_evaluate(state->runner, records, (size_t) n);
}

/* What the metric comes to, the higher the better. */
static double
score(ImportanceState *state, const Feature *feature, uint64 seed)
{
	NnetShuffle shuffle;
	NNScores scores;
	NnetFigure *figures;

	nnet_shuffle_init(&shuffle, (uint64) state->n, seed);
	for (int64 from = 0; from < state->n; from += state->batch_records)
	{
		nnet_check_interrupts();
		evaluate_batch(state, from, (int) Min(state->n - from, state->batch_records), feature,
					   &shuffle);
	}
	nnet_runner_scores(state->runner, &scores);
	nnet_scores_figures(state->model, &scores, &figures);
	if (scores.values != NULL)
		pfree(scores.values);
	return figures[state->metric].rises ? figures[state->metric].value
										: -figures[state->metric].value;
}

/* Mean and deviation (of all, as NumPy's std) of what is lost. */
static void
measure(ImportanceState *state, int number, double whole, double *mean, double *std)
{
	int n = state->options.repeats;
	double sum = 0, squares = 0;
	double *losses = palloc(n * sizeof(double));

	for (int r = 0; r < n; r++)
	{
		uint64 seed = hash_combine64(hash_combine64((uint64) state->options.seed, (uint64) number),
									 (uint64) r);

		losses[r] = whole - score(state, &state->features[number], seed);
		sum += losses[r];
	}
	*mean = sum / n;
	for (int r = 0; r < n; r++)
		squares += (losses[r] - *mean) * (losses[r] - *mean);
	*std = sqrt(squares / n);
}

static Datum
measure_all(ImportanceState *state, FunctionCallInfo fcinfo)
{
	MemoryContext each =
		AllocSetContextCreate(CurrentMemoryContext, "nnet importance", ALLOCSET_DEFAULT_SIZES);
	double whole = score(state, NULL, 0);
	RowArray rows;

	row_array_begin(&rows, fcinfo);
	for (int f = 0; f < state->n_features; f++)
	{
		MemoryContext old = MemoryContextSwitchTo(each);
		double mean, std;

		measure(state, f, whole, &mean, &std);
		MemoryContextSwitchTo(old);
		MemoryContextReset(each);
		row_array_add(&rows,
					  (Datum[]){CStringGetTextDatum(state->features[f].name), Float8GetDatum(mean),
								Float8GetDatum(std)},
					  (bool[]){false, false, false});
	}
	return row_array_end(&rows);
}

Datum
nnet_permutation_importance_final(PG_FUNCTION_ARGS)
{
	ImportanceState *state;
	MemoryContext old;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "nnet_permutation_importance_final called in non-aggregate context");
	state = PG_ARGISNULL(0) ? NULL : (ImportanceState *) PG_GETARG_POINTER(0);
	if (state == NULL)
		nnet_report_no_rows("nnet.permutation_importance()");
	else if (state->n == 0)
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("features of model \"%s\" are not shuffled: x or y of all " INT64_FORMAT
						" rows is NULL",
						state->model->name, state->rows)));
	if (state == NULL || state->n == 0)
		PG_RETURN_NULL();
	if (state->done)
		PG_RETURN_DATUM(state->result);
	old = MemoryContextSwitchTo(state->context);
	state->batch_records =
		(int) Max(Min(BATCH_BYTES / state->record_bytes, Min(state->n, BATCH_RECORDS)), 1);
	state->runner = nnet_runner_make(state->model, state->recorder->format, state->batch_records,
									 nnet_threads_for_fit(), state->context);
	state->batch =
		nnet_memory_alloc(state->context, state->batch_records * state->record_bytes, false);
	state->result = measure_all(state, fcinfo);
	state->done = true;
	MemoryContextSwitchTo(old);
	PG_RETURN_DATUM(state->result);
}
