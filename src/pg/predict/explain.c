/*
 * explain.c
 *	  nnet.explain(model, x [, baseline, output, class, steps]): integrated gradients,
 *	  what each feature has to do with an output (core/infer/explain.c).
 *
 * Of arrays, bytes and texts the result is real[], a number for each value of x; of
 * rows and other values jsonb, a number for each column.
 *
 * Lifetimes: all is made for one call, in a context of its own; a call runs the
 * model a hundred times and more, beside which that does not count.
 */
#include "pg/predict/predict.h"

#include "core/nn_explain.h"
#include "catalog/pg_type.h"
#include "pg/data/port.h"
#include "pg/run/run.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include <math.h>

#define MOST_STEPS 1000000
#define BATCH_POINTS 64
#define EXPLAIN_HINT                                                          \
	"Use fewer steps of the row or smaller layers, or let a superuser raise " \
	"nnet.memory_fraction."

PG_FUNCTION_INFO_V1(nnet_explain);
PG_FUNCTION_INFO_V1(nnet_explain_columns);

typedef enum ExplainArgument
{
	ARGUMENT_MODEL,
	ARGUMENT_X,
	ARGUMENT_BASELINE,
	ARGUMENT_OUTPUT,
	ARGUMENT_CLASS,
	ARGUMENT_STEPS
} ExplainArgument;

/* One call. */
typedef struct Explaining
{
	FunctionCallInfo fcinfo;
	Oid relid;
	NnetModel *model;
	NnetInputs *inputs;
	NNSteps steps;
	size_t count; /* values of x */
	NnetRun run;
	uint8_t *places;
	int output;
	double sign; /* -1: of the class that the only unit speaks against */
	NnetRow row; /* until the end of the call */
	NNExplanation core;
} Explaining;

/* ---- x and the baseline ---- */

/* Whether the model's only input takes texts, or strings, or dates. */
static bool
takes_text(const NnetModel *model)
{
	return model->core->n_inputs > 1 || model->readings[0].how.as != NN_READ_NUMBERS;
}

/*
 * A value for the model.  Text for one that takes numbers is a literal, to which
 * PostgreSQL gave that type.  Reading may run anything: the model is taken as it is
 * loaded then.
 */
static const float *
read_values(Explaining *e, ExplainArgument argument, NNSteps *steps, size_t *count)
{
	Oid type = get_fn_expr_argtype(e->fcinfo->flinfo, argument);
	Datum value = e->fcinfo->args[argument].value;
	const float *values;
	float *copy;

	if (type == TEXTOID && !takes_text(e->model))
	{
		type = UNKNOWNOID;
		value = CStringGetDatum(text_to_cstring(DatumGetTextPP(value)));
	}
	e->inputs = nnet_inputs_make(type, e->model, false, CurrentMemoryContext);
	nnet_inputs_take(e->inputs, value);
	e->model = nnet_cache_get(e->relid, e->fcinfo->flinfo->fn_mcxt)->model;
	nnet_inputs_ready(e->inputs, e->model);
	nnet_inputs_check(e->inputs, steps);
	values = nnet_inputs_values(e->inputs, count);
	copy = palloc(Max(*count, 1) * sizeof(float));
	memcpy(copy, values, *count * sizeof(float));
	return copy;
}

/* What is wrong with the baseline is told of it as of an x. */
static void
tell_baseline(void *arg)
{
	errcontext("the baseline of nnet.explain(), model \"%s\"", (const char *) arg);
}

static void
read_both(Explaining *e)
{
	ErrorContextCallback frame = {error_context_stack, tell_baseline, pstrdup(e->model->name)};
	NNSteps steps;
	size_t count = 0;

	if (!e->fcinfo->args[ARGUMENT_BASELINE].isnull)
	{
		error_context_stack = &frame;
		e->core.baseline = read_values(e, ARGUMENT_BASELINE, &steps, &count);
		error_context_stack = frame.previous;
	}
	e->core.x = read_values(e, ARGUMENT_X, &e->steps, &e->count);
	if (e->core.baseline != NULL && (count != e->count || !nn_steps_equal(&steps, &e->steps)))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("the baseline has %zu values, and x has %zu", count, e->count),
				 errhint("Give a baseline of the same shape as x.")));
}

/* ---- what is explained ---- */

