/*
 * einsum_dense.c
 *	  y = f(einsum(equation, x, kernel) + bias): a dense layer over any dimensions.
 *
 * Each letter of the equation is a dimension.  By where it stands it is one of
 * x and y alone (M), of the kernel and y alone (N), of x and the kernel, which
 * is summed over (K), of all three (B), or of x alone, which is summed before
 * (S).  x is brought to (B, batch, M, K), the kernel to (B, K, N), y of them is
 * (B, batch, M, N): products of matrices, each of which may lie in the right order as it is.
 * saved: y before the activation, where that is needed.  scratch: the three in
 * that order; y's also holds its gradient, x's its own.
 */
#include <stdio.h>

#include "core/layers/layer.h"

#define MAX_SIDE (NN_MAX_DIMS + 1) /* letters of x, kernel or y with the batch */

typedef struct EinsumConf
{
	char equation[NN_MAX_TEXT];
	NNInts output_shape; /* without the batch and what "..." stands for; NN_ANY: as in x */
	char bias_axes[NN_MAX_TEXT];
	int activation;
	NNInitializer kernel_initializer;
	NNInitializer bias_initializer;
	NNRules kernel;
	NNRules bias;
	NNRegularizer activity_regularizer;
} EinsumConf;

static const NNField einsum_fields[] = {
	{"equation", NN_FIELD_TYPE_TEXT, offsetof(EinsumConf, equation), true, 0, 0, 0, NULL, 0},
	NN_FIELD_SHAPE(EinsumConf, output_shape, NN_MAX_RANK, true, 1),
	NN_FIELD_ACTIVATION(EinsumConf, activation, NN_LINEAR),
	{"bias_axes", NN_FIELD_TYPE_TEXT, offsetof(EinsumConf, bias_axes), false, 0, 0, 0, NULL, 0},
	NN_FIELD_INITIALIZER(EinsumConf, kernel_initializer, NN_INIT_GLOROT_UNIFORM),
	NN_FIELD_INITIALIZER(EinsumConf, bias_initializer, NN_INIT_ZEROS),
	NN_FIELD_RULES(EinsumConf, kernel),
	NN_FIELD_RULES(EinsumConf, bias),
	NN_FIELD_ACTIVITY(EinsumConf),
	NN_FIELD_END,
};

/* ---- the equation ---- */

/* One of x, kernel and y: its letters without the batch; what "..." stands for are digits. */
typedef struct Side
{
	int n;
	char letter[MAX_SIDE];
	int dim[MAX_SIDE];
} Side;

typedef struct Equation
{
	Side x, kernel, y;
} Equation;

typedef enum Role
{
	ROLE_B,
	ROLE_M,
	ROLE_N,
	ROLE_K,
	ROLE_S
} Role;

/* Whatever the locale. */
static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int
place_of(const Side *side, char letter)
{
	for (int i = 0; i < side->n; i++)
		if (side->letter[i] == letter)
			return i;
	return -1;
}

static Role
role_of(const Equation *e, char letter)
{
	const bool x = place_of(&e->x, letter) >= 0, y = place_of(&e->y, letter) >= 0;

	if (place_of(&e->kernel, letter) < 0)
		return y ? ROLE_M : ROLE_S;
	return !x ? ROLE_N : y ? ROLE_B : ROLE_K;
}

static bool
refuse(const NNLayer *layer, const char *why, NNError *error)
{
	char what[NN_MAX_NAME + 16], clip[NN_CLIP];

	nn_error(error, NN_BAD_VALUE, "%s: its equation \"%s\" %s",
			 nn_layer_what(layer, what, sizeof(what)),
			 nn_clip(clip, NN_CONF(layer, EinsumConf)->equation), why);
	return nn_hint(error,
				   "An equation reads \"ab,bc->ac\", \"...b,bc->...c\" or \"ab...,bc->ac...\": "
				   "x, the kernel, the output, the batch being the first letter.");
}

/*
 * The next letters of the text, up to `end`; dots tells on which side of them "..." stands:
 * -1 before, 1 behind, 0 nowhere.
 */
static bool
read_side(const char **text, const char *end, Side *side, int *dots)
{
	*dots = 0;
	side->n = 0;
	if (strncmp(*text, "...", 3) == 0)
	{
		*dots = -1;
		*text += 3;
	}
	for (; is_letter(**text); (*text)++)
	{
		if (side->n == MAX_SIDE || place_of(side, **text) >= 0)
			return false;
		side->letter[side->n++] = **text;
	}
	if (*dots == 0 && strncmp(*text, "...", 3) == 0)
	{
		*dots = 1;
		*text += 3;
	}
	if (side->n == 0 || strncmp(*text, end, strlen(end)) != 0 || (*end == '\0' && **text != '\0'))
		return false;
	*text += strlen(end);
	return true;
}

