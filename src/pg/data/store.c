/*
 * store.c
 *	  The memory of a dataset: records in slabs.
 *
 * Records lie in slabs of memory until the datasets of this backend together
 * reach maintenance_work_mem.  Records of one size are found by arithmetic; those
 * of several sizes by an address each, whose eight bytes count as used memory too.
 */
#include "pg/data/dataset.h"

#include "miscadmin.h"

#define FIRST_BYTES 8192 /* the first slab starts small and doubles */
/* Slabs are large, for large pages, where these are a small part of the memory left. */
#define SLAB_LEAST ((size_t) 1024 * 1024)
#define SLAB_MOST ((size_t) 8 * 1024 * 1024)
#define SLAB_PARTS 16
#define CELL_BYTES ((size_t) 64 * 1024) /* of the file, about */
#define ADDRESS_BITS 13					/* addresses in one block */
#define OFFSET_BITS 40					/* of an address; the others tell the slab */

/* The bytes of all datasets of this backend. */
static size_t datasets_used = 0;

void
nnet_store_use(NnetDataset *dataset, size_t bytes)
{
	dataset->used += bytes;
	datasets_used += bytes;
	nnet_memory_take(bytes);
}

void
nnet_store_give(NnetDataset *dataset, size_t bytes)
{
	dataset->used -= bytes;
	datasets_used -= bytes;
	nnet_memory_give(bytes);
}

size_t
nnet_store_memory_limit(void)
{
	return (size_t) maintenance_work_mem * 1024;
}

void
nnet_store_init(NnetDataset *dataset)
{
	dataset->slab_bytes = Max(SLAB_LEAST, Min(SLAB_MOST, nnet_memory_left(0) / SLAB_PARTS));
	dataset->slab_bytes = Min(dataset->slab_bytes, nnet_store_memory_limit() / 8);
	dataset->cell_bytes = Min(CELL_BYTES, dataset->slab_bytes / 8);
	if (dataset->record_bytes > 0)
	{
		dataset->per_slab = Max(dataset->slab_bytes / dataset->record_bytes, 1);
		dataset->slab_bytes = dataset->per_slab * dataset->record_bytes;
	}
}

/* Whether so much more may be in memory, by the limit of rows and by that of all. */
static bool
has_room(size_t bytes)
{
	return datasets_used + bytes <= nnet_store_memory_limit() && bytes <= nnet_memory_left(bytes);
}

size_t
nnet_store_limit(const NnetDataset *dataset)
{
	size_t others = datasets_used - dataset->used + dataset->reserved;
	size_t rows = nnet_store_memory_limit() > others ? nnet_store_memory_limit() - others : 0;
	size_t own = dataset->used - dataset->reserved;

	return rows > own ? own + Min(rows - own, nnet_memory_left(rows - own)) : rows;
}

static void
add_slab(NnetDataset *dataset, size_t bytes)
{
	if (dataset->n_slabs == dataset->slabs_room)
	{
		dataset->slabs_room = Max(16, 2 * dataset->slabs_room);
		dataset->slabs = dataset->slabs == NULL
			? MemoryContextAlloc(dataset->context, dataset->slabs_room * sizeof(NnetSlab))
			: repalloc_huge(dataset->slabs, dataset->slabs_room * sizeof(NnetSlab));
	}
	dataset->slabs[dataset->n_slabs++] =
		(NnetSlab){.data = nnet_memory_alloc_large(dataset->context, bytes), .room = bytes};
	nnet_store_use(dataset, bytes);
}

static void
drop_slab(NnetDataset *dataset)
{
	NnetSlab *slab = &dataset->slabs[--dataset->n_slabs];

	pfree(slab->data);
	nnet_store_give(dataset, slab->room);
}

