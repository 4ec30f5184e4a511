/*
 * multi_head_attention.c
 *	  Attention of several heads: query, key and value are projected for each
 *	  head, y is a projection of what all heads found.  In group_query_attention
 *	  several heads of the query share one of key and value.
 *
 * Shapes: query (t, query features), value (s, ...), key (s, ...); projected
 * Q (t, heads, h), K (s, groups, h), V (s, groups, v), gate and context C (t, heads, v),
 * weights W (heads, t, s); y (t, output_shape).  Head i looks at group i / (heads / groups).
 * saved: Q | K | V | C | gate, C times gate | W.  scratch: gradients of C, Q, K, V, gate;
 * fixed: of one sample's weights, and what dropout leaves of them.
 */
#include "core/layers/attention/attend.h"

/* One struct for both kinds, whose options have other names. */
typedef struct HeadsConf
{
	int heads;
	int groups; /* 0: as many as heads */
	int key_dim;
	int value_dim; /* 0: key_dim */
	double dropout;
	bool use_bias;
	NNInts output_shape; /* of a step; none: the query's features */
	int sliding_window;	 /* 0: none */
	bool use_gate;
	bool use_causal_mask;
	int seed;
	NNInitializer kernel_initializer;
	NNInitializer bias_initializer;
	NNRules kernel;
	NNRules bias;
} HeadsConf;

#define SIZE_FIELD(name, member, required)                                                        \
	{                                                                                             \
		name, NN_FIELD_TYPE_INT, offsetof(HeadsConf, member), required, 0, 1, NN_MAX_UNITS, NULL, \
			0                                                                                     \
	}

#define COMMON_FIELDS                                                                \
	NN_FIELD_REAL(HeadsConf, dropout, false, 0, 0, 0x1.fffffffffffffp-1),            \
		NN_FIELD_BOOL(HeadsConf, use_bias, true),                                    \
		SIZE_FIELD("sliding_window", sliding_window, false),                         \
		NN_FIELD_BOOL(HeadsConf, use_gate, false),                                   \
		NN_FIELD_BOOL(HeadsConf, use_causal_mask, false), NN_FIELD_SEED(HeadsConf),  \
		NN_FIELD_INITIALIZER(HeadsConf, kernel_initializer, NN_INIT_GLOROT_UNIFORM), \
		NN_FIELD_INITIALIZER(HeadsConf, bias_initializer, NN_INIT_ZEROS),            \
		NN_FIELD_RULES(HeadsConf, kernel), NN_FIELD_RULES(HeadsConf, bias), NN_FIELD_END

static const NNField multi_head_fields[] = {
	SIZE_FIELD("num_heads", heads, true),
	SIZE_FIELD("key_dim", key_dim, true),
	SIZE_FIELD("value_dim", value_dim, false),
	NN_FIELD_SHAPE(HeadsConf, output_shape, NN_MAX_RANK - 1, false, 1),
	COMMON_FIELDS,
};

static const NNField group_query_fields[] = {
	SIZE_FIELD("head_dim", key_dim, true),
	SIZE_FIELD("num_query_heads", heads, true),
	SIZE_FIELD("num_key_value_heads", groups, true),
	COMMON_FIELDS,
};

/* ---- sizes ---- */

/* The projections, in the order of their parameters. */
enum
{
	QUERY,
	KEY,
	GATE,
	VALUE,
	OUTPUT,
	PROJECTIONS
};

typedef struct Heads
{
	int t, s;
	int heads, groups, repeat; /* repeat heads look at the same group */
	int h, v;
	int out;
	size_t q, k, value, c, w; /* reals of a sample */
} Heads;

static Heads
heads_of(const NNLayer *layer)
{
	const HeadsConf *conf = NN_CONF(layer, HeadsConf);
	Heads a = {.heads = conf->heads, .groups = conf->groups, .h = conf->key_dim};
	NNShape w;

	if (a.groups == 0)
		a.groups = a.heads;
	a.repeat = a.heads / a.groups;
	a.v = conf->value_dim > 0 ? conf->value_dim : a.h;
	a.t = (int) nn_attend_positions(&layer->in[0]);
	a.s = (int) nn_attend_positions(&layer->in[nn_attend_input(layer, NN_VALUE)]);
	a.q = (size_t) a.t * (size_t) (a.heads * a.h);
	a.k = (size_t) a.s * (size_t) (a.groups * a.h);
	a.value = (size_t) a.s * (size_t) (a.groups * a.v);
	a.c = (size_t) a.t * (size_t) (a.heads * a.v);
	w = nn_shape3(a.heads, a.t, a.s);
	a.w = nn_shape_size(&w);
	a.out = (int) (nn_shape_size(&layer->out) / (size_t) a.t);
	return a;
}

