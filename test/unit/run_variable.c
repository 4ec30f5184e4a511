/*
 * run_variable.c
 *	  Rows of different length in one batch: padded and masked, each gives what
 *	  it gives alone, in evaluation and in training.
 */
#include <stdlib.h>
#include <string.h>

#include "core/layers/layer.h"
#include "test/unit/network.h"
#include "test/unit/unit.h"

#ifdef NN_DOUBLE
#define TIGHT 1e-12
#else
#define TIGHT 2e-5
#endif

#define ROWS 9
static const int from_one[ROWS] = {3, 8, 1, 5, 8, 2, 1, 7, 4};
static const int from_five[ROWS] = {7, 12, 5, 9, 12, 6, 5, 11, 8};
static const int *lengths = from_one;

/* ---- running rows of a length of their own ---- */

static void
plan(Network *network, int batch, int steps, int threads, bool training)
{
	NNRun *run = &network->run;
	NNPlanRequest request = {
		.batch = batch,
		.steps = {{steps}},
		.threads = threads,
		.force_threads = true,
		.training = training,
		.chunk = threads == 3 ? 2 : 0,
		.objectives = &network->objectives,
	};
	NNError error = {0};
	size_t bytes;

	free(run->plan);
	free(run->workspace);
	free(run->grads);
	run->plan = calloc(1, nn_plan_bytes(network->model));
	if (!nn_plan_make(run->plan, network->model, &request, &error))
	{
		printf("Bail out! plan: %s\n", error.message);
		exit(1);
	}
	bytes = (nn_plan_workspace(run->plan) + NN_ALIGN - 1) & ~(size_t) (NN_ALIGN - 1);
	run->workspace = aligned_alloc(NN_ALIGN, bytes);
	/* what is not computed must not be read, padding included */
	memset(run->workspace, 0xFF, bytes);
	bytes = nn_plan_gradients(run->plan) * sizeof(nn_real);
	run->grads = aligned_alloc(NN_ALIGN, (bytes + NN_ALIGN - 1) & ~(size_t) (NN_ALIGN - 1));
	memset(run->grads, 0, bytes);
	memcpy(run->params, network->start, network->model->n_params * sizeof(nn_real));
	run->step = 0;
	memset(run->totals, 0, nn_totals_bytes(&network->objectives));
}

static int
output_steps(NNModel *shapes, int steps)
{
	NNError error = {0};
	int output[NN_MAX_OUTPUTS];

	if (!nn_model_output_steps(shapes, &(NNSteps){{steps}}, output, &error))
	{
		printf("Bail out! %d steps: %s\n", steps, error.message);
		exit(1);
	}
	return output[0];
}

/* x and targets at random; ids below 6 where the input is one number a step. */
static void
make_records(Network *network)
{
	const NNRecordFormat *format = network->format;
	const NNObjective *objective = &network->objectives.of[0];
	NNRandom random = nn_random(5, 1);
	NNModel *shapes = malloc(nn_model_bytes(network->model->max_layers));

	nn_model_copy(shapes, network->model);
	network->records = calloc(ROWS, sizeof(void *));
	for (int r = 0; r < ROWS; r++)
	{
		NNRecordHead head = {.steps = {{lengths[r]}},
							 .target_steps = {output_steps(shapes, lengths[r])}};
		char *record = calloc(1, nn_record_bytes(format, &head));
		float *x = (float *) (record + nn_record_x_at(format, &head, 0));
		char *target = record + nn_record_target_at(format, &head, 0);
		size_t targets = nn_record_target_count(format, &head, 0);

		nn_record_put_head(format, &head, record);
		for (size_t i = 0; i < targets; i++)
		{
			/* of sequences: as many as fit whatever they are, then zeros */
			int32_t index = !nn_objective_sequence(objective)
				? (int32_t) nn_random_below(&random, 2)
				: 2 * i < targets
				? 1 + (int32_t) nn_random_below(&random, (uint64_t) objective->classes - 1)
				: 0;
			float value = (float) index;

			memcpy(target + 4 * i,
				   objective->target == NN_TARGET_INDEX ? (void *) &index : (void *) &value, 4);
		}
		for (size_t i = 0; i < nn_record_x_count(format, &head, 0); i++)
			x[i] = network->in == 1 ? (float) nn_random_below(&random, 6)
									: (float) nn_random_normal(&random);
		network->records[r] = record;
	}
	free(shapes);
}

