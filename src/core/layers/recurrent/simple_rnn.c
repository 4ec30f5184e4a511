/*
 * simple_rnn.c
 *	  h = activation(x W + h0 U + b), the plain recurrent layer.
 *
 * Backward: d = dh * activation', dh0 = d U'.  See recurrent.c for the rest.
 */
#include "core/layers/recurrent/recurrent.h"

static const NNField simple_rnn_fields[] = {
	NN_RECURRENT_FIELDS,
	NN_FIELD_END,
};

static void
simple_rnn_step(const RecurrentStep *step)
{
	const RecurrentRun *run = step->run;
	const size_t units = (size_t) step->units;
	const size_t n = (size_t) step->batch * units;

	nn_recurrent_product(step, &run->cell->state[0], step->h0, step->units, false);
	if (step->pre != NULL)
		nn_copy(step->pre, step->z, n);
	nn_activate((NNActivation) run->conf->activation, step->z, n, units);
	nn_copy(step->h, step->z, n);
	for (int r = 0; r < step->batch; r++)
		if (nn_recurrent_hidden(step, r))
			nn_copy(step->h + (size_t) r * units, step->h0 + (size_t) r * units, units);
}

static void
simple_rnn_step_back(const RecurrentStep *step)
{
	const RecurrentRun *run = step->run;
	const size_t units = (size_t) step->units;
	const size_t n = (size_t) step->batch * units;

	nn_copy(step->d, step->dh, n);
	nn_activate_backward((NNActivation) run->conf->activation, step->pre, step->z, step->d, n,
						 units);
	nn_zero(step->dh0, n);
	for (int r = 0; r < step->batch; r++)
		if (nn_recurrent_hidden(step, r))
		{
			nn_zero(step->d + (size_t) r * units, units);
			nn_copy(step->dh0 + (size_t) r * units, step->dh + (size_t) r * units, units);
		}
	nn_recurrent_product_back(step, &run->cell->state[0], 1, step->dh0, step->units, false);
}

static const RecurrentCell simple_rnn_cell = {
	.gates = 1,
	.blocks = 1,
	.input = {{.n = 1}},
	.state = {{.n = 1}},
	.forward = simple_rnn_step,
	.backward = simple_rnn_step_back,
};

static bool
simple_rnn_shape(NNLayer *layer, NNError *error)
{
	return nn_recurrent_shape(layer, &simple_rnn_cell, error);
}

static void
simple_rnn_forward(const NNLayer *layer, const NNPass *pass)
{
	nn_recurrent_forward(layer, pass, &simple_rnn_cell);
}

static void
simple_rnn_backward(const NNLayer *layer, const NNPass *pass)
{
	nn_recurrent_backward(layer, pass, &simple_rnn_cell);
}

const NNKind nn_simple_rnn = {
	.name = "simple_rnn",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(RecurrentConf),
	.fields = simple_rnn_fields,
	.shape = simple_rnn_shape,
	.forward = simple_rnn_forward,
	.backward = simple_rnn_backward,
};
