/*
 * rows.c
 *	  A model out of its rows, which a table holds or a value (model_value.c).
 *
 * The rows are a stranger's: order, kinds, configurations, lengths and values
 * are checked, and an error names the model and the layer.  A layer is a run
 * of rows with parts 0, 1, ...; the parts after the first only continue its
 * weights and slots.
 *
 * Lifetimes: a Loader lives for one call, its rows are SPI's result and go
 * with SPI_finish, or point into the value.  What outlives the call is copied
 * into the model's context.
 */
#include "pg/model/model.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

typedef struct Loader
{
	NnetModel *model;
	int flags;
	bool slots;		   /* the relation has them and they are wanted */
	bool found_slots;  /* a layer that learns has them */
	bool versions;	   /* they are wanted and tell all */
	const char *table; /* for queries */
	NnetLayerRow *rows;
	int n_rows;
	int first; /* of the rows that are layers, not training */
} Loader;

#define MAX_ROWS (NN_MAX_LAYERS + MAX_PARTS + 1)

/* ---- reading rows ---- */

static char *
select_rows(const Loader *loader)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(
		&sql,
		"SELECT \"layer\", \"part\", \"kind\", \"name\", \"inputs\", \"config\", %s, %s%s"
		" FROM %s ORDER BY 1, 2",
		loader->flags & NNET_LOAD_STRUCTURE ? "NULL" : "\"weights\"",
		loader->slots ? "\"slots\"" : "NULL", loader->versions ? ", " NNET_VERSION_COLUMNS : "",
		loader->table);
	if (loader->flags & NNET_LOAD_FOR_UPDATE)
		appendStringInfoString(&sql, " FOR UPDATE");
	return sql.data;
}

/* Never by parallel workers, which may be started for each call of a function that reads a model. */
static void
execute(const char *sql, bool read_only, int limit)
{
	SPIPlanPtr plan = SPI_prepare_cursor(sql, 0, NULL, 0);
	int result;

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	result = SPI_execute_plan(plan, NULL, NULL, read_only, limit);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
}

/*
 * Wait for whoever trains the model, holding nothing yet: the rows are read
 * after that, by a snapshot that sees what the other one committed.
 */
static void
lock_training_row(const Loader *loader)
{
	execute(psprintf("SELECT 1 FROM %s WHERE \"layer\" OPERATOR(pg_catalog.=) "
					 "'%d'::pg_catalog.int4 FOR UPDATE",
					 loader->table, TRAINING_LAYER),
			false, 0);
}

static Datum
get(const NnetLayerRow *row, ModelColumn column, bool *isnull)
{
	*isnull = row->nulls[column];
	return row->values[column];
}

static int
get_number(const Loader *loader, const NnetLayerRow *row, ModelColumn column, const char *name)
{
	bool isnull;
	Datum datum = get(row, column, &isnull);

	if (isnull)
		ereport(
			ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("model \"%s\": a row has NULL in the column \"%s\"", loader->model->name, name),
			 errhint("Number layers from 0, the input, and the rows of a layer from part 0.")));
	return DatumGetInt32(datum);
}

/* A copy in the current context, or NULL. */
static char *
get_text(const NnetLayerRow *row, ModelColumn column)
{
	bool isnull;
	Datum datum = get(row, column, &isnull);

	return isnull ? NULL : TextDatumGetCString(datum);
}

/* The column inputs in the current context, or NULL. */
static ArrayType *
get_inputs_array(const NnetLayerRow *row)
{
	bool isnull;
	Datum datum = get(row, COLUMN_INPUTS, &isnull);

	return isnull ? NULL : DatumGetArrayTypePCopy(datum);
}

/* In the current context; an absent config is an empty object. */
static NNValue *
get_config(const Loader *loader, const NnetLayerRow *row)
{
	bool isnull;
	Datum datum = get(row, COLUMN_CONFIG, &isnull);
	bool history = row->layer != TRAINING_LAYER ||
		(loader->flags & (NNET_LOAD_FOR_UPDATE | NNET_LOAD_STRUCTURE | NNET_LOAD_SLOTS)) != 0;
	NNValue *config;

	/* prediction has no use for it, and it may be long */
	config = nnet_value_from_datum(isnull ? (Datum) 0 : datum, history ? NULL : "history");
	if (config->type != NN_V_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\": the config of layer %d is not a JSON object",
						loader->model->name, row->layer),
				 errhint("Its options are an object's keys; {} and NULL stand for none.")));
	return config;
}

