/*
 * pass.c
 *	  Passes over a dataset: its records, some at a time, in their order or in a
 *	  random one.
 *
 * Of a dataset in memory, any record is at hand: the order is a permutation of all.
 *
 * Of one in a file, as many records are read as the memory for rows holds, are
 * given in a random order, and then the next ones are read.  They come in blocks
 * large enough for a disk (a 64th of that memory, at most 4 MB) from all over the
 * file: see NnetSweeps.  What is left when a batch is no longer whole is given
 * with the records read next.
 */
#include "pg/data/dataset.h"
#include "pg/data/order.h"

#include "utils/memutils.h"

#define PLACES 64	  /* worked out at a time */
#define MIX_BLOCKS 64 /* at least, in memory at a time */
#define BLOCK_BYTES ((size_t) 4 * 1024 * 1024)
#define FORWARD_BYTES ((size_t) 512 * 1024) /* in memory at a time, in their order */

/* Seeds of what is drawn for a pass. */
enum
{
	DRAW_SWEEPS = 1,
	DRAW_RECORDS
};

struct NnetPass
{
	NnetDataset *dataset;
	MemoryContext context;
	int batch;			  /* at a time: several of them, if they are small */
	const NnetRows *rows; /* over these; NULL: over all */
	int room;			  /* records given at a time */
	const void **records;
	uint64 *rest; /* places of those left over */
	uint64 from;  /* the pass is over these */
	uint64 to;
	bool shuffled;
	uint64 seed;

	/* at hand: all of a dataset in memory, else what was read */
	uint64 first; /* the place of the first */
	uint64 count;
	uint64 given;
	NnetShuffle order;

	/* from the file */
	uint64 first_cell;
	uint64 cells;
	uint64 block_cells;
	size_t bytes; /* of memory to read into */
	uint64 fills;
	NnetSweeps sweeps;
	uint64 block; /* that is read next */
	bool more;	  /* there is one */
	/* what the kernel reads ahead: as much of the next blocks as was given of these */
	NnetSweeps ahead;
	uint64 filled; /* blocks read last time */
	uint64 asked;  /* for so many */
};

static NnetPass *
make(NnetDataset *dataset, int batch, int window, MemoryContext context)
{
	NnetPass *pass = MemoryContextAllocZero(context, sizeof(NnetPass));

	pass->dataset = dataset;
	pass->context = context;
	pass->batch = batch;
	pass->room = (int) Min((uint64) window, Max(nnet_dataset_count(dataset), 1));
	pass->records = MemoryContextAllocHuge(context, pass->room * sizeof(void *));
	return pass;
}

NnetPass *
nnet_pass_make(NnetDataset *dataset, MemoryContext context)
{
	return make(dataset, dataset->batch, nnet_dataset_at_once(dataset), context);
}

static NnetPass *
make_pass_of(NnetDataset *dataset, const NnetRows *rows, int batch, MemoryContext context)
{
	NnetPass *pass = make(dataset, batch, nnet_dataset_at_once_of(dataset, batch), context);

	Assert(dataset->sealed && dataset->file < 0);
	pass->rows = rows;
	return pass;
}

void
nnet_split_passes(const NnetSplit *split, int batch, MemoryContext context, NnetPass **training,
				  NnetPass **validation)
{
	if (split->training_rows.order != NULL)
	{
		*training = make_pass_of(split->training, &split->training_rows, batch, context);
		*validation = make_pass_of(split->validation, &split->validation_rows, batch, context);
		return;
	}
	*training = nnet_pass_make(split->training, context);
	*validation = split->validation == split->training ? *training
													   : nnet_pass_make(split->validation, context);
}

/* ---- from the file ---- */

static void
next_block(NnetPass *pass)
{
	pass->more = nnet_sweeps_next(&pass->sweeps, &pass->block);
}

/* The cells of a block; returns how many. */
static uint64
block_cells(const NnetPass *pass, uint64 block, uint64 *first)
{
	*first = pass->first_cell + block * pass->block_cells;
	return Min(pass->block_cells, pass->cells - block * pass->block_cells);
}

