/*
 * scan_safe.c
 *	  What a batched scan may do before a row is wanted.
 *
 * Reading ahead evaluates what lies below for rows that LIMIT, a cursor or an
 * earlier error may keep from ever being asked for.  So below may be only what
 * has no effects and never fails; a node that reads all of its input before
 * its first row ends the question.  The arguments of a call, and conditions
 * between the rows and the call, may fail: the scan evaluates them itself, forgets
 * the error and leaves the row to whoever wants it.  Without a subtransaction
 * that is for pure functions of the server's own only.
 */
#include "pg/predict/scan.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "access/tupdesc.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "parser/parsetree.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

extern Datum nnet_predict(PG_FUNCTION_ARGS);
extern Datum nnet_predict_output(PG_FUNCTION_ARGS);
extern Datum nnet_classify(PG_FUNCTION_ARGS);
extern Datum nnet_classify_output(PG_FUNCTION_ARGS);
extern Datum nnet_classify_steps(PG_FUNCTION_ARGS);
extern Datum nnet_classify_steps_output(PG_FUNCTION_ARGS);

/* ---- functions ---- */

/* The name of the C code that a call runs, if it may be ours: no other settings, no other user; else NULL. */
static char *
symbol_of(Oid function)
{
	HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Form_pg_proc form;
	bool isnull;
	Datum source;
	char *symbol = NULL;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	form = (Form_pg_proc) GETSTRUCT(tuple);
	if (form->prolang == ClanguageId && !form->prosecdef && form->proisstrict &&
		heap_attisnull(tuple, Anum_pg_proc_proconfig, NULL))
	{
		source = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);
		if (!isnull)
			symbol = TextDatumGetCString(source);
	}
	ReleaseSysCache(tuple);
	return symbol;
}

bool
nnet_is_predict(Oid function, NnetCallKind *kind)
{
	static const struct
	{
		const char *symbol;
		PGFunction address;
		NnetCallKind kind;
	} ours[] = {
		{"nnet_predict", nnet_predict, {.classifies = false}},
		{"nnet_classify", nnet_classify, {.classifies = true}},
		{"nnet_classify_steps", nnet_classify_steps, {.classifies = true, .steps = true}},
		{"nnet_predict_output", nnet_predict_output, {.names_output = true}},
		{"nnet_classify_output", nnet_classify_output, {.classifies = true, .names_output = true}},
		{"nnet_classify_steps_output", nnet_classify_steps_output, {true, true, true}},
	};
	char *symbol = function < FirstNormalObjectId ? NULL : symbol_of(function);
	FmgrInfo info;

	for (int i = 0; symbol != NULL && i < (int) lengthof(ours); i++)
	{
		if (strcmp(symbol, ours[i].symbol) != 0)
			continue;
		fmgr_info(function, &info);
		*kind = ours[i].kind;
		return info.fn_addr == ours[i].address;
	}
	return false;
}

static bool
is_built_in(Oid function)
{
	return function < FirstNormalObjectId;
}

/* For check_functions_in_node: one whose error may not be caught. */
static bool
is_impure(Oid function, void *context)
{
	HeapTuple tuple;
	Form_pg_proc form;
	bool pure;

	if (!is_built_in(function))
		return true;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		return true;
	form = (Form_pg_proc) GETSTRUCT(tuple);
	pure = form->prolang == INTERNALlanguageId && form->provolatile == PROVOLATILE_IMMUTABLE &&
		!form->proretset;
	ReleaseSysCache(tuple);
	return !pure;
}

/* For check_functions_in_node: one that may raise an error. */
static bool
may_fail(Oid function, void *context)
{
	return !is_built_in(function) || func_volatile(function) == PROVOLATILE_VOLATILE ||
		get_func_retset(function) || !get_func_leakproof(function);
}

/* Comparisons of scalars: not all of them are marked as leakproof. */
static bool
is_comparison(const OpExpr *op)
{
	Oid left = linitial(op->args) != NULL ? exprType(linitial(op->args)) : InvalidOid;

	if (!is_built_in(op->opno) || op->opretset || list_length(op->args) != 2 || !is_built_in(left))
		return false;
	switch (TypeCategory(left))
	{
		case TYPCATEGORY_ARRAY: /* elements and columns need not be comparable */
		case TYPCATEGORY_COMPOSITE:
		case TYPCATEGORY_PSEUDOTYPE:
		case TYPCATEGORY_GEOMETRIC: /* areas and lengths overflow */
			return false;
		default:
			break;
	}
	switch (get_oprrest(op->opno))
	{
		case F_EQSEL:
		case F_NEQSEL:
		case F_SCALARLTSEL:
		case F_SCALARLESEL:
		case F_SCALARGTSEL:
		case F_SCALARGESEL:
			return true;
		default:
			return false;
	}
}

