/*
 * search.c
 *	  nnet.search() and nnet.cross_validate().
 *
 * A search reads its candidates, then its rows, trains each candidate without each
 * fold, and ranks them by the mean of what they come to on the folds.
 *
 * Lifetimes: everything is in the context of the call.
 */
#include "pg/search/search.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(nnet_search);
PG_FUNCTION_INFO_V1(nnet_cross_validate);

/* ---- arguments ---- */

static char *
text_argument(FunctionCallInfo fcinfo, int argument, const char *what)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s is NULL", what)));
	return text_to_cstring(PG_GETARG_TEXT_PP(argument));
}

static int
folds_argument(FunctionCallInfo fcinfo, int argument)
{
	int folds = PG_ARGISNULL(argument) ? 5 : PG_GETARG_INT32(argument);

	if (folds < 2 || folds > NNET_MOST_FOLDS)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("rows can be shared out among 2 to %d folds, not %d", NNET_MOST_FOLDS, folds)));
	return folds;
}

/* As given, checked, with a seed. */
static NNValue *
options_argument(FunctionCallInfo fcinfo, int argument)
{
	Jsonb *given = PG_ARGISNULL(argument) ? NULL : PG_GETARG_JSONB_P(argument);
	NNValue *options = palloc(sizeof(NNValue));
	NnetFitOptions parsed;

	nnet_fit_options(given, NULL, &parsed);
	nnet_candidate_check(&parsed);
	*options = given != NULL ? *nnet_value_from_jsonb(given) : nnet_value_object(1);
	if (nn_value_get(options, "seed") == NULL || nn_value_get(options, "seed")->type == NN_V_NULL)
	{
		*options = nnet_value_without(options, NNET_KEYS("seed"), 1);
		nnet_value_set(options, "seed", nnet_value_integer(parsed.seed));
	}
	return options;
}

static NnetFoldsWanted
folds_wanted(FunctionCallInfo fcinfo, int folds, int stratify, const NNValue *options)
{
	int64 seed = 0;

	(void) nnet_value_int64(nn_value_get(options, "seed"), &seed);
	return (NnetFoldsWanted){
		.k = folds_argument(fcinfo, folds),
		.stratify = PG_ARGISNULL(stratify) ? -1 : PG_GETARG_BOOL(stratify),
		.seed = (uint64) seed,
	};
}

/* ---- all of it ---- */

/* Losses of different kinds are not to be compared. */
static void
check_losses(const NnetCandidate *candidates, int n)
{
	const Jsonb *first = NULL;

	for (int i = 0; i < n; i++)
	{
		const Jsonb *loss;

		if (candidates[i].fault.is || candidates[i].score != 0)
			continue;
		loss = nnet_value_to_jsonb(&candidates[i].given.loss);
		if (first == NULL)
			first = loss;
		else if (VARSIZE(first) != VARSIZE(loss) || memcmp(first, loss, VARSIZE(loss)) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("candidates with different losses cannot be compared by their loss"),
					 errhint("Give all the same loss, or score them by a metric that all have: "
							 "scoring => 'accuracy'.")));
	}
}

static void
run(NnetSearchRows *rows, const char *query, const NnetFoldsWanted *wanted,
	NnetCandidate *candidates, int n)
{
	nnet_search_rows_read(rows, query, wanted, candidates, n);
	if (rows->folds == NULL)
		return;
	for (int i = 0; i < n; i++)
		if (!candidates[i].fault.is)
			nnet_candidate_begin(&candidates[i], nnet_folds_count(rows->folds));
	nnet_trials_run(rows, candidates, n);
}

/* ---- ranks ---- */

typedef struct Ranked
{
	NnetCandidate *candidate;
	int number;
	double score; /* the smaller the better; of those that failed infinite */
} Ranked;

static int
compare_ranks(const void *a, const void *b)
{
	const Ranked *x = a;
	const Ranked *y = b;

	if (x->candidate->fault.is != y->candidate->fault.is)
		return x->candidate->fault.is ? 1 : -1;
	if (x->score != y->score)
		return x->score < y->score ? -1 : 1;
	return x->number - y->number;
}

static Ranked *
rank(NnetCandidate *candidates, int n, int folds)
{
	Ranked *ranked = palloc(sizeof(Ranked) * n);

	for (int i = 0; i < n; i++)
	{
		NnetCandidate *candidate = &candidates[i];
		double mean =
			candidate->fault.is ? 0 : nnet_candidate_mean(candidate, candidate->score, true, folds);

		ranked[i] = (Ranked){candidate, i, candidate->rises ? -mean : mean};
	}
	qsort(ranked, n, sizeof(Ranked), compare_ranks);
	return ranked;
}

