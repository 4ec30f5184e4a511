/*
 * written.h
 *	  The layers of a new model, as functions wrote them.
 *
 * Lifetimes: all is in the context that was current when it was read.
 */
#ifndef NNET_WRITTEN_H
#define NNET_WRITTEN_H

#include "pg/nnet.h"

/* A layer of the new model and where it was written. */
typedef struct NnetWritten
{
	NNValue value;
	const char *place; /* '3'; of a block '3, element 2'; of one in it '3, element 2, element 1' */
	bool in_block;
} NnetWritten;

/* Layers in their order, blocks (arrays of layers) flattened. */
typedef struct NnetWrittenLayers
{
	int n;
	int room;
	NnetWritten *layers;
} NnetWrittenLayers;

/* Both append; an array stands for its elements.  list begins as zeros. */
extern void nnet_written_append(NnetWrittenLayers *list, const NNValue *value, const char *place,
								bool in_block);
extern void nnet_written_read(ArrayType *array, NnetWrittenLayers *list);
/* The names in "inputs"; -1: not given.  place is for messages. */
extern int nnet_written_inputs(const NNValue *layer, const char *place, const char ***names);
/* The model of them, checked; inputs get the shapes that their values have once they are read. */
extern NNModel *nnet_written_build(NnetWrittenLayers *list);

#endif /* NNET_WRITTEN_H */
