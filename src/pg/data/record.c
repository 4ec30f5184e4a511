/*
 * record.c
 *	  One row (x, y) into one record of training data, and x alone for
 *	  predictions.
 *
 * Bytes stay bytes: a bytea of pixels takes a quarter of the room, and the
 * core widens it when the batch is put together.
 */
#include "pg/data/data.h"

#include <math.h>

#include "utils/memutils.h"

NNShape
nnet_input_shape(const NnetModel *model)
{
	NNShape shape = nn_model_input(model->core, 0)->out;

	/* a plan may have put a number of steps there */
	if (model->core->variable)
		shape.dim[0] = NN_ANY;
	return shape;
}

int
nnet_input_steps(const NNShape *input, size_t count, const char *model)
{
	bool variable = input->rank > 0 && input->dim[0] == NN_ANY;
	size_t size = nn_shape_size(input);
	char shape[128];

	if (variable ? count > 0 && count % size == 0 && count / size <= NN_MAX_UNITS : count == size)
		return variable ? (int) (count / size) : 0;
	nn_shape_text(input, shape, sizeof(shape));
	if (variable && count == 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("model \"%s\" expects x to have at least one step, not none", model),
			 errdetail("Its input has the shape %s.", shape),
			 errhint("Leave out rows without steps, for example by WHERE cardinality(x) > 0.")));
	if (variable && count % size == 0)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("model \"%s\" expects x to have at most %d steps, not %zu", model,
						NN_MAX_UNITS, count / size),
				 errhint("Cut long sequences into pieces.")));
	if (variable)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("model \"%s\" expects x to have a multiple of %zu values, not %zu", model,
						size, count),
				 errdetail("Its input has the shape %s.", shape),
				 errhint("Give the values of each step one after the other.")));
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg_plural("model \"%s\" expects x to have %zu value, not %zu",
						   "model \"%s\" expects x to have %zu values, not %zu", size, model, size,
						   count),
			 errdetail("Its input has the shape %s.", shape),
			 size == 1 ? errhint("Give a number, or an array of one.")
					   : errhint("x may be an array of any dimensions with %zu values in all, "
								 "or a row of %zu numbers.",
								 size, size)));
}

int
nnet_model_ids(const NnetModel *model)
{
	int ids;

	/* ids of tokens are checked as a vocabulary: those being learned are provisional */
	return model->vocabulary == NULL && nn_model_ids(model->core, 0, &ids) ? ids : 0;
}

void
nnet_check_ids(const float *x, size_t n, int ids, const char *model)
{
	for (size_t i = 0; i < n; i++)
		if (!(x[i] >= 0 && x[i] < (float) ids && x[i] == truncf(x[i])))
			ereport(
				ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("model \"%s\" expects x to have ids from 0 to %d, whole numbers, not %g",
						model, ids - 1, x[i]),
				 errdetail("Element %zu of x feeds a layer that takes %d ids.", i + 1, ids),
				 errhint(
					 "Number the things from 0, or make the model with room for more of them.")));
}

static NnetReader *
make_reader(Oid type, const NnetModel *model, MemoryContext context)
{
	NnetReader *reader = nnet_reader_make(type, "x", model->name, context);

	if (nn_model_takes_missing(model->core, 0))
		nnet_reader_take_missing(reader);
	return reader;
}

/* ---- x for predictions ---- */

struct NnetInput
{
	NnetReader *reader; /* NULL: texts */
	NnetText *text;
	const float *values;
	size_t count;
};

NnetInput *
nnet_input_make(Oid type, const NnetModel *model, MemoryContext context)
{
	NnetInput *input = MemoryContextAllocZero(context, sizeof(NnetInput));

	if (model->vocabulary != NULL)
		input->text = nnet_text_make(type, "x", model, false, context);
	else
		input->reader = make_reader(type, model, context);
	return input;
}

void
nnet_input_take(NnetInput *input, Datum x)
{
	if (input->text != NULL)
		nnet_text_take(input->text, x);
	else
		input->values = nnet_reader_reals(input->reader, x, &input->count);
}

/* How many tokens a model wants of each text; 0: all. */
static size_t
tokens_wanted(const NNShape *input)
{
	return input->dim[0] == NN_ANY ? 0 : (size_t) input->dim[0];
}

const float *
nnet_input_reals(NnetInput *input, const NnetModel *model, size_t *count)
{
	NNShape shape = nnet_input_shape(model);

	if ((input->text != NULL) != (model->vocabulary != NULL))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("model \"%s\" was changed while rows were predicted", model->name),
				 errhint("Run the statement again.")));
	if (input->text != NULL)
		return nnet_text_ids(input->text, model->vocabulary, tokens_wanted(&shape), count);
	*count = input->count;
	return input->values;
}

/* ---- records ---- */

/* Whether texts are asked for texts: the token that follows each token. */
static bool
target_is_text(Oid ytype, const NnetModel *model)
{
	const NNObjective *objective = &model->objectives.of[0];

	return model->vocabulary != NULL && nnet_type_is_label(ytype) &&
		objective->target == NN_TARGET_INDEX &&
		(objective->target_variable || objective->target_count > 1);
}

