/*
 * model.h
 *	  What the files of the graph share of models and their layers.
 */
#ifndef NN_MODEL_H
#define NN_MODEL_H

#include "core/layers/layer.h"

/* in registry.c */
extern const NNKind *nn_kind_find(const char *name);

/*
 * In model.c: run kind->shape afresh and check what it says, for a model's
 * layer, whose in[] come from its inputs' shapes as they are now.
 */
extern bool nn_layer_infer(NNModel *model, NNLayer *layer, NNError *error);

/* In packed.c: reals of the layer's packed weights. */
extern size_t nn_layer_packed(const NNLayer *layer);

#endif /* NN_MODEL_H */
