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

static bool
is_sequence(const NNModel *model, int layer)
{
	for (int s = 0; s < model->n_sequences; s++)
		if (model->inputs[model->sequences[s]] == layer)
			return true;
	return false;
}

void
nn_plan_mask(NNPlan *plan, const NNModel *model, int i, size_t *mask_bytes, size_t count)
{
	const NNLayer *layer = &model->layers[i];
	NNPlanLayer *at = &plan->layers[i];

	at->padding = NN_NOWHERE;
	at->mask_steps = (size_t) layer->out.dim[0];
	if (is_sequence(model, i) || layer->steps_from == NN_MASK_OWN)
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
nn_plan_row_masks(NNPlan *plan, const NNModel *model, size_t *mask_bytes, size_t count)
{
	for (int o = 0; o < model->n_outputs; o++)
	{
		NNPlanOutput *output = &plan->outputs[o];

		output->row_mask = NN_NOWHERE;
		if (output->target_reals > 0 && nn_plan_hides_rows(plan, model, o) &&
			nn_model_output(model, o)->out.rank > 2)
			output->row_mask = take(mask_bytes, output->rows * count);
	}
}

/* A mask is of steps: one vector has none. */
bool
nn_plan_hides_rows(const NNPlan *plan, const NNModel *model, int output)
{
	const NNLayer *layer = nn_model_output(model, output);

	return layer->out.rank >= 2 && plan->layers[layer->index].mask != NN_NOWHERE;
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
