/*
 * graph_kinds.c
 *	  The graph with kinds of the test's own: shapes that go wrong, and
 *	  wrappers.  This program's registry stands in for the real one.
 */
#include <stdlib.h>

#include "core/graph/model.h"
#include "core/layers/kinds.h"
#include "test/unit/json.h"
#include "test/unit/unit.h"

typedef struct Conf
{
	int units;
	bool backwards;
} Conf;

typedef struct OddConf
{
	int what;
} OddConf;

enum
{
	RANK_0,
	RANK_5,
	ZERO,
	ANY_LAST,
	MANY_PARAMS,
	SAVED,
	SCRATCH,
	FIXED,
	PARTIAL,
	STATE,
};

static const NNField plain_fields[] = {NN_FIELD_INT(Conf, units, true, 0, 1, 100), NN_FIELD_END};
static const NNField odd_fields[] = {NN_FIELD_INT(OddConf, what, true, 0, RANK_0, STATE),
									 NN_FIELD_END};
static const NNField wrapper_fields[] = {NN_FIELD_LAYER, NN_FIELD_END};
static const NNField no_fields[] = {NN_FIELD_END};

static bool
input_shape(NNLayer *layer, NNError *error)
{
	(void) error;
	layer->out = nn_shape2(NN_ANY, 4);
	return true;
}

/* (steps, in) to (steps, units), one kernel. */
static bool
plain_shape(NNLayer *layer, NNError *error)
{
	const Conf *conf = NN_CONF(layer, Conf);

	if (layer->in[0].rank != 2)
		return nn_error(error, NN_BAD_SHAPE, "layer \"%s\": wants steps", layer->name);
	layer->out = nn_shape2(layer->in[0].dim[0], conf->units);
	nn_layer_add_param(layer, "kernel", nn_shape2(layer->in[0].dim[1], conf->units),
					   nn_initializer_default(NN_INIT_ONES), NULL);
	layer->saved_size = 3;
	return true;
}

/* Both inner layers side by side, the second the other way round. */
static bool
pair_shape(NNLayer *layer, NNError *error)
{
	for (int i = 0; i < 2; i++)
	{
		NNLayer *inner = layer->inner[i];

		((Conf *) inner->conf.bytes)->backwards = i == 1;
		inner->in[0] = layer->in[0];
		if (!nn_layer_infer_inner(inner, error))
			return false;
		for (int k = 0; k < inner->n_params; k++)
			nn_layer_add_param(layer, inner->params[k].name, inner->params[k].shape,
							   inner->params[k].init, NULL);
	}
	layer->out = layer->inner[0]->out;
	layer->out.dim[1] *= 2;
	return true;
}

static void
pair_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random)
{
	nn_layer_init(layer->inner[0], params, scratch, random);
	nn_layer_init(layer->inner[1], params + layer->inner[0]->param_size, scratch, random);
	nn_scale(params + layer->inner[0]->param_size, 2, layer->inner[1]->param_size);
}

static bool
odd_shape(NNLayer *layer, NNError *error)
{
	size_t large = (size_t) 1 << 40;
	NNParam *param;

	(void) error;
	layer->out = nn_shape2(3, 4);
	switch (NN_CONF(layer, OddConf)->what)
	{
		case RANK_0:
			layer->out.rank = 0;
			break;
		case RANK_5:
			layer->out.rank = 5;
			break;
		case ZERO:
			layer->out.dim[1] = 0;
			break;
		case ANY_LAST:
			layer->out.dim[1] = NN_ANY;
			break;
		case MANY_PARAMS:
			for (int i = 0; i <= NN_MAX_PARAMS; i++)
				nn_layer_add_param(layer, "w", nn_shape1(1), nn_initializer_default(NN_INIT_ZEROS),
								   NULL);
			break;
		case SAVED:
			layer->saved_size = large;
			break;
		case SCRATCH:
			layer->scratch_size = large;
			break;
		case FIXED:
			layer->scratch_fixed = large;
			break;
		case PARTIAL:
			layer->partial_size = large;
			break;
		default:
			param = nn_layer_add_param(layer, "state", nn_shape1(5),
									   nn_initializer_default(NN_INIT_ZEROS), NULL);
			param->trainable = false;
			nn_layer_add_param(layer, "w", nn_shape1(2), nn_initializer_default(NN_INIT_ZEROS),
							   NULL);
	}
	return true;
}

