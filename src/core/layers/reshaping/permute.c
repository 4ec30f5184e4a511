/*
 * permute.c
 *	  The dimensions of a sample in another order: dims says, counted from 1,
 *	  which dimension of the input each of the output's is.
 *
 * A variable number of steps stays the first dimension.  A mask ends here.
 */
#include "core/layers/layer.h"

typedef struct PermuteConf
{
	NNInts dims;
} PermuteConf;

static const NNField permute_fields[] = {
	NN_FIELD_SHAPE(PermuteConf, dims, NN_MAX_RANK, true, 1),
	NN_FIELD_END,
};

static bool
is_permutation(const NNInts *dims, int rank)
{
	unsigned seen = 0;

	for (int i = 0; i < dims->count; i++)
		if (dims->value[i] >= 1 && dims->value[i] <= rank)
			seen |= 1u << (dims->value[i] - 1);
	return dims->count == rank && seen == (1u << rank) - 1;
}

static bool
permute_shape(NNLayer *layer, NNError *error)
{
	const NNInts *dims = &NN_CONF(layer, PermuteConf)->dims;
	const NNShape *in = &layer->in[0];
	char what[NN_MAX_NAME + 16], shape[64];

	nn_layer_what(layer, what, sizeof(what));
	nn_shape_text(in, shape, sizeof(shape));
	if (!is_permutation(dims, in->rank))
	{
		nn_error(error, NN_BAD_SHAPE,
				 "%s: option \"dims\" must name each of 1 to %d once, for an input of shape %s",
				 what, in->rank, shape);
		return nn_hint(error, "The first dimension of a sample is 1: '{2,1}' swaps two.");
	}
	if (in->dim[0] == NN_ANY && dims->value[0] != 1)
	{
		nn_error(error, NN_BAD_SHAPE,
				 "%s: the variable dimension of an input of shape %s must stay the first", what,
				 shape);
		return nn_hint(error, "Let dims begin with 1, or give nnet.input() a number of steps.");
	}
	layer->out.rank = in->rank;
	for (int i = 0; i < in->rank; i++)
		layer->out.dim[i] = in->dim[dims->value[i] - 1];
	layer->flops = (double) nn_shape_size(in);
	layer->steps_from = dims->value[0] == 1 ? 0 : NN_MASK_NONE;
	return true;
}

/* Steps from one number of y to the next along each of four dimensions, in x. */
static void
strides_of(const NNLayer *layer, size_t strides[NN_MAX_RANK], int sizes[NN_MAX_RANK])
{
	const NNInts *dims = &NN_CONF(layer, PermuteConf)->dims;
	const int rank = layer->in[0].rank;

	for (int i = 0; i < NN_MAX_RANK; i++)
	{
		/* dimensions of one number in front make every rank the largest */
		int k = i - (NN_MAX_RANK - rank);

		sizes[i] = 1;
		strides[i] = 0;
		if (k < 0)
			continue;
		sizes[i] = layer->out.dim[k];
		strides[i] = 1;
		for (int j = dims->value[k]; j < rank; j++)
			strides[i] *= (size_t) layer->in[0].dim[j];
	}
}

/* y = the permuted x of each sample; back: x from y. */
static void
permute_run(const NNLayer *layer, const NNPass *pass, nn_real *to, const nn_real *from, bool back)
{
	const size_t n = nn_shape_size(&layer->in[0]);
	size_t stride[NN_MAX_RANK];
	int size[NN_MAX_RANK];

	strides_of(layer, stride, size);
	for (int s = 0; s < pass->batch; s++, to += n, from += n)
	{
		size_t at = 0;

		for (size_t i = 0; i < (size_t) size[0]; i++)
			for (size_t j = 0; j < (size_t) size[1]; j++)
				for (size_t k = 0; k < (size_t) size[2]; k++)
					for (size_t l = 0; l < (size_t) size[3]; l++, at++)
					{
						size_t other =
							i * stride[0] + j * stride[1] + k * stride[2] + l * stride[3];

						if (back)
							to[other] = from[at];
						else
							to[at] = from[other];
					}
	}
}

static void
permute_forward(const NNLayer *layer, const NNPass *pass)
{
	permute_run(layer, pass, pass->y, pass->x, false);
}

static void
permute_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		permute_run(layer, pass, pass->dx, pass->dy, true);
}

const NNKind nn_permute = {
	.name = "permute",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(PermuteConf),
	.fields = permute_fields,
	.shape = permute_shape,
	.forward = permute_forward,
	.backward = permute_backward,
};
