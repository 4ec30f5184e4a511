/*
 * layer_conv.c
 *	  Convolutions of images and signals: numbers by hand, a naive reference,
 *	  promises over many options, refusals.
 */
#include <stdlib.h>
#include <string.h>

#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

static void
hand_numbers(void)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = "conv2d",
									   .config = "{\"filters\": 1, \"kernel_size\": 2}",
									   .in = {{3, {3, 3, 1}}},
									   .batch = 1},
						  NULL);

	CHECK(p->layer->out.rank == 3 && p->layer->out.dim[0] == 2 && p->layer->out.dim[1] == 2 &&
			  p->layer->out.dim[2] == 1,
		  "valid: a window of 2 in 3 has 2 places");
	CHECK(p->layer->flops == 16, "flops are multiply-adds of a sample");
	CHECK(p->layer->mask_from == NN_MASK_NONE, "a mask ends here");
	numbers_set(p->x[0], (double[]){1, 2, 3, 4, 5, 6, 7, 8, 9}, 9);
	numbers_set(p->params, (double[]){1, 10, 100, 1000, 0.5}, 5);
	numbers_set(p->dy, (double[]){1, 0, 0, 2}, 4);
	probe_forward(p, true);
	numbers_check("correlation, not mirrored", p->y, (double[]){5421.5, 6532.5, 8754.5, 9865.5}, 4,
				  1e-6);
	probe_backward(p);
	numbers_check("dx", p->dx[0], (double[]){1, 10, 0, 100, 1002, 20, 0, 200, 2000}, 9, 1e-6);
	numbers_check("dW and db", p->grads, (double[]){11, 14, 20, 23, 3}, 5, 1e-6);
	probe_free(p);

	/* same, stride 2 of 4: nothing before, one behind */
	p = probe_make(&(ProbeSpec){.kind = "conv1d",
								.config = "{\"filters\": 1, \"kernel_size\": 3, \"strides\": 2,"
										  "\"padding\": \"same\", \"use_bias\": false}",
								.in = {{2, {4, 1}}},
								.batch = 1},
				   NULL);
	numbers_set(p->x[0], (double[]){1, 2, 3, 4}, 4);
	numbers_set(p->params, (double[]){1, 10, 100}, 3);
	probe_forward(p, false);
	numbers_check("same pads more at the end", p->y, (double[]){321, 43}, 2, 1e-6);
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "conv1d",
								.config =
									"{\"filters\": 1, \"kernel_size\": 2, \"dilation_rate\": 2,"
									"\"padding\": \"causal\", \"use_bias\": false}",
								.in = {{2, {4, 1}}},
								.batch = 1},
				   NULL);
	numbers_set(p->x[0], (double[]){1, 2, 3, 4}, 4);
	numbers_set(p->params, (double[]){1, 10}, 2);
	probe_forward(p, false);
	numbers_check("causal sees the past only", p->y, (double[]){10, 20, 31, 42}, 4, 1e-6);
	probe_free(p);
}

/* The loss computes the activation: the layer leaves it out both ways. */
static void
logits(void)
{
	Probe *p = probe_make(
		&(ProbeSpec){.kind = "conv2d",
					 .config = "{\"filters\": 1, \"kernel_size\": 1, \"activation\": \"sigmoid\"}",
					 .in = {{3, {1, 2, 1}}},
					 .batch = 1},
		NULL);

	numbers_set(p->x[0], (double[]){2, -1}, 2);
	numbers_set(p->params, (double[]){3, 1}, 2);
	numbers_set(p->dy, (double[]){1, 10}, 2);
	p->layer->logits = true;
	probe_forward(p, true);
	numbers_check("logits are z", p->y, (double[]){7, -2}, 2, 1e-6);
	probe_backward(p);
	numbers_check("and dy is dz", p->dx[0], (double[]){3, 30}, 2, 1e-6);
	probe_free(p);
}

/* ---- a naive reference ---- */

typedef struct Case
{
	int height, width, channels, filters, size_h, size_w, stride_h, stride_w, dilation_h,
		dilation_w, groups;
	bool same;
} Case;

static int
padding_before(int n, int out, int size, int stride, int dilation, bool same)
{
	int total = (out - 1) * stride + (size - 1) * dilation + 1 - n;

	return same && total > 0 ? total / 2 : 0;
}

