/*
 * layer_merge.c
 *	  Add, subtract, multiply, average, maximum, minimum and concatenate:
 *	  numbers by hand, repeated dimensions, refusals.
 */
#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

/* Three inputs of three numbers; at 1 and 2 two of them share the extremes. */
static void
check_three(const char *kind, int n_inputs, const double *y, const double *dx)
{
	static const double x[3][3] = {{1, 2, 3}, {1, 3, 2}, {0, 3, 3}};
	Probe *p = probe_make(
		&(ProbeSpec){
			.kind = kind, .n_inputs = n_inputs, .in = {{1, {3}}, {1, {3}}, {1, {3}}}, .batch = 1},
		NULL);
	char what[100];

	for (int i = 0; i < n_inputs; i++)
		numbers_set(p->x[i], x[i], 3);
	numbers_set(p->dy, (double[]){1, 10, 100}, 3);
	probe_forward(p, true);
	snprintf(what, sizeof(what), "%s: y", kind);
	numbers_check(what, p->y, y, 3, 1e-6);
	probe_backward(p);
	for (int i = 0; i < n_inputs; i++)
	{
		snprintf(what, sizeof(what), "%s: gradient of input %d", kind, i + 1);
		numbers_check(what, p->dx[i], dx + 3 * i, 3, 1e-6);
	}
	probe_free(p);
}

static void
hand_numbers(void)
{
	check_three("add", 3, (double[]){2, 8, 8}, (double[]){1, 10, 100, 1, 10, 100, 1, 10, 100});
	check_three("subtract", 2, (double[]){0, -1, 1}, (double[]){1, 10, 100, -1, -10, -100});
	check_three("multiply", 3, (double[]){0, 18, 18},
				(double[]){0, 90, 600, 0, 60, 900, 1, 60, 600});
	check_three("average", 2, (double[]){1, 2.5, 2.5}, (double[]){0.5, 5, 50, 0.5, 5, 50});
	check_three("maximum", 3, (double[]){1, 3, 3}, (double[]){1, 0, 100, 0, 10, 0, 0, 0, 0});
	check_three("minimum", 3, (double[]){0, 2, 2}, (double[]){0, 10, 0, 0, 0, 100, 1, 0, 0});
}

static void
repeated(void)
{
	/* (2, 1, 2) and (3, 1) make (2, 3, 2) */
	Probe *p = probe_make(
		&(ProbeSpec){
			.kind = "multiply", .n_inputs = 2, .in = {{3, {2, 1, 2}}, {2, {3, 1}}}, .batch = 1},
		NULL);
	NNShape expected = nn_shape3(2, 3, 2);

	CHECK(nn_shape_equal(&p->layer->out, &expected), "dimensions of 1 are repeated");
	CHECK(p->layer->steps_from == 0, "the steps are those of the first input with all of them");
	numbers_set(p->x[0], (double[]){1, 2, 3, 4}, 4);
	numbers_set(p->x[1], (double[]){10, 20, 30}, 3);
	for (int i = 0; i < 12; i++)
		p->dy[i] = 1;
	probe_forward(p, true);
	numbers_check("the product is that of each pair", p->y,
				  (double[]){10, 20, 20, 40, 30, 60, 30, 40, 60, 80, 90, 120}, 12, 1e-6);
	probe_backward(p);
	numbers_check("the gradient of what is repeated is summed", p->dx[0],
				  (double[]){60, 60, 60, 60}, 4, 1e-6);
	numbers_check("for the other input too", p->dx[1], (double[]){10, 10, 10}, 3, 1e-6);
	probe_free(p);
}

/* Padding of fewer steps than the output's must not pass on. */
static void
steps(void)
{
	static const struct
	{
		NNShape in[2];
		int steps_from;
	} cases[] = {
		{{{2, {3, 4}}, {2, {3, 4}}}, 0},	{{{2, {1, 4}}, {2, {3, 4}}}, 1},
		{{{1, {4}}, {2, {NN_ANY, 4}}}, 1},	{{{2, {1, 4}}, {2, {NN_ANY, 4}}}, 1},
		{{{2, {1, 4}}, {3, {3, 1, 1}}}, 1}, {{{1, {4}}, {3, {1, 3, 4}}}, 1},
		{{{3, {1, 3, 4}}, {1, {4}}}, 0},
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(cases); i++)
	{
		Probe *p = probe_make(
			&(ProbeSpec){
				.kind = "add",
				.n_inputs = 2,
				.in = {cases[i].in[0], cases[i].in[1]},
				.batch = 1,
				.steps = 3,
			},
			NULL);

		CHECK(p->layer->steps_from == cases[i].steps_from &&
				  p->layer->in[p->layer->steps_from].dim[0] == p->layer->out.dim[0],
			  "the steps of case %d are those of input %d", i, cases[i].steps_from + 1);
		probe_free(p);
	}
}

