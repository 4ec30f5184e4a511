/*
 * graph_field.c
 *	  Option tables: defaults, every type of option, and every refusal with
 *	  its words.
 */
#include <float.h>
#include <limits.h>

#include "core/base/field.h"
#include "test/unit/json.h"
#include "test/unit/unit.h"

enum
{
	COLOUR_RED = 4,
	COLOUR_BLUE,
};

static const NNWord colours[] = {{"red", COLOUR_RED}, {"blue", COLOUR_BLUE}, {NULL, 0}};

typedef struct Conf
{
	int units;
	double rate;
	double share;
	double any;
	bool use_bias;
	int colour;
	int activation;
	int strides[2];
	int padding[4];
	NNReals values;
	NNInts shape;
	NNInts target;
	NNInitializer init;
	NNRegularizer regularizer;
} Conf;

static const NNField fields[] = {
	NN_FIELD_INT(Conf, units, true, 0, 1, 1000),
	NN_FIELD_REAL(Conf, rate, false, 0.5, DBL_MIN, 1),
	NN_FIELD_REAL(Conf, share, false, 0, 0, 0x1.fffffffffffffp-1),
	NN_FIELD_REAL(Conf, any, false, 7, -INFINITY, INFINITY),
	NN_FIELD_BOOL(Conf, use_bias, true),
	NN_FIELD_WORD(Conf, colour, colours, COLOUR_BLUE),
	NN_FIELD_ACTIVATION(Conf, activation, NN_TANH),
	NN_FIELD_INTS(Conf, strides, 2, false, INT_MIN, 1, 9),
	NN_FIELD_PAIRS(Conf, padding, 4, false, 0, 0, 9),
	NN_FIELD_REALS(Conf, values, 3, false, 0, INFINITY),
	NN_FIELD_SHAPE(Conf, shape, 3, false, 1),
	NN_FIELD_SHAPE(Conf, target, 3, false, -1),
	NN_FIELD_INITIALIZER(Conf, init, NN_INIT_GLOROT_UNIFORM),
	NN_FIELD_REGULARIZER_AT("regularizer", Conf, regularizer, 1),
	{"layer", NN_FIELD_TYPE_LAYER, 0, false, 0, 0, 0, NULL, 0},
	NN_FIELD_IGNORED("vocabulary"),
	NN_FIELD_END,
};

static const char *const common[] = {"kind", "name", NULL};

static Conf conf;
static NNError error;

static bool
parse(const char *text)
{
	NNValue *value = text != NULL ? json_parse(text) : NULL;
	bool parsed;

	memset(&conf, 0x55, sizeof(conf));
	memset(&error, 0, sizeof(error));
	parsed = nn_fields_parse(fields, &conf, value, "layer \"d\"", common, &error);
	json_free(value);
	return parsed;
}

/* Parse {"units": 1, <rest>}. */
static bool
with(const char *rest)
{
	char text[400];

	snprintf(text, sizeof(text), "{\"units\": 1, %s}", rest);
	return parse(text);
}

static void
accepts_at(bool held, const char *text, int line)
{
	unit_check(held, __FILE__, line, "accepts %s%s%s", text, error.message[0] ? ": " : "",
			   error.message);
}

#define ACCEPTS(rest, condition) accepts_at(with(rest) && (condition), rest, __LINE__)

/* That the object is refused with this message (after its beginning) and hint. */
static void
refused_at(bool parsed, const char *text, NNErrorCode code, const char *message, const char *hint,
		   int line)
{
	char whole[600];
	bool held;

	snprintf(whole, sizeof(whole), "layer \"d\"%s", message);
	held = !parsed && error.code == code && strcmp(error.message, whole) == 0 &&
		strcmp(error.hint, hint) == 0;
	unit_check(held, __FILE__, line, "refuses %s", text);
	if (!held)
		printf("# %s\n# %s\n", error.message, error.hint);
}

