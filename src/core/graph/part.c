/*
 * part.c
 *	  Forward and backward passes of one thread's part of a batch.
 *
 * Nothing here allocates or fails.  Between any two pieces of work a thread
 * asks whether to stop; it then skips the work and still attends barriers.
 *
 * Long because where a chunk's arrays lie is known to no other file.
 */
#include "core/graph/part.h"

#define PREFETCH_BYTES ((size_t) 32 * 1024) /* of records ahead: well within a second cache level */

double
nn_part_divisor(const NNPart *part, double rows)
{
	return part->plan->scaled ? (double) part->batch : rows;
}

void
nn_part_scale(NNPart *part, int output, double rows)
{
	const NNObjective *objective = &part->plan->request.objectives->of[output];

	part->scale[output] = rows > 0 ? objective->weight * (double) part->batch / rows : 0;
}

/* clipvalue is for gradients that are divided. */
void
nn_part_divide(NNPart *part, double divisor)
{
	const NNOptimizer *optimizer = part->plan->request.optimizer;

	part->limit = optimizer == NULL ? 0 : (nn_real) (optimizer->clipvalue * divisor);
}

void
nn_part_join(NNPart *part, const NNPart *first)
{
	part->limit = first->limit;
	part->sums = first->sums;
}

void
nn_part_make(NNPart *part, const NNRun *run, int thread, int batch)
{
	const NNPlan *plan = run->plan;
	int64_t threads = plan->threads;
	int most = (int) ((batch + threads - 1) / threads);

	part->run = run;
	part->plan = plan;
	part->thread = thread;
	part->batch = batch;
	part->first = (int) ((int64_t) batch * thread / threads);
	part->count = (int) ((int64_t) batch * (thread + 1) / threads) - part->first;
	part->chunks = (part->count + plan->chunk - 1) / plan->chunk;
	part->rounds = plan->coupled ? 1 : (most + plan->chunk - 1) / plan->chunk;
	part->seed = run->seed;
	part->step = run->step;
	part->sums = run->workspace;
	/* where by_id wants it, no mask hides rows (plan_update.c) */
	nn_part_divide(part, nn_part_divisor(part, (double) batch * (double) plan->outputs[0].rows));
	for (int o = 0; o < run->model->n_outputs && plan->scaled; o++)
		nn_part_scale(part, o, (double) batch * (double) plan->outputs[o].rows);
}

void
nn_part_round(const NNPart *part, int round, int *from, int *to)
{
	*from = part->plan->coupled ? 0 : round;
	*to = part->plan->coupled ? part->chunks : round + 1;
	if (*to > part->chunks)
		*to = part->chunks;
}

NNChunk
nn_part_chunk(const NNPart *part, int chunk)
{
	const NNPlan *plan = part->plan;
	NNChunk c;

	c.first = part->first + chunk * plan->chunk;
	c.count = part->first + part->count - c.first;
	if (c.count > plan->chunk)
		c.count = plan->chunk;
	c.base = nn_plan_chunk(plan, part->run->workspace, part->thread, plan->coupled ? chunk : 0);
	return c;
}

NNChunk
nn_part_alone(NNPart *part, const NNRun *run, int thread, int count)
{
	nn_part_make(part, run, thread, count);
	part->first = 0;
	part->count = count;
	part->chunks = 1;
	return nn_part_chunk(part, 0);
}

bool
nn_part_barrier(const NNPart *part)
{
	return part->plan->threads > 1 ? nn_pool_barrier(part->thread) : nn_pool_stopping();
}

/* ---- what lies where in a chunk ---- */

static nn_real *
at_place(const NNChunk *chunk, size_t place)
{
	return place == NN_NOWHERE ? NULL : chunk->base + place;
}

static const NNPlanLayer *
input_at(const NNPart *part, int input)
{
	return &part->plan->layers[part->run->model->inputs[input]];
}

static const NNPlanLayer *
output_at(const NNPart *part, int output)
{
	return &part->plan->layers[part->run->model->outputs[output]];
}

