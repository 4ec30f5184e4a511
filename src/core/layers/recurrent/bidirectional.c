/*
 * bidirectional.c
 *	  A recurrent layer and one that goes the other way, merged: its twin, or
 *	  backward_layer, which may be of another kind and, side by side, of other units.
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
	bool backward_layer; /* is given */
} BidirectionalConf;

static const NNField bidirectional_fields[] = {
	NN_FIELD_LAYER,
	NN_FIELD_WORD(BidirectionalConf, merge_mode, merge_words, MERGE_CONCAT),
	NN_FIELD_OTHER_LAYER(BidirectionalConf, backward_layer),
	NN_FIELD_END,
};

/* Names of the inner parameters, as add_params meets them. */
static const char *const names[2][3] = {
	{"forward_kernel", "forward_recurrent_kernel", "forward_bias"},
	{"backward_kernel", "backward_recurrent_kernel", "backward_bias"},
};

/* ---- shape ---- */

static const RecurrentConf *
conf_of(const NNLayer *layer, int which)
{
	return NN_CONF(layer->inner[which], RecurrentConf);
}

static bool
check_inner(const NNLayer *layer, NNError *error)
{
	char what[NN_MAX_NAME + 16];

	for (int i = 0; i < 2; i++)
		if (!nn_is_recurrent(layer->inner[i]->kind))
		{
			nn_error(error, NN_BAD_VALUE, "%s: wraps a recurrent layer, not one of kind \"%s\"",
					 nn_layer_what(layer, what, sizeof(what)), layer->inner[i]->kind->name);
			return nn_hint(error, "Recurrent layers are simple_rnn, lstm and gru.");
		}
	return true;
}

/* What a backward_layer must share with the layer, and what not. */
static bool
check_given(const NNLayer *layer, NNError *error)
{
	const BidirectionalConf *conf = NN_CONF(layer, BidirectionalConf);
	const RecurrentConf *forward = conf_of(layer, 0), *backward = conf_of(layer, 1);
	char what[NN_MAX_NAME + 16];

	nn_layer_what(layer, what, sizeof(what));
	if (forward->go_backwards || !backward->go_backwards)
	{
		nn_error(error, NN_BAD_VALUE, "%s: its layer goes %s, its backward_layer %s", what,
				 forward->go_backwards ? "backwards" : "forwards",
				 backward->go_backwards ? "backwards" : "forwards");
		return nn_hint(error, "Give go_backwards => true to the backward_layer alone.");
	}
	if (forward->return_sequences != backward->return_sequences)
	{
		nn_error(error, NN_BAD_VALUE, "%s: of its two layers one returns sequences", what);
		return nn_hint(error, "Give return_sequences to both or to neither.");
	}
	if (conf->merge_mode != MERGE_CONCAT && forward->units != backward->units)
	{
		nn_error(error, NN_BAD_VALUE, "%s: its layers have %d and %d units, which do not merge",
				 what, forward->units, backward->units);
		return nn_hint(error, "Layers of other units go by merge_mode 'concat'.");
	}
	return true;
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

		param->regularizer = from->regularizer;
		param->constraint = from->constraint;
	}
}

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Both directions' outputs are regularized, which are there side by side alone. */
static bool
take_activity(NNLayer *layer, bool concatenated, NNError *error)
{
	const NNRegularizer *other = &layer->inner[1]->activity;

	layer->activity = layer->inner[0]->activity;
	if (!nn_regularized(&layer->activity) && !nn_regularized(other))
		return true;
	if (concatenated && layer->activity.l1 == other->l1 && layer->activity.l2 == other->l2)
		return true;
	nn_error(
		error, NN_BAD_VALUE,
		"layer \"%s\": activity_regularizer of its directions needs merge_mode \"concat\", and "
		"both alike",
		layer->name);
	return nn_hint(error, "Regularize what comes out: nnet.activity_regularization() after it.");
}

