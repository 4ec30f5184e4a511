/*
 * compile.c
 *	  nnet.compile(): loss, optimizer, metrics and labels into the training row.
 *
 * As Keras's compile: the weights stay, the optimizer begins anew.  Labels and
 * the history, which here tells of the model's whole life, stay as well;
 * labels that are given take the place of those there were.
 *
 * Everything is read and checked under the lock of the training row, and
 * lives for the call.
 */
#include "pg/model/model.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

PG_FUNCTION_INFO_V1(nnet_compile);
PG_FUNCTION_INFO_V1(nnet_compile_by_name);

/*
 * The training row's config, locked until the transaction ends: two compiles
 * do not mix, and one during a training waits for its end.
 */
static void
lock_training_row(const char *table, const char *model)
{
	int result = SPI_execute(psprintf("SELECT 1 FROM %s WHERE \"layer\" OPERATOR(pg_catalog.=) "
									  "'%d'::pg_catalog.int4 AND \"part\" OPERATOR(pg_catalog.=) "
									  "'0'::pg_catalog.int4 FOR UPDATE",
									  table, TRAINING_LAYER),
							 false, 0);

	if (result != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(result));
	if (SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\" has no training row", model),
				 errhint("INSERT INTO %s (layer, part, kind, name, config) "
						 "VALUES (%d, 0, '%s', '%s', '{}');",
						 table, TRAINING_LAYER, TRAINING_KIND, TRAINING_KIND)));
}

static void
update_training_row(const char *table, const char *model, Jsonb *config)
{
	Oid type = JSONBOID;
	Datum value = JsonbPGetDatum(config);
	int result;

	result =
		SPI_execute_with_args(psprintf("UPDATE %s SET \"config\" = $1 WHERE \"layer\" "
									   "OPERATOR(pg_catalog.=) '%d'::pg_catalog.int4 AND \"part\" "
									   "OPERATOR(pg_catalog.=) '0'::pg_catalog.int4",
									   table, TRAINING_LAYER),
							  1, &type, &value, NULL, false, 0);
	/* rewritten: a rule does something else instead */
	if (result != SPI_OK_UPDATE && result != SPI_OK_REWRITTEN)
		elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(result));
	if (SPI_processed != 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\": the UPDATE of its training row changed " UINT64_FORMAT
						" rows instead of one",
						model, SPI_processed),
				 errhint("A trigger, a rule or a row security policy may stand in the way.")));
}

/* ---- arguments ---- */

static void
check_element(bool isnull, int i, const char *what)
{
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s %d is NULL", what, i + 1)));
}

/* The texts of an array, none of them NULL; what names one of them. */
static NNValue
texts_value(ArrayType *array, const char *what)
{
	Datum *elements;
	bool *nulls;
	NNValue texts;
	int n;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	texts = nnet_value_array(n);
	for (int i = 0; i < n; i++)
	{
		check_element(nulls[i], i, what);
		nnet_value_append(&texts, nnet_value_string(TextDatumGetCString(elements[i])));
	}
	return texts;
}

/* Values of jsonb in an array, none of them NULL. */
static NNValue
jsonbs_value(ArrayType *array, const char *what)
{
	Datum *elements;
	bool *nulls;
	NNValue values;
	int n;

	deconstruct_array(array, JSONBOID, -1, false, TYPALIGN_INT, &elements, &nulls, &n);
	values = nnet_value_array(n);
	for (int i = 0; i < n; i++)
	{
		check_element(nulls[i], i, what);
		nnet_value_append(&values, *nnet_value_from_jsonb(DatumGetJsonbP(elements[i])));
	}
	return values;
}

/* Whether a text is JSON's object, and not PostgreSQL's array. */
static bool
is_object(const char *text)
{
	const char *at = text + strspn(text, " \t\n");

	if (*at++ != '{')
		return false;
	at += strspn(at, " \t\n");
	if (*at++ != '"')
		return false;
	for (; *at != '\0' && *at != '"'; at++)
		if (*at == '\\' && at[1] != '\0')
			at++;
	if (*at++ != '"')
		return false;
	return at[strspn(at, " \t\n")] == ':';
}

