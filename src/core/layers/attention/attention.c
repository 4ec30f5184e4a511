/*
 * attention.c
 *	  attention and additive_attention: y = softmax(scores) value, of scores that
 *	  are products of query and key, or sums of tanh over their features.
 *
 * Shapes: query (t, d), value (s, v), key (s, d), y (t, v).  Scores of attention are
 * scale * query key', or by score_mode concat weight * sum of tanh(scale (query + key));
 * those of additive_attention are the sum of scale[d] tanh(query + key).
 * saved: weights (t, s).  scratch: gradients of the weights and what dropout left
 * of them, (t, s) each; fixed: of one sample's query and key, and scale, and its gradient.
 */
#include "core/kernels/math_inline.h"
#include "core/layers/attention/attend.h"

typedef enum ScoreMode
{
	SCORE_DOT,
	SCORE_CONCAT
} ScoreMode;

static const NNWord score_words[] = {
	{"dot", SCORE_DOT},
	{"concat", SCORE_CONCAT},
	{NULL, 0},
};

typedef struct AttentionConf
{
	bool use_scale;
	int score_mode;
	double dropout;
	int seed;
	bool use_causal_mask;
} AttentionConf;

#define COMMON_FIELDS                                                                       \
	NN_FIELD_REAL(AttentionConf, dropout, false, 0, 0, 0x1.fffffffffffffp-1),               \
		NN_FIELD_SEED(AttentionConf), NN_FIELD_BOOL(AttentionConf, use_causal_mask, false), \
		NN_FIELD_END

static const NNField attention_fields[] = {
	NN_FIELD_BOOL(AttentionConf, use_scale, false),
	NN_FIELD_WORD(AttentionConf, score_mode, score_words, SCORE_DOT),
	COMMON_FIELDS,
};

static const NNField additive_fields[] = {
	NN_FIELD_BOOL(AttentionConf, use_scale, true),
	COMMON_FIELDS,
};

/* ---- shape ---- */

static bool
is_additive(const NNLayer *layer)
{
	return layer->kind == &nn_additive_attention;
}

/* Scores are sums of tanh. */
static bool
has_sums(const NNLayer *layer)
{
	return is_additive(layer) || NN_CONF(layer, AttentionConf)->score_mode == SCORE_CONCAT;
}

static bool
check_features(const NNLayer *layer, NNError *error)
{
	const NNShape *query = &layer->in[0];
	const NNShape *key = &layer->in[nn_attend_input(layer, NN_KEY)];
	char what[NN_MAX_NAME + 16], first[64], second[64];

	if (nn_shape_last(query) == nn_shape_last(key))
		return true;
	nn_error(error, NN_BAD_SHAPE, "%s: its query and key have shapes %s and %s",
			 nn_layer_what(layer, what, sizeof(what)), nn_shape_text(query, first, sizeof(first)),
			 nn_shape_text(key, second, sizeof(second)));
	return nn_hint(error,
				   "They need as many features as each other: a dense layer gives them that.");
}

static bool
attention_shape(NNLayer *layer, NNError *error)
{
	const AttentionConf *conf = NN_CONF(layer, AttentionConf);
	const NNInitializer ones = nn_initializer_default(NN_INIT_ONES);
	const NNShape one = {.rank = 0};
	NNShape scores;
	size_t d;

	if (!nn_attend_check(layer, 2, 2, error) || !check_features(layer, error))
		return false;
	d = (size_t) nn_shape_last(&layer->in[0]);
	layer->out =
		nn_shape2(layer->in[0].dim[0], nn_shape_last(&layer->in[nn_attend_input(layer, NN_VALUE)]));
	if (conf->use_scale && is_additive(layer))
		nn_layer_add_param(layer, "scale", nn_shape1((int) d),
						   nn_initializer_default(NN_INIT_GLOROT_UNIFORM), NULL);
	else if (conf->use_scale)
		nn_layer_add_param(layer, "scale", one, ones, NULL);
	if (!is_additive(layer) && has_sums(layer))
		nn_layer_add_param(layer, "concat_score_weight", one, ones, NULL);
	scores = nn_shape2(layer->in[0].dim[0], layer->in[nn_attend_input(layer, NN_KEY)].dim[0]);
	layer->saved_size = nn_shape_size(&scores);
	layer->scratch_size = 2 * nn_shape_size(&scores);
	layer->scratch_fixed = nn_shape_size(&layer->in[0]) +
		nn_shape_size(&layer->in[nn_attend_input(layer, NN_KEY)]) + 2 * d + 2;
	layer->flops = (double) nn_shape_size(&scores) *
		((has_sums(layer) ? 8.0 : 1.0) * (double) d + nn_shape_last(&layer->out));
	layer->mask_from = 0;
	return true;
}