/* Which input a projection is of; the output's is of none. */
static int
input_of(const NNLayer *layer, int projection)
{
	return projection == KEY   ? nn_attend_input(layer, NN_KEY)
		: projection == VALUE  ? nn_attend_input(layer, NN_VALUE)
		: projection == OUTPUT ? -1
							   : 0;
}

/* (rows, columns) of a projection's kernel as a matrix. */
static void
matrix_of(const NNLayer *layer, const Heads *a, int projection, int *rows, int *columns)
{
	const int group = projection == KEY || projection == VALUE ? a->groups : a->heads;
	const int input = input_of(layer, projection);

	*rows = input < 0 ? a->heads * a->v : nn_shape_last(&layer->in[input]);
	*columns =
		input < 0 ? a->out : group * (projection == QUERY || projection == KEY ? a->h : a->v);
}

/* ---- shape ---- */

static bool
refuse_heads(const NNLayer *layer, NNError *error)
{
	const HeadsConf *conf = NN_CONF(layer, HeadsConf);
	const int dim = conf->value_dim > conf->key_dim ? conf->value_dim : conf->key_dim;
	char what[NN_MAX_NAME + 16], shape[64];

	nn_layer_what(layer, what, sizeof(what));
	if (conf->groups > 0 && conf->heads % conf->groups != 0)
	{
		nn_error(error, NN_BAD_VALUE,
				 "%s: its %d heads of the query cannot share %d of key and value", what,
				 conf->heads, conf->groups);
		return nn_hint(error, "num_query_heads must be a multiple of num_key_value_heads.");
	}
	if ((double) conf->heads * dim > NN_MAX_UNITS)
	{
		nn_error(error, NN_TOO_LARGE, "%s: %d heads of %d features are more than %d", what,
				 conf->heads, dim, NN_MAX_UNITS);
		return nn_hint(error, "Use fewer heads, or smaller ones.");
	}
	if (layer->in[0].rank > 2 && (conf->use_causal_mask || conf->sliding_window > 0))
	{
		nn_error(error, NN_BAD_SHAPE, "%s: the steps of its input %s have no order", what,
				 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
		return nn_hint(error, "use_causal_mask and sliding_window are for inputs of 2 dimensions.");
	}
	for (int i = 0; i < layer->n_inputs; i++)
		if (nn_shape_last(&layer->in[i]) == NN_ANY)
			return nn_columns_check(layer, -1, error);
	return true;
}

/* The query's dimensions, the last one replaced by output_shape. */
static bool
output_of(NNLayer *layer, NNError *error)
{
	const NNInts *given = &NN_CONF(layer, HeadsConf)->output_shape;
	char what[NN_MAX_NAME + 16];
	double size = 1;

	layer->out = layer->in[0];
	if (given->count == 0)
		return true;
	layer->out.rank = layer->in[0].rank - 1 + given->count;
	for (int i = 0; i < given->count; i++)
	{
		size *= given->value[i];
		if (layer->in[0].rank - 1 + i < NN_MAX_DIMS)
			layer->out.dim[layer->in[0].rank - 1 + i] = given->value[i];
		if (given->value[i] == NN_ANY)
			return nn_error(error, NN_BAD_VALUE, "%s: its output_shape must have no NULL",
							nn_layer_what(layer, what, sizeof(what)));
	}
	if (size > NN_MAX_UNITS)
		return nn_error(error, NN_TOO_LARGE, "%s: its output_shape has more than %d values a step",
						nn_layer_what(layer, what, sizeof(what)), NN_MAX_UNITS);
	if (layer->out.rank > NN_MAX_RANK)
		return nn_error(error, NN_BAD_SHAPE, "%s: its output would have %d dimensions, at most %d",
						nn_layer_what(layer, what, sizeof(what)), layer->out.rank, NN_MAX_RANK);
	return true;
}

static void
add_params(NNLayer *layer, const Heads *a)
{
	static const char *const names[PROJECTIONS][2] = {
		{"query_kernel", "query_bias"},
		{"key_kernel", "key_bias"},
		{"gate_kernel", "gate_bias"},
		{"value_kernel", "value_bias"},
		{"attention_output_kernel", "attention_output_bias"},
	};
	const HeadsConf *conf = NN_CONF(layer, HeadsConf);

	for (int p = 0; p < PROJECTIONS; p++)
	{
		const int group = p == KEY || p == VALUE ? a->groups : a->heads;
		const int each = p == QUERY || p == KEY ? a->h : a->v;
		NNShape kernel, bias = nn_shape2(group, each);

		if (p == GATE && !conf->use_gate)
			continue;
		if (p == OUTPUT)
		{
			const int first = layer->in[0].rank - 1;

			bias.rank = layer->out.rank - first;
			memcpy(bias.dim, layer->out.dim + first, (size_t) bias.rank * sizeof(int));
			kernel = nn_shape2(a->heads, a->v);
			kernel.rank = 2 + bias.rank;
			memcpy(kernel.dim + 2, bias.dim, (size_t) bias.rank * sizeof(int));
		}
		else
			kernel = nn_shape3(nn_shape_last(&layer->in[input_of(layer, p)]), group, each);
		nn_layer_add_param(layer, names[p][0], kernel, conf->kernel_initializer, &conf->kernel);
		if (conf->use_bias)
			nn_layer_add_param(layer, names[p][1], bias, conf->bias_initializer, &conf->bias);
	}
}

static bool
heads_shape(NNLayer *layer, NNError *error)
{
	const HeadsConf *conf = NN_CONF(layer, HeadsConf);
	const int most = conf->groups > 0 ? 2 : NN_MAX_RANK;
	const size_t gates = conf->use_gate ? 1 : 0;
	Heads a;

	if (!nn_attend_check(layer, 2, most, error) || !refuse_heads(layer, error) ||
		!output_of(layer, error))
		return false;
	a = heads_of(layer);
	add_params(layer, &a);
	layer->saved_size = a.q + a.k + a.value + (1 + 2 * gates) * a.c + a.w;
	layer->scratch_size = a.q + a.k + a.value + (1 + gates) * a.c;
	layer->scratch_fixed = (conf->dropout > 0 ? 2 : 1) * a.w;
	layer->flops = (double) a.w * (a.h + a.v) + (double) a.c * a.out;
	for (int p = 0; p < OUTPUT; p++)
		if (p != GATE || conf->use_gate)
			layer->flops += (double) (p == QUERY	   ? a.q
										  : p == KEY   ? a.k
										  : p == VALUE ? a.value
													   : a.c) *
				nn_shape_last(&layer->in[input_of(layer, p)]);
	layer->mask_from = layer->out.rank >= 2 ? 0 : NN_MASK_NONE;
	return true;
}

/* Fans are a projection's features, whatever heads they are cut into. */
static void
heads_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random)
{
	const HeadsConf *conf = NN_CONF(layer, HeadsConf);
	const Heads a = heads_of(layer);
	const NNParam *param = layer->params;

	for (int p = 0; p < PROJECTIONS; p++)
	{
		int matrix[2];

		if (p == GATE && !conf->use_gate)
			continue;
		matrix_of(layer, &a, p, &matrix[0], &matrix[1]);
		if (param->init.kind == NN_INIT_ORTHOGONAL)
			nn_initialize(&param->init, params + param->offset, param->shape.dim, param->shape.rank,
						  scratch, random);
		else
			nn_initialize(&param->init, params + param->offset, matrix, 2, scratch, random);
		param++;
		if (!conf->use_bias)
			continue;
		nn_initialize(&param->init, params + param->offset, param->shape.dim, param->shape.rank,
					  scratch, random);
		param++;
	}
}

