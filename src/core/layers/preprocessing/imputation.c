/*
 * imputation.c
 *	  A value in the place of what is missing, feature by feature of the last
 *	  dimension, as scikit-learn's SimpleImputer; and where something is
 *	  missing, as its MissingIndicator.
 *
 * NaN is what is missing.  Shapes: x (..., c), y (..., c), or with
 * add_indicator (..., 2 c): the values, then 1 where one was missing and 0
 * elsewhere.  The indicator has a column for each feature, since its width is
 * fixed when the model is made; scikit-learn leaves out those of features that
 * missed nothing in training.  Here they give 0, and so do those of features
 * of which training saw nothing: what was constant tells nothing.
 *
 * Parameters, learned from the rows of the first training: statistics (c),
 * missing (c), the share of rows that missed it, count (1).  A feature of which
 * all was missing has the statistic 0.  With strategy constant nothing is
 * learned, there are no parameters, and all indicators tell what they see.
 *
 * The median is found exactly by four passes over the rows, each of which
 * counts the next eight bits of the values near the middle.  The most frequent
 * value is exact if it makes up more than one row in FREQUENT: the first pass
 * finds those that may do (Misra and Gries), the second counts them; the
 * smallest of equals is taken.  In one pass (learning_*) both come of counts of the
 * values, which are exact up to MOST_COUNTED different ones, and to the last bits that
 * are left out beyond.
 *
 * Long because what is missing is put in place, told and learned in two ways here.
 */
#include "core/kernels/columns.h"
#include "core/kernels/counts.h"
#include "core/layers/layer.h"

#include <float.h>

enum
{
	STRATEGY_MEAN,
	STRATEGY_MEDIAN,
	STRATEGY_MOST_FREQUENT,
	STRATEGY_CONSTANT,
	STRATEGY_NONE /* of a missing_indicator */
};

typedef struct ImputationConf
{
	int strategy;
	double fill_value;
	bool add_indicator;
} ImputationConf;

static const NNWord strategy_words[] = {
	{"mean", STRATEGY_MEAN},
	{"median", STRATEGY_MEDIAN},
	{"most_frequent", STRATEGY_MOST_FREQUENT},
	{"constant", STRATEGY_CONSTANT},
	{NULL, 0},
};

static const NNField imputation_fields[] = {
	NN_FIELD_WORD(ImputationConf, strategy, strategy_words, STRATEGY_MEAN),
	NN_FIELD_REAL(ImputationConf, fill_value, false, 0, -FLT_MAX, FLT_MAX),
	NN_FIELD_BOOL(ImputationConf, add_indicator, false),
	NN_FIELD_END,
};

static const NNField indicator_fields[] = {NN_FIELD_END};

NN_INLINE bool
is_missing(nn_real x)
{
	return x != x;
}

static int
strategy_of(const NNLayer *layer)
{
	return layer->kind == &nn_missing_indicator ? STRATEGY_NONE
												: NN_CONF(layer, ImputationConf)->strategy;
}

/* ---- shape and parameters ---- */

static void
add_params(NNLayer *layer, bool statistics)
{
	NNInitializer zeros = nn_initializer_default(NN_INIT_ZEROS);
	NNShape columns = nn_shape1(nn_shape_last(&layer->in[0]));

	if (statistics)
		nn_layer_add_param(layer, "statistics", columns, zeros, NULL)->trainable = false;
	nn_layer_add_param(layer, "missing", columns, zeros, NULL)->trainable = false;
	nn_layer_add_param(layer, "count", nn_shape1(1), zeros, NULL)->trainable = false;
}

static bool
imputation_shape(NNLayer *layer, NNError *error)
{
	const ImputationConf *conf = NN_CONF(layer, ImputationConf);

	if (!nn_columns_check(layer, -1, error))
		return false;
	if (conf->strategy != STRATEGY_CONSTANT)
		add_params(layer, true);
	layer->out = layer->in[0];
	if (conf->add_indicator)
		layer->out.dim[layer->out.rank - 1] *= 2;
	layer->flops = (double) nn_shape_size(&layer->out);
	layer->mask_from = layer->in[0].rank == 1 && conf->add_indicator ? NN_MASK_NONE : 0;
	return true;
}