NNValue
nnet_names_text(char *text, const char *what)
{
	if (is_object(text))
		return *nnet_value_from_jsonb(
			DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text))));
	if (text[strspn(text, " \t\n")] == '[')
		return *nnet_value_from_jsonb(
			DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text))));
	if (text[strspn(text, " \t\n")] == '{')
		return texts_value(DatumGetArrayTypeP(OidInputFunctionCall(F_ARRAY_IN, text, TEXTOID, -1)),
						   what);
	return nnet_value_string(text);
}

NNValue
nnet_names_argument(FunctionCallInfo fcinfo, int argument, const char *what)
{
	Oid type;
	Oid element;
	Datum value;
	Oid output;
	bool varlena;
	char category;
	bool preferred;

	if (argument >= PG_NARGS() || PG_ARGISNULL(argument))
		return nnet_value_null();
	type = getBaseType(get_fn_expr_argtype(fcinfo->flinfo, argument));
	element = get_element_type(type);
	value = PG_GETARG_DATUM(argument);
	if (type == UNKNOWNOID)
		return nnet_names_text(DatumGetCString(value), what);
	if (type == JSONBOID)
		return *nnet_value_from_jsonb(DatumGetJsonbP(value));
	if (OidIsValid(element) && getBaseType(element) == JSONBOID)
		return jsonbs_value(DatumGetArrayTypeP(value), what);
	get_type_category_preferred(OidIsValid(element) ? getBaseType(element) : type, &category,
								&preferred);
	if (category != TYPCATEGORY_STRING)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("a %s has type %s, but must be a name", what, format_type_be(type)),
				 errhint("Give one name, 'accuracy', an array of names, '{accuracy,mae}', what a "
						 "function of "
						 "the schema nnet makes, or jsonb by the names of the outputs, "
						 "'{\"price\": \"accuracy\"}'.")));
	getTypeOutputInfo(type, &output, &varlena);
	return nnet_names_text(OidOutputFunctionCall(output, value), what);
}

/* A number, or jsonb of one for each output. */
static NNValue
weights_argument(FunctionCallInfo fcinfo, int argument)
{
	Oid type;
	Oid output;
	bool varlena;
	char *text;
	char *end;
	double number;

	if (argument >= PG_NARGS() || PG_ARGISNULL(argument))
		return nnet_value_null();
	type = getBaseType(get_fn_expr_argtype(fcinfo->flinfo, argument));
	if (type == JSONBOID)
		return *nnet_value_from_jsonb(PG_GETARG_JSONB_P(argument));
	getTypeOutputInfo(type, &output, &varlena);
	text = type == UNKNOWNOID ? DatumGetCString(PG_GETARG_DATUM(argument))
							  : OidOutputFunctionCall(output, PG_GETARG_DATUM(argument));
	if (is_object(text))
		return nnet_names_text(text, "loss weight");
	number = strtod(text, &end);
	if (end == text || *end != '\0')
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("loss weights are neither a number nor an object, but %s", text),
				 errhint("Give one for each output by its name: '{\"price\": 0.5}'.")));
	return nnet_value_number(number);
}

/* A copy of the object in which a key has that value; null: it is not there. */
static NNValue *
with_value(const NNValue *object, const char *key, NNValue value)
{
	NNValue *copy = palloc(sizeof(NNValue));

	*copy = nnet_value_without(object, NNET_KEYS(key), 1);
	if (value.type != NN_V_NULL)
		nnet_value_set(copy, key, value);
	return copy;
}

/* ---- labels ---- */

static void
check_labels(const NnetModel *model, int o)
{
	const NnetOutputTraining *output = &model->training.outputs[o];
	int classes = nn_objective_classes(&model->objectives.of[o]);

	if (output->n_labels == 0)
		return;
	if (classes == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 output->loss == NULL
					 ? errmsg("model \"%s\" cannot have labels of \"%s\", which has no loss",
							  model->name, nn_layer_name(nn_model_output(model->core, o)))
					 : errmsg("model \"%s\" cannot have labels with the loss %s", model->name,
							  nn_loss_name(&model->objectives.of[o].loss)),
				 errhint("Labels name the classes of a classification: compile with "
						 "sparse_categorical_crossentropy, or binary_crossentropy for a single "
						 "output.")));
	if (output->n_labels > classes)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has %d classes, but %d labels are given", model->name,
						classes, output->n_labels),
				 errhint("Give the last layer one unit for each label.")));
}

