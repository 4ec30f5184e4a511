/*
 * graph_model.c
 *	  Models built layer by layer from the kinds there are: names, inputs,
 *	  limits, parameters, and every refusal with its words.
 */
#include <stdlib.h>

#include "core/graph/model.h"
#include "test/unit/json.h"
#include "test/unit/unit.h"

#define ROOM 24

static NNModel *model;
static NNError error;

static void
begin(void)
{
	free(model);
	model = malloc(nn_model_bytes(ROOM));
	nn_model_begin(model, ROOM);
}

static bool
add_from(const char *kind, const char *name, const char *const *inputs, int n_inputs,
		 const char *config)
{
	NNValue *value = config != NULL ? json_parse(config) : NULL;
	bool added;

	memset(&error, 0, sizeof(error));
	added = nn_model_add(model, kind, name, inputs, n_inputs, value, &error);
	json_free(value);
	return added;
}

static bool
add(const char *kind, const char *name, const char *config)
{
	return add_from(kind, name, NULL, -1, config);
}

static bool
input(const char *shape)
{
	char text[100];

	begin();
	snprintf(text, sizeof(text), "{\"shape\": %s}", shape);
	return add("input", NULL, text);
}

static void
refused_at(bool built, NNErrorCode code, const char *message, const char *hint, int line)
{
	bool held = !built && error.code == code && strcmp(error.message, message) == 0 &&
		strcmp(error.hint, hint) == 0;

	unit_check(held, __FILE__, line, "refused: %s", message);
	if (!held)
		printf("# %s\n# %s\n", error.message, error.hint);
}

#define REFUSED(built, code, message, hint) refused_at(built, code, message, hint, __LINE__)

static bool
named(int layer, const char *name)
{
	return strcmp(model->layers[layer].name, name) == 0;
}

static void
test_sequence(void)
{
	const NNLayer *dense;

	CHECK(input("[28, 28, 1]") && add("flatten", NULL, NULL) &&
			  add("dense", NULL, "{\"units\": 128}") &&
			  add("dense", NULL,
				  "{\"units\": 10, \"kind\": \"dense\", \"name\": \"x\", \"inputs\": null}"),
		  "a sequence builds: %s", error.message);
	CHECK(nn_model_finish(model, &error), "and finishes: %s", error.message);
	dense = &model->layers[3];
	CHECK(named(0, "input") && named(1, "flatten") && named(2, "dense") && named(3, "dense_1"),
		  "names as Keras makes them");
	CHECK(dense->n_inputs == 1 && dense->inputs[0] == 2 && dense->index == 3,
		  "fed by the one before");
	CHECK(model->layers[0].n_consumers == 1 && dense->n_consumers == 0, "consumers are counted");
	CHECK(model->n_params == 784 * 128 + 128 + 128 * 10 + 10 &&
			  model->n_trainable == model->n_params,
		  "parameters are counted");
	CHECK(dense->param_offset == 784 * 128 + 128 && dense->param_size == 1290 &&
			  dense->params[1].offset == 1280,
		  "parameters lie layer after layer");
	CHECK(dense->out.rank == 1 && dense->out.dim[0] == 10, "shapes are inferred");
	CHECK(model->finished && !model->variable, "a fixed model");
	CHECK(strcmp(nn_layer_kind(dense), "dense") == 0, "the kind's name");
	REFUSED(add("dense", "late", "{\"units\": 1}"), NN_BAD_VALUE,
			"layer \"late\" comes after the model was finished", "");
	CHECK(model->n_layers == 4, "nothing was added");
}

static void
test_names(void)
{
	input("[3]");
	CHECK(add("dense", "dense_7", "{\"units\": 3}") && add("dense", "", "{\"units\": 3}") &&
			  named(2, "dense_8"),
		  "a name past the highest number");
	CHECK(add("dense", "mine", "{\"units\": 3}") && add("dense", NULL, "{\"units\": 3}") &&
			  named(4, "dense_9"),
		  "names of one's own do not count");
	CHECK(add("activation", "dropout", "{\"activation\": \"relu\"}") &&
			  add("dropout", NULL, "{\"rate\": 0.5}") && named(6, "dropout_1"),
		  "a name that another kind took");
	CHECK(add("activation", "flatten_01", "{\"activation\": \"relu\"}") &&
			  add("flatten", NULL, NULL) && named(8, "flatten"),
		  "a number in another manner");
	CHECK(add("activation", "reshape_99999999999999999999", "{\"activation\": \"relu\"}") &&
			  add("reshape", NULL, "{\"target_shape\": [3]}") && named(10, "reshape"),
		  "an absurd number");
	REFUSED(add("dense", "mine", "{\"units\": 3}"), NN_BAD_VALUE, "two layers are named \"mine\"",
			"Give each layer a name of its own, or none.");
	REFUSED(add("dense", "a23456789b23456789c23456789d23456789e23456789f23456789g23456789",
				"{\"units\": 3}") &&
				add("dense", "a23456789b23456789c23456789d23456789e23456789f23456789g234567890",
					"{\"units\": 3}"),
			NN_BAD_VALUE,
			"the layer name "
			"\"a23456789b23456789c23456789d23456789e23456789f23456789g23456...\" is longer than 63 "
			"bytes",
			"");
}

