/*
 * plan_update.c
 *	  What the update wants of a plan: where gradients lie, runs of parameters that are
 *	  treated alike (segments), and which are updated before all gradients are known.
 */
#include "core/graph/plan.h"
#include "core/losses/loss.h"
#include "core/optimizers/optimizer.h"

/* Multiply-adds that may be done without asking whether to stop: some 20 ms of AVX-512, 100 of SSE. */
#define HELD_WORK ((double) (1 << 30))

/*
 * Whether the gradient of each place counts by itself.  With clipvalue it is
 * clipped before it is summed, for which the number of entries must be known
 * from the first: not where a mask hides some, or the loss is another model's.
 */
static bool
takes_places(const NNPlan *plan, const NNModel *model, const NNParam *param)
{
	const NNOptimizer *optimizer = plan->request.optimizer;

	if (!param->by_id || nn_regularized(&param->regularizer) || optimizer == NULL ||
		optimizer->accumulation > 1)
		return false;
	for (int o = 0; o < model->n_outputs && optimizer->clipvalue > 0; o++)
		if (plan->request.objectives == NULL ||
			plan->layers[model->outputs[o]].mask != NN_NOWHERE ||
			!nn_objective_counts_rows(&plan->request.objectives->of[o]))
			return false;
	return true;
}

/* Room for what the optimizer sums over places, and for the norms of clipping. */
static void
plan_places(NNPlan *plan, const NNLayer *layer, NNPlanLayer *at, NNSegment *segment)
{
	const NNOptimizer *optimizer = plan->request.optimizer;
	bool by_norm = optimizer->clipnorm > 0 || optimizer->global_clipnorm > 0;
	bool squares = by_norm || optimizer->kind->each == NN_EACH_SQUARE;
	bool magnitudes = optimizer->kind->each == NN_EACH_MAGNITUDE;
	size_t *room = segment->split ? &plan->shared_reals : &plan->each_reals;
	size_t passes = plan->request.passes > 1 ? (size_t) plan->request.passes : 1;
	size_t places = passes * (size_t) plan->request.batch * nn_shape_size(&layer->in[0]);
	size_t rows = segment->size / segment->width;
	size_t sums = segment->size;

	/* whoever takes whole tensors wants their sums end to end */
	if (segment->split && (squares || magnitudes) && places + 1 < rows && !optimizer->kind->whole)
	{
		at->slots = nn_plan_take(room, NN_SLOTS_BEGIN + rows, 1);
		sums = places * segment->width;
	}
	if (squares)
		at->squares = nn_plan_take(room, sums, 1);
	if (magnitudes)
		at->magnitudes = nn_plan_take(room, sums, 1);
	at->by_id = true;
	segment->squares = at->squares;
	segment->magnitudes = at->magnitudes;
	segment->slots = at->slots;
}

/* Parameters of the largest layer that learns. */
static size_t
largest_layer(const NNPlan *plan, const NNModel *model)
{
	size_t most = 0;

	for (int i = 0; i < model->n_layers; i++)
		if (plan->layers[i].grads && model->layers[i].param_size > most)
			most = model->layers[i].param_size;
	return most;
}

/* Whether an update may look at a few parameters alone: at no norm, no tensor, no step before. */
static bool
updates_by_itself(const NNPlan *plan)
{
	const NNOptimizer *optimizer = plan->request.optimizer;

	return plan->request.training && !plan->request.frozen && optimizer != NULL &&
		optimizer->clipnorm <= 0 && optimizer->global_clipnorm <= 0 &&
		optimizer->accumulation <= 1 && !optimizer->kind->whole;
}

/* Whether it may look at one layer alone: at no sums over places, either. */
static bool
may_be_layerwise(const NNPlan *plan, const NNModel *model)
{
	const NNOptimizer *optimizer = plan->request.optimizer;

	if (!updates_by_itself(plan))
		return false;
	for (int i = 0; i < model->n_layers; i++)
		for (int k = 0; k < model->layers[i].n_params && plan->layers[i].grads; k++)
		{
			const NNParam *param = &model->layers[i].params[k];

			if (param->regularizer.orthogonal != 0 ||
				(optimizer->kind->each != NN_EACH_NOTHING && takes_places(plan, model, param)))
				return false;
		}
	return true;
}

/*
 * Whether layers are updated one by one, for which all chunks of a batch are kept: if the
 * gradients are large, and more is saved than that takes.
 */
bool
nn_plan_is_layerwise(const NNPlan *plan, const NNModel *model, int chunks)
{
	size_t more = (size_t) (chunks - plan->kept) * plan->chunk_reals * (size_t) plan->threads;
	size_t room = plan->request.gradient_room;

	if (room == 0 || model->n_params <= room / sizeof(nn_real) || !may_be_layerwise(plan, model))
		return false;
	return more < model->n_params - largest_layer(plan, model);
}

/*
 * Of which layers some rows of the kernel's gradient are made and used up at a time, near the
 * core: large ones, where all of the batch is at hand.  From the first of these updates on
 * the step is not stopped, so that they must not take long.
 */