static bool
indicator_shape(NNLayer *layer, NNError *error)
{
	if (!nn_columns_check(layer, -1, error))
		return false;
	add_params(layer, false);
	layer->out = layer->in[0];
	layer->mask_from = 0;
	return true;
}

/* Where among the parameters the shares of rows are that missed each feature. */
static size_t
missing_at(const NNLayer *layer)
{
	return strategy_of(layer) == STRATEGY_NONE ? 0 : (size_t) nn_shape_last(&layer->in[0]);
}

/* NULL: nothing is learned. */
static const nn_real *
missing_of(const NNLayer *layer, const nn_real *params)
{
	return layer->n_params == 0 ? NULL : params + missing_at(layer);
}

/* ---- passes ---- */

static void
put_indicator(const nn_real *x, nn_real *y, const nn_real *missing, int c)
{
	for (int i = 0; i < c; i++)
	{
		bool tells = missing == NULL || (missing[i] > 0 && missing[i] < 1);

		y[i] = (nn_real) (tells && is_missing(x[i]));
	}
}

static void
imputation_forward(const NNLayer *layer, const NNPass *pass)
{
	const ImputationConf *conf = NN_CONF(layer, ImputationConf);
	const int c = nn_shape_last(&layer->in[0]);
	const int width = nn_shape_last(&layer->out);
	const nn_real *x = pass->x;
	nn_real *y = pass->y;

	for (size_t r = nn_pass_rows(&layer->in[0], pass); r > 0; r--, x += c, y += width)
	{
		for (int i = 0; i < c; i++)
			y[i] = !is_missing(x[i])  ? x[i]
				: layer->n_params > 0 ? pass->params[i]
									  : (nn_real) conf->fill_value;
		if (conf->add_indicator)
			put_indicator(x, y + c, missing_of(layer, pass->params), c);
	}
}

static void
imputation_backward(const NNLayer *layer, const NNPass *pass)
{
	const int c = nn_shape_last(&layer->in[0]);
	const int width = nn_shape_last(&layer->out);
	const nn_real *x = pass->x, *dy = pass->dy;
	nn_real *dx = pass->dx;

	if (dx == NULL)
		return;
	for (size_t r = nn_pass_rows(&layer->in[0], pass); r > 0; r--, x += c, dx += c, dy += width)
		for (int i = 0; i < c; i++)
			dx[i] = is_missing(x[i]) ? 0 : dy[i];
}

static void
indicator_forward(const NNLayer *layer, const NNPass *pass)
{
	const int c = nn_shape_last(&layer->in[0]);
	const size_t n = nn_pass_rows(&layer->in[0], pass) * (size_t) c;

	for (size_t i = 0; i < n; i += (size_t) c)
		put_indicator(pass->x + i, pass->y + i, missing_of(layer, pass->params), c);
}

static void
indicator_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx != NULL)
		nn_zero(pass->dx, nn_pass_rows(&layer->in[0], pass) * nn_shape_last(&layer->in[0]));
}

/* ---- learning: a block of doubles a feature ---- */

/* All blocks begin with these. */
enum
{
	AT_COUNT,	/* rows, those that miss it too */
	AT_MISSING, /* of them */
	AT_SUM,
	AT_PASS,
	AT_OWN /* what a strategy has */
};

/* Of the median: the two values in the middle, which may be one. */
#define DIGIT_BITS 8
#define DIGITS (1 << DIGIT_BITS)
#define MEDIAN_PASSES (32 / DIGIT_BITS)

enum
{
	MIDDLE_PREFIX, /* the bits found */
	MIDDLE_RANK,   /* how many of those that begin with them are below it */
	MIDDLE_DIGITS, /* how many there are of each next digit */
	MIDDLE_SIZE = MIDDLE_DIGITS + DIGITS
};

/* Of the most frequent value: entries of a hash table, and room to make it anew. */
#define FREQUENT 512
#define SLOTS (2 * FREQUENT)

enum
{
	FREQUENT_USED,
	FREQUENT_SLOTS,								/* value, count (0: empty), ... */
	FREQUENT_ROOM = FREQUENT_SLOTS + 2 * SLOTS, /* the same once more */
	FREQUENT_SIZE = FREQUENT_ROOM + 2 * SLOTS
};

