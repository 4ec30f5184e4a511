/*
 * candidate.c
 *	  Candidates: what a query gives of each, and the models made of that.
 *
 * A row becomes a jsonb object, whatever its columns' types, of which known keys
 * are taken; what else is there describes the candidate.
 */
#include "pg/search/search.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/memutils.h"
#include "utils/plancache.h"

#define MOST_CANDIDATES 10000

static const char *const known[] = {
	"name", "layers", "loss", "optimizer", "metrics", "loss_weights", "weighted_metrics", "options",
};

/* ---- what a row says ---- */

/* NULL for JSON's null, too. */
static const NNValue *
get(const NNValue *row, const char *key)
{
	const NNValue *value = nn_value_get(row, key);

	return value == NULL || value->type == NN_V_NULL ? NULL : value;
}

static bool
is_known(const char *key)
{
	for (int i = 0; i < (int) lengthof(known); i++)
		if (strcmp(known[i], key) == 0)
			return true;
	return false;
}

static Jsonb *
other_columns(const NNValue *row)
{
	NNValue others = nnet_value_object(row->count);

	for (int i = 0; i < row->count; i++)
		if (!is_known(row->keys[i]))
			nnet_value_set(&others, row->keys[i], row->items[i]);
	return nnet_value_to_jsonb(&others);
}

/* Names as compile takes them: of a column of text, too. */
static NNValue
names(const NNValue *row, const char *key, const char *what)
{
	const NNValue *value = get(row, key);

	if (value == NULL)
		return nnet_value_null();
	return value->type == NN_V_STRING ? nnet_names_text(unconstify(char *, value->string), what)
									  : *value;
}

static NNValue
loss_weights(const NNValue *row)
{
	const NNValue *value = get(row, "loss_weights");

	return value == NULL ? nnet_value_null() : *value;
}

static NNValue
default_optimizer(void)
{
	return nnet_optimizer_value(nnet_value_string("adam"));
}

static void
read_given(const NNValue *row, NnetGiven *given)
{
	NNValue optimizer = names(row, "optimizer", "optimizer");

	*given = (NnetGiven){
		.loss = names(row, "loss", "loss"),
		.optimizer =
			optimizer.type == NN_V_NULL ? default_optimizer() : nnet_optimizer_value(optimizer),
		.metrics = names(row, "metrics", "metric"),
		.loss_weights = loss_weights(row),
		.weighted_metrics = names(row, "weighted_metrics", "metric"),
	};
	if (given->loss.type == NN_V_NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the candidate has no loss"),
				 errhint("Give the candidates' query a column loss, such as 'mse' AS loss.")));
}

static const NNValue *
read_layers(const NNValue *row)
{
	const NNValue *layers = get(row, "layers");

	if (layers == NULL || layers->type != NN_V_ARRAY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the candidate has no array of layers"),
				 errhint("Give the candidates' query a column layers, such as "
						 "ARRAY[nnet.input(4), nnet.dense(1)] AS layers.")));
	return layers;
}

/* ---- options ---- */

/* Options of all, but what a candidate's own say. */
static void
merge_options(NNValue *merged, const NNValue *options, const NNValue *own)
{
	int room = (options != NULL ? options->count : 0) + (own != NULL ? own->count : 0);

	*merged = nnet_value_object(room);
	for (int i = 0; options != NULL && i < options->count; i++)
		if (own == NULL || nn_value_get(own, options->keys[i]) == NULL)
			nnet_value_set(merged, options->keys[i], options->items[i]);
	for (int i = 0; own != NULL && i < own->count; i++)
		nnet_value_set(merged, own->keys[i], own->items[i]);
}

static void
refuse_option(const char *name, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("option \"%s\" is not for trainings without a fold", name),
			 errhint("%s", hint)));
}

void
nnet_candidate_check(const NnetFitOptions *options)
{
	if (options->validation_split > 0 || options->stratify)
		refuse_option("validation_split",
					  "The rows of a fold are what a training is validated by; "
					  "the argument stratify shares out classes.");
	if (options->concurrency > 1)
		refuse_option("concurrency", "A search shares out nnet.threads among its trainings.");
	if (!options->slots)
		refuse_option("slots", "Set slots of the best model to NULL when it is found.");
}

