/*
 * unsaved.c
 *	  A model that is in no table: as a search tries many of.
 *
 * It has all that a model out of a table has, but for an oid and versions of
 * rows, and is trained as such; nothing saves it.
 */
#include "pg/model/model.h"
#include "pg/model/written.h"

#include "utils/memutils.h"

/* What the layers say, kept where it tells how values are read. */
static void
read_layers(NnetModel *model, const NnetWrittenLayers *list)
{
	int n = model->core->n_layers;

	model->layer_numbers = palloc0(sizeof(int) * n);
	model->layer_parts = palloc0(sizeof(int) * n);
	model->layer_fixed = palloc0(sizeof(bool) * n);
	model->layer_configs = palloc0(sizeof(NNValue *) * n);
	for (int i = 0; i < n; i++)
	{
		const NNLayer *layer = nn_model_layer(model->core, i);
		NNReading reading;

		model->layer_numbers[i] = i;
		model->layer_parts[i] = nnet_parts(nn_layer_params(layer).size);
		if (!nn_layer_reading(layer, &reading) && nn_layer_input(layer, 0) >= 0)
			continue;
		model->layer_configs[i] = &list->layers[i].value;
		nnet_vocabulary_read(model, i, model->layer_configs[i]);
	}
}

NnetModel *
nnet_model_make(const NNValue *layers, const char *name, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "nnet model", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	NnetModel *model = palloc0(sizeof(NnetModel));
	NnetWrittenLayers list = {.n = 0};
	NNValue *training = palloc(sizeof(NNValue));

	model->context = context;
	model->name = pstrdup(name);
	for (int i = 0; i < layers->count; i++)
		nnet_written_append(&list, &layers->items[i], psprintf("%d", i), false);
	model->core = nnet_written_build(&list);
	read_layers(model, &list);
	*training = nnet_value_object(0);
	nnet_training_read(&model->training, training, model->name);
	nnet_training_read_outputs(model);
	for (const NnetVocabulary *v = model->vocabularies; v != NULL; v = v->next)
		nnet_vocabulary_check(model, v);
	nnet_readings_read(model);
	MemoryContextSwitchTo(caller);
	return model;
}

static void
check_memory(const NnetModel *model, size_t bytes, size_t scratch)
{
	nnet_memory_check(&(NnetMemoryNeed){
		.model = model->name,
		.action = "be trained",
		.bytes =
			{
				[NNET_MEMORY_PARAMETERS] = bytes,
				[NNET_MEMORY_SLOTS] = mul_size(bytes, (size_t) model->optimizer.n_slots),
				[NNET_MEMORY_GRADIENTS] = bytes,
				[NNET_MEMORY_WORKSPACE] = scratch,
			},
	});
}

static size_t
initial_scratch(const NNModel *core)
{
	size_t most = 0;

	for (int i = 0; i < core->n_layers; i++)
		most = Max(most, nn_layer_initial_scratch(nn_model_layer(core, i)));
	return most * sizeof(nn_real);
}

void
nnet_model_draw(NnetModel *model, uint64 seed)
{
	size_t bytes = nnet_params_bytes(model);

	check_memory(model, bytes, initial_scratch(model->core));
	model->weights_context =
		AllocSetContextCreate(model->context, "nnet weights", ALLOCSET_SMALL_SIZES);
	model->params = nnet_memory_alloc(model->weights_context, bytes, false);
	for (int i = 0; i < model->optimizer.n_slots; i++)
		model->slots[i] = nnet_memory_alloc(model->context, bytes, true);
	nnet_model_redraw(model, seed);
}

void
nnet_model_redraw(NnetModel *model, uint64 seed)
{
	const NNModel *core = model->core;
	MemoryContext drawing =
		AllocSetContextCreate(model->context, "nnet initial weights", ALLOCSET_SMALL_SIZES);
	nn_real *scratch = nnet_memory_alloc(drawing, initial_scratch(core), false);

	nnet_core_try(); /* orthogonal weights are products */
	nnet_watch_interrupts();
	for (int i = 0; i < core->n_layers; i++)
		while (!nn_model_init_params(
			core, i, model->params + nn_layer_params(nn_model_layer(core, i)).offset, seed,
			scratch))
			nnet_answer_interrupt();
	MemoryContextDelete(drawing);
}
