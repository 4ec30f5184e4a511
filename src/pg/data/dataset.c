/*
 * dataset.c
 *	  The rows of a training, kept for several passes in any order.
 *
 * Records lie in chunks of memory until the datasets of this backend together
 * reach maintenance_work_mem; later ones go to a temporary file, which
 * PostgreSQL accounts for (temp_file_limit) and removes.  Records of one size
 * are found by arithmetic; those of several sizes by an address each, whose
 * eight bytes count as used memory too.
 *
 * Lifetimes: everything is in one memory context, deleted by
 * nnet_dataset_free or with its parent; a callback keeps the backend's sum and
 * list right after an error.  The file belongs to the query's resource owner.
 */
#include "pg/data/data.h"

#include "lib/ilist.h"
#include "miscadmin.h"
#include "storage/buffile.h"
#include "utils/memutils.h"

#define FIRST_BYTES 8192 /* the first chunk starts small and doubles */
#define CHUNK_BYTES ((size_t) 1024 * 1024)
#define WINDOW_BYTES \
	((size_t) 256 * 1024) /* fetched at a time, unless a batch is more: a core's cache */
#define CACHE_LINE 64
#define WINDOW_RECORDS 16384
#define ADDRESS_BITS 13 /* addresses in one block */
#define IN_FILE ((uint64) 1 << 63)

struct NnetDataset
{
	MemoryContext context;
	NNRecordFormat format;
	int batch;
	size_t record_bytes; /* 0: of several sizes */
	size_t used;		 /* bytes of this dataset in datasets_used */
	size_t reserved;	 /* of these, for others */
	uint64 n;
	bool sealed;

	/* in memory; record i < n_memory, if all have one size */
	uint64 n_memory;
	char **chunks;
	int n_chunks;
	int chunks_room;
	size_t chunk_bytes; /* of a full chunk */
	size_t per_chunk;	/* records, if of one size */
	size_t last_bytes;	/* room of the last chunk */
	size_t last_used;

	/* in the file */
	BufFile *file;
	uint64 file_bytes;
	char *pending;		  /* the record last appended, not yet written */
	size_t pending_bytes; /* 0: none */
	size_t pending_room;

	/* if of several sizes: chunk and offset, or IN_FILE and offset */
	uint64 **addresses;
	int n_address_blocks;

	/* records of the file that were fetched */
	char *stage;
	size_t stage_room;
	size_t stage_used;

	dlist_node node;
	MemoryContextCallback callback;
};

/* All of this backend, and the bytes they hold. */
static dlist_head datasets = DLIST_STATIC_INIT(datasets);
static size_t datasets_used = 0;

static void
use_bytes(NnetDataset *dataset, size_t bytes)
{
	dataset->used += bytes;
	datasets_used += bytes;
	nnet_memory_take(bytes);
}

static void
give_bytes(NnetDataset *dataset, size_t bytes)
{
	dataset->used -= bytes;
	datasets_used -= bytes;
	nnet_memory_give(bytes);
}

void
nnet_dataset_reserve(NnetDataset *dataset, size_t bytes)
{
	if (bytes > dataset->reserved)
	{
		use_bytes(dataset, bytes - dataset->reserved);
		dataset->reserved = bytes;
	}
	if (bytes > (size_t) maintenance_work_mem * 1024)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the tokens to be learned take more than maintenance_work_mem"),
				 errhint("Raise maintenance_work_mem, or learn from fewer texts first.")));
}

static void
forget(void *arg)
{
	NnetDataset *dataset = arg;

	dlist_delete(&dataset->node);
	give_bytes(dataset, dataset->used);
}

static size_t
memory_limit(void)
{
	return (size_t) maintenance_work_mem * 1024;
}

int
nnet_dataset_window(const NnetDataset *dataset)
{
	size_t batches;

	if (dataset->record_bytes == 0)
		return dataset->batch;
	batches = Min(WINDOW_BYTES / dataset->record_bytes, WINDOW_RECORDS) / dataset->batch;
	return (int) Max(batches, 1) * dataset->batch;
}