static void
test_inputs(void)
{
	static const char *const two[] = {"left", "right"};
	static const char *const twice[] = {"sum", "sum"};
	static const char *const unknown[] = {"left", "rigth"};
	static const char *const null[] = {"left", NULL};
	static const char *const first[] = {"input"};

	input("[4]");
	CHECK(add("dense", "left", "{\"units\": 3}") &&
			  add_from("dense", "right", first, 1, "{\"units\": 3}"),
		  "two branches");
	REFUSED(add_from("add", NULL, unknown, 2, NULL), NN_UNKNOWN_NAME,
			"layer \"add\": there is no earlier layer \"rigth\" to feed it",
			"Inputs are names of layers that stand before it.");
	REFUSED(add_from("add", NULL, null, 2, NULL), NN_BAD_VALUE,
			"layer \"add\": one of its inputs is null",
			"Inputs are names of layers that stand before it.");
	REFUSED(add_from("add", NULL, two, 1, NULL), NN_BAD_VALUE,
			"layer \"add\": takes at least 2 inputs, not 1",
			"List the names of the layers that feed it in its inputs.");
	REFUSED(add("add", NULL, NULL), NN_BAD_VALUE, "layer \"add\": takes at least 2 inputs, not 1",
			"List the names of the layers that feed it in its inputs.");
	REFUSED(add_from("add", NULL, two, NN_MAX_INPUTS + 1, NULL), NN_BAD_VALUE,
			"layer \"add\": takes at most 64 inputs, not 65",
			"Merge some of them by a layer before it.");
	REFUSED(
		add_from("dense", NULL, two, 2, "{\"units\": 1}"), NN_BAD_VALUE,
		"layer \"dense\": takes 1 input, not 2",
		"Layers that take several inputs are: add, subtract, multiply, average, maximum, minimum, "
		"concatenate, dot, attention, additive_attention, multi_head_attention, "
		"group_query_attention.");
	REFUSED(add_from("dense", NULL, two, 0, "{\"units\": 1}"), NN_BAD_VALUE,
			"layer \"dense\": takes 1 input, not 0",
			"List the names of the layers that feed it in its inputs.");
	CHECK(model->n_layers == 3 && model->layers[1].n_consumers == 0,
		  "what is refused leaves no trace");
	CHECK(add_from("add", "sum", two, 2, NULL) && add_from("multiply", NULL, twice, 2, NULL) &&
			  nn_model_finish(model, &error),
		  "branches join, one twice: %s", error.message);
	CHECK(model->layers[0].n_consumers == 2 && model->layers[3].n_consumers == 2 &&
			  model->layers[3].inputs[0] == 1 && model->layers[3].inputs[1] == 2,
		  "edges of the graph");
}

static void
test_places(void)
{
	static const char *const first[] = {"input"};
	static const char least[] =
		"A model is an input and at least one layer: nnet.input(4), nnet.dense(1).";

	begin();
	REFUSED(nn_model_finish(model, &error), NN_BAD_SHAPE, "the model has no layers", least);
	REFUSED(add("dense", NULL, "{\"units\": 1}"), NN_BAD_SHAPE,
			"the first layer must be an input, not \"dense\"",
			"Begin with a layer of kind input that gives the shape of a sample.");
	CHECK(input("[4]"), "an input");
	REFUSED(nn_model_finish(model, &error), NN_BAD_SHAPE, "the model has no layer after its input",
			least);
	CHECK(add("input", NULL, "{\"shape\": [3]}"), "another one");
	REFUSED(nn_model_finish(model, &error), NN_BAD_SHAPE, "the model has no layer after its input",
			least);
	CHECK(add_from("dense", "a", first, 1, "{\"units\": 1}"), "the first one is used");
	memset(&error, 0, sizeof(error));
	REFUSED(nn_model_finish(model, &error), NN_BAD_SHAPE, "the input \"input_1\" feeds no layer",
			"Name it in the inputs of a layer, or leave it out.");
	CHECK(!model->finished, "it is not finished");
}