/* What cells take in memory. */
static size_t
cells_bytes(const NnetDataset *dataset, uint64 cell, uint64 n)
{
	NnetCell begin = nnet_file_cell(dataset, cell);
	NnetCell end = nnet_file_cell(dataset, cell + n);
	size_t address = dataset->record_bytes == 0 ? sizeof(uint64) : 0;

	return end.offset - begin.offset + (end.first - begin.first) * address;
}

/* Blocks of a sweep: as many as memory holds beside what may be left over of the one before. */
static uint64
sweep_blocks(const NnetPass *pass, uint64 blocks)
{
	size_t bytes = cells_bytes(pass->dataset, pass->first_cell, pass->cells) / blocks + 1;
	size_t rest = Min(pass->dataset->batch * pass->dataset->record_bytes, pass->bytes / 2);

	/* of several sizes: the blocks of one sweep may be larger than those of another */
	if (pass->dataset->record_bytes == 0)
		rest = pass->bytes / 8;
	return Max((pass->bytes - rest) / bytes, 1);
}

/* How the file is cut into blocks, and the order of these. */
static void
plan_blocks(NnetPass *pass)
{
	NnetDataset *dataset = pass->dataset;
	size_t block = dataset->cell_bytes;
	uint64 blocks;

	nnet_store_reset(dataset, true);
	if (pass->rest == NULL)
		pass->rest = MemoryContextAllocHuge(pass->context, pass->room * sizeof(uint64));
	pass->first_cell = nnet_file_cell_of(dataset, pass->from);
	pass->cells = nnet_file_cell_of(dataset, pass->to - 1) + 1 - pass->first_cell;
	pass->bytes = FORWARD_BYTES;
	if (pass->shuffled)
	{
		pass->bytes = Max(nnet_store_limit(dataset), dataset->slab_bytes);
		/* of several sizes: ends of slabs stay empty */
		if (dataset->record_bytes == 0)
			pass->bytes -= pass->bytes / 16;
		block = Min(pass->bytes / MIX_BLOCKS, BLOCK_BYTES);
	}
	pass->block_cells = Max(block / dataset->cell_bytes, 1);
	blocks = (pass->cells + pass->block_cells - 1) / pass->block_cells;
	nnet_sweeps_init(&pass->sweeps, blocks, pass->shuffled ? sweep_blocks(pass, blocks) : blocks,
					 nn_mix(pass->seed, DRAW_SWEEPS, 0, 0));
	next_block(pass);
}

static int
compare_places(const void *a, const void *b)
{
	uint64 x = *(const uint64 *) a;
	uint64 y = *(const uint64 *) b;

	return (x > y) - (x < y);
}

/* Where the next n of what is at hand are. */
static void
next_places(const NnetPass *pass, int n, uint64 *places)
{
	const NnetRows *rows = pass->rows;

	if (pass->shuffled)
		nnet_shuffle_some(&pass->order, pass->given, n, places);
	else
		for (int i = 0; i < n; i++)
			places[i] = pass->given + i;
	for (int i = 0; i < n; i++)
	{
		uint64 place = places[i] + pass->first;

		if (rows != NULL)
			place =
				rows->order[place < rows->gap_from ? place : place + rows->gap_to - rows->gap_from];
		places[i] = place;
	}
}

/* Those not given yet become the first in memory.  In the order of their places, none is overwritten. */
static void
keep_rest(NnetPass *pass)
{
	NnetDataset *dataset = pass->dataset;
	int n = (int) (pass->count - pass->given);

	next_places(pass, n, pass->rest);
	qsort(pass->rest, n, sizeof(uint64), compare_places);
	nnet_store_reset(dataset, false);
	for (int i = 0; i < n; i++)
	{
		const char *record = nnet_store_at(dataset, pass->rest[i]);
		size_t bytes = nnet_dataset_record_bytes(dataset, record);
		char *place = nnet_store_room(dataset, bytes, true);

		memmove(place, record, bytes);
		nnet_store_add(dataset, place, 1);
	}
}

