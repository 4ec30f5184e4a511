/*
 * muon.c
 *	  The optimizer muon: matrices go by their momentum made (almost) orthogonal,
 *	  everything else by adam.
 *
 * m = momentum m + g;  d = g + momentum m (nesterov) or m;
 * p -= rate sqrt(max(rows, columns)) rms_rate orthogonal(d).
 *
 * Orthogonal is a few steps of Newton and Schulz's iteration on X = d / |d|, lying:
 * A = X X',  B = b A + c A A,  X = a X + B X.  These products may be long and end
 * early where the training is to stop.  So they are made in prepare(), before
 * anything lasting changes, into slot 1, which only adam's tensors need.
 */
#include "core/optimizers/optimizer_conf.h"

#define NORM_EPSILON 1e-7

const NNField nn_muon_fields[] = {
	NN_FIELD_REAL(NNMuonConf, adam_beta_1, false, 0.9, 0, NN_BELOW_ONE),
	NN_FIELD_REAL(NNMuonConf, adam_beta_2, false, 0.999, 0, NN_BELOW_ONE),
	NN_FIELD_REAL(NNMuonConf, adam_weight_decay, false, 0.004, 0, 1e6),
	NN_FIELD_REAL(NNMuonConf, epsilon, false, 1e-7, NN_MIN_EPSILON, NN_MAX_EPSILON),
	NN_FIELD_TEXTS(NNMuonConf, exclude_layers),
	NN_FIELD_BOOL(NNMuonConf, exclude_embeddings, true),
	NN_FIELD_REAL(NNMuonConf, muon_a, false, 3.4445, -1000, 1000),
	NN_FIELD_REAL(NNMuonConf, muon_b, false, -4.7750, -1000, 1000),
	NN_FIELD_REAL(NNMuonConf, muon_c, false, 2.0315, -1000, 1000),
	NN_FIELD_REAL(NNMuonConf, adam_lr_ratio, false, 1, 0, 1e6),
	NN_FIELD_REAL(NNMuonConf, momentum, false, 0.95, 0, 1),
	NN_FIELD_INT(NNMuonConf, ns_steps, false, 5, 0, 100),
	NN_FIELD_BOOL(NNMuonConf, nesterov, true),
	NN_FIELD_REAL(NNMuonConf, rms_rate, false, 0.2, 0, 1e6),
	NN_FIELD_END,
};

/* ---- which tensors are adam's ---- */

static bool
has_word(const char *text, const char *word, bool any_case)
{
	size_t length = strlen(word);

	for (; strlen(text) >= length; text++)
	{
		size_t i = 0;

		while (i < length &&
			   (text[i] == word[i] ||
				(any_case && text[i] >= 'A' && text[i] <= 'Z' && text[i] - 'A' + 'a' == word[i])))
			i++;
		if (i == length)
			return true;
	}
	return false;
}

static bool
is_adams(const NNMuonConf *conf, const char *layer, const NNParam *param)
{
	char path[2 * NN_MAX_NAME + 2];
	size_t n = strlen(layer);

	if (param->shape.rank != 2)
		return true;
	memcpy(path, layer, n);
	path[n] = '/';
	strncpy(path + n + 1, param->name, NN_MAX_NAME);
	path[sizeof(path) - 1] = '\0';
	if (conf->exclude_embeddings && has_word(path, "embedding", true))
		return true;
	for (int i = 0; i < conf->exclude_layers.count; i++)
		if (has_word(path, conf->exclude_layers.text[i], false))
			return true;
	return false;
}

double
nn_muon_decay(const void *conf, double weight_decay, const char *layer, const NNParam *param)
{
	const NNMuonConf *c = conf;

	return is_adams(c, layer, param) ? c->adam_weight_decay : weight_decay;
}

/* ---- orthogonal directions ---- */

/* X and its successor, which are as large as the tensor, and A and B of its shorter side. */
size_t
nn_muon_scratch(const void *conf, const char *layer, const NNParam *param)
{
	size_t rows = (size_t) param->shape.dim[0];
	size_t columns = (size_t) param->shape.dim[1];
	size_t side = rows < columns ? rows : columns;

	if (is_adams(conf, layer, param))
		return 0;
	return 2 * NN_ALIGN_REALS(rows * columns) + 2 * NN_ALIGN_REALS(side * side);
}

/* x (side, length), side <= length, becomes orthogonal; next as large, products 2 of (side, side). */
static const nn_real *
orthogonalize(const NNMuonConf *c, nn_real *x, nn_real *next, nn_real *a, nn_real *b, int side,
			  int length)
{
	size_t n = (size_t) side * (size_t) length;

	nn_scale(x, (nn_real) (1 / (sqrt(nn_sum_squares(x, n)) + NORM_EPSILON)), n);
	for (int i = 0; i < c->ns_steps && !nn_pool_stopping(); i++)
	{
		nn_real *before = x;

		nn_gemm(false, true, side, side, length, 1, x, length, x, length, 0, a, side);
		nn_copy(b, a, (size_t) side * (size_t) side);
		nn_gemm(false, false, side, side, side, (nn_real) c->muon_c, a, side, a, side,
				(nn_real) c->muon_b, b, side);
		nn_copy(next, x, n);
		nn_gemm(false, false, side, length, side, 1, b, side, x, length, (nn_real) c->muon_a, next,
				length);
		x = next;
		next = before;
	}
	return x;
}

void
nn_muon_prepare(const void *conf, const NNUpdate *u)
{
	const NNMuonConf *c = conf;
	const NNShape *shape = &u->param->shape;
	int rows = shape->dim[0];
	int columns = shape->dim[1];
	int side = rows < columns ? rows : columns;
	bool lying = rows <= columns;
	size_t square = NN_ALIGN_REALS((size_t) side * (size_t) side);
	nn_real *x = u->scratch;
	nn_real *next = x + NN_ALIGN_REALS(u->n);
	nn_real *a = next + NN_ALIGN_REALS(u->n);
	nn_real *d = lying ? x : next;
	const nn_real *result;

	if (is_adams(c, u->layer, u->param))
		return;
	for (size_t i = 0; i < u->n; i++)
	{
		nn_real m = u->slots[0][i] * (nn_real) c->momentum + u->g[i];

		d[i] = c->nesterov ? u->g[i] + (nn_real) c->momentum * m : m;
	}
	if (!lying)
		nn_transpose(x, d, (size_t) rows, (size_t) columns);
	result = orthogonalize(c, x, next, a, a + square, side, lying ? columns : rows);
	if (lying)
		nn_copy(u->slots[1], result, u->n);
	else
		nn_transpose(u->slots[1], result, (size_t) columns, (size_t) rows);
}

/* ---- the update ---- */

void
nn_muon_update(const void *conf, const NNUpdate *u)
{
	const NNMuonConf *c = conf;
	double step = u->rate;

	if (is_adams(c, u->layer, u->param))
	{
		NNAdamConf adam = {c->adam_beta_1, c->adam_beta_2, c->epsilon, false};
		NNUpdate own = *u;

		own.rate *= c->adam_lr_ratio;
		nn_adam_update(&adam, &own);
		return;
	}
	if (c->rms_rate != 0)
		step *= c->rms_rate * sqrt(fmax(u->param->shape.dim[0], u->param->shape.dim[1]));
	nn_scale(u->slots[0], (nn_real) c->momentum, u->n);
	nn_add(u->slots[0], u->g, u->n);
	nn_axpy(u->p, (nn_real) -step, u->slots[1], u->n);
	nn_zero(u->slots[1], u->n);
}