#define REFUSES(rest, message) refused_at(with(rest), rest, NN_BAD_VALUE, message, "", __LINE__)
#define HINTS(rest, message, hint) \
	refused_at(with(rest), rest, NN_BAD_VALUE, message, hint, __LINE__)
#define UNKNOWN(rest, message, hint) \
	refused_at(with(rest), rest, NN_UNKNOWN_NAME, message, hint, __LINE__)

static bool
is_default(void)
{
	return conf.rate == 0.5 && conf.share == 0 && conf.any == 7 && conf.use_bias &&
		conf.colour == COLOUR_BLUE && conf.activation == NN_TANH && conf.strides[0] == INT_MIN &&
		conf.strides[1] == INT_MIN && conf.padding[0] == 0 && conf.padding[3] == 0 &&
		conf.values.count == 0 && conf.shape.count == 0 &&
		conf.init.kind == NN_INIT_GLOROT_UNIFORM && conf.regularizer.l1 == 0 &&
		conf.regularizer.l2 == 0;
}

static void
test_objects(void)
{
	CHECK(parse("{\"units\": 3}") && conf.units == 3 && is_default(), "defaults");
	CHECK(parse("{\"units\": 3, \"rate\": null, \"use_bias\": null, \"colour\": null, \"strides\": "
				"null,"
				"\"padding\": null, \"values\": null, \"shape\": null, \"init\": null,"
				"\"regularizer\": null, \"layer\": null}") &&
			  is_default(),
		  "null is the default");
	CHECK(parse("{\"kind\": 4, \"name\": null, \"units\": 3}"), "common keys are passed over");
	CHECK(parse("{\"vocabulary\": {\"a\": [1]}, \"units\": 3}"), "so is what is not the core's");

	refused_at(parse(NULL), "nothing", NN_BAD_VALUE, ": option \"units\" is missing", "", __LINE__);
	refused_at(parse("null"), "null", NN_BAD_VALUE, ": option \"units\" is missing", "", __LINE__);
	refused_at(parse("{\"units\": null}"), "null units", NN_BAD_VALUE,
			   ": option \"units\" is missing", "", __LINE__);
	refused_at(parse("[1]"), "an array", NN_BAD_VALUE, ": options must be an object, not an array",
			   "", __LINE__);
	refused_at(parse("\"x\""), "a string", NN_BAD_VALUE,
			   ": options must be an object, not a string", "", __LINE__);
	UNKNOWN(
		"\"unit\": 3", ": there is no option \"unit\"",
		"Its options are: units, rate, share, any, use_bias, colour, activation, strides, padding, "
		"values, shape, target, init, regularizer, layer, vocabulary, kind, name.");
	UNKNOWN(
		"\"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\": 3",
		": there is no option \"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh...\"",
		"Its options are: units, rate, share, any, use_bias, colour, activation, strides, padding, "
		"values, shape, target, init, regularizer, layer, vocabulary, kind, name.");
}

static void
test_no_options(void)
{
	static const NNField none[] = {NN_FIELD_END};
	NNValue *value = json_parse("{\"a\": 1}");

	CHECK(nn_fields_parse(none, NULL, NULL, "it", NULL, &error), "no options, none given");
	CHECK(!nn_fields_parse(none, NULL, value, "it", NULL, &error) &&
			  strcmp(error.message, "it: there is no option \"a\"") == 0 &&
			  strcmp(error.hint, "It has no options.") == 0,
		  "no options, one given");
	json_free(value);
}

