/*
 * learn.c
 *	  Learning from rows in one pass, by states that can be put together: which
 *	  layers can, and what becomes of their states.
 *
 * A layer learns in this pass if what comes to it follows from the rows and from
 * what is known.  Missing values are put in place by a layer that may itself
 * still learn: what comes after it learns from the others, and takes the
 * missing ones in at the end, all at once.
 */
#include "core/graph/part.h"

/* What is known of a layer's output while rows are learned from. */
typedef enum Known
{
	KNOWN,
	KNOWN_BUT_MISSING, /* missing values are missing still */
	UNKNOWN
} Known;

static const NNLearning *
learning_of(const NNModel *model, int layer)
{
	return model->layers[layer].kind->learning;
}

static Known
known_inputs(const NNLayer *layer, const Known *known)
{
	Known all = KNOWN;

	for (int k = 0; k < layer->n_inputs; k++)
		if (known[layer->inputs[k]] > all)
			all = known[layer->inputs[k]];
	return all;
}

static void
need(const NNModel *model, int layer, bool *needed)
{
	for (int k = 0; k < model->layers[layer].n_inputs; k++)
	{
		int from = model->layers[layer].inputs[k];

		if (!needed[from])
		{
			needed[from] = true;
			need(model, from, needed);
		}
	}
}

/* Whether a layer learns from what is known so of its inputs. */
static bool
can_learn(const NNModel *model, int layer, Known inputs)
{
	const NNLearning *learning = learning_of(model, layer);

	if (learning == NULL)
		return false;
	if (nn_adapts_to_target(model, layer))
		return true;
	return inputs == KNOWN || (inputs == KNOWN_BUT_MISSING && learning->missing != NULL);
}

void
nn_learn_plan(const NNModel *model, const nn_real *params, const bool *unknown, bool *learns,
			  bool *needed)
{
	Known known[NN_MAX_LAYERS];

	for (int i = 0; i < model->n_layers; i++)
		needed[i] = false;
	for (int i = 0; i < model->n_layers; i++)
	{
		const NNLayer *layer = &model->layers[i];
		Known inputs = known_inputs(layer, known);
		bool elementwise = (layer->kind->flags & (NN_KIND_VIEW | NN_KIND_ELEMENTWISE)) != 0;
		bool wants = nn_layer_unadapted(layer, params + layer->param_offset);

		learns[i] = wants && can_learn(model, i, inputs);
		known[i] = unknown[i] || inputs == UNKNOWN								   ? UNKNOWN
			: wants && (!learns[i] || learning_of(model, i)->pass_missing == NULL) ? UNKNOWN
			: wants || (inputs == KNOWN_BUT_MISSING && elementwise) ? KNOWN_BUT_MISSING
			: inputs == KNOWN_BUT_MISSING							? UNKNOWN
																	: KNOWN;
		/* where lengths differ, there is no row of missing values to be shown at the end */
		if (known[i] == KNOWN_BUT_MISSING && model->n_sequences > 0)
			known[i] = UNKNOWN;
		if (learns[i] && !nn_adapts_to_target(model, i))
			need(model, i, needed);
	}
}

void
nn_learn_pass_missing(const NNModel *model, const bool *learns, nn_real *params)
{
	for (int i = 0; i < model->n_layers; i++)
		if (learns[i] && learning_of(model, i)->pass_missing != NULL)
			learning_of(model, i)->pass_missing(&model->layers[i],
												params + model->layers[i].param_offset);
}

size_t
nn_learn_size(const NNModel *model, int layer)
{
	return learning_of(model, layer)->size(&model->layers[layer]);
}

void
nn_learn_merge(const NNModel *model, int layer, double *state, const double *other)
{
	learning_of(model, layer)->merge(&model->layers[layer], state, other);
}

void
nn_learn_shift(const NNModel *model, int layer, double *state, int feature, double by)
{
	const NNLearning *learning = learning_of(model, layer);

	if (learning->shift != NULL)
		learning->shift(&model->layers[layer], state, feature, by);
}

bool
nn_learn_lacks(const NNModel *model, int layer, const double *state)
{
	const NNLearning *learning = learning_of(model, layer);

	for (int i = 0; learning->missing != NULL && i < nn_adapt_features(model, layer); i++)
		if (learning->missing(&model->layers[layer], state, i) > 0)
			return true;
	return false;
}

void
nn_learn_fill(const NNModel *model, int layer, double *state, const double *shown)
{
	const NNLearning *learning = learning_of(model, layer);

	for (int i = 0; i < nn_adapt_features(model, layer); i++)
		if (learning->missing(&model->layers[layer], state, i) > 0)
			learning->fill(&model->layers[layer], state, i, shown);
}

void
nn_learn_end(const NNModel *model, int layer, double *state, nn_real *params)
{
	learning_of(model, layer)
		->end(&model->layers[layer], state, params + model->layers[layer].param_offset);
}
