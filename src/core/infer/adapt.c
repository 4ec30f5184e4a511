/*
 * adapt.c
 *	  Learning from rows before training: forward passes as far as the layers that
 *	  learn, on one thread, chunk after chunk.
 *
 * A chunk in which the work was interrupted is not done; layers that have learned
 * from it by then are ahead, and are not shown it again.
 */
#include "core/graph/part.h"

size_t
nn_adapt_bytes(const NNModel *model, int layer)
{
	const NNKind *kind = model->layers[layer].kind;

	return kind->adapt_size == NULL ? 0 : kind->adapt_size(&model->layers[layer]) * sizeof(double);
}

void
nn_adapt_begin(const NNModel *model, int layer, double *state)
{
	memset(state, 0, nn_adapt_bytes(model, layer));
}

int
nn_adapt_passes(const NNModel *model, int layer)
{
	const NNKind *kind = model->layers[layer].kind;

	return kind->adapt_passes == NULL ? 1 : kind->adapt_passes(&model->layers[layer]);
}

void
nn_adapt_pass(const NNModel *model, int layer, int pass, double *state)
{
	model->layers[layer].kind->adapt_pass(&model->layers[layer], pass, state);
}

bool
nn_adapts_to_target(const NNModel *model, int layer)
{
	const NNKind *kind = model->layers[layer].kind;

	return kind->adapts_to_target != NULL && kind->adapts_to_target(&model->layers[layer]);
}

/* Which of the model's outputs is this layer's, perhaps under another shape; -1: none. */
static int
output_of(const NNModel *model, int layer)
{
	for (int o = 0; o < model->n_outputs; o++)
	{
		int at = model->outputs[o];

		while (at != layer && (model->layers[at].kind->flags & NN_KIND_VIEW) &&
			   model->layers[at].n_inputs > 0)
			at = model->layers[at].inputs[0];
		if (at == layer)
			return o;
	}
	return -1;
}

bool
nn_adapt_check(const NNModel *model, const NNObjectives *objectives, int layer, NNError *error)
{
	char what[NN_MAX_NAME + 16];
	int output = output_of(model, layer);

	if (!nn_adapts_to_target(model, layer) ||
		(output >= 0 && objectives->of[output].target == NN_TARGET_REALS))
		return true;
	nn_error(error, NN_BAD_VALUE,
			 output >= 0 ? "%s: cannot learn the mean and variance of classes"
						 : "%s: cannot learn from y, since other layers come after it",
			 nn_layer_what(&model->layers[layer], what, sizeof(what)));
	return nn_hint(error,
				   output >= 0
					   ? "Give it mean and variance, or compile the model with a loss of numbers."
					   : "With invert it brings the last layer's output to the scale of y: "
						 "put it at the end, or give it mean and variance.");
}

typedef struct AdaptJob
{
	NNRun *run;
	NNAdapting *layers;
	int n_layers;
	const bool *needed; /* NULL: all */
	const void *const *records;
	size_t n;
	size_t done;
} AdaptJob;

/*
 * What the layer learns from is the chunk's targets: put them where its output
 * would be, and their steps where its padding would.
 */
static void
adapt_to_targets(const AdaptJob *job, int layer, const NNPart *part, const NNChunk *chunk,
				 NNPass *pass)
{
	const NNPlan *plan = job->run->plan;
	const NNPlanLayer *at = &plan->layers[layer];
	const int output = output_of(job->run->model, layer);
	nn_real *to = chunk->base + at->y;
	uint8_t *padding;

	nn_floats_to_reals(to, nn_chunk_targets(part, chunk, output),
					   plan->outputs[output].target_reals * (size_t) chunk->count);
	pass->x = to;
	if (at->padding == NN_NOWHERE)
		return;
	padding = nn_chunk_padding(part, chunk, layer);
	pass->mask = padding;
	for (int i = 0; i < chunk->count; i++)
	{
		uint8_t *mask = padding + (size_t) i * at->mask_steps;
		NNRecordHead head;
		size_t steps;

		nn_record_get_head(job->run->format, job->records[job->done + (size_t) i], &head);
		steps = (size_t) head.target_steps[output];
		memset(mask, 1, steps);
		memset(mask + steps, 0, at->mask_steps - steps);
	}
}

