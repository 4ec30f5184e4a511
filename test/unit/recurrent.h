/*
 * recurrent.h
 *	  What the tests of simple_rnn, lstm and gru share: a reference that takes
 *	  one sample a step at a time, with masks, directions and both outputs.
 */
#ifndef UNIT_RECURRENT_H
#define UNIT_RECURRENT_H

#include <stdlib.h>

#include "test/unit/gradcheck.h"
#include "test/unit/numbers.h"

static inline double
recurrent_sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

/* h and c (units) move by one step. */
typedef void (*RecurrentReference)(const Probe *p, const double *x, int features, int units,
								   double *h, double *c);

#define RECURRENT_UNITS 5
#define RECURRENT_FEATURES 3
#define RECURRENT_STEPS 6
#define RECURRENT_BATCH 7

/* What a sample should give: (steps, units), of which the last row is the last output. */
static inline void
recurrent_expect(const Probe *p, int sample, bool backwards, RecurrentReference step, double *y)
{
	double h[RECURRENT_UNITS] = {0};
	double c[RECURRENT_UNITS] = {0};
	int length = RECURRENT_STEPS;
	const uint8_t *hidden = p->mask != NULL ? p->mask : p->padding;
	const uint8_t *mask = hidden == NULL ? NULL : hidden + sample * RECURRENT_STEPS;

	while (p->padding != NULL && !p->padding[sample * RECURRENT_STEPS + length - 1])
		length--;
	for (int t = 0; t < RECURRENT_STEPS; t++)
	{
		int at = backwards && t < length ? length - 1 - t : t;
		double x[RECURRENT_FEATURES];

		for (int i = 0; i < RECURRENT_FEATURES; i++)
			x[i] = (double) p->x[0][(sample * RECURRENT_STEPS + at) * RECURRENT_FEATURES + i];
		if (mask == NULL || mask[at])
			step(p, x, RECURRENT_FEATURES, RECURRENT_UNITS, h, c);
		memcpy(y + t * RECURRENT_UNITS, h, sizeof(h));
	}
}

static inline void
recurrent_fill(Probe *p)
{
	NNRandom random = nn_random(11, 0);

	for (size_t i = 0; i < (size_t) p->batch * p->in_size[0]; i++)
		p->x[0][i] = (nn_real) nn_random_normal(&random);
	for (size_t i = 0; i < p->layer->param_size; i++)
		p->params[i] = (nn_real) (0.5 * nn_random_normal(&random));
	for (int i = 0; i < p->batch * RECURRENT_STEPS; i++)
	{
		bool there = i % RECURRENT_STEPS < 1 + i / RECURRENT_STEPS;

		if (p->padding != NULL)
			p->padding[i] = there;
		if (p->mask != NULL)
			p->mask[i] = (i * 7) % 5 != 1 && there;
	}
}

static inline void
recurrent_compare(const char *kind, const char *options, bool masked, bool padded, bool backwards,
				  bool sequences, RecurrentReference step)
{
	static double expected[RECURRENT_BATCH * RECURRENT_STEPS * RECURRENT_UNITS];
	char config[300];
	size_t n = 0;
	Probe *p;

	snprintf(config, sizeof(config),
			 "{\"units\": %d, \"go_backwards\": %s, \"return_sequences\": %s%s}", RECURRENT_UNITS,
			 backwards ? "true" : "false", sequences ? "true" : "false", options);
	p = probe_make(&(ProbeSpec){.kind = kind,
								.config = config,
								.in = {{2, {RECURRENT_STEPS, RECURRENT_FEATURES}}},
								.batch = RECURRENT_BATCH,
								.masked = masked,
								.padded = padded},
				   NULL);
	recurrent_fill(p);
	for (int s = 0; s < RECURRENT_BATCH; s++)
	{
		double y[RECURRENT_STEPS * RECURRENT_UNITS];
		int from = sequences ? 0 : RECURRENT_STEPS - 1;

		recurrent_expect(p, s, backwards, step, y);
		for (int i = from * RECURRENT_UNITS; i < RECURRENT_STEPS * RECURRENT_UNITS; i++)
			expected[n++] = y[i];
	}
	for (int training = 0; training < 2; training++)
	{
		char what[400];

		probe_forward(p, training);
		snprintf(what, sizeof(what), "%s %s%s%s%s is what it is step by step", kind, config,
				 masked ? " masked" : "", padded ? " padded" : "", training ? " in training" : "");
		numbers_check(what, p->y, expected, n, 2e-6);
	}
	probe_free(p);
}

static inline void
recurrent_reference_options(const char *kind, const char *options, RecurrentReference step)
{
	for (int i = 0; i < 16; i++)
		recurrent_compare(kind, options, i & 1, i & 2, i & 4, i & 8, step);
}

static inline void
recurrent_reference(const char *kind, RecurrentReference step)
{
	recurrent_reference_options(kind, "", step);
	recurrent_reference_options(kind, ", \"use_bias\": false", step);
}

/* A thousand steps, forward and back, in the memory that is promised. */
static inline void
recurrent_long(const char *kind)
{
	Probe *p = probe_make(&(ProbeSpec){.kind = kind,
									   .config = "{\"units\": 4, \"return_sequences\": true}",
									   .in = {{2, {NN_ANY, 2}}},
									   .steps = 1000,
									   .batch = 3},
						  NULL);

	recurrent_fill(p);
	for (size_t i = 0; i < p->out_size * (size_t) p->batch; i++)
		p->dy[i] = 1;
	probe_forward(p, true);
	probe_backward(p);
	CHECK(nn_all_finite(p->y, p->out_size * 3) && nn_all_finite(p->dx[0], p->in_size[0] * 3) &&
			  nn_all_finite(p->grads, p->layer->param_size),
		  "%s over 1000 steps", kind);
	CHECK((p->layer->saved_size + p->layer->scratch_size) * sizeof(float) < 1000 * 400,
		  "%s takes memory by the step", kind);
	probe_free(p);
}