static size_t
block_size(int strategy)
{
	switch (strategy)
	{
		case STRATEGY_MEDIAN:
			return AT_OWN + 2 * MIDDLE_SIZE;
		case STRATEGY_MOST_FREQUENT:
			return AT_OWN + FREQUENT_SIZE;
		default:
			return AT_OWN;
	}
}

/* Count the digit that this pass is for, if the value begins with the bits found. */
static void
count_digit(double *middle, int pass, nn_real x)
{
	uint64_t bits = nn_ordered_bits(x);
	int left = 32 - DIGIT_BITS * (pass + 1);

	if (bits >> (left + DIGIT_BITS) == (uint64_t) middle[MIDDLE_PREFIX])
		middle[MIDDLE_DIGITS + ((bits >> left) & (DIGITS - 1))] += 1;
}

/* The digit of the value in the middle joins the bits found. */
static void
take_digit(double *middle)
{
	double *digits = middle + MIDDLE_DIGITS;
	int digit = 0;

	while (digit + 1 < DIGITS && middle[MIDDLE_RANK] >= digits[digit])
		middle[MIDDLE_RANK] -= digits[digit++];
	middle[MIDDLE_PREFIX] = middle[MIDDLE_PREFIX] * DIGITS + digit;
	memset(digits, 0, DIGITS * sizeof(double));
}

/* The slot of the value, or the empty one where it would be. */
static double *
find_slot(double *slots, double value)
{
	size_t at = nn_ordered_bits((nn_real) value) * UINT32_C(2654435761) % SLOTS;

	while (slots[2 * at + 1] > 0 && slots[2 * at] != value)
		at = (at + 1) % SLOTS;
	return slots + 2 * at;
}

/* One less of each; who has none left is gone. */
static void
decrease_all(double *own)
{
	double *slots = own + FREQUENT_SLOTS, *room = own + FREQUENT_ROOM;

	memcpy(room, slots, 2 * SLOTS * sizeof(double));
	memset(slots, 0, 2 * SLOTS * sizeof(double));
	own[FREQUENT_USED] = 0;
	for (size_t i = 0; i < SLOTS; i++)
		if (room[2 * i + 1] > 1)
		{
			double *slot = find_slot(slots, room[2 * i]);

			slot[0] = room[2 * i];
			slot[1] = room[2 * i + 1] - 1;
			own[FREQUENT_USED] += 1;
		}
}

/* The first pass: may the value be frequent?  The second counts those that may, from 1 on. */
static void
count_value(double *own, bool first, nn_real x)
{
	double *slot = find_slot(own + FREQUENT_SLOTS, (double) x);

	if (slot[1] > 0)
		slot[1] += 1;
	else if (first && own[FREQUENT_USED] < FREQUENT)
	{
		slot[0] = (double) x + 0.0;
		slot[1] = 1;
		own[FREQUENT_USED] += 1;
	}
	else if (first)
		decrease_all(own);
}

static void
adapt_value(int strategy, double *block, nn_real x)
{
	int pass = (int) block[AT_PASS];

	if (pass == 0)
	{
		block[AT_COUNT] += 1;
		if (is_missing(x))
			block[AT_MISSING] += 1;
		else
			block[AT_SUM] += (double) x;
	}
	if (is_missing(x))
		return;
	if (strategy == STRATEGY_MOST_FREQUENT)
		count_value(block + AT_OWN, pass == 0, x);
	if (strategy != STRATEGY_MEDIAN)
		return;
	count_digit(block + AT_OWN, pass, x);
	count_digit(block + AT_OWN + MIDDLE_SIZE, pass, x);
}

static void
imputation_adapt_rows(const NNLayer *layer, const NNPass *pass, double *state)
{
	const int strategy = strategy_of(layer);
	const int c = nn_shape_last(&layer->in[0]);
	const size_t block = block_size(strategy);
	const size_t rows = nn_pass_rows(&layer->in[0], pass);
	const size_t rows_a_step = nn_columns_rows_a_step(&layer->in[0]);

	for (size_t r = 0; r < rows; r++)
		if (pass->mask == NULL || pass->mask[r / rows_a_step])
			for (int i = 0; i < c; i++)
				adapt_value(strategy, state + (size_t) i * block,
							pass->x[r * (size_t) c + (size_t) i]);
}

