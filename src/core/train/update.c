/*
 * update.c
 *	  One optimizer step, shared out among the threads.
 *
 * Each thread owns an equal range of the flat parameters, whatever layers lie
 * in it.  It goes through its range in blocks that stay in the first cache:
 * sum the threads' gradients in fixed order, scale (but see scales_late), add
 * regularization, clip, decay, update, zero.  With clipping by norm the sums are finished in a
 * first pass, the norms meet at a barrier, and the rest is a second pass.
 *
 * Of optimizers that look at whole tensors (kind->whole) the first pass finishes all
 * gradients, and then each tensor is one thread's.  What takes long of that, and so
 * may be interrupted, is done before anything changes (nn_update_begin).
 *
 * Order as Keras 3 (BaseOptimizer.apply): regularization is part of the
 * gradient, then clipping, then weight decay, then the update.  For an
 * embedding's sums over places see plan.h; as Keras does, global_clipnorm
 * measures them and then goes on with the gradient alone.
 *
 * With accumulation a finished gradient is added to a slot, and in the last of so
 * many steps their mean is clipped and applied.  Counters of updates (Adam's t) count
 * those, schedules all steps, as Keras has it; and as there, moving averages take
 * the parameters after each step, also where they did not change.
 */
#include "core/optimizers/optimizer.h"
#include "core/train/update.h"

#define BLOCK 2048 /* reals: with three slots some 40 kB */
/* Of rows whose gradient is made at a time: a part of a second cache level, in whole tiles (of 6, 12 or 16). */
#define ROWS_REALS ((size_t) 49152)
#define TILE_ROWS 48

typedef struct Share
{
	size_t from, to;
} Share;

/* This thread's of the parameters from `from` up to `to`. */
static Share
share_within(const NNPart *part, size_t from, size_t to)
{
	size_t threads = (size_t) part->plan->threads;
	size_t each = NN_ALIGN_REALS((to - from + threads - 1) / threads);
	Share share;

	share.from = from + each * (size_t) part->thread;
	share.to = share.from + each;
	share.from = share.from < to ? share.from : to;
	share.to = share.to < to ? share.to : to;
	return share;
}

static Share
share_of(const NNPart *part)
{
	return share_within(part, 0, part->run->model->n_params);
}

/* The summed gradient of parameter number `at`, which is the segment's: the first thread's, or rows at hand. */
static nn_real *
gradient_at(const NNPart *part, const NNSegment *segment, size_t at)
{
	if (segment->by_rows)
		return part->rows + (at - part->rows_from);
	return nn_plan_layer_grads(part->plan, part->run, segment->layer) + at -
		segment->layer->param_offset;
}

/* The part of a segment that lies in a share. */
static Share
overlap(const NNSegment *segment, Share share)
{
	Share both;

	both.from = segment->offset > share.from ? segment->offset : share.from;
	both.to = segment->offset + segment->size;
	if (both.to > share.to)
		both.to = share.to;
	if (both.to < both.from)
		both.to = both.from;
	return both;
}

static NN_HOT(void, regularize,
			  (nn_real *const g, const nn_real *p, size_t n, nn_real l1, nn_real l2),
			  (g, p, n, l1, l2))
{
	for (size_t i = 0; i < n; i++)
	{
		nn_real sign = (nn_real) ((p[i] > 0) - (p[i] < 0));

		g[i] += l1 * sign + 2 * l2 * p[i];
	}
}

/* A run of sums over places, of parameters that follow each other. */
typedef struct SumRun
{
	nn_real *sums;
	size_t from; /* of the parameters asked for */
	size_t n;
} SumRun;

/*
 * The next run of sums for n parameters from `at` on, beginning with run->from +
 * run->n; which: of the segment.  False when there is no more.
 */
