/*
 * score.c
 *	  How good a round's outputs are: loss and metrics of each chunk, and what
 *	  regularization adds.
 */
#include "core/train/score.h"

void
nn_part_loss(const NNPart *part, int round, bool with_gradient, NNTotals *totals)
{
	const NNRun *run = part->run;
	const NNObjective *objective = run->objective;
	const NNLayer *last = &run->model->layers[run->model->n_layers - 1];
	int width = nn_shape_last(&last->out);
	size_t rows = nn_shape_size(&last->out) / (size_t) width;
	int from, to;

	nn_part_round(part, round, &from, &to);
	for (int c = from; c < to && !nn_pool_stopping(); c++)
	{
		NNChunk chunk = nn_part_chunk(part, c);
		NNLossPass pass = {
			.rows = rows * (size_t) chunk.count,
			.width = width,
			.y = nn_chunk_output(part, &chunk),
			.logits = last->logits,
			.mask = nn_chunk_output_mask(part, &chunk),
			.dy = with_gradient ? nn_chunk_output_gradient(part, &chunk) : NULL,
		};
		double count = 0;

		/* a mask of steps speaks of the output's rows only where those are the steps */
		if (part->plan->layers[last->index].mask_steps != rows)
			pass.mask = NULL;
		if (objective->target == NN_TARGET_INDEX)
			pass.index = nn_chunk_targets(part, &chunk);
		else
			pass.target = nn_chunk_targets(part, &chunk);
		if (pass.mask == NULL)
			count = (double) pass.rows;
		else
			for (size_t r = 0; r < pass.rows; r++)
				count += pass.mask[r];
		totals->loss_sum += objective->loss->run(&pass);
		totals->loss_count += count;
		totals->samples += chunk.count;
		for (int m = 0; m < objective->n_metrics; m++)
			objective->metrics[m]->run(&pass, &totals->metric_sum[m], &totals->metric_count[m]);
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
