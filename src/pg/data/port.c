/*
 * port.c
 *	  The x of a row, port by port: taken apart, read, and checked against the
 *	  inputs of the model.
 *
 * Taking a value may run anything (casts, output functions): the model's part
 * comes after that, with the model as it is then loaded.
 *
 * Lifetimes: all is in the context given to nnet_inputs_make; the values of a
 * row are valid until the next is taken.
 */
#include "pg/data/port.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#define MOST_WHOLE (1 << 24) /* reals are exact up to this */

/* ---- setting up ---- */

NNShape
nnet_input_shape(const NnetModel *model, int input)
{
	NNShape shape = *nn_layer_shape(nn_model_input(model->core, input));

	/* a plan may have put a number of steps there */
	for (int s = 0; s < model->core->n_sequences; s++)
		if (model->core->sequences[s] == input)
			shape.dim[0] = NN_ANY;
	return shape;
}

int
nnet_input_ids(const NnetModel *model, int input)
{
	const NNLayer *taker = nn_model_ids_taker(model->core, model->core->inputs[input]);

	/* ids of tokens are checked as a vocabulary: those being learned are provisional */
	return nnet_model_vocabulary(model, input) == NULL && taker != NULL ? nn_layer_ids(taker) : 0;
}

/* The model says how many values there are, and which. */
static void
set_shape(NnetPort *port, const NnetModel *model, int input)
{
	port->shape = nnet_input_shape(model, input);
	port->size = nn_shape_size(&port->shape);
	port->variable = port->shape.rank > 0 && port->shape.dim[0] == NN_ANY;
	port->ids = nnet_input_ids(model, input);
	port->whole = nn_input_type(nn_model_input(model->core, input)) == NN_INPUT_WHOLE;
}

static void
init_port(NnetPort *port, const NnetModel *model, int input, bool learn)
{
	const NnetVocabulary *vocabulary = nnet_model_vocabulary(model, input);

	port->name = pstrdup(nn_layer_name(nn_model_input(model->core, input)));
	port->what = model->core->n_inputs == 1 ? "x" : psprintf("\"%s\" of x", port->name);
	set_shape(port, model, input);
	port->takes_text = vocabulary != NULL;
	port->takes_missing = nn_model_takes_missing(model->core, input);
	port->column_of = nnet_column_of(model, input, learn);
	port->origins = nnet_origins_make(model, input, learn);
	if (!port->takes_text && port->column_of.layer == NULL &&
		nn_input_type(nn_model_input(model->core, input)) == NN_INPUT_TEXTS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\": the input \"%s\" is of texts, but nothing reads them",
						model->name, port->name),
				 errhint("Let nnet.text_vectorization() or nnet.string_lookup() follow it.")));
	port->learn = port->column_of.learn ||
		(learn && vocabulary != NULL && !nnet_vocabulary_known(vocabulary));
}

static void
measure(NnetPort *port)
{
	/* the only dimension may be steps */
	int width = port->shape.rank > 0 ? Max(port->shape.dim[port->shape.rank - 1], 1) : 1;

	if (port->reader != NULL && port->ids == 0)
		nnet_reader_measure(port->reader, nnet_rounding_make(width, port->reading));
}

/* Whether code of users reads its values. */
static bool
port_runs_others(const NnetPort *port)
{
	return (port->reader != NULL && nnet_reader_runs_others(port->reader)) ||
		(port->text != NULL && nnet_text_runs_others(port->text)) ||
		(port->column != NULL && nnet_column_runs_others(port->column));
}

/* Choose how values of that type are read. */
static void
set_type(NnetInputs *inputs, NnetPort *port, Oid type)
{
	/* tokens that are being learned, and bytes of records, are of the type they came with */
	if (port->bytes || (port->text != NULL && nnet_text_learning(port->text)) ||
		(port->column != NULL && nnet_column_learning(port->column)))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s for model \"%s\" has type %s, but had %s in rows before", port->what,
						inputs->model, format_type_be(type), format_type_be(port->type)),
				 errhint("Give all rows the same types.")));
	port->type = InvalidOid;
	port->reader = NULL;
	port->text = NULL;
	port->column = NULL;
	MemoryContextReset(port->reading);
	if (port->column_of.layer != NULL)
		port->column = nnet_column_make(type, port->what, &port->column_of, port->reading);
	else if (port->takes_text)
		port->text = nnet_text_make(type, port->what, inputs->model, port->learn, port->reading);
	else
	{
		port->reader = nnet_reader_make(type, port->what, inputs->model, port->reading);
		if (port->takes_missing)
			nnet_reader_take_missing(port->reader);
		if (port->origins != NULL)
			nnet_reader_set_origins(port->reader, port->origins);
	}
	if (inputs->ahead && port_runs_others(port))
	{
		inputs->runs_others = true;
		nnet_refuse_ahead(port->what);
	}
	if (inputs->ahead && port->reader != NULL)
		nnet_reader_read_ahead(port->reader);
	port->type = type;
	if (inputs->measures)
		measure(port);
}