/* ---- passes ---- */

/* Of one pass: sizes, and where things are. */
typedef struct Attention
{
	const AttentionConf *conf;
	NNAttend attend;
	int d, v;
	size_t scores; /* t s */
	const nn_real *q, *k, *value;
	nn_real *w, *dw, *kept; /* (batch, t, s) */
	nn_real *fixed;
	bool drops;
} Attention;

static Attention
begin(const NNLayer *layer, const NNPass *pass)
{
	Attention a = {.conf = NN_CONF(layer, AttentionConf)};

	a.attend.causal = a.conf->use_causal_mask;
	a.attend.unseen = NN_UNSEEN_LESS;
	nn_attend_begin(&a.attend, layer, pass);
	/* Keras looks at the value's mask alone; the query's hides steps of y */
	a.attend.masks[NN_QUERY] = a.attend.masks[NN_KEY] = NULL;
	a.d = nn_shape_last(&layer->in[0]);
	a.v = nn_shape_last(&layer->out);
	a.scores = (size_t) a.attend.t * (size_t) a.attend.s;
	a.q = pass->xs[0];
	a.k = pass->xs[nn_attend_input(layer, NN_KEY)];
	a.value = pass->xs[nn_attend_input(layer, NN_VALUE)];
	a.w = pass->saved;
	a.dw = pass->scratch;
	a.kept = a.dw + a.scores * (size_t) pass->batch;
	a.fixed = a.kept + a.scores * (size_t) pass->batch;
	a.drops = pass->training && a.conf->dropout > 0;
	return a;
}

/* What sums of tanh are made with: outer * sum over d of by[d] tanh(inner * (q[d] + k[d])). */
typedef struct Sums
{
	const nn_real *by;
	nn_real inner, outer;
} Sums;

/* room has d reals, for ones. */
static Sums
sums_of(const NNLayer *layer, const NNPass *pass, nn_real *room, int d)
{
	const bool scaled = NN_CONF(layer, AttentionConf)->use_scale;
	Sums sums = {.by = room, .inner = 1, .outer = 1};

	for (int i = 0; i < d; i++)
		room[i] = 1;
	if (is_additive(layer))
	{
		if (scaled)
			sums.by = pass->params;
		return sums;
	}
	if (scaled)
		sums.inner = pass->params[0];
	sums.outer = pass->params[scaled ? 1 : 0];
	return sums;
}

static NN_HOT(void, sum_scores,
			  (nn_real *restrict z, const nn_real *q, const nn_real *k, int t, int s, int d,
			   Sums by),
			  (z, q, k, t, s, d, by))
{
	for (int i = 0; i < t; i++)
		for (int j = 0; j < s; j++)
		{
			const nn_real *a = q + (size_t) i * (size_t) d, *b = k + (size_t) j * (size_t) d;
			nn_real sum = 0;

#pragma omp simd reduction(+ : sum)
			for (int e = 0; e < d; e++)
				sum += by.by[e] * nn_tanh(by.inner * (a[e] + b[e]));
			z[(size_t) i * (size_t) s + (size_t) j] = by.outer * sum;
		}
}

/* Gradients of one sample: of query and key, of by, and of inner and outer. */
typedef struct SumGradients
{
	nn_real *dq, *dk, *dby;
	double inner, outer;
} SumGradients;

