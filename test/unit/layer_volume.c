/*
 * layer_volume.c
 *	  Layers of volumes, and those of signals that images have too: numbers by hand,
 *	  promises, refusals.
 */
#include <string.h>

#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

/* y of one sample of 1, 2, 3, ... with parameters of 1. */
static void
check(const char *kind, const char *config, NNShape in, NNShape out, const double *y)
{
	Probe *p =
		probe_make(&(ProbeSpec){.kind = kind, .config = config, .in = {in}, .batch = 1}, NULL);
	char what[200];

	for (size_t i = 0; i < p->in_size[0]; i++)
		p->x[0][i] = (nn_real) (i + 1);
	for (size_t i = 0; i < p->layer->param_size; i++)
		p->params[i] = 1;
	snprintf(what, sizeof(what), "%s %s", kind, config);
	CHECK(nn_shape_equal(&p->layer->out, &out), "%s: its shape", what);
	probe_forward(p, false);
	numbers_check(what, p->y, y, p->out_size, 1e-6);
	probe_free(p);
}

static void
hand_numbers(void)
{
	const NNShape cube = nn_shape4(2, 2, 2, 1);

	check("conv3d", "{\"filters\": 1, \"kernel_size\": 2, \"use_bias\": false}", cube,
		  nn_shape4(1, 1, 1, 1), (double[]){36});
	check("conv3d", "{\"filters\": 1, \"kernel_size\": [2, 1, 1], \"use_bias\": false}", cube,
		  nn_shape4(1, 2, 2, 1), (double[]){6, 8, 10, 12});
	check("conv3d",
		  "{\"filters\": 1, \"kernel_size\": 2, \"padding\": \"same\", \"use_bias\": false}", cube,
		  cube, (double[]){36, 20, 22, 12, 26, 14, 15, 8});
	check("conv3d_transpose", "{\"filters\": 1, \"kernel_size\": [2, 1, 1], \"use_bias\": false}",
		  nn_shape4(1, 1, 2, 1), nn_shape4(2, 1, 2, 1), (double[]){1, 2, 1, 2});
	check("max_pooling3d", "{}", cube, nn_shape4(1, 1, 1, 1), (double[]){8});
	check("average_pooling3d", "{}", cube, nn_shape4(1, 1, 1, 1), (double[]){4.5});
	check("average_pooling3d", "{\"pool_size\": [1, 2, 1]}", cube, nn_shape4(2, 1, 2, 1),
		  (double[]){2, 3, 6, 7});
	check("global_max_pooling3d", "{}", nn_shape4(1, 2, 1, 2), nn_shape1(2), (double[]){3, 4});
	check("global_average_pooling3d", "{\"keepdims\": true}", nn_shape4(1, 2, 1, 2),
		  nn_shape4(1, 1, 1, 2), (double[]){2, 3});
	check("adaptive_max_pooling1d", "{\"output_size\": 2}", nn_shape2(3, 1), nn_shape2(2, 1),
		  (double[]){2, 3});
	check("adaptive_average_pooling1d", "{\"output_size\": 2}", nn_shape2(3, 1), nn_shape2(2, 1),
		  (double[]){1.5, 2.5});
	check("adaptive_average_pooling2d", "{\"output_size\": [1, 3]}", nn_shape3(2, 2, 1),
		  nn_shape3(1, 3, 1), (double[]){2, 2.5, 3});
	check("adaptive_max_pooling3d", "{\"output_size\": [1, 2, 1]}", cube, nn_shape4(1, 2, 1, 1),
		  (double[]){6, 8});
	check("zero_padding3d", "{\"padding\": [[1, 0], [0, 1], [1, 0]]}", nn_shape4(1, 1, 1, 1), cube,
		  (double[]){0, 0, 0, 0, 0, 1, 0, 0});
	check("cropping3d", "{\"cropping\": [[1, 0], [0, 1], [1, 0]]}", cube, nn_shape4(1, 1, 1, 1),
		  (double[]){6});
	check("upsampling3d", "{\"size\": [2, 1, 2]}", nn_shape4(1, 1, 2, 1), nn_shape4(2, 1, 4, 1),
		  (double[]){1, 1, 2, 2, 1, 1, 2, 2});
	check("zero_padding1d", "{\"padding\": [2, 1]}", nn_shape2(1, 2), nn_shape2(4, 2),
		  (double[]){0, 0, 0, 0, 1, 2, 0, 0});
	check("zero_padding1d", "{}", nn_shape2(1, 1), nn_shape2(3, 1), (double[]){0, 1, 0});
	check("cropping1d", "{\"cropping\": [2, 1]}", nn_shape2(5, 1), nn_shape2(2, 1),
		  (double[]){3, 4});
	check("upsampling1d", "{\"size\": 3}", nn_shape2(2, 1), nn_shape2(6, 1),
		  (double[]){1, 1, 1, 2, 2, 2});
	check("depthwise_conv1d", "{\"kernel_size\": 2, \"use_bias\": false}", nn_shape2(3, 2),
		  nn_shape2(2, 2), (double[]){4, 6, 8, 10});
	check("separable_conv1d", "{\"filters\": 1, \"kernel_size\": 2, \"use_bias\": false}",
		  nn_shape2(3, 2), nn_shape2(2, 1), (double[]){10, 18});
}

