/*
 * explain.c
 *	  Integrated gradients (Sundararajan et al. 2017): which share of an output's
 *	  difference between a baseline and a sample each value of the sample has.
 *
 * The path is straight, and the gradients along it are averaged by the trapezoidal
 * rule.  It begins at the inputs or, where what comes in does not change smoothly
 * (ids, categories, what may be missing), behind the last layer of that sort: at
 * the roots.  What a root's values have is added to the values of x that they were
 * made from, as far as that can be told.  With several inputs, which are columns
 * of a row, normalization lies before the roots too, so that a baseline of zeros
 * there is the mean.
 *
 * Masks are those of the sample, all along the path.
 *
 * Shapes: of each root one sample's values, end to end (roots): at x | at the
 * baseline | sums of gradients (doubles); copies of x, as many as a chunk has.
 */
#include "core/graph/part.h"
#include "core/layers/kinds.h"
#include "core/nn_explain.h"

typedef struct ExplainJob
{
	NNRun *run;
	NNExplanation *explanation;
	int from;
	int count; /* points; 0: the ends */
	bool stopped;
} ExplainJob;

/* ---- places ---- */

static bool
is_before(const NNModel *model, const NNLayer *layer)
{
	return layer->n_inputs == 0 || (layer->kind->flags & NN_KIND_STEPPED) ||
		(model->n_inputs > 1 && layer->kind == &nn_normalization &&
		 !nn_adapts_to_target(model, layer->index));
}

void
nn_explain_places(const NNModel *model, uint8_t *places)
{
	memset(places, NN_AFTER_ROOTS, (size_t) model->n_layers);
	/* what such a layer gets its values from is before it */
	for (int i = model->n_layers - 1; i >= 0; i--)
	{
		const NNLayer *layer = &model->layers[i];

		if (is_before(model, layer))
			places[i] = NN_BEFORE_ROOTS;
		for (int k = 0; k < layer->n_inputs && places[i] == NN_BEFORE_ROOTS; k++)
			places[layer->inputs[k]] = NN_BEFORE_ROOTS;
	}
	for (int i = 0; i < model->n_layers; i++)
		for (int k = 0; k < model->layers[i].n_inputs; k++)
		{
			uint8_t *from = &places[model->layers[i].inputs[k]];

			if (places[i] == NN_AFTER_ROOTS && *from == NN_BEFORE_ROOTS)
				*from = NN_ROOT;
		}
	for (int o = 0; o < model->n_outputs; o++)
		if (places[model->outputs[o]] == NN_BEFORE_ROOTS)
			places[model->outputs[o]] = NN_ROOT;
}

/* ---- memory ---- */

static size_t
roots_size(const NNPlan *plan, const NNModel *model)
{
	size_t n = 0;

	for (int i = 0; i < model->n_layers; i++)
		if (plan->request.places[i] == NN_ROOT)
			n += plan->layers[i].reals;
	return n;
}

size_t
nn_explain_bytes(const NNPlan *plan, const NNModel *model)
{
	size_t n = roots_size(plan, model);

	return n * (sizeof(double) + 2 * sizeof(nn_real)) +
		(size_t) plan->chunk * plan->x_reals * sizeof(nn_real);
}

static double *
sums_of(const NNExplanation *explanation)
{
	return explanation->memory;
}

static nn_real *
at_x(const NNRun *run, const NNExplanation *explanation)
{
	return (nn_real *) (sums_of(explanation) + roots_size(run->plan, run->model));
}

static nn_real *
at_baseline(const NNRun *run, const NNExplanation *explanation)
{
	return at_x(run, explanation) + roots_size(run->plan, run->model);
}

static nn_real *
copies_of(const NNRun *run, const NNExplanation *explanation)
{
	return at_baseline(run, explanation) + roots_size(run->plan, run->model);
}

/* ---- passes ---- */

/* The layers before the roots, roots included, or those after them. */
static void
forward(const NNPart *part, bool after)
{
	for (int i = 0; i < part->run->model->n_layers; i++)
		if ((part->plan->request.places[i] == NN_AFTER_ROOTS) == after)
			nn_part_forward_some(part, i, i + 1);
}

/* An output that leaves its activation to the loss gets it here. */
static void
activate(const NNPart *part, const NNChunk *chunk, int output)
{
	const NNLayer *layer = nn_model_output(part->run->model, output);
	size_t n = part->plan->layers[layer->index].reals * (size_t) chunk->count;

	if (layer->logits)
		nn_activate(nn_layer_activation(layer), nn_chunk_output(part, chunk, output), n,
					(size_t) nn_shape_last(&layer->out));
}

