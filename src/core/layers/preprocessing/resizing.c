/*
 * resizing.c
 *	  Images brought to another height and width: resizing, center_crop and
 *	  random_crop.
 *
 * Shapes: x (batch, height, width, channels), y (batch, height, width of the options,
 * channels).  Both crops cut out a window where the image is large enough: the middle
 * one, or, in training, one drawn from (seed, step, layer, sample); else they take the
 * largest window in the middle that has the shape of the result, and resize it, as
 * resizing with crop_to_aspect_ratio does.  (random_crop of Keras 3.15 leaves images
 * as they are outside of training, though its description says this.)
 *
 * Weights of resizing are made anew in each pass: scratch holds them, and a row
 * of x (kernels/resample.h).
 */
#include "core/kernels/resample.h"
#include "core/layers/draw.h"
#include "core/layers/window.h"

typedef struct ResizeConf
{
	int height, width;
	int interpolation;
	bool crop_to_aspect_ratio;
	bool pad_to_aspect_ratio;
	int fill_mode;
	double fill_value;
	bool antialias;
	int seed;
} ResizeConf;

static const NNWord interpolation_words[] = {
	{"bilinear", NN_BILINEAR},
	{"nearest", NN_NEAREST},
	{"bicubic", NN_BICUBIC},
	{"lanczos3", NN_LANCZOS3},
	{"lanczos5", NN_LANCZOS5},
	{"area", NN_AREA},
	{NULL, 0},
};

static const NNWord fill_words[] = {{"constant", 0}, {NULL, 0}};

#define SIZE_FIELDS                                             \
	NN_FIELD_INT(ResizeConf, height, true, 0, 1, NN_MAX_UNITS), \
		NN_FIELD_INT(ResizeConf, width, true, 0, 1, NN_MAX_UNITS)

static const NNField resizing_fields[] = {
	SIZE_FIELDS,
	NN_FIELD_WORD(ResizeConf, interpolation, interpolation_words, NN_BILINEAR),
	NN_FIELD_BOOL(ResizeConf, crop_to_aspect_ratio, false),
	NN_FIELD_BOOL(ResizeConf, pad_to_aspect_ratio, false),
	NN_FIELD_WORD(ResizeConf, fill_mode, fill_words, 0),
	NN_FIELD_REAL(ResizeConf, fill_value, false, 0, -1e30, 1e30),
	NN_FIELD_BOOL(ResizeConf, antialias, false),
	NN_FIELD_END,
};

static const NNField center_crop_fields[] = {SIZE_FIELDS, NN_FIELD_END};
static const NNField random_crop_fields[] = {SIZE_FIELDS, NN_FIELD_SEED(ResizeConf), NN_FIELD_END};

/* ---- how an image is seen: rows and columns, as axes of resampling ---- */

typedef struct View
{
	NNResampleAxis axis[2];
	int at[2]; /* where in x they begin */
} View;

/* The largest number of n cells that keeps, with m across, the shape of (to, across). */
static int
cut(int n, int m, int to, int across)
{
	int part = (int) ((double) m * to / across);

	return part > n ? n : part < 1 ? 1 : part;
}

/* The window in the middle that has the shape of the result. */
static View
cropped(const NNLayer *layer, const ResizeConf *conf)
{
	const int *in = layer->in[0].dim;
	const int to[2] = {conf->height, conf->width};
	View v;

	for (int i = 0; i < 2; i++)
	{
		int part = cut(in[i], in[1 - i], to[i], to[1 - i]);

		v.at[i] = (in[i] - part) / 2;
		v.axis[i] = (NNResampleAxis){
			(NNInterpolation) conf->interpolation, conf->antialias, part, to[i], 0, part};
	}
	return v;
}

/* The image in the middle of one that has the shape of the result. */
static View
padded(const NNLayer *layer, const ResizeConf *conf)
{
	const int *in = layer->in[0].dim;
	const int to[2] = {conf->height, conf->width};
	View v;

	for (int i = 0; i < 2; i++)
	{
		double whole = (double) in[1 - i] * to[i] / to[1 - i];
		int side = whole > in[i] ? ((int) fmin(whole, NN_MAX_SAMPLE) - in[i]) / 2 : 0;

		v.at[i] = 0;
		v.axis[i] = (NNResampleAxis){(NNInterpolation) conf->interpolation,
									 conf->antialias,
									 in[i] + 2 * side,
									 to[i],
									 side,
									 in[i]};
	}
	return v;
}

