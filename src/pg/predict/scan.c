/*
 * scan.c
 *	  The batched scan, as the executor sees it.  What its tuples and
 *	  expressions are, scan.h says.
 *
 * Backwards it goes a row at a time, and without predictions, on the plan
 * below that is first brought back to the row at hand.
 */
#include "pg/predict/scan_state.h"

#include "catalog/pg_type.h"
#include "commands/explain.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/memutils.h"
#include "utils/ruleutils.h"

static Node *create_state(CustomScan *plan);

const CustomScanMethods nnet_scan_methods = {NNET_SCAN_NAME, create_state};

/* ---- rows for above ---- */

/*
 * The row in the slot, whose parts these are, as those above want it; NULL if it is not.
 */
static TupleTableSlot *
give_row(NnetScan *scan, bool doubtful, const NnetPart *parts, ExprContext *econtext)
{
	PlanState *ps = &scan->css.ss.ps;
	bool wanted;

	nnet_scan_load_parts(scan, parts, econtext);
	wanted = ExecQual(doubtful ? ps->qual : scan->rest, econtext);
	for (int i = 0; i < scan->n_calls; i++)
	{
		NnetCall *call = &scan->calls[i];

		if (!parts[i].given || (call->late && !wanted))
			continue;
		call->number++;
		call->evaluated = true;
	}
	if (!wanted)
	{
		InstrCountFiltered1(&scan->css, 1);
		return NULL;
	}
	scan->returned++;
	return ps->ps_ProjInfo != NULL ? ExecProject(ps->ps_ProjInfo) : scan->css.ss.ss_ScanTupleSlot;
}

/* Rows were asked for after that: so those above had no error with it. */
static void
note_begun(NnetScan *scan)
{
	for (int i = 0; i < scan->n_calls; i++)
		scan->calls[i].begun |= scan->calls[i].evaluated;
}

/* Whether the next row can be given without an error, though nobody wants it yet. */
static bool
is_certain(NnetScan *scan, ExprContext *econtext)
{
	NnetScanRow *row = &scan->rows[scan->head];
	const NnetPart *parts = scan->parts + (Size) scan->head * scan->n_calls;

	for (int i = 0; i < scan->n_calls; i++)
		if (parts[i].given && parts[i].place == NNET_NO_PLACE)
			return false;
	if (scan->certainty != NNET_CERTAIN_TRIED || row->doubtful)
		return scan->certainty == NNET_CERTAIN_ALWAYS && !row->doubtful;
	nnet_scan_load_row(scan, row, scan->columns, false);
	nnet_scan_load_parts(scan, parts, econtext);
	return nnet_scan_try_row(scan, econtext);
}

/* Rows that were refused meanwhile are passed, but going back begins where we were. */
static TupleTableSlot *
pause_at(NnetScan *scan, int64 at)
{
	scan->paused = true;
	scan->at = at;
	return NULL;
}

/* How many columns of a row are: all, if a call is made that has no prediction. */
static int
columns_read(const NnetScan *scan, const NnetScanRow *row, const NnetPart *parts)
{
	if (row->doubtful)
		return scan->columns;
	for (int i = 0; i < scan->n_calls; i++)
		if (parts[i].place == NNET_NO_PLACE)
			return scan->columns;
	return scan->used;
}

/* NULL: there is none, or (paused) none that is certain. */
static TupleTableSlot *
next_row(NnetScan *scan, ExprContext *econtext)
{
	int64 at = scan->at;
	const NnetPart *parts;
	TupleTableSlot *slot;
	NnetScanRow *row;
	int i;

	do
	{
		note_begun(scan);
		if (scan->head == scan->ready)
			nnet_scan_fill(scan, econtext);
		ResetExprContext(econtext);
		if (scan->head == scan->ready)
		{
			if (scan->below != NULL && scan->below->paused)
				return pause_at(scan, at);
			scan->at = scan->below_at;
			return NULL;
		}
		if (scan->certain_only && !is_certain(scan, econtext))
			return pause_at(scan, at);
		i = scan->head++;
		row = &scan->rows[i];
		scan->at = row->at;
		parts = scan->parts + (Size) i * scan->n_calls;
		nnet_scan_load_row(scan, row, columns_read(scan, row, parts), true);
		slot = give_row(scan, row->doubtful, parts, econtext);
	} while (slot == NULL);
	return slot;
}

