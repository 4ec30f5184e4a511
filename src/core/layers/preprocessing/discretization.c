/*
 * discretization.c
 *	  Numbers to the bin that they fall into, then encoded as ids are.
 *
 * Bin i holds what is not below boundary i - 1 and below boundary i.
 * Boundaries are given (bin_boundaries), or are a parameter, learned from the
 * rows of the first training as Keras's adapt() does: all features share
 * them.  Where training has fewer different shares of values than bins, the
 * last boundaries are the largest real, so that the width stays num_bins.
 */
#include "core/layers/preprocessing/encode.h"
#include "core/kernels/counts.h"
#include "core/kernels/quantiles.h"

#include <float.h>

typedef struct DiscretizationConf
{
	int num_bins;
	int output_mode;
	bool variable;
	double epsilon;
	NNManyReals bin_boundaries;
} DiscretizationConf;

static const NNField discretization_fields[] = {
	NN_FIELD_REALS(DiscretizationConf, bin_boundaries, NN_MAX_MANY_REALS, false, -FLT_MAX, FLT_MAX),
	NN_FIELD_INT(DiscretizationConf, num_bins, false, 0, 2, 1 << 16),
	NN_FIELD_REAL(DiscretizationConf, epsilon, false, 0.01, NN_QUANTILES_MIN_EPSILON, 0.5),
	NN_FIELD_WORD(DiscretizationConf, output_mode, nn_output_mode_words, NN_OUTPUT_INT),
	NN_FIELD_END,
};

/* How many bins there are. */
static int
bins_of(const DiscretizationConf *conf)
{
	return conf->bin_boundaries.count > 0 ? conf->bin_boundaries.count + 1 : conf->num_bins;
}

static bool
check_options(const NNLayer *layer, NNError *error)
{
	const DiscretizationConf *conf = NN_CONF(layer, DiscretizationConf);
	char what[NN_MAX_NAME + 16];

	nn_layer_what(layer, what, sizeof(what));
	for (int i = 1; i < conf->bin_boundaries.count; i++)
		if (conf->bin_boundaries.value[i] < conf->bin_boundaries.value[i - 1])
		{
			nn_error(error, NN_BAD_VALUE, "%s: \"bin_boundaries\" has %g after %g", what,
					 conf->bin_boundaries.value[i], conf->bin_boundaries.value[i - 1]);
			return nn_hint(error, "Give the boundaries in ascending order.");
		}
	if ((conf->bin_boundaries.count > 0) != (conf->num_bins > 0))
		return true;
	nn_error(error, NN_BAD_VALUE,
			 conf->num_bins > 0 ? "%s: both \"bin_boundaries\" and \"num_bins\" are given"
								: "%s: neither \"bin_boundaries\" nor \"num_bins\" is given",
			 what);
	return nn_hint(error,
				   "Give bin_boundaries, or num_bins to have as many bins learned from the "
				   "training rows.");
}

static bool
discretization_shape(NNLayer *layer, NNError *error)
{
	DiscretizationConf *conf = (DiscretizationConf *) layer->conf.bytes;
	NNInitializer zeros = nn_initializer_default(NN_INIT_ZEROS);

	if (!check_options(layer, error) ||
		!nn_encode_shape(layer, conf->output_mode, bins_of(conf), &conf->variable, error))
		return false;
	if (conf->bin_boundaries.count == 0)
		nn_layer_add_param(layer, "bin_boundaries", nn_shape1(conf->num_bins - 1), zeros, NULL)
			->trainable = false;
	return true;
}

