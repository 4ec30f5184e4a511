/*
 * cache.c
 *	  The models a session predicts with, kept between queries.
 *
 * A prediction sees the weights of its own snapshot, exactly.  What was loaded
 * is used again while nothing can have changed, which is asked in four
 * steps, cheapest first:
 *	 1. the same executor's run, under a snapshot of the same contents: as before;
 *	 2. a table known by its row versions, under a snapshot of the same contents
 *		in the same transaction: it shows the same rows, to who may read them;
 *	 3. such a table, under another snapshot: the headers of its rows are scanned
 *		for the versions that were loaded (versions.c);
 *	 4. otherwise the rows are read.
 *
 * What row versions do not describe (views, foreign tables, tables with
 * children or with row security for this user, a table whose queries go
 * elsewhere) is read once a query and serves that query alone: such rows may be
 * others though the snapshot is the same, since a setting changed.
 *
 * A model that is a value (model_value.h) is known by its content's digest: the
 * same digest is the same model, under any snapshot.
 *
 * Lifetimes: an entry lives in its model's context, a child of cache_context.
 * Entries are freed only in nnet_cache_get and at the transaction's end, so
 * that a caller may use one until its next call; everything else (relcache
 * invalidation, aborted subtransactions, the end of a run) only marks them.  A
 * Run lives in the executor's own context.
 */
#include "pg/model/model_value.h"

#include "access/parallel.h"
#include "access/relation.h"
#include "access/xact.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/* What a snapshot shows, to be compared with another one of this transaction. */
typedef struct Contents
{
	bool known;
	TransactionId xmin;
	TransactionId xmax;
	uint32 running; /* transactions below xmax: they only become fewer, so their number tells */
	int32 running_subs;
	bool overflowed;
	bool recovery;
	CommandId command;
} Contents;

/* An executor's run of a query, as seen by the functions in it. */
typedef struct Run
{
	dlist_node node;	   /* in runs */
	MemoryContext context; /* the executor's, of this struct too */
	uint64 number;		   /* never used again */
	MemoryContextCallback end;
} Run;

typedef struct Entry
{
	NnetCached cached; /* first: callers get this */
	dlist_node node;   /* in entries, the latest used first */
	NnetModelKey key;
	Size bytes;
	bool stale;			 /* to be freed */
	bool by_rows;		 /* known by the model's row versions */
	RelFileLocator file; /* they are in */
	/* for whom, under which snapshot and in which run it is known to be right */
	Oid user;
	Contents seen;
	uint64 run; /* 0: none */
} Entry;

static MemoryContext cache_context = NULL;
static dlist_head entries = DLIST_STATIC_INIT(entries);
static uint64 generations = 0;
static dlist_head runs = DLIST_STATIC_INIT(runs);
static uint64 last_run = 0;

/* ---- snapshots ---- */

static Contents
active_contents(void)
{
	Snapshot snapshot = GetActiveSnapshot();

	if (!IsMVCCSnapshot(snapshot))
		elog(ERROR, "nnet cannot read a model under a snapshot of type %d",
			 (int) snapshot->snapshot_type);
	return (Contents){
		.known = true,
		.xmin = snapshot->xmin,
		.xmax = snapshot->xmax,
		.running = snapshot->xcnt,
		.running_subs = snapshot->subxcnt,
		.overflowed = snapshot->suboverflowed,
		.recovery = snapshot->takenDuringRecovery,
		.command = snapshot->curcid,
	};
}

static bool
same_contents(const Contents *a, const Contents *b)
{
	return a->known && b->known && a->xmin == b->xmin && a->xmax == b->xmax &&
		a->running == b->running && a->running_subs == b->running_subs &&
		a->overflowed == b->overflowed && a->recovery == b->recovery && a->command == b->command;
}

/* What was known under a snapshot is not known any more. */
static void
forget_snapshots(void)
{
	dlist_iter iter;

	dlist_foreach (iter, &entries)
		dlist_container(Entry, node, iter.cur)->seen.known = false;
}

