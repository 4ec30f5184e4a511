/*
 * reals.c
 *	  Arrays of numbers in tests: copies and comparisons.
 */
#include <math.h>
#include <string.h>

#include "test/unit/probe.h"
#include "test/unit/reals.h"

nn_real *
reals_copy(const nn_real *x, size_t n)
{
	nn_real *copy = probe_reals(n);

	memcpy(copy, x, n * sizeof(nn_real));
	return copy;
}

bool
reals_same_bits(const nn_real *a, const nn_real *b, size_t n)
{
	return n == 0 || memcmp(a, b, n * sizeof(nn_real)) == 0;
}

bool
reals_finite(const nn_real *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite((double) x[i]))
			return false;
	return true;
}

double
reals_difference(const nn_real *a, const nn_real *b, size_t n)
{
	double worst = 0;
	double scale = 1;

	for (size_t i = 0; i < n; i++)
	{
		double difference = fabs((double) a[i] - (double) b[i]);

		if (!(difference <= 1e300))
			return INFINITY;
		worst = fmax(worst, difference);
		scale = fmax(scale, fabs((double) b[i]));
	}
	return worst / scale;
}

double
reals_distance(const nn_real *a, const nn_real *b, size_t n)
{
	double worst = 0;

	for (size_t i = 0; i < n; i++)
	{
		double distance = fabs((double) (a[i] - b[i]));

		worst = isnan(distance) ? INFINITY : fmax(worst, distance);
		if (isinf(worst))
			return worst;
	}
	return worst;
}
