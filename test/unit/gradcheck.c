/*
 * gradcheck.c
 *	  What a layer kind promises: see gradcheck.h.
 *
 * The function whose derivatives are compared is loss = sum(r * y) with r kept
 * in probe->dy.  A reference pass is run in one piece first; all other ways to
 * run are compared with it.
 */
#include <stdlib.h>

#include "test/unit/gradcheck.h"
#include "test/unit/gradmask.h"
#include "test/unit/reals.h"

#ifdef NN_DOUBLE
#define SAME_TOLERANCE 1e-9 /* other orders of summation */
#else
#define SAME_TOLERANCE 2e-4
#endif
#define STEP 1e-5 /* of central differences */

typedef struct Check
{
	const GradCheck *spec;
	GradReport *report;
	Probe *p;
	NNRandom random;
	/* the reference: one piece */
	nn_real *y;
	nn_real *dx[NN_MAX_INPUTS];
	nn_real *grads;
	nn_real *params_after; /* of end_step */
} Check;

static bool __attribute__((format(printf, 3, 4)))
result(Check *check, bool held, const char *format, ...)
{
	GradReport *report = check->report;
	const GradCheck *spec = check->spec;
	size_t used;
	va_list args;

	if (report->n == GRADCHECK_MAX_RESULTS)
		return held;
	report->results[report->n].held = held;
	used = (size_t) snprintf(report->results[report->n].text, sizeof(report->results[0].text),
							 "%s %.100s batch %d: ", spec->kind,
							 spec->config != NULL ? spec->config : "{}", spec->batch);
	va_start(args, format);
	vsnprintf(report->results[report->n].text + used, sizeof(report->results[0].text) - used,
			  format, args);
	va_end(args);
	report->n++;
	return held;
}

static size_t
all_x(const Probe *p, int i)
{
	return (size_t) p->batch * p->in_size[i];
}

static size_t
all_y(const Probe *p)
{
	return (size_t) p->batch * p->out_size;
}

/* ---- preparing ---- */

static void
fill_x(Check *check, nn_real *x, size_t n)
{
	const GradCheck *spec = check->spec;

	for (size_t i = 0; i < n; i++)
		x[i] = spec->indexes > 0
			? (nn_real) nn_random_below(&check->random, (uint64_t) spec->indexes)
			: (nn_real) (nn_random_normal(&check->random) * (spec->scale > 0 ? spec->scale : 1));
}

static void
fill_params(Check *check)
{
	Probe *p = check->p;
	const NNLayer *layer = p->layer;
	nn_real *scratch = probe_reals(layer->param_size);

	nn_layer_init(layer, p->params, scratch, &check->random);
	free(scratch);
	for (int k = 0; k < layer->n_params; k++)
	{
		const NNParam *param = &layer->params[k];

		for (size_t i = 0; i < param->size; i++)
		{
			double noise = nn_random_uniform(&check->random) * 0.4;

			p->params[param->offset + i] += (nn_real) (param->trainable ? noise - 0.2 : noise);
		}
	}
	if (check->spec->prepare != NULL)
		check->spec->prepare(layer, p->params);
}

/* r: zero where the loss does not look. */
static void
fill_dy(Check *check)
{
	Probe *p = check->p;

	for (size_t i = 0; i < all_y(p); i++)
	{
		double r = nn_random_normal(&check->random);

		p->dy[i] = gradmask_hides(p, i) ? 0 : (nn_real) r;
	}
}