static void
read_options(NnetCandidate *candidate, const NNValue *options, const NNValue *own)
{
	NNValue merged;

	if (own != NULL && own->type != NN_V_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the candidate's options are not a JSON object"),
				 errhint("Make them by nnet.options().")));
	merge_options(&merged, options, own);
	nnet_fit_options(nnet_value_to_jsonb(&merged), NULL, &candidate->options);
	nnet_candidate_check(&candidate->options);
}

/* ---- the model ---- */

NnetModel *
nnet_candidate_model(const NnetCandidate *candidate, MemoryContext context)
{
	NnetModel *model = nnet_model_make(candidate->layers, candidate->name, context);
	MemoryContext caller = MemoryContextSwitchTo(model->context);

	nnet_model_compile(model, &candidate->given);
	MemoryContextSwitchTo(caller);
	return model;
}

/* Layers that learn from the rows must be able to, where they are. */
static void
check_learning(const NnetModel *model)
{
	NNError error = {.code = NN_OK};

	for (int i = 0; i < model->core->n_layers; i++)
		if (nn_adapt_bytes(model->core, i) > 0 &&
			!nn_adapt_check(model->core, &model->objectives, i, &error))
			nnet_core_error(&error, model->name);
}

static void
find_score(NnetCandidate *candidate, const char *scoring)
{
	const char *name = strncmp(scoring, "val_", 4) == 0 ? scoring + 4 : scoring;
	static const NNScores none;
	NnetFigure *figures;
	StringInfoData list;
	int n = nnet_scores_figures(candidate->model, &none, &figures);

	candidate->n_figures = n;
	candidate->figures = figures;
	for (int i = 0; i < n; i++)
		figures[i].name = pstrdup(figures[i].name);
	candidate->score = nnet_figure_find(figures, n, name);
	if (candidate->score >= 0)
	{
		candidate->rises = figures[candidate->score].rises;
		return;
	}
	candidate->unscored = true;
	initStringInfo(&list);
	nnet_figures_list(&list, figures, n, "");
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("model \"%s\" has no figure \"%s\" to be scored by", candidate->name, scoring),
			 nnet_figure_detail(figures, n, name),
			 errhint("It has: %s. Metrics are those it is compiled with.", list.data)));
}

/* ---- candidates ---- */

static void
make_model(NnetCandidate *candidate, const char *scoring)
{
	candidate->model = nnet_candidate_model(candidate, CurrentMemoryContext);
	nnet_warn_of_doubts(candidate->model);
	check_learning(candidate->model);
	find_score(candidate, scoring);
	/* that its options fit it, which each training would find out for itself */
	(void) nnet_steering_make(&candidate->options, candidate->model, true,
							  candidate->model->context);
}

NnetCandidate *
nnet_candidate_make(const char *name, const NNValue *layers, const NnetGiven *given,
					const NNValue *options, const char *scoring)
{
	NnetCandidate *candidate = palloc0(sizeof(NnetCandidate));

	candidate->name = pstrdup(name);
	candidate->layers = layers;
	candidate->given = *given;
	read_options(candidate, options, NULL);
	make_model(candidate, scoring);
	return candidate;
}

/* One row of the query. */
typedef struct Reading
{
	NnetCandidate *candidate;
	const NNValue *row;
	const NNValue *options;
	const char *scoring;
} Reading;

static void
read_candidate(void *arg)
{
	Reading *reading = arg;
	NnetCandidate *candidate = reading->candidate;

	candidate->layers = read_layers(reading->row);
	read_given(reading->row, &candidate->given);
	read_options(candidate, reading->options, get(reading->row, "options"));
	make_model(candidate, reading->scoring);
}

/* Of the name only if it is text: a number is one, too. */
static char *
candidate_name(const NNValue *row, int number)
{
	const NNValue *name = get(row, "name");

	if (name == NULL)
		return psprintf("%d", number);
	if (name->type == NN_V_STRING)
		return pstrdup(name->string);
	return nnet_value_to_text(name);
}

