/*
 * column.h
 *	  Values that are no numbers, or not as they are, to the floats of an
 *	  input: strings, integers, hashes, dates (see model/reading.c).
 */
#ifndef NNET_COLUMN_H
#define NNET_COLUMN_H

#include "pg/nnet.h"

typedef struct NnetColumn NnetColumn;

/* Whether an input is read by a column, and not as numbers or as tokens of texts. */
extern bool nnet_column_reads(const NnetModel *model, int input);
/*
 * How values of that type are read for the input.  what names them in messages:
 * 'x for model "m"'.  learn: what the model does not know yet may be collected.
 */
extern NnetColumn *nnet_column_make(Oid type, const char *what, const NnetModel *model, int input,
									bool learn, MemoryContext context);
/* Take a value: this may run anything. */
extern void nnet_column_take(NnetColumn *column, Datum value, bool isnull);
/*
 * The floats of the value taken, by the model as it is loaded now; while learning
 * they are provisional.
 */
extern const float *
nnet_column_reals(NnetColumn *column, const NnetModel *model, size_t *count);
extern bool nnet_column_learning(const NnetColumn *column);
extern size_t nnet_column_learning_bytes(const NnetColumn *column);
/* Learn from n provisional floats of a record for training. */
extern void nnet_column_learn(NnetColumn *column, const float *values, size_t n);
/* All records for training were learned from: the model gets what came of it. */
extern void nnet_column_learned(NnetColumn *column, NnetModel *model);
/* Provisional floats to final ones, in place. */
extern void nnet_column_final(const NnetColumn *column, float *values, size_t n);

#endif /* NNET_COLUMN_H */
