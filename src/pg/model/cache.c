/*
 * cache.c
 *	  The models a session predicts with, kept between queries.
 *
 * A prediction sees the weights of its own snapshot, exactly.  What was loaded
 * is used again while nothing can have changed, which is asked in three
 * steps, cheapest first:
 *	 1. the active snapshot is the very one of the last answer: as before;
 *	 2. an ordinary table whose visible row versions (relfilenode; ctid, raw
 *		xmin and raw command id of each row) are those that were loaded: the
 *		headers are scanned, no value is detoasted;
 *	 3. otherwise the rows are read.
 * Command ids matter: TRUNCATE and INSERT in one transaction put other rows at
 * the same places under the same xmin.
 *
 * What is not an ordinary heap table without children and without row security
 * for this user is read by SPI and serves one snapshot of one query (step 1
 * only).
 *
 * Lifetimes: an entry lives in its model's context, a child of cache_context.
 * Entries are freed only in nnet_cache_get and at the transaction's end, so
 * that a caller may use one until its next call; everything else (relcache
 * invalidation, aborted subtransactions) only marks them.
 */
#include "pg/model/model.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/relscan.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "pg/train/train.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

/* One visible row version. */
typedef struct RowVersion
{
	ItemPointerData tid;
	TransactionId xmin;
	CommandId command;
} RowVersion;

typedef struct Entry
{
	NnetCached cached; /* first: callers get this */
	dlist_node node;   /* in entries, the latest used first */
	Oid relid;
	Size bytes;
	bool stale;	  /* to be freed */
	bool by_rows; /* step 2 applies */
	RelFileLocator file;
	int n_rows;
	RowVersion *rows;
	/* step 1: for whom and under which snapshot it is known to be right */
	Oid user;
	uint32 snapshot; /* 0: none */
} Entry;

static MemoryContext cache_context = NULL;
static dlist_head entries = DLIST_STATIC_INIT(entries);
static uint64 generations = 0;

/* ---- snapshots ---- */

/*
 * The active snapshot's identity, within this session.
 *
 * Neither address nor contents tell: the next statement's snapshot may lie at
 * the same address and, when nobody committed, have the same contents, while
 * a view or a policy shows other rows since a setting changed.  So the snapshot is
 * marked: its field speculativeToken, "not used in MVCC snapshots", gets a
 * number that none had before.  Copies carry the mark along, hence address
 * and contents are compared too.
 */
typedef struct SnapshotMark
{
	uint32 number;
	Snapshot address;
	TransactionId xmin;
	TransactionId xmax;
	uint32 xcnt;
	int32 subxcnt;
	CommandId curcid;
} SnapshotMark;

#define MARKS 64 /* snapshots of nested queries known at a time; a power of two */

static SnapshotMark marks[MARKS];
static uint32 mark_number = 0;

static bool
mark_fits(const SnapshotMark *mark, const SnapshotData *snapshot)
{
	return mark->number == snapshot->speculativeToken && mark->number != 0 &&
		mark->address == snapshot && mark->xmin == snapshot->xmin && mark->xmax == snapshot->xmax &&
		mark->xcnt == snapshot->xcnt && mark->subxcnt == snapshot->subxcnt &&
		mark->curcid == snapshot->curcid;
}

static uint32
snapshot_number(void)
{
	Snapshot snapshot = GetActiveSnapshot();
	SnapshotMark *mark = &marks[snapshot->speculativeToken % MARKS];

	if (mark_fits(mark, snapshot))
		return mark->number;
	if (!IsMVCCSnapshot(snapshot))
		elog(ERROR, "nnet cannot read a model under a snapshot of type %d",
			 (int) snapshot->snapshot_type);
	if (++mark_number == 0)
		mark_number = 1;
	mark = &marks[mark_number % MARKS];
	*mark = (SnapshotMark){
		.number = mark_number,
		.address = snapshot,
		.xmin = snapshot->xmin,
		.xmax = snapshot->xmax,
		.xcnt = snapshot->xcnt,
		.subxcnt = snapshot->subxcnt,
		.curcid = snapshot->curcid,
	};
	snapshot->speculativeToken = mark_number;
	return mark_number;
}