/* Number (i, j, f) of sample b. */
static double
reference(const Case *c, const Probe *p, int b, int i, int j, int f)
{
	int top = padding_before(c->height, p->layer->out.dim[0], c->size_h, c->stride_h, c->dilation_h,
							 c->same);
	int left = padding_before(c->width, p->layer->out.dim[1], c->size_w, c->stride_w, c->dilation_w,
							  c->same);
	int per_group = c->channels / c->groups;
	int group = f / (c->filters / c->groups);
	double sum = (double) p->params[p->layer->params[1].offset + (size_t) f];

	for (int u = 0; u < c->size_h; u++)
		for (int v = 0; v < c->size_w; v++)
			for (int k = 0; k < per_group; k++)
			{
				int y = i * c->stride_h - top + u * c->dilation_h,
					x = j * c->stride_w - left + v * c->dilation_w;

				if (y < 0 || y >= c->height || x < 0 || x >= c->width)
					continue;
				sum += (double) p->x[0][((b * c->height + y) * c->width + x) * c->channels +
										group * per_group + k] *
					(double) p->params[((u * c->size_w + v) * per_group + k) * c->filters + f];
			}
	return sum;
}

static void
against_reference(const Case *c)
{
	char config[400];
	NNRandom random = nn_random(5, 7);
	Probe *p;
	double worst = 0;
	size_t at = 0;

	snprintf(config, sizeof(config),
			 "{\"filters\": %d, \"kernel_size\": [%d, %d], \"strides\": [%d, %d],"
			 "\"dilation_rate\": [%d, %d], \"groups\": %d, \"padding\": \"%s\"}",
			 c->filters, c->size_h, c->size_w, c->stride_h, c->stride_w, c->dilation_h,
			 c->dilation_w, c->groups, c->same ? "same" : "valid");
	p = probe_make(&(ProbeSpec){.kind = "conv2d",
								.config = config,
								.in = {{3, {c->height, c->width, c->channels}}},
								.batch = 3},
				   NULL);
	for (size_t i = 0; i < 3 * p->in_size[0]; i++)
		p->x[0][i] = (nn_real) nn_random_normal(&random);
	for (size_t i = 0; i < p->layer->param_size; i++)
		p->params[i] = (nn_real) nn_random_normal(&random);
	probe_forward(p, false);
	for (int b = 0; b < 3; b++)
		for (int i = 0; i < p->layer->out.dim[0]; i++)
			for (int j = 0; j < p->layer->out.dim[1]; j++)
				for (int f = 0; f < c->filters; f++, at++)
				{
					double off = fabs((double) p->y[at] - reference(c, p, b, i, j, f));

					if (!(off <= worst))
						worst = off;
				}
	CHECK(worst < 2e-4 * sqrt(c->size_h * c->size_w * c->channels),
		  "%dx%dx%d by %s is the reference (off by %.2g)", c->height, c->width, c->channels, config,
		  worst);
	probe_free(p);
}

/* Sizes about those of bands and of blocks of the products. */
static void
references(void)
{
	static const Case cases[] = {
		{28, 28, 1, 32, 3, 3, 1, 1, 1, 1, 1, false}, {13, 13, 32, 64, 3, 3, 1, 1, 1, 1, 1, false},
		{13, 13, 32, 17, 3, 3, 1, 1, 1, 1, 1, true}, {9, 7, 3, 5, 4, 2, 1, 1, 1, 1, 1, true},
		{9, 7, 6, 4, 3, 3, 2, 3, 1, 1, 2, true},	 {12, 11, 4, 8, 3, 2, 1, 1, 3, 2, 4, false},
		{12, 11, 4, 8, 3, 5, 1, 1, 2, 4, 1, true},	 {5, 5, 3, 2, 1, 1, 2, 2, 1, 1, 1, false},
		{5, 6, 40, 33, 1, 1, 1, 1, 1, 1, 1, true},	 {2, 2, 3, 4, 7, 7, 1, 1, 1, 1, 1, true},
		{40, 40, 70, 3, 5, 5, 1, 1, 1, 1, 1, true},	 {8, 8, 600, 2, 5, 5, 2, 2, 1, 1, 1, true},
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(cases); i++)
		against_reference(&cases[i]);
}