static void
clear_queue(NnetScan *scan)
{
	ExecClearTuple(scan->slot);
	ExecClearTuple(scan->css.ss.ss_ScanTupleSlot);
	MemoryContextReset(scan->stored);
	scan->head = scan->ready = scan->n = 0;
	scan->bytes = 0;
	scan->n_next = NNET_SCAN_FIRST_ROWS;
}

/* The plan below one row back from ours, which it may be ahead of. */
static TupleTableSlot *
step_back(NnetScan *scan)
{
	TupleTableSlot *slot;
	int64 wanted = Max(scan->at - 1, 0);

	clear_queue(scan);
	if (scan->below != NULL)
		scan->below->certain_only = false;
	do
	{
		nnet_check_interrupts();
		slot = ExecProcNode(outerPlanState(&scan->css.ss.ps));
		scan->below_at = Max(scan->below_at - 1, 0);
	} while (scan->below_at > wanted);
	scan->below_ended = false;
	scan->at = wanted;
	return slot;
}

static TupleTableSlot *
earlier_row(NnetScan *scan, ExprContext *econtext)
{
	NnetPart *parts = scan->parts; /* the queue is empty then */
	TupleTableSlot *slot;
	NnetScanRow row;

	do
	{
		note_begun(scan);
		slot = step_back(scan);
		ResetExprContext(econtext);
		if (TupIsNull(slot))
			return NULL;
		nnet_scan_load_columns(scan, slot, scan->columns);
		nnet_scan_note_place(scan, &row);
		scan->css.ss.ss_ScanTupleSlot->tts_tid = row.tid;
		scan->css.ss.ss_ScanTupleSlot->tts_tableOid = row.table;
		for (int i = 0; i < scan->n_calls; i++)
			parts[i] = (NnetPart){.place = NNET_NO_PLACE, .given = true};
		slot = give_row(scan, true, parts, econtext);
	} while (slot == NULL);
	return slot;
}

/* ---- the executor's calls ---- */

/* Rows that a LIMIT above asks for, as it is now; 0: any number. */
static int64
limit_of(NnetScan *scan, ExprContext *econtext)
{
	bool no_count = false;
	bool no_offset = true;
	int64 count;
	int64 offset = 0;

	count = DatumGetInt64(ExecEvalExprSwitchContext(scan->count, econtext, &no_count));
	if (scan->offset != NULL)
		offset = DatumGetInt64(ExecEvalExprSwitchContext(scan->offset, econtext, &no_offset));
	if (no_count || count < 0 || (!no_offset && offset < 0))
		return 0;
	if (no_offset)
		offset = 0;
	return count > PG_INT64_MAX - offset ? 0 : count + offset;
}

/* What is below, a sort perhaps, need not give more than a LIMIT wants; an earlier one's bound ends. */
static void
start(NnetScan *scan, ExprContext *econtext)
{
	scan->started = true;
	scan->most = 0;
	if (scan->count == NULL)
		return;
	scan->most = limit_of(scan, econtext);
	ExecSetTupleBound(scan->most > 0 ? scan->most : -1, outerPlanState(&scan->css.ss.ps));
}

static TupleTableSlot *
exec_scan(CustomScanState *node)
{
	NnetScan *scan = (NnetScan *) node;
	ExprContext *econtext = node->ss.ps.ps_ExprContext;
	TupleTableSlot *slot;

	econtext->ecxt_scantuple = node->ss.ss_ScanTupleSlot;
	scan->paused = false;
	if (!scan->started)
		start(scan, econtext);
	slot = ScanDirectionIsBackward(node->ss.ps.state->es_direction) ? earlier_row(scan, econtext)
																	: next_row(scan, econtext);
	if (slot != NULL)
		return slot;
	if (node->ss.ps.ps_ProjInfo != NULL)
		return ExecClearTuple(node->ss.ps.ps_ProjInfo->pi_state.resultslot);
	return ExecClearTuple(node->ss.ss_ScanTupleSlot);
}

static int
fact(const CustomScan *plan, int number)
{
	return list_nth_int(linitial(plan->custom_private), number);
}

