/*
 * resample.c
 *	  Weights of resampling along an axis, and sums by them.
 *
 * Cell o of out lies at (o + 0.5) in / out - 0.5.  Weights are those of TensorFlow's
 * kernels: bicubic without antialias takes its cubic (Keys, a = -0.5) at 1024 places
 * between two cells, as they do; with antialias, and for lanczos, a kernel is as
 * much wider as the image becomes smaller, and weights are divided by their sum.
 */
#include <math.h>
#include <string.h>

#include "core/kernels/resample.h"

#define PI 3.14159265358979324
#define CUBIC_PLACES 1024

/* How far the kernel reaches, in cells. */
static double
radius_of(NNInterpolation interpolation)
{
	switch (interpolation)
	{
		case NN_BILINEAR:
			return 1;
		case NN_LANCZOS3:
			return 3;
		case NN_LANCZOS5:
			return 5;
		default:
			return 2;
	}
}

static double
cubic(double x)
{
	if (x >= 2)
		return 0;
	if (x >= 1)
		return ((-0.5 * x + 2.5) * x - 4) * x + 2;
	return (1.5 * x - 2.5) * x * x + 1;
}

static double
kernel(NNInterpolation interpolation, double x)
{
	double radius = radius_of(interpolation);

	if (interpolation == NN_BILINEAR)
		return x < 1 ? 1 - x : 0;
	if (interpolation == NN_BICUBIC)
		return cubic(x);
	if (x > radius)
		return 0;
	if (x <= 1e-3)
		return 1;
	return radius * sin(PI * x) * sin(PI * x / radius) / (PI * PI * x * x);
}

/* Whether weights come from a kernel that is made wider. */
static bool
is_scaled(const NNResampleAxis *axis)
{
	switch (axis->interpolation)
	{
		case NN_LANCZOS3:
		case NN_LANCZOS5:
			return true;
		case NN_BILINEAR:
		case NN_BICUBIC:
			return axis->antialias;
		default:
			return false;
	}
}

static double
scale_of(const NNResampleAxis *axis)
{
	return (double) axis->in / axis->out;
}

static double
kernel_scale(const NNResampleAxis *axis)
{
	return axis->antialias && scale_of(axis) > 1 ? scale_of(axis) : 1;
}

static int
span_of(const NNResampleAxis *axis)
{
	double span;

	if (is_scaled(axis))
		span = 2 * ceil(radius_of(axis->interpolation) * kernel_scale(axis)) + 1;
	else if (axis->interpolation == NN_AREA)
		span = ceil(scale_of(axis)) + 1;
	else
		span = axis->interpolation == NN_NEAREST ? 1 : axis->interpolation == NN_BILINEAR ? 2 : 4;
	return span < axis->in ? (int) span : axis->in;
}

size_t
nn_resample_reals(const NNResampleAxis *axis)
{
	return (size_t) axis->out * ((size_t) span_of(axis) + 2);
}

/* The weights of one cell, of the source's cells from `first` on. */
typedef struct Cell
{
	int first, count;
	double sum;
	nn_real *weights;
} Cell;

static void
put(Cell *cell, double weight)
{
	cell->weights[cell->count++] = (nn_real) weight;
	cell->sum += weight;
}

static void
divide_by_sum(Cell *cell)
{
	for (int k = 0; k < cell->count && fabs(cell->sum) > 1e-30; k++)
		cell->weights[k] = (nn_real) ((double) cell->weights[k] / cell->sum);
}

static int
within(double at, int n)
{
	return at < 0 ? 0 : at > n - 1 ? n - 1 : (int) at;
}

/* By a kernel about `at`, in cells from the first one's begin. */
static void
weigh_scaled(const NNResampleAxis *axis, double at, Cell *cell)
{
	double scale = kernel_scale(axis), reach = radius_of(axis->interpolation) * scale;
	int last = within(floor(at + reach - 0.5), axis->in);

	cell->first = within(ceil(at - reach - 0.5), axis->in);
	for (int i = cell->first; i <= last; i++)
		put(cell, kernel(axis->interpolation, fabs(i + 0.5 - at) / scale));
	divide_by_sum(cell);
}

static void
weigh_bicubic(const NNResampleAxis *axis, double at, Cell *cell)
{
	double below = floor(at - 0.5);
	double delta = rint((at - 0.5 - below) * CUBIC_PLACES) / CUBIC_PLACES;

	cell->first = within(below - 1, axis->in);
	for (int k = -1; k <= 2; k++)
		if (below + k >= 0 && below + k <= axis->in - 1)
			put(cell, cubic(fabs(k - delta)));
	divide_by_sum(cell);
}

static void
weigh_area(const NNResampleAxis *axis, int o, Cell *cell)
{
	double scale = scale_of(axis), from = o * scale, to = (o + 1) * scale;

	cell->first = within(floor(from), axis->in);
	for (int i = cell->first; i < to && i < axis->in && cell->count < span_of(axis); i++)
	{
		double overlap = fmin(to, i + 1) - fmax(from, i);

		put(cell, overlap > 0 ? overlap : 0);
	}
	divide_by_sum(cell);
}

