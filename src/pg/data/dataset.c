/*
 * dataset.c
 *	  The rows of a training, kept for several passes: their memory.
 *
 * Records lie in chunks of memory until the datasets of this backend together
 * reach maintenance_work_mem; then those of the dataset that needs more all go to
 * its file.  Records of one size are found by arithmetic; those of several sizes
 * by an address each, whose eight bytes count as used memory too.
 *
 * Lifetimes: everything is in one memory context, deleted by
 * nnet_dataset_free or with its parent; a callback keeps the backend's sum and
 * list right after an error.  The file belongs to the query's resource owner.
 */
#include "pg/data/dataset.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#define FIRST_BYTES 8192 /* the first chunk starts small and doubles */
/* Chunks are large, for large pages, where these are a small part of the memory left. */
#define CHUNK_LEAST ((size_t) 1024 * 1024)
#define CHUNK_MOST ((size_t) 8 * 1024 * 1024)
#define CHUNK_PARTS 16
#define WRITE_BYTES ((size_t) 256 * 1024) /* to the file, at a time */
#define CELL_BYTES ((size_t) 64 * 1024)
#define WINDOW_BYTES \
	((size_t) 256 * 1024) /* fetched at a time, unless a batch is more: a core's cache */
#define WINDOW_RECORDS 16384
#define ADDRESS_BITS 13 /* addresses in one block */
#define OFFSET_BITS 40	/* of an address; the others tell the chunk */

/* All of this backend, and the bytes they hold. */
static dlist_head datasets = DLIST_STATIC_INIT(datasets);
static size_t datasets_used = 0;

void
nnet_store_use(NnetDataset *dataset, size_t bytes)
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

static size_t
memory_limit(void)
{
	return (size_t) maintenance_work_mem * 1024;
}

