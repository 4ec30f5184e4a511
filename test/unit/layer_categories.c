/*
 * layer_categories.c
 *	  Layers that make numbers of categories, gaps and ranges: what they
 *	  promise as layers, shapes and refusals, what they learn in pieces, and
 *	  what does not come out of them.  Values by Keras and scikit-learn are in
 *	  test/pgtap/golden_features.sql.
 */
#include <stdlib.h>

#include "test/unit/gradcheck.h"
#include "test/unit/json.h"
#include "test/unit/numbers.h"

static void
promises(void)
{
	GRADCHECK(.kind = "category_encoding", .config = "{\"num_tokens\": 6}", .in = {{1, {4}}},
			  .batch = 7, .indexes = 6);
	GRADCHECK(.kind = "category_encoding",
			  .config = "{\"num_tokens\": 6, \"output_mode\": \"one_hot\"}", .in = {{1, {1}}},
			  .batch = 7, .indexes = 6);
	GRADCHECK(.kind = "category_encoding",
			  .config = "{\"num_tokens\": 6, \"output_mode\": \"one_hot\"}", .in = {{1, {NN_ANY}}},
			  .steps = 5, .batch = 7, .indexes = 6, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "category_encoding",
			  .config = "{\"num_tokens\": 6, \"output_mode\": \"count\"}", .in = {{1, {NN_ANY}}},
			  .steps = 5, .batch = 7, .indexes = 6, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "discretization",
			  .config = "{\"bin_boundaries\": [-1, 0, 0.5], \"output_mode\": \"one_hot\"}",
			  .in = {{1, {3}}}, .batch = 6, .indexes = 3);
	GRADCHECK(.kind = "imputation", .in = {{2, {3, 4}}}, .batch = 6);
	GRADCHECK(.kind = "imputation", .config = "{\"strategy\": \"median\", \"add_indicator\": true}",
			  .in = {{2, {NN_ANY, 2}}}, .steps = 4, .batch = 6, .mask = GRADCHECK_PREFIX);
	GRADCHECK(.kind = "missing_indicator", .in = {{1, {4}}}, .batch = 6);
}

static void
check_shape(const char *kind, const char *config, NNShape in, NNShape out)
{
	NNError error = {.code = NN_OK};
	Probe *p = probe_make(
		&(ProbeSpec){.kind = kind, .config = config, .in = {in}, .batch = 1, .steps = 1}, &error);
	char shape[64];

	CHECK(p != NULL && nn_shape_equal(&p->layer->out, &out), "%s %s gives %s %s", kind, config,
		  nn_shape_text(&out, shape, sizeof(shape)), error.message);
	if (p != NULL)
		probe_free(p);
}

#define ONE_HOT "{\"num_tokens\": 6, \"output_mode\": \"one_hot\"}"
#define COUNT "{\"num_tokens\": 6, \"output_mode\": \"count\"}"

