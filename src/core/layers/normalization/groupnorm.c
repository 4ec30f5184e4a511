/*
 * groupnorm.c
 *	  y = (x - mean) gamma / sqrt(variance + epsilon) + beta, where mean and
 *	  variance (biased) are those of a group of channels over all cells of a
 *	  sample; gamma and beta are those of each channel.
 *
 * A group has c / groups channels, neighbours of the last dimension; groups -1:
 * each channel is one (instance normalization).  What a shorter row was padded
 * with does not count; steps that layers hide do, as in Keras.
 *
 * saved, for each sample: mean (groups) | 1 / deviation (groups).  Backward, with
 * xhat = (x - mean) r, g = dy gamma and means over the group's numbers:
 * dx = r (g - mean(g) - xhat mean(g xhat)); dgamma += dy xhat; dbeta += dy.
 * scratch: four arrays of c.
 */
#include "core/kernels/columns.h"
#include "core/layers/window.h"

typedef struct GroupnormConf
{
	int groups;
	int axis;
	double epsilon;
	bool center;
	bool scale;
	NNInitializer beta_initializer;
	NNInitializer gamma_initializer;
	NNRules beta;
	NNRules gamma;
} GroupnormConf;

static const NNField groupnorm_fields[] = {
	NN_FIELD_INT(GroupnormConf, groups, false, 32, -1, NN_MAX_UNITS),
	NN_FIELD_INT(GroupnormConf, axis, false, -1, -1, NN_MAX_RANK),
	NN_FIELD_REAL(GroupnormConf, epsilon, false, 1e-3, 1e-12, 1e6),
	NN_FIELD_BOOL(GroupnormConf, center, true),
	NN_FIELD_BOOL(GroupnormConf, scale, true),
	NN_FIELD_INITIALIZER(GroupnormConf, beta_initializer, NN_INIT_ZEROS),
	NN_FIELD_INITIALIZER(GroupnormConf, gamma_initializer, NN_INIT_ONES),
	NN_FIELD_RULES(GroupnormConf, beta),
	NN_FIELD_RULES(GroupnormConf, gamma),
	NN_FIELD_END,
};

static int
groups_of(const NNLayer *layer)
{
	int groups = NN_CONF(layer, GroupnormConf)->groups;

	return groups == -1 ? nn_shape_last(&layer->in[0]) : groups;
}

static bool
check_groups(const NNLayer *layer, NNError *error)
{
	int groups = groups_of(layer), channels = nn_shape_last(&layer->in[0]);
	char what[NN_MAX_NAME + 16], shape[64];

	if (groups > 0 && channels % groups == 0)
		return true;
	nn_error(error, NN_BAD_SHAPE, "%s: the %d channels of its input %s do not make %d groups",
			 nn_layer_what(layer, what, sizeof(what)), channels,
			 nn_shape_text(&layer->in[0], shape, sizeof(shape)), groups);
	return nn_hint(error, "Option \"groups\" must divide the channels; -1 makes a group of each.");
}

static bool
groupnorm_shape(NNLayer *layer, NNError *error)
{
	const GroupnormConf *conf = NN_CONF(layer, GroupnormConf);
	NNShape channels;

	if (!nn_columns_check(layer, conf->axis, error) || !check_groups(layer, error))
		return false;
	channels = nn_shape1(nn_shape_last(&layer->in[0]));
	if (conf->scale)
		nn_layer_add_param(layer, "gamma", channels, conf->gamma_initializer, &conf->gamma);
	if (conf->center)
		nn_layer_add_param(layer, "beta", channels, conf->beta_initializer, &conf->beta);
	layer->out = layer->in[0];
	layer->saved_size = 2 * (size_t) groups_of(layer);
	layer->scratch_fixed = 4 * (size_t) channels.dim[0];
	layer->flops = 5.0 * (double) nn_shape_size(&layer->in[0]);
	layer->mask_from = 0;
	return true;
}

