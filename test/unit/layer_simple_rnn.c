/*
 * layer_simple_rnn.c
 *	  The plain recurrent layer: the promises of every option, and a reference
 *	  that goes step by step.
 */
#include "test/unit/recurrent.h"

static void
reference_step(const Probe *p, const double *x, int features, int units, double *h, double *c)
{
	const nn_real *w = p->params + p->layer->params[0].offset;
	const nn_real *u = p->params + p->layer->params[1].offset;
	double z[64];

	(void) c;
	for (int j = 0; j < units; j++)
	{
		z[j] = p->layer->n_params > 2 ? (double) p->params[p->layer->params[2].offset + (size_t) j]
									  : 0;
		for (int i = 0; i < features; i++)
			z[j] += x[i] * (double) w[i * units + j];
		for (int i = 0; i < units; i++)
			z[j] += h[i] * (double) u[i * units + j];
	}
	for (int j = 0; j < units; j++)
		h[j] = tanh(z[j]);
}

int
main(void)
{
	recurrent_reference("simple_rnn", reference_step);
	recurrent_long("simple_rnn");
	recurrent_dropout("simple_rnn");
	RECURRENT_GRADIENTS("simple_rnn");
	GRADCHECK(.kind = "simple_rnn",
			  .config = "{\"units\": 3, \"activation\": \"gelu\", \"return_sequences\": true}",
			  .in = {{2, {NN_ANY, 3}}}, .steps = 5, .batch = 5, .mask = GRADCHECK_HOLES);
	recurrent_refusals("simple_rnn");
	return unit_done();
}
