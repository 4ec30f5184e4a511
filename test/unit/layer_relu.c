/*
 * layer_relu.c
 *	  elu, relu, prelu, softmax and identity as layers: numbers by hand,
 *	  promises, refusals.
 */
#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

/* y and dx (for dy of ones) of one sample. */
static void
check(const char *kind, const char *config, const double *x, int n, const double *y,
	  const double *dx)
{
	Probe *p = probe_make(
		&(ProbeSpec){.kind = kind, .config = config, .in = {nn_shape1(n)}, .batch = 1}, NULL);
	char what[200];

	numbers_set(p->x[0], x, (size_t) n);
	for (int i = 0; i < n; i++)
		p->dy[i] = 1;
	for (size_t i = 0; i < p->layer->param_size; i++)
		p->params[i] = (nn_real) 0.5;
	probe_forward(p, true);
	snprintf(what, sizeof(what), "%s %s: y", kind, config);
	numbers_check(what, p->y, y, (size_t) n, 1e-6);
	probe_backward(p);
	snprintf(what, sizeof(what), "%s %s: dx", kind, config);
	numbers_check(what, p->dx[0], dx, (size_t) n, 1e-6);
	CHECK(p->layer->mask_from == 0, "%s passes the mask on", kind);
	probe_free(p);
}

static void
hand_numbers(void)
{
	static const double x[] = {-2, 0, 3, 8};
	const double e = exp(-2);

	check("elu", "{}", x, 4, (double[]){e - 1, 0, 3, 8}, (double[]){e, 1, 1, 1});
	check("elu", "{\"alpha\": 3}", x, 4, (double[]){3 * (e - 1), 0, 3, 8},
		  (double[]){3 * e, 3, 1, 1});
	check("relu", "{}", x, 4, (double[]){0, 0, 3, 8}, (double[]){0, 0, 1, 1});
	check("relu", "{\"max_value\": 6}", x, 4, (double[]){0, 0, 3, 6}, (double[]){0, 0, 1, 0});
	check("relu", "{\"max_value\": 6, \"threshold\": 3, \"negative_slope\": 0.5}", x, 4,
		  (double[]){-2.5, -1.5, 0, 6}, (double[]){0.5, 0.5, 0.5, 0});
	check("relu", "{\"threshold\": 4}", x, 4, (double[]){0, 0, 0, 8}, (double[]){0, 0, 0, 1});
	/* the most is below the threshold: what is above has it all the same */
	check("relu", "{\"threshold\": 4, \"max_value\": 1, \"negative_slope\": 1}", x, 4,
		  (double[]){-6, -4, -1, 1}, (double[]){1, 1, 1, 0});
	check("relu", "{\"max_value\": 9}", (double[]){-INFINITY, INFINITY}, 2, (double[]){0, 9},
		  (double[]){0, 0});
	check("prelu", "{}", x, 4, (double[]){-1, 0, 3, 8}, (double[]){0.5, 0, 1, 1});
	check("prelu", "{\"shared_axes\": 1}", x, 4, (double[]){-1, 0, 3, 8}, (double[]){0.5, 0, 1, 1});
	check("softmax", "{}", (double[]){0, log(3), 0}, 3, (double[]){0.2, 0.6, 0.2},
		  (double[]){0, 0, 0});
}

/* Of (2, 2, 3): along each axis, and along two. */
static void
check_softmax(const char *config, const double *expected)
{
	Probe *p = probe_make(
		&(ProbeSpec){.kind = "softmax", .config = config, .in = {nn_shape3(2, 2, 3)}, .batch = 1},
		NULL);

	for (int i = 0; i < 12; i++)
		p->x[0][i] = i % 3 == 0 ? (nn_real) 0 : (nn_real) log(3);
	probe_forward(p, false);
	numbers_check(config, p->y, expected, 12, 1e-6);
	probe_free(p);
}

static void
axes(void)
{
	static const double q = 1 / 7.0, half = 0.5, quarter = 0.25;

	check_softmax("{\"axis\": 3}",
				  (double[]){q, 3 * q, 3 * q, q, 3 * q, 3 * q, q, 3 * q, 3 * q, q, 3 * q, 3 * q});
	check_softmax(
		"{\"axis\": -2}",
		(double[]){half, half, half, half, half, half, half, half, half, half, half, half});
	check_softmax("{\"axis\": [1, 2]}",
				  (double[]){quarter, quarter, quarter, quarter, quarter, quarter, quarter, quarter,
							 quarter, quarter, quarter, quarter});
	check_softmax("{\"axis\": [3, 2]}",
				  (double[]){q / 2, 1.5 * q, 1.5 * q, q / 2, 1.5 * q, 1.5 * q, q / 2, 1.5 * q,
							 1.5 * q, q / 2, 1.5 * q, 1.5 * q});
}