/* ---- which rows there are ---- */

static void
check_row_order(const Loader *loader, const NnetLayerRow *row, const NnetLayerRow *before)
{
	const char *model = loader->model->name;
	int expected = before != NULL && before->layer == row->layer ? before->part + 1 : 0;

	if (row->layer < TRAINING_LAYER)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has a row of layer %d", model, row->layer),
				 errhint("Layers are numbered from 0, the input; -1 is the training row.")));
	if (row->part == expected)
		return;
	if (before != NULL && before->layer == row->layer && before->part == row->part)
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("model \"%s\" has more than one row of layer %d, part %d", model,
						row->layer, row->part),
				 errhint("Delete all but one; a primary key (layer, part) prevents others.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\": layer %d has part %d where part %d is expected", model,
					row->layer, row->part, expected),
			 errhint("The rows of a layer have the parts 0, 1, ... without gaps.")));
}

/* What the query gave. */
static void
take_rows(Loader *loader)
{
	loader->n_rows = (int) SPI_processed;
	loader->rows = palloc(sizeof(NnetLayerRow) * Max(loader->n_rows, 1));
	for (int i = 0; i < loader->n_rows; i++)
		for (int column = 0; column < COLUMN_COUNT; column++)
			loader->rows[i].values[column] =
				SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, column + 1,
							  &loader->rows[i].nulls[column]);
}

static void
check_rows(Loader *loader)
{
	if (loader->n_rows > MAX_ROWS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("model \"%s\" has more than %d rows", loader->model->name, MAX_ROWS),
				 errhint("Keep each model in a table of its own.")));
	for (int i = 0; i < loader->n_rows; i++)
	{
		NnetLayerRow *row = &loader->rows[i];

		row->layer = get_number(loader, row, COLUMN_LAYER, "layer");
		row->part = get_number(loader, row, COLUMN_PART, "part");
		check_row_order(loader, row, i > 0 ? row - 1 : NULL);
		if (row->layer == TRAINING_LAYER)
			loader->first = i + 1;
	}
	if (loader->first == loader->n_rows)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\" has no layers", loader->model->name),
				 errhint("nnet.create_model() makes a model with its rows.")));
}

static void
read_versions(Loader *loader)
{
	NnetModel *model = loader->model;
	MemoryContext caller = MemoryContextSwitchTo(model->context);

	model->versions = nnet_versions_read(model->relid, SPI_tuptable->vals, SPI_tuptable->tupdesc,
										 COLUMN_COUNT + 1, loader->n_rows);
	model->n_versions = loader->n_rows;
	MemoryContextSwitchTo(caller);
}

/* ---- the training row ---- */

static void
read_training(Loader *loader)
{
	NnetModel *model = loader->model;
	MemoryContext caller = MemoryContextSwitchTo(model->context);
	NNValue *config;

	if (loader->first > 0)
	{
		char *kind = get_text(&loader->rows[0], COLUMN_KIND);

		if (kind == NULL || strcmp(kind, TRAINING_KIND) != 0)
			ereport(
				ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\": layer %d must be of kind \"%s\", not \"%s\"", model->name,
						TRAINING_LAYER, TRAINING_KIND, kind != NULL ? kind : "NULL"),
				 errhint("Layers are numbered from 0, the input; -1 is the training row.")));
		config = get_config(loader, &loader->rows[0]);
	}
	else
		config = nnet_value_from_datum((Datum) 0, NULL); /* a model without the row predicts */
	nnet_training_read(&model->training, config, model->name);
	if (loader->first > 0 && loader->flags & NNET_LOAD_HISTORY)
		model->training.older = get_inputs_array(&loader->rows[0]);
	MemoryContextSwitchTo(caller);
}

static void
parse_objective(Loader *loader)
{
	NnetModel *model = loader->model;

	if (!model->training.compiled)
	{
		if (loader->flags & NNET_LOAD_FOR_UPDATE)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("model \"%s\" is not compiled", model->name),
					 OidIsValid(model->relid)
						 ? errhint("Say what it learns by nnet.compile('%s', loss => ...).",
								   model->name)
						 : errhint("Call nnet.compile() before nnet.pack().")));
		return;
	}
	nnet_training_resolve(model);
}

/* ---- layers ---- */

