/*
 * merge.c
 *	  Several inputs become one: add, subtract, multiply, average, maximum and
 *	  minimum, element by element.
 *
 * Shapes are aligned at their last dimensions; a dimension of 1 (or a missing
 * one) is repeated to the other's.  The gradient of a repeated input is summed
 * back, by way of scratch.  Where several inputs share the maximum or minimum
 * the first takes the gradient.  Forward keeps nothing.
 *
 * Inputs of variable steps must have as many as each other in every sample:
 * where one came out with a single step by chance, repeating it would give a
 * padded row another meaning than it has alone.
 */
#include "core/layers/layer.h"
#include "core/kernels/math_inline.h"

typedef struct MergeConf
{
	bool variable[NN_MAX_INPUTS]; /* set by shape(): the input has steps of its own */
} MergeConf;

static const NNField no_fields[] = {
	NN_FIELD_END,
};

/* ---- shapes ---- */

static bool
misfit(const NNLayer *layer, int a, int b, NNError *error)
{
	char what[NN_MAX_NAME + 16], first[64], other[64];

	nn_error(error, NN_BAD_SHAPE,
			 "%s: its inputs %d and %d have shapes %s and %s, which do not fit",
			 nn_layer_what(layer, what, sizeof(what)), a + 1, b + 1,
			 nn_shape_text(&layer->in[a], first, sizeof(first)),
			 nn_shape_text(&layer->in[b], other, sizeof(other)));
	return nn_hint(error, "Dimensions, counted from the last, must be equal or 1.");
}

/* Dimension k of NN_MAX_RANK, counted so that last dimensions meet. */
static int
aligned_dim(const NNShape *shape, int k)
{
	int i = k - (NN_MAX_RANK - shape->rank);

	return i < 0 ? 1 : shape->dim[i];
}

static bool
check_steps(NNLayer *layer, NNError *error)
{
	MergeConf *conf = (MergeConf *) layer->conf.bytes;
	int first = -1;

	for (int i = 0; i < layer->n_inputs; i++)
	{
		conf->variable[i] = conf->variable[i] || layer->in[i].dim[0] == NN_ANY;
		if (!conf->variable[i])
			continue;
		if (first < 0)
			first = i;
		if (layer->in[i].dim[0] != layer->in[first].dim[0])
			return misfit(layer, first, i, error);
	}
	return true;
}

static bool
merge_shape(NNLayer *layer, NNError *error)
{
	NNShape out = layer->in[0];
	bool repeated = false;

	if (!check_steps(layer, error))
		return false;
	for (int i = 1; i < layer->n_inputs; i++)
	{
		NNShape wider = {.rank = out.rank > layer->in[i].rank ? out.rank : layer->in[i].rank};

		for (int k = NN_MAX_RANK - wider.rank; k < NN_MAX_RANK; k++)
		{
			int a = aligned_dim(&out, k), b = aligned_dim(&layer->in[i], k),
				at = k - (NN_MAX_RANK - wider.rank);

			if (a != b && a != 1 && b != 1)
				return misfit(layer, 0, i, error);
			wider.dim[at] = a == 1 ? b : a;
			if (at > 0 && wider.dim[at] == NN_ANY)
				return misfit(layer, 0, i, error);
		}
		out = wider;
	}
	layer->mask_from = NN_MASK_SHARED;
	for (int i = layer->n_inputs - 1; i >= 0; i--)
	{
		repeated = repeated || !nn_shape_equal(&layer->in[i], &out);
		if (layer->in[i].rank == out.rank && layer->in[i].dim[0] == out.dim[0])
			layer->steps_from = i;
	}
	layer->out = out;
	layer->scratch_size = repeated ? nn_shape_size(&out) : 0;
	layer->flops = (double) nn_shape_size(&out) * layer->n_inputs;
	return true;
}

/* ---- walking an input along the output ---- */

typedef enum Op
{
	OP_COPY,
	OP_ADD,
	OP_SUBTRACT,
	OP_MULTIPLY,
	OP_MAXIMUM,
	OP_MINIMUM,
	OP_KEEP_EQUAL, /* 0 where x is not y */
	OP_DROP_EQUAL  /* 0 where x is y */
} Op;

