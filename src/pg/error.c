/*
 * error.c
 *	  What the core refused, as PostgreSQL says it.
 */
#include "pg/nnet.h"

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

void
nnet_core_error(const NNError *error, const char *model)
{
	/* the error may live in memory that errors free: ereport copies first */
	if (model != NULL)
		ereport(ERROR,
				(errcode(core_sqlstate(error->code)),
				 errmsg("model \"%s\": %s", model, error->message),
				 error->hint[0] != '\0' ? errhint("%s", error->hint) : 0));
	ereport(ERROR,
			(errcode(core_sqlstate(error->code)), errmsg("%s", error->message),
			 error->hint[0] != '\0' ? errhint("%s", error->hint) : 0));
}
