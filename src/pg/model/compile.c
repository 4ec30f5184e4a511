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

/* The texts of an array, none of them NULL; what names one of them. */
static char **
get_texts(ArrayType *array, const char *what, int *n)
{
	Datum *elements;
	bool *nulls;
	char **texts;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, n);
	texts = palloc(sizeof(char *) * Max(*n, 1));
	for (int i = 0; i < *n; i++)
	{
		if (nulls[i])
			ereport(
				ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s %d is NULL", what, i + 1)));
		texts[i] = TextDatumGetCString(elements[i]);
	}
	return texts;
}

/* One name, or an array of names as text. */
static ArrayType *
array_of_text(char *text)
{
	Datum one;

	if (text[strspn(text, " \t\n")] == '{')
		return DatumGetArrayTypeP(OidInputFunctionCall(F_ARRAY_IN, text, TEXTOID, -1));
	one = CStringGetTextDatum(text);
	return construct_array(&one, 1, TEXTOID, -1, false, TYPALIGN_INT);
}

/* metrics is "any": 'accuracy', '{accuracy,mae}', ARRAY['accuracy']. */
static ArrayType *
get_metrics(FunctionCallInfo fcinfo, int argument)
{
	Oid type = getBaseType(get_fn_expr_argtype(fcinfo->flinfo, argument));
	Datum value = PG_GETARG_DATUM(argument);
	Oid element = get_element_type(type);
	Oid output;
	bool varlena;
	char category;
	bool preferred;

	if (type == UNKNOWNOID)
		return array_of_text(DatumGetCString(value));
	get_type_category_preferred(OidIsValid(element) ? getBaseType(element) : type, &category,
								&preferred);
	if (category != TYPCATEGORY_STRING)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("metrics have type %s, but must be names", format_type_be(type)),
				 errhint("Give one name, 'accuracy', or an array of names, '{accuracy,mae}'.")));
	getTypeOutputInfo(type, &output, &varlena);
	return array_of_text(OidOutputFunctionCall(output, value));
}

/* Labels for all classes, or for the first ones; none: those there were are forgotten. */
static void
set_labels(NnetModel *model, ArrayType *array)
{
	NnetTraining *training = &model->training;
	int classes = nn_objective_labels(&model->objectives.of[0]);
	int n;

	training->labels = get_texts(array, "label", &n);
	training->n_labels = n;
	training->label_type = NULL;
	if (n == 0)
		return;
	if (classes == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" cannot have labels with the loss %s", model->name,
						nn_loss_name(model->objectives.of[0].loss)),
				 errhint("Labels name the classes of a classification: compile with "
						 "sparse_categorical_crossentropy, or binary_crossentropy for a single "
						 "output.")));
	if (n > classes)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has %d classes, but %d labels are given", model->name,
						classes, n),
				 errhint("Give the last layer one unit for each label.")));
	nnet_training_check_labels(training, model->name);
}

static void
set_training(NnetModel *model, FunctionCallInfo fcinfo, bool by_name)
{
	NnetTraining *training = &model->training;
	NNError error = {.code = NN_OK};

	training->compiled = true;
	training->loss = text_to_cstring(PG_GETARG_TEXT_PP(1));
	/* stored slots do not count */
	training->steps = 0;
	if (by_name)
	{
		training->optimizer = palloc(sizeof(NNValue));
		*training->optimizer = nnet_value_object(1);
		nnet_value_set(training->optimizer, "kind",
					   nnet_value_string(text_to_cstring(PG_GETARG_TEXT_PP(2))));
	}
	else
		training->optimizer = nnet_value_from_jsonb(PG_GETARG_JSONB_P(2));
	training->n_metrics = 0;
	if (!PG_ARGISNULL(3))
		training->metrics =
			(const char **) get_texts(get_metrics(fcinfo, 3), "metric", &training->n_metrics);

	if (!nn_objectives_parse(&model->objectives, model->core, training->loss, training->metrics,
							 training->n_metrics, &error) ||
		!nn_optimizer_parse(&model->optimizer, training->optimizer, &error))
		nnet_core_error(&error, model->name);
	if (!PG_ARGISNULL(4))
		set_labels(model, PG_GETARG_ARRAYTYPE_P(4));
}

static Datum
compile(FunctionCallInfo fcinfo, bool by_name)
{
	Relation relation;
	NnetModel *model;
	char *table;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s is NULL", PG_ARGISNULL(1) ? "the loss" : "the optimizer")));

	PreventCommandIfReadOnly("nnet.compile()");
	nnet_refuse_while_trained(PG_GETARG_OID(0));
	relation = nnet_model_open(PG_GETARG_OID(0), RowExclusiveLock, false);
	table = nnet_relation_sql(relation);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	lock_training_row(table, nnet_relation_name(relation));

	/* what was committed while waiting for the lock counts */
	PushActiveSnapshot(GetTransactionSnapshot());
	model = nnet_model_load(PG_GETARG_OID(0), NNET_LOAD_STRUCTURE, CurrentMemoryContext);
	PopActiveSnapshot();
	set_training(model, fcinfo, by_name);
	update_training_row(table, model->name,
						nnet_value_to_jsonb(nnet_training_value(&model->training)));
	SPI_finish();
	relation_close(relation, NoLock);
	PG_RETURN_VOID();
}

Datum
nnet_compile(PG_FUNCTION_ARGS)
{
	return compile(fcinfo, false);
}

/* The optimizer by its name alone. */
Datum
nnet_compile_by_name(PG_FUNCTION_ARGS)
{
	return compile(fcinfo, true);
}