static void
test_numbers(void)
{
	ACCEPTS("\"rate\": 1", conf.rate == 1);
	ACCEPTS("\"rate\": 1e-300", conf.rate == 1e-300);
	ACCEPTS("\"share\": 0.999", conf.share == 0.999);
	ACCEPTS("\"any\": -1e300", conf.any == -1e300);
	CHECK(parse("{\"units\": 1000}") && conf.units == 1000, "the upper end of a range");

	refused_at(parse("{\"units\": 0}"), "units 0", NN_BAD_VALUE,
			   ": option \"units\" must be from 1 to 1000, not 0", "", __LINE__);
	refused_at(parse("{\"units\": 1e9}"), "units 1e9", NN_BAD_VALUE,
			   ": option \"units\" must be from 1 to 1000, not 1000000000", "", __LINE__);
	refused_at(parse("{\"units\": -1e300}"), "units -1e300", NN_BAD_VALUE,
			   ": option \"units\" must be from 1 to 1000, not -1e+300", "", __LINE__);
	refused_at(parse("{\"units\": 2.5}"), "units 2.5", NN_BAD_VALUE,
			   ": option \"units\" must be a whole number, not 2.5", "", __LINE__);
	refused_at(parse("{\"units\": NaN}"), "units NaN", NN_BAD_VALUE,
			   ": option \"units\" must be from 1 to 1000, not nan", "", __LINE__);
	refused_at(parse("{\"units\": \"3\"}"), "units '3'", NN_BAD_VALUE,
			   ": option \"units\" must be a whole number, not the string \"3\"", "", __LINE__);
	refused_at(parse("{\"units\": [3]}"), "units [3]", NN_BAD_VALUE,
			   ": option \"units\" must be a whole number, not an array", "", __LINE__);
	REFUSES("\"rate\": 0", ": option \"rate\" must be greater than 0 and at most 1, not 0");
	REFUSES("\"rate\": 1.5", ": option \"rate\" must be greater than 0 and at most 1, not 1.5");
	REFUSES("\"rate\": true", ": option \"rate\" must be a number, not a boolean");
	REFUSES("\"rate\": {}", ": option \"rate\" must be a number, not an object");
	REFUSES("\"share\": 1", ": option \"share\" must be at least 0 and less than 1, not 1");
	REFUSES("\"any\": Infinity", ": option \"any\" must be finite, not inf");
	REFUSES("\"any\": NaN", ": option \"any\" must be finite, not nan");
}

static void
test_words(void)
{
	ACCEPTS("\"use_bias\": false", !conf.use_bias);
	ACCEPTS("\"colour\": \"red\"", conf.colour == COLOUR_RED);
	ACCEPTS("\"activation\": \"relu\"", conf.activation == NN_RELU);
	ACCEPTS("\"activation\": \"swish\"", conf.activation == NN_SILU);
	ACCEPTS("\"activation\": null", conf.activation == NN_LINEAR);

	REFUSES("\"use_bias\": 1", ": option \"use_bias\" must be true or false, not a number");
	REFUSES("\"use_bias\": \"no\"",
			": option \"use_bias\" must be true or false, not the string \"no\"");
	REFUSES("\"colour\": 3", ": option \"colour\" must be a string, not a number");
	UNKNOWN("\"colour\": \"green\"", ": option \"colour\" has no value \"green\"",
			"Valid values are: red, blue.");
	CHECK(!with("\"activation\": \"rleu\"") && strstr(error.hint, "relu, ") != NULL &&
			  strstr(error.hint, "softmax") != NULL,
		  "the hint lists the activations");
}