static void
run_ends(ExplainJob *job)
{
	const NNExplanation *explanation = job->explanation;
	const NNModel *model = job->run->model;
	nn_real *x_end = at_x(job->run, explanation);
	nn_real *baseline_end = at_baseline(job->run, explanation);
	nn_real *y = explanation->y;
	NNPart part;
	NNChunk chunk = nn_part_alone(&part, job->run, 0, 1);

	nn_zero(baseline_end, roots_size(part.plan, model));
	for (int end = explanation->baseline != NULL ? 1 : 0; end >= 0; end--)
	{
		nn_real *to = end == 1 ? baseline_end : x_end;

		nn_chunk_load_reals(&part, &chunk, end == 1 ? explanation->baseline : explanation->x);
		forward(&part, false);
		for (int i = 0; i < model->n_layers; i++)
		{
			const NNPlanLayer *at = &part.plan->layers[i];

			if (part.plan->request.places[i] != NN_ROOT)
				continue;
			nn_copy(to, chunk.base + at->y, at->reals);
			to += at->reals;
		}
	}
	forward(&part, true);
	for (int o = 0; o < model->n_outputs; o++)
	{
		size_t n = part.plan->layers[model->outputs[o]].reals;

		activate(&part, &chunk, o);
		nn_copy(y, nn_chunk_output(&part, &chunk, o), n);
		y += n;
	}
	job->stopped = nn_pool_stopping();
}

/* Roots take their values at points of the path. */
static void
set_roots(const ExplainJob *job, const NNPart *part, const NNChunk *chunk)
{
	const nn_real *x = at_x(job->run, job->explanation);
	const nn_real *baseline = at_baseline(job->run, job->explanation);

	for (int i = 0; i < part->run->model->n_layers; i++)
	{
		const NNPlanLayer *at = &part->plan->layers[i];
		nn_real *y = chunk->base + at->y;

		if (part->plan->request.places[i] != NN_ROOT)
			continue;
		for (int p = 0; p < chunk->count; p++)
		{
			nn_real share = (nn_real) (job->from + p) / (nn_real) job->explanation->points;

			for (size_t j = 0; j < at->reals; j++)
				*y++ = baseline[j] + share * (x[j] - baseline[j]);
		}
		x += at->reals;
		baseline += at->reals;
	}
}

/* The gradient of the unit by itself, at each point. */
static void
set_unit(const ExplainJob *job, const NNPart *part, const NNChunk *chunk)
{
	const NNModel *model = part->run->model;
	size_t unit = job->explanation->unit;

	for (int o = 0; o < model->n_outputs; o++)
	{
		const NNLayer *layer = nn_model_output(model, o);
		size_t each = part->plan->layers[layer->index].reals;
		size_t n = each * (size_t) chunk->count;
		nn_real *dy = nn_chunk_output_gradient(part, chunk, o);
		nn_real *y = nn_chunk_output(part, chunk, o);

		if (dy != NULL)
		{
			nn_zero(dy, n);
			for (int p = 0; p < chunk->count && unit < each; p++)
				dy[(size_t) p * each + unit] = 1;
			activate(part, chunk, o);
			if (layer->logits)
				nn_activate_backward(nn_layer_activation(layer), NULL, y, dy, n,
									 (size_t) nn_shape_last(&layer->out));
		}
		unit = unit < each ? SIZE_MAX : unit - each;
	}
}

static void
add_gradients(const ExplainJob *job, const NNPart *part, const NNChunk *chunk)
{
	double *sums = sums_of(job->explanation);

	for (int i = 0; i < part->run->model->n_layers; i++)
	{
		const NNPlanLayer *at = &part->plan->layers[i];

		if (part->plan->request.places[i] != NN_ROOT)
			continue;
		for (int p = 0; p < chunk->count && at->dy != NN_NOWHERE; p++)
		{
			const nn_real *dy = chunk->base + at->dy + (size_t) p * at->reals;
			int point = job->from + p;
			double weight = point == 0 || point == job->explanation->points ? 0.5 : 1;

			for (size_t j = 0; j < at->reals; j++)
				sums[j] += weight * (double) dy[j];
		}
		sums += at->reals;
	}
}