static int
place_of(const NNLayer *layer, const NNPass *pass, nn_real value)
{
	const DiscretizationConf *conf = NN_CONF(layer, DiscretizationConf);
	const double *given = conf->bin_boundaries.value;
	int low = 0, high = bins_of(conf) - 1;

	while (low < high)
	{
		int middle = (low + high) / 2;
		nn_real boundary = layer->n_params > 0 ? pass->params[middle] : (nn_real) given[middle];

		if (value < boundary)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void
discretization_forward(const NNLayer *layer, const NNPass *pass)
{
	const DiscretizationConf *conf = NN_CONF(layer, DiscretizationConf);

	nn_encode(layer, pass, conf->output_mode, bins_of(conf), place_of);
}

static bool
discretization_unadapted(const NNLayer *layer, const nn_real *params)
{
	for (size_t i = 0; i < layer->param_size; i++)
		if (params[i] != 0)
			return false;
	return layer->n_params > 0;
}

static bool
discretization_check_params(const NNLayer *layer, const nn_real *params, NNError *error)
{
	char what[NN_MAX_NAME + 16];

	for (size_t i = 1; i < layer->param_size; i++)
		if (params[i] < params[i - 1])
		{
			nn_error(error, NN_BAD_VALUE, "%s: its bin_boundaries have %g after %g",
					 nn_layer_what(layer, what, sizeof(what)), (double) params[i],
					 (double) params[i - 1]);
			return nn_hint(error, "Boundaries are in ascending order.");
		}
	return true;
}

static size_t
discretization_adapt_size(const NNLayer *layer)
{
	return nn_quantiles_size(NN_CONF(layer, DiscretizationConf)->epsilon);
}

static size_t
values_a_step(const NNLayer *layer)
{
	size_t n = 1;

	for (int i = 1; i < layer->in[0].rank; i++)
		n *= (size_t) layer->in[0].dim[i];
	return n;
}

static void
discretization_adapt_rows(const NNLayer *layer, const NNPass *pass, double *state)
{
	const double epsilon = NN_CONF(layer, DiscretizationConf)->epsilon;
	const size_t n = nn_shape_reals(&layer->in[0], pass->steps) * (size_t) pass->batch;
	const size_t a_step = values_a_step(layer);

	for (size_t i = 0; i < n; i++)
		if (pass->mask == NULL || pass->mask[i / a_step])
			nn_quantiles_add(state, epsilon, pass->x[i]);
}

static void
fill_boundaries(const DiscretizationConf *conf, nn_real *params, int n)
{
	while (n > 0 && n < conf->num_bins - 1)
		params[n++] = FLT_MAX;
}

static void
discretization_adapt_end(const NNLayer *layer, double *state, nn_real *params)
{
	const DiscretizationConf *conf = NN_CONF(layer, DiscretizationConf);
	int n = nn_quantiles_end(state, conf->epsilon, conf->num_bins, params);

	fill_boundaries(conf, params, n);
}

/* ---- in one pass, by states that are put together: counts, room for a list and for quantiles ---- */

#define MOST_COUNTED ((size_t) 1 << 16) /* different values that are told apart */

static size_t
learning_size(const NNLayer *layer)
{
	return nn_counts_size(MOST_COUNTED) + 2 * MOST_COUNTED +
		nn_quantiles_room(NN_CONF(layer, DiscretizationConf)->epsilon);
}

static void
learning_rows(const NNLayer *layer, const NNPass *pass, double *state)
{
	const size_t n = nn_shape_reals(&layer->in[0], pass->steps) * (size_t) pass->batch;
	const size_t a_step = values_a_step(layer);

	for (size_t i = 0; i < n; i++)
		if (pass->mask == NULL || pass->mask[i / a_step])
			nn_counts_add(state, MOST_COUNTED, (double) pass->x[i]);
}

static void
learning_merge(const NNLayer *layer, double *state, const double *other)
{
	(void) layer;
	nn_counts_merge(state, MOST_COUNTED, other);
}

static void
learning_end(const NNLayer *layer, double *state, nn_real *params)
{
	const DiscretizationConf *conf = NN_CONF(layer, DiscretizationConf);
	double *values = state + nn_counts_size(MOST_COUNTED), *times = values + MOST_COUNTED;
	size_t n = nn_counts_list(state, MOST_COUNTED, values, times);

	fill_boundaries(conf, params,
					nn_quantiles_counted(values, times, n, conf->epsilon, conf->num_bins, params,
										 times + MOST_COUNTED));
}

static const NNLearning learning = {
	.size = learning_size,
	.rows = learning_rows,
	.merge = learning_merge,
	.end = learning_end,
};

const NNKind nn_discretization = {
	.name = "discretization",
	.flags = NN_KIND_MASKED | NN_KIND_STEPPED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(DiscretizationConf),
	.fields = discretization_fields,
	.shape = discretization_shape,
	.forward = discretization_forward,
	.backward = nn_encode_backward,
	.check_params = discretization_check_params,
	.unadapted = discretization_unadapted,
	.adapt_size = discretization_adapt_size,
	.adapt_rows = discretization_adapt_rows,
	.adapt_end = discretization_adapt_end,
	.learning = &learning,
};