/* Two inputs, one of them of variable steps, and two outputs. */
static void
test_ports(void)
{
	static const char *const text[] = {"text"};
	static const char *const both[] = {"seen", "read"};

	begin();
	CHECK(add("input", "facts", "{\"shape\": [4]}") && add("dense", "seen", "{\"units\": 3}") &&
			  add("input", "text", "{\"shape\": [null, 2]}") &&
			  add_from("lstm", "read", text, 1, "{\"units\": 3}") &&
			  add_from("add", "sum", both, 2, NULL) &&
			  add_from("dense", "tags", text, 1, "{\"units\": 5}") &&
			  nn_model_finish(model, &error),
		  "a model of several ports: %s", error.message);
	CHECK(model->n_inputs == 2 && model->inputs[0] == 0 && model->inputs[1] == 2 &&
			  model->n_outputs == 2 && model->outputs[0] == 4 && model->outputs[1] == 5,
		  "ports in the order of the layers");
	CHECK(model->variable && model->n_sequences == 1 && model->sequences[0] == 1 &&
			  !model->variable_output[0] && model->variable_output[1],
		  "of fixed and of variable steps");
	CHECK(nn_model_x_size(model) == 6 && nn_model_y_size(model) == 8, "values of a step");

	begin();
	CHECK(input("[4]"), "an input");
	for (int i = 0; i < NN_MAX_OUTPUTS + 1; i++)
		add_from("dense", NULL, (const char *const[]){"input"}, 1, "{\"units\": 1}");
	memset(&error, 0, sizeof(error));
	REFUSED(nn_model_finish(model, &error), NN_TOO_LARGE, "the model has more than 16 outputs",
			"Each layer that feeds no other is an output.");
	begin();
	CHECK(input("[null]"), "an input");
	for (int i = 0; i < NN_MAX_SEQUENCES; i++)
		add("input", NULL, "{\"shape\": [null]}");
	memset(&error, 0, sizeof(error));
	add("dense", NULL, "{\"units\": 1}");
	memset(&error, 0, sizeof(error));
	add_from("add", NULL, (const char *const[]){"input", "input_1"}, 2, NULL);
	memset(&error, 0, sizeof(error));
	REFUSED(nn_model_finish(model, &error), NN_TOO_LARGE,
			"the model has more than 8 inputs of variable steps", "");
}

static void
test_options(void)
{
	input("[4]");
	REFUSED(add("dnse", "d", NULL) || error.hint[0] == '\0', NN_UNKNOWN_NAME,
			"layer \"d\": there is no kind of layer \"dnse\"", error.hint);
	CHECK(strstr(error.hint, "The kinds are: input, ") == error.hint &&
			  strstr(error.hint, ", dense, ") != NULL && error.hint[strlen(error.hint) - 1] == '.',
		  "the hint lists the kinds");
	REFUSED(add("dense", NULL, NULL), NN_BAD_VALUE, "layer \"dense\": option \"units\" is missing",
			"");
	REFUSED(add("dense", NULL, "{\"units\": 1000000000}"), NN_BAD_VALUE,
			"layer \"dense\": option \"units\" must be from 1 to 1048576, not 1000000000", "");
	REFUSED(add("dense", NULL, "{\"units\": 1, \"unit\": 2}"), NN_UNKNOWN_NAME,
			"layer \"dense\": there is no option \"unit\"",
			"Its options are: units, activation, use_bias, kernel_initializer, bias_initializer, "
			"kernel_regularizer, kernel_constraint, bias_regularizer, bias_constraint, "
			"activity_regularizer, kind, name, inputs, trainable.");
	REFUSED(add("dense", NULL, "{\"units\": 1, \"trainable\": 1}"), NN_BAD_VALUE,
			"layer \"dense\": option \"trainable\" must be true or false, not a number", "");
	REFUSED(add("dense", NULL, "[]"), NN_BAD_VALUE,
			"layer \"dense\": options must be an object, not an array", "");
	CHECK(add("dense", NULL, "{\"units\": 3, \"trainable\": false}") &&
			  add("batch_normalization", NULL, "{\"trainable\": null}") &&
			  nn_model_finish(model, &error) && !model->layers[1].trainable &&
			  model->layers[2].trainable && model->n_trainable == 6 && model->n_params == 15 + 12,
		  "frozen layers and state are not trainable");
}