typedef struct Outcome
{
	double loss_sum;
	double loss_count;
	double metric;
	double *moved; /* of each parameter, times the entries of the loss */
} Outcome;

/* Evaluate rows [first, first + n) and take one step of training with them. */
static void
run_rows(Network *network, int first, int n, int threads, Outcome *outcome)
{
	const void *const *records = (const void *const *) network->records + first;
	int steps = 0;
	size_t done;

	for (int r = first; r < first + n; r++)
		steps = lengths[r] > steps ? lengths[r] : steps;
	plan(network, n, steps, threads, false);
	(void) nn_evaluate_records(&network->run, records, (size_t) n, &done);
	outcome->loss_sum += network->run.totals->losses.sum[0];
	outcome->loss_count += network->run.totals->losses.count[0];
	outcome->metric += network->run.totals->states[0];
	plan(network, n, steps, threads, true);
	CHECK(nn_train_records(&network->run, records, (size_t) n, &done) == NN_RUN_DONE,
		  "%d rows train", n);
	for (size_t i = 0; i < network->model->n_params; i++)
		outcome->moved[i] += (double) (network->run.params[i] - network->start[i]) *
			(network->objectives.of[0].target_variable ? outcome->loss_count : n);
}

static void
together_and_alone(const char *name, const NetworkLayer *layers, int n_layers, const char *loss)
{
	Network *network =
		network_make(layers, n_layers, loss, loss, "{\"kind\":\"sgd\",\"learning_rate\":1}");
	size_t n = network->model->n_params;
	Outcome alone = {.moved = calloc(n, sizeof(double))};
	double metric_count = 0;

	CHECK(network->model->variable, "%s: steps are variable", name);
	make_records(network);
	for (int r = 0; r < ROWS; r++)
	{
		Outcome one = {.moved = calloc(n, sizeof(double))};

		run_rows(network, r, 1, 1, &one);
		alone.loss_sum += one.loss_sum;
		alone.loss_count += one.loss_count;
		alone.metric += one.metric;
		metric_count += network->run.totals->states[1];
		for (size_t i = 0; i < n; i++)
			alone.moved[i] += one.moved[i];
		free(one.moved);
	}
	CHECK(metric_count > 0, "%s: the metric counts", name);
	for (int threads = 1; threads <= 3; threads++)
	{
		Outcome all = {.moved = calloc(n, sizeof(double))};
		double worst = 0;

		run_rows(network, 0, ROWS, threads, &all);
		CHECK(fabs(all.loss_sum - alone.loss_sum) <= TIGHT * ROWS &&
				  all.loss_count == alone.loss_count &&
				  fabs(all.metric - alone.metric) <= TIGHT * ROWS * 10,
			  "%s, %d threads: loss and metric of padded rows are those of each alone", name,
			  threads);
		for (size_t i = 0; i < n; i++)
			worst = fmax(worst, fabs(all.moved[i] - alone.moved[i]));
		if (!CHECK(worst <= 100 * TIGHT, "%s, %d threads: so are gradients", name, threads))
			printf("# off by %g\n", worst);
		free(all.moved);
	}
	free(alone.moved);
}

#define STEPS                                         \
	{                                                 \
		"input", NULL, NULL, "{\"shape\": [null, 3]}" \
	}
#define IDS                                        \
	{                                              \
		"input", NULL, NULL, "{\"shape\": [null]}" \
	}