static size_t
imputation_adapt_size(const NNLayer *layer)
{
	return block_size(strategy_of(layer)) * (size_t) nn_shape_last(&layer->in[0]);
}

static int
imputation_adapt_passes(const NNLayer *layer)
{
	switch (strategy_of(layer))
	{
		case STRATEGY_MEDIAN:
			return MEDIAN_PASSES;
		case STRATEGY_MOST_FREQUENT:
			return 2;
		default:
			return 1;
	}
}

static void
begin_pass(int strategy, double *block, int pass)
{
	double *own = block + AT_OWN;
	double present = block[AT_COUNT] - block[AT_MISSING];

	block[AT_PASS] = pass;
	if (strategy == STRATEGY_MOST_FREQUENT)
		for (size_t i = 0; i < SLOTS; i++)
			own[FREQUENT_SLOTS + 2 * i + 1] = own[FREQUENT_SLOTS + 2 * i + 1] > 0;
	if (strategy != STRATEGY_MEDIAN)
		return;
	if (pass == 1)
	{
		own[MIDDLE_RANK] = present > 0 ? floor((present - 1) / 2) : 0;
		own[MIDDLE_SIZE + MIDDLE_RANK] = floor(present / 2);
	}
	take_digit(own);
	take_digit(own + MIDDLE_SIZE);
}

static void
imputation_adapt_pass(const NNLayer *layer, int pass, double *state)
{
	const int strategy = strategy_of(layer);

	for (int i = 0; i < nn_shape_last(&layer->in[0]); i++)
		begin_pass(strategy, state + (size_t) i * block_size(strategy), pass);
}

static double
most_frequent(const double *slots)
{
	size_t best = 0;

	for (size_t i = 1; i < SLOTS; i++)
		if (slots[2 * i + 1] > slots[2 * best + 1] ||
			(slots[2 * i + 1] == slots[2 * best + 1] && slots[2 * i] < slots[2 * best]))
			best = i;
	return slots[2 * best];
}

/* What to put in the place of what is missing; there is something that is not. */
static double
statistic(int strategy, double *block)
{
	double *own = block + AT_OWN;

	if (strategy == STRATEGY_MOST_FREQUENT)
		return most_frequent(own + FREQUENT_SLOTS);
	if (strategy != STRATEGY_MEDIAN)
		return block[AT_SUM] / (block[AT_COUNT] - block[AT_MISSING]);
	take_digit(own);
	take_digit(own + MIDDLE_SIZE);
	return (nn_of_ordered_bits((uint32_t) own[MIDDLE_PREFIX]) +
			nn_of_ordered_bits((uint32_t) own[MIDDLE_SIZE + MIDDLE_PREFIX])) /
		2;
}

/* Of all rows is a share of 1 only if it is all of them. */
static nn_real
share_missing(double missing, double count)
{
	nn_real share = (nn_real) (missing / count);

	return missing < count && share >= 1 ? (nn_real) (1 - 0x1p-24) : share;
}

static void
imputation_adapt_end(const NNLayer *layer, double *state, nn_real *params)
{
	const int strategy = strategy_of(layer);
	const int c = nn_shape_last(&layer->in[0]);
	nn_real *missing = params + missing_at(layer);

	for (int i = 0; i < c; i++)
	{
		double *block = state + (size_t) i * block_size(strategy);

		if (block[AT_COUNT] <= 0)
			return;
		missing[i] = share_missing(block[AT_MISSING], block[AT_COUNT]);
		if (strategy != STRATEGY_NONE)
			params[i] =
				block[AT_MISSING] < block[AT_COUNT] ? (nn_real) statistic(strategy, block) : 0;
	}
	missing[c] = (nn_real) state[AT_COUNT];
}

/* ---- learning in one pass, by states that are put together: a block of doubles a feature ---- */

enum
{
	ONE_COUNT, /* rows, those that miss it too */
	ONE_MISSING,
	ONE_MEAN,
	ONE_COUNTS /* of median and most_frequent: how often each value came, and room for a list */
};

#define MOST_COUNTED 4096 /* different values that are told apart */

