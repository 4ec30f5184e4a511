/*
 * spread.c
 *	  Where the values of a repeated tensor lie along a sample.
 */
#include "core/layers/spread.h"

NNSpread
nn_spread(const NNShape *whole, const NNShape *part, int steps)
{
	NNSpread s = {.rows = 1, .width = 1};
	size_t stride = 1;
	int last = whole->rank - 1;

	if (nn_shape_equal(whole, part))
	{
		s.width = nn_shape_reals(whole, steps);
		return s;
	}
	for (int k = last; k >= 0; k--)
	{
		size_t all = (size_t) (whole->dim[k] == NN_ANY ? steps : whole->dim[k]);
		bool repeated = part->dim[k] == 1 && whole->dim[k] != 1;

		if (k == last)
		{
			s.width = all;
			s.single = repeated;
		}
		else
		{
			s.dim[k] = all;
			s.step[k] = repeated ? 0 : stride;
			s.rows *= all;
		}
		stride *= repeated ? 1 : all;
	}
	s.n_dims = last;
	return s;
}

size_t
nn_spread_at(const NNSpread *spread, size_t row)
{
	size_t at = 0;

	for (int k = spread->n_dims - 1; k >= 0; k--)
	{
		at += row % spread->dim[k] * spread->step[k];
		row /= spread->dim[k];
	}
	return at;
}