NnetRecorder *
nnet_recorder_make(Oid xtype, Oid ytype, const NnetModel *model, bool learn, MemoryContext context)
{
	NnetRecorder *recorder = MemoryContextAllocZero(context, sizeof(NnetRecorder));

	recorder->context = context;
	recorder->model = MemoryContextStrdup(context, model->name);
	recorder->input = nnet_input_shape(model);
	recorder->ids = nnet_model_ids(model);
	recorder->vocabulary = model->vocabulary;
	recorder->steps = nnet_steps_make(model, context);
	if (model->vocabulary != NULL)
		recorder->text = nnet_text_make(xtype, "x", model, learn && OidIsValid(ytype), context);
	else
		recorder->reader = make_reader(xtype, model, context);
	recorder->format = MemoryContextAlloc(context, nn_record_format_bytes(model->core->n_inputs));
	nn_record_format(recorder->format, model->core, OidIsValid(ytype) ? &model->objectives : NULL);
	recorder->format->inputs[0].bytes =
		recorder->reader != NULL && nnet_reader_is_bytes(recorder->reader);
	if (!OidIsValid(ytype))
		return recorder;
	if (target_is_text(ytype, model))
	{
		recorder->target_text = nnet_text_make(ytype, "y", model, false, context);
		nnet_text_share(recorder->target_text, recorder->text);
		recorder->classes = model->objectives.of[0].classes;
	}
	else
		recorder->target = nnet_target_make(ytype, model, learn, context);
	return recorder;
}

static void
check_byte_ids(const NnetRecorder *recorder, size_t n)
{
	const uint8 *x = recorder->x;

	for (size_t i = 0; i < n; i++)
	{
		float id = x[i];

		nnet_check_ids(&id, 1, recorder->ids, recorder->model);
	}
}

size_t
nnet_recorder_read(NnetRecorder *recorder, Datum x)
{
	size_t count;

	nnet_check_interrupts();
	if (recorder->text != NULL)
	{
		nnet_text_take(recorder->text, x);
		recorder->x = nnet_text_ids(recorder->text, recorder->vocabulary,
									tokens_wanted(&recorder->input), &count);
	}
	else
		recorder->x = recorder->format->inputs[0].bytes
			? (const void *) nnet_reader_bytes(recorder->reader, x, &count)
			: (const void *) nnet_reader_reals(recorder->reader, x, &count);
	recorder->head.steps.of[0] = nnet_input_steps(&recorder->input, count, recorder->model);
	recorder->head.target_steps[0] = recorder->steps == NULL
		? 0
		: nnet_steps_output(recorder->steps, recorder->head.steps.of[0]);
	if (recorder->ids > 0 && recorder->format->inputs[0].bytes)
		check_byte_ids(recorder, count);
	else if (recorder->ids > 0)
		nnet_check_ids(recorder->x, count, recorder->ids, recorder->model);
	return nn_record_bytes(recorder->format, &recorder->head);
}

void
nnet_recorder_refuse_classes(const NnetRecorder *recorder, int ids)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("model \"%s\" has a vocabulary of %d ids, but %d classes a step",
					recorder->model, ids, recorder->classes),
			 errhint("Give the last layer as many units as text_vectorization has max_tokens.")));
}

/* y as the class of each step of the output: the id of its token. */
static void
write_tokens(NnetRecorder *recorder, Datum y, int32 *out)
{
	const NNRecordFormat *format = recorder->format;
	size_t expected = nn_record_target_count(format, &recorder->head, 0);
	size_t count;
	const float *ids;

	nnet_text_take(recorder->target_text, y);
	ids = nnet_text_ids(recorder->target_text, recorder->vocabulary,
						format->outputs[0].variable ? 0 : expected, &count);
	if (count != expected)
		ereport(
			ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 expected == (size_t) recorder->head.steps.of[0]
				 ? errmsg_plural("y for model \"%s\" has %zu token, not %zu as its x",
								 "y for model \"%s\" has %zu tokens, not %zu as its x", count,
								 recorder->model, count, expected)
				 : errmsg("y for model \"%s\" has %zu tokens, not %zu as its output for x of "
						  "%d tokens",
						  recorder->model, count, expected, recorder->head.steps.of[0]),
			 expected == (size_t) recorder->head.steps.of[0]
				 ? errhint("Give as y the text one token further than x. For one class a text, put "
						   "a recurrent layer or a global pooling before the last layer.")
				 : errhint("Give as y the token that follows what each step of the output "
						   "sees; the last follows x.")));
	if (nnet_text_learning(recorder->target_text))
	{
		memcpy(out, ids, count * sizeof(int32));
		return;
	}
	for (size_t i = 0; i < count; i++)
	{
		out[i] = (int32) ids[i];
		if (out[i] >= recorder->classes)
			nnet_recorder_refuse_classes(
				recorder, nnet_tokens_count(recorder->vocabulary->tokens) + NNET_TOKEN_FIRST);
	}
}

void
nnet_recorder_write(NnetRecorder *recorder, Datum y, void *record)
{
	const NNRecordFormat *format = recorder->format;
	const NNRecordHead *head = &recorder->head;
	void *target = (char *) record + nn_record_target_at(format, head, 0);

	nn_record_put_head(format, head, record);
	if (recorder->target_text != NULL)
		write_tokens(recorder, y, target);
	else if (recorder->target != NULL)
		nnet_target_write(recorder->target, y, head, target);
	memcpy((char *) record + nn_record_x_at(format, head, 0), recorder->x,
		   nn_record_x_count(format, head, 0) * (format->inputs[0].bytes ? 1 : sizeof(float)));
	if (recorder->text != NULL && nnet_text_learning(recorder->text))
		nnet_recorder_keep_tail(recorder);
}
