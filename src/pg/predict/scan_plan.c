/*
 * scan_plan.c
 *	  Batched scans in finished plans.
 *
 * The planner's result is changed, not its choices: so every kind of path,
 * inheritance and parallel plan is covered by what plans are made of, and a
 * query without calls costs nothing more (nnet_scan_noticed).
 *
 * Two changes:
 *	- a node whose own targetlist or conditions have calls is cut in two: it
 *	  gives the columns they are made from, and a batched scan over it does the rest
 *	  (cut_node);
 *	- a node that has calls in what it does with each row from below (the
 *	  arguments of aggregates) gets a batched scan under it, which gives the same
 *	  columns and predictions after them (put_under).
 *
 * Calls that not every row evaluates, in the branches of CASE, in AND and OR
 * after the first, stay as they are, unless the same call is evaluated anyway.
 *
 * Long because what each kind of node evaluates, and how it is cut, are one subject.
 */
#include "pg/predict/scan.h"

#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "optimizer/planner.h"

#define MOST_COLUMNS 1600 /* of rows that are kept */

typedef struct Rewrite
{
	PlannedStmt *statement;
	int last_id;
	bool gathered; /* below Gather */
} Rewrite;

static planner_hook_type earlier_planner = NULL;
static uint64 noticed = 0;

static Plan *rewrite(Rewrite *r, Plan *plan, const Limit *limit, bool marked);

/* ---- the scan ---- */

static TargetEntry *
entry(const void *expr, List *others)
{
	return makeTargetEntry((Expr *) expr, (AttrNumber) (list_length(others) + 1), NULL, false);
}

/* The same as those of the plan, by the columns of what reads it. */
static List *
columns_of(const Plan *plan, int varno)
{
	List *columns = NIL;
	ListCell *lc;

	foreach (lc, plan->targetlist)
	{
		TargetEntry *te = flatCopyTargetEntry(lfirst(lc));

		te->expr = (Expr *) nnet_column(varno, te->resno, te->expr);
		columns = lappend(columns, te);
	}
	return columns;
}

/*
 * A scan over a plan that gives predictions of calls, whose arguments are
 * expressions of columns of INDEX_VAR, as quals and targetlist are.
 */
static CustomScan *
make_scan(Rewrite *r, Plan *below, List *calls, const Limit *limit)
{
	CustomScan *scan = makeNode(CustomScan);
	Plan *plan = &scan->scan.plan;
	int facts[NNET_FACT_COUNT] = {0};
	List *fact_list = NIL;
	ListCell *lc;

	plan->startup_cost = below->startup_cost;
	plan->total_cost = below->total_cost;
	plan->plan_rows = below->plan_rows;
	plan->plan_width = below->plan_width;
	plan->parallel_safe = below->parallel_safe;
	plan->plan_node_id = ++r->last_id;
	plan->lefttree = below;
	plan->extParam = bms_copy(below->extParam);
	plan->allParam = bms_copy(below->allParam);
	/* what is above may ask for them as well */
	plan->initPlan = below->initPlan;
	below->initPlan = NIL;

	scan->methods = &nnet_scan_methods;
	scan->flags = ExecSupportsBackwardScan(below) ? CUSTOMPATH_SUPPORT_BACKWARD_SCAN : 0;
	scan->custom_exprs = calls;
	scan->custom_scan_tlist = columns_of(below, OUTER_VAR);
	facts[NNET_FACT_COLUMNS] = list_length(scan->custom_scan_tlist);
	facts[NNET_FACT_ALONE] = r->gathered;
	facts[NNET_FACT_LIMITED] = limit != NULL;
	foreach (lc, calls)
	{
		scan->custom_scan_tlist =
			lappend(scan->custom_scan_tlist, entry(lfirst(lc), scan->custom_scan_tlist));
		scan->custom_scan_tlist =
			lappend(scan->custom_scan_tlist,
					entry(makeNullConst(INT8OID, -1, InvalidOid), scan->custom_scan_tlist));
	}
	for (int i = 0; i < NNET_FACT_COUNT; i++)
		fact_list = lappend_int(fact_list, facts[i]);
	scan->custom_private =
		list_make3(fact_list, limit != NULL ? copyObject(limit->limitOffset) : NULL,
				   limit != NULL ? copyObject(limit->limitCount) : NULL);
	return scan;
}

