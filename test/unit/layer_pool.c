/*
 * layer_pool.c
 *	  Pooling of windows and of all cells: numbers by hand, promises, refusals.
 */
#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

static void
max_numbers(void)
{
	Probe *p = probe_make(
		&(ProbeSpec){.kind = "max_pooling2d", .config = NULL, .in = {{3, {2, 5, 1}}}, .batch = 1},
		NULL);

	CHECK(p->layer->out.dim[0] == 1 && p->layer->out.dim[1] == 2,
		  "2 x 2 side by side, the fifth column is left");
	CHECK(p->layer->saved_size == 0, "nothing is kept");
	numbers_set(p->x[0], (double[]){1, 3, -5, -4, 9, 3, 2, -4, -6, 9}, 10);
	numbers_set(p->dy, (double[]){10, 20}, 2);
	probe_forward(p, true);
	numbers_check("the largest", p->y, (double[]){3, -4}, 2, 0);
	probe_backward(p);
	numbers_check("dy goes to the first of the largest", p->dx[0],
				  (double[]){0, 10, 0, 20, 0, 0, 0, 0, 0, 0}, 10, 0);
	probe_free(p);

	/* windows of 3 by 2: padding before the first is not a number */
	p = probe_make(
		&(ProbeSpec){.kind = "max_pooling1d",
					 .config = "{\"pool_size\": 3, \"strides\": 2, \"padding\": \"same\"}",
					 .in = {{2, {3, 1}}},
					 .batch = 1},
		NULL);
	numbers_set(p->x[0], (double[]){-3, -1, -2}, 3);
	numbers_set(p->dy, (double[]){1, 10}, 2);
	probe_forward(p, true);
	numbers_check("padding is never the largest", p->y, (double[]){-1, -1}, 2, 0);
	probe_backward(p);
	numbers_check("overlapping windows add", p->dx[0], (double[]){0, 11, 0}, 3, 0);
	probe_free(p);
}

static void
mean_numbers(void)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = "average_pooling2d",
									   .config = "{\"padding\": \"same\"}",
									   .in = {{3, {1, 3, 1}}},
									   .batch = 1},
						  NULL);

	numbers_set(p->x[0], (double[]){1, 2, 5}, 3);
	numbers_set(p->dy, (double[]){2, 3}, 2);
	probe_forward(p, true);
	numbers_check("only real cells count", p->y, (double[]){1.5, 5}, 2, 1e-6);
	probe_backward(p);
	numbers_check("each has its share", p->dx[0], (double[]){1, 1, 3}, 3, 1e-6);
	probe_free(p);
}

static void
global_numbers(void)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = "global_average_pooling1d",
									   .config = NULL,
									   .in = {{2, {3, 2}}},
									   .batch = 2,
									   .masked = true},
						  NULL);

	numbers_set(p->x[0], (double[]){1, 2, 3, 4, 500, 600, 7, 8, 9, 10, 11, 12}, 12);
	for (int i = 0; i < 6; i++)
		p->mask[i] = i < 2;
	probe_forward(p, true);
	numbers_check("hidden steps do not count; without any: 0", p->y, (double[]){2, 3, 0, 0}, 4,
				  1e-6);
	numbers_set(p->dy, (double[]){2, 4, 1, 1}, 4);
	probe_backward(p);
	numbers_check("nor get a share", p->dx[0], (double[]){1, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0}, 12,
				  1e-6);
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "global_max_pooling2d",
								.config = "{\"keepdims\": true}",
								.in = {{3, {2, 2, 2}}},
								.batch = 1},
				   NULL);
	CHECK(p->layer->out.rank == 3 && p->layer->out.dim[0] == 1 && p->layer->out.dim[1] == 1 &&
			  p->layer->out.dim[2] == 2,
		  "keepdims keeps the dimensions");
	numbers_set(p->x[0], (double[]){-1, 1, -2, 3, -3, 2, -1, 3}, 8);
	numbers_set(p->dy, (double[]){5, 6}, 2);
	probe_forward(p, true);
	numbers_check("the largest of each channel", p->y, (double[]){-1, 3}, 2, 0);
	probe_backward(p);
	numbers_check("cells that share it share dy, as in Keras", p->dx[0],
				  (double[]){2.5, 0, 0, 3, 0, 0, 2.5, 3}, 8, 0);
	probe_free(p);

	p = probe_make(
		&(ProbeSpec){
			.kind = "global_max_pooling1d", .config = "{}", .in = {{2, {5, 1}}}, .batch = 1},
		NULL);
	numbers_set(p->x[0], (double[]){1, 2, 2, 0, 2}, 5);
	numbers_set(p->dy, (double[]){9}, 1);
	probe_forward(p, true);
	probe_backward(p);
	numbers_check("also of steps", p->dx[0], (double[]){0, 3, 3, 0, 3}, 5, 1e-6);
	probe_free(p);
}