static int
choose_output(const Explaining *e)
{
	const NNModel *core = e->model->core;

	if (!e->fcinfo->args[ARGUMENT_OUTPUT].isnull)
		return nnet_find_output(
			e->model, text_to_cstring(DatumGetTextPP(e->fcinfo->args[ARGUMENT_OUTPUT].value)));
	if (core->n_outputs > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has %d outputs", e->model->name, core->n_outputs),
				 errhint("Say which one is to be explained: output => '%s'.",
						 nn_layer_name(nn_model_output(core, 0)))));
	return 0;
}

static void
refuse_class(const Explaining *e, const char *class, size_t n)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\" has no class \"%s\"", e->model->name, class),
			 e->model->training.outputs[e->output].n_labels > 0
				 ? errhint("Its classes are those of nnet.labels().")
				 : errhint("Its classes, or values of its output, are 0 to %zu.", n - 1)));
}

/* The value of the output that a class has; of two, one value may speak for both. */
static size_t
find_class(Explaining *e, const char *class, size_t n)
{
	const NnetOutputTraining *training = &e->model->training.outputs[e->output];
	size_t number = 0;
	char *end;

	if (training->n_labels > 0)
	{
		while (number < (size_t) training->n_labels && strcmp(training->labels[number], class) != 0)
			number++;
		if (number == (size_t) training->n_labels)
			refuse_class(e, class, n);
	}
	else
	{
		errno = 0;
		number = strtoul(class, &end, 10);
		if (end == class || *end != '\0' || errno != 0)
			refuse_class(e, class, n);
	}
	if (n == 1 && number < 2)
	{
		e->sign = training->n_labels == 2 && number == 0 ? -1 : 1;
		if (training->n_labels == 2 || number == 0)
			return 0;
	}
	if (number >= n)
		refuse_class(e, class, n);
	return number;
}

static void
choose_unit(Explaining *e)
{
	const NNModel *core = e->model->core;
	size_t at = nnet_output_at(core, e->output);
	size_t n = nn_shape_size(nn_layer_shape(nn_model_output(core, e->output)));
	int labels = e->model->training.outputs[e->output].n_labels;

	e->sign = 1;
	if (!e->fcinfo->args[ARGUMENT_CLASS].isnull)
		e->core.unit = at +
			find_class(e, text_to_cstring(DatumGetTextPP(e->fcinfo->args[ARGUMENT_CLASS].value)),
					   n);
	else
		e->core.unit = at +
			(size_t) nn_argmax(e->core.y + at,
							   labels > 1 ? (int) Min(n, (size_t) labels) : (int) n);
}

/* ---- the run ---- */

static int
get_points(FunctionCallInfo fcinfo)
{
	int points = PG_ARGISNULL(ARGUMENT_STEPS) ? 50 : PG_GETARG_INT32(ARGUMENT_STEPS);

	if (points < 1 || points > MOST_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("steps must be from 1 to %d, not %d", MOST_STEPS, points)));
	return points;
}

static void
plan(Explaining *e)
{
	NNModel *core = e->model->core;
	NnetRunTask task = {.verb = "explain", .hint = EXPLAIN_HINT};
	NNPlanRequest request = {
		.batch = Min(e->core.points + 1, BATCH_POINTS),
		.steps = e->steps,
		.threads = 1,
	};

	e->places = palloc(core->n_layers);
	nn_explain_places(core, e->places);
	request.places = e->places;
	nnet_run_init(&e->run, e->model, CurrentMemoryContext);
	nnet_run_plan(&e->run, &request, &task);
	e->core.memory =
		nnet_memory_alloc(CurrentMemoryContext, nn_explain_bytes(e->run.core.plan, core), false);
	e->core.y = palloc(nn_model_y_size(core) * sizeof(nn_real));
	e->core.values = palloc(Max(e->count, 1) * sizeof(double));
	e->core.inputs = palloc(core->n_inputs * sizeof(double));
}

static void
run(Explaining *e)
{
	NNRunResult result;
	int from = 0;
	int done;

	nnet_watch_interrupts();
	do
		result = nn_explain_ends(&e->run.core, &e->core);
	while (nnet_run_again(e->run.core.plan, e->model, result));
	nnet_check_outputs(e->core.y, nn_model_y_size(e->model->core), e->model->name);
	choose_unit(e);
	while (from <= e->core.points)
	{
		nnet_check_interrupts();
		do
			result = nn_explain_points(&e->run.core, &e->core, from, &done);
		while (nnet_run_again(e->run.core.plan, e->model, result));
		from += done;
	}
	if (!nn_explain_end(&e->run.core, &e->core))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" cannot be explained: a layer takes values of several inputs "
						"as categories",
						e->model->name),
				 errhint("Give each input a lookup or an embedding of its own.")));
}