static void
set_fact(CustomScan *scan, int fact, int value)
{
	list_nth_cell(linitial(scan->custom_private), fact)->int_value = value;
}

/* ---- cutting a node in two ---- */

static bool
is_cuttable(const Plan *plan)
{
	switch (nodeTag(plan))
	{
		case T_SeqScan:
		case T_SampleScan:
		case T_IndexScan:
		case T_IndexOnlyScan:
		case T_BitmapHeapScan:
		case T_TidScan:
#ifdef NNET_HAS_TID_RANGE
		case T_TidRangeScan:
#endif
		case T_SubqueryScan:
		case T_FunctionScan:
		case T_TableFuncScan:
		case T_ValuesScan:
		case T_CteScan:
		case T_NamedTuplestoreScan:
		case T_WorkTableScan:
		case T_NestLoop:
		case T_MergeJoin:
		case T_HashJoin:
		case T_Agg:
		case T_Group:
		case T_WindowAgg:
		case T_Gather:
		case T_GatherMerge:
			return true;
		case T_Result:
			return outerPlan(plan) != NULL;
		default:
			return false;
	}
}

/* Whether whole rows in its expressions are rows of the table that it reads. */
static bool
scans_table(const Plan *plan)
{
	switch (nodeTag(plan))
	{
		case T_SeqScan:
		case T_SampleScan:
		case T_IndexScan:
		case T_BitmapHeapScan:
		case T_TidScan:
			return true;
		default:
			return false;
	}
}

/* Whether the executor finds columns by their numbers in the targetlist, which cutting changes. */
static bool
reads_own_columns(const Plan *plan)
{
#ifdef NNET_HAS_RUN_CONDITION
	return IsA(plan, WindowAgg) && ((const WindowAgg *) plan)->runCondition != NIL;
#else
	return false;
#endif
}

/* Conditions of a join that the scan may take over. */
static List **
inner_joinqual(Plan *plan)
{
	return nnet_joinqual_is_filter(plan) ? &((Join *) plan)->joinqual : NULL;
}

/*
 * A scan of the chain that a cut node gets.  Rows that a condition refuses are not worth
 * the calls of later ones, so those are for a scan over it.
 */
typedef struct Stage
{
	List *early; /* conditions before its calls */
	List *calls;
	List *late; /* and after them; calls that they share with the first are its own */
} Stage;

static Stage *
new_stage(List **stages)
{
	Stage *stage = palloc0(sizeof(Stage));

	*stages = lappend(*stages, stage);
	return stage;
}

/*
 * Share conditions and calls out to stages, after those conditions that stay below (the first so many).
 * False if rows cannot be read ahead through conditions before the first call.
 */
static bool
make_stages(List *quals, List *calls, List **stages, int *stay)
{
	Stage *stage = new_stage(stages);
	List *known = NIL;
	ListCell *lc;

	*stay = 0;
	foreach (lc, quals)
	{
		List *more = list_difference(nnet_calls_in(lfirst(lc)), known);

		if (more == NIL && known == NIL)
		{
			if (stage->early == NIL && nnet_expr_never_fails(lfirst(lc)))
				(*stay)++;
			else if (nnet_expr_may_be_tried(lfirst(lc)))
				stage->early = lappend(stage->early, lfirst(lc));
			else
				return false;
			continue;
		}
		if (more != NIL)
		{
			if (known != NIL)
				stage = new_stage(stages);
			stage->calls = more;
			known = list_concat(list_copy(known), more);
		}
		stage->late = lappend(stage->late, lfirst(lc));
	}
	calls = list_difference(calls, known);
	if (calls != NIL && known != NIL)
		stage = new_stage(stages);
	if (calls != NIL)
		stage->calls = calls;
	return stage->calls != NIL;
}

static NnetCertainty
certainty_of(List *exprs, const NnetMapping *mapping)
{
	NnetMapping bare = *mapping;
	Node *expr;

	bare.bare = true;
	expr = nnet_map_expr((Node *) exprs, &bare);
	if (nnet_expr_never_fails(expr))
		return NNET_CERTAIN_ALWAYS;
	return nnet_expr_may_be_tried(expr) ? NNET_CERTAIN_TRIED : NNET_CERTAIN_NEVER;
}

