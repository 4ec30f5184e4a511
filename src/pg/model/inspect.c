/*
 * inspect.c
 *	  summary, parameters, labels and info: what there is to see of a model
 *	  and of the library.
 *
 * Models are read under the caller's snapshot and freed with the call.
 */
#include "pg/model/model.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(nnet_summary);
PG_FUNCTION_INFO_V1(nnet_summary_totals);
PG_FUNCTION_INFO_V1(nnet_parameters);
PG_FUNCTION_INFO_V1(nnet_labels);
PG_FUNCTION_INFO_V1(nnet_info);

/* ---- summary ---- */

/* "(None, 28, 28, 1)", the batch first, as Keras prints it */
static char *
output_shape(const NNLayer *layer)
{
	char shape[128];

	nn_shape_text(nn_layer_shape(layer), shape, sizeof(shape));
	return psprintf("(None, %s", shape + 1);
}

static Datum
input_names(const NNModel *core, const NNLayer *layer)
{
	Datum names[NN_MAX_INPUTS];
	int n = 0;

	for (int from; (from = nn_layer_input(layer, n)) >= 0; n++)
		names[n] = CStringGetTextDatum(nn_layer_name(nn_model_layer(core, from)));
	return PointerGetDatum(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* layer, name, kind, inputs, output_shape, parameters */
static void
set_layer(const NnetModel *model, int i, Datum *values, bool *nulls)
{
	const NNLayer *layer = nn_model_layer(model->core, i);

	values[0] = Int32GetDatum(model->layer_numbers[i]);
	values[1] = CStringGetTextDatum(nn_layer_name(layer));
	values[2] = CStringGetTextDatum(nn_layer_kind(layer));
	values[3] = input_names(model->core, layer);
	nulls[3] = nn_layer_input(layer, 0) < 0;
	values[4] = CStringGetTextDatum(output_shape(layer));
	values[5] = Int64GetDatum((int64) nn_layer_params(layer).size);
}

/* Those that training changes. */
static size_t
trainable_params(const NNLayer *layer)
{
	NNParams params = nn_layer_params(layer);
	size_t n = 0;

	for (int k = 0; k < params.n && nn_layer_trainable(layer); k++)
		n += params.of[k].trainable ? params.of[k].size : 0;
	return n;
}

void
nnet_model_totals(const NnetModel *model, NnetModelTotals *totals)
{
	NNOptimizer optimizer;
	NNError error = {.code = NN_OK};

	*totals = (NnetModelTotals){0};
	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(model->core, i);
		size_t trainable = trainable_params(layer);

		totals->trainable += trainable;
		totals->frozen += nn_layer_params(layer).size - trainable;
	}
	if (!model->training.compiled)
		return;
	if (!nn_optimizer_parse(&optimizer, model->training.optimizer, &error))
		nnet_core_error(&error, model->name);
	totals->optimizer = totals->trainable * (size_t) optimizer.n_slots;
}

char *
nnet_bytes_text(double bytes)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
	int unit = 0;

	for (; bytes >= 1024 && unit + 1 < (int) lengthof(units); unit++)
		bytes /= 1024;
	return psprintf("%.*f %s", unit == 0 || bytes >= 100 ? 0 : 1, bytes, units[unit]);
}

/* The same with trainable and size, of which a total has parameters and size alone. */
static void
put_total(FunctionCallInfo fcinfo, const char *name, size_t parameters)
{
	Datum values[8];
	bool nulls[8] = {true, false, true, true, true, false, true, false};

	values[1] = CStringGetTextDatum(name);
	values[5] = Int64GetDatum((int64) parameters);
	values[7] = CStringGetTextDatum(nnet_bytes_text((double) parameters * sizeof(float4)));
	nnet_put_row(fcinfo, values, nulls);
}