static void
test_lists(void)
{
	ACCEPTS("\"strides\": 2", conf.strides[0] == 2 && conf.strides[1] == 2);
	ACCEPTS("\"strides\": [3, 4]", conf.strides[0] == 3 && conf.strides[1] == 4);
	ACCEPTS("\"padding\": 1", conf.padding[0] == 1 && conf.padding[3] == 1);
	ACCEPTS("\"padding\": [1, 2]",
			conf.padding[0] == 1 && conf.padding[1] == 1 && conf.padding[2] == 2 &&
				conf.padding[3] == 2);
	ACCEPTS("\"padding\": [[1, 2], [3, 4]]",
			conf.padding[0] == 1 && conf.padding[1] == 2 && conf.padding[2] == 3 &&
				conf.padding[3] == 4);
	ACCEPTS("\"values\": 0.5", conf.values.count == 1 && conf.values.value[0] == 0.5);
	ACCEPTS("\"values\": [0.5, 1, 2]", conf.values.count == 3 && conf.values.value[2] == 2);

	REFUSES("\"strides\": [1, 2, 3]", ": option \"strides\" must have 2 elements, not 3");
	REFUSES("\"strides\": []", ": option \"strides\" must have 2 elements, not 0");
	REFUSES("\"strides\": [1, null]", ": option \"strides\" must be a whole number, not null");
	REFUSES("\"strides\": [1, 0]", ": option \"strides\" must be from 1 to 9, not 0");
	REFUSES("\"strides\": \"1\"",
			": option \"strides\" must be a whole number or an array, not the string \"1\"");
	REFUSES("\"padding\": [1]",
			": option \"padding\" must have 2 numbers or pairs of numbers, not 1");
	REFUSES("\"padding\": [[1], [2]]",
			": option \"padding\" must have 2 numbers in each pair, not 1");
	REFUSES("\"padding\": [[1, 10], 2]", ": option \"padding\" must be from 0 to 9, not 10");
	REFUSES("\"padding\": [[1, [2]], 2]",
			": option \"padding\" must be a whole number, not an array");
	REFUSES("\"padding\": false",
			": option \"padding\" must be a whole number or an array, not a boolean");
	REFUSES("\"values\": []", ": option \"values\" must have 1 to 3 elements, not 0");
	REFUSES("\"values\": [1, 2, 3, 4]", ": option \"values\" must have 1 to 3 elements, not 4");
	REFUSES("\"values\": [1, -2]", ": option \"values\" must be at least 0, not -2");
	REFUSES("\"values\": [1, \"x\"]", ": option \"values\" must be a number, not the string \"x\"");
	REFUSES("\"values\": {}", ": option \"values\" must be a number or an array, not an object");
}

static void
test_shapes(void)
{
	ACCEPTS("\"shape\": 4", conf.shape.count == 1 && conf.shape.value[0] == 4);
	ACCEPTS("\"shape\": [null, 4]",
			conf.shape.count == 2 && conf.shape.value[0] == NN_ANY && conf.shape.value[1] == 4);
	ACCEPTS("\"target\": [2, -1]", conf.target.count == 2 && conf.target.value[1] == -1);

	REFUSES("\"shape\": [4, -1]", ": option \"shape\" must be from 1 to 1048576, not -1");
	REFUSES("\"shape\": [1, 2, 3, 4]", ": option \"shape\" must have 1 to 3 elements, not 4");
	REFUSES("\"shape\": [1000000000]",
			": option \"shape\" must be from 1 to 1048576, not 1000000000");
	REFUSES("\"shape\": 0", ": option \"shape\" must be from 1 to 1048576, not 0");
	HINTS("\"target\": [2, 0]", ": option \"target\" must not contain 0",
		  "A dimension is at least 1; -1 stands for what the others leave.");
	REFUSES("\"target\": [2, -2]", ": option \"target\" must be from -1 to 1048576, not -2");
}