static bool
next_run(const NNPart *part, const NNSegment *segment, size_t which, size_t at, size_t n,
		 SumRun *run)
{
	nn_real *all = nn_plan_sums(part->plan, part->run->workspace, 0, segment->split);
	const int32_t *slots;

	run->from += run->n;
	if (which == NN_NOWHERE || run->from >= n)
		return false;
	if (segment->slots == NN_NOWHERE)
	{
		run->sums = all + which + (at - segment->offset) + run->from;
		run->n = n - run->from;
		return true;
	}
	slots = (const int32_t *) (all + segment->slots + NN_SLOTS_BEGIN);
	while (run->from < n)
	{
		size_t place = at - segment->offset + run->from;
		size_t row = place / segment->width;
		size_t column = place % segment->width;

		run->n = segment->width - column;
		if (run->n > n - run->from)
			run->n = n - run->from;
		if (slots[row] != 0)
		{
			run->sums = all + which + (size_t) (slots[row] - 1) * segment->width + column;
			return true;
		}
		run->from += run->n;
	}
	return false;
}

static void
scale_sums(const NNPart *part, const NNSegment *segment, size_t which, size_t at, size_t n,
		   double factor)
{
	SumRun run = {NULL, 0, 0};

	while (next_run(part, segment, which, at, n, &run))
		nn_scale(run.sums, (nn_real) factor, run.n);
}

/* They become the scaled sums of all threads'; the next step zeroes them. */
static void
finish_sums(const NNPart *part, const NNSegment *segment, size_t which, size_t at, size_t n,
			double scale)
{
	SumRun run = {NULL, 0, 0};

	while (!segment->split && next_run(part, segment, which, at, n, &run))
		for (int t = 1; t < part->plan->threads; t++)
			nn_add(run.sums, run.sums + (size_t) t * part->plan->thread_reals, run.n);
	scale_sums(part, segment, which, at, n, scale);
}

/* The sums of a block's parameters end to end: where they are, or in room (BLOCK); NULL: none. */
static const nn_real *
block_sums(const NNPart *part, const NNSegment *segment, size_t which, size_t at, size_t n,
		   nn_real *room)
{
	SumRun run = {NULL, 0, 0};

	if (which == NN_NOWHERE)
		return NULL;
	if (segment->slots == NN_NOWHERE)
		return next_run(part, segment, which, at, n, &run) ? run.sums : NULL;
	nn_zero(room, n);
	while (next_run(part, segment, which, at, n, &run))
		nn_copy(room + run.from, run.sums, run.n);
	return room;
}

/* So many steps make an update. */
static int
steps_of(const NNOptimizer *optimizer)
{
	return optimizer->accumulation > 1 ? optimizer->accumulation : 1;
}

/* Whether the step makes an update: it is the last of those that do it together. */
static bool
updates(const NNPart *part)
{
	return (part->step + 1) % steps_of(part->run->optimizer) == 0;
}

/* How many updates there were before the step. */
static int64_t
updates_before(const NNPart *part)
{
	return part->step / steps_of(part->run->optimizer);
}

/*
 * Gradients of steps that make an update together: the sum so far, or their mean.
 * Where the update may be broken off after that, the sum is left until it is not.
 */
static void
accumulate(const NNPart *part, const NNSegment *segment, size_t at, size_t n)
{
	const NNOptimizer *optimizer = part->run->optimizer;
	nn_real *g = gradient_at(part, segment, at);
	nn_real *sum = part->run->slots[optimizer->sum_slot] + at;

	if (!updates(part))
	{
		nn_add(sum, g, n);
		return;
	}
	nn_add(g, sum, n);
	nn_scale(g, (nn_real) 1 / (nn_real) optimizer->accumulation, n);
	if (!optimizer->kind->whole)
		nn_zero(sum, n);
}

static bool
clips_by_norm(const NNOptimizer *optimizer)
{
	return optimizer->clipnorm > 0 || optimizer->global_clipnorm > 0;
}