/* nnet.summary(model, totals) */
Datum
nnet_summary_totals(PG_FUNCTION_ARGS)
{
	NnetModel *model;
	NnetModelTotals totals;

	InitMaterializedSRF(fcinfo, 0);
	model = nnet_model_load(PG_GETARG_OID(0), NNET_LOAD_STRUCTURE, CurrentMemoryContext);
	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(model->core, i);
		size_t parameters = nn_layer_params(layer).size;
		Datum values[8];
		bool nulls[8] = {false};

		set_layer(model, i, values, nulls);
		values[6] = Int64GetDatum((int64) trainable_params(layer));
		values[7] = CStringGetTextDatum(nnet_bytes_text((double) parameters * sizeof(float4)));
		nnet_put_row(fcinfo, values, nulls);
	}
	if (PG_GETARG_BOOL(1))
	{
		nnet_model_totals(model, &totals);
		put_total(fcinfo, "all parameters", totals.trainable + totals.frozen);
		put_total(fcinfo, "trainable", totals.trainable);
		put_total(fcinfo, "non-trainable", totals.frozen);
		put_total(fcinfo, "optimizer", totals.optimizer);
	}
	MemoryContextDelete(model->context);
	return (Datum) 0;
}

Datum
nnet_summary(PG_FUNCTION_ARGS)
{
	NnetModel *model;

	InitMaterializedSRF(fcinfo, 0);
	model = nnet_model_load(PG_GETARG_OID(0), NNET_LOAD_STRUCTURE, CurrentMemoryContext);
	for (int i = 0; i < model->core->n_layers; i++)
	{
		Datum values[6];
		bool nulls[6] = {false};

		set_layer(model, i, values, nulls);
		nnet_put_row(fcinfo, values, nulls);
	}
	MemoryContextDelete(model->context);
	return (Datum) 0;
}

/* ---- labels ---- */

/* The output that is named, or the only one with labels; -1: none has any. */
static int
labels_output(const NnetModel *model, const char *name)
{
	int found = -1;

	if (name != NULL)
		return nnet_find_output(model, name);
	for (int o = 0; o < model->core->n_outputs; o++)
	{
		const char *output = nn_layer_name(nn_model_output(model->core, o));

		if (model->training.outputs[o].n_labels == 0)
			continue;
		if (found >= 0)
			ereport(
				ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has labels of several outputs: \"%s\" and \"%s\"",
						model->name, nn_layer_name(nn_model_output(model->core, found)), output),
				 errhint("Name one as the second argument of nnet.labels().")));
		found = o;
	}
	return found;
}

/* nnet.labels(model [, output]) */
Datum
nnet_labels(PG_FUNCTION_ARGS)
{
	NnetModel *model;
	const NnetOutputTraining *training;
	int output;

	InitMaterializedSRF(fcinfo, 0);
	model = nnet_model_load(PG_GETARG_OID(0), NNET_LOAD_STRUCTURE, CurrentMemoryContext);
	output = labels_output(model, PG_NARGS() > 1 ? text_to_cstring(PG_GETARG_TEXT_PP(1)) : NULL);
	training = &model->training.outputs[Max(output, 0)];
	for (int i = 0; i < training->n_labels; i++)
	{
		Datum values[2] = {Int32GetDatum(i), CStringGetTextDatum(training->labels[i])};
		bool nulls[2] = {false, false};

		nnet_put_row(fcinfo, values, nulls);
	}
	MemoryContextDelete(model->context);
	return (Datum) 0;
}

/* ---- parameters ---- */

