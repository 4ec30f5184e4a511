/*
 * moment.c
 *	  Dates and times taken apart: seconds, and what comes again every day, week
 *	  and year.
 */
#include "pg/types/moment.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

static void
refuse_infinite(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("%s is infinite, of which no numbers can be made", what),
			 errhint("Give NULL, which is a missing date, by nullif().")));
}

/* A time with a zone of its own, such as those in JSON. */
static bool
has_zone(const char *text)
{
	const char *time = strchr(text, ':');

	return time != NULL && strpbrk(time, "+-Zz") != NULL;
}

static Timestamp
timestamp_of_text(const char *text, bool times)
{
	Datum string = CStringGetDatum(text);

	if (times && strchr(text, '-') == NULL)
		return DatumGetTimeADT(
			DirectFunctionCall3(time_in, string, ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	return DatumGetTimestamp(DirectFunctionCall3(has_zone(text) ? timestamptz_in : timestamp_in,
												 string, ObjectIdGetDatum(InvalidOid),
												 Int32GetDatum(-1)));
}

/* Times of different zones as in UTC, which does not depend on the session. */
static Timestamp
timestamp_of(Oid type, Datum datum, FmgrInfo *output, bool times)
{
	switch (type)
	{
		case DATEOID:
			return DatumGetTimestamp(DirectFunctionCall1(date_timestamp, datum));
		case TIMESTAMPTZOID:
			return DatumGetTimestampTz(datum);
		case TIMESTAMPOID:
			return DatumGetTimestamp(datum);
		case TIMEOID:
			return DatumGetTimeADT(datum);
		case UNKNOWNOID:
			return timestamp_of_text(DatumGetCString(datum), times);
		default:
			return timestamp_of_text(OutputFunctionCall(output, datum), times);
	}
}

/* The server's functions say what is wrong with a value, but not whose it is. */
static void
tell_what(void *arg)
{
	errcontext("%s", (const char *) arg);
}

NnetMoment
nnet_moment_of(Oid type, Datum datum, FmgrInfo *output, bool times, const char *what)
{
	ErrorContextCallback where = {error_context_stack, tell_what, unconstify(char *, what)};
	Timestamp timestamp;
	NnetMoment moment;
	int64 days;
	int64 time;
	int year, month, day;
	int first;

	error_context_stack = &where;
	timestamp = timestamp_of(type, datum, output, times);
	error_context_stack = where.previous;
	if (TIMESTAMP_NOT_FINITE(timestamp))
		refuse_infinite(what);
	days = timestamp / USECS_PER_DAY;
	time = timestamp % USECS_PER_DAY;
	if (time < 0)
	{
		time += USECS_PER_DAY;
		days--;
	}
	j2date((int) days + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	first = date2j(year, 1, 1);
	moment.seconds = (double) days * SECS_PER_DAY + (double) time / USECS_PER_SEC;
	moment.hour = (double) time / (double) USECS_PER_DAY;
	moment.weekday = j2day((int) days + POSTGRES_EPOCH_JDATE) / 7.0;
	moment.yearday =
		(double) (days + POSTGRES_EPOCH_JDATE - first) / (date2j(year + 1, 1, 1) - first);
	return moment;
}

static float *
put_circle(float *to, double part)
{
	*to++ = (float) sin(2 * M_PI * part);
	*to++ = (float) cos(2 * M_PI * part);
	return to;
}

void
nnet_moment_put(const NnetMoment *moment, unsigned parts, float trend, float *to)
{
	if (parts & NN_DATE_TREND)
		*to++ = trend;
	if (parts & NN_DATE_HOUR)
		to = put_circle(to, moment->hour);
	if (parts & NN_DATE_WEEKDAY)
		to = put_circle(to, moment->weekday);
	if (parts & NN_DATE_YEARDAY)
		put_circle(to, moment->yearday);
}
