/*
 * model.c
 *	  Building a model layer by layer, from rows that a stranger may have
 *	  written.
 *
 * The caller owns the model's memory (nn_model_bytes) and does not move it:
 * wrappers point at their inner layers, which fill the room from its end.  A
 * layer that is refused leaves the model as it was.
 */
#include <stdio.h>

#include "core/graph/model.h"

#define MAX_WRAPPING 2 /* wrappers around each other */

/* keys of every layer's config that are not its kind's options */
static const char *const common_keys[] = {"kind", "name", "inputs", "trainable", NULL};

/* ---- room ---- */

static int
layer_room(const NNValue *config, int depth)
{
	const NNValue *inner = nn_value_get(config, "layer");
	const NNValue *second = nn_value_get(config, "backward_layer");

	if (inner == NULL || inner->type != NN_V_OBJECT || depth > MAX_WRAPPING)
		return 1;
	if (second == NULL || second->type != NN_V_OBJECT)
		second = inner;
	return 1 + layer_room(inner, depth + 1) + layer_room(second, depth + 1);
}

int
nn_layer_room(const NNValue *config)
{
	return layer_room(config, 0);
}

size_t
nn_model_bytes(int max_layers)
{
	return sizeof(NNModel) + (size_t) (max_layers > 0 ? max_layers : 0) * sizeof(NNLayer);
}

void
nn_model_begin(NNModel *model, int max_layers)
{
	memset(model, 0, sizeof(*model));
	model->max_layers = max_layers > 0 ? max_layers : 0;
	model->layers = (NNLayer *) (model + 1);
}

/* ---- a layer's own part: kind and options ---- */

/* Hint at the kinds there are, or at those that take several inputs; returns false. */
static bool
hint_kinds(const char *which, bool several, NNError *error)
{
	char list[sizeof(error->hint) - NN_MAX_NAME] = "";
	size_t used = 0;

	for (int i = 0; nn_kind_name(i) != NULL; i++)
		if (!several || nn_kind_find(nn_kind_name(i))->max_inputs > 1)
			nn_append(list, sizeof(list), &used, "%s%s", used > 0 ? ", " : "", nn_kind_name(i));
	return nn_hint(error, "%s are: %s.", which, list);
}

static const NNKind *
find_kind(const char *name, const char *what, NNError *error)
{
	const NNKind *kind = nn_kind_find(name);
	char clip[NN_CLIP];

	if (kind != NULL)
		return kind;
	nn_error(error, NN_UNKNOWN_NAME, "%s: there is no kind of layer \"%s\"", what,
			 nn_clip(clip, name));
	hint_kinds("The kinds", false, error);
	return NULL;
}

static bool
is_input(const NNKind *kind)
{
	return kind->max_inputs == 0;
}

/* The i-th layer inside a wrapper's config, the one before where it has no other; or NULL. */
static const NNValue *
wrapped_config(const NNKind *kind, const NNValue *config, int i)
{
	const NNValue *found = NULL;

	for (const NNField *field = kind->fields; field->name != NULL && i >= 0; field++)
	{
		const NNValue *value;

		if (field->type != NN_FIELD_TYPE_LAYER && field->type != NN_FIELD_TYPE_OTHER_LAYER)
			continue;
		value = nn_value_get(config, field->name);
		if (value != NULL && value->type != NN_V_NULL)
			found = value;
		i--;
	}
	return found;
}

/* layer->kind and name are set: the options go to layer->conf and trainable. */
static bool
parse_config(NNLayer *layer, const NNValue *config, NNError *error)
{
	static const NNField field = {.name = "trainable", .type = NN_FIELD_TYPE_BOOL};
	const NNValue *trainable = nn_value_get(config, field.name);
	char what[NN_MAX_NAME + 16];
	NNPlace place = {what, &field, error};

	nn_layer_what(layer, what, sizeof(what));
	memset(&layer->conf, 0, sizeof(layer->conf));
	if (!nn_fields_parse(layer->kind->fields, layer->conf.bytes, config, what, common_keys, error))
		return false;

	layer->trainable = true;
	if (trainable == NULL || trainable->type == NN_V_NULL)
		return true;
	if (trainable->type != NN_V_BOOL)
		return nn_field_wrong_type(&place, "true or false", trainable);
	layer->trainable = trainable->boolean;
	return true;
}

/*
 * A layer that stands inside a wrapper: kind, name and options.  Its name in
 * messages is the wrapper's and its own kind.
 */
