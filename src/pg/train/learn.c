/*
 * learn.c
 *	  nnet.learn(model, x, y) and nnet.learn(model, row(x, y)), aggregates: a model that is
 *	  a value, with what a first fit would learn from the rows before it trains: labels,
 *	  vocabularies, what layers such as normalization learn.
 *
 * Rows are read as fit reads them and shown to the layers that learn, a few at a
 * time; none is kept.  The state is an expanded object with the model, readers and buffers,
 * flat between processes: the model and the lessons (lessons.h).  Of the first
 * aggregate it is internal, since its arguments are "any", which travel nowhere but to workers;
 * of the second it is a bytea.
 *
 * Lifetimes: all is in the object's context, a child of the aggregate's.
 */
#include "pg/adapt/adapt.h"
#include "pg/data/port.h"
#include "pg/model/model_value.h"
#include "pg/train/lessons.h"
#include "pg/train/train.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "utils/expandeddatum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#define MAGIC 0x6c6e6e6e
#define VERSION 1
#define FUNCTION "nnet.learn"
#define WAITING_RECORDS 256 /* shown to layers together */
#define WAITING_BYTES ((size_t) 1 << 20)

typedef struct Learner
{
	ExpandedObjectHeader header; /* first */
	MemoryContext context;
	NnetModelValue *value;
	NnetModel *model; /* it, from the first row on with parameters that pass missing values on */
	NnetRecentValue recent;
	bool *learns; /* by layer */
	bool *needed;
	NNAdapting *layers; /* that learn, of the rows that were read here */
	int n_layers;
	NnetLessons *lessons; /* of others */
	int64 rows;
	int64 skipped;

	/* readers, from the first row on */
	Oid xtype;
	Oid ytype;
	NnetRecorder *recorder;
	NnetRunner *runner;
	char *buffer;
	size_t used;
	size_t room;
	size_t offsets[WAITING_RECORDS];
	int n;

	StringInfo flat; /* while it is being written */
} Learner;

PG_FUNCTION_INFO_V1(nnet_learn_transition);
PG_FUNCTION_INFO_V1(nnet_learn_combine);
PG_FUNCTION_INFO_V1(nnet_learn_serialize);
PG_FUNCTION_INFO_V1(nnet_learn_deserialize);
PG_FUNCTION_INFO_V1(nnet_learn_final);
PG_FUNCTION_INFO_V1(nnet_learn_row_transition);
PG_FUNCTION_INFO_V1(nnet_learn_row_combine);
PG_FUNCTION_INFO_V1(nnet_learn_row_final);

static Size get_flat_size(ExpandedObjectHeader *header);
static void flatten_into(ExpandedObjectHeader *header, void *result, Size size);

static const ExpandedObjectMethods learner_methods = {
	.get_flat_size = get_flat_size,
	.flatten_into = flatten_into,
};

/* ---- the model ---- */

/* What the inputs give is not known before all rows were seen: by layer. */
static bool *
unknown_inputs(const NnetModel *model)
{
	bool *unknown = palloc0(sizeof(bool) * model->core->n_layers);

	for (int i = 0; i < model->core->n_inputs; i++)
	{
		const NnetVocabulary *vocabulary = nnet_model_vocabulary(model, i);
		bool known = vocabulary != NULL	  ? nnet_vocabulary_known(vocabulary)
			: nnet_column_reads(model, i) ? model->readings[i].known
										  : true;

		for (int k = 0; k < model->core->n_layers; k++)
			if (nn_model_layer(model->core, k) == nn_model_input(model->core, i))
				unknown[k] = !known;
	}
	return unknown;
}

static void
check_model(const NnetModel *model)
{
	NNError error = {.code = NN_OK};

	if (!model->training.compiled)
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("model \"%s\" is not compiled", model->name),
			 errhint("Call nnet.compile() before nnet.pack(): what y is depends on the loss.")));
	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(model->core, i);

		if (nn_layer_unadapted(layer, model->params + nn_layer_params(layer).offset) &&
			!nn_adapt_check(model->core, &model->objectives, i, &error))
			nnet_core_error(&error, model->name);
	}
}

