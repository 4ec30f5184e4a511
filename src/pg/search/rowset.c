/*
 * rowset.c
 *	  The rows of a search: read once, kept once for all candidates that read them alike.
 *
 * The query's columns are x and y, then, by their names and where they are there,
 * weight, fold and group.  Candidates that differ in what they make of a row (the
 * shape of an input, a vocabulary, classes instead of numbers) have a set of records
 * each, filled from the same pass.  Then a row that one kind of candidates cannot
 * take is these candidates' fault, and the others go on; but if all read alike it is
 * the statement's, as in nnet.fit().
 *
 * What is learned of rows before they are records (labels, vocabularies, origins) is
 * learned from all rows; what layers learn (normalization) is learned by each
 * training, from its own.
 */
#include "pg/search/search.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define FETCH_ROWS 64

/* Columns beside x and y. */
typedef enum FurtherColumn
{
	COLUMN_WEIGHT,
	COLUMN_FOLD,
	COLUMN_GROUP,
	FURTHER_COLUMNS
} FurtherColumn;

static const char *const further_names[FURTHER_COLUMNS] = {"weight", "fold", "group"};

typedef struct Reader
{
	NnetSearchRows *rows;
	const char *model; /* for messages of all */
	TupleDesc desc;
	HeapTuple tuple;
	int further[FURTHER_COLUMNS]; /* numbers of the columns, from 1; 0: it is not there */
	Oid group_output;
	bool by_class;
	MemoryContext row;
	NnetRowSet *set; /* the one that is at the row */
	NnetCandidate *candidates;
	int n_candidates;
} Reader;

/* ---- which candidates read alike ---- */

static void
append_input(StringInfo text, const NnetModel *model, int input)
{
	NNShape shape = nnet_input_shape(model, input);
	const NnetReading *reading = &model->readings[input];
	int places[2] = {model->core->inputs[input], reading->layer};
	char buffer[128];

	appendStringInfo(text, "%s %s %d %d", nn_layer_name(nn_model_layer(model->core, places[0])),
					 nn_shape_text(&shape, buffer, sizeof(buffer)), nnet_input_ids(model, input),
					 reading->layer);
	for (int i = 0; i < 2; i++)
	{
		const NNValue *config = model->layer_configs[places[i]];

		if (config != NULL)
			appendStringInfoString(text, nnet_value_to_text(config));
	}
}

/* All that the records of a candidate's rows depend on, and which rows are refused. */
static char *
signature_of(const NnetCandidate *candidate)
{
	const NnetModel *model = candidate->model;
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < model->core->n_inputs; i++)
		append_input(&text, model, i);
	for (int o = 0; o < model->objectives.n; o++)
	{
		const NNObjective *objective = &model->objectives.of[o];
		int ignored;

		if (nn_objective_ignores(objective, &ignored))
			appendStringInfo(&text, "|%d", ignored);
		appendStringInfo(&text, "|%s %d %d %d %d %zu %d %d %d",
						 nn_layer_name(nn_model_output(model->core, o)),
						 objective->loss.kind != NULL, (int) objective->meaning,
						 (int) objective->values, (int) objective->target, objective->target_count,
						 objective->target_variable, objective->width, objective->classes);
	}
	if (candidate->options.class_weight != NULL)
		nnet_class_weight_outputs(candidate->options.class_weight, &text);
	return text.data;
}

static void
find_sets(NnetSearchRows *rows, NnetCandidate *candidates, int n)
{
	rows->sets = palloc0(sizeof(NnetRowSet) * Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		char *signature;
		int s = 0;

		if (candidates[i].fault.is)
			continue;
		signature = signature_of(&candidates[i]);
		while (s < rows->n_sets && strcmp(rows->sets[s].signature, signature) != 0)
			s++;
		if (s == rows->n_sets)
			rows->sets[rows->n_sets++] = (NnetRowSet){
				.model = candidates[i].model,
				.signature = signature,
				.class_weight = candidates[i].options.class_weight,
			};
		candidates[i].rows = &rows->sets[s];
	}
}

/* ---- columns ---- */

static void
refuse_columns(const char *found)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("%s", found),
			 errhint("Its columns are x and y, then, by their names, weight, fold or group where "
					 "they are wanted.")));
}

static void
find_columns(Reader *reader)
{
	if (reader->desc->natts < 2)
		refuse_columns("the rows' query has no x and y");
	for (int i = 2; i < reader->desc->natts; i++)
	{
		const char *name = NameStr(TupleDescAttr(reader->desc, i)->attname);
		int f = 0;

		while (f < FURTHER_COLUMNS && strcmp(further_names[f], name) != 0)
			f++;
		if (f == FURTHER_COLUMNS || reader->further[f] > 0)
			refuse_columns(
				psprintf("the rows' query has a column \"%s\" that means nothing", name));
		reader->further[f] = i + 1;
	}
	if (reader->further[COLUMN_FOLD] > 0 && reader->further[COLUMN_GROUP] > 0)
		refuse_columns("the rows' query has both a fold and a group");
}

