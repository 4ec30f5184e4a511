/*
 * layer_spectral.c
 *	  spectral_normalization: what it makes of a kernel, gradients, refusals.
 */
#include <stdlib.h>

#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

#define AROUND(inner, options) "{\"layer\": {" inner "}" options "}"

/* A kernel with singular values 3 and 1: after enough iterations 1 and 1/3, and u the first direction. */
static void
hand_numbers(void)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = "spectral_normalization",
									   .config = AROUND("\"kind\": \"dense\", \"units\": 2",
														", \"power_iterations\": 30"),
									   .in = {{1, {3}}},
									   .batch = 1},
						  NULL);
	nn_real *scratch = probe_reals(p->layer->scratch_fixed);

	CHECK(p->layer->n_params == 3 && strcmp(p->layer->params[0].name, "kernel") == 0 &&
			  strcmp(p->layer->params[1].name, "vector_u") == 0 && !p->layer->params[1].trainable &&
			  strcmp(p->layer->params[2].name, "bias") == 0 && p->layer->params[2].offset == 8,
		  "vector_u stands between the kernel and the bias");
	/* kernel (3, 2) = 3 (1,0,0)' (0.6,0.8) + (0,1,0)' (-0.8,0.6), vector_u, bias */
	numbers_set(p->params, (double[]){1.8, 2.4, -0.8, 0.6, 0, 0, 0.1, -0.2, 10, 20}, 10);
	p->layer->kind->begin_step(p->layer, p->params, scratch);
	numbers_check("divided by the largest singular value", p->params,
				  (double[]){0.6, 0.8, -0.8 / 3, 0.2, 0, 0}, 6, 1e-6);
	CHECK(fabs(fabs((double) p->params[6]) - 0.6) < 1e-6 &&
			  fabs(fabs((double) p->params[7]) - 0.8) < 1e-6,
		  "vector_u is its direction");
	numbers_set(p->x[0], (double[]){1, 3, 5}, 3);
	probe_forward(p, true);
	numbers_check("the inner layer finds its bias", p->y, (double[]){10.6 - 0.8, 20.8 + 0.6}, 2,
				  1e-5);
	numbers_set(p->params, (double[]){0, 0, 0, 0, 0, 0, 0.1, -0.2, 10, 20}, 10);
	p->layer->kind->begin_step(p->layer, p->params, scratch);
	numbers_check("a kernel of zeros stays, and vector_u with it", p->params,
				  (double[]){0, 0, 0, 0, 0, 0, 0.1, -0.2, 10, 20}, 10, 1e-7);
	free(scratch);
	probe_free(p);
}

static void
gradients(void)
{
	GRADCHECK(.kind = "spectral_normalization",
			  .config = AROUND("\"kind\": \"dense\", \"units\": 3, \"activation\": \"gelu\"", ""),
			  .in = {{2, {NN_ANY, 4}}}, .steps = 3, .batch = 5, .mask = GRADCHECK_BOTH);
	GRADCHECK(.kind = "spectral_normalization",
			  .config = AROUND("\"kind\": \"dense\", \"units\": 512", ""), .in = {{1, {515}}},
			  .batch = 5, .samples = 40);
	GRADCHECK(.kind = "spectral_normalization",
			  .config = AROUND("\"kind\": \"conv2d\", \"filters\": 3, \"kernel_size\": 2", ""),
			  .in = {{3, {4, 3, 2}}}, .batch = 5);
	GRADCHECK(
			.kind = "spectral_normalization",
			.config = AROUND(
				"\"kind\": \"conv2d\", \"filters\": 18, \"kernel_size\": 3, \"padding\": \"same\"",
				""),
			.in = {{3, {5, 6, 20}}}, .batch = 5, .samples = 60);
	GRADCHECK(.kind = "spectral_normalization",
			  .config =
				  AROUND("\"kind\": \"conv1d_transpose\", \"filters\": 3, \"kernel_size\": 2", ""),
			  .in = {{2, {4, 3}}}, .batch = 5);
	GRADCHECK(.kind = "spectral_normalization",
			  .config = AROUND("\"kind\": \"depthwise_conv2d\", \"kernel_size\": 2", ""),
			  .in = {{3, {4, 3, 2}}}, .batch = 5);
	GRADCHECK(
			.kind = "spectral_normalization",
			.config = AROUND(
				"\"kind\": \"embedding\", \"input_dim\": 7, \"output_dim\": 3, \"mask_zero\": true",
				""),
			.in = {{1, {NN_ANY}}}, .steps = 5, .batch = 5, .indexes = 7, .mask = GRADCHECK_BOTH);
	GRADCHECK(.kind = "time_distributed",
			  .config = AROUND("\"kind\": \"spectral_normalization\", \"layer\": {\"kind\": "
							   "\"dense\", \"units\": 3}",
							   ""),
			  .in = {{2, {4, 3}}}, .batch = 5);
}

static void
refusals(void)
{
	const char *const no_kernel = "has no kernel to normalize";

	numbers_refused("spectral_normalization", AROUND("\"kind\": \"lstm\", \"units\": 3", ""),
					nn_shape2(4, 3), no_kernel);
	numbers_refused("spectral_normalization", AROUND("\"kind\": \"flatten\"", ""), nn_shape2(4, 3),
					no_kernel);
	numbers_refused(
		"spectral_normalization",
		AROUND("\"kind\": \"separable_conv1d\", \"filters\": 3, \"kernel_size\": 2", ""),
		nn_shape2(4, 3), no_kernel);
	numbers_refused(
		"spectral_normalization",
		AROUND("\"kind\": \"time_distributed\", \"layer\": {\"kind\": \"dense\", \"units\": 3}",
			   ""),
		nn_shape2(4, 3), no_kernel);
	numbers_refused("spectral_normalization",
					AROUND("\"kind\": \"dense\", \"units\": 3", ", \"power_iterations\": 0"),
					nn_shape1(3), "power_iterations");
	numbers_refused("spectral_normalization", "{}", nn_shape1(3), "option \"layer\" is missing");
}

int
main(void)
{
	hand_numbers();
	gradients();
	refusals();
	return unit_done();
}