/* The value is copied. */
static Learner *
new_learner(const NnetModelValue *value, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "nnet learn", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Learner *learner = palloc0(sizeof(Learner));
	NNModel *core;

	EOH_init_header(&learner->header, &learner_methods, context);
	learner->context = context;
	learner->value = memcpy(MemoryContextAllocHuge(context, VARSIZE(value)), value, VARSIZE(value));
	learner->model = nnet_model_value_load(PointerGetDatum(learner->value), 0, context);
	check_model(learner->model);
	core = learner->model->core;
	learner->learns = palloc0(sizeof(bool) * core->n_layers);
	learner->needed = palloc0(sizeof(bool) * core->n_layers);
	nn_learn_plan(core, learner->model->params, unknown_inputs(learner->model), learner->learns,
				  learner->needed);
	learner->lessons = nnet_lessons_make(learner->model, learner->learns, context);
	learner->layers = palloc0(sizeof(NNAdapting) * core->n_layers);
	for (int i = 0; i < core->n_layers; i++)
		if (learner->learns[i])
		{
			size_t bytes = nn_learn_size(core, i) * sizeof(double);
			double *state = MemoryContextAllocHuge(context, bytes);

			memset(state, 0, bytes);
			learner->layers[learner->n_layers++] =
				(NNAdapting){.layer = i, .state = state, .once = true};
		}
	MemoryContextSwitchTo(old);
	return learner;
}

/* ---- rows ---- */

static void
flush(Learner *learner)
{
	const void *records[WAITING_RECORDS];

	for (int i = 0; i < learner->n; i++)
		records[i] = learner->buffer + learner->offsets[i];
	for (int i = 0, count; i < learner->n; i += count)
	{
		count = (int) nnet_runner_piece(learner->runner, (size_t) (learner->n - i));
		nnet_adapt_piece(learner->runner, learner->layers, learner->n_layers, learner->needed,
						 records + i, (size_t) count);
	}
	learner->n = 0;
	learner->used = 0;
}

static char *
waiting_room(Learner *learner, size_t bytes)
{
	if (learner->used + bytes > learner->room)
	{
		size_t room = Max(learner->used + bytes, Max(2 * learner->room, 8192));

		learner->buffer = learner->buffer == NULL ? MemoryContextAllocHuge(learner->context, room)
												  : repalloc_huge(learner->buffer, room);
		learner->room = room;
	}
	learner->offsets[learner->n++] = learner->used;
	learner->used += bytes;
	return learner->buffer + learner->offsets[learner->n - 1];
}

/* An origin for each of many positions that are one feature would be many for one. */
static void
find_origins(Learner *learner)
{
	const NNModel *core = learner->model->core;

	for (int k = 0; k < learner->n_layers; k++)
	{
		int layer = learner->layers[k].layer;
		int input = nn_adapts_to_target(core, layer) ? -1 : nn_adapt_on_input(core, layer);
		NnetOrigins *origins = input >= 0 ? learner->recorder->inputs->ports[input].origins : NULL;

		if (origins != NULL && origins->n != nn_adapt_features(core, layer))
			origins->finds = false;
	}
}

static void
make_recorder(Learner *learner, Oid xtype, Oid ytype)
{
	MemoryContext old = MemoryContextSwitchTo(learner->context);

	learner->xtype = xtype;
	learner->ytype = ytype;
	learner->recorder = nnet_recorder_make(xtype, ytype, learner->model, true, learner->context);
	learner->runner = nnet_runner_make(learner->model, learner->recorder->format, WAITING_RECORDS,
									   1, learner->context);
	MemoryContextSwitchTo(old);
}

/* Count what columns have, and leave nothing provisional in the record. */
static void
learn_columns(Learner *learner, char *record)
{
	const NnetRecorder *recorder = learner->recorder;

	for (int i = 0; i < recorder->inputs->n; i++)
	{
		const NnetPort *port = &recorder->inputs->ports[i];
		float *x = (float *) (record + nn_record_x_at(recorder->format, &recorder->head, i));
		bool column = port->column != NULL && nnet_column_learning(port->column);

		if (column)
			nnet_column_learn_now(port->column, x, port->count);
		if (column || (port->text != NULL && nnet_text_learning(port->text)))
			memset(x, 0, nn_record_x_bytes(&recorder->format->inputs[i], port->count));
	}
}

static void
add_row(Learner *learner, Datum x, Datum y)
{
	char *record;
	size_t bytes;

	nnet_recorder_take(learner->recorder, x);
	if (learner->rows == 1)
	{
		find_origins(learner);
		/* only now: readers were made for a model that has still to learn */
		nn_learn_pass_missing(learner->model->core, learner->learns, learner->model->params);
	}
	bytes = nnet_recorder_read(learner->recorder, learner->model);
	record = waiting_room(learner, bytes);
	nnet_recorder_write(learner->recorder, learner->model, y, record);
	learn_columns(learner, record);
	if (learner->n_layers == 0)
	{
		learner->n = 0;
		learner->used = 0;
	}
	else if (learner->n == WAITING_RECORDS || learner->used >= WAITING_BYTES)
		flush(learner);
}