size_t
nn_part_input_reals(const NNPart *part, int input)
{
	return input_at(part, input)->reals;
}

nn_real *
nn_chunk_input(const NNPart *part, const NNChunk *chunk, int input)
{
	return chunk->base + input_at(part, input)->y;
}

nn_real *
nn_chunk_output(const NNPart *part, const NNChunk *chunk, int output)
{
	return chunk->base + output_at(part, output)->y;
}

nn_real *
nn_chunk_output_gradient(const NNPart *part, const NNChunk *chunk, int output)
{
	return at_place(chunk, output_at(part, output)->dy);
}

nn_real *
nn_chunk_input_gradient(const NNPart *part, const NNChunk *chunk, int input)
{
	return at_place(chunk, input_at(part, input)->dy);
}

void *
nn_chunk_targets(const NNPart *part, const NNChunk *chunk, int output)
{
	return chunk->base + part->plan->outputs[output].targets;
}

float *
nn_chunk_weights(const NNPart *part, const NNChunk *chunk, int output)
{
	return (float *) at_place(chunk, part->plan->outputs[output].weights);
}

static uint8_t *
mask_at(const NNPart *part, const NNChunk *chunk, size_t place)
{
	if (place == NN_NOWHERE)
		return NULL;
	return (uint8_t *) (chunk->base + part->plan->masks) + place;
}

static uint8_t *
mask_of(const NNPart *part, const NNChunk *chunk, int layer)
{
	return mask_at(part, chunk, part->plan->layers[layer].mask);
}

const uint8_t *
nn_chunk_mask(const NNPart *part, const NNChunk *chunk, int layer)
{
	return mask_of(part, chunk, layer);
}

uint8_t *
nn_chunk_padding(const NNPart *part, const NNChunk *chunk, int layer)
{
	return mask_at(part, chunk, part->plan->layers[layer].padding);
}

const uint8_t *
nn_chunk_row_mask(const NNPart *part, const NNChunk *chunk, int output)
{
	const NNPlanLayer *at = output_at(part, output);
	const uint8_t *mask = mask_at(part, chunk, at->mask);
	uint8_t *rows = mask_at(part, chunk, part->plan->outputs[output].row_mask);
	size_t each = part->plan->outputs[output].rows / at->mask_steps;

	if (!nn_plan_hides_rows(part->plan, part->run->model, output))
		return NULL;
	if (rows == NULL)
		return mask;
	for (size_t i = 0; i < at->mask_steps * (size_t) chunk->count; i++)
		memset(rows + i * each, mask[i], each);
	return rows;
}

/* ---- loading ---- */

/* One sample's steps of a sequence, padded to those of the chunk. */
static void
load_mask(uint8_t *mask, size_t mask_steps, int steps)
{
	memset(mask, 1, (size_t) steps);
	memset(mask + steps, 0, mask_steps - (size_t) steps);
}

/* n values of four bytes, and zeros up to size. */
static void
load_words(char *to, const char *from, size_t n, size_t size)
{
	memcpy(to, from, n * 4);
	memset(to + n * 4, 0, (size - n) * 4);
}

/* An output's targets and weights of sample i of the chunk; returns the end of them. */
static const char *
load_output(const NNPart *part, const NNChunk *chunk, int output, int i, const NNRecordHead *head,
			const char *from)
{
	const NNRecordFormat *format = part->run->format;
	const NNPlanOutput *at = &part->plan->outputs[output];
	float *weights = nn_chunk_weights(part, chunk, output);
	size_t n = nn_record_target_count(format, head, output);
	size_t n_weights = nn_record_weight_count(format, head, output);

	if (at->target_reals > 0)
		load_words((char *) nn_chunk_targets(part, chunk, output) +
					   (size_t) i * at->target_reals * 4,
				   from, n, at->target_reals);
	from += n * 4;
	if (weights == NULL)
		return from + n_weights * 4;
	weights += (size_t) i * at->rows;
	if (n_weights != 1)
		load_words((char *) weights, from, n_weights, at->rows);
	else
		for (size_t r = 0; r < at->rows; r++)
			memcpy(&weights[r], from, sizeof(float));
	return from + n_weights * 4;
}