static NN_HOT(void, sum_scores_back,
			  (const nn_real *g, const nn_real *q, const nn_real *k, int t, int s, int d, Sums by,
			   SumGradients *to),
			  (g, q, k, t, s, d, by, to))
{
	nn_real *restrict dby = to->dby;

	for (int i = 0; i < t; i++)
		for (int j = 0; j < s; j++)
		{
			const nn_real *a = q + (size_t) i * (size_t) d, *b = k + (size_t) j * (size_t) d;
			nn_real *restrict da = to->dq + (size_t) i * (size_t) d;
			nn_real *restrict db = to->dk + (size_t) j * (size_t) d;
			const nn_real by_score = g[(size_t) i * (size_t) s + (size_t) j];
			nn_real inner = 0, outer = 0;

#pragma omp simd reduction(+ : inner, outer)
			for (int e = 0; e < d; e++)
			{
				nn_real z = a[e] + b[e];
				nn_real y = nn_tanh(by.inner * z);
				nn_real slope = by_score * by.outer * by.by[e] * (1 - y * y);

				da[e] += slope * by.inner;
				db[e] += slope * by.inner;
				dby[e] += by_score * by.outer * y;
				inner += slope * z;
				outer += by_score * by.by[e] * y;
			}
			to->inner += (double) inner;
			to->outer += (double) outer;
		}
}

static void
make_scores(const NNLayer *layer, const NNPass *pass, const Attention *a)
{
	const size_t q = (size_t) a->attend.t * (size_t) a->d, k = (size_t) a->attend.s * (size_t) a->d;

	if (!has_sums(layer))
	{
		nn_gemm_batched(pass->batch, false, true, a->attend.t, a->attend.s, a->d,
						a->conf->use_scale ? pass->params[0] : 1, a->q, a->d, q, a->k, a->d, k, 0,
						a->w, a->attend.s, a->scores);
		return;
	}
	for (int b = 0; b < pass->batch && !nn_pool_stopping(); b++)
		sum_scores(a->w + (size_t) b * a->scores, a->q + (size_t) b * q, a->k + (size_t) b * k,
				   a->attend.t, a->attend.s, a->d, sums_of(layer, pass, a->fixed, a->d));
}

/* Rows of y at steps that the query's mask hides. */
static void
zero_hidden(const NNPass *pass, const Attention *a, nn_real *y)
{
	for (size_t r = 0; pass->mask != NULL && r < (size_t) pass->batch * (size_t) a->attend.t; r++)
		if (!pass->mask[r])
			nn_zero(y + r * (size_t) a->v, (size_t) a->v);
}

/* What the weights are after dropout, of all samples; where nothing is dropped the weights. */
static const nn_real *
drop(const NNLayer *layer, const NNPass *pass, const Attention *a)
{
	if (!a->drops)
		return a->w;
	for (int b = 0; b < pass->batch; b++)
		nn_attend_drop(&a->attend, nn_draw_seed(layer, pass, a->conf->seed, b), a->conf->dropout, 1,
					   a->kept + (size_t) b * a->scores, a->w + (size_t) b * a->scores);
	return a->kept;
}

static void
attention_forward(const NNLayer *layer, const NNPass *pass)
{
	const Attention a = begin(layer, pass);
	const int t = a.attend.t, s = a.attend.s;

	make_scores(layer, pass, &a);
	for (int b = 0; b < pass->batch; b++)
		nn_attend_weights(&a.attend, b, 1, a.w + (size_t) b * a.scores);
	nn_gemm_batched(pass->batch, false, false, t, a.v, s, 1, drop(layer, pass, &a), s, a.scores,
					a.value, a.v, (size_t) s * (size_t) a.v, 0, pass->y, a.v,
					(size_t) t * (size_t) a.v);
	zero_hidden(pass, &a, pass->y);
}

/* From the scores' gradients dw to those of scale, of query and of key. */
static void
back_product(const NNLayer *layer, const NNPass *pass, const Attention *a)
{
	const int t = a->attend.t, s = a->attend.s, d = a->d;
	const size_t q = (size_t) t * (size_t) d, k = (size_t) s * (size_t) d;
	const nn_real scale = a->conf->use_scale ? pass->params[0] : 1;
	nn_real *dq = pass->dxs[0], *dk = pass->dxs[nn_attend_input(layer, NN_KEY)];

	if (pass->grads && a->conf->use_scale)
	{
		double sum = 0;

		nn_gemm_batched(pass->batch, false, true, t, s, d, 1, a->q, d, q, a->k, d, k, 0, a->kept, s,
						a->scores);
		for (size_t i = 0; i < a->scores * (size_t) pass->batch; i++)
			sum += (double) a->kept[i] * (double) a->dw[i];
		pass->grads[0] += (nn_real) sum;
	}
	if (dq)
		nn_gemm_batched(pass->batch, false, false, t, d, s, scale, a->dw, s, a->scores, a->k, d, k,
						nn_attend_beta(layer, NN_QUERY), dq, d, q);
	if (dk)
		nn_gemm_batched(pass->batch, true, false, s, d, t, scale, a->dw, s, a->scores, a->q, d, q,
						nn_attend_beta(layer, NN_KEY), dk, d, k);
}

