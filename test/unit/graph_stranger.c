/*
 * graph_stranger.c
 *	  Configurations that nobody meant: for every kind, thousands made at
 *	  random from its own table of options, over shapes of all sorts.
 *
 * Each must be refused with words or give a layer within the limits, and the
 * sanitizers must stay silent.  The draws are the same in every run.
 */
#include <stdlib.h>

#include "core/graph/model.h"
#include "test/unit/json.h"
#include "test/unit/unit.h"

#define TRIES 3000
#define ROOM 32

typedef struct Text
{
	char text[8192];
	size_t used;
} Text;

static NNRandom draw;

static int
below(int n)
{
	return (int) nn_random_below(&draw, (uint64_t) n);
}

static void put(Text *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void
put(Text *to, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	to->used += (size_t) vsnprintf(to->text + to->used, sizeof(to->text) - to->used, format, args);
	va_end(args);
}

static void put_config(Text *to, const NNKind *kind, int depth, bool wild);

/* A value of no particular type. */
static void
put_anything(Text *to)
{
	static const char *const values[] = {
		"null",		  "true",		 "\"x\"",		  "\"\"",		  "[]",
		"{}",		  "[[1]]",		 "{\"kind\": 1}", "-1",			  "0",
		"0.5",		  "1e300",		 "-1e300",		  "NaN",		  "Infinity",
		"2147483648", "-2147483649", "4294967297",	  "[null, null]",
	};

	put(to, "%s", values[below(NN_ARRAY_LENGTH(values))]);
}

static void
put_number(Text *to, const NNField *field)
{
	double low = fmax(field->min, -1000);
	double high = fmin(field->max, low + 5);

	switch (below(8))
	{
		case 0:
			put(to, "%.17g", field->min);
			break;
		case 1:
			put(to, "%.17g", field->max);
			break;
		case 2:
			put(to, "%.17g", fmin(field->max, 100000));
			break;
		default:
			put(to, "%.17g",
				field->type == NN_FIELD_TYPE_REAL || field->type == NN_FIELD_TYPE_REALS
					? low + nn_random_uniform(&draw) * (high - low)
					: low + below((int) (high - low) + 1));
	}
}

static void
put_list(Text *to, const NNField *field, int count)
{
	put(to, "[");
	for (int i = 0; i < count; i++)
	{
		put(to, i > 0 ? ", " : "");
		if (field->type == NN_FIELD_TYPE_SHAPE && below(6) == 0)
			put(to, "null");
		else
			put_number(to, field);
	}
	put(to, "]");
}

static void
put_word(Text *to, const NNWord *words)
{
	int n = 0;

	while (words[n].name != NULL)
		n++;
	put(to, "\"%s\"", words[below(n)].name);
}

static const char *const equations[] = {"ab,bc->ac", "abc,cd->abd", "...b,bc->...c", "ab,b->ab",
										"abc,bc"};

static void
put_value(Text *to, const NNField *field, int depth, bool wild)
{
	if (wild && below(12) == 0)
	{
		put_anything(to);
		return;
	}
	switch (field->type)
	{
		case NN_FIELD_TYPE_BOOL:
			put(to, below(2) ? "true" : "false");
			break;
		case NN_FIELD_TYPE_WORD:
		case NN_FIELD_TYPE_INITIALIZER:
		case NN_FIELD_TYPE_CONSTRAINT:
			put_word(to, field->words);
			break;
		case NN_FIELD_TYPE_REGULARIZER:
			put(to, "{\"l1\": 0.1}");
			break;
		case NN_FIELD_TYPE_CLIPPING:
			put(to, "{\"rmax\": 2, \"dmax\": 0}");
			break;
		case NN_FIELD_TYPE_INTS:
		case NN_FIELD_TYPE_PAIRS:
			if (below(2))
				put_number(to, field);
			else
				put_list(to, field,
						 field->type == NN_FIELD_TYPE_INTS ? field->count : field->count / 2);
			break;
		case NN_FIELD_TYPE_REALS:
		case NN_FIELD_TYPE_SHAPE:
		case NN_FIELD_TYPE_LIST:
			put_list(to, field, 1 + below(field->count));
			break;
		case NN_FIELD_TYPE_TEXT: /* an equation */
			put(to, "\"%s\"", equations[below(NN_ARRAY_LENGTH(equations))]);
			break;
		case NN_FIELD_TYPE_LAYER:
		case NN_FIELD_TYPE_OTHER_LAYER:
		{
			int n = 0;

			while (nn_kind_name(n) != NULL)
				n++;
			put_config(to, nn_kind_find(nn_kind_name(below(n))), depth + 1, wild);
		}
		break;
		case NN_FIELD_TYPE_IGNORED:
			put(to, "null");
			break;
		default:
			put_number(to, field);
	}
}

static void
put_config(Text *to, const NNKind *kind, int depth, bool wild)
{
	put(to, "{\"kind\": \"%s\"", kind->name);
	for (const NNField *field = kind->fields; field->name != NULL; field++)
	{
		if (!(field->required ? !wild || below(30) > 0 : below(3) == 0))
			continue;
		if ((field->type == NN_FIELD_TYPE_LAYER || field->type == NN_FIELD_TYPE_OTHER_LAYER) &&
			depth > 3)
			continue;
		put(to, ", \"%s\": ", field->name);
		put_value(to, field, depth, wild);
	}
	put(to, "}");
}

/* An input's config; null first for a variable number of steps. */
static void
put_input(Text *to)
{
	static const int sizes[] = {1, 2, 3, 5, 8, 28, 28, 1000, 65536, NN_MAX_UNITS};
	int rank = 1 + below(NN_MAX_RANK);
	int largest = below(4) == 0 ? NN_ARRAY_LENGTH(sizes) : 6;

	put(to, "{\"shape\": [");
	for (int i = 0; i < rank; i++)
	{
		put(to, i > 0 ? ", " : "");
		if (i == 0 && below(4) == 0)
			put(to, "null");
		else
			put(to, "%d", sizes[below(largest)]);
	}
	put(to, "]}");
}

/* Whether what was accepted keeps the promises that buffers rely on. */
static bool
is_sound(const NNLayer *layer)
{
	size_t size = 0;

	if (layer->out.rank < 1 || layer->out.rank > NN_MAX_RANK || nn_shape_size(&layer->out) == 0 ||
		nn_shape_size(&layer->out) > NN_MAX_SAMPLE || layer->n_params > NN_MAX_PARAMS ||
		!(layer->flops >= 0 && layer->flops < 1e300) || layer->mask_from < NN_MASK_JOINED ||
		layer->mask_from >= NN_MAX_INPUTS)
		return false;
	for (int i = 0; i < layer->n_params; i++)
	{
		if (layer->params[i].offset != size || layer->params[i].name == NULL ||
			layer->params[i].size != nn_shape_size(&layer->params[i].shape))
			return false;
		size += layer->params[i].size;
	}
	return size == layer->param_size;
}

static bool
add(NNModel *model, const char *kind, const char *const *inputs, int n_inputs, const char *text,
	NNError *error)
{
	NNValue *value = json_parse(text);
	bool added = nn_model_add(model, kind, NULL, inputs, n_inputs, value, error);

	json_free(value);
	return added;
}

/* One layer on one input; *accepted counts, false when a promise broke. */
static bool
try_once(NNModel *model, const NNKind *kind, bool wild, int *accepted)
{
	static const char *const inputs[NN_MAX_INPUTS] = {
		"input", "input", "input", "input", "input", "input", "input", "input",
		"input", "input", "input", "input", "input", "input", "input", "input",
	};
	NNError error = {.code = NN_OK};
	Text shape = {.used = 0};
	Text config = {.used = 0};
	NNLayer *layer = &model->layers[1];
	bool sound;

	put_input(&shape);
	put_config(&config, kind, 0, wild);
	nn_model_begin(model, ROOM);
	if (!add(model, "input", NULL, -1, shape.text, &error))
		return error.code != NN_OK && error.message[0] != '\0';
	if (!add(model, kind->name, inputs, kind->min_inputs, config.text, &error) ||
		!nn_model_finish(model, &error))
		sound = error.code != NN_OK && error.message[0] != '\0';
	else
	{
		size_t size = layer->param_size;

		(*accepted)++;
		sound = is_sound(layer);
		model->layers[0].out.dim[0] =
			model->variable ? 1 + below(300) : model->layers[0].out.dim[0];
		if (sound && nn_layer_infer(model, layer, &error))
			sound = is_sound(layer) && layer->param_size == size && layer->out.dim[0] != NN_ANY;
		else
			sound = sound && error.code != NN_OK;
	}
	if (!sound)
		printf("# %s on %s: %s\n", config.text, shape.text, error.message);
	return sound;
}

int
main(void)
{
	NNModel *model = malloc(nn_model_bytes(ROOM));

	for (int i = 0; nn_kind_name(i) != NULL; i++)
	{
		const NNKind *kind = nn_kind_find(nn_kind_name(i));
		int accepted = 0;
		int broken = 0;

		if (kind->max_inputs == 0)
			continue;
		draw = nn_random(11, (uint64_t) i);
		for (int k = 0; k < TRIES && broken < 3; k++)
			broken += !try_once(model, kind, k % 2 == 0, &accepted);
		CHECK(broken == 0 && accepted > 5, "%s: %d configurations of %d accepted, none broken",
			  kind->name, accepted, TRIES);
	}
	free(model);
	return unit_done();
}