static View
view_of(const NNLayer *layer)
{
	const ResizeConf *conf = NN_CONF(layer, ResizeConf);
	const int *in = layer->in[0].dim;
	View v;

	if (conf->pad_to_aspect_ratio)
		return padded(layer, conf);
	if (conf->crop_to_aspect_ratio)
		return cropped(layer, conf);
	v = (View){.at = {0, 0}};
	for (int i = 0; i < 2; i++)
		v.axis[i] = (NNResampleAxis){(NNInterpolation) conf->interpolation,
									 conf->antialias,
									 in[i],
									 i == 0 ? conf->height : conf->width,
									 0,
									 in[i]};
	return v;
}

/* ---- shapes ---- */

static bool
resize_shape(NNLayer *layer, const View *view, NNError *error)
{
	const ResizeConf *conf = NN_CONF(layer, ResizeConf);
	int channels = layer->in[0].dim[2];

	layer->out = nn_shape3(conf->height, conf->width, channels);
	layer->scratch_fixed = nn_resample_reals(&view->axis[0]) + nn_resample_reals(&view->axis[1]) +
		(size_t) view->axis[1].size * (size_t) channels;
	layer->flops = 4 * (double) nn_shape_size(&layer->out);
	layer->mask_from = NN_MASK_NONE;
	(void) error;
	return true;
}

static bool
resizing_shape(NNLayer *layer, NNError *error)
{
	const ResizeConf *conf = NN_CONF(layer, ResizeConf);
	char what[NN_MAX_NAME + 16];
	View view;

	if (!nn_window_check_input(layer, 2, error))
		return false;
	if (conf->crop_to_aspect_ratio && conf->pad_to_aspect_ratio)
	{
		nn_error(error, NN_BAD_VALUE,
				 "%s: crop_to_aspect_ratio and pad_to_aspect_ratio exclude "
				 "each other",
				 nn_layer_what(layer, what, sizeof(what)));
		return nn_hint(error, "Give one of them, or neither.");
	}
	view = view_of(layer);
	return resize_shape(layer, &view, error);
}

/* Whether both sides of the image are at least, or above, those of the result. */
static bool
is_larger(const NNLayer *layer, int by)
{
	const ResizeConf *conf = NN_CONF(layer, ResizeConf);

	return layer->in[0].dim[0] >= conf->height + by && layer->in[0].dim[1] >= conf->width + by;
}

static bool
crop_shape(NNLayer *layer, NNError *error)
{
	ResizeConf *conf = (ResizeConf *) layer->conf.bytes;
	View view;

	if (!nn_window_check_input(layer, 2, error))
		return false;
	conf->interpolation = NN_BILINEAR;
	view = cropped(layer, conf);
	return resize_shape(layer, &view, error);
}

/* ---- passes ---- */

/* A window of x to y, or back. */
static void
copy_window(const NNLayer *layer, int row, int column, bool back, const nn_real *from, nn_real *to)
{
	size_t c = (size_t) layer->in[0].dim[2], in_row = (size_t) layer->in[0].dim[1] * c,
		   out_row = (size_t) layer->out.dim[1] * c;

	for (int i = 0; i < layer->out.dim[0]; i++)
	{
		size_t at = (size_t) (row + i) * in_row + (size_t) column * c, out = (size_t) i * out_row;

		if (back)
			nn_copy(to + at, from + out, out_row);
		else
			nn_copy(to + out, from + at, out_row);
	}
}

/* The rows and columns of x that a view resamples, and their weights. */
typedef struct Resize
{
	View view;
	NNResampleImage image;
	nn_real *row; /* of x, in scratch */
} Resize;

static Resize
resize_of(const NNLayer *layer, const NNPass *pass, View view)
{
	const ResizeConf *conf = NN_CONF(layer, ResizeConf);
	nn_real *at = pass->scratch;
	Resize r = {.view = view};

	r.image.rows = nn_resample(&view.axis[0], at);
	at += nn_resample_reals(&view.axis[0]);
	r.image.columns = nn_resample(&view.axis[1], at);
	r.row = at + nn_resample_reals(&view.axis[1]);
	r.image.width = view.axis[1].size;
	r.image.stride = layer->in[0].dim[1];
	r.image.out_h = conf->height;
	r.image.out_w = conf->width;
	r.image.channels = layer->in[0].dim[2];
	r.image.fill = (nn_real) conf->fill_value;
	return r;
}

