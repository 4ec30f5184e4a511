/*
 * affine.c
 *	  Images moved, turned, zoomed and sheared at random in training, and left alone
 *	  elsewhere: random_translation, random_rotation, random_zoom, random_shear.
 *
 * Cell (x, y) of the result is read from (a0 x + a1 y + a2, b0 x + b1 y + b2) of the
 * sample: it lies between two rows and two columns and is mixed from these four
 * (bilinear), or is the nearest.  Places outside of the image are those that
 * fill_mode maps them to, as in TensorFlow: reflect d c b a | a b c d | d c b a,
 * wrap a b c d | a b c d | a b c d, nearest a a a a | a b c d | d d d d,
 * constant: fill_value.  The six numbers of a sample follow from draws, which are a
 * hash of (seed, step, layer, sample), drawn again by backward.
 */
#include "core/layers/draw.h"
#include "core/layers/window.h"

enum
{
	FILL_REFLECT,
	FILL_WRAP,
	FILL_CONSTANT,
	FILL_NEAREST,
};

enum
{
	BILINEAR,
	NEAREST,
};

typedef struct AffineConf
{
	NNReals first;	/* height_factor, x_factor, factor */
	NNReals second; /* width_factor, y_factor */
	int fill_mode;
	int interpolation;
	double fill_value;
	int seed;
} AffineConf;

static const NNWord fill_words[] = {
	{"reflect", FILL_REFLECT}, {"wrap", FILL_WRAP}, {"constant", FILL_CONSTANT},
	{"nearest", FILL_NEAREST}, {NULL, 0},
};

static const NNWord interpolation_words[] = {
	{"bilinear", BILINEAR},
	{"nearest", NEAREST},
	{NULL, 0},
};

#define FACTOR(name, member, required, min, max)                                                \
	{                                                                                           \
		name, NN_FIELD_TYPE_REALS, offsetof(AffineConf, member), required, 0, min, max, NULL, 2 \
	}
#define AFFINE_FIELDS                                                                            \
	NN_FIELD_WORD(AffineConf, fill_mode, fill_words, FILL_REFLECT),                              \
		NN_FIELD_WORD(AffineConf, interpolation, interpolation_words, BILINEAR),                 \
		NN_FIELD_SEED(AffineConf), NN_FIELD_REAL(AffineConf, fill_value, false, 0, -1e30, 1e30), \
		NN_FIELD_END

static const NNField translation_fields[] = {FACTOR("height_factor", first, true, -1, 1),
											 FACTOR("width_factor", second, true, -1, 1),
											 AFFINE_FIELDS};
static const NNField rotation_fields[] = {FACTOR("factor", first, true, -1, 1), AFFINE_FIELDS};
static const NNField zoom_fields[] = {FACTOR("height_factor", first, true, -1, 1),
									  FACTOR("width_factor", second, false, -1, 1), AFFINE_FIELDS};
static const NNField shear_fields[] = {FACTOR("x_factor", first, false, 0, 1),
									   FACTOR("y_factor", second, false, 0, 1), AFFINE_FIELDS};

static bool
affine_shape(NNLayer *layer, NNError *error)
{
	if (!nn_window_check_input(layer, 2, error))
		return false;
	layer->out = layer->in[0];
	layer->flops = 4 * (double) nn_shape_size(&layer->in[0]);
	layer->mask_from = NN_MASK_NONE;
	return true;
}

/* A number from the range; a factor alone is a range about 0, none is 0. */
static double
draw(const NNReals *factor, uint64_t seed, uint32_t i)
{
	double a = factor->count > 0 ? factor->value[0] : 0;
	double b = factor->count > 1 ? factor->value[1] : -a;
	double low = a < b ? a : b;
	double high = a < b ? b : a;

	return low + (high - low) * nn_draw_uniform(seed, i);
}

/* ---- places ---- */

