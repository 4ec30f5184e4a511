/*
 * dataset.c
 *	  The rows of a training, kept for several passes: in memory (store.c), or,
 *	  as soon as they do not fit there, all in a file (dataset_file.c).
 *
 * Lifetimes: everything is in one memory context, deleted by
 * nnet_dataset_free or with its parent; a callback keeps the backend's sum and
 * list right after an error.  The file belongs to the query's resource owner.
 */
#include "pg/data/dataset.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#define WRITE_BYTES ((size_t) 256 * 1024) /* to the file, at a time */
#define AT_ONCE_BYTES \
	((size_t) 256 * 1024) /* fetched at a time, unless a batch is more: a core's cache */
#define AT_ONCE_RECORDS 16384

/* All of this backend. */
static dlist_head datasets = DLIST_STATIC_INIT(datasets);

void
nnet_dataset_reserve(NnetDataset *dataset, size_t bytes)
{
	if (bytes > dataset->reserved)
	{
		nnet_store_use(dataset, bytes - dataset->reserved);
		dataset->reserved = bytes;
	}
	if (bytes > nnet_store_memory_limit())
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
	nnet_store_give(dataset, dataset->used);
}

void
nnet_dataset_set_batch(NnetDataset *dataset, int batch)
{
	dataset->batch = batch;
}

int
nnet_dataset_at_once_of(const NnetDataset *dataset, int batch)
{
	size_t batches;

	if (dataset->record_bytes == 0)
		return batch;
	batches = Min(AT_ONCE_BYTES / dataset->record_bytes, AT_ONCE_RECORDS) / batch;
	return (int) Max(batches, 1) * batch;
}

int
nnet_dataset_at_once(const NnetDataset *dataset)
{
	return nnet_dataset_at_once_of(dataset, dataset->batch);
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
	nnet_store_init(dataset);
	dlist_push_head(&datasets, &dataset->node);
	dataset->callback.func = forget;
	dataset->callback.arg = dataset;
	MemoryContextRegisterResetCallback(context, &dataset->callback);
	return dataset;
}

void
nnet_dataset_stay_in_memory(NnetDataset *dataset)
{
	dataset->memory_only = true;
}

/* ---- appending ---- */

/* What is in memory goes to the file. */
static void
spill(NnetDataset *dataset)
{
	for (int i = 0; i < dataset->n_slabs; i++)
	{
		if (dataset->slabs[i].used > 0)
			nnet_file_write(dataset, dataset->slabs[i].data, dataset->slabs[i].used);
		nnet_check_interrupts();
	}
	nnet_store_reset(dataset, false);
}

/* From here on memory is what is written next: others may have the rest. */
static void
become_file(NnetDataset *dataset)
{
	spill(dataset);
	nnet_store_shrink_all(dataset);
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
		if (dataset->record_bytes > 0 || nnet_store_has_address_room())
			place = nnet_store_room(dataset, bytes, dataset->n_slabs == 0);
		if (place == NULL && dataset->n_memory > 0)
		{
			if (dataset->memory_only)
				return NULL;
			become_file(dataset);
		}
	}
	else if (dataset->slabs[0].used + bytes > Min(dataset->slabs[0].room, WRITE_BYTES))
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
	nnet_store_shrink(dataset);
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
