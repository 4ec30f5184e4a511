/*
 * rescaling.c
 *	  y = scale x + offset, with fixed numbers: bytes 0..255 to 0..1.
 *
 * shift is another word for offset.
 */
#include "core/layers/layer.h"

typedef struct RescalingConf
{
	double scale;
	double offset;
	double shift;
} RescalingConf;

static const NNField rescaling_fields[] = {
	NN_FIELD_REAL(RescalingConf, scale, true, 1, -1e30, 1e30),
	NN_FIELD_REAL(RescalingConf, offset, false, 0, -1e30, 1e30),
	NN_FIELD_REAL(RescalingConf, shift, false, 0, -1e30, 1e30),
	NN_FIELD_END,
};

static bool
rescaling_shape(NNLayer *layer, NNError *error)
{
	const RescalingConf *conf = NN_CONF(layer, RescalingConf);
	char what[NN_MAX_NAME + 16];

	if (conf->scale == 0)
	{
		nn_error(error, NN_BAD_VALUE, "%s: scale is 0, which makes all values alike",
				 nn_layer_what(layer, what, sizeof(what)));
		return nn_hint(error, "In SQL 1 / 255 divides integers, and is 0: write 1.0 / 255.");
	}
	if (conf->offset != 0 && conf->shift != 0)
	{
		nn_error(error, NN_BAD_VALUE, "%s: both \"offset\" and \"shift\" are given",
				 nn_layer_what(layer, what, sizeof(what)));
		return nn_hint(error, "They are two words for the number that is added: give one of them.");
	}
	layer->out = layer->in[0];
	layer->flops = (double) nn_shape_size(&layer->in[0]);
	layer->mask_from = 0;
	return true;
}

static void
rescaling_forward(const NNLayer *layer, const NNPass *pass)
{
	const RescalingConf *conf = NN_CONF(layer, RescalingConf);

	/* one of the two is 0 */
	nn_affine(pass->y, pass->x, (nn_real) conf->scale, (nn_real) (conf->offset + conf->shift),
			  nn_shape_reals(&layer->out, pass->steps) * (size_t) pass->batch);
}

static void
rescaling_backward(const NNLayer *layer, const NNPass *pass)
{
	if (pass->dx)
		nn_affine(pass->dx, pass->dy, (nn_real) NN_CONF(layer, RescalingConf)->scale, 0,
				  nn_shape_reals(&layer->out, pass->steps) * (size_t) pass->batch);
}

const NNKind nn_rescaling = {
	.name = "rescaling",
	.flags = NN_KIND_MASKED | NN_KIND_ELEMENTWISE,
	.min_inputs = 1,
	.max_inputs = 1,
	.conf_size = sizeof(RescalingConf),
	.fields = rescaling_fields,
	.shape = rescaling_shape,
	.forward = rescaling_forward,
	.backward = rescaling_backward,
};
