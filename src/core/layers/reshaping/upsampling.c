/*
 * upsampling.c
 *	  Signals, images and volumes enlarged by whole factors: each cell repeated
 *	  (nearest), or, of images, mixed from its neighbours by distance (bilinear) or
 *	  by the weights of another interpolation (kernels/resample.h).
 *
 * Shapes: x (batch, depth, height, width, channels), of an image without depth, of a
 * signal without height; y has each of them times size.  Bilinear: cell o of y
 * lies at (o + 0.5) / size - 0.5 of x, and beyond the border x goes on as it is
 * there.  Backward adds each number of dy to the cells it came from, by the same
 * weights.
 */
#include "core/kernels/resample.h"
#include "core/layers/window.h"

typedef struct UpsamplingConf
{
	NNWindowConf window; /* of it only whether steps are variable */
	int size[3];
	int interpolation;
} UpsamplingConf;

static const NNWord interpolation_words[] = {
	{"nearest", NN_NEAREST},
	{"bilinear", NN_BILINEAR},
	{"bicubic", NN_BICUBIC},
	{"lanczos3", NN_LANCZOS3},
	{"lanczos5", NN_LANCZOS5},
	{"area", NN_AREA},
	{NULL, 0},
};

#define UPSAMPLING_SIZE(dims) NN_FIELD_INTS(UpsamplingConf, size, dims, false, 2, 1, NN_MAX_UNITS)

static const NNField upsampling1d_fields[] = {UPSAMPLING_SIZE(1), NN_FIELD_END};
static const NNField upsampling2d_fields[] = {
	UPSAMPLING_SIZE(2),
	NN_FIELD_WORD(UpsamplingConf, interpolation, interpolation_words, NN_NEAREST),
	NN_FIELD_END,
};
static const NNField upsampling3d_fields[] = {UPSAMPLING_SIZE(3), NN_FIELD_END};

static bool
too_large(const NNLayer *layer, int dims, NNError *error)
{
	const int *size = NN_CONF(layer, UpsamplingConf)->size;
	NNShape by = {.rank = dims, .dim = {size[0], size[1], size[2]}};
	char what[NN_MAX_NAME + 16], shape[64], factors[64];

	nn_error(error, NN_TOO_LARGE, "%s: cannot enlarge its input %s by %s",
			 nn_layer_what(layer, what, sizeof(what)),
			 nn_shape_text(&layer->in[0], shape, sizeof(shape)),
			 nn_shape_text(&by, factors, sizeof(factors)));
	return nn_hint(error, "A sample has at most %zu values.", NN_MAX_SAMPLE);
}

/* Rows (axis 0) or columns of an image. */
static NNResampleAxis
axis_of(const NNLayer *layer, int i)
{
	return (NNResampleAxis){
		.interpolation = (NNInterpolation) NN_CONF(layer, UpsamplingConf)->interpolation,
		.in = layer->in[0].dim[i],
		.out = layer->out.dim[i],
		.size = layer->in[0].dim[i],
	};
}

static bool
is_resampled(const NNLayer *layer)
{
	return NN_CONF(layer, UpsamplingConf)->interpolation > NN_BILINEAR;
}

static bool
upsampling_shape(NNLayer *layer, int dims, NNError *error)
{
	const UpsamplingConf *conf = NN_CONF(layer, UpsamplingConf);

	if (!nn_window_check_input(layer, dims, error))
		return false;
	layer->out = layer->in[0];
	if (dims == 1)
		nn_window_note_variable(layer);
	for (int i = 0; i < dims; i++)
	{
		int64_t out = (int64_t) layer->in[0].dim[i] * conf->size[i];

		if (layer->in[0].dim[i] == NN_ANY)
			continue;
		if (out > (int64_t) NN_MAX_SAMPLE)
			return too_large(layer, dims, error);
		layer->out.dim[i] = (int) out;
	}
	layer->flops =
		(double) nn_shape_size(&layer->out) * (conf->interpolation == NN_NEAREST ? 1 : 4);
	if (is_resampled(layer) && nn_shape_size(&layer->out) <= NN_MAX_SAMPLE)
	{
		NNResampleAxis rows = axis_of(layer, 0), columns = axis_of(layer, 1);

		layer->scratch_fixed = nn_resample_reals(&rows) + nn_resample_reals(&columns) +
			(size_t) layer->in[0].dim[1] * (size_t) layer->in[0].dim[2];
	}
	layer->mask_from = NN_MASK_NONE;
	return true;
}

/* The two cells of x that cell o of y is mixed from. */
typedef struct Mix
{
	size_t first;
	size_t second;
	nn_real share; /* of the second; 0: the first alone */
} Mix;

