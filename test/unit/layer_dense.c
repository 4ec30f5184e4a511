/*
 * layer_dense.c
 *	  The fully connected layer: numbers by hand, promises, refusals.
 */
#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

static void
hand_numbers(void)
{
	static const double x[] = {1, 2, 3, -1, 0, 2};
	static const double params[] = {1, 4, 2, 5, 3, 6, 0.5, -0.5}; /* kernel (3, 2), bias */
	static const double dy[] = {1, -1, 2, 0.5};
	Probe *p = probe_make(
		&(ProbeSpec){.kind = "dense", .config = "{\"units\": 2}", .in = {{1, {3}}}, .batch = 2},
		NULL);

	CHECK(p->layer->n_params == 2 && strcmp(p->layer->params[0].name, "kernel") == 0 &&
			  strcmp(p->layer->params[1].name, "bias") == 0,
		  "parameters are kernel and bias");
	CHECK(p->layer->flops == 6, "flops are multiply-adds of a sample");
	numbers_set(p->x[0], x, 6);
	numbers_set(p->params, params, 8);
	numbers_set(p->dy, dy, 4);
	probe_forward(p, true);
	numbers_check("y = x W + b", p->y, (double[]){14.5, 31.5, 5.5, 7.5}, 4, 1e-6);
	probe_backward(p);
	numbers_check("dx = dz W'", p->dx[0], (double[]){-3, -3, -3, 4, 6.5, 9}, 6, 1e-6);
	numbers_check("dW = x' dz, db = sums of dz", p->grads,
				  (double[]){-1, -1.5, 2, -2, 7, -2, 3, -0.5}, 8, 1e-6);
	probe_backward(p);
	CHECK_CLOSE((double) p->grads[4], 14, 1e-5);
	probe_free(p);

	p = probe_make(
		&(ProbeSpec){.kind = "dense",
					 .config = "{\"units\": 2, \"activation\": \"relu\", \"use_bias\": false}",
					 .in = {{1, {3}}},
					 .batch = 2},
		NULL);
	CHECK(p->layer->n_params == 1, "without bias there is a kernel only");
	numbers_set(p->x[0], (double[]){1, 2, 3, -2, 0, 0}, 6);
	numbers_set(p->params, params, 6);
	numbers_set(p->dy, dy, 4);
	probe_forward(p, true);
	numbers_check("relu without bias", p->y, (double[]){14, 32, 0, 0}, 4, 1e-6);
	probe_backward(p);
	numbers_check("no gradient where relu is 0", p->dx[0], (double[]){-3, -3, -3, 0, 0, 0}, 6,
				  1e-6);
	probe_free(p);
}

/* The loss computes the activation: the layer leaves it out both ways. */
static void
logits(void)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = "dense",
									   .config = "{\"units\": 2, \"activation\": \"softmax\"}",
									   .in = {{1, {1}}},
									   .batch = 1},
						  NULL);

	numbers_set(p->x[0], (double[]){2}, 1);
	numbers_set(p->params, (double[]){3, -1, 0, 1}, 4);
	numbers_set(p->dy, (double[]){1, 10}, 2);
	probe_forward(p, true);
	numbers_check("softmax", p->y, (double[]){0.99908894880559936, 0.00091105119440064541}, 2,
				  1e-6);
	p->layer->logits = true;
	probe_forward(p, true);
	numbers_check("logits are z", p->y, (double[]){6, -1}, 2, 1e-6);
	probe_backward(p);
	numbers_check("and dy is dz", p->dx[0], (double[]){-7}, 1, 1e-6);
	probe_free(p);
}

