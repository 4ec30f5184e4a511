/*
 * schedule.c
 *	  Learning rates that change with the step: the table of schedules, how one
 *	  is read from a configuration, and the rate of a step.
 *
 * A schedule is a function of the number of updates done before, so a step is
 * 0 at the first one.  Formulas and argument names are those of Keras 3; the
 * arithmetic here is in double.  A configuration is a number (constant) or an
 * object {"kind": "cosine_decay", "initial_learning_rate": 0.1, ...}.
 */
#include <stdio.h>

#include "core/optimizers/optimizer.h"

#define PI 3.14159265358979323846
#define MAX_RATE 1e6
#define MAX_STEPS 1e15

/* ---- exponential_decay: rate decay_rate^p, p = step / decay_steps ---- */

/* ---- inverse_time_decay: rate / (1 + decay_rate p) ---- */

typedef struct DecayConf
{
	double initial_learning_rate;
	double decay_steps;
	double decay_rate;
	bool staircase; /* p is rounded down */
} DecayConf;

static const NNField decay_fields[] = {
	NN_FIELD_REAL(DecayConf, initial_learning_rate, true, 0, 0, MAX_RATE),
	NN_FIELD_REAL(DecayConf, decay_steps, true, 0, 1, MAX_STEPS),
	NN_FIELD_REAL(DecayConf, decay_rate, true, 0, 0, MAX_RATE),
	NN_FIELD_BOOL(DecayConf, staircase, false),
	NN_FIELD_END,
};

static double
decay_progress(const DecayConf *conf, int64_t step)
{
	double p = (double) step / conf->decay_steps;

	return conf->staircase ? floor(p) : p;
}

static double
exponential_rate(const void *conf, int64_t step)
{
	const DecayConf *c = conf;

	return c->initial_learning_rate * pow(c->decay_rate, decay_progress(c, step));
}

static double
inverse_time_rate(const void *conf, int64_t step)
{
	const DecayConf *c = conf;

	return c->initial_learning_rate / (1 + c->decay_rate * decay_progress(c, step));
}

/* ---- polynomial_decay: (rate - end) (1 - step / decay_steps)^power + end ---- */

typedef struct PolynomialConf
{
	double initial_learning_rate;
	double decay_steps;
	double end_learning_rate;
	double power;
	bool cycle; /* decay_steps grows by itself instead of an end */
} PolynomialConf;

static const NNField polynomial_fields[] = {
	NN_FIELD_REAL(PolynomialConf, initial_learning_rate, true, 0, 0, MAX_RATE),
	NN_FIELD_REAL(PolynomialConf, decay_steps, true, 0, 1, MAX_STEPS),
	NN_FIELD_REAL(PolynomialConf, end_learning_rate, false, 0.0001, 0, MAX_RATE),
	NN_FIELD_REAL(PolynomialConf, power, false, 1, 0, 1000),
	NN_FIELD_BOOL(PolynomialConf, cycle, false),
	NN_FIELD_END,
};

static double
polynomial_rate(const void *conf, int64_t step)
{
	const PolynomialConf *c = conf;
	double at = (double) step;
	double steps = c->decay_steps;

	if (c->cycle)
		steps *= step == 0 ? 1 : ceil(at / c->decay_steps);
	else if (at > steps)
		at = steps;
	return (c->initial_learning_rate - c->end_learning_rate) * pow(1 - at / steps, c->power) +
		c->end_learning_rate;
}

/* ---- piecewise_constant_decay: values[i] up to and with boundaries[i] ---- */

typedef struct PiecewiseConf
{
	NNReals boundaries;
	NNReals values; /* one more */
} PiecewiseConf;

static const NNField piecewise_fields[] = {
	{"boundaries", NN_FIELD_TYPE_REALS, offsetof(PiecewiseConf, boundaries), true, 0, 0, MAX_STEPS,
	 NULL, NN_MAX_REALS - 1},
	{"values", NN_FIELD_TYPE_REALS, offsetof(PiecewiseConf, values), true, 0, 0, MAX_RATE, NULL,
	 NN_MAX_REALS},
	NN_FIELD_END,
};