static Oid
column_type(const Reader *reader, int column)
{
	return column > 0 ? SPI_gettypeid(reader->desc, column) : InvalidOid;
}

static void
check_columns(Reader *reader)
{
	Oid fold = column_type(reader, reader->further[COLUMN_FOLD]);
	bool varlena;

	if (OidIsValid(fold) && fold != INT2OID && fold != INT4OID && fold != INT8OID)
		ereport(
			ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("the column fold has type %s, but must be an integer", format_type_be(fold)),
			 errhint("Give each row the number of its fold, such as id %% 5.")));
	if (reader->further[COLUMN_GROUP] > 0)
		getTypeOutputInfo(column_type(reader, reader->further[COLUMN_GROUP]), &reader->group_output,
						  &varlena);
}

/* ---- how rows are shared out ---- */

/* Whether an output says of one class what a row is. */
static bool
has_classes(const NnetModel *model)
{
	return model->objectives.n == 1 && nn_objective_labels(&model->objectives.of[0]) > 0;
}

static void
make_folds(Reader *reader, const NnetFoldsWanted *wanted, MemoryContext context)
{
	NnetFoldsBy by = NNET_FOLDS_RANDOM;
	const NnetModel *model = reader->rows->sets[0].model;

	if (reader->further[COLUMN_FOLD] > 0)
		by = NNET_FOLDS_GIVEN;
	else if (reader->further[COLUMN_GROUP] > 0)
		by = NNET_FOLDS_GROUPS;
	else if (wanted->stratify != 0 && has_classes(model))
		by = NNET_FOLDS_CLASSES;
	if (wanted->stratify > 0 && by != NNET_FOLDS_CLASSES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 by == NNET_FOLDS_RANDOM
					 ? errmsg("rows cannot be stratified: y of model \"%s\" is not one class",
							  model->name)
					 : errmsg("rows cannot be stratified: their query tells their %s",
							  by == NNET_FOLDS_GIVEN ? "folds" : "groups"),
				 errhint("Leave out stratify.")));
	reader->by_class = by == NNET_FOLDS_CLASSES;
	reader->rows->folds = nnet_folds_make(by, wanted->k, wanted->seed, context);
}

/* The class of the row written last; one more for what is of no single class. */
static int
class_of(const NnetRowSet *set, const void *record)
{
	const NNObjective *objective = &set->model->objectives.of[0];
	const NNRecordFormat *format = set->recorder->format;
	NNRecordHead head;
	int class;

	nn_record_get_head(format, record, &head);
	class = nn_target_class(objective,
							(const char *) record + nn_record_target_at(format, &head, 0), 0);
	return class >= 0 ? class : nn_objective_classes(objective);
}

static void
note_fold(Reader *reader, const void *record, const NnetRowSet *set)
{
	NnetFolds *folds = reader->rows->folds;
	int fold = reader->further[COLUMN_FOLD];
	int group = reader->further[COLUMN_GROUP];
	bool isnull = true;
	Datum value = 0;
	int64 number = 0;

	if (fold > 0 || group > 0)
		value = SPI_getbinval(reader->tuple, reader->desc, Max(fold, group), &isnull);
	if (group > 0 && isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the group is NULL"),
				 errhint("Give each row a group, for example by coalesce().")));
	if (group > 0)
		nnet_folds_add_group(folds, OidOutputFunctionCall(reader->group_output, value));
	else if (fold > 0)
	{
		Oid type = column_type(reader, fold);

		if (!isnull)
			number = type == INT8OID ? DatumGetInt64(value)
				: type == INT4OID	 ? DatumGetInt32(value)
									 : DatumGetInt16(value);
		nnet_folds_add_given(folds, isnull ? NULL : &number);
	}
	else
		nnet_folds_add_class(folds, reader->by_class ? class_of(set, record) : 0);
}

/* ---- rows ---- */