/* Take the batch from both, and put digits for "...". */
static bool
fill_dots(Side *side, int dots, int rank)
{
	int missing, from;

	if (dots >= 0)
	{
		side->n--;
		memmove(side->letter, side->letter + 1, (size_t) side->n);
	}
	missing = rank - side->n;
	if (missing < 0 || rank > NN_MAX_DIMS || (dots == 0 && missing > 0))
		return false;
	from = dots < 0 ? 0 : side->n;
	memmove(side->letter + from + missing, side->letter + from, (size_t) (side->n - from));
	for (int i = 0; i < missing; i++)
		side->letter[from + i] = (char) ('0' + i);
	side->n = rank;
	return true;
}

static bool
read_equation(const NNLayer *layer, Equation *e, NNError *error)
{
	const char *text = NN_CONF(layer, EinsumConf)->equation;
	const int rank = layer->in[0].rank;
	int dots[3], elided;
	char batch;
	char why[120], shape[64];

	if (!read_side(&text, ",", &e->x, &dots[0]) || !read_side(&text, "->", &e->kernel, &dots[1]) ||
		!read_side(&text, "", &e->y, &dots[2]) || dots[1] != 0 || dots[0] != dots[2])
		return refuse(layer, "cannot be read", error);
	batch = e->x.letter[0];
	if (dots[0] >= 0 && (e->y.letter[0] != batch || place_of(&e->kernel, batch) >= 0))
		return refuse(layer, "does not keep its first letter, the batch, the first", error);
	elided = rank - e->x.n + (dots[0] >= 0);
	if (!fill_dots(&e->x, dots[0], rank) || elided < 0 ||
		!fill_dots(&e->y, dots[0], e->y.n - (dots[0] >= 0) + elided))
	{
		snprintf(why, sizeof(why), "does not fit its input %s",
				 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
		return refuse(layer, why, error);
	}
	for (int i = 0; i < e->kernel.n; i++)
		if (place_of(&e->x, e->kernel.letter[i]) < 0 && place_of(&e->y, e->kernel.letter[i]) < 0)
			return refuse(layer, "has a letter of the kernel alone", error);
	for (int i = 0; i < e->y.n; i++)
		if (place_of(&e->x, e->y.letter[i]) < 0 && place_of(&e->kernel, e->y.letter[i]) < 0)
			return refuse(layer, "has a letter of the output alone", error);
	return true;
}

/* The dimensions of x, then y's by output_shape and x, then the kernel's. */
static bool
find_dims(const NNLayer *layer, Equation *e, NNError *error)
{
	const NNInts *given = &NN_CONF(layer, EinsumConf)->output_shape;
	int next = 0;

	for (int i = 0; i < e->x.n; i++)
		e->x.dim[i] = layer->in[0].dim[i];
	for (int i = 0; i < e->y.n; i++)
	{
		const int x = place_of(&e->x, e->y.letter[i]);
		int dim = NN_ANY;

		if (is_letter(e->y.letter[i]))
		{
			if (next == given->count)
				return refuse(layer, "has more letters in its output than output_shape has numbers",
							  error);
			dim = given->value[next++];
		}
		if (x >= 0 && dim != NN_ANY && dim != e->x.dim[x])
			return refuse(layer, "shares a dimension that output_shape makes another one", error);
		if (x < 0 && dim == NN_ANY)
			return refuse(layer, "has a new dimension, for which output_shape has a NULL", error);
		e->y.dim[i] = x >= 0 ? e->x.dim[x] : dim;
	}
	if (next < given->count)
		return refuse(layer, "has fewer letters in its output than output_shape has numbers",
					  error);
	for (int i = 0; i < e->kernel.n; i++)
	{
		const int x = place_of(&e->x, e->kernel.letter[i]);

		e->kernel.dim[i] = x >= 0 ? e->x.dim[x] : e->y.dim[place_of(&e->y, e->kernel.letter[i])];
		if (e->kernel.dim[i] == NN_ANY)
			return refuse(layer, "has a kernel whose size is variable", error);
	}
	return true;
}

static bool
equation_of(const NNLayer *layer, Equation *e, NNError *error)
{
	return read_equation(layer, e, error) && find_dims(layer, e, error);
}

/* ---- shape ---- */

/* From the first of bias_axes on, 1 for those between that are none of them. */
static bool
add_bias(NNLayer *layer, const Equation *e, NNError *error)
{
	const EinsumConf *conf = NN_CONF(layer, EinsumConf);
	int first = e->y.n;
	NNShape bias = {.rank = 0};

	for (const char *axis = conf->bias_axes; *axis != '\0'; axis++)
	{
		const int at = is_letter(*axis) ? place_of(&e->y, *axis) : -1;

		if (at < 0 || e->y.dim[at] == NN_ANY)
			return refuse(layer, "has no dimension of a fixed size for each of bias_axes", error);
		first = at < first ? at : first;
	}
	for (int i = first; i < e->y.n; i++)
		bias.dim[bias.rank++] = strchr(conf->bias_axes, e->y.letter[i]) != NULL ? e->y.dim[i] : 1;
	if (bias.rank > 0)
		nn_layer_add_param(layer, "bias", bias, conf->bias_initializer, &conf->bias);
	return true;
}

/* Rows of different length: their steps must be y's, each by itself. */
static bool
check_steps(NNLayer *layer, const Equation *e, NNError *error)
{
	const bool stay =
		e->y.n > 0 && e->y.letter[0] == e->x.letter[0] && role_of(e, e->x.letter[0]) == ROLE_M;

	layer->steps_from = stay ? 0 : NN_MASK_NONE;
	if (layer->in[0].dim[0] != NN_ANY || stay)
		return true;
	return refuse(layer, "does not keep the variable first dimension of its input the first",
				  error);
}

static bool
einsum_shape(NNLayer *layer, NNError *error)
{
	const EinsumConf *conf = NN_CONF(layer, EinsumConf);
	double summed = 1;
	NNShape kernel;
	Equation e;

	if (!equation_of(layer, &e, error) || !check_steps(layer, &e, error))
		return false;
	layer->out.rank = e.y.n;
	memcpy(layer->out.dim, e.y.dim,
		   (size_t) (e.y.n < NN_MAX_DIMS ? e.y.n : NN_MAX_DIMS) * sizeof(int));
	if (e.kernel.n > NN_MAX_DIMS || e.y.n < 1)
		return refuse(layer, e.y.n < 1 ? "leaves nothing but the batch" : "has too large a kernel",
					  error);
	kernel.rank = e.kernel.n;
	memcpy(kernel.dim, e.kernel.dim, (size_t) e.kernel.n * sizeof(int));
	layer->activity = conf->activity_regularizer;
	nn_layer_add_param(layer, "kernel", kernel, conf->kernel_initializer, &conf->kernel);
	if (!add_bias(layer, &e, error))
		return false;
	for (int i = 0; i < e.kernel.n; i++)
		summed *= role_of(&e, e.kernel.letter[i]) == ROLE_K ? e.kernel.dim[i] : 1;
	layer->flops = (double) nn_shape_size(&layer->out) * summed;
	layer->saved_size =
		nn_activation_needs_z((NNActivation) conf->activation) ? nn_shape_size(&layer->out) : 0;
	layer->scratch_size = nn_shape_size(&layer->in[0]) + nn_shape_size(&layer->out);
	layer->scratch_fixed = 2 * nn_shape_size(&kernel);
	layer->mask_from = NN_MASK_NONE; /* as in Keras */
	return true;
}

/* Fans are the kernel's dimensions of x, and those of y. */
static void
einsum_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random)
{
	int fans[2] = {1, 1};
	NNError error;
	Equation e;

	(void) equation_of(layer, &e, &error);
	for (int i = 0; i < e.kernel.n; i++)
		fans[role_of(&e, e.kernel.letter[i]) != ROLE_K] *= e.kernel.dim[i];
	for (int i = 0; i < layer->n_params; i++)
	{
		const NNParam *param = &layer->params[i];
		const bool by_fans = i == 0 && param->init.kind != NN_INIT_ORTHOGONAL;

		nn_initialize(&param->init, params + param->offset, by_fans ? fans : param->shape.dim,
					  by_fans ? 2 : param->shape.rank, scratch, random);
	}
}

