/*
 * initial.c
 *	  Initial values of a model's weights, layer by layer.
 */
#include "core/layers/layer.h"

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