/* ---- passes ---- */

/* Arrays of a chunk, (batch, ...) each, and their gradients in backward. */
typedef struct Arrays
{
	nn_real *to[PROJECTIONS]; /* of OUTPUT: what is projected, context or gated */
	nn_real *context;
	nn_real *w;
	nn_real *d[PROJECTIONS]; /* of OUTPUT: the context's */
	nn_real *fixed;
} Arrays;

static Arrays
arrays_of(const NNLayer *layer, const NNPass *pass, const Heads *a)
{
	const size_t batch = (size_t) pass->batch;
	const bool gated = NN_CONF(layer, HeadsConf)->use_gate;
	Arrays at;

	at.to[QUERY] = pass->saved;
	at.to[KEY] = at.to[QUERY] + a->q * batch;
	at.to[VALUE] = at.to[KEY] + a->k * batch;
	at.context = at.to[VALUE] + a->value * batch;
	at.to[GATE] = gated ? at.context + a->c * batch : NULL;
	at.to[OUTPUT] = gated ? at.to[GATE] + a->c * batch : at.context;
	at.w = at.to[OUTPUT] + a->c * batch;
	at.d[OUTPUT] = pass->scratch;
	at.d[QUERY] = at.d[OUTPUT] + a->c * batch;
	at.d[KEY] = at.d[QUERY] + a->q * batch;
	at.d[VALUE] = at.d[KEY] + a->k * batch;
	at.d[GATE] = gated ? at.d[VALUE] + a->value * batch : NULL;
	at.fixed = at.d[VALUE] + (a->value + (gated ? a->c : 0)) * batch;
	return at;
}