static NnetJsonForm
json_form(const NnetPort *port)
{
	bool one = !port->variable && port->size == 1;

	if (port->takes_text || port->column_of.as == NN_READ_DATES)
		return NNET_JSON_TEXT;
	if (port->column_of.layer == NULL)
		return NNET_JSON_REALS;
	if (port->column_of.as == NN_READ_INTEGERS)
		return one ? NNET_JSON_NUMBER : NNET_JSON_NUMBERS;
	return one ? NNET_JSON_TEXT : NNET_JSON_TEXTS;
}

NnetInputs *
nnet_inputs_make(Oid type, const NnetModel *model, bool learn, MemoryContext context)
{
	int n = model->core->n_inputs;
	MemoryContext old = MemoryContextSwitchTo(context);
	NnetInputs *inputs = palloc0(sizeof(NnetInputs));
	NnetField *fields = palloc0(sizeof(NnetField) * n);

	inputs->context = context;
	inputs->model = pstrdup(model->name);
	inputs->n = n;
	inputs->ports = palloc0(sizeof(NnetPort) * n);
	for (int i = 0; i < n; i++)
	{
		init_port(&inputs->ports[i], model, i, learn);
		inputs->ports[i].reading =
			AllocSetContextCreate(context, "nnet port", ALLOCSET_SMALL_SIZES);
		fields[i].name = inputs->ports[i].name;
		fields[i].form = json_form(&inputs->ports[i]);
		fields[i].shape = &inputs->ports[i].shape;
	}
	inputs->fields = nnet_fields_make(type, "x", inputs->model, n, fields, context);
	for (int i = 0; i < n; i++)
	{
		Oid known = inputs->fields != NULL ? nnet_fields_get(inputs->fields, i)->type : type;

		if (OidIsValid(known) || inputs->fields == NULL)
			set_type(inputs, &inputs->ports[i], known);
	}
	MemoryContextSwitchTo(old);
	return inputs;
}

void
nnet_inputs_read_ahead(NnetInputs *inputs)
{
	inputs->ahead = true;
	for (int i = 0; i < inputs->n; i++)
		if (inputs->ports[i].reader != NULL)
			nnet_reader_read_ahead(inputs->ports[i].reader);
}

bool
nnet_inputs_run_others(const NnetInputs *inputs)
{
	for (int i = 0; i < inputs->n; i++)
		if (port_runs_others(&inputs->ports[i]))
			return true;
	return inputs->runs_others;
}

void
nnet_inputs_measure(NnetInputs *inputs)
{
	inputs->measures = true;
	for (int i = 0; i < inputs->n; i++)
		measure(&inputs->ports[i]);
}

void
nnet_inputs_keep_bytes(NnetInputs *inputs, NNRecordFormat *format)
{
	for (int i = 0; i < inputs->n; i++)
	{
		NnetPort *port = &inputs->ports[i];

		port->bytes = !port->takes_missing && (port->origins == NULL || port->origins->finds) &&
			port->reader != NULL && nnet_reader_is_bytes(port->reader);
		format->inputs[i].bytes = port->bytes;
	}
}

bool
nnet_inputs_learning(const NnetInputs *inputs)
{
	for (int i = 0; i < inputs->n; i++)
		if (inputs->ports[i].learn)
			return true;
	return false;
}

bool
nnet_inputs_want_model(const NnetInputs *inputs)
{
	for (int i = 0; i < inputs->n; i++)
		if (inputs->ports[i].takes_text || inputs->ports[i].column_of.layer != NULL)
			return true;
	return false;
}

/* ---- a row ---- */

static void
take_port(NnetPort *port, Datum value)
{
	if (port->text != NULL)
		nnet_text_take(port->text, value);
	else if (port->column != NULL)
		nnet_column_take(port->column, value, false);
	else if (port->bytes)
		port->x = nnet_reader_bytes(port->reader, value, &port->count);
	else
		port->x = nnet_reader_reals(port->reader, value, &port->count);
}

static void
refuse_null(const NnetInputs *inputs, const NnetPort *port)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s for model \"%s\" is NULL", port->what, inputs->model),
			 errhint("Leave such rows out, or give a value in its place, for example by "
					 "coalesce().")));
}