/* Memory to keep free for fetching from the file. */
static size_t
stage_bytes(const NnetDataset *dataset)
{
	if (dataset->file != NULL)
		return 0; /* what there is, is counted */
	return Min((size_t) nnet_dataset_window(dataset) * dataset->record_bytes, memory_limit() / 2);
}

NnetDataset *
nnet_dataset_create(const NNRecordFormat *format, int batch, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "nnet dataset", ALLOCSET_SMALL_SIZES);
	NnetDataset *dataset = MemoryContextAllocZero(context, sizeof(NnetDataset));

	dataset->context = context;
	dataset->format = *format;
	dataset->batch = batch;
	if (!format->variable && !format->target_variable)
		dataset->record_bytes = nn_record_bytes(format, (NNRecordHead){0});
	dataset->chunk_bytes = Min(CHUNK_BYTES, memory_limit() / 8);
	if (dataset->record_bytes > 0)
	{
		dataset->per_chunk = Max(dataset->chunk_bytes / dataset->record_bytes, 1);
		dataset->chunk_bytes = dataset->per_chunk * dataset->record_bytes;
	}
	dlist_push_head(&datasets, &dataset->node);
	dataset->callback.func = forget;
	dataset->callback.arg = dataset;
	MemoryContextRegisterResetCallback(context, &dataset->callback);
	return dataset;
}

/* ---- appending ---- */

static void
add_chunk(NnetDataset *dataset, size_t bytes)
{
	if (dataset->n_chunks == dataset->chunks_room)
	{
		dataset->chunks_room = Max(16, 2 * dataset->chunks_room);
		dataset->chunks = dataset->chunks == NULL
			? MemoryContextAlloc(dataset->context, dataset->chunks_room * sizeof(char *))
			: repalloc_huge(dataset->chunks, dataset->chunks_room * sizeof(char *));
	}
	dataset->chunks[dataset->n_chunks++] = MemoryContextAllocHuge(dataset->context, bytes);
	dataset->last_bytes = bytes;
	dataset->last_used = 0;
	use_bytes(dataset, bytes);
}

/* Whether so much more may be in memory, by the limit of rows and by that of all. */
static bool
has_room(size_t bytes, size_t spare)
{
	return datasets_used + bytes + spare <= memory_limit() && bytes <= nnet_memory_left(bytes);
}

/* A place in memory for one more record, or NULL: it belongs into the file. */
static char *
memory_room(NnetDataset *dataset, size_t bytes)
{
	size_t spare = stage_bytes(dataset);
	size_t first;
	char *place;

	if (dataset->file != NULL || bytes > dataset->chunk_bytes)
		return NULL;
	while (dataset->n_chunks == 0 || dataset->last_used + bytes > dataset->last_bytes)
	{
		if (dataset->n_chunks == 1 && dataset->last_bytes < dataset->chunk_bytes)
		{
			/* only the first chunk grows: it holds whole data sets of a few rows */
			first = Min(2 * dataset->last_bytes, dataset->chunk_bytes);
			if (!has_room(first - dataset->last_bytes, spare))
				return NULL;
			dataset->chunks[0] = repalloc_huge(dataset->chunks[0], first);
			use_bytes(dataset, first - dataset->last_bytes);
			dataset->last_bytes = first;
			continue;
		}
		first =
			dataset->n_chunks == 0 ? Min(FIRST_BYTES, dataset->chunk_bytes) : dataset->chunk_bytes;
		if (!has_room(first, spare))
			return NULL;
		add_chunk(dataset, first);
	}
	place = dataset->chunks[dataset->n_chunks - 1] + dataset->last_used;
	dataset->last_used += bytes;
	return place;
}

static void
flush_pending(NnetDataset *dataset)
{
	if (dataset->pending_bytes == 0)
		return;
	BufFileWrite(dataset->file, dataset->pending, dataset->pending_bytes);
	dataset->file_bytes += dataset->pending_bytes;
	dataset->pending_bytes = 0;
}