/* Whether a gradient is scaled by the update that reads it, as nothing else does before. */
static bool
scales_late(const NNPart *part, const NNSegment *segment)
{
	const NNOptimizer *optimizer = part->run->optimizer;

	return optimizer->kind->scales && optimizer->accumulation <= 1 && optimizer->clipvalue <= 0 &&
		!clips_by_norm(optimizer) && segment->regularizer.l1 == 0 && segment->regularizer.l2 == 0;
}

/* g (n) of thread 0 becomes the sum of all threads' gradients, scaled unless that is done late. */
static void
finish_gradient(const NNPart *part, const NNSegment *segment, size_t at, size_t n, double scale)
{
	const NNRun *run = part->run;
	nn_real *g = gradient_at(part, segment, at);

	for (int t = 1; t < part->plan->threads && !segment->split; t++)
	{
		nn_real *own =
			nn_plan_grads(part->plan, run, t) + segment->own_grads + (at - segment->offset);

		nn_add(g, own, n);
		nn_zero(own, n);
	}
	if (!scales_late(part, segment))
		nn_scale(g, (nn_real) scale, n);
	if (segment->regularizer.l1 != 0 || segment->regularizer.l2 != 0)
		regularize(g, run->params + at, n, (nn_real) segment->regularizer.l1,
				   (nn_real) segment->regularizer.l2);
	finish_sums(part, segment, segment->squares, at, n, scale * scale);
	finish_sums(part, segment, segment->magnitudes, at, n, fabs(scale));
	if (run->optimizer->accumulation > 1)
		accumulate(part, segment, at, n);
}

/* Multiply a finished gradient; sums over places as their elements are multiplied. */
static void
shrink(const NNPart *part, const NNSegment *segment, size_t at, size_t n, double factor)
{
	nn_scale(gradient_at(part, segment, at), (nn_real) factor, n);
	scale_sums(part, segment, segment->squares, at, n, factor * factor);
	scale_sums(part, segment, segment->magnitudes, at, n, factor);
}

/* What an update of n parameters of a segment is given; room (BLOCK) is for sums over places. */
static NNUpdate
make_update(const NNPart *part, const NNSegment *segment, size_t at, size_t n, double rate,
			nn_real *room)
{
	const NNRun *run = part->run;
	const NNOptimizer *optimizer = run->optimizer;
	NNUpdate update = {
		.n = n,
		.p = run->params + at,
		.g = gradient_at(part, segment, at),
		.scale = 1,
		.rate = rate,
		.step = updates_before(part) + 1,
		.layer = segment->layer->name,
		.param = segment->param,
	};

	if (optimizer->kind->each == NN_EACH_SQUARE && optimizer->global_clipnorm <= 0)
		update.each = block_sums(part, segment, segment->squares, at, n, room);
	else if (optimizer->kind->each == NN_EACH_MAGNITUDE && optimizer->global_clipnorm <= 0)
		update.each = block_sums(part, segment, segment->magnitudes, at, n, room);
	for (int s = 0; s < optimizer->n_slots; s++)
		update.slots[s] = run->slots[s] + at;
	return update;
}

static void
clip_values(const NNPart *part, const NNSegment *segment, size_t at, size_t n)
{
	const NNOptimizer *optimizer = part->run->optimizer;

	if (optimizer->clipvalue > 0 && !segment->by_id)
		nn_limit(gradient_at(part, segment, at), n, (nn_real) optimizer->clipvalue);
}

static double
decay_of(const NNOptimizer *optimizer, const NNSegment *segment)
{
	return optimizer->kind->decay == NULL
		? optimizer->weight_decay
		: optimizer->kind->decay(optimizer->conf.bytes, optimizer->weight_decay,
								 segment->layer->name, segment->param);
}

/* A gradient is finished and clipped: decay, by the schedule's own rate, then update. */
static void
apply(const NNOptimizer *optimizer, const NNSegment *segment, const NNUpdate *update)
{
	double decay = decay_of(optimizer, segment);

	if (decay != 0 && update->rate != 0)
		nn_scale(update->p, (nn_real) (1.0 - decay * update->rate / optimizer->rate_factor),
				 update->n);
	optimizer->kind->update(optimizer->conf.bytes, update);
}

