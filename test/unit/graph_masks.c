/*
 * graph_masks.c
 *	  What a layer of two inputs is told of each: its mask and its padding, for
 *	  inputs of steps of their own, one of which a layer hides steps of.
 *
 * The kind that looks is this program's own, and its registry stands in for the
 * real one.
 */
#include "core/graph/model.h"
#include "core/layers/kinds.h"
#include "test/unit/network.h"
#include "test/unit/unit.h"

#include <stdlib.h>

#define SAMPLES 7
#define MOST_STEPS 5
#define HIDDEN_STEP 1 /* of the masked input, if a sample has it */

/* Steps of each input, by sample. */
static const int steps_of[2][SAMPLES] = {{5, 1, 3, 2, 5, 4, 1}, {1, 4, 4, 2, 3, 1, 2}};
static const int most_steps[2] = {5, 4};

/* What the layer saw, sample after sample. */
typedef struct Seen
{
	bool mask, padding; /* it was given one */
	int steps;
	uint8_t masks[SAMPLES][MOST_STEPS];
	uint8_t paddings[SAMPLES][MOST_STEPS];
} Seen;

static Seen seen[2];
static int samples;
static bool same_first; /* mask and padding are masks[0] and paddings[0] */

static bool
look_shape(NNLayer *layer, NNError *error)
{
	(void) error;
	layer->out = nn_shape1(1);
	layer->steps_from = NN_MASK_NONE;
	layer->mask_from = NN_MASK_NONE;
	return true;
}

static void
look_forward(const NNLayer *layer, const NNPass *pass)
{
	for (int k = 0; k < layer->n_inputs; k++)
	{
		const int steps = layer->in[k].dim[0];

		seen[k].steps = steps;
		seen[k].mask = pass->masks[k] != NULL;
		seen[k].padding = pass->paddings[k] != NULL;
		for (int b = 0; b < pass->batch && steps <= MOST_STEPS; b++)
			for (int s = 0; s < steps; s++)
			{
				const int at = b * steps + s;

				seen[k].masks[samples + b][s] = seen[k].mask ? pass->masks[k][at] : 9;
				seen[k].paddings[samples + b][s] = seen[k].padding ? pass->paddings[k][at] : 9;
			}
	}
	same_first &= pass->mask == pass->masks[0] && pass->padding == pass->paddings[0];
	samples += pass->batch;
	nn_zero(pass->y, (size_t) pass->batch);
}

static void
look_backward(const NNLayer *layer, const NNPass *pass)
{
	(void) layer;
	(void) pass;
}

static const NNField no_fields[] = {NN_FIELD_END};

static const NNKind look = {
	.name = "look",
	.flags = NN_KIND_MASKED,
	.min_inputs = 2,
	.max_inputs = 2,
	.fields = no_fields,
	.shape = look_shape,
	.forward = look_forward,
	.backward = look_backward,
};

static const NNKind *const kinds[] = {&nn_input, &nn_masking, &nn_rescaling, &nn_flatten, &look};

