/*
 * plan.c
 *	  Decide once where every array of a run lies, how many threads work and
 *	  how many samples they take at a time.
 *
 * All sizes are products of what a user wrote: each is checked for overflow
 * and against a limit before anybody allocates.
 */
#include "core/graph/plan.h"
#include "core/losses/loss.h"
#include "core/optimizers/optimizer.h"

/* What a chunk's arrays should take, to stay near the cores: bytes. */
#define CHUNK_BYTES_WANTED ((size_t) 4 << 20)
#define CHUNK_LEAST 16 /* below this products get slow; memory allowing */
#define CHUNK_MOST 256
#define CHUNK_MOST_FORWARD 384 /* without a backward pass: weights are read less often */
#define CHUNK_MOST_PACKED 96   /* and if they are packed and stay in the cache: eight tiles */
#define CACHED_WEIGHTS ((size_t) 4 << 20)		 /* reals */
#define CHUNK_BYTES_ALLOWED ((size_t) 256 << 20) /* from here even one at a time */

/*
 * Work (multiply-adds of a step) below which another thread costs more than it brings.
 * In training threads also meet twice a step, and each parameter that one updates is
 * fetched by the others from its cache: measured on two cores, 14 us and 0.6 ns, which
 * are as much as so many multiply-adds.  More than a core's cache has room for are fetched
 * from memory either way; of a table of ids few are.
 */
#define THREAD_WORK 300000.0
#define THREAD_MEETING 500000.0
#define THREAD_PARAM 25.0
#define CORES_PARAMS ((size_t) 1 << 18)

#define SAMPLES_MORE 16 /* so many that aligning each array does not count */

#define WORKSPACE_MOST ((size_t) 1 << 40)

/* Infer all shapes for that many steps of the inputs. */
static bool
infer_shapes(NNModel *model, const NNSteps *steps, NNError *error)
{
	/* refused half way, shapes are of no number of steps: the next call makes all anew */
	memset(&model->steps, 0xFF, sizeof(model->steps));
	for (int s = 0; s < model->n_sequences; s++)
		model->layers[model->inputs[model->sequences[s]]].out.dim[0] = steps->of[s];
	for (int i = 0; i < model->n_layers; i++)
	{
		NNLayer *layer = &model->layers[i];
		/* param_size itself may be left from a refusal */
		size_t end = i + 1 < model->n_layers ? model->layers[i + 1].param_offset : model->n_params;

		if (layer->n_inputs == 0)
			continue;
		if (!nn_layer_infer(model, layer, error))
			return false;
		if (layer->param_size != end - layer->param_offset)
		{
			char what[2 * NN_MAX_NAME];

			return nn_error(error, NN_BAD_SHAPE,
							"%s has parameters that depend on the number of steps",
							nn_layer_what(layer, what, sizeof(what)));
		}
	}
	model->steps = *steps;
	return true;
}

/* Make the model's shapes those of this many steps (nothing to do if it is fixed). */
static bool
reshape_model(NNModel *model, const NNSteps *steps, NNError *error)
{
	if (!model->variable || nn_steps_equal(&model->steps, steps))
		return true;
	nn_pool_abandon(); /* what was begun reads the shapes */
	return infer_shapes(model, steps, error);
}

bool
nn_model_output_steps(NNModel *model, const NNSteps *steps, int output_steps[NN_MAX_OUTPUTS],
					  NNError *error)
{
	memset(output_steps, 0, NN_MAX_OUTPUTS * sizeof(int));
	if (!infer_shapes(model, steps, error))
		return false;
	for (int o = 0; o < model->n_outputs; o++)
		if (model->variable_output[o])
			output_steps[o] = nn_model_output(model, o)->out.dim[0];
	return true;
}

size_t
nn_plan_bytes(const NNModel *model)
{
	return sizeof(NNPlan) + (size_t) model->n_layers * sizeof(NNPlanLayer) +
		(size_t) model->n_layers * NN_MAX_PARAMS * sizeof(NNSegment);
}

int
nn_plan_threads(const NNPlan *plan)
{
	return plan->threads;
}

size_t
nn_plan_gradients(const NNPlan *plan)
{
	return plan->first_reals + (size_t) (plan->threads - 1) * plan->own_reals;
}

size_t
nn_plan_workspace(const NNPlan *plan)
{
	return (size_t) plan->threads *
		(plan->thread_reals * sizeof(nn_real) + plan->partial_doubles * sizeof(double)) +
		plan->shared_reals * sizeof(nn_real);
}

static bool
layer_learns(const NNPlanRequest *request, const NNLayer *layer)
{
	if (!request->training || request->frozen || !layer->trainable)
		return false;
	for (int i = 0; i < layer->n_params; i++)
		if (layer->params[i].trainable)
			return true;
	return false;
}