static NN_HOT(void, move_average,
			  (nn_real *restrict average, const nn_real *restrict p, size_t n, nn_real momentum),
			  (average, p, n, momentum))
{
	nn_real rest = 1 - momentum;

#pragma omp simd
	for (size_t i = 0; i < n; i++)
		average[i] = momentum * average[i] + rest * p[i];
}

/* After a step, whether it made an update or not. */
static void
average(const NNPart *part, size_t at, size_t n)
{
	const NNOptimizer *optimizer = part->run->optimizer;
	nn_real *moving = part->run->slots[optimizer->average_slot] + at;
	nn_real *p = part->run->params + at;
	int64_t before = updates_before(part);

	move_average(moving, p, n, before > 0 ? (nn_real) optimizer->ema_momentum : 0);
	if (optimizer->ema_overwrite_frequency > 0 &&
		(before + 1) % optimizer->ema_overwrite_frequency == 0)
		nn_copy(p, moving, n);
}

/* The factor that brings a norm under a limit; Keras: clip_by_norm. */
static double
norm_factor(double sum_squares, double limit)
{
	double norm = sqrt(sum_squares);

	return norm > limit ? limit / norm : 1.0;
}

/* First pass of clipping by norm: finished gradients and their squares by segment. */
static void
measure(const NNPart *part, Share share, double scale, double *norms)
{
	for (int s = 0; s < part->plan->n_segments; s++)
	{
		const NNSegment *segment = &part->plan->segments[s];
		Share both = overlap(segment, share);
		SumRun run = {NULL, 0, 0};

		norms[s] = 0;
		if (both.from == both.to)
			continue;
		finish_gradient(part, segment, both.from, both.to - both.from, scale);
		if (segment->squares == NN_NOWHERE)
			norms[s] = nn_sum_squares(gradient_at(part, segment, both.from), both.to - both.from);
		while (next_run(part, segment, segment->squares, both.from, both.to - both.from, &run))
			norms[s] += nn_sum_abs(run.sums, run.n);
	}
	(void) nn_part_barrier(part);
}

/* What segment s is multiplied by: norms of all threads summed in order. */
static double
clip_factor(const NNPart *part, const double *norms, int s)
{
	const NNPlan *plan = part->plan;
	const NNOptimizer *optimizer = part->run->optimizer;
	double sum = 0;

	for (int k = 0; k < plan->n_segments; k++)
	{
		if (optimizer->global_clipnorm <= 0 && k != s)
			continue;
		for (int t = 0; t < plan->threads; t++)
			sum += norms[t * plan->partial_doubles + k];
	}
	return norm_factor(
		sum, optimizer->global_clipnorm > 0 ? optimizer->global_clipnorm : optimizer->clipnorm);
}

/* The end of a step for n parameters, whose gradient is finished and clipped. */
static void
end_step(const NNPart *part, const NNSegment *segment, const NNUpdate *update)
{
	const NNOptimizer *optimizer = part->run->optimizer;
	size_t at = (size_t) (update->p - part->run->params);

	if (optimizer->kind->relative)
		nn_add(update->slots[0], update->p, update->n);
	if (updates(part))
		apply(optimizer, segment, update);
	nn_zero(gradient_at(part, segment, at), update->n);
	if (optimizer->use_ema)
		average(part, at, update->n);
	if (optimizer->kind->relative)
		nn_axpy(update->slots[0], -1, update->p, update->n);
}

/* ---- whole tensors: each is one thread's, the next is whose has the least so far ---- */

typedef struct Tensors
{
	size_t load[NN_MAX_THREADS];
	int next; /* segment */
} Tensors;

