/*
 * quantiles.c
 *	  Summaries of distributions by quantiles, as Keras's Discretization makes
 *	  them, with float's rounding where Keras rounds.
 *
 * state: how many values are in the block | how many entries the summary has |
 * the block | entries: values | weights | room for merging them.
 */
#include <math.h>
#include <string.h>

#include "core/kernels/quantiles.h"

#define BLOCK ((size_t) 1 << 16)
#define HEAD 2

/* A summary has up to 1 / epsilon + 2 entries, a block's up to 2 / epsilon + 2. */
static size_t
most_entries(double epsilon)
{
	return (size_t) (4 / epsilon) + 16;
}

size_t
nn_quantiles_size(double epsilon)
{
	return HEAD + BLOCK + 4 * most_entries(epsilon);
}

static void
sift(double *values, size_t at, size_t n)
{
	for (size_t child; (child = 2 * at + 1) < n; at = child)
	{
		double value = values[at];

		child += child + 1 < n && values[child + 1] > values[child];
		if (!(values[child] > value))
			return;
		values[at] = values[child];
		values[child] = value;
	}
}

void
nn_sort(double *values, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift(values, i, n);
	for (size_t i = n; i-- > 1;)
	{
		double largest = values[0];

		values[0] = values[i];
		values[i] = largest;
		sift(values, 0, i);
	}
}

/* Values and their weights, in the order of values. */
typedef struct Summary
{
	double *values;
	double *weights;
	size_t n;
} Summary;

/* The sorted block's, behind which there is room. */
static void
summarize(const double *block, size_t n, double epsilon, Summary *to)
{
	double step = fmax((double) n / (1.0 / epsilon), 1);

	for (size_t i = (size_t) (step - 1); i < n; i += (size_t) step)
	{
		to->values[to->n] = block[i];
		to->weights[to->n++] = (double) (float) step;
	}
}

/* Both in order; a may be moved, to where it does not lie in the way. */
static void
merge(Summary *to, const Summary *a, const Summary *b)
{
	size_t i = 0, k = 0;

	while (i < a->n || k < b->n)
	{
		bool first = k == b->n || (i < a->n && a->values[i] <= b->values[k]);
		const Summary *from = first ? a : b;
		size_t at = first ? i++ : k++;

		to->values[to->n] = from->values[at];
		to->weights[to->n++] = from->weights[at];
	}
}

/* numpy.interp: y at x, of points whose xs grow; *at is where to look, for growing x. */
static double
interpolate(double x, const double *xs, const double *ys, size_t n, size_t *at)
{
	if (x <= xs[0])
		return ys[0];
	while (*at + 1 < n && xs[*at + 1] < x)
		(*at)++;
	if (*at + 1 >= n)
		return ys[n - 1];
	return ys[*at] + (ys[*at + 1] - ys[*at]) * (x - xs[*at]) / (xs[*at + 1] - xs[*at]);
}

/*
 * To one entry each share of epsilon; to has other room than from, whose
 * weights become their sums, as shares of all.
 */
static void
compress(Summary *to, Summary *from, double epsilon)
{
	size_t n = (size_t) ceil(1.0 / epsilon);
	size_t at = 0;
	double before = 0, all = 0;

	to->n = 0;
	if ((double) from->n * epsilon < 1)
	{
		merge(to, from, &(Summary){0});
		return;
	}
	for (size_t i = 0; i < from->n; i++)
		all += from->weights[i];
	for (size_t i = 0; i < from->n; i++)
	{
		before += from->weights[i];
		from->weights[i] = before / all;
	}
	before = 0;
	for (size_t i = 0; i < n; i++)
	{
		double share = epsilon + (double) i * epsilon;
		double weight = fmax(fmin(share, 1), from->weights[0]) * all;

		to->values[i] =
			(double) (float) interpolate(share, from->weights, from->values, from->n, &at);
		to->weights[i] = (double) (float) (weight - before);
		before = weight;
	}
	to->n = n;
}

/* Take the block into the summary. */
static void
take_block(double *state, double epsilon)
{
	size_t most = most_entries(epsilon);
	double *block = state + HEAD;
	double *room = block + BLOCK;
	Summary known = {room, room + most, (size_t) state[1]};
	Summary merged = {room + 2 * most, room + 3 * most, 0};
	Summary new = {room + known.n, room + most + known.n, 0};

	nn_sort(block, (size_t) state[0]);
	summarize(block, (size_t) state[0], epsilon, &new);
	merge(&merged, &new, &known);
	compress(&known, &merged, epsilon);
	state[0] = 0;
	state[1] = (double) known.n;
}

void
nn_quantiles_add(double *state, double epsilon, nn_real value)
{
	state[HEAD + (size_t) state[0]] = (double) value;
	state[0] += 1;
	if ((size_t) state[0] == BLOCK)
		take_block(state, epsilon);
}

/* Of a summary; last has room for another. */
static int
boundaries_of(Summary *known, Summary *last, int bins, nn_real *boundaries)
{
	int n;

	if (known->n == 0)
		return 0;
	compress(last, known, 1.0 / bins);
	n = last->n > (size_t) bins ? bins - 1 : (int) last->n - 1;
	for (int i = 0; i < n; i++)
		boundaries[i] = (nn_real) last->values[i];
	return n;
}

int
nn_quantiles_end(double *state, double epsilon, int bins, nn_real *boundaries)
{
	size_t most = most_entries(epsilon);
	double *room = state + HEAD + BLOCK;
	Summary known;
	Summary last = {room + 2 * most, room + 3 * most, 0};

	if (state[0] > 0)
		take_block(state, epsilon);
	known = (Summary){room, room + most, (size_t) state[1]};
	return boundaries_of(&known, &last, bins, boundaries);
}

size_t
nn_quantiles_room(double epsilon)
{
	return 4 * most_entries(epsilon);
}

int
nn_quantiles_counted(const double *values, const double *times, size_t n, double epsilon, int bins,
					 nn_real *boundaries, double *room)
{
	size_t most = most_entries(epsilon);
	Summary all = {room, room + most, 0};
	Summary known = {room + 2 * most, room + 3 * most, 0};
	double count = 0, before = 0, step, at;
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		count += times[i];
	step = fmax(count / (1.0 / epsilon), 1);
	for (at = floor(step - 1); at < count && all.n < most; at += floor(step))
	{
		while (k + 1 < n && at >= before + times[k])
			before += times[k++];
		all.values[all.n] = values[k];
		all.weights[all.n++] = (double) (float) step;
	}
	compress(&known, &all, epsilon);
	return boundaries_of(&known, &all, bins, boundaries);
}
