/*
 * ctc.c
 *	  Connectionist temporal classification: how likely the outputs of a sample's
 *	  steps are to spell its target, a sequence of classes, wherever in the steps
 *	  each of them is.
 *
 * Outputs are logits, one a class; class 0 is the blank.  A sample's target is its classes in
 * their order, then zeros up to its steps.  A path gives each step a class; it spells
 * what is left when repeats are merged and then blanks taken out, so that equal classes
 * need a blank between them.  The loss is -log of the sum of the probabilities of all paths
 * that spell the target.
 *
 * A state is a place in the target with blanks before, between and after its classes:
 * 2 n + 1 of n.  alpha is the log of the sum over the beginnings of paths that end in a
 * state at a step, beta that over what may follow; both are doubles.  By the logits the
 * gradient is softmax less the share of paths that are at the class then.  alpha of
 * all steps would take room for steps * states: kept is that of the first step of each
 * stretch, as many stretches as they have steps, and on the way back that
 * of the others is computed once more.
 *
 * Steps that a mask hides are as if they were not there.
 */
#include "core/losses/loss.h"

typedef struct Sample
{
	const int32_t *target;
	const nn_real *y; /* (rows, width) */
	size_t width;
	size_t steps;	 /* those that count */
	size_t states;	 /* that the target has */
	size_t stretch;	 /* steps of one */
	uint64_t *rows;	 /* (steps): of each, which it is of all */
	double *norms;	 /* (steps): log of the sum of what the logits are exponents of */
	double *firsts;	 /* (stretches, states): alpha at their first steps */
	double *between; /* (stretch, states): at the steps of one of them */
	double *beta;	 /* (states) */
} Sample;

size_t
nn_sequence_steps(const int32_t *classes, size_t n)
{
	size_t steps = n;

	for (size_t i = 1; i < n; i++)
		steps += classes[i] == classes[i - 1];
	return steps;
}

/* ---- room ---- */

/* The least whose square is that much. */
static size_t
root(size_t n)
{
	size_t r = (size_t) sqrt((double) n);

	while (r * r < n)
		r++;
	return r;
}

size_t
nn_ctc_room(size_t rows)
{
	size_t doubles = 2 * rows + (2 * root(rows) + 1) * (2 * rows + 1);

	return doubles * (sizeof(double) / sizeof(nn_real));
}

/* The rows of a sample that count, and where in scratch its arrays are. */
static Sample
make_sample(const NNLossPass *pass, size_t row)
{
	Sample sample = {
		.target = pass->index + row,
		.y = pass->y + row * (size_t) pass->width,
		.width = (size_t) pass->width,
		.rows = (uint64_t *) pass->scratch,
		.norms = (double *) pass->scratch + pass->sample_rows,
	};
	size_t n = 0;

	for (size_t r = 0; r < pass->sample_rows; r++)
		if (nn_loss_counts(pass, row + r))
			sample.rows[sample.steps++] = r;
	while (n < pass->sample_rows && sample.target[n] != 0)
		n++;
	sample.states = 2 * n + 1;
	sample.stretch = root(sample.steps);
	sample.firsts = sample.norms + pass->sample_rows;
	sample.between = sample.firsts + sample.stretch * sample.states;
	sample.beta = sample.between + sample.stretch * sample.states;
	return sample;
}

/* ---- probabilities ---- */

static double
log_add(double a, double b)
{
	double high = a > b ? a : b;
	double low = a > b ? b : a;

	return low == -INFINITY ? high : high + log1p(exp(low - high));
}

static size_t
class_of(const Sample *sample, size_t state)
{
	return state % 2 == 0 ? 0 : (size_t) sample->target[state / 2];
}

/* Whether a path may come to a state from the last but one. */
static bool
skips_blank(const Sample *sample, size_t state)
{
	return state % 2 == 1 && state > 1 &&
		sample->target[state / 2] != sample->target[state / 2 - 1];
}

static const nn_real *
logits_at(const Sample *sample, size_t step)
{
	return sample->y + sample->rows[step] * sample->width;
}

static double
log_probability(const Sample *sample, size_t step, size_t state)
{
	return (double) logits_at(sample, step)[class_of(sample, state)] - sample->norms[step];
}

static void
compute_norms(const Sample *sample)
{
	for (size_t step = 0; step < sample->steps; step++)
	{
		const nn_real *y = logits_at(sample, step);
		double most = (double) y[0];
		double sum = 0;

		for (size_t i = 1; i < sample->width; i++)
			most = (double) y[i] > most ? (double) y[i] : most;
		for (size_t i = 0; i < sample->width; i++)
			sum += exp((double) y[i] - most);
		sample->norms[step] = most + log(sum);
	}
}

/* ---- paths ---- */

/* Only states from `first` on can still come to the end, only those before `end` were come to. */
static size_t
first_state(const Sample *sample, size_t step)
{
	size_t left = 2 * (sample->steps - step);

	return sample->states > left ? sample->states - left : 0;
}