/* ---- arrays in the order of products ---- */

/* How an array goes to another one: for each dimension how far the next is there. */
typedef struct Way
{
	int n;
	int dim[MAX_SIDE];
	size_t step[MAX_SIDE];
	size_t size;
} Way;

typedef struct Products
{
	size_t b, m, n, k; /* m: of one sample */
	Way x, kernel, y;  /* to (b, batch, m, k), (b, k, n), (b, batch, m, n) */
} Products;

static size_t
size_of(const Equation *e, const Side *side, Role role)
{
	size_t size = 1;

	for (int i = 0; i < side->n; i++)
		if (role_of(e, side->letter[i]) == role)
			size *= (size_t) side->dim[i];
	return size;
}

/* The product of the dimensions with that role behind this letter, in the order of y or x. */
static size_t
behind(const Equation *e, const Side *order, Role role, char letter)
{
	size_t size = 1;

	for (int i = place_of(order, letter) + 1; i < order->n; i++)
		if (role_of(e, order->letter[i]) == role)
			size *= (size_t) order->dim[i];
	return size;
}

/* stride[role]: of what all dimensions of that role together count by. */
static Way
way_of(const Equation *e, const Side *side, const size_t stride[])
{
	Way way = {.n = side->n, .size = 1};

	for (int i = 0; i < side->n; i++)
	{
		const Role role = role_of(e, side->letter[i]);

		way.dim[i] = side->dim[i];
		way.size *= (size_t) side->dim[i];
		way.step[i] = role == ROLE_S
			? 0
			: stride[role] * behind(e, role == ROLE_K ? &e->x : &e->y, role, side->letter[i]);
	}
	return way;
}

