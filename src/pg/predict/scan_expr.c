/*
 * scan_expr.c
 *	  Calls in the expressions of plans: finding them, and what the expressions
 *	  become when a batched scan predicts them.
 */
#include "pg/predict/scan.h"

#include "access/tupdesc.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "utils/typcache.h"

#define MOST_OF_ROW 400 /* columns that are worth to be taken one by one */

/* Calls that every row evaluates, where the expression is. */
static bool
find_calls(Node *node, List **calls)
{
	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_FuncExpr:
			if (nnet_call_is_batchable((FuncExpr *) node))
			{
				*calls = list_append_unique(*calls, node);
				return false;
			}
			break;
		case T_CaseExpr:
			if (((CaseExpr *) node)->arg != NULL)
				(void) find_calls((Node *) ((CaseExpr *) node)->arg, calls);
			return find_calls((Node *) linitial_node(CaseWhen, ((CaseExpr *) node)->args)->expr,
							  calls);
		case T_CoalesceExpr:
			return find_calls(linitial(((CoalesceExpr *) node)->args), calls);
		case T_BoolExpr:
			return find_calls(linitial(((BoolExpr *) node)->args), calls);
		case T_SubscriptingRef:
			return find_calls((Node *) ((SubscriptingRef *) node)->refexpr, calls);
		case T_SubPlan:
			/* what is compared is not evaluated where the subquery has no rows */
			return find_calls((Node *) ((SubPlan *) node)->args, calls);
		case T_List:
		case T_TargetEntry:
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
		case T_ScalarArrayOpExpr:
		case T_RelabelType:
		case T_CoerceViaIO:
		case T_ArrayCoerceExpr:
		case T_ConvertRowtypeExpr:
		case T_CoerceToDomain:
		case T_RowExpr:
		case T_ArrayExpr:
		case T_MinMaxExpr:
		case T_FieldSelect:
		case T_NullTest:
		case T_BooleanTest:
			break;
		default:
			return false;
	}
	return expression_tree_walker(node, find_calls, calls);
}

List *
nnet_calls_in(const void *expr)
{
	List *calls = NIL;

	(void) find_calls((Node *) expr, &calls);
	return calls;
}

/*
 * The columns of a table's row, those that were dropped being NULL; NIL: it is none, or too wide.
 * They need not be put together for a batch, which takes them apart again, nor be fetched.
 */
static List *
columns_of_row(const NnetMapping *mapping, const Node *node)
{
	const Var *var = (const Var *) node;
	List *columns = NIL;
	TupleDesc desc;

	if (!mapping->rows || !IsA(node, Var) || var->varattno != InvalidAttrNumber ||
		var->varlevelsup > 0 || IS_SPECIAL_VARNO(var->varno) || var->vartype == RECORDOID)
		return NIL;
	desc = lookup_rowtype_tupdesc(var->vartype, -1);
	for (int i = 0; i < desc->natts && desc->natts <= MOST_OF_ROW; i++)
	{
		Form_pg_attribute column = TupleDescAttr(desc, i);

		columns = lappend(columns,
						  column->attisdropped
							  ? (Node *) makeNullConst(INT4OID, -1, InvalidOid)
							  : (Node *) makeVar(var->varno, (AttrNumber) (i + 1), column->atttypid,
												 column->atttypmod, column->attcollation, 0));
	}
	ReleaseTupleDesc(desc);
	return columns;
}

bool
nnet_find_atoms(Node *node, NnetMapping *mapping)
{
	List *columns;

	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_Var:
			columns = columns_of_row(mapping, node);
			if (columns != NIL)
				return expression_tree_walker((Node *) columns, nnet_find_atoms, mapping);
			/* FALLTHROUGH */
		case T_Aggref:
		case T_GroupingFunc:
		case T_WindowFunc:
			mapping->atoms = list_append_unique(mapping->atoms, node);
			return false;
		default:
			return expression_tree_walker(node, nnet_find_atoms, mapping);
	}
}

int
nnet_position(List *list, Node *node)
{
	int i = 0;
	ListCell *lc;

	foreach (lc, list)
	{
		if (equal(lfirst(lc), node))
			return i;
		i++;
	}
	return -1;
}

Var *
nnet_column(int varno, int number, const void *like)
{
	return makeVar(varno, (AttrNumber) number, exprType(like), exprTypmod(like),
				   exprCollation(like), 0);
}

Node *
nnet_map_expr(Node *node, void *context)
{
	NnetMapping *mapping = context;
	List *columns;
	int i;

	if (node == NULL)
		return NULL;
	if (IsA(node, FuncExpr) && (i = nnet_position(mapping->calls, node)) >= 0)
	{
		int resno = mapping->first_call + 2 * i + 1;
		FuncExpr *call;
		CoalesceExpr *either;

		if (mapping->bare)
			return (Node *) nnet_column(mapping->varno, resno, node);
		call = (FuncExpr *) expression_tree_mutator(node, nnet_map_expr, context);
		either = makeNode(CoalesceExpr);

		/* the number that a message tells */
		call->args =
			lappend(call->args,
					makeVar(mapping->varno, (AttrNumber) (resno + 1), INT8OID, -1, InvalidOid, 0));
		either->coalescetype = call->funcresulttype;
		either->coalescecollid = call->funccollid;
		either->args = list_make2(nnet_column(mapping->varno, resno, node), call);
		either->location = -1;
		return (Node *) either;
	}
	if ((i = nnet_position(mapping->atoms, node)) >= 0)
		return (Node *) nnet_column(mapping->varno, i + 1, node);
	columns = columns_of_row(mapping, node);
	if (columns != NIL)
	{
		RowExpr *row = makeNode(RowExpr);

		row->args = (List *) expression_tree_mutator((Node *) columns, nnet_map_expr, context);
		row->row_typeid = ((Var *) node)->vartype;
		row->row_format = COERCE_IMPLICIT_CAST;
		row->location = -1;
		return (Node *) row;
	}
	return expression_tree_mutator(node, nnet_map_expr, context);
}