/* Rows of three and of one step, as if each were alone. */
static void
uneven(void)
{
	static const struct
	{
		const char *kind, *config;
		double y[2][7];
		int steps[2];
		int room;
	} cases[] = {
		{"zero_padding1d",
		 "{\"padding\": [1, 2]}",
		 {{0, 1, 2, 3, 0, 0}, {0, 4, 0, 0, 0, 0}},
		 {6, 4},
		 6},
		{"upsampling1d", "{}", {{1, 1, 2, 2, 3, 3}, {4, 4}}, {6, 2}, 6},
		{"cropping1d", "{\"cropping\": [0, 0]}", {{1, 2, 3}, {4}}, {3, 1}, 3},
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(cases); i++)
	{
		Probe *p = probe_make(&(ProbeSpec){.kind = cases[i].kind,
										   .config = cases[i].config,
										   .in = {{2, {NN_ANY, 1}}},
										   .steps = 3,
										   .batch = 2,
										   .padded = true},
							  NULL);
		bool right = true;

		numbers_set(p->x[0], (double[]){1, 2, 3, 4, 100, 100}, 6);
		memcpy(p->padding, (uint8_t[]){1, 1, 1, 1, 0, 0}, 6);
		probe_forward(p, true);
		for (int b = 0; b < 2; b++)
			for (int k = 0; k < cases[i].room; k++)
			{
				bool there = k < cases[i].steps[b];

				right = right && (p->mask_out[b * cases[i].room + k] == (there ? 1 : 0)) &&
					(!there || (double) p->y[b * cases[i].room + k] == cases[i].y[b][k]);
			}
		CHECK(right && p->mask_out_steps == cases[i].room, "%s: rows end where they do",
			  cases[i].kind);
		probe_free(p);
	}
}