/* Operators that fail by what stands at their right only, which is a constant that is harmless. */
static bool
has_harmless_constant(const OpExpr *op)
{
	const Const *right;
	int64 divisor;

	if (list_length(op->args) != 2 || !IsA(lsecond(op->args), Const))
		return false;
	right = lsecond_node(Const, op->args);
	if (right->constisnull)
		return false;
	switch (op->opfuncid)
	{
		case F_INT2DIV:
		case F_INT2MOD:
			divisor = DatumGetInt16(right->constvalue);
			return divisor != 0 && divisor != -1;
		case F_INT4DIV:
		case F_INT4MOD:
			divisor = DatumGetInt32(right->constvalue);
			return divisor != 0 && divisor != -1;
		case F_INT8DIV:
		case F_INT8MOD:
			divisor = DatumGetInt64(right->constvalue);
			return divisor != 0 && divisor != -1;
		case F_TEXTLIKE:
		case F_TEXTNLIKE:
			return strchr(TextDatumGetCString(right->constvalue), '\\') == NULL;
		default:
			return false;
	}
}

/* For check_functions_in_node. */
static bool
is_volatile_or_users(Oid function, void *context)
{
	return !is_built_in(function) || func_volatile(function) == PROVOLATILE_VOLATILE ||
		get_func_retset(function);
}

/* A walker: for what a row, or one of the plan that gives parameters, has of its own. */
static bool
find_of_row(Node *node, void *context)
{
	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_Var:
		case T_Aggref:
		case T_GroupingFunc:
		case T_WindowFunc:
		case T_CaseTestExpr:
		case T_CoerceToDomainValue:
			return true;
		case T_Param:
			return ((const Param *) node)->paramkind != PARAM_EXTERN;
		default:
			return expression_tree_walker(node, find_of_row, context);
	}
}

/* The same for all rows: whether it fails, the first of them tells. */
static bool
is_of_no_row(Node *node)
{
	return !find_of_row(node, NULL) && !check_functions_in_node(node, is_volatile_or_users, NULL);
}

/* ---- expressions ---- */

/* For walkers: whether this node, not what is in it, is more than moving values about. */
static bool
moves_only(const Node *node)
{
	switch (nodeTag(node))
	{
		case T_List:
		case T_TargetEntry:
		case T_Var:
		case T_Const:
		case T_Param:
		case T_CaseTestExpr:
		case T_RelabelType:
		case T_NullTest:
		case T_BooleanTest:
		case T_BoolExpr:
		case T_CaseExpr:
		case T_CaseWhen:
		case T_CoalesceExpr:
		case T_RowExpr:
		case T_ConvertRowtypeExpr: /* a whole row of a partition */
		case T_FieldSelect:
			return true;
		case T_SubscriptingRef:
			return ((const SubscriptingRef *) node)->refassgnexpr == NULL;
		case T_ArrayExpr:
			return !((const ArrayExpr *) node)->multidims;
		default:
			return false;
	}
}

static bool
find_failing(Node *node, void *context)
{
	if (node == NULL)
		return false;
	/* arguments of an aggregate were evaluated with its input */
	if (IsA(node, Aggref))
		return !is_built_in(((Aggref *) node)->aggfnoid);
	if (IsA(node, GroupingFunc))
		return false;
	/* functions of a window that only number or move rows */
	if (IsA(node, WindowFunc))
		return !is_built_in(((WindowFunc *) node)->winfnoid) || ((WindowFunc *) node)->winagg ||
			expression_tree_walker(node, find_failing, context);
	if (IsA(node, OpExpr) &&
		(is_comparison((OpExpr *) node) || has_harmless_constant((OpExpr *) node)))
		return expression_tree_walker(node, find_failing, context);
	if (IsA(node, FuncExpr) || IsA(node, OpExpr) || IsA(node, DistinctExpr) ||
		IsA(node, NullIfExpr) || IsA(node, ScalarArrayOpExpr))
		return (check_functions_in_node(node, may_fail, context) && !is_of_no_row(node)) ||
			expression_tree_walker(node, find_failing, context);
	return !moves_only(node) || expression_tree_walker(node, find_failing, context);
}

bool
nnet_expr_never_fails(Node *expr)
{
	return !find_failing(expr, NULL);
}

