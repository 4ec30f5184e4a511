/*
 * error.c
 *	  What the core refused, as PostgreSQL says it, and which row an error is of.
 */
#include "pg/nnet.h"

#include "mb/pg_wchar.h"

static int
core_sqlstate(NNErrorCode code)
{
	switch (code)
	{
		case NN_OK:
			break;
		case NN_BAD_VALUE:
		case NN_BAD_SHAPE:
			return ERRCODE_INVALID_PARAMETER_VALUE;
		case NN_UNKNOWN_NAME:
			return ERRCODE_UNDEFINED_OBJECT;
		case NN_TOO_LARGE:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
	}
	return ERRCODE_INTERNAL_ERROR;
}

/* The core cuts long texts where UTF-8 may be cut; in another encoding half a character may stay. */
const char *
nnet_core_text(const char *text)
{
	int left = (int) strlen(text);
	char *copy;
	char *at;

	if (pg_verifymbstr(text, left, true))
		return text;
	at = copy = pstrdup(text);
	while (left > 0)
	{
		int length = pg_encoding_verifymbchar(GetDatabaseEncoding(), at, left);

		if (length < 0)
		{
			*at = '?';
			length = 1;
		}
		at += length;
		left -= length;
	}
	return copy;
}

static void
tell_row(void *arg)
{
	const NnetRow *row = arg;

	if (row->model != NULL)
		errcontext("%s " INT64_FORMAT " of %s(), model \"%s\"", row->what, row->number,
				   row->function, row->model);
	else
		errcontext("%s " INT64_FORMAT " of %s()", row->what, row->number, row->function);
}

void
nnet_row_enter(NnetRow *row)
{
	row->frame.previous = error_context_stack;
	row->frame.callback = tell_row;
	row->frame.arg = row;
	if (row->number > 0)
		error_context_stack = &row->frame;
}

void
nnet_row_leave(const NnetRow *row)
{
	error_context_stack = row->frame.previous;
}

void
nnet_core_error(const NNError *error, const char *model)
{
	const char *message = nnet_core_text(error->message);
	const char *hint = nnet_core_text(error->hint);

	/* the error may live in memory that errors free: ereport copies first */
	if (model != NULL)
		ereport(ERROR,
				(errcode(core_sqlstate(error->code)), errmsg("model \"%s\": %s", model, message),
				 hint[0] != '\0' ? errhint("%s", hint) : 0));
	ereport(ERROR,
			(errcode(core_sqlstate(error->code)), errmsg("%s", message),
			 hint[0] != '\0' ? errhint("%s", hint) : 0));
}

static void
refuse_id(const NNWrongId *wrong, const char *model)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_DATA_EXCEPTION),
		 errmsg("model \"%s\": layer \"%s\" takes ids from 0 to %d, not %g", model, wrong->layer,
				wrong->input_dim - 1, wrong->value),
		 errdetail("The value comes from layer \"%s\".", wrong->from),
		 errhint("Number the things from 0, or make the model with a larger %s.", wrong->option)));
}

bool
nnet_run_again(const NNPlan *plan, const NnetModel *model, NNRunResult result)
{
	NNWrongId wrong;

	if (nn_plan_wrong_id(plan, model->core, &wrong))
		refuse_id(&wrong, model->name);
	if (result == NN_RUN_INTERRUPTED)
		nnet_answer_interrupt();
	return result == NN_RUN_INTERRUPTED;
}