/* to (n) op= x (n), or x (1) where single; y only for the last two. */
NN_INLINE void
apply(Op op, nn_real *to, const nn_real *x, size_t step, const nn_real *y, size_t n)
{
#define EACH(expression)                                   \
	do                                                     \
	{                                                      \
		_Pragma("omp simd") for (size_t i = 0; i < n; i++) \
		{                                                  \
			nn_real v = x[i * step];                       \
			to[i] = (expression);                          \
		}                                                  \
	} while (0)
	switch (op)
	{
		case OP_COPY:
			EACH(v);
			break;
		case OP_ADD:
			EACH(to[i] + v);
			break;
		case OP_SUBTRACT:
			EACH(to[i] - v);
			break;
		case OP_MULTIPLY:
			EACH(to[i] * v);
			break;
		case OP_MAXIMUM:
			EACH(nn_larger(to[i], v));
			break;
		case OP_MINIMUM:
			EACH(nn_smaller(to[i], v));
			break;
		case OP_KEEP_EQUAL:
			EACH(v == y[i] ? to[i] : 0);
			break;
		case OP_DROP_EQUAL:
			EACH(v == y[i] ? 0 : to[i]);
			break;
	}
#undef EACH
}

static NN_HOT(void, apply_row,
			  (Op op, nn_real *to, const nn_real *x, bool single, const nn_real *y, size_t n),
			  (op, to, x, single, y, n))
{
	if (single)
		apply(op, to, x, 0, y, n);
	else
		apply(op, to, x, 1, y, n);
}

/* s += sum of x */
static NN_HOT(void, add_sum, (nn_real *const s, const nn_real *x, size_t n), (s, x, n))
{
	nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < n; i++)
		sum += x[i];
	*s += sum;
}

/* The output as rows of its last dimension, and where an input stands in each. */
typedef struct Walk
{
	size_t dim[NN_MAX_RANK];  /* batch, then all but the last dimension */
	size_t step[NN_MAX_RANK]; /* of the input */
	size_t inner;
	bool single; /* the input has one number for the whole row */
} Walk;

static Walk
walk_of(const NNLayer *layer, const NNPass *pass, int input)
{
	const NNShape *in = &layer->in[input];
	Walk w = {.single = false};
	size_t stride = 1;

	if (nn_shape_equal(in, &layer->out))
	{
		for (int k = 0; k < NN_MAX_RANK; k++)
			w.dim[k] = 1;
		w.inner = nn_shape_reals(in, pass->steps) * (size_t) pass->batch;
		return w;
	}
	for (int k = NN_MAX_RANK - 1; k >= 0; k--)
	{
		int own = aligned_dim(in, k), all = aligned_dim(&layer->out, k);
		size_t n_own = (size_t) (own == NN_ANY ? pass->steps : own),
			   n_all = (size_t) (all == NN_ANY ? pass->steps : all);
		bool repeat = own == 1 && all != 1;

		if (k == NN_MAX_RANK - 1)
		{
			w.inner = n_all;
			w.single = repeat;
		}
		else
		{
			w.dim[k + 1] = n_all;
			w.step[k + 1] = repeat ? 0 : stride;
		}
		stride *= n_own;
	}
	w.dim[0] = (size_t) pass->batch;
	w.step[0] = stride;
	return w;
}

/* to op= x along the output, or, with back, x += to summed. */
static void
run_walk(const Walk *w, bool back, Op op, nn_real *to, nn_real *sums, const nn_real *x,
		 const nn_real *y)
{
	size_t row = 0;

	for (size_t a = 0; a < w->dim[0]; a++)
		for (size_t b = 0; b < w->dim[1]; b++)
			for (size_t c = 0; c < w->dim[2]; c++)
				for (size_t d = 0; d < w->dim[3]; d++, row += w->inner)
				{
					size_t at = a * w->step[0] + b * w->step[1] + c * w->step[2] + d * w->step[3];

					if (!back)
						apply_row(op, to + row, x + at, w->single, y ? y + row : NULL, w->inner);
					else if (w->single)
						add_sum(sums + at, to + row, w->inner);
					else
						nn_add(sums + at, to + row, w->inner);
				}
}

static void
combine(const NNLayer *layer, const NNPass *pass, int input, Op op, nn_real *to, const nn_real *y)
{
	Walk w = walk_of(layer, pass, input);

	run_walk(&w, false, op, to, NULL, pass->xs[input], y);
}

/* ---- forward and backward ---- */

