/*
 * folds.h
 *	  Rows shared out among folds, each of which is left out of a training once.
 */
#ifndef NNET_FOLDS_H
#define NNET_FOLDS_H

#include "pg/data/data.h"

#define NNET_MOST_FOLDS 1000

typedef enum NnetFoldsBy
{
	NNET_FOLDS_RANDOM,	/* as many rows each, to within one */
	NNET_FOLDS_CLASSES, /* of each class as many, to within one */
	NNET_FOLDS_GROUPS,	/* rows of a group in one fold; folds of about one size */
	NNET_FOLDS_GIVEN	/* by a number of each row */
} NnetFoldsBy;

typedef struct NnetFolds NnetFolds;

/* k is not looked at if they are given. */
extern NnetFolds *nnet_folds_make(NnetFoldsBy by, int k, uint64 seed, MemoryContext context);
/* The next row: its class, its group or the fold given; NULL: it is in no fold, for training always. */
extern void nnet_folds_add_class(NnetFolds *folds, int class);
extern void nnet_folds_add_group(NnetFolds *folds, const char *group);
extern void nnet_folds_add_given(NnetFolds *folds, const int64 *fold);
/* Bytes that they take. */
extern size_t nnet_folds_bytes(const NnetFolds *folds);
/* All rows were seen.  Refuses fewer rows, groups or folds than there must be. */
extern void nnet_folds_end(NnetFolds *folds);
extern int nnet_folds_count(const NnetFolds *folds);
/* Rows without those of a fold, for training; how many. */
extern NnetRows nnet_folds_without(const NnetFolds *folds, int fold, uint64 *n);
/* The same in the order the rows came. */
extern NnetRows
nnet_folds_without_in_order(const NnetFolds *folds, int fold, MemoryContext context, uint64 *n);
/* All rows in an order in which those of a fold are from *from on, before *to. */
extern NnetRows nnet_folds_of(const NnetFolds *folds, int fold, uint64 *from, uint64 *to);

#endif /* NNET_FOLDS_H */