/* The next of this thread's, or NULL; s tells which segment it is. */
static const NNSegment *
next_tensor(const NNPart *part, Tensors *tensors, int *s)
{
	const NNPlan *plan = part->plan;

	while (tensors->next < plan->n_segments)
	{
		const NNSegment *segment = &plan->segments[tensors->next];
		int owner = 0;

		for (int t = 1; t < plan->threads; t++)
			owner = tensors->load[t] < tensors->load[owner] ? t : owner;
		tensors->load[owner] += segment->size;
		*s = tensors->next++;
		if (owner == part->thread)
			return segment;
	}
	return NULL;
}

bool
nn_update_begin(const NNPart *part, double scale)
{
	const NNPlan *plan = part->plan;
	const NNOptimizer *optimizer = part->run->optimizer;
	double rate = nn_optimizer_rate(optimizer, part->step);
	double *norms = nn_plan_partials(plan, part->run->workspace) + plan->norms;
	Tensors tensors = {{0}, 0};
	const NNSegment *segment;
	int s;

	if (plan->orthogonal)
	{
		nn_orthogonalize(part, scale);
		(void) nn_part_barrier(part);
	}
	if (!optimizer->kind->whole || !updates(part))
		return false;
	measure(part, share_of(part), scale, norms + part->thread * plan->partial_doubles);
	while ((segment = next_tensor(part, &tensors, &s)) != NULL)
	{
		double factor = clips_by_norm(optimizer) ? clip_factor(part, norms, s) : 1.0;
		NNUpdate update = make_update(part, segment, segment->offset, segment->size, rate, NULL);

		if (factor != 1.0)
			shrink(part, segment, segment->offset, segment->size, factor);
		clip_values(part, segment, segment->offset, segment->size);
		update.scratch = nn_plan_scratch(plan, part->run->workspace, part->thread);
		if (optimizer->kind->prepare != NULL)
			optimizer->kind->prepare(optimizer->conf.bytes, &update);
	}
	return optimizer->kind->prepare != NULL && nn_part_barrier(part);
}

static void
update_tensors(const NNPart *part, double rate)
{
	const NNOptimizer *optimizer = part->run->optimizer;
	Tensors tensors = {{0}, 0};
	const NNSegment *segment;
	int s;

	while ((segment = next_tensor(part, &tensors, &s)) != NULL)
	{
		NNUpdate update = make_update(part, segment, segment->offset, segment->size, rate, NULL);

		if (optimizer->sum_slot >= 0)
			nn_zero(update.slots[optimizer->sum_slot], update.n);
		end_step(part, segment, &update);
	}
}

/* ---- any part of the parameters ---- */

/* finished: the gradients are, and are multiplied by factor. */
static void
update_segment(const NNPart *part, const NNSegment *segment, Share share, double scale, double rate,
			   bool finished, double factor)
{
	for (size_t at = share.from; at < share.to; at += BLOCK)
	{
		size_t n = share.to - at < BLOCK ? share.to - at : BLOCK;
		nn_real room[BLOCK];
		NNUpdate update;

		if (!finished)
			finish_gradient(part, segment, at, n, scale);
		else if (factor != 1.0)
			shrink(part, segment, at, n, factor);
		if (updates(part))
			clip_values(part, segment, at, n);
		update = make_update(part, segment, at, n, rate, room);
		if (scales_late(part, segment))
			update.scale = (nn_real) scale;
		end_step(part, segment, &update);
	}
}

static void
update_share(const NNPart *part, double scale, double rate)
{
	const NNPlan *plan = part->plan;
	bool by_norm = updates(part) && clips_by_norm(part->run->optimizer);
	double *norms = nn_plan_partials(plan, part->run->workspace) + plan->norms;
	Share share = share_of(part);

	if (by_norm)
		measure(part, share, scale, norms + part->thread * plan->partial_doubles);
	for (int s = 0; s < plan->n_segments; s++)
	{
		const NNSegment *segment = &plan->segments[s];
		double factor = by_norm ? clip_factor(part, norms, s) : 1.0;
		/* what is left beside large kernels may all lie in one thread's share */
		Share both = plan->by_rows
			? share_within(part, segment->offset, segment->offset + segment->size)
			: overlap(segment, share);

		if (!segment->by_rows)
			update_segment(part, segment, both, scale, rate, by_norm, factor);
	}
}