/* ---- results ---- */

static Datum
scores_array(const NnetCandidate *candidate, int folds)
{
	Datum *scores = palloc(sizeof(Datum) * folds);

	for (int f = 0; f < folds; f++)
		scores[f] =
			Float8GetDatum(candidate->validation[f * candidate->n_figures + candidate->score]);
	return PointerGetDatum(construct_array(scores, folds, FLOAT8OID, sizeof(float8),
										   FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* Of one fold, or means of all (fold -1): {"loss": ..., "val_loss": ...} */
static Datum
figures_object(const NnetCandidate *candidate, int fold, int folds)
{
	int n = candidate->n_figures;
	NnetFigure *figures = palloc(sizeof(NnetFigure) * n);
	NNValue object = nnet_value_object(2 * n);
	int next;

	memcpy(figures, candidate->figures, sizeof(NnetFigure) * n);
	for (int validation = 0; validation <= 1; validation++)
	{
		const double *values = validation ? candidate->validation : candidate->training;

		for (int i = 0; i < n; i++)
			figures[i].value = fold >= 0 ? values[fold * n + i]
										 : nnet_candidate_mean(candidate, i, validation, folds);
		for (int i = 0; i < n; i = next)
		{
			const char *name = psprintf("%s%s", validation ? "val_" : "", figures[i].name);

			nnet_value_set(&object, name, nnet_figure_value(figures, n, i, &next));
		}
	}
	return JsonbPGetDatum(nnet_value_to_jsonb(&object));
}

static double
seconds_of(const NnetCandidate *candidate, int folds)
{
	double seconds = 0;

	for (int f = 0; f < folds && candidate->seconds != NULL; f++)
		seconds += candidate->seconds[f];
	return seconds;
}

/* 'unknown loss "msa" (Losses are: ...)' */
static char *
fault_text(const NnetFault *fault)
{
	const char *detail = fault->detail != NULL ? fault->detail : "";
	const char *hint = fault->hint != NULL ? fault->hint : "";

	if (detail[0] == '\0' && hint[0] == '\0')
		return fault->message;
	return psprintf("%s (%s%s%s)", fault->message, detail,
					detail[0] != '\0' && hint[0] != '\0' ? " " : "", hint);
}

/* rank, candidate, params, score, std, scores, metrics, seconds, error */
static void
put_candidate(FunctionCallInfo fcinfo, int rank, const NnetCandidate *candidate, int folds)
{
	Datum values[9];
	bool nulls[9] = {false};
	bool scored = candidate->done > 0 && candidate->done == folds;

	values[0] = Int32GetDatum(rank);
	nulls[0] = !scored;
	values[1] = CStringGetTextDatum(candidate->name);
	values[2] = JsonbPGetDatum(candidate->params);
	for (int i = 3; i <= 6; i++)
		nulls[i] = !scored;
	if (scored)
	{
		values[3] = Float8GetDatum(nnet_candidate_mean(candidate, candidate->score, true, folds));
		values[4] = Float8GetDatum(nnet_candidate_deviation(candidate, folds));
		values[5] = scores_array(candidate, folds);
		values[6] = figures_object(candidate, -1, folds);
	}
	values[7] = Float8GetDatum(seconds_of(candidate, folds));
	nulls[8] = !candidate->fault.is;
	if (candidate->fault.is)
		values[8] = CStringGetTextDatum(fault_text(&candidate->fault));
	nnet_put_row(fcinfo, values, nulls);
}

/* ---- search ---- */

static void
make_best(FunctionCallInfo fcinfo, const Ranked *ranked, const NnetSearchRows *rows)
{
	if (PG_ARGISNULL(0))
		return;
	if (ranked[0].candidate->fault.is)
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("model \"%s\" is not made: no candidate could be trained",
						text_to_cstring(PG_GETARG_TEXT_PP(0)))));
	else
		nnet_best_make(PG_GETARG_TEXT_PP(0), ranked[0].candidate, rows);
}

/* nnet.search(name, candidates, rows, folds, scoring, stratify, options) */
Datum
nnet_search(PG_FUNCTION_ARGS)
{
	NnetSearchRows rows = {.function = "nnet.search"};
	char *candidates_query = text_argument(fcinfo, 1, "the candidates' query");
	char *rows_query = text_argument(fcinfo, 2, "the rows' query");
	char *scoring = text_argument(fcinfo, 4, "the scoring");
	NNValue *options = options_argument(fcinfo, 6);
	NnetFoldsWanted wanted = folds_wanted(fcinfo, 3, 5, options);
	NnetCandidate *candidates;
	Ranked *ranked;
	int folds;
	int n;

	if (!PG_ARGISNULL(0))
	{
		PreventCommandIfReadOnly("nnet.search()");
		nnet_best_check(PG_GETARG_TEXT_PP(0));
	}
	PreventCommandIfParallelMode("nnet.search()");
	InitMaterializedSRF(fcinfo, 0);
	candidates = nnet_candidates_read(candidates_query, options, scoring, &n);
	check_losses(candidates, n);
	run(&rows, rows_query, &wanted, candidates, n);
	folds = rows.folds != NULL ? nnet_folds_count(rows.folds) : 0;
	ranked = rank(candidates, n, folds);
	make_best(fcinfo, ranked, &rows);
	for (int i = 0; i < n; i++)
		put_candidate(fcinfo, i + 1, ranked[i].candidate, folds);
	nnet_search_rows_free(&rows);
	return (Datum) 0;
}

/* ---- cross_validate ---- */

static const NNValue *
layers_argument(FunctionCallInfo fcinfo)
{
	NNValue *layers = palloc(sizeof(NNValue));
	Datum *elements;
	bool *nulls;
	int n;

	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the layers are NULL")));
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), JSONBOID, -1, false, TYPALIGN_INT, &elements,
					  &nulls, &n);
	*layers = nnet_value_array(n);
	for (int i = 0; i < n; i++)
		nnet_value_append(layers,
						  nulls[i] ? nnet_value_null()
								   : *nnet_value_from_jsonb(DatumGetJsonbP(elements[i])));
	return layers;
}