void
nnet_dataset_reserve(NnetDataset *dataset, size_t bytes)
{
	if (bytes > dataset->reserved)
	{
		nnet_store_use(dataset, bytes - dataset->reserved);
		dataset->reserved = bytes;
	}
	if (bytes > memory_limit())
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

int
nnet_dataset_window_of(const NnetDataset *dataset, int batch)
{
	size_t batches;

	if (dataset->record_bytes == 0)
		return batch;
	batches = Min(WINDOW_BYTES / dataset->record_bytes, WINDOW_RECORDS) / batch;
	return (int) Max(batches, 1) * batch;
}

int
nnet_dataset_window(const NnetDataset *dataset)
{
	return nnet_dataset_window_of(dataset, dataset->batch);
}

NnetDataset *
nnet_dataset_create(const NNRecordFormat *format, int batch, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "nnet dataset", ALLOCSET_SMALL_SIZES);
	NnetDataset *dataset = MemoryContextAllocZero(context, sizeof(NnetDataset));

	dataset->context = context;
	dataset->format = format;
	dataset->batch = batch;
	dataset->file = -1;
	if (!nn_record_varies(format))
		dataset->record_bytes = nn_record_bytes(format, &(NNRecordHead){0});
	dataset->chunk_bytes = Max(CHUNK_LEAST, Min(CHUNK_MOST, nnet_memory_left(0) / CHUNK_PARTS));
	dataset->chunk_bytes = Min(dataset->chunk_bytes, memory_limit() / 8);
	dataset->cell_bytes = Min(CELL_BYTES, dataset->chunk_bytes / 8);
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

/* ---- memory ---- */

/* Whether so much more may be in memory, by the limit of rows and by that of all. */
static bool
has_room(size_t bytes)
{
	return datasets_used + bytes <= memory_limit() && bytes <= nnet_memory_left(bytes);
}

size_t
nnet_store_limit(const NnetDataset *dataset)
{
	size_t others = datasets_used - dataset->used + dataset->reserved;
	size_t rows = memory_limit() > others ? memory_limit() - others : 0;
	size_t own = dataset->used - dataset->reserved;

	return rows > own ? own + Min(rows - own, nnet_memory_left(rows - own)) : rows;
}

static void
add_chunk(NnetDataset *dataset, size_t bytes)
{
	if (dataset->n_chunks == dataset->chunks_room)
	{
		dataset->chunks_room = Max(16, 2 * dataset->chunks_room);
		dataset->chunks = dataset->chunks == NULL
			? MemoryContextAlloc(dataset->context, dataset->chunks_room * sizeof(NnetChunk))
			: repalloc_huge(dataset->chunks, dataset->chunks_room * sizeof(NnetChunk));
	}
	dataset->chunks[dataset->n_chunks++] =
		(NnetChunk){.data = nnet_memory_alloc_large(dataset->context, bytes), .room = bytes};
	nnet_store_use(dataset, bytes);
}

static void
drop_chunk(NnetDataset *dataset)
{
	NnetChunk *chunk = &dataset->chunks[--dataset->n_chunks];

	pfree(chunk->data);
	give_bytes(dataset, chunk->room);
}

/* Make a chunk larger; what is in it stays. */
static void
grow_chunk(NnetDataset *dataset, NnetChunk *chunk, size_t room)
{
	if (chunk->used > 0)
		chunk->data = repalloc_huge(chunk->data, room);
	else
	{
		pfree(chunk->data);
		chunk->data = NULL;
		chunk->data = nnet_memory_alloc_large(dataset->context, room);
	}
	nnet_store_use(dataset, room - chunk->room);
	chunk->room = room;
}

void
nnet_store_reset(NnetDataset *dataset, bool full)
{
	for (int i = 0; i < dataset->n_chunks; i++)
		dataset->chunks[i].used = 0;
	dataset->chunk = 0;
	dataset->n_memory = 0;
	if (full && dataset->n_chunks > 0 && dataset->chunks[0].room < dataset->chunk_bytes)
		grow_chunk(dataset, &dataset->chunks[0], dataset->chunk_bytes);
}

char *
nnet_store_room(NnetDataset *dataset, size_t bytes, bool forced)
{
	for (;;)
	{
		NnetChunk *chunk = dataset->n_chunks > 0 ? &dataset->chunks[dataset->chunk] : NULL;
		bool last = dataset->chunk + 1 >= dataset->n_chunks;
		size_t room;

		if (chunk != NULL && chunk->used + bytes <= chunk->room)
		{
			chunk->used += bytes;
			return chunk->data + chunk->used - bytes;
		}
		if (chunk != NULL && (chunk->used == 0 || dataset->n_chunks == 1) &&
			chunk->room < Max(dataset->chunk_bytes, chunk->used == 0 ? bytes : 0))
		{
			/* only a single chunk doubles: it holds whole data sets of a few rows */
			room = chunk->used == 0 ? Max(bytes, Min(2 * chunk->room, dataset->chunk_bytes))
									: Min(2 * chunk->room, dataset->chunk_bytes);
			if (!forced && !has_room(room - chunk->room))
				return NULL;
			grow_chunk(dataset, chunk, room);
		}
		else if (!last)
			dataset->chunk++;
		else
		{
			room = chunk == NULL ? Min(FIRST_BYTES, dataset->chunk_bytes) : dataset->chunk_bytes;
			room = Max(room, bytes);
			if (!forced && !has_room(room))
				return NULL;
			add_chunk(dataset, room);
			dataset->chunk = dataset->n_chunks - 1;
		}
	}
}

char *
nnet_store_room_of(NnetDataset *dataset, uint64 n, uint64 *got)
{
	char *place = nnet_store_room(dataset, dataset->record_bytes, true);
	NnetChunk *chunk = &dataset->chunks[dataset->chunk];

	*got = 1 + Min(n - 1, (chunk->room - chunk->used) / dataset->record_bytes);
	chunk->used += (*got - 1) * dataset->record_bytes;
	return place;
}

static void
set_address(NnetDataset *dataset, uint64 i, uint64 address)
{
	int block = (int) (i >> ADDRESS_BITS);
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
		nnet_store_use(dataset, block_bytes);
		dataset->n_address_blocks++;
	}
	dataset->addresses[block][i & ((1 << ADDRESS_BITS) - 1)] = address;
}

