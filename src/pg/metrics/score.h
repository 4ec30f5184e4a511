/*
 * score.h
 *	  Scores and probabilities of classes as numbers.
 */
#ifndef NNET_SCORE_H
#define NNET_SCORE_H

#include "pg/metrics/numbers.h"
#include "pg/metrics/tally.h"

/* For the query: how truth and what is beside it are read. */
typedef struct ScoreReaders
{
	LabelReader truth;
	NumberReader scores;
} ScoreReaders;

/* what: the name of the argument beside truth. */
extern ScoreReaders *score_readers(FunctionCallInfo fcinfo, const char *what);
/*
 * One score: a number, or an array of one, or of two, of which it is the second
 * (what nnet.predict() gives of two classes).  It is finite.
 */
extern double score_read_one(ScoreReaders *readers, Datum value);
/* Whether they are of single precision. */
extern bool score_is_single(const ScoreReaders *readers);
/* Raise an error unless it is from 0 to 1. */
extern void score_check_probability(double value);

#endif /* NNET_SCORE_H */
