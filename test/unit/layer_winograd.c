/*
 * layer_winograd.c
 *	  Convolutions that are computed by Winograd's transforms: against the plain
 *	  sum, forward and back, at all paddings and odd sizes; which ones they are;
 *	  and the kernels they are made of.
 */
#include <stdlib.h>
#include <string.h>

#include "core/kernels/winograd.h"
#include "core/layers/conv/conv.h"
#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"
#include "test/unit/reals.h"

#define BATCH 3

typedef struct Case
{
	int height, width, channels, filters;
	bool same;
	const char *activation;
} Case;

static Probe *
make(const Case *c)
{
	char config[200];
	NNRandom random = nn_random(5, 7);
	Probe *p;

	snprintf(config, sizeof(config),
			 "{\"filters\": %d, \"kernel_size\": 3, \"padding\": \"%s\", \"activation\": \"%s\"}",
			 c->filters, c->same ? "same" : "valid", c->activation);
	p = probe_make(&(ProbeSpec){.kind = "conv2d",
								.config = config,
								.in = {{3, {c->height, c->width, c->channels}}},
								.batch = BATCH},
				   NULL);
	for (size_t i = 0; i < BATCH * p->in_size[0]; i++)
		p->x[0][i] = (nn_real) nn_random_normal(&random);
	for (size_t i = 0; i < p->layer->param_size; i++)
		p->params[i] = (nn_real) (0.1 * nn_random_normal(&random));
	for (size_t i = 0; i < BATCH * p->out_size; i++)
		p->dy[i] = (nn_real) nn_random_normal(&random);
	return p;
}

/* For each output, window cell, channel and filter: f(x, kernel, y). */
typedef struct Plain
{
	double *y;	/* before the activation */
	double *dx; /* of dz */
	double *dw;
	double *db;
} Plain;

static void
plain(const Case *c, const Probe *p, const nn_real *dz, Plain *to)
{
	const int out_h = p->layer->out.dim[0], out_w = p->layer->out.dim[1];
	const int before = c->same ? 1 : 0;
	const size_t f = (size_t) c->filters;
	const nn_real *bias = p->params + p->layer->params[1].offset;

	for (int at = 0; at < BATCH * out_h * out_w; at++)
	{
		const int b = at / (out_h * out_w), i = at / out_w % out_h, j = at % out_w;

		for (size_t k = 0; k < f; k++)
		{
			to->y[(size_t) at * f + k] = (double) bias[k];
			to->db[k] += (double) dz[(size_t) at * f + k];
		}
		for (int u = 0; u < 9 * c->channels; u++)
		{
			const int y = i - before + u / c->channels / 3, x = j - before + u / c->channels % 3;
			const size_t in =
				(size_t) (((b * c->height + y) * c->width + x) * c->channels + u % c->channels);

			if (y < 0 || y >= c->height || x < 0 || x >= c->width)
				continue;
			for (size_t k = 0; k < f; k++)
			{
				const size_t w = (size_t) u * f + k, o = (size_t) at * f + k;

				to->y[o] += (double) p->x[0][in] * (double) p->params[w];
				to->dx[in] += (double) dz[o] * (double) p->params[w];
				to->dw[w] += (double) dz[o] * (double) p->x[0][in];
			}
		}
	}
}

/* The largest difference, relative to the largest value; NaN counts. */
static double
apart(const nn_real *got, const double *expected, size_t n)
{
	double most = 0, largest = 0;

	for (size_t i = 0; i < n; i++)
	{
		double off = fabs((double) got[i] - expected[i]);

		largest = fmax(largest, fabs(expected[i]));
		if (!(off <= most))
			most = off;
	}
	return most / largest;
}