static void
merge_forward(const NNLayer *layer, const NNPass *pass, Op op)
{
	combine(layer, pass, 0, OP_COPY, pass->y, NULL);
	for (int i = 1; i < layer->n_inputs; i++)
		combine(layer, pass, i, op, pass->y, NULL);
}

/* What input i receives of dy, before repeated dimensions are summed. */
static void
input_gradient(const NNLayer *layer, const NNPass *pass, Op op, nn_real factor, int i, nn_real *g)
{
	size_t n = nn_shape_reals(&layer->out, pass->steps) * (size_t) pass->batch;

	nn_copy(g, pass->dy, n);
	switch (op)
	{
		case OP_SUBTRACT:
			if (i > 0)
				nn_scale(g, -1, n);
			break;
		case OP_MULTIPLY:
			for (int j = 0; j < layer->n_inputs; j++)
				if (j != i)
					combine(layer, pass, j, OP_MULTIPLY, g, NULL);
			break;
		case OP_MAXIMUM:
		case OP_MINIMUM:
			for (int j = 0; j < i; j++)
				combine(layer, pass, j, OP_DROP_EQUAL, g, pass->y);
			combine(layer, pass, i, OP_KEEP_EQUAL, g, pass->y);
			break;
		default:
			if (factor != 1)
				nn_scale(g, factor, n);
			break;
	}
}

static void
merge_backward(const NNLayer *layer, const NNPass *pass, Op op, nn_real factor)
{
	for (int i = 0; i < layer->n_inputs; i++)
	{
		nn_real *dx = pass->dxs[i];
		Walk w;

		if (dx == NULL)
			continue;
		if (nn_shape_equal(&layer->in[i], &layer->out))
		{
			input_gradient(layer, pass, op, factor, i, dx);
			continue;
		}
		input_gradient(layer, pass, op, factor, i, pass->scratch);
		nn_zero(dx, nn_shape_reals(&layer->in[i], pass->steps) * (size_t) pass->batch);
		w = walk_of(layer, pass, i);
		run_walk(&w, true, op, pass->scratch, dx, NULL, NULL);
	}
}

/* One kind: its name, symbol, operation and what dy is multiplied by. */
#define MERGE(word, symbol, op, most)                                     \
	static void word##_forward(const NNLayer *layer, const NNPass *pass)  \
	{                                                                     \
		merge_forward(layer, pass, op);                                   \
	}                                                                     \
	static void word##_backward(const NNLayer *layer, const NNPass *pass) \
	{                                                                     \
		merge_backward(layer, pass, op, 1);                               \
	}                                                                     \
	const NNKind symbol = {.name = #word,                                 \
						   .flags = NN_KIND_MASKED,                       \
						   .min_inputs = 2,                               \
						   .max_inputs = most,                            \
						   .conf_size = sizeof(MergeConf),                \
						   .fields = no_fields,                           \
						   .shape = merge_shape,                          \
						   .forward = word##_forward,                     \
						   .backward = word##_backward}

MERGE(add, nn_add_layer, OP_ADD, NN_MAX_INPUTS);
MERGE(subtract, nn_subtract_layer, OP_SUBTRACT, 2);
MERGE(multiply, nn_multiply_layer, OP_MULTIPLY, NN_MAX_INPUTS);
MERGE(maximum, nn_maximum_layer, OP_MAXIMUM, NN_MAX_INPUTS);
MERGE(minimum, nn_minimum_layer, OP_MINIMUM, NN_MAX_INPUTS);

static void
average_forward(const NNLayer *layer, const NNPass *pass)
{
	merge_forward(layer, pass, OP_ADD);
	nn_scale(pass->y, (nn_real) (1.0 / layer->n_inputs),
			 nn_shape_reals(&layer->out, pass->steps) * (size_t) pass->batch);
}

static void
average_backward(const NNLayer *layer, const NNPass *pass)
{
	merge_backward(layer, pass, OP_ADD, (nn_real) (1.0 / layer->n_inputs));
}

const NNKind nn_average_layer = {
	.name = "average",
	.flags = NN_KIND_MASKED,
	.min_inputs = 2,
	.max_inputs = NN_MAX_INPUTS,
	.conf_size = sizeof(MergeConf),
	.fields = no_fields,
	.shape = merge_shape,
	.forward = average_forward,
	.backward = average_backward,
};