/* All values of a fixed input are missing. */
static void
take_missing(NnetInputs *inputs, NnetPort *port)
{
	if (port->missing == NULL)
	{
		port->n_missing = nn_shape_size(&port->shape);
		port->missing = MemoryContextAllocHuge(inputs->context, port->n_missing * sizeof(float));
		for (size_t i = 0; i < port->n_missing; i++)
			port->missing[i] = NAN;
	}
	port->x = port->missing;
	port->count = port->n_missing;
}

/* The input has another shape now; the row at hand may have been taken already. */
static void
renew_missing(NnetInputs *inputs, NnetPort *port)
{
	bool taken = port->x == port->missing;

	pfree(port->missing);
	port->missing = NULL;
	if (taken)
		take_missing(inputs, port);
}

/* Of jsonb the type may not be known yet, and does not matter. */
static void
take_null(NnetInputs *inputs, NnetPort *port, Oid type)
{
	if (port->takes_missing && !port->variable)
	{
		take_missing(inputs, port);
		return;
	}
	if (port->column_of.layer == NULL)
		refuse_null(inputs, port);
	if (OidIsValid(type) ? port->type != type : port->column == NULL)
		set_type(inputs, port, OidIsValid(type) ? type : UNKNOWNOID);
	nnet_column_take(port->column, (Datum) 0, true);
}

static void
take_fields(NnetInputs *inputs)
{
	for (int i = 0; i < inputs->n; i++)
	{
		NnetPort *port = &inputs->ports[i];
		const NnetField *field = nnet_fields_get(inputs->fields, i);

		if (field->isnull)
			take_null(inputs, port, field->type);
		else
		{
			if (port->type != field->type)
				set_type(inputs, port, field->type);
			take_port(port, field->value);
		}
	}
}

void
nnet_inputs_take(NnetInputs *inputs, Datum x)
{
	if (inputs->fields == NULL)
	{
		take_port(&inputs->ports[0], x);
		return;
	}
	nnet_fields_take(inputs->fields, x);
	take_fields(inputs);
}

bool
nnet_inputs_take_columns_apart(const NnetInputs *inputs)
{
	return inputs->fields != NULL && nnet_fields_are_columns(inputs->fields);
}

void
nnet_inputs_take_columns(NnetInputs *inputs, const Datum *values, const bool *nulls,
						 const int *columns)
{
	nnet_fields_take_columns(inputs->fields, values, nulls, columns);
	take_fields(inputs);
}

static void
refuse_changed(const NnetModel *model)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_IN_USE),
			 errmsg("model \"%s\" was changed while its rows were read", model->name),
			 errhint("Run the statement again.")));
}

/* The name of an only input says nothing of what it takes. */
static bool
has_name(const NnetInputs *inputs, const NnetPort *port, const NnetModel *model, int input)
{
	return inputs->n == 1 ||
		strcmp(port->name, nn_layer_name(nn_model_input(model->core, input))) == 0;
}

/* The model was loaded anew: are its inputs those the ports were made for? */
static void
compare_ports(NnetInputs *inputs, const NnetModel *model)
{
	if (model->core->n_inputs != inputs->n)
		refuse_changed(model);
	for (int i = 0; i < inputs->n; i++)
	{
		NnetPort *port = &inputs->ports[i];

		if (!has_name(inputs, port, model, i) ||
			port->takes_missing != nn_model_takes_missing(model->core, i) ||
			port->takes_text != (nnet_model_vocabulary(model, i) != NULL) ||
			(port->column_of.layer != NULL) != nnet_column_reads(model, i) ||
			!nnet_origins_same(port->origins, &model->readings[i]))
			refuse_changed(model);
		set_shape(port, model, i);
		if (port->missing != NULL)
			renew_missing(inputs, port);
	}
	inputs->compared = model->loaded;
}

/* How many tokens a model wants of each text; 0: all. */
static size_t
tokens_wanted(const NnetPort *port)
{
	return port->shape.dim[0] == NN_ANY ? 0 : (size_t) port->shape.dim[0];
}

void
nnet_inputs_ready(NnetInputs *inputs, const NnetModel *model)
{
	if (inputs->compared != model->loaded)
		compare_ports(inputs, model);
	for (int i = 0; i < inputs->n; i++)
	{
		NnetPort *port = &inputs->ports[i];

		if (port->text != NULL)
			port->x = nnet_text_ids(port->text, nnet_model_vocabulary(model, i),
									tokens_wanted(port), &port->count);
		else if (port->column != NULL)
			port->x = nnet_column_reals(port->column, model, &port->count);
	}
}