static void
against_plain(const Case *c)
{
	const double tolerance = sizeof(nn_real) == 4 ? 3e-6 : 1e-13;
	Probe *p = make(c);
	const size_t in = BATCH * p->in_size[0], out = BATCH * p->out_size;
	const size_t weights = p->layer->params[0].size, f = (size_t) c->filters;
	Plain to = {calloc(out, sizeof(double)), calloc(in, sizeof(double)),
				calloc(weights, sizeof(double)), calloc(f, sizeof(double))};
	const bool relu = strcmp(c->activation, "relu") == 0;
	nn_real *dz = reals_copy(p->dy, out);
	double y, dx, dw, db;

	probe_forward(p, true);
	memset(p->grads, 0, p->layer->param_size * sizeof(nn_real));
	probe_backward(p);
	for (size_t i = 0; i < out && relu; i++)
		dz[i] = p->y[i] > 0 ? dz[i] : 0;
	plain(c, p, dz, &to);
	for (size_t i = 0; i < out && relu; i++)
		to.y[i] = fmax(to.y[i], 0);
	y = apart(p->y, to.y, out);
	dx = apart(p->dx[0], to.dx, in);
	dw = apart(p->grads, to.dw, weights);
	db = apart(p->grads + p->layer->params[1].offset, to.db, f);
	CHECK(y < tolerance && dx < tolerance && dw < tolerance && db < tolerance,
		  "%d x %d x %d, %d filters, %s, %s: as plain sums (off by %.1g, %.1g, %.1g, %.1g)",
		  c->height, c->width, c->channels, c->filters, c->same ? "same" : "valid", c->activation,
		  y, dx, dw, db);
	free(to.y), free(to.dx), free(to.dw), free(to.db), free(dz);
	probe_free(p);
}

static void
sums(void)
{
	static const Case cases[] = {
		{13, 13, 32, 64, false, "relu"},   {12, 9, 16, 16, true, "linear"},
		{7, 8, 17, 33, false, "relu"},	   {5, 5, 16, 100, true, "relu"},
		{8, 7, 48, 16, false, "linear"},   {31, 6, 20, 18, true, "linear"},
		{7, 7, 130, 40, false, "linear"},  {6, 6, 256, 272, true, "relu"},
		{40, 33, 24, 24, false, "linear"}, {7, 7, 16, 1040, true, "linear"},
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(cases); i++)
		against_plain(&cases[i]);
}

static void
gradients(void)
{
	NNShape image = {3, {7, 6, 16}};

	GRADCHECK(.kind = "conv2d", .config = "{\"filters\": 18, \"kernel_size\": 3}",
			  .in = {{3, {7, 8, 16}}}, .batch = 5, .samples = 60);
	GRADCHECK(.kind = "conv2d",
			  .config = "{\"filters\": 16, \"kernel_size\": 3, \"padding\": \"same\","
						"\"activation\": \"gelu\"}",
			  .in = {image}, .batch = 5, .samples = 60);
	GRADCHECK(.kind = "conv2d",
			  .config = "{\"filters\": 16, \"kernel_size\": 3, \"padding\": \"same\","
						"\"use_bias\": false, \"activation\": \"relu\"}",
			  .in = {image}, .batch = 5, .samples = 60);
	GRADCHECK(.kind = "conv2d",
			  .config = "{\"filters\": 20, \"kernel_size\": 3, \"padding\": \"same\","
						"\"activation\": \"softmax\"}",
			  .in = {image}, .batch = 5, .samples = 60);
}

