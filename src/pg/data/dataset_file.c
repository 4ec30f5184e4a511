/*
 * dataset_file.c
 *	  The rows of a training beyond memory: a temporary file of records, end to
 *	  end, in the order they came.
 *
 * PostgreSQL accounts for the file (temp_file_limit, temp_tablespaces) and
 * removes it.  It is read and written in large pieces, without BufFile's buffer
 * of one page between.  What is read together is a cell, from the beginning of
 * one record to the end of another; where cells of records of several sizes
 * begin is kept in memory, sixteen bytes for tens of kilobytes.
 */
#include "pg/data/dataset.h"

#include "commands/tablespace.h"
#include "utils/memutils.h"

#define READ_BYTES ((size_t) 256 * 1024) /* between two looks for a cancel */

/* Of records of one size, how many a cell has. */
static uint64
cell_records(const NnetDataset *dataset)
{
	return Max(dataset->cell_bytes / dataset->record_bytes, 1);
}

/* ---- writing ---- */

static void
add_cell(NnetDataset *dataset, uint64 offset)
{
	if (dataset->n_cells == dataset->cells_room)
	{
		uint64 room = Max(64, 2 * dataset->cells_room);

		dataset->cells = dataset->cells == NULL
			? MemoryContextAlloc(dataset->context, room * sizeof(NnetCell))
			: repalloc_huge(dataset->cells, room * sizeof(NnetCell));
		nnet_store_use(dataset, (room - dataset->cells_room) * sizeof(NnetCell));
		dataset->cells_room = room;
	}
	dataset->cells[dataset->n_cells++] = (NnetCell){.offset = offset, .first = dataset->n_file};
}

/* Records of several sizes come to the end of the file. */
static void
note_cells(NnetDataset *dataset, const char *records, size_t bytes)
{
	size_t begin = 0;
	size_t more;

	for (size_t at = 0; at < bytes; at += more)
	{
		more = nnet_dataset_record_bytes(dataset, records + at);
		if (at == 0 || at + more - begin > dataset->cell_bytes)
		{
			add_cell(dataset, dataset->file_bytes + at);
			begin = at;
		}
		dataset->n_file++;
	}
}

static void
write_at(NnetDataset *dataset, uint64 offset, const char *from, size_t bytes)
{
	for (size_t at = 0, more; at < bytes; at += more)
	{
		more = Min(bytes - at, READ_BYTES);
		if ((size_t) FileWrite(dataset->file, unconstify(char *, from) + at, (int) more,
							   (off_t) (offset + at), WAIT_EVENT_BUFFILE_WRITE) != more)
			ereport(ERROR,
					(errcode_for_file_access(),
					 errmsg("could not write training data to a temporary file: %m")));
		nnet_check_interrupts();
	}
}

void
nnet_file_write(NnetDataset *dataset, const char *records, size_t bytes)
{
	if (dataset->file < 0)
	{
		PrepareTempTablespaces();
		dataset->file = OpenTemporaryFile(false);
	}
	write_at(dataset, dataset->file_bytes, records, bytes);
	if (dataset->record_bytes > 0)
		dataset->n_file += bytes / dataset->record_bytes;
	else
		note_cells(dataset, records, bytes);
	dataset->file_bytes += bytes;
}

void
nnet_file_close(NnetDataset *dataset)
{
	if (dataset->file >= 0)
		FileClose(dataset->file);
	dataset->file = -1;
	dataset->file_bytes = dataset->n_file = dataset->n_cells = 0;
}

/* ---- cells ---- */

static uint64
count_cells(const NnetDataset *dataset)
{
	if (dataset->record_bytes > 0)
		return (dataset->n_file + cell_records(dataset) - 1) / cell_records(dataset);
	return dataset->n_cells;
}

uint64
nnet_file_cell_of(const NnetDataset *dataset, uint64 record)
{
	uint64 low = 0;
	uint64 high = dataset->n_cells;

	if (dataset->record_bytes > 0)
		return record / cell_records(dataset);
	while (high - low > 1)
	{
		uint64 middle = low + (high - low) / 2;

		if (dataset->cells[middle].first <= record)
			low = middle;
		else
			high = middle;
	}
	return low;
}

NnetCell
nnet_file_cell(const NnetDataset *dataset, uint64 c)
{
	uint64 first;

	if (dataset->record_bytes == 0)
		return c < dataset->n_cells
			? dataset->cells[c]
			: (NnetCell){.offset = dataset->file_bytes, .first = dataset->n_file};
	first = Min(c * cell_records(dataset), dataset->n_file);
	return (NnetCell){.offset = first * dataset->record_bytes, .first = first};
}

/* ---- reading ---- */

static void
read_at(const NnetDataset *dataset, uint64 offset, char *to, size_t bytes)
{
	for (size_t at = 0, more; at < bytes; at += more)
	{
		more = Min(bytes - at, READ_BYTES);
		if ((size_t) FileRead(dataset->file, to + at, (int) more, (off_t) (offset + at),
							  WAIT_EVENT_BUFFILE_READ) != more)
			ereport(ERROR,
					(errcode_for_file_access(),
					 errmsg("could not read training data back from a temporary file")));
		nnet_check_interrupts();
	}
}

static void
load_of_one_size(NnetDataset *dataset, uint64 from, uint64 to)
{
	uint64 got;

	for (uint64 at = from; at < to; at += got)
	{
		char *place = nnet_store_room_of(dataset, to - at, &got);

		read_at(dataset, at * dataset->record_bytes, place, got * dataset->record_bytes);
		nnet_store_add(dataset, place, got);
	}
}

void
nnet_file_load(NnetDataset *dataset, uint64 cell, uint64 from, uint64 to)
{
	NnetCell begin = nnet_file_cell(dataset, cell);
	NnetCell end = nnet_file_cell(dataset, cell + 1);
	char *at;

	if (dataset->record_bytes > 0)
	{
		load_of_one_size(dataset, Max(begin.first, from), Min(end.first, to));
		return;
	}
	at = nnet_store_room(dataset, end.offset - begin.offset, true);
	read_at(dataset, begin.offset, at, end.offset - begin.offset);
	for (uint64 i = begin.first; i < end.first && i < to; i++)
	{
		if (i >= from)
			nnet_store_add(dataset, at, 1);
		at += nnet_dataset_record_bytes(dataset, at);
	}
}

void
nnet_file_prefetch(const NnetDataset *dataset, uint64 cell, uint64 n)
{
	uint64 begin = nnet_file_cell(dataset, cell).offset;
	uint64 end = nnet_file_cell(dataset, cell + n).offset;

	(void) FilePrefetch(dataset->file, (off_t) begin, (int) (end - begin), WAIT_EVENT_BUFFILE_READ);
}

void
nnet_file_rewrite(NnetDataset *dataset, NnetRecordEdit edit, void *arg)
{
	uint64 cells = count_cells(dataset);

	for (uint64 c = 0; c < cells; c++)
	{
		NnetCell begin = nnet_file_cell(dataset, c);
		NnetCell end = nnet_file_cell(dataset, c + 1);
		size_t bytes = end.offset - begin.offset;
		char *records;

		nnet_store_reset(dataset, false);
		records = nnet_store_room(dataset, bytes, true);
		read_at(dataset, begin.offset, records, bytes);
		for (char *at = records; at < records + bytes; at += nnet_dataset_record_bytes(dataset, at))
			edit(at, arg);
		write_at(dataset, begin.offset, records, bytes);
	}
	nnet_store_reset(dataset, false);
}