static void
load_block(NnetPass *pass)
{
	uint64 cell;
	uint64 n = block_cells(pass, pass->block, &cell);

	for (uint64 i = 0; i < n; i++)
		nnet_file_load(pass->dataset, cell + i, pass->from, pass->to);
	pass->filled++;
	next_block(pass);
}

/*
 * Read until memory is full or a sweep is through, but at least a batch.  What is
 * left of a sweep that did not fit is read with the next.
 */
static void
fill(NnetPass *pass)
{
	NnetDataset *dataset = pass->dataset;
	bool whole = pass->sweeps.stretch <= 1;
	uint64 sweep = pass->sweeps.sweep;
	size_t bytes = 0;

	keep_rest(pass);
	for (uint64 i = 0; i < dataset->n_memory; i++)
		bytes += nnet_dataset_record_bytes(dataset, nnet_store_at(dataset, i));
	pass->filled = pass->asked = 0;
	while (pass->more)
	{
		uint64 cell;
		uint64 n = block_cells(pass, pass->block, &cell);
		size_t block = cells_bytes(dataset, cell, n);

		if (dataset->n_memory >= (uint64) dataset->batch &&
			(bytes + block > pass->bytes || (whole && pass->sweeps.sweep != sweep)))
			break;
		load_block(pass);
		bytes += block;
	}
	pass->first = pass->given = 0;
	pass->count = dataset->n_memory;
	pass->ahead = pass->sweeps;
	if (pass->shuffled && pass->count > 0)
		nnet_shuffle_init(&pass->order, pass->count,
						  nn_mix(pass->seed, DRAW_RECORDS, pass->fills, 0));
	pass->fills++;
}

static void
read_ahead(NnetPass *pass)
{
	uint64 block;
	uint64 cell;
	uint64 n;

	while (pass->asked * pass->count < pass->filled * pass->given &&
		   nnet_sweeps_next(&pass->ahead, &block))
	{
		n = block_cells(pass, block, &cell);
		nnet_file_prefetch(pass->dataset, cell, n);
		pass->asked++;
	}
}

/* ---- from wherever they are ---- */

static void
begin(NnetPass *pass, uint64 from, uint64 to)
{
	Assert(pass->dataset->sealed);
	pass->from = pass->first = from;
	pass->to = to;
	pass->count = pass->given = 0;
	pass->fills = 0;
	pass->more = false;
	if (from >= to)
		return;
	if (pass->dataset->file >= 0)
		plan_blocks(pass);
	else
	{
		pass->count = to - from;
		if (pass->shuffled)
			nnet_shuffle_init(&pass->order, pass->count, pass->seed);
	}
}

void
nnet_pass_begin(NnetPass *pass, uint64 from, uint64 to)
{
	pass->shuffled = false;
	begin(pass, from, to);
}

void
nnet_pass_begin_shuffled(NnetPass *pass, uint64 from, uint64 to, uint64 seed)
{
	pass->shuffled = true;
	pass->seed = seed;
	begin(pass, from, to);
}

/* Point at the next n of what is at hand. */
static void
give(NnetPass *pass, int n)
{
	uint64 places[PLACES];

	for (int i = 0, some; i < n; i += some)
	{
		some = Min(n - i, PLACES);
		next_places(pass, some, places);
		for (int k = 0; k < some; k++)
			pass->records[i + k] = nnet_store_at(pass->dataset, places[k]);
		pass->given += some;
	}
}

int
nnet_pass_next(NnetPass *pass, const void *const **records)
{
	uint64 left = pass->count - pass->given;
	int n;

	if (pass->more && left < (uint64) pass->batch)
	{
		fill(pass);
		left = pass->count;
	}
	if (pass->more)
		left -= left % pass->batch;
	n = (int) Min((uint64) pass->room, left);
	give(pass, n);
	if (pass->shuffled && pass->more)
		read_ahead(pass);
	nnet_check_interrupts();
	*records = pass->records;
	return n;
}

size_t
nnet_pass_next_quietly(void *pass, const void *const **records)
{
	NnetPass *memory = pass;
	int n = (int) Min((uint64) memory->room, memory->count - memory->given);

	give(memory, n);
	*records = memory->records;
	return (size_t) n;
}