static void
test_initializers(void)
{
	ACCEPTS("\"init\": \"he_normal\"", conf.init.kind == NN_INIT_HE_NORMAL);
	ACCEPTS("\"init\": {\"kind\": \"zeros\"}", conf.init.kind == NN_INIT_ZEROS);
	ACCEPTS("\"init\": {\"kind\": \"constant\", \"value\": 3}",
			conf.init.kind == NN_INIT_CONSTANT && conf.init.a == 3);
	ACCEPTS("\"init\": {\"kind\": \"random_normal\", \"stddev\": 0.1}",
			conf.init.kind == NN_INIT_RANDOM_NORMAL && conf.init.a == 0 && conf.init.b == 0.1);
	ACCEPTS("\"init\": {\"kind\": \"random_normal\", \"mean\": 2}",
			conf.init.a == 2 && conf.init.b == 0.05);
	ACCEPTS("\"init\": {\"kind\": \"truncated_normal\", \"mean\": 1, \"stddev\": 2}",
			conf.init.kind == NN_INIT_TRUNCATED_NORMAL && conf.init.a == 1 && conf.init.b == 2);
	ACCEPTS("\"init\": {\"kind\": \"random_uniform\", \"minval\": -2}",
			conf.init.kind == NN_INIT_RANDOM_UNIFORM && conf.init.a == -2 && conf.init.b == 0.05);
	ACCEPTS("\"init\": {\"kind\": \"orthogonal\", \"gain\": 2}",
			conf.init.kind == NN_INIT_ORTHOGONAL && conf.init.a == 2);
	ACCEPTS("\"init\": {\"kind\": \"orthogonal\"}", conf.init.a == 1);
	ACCEPTS("\"init\": {\"kind\": \"variance_scaling\"}",
			conf.init.a == 1 && conf.init.mode == NN_FAN_IN &&
				conf.init.distribution == NN_TRUNCATED_NORMAL);
	ACCEPTS("\"init\": {\"kind\": \"variance_scaling\", \"scale\": 3, \"mode\": \"fan_avg\", "
			"\"distribution\": \"uniform\"}",
			conf.init.a == 3 && conf.init.mode == NN_FAN_AVG &&
				conf.init.distribution == NN_UNIFORM);
	UNKNOWN("\"init\": {\"kind\": \"variance_scaling\", \"mode\": \"fan\"}",
			": init: option \"mode\" has no value \"fan\"",
			"Valid values are: fan_in, fan_out, fan_avg.");
	REFUSES("\"init\": {\"kind\": \"variance_scaling\", \"scale\": 0}",
			": init: option \"scale\" must be from 1e-30 to 1e+30, not 0");

	REFUSES("\"init\": 3",
			": option \"init\" must be a string or an object with \"kind\", not a number");
	HINTS("\"init\": {\"stddev\": 1}", ": option \"init\" is an object without \"kind\"",
		  "Its kind is one of: zeros, zero, ones, one, constant, random_normal, normal, "
		  "random_uniform, uniform, truncated_normal, glorot_uniform, glorot_normal, he_uniform, "
		  "he_normal, lecun_uniform, lecun_normal, orthogonal, identity, variance_scaling.");
	REFUSES("\"init\": {\"kind\": 4}", ": option \"init\" must be a string, not a number");
	REFUSES("\"init\": {\"kind\": \"random_normal\", \"stddev\": -1}",
			": init: option \"stddev\" must be from 0 to 1e+30, not -1");
	REFUSES("\"init\": {\"kind\": \"random_uniform\", \"minval\": 2, \"maxval\": 1}",
			": init: minval 2 is above maxval 1");
	UNKNOWN("\"init\": {\"kind\": \"random_normal\", \"gain\": 1}",
			": init: there is no option \"gain\"", "Its options are: mean, stddev, kind.");
	UNKNOWN("\"init\": {\"kind\": \"he_normal\", \"stddev\": 1}",
			": init: there is no option \"stddev\"", "Its options are: kind.");
	CHECK(!with("\"init\": \"he_norml\"") && error.code == NN_UNKNOWN_NAME &&
			  strcmp(error.message, "layer \"d\": option \"init\" has no value \"he_norml\"") ==
				  0 &&
			  strstr(error.hint, "he_normal, ") != NULL,
		  "an unknown initializer");
}