/* Names of the rows that feed this one; -1: the one before. */
static int
get_inputs(const NnetLayerRow *row, const char ***names)
{
	ArrayType *array = get_inputs_array(row);
	Datum *elements;
	bool *nulls;
	int n;

	*names = NULL;
	if (array == NULL)
		return -1;
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	*names = palloc(sizeof(char *) * Max(n, 1));
	for (int i = 0; i < n; i++)
		(*names)[i] = nulls[i] ? NULL : TextDatumGetCString(elements[i]);
	return n;
}

static void
add_layer(Loader *loader, const NnetLayerRow *row, const NNValue *config)
{
	NnetModel *model = loader->model;
	char *kind = get_text(row, COLUMN_KIND);
	char *name = get_text(row, COLUMN_NAME);
	const char **inputs;
	int n_inputs = get_inputs(row, &inputs);
	int index = model->core->n_layers;
	NNReading reading;
	NNError error = {.code = NN_OK};

	if (kind == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("model \"%s\": layer %d has no kind", model->name, row->layer),
				 errhint("Set it to the name of a function that makes layers, such as dense.")));
	if (!nn_model_add(model->core, kind, name, inputs, n_inputs, config, &error))
		nnet_core_error(&error, model->name);
	model->layer_numbers[index] = row->layer;
	model->layer_parts[index] = 1;
	if (nn_layer_reading(nn_model_layer(model->core, index), &reading) ||
		strcmp(kind, INPUT_KIND) == 0)
	{
		MemoryContext caller = MemoryContextSwitchTo(model->context);

		/* anew, to last as long as the model */
		model->layer_configs[index] = get_config(loader, row);
		nnet_vocabulary_read(model, index, model->layer_configs[index]);
		MemoryContextSwitchTo(caller);
	}
}

static void
build_core(Loader *loader)
{
	NnetModel *model = loader->model;
	int n = loader->n_rows - loader->first;
	NNValue **configs = palloc0(sizeof(NNValue *) * n);
	int room = 0;
	NNError error = {.code = NN_OK};

	for (int i = 0; i < n; i++)
	{
		if (loader->rows[loader->first + i].part > 0)
			continue;
		configs[i] = get_config(loader, &loader->rows[loader->first + i]);
		room += nn_layer_room(configs[i]);
	}
	model->core = MemoryContextAllocHuge(model->context, nn_model_bytes(room));
	nn_model_begin(model->core, room);
	model->layer_numbers = MemoryContextAllocZero(model->context, sizeof(int) * n);
	model->layer_parts = MemoryContextAllocZero(model->context, sizeof(int) * n);
	model->layer_fixed = MemoryContextAllocZero(model->context, sizeof(bool) * n);
	model->layer_configs = MemoryContextAllocZero(model->context, sizeof(NNValue *) * n);

	for (int i = 0; i < n; i++)
	{
		nnet_check_interrupts();
		if (configs[i] != NULL)
			add_layer(loader, &loader->rows[loader->first + i], configs[i]);
		else
			model->layer_parts[model->core->n_layers - 1]++;
	}
	if (!nn_model_finish(model->core, &error))
		nnet_core_error(&error, model->name);
	nnet_training_read_outputs(model);
	for (const NnetVocabulary *v = model->vocabularies; v != NULL; v = v->next)
		nnet_vocabulary_check(model, v);
	nnet_readings_read(model);
}

/* ---- weights and slots ---- */

/* "kernel (3, 4), bias (4)" */
static char *
describe_params(const NNLayer *layer)
{
	StringInfoData text;
	char shape[128];

	initStringInfo(&text);
	for (int i = 0; i < nn_layer_params(layer).n; i++)
		appendStringInfo(&text, "%s%s %s", i > 0 ? ", " : "", nn_layer_params(layer).of[i].name,
						 nn_shape_text(&nn_layer_params(layer).of[i].shape, shape, sizeof(shape)));
	return text.data;
}

static void
wrong_length(const NnetModel *model, const NNLayer *layer, size_t given)
{
	if (given == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("model \"%s\": layer \"%s\" has no weights, expected %zu values",
						model->name, nn_layer_name(layer), nn_layer_params(layer).size),
				 errdetail("They are: %s.", describe_params(layer))));
	ereport(ERROR,
			(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
			 errmsg("model \"%s\": layer \"%s\" has %zu weights, expected %zu", model->name,
					nn_layer_name(layer), given, nn_layer_params(layer).size),
			 nn_layer_params(layer).n > 0
				 ? errdetail("They are: %s.", describe_params(layer))
				 : errdetail("A layer of kind \"%s\" has none.", nn_layer_kind(layer))));
}