static void
shapes(void)
{
	check_shape("category_encoding", ONE_HOT, nn_shape1(1), nn_shape1(6));
	check_shape("category_encoding", ONE_HOT, nn_shape1(4), nn_shape2(4, 6));
	check_shape("category_encoding", ONE_HOT, nn_shape2(4, 1), nn_shape2(4, 6));
	check_shape("category_encoding", ONE_HOT, nn_shape4(2, 3, 4, 1), nn_shape4(2, 3, 4, 6));
	check_shape("category_encoding", COUNT, nn_shape1(4), nn_shape1(6));
	check_shape("category_encoding", COUNT, nn_shape1(NN_ANY), nn_shape1(6));
	check_shape("discretization", "{\"num_bins\": 4}", nn_shape2(2, 3), nn_shape2(2, 3));
	check_shape("imputation", "{\"add_indicator\": true}", nn_shape2(2, 3), nn_shape2(2, 6));
	check_shape("missing_indicator", "{}", nn_shape1(3), nn_shape1(3));
	numbers_refused("category_encoding", "{}", nn_shape1(3), "\"num_tokens\" is missing");
	numbers_refused("category_encoding", "{\"num_tokens\": 0}", nn_shape1(3), "from 1");
	numbers_refused("category_encoding", "{\"num_tokens\": 3, \"output_mode\": \"int\"}",
					nn_shape1(3), "no value \"int\"");
	numbers_refused("category_encoding", ONE_HOT, nn_shape4(2, 3, 4, 2), "one_hot takes");
	numbers_refused("category_encoding", COUNT, nn_shape2(2, 3), "one dimension");
	numbers_refused("discretization", "{}", nn_shape1(3), "neither");
	numbers_refused("discretization", "{\"num_bins\": 3, \"bin_boundaries\": [1]}", nn_shape1(3),
					"both");
	numbers_refused("discretization", "{\"num_bins\": 1}", nn_shape1(3), "from 2");
	numbers_refused("discretization", "{\"bin_boundaries\": [1, 0]}", nn_shape1(3), "0 after 1");
	numbers_refused("discretization", "{\"num_bins\": 3, \"epsilon\": 0}", nn_shape1(3),
					"\"epsilon\"");
	numbers_refused("imputation", "{\"strategy\": \"mode\"}", nn_shape1(3), "no value \"mode\"");
	numbers_refused("imputation", "{}", nn_shape1(NN_ANY), "variable");
	numbers_refused("missing_indicator", "{}", nn_shape1(NN_ANY), "variable");
}

/* Show all n rows (n, width) to the layer in pieces of 1, 2, 3, ... rows, as often as it wants. */
static void
learn(Probe *p, nn_real *x, int n, int width)
{
	const NNKind *kind = p->layer->kind;
	double *state = calloc(kind->adapt_size(p->layer), sizeof(double));
	int passes = kind->adapt_passes != NULL ? kind->adapt_passes(p->layer) : 1;

	for (int k = 0; k < passes; k++)
	{
		if (k > 0)
			kind->adapt_pass(p->layer, k, state);
		for (int i = 0, piece = 1; i < n; i += piece++)
		{
			NNPass pass = {.batch = i + piece > n ? n - i : piece, .x = x + (size_t) i * width};

			kind->adapt_rows(p->layer, &pass, state);
		}
	}
	kind->adapt_end(p->layer, state, p->params);
	free(state);
}

static Probe *
make(const char *kind, const char *config, int width)
{
	Probe *p = probe_make(
		&(ProbeSpec){.kind = kind, .config = config, .in = {nn_shape1(width)}, .batch = 3}, NULL);

	nn_zero(p->params, p->layer->param_size);
	return p;
}

#define ROWS 4001

/* More values than there are counters, among which one is in more rows than any other. */
static void
frequent(void)
{
	nn_real *x = malloc(ROWS * sizeof(nn_real));
	Probe *p = make("imputation", "{\"strategy\": \"most_frequent\"}", 1);

	for (int i = 0; i < ROWS; i++)
		x[i] = i % 100 == 7 ? -3 : (nn_real) (i * 7919 % ROWS);
	learn(p, x, ROWS, 1);
	CHECK(p->params[0] == -3, "the most frequent of many values: %g", (double) p->params[0]);
	for (int i = 0; i < ROWS; i++)
		x[i] = (nn_real) (i % 2 == 0 ? 5 - i % 4 : 0.5 - i);
	x[0] = 3;
	x[2] = 5;
	learn(p, x, 4000, 1);
	CHECK(p->params[0] == 3, "the smallest of equals: %g", (double) p->params[0]);
	probe_free(p);
	free(x);
}

