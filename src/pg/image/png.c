/*
 * png.c
 *	  nnet.png(pixels, height, width [, channels, low, high]): the values of a
 *	  row, of any type that a model takes, as a picture in a PNG file.
 *
 * libpng leaves by longjmp, as PostgreSQL does.  The two never meet: libpng's
 * errors come back to write_file, which cleans up and only then raises;
 * nothing that libpng calls back into raises an error, since memory is asked
 * for without one.  That memory is palloc's, so that nothing can leak.
 */
#include "pg/image/image.h"

#include <math.h>
#include <png.h>
#include <setjmp.h>

#include "pg/nnet.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#define MOST_PIXELS 65535 /* of a side */
#define MOST_BYTES ((size_t) 512 * 1024 * 1024)

PG_FUNCTION_INFO_V1(nnet_png);

/* ---- arguments ---- */

static void
check_side(const char *name, int side)
{
	if (side < 1 || side > MOST_PIXELS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of a picture must be from 1 to %d, not %d", name, MOST_PIXELS, side)));
}

void
nnet_image_arguments(FunctionCallInfo fcinfo, int first, NnetImage *image)
{
	image->height = PG_GETARG_INT32(first);
	image->width = PG_GETARG_INT32(first + 1);
	image->channels = PG_GETARG_INT32(first + 2);
	image->low = 0;
	image->high = NAN;
	check_side("height", image->height);
	check_side("width", image->width);
	if (image->channels < 1 || image->channels > 4)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a picture has 1 to 4 channels, not %d", image->channels),
				 errhint("1 is grey, 3 red, green and blue; 2 and 4 are these with alpha.")));
	if (nnet_image_bytes(image) > MOST_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a picture of %d x %d pixels is too large", image->height, image->width),
				 errdetail("It may have %zu values.", MOST_BYTES)));
}

void
nnet_image_range(FunctionCallInfo fcinfo, int first, NnetImage *image)
{
	image->low = PG_GETARG_FLOAT8(first);
	if (!PG_ARGISNULL(first + 1))
		image->high = PG_GETARG_FLOAT8(first + 1);
}

size_t
nnet_image_bytes(const NnetImage *image)
{
	return (size_t) image->height * image->width * image->channels;
}

/* ---- values ---- */

/* Of a query, in fn_extra. */
typedef struct Pictures
{
	NnetReader *reader; /* how pixels are read */
	int64 n;			/* pictures so far */
} Pictures;

/* pixels: the number of that argument. */
static Pictures *
get_pictures(FunctionCallInfo fcinfo, int pixels)
{
	Pictures *pictures = fcinfo->flinfo->fn_extra;

	if (pictures != NULL)
		return pictures;
	pictures = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Pictures));
	pictures->reader = nnet_reader_make(get_fn_expr_argtype(fcinfo->flinfo, pixels), "a picture",
										NULL, fcinfo->flinfo->fn_mcxt);
	fcinfo->flinfo->fn_extra = pictures;
	return pictures;
}

/* Values beyond low and high are as dark or bright as these. */
void
nnet_image_read(FunctionCallInfo fcinfo, int number, const NnetImage *image, uint8 *out)
{
	NnetReader *reader = get_pictures(fcinfo, number)->reader;
	double low = image->low;
	double high = !isnan(image->high) ? image->high : nnet_reader_is_bytes(reader) ? 255 : 1;
	size_t n;
	const float *values = nnet_reader_reals(reader, PG_GETARG_DATUM(number), &n);

	if (n != nnet_image_bytes(image))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("a picture of height %d, width %d and channels %d has %zu values, not %zu",
						image->height, image->width, image->channels, nnet_image_bytes(image), n),
				 errhint("Height, width and channels must multiply to the number of values.")));
	if (!isfinite(low) || !isfinite(high) || !(low < high))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("low must be below high, not %g and %g", low, high),
				 errhint("low is the value that is black, high the one that is white.")));
	for (size_t i = 0; i < n; i++)
	{
		double part = ((double) values[i] - low) / (high - low);

		out[i] = (uint8) rint(255 * Min(Max(part, 0), 1));
	}
}

/* ---- the file ---- */

/* What libpng's callbacks see. */
typedef struct Writer
{
	bytea *file; /* grows; its length is used + VARHDRSZ */
	size_t used;
	size_t room;
	MemoryContext context;
	char problem[128];
} Writer;