#define OUT                                   \
	{                                         \
		"dense", NULL, NULL, "{\"units\": 2}" \
	}
#define RUN_LOSS(loss, name, ...)                                                           \
	do                                                                                      \
	{                                                                                       \
		static const NetworkLayer layers[] = {__VA_ARGS__};                                 \
		together_and_alone(name, layers, (int) (sizeof(layers) / sizeof(layers[0])), loss); \
	} while (0)
#define RUN(name, ...) RUN_LOSS("mean_squared_error", name, __VA_ARGS__)

static void
networks(void)
{
	RUN("lstm", STEPS, {"lstm", NULL, NULL, "{\"units\": 4}"}, OUT);
	RUN("gru, stacked", STEPS, {"gru", NULL, NULL, "{\"units\": 4, \"return_sequences\": true}"},
		{"gru", NULL, NULL, "{\"units\": 3, \"reset_after\": false}"}, OUT);
	RUN("simple_rnn, backwards and stacked", STEPS,
		{"simple_rnn", NULL, NULL,
		 "{\"units\": 4, \"go_backwards\": true, \"return_sequences\": true}"},
		{"lstm", NULL, NULL, "{\"units\": 3}"}, OUT);
	RUN("backwards, an output a step", STEPS,
		{"lstm", NULL, NULL, "{\"units\": 4, \"go_backwards\": true, \"return_sequences\": true}"},
		OUT);
	RUN("an output a step", STEPS,
		{"lstm", NULL, NULL, "{\"units\": 4, \"return_sequences\": true}"},
		{"time_distributed", NULL, NULL, "{\"layer\": {\"kind\": \"dense\", \"units\": 2}}"});
	RUN("bidirectional", STEPS,
		{"bidirectional", NULL, NULL,
		 "{\"layer\": {\"kind\": \"lstm\", \"units\": 3, "
		 "\"return_sequences\": true}, \"merge_mode\": \"sum\"}"},
		{"bidirectional", NULL, NULL, "{\"layer\": {\"kind\": \"gru\", \"units\": 3}}"}, OUT);
	RUN("masking", STEPS, {"masking", NULL, NULL, "{}"}, {"layer_normalization", NULL, NULL, "{}"},
		{"gru", NULL, NULL, "{\"units\": 3}"}, OUT);
	RUN("embedding", IDS, {"embedding", NULL, NULL, "{\"input_dim\": 6, \"output_dim\": 3}"},
		{"lstm", NULL, NULL, "{\"units\": 4}"}, OUT);
	RUN("embedding with mask_zero", IDS,
		{"embedding", NULL, NULL, "{\"input_dim\": 6, \"output_dim\": 3, \"mask_zero\": true}"},
		{"bidirectional", NULL, NULL,
		 "{\"layer\": {\"kind\": \"gru\", \"units\": 3}, \"merge_mode\": \"ave\"}"},
		OUT);
	RUN("convolution", STEPS,
		{"conv1d", NULL, NULL, "{\"filters\": 4, \"kernel_size\": 3, \"padding\": \"same\"}"},
		{"lstm", NULL, NULL, "{\"units\": 3}"}, OUT);
	RUN("convolution past hidden steps", IDS,
		{"embedding", NULL, NULL, "{\"input_dim\": 6, \"output_dim\": 3, \"mask_zero\": true}"},
		{"conv1d", NULL, NULL, "{\"filters\": 4, \"kernel_size\": 2, \"padding\": \"same\"}"},
		{"global_average_pooling1d", NULL, NULL, "{}"}, OUT);
	RUN("an embedding of hidden ids", IDS,
		{"embedding", NULL, NULL, "{\"input_dim\": 6, \"output_dim\": 1, \"mask_zero\": true}"},
		{"embedding", NULL, NULL, "{\"input_dim\": 6, \"output_dim\": 2}"},
		{"permute", NULL, NULL, "{\"dims\": [1, 3, 2]}"},
		{"time_distributed", NULL, NULL, "{\"layer\": {\"kind\": \"flatten\"}}"},
		{"gru", NULL, NULL, "{\"units\": 3}"}, OUT);
	RUN("mean over steps", STEPS, {"dense", NULL, NULL, "{\"units\": 4, \"activation\": \"tanh\"}"},
		{"global_average_pooling1d", NULL, NULL, "{}"}, OUT);
}

