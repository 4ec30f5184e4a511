/*
 * written.c
 *	  The layers of a new model, from jsonb to the core: blocks flattened, what is
 *	  no layer refused by its place.
 */
#include "pg/model/written.h"
#include "pg/model/model.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"

void
nnet_written_append(NnetWrittenLayers *list, const NNValue *value, const char *place, bool in_block)
{
	const NNValue *kind = nn_value_get(value, "kind");

	check_stack_depth();
	if (value->type == NN_V_ARRAY)
	{
		for (int i = 0; i < value->count; i++)
			nnet_written_append(list, &value->items[i], psprintf("%s, element %d", place, i + 1),
								true);
		return;
	}
	if (value->type != NN_V_OBJECT || kind == NULL || kind->type != NN_V_STRING)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("layer %s of the model is not a JSON object with a \"kind\"", place),
				 errhint("Make layers by the functions nnet.input(), nnet.dense(), ..., and "
						 "blocks as jsonb arrays of layers.")));
	if (list->n == NN_MAX_LAYERS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a model has at most %d layers", NN_MAX_LAYERS)));
	if (list->n == list->room)
	{
		list->room = Max(16, 2 * list->room);
		list->layers = list->layers == NULL
			? palloc(list->room * sizeof(NnetWritten))
			: repalloc(list->layers, list->room * sizeof(NnetWritten));
	}
	list->layers[list->n++] = (NnetWritten){*value, place, in_block};
}

void
nnet_written_read(ArrayType *array, NnetWrittenLayers *list)
{
	Datum *elements;
	bool *nulls;
	int n;

	deconstruct_array(array, JSONBOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("layer %d of the model is NULL", i)));
		nnet_written_append(list, nnet_value_from_jsonb(DatumGetJsonbP(elements[i])),
							psprintf("%d", i), false);
	}
}

/* A layer of a block is not seen where the model is made: say which it is. */
static void
tell_place(void *arg)
{
	const NnetWritten *layer = arg;

	if (layer->in_block)
		errcontext("layer %s of the model", layer->place);
}

int
nnet_written_inputs(const NNValue *layer, const char *place, const char ***names)
{
	const NNValue *inputs = nn_value_get(layer, "inputs");

	*names = NULL;
	if (inputs == NULL || inputs->type == NN_V_NULL)
		return -1;
	if (inputs->type != NN_V_ARRAY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the inputs of layer %s are not an array of names", place),
				 errhint("Write them as {\"inputs\": [\"dense\", \"dense_1\"]}.")));
	*names = palloc(sizeof(char *) * Max(inputs->count, 1));
	for (int i = 0; i < inputs->count; i++)
		(*names)[i] = inputs->items[i].type == NN_V_STRING ? inputs->items[i].string : NULL;
	return inputs->count;
}

static void
add_layer(NNModel *core, NnetWritten *layer)
{
	const char *kind = nn_value_get(&layer->value, "kind")->string;
	const NNValue *name = nn_value_get(&layer->value, "name");
	ErrorContextCallback frame = {error_context_stack, tell_place, layer};
	const char **inputs;
	int n_inputs;
	NNError error = {.code = NN_OK};

	error_context_stack = &frame;
	n_inputs = nnet_written_inputs(&layer->value, layer->place, &inputs);
	if (core->n_layers == 0 && strcmp(kind, INPUT_KIND) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the first layer of a model must be an input, not \"%s\"", kind),
				 errhint("Begin with the shape of a sample, such as nnet.input(28, 28, 1).")));
	if (!nn_model_add(core, kind, name != NULL && name->type == NN_V_STRING ? name->string : NULL,
					  inputs, n_inputs, &layer->value, &error))
		nnet_core_error(&error, NULL);
	error_context_stack = frame.previous;
}

/* The layer that feeds layer i alone, by its name or as the one before; -1: none, or several. */
static int
feeding_layer(const NnetWrittenLayers *list, int i)
{
	const NNValue *inputs = nn_value_get(&list->layers[i].value, "inputs");

	if (inputs == NULL || inputs->type == NN_V_NULL)
		return i - 1;
	if (inputs->type != NN_V_ARRAY || inputs->count != 1 || inputs->items[0].type != NN_V_STRING)
		return -1;
	for (int k = 0; k < i; k++)
	{
		const NNValue *name = nn_value_get(&list->layers[k].value, "name");

		if (name != NULL && name->type == NN_V_STRING &&
			strcmp(name->string, inputs->items[0].string) == 0)
			return k;
	}
	return -1;
}

/* Inputs of one text or date get the shape of what is made of it. */
static void
set_input_shapes(NnetWrittenLayers *list)
{
	for (int i = 1; i < list->n; i++)
	{
		int from = feeding_layer(list, i);

		if (from < 0)
			continue;
		nnet_vocabulary_set_input(&list->layers[from].value, &list->layers[i].value);
		nnet_reading_set_input(&list->layers[from].value, &list->layers[i].value);
	}
}

NNModel *
nnet_written_build(NnetWrittenLayers *list)
{
	NNModel *core;
	NNError error = {.code = NN_OK};
	int room = 0;

	set_input_shapes(list);
	for (int i = 0; i < list->n; i++)
		room += nn_layer_room(&list->layers[i].value);
	core = MemoryContextAllocHuge(CurrentMemoryContext, nn_model_bytes(room));
	nn_model_begin(core, room);
	for (int i = 0; i < list->n; i++)
		add_layer(core, &list->layers[i]);
	if (!nn_model_finish(core, &error))
		nnet_core_error(&error, NULL);
	return core;
}
