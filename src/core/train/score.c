/*
 * score.c
 *	  How good a round's outputs are: loss and metrics of each chunk, and what
 *	  regularization adds.
 */
#include "core/train/score.h"

/* A chunk's outputs on their way into totals. */
typedef struct Score
{
	const NNObjective *objective;
	NNActivation f; /* what the outputs still lack; NN_LINEAR: nothing */
	NNLossPass pass;
	double count;	  /* rows that count */
	nn_real *scratch; /* room for a copy, where logits are read twice */
	NNTotals *totals;
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
run_copy(const Score *score, const NNLossKind *loss, nn_real *dy)
{
	NNLossPass copy = score->pass;

	nn_copy(score->scratch, copy.y, copy.rows * (size_t) copy.width);
	copy.y = score->scratch;
	copy.dy = dy;
	return loss->run(&copy);
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
		sum = run_copy(score, loss, pass->dy);
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

static void
add_score(Score *score)
{
	const NNObjective *objective = score->objective;
	NNTotals *totals = score->totals;
	double loss;

	for (int m = 0; m < objective->n_metrics && score->f != NN_LINEAR; m++)
	{
		const NNLossKind *kind = crossentropy_of(objective->metrics[m]);

		if (kind != NULL && kind != objective->loss)
			totals->metric_sum[m] += run_copy(score, kind, NULL);
	}
	loss = run_loss(score);
	if (isfinite(loss) && hides_infinities(score) &&
		!nn_all_finite(score->pass.y, score->pass.rows * (size_t) score->pass.width))
		loss = INFINITY;
	totals->loss_sum += loss;
	totals->loss_count += score->count;
	for (int m = 0; m < objective->n_metrics; m++)
	{
		const NNLossKind *kind =
			score->f == NN_LINEAR ? NULL : crossentropy_of(objective->metrics[m]);

		if (kind == NULL)
		{
			objective->metrics[m]->run(&score->pass, &totals->metric_sum[m],
									   &totals->metric_count[m]);
			continue;
		}
		if (kind == objective->loss)
			totals->metric_sum[m] += loss;
		totals->metric_count[m] += score->count;
	}
}

void
nn_part_loss(const NNPart *part, int round, bool with_gradient, NNTotals *totals)
{
	const NNRun *run = part->run;
	const NNLayer *last = &run->model->layers[run->model->n_layers - 1];
	int width = nn_shape_last(&last->out);
	size_t rows = nn_shape_size(&last->out) / (size_t) width;
	Score score = {
		.objective = run->objective,
		.f = last->logits ? nn_last_activation(run->model) : NN_LINEAR,
		.scratch = nn_plan_scratch(part->plan, run->workspace, part->thread),
		.totals = totals,
	};
	int from, to;

	nn_part_round(part, round, &from, &to);
	for (int c = from; c < to && !nn_pool_stopping(); c++)
	{
		NNChunk chunk = nn_part_chunk(part, c);
		NNLossPass *pass = &score.pass;

		*pass = (NNLossPass){
			.rows = rows * (size_t) chunk.count,
			.width = width,
			.y = nn_chunk_output(part, &chunk),
			.logits = last->logits,
			.mask = nn_chunk_row_mask(part, &chunk),
			.dy = with_gradient ? nn_chunk_output_gradient(part, &chunk) : NULL,
		};
		if (run->objective->target == NN_TARGET_INDEX)
			pass->index = nn_chunk_targets(part, &chunk);
		else
			pass->target = nn_chunk_targets(part, &chunk);
		score.count = pass->mask == NULL ? (double) pass->rows : 0;
		for (size_t r = 0; pass->mask != NULL && r < pass->rows; r++)
			score.count += pass->mask[r];
		totals->samples += chunk.count;
		add_score(&score);
	}
}

double
nn_run_penalty(const NNRun *run)
{
	double penalty = 0;

	for (int i = 1; i < run->model->n_layers; i++)
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