static Datum
shape_array(const NNShape *shape)
{
	Datum dims[NN_MAX_DIMS];

	for (int i = 0; i < shape->rank; i++)
		dims[i] = Int32GetDatum(shape->dim[i]);
	return PointerGetDatum(
		construct_array(dims, shape->rank, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

/* The tensor as an array of its own dimensions. */
static Datum
tensor_array(const NnetModel *model, const NNLayer *layer, const NNParam *param)
{
	Size header = ARR_OVERHEAD_NONULLS(param->shape.rank);
	Size bytes = header + param->size * sizeof(float4);
	const nn_real *values;

	if (bytes > MaxAllocSize || param->size > MaxArraySize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("model \"%s\": %s of layer \"%s\" has %zu values, too many for an array",
						model->name, param->name, nn_layer_name(layer), param->size),
				 errhint("Read the column weights of its rows.")));
	values = model->params + nn_layer_params(layer).offset + param->offset;
	nnet_memory_check(&(NnetMemoryNeed){
		.model = model->name,
		.action = psprintf("show %s of layer \"%s\"", param->name, nn_layer_name(layer)),
		.bytes = {[NNET_MEMORY_COPIES] = bytes},
	});
	return nnet_weights_lend(&param->shape, param->size, &values, 1);
}

Datum
nnet_parameters(PG_FUNCTION_ARGS)
{
	NnetModel *model;

	InitMaterializedSRF(fcinfo, 0);
	model = nnet_model_load(PG_GETARG_OID(0), 0, CurrentMemoryContext);
	for (int i = 0; i < model->core->n_layers; i++)
	{
		const NNLayer *layer = nn_model_layer(model->core, i);

		for (int k = 0; k < nn_layer_params(layer).n; k++)
		{
			const NNParam *param = &nn_layer_params(layer).of[k];
			Datum values[5];
			bool nulls[5] = {false};

			nnet_check_interrupts();
			values[0] = Int32GetDatum(model->layer_numbers[i]);
			values[1] = CStringGetTextDatum(nn_layer_name(layer));
			values[2] = CStringGetTextDatum(param->name);
			values[3] = shape_array(&param->shape);
			values[4] = tensor_array(model, layer, param);
			nnet_put_row(fcinfo, values, nulls);
		}
	}
	MemoryContextDelete(model->context);
	return (Datum) 0;
}

/* ---- info ---- */

static char *
extension_version(void)
{
	MemoryContext caller = CurrentMemoryContext;
	char *version = NULL;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute("SELECT e.extversion FROM pg_catalog.pg_extension e "
					"WHERE e.extname OPERATOR(pg_catalog.=) 'nnet'",
					true, 1) == SPI_OK_SELECT &&
		SPI_processed == 1)
	{
		version = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
		if (version != NULL)
			version = MemoryContextStrdup(caller, version);
	}
	SPI_finish();
	return version != NULL ? version : pstrdup("?");
}

static void
append_backends(StringInfo names, NNPrecision precision)
{
	for (int i = 0; nn_backend_name(precision, i) != NULL; i++)
		appendStringInfo(names, "%s%s", i > 0 ? ", " : "", nn_backend_name(precision, i));
}

/* Who multiplies matrices, in the order in which they are asked. */
static char *
backends(void)
{
	StringInfoData names;

	initStringInfo(&names);
	append_backends(&names, NN_FLOAT32);
	if (nn_precision_has(NN_BFLOAT16))
	{
		appendStringInfoString(&names, "; bfloat16: ");
		append_backends(&names, NN_BFLOAT16);
	}
	return names.data;
}

Datum
nnet_info(PG_FUNCTION_ARGS)
{
	NNValue info = nnet_value_object(15);
	int threads = nnet_core_start(nnet_threads_for_fit());
	const char *choice = nn_blas_choice();
	char processor[NN_PROCESSOR_TEXT];
	int models;
	Size bytes;

	nnet_cache_usage(&models, &bytes);
	nn_processor_text(processor);
	nnet_value_set(&info, "version", nnet_value_string(extension_version()));
	nnet_value_set(&info, "backends", nnet_value_string(backends()));
	nnet_value_set(&info, "blas", nnet_value_string(nn_blas_config()));
	nnet_value_set(&info, "kernels", nnet_value_string(nn_blas_core()));
	if (nn_blas_doubt() != NULL)
		choice = psprintf("%s; %s", choice, nn_blas_doubt());
	nnet_value_set(&info, "kernels_choice", nnet_value_string(choice));
	nnet_value_set(&info, "blas_threads", nnet_value_number(nn_blas_threads()));
	nnet_value_set(&info, "threads", nnet_value_number(threads));
	nnet_value_set(&info, "processor", nnet_value_string(processor));
	nnet_value_set(&info, "bfloat16", nnet_value_bool(nn_precision_has(NN_BFLOAT16)));
	nnet_value_set(&info, "precision",
				   nnet_value_string(nnet_precision() == NN_BFLOAT16 ? "bfloat16" : "float32"));
	nnet_value_set(&info, "processors", nnet_value_number(nnet_processors()));
	nnet_value_set(&info, "cached_models", nnet_value_number(models));
	nnet_value_set(&info, "memory_limit", nnet_value_number((double) nnet_memory_limit()));
	nnet_value_set(&info, "memory_used", nnet_value_number((double) nnet_memory_used()));
	nnet_value_set(&info, "cached_bytes", nnet_value_number((double) bytes));
	PG_RETURN_JSONB_P(nnet_value_to_jsonb(&info));
}