/* Which layers: the shape alone decides. */
static void
suits(void)
{
	const NNWindow usual = {
		.in_d = 1,
		.out_d = 1,
		.size_d = 1,
		.stride_d = 1,
		.dilation_d = 1,
		.in_h = 9,
		.in_w = 9,
		.in_c = 16,
		.out_h = 7,
		.out_w = 7,
		.size_h = 3,
		.size_w = 3,
		.stride_h = 1,
		.stride_w = 1,
		.dilation_h = 1,
		.dilation_w = 1,
	};
	NNWindow w = usual;

	CHECK(nn_conv_suits_winograd(&w, 16, 1), "3 x 3 windows of 16 channels");
	CHECK(!nn_conv_suits_winograd(&w, 16, 2), "not in groups");
	CHECK(!nn_conv_suits_winograd(&w, 15, 1), "nor for few filters");
	CHECK(!nn_conv_suits_winograd(&w, 1 << 20, 1), "nor for so many that transforms fill memory");
	w.in_c = 15;
	CHECK(!nn_conv_suits_winograd(&w, 16, 1), "nor for few channels");
	w = usual, w.size_w = 2;
	CHECK(!nn_conv_suits_winograd(&w, 16, 1), "nor other windows");
	w = usual, w.stride_h = 2;
	CHECK(!nn_conv_suits_winograd(&w, 16, 1), "nor strides");
	w = usual, w.dilation_w = 2;
	CHECK(!nn_conv_suits_winograd(&w, 16, 1), "nor dilated ones");
	w = usual, w.out_h = w.out_w = 4;
	CHECK(!nn_conv_suits_winograd(&w, 16, 1), "nor few outputs");
}

/* A NaN comes through, at every output whose window sees it, and harms no other sample. */
static void
not_a_number(void)
{
	Case c = {9, 9, 16, 16, true, "relu"};
	Probe *p = make(&c);
	bool seen = true, others = true;

	p->x[0][(4 * 9 + 5) * 16 + 3] = (nn_real) NAN;
	probe_forward(p, true);
	for (int i = 3; i <= 5; i++)
		for (int j = 4; j <= 6; j++)
			for (int k = 0; k < 16; k++)
				seen = seen && isnan(p->y[(i * 9 + j) * 16 + k]);
	for (size_t i = p->out_size; i < BATCH * p->out_size; i++)
		others = others && isfinite(p->y[i]);
	CHECK(seen, "all that see a NaN are NaN");
	CHECK(others, "and other samples are not");
	probe_free(p);
}

/* C += A'B, all sizes about those of tiles, rows apart, NaN and infinity as in plain loops. */
static void
outer(void)
{
	enum
	{
		MOST = 161,
		APART = 170
	};
	static nn_real a[150 * APART], b[150 * APART], c[MOST * APART], expected[MOST * APART];
	static const int sizes[] = {1,	5,	11, 12, 13, 15, 16,	 17,  31,
								32, 33, 48, 64, 70, 97, 127, 128, 161};
	NNRandom random = nn_random(3, 4);
	double most = 0;
	bool touched = false;
	const double tolerance = sizeof(nn_real) == 4 ? 1e-5 : 1e-13;

	for (size_t i = 0; i < 150 * APART; i++)
	{
		a[i] = (nn_real) nn_random_normal(&random);
		b[i] = (nn_real) nn_random_normal(&random);
	}
	for (int m = 0; m < NN_ARRAY_LENGTH(sizes); m++)
		for (int n = 0; n < NN_ARRAY_LENGTH(sizes); n++)
			for (int k = 1; k <= 150; k += m + n == 0 ? 1 : 37)
			{
				for (int i = 0; i < MOST * APART; i++)
					c[i] = expected[i] = (nn_real) (i % 7);
				nn_gemm_outer(sizes[m], sizes[n], k, a, APART, b, APART, c, APART);
				for (int i = 0; i < MOST; i++)
					for (int j = 0; j < APART; j++)
					{
						double sum = (double) expected[i * APART + j];

						for (int t = 0; t < k && i < sizes[m] && j < sizes[n]; t++)
							sum += (double) a[t * APART + i] * (double) b[t * APART + j];
						if (i >= sizes[m] || j >= sizes[n])
							touched = touched || c[i * APART + j] != expected[i * APART + j];
						most = fmax(most, fabs(sum - (double) c[i * APART + j]) / (10 + fabs(sum)));
					}
			}
	CHECK(most < tolerance, "sums of outer products (off by %.1g)", most);
	CHECK(!touched, "and nothing beside them is touched");
	for (int i = 0; i < MOST * APART; i++)
		c[i] = 0;
	a[3 * APART + 2] = (nn_real) NAN;
	b[4 * APART + 1] = (nn_real) INFINITY;
	nn_gemm_outer(20, 40, 6, a, APART, b, APART, c, APART);
	CHECK(isnan(c[2 * APART + 0]) && isnan(c[2 * APART + 39]) && !isfinite(c[0 * APART + 1]) &&
			  isfinite(c[0 * APART + 0]) && isfinite(c[19 * APART + 39]),
		  "NaN and infinity come through where they belong");
}

