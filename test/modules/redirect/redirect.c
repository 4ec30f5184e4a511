/*
 * redirect.c
 *	  For tests: queries of one table read another one, as those of a reference
 *	  table of Citus read its shard.  redirect.to is the oid of the table that
 *	  is read in place of that of oid redirect.from; 0: no other.
 */
#include "postgres.h"

#include "fmgr.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "optimizer/planner.h"
#include "storage/lmgr.h"
#include "utils/guc.h"

PG_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

static int from;
static int to;
static planner_hook_type planner_before;

static bool
redirect(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *entry = (RangeTblEntry *) node;

		if (entry->rtekind == RTE_RELATION && entry->relid == (Oid) from)
		{
			entry->relid = (Oid) to;
			LockRelationOid(entry->relid, entry->rellockmode);
		}
		return false;
	}
	if (IsA(node, Query))
	{
		Query *query = (Query *) node;

#if PG_VERSION_NUM >= 160000
		ListCell *cell;

		foreach (cell, query->rteperminfos)
		{
			RTEPermissionInfo *info = lfirst(cell);

			if (info->relid == (Oid) from)
				info->relid = (Oid) to;
		}
#endif
		return query_tree_walker(query, redirect, context, QTW_EXAMINE_RTES_BEFORE);
	}
	return expression_tree_walker(node, redirect, context);
}

static PlannedStmt *
redirecting_planner(Query *query, const char *text, int options, ParamListInfo parameters)
{
	if (to != 0)
		redirect((Node *) query, NULL);
	return planner_before != NULL ? planner_before(query, text, options, parameters)
								  : standard_planner(query, text, options, parameters);
}

void
_PG_init(void)
{
	DefineCustomIntVariable("redirect.from", "The table that is not read.", NULL, &from, 0, 0,
							INT_MAX, PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("redirect.to", "The table that is read.", NULL, &to, 0, 0, INT_MAX,
							PGC_USERSET, 0, NULL, NULL, NULL);
	planner_before = planner_hook;
	planner_hook = redirecting_planner;
}
