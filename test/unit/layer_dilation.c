/*
 * layer_dilation.c
 *	  Strides together with a dilation, which Keras refuses of most kinds, so that golden
 *	  values have none: a window with gaps is the larger one with zeros in these, which
 *	  they have.  And gradients.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "test/unit/gradcheck.h"

typedef struct Case
{
	const char *kind;
	const char *options; /* beside the window */
	NNShape in;
	int dims; /* of the window */
	int size[3], strides[3], dilation[3];
} Case;

static void
list(char *to, size_t room, const int *numbers, int n)
{
	int at = 0;

	for (int i = 0; i < n; i++)
		at += snprintf(to + at, room - (size_t) at, "%s%d", i > 0 ? ", " : "[", numbers[i]);
	snprintf(to + at, room - (size_t) at, "]");
}

static Probe *
make(const Case *c, const int *size, const int *dilation)
{
	char sizes[40], strides[40], dilations[40], config[300];

	list(sizes, sizeof(sizes), size, c->dims);
	list(strides, sizeof(strides), c->strides, c->dims);
	list(dilations, sizeof(dilations), dilation, c->dims);
	snprintf(config, sizeof(config),
			 "{\"kernel_size\": %s, \"strides\": %s, \"dilation_rate\": %s%s}", sizes, strides,
			 dilations, c->options);
	return probe_make(&(ProbeSpec){.kind = c->kind, .config = config, .in = {c->in}, .batch = 3},
					  NULL);
}

/*
 * The kernel of a larger window.  The recurrent one has no gaps, and its border is half of
 * the window: it stays in the middle.
 */
static void
spread(const Case *c, const NNParam *from, const nn_real *a, const NNParam *to, nn_real *b)
{
	bool recurrent = strcmp(from->name, "recurrent_kernel") == 0;
	size_t taps = 1;
	size_t rest;

	for (int d = 0; d < c->dims; d++)
		taps *= (size_t) from->shape.dim[d];
	rest = from->size / taps;
	memset(b, 0, to->size * sizeof(nn_real));
	for (size_t tap = 0; tap < taps; tap++)
	{
		size_t left = tap, place = 0, step = 1;

		for (int d = c->dims - 1; d >= 0; d--)
		{
			int n = from->shape.dim[d], larger = to->shape.dim[d];
			int i = (int) (left % (size_t) n);

			left /= (size_t) n;
			i = recurrent ? i + (larger - 1) / 2 - (n - 1) / 2 : i * c->dilation[d];
			place += (size_t) i * step;
			step *= (size_t) larger;
		}
		memcpy(b + place * rest, a + tap * rest, rest * sizeof(nn_real));
	}
}

static void
with_zeros(const Case *c)
{
	static const int none[3] = {1, 1, 1};
	NNRandom random = nn_random(3, 4);
	double worst = 0, most = 0;
	int larger[3];
	Probe *p, *q;

	for (int d = 0; d < c->dims; d++)
		larger[d] = (c->size[d] - 1) * c->dilation[d] + 1;
	p = make(c, c->size, c->dilation);
	q = make(c, larger, none);
	CHECK(nn_shape_equal(&p->layer->out, &q->layer->out), "%s%s: its shape", c->kind, c->options);
	for (size_t i = 0; i < 3 * p->in_size[0]; i++)
		p->x[0][i] = q->x[0][i] = (nn_real) nn_random_normal(&random);
	for (size_t i = 0; i < p->layer->param_size; i++)
		p->params[i] = (nn_real) nn_random_normal(&random);
	for (int k = 0; k < p->layer->n_params; k++)
	{
		const NNParam *from = &p->layer->params[k], *to = &q->layer->params[k];

		if (nn_shape_equal(&from->shape, &to->shape))
			memcpy(q->params + to->offset, p->params + from->offset, to->size * sizeof(nn_real));
		else
			spread(c, from, p->params + from->offset, to, q->params + to->offset);
	}
	probe_forward(p, false);
	probe_forward(q, false);
	for (size_t i = 0; i < 3 * p->out_size; i++)
	{
		worst = fmax(worst, fabs((double) (p->y[i] - q->y[i])));
		most = fmax(most, fabs((double) p->y[i]));
	}
	CHECK(most > 0.1 && worst < 1e-4 * (1 + most), "%s%s: gaps are zeros (off by %.2g of %.2g)",
		  c->kind, c->options, worst, most);
	probe_free(p);
	probe_free(q);
}

#define SAME ", \"padding\": \"same\""
#define FILTERS ", \"filters\": 4"