static size_t
one_size(int strategy)
{
	return strategy == STRATEGY_MEDIAN || strategy == STRATEGY_MOST_FREQUENT
		? ONE_COUNTS + nn_counts_size(MOST_COUNTED) + 2 * MOST_COUNTED
		: ONE_COUNTS;
}

static size_t
learning_size(const NNLayer *layer)
{
	return one_size(strategy_of(layer)) * (size_t) nn_shape_last(&layer->in[0]);
}

static void
learning_pass_missing(const NNLayer *layer, nn_real *params)
{
	const size_t c = (size_t) nn_shape_last(&layer->in[0]);

	for (size_t i = 0; i < c; i++)
	{
		if (strategy_of(layer) != STRATEGY_NONE)
			params[i] = (nn_real) NAN;
		params[missing_at(layer) + i] = (nn_real) 0.5; /* indicators tell what they see */
	}
}

static void
add_mean(double *block, double count, double mean)
{
	double present = block[ONE_COUNT] - block[ONE_MISSING];

	if (count > 0)
		block[ONE_MEAN] += (mean - block[ONE_MEAN]) * (count / (present + count));
}

static void
learning_rows(const NNLayer *layer, const NNPass *pass, double *state)
{
	const int strategy = strategy_of(layer);
	const bool counts = one_size(strategy) > ONE_COUNTS;
	const size_t c = (size_t) nn_shape_last(&layer->in[0]);
	const size_t rows = nn_pass_rows(&layer->in[0], pass);
	const size_t rows_a_step = nn_columns_rows_a_step(&layer->in[0]);

	for (size_t i = 0; i < c; i++)
	{
		double *block = state + i * one_size(strategy);
		double from = block[ONE_MEAN], sum = 0, present = 0, missing = 0;

		for (size_t r = 0; r < rows; r++)
		{
			nn_real x = pass->x[r * c + i];

			if (pass->mask != NULL && !pass->mask[r / rows_a_step])
				continue;
			if (is_missing(x))
			{
				missing += 1;
				continue;
			}
			present += 1;
			sum += (double) x - from;
			if (counts)
				nn_counts_add(block + ONE_COUNTS, MOST_COUNTED, (double) x);
		}
		add_mean(block, present, present > 0 ? from + sum / present : 0);
		block[ONE_COUNT] += present + missing;
		block[ONE_MISSING] += missing;
	}
}

static void
learning_merge(const NNLayer *layer, double *state, const double *other)
{
	const size_t size = one_size(strategy_of(layer));

	for (int i = 0; i < nn_shape_last(&layer->in[0]); i++, state += size, other += size)
	{
		double count = fmax(other[ONE_COUNT], 0);
		double missing = fmin(fmax(other[ONE_MISSING], 0), count);

		add_mean(state, count - missing, other[ONE_MEAN]);
		state[ONE_COUNT] += count;
		state[ONE_MISSING] += missing;
		if (size > ONE_COUNTS)
			nn_counts_merge(state + ONE_COUNTS, MOST_COUNTED, other + ONE_COUNTS);
	}
}

static void
learning_shift(const NNLayer *layer, double *state, int feature, double by)
{
	const size_t size = one_size(strategy_of(layer));

	state += size * (size_t) feature;
	state[ONE_MEAN] += by;
	if (size > ONE_COUNTS && by != 0)
		nn_counts_shift(state + ONE_COUNTS, MOST_COUNTED, by);
}

/* Of values and how often each came; the smallest of the most frequent ones. */
static double
counted_statistic(int strategy, const double *values, const double *times, size_t n)
{
	double all = 0, below = 0, low = 0;
	size_t best = 0;

	for (size_t i = 0; i < n; i++)
	{
		all += times[i];
		best = times[i] > times[best] ? i : best;
	}
	if (strategy == STRATEGY_MOST_FREQUENT)
		return values[best];
	for (size_t i = 0; i < n; i++)
	{
		if (below <= floor((all - 1) / 2) && floor((all - 1) / 2) < below + times[i])
			low = values[i];
		if (below <= floor(all / 2) && floor(all / 2) < below + times[i])
			return (low + values[i]) / 2;
		below += times[i];
	}
	return low;
}

