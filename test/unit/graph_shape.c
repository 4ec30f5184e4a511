/*
 * graph_shape.c
 *	  Shapes: sizes that do not wrap around, texts, parameters of a layer.
 */
#include "core/layers/layer.h"
#include "test/unit/unit.h"

static void
test_sizes(void)
{
	NNShape number = {0};
	NNShape steps = nn_shape2(NN_ANY, 5);
	NNShape image = nn_shape3(28, 28, 3);
	NNShape huge = nn_shape4(INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX);

	CHECK(nn_shape_size(&number) == 1, "a single number has size 1");
	CHECK(nn_shape_size(&image) == 28 * 28 * 3, "size is the product");
	CHECK(nn_shape_size(&steps) == 5, "a variable dimension counts as 1");
	CHECK(nn_shape_reals(&steps, 7) == 35, "or as the steps");
	CHECK(nn_shape_reals(&image, 7) == 28 * 28 * 3, "steps matter to variable shapes only");
	CHECK(nn_shape_size(&huge) > NN_MAX_MODEL_PARAMS, "a product that overflows is still huge");
	CHECK(nn_shape_last(&image) == 3, "the last dimension");
}

static void
test_equal(void)
{
	NNShape a = nn_shape2(2, 3);
	NNShape b = nn_shape2(2, 3);
	NNShape c = nn_shape2(3, 2);
	NNShape d = nn_shape3(2, 3, 1);

	b.dim[3] = 99;
	CHECK(nn_shape_equal(&a, &b), "equal whatever stands past the rank");
	CHECK(!nn_shape_equal(&a, &c), "another order is another shape");
	CHECK(!nn_shape_equal(&a, &d), "another rank is another shape");
}

static void
test_text(void)
{
	NNShape number = {0};
	NNShape line = nn_shape1(784);
	NNShape steps = nn_shape2(NN_ANY, 5);
	NNShape big = nn_shape4(-INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX);
	char buf[80];
	char small[8];

	CHECK(strcmp(nn_shape_text(&number, buf, sizeof(buf)), "()") == 0, "text of a number");
	CHECK(strcmp(nn_shape_text(&line, buf, sizeof(buf)), "(784)") == 0, "text of one dimension");
	CHECK(strcmp(nn_shape_text(&steps, buf, sizeof(buf)), "(None, 5)") == 0, "text of steps");
	CHECK(strcmp(nn_shape_text(&big, buf, sizeof(buf)),
				 "(-2147483647, 2147483647, 2147483647, 2147483647)") == 0,
		  "text of the largest");
	nn_shape_text(&big, small, sizeof(small));
	CHECK(strcmp(small, "(-21474") == 0, "a text that does not fit is cut");
	nn_shape_text(&big, small, 0);
	CHECK(strcmp(small, "(-21474") == 0, "no room, nothing written");
}

static void
test_params(void)
{
	NNLayer layer;
	NNInitializer init = nn_initializer_default(NN_INIT_HE_NORMAL);
	NNRules rules = {.regularizer = {.l1 = 0.5, .l2 = 0.25}, .constraint = {.kind = NN_NON_NEG}};
	NNParam *param;

	memset(&layer, 0, sizeof(layer));
	param = nn_layer_add_param(&layer, "kernel", nn_shape2(4, 3), init, &rules);
	CHECK(param == &layer.params[0] && param->offset == 0 && param->size == 12,
		  "the first parameter");
	CHECK(param->regularizer.l1 == 0.5 && param->regularizer.l2 == 0.25 &&
			  param->constraint.kind == NN_NON_NEG,
		  "its regularization and constraint");
	CHECK(param->trainable && param->init.kind == NN_INIT_HE_NORMAL, "its other properties");
	param = nn_layer_add_param(&layer, "bias", nn_shape1(3), init, NULL);
	CHECK(param->offset == 12 && param->size == 3 && layer.n_params == 2 && layer.param_size == 15,
		  "the next follows");
	CHECK(!nn_regularized(&param->regularizer), "a bias has no regularization");

	for (int i = 0; i < 2 * NN_MAX_PARAMS; i++)
		nn_layer_add_param(&layer, "huge", nn_shape4(INT32_MAX, INT32_MAX, INT32_MAX, 9), init,
						   NULL);
	CHECK(layer.n_params == 2 + 2 * NN_MAX_PARAMS, "too many are counted, not stored");
	CHECK(layer.param_size > NN_MAX_MODEL_PARAMS, "and their size does not wrap around");
}

static void
test_what(void)
{
	NNLayer layer;
	char buf[40];

	memset(&layer, 0, sizeof(layer));
	strcpy(layer.name, "conv2d_1");
	CHECK(strcmp(nn_layer_what(&layer, buf, sizeof(buf)), "layer \"conv2d_1\"") == 0,
		  "what a layer is");
}

static bool
same_shape(NNLayer *layer, NNError *error)
{
	(void) error;
	layer->out = layer->in[0];
	return true;
}

/* A kind that says nothing of padding is not given any. */
static void
test_padding(void)
{
	NNKind careless = {.name = "careless", .shape = same_shape};
	NNKind careful = {.name = "careful", .shape = same_shape, .flags = NN_KIND_MASKED};
	NNLayer layer = {.name = "layer", .n_inputs = 1};
	NNError error = {0};

	layer.kind = &careless;
	layer.in[0] = nn_shape2(5, 2);
	CHECK(nn_layer_infer_inner(&layer, &error), "any kind takes fixed steps");
	layer.in[0] = nn_shape2(NN_ANY, 2);
	CHECK(!nn_layer_infer_inner(&layer, &error) && error.code == NN_BAD_SHAPE,
		  "variable steps are refused: %s", error.message);
	layer.kind = &careful;
	CHECK(nn_layer_infer_inner(&layer, &error), "but not by a kind that hides padding");
}

int
main(void)
{
	test_padding();
	test_sizes();
	test_equal();
	test_text();
	test_params();
	test_what();
	return unit_done();
}
