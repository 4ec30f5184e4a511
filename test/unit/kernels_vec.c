/*
 * kernels_vec.c
 *	  The loops of vec.c at lengths around those of vectors, each against the
 *	  obvious; nothing past the end is touched.
 */
#include <string.h>

#include "core/kernels/kernels.h"
#include "unit.h"

#define MAX_N 300
#define GUARD ((nn_real) 777)

static const double tolerance = sizeof(nn_real) == 8 ? 1e-14 : 1e-6;

static nn_real
x_at(size_t i)
{
	return (nn_real) ((int) (i * 29 % 64) - 31) / 16;
}

static nn_real
y_at(size_t i)
{
	return (nn_real) ((int) (i * 13 % 32) - 15) / 8;
}

typedef void (*Call)(nn_real *y, const nn_real *x, size_t n);
typedef double (*Expected)(double y, double x);

static void
call_scale(nn_real *y, const nn_real *x, size_t n)
{
	(void) x;
	nn_scale(y, (nn_real) -1.5, n);
}

static void
call_axpy(nn_real *y, const nn_real *x, size_t n)
{
	nn_axpy(y, (nn_real) 0.75, x, n);
}

static void
call_affine(nn_real *y, const nn_real *x, size_t n)
{
	nn_affine(y, x, (nn_real) 2.5, (nn_real) -0.25, n);
}

/* In place, as rescaling may do. */
static void
call_affine_itself(nn_real *y, const nn_real *x, size_t n)
{
	(void) x;
	nn_affine(y, y, (nn_real) 2.5, (nn_real) -0.25, n);
}

static void
call_zero(nn_real *y, const nn_real *x, size_t n)
{
	(void) x;
	nn_zero(y, n);
}

static double
expect_zero(double y, double x)
{
	return 0 * (x + y);
}

static double
expect_copy(double y, double x)
{
	return x + 0 * y;
}

static double
expect_add(double y, double x)
{
	return y + x;
}

static double
expect_mul(double y, double x)
{
	return y * x;
}

static double
expect_scale(double y, double x)
{
	return -1.5 * y + 0 * x;
}

static double
expect_axpy(double y, double x)
{
	return y + 0.75 * x;
}

static double
expect_affine(double y, double x)
{
	return 2.5 * x - 0.25 + 0 * y;
}

static double
expect_affine_itself(double y, double x)
{
	return 2.5 * y - 0.25 + 0 * x;
}

static void
check_loop(const char *name, Call call, Expected expected)
{
	nn_real x[MAX_N];
	nn_real y[MAX_N + 1];
	double worst = 0;

	for (size_t i = 0; i < MAX_N; i++)
		x[i] = x_at(i);
	for (size_t n = 0; n <= MAX_N; n++)
	{
		for (size_t i = 0; i < n; i++)
			y[i] = y_at(i);
		y[n] = GUARD;
		call(y, x, n);
		for (size_t i = 0; i < n; i++)
			worst = fmax(worst, fabs((double) y[i] - expected((double) y_at(i), (double) x[i])));
		if (y[n] != GUARD)
			worst = INFINITY;
	}
	CHECK(worst <= tolerance, "%s: worst error %.2g", name, worst);
}

static void
check_loops(void)
{
	check_loop("zero", call_zero, expect_zero);
	check_loop("copy", nn_copy, expect_copy);
	check_loop("add", nn_add, expect_add);
	check_loop("mul", nn_mul, expect_mul);
	check_loop("scale", call_scale, expect_scale);
	check_loop("axpy", call_axpy, expect_axpy);
	check_loop("affine", call_affine, expect_affine);
	check_loop("affine in place", call_affine_itself, expect_affine_itself);
}

/* add_rows, fill_rows and sum_rows for rows of n */
static void
check_rows(size_t rows, size_t n)
{
	static nn_real x[64 * MAX_N];
	nn_real b[MAX_N];
	nn_real s[MAX_N + 1];
	double worst_add = 0;
	double worst_fill = 0;
	double worst_sum = 0;

	for (size_t i = 0; i < rows * n; i++)
		x[i] = x_at(i);
	for (size_t j = 0; j < n; j++)
	{
		b[j] = y_at(j);
		s[j] = (nn_real) 0.5;
	}
	s[n] = GUARD;
	nn_sum_rows(s, x, rows, n);
	for (size_t j = 0; j < n; j++)
	{
		double sum = 0.5;

		for (size_t r = 0; r < rows; r++)
			sum += (double) x[r * n + j];
		worst_sum = fmax(worst_sum, fabs(sum - (double) s[j]));
	}
	nn_add_rows(x, b, rows, n);
	for (size_t i = 0; i < rows * n; i++)
		worst_add = fmax(worst_add, fabs((double) (x[i] - x_at(i) - b[i % n])));
	nn_fill_rows(x, b, rows, n);
	for (size_t i = 0; i < rows * n; i++)
		worst_fill = fmax(worst_fill, fabs((double) (x[i] - b[i % n])));
	CHECK(worst_sum <= 10 * tolerance && s[n] == GUARD, "sum of %zu rows of %zu: worst %.2g", rows,
		  n, worst_sum);
	CHECK(worst_add <= tolerance && worst_fill == 0, "add and fill %zu rows of %zu", rows, n);
}