static void
gradients(void)
{
	static const char *const softmaxes[] = {
		"{}", "{\"axis\": 1}", "{\"axis\": 2}", "{\"axis\": [1, 2]}", "{\"axis\": [2, -1]}",
	};

	GRADCHECK(.kind = "elu", .config = "{\"alpha\": 0.7}", .in = {{2, {3, 4}}}, .batch = 5);
	GRADCHECK(.kind = "relu",
			  .config = "{\"max_value\": 1, \"negative_slope\": 0.1, \"threshold\": 0.2}",
			  .in = {{3, {2, 3, 4}}}, .batch = 5);
	GRADCHECK(.kind = "relu", .in = {{2, {NN_ANY, 4}}}, .steps = 6, .batch = 5,
			  .mask = GRADCHECK_HOLES);
	GRADCHECK(.kind = "prelu", .in = {{2, {3, 4}}}, .batch = 5);
	GRADCHECK(.kind = "prelu", .config = "{\"shared_axes\": [1, 2]}", .in = {{3, {2, 3, 4}}},
			  .batch = 5);
	GRADCHECK(.kind = "prelu", .config = "{\"shared_axes\": [1, 3]}", .in = {{3, {2, 3, 4}}},
			  .batch = 5);
	GRADCHECK(.kind = "prelu", .config = "{\"shared_axes\": [2], \"alpha_initializer\": \"ones\"}",
			  .in = {{4, {2, 3, 2, 4}}}, .batch = 5);
	GRADCHECK(.kind = "prelu", .config = "{\"shared_axes\": 1}", .in = {{2, {NN_ANY, 4}}},
			  .steps = 6, .batch = 5, .mask = GRADCHECK_PREFIX);
	for (int i = 0; i < NN_ARRAY_LENGTH(softmaxes); i++)
		GRADCHECK(.kind = "softmax", .config = softmaxes[i], .in = {{3, {2, 3, 4}}}, .batch = 5);
	GRADCHECK(.kind = "softmax", .config = "{\"axis\": 1}", .in = {{2, {NN_ANY, 4}}}, .steps = 6,
			  .batch = 5, .mask = GRADCHECK_HOLES);
	GRADCHECK(.kind = "softmax", .config = "{\"axis\": [1, 2]}", .in = {{2, {NN_ANY, 4}}},
			  .steps = 6, .batch = 5, .mask = GRADCHECK_BOTH);
	GRADCHECK(.kind = "softmax", .in = {{1, {NN_ANY}}}, .steps = 6, .batch = 5,
			  .mask = GRADCHECK_HOLES);
}

static void
refusals(void)
{
	NNShape image = nn_shape3(4, 5, 6);

	numbers_refused("relu", "{\"max_value\": -1}", image, "max_value");
	numbers_refused("relu", "{\"negative_slope\": -1}", image, "negative_slope");
	numbers_refused("relu", "{\"threshold\": -1}", image, "threshold");
	numbers_refused("elu", "{\"alpha\": \"x\"}", image, "alpha");
	numbers_refused("prelu", "{\"shared_axes\": 4}", image,
					"layer \"probe\": its input (4, 5, 6) has no axis 4 to share");
	numbers_refused("prelu", "{\"shared_axes\": [0]}", image, "shared_axes");
	numbers_refused("prelu", "{\"shared_axes\": [null]}", image, "shared_axes");
	numbers_refused("prelu", "{}", nn_shape2(NN_ANY, 3),
					"the first dimension of its input (None, 3) is variable");
	numbers_refused("softmax", "{\"axis\": 0}", image, "its axis is 0, the batch");
	numbers_refused("softmax", "{\"axis\": 4}", image, "its axis is no dimension of its input");
	numbers_refused("softmax", "{\"axis\": -4}", image, "its axis is no dimension of its input");
	numbers_refused("softmax", "{\"axis\": [1, 3]}", image,
					"its axis has dimensions apart from each other");
	numbers_refused("softmax", "{\"axis\": [3, -1]}", image, "its axis names a dimension twice");
	numbers_refused("softmax", "{\"axis\": []}", image, "axis");
	numbers_refused("identity", "{\"units\": 1}", image, "units");
}

int
main(void)
{
	hand_numbers();
	axes();
	gradients();
	refusals();
	return unit_done();
}