/* ---- runs of queries ---- */

/* Whether it may serve other queries than the one it was loaded for. */
static bool
lasts(const Entry *entry)
{
	return entry->by_rows || entry->cached.by_content;
}

static bool
is_executors(MemoryContext context)
{
	return strcmp(context->name, "ExecutorState") == 0;
}

/*
 * Whether the context is an executor's that runs one query.  PL/pgSQL evaluates
 * simple expressions without one, in an executor's state that lasts as long as
 * the transaction, or as a DO block, and so for many queries, snapshots and
 * settings: that is a child of the transaction's context, or of SPI's for the
 * block.  In a parallel worker the query is a child of the transaction's
 * context as well, and was there first.
 */
static bool
runs_one_query(MemoryContext context)
{
	if (!is_executors(context) || context->parent == NULL)
		return false;
	if (context->parent != TopTransactionContext)
		return strcmp(context->parent->name, "SPI Proc") != 0;
	if (!IsParallelWorker())
		return false;
	for (MemoryContext older = context->nextchild; older != NULL; older = older->nextchild)
		if (is_executors(older))
			return false;
	return true;
}

/* What was read for it alone is nobody's. */
static void
end_run(void *arg)
{
	Run *run = arg;
	dlist_iter iter;

	dlist_foreach (iter, &entries)
	{
		Entry *entry = dlist_container(Entry, node, iter.cur);

		if (entry->run == run->number && !lasts(entry))
			entry->stale = true;
	}
	dlist_delete(&run->node);
}

/* The number of the run whose context that is; 0 if it may be more than one. */
static uint64
run_number(MemoryContext context)
{
	dlist_iter iter;
	Run *run;

	dlist_foreach (iter, &runs)
	{
		run = dlist_container(Run, node, iter.cur);
		if (run->context == context)
			return run->number;
	}
	if (!runs_one_query(context))
		return 0;
	run = MemoryContextAllocZero(context, sizeof(Run));
	run->context = context;
	run->number = ++last_run;
	run->end = (MemoryContextCallback){.func = end_run, .arg = run};
	dlist_push_head(&runs, &run->node);
	MemoryContextRegisterResetCallback(context, &run->end);
	return run->number;
}

/* ---- entries ---- */

static void
free_entry(Entry *entry)
{
	nn_pool_abandon(); /* predict_batch may have threads at work with it */
	dlist_delete(&entry->node);
	MemoryContextDelete(entry->cached.model->context);
}

static void
free_stale(void)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify (iter, &entries)
	{
		Entry *entry = dlist_container(Entry, node, iter.cur);

		if (entry->stale)
			free_entry(entry);
	}
}

/* Only while a model is loaded for nnet_cache_get: none that is handed out is let go. */
static void
clear(void)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify (iter, &entries)
		free_entry(dlist_container(Entry, node, iter.cur));
}

/* Least recently used out first, until the rest fits; keep stays. */
static void
evict(const Entry *keep)
{
	Size limit = (Size) nnet_cache_size_kb * 1024;
	Size total = 0;
	dlist_iter iter;

	dlist_foreach (iter, &entries)
	{
		Entry *entry = dlist_container(Entry, node, iter.cur);

		/* plans and workspaces were added since */
		entry->bytes = MemoryContextMemAllocated(entry->cached.model->context, true);
		total += entry->bytes;
	}
	while (total > limit && !dlist_is_empty(&entries))
	{
		Entry *last = dlist_tail_element(Entry, node, &entries);

		if (last == keep)
			break;
		total -= last->bytes;
		free_entry(last);
	}
}

/* Of a table.  What is not known by rows is that run's alone. */
static Entry *
find_entry(Oid relid, uint64 run)
{
	dlist_iter iter;

	dlist_foreach (iter, &entries)
	{
		Entry *entry = dlist_container(Entry, node, iter.cur);

		if (entry->key.relid == relid && !entry->stale &&
			(entry->by_rows || (run != 0 && entry->run == run)))
			return entry;
	}
	return NULL;
}

