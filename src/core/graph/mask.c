/*
 * mask.c
 *	  Which steps count: what is padding, and what layers hide besides.
 *
 * Rows of lengths of their own share a batch by padding, which must never
 * show: it follows the steps through every layer that keeps or changes them.
 * What masking and mask_zero hide are steps that are there; as in Keras that
 * passes through some layers and is lost at others.  A layer's mask is both
 * together; where nothing is hidden it is the padding, the same bytes.
 */
#include "core/graph/plan.h"

static size_t
take(size_t *bytes, size_t n)
{
	size_t at = *bytes;

	*bytes += n;
	return at;
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
	if (layer->mask_from == NN_MASK_OWN)
		at->mask = take(mask_bytes, at->mask_steps * count);
	else if (layer->mask_from >= 0)
		at->mask = plan->layers[layer->inputs[layer->mask_from]].mask;
}