/* A layer that passes its input on as it is. */
static bool
is_view(const NNPlanRequest *request, const NNLayer *layer)
{
	if (layer->kind->flags & NN_KIND_VIEW)
		return true;
	return (layer->kind->flags & NN_KIND_TRAINING_ONLY) && !request->training;
}

/* Which layers need the gradient of their output. */
static void
mark_gradients(NNPlan *plan, const NNModel *model)
{
	for (int i = 0; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		NNPlanLayer *at = &plan->layers[i];
		bool wanted;

		at->grads = layer_learns(&plan->request, layer);
		wanted = at->grads;
		for (int k = 0; k < layer->n_inputs; k++)
			wanted = wanted || plan->layers[layer->inputs[k]].dy != NN_NOWHERE;
		if (plan->request.places != NULL && plan->request.places[i] != NN_AFTER_ROOTS)
			wanted = plan->request.places[i] == NN_ROOT;
		at->dy = (wanted && nn_plan_differentiates(plan)) ? 0 : NN_NOWHERE;
	}
}

/*
 * Which layers no loss depends on, where some outputs have none: they have no gradient, unlike one
 * that is zero, and as in Keras their weights do not decay.
 */
static void
mark_idle(NNPlan *plan, const NNModel *model)
{
	const NNObjectives *objectives = plan->request.objectives;
	bool some = false;

	for (int o = 0; objectives != NULL && o < model->n_outputs; o++)
		some = some || objectives->of[o].target == NN_TARGET_NONE;
	for (int i = 0; i < model->n_layers; i++)
		plan->layers[i].idle = some;
	if (!some)
		return;
	for (int o = 0; o < model->n_outputs; o++)
		if (objectives->of[o].target != NN_TARGET_NONE)
			plan->layers[model->outputs[o]].idle = false;
	for (int i = model->n_layers - 1; i >= 0; i--)
		for (int k = 0; k < model->layers[i].n_inputs && !plan->layers[i].idle; k++)
			plan->layers[model->layers[i].inputs[k]].idle = false;
}

/*
 * Gradients flow from the outputs to the inputs.  The first edge to reach
 * an input writes its dy, later ones write apart and are added.  A view whose
 * gradient is the first to arrive shares its dy with its input.
 */
static void
plan_edges(NNPlan *plan, const NNModel *model, size_t *at, size_t count)
{
	/* Here dy == 0 still means "wanted, not placed"; offset 0 is an input's y, never a dy. */
	for (int o = 0; o < model->n_outputs; o++)
	{
		NNPlanLayer *output = &plan->layers[model->outputs[o]];

		if (output->dy != NN_NOWHERE)
			output->dy = nn_plan_take(at, output->reals, count);
	}
	for (int i = model->n_layers - 1; i > 0; i--)
	{
		const NNLayer *layer = &model->layers[i];
		NNPlanLayer *here = &plan->layers[i];

		for (int k = 0; k < layer->n_inputs; k++)
		{
			NNPlanLayer *input = &plan->layers[layer->inputs[k]];
			NNEdge *edge = &here->edges[k];

			edge->dx = NN_NOWHERE;
			edge->add = false;
			if (input->dy == NN_NOWHERE || here->dy == NN_NOWHERE)
				continue;
			if (plan->request.places != NULL && plan->request.places[i] != NN_AFTER_ROOTS)
				continue;
			if (input->dy == 0)
			{
				input->dy = here->run ? nn_plan_take(at, input->reals, count) : here->dy;
				edge->dx = input->dy;
			}
			else
			{
				edge->dx = here->run ? nn_plan_take(at, input->reals, count) : here->dy;
				edge->add = true;
			}
		}
	}
}

/* What the losses of chunks of count samples look at. */
static void
plan_outputs(NNPlan *plan, const NNModel *model, size_t *at, size_t count)
{
	const NNRecordFormat *format = plan->request.format;

	for (int o = 0; o < model->n_outputs; o++)
	{
		NNPlanOutput *output = &plan->outputs[o];

		output->targets = nn_plan_take(at, output->target_reals, count);
		output->weights = NN_NOWHERE;
		if (format != NULL && o < format->n_outputs && format->outputs[o].weights > 0)
			output->weights = nn_plan_take(at, output->rows, count);
	}
}

