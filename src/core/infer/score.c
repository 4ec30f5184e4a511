/*
 * score.c
 *	  How good a round's outputs are: loss and metrics of each chunk, and what
 *	  regularization adds.
 */
#include "core/losses/metric.h"
#include "core/infer/score.h"

/* A chunk's outputs on their way into totals. */
typedef struct Score
{
	const NNObjective *objective;
	NNActivation f; /* what the outputs still lack; NN_LINEAR: nothing */
	NNLossPass pass;
	double count;	  /* entries of the loss that count */
	double *loss_sum; /* totals of this output */
	double *loss_count;
	double *states[NN_MAX_METRICS];
} Score;

/* What a metric looks at. */
static NNLossPass
metric_pass(const Score *score, int metric)
{
	NNLossPass pass = score->pass;

	if (!score->objective->metrics[metric].weighted)
		pass.weights = NULL;
	pass.conf = NULL;
	pass.dy = NULL;
	pass.batch = NULL;
	pass.ratio = NULL;
	return pass;
}

/* y becomes the outputs, dy its gradient (of the logits, if there are any). */
static double
run_loss(Score *score)
{
	const NNLoss *loss = &score->objective->loss;
	NNLossPass *pass = &score->pass;
	size_t n = pass->rows * (size_t) pass->width;
	double sum;

	if (score->f == NN_LINEAR)
		return nn_loss_of_outputs(loss, pass);
	if (nn_loss_by_logits(loss, score->f) && score->f == loss->kind->fused)
		return loss->kind->run(pass);
	if (nn_loss_by_logits(loss, score->f))
	{
		sum = nn_loss_of_logits(loss, pass);
		nn_activate(score->f, pass->y, n, (size_t) pass->width);
		return sum;
	}
	/* logits for the sake of a metric */
	nn_activate(score->f, pass->y, n, (size_t) pass->width);
	pass->logits = false;
	sum = nn_loss_of_outputs(loss, pass);
	if (pass->dy != NULL)
		nn_activate_backward(score->f, NULL, pass->y, pass->dy, n, (size_t) pass->width);
	return sum;
}

/* A loss that limits outputs (hinge, kl_divergence) gives a number for infinite ones, too. */
static bool
hides_infinities(const Score *score)
{
	const NNLossKind *loss = score->objective->loss.kind;

	return loss->fused == NN_LINEAR || score->f != loss->fused;
}

/* A metric that goes by logits, which are there before the loss is computed and not after. */
static void
add_logit_metric(Score *score, int m)
{
	const NNLoss *loss = nn_metric_loss(&score->objective->metrics[m]);
	NNLossPass pass = metric_pass(score, m);

	pass.conf = nn_loss_conf(loss);
	nn_metric_add(score->states[m], nn_loss_of_logits(loss, &pass), nn_loss_weights(&pass));
}

/* Whether a metric is the loss itself, so that there is nothing more to compute. */
static bool
is_loss(const Score *score, int m)
{
	const NNMetric *metric = &score->objective->metrics[m];
	const NNLoss *loss = nn_metric_loss(metric);

	return loss->kind == score->objective->loss.kind &&
		memcmp(&loss->conf, &score->objective->loss.conf, sizeof(loss->conf)) == 0 &&
		(score->pass.weights == NULL || metric->weighted);
}

static void
add_score(Score *score)
{
	const NNObjective *objective = score->objective;
	bool by_logits[NN_MAX_METRICS];
	double loss;

	for (int m = 0; m < objective->n_metrics; m++)
	{
		const NNLoss *other = nn_metric_loss(&objective->metrics[m]);

		by_logits[m] = score->f != NN_LINEAR && other != NULL && nn_loss_by_logits(other, score->f);
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
		const NNMetric *metric = &objective->metrics[m];
		NNLossPass pass = metric_pass(score, m);

		if (!by_logits[m])
			metric->kind->run(metric, &pass, score->states[m]);
		else if (is_loss(score, m))
		{
			pass.conf = nn_loss_conf(&objective->loss);
			nn_metric_add(score->states[m], loss, nn_loss_weights(&pass));
		}
	}
}

