/*
 * embedding.c
 *	  A row of a table for each number that stands for something: a word, a
 *	  customer, a station.
 *
 * x holds ids as reals, 0 to input_dim - 1.  Of the model's input the glue
 * refuses others (nn_model_ids_taker).  What other layers give is rounded towards 0,
 * as in Keras; out of the table it is noted, for the caller to refuse, and held
 * within the table.  Padding is no id and may be anything.  Gradients go to the rows in the
 * order of samples and steps, beside what each place's is squared (plan.h), of
 * large tables each thread to its share of the rows, those of all samples;
 * ids have none.  mask_zero hides the steps of id 0 and shows all others;
 * without it a mask ends here.
 */
#include "core/kernels/math_inline.h"
#include "core/layers/preprocessing/encode.h"

typedef struct EmbeddingConf
{
	int input_dim;
	int output_dim;
	bool mask_zero;
	NNInitializer embeddings_initializer;
	NNRules embeddings;
	NNRegularizer activity_regularizer;
} EmbeddingConf;

static const NNField embedding_fields[] = {
	NN_FIELD_INT(EmbeddingConf, input_dim, true, 0, 1, 1 << 24),
	NN_FIELD_INT(EmbeddingConf, output_dim, true, 0, 1, NN_MAX_UNITS),
	NN_FIELD_INITIALIZER(EmbeddingConf, embeddings_initializer, NN_INIT_RANDOM_UNIFORM),
	NN_FIELD_RULES(EmbeddingConf, embeddings),
	NN_FIELD_ACTIVITY(EmbeddingConf),
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
	layer->activity = conf->activity_regularizer;
	nn_layer_add_param(layer, "embeddings", nn_shape2(conf->input_dim, conf->output_dim),
					   conf->embeddings_initializer, &conf->embeddings);
	layer->params[0].by_id = true;
	layer->split_gradient = layer->params[0].size >= NN_SPLIT_WEIGHTS_OF_STEPS;
	layer->flops = (double) nn_shape_size(&layer->out);
	layer->steps_from = 0;
	layer->mask_from = conf->mask_zero ? NN_MASK_OWN : NN_MASK_NONE;
	return true;
}

static void
embedding_forward(const NNLayer *layer, const NNPass *pass)
{
	const EmbeddingConf *conf = NN_CONF(layer, EmbeddingConf);
	const size_t n = nn_shape_size(&layer->in[0]) * (size_t) pass->batch;
	const size_t width = (size_t) conf->output_dim;

	nn_check_ids(layer, pass, n, conf->input_dim);
	for (size_t i = 0; i < n; i++)
		memcpy(pass->y + i * width, pass->params + nn_id_of(pass->x[i], conf->input_dim) * width,
			   width * sizeof(nn_real));
	if (conf->mask_zero && pass->mask_out != NULL)
		for (size_t i = 0; i < n; i++)
			pass->mask_out[i] = nn_id_of(pass->x[i], conf->input_dim) != 0 &&
				(pass->padding == NULL || pass->padding[i]);
}

/* Where in the sums those of a row are; they begin at zero. */
static size_t
sums_at(const NNPass *pass, size_t row, size_t n)
{
	size_t at;

	if (pass->slots == NULL)
		return row * n;
	if (pass->slots[row] != 0)
		return (size_t) (pass->slots[row] - 1) * n;
	pass->slots[row] = 1 + atomic_fetch_add_explicit(pass->slots_used, 1, memory_order_relaxed);
	at = (size_t) (pass->slots[row] - 1) * n;
	if (pass->squares != NULL)
		nn_zero(pass->squares + at, n);
	if (pass->magnitudes != NULL)
		nn_zero(pass->magnitudes + at, n);
	return at;
}

/* One place's gradient (n) goes to its id's row. */
NN_INLINE void
add_place(const NNPass *pass, size_t row, const nn_real *restrict dy, size_t n)
{
	nn_real *restrict to = pass->grads + row * n;
	size_t at = pass->squares != NULL || pass->magnitudes != NULL ? sums_at(pass, row, n) : 0;

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

/* The places whose ids are from `from` to before `to`. */
static NN_HOT(void, add_places, (const NNLayer *layer, const NNPass *pass, size_t from, size_t to),
			  (layer, pass, from, to))
{
	const EmbeddingConf *conf = NN_CONF(layer, EmbeddingConf);
	const size_t n = nn_shape_size(&layer->in[0]) * (size_t) pass->batch;
	const size_t width = (size_t) conf->output_dim;

	for (size_t i = 0; i < n; i++)
	{
		size_t row = nn_id_of(pass->x[i], conf->input_dim);
		nn_real *dy = pass->dy + i * width;

		if (row < from || row >= to)
			continue;
		if (pass->limit > 0)
			nn_limit(dy, width, pass->limit);
		add_place(pass, row, dy, width);
	}
}

static void
embedding_backward(const NNLayer *layer, const NNPass *pass)
{
	const EmbeddingConf *conf = NN_CONF(layer, EmbeddingConf);
	const size_t n = nn_shape_size(&layer->in[0]) * (size_t) pass->batch;

	if (pass->grads != NULL && !layer->split_gradient)
		add_places(layer, pass, 0, (size_t) conf->input_dim);
	if (pass->dx)
		nn_zero(pass->dx, n);
}

static void
embedding_gradient_part(const NNLayer *layer, const NNPass *pass, int part, int parts)
{
	const size_t rows = (size_t) NN_CONF(layer, EmbeddingConf)->input_dim;

	if (pass->grads != NULL)
		add_places(layer, pass, rows * (size_t) part / (size_t) parts,
				   rows * ((size_t) part + 1) / (size_t) parts);
}

static int
embedding_ids(const NNLayer *layer)
{
	return NN_CONF(layer, EmbeddingConf)->input_dim;
}

const NNKind nn_embedding = {
	.name = "embedding",
	.flags = NN_KIND_MASKED | NN_KIND_STEPPED,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(EmbeddingConf),
	.fields = embedding_fields,
	.shape = embedding_shape,
	.forward = embedding_forward,
	.backward = embedding_backward,
	.gradient_part = embedding_gradient_part,
	.ids = embedding_ids,
	.ids_option = "input_dim",
};