/* An input's values of sample i of the chunk; returns the end of them. */
static const char *
load_input(const NNPart *part, const NNChunk *chunk, int input, int i, const NNRecordHead *head,
		   const char *from)
{
	const NNInputFormat *format = &part->run->format->inputs[input];
	const NNPlanLayer *at = input_at(part, input);
	size_t n = nn_record_x_count(part->run->format, head, input);
	nn_real *to = chunk->base + at->y + (size_t) i * at->reals;

	if (format->bytes)
		nn_bytes_to_reals(to, (const uint8_t *) from, n);
	else
		nn_floats_to_reals(to, (const float *) from, n);
	nn_zero(to + n, at->reals - n);
	if (format->sequence >= 0)
		load_mask(mask_at(part, chunk, at->mask) + (size_t) i * at->mask_steps, at->mask_steps,
				  head->steps.of[format->sequence]);
	return from + nn_record_x_bytes(format, n);
}

void
nn_chunk_load(const NNPart *part, const NNChunk *chunk, const void *const *records)
{
	const NNRecordFormat *format = part->run->format;
	const size_t head_bytes = nn_record_head_bytes(format);
	NNRecordHead head = {.steps = {{0}}};
	/* of any record at least */
	const size_t least = nn_record_bytes(format, &head);
	const size_t bytes = least < PREFETCH_BYTES ? least : PREFETCH_BYTES;
	const int ahead = (int) (PREFETCH_BYTES / (bytes + 1)) + 1;

	for (int i = 0, asked = 0; i < chunk->count; i++)
	{
		const char *record = records[chunk->first + i];
		const char *at = record + head_bytes;

		/* they come from anywhere in memory */
		for (; asked < chunk->count && asked <= i + ahead; asked++)
			nn_prefetch(records[chunk->first + asked], bytes);
		if (head_bytes > 0)
			nn_record_get_head(format, record, &head);
		for (int o = 0; o < format->n_outputs; o++)
			at = load_output(part, chunk, o, i, &head, at);
		for (int k = 0; k < format->n_inputs; k++)
			at = load_input(part, chunk, k, i, &head, at);
	}
}

void
nn_chunk_load_reals(const NNPart *part, const NNChunk *chunk, const nn_real *x)
{
	const NNModel *model = part->run->model;
	size_t width = part->plan->x_reals;

	for (int k = 0; k < model->n_inputs; k++)
	{
		const NNPlanLayer *at = input_at(part, k);
		nn_real *to = chunk->base + at->y;

		nn_copy_rows(to, at->reals, x, width, at->reals, chunk->count);
		x += at->reals;
		if (at->mask != NN_NOWHERE)
			memset(mask_at(part, chunk, at->mask), 1, at->mask_steps * (size_t) chunk->count);
	}
}

/* ---- passes ---- */

bool
nn_plan_wrong_id(const NNPlan *plan, const NNModel *model, NNWrongId *wrong)
{
	const NNLayer *layer = plan->refusal.layer;

	if (!nn_plan_refused(plan))
		return false;
	wrong->layer = layer->name;
	/* a layer inside a wrapper has the wrapper's index */
	wrong->from = model->layers[model->layers[layer->index].inputs[0]].name;
	wrong->value = (double) plan->refusal.value;
	wrong->input_dim = nn_layer_ids(layer);
	wrong->option = layer->kind->ids_option;
	return true;
}

/* A pass and the arrays of pointers it refers to. */
typedef struct PassRoom
{
	NNPass pass;
	const nn_real *xs[NN_MAX_INPUTS];
	nn_real *dxs[NN_MAX_INPUTS];
	const uint8_t *masks[NN_MAX_INPUTS];
	const uint8_t *paddings[NN_MAX_INPUTS];
} PassRoom;