static size_t
first_cell(const NNLayer *layer, const View *view)
{
	return ((size_t) view->at[0] * (size_t) layer->in[0].dim[1] + (size_t) view->at[1]) *
		(size_t) layer->in[0].dim[2];
}

static void
resize_all(const NNLayer *layer, const NNPass *pass, View view, bool back)
{
	Resize r = resize_of(layer, pass, view);
	size_t in = nn_shape_size(&layer->in[0]), out = nn_shape_size(&layer->out);
	size_t first = first_cell(layer, &view);

	for (size_t b = 0; b < (size_t) pass->batch; b++)
		if (back)
			nn_resample_backward(&r.image, pass->dy + b * out, pass->dx + b * in + first, r.row);
		else
			nn_resample_forward(&r.image, pass->x + b * in + first, pass->y + b * out, r.row);
}

static void
resizing_forward(const NNLayer *layer, const NNPass *pass)
{
	resize_all(layer, pass, view_of(layer), false);
}

static void
resizing_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx == NULL)
		return;
	nn_zero(pass->dx, nn_shape_size(&layer->in[0]) * (size_t) pass->batch);
	resize_all(layer, pass, view_of(layer), true);
}

/* Where the window of a sample begins. */
static void
draw_window(const NNLayer *layer, const NNPass *pass, int sample, int *row, int *column)
{
	const ResizeConf *conf = NN_CONF(layer, ResizeConf);
	uint64_t seed = nn_draw_seed(layer, pass, conf->seed, sample);

	*row = (int) (nn_draw_uniform(seed, 0) * (layer->in[0].dim[0] - conf->height + 1));
	*column = (int) (nn_draw_uniform(seed, 1) * (layer->in[0].dim[1] - conf->width + 1));
}

static void
crop_all(const NNLayer *layer, const NNPass *pass, bool draws, bool back)
{
	size_t in = nn_shape_size(&layer->in[0]), out = nn_shape_size(&layer->out);
	int row = (layer->in[0].dim[0] - layer->out.dim[0]) / 2,
		column = (layer->in[0].dim[1] - layer->out.dim[1]) / 2;

	for (int b = 0; b < pass->batch; b++)
	{
		if (draws)
			draw_window(layer, pass, b, &row, &column);
		if (back)
			copy_window(layer, row, column, true, pass->dy + (size_t) b * out,
						pass->dx + (size_t) b * in);
		else
			copy_window(layer, row, column, false, pass->x + (size_t) b * in,
						pass->y + (size_t) b * out);
	}
}

static void
center_run(const NNLayer *layer, const NNPass *pass, bool back)
{
	if (is_larger(layer, 0))
		crop_all(layer, pass, false, back);
	else
		resize_all(layer, pass, cropped(layer, NN_CONF(layer, ResizeConf)), back);
}

static void
random_run(const NNLayer *layer, const NNPass *pass, bool back)
{
	/* as Keras: nothing is drawn where one side fits exactly */
	if (pass->training && is_larger(layer, 1))
		crop_all(layer, pass, true, back);
	else
		resize_all(layer, pass, cropped(layer, NN_CONF(layer, ResizeConf)), back);
}

static void
center_crop_forward(const NNLayer *layer, const NNPass *pass)
{
	center_run(layer, pass, false);
}

static void
center_crop_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx == NULL)
		return;
	nn_zero(pass->dx, nn_shape_size(&layer->in[0]) * (size_t) pass->batch);
	center_run(layer, pass, true);
}

static void
random_crop_forward(const NNLayer *layer, const NNPass *pass)
{
	random_run(layer, pass, false);
}

static void
random_crop_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx == NULL)
		return;
	nn_zero(pass->dx, nn_shape_size(&layer->in[0]) * (size_t) pass->batch);
	random_run(layer, pass, true);
}

#define RESIZE_KIND(word, the_shape)                           \
	const NNKind nn_##word = {.name = #word,                   \
							  .min_inputs = 1,                 \
							  .max_inputs = 1,                 \
							  .conf_size = sizeof(ResizeConf), \
							  .fields = word##_fields,         \
							  .shape = the_shape,              \
							  .forward = word##_forward,       \
							  .backward = word##_backward}

RESIZE_KIND(resizing, resizing_shape);
RESIZE_KIND(center_crop, crop_shape);
RESIZE_KIND(random_crop, crop_shape);