/* A sample's gradient of an input, written or added. */
static void
give(const NNLayer *layer, NNRole role, nn_real *dx, const nn_real *from, size_t n, int sample)
{
	if (dx == NULL)
		return;
	if (nn_attend_beta(layer, role) == 0)
		nn_zero(dx + (size_t) sample * n, n);
	nn_add(dx + (size_t) sample * n, from, n);
}

static void
back_sums(const NNLayer *layer, const NNPass *pass, const Attention *a)
{
	const int t = a->attend.t, s = a->attend.s, d = a->d;
	const size_t q = (size_t) t * (size_t) d, k = (size_t) s * (size_t) d;
	const Sums by = sums_of(layer, pass, a->fixed, d);
	SumGradients to = {.dby = a->fixed + d, .dq = a->fixed + 2 * d, .dk = a->fixed + 2 * d + q};

	nn_zero(to.dby, (size_t) d);
	for (int b = 0; b < pass->batch && !nn_pool_stopping(); b++)
	{
		nn_zero(to.dq, q + k);
		sum_scores_back(a->dw + (size_t) b * a->scores, a->q + (size_t) b * q,
						a->k + (size_t) b * k, t, s, d, by, &to);
		give(layer, NN_QUERY, pass->dxs[0], to.dq, q, b);
		give(layer, NN_KEY, pass->dxs[nn_attend_input(layer, NN_KEY)], to.dk, k, b);
	}
	if (pass->grads == NULL)
		return;
	if (is_additive(layer))
	{
		if (a->conf->use_scale)
			nn_add(pass->grads, to.dby, (size_t) d);
		return;
	}
	if (a->conf->use_scale)
		pass->grads[0] += (nn_real) to.inner;
	pass->grads[a->conf->use_scale ? 1 : 0] += (nn_real) to.outer;
}

static void
attention_backward(const NNLayer *layer, const NNPass *pass)
{
	const Attention a = begin(layer, pass);
	const int t = a.attend.t, s = a.attend.s, v = a.v;
	const size_t y = (size_t) t * (size_t) v, value = (size_t) s * (size_t) v;
	nn_real *dvalue = pass->dxs[nn_attend_input(layer, NN_VALUE)];

	zero_hidden(pass, &a, pass->dy);
	if (dvalue)
		nn_gemm_batched(pass->batch, true, false, s, v, t, 1, drop(layer, pass, &a), s, a.scores,
						pass->dy, v, y, 0, dvalue, v, value);
	nn_gemm_batched(pass->batch, false, true, t, s, v, 1, pass->dy, v, y, a.value, v, value, 0,
					a.dw, s, a.scores);
	for (int b = 0; b < pass->batch; b++)
	{
		nn_real *dw = a.dw + (size_t) b * a.scores;

		if (a.drops)
			nn_attend_drop(&a.attend, nn_draw_seed(layer, pass, a.conf->seed, b), a.conf->dropout,
						   1, dw, dw);
		nn_attend_backward(&a.attend, b, 1, a.w + (size_t) b * a.scores, dw);
	}
	if (has_sums(layer))
		back_sums(layer, pass, &a);
	else
		back_product(layer, pass, &a);
}

#define ATTENTION_KIND(kind_name, kind_fields)                                               \
	{                                                                                        \
		.name = kind_name, .flags = NN_KIND_MASKED, .min_inputs = 1, .max_inputs = 3,        \
		.conf_size = sizeof(AttentionConf), .fields = kind_fields, .shape = attention_shape, \
		.forward = attention_forward, .backward = attention_backward                         \
	}

const NNKind nn_attention = ATTENTION_KIND("attention", attention_fields);
const NNKind nn_additive_attention = ATTENTION_KIND("additive_attention", additive_fields);