/*
 * Where backward adds a layer's gradients.  Those before own_from are not
 * touched then: in a thread's own gradients they have no place.
 */
static nn_real *
layer_grads(const NNPart *part, int i)
{
	const NNPlanLayer *at = &part->plan->layers[i];

	if (!at->grads)
		return NULL;
	if (part->thread == 0)
		return nn_plan_layer_grads(part->plan, part->run, &part->run->model->layers[i]);
	/* the first thread's come before, so that this is within the array */
	return nn_plan_grads(part->plan, part->run, part->thread) + at->own_grads - at->own_from;
}

/* Where an embedding adds what each place's gradient is squared. */
static void
set_sums(NNPass *pass, const NNPart *part, int i)
{
	const NNPlanLayer *at = &part->plan->layers[i];
	nn_real *sums = nn_plan_sums(part->plan, part->sums, part->thread,
								 part->run->model->layers[i].split_gradient);

	pass->squares = at->squares == NN_NOWHERE ? NULL : sums + at->squares;
	pass->magnitudes = at->magnitudes == NN_NOWHERE ? NULL : sums + at->magnitudes;
	pass->slots_used = at->slots == NN_NOWHERE ? NULL : (atomic_int *) (sums + at->slots);
	pass->slots = at->slots == NN_NOWHERE ? NULL : (int32_t *) (sums + at->slots + NN_SLOTS_BEGIN);
}

static const NNPass *
make_pass(PassRoom *room, const NNPart *part, const NNChunk *chunk, int i, bool backward)
{
	const NNPlan *plan = part->plan;
	const NNRun *run = part->run;
	const NNLayer *layer = &run->model->layers[i];
	const NNPlanLayer *at = &plan->layers[i];
	double *partials = nn_plan_partials(plan, run->workspace);
	NNPass *pass = &room->pass;

	for (int k = 0; k < layer->n_inputs; k++)
	{
		size_t dx = backward ? at->edges[k].dx : NN_NOWHERE;

		room->xs[k] = chunk->base + plan->layers[layer->inputs[k]].y;
		room->dxs[k] = at_place(chunk, dx);
		room->masks[k] = mask_of(part, chunk, layer->inputs[k]);
		room->paddings[k] = mask_at(part, chunk, plan->layers[layer->inputs[k]].padding);
	}
	pass->batch = chunk->count;
	pass->steps = plan->request.steps.of[0];
	pass->training = plan->request.training;
	pass->keeps = nn_plan_differentiates(plan);
	pass->params = run->params + layer->param_offset;
	pass->packed = NULL;
	if (run->packed != NULL && layer->packs > 0)
		pass->packed = run->packed + layer->packed_offset;
	pass->grads = layer_grads(part, i);
	set_sums(pass, part, i);
	pass->limit = at->by_id ? part->limit : 0;
	pass->xs = room->xs;
	pass->x = room->xs[0];
	pass->dxs = room->dxs;
	pass->dx = room->dxs[0];
	pass->y = chunk->base + at->y;
	pass->dy = at->dy == NN_NOWHERE ? NULL : chunk->base + at->dy;
	pass->saved = chunk->base + at->saved;
	pass->scratch = nn_plan_scratch(plan, run->workspace, part->thread);
	pass->masks = room->masks;
	pass->mask = room->masks[0];
	pass->paddings = room->paddings;
	pass->padding = room->paddings[0];
	pass->mask_out = layer->mask_from == NN_MASK_OWN || layer->steps_from == NN_MASK_OWN
		? mask_of(part, chunk, i)
		: NULL;
	pass->present = pass->padding;
	pass->n_present = plan->layers[layer->inputs[0]].mask_steps * (size_t) chunk->count;
	pass->refusal = &run->plan->refusal;
	pass->seed = part->seed;
	pass->iteration = part->step;
	pass->first_sample = chunk->first;
	/* partials[thread][plan->partial_doubles], this layer's slice in each */
	pass->partials = partials + at->partial;
	pass->partial = partials + (size_t) part->thread * plan->partial_doubles + at->partial;
	pass->partial_stride = plan->partial_doubles;
	pass->n_threads = plan->threads;
	return pass;
}