static size_t
end_state(const Sample *sample, size_t step)
{
	size_t reached = 2 * (step + 1);

	return reached < sample->states ? reached : sample->states;
}

static double *
alpha_at(const Sample *sample, size_t step)
{
	size_t in = step % sample->stretch;

	return in == 0 ? sample->firsts + step / sample->stretch * sample->states
				   : sample->between + in * sample->states;
}

/* alpha of the steps [from, to), that before them being there; false: interrupted. */
static bool
forward(const Sample *sample, size_t from, size_t to)
{
	for (size_t step = from; step < to; step++)
	{
		const double *before = step > 0 ? alpha_at(sample, step - 1) : NULL;
		double *alpha = alpha_at(sample, step);
		size_t end = end_state(sample, step);

		if (nn_pool_stopping())
			return false;
		for (size_t s = first_state(sample, step); s < end; s++)
		{
			double sum = before != NULL ? before[s] : 0;

			if (before != NULL && s > 0)
				sum = log_add(sum, before[s - 1]);
			if (before != NULL && skips_blank(sample, s))
				sum = log_add(sum, before[s - 2]);
			alpha[s] = sum + log_probability(sample, step, s);
		}
		/* as far as the next step looks */
		for (size_t s = end; s < sample->states && s < end + 2; s++)
			alpha[s] = -INFINITY;
	}
	return true;
}

/* beta of a step from that of the next, in its place. */
static void
backward(const Sample *sample, size_t step)
{
	double *beta = sample->beta;
	size_t end = end_state(sample, step);

	for (size_t s = first_state(sample, step + 1); s < end_state(sample, step + 1); s++)
		beta[s] += log_probability(sample, step + 1, s);
	for (size_t s = first_state(sample, step); s < end; s++)
	{
		if (s + 1 < sample->states)
			beta[s] = log_add(beta[s], beta[s + 1]);
		if (s + 2 < sample->states && skips_blank(sample, s + 2))
			beta[s] = log_add(beta[s], beta[s + 2]);
	}
}

/* Of one step's logits, times weight; total: the log of the sum over all paths. */
static void
differentiate(const Sample *sample, size_t step, double total, double weight, nn_real *dy)
{
	const double *alpha = alpha_at(sample, step);
	double blank = 0;

	nn_copy(dy, logits_at(sample, step), sample->width);
	nn_activate(NN_SOFTMAX, dy, sample->width, sample->width);
	for (size_t s = first_state(sample, step); s < end_state(sample, step); s++)
	{
		double share = exp(alpha[s] + sample->beta[s] - total);

		if (s % 2 == 0)
			blank += share;
		else
			dy[class_of(sample, s)] -= (nn_real) share;
	}
	dy[0] -= (nn_real) blank;
	if (weight != 1)
		nn_scale(dy, (nn_real) weight, sample->width);
}

/* dy: of the sample's rows. */
static void
differentiate_steps(const Sample *sample, double total, double weight, nn_real *dy)
{
	for (size_t s = 0; s < sample->states; s++)
		sample->beta[s] = s + 2 < sample->states ? -INFINITY : 0;
	for (size_t step = sample->steps; step-- > 0;)
	{
		bool last = step + 1 == sample->steps;
		size_t in = step % sample->stretch;

		if (!last && in + 1 == sample->stretch && !forward(sample, step - in + 1, step + 1))
			return;
		if (!last)
			backward(sample, step);
		differentiate(sample, step, total, weight, dy + sample->rows[step] * sample->width);
	}
}

/* A sample's value times weight, and its gradient. */
static double
run_sample(const NNLossPass *pass, size_t row, double weight)
{
	Sample sample = make_sample(pass, row);
	const double *alpha;
	double total;

	/* no path is short enough: nothing that could be learned makes the target likelier */
	if (nn_sequence_steps(sample.target, sample.states / 2) > sample.steps)
		return INFINITY;
	compute_norms(&sample);
	if (!forward(&sample, 0, sample.steps))
		return 0;
	alpha = alpha_at(&sample, sample.steps - 1);
	total = alpha[sample.states - 1];
	if (sample.states > 1)
		total = log_add(total, alpha[sample.states - 2]);
	if (pass->dy != NULL)
		differentiate_steps(&sample, total, weight, pass->dy + row * (size_t) pass->width);
	return -weight * total;
}

double
nn_ctc_run(const NNLossPass *pass)
{
	double sum = 0;

	if (pass->dy != NULL)
		nn_zero(pass->dy, pass->rows * (size_t) pass->width);
	for (size_t row = 0; row < pass->rows; row += pass->sample_rows)
	{
		double weight = nn_loss_sample_weight(pass, row);

		if (weight != 0)
			sum += run_sample(pass, row, weight);
	}
	return sum;
}