static void
transposes(void)
{
	static nn_real from[40 * 40], to[40 * 40 + 1];
	bool right = true;

	for (int i = 0; i < 40 * 40; i++)
		from[i] = (nn_real) i;
	for (int rows = 1; rows <= 40; rows++)
		for (int columns = 1; columns <= 40; columns += rows % 3 + 1)
		{
			to[rows * columns] = -1;
			nn_transpose(to, from, (size_t) rows, (size_t) columns);
			for (int i = 0; i < rows; i++)
				for (int j = 0; j < columns; j++)
					right = right && to[j * rows + i] == from[i * columns + j];
			right = right && to[rows * columns] == -1;
		}
	CHECK(right, "matrices are turned");
}

/* Forward on one tile is the convolution, and each way back the transpose of the way there. */
static void
transforms(void)
{
	enum
	{
		N = 19
	};
	const double tolerance = sizeof(nn_real) == 4 ? 1e-4 : 1e-12;
	nn_real x[16 * N], g[9 * N], u[16 * N], v[16 * N], y[4 * N], w[16 * N], back[16 * N];
	nn_real *cells[16], *outputs[4];
	NNRandom random = nn_random(1, 2);
	double off = 0, one = 0, other = 0;

	for (int i = 0; i < 16 * N; i++)
	{
		x[i] = (nn_real) nn_random_normal(&random);
		w[i] = (nn_real) nn_random_normal(&random);
		back[i] = 0;
	}
	for (int i = 0; i < 9 * N; i++)
		g[i] = (nn_real) nn_random_normal(&random);
	for (int i = 0; i < 16; i++)
		cells[i] = x + i * N;
	for (int i = 0; i < 4; i++)
		outputs[i] = y + i * N;
	nn_winograd_kernel(u, g, N);
	nn_winograd_input(v, N, (const nn_real *const *) cells, N);
	for (int i = 0; i < 16 * N; i++)
		u[i] *= v[i];
	nn_winograd_output(outputs, u, N, NULL, false, N);
	for (int o = 0; o < 4 * N; o++)
	{
		double sum = 0;

		for (int k = 0; k < 9; k++)
			sum += (double) x[(4 * (o / N / 2 + k / 3) + o / N % 2 + k % 3) * N + o % N] *
				(double) g[k * N + o % N];
		off = fmax(off, fabs(sum - (double) y[o]));
	}
	CHECK(off < tolerance, "a tile's outputs are sums over windows (off by %.1g)", off);

	/* (B'xB) . w = x . (BwB') */
	for (int i = 0; i < 16; i++)
		cells[i] = back + i * N;
	nn_winograd_input_back(cells, w, N, N);
	for (int i = 0; i < 16 * N; i++)
	{
		one += (double) v[i] * (double) w[i];
		other += (double) x[i] * (double) back[i];
	}
	CHECK_CLOSE(one, other, tolerance);

	/* (A'wA) . y = w . (AyA') */
	one = other = 0;
	nn_winograd_output_back(back, N, (const nn_real *const *) outputs, N);
	for (int i = 0; i < 16 * N; i++)
		other += (double) w[i] * (double) back[i];
	memcpy(v, y, sizeof(y));
	nn_winograd_output(outputs, w, N, NULL, false, N);
	for (int i = 0; i < 4 * N; i++)
		one += (double) v[i] * (double) y[i];
	CHECK_CLOSE(one, other, 10 * tolerance);
}

int
main(void)
{
	transforms();
	outer();
	transposes();
	suits();
	sums();
	not_a_number();
	gradients();
	return unit_done();
}