static bool
parse_inner(NNLayer *inner, const NNLayer *wrapper, const NNValue *config, int depth,
			NNError *error)
{
	char what[NN_MAX_NAME + 16];

	nn_layer_what(wrapper, what, sizeof(what));
	memset(inner, 0, sizeof(*inner));
	inner->kind = find_kind(nn_value_get(config, "kind")->string, what, error);
	if (inner->kind == NULL)
		return false;
	if (is_input(inner->kind) || inner->kind->min_inputs > 1)
	{
		nn_error(error, NN_BAD_VALUE, "%s: cannot wrap a layer of kind \"%s\"", what,
				 inner->kind->name);
		return nn_hint(error, "A layer in a wrapper has one input.");
	}
	if (wrapped_config(inner->kind, config, 0) != NULL && depth >= MAX_WRAPPING)
	{
		nn_error(error, NN_BAD_VALUE, "%s: wraps a wrapper of a wrapper", what);
		return nn_hint(error, "At most %d wrappers may stand around a layer.", MAX_WRAPPING);
	}
	snprintf(inner->name, sizeof(inner->name), "%.*s/%s", (int) nn_cut(wrapper->name, 40),
			 wrapper->name, inner->kind->name);
	inner->index = wrapper->index;
	inner->n_inputs = 1;
	return parse_config(inner, config, error);
}

/* Both inner layers of a wrapper, and theirs; the room is the model's end. */
static bool
add_inner(NNModel *model, NNLayer *layer, const NNValue *config, int depth, NNError *error)
{
	for (int i = 0; i < NN_ARRAY_LENGTH(layer->inner); i++)
	{
		const NNValue *inner_config = wrapped_config(layer->kind, config, i);
		NNLayer *inner;

		if (inner_config == NULL)
			return true;

		if (model->n_layers + 1 + model->n_inner + 1 > model->max_layers)
			return nn_error(error, NN_TOO_LARGE, "the model has room for %d layers only",
							model->max_layers);
		inner = &model->layers[model->max_layers - 1 - model->n_inner++];
		if (!parse_inner(inner, layer, inner_config, depth, error) ||
			!add_inner(model, inner, inner_config, depth + 1, error))
			return false;
		layer->inner[i] = inner;
		layer->trainable = layer->trainable && inner->trainable;
	}
	return true;
}

/* The same without room to keep them, for nn_layer_check. */
static bool
check_inner(const NNLayer *layer, const NNValue *config, int depth, NNError *error)
{
	for (int i = 0; i < NN_ARRAY_LENGTH(layer->inner); i++)
	{
		const NNValue *inner_config = wrapped_config(layer->kind, config, i);
		NNLayer inner;

		if (inner_config != NULL &&
			(!parse_inner(&inner, layer, inner_config, depth, error) ||
			 !check_inner(&inner, inner_config, depth + 1, error)))
			return false;
	}
	return true;
}

bool
nn_layer_check(const char *kind, const NNValue *config, NNError *error)
{
	const NNValue *name = nn_value_get(config, "name");
	const char *text = name != NULL && name->type == NN_V_STRING ? name->string : kind;
	char what[NN_CLIP + 16];
	char clip[NN_CLIP];
	NNLayer layer;

	memset(&layer, 0, sizeof(layer));
	snprintf(layer.name, sizeof(layer.name), "%s", nn_clip(clip, text));
	layer.kind = find_kind(kind, nn_layer_what(&layer, what, sizeof(what)), error);
	return layer.kind != NULL && parse_config(&layer, config, error) &&
		check_inner(&layer, config, 1, error);
}

/* ---- names and inputs ---- */

static int
find_layer(const NNModel *model, const char *name)
{
	for (int i = 0; i < model->n_layers; i++)
		if (strcmp(model->layers[i].name, name) == 0)
			return i;
	return -1;
}

/* The number in a name that was made for this kind: 'dense' has 0, 'dense_7' 7; -1: none. */
static int
name_number(const char *name, const char *kind)
{
	size_t length = strlen(kind);
	int number = 0;

	if (strncmp(name, kind, length) != 0)
		return -1;
	name += length;
	if (*name == '\0')
		return 0;
	/* as a number is printed, and far from the end of int */
	if (name[0] != '_' || name[1] < '1' || name[1] > '9' || strlen(name) > 9)
		return -1;
	for (name++; *name >= '0' && *name <= '9'; name++)
		number = number * 10 + (*name - '0');
	return *name == '\0' ? number : -1;
}

/* 'dense', 'dense_1', ...: past all that are there. */
static void
make_name(const NNModel *model, NNLayer *layer)
{
	int last = -1;

	for (int i = 0; i < model->n_layers; i++)
	{
		int number = name_number(model->layers[i].name, layer->kind->name);

		if (number > last)
			last = number;
	}
	if (last < 0)
		snprintf(layer->name, sizeof(layer->name), "%.48s", layer->kind->name);
	else
		snprintf(layer->name, sizeof(layer->name), "%.48s_%d", layer->kind->name, last + 1);
}

