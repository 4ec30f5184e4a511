/*
 * rows.c
 *	  The rows of an output that count, and by how much.
 *
 * Masks mostly cut off the ends of samples, so the rows they leave are taken
 * as spans: a loss is written for a span without a mask, whose rows weigh the same.
 */
#include "core/losses/loss.h"

double
nn_loss_sample_weight(const NNLossPass *pass, size_t row)
{
	double sum = 0;
	double count = 0;

	for (size_t r = row; r < row + pass->sample_rows; r++)
	{
		sum += nn_loss_weight(pass, r);
		count += nn_loss_counts(pass, r);
	}
	return count > 0 ? sum / count : 0;
}

double
nn_loss_weights(const NNLossPass *pass)
{
	bool samples = pass->conf != NULL && pass->conf->over == NN_OVER_SAMPLES;
	size_t step = samples ? pass->sample_rows : 1;
	double sum = 0;

	if (!samples && pass->mask == NULL && pass->weights == NULL && !nn_loss_ignores(pass))
		return (double) pass->rows;
	for (size_t row = 0; row < pass->rows; row += step)
		sum += samples ? nn_loss_sample_weight(pass, row) : nn_loss_weight(pass, row);
	return sum;
}

static float
weight_at(const NNLossPass *pass, size_t row)
{
	return pass->weights == NULL ? 1 : pass->weights[row];
}

double
nn_loss_spans(const NNLossPass *pass, NNActivation fused, NNLossSpan span)
{
	size_t width = (size_t) pass->width;
	double sum = 0;
	size_t end;

	if (pass->mask == NULL && pass->weights == NULL && !nn_loss_ignores(pass))
		return span(pass);
	for (size_t row = 0; row < pass->rows; row = end)
	{
		bool counts = nn_loss_counts(pass, row);
		float weight = weight_at(pass, row);
		NNLossPass part = *pass;

		for (end = row + 1; end < pass->rows && nn_loss_counts(pass, end) == counts &&
			 (!counts || weight_at(pass, end) == weight);
			 end++)
			;
		part.mask = NULL;
		part.weights = NULL;
		part.rows = end - row;
		part.y += row * width;
		part.target = pass->target == NULL ? NULL : pass->target + row * width;
		part.index = pass->index == NULL ? NULL : pass->index + row;
		part.dy = pass->dy == NULL ? NULL : pass->dy + row * width;
		if (counts)
		{
			sum += (double) weight * span(&part);
			if (part.dy != NULL && weight != 1)
				nn_scale(part.dy, (nn_real) weight, part.rows * width);
			continue;
		}
		if (pass->logits)
			nn_activate(fused, part.y, part.rows * width, width);
		if (part.dy != NULL)
			nn_zero(part.dy, part.rows * width);
	}
	return sum;
}
