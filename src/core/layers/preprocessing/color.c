/*
 * color.c
 *	  Images whose colors change at random in training, and are left alone elsewhere.
 *
 * With draws that are a hash of (seed, step, layer, sample), drawn again by backward,
 * and values clipped to value_range:
 * random_brightness: x + d, d a part of the range's width;
 * random_contrast: (x - mean) d + mean, the mean that of a channel of the sample;
 * random_invert: the range's end less x, or x; with a probability that is drawn;
 * random_grayscale: 0.2989 R + 0.587 G + 0.114 B in all channels, or x;
 * random_saturation, random_hue: of hue, saturation and value, saturation times
 * d / (1 - d), or hue and d / 2 to either side.
 *
 * With v the largest of R, G, B, m the smallest and c = v - m a color of the same hue and
 * value is v - (v - x) k, k the quotient of both saturations c / v; and one of another hue
 * is m + c w, w being what hue alone makes of R, G, B.
 */
#include "core/layers/draw.h"
#include "core/layers/window.h"

typedef struct ColorConf
{
	NNReals factor;
	NNReals value_range;
	int seed;
} ColorConf;

/* at least two values; those of value_range in either order */
#define RANGE_FIELD                                                                            \
	{                                                                                          \
		"value_range", NN_FIELD_TYPE_REALS, offsetof(ColorConf, value_range), false, 0, -1e30, \
			1e30, NULL, 2                                                                      \
	}
#define FACTOR_FIELD(required, low)                                                              \
	{                                                                                            \
		"factor", NN_FIELD_TYPE_REALS, offsetof(ColorConf, factor), required, 0, low, 1, NULL, 2 \
	}
#define SEED_END NN_FIELD_SEED(ColorConf), NN_FIELD_END

static const NNField signed_fields[] = {FACTOR_FIELD(true, -1), RANGE_FIELD, SEED_END};
static const NNField positive_fields[] = {FACTOR_FIELD(true, 0), RANGE_FIELD, SEED_END};
static const NNField chance_fields[] = {FACTOR_FIELD(false, 0), RANGE_FIELD, SEED_END};
static const NNField grayscale_fields[] = {
	{"factor", NN_FIELD_TYPE_REALS, offsetof(ColorConf, factor), false, 0, 0, 1, NULL, 1},
	SEED_END};

/* ---- shapes ---- */

static bool
color_shape(NNLayer *layer, NNError *error)
{
	const NNReals *range = &NN_CONF(layer, ColorConf)->value_range;
	char what[NN_MAX_NAME + 16];

	if (!nn_window_check_input(layer, 2, error))
		return false;
	if (range->count == 1 || (range->count == 2 && range->value[0] == range->value[1]))
	{
		nn_error(error, NN_BAD_VALUE, "%s: option \"value_range\" must have two different numbers",
				 nn_layer_what(layer, what, sizeof(what)));
		return nn_hint(error, "Pixels that are bytes are from 0 to 255, the default.");
	}
	layer->out = layer->in[0];
	layer->flops = 4 * (double) nn_shape_size(&layer->in[0]);
	layer->scratch_fixed = (size_t) layer->in[0].dim[2];
	layer->mask_from = NN_MASK_NONE;
	return true;
}