static bool
set_name(const NNModel *model, NNLayer *layer, const char *name, NNError *error)
{
	char clip[NN_CLIP];

	if (name == NULL || name[0] == '\0')
	{
		make_name(model, layer);
		return true;
	}
	if (strlen(name) >= NN_MAX_NAME)
		return nn_error(error, NN_BAD_VALUE, "the layer name \"%s\" is longer than %d bytes",
						nn_clip(clip, name), NN_MAX_NAME - 1);
	if (find_layer(model, name) >= 0)
	{
		nn_error(error, NN_BAD_VALUE, "two layers are named \"%s\"", name);
		return nn_hint(error, "Give each layer a name of its own, or none.");
	}
	memcpy(layer->name, name, strlen(name) + 1);
	return true;
}

static bool
add_input(const NNModel *model, NNLayer *layer, const char *name, NNError *error)
{
	int index = name != NULL ? find_layer(model, name) : -1;
	char clip[NN_CLIP];

	if (index >= 0)
	{
		layer->inputs[layer->n_inputs++] = index;
		return true;
	}
	if (name == NULL)
		nn_error(error, NN_BAD_VALUE, "layer \"%s\": one of its inputs is null", layer->name);
	else
		nn_error(error, NN_UNKNOWN_NAME,
				 "layer \"%s\": there is no earlier layer \"%s\" to feed it", layer->name,
				 nn_clip(clip, name));
	return nn_hint(error, "Inputs are names of layers that stand before it.");
}

/* The number of inputs that the kind takes, in words. */
static bool
wrong_inputs(const NNLayer *layer, int n_inputs, NNError *error)
{
	const NNKind *kind = layer->kind;
	int bound = n_inputs < kind->min_inputs ? kind->min_inputs : kind->max_inputs;
	const char *word = kind->min_inputs == kind->max_inputs ? ""
		: n_inputs < kind->min_inputs						? "at least "
															: "at most ";

	nn_error(error, NN_BAD_VALUE, "layer \"%s\": takes %s%d input%s, not %d", layer->name, word,
			 bound, bound == 1 ? "" : "s", n_inputs);
	if (n_inputs < kind->min_inputs)
		return nn_hint(error, "List the names of the layers that feed it in its inputs.");
	if (kind->max_inputs == 1)
		return hint_kinds("Layers that take several inputs", true, error);
	if (kind->max_inputs > 1)
		return nn_hint(error, "Merge some of them by a layer before it.");
	return false;
}

static bool
set_inputs(const NNModel *model, NNLayer *layer, const char *const *inputs, int n_inputs,
		   NNError *error)
{
	const NNKind *kind = layer->kind;

	if (n_inputs < 0)
	{
		if (is_input(kind))
			return true;
		if (kind->min_inputs > 1)
			return wrong_inputs(layer, 1, error);
		layer->inputs[layer->n_inputs++] = model->n_layers - 1;
		return true;
	}
	if (n_inputs < kind->min_inputs || n_inputs > kind->max_inputs || n_inputs > NN_MAX_INPUTS)
		return wrong_inputs(layer, n_inputs, error);
	for (int i = 0; i < n_inputs; i++)
		if (!add_input(model, layer, inputs[i], error))
			return false;
	return true;
}

/* ---- building ---- */

/* What holds for any layer at this place, before its kind is asked. */
static bool
check_place(const NNModel *model, const NNLayer *layer, NNError *error)
{
	if (model->finished)
		return nn_error(error, NN_BAD_VALUE, "layer \"%s\" comes after the model was finished",
						layer->name);
	if (model->n_layers == 0 && !is_input(layer->kind))
	{
		nn_error(error, NN_BAD_SHAPE, "the first layer must be an input, not \"%s\"", layer->name);
		return nn_hint(error, "Begin with a layer of kind input that gives the shape of a sample.");
	}
	if (is_input(layer->kind) && model->n_inputs >= NN_MAX_PORTS)
		return nn_error(error, NN_TOO_LARGE, "a model has at most %d inputs", NN_MAX_PORTS);
	if (model->n_layers >= NN_MAX_LAYERS)
		return nn_error(error, NN_TOO_LARGE, "a model has at most %d layers", NN_MAX_LAYERS);
	return true;
}

