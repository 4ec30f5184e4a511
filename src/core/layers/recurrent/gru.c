/*
 * gru.c
 *	  Gated recurrent unit, in both forms, with Keras's order of gates z, r, h.
 *
 * Four blocks: 0 the update gate z, 1 the reset gate r, 3 the candidate k, and
 * block 2 is
 *	 reset_after:  the state's share q = h0 U_h + b' of the candidate
 *	 else:		   r h0, whose product with U_h is that share
 *	 z = s(x W_z + h0 U_z + b)   r = s(x W_r + h0 U_r + b)
 *	 k = t(x W_h + b + r q)  or  k = t(x W_h + b + (r h0) U_h)
 *	 h = z h0 + (1 - z) k
 * Backward:
 *	 d0 = dh (h0 - k) s'(z)   d3 = dh (1 - z) t'(k)
 *	 reset_after:  d1 = d3 q s'(r)  d2 = d3 r   dh0 = dh z + (d0 d1 d2) U'
 *	 else:		   v = d3 U_h'      d1 = v h0 s'(r)
 *				   dh0 = dh z + v r + (d0 d1) U_zr'
 * With recurrent_dropout h0 in products stands for what is left of it.
 */
#include "core/kernels/math_inline.h"
#include "core/layers/recurrent/recurrent.h"

static const NNField gru_fields[] = {
	NN_RECURRENT_FIELDS,
	NN_FIELD_ACTIVATION(RecurrentConf, recurrent_activation, NN_SIGMOID),
	NN_FIELD_BOOL(RecurrentConf, reset_after, true),
	NN_FIELD_END,
};

#define ROW(array, r, n) ((array) + (size_t) (r) * (size_t) (n))

static bool
is_usual(const RecurrentConf *conf)
{
	return conf->activation == NN_TANH && conf->recurrent_activation == NN_SIGMOID;
}

static void
carry_row(const RecurrentStep *step, int r)
{
	nn_copy(ROW(step->h, r, step->units), ROW(step->h0, r, step->units), (size_t) step->units);
}

/* The masks' row of the state in the candidate's product, or NULL. */
static const nn_real *
candidate_drop(const RecurrentStep *step, int r)
{
	const nn_real *drop = nn_recurrent_drop(step->run, 2);

	return drop == NULL ? NULL : ROW(drop, r, step->units);
}

/* ---- forward ---- */

static NN_HOT(void, usual_after,
			  (int n, nn_real *restrict z, const nn_real *restrict h0, nn_real *restrict h),
			  (n, z, h0, h))
{
#pragma omp simd
	for (int u = 0; u < n; u++)
	{
		nn_real update = nn_sigmoid(z[u]);
		nn_real reset = nn_sigmoid(z[n + u]);
		nn_real k = nn_tanh(z[3 * n + u] + reset * z[2 * n + u]);

		z[u] = update;
		z[n + u] = reset;
		z[3 * n + u] = k;
		h[u] = update * h0[u] + (1 - update) * k;
	}
}

/* Both gates of a row. */
static void
gates(const RecurrentStep *step, int r)
{
	const size_t n = (size_t) step->units;
	nn_real *z = ROW(step->z, r, 4 * n);

	if (step->pre != NULL)
		nn_copy(ROW(step->pre, r, 4 * n), z, 2 * n);
	nn_activate((NNActivation) step->run->conf->recurrent_activation, z, 2 * n, n);
}

/* The candidate of a row, whose sum is in block 3, and the state. */
static NN_HOT(void, candidate, (const RecurrentStep *step, int r), (step, r))
{
	const int n = step->units;
	nn_real *z = ROW(step->z, r, 4 * n);
	const nn_real *restrict h0 = ROW(step->h0, r, n);
	nn_real *restrict h = ROW(step->h, r, n);

	if (step->pre != NULL)
		nn_copy(ROW(step->pre, r, 4 * n) + 3 * n, z + 3 * n, (size_t) n);
	nn_activate((NNActivation) step->run->conf->activation, z + 3 * n, (size_t) n, (size_t) n);
	for (int u = 0; u < n; u++)
		h[u] = z[u] * h0[u] + (1 - z[u]) * z[3 * n + u];
}