static void
mark_rows(NNPlan *plan, const NNModel *model, int chunks)
{
	bool may = !plan->layerwise && plan->request.gradient_room > 0 &&
		(plan->coupled || chunks == 1) && updates_by_itself(plan);
	double work = 0;

	for (int i = 0; i < model->n_layers; i++)
		work += model->layers[i].gradient_rows > 0 ? model->layers[i].flops : 0;
	may = may && work * plan->request.batch <= HELD_WORK;
	plan->by_rows = false;
	for (int i = 0; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		NNPlanLayer *at = &plan->layers[i];

		at->by_rows = may && at->grads && layer->gradient_rows > 0 &&
			layer->params[0].regularizer.orthogonal == 0;
		plan->by_rows = plan->by_rows || at->by_rows;
	}
}

/* Where the gradients lie that each thread has of its own. */
static void
plan_own_grads(NNPlan *plan, const NNModel *model)
{
	plan->own_reals = 0;
	for (int i = 0; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		NNPlanLayer *at = &plan->layers[i];

		at->own_from = layer->split_gradient ? layer->params[0].size : 0;
		at->own_grads = plan->own_reals;
		if (at->grads)
			plan->own_reals += layer->param_size - at->own_from;
	}
	plan->own_reals = NN_ALIGN_REALS(plan->own_reals);
}

static bool
same_penalty(const NNRegularizer *a, const NNRegularizer *b)
{
	return a->l1 == b->l1 && a->l2 == b->l2 && a->orthogonal == 0 && b->orthogonal == 0;
}

/* Neighbouring parameters that are treated alike become one segment. */
static void
plan_segments(NNPlan *plan, const NNModel *model)
{
	const NNOptimizer *optimizer = plan->request.optimizer;
	bool apart = plan->layerwise ||
		(optimizer != NULL && (optimizer->clipnorm > 0 || optimizer->kind->whole));

	plan->n_segments = 0;
	plan->split = false;
	plan->segments = (NNSegment *) &plan->layers[model->n_layers];
	for (int i = 0; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];

		plan->layers[i].by_id = false;
		plan->layers[i].squares = plan->layers[i].magnitudes = plan->layers[i].slots = NN_NOWHERE;
		if (!plan->layers[i].grads)
			continue;
		for (int k = 0; k < layer->n_params; k++)
		{
			const NNParam *param = &layer->params[k];
			NNSegment *last = plan->n_segments > 0 ? &plan->segments[plan->n_segments - 1] : NULL;
			NNSegment next = {
				.offset = layer->param_offset + param->offset,
				.size = param->size,
				.regularizer = param->regularizer,
				.by_rows = plan->layers[i].by_rows && k == 0,
				.split = layer->split_gradient && k == 0,
				.own_grads = plan->layers[i].own_grads + param->offset - plan->layers[i].own_from,
				.by_id = takes_places(plan, model, param),
				.squares = NN_NOWHERE,
				.magnitudes = NN_NOWHERE,
				.slots = NN_NOWHERE,
				.width = (size_t) nn_shape_last(&param->shape),
				.layer = layer,
				.param = param,
			};

			if (!param->trainable || (plan->layers[i].idle && !nn_regularized(&param->regularizer)))
				continue;
			plan->penalized = plan->penalized || nn_regularized(&param->regularizer);
			plan->orthogonal = plan->orthogonal || param->regularizer.orthogonal != 0;
			plan->constrained = plan->constrained || param->constraint.kind != NN_NO_CONSTRAINT;
			plan->split = plan->split || (next.split && !next.by_rows);
			if (next.by_id)
				plan_places(plan, layer, &plan->layers[i], &next);
			if (last != NULL && !apart && last->offset + last->size == next.offset &&
				same_penalty(&last->regularizer, &next.regularizer) && last->split == next.split &&
				!last->by_id && !next.by_id && !last->by_rows && !next.by_rows)
				last->size += next.size;
			else
				plan->segments[plan->n_segments++] = next;
		}
	}
}

/* Room for what the optimizer prepares of a tensor: at that time no layer needs its scratch. */
static void
plan_preparation(NNPlan *plan)
{
	const NNOptimizer *optimizer = plan->request.optimizer;

	if (optimizer == NULL || optimizer->kind->scratch == NULL)
		return;
	for (int s = 0; s < plan->n_segments; s++)
	{
		const NNSegment *segment = &plan->segments[s];
		size_t reals =
			optimizer->kind->scratch(optimizer->conf.bytes, segment->layer->name, segment->param);

		if (reals > plan->scratch_reals)
			plan->scratch_reals = NN_ALIGN_REALS(reals);
	}
}

void
nn_plan_update(NNPlan *plan, const NNModel *model, int chunks)
{
	plan->first_reals =
		NN_ALIGN_REALS(plan->layerwise ? largest_layer(plan, model) : model->n_params);
	mark_rows(plan, model, chunks);
	plan_own_grads(plan, model);
	plan_segments(plan, model);
	plan_preparation(plan);
}