/* What the loss of an output looks at in a chunk, without a gradient. */
static NNLossPass
chunk_pass(const NNPart *part, const NNChunk *chunk, int output)
{
	const NNLayer *layer = nn_model_output(part->run->model, output);
	const NNObjective *objective = &part->run->objectives->of[output];
	NNLossPass pass = {
		.rows = part->plan->outputs[output].rows * (size_t) chunk->count,
		.width = nn_shape_last(&layer->out),
		.sample_rows = part->plan->outputs[output].rows,
		.y = nn_chunk_output(part, chunk, output),
		.logits = layer->logits,
		.mask = nn_chunk_row_mask(part, chunk, output),
		.weights = nn_chunk_weights(part, chunk, output),
		.conf = nn_loss_conf(&objective->loss),
		.scratch = nn_plan_scratch(part->plan, part->run->workspace, part->thread),
	};

	if (objective->target == NN_TARGET_INDEX)
		pass.index = nn_chunk_targets(part, chunk, output);
	else
		pass.target = nn_chunk_targets(part, chunk, output);
	return pass;
}

/* Entries of the loss that count, whatever they weigh. */
static double
count_entries(NNLossPass pass)
{
	pass.weights = NULL;
	return nn_loss_weights(&pass);
}

/* Loss and metrics of one output's rows in one chunk. */
static void
score_chunk(Score *score, const NNPart *part, const NNChunk *chunk, int output, bool with_gradient)
{
	NNLossPass *pass = &score->pass;

	pass->dy = with_gradient ? nn_chunk_output_gradient(part, chunk, output) : NULL;
	score->count = count_entries(*pass);
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
				.loss_sum = &totals->losses.sum[o],
				.loss_count = &totals->losses.count[o],
			};

			for (int m = 0; m < score.objective->n_metrics; m++)
				score.states[m] = nn_totals_state(run->objectives, totals, o, m);
			if (score.objective->loss.kind == NULL)
			{
				pass_over(part, &chunk, o, with_gradient);
				continue;
			}
			score.pass = chunk_pass(part, &chunk, o);
			/* of one value of a batch: known before its gradient, else told by its sums */
			if (with_gradient)
				score.pass.batch = &part->whole[o];
			else
				score.pass.ratio = nn_totals_loss_state(run->objectives, totals, o);
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

/* A chunk's part of what a batch has in common, of outputs that may still lack their activation. */
static void
add_ratio(const NNPart *part, NNLossPass pass, int output, NNLossBatch *whole)
{
	const NNLoss *loss = &part->run->objectives->of[output].loss;
	size_t n = pass.rows * (size_t) pass.width;

	if (pass.logits)
	{
		nn_copy(pass.scratch, pass.y, n);
		pass.y = pass.scratch;
		nn_activate(nn_layer_activation(nn_model_output(part->run->model, output)), pass.y, n,
					(size_t) pass.width);
		pass.logits = false;
	}
	pass.ratio = whole->ratio;
	whole->weights += nn_loss_of_outputs(loss, &pass);
}

void
nn_part_count(const NNPart *part, int round, NNCounts *counts)
{
	int from, to;

	nn_part_round(part, round, &from, &to);
	for (int c = from; c < to; c++)
	{
		NNChunk chunk = nn_part_chunk(part, c);

		for (int o = 0; o < part->run->objectives->n; o++)
		{
			const NNLoss *loss = &part->run->objectives->of[o].loss;
			NNLossPass pass;

			if (loss->kind == NULL)
				continue;
			pass = chunk_pass(part, &chunk, o);
			counts->rows[o] += count_entries(pass);
			if (nn_loss_states(loss) > 0)
				add_ratio(part, pass, o, &counts->whole[o]);
		}
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
			const NNRegularizer *rules = &param->regularizer;
			const nn_real *p = run->params + layer->param_offset + param->offset;

			if (rules->l1 != 0)
				penalty += rules->l1 * nn_sum_abs(p, param->size);
			if (rules->l2 != 0)
				penalty += rules->l2 * nn_sum_squares(p, param->size);
			if (rules->orthogonal != 0)
				penalty += nn_orthogonal_penalty(param, p);
		}
	}
	return penalty;
}