static void
step_after(const RecurrentStep *step)
{
	const int n = step->units;
	const bool usual = is_usual(step->run->conf);

	nn_recurrent_product(step, &step->run->cell->state[0], step->h0, n, false);
	for (int r = 0; r < step->batch; r++)
	{
		nn_real *z = ROW(step->z, r, 4 * n);

		if (nn_recurrent_hidden(step, r))
			carry_row(step, r);
		else if (usual)
			usual_after(n, z, ROW(step->h0, r, n), ROW(step->h, r, n));
		else
		{
			gates(step, r);
			for (int u = 0; u < n; u++)
				z[3 * n + u] += z[n + u] * z[2 * n + u];
			candidate(step, r);
		}
	}
}

static void
step_before(const RecurrentStep *step)
{
	const int n = step->units;
	const RecurrentBlock *state = step->run->cell->state;

	nn_recurrent_product(step, &state[0], step->h0, n, false);
	for (int r = 0; r < step->batch; r++)
	{
		nn_real *z = ROW(step->z, r, 4 * n);
		const nn_real *h0 = ROW(step->h0, r, n);
		const nn_real *drop = candidate_drop(step, r);

		gates(step, r);
		for (int u = 0; u < n; u++)
			z[2 * n + u] = z[n + u] * h0[u] * (drop == NULL ? 1 : drop[u]);
	}
	nn_recurrent_product(step, &state[1], step->z + 2 * n, 4 * n, true);
	for (int r = 0; r < step->batch; r++)
		if (nn_recurrent_hidden(step, r))
			carry_row(step, r);
		else
			candidate(step, r);
}

/* ---- backward ---- */

/* Derivatives of the activations, block by block; from and to are row r's. */
static void
unactivate(const RecurrentStep *step, int r, NNActivation f, int block, int blocks)
{
	const size_t n = (size_t) step->units;
	const size_t at = (size_t) block * n;

	nn_activate_backward(f, step->pre == NULL ? NULL : ROW(step->pre, r, 4 * n) + at,
						 ROW(step->z, r, 4 * n) + at, ROW(step->d, r, 4 * n) + at,
						 (size_t) blocks * n, n);
}

static NN_HOT(void, usual_after_back,
			  (int n, const nn_real *restrict z, const nn_real *restrict h0,
			   const nn_real *restrict dh, nn_real *restrict d, nn_real *restrict dh0),
			  (n, z, h0, dh, d, dh0))
{
#pragma omp simd
	for (int u = 0; u < n; u++)
	{
		nn_real update = z[u];
		nn_real reset = z[n + u];
		nn_real k = z[3 * n + u];
		nn_real dk = dh[u] * (1 - update) * (1 - k * k);

		d[u] = dh[u] * (h0[u] - k) * update * (1 - update);
		d[n + u] = dk * z[2 * n + u] * reset * (1 - reset);
		d[2 * n + u] = dk * reset;
		d[3 * n + u] = dk;
		dh0[u] = dh[u] * update;
	}
}

/* d0 (before the gate's derivative), d3 and the direct share of dh0. */
static void
candidate_back(const RecurrentStep *step, int r)
{
	const int n = step->units;
	const nn_real *z = ROW(step->z, r, 4 * n);
	const nn_real *h0 = ROW(step->h0, r, n);
	const nn_real *dh = ROW(step->dh, r, n);
	nn_real *d = ROW(step->d, r, 4 * n);
	nn_real *dh0 = ROW(step->dh0, r, n);

	for (int u = 0; u < n; u++)
	{
		d[u] = dh[u] * (h0[u] - z[3 * n + u]);
		d[3 * n + u] = dh[u] * (1 - z[u]);
		dh0[u] = dh[u] * z[u];
	}
	unactivate(step, r, (NNActivation) step->run->conf->activation, 3, 1);
}

