/*
 * scan_batch.c
 *	  Rows of a batched scan, read ahead and predicted.
 *
 * The first row is left to the calls themselves: so whatever is wrong with a
 * model is raised by them, in the order in which expressions are evaluated, and
 * LIMIT 1 costs nothing.  Then 16 rows are read, 64, 256, ..., as far as work_mem
 * allows.  An argument that fails ends a batch; its row is left to the calls, too.
 */
#include "pg/predict/scan_state.h"

#include "access/relscan.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "pg/predict/predict.h"
#include "port/pg_bitutils.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

typedef enum Tried
{
	TRIED_YES,
	TRIED_NO, /* NULL, or false */
	TRIED_FAILED
} Tried;

/* ---- what may fail ---- */

/*
 * Forget the error that a row met, if it is one of values; the calls raise it
 * again should the row be wanted.  Anything else ends the query.
 */
static void
forget_error(MemoryContext context, bool memory_too)
{
	ErrorData *error;
	int category;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	category = ERRCODE_TO_CATEGORY(error->sqlerrcode);
	/* and of their types: elements that have no comparison, say */
	if (category != ERRCODE_DATA_EXCEPTION && category != ERRCODE_PROGRAM_LIMIT_EXCEEDED &&
		category != ERRCODE_SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION &&
		category != ERRCODE_FEATURE_NOT_SUPPORTED &&
		!(memory_too && error->sqlerrcode == ERRCODE_OUT_OF_MEMORY))
		PG_RE_THROW();
	FlushErrorState();
	FreeErrorData(error);
}

/* The conditions before the calls, of the row in the scan's slot. */
static Tried
try_early(NnetScan *scan, ExprContext *econtext)
{
	MemoryContext context = CurrentMemoryContext;
	volatile Tried tried = TRIED_FAILED;

	PG_TRY();
	{
		tried = ExecQual(scan->early, econtext) ? TRIED_YES : TRIED_NO;
	}
	PG_CATCH();
	{
		forget_error(context, false);
	}
	PG_END_TRY();
	return tried;
}

bool
nnet_scan_try_row(NnetScan *scan, ExprContext *econtext)
{
	ProjectionInfo *projection = scan->css.ss.ps.ps_ProjInfo;
	MemoryContext context = CurrentMemoryContext;
	volatile bool goes = false;

	PG_TRY();
	{
		if (ExecQual(scan->rest, econtext) && projection != NULL)
			(void) ExecProject(projection);
		goes = true;
	}
	PG_CATCH();
	{
		forget_error(context, false);
	}
	PG_END_TRY();
	return goes;
}

/* x of that row; take: for the batch. */
static Tried
try_x(NnetCall *call, ExprContext *econtext, bool take)
{
	MemoryContext context = CurrentMemoryContext;
	const TupleTableSlot *slot = econtext->ecxt_scantuple;
	volatile Tried tried = TRIED_FAILED;

	PG_TRY();
	{
		bool isnull = false;

		if (call->columns == NULL || (take && !nnet_batch_takes_columns(call->batch)))
		{
			Datum x = ExecEvalExprSwitchContext(call->x, econtext, &isnull);

			if (!isnull && take)
				nnet_batch_take(call->batch, x);
		}
		else if (take)
			nnet_batch_take_columns(call->batch, slot->tts_values, slot->tts_isnull, call->columns);
		tried = isnull ? TRIED_NO : TRIED_YES;
	}
	PG_CATCH();
	{
		forget_error(context, false);
	}
	PG_END_TRY();
	return tried;
}

/* What was taken goes into the batch; NO: into the next. */
static Tried
try_add(NnetCall *call)
{
	MemoryContext context = CurrentMemoryContext;
	volatile Tried tried = TRIED_FAILED;

	/* may read the model: not to be forgotten */
	nnet_batch_look(call->batch);
	PG_TRY();
	{
		tried = nnet_batch_add(call->batch) ? TRIED_YES : TRIED_NO;
	}
	PG_CATCH();
	{
		if (geterrcode() == ERRCODE_OUT_OF_MEMORY)
			call->declined = true;
		forget_error(context, true);
	}
	PG_END_TRY();
	return tried;
}

/* ---- the scan's slot ---- */