static bool
piecewise_check(void *conf, NNError *error)
{
	const PiecewiseConf *c = conf;

	if (c->values.count != c->boundaries.count + 1)
	{
		nn_error(error, NN_BAD_VALUE,
				 "schedule \"piecewise_constant_decay\" has %d boundaries and %d values, expected "
				 "%d values",
				 c->boundaries.count, c->values.count, c->boundaries.count + 1);
		return nn_hint(error, "Give one value before each boundary and one after the last.");
	}
	for (int i = 1; i < c->boundaries.count; i++)
		if (!(c->boundaries.value[i] > c->boundaries.value[i - 1]))
		{
			nn_error(error, NN_BAD_VALUE,
					 "schedule \"piecewise_constant_decay\" has boundary %g after %g",
					 c->boundaries.value[i], c->boundaries.value[i - 1]);
			return nn_hint(error, "Boundaries are steps in ascending order.");
		}
	return true;
}

static double
piecewise_rate(const void *conf, int64_t step)
{
	const PiecewiseConf *c = conf;
	int i = 0;

	while (i < c->boundaries.count && (double) step > floor(c->boundaries.value[i]))
		i++;
	return c->values.value[i];
}

/* ---- cosine_decay: rate ((1 - alpha) (1 + cos(pi p)) / 2 + alpha), after a linear warmup ---- */

typedef struct CosineConf
{
	double initial_learning_rate;
	double decay_steps;
	double alpha;		  /* what is left in the end, as a fraction */
	double warmup_target; /* rate to climb to first; negative: no warmup */
	double warmup_steps;
} CosineConf;

static const NNField cosine_fields[] = {
	NN_FIELD_REAL(CosineConf, initial_learning_rate, true, 0, 0, MAX_RATE),
	NN_FIELD_REAL(CosineConf, decay_steps, true, 0, 1, MAX_STEPS),
	NN_FIELD_REAL(CosineConf, alpha, false, 0, 0, 1),
	NN_FIELD_REAL(CosineConf, warmup_target, false, -1, 0, MAX_RATE),
	NN_FIELD_REAL(CosineConf, warmup_steps, false, 0, 0, MAX_STEPS),
	NN_FIELD_END,
};

static bool
cosine_check(void *conf, NNError *error)
{
	const CosineConf *c = conf;

	if (c->warmup_steps > 0 && c->warmup_target < 0)
	{
		nn_error(error, NN_BAD_VALUE,
				 "schedule \"cosine_decay\" has warmup_steps but no warmup_target");
		return nn_hint(error, "Set warmup_target to the rate to reach after %g steps.",
					   c->warmup_steps);
	}
	return true;
}

static double
cosine_rate(const void *conf, int64_t step)
{
	const CosineConf *c = conf;
	double at = (double) step;
	double from = c->initial_learning_rate;
	double p;

	if (c->warmup_target >= 0)
	{
		if (at < c->warmup_steps)
			return from + (c->warmup_target - from) * at / c->warmup_steps;
		at -= c->warmup_steps;
		from = c->warmup_target;
	}
	p = fmin(at / c->decay_steps, 1);
	return from * ((1 - c->alpha) * 0.5 * (1 + cos(PI * p)) + c->alpha);
}

/*
 * ---- cosine_decay_restarts: periods of cosine decay, period i of length
 * first_decay_steps t_mul^i and height m_mul^i ----
 */

typedef struct RestartsConf
{
	double initial_learning_rate;
	double first_decay_steps;
	double t_mul;
	double m_mul;
	double alpha;
} RestartsConf;

static const NNField restarts_fields[] = {
	NN_FIELD_REAL(RestartsConf, initial_learning_rate, true, 0, 0, MAX_RATE),
	NN_FIELD_REAL(RestartsConf, first_decay_steps, true, 0, 1, MAX_STEPS),
	NN_FIELD_REAL(RestartsConf, t_mul, false, 2, 1, 1000),
	NN_FIELD_REAL(RestartsConf, m_mul, false, 1, 0, 1000),
	NN_FIELD_REAL(RestartsConf, alpha, false, 0, 0, 1),
	NN_FIELD_END,
};

static double
restarts_rate(const void *conf, int64_t step)
{
	const RestartsConf *c = conf;
	double p = (double) step / c->first_decay_steps;
	double restart;

	if (c->t_mul == 1)
	{
		restart = floor(p);
		p -= restart;
	}
	else
	{
		double length;

		/* The sum of the periods before number i is (1 - t^i) / (1 - t). */
		restart = floor(log(1 + p * (c->t_mul - 1)) / log(c->t_mul) + 1e-9);
		length = pow(c->t_mul, restart);
		p = (p - (length - 1) / (c->t_mul - 1)) / length;
	}
	return c->initial_learning_rate *
		((1 - c->alpha) * 0.5 * pow(c->m_mul, restart) * (1 + cos(PI * p)) + c->alpha);
}