/* The output has other steps than the input. */
static void
other_steps(void)
{
	lengths = from_five;
	RUN("strided convolution", STEPS,
		{"conv1d", NULL, NULL, "{\"filters\": 2, \"kernel_size\": 3, \"strides\": 2}"});
	RUN("strided convolution, padded", STEPS,
		{"conv1d", NULL, NULL,
		 "{\"filters\": 4, \"kernel_size\": 4, \"strides\": 3, \"padding\": \"same\"}"},
		OUT);
	RUN("dilated convolution", STEPS,
		{"conv1d", NULL, NULL,
		 "{\"filters\": 2, \"kernel_size\": 3, \"dilation_rate\": 2, \"activation\": \"gelu\"}"});
	RUN("pooled", STEPS, {"dense", NULL, NULL, "{\"units\": 3}"},
		{"max_pooling1d", NULL, NULL, "{\"pool_size\": 3, \"strides\": 2}"}, OUT,
		{"average_pooling1d", NULL, NULL, "{\"pool_size\": 2, \"padding\": \"same\"}"});
	RUN("transposed", STEPS,
		{"conv1d_transpose", NULL, NULL,
		 "{\"filters\": 2, \"kernel_size\": 3, \"strides\": 2, \"activation\": \"tanh\"}"});
	RUN("transposed, padded", STEPS,
		{"conv1d_transpose", NULL, NULL,
		 "{\"filters\": 2, \"kernel_size\": 3, \"strides\": 4, \"padding\": \"same\"}"});
	RUN("transposed, longer", STEPS,
		{"conv1d_transpose", NULL, NULL,
		 "{\"filters\": 2, \"kernel_size\": 2, \"strides\": 3, \"output_padding\": 2, "
		 "\"dilation_rate\": 1}"});
	RUN("down and up again", STEPS,
		{"conv1d", NULL, NULL, "{\"filters\": 3, \"kernel_size\": 2, \"strides\": 2}"},
		{"bidirectional", NULL, NULL,
		 "{\"layer\": {\"kind\": \"gru\", \"units\": 2, \"return_sequences\": true}}"},
		{"conv1d_transpose", NULL, NULL, "{\"filters\": 2, \"kernel_size\": 2, \"strides\": 3}"});
	RUN("branches", STEPS,
		{"conv1d", "a", NULL,
		 "{\"filters\": 2, \"kernel_size\": 3, \"strides\": 2, \"padding\": \"same\"}"},
		{"max_pooling1d", "b", "input", "{\"pool_size\": 2, \"padding\": \"same\"}"},
		{"dense", "c", "b", "{\"units\": 2}"},
		{"average_pooling1d", "d", "a", "{\"pool_size\": 1}"}, {"add", "e", "d c", "{}"},
		{"concatenate", NULL, "e b", "{}"}, OUT);
	RUN("one step beside them", STEPS,
		{"conv1d", "a", NULL, "{\"filters\": 2, \"kernel_size\": 3, \"strides\": 2}"},
		{"global_average_pooling1d", "b", "a", "{\"keepdims\": true}"},
		{"multiply", NULL, "b a", "{}"});
	RUN("as many for any", STEPS, {"conv1d", NULL, NULL, "{\"filters\": 3, \"kernel_size\": 4}"},
		{"lstm", NULL, NULL, "{\"units\": 3}"}, {"repeat_vector", NULL, NULL, "{\"n\": 4}"},
		{"conv1d", NULL, NULL, "{\"filters\": 2, \"kernel_size\": 3}"});
	lengths = from_one;
	RUN("several rows a step", {"input", NULL, NULL, "{\"shape\": [null, 2, 3]}"}, OUT);
	RUN("reshaped", STEPS, {"dense", NULL, NULL, "{\"units\": 4}"},
		{"reshape", NULL, NULL, "{\"target_shape\": [-1, 2, 2]}"}, OUT);
	RUN("reshaped on the way", STEPS, {"reshape", NULL, NULL, "{\"target_shape\": [-1, 3]}"},
		{"bidirectional", NULL, NULL, "{\"layer\": {\"kind\": \"lstm\", \"units\": 3}}"}, OUT);
	RUN("several rows a step of hidden ids", IDS,
		{"embedding", NULL, NULL, "{\"input_dim\": 6, \"output_dim\": 3, \"mask_zero\": true}"},
		{"time_distributed", NULL, NULL, "{\"layer\": {\"kind\": \"repeat_vector\", \"n\": 2}}"},
		OUT);
}