/* The first call before this one that runs the same rows through the same model, or NULL. */
static NnetCall *
find_leader(NnetScan *scan, const NnetCall *call)
{
	for (NnetCall *other = scan->calls; other < call; other++)
		if (equal(linitial(other->expr->args), linitial(call->expr->args)) &&
			equal(lsecond(other->expr->args), lsecond(call->expr->args)))
			return other;
	return NULL;
}

/* Where the columns of x are, if it is a table's row of them; else NULL.  Dropped ones are nowhere. */
static const int *
find_columns(const Node *x)
{
	const RowExpr *row = (const RowExpr *) x;
	int *columns;
	ListCell *lc;

	if (!IsA(x, RowExpr) || row->row_typeid == RECORDOID)
		return NULL;
	columns = palloc(list_length(row->args) * sizeof(int));
	foreach (lc, row->args)
	{
		const Var *var = lfirst(lc);

		if (!IsA(var, Const) && (!IsA(var, Var) || var->varno != INDEX_VAR || var->varattno <= 0))
			return NULL;
		columns[foreach_current_index(lc)] = IsA(var, Const) ? -1 : var->varattno - 1;
	}
	return columns;
}

static void
begin_calls(NnetScan *scan, const CustomScan *plan)
{
	PlanState *ps = &scan->css.ss.ps;
	ListCell *lc;

	scan->n_calls = list_length(plan->custom_exprs);
	scan->calls = palloc0(scan->n_calls * sizeof(NnetCall));
	foreach (lc, plan->custom_exprs)
	{
		NnetCall *call = &scan->calls[foreach_current_index(lc)];

		call->expr = lfirst(lc);
		call->late = plan->scan.plan.qual != NIL && !fact(plan, NNET_FACT_QUALS);
		(void) nnet_is_predict(call->expr->funcid, &call->kind);
		call->leader = find_leader(scan, call);
		call->model = ExecInitExpr(linitial(call->expr->args), ps);
		call->x = ExecInitExpr(lsecond(call->expr->args), ps);
		call->columns = find_columns(lsecond(call->expr->args));
		if (call->kind.names_output)
			call->output = ExecInitExpr(lthird(call->expr->args), ps);
	}
}

/* The scan of a table whose rows ours are: where a cursor is.  NULL: there is none. */
static ScanState *
table_below(PlanState *below)
{
	if (below == NULL) /* a Result of constants has nothing below */
		return NULL;
	switch (nodeTag(below))
	{
		case T_SeqScanState:
		case T_SampleScanState:
		case T_IndexScanState:
		case T_IndexOnlyScanState:
		case T_BitmapHeapScanState:
		case T_TidScanState:
#ifdef NNET_HAS_TID_RANGE
		case T_TidRangeScanState:
#endif
		case T_CustomScanState: /* one of ours passes its own on */
			return ((ScanState *) below)->ss_currentRelation != NULL ? (ScanState *) below : NULL;
		case T_ResultState:
			return table_below(outerPlanState(below));
		case T_SubqueryScanState:
			return table_below(((SubqueryScanState *) below)->subplan);
		default:
			return NULL;
	}
}

typedef struct Used
{
	int columns;
	int used;
} Used;

/* A walker: the last column that is read where each call has its prediction. */
static bool
find_used(Node *node, void *context)
{
	Used *used = context;
	const Var *var = (const Var *) node;

	if (node == NULL)
		return false;
	if (IsA(node, Var) && var->varattno <= used->columns)
		used->used = Max(used->used, var->varattno);
	if (IsA(node, CoalesceExpr))
	{
		var = linitial(((const CoalesceExpr *) node)->args);
		if (IsA(var, Var) && var->varattno > used->columns)
			return false;
	}
	return expression_tree_walker(node, find_used, context);
}

static int
count_used(const CustomScan *plan, int columns)
{
	Used used = {columns, 0};

	(void) find_used((Node *) plan->scan.plan.targetlist, &used);
	(void) find_used((Node *) plan->scan.plan.qual, &used);
	return used.used;
}

