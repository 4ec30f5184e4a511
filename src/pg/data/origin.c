/*
 * origin.c
 *	  What is taken from numbers before they are rounded to real: so epoch
 *	  seconds, or keys beyond 2^24, keep their differences.
 *
 * An input whose values are normalized before anything else is made of them
 * can have any origin (nn_model_origin_free).  While the first fit reads rows,
 * the first value of each position is taken from all of its values, if it is
 * of a size at which that may matter.  When all were seen, their range tells
 * whether it does; what was taken for nothing is put back, so that most models
 * have means that people recognize.
 *
 * Lifetimes: origins live in the context in which they were made.
 */
#include "pg/data/origin.h"

#include <math.h>

#define WHOLE_FROM 1048576.0 /* half of the digits of a real are before the point */
#define FRACTIONS_FROM 1024.0
#define MOST 9.3e18 /* of 64 bits; what is larger varies by more than it is worth */
#define LOSS 1e-5	/* of a range: what rounding may take */

NnetOrigins *
nnet_origins_make(const NnetModel *model, int input, bool learn)
{
	const NnetReading *reading = &model->readings[input];
	NnetOrigins *origins;

	if (reading->how.as != NN_READ_NUMBERS)
		return NULL;
	learn = learn && reading->n_origins == 0 && model->params != NULL &&
		nn_model_origin_free(model->core, input, model->params);
	if (!learn && reading->n_origins == 0)
		return NULL;
	origins = palloc0(sizeof(NnetOrigins));
	origins->finds = learn;
	origins->n = learn ? (int) nn_shape_size(nn_layer_shape(nn_model_input(model->core, input)))
					   : reading->n_origins;
	origins->origin =
		MemoryContextAllocHuge(CurrentMemoryContext, 4 * sizeof(double) * (size_t) origins->n);
	memset(origins->origin, 0, 4 * sizeof(double) * (size_t) origins->n);
	origins->low = origins->origin + origins->n;
	origins->high = origins->low + origins->n;
	origins->loss = origins->high + origins->n;
	origins->seen = palloc0(origins->n);
	if (!learn)
		memcpy(origins->origin, reading->origins, sizeof(double) * (size_t) origins->n);
	return origins;
}

bool
nnet_origins_same(const NnetOrigins *origins, const NnetReading *reading)
{
	if (origins == NULL)
		return reading->n_origins == 0;
	if (origins->finds)
		return true;
	return reading->n_origins == origins->n &&
		memcmp(reading->origins, origins->origin, sizeof(double) * (size_t) origins->n) == 0;
}

bool
nnet_origin_may_matter(double value)
{
	return fabs(value) <= MOST &&
		(fabs(value) >= WHOLE_FROM ||
		 (fabs(value) >= FRACTIONS_FROM && (double) (float) value != value));
}

double
nnet_origins_take(NnetOrigins *origins, size_t position, double value)
{
	size_t i = position % (size_t) origins->n;
	double lost = fabs(value - (double) (float) value);

	if (!origins->finds || !isfinite(value))
		return value - origins->origin[i];
	if (!origins->seen[i] && nnet_origin_may_matter(value))
		origins->origin[i] = value;
	value -= origins->origin[i];
	if (!origins->seen[i])
		origins->low[i] = origins->high[i] = value;
	origins->low[i] = Min(origins->low[i], value);
	origins->high[i] = Max(origins->high[i], value);
	origins->loss[i] = Max(origins->loss[i], lost);
	origins->seen[i] = true;
	return value;
}

/* Whether rounding the values as they are would lose much of what varies in them. */
static bool
matters(const NnetOrigins *origins, int i)
{
	return origins->loss[i] > LOSS * (origins->high[i] - origins->low[i]) &&
		origins->high[i] > origins->low[i];
}

bool
nnet_origins_learned(NnetOrigins *origins, NnetModel *model, int input)
{
	NnetReading *reading = &model->readings[input];
	size_t size = sizeof(double) * (size_t) origins->n;
	bool kept = false;
	bool restores = false;

	/* from here on low is what is to be put back */
	for (int i = 0; i < origins->n; i++)
	{
		double origin = origins->origin[i];
		bool keeps = origin != 0 && matters(origins, i);

		origins->low[i] = keeps ? 0 : origin;
		origins->origin[i] = keeps ? origin : 0;
		kept |= keeps;
		restores |= origins->low[i] != 0;
	}
	if (!kept)
		return restores;
	reading->origins = MemoryContextAllocHuge(model->context, size);
	memcpy(reading->origins, origins->origin, size);
	reading->n_origins = origins->n;
	reading->adapted = reading->changed = true;
	return restores;
}

void
nnet_origins_restore(const NnetOrigins *origins, float *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		values[i] = (float) (values[i] + origins->low[i % (size_t) origins->n]);
}
