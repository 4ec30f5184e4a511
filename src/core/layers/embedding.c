/*
 * embedding.c
 *	  A row of a table for each number that stands for something: a word, a
 *	  customer, a station.
 *
 * x holds ids as reals, 0 to input_dim - 1.  The glue refuses others before
 * they get here (nn_model_ids); what arrives all the same, from another layer,
 * is rounded down and held within the table.  Gradients go to the rows in the
 * order of samples and steps, beside what each place's is squared (plan.h);
 * ids have none.  mask_zero hides the steps of id 0 and shows all others;
 * without it a mask ends here.
 */
#include "core/internal.h"
#include "core/kernels/math_inline.h"

extern const NNKind nn_embedding;

typedef struct EmbeddingConf
{
	int input_dim;
	int output_dim;
	bool mask_zero;
	NNInitializer embeddings_initializer;
	NNRegularizer embeddings_regularizer;
} EmbeddingConf;

static const NNField embedding_fields[] = {
	NN_FIELD_INT(EmbeddingConf, input_dim, true, 0, 1, 1 << 24),
	NN_FIELD_INT(EmbeddingConf, output_dim, true, 0, 1, NN_MAX_UNITS),
	NN_FIELD_INITIALIZER(EmbeddingConf, embeddings_initializer, NN_INIT_RANDOM_UNIFORM),
	NN_FIELD_REGULARIZER(EmbeddingConf, embeddings_regularizer),
	NN_FIELD_BOOL(EmbeddingConf, mask_zero, false),
	NN_FIELD_END,
};

static bool
embedding_shape(NNLayer *layer, NNError *error)
{
	const EmbeddingConf *conf = NN_CONF(layer, EmbeddingConf);
	char what[NN_MAX_NAME + 16], shape[64];

	nn_layer_what(layer, what, sizeof(what));
	nn_shape_text(&layer->in[0], shape, sizeof(shape));
	if (layer->in[0].rank >= NN_MAX_RANK)
	{
		nn_error(error, NN_BAD_SHAPE, "%s: takes an input of 1 to %d dimensions, not %s", what,
				 NN_MAX_RANK - 1, shape);
		return nn_hint(error, "Use nnet.reshape or nnet.flatten before this layer.");
	}
	if (conf->mask_zero && layer->in[0].rank != 1)
	{
		nn_error(error, NN_BAD_SHAPE,
				 "%s: mask_zero hides steps, and its input of shape %s has more than those", what,
				 shape);
		return nn_hint(error, "With mask_zero its input must have the shape (steps) or (NULL).");
	}
	layer->out = layer->in[0];
	layer->out.dim[layer->out.rank++] = conf->output_dim;
	nn_layer_add_param(layer, "embeddings", nn_shape2(conf->input_dim, conf->output_dim),
					   conf->embeddings_initializer, &conf->embeddings_regularizer);
	layer->params[0].by_id = true;
	layer->flops = (double) nn_shape_size(&layer->out);
	layer->steps_from = 0;
	layer->mask_from = conf->mask_zero ? NN_MASK_OWN : NN_MASK_NONE;
	return true;
}

/* NaN and what is below give 0. */
static size_t
row_of(nn_real id, int input_dim)
{
	if (!(id > 0))
		return 0;
	return id < (nn_real) input_dim ? (size_t) id : (size_t) input_dim - 1;
}

static void
embedding_forward(const NNLayer *layer, const NNPass *pass)
{
	const EmbeddingConf *conf = NN_CONF(layer, EmbeddingConf);
	const size_t n = nn_shape_size(&layer->in[0]) * (size_t) pass->batch;
	const size_t width = (size_t) conf->output_dim;

	for (size_t i = 0; i < n; i++)
		memcpy(pass->y + i * width, pass->params + row_of(pass->x[i], conf->input_dim) * width,
			   width * sizeof(nn_real));
	if (conf->mask_zero && pass->mask_out != NULL)
		for (size_t i = 0; i < n; i++)
			pass->mask_out[i] = row_of(pass->x[i], conf->input_dim) != 0 &&
				(pass->padding == NULL || pass->padding[i]);
}

/* One place's gradient (n) goes to its id's row, at `at`. */
NN_INLINE void
add_place(const NNPass *pass, size_t at, const nn_real *restrict dy, size_t n)
{
	nn_real *restrict to = pass->grads + at;

	for (size_t k = 0; k < n; k++)
		to[k] += dy[k];
	if (pass->squares != NULL)
	{
		nn_real *restrict squares = pass->squares + at;

		for (size_t k = 0; k < n; k++)
			squares[k] += dy[k] * dy[k];
	}
	if (pass->magnitudes != NULL)
	{
		nn_real *restrict magnitudes = pass->magnitudes + at;

		for (size_t k = 0; k < n; k++)
			magnitudes[k] += nn_abs(dy[k]);
	}
}

static NN_HOT(void, embedding_backward, (const NNLayer *layer, const NNPass *pass), (layer, pass))
{
	const EmbeddingConf *conf = NN_CONF(layer, EmbeddingConf);
	const size_t n = nn_shape_size(&layer->in[0]) * (size_t) pass->batch;
	const size_t width = (size_t) conf->output_dim;

	for (size_t i = 0; i < n && pass->grads != NULL; i++)
	{
		nn_real *dy = pass->dy + i * width;

		if (pass->limit > 0)
			nn_limit(dy, width, pass->limit);
		add_place(pass, row_of(pass->x[i], conf->input_dim) * width, dy, width);
	}
	if (pass->dx)
		nn_zero(pass->dx, n);
}

int
nn_layer_ids(const NNLayer *layer)
{
	return layer->kind == &nn_embedding ? NN_CONF(layer, EmbeddingConf)->input_dim : 0;
}

const NNKind nn_embedding = {
	.name = "embedding",
	.flags = NN_KIND_MASKED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(EmbeddingConf),
	.fields = embedding_fields,
	.shape = embedding_shape,
	.forward = embedding_forward,
	.backward = embedding_backward,
};