static void
take_row(Learner *learner, Datum x, bool xnull, Datum y, bool ynull, Oid xtype, Oid ytype)
{
	if (xnull || ynull)
	{
		learner->skipped++;
		return;
	}
	if (learner->recorder == NULL)
		make_recorder(learner, xtype, ytype);
	learner->rows++;
	add_row(learner, x, y);
}

/* The learner of a first row, or the same for a further one. */
static Learner *
begin_row(Learner *learner, FunctionCallInfo fcinfo, MemoryContext aggregate, NnetRow *row)
{
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the model to learn is NULL")));
	if (learner == NULL)
		learner = new_learner(nnet_model_value_get(PG_GETARG_DATUM(1)), aggregate);
	row->model = learner->model->name;
	row->number = learner->rows + learner->skipped + 1;
	nnet_row_enter(row);
	if (memcmp(nnet_model_value_content(PG_GETARG_DATUM(1), &learner->recent),
			   learner->value->content, NNET_DIGEST_BYTES) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the model changes within a group of rows of nnet.learn()"),
				 errhint("Add GROUP BY with what the model follows from.")));
	return learner;
}

/* ---- putting together ---- */

/* All that was learned here and elsewhere; in the current context. */
static NnetLessons *
all_lessons(Learner *learner)
{
	NnetLessons *all = nnet_lessons_make(learner->model, learner->learns, CurrentMemoryContext);

	nnet_lessons_add(all, learner->lessons);
	if (learner->recorder == NULL)
	{
		all->skipped += learner->skipped;
		return all;
	}
	if (learner->n > 0)
		flush(learner);
	nnet_lessons_take(all, learner->recorder, learner->layers, learner->n_layers);
	all->rows += learner->rows;
	all->skipped += learner->skipped;
	return all;
}

static void
add_learner(Learner *to, Learner *from)
{
	MemoryContext own =
		AllocSetContextCreate(CurrentMemoryContext, "nnet lessons", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);

	if (memcmp(to->value->content, from->value->content, NNET_DIGEST_BYTES) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the model changes within a group of rows of nnet.learn()"),
				 errhint("Add GROUP BY with what the model follows from.")));
	nnet_lessons_add(to->lessons, all_lessons(from));
	MemoryContextSwitchTo(old);
	MemoryContextDelete(own);
}