const NNKind *
nn_kind_find(const char *name)
{
	for (int i = 0; i < NN_ARRAY_LENGTH(kinds); i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}

const char *
nn_kind_name(int i)
{
	return i >= 0 && i < NN_ARRAY_LENGTH(kinds) ? kinds[i]->name : NULL;
}

/* A record of sample r: ones, but for zeros where the masked input hides a step. */
static void *
make_record(const NNRecordFormat *format, int r, int masked)
{
	NNRecordHead head = {.steps = {{steps_of[0][r], steps_of[1][r]}}};
	char *record;

	if (format->n_sequences == 1)
		head.steps.of[1] = 0;
	record = calloc(1, nn_record_bytes(format, &head));
	nn_record_put_head(format, &head, record);
	for (int k = 0; k < 2; k++)
	{
		float *x = (float *) (record + nn_record_x_at(format, &head, k));

		for (size_t i = 0; i < nn_record_x_count(format, &head, k); i++)
			x[i] = k == masked && i / 2 == HIDDEN_STEP ? 0 : 1;
	}
	return record;
}

/* Show the samples to the layer in chunks; an input of the model is masked, or none (-1). */
static void
run(const NetworkLayer *layers, int n_layers, int chunk, int masked)
{
	Network *network =
		network_make(layers, n_layers, "mean_squared_error", NULL, "{\"kind\": \"sgd\"}");
	NNPlanRequest request = {
		.batch = SAMPLES,
		.threads = 1,
		.chunk = chunk,
		.steps = {{most_steps[0], most_steps[1]}},
		.objectives = &network->objectives,
		.format = network->format,
	};
	NNError error = {0};
	void *records[SAMPLES];
	size_t bytes, done = 0;

	if (network->model->n_sequences == 1)
		request.steps.of[1] = 0;
	memset(seen, 0, sizeof(seen));
	samples = 0;
	same_first = true;
	for (int r = 0; r < SAMPLES; r++)
		records[r] = make_record(network->format, r, masked);
	network->run.plan = calloc(1, nn_plan_bytes(network->model));
	CHECK(nn_plan_make(network->run.plan, network->model, &request, &error), "plan: %s",
		  error.message);
	bytes = (nn_plan_workspace(network->run.plan) + NN_ALIGN) & ~(size_t) (NN_ALIGN - 1);
	network->run.workspace = aligned_alloc(NN_ALIGN, bytes);
	memset(network->run.workspace, 0x5a, bytes);
	CHECK(nn_evaluate_records(&network->run, (const void *const *) records, SAMPLES, &done) ==
				  NN_RUN_DONE &&
			  done == SAMPLES && samples == SAMPLES,
		  "all samples were seen: %d", samples);
	CHECK(same_first, "mask and padding are those of the first input");
	for (int r = 0; r < SAMPLES; r++)
		free(records[r]);
}

/* Input k of the layer is input `from` of the model. */
static void
check(int k, int from, bool hides)
{
	CHECK(seen[k].mask && seen[k].padding && seen[k].steps == most_steps[from],
		  "input %d: mask, padding and %d steps", k, seen[k].steps);
	for (int r = 0; r < SAMPLES; r++)
		for (int s = 0; s < most_steps[from]; s++)
		{
			const bool there = s < steps_of[from][r];
			const bool shown = there && !(hides && s == HIDDEN_STEP);

			CHECK(seen[k].paddings[r][s] == there && seen[k].masks[r][s] == shown,
				  "input %d, sample %d, step %d of %d: padding %d, mask %d", k, r, s,
				  steps_of[from][r], seen[k].paddings[r][s], seen[k].masks[r][s]);
		}
}

int
main(void)
{
	static const NetworkLayer first[] = {
		{"input", "a", NULL, "{\"shape\": [null, 2]}"},
		{"masking", "m", "a", "{}"},
		{"input", "b", NULL, "{\"shape\": [null, 2]}"},
		{"look", "l", "m b", "{}"},
	};
	static const NetworkLayer second[] = {
		{"input", "a", NULL, "{\"shape\": [null, 2]}"},
		{"input", "b", NULL, "{\"shape\": [null, 2]}"},
		{"rescaling", "r", "a", "{\"scale\": 2}"},
		{"masking", "m", "b", "{}"},
		{"look", "l", "m r", "{}"},
	};
	static const NetworkLayer fixed[] = {
		{"input", "a", NULL, "{\"shape\": [null, 2]}"},
		{"input", "b", NULL, "{\"shape\": [4, 2]}"},
		{"look", "l", "b a", "{}"},
	};

	for (int chunk = 1; chunk <= SAMPLES; chunk += 3)
	{
		run(first, NN_ARRAY_LENGTH(first), chunk, 0);
		check(0, 0, true);
		check(1, 1, false);
		run(second, NN_ARRAY_LENGTH(second), chunk, 1);
		check(0, 1, true);
		check(1, 0, false);
		run(fixed, NN_ARRAY_LENGTH(fixed), chunk, -1);
		check(1, 0, false);
		CHECK(!seen[0].mask && !seen[0].padding && seen[0].steps == 4,
			  "an input of fixed steps has neither");
	}
	return unit_done();
}