/* One layer learns from a chunk whose rows have come to it. */
static void
adapt_layer(const AdaptJob *job, NNAdapting *adapting, const NNPart *part, const NNChunk *chunk)
{
	const NNRun *run = job->run;
	const NNLayer *layer = &run->model->layers[adapting->layer];
	NNPass pass = {.batch = chunk->count, .steps = run->plan->request.steps.of[0]};

	if (nn_adapts_to_target(run->model, adapting->layer))
		adapt_to_targets(job, adapting->layer, part, chunk, &pass);
	else
	{
		pass.x = chunk->base + run->plan->layers[layer->inputs[0]].y;
		pass.mask = nn_chunk_mask(part, chunk, layer->inputs[0]);
	}
	pass.params = run->params + layer->param_offset;
	if (adapting->once)
		layer->kind->learning->rows(layer, &pass, adapting->state);
	else
		layer->kind->adapt_rows(layer, &pass, adapting->state);
	adapting->ahead = true;
}

static void
forward(const AdaptJob *job, const NNPart *part, int from, int to)
{
	if (job->needed == NULL)
		nn_part_forward_some(part, from, to);
	else
		for (int i = from; i < to; i++)
			if (job->needed[i])
				nn_part_forward_some(part, i, i + 1);
}

/* Learn from one chunk of records; false if interrupted: some layers may have learned from it. */
static bool
adapt_chunk(const AdaptJob *job, int count)
{
	NNPart part;
	NNChunk chunk = nn_part_alone(&part, job->run, 0, count);
	int at = 0;

	nn_chunk_load(&part, &chunk, job->records + job->done);
	for (int i = 0; i < job->n_layers; i++)
	{
		int layer = job->layers[i].layer;

		forward(job, &part, at, layer);
		if (nn_pool_stopping())
			return false;
		at = layer;
		if (!job->layers[i].ahead)
			adapt_layer(job, &job->layers[i], &part, &chunk);
	}
	for (int i = 0; i < job->n_layers; i++)
		job->layers[i].ahead = false;
	return true;
}

static void
adapt_job(void *arg, int thread)
{
	AdaptJob *job = arg;
	size_t most = (size_t) job->run->plan->chunk;

	(void) thread;
	while (job->done < job->n)
	{
		size_t count = job->n - job->done < most ? job->n - job->done : most;

		if (!adapt_chunk(job, (int) count))
			return;
		job->done += count;
	}
}

NNRunResult
nn_adapt_records(NNRun *run, NNAdapting *layers, int n, const bool *needed,
				 const void *const *records, size_t n_records, size_t *done)
{
	AdaptJob job = {
		.run = run,
		.layers = layers,
		.n_layers = n,
		.needed = needed,
		.records = records,
		.n = n_records,
	};

	nn_plan_begin(run->plan);
	nn_pool_run(1, adapt_job, &job);
	*done = job.done;
	if (nn_plan_refused(run->plan))
		return NN_RUN_REFUSED;
	return job.done < n_records ? NN_RUN_INTERRUPTED : NN_RUN_DONE;
}

void
nn_adapt_end(const NNModel *model, int layer, double *state, nn_real *params)
{
	const NNLayer *adapted = &model->layers[layer];

	adapted->kind->adapt_end(adapted, state, params + adapted->param_offset);
}

int
nn_adapt_features(const NNModel *model, int layer)
{
	return nn_shape_last(&model->layers[layer].in[0]);
}

bool
nn_adapt_constant(const NNModel *model, int layer, const nn_real *params, int feature)
{
	const NNLayer *adapted = &model->layers[layer];

	return adapted->kind->adapt_constant != NULL &&
		adapted->kind->adapt_constant(adapted, params + adapted->param_offset, feature);
}

int
nn_adapt_on_input(const NNModel *model, int layer)
{
	const unsigned keeps = NN_KIND_VIEW | NN_KIND_TRAINING_ONLY | NN_KIND_ELEMENTWISE;
	const NNLayer *adapted = &model->layers[layer];
	int from = adapted->inputs[0];

	while (model->layers[from].n_inputs > 0 && (model->layers[from].kind->flags & keeps) &&
		   nn_shape_size(&model->layers[from].in[0]) == nn_shape_size(&model->layers[from].out))
		from = model->layers[from].inputs[0];
	for (int i = 0; i < model->n_inputs; i++)
		if (model->inputs[i] == from &&
			(adapted->in[0].rank == 1 ||
			 nn_shape_last(&adapted->in[0]) == nn_shape_last(&model->layers[from].out)))
			return i;
	return -1;
}