static bool
find_impure(Node *node, void *context)
{
	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
			/* of the node below: a column by then */
		case T_Aggref:
		case T_GroupingFunc:
		case T_WindowFunc:
			return false;
		case T_FuncExpr:
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
		case T_ScalarArrayOpExpr:
		case T_CoerceViaIO:
			return check_functions_in_node(node, is_impure, context) ||
				expression_tree_walker(node, find_impure, context);
		case T_MinMaxExpr:
			return !is_built_in(((MinMaxExpr *) node)->minmaxtype) ||
				expression_tree_walker(node, find_impure, context);
		case T_ArrayExpr:
		case T_ArrayCoerceExpr:
			return expression_tree_walker(node, find_impure, context);
		default:
			return !moves_only(node) || expression_tree_walker(node, find_impure, context);
	}
}

bool
nnet_expr_may_be_tried(Node *expr)
{
	return !find_impure(expr, NULL);
}

/* ---- calls ---- */

static bool
is_number(Oid type)
{
	switch (type)
	{
		case FLOAT4OID:
		case FLOAT8OID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case BOOLOID:
		case INTERVALOID:
			return true;
		default:
			return false;
	}
}

static bool
is_number_array(Oid type)
{
	Oid element = get_element_type(type);

	return OidIsValid(element) && is_number(getBaseType(element));
}

/*
 * Whether values of the type may be read by no code but the server's and ours.
 * Of rows and jsonb that is known when the batch has the model and the
 * row: a model need not read all columns (nnet_inputs_read_ahead).
 */
static bool
value_is_plain(const Node *value)
{
	Oid type = getBaseType(exprType(value));
	Oid cast;

	if (is_number(type) || is_number_array(type))
		return true;
	switch (type)
	{
		case BYTEAOID:
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		case NAMEOID:
		case UUIDOID:
		case DATEOID:
		case TIMEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
		case JSONBOID:
		case RECORDOID:
			return true;
		default:
			break;
	}
	return type_is_enum(type) ||
		(type_is_rowtype(type) &&
		 find_coercion_pathway(FLOAT4ARRAYOID, type, COERCION_EXPLICIT, &cast) ==
			 COERCION_PATH_NONE);
}

static bool
find_subplan(Node *node, void *context)
{
	if (node == NULL)
		return false;
	return IsA(node, SubPlan) || IsA(node, AlternativeSubPlan) ||
		expression_tree_walker(node, find_subplan, context);
}

/* One value for all rows, which nothing but parameters change. */
static bool
is_of_query(Node *argument)
{
	return !contain_var_clause(argument) && !contain_volatile_functions(argument) &&
		!find_subplan(argument, NULL) && !contain_agg_clause(argument);
}

bool
nnet_call_is_batchable(const FuncExpr *call)
{
	Node *x;
	NnetCallKind kind;

	if (!nnet_is_predict(call->funcid, &kind) ||
		list_length(call->args) != (kind.names_output ? 3 : 2))
		return false;
	x = lsecond(call->args);
	return is_of_query(linitial(call->args)) &&
		(!kind.names_output || is_of_query(lthird(call->args))) && contain_var_clause(x) &&
		nnet_expr_may_be_tried(x) && value_is_plain(x);
}

/* ---- plans ---- */

static bool
clauses_never_fail(List *clauses)
{
	return nnet_expr_never_fails((Node *) clauses);
}

/*
 * An outer join gives rows that have no match, too, and one whose inner side is unique
 * looks for no other row after a match.
 */
bool
nnet_joinqual_is_filter(const Plan *plan)
{
	return (IsA(plan, NestLoop) || IsA(plan, MergeJoin) || IsA(plan, HashJoin)) &&
		((const Join *) plan)->jointype == JOIN_INNER && !((const Join *) plan)->inner_unique;
}

/* Besides its index's own comparisons, which no row can make fail. */
static bool
own_parts_never_fail(Plan *plan)
{
	switch (nodeTag(plan))
	{
		case T_NestLoop:
			return nnet_joinqual_is_filter(plan) || clauses_never_fail(((Join *) plan)->joinqual);
		case T_MergeJoin:
			return clauses_never_fail(((MergeJoin *) plan)->mergeclauses) &&
				(nnet_joinqual_is_filter(plan) || clauses_never_fail(((Join *) plan)->joinqual));
		case T_HashJoin:
			return clauses_never_fail(((HashJoin *) plan)->hashclauses) &&
				(nnet_joinqual_is_filter(plan) || clauses_never_fail(((Join *) plan)->joinqual));
		case T_BitmapHeapScan:
			return clauses_never_fail(((BitmapHeapScan *) plan)->bitmapqualorig);
		case T_IndexScan:
			return clauses_never_fail(((IndexScan *) plan)->indexqualorig) &&
				((IndexScan *) plan)->indexorderbyorig == NIL;
		case T_IndexOnlyScan:
			return clauses_never_fail(((IndexOnlyScan *) plan)->indexqual) &&
				((IndexOnlyScan *) plan)->indexorderby == NIL;
		case T_ValuesScan:
			return clauses_never_fail(((ValuesScan *) plan)->values_lists);
		case T_Result:
			return true; /* resconstantqual is the same for all rows */
		default:
			return true;
	}
}

