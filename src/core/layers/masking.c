/*
 * masking.c
 *	  Hides the steps all of whose features are mask_value, and shows all
 *	  others: recurrent layers after it pass over them.  Their features become 0.
 */
#include "core/layers/layer.h"

typedef struct MaskingConf
{
	double mask_value;
} MaskingConf;

static const NNField masking_fields[] = {
	NN_FIELD_REAL(MaskingConf, mask_value, false, 0, -3.4e38, 3.4e38),
	NN_FIELD_END,
};

static bool
masking_shape(NNLayer *layer, NNError *error)
{
	char what[NN_MAX_NAME + 16], shape[64];

	if (layer->in[0].rank != 2)
	{
		nn_error(error, NN_BAD_SHAPE,
				 "%s: takes steps of features, an input of 2 dimensions, not %s",
				 nn_layer_what(layer, what, sizeof(what)),
				 nn_shape_text(&layer->in[0], shape, sizeof(shape)));
		return nn_hint(error, "For one feature a step the input's shape is (steps, 1).");
	}
	layer->out = layer->in[0];
	layer->flops = (double) nn_shape_size(&layer->in[0]);
	layer->steps_from = 0;
	layer->mask_from = NN_MASK_OWN;
	return true;
}

static bool
is_hidden(const nn_real *x, int n, nn_real value)
{
	for (int i = 0; i < n; i++)
		if (x[i] != value)
			return false;
	return true;
}

static void
masking_forward(const NNLayer *layer, const NNPass *pass)
{
	const nn_real value = (nn_real) NN_CONF(layer, MaskingConf)->mask_value;
	const int n = layer->in[0].dim[1];
	const size_t rows = nn_pass_rows(&layer->in[0], pass);

	for (size_t r = 0; r < rows; r++)
	{
		const bool hidden = is_hidden(pass->x + r * (size_t) n, n, value);

		if (hidden)
			nn_zero(pass->y + r * (size_t) n, (size_t) n);
		else
			nn_copy(pass->y + r * (size_t) n, pass->x + r * (size_t) n, (size_t) n);
		if (pass->mask_out != NULL)
			pass->mask_out[r] = !hidden && (pass->padding == NULL || pass->padding[r]);
	}
}

static void
masking_backward(const NNLayer *layer, const NNPass *pass)
{
	const nn_real value = (nn_real) NN_CONF(layer, MaskingConf)->mask_value;
	const int n = layer->in[0].dim[1];
	const size_t rows = nn_pass_rows(&layer->in[0], pass);

	if (pass->dx == NULL)
		return;
	nn_copy(pass->dx, pass->dy, rows * (size_t) n);
	for (size_t r = 0; r < rows; r++)
		if (is_hidden(pass->x + r * (size_t) n, n, value))
			nn_zero(pass->dx + r * (size_t) n, (size_t) n);
}

const NNKind nn_masking = {
	.name = "masking",
	.flags = NN_KIND_MASKED | NN_KIND_ELEMENTWISE,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(MaskingConf),
	.fields = masking_fields,
	.shape = masking_shape,
	.forward = masking_forward,
	.backward = masking_backward,
};