/* False: there are none. */
static bool
load_slots(Loader *loader, const NnetLayerRow *row, const NNLayer *layer, size_t at, size_t n)
{
	NnetModel *model = loader->model;
	size_t n_slots = (size_t) model->optimizer.n_slots;
	bool isnull;
	Datum datum = get(row, COLUMN_SLOTS, &isnull);
	NnetStored stored;

	/* rows from another model, or just unfrozen: the state begins at zero */
	if (isnull)
		return false;
	nnet_stored_open(&stored, datum, model->name,
					 psprintf("the slots of layer \"%s\"", nn_layer_name(layer)));
	if (stored.n != n * n_slots)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("model \"%s\": layer \"%s\" has %zu slots, expected %zu", model->name,
						nn_layer_name(layer), stored.n, n * n_slots),
				 errhint("Set slots to NULL, or run nnet.compile() again, "
						 "for the optimizer to begin anew.")));
	for (size_t i = 0; i < n_slots; i++)
		nnet_stored_read(&stored, i * n, n, model->slots[i] + nn_layer_params(layer).offset + at);
	nnet_stored_close(&stored);
	loader->found_slots = true;
	return true;
}

/* All rows of the layer whose first row is given. */
static void
load_layer(Loader *loader, int index, const NnetLayerRow *row)
{
	NnetModel *model = loader->model;
	const NNLayer *layer = nn_model_layer(model->core, index);
	/* a frozen layer may have those of an earlier optimizer */
	bool slots = loader->slots && model->training.steps > 0 && nn_layer_trainable(layer);
	bool all_slots = true;
	size_t at = 0;

	for (int i = 0; i < model->layer_parts[index]; i++, row++)
	{
		bool isnull;
		Datum datum = get(row, COLUMN_WEIGHTS, &isnull);
		NnetStored stored;

		nnet_check_interrupts();
		if (isnull)
			continue;
		nnet_stored_open(&stored, datum, model->name,
						 psprintf("the weights of layer \"%s\"", nn_layer_name(layer)));
		if (at + stored.n <= nn_layer_params(layer).size)
			nnet_stored_read(&stored, 0, stored.n,
							 model->params + nn_layer_params(layer).offset + at);
		nnet_stored_close(&stored);
		if (at + stored.n <= nn_layer_params(layer).size && slots && stored.n > 0)
			all_slots &= load_slots(loader, row, layer, at, stored.n);
		at += stored.n;
	}
	if (at != nn_layer_params(layer).size)
		wrong_length(model, layer, at);
	if ((loader->flags & NNET_LOAD_FOR_UPDATE) && nn_layer_trainable(layer) &&
		model->optimizer.use_ema)
		nnet_average_begin(model, index, slots && all_slots);
}

/* Bytes of weights that the rows hold themselves: those of a view that computes them. */
static size_t
held_bytes(const Loader *loader)
{
	size_t bytes = 0;

	for (int i = loader->first; i < loader->n_rows; i++)
	{
		bool isnull;
		Datum datum = get(&loader->rows[i], COLUMN_WEIGHTS, &isnull);

		if (!isnull && !VARATT_IS_EXTERNAL(DatumGetPointer(datum)))
			bytes += VARSIZE_ANY(DatumGetPointer(datum));
	}
	return bytes;
}

/*
 * For a training, with the gradients it cannot do without: it is refused now,
 * not when all its rows are read.  For predictions, other models make room.
 */
static void
check_memory(const Loader *loader)
{
	const NnetModel *model = loader->model;
	size_t bytes = nnet_params_bytes(model);
	NnetMemoryNeed need = {
		.model = model->name,
		.action = loader->flags & NNET_LOAD_FOR_UPDATE ? "be trained" : "be read",
		.bytes = {[NNET_MEMORY_PARAMETERS] = bytes, [NNET_MEMORY_COPIES] = held_bytes(loader)},
	};

	if (loader->slots)
	{
		need.bytes[NNET_MEMORY_SLOTS] = mul_size(bytes, (size_t) model->optimizer.n_slots);
		if (loader->flags & NNET_LOAD_FOR_UPDATE)
			need.bytes[NNET_MEMORY_GRADIENTS] = bytes;
	}
	if ((loader->flags & NNET_LOAD_VERSIONS) != 0 && bytes > nnet_memory_left(bytes))
		nnet_memory_give_spare();
	nnet_memory_check(&need);
}