static char *
file_room(NnetDataset *dataset, size_t bytes)
{
	MemoryContext old = MemoryContextSwitchTo(dataset->context);

	if (dataset->file == NULL)
		dataset->file = BufFileCreateTemp(false);
	if (dataset->pending_room < bytes)
	{
		if (dataset->pending != NULL)
			pfree(dataset->pending);
		dataset->pending = MemoryContextAllocHuge(dataset->context, bytes);
		use_bytes(dataset, bytes - dataset->pending_room);
		dataset->pending_room = bytes;
	}
	dataset->pending_bytes = bytes;
	MemoryContextSwitchTo(old);
	return dataset->pending;
}

static void
set_address(NnetDataset *dataset, uint64 address)
{
	int block = (int) (dataset->n >> ADDRESS_BITS);
	size_t block_bytes = sizeof(uint64) << ADDRESS_BITS;

	if (block == dataset->n_address_blocks)
	{
		if ((block & (block - 1)) == 0)
		{
			size_t room = Max(1, 2 * (size_t) block) * sizeof(uint64 *);

			dataset->addresses = dataset->addresses == NULL
				? MemoryContextAlloc(dataset->context, room)
				: repalloc_huge(dataset->addresses, room);
		}
		dataset->addresses[block] = MemoryContextAlloc(dataset->context, block_bytes);
		use_bytes(dataset, block_bytes);
		dataset->n_address_blocks++;
	}
	dataset->addresses[block][dataset->n & ((1 << ADDRESS_BITS) - 1)] = address;
}

static uint64
get_address(const NnetDataset *dataset, uint64 i)
{
	return dataset->addresses[i >> ADDRESS_BITS][i & ((1 << ADDRESS_BITS) - 1)];
}

void *
nnet_dataset_append(NnetDataset *dataset, size_t bytes)
{
	char *place;

	Assert(!dataset->sealed);
	Assert(dataset->record_bytes == 0 || dataset->record_bytes == bytes);
	flush_pending(dataset);
	place = memory_room(dataset, bytes);
	if (dataset->record_bytes == 0)
		set_address(dataset,
					place == NULL ? IN_FILE | dataset->file_bytes
								  : (uint64) (dataset->n_chunks - 1) * dataset->chunk_bytes +
							(dataset->last_used - bytes));
	if (place == NULL)
		place = file_room(dataset, bytes);
	else
		dataset->n_memory++;
	dataset->n++;
	return place;
}

void
nnet_dataset_seal(NnetDataset *dataset)
{
	flush_pending(dataset);
	dataset->sealed = true;
}

uint64
nnet_dataset_count(const NnetDataset *dataset)
{
	return dataset->n;
}

/* ---- reading ---- */

static void
read_file(NnetDataset *dataset, uint64 offset, void *to, size_t bytes)
{
	if (BufFileSeek(dataset->file, 0, (off_t) offset, SEEK_SET) != 0 ||
		BufFileRead(dataset->file, to, bytes) != bytes)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not read training data back from a temporary file")));
}

/* Where record i is in memory, or NULL; then *offset is its place in the file. */
static char *
locate(const NnetDataset *dataset, uint64 i, uint64 *offset)
{
	uint64 address;

	if (dataset->record_bytes == 0)
	{
		address = get_address(dataset, i);
		*offset = address & ~IN_FILE;
		if (address & IN_FILE)
			return NULL;
		return dataset->chunks[address / dataset->chunk_bytes] + address % dataset->chunk_bytes;
	}
	if (i < dataset->n_memory)
		return dataset->chunks[i / dataset->per_chunk] +
			i % dataset->per_chunk * dataset->record_bytes;
	*offset = (i - dataset->n_memory) * dataset->record_bytes;
	return NULL;
}

/* The size of a record in the file. */
static size_t
file_record_bytes(NnetDataset *dataset, uint64 offset)
{
	NNRecordHead head;

	if (dataset->record_bytes > 0)
		return dataset->record_bytes;
	read_file(dataset, offset, &head, sizeof(head));
	return nn_record_bytes(&dataset->format, head);
}

/*
 * Room for more bytes on the stage.  If the stage moves, those of the first n
 * records that are on it move with it.
 */
