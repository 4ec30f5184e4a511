/*
 * kernels_moments.c
 *	  Steps of Adam by each level of the processor, at lengths around those of
 *	  vectors, against the formula in doubles; nothing past the end is touched.
 */
#include <float.h>

#include "core/kernels/backend.h"
#include "core/kernels/moments.h"
#include "unit.h"

#define MAX_N 70
#define GUARD ((nn_real) 777)

static const double tolerance = sizeof(nn_real) == 8 ? 1e-14 : 4e-7;
static const NNMomentStep step = {(nn_real) 0.5, (nn_real) 0.125, (nn_real) 0.25, (nn_real) 1e-7,
								  (nn_real) 0.75};

typedef struct Arrays
{
	nn_real p[MAX_N + 1], m[MAX_N + 1], v[MAX_N + 1], most[MAX_N + 1], g[MAX_N], squares[MAX_N];
} Arrays;

static void
fill(Arrays *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		x->p[i] = (nn_real) ((int) (i * 29 % 64) - 31) / 16;
		x->m[i] = (nn_real) ((int) (i * 13 % 32) - 15) / 8;
		/* roots over many powers of two, and of nothing */
		x->v[i] = i % 7 == 3 ? 0 : (nn_real) ldexp(1 + (double) (i % 5) / 7, (int) (i % 80) - 60);
		x->most[i] = x->v[i] * (i % 3 == 0 ? 2 : 1);
		x->g[i] = i % 7 == 3 ? 0 : (nn_real) ((int) (i * 11 % 40) - 19) / 64;
		x->squares[i] = x->g[i] * x->g[i] / 2;
	}
	x->p[n] = x->m[n] = x->v[n] = x->most[n] = GUARD;
}

/* The larger of two errors; NaN is the largest. */
static double
worse(double worst, double error)
{
	return isnan(error) ? INFINITY : fmax(worst, error);
}

/* How far a number is from what it should be, by the size of that or of 1e-3. */
static double
off(nn_real got, double expected)
{
	return fabs((double) got - expected) / fmax(fabs(expected), 1e-3);
}

static double
worst_of(const Arrays *x, const Arrays *from, size_t n, bool with_most, bool with_squares)
{
	double worst = 0;

	for (size_t i = 0; i < n; i++)
	{
		const double g = (double) from->g[i] * 0.75;
		const double square = with_squares ? (double) from->squares[i] : g * g;
		const double m = (double) from->m[i] + (g - (double) from->m[i]) * 0.125;
		const double v = (double) from->v[i] + (square - (double) from->v[i]) * 0.25;
		const double most = fmax(v, (double) from->most[i]);
		const double root = sqrt(with_most ? most : v);
		const double way = m * 0.5 / (root + (double) step.epsilon);

		worst = worse(worst, off(x->m[i], m));
		worst = worse(worst, v > 0 ? fabs((double) x->v[i] / v - 1) : fabs((double) x->v[i]));
		worst = worse(worst, with_most && most > 0 ? fabs((double) x->most[i] / most - 1) : 0);
		/* p goes far where v is small: by the size of the way */
		worst =
			fmax(worst, fabs((double) x->p[i] - ((double) from->p[i] - way)) / fmax(1, fabs(way)));
	}
	if (x->p[n] != GUARD || x->m[n] != GUARD || x->v[n] != GUARD || x->most[n] != GUARD)
		return INFINITY;
	return worst;
}

static void
check_lengths(const char *backend, bool with_most, bool with_squares)
{
	Arrays from, x;
	double worst = 0;

	for (size_t n = 0; n <= MAX_N; n++)
	{
		fill(&from, n);
		x = from;
		nn_moment_step(&step, x.p, x.m, x.v, with_most ? x.most : NULL, x.g,
					   with_squares ? x.squares : NULL, n);
		worst = worse(worst, worst_of(&x, &from, n, with_most, with_squares));
	}
	CHECK(worst <= tolerance, "%s%s%s: worst error %.2g", backend,
		  with_most ? ", the largest v" : "", with_squares ? ", sums of squares" : "", worst);
}

/* What is beyond the usual: as sqrt() and division have it. */
static void
check_odd(const char *backend)
{
	static const double odd[] = {0, DBL_MIN, FLT_MIN / 4, FLT_MIN, FLT_MAX, INFINITY, NAN, -1};
	static const NNMomentStep still = {1, 0, 1, (nn_real) 1e-30, 1};
	bool right = true;

	for (size_t k = 0; k < sizeof(odd) / sizeof(odd[0]); k++)
		for (size_t at = 0; at < 17; at += 8)
		{
			nn_real p[17] = {0}, m[17], v[17] = {0}, squares[17], g[17] = {0};
			double expected;

			for (int i = 0; i < 17; i++)
			{
				m[i] = (nn_real) 1e-25;
				squares[i] = 1;
			}
			squares[at] = (nn_real) odd[k];
			expected = -(double) m[at] / (sqrt((double) squares[at]) + (double) still.epsilon);
			nn_moment_step(&still, p, m, v, NULL, g, squares, 17);
			for (size_t i = 0; i < 17; i++)
				if (i != at)
					right = right && fabs((double) p[i] / -1e-25 - 1) < 1e-6;
			right = right &&
				(isnan(expected) ? isnan(p[at])
								 : fabs((double) p[at] - expected) <=
						 1e-6 * fabs(expected) + (double) FLT_TRUE_MIN);
		}
	CHECK(right, "%s: roots of 0, of small and large numbers, and of none", backend);
}

int
main(void)
{
	static const char *const names[] = {NULL, "avx512", "avx2", "plain"};

	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
	{
		const char *name = names[k] != NULL ? names[k] : "by the processor";

		if (!nn_backend_force(names[k]))
		{
			CHECK(names[k] != NULL, "not here: %s", name);
			continue;
		}
		for (int which = 0; which < 4; which++)
			check_lengths(name, which & 1, which & 2);
		check_odd(name);
	}
	return unit_done();
}
