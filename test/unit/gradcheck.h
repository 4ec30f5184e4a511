/*
 * gradcheck.h
 *	  Everything a layer kind promises, checked on one configuration.
 *
 *	 GRADCHECK(.kind = "dense", .config = "{\"units\": 3, \"activation\": \"tanh\"}",
 *			   .in = {{2, {5, 4}}}, .batch = 7);
 *	 GRADCHECK(.kind = "lstm", .config = "{\"units\": 3}",
 *			   .in = {{2, {NN_ANY, 4}}}, .steps = 6, .batch = 5, .mask = GRADCHECK_HOLES);
 *	 GRADCHECK(.kind = "add", .n_inputs = 2, .in = {{1, {4}}, {1, {4}}}, .batch = 3);
 *
 * Each is several lines of TAP, one a promise:
 *	 - the kind builds, and with NN_ANY steps has the same parameters
 *	 - forward writes all of y from NaN-filled saved and scratch, and leaves x
 *	   and parameters alone; twice gives the same bits
 *	 - backward overwrites all of dx, adds to grads, leaves x, y, parameters and
 *	   the gradients of what is not trainable alone; works without grads and
 *	   without each dx
 *	 - in double: dx and gradients agree with central differences of
 *	   sum(r * y), r random (zero at steps that the output's mask hides); large
 *	   arrays at a random sample of places
 *	 - the batch cut over threads and chunks gives the same y, dx, gradients and
 *	   end_step; partial sums of coupled kinds are then of several threads
 *	 - split_gradient, where the kind sets it, is followed through gradient_part or add_rows
 *	 - outside training, a batch gives what each sample alone gives, and dropout
 *	   and its like are the identity
 *	 - with a mask, a kind with NN_KIND_MASKED has the same unmasked y whatever
 *	   stands in x under the mask
 * In float the comparisons with differences are left out.
 *
 * Parameters are the kind's initial values plus noise (state that is not
 * trainable: plus positive noise, so that variances stay positive); `prepare`
 * may change them.
 *
 * For numbers worked out by hand or by another program, see probe.h.
 */
#ifndef UNIT_GRADCHECK_H
#define UNIT_GRADCHECK_H

#include "test/unit/probe.h"
#include "test/unit/unit.h"

typedef enum GradMask
{
	GRADCHECK_UNMASKED,
	GRADCHECK_HOLES,  /* any step may be hidden, not all of a sample */
	GRADCHECK_PREFIX, /* the first steps are there, the others padding */
	GRADCHECK_BOTH	  /* padding, and any step that is there may be hidden */
} GradMask;

typedef struct GradCheck
{
	const char *kind;
	const char *config; /* a JSON object; NULL: {} */
	int n_inputs;		/* 0 means 1 */
	NNShape in[NN_MAX_INPUTS];
	int batch; /* at least 5, so that pieces are uneven */
	int steps; /* where in[0] begins with NN_ANY */
	GradMask mask;
	int indexes;		 /* not 0: x are whole numbers below this, and dx is not asked for */
	double scale;		 /* of x; 0 means 1: x is normal */
	double tolerance;	 /* relative, of the gradients; 0 means 1e-6 */
	int samples;		 /* places checked in each array; 0 means 120 */
	uint64_t seed;		 /* another one, should a kink be hit */
	bool no_differences; /* gradients are not derivatives on purpose */
	void (*prepare)(const NNLayer *layer, nn_real *params);
} GradCheck;

#define GRADCHECK_MAX_RESULTS 32

typedef struct GradReport
{
	int n;
	struct
	{
		bool held;
		char text[240];
	} results[GRADCHECK_MAX_RESULTS];
} GradReport;

extern void gradcheck(const GradCheck *check, GradReport *report);

/* Print and count the report in the program's own counters. */
static inline void
gradcheck_at(const GradCheck *check, const char *file, int line)
{
	static GradReport report;

	gradcheck(check, &report);
	for (int i = 0; i < report.n; i++)
		unit_check(report.results[i].held, file, line, "%s", report.results[i].text);
}

#define GRADCHECK(...) gradcheck_at(&(GradCheck){__VA_ARGS__}, __FILE__, __LINE__)

#endif /* UNIT_GRADCHECK_H */
