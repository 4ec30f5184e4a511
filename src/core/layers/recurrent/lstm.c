/*
 * lstm.c
 *	  Long short-term memory.
 *
 * z = x W + h0 U + b in four blocks, Keras's order i, f, g, o; with s the
 * recurrent activation (sigmoid) and t the activation (tanh):
 *	 i = s(z0)  f = s(z1)  g = t(z2)  o = s(z3)
 *	 c = f c0 + i g     a = t(c)     h = o a
 * Backward, with dc the gradient of c by way of the later steps:
 *	 dc += dh o t'(a)
 *	 d0 = dc g s'(i)  d1 = dc c0 s'(f)  d2 = dc i t'(g)  d3 = dh a s'(o)
 *	 dc0 = dc f       dh0 = d U'
 * The gates stand where z was.
 */
#include "core/kernels/math_inline.h"
#include "core/layers/recurrent/recurrent.h"

static const NNField lstm_fields[] = {
	NN_RECURRENT_FIELDS,
	NN_FIELD_ACTIVATION(RecurrentConf, recurrent_activation, NN_SIGMOID),
	NN_FIELD_BOOL(RecurrentConf, unit_forget_bias, true),
	NN_FIELD_END,
};

/* A row of z, c0, ... of one sample. */
#define ROW(array, r, n) ((array) + (size_t) (r) * (size_t) (n))

static bool
is_usual(const RecurrentConf *conf)
{
	return conf->activation == NN_TANH && conf->recurrent_activation == NN_SIGMOID;
}

/* ---- forward ---- */

static NN_HOT(void, usual_row,
			  (int n, nn_real *restrict z, const nn_real *restrict c0, nn_real *restrict c,
			   nn_real *restrict a, nn_real *restrict h),
			  (n, z, c0, c, a, h))
{
#pragma omp simd
	for (int u = 0; u < n; u++)
	{
		nn_real i = nn_sigmoid(z[u]);
		nn_real f = nn_sigmoid(z[n + u]);
		nn_real g = nn_tanh(z[2 * n + u]);
		nn_real o = nn_sigmoid(z[3 * n + u]);
		nn_real cell = f * c0[u] + i * g;
		nn_real out = nn_tanh(cell);

		z[u] = i;
		z[n + u] = f;
		z[2 * n + u] = g;
		z[3 * n + u] = o;
		c[u] = cell;
		a[u] = out;
		h[u] = o * out;
	}
}

static void
any_row(const RecurrentConf *conf, int n, nn_real *z, nn_real *pre, const nn_real *c0, nn_real *c,
		nn_real *a, nn_real *h)
{
	NNActivation gate = (NNActivation) conf->recurrent_activation;
	NNActivation activation = (NNActivation) conf->activation;
	const size_t width = (size_t) n;

	if (pre != NULL)
		nn_copy(pre, z, 4 * width);
	nn_activate(gate, z, 2 * width, width);
	nn_activate(activation, z + 2 * n, width, width);
	nn_activate(gate, z + 3 * n, width, width);
	for (int u = 0; u < n; u++)
		a[u] = c[u] = z[n + u] * c0[u] + z[u] * z[2 * n + u];
	nn_activate(activation, a, width, width);
	for (int u = 0; u < n; u++)
		h[u] = z[3 * n + u] * a[u];
}

static void
lstm_step(const RecurrentStep *step)
{
	const RecurrentConf *conf = step->run->conf;
	const bool usual = is_usual(conf);
	const int n = step->units;

	nn_recurrent_product(step, &step->run->cell->state[0], step->h0, n, false);
	for (int r = 0; r < step->batch; r++)
	{
		nn_real *c = ROW(step->c, r, n);
		nn_real *h = ROW(step->h, r, n);

		if (nn_recurrent_hidden(step, r))
		{
			nn_copy(c, ROW(step->c0, r, n), (size_t) n);
			nn_copy(h, ROW(step->h0, r, n), (size_t) n);
		}
		else if (usual)
			usual_row(n, ROW(step->z, r, 4 * n), ROW(step->c0, r, n), c, ROW(step->a, r, n), h);
		else
			any_row(conf, n, ROW(step->z, r, 4 * n),
					step->pre == NULL ? NULL : ROW(step->pre, r, 4 * n), ROW(step->c0, r, n), c,
					ROW(step->a, r, n), h);
	}
}

/* ---- backward ---- */