static void
check_reductions(void)
{
	enum
	{
		N = 9000,
	};
	static nn_real x[N];
	double squares = 0;
	double sum = 0;
	bool found = true;

	for (size_t i = 0; i < N; i++)
	{
		x[i] = x_at(i);
		squares += (double) x[i] * (double) x[i];
		sum += fabs((double) x[i]);
	}
	CHECK_CLOSE(nn_sum_squares(x, N), squares, 1e-8);
	CHECK_CLOSE(nn_sum_abs(x, N), sum, 1e-8);
	CHECK(nn_sum_squares(x, 0) == 0 && nn_sum_abs(x, 0) == 0, "sums of nothing are 0");
	CHECK(nn_all_finite(x, N) && nn_all_finite(x, 0), "finite numbers are finite");
	for (size_t i = 0; i < N; i += i < 40 || i > 4080 ? 1 : 101)
	{
		static const nn_real bad[] = {(nn_real) NAN, (nn_real) INFINITY, (nn_real) -INFINITY};
		nn_real old = x[i];

		x[i] = bad[i % 3];
		if (nn_all_finite(x, N) || nn_all_finite(x, i + 1) || !nn_all_finite(x, i))
			found = false;
		if (nn_first_not_finite(x, N) != i || nn_first_not_finite(x, i) != i)
			found = false;
		x[i] = old;
	}
	CHECK(found, "one NaN or infinity is found wherever it is");
}

static void
check_conversions(void)
{
	uint8_t bytes[256 + 3];
	float floats[259];
	nn_real y[259];
	bool exact = true;

	for (int i = 0; i < 259; i++)
	{
		bytes[i] = (uint8_t) i;
		floats[i] = (float) x_at((size_t) i);
	}
	nn_bytes_to_reals(y, bytes, 259);
	for (int i = 0; i < 259; i++)
		exact = exact && y[i] == (nn_real) (i % 256);
	CHECK(exact, "bytes are 0 to 255");
	nn_floats_to_reals(y, floats, 259);
	for (int i = 0; i < 259; i++)
		exact = exact && y[i] == (nn_real) floats[i];
	CHECK(exact, "floats stay what they are");
}

/* Ranges and losses add up over calls; what float holds loses nothing. */
static void
check_rounding(void)
{
	enum
	{
		WIDTH = 19,
		ROWS = 5
	};
	double low[WIDTH], high[WIDTH], loss[WIDTH], x[WIDTH];
	bool right = true;

	for (int i = 0; i < WIDTH; i++)
	{
		low[i] = INFINITY;
		high[i] = -INFINITY;
		loss[i] = 0;
	}
	for (int row = 0; row < ROWS; row++)
	{
		for (int i = 0; i < WIDTH; i++)
			x[i] = (i % 2 ? 16777216.0 : 0.5) + row * i;
		nn_measure_rounding(low, high, loss, x, WIDTH);
	}
	for (int i = 0; i < WIDTH; i++)
	{
		double least = i % 2 ? 16777216.0 : 0.5;

		/* from 2^24 on, floats are two apart */
		right = right && low[i] == least && high[i] == least + (ROWS - 1) * i &&
			loss[i] == (i % 2 ? 1 : 0);
	}
	CHECK(right, "ranges and losses of columns by rounding to float");
}

static void
check_argmax(void)
{
	const nn_real ties[] = {1, 3, 2, 3};
	const nn_real nans[] = {(nn_real) NAN, 1, 2};
	const nn_real lows[] = {-(nn_real) INFINITY, -5, -7};

	CHECK(nn_argmax(ties, 4) == 1, "argmax takes the first of equals");
	CHECK(nn_argmax(ties, 1) == 0, "argmax of one");
	CHECK(nn_argmax(lows, 3) == 1, "argmax of negative numbers");
	CHECK(nn_argmax(nans, 3) >= 0 && nn_argmax(nans, 3) < 3, "argmax stays inside with NaN");
}

int
main(void)
{
	static const size_t widths[] = {1, 2, 3, 7, 10, 16, 33, 64, 257};

	check_loops();
	for (size_t w = 0; w < sizeof(widths) / sizeof(widths[0]); w++)
		for (size_t rows = 0; rows <= 64; rows += rows < 9 ? 1 : 55)
			check_rows(rows, widths[w]);
	check_reductions();
	check_conversions();
	check_rounding();
	check_argmax();
	return unit_done();
}
