/*
 * bidirectional.c
 *	  A recurrent layer and its twin that goes the other way, merged.
 *
 * Parameters: the forward layer's, then the backward one's.  Both write
 * outputs at their step of x; at hidden steps sequences are 0, as in Keras.
 * saved: forward's | backward's | both outputs, which mul needs in backward.
 * scratch: both outputs' gradients | dx of the second | the inner layers'.
 */
#include "core/layers/recurrent/recurrent.h"

typedef enum MergeMode
{
	MERGE_CONCAT,
	MERGE_SUM,
	MERGE_MUL,
	MERGE_AVE
} MergeMode;

static const NNWord merge_words[] = {
	{"concat", MERGE_CONCAT}, {"sum", MERGE_SUM}, {"mul", MERGE_MUL}, {"ave", MERGE_AVE}, {NULL, 0},
};

typedef struct BidirectionalConf
{
	int merge_mode;
} BidirectionalConf;

static const NNField bidirectional_fields[] = {
	NN_FIELD_LAYER,
	NN_FIELD_WORD(BidirectionalConf, merge_mode, merge_words, MERGE_CONCAT),
	NN_FIELD_END,
};

/* Names of the inner parameters, as add_params meets them. */
static const char *const names[2][3] = {
	{"forward_kernel", "forward_recurrent_kernel", "forward_bias"},
	{"backward_kernel", "backward_recurrent_kernel", "backward_bias"},
};

/* ---- shape ---- */

static bool
check_inner(const NNLayer *layer, NNError *error)
{
	char what[NN_MAX_NAME + 16];

	if (nn_is_recurrent(layer->inner[0]->kind))
		return true;
	nn_error(error, NN_BAD_VALUE, "%s: wraps a recurrent layer, not one of kind \"%s\"",
			 nn_layer_what(layer, what, sizeof(what)), layer->inner[0]->kind->name);
	return nn_hint(error, "Recurrent layers are simple_rnn, lstm and gru.");
}

/* What the two are told beyond their options; says the same however often. */
static void
set_directions(NNLayer *layer)
{
	RecurrentConf *forward = (RecurrentConf *) layer->inner[0]->conf.bytes;
	RecurrentConf *backward = (RecurrentConf *) layer->inner[1]->conf.bytes;

	backward->go_backwards = !forward->go_backwards;
	forward->aligned = backward->aligned = true;
	forward->zero_masked = backward->zero_masked = forward->return_sequences;
	backward->draws = 1;
}

static void
add_params(NNLayer *layer, int which)
{
	const NNLayer *inner = layer->inner[which];

	for (int i = 0; i < inner->n_params; i++)
	{
		const NNParam *from = &inner->params[i];
		NNParam *param = nn_layer_add_param(layer, names[which][i], from->shape, from->init, NULL);

		param->l1 = from->l1;
		param->l2 = from->l2;
	}
}

static bool
bidirectional_shape(NNLayer *layer, NNError *error)
{
	const BidirectionalConf *conf = NN_CONF(layer, BidirectionalConf);
	const NNLayer *first = layer->inner[0];
	size_t in = nn_shape_size(&layer->in[0]);
	size_t out;

	if (!check_inner(layer, error))
		return false;
	set_directions(layer);
	for (int i = 0; i < 2; i++)
	{
		layer->inner[i]->in[0] = layer->in[0];
		if (!nn_layer_infer_inner(layer->inner[i], error))
			return false;
		add_params(layer, i);
	}
	out = nn_shape_size(&first->out);
	layer->out = first->out;
	if (conf->merge_mode == MERGE_CONCAT)
		layer->out.dim[layer->out.rank - 1] *= 2;
	layer->saved_size = 2 * first->saved_size + 2 * out;
	layer->scratch_size = first->scratch_size + 2 * out + in;
	layer->scratch_fixed = NN_ALIGN_REALS(first->scratch_fixed) + 64;
	layer->flops = 2 * first->flops;
	layer->steps_from = first->steps_from;
	layer->mask_from = first->mask_from;
	return true;
}

static void
bidirectional_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random)
{
	for (int i = 0; i < 2; i++)
		nn_layer_init(layer->inner[i], params + (i == 0 ? 0 : layer->inner[0]->param_size), scratch,
					  random);
}

/* ---- passes ---- */

/* The pass of one of the two, and the arrays it refers to. */
typedef struct InnerPass
{
	NNPass pass;
	const nn_real *xs[1];
	nn_real *dxs[1];
} InnerPass;

static nn_real *
outputs_of(const NNLayer *layer, const NNPass *pass, int which)
{
	const NNLayer *inner = layer->inner[0];
	const size_t batch = (size_t) pass->batch;

	return pass->saved +
		(2 * inner->saved_size + (size_t) which * nn_shape_size(&inner->out)) * batch;
}

/* A multiple of cache lines, as the scratch area of a layer begins at one. */
static nn_real *
aligned(nn_real *at)
{
	return (nn_real *) (((uintptr_t) at + NN_ALIGN - 1) & ~(uintptr_t) (NN_ALIGN - 1));
}

