/*
 * dot.c
 *	  Products of two inputs along a dimension of each: y = sum over d of
 *	  x1[..., d, ...] x2[..., d, ...], as large as the other dimensions of both.
 *
 * A sample of an input is (outer, d, inner); y is (outer1, inner1, outer2, inner2).
 * Each product of matrices takes, of an input whose inner is 1, all outer vectors,
 * else one (d, inner).  With normalize both inputs' vectors are first divided by
 * their lengths, r = 1 / max(|x|, 1e-7), as ops.normalize does.
 * scratch: where normalize, both inputs so, and their gradients.
 */
#include "core/layers/axes.h"

typedef struct DotConf
{
	NNInts axes;
	bool normalize;
} DotConf;

static const NNField dot_fields[] = {
	{"axes", NN_FIELD_TYPE_LIST, offsetof(DotConf, axes), true, 0, -NN_MAX_RANK, NN_MAX_RANK, NULL,
	 2},
	NN_FIELD_BOOL(DotConf, normalize, false),
	NN_FIELD_END,
};

#define SHORTEST 1e-7

/* Input i as (outer, d, inner), or a refusal. */
static bool
side_of(const NNLayer *layer, int i, NNAxes *side, NNError *error)
{
	const NNInts *axes = &NN_CONF(layer, DotConf)->axes;
	const NNShape *in = &layer->in[i];
	int given = axes->value[axes->count > 1 ? i : 0];
	int at = given < 0 ? in->rank + given : given - 1;
	char what[NN_MAX_NAME + 16], shape[64];

	if (given == 0 || at < 0 || at >= in->rank)
	{
		nn_error(error, NN_BAD_VALUE, "%s: its input %d, of shape %s, has no axis %d",
				 nn_layer_what(layer, what, sizeof(what)), i + 1,
				 nn_shape_text(in, shape, sizeof(shape)), given);
		return nn_hint(error, "Axes are 1 to %d, or -1 for the last; 0 is the batch.", in->rank);
	}
	*side = (NNAxes){.first = at, .last = at, .outer = 1, .n = (size_t) in->dim[at], .inner = 1};
	for (int k = 0; k < in->rank; k++)
		if (k != at)
			*(k < at ? &side->outer : &side->inner) *= (size_t) in->dim[k];
	return true;
}

static bool
dot_shape(NNLayer *layer, NNError *error)
{
	NNAxes side[2];
	char what[NN_MAX_NAME + 16], first[64], second[64];

	layer->out.rank = 0;
	for (int i = 0; i < 2; i++)
		if (layer->in[i].dim[0] == NN_ANY)
			return true; /* refused for that by who called */
	for (int i = 0; i < 2; i++)
	{
		if (!side_of(layer, i, &side[i], error))
			return false;
		for (int k = 0; k < layer->in[i].rank; k++)
			if (k != side[i].first && layer->out.rank++ < NN_MAX_RANK)
				layer->out.dim[layer->out.rank - 1] = layer->in[i].dim[k];
	}
	if (side[0].n != side[1].n)
	{
		nn_error(error, NN_BAD_SHAPE,
				 "%s: its inputs have shapes %s and %s, of %zu and %zu along its axes",
				 nn_layer_what(layer, what, sizeof(what)),
				 nn_shape_text(&layer->in[0], first, sizeof(first)),
				 nn_shape_text(&layer->in[1], second, sizeof(second)), side[0].n, side[1].n);
		return nn_hint(error, "Choose axes of equal size, one of each input.");
	}
	if (layer->out.rank == 0)
		layer->out = nn_shape1(1);
	layer->flops =
		(double) nn_shape_size(&layer->in[0]) * (double) (nn_shape_size(&layer->in[1]) / side[1].n);
	if (NN_CONF(layer, DotConf)->normalize)
		layer->scratch_size = 2 * (nn_shape_size(&layer->in[0]) + nn_shape_size(&layer->in[1]));
	layer->mask_from = NN_MASK_NONE;
	return true;
}

/* Matrices of one input: blocks of (rows, d), or turned, (d, rows). */
typedef struct Side
{
	NNAxes axes;
	bool turned;
	int blocks;
	int rows; /* of y that one block gives */
	int ld;
	size_t block; /* reals of one */
	size_t size;  /* of a sample */
} Side;

static Side
matrices_of(const NNLayer *layer, int i)
{
	NNError error;
	Side s = {.turned = false};

	(void) side_of(layer, i, &s.axes, &error);
	s.size = nn_shape_size(&layer->in[i]);
	s.turned = s.axes.inner > 1;
	s.blocks = s.turned ? (int) s.axes.outer : 1;
	s.rows = (int) (s.turned ? s.axes.inner : s.axes.outer);
	s.ld = (int) (s.turned ? s.axes.inner : s.axes.n);
	s.block = s.size / (size_t) s.blocks;
	return s;
}

/* One sample: y = products of a and b. */
static void
multiply(const Side *s, const nn_real *a, const nn_real *b, nn_real *y)
{
	int width = s[1].blocks * s[1].rows;

	for (int i = 0; i < s[0].blocks; i++)
		for (int j = 0; j < s[1].blocks; j++)
			nn_gemm(s[0].turned, !s[1].turned, s[0].rows, s[1].rows, (int) s[0].axes.n, 1,
					a + (size_t) i * s[0].block, s[0].ld, b + (size_t) j * s[1].block, s[1].ld, 0,
					y + (size_t) (i * s[0].rows) * (size_t) width + (size_t) (j * s[1].rows),
					width);
}