/* The layer as its passes see it. */
typedef struct Groups
{
	size_t c;
	size_t groups;
	size_t each;   /* channels of a group */
	size_t all;	   /* rows of a sample that there is room for */
	size_t a_step; /* rows of one step */
	double epsilon;
	const nn_real *gamma; /* or NULL */
	const nn_real *beta;
	nn_real *gamma_grad; /* or NULL */
	nn_real *beta_grad;
} Groups;

static Groups
groups_in(const NNLayer *layer, const NNPass *pass)
{
	const GroupnormConf *conf = NN_CONF(layer, GroupnormConf);
	Groups g = {.c = (size_t) nn_shape_last(&layer->in[0]), .epsilon = conf->epsilon};
	int i = 0;

	g.groups = (size_t) groups_of(layer);
	g.each = g.c / g.groups;
	g.all = nn_shape_reals(&layer->in[0], pass->steps) / g.c;
	g.a_step = nn_columns_rows_a_step(&layer->in[0]);
	if (conf->scale)
	{
		g.gamma = pass->params + layer->params[i].offset;
		g.gamma_grad = pass->grads ? pass->grads + layer->params[i].offset : NULL;
		i++;
	}
	if (conf->center)
	{
		g.beta = pass->params + layer->params[i].offset;
		g.beta_grad = pass->grads ? pass->grads + layer->params[i].offset : NULL;
	}
	return g;
}

/* Rows of sample b that are there: the first ones. */
static size_t
rows_of(const Groups *g, const NNPass *pass, size_t b)
{
	if (pass->padding == NULL)
		return g->all;
	return g->a_step * (size_t) nn_window_steps(pass, b, (int) (g->all / g->a_step));
}

/* Each group's sum of what its channels have, times factor, for each of them. */
static void
share(const Groups *g, nn_real *sums, nn_real factor)
{
	for (size_t first = 0; first < g->c; first += g->each)
	{
		nn_real sum = 0;

		for (size_t i = first; i < first + g->each; i++)
			sum += sums[i];
		for (size_t i = first; i < first + g->each; i++)
			sums[i] = sum * factor;
	}
}

/* squares (c) += (x - mean)^2 by column */
static NN_HOT(void, add_squares,
			  (nn_real *restrict squares, const nn_real *restrict x, const nn_real *restrict mean,
			   size_t rows, size_t c),
			  (squares, x, mean, rows, c))
{
	for (size_t r = 0; r < rows; r++, x += c)
		for (size_t i = 0; i < c; i++)
			squares[i] += (x[i] - mean[i]) * (x[i] - mean[i]);
}

static void
normalize_sample(const Groups *g, const nn_real *x, nn_real *y, size_t rows, nn_real *saved,
				 nn_real *scratch)
{
	nn_real *mean = scratch, *scale = scratch + g->c;
	nn_real factor = 1 / (nn_real) (rows * g->each);

	nn_zero(scratch, 2 * g->c);
	nn_sum_rows(mean, x, rows, g->c);
	share(g, mean, factor);
	add_squares(scale, x, mean, rows, g->c);
	share(g, scale, factor);
	for (size_t i = 0; i < g->c; i++)
	{
		nn_real inverse = (nn_real) (1 / sqrt((double) scale[i] + g->epsilon));

		if (saved && i % g->each == 0)
		{
			saved[i / g->each] = mean[i];
			saved[g->groups + i / g->each] = inverse;
		}
		scale[i] = g->gamma ? inverse * g->gamma[i] : inverse;
	}
	nn_columns_affine(y, x, rows, (int) g->c, mean, scale, g->beta);
	nn_zero(y + rows * g->c, (g->all - rows) * g->c);
}

