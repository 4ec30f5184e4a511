/*
 * registry.c
 *	  The kinds of layers there are: a new one adds two lines here.
 */
#include "core/internal.h"

extern const NNKind nn_input;
extern const NNKind nn_rescaling;
extern const NNKind nn_normalization;
extern const NNKind nn_dense;
extern const NNKind nn_activation;
extern const NNKind nn_leaky_relu;
extern const NNKind nn_flatten;
extern const NNKind nn_reshape;
extern const NNKind nn_dropout;
extern const NNKind nn_batch_normalization;
extern const NNKind nn_layer_normalization;
extern const NNKind nn_add_layer;
extern const NNKind nn_multiply_layer;
extern const NNKind nn_concatenate_layer;

/* in the order of a hint that lists them */
static const NNKind *const kinds[] = {
	&nn_input,
	&nn_rescaling,
	&nn_normalization,
	&nn_dense,
	&nn_activation,
	&nn_leaky_relu,
	&nn_flatten,
	&nn_reshape,
	&nn_dropout,
	&nn_batch_normalization,
	&nn_layer_normalization,
	&nn_add_layer,
	&nn_multiply_layer,
	&nn_concatenate_layer
};

const NNKind *
nn_kind_find(const char *name)
{
	for (int i = 0; i < NN_ARRAY_LENGTH(kinds); i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}

const char *
nn_kind_name(int i)
{
	return i >= 0 && i < NN_ARRAY_LENGTH(kinds) ? kinds[i]->name : NULL;
}