/* Columns and predictions as they are. */
static List *
same_columns(const CustomScan *scan)
{
	List *columns = NIL;
	ListCell *lc;

	foreach (lc, scan->custom_scan_tlist)
	{
		const TargetEntry *te = lfirst(lc);

		columns = lappend(columns, entry(nnet_column(INDEX_VAR, te->resno, te->expr), columns));
	}
	return columns;
}

/* The scan of a stage over what is below. */
static CustomScan *
make_stage(Rewrite *r, Plan *below, const Stage *stage, NnetMapping *mapping, const Limit *limit)
{
	List *calls = (List *) nnet_map_expr((Node *) stage->calls, mapping);
	CustomScan *scan = make_scan(r, below, calls, limit);

	mapping->calls = list_concat(mapping->calls, stage->calls);
	scan->scan.plan.qual =
		(List *) nnet_map_expr((Node *) list_concat(list_copy(stage->early), stage->late), mapping);
	scan->scan.plan.targetlist = same_columns(scan);
	set_fact(scan, NNET_FACT_EARLY, list_length(stage->early));
	set_fact(scan, NNET_FACT_QUALS, stage->late != NIL);
	set_fact(scan, NNET_FACT_CERTAIN, certainty_of(stage->late, mapping));
	return scan;
}

/* Take conditions away from the node, but for the first so many. */
static void
keep_quals(Plan *plan, List **joinqual, int stay)
{
	int of_join = joinqual != NULL ? list_length(*joinqual) : 0;

	if (joinqual != NULL)
		*joinqual = list_truncate(list_copy(*joinqual), Min(stay, of_join));
	plan->qual = list_truncate(list_copy(plan->qual), Max(stay - of_join, 0));
}

/* Entries for extra predictions, after those of a targetlist. */
static List *
add_predictions(List *targetlist, List *extra, const NnetMapping *mapping)
{
	ListCell *lc;

	foreach (lc, extra)
	{
		int resno = mapping->first_call + 2 * nnet_position(mapping->calls, lfirst(lc)) + 1;
		Var *number = makeVar(INDEX_VAR, (AttrNumber) (resno + 1), INT8OID, -1, InvalidOid, 0);

		targetlist =
			lappend(targetlist, entry(nnet_column(INDEX_VAR, resno, lfirst(lc)), targetlist));
		targetlist = lappend(targetlist, entry(number, targetlist));
	}
	return targetlist;
}

/*
 * Cut the node, if it has calls or extra ones are wanted; else return it.
 * Extra calls are given in the node's terms; their predictions follow the targetlist of the result.
 */
static Plan *
cut_node(Rewrite *r, Plan *plan, List *extra, const Limit *limit)
{
	List **joinqual = inner_joinqual(plan);
	List *quals = list_concat_copy(joinqual != NULL ? *joinqual : NIL, plan->qual);
	List *targetlist = plan->targetlist;
	List *calls = list_concat_unique(nnet_calls_in(targetlist), extra);
	List *moved;
	List *stages = NIL;
	NnetMapping mapping = {.varno = INDEX_VAR, .rows = scans_table(plan)};
	CustomScan *scan = NULL;
	int stay;
	ListCell *lc;

	if (reads_own_columns(plan) || !make_stages(quals, calls, &stages, &stay))
		return plan;
	moved = list_copy_tail(quals, stay);
	(void) nnet_find_atoms((Node *) targetlist, &mapping);
	(void) nnet_find_atoms((Node *) moved, &mapping);
	(void) nnet_find_atoms((Node *) extra, &mapping);
	mapping.first_call = list_length(mapping.atoms);
	if (!nnet_expr_never_fails((Node *) mapping.atoms) ||
		!nnet_plan_reads_ahead(r->statement, plan) ||
		list_length(mapping.atoms) + list_length(quals) + 2 * list_length(calls) > MOST_COLUMNS)
		return plan;
	keep_quals(plan, joinqual, stay);
	plan->targetlist = NIL;
	foreach (lc, mapping.atoms)
		plan->targetlist = lappend(plan->targetlist, entry(lfirst(lc), plan->targetlist));
	foreach (lc, stages)
		scan = make_stage(r, scan != NULL ? &scan->scan.plan : plan, lfirst(lc), &mapping,
						  moved == NIL ? limit : NULL);
	scan->scan.plan.targetlist =
		add_predictions((List *) nnet_map_expr((Node *) targetlist, &mapping), extra, &mapping);
	set_fact(scan, NNET_FACT_CERTAIN,
			 certainty_of(list_concat(list_copy(targetlist), ((Stage *) llast(stages))->late),
						  &mapping));
	return &scan->scan.plan;
}

