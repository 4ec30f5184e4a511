/*
 * axes.c
 *	  A layer's axes, checked against its input.
 */
#include "core/layers/axes.h"

static bool
refuse(const NNLayer *layer, const char *why, NNError *error)
{
	const NNShape *in = &layer->in[0];
	char what[NN_MAX_NAME + 16], shape[64];

	nn_error(error, NN_BAD_VALUE, "%s: its axis %s", nn_layer_what(layer, what, sizeof(what)), why);
	return nn_hint(error,
				   "Its input has shape %s: axes are 1 to %d, or -1 for the last; several must be "
				   "next to each other.",
				   nn_shape_text(in, shape, sizeof(shape)), in->rank);
}

bool
nn_axes(const NNLayer *layer, const NNInts *axis, int steps, NNAxes *axes, NNError *error)
{
	const NNShape *in = &layer->in[0];
	bool wanted[NN_MAX_RANK] = {false};
	int count = axis->count > 0 ? axis->count : 1;

	for (int i = 0; i < count; i++)
	{
		int given = axis->count > 0 ? axis->value[i] : -1;
		int at = given < 0 ? in->rank + given : given - 1;

		if (given == 0)
			return refuse(layer, "is 0, the batch", error);
		if (at < 0 || at >= in->rank)
			return refuse(layer, "is no dimension of its input", error);
		if (wanted[at])
			return refuse(layer, "names a dimension twice", error);
		wanted[at] = true;
	}
	*axes = (NNAxes){.first = -1, .outer = 1, .n = 1, .inner = 1};
	for (int i = 0; i < in->rank; i++)
	{
		size_t dim = (size_t) (in->dim[i] == NN_ANY ? steps : in->dim[i]);

		if (!wanted[i])
		{
			*(axes->first < 0 ? &axes->outer : &axes->inner) *= dim;
			continue;
		}
		if (axes->first >= 0 && axes->last != i - 1)
			return refuse(layer, "has dimensions apart from each other", error);
		if (axes->first < 0)
			axes->first = i;
		axes->last = i;
		axes->n *= dim;
	}
	return true;
}

NNAxes
nn_axes_of(const NNLayer *layer, const NNInts *axis, int steps)
{
	NNError error;
	NNAxes axes = {0};

	(void) nn_axes(layer, axis, steps, &axes, &error);
	return axes;
}
