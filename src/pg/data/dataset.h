/*
 * dataset.h
 *	  What the files of a dataset share: its memory (dataset.c), its file
 *	  (dataset_file.c) and the passes over both (pass.c).
 *
 * Records are in memory or, as soon as one does not fit there, all of them in
 * the file, in the order they came.  Then the memory holds those that are yet
 * to be written, later those that a pass has read.
 */
#ifndef NNET_DATASET_H
#define NNET_DATASET_H

#include "pg/data/data.h"

#include "lib/ilist.h"
#include "storage/fd.h"

typedef struct NnetSlab
{
	char *data;
	size_t room;
	size_t used;
} NnetSlab;

/*
 * A cell: records of the file, one after the other, that are read together.  Of
 * records of one size, cells follow by arithmetic.
 */
typedef struct NnetCell
{
	uint64 offset; /* in the file */
	uint64 first;  /* the number of its first record */
} NnetCell;

struct NnetDataset
{
	MemoryContext context;
	const NNRecordFormat *format; /* the caller's */
	int batch;
	size_t record_bytes; /* 0: of several sizes */
	size_t used;		 /* bytes of this dataset in the backend's sum */
	size_t reserved;	 /* of these, for others */
	uint64 n;
	bool sealed;
	bool memory_only;

	/* in memory: if all have one size, each full slab has the same number */
	uint64 n_memory;
	NnetSlab *slabs;
	int n_slabs;
	int slabs_room;
	int slab;		   /* the one that is filled */
	size_t slab_bytes; /* of a full slab */
	size_t per_slab;   /* records, if of one size */

	/* if of several sizes: where each in memory is, slab and offset */
	uint64 **addresses;
	int n_address_blocks;

	/* in the file; -1: there is none */
	File file;
	uint64 file_bytes;
	uint64 n_file;
	size_t cell_bytes; /* about */
	NnetCell *cells;   /* if of several sizes */
	uint64 n_cells;
	uint64 cells_room;

	dlist_node node;
	MemoryContextCallback callback;
};

/* ---- in store.c ---- */

/* Sizes of slabs and cells, by the memory that is left; format and record_bytes are set. */
extern void nnet_store_init(NnetDataset *dataset);
/* What all datasets together may have: maintenance_work_mem. */
extern size_t nnet_store_memory_limit(void);
/* Bytes that memory may have, with what is in it: by maintenance_work_mem and by all limits. */
extern size_t nnet_store_limit(const NnetDataset *dataset);
extern void nnet_store_use(NnetDataset *dataset, size_t bytes);
extern void nnet_store_give(NnetDataset *dataset, size_t bytes);
/* Forget what is in memory, to be filled anew; full: the first slab gets its full size. */
extern void nnet_store_reset(NnetDataset *dataset, bool full);
/* Let go of all slabs but one; all: of addresses likewise. */
extern void nnet_store_shrink(NnetDataset *dataset);
extern void nnet_store_shrink_all(NnetDataset *dataset);
/* Whether there is room for more addresses. */
extern bool nnet_store_has_address_room(void);
/*
 * A place for bytes end to end, which are no record yet.  NULL, unless forced:
 * there is no room.
 */
extern char *nnet_store_room(NnetDataset *dataset, size_t bytes, bool forced);
/* A place for up to n records of one size; *got: for how many.  Forced. */
extern char *nnet_store_room_of(NnetDataset *dataset, uint64 n, uint64 *got);
/* One more record, which is at place; of those of one size, n of them. */
extern void nnet_store_add(NnetDataset *dataset, const char *place, uint64 n);
/* Where record i of those in memory is. */
extern char *nnet_store_at(const NnetDataset *dataset, uint64 i);

static inline size_t
nnet_dataset_record_bytes(const NnetDataset *dataset, const char *record)
{
	NNRecordHead head;

	if (dataset->record_bytes > 0)
		return dataset->record_bytes;
	nn_record_get_head(dataset->format, record, &head);
	return nn_record_bytes(dataset->format, &head);
}

/* ---- in dataset_file.c ---- */

/* Append records, end to end, to the file, which is made if there is none. */
extern void nnet_file_write(NnetDataset *dataset, const char *records, size_t bytes);
extern void nnet_file_close(NnetDataset *dataset);
/* The cell of the file that has a record. */
extern uint64 nnet_file_cell_of(const NnetDataset *dataset, uint64 record);
/* Where cell c begins; of the one after the last, the file's end. */
extern NnetCell nnet_file_cell(const NnetDataset *dataset, uint64 c);
/* Read those records of a cell that are from `from` on and before `to` into memory. */
extern void nnet_file_load(NnetDataset *dataset, uint64 cell, uint64 from, uint64 to);
/* Have the kernel read cells ahead. */
extern void nnet_file_prefetch(const NnetDataset *dataset, uint64 cell, uint64 n);
extern void nnet_file_rewrite(NnetDataset *dataset, NnetRecordEdit edit, void *arg);

#endif /* NNET_DATASET_H */