void
nnet_scan_load_columns(NnetScan *scan, TupleTableSlot *from, int n)
{
	TupleTableSlot *slot = scan->css.ss.ss_ScanTupleSlot;
	int all = scan->columns + 2 * scan->n_calls;

	ExecClearTuple(slot);
	slot_getsomeattrs(from, n);
	memcpy(slot->tts_values, from->tts_values, n * sizeof(Datum));
	memcpy(slot->tts_isnull, from->tts_isnull, n * sizeof(bool));
	for (int i = n; i < all; i++)
	{
		slot->tts_values[i] = (Datum) 0;
		slot->tts_isnull[i] = true;
	}
	ExecStoreVirtualTuple(slot);
}

void
nnet_scan_load_row(NnetScan *scan, NnetScanRow *row, int n, bool passed)
{
	ExecStoreMinimalTuple(row->tuple, scan->slot, passed);
	nnet_scan_load_columns(scan, scan->slot, n);
	if (!passed)
		return;
	scan->bytes -= row->tuple->t_len;
	row->tuple = NULL;
	/* for UPDATE ... WHERE CURRENT OF */
	scan->css.ss.ss_ScanTupleSlot->tts_tid = row->tid;
	scan->css.ss.ss_ScanTupleSlot->tts_tableOid = row->table;
}

/* In the memory of the expressions that read it. */
static Datum
prediction(NnetCall *call, const NnetPart *part)
{
	ArrayType *array;

	if (call->kind.classifies)
		return PointerGetDatum(part->label);
	array = nnet_output_array(&call->shape);
	memcpy(ARR_DATA_PTR(array), nnet_batch_outputs(call->batch, part->place) + call->at,
		   nn_shape_size(&call->shape) * sizeof(nn_real));
	return PointerGetDatum(array);
}

/* Predictions and numbers of the row in the slot. */
void
nnet_scan_load_parts(NnetScan *scan, const NnetPart *parts, ExprContext *econtext)
{
	TupleTableSlot *slot = scan->css.ss.ss_ScanTupleSlot;
	MemoryContext old = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);

	for (int i = 0; i < scan->n_calls; i++)
	{
		NnetCall *call = &scan->calls[i];
		int column = scan->columns + 2 * i;

		slot->tts_values[column + 1] = Int64GetDatum(call->number + 1);
		slot->tts_isnull[column + 1] = false;
		if (parts[i].place == NNET_NO_PLACE)
			continue;
		slot->tts_values[column] = prediction(call, &parts[i]);
		slot->tts_isnull[column] = false;
	}
	MemoryContextSwitchTo(old);
}

/* ---- rows from below ---- */

void
nnet_scan_note_place(const NnetScan *scan, NnetScanRow *row)
{
	ItemPointerSetInvalid(&row->tid);
	row->table = InvalidOid;
	if (scan->table == NULL)
		return;
	row->tid = scan->table->ss_ScanTupleSlot->tts_tid;
	row->table = scan->table->ss_ScanTupleSlot->tts_tableOid;
	if (IsA(scan->table, IndexOnlyScanState))
		row->tid = ((const IndexOnlyScanState *) scan->table)->ioss_ScanDesc->xs_heaptid;
}

static void
make_room(NnetScan *scan)
{
	if (scan->n < scan->room)
		return;
	scan->room *= 2;
	scan->rows = repalloc_huge(scan->rows, scan->room * sizeof(NnetScanRow));
	scan->parts = repalloc_huge(scan->parts, (Size) scan->room * scan->n_calls * sizeof(NnetPart));
}

/* Put the next row of the plan below into the queue and the scan's slot.  False: there is none. */
static bool
read_row(NnetScan *scan, ExprContext *econtext)
{
	Tried tried = TRIED_NO;
	TupleTableSlot *slot;
	MemoryContext old;
	NnetScanRow *row;

	do
	{
		if (tried == TRIED_NO && scan->below_ended)
			return false;
		if (scan->below != NULL)
			scan->below->certain_only = scan->certain_only || scan->n > 0;
		slot = ExecProcNode(outerPlanState(&scan->css.ss.ps));
		if (scan->below != NULL && scan->below->paused)
			return false;
		scan->below_at++;
		if (TupIsNull(slot))
		{
			scan->below_ended = true;
			return false;
		}
		ResetExprContext(econtext);
		nnet_scan_load_columns(scan, slot, scan->columns);
		tried = scan->early != NULL ? try_early(scan, econtext) : TRIED_YES;
		if (tried == TRIED_NO)
			InstrCountFiltered1(&scan->css, 1);
	} while (tried == TRIED_NO);

	make_room(scan);
	row = &scan->rows[scan->n++];
	row->at = scan->below_at;
	row->doubtful = tried == TRIED_FAILED;
	nnet_scan_note_place(scan, row);
	old = MemoryContextSwitchTo(scan->stored);
	row->tuple = ExecCopySlotMinimalTuple(slot);
	MemoryContextSwitchTo(old);
	scan->bytes += row->tuple->t_len;
	return true;
}