/* Make a slab larger; what is in it stays. */
static void
grow_slab(NnetDataset *dataset, NnetSlab *slab, size_t room)
{
	if (slab->used > 0)
		slab->data = repalloc_huge(slab->data, room);
	else
	{
		pfree(slab->data);
		slab->data = NULL;
		slab->data = nnet_memory_alloc_large(dataset->context, room);
	}
	nnet_store_use(dataset, room - slab->room);
	slab->room = room;
}

void
nnet_store_reset(NnetDataset *dataset, bool full)
{
	for (int i = 0; i < dataset->n_slabs; i++)
		dataset->slabs[i].used = 0;
	dataset->slab = 0;
	dataset->n_memory = 0;
	if (full && dataset->n_slabs > 0 && dataset->slabs[0].room < dataset->slab_bytes)
		grow_slab(dataset, &dataset->slabs[0], dataset->slab_bytes);
}

char *
nnet_store_room(NnetDataset *dataset, size_t bytes, bool forced)
{
	for (;;)
	{
		NnetSlab *slab = dataset->n_slabs > 0 ? &dataset->slabs[dataset->slab] : NULL;
		bool last = dataset->slab + 1 >= dataset->n_slabs;
		size_t room;

		if (slab != NULL && slab->used + bytes <= slab->room)
		{
			slab->used += bytes;
			return slab->data + slab->used - bytes;
		}
		if (slab != NULL && (slab->used == 0 || dataset->n_slabs == 1) &&
			slab->room < Max(dataset->slab_bytes, slab->used == 0 ? bytes : 0))
		{
			/* only a single slab doubles: it holds whole data sets of a few rows */
			room = slab->used == 0 ? Max(bytes, Min(2 * slab->room, dataset->slab_bytes))
								   : Min(2 * slab->room, dataset->slab_bytes);
			if (!forced && !has_room(room - slab->room))
				return NULL;
			grow_slab(dataset, slab, room);
		}
		else if (!last)
			dataset->slab++;
		else
		{
			room = slab == NULL ? Min(FIRST_BYTES, dataset->slab_bytes) : dataset->slab_bytes;
			room = Max(room, bytes);
			if (!forced && !has_room(room))
				return NULL;
			add_slab(dataset, room);
			dataset->slab = dataset->n_slabs - 1;
		}
	}
}

char *
nnet_store_room_of(NnetDataset *dataset, uint64 n, uint64 *got)
{
	char *place = nnet_store_room(dataset, dataset->record_bytes, true);
	NnetSlab *slab = &dataset->slabs[dataset->slab];

	*got = 1 + Min(n - 1, (slab->room - slab->used) / dataset->record_bytes);
	slab->used += (*got - 1) * dataset->record_bytes;
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
					(uint64) dataset->slab << OFFSET_BITS |
						(uint64) (place - dataset->slabs[dataset->slab].data));
	dataset->n_memory += n;
}

char *
nnet_store_at(const NnetDataset *dataset, uint64 i)
{
	uint64 address;

	if (dataset->record_bytes > 0)
		return dataset->slabs[i / dataset->per_slab].data +
			i % dataset->per_slab * dataset->record_bytes;
	address = dataset->addresses[i >> ADDRESS_BITS][i & ((1 << ADDRESS_BITS) - 1)];
	return dataset->slabs[address >> OFFSET_BITS].data +
		(address & (((uint64) 1 << OFFSET_BITS) - 1));
}

bool
nnet_store_has_address_room(void)
{
	return has_room(sizeof(uint64) << ADDRESS_BITS);
}

void
nnet_store_shrink(NnetDataset *dataset)
{
	while (dataset->n_slabs > 1)
		drop_slab(dataset);
}

void
nnet_store_shrink_all(NnetDataset *dataset)
{
	nnet_store_shrink(dataset);
	while (dataset->n_address_blocks > 1)
	{
		pfree(dataset->addresses[--dataset->n_address_blocks]);
		nnet_store_give(dataset, sizeof(uint64) << ADDRESS_BITS);
	}
}