static const NNPass *
inner_pass(InnerPass *inner, const NNLayer *layer, const NNPass *pass, int which)
{
	const NNLayer *at = layer->inner[which];
	const size_t batch = (size_t) pass->batch;
	const size_t out = nn_shape_size(&at->out) * batch;
	nn_real *dy = pass->scratch;
	nn_real *dx = dy + 2 * out;
	const size_t offset = which == 0 ? 0 : layer->inner[0]->param_size;

	inner->pass = *pass;
	inner->pass.params = pass->params + offset;
	inner->pass.grads = pass->grads == NULL ? NULL : pass->grads + offset;
	inner->pass.saved = pass->saved + (size_t) which * at->saved_size * batch;
	inner->pass.y = outputs_of(layer, pass, which);
	inner->pass.dy = dy + (size_t) which * out;
	inner->pass.dx = pass->dx == NULL ? NULL : which == 0 ? pass->dx : dx;
	inner->pass.scratch = aligned(dx + nn_shape_size(&at->in[0]) * batch);
	inner->pass.mask_out = NULL;
	inner->xs[0] = pass->x;
	inner->dxs[0] = inner->pass.dx;
	inner->pass.xs = inner->xs;
	inner->pass.dxs = inner->dxs;
	return &inner->pass;
}

static NN_HOT(void, merge,
			  (MergeMode mode, nn_real *restrict y, const nn_real *restrict a,
			   const nn_real *restrict b, size_t n),
			  (mode, y, a, b, n))
{
	const nn_real scale = mode == MERGE_AVE ? (nn_real) 0.5 : 1;

	if (mode == MERGE_MUL)
		for (size_t i = 0; i < n; i++)
			y[i] = a[i] * b[i];
	else
		for (size_t i = 0; i < n; i++)
			y[i] = (a[i] + b[i]) * scale;
}

/* Rows of a and b side by side in y, or back. */
static void
concatenate(nn_real *y, const nn_real *a, const nn_real *b, size_t rows, size_t n)
{
	for (size_t r = 0; r < rows; r++, y += 2 * n)
	{
		memcpy(y, a + r * n, n * sizeof(nn_real));
		memcpy(y + n, b + r * n, n * sizeof(nn_real));
	}
}

static void
split(const nn_real *y, nn_real *a, nn_real *b, size_t rows, size_t n)
{
	for (size_t r = 0; r < rows; r++, y += 2 * n)
	{
		memcpy(a + r * n, y, n * sizeof(nn_real));
		memcpy(b + r * n, y + n, n * sizeof(nn_real));
	}
}

static void
bidirectional_forward(const NNLayer *layer, const NNPass *pass)
{
	const MergeMode mode = (MergeMode) NN_CONF(layer, BidirectionalConf)->merge_mode;
	const NNLayer *first = layer->inner[0];
	const size_t n = nn_shape_size(&first->out) * (size_t) pass->batch;
	const size_t width = (size_t) nn_shape_last(&first->out);
	InnerPass inner;

	for (int i = 0; i < 2; i++)
		layer->inner[i]->kind->forward(layer->inner[i], inner_pass(&inner, layer, pass, i));
	if (mode == MERGE_CONCAT)
		concatenate(pass->y, outputs_of(layer, pass, 0), outputs_of(layer, pass, 1), n / width,
					width);
	else
		merge(mode, pass->y, outputs_of(layer, pass, 0), outputs_of(layer, pass, 1), n);
}

static void
bidirectional_backward(const NNLayer *layer, const NNPass *pass)
{
	const MergeMode mode = (MergeMode) NN_CONF(layer, BidirectionalConf)->merge_mode;
	const NNLayer *first = layer->inner[0];
	const size_t n = nn_shape_size(&first->out) * (size_t) pass->batch;
	const size_t width = (size_t) nn_shape_last(&first->out);
	nn_real *dy = pass->scratch;
	InnerPass inner;

	if (mode == MERGE_CONCAT)
		split(pass->dy, dy, dy + n, n / width, width);
	else
		for (int i = 0; i < 2; i++)
		{
			nn_copy(dy + (size_t) i * n, pass->dy, n);
			if (mode == MERGE_MUL)
				nn_mul(dy + (size_t) i * n, outputs_of(layer, pass, 1 - i), n);
			else if (mode == MERGE_AVE)
				nn_scale(dy + (size_t) i * n, (nn_real) 0.5, n);
		}
	for (int i = 0; i < 2; i++)
		layer->inner[i]->kind->backward(layer->inner[i], inner_pass(&inner, layer, pass, i));
	if (pass->dx)
		nn_add(pass->dx, inner.pass.dx, nn_shape_size(&layer->in[0]) * (size_t) pass->batch);
}

const NNKind nn_bidirectional = {
	.name = "bidirectional",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(BidirectionalConf),
	.fields = bidirectional_fields,
	.shape = bidirectional_shape,
	.init = bidirectional_init,
	.forward = bidirectional_forward,
	.backward = bidirectional_backward,
};
