/*
 * field_number.h
 *	  What field.c has of field_number.c.
 */
#ifndef NN_FIELD_NUMBER_H
#define NN_FIELD_NUMBER_H

#include "core/base/field.h"

/* "a number", "an array", for messages. */
extern const char *nn_value_type_text(const NNValue *value);

/* Each sets what its type of field is; false: the value is refused. */
extern bool nn_field_parse_int(const NNPlace *place, const NNValue *value, int *into);
extern bool nn_field_parse_real(const NNPlace *place, const NNValue *value, double *into);
extern bool nn_field_parse_reals(const NNPlace *place, const NNValue *value, NNReals *into);
extern bool nn_field_parse_shape(const NNPlace *place, const NNValue *value, NNInts *into);
extern bool nn_field_parse_list(const NNPlace *place, const NNValue *value, NNInts *into);
extern bool nn_field_parse_numbers(const NNPlace *place, const NNValue *value, NNNumbers *into);
extern bool nn_field_parse_ints(const NNPlace *place, const NNValue *value, int *into);
extern bool nn_field_parse_pairs(const NNPlace *place, const NNValue *value, int *into);

#endif /* NN_FIELD_NUMBER_H */