static void
gradients(void)
{
	NNShape image = {3, {6, 5, 4}};
	NNShape signal = {2, {9, 4}};

	GRADCHECK(.kind = "conv2d", .config = "{\"filters\": 3, \"kernel_size\": 3}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "conv2d",
			  .config = "{\"filters\": 3, \"kernel_size\": [2, 4], \"padding\": \"same\","
						"\"activation\": \"relu\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "conv2d",
			  .config = "{\"filters\": 6, \"kernel_size\": 3, \"padding\": \"same\","
						"\"strides\": [2, 3], \"groups\": 2, \"activation\": \"gelu\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "conv2d",
			  .config = "{\"filters\": 3, \"kernel_size\": [3, 2], \"dilation_rate\": [2, 3],"
						"\"use_bias\": false, \"activation\": \"tanh\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "conv2d",
			  .config = "{\"filters\": 4, \"kernel_size\": 3, \"dilation_rate\": 2,"
						"\"padding\": \"same\", \"groups\": 4}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "conv2d",
			  .config = "{\"filters\": 7, \"kernel_size\": 1, \"activation\": \"softmax\"}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "conv2d", .config = "{\"filters\": 6, \"kernel_size\": 1, \"groups\": 2}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "conv2d", .config = "{\"filters\": 2, \"kernel_size\": 1, \"strides\": 2}",
			  .in = {image}, .batch = 5);
	/* more patches than a band holds */
	GRADCHECK(.kind = "conv2d",
			  .config = "{\"filters\": 2, \"kernel_size\": 3, \"padding\": \"same\"}",
			  .in = {{3, {30, 30, 30}}}, .batch = 5, .samples = 30);
	GRADCHECK(.kind = "conv1d", .config = "{\"filters\": 3, \"kernel_size\": 3}", .in = {signal},
			  .batch = 5);
	GRADCHECK(.kind = "conv1d",
			  .config = "{\"filters\": 2, \"kernel_size\": 3, \"padding\": \"causal\","
						"\"dilation_rate\": 2, \"activation\": \"silu\"}",
			  .in = {signal}, .batch = 5);
	GRADCHECK(.kind = "conv1d",
			  .config = "{\"filters\": 2, \"kernel_size\": 4, \"padding\": \"same\","
						"\"strides\": 3, \"groups\": 2}",
			  .in = {signal}, .batch = 5);
	GRADCHECK(.kind = "conv1d",
			  .config = "{\"filters\": 3, \"kernel_size\": 3, \"activation\": \"tanh\"}",
			  .in = {{2, {NN_ANY, 4}}}, .steps = 7, .batch = 5);
	/* signals of different lengths */
	GRADCHECK(.kind = "conv1d",
			  .config = "{\"filters\": 3, \"kernel_size\": 3, \"activation\": \"gelu\"}",
			  .in = {{2, {NN_ANY, 4}}}, .steps = 8, .batch = 6, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "conv1d",
			  .config = "{\"filters\": 2, \"kernel_size\": 4, \"padding\": \"same\","
						"\"strides\": 3}",
			  .in = {{2, {NN_ANY, 4}}}, .steps = 8, .batch = 6, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "conv1d", .config = "{\"filters\": 2, \"kernel_size\": 1}",
			  .in = {{2, {NN_ANY, 4}}}, .steps = 8, .batch = 6, .mask = GRADCHECK_BOTH);
}

/* In a batch of different lengths each sample is as if it were alone. */
static void
lengths(void)
{
	static const char *const config =
		"{\"filters\": 2, \"kernel_size\": 3, \"padding\": \"same\", \"strides\": 2}";
	Probe *p = probe_make(&(ProbeSpec){.kind = "conv1d",
									   .config = config,
									   .in = {{2, {NN_ANY, 1}}},
									   .batch = 2,
									   .steps = 5,
									   .masked = true,
									   .padded = true},
						  NULL);
	Probe *alone = probe_make(
		&(ProbeSpec){.kind = "conv1d", .config = config, .in = {{2, {4, 1}}}, .batch = 1}, NULL);

	CHECK(p->layer->steps_from == NN_MASK_OWN && p->layer->mask_from == NN_MASK_NONE,
		  "its steps are its own, and none is hidden");
	numbers_set(p->x[0], (double[]){1, 2, 3, 4, 5, 1, 2, 3, 4, 99}, 10);
	numbers_set(alone->x[0], (double[]){1, 2, 3, 4}, 4);
	for (int i = 0; i < 8; i++)
		p->params[i] = alone->params[i] = (nn_real) (i + 1);
	for (int i = 0; i < 10; i++)
	{
		p->padding[i] = i != 9;
		p->mask[i] = i != 3 && i < 8; /* hidden, but there */
	}
	probe_forward(p, false);
	probe_forward(alone, false);
	CHECK(p->out_size == 6 && alone->out_size == 4 &&
			  memcmp(p->y + 6, alone->y, 4 * sizeof(nn_real)) == 0 && p->y[10] == 0 &&
			  p->y[11] == 0,
		  "four steps of five are four steps");
	CHECK(p->mask_out[2] == 1 && p->mask_out[3] == 1 && p->mask_out[4] == 1 && p->mask_out[5] == 0,
		  "and the mask says so");
	probe_free(p);
	probe_free(alone);
}

/* The memory of a convolution does not grow with the image. */
static void
memory(void)
{
	NNModel *model = malloc(nn_model_bytes(2));
	NNError error;
	NNValue numbers[2] = {{.type = NN_V_NUMBER, .number = 32}, {.type = NN_V_NUMBER, .number = 3}};
	NNValue dims[3] = {{.type = NN_V_NUMBER, .number = 512},
					   {.type = NN_V_NUMBER, .number = 512},
					   {.type = NN_V_NUMBER, .number = 3}};
	NNValue shape = {.type = NN_V_ARRAY, .count = 3, .items = dims};
	const char *shape_key[] = {"shape"};
	const char *conv_keys[] = {"filters", "kernel_size"};
	NNValue input = {.type = NN_V_OBJECT, .count = 1, .items = &shape, .keys = shape_key};
	NNValue conv = {.type = NN_V_OBJECT, .count = 2, .items = numbers, .keys = conv_keys};
	NNPlan *plan;
	size_t bytes;

	nn_model_begin(model, 2);
	CHECK(nn_model_add(model, "input", NULL, NULL, -1, &input, &error) &&
			  nn_model_add(model, "conv2d", NULL, NULL, -1, &conv, &error) &&
			  nn_model_finish(model, &error),
		  "a convolution of 512 x 512 x 3");
	CHECK(model->layers[1].scratch_fixed <= 65536 && model->layers[1].scratch_size == 0,
		  "unfolds bands of the image");
	plan = malloc(nn_plan_bytes(model));
	CHECK(nn_plan_make(plan, model, &(NNPlanRequest){.batch = 1, .threads = 1, .training = true},
					   &error),
		  "plans to train");
	bytes = nn_plan_workspace(plan);
	CHECK(bytes < 130 * ((size_t) 1 << 20) * sizeof(nn_real) / 4,
		  "and takes little more than its values and gradients: %zu", bytes);
	free(plan);
	free(model);
}

static void
refusals(void)
{
	NNShape image = {3, {6, 5, 4}};

	numbers_refused("conv2d", "{\"filters\": 3, \"kernel_size\": 7}", image,
					"layer \"probe\": its window (7, 7) is larger than its input (6, 5)");
	numbers_refused("conv2d", "{\"filters\": 3, \"kernel_size\": 3, \"dilation_rate\": 3}", image,
					"layer \"probe\": its window (7, 7), dilated, is larger than its input (6, 5)");
	numbers_refused(
		"conv2d", "{\"filters\": 3, \"kernel_size\": 3, \"groups\": 3}", image,
		"layer \"probe\": the 4 channels of its input (6, 5, 4) are not divisible by 3 groups");
	numbers_refused("conv2d", "{\"filters\": 3, \"kernel_size\": 3, \"groups\": 2}", image,
					"layer \"probe\": 3 filters are not divisible by 2 groups");
	numbers_refused(
		"conv2d", "{\"filters\": 3, \"kernel_size\": 3}", ((NNShape){2, {6, 5}}),
		"layer \"probe\": its input must have shape (height, width, channels), not (6, 5)");
	numbers_refused("conv2d", "{\"filters\": 3, \"kernel_size\": 3}",
					((NNShape){3, {NN_ANY, 5, 4}}),
					"layer \"probe\": the height of its input (None, 5, 4) is variable");
	numbers_refused("conv1d", "{\"filters\": 3, \"kernel_size\": 3}", image,
					"layer \"probe\": its input must have shape (steps, channels), not (6, 5, 4)");
	numbers_refused("conv1d", "{\"filters\": 3, \"kernel_size\": 3}", ((NNShape){2, {2, 4}}),
					"layer \"probe\": its window (3) is larger than its input (2)");
	numbers_refused("conv2d", "{\"filters\": 3}", image, "option \"kernel_size\" is missing");
	numbers_refused("conv2d", "{\"filters\": 3, \"kernel_size\": [3, 3, 3]}", image,
					"option \"kernel_size\" must have 2 elements, not 3");
	numbers_refused("conv2d", "{\"filters\": 3, \"kernel_size\": 3, \"padding\": \"causal\"}",
					image, "\"padding\"");
	numbers_refused("conv2d", "{\"filters\": 3, \"kernel_size\": 3, \"strides\": 0}", image,
					"\"strides\"");
	numbers_refused("conv2d", "{\"filters\": 1, \"kernel_size\": 1048576, \"padding\": \"same\"}",
					image, "layer \"probe\"");
}

int
main(void)
{
	hand_numbers();
	logits();
	references();
	gradients();
	lengths();
	memory();
	refusals();
	return unit_done();
}
