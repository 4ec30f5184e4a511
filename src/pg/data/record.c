/*
 * record.c
 *	  One row (x, y) into one record of training data: what each input of the
 *	  model takes of x, what each output with a loss is asked for of y.
 *
 * Bytes stay bytes: a bytea of pixels takes a quarter of the room, and the
 * core widens it when the batch is put together.
 */
#include "pg/data/fields.h"
#include "pg/data/port.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

/* ---- what y is ---- */

/* Whether texts are asked for texts: the token that follows each token. */
static bool
target_is_text(Oid type, const NnetModel *model, int output)
{
	const NNObjective *objective = &model->objectives.of[output];

	return model->core->n_inputs == 1 && nnet_model_vocabulary(model, 0) != NULL &&
		nnet_type_is_label(type) && objective->target == NN_TARGET_INDEX &&
		!nn_objective_sequence(objective) &&
		(objective->target_variable || objective->target_count > 1);
}

/* Choose how values of that type are read. */
static void
set_type(NnetRecorder *recorder, const NnetModel *model, NnetTargetPort *port, Oid type)
{
	MemoryContext old = MemoryContextSwitchTo(recorder->context);

	if (OidIsValid(port->type))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("%s for model \"%s\" has type %s, but had %s in rows before", port->what,
						recorder->model, format_type_be(type), format_type_be(port->type)),
				 errhint("Give all rows the same types.")));
	if (target_is_text(type, model, port->output))
	{
		port->text = nnet_text_make(type, port->what, recorder->model, false, recorder->context);
		port->classes = model->objectives.of[port->output].classes;
	}
	else
		port->target = nnet_target_make(type, port->what, model, port->output, recorder->learn,
										recorder->context);
	port->type = type;
	if (port->target != NULL && recorder->watches)
		nnet_target_watch(port->target);
	if (port->target != NULL && recorder->validation)
		nnet_target_set_validation(port->target, true);
	if (port->target != NULL && recorder->measures)
		nnet_target_measure(port->target, &recorder->format->outputs[port->output]);
	MemoryContextSwitchTo(old);
}

/* The outputs that y is asked for: those with a loss. */
static void
make_targets(NnetRecorder *recorder, Oid type, const NnetModel *model)
{
	int n = model->objectives.n;
	NnetField *fields = palloc0(sizeof(NnetField) * n);

	recorder->targets = palloc0(sizeof(NnetTargetPort) * n);
	for (int o = 0; o < n; o++)
	{
		const char *name = nn_layer_name(nn_model_output(model->core, o));

		if (model->objectives.of[o].target == NN_TARGET_NONE)
			continue;
		fields[recorder->n_targets] =
			(NnetField){.name = pstrdup(name), .form = NNET_JSON_AS_IT_IS};
		recorder->targets[recorder->n_targets++] = (NnetTargetPort){
			.output = o,
			.what = n == 1 ? "y" : psprintf("\"%s\" of y", name),
		};
	}
	recorder->fields = nnet_fields_make(type, "y", recorder->model, recorder->n_targets, fields,
										recorder->context);
	for (int i = 0; i < recorder->n_targets; i++)
	{
		Oid known = recorder->fields != NULL ? nnet_fields_get(recorder->fields, i)->type : type;

		if (OidIsValid(known) || recorder->fields == NULL)
			set_type(recorder, model, &recorder->targets[i], known);
	}
}

NnetRecorder *
nnet_recorder_make(Oid xtype, Oid ytype, const NnetModel *model, bool learn, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	NnetRecorder *recorder = palloc0(sizeof(NnetRecorder));
	bool asks = OidIsValid(ytype);

	recorder->context = context;
	recorder->model = pstrdup(model->name);
	recorder->learn = learn;
	recorder->steps = nnet_steps_make(model, context);
	recorder->inputs = nnet_inputs_make(xtype, model, learn && asks, context);
	recorder->format = MemoryContextAlloc(context, nn_record_format_bytes(model->core->n_inputs));
	nn_record_format(recorder->format, model->core, asks ? &model->objectives : NULL);
	nnet_inputs_keep_bytes(recorder->inputs, recorder->format);
	if (asks)
		make_targets(recorder, ytype, model);
	MemoryContextSwitchTo(old);
	return recorder;
}

void
nnet_recorder_measure(NnetRecorder *recorder)
{
	recorder->measures = true;
	nnet_inputs_measure(recorder->inputs);
	for (int i = 0; i < recorder->n_targets; i++)
	{
		NnetTargetPort *port = &recorder->targets[i];

		if (port->target != NULL)
			nnet_target_measure(port->target, &recorder->format->outputs[port->output]);
	}
}

/* ---- reading ---- */

void
nnet_recorder_take(NnetRecorder *recorder, Datum x)
{
	nnet_check_interrupts();
	nnet_inputs_take(recorder->inputs, x);
}

bool
nnet_recorder_wants_model(const NnetRecorder *recorder)
{
	if (nnet_inputs_want_model(recorder->inputs))
		return true;
	for (int i = 0; i < recorder->n_targets; i++)
		if (!OidIsValid(recorder->targets[i].type))
			return true;
	return false;
}