static void
gradients(void)
{
	const NNShape volume = nn_shape4(3, 4, 5, 2);
	const NNShape signal = {2, {NN_ANY, 3}};

	GRADCHECK(.kind = "conv3d", .config = "{\"filters\": 3, \"kernel_size\": [2, 3, 2]}",
			  .in = {volume}, .batch = 5);
	GRADCHECK(.kind = "conv3d",
			  .config = "{\"filters\": 4, \"kernel_size\": 2, \"strides\": 2, \"groups\": 2, "
						"\"padding\": \"same\", \"activation\": \"gelu\"}",
			  .in = {volume}, .batch = 5);
	GRADCHECK(.kind = "conv3d",
			  .config = "{\"filters\": 2, \"kernel_size\": 2, \"dilation_rate\": [1, 2, 3]}",
			  .in = {volume}, .batch = 5);
	GRADCHECK(.kind = "conv3d", .config = "{\"filters\": 2, \"kernel_size\": 1}", .in = {volume},
			  .batch = 5);
	GRADCHECK(.kind = "conv3d_transpose", .config = "{\"filters\": 3, \"kernel_size\": [2, 3, 2]}",
			  .in = {volume}, .batch = 5);
	GRADCHECK(.kind = "conv3d_transpose",
			  .config = "{\"filters\": 2, \"kernel_size\": 3, \"strides\": [2, 1, 2], "
						"\"padding\": \"same\", \"activation\": \"tanh\"}",
			  .in = {nn_shape4(2, 2, 3, 2)}, .batch = 5);
	GRADCHECK(.kind = "max_pooling3d", .config = "{}", .in = {volume}, .batch = 5);
	GRADCHECK(.kind = "max_pooling3d",
			  .config = "{\"pool_size\": [2, 3, 2], \"strides\": 1, \"padding\": \"same\"}",
			  .in = {nn_shape4(3, 4, 5, 9)}, .batch = 5);
	GRADCHECK(.kind = "average_pooling3d", .config = "{\"pool_size\": [1, 2, 2]}",
			  .in = {nn_shape4(3, 4, 5, 9)}, .batch = 5);
	GRADCHECK(.kind = "average_pooling3d",
			  .config = "{\"pool_size\": 3, \"strides\": 2, \"padding\": \"same\"}", .in = {volume},
			  .batch = 5);
	GRADCHECK(.kind = "global_max_pooling3d", .in = {volume}, .batch = 5);
	GRADCHECK(.kind = "global_average_pooling3d", .config = "{\"keepdims\": true}", .in = {volume},
			  .batch = 5);
	GRADCHECK(.kind = "adaptive_max_pooling1d", .config = "{\"output_size\": 4}",
			  .in = {{2, {6, 3}}}, .batch = 5);
	GRADCHECK(.kind = "adaptive_max_pooling2d", .config = "{\"output_size\": [2, 3]}",
			  .in = {{3, {5, 4, 3}}}, .batch = 5);
	GRADCHECK(.kind = "adaptive_max_pooling3d", .config = "{\"output_size\": [2, 4, 3]}",
			  .in = {volume}, .batch = 5);
	GRADCHECK(.kind = "adaptive_average_pooling1d", .config = "{\"output_size\": 8}",
			  .in = {{2, {6, 3}}}, .batch = 5);
	GRADCHECK(.kind = "adaptive_average_pooling2d", .config = "{\"output_size\": [2, 3]}",
			  .in = {{3, {5, 4, 3}}}, .batch = 5);
	GRADCHECK(.kind = "adaptive_average_pooling3d", .config = "{\"output_size\": [2, 4, 3]}",
			  .in = {volume}, .batch = 5);
	GRADCHECK(.kind = "zero_padding3d", .config = "{\"padding\": [[1, 2], [0, 1], [3, 0]]}",
			  .in = {volume}, .batch = 5);
	GRADCHECK(.kind = "cropping3d", .config = "{\"cropping\": [[1, 0], [0, 2], [1, 1]]}",
			  .in = {volume}, .batch = 5);
	GRADCHECK(.kind = "upsampling3d", .config = "{\"size\": [1, 2, 3]}", .in = {volume},
			  .batch = 5);
	GRADCHECK(.kind = "zero_padding1d", .config = "{\"padding\": [2, 1]}", .in = {signal},
			  .steps = 6, .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "cropping1d", .config = "{\"cropping\": [2, 1]}", .in = {{2, {6, 3}}},
			  .batch = 5);
	GRADCHECK(.kind = "cropping1d", .config = "{\"cropping\": [0, 0]}", .in = {signal}, .steps = 6,
			  .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "upsampling1d", .config = "{\"size\": 3}", .in = {signal}, .steps = 6,
			  .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "depthwise_conv1d",
			  .config = "{\"kernel_size\": 2, \"depth_multiplier\": 2, \"activation\": \"silu\"}",
			  .in = {{2, {6, 3}}}, .batch = 5);
	GRADCHECK(.kind = "depthwise_conv1d",
			  .config = "{\"kernel_size\": 3, \"strides\": 2, \"padding\": \"same\"}",
			  .in = {signal}, .steps = 6, .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "separable_conv1d",
			  .config = "{\"filters\": 4, \"kernel_size\": 2, \"depth_multiplier\": 2, "
						"\"dilation_rate\": 2, \"activation\": \"gelu\"}",
			  .in = {{2, {6, 3}}}, .batch = 5);
	GRADCHECK(.kind = "separable_conv1d",
			  .config = "{\"filters\": 2, \"kernel_size\": 3, \"padding\": \"same\"}",
			  .in = {signal}, .steps = 6, .batch = 5, .mask = GRADCHECK_PREFIX);
}