static bool
rgb_shape(NNLayer *layer, NNError *error)
{
	char what[NN_MAX_NAME + 16], shape[64];

	if (!color_shape(layer, error))
		return false;
	if (layer->in[0].dim[2] == 3)
		return true;
	nn_error(error, NN_BAD_SHAPE, "%s: its input %s must have 3 channels: red, green, blue",
			 nn_layer_what(layer, what, sizeof(what)),
			 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
	return nn_hint(error, "Images of one channel have no colors to change.");
}

/* ---- draws ---- */

/* What one sample's change is made of. */
typedef struct Change
{
	nn_real low, high; /* of value_range */
	nn_real by;		   /* what was drawn */
	bool chosen;	   /* whether anything changes at all */
	size_t cells, c;
	nn_real *scratch; /* c */
} Change;

/* A number from the range (low, factor) or (factor, factor). */
static double
draw(const NNReals *factor, double none, double low, uint64_t seed, uint32_t i)
{
	double a = factor->count > 0 ? factor->value[0] : none;
	double b = factor->count > 1 ? factor->value[1] : -fabs(a);

	if (factor->count < 2)
		a = fabs(a);
	if (factor->count < 2 && b < low)
		b = low;
	return fmin(a, b) + fabs(a - b) * nn_draw_uniform(seed, i);
}

static Change
begin_change(const NNLayer *layer, const NNPass *pass, const ColorConf *conf)
{
	double a = conf->value_range.count > 1 ? conf->value_range.value[0] : 0;
	double b = conf->value_range.count > 1 ? conf->value_range.value[1] : 255;

	return (Change){
		.low = (nn_real) fmin(a, b),
		.high = (nn_real) fmax(a, b),
		.chosen = true,
		.cells = nn_shape_size(&layer->in[0]) / (size_t) layer->in[0].dim[2],
		.c = (size_t) layer->in[0].dim[2],
		.scratch = pass->scratch,
	};
}

/* A kind: what it draws for a sample, and the way there and back. */
typedef struct Color
{
	void (*draw)(const ColorConf *conf, uint64_t seed, Change *change);
	void (*forward)(const Change *change, const nn_real *x, nn_real *y);
	/* dx, from dy and x */
	void (*backward)(const Change *change, const nn_real *x, const nn_real *dy, nn_real *dx);
} Color;

static void
color_run(const NNLayer *layer, const NNPass *pass, const Color *color, bool back)
{
	const ColorConf *conf = NN_CONF(layer, ColorConf);
	size_t n = nn_shape_size(&layer->in[0]);

	for (int s = 0; s < pass->batch; s++)
	{
		const nn_real *x = pass->x + (size_t) s * n;
		Change change = begin_change(layer, pass, conf);

		if (pass->training)
			color->draw(conf, nn_draw_seed(layer, pass, conf->seed, s), &change);
		if (!pass->training || !change.chosen)
			nn_copy(back ? pass->dx + (size_t) s * n : pass->y + (size_t) s * n,
					back ? pass->dy + (size_t) s * n : x, n);
		else if (back)
			color->backward(&change, x, pass->dy + (size_t) s * n, pass->dx + (size_t) s * n);
		else
			color->forward(&change, x, pass->y + (size_t) s * n);
	}
}

NN_INLINE nn_real
clip(nn_real v, nn_real low, nn_real high)
{
	return v < low ? low : v > high ? high : v;
}

/* ---- brightness ---- */

static void
draw_brightness(const ColorConf *conf, uint64_t seed, Change *c)
{
	c->by = (nn_real) draw(&conf->factor, 0, -1, seed, 0) * (c->high - c->low);
}

static NN_HOT(void, brightness, (const Change *c, const nn_real *restrict x, nn_real *restrict y),
			  (c, x, y))
{
	for (size_t i = 0; i < c->cells * c->c; i++)
		y[i] = clip(x[i] + c->by, c->low, c->high);
}

static NN_HOT(void, brightness_back,
			  (const Change *c, const nn_real *restrict x, const nn_real *restrict dy,
			   nn_real *restrict dx),
			  (c, x, dy, dx))
{
	for (size_t i = 0; i < c->cells * c->c; i++)
	{
		nn_real v = x[i] + c->by;

		dx[i] = v < c->low || v > c->high ? 0 : dy[i];
	}
}

/* ---- contrast ---- */

static void
draw_contrast(const ColorConf *conf, uint64_t seed, Change *c)
{
	const NNReals *f = &conf->factor;
	double low = f->count > 1 ? fmin(f->value[0], f->value[1]) : 0;
	double high = f->count > 1 ? fmax(f->value[0], f->value[1]) : f->value[0];

	c->by = (nn_real) (1 - low + (high + low) * nn_draw_uniform(seed, 0));
}

/* The means of the channels. */
static void
means(const Change *c, const nn_real *x)
{
	nn_zero(c->scratch, c->c);
	nn_sum_rows(c->scratch, x, c->cells, c->c);
	nn_scale(c->scratch, 1 / (nn_real) c->cells, c->c);
}

static void
contrast(const Change *c, const nn_real *x, nn_real *y)
{
	means(c, x);
	for (size_t r = 0; r < c->cells; r++, x += c->c, y += c->c)
		for (size_t i = 0; i < c->c; i++)
			y[i] = clip((x[i] - c->scratch[i]) * c->by + c->scratch[i], c->low, c->high);
}

static void
contrast_back(const Change *c, const nn_real *x, const nn_real *dy, nn_real *dx)
{
	size_t n = c->cells * c->c;

	means(c, x);
	for (size_t i = 0; i < n; i++)
	{
		nn_real mean = c->scratch[i % c->c], v = (x[i] - mean) * c->by + mean;

		dx[i] = v < c->low || v > c->high ? 0 : dy[i];
	}
	means(c, dx);
	for (size_t i = 0; i < n; i++)
		dx[i] = dx[i] * c->by + c->scratch[i % c->c] * (1 - c->by);
}

/* ---- invert ---- */

static void
draw_chance(const ColorConf *conf, uint64_t seed, Change *c)
{
	c->chosen = nn_draw_uniform(seed, 1) < draw(&conf->factor, 1, 0, seed, 0);
}

static void
invert(const Change *c, const nn_real *x, nn_real *y)
{
	nn_affine(y, x, -1, c->high, c->cells * c->c);
}

static void
invert_back(const Change *c, const nn_real *x, const nn_real *dy, nn_real *dx)
{
	(void) x;
	nn_affine(dx, dy, -1, 0, c->cells * c->c);
}

/* ---- grayscale ---- */

static void
draw_grayscale(const ColorConf *conf, uint64_t seed, Change *c)
{
	c->chosen = nn_draw_uniform(seed, 0) < (conf->factor.count > 0 ? conf->factor.value[0] : 0.5);
}

static const nn_real gray_of[3] = {(nn_real) 0.2989, (nn_real) 0.587, (nn_real) 0.114};

static void
grayscale(const Change *c, const nn_real *x, nn_real *y)
{
	for (size_t r = 0; r < c->cells; r++, x += 3, y += 3)
		y[0] = y[1] = y[2] = gray_of[0] * x[0] + gray_of[1] * x[1] + gray_of[2] * x[2];
}

static void
grayscale_back(const Change *c, const nn_real *x, const nn_real *dy, nn_real *dx)
{
	(void) x;
	for (size_t r = 0; r < c->cells; r++, dy += 3, dx += 3)
		for (int i = 0; i < 3; i++)
			dx[i] = gray_of[i] * (dy[0] + dy[1] + dy[2]);
}

/* ---- hue, saturation, value ---- */

/* Of one color: which channel is the largest, which the smallest, and their values. */
typedef struct Extremes
{
	int most, least;
	nn_real v, m;
} Extremes;

static Extremes
extremes_of(const nn_real *x)
{
	Extremes e = {0, 0, x[0], x[0]};

	for (int i = 1; i < 3; i++)
	{
		if (x[i] > e.v || x[i] != x[i])
		{
			e.most = i;
			e.v = x[i];
		}
		if (x[i] < e.m || x[i] != x[i])
		{
			e.least = i;
			e.m = x[i];
		}
	}
	return e;
}

static void
draw_saturation(const ColorConf *conf, uint64_t seed, Change *c)
{
	double d = draw(&conf->factor, 0, -1, seed, 0);

	c->by = (nn_real) (d / (1 - d + 1e-7));
}

/* The quotient of saturations; *clipped: the new one is `limit`, whatever the old one. */
static nn_real
quotient(const Change *c, const Extremes *e, bool *clipped, nn_real *limit)
{
	nn_real saturation = (e->v - e->m) / e->v, wanted = saturation * c->by;

	*limit = clip(wanted, c->low, c->high);
	*clipped = *limit != wanted;
	return *clipped ? *limit / saturation : c->by;
}

static void
saturation(const Change *c, const nn_real *x, nn_real *y)
{
	for (size_t r = 0; r < c->cells; r++, x += 3, y += 3)
	{
		Extremes e = extremes_of(x);
		bool clipped;
		nn_real limit, k;

		/* a color without saturation, as TensorFlow has it */
		k = e.v > 0 && e.v > e.m ? quotient(c, &e, &clipped, &limit) : e.v != e.v ? e.v : 0;
		for (int i = 0; i < 3; i++)
			y[i] = e.v - (e.v - x[i]) * k;
	}
}

static void
saturation_back(const Change *c, const nn_real *x, const nn_real *dy, nn_real *dx)
{
	for (size_t r = 0; r < c->cells; r++, x += 3, dy += 3, dx += 3)
	{
		Extremes e = extremes_of(x);
		nn_real sum = dy[0] + dy[1] + dy[2], width = e.v - e.m, limit = 0, k = 0, away = 0;
		bool clipped = false;

		if (e.v > 0 && width > 0)
			k = quotient(c, &e, &clipped, &limit);
		for (int i = 0; i < 3; i++)
		{
			dx[i] = k * dy[i];
			away += dy[i] * (e.v - x[i]);
		}
		dx[e.most] += (1 - k) * sum;
		if (!clipped)
			continue;
		/* y = v - (v - x) k, k = limit v / (v - m) */
		dx[e.most] -= away * (limit - k) / width;
		dx[e.least] -= away * k / width;
	}
}

static void
draw_hue(const ColorConf *conf, uint64_t seed, Change *c)
{
	double sign = nn_draw_uniform(seed, 0) > 0.5 ? -1 : 1;

	c->by = (nn_real) (sign * 0.5 * draw(&conf->factor, 0, 0, seed, 1));
}

/* What a hue, in sixths of the circle, makes of channel i, and the slope of that. */
static nn_real
wheel(nn_real hue, int i, nn_real *slope)
{
	static const nn_real middle[3] = {3, 2, 4};
	nn_real away = hue < middle[i] ? middle[i] - hue : hue - middle[i];
	nn_real w = i == 0 ? away - 1 : 2 - away;
	nn_real rises = (hue < middle[i]) == (i == 0) ? -1 : 1;

	*slope = w > 0 && w < 1 ? rises : 0;
	return clip(w, 0, 1);
}

/* The hue in sixths, from the largest channel and the two others; width is not 0. */
static nn_real
hue_of(const nn_real *x, const Extremes *e)
{
	static const nn_real begin[3] = {0, 2, 4};
	nn_real at = begin[e->most] + (x[(e->most + 1) % 3] - x[(e->most + 2) % 3]) / (e->v - e->m);

	return at < 0 ? at + 6 : at;
}

static nn_real
turned(nn_real hue, nn_real by)
{
	nn_real h = hue + 6 * by;

	return h > 6 ? h - 6 : h < 0 ? h + 6 : h;
}

/* Values are those of 0 to 1; y is clipped to that, which changes what was outside. */
static void
hue(const Change *c, const nn_real *x, nn_real *y)
{
	nn_real width = c->high - c->low;

	for (size_t r = 0; r < c->cells; r++, x += 3, y += 3)
	{
		Extremes e = extremes_of(x);
		bool gray = e.v <= c->low || e.v <= e.m;
		nn_real slope, h = gray ? 0 : turned(hue_of(x, &e), c->by);

		for (int i = 0; i < 3; i++)
		{
			nn_real v = gray ? e.v : e.m + (e.v - e.m) * wheel(h, i, &slope);

			y[i] = clip((v - c->low) / width, 0, 1) * width + c->low;
		}
	}
}

static void
hue_back(const Change *c, const nn_real *x, const nn_real *dy, nn_real *dx)
{
	for (size_t r = 0; r < c->cells; r++, x += 3, dy += 3, dx += 3)
	{
		Extremes e = extremes_of(x);
		bool gray = e.v <= c->low || e.v <= e.m;
		int a = (e.most + 1) % 3, b = (e.most + 2) % 3;
		nn_real width = e.v - e.m, h = gray ? 0 : turned(hue_of(x, &e), c->by);
		nn_real least = 0, across = 0, around = 0; /* gradients of m, v - m, and the hue times it */

		dx[0] = dx[1] = dx[2] = 0;
		for (int i = 0; i < 3; i++)
		{
			nn_real slope = 0, w = gray ? 1 : wheel(h, i, &slope);
			nn_real v = gray ? e.v : e.m + width * w;

			if (v < c->low || v > c->high)
				continue;
			least += dy[i];
			across += dy[i] * w;
			around += dy[i] * slope;
		}
		if (gray)
		{
			dx[e.most] = least;
			continue;
		}
		/* hue times width is x_a - x_b, and turns with both */
		across -= around * (x[a] - x[b]) / width;
		dx[e.least] += least - across;
		dx[e.most] += across;
		dx[a] += around;
		dx[b] -= around;
	}
}

#define COLOR_KIND(word, color_draw, forward_one, the_shape, the_fields)             \
	static const Color word##_color = {color_draw, forward_one, forward_one##_back}; \
	static void word##_forward(const NNLayer *layer, const NNPass *pass)             \
	{                                                                                \
		color_run(layer, pass, &word##_color, false);                                \
	}                                                                                \
	static void word##_backward(const NNLayer *layer, const NNPass *pass)            \
	{                                                                                \
		if (pass->dx)                                                                \
			color_run(layer, pass, &word##_color, true);                             \
	}                                                                                \
	const NNKind nn_random_##word = {.name = "random_" #word,                        \
									 .flags = NN_KIND_TRAINING_ONLY,                 \
									 .min_inputs = 1,                                \
									 .max_inputs = 1,                                \
									 .conf_size = sizeof(ColorConf),                 \
									 .fields = the_fields,                           \
									 .shape = the_shape,                             \
									 .forward = word##_forward,                      \
									 .backward = word##_backward}

COLOR_KIND(brightness, draw_brightness, brightness, color_shape, signed_fields);
COLOR_KIND(contrast, draw_contrast, contrast, color_shape, positive_fields);
COLOR_KIND(invert, draw_chance, invert, color_shape, chance_fields);
COLOR_KIND(grayscale, draw_grayscale, grayscale, rgb_shape, grayscale_fields);
COLOR_KIND(saturation, draw_saturation, saturation, rgb_shape, signed_fields);
COLOR_KIND(hue, draw_hue, hue, rgb_shape, positive_fields);
