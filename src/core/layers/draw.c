/*
 * draw.c
 *	  Seeds of draws, and which values of a sample share one.
 */
#include "core/layers/draw.h"

static uint64_t
seed_of(const NNLayer *layer, const NNPass *pass, int seed, int64_t sample)
{
	return seed == NN_NO_SEED
		? nn_mix(pass->seed, (uint64_t) pass->iteration, (uint64_t) layer->index, (uint64_t) sample)
		: nn_mix((uint64_t) seed, (uint64_t) pass->iteration, UINT64_MAX, (uint64_t) sample);
}

uint64_t
nn_draw_seed(const NNLayer *layer, const NNPass *pass, int seed, int sample)
{
	return seed_of(layer, pass, seed, pass->first_sample + sample);
}

bool
nn_noise_check(const NNLayer *layer, const NNInts *noise_shape, NNError *error)
{
	const NNShape *in = &layer->in[0];
	NNShape noise = {.rank = noise_shape->count};
	bool fits = noise.rank == in->rank + 1;
	char what[NN_MAX_NAME + 16], given[64], shape[64];

	if (noise_shape->count == 0)
		return true;
	for (int i = 0; i < noise.rank; i++)
	{
		noise.dim[i] = noise_shape->value[i];
		fits = fits &&
			(noise.dim[i] == NN_ANY || noise.dim[i] == 1 ||
			 (i > 0 && noise.dim[i] == in->dim[i - 1]));
	}
	if (fits)
		return true;
	nn_error(error, NN_BAD_SHAPE, "%s: its noise_shape %s does not fit its input %s",
			 nn_layer_what(layer, what, sizeof(what)), nn_shape_text(&noise, given, sizeof(given)),
			 nn_shape_text(in, shape, sizeof(shape)));
	return nn_hint(error,
				   "It tells of the batch first, then of the input's %d dimension%s: each is NULL, "
				   "or 1, which is drawn once for all.",
				   in->rank, in->rank == 1 ? "" : "s");
}

NNSpread
nn_noise_spread(const NNLayer *layer, const NNInts *noise_shape, int steps)
{
	const NNShape *in = &layer->in[0];
	NNShape noise = *in;

	for (int i = 1; i < noise_shape->count; i++)
		if (noise_shape->value[i] == 1)
			noise.dim[i - 1] = 1;
	return nn_spread(in, &noise, steps);
}

uint64_t
nn_noise_seed(const NNLayer *layer, const NNPass *pass, const NNInts *noise_shape, int seed,
			  int sample)
{
	bool shared = noise_shape->count > 0 && noise_shape->value[0] == 1;

	return seed_of(layer, pass, seed, shared ? -1 : pass->first_sample + sample);
}