static bool
bidirectional_shape(NNLayer *layer, NNError *error)
{
	const BidirectionalConf *conf = NN_CONF(layer, BidirectionalConf);
	const NNLayer *const *inner = (const NNLayer *const *) layer->inner;
	size_t outputs = 0;

	if (!check_inner(layer, error) || (conf->backward_layer && !check_given(layer, error)))
		return false;
	set_directions(layer);
	for (int i = 0; i < 2; i++)
	{
		layer->inner[i]->in[0] = layer->in[0];
		if (!nn_layer_infer_inner(layer->inner[i], error))
			return false;
		add_params(layer, i);
		layer->saved_size += inner[i]->saved_size;
		layer->flops += inner[i]->flops;
		outputs += nn_shape_size(&inner[i]->out);
	}
	layer->out = inner[0]->out;
	if (conf->merge_mode == MERGE_CONCAT)
		layer->out.dim[layer->out.rank - 1] += nn_shape_last(&inner[1]->out);
	if (!take_activity(layer, conf->merge_mode == MERGE_CONCAT, error))
		return false;
	layer->saved_size += outputs;
	layer->scratch_size = larger(inner[0]->scratch_size, inner[1]->scratch_size) + outputs +
		nn_shape_size(&layer->in[0]);
	layer->scratch_fixed =
		NN_ALIGN_REALS(larger(inner[0]->scratch_fixed, inner[1]->scratch_fixed)) + 64;
	layer->steps_from = inner[0]->steps_from;
	layer->mask_from = inner[0]->mask_from;
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

/* Where the first of the two's share ends, of what is so large a sample for each. */
static size_t
after_first(size_t first, int which)
{
	return which == 0 ? 0 : first;
}

static size_t
out_size(const NNLayer *layer, int which)
{
	return nn_shape_size(&layer->inner[which]->out);
}

static nn_real *
outputs_of(const NNLayer *layer, const NNPass *pass, int which)
{
	const size_t saved = layer->inner[0]->saved_size + layer->inner[1]->saved_size;

	return pass->saved + (saved + after_first(out_size(layer, 0), which)) * (size_t) pass->batch;
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
	nn_real *dy = pass->scratch;
	nn_real *dx = dy + (out_size(layer, 0) + out_size(layer, 1)) * batch;
	const size_t offset = after_first(layer->inner[0]->param_size, which);

	inner->pass = *pass;
	inner->pass.params = pass->params + offset;
	inner->pass.grads = pass->grads == NULL ? NULL : pass->grads + offset;
	inner->pass.saved = pass->saved + after_first(layer->inner[0]->saved_size, which) * batch;
	inner->pass.y = outputs_of(layer, pass, which);
	inner->pass.dy = dy + after_first(out_size(layer, 0), which) * batch;
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

static void
bidirectional_forward(const NNLayer *layer, const NNPass *pass)
{
	const MergeMode mode = (MergeMode) NN_CONF(layer, BidirectionalConf)->merge_mode;
	const size_t n = out_size(layer, 0) * (size_t) pass->batch;
	const size_t width = (size_t) nn_shape_last(&layer->out);
	size_t at = 0;
	InnerPass inner;

	for (int i = 0; i < 2; i++)
		layer->inner[i]->kind->forward(layer->inner[i], inner_pass(&inner, layer, pass, i));
	if (mode != MERGE_CONCAT)
	{
		merge(mode, pass->y, outputs_of(layer, pass, 0), outputs_of(layer, pass, 1), n);
		return;
	}
	for (int i = 0; i < 2; i++)
	{
		const size_t own = (size_t) nn_shape_last(&layer->inner[i]->out);

		nn_copy_rows(pass->y + at, width, outputs_of(layer, pass, i), own, own,
					 (int) nn_pass_rows(&layer->out, pass));
		at += own;
	}
}

/* The gradients of both outputs from that of what they were merged to. */
static void
split(const NNLayer *layer, const NNPass *pass, nn_real *dy)
{
	const MergeMode mode = (MergeMode) NN_CONF(layer, BidirectionalConf)->merge_mode;
	const size_t width = (size_t) nn_shape_last(&layer->out);
	const nn_real *from = pass->dy;

	for (int i = 0; i < 2; i++)
	{
		const size_t n = out_size(layer, i) * (size_t) pass->batch;
		const size_t own = (size_t) nn_shape_last(&layer->inner[i]->out);

		if (mode == MERGE_CONCAT)
		{
			nn_copy_rows(dy, own, from, width, own, (int) nn_pass_rows(&layer->out, pass));
			from += own;
		}
		else
			nn_copy(dy, from, n);
		if (mode == MERGE_MUL)
			nn_mul(dy, outputs_of(layer, pass, 1 - i), n);
		else if (mode == MERGE_AVE)
			nn_scale(dy, (nn_real) 0.5, n);
		dy += n;
	}
}

static void
bidirectional_backward(const NNLayer *layer, const NNPass *pass)
{
	InnerPass inner;

	split(layer, pass, pass->scratch);
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
