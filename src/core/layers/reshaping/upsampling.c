/*
 * upsampling.c
 *	  Images enlarged by whole factors: each cell repeated (nearest), or
 *	  mixed from its neighbours by distance (bilinear).
 *
 * Shapes: x (batch, height, width, channels), y (batch, height * size_h,
 * width * size_w, channels).  Bilinear: cell o of y lies at (o + 0.5) / size -
 * 0.5 of x, and beyond the border x goes on as it is there.  Backward adds
 * each number of dy to the cells it came from, by the same weights.
 */
#include "core/layers/window.h"

typedef struct UpsamplingConf
{
	int size[2];
	int interpolation;
} UpsamplingConf;

enum
{
	NEAREST,
	BILINEAR,
};

static const NNWord interpolation_words[] = {
	{"nearest", NEAREST},
	{"bilinear", BILINEAR},
	{NULL, 0},
};

static const NNField upsampling_fields[] = {
	NN_FIELD_INTS(UpsamplingConf, size, 2, false, 2, 1, NN_MAX_UNITS),
	NN_FIELD_WORD(UpsamplingConf, interpolation, interpolation_words, NEAREST),
	NN_FIELD_END,
};

static bool
upsampling_shape(NNLayer *layer, NNError *error)
{
	const UpsamplingConf *conf = NN_CONF(layer, UpsamplingConf);
	char what[NN_MAX_NAME + 16], shape[64];

	if (!nn_window_check_input(layer, 2, error))
		return false;
	layer->out = layer->in[0];
	for (int i = 0; i < 2; i++)
	{
		int64_t out = (int64_t) layer->in[0].dim[i] * conf->size[i];

		if (out > (int64_t) NN_MAX_SAMPLE)
		{
			nn_error(error, NN_TOO_LARGE, "%s: cannot enlarge its input %s by %d x %d",
					 nn_layer_what(layer, what, sizeof(what)),
					 nn_shape_text(&layer->in[0], shape, sizeof(shape)), conf->size[0],
					 conf->size[1]);
			return nn_hint(error, "A sample has at most %zu values.", NN_MAX_SAMPLE);
		}
		layer->out.dim[i] = (int) out;
	}
	layer->flops = (double) nn_shape_size(&layer->out) * (conf->interpolation == BILINEAR ? 4 : 1);
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

	if (conf->interpolation == NEAREST)
		return (Mix){(size_t) (o / size), (size_t) (o / size), 0};
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

static NN_HOT(void, sample_forward, (const NNLayer *layer, const nn_real *x, nn_real *y),
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

static NN_HOT(void, sample_backward, (const NNLayer *layer, const nn_real *dy, nn_real *dx),
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

static void
upsampling_forward(const NNLayer *layer, const NNPass *pass)
{
	size_t in = nn_shape_size(&layer->in[0]);
	size_t out = nn_shape_size(&layer->out);

	for (size_t b = 0; b < (size_t) pass->batch; b++)
		sample_forward(layer, pass->x + b * in, pass->y + b * out);
}

static void
upsampling_backward(const NNLayer *layer, const NNPass *pass)
{
	size_t in = nn_shape_size(&layer->in[0]);
	size_t out = nn_shape_size(&layer->out);

	if (pass->dx == NULL)
		return;
	nn_zero(pass->dx, in * (size_t) pass->batch);
	for (size_t b = 0; b < (size_t) pass->batch; b++)
		sample_backward(layer, pass->dy + b * out, pass->dx + b * in);
}

const NNKind nn_upsampling2d = {
	.name = "upsampling2d",
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(UpsamplingConf),
	.fields = upsampling_fields,
	.shape = upsampling_shape,
	.forward = upsampling_forward,
	.backward = upsampling_backward,
};