static void
write_flat(Learner *learner, StringInfo to)
{
	MemoryContext own =
		AllocSetContextCreate(CurrentMemoryContext, "nnet lessons", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	NnetLessons *lessons = all_lessons(learner);

	MemoryContextSwitchTo(old);
	pq_sendint32(to, MAGIC);
	pq_sendint32(to, VERSION);
	pq_sendint32(to, (uint32) (VARSIZE(learner->value) - VARHDRSZ));
	pq_sendbytes(to, (char *) learner->value + VARHDRSZ,
				 (int) (VARSIZE(learner->value) - VARHDRSZ));
	nnet_lessons_write(lessons, to);
	MemoryContextDelete(own);
}

static Size
get_flat_size(ExpandedObjectHeader *header)
{
	Learner *learner = (Learner *) header;
	MemoryContext old = MemoryContextSwitchTo(learner->context);

	if (learner->flat != NULL)
	{
		pfree(learner->flat->data);
		pfree(learner->flat);
	}
	learner->flat = makeStringInfo();
	write_flat(learner, learner->flat);
	MemoryContextSwitchTo(old);
	return VARHDRSZ + (Size) learner->flat->len;
}

static void
flatten_into(ExpandedObjectHeader *header, void *result, Size size)
{
	Learner *learner = (Learner *) header;

	Assert(size == VARHDRSZ + (Size) learner->flat->len);
	SET_VARSIZE(result, size);
	memcpy(VARDATA(result), learner->flat->data, size - VARHDRSZ);
}

static Learner *
read_flat(Datum state, MemoryContext parent)
{
	bytea *bytes = DatumGetByteaPP(state);
	StringInfoData from = {
		.data = VARDATA_ANY(bytes),
		.len = (int) VARSIZE_ANY_EXHDR(bytes),
		.maxlen = (int) VARSIZE_ANY_EXHDR(bytes),
	};
	NnetModelValue *value;
	Learner *learner;
	uint32 length;

	if (pq_getmsgint(&from, 4) != MAGIC || pq_getmsgint(&from, 4) != VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid state of nnet.learn()")));
	length = pq_getmsgint(&from, 4);
	value = palloc(VARHDRSZ + Min((Size) length, (Size) from.len));
	SET_VARSIZE(value, VARHDRSZ + length);
	memcpy(VARDATA(value), pq_getmsgbytes(&from, (int) length), length);
	learner = new_learner(value, parent);
	nnet_lessons_read(learner->lessons, &from);
	return learner;
}

/* ---- the end ---- */

/* What was left out, since it learns from what was learned just now. */
static void
tell_late(const NnetModel *model)
{
	StringInfoData list;
	int n = 0;

	initStringInfo(&list);
	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(model->core, i);

		if (nn_layer_unadapted(layer, model->params + nn_layer_params(layer).offset))
			appendStringInfo(&list, "%s\"%s\"", n++ > 0 ? ", " : "", nn_layer_name(layer));
	}
	if (n > 0)
		ereport(NOTICE,
				(errmsg_plural("model \"%s\": layer %s has still to learn",
							   "model \"%s\": layers %s have still to learn", n, model->name,
							   list.data),
				 errdetail("It learns from what other layers make of what they learned now."),
				 errhint("Call nnet.learn() again with the model that it gives, or let nnet.fit() "
						 "learn the rest.")));
}

static NnetModelValue *
learned_value(Learner *learner, NnetLessons *lessons)
{
	int n;
	NnetLayerRow *rows = nnet_model_value_rows(learner->value, &n);
	NnetModel *model = nnet_value_rows_load(rows, n, NNET_LOAD_SLOTS, CurrentMemoryContext);
	NnetModelValue *rest = nnet_model_value_rest(model, rows, n);
	NnetModelValue *value;

	nnet_lessons_apply(lessons, model);
	tell_late(model);
	value = nnet_model_value_save(model, rest);
	MemoryContextDelete(model->context);
	return value;
}

static Datum
finish(FunctionCallInfo fcinfo, Learner *learner)
{
	MemoryContext own;
	MemoryContext old;
	NnetLessons *lessons;
	NnetModelValue *value = NULL;

	if (learner == NULL)
	{
		nnet_report_no_rows("nnet.learn()");
		PG_RETURN_NULL();
	}
	own = AllocSetContextCreate(CurrentMemoryContext, "nnet lessons", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(own);
	lessons = all_lessons(learner);
	if (lessons->rows > 0)
	{
		value = learned_value(learner, lessons);
		MemoryContextSwitchTo(old);
		value = memcpy(palloc(VARSIZE(value)), value, VARSIZE(value));
	}
	else
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("model \"%s\" learns nothing: x or y of all " INT64_FORMAT " rows is NULL",
						learner->model->name, lessons->skipped)));
	MemoryContextSwitchTo(old);
	MemoryContextDelete(own);
	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(value);
}

/* ---- nnet.learn(model, x, y): a state of this process ---- */

Datum
nnet_learn_transition(PG_FUNCTION_ARGS)
{
	Learner *learner = PG_ARGISNULL(0) ? NULL : (Learner *) PG_GETARG_POINTER(0);
	NnetRow row = {.what = "row", .function = FUNCTION};
	MemoryContext aggregate;

	if (!AggCheckCallContext(fcinfo, &aggregate))
		elog(ERROR, "nnet_learn_transition called in non-aggregate context");
	learner = begin_row(learner, fcinfo, aggregate, &row);
	take_row(learner, PG_GETARG_DATUM(2), PG_ARGISNULL(2), PG_GETARG_DATUM(3), PG_ARGISNULL(3),
			 get_fn_expr_argtype(fcinfo->flinfo, 2), get_fn_expr_argtype(fcinfo->flinfo, 3));
	nnet_row_leave(&row);
	PG_RETURN_POINTER(learner);
}

Datum
nnet_learn_combine(PG_FUNCTION_ARGS)
{
	Learner *left = PG_ARGISNULL(0) ? NULL : (Learner *) PG_GETARG_POINTER(0);
	Learner *right = PG_ARGISNULL(1) ? NULL : (Learner *) PG_GETARG_POINTER(1);
	MemoryContext aggregate;

	if (!AggCheckCallContext(fcinfo, &aggregate))
		elog(ERROR, "nnet_learn_combine called in non-aggregate context");
	if (left == NULL && right == NULL)
		PG_RETURN_NULL();
	if (left == NULL)
		left = new_learner(right->value, aggregate);
	if (right != NULL)
		add_learner(left, right);
	PG_RETURN_POINTER(left);
}