/* What holds where its inputs are known. */
static bool
check_inputs(const NNModel *model, const NNLayer *layer, NNError *error)
{
	if (!(layer->kind->flags & NN_KIND_AT_INPUT))
		return true;
	for (int i = 0; i < model->n_layers; i++)
		if ((model->layers[i].kind->flags & NN_KIND_AT_INPUT) &&
			model->layers[i].inputs[0] == layer->inputs[0])
		{
			nn_error(error, NN_BAD_SHAPE,
					 "layer \"%s\": layer \"%s\" says already how \"%s\" is read", layer->name,
					 model->layers[i].name, model->layers[layer->inputs[0]].name);
			return nn_hint(error, "Give the model one more input for the same values.");
		}
	if (is_input(model->layers[layer->inputs[0]].kind))
		return true;
	nn_error(error, NN_BAD_SHAPE,
			 "layer \"%s\": it says how values of rows are read, and so comes right after an input",
			 layer->name);
	return nn_hint(error, "Put %s right after the input.", layer->kind->name);
}

bool
nn_layer_infer(NNModel *model, NNLayer *layer, NNError *error)
{
	for (int i = 0; i < layer->n_inputs; i++)
		layer->in[i] = model->layers[layer->inputs[i]].out;
	return nn_layer_infer_inner(layer, error);
}

static bool
build_layer(NNModel *model, NNLayer *layer, const char *kind, const char *name,
			const char *const *inputs, int n_inputs, const NNValue *config, NNError *error)
{
	char what[NN_CLIP + 16];
	char clip[NN_CLIP];

	memset(layer, 0, sizeof(*layer));
	snprintf(what, sizeof(what), "layer \"%s\"",
			 nn_clip(clip, name != NULL && name[0] != '\0' ? name : kind));
	layer->kind = find_kind(kind, what, error);
	layer->index = model->n_layers;
	if (layer->kind == NULL || !set_name(model, layer, name, error) ||
		!check_place(model, layer, error) || !parse_config(layer, config, error) ||
		!set_inputs(model, layer, inputs, n_inputs, error) || !check_inputs(model, layer, error) ||
		!add_inner(model, layer, config, 1, error) || !nn_layer_infer(model, layer, error))
		return false;

	layer->param_offset = model->n_params;
	if (layer->param_size > NN_MAX_MODEL_PARAMS - model->n_params)
	{
		nn_error(error, NN_TOO_LARGE, "the model has more than %zu parameters at layer \"%s\"",
				 NN_MAX_MODEL_PARAMS, layer->name);
		return nn_hint(error, "Use smaller layers, or a smaller input.");
	}
	return true;
}

bool
nn_model_add(NNModel *model, const char *kind, const char *name, const char *const *inputs,
			 int n_inputs, const NNValue *config, NNError *error)
{
	int n_inner = model->n_inner;
	NNLayer *layer = &model->layers[model->n_layers];

	if (model->n_layers + model->n_inner >= model->max_layers)
		return nn_error(error, NN_TOO_LARGE, "the model has room for %d layers only",
						model->max_layers);
	if (!build_layer(model, layer, kind, name, inputs, n_inputs, config, error))
	{
		model->n_inner = n_inner;
		return false;
	}
	for (int i = 0; i < layer->n_inputs; i++)
		model->layers[layer->inputs[i]].n_consumers++;
	model->n_params += layer->param_size;
	layer->packed_offset = model->n_packed;
	model->n_packed += nn_layer_packed(layer);
	model->n_layers++;
	return true;
}

/* Append the layer to a list of names for a message. */
static void
list_layer(const NNLayer *layer, char *list, size_t size, size_t *used)
{
	nn_append(list, size, used, "%s\"%s\"", *used > 0 ? ", " : "", layer->name);
}

static bool
find_ports(NNModel *model, NNError *error)
{
	char list[320] = "";
	size_t used = 0;

	model->n_inputs = model->n_outputs = model->n_sequences = 0;
	for (int i = 0; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];

		if (is_input(layer->kind))
		{
			if (layer->n_consumers == 0)
				list_layer(layer, list, sizeof(list), &used);
			if (layer->out.dim[0] == NN_ANY)
			{
				if (model->n_sequences == NN_MAX_SEQUENCES)
					return nn_error(error, NN_TOO_LARGE,
									"the model has more than %d inputs of variable steps",
									NN_MAX_SEQUENCES);
				model->sequences[model->n_sequences++] = model->n_inputs;
			}
			model->inputs[model->n_inputs++] = (uint16_t) i;
			continue;
		}
		if (layer->n_consumers > 0)
			continue;
		if (model->n_outputs == NN_MAX_OUTPUTS)
		{
			nn_error(error, NN_TOO_LARGE, "the model has more than %d outputs", NN_MAX_OUTPUTS);
			return nn_hint(error, "Each layer that feeds no other is an output.");
		}
		model->variable_output[model->n_outputs] = layer->out.dim[0] == NN_ANY;
		model->outputs[model->n_outputs++] = i;
	}
	model->variable = model->n_sequences > 0;
	if (used == 0)
		return true;
	nn_error(error, NN_BAD_SHAPE, "the input %s feeds no layer", list);
	return nn_hint(error, "Name it in the inputs of a layer, or leave it out.");
}