/* ---- putting a scan under a node ---- */

/* Calls as the plan below computes them: its columns become what they are. */
static Node *
in_terms_of(Node *node, void *context)
{
	List *targetlist = context;

	if (node == NULL)
		return NULL;
	if (IsA(node, Var))
		return copyObject(
			(Node *) list_nth_node(TargetEntry, targetlist, ((Var *) node)->varattno - 1)->expr);
	return expression_tree_mutator(node, in_terms_of, context);
}

static bool
has_other_columns(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
		return ((Var *) node)->varno != OUTER_VAR || ((Var *) node)->varattno <= 0;
	return expression_tree_walker(node, has_other_columns, context);
}

/* A scan that can tell which of its rows may be read ahead. */
static bool
is_certain_scan(const Plan *plan)
{
	return IsA(plan, CustomScan) && ((const CustomScan *) plan)->methods == &nnet_scan_methods &&
		list_nth_int(linitial(((const CustomScan *) plan)->custom_private), NNET_FACT_CERTAIN);
}

/* Over a plan that cannot be cut, or need not be. */
static Plan *
put_over(Rewrite *r, Plan *below, List *calls)
{
	List *columns = columns_of(below, INDEX_VAR);
	List *atoms = NIL;
	NnetMapping mapping = {0};
	CustomScan *scan;
	List **list;
	ListCell *lc;

	if ((!is_certain_scan(below) &&
		 (!nnet_expr_never_fails((Node *) below->targetlist) ||
		  !nnet_expr_never_fails((Node *) below->qual) ||
		  !nnet_plan_reads_ahead(r->statement, below))) ||
		list_length(columns) + 2 * list_length(calls) > MOST_COLUMNS)
		return below;
	foreach (lc, columns_of(below, OUTER_VAR))
		atoms = lappend(atoms, ((TargetEntry *) lfirst(lc))->expr);
	mapping.atoms = atoms;
	mapping.varno = INDEX_VAR;
	scan = make_scan(r, below, (List *) nnet_map_expr((Node *) calls, &mapping), NULL);
	list = &scan->scan.plan.targetlist;
	*list = columns;
	for (int i = 0; i < 2 * list_length(calls); i++)
	{
		const TargetEntry *hidden = list_nth(scan->custom_scan_tlist, list_length(columns));

		*list = lappend(*list, entry(nnet_column(INDEX_VAR, hidden->resno, hidden->expr), *list));
	}
	return &scan->scan.plan;
}

/*
 * Have a scan under the node that predicts the calls among expr, which the node
 * evaluates for each of its rows from below.  Returns how to map its
 * expressions; no calls: nothing was done.
 */
static NnetMapping
put_under(Rewrite *r, Plan *plan, const void *expr)
{
	Plan *below = outerPlan(plan);
	NnetMapping mapping = {.varno = OUTER_VAR, .first_call = list_length(below->targetlist)};
	List *calls = NIL;
	List *inner;
	ListCell *lc;
	Plan *changed;

	foreach (lc, nnet_calls_in(expr))
		if (!has_other_columns(lfirst(lc), NULL))
			calls = lappend(calls, lfirst(lc));
	if (calls == NIL)
		return mapping;
	inner = (List *) in_terms_of((Node *) calls, below->targetlist);
	foreach (lc, inner)
		if (!nnet_call_is_batchable(lfirst(lc)))
			return mapping;
	changed = is_cuttable(below) ? cut_node(r, below, inner, NULL) : below;
	if (changed == below)
		changed = put_over(r, below, calls);
	if (changed == below)
		return mapping;
	outerPlan(plan) = changed;
	mapping.calls = calls;
	return mapping;
}

static bool
find_aggregated(Node *node, List **exprs)
{
	if (node == NULL)
		return false;
	if (IsA(node, Aggref))
	{
		Aggref *aggref = (Aggref *) node;

		*exprs = lappend(
			*exprs, aggref->aggfilter != NULL ? (void *) aggref->aggfilter : (void *) aggref->args);
		return false;
	}
	if (IsA(node, WindowFunc))
	{
		WindowFunc *function = (WindowFunc *) node;

		if (function->aggfilter != NULL)
			*exprs = lappend(*exprs, function->aggfilter);
		else if (function->winagg)
			*exprs = lappend(*exprs, function->args);
		/* others ask for their value; for an offset or a default perhaps never */
		else if (function->args != NIL)
			*exprs = lappend(*exprs, linitial(function->args));
		return false;
	}
	return expression_tree_walker(node, find_aggregated, exprs);
}

