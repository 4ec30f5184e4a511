/*
 * augment.c
 *	  Images changed at random in training, and left alone elsewhere.
 *
 * random_flip mirrors a sample along each of the wanted directions or not;
 * random_translation moves it by a part of its height and width, drawn from
 * the factors' ranges, filling what becomes empty.  What happens to a sample
 * is a hash of (seed, step, layer, sample), drawn again by backward.
 *
 * A translation is by whole and broken cells: a cell of y lies between two
 * rows and two columns of x and is mixed from these four (bilinear), or is the
 * nearest.  Places outside of x are those that fill_mode maps them to, as in
 * TensorFlow: reflect d c b a | a b c d | d c b a, wrap a b c d | a b c d |
 * a b c d, nearest a a a a | a b c d | d d d d, constant: fill_value.
 */
#include "core/layers/draw.h"
#include "core/layers/window.h"

/* ---- random_flip ---- */

enum
{
	HORIZONTAL = 1,
	VERTICAL = 2,
};

typedef struct FlipConf
{
	int mode;
	int seed;
} FlipConf;

static const NNWord flip_words[] = {
	{"horizontal", HORIZONTAL},
	{"vertical", VERTICAL},
	{"horizontal_and_vertical", HORIZONTAL | VERTICAL},
	{NULL, 0},
};

static const NNField flip_fields[] = {
	NN_FIELD_WORD(FlipConf, mode, flip_words, HORIZONTAL | VERTICAL),
	NN_FIELD_SEED(FlipConf),
	NN_FIELD_END,
};

static bool
augment_shape(NNLayer *layer, NNError *error)
{
	if (!nn_window_check_input(layer, 2, error))
		return false;
	layer->out = layer->in[0];
	layer->flops = (double) nn_shape_size(&layer->in[0]);
	layer->mask_from = NN_MASK_NONE;
	return true;
}

static void
flip_sample(const NNShape *shape, bool mirror_rows, bool mirror_columns, const nn_real *from,
			nn_real *to)
{
	int height = shape->dim[0], width = shape->dim[1];
	size_t c = (size_t) shape->dim[2];

	for (int i = 0; i < height; i++)
	{
		const nn_real *row =
			from + (size_t) (mirror_rows ? height - 1 - i : i) * (size_t) width * c;

		if (!mirror_columns)
			nn_copy(to, row, (size_t) width * c);
		else
			for (int j = 0; j < width; j++)
				for (size_t k = 0; k < c; k++)
					to[(size_t) j * c + k] = row[(size_t) (width - 1 - j) * c + k];
		to += (size_t) width * c;
	}
}

/* A mirror is its own inverse: the way back is the same. */
static void
flip_run(const NNLayer *layer, const NNPass *pass, const nn_real *from, nn_real *to)
{
	int mode = NN_CONF(layer, FlipConf)->mode;
	size_t n = nn_shape_size(&layer->in[0]);

	for (int s = 0; s < pass->batch; s++, from += n, to += n)
	{
		uint64_t seed = nn_draw_seed(layer, pass, NN_CONF(layer, FlipConf)->seed, s);
		bool rows = pass->training && (mode & VERTICAL) && (nn_hash32(seed, 0) >> 31);
		bool columns = pass->training && (mode & HORIZONTAL) && (nn_hash32(seed, 1) >> 31);

		flip_sample(&layer->in[0], rows, columns, from, to);
	}
}

static void
flip_forward(const NNLayer *layer, const NNPass *pass)
{
	flip_run(layer, pass, pass->x, pass->y);
}

static void
flip_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		flip_run(layer, pass, pass->dy, pass->dx);
}

/* ---- random_translation ---- */

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

typedef struct TranslationConf
{
	NNReals height_factor;
	NNReals width_factor;
	int fill_mode;
	int interpolation;
	double fill_value;
	int seed;
} TranslationConf;

static const NNWord fill_words[] = {
	{"reflect", FILL_REFLECT}, {"wrap", FILL_WRAP}, {"constant", FILL_CONSTANT},
	{"nearest", FILL_NEAREST}, {NULL, 0},
};

static const NNWord interpolation_words[] = {
	{"bilinear", BILINEAR},
	{"nearest", NEAREST},
	{NULL, 0},
};

static const NNField translation_fields[] = {
	NN_FIELD_REALS(TranslationConf, height_factor, 2, true, -1, 1),
	NN_FIELD_REALS(TranslationConf, width_factor, 2, true, -1, 1),
	NN_FIELD_WORD(TranslationConf, fill_mode, fill_words, FILL_REFLECT),
	NN_FIELD_WORD(TranslationConf, interpolation, interpolation_words, BILINEAR),
	NN_FIELD_SEED(TranslationConf),
	NN_FIELD_REAL(TranslationConf, fill_value, false, 0, -1e30, 1e30),
	NN_FIELD_END,
};

/* A factor alone is a range about 0. */
static double
draw_shift(const NNReals *factor, uint32_t bits, int n)
{
	double a = factor->value[0];
	double b = factor->count > 1 ? factor->value[1] : -a;
	double low = a < b ? a : b;
	double high = a < b ? b : a;

	return (low + (high - low) * ((double) bits / 4294967296.0)) * n;
}

