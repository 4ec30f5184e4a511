/*
 * initial.c
 *	  Initial values of a model's weights, layer by layer.
 */
#include "core/internal.h"

void
nn_layer_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random)
{
	if (layer->kind->init != NULL)
	{
		layer->kind->init(layer, params, scratch, random);
		return;
	}
	for (int i = 0; i < layer->n_params; i++)
	{
		const NNParam *param = &layer->params[i];

		nn_initialize(&param->init, params + param->offset, param->shape.dim, param->shape.rank,
					  scratch, random);
	}
}

size_t
nn_layer_initial_scratch(const NNLayer *layer)
{
	size_t most = 0;

	for (int i = 0; i < layer->n_params; i++)
		if (layer->params[i].init.kind == NN_INIT_ORTHOGONAL && layer->params[i].size > most)
			most = layer->params[i].size;
	for (int i = 0; i < 2 && layer->inner[i] != NULL; i++)
	{
		size_t inner = nn_layer_initial_scratch(layer->inner[i]);

		most = inner > most ? inner : most;
	}
	return most;
}

typedef struct InitialJob
{
	const NNLayer *layer;
	nn_real *params; /* the layer's */
	nn_real *scratch;
	NNRandom random;
	bool stopped;
} InitialJob;

/* A job of the pool for one thread: that can be interrupted. */
static void
initial_job(void *arg, int thread)
{
	InitialJob *job = arg;

	(void) thread;
	nn_layer_init(job->layer, job->params, job->scratch, &job->random);
	job->stopped = nn_pool_stopping();
}

bool
nn_model_init_params(const NNModel *model, int layer, nn_real *params, uint64_t seed,
					 nn_real *scratch)
{
	InitialJob job = {
		.layer = &model->layers[layer],
		.params = params,
		.scratch = scratch,
		.random = nn_random(seed, (uint64_t) layer),
	};

	nn_pool_run(1, initial_job, &job);
	return !job.stopped;
}