static void
begin_scan(CustomScanState *node, EState *estate, int eflags)
{
	NnetScan *scan = (NnetScan *) node;
	CustomScan *plan = (CustomScan *) node->ss.ps.plan;
	PlanState *ps = &node->ss.ps;
	int early = fact(plan, NNET_FACT_EARLY);

	outerPlanState(ps) = ExecInitNode(outerPlan(plan), estate, eflags);
	if (IsA(outerPlan(plan), CustomScan) &&
		((CustomScan *) outerPlan(plan))->methods == &nnet_scan_methods)
		scan->below = (NnetScan *) outerPlanState(ps);
	scan->certainty = fact(plan, NNET_FACT_CERTAIN);
	scan->table = table_below(outerPlanState(ps));
	if (scan->table != NULL)
		node->ss.ss_currentRelation = scan->table->ss_currentRelation;
	scan->columns = fact(plan, NNET_FACT_COLUMNS);
	scan->used = count_used(plan, scan->columns);
	scan->alone = fact(plan, NNET_FACT_ALONE);
	begin_calls(scan, plan);
	scan->early = ExecInitQual(list_truncate(list_copy(plan->scan.plan.qual), early), ps);
	scan->rest = ExecInitQual(list_copy_tail(plan->scan.plan.qual, early), ps);
	if (fact(plan, NNET_FACT_LIMITED))
	{
		scan->offset = ExecInitExpr(list_nth(plan->custom_private, NNET_SCAN_OFFSET), ps);
		scan->count = ExecInitExpr(list_nth(plan->custom_private, NNET_SCAN_COUNT), ps);
	}
	scan->slot =
		ExecInitExtraTupleSlot(estate, ExecGetResultType(outerPlanState(ps)), &TTSOpsMinimalTuple);
	scan->stored =
		AllocSetContextCreate(estate->es_query_cxt, "nnet rows ahead", ALLOCSET_DEFAULT_SIZES);
	scan->labels =
		AllocSetContextCreate(estate->es_query_cxt, "nnet labels", ALLOCSET_DEFAULT_SIZES);
	scan->room = 16;
	scan->rows = palloc(scan->room * sizeof(NnetScanRow));
	scan->parts = palloc(scan->room * scan->n_calls * sizeof(NnetPart));
	scan->n_next = NNET_SCAN_FIRST_ROWS;
}

static void
end_scan(CustomScanState *node)
{
	ExecEndNode(outerPlanState(&node->ss.ps));
}

static void
rescan(CustomScanState *node)
{
	NnetScan *scan = (NnetScan *) node;
	PlanState *below = outerPlanState(&node->ss.ps);

	clear_queue(scan);
	scan->started = scan->below_ended = false;
	scan->returned = scan->below_at = scan->at = 0;
	for (int i = 0; i < scan->n_calls; i++)
	{
		/* another model, or arguments of which nobody knows whether they fail */
		scan->calls[i].evaluated = false;
		if (node->ss.ps.chgParam != NULL)
			scan->calls[i].begun = false;
	}
	if (below->chgParam == NULL)
		ExecReScan(below);
}

static void
explain_scan(CustomScanState *node, List *ancestors, ExplainState *es)
{
	const NnetScan *scan = (NnetScan *) node;
	List *context = set_deparse_context_plan(es->deparse_cxt, node->ss.ps.plan, ancestors);
	List *calls = NIL;

	for (int i = 0; i < scan->n_calls; i++)
		calls = lappend(calls,
						deparse_expression((Node *) scan->calls[i].expr, context,
										   es->verbose || list_length(es->rtable) > 1, false));
	ExplainPropertyList("In Batches", calls, es);
	if (!es->analyze)
		return;
	ExplainPropertyInteger("Batches", NULL, scan->n_batches, es);
	ExplainPropertyInteger("Predictions in Batches", NULL, scan->n_batched, es);
}

static Node *
create_state(CustomScan *plan)
{
	static const CustomExecMethods methods = {
		.CustomName = NNET_SCAN_NAME,
		.BeginCustomScan = begin_scan,
		.ExecCustomScan = exec_scan,
		.EndCustomScan = end_scan,
		.ReScanCustomScan = rescan,
		.ExplainCustomScan = explain_scan,
	};
	NnetScan *scan = (NnetScan *) newNode(sizeof(NnetScan), T_CustomScanState);

	scan->css.methods = &methods;
	return (Node *) scan;
}