/* ---- a batch ---- */

static Datum
evaluate(ExprState *expr, ExprContext *econtext, bool *isnull)
{
	return ExecEvalExprSwitchContext(expr, econtext, isnull);
}

/* The output that the call names, as it is now.  False: none, so that it gives NULL. */
static bool
set_output(NnetScan *scan, NnetCall *call, ExprContext *econtext)
{
	bool isnull;
	Datum name;
	char *wanted;

	if (call->output == NULL)
		return true;
	name = evaluate(call->output, econtext, &isnull);
	if (isnull)
		return false;
	wanted = TextDatumGetCString(name);
	if (call->wanted == NULL || strcmp(call->wanted, wanted) != 0)
		call->wanted = MemoryContextStrdup(scan->css.ss.ps.state->es_query_cxt, wanted);
	pfree(wanted);
	return true;
}

/* Whether the call is in it. */
static bool
begin_call(NnetScan *scan, NnetCall *call, ExprContext *econtext)
{
	bool isnull;
	Datum model;

	if (!set_output(scan, call, econtext))
		return false;
	if (call->leader != NULL)
	{
		call->batch = call->leader->batch;
		return call->leader->batched;
	}
	model = evaluate(call->model, econtext, &isnull);
	if (isnull)
		return false;
	if (call->batch == NULL)
		call->batch = nnet_batch_make(
			scan->css.ss.ps.state->es_query_cxt, exprType(lsecond(call->expr->args)),
			(size_t) work_mem * 1024 / 2 / scan->n_calls, scan->alone, true);
	nnet_batch_set_model(call->batch, DatumGetObjectId(model));
	call->declined = nnet_batch_declines(call->batch);
	return !call->declined;
}

/* Which calls are in it.  False if one is to be evaluated as it was written first. */
static bool
begin_batch(NnetScan *scan, ExprContext *econtext)
{
	bool any = false;

	for (int i = 0; i < scan->n_calls; i++)
	{
		NnetCall *call = &scan->calls[i];

		call->batched = false;
		if (!nnet_batch_predict || call->declined)
			continue;
		if (!call->begun)
			return false;
		call->batched = begin_call(scan, call, econtext);
		any |= call->batched;
	}
	return any;
}

/* What the row in the slot is for a call: FAILED ends the batch after it, NO before. */
static Tried
add_row(NnetCall *call, NnetPart *part, ExprContext *econtext)
{
	Tried tried;

	*part = (NnetPart){.place = NNET_NO_PLACE};
	tried = try_x(call, econtext, call->batched);
	part->given = tried != TRIED_NO;
	if (tried == TRIED_NO || (tried == TRIED_YES && !call->batched))
		return TRIED_YES;
	if (tried == TRIED_YES)
		tried = try_add(call);
	if (tried == TRIED_YES)
		part->place = nnet_batch_count(call->batch) - 1;
	/* rows like this one are not worth an error each */
	if (tried == TRIED_FAILED && call->batched && nnet_batch_declines(call->batch))
		call->declined = true;
	return tried;
}

/* Rows of the queue, and more of them if that is the first call, up to most, as parts of a call. */
static void
add_rows(NnetScan *scan, int number, int most, ExprContext *econtext)
{
	NnetCall *call = &scan->calls[number];
	Size bytes = (Size) work_mem * 1024 / 2;
	int i;

	if (call->batched)
		nnet_batch_begin(call->batch, most);
	for (i = 0; i < most; i++)
	{
		NnetPart *part;
		Tried tried;

		nnet_check_interrupts();
		if (i < scan->n)
		{
			ResetExprContext(econtext);
			nnet_scan_load_row(scan, &scan->rows[i], scan->columns, false);
		}
		else if ((i > 0 && scan->bytes > bytes) || !read_row(scan, econtext))
			break;
		part = &scan->parts[(Size) i * scan->n_calls + number];
		tried = TRIED_FAILED;
		if (scan->rows[i].doubtful)
			*part = (NnetPart){.place = NNET_NO_PLACE, .given = true};
		else
			tried = add_row(call, part, econtext);
		if (tried == TRIED_NO)
			break;
		if (tried == TRIED_FAILED)
		{
			scan->rows[i++].doubtful = true;
			break;
		}
	}
	scan->ready = i;
}