static bool
odd_unadapted(const NNLayer *layer, const nn_real *params)
{
	(void) layer;
	return params[0] == 0;
}

static const NNKind input_kind = {
	.name = "input",
	.fields = no_fields,
	.shape = input_shape,
};
static const NNKind plain_kind = {
	.name = "plain",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(Conf),
	.fields = plain_fields,
	.shape = plain_shape,
};
static const NNKind odd_kind = {
	.name = "odd",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(OddConf),
	.fields = odd_fields,
	.shape = odd_shape,
	.unadapted = odd_unadapted,
};
static const NNKind pair_kind = {
	.name = "pair",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.fields = wrapper_fields,
	.shape = pair_shape,
	.init = pair_init,
};
static const NNKind both_kind = {
	.name = "both",
	.flags = NN_KIND_MASKED,
	.min_inputs = 2,
	.max_inputs = 2,
	.fields = no_fields,
	.shape = odd_shape,
};

static const NNKind *const kinds[] = {&input_kind, &plain_kind, &odd_kind, &pair_kind, &both_kind};

const NNKind *
nn_kind_find(const char *name)
{
	for (int i = 0; i < NN_ARRAY_LENGTH(kinds); i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}

const char *
nn_kind_name(int i)
{
	return i >= 0 && i < NN_ARRAY_LENGTH(kinds) ? kinds[i]->name : NULL;
}

/* ---- the tests ---- */

static NNModel *model;
static NNError error;

static void
begin(int room)
{
	free(model);
	model = malloc(nn_model_bytes(room));
	nn_model_begin(model, room);
	memset(&error, 0, sizeof(error));
	(void) nn_model_add(model, "input", NULL, NULL, -1, NULL, &error);
}

static bool
add(const char *kind, const char *config)
{
	NNValue *value = json_parse(config);
	bool added;

	memset(&error, 0, sizeof(error));
	added = nn_model_add(model, kind, NULL, NULL, -1, value, &error);
	json_free(value);
	return added;
}

static void
refused_at(bool built, NNErrorCode code, const char *message, int line)
{
	bool held = !built && error.code == code && strcmp(error.message, message) == 0;

	unit_check(held, __FILE__, line, "refused: %s", message);
	if (!held)
		printf("# %s\n", error.message);
}

#define REFUSED(built, code, message) refused_at(built, code, message, __LINE__)

static bool
odd(int what)
{
	char config[40];

	snprintf(config, sizeof(config), "{\"what\": %d}", what);
	return add("odd", config);
}

static void
test_inference(void)
{
	nn_real params[7] = {0};

	begin(8);
	REFUSED(odd(RANK_0), NN_BAD_SHAPE,
			"layer \"odd\": its output would have 0 dimensions, not 1 to 4");
	REFUSED(odd(RANK_5), NN_BAD_SHAPE,
			"layer \"odd\": its output would have 5 dimensions, not 1 to 4");
	REFUSED(odd(ZERO), NN_BAD_SHAPE,
			"layer \"odd\": the shape of its output would be (3, 0), and each dimension must be at "
			"least 1");
	REFUSED(odd(ANY_LAST), NN_BAD_SHAPE,
			"layer \"odd\": the shape of its output would be (3, None), and each dimension must be "
			"at least 1");
	REFUSED(odd(MANY_PARAMS), NN_TOO_LARGE,
			"layer \"odd\": has 13 parameter tensors, at most 12 are possible");
	REFUSED(odd(SAVED), NN_TOO_LARGE, "layer \"odd\": would need too much memory a sample");
	REFUSED(odd(SCRATCH), NN_TOO_LARGE, "layer \"odd\": would need too much memory a sample");
	REFUSED(odd(FIXED), NN_TOO_LARGE, "layer \"odd\": would need too much memory a sample");
	REFUSED(odd(PARTIAL), NN_TOO_LARGE, "layer \"odd\": would need too much memory a sample");
	CHECK(odd(STATE) && nn_model_finish(model, &error) && model->n_params == 7 &&
			  model->n_trainable == 2,
		  "state counts among parameters, not among trainable ones");
	CHECK(nn_layer_unadapted(&model->layers[1], params), "a layer that has to learn from rows");
	params[0] = 1;
	CHECK(!nn_layer_unadapted(&model->layers[1], params) &&
			  !nn_layer_unadapted(&model->layers[0], params),
		  "and layers that do not");
}

static void
test_kind_refuses(void)
{
	begin(8);
	CHECK(add("plain", "{\"units\": 2}") && nn_layer_infer(model, &model->layers[1], &error) &&
			  model->layers[1].n_params == 1 && model->layers[1].param_size == 8 &&
			  model->layers[1].saved_size == 3,
		  "inference starts afresh each time");
	model->layers[0].out = nn_shape1(4);
	REFUSED(nn_layer_infer(model, &model->layers[1], &error), NN_BAD_SHAPE,
			"layer \"plain\": wants steps");
}

#define PLAIN "{\"kind\": \"plain\", \"units\": 2}"
#define PAIR_OF(inner) "{\"kind\": \"pair\", \"layer\": " inner "}"

static void
test_room(void)
{
	NNValue *plain = json_parse(PLAIN);
	NNValue *pair = json_parse(PAIR_OF(PLAIN));
	NNValue *pairs = json_parse(PAIR_OF(PAIR_OF(PLAIN)));

	CHECK(nn_layer_room(NULL) == 1 && nn_layer_room(plain) == 1, "a layer takes room for one");
	CHECK(nn_layer_room(pair) == 3, "a wrapper for three");
	CHECK(nn_layer_room(pairs) == 7, "a wrapper of wrappers for seven");
	begin(1 + 7);
	CHECK(nn_model_add(model, "pair", NULL, NULL, -1, pairs, &error) && model->n_inner == 6,
		  "which is just enough");
	begin(7);
	REFUSED(nn_model_add(model, "pair", NULL, NULL, -1, pairs, &error), NN_TOO_LARGE,
			"the model has room for 7 layers only");
	CHECK(model->n_inner == 0 && model->n_layers == 1, "one less is refused and leaves no trace");
	json_free(plain);
	json_free(pair);
	json_free(pairs);
}

static void
test_wrapper(void)
{
	const NNLayer *layer = NULL;
	nn_real params[16];
	nn_real scratch[16];
	bool right = true;

	begin(8);
	CHECK(add("pair", PAIR_OF(PLAIN)) && nn_model_finish(model, &error), "a wrapper builds: %s",
		  error.message);
	layer = &model->layers[1];
	CHECK(layer->out.dim[0] == NN_ANY && layer->out.dim[1] == 4 && layer->n_params == 2 &&
			  model->n_params == 16,
		  "its shape and parameters");
	CHECK(layer->inner[0] != layer->inner[1] && layer->inner[0]->kind == &plain_kind &&
			  layer->inner[1]->kind == &plain_kind,
		  "it has its layer twice");
	CHECK(!NN_CONF(layer->inner[0], Conf)->backwards && NN_CONF(layer->inner[1], Conf)->backwards &&
			  NN_CONF(layer->inner[1], Conf)->units == 2,
		  "with options of their own");
	CHECK(layer->inner[0] >= model->layers + model->n_layers &&
			  layer->inner[1] < model->layers + model->max_layers,
		  "in the room behind the layers");
	CHECK(strcmp(layer->inner[0]->name, "pair/plain") == 0 && layer->inner[0]->index == 1,
		  "named after both");
	nn_model_init_params(model, 1, params, 1, scratch);
	for (int i = 0; i < 16; i++)
		right = right && params[i] == (i < 8 ? 1 : 2);
	CHECK(right, "initial values are the wrapper's");
}

static void
test_wrapper_refusals(void)
{
	begin(40);
	REFUSED(add("pair", "{}"), NN_BAD_VALUE, "layer \"pair\": option \"layer\" is missing");
	REFUSED(
		add("pair", "{\"layer\": 3}"), NN_BAD_VALUE,
		"layer \"pair\": option \"layer\" must be a layer: an object with \"kind\", not a number");
	REFUSED(add("pair", "{\"layer\": {\"kind\": \"plane\"}}"), NN_UNKNOWN_NAME,
			"layer \"pair\": there is no kind of layer \"plane\"");
	REFUSED(add("pair", "{\"layer\": {\"kind\": \"plain\", \"units\": 0}}"), NN_BAD_VALUE,
			"layer \"pair/plain\": option \"units\" must be from 1 to 100, not 0");
	REFUSED(add("pair", "{\"layer\": {\"kind\": \"input\"}}"), NN_BAD_VALUE,
			"layer \"pair\": cannot wrap a layer of kind \"input\"");
	REFUSED(add("pair", "{\"layer\": {\"kind\": \"both\"}}"), NN_BAD_VALUE,
			"layer \"pair\": cannot wrap a layer of kind \"both\"");
	REFUSED(add("pair", "{\"layer\": {\"kind\": \"odd\", \"what\": 2}}"), NN_BAD_SHAPE,
			"layer \"pair/odd\": the shape of its output would be (3, 0), and each dimension must "
			"be at least 1");
	REFUSED(add("pair", PAIR_OF(PAIR_OF(PAIR_OF(PLAIN)))), NN_BAD_VALUE,
			"layer \"pair/pair\": wraps a wrapper of a wrapper");
	CHECK(model->n_layers == 1 && model->n_inner == 0, "what is refused leaves no trace");
	CHECK(add("pair", "{\"layer\": {\"kind\": \"plain\", \"units\": 2, \"trainable\": false}}") &&
			  !model->layers[1].trainable,
		  "frozen inside is frozen");
	CHECK(add("pair", PAIR_OF(PAIR_OF(PLAIN))) && model->layers[2].out.dim[1] == 8 &&
			  strcmp(model->layers[2].inner[0]->inner[1]->name, "pair_1/pair/plain") == 0 &&
			  nn_model_finish(model, &error),
		  "a wrapper of wrappers");
}

static void
test_check(void)
{
	static const struct
	{
		const char *config;
		const char *message;
	} cases[] = {
		{PAIR_OF(PLAIN), ""},
		{PAIR_OF(PAIR_OF(PLAIN)), ""},
		{PAIR_OF(PAIR_OF(PAIR_OF(PLAIN))), "layer \"pair/pair\": wraps a wrapper of a wrapper"},
		{PAIR_OF("{\"kind\": \"plain\"}"), "layer \"pair/plain\": option \"units\" is missing"},
		{PAIR_OF("{\"kind\": \"plane\"}"), "layer \"pair\": there is no kind of layer \"plane\""},
		{"{}", "layer \"pair\": option \"layer\" is missing"},
	};

	for (int i = 0; i < NN_ARRAY_LENGTH(cases); i++)
	{
		NNValue *value = json_parse(cases[i].config);
		bool good;

		memset(&error, 0, sizeof(error));
		good = nn_layer_check("pair", value, &error);
		CHECK(good == (cases[i].message[0] == '\0') && strcmp(error.message, cases[i].message) == 0,
			  "options alone: %s", cases[i].config);
		json_free(value);
	}
}

int
main(void)
{
	test_inference();
	test_kind_refuses();
	test_room();
	test_wrapper();
	test_wrapper_refusals();
	test_check();
	free(model);
	return unit_done();
}
