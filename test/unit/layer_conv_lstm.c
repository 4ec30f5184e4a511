/*
 * layer_conv_lstm.c
 *	  conv_lstm1d and conv_lstm2d: of windows of one cell they are lstm at each place;
 *	  gradients, refusals.
 */
#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

/* Over signals of two places a window of one cell is two lstm layers with the same weights. */
static void
as_lstm(const char *options)
{
	char config[200], other[200];
	double worst = 0;
	Probe *p, *q;
	NNRandom random = nn_random(2, 2);

	snprintf(config, sizeof(config), "{\"filters\": 3, \"kernel_size\": 1%s}", options);
	snprintf(other, sizeof(other), "{\"units\": 3%s}", options);
	p = probe_make(&(ProbeSpec){.kind = "conv_lstm1d",
								.config = config,
								.in = {{3, {5, 2, 4}}},
								.batch = 4,
								.masked = true,
								.padded = true},
				   NULL);
	q = probe_make(&(ProbeSpec){.kind = "lstm",
								.config = other,
								.in = {{2, {5, 4}}},
								.batch = 4,
								.masked = true,
								.padded = true},
				   NULL);
	for (size_t i = 0; i < p->layer->param_size; i++)
		p->params[i] = q->params[i] = (nn_real) (nn_random_normal(&random) / 2);
	for (int i = 0; i < 4 * 40; i++)
		p->x[0][i] = (nn_real) nn_random_normal(&random);
	for (int i = 0; i < 4 * 5; i++)
	{
		p->padding[i] = q->padding[i] = i % 5 <= i / 5 + 1;
		p->mask[i] = q->mask[i] = p->padding[i] && (i * 7) % 4 != 1;
	}
	probe_forward(p, true);
	for (int place = 0; place < 2; place++)
	{
		size_t steps = q->out_size / 3;

		for (int s = 0; s < 20; s++)
			nn_copy(q->x[0] + s * 4, p->x[0] + s * 8 + place * 4, 4);
		probe_forward(q, true);
		for (size_t r = 0; r < 4 * steps; r++)
			for (int i = 0; i < 3; i++)
				worst = fmax(worst,
							 fabs((double) (p->y[r * 6 + (size_t) (place * 3 + i)] -
											q->y[r * 3 + (size_t) i])));
	}
	CHECK(worst < 1e-6, "%s is lstm at each place: %g", config, worst);
	probe_free(p);
	probe_free(q);
}

static void
gradients(void)
{
	static const char *const configs[] = {
		"{\"filters\": 2, \"kernel_size\": 2}",
		"{\"filters\": 2, \"kernel_size\": 3, \"padding\": \"same\", \"return_sequences\": true, "
		"\"go_backwards\": true, \"activation\": \"gelu\", \"use_bias\": false}",
		"{\"filters\": 3, \"kernel_size\": 2, \"strides\": 2, \"dropout\": 0.3, "
		"\"recurrent_dropout\": 0.4, "
		"\"recurrent_activation\": \"hard_silu\", \"return_sequences\": true, "
		"\"unit_forget_bias\": false}",
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(configs); i++)
	{
		GRADCHECK(.kind = "conv_lstm1d", .config = configs[i], .in = {{3, {3, 5, 2}}}, .batch = 5);
		GRADCHECK(.kind = "conv_lstm1d", .config = configs[i], .in = {{3, {NN_ANY, 4, 2}}},
				  .steps = 4, .batch = 5, .mask = GRADCHECK_BOTH);
		GRADCHECK(.kind = "conv_lstm2d", .config = configs[i], .in = {{4, {NN_ANY, 3, 4, 2}}},
				  .steps = 3, .batch = 5, .mask = GRADCHECK_PREFIX);
	}
	GRADCHECK(.kind = "conv_lstm2d",
			  .config = "{\"filters\": 2, \"kernel_size\": [1, 2], \"dilation_rate\": [1, 2], "
						"\"go_backwards\": true}",
			  .in = {{4, {2, 3, 4, 1}}}, .batch = 5);
}

static void
refusals(void)
{
	const char *config = "{\"filters\": 2, \"kernel_size\": 3}";

	numbers_refused("conv_lstm1d", config, nn_shape2(4, 3),
					"takes steps of signals, an input of 3 dimensions");
	numbers_refused("conv_lstm2d", config, nn_shape3(4, 3, 2),
					"takes steps of images, an input of 4 dimensions");
	numbers_refused("conv_lstm1d", config, nn_shape3(4, 2, 2),
					"its window (3) is larger than its input (2)");
	numbers_refused("conv_lstm2d", "{\"filters\": 2}", nn_shape4(4, 3, 3, 2), "kernel_size");
	numbers_refused("conv_lstm2d", "{\"filters\": 2, \"kernel_size\": [1, 2, 3]}",
					nn_shape4(4, 3, 3, 2), "must have 2 elements");
	numbers_refused("conv_lstm1d", "{\"filters\": 2, \"kernel_size\": 1, \"padding\": \"causal\"}",
					nn_shape3(4, 3, 2), "padding");
	numbers_refused("conv_lstm1d", "{\"filters\": 1048576, \"kernel_size\": 1}", nn_shape3(4, 3, 2),
					"filters");
	numbers_refused("conv_lstm1d",
					"{\"filters\": 262144, \"kernel_size\": 1048576, \"padding\": \"same\"}",
					nn_shape3(4, 3, 1048576), "its window has more than");
	numbers_refused("conv_lstm1d", "{\"filters\": 2, \"kernel_size\": 1, \"recurrent_dropout\": 1}",
					nn_shape3(4, 3, 2), "recurrent_dropout");
}

int
main(void)
{
	as_lstm("");
	as_lstm(", \"return_sequences\": true");
	as_lstm(", \"go_backwards\": true");
	as_lstm(", \"go_backwards\": true, \"return_sequences\": true");
	gradients();
	refusals();
	return unit_done();
}
