/*
 * layer_gru.c
 *	  GRU in both forms: the promises of every option, and references that go
 *	  step by step.
 */
#include "test/unit/recurrent.h"

/* x W and h U of the columns, with their biases (b2 only where there are two). */
static void
sums(const Probe *p, const double *x, int features, int units, const double *h, double *zx,
	 double *zh)
{
	const nn_real *w = p->params + p->layer->params[0].offset;
	const nn_real *u = p->params + p->layer->params[1].offset;
	const nn_real *b = p->layer->n_params > 2 ? p->params + p->layer->params[2].offset : NULL;
	const bool two = b != NULL && p->layer->params[2].shape.rank == 2;

	for (int j = 0; j < 3 * units; j++)
	{
		zx[j] = b == NULL ? 0 : (double) b[j];
		zh[j] = two ? (double) b[3 * units + j] : 0;
		for (int i = 0; i < features; i++)
			zx[j] += x[i] * (double) w[i * 3 * units + j];
		for (int i = 0; i < units; i++)
			zh[j] += h[i] * (double) u[i * 3 * units + j];
	}
}

static void
step_after(const Probe *p, const double *x, int features, int units, double *h, double *c)
{
	double zx[64];
	double zh[64];

	(void) c;
	sums(p, x, features, units, h, zx, zh);
	for (int j = 0; j < units; j++)
	{
		double z = recurrent_sigmoid(zx[j] + zh[j]);
		double r = recurrent_sigmoid(zx[units + j] + zh[units + j]);

		h[j] = z * h[j] + (1 - z) * tanh(zx[2 * units + j] + r * zh[2 * units + j]);
	}
}

static void
step_before(const Probe *p, const double *x, int features, int units, double *h, double *c)
{
	double zx[64];
	double zh[64];
	double z[16];
	double rh[16] = {0};

	(void) c;
	sums(p, x, features, units, h, zx, zh);
	for (int j = 0; j < units; j++)
	{
		z[j] = recurrent_sigmoid(zx[j] + zh[j]);
		rh[j] = recurrent_sigmoid(zx[units + j] + zh[units + j]) * h[j];
	}
	sums(p, x, features, units, rh, zx, zh);
	for (int j = 0; j < units; j++)
		h[j] = z[j] * h[j] + (1 - z[j]) * tanh(zx[2 * units + j] + zh[2 * units + j]);
}

int
main(void)
{
	recurrent_reference("gru", step_after);
	recurrent_reference_options("gru", ", \"reset_after\": false", step_before);
	recurrent_long("gru");
	recurrent_dropout("gru");
	RECURRENT_GRADIENTS("gru");
	RECURRENT_GRADIENTS_OPTIONS("gru", ", \"reset_after\": false");
	GRADCHECK(.kind = "gru",
			  .config =
				  "{\"units\": 3, \"activation\": \"gelu\", \"recurrent_activation\": \"softmax\"}",
			  .in = {{2, {4, 3}}}, .batch = 5);
	GRADCHECK(.kind = "gru",
			  .config =
				  "{\"units\": 3, \"activation\": \"silu\", \"recurrent_activation\": \"tanh\","
				  "\"reset_after\": false, \"return_sequences\": true}",
			  .in = {{2, {NN_ANY, 3}}}, .steps = 5, .batch = 5, .mask = GRADCHECK_HOLES);
	recurrent_refusals("gru");
	return unit_done();
}