static char *
stage_room(NnetDataset *dataset, size_t bytes, int n, const void **records)
{
	char *place;

	if (dataset->stage_used + bytes > dataset->stage_room)
	{
		size_t room =
			Max(dataset->stage_used + bytes, dataset->stage_room + dataset->stage_room / 2);
		char *old = dataset->stage;
		char *new = MemoryContextAllocHuge(dataset->context, room);

		for (int i = 0; old != NULL && i < n; i++)
		{
			if ((const char *) records[i] >= old &&
				(const char *) records[i] < old + dataset->stage_used)
				records[i] = new + ((const char *) records[i] - old);
		}
		if (old != NULL)
		{
			memcpy(new, old, dataset->stage_used);
			pfree(old);
		}
		use_bytes(dataset, room - dataset->stage_room);
		dataset->stage = new;
		dataset->stage_room = room;
	}
	place = dataset->stage + dataset->stage_used;
	dataset->stage_used += bytes;
	return place;
}

/* Records in random order come out of main memory: ask for all of them at once. */
static inline void
prefetch(const char *record, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += CACHE_LINE)
		__builtin_prefetch(record + i, 0, 2);
}

void
nnet_dataset_fetch(NnetDataset *dataset, const uint64 *numbers, int n, const void **records)
{
	bool fits = n * dataset->record_bytes <= 2 * WINDOW_BYTES;

	Assert(dataset->sealed);
	dataset->stage_used = 0;
	if (dataset->file != NULL && dataset->record_bytes > 0 && dataset->stage == NULL)
	{
		/* at once to its full size */
		(void) stage_room(dataset, n * dataset->record_bytes, 0, NULL);
		dataset->stage_used = 0;
	}
	for (int k = 0; k < n; k++)
	{
		uint64 offset;
		size_t bytes;
		char *record = locate(dataset, numbers[k], &offset);

		if (record == NULL)
		{
			bytes = file_record_bytes(dataset, offset);
			record = stage_room(dataset, bytes, k, records);
			read_file(dataset, offset, record, bytes);
		}
		else if (fits)
			prefetch(record, dataset->record_bytes);
		records[k] = record;
		if ((k & 1023) == 1023)
			nnet_check_interrupts();
	}
}

void
nnet_dataset_rewrite(NnetDataset *dataset, NnetRecordEdit edit, void *arg)
{
	Assert(dataset->sealed);
	for (uint64 i = 0; i < dataset->n; i++)
	{
		uint64 offset;
		size_t bytes;
		char *record = locate(dataset, i, &offset);

		if (record == NULL)
		{
			bytes = file_record_bytes(dataset, offset);
			dataset->stage_used = 0;
			record = stage_room(dataset, bytes, 0, NULL);
			read_file(dataset, offset, record, bytes);
			edit(record, arg);
			if (BufFileSeek(dataset->file, 0, (off_t) offset, SEEK_SET) != 0)
				elog(ERROR, "could not seek in a temporary file");
			BufFileWrite(dataset->file, record, bytes);
		}
		else
			edit(record, arg);
		if ((i & 1023) == 1023)
			nnet_check_interrupts();
	}
}

/* ---- the end ---- */

static void
close_file(NnetDataset *dataset)
{
	if (dataset->file != NULL)
		BufFileClose(dataset->file);
	dataset->file = NULL;
}

void
nnet_dataset_clear(NnetDataset *dataset)
{
	close_file(dataset);
	while (dataset->n_chunks > 1)
	{
		pfree(dataset->chunks[--dataset->n_chunks]);
		give_bytes(dataset, dataset->last_bytes);
		dataset->last_bytes = dataset->chunk_bytes;
	}
	dataset->last_used = 0;
	dataset->n = dataset->n_memory = 0;
	dataset->file_bytes = dataset->pending_bytes = 0;
	dataset->sealed = false;
}

void
nnet_dataset_close(NnetDataset *dataset)
{
	dlist_iter iter;

	dlist_foreach (iter, &datasets)
	{
		NnetDataset *one = dlist_container(NnetDataset, node, iter.cur);

		if (MemoryContextGetParent(one->context) == MemoryContextGetParent(dataset->context))
			close_file(one);
	}
}

void
nnet_dataset_free(NnetDataset *dataset)
{
	close_file(dataset);
	MemoryContextDelete(dataset->context);
}