typedef void (*PassFunction)(const NNLayer *layer, const NNPass *pass);

/* One layer over the chunks of a round. */
static void
over_chunks(const NNPart *part, int i, int round, bool backward, PassFunction function)
{
	const NNLayer *layer = &part->run->model->layers[i];
	PassRoom room;
	int from, to;

	nn_part_round(part, round, &from, &to);
	nn_precision_use(part->plan->request.precision);
	for (int c = from; c < to && !nn_pool_stopping(); c++)
	{
		NNChunk chunk = nn_part_chunk(part, c);

		function(layer, make_pass(&room, part, &chunk, i, backward));
	}
	nn_precision_use(NN_FLOAT32);
}

/* Sums over all samples of the batch, before a coupled layer's own pass. */
static void
reduce(const NNPart *part, int i, int round, bool backward, PassFunction function)
{
	const NNPlan *plan = part->plan;
	const NNPlanLayer *at = &plan->layers[i];
	double *partial = nn_plan_partials(plan, part->run->workspace) +
		(size_t) part->thread * plan->partial_doubles + at->partial;

	/* The sums of the forward pass stay: end_step comes after backward and reads them. */
	if (!backward)
		memset(partial, 0, part->run->model->layers[i].partial_size * sizeof(double));
	over_chunks(part, i, round, backward, function);
	(void) nn_part_barrier(part);
}

static void
merge_masks(const NNPart *part, int i, int round)
{
	int from, to;

	nn_part_round(part, round, &from, &to);
	for (int c = from; c < to; c++)
	{
		NNChunk chunk = nn_part_chunk(part, c);

		nn_mask_merge(part->plan, &part->run->model->layers[i], mask_at(part, &chunk, 0),
					  chunk.count);
	}
}

/* Of the activity of a round's chunks: penalties, or, backward, gradients; padding counts in none. */
static double
regularize_activity(const NNPart *part, int i, int round, bool backward)
{
	const NNRegularizer *activity = &part->run->model->layers[i].activity;
	const NNPlanLayer *at = &part->plan->layers[i];
	double sum = 0;
	int from, to;

	if (!nn_regularized(activity))
		return 0;
	nn_part_round(part, round, &from, &to);
	for (int c = from; c < to; c++)
	{
		NNChunk chunk = nn_part_chunk(part, c);
		const uint8_t *present = nn_chunk_padding(part, &chunk, i);
		size_t pieces = (size_t) chunk.count * (present != NULL ? at->mask_steps : 1);
		size_t n = at->reals / (present != NULL ? at->mask_steps : 1);

		for (size_t p = 0; p < pieces; p++)
			if (present == NULL || present[p] != 0)
				sum += nn_activity(activity, chunk.base + at->y + p * n,
								   backward ? chunk.base + at->dy + p * n : NULL, n);
	}
	return sum;
}

static void
forward_layers(const NNPart *part, int round, int from, int to)
{
	const NNPlan *plan = part->plan;
	NNTotals *totals = plan->request.objectives == NULL
		? NULL
		: nn_plan_totals(plan, part->run->workspace, part->thread);

	const NNModel *model = part->run->model;

	for (int i = from; i < to; i++)
	{
		const NNPlanLayer *at = &part->plan->layers[i];

		if (at->run && at->merged)
			merge_masks(part, i, round);
		if (at->run && at->coupled)
			reduce(part, i, round, false, model->layers[i].kind->forward_reduce);
		if (at->run)
			over_chunks(part, i, round, false, model->layers[i].kind->forward);
		/* of views, too */
		if (totals != NULL)
			totals->losses.penalty_sum += regularize_activity(part, i, round, false);
	}
}

