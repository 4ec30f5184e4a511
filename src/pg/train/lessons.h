/*
 * lessons.h
 *	  What rows teach a model before it is trained, apart from rows and model
 *	  (lessons.c): what nnet.learn() puts together.
 *
 * inputs	what was seen of tokens, strings or integers and how often; moments
 *			of dates; ranges of numbers whose origin may matter
 * outputs	labels, and the type they are of
 * layers	states of layers that learn (nn_learn_*), of the values as they are
 *			before an origin is taken from them
 *
 * Lessons of the same model are put together in any order.  They live in the
 * context they were made in.
 */
#ifndef NNET_LESSONS_H
#define NNET_LESSONS_H

#include "pg/data/column.h"
#include "pg/data/data.h"
#include "pg/data/origin.h"

#include "lib/stringinfo.h"

typedef struct NnetInputLesson
{
	NnetTokens *tokens; /* in any order */
	int64 *counts;
	int room;
	NnetDates dates;
	int n_origins;
	double
		*low; /* of each position, and the most that rounding takes; low > high: nothing was seen */
	double *high;
	double *loss;
} NnetInputLesson;

typedef struct NnetOutputLesson
{
	NnetTokens *labels;
	char *type; /* NULL: nothing was to be learned */
} NnetOutputLesson;

typedef struct NnetLessons
{
	MemoryContext context;
	const NnetModel *model; /* whose structure they have */
	int64 rows;
	int64 skipped;
	NnetInputLesson *inputs;
	NnetOutputLesson *outputs;
	double **states; /* by layer; NULL: it does not learn in this pass */
} NnetLessons;

/* learns: by layer, as nn_learn_plan says. */
extern NnetLessons *
nnet_lessons_make(const NnetModel *model, const bool *learns, MemoryContext context);
extern void nnet_lessons_add(NnetLessons *to, const NnetLessons *from);
/* What a recorder of the same model has met, and layers by the values that it wrote. */
extern void nnet_lessons_take(NnetLessons *to, const NnetRecorder *recorder,
							  const NNAdapting *layers, int n_layers);
/* As bytes and back; what is read may be anything. */
extern void nnet_lessons_write(const NnetLessons *lessons, StringInfo to);
extern void nnet_lessons_read(NnetLessons *lessons, StringInfo from);
/* Put them into a model of the same structure.  Changes them. */
extern void nnet_lessons_apply(NnetLessons *lessons, NnetModel *model);

#endif /* NNET_LESSONS_H */