/* ---- events ---- */

static void
on_relcache_change(Datum arg, Oid relid)
{
	dlist_iter iter;

	dlist_foreach (iter, &entries)
	{
		Entry *entry = dlist_container(Entry, node, iter.cur);

		if (!entry->cached.by_content && (relid == InvalidOid || relid == entry->key.relid))
			entry->stale = true;
	}
}

/* What the aborted part wrote is gone though the command id stays. */
static void
on_subxact_end(SubXactEvent event, SubTransactionId id, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		forget_snapshots();
}

/* Nobody uses an entry now: give back what is over the limit or served one query. */
static void
on_xact_end(XactEvent event, void *arg)
{
	dlist_iter iter;

	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE &&
		event != XACT_EVENT_PARALLEL_COMMIT && event != XACT_EVENT_PARALLEL_ABORT)
		return;
	forget_snapshots();
	if (dlist_is_empty(&entries))
		return;
	dlist_foreach (iter, &entries)
	{
		Entry *entry = dlist_container(Entry, node, iter.cur);

		if (!lasts(entry))
			entry->stale = true;
	}
	free_stale();
	evict(NULL);
}

static void
start_cache(void)
{
	if (cache_context != NULL)
		return;
	CacheRegisterRelcacheCallback(on_relcache_change, (Datum) 0);
	RegisterXactCallback(on_xact_end, NULL);
	RegisterSubXactCallback(on_subxact_end, NULL);
	cache_context = AllocSetContextCreate(TopMemoryContext, "nnet models", ALLOCSET_SMALL_SIZES);
}

/* ---- what is known by rows ---- */

/* Step 2: the same rows; whether they may be read may have changed. */
static bool
still_readable(const Entry *entry)
{
	Relation relation;
	bool readable;

	AcceptInvalidationMessages();
	if (entry->stale)
		return false;
	relation = try_relation_open(entry->key.relid, NoLock); /* locked when it was seen */
	if (relation == NULL)
		return false;
	readable = nnet_versions_tell_all(relation);
	relation_close(relation, NoLock);
	return readable;
}

/* Step 3. */
static bool
rows_unchanged(const Entry *entry)
{
	Relation relation;
	bool same;

	nnet_check_lockable(entry->key.relid, AccessShareLock, false);
	relation = try_relation_open(entry->key.relid, AccessShareLock);
	if (relation == NULL)
		return false;
	/* the lock may have brought the news that the table was altered */
	same = !entry->stale && RelFileLocatorEquals(relation->rd_locator, entry->file) &&
		nnet_versions_tell_all(relation) &&
		nnet_versions_visible(relation, entry->cached.model->versions,
							  entry->cached.model->n_versions);
	relation_close(relation, NoLock);
	return same;
}

/* ---- loading ---- */

static Entry *
new_entry(NnetModel *model)
{
	Entry *entry = MemoryContextAllocZero(model->context, sizeof(Entry));

	entry->cached.model = model;
	entry->cached.generation = ++generations;
	entry->key.relid = model->relid;
	return entry;
}

static void
add_entry(Entry *entry)
{
	MemoryContextSetParent(entry->cached.model->context, cache_context);
	dlist_push_head(&entries, &entry->node);
	nnet_memory_keep_spare(clear);
}

static Entry *
load_entry(Oid relid, uint64 run)
{
	NnetModel *model = nnet_model_load(relid, NNET_LOAD_VERSIONS, CurrentMemoryContext);
	Entry *entry = new_entry(model);
	Relation relation = relation_open(relid, NoLock); /* locked by loading */
	Entry *old;

	entry->run = run;
	entry->file = relation->rd_locator;
	/* the heap has no other rows than were read: whoever sends queries elsewhere is found out */
	entry->by_rows = model->versions != NULL &&
		nnet_versions_visible(relation, model->versions, model->n_versions);
	relation_close(relation, NoLock);
	/* of more than one query: it serves this call */
	entry->stale = !entry->by_rows && run == 0;

	/* loading a view may have used this cache: look again */
	free_stale();
	old = find_entry(relid, run);
	if (old != NULL)
		free_entry(old);
	add_entry(entry);
	return entry;
}