NN_INLINE Mix
mix_of(const UpsamplingConf *conf, int axis, int o, int n)
{
	int size = conf->size[axis];
	double at = (o + 0.5) / size - 0.5;
	int floor_at = (int) floor(at);
	Mix m;

	m.first = (size_t) (floor_at < 0 ? 0 : floor_at);
	m.second = (size_t) (floor_at + 1 < n ? floor_at + 1 : n - 1);
	m.share = (nn_real) (at - floor_at);
	return m;
}

/* y = the mixture of the rows a and b of x by share, in columns by n. */
NN_INLINE void
mix_cells(nn_real *restrict y, const nn_real *restrict a, const nn_real *restrict b, const Mix *row,
		  const Mix *column, size_t c)
{
	const nn_real *restrict a1 = a + column->first * c, *restrict a2 = a + column->second * c,
							*restrict b1 = b + column->first * c,
							*restrict b2 = b + column->second * c;

	if (row->share == 0 && column->share == 0)
	{
		for (size_t k = 0; k < c; k++)
			y[k] = a1[k];
		return;
	}
	for (size_t k = 0; k < c; k++)
	{
		nn_real top = a1[k] + (a2[k] - a1[k]) * column->share;
		nn_real bottom = b1[k] + (b2[k] - b1[k]) * column->share;

		y[k] = top + (bottom - top) * row->share;
	}
}

/* Add to dx what y took from there; the four cells may be the same. */
NN_INLINE void
mix_cells_back(const nn_real *restrict dy, nn_real *a, nn_real *b, const Mix *row,
			   const Mix *column, size_t c)
{
	nn_real *const cells[4] = {a + column->first * c, a + column->second * c, b + column->first * c,
							   b + column->second * c};
	const nn_real shares[4] = {(1 - row->share) * (1 - column->share),
							   (1 - row->share) * column->share, row->share * (1 - column->share),
							   row->share * column->share};

	for (int i = 0; i < 4; i++)
	{
		nn_real *restrict dx = cells[i];

		if (shares[i] == 0)
			continue;
		for (size_t k = 0; k < c; k++)
			dx[k] += dy[k] * shares[i];
	}
}

static NN_HOT(void, bilinear_forward, (const NNLayer *layer, const nn_real *x, nn_real *y),
			  (layer, x, y))
{
	const UpsamplingConf *conf = NN_CONF(layer, UpsamplingConf);
	const NNShape *in = &layer->in[0];
	size_t c = (size_t) in->dim[2];
	size_t width = (size_t) in->dim[1] * c;

	for (int i = 0; i < layer->out.dim[0]; i++)
	{
		Mix row = mix_of(conf, 0, i, in->dim[0]);

		for (int j = 0; j < layer->out.dim[1]; j++, y += c)
		{
			Mix column = mix_of(conf, 1, j, in->dim[1]);

			mix_cells(y, x + row.first * width, x + row.second * width, &row, &column, c);
		}
	}
}

static NN_HOT(void, bilinear_backward, (const NNLayer *layer, const nn_real *dy, nn_real *dx),
			  (layer, dy, dx))
{
	const UpsamplingConf *conf = NN_CONF(layer, UpsamplingConf);
	const NNShape *in = &layer->in[0];
	size_t c = (size_t) in->dim[2];
	size_t width = (size_t) in->dim[1] * c;

	for (int i = 0; i < layer->out.dim[0]; i++)
	{
		Mix row = mix_of(conf, 0, i, in->dim[0]);

		for (int j = 0; j < layer->out.dim[1]; j++, dy += c)
		{
			Mix column = mix_of(conf, 1, j, in->dim[1]);

			mix_cells_back(dy, dx + row.first * width, dx + row.second * width, &row, &column, c);
		}
	}
}

/* ---- each cell repeated ---- */

/* The cells of one sample, and how often each is repeated along each dimension. */
typedef struct Repeat
{
	int planes, rows, columns;
	int by_planes, by_rows, by_columns;
	size_t c;
} Repeat;

static Repeat
repeat_of(const NNLayer *layer)
{
	const int *size = NN_CONF(layer, UpsamplingConf)->size;
	const NNShape *in = &layer->in[0];
	int last = in->rank - 2;

	return (Repeat){
		.planes = last > 1 ? in->dim[0] : 1,
		.rows = last > 0 ? in->dim[last - 1] : 1,
		.columns = in->dim[last],
		.by_planes = last > 1 ? size[0] : 1,
		.by_rows = last > 0 ? size[last - 1] : 1,
		.by_columns = size[last],
		.c = (size_t) in->dim[last + 1],
	};
}