/* Targets are of a row, whatever its steps. */
static void
sequences(void)
{
	lengths = from_one;
	RUN_LOSS("ctc", "sequences", STEPS,
			 {"gru", NULL, NULL, "{\"units\": 4, \"return_sequences\": true}"},
			 {"dense", NULL, NULL, "{\"units\": 4}"});
	RUN_LOSS(
		"ctc", "sequences of other steps", STEPS,
		{"conv1d_transpose", NULL, NULL, "{\"filters\": 3, \"kernel_size\": 2, \"strides\": 2}"});
	lengths = from_five;
	RUN_LOSS("ctc", "sequences of fewer steps", STEPS,
			 {"conv1d", NULL, NULL, "{\"filters\": 3, \"kernel_size\": 3, \"strides\": 2}"});
}

/* What a layer cannot take is refused, of inputs of variable steps also what would be repeated. */
static void
refused_steps(void)
{
	static const NetworkLayer layers[] = {
		STEPS,
		{"conv1d", "a", NULL, "{\"filters\": 3, \"kernel_size\": 3}"},
		{"conv1d", "b", "input", "{\"filters\": 3, \"kernel_size\": 2, \"strides\": 2}"},
		{"add", NULL, "a b", "{}"},
	};
	Network *network = network_make(layers, 4, "mean_squared_error", NULL, "{\"kind\":\"sgd\"}");
	NNModel *shapes = malloc(nn_model_bytes(network->model->max_layers));
	NNError error = {0};
	int output[NN_MAX_OUTPUTS];

	nn_model_copy(shapes, network->model);
	CHECK(!nn_model_output_steps(shapes, &(NNSteps){{2}}, output, &error) &&
			  strstr(error.message, "layer \"a\"") != NULL,
		  "too few steps: %s", error.message);
	CHECK(nn_model_output_steps(shapes, &(NNSteps){{3}}, output, &error) && output[0] == 1,
		  "as many in both branches");
	CHECK(nn_model_output_steps(shapes, &(NNSteps){{4}}, output, &error) && output[0] == 2,
		  "also of two steps");
	CHECK(!nn_model_output_steps(shapes, &(NNSteps){{5}}, output, &error) &&
			  strstr(error.message, "(3, 3) and (2, 3)") != NULL,
		  "steps that differ: %s", error.message);
	CHECK(nn_model_output_steps(shapes, &(NNSteps){{4}}, output, &error) && output[0] == 2,
		  "a refusal leaves no trace");
	CHECK(network->model->steps.of[0] == 0 && network->model->layers[0].out.dim[0] == NN_ANY,
		  "nor do questions in the model that was copied");
	free(shapes);
}

int
main(void)
{
	(void) nn_blas_load(NULL);
	(void) nn_pool_grow(3);
	networks();
	other_steps();
	sequences();
	refused_steps();
	nn_pool_end();
	return unit_done();
}