static void
make_set(Reader *reader, NnetRowSet *set, MemoryContext context, int batch, bool measure)
{
	MemoryContext caller = MemoryContextSwitchTo(context);
	int weight = reader->further[COLUMN_WEIGHT];

	set->recorder = nnet_recorder_make(column_type(reader, 1), column_type(reader, 2), set->model,
									   true, context);
	if (measure)
		nnet_recorder_measure(set->recorder);
	if (set->class_weight != NULL)
		set->by_class =
			nnet_class_weights_make(set->class_weight, set->model, set->recorder->format, context);
	if (weight > 0 || set->by_class != NULL)
		set->weights = nnet_row_weights_make(column_type(reader, weight),
											 set->by_class != NULL &&
												 nnet_class_weights_by_step(set->by_class),
											 set->model, set->recorder->format, context);
	set->dataset = nnet_dataset_create(set->recorder->format, batch, context);
	nnet_dataset_stay_in_memory(set->dataset);
	MemoryContextSwitchTo(caller);
}

static void
start_set(void *arg)
{
	Reader *reader = arg;

	make_set(reader, reader->set, reader->set->model->context, 1,
			 reader->set == reader->rows->sets);
}

/* What a candidate weighs classes by is its own, and not its set's. */
static void
check_class_weight(void *arg)
{
	const NnetCandidate *candidate = arg;
	NnetRecorder *recorder = candidate->rows->recorder;

	nnet_class_weights_check_names(nnet_class_weights_make(candidate->options.class_weight,
														   candidate->model, recorder->format,
														   candidate->model->context),
								   recorder);
}

/* Before the first row; false: there is none to be trained. */
static bool
check_candidates(Reader *reader)
{
	bool sound = false;

	for (int i = 0; i < reader->n_candidates; i++)
	{
		NnetCandidate *candidate = &reader->candidates[i];

		if (candidate->fault.is || candidate->rows->fault.is)
			continue;
		if (candidate->options.class_weight == NULL ||
			nnet_attempt(check_class_weight, candidate, &candidate->fault,
						 candidate->model->context))
			sound = true;
	}
	return sound;
}

pg_noreturn static void
refuse_rows(const NnetSearchRows *rows)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("the rows of %s() take more than maintenance_work_mem", rows->function),
			 errdetail("They are kept in memory, for all candidates at once."),
			 errhint("Raise maintenance_work_mem, or give a part of the rows.")));
}

/* The row of the tuple into the set. */
static void
write_row(void *arg)
{
	Reader *reader = arg;
	NnetRowSet *set = reader->set;
	int weight = reader->further[COLUMN_WEIGHT];
	bool isnull;
	Datum x = SPI_getbinval(reader->tuple, reader->desc, 1, &isnull);
	Datum y = SPI_getbinval(reader->tuple, reader->desc, 2, &isnull);
	size_t bytes;
	void *record;
	char *copy;

	nnet_recorder_take(set->recorder, x);
	bytes = nnet_recorder_read(set->recorder, set->model);
	/* into the dataset only when nothing can fail any more */
	copy = MemoryContextAllocHuge(reader->row, bytes);
	nnet_recorder_write(set->recorder, set->model, y, copy);
	if (set->weights != NULL)
	{
		Datum value = 0;

		if (weight > 0)
			value = SPI_getbinval(reader->tuple, reader->desc, weight, &isnull);
		nnet_row_weights_write(set->weights, value, isnull, copy);
	}
	if (set->by_class != NULL)
		nnet_class_weights_check(set->by_class, copy);
	record = nnet_dataset_append(set->dataset, bytes);
	if (record == NULL)
		refuse_rows(reader->rows);
	memcpy(record, copy, bytes);
}

/* The only one raises its errors. */
static void
attempt(Reader *reader, NnetStep step, NnetRowSet *set)
{
	reader->set = set;
	if (reader->rows->n_sets == 1)
		step(reader);
	else if (!set->fault.is && !nnet_attempt(step, reader, &set->fault, set->model->context) &&
			 set->dataset != NULL)
	{
		nnet_dataset_free(set->dataset);
		set->dataset = NULL;
	}
}

static bool
has_null(const Reader *reader)
{
	bool isnull[2];

	for (int i = 0; i < 2; i++)
		(void) SPI_getbinval(reader->tuple, reader->desc, i + 1, &isnull[i]);
	return isnull[0] || isnull[1];
}

/* The first set that has taken all rows so far; NULL: none has. */
static NnetRowSet *
sound_set(const NnetSearchRows *rows)
{
	for (int s = 0; s < rows->n_sets; s++)
		if (!rows->sets[s].fault.is)
			return &rows->sets[s];
	return NULL;
}

