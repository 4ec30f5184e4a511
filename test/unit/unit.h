/*
 * unit.h
 *	  The harness of the C tests: one program a file, one line a check.
 *
 *	 CHECK(x == 1, "x of %s", name);
 *	 CHECK_CLOSE(x, 1.0, 1e-6);
 *	 return unit_done();
 *
 * Prints `ok 1 - ...` or `not ok 1 - ...` (TAP), then the plan and the counts.
 * A check within a loop over elements belongs after the loop, on the worst.
 */
#ifndef UNIT_H
#define UNIT_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int unit_passed = 0;
static int unit_failed = 0;

/* Count and print one check; returns whether it held. */
__attribute__((format(printf, 4, 5))) static inline bool
unit_check(bool held, const char *file, int line, const char *format, ...)
{
	va_list args;

	if (held)
		unit_passed++;
	else
		unit_failed++;
	printf("%s %d - ", held ? "ok" : "not ok", unit_passed + unit_failed);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	if (!held)
		printf("# failed at %s:%d\n", file, line);
	fflush(stdout);
	return held;
}

/* NaN is close to nothing. */
static inline bool
unit_check_close(double got, double expected, double tolerance, const char *text, const char *file,
				 int line)
{
	bool held = fabs(got - expected) <= tolerance;

	unit_check(held, file, line, "%s", text);
	if (!held)
		printf("# got %.17g, expected %.17g within %.3g\n", got, expected, tolerance);
	return held;
}

#define CHECK(condition, ...) unit_check((condition), __FILE__, __LINE__, __VA_ARGS__)
#define CHECK_CLOSE(a, b, tolerance) \
	unit_check_close((a), (b), (tolerance), #a " is close to " #b, __FILE__, __LINE__)

/* The plan, the counts and the exit status of the program. */
static inline int
unit_done(void)
{
	printf("1..%d\n%d passed, %d failed\n", unit_passed + unit_failed, unit_passed, unit_failed);
	return unit_failed > 0 || unit_passed == 0;
}

#endif /* UNIT_H */