void
nn_part_forward(const NNPart *part, int round)
{
	forward_layers(part, round, 0, part->run->model->n_layers);
}

void
nn_part_forward_some(const NNPart *part, int from, int to)
{
	forward_layers(part, 0, from, to);
}

/* Gradients written apart join their input's. */
static void
add_edges(const NNPart *part, int i, int round)
{
	const NNLayer *layer = &part->run->model->layers[i];
	const NNPlanLayer *at = &part->plan->layers[i];
	int from, to;

	nn_part_round(part, round, &from, &to);
	for (int k = 0; k < layer->n_inputs; k++)
	{
		const NNPlanLayer *input = &part->plan->layers[layer->inputs[k]];

		if (at->edges[k].dx == NN_NOWHERE || !at->edges[k].add)
			continue;
		for (int c = from; c < to; c++)
		{
			NNChunk chunk = nn_part_chunk(part, c);

			nn_add(chunk.base + input->dy, chunk.base + at->edges[k].dx,
				   input->reals * (size_t) chunk.count);
		}
	}
}

/* This thread's share of n reals. */
static void
zero_share(const NNPart *part, nn_real *reals, size_t n)
{
	size_t each = (n + (size_t) part->plan->threads - 1) / (size_t) part->plan->threads;
	size_t from = each * (size_t) part->thread;

	if (from < n)
		nn_zero(reals + from, each < n - from ? each : n - from);
}

/* Of large tables the map alone, if there is one: sums are zeroed where they begin. */
static void
clear_sums(const NNPart *part)
{
	const NNPlan *plan = part->plan;
	nn_real *shared = nn_plan_shared(plan, part->run->workspace);

	nn_zero(nn_plan_each(plan, part->run->workspace, part->thread), plan->each_reals);
	for (int s = 0; s < plan->n_segments && plan->shared_reals > 0; s++)
	{
		const NNSegment *segment = &plan->segments[s];

		if (!segment->by_id || !segment->split)
			continue;
		if (segment->slots != NN_NOWHERE)
		{
			zero_share(part, shared + segment->slots,
					   NN_SLOTS_BEGIN + segment->size / segment->width);
			continue;
		}
		if (segment->squares != NN_NOWHERE)
			zero_share(part, shared + segment->squares, segment->size);
		if (segment->magnitudes != NN_NOWHERE)
			zero_share(part, shared + segment->magnitudes, segment->size);
	}
}

void
nn_part_backward_layer(const NNPart *part, int i, int round)
{
	const NNPlanLayer *at = &part->plan->layers[i];
	const NNKind *kind = part->run->model->layers[i].kind;

	if (at->dy == NN_NOWHERE)
		return;
	if (part->plan->request.places != NULL && part->plan->request.places[i] != NN_AFTER_ROOTS)
		return;
	(void) regularize_activity(part, i, round, true);
	if (at->run)
	{
		if (at->coupled && kind->backward_reduce != NULL)
			reduce(part, i, round, true, kind->backward_reduce);
		over_chunks(part, i, round, true, kind->backward);
	}
	add_edges(part, i, round);
}

void
nn_part_backward(const NNPart *part, int round)
{
	if (round == 0 && part->sums == part->run->workspace)
		clear_sums(part);
	for (int i = part->run->model->n_layers - 1; i > 0; i--)
		nn_part_backward_layer(part, i, round);
}

/* Where part `part` of a kernel's rows begins: at multiples that suit the products' tiles. */
static int
rows_begin(int rows, int part, int parts)
{
	int granule = 16;

	while (granule > 1 && rows < granule * parts)
		granule /= 2;
	return part >= parts ? rows : (int) ((int64_t) (rows / granule) * part / parts) * granule;
}

void
nn_part_rows(const NNPart *part, const NNLayer *layer, int *from, int *to)
{
	*from = rows_begin(layer->gradient_rows, part->thread, part->plan->threads);
	*to = rows_begin(layer->gradient_rows, part->thread + 1, part->plan->threads);
}

