/*
 * layer_lengths.c
 *	  unit, rms and group normalization, and dot: numbers by hand, promises,
 *	  refusals.
 */
#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

static void
hand_numbers(void)
{
	Probe *p = probe_make(
		&(ProbeSpec){
			.kind = "unit_normalization", .config = "{}", .in = {nn_shape2(2, 2)}, .batch = 1},
		NULL);

	numbers_set(p->x[0], (double[]){3, 4, 0, 0}, 4);
	numbers_set(p->dy, (double[]){1, 0, 1, 2}, 4);
	probe_forward(p, true);
	numbers_check("unit: vectors of length 1, and zeros", p->y, (double[]){0.6, 0.8, 0, 0}, 4,
				  1e-6);
	probe_backward(p);
	numbers_check("the gradient is across the vector, and none of zeros", p->dx[0],
				  (double[]){(1 - 0.36) / 5, -0.48 / 5, 0, 0}, 4, 1e-6);
	CHECK(p->layer->mask_from == 0, "unit passes the mask on");
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "rms_normalization",
								.config = "{\"axis\": [1, 2], \"epsilon\": 1}",
								.in = {nn_shape2(2, 1)},
								.batch = 1},
				   NULL);
	numbers_set(p->x[0], (double[]){1, 5}, 2);
	numbers_set(p->params, (double[]){2, 10}, 2);
	probe_forward(p, false);
	numbers_check("rms: by the root of 13 + 1", p->y, (double[]){2 / sqrt(14), 50 / sqrt(14)}, 2,
				  1e-6);
	CHECK(p->layer->mask_from == NN_MASK_NONE, "rms passes no mask on, as in Keras");
	probe_free(p);

	/* two cells of four channels in two groups: {1, 3, 5, 7} and {2, 2, 4, 4} */
	p = probe_make(&(ProbeSpec){.kind = "group_normalization",
								.config = "{\"groups\": 2, \"epsilon\": 1e-12}",
								.in = {nn_shape2(2, 4)},
								.batch = 1},
				   NULL);
	numbers_set(p->x[0], (double[]){1, 3, 2, 2, 5, 7, 4, 4}, 8);
	numbers_set(p->params, (double[]){1, 1, 1, 2, 0, 0, 0, 10}, 8);
	probe_forward(p, false);
	numbers_check("group: over cells and neighbouring channels", p->y,
				  (double[]){-3 / sqrt(5), -1 / sqrt(5), -1, 8, 1 / sqrt(5), 3 / sqrt(5), 1, 12}, 8,
				  1e-5);
	probe_free(p);
}

/* What a row is padded with does not count in a group's moments. */
static void
padded(void)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = "group_normalization",
									   .config = "{\"groups\": 1, \"epsilon\": 1e-12}",
									   .in = {{2, {NN_ANY, 1}}},
									   .steps = 3,
									   .batch = 1,
									   .padded = true},
						  NULL);

	numbers_set(p->x[0], (double[]){1, 3, 1000}, 3);
	numbers_set(p->params, (double[]){1, 0}, 2);
	memcpy(p->padding, (uint8_t[]){1, 1, 0}, 3);
	probe_forward(p, false);
	numbers_check("the first two steps alone", p->y, (double[]){-1, 1}, 2, 1e-5);
	probe_free(p);
}

static void
gradients(void)
{
	static const char *const axes[] = {
		"{\"axis\": 1}",	  "{\"axis\": 2}",		   "{\"axis\": [1, 2]}", "{}",
		"{\"axis\": [3, 2]}", "{\"axis\": [1, 2, 3]}",
	};
	NNShape image = nn_shape3(2, 3, 4);

	for (int i = 0; i < NN_ARRAY_LENGTH(axes); i++)
		GRADCHECK(.kind = "unit_normalization", .config = axes[i], .in = {image}, .batch = 5);
	for (int i = 3; i < NN_ARRAY_LENGTH(axes); i++)
		GRADCHECK(.kind = "rms_normalization", .config = axes[i], .in = {image}, .batch = 5);
	GRADCHECK(.kind = "unit_normalization", .in = {{2, {NN_ANY, 4}}}, .steps = 6, .batch = 5,
			  .mask = GRADCHECK_HOLES);
	GRADCHECK(.kind = "rms_normalization", .config = "{\"epsilon\": 0.1}", .in = {{2, {NN_ANY, 4}}},
			  .steps = 6, .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "group_normalization", .config = "{\"groups\": 2}", .in = {image},
			  .batch = 5);
	GRADCHECK(.kind = "group_normalization", .config = "{\"groups\": -1, \"scale\": false}",
			  .in = {image}, .batch = 5);
	GRADCHECK(.kind = "group_normalization", .config = "{\"groups\": 1, \"center\": false}",
			  .in = {{4, {2, 3, 2, 4}}}, .batch = 5);
	GRADCHECK(.kind = "group_normalization", .config = "{\"groups\": 4}", .in = {{1, {8}}},
			  .batch = 5);
	GRADCHECK(.kind = "group_normalization", .config = "{\"groups\": 2}", .in = {{2, {NN_ANY, 4}}},
			  .steps = 6, .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "group_normalization",
			  .config = "{\"groups\": 2, \"center\": false, \"scale\": false}",
			  .in = {{3, {NN_ANY, 2, 4}}}, .steps = 6, .batch = 5, .mask = GRADCHECK_PREFIX);
}