Datum
nnet_learn_serialize(PG_FUNCTION_ARGS)
{
	StringInfoData buffer;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "nnet_learn_serialize called in non-aggregate context");
	pq_begintypsend(&buffer);
	write_flat((Learner *) PG_GETARG_POINTER(0), &buffer);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

Datum
nnet_learn_deserialize(PG_FUNCTION_ARGS)
{
	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "nnet_learn_deserialize called in non-aggregate context");
	PG_RETURN_POINTER(read_flat(PG_GETARG_DATUM(0), CurrentMemoryContext));
}

Datum
nnet_learn_final(PG_FUNCTION_ARGS)
{
	return finish(fcinfo, PG_ARGISNULL(0) ? NULL : (Learner *) PG_GETARG_POINTER(0));
}

/* ---- nnet.learn(model, row(x, y)): a state that travels ---- */

/* The learner of a state; its own, to be changed, only if it is one of this aggregate. */
static Learner *
get_learner(Datum state, MemoryContext aggregate)
{
	if (VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(state)))
	{
		ExpandedObjectHeader *header = DatumGetEOHP(state);

		if (header->eoh_methods == &learner_methods)
			return (Learner *) header;
	}
	return read_flat(state, aggregate);
}

/* What is only looked at. */
static Learner *
look_at(Datum state)
{
	if (VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(state)))
	{
		ExpandedObjectHeader *header = DatumGetEOHP(state);

		if (header->eoh_methods == &learner_methods)
			return (Learner *) header;
	}
	return read_flat(state, CurrentMemoryContext);
}

/* x and y of a row, whose types are in it. */
static void
take_record(Learner *learner, HeapTupleHeader header)
{
	TupleDesc desc =
		lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(header), .t_data = header};
	Datum values[2];
	bool nulls[2];
	Oid types[2];

	if (desc->natts != 2)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("nnet.learn() expects a row of x and y, not of %d columns", desc->natts),
				 errhint("Write ROW(x, y).")));
	for (int i = 0; i < 2; i++)
		types[i] = TupleDescAttr(desc, i)->atttypid;
	if (learner->recorder != NULL && (types[0] != learner->xtype || types[1] != learner->ytype))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("x and y have the types %s and %s, but had %s and %s in rows before",
						format_type_be(types[0]), format_type_be(types[1]),
						format_type_be(learner->xtype), format_type_be(learner->ytype)),
				 errhint("Give all rows the same types.")));
	ItemPointerSetInvalid(&tuple.t_self);
	heap_deform_tuple(&tuple, desc, values, nulls);
	ReleaseTupleDesc(desc);
	take_row(learner, values[0], nulls[0], values[1], nulls[1], types[0], types[1]);
}

Datum
nnet_learn_row_transition(PG_FUNCTION_ARGS)
{
	NnetRow row = {.what = "row", .function = FUNCTION};
	MemoryContext aggregate;
	Learner *learner;

	if (!AggCheckCallContext(fcinfo, &aggregate))
		aggregate = CurrentMemoryContext;
	learner = PG_ARGISNULL(0) ? NULL : get_learner(PG_GETARG_DATUM(0), aggregate);
	learner = begin_row(learner, fcinfo, aggregate, &row);
	if (PG_ARGISNULL(2))
		learner->skipped++;
	else
		take_record(learner, PG_GETARG_HEAPTUPLEHEADER(2));
	nnet_row_leave(&row);
	PG_RETURN_DATUM(EOHPGetRWDatum(&learner->header));
}

Datum
nnet_learn_row_combine(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate;
	Learner *left;

	if (!AggCheckCallContext(fcinfo, &aggregate))
		aggregate = CurrentMemoryContext;
	left = get_learner(PG_GETARG_DATUM(0), aggregate);
	add_learner(left, look_at(PG_GETARG_DATUM(1)));
	PG_RETURN_DATUM(EOHPGetRWDatum(&left->header));
}

Datum
nnet_learn_row_final(PG_FUNCTION_ARGS)
{
	return finish(fcinfo, PG_ARGISNULL(0) ? NULL : look_at(PG_GETARG_DATUM(0)));
}