/* Lay out chunks of count samples. */
static void
plan_chunk(NNPlan *plan, const NNModel *model, size_t count)
{
	size_t at = 0;
	size_t mask_bytes = 0;
	size_t scratch = 0;

	mark_gradients(plan, model);
	mark_idle(plan, model);
	plan->partial_doubles = 0;
	for (int i = 0; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		NNPlanLayer *here = &plan->layers[i];
		size_t needs = NN_ALIGN_REALS(layer->scratch_fixed) + layer->scratch_size * count;

		here->run = layer->n_inputs > 0 && !is_view(&plan->request, layer);
		here->reals = nn_shape_size(&layer->out);
		here->y = (layer->n_inputs == 0 || here->run) ? nn_plan_take(&at, here->reals, count)
													  : plan->layers[layer->inputs[0]].y;
		here->saved = nn_plan_take(&at, here->run ? layer->saved_size : 0, count);
		here->coupled = plan->request.training && here->run && layer->kind->forward_reduce != NULL;
		here->partial = plan->partial_doubles;
		plan->partial_doubles += NN_ALIGN_REALS(layer->partial_size);
		if (needs > scratch)
			scratch = needs;
		nn_plan_mask(plan, model, i, &mask_bytes, count);
	}
	nn_plan_row_masks(plan, model, &mask_bytes, count);
	plan_edges(plan, model, &at, count);
	for (int o = 0; o < model->n_outputs && plan->request.objectives != NULL; o++)
	{
		size_t copy = plan->layers[model->outputs[o]].reals * count;
		size_t room = nn_loss_room(&plan->request.objectives->of[o].loss, plan->outputs[o].rows);

		if (nn_model_output(model, o)->copied && copy > scratch)
			scratch = copy;
		if (room > scratch)
			scratch = room;
	}
	plan_outputs(plan, model, &at, count);
	plan->masks = nn_plan_take(&at, mask_bytes / sizeof(nn_real) + 1, 1);
	plan->chunk_reals = at;
	plan->scratch_reals = NN_ALIGN_REALS(scratch);
}

/* Doubles of all threads' chunks must not run into another machine word. */
static bool
check_sizes(const NNPlan *plan, const NNModel *model, NNError *error)
{
	double bytes =
		((double) plan->chunk_reals * plan->kept + plan->scratch_reals + plan->each_reals) *
			plan->threads * sizeof(nn_real) +
		(double) plan->shared_reals * sizeof(nn_real);

	if (bytes > (double) WORKSPACE_MOST)
	{
		nn_error(error, NN_TOO_LARGE,
				 "a batch of %d samples of this model of %d layers needs %.0f MB of buffers",
				 plan->request.batch, model->n_layers, bytes / 1048576.0);
		return nn_hint(error, "Use a smaller batch_size, fewer steps, or smaller layers.");
	}
	return true;
}

/* What a step of several threads costs more than one of one, in multiply-adds. */
static double
cost_of_sharing(const NNPlanRequest *request, const NNModel *model)
{
	size_t fetched = 0;

	for (int i = 0; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];

		if (!layer_learns(request, layer))
			continue;
		for (int p = 0; p < layer->n_params; p++)
			if (layer->params[p].trainable && !layer->params[p].by_id)
				fetched += layer->params[p].size;
	}
	if (fetched > CORES_PARAMS)
		fetched = CORES_PARAMS;
	return THREAD_MEETING + THREAD_PARAM * (double) fetched;
}

static int
choose_threads(const NNPlanRequest *request, const NNModel *model)
{
	double work = 0;
	int threads = request->threads;

	for (int i = 0; i < model->n_layers; i++)
		work += model->layers[i].flops;
	work *= (double) request->batch * (request->training ? 3 : 1);
	if (!request->force_threads)
	{
		if (work / THREAD_WORK < threads)
			threads = (int) (work / THREAD_WORK);
		/* a second thread saves half the work */
		if (request->training && work / 2 < cost_of_sharing(request, model))
			threads = 1;
	}
	if (threads > request->batch)
		threads = request->batch;
	return threads < 1 ? 1 : threads;
}

static size_t
chunk_most(const NNPlanRequest *request, const NNModel *model)
{
	if (request->training)
		return CHUNK_MOST;
	return request->packed && model->n_packed <= CACHED_WEIGHTS ? CHUNK_MOST_PACKED
																: CHUNK_MOST_FORWARD;
}

/* Samples of a chunk, when a sample's arrays take that many bytes. */
static int
choose_chunk(size_t part, size_t sample_bytes, size_t most)
{
	size_t chunk = CHUNK_BYTES_WANTED / (sample_bytes + 1);
	size_t rounds;

	if (chunk < CHUNK_LEAST)
		chunk = CHUNK_LEAST;
	if (chunk > most)
		chunk = most;
	while (chunk > 1 && chunk * sample_bytes > CHUNK_BYTES_ALLOWED)
		chunk /= 2;
	if (chunk >= part)
		return (int) part;
	/* even chunks: 100 samples as 50 + 50, not 64 + 36 */
	rounds = (part + chunk - 1) / chunk;
	return (int) ((part + rounds - 1) / rounds);
}