/* In aggregates and window functions only: elsewhere columns are of the result. */
static Node *
map_aggregated(Node *node, void *context)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, Aggref) || IsA(node, WindowFunc))
		return nnet_map_expr(node, context);
	return expression_tree_mutator(node, map_aggregated, context);
}

static void
put_under_aggregates(Rewrite *r, Plan *plan)
{
	List *exprs = NIL;
	NnetMapping mapping;

	(void) find_aggregated((Node *) plan->targetlist, &exprs);
	(void) find_aggregated((Node *) plan->qual, &exprs);
	mapping = put_under(r, plan, exprs);
	if (mapping.calls == NIL)
		return;
	plan->targetlist = (List *) map_aggregated((Node *) plan->targetlist, &mapping);
	plan->qual = (List *) map_aggregated((Node *) plan->qual, &mapping);
}

static void
put_under_project_set(Rewrite *r, Plan *plan)
{
	NnetMapping mapping = put_under(r, plan, plan->targetlist);

	if (mapping.calls != NIL)
		plan->targetlist = (List *) nnet_map_expr((Node *) plan->targetlist, &mapping);
}

/* Calls that are keys of a hash join, as columns of what is on either side. */
static Node *
from_inside(Node *node, void *context)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, Var))
	{
		Var *var = copyObject((Var *) node);

		var->varno = INNER_VAR;
		return (Node *) var;
	}
	return expression_tree_mutator(node, from_inside, context);
}

/* outer: the join that gives rows without a match, where calls have no predictions though x may be. */
static void
map_hash_join(HashJoin *join, NnetMapping *mapping, JoinType outer)
{
	Plan *plan = &join->join.plan;

	join->hashclauses = (List *) nnet_map_expr((Node *) join->hashclauses, mapping);
	join->hashkeys = (List *) nnet_map_expr((Node *) join->hashkeys, mapping);
	join->join.joinqual = (List *) nnet_map_expr((Node *) join->join.joinqual, mapping);
	if (join->join.jointype == outer || join->join.jointype == JOIN_FULL)
		return;
	plan->qual = (List *) nnet_map_expr((Node *) plan->qual, mapping);
	plan->targetlist = (List *) nnet_map_expr((Node *) plan->targetlist, mapping);
}

/* Each row of either side is hashed, and what its key gave is compared again where hashes meet. */
static void
put_under_hash_join(Rewrite *r, HashJoin *join)
{
	Hash *hash = (Hash *) innerPlan(join);
	/* where the first key is NULL the others are not evaluated */
	NnetMapping mapping = put_under(r, &join->join.plan, list_make1(linitial(join->hashkeys)));

	if (mapping.calls != NIL)
		map_hash_join(join, &mapping, JOIN_RIGHT);
	mapping = put_under(r, &hash->plan, list_make1(linitial(hash->hashkeys)));
	if (mapping.calls == NIL)
		return;
	hash->hashkeys = (List *) nnet_map_expr((Node *) hash->hashkeys, &mapping);
	hash->plan.targetlist = columns_of(outerPlan(hash), OUTER_VAR);
	mapping.calls = (List *) from_inside((Node *) mapping.calls, NULL);
	mapping.varno = INNER_VAR;
	map_hash_join(join, &mapping, JOIN_LEFT);
}

/* ---- plans ---- */

static void
rewrite_list(Rewrite *r, List *plans, const Limit *limit)
{
	ListCell *lc;

	foreach (lc, plans)
		lfirst(lc) = rewrite(r, lfirst(lc), limit, false);
}