/* Dropout: none outside training; one draw for all steps; all dropped leaves the biases. */
static inline void
recurrent_dropout(const char *kind)
{
	static double first[RECURRENT_BATCH * RECURRENT_UNITS];
	Probe *p = probe_make(
		&(ProbeSpec){.kind = kind,
					 .config = "{\"units\": 5, \"dropout\": 0.5, \"recurrent_dropout\": 0.3}",
					 .in = {{2, {RECURRENT_STEPS, RECURRENT_FEATURES}}},
					 .batch = RECURRENT_BATCH},
		NULL);
	Probe *q = probe_make(&(ProbeSpec){.kind = kind,
									   .config = "{\"units\": 5}",
									   .in = {{2, {RECURRENT_STEPS, RECURRENT_FEATURES}}},
									   .batch = RECURRENT_BATCH},
						  NULL);
	size_t n = (size_t) RECURRENT_BATCH * RECURRENT_UNITS;
	bool differs = false;

	recurrent_fill(p);
	recurrent_fill(q);
	probe_forward(p, false);
	probe_forward(q, false);
	for (size_t i = 0; i < n; i++)
		first[i] = (double) q->y[i];
	numbers_check("no dropout outside training", p->y, first, n, 1e-6);
	probe_forward(p, true);
	for (size_t i = 0; i < n; i++)
		differs = differs || fabs((double) p->y[i] - first[i]) > 1e-3;
	CHECK(differs, "%s drops in training", kind);
	probe_free(p);

	p = probe_make(&(ProbeSpec){.kind = kind,
								.config = "{\"units\": 5, \"dropout\": 1}",
								.in = {{2, {RECURRENT_STEPS, RECURRENT_FEATURES}}},
								.batch = RECURRENT_BATCH},
				   NULL);
	recurrent_fill(p);
	nn_zero(q->x[0], q->in_size[0] * RECURRENT_BATCH);
	probe_forward(p, true);
	probe_forward(q, true);
	for (size_t i = 0; i < n; i++)
		first[i] = (double) q->y[i];
	numbers_check("all dropped is as if x were 0", p->y, first, n, 1e-6);
	probe_free(p);
	probe_free(q);
}

static inline void
recurrent_refusals(const char *kind)
{
	numbers_refused(kind, "{}", nn_shape2(4, 3), "units");
	numbers_refused(kind, "{\"units\": 0}", nn_shape2(4, 3), "units");
	numbers_refused(kind, "{\"units\": 1048577}", nn_shape2(4, 3), "units");
	numbers_refused(kind, "{\"units\": 3}", nn_shape1(3), "takes steps of features");
	numbers_refused(kind, "{\"units\": 3}", nn_shape1(NN_ANY), "takes steps of features");
	numbers_refused(kind, "{\"units\": 3}", nn_shape3(4, 3, 2), "takes steps of features");
	numbers_refused(kind, "{\"units\": 3, \"dropout\": 1.5}", nn_shape2(4, 3), "dropout");
	numbers_refused(kind, "{\"units\": 3, \"activation\": \"tan\"}", nn_shape2(4, 3), "tan");
}

#define RECURRENT_CHECK(kind_, options, ...) \
	GRADCHECK(.kind = kind_, .config = "{\"units\": 3" options "}", .batch = 5, __VA_ARGS__)

#define RECURRENT_GRADIENTS_OPTIONS(kind_, options)                                               \
	do                                                                                            \
	{                                                                                             \
		RECURRENT_CHECK(kind_, options, .in = {{2, {4, 3}}});                                     \
		RECURRENT_CHECK(kind_, options ", \"return_sequences\": true, \"use_bias\": false",       \
						.in = {{2, {4, 3}}});                                                     \
		RECURRENT_CHECK(kind_, options ", \"go_backwards\": true", .in = {{2, {NN_ANY, 3}}},      \
						.steps = 5, .mask = GRADCHECK_HOLES);                                     \
		RECURRENT_CHECK(kind_, options ", \"return_sequences\": true", .in = {{2, {NN_ANY, 3}}},  \
						.steps = 5, .mask = GRADCHECK_HOLES);                                     \
		RECURRENT_CHECK(kind_, options ", \"go_backwards\": true, \"return_sequences\": true",    \
						.in = {{2, {NN_ANY, 3}}}, .steps = 5, .mask = GRADCHECK_PREFIX);          \
		RECURRENT_CHECK(kind_, options ", \"dropout\": 0.3, \"return_sequences\": true",          \
						.in = {{2, {4, 3}}});                                                     \
		RECURRENT_CHECK(                                                                          \
			kind_,                                                                                \
			options ", \"dropout\": 0.3, \"recurrent_dropout\": 0.4, \"return_sequences\": true", \
			.in = {{2, {4, 3}}});                                                                 \
		RECURRENT_CHECK(kind_, options ", \"recurrent_dropout\": 0.4", .in = {{2, {NN_ANY, 3}}},  \
						.steps = 5, .mask = GRADCHECK_HOLES);                                     \
	} while (0)

#define RECURRENT_GRADIENTS(kind_) RECURRENT_GRADIENTS_OPTIONS(kind_, "")

#endif /* UNIT_RECURRENT_H */