static NNAttend
attend_of(const NNLayer *layer, const NNPass *pass)
{
	const HeadsConf *conf = NN_CONF(layer, HeadsConf);
	NNAttend attend = {.causal = conf->use_causal_mask, .window = conf->sliding_window};

	/* with dropout Keras goes another way */
	attend.unseen = conf->dropout > 0 ? NN_UNSEEN_NONE : NN_UNSEEN_LOW;
	nn_attend_begin(&attend, layer, pass);
	if (layer->n_inputs < 3)
		attend.masks[NN_KEY] = NULL;
	return attend;
}

/* The offsets of a projection's kernel and, or SIZE_MAX, its bias. */
static size_t
kernel_offset(const NNLayer *layer, int projection)
{
	const HeadsConf *conf = NN_CONF(layer, HeadsConf);
	const int before = projection - (projection > GATE && !conf->use_gate ? 1 : 0);

	return layer->params[before * (conf->use_bias ? 2 : 1)].offset;
}

static void
project(const NNLayer *layer, const NNPass *pass, const Heads *a, int projection, const nn_real *x,
		size_t positions, nn_real *y)
{
	const bool biased = NN_CONF(layer, HeadsConf)->use_bias;
	const nn_real *kernel = pass->params + kernel_offset(layer, projection);
	int rows, columns;

	matrix_of(layer, a, projection, &rows, &columns);
	if (biased)
		nn_fill_rows(y, kernel + (size_t) rows * (size_t) columns, positions, (size_t) columns);
	nn_gemm(false, false, (int) positions, columns, rows, 1, x, rows, kernel, columns,
			biased ? 1 : 0, y, columns);
}

/* dy (positions, columns) back: the kernel's and bias's gradients, and dx if it is wanted. */
static void
project_back(const NNLayer *layer, const NNPass *pass, const Heads *a, int projection,
			 const nn_real *x, size_t positions, const nn_real *dy, nn_real beta, nn_real *dx)
{
	const size_t offset = kernel_offset(layer, projection);
	int rows, columns;

	matrix_of(layer, a, projection, &rows, &columns);
	if (pass->grads)
	{
		nn_gemm_outer(rows, columns, (int) positions, x, rows, dy, columns, pass->grads + offset,
					  columns);
		if (NN_CONF(layer, HeadsConf)->use_bias)
			nn_sum_rows(pass->grads + offset + (size_t) rows * (size_t) columns, dy, positions,
						(size_t) columns);
	}
	if (dx)
		nn_gemm(false, true, (int) positions, rows, columns, 1, dy, columns, pass->params + offset,
				columns, beta, dx, rows);
}

/* ---- one sample ---- */

static void
look(const Heads *a, const Arrays *at, size_t b, const nn_real *w)
{
	const size_t ts = (size_t) a->t * (size_t) a->s;
	nn_real *c = at->context + b * a->c;

	for (int r = 0; r < a->repeat; r++)
		nn_gemm_batched(a->groups, false, false, a->t, a->v, a->s, 1, w + (size_t) r * ts, a->s,
						(size_t) a->repeat * ts, at->to[VALUE] + b * a->value, a->groups * a->v,
						(size_t) a->v, 0, c + (size_t) (r * a->v), a->heads * a->v,
						(size_t) (a->repeat * a->v));
}