/* Refuse what no number of type real tells. */
static float
attribution(const Explaining *e, double value)
{
	float number = (float) (e->sign * value);

	if (!isfinite(number))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("an attribution of model \"%s\" is %s", e->model->name,
						nnet_not_finite_word(number)),
				 errhint("Give x and the baseline on the scale of the rows that the model was "
						 "trained on.")));
	return number;
}

/* False: x is NULL.  Else the call is entered. */
static bool
explain(Explaining *e, FunctionCallInfo fcinfo)
{
	memset(e, 0, sizeof(*e));
	e->row.function = "nnet.explain";
	nnet_call_enter(&e->row, fcinfo, ARGUMENT_X);
	if (PG_ARGISNULL(ARGUMENT_MODEL) || PG_ARGISNULL(ARGUMENT_X))
	{
		nnet_row_leave(&e->row);
		return false;
	}
	e->fcinfo = fcinfo;
	e->relid = PG_GETARG_OID(ARGUMENT_MODEL);
	e->core.points = get_points(fcinfo);
	nnet_core_start(1);
	e->model = nnet_cache_get(e->relid, fcinfo->flinfo->fn_mcxt)->model;
	e->row.model = pstrdup(e->model->name);
	read_both(e);
	e->output = choose_output(e);
	plan(e);
	run(e);
	return true;
}

/* ---- results ---- */

Datum
nnet_explain(PG_FUNCTION_ARGS)
{
	MemoryContext own =
		AllocSetContextCreate(CurrentMemoryContext, "nnet explain", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(own);
	Explaining e;
	NNShape shape;
	ArrayType *array;
	float4 *to;

	if (!explain(&e, fcinfo))
	{
		MemoryContextSwitchTo(caller);
		MemoryContextDelete(own);
		PG_RETURN_NULL();
	}
	if (!e.core.known)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("the features of model \"%s\" cannot be told apart: a layer makes one "
						"value of several as categories",
						e.model->name),
				 errhint("Give each such feature an input of its own.")));
	MemoryContextSwitchTo(caller);
	shape = (NNShape){1, {(int) e.count}};
	array = nnet_output_array(&shape);
	to = (float4 *) ARR_DATA_PTR(array);
	for (size_t i = 0; i < e.count; i++)
		to[i] = attribution(&e, e.core.values[i]);
	nnet_row_leave(&e.row);
	MemoryContextDelete(own);
	PG_RETURN_ARRAYTYPE_P(array);
}

Datum
nnet_explain_columns(PG_FUNCTION_ARGS)
{
	MemoryContext own =
		AllocSetContextCreate(CurrentMemoryContext, "nnet explain", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(own);
	Explaining e;
	NNValue object;
	const char *last = NULL;
	double sum = 0;
	Jsonb *result;

	if (!explain(&e, fcinfo))
	{
		MemoryContextSwitchTo(caller);
		MemoryContextDelete(own);
		PG_RETURN_NULL();
	}
	object = nnet_value_object(e.model->core->n_inputs);
	if (e.model->core->n_inputs > 1 || !e.core.known || e.count == 0 ||
		nnet_inputs_column(e.inputs, 0) == NULL)
		for (int i = 0; i < e.model->core->n_inputs; i++)
			nnet_value_set(&object, nn_layer_name(nn_model_input(e.model->core, i)),
						   nnet_value_number(attribution(&e, e.core.inputs[i])));
	else
		/* values of one column are side by side */
		for (size_t i = 0; i < e.count; i++)
		{
			const char *name = nnet_inputs_column(e.inputs, i);

			if (last != NULL && strcmp(name, last) != 0)
			{
				nnet_value_set(&object, last, nnet_value_number(attribution(&e, sum)));
				sum = 0;
			}
			sum += e.core.values[i];
			last = name;
		}
	if (last != NULL)
		nnet_value_set(&object, last, nnet_value_number(attribution(&e, sum)));
	MemoryContextSwitchTo(caller);
	result = nnet_value_to_jsonb(&object);
	nnet_row_leave(&e.row);
	MemoryContextDelete(own);
	PG_RETURN_JSONB_P(result);
}