/* What was known under a snapshot is not known any more. */
static void
forget_snapshots(void)
{
	memset(marks, 0, sizeof(marks));
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

static Entry *
find_entry(Oid relid)
{
	dlist_iter iter;

	dlist_foreach (iter, &entries)
	{
		Entry *entry = dlist_container(Entry, node, iter.cur);

		if (entry->relid == relid && !entry->stale)
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

		if (relid == InvalidOid || relid == entry->relid)
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

		entry->snapshot = 0;
		if (!entry->by_rows)
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

/* ---- the rows' versions ---- */

/* Whether row versions say everything about what this user would see. */
static bool
known_by_rows(Relation relation)
{
	return relation->rd_rel->relkind == RELKIND_RELATION &&
		relation->rd_rel->relam == HEAP_TABLE_AM_OID && !relation->rd_rel->relhassubclass &&
		check_enable_rls(RelationGetRelid(relation), InvalidOid, true) != RLS_ENABLED &&
		nnet_may_read(relation);
}

/*
 * Versions visible to the active snapshot, at most max; returns how many, or
 * max + 1 if there are more.
 */
static int
scan_rows(Relation relation, RowVersion *rows, int max)
{
	TableScanDesc scan = table_beginscan_strat(relation, GetActiveSnapshot(), 0, NULL, true, false);
	HeapTuple tuple;
	int n = 0;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		if (n == max)
		{
			n++;
			break;
		}
		memset(&rows[n], 0, sizeof(RowVersion));
		rows[n].tid = tuple->t_self;
		rows[n].xmin = HeapTupleHeaderGetRawXmin(tuple->t_data);
		rows[n].command = HeapTupleHeaderGetRawCommandId(tuple->t_data);
		n++;
	}
	table_endscan(scan);
	return n;
}

/* Step 2. */
static bool
rows_unchanged(Entry *entry)
{
	Relation relation;
	bool same = false;

	nnet_check_lockable(entry->relid, AccessShareLock, false);
	relation = try_relation_open(entry->relid, AccessShareLock);
	/* the lock may have brought the news that the table was altered */
	if (relation != NULL && !entry->stale && known_by_rows(relation) &&
		RelFileLocatorEquals(relation->rd_locator, entry->file))
	{
		RowVersion *rows = palloc(sizeof(RowVersion) * entry->n_rows);

		same = scan_rows(relation, rows, entry->n_rows) == entry->n_rows &&
			memcmp(rows, entry->rows, sizeof(RowVersion) * entry->n_rows) == 0;
		pfree(rows);
	}
	if (relation != NULL)
		relation_close(relation, NoLock);
	return same;
}

/* ---- loading ---- */

/* What identifies the rows just loaded, under the same snapshot. */
static void
note_rows(Entry *entry, Relation relation)
{
	NnetModel *model = entry->cached.model;
	int max = 1; /* the training row */

	for (int i = 0; i < model->core->n_layers; i++)
		max += model->layer_parts[i];
	entry->file = relation->rd_locator;
	entry->rows = palloc(sizeof(RowVersion) * max);
	entry->n_rows = scan_rows(relation, entry->rows, max);
	/* a row that loading did not see */
	entry->by_rows = entry->n_rows <= max;
}

static Entry *
load_entry(Oid relid)
{
	NnetModel *model = nnet_model_load(relid, 0, CurrentMemoryContext);
	MemoryContext caller = MemoryContextSwitchTo(model->context);
	Relation relation = relation_open(relid, NoLock); /* locked by loading */
	Entry *entry = palloc0(sizeof(Entry));
	Entry *old;

	entry->cached.model = model;
	entry->cached.generation = ++generations;
	entry->relid = relid;
	if (known_by_rows(relation))
		note_rows(entry, relation);
	relation_close(relation, NoLock);
	MemoryContextSwitchTo(caller);

	/* loading a view may have used this cache: look again */
	free_stale();
	old = find_entry(relid);
	if (old != NULL)
		free_entry(old);
	MemoryContextSetParent(model->context, cache_context);
	dlist_push_head(&entries, &entry->node);
	return entry;
}

NnetCached *
nnet_cache_get(Oid relid)
{
	uint32 snapshot;
	Entry *entry;

	start_cache();
	snapshot = snapshot_number();
	entry = find_entry(relid);
	if (entry != NULL && entry->snapshot == snapshot && entry->user == GetUserId())
	{
		dlist_move_head(&entries, &entry->node);
		return &entry->cached;
	}

	free_stale();
	if (entry == NULL || !entry->by_rows || !rows_unchanged(entry))
		entry = load_entry(relid);
	entry->snapshot = snapshot;
	entry->user = GetUserId();
	dlist_move_head(&entries, &entry->node);
	evict(entry);
	return &entry->cached;
}

static Size
packed_bytes(const NnetCached *cached)
{
	return cached->model->core->n_packed * sizeof(nn_real);
}

bool
nnet_cache_packs(const NnetCached *cached)
{
	Size bytes = packed_bytes(cached);

	return cached->packed != NULL ||
		(bytes > 0 &&
		 MemoryContextMemAllocated(cached->model->context, true) + bytes + NN_ALIGN <=
			 (Size) nnet_cache_size_kb * 1024);
}

const nn_real *
nnet_cache_packed(NnetCached *cached)
{
	const NnetModel *model = cached->model;

	if (cached->packed == NULL)
	{
		nn_real *packed = nnet_alloc_aligned(model->context, packed_bytes(cached), false, NULL);

		nn_model_pack(model->core, model->params, packed);
		cached->packed = packed;
	}
	return cached->packed;
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