bool
nn_model_finish(NNModel *model, NNError *error)
{
	int n = 0;

	for (int i = 0; i < model->n_layers; i++)
		n += !is_input(model->layers[i].kind);
	if (n == 0)
	{
		nn_error(error, NN_BAD_SHAPE,
				 model->n_layers == 0 ? "the model has no layers"
									  : "the model has no layer after its input");
		return nn_hint(error,
					   "A model is an input and at least one layer: nnet.input(4), nnet.dense(1).");
	}
	if (!find_ports(model, error))
		return false;
	model->n_trainable = 0;
	for (int i = 0; i < model->n_layers; i++)
		for (int k = 0; k < model->layers[i].n_params; k++)
			if (model->layers[i].trainable && model->layers[i].params[k].trainable)
				model->n_trainable += model->layers[i].params[k].size;
	memset(&model->steps, 0, sizeof(model->steps));
	model->finished = true;
	return true;
}

void
nn_model_copy(NNModel *to, const NNModel *from)
{
	memcpy(to, from, nn_model_bytes(from->max_layers));
	to->layers = (NNLayer *) (to + 1);
	for (int i = 0; i < to->max_layers; i++)
		for (int k = 0; k < NN_ARRAY_LENGTH(to->layers[i].inner); k++)
			if (from->layers[i].inner[k] != NULL)
				to->layers[i].inner[k] = to->layers + (from->layers[i].inner[k] - from->layers);
}

/* ---- what the face tells of layers ---- */

const NNLayer *
nn_model_layer(const NNModel *model, int i)
{
	return &model->layers[i];
}

const NNLayer *
nn_model_input(const NNModel *model, int input)
{
	return &model->layers[model->inputs[input]];
}

const NNLayer *
nn_model_output(const NNModel *model, int output)
{
	return &model->layers[model->outputs[output]];
}

int
nn_model_find_input(const NNModel *model, const char *name)
{
	for (int i = 0; i < model->n_inputs; i++)
		if (strcmp(nn_model_input(model, i)->name, name) == 0)
			return i;
	return -1;
}

int
nn_model_find_output(const NNModel *model, const char *name)
{
	for (int o = 0; o < model->n_outputs; o++)
		if (strcmp(nn_model_output(model, o)->name, name) == 0)
			return o;
	return -1;
}

const char *
nn_layer_name(const NNLayer *layer)
{
	return layer->name;
}

const char *
nn_layer_kind(const NNLayer *layer)
{
	return layer->kind->name;
}

const NNShape *
nn_layer_shape(const NNLayer *layer)
{
	return &layer->out;
}

int
nn_layer_input(const NNLayer *layer, int i)
{
	return i < layer->n_inputs ? layer->inputs[i] : -1;
}

bool
nn_layer_trainable(const NNLayer *layer)
{
	return layer->trainable;
}

double
nn_layer_flops(const NNLayer *layer)
{
	return layer->flops;
}

NNParams
nn_layer_params(const NNLayer *layer)
{
	return (NNParams){layer->param_offset, layer->param_size, layer->n_params, layer->params};
}

/* ---- questions ---- */

bool
nn_steps_equal(const NNSteps *a, const NNSteps *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

size_t
nn_model_x_size(const NNModel *model)
{
	size_t size = 0;

	for (int i = 0; i < model->n_inputs; i++)
		size += nn_shape_size(&nn_model_input(model, i)->out);
	return size;
}

size_t
nn_model_y_size(const NNModel *model)
{
	size_t size = 0;

	for (int i = 0; i < model->n_outputs; i++)
		size += nn_shape_size(&nn_model_output(model, i)->out);
	return size;
}

bool
nn_layer_check_params(const NNLayer *layer, const nn_real *layer_params, NNError *error)
{
	return layer->kind->check_params == NULL ||
		layer->kind->check_params(layer, layer_params, error);
}

bool
nn_layer_adapts(const NNLayer *layer)
{
	return layer->kind->unadapted != NULL && layer->n_params > 0;
}

bool
nn_layer_unadapted(const NNLayer *layer, const nn_real *layer_params)
{
	return layer->kind->unadapted != NULL && layer->kind->unadapted(layer, layer_params);
}