static bool reads_ahead(const PlannedStmt *statement, Plan *plan, bool again);

/*
 * A plan below, with its own targetlist and qual.  again: rows of another plan
 * give it parameters, so that it is run for rows that nobody wants yet.
 */
static bool
never_fails(const PlannedStmt *statement, Plan *plan, bool again)
{
	List *joinqual = NIL;

	if (plan == NULL)
		return true;
	if (IsA(plan, NestLoop) || IsA(plan, MergeJoin) || IsA(plan, HashJoin))
		joinqual = ((Join *) plan)->joinqual;
	/* they give what is below as it is: the expressions are not evaluated again */
	if (IsA(plan, Sort) || IsA(plan, Hash))
		return !again || never_fails(statement, outerPlan(plan), again);
	return clauses_never_fail(plan->targetlist) && clauses_never_fail(plan->qual) &&
		clauses_never_fail(joinqual) && reads_ahead(statement, plan, again);
}

static bool
all_never_fail(const PlannedStmt *statement, List *plans, bool again)
{
	ListCell *lc;

	foreach (lc, plans)
		if (!never_fails(statement, lfirst(lc), again))
			return false;
	return true;
}

/* What a plan evaluates once, before its first row. */
static bool
begin_never_fails(Plan *plan)
{
	switch (nodeTag(plan))
	{
		case T_Limit:
			return clauses_never_fail(
				list_make2(((Limit *) plan)->limitOffset, ((Limit *) plan)->limitCount));
		case T_WindowAgg:
			return ((WindowAgg *) plan)->startOffset == NULL &&
				((WindowAgg *) plan)->endOffset == NULL;
		case T_Result:
			return clauses_never_fail((List *) ((Result *) plan)->resconstantqual);
		case T_Agg: /* its transitions */
		case T_FunctionScan:
		case T_TableFuncScan:
		case T_SampleScan:
		case T_TidScan:
			return false;
		default:
			return true;
	}
}

static bool
reads_ahead(const PlannedStmt *statement, Plan *plan, bool again)
{
	if (!own_parts_never_fail(plan) || (again && !begin_never_fails(plan)))
		return false;
	switch (nodeTag(plan))
	{
			/* all of it is read before the first row is given */
		case T_Sort:
			return !again || never_fails(statement, outerPlan(plan), again);
		case T_FunctionScan:
		case T_TableFuncScan:
			return true;
		case T_Agg:
			return ((Agg *) plan)->aggstrategy == AGG_HASHED ||
				((Agg *) plan)->aggstrategy == AGG_PLAIN;
		case T_HashJoin: /* and the side that is hashed */
			return never_fails(statement, outerPlan(plan), again) &&
				never_fails(statement, innerPlan(plan), again);
		case T_NestLoop:
			return never_fails(statement, outerPlan(plan), again) &&
				never_fails(statement, innerPlan(plan),
							again || ((NestLoop *) plan)->nestParams != NIL);
		case T_SeqScan:
		case T_SampleScan:
		case T_IndexScan:
		case T_IndexOnlyScan:
		case T_BitmapHeapScan: /* the bitmap is made before the first row */
		case T_TidScan:
		case T_ValuesScan:
		case T_NamedTuplestoreScan:
		case T_WorkTableScan:
			return true;
#ifdef NNET_HAS_TID_RANGE
		case T_TidRangeScan:
			return true;
#endif
		case T_SubqueryScan:
			return never_fails(statement, ((SubqueryScan *) plan)->subplan, again);
		case T_CteScan:
			return never_fails(
				statement, list_nth(statement->subplans, ((CteScan *) plan)->ctePlanId - 1), again);
		case T_Append:
			return all_never_fail(statement, ((Append *) plan)->appendplans, again);
		case T_MergeAppend:
			return all_never_fail(statement, ((MergeAppend *) plan)->mergeplans, again);
		case T_WindowAgg:
			return never_fails(statement, outerPlan(plan), again);
		case T_Result:
		case T_MergeJoin:
		case T_IncrementalSort:
		case T_Material:
		case T_Group:
		case T_Unique:
		case T_Limit:
		case T_Gather:
		case T_GatherMerge:
#ifdef NNET_HAS_MEMOIZE
		case T_Memoize:
#endif
			return never_fails(statement, outerPlan(plan), again) &&
				never_fails(statement, innerPlan(plan), again);
		default:
			/* effects, locks, other machines, nodes of other extensions */
			return false;
	}
}

bool
nnet_plan_reads_ahead(const PlannedStmt *statement, Plan *plan)
{
	return reads_ahead(statement, plan, false);
}
