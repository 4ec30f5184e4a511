/*
 * numbers.h
 *	  Arrays of numbers worked out elsewhere, and refusals, for tests of layers.
 */
#ifndef UNIT_NUMBERS_H
#define UNIT_NUMBERS_H

#include "test/unit/probe.h"
#include "test/unit/unit.h"

static inline void
numbers_set(nn_real *to, const double *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (nn_real) from[i];
}

typedef struct Numbers
{
	const char *what;
	const nn_real *got;
	const double *expected;
	size_t n;
	double tolerance; /* times max(1, |expected|) */
} Numbers;

/* One check: all n numbers are as expected. */
static inline void
numbers_check_at(const Numbers *c, const char *file, int line)
{
	size_t worst = 0;
	double most = -1;

	for (size_t i = 0; i < c->n && most == most; i++)
	{
		double off = fabs((double) c->got[i] - c->expected[i]) / fmax(1, fabs(c->expected[i]));

		if (!(off <= most))
		{
			most = off;
			worst = i;
		}
	}
	if (!unit_check(most <= c->tolerance, file, line, "%s", c->what))
		printf("# number %zu is %.9g, expected %.9g\n", worst, (double) c->got[worst],
			   c->expected[worst]);
}

/* numbers_check(what, got, expected, n, tolerance) */
#define numbers_check(...) numbers_check_at(&(Numbers){__VA_ARGS__}, __FILE__, __LINE__)

/* A layer with these inputs is refused, with a message that contains `part`. */
static inline void
numbers_refused_at(const ProbeSpec *spec, const char *part, const char *file, int line)
{
	NNError error = {.code = NN_OK};
	Probe *p = probe_make(spec, &error);
	bool held = p == NULL && error.code != NN_OK && strstr(error.message, part) != NULL;

	unit_check(held, file, line, "%s %s is refused: %s", spec->kind, spec->config, error.message);
	if (!held)
		printf("# expected: %s\n", part);
	if (p != NULL)
		probe_free(p);
}

#define numbers_refused(kind_, config_, shape_, part)                                      \
	numbers_refused_at(                                                                    \
		&(ProbeSpec){                                                                      \
			.kind = (kind_), .config = (config_), .in = {shape_}, .batch = 1, .steps = 1}, \
		part, __FILE__, __LINE__)

#endif /* UNIT_NUMBERS_H */
