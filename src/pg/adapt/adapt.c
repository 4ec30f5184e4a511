/*
 * adapt.c
 *	  Layers that learn from the rows before training: all rows are shown to them,
 *	  to several at a time, as often as they take.
 */
#include "pg/adapt/adapt.h"

#include "utils/memutils.h"

/* Layers that learn from the same passes over the rows: none gets values of another. */
typedef struct Adapting
{
	NNAdapting *layers;
	int n;
	size_t bytes; /* of their states */
} Adapting;

#define ADAPTING_BYTES ((size_t) 64 << 20) /* of states at a time */

void
nnet_adapt_piece(NnetRunner *runner, NNAdapting *layers, int n_layers, const bool *needed,
				 const void *const *records, size_t n)
{
	nnet_runner_plan_inference(runner, records, n);
	nnet_watch_interrupts();
	for (size_t all = 0, done; all < n; all += done)
		(void) nnet_run_again(runner->run.core.plan, runner->model,
							  nn_adapt_records(&runner->run.core, layers, n_layers, needed,
											   records + all, n - all, &done));
}

/* Show all rows to layers once. */
static void
adapt_pass(NnetRunner *runner, NnetPass *pass, uint64 n, NNAdapting *layers, int n_layers)
{
	const void *const *records;
	int fetched;

	nnet_pass_begin(pass, 0, n);
	while ((fetched = nnet_pass_next(pass, &records)) > 0)
	{
		int count;

		for (int i = 0; i < fetched; i += count)
		{
			count = (int) nnet_runner_piece(runner, fetched - i);
			nnet_adapt_piece(runner, layers, n_layers, NULL, records + i, count);
		}
	}
}

/* Those that take one more pass, number `number` from 0 on; returns how many. */
static int
begin_pass(const NNModel *core, const Adapting *adapting, int number, NNAdapting *layers)
{
	int n = 0;

	for (int i = 0; i < adapting->n; i++)
	{
		const NNAdapting *layer = &adapting->layers[i];

		if (number >= nn_adapt_passes(core, layer->layer))
			continue;
		if (number > 0)
			nn_adapt_pass(core, layer->layer, number, layer->state);
		layers[n++] = *layer;
	}
	return n;
}

static void
adapt_together(NnetRunner *runner, NnetPass *pass, uint64 n, const Adapting *adapting,
			   const NnetRecorder *recorder)
{
	NNModel *core = runner->model->core;
	NNAdapting *layers = MemoryContextAlloc(runner->context, sizeof(NNAdapting) * adapting->n);
	int more;

	for (int i = 0; (more = begin_pass(core, adapting, i, layers)) > 0; i++)
		adapt_pass(runner, pass, n, layers, more);
	for (int i = 0; i < adapting->n; i++)
	{
		nn_adapt_end(core, adapting->layers[i].layer, adapting->layers[i].state,
					 runner->model->params);
		pfree(adapting->layers[i].state);
	}
	nnet_check_learned(runner, adapting->layers, adapting->n, recorder);
	pfree(layers);
}

static void
add_adapting(NnetRunner *runner, Adapting *adapting, int layer)
{
	NNModel *core = runner->model->core;
	double *state = MemoryContextAllocHuge(runner->context, nn_adapt_bytes(core, layer));

	nn_adapt_begin(core, layer, state);
	adapting->layers[adapting->n++] = (NNAdapting){.layer = layer, .state = state};
	adapting->bytes += nn_adapt_bytes(core, layer);
}

/* Whether something that a layer gets values of has still to learn. */
static bool
waits(const NNLayer *layer, const bool *unlearned)
{
	for (int k = 0; nn_layer_input(layer, k) >= 0; k++)
		if (unlearned[nn_layer_input(layer, k)])
			return true;
	return false;
}

/* Together those that can be: a table has many columns, and rows are read once more for each pass. */
void
nnet_adapt_layers(NnetRunner *runner, NnetPass *pass, uint64 n, const NnetRecorder *recorder)
{
	NNModel *core = runner->model->core;
	bool *unlearned = MemoryContextAlloc(runner->context, sizeof(bool) * core->n_layers);
	bool *shown = MemoryContextAllocZero(runner->context, sizeof(bool) * core->n_layers);
	Adapting adapting = {.n = 0};

	adapting.layers = MemoryContextAlloc(runner->context, sizeof(NNAdapting) * core->n_layers);
	do
	{
		adapting.n = 0;
		adapting.bytes = 0;
		for (int i = 0; i < core->n_layers; i++)
		{
			const NNLayer *layer = nn_model_layer(core, i);
			/* a layer that rows taught nothing is not asked again */
			bool wants = !shown[i] &&
				nn_layer_unadapted(layer, runner->model->params + nn_layer_params(layer).offset);
			bool late = waits(layer, unlearned);

			unlearned[i] = wants || late;
			if (!wants || late || adapting.bytes >= ADAPTING_BYTES)
				continue;
			add_adapting(runner, &adapting, i);
			shown[i] = true;
		}
		if (adapting.n > 0)
			adapt_together(runner, pass, n, &adapting, recorder);
	} while (adapting.n > 0);
	pfree(adapting.layers);
	pfree(shown);
	pfree(unlearned);
}