static Products
products_of(const NNLayer *layer, int batch)
{
	NNError error;
	Equation e;
	Products p;

	(void) equation_of(layer, &e, &error);
	p.b = size_of(&e, &e.kernel, ROLE_B);
	p.m = size_of(&e, &e.y, ROLE_M);
	p.n = size_of(&e, &e.kernel, ROLE_N);
	p.k = size_of(&e, &e.kernel, ROLE_K);
	p.x = way_of(&e, &e.x,
				 (size_t[]){[ROLE_B] = (size_t) batch * p.m * p.k, [ROLE_M] = p.k, [ROLE_K] = 1});
	p.kernel =
		way_of(&e, &e.kernel, (size_t[]){[ROLE_B] = p.k * p.n, [ROLE_K] = p.n, [ROLE_N] = 1});
	p.y = way_of(&e, &e.y,
				 (size_t[]){[ROLE_B] = (size_t) batch * p.m * p.n, [ROLE_M] = p.n, [ROLE_N] = 1});
	return p;
}

/* Where the run-th run of the last dimension begins there. */
static size_t
run_begins(const Way *way, size_t run)
{
	size_t there = 0;

	for (int i = way->n - 2; i >= 0; i--)
	{
		there += run % (size_t) way->dim[i] * way->step[i];
		run /= (size_t) way->dim[i];
	}
	return there;
}

/* to, there, += from. */
static void
go(const Way *way, nn_real *to, const nn_real *from)
{
	const size_t width = (size_t) way->dim[way->n - 1], step = way->step[way->n - 1];

	for (size_t run = 0; run < way->size / width; run++, from += width)
	{
		nn_real *there = to + run_begins(way, run);

		for (size_t i = 0; i < width; i++)
			there[i * step] += from[i];
	}
}

/* The way back: to += what of from is there. */
static void
come(const Way *way, nn_real *to, const nn_real *from)
{
	const size_t width = (size_t) way->dim[way->n - 1], step = way->step[way->n - 1];

	for (size_t run = 0; run < way->size / width; run++, to += width)
	{
		const nn_real *there = from + run_begins(way, run);

		for (size_t i = 0; i < width; i++)
			to[i] += there[i * step];
	}
}

/* ---- passes ---- */

/* The activation this layer computes itself: none if the loss does. */
static NNActivation
einsum_activation(const NNLayer *layer)
{
	return layer->logits ? NN_LINEAR : (NNActivation) NN_CONF(layer, EinsumConf)->activation;
}

typedef struct Arrays
{
	nn_real *x, *y, *kernel, *grads;
} Arrays;

static Arrays
arrays_of(const NNLayer *layer, const NNPass *pass)
{
	const size_t batch = (size_t) pass->batch;
	Arrays a;

	a.x = pass->scratch;
	a.y = a.x + nn_shape_size(&layer->in[0]) * batch;
	a.kernel = a.y + nn_shape_size(&layer->out) * batch;
	a.grads = a.kernel + layer->params[0].size;
	return a;
}

/* x and the kernel in the order of products. */
static void
bring(const NNLayer *layer, const NNPass *pass, const Products *p, const Arrays *a)
{
	nn_zero(a->x, nn_shape_size(&layer->in[0]) * (size_t) pass->batch);
	for (size_t s = 0; s < (size_t) pass->batch; s++)
		go(&p->x, a->x + s * p->m * p->k, pass->x + s * p->x.size);
	nn_zero(a->kernel, p->kernel.size);
	go(&p->kernel, a->kernel, pass->params);
}