/* What one sample more takes: not what is the same for any chunk.  Leaves a plan for one. */
static size_t
bytes_a_sample(NNPlan *plan, const NNModel *model)
{
	size_t more;

	plan_chunk(plan, model, 1 + SAMPLES_MORE);
	more = plan->chunk_reals + plan->scratch_reals;
	plan_chunk(plan, model, 1);
	return (more - plan->chunk_reals - plan->scratch_reals) / SAMPLES_MORE * sizeof(nn_real);
}

/* What is known of ports for the shapes as they are now. */
static void
plan_ports(NNPlan *plan, const NNModel *model)
{
	const NNObjectives *objectives = plan->request.objectives;

	plan->x_reals = nn_model_x_size(model);
	plan->y_reals = nn_model_y_size(model);
	for (int o = 0; o < model->n_outputs; o++)
	{
		const NNShape *out = &nn_model_output(model, o)->out;
		NNPlanOutput *output = &plan->outputs[o];

		output->rows = nn_shape_size(out) / (size_t) nn_shape_last(out);
		if (objectives == NULL)
			continue;
		if (objectives->of[o].target != NN_TARGET_NONE)
			output->target_reals = objectives->of[o].target_count *
				(objectives->of[o].target_variable ? (size_t) out->dim[0] : 1);
		plan->scaled = plan->scaled || objectives->of[o].weight != 1;
	}
	for (int i = 0; i < model->n_layers; i++)
		plan->scaled = plan->scaled || nn_regularized(&model->layers[i].activity);
	plan->scaled =
		plan->request.training && objectives != NULL && (plan->scaled || model->n_outputs > 1);
}

/* Whether the gradient of an output's loss wants to know the whole batch. */
static bool
must_count(const NNPlan *plan, const NNModel *model, int output)
{
	const NNObjective *objective;

	if (!plan->request.training || plan->request.objectives == NULL)
		return false;
	objective = &plan->request.objectives->of[output];
	return nn_loss_states(&objective->loss) > 0 ||
		(plan->scaled &&
		 (nn_plan_hides_rows(plan, model, output) || !nn_objective_counts_rows(objective)));
}

/* Whether all chunks of a batch must be at the same layer. */
static bool
is_coupled(NNPlan *plan, const NNModel *model)
{
	bool coupled = plan->request.whole;

	for (int i = 0; i < model->n_layers; i++)
		coupled = coupled || plan->layers[i].coupled;
	for (int o = 0; o < model->n_outputs; o++)
		plan->counted = plan->counted || must_count(plan, model, o);
	return coupled || plan->counted;
}

bool
nn_plan_make(NNPlan *plan, NNModel *model, const NNPlanRequest *request, NNError *error)
{
	size_t sample_bytes;
	size_t part;
	int chunks;

	memset(plan, 0, sizeof(*plan));
	plan->request = *request;
	if (!reshape_model(model, &request->steps, error))
		return false;
	plan_ports(plan, model);
	plan->threads = choose_threads(request, model);
	part = ((size_t) request->batch + plan->threads - 1) / plan->threads;

	sample_bytes = bytes_a_sample(plan, model);
	plan->coupled = is_coupled(plan, model);
	plan->chunk = request->chunk > 0 ? request->chunk
									 : choose_chunk(part, sample_bytes, chunk_most(request, model));
	chunks = (int) ((part + plan->chunk - 1) / plan->chunk);
	plan->kept = plan->coupled ? chunks : 1;
	plan_chunk(plan, model, (size_t) plan->chunk);
	plan->layerwise = nn_plan_is_layerwise(plan, model, chunks);
	if (plan->layerwise)
	{
		plan->coupled = true;
		plan->kept = chunks;
	}
	for (int i = 0; i < model->n_layers; i++)
		plan->begins =
			plan->begins || (plan->layers[i].grads && nn_layer_beginner(&model->layers[i]) != NULL);
	nn_plan_update(plan, model, chunks);
	/* room for the norms of gradient clipping: one a segment, and the loss */
	plan->norms = plan->partial_doubles;
	plan->partial_doubles += NN_ALIGN_REALS((size_t) model->n_layers * NN_MAX_PARAMS);
	plan->totals = plan->partial_doubles;
	if (request->objectives != NULL)
		plan->partial_doubles +=
			NN_ALIGN_REALS(nn_totals_bytes(request->objectives) / sizeof(double));
	plan->thread_reals = plan->chunk_reals * plan->kept + plan->scratch_reals + plan->each_reals;
	return check_sizes(plan, model, error);
}
