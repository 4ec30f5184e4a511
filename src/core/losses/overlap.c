/*
 * overlap.c
 *	  Losses of how much outputs and targets have in common: dice and tversky.
 *
 * Each is 1 - n / (d + epsilon) of two sums over its entries,
 *	 dice: n = 2 t y, d = t + y;  tversky: n = t y, d = t y + alpha t (1 - y) + beta (1 - t) y
 * and its entries are those of a row, of a sample, or of all rows of a batch, which
 * is Keras's default.  Of a batch chunks add up n and d (pass->ratio) before the gradient, for which
 * those of all are known then (pass->batch); as Keras has it, the mean weight of its
 * rows scales the whole.  Rows that a mask hides belong to none.
 */
#include "core/losses/loss.h"

/* Of target T and output Y. */
typedef struct Kind
{
	double n;		 /* n T Y */
	double t, y, ty; /* d = t T + y Y + ty T Y */
} Kind;

double
nn_overlap_loss(const double ratio[NN_RATIO_STATES])
{
	return 1 - ratio[0] / (ratio[1] + NN_LOSS_EPSILON);
}

static void
add_row(const Kind *kind, const NNLossPass *pass, size_t row, double ratio[NN_RATIO_STATES])
{
	const nn_real *y = pass->y + row * (size_t) pass->width;
	const float *t = pass->target + row * (size_t) pass->width;
	double both = 0, outputs = 0, targets = 0;

	for (int i = 0; i < pass->width; i++)
	{
		both += (double) y[i] * (double) t[i];
		outputs += (double) y[i];
		targets += (double) t[i];
	}
	ratio[0] += kind->n * both;
	ratio[1] += kind->t * targets + kind->y * outputs + kind->ty * both;
}

/* dy of a row, the loss being that of a ratio, times weight. */
static void
differentiate_row(const Kind *kind, const NNLossPass *pass, size_t row, double weight,
				  const double ratio[NN_RATIO_STATES])
{
	const float *t = pass->target + row * (size_t) pass->width;
	nn_real *dy = pass->dy + row * (size_t) pass->width;
	double d = ratio[1] + NN_LOSS_EPSILON;

	for (int i = 0; i < pass->width; i++)
	{
		double target = (double) t[i];

		dy[i] = (nn_real) (weight *
						   (ratio[0] * (kind->y + kind->ty * target) / d - kind->n * target) / d);
	}
}

/* Some rows, and of a loss of each what it is worth: dy, where that is wanted. */
static void
add_rows(const Kind *kind, const NNLossPass *pass, size_t row, size_t rows,
		 double ratio[NN_RATIO_STATES])
{
	for (size_t r = row; r < row + rows; r++)
		if (nn_loss_counts(pass, r))
			add_row(kind, pass, r, ratio);
}

static void
differentiate_rows(const Kind *kind, const NNLossPass *pass, size_t row, size_t rows, double weight,
				   const double ratio[NN_RATIO_STATES])
{
	for (size_t r = row; pass->dy != NULL && r < row + rows; r++)
		differentiate_row(kind, pass, r, nn_loss_counts(pass, r) ? weight : 0, ratio);
}

/* Each row, or the rows of each sample, are a value of their own. */
static double
run_groups(const Kind *kind, const NNLossPass *pass, bool samples)
{
	size_t rows = samples ? pass->sample_rows : 1;
	double sum = 0;

	for (size_t row = 0; row < pass->rows; row += rows)
	{
		double ratio[NN_RATIO_STATES] = {0};
		double weight = samples ? nn_loss_sample_weight(pass, row) : nn_loss_weight(pass, row);

		add_rows(kind, pass, row, rows, ratio);
		differentiate_rows(kind, pass, row, rows, weight, ratio);
		sum += weight * nn_overlap_loss(ratio);
	}
	return sum;
}

/* Neither told what a batch comes to nor asked for a part of it: these rows are all. */
static double
run_batch(const Kind *kind, const NNLossPass *pass)
{
	NNLossBatch all = {.weights = nn_loss_weights(pass)};
	const NNLossBatch *batch = pass->batch != NULL ? pass->batch : &all;

	if (pass->batch == NULL)
		add_rows(kind, pass, 0, pass->rows, all.ratio);
	if (pass->ratio != NULL)
	{
		pass->ratio[0] += all.ratio[0];
		pass->ratio[1] += all.ratio[1];
		return all.weights;
	}
	differentiate_rows(kind, pass, 0, pass->rows, batch->weights, batch->ratio);
	return all.weights * nn_overlap_loss(batch->ratio);
}

static double
run(Kind kind, const NNLossPass *pass)
{
	return pass->conf->over == NN_OVER_BATCH
		? run_batch(&kind, pass)
		: run_groups(&kind, pass, pass->conf->over == NN_OVER_SAMPLES);
}

double
nn_dice_run(const NNLossPass *pass)
{
	return run((Kind){2, 1, 1, 0}, pass);
}

double
nn_tversky_run(const NNLossPass *pass)
{
	double alpha = pass->conf->alpha;
	double beta = pass->conf->beta;

	return run((Kind){1, alpha, beta, 1 - alpha - beta}, pass);
}
