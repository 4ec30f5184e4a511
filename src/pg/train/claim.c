/*
 * claim.c
 *	  Which models the statements of this backend train, so that none is
 *	  trained twice by one statement, or by two at a time.
 *
 * Row locks do not help here: they are the transaction's own.  A statement is
 * known by its query context; a note lives as long as that, since an executor
 * may come back to an aggregate.  After a training has ended, other statements
 * may train the model, whatever portals are still open; a training that ended
 * by an error has rolled back and counts for nothing.
 *
 * While a training is under way its model is open, as a table is in a query of
 * its own: PostgreSQL then refuses that a function of the query drops, truncates
 * or alters it.  An error closes it with the query's resources.
 */
#include "pg/train/train.h"

#include "access/relation.h"
#include "access/xact.h"
#include "lib/ilist.h"
#include "nodes/execnodes.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"

struct NnetTrained
{
	dlist_node node;
	Oid relid;
	Relation relation; /* NULL: not open */
	MemoryContext query;
	SubTransactionId subtransaction;
	bool ended;
	bool undone; /* it has rolled back */
	MemoryContextCallback callback;
};

static dlist_head trained_models = DLIST_STATIC_INIT(trained_models);

static void
forget(void *arg)
{
	dlist_delete(&((NnetTrained *) arg)->node);
}

/* Notes of an aborted subtransaction are void; those of a committed one are its parent's. */
static void
on_subxact_end(SubXactEvent event, SubTransactionId id, SubTransactionId parent, void *arg)
{
	dlist_iter iter;

	if (event != SUBXACT_EVENT_ABORT_SUB && event != SUBXACT_EVENT_COMMIT_SUB)
		return;
	dlist_foreach (iter, &trained_models)
	{
		NnetTrained *trained = dlist_container(NnetTrained, node, iter.cur);

		if (trained->subtransaction != id)
			continue;
		if (event == SUBXACT_EVENT_ABORT_SUB)
			trained->undone = true;
		else
			trained->subtransaction = parent;
	}
}

static void
refuse(Oid relid)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_IN_USE),
			 errmsg("model \"%s\" is already trained by this statement",
					DatumGetCString(OidFunctionCall1(F_REGCLASSOUT, ObjectIdGetDatum(relid)))),
			 errdetail("A statement can train a model once."),
			 errhint("Call nnet.fit() once, in the select list of the outermost query; "
					 "train again by another statement.")));
}

NnetTrained *
nnet_note_trained(FunctionCallInfo fcinfo, Oid relid)
{
	static bool registered = false;
	MemoryContext query = castNode(AggState, fcinfo->context)->ss.ps.state->es_query_cxt;
	NnetTrained *trained;
	dlist_iter iter;

	if (!registered)
		RegisterSubXactCallback(on_subxact_end, NULL);
	registered = true;
	dlist_foreach (iter, &trained_models)
	{
		trained = dlist_container(NnetTrained, node, iter.cur);
		if (!trained->undone && trained->relid == relid &&
			(!trained->ended || trained->query == query))
			refuse(relid);
	}
	trained = MemoryContextAllocZero(query, sizeof(NnetTrained));
	trained->relid = relid;
	trained->query = query;
	trained->subtransaction = GetCurrentSubTransactionId();
	trained->callback.func = forget;
	trained->callback.arg = trained;
	dlist_push_head(&trained_models, &trained->node);
	MemoryContextRegisterResetCallback(query, &trained->callback);
	return trained;
}

void
nnet_training_locked(NnetTrained *trained)
{
	trained->relation = relation_open(trained->relid, NoLock);
}

void
nnet_training_abandoned(NnetTrained *trained)
{
	if (trained->relation != NULL)
		relation_close(trained->relation, NoLock);
	trained->relation = NULL;
}

void
nnet_training_ended(NnetTrained *trained)
{
	nnet_training_abandoned(trained);
	trained->ended = true;
}

void
nnet_refuse_while_trained(Oid relid)
{
	dlist_iter iter;

	dlist_foreach (iter, &trained_models)
	{
		NnetTrained *trained = dlist_container(NnetTrained, node, iter.cur);

		if (!trained->undone && trained->relid == relid && !trained->ended)
			refuse(relid);
	}
}