static void
make_scores(const Heads *a, const Arrays *at, size_t b)
{
	const size_t ts = (size_t) a->t * (size_t) a->s;
	const nn_real scale = (nn_real) (1 / sqrt((double) a->h));

	for (int r = 0; r < a->repeat; r++)
		nn_gemm_batched(a->groups, false, true, a->t, a->s, a->h, scale,
						at->to[QUERY] + b * a->q + (size_t) (r * a->h), a->heads * a->h,
						(size_t) (a->repeat * a->h), at->to[KEY] + b * a->k, a->groups * a->h,
						(size_t) a->h, 0, at->w + b * a->w + (size_t) r * ts, a->s,
						(size_t) a->repeat * ts);
}

/* The gradients of the weights and the value from the context's. */
static void
look_back(const Heads *a, const Arrays *at, size_t b, const nn_real *w, nn_real *dw)
{
	const size_t ts = (size_t) a->t * (size_t) a->s;
	const nn_real *dc = at->d[OUTPUT] + b * a->c;

	for (int r = 0; r < a->repeat; r++)
	{
		nn_gemm_batched(a->groups, true, false, a->s, a->v, a->t, 1, w + (size_t) r * ts, a->s,
						(size_t) a->repeat * ts, dc + (size_t) (r * a->v), a->heads * a->v,
						(size_t) (a->repeat * a->v), r == 0 ? 0 : 1, at->d[VALUE] + b * a->value,
						a->groups * a->v, (size_t) a->v);
		nn_gemm_batched(a->groups, false, true, a->t, a->s, a->v, 1, dc + (size_t) (r * a->v),
						a->heads * a->v, (size_t) (a->repeat * a->v), at->to[VALUE] + b * a->value,
						a->groups * a->v, (size_t) a->v, 0, dw + (size_t) r * ts, a->s,
						(size_t) a->repeat * ts);
	}
}

/* Those of query and key from the scores' dz. */
static void
scores_back(const Heads *a, const Arrays *at, size_t b, const nn_real *dz)
{
	const size_t ts = (size_t) a->t * (size_t) a->s;
	const nn_real scale = (nn_real) (1 / sqrt((double) a->h));

	for (int r = 0; r < a->repeat; r++)
	{
		nn_gemm_batched(a->groups, false, false, a->t, a->h, a->s, scale, dz + (size_t) r * ts,
						a->s, (size_t) a->repeat * ts, at->to[KEY] + b * a->k, a->groups * a->h,
						(size_t) a->h, 0, at->d[QUERY] + b * a->q + (size_t) (r * a->h),
						a->heads * a->h, (size_t) (a->repeat * a->h));
		nn_gemm_batched(a->groups, true, false, a->s, a->h, a->t, scale, dz + (size_t) r * ts, a->s,
						(size_t) a->repeat * ts, at->to[QUERY] + b * a->q + (size_t) (r * a->h),
						a->heads * a->h, (size_t) (a->repeat * a->h), r == 0 ? 0 : 1,
						at->d[KEY] + b * a->k, a->groups * a->h, (size_t) a->h);
	}
}

/* ---- all of them ---- */

static bool
drops(const NNLayer *layer, const NNPass *pass)
{
	return pass->training && NN_CONF(layer, HeadsConf)->dropout > 0;
}

static const nn_real *
drop(const NNLayer *layer, const NNPass *pass, const Heads *a, const Arrays *at,
	 const NNAttend *attend, int b)
{
	const HeadsConf *conf = NN_CONF(layer, HeadsConf);
	nn_real *kept = at->fixed + a->w;

	if (!drops(layer, pass))
		return at->w + (size_t) b * a->w;
	nn_attend_drop(attend, nn_draw_seed(layer, pass, conf->seed, b), conf->dropout, a->heads, kept,
				   at->w + (size_t) b * a->w);
	return kept;
}