static bool
prepare(Check *check)
{
	const GradCheck *spec = check->spec;
	NNError error = {.code = NN_OK};
	ProbeSpec probe = {
		.kind = spec->kind,
		.config = spec->config,
		.n_inputs = spec->n_inputs,
		.batch = spec->batch,
		.steps = spec->steps,
		.masked = spec->mask == GRADCHECK_HOLES || spec->mask == GRADCHECK_BOTH,
		.padded = spec->mask == GRADCHECK_PREFIX || spec->mask == GRADCHECK_BOTH,
	};

	memcpy(probe.in, spec->in, sizeof(probe.in));
	check->p = probe_make(&probe, &error);
	if (!result(check, check->p != NULL, "builds%s%s", check->p != NULL ? "" : ": ", error.message))
		return false;
	check->random = nn_random(spec->seed + 1, 7);
	for (int i = 0; i < check->p->n_inputs; i++)
	{
		fill_x(check, check->p->x[i], all_x(check->p, i));
		check->p->want_dx[i] = spec->indexes == 0;
	}
	fill_params(check);
	if (check->p->mask_steps > 0)
		gradmask_fill(check->p, &check->random);
	probe_forward(check->p, true); /* for mask_out */
	fill_dy(check);
	return true;
}

/* ---- the reference and what surrounds it ---- */

/* Copies of what no pass may touch. */
typedef struct Inputs
{
	nn_real *x[NN_MAX_INPUTS];
	nn_real *params;
	nn_real *y; /* after forward */
} Inputs;

static bool
inputs_same(const Check *check, const Inputs *inputs)
{
	const Probe *p = check->p;
	bool same = reals_same_bits(inputs->params, p->params, p->layer->param_size);

	for (int i = 0; i < p->n_inputs; i++)
		same = same && reals_same_bits(inputs->x[i], p->x[i], all_x(p, i));
	return same;
}

static void
check_reference(Check *check)
{
	Probe *p = check->p;
	Inputs inputs;
	bool finite = true;
	bool same;

	inputs.params = reals_copy(p->params, p->layer->param_size);
	for (int i = 0; i < p->n_inputs; i++)
		inputs.x[i] = reals_copy(p->x[i], all_x(p, i));

	probe_forward(p, true);
	check->y = reals_copy(p->y, all_y(p));
	result(check, reals_finite(p->y, all_y(p)), "forward writes all of y");
	result(check, inputs_same(check, &inputs), "forward leaves x and parameters alone");
	probe_forward(p, true);
	result(check, reals_same_bits(check->y, p->y, all_y(p)), "forward twice gives the same bits");

	nn_zero(p->grads, p->layer->param_size);
	probe_backward(p);
	check->grads = reals_copy(p->grads, p->layer->param_size);
	for (int i = 0; i < p->n_inputs; i++)
	{
		check->dx[i] = reals_copy(p->dx[i], all_x(p, i));
		finite = finite && (!p->want_dx[i] || reals_finite(p->dx[i], all_x(p, i)));
	}
	result(check, finite, "backward overwrites all of dx");
	result(check, inputs_same(check, &inputs) && reals_same_bits(check->y, p->y, all_y(p)),
		   "backward leaves x, y and parameters alone");

	probe_forward(p, true);
	nn_zero(p->grads, p->layer->param_size);
	probe_backward(p);
	same = reals_same_bits(check->grads, p->grads, p->layer->param_size);
	for (int i = 0; i < p->n_inputs; i++)
		same = same && reals_same_bits(check->dx[i], p->dx[i], all_x(p, i));
	result(check, same, "backward twice gives the same bits");

	check->params_after = reals_copy(p->params, p->layer->param_size);
	probe_end_step(p, check->params_after);

	free(inputs.params);
	for (int i = 0; i < p->n_inputs; i++)
		free(inputs.x[i]);
}

static void
check_accumulation(Check *check)
{
	Probe *p = check->p;
	size_t n = p->layer->param_size;
	nn_real *before = probe_reals(n);
	bool untouched = true;

	for (size_t i = 0; i < n; i++)
		before[i] = (nn_real) (nn_random_uniform(&check->random) - 0.5);
	memcpy(p->grads, before, n * sizeof(nn_real));
	probe_forward(p, true);
	probe_backward(p);
	for (int k = 0; k < p->layer->n_params; k++)
	{
		const NNParam *param = &p->layer->params[k];

		if (!param->trainable)
			untouched = untouched &&
				reals_same_bits(before + param->offset, p->grads + param->offset, param->size);
	}
	for (size_t i = 0; i < n; i++)
		p->grads[i] -= before[i];
	if (n > 0)
		result(check, reals_difference(p->grads, check->grads, n) <= SAME_TOLERANCE,
			   "backward adds to grads");
	result(check, untouched, "no gradients for what is not trainable");
	free(before);
}

