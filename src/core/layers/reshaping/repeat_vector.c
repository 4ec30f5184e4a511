/*
 * repeat_vector.c
 *	  The same vector at each of n steps: (features) becomes (n, features).
 */
#include "core/layers/layer.h"

typedef struct RepeatVectorConf
{
	int n;
} RepeatVectorConf;

static const NNField repeat_vector_fields[] = {
	NN_FIELD_INT(RepeatVectorConf, n, true, 0, 1, NN_MAX_UNITS),
	NN_FIELD_END,
};

static bool
repeat_vector_shape(NNLayer *layer, NNError *error)
{
	char what[NN_MAX_NAME + 16], shape[64];

	if (layer->in[0].rank != 1 || layer->in[0].dim[0] == NN_ANY)
	{
		nn_error(error, NN_BAD_SHAPE, "%s: takes one vector, an input of 1 dimension, not %s",
				 nn_layer_what(layer, what, sizeof(what)),
				 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
		return nn_hint(error,
					   "Make one vector of the steps before, by a recurrent layer "
					   "(return_sequences false), a global pooling layer or flatten.");
	}
	layer->out = nn_shape2(NN_CONF(layer, RepeatVectorConf)->n, layer->in[0].dim[0]);
	layer->flops = (double) nn_shape_size(&layer->out);
	layer->mask_from = NN_MASK_NONE;
	return true;
}

static void
repeat_vector_forward(const NNLayer *layer, const NNPass *pass)
{
	const size_t n = (size_t) layer->in[0].dim[0];
	const size_t times = (size_t) layer->out.dim[0];

	for (size_t s = 0; s < (size_t) pass->batch; s++)
		nn_fill_rows(pass->y + s * times * n, pass->x + s * n, times, n);
}

static void
repeat_vector_backward(const NNLayer *layer, const NNPass *pass)
{
	const size_t n = (size_t) layer->in[0].dim[0];
	const size_t times = (size_t) layer->out.dim[0];

	if (pass->dx == NULL)
		return;
	nn_zero(pass->dx, n * (size_t) pass->batch);
	for (size_t s = 0; s < (size_t) pass->batch; s++)
		nn_sum_rows(pass->dx + s * n, pass->dy + s * times * n, times, n);
}

const NNKind nn_repeat_vector = {
	.name = "repeat_vector",
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(RepeatVectorConf),
	.fields = repeat_vector_fields,
	.shape = repeat_vector_shape,
	.forward = repeat_vector_forward,
	.backward = repeat_vector_backward,
};