/*
 * One query, each row of which is jsonb: what is given is text, and may end what is around
 * it.  The star makes it the row, where it has a column of that name, too.
 */
static SPIPlanPtr
prepare_query(const char *query)
{
	const CachedPlanSource *source;
	SPIPlanPtr plan = nnet_prepare_query(
		psprintf("SELECT pg_catalog.to_jsonb(candidate.*) FROM (\n%s\n) AS candidate",
				 nnet_without_semicolon(query)),
		0, &source);
	TupleDesc desc = source != NULL ? source->resultDesc : NULL;

	if (desc == NULL || desc->natts != 1 || SPI_gettypeid(desc, 1) != JSONBOID)
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR), errmsg("the candidates' query is not one query"),
				 errhint("Give one SELECT, VALUES or TABLE, with a row for each candidate.")));
	return plan;
}

/* Copies of the rows, in the context that is current. */
static NNValue **
run_query(const char *query, int *n)
{
	MemoryContext caller = CurrentMemoryContext;
	NNValue **rows;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_plan(prepare_query(query), NULL, NULL, false, MOST_CANDIDATES + 1) !=
		SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(SPI_result));
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND), errmsg("the candidates' query gives no rows"),
				 errhint("It gives a row for each candidate: its name, layers, loss, ...")));
	if (SPI_processed > MOST_CANDIDATES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("there are more than %d candidates", MOST_CANDIDATES)));
	*n = (int) SPI_processed;
	rows = MemoryContextAlloc(caller, sizeof(NNValue *) * *n);
	for (int i = 0; i < *n; i++)
	{
		bool isnull;
		Datum row = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull);
		MemoryContext spi = MemoryContextSwitchTo(caller);

		rows[i] = nnet_value_from_jsonb(DatumGetJsonbPCopy(row));
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	return rows;
}

/* A figure that no candidate has is the statement's fault. */
static void
check_scoring(const NnetCandidate *candidates, int n)
{
	const NnetCandidate *unscored = NULL;

	for (int i = 0; i < n; i++)
	{
		if (!candidates[i].fault.is)
			return;
		if (candidates[i].unscored && unscored == NULL)
			unscored = &candidates[i];
	}
	if (unscored != NULL)
		nnet_fault_raise(&unscored->fault);
}

NnetCandidate *
nnet_candidates_read(const char *query, const NNValue *options, const char *scoring, int *n)
{
	NNValue **rows = run_query(query, n);
	NnetCandidate *candidates = palloc0(sizeof(NnetCandidate) * *n);

	for (int i = 0; i < *n; i++)
	{
		Reading reading = {&candidates[i], rows[i], options, scoring};

		nnet_check_interrupts();
		candidates[i].name = candidate_name(rows[i], i + 1);
		candidates[i].params = other_columns(rows[i]);
		if (!nnet_attempt(read_candidate, &reading, &candidates[i].fault, CurrentMemoryContext))
			candidates[i].model = NULL;
	}
	check_scoring(candidates, *n);
	return candidates;
}

/* ---- what trials came to ---- */

void
nnet_candidate_begin(NnetCandidate *candidate, int folds)
{
	candidate->training = palloc0(sizeof(double) * folds * candidate->n_figures);
	candidate->validation = palloc0(sizeof(double) * folds * candidate->n_figures);
	candidate->epochs = palloc0(sizeof(int) * folds);
	candidate->seconds = palloc0(sizeof(double) * folds);
}

double
nnet_candidate_mean(const NnetCandidate *candidate, int figure, bool validation, int folds)
{
	const double *values = validation ? candidate->validation : candidate->training;
	double sum = 0;

	for (int f = 0; f < folds; f++)
		sum += values[f * candidate->n_figures + figure];
	return sum / folds;
}

double
nnet_candidate_deviation(const NnetCandidate *candidate, int folds)
{
	double mean = nnet_candidate_mean(candidate, candidate->score, true, folds);
	double sum = 0;

	for (int f = 0; f < folds; f++)
	{
		double distance = candidate->validation[f * candidate->n_figures + candidate->score] - mean;

		sum += distance * distance;
	}
	return sqrt(sum / folds);
}
