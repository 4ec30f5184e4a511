/*
 * best.c
 *	  The best candidate as a model: trained once more, on all rows.
 *
 * The table is made only when all else is done, in a subtransaction: should
 * that fail, what the search has found is there yet.
 */
#include "pg/search/search.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

typedef struct Best
{
	text *name;
	NnetCandidate *candidate;
	const NnetSearchRows *rows;
} Best;

void
nnet_best_check(text *name)
{
	RangeVar *range = nnet_new_model_name(name);
	Oid schema = RangeVarGetCreationNamespace(range);
	AclResult allowed = object_aclcheck(NamespaceRelationId, schema, GetUserId(), ACL_CREATE);

	if (allowed != ACLCHECK_OK)
		aclcheck_error(allowed, OBJECT_SCHEMA, get_namespace_name(schema));
	if (OidIsValid(get_relname_relid(range->relname, schema)))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_TABLE),
				 errmsg("relation \"%s\" already exists", range->relname)));
}

static Oid
create_table(const Best *best)
{
	const NNValue *layers = best->candidate->layers;
	Datum *elements = palloc(sizeof(Datum) * Max(layers->count, 1));
	ArrayType *array;
	Oid relid;

	for (int i = 0; i < layers->count; i++)
		elements[i] = JsonbPGetDatum(nnet_value_to_jsonb(&layers->items[i]));
	array = construct_array(elements, layers->count, JSONBOID, -1, false, TYPALIGN_INT);
	relid = DatumGetObjectId(DirectFunctionCall2(nnet_create_model, PointerGetDatum(best->name),
												 PointerGetDatum(array)));
	nnet_compile_table(relid, &best->candidate->given);
	return relid;
}

/*
 * Without rows for validation there is nothing to stop by: as many epochs as the
 * trainings without a fold had, on average.
 */
static NnetFitOptions
options_of(const NnetCandidate *candidate, int folds)
{
	NnetFitOptions options = candidate->options;
	double epochs = 0;

	for (int f = 0; f < folds; f++)
		epochs += candidate->epochs[f];
	if (options.early_stopping.given || options.best_weights || options.reduce_lr_on_plateau.given)
		options.epochs = options.initial_epoch + (int) (epochs / folds + 0.5);
	options.early_stopping.given = options.reduce_lr_on_plateau.given = options.best_weights =
		false;
	return options;
}

static void
train(NnetModel *model, const NnetRowSet *set, const NnetFitOptions *options, uint64 n,
	  int64 skipped)
{
	MemoryContext context = model->context;
	NnetRunner *runner =
		nnet_runner_make(model, set->recorder->format, (int) Min((uint64) options->batch_size, n),
						 nnet_threads_for_fit(), context);
	NnetSteering *steering = nnet_steering_make(options, model, false, context);
	NnetSplit split = {
		.training = set->dataset,
		.n_training = n,
		.validation = set->dataset,
		.from = n,
		.to = n,
	};
	NnetFitted fitted = {.best = -1, .skipped = skipped};
	instr_time start;

	INSTR_TIME_SET_CURRENT(start);
	nnet_dataset_set_batch(set->dataset, runner->batch);
	runner->run.core.seed = (uint64) options->seed;
	nnet_clock_set(&runner->clock, options->time_limit, start);
	fitted.epoch =
		MemoryContextAlloc(context, sizeof(NnetEpoch) * Min(options->epochs, NNET_HISTORY_EPOCHS));
	nnet_train_epochs(runner, &split, set->recorder, options, steering, &fitted);
	model->training.steps = runner->run.core.step;
	nnet_runner_end(runner);
	nnet_report_history(model, &fitted, options);
	nnet_model_save(model);
}

static void
make(void *arg)
{
	Best *best = arg;
	NnetCandidate *candidate = best->candidate;
	NnetFitOptions options = options_of(candidate, nnet_folds_count(best->rows->folds));
	Oid relid = create_table(best);
	NnetModel *model = nnet_model_load(relid, NNET_LOAD_FOR_UPDATE, CurrentMemoryContext);

	nnet_row_set_share(candidate->rows, model);
	nnet_model_redraw(model, (uint64) options.seed);
	if (options.class_weight != NULL)
		nnet_class_weights_apply(nnet_class_weights_make(options.class_weight, model,
														 candidate->rows->recorder->format,
														 model->context),
								 model, candidate->rows->dataset, best->rows->n);
	train(model, candidate->rows, &options, best->rows->n, best->rows->skipped);
	MemoryContextDelete(model->context);
}

void
nnet_best_make(text *name, NnetCandidate *candidate, const NnetSearchRows *rows)
{
	Best best = {name, candidate, rows};

	if (!nnet_attempt(make, &best, &candidate->fault, CurrentMemoryContext))
		ereport(WARNING,
				(errcode(candidate->fault.sqlstate),
				 errmsg("model \"%s\" is not made: %s", text_to_cstring(name),
						candidate->fault.message),
				 candidate->fault.hint != NULL ? errhint("%s", candidate->fault.hint) : 0));
}
