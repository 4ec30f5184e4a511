/*
 * network.c
 *	  See network.h.
 */
#include "core/layers/layer.h"
#include "test/unit/objective.h"
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
	network->in = nn_model_x_size(network->model);
	network->out = nn_model_y_size(network->model);
	network->objectives.n = network->model->n_outputs;
	for (int o = 0; o < network->model->n_outputs; o++)
		if (!parse_objective(&network->objectives.of[o], network->model, o, loss, &metric,
							 metric != NULL, 0, &error))
			refuse(loss, &error);
	network->format = zeroed(nn_record_format_bytes(network->model->n_inputs));
	nn_record_format(network->format, network->model, &network->objectives);
	network->run.format = network->format;
	options = json_parse(optimizer);
	if (!nn_optimizer_parse(&network->optimizer, options, &error))
		refuse(optimizer, &error);
	json_free(options);
	network->run.objectives = &network->objectives;
	network->run.totals = zeroed(nn_totals_bytes(&network->objectives));
	network->run.optimizer = &network->optimizer;
	network->run.seed = 42;
	for (int s = 0; s < network->optimizer.n_slots; s++)
		network->run.slots[s] = zeroed(network->model->n_params * sizeof(nn_real));
	return network;
}

/* Targets of 0 and 1, or classes; of sequences at most one, which fits whatever is hidden. */
static void
random_targets(const NNObjective *objective, size_t n, NNRandom *random, void *targets)
{
	if (nn_objective_sequence(objective))
	{
		int32_t index = (int32_t) nn_random_below(random, (uint64_t) objective->classes);

		memset(targets, 0, n * 4);
		memcpy(targets, &index, 4);
		return;
	}
	for (size_t i = 0; i < n; i++)
	{
		bool is_index = objective->target == NN_TARGET_INDEX;
		int32_t index =
			(int32_t) nn_random_below(random, is_index ? (uint64_t) objective->classes : 2);
		float value = (float) index;

		memcpy((char *) targets + 4 * i, is_index ? (void *) &index : (void *) &value, 4);
	}
}

void
network_data(Network *network, size_t n_records, uint64_t seed)
{
	const NNRecordFormat *format = network->format;
	NNRandom random = nn_random(seed, 1);
	NNRecordHead head = {0};

	for (size_t r = 0; r < network->n_records; r++)
		free(network->records[r]); /* of an earlier call */
	free(network->records);
	network->n_records = n_records;
	network->records = calloc(n_records, sizeof(void *));
	for (size_t r = 0; r < n_records; r++)
	{
		char *record = zeroed(nn_record_bytes(format, &head));
		float *x = (float *) (record + nn_record_x_at(format, &head, 0));

		for (int o = 0; o < format->n_outputs; o++)
		{
			float *weights = (float *) (record + nn_record_weight_at(format, &head, o));

			random_targets(&network->objectives.of[o], format->outputs[o].count, &random,
						   record + nn_record_target_at(format, &head, o));
			for (size_t i = 0; i < format->outputs[o].weights; i++)
				weights[i] = (float) nn_random_below(&random, 4) / 2;
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
		.gradient_room = network->gradient_room,
		.precision = network->precision,
		.optimizer = training ? &network->optimizer : NULL,
		.objectives = &network->objectives,
		.format = network->format,
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
	run->grads = zeroed(nn_plan_gradients(run->plan) * sizeof(nn_real));
	memcpy(run->params, network->start, network->model->n_params * sizeof(nn_real));
	for (int s = 0; s < network->optimizer.n_slots; s++)
		memset(run->slots[s], 0, network->model->n_params * sizeof(nn_real));
	run->step = 0;
	free(run->totals);
	run->totals = zeroed(nn_totals_bytes(&network->objectives));
}

double
network_train(Network *network, size_t n)
{
	size_t done;

	(void) nn_train_records(&network->run, (const void *const *) network->records, n, &done);
	return network_loss(network);
}

double
network_loss(const Network *network)
{
	return nn_losses_all(&network->objectives, &network->run.totals->losses);
}

double
network_metric(const Network *network, int output, int i)
{
	NNScores scores = {.samples = 0};

	nn_totals_scores(&network->objectives, network->run.totals, &scores);
	return scores.outputs[output].metrics[i];
}