/* Labels for all classes, or for the first ones; none: those there were are forgotten. */
static void
set_labels(NnetModel *model, NNValue labels)
{
	NnetTraining *training = &model->training;
	NnetOutputTraining *before = training->outputs;
	NNValue *whole = training->whole;

	training->whole = with_value(whole, "labels", labels);
	nnet_training_read_outputs(model);
	for (int o = 0; o < model->core->n_outputs; o++)
	{
		NnetOutputTraining *output = &training->outputs[o];

		if (labels.type == NN_V_OBJECT &&
			nn_value_get(&labels, nn_layer_name(nn_model_output(model->core, o))) == NULL)
		{
			output->n_labels = before[o].n_labels;
			output->labels = before[o].labels;
			continue;
		}
		output->label_type = NULL;
		check_labels(model, o);
	}
}

/* ---- all of it ---- */

void
nnet_model_compile(NnetModel *model, const NnetGiven *given)
{
	NnetTraining *training = &model->training;
	NNValue *whole = training->whole;

	whole = with_value(whole, "loss", given->loss);
	whole = with_value(whole, "metrics", given->metrics);
	whole = with_value(whole, "loss_weights", given->loss_weights);
	whole = with_value(whole, "weighted_metrics", given->weighted_metrics);
	/* rounds that were not ended are not gone on with */
	whole = with_value(whole, NNET_ROUNDS_KEY, nnet_value_null());
	training->whole = whole;
	training->given = true;
	training->compiled = true;
	/* stored slots do not count */
	training->steps = 0;
	training->averaged = NULL;
	training->optimizer = palloc(sizeof(NNValue));
	*training->optimizer = given->optimizer;
	nnet_training_read_outputs(model);
	nnet_training_resolve(model);
	if (given->labels.type != NN_V_NULL)
		set_labels(model, given->labels);
}

/* An optimizer, or its name. */
NNValue
nnet_optimizer_value(NNValue given)
{
	NNValue optimizer;

	if (given.type != NN_V_STRING)
		return given;
	optimizer = nnet_value_object(1);
	nnet_value_set(&optimizer, "kind", given);
	return optimizer;
}

/* Absent arguments are null. */
static void
get_given(FunctionCallInfo fcinfo, NnetGiven *given)
{
	*given = (NnetGiven){
		.loss = nnet_names_argument(fcinfo, 1, "loss"),
		.optimizer = nnet_optimizer_value(nnet_names_argument(fcinfo, 2, "optimizer")),
		.metrics = nnet_names_argument(fcinfo, 3, "metric"),
		.labels = nnet_names_argument(fcinfo, 4, "label"),
		.loss_weights = weights_argument(fcinfo, 5),
		.weighted_metrics = nnet_names_argument(fcinfo, 6, "metric"),
	};
}

void
nnet_compile_table(Oid relid, const NnetGiven *given)
{
	Relation relation;
	NnetModel *model;
	char *table;

	relation = nnet_model_open(relid, RowExclusiveLock, false);
	table = nnet_relation_sql(relation);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	lock_training_row(table, nnet_relation_name(relation));

	/* what was committed while waiting for the lock counts */
	PushActiveSnapshot(GetTransactionSnapshot());
	model = nnet_model_load(relid, NNET_LOAD_STRUCTURE, CurrentMemoryContext);
	PopActiveSnapshot();
	nnet_model_compile(model, given);
	update_training_row(table, model->name,
						nnet_value_to_jsonb(nnet_training_value(&model->training, model->core)));
	SPI_finish();
	relation_close(relation, NoLock);
}

static Datum
compile(FunctionCallInfo fcinfo)
{
	NnetGiven given;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s is NULL", PG_ARGISNULL(1) ? "the loss" : "the optimizer")));

	get_given(fcinfo, &given);
	PreventCommandIfReadOnly("nnet.compile()");
	nnet_refuse_while_trained(PG_GETARG_OID(0));
	nnet_compile_table(PG_GETARG_OID(0), &given);
	PG_RETURN_VOID();
}

Datum
nnet_compile(PG_FUNCTION_ARGS)
{
	return compile(fcinfo);
}

/* As version 0.1.0 declares it: the optimizer by its name alone. */
Datum
nnet_compile_by_name(PG_FUNCTION_ARGS)
{
	return compile(fcinfo);
}