/* The gradient of input `which`, from dy and the other input. */
static void
multiply_back(const Side *s, int which, const nn_real *other, const nn_real *dy, nn_real *dx)
{
	const Side *own = &s[which], *by = &s[1 - which];
	int width = s[1].blocks * s[1].rows, d = (int) own->axes.n;

	for (int i = 0; i < own->blocks; i++)
		for (int j = 0; j < by->blocks; j++)
		{
			int row = which == 0 ? i * s[0].rows : j * s[0].rows;
			int column = which == 0 ? j * s[1].rows : i * s[1].rows;
			const nn_real *g = dy + (size_t) row * (size_t) width + (size_t) column;
			const nn_real *o = other + (size_t) j * by->block;
			nn_real *to = dx + (size_t) i * own->block;

			/* g is (rows of own, rows of by), or its transpose for the second input */
			if (own->turned)
				nn_gemm(!by->turned, which == 0, d, own->rows, by->rows, 1, o, by->ld, g, width,
						j == 0 ? 0 : 1, to, own->ld);
			else
				nn_gemm(which == 1, by->turned, own->rows, d, by->rows, 1, g, width, o, by->ld,
						j == 0 ? 0 : 1, to, own->ld);
		}
}

/* ---- vectors of length 1 ---- */

static nn_real
inverse_length(const NNAxes *a, const nn_real *x)
{
	double sum = 0;

	for (size_t d = 0; d < a->n; d++)
		sum += (double) x[d * a->inner] * (double) x[d * a->inner];
	return (nn_real) (1 / fmax(sqrt(sum), SHORTEST));
}

static void
normalize(const NNAxes *a, const nn_real *x, nn_real *to)
{
	for (size_t v = 0; v < a->outer * a->inner; v++)
	{
		size_t at = v / a->inner * a->n * a->inner + v % a->inner;
		nn_real r = inverse_length(a, x + at);

		for (size_t d = 0; d < a->n; d++)
			to[at + d * a->inner] = x[at + d * a->inner] * r;
	}
}

/* dx = r (g - y (g . y)), y being x r; no gradient where x has no direction. */
static void
normalize_back(const NNAxes *a, const nn_real *x, const nn_real *y, const nn_real *g, nn_real *dx)
{
	for (size_t v = 0; v < a->outer * a->inner; v++)
	{
		size_t at = v / a->inner * a->n * a->inner + v % a->inner;
		nn_real r = inverse_length(a, x + at), dot = 0;

		if (r >= (nn_real) (1 / SHORTEST))
			r = 0;
		for (size_t d = 0; d < a->n; d++)
			dot += g[at + d * a->inner] * y[at + d * a->inner];
		for (size_t d = 0; d < a->n; d++)
			dx[at + d * a->inner] = r * (g[at + d * a->inner] - dot * y[at + d * a->inner]);
	}
}

/* ---- passes ---- */

static void
dot_forward(const NNLayer *layer, const NNPass *pass)
{
	const Side s[2] = {matrices_of(layer, 0), matrices_of(layer, 1)};
	size_t out = nn_shape_size(&layer->out);
	bool normalized = NN_CONF(layer, DotConf)->normalize;

	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		const nn_real *x[2] = {pass->xs[0] + b * s[0].size, pass->xs[1] + b * s[1].size};
		nn_real *unit[2] = {pass->scratch, pass->scratch + s[0].size};

		for (int i = 0; normalized && i < 2; i++)
		{
			normalize(&s[i].axes, x[i], unit[i]);
			x[i] = unit[i];
		}
		multiply(s, x[0], x[1], pass->y + b * out);
	}
}

static void
back_normalized(const NNPass *pass, const Side *s, size_t b, const nn_real *dy)
{
	nn_real *unit[2] = {pass->scratch, pass->scratch + s[0].size};
	nn_real *g = pass->scratch + s[0].size + s[1].size;

	for (int i = 0; i < 2; i++)
		normalize(&s[i].axes, pass->xs[i] + b * s[i].size, unit[i]);
	for (int i = 0; i < 2; i++)
		if (pass->dxs[i])
		{
			multiply_back(s, i, unit[1 - i], dy, g);
			normalize_back(&s[i].axes, pass->xs[i] + b * s[i].size, unit[i], g,
						   pass->dxs[i] + b * s[i].size);
		}
}

static void
dot_backward(const NNLayer *layer, const NNPass *pass)
{
	const Side s[2] = {matrices_of(layer, 0), matrices_of(layer, 1)};
	size_t out = nn_shape_size(&layer->out);

	for (size_t b = 0; b < (size_t) pass->batch; b++)
	{
		const nn_real *dy = pass->dy + b * out;

		if (NN_CONF(layer, DotConf)->normalize)
			back_normalized(pass, s, b, dy);
		else
			for (int i = 0; i < 2; i++)
				if (pass->dxs[i])
					multiply_back(s, i, pass->xs[1 - i] + b * s[1 - i].size, dy,
								  pass->dxs[i] + b * s[i].size);
	}
}

const NNKind nn_dot = {
	.name = "dot",
	.min_inputs = 2,
	.max_inputs = 2,
	.conf_size = sizeof(DotConf),
	.fields = dot_fields,
	.shape = dot_shape,
	.forward = dot_forward,
	.backward = dot_backward,
};
