/*
 * layer_lstm.c
 *	  LSTM: the promises of every option, and a reference that goes step by
 *	  step.
 */
#include "test/unit/recurrent.h"

/* h (units) after one more step, c in place; the gates are sigmoids and tanh. */
static void
reference_step(const Probe *p, const double *x, int features, int units, double *h, double *c)
{
	const nn_real *w = p->params + p->layer->params[0].offset;
	const nn_real *u = p->params + p->layer->params[1].offset;
	const nn_real *b = p->layer->n_params > 2 ? p->params + p->layer->params[2].offset : NULL;
	double z[64];

	for (int j = 0; j < 4 * units; j++)
	{
		z[j] = b == NULL ? 0 : (double) b[j];
		for (int i = 0; i < features; i++)
			z[j] += x[i] * (double) w[i * 4 * units + j];
		for (int i = 0; i < units; i++)
			z[j] += h[i] * (double) u[i * 4 * units + j];
	}
	for (int j = 0; j < units; j++)
	{
		c[j] = recurrent_sigmoid(z[units + j]) * c[j] +
			recurrent_sigmoid(z[j]) * tanh(z[2 * units + j]);
		h[j] = recurrent_sigmoid(z[3 * units + j]) * tanh(c[j]);
	}
}

static void
gradients(void)
{
	RECURRENT_GRADIENTS("lstm");
	GRADCHECK(.kind = "lstm",
			  .config =
				  "{\"units\": 3, \"activation\": \"gelu\", \"recurrent_activation\": \"softmax\"}",
			  .in = {{2, {4, 3}}}, .batch = 5);
	GRADCHECK(.kind = "lstm",
			  .config =
				  "{\"units\": 3, \"activation\": \"linear\", \"recurrent_activation\": \"silu\","
				  "\"return_sequences\": true}",
			  .in = {{2, {NN_ANY, 3}}}, .steps = 5, .batch = 5, .mask = GRADCHECK_HOLES);
}

static void
initial_values(void)
{
	Probe *p = probe_make(
		&(ProbeSpec){.kind = "lstm", .config = "{\"units\": 2}", .in = {{2, {3, 4}}}, .batch = 1},
		NULL);
	nn_real *scratch = probe_reals(p->layer->param_size);
	NNRandom random = nn_random(7, 0);
	const nn_real *b = p->params + p->layer->params[2].offset;

	nn_layer_init(p->layer, p->params, scratch, &random);
	numbers_check("unit_forget_bias: 1 for the forget gate only", b,
				  (double[]){0, 0, 1, 1, 0, 0, 0, 0}, 8, 0);
	CHECK(p->layer->params[1].init.kind == NN_INIT_ORTHOGONAL,
		  "the recurrent kernel is orthogonal");
	CHECK(p->layer->flops == 3 * (4 + 2) * 8, "flops are multiply-adds of all steps");
	free(scratch);
	probe_free(p);
	p = probe_make(&(ProbeSpec){.kind = "lstm",
								.config = "{\"units\": 2, \"unit_forget_bias\": false}",
								.in = {{2, {3, 4}}},
								.batch = 1},
				   NULL);
	scratch = probe_reals(p->layer->param_size);
	nn_layer_init(p->layer, p->params, scratch, &random);
	numbers_check("without it all are 0", p->params + p->layer->params[2].offset,
				  (double[]){0, 0, 0, 0, 0, 0, 0, 0}, 8, 0);
	free(scratch);
	probe_free(p);
}

int
main(void)
{
	recurrent_reference("lstm", reference_step);
	recurrent_long("lstm");
	recurrent_dropout("lstm");
	initial_values();
	gradients();
	recurrent_refusals("lstm");
	return unit_done();
}
