/*
 * layer_view.c
 *	  Input, flatten and reshape: shapes come out right or are refused; the
 *	  numbers stay.
 */
#include <stdlib.h>

#include "test/unit/gradcheck.h"
#include "test/unit/json.h"
#include "test/unit/numbers.h"

static bool
shape_is(const NNShape *shape, NNShape expected)
{
	return nn_shape_equal(shape, &expected);
}

/* The output shape of an input of that config, or the refusal's message. */
static void
check_input(const char *config, const NNShape *expected, const char *refusal)
{
	NNModel *model = malloc(nn_model_bytes(2));
	NNValue *value = json_parse(config);
	NNError error = {.code = NN_OK};
	bool added;

	nn_model_begin(model, 2);
	added = nn_model_add(model, "input", NULL, NULL, -1, value, &error);
	if (expected != NULL)
		CHECK(added && nn_shape_equal(&model->layers[0].out, expected), "input %s %s", config,
			  error.message);
	else
		CHECK(!added && strstr(error.message, refusal) != NULL, "input %s is refused: %s", config,
			  error.message);
	json_free(value);
	free(model);
}

static void
inputs(void)
{
	NNShape image = nn_shape3(28, 28, 1), row = nn_shape1(4), steps = nn_shape2(NN_ANY, 3),
			tokens = nn_shape1(NN_ANY);

	check_input("{\"shape\": [28, 28, 1]}", &image, NULL);
	check_input("{\"shape\": [4]}", &row, NULL);
	check_input("{\"shape\": 4}", &row, NULL);
	check_input("{\"shape\": []}", NULL, "shape");
	check_input("{\"shape\": [null, 3]}", &steps, NULL);
	check_input("{\"shape\": [null]}", &tokens, NULL);
	check_input("{\"shape\": [3, null]}", NULL, "dimension 2 of its shape is variable");
	check_input("{\"shape\": [3, 0]}", NULL, "shape");
	check_input("{\"shape\": [-1, 3]}", NULL, "shape");
	check_input("{\"shape\": [1, 2, 3, 4, 5]}", NULL, "shape");
	check_input("{\"shape\": [1.5]}", NULL, "shape");
	check_input("{\"shape\": [2000000000]}", NULL, "shape");
	check_input("{\"shape\": [1000000, 1000000, 1000000]}", NULL, "more than");
	check_input("{}", NULL, "shape");
}

static void
check_view(const char *kind, const char *config, NNShape in, int steps, NNShape expected)
{
	Probe *p = probe_make(
		&(ProbeSpec){.kind = kind, .config = config, .in = {in}, .batch = 2, .steps = steps}, NULL);

	CHECK(shape_is(&p->layer->out, expected), "%s %s has the right shape", kind, config);
	CHECK(p->layer->mask_from == NN_MASK_NONE && p->layer->n_params == 0 &&
			  (p->layer->kind->flags & NN_KIND_VIEW),
		  "%s %s is a view without a mask", kind, config);
	for (size_t i = 0; i < 2 * p->in_size[0]; i++)
		p->x[0][i] = (nn_real) i;
	probe_forward(p, true);
	CHECK(memcmp(p->x[0], p->y, 2 * p->in_size[0] * sizeof(nn_real)) == 0 &&
			  p->in_size[0] == p->out_size,
		  "%s %s keeps the numbers", kind, config);
	probe_free(p);
}

static void
views(void)
{
	check_view("flatten", "{}", nn_shape3(2, 3, 4), 0, nn_shape1(24));
	check_view("flatten", "{}", nn_shape1(5), 0, nn_shape1(5));
	check_view("reshape", "{\"target_shape\": [3, 4]}", nn_shape1(12), 0, nn_shape2(3, 4));
	check_view("reshape", "{\"target_shape\": [-1, 2, 2]}", nn_shape1(12), 0, nn_shape3(3, 2, 2));
	check_view("reshape", "{\"target_shape\": [2, -1]}", nn_shape2(3, 4), 0, nn_shape2(2, 6));
	check_view("reshape", "{\"target_shape\": [-1]}", nn_shape2(3, 4), 0, nn_shape1(12));
	check_view("reshape", "{\"target_shape\": 12}", nn_shape2(3, 4), 0, nn_shape1(12));
	check_view("reshape", "{\"target_shape\": [-1, 2, 3]}", nn_shape2(NN_ANY, 6), 5,
			   nn_shape3(5, 2, 3));
}

static void
refusals(void)
{
	numbers_refused("flatten", "{}", nn_shape2(NN_ANY, 3),
					"cannot flatten the variable shape (None, 3)");
	numbers_refused("flatten", "{\"units\": 3}", nn_shape1(3), "units");
	numbers_refused("reshape", "{}", nn_shape1(12), "target_shape");
	numbers_refused("reshape", "{\"target_shape\": [5, 2]}", nn_shape1(12),
					"cannot reshape (12) into (5, 2)");
	numbers_refused("reshape", "{\"target_shape\": [5, -1]}", nn_shape1(12),
					"cannot reshape (12) into (5, None)");
	numbers_refused("reshape", "{\"target_shape\": [-1, -1]}", nn_shape1(12), "cannot reshape");
	numbers_refused("reshape", "{\"target_shape\": [13, -1]}", nn_shape1(12), "cannot reshape");
	numbers_refused("reshape", "{\"target_shape\": [0, 12]}", nn_shape1(12), "target_shape");
	numbers_refused("reshape", "{\"target_shape\": [-2, 6]}", nn_shape1(12), "target_shape");
	numbers_refused("reshape", "{\"target_shape\": [1000000, 1000000, 1000000, 1000000]}",
					nn_shape1(12), "cannot reshape");
	numbers_refused("reshape", "{\"target_shape\": [3, 2]}", nn_shape2(NN_ANY, 6),
					"cannot reshape (None, 6) into (3, 2)");
	numbers_refused("reshape", "{\"target_shape\": [-1, 3]}", nn_shape2(NN_ANY, 6),
					"cannot reshape (None, 6)");
}

int
main(void)
{
	inputs();
	views();
	refusals();
	return unit_done();
}