static NN_HOT(void, usual_row_back,
			  (int n, const nn_real *restrict z, const nn_real *restrict c0,
			   const nn_real *restrict a, const nn_real *restrict dh, nn_real *restrict d,
			   nn_real *restrict dc),
			  (n, z, c0, a, dh, d, dc))
{
#pragma omp simd
	for (int u = 0; u < n; u++)
	{
		nn_real i = z[u];
		nn_real f = z[n + u];
		nn_real g = z[2 * n + u];
		nn_real o = z[3 * n + u];
		nn_real dcell = dc[u] + dh[u] * o * (1 - a[u] * a[u]);

		d[u] = dcell * g * i * (1 - i);
		d[n + u] = dcell * c0[u] * f * (1 - f);
		d[2 * n + u] = dcell * i * (1 - g * g);
		d[3 * n + u] = dh[u] * a[u] * o * (1 - o);
		dc[u] = dcell * f;
	}
}

static void
any_row_back(const RecurrentConf *conf, int n, const nn_real *z, const nn_real *pre,
			 const nn_real *c0, const nn_real *c, const nn_real *a, const nn_real *dh, nn_real *d,
			 nn_real *dc)
{
	NNActivation gate = (NNActivation) conf->recurrent_activation;
	NNActivation activation = (NNActivation) conf->activation;
	const size_t width = (size_t) n;

	for (int u = 0; u < n; u++)
		d[u] = dh[u] * z[3 * n + u];
	nn_activate_backward(activation, c, a, d, width, width);
	nn_add(dc, d, width);
	for (int u = 0; u < n; u++)
	{
		d[u] = dc[u] * z[2 * n + u];
		d[n + u] = dc[u] * c0[u];
		d[2 * n + u] = dc[u] * z[u];
		d[3 * n + u] = dh[u] * a[u];
		dc[u] *= z[n + u];
	}
	nn_activate_backward(gate, pre, z, d, 2 * width, width);
	nn_activate_backward(activation, pre == NULL ? NULL : pre + 2 * n, z + 2 * n, d + 2 * n, width,
						 width);
	nn_activate_backward(gate, pre == NULL ? NULL : pre + 3 * n, z + 3 * n, d + 3 * n, width,
						 width);
}

static void
lstm_step_back(const RecurrentStep *step)
{
	const RecurrentConf *conf = step->run->conf;
	const bool usual = is_usual(conf);
	const int n = step->units;

	nn_zero(step->dh0, (size_t) step->batch * (size_t) n);
	for (int r = 0; r < step->batch; r++)
	{
		const nn_real *z = ROW(step->z, r, 4 * n);
		const nn_real *c0 = ROW(step->c0, r, n);
		const nn_real *a = ROW(step->a, r, n);
		const nn_real *dh = ROW(step->dh, r, n);
		nn_real *d = ROW(step->d, r, 4 * n);
		nn_real *dc = ROW(step->dc, r, n);

		if (nn_recurrent_hidden(step, r))
		{
			nn_zero(d, 4 * (size_t) n);
			nn_copy(ROW(step->dh0, r, n), dh, (size_t) n);
		}
		else if (usual)
			usual_row_back(n, z, c0, a, dh, d, dc);
		else
			any_row_back(conf, n, z, step->pre == NULL ? NULL : ROW(step->pre, r, 4 * n), c0,
						 ROW(step->c, r, n), a, dh, d, dc);
	}
	nn_recurrent_product_back(step, &step->run->cell->state[0], 1, step->dh0, n, false);
}

/* ---- the kind ---- */

static const RecurrentCell lstm_cell = {
	.gates = 4,
	.blocks = 4,
	.carry = true,
	.input = {{.n = 4}},
	.state = {{.n = 4}},
	.forward = lstm_step,
	.backward = lstm_step_back,
};

static bool
lstm_shape(NNLayer *layer, NNError *error)
{
	return nn_recurrent_shape(layer, &lstm_cell, error);
}

/* Each by its initializer; the forget gate's bias is then 1. */
static void
lstm_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random)
{
	const RecurrentConf *conf = NN_CONF(layer, RecurrentConf);

	for (int i = 0; i < layer->n_params; i++)
	{
		const NNParam *param = &layer->params[i];

		nn_initialize(&param->init, params + param->offset, param->shape.dim, param->shape.rank,
					  scratch, random);
	}
	if (!conf->use_bias || !conf->unit_forget_bias)
		return;
	for (int u = 0; u < conf->units; u++)
		params[layer->params[2].offset + (size_t) (conf->units + u)] = 1;
}

static void
lstm_forward(const NNLayer *layer, const NNPass *pass)
{
	nn_recurrent_forward(layer, pass, &lstm_cell);
}

static void
lstm_backward(const NNLayer *layer, const NNPass *pass)
{
	nn_recurrent_backward(layer, pass, &lstm_cell);
}

const NNKind nn_lstm = {
	.name = "lstm",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(RecurrentConf),
	.fields = lstm_fields,
	.shape = lstm_shape,
	.init = lstm_init,
	.forward = lstm_forward,
	.backward = lstm_backward,
};
