/*
 * record.c
 *	  One row (x, y) into one record of training data.
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
	NNShape		shape = model->core->layers[0].out;

	/* a plan may have put a number of steps there */
	if (model->core->variable)
		shape.dim[0] = NN_ANY;
	return shape;
}

int
nnet_input_steps(const NNShape *input, size_t count, const char *model)
{
	bool		variable = input->rank > 0 && input->dim[0] == NN_ANY;
	size_t		size = nn_shape_size(input);
	char		shape[128];

	if (variable ? count > 0 && count % size == 0 && count / size <= NN_MAX_UNITS :
		count == size)
		return variable ? (int) (count / size) : 0;
	nn_shape_text(input, shape, sizeof(shape));
	if (variable && count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("model \"%s\" expects x to have at least one step, not none", model),
				 errdetail("Its input has the shape %s.", shape),
				 errhint("Leave out rows without steps, for example by WHERE cardinality(x) > 0.")));
	if (variable && count % size == 0)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("model \"%s\" expects x to have at most %d steps, not %zu",
						model, NN_MAX_UNITS, count / size),
				 errhint("Cut long sequences into pieces.")));
	if (variable)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("model \"%s\" expects x to have a multiple of %zu values, not %zu",
						model, size, count),
				 errdetail("Its input has the shape %s.", shape)));
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg_plural("model \"%s\" expects x to have %zu value, not %zu",
						   "model \"%s\" expects x to have %zu values, not %zu",
						   size, model, size, count),
			 errdetail("Its input has the shape %s.", shape)));
}

int
nnet_model_ids(const NnetModel *model)
{
	int			ids;

	return nn_model_ids(model->core, &ids) ? ids : 0;
}

void
nnet_check_ids(const float *x, size_t n, int ids, const char *model)
{
	for (size_t i = 0; i < n; i++)
		if (!(x[i] >= 0 && x[i] < (float) ids && x[i] == truncf(x[i])))
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("model \"%s\" expects x to have ids from 0 to %d, whole numbers, not %g",
							model, ids - 1, x[i]),
					 errdetail("Element %zu of x feeds an embedding of input_dim %d.", i + 1, ids),
					 errhint("Number the things from 0, or make the model with a larger input_dim.")));
}

NnetRecorder *
nnet_recorder_make(Oid xtype, Oid ytype, const NnetModel *model, bool learn,
				   MemoryContext context)
{
	NnetRecorder *recorder = MemoryContextAllocZero(context, sizeof(NnetRecorder));

	recorder->model = MemoryContextStrdup(context, model->name);
	recorder->input = nnet_input_shape(model);
	recorder->ids = nnet_model_ids(model);
	recorder->reader = nnet_reader_make(xtype, "x", model->name, context);
	recorder->format.bytes = nnet_reader_is_bytes(recorder->reader);
	recorder->format.variable = model->core->variable;
	recorder->format.x_count = nn_shape_size(&recorder->input);
	recorder->format.target = NN_TARGET_NONE;
	if (!OidIsValid(ytype))
		return recorder;
	recorder->target = nnet_target_make(ytype, model, learn, context);
	recorder->format.target = model->objective.target;
	recorder->format.target_count = model->objective.target_count;
	recorder->format.target_variable = model->objective.target_variable;
	return recorder;
}

static void
check_byte_ids(const NnetRecorder *recorder, size_t n)
{
	const uint8 *x = recorder->x;

	for (size_t i = 0; i < n; i++)
	{
		float		id = x[i];

		nnet_check_ids(&id, 1, recorder->ids, recorder->model);
	}
}

size_t
nnet_recorder_read(NnetRecorder *recorder, Datum x)
{
	size_t		count;

	recorder->x = recorder->format.bytes ?
		(const void *) nnet_reader_bytes(recorder->reader, x, &count) :
		(const void *) nnet_reader_reals(recorder->reader, x, &count);
	recorder->steps = nnet_input_steps(&recorder->input, count, recorder->model);
	if (recorder->ids > 0 && recorder->format.bytes)
		check_byte_ids(recorder, count);
	else if (recorder->ids > 0)
		nnet_check_ids(recorder->x, count, recorder->ids, recorder->model);
	return nn_record_bytes(&recorder->format, recorder->steps);
}

void
nnet_recorder_write(NnetRecorder *recorder, Datum y, void *record)
{
	const NNRecordFormat *format = &recorder->format;
	int32		steps = recorder->steps;
	size_t		count = format->x_count * (format->variable ? steps : 1);

	memcpy(record, &steps, sizeof(steps));
	if (recorder->target != NULL)
		nnet_target_write(recorder->target, y, steps, (char *) record + NN_RECORD_TARGET_OFFSET);
	memcpy((char *) record + nn_record_x_offset(format, steps), recorder->x,
		   count * (format->bytes ? 1 : sizeof(float)));
}