static void
groupnorm_forward(const NNLayer *layer, const NNPass *pass)
{
	Groups g = groups_in(layer, pass);
	size_t n = g.all * g.c;

	for (size_t b = 0; b < (size_t) pass->batch; b++)
		normalize_sample(&g, pass->x + b * n, pass->y + b * n, rows_of(&g, pass, b),
						 pass->keeps ? pass->saved + b * 2 * g.groups : NULL, pass->scratch);
}

/* sums (c) += dy, products (c) += dy (x - mean), by column */
static NN_HOT(void, add_products,
			  (nn_real *restrict sums, nn_real *restrict products, const nn_real *restrict dy,
			   const nn_real *restrict x, const nn_real *restrict mean, size_t rows, size_t c),
			  (sums, products, dy, x, mean, rows, c))
{
	for (size_t r = 0; r < rows; r++, x += c, dy += c)
		for (size_t i = 0; i < c; i++)
		{
			sums[i] += dy[i];
			products[i] += dy[i] * (x[i] - mean[i]);
		}
}

/* dx = dy scale - shift - (x - mean) slope, by column */
static NN_HOT(void, rows_back,
			  (nn_real *restrict dx, const nn_real *restrict dy, const nn_real *restrict x,
			   const nn_real *restrict mean, const nn_real *restrict scale,
			   const nn_real *restrict shift, const nn_real *restrict slope, size_t rows, size_t c),
			  (dx, dy, x, mean, scale, shift, slope, rows, c))
{
	for (size_t r = 0; r < rows; r++, x += c, dy += c, dx += c)
		for (size_t i = 0; i < c; i++)
			dx[i] = dy[i] * scale[i] - shift[i] - (x[i] - mean[i]) * slope[i];
}

static void
back_sample(const Groups *g, const nn_real *x, const nn_real *dy, nn_real *dx, size_t rows,
			const nn_real *saved, nn_real *scratch)
{
	nn_real *mean = scratch, *scale = scratch + g->c, *sums = scratch + 2 * g->c,
			*products = scratch + 3 * g->c;
	nn_real factor = 1 / (nn_real) (rows * g->each);

	nn_zero(sums, 2 * g->c);
	for (size_t i = 0; i < g->c; i++)
		mean[i] = saved[i / g->each];
	add_products(sums, products, dy, x, mean, rows, g->c);
	for (size_t i = 0; i < g->c; i++)
	{
		nn_real inverse = saved[g->groups + i / g->each];

		products[i] *= inverse;
		if (g->gamma_grad)
			g->gamma_grad[i] += products[i];
		if (g->beta_grad)
			g->beta_grad[i] += sums[i];
		scale[i] = inverse;
		if (g->gamma)
		{
			scale[i] *= g->gamma[i];
			sums[i] *= g->gamma[i];
			products[i] *= g->gamma[i];
		}
	}
	if (dx == NULL)
		return;
	share(g, sums, factor);
	share(g, products, factor);
	for (size_t i = 0; i < g->c; i++)
	{
		nn_real inverse = saved[g->groups + i / g->each];

		sums[i] *= inverse;
		products[i] *= inverse * inverse;
	}
	rows_back(dx, dy, x, mean, scale, sums, products, rows, g->c);
	nn_zero(dx + rows * g->c, (g->all - rows) * g->c);
}

static void
groupnorm_backward(const NNLayer *layer, const NNPass *pass)
{
	Groups g = groups_in(layer, pass);
	size_t n = g.all * g.c;

	for (size_t b = 0; b < (size_t) pass->batch; b++)
		back_sample(&g, pass->x + b * n, pass->dy + b * n, pass->dx ? pass->dx + b * n : NULL,
					rows_of(&g, pass, b), pass->saved + b * 2 * g.groups, pass->scratch);
}

const NNKind nn_group_normalization = {
	.name = "group_normalization",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(GroupnormConf),
	.fields = groupnorm_fields,
	.shape = groupnorm_shape,
	.forward = groupnorm_forward,
	.backward = groupnorm_backward,
};