void
nnet_store_add(NnetDataset *dataset, const char *place, uint64 n)
{
	if (dataset->record_bytes == 0)
		set_address(dataset, dataset->n_memory,
					(uint64) dataset->chunk << OFFSET_BITS |
						(uint64) (place - dataset->chunks[dataset->chunk].data));
	dataset->n_memory += n;
}

char *
nnet_store_at(const NnetDataset *dataset, uint64 i)
{
	uint64 address;

	if (dataset->record_bytes > 0)
		return dataset->chunks[i / dataset->per_chunk].data +
			i % dataset->per_chunk * dataset->record_bytes;
	address = dataset->addresses[i >> ADDRESS_BITS][i & ((1 << ADDRESS_BITS) - 1)];
	return dataset->chunks[address >> OFFSET_BITS].data +
		(address & (((uint64) 1 << OFFSET_BITS) - 1));
}

/* ---- appending ---- */

/* What is in memory goes to the file. */
static void
spill(NnetDataset *dataset)
{
	for (int i = 0; i < dataset->n_chunks; i++)
	{
		if (dataset->chunks[i].used > 0)
			nnet_file_write(dataset, dataset->chunks[i].data, dataset->chunks[i].used);
		nnet_check_interrupts();
	}
	nnet_store_reset(dataset, false);
}

/* From here on memory is what is written next: others may have the rest. */
static void
become_file(NnetDataset *dataset)
{
	spill(dataset);
	while (dataset->n_chunks > 1)
		drop_chunk(dataset);
	while (dataset->n_address_blocks > 1)
	{
		pfree(dataset->addresses[--dataset->n_address_blocks]);
		give_bytes(dataset, sizeof(uint64) << ADDRESS_BITS);
	}
}

void *
nnet_dataset_append(NnetDataset *dataset, size_t bytes)
{
	char *place = NULL;

	Assert(!dataset->sealed);
	Assert(dataset->record_bytes == 0 || dataset->record_bytes == bytes);
	if (dataset->file < 0)
	{
		/* addresses may be what there is no room for */
		if (dataset->record_bytes > 0 || has_room(sizeof(uint64) << ADDRESS_BITS))
			place = nnet_store_room(dataset, bytes, dataset->n_chunks == 0);
		if (place == NULL && dataset->n_memory > 0)
			become_file(dataset);
	}
	else if (dataset->chunks[0].used + bytes > Min(dataset->chunks[0].room, WRITE_BYTES))
		spill(dataset);
	if (place == NULL)
		place = nnet_store_room(dataset, bytes, true);
	nnet_store_add(dataset, place, 1);
	dataset->n++;
	return place;
}

void
nnet_dataset_seal(NnetDataset *dataset)
{
	if (dataset->file >= 0)
		spill(dataset);
	dataset->sealed = true;
}

bool
nnet_dataset_in_memory(const NnetDataset *dataset)
{
	return dataset->file < 0;
}

const void *
nnet_dataset_last(const NnetDataset *dataset)
{
	return nnet_store_at(dataset, dataset->n_memory - 1);
}

uint64
nnet_dataset_count(const NnetDataset *dataset)
{
	return dataset->n;
}

void
nnet_dataset_rewrite(NnetDataset *dataset, NnetRecordEdit edit, void *arg)
{
	Assert(dataset->sealed);
	if (dataset->file >= 0)
	{
		nnet_file_rewrite(dataset, edit, arg);
		return;
	}
	for (uint64 i = 0; i < dataset->n; i++)
	{
		edit(nnet_store_at(dataset, i), arg);
		if ((i & 1023) == 1023)
			nnet_check_interrupts();
	}
}

/* ---- the end ---- */

void
nnet_dataset_clear(NnetDataset *dataset)
{
	nnet_file_close(dataset);
	while (dataset->n_chunks > 1)
		drop_chunk(dataset);
	nnet_store_reset(dataset, false);
	dataset->n = 0;
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
			nnet_file_close(one);
	}
}

void
nnet_dataset_free(NnetDataset *dataset)
{
	nnet_file_close(dataset);
	MemoryContextDelete(dataset->context);
}