/* A hidden row: nothing happened there. */
static void
carry_row_back(const RecurrentStep *step, int r)
{
	nn_zero(ROW(step->d, r, 4 * step->units), 4 * (size_t) step->units);
	nn_copy(ROW(step->dh0, r, step->units), ROW(step->dh, r, step->units), (size_t) step->units);
}

static void
step_after_back(const RecurrentStep *step)
{
	const RecurrentConf *conf = step->run->conf;
	const int n = step->units;

	for (int r = 0; r < step->batch; r++)
	{
		const nn_real *z = ROW(step->z, r, 4 * n);
		nn_real *d = ROW(step->d, r, 4 * n);

		if (nn_recurrent_hidden(step, r))
			carry_row_back(step, r);
		else if (is_usual(conf))
			usual_after_back(n, z, ROW(step->h0, r, n), ROW(step->dh, r, n), d,
							 ROW(step->dh0, r, n));
		else
		{
			candidate_back(step, r);
			for (int u = 0; u < n; u++)
			{
				d[n + u] = d[3 * n + u] * z[2 * n + u];
				d[2 * n + u] = d[3 * n + u] * z[n + u];
			}
			unactivate(step, r, (NNActivation) conf->recurrent_activation, 0, 2);
		}
	}
	nn_recurrent_product_back(step, &step->run->cell->state[0], 1, step->dh0, n, false);
}

static void
step_before_back(const RecurrentStep *step)
{
	const RecurrentConf *conf = step->run->conf;
	const RecurrentBlock *state = step->run->cell->state;
	const int n = step->units;

	for (int r = 0; r < step->batch; r++)
		if (nn_recurrent_hidden(step, r))
			carry_row_back(step, r);
		else
			candidate_back(step, r);
	/* v goes where d2 would be */
	nn_recurrent_product_back(step, &state[1], 0, step->d + 2 * n, 4 * n, true);
	for (int r = 0; r < step->batch; r++)
	{
		const nn_real *z = ROW(step->z, r, 4 * n);
		const nn_real *h0 = ROW(step->h0, r, n);
		const nn_real *drop = candidate_drop(step, r);
		nn_real *d = ROW(step->d, r, 4 * n);
		nn_real *dh0 = ROW(step->dh0, r, n);

		if (nn_recurrent_hidden(step, r))
			continue;
		for (int u = 0; u < n; u++)
		{
			nn_real v = d[2 * n + u] * (drop == NULL ? 1 : drop[u]);

			d[n + u] = v * h0[u];
			dh0[u] += v * z[n + u];
		}
		unactivate(step, r, (NNActivation) conf->recurrent_activation, 0, 2);
	}
	nn_recurrent_product_back(step, &state[0], 1, step->dh0, n, false);
}

/* ---- the kind ---- */

static const RecurrentCell after_cell = {
	.gates = 3,
	.blocks = 4,
	.two_biases = true,
	.input = {{.n = 2}, {.gate = 2, .n = 1, .column = 3}},
	.state = {{.n = 3}},
	.forward = step_after,
	.backward = step_after_back,
};

static const RecurrentCell before_cell = {
	.gates = 3,
	.blocks = 4,
	.input = {{.n = 2}, {.gate = 2, .n = 1, .column = 3}},
	.state = {{.n = 2}, {.gate = 2, .n = 1, .column = 3, .from_z = true}},
	.forward = step_before,
	.backward = step_before_back,
};

static const RecurrentCell *
cell_of(const NNLayer *layer)
{
	return NN_CONF(layer, RecurrentConf)->reset_after ? &after_cell : &before_cell;
}

static bool
gru_shape(NNLayer *layer, NNError *error)
{
	return nn_recurrent_shape(layer, cell_of(layer), error);
}

static void
gru_forward(const NNLayer *layer, const NNPass *pass)
{
	nn_recurrent_forward(layer, pass, cell_of(layer));
}

static void
gru_backward(const NNLayer *layer, const NNPass *pass)
{
	nn_recurrent_backward(layer, pass, cell_of(layer));
}

const NNKind nn_gru = {
	.name = "gru",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(RecurrentConf),
	.fields = gru_fields,
	.shape = gru_shape,
	.forward = gru_forward,
	.backward = gru_backward,
};