static void
run_points(ExplainJob *job)
{
	NNPart part;
	NNChunk chunk = nn_part_alone(&part, job->run, 0, job->count);

	nn_chunk_load_reals(&part, &chunk, copies_of(job->run, job->explanation));
	forward(&part, false);
	set_roots(job, &part, &chunk);
	forward(&part, true);
	set_unit(job, &part, &chunk);
	nn_part_backward(&part, 0);
	/* asked once: what is added must not be done again */
	job->stopped = nn_pool_stopping();
	if (!job->stopped)
		add_gradients(job, &part, &chunk);
}

static void
explain_job(void *arg, int thread)
{
	ExplainJob *job = arg;

	(void) thread; /* there is one */
	if (job->count == 0)
		run_ends(job);
	else
		run_points(job);
}

static NNRunResult
explain(ExplainJob *job)
{
	nn_plan_begin(job->run->plan);
	nn_pool_run(1, explain_job, job);
	if (job->stopped)
		return NN_RUN_INTERRUPTED;
	return nn_plan_refused(job->run->plan) ? NN_RUN_REFUSED : NN_RUN_DONE;
}

NNRunResult
nn_explain_ends(NNRun *run, NNExplanation *explanation)
{
	ExplainJob job = {.run = run, .explanation = explanation};
	nn_real *copies = copies_of(run, explanation);
	double *sums = sums_of(explanation);
	size_t n = roots_size(run->plan, run->model);

	for (size_t i = 0; i < n; i++)
		sums[i] = 0;
	for (int p = 0; p < run->plan->chunk; p++)
		nn_copy(copies + (size_t) p * run->plan->x_reals, explanation->x, run->plan->x_reals);
	return explain(&job);
}

NNRunResult
nn_explain_points(NNRun *run, NNExplanation *explanation, int from, int *done)
{
	ExplainJob job = {.run = run, .explanation = explanation, .from = from};
	int left = explanation->points + 1 - from;
	NNRunResult result;

	job.count = left < run->plan->chunk ? left : run->plan->chunk;
	result = explain(&job);
	/* what an interrupt stopped has added nothing */
	*done = result == NN_RUN_INTERRUPTED ? 0 : job.count;
	return result;
}

/* ---- whose it is ---- */

/*
 * The input and the value of x, among those of all inputs, that a layer's value
 * was made from.  *value is NN_NOWHERE where that cannot be told; false: not even
 * the input can.
 */
static bool
find_origin(const NNModel *model, const NNLayer *layer, size_t unit, int *input, size_t *value)
{
	bool known = true;
	size_t at = 0;

	while (layer->n_inputs > 0)
	{
		size_t in = nn_shape_size(&layer->in[0]);
		size_t out = nn_shape_size(&layer->out);
		size_t last = (size_t) nn_shape_last(&layer->in[0]);

		if (layer->n_inputs > 1)
			return false;
		if (in == 1)
			unit = 0;
		else if ((layer->kind->flags & NN_KIND_ELEMENTWISE) && out > in)
			unit = unit / (out / in * last) * last + unit % last; /* an indicator beside each */
		else if (layer->out.rank > layer->in[0].rank && out % in == 0)
			unit = unit / (out / in); /* several for each */
		else
			known = known && in == out;
		layer = &model->layers[layer->inputs[0]];
	}
	for (int k = 0; k < model->n_inputs; k++)
	{
		*input = k;
		if (&model->layers[model->inputs[k]] == layer)
			break;
		at += nn_shape_size(&model->layers[model->inputs[k]].out);
	}
	*value = known ? at + unit : NN_NOWHERE;
	return true;
}

bool
nn_explain_end(const NNRun *run, NNExplanation *explanation)
{
	const NNModel *model = run->model;
	const double *sums = sums_of(explanation);
	const nn_real *x = at_x(run, explanation);
	const nn_real *baseline = at_baseline(run, explanation);

	for (size_t i = 0; i < run->plan->x_reals; i++)
		explanation->values[i] = 0;
	for (int k = 0; k < model->n_inputs; k++)
		explanation->inputs[k] = 0;
	explanation->known = true;
	for (int i = 0; i < model->n_layers; i++)
	{
		if (run->plan->request.places[i] != NN_ROOT)
			continue;
		for (size_t j = 0; j < run->plan->layers[i].reals; j++, sums++, x++, baseline++)
		{
			double share = (double) (*x - *baseline) * *sums / explanation->points;
			size_t value;
			int input = 0;

			if (!find_origin(model, &model->layers[i], j, &input, &value))
				return false;
			explanation->inputs[input] += share;
			if (value == NN_NOWHERE)
				explanation->known = false;
			else
				explanation->values[value] += share;
		}
	}
	return true;
}