/* ---- rows of a kernel, whose gradient is made here ---- */

/* The gradient of a few rows is made, used up and left zero before that of the next takes its place. */
static void
update_rows(const NNPart *part, const NNSegment *segment, double scale, double rate)
{
	const int most = (int) (ROWS_REALS / segment->width / TILE_ROWS + 1) * TILE_ROWS;
	NNPart here = *part;
	int from, to;

	nn_part_rows(part, segment->layer, &from, &to);
	here.rows =
		nn_plan_layer_grads(part->plan, part->run, segment->layer) + (size_t) from * segment->width;
	for (int row = from, end; row < to; row = end)
	{
		Share share = {.from = segment->offset + (size_t) row * segment->width};

		end = to - row > most ? row + most : to;
		share.to = segment->offset + (size_t) end * segment->width;
		here.rows_from = share.from;
		nn_part_gradient_rows(&here, segment->layer->index, row, end, here.rows);
		update_segment(&here, segment, share, scale, rate, false, 1.0);
	}
}

void
nn_update_layer(const NNPart *part, int i, double scale)
{
	const NNPlan *plan = part->plan;
	double rate = nn_optimizer_rate(part->run->optimizer, part->step);

	for (int s = 0; s < plan->n_segments; s++)
	{
		const NNSegment *segment = &plan->segments[s];
		size_t end = segment->offset + segment->size;

		if (segment->layer == &part->run->model->layers[i])
			update_segment(part, segment, share_within(part, segment->offset, end), scale, rate,
						   false, 1.0);
	}
}

void
nn_update(const NNPart *part, double scale)
{
	const NNOptimizer *optimizer = part->run->optimizer;
	double rate = nn_optimizer_rate(optimizer, part->step);

	if (optimizer->kind->whole && updates(part))
		update_tensors(part, rate);
	else
		update_share(part, scale, rate);
	for (int s = 0; s < part->plan->n_segments && part->plan->by_rows; s++)
		if (part->plan->segments[s].by_rows)
			update_rows(part, &part->plan->segments[s], scale, rate);
}

void
nn_update_abandon(const NNPart *part)
{
	Share share = share_within(part, 0, part->plan->first_reals);

	nn_zero(part->run->grads + share.from, share.to - share.from);
	if (part->thread > 0)
		nn_zero(nn_plan_grads(part->plan, part->run, part->thread), part->plan->own_reals);
}

void
nn_update_limit(const NNPart *part, double limit)
{
	Share share = share_of(part);

	for (int s = 0; s < part->plan->n_segments; s++)
	{
		Share both = overlap(&part->plan->segments[s], share);

		nn_limit(part->run->params + both.from, both.to - both.from, (nn_real) limit);
	}
}

void
nn_layer_swap_average(const NNLayer *layer, nn_real *params, nn_real *average)
{
	for (int k = 0; k < layer->n_params; k++)
	{
		size_t at = layer->param_offset + layer->params[k].offset;
		size_t end = at + layer->params[k].size;

		for (; at < end && layer->params[k].trainable; at++)
		{
			nn_real p = params[at];

			params[at] = average[at];
			average[at] = p;
		}
	}
}

void
nn_layer_start_average(const NNLayer *layer, const nn_real *params, nn_real *average)
{
	for (int k = 0; k < layer->n_params; k++)
	{
		const NNParam *param = &layer->params[k];
		size_t at = layer->param_offset + param->offset;

		if (param->trainable)
			nn_copy(average + at, params + at, param->size);
	}
}
