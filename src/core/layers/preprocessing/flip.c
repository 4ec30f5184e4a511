/*
 * flip.c
 *	  Images mirrored at random in training, and left alone elsewhere.
 *
 * A sample is mirrored along each of the wanted directions or not.  What happens to
 * it is a hash of (seed, step, layer, sample), drawn again by backward.
 */
#include "core/layers/draw.h"
#include "core/layers/window.h"

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