/* The oid of a model that was dropped meanwhile tells nobody which it was. */
static void
refuse_dropped(Oid relid)
{
	dlist_iter iter;

	dlist_foreach (iter, &entries)
	{
		Entry *entry = dlist_container(Entry, node, iter.cur);

		if (!entry->cached.by_content && entry->key.relid == relid &&
			get_rel_relkind(relid) == '\0')
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_TABLE),
					 errmsg("model \"%s\" does not exist any more", entry->cached.model->name)));
	}
}

NnetCached *
nnet_cache_get(Oid relid, MemoryContext query)
{
	Contents contents = active_contents();
	uint64 run;
	Entry *entry;

	start_cache();
	run = run_number(query);
	entry = find_entry(relid, run);
	if (entry != NULL && entry->user == GetUserId() && same_contents(&entry->seen, &contents) &&
		((run != 0 && entry->run == run) || (entry->by_rows && still_readable(entry))))
	{
		entry->run = run;
		dlist_move_head(&entries, &entry->node);
		return &entry->cached;
	}

	refuse_dropped(relid);
	free_stale();
	entry = find_entry(relid, run);
	if (entry == NULL || !entry->by_rows || !rows_unchanged(entry))
		entry = load_entry(relid, run);
	entry->seen = contents;
	entry->user = GetUserId();
	entry->run = run;
	dlist_move_head(&entries, &entry->node);
	evict(entry);
	return &entry->cached;
}

/* ---- values ---- */

static Entry *
find_value(const uint8 *content)
{
	dlist_iter iter;

	dlist_foreach (iter, &entries)
	{
		Entry *entry = dlist_container(Entry, node, iter.cur);

		if (entry->cached.by_content && memcmp(entry->key.content, content, NNET_DIGEST_BYTES) == 0)
			return entry;
	}
	return NULL;
}

NnetCached *
nnet_cache_get_value(Datum value, const uint8 *content)
{
	Entry *entry;

	start_cache();
	entry = find_value(content);
	if (entry == NULL)
	{
		/* reading checks that the digest is that of the content */
		entry = new_entry(nnet_model_value_load(value, NNET_LOAD_VERSIONS, CurrentMemoryContext));
		entry->cached.by_content = true;
		memcpy(entry->key.content, content, NNET_DIGEST_BYTES);
		free_stale();
		add_entry(entry);
		evict(entry);
	}
	dlist_move_head(&entries, &entry->node);
	return &entry->cached;
}

static Size
packed_bytes(const NnetCached *cached)
{
	return cached->model->core->n_packed * sizeof(nn_real);
}

bool
nnet_cache_packs(const NnetCached *cached, NNPrecision precision)
{
	Size bytes = packed_bytes(cached);

	return cached->packed[precision] != NULL ||
		(bytes > 0 &&
		 MemoryContextMemAllocated(cached->model->context, true) + bytes + NN_ALIGN <=
			 (Size) nnet_cache_size_kb * 1024 &&
		 bytes <= nnet_memory_left(bytes));
}

const nn_real *
nnet_cache_packed(NnetCached *cached, NNPrecision precision)
{
	const NnetModel *model = cached->model;

	if (cached->packed[precision] == NULL)
	{
		nn_real *packed = nnet_memory_alloc(model->context, packed_bytes(cached), false);

		nn_model_pack(model->core, precision, model->params, packed);
		cached->packed[precision] = packed;
	}
	return cached->packed[precision];
}

void
nnet_cache_usage(int *models, Size *bytes)
{
	dlist_iter iter;

	*models = 0;
	*bytes = 0;
	dlist_foreach (iter, &entries)
	{
		(*models)++;
		*bytes += MemoryContextMemAllocated(
			dlist_container(Entry, node, iter.cur)->cached.model->context, true);
	}
}