static void
get_given(FunctionCallInfo fcinfo, NnetGiven *given)
{
	*given = (NnetGiven){
		.loss = nnet_names_argument(fcinfo, 3, "loss"),
		.optimizer = nnet_optimizer_value(nnet_names_argument(fcinfo, 4, "optimizer")),
		.metrics = nnet_names_argument(fcinfo, 5, "metric"),
	};
	if (given->loss.type == NN_V_NULL || given->optimizer.type == NN_V_NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s is NULL", given->loss.type == NN_V_NULL ? "the loss" : "the optimizer")));
}

/* fold, score, metrics, epochs, samples, val_samples, seconds */
static void
put_fold(FunctionCallInfo fcinfo, const NnetCandidate *candidate, const NnetSearchRows *rows,
		 int fold)
{
	Datum values[7];
	bool nulls[7] = {false};
	uint64 samples;
	uint64 from;
	uint64 to;

	(void) nnet_folds_without(rows->folds, fold, &samples);
	(void) nnet_folds_of(rows->folds, fold, &from, &to);
	values[0] = Int32GetDatum(fold + 1);
	values[1] =
		Float8GetDatum(candidate->validation[fold * candidate->n_figures + candidate->score]);
	values[2] = figures_object(candidate, fold, 0);
	values[3] = Int32GetDatum(candidate->epochs[fold]);
	values[4] = Int64GetDatum((int64) samples);
	values[5] = Int64GetDatum((int64) (to - from));
	values[6] = Float8GetDatum(candidate->seconds[fold]);
	nnet_put_row(fcinfo, values, nulls);
}

/* nnet.cross_validate(layers, rows, k, loss, optimizer, metrics, scoring, stratify, options) */
Datum
nnet_cross_validate(PG_FUNCTION_ARGS)
{
	NnetSearchRows rows = {.function = "nnet.cross_validate"};
	const NNValue *layers = layers_argument(fcinfo);
	char *rows_query = text_argument(fcinfo, 1, "the rows' query");
	char *scoring = text_argument(fcinfo, 6, "the scoring");
	NNValue *options = options_argument(fcinfo, 8);
	NnetFoldsWanted wanted = folds_wanted(fcinfo, 2, 7, options);
	NnetCandidate *candidate;
	NnetGiven given;

	PreventCommandIfParallelMode("nnet.cross_validate()");
	InitMaterializedSRF(fcinfo, 0);
	get_given(fcinfo, &given);
	candidate = nnet_candidate_make("cross_validate", layers, &given, options, scoring);
	run(&rows, rows_query, &wanted, candidate, 1);
	if (candidate->fault.is)
		nnet_fault_raise(&candidate->fault);
	for (int f = 0; f < nnet_folds_count(rows.folds); f++)
		put_fold(fcinfo, candidate, &rows, f);
	nnet_search_rows_free(&rows);
	return (Datum) 0;
}
