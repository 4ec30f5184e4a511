/*
 * grid.c
 *	  The aggregate nnet.png_grid(pixels, height, width, channels, columns
 *	  [, low, high]): pictures of one size laid out on a sheet.
 *
 * Pictures come row by row in the order of the aggregate's input, two black
 * pixels apart.  A state keeps them as bytes, one after the other, in the
 * aggregate's context.
 */
#include "pg/image/image.h"

#include "pg/nnet.h"
#include "utils/memutils.h"

#define GAP 2
#define MOST_BYTES ((size_t) 512 * 1024 * 1024)

typedef struct Sheet
{
	NnetImage image; /* one of them */
	int columns;
	size_t n;
	size_t room;		   /* pictures that pixels has room for */
	MemoryContext context; /* of pixels */
	uint8 *pixels;
} Sheet;

PG_FUNCTION_INFO_V1(nnet_png_grid_transition);
PG_FUNCTION_INFO_V1(nnet_png_grid_final);

static void
read_arguments(FunctionCallInfo fcinfo, NnetImage *image, int *columns)
{
	for (int i = 2; i < PG_NARGS(); i++)
		if (PG_ARGISNULL(i))
			ereport(
				ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("size, channels, columns and range of a grid of pictures cannot be NULL")));
	nnet_image_arguments(fcinfo, 2, image);
	*columns = PG_GETARG_INT32(5);
	if (*columns < 1 || *columns > 10000)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a grid of pictures has 1 to 10000 columns, not %d", *columns)));
	if (PG_NARGS() > 6)
		nnet_image_range(fcinfo, 6, image);
}

static void
check_memory(size_t bytes, const char *action)
{
	nnet_memory_check(&(NnetMemoryNeed){
		.action = action,
		.hint = "Give the grid fewer or smaller pictures, or let a superuser raise "
				"nnet.memory_fraction.",
		.bytes = {[NNET_MEMORY_ROWS] = bytes},
	});
}

static void
make_room(Sheet *sheet, size_t room, MemoryContext context)
{
	size_t bytes = nnet_image_bytes(&sheet->image);
	MemoryContext before = sheet->context;
	uint8 *pixels;

	check_memory(room * bytes, psprintf("keep %zu pictures of a grid", room));
	sheet->context = AllocSetContextCreate(context, "nnet pictures", ALLOCSET_SMALL_SIZES);
	pixels = nnet_memory_alloc(sheet->context, room * bytes, false);
	if (before != NULL)
	{
		memcpy(pixels, sheet->pixels, sheet->n * bytes);
		MemoryContextDelete(before);
	}
	sheet->pixels = pixels;
	sheet->room = room;
}

static void
add_picture(FunctionCallInfo fcinfo, Sheet *sheet, MemoryContext context)
{
	size_t bytes = nnet_image_bytes(&sheet->image);

	if (sheet->n == sheet->room)
	{
		size_t room = Max(2 * sheet->room, 16);

		if (room > MOST_BYTES / bytes)
			room = sheet->room + 1;
		if (room > MOST_BYTES / bytes)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a grid of more than %zu pictures of this size is too large", sheet->n),
					 errhint("Give it fewer pictures.")));
		make_room(sheet, room, context);
	}
	nnet_image_read(fcinfo, 1, &sheet->image, sheet->pixels + sheet->n * bytes);
	sheet->n++;
}

Datum
nnet_png_grid_transition(PG_FUNCTION_ARGS)
{
	MemoryContext aggregate;
	Sheet *sheet = PG_ARGISNULL(0) ? NULL : (Sheet *) PG_GETARG_POINTER(0);
	NnetImage image;
	int columns;
	NnetRow row = {.what = "picture", .function = "nnet.png_grid"};

	if (!AggCheckCallContext(fcinfo, &aggregate))
		elog(ERROR, "nnet_png_grid_transition called in non-aggregate context");
	if (PG_ARGISNULL(1))
	{
		if (sheet == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(sheet);
	}
	row.number = sheet == NULL ? 1 : (int64) sheet->n + 1;
	nnet_row_enter(&row);
	read_arguments(fcinfo, &image, &columns);
	if (sheet == NULL)
	{
		sheet = MemoryContextAllocZero(aggregate, sizeof(Sheet));
		sheet->image = image;
		sheet->columns = columns;
	}
	else if (columns != sheet->columns || image.height != sheet->image.height ||
			 image.width != sheet->image.width || image.channels != sheet->image.channels ||
			 (PG_NARGS() > 6 && (image.low != sheet->image.low || image.high != sheet->image.high)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the pictures of a grid must have one size and range"),
				 errhint("Make a grid of each size, by GROUP BY.")));
	add_picture(fcinfo, sheet, aggregate);
	nnet_row_leave(&row);
	PG_RETURN_POINTER(sheet);
}

/* Copy picture i to its place on the sheet. */
static void
place(const Sheet *sheet, size_t i, const NnetImage *whole, uint8 *out)
{
	const NnetImage *image = &sheet->image;
	size_t line = (size_t) image->width * image->channels;
	size_t y = i / sheet->columns * (image->height + GAP);
	size_t x = i % sheet->columns * (image->width + GAP);
	const uint8 *from = sheet->pixels + i * nnet_image_bytes(image);

	for (int row = 0; row < image->height; row++)
		memcpy(out + ((y + row) * whole->width + x) * image->channels, from + row * line, line);
}

Datum
nnet_png_grid_final(PG_FUNCTION_ARGS)
{
	Sheet *sheet = PG_ARGISNULL(0) ? NULL : (Sheet *) PG_GETARG_POINTER(0);
	NnetImage whole;
	int64 columns;
	int64 rows;
	int64 height;
	int64 width;
	uint8 *pixels;
	bytea *file;

	if (sheet == NULL)
		PG_RETURN_NULL();
	columns = Min((int64) sheet->n, sheet->columns);
	rows = ((int64) sheet->n + sheet->columns - 1) / sheet->columns;
	height = rows * (sheet->image.height + GAP) - GAP;
	width = columns * (sheet->image.width + GAP) - GAP;
	/* libpng's own limit of a side */
	if (height > 1000000 || width > 1000000 ||
		(size_t) height * width > MOST_BYTES / sheet->image.channels)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a grid of %lld x %lld pixels is too large", (long long) height,
						(long long) width),
				 errhint("Give it fewer pictures, or another number of columns.")));
	whole = sheet->image;
	whole.height = (int) height;
	whole.width = (int) width;
	/* the file may be as long */
	check_memory(2 * nnet_image_bytes(&whole), "lay out a grid of pictures");
	pixels = MemoryContextAllocExtended(CurrentMemoryContext, nnet_image_bytes(&whole),
										MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (size_t i = 0; i < sheet->n; i++)
	{
		nnet_check_interrupts();
		place(sheet, i, &whole, pixels);
	}
	file = nnet_png_write(&whole, pixels);
	pfree(pixels);
	PG_RETURN_BYTEA_P(file);
}