/* Where in 0 ... n - 1 a place outside of it is read. */
static double
fill_place(int mode, double at, int n)
{
	double within = at;

	switch (mode)
	{
		case FILL_REFLECT:
			within = at - 2.0 * n * floor(at / (2.0 * n));
			if (within >= n)
				within = 2.0 * n - within - 1;
			if (at < 0 && at > -1)
				within = -at - 1;
			break;
		case FILL_WRAP:
			within = at - n * floor(at / n);
			break;
		case FILL_CONSTANT:
			return at;
	}
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
mix_of(const TranslationConf *conf, int o, double shift, int n)
{
	double at = o - shift;
	double below;
	Mix m;

	if (at < 0 || at > n - 1)
		at = fill_place(conf->fill_mode, at, n);
	below = conf->interpolation == NEAREST ? rint(at) : floor(at);
	m.share = conf->interpolation == NEAREST ? 0 : (nn_real) (at - below);
	m.first = below >= 0 && below < n ? (int) below : -1;
	m.second = below >= -1 && below < n - 1 ? (int) below + 1 : -1;
	return m;
}

/* One sample on its way: along y from x, or backwards. */
typedef struct Translation
{
	const TranslationConf *conf;
	int height, width;
	size_t c;
	double down, right;
} Translation;

static Translation
translation_of(const NNLayer *layer, const NNPass *pass, int sample)
{
	const TranslationConf *conf = NN_CONF(layer, TranslationConf);
	const NNShape *shape = &layer->in[0];
	uint64_t seed = nn_draw_seed(layer, pass, conf->seed, sample);
	Translation t = {conf, shape->dim[0], shape->dim[1], (size_t) shape->dim[2], 0, 0};

	if (pass->training)
	{
		t.down = draw_shift(&conf->height_factor, nn_hash32(seed, 0), t.height);
		t.right = draw_shift(&conf->width_factor, nn_hash32(seed, 1), t.width);
	}
	return t;
}

/* The four places and shares of a cell of y: offset of its first channel, or -1. */
typedef struct Four
{
	ptrdiff_t at[4];
	nn_real share[4];
} Four;

static Four
four_of(const Translation *t, const Mix *row, const Mix *column)
{
	Four four;

	for (int i = 0; i < 4; i++)
	{
		int y = i < 2 ? row->first : row->second, x = i % 2 == 0 ? column->first : column->second;

		four.at[i] = y < 0 || x < 0 ? -1 : ((ptrdiff_t) y * t->width + x) * (ptrdiff_t) t->c;
		four.share[i] = (i < 2 ? 1 - row->share : row->share) *
			(i % 2 == 0 ? 1 - column->share : column->share);
	}
	return four;
}

static void
read_cell(const Translation *t, const Four *four, const nn_real *x, nn_real *y)
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
add_cell(const Translation *t, const Four *four, const nn_real *dy, nn_real *dx)
{
	for (int i = 0; i < 4; i++)
		if (four->at[i] >= 0 && four->share[i] != 0)
			nn_axpy(dx + four->at[i], four->share[i], dy, t->c);
}

/* x to y, or (back) dy to dx. */
static void
translate(const Translation *t, bool back, const nn_real *from, nn_real *to)
{
	for (int i = 0; i < t->height; i++)
	{
		Mix row = mix_of(t->conf, i, t->down, t->height);

		for (int j = 0; j < t->width; j++)
		{
			Mix column = mix_of(t->conf, j, t->right, t->width);
			Four four = four_of(t, &row, &column);
			size_t at = ((size_t) i * (size_t) t->width + (size_t) j) * t->c;

			if (back)
				add_cell(t, &four, from + at, to);
			else
				read_cell(t, &four, from, to + at);
		}
	}
}

static void
translation_forward(const NNLayer *layer, const NNPass *pass)
{
	size_t n = nn_shape_size(&layer->in[0]);

	for (int s = 0; s < pass->batch; s++)
	{
		Translation t = translation_of(layer, pass, s);

		translate(&t, false, pass->x + (size_t) s * n, pass->y + (size_t) s * n);
	}
}

static void
translation_backward(const NNLayer *layer, const NNPass *pass)
{
	size_t n = nn_shape_size(&layer->in[0]);

	if (pass->dx == NULL)
		return;
	nn_zero(pass->dx, n * (size_t) pass->batch);
	for (int s = 0; s < pass->batch; s++)
	{
		Translation t = translation_of(layer, pass, s);

		translate(&t, true, pass->dy + (size_t) s * n, pass->dx + (size_t) s * n);
	}
}

const NNKind nn_random_flip = {
	.name = "random_flip",
	.flags = NN_KIND_TRAINING_ONLY,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(FlipConf),
	.fields = flip_fields,
	.shape = augment_shape,
	.forward = flip_forward,
	.backward = flip_backward,
};

const NNKind nn_random_translation = {
	.name = "random_translation",
	.flags = NN_KIND_TRAINING_ONLY,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(TranslationConf),
	.fields = translation_fields,
	.shape = augment_shape,
	.forward = translation_forward,
	.backward = translation_backward,
};
