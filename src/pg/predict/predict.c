/*
 * predict.c
 *	  nnet.predict(model, x) and nnet.predict_value(model, x): one row through a
 *	  model that is a table or a value.
 *
 * Per query: how x is read, in fn_extra.  Per loaded model: a plan and a
 * workspace for one sample, in the model's context, shared by all calls of the
 * session; so a prepared statement that predicts one row makes neither.
 *
 * x is read before the cache is asked: a cast that runs while reading may
 * itself predict, and so push the model out.
 */
#include "pg/predict/predict.h"

#include "catalog/pg_type.h"
#include "pg/data/data.h"
#include "pg/model/model_value.h"
#include "pg/run/run.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

StaticAssertDecl(sizeof(nn_real) == sizeof(float4), "outputs go into real[] as they are");

/* Per call site, in fn_extra. */
typedef struct Predictor
{
	MemoryContext context;
	NnetInputs *inputs; /* NULL: for no model yet */
	NnetModelKey key;	/* the model that they were made for */
	char *model;		/* its name then */
	bool one;			/* x is the same at every call */
	NnetRecentValue recent;
	int64 calls;
} Predictor;

PG_FUNCTION_INFO_V1(nnet_predict);
PG_FUNCTION_INFO_V1(nnet_predict_output);
PG_FUNCTION_INFO_V1(nnet_predict_value);
PG_FUNCTION_INFO_V1(nnet_predict_value_output);

static Predictor *
get_predictor(FunctionCallInfo fcinfo)
{
	Predictor *predictor = fcinfo->flinfo->fn_extra;

	if (predictor != NULL)
		return predictor;
	predictor = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Predictor));
	predictor->context =
		AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "nnet predict", ALLOCSET_SMALL_SIZES);
	predictor->one = get_fn_expr_arg_stable(fcinfo->flinfo, 1);
	fcinfo->flinfo->fn_extra = predictor;
	return predictor;
}

static NnetModelKey
get_key(FunctionCallInfo fcinfo, const NnetPredictCall *call, Predictor *predictor)
{
	NnetModelKey key = {.relid = InvalidOid};

	if (call->of_value)
		memcpy(key.content, nnet_model_value_content(PG_GETARG_DATUM(0), &predictor->recent),
			   NNET_DIGEST_BYTES);
	else
		key.relid = PG_GETARG_OID(0);
	return key;
}

static NnetCached *
get_cached(FunctionCallInfo fcinfo, const NnetPredictCall *call, const NnetModelKey *key)
{
	return call->of_value ? nnet_cache_get_value(PG_GETARG_DATUM(0), key->content)
						  : nnet_cache_get(key->relid, fcinfo->flinfo->fn_mcxt);
}

/* Be ready to read x for the model. */
static void
set_model(FunctionCallInfo fcinfo, const NnetPredictCall *call, Predictor *predictor,
		  const NnetModelKey *key)
{
	NnetModel *model;

	if (predictor->inputs != NULL && memcmp(&predictor->key, key, sizeof(*key)) == 0)
		return;
	predictor->inputs = NULL;
	MemoryContextReset(predictor->context);
	nnet_core_start(1);
	predictor->key = *key;
	model = get_cached(fcinfo, call, key)->model;
	predictor->model = MemoryContextStrdup(predictor->context, model->name);
	predictor->inputs =
		nnet_inputs_make(get_fn_expr_argtype(fcinfo->flinfo, 1), model, false, predictor->context);
}

/* Ready for one row of those steps; its output is there as well, when it is predicted. */
static NnetRun *
get_one(NnetCached *cached, const NNSteps *steps)
{
	NnetModel *model = cached->model;
	NNPlanRequest request = {
		.batch = 1,
		.steps = *steps,
		.threads = 1,
		/* functions of values are immutable: no setting changes what an index was made of */
		.precision = cached->by_content ? NN_FLOAT32 : nnet_precision(),
	};
	NnetRunTask task = {
		.verb = "predict",
		.hint = "Use fewer steps or smaller layers, or let a superuser raise "
				"nnet.memory_fraction.",
		.rows_bytes = nn_model_y_size(model->core) * sizeof(nn_real),
	};

	if (cached->one == NULL)
	{
		NnetRun *one = MemoryContextAlloc(model->context, sizeof(NnetRun));

		nnet_run_init(one, model, model->context);
		cached->one = one;
	}
	nnet_run_plan(cached->one, &request, &task);
	return cached->one;
}

ArrayType *
nnet_output_array(const NNShape *shape)
{
	int ndim = Max(shape->rank, 1);
	size_t bytes = ARR_OVERHEAD_NONULLS(ndim) + nn_shape_size(shape) * sizeof(float4);
	ArrayType *array;

	if (!AllocSizeIsValid(bytes))
		ereport(
			ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("an output of %zu values is too large for an array", nn_shape_size(shape))));
	array = palloc(bytes);
	SET_VARSIZE(array, bytes);
	array->ndim = ndim;
	array->dataoffset = 0;
	array->elemtype = FLOAT4OID;
	for (int i = 0; i < ndim; i++)
	{
		ARR_DIMS(array)[i] = shape->rank == 0 ? 1 : shape->dim[i];
		ARR_LBOUND(array)[i] = 1;
	}
	return array;
}

void
nnet_call_enter(NnetRow *row, FunctionCallInfo fcinfo, int x)
{
	int64 *calls = fcinfo->flinfo->fn_extra;

	if (calls == NULL)
		fcinfo->flinfo->fn_extra = calls =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(int64));
	++*calls;
	row->what = "call";
	row->number = get_fn_expr_arg_stable(fcinfo->flinfo, x) ? 0 : *calls;
	nnet_row_enter(row);
}