/* Both middles of an even number of values, of all signs and sizes. */
static void
median(void)
{
	nn_real x[8] = {-1e30f, 1e-30f, (nn_real) NAN, -2.5f, 7, -0.0f, 1e20f, 0};
	Probe *p = make("imputation", "{\"strategy\": \"median\"}", 1);

	learn(p, x, 8, 1);
	numbers_check("a median of 7 values, missing, count", p->params, (double[]){0, 0.125, 8}, 3, 0);
	nn_zero(p->params, 3);
	learn(p, x, 4, 1);
	numbers_check("of 3", p->params, (double[]){-2.5, 0.25, 4}, 3, 0);
	nn_zero(p->params, 3);
	learn(p, x + 3, 2, 1);
	numbers_check("of 2", p->params, (double[]){2.25, 0, 2}, 3, 0);
	nn_zero(p->params, 3);
	learn(p, x + 2, 1, 1);
	numbers_check("of none", p->params, (double[]){0, 1, 1}, 3, 0);
	CHECK(!nn_layer_unadapted(p->layer, p->params), "which counts as learned");
	probe_free(p);
}

static void
indicators(void)
{
	const nn_real nan = (nn_real) NAN;
	nn_real rows[] = {1, nan, nan, 3, nan, 5, 5, nan, 6};
	Probe *p = make("imputation", "{\"add_indicator\": true}", 3);
	NNError error = {.code = NN_OK};

	CHECK(nn_layer_unadapted(p->layer, p->params), "at first there is something to learn");
	learn(p, rows, 3, 3);
	for (int i = 0; i < 9; i++)
		p->x[0][i] = nan;
	probe_forward(p, true);
	numbers_check("only what was there and missing tells", p->y, (double[]){3, 0, 5.5, 0, 0, 1}, 6,
				  1e-6);
	CHECK(nn_all_finite(p->y, 18), "no NaN comes out");
	for (size_t i = 0; i < 18; i++)
		p->dy[i] = 1;
	p->x[0][1] = 2;
	probe_backward(p);
	numbers_check("gradients go to what was there", p->dx[0], (double[]){0, 1, 0}, 3, 0);
	p->params[3] = 2;
	CHECK(!nn_layer_check_params(p->layer, p->params, &error) &&
			  strstr(error.message, "\"missing\" has 2") != NULL,
		  "a share is no more than 1");
	probe_free(p);
}

/* Fewer values than bins: the last boundaries are beyond all values. */
static void
bins(void)
{
	nn_real x[] = {3, 1, 2};
	Probe *p = make("discretization", "{\"num_bins\": 6}", 3);
	NNError error = {.code = NN_OK};

	learn(p, x, 1, 3);
	CHECK(p->params[0] == 1 && p->params[1] == 2 && p->params[2] > 1e38 && p->params[4] > 1e38,
		  "boundaries of three values");
	p->params[1] = 0;
	CHECK(!nn_layer_check_params(p->layer, p->params, &error) &&
			  strstr(error.message, "0 after 1") != NULL,
		  "boundaries from a table ascend");
	probe_free(p);
}

/* Which inputs may be missing: those that feed nothing else. */
static void
missing_inputs(void)
{
	const char *const layers[][3] = {
		{"input", "a", ""},		   {"input", "b", ""},
		{"imputation", "ia", "a"}, {"missing_indicator", "ib", "b"},
		{"rescaling", "rb", "b"},
	};
	NNModel *model = malloc(nn_model_bytes(6));
	NNError error = {.code = NN_OK};

	nn_model_begin(model, 6);
	for (int i = 0; i < NN_ARRAY_LENGTH(layers); i++)
	{
		NNValue *config = json_parse(i < 2 ? "{\"shape\": [1]}" : i == 4 ? "{\"scale\": 1}" : "{}");

		CHECK(nn_model_add(model, layers[i][0], layers[i][1], &layers[i][2], i < 2 ? -1 : 1, config,
						   &error),
			  "%s %s", layers[i][1], error.message);
		json_free(config);
	}
	CHECK(nn_model_finish(model, &error) && nn_model_takes_missing(model, 0) &&
			  !nn_model_takes_missing(model, 1),
		  "what is missing may go to imputation alone");
	free(model);
}

int
main(void)
{
	promises();
	shapes();
	frequent();
	median();
	indicators();
	bins();
	missing_inputs();
	return unit_done();
}