/* What of the outputs the call gives.  False: an error, which is left to the call. */
static bool
find_output(NnetCall *call, const NnetModel *model, int *output)
{
	*output = call->wanted != NULL ? nn_model_find_output(model->core, call->wanted)
		: call->kind.classifies	   ? nnet_class_output(model, call->kind.steps)
								   : NNET_ALL_OUTPUTS;
	if (call->wanted != NULL && *output < 0)
		return false;
	call->shape = nnet_output_shape(model->core, *output);
	call->at = *output > 0 ? nnet_output_at(model->core, *output) : 0;
	return true;
}

/* Classes of the outputs; where there are none that can be told, the call is made. */
static void
look_at_outputs(NnetScan *scan, int number)
{
	NnetCall *call = &scan->calls[number];
	const NnetModel *model = nnet_batch_loaded(call->batch);
	size_t n = nn_shape_size(nnet_batch_shape(call->batch));
	MemoryContext old = MemoryContextSwitchTo(scan->labels);
	int output;
	bool found = find_output(call, model, &output);

	for (int i = 0; i < scan->ready; i++)
	{
		NnetPart *part = &scan->parts[(Size) i * scan->n_calls + number];
		const nn_real *y;

		if (part->place == NNET_NO_PLACE)
			continue;
		y = nnet_batch_outputs(call->batch, part->place);
		if (!found || !nn_all_finite(y, n))
			part->place = NNET_NO_PLACE;
		else if (call->kind.classifies)
		{
			part->label =
				nnet_class_value(model, output, &call->shape, y + call->at, call->kind.steps);
			if (part->label == NULL)
				part->place = NNET_NO_PLACE;
		}
		scan->n_batched += part->place != NNET_NO_PLACE;
	}
	MemoryContextSwitchTo(old);
}

/* Calls of the same model and x give what they want of the batch that was made for one of them. */
static void
follow(NnetScan *scan, int leader)
{
	for (int k = leader + 1; k < scan->n_calls; k++)
	{
		if (scan->calls[k].leader != &scan->calls[leader])
			continue;
		for (int i = 0; i < scan->ready; i++)
		{
			NnetPart *parts = &scan->parts[(Size) i * scan->n_calls];

			parts[k] = (NnetPart){
				.place = scan->calls[k].batched ? parts[leader].place : NNET_NO_PLACE,
				.given = parts[leader].given,
			};
		}
	}
}

/* What a batch gives to each call that it was made for. */
static void
give_outputs(NnetScan *scan, int leader)
{
	for (int k = leader; k < scan->n_calls; k++)
		if (scan->calls[k].batched &&
			(k == leader || scan->calls[k].leader == &scan->calls[leader]))
			look_at_outputs(scan, k);
}

/* The rows of the queue that wait for the next batch move to its begin. */
static void
drop_passed(NnetScan *scan)
{
	scan->n -= scan->ready;
	memmove(scan->rows, scan->rows + scan->ready, scan->n * sizeof(NnetScanRow));
	scan->head = scan->ready = 0;
}

/* Have rows that are ready, if there are any more. */
void
nnet_scan_fill(NnetScan *scan, ExprContext *econtext)
{
	int most = 1;

	drop_passed(scan);
	MemoryContextReset(scan->labels);
	if (begin_batch(scan, econtext))
		most = scan->n_next;
	else
		for (int i = 0; i < scan->n_calls; i++)
			scan->calls[i].batched = false;
	if (scan->most > 0)
		most = (int) Max(Min(most, scan->most - scan->returned), 1);
	for (int i = 0; i < scan->n_calls; i++)
	{
		NnetCall *call = &scan->calls[i];

		if (call->leader != NULL)
			continue;
		add_rows(scan, i, i == 0 ? most : scan->ready, econtext);
		follow(scan, i);
		if (call->batched && nnet_batch_count(call->batch) > 0)
		{
			nnet_batch_finish(call->batch);
			give_outputs(scan, i);
			scan->n_batches++;
		}
	}
	if (most > 1)
		scan->n_next =
			Min(Max(4 * (int) pg_nextpower2_32(Max(scan->ready, 1)), NNET_SCAN_FIRST_ROWS),
				NNET_BATCH_ROWS);
}
