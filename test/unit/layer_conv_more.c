/*
 * layer_conv_more.c
 *	  Transposed, depthwise and separable convolutions: numbers by hand,
 *	  promises over many options, refusals.  (Keras's numbers are in golden.)
 */
#include <string.h>

#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

static void
transpose_numbers(void)
{
	Probe *p =
		probe_make(&(ProbeSpec){.kind = "conv1d_transpose",
								.config = "{\"filters\": 1, \"kernel_size\": 3, \"strides\": 2}",
								.in = {{2, {2, 1}}},
								.batch = 1},
				   NULL);

	CHECK(p->layer->out.dim[0] == 5, "valid: (2 - 1) * 2 + 3 steps");
	CHECK(p->layer->flops == 6, "flops are multiply-adds of a sample");
	numbers_set(p->x[0], (double[]){1, 2}, 2);
	numbers_set(p->params, (double[]){1, 10, 100, 0.5}, 4);
	probe_forward(p, true);
	numbers_check("windows add up", p->y, (double[]){1.5, 10.5, 102.5, 20.5, 200.5}, 5, 1e-6);
	numbers_set(p->dy, (double[]){1, 2, 3, 4, 5}, 5);
	probe_backward(p);
	numbers_check("dx", p->dx[0], (double[]){321, 543}, 2, 1e-6);
	numbers_check("dW and db", p->grads, (double[]){7, 10, 13, 15}, 4, 1e-6);
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "conv2d_transpose",
								.config = "{\"filters\": 5, \"kernel_size\": [2, 3], \"strides\": "
										  "[3, 2], \"output_padding\": [1, 0]}",
								.in = {{3, {4, 6, 2}}},
								.batch = 1},
				   NULL);
	CHECK(p->layer->out.dim[0] == 12 && p->layer->out.dim[1] == 13 && p->layer->out.dim[2] == 5,
		  "output_padding adds to the size");
	CHECK(p->layer->params[0].shape.rank == 4 && p->layer->params[0].shape.dim[2] == 5 &&
			  p->layer->params[0].shape.dim[3] == 2,
		  "the kernel is (height, width, filters, channels)");
	probe_free(p);
}

static void
depthwise_numbers(void)
{
	Probe *p =
		probe_make(&(ProbeSpec){.kind = "depthwise_conv2d",
								.config = "{\"kernel_size\": [1, 2], \"depth_multiplier\": 2}",
								.in = {{3, {1, 2, 2}}},
								.batch = 1},
				   NULL);

	CHECK(p->layer->out.dim[0] == 1 && p->layer->out.dim[1] == 1 && p->layer->out.dim[2] == 4,
		  "depthwise: channels times the multiplier");
	numbers_set(p->x[0], (double[]){1, 2, 3, 4}, 4);
	/* (place, channel, multiple), then the bias */
	numbers_set(p->params, (double[]){1, 10, 100, 1000, 2, 20, 200, 2000, 0, 0, 0, 1}, 12);
	probe_forward(p, true);
	numbers_check("each channel by its own weights", p->y, (double[]){7, 70, 1000, 10001}, 4, 1e-6);
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "separable_conv2d",
								.config = "{\"filters\": 1, \"kernel_size\": [1, 2]}",
								.in = {{3, {1, 2, 2}}},
								.batch = 1},
				   NULL);
	CHECK(p->layer->n_params == 3 && strcmp(p->layer->params[0].name, "depthwise_kernel") == 0 &&
			  strcmp(p->layer->params[1].name, "pointwise_kernel") == 0 &&
			  strcmp(p->layer->params[2].name, "bias") == 0,
		  "separable: parameters in Keras's order");
	numbers_set(p->x[0], (double[]){1, 2, 3, 4}, 4);
	numbers_set(p->params, (double[]){1, 10, 2, 20, 1, 3, 0.25}, 7);
	probe_forward(p, false);
	numbers_check("then the mixture", p->y, (double[]){307.25}, 1, 1e-6);
	probe_free(p);
}