static void
weigh_bilinear(const NNResampleAxis *axis, double at, Cell *cell)
{
	double below = floor(at - 0.5), share = at - 0.5 - below;

	cell->first = within(below, axis->in);
	if (below < 0 || below >= axis->in - 1)
		put(cell, 1); /* beyond the border it goes on as it is there */
	else
	{
		put(cell, 1 - share);
		put(cell, share);
	}
}

static void
weigh(const NNResampleAxis *axis, int o, Cell *cell)
{
	double at = (o + 0.5) * scale_of(axis);

	if (is_scaled(axis))
		weigh_scaled(axis, at, cell);
	else if (axis->interpolation == NN_AREA)
		weigh_area(axis, o, cell);
	else if (axis->interpolation == NN_BICUBIC)
		weigh_bicubic(axis, at, cell);
	else if (axis->interpolation == NN_BILINEAR)
		weigh_bilinear(axis, at, cell);
	else
	{
		cell->first = within(floor(at), axis->in);
		put(cell, 1);
	}
}

/* Leave out what is not of the image at hand. */
static void
cut_out(const NNResampleAxis *axis, Cell *cell)
{
	int skipped = axis->from - cell->first;

	cell->first -= axis->from;
	if (skipped > 0)
	{
		cell->count = skipped < cell->count ? cell->count - skipped : 0;
		memmove(cell->weights, cell->weights + skipped, (size_t) cell->count * sizeof(nn_real));
		cell->first = 0;
	}
	if (cell->first + cell->count > axis->size)
		cell->count = cell->first < axis->size ? axis->size - cell->first : 0;
	if (cell->count == 0)
		cell->first = 0;
}

NNResampled
nn_resample(const NNResampleAxis *axis, nn_real *memory)
{
	int span = span_of(axis);
	nn_real *weights = memory;
	int32_t *first = (int32_t *) (memory + (size_t) axis->out * (size_t) span);
	int32_t *count = first + axis->out;

	for (int o = 0; o < axis->out; o++)
	{
		Cell cell = {.weights = weights + (size_t) o * (size_t) span};

		weigh(axis, o, &cell);
		cut_out(axis, &cell);
		first[o] = cell.first;
		count[o] = cell.count;
	}
	return (NNResampled){span, weights, first, count};
}

/* ---- sums ---- */

/* to += w (from - fill) */
static NN_HOT(void, add_row,
			  (nn_real *restrict to, const nn_real *restrict from, nn_real w, nn_real fill,
			   size_t n),
			  (to, from, w, fill, n))
{
	for (size_t i = 0; i < n; i++)
		to[i] += w * (from[i] - fill);
}

/* A row of y from a row of sums over rows of x. */
static NN_HOT(void, add_columns,
			  (const NNResampled *columns, nn_real *restrict y, const nn_real *restrict t,
			   int out_w, size_t c, nn_real fill),
			  (columns, y, t, out_w, c, fill))
{
	for (int j = 0; j < out_w; j++, y += c)
	{
		const nn_real *w = columns->weights + (size_t) j * (size_t) columns->span;
		const nn_real *from = t + (size_t) columns->first[j] * c;

		for (size_t i = 0; i < c; i++)
			y[i] = fill;
		for (int k = 0; k < columns->count[j]; k++, from += c)
			for (size_t i = 0; i < c; i++)
				y[i] += w[k] * from[i];
	}
}

static NN_HOT(void, add_columns_back,
			  (const NNResampled *columns, const nn_real *restrict dy, nn_real *restrict t,
			   int out_w, size_t c),
			  (columns, dy, t, out_w, c))
{
	for (int j = 0; j < out_w; j++, dy += c)
	{
		const nn_real *w = columns->weights + (size_t) j * (size_t) columns->span;
		nn_real *to = t + (size_t) columns->first[j] * c;

		for (int k = 0; k < columns->count[j]; k++, to += c)
			for (size_t i = 0; i < c; i++)
				to[i] += w[k] * dy[i];
	}
}

void
nn_resample_forward(const NNResampleImage *image, const nn_real *x, nn_real *y, nn_real *scratch)
{
	const NNResampled *rows = &image->rows;
	size_t c = (size_t) image->channels, width = (size_t) image->width * c,
		   stride = (size_t) image->stride * c;

	for (int o = 0; o < image->out_h; o++, y += (size_t) image->out_w * c)
	{
		const nn_real *w = rows->weights + (size_t) o * (size_t) rows->span;

		nn_zero(scratch, width);
		for (int k = 0; k < rows->count[o]; k++)
			add_row(scratch, x + (size_t) (rows->first[o] + k) * stride, w[k], image->fill, width);
		add_columns(&image->columns, y, scratch, image->out_w, c, image->fill);
	}
}

void
nn_resample_backward(const NNResampleImage *image, const nn_real *dy, nn_real *dx, nn_real *scratch)
{
	const NNResampled *rows = &image->rows;
	size_t c = (size_t) image->channels, width = (size_t) image->width * c,
		   stride = (size_t) image->stride * c;

	for (int o = 0; o < image->out_h; o++, dy += (size_t) image->out_w * c)
	{
		const nn_real *w = rows->weights + (size_t) o * (size_t) rows->span;

		nn_zero(scratch, width);
		add_columns_back(&image->columns, dy, scratch, image->out_w, c);
		for (int k = 0; k < rows->count[o]; k++)
			nn_axpy(dx + (size_t) (rows->first[o] + k) * stride, w[k], scratch, width);
	}
}
