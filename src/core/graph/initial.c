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
		.params = params + model->layers[layer].param_offset,
		.scratch = scratch,
		.random = nn_random(seed, (uint64_t) layer),
	};

	nn_pool_run(1, initial_job, &job);
	return !job.stopped;
}