static void
test_limits(void)
{
	static const char smaller[] = "Use a smaller input, or fewer units or filters.";
	int i;

	begin();
	REFUSED(
		add("input", NULL, "{\"shape\": [1048576, 1048576]}"), NN_TOO_LARGE,
		"layer \"input\": its output (1048576, 1048576) has more than 268435456 values a sample",
		smaller);
	REFUSED(add("input", NULL, "{\"shape\": [1048576, 1048576, 1048576, 1048576]}"), NN_TOO_LARGE,
			"layer \"input\": its output (1048576, 1048576, 1048576, 1048576) has more than "
			"268435456 values a sample",
			smaller);
	CHECK(input("[1048576]"), "a wide input: %s", error.message);
	REFUSED(add("dense", NULL, "{\"units\": 1048576}"), NN_TOO_LARGE,
			"layer \"dense\": has more than 2147483648 parameters",
			"Use a smaller layer, or a smaller input.");
	CHECK(add("dense", NULL, "{\"units\": 2000, \"use_bias\": false}") &&
			  add("dense", NULL, "{\"units\": 10000}"),
		  "nearly too many parameters: %s", error.message);
	REFUSED(add("dense", NULL, "{\"units\": 10000}"), NN_TOO_LARGE,
			"the model has more than 2147483648 parameters at layer \"dense_2\"",
			"Use smaller layers, or a smaller input.");

	input("[1]");
	for (i = 1; i < ROOM && add("dense", NULL, "{\"units\": 1}"); i++)
		;
	CHECK(i == ROOM, "as many layers as there is room for");
	REFUSED(add("dense", NULL, "{\"units\": 1}"), NN_TOO_LARGE,
			"the model has room for 24 layers only", "");
	CHECK(nn_model_bytes(-1) == sizeof(NNModel), "no room at all");
	nn_model_begin(model, -1);
	REFUSED(add("input", NULL, "{\"shape\": [1]}"), NN_TOO_LARGE,
			"the model has room for 0 layers only", "");
}

static void
test_many_layers(void)
{
	NNModel *many = malloc(nn_model_bytes(NN_MAX_LAYERS + 1));
	NNValue *shape = json_parse("{\"shape\": [1]}");
	bool added;

	nn_model_begin(many, NN_MAX_LAYERS + 1);
	added = nn_model_add(many, "input", NULL, NULL, -1, shape, &error);
	while (added && many->n_layers < NN_MAX_LAYERS)
		added = nn_model_add(many, "flatten", NULL, NULL, -1, NULL, &error);
	CHECK(added && strcmp(many->layers[NN_MAX_LAYERS - 1].name, "flatten_4094") == 0,
		  "the largest model");
	REFUSED(nn_model_add(many, "flatten", NULL, NULL, -1, NULL, &error), NN_TOO_LARGE,
			"a model has at most 4096 layers", "");
	CHECK(nn_model_finish(many, &error), "and it finishes");
	json_free(shape);
	free(many);
}

static void
test_variable(void)
{
	CHECK(input("[null, 4]") && add("dense", NULL, "{\"units\": 3}") &&
			  nn_model_finish(model, &error),
		  "a model of a variable number of steps");
	CHECK(model->variable && model->steps.of[0] == 0 && model->layers[1].out.dim[0] == NN_ANY &&
			  model->layers[1].out.dim[1] == 3,
		  "the shape stays open");
	model->layers[0].out.dim[0] = 6;
	CHECK(nn_layer_infer(model, &model->layers[1], &error) && model->layers[1].out.dim[0] == 6 &&
			  model->layers[1].n_params == 2 && model->layers[1].param_size == 15,
		  "and is inferred again for a number of steps");
}

