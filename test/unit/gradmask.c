/*
 * gradmask.c
 *	  Padding and masks for the check of layer kinds.
 */
#include "test/unit/gradmask.h"

void
gradmask_fill(Probe *p, NNRandom *random)
{
	uint64_t steps = (uint64_t) p->mask_steps;

	for (int i = 0; i < p->batch; i++)
	{
		uint64_t kept = nn_random_below(random, steps);

		for (uint64_t t = 0; t < steps; t++)
		{
			size_t at = (size_t) i * steps + t;

			if (p->padding != NULL)
				p->padding[at] = t <= kept;
			if (p->mask != NULL)
				p->mask[at] = t == kept ||
					(nn_random_uniform(random) < 0.6 && (p->padding == NULL || p->padding[at]));
		}
	}
}

/* What hides steps of x, and of y. */
static const uint8_t *
mask_of_x(const Probe *p)
{
	return p->mask != NULL ? p->mask : p->padding;
}

static const uint8_t *
mask_of_y(const Probe *p)
{
	if (p->mask_out != NULL)
		return p->mask_out;
	if (p->layer->mask_from == 0)
		return mask_of_x(p);
	return p->layer->steps_from == 0 ? p->padding : NULL;
}

bool
gradmask_hides(const Probe *p, size_t place)
{
	const uint8_t *mask = mask_of_y(p);
	size_t steps = (size_t) p->layer->out.dim[0];
	size_t row = p->out_size / steps;

	return mask != NULL && !mask[place / p->out_size * steps + place % p->out_size / row];
}
