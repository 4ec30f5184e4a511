/*
 * layer.h
 *	  What files of layers include: a layer, its kind, its pass, and what kinds
 *	  share (layer.c).
 */
#ifndef NN_LAYER_H
#define NN_LAYER_H

#include "core/base/shape.h"
#include "core/layers/kind.h"

/* Forward cannot fail: note that a value has no place in the layer, and go on. */
extern void nn_pass_refuse(const NNPass *pass, const NNLayer *layer, nn_real value);

#define NN_CONF(layer, type) ((const type *) (layer)->conf.bytes)

/* Append a parameter tensor (in layers/layer.c); offsets follow from the order. */
extern NNParam *nn_layer_add_param(NNLayer *layer, const char *name, NNShape shape,
								   NNInitializer init, const NNRegularizer *regularizer);
/*
 * Run kind->shape afresh and check what it says, for a layer whose in[] are
 * set (a wrapper's inner one, by the wrapper's shape()).
 */
extern bool nn_layer_infer_inner(NNLayer *layer, NNError *error);
/* Initial values of one layer, as nn_model_init_params draws them; for wrappers too. */
extern void
nn_layer_init(const NNLayer *layer, nn_real *params, nn_real *scratch, NNRandom *random);
/* Rows of width nn_shape_last in a chunk. */
NN_INLINE size_t
nn_pass_rows(const NNShape *shape, const NNPass *pass)
{
	return nn_shape_reals(shape, pass->steps) / (size_t) nn_shape_last(shape) *
		(size_t) pass->batch;
}
/* "layer \"conv2d_1\"" for messages. */
extern const char *nn_layer_what(const NNLayer *layer, char *buf, size_t size);

/* Refuses a layer whose input has a variable last dimension, or another axis than the last. */
extern bool nn_columns_check(const NNLayer *layer, int axis, NNError *error);

/* Rows of the last dimension that share one step, and so one byte of the mask. */
extern size_t nn_columns_rows_a_step(const NNShape *shape);
/* NN_LINEAR if its kind has none. */
extern NNActivation nn_layer_activation(const NNLayer *layer);

#endif /* NN_LAYER_H */