static void
gradients(void)
{
	static const char *const kinds[] = {
		"add", "multiply", "average", "maximum", "minimum", "subtract",
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(kinds); i++)
	{
		GRADCHECK(.kind = kinds[i], .n_inputs = 2, .in = {{2, {3, 4}}, {2, {3, 4}}}, .batch = 5);
		GRADCHECK(.kind = kinds[i], .n_inputs = 2, .in = {{1, {4}}, {3, {2, 3, 4}}}, .batch = 5);
		GRADCHECK(.kind = kinds[i], .n_inputs = 2, .in = {{3, {2, 1, 4}}, {3, {2, 3, 1}}},
				  .batch = 5);
		GRADCHECK(.kind = kinds[i], .n_inputs = 2, .in = {{2, {NN_ANY, 4}}, {2, {NN_ANY, 1}}},
				  .steps = 6, .batch = 5);
		if (i < 5)
			GRADCHECK(.kind = kinds[i], .n_inputs = 3, .in = {{1, {4}}, {1, {1}}, {1, {4}}},
					  .batch = 5);
	}
	GRADCHECK(.kind = "add", .n_inputs = 2, .in = {{2, {NN_ANY, 4}}, {2, {NN_ANY, 4}}}, .steps = 6,
			  .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "concatenate", .n_inputs = 3, .in = {{1, {4}}, {1, {2}}, {1, {1}}},
			  .batch = 5);
	GRADCHECK(.kind = "concatenate", .n_inputs = 2, .in = {{2, {NN_ANY, 4}}, {2, {NN_ANY, 2}}},
			  .steps = 6, .batch = 5, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "concatenate", .config = "{\"axis\": 1}", .n_inputs = 2,
			  .in = {{3, {2, 3, 4}}, {3, {5, 3, 4}}}, .batch = 5);
	GRADCHECK(.kind = "concatenate", .config = "{\"axis\": -2}", .n_inputs = 2,
			  .in = {{3, {2, 3, 4}}, {3, {2, 1, 4}}}, .batch = 5);
}

static void
concatenate(void)
{
	Probe *p = probe_make(
		&(ProbeSpec){
			.kind = "concatenate", .n_inputs = 2, .in = {{2, {2, 1}}, {2, {2, 2}}}, .batch = 1},
		NULL);

	numbers_set(p->x[0], (double[]){1, 2}, 2);
	numbers_set(p->x[1], (double[]){3, 4, 5, 6}, 4);
	numbers_set(p->dy, (double[]){1, 2, 3, 4, 5, 6}, 6);
	probe_forward(p, true);
	numbers_check("concatenate along the last axis", p->y, (double[]){1, 3, 4, 2, 5, 6}, 6, 0);
	probe_backward(p);
	numbers_check("gradient of input 1", p->dx[0], (double[]){1, 4}, 2, 0);
	numbers_check("gradient of input 2", p->dx[1], (double[]){2, 3, 5, 6}, 4, 0);
	CHECK(p->layer->mask_from == NN_MASK_SHARED, "features side by side share masks");
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = "concatenate",
								.config = "{\"axis\": 1}",
								.n_inputs = 2,
								.in = {{2, {1, 2}}, {2, {2, 2}}},
								.batch = 2},
				   NULL);
	numbers_set(p->x[0], (double[]){1, 2, 7, 8}, 4);
	numbers_set(p->x[1], (double[]){3, 4, 5, 6, 9, 10, 11, 12}, 8);
	probe_forward(p, false);
	numbers_check("concatenate along the first axis", p->y,
				  (double[]){1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 12, 0);
	CHECK(p->layer->mask_from == NN_MASK_JOINED, "steps one after the other join masks");
	probe_free(p);
}

static void
refused(const char *kind, const char *config, NNShape a, NNShape b, const char *part)
{
	numbers_refused_at(
		&(ProbeSpec){
			.kind = kind,
			.config = config,
			.n_inputs = 2,
			.in = {a, b},
			.batch = 1,
			.steps = 1,
		},
		part, __FILE__, __LINE__);
}

static void
refusals(void)
{
	refused("add", "{}", nn_shape2(3, 4), nn_shape2(3, 5),
			"layer \"probe\": its inputs 1 and 2 have shapes (3, 4) and (3, 5), which do not fit");
	refused("multiply", "{}", nn_shape1(3), nn_shape2(3, 4), "shapes (3) and (3, 4)");
	refused("maximum", "{}", nn_shape2(NN_ANY, 4), nn_shape2(3, 4), "shapes (None, 4) and (3, 4)");
	refused("minimum", "{}", nn_shape1(NN_ANY), nn_shape2(3, 1), "do not fit");
	refused("average", "{\"axis\": 1}", nn_shape1(3), nn_shape1(3), "axis");
	refused("concatenate", "{}", nn_shape2(3, 4), nn_shape2(2, 4),
			"its inputs 1 and 2 have shapes (3, 4) and (2, 4), which do not fit along axis -1");
	refused("concatenate", "{}", nn_shape2(3, 4), nn_shape1(4), "do not fit");
	refused("concatenate", "{\"axis\": 1}", nn_shape2(NN_ANY, 4), nn_shape2(NN_ANY, 4),
			"do not fit along axis 1");
	refused("concatenate", "{\"axis\": 0}", nn_shape1(3), nn_shape1(3), "axis 0 does not exist");
	refused("concatenate", "{\"axis\": 2}", nn_shape1(3), nn_shape1(3), "axis 2 does not exist");
	refused("concatenate", "{\"axis\": 9}", nn_shape1(3), nn_shape1(3), "axis");
	numbers_refused("add", "{}", nn_shape1(3), "at least 2 inputs");
	numbers_refused_at(
		&(ProbeSpec){
			.kind = "subtract",
			.config = "{}",
			.n_inputs = 3,
			.in = {{1, {3}}, {1, {3}}, {1, {3}}},
			.batch = 1,
		},
		"2 inputs", __FILE__, __LINE__);
}

int
main(void)
{
	hand_numbers();
	repeated();
	steps();
	concatenate();
	gradients();
	refusals();
	return unit_done();
}
