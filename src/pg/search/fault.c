/*
 * fault.c
 *	  Errors of one candidate that are not those of the statement.
 */
#include "pg/search/search.h"

#include "access/xact.h"
#include "utils/resowner.h"

/* What a user or the server asked for, and what another transaction did: nobody goes on after that. */
static bool
ends_query(int sqlstate)
{
	int class = ERRCODE_TO_CATEGORY(sqlstate);

	return class == ERRCODE_TO_CATEGORY(ERRCODE_QUERY_CANCELED) ||
		class == ERRCODE_TO_CATEGORY(ERRCODE_T_R_SERIALIZATION_FAILURE);
}

static char *
copy(const char *string, MemoryContext context)
{
	return string != NULL ? MemoryContextStrdup(context, string) : NULL;
}

static void
note(NnetFault *fault, const ErrorData *error, MemoryContext context)
{
	*fault = (NnetFault){
		.is = true,
		.sqlstate = error->sqlerrcode,
		.message = copy(error->message, context),
		.detail = copy(error->detail, context),
		.hint = copy(error->hint, context),
	};
}

bool
nnet_attempt(NnetStep step, void *arg, NnetFault *fault, MemoryContext context)
{
	MemoryContext caller = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(caller);
	PG_TRY();
	{
		step(arg);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData *error;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(caller);
		CurrentResourceOwner = owner;
		if (ends_query(error->sqlerrcode))
			ReThrowError(error);
		note(fault, error, context);
		FreeErrorData(error);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);
	CurrentResourceOwner = owner;
	return !fault->is;
}

void
nnet_fault_raise(const NnetFault *fault)
{
	ereport(ERROR,
			(errcode(fault->sqlstate), errmsg_internal("%s", fault->message),
			 fault->detail != NULL ? errdetail_internal("%s", fault->detail) : 0,
			 fault->hint != NULL ? errhint("%s", fault->hint) : 0));
}