static void
test_initial_values(void)
{
	nn_real a[40], b[40], scratch[40];
	const NNLayer *dense;
	bool kept = true;
	bool drawn = true;

	input("[4]");
	add("dense", NULL, "{\"units\": 3}");
	add("dense", NULL, "{\"units\": 3, \"bias_initializer\": \"ones\"}");
	CHECK(nn_model_finish(model, &error) && model->n_params == 15 + 12, "two layers");
	dense = &model->layers[2];
	for (int i = 0; i < 40; i++)
		a[i] = b[i] = 99;
	nn_model_init_params(model, 2, a + dense->param_offset, 5, scratch);
	nn_model_init_params(model, 2, b + dense->param_offset, 5, scratch);
	CHECK(memcmp(a, b, sizeof(a)) == 0, "the same seed gives the same values");
	for (size_t i = 0; i < 40; i++)
	{
		if (i < dense->param_offset || i >= dense->param_offset + dense->param_size)
			kept = kept && a[i] == 99;
		else if (i < dense->param_offset + 9)
			drawn =
				drawn && fabs((double) a[i]) <= 1 && a[i] != 0; /* glorot_uniform: sqrt(6 / 6) */
		else
			drawn = drawn && a[i] == 1;
	}
	CHECK(kept, "other layers' values are left alone");
	CHECK(drawn, "each parameter is drawn by its own initializer");
	nn_model_init_params(model, 2, b + dense->param_offset, 6, scratch);
	CHECK(memcmp(a, b, sizeof(a)) != 0, "another seed gives others");
	nn_model_init_params(model, 1, b, 5, scratch);
	CHECK(memcmp(a + dense->param_offset, b, 9 * sizeof(nn_real)) != 0, "so does another layer");
}

static void
test_check(void)
{
	NNValue *good = json_parse("{\"units\": 3, \"name\": \"x\"}");
	NNValue *bad = json_parse("{\"units\": 0, \"name\": \"x\"}");
	NNValue *nameless = json_parse("{\"units\": 0, \"name\": 3}");

	memset(&error, 0, sizeof(error));
	CHECK(nn_layer_check("dense", good, &error), "options alone are good");
	REFUSED(nn_layer_check("dense", bad, &error), NN_BAD_VALUE,
			"layer \"x\": option \"units\" must be from 1 to 1048576, not 0", "");
	REFUSED(nn_layer_check("dense", nameless, &error), NN_BAD_VALUE,
			"layer \"dense\": option \"units\" must be from 1 to 1048576, not 0", "");
	REFUSED(nn_layer_check("dnse", NULL, &error) || error.hint[0] == '\0', NN_UNKNOWN_NAME,
			"layer \"dnse\": there is no kind of layer \"dnse\"", error.hint);
	CHECK(nn_layer_check("flatten", NULL, &error), "no options at all");
	json_free(good);
	json_free(bad);
	json_free(nameless);
}

/* That every kind's table is sound. */
static void
test_registry(void)
{
	for (int i = 0; nn_kind_name(i) != NULL; i++)
	{
		const NNKind *kind = nn_kind_find(nn_kind_name(i));
		bool twice = false;
		bool sound = true;

		for (int k = 0; k < i; k++)
			twice = twice || strcmp(nn_kind_name(k), nn_kind_name(i)) == 0;
		for (const NNField *f = kind->fields; f->name != NULL; f++)
		{
			bool stored = f->type != NN_FIELD_TYPE_LAYER && f->type != NN_FIELD_TYPE_IGNORED;
			bool listed = f->type == NN_FIELD_TYPE_INTS || f->type == NN_FIELD_TYPE_PAIRS ||
				f->type == NN_FIELD_TYPE_REALS || f->type == NN_FIELD_TYPE_SHAPE ||
				f->type == NN_FIELD_TYPE_LIST;

			sound = sound && (!stored || f->offset < kind->conf_size) &&
				(f->type != NN_FIELD_TYPE_REALS ||
				 f->offset + offsetof(NNReals, value) + (size_t) f->count * sizeof(double) <=
					 kind->conf_size) &&
				((f->type != NN_FIELD_TYPE_SHAPE && f->type != NN_FIELD_TYPE_LIST) ||
				 f->count <= NN_MAX_DIMS) &&
				(!listed || f->count > 0) && f->min <= f->max;
		}
		CHECK(!twice && sound && kind->conf_size <= NN_MAX_CONF && kind->shape != NULL &&
				  strlen(kind->name) < 40 && kind->max_inputs <= NN_MAX_INPUTS &&
				  kind->min_inputs <= kind->max_inputs,
			  "the table of %s is sound", kind->name);
		CHECK((kind->flags & NN_KIND_VIEW) || (kind->forward != NULL && kind->backward != NULL),
			  "%s runs both ways", kind->name);
	}
	CHECK(nn_kind_find("dense") != NULL && nn_kind_find("") == NULL && nn_kind_name(-1) == NULL,
		  "kinds are found by name");
}

int
main(void)
{
	test_sequence();
	test_names();
	test_inputs();
	test_places();
	test_ports();
	test_options();
	test_limits();
	test_many_layers();
	test_variable();
	test_initial_values();
	test_check();
	test_registry();
	free(model);
	return unit_done();
}
