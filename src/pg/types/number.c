/*
 * number.c
 *	  The types of SQL that are numbers to real, and exactly to double where real
 *	  does not hold them.  Intervals are their seconds.
 */
#include "pg/types/number.h"

#include <math.h>

#include "access/tupmacs.h"
#include "catalog/pg_type.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

static float
numeric_number(Datum value, double *exact)
{
	*exact = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, value));
	return (float) *exact;
}

#define NUMBER_TYPE(name, type, get)                                  \
	static void name##_convert(const char *src, float *dst, size_t n) \
	{                                                                 \
		const type *values = (const type *) src;                      \
                                                                      \
		for (size_t i = 0; i < n; i++)                                \
			dst[i] = (float) values[i];                               \
	}                                                                 \
	static float name##_number(Datum value, double *exact)            \
	{                                                                 \
		*exact = (double) get(value);                                 \
		return (float) get(value);                                    \
	}

#define WIDE_TYPE(name, type, get)                                                        \
	NUMBER_TYPE(name, type, get)                                                          \
	static const char *name##_widen(const char *src, float *dst, double *exact, size_t n) \
	{                                                                                     \
		const type *values = (const type *) src;                                          \
                                                                                          \
		for (size_t i = 0; i < n; i++)                                                    \
		{                                                                                 \
			dst[i] = (float) values[i];                                                   \
			exact[i] = (double) values[i];                                                \
		}                                                                                 \
		return (const char *) (values + n);                                               \
	}

NUMBER_TYPE(bool, bool, DatumGetBool)
NUMBER_TYPE(int2, int16, DatumGetInt16)
WIDE_TYPE(int4, int32, DatumGetInt32)
WIDE_TYPE(int8, int64, DatumGetInt64)
NUMBER_TYPE(float4, float4, DatumGetFloat4)
WIDE_TYPE(float8, float8, DatumGetFloat8)

static const char *
numeric_widen(const char *src, float *dst, double *exact, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		dst[i] = numeric_number(PointerGetDatum(src), &exact[i]);
		src = att_addlength_pointer(src, -1, src);
		src = (const char *) att_align_nominal(src, TYPALIGN_INT);
	}
	return src;
}

static void
numeric_convert(const char *src, float *dst, size_t n)
{
	double exact;

	for (size_t i = 0; i < n; i++)
		src = numeric_widen(src, dst + i, &exact, 1);
}

/* The seconds of an interval, as extract(epoch from ...) counts them: a year has 365.25 days, a month 30. */
static double
interval_seconds(const Interval *interval)
{
#ifdef NNET_HAS_INFINITE_INTERVALS
	if (INTERVAL_NOT_FINITE(interval))
		return INTERVAL_IS_NOBEGIN(interval) ? -INFINITY : INFINITY;
#endif
	return (double) interval->time / USECS_PER_SEC + (double) interval->day * SECS_PER_DAY +
		(interval->month / MONTHS_PER_YEAR) * (DAYS_PER_YEAR * SECS_PER_DAY) +
		(double) (interval->month % MONTHS_PER_YEAR) * (DAYS_PER_MONTH * SECS_PER_DAY);
}

static float
interval_number(Datum value, double *exact)
{
	*exact = interval_seconds(DatumGetIntervalP(value));
	return (float) *exact;
}

static const char *
interval_widen(const char *src, float *dst, double *exact, size_t n)
{
	for (size_t i = 0; i < n; i++, src += sizeof(Interval))
	{
		exact[i] = interval_seconds((const Interval *) src);
		dst[i] = (float) exact[i];
	}
	return src;
}

static void
interval_convert(const char *src, float *dst, size_t n)
{
	double exact;

	for (size_t i = 0; i < n; i++)
		src = interval_widen(src, dst + i, &exact, 1);
}

static const NnetNumber number_types[] = {
	{FLOAT4OID, sizeof(float4), float4_convert, float4_number, NULL},
	{FLOAT8OID, sizeof(float8), float8_convert, float8_number, float8_widen},
	{INT2OID, sizeof(int16), int2_convert, int2_number, NULL},
	{INT4OID, sizeof(int32), int4_convert, int4_number, int4_widen},
	{INT8OID, sizeof(int64), int8_convert, int8_number, int8_widen},
	{NUMERICOID, -1, numeric_convert, numeric_number, numeric_widen},
	{BOOLOID, sizeof(bool), bool_convert, bool_number, NULL},
	{INTERVALOID, sizeof(Interval), interval_convert, interval_number, interval_widen},
	{InvalidOid, 0, NULL, NULL, NULL},
};

const NnetNumber *
nnet_number_type(Oid oid)
{
	for (const NnetNumber *t = number_types; t->convert != NULL; t++)
	{
		if (t->oid == oid)
			return t;
	}
	return NULL;
}