/* Without grads, and without each dx. */
static void
check_unwanted(Check *check)
{
	Probe *p = check->p;
	bool same = true;

	if (p->layer->n_params > 0 && check->spec->indexes == 0)
	{
		p->want_grads = false;
		nn_zero(p->grads, p->layer->param_size);
		probe_forward(p, true);
		probe_backward(p);
		for (int i = 0; i < p->n_inputs; i++)
			same = same && reals_difference(p->dx[i], check->dx[i], all_x(p, i)) <= SAME_TOLERANCE;
		p->want_grads = true;
		result(check, same, "frozen: the same dx");
	}
	same = true;
	for (int k = 0; k < p->n_inputs && check->spec->indexes == 0; k++)
	{
		p->want_dx[k] = false;
		nn_zero(p->grads, p->layer->param_size);
		probe_forward(p, true);
		probe_backward(p);
		p->want_dx[k] = true;
		same = same &&
			reals_difference(p->grads, check->grads, p->layer->param_size) <= SAME_TOLERANCE;
		for (int i = 0; i < p->n_inputs; i++)
			if (i != k)
				same =
					same && reals_difference(p->dx[i], check->dx[i], all_x(p, i)) <= SAME_TOLERANCE;
	}
	if (check->spec->indexes == 0 && !(p->layer->kind->flags & NN_KIND_VIEW))
		result(check, same, "the rest is the same when a dx is not wanted");
}

/* The batch in pieces. */
static void
check_pieces(Check *check, int threads, int chunks)
{
	Probe *p = check->p;
	size_t n = p->layer->param_size;
	nn_real *after = reals_copy(p->params, n);
	double worst_dx = 0;

	p->threads = threads;
	p->chunks = chunks;
	probe_forward(p, true);
	nn_zero(p->grads, n);
	probe_backward(p);
	probe_end_step(p, after);
	for (int i = 0; i < p->n_inputs; i++)
		if (p->want_dx[i])
			worst_dx = fmax(worst_dx, reals_difference(p->dx[i], check->dx[i], all_x(p, i)));
	result(check,
		   reals_difference(p->y, check->y, all_y(p)) <= SAME_TOLERANCE &&
			   worst_dx <= SAME_TOLERANCE &&
			   reals_difference(p->grads, check->grads, n) <= SAME_TOLERANCE &&
			   reals_difference(after, check->params_after, n) <= SAME_TOLERANCE,
		   "the same with %d threads of %d chunks", threads, chunks);
	p->threads = 1;
	p->chunks = 1;
	free(after);
}

/* ---- differences ---- */

#ifdef NN_DOUBLE
static double
loss(Probe *p)
{
	double sum = 0;

	probe_forward(p, true);
	for (size_t i = 0; i < all_y(p); i++)
		sum += (double) p->dy[i] * (double) p->y[i];
	return sum;
}

/* By how much the gradient at *at is off, relative to its size. */
static double
difference_at(Check *check, nn_real *at, double gradient)
{
	nn_real value = *at;
	double step = STEP * fmax(1, fabs((double) value));
	double up, down, expected;

	*at = value + step;
	up = loss(check->p);
	*at = value - step;
	down = loss(check->p);
	*at = value;
	expected = (up - down) / (2 * step);
	if (!isfinite(expected) || !isfinite(gradient))
		return INFINITY;
	return fabs(expected - gradient) / (1 + fabs(expected) + fabs(gradient));
}