static void
rewrite_children(Rewrite *r, Plan *plan, const Limit *limit)
{
	bool gathered = r->gathered;
	const Limit *below = NULL; /* that ends the outer plan */

	switch (nodeTag(plan))
	{
		case T_Append:
			rewrite_list(r, ((Append *) plan)->appendplans, limit);
			break;
		case T_MergeAppend:
			rewrite_list(r, ((MergeAppend *) plan)->mergeplans, limit);
			break;
		case T_SubqueryScan:
			((SubqueryScan *) plan)->subplan = rewrite(r, ((SubqueryScan *) plan)->subplan,
													   plan->qual == NIL ? limit : NULL, false);
			break;
		case T_ModifyTable:
			rewrite_list(r, NNET_MODIFY_PLANS((ModifyTable *) plan), NULL);
			break;
		case T_Limit:
			if (((Limit *) plan)->limitOption == LIMIT_OPTION_COUNT &&
				!contain_volatile_functions(((Limit *) plan)->limitOffset) &&
				!contain_volatile_functions(((Limit *) plan)->limitCount))
				below = (Limit *) plan;
			break;
		case T_Result:
			below = plan->qual == NIL ? limit : NULL;
			break;
		case T_Gather:
		case T_GatherMerge:
			r->gathered = true;
			break;
		default:
			break;
	}
	if (outerPlan(plan) != NULL)
		outerPlan(plan) = rewrite(r, outerPlan(plan), below, false);
	if (innerPlan(plan) != NULL)
		innerPlan(plan) = rewrite(r, innerPlan(plan), NULL, IsA(plan, MergeJoin));
	r->gathered = gathered;
}

/* marked: the node above goes back to places that it marks, which a scan cannot. */
static Plan *
rewrite(Rewrite *r, Plan *plan, const Limit *limit, bool marked)
{
	check_stack_depth();
	rewrite_children(r, plan, limit);
	if (IsA(plan, Agg) || IsA(plan, WindowAgg))
		put_under_aggregates(r, plan);
	else if (IsA(plan, ProjectSet))
		put_under_project_set(r, plan);
	else if (IsA(plan, HashJoin))
		put_under_hash_join(r, (HashJoin *) plan);
	return is_cuttable(plan) && !marked ? cut_node(r, plan, NIL, limit) : plan;
}

/* ---- the planner ---- */

static int
last_id(const Plan *plan, int id)
{
	const List *lists[2] = {NIL, NIL};
	ListCell *lc;

	if (plan == NULL)
		return id;
	id = Max(last_id(outerPlan(plan), id), last_id(innerPlan(plan), id));
	id = Max(id, plan->plan_node_id);
	switch (nodeTag(plan))
	{
		case T_Append:
			lists[0] = ((const Append *) plan)->appendplans;
			break;
		case T_MergeAppend:
			lists[0] = ((const MergeAppend *) plan)->mergeplans;
			break;
		case T_BitmapAnd:
			lists[0] = ((const BitmapAnd *) plan)->bitmapplans;
			break;
		case T_BitmapOr:
			lists[0] = ((const BitmapOr *) plan)->bitmapplans;
			break;
		case T_CustomScan:
			lists[0] = ((const CustomScan *) plan)->custom_plans;
			break;
		case T_ModifyTable:
			lists[0] = NNET_MODIFY_PLANS((const ModifyTable *) plan);
			break;
		case T_SubqueryScan:
			id = last_id(((const SubqueryScan *) plan)->subplan, id);
			break;
		default:
			break;
	}
	foreach (lc, lists[0])
		id = last_id(lfirst(lc), id);
	return id;
}

static void
rewrite_statement(PlannedStmt *statement)
{
	Rewrite r = {.statement = statement};
	ListCell *lc;

	r.last_id = last_id(statement->planTree, 0);
	foreach (lc, statement->subplans)
		r.last_id = last_id(lfirst(lc), r.last_id);
	foreach (lc, statement->subplans)
		if (lfirst(lc) != NULL)
			lfirst(lc) = rewrite(&r, lfirst(lc), NULL, false);
	statement->planTree = rewrite(&r, statement->planTree, NULL, false);
}

static PlannedStmt *
plan_query(Query *query, const char *text, int options, ParamListInfo params)
{
	uint64 before = noticed;
	PlannedStmt *statement = earlier_planner != NULL
		? earlier_planner(query, text, options, params)
		: standard_planner(query, text, options, params);

	if (nnet_batch_predict && noticed != before)
		rewrite_statement(statement);
	return statement;
}

void
nnet_scan_noticed(void)
{
	noticed++;
}

void
nnet_scan_define(void)
{
	RegisterCustomScanMethods(&nnet_scan_methods);
	earlier_planner = planner_hook;
	planner_hook = plan_query;
}