static void
repeat_forward(const Repeat *r, const nn_real *x, nn_real *y)
{
	size_t in_row = (size_t) r->columns * r->c, out_row = in_row * (size_t) r->by_columns;

	for (int k = 0; k < r->planes * r->by_planes; k++)
		for (int i = 0; i < r->rows * r->by_rows; i++, y += out_row)
		{
			const nn_real *from = x +
				((size_t) (k / r->by_planes) * (size_t) r->rows + (size_t) (i / r->by_rows)) *
					in_row;
			nn_real *to = y;

			/* a row that repeats the one before is its copy */
			if (i % r->by_rows > 0)
			{
				nn_copy(y, y - out_row, out_row);
				continue;
			}
			for (int j = 0; j < r->columns; j++, from += r->c)
				for (int n = 0; n < r->by_columns; n++, to += r->c)
					nn_copy(to, from, r->c);
		}
}

static void
repeat_backward(const Repeat *r, const nn_real *dy, nn_real *dx)
{
	size_t in_row = (size_t) r->columns * r->c;

	for (int k = 0; k < r->planes * r->by_planes; k++)
		for (int i = 0; i < r->rows * r->by_rows; i++)
		{
			nn_real *to = dx +
				((size_t) (k / r->by_planes) * (size_t) r->rows + (size_t) (i / r->by_rows)) *
					in_row;

			for (int j = 0; j < r->columns; j++, to += r->c)
				for (int n = 0; n < r->by_columns; n++, dy += r->c)
					nn_add(to, dy, r->c);
		}
}

/* ---- passes ---- */

static NNResampleImage
image_of(const NNLayer *layer, nn_real **scratch)
{
	NNResampleAxis rows = axis_of(layer, 0), columns = axis_of(layer, 1);
	NNResampleImage image = {
		.width = layer->in[0].dim[1],
		.stride = layer->in[0].dim[1],
		.out_h = layer->out.dim[0],
		.out_w = layer->out.dim[1],
		.channels = layer->in[0].dim[2],
	};

	image.rows = nn_resample(&rows, *scratch);
	*scratch += nn_resample_reals(&rows);
	image.columns = nn_resample(&columns, *scratch);
	*scratch += nn_resample_reals(&columns);
	return image;
}

static void
upsampling_run(const NNLayer *layer, const NNPass *pass, bool back)
{
	const UpsamplingConf *conf = NN_CONF(layer, UpsamplingConf);
	size_t in = nn_shape_size(&layer->in[0]), out = nn_shape_size(&layer->out);
	const Repeat repeat = repeat_of(layer);
	nn_real *scratch = pass->scratch;
	NNResampleImage image = {.fill = 0};

	if (is_resampled(layer))
		image = image_of(layer, &scratch);
	if (back)
		nn_zero(pass->dx, in * (size_t) pass->batch);
	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		const nn_real *from = back ? pass->dy + b * out : pass->x + b * in;
		nn_real *to = back ? pass->dx + b * in : pass->y + b * out;

		if (is_resampled(layer))
			(back ? nn_resample_backward : nn_resample_forward)(&image, from, to, scratch);
		else if (conf->interpolation == NN_BILINEAR)
			(back ? bilinear_backward : bilinear_forward)(layer, from, to);
		else
			(back ? repeat_backward : repeat_forward)(&repeat, from, to);
	}
}

static void
upsampling_forward(const NNLayer *layer, const NNPass *pass)
{
	const UpsamplingConf *conf = NN_CONF(layer, UpsamplingConf);

	upsampling_run(layer, pass, false);
	if (pass->mask_out == NULL)
		return;
	/* of a signal: a step is there if the one that it repeats is */
	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		int steps = layer->in[0].dim[0];

		if (nn_window_uneven(&conf->window, pass, steps))
			steps = nn_window_steps(pass, b, steps);
		nn_window_mask(pass, b, steps * conf->size[0], layer->out.dim[0]);
	}
}

static void
upsampling_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		upsampling_run(layer, pass, true);
}

#define UPSAMPLING_KIND(dims)                                                       \
	static bool upsampling##dims##d_shape(NNLayer *layer, NNError *error)           \
	{                                                                               \
		return upsampling_shape(layer, dims, error);                                \
	}                                                                               \
	const NNKind nn_upsampling##dims##d = {.name = "upsampling" #dims "d",          \
										   .flags = dims == 1 ? NN_KIND_MASKED : 0, \
										   .min_inputs = 1,                         \
										   .max_inputs = 1,                         \
										   .conf_size = sizeof(UpsamplingConf),     \
										   .fields = upsampling##dims##d_fields,    \
										   .shape = upsampling##dims##d_shape,      \
										   .forward = upsampling_forward,           \
										   .backward = upsampling_backward}

UPSAMPLING_KIND(1);
UPSAMPLING_KIND(2);
UPSAMPLING_KIND(3);