static double
worst_of_array(Check *check, nn_real *values, const nn_real *gradients, size_t n)
{
	size_t samples = check->spec->samples > 0 ? (size_t) check->spec->samples : 120;
	double worst = 0;

	for (size_t i = 0; i < n && i < samples; i++)
	{
		size_t place = n <= samples ? i : (size_t) nn_random_below(&check->random, n);

		worst = fmax(worst, difference_at(check, &values[place], gradients[place]));
	}
	return worst;
}

static void
check_differences(Check *check)
{
	Probe *p = check->p;
	double tolerance = check->spec->tolerance > 0 ? check->spec->tolerance : 1e-6;

	for (int i = 0; i < p->n_inputs; i++)
	{
		double worst;

		if (!p->want_dx[i])
			continue;
		worst = worst_of_array(check, p->x[i], check->dx[i], all_x(p, i));
		result(check, worst <= tolerance, "dx[%d] is the derivative (off by %.2g)", i, worst);
	}
	for (int k = 0; k < p->layer->n_params; k++)
	{
		const NNParam *param = &p->layer->params[k];
		double worst;

		if (!param->trainable)
			continue;
		worst = worst_of_array(check, p->params + param->offset, check->grads + param->offset,
							   param->size);
		result(check, worst <= tolerance, "the gradient of %s is the derivative (off by %.2g)",
			   param->name, worst);
	}
}
#endif

/* ---- outside training, and masks ---- */

/* One sample at a time against all at once. */
static void
check_inference(Check *check)
{
	Probe *p = check->p;
	nn_real *together;

	probe_forward(p, false);
	together = reals_copy(p->y, all_y(p));
	result(check, reals_finite(together, all_y(p)), "outside training: all of y is written");
	if (p->layer->kind->flags & NN_KIND_TRAINING_ONLY)
		result(check, reals_same_bits(together, p->x[0], all_y(p)),
			   "outside training: the identity");
	p->threads = p->batch;
	probe_forward(p, false);
	p->threads = 1;
	result(check, reals_difference(p->y, together, all_y(p)) <= SAME_TOLERANCE,
		   "outside training: each sample alone gives the same");
	free(together);
}

/* Other values where padding is; without any, where the mask hides. */
static void
check_masked(Check *check)
{
	Probe *p = check->p;
	size_t row = p->in_size[0] / (size_t) p->mask_steps;
	const uint8_t *kept = p->padding != NULL ? p->padding : p->mask;
	nn_real *x = reals_copy(p->x[0], all_x(p, 0));
	bool same = true;

	for (size_t i = 0; i < all_x(p, 0); i++)
		if (!kept[i / row])
			p->x[0][i] = check->spec->indexes > 0 ? 0 : p->x[0][i] * 3 + 1;
	probe_forward(p, true);
	for (size_t i = 0; i < all_y(p); i++)
		same = same && (gradmask_hides(p, i) || p->y[i] == check->y[i]);
	result(check, same, "what the mask hides does not matter");
	memcpy(p->x[0], x, all_x(p, 0) * sizeof(nn_real));
	free(x);
}

void
gradcheck(const GradCheck *spec, GradReport *report)
{
	Check check = {.spec = spec, .report = report};

	report->n = 0;
	if (!prepare(&check))
		return;
	check_reference(&check);
	check_accumulation(&check);
	check_unwanted(&check);
	check_pieces(&check, 1, 3);
	check_pieces(&check, 2, 2);
	check_pieces(&check, 3, 1);
#ifdef NN_DOUBLE
	if (!spec->no_differences)
		check_differences(&check);
#endif
	check_inference(&check);
	if (check.p->mask_steps > 0 && (check.p->layer->kind->flags & NN_KIND_MASKED))
		check_masked(&check);

	free(check.y);
	free(check.grads);
	free(check.params_after);
	for (int i = 0; i < check.p->n_inputs; i++)
		free(check.dx[i]);
	probe_free(check.p);
}
