/*
 * field.h
 *	  The parsers of one option, by type.  Each stores what it read, or fills
 *	  the error and returns false.
 */
#ifndef NN_FIELD_H
#define NN_FIELD_H

#include "core/internal.h"

/* What one option's parser needs to know, for its messages too. */
typedef struct NNPlace
{
	const char *what; /* "layer \"dense_1\"" */
	const NNField *field;
	NNError *error;
} NNPlace;

/* in field.c */

/* Print behind what is there; *used may pass size, then nothing is added. */
extern void nn_append(char *buf, size_t size, size_t *used, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* expected is a noun: "a number". */
extern bool nn_field_wrong_type(const NNPlace *place, const char *expected, const NNValue *value);

/* in field_number.c */
extern bool nn_field_int(const NNPlace *place, const NNValue *value, int *into);
extern bool nn_field_real(const NNPlace *place, const NNValue *value, double *into);
extern bool nn_field_ints(const NNPlace *place, const NNValue *value, int *into);
extern bool nn_field_pairs(const NNPlace *place, const NNValue *value, int *into);
extern bool nn_field_reals(const NNPlace *place, const NNValue *value, NNReals *into);
extern bool nn_field_shape(const NNPlace *place, const NNValue *value, NNInts *into);

/* in field_word.c */
extern bool
nn_field_word(const NNPlace *place, const NNWord *words, const NNValue *value, int *into);
extern bool nn_field_words(const NNPlace *place, const NNValue *value, int *into);
extern bool nn_field_initializer(const NNPlace *place, const NNValue *value, NNInitializer *into);
extern bool nn_field_regularizer(const NNPlace *place, const NNValue *value, NNRegularizer *into);

#endif /* NN_FIELD_H */
