/*
 * predict_cost.c
 *	  What a prediction costs, for the planner: by the model's arithmetic, so
 *	  that cheap conditions come first and large tables get parallel plans.
 *
 * The planner asks often, and reading a model takes a query: what was found is
 * kept for the session.  A model whose table is altered is looked at again;
 * one whose rows are, is not: that is an estimate.  A model that cannot be read has the
 * cost of CREATE FUNCTION; whoever predicts gets the error.
 *
 * Lifetimes: the table of costs is the session's, bounded by starting it anew.
 */
#include "pg/predict/scan.h"

#include "access/xact.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

#define MOST_MODELS 1024
#define CALL_OPERATORS 100 /* as many operators cost as much as a call of the smallest model */
#define PRODUCTS_AN_OPERATOR 300 /* that take as long as one operator does */
#define STEPS 100				 /* of a model that takes any number */

typedef struct Known
{
	Oid relid; /* first: the key */
	double products;
} Known;

static HTAB *known = NULL;

PG_FUNCTION_INFO_V1(nnet_predict_support);

static void
forget(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS scan;
	Known *entry;

	if (OidIsValid(relid))
	{
		hash_search(known, &relid, HASH_REMOVE, NULL);
		return;
	}
	hash_seq_init(&scan, known);
	while ((entry = hash_seq_search(&scan)) != NULL)
		hash_search(known, &entry->relid, HASH_REMOVE, NULL);
}

static void
start(void)
{
	HASHCTL control = {
		.keysize = sizeof(Oid),
		.entrysize = sizeof(Known),
		.hcxt = TopMemoryContext,
	};

	if (known != NULL)
		return;
	known = hash_create("nnet costs", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	CacheRegisterRelcacheCallback(forget, (Datum) 0);
}

/* Products of one row, a variable input having so many steps. */
static double
count_products(Oid relid)
{
	NnetModel *model = nnet_model_load(relid, NNET_LOAD_STRUCTURE, CurrentMemoryContext);
	NNModel *core = model->core;
	NNPlanRequest request = {.batch = 1, .steps = {{STEPS}}, .threads = 1};
	NNError error = {0};
	double products = 0;

	if (core->variable && !nn_plan_make(palloc(nn_plan_bytes(core)), core, &request, &error))
		products = -1;
	for (int i = 0; i < core->n_layers && products >= 0; i++)
		products += nn_layer_flops(nn_model_layer(core, i));
	MemoryContextDelete(model->context);
	return products;
}

/* The same, or -1 whatever is wrong with the model. */
static double
try_products(Oid relid)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile double products = -1;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		products = count_products(relid);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		/* not the model's */
		if (error->sqlerrcode == ERRCODE_QUERY_CANCELED)
			PG_RE_THROW();
		FlushErrorState();
		FreeErrorData(error);
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return products;
}

/* Products of one row, or -1: not known. */
static double
products_of(Oid relid)
{
	Known *entry;
	double products;

	start();
	entry = hash_search(known, &relid, HASH_FIND, NULL);
	if (entry != NULL)
		return entry->products;
	/* views may do anything; parallel workers have no subtransactions */
	if (!ActiveSnapshotSet() || IsInParallelMode() || get_rel_relkind(relid) != RELKIND_RELATION)
		return -1;
	products = try_products(relid);
	if (products < 0)
		return -1;
	if (hash_get_num_entries(known) >= MOST_MODELS)
		forget((Datum) 0, InvalidOid);
	entry = hash_search(known, &relid, HASH_ENTER, NULL);
	entry->products = products;
	return products;
}

static bool
tell_cost(SupportRequestCost *request)
{
	Node *model;
	double products;

	if (request->node == NULL || !IsA(request->node, FuncExpr) ||
		((FuncExpr *) request->node)->args == NIL)
		return false;
	model = linitial(((FuncExpr *) request->node)->args);
	if (!IsA(model, Const) || ((Const *) model)->constisnull)
		return false;
	products = products_of(DatumGetObjectId(((Const *) model)->constvalue));
	if (products < 0)
		return false;
	request->startup = 0;
	request->per_tuple = cpu_operator_cost * (CALL_OPERATORS + products / PRODUCTS_AN_OPERATOR);
	return true;
}

Datum
nnet_predict_support(PG_FUNCTION_ARGS)
{
	Node *request = (Node *) PG_GETARG_POINTER(0);

	nnet_scan_noticed();
	if (IsA(request, SupportRequestCost) && tell_cost((SupportRequestCost *) request))
		PG_RETURN_POINTER(request);
	PG_RETURN_POINTER(NULL);
}