static void
transpose_gradients(void)
{
	NNShape image = {3, {4, 3, 3}};
	NNShape signal = {2, {5, 3}};

	GRADCHECK(.kind = "conv2d_transpose", .config = "{\"filters\": 2, \"kernel_size\": 3}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "conv2d_transpose",
			  .config = "{\"filters\": 2, \"kernel_size\": [2, 4], \"strides\": [3, 2],"
						"\"activation\": \"gelu\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "conv2d_transpose",
			  .config = "{\"filters\": 2, \"kernel_size\": 3, \"strides\": 2,"
						"\"padding\": \"same\", \"activation\": \"relu\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "conv2d_transpose",
			  .config = "{\"filters\": 2, \"kernel_size\": [3, 4], \"strides\": 2,"
						"\"padding\": \"same\", \"output_padding\": 1, \"use_bias\": false}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "conv2d_transpose",
			  .config = "{\"filters\": 2, \"kernel_size\": 2, \"dilation_rate\": [2, 3]}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "conv2d_transpose",
			  .config = "{\"filters\": 3, \"kernel_size\": 1, \"strides\": 2,"
						"\"activation\": \"softmax\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "conv2d_transpose",
			  .config = "{\"filters\": 40, \"kernel_size\": 5, \"strides\": 2}",
			  .in = {{3, {9, 9, 3}}}, .batch = 5, .samples = 30);
	GRADCHECK(.kind = "conv1d_transpose",
			  .config = "{\"filters\": 2, \"kernel_size\": 4, \"strides\": 3,"
						"\"padding\": \"same\", \"activation\": \"tanh\"}",
			  .in = {signal}, .batch = 5);
	GRADCHECK(.kind = "conv1d_transpose", .config = "{\"filters\": 2, \"kernel_size\": 2}",
			  .in = {{2, {NN_ANY, 3}}}, .steps = 6, .batch = 5);
	GRADCHECK(.kind = "conv1d_transpose",
			  .config = "{\"filters\": 2, \"kernel_size\": 3, \"strides\": 2,"
						"\"padding\": \"same\", \"activation\": \"silu\"}",
			  .in = {{2, {NN_ANY, 3}}}, .steps = 6, .batch = 6, .mask = GRADCHECK_BOTH);
}

static void
depthwise_gradients(void)
{
	NNShape image = {3, {5, 6, 3}};

	GRADCHECK(.kind = "depthwise_conv2d", .config = "{\"kernel_size\": 3}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "depthwise_conv2d",
			  .config = "{\"kernel_size\": [3, 2], \"strides\": [2, 1],"
						"\"depth_multiplier\": 3, \"padding\": \"same\", \"activation\": \"silu\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "depthwise_conv2d",
			  .config = "{\"kernel_size\": 2, \"dilation_rate\": [2, 3],"
						"\"use_bias\": false, \"activation\": \"relu\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "depthwise_conv2d", .config = "{\"kernel_size\": 3, \"padding\": \"same\"}",
			  .in = {{3, {20, 20, 33}}}, .batch = 5, .samples = 30);
	GRADCHECK(.kind = "separable_conv2d", .config = "{\"filters\": 4, \"kernel_size\": 3}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "separable_conv2d",
			  .config = "{\"filters\": 4, \"kernel_size\": 3, \"strides\": 2,"
						"\"padding\": \"same\", \"depth_multiplier\": 2, \"activation\": \"gelu\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "separable_conv2d",
			  .config = "{\"filters\": 4, \"kernel_size\": 2, \"dilation_rate\": 2,"
						"\"use_bias\": false, \"activation\": \"softmax\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "separable_conv2d",
			  .config = "{\"filters\": 3, \"kernel_size\": 3, \"padding\": \"same\"}",
			  .in = {{3, {40, 41, 30}}}, .batch = 5, .samples = 30);
}

static void
refusals(void)
{
	NNShape image = {3, {6, 5, 4}};

	numbers_refused(
		"conv2d_transpose", "{\"filters\": 3, \"kernel_size\": 3, \"output_padding\": 1}", image,
		"option \"output_padding\" must be less than \"strides\", but 1 is not less than 1");
	numbers_refused("conv2d_transpose",
					"{\"filters\": 3, \"kernel_size\": 3, \"padding\": \"causal\"}", image,
					"\"padding\"");
	numbers_refused("conv2d_transpose",
					"{\"filters\": 1, \"kernel_size\": 3, \"strides\": 1000000}", image,
					"more than 268435456 values a sample");
	numbers_refused("conv1d_transpose", "{\"filters\": 3, \"kernel_size\": 3}", image,
					"its input must have shape (steps, channels), not (6, 5, 4)");
	numbers_refused("depthwise_conv2d", "{\"kernel_size\": [6, 6]}", image,
					"its window (6, 6) is larger than its input (6, 5)");
	numbers_refused("depthwise_conv2d", "{\"kernel_size\": 2, \"depth_multiplier\": 1000000}",
					image, "4000000 channels are more than 1048576");
	numbers_refused("separable_conv2d", "{\"filters\": 2, \"kernel_size\": 6}", image,
					"its window (6, 6) is larger than its input (6, 5)");
	numbers_refused("separable_conv2d", "{\"kernel_size\": 6}", image,
					"option \"filters\" is missing");
}

int
main(void)
{
	transpose_numbers();
	depthwise_numbers();
	transpose_gradients();
	depthwise_gradients();
	refusals();
	return unit_done();
}
