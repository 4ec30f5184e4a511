/*
 * network.c
 *	  See network.h.
 */
#include "test/unit/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include <string.h>

#include "test/unit/json.h"

static Network *networks = NULL;

static void
refuse(const char *what, const NNError *error)
{
	fprintf(stderr, "%s: %s (%s)\n", what, error->message, error->hint);
	exit(2);
}

static void *
zeroed(size_t bytes)
{
	void *p = aligned_alloc(NN_ALIGN, (bytes + NN_ALIGN) & ~(size_t) (NN_ALIGN - 1));

	memset(p, 0, (bytes + NN_ALIGN) & ~(size_t) (NN_ALIGN - 1));
	return p;
}

static int
split_names(char *text, const char **names)
{
	int n = 0;

	for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
		names[n++] = word;
	return n;
}

Network *
network_make(const NetworkLayer *layers, int n_layers, const char *loss, const char *metric,
			 const char *optimizer)
{
	Network *network = zeroed(sizeof(Network));
	NNError error = {0};
	int room = 2 * n_layers + 4;
	NNValue *options;
	nn_real *scratch;

	network->next = networks;
	networks = network;
	network->model = zeroed(nn_model_bytes(room));
	nn_model_begin(network->model, room);
	for (int i = 0; i < n_layers; i++)
	{
		const char *names[NN_MAX_INPUTS];
		char text[256] = "";
		int n = -1;
		NNValue *config = json_parse(layers[i].config);

		if (layers[i].inputs != NULL)
		{
			snprintf(text, sizeof(text), "%s", layers[i].inputs);
			n = split_names(text, names);
		}
		if (!nn_model_add(network->model, layers[i].kind, layers[i].name, names, n, config, &error))
			refuse(layers[i].kind, &error);
		json_free(config);
	}
	if (!nn_model_finish(network->model, &error))
		refuse("finish", &error);
	network->run.model = network->model;
	network->run.params = zeroed(network->model->n_params * sizeof(nn_real));
	network->start = zeroed(network->model->n_params * sizeof(nn_real));
	scratch = zeroed(network->model->n_params * sizeof(nn_real));
	for (int i = 0; i < n_layers; i++)
		nn_model_init_params(network->model, i,
							 network->start + network->model->layers[i].param_offset, 7, scratch);
	free(scratch);
	network->in = nn_shape_size(&network->model->layers[0].out);
	network->out = nn_shape_size(&network->model->layers[network->model->n_layers - 1].out);
	if (!nn_objective_parse(&network->objective, network->model, loss, &metric, metric != NULL,
							&error))
		refuse(loss, &error);
	options = json_parse(optimizer);
	if (!nn_optimizer_parse(&network->optimizer, options, &error))
		refuse(optimizer, &error);
	json_free(options);
	network->run.objective = &network->objective;
	network->run.optimizer = &network->optimizer;
	network->run.seed = 42;
	for (int s = 0; s < network->optimizer.n_slots; s++)
		network->run.slots[s] = zeroed(network->model->n_params * sizeof(nn_real));
	return network;
}

void
network_data(Network *network, size_t n_records, uint64_t seed)
{
	NNRecordFormat *format = &network->run.format;
	NNRandom random = nn_random(seed, 1);

	memset(format, 0, sizeof(*format));
	format->x_count = network->in;
	format->target = network->objective.target;
	format->target_count = network->objective.target_count;
	network->n_records = n_records;
	network->records = calloc(n_records, sizeof(void *));
	for (size_t r = 0; r < n_records; r++)
	{
		char *record = zeroed(nn_record_bytes(format, (NNRecordHead){0}));
		float *x = (float *) (record + nn_record_x_offset(format, (NNRecordHead){0}));

		for (size_t i = 0; i < format->target_count; i++)
		{
			int32_t index = (int32_t) nn_random_below(
				&random,
				format->target == NN_TARGET_INDEX ? (uint64_t) network->objective.classes : 2);
			float value = (float) index;

			memcpy(record + NN_RECORD_TARGET_OFFSET + 4 * i,
				   format->target == NN_TARGET_INDEX ? (void *) &index : (void *) &value, 4);
		}
		for (size_t i = 0; i < network->in; i++)
			x[i] = (float) (2 * nn_random_uniform(&random) - 1);
		network->records[r] = record;
	}
}

void
network_reset(Network *network, int batch, int threads, int chunk, bool training)
{
	NNPlanRequest request = {
		.batch = batch,
		.threads = threads,
		.chunk = chunk,
		.force_threads = true,
		.training = training,
		.optimizer = training ? &network->optimizer : NULL,
		.objective = &network->objective,
	};
	NNRun *run = &network->run;
	NNError error = {0};
	size_t bytes;

	free(run->plan);
	free(run->workspace);
	free(run->grads);
	run->plan = zeroed(nn_plan_bytes(network->model));
	if (!nn_plan_make(run->plan, network->model, &request, &error))
		refuse("plan", &error);
	bytes = nn_plan_workspace(run->plan);
	run->workspace = zeroed(bytes);
	/* a plan must not rely on what was there */
	for (size_t i = 0; i < bytes / sizeof(nn_real); i++)
		((nn_real *) run->workspace)[i] = (nn_real) NAN;
	run->grads = zeroed(nn_plan_gradients(run->plan, network->model) * sizeof(nn_real));
	memcpy(run->params, network->start, network->model->n_params * sizeof(nn_real));
	for (int s = 0; s < network->optimizer.n_slots; s++)
		memset(run->slots[s], 0, network->model->n_params * sizeof(nn_real));
	run->step = 0;
	memset(&run->totals, 0, sizeof(run->totals));
}