static void
load_weights(Loader *loader)
{
	NnetModel *model = loader->model;
	MemoryContext row_context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet model row", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(row_context);
	const NnetLayerRow *row = &loader->rows[loader->first];
	size_t bytes = nnet_params_bytes(model);
	NNError error = {.code = NN_OK};

	check_memory(loader);
	model->weights_context =
		AllocSetContextCreate(model->context, "nnet weights", ALLOCSET_SMALL_SIZES);
	model->params = nnet_memory_alloc(model->weights_context, bytes, false);
	if (loader->slots)
		for (int i = 0; i < model->optimizer.n_slots; i++)
			model->slots[i] = nnet_memory_alloc(model->context, bytes, true);
	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(model->core, i);

		load_layer(loader, i, row);
		if (!nn_layer_check_params(layer, model->params + nn_layer_params(layer).offset, &error))
			nnet_core_error(&error, model->name);
		row += model->layer_parts[i];
		model->layer_fixed[i] = !nn_layer_trainable(layer) &&
			!nn_layer_unadapted(layer, model->params + nn_layer_params(layer).offset);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(row_context);
	/* the moments of Adam and its like are corrected for their beginning by the steps done */
	if (loader->slots && model->optimizer.n_slots > 0 && !loader->found_slots)
		model->training.steps = 0;
}

/* ---- loading ---- */

static uint64 models_loaded = 0;

static NnetModel *
new_model(Oid relid, const char *name, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "nnet model", ALLOCSET_DEFAULT_SIZES);
	NnetModel *model = MemoryContextAllocZero(context, sizeof(NnetModel));

	model->context = context;
	model->relid = relid;
	model->loaded = ++models_loaded;
	model->name = MemoryContextStrdup(context, name);
	return model;
}

/* Make the model of its rows, which were checked. */
static void
read_model(Loader *loader)
{
	read_training(loader);
	build_core(loader);
	if (loader->flags & NNET_LOAD_STRUCTURE)
		return;
	parse_objective(loader);
	if (loader->slots)
		nnet_check_savable(loader->model);
	load_weights(loader);
}

NnetModel *
nnet_model_load(Oid relid, int flags, MemoryContext parent)
{
	bool update = (flags & NNET_LOAD_FOR_UPDATE) != 0;
	Relation relation = nnet_model_open(relid, update ? RowExclusiveLock : AccessShareLock, update);
	Loader loader = {.flags = flags, .slots = update};

	if (update)
		nnet_check_trainable(relation);
	loader.model = new_model(relid, nnet_relation_name(relation), parent);
	loader.table = nnet_relation_sql(relation);
	loader.versions = (flags & NNET_LOAD_VERSIONS) != 0 && nnet_versions_tell_all(relation) &&
		nnet_may_read_all(relation);

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (update)
		lock_training_row(&loader);
	execute(select_rows(&loader), !update, MAX_ROWS + 1);
	take_rows(&loader);
	check_rows(&loader);
	if (loader.versions)
		read_versions(&loader);
	read_model(&loader);
	SPI_finish();
	relation_close(relation, NoLock);
	return loader.model;
}

NnetModel *
nnet_model_load_rows(NnetLayerRow *rows, int n, const char *name, int flags, MemoryContext parent)
{
	Loader loader = {
		.flags = flags,
		.slots = (flags & (NNET_LOAD_FOR_UPDATE | NNET_LOAD_SLOTS)) != 0,
		.rows = rows,
		.n_rows = n,
	};
	MemoryContext reading =
		AllocSetContextCreate(CurrentMemoryContext, "nnet model value", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(reading);

	loader.model = new_model(InvalidOid, name, parent);
	check_rows(&loader);
	read_model(&loader);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(reading);
	return loader.model;
}

NnetLayerRow *
nnet_model_rows(Relation relation, int *n)
{
	Loader loader = {.slots = true, .table = nnet_relation_sql(relation)};

	loader.model =
		new_model(RelationGetRelid(relation), nnet_relation_name(relation), CurrentMemoryContext);
	execute(select_rows(&loader), true, MAX_ROWS + 1);
	take_rows(&loader);
	check_rows(&loader);
	*n = loader.n_rows;
	return loader.rows;
}