static void
read_row(Reader *reader, int64 number)
{
	NnetSearchRows *rows = reader->rows;
	NnetRow row = {
		.what = "row", .function = rows->function, .model = reader->model, .number = number};
	NnetRowSet *sound;
	MemoryContext caller;

	nnet_row_enter(&row);
	if (has_null(reader))
		rows->skipped++;
	else
	{
		caller = MemoryContextSwitchTo(reader->row);
		for (int s = 0; s < rows->n_sets; s++)
			attempt(reader, write_row, &rows->sets[s]);
		sound = sound_set(rows);
		if (sound != NULL)
		{
			note_fold(reader, nnet_dataset_last(sound->dataset), sound);
			nnet_dataset_reserve(sound->dataset,
								 nnet_recorder_learning_bytes(sound->recorder) +
									 nnet_folds_bytes(rows->folds));
			rows->n++;
		}
		MemoryContextSwitchTo(caller);
		MemoryContextReset(reader->row);
	}
	nnet_row_leave(&row);
}

static Portal
open_rows(const char *query)
{
	const struct CachedPlanSource *source;
	SPIPlanPtr plan = nnet_prepare_query(query, CURSOR_OPT_NO_SCROLL, &source);

	if (source == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR), errmsg("the rows' query is not one query"),
				 errhint("Give one SELECT, VALUES or TABLE: of x and y.")));
	return SPI_cursor_open(NULL, plan, NULL, NULL, false);
}

static void
read_all(Reader *reader, const char *query, const NnetFoldsWanted *wanted, MemoryContext context)
{
	NnetSearchRows *rows = reader->rows;
	int64 number = 0;
	Portal portal = open_rows(query);

	reader->desc = portal->tupDesc;
	find_columns(reader);
	check_columns(reader);
	for (int s = 0; s < rows->n_sets; s++)
		attempt(reader, start_set, &rows->sets[s]);
	if (check_candidates(reader))
		make_folds(reader, wanted, context);
	while (rows->folds != NULL)
	{
		uint64 fetched;

		SPI_cursor_fetch(portal, true, FETCH_ROWS);
		fetched = SPI_processed;
		for (uint64 i = 0; i < fetched && sound_set(rows) != NULL; i++)
		{
			reader->tuple = SPI_tuptable->vals[i];
			read_row(reader, ++number);
		}
		SPI_freetuptable(SPI_tuptable);
		if (fetched == 0 || sound_set(rows) == NULL)
			break;
	}
	SPI_cursor_close(portal);
}

/* ---- the end ---- */

static void
learn(void *arg)
{
	Reader *reader = arg;
	NnetRowSet *set = reader->set;
	uint64 n = nnet_dataset_count(set->dataset);
	NnetSplit split = {
		.training = set->dataset,
		.n_training = n,
		.validation = set->dataset,
		.from = n,
		.to = n,
	};

	nnet_dataset_seal(set->dataset);
	nnet_recorder_learned(set->recorder, &split, set->model);
}

void
nnet_search_rows_read(NnetSearchRows *rows, const char *query, const NnetFoldsWanted *wanted,
					  NnetCandidate *candidates, int n)
{
	MemoryContext caller = CurrentMemoryContext;
	Reader reader = {.rows = rows, .candidates = candidates, .n_candidates = n};

	find_sets(rows, candidates, n);
	if (rows->n_sets == 0)
		return;
	reader.model = rows->n_sets == 1 ? rows->sets[0].model->name : NULL;
	reader.row = AllocSetContextCreate(caller, "nnet search row", ALLOCSET_DEFAULT_SIZES);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	read_all(&reader, query, wanted, caller);
	SPI_finish();
	MemoryContextSwitchTo(caller);
	for (int s = 0; s < rows->n_sets && rows->folds != NULL; s++)
		if (!rows->sets[s].fault.is)
			attempt(&reader, learn, &rows->sets[s]);
	for (int i = 0; i < n; i++)
		if (!candidates[i].fault.is && candidates[i].rows->fault.is)
			candidates[i].fault = candidates[i].rows->fault;
	if (rows->folds != NULL && sound_set(rows) != NULL)
	{
		nnet_recorder_tell_rounding(sound_set(rows)->recorder);
		nnet_folds_end(rows->folds);
	}
	MemoryContextDelete(reader.row);
}

void
nnet_row_set_share(const NnetRowSet *set, NnetModel *model)
{
	const NnetModel *from = set->model;

	if (model == from)
		return;
	for (int o = 0; o < model->core->n_outputs; o++)
	{
		model->training.outputs[o].n_labels = from->training.outputs[o].n_labels;
		model->training.outputs[o].labels = from->training.outputs[o].labels;
		model->training.outputs[o].label_type = from->training.outputs[o].label_type;
	}
	model->readings = from->readings;
	model->vocabularies = from->vocabularies;
}

void
nnet_search_rows_free(NnetSearchRows *rows)
{
	for (int s = 0; s < rows->n_sets; s++)
		if (rows->sets[s].dataset != NULL)
		{
			nnet_dataset_free(rows->sets[s].dataset);
			rows->sets[s].dataset = NULL;
		}
}