static void
dots(void)
{
	/* (2, 3) and (3): each row of the first by the second */
	Probe *p = probe_make(&(ProbeSpec){.kind = "dot",
									   .config = "{\"axes\": [2, 1]}",
									   .n_inputs = 2,
									   .in = {nn_shape2(2, 3), nn_shape1(3)},
									   .batch = 1},
						  NULL);
	NNShape expected = nn_shape1(2);
	static const char *const options[] = {"", ", \"normalize\": true"};

	CHECK(nn_shape_equal(&p->layer->out, &expected), "what is summed is gone");
	numbers_set(p->x[0], (double[]){1, 2, 3, 4, 5, 6}, 6);
	numbers_set(p->x[1], (double[]){1, 10, 100}, 3);
	numbers_set(p->dy, (double[]){1, 2}, 2);
	probe_forward(p, true);
	numbers_check("dot", p->y, (double[]){321, 654}, 2, 1e-6);
	probe_backward(p);
	numbers_check("gradient of input 1", p->dx[0], (double[]){1, 10, 100, 2, 20, 200}, 6, 1e-6);
	numbers_check("gradient of input 2", p->dx[1], (double[]){9, 12, 15}, 3, 1e-6);
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "dot",
								.config = "{\"axes\": 1, \"normalize\": true}",
								.n_inputs = 2,
								.in = {nn_shape1(2), nn_shape1(2)},
								.batch = 2},
				   NULL);
	numbers_set(p->x[0], (double[]){3, 4, 0, 0}, 4);
	numbers_set(p->x[1], (double[]){7, 0, 1, 1}, 4);
	probe_forward(p, true);
	numbers_check("cosines, and none of zeros", p->y, (double[]){0.6, 0}, 2, 1e-6);
	probe_free(p);

	for (int i = 0; i < 2; i++)
	{
		char config[8][64];
		static const char *const axes[8] = {"-1",	  "[1, 2]", "[2, 1]", "[1, 1]",
											"[3, 2]", "[1, 3]", "[2, 1]", "1"};
		static const NNShape in[8][2] = {
			{{1, {4}}, {1, {4}}},		   {{2, {4, 3}}, {2, {2, 4}}},
			{{2, {3, 4}}, {2, {4, 2}}},	   {{2, {4, 3}}, {2, {4, 2}}},
			{{3, {2, 3, 4}}, {2, {2, 4}}}, {{2, {4, 3}}, {3, {2, 3, 4}}},
			{{3, {2, 4, 3}}, {1, {4}}},	   {{1, {4}}, {3, {4, 2, 3}}},
		};

		for (int k = 0; k < 8; k++)
		{
			snprintf(config[k], sizeof(config[k]), "{\"axes\": %s%s}", axes[k], options[i]);
			GRADCHECK(.kind = "dot", .config = config[k], .n_inputs = 2, .in = {in[k][0], in[k][1]},
					  .batch = 5);
		}
	}
}

static void
dot_refused(const char *config, NNShape a, NNShape b, const char *part)
{
	numbers_refused_at(
		&(ProbeSpec){
			.kind = "dot", .config = config, .n_inputs = 2, .in = {a, b}, .batch = 1, .steps = 1},
		part, __FILE__, __LINE__);
}

static void
refusals(void)
{
	NNShape image = nn_shape3(4, 5, 6);

	numbers_refused("group_normalization", "{}", image,
					"the 6 channels of its input (4, 5, 6) do not make 32 groups");
	numbers_refused("group_normalization", "{\"groups\": 0}", image, "do not make 0 groups");
	numbers_refused("group_normalization", "{\"groups\": 4}", image, "do not make 4 groups");
	numbers_refused("group_normalization", "{\"groups\": 2, \"axis\": 1}", image,
					"only the last axis");
	numbers_refused("unit_normalization", "{\"axis\": 7}", image, "axis");
	numbers_refused("unit_normalization", "{\"axis\": 1}", nn_shape2(NN_ANY, 3),
					"its axis is the variable first dimension of its input (None, 3)");
	numbers_refused("rms_normalization", "{\"axis\": [1, 2]}", nn_shape2(NN_ANY, 3),
					"its axis is the variable first dimension of its input (None, 3)");
	numbers_refused("rms_normalization", "{\"axis\": [1, 2]}", image,
					"its axis does not end with the last dimension");
	numbers_refused("rms_normalization", "{\"epsilon\": 0}", image, "epsilon");
	dot_refused("{}", nn_shape1(3), nn_shape1(3), "\"axes\" is missing");
	dot_refused("{\"axes\": [1, 1, 1]}", nn_shape1(3), nn_shape1(3), "axes");
	dot_refused("{\"axes\": 0}", nn_shape1(3), nn_shape1(3), "has no axis 0");
	dot_refused("{\"axes\": [1, 2]}", nn_shape1(3), nn_shape1(3),
				"its input 2, of shape (3), has no axis 2");
	dot_refused("{\"axes\": 1}", nn_shape1(3), nn_shape1(4),
				"its inputs have shapes (3) and (4), of 3 and 4 along its axes");
	dot_refused("{\"axes\": 1}", nn_shape3(2, 3, 4), nn_shape4(2, 3, 4, 5),
				"its output would have 5 dimensions");
	dot_refused("{\"axes\": -1}", nn_shape2(NN_ANY, 4), nn_shape1(4),
				"the first dimension of its input (None, 4) is variable");
}

int
main(void)
{
	hand_numbers();
	padded();
	gradients();
	dots();
	refusals();
	return unit_done();
}
