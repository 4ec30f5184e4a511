/*
 * numbers.h
 *	  Arguments that are numbers, whatever their type, alone or in arrays.
 */
#ifndef NNET_NUMBERS_H
#define NNET_NUMBERS_H

#include "pg/types/number.h"

/* How values of one argument are read; lives for the query. */
typedef struct NumberReader
{
	const char *what;		  /* the argument's name */
	const NnetNumber *number; /* of the values */
	Oid element;			  /* as declared, of arrays; InvalidOid: a value is one number */
	MemoryContext context;
	double *values; /* of the last */
	float *rounded;
	int room;
} NumberReader;

/* Refuses what is no number: booleans and intervals, too. */
extern void
number_reader_make(NumberReader *reader, Oid type, const char *what, MemoryContext context);
/* *n: how many, one or more.  They are finite, and valid until the next call. */
extern const double *number_reader_read(NumberReader *reader, Datum value, int *n);

#endif /* NNET_NUMBERS_H */