static void
heads_forward(const NNLayer *layer, const NNPass *pass)
{
	const Heads a = heads_of(layer);
	const Arrays at = arrays_of(layer, pass, &a);
	const NNAttend attend = attend_of(layer, pass);
	const size_t batch = (size_t) pass->batch;
	const size_t t = batch * (size_t) a.t, s = batch * (size_t) a.s;

	for (int p = 0; p < OUTPUT; p++)
		if (at.to[p] != NULL)
			project(layer, pass, &a, p, pass->xs[input_of(layer, p)],
					p == QUERY || p == GATE ? t : s, at.to[p]);
	for (int b = 0; b < pass->batch && !nn_pool_stopping(); b++)
	{
		make_scores(&a, &at, (size_t) b);
		nn_attend_weights(&attend, b, a.heads, at.w + (size_t) b * a.w);
		look(&a, &at, (size_t) b, drop(layer, pass, &a, &at, &attend, b));
	}
	if (at.to[GATE] != NULL)
	{
		nn_activate(NN_SIGMOID, at.to[GATE], a.c * batch, 1);
		nn_copy(at.to[OUTPUT], at.context, a.c * batch);
		nn_mul(at.to[OUTPUT], at.to[GATE], a.c * batch);
	}
	project(layer, pass, &a, OUTPUT, at.to[OUTPUT], t, pass->y);
}

/* d[OUTPUT], of the gated context, becomes that of the context; d[GATE] is that before the sigmoid. */
static void
gate_back(const Heads *a, const Arrays *at, size_t batch)
{
	const size_t n = a->c * batch;

	nn_copy(at->d[GATE], at->d[OUTPUT], n);
	nn_mul(at->d[GATE], at->context, n);
	nn_activate_backward(NN_SIGMOID, NULL, at->to[GATE], at->d[GATE], n, 1);
	nn_mul(at->d[OUTPUT], at->to[GATE], n);
}

static void
heads_backward(const NNLayer *layer, const NNPass *pass)
{
	static const struct
	{
		int projection;
		NNRole role;
	} order[] = {{VALUE, NN_VALUE}, {QUERY, NN_QUERY}, {GATE, NN_QUERY}, {KEY, NN_KEY}};
	const HeadsConf *conf = NN_CONF(layer, HeadsConf);
	const Heads a = heads_of(layer);
	const Arrays at = arrays_of(layer, pass, &a);
	const NNAttend attend = attend_of(layer, pass);
	const size_t batch = (size_t) pass->batch;
	const size_t t = batch * (size_t) a.t, s = batch * (size_t) a.s;

	project_back(layer, pass, &a, OUTPUT, at.to[OUTPUT], t, pass->dy, 0, at.d[OUTPUT]);
	if (at.to[GATE] != NULL)
		gate_back(&a, &at, batch);
	for (int b = 0; b < pass->batch && !nn_pool_stopping(); b++)
	{
		nn_real *dw = at.fixed;

		look_back(&a, &at, (size_t) b, drop(layer, pass, &a, &at, &attend, b), dw);
		if (drops(layer, pass))
			nn_attend_drop(&attend, nn_draw_seed(layer, pass, conf->seed, b), conf->dropout,
						   a.heads, dw, dw);
		nn_attend_backward(&attend, b, a.heads, at.w + (size_t) b * a.w, dw);
		scores_back(&a, &at, (size_t) b, dw);
	}
	for (int i = 0; i < NN_ARRAY_LENGTH(order); i++)
	{
		const int p = order[i].projection, input = input_of(layer, p);

		if (at.to[p] != NULL)
			project_back(layer, pass, &a, p, pass->xs[input], p == QUERY || p == GATE ? t : s,
						 at.d[p], p == GATE ? 1 : nn_attend_beta(layer, order[i].role),
						 pass->dxs[input]);
	}
}

#define HEADS_KIND(kind_name, kind_fields)                                            \
	{                                                                                 \
		.name = kind_name, .flags = NN_KIND_MASKED, .min_inputs = 1, .max_inputs = 3, \
		.conf_size = sizeof(HeadsConf), .fields = kind_fields, .shape = heads_shape,  \
		.init = heads_init, .forward = heads_forward, .backward = heads_backward      \
	}

const NNKind nn_multi_head_attention = HEADS_KIND("multi_head_attention", multi_head_fields);
const NNKind nn_group_query_attention = HEADS_KIND("group_query_attention", group_query_fields);