static png_voidp
allocate(png_structp png, png_alloc_size_t size)
{
	Writer *writer = png_get_mem_ptr(png);

	if (!AllocHugeSizeIsValid(size))
		return NULL;
	return MemoryContextAllocExtended(writer->context, size, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
}

static void
release(png_structp png, png_voidp memory)
{
	if (memory != NULL)
		pfree(memory);
}

static void
fail(png_structp png, png_const_charp message)
{
	Writer *writer = png_get_error_ptr(png);

	strlcpy(writer->problem, message, sizeof(writer->problem));
	png_longjmp(png, 1);
}

static void
warn(png_structp png, png_const_charp message)
{
}

static void
append(png_structp png, png_bytep bytes, size_t n)
{
	Writer *writer = png_get_io_ptr(png);

	if (writer->room - writer->used < n)
	{
		size_t room = 2 * (writer->room + n);
		bytea *larger = NULL;

		if (AllocSizeIsValid(room + VARHDRSZ))
			larger =
				MemoryContextAllocExtended(writer->context, room + VARHDRSZ, MCXT_ALLOC_NO_OOM);
		if (larger == NULL)
			png_error(png, "out of memory");
		memcpy(VARDATA(larger), VARDATA(writer->file), writer->used);
		pfree(writer->file);
		writer->file = larger;
		writer->room = room;
	}
	memcpy(VARDATA(writer->file) + writer->used, bytes, n);
	writer->used += n;
}

static void
flush(png_structp png)
{
}

/*
 * Everything that may jump happens below, in a function of its own: what it
 * changes is in *writer, not in variables of the function it comes back to.
 */
static void
write_rows(png_structp png, png_infop info, Writer *writer, const NnetImage *image,
		   const uint8 *pixels)
{
	static const int colours[] = {
		PNG_COLOR_TYPE_GRAY,
		PNG_COLOR_TYPE_GRAY_ALPHA,
		PNG_COLOR_TYPE_RGB,
		PNG_COLOR_TYPE_RGB_ALPHA,
	};

	png_set_write_fn(png, writer, append, flush);
	png_set_IHDR(png, info, image->width, image->height, 8, colours[image->channels - 1],
				 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	for (int y = 0; y < image->height; y++)
	{
		/* what libpng has is in the memory context */
		nnet_check_interrupts();
		png_write_row(png, pixels + (size_t) y * image->width * image->channels);
	}
	png_write_end(png, info);
}

/* False and writer->problem if libpng refuses. */
static bool
write_file(Writer *writer, const NnetImage *image, const uint8 *pixels)
{
	png_structp png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, writer, fail, warn, writer,
												allocate, release);
	png_infop info = png != NULL ? png_create_info_struct(png) : NULL;

	if (info != NULL && setjmp(png_jmpbuf(png)) == 0)
	{
		write_rows(png, info, writer, image, pixels);
		png_destroy_write_struct(&png, &info);
		return true;
	}
	png_destroy_write_struct(&png, &info);
	return false;
}

bytea *
nnet_png_write(const NnetImage *image, const uint8 *pixels)
{
	Writer writer = {.room = 8192, .context = CurrentMemoryContext, .problem = "out of memory"};

	writer.file = palloc(writer.room + VARHDRSZ);
	if (!write_file(&writer, image, pixels))
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("cannot write a picture of %d x %d pixels: %s", image->height, image->width,
						writer.problem)));
	SET_VARSIZE(writer.file, writer.used + VARHDRSZ);
	return writer.file;
}

Datum
nnet_png(PG_FUNCTION_ARGS)
{
	NnetRow row = {.what = "picture", .function = "nnet.png"};
	Pictures *pictures = get_pictures(fcinfo, 0);
	NnetImage image;
	uint8 *pixels;
	bytea *file;

	pictures->n++;
	/* only high may be NULL */
	for (int i = 0; i < 5; i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	row.number = get_fn_expr_arg_stable(fcinfo->flinfo, 0) ? 0 : pictures->n;
	nnet_row_enter(&row);
	nnet_image_arguments(fcinfo, 1, &image);
	nnet_image_range(fcinfo, 4, &image);
	pixels = MemoryContextAllocHuge(CurrentMemoryContext, nnet_image_bytes(&image));
	nnet_image_read(fcinfo, 0, &image, pixels);
	file = nnet_png_write(&image, pixels);
	pfree(pixels);
	nnet_row_leave(&row);
	PG_RETURN_BYTEA_P(file);
}