void
nnet_check_outputs(const float *y, size_t n, const char *model)
{
	size_t i = nn_first_not_finite(y, n);

	if (i == n)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("output %zu of model \"%s\" is %s", i + 1, model, nnet_not_finite_word(y[i])),
			 errdetail("On the way from x to the output, a number grew beyond what real holds."),
			 errhint("Give x on the scale of the rows that the model was trained on; if it is, "
					 "train the model anew with smaller weights: a lower learning rate, "
					 "nnet.normalization() or a regularizer.")));
}

NNShape
nnet_output_shape(const NNModel *core, int output)
{
	NNShape all = {1, {(int) nn_model_y_size(core)}};

	if (core->n_outputs == 1)
		output = 0;
	return output == NNET_ALL_OUTPUTS ? all : *nn_layer_shape(nn_model_output(core, output));
}

size_t
nnet_output_at(const NNModel *core, int output)
{
	size_t at = 0;

	for (int o = 0; o < output; o++)
		at += nn_shape_size(nn_layer_shape(nn_model_output(core, o)));
	return at;
}

ArrayType *
nnet_predict_call(FunctionCallInfo fcinfo, const NnetPredictCall *call, NnetModel **model,
				  int *output)
{
	Predictor *predictor = get_predictor(fcinfo);
	NnetModelKey key = get_key(fcinfo, call, predictor);
	const int arguments = call->names_output ? 3 : 2;
	NnetRow row = {.what = "call", .function = call->function};
	NnetCached *cached;
	ArrayType *outputs;
	NNSteps steps;
	size_t count;
	const float *x;

	set_model(fcinfo, call, predictor, &key);
	row.model = predictor->model;
	predictor->calls++;
	if (PG_NARGS() > arguments)
		predictor->calls = PG_GETARG_INT64(arguments);
	row.number = predictor->one ? 0 : predictor->calls;
	nnet_row_enter(&row);
	nnet_inputs_take(predictor->inputs, PG_GETARG_DATUM(1));
	cached = get_cached(fcinfo, call, &key);
	*model = cached->model;
	*output = call->names_output
		? nnet_find_output(cached->model, text_to_cstring(PG_GETARG_TEXT_PP(2)))
		: call->output(cached->model);
	nnet_inputs_ready(predictor->inputs, cached->model);
	nnet_inputs_check(predictor->inputs, &steps);
	x = nnet_inputs_values(predictor->inputs, &count);
	outputs = nnet_predict_row(cached, x, &steps, *output);
	nnet_row_leave(&row);
	return outputs;
}

/* Outputs of one row, of which one is wanted. */
static ArrayType *
choose_output(const NNModel *core, const nn_real *y, int output)
{
	const NNShape *shape = nn_layer_shape(nn_model_output(core, output));
	ArrayType *array = nnet_output_array(shape);

	memcpy(ARR_DATA_PTR(array), y + nnet_output_at(core, output),
		   nn_shape_size(shape) * sizeof(nn_real));
	return array;
}

ArrayType *
nnet_predict_row(NnetCached *cached, const float *x, const NNSteps *steps, int output)
{
	NnetRun *one = get_one(cached, steps);
	const NNModel *core = cached->model->core;
	NNShape shape = nnet_output_shape(core, NNET_ALL_OUTPUTS);
	ArrayType *y = nnet_output_array(&shape);

	nnet_run_predict(one, x, 1, (nn_real *) ARR_DATA_PTR(y));
	nnet_check_outputs((const float *) ARR_DATA_PTR(y), ArrayGetNItems(ARR_NDIM(y), ARR_DIMS(y)),
					   cached->model->name);
	if (core->n_outputs > 1 && output != NNET_ALL_OUTPUTS)
		y = choose_output(core, (const nn_real *) ARR_DATA_PTR(y), output);
	return y;
}

static int
all_outputs(const NnetModel *model)
{
	return NNET_ALL_OUTPUTS;
}

Datum
nnet_predict(PG_FUNCTION_ARGS)
{
	static const NnetPredictCall call = {"nnet.predict", .output = all_outputs};
	NnetModel *model;
	int output;

	PG_RETURN_ARRAYTYPE_P(nnet_predict_call(fcinfo, &call, &model, &output));
}

/* nnet.predict(model, x, output) */
Datum
nnet_predict_output(PG_FUNCTION_ARGS)
{
	static const NnetPredictCall call = {"nnet.predict", .names_output = true};
	NnetModel *model;
	int output;

	PG_RETURN_ARRAYTYPE_P(nnet_predict_call(fcinfo, &call, &model, &output));
}

/* nnet.predict_value(model, x) */
Datum
nnet_predict_value(PG_FUNCTION_ARGS)
{
	static const NnetPredictCall call = {
		"nnet.predict_value",
		.of_value = true,
		.output = all_outputs,
	};
	NnetModel *model;
	int output;

	PG_RETURN_ARRAYTYPE_P(nnet_predict_call(fcinfo, &call, &model, &output));
}

/* nnet.predict_value(model, x, output) */
Datum
nnet_predict_value_output(PG_FUNCTION_ARGS)
{
	static const NnetPredictCall call = {
		"nnet.predict_value",
		.of_value = true,
		.names_output = true,
	};
	NnetModel *model;
	int output;

	PG_RETURN_ARRAYTYPE_P(nnet_predict_call(fcinfo, &call, &model, &output));
}
