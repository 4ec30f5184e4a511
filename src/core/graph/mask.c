/*
 * mask.c
 *	  Which steps count: what is padding, and what layers hide besides.
 *
 * Rows of lengths of their own share a batch by padding, which must never
 * show: it follows the steps through every layer that keeps or changes them.
 * What masking and mask_zero hide are steps that are there; as in Keras that
 * passes through some layers and is lost at others.  A layer's mask is both
 * together; where nothing is hidden it is the padding, the same bytes.
 *
 * Where inputs merge element by element the output has a mask only if all of
 * them have one, and shows the steps that any of them shows.  Concatenated by
 * features it is the same: an input without mask shows all steps.
 */
#include "core/graph/plan.h"

static size_t
take(size_t *bytes, size_t n)
{
	size_t at = *bytes;

	*bytes += n;
	return at;
}

/* Whether layers hide steps of this input that the output has too: all of its steps, or one for all. */
static bool
has_mask(const NNPlan *plan, const NNLayer *layer, int input)
{
	const NNPlanLayer *from = &plan->layers[layer->inputs[input]];

	return from->mask != from->padding && layer->in[input].rank == layer->out.rank &&
		(layer->mask_from == NN_MASK_JOINED || layer->in[input].dim[0] == layer->out.dim[0] ||
		 layer->in[input].dim[0] == 1);
}

/* Whether the inputs' masks make one of the output's. */
static bool
merges_masks(const NNPlan *plan, const NNLayer *layer)
{
	int n = 0;

	if (layer->mask_from != NN_MASK_SHARED && layer->mask_from != NN_MASK_JOINED)
		return false;
	for (int k = 0; k < layer->n_inputs; k++)
		n += has_mask(plan, layer, k);
	return layer->mask_from == NN_MASK_JOINED ? n > 0 : n == layer->n_inputs;
}

void
nn_plan_mask(NNPlan *plan, const NNModel *model, int i, size_t *mask_bytes, size_t count)
{
	const NNLayer *layer = &model->layers[i];
	NNPlanLayer *at = &plan->layers[i];

	at->padding = NN_NOWHERE;
	at->mask_steps = (size_t) layer->out.dim[0];
	if ((i == 0 && model->variable) || layer->steps_from == NN_MASK_OWN)
		at->padding = take(mask_bytes, at->mask_steps * count);
	else if (layer->steps_from >= 0)
		at->padding = plan->layers[layer->inputs[layer->steps_from]].padding;
	at->mask = at->padding;
	at->merged = merges_masks(plan, layer);
	if (layer->mask_from == NN_MASK_OWN || at->merged)
		at->mask = take(mask_bytes, at->mask_steps * count);
	else if (layer->mask_from >= 0)
		at->mask = plan->layers[layer->inputs[layer->mask_from]].mask;
}

void
nn_plan_row_mask(NNPlan *plan, const NNModel *model, size_t *mask_bytes, size_t count)
{
	const NNLayer *last = &model->layers[model->n_layers - 1];
	const NNPlanLayer *at = &plan->layers[last->index];
	size_t rows = at->reals / (size_t) nn_shape_last(&last->out);

	plan->row_mask = NN_NOWHERE;
	if (plan->target_reals > 0 && at->mask != NN_NOWHERE && last->out.rank > 2)
		plan->row_mask = take(mask_bytes, rows * count);
}

/* ---- in a pass ---- */

static void
share(const NNPlan *plan, const NNLayer *layer, uint8_t *masks, int count)
{
	const NNPlanLayer *at = &plan->layers[layer->index];
	const size_t n = at->mask_steps * (size_t) count;
	uint8_t *to = masks + at->mask;

	memset(to, 0, n);
	for (int k = 0; k < layer->n_inputs; k++)
	{
		const NNPlanLayer *from = &plan->layers[layer->inputs[k]];
		const size_t repeat = at->mask_steps / from->mask_steps;

		for (size_t i = 0; i < n; i++)
			to[i] |= masks[from->mask + i / repeat];
	}
	/* an input of one step knows no padding */
	for (size_t i = 0; at->padding != NN_NOWHERE && i < n; i++)
		to[i] &= masks[at->padding + i];
}

static void
join(const NNPlan *plan, const NNLayer *layer, uint8_t *masks, int count)
{
	uint8_t *to = masks + plan->layers[layer->index].mask;

	for (size_t s = 0; s < (size_t) count; s++)
		for (int k = 0; k < layer->n_inputs; k++)
		{
			const NNPlanLayer *from = &plan->layers[layer->inputs[k]];
			const size_t n = from->mask_steps;

			if (has_mask(plan, layer, k))
				memcpy(to, masks + from->mask + s * n, n);
			else
				memset(to, 1, n);
			to += n;
		}
}

void
nn_mask_merge(const NNPlan *plan, const NNLayer *layer, uint8_t *masks, int count)
{
	if (layer->mask_from == NN_MASK_JOINED)
		join(plan, layer, masks, count);
	else
		share(plan, layer, masks, count);
}