/* Where in 0 ... n - 1 a place outside of it is read: TensorFlow's arithmetic. */
static double
fill_place(int mode, double at, int n)
{
	double within = at, period = 2.0 * n;

	if (mode == FILL_CONSTANT)
		return at;
	if (n < 2)
		return 0;
	if (mode == FILL_REFLECT && at < 0)
	{
		within = period * trunc(-at / period) + at;
		within = within < -n ? within + period : -within - 1;
	}
	else if (mode == FILL_REFLECT)
	{
		within = at - period * trunc(at / period);
		if (within >= n)
			within = period - within - 1;
	}
	else if (mode == FILL_WRAP && at < 0)
		within = at + n * (trunc(-at / (n - 1)) + 1);
	else if (mode == FILL_WRAP)
		within = at - n * trunc(at / (n - 1));
	return within < 0 ? 0 : within > n - 1 ? n - 1 : within;
}

/* The two cells of x that a cell of y is mixed from; below 0: none, but fill_value. */
typedef struct Mix
{
	int first;
	int second;
	nn_real share; /* of the second */
} Mix;

static Mix
mix_of(const AffineConf *conf, double at, int n)
{
	double below;
	Mix m = {-1, -1, 0};

	if (at < 0 || at > n - 1)
		at = fill_place(conf->fill_mode, at, n);
	if (!(at > -1 && at < n))
		return m;
	below = conf->interpolation == NEAREST ? round(at) : floor(at);
	m.share = conf->interpolation == NEAREST ? 0 : (nn_real) (at - below);
	m.first = below >= 0 && below < n ? (int) below : -1;
	m.second = below >= -1 && below < n - 1 ? (int) below + 1 : -1;
	return m;
}

/* One sample on its way: along y from x, or backwards. */
typedef struct Affine
{
	const AffineConf *conf;
	int height, width;
	size_t c;
	double a[3], b[3];
} Affine;

/* The four places and shares of a cell of y: offset of its first channel, or -1. */
typedef struct Four
{
	ptrdiff_t at[4];
	nn_real share[4];
} Four;

static Four
four_of(const Affine *t, int x, int y)
{
	Mix column = mix_of(t->conf, t->a[0] * x + t->a[1] * y + t->a[2], t->width);
	Mix row = mix_of(t->conf, t->b[0] * x + t->b[1] * y + t->b[2], t->height);
	Four four;

	for (int i = 0; i < 4; i++)
	{
		int from_y = i < 2 ? row.first : row.second;
		int from_x = i % 2 == 0 ? column.first : column.second;

		four.at[i] = from_y < 0 || from_x < 0
			? -1
			: ((ptrdiff_t) from_y * t->width + from_x) * (ptrdiff_t) t->c;
		four.share[i] =
			(i < 2 ? 1 - row.share : row.share) * (i % 2 == 0 ? 1 - column.share : column.share);
	}
	return four;
}

static void
read_cell(const Affine *t, const Four *four, const nn_real *x, nn_real *y)
{
	nn_zero(y, t->c);
	for (int i = 0; i < 4; i++)
	{
		nn_real share = four->share[i];

		if (share == 0)
			continue;
		for (size_t k = 0; k < t->c; k++)
			y[k] += share *
				(four->at[i] < 0 ? (nn_real) t->conf->fill_value : x[four->at[i] + (ptrdiff_t) k]);
	}
}

static void
add_cell(const Affine *t, const Four *four, const nn_real *dy, nn_real *dx)
{
	for (int i = 0; i < 4; i++)
		if (four->at[i] >= 0 && four->share[i] != 0)
			nn_axpy(dx + four->at[i], four->share[i], dy, t->c);
}

/* x to y, or (back) dy to dx. */
static void
transform(const Affine *t, bool back, const nn_real *from, nn_real *to)
{
	for (int i = 0; i < t->height; i++)
		for (int j = 0; j < t->width; j++)
		{
			Four four = four_of(t, j, i);
			size_t at = ((size_t) i * (size_t) t->width + (size_t) j) * t->c;

			if (back)
				add_cell(t, &four, from + at, to);
			else
				read_cell(t, &four, from, to + at);
		}
}

/* ---- draws ---- */

/* Sets a and b from the sample's draws; they are the identity before. */
typedef void (*Draw)(Affine *t, uint64_t seed);

