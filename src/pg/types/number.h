/*
 * number.h
 *	  The types of SQL that are numbers, and how each becomes real.
 */
#ifndef NNET_NUMBER_H
#define NNET_NUMBER_H

#include "pg/nnet.h"

/*
 * One kind of number.  convert reads n array elements that lie end to end at
 * src; number reads one Datum.  Of a kind that real does not hold exactly, both
 * also give what was rounded: widen what convert reads, returning the end of it.
 */
typedef struct NnetNumber
{
	Oid oid;
	int size; /* of an array element; -1: it varies */
	void (*convert)(const char *src, float *dst, size_t n);
	float (*number)(Datum value, double *exact);
	const char *(*widen)(const char *src, float *dst, double *exact, size_t n); /* or NULL */
} NnetNumber;

/* NULL: the type is none.  Domains are not looked through. */
extern const NnetNumber *nnet_number_type(Oid type);

#endif /* NNET_NUMBER_H */