/* The bias has a value for each place of y in its dimensions, the last ones; 1 stands for any. */
static Way
bias_way(const NNLayer *layer)
{
	const NNShape *bias = &layer->params[1].shape;
	Way way = {.n = layer->out.rank, .size = nn_shape_size(&layer->out)};
	size_t size = 1;

	for (int i = way.n - 1; i >= 0; i--)
	{
		const int at = i - (way.n - bias->rank);

		way.dim[i] = layer->out.dim[i];
		way.step[i] = at >= 0 && bias->dim[at] > 1 ? size : 0;
		size *= at >= 0 ? (size_t) bias->dim[at] : 1;
	}
	return way;
}

static void
einsum_forward(const NNLayer *layer, const NNPass *pass)
{
	const NNActivation f = einsum_activation(layer);
	const Products p = products_of(layer, pass->batch);
	const Arrays a = arrays_of(layer, pass);
	const size_t rows = (size_t) pass->batch * p.m;
	const size_t n = p.y.size * (size_t) pass->batch;

	bring(layer, pass, &p, &a);
	nn_gemm_batched((int) p.b, false, false, (int) rows, (int) p.n, (int) p.k, 1, a.x, (int) p.k,
					rows * p.k, a.kernel, (int) p.n, p.k * p.n, 0, a.y, (int) p.n, rows * p.n);
	nn_zero(pass->y, n);
	for (size_t s = 0; s < (size_t) pass->batch; s++)
	{
		come(&p.y, pass->y + s * p.y.size, a.y + s * p.m * p.n);
		if (layer->n_params > 1)
		{
			const Way bias = bias_way(layer);

			come(&bias, pass->y + s * p.y.size, pass->params + layer->params[1].offset);
		}
	}
	if (f == NN_LINEAR)
		return;
	if (pass->keeps && nn_activation_needs_z(f))
		nn_copy(pass->saved, pass->y, n);
	nn_activate(f, pass->y, n, (size_t) nn_shape_last(&layer->out));
}

static void
einsum_backward(const NNLayer *layer, const NNPass *pass)
{
	const NNActivation f = einsum_activation(layer);
	const Products p = products_of(layer, pass->batch);
	const Arrays a = arrays_of(layer, pass);
	const size_t rows = (size_t) pass->batch * p.m;
	const size_t n = p.y.size * (size_t) pass->batch;

	if (f != NN_LINEAR)
		nn_activate_backward(f, nn_activation_needs_z(f) ? pass->saved : NULL, pass->y, pass->dy, n,
							 (size_t) nn_shape_last(&layer->out));
	nn_zero(a.y, n);
	for (size_t s = 0; s < (size_t) pass->batch; s++)
	{
		go(&p.y, a.y + s * p.m * p.n, pass->dy + s * p.y.size);
		if (pass->grads && layer->n_params > 1)
		{
			const Way bias = bias_way(layer);

			go(&bias, pass->grads + layer->params[1].offset, pass->dy + s * p.y.size);
		}
	}
	bring(layer, pass, &p, &a);
	if (pass->grads)
	{
		nn_gemm_batched((int) p.b, true, false, (int) p.k, (int) p.n, (int) rows, 1, a.x, (int) p.k,
						rows * p.k, a.y, (int) p.n, rows * p.n, 0, a.grads, (int) p.n, p.k * p.n);
		come(&p.kernel, pass->grads, a.grads);
	}
	if (pass->dx == NULL)
		return;
	nn_gemm_batched((int) p.b, false, true, (int) rows, (int) p.k, (int) p.n, 1, a.y, (int) p.n,
					rows * p.n, a.kernel, (int) p.n, p.k * p.n, 0, a.x, (int) p.k, rows * p.k);
	nn_zero(pass->dx, p.x.size * (size_t) pass->batch);
	for (size_t s = 0; s < (size_t) pass->batch; s++)
		come(&p.x, pass->dx + s * p.x.size, a.x + s * p.m * p.k);
}

const NNKind nn_einsum_dense = {
	.name = "einsum_dense",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(EinsumConf),
	.fields = einsum_fields,
	.activation_offset = offsetof(EinsumConf, activation),
	.has_activation = true,
	.shape = einsum_shape,
	.init = einsum_init,
	.forward = einsum_forward,
	.backward = einsum_backward,
};
