/*
 * forecast.c
 *	  nnet.forecast(model, history, steps): a series goes on, each prediction
 *	  being fed back as if it had been seen.
 *
 * The model sees as many of the latest values as its input has steps; where
 * that number is variable, as many as the history has.  Its outputs are the
 * values that follow: one, or several at a time.  Where there are as many
 * steps of them as follow from the input's, it predicts at each step, and what
 * follows is the last.
 */
#include "pg/predict/predict.h"

#include "miscadmin.h"
#include "pg/data/data.h"

#define MOST_STEPS 1000000

PG_FUNCTION_INFO_V1(nnet_forecast);

/* How many values the model sees at a time. */
static size_t
window_size(const NnetModel *model, size_t history)
{
	NNShape input = nnet_input_shape(model, 0);
	bool texts = nnet_model_vocabulary(model, 0) != NULL;
	char shape[128];

	if (texts || input.rank > 2 || (input.rank == 2 && input.dim[1] != 1))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not forecast one series", model->name),
				 texts ? errdetail("It takes texts.")
					   : errdetail("Its input has the shape %s.",
								   nn_shape_text(&input, shape, sizeof(shape))),
				 errhint("The input must be the latest values of the series: "
						 "nnet.input(steps) or nnet.input(steps, 1).")));
	if (input.dim[0] == NN_ANY)
		return nnet_input_steps(&input, history, "x", model->name);
	if (history < (size_t) input.dim[0])
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("model \"%s\" needs a history of at least %d values, not %zu", model->name,
						input.dim[0], history),
				 errhint("Give the latest values of the series, the oldest first.")));
	return (size_t) input.dim[0];
}

/* What the model sees of the history, and room for what follows. */
static float *
copy_history(FunctionCallInfo fcinfo, NnetCached **cached, size_t more, size_t *window,
			 NnetRow *row)
{
	Oid relid = PG_GETARG_OID(0);
	MemoryContext query = fcinfo->flinfo->fn_mcxt;
	NnetReader *reader;
	size_t n;
	const float *values;
	float *series;

	row->model = pstrdup(nnet_cache_get(relid, query)->model->name);
	reader = nnet_reader_make(get_fn_expr_argtype(fcinfo->flinfo, 1), "history", row->model,
							  CurrentMemoryContext);
	values = nnet_reader_reals(reader, PG_GETARG_DATUM(1), &n);
	if (n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION), errmsg("the history is empty"),
				 errhint("Give the latest values of the series, the oldest first.")));
	/* a cast may have used the cache */
	*cached = nnet_cache_get(relid, query);
	nnet_require_one_port((*cached)->model, "nnet.forecast()");
	*window = window_size((*cached)->model, n);
	series = palloc((*window + more) * sizeof(float));
	memcpy(series, values + n - *window, *window * sizeof(float));
	return series;
}

static ArrayType *
predict_next(NnetCached *cached, const float *x, size_t window)
{
	NNSteps steps = {{cached->model->core->variable ? (int) window : 0}};

	int ids = nnet_input_ids(cached->model, 0);

	if (ids > 0)
		nnet_check_ids(x, window, ids, "x", cached->model->name);
	return nnet_predict_row(cached, x, &steps, NNET_ALL_OUTPUTS);
}

Datum
nnet_forecast(PG_FUNCTION_ARGS)
{
	int steps = PG_GETARG_INT32(2);
	NnetRow row = {.function = "nnet.forecast"};
	NnetCached *cached;
	NNShape shape = {1, {steps}};
	ArrayType *result;
	float *series;
	size_t window;
	size_t n;

	nnet_call_enter(&row, fcinfo, 1);
	if (steps < 1 || steps > MOST_STEPS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the number of steps to forecast must be from 1 to %d, not %d", MOST_STEPS,
						steps)));
	nnet_core_start(1);
	series = copy_history(fcinfo, &cached, steps, &window, &row);
	for (n = window; n < window + steps;)
	{
		ArrayType *next = predict_next(cached, series + n - window, window);
		size_t outputs = ArrayGetNItems(ARR_NDIM(next), ARR_DIMS(next));
		size_t skipped = 0; /* outputs of earlier steps */

		nnet_check_interrupts();
		if (cached->model->core->variable_output[0])
			skipped = outputs - outputs / ARR_DIMS(next)[0];
		outputs = Min(outputs - skipped, window + steps - n);
		memcpy(series + n, (float *) ARR_DATA_PTR(next) + skipped, outputs * sizeof(float));
		n += outputs;
		pfree(next);
	}
	result = nnet_output_array(&shape);
	memcpy(ARR_DATA_PTR(result), series + window, steps * sizeof(float));
	nnet_row_leave(&row);
	PG_RETURN_ARRAYTYPE_P(result);
}
