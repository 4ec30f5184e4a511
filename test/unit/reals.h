/*
 * reals.h
 *	  Arrays of numbers in tests: copies and comparisons.
 */
#ifndef UNIT_REALS_H
#define UNIT_REALS_H

#include "core/nn.h"

/* To be freed. */
extern nn_real *reals_copy(const nn_real *x, size_t n);
extern bool reals_same_bits(const nn_real *a, const nn_real *b, size_t n);
extern bool reals_finite(const nn_real *x, size_t n);
/* The largest difference, relative to the largest value of b; NaN counts as infinite. */
extern double reals_difference(const nn_real *a, const nn_real *b, size_t n);
/* The largest difference itself; NaN counts as infinite. */
extern double reals_distance(const nn_real *a, const nn_real *b, size_t n);

#endif /* UNIT_REALS_H */
