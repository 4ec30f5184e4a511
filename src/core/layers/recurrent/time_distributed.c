/*
 * time_distributed.c
 *	  A layer applied to each step by itself: steps become samples.
 *
 * Since all samples lie end to end, (batch, steps, ...) is (batch * steps,
 * ...) as it stands; only the numbers of samples change.
 */
#include "core/layers/layer.h"

typedef struct TimeDistributedConf
{
	char nothing;
} TimeDistributedConf;

static const NNField time_distributed_fields[] = {
	NN_FIELD_LAYER,
	NN_FIELD_END,
};

/* Steps are known when a plan is made; until then one stands for them. */
static int
steps_of(const NNLayer *layer)
{
	return layer->in[0].dim[0] == NN_ANY ? 1 : layer->in[0].dim[0];
}

static bool
check(const NNLayer *layer, NNError *error)
{
	const NNKind *kind = layer->inner[0]->kind;
	char what[NN_MAX_NAME + 16], shape[64];

	nn_layer_what(layer, what, sizeof(what));
	if (kind->forward_reduce != NULL || kind->adapt_rows != NULL || kind->end_step != NULL)
	{
		nn_error(error, NN_BAD_VALUE,
				 "%s: cannot wrap a layer of kind \"%s\", which looks at other rows too", what,
				 kind->name);
		return nn_hint(error, "Layers that work on the last dimension need no wrapper.");
	}
	if (layer->in[0].rank >= 2)
		return true;
	nn_error(error, NN_BAD_SHAPE, "%s: takes steps, an input of 2 to %d dimensions, not %s", what,
			 NN_MAX_RANK, nn_shape_text(&layer->in[0], shape, sizeof(shape)));
	return nn_hint(error,
				   "A layer before that makes one vector of all steps may need return_sequences.");
}

static bool
time_distributed_shape(NNLayer *layer, NNError *error)
{
	NNLayer *inner = layer->inner[0];
	const size_t steps = (size_t) steps_of(layer);

	if (!check(layer, error))
		return false;
	inner->in[0].rank = layer->in[0].rank - 1;
	for (int i = 0; i < inner->in[0].rank; i++)
		inner->in[0].dim[i] = layer->in[0].dim[i + 1];
	if (!nn_layer_infer_inner(inner, error))
		return false;
	if (inner->out.rank >= NN_MAX_RANK)
	{
		char what[NN_MAX_NAME + 16];

		return nn_error(error, NN_BAD_SHAPE, "%s: its output would have more than %d dimensions",
						nn_layer_what(layer, what, sizeof(what)), NN_MAX_RANK);
	}
	layer->out.rank = inner->out.rank + 1;
	layer->out.dim[0] = layer->in[0].dim[0];
	for (int i = 0; i < inner->out.rank; i++)
		layer->out.dim[i + 1] = inner->out.dim[i];
	layer->activity = inner->activity;
	memcpy(layer->params, inner->params, sizeof(layer->params));
	layer->n_params = inner->n_params;
	layer->param_size = inner->param_size;
	layer->saved_size = inner->saved_size * steps;
	layer->scratch_size = inner->scratch_size * steps;
	layer->scratch_fixed = inner->scratch_fixed;
	layer->split_gradient = inner->split_gradient;
	layer->gradient_rows = inner->gradient_rows;
	layer->packs = inner->packs;
	layer->flops = inner->flops * (double) steps;
	layer->mask_from = 0;
	return true;
}

static void
time_distributed_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random)
{
	nn_layer_init(layer->inner[0], params, scratch, random);
}

/* The same pass with a sample for each step. */
static NNPass
step_pass(const NNLayer *layer, const NNPass *pass)
{
	static const uint8_t *const none[1] = {NULL};
	NNPass steps = *pass;

	steps.batch = pass->batch * steps_of(layer);
	steps.first_sample = pass->first_sample * steps_of(layer);
	steps.steps = 0;
	steps.mask = NULL;
	steps.padding = NULL;
	steps.masks = none;
	steps.paddings = none;
	steps.mask_out = NULL;
	return steps;
}

/* A view, or a layer that only trains, outside training: the numbers pass. */
static bool
is_copy(const NNLayer *layer, const NNPass *pass)
{
	const unsigned flags = layer->inner[0]->kind->flags;

	return (flags & NN_KIND_VIEW) || ((flags & NN_KIND_TRAINING_ONLY) && !pass->training);
}

static void
time_distributed_forward(const NNLayer *layer, const NNPass *pass)
{
	NNPass steps = step_pass(layer, pass);

	if (is_copy(layer, pass))
		nn_copy(pass->y, pass->x, nn_shape_size(&layer->out) * (size_t) pass->batch);
	else
		layer->inner[0]->kind->forward(layer->inner[0], &steps);
}

static void
time_distributed_backward(const NNLayer *layer, const NNPass *pass)
{
	NNPass steps = step_pass(layer, pass);

	if (!is_copy(layer, pass))
		layer->inner[0]->kind->backward(layer->inner[0], &steps);
	else if (pass->dx)
		nn_copy(pass->dx, pass->dy, nn_shape_size(&layer->out) * (size_t) pass->batch);
}

static void
time_distributed_gradient_part(const NNLayer *layer, const NNPass *pass, int part, int parts)
{
	NNPass steps = step_pass(layer, pass);

	layer->inner[0]->kind->gradient_part(layer->inner[0], &steps, part, parts);
}

static void
time_distributed_add_rows(const NNLayer *layer, const NNPass *pass, int from, int to,
						  nn_real *grads)
{
	NNPass steps = step_pass(layer, pass);

	layer->inner[0]->kind->add_rows(layer->inner[0], &steps, from, to, grads);
}

const NNKind nn_time_distributed = {
	.name = "time_distributed",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(TimeDistributedConf),
	.fields = time_distributed_fields,
	.shape = time_distributed_shape,
	.init = time_distributed_init,
	.forward = time_distributed_forward,
	.backward = time_distributed_backward,
	.gradient_part = time_distributed_gradient_part,
	.add_rows = time_distributed_add_rows,
};