/* ---- the table ---- */

static const NNScheduleKind schedules[] = {
	{"exponential_decay", decay_fields, NULL, exponential_rate},
	{"inverse_time_decay", decay_fields, NULL, inverse_time_rate},
	{"polynomial_decay", polynomial_fields, NULL, polynomial_rate},
	{"piecewise_constant_decay", piecewise_fields, piecewise_check, piecewise_rate},
	{"cosine_decay", cosine_fields, cosine_check, cosine_rate},
	{"cosine_decay_restarts", restarts_fields, NULL, restarts_rate},
};

typedef union AnyConf
{
	DecayConf decay;
	PolynomialConf polynomial;
	PiecewiseConf piecewise;
	CosineConf cosine;
	RestartsConf restarts;
} AnyConf;

_Static_assert(sizeof(AnyConf) <= NN_MAX_SCHEDULE_CONF, "a schedule's conf is too large");

static void
schedules_list(char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (int i = 0; i < NN_ARRAY_LENGTH(schedules) && used < size; i++)
		used += (size_t) snprintf(buf + used, size - used, "%s%s", i > 0 ? ", " : "",
								  schedules[i].name);
}

/* The schedule of that kind, or NULL with an error. */
static const NNScheduleKind *
schedule_find(const NNValue *object, const char *what, NNError *error)
{
	const NNValue *kind = nn_value_get(object, "kind");
	char list[256];
	char clip[NN_CLIP];

	if (kind != NULL && kind->type == NN_V_STRING)
		for (int i = 0; i < NN_ARRAY_LENGTH(schedules); i++)
			if (strcmp(schedules[i].name, kind->string) == 0)
				return &schedules[i];
	if (kind != NULL && kind->type == NN_V_STRING)
		nn_error(error, NN_UNKNOWN_NAME, "%s: unknown schedule \"%s\"", what,
				 nn_clip(clip, kind->string));
	else
		nn_error(error, NN_BAD_VALUE,
				 "%s: the schedule of option \"learning_rate\" has no \"kind\"", what);
	schedules_list(list, sizeof(list));
	nn_hint(error, "Schedules are: %s.", list);
	return NULL;
}

/* A missing value leaves the constant rate that is in the schedule. */
bool
nn_schedule_parse(NNSchedule *schedule, const NNValue *value, const char *what, NNError *error)
{
	static const char *const common[] = {"kind", NULL};
	const NNScheduleKind *kind;
	char name[NN_MAX_NAME + 16];

	schedule->kind = NULL;
	if (value == NULL || value->type == NN_V_NULL)
		return true;
	if (value->type == NN_V_NUMBER)
	{
		if (!(value->number >= 0 && value->number <= MAX_RATE))
			return nn_error(error, NN_BAD_VALUE,
							"%s: option \"learning_rate\" must be from 0 to %.10g, not %.10g", what,
							MAX_RATE, value->number);
		schedule->rate = value->number;
		return true;
	}
	if (value->type != NN_V_OBJECT)
	{
		nn_error(error, NN_BAD_VALUE, "%s: option \"learning_rate\" must be a number or a schedule",
				 what);
		return nn_hint(error,
					   "A schedule is an object such as {\"kind\": \"cosine_decay\", "
					   "\"initial_learning_rate\": 0.01, \"decay_steps\": 1000}.");
	}
	kind = schedule_find(value, what, error);
	if (kind == NULL)
		return false;
	snprintf(name, sizeof(name), "schedule \"%s\"", kind->name);
	if (!nn_fields_parse(kind->fields, schedule->conf.bytes, value, name, common, error))
		return false;
	if (kind->check != NULL && !kind->check(schedule->conf.bytes, error))
		return false;
	schedule->kind = kind;
	return true;
}

double
nn_schedule_rate(const NNSchedule *schedule, int64_t step)
{
	return schedule->kind == NULL ? schedule->rate
								  : schedule->kind->rate(schedule->conf.bytes, step);
}