static void
test_regularizers(void)
{
	ACCEPTS("\"regularizer\": \"l1\"", conf.regularizer.l1 == 0.01 && conf.regularizer.l2 == 0);
	ACCEPTS("\"regularizer\": \"l2\"", conf.regularizer.l1 == 0 && conf.regularizer.l2 == 0.01);
	ACCEPTS("\"regularizer\": {\"l2\": 0.5}",
			conf.regularizer.l1 == 0 && conf.regularizer.l2 == 0.5);
	ACCEPTS("\"regularizer\": {\"l1\": 1, \"l2\": 0.5}",
			conf.regularizer.l1 == 1 && conf.regularizer.l2 == 0.5);

	REFUSES("\"regularizer\": 0.01",
			": option \"regularizer\" must be \"l1\", \"l2\" or an object such as {\"l2\": 0.01}, "
			"not a number");
	REFUSES("\"regularizer\": {\"l2\": -1}",
			": regularizer: option \"l2\" must be from 0 to 1e+30, not -1");
	UNKNOWN("\"regularizer\": \"l3\"", ": option \"regularizer\" has no value \"l3\"",
			"Valid values are: l1, l2, l1_l2, orthogonal_regularizer.");
	UNKNOWN("\"regularizer\": {\"l3\": 1}", ": regularizer: there is no option \"l3\"",
			"Its options are: l1, l2.");
}

static void
test_layers(void)
{
	static const char made[] = "Make it by a function of the schema nnet, such as nnet.lstm(32).";

	ACCEPTS("\"layer\": {\"kind\": \"x\"}", true);
	HINTS("\"layer\": 3",
		  ": option \"layer\" must be a layer: an object with \"kind\", not a number", made);
	HINTS("\"layer\": {}", ": option \"layer\" must be a layer with a \"kind\"", made);
	HINTS("\"layer\": {\"kind\": null}", ": option \"layer\" must be a layer with a \"kind\"",
		  made);
}

static void
test_word_list(void)
{
	char list[40];
	char small[6];

	nn_words_list(colours, list, sizeof(list));
	CHECK(strcmp(list, "red, blue") == 0, "a list of words");
	nn_words_list(colours, small, sizeof(small));
	CHECK(strcmp(small, "red, ") == 0, "a list that does not fit");
}

/* Options in two tables, more than fit any list of a fixed length. */
static void
test_tables(void)
{
	enum
	{
		MANY = 40
	};
	static const char *const names[MANY] = {
		"a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b0", "b1", "b2", "b3",
		"b4", "b5", "b6", "b7", "b8", "b9", "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7",
		"c8", "c9", "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9",
	};
	NNField many[MANY + 1] = {{0}};
	int numbers[MANY] = {0};
	NNFields tables[2] = {{fields, &conf}, {many, numbers}};
	NNValue *value = json_parse("{\"units\": 3, \"a0\": 5, \"d9\": 6}");

	for (int i = 0; i < MANY; i++)
		many[i] =
			(NNField){names[i], NN_FIELD_TYPE_INT, i * sizeof(int), false, i, 0, 100, NULL, 0};
	CHECK(nn_fields_parse_all(tables, 2, value, "thing", NULL, &error) && conf.units == 3 &&
			  numbers[0] == 5 && numbers[1] == 1 && numbers[MANY - 1] == 6,
		  "options of both tables");
	json_free(value);
	value = json_parse("{\"units\": 3, \"e0\": 5}");
	CHECK(!nn_fields_parse_all(tables, 2, value, "thing", NULL, &error) &&
			  strstr(error.hint, "units") != NULL && strstr(error.hint, "d9") != NULL,
		  "a hint lists those of both");
	json_free(value);
}

static void
test_values(void)
{
	NNValue *value = json_parse("{\"a\": 1, \"b\": [true, null], \"a\": 2}");
	const NNValue *b = nn_value_get(value, "b");

	CHECK(nn_value_get(value, "a")->number == 1, "the first item of a key");
	CHECK(b != NULL && b->count == 2 && b->items[0].boolean && b->items[1].type == NN_V_NULL,
		  "an item that is an array");
	CHECK(nn_value_get(value, "c") == NULL, "no such key");
	CHECK(nn_value_get(b, "a") == NULL && nn_value_get(NULL, "a") == NULL, "no object");
	json_free(value);
}

int
main(void)
{
	test_objects();
	test_no_options();
	test_numbers();
	test_words();
	test_lists();
	test_shapes();
	test_initializers();
	test_regularizers();
	test_layers();
	test_word_list();
	test_tables();
	test_values();
	return unit_done();
}