static void
learning_end(const NNLayer *layer, double *state, nn_real *params)
{
	const int strategy = strategy_of(layer);
	const int c = nn_shape_last(&layer->in[0]);
	nn_real *missing = params + missing_at(layer);

	missing[c] = (nn_real) state[ONE_COUNT];
	for (int i = 0; i < c; i++)
	{
		double *block = state + one_size(strategy) * (size_t) i;
		double *values = block + ONE_COUNTS + nn_counts_size(MOST_COUNTED);
		double *times = values + MOST_COUNTED;
		size_t n;

		if (block[ONE_COUNT] <= 0)
			return;
		missing[i] = share_missing(block[ONE_MISSING], block[ONE_COUNT]);
		if (strategy == STRATEGY_NONE)
			continue;
		params[i] = 0;
		if (block[ONE_MISSING] >= block[ONE_COUNT])
			continue;
		params[i] = (nn_real) block[ONE_MEAN];
		if (one_size(strategy) == ONE_COUNTS)
			continue;
		n = nn_counts_list(block + ONE_COUNTS, MOST_COUNTED, values, times);
		params[i] = n > 0 ? (nn_real) counted_statistic(strategy, values, times, n) : 0;
	}
}

static const NNLearning learning = {
	.size = learning_size,
	.pass_missing = learning_pass_missing,
	.rows = learning_rows,
	.merge = learning_merge,
	.shift = learning_shift,
	.end = learning_end,
};

/* ---- what was learned, or comes from a table ---- */

/* The count is the last parameter. */
static bool
imputation_unadapted(const NNLayer *layer, const nn_real *params)
{
	for (size_t i = 0; i < layer->param_size; i++)
		if (params[i] != 0)
			return false;
	return layer->n_params > 0;
}

static bool
imputation_check_params(const NNLayer *layer, const nn_real *params, NNError *error)
{
	const nn_real *missing = missing_of(layer, params);
	char what[NN_MAX_NAME + 16];

	for (int i = 0; missing != NULL && i < nn_shape_last(&layer->in[0]); i++)
		if (!(missing[i] >= 0 && missing[i] <= 1))
		{
			nn_error(error, NN_BAD_VALUE, "%s: its \"missing\" has %g",
					 nn_layer_what(layer, what, sizeof(what)), (double) missing[i]);
			return nn_hint(error, "It is a share of the rows: from 0 to 1.");
		}
	return true;
}

static NNOrigin
imputation_origin(const NNLayer *layer)
{
	const ImputationConf *conf = NN_CONF(layer, ImputationConf);

	return conf->strategy == STRATEGY_CONSTANT || conf->add_indicator ? NN_ORIGIN_MATTERS
																	  : NN_ORIGIN_KEPT;
}

static NNOrigin
indicator_origin(const NNLayer *layer)
{
	(void) layer;
	return NN_ORIGIN_FORGOTTEN;
}

const NNKind nn_imputation = {
	.name = "imputation",
	.flags = NN_KIND_MASKED | NN_KIND_ELEMENTWISE | NN_KIND_TAKES_MISSING | NN_KIND_STEPPED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(ImputationConf),
	.fields = imputation_fields,
	.shape = imputation_shape,
	.forward = imputation_forward,
	.backward = imputation_backward,
	.check_params = imputation_check_params,
	.unadapted = imputation_unadapted,
	.adapt_size = imputation_adapt_size,
	.adapt_passes = imputation_adapt_passes,
	.adapt_pass = imputation_adapt_pass,
	.adapt_rows = imputation_adapt_rows,
	.adapt_end = imputation_adapt_end,
	.learning = &learning,
	.origin = imputation_origin,
};

const NNKind nn_missing_indicator = {
	.name = "missing_indicator",
	.flags = NN_KIND_MASKED | NN_KIND_ELEMENTWISE | NN_KIND_TAKES_MISSING | NN_KIND_STEPPED,
	.min_inputs = 1,
	.max_inputs = 1,
	.fields = indicator_fields,
	.shape = indicator_shape,
	.forward = indicator_forward,
	.backward = indicator_backward,
	.check_params = imputation_check_params,
	.unadapted = imputation_unadapted,
	.adapt_size = imputation_adapt_size,
	.adapt_rows = imputation_adapt_rows,
	.adapt_end = imputation_adapt_end,
	.learning = &learning,
	.origin = indicator_origin,
};