static void
gradients(void)
{
	static const char *const windows[] = {
		"{}",
		"{\"pool_size\": [3, 2], \"strides\": [2, 1]}",
		"{\"pool_size\": 3, \"strides\": 2, \"padding\": \"same\"}",
		"{\"pool_size\": 2, \"strides\": 3}",
		"{\"pool_size\": 2, \"padding\": \"same\"}",
		"{\"pool_size\": [5, 7]}",
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(windows); i++)
	{
		GRADCHECK(.kind = "max_pooling2d", .config = windows[i], .in = {{3, {5, 7, 3}}},
				  .batch = 5);
		GRADCHECK(.kind = "average_pooling2d", .config = windows[i], .in = {{3, {5, 7, 18}}},
				  .batch = 5);
	}
	GRADCHECK(.kind = "max_pooling2d", .config = "{}", .in = {{3, {6, 4, 37}}}, .batch = 5);
	GRADCHECK(.kind = "max_pooling1d", .config = "{\"pool_size\": 3, \"strides\": 2}",
			  .in = {{2, {9, 4}}}, .batch = 5);
	GRADCHECK(.kind = "average_pooling1d", .config = "{\"padding\": \"same\"}", .in = {{2, {9, 4}}},
			  .batch = 5);
	GRADCHECK(.kind = "average_pooling1d", .config = "{}", .in = {{2, {NN_ANY, 4}}}, .steps = 7,
			  .batch = 5);
	GRADCHECK(.kind = "max_pooling1d", .config = "{}", .in = {{2, {NN_ANY, 4}}}, .steps = 7,
			  .batch = 5);
	GRADCHECK(.kind = "max_pooling1d",
			  .config = "{\"pool_size\": 3, \"strides\": 2, \"padding\": \"same\"}",
			  .in = {{2, {NN_ANY, 4}}}, .steps = 7, .batch = 6, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "average_pooling1d", .config = "{}", .in = {{2, {NN_ANY, 9}}}, .steps = 7,
			  .batch = 6, .mask = GRADCHECK_BOTH);
	GRADCHECK(.kind = "global_max_pooling2d", .config = "{}", .in = {{3, {3, 4, 5}}}, .batch = 5);
	GRADCHECK(.kind = "global_average_pooling2d", .config = "{\"keepdims\": true}",
			  .in = {{3, {3, 4, 5}}}, .batch = 5);
	GRADCHECK(.kind = "global_max_pooling1d", .config = "{}", .in = {{2, {NN_ANY, 5}}}, .steps = 6,
			  .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "global_average_pooling1d", .config = "{}", .in = {{2, {NN_ANY, 5}}},
			  .steps = 6, .batch = 5, .mask = GRADCHECK_BOTH);
}

static void
refusals(void)
{
	NNShape image = {3, {3, 5, 4}};

	numbers_refused("max_pooling2d", "{\"pool_size\": 4}", image,
					"its window (4, 4) is larger than its input (3, 5)");
	numbers_refused("average_pooling2d", "{\"pool_size\": 0}", image, "\"pool_size\"");
	numbers_refused("max_pooling1d", "{}", image,
					"its input must have shape (steps, channels), not (3, 5, 4)");
	numbers_refused("max_pooling2d", "{\"padding\": \"causal\"}", image, "\"padding\"");
	numbers_refused("global_max_pooling2d", "{}", ((NNShape){1, {4}}),
					"its input must have shape (height, width, channels), not (4)");
	numbers_refused("global_average_pooling1d", "{}", image,
					"its input must have shape (steps, channels)");
}

int
main(void)
{
	max_numbers();
	mean_numbers();
	global_numbers();
	gradients();
	refusals();
	return unit_done();
}