static void
refusals(void)
{
	const NNShape volume = nn_shape4(3, 4, 5, 2), image = nn_shape3(4, 5, 2);

	numbers_refused("conv3d", "{\"filters\": 1, \"kernel_size\": 2}", image,
					"must have shape (depth, height, width, channels), not (4, 5, 2)");
	numbers_refused("conv3d", "{\"filters\": 1, \"kernel_size\": 2}",
					((NNShape){4, {NN_ANY, 4, 5, 2}}),
					"the depth of its input (None, 4, 5, 2) is variable");
	numbers_refused("conv3d", "{\"filters\": 1, \"kernel_size\": [4, 1, 1]}", volume,
					"its window (4, 1, 1) is larger than its input (3, 4, 5)");
	numbers_refused("conv3d", "{\"filters\": 1, \"kernel_size\": [1, 2]}", volume, "kernel_size");
	numbers_refused("conv3d_transpose",
					"{\"filters\": 1, \"kernel_size\": 2, \"output_padding\": 1}", volume,
					"\"output_padding\" must be less than \"strides\"");
	numbers_refused("max_pooling3d", "{\"pool_size\": 4}", volume, "is larger than its input");
	numbers_refused("cropping3d", "{\"cropping\": [[1, 2], [0, 0], [0, 0]]}", volume,
					"cannot cut 1 + 2 planes from its input (3, 4, 5, 2)");
	numbers_refused("cropping1d", "{\"cropping\": [3, 1]}", nn_shape2(4, 2),
					"cannot cut 3 + 1 steps from its input (4, 2)");
	numbers_refused("adaptive_max_pooling2d", "{}", image, "\"output_size\" is missing");
	numbers_refused("adaptive_average_pooling1d", "{\"output_size\": 0}", nn_shape2(4, 2),
					"output_size");
	numbers_refused("adaptive_average_pooling1d", "{\"output_size\": 2}", nn_shape2(NN_ANY, 2),
					"the first dimension of its input (None, 2) is variable");
	numbers_refused("zero_padding1d", "{\"padding\": [1, 2, 3]}", nn_shape2(4, 2), "padding");
	numbers_refused("upsampling3d", "{\"size\": 1048576}", volume, "values a sample");
	numbers_refused("upsampling1d", "{\"size\": 0}", nn_shape2(4, 2), "size");
	numbers_refused("depthwise_conv1d", "{\"kernel_size\": 5}", nn_shape2(4, 2),
					"is larger than its input");
	numbers_refused("separable_conv1d",
					"{\"filters\": 1, \"kernel_size\": 1, \"padding\": \"causal\"}",
					nn_shape2(4, 2), "padding");
}

int
main(void)
{
	hand_numbers();
	uneven();
	gradients();
	refusals();
	return unit_done();
}