size_t
nnet_recorder_read(NnetRecorder *recorder, const NnetModel *model)
{
	NNRecordHead *head = &recorder->head;

	if (model != NULL)
		nnet_inputs_ready(recorder->inputs, model);
	nnet_inputs_check(recorder->inputs, &head->steps);
	if (recorder->steps != NULL)
		memcpy(head->target_steps, nnet_steps_output(recorder->steps, &head->steps),
			   sizeof(head->target_steps));
	return nn_record_bytes(recorder->format, head);
}

/* ---- writing ---- */

static void
refuse_tokens(const NnetRecorder *recorder, const NnetTargetPort *port, size_t expected,
			  size_t count)
{
	int steps = recorder->head.steps.of[0];

	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 expected == (size_t) steps
				 ? errmsg_plural("%s for model \"%s\" has %zu token, not %zu as its x",
								 "%s for model \"%s\" has %zu tokens, not %zu as its x", count,
								 port->what, recorder->model, count, expected)
				 : errmsg("%s for model \"%s\" has %zu tokens, not %zu as its output for x of "
						  "%d tokens",
						  port->what, recorder->model, count, expected, steps),
			 expected == (size_t) steps
				 ? errhint("Give as y the text one token further than x. For one class a text, put "
						   "a recurrent layer or a global pooling before the last layer.")
				 : errhint("Give as y the token that follows what each step of the output "
						   "sees; the last follows x.")));
}

/* y as the class of each step of the output: the id of its token. */
static void
write_tokens(NnetRecorder *recorder, const NnetModel *model, NnetTargetPort *port, Datum y,
			 int32 *out)
{
	const NnetVocabulary *vocabulary = nnet_model_vocabulary(model, 0);
	const NNRecordFormat *format = recorder->format;
	size_t expected = nn_record_target_count(format, &recorder->head, port->output);
	size_t count;
	const float *ids;

	/* x's is known now, and that of this row: its type may come with each */
	nnet_text_share(port->text, recorder->inputs->ports[0].text);
	nnet_text_take(port->text, y);
	ids = nnet_text_ids(port->text, vocabulary,
						format->outputs[port->output].variable ? 0 : expected, &count);
	if (count != expected)
		refuse_tokens(recorder, port, expected, count);
	if (nnet_text_learning(port->text))
	{
		memcpy(out, ids, count * sizeof(int32));
		return;
	}
	for (size_t i = 0; i < count; i++)
	{
		out[i] = (int32) ids[i];
		if (out[i] >= port->classes)
			nnet_recorder_refuse_classes(recorder, port->classes,
										 nnet_tokens_count(vocabulary->tokens) + NNET_TOKEN_FIRST);
	}
}

/* What of y each target takes: the types of all are known, before values are read. */
static void
take_targets(NnetRecorder *recorder, const NnetModel *model, Datum y)
{
	nnet_fields_take(recorder->fields, y);
	for (int i = 0; i < recorder->n_targets; i++)
	{
		NnetTargetPort *port = &recorder->targets[i];
		const NnetField *field = nnet_fields_get(recorder->fields, i);

		if (field->isnull)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s for model \"%s\" is NULL", port->what, recorder->model),
					 errhint("Leave such rows out, or give a value in its place, for example by "
							 "coalesce().")));
		if (port->type != field->type)
			set_type(recorder, model, port, field->type);
	}
}

static void
write_targets(NnetRecorder *recorder, const NnetModel *model, Datum y, char *record)
{
	if (recorder->fields != NULL)
		take_targets(recorder, model, y);
	/* tokens first, which need the model: a cast of the other values may push it out of the cache */
	for (int texts = 1; texts >= 0; texts--)
		for (int i = 0; i < recorder->n_targets; i++)
		{
			NnetTargetPort *port = &recorder->targets[i];
			Datum value =
				recorder->fields != NULL ? nnet_fields_get(recorder->fields, i)->value : y;
			void *out =
				record + nn_record_target_at(recorder->format, &recorder->head, port->output);

			if (texts != (port->text != NULL))
				continue;
			if (texts)
				write_tokens(recorder, model, port, value, out);
			else
				nnet_target_write(port->target, value, &recorder->head, out);
		}
}

void
nnet_recorder_write(NnetRecorder *recorder, const NnetModel *model, Datum y, void *record)
{
	const NNRecordFormat *format = recorder->format;
	const NNRecordHead *head = &recorder->head;
	const NnetInputs *inputs = recorder->inputs;
	char *to;

	nn_record_put_head(format, head, record);
	write_targets(recorder, model, y, record);
	to = (char *) record + nn_record_x_at(format, head, 0);
	for (int i = 0; i < inputs->n; i++)
	{
		const NnetPort *port = &inputs->ports[i];

		memcpy(to, port->x, port->count * (port->bytes ? 1 : sizeof(float)));
		to += nn_record_x_bytes(&format->inputs[i], port->count);
	}
	nnet_recorder_keep_tails(recorder);
}