static void
references(void)
{
	const NNShape signal = nn_shape2(17, 4), image = nn_shape3(14, 11, 4),
				  volume = nn_shape4(9, 8, 7, 2);
	const Case cases[] = {
		{"conv1d", FILTERS, signal, 1, {3}, {2}, {2}},
		{"conv1d", FILTERS SAME, signal, 1, {4}, {3}, {2}},
		{"conv1d", FILTERS ", \"padding\": \"causal\"", signal, 1, {3}, {2}, {3}},
		{"conv1d", FILTERS ", \"groups\": 2", signal, 1, {3}, {2}, {2}},
		{"conv2d", FILTERS, image, 2, {3, 2}, {2, 3}, {2, 3}},
		{"conv2d", FILTERS SAME, image, 2, {3, 3}, {2, 2}, {2, 2}},
		{"conv2d", FILTERS SAME, image, 2, {2, 3}, {2, 1}, {1, 2}},
		{"conv2d", FILTERS ", \"groups\": 4", image, 2, {2, 2}, {3, 2}, {4, 2}},
		{"conv3d", FILTERS, volume, 3, {2, 3, 2}, {2, 1, 3}, {3, 2, 2}},
		{"conv3d", FILTERS SAME, volume, 3, {2, 2, 2}, {2, 2, 2}, {2, 3, 2}},
		{"conv1d_transpose", FILTERS, signal, 1, {3}, {2}, {2}},
		{"conv1d_transpose", FILTERS SAME, signal, 1, {3}, {3}, {2}},
		{"conv2d_transpose", FILTERS, image, 2, {3, 2}, {2, 3}, {2, 2}},
		{"conv2d_transpose", FILTERS SAME, image, 2, {2, 3}, {2, 2}, {2, 3}},
		{"conv3d_transpose", FILTERS, volume, 3, {2, 2, 2}, {2, 1, 2}, {2, 3, 2}},
		{"depthwise_conv1d", "", signal, 1, {3}, {2}, {2}},
		{"depthwise_conv1d", SAME, signal, 1, {3}, {2}, {3}},
		{"depthwise_conv2d", ", \"depth_multiplier\": 2", image, 2, {3, 3}, {2, 2}, {2, 2}},
		{"depthwise_conv2d", SAME, image, 2, {2, 3}, {3, 2}, {2, 2}},
		{"separable_conv1d", FILTERS, signal, 1, {3}, {2}, {2}},
		{"separable_conv2d", FILTERS SAME, image, 2, {3, 3}, {2, 2}, {2, 3}},
		{"conv_lstm1d", FILTERS, nn_shape3(3, 13, 2), 1, {3}, {2}, {2}},
		{"conv_lstm1d", FILTERS SAME, nn_shape3(3, 13, 2), 1, {2}, {2}, {3}},
		{"conv_lstm2d", FILTERS, nn_shape4(3, 9, 8, 2), 2, {3, 2}, {2, 2}, {2, 2}},
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(cases); i++)
		with_zeros(&cases[i]);
}

static void
gradients(void)
{
	GRADCHECK(.kind = "conv1d",
			  .config =
				  "{\"filters\": 3, \"kernel_size\": 3, \"strides\": 2, \"dilation_rate\": 2, "
				  "\"padding\": \"causal\"}",
			  .in = {nn_shape2(9, 4)}, .batch = 5);
	GRADCHECK(.kind = "conv2d",
			  .config = "{\"filters\": 3, \"kernel_size\": 2, \"strides\": [2, 3], "
						"\"dilation_rate\": [3, 2], \"padding\": \"same\"}",
			  .in = {nn_shape3(6, 5, 4)}, .batch = 5);
	GRADCHECK(.kind = "conv3d",
			  .config =
				  "{\"filters\": 2, \"kernel_size\": 2, \"strides\": 2, \"dilation_rate\": 2}",
			  .in = {nn_shape4(4, 4, 5, 2)}, .batch = 5);
	GRADCHECK(.kind = "conv2d_transpose",
			  .config = "{\"filters\": 2, \"kernel_size\": 2, \"strides\": 2, "
						"\"dilation_rate\": [2, 3]}",
			  .in = {nn_shape3(4, 3, 3)}, .batch = 5);
	GRADCHECK(.kind = "depthwise_conv2d",
			  .config = "{\"kernel_size\": 2, \"strides\": 2, \"dilation_rate\": 2}",
			  .in = {nn_shape3(6, 5, 4)}, .batch = 5);
	GRADCHECK(.kind = "separable_conv1d",
			  .config =
				  "{\"filters\": 4, \"kernel_size\": 2, \"strides\": 2, \"dilation_rate\": 3}",
			  .in = {nn_shape2(7, 3)}, .batch = 5);
	GRADCHECK(.kind = "conv_lstm1d",
			  .config =
				  "{\"filters\": 2, \"kernel_size\": 2, \"strides\": 2, \"dilation_rate\": 2}",
			  .in = {nn_shape3(3, 7, 2)}, .batch = 5);
}

int
main(void)
{
	references();
	gradients();
	return unit_done();
}