/* ---- checks ---- */

void
nnet_check_ids(const float *x, size_t n, int ids, const char *what, const char *model)
{
	for (size_t i = 0; i < n; i++)
		if (!(x[i] >= 0 && x[i] < (float) ids && x[i] == truncf(x[i])))
			ereport(
				ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("model \"%s\" expects %s to have ids from 0 to %d, whole numbers, not %g",
						model, what, ids - 1, x[i]),
				 errdetail("Element %zu of %s feeds a layer that takes %d ids.", i + 1, what, ids),
				 errhint(
					 "Number the things from 0, or make the model with room for more of them.")));
}

static void
check_ids(const NnetInputs *inputs, const NnetPort *port)
{
	const uint8 *bytes = port->x;

	if (!port->bytes)
	{
		nnet_check_ids(port->x, port->count, port->ids, port->what, inputs->model);
		return;
	}
	for (size_t i = 0; i < port->count; i++)
	{
		float id = bytes[i];

		nnet_check_ids(&id, 1, port->ids, port->what, inputs->model);
	}
}

static void
check_whole(const NnetInputs *inputs, const NnetPort *port)
{
	const float *x = port->x;

	for (size_t i = 0; i < port->count; i++)
		if (x[i] != truncf(x[i]) || fabsf(x[i]) > MOST_WHOLE)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("%s for model \"%s\" has %.9g, but must be whole numbers from %d to %d",
							port->what, inputs->model, x[i], -MOST_WHOLE, MOST_WHOLE),
					 errhint("The input is declared with the dtype int: of float32 it takes any "
							 "number.")));
}

void
nnet_inputs_check(const NnetInputs *inputs, NNSteps *steps)
{
	int sequence = 0;

	memset(steps, 0, sizeof(*steps));
	for (int i = 0; i < inputs->n; i++)
	{
		const NnetPort *port = &inputs->ports[i];
		int n = 0;

		if (port->variable || port->count != port->size)
			n = nnet_input_steps(&port->shape, port->count, port->what, inputs->model);
		if (n > 0)
			steps->of[sequence++] = n;
		if (port->ids > 0)
			check_ids(inputs, port);
		else if (port->whole && !port->bytes)
			check_whole(inputs, port);
	}
}

const float *
nnet_inputs_values(NnetInputs *inputs, size_t *count)
{
	size_t n = 0;
	float *to;

	*count = inputs->ports[0].count;
	if (inputs->n == 1)
		return inputs->ports[0].x;
	for (int i = 0; i < inputs->n; i++)
		n += inputs->ports[i].count;
	if (n > inputs->room)
	{
		inputs->room = 2 * n;
		inputs->values = inputs->values == NULL
			? MemoryContextAllocHuge(inputs->context, inputs->room * sizeof(float))
			: repalloc_huge(inputs->values, inputs->room * sizeof(float));
	}
	to = inputs->values;
	for (int i = 0; i < inputs->n; i++)
	{
		const NnetPort *port = &inputs->ports[i];

		/* most columns are one number */
		if (port->count == 1)
			*to++ = *(const float *) port->x;
		else
		{
			memcpy(to, port->x, port->count * sizeof(float));
			to += port->count;
		}
	}
	*count = n;
	return inputs->values;
}

bool
nnet_inputs_alike(const NnetInputs *inputs, const size_t *counts)
{
	for (int i = 0; i < inputs->n; i++)
		if (inputs->ports[i].count != counts[i])
			return false;
	return true;
}

void
nnet_inputs_copy_counts(const NnetInputs *inputs, size_t *counts)
{
	for (int i = 0; i < inputs->n; i++)
		counts[i] = inputs->ports[i].count;
}

bool
nnet_inputs_are_of(const NnetInputs *inputs, const NnetModel *model)
{
	if (model->core->n_inputs != inputs->n)
		return false;
	for (int i = 0; i < inputs->n; i++)
	{
		const NnetPort *port = &inputs->ports[i];
		NNShape shape = nnet_input_shape(model, i);

		if (!has_name(inputs, port, model, i) || !nn_shape_equal(&port->shape, &shape) ||
			port->ids != nnet_input_ids(model, i))
			return false;
	}
	return true;
}

void
nnet_require_one_port(const NnetModel *model, const char *function)
{
	const NNModel *core = model->core;

	if (core->n_inputs == 1 && core->n_outputs == 1)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s takes no model of several inputs or outputs", function),
			 errdetail("Model \"%s\" has %d inputs and %d outputs.", model->name, core->n_inputs,
					   core->n_outputs)));
}