static void
options(void)
{
	Probe *p = probe_make(
		&(ProbeSpec){
			.kind = "dense",
			.config =
				"{\"units\": 4, \"activation\": \"gelu\", \"kernel_initializer\": \"he_normal\","
				"\"bias_initializer\": \"ones\", \"kernel_regularizer\": {\"l2\": 0.01},"
				"\"bias_regularizer\": {\"l1\": 0.5}}",
			.in = {{2, {7, 3}}},
			.batch = 2},
		NULL);
	const NNParam *kernel = &p->layer->params[0], *bias = &p->layer->params[1];

	CHECK(kernel->init.kind == NN_INIT_HE_NORMAL && bias->init.kind == NN_INIT_ONES,
		  "initializers reach the parameters");
	CHECK(kernel->regularizer.l2 == 0.01 && kernel->regularizer.l1 == 0 &&
			  bias->regularizer.l1 == 0.5 && bias->regularizer.l2 == 0,
		  "regularizers reach the parameters");
	CHECK(p->layer->saved_size == 7 * 4, "gelu keeps z");
	CHECK(p->layer->out.rank == 2 && p->layer->out.dim[0] == 7 && p->layer->out.dim[1] == 4,
		  "all dimensions but the last stay");
	CHECK(p->layer->mask_from == 0, "the mask passes on");
	CHECK(!p->layer->split_gradient, "small weights are not split");
	probe_free(p);
	p = probe_make(&(ProbeSpec){.kind = "dense",
								.config = "{\"units\": 2, \"activation\": \"relu\"}",
								.in = {{1, {3}}},
								.batch = 1},
				   NULL);
	CHECK(p->layer->saved_size == 0, "relu keeps nothing");
	CHECK(p->layer->params[0].init.kind == NN_INIT_GLOROT_UNIFORM &&
			  p->layer->params[1].init.kind == NN_INIT_ZEROS,
		  "Keras's default initializers");
	probe_free(p);
}

static void
gradients(void)
{
	GRADCHECK(.kind = "dense", .config = "{\"units\": 3}", .in = {{1, {4}}}, .batch = 7);
	GRADCHECK(.kind = "dense", .config = "{\"units\": 3, \"activation\": \"relu\"}",
			  .in = {{1, {4}}}, .batch = 7);
	GRADCHECK(.kind = "dense", .config = "{\"units\": 5, \"activation\": \"softmax\"}",
			  .in = {{2, {3, 4}}}, .batch = 5);
	GRADCHECK(.kind = "dense",
			  .config = "{\"units\": 5, \"activation\": \"silu\", \"use_bias\": false}",
			  .in = {{3, {2, 3, 4}}}, .batch = 5);
	GRADCHECK(.kind = "dense", .config = "{\"units\": 3, \"activation\": \"tanh\"}",
			  .in = {{2, {NN_ANY, 4}}}, .steps = 6, .batch = 5, .mask = GRADCHECK_HOLES);
	/* large enough to be split, with a number of rows that does not divide evenly */
	GRADCHECK(.kind = "dense", .config = "{\"units\": 512, \"activation\": \"gelu\"}",
			  .in = {{1, {515}}}, .batch = 7, .samples = 40);
	GRADCHECK(.kind = "dense", .config = "{\"units\": 140000}", .in = {{1, {2}}}, .batch = 5,
			  .samples = 10);
}

static void
refusals(void)
{
	numbers_refused("dense", "{}", nn_shape1(3), "units");
	numbers_refused("dense", "{\"units\": 0}", nn_shape1(3), "units");
	numbers_refused("dense", "{\"units\": 1000000000}", nn_shape1(3), "units");
	numbers_refused("dense", "{\"units\": 3, \"activation\": \"rleu\"}", nn_shape1(3), "rleu");
	numbers_refused("dense", "{\"units\": 3, \"unit\": 3}", nn_shape1(3), "unit");
	numbers_refused("dense", "{\"units\": 3}", nn_shape1(NN_ANY),
					"layer \"probe\": the last dimension of its input (None) is variable");
	numbers_refused("dense", "{\"units\": 1000000}", nn_shape1(1000000), "parameters");
}

int
main(void)
{
	hand_numbers();
	logits();
	options();
	gradients();
	refusals();
	return unit_done();
}
