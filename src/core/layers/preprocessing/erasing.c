/*
 * erasing.c
 *	  A rectangle of each image that is filled at random in training; elsewhere the
 *	  identity.
 *
 * Its sides are roots of parts drawn from scale, of the height and the width; it is
 * filled with fill_value (a number, or one for each of three channels), or with normal
 * numbers times the end of value_range, clipped to that.  Whether a sample has one is
 * drawn too, with a probability from the range of factor.  All draws are a hash of
 * (seed, step, layer, sample), drawn again by backward.
 */
#include "core/kernels/noise.h"
#include "core/layers/draw.h"
#include "core/layers/window.h"

typedef struct ErasingConf
{
	NNReals factor;
	NNReals scale;
	NNReals fill_value;
	NNReals value_range;
	int seed;
} ErasingConf;

static const NNField erasing_fields[] = {
	NN_FIELD_REALS(ErasingConf, factor, 2, false, 0, 1),
	NN_FIELD_REALS(ErasingConf, scale, 2, false, 0, 1),
	NN_FIELD_REALS(ErasingConf, fill_value, 3, false, -1e30, 1e30),
	NN_FIELD_REALS(ErasingConf, value_range, 2, false, -1e30, 1e30),
	NN_FIELD_SEED(ErasingConf),
	NN_FIELD_END,
};

static bool
erasing_shape(NNLayer *layer, NNError *error)
{
	const ErasingConf *conf = NN_CONF(layer, ErasingConf);
	char what[NN_MAX_NAME + 16], shape[64];

	if (!nn_window_check_input(layer, 2, error))
		return false;
	nn_layer_what(layer, what, sizeof(what));
	if (conf->value_range.count == 1)
	{
		nn_error(error, NN_BAD_VALUE, "%s: option \"value_range\" must have two numbers", what);
		return nn_hint(error, "Pixels that are bytes are from 0 to 255, the default.");
	}
	if (conf->fill_value.count > 1 && conf->fill_value.count != layer->in[0].dim[2])
	{
		nn_error(error, NN_BAD_SHAPE, "%s: %d fill values do not fit its input %s", what,
				 conf->fill_value.count, nn_shape_text(&layer->in[0], shape, sizeof(shape)));
		return nn_hint(error, "Give one number, or one for each of three channels.");
	}
	layer->out = layer->in[0];
	layer->flops = (double) nn_shape_size(&layer->in[0]);
	layer->scratch_fixed = nn_shape_size(&layer->in[0]);
	layer->mask_from = NN_MASK_NONE;
	return true;
}

/* From a to b; a number alone is a range from 0. */
static double
draw(const NNReals *range, double low, double high, uint64_t seed, uint32_t i)
{
	if (range->count > 0)
	{
		low = range->count > 1 ? fmin(range->value[0], range->value[1]) : 0;
		high = range->count > 1 ? fmax(range->value[0], range->value[1]) : range->value[0];
	}
	return low + (high - low) * nn_draw_uniform(seed, i);
}

/* Cells from first to before end, of n. */
static void
draw_side(const ErasingConf *conf, uint64_t seed, uint32_t i, int n, int *first, int *end)
{
	double length = sqrt(draw(&conf->scale, 0.02, 0.33, seed, i)) * n;
	double from = nn_draw_uniform(seed, i + 1) * (n - length);

	*first = (int) ceil(from);
	*end = (int) ceil(from + length);
	if (*end > n)
		*end = n;
}

/* The rectangle of a sample; of no cells where nothing is erased. */
typedef struct Rectangle
{
	int top, bottom, left, right;
} Rectangle;

static Rectangle
rectangle_of(const NNLayer *layer, const NNPass *pass, uint64_t seed)
{
	const ErasingConf *conf = NN_CONF(layer, ErasingConf);
	Rectangle r = {0, 0, 0, 0};

	if (!pass->training || nn_draw_uniform(seed, 1) >= draw(&conf->factor, 0, 1, seed, 0))
		return r;
	draw_side(conf, seed, 2, layer->in[0].dim[0], &r.top, &r.bottom);
	draw_side(conf, seed, 4, layer->in[0].dim[1], &r.left, &r.right);
	return r;
}

/* What a rectangle is filled with, as large as the sample. */
static void
fill(const NNLayer *layer, uint64_t seed, nn_real *to)
{
	const ErasingConf *conf = NN_CONF(layer, ErasingConf);
	const NNReals *range = &conf->value_range, *value = &conf->fill_value;
	double low = range->count > 0 ? range->value[0] : 0;
	double high = range->count > 0 ? range->value[1] : 255;
	size_t n = nn_shape_size(&layer->in[0]), c = (size_t) layer->in[0].dim[2];

	if (value->count == 0)
		nn_fill_normal(to, n, nn_mix(seed, 1, 0, 0));
	for (size_t i = 0; i < n; i++)
	{
		double v =
			value->count == 0 ? (double) to[i] * high : value->value[value->count > 1 ? i % c : 0];

		to[i] = (nn_real) fmin(fmax(v, low), high);
	}
}

static void
erasing_run(const NNLayer *layer, const NNPass *pass, const nn_real *from, nn_real *to, bool back)
{
	int seed_option = NN_CONF(layer, ErasingConf)->seed;
	size_t n = nn_shape_size(&layer->in[0]), c = (size_t) layer->in[0].dim[2],
		   width = (size_t) layer->in[0].dim[1] * c;

	for (int s = 0; s < pass->batch; s++, from += n, to += n)
	{
		uint64_t seed = nn_draw_seed(layer, pass, seed_option, s);
		Rectangle r = rectangle_of(layer, pass, seed);

		nn_copy(to, from, n);
		if (r.top < r.bottom && r.left < r.right && !back)
			fill(layer, seed, pass->scratch);
		for (int i = r.top; i < r.bottom && r.left < r.right; i++)
		{
			size_t at = (size_t) i * width + (size_t) r.left * c;
			size_t length = (size_t) (r.right - r.left) * c;

			if (back)
				nn_zero(to + at, length);
			else
				nn_copy(to + at, pass->scratch + at, length);
		}
	}
}

static void
erasing_forward(const NNLayer *layer, const NNPass *pass)
{
	erasing_run(layer, pass, pass->x, pass->y, false);
}

static void
erasing_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		erasing_run(layer, pass, pass->dy, pass->dx, true);
}

const NNKind nn_random_erasing = {
	.name = "random_erasing",
	.flags = NN_KIND_TRAINING_ONLY,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(ErasingConf),
	.fields = erasing_fields,
	.shape = erasing_shape,
	.forward = erasing_forward,
	.backward = erasing_backward,
};
