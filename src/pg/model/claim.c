/*
 * claim.c
 *	  Which models the statements of this backend train, so that none is
 *	  trained twice by one statement, or by two at a time.
 *
 * Row locks do not help here: they are the transaction's own.  A statement is
 * known by its query context; a note lives as long as that, since an executor
 * may come back to an aggregate.  After a training has ended, other statements
 * may train the model, whatever portals are still open; a training that ended
 * by an error has rolled back and counts for nothing.  A cursor may survive the
 * savepoint in which it began to train; then it may not end it.
 *
 * While a training is under way its model is open, as a table is in a query of
 * its own: PostgreSQL then refuses that a function of the query drops, truncates
 * or alters it.  An error closes it with the query's resources.
 */
#include "pg/model/model.h"

#include "access/relation.h"
#include "access/xact.h"
#include "lib/ilist.h"
#include "nodes/execnodes.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"

struct NnetClaim
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
	dlist_delete(&((NnetClaim *) arg)->node);
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
		NnetClaim *claim = dlist_container(NnetClaim, node, iter.cur);

		if (claim->subtransaction != id)
			continue;
		if (event == SUBXACT_EVENT_ABORT_SUB)
			claim->undone = true;
		else
			claim->subtransaction = parent;
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

NnetClaim *
nnet_claim_model(FunctionCallInfo fcinfo, Oid relid)
{
	static bool registered = false;
	MemoryContext query = castNode(AggState, fcinfo->context)->ss.ps.state->es_query_cxt;
	NnetClaim *claim;
	dlist_iter iter;

	if (!registered)
		RegisterSubXactCallback(on_subxact_end, NULL);
	registered = true;
	dlist_foreach (iter, &trained_models)
	{
		claim = dlist_container(NnetClaim, node, iter.cur);
		if (!claim->undone && claim->relid == relid && (!claim->ended || claim->query == query))
			refuse(relid);
	}
	claim = MemoryContextAllocZero(query, sizeof(NnetClaim));
	claim->relid = relid;
	claim->query = query;
	claim->subtransaction = GetCurrentSubTransactionId();
	claim->callback.func = forget;
	claim->callback.arg = claim;
	dlist_push_head(&trained_models, &claim->node);
	MemoryContextRegisterResetCallback(query, &claim->callback);
	return claim;
}

void
nnet_claim_locked(NnetClaim *claim)
{
	claim->relation = relation_open(claim->relid, NoLock);
}

void
nnet_claim_check(const NnetClaim *claim)
{
	if (claim->undone)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the savepoint in which the training of model \"%s\" began is rolled back",
						DatumGetCString(
							OidFunctionCall1(F_REGCLASSOUT, ObjectIdGetDatum(claim->relid)))),
				 errdetail("With it went the lock on the model, which others may have changed."),
				 errhint("Run the query again, all of it inside or outside of a savepoint.")));
}

void
nnet_claim_abandoned(NnetClaim *claim)
{
	if (claim->relation != NULL)
		relation_close(claim->relation, NoLock);
	claim->relation = NULL;
}

void
nnet_claim_ended(NnetClaim *claim)
{
	nnet_claim_abandoned(claim);
	claim->ended = true;
}

void
nnet_refuse_while_trained(Oid relid)
{
	dlist_iter iter;

	dlist_foreach (iter, &trained_models)
	{
		NnetClaim *claim = dlist_container(NnetClaim, node, iter.cur);

		if (!claim->undone && claim->relid == relid && !claim->ended)
			refuse(relid);
	}
}
