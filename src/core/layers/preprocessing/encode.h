/*
 * encode.h
 *	  Numbers that stand for things, and how they become an output: as they
 *	  are, a place of its own for each (one_hot), which of them there are
 *	  (multi_hot) or how often (count).  Shared by the layers of categories.
 */
#ifndef NN_ENCODE_H
#define NN_ENCODE_H

#include "core/layers/layer.h"

typedef enum NNOutputMode
{
	NN_OUTPUT_INT,
	NN_OUTPUT_ONE_HOT,
	NN_OUTPUT_MULTI_HOT,
	NN_OUTPUT_COUNT
} NNOutputMode;

extern const NNWord nn_output_mode_words[];		 /* all of them */
extern const NNWord nn_encoding_words[];		 /* without int */
extern const NNWord nn_output_mode_ones_words[]; /* int and one_hot */

/*
 * Set what shape() sets, for an input of numbers from 0 to depth - 1.
 * one_hot: (..., 1) becomes (..., depth), (..., n) becomes (..., n, depth);
 * multi_hot, count: (n) becomes (depth).  *variable, in the configuration,
 * remembers that n is the steps.
 */
extern bool nn_encode_shape(NNLayer *layer, int mode, int depth, bool *variable, NNError *error);

/* Which place a value of the input has, from 0 to depth - 1; negative: none. */
typedef int (*NNPlaceOf)(const NNLayer *layer, const NNPass *pass, nn_real value);

extern void nn_encode(const NNLayer *layer, const NNPass *pass, int mode, int depth, NNPlaceOf of);

/* Note the first of n values that is no id from 0 to count - 1, unless it is padding. */
extern void nn_check_ids(const NNLayer *layer, const NNPass *pass, size_t n, int count);

/* The id in that range that stands for the value: NaN and what is below give 0. */
NN_INLINE size_t
nn_id_of(nn_real value, int count)
{
	if (!(value > 0))
		return 0;
	return value < (nn_real) count ? (size_t) value : (size_t) count - 1;
}

/* Ids have no gradient. */
extern void nn_encode_backward(const NNLayer *layer, const NNPass *pass);

#endif /* NN_ENCODE_H */
