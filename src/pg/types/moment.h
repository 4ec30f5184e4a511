/*
 * moment.h
 *	  Dates and times taken apart (moment.c).
 */
#ifndef NNET_MOMENT_H
#define NNET_MOMENT_H

#include "pg/nnet.h"

typedef struct NnetMoment
{
	double seconds; /* of the trend */
	double hour;	/* each as a part of its whole: 0 to below 1 */
	double weekday;
	double yearday;
} NnetMoment;

/*
 * Of a date, a timestamp of either kind, a time, or the text of one of them, which
 * has no date if times; what is for messages.
 */
extern NnetMoment
nnet_moment_of(Oid type, Datum datum, FmgrInfo *output, bool times, const char *what);

/* The numbers of those parts (NN_DATE_...), in their order, but for what says that it is missing. */
extern void nnet_moment_put(const NnetMoment *moment, unsigned parts, float trend, float *to);

#endif /* NNET_MOMENT_H */
