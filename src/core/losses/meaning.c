/*
 * meaning.c
 *	  What targets mean to a loss or a metric: the values they can have, and
 *	  whether they say of which class a sample is.
 */
#include "core/losses/metric.h"

/*
 * By how much a row of shares may miss the sum 1: what is left of a third in
 * two digits.
 */
#define SUM_TOLERANCE 0.01
#define SUM_ROUNDING 1e-6 /* of float32, on top */

/* The values of one meaning. */
typedef struct Values
{
	float least, most;
	bool open;	/* least itself is too little */
	bool whole; /* no value in between */
	bool sum;	/* a row's sum is 1 */
	const char *text;
	const char *remedy;
} Values;

#define OTHER_NUMBERS "For other numbers compile the model with mean_squared_error"

static const Values values[] = {
	[NN_MEANS_NUMBER] = {-INFINITY, INFINITY, false, false, false, "numbers", NULL},
	[NN_MEANS_AMOUNT] = {0, INFINITY, false, false, false, "values of 0 or more", OTHER_NUMBERS},
	[NN_MEANS_GROWTH] = {-1, INFINITY, true, false, false, "values above -1", OTHER_NUMBERS},
	[NN_MEANS_SIDE] = {-1, 1, false, true, false, "-1 and 1, or 0 and 1 for two classes",
					   OTHER_NUMBERS},
	[NN_MEANS_PROBABILITY] = {0, 1, false, false, false, "values from 0 to 1", OTHER_NUMBERS},
	[NN_MEANS_DISTRIBUTION] = {0, 1 + (float) SUM_TOLERANCE, false, false, true,
							   "values of 0 or more whose sum is 1",
							   "Divide the values by their sum; where several classes may be true "
							   "at once, use sigmoid outputs and binary_crossentropy"},
	[NN_MEANS_CLASS] = {0, INFINITY, false, true, false, "numbers of classes", NULL},
	[NN_MEANS_SEQUENCE] = {0, INFINITY, false, true, false, "sequences of classes", NULL},
};

static bool
is_meant(const Values *meant, float t)
{
	return (meant->open ? t > meant->least : t >= meant->least) && t <= meant->most &&
		(!meant->whole || t == truncf(t));
}

bool
nn_targets_meant(const NNObjective *objective, const float *targets, size_t n, NNTargetFault *fault)
{
	const Values *meant = &values[objective->values];
	size_t width = (size_t) objective->width;

	if (objective->values == NN_MEANS_NUMBER)
		return true;
	for (size_t i = 0; i < n; i++)
		if (!is_meant(meant, targets[i]))
		{
			*fault = (NNTargetFault){.value = targets[i], .position = i};
			return false;
		}
	for (size_t row = 0; meant->sum && row + width <= n; row += width)
	{
		double sum = 0;

		for (size_t i = row; i < row + width; i++)
			sum += (double) targets[i];
		if (!(fabs(sum - 1) <= SUM_TOLERANCE + SUM_ROUNDING))
		{
			*fault = (NNTargetFault){.is_sum = true, .value = sum, .position = row};
			return false;
		}
	}
	return true;
}

const char *
nn_targets_taker(const NNObjective *objective)
{
	for (int i = 0; i < objective->n_metrics && objective->values != objective->meaning; i++)
		if (objective->metrics[i].kind->meaning == objective->values)
			return objective->metrics[i].name;
	return objective->loss.kind->name;
}

const char *
nn_targets_text(const NNObjective *objective)
{
	return values[objective->values].text;
}

const char *
nn_targets_remedy(const NNObjective *objective)
{
	return objective->values == objective->meaning
		? values[objective->values].remedy
		: "For other numbers compile the model without that metric";
}

int
nn_objective_classes(const NNObjective *objective)
{
	switch (objective->meaning)
	{
		case NN_MEANS_CLASS:
		case NN_MEANS_SEQUENCE:
			return objective->classes;
		case NN_MEANS_SIDE:
			return objective->width == 1 ? 2 : 0;
		case NN_MEANS_PROBABILITY:
			return objective->width == 1 ? 2 : objective->width;
		case NN_MEANS_DISTRIBUTION:
			return objective->width == 1 ? 0 : objective->width;
		default:
			return 0;
	}
}

bool
nn_objective_ignores(const NNObjective *objective, int *class)
{
	*class = nn_loss_conf(&objective->loss)->ignore_class;
	return objective->target == NN_TARGET_INDEX && *class != NN_NO_CLASS;
}

bool
nn_objective_sequence(const NNObjective *objective)
{
	return objective->meaning == NN_MEANS_SEQUENCE;
}

int
nn_objective_labels(const NNObjective *objective)
{
	bool one = !objective->target_variable && !nn_objective_sequence(objective) &&
		objective->target_count ==
			(objective->target == NN_TARGET_INDEX ? 1 : (size_t) objective->width);

	return one ? nn_objective_classes(objective) : 0;
}

int
nn_target_class(const NNObjective *objective, const void *targets, size_t row)
{
	size_t width = (size_t) objective->width;
	const float *values = (const float *) targets + row * width;
	bool several = objective->meaning == NN_MEANS_PROBABILITY;
	size_t largest = 0;
	int above = 0;

	if (objective->target == NN_TARGET_INDEX)
	{
		int class = ((const int32_t *) targets)[row];

		return class == nn_loss_conf(&objective->loss)->ignore_class ? -1 : class;
	}
	if (width == 1)
		return values[0] > (objective->meaning == NN_MEANS_SIDE ? 0.0f : 0.5f);
	for (size_t i = 0; i < width; i++)
	{
		largest = values[i] > values[largest] ? i : largest;
		above += values[i] > 0.5f;
	}
	return several && above != 1 ? -1 : (int) largest;
}