/* Rows of a kernel's gradient, where they alone are. */
typedef struct Rows
{
	int from, to;
	nn_real *grads;
} Rows;

/* Over the chunks of all threads: some rows, or, without, this thread's part of a gradient. */
static void
over_all_chunks(const NNPart *part, int i, int round, const Rows *rows)
{
	const NNLayer *layer = &part->run->model->layers[i];
	PassRoom room;

	nn_precision_use(part->plan->request.precision);
	for (int t = 0; t < part->plan->threads; t++)
	{
		NNPart other;
		int from, to;

		nn_part_make(&other, part->run, t, part->batch);
		nn_part_join(&other, part);
		nn_part_round(&other, round, &from, &to);
		for (int c = from; c < to && !nn_pool_stopping(); c++)
		{
			NNChunk chunk = nn_part_chunk(&other, c);
			const NNPass *pass = make_pass(&room, &other, &chunk, i, true);

			room.pass.grads = nn_plan_layer_grads(part->plan, part->run, layer);
			room.pass.scratch = nn_plan_scratch(part->plan, part->run->workspace, part->thread);
			if (rows != NULL)
				layer->kind->add_rows(layer, pass, rows->from, rows->to, rows->grads);
			else
				layer->kind->gradient_part(layer, pass, part->thread, part->plan->threads);
		}
	}
	nn_precision_use(NN_FLOAT32);
}

void
nn_part_split_gradient(const NNPart *part, int i, int round)
{
	const NNLayer *layer = &part->run->model->layers[i];
	const NNPlanLayer *at = &part->plan->layers[i];
	Rows rows;

	if (!layer->split_gradient || !at->grads || at->by_rows)
		return;
	if (layer->gradient_rows == 0)
	{
		over_all_chunks(part, i, round, NULL);
		return;
	}
	nn_part_rows(part, layer, &rows.from, &rows.to);
	rows.grads = nn_plan_layer_grads(part->plan, part->run, layer) +
		(size_t) rows.from * (size_t) nn_shape_last(&layer->params[0].shape);
	if (rows.to > rows.from)
		over_all_chunks(part, i, round, &rows);
}

void
nn_part_gradient_rows(const NNPart *part, int i, int from, int to, nn_real *grads)
{
	const Rows rows = {from, to, grads};

	over_all_chunks(part, i, 0, &rows);
}

void
nn_part_split_gradients(const NNPart *part, int round)
{
	if (!part->plan->split)
		return;
	(void) nn_part_barrier(part);
	for (int i = 1; i < part->run->model->n_layers; i++)
		nn_part_split_gradient(part, i, round);
	/* the next round overwrites what the others read */
	if (round + 1 < part->rounds)
		(void) nn_part_barrier(part);
}

void
nn_part_begin_step(const NNPart *part)
{
	const NNRun *run = part->run;
	NNPlan *plan = run->plan;

	if (!plan->begins)
		return;
	/* a step that is done again has begun; one that will not be done need not */
	if (part->thread == 0 && plan->begun != part->step + 1 && !nn_pool_stopping())
	{
		for (int i = 1; i < run->model->n_layers; i++)
		{
			const NNLayer *layer = nn_layer_beginner(&run->model->layers[i]);

			if (layer != NULL && plan->layers[i].grads)
				layer->kind->begin_step(layer, run->params + run->model->layers[i].param_offset,
										nn_plan_scratch(plan, run->workspace, 0));
		}
		plan->begun = part->step + 1;
	}
	(void) nn_part_barrier(part);
}

void
nn_part_end_step(const NNPart *part)
{
	const NNModel *model = part->run->model;

	for (int i = 1; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		PassRoom room;

		if (part->plan->layers[i].run && layer->kind->end_step != NULL && layer->trainable)
		{
			NNChunk chunk = nn_part_chunk(part, 0);
			const NNPass *pass = make_pass(&room, part, &chunk, i, false);

			layer->kind->end_step(layer, pass, part->run->params + layer->param_offset);
		}
	}
}
