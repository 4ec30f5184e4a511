/*
 * encode.c
 *	  Numbers of things to the outputs that layers of categories give.
 *
 * x (batch, in), y as encode.h says.  Padding is no number and counts nowhere.
 */
#include "core/layers/preprocessing/encode.h"

const NNWord nn_output_mode_words[] = {
	{"int", NN_OUTPUT_INT},
	{"one_hot", NN_OUTPUT_ONE_HOT},
	{"multi_hot", NN_OUTPUT_MULTI_HOT},
	{"count", NN_OUTPUT_COUNT},
	{NULL, 0},
};

const NNWord nn_encoding_words[] = {
	{"one_hot", NN_OUTPUT_ONE_HOT},
	{"multi_hot", NN_OUTPUT_MULTI_HOT},
	{"count", NN_OUTPUT_COUNT},
	{NULL, 0},
};

const NNWord nn_output_mode_ones_words[] = {
	{"int", NN_OUTPUT_INT},
	{"one_hot", NN_OUTPUT_ONE_HOT},
	{NULL, 0},
};

static bool
one_hot_shape(NNLayer *layer, int depth, bool variable, NNError *error)
{
	char what[NN_MAX_NAME + 16], shape[64];

	bool replaces = nn_shape_last(&layer->in[0]) == 1 && !(variable && layer->in[0].rank == 1);

	layer->mask_from = replaces && layer->in[0].rank == 1 ? NN_MASK_NONE : 0;
	if (replaces)
	{
		layer->out.dim[layer->out.rank - 1] = depth;
		return true;
	}
	if (layer->in[0].rank < NN_MAX_RANK)
	{
		layer->out.dim[layer->out.rank++] = depth;
		return true;
	}
	nn_error(error, NN_BAD_SHAPE,
			 "%s: one_hot takes an input of 1 to %d dimensions, or a last dimension of 1, not %s",
			 nn_layer_what(layer, what, sizeof(what)), NN_MAX_RANK - 1,
			 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
	return nn_hint(error, "Use nnet.reshape or nnet.flatten before this layer.");
}

bool
nn_encode_shape(NNLayer *layer, int mode, int depth, bool *variable, NNError *error)
{
	char what[NN_MAX_NAME + 16], shape[64];

	if (layer->in[0].dim[0] == NN_ANY)
		*variable = true;
	layer->out = layer->in[0];
	layer->flops = (double) nn_shape_size(&layer->in[0]);
	if (mode == NN_OUTPUT_INT)
	{
		layer->mask_from = 0;
		return true;
	}
	if (mode == NN_OUTPUT_ONE_HOT)
		return one_hot_shape(layer, depth, *variable, error);
	if (layer->in[0].rank == 1)
	{
		layer->out = nn_shape1(depth);
		layer->mask_from = NN_MASK_NONE;
		return true;
	}
	nn_error(error, NN_BAD_SHAPE, "%s: %s takes an input of one dimension, not %s",
			 nn_layer_what(layer, what, sizeof(what)),
			 mode == NN_OUTPUT_COUNT ? "count" : "multi_hot",
			 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
	return nn_hint(error,
				   "Use nnet.flatten before this layer, or nnet.time_distributed for each "
				   "step on its own.");
}

/* Each value has a row of its own. */
static void
encode_each(const NNLayer *layer, const NNPass *pass, size_t n, size_t depth, NNPlaceOf of)
{
	nn_zero(pass->y, n * depth);
	for (size_t i = 0; i < n; i++)
	{
		int place = of(layer, pass, pass->x[i]);

		if (place >= 0)
			pass->y[i * depth + (size_t) place] = 1;
	}
}

/* All values of a sample share one. */
static void
encode_together(const NNLayer *layer, const NNPass *pass, size_t a_sample, size_t depth, bool count,
				NNPlaceOf of)
{
	nn_zero(pass->y, (size_t) pass->batch * depth);
	for (size_t i = 0; i < a_sample * (size_t) pass->batch; i++)
	{
		nn_real *y = pass->y + i / a_sample * depth;
		int place = of(layer, pass, pass->x[i]);

		if (place < 0 || (pass->padding != NULL && !pass->padding[i]))
			continue;
		y[place] = count ? y[place] + 1 : 1;
	}
}

void
nn_encode(const NNLayer *layer, const NNPass *pass, int mode, int depth, NNPlaceOf of)
{
	const size_t a_sample = nn_shape_reals(&layer->in[0], pass->steps);
	const size_t n = a_sample * (size_t) pass->batch;

	if (mode == NN_OUTPUT_ONE_HOT)
		encode_each(layer, pass, n, (size_t) depth, of);
	else if (mode != NN_OUTPUT_INT)
		encode_together(layer, pass, a_sample, (size_t) depth, mode == NN_OUTPUT_COUNT, of);
	else
		for (size_t i = 0; i < n; i++)
			pass->y[i] = (nn_real) of(layer, pass, pass->x[i]);
}

void
nn_encode_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx != NULL)
		nn_zero(pass->dx, nn_shape_reals(&layer->in[0], pass->steps) * (size_t) pass->batch);
}

/* ---- ids ---- */

NN_INLINE bool
is_id(nn_real id, nn_real count)
{
	return id > -1 && id < count;
}

/* A loop of its own, which vectorises: it costs next to nothing beside copies. */
static NN_HOT(bool, all_ids, (const nn_real *restrict x, size_t n, nn_real count), (x, n, count))
{
	int others = 0;

#pragma omp simd reduction(| : others)
	for (size_t i = 0; i < n; i++)
		others |= !(x[i] > -1) | !(x[i] < count);
	return others == 0;
}

void
nn_check_ids(const NNLayer *layer, const NNPass *pass, size_t n, int count)
{
	size_t i = 0;

	if (all_ids(pass->x, n, (nn_real) count))
		return;
	while (i < n &&
		   (is_id(pass->x[i], (nn_real) count) ||
			(pass->present != NULL && !pass->present[i / (n / pass->n_present)])))
		i++;
	if (i < n)
		nn_pass_refuse(pass, layer, pass->x[i]);
}
