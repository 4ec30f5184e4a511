/*
 * column.h
 *	  Values that are no numbers, or not as they are, to the floats of an
 *	  input: strings, integers, hashes, dates (see model/reading.c).
 */
#ifndef NNET_COLUMN_H
#define NNET_COLUMN_H

#include "pg/nnet.h"

typedef struct NnetColumn NnetColumn;

/* What of a model says how an input is read; layer is NULL where no column does it. */
typedef struct NnetColumnOf
{
	int input;
	NNReadAs as;
	const char *layer;
	const char *model;
	bool varies; /* it takes any number of values */
	bool times;	 /* of dates: only the time of the day is wanted */
	bool learn;	 /* what the model does not know yet is to be learned */
} NnetColumnOf;

/* Whether an input is read by a column, and not as numbers or as tokens of texts. */
extern bool nnet_column_reads(const NnetModel *model, int input);
/* Names are copied into the current context. */
extern NnetColumnOf nnet_column_of(const NnetModel *model, int input, bool learn);
/* How values of that type are read; what names them in messages: "x". */
extern NnetColumn *
nnet_column_make(Oid type, const char *what, const NnetColumnOf *of, MemoryContext context);
/* Take a value, which must stay until its floats were asked for: this may run anything. */
extern void nnet_column_take(NnetColumn *column, Datum value, bool isnull);
/*
 * The floats of the value taken, by the model as it is loaded now; while learning
 * they are provisional.
 */
extern const float *nnet_column_reals(NnetColumn *column, const NnetModel *model, size_t *count);
extern bool nnet_column_learning(const NnetColumn *column);
/* Whether code that is neither the server's nor ours reads values. */
extern bool nnet_column_runs_others(const NnetColumn *column);
extern size_t nnet_column_learning_bytes(const NnetColumn *column);
/* Learn from n provisional floats of a record for training. */
extern void nnet_column_learn(NnetColumn *column, float *values, size_t n);
/* The same of the value at hand, which gave these floats; of dates in double. */
extern void nnet_column_learn_now(NnetColumn *column, float *values, size_t n);
/*
 * What was learned: tokens and how often they came; of dates how many, their mean and the
 * sum of squared distances from it.  And learn what others have seen.
 */
typedef struct NnetDates
{
	double count;
	double mean;
	double squares;
} NnetDates;

extern void
nnet_column_each(NnetColumn *column,
				 void (*each)(void *arg, const char *bytes, int length, int64 count), void *arg);
extern NnetDates nnet_column_dates(const NnetColumn *column);
extern void nnet_column_count(NnetColumn *column, const char *token, int length, int64 count);
extern void nnet_column_set_dates(NnetColumn *column, const NnetDates *dates);
/* All records for training were learned from: the model gets what came of it. */
extern void nnet_column_learned(NnetColumn *column, NnetModel *model);
/* Provisional floats to final ones, in place. */
extern void nnet_column_final(NnetColumn *column, float *values, size_t n);

#endif /* NNET_COLUMN_H */
