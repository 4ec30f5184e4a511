/*
 * parameters.c
 *	  For tests: writes out the parameters of every query that ends, nested
 *	  ones too, as auto_explain and pgaudit do.  parameters.bytes counts what
 *	  was written.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "fmgr.h"
#include "nodes/params.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

PG_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

static int bytes;
static ExecutorEnd_hook_type end_before;

/* As PostgreSQL writes them, which leaves those alone that are fetched. */
static void
write_together(ParamListInfo parameters)
{
	char *text = BuildParamLogString(parameters, NULL, -1);

	if (text != NULL)
		bytes += (int) strlen(text);
}

/* Each by itself, of those that are in the list. */
static void
write_each(ParamListInfo parameters)
{
	for (int i = 0; i < parameters->numParams; i++)
	{
		ParamExternData *parameter = &parameters->params[i];
		Oid output;
		bool varlena;

		if (parameter->isnull || !OidIsValid(parameter->ptype))
			continue;
		getTypeOutputInfo(parameter->ptype, &output, &varlena);
		bytes += (int) strlen(OidOutputFunctionCall(output, parameter->value));
	}
}

static void
writing_end(QueryDesc *query)
{
	if (query->params != NULL && query->params->numParams > 0)
	{
		write_together(query->params);
		write_each(query->params);
	}
	if (end_before != NULL)
		end_before(query);
	else
		standard_ExecutorEnd(query);
}

void
_PG_init(void)
{
	DefineCustomIntVariable("parameters.bytes", "Bytes of parameters that were written.", NULL,
							&bytes, 0, 0, INT_MAX, PGC_USERSET, 0, NULL, NULL, NULL);
	end_before = ExecutorEnd_hook;
	ExecutorEnd_hook = writing_end;
}
