/*
 * score.c
 *	  How good a round's outputs are: loss and metrics of each chunk, and what
 *	  regularization adds.
 */
#include "core/losses/loss.h"
#include "core/infer/score.h"

/* A chunk's outputs on their way into totals. */
typedef struct Score
{
	const NNObjective *objective;
	NNActivation f; /* what the outputs still lack; NN_LINEAR: nothing */
	NNLossPass pass;
	double count;	  /* rows that count */
	nn_real *scratch; /* room for a copy, where logits are read twice */
	double *loss_sum; /* totals of this output */
	double *loss_count;
	double *states[NN_MAX_METRICS];
} Score;

/* The loss that a metric is, if it takes logits. */
static const NNLossKind *
crossentropy_of(const NNMetricKind *metric)
{
	const NNLossKind *loss = nn_loss_find(metric->name);

	return loss != NULL && loss->fused != NN_LINEAR ? loss : NULL;
}

/* A loss from logits that stay as they are. */
static double
run_copy(const Score *score, const NNLossKind *loss, NNLossPass pass, nn_real *dy)
{
	nn_copy(score->scratch, pass.y, pass.rows * (size_t) pass.width);
	pass.y = score->scratch;
	pass.dy = dy;
	return loss->run(&pass);
}

/* What a metric looks at. */
static NNLossPass
metric_pass(const Score *score, int metric)
{
	NNLossPass pass = score->pass;

	if (!score->objective->weighted[metric])
		pass.weights = NULL;
	return pass;
}

/* y becomes the outputs, dy its gradient (of the logits, if there are any). */
static double
run_loss(Score *score)
{
	const NNLossKind *loss = score->objective->loss;
	NNLossPass *pass = &score->pass;
	size_t n = pass->rows * (size_t) pass->width;
	double sum = 0;

	if (score->f == NN_LINEAR || score->f == loss->fused)
		return loss->run(pass);
	if (loss->fused != NN_LINEAR)
		sum = run_copy(score, loss, *pass, pass->dy);
	nn_activate(score->f, pass->y, n, (size_t) pass->width);
	if (loss->fused != NN_LINEAR)
		return sum;
	/* logits for the sake of a metric */
	pass->logits = false;
	sum = loss->run(pass);
	if (pass->dy != NULL)
		nn_activate_backward(score->f, NULL, pass->y, pass->dy, n, (size_t) pass->width);
	return sum;
}

/* A loss that limits outputs (hinge, kl_divergence) gives a number for infinite ones, too. */
static bool
hides_infinities(const Score *score)
{
	const NNLossKind *loss = score->objective->loss;

	return loss->fused == NN_LINEAR || score->f != loss->fused;
}

/* A metric that goes by logits, which are there before the loss is computed and not after. */
static void
add_logit_metric(Score *score, int m)
{
	const NNLossKind *kind = crossentropy_of(score->objective->metrics[m]);
	NNLossPass pass = metric_pass(score, m);

	nn_metric_add(score->states[m], run_copy(score, kind, pass, NULL), nn_loss_weights(&pass));
}

/* Whether a metric is the loss itself, so that there is nothing more to compute. */
static bool
is_loss(const Score *score, int m)
{
	return crossentropy_of(score->objective->metrics[m]) == score->objective->loss &&
		(score->pass.weights == NULL || score->objective->weighted[m]);
}

static void
add_score(Score *score)
{
	const NNObjective *objective = score->objective;
	bool by_logits[NN_MAX_METRICS];
	double loss;

	for (int m = 0; m < objective->n_metrics; m++)
	{
		by_logits[m] = score->f != NN_LINEAR && crossentropy_of(objective->metrics[m]) != NULL;
		if (by_logits[m] && !is_loss(score, m))
			add_logit_metric(score, m);
	}
	loss = run_loss(score);
	if (isfinite(loss) && hides_infinities(score) &&
		!nn_all_finite(score->pass.y, score->pass.rows * (size_t) score->pass.width))
		loss = INFINITY;
	*score->loss_sum += loss;
	*score->loss_count += score->count;
	for (int m = 0; m < objective->n_metrics; m++)
	{
		NNLossPass pass = metric_pass(score, m);

		if (!by_logits[m])
			objective->metrics[m]->run(&pass, score->states[m]);
		else if (is_loss(score, m))
			nn_metric_add(score->states[m], loss, nn_loss_weights(&pass));
	}
}