static void
draw_translation(Affine *t, uint64_t seed)
{
	t->b[2] = -draw(&t->conf->first, seed, 0) * t->height;
	t->a[2] = -draw(&t->conf->second, seed, 1) * t->width;
}

/* About the middle, by a part of a whole turn. */
static void
draw_rotation(Affine *t, uint64_t seed)
{
	double angle = draw(&t->conf->first, seed, 0) * 2 * 3.14159265358979324;
	double x = 0.5 * (t->width - 1), y = 0.5 * (t->height - 1);

	t->a[0] = t->b[1] = cos(angle);
	t->b[0] = sin(angle);
	t->a[1] = -t->b[0];
	t->a[2] = x - x * t->a[0] - y * t->a[1];
	t->b[2] = y - x * t->b[0] - y * t->b[1];
}

/* About the middle; without a width_factor by the same both ways. */
static void
draw_zoom(Affine *t, uint64_t seed)
{
	double height = 1 + draw(&t->conf->first, seed, 0);
	double width = t->conf->second.count > 0 ? 1 + draw(&t->conf->second, seed, 1) : height;

	t->a[0] = width;
	t->a[2] = 0.5 * (t->width - 1) * (1 - width);
	t->b[1] = height;
	t->b[2] = 0.5 * (t->height - 1) * (1 - height);
}

/* Either way, from the upper left corner. */
static void
draw_shear(Affine *t, uint64_t seed)
{
	double sign = nn_draw_uniform(seed, 2) > 0.5 ? -1 : 1;

	t->a[1] = sign * draw(&t->conf->first, seed, 0);
	t->b[0] = sign * draw(&t->conf->second, seed, 1);
}

static Affine
affine_of(const NNLayer *layer, const NNPass *pass, Draw draw_one, int sample)
{
	const AffineConf *conf = NN_CONF(layer, AffineConf);
	const NNShape *shape = &layer->in[0];
	Affine t = {.conf = conf,
				.height = shape->dim[0],
				.width = shape->dim[1],
				.c = (size_t) shape->dim[2],
				.a = {1, 0, 0},
				.b = {0, 1, 0}};

	if (pass->training)
		draw_one(&t, nn_draw_seed(layer, pass, conf->seed, sample));
	return t;
}

static void
affine_forward(const NNLayer *layer, const NNPass *pass, Draw draw_one)
{
	size_t n = nn_shape_size(&layer->in[0]);

	for (int s = 0; s < pass->batch; s++)
	{
		Affine t = affine_of(layer, pass, draw_one, s);

		transform(&t, false, pass->x + (size_t) s * n, pass->y + (size_t) s * n);
	}
}

static void
affine_backward(const NNLayer *layer, const NNPass *pass, Draw draw_one)
{
	size_t n = nn_shape_size(&layer->in[0]);

	if (pass->dx == NULL)
		return;
	nn_zero(pass->dx, n * (size_t) pass->batch);
	for (int s = 0; s < pass->batch; s++)
	{
		Affine t = affine_of(layer, pass, draw_one, s);

		transform(&t, true, pass->dy + (size_t) s * n, pass->dx + (size_t) s * n);
	}
}

#define AFFINE_KIND(word)                                                 \
	static void word##_forward(const NNLayer *layer, const NNPass *pass)  \
	{                                                                     \
		affine_forward(layer, pass, draw_##word);                         \
	}                                                                     \
	static void word##_backward(const NNLayer *layer, const NNPass *pass) \
	{                                                                     \
		affine_backward(layer, pass, draw_##word);                        \
	}                                                                     \
	const NNKind nn_random_##word = {.name = "random_" #word,             \
									 .flags = NN_KIND_TRAINING_ONLY,      \
									 .min_inputs = 1,                     \
									 .max_inputs = 1,                     \
									 .conf_size = sizeof(AffineConf),     \
									 .fields = word##_fields,             \
									 .shape = affine_shape,               \
									 .forward = word##_forward,           \
									 .backward = word##_backward}

AFFINE_KIND(translation);
AFFINE_KIND(rotation);
AFFINE_KIND(zoom);
AFFINE_KIND(shear);
