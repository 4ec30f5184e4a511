/*
 * origin.h
 *	  What is taken from numbers before they are rounded to real (origin.c).
 */
#ifndef NNET_ORIGIN_H
#define NNET_ORIGIN_H

#include "pg/nnet.h"

typedef struct NnetOrigins
{
	int n;		/* positions; those beyond begin anew */
	bool finds; /* they are being learned */
	double *origin;
	/* while they are: the values less their origin */
	bool *seen; /* whether there were any */
	double *low;
	double *high;
	double *loss; /* the most that rounding the values as they are takes */
} NnetOrigins;

/* The model's of an input, or room to learn them; NULL: it has none, and none are to be learned. */
extern NnetOrigins *nnet_origins_make(const NnetModel *model, int input, bool learn);
/* Whether the model has those same ones. */
extern bool nnet_origins_same(const NnetOrigins *origins, const NnetReading *reading);
/* Whether a value is of a size at which its origin may matter. */
extern bool nnet_origin_may_matter(double value);
/* A value at a position less its origin, which it may become. */
extern double nnet_origins_take(NnetOrigins *origins, size_t position, double value);
/*
 * All rows were seen: origins that make a difference go to the model.  True if
 * others had been taken, so that nnet_origins_restore must put them back.
 */
extern bool nnet_origins_learned(NnetOrigins *origins, NnetModel *model, int input);
extern void nnet_origins_restore(const NnetOrigins *origins, float *values, size_t n);

#endif /* NNET_ORIGIN_H */