/* Rows that a mask leaves, whatever they weigh. */
static double
count_rows(const uint8_t *mask, size_t rows)
{
	return nn_loss_weights(&(NNLossPass){.rows = rows, .mask = mask});
}

/* Loss and metrics of one output's rows in one chunk. */
static void
score_chunk(Score *score, const NNPart *part, const NNChunk *chunk, int output, bool with_gradient)
{
	const NNLayer *layer = nn_model_output(part->run->model, output);
	NNLossPass *pass = &score->pass;

	*pass = (NNLossPass){
		.rows = part->plan->outputs[output].rows * (size_t) chunk->count,
		.width = nn_shape_last(&layer->out),
		.y = nn_chunk_output(part, chunk, output),
		.logits = layer->logits,
		.mask = nn_chunk_row_mask(part, chunk, output),
		.weights = nn_chunk_weights(part, chunk, output),
		.dy = with_gradient ? nn_chunk_output_gradient(part, chunk, output) : NULL,
	};
	if (score->objective->target == NN_TARGET_INDEX)
		pass->index = nn_chunk_targets(part, chunk, output);
	else
		pass->target = nn_chunk_targets(part, chunk, output);
	score->count = count_rows(pass->mask, pass->rows);
	add_score(score);
	if (pass->dy != NULL && part->plan->scaled)
		nn_scale(pass->dy, (nn_real) part->scale[output], pass->rows * (size_t) pass->width);
}

/* An output without a loss: nothing comes back from it. */
static void
pass_over(const NNPart *part, const NNChunk *chunk, int output, bool with_gradient)
{
	nn_real *dy = with_gradient ? nn_chunk_output_gradient(part, chunk, output) : NULL;

	if (dy != NULL)
		nn_zero(dy,
				part->plan->layers[part->run->model->outputs[output]].reals *
					(size_t) chunk->count);
}

void
nn_part_loss(const NNPart *part, int round, bool with_gradient, NNTotals *totals)
{
	const NNRun *run = part->run;
	int from, to;

	nn_part_round(part, round, &from, &to);
	for (int c = from; c < to && !nn_pool_stopping(); c++)
	{
		NNChunk chunk = nn_part_chunk(part, c);

		totals->losses.samples += chunk.count;
		for (int o = 0; o < run->objectives->n; o++)
		{
			const NNLayer *layer = nn_model_output(run->model, o);
			Score score = {
				.objective = &run->objectives->of[o],
				.f = layer->logits ? nn_layer_activation(layer) : NN_LINEAR,
				.scratch = nn_plan_scratch(part->plan, run->workspace, part->thread),
				.loss_sum = &totals->losses.sum[o],
				.loss_count = &totals->losses.count[o],
			};

			for (int m = 0; m < score.objective->n_metrics; m++)
				score.states[m] = nn_totals_state(run->objectives, totals, o, m);
			if (score.objective->loss == NULL)
				pass_over(part, &chunk, o, with_gradient);
			else
				score_chunk(&score, part, &chunk, o, with_gradient);
		}
	}
}

NNLosses
nn_part_losses(const NNPart *part)
{
	const NNRun *run = part->run;
	NNLosses sum = {0};

	for (int t = 0; t < part->plan->threads; t++)
		nn_losses_add(&sum, &nn_plan_totals(part->plan, run->workspace, t)->losses,
					  run->objectives->n);
	return sum;
}

void
nn_part_count(const NNPart *part, int round, double rows[NN_MAX_OUTPUTS])
{
	int from, to;

	nn_part_round(part, round, &from, &to);
	for (int c = from; c < to; c++)
	{
		NNChunk chunk = nn_part_chunk(part, c);

		for (int o = 0; o < part->run->model->n_outputs; o++)
			rows[o] += count_rows(nn_chunk_row_mask(part, &chunk, o),
								  part->plan->outputs[o].rows * (size_t) chunk.count);
	}
}

double
nn_run_penalty(const NNRun *run)
{
	double penalty = 0;

	for (int i = 0; i < run->model->n_layers; i++)
	{
		const NNLayer *layer = &run->model->layers[i];

		for (int k = 0; k < layer->n_params && layer->trainable; k++)
		{
			const NNParam *param = &layer->params[k];
			const nn_real *p = run->params + layer->param_offset + param->offset;

			if (param->l1 != 0)
				penalty += param->l1 * nn_sum_abs(p, param->size);
			if (param->l2 != 0)
				penalty += param->l2 * nn_sum_squares(p, param->size);
		}
	}
	return penalty;
}
