/*
 * partial.c
 *	  For tests: partial results of nnet.evaluate() that travel between
 *	  databases, as those of shards do.
 *
 *	  partial_total(internal, state bytea) adds a state to others: the transition
 *	  function of an aggregate that ends with nnet.evaluate_final.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/value.h"
#include "parser/parse_func.h"

PG_MODULE_MAGIC;

extern PGDLLEXPORT Datum partial_total(PG_FUNCTION_ARGS);
PG_FUNCTION_INFO_V1(partial_total);

/* A function of the schema nnet, in the aggregate at hand. */
static Datum
call(FunctionCallInfo fcinfo, const char *name, Oid first, NullableDatum a, NullableDatum b,
	 bool *isnull)
{
	List *names = list_make2(makeString(pstrdup("nnet")), makeString(pstrdup(name)));
	Oid types[] = {first, INTERNALOID};
	FmgrInfo function;
	LOCAL_FCINFO(inner, 2);
	Datum result;

	fmgr_info(LookupFuncName(names, 2, types, false), &function);
	InitFunctionCallInfoData(*inner, &function, 2, InvalidOid, fcinfo->context, NULL);
	inner->args[0] = a;
	inner->args[1] = b;
	result = FunctionCallInvoke(inner);
	*isnull = inner->isnull;
	return result;
}

Datum
partial_total(PG_FUNCTION_ARGS)
{
	NullableDatum none = {0, true};
	NullableDatum state;
	bool isnull;
	Datum total;

	state.value = call(fcinfo, "evaluate_deserialize", BYTEAOID, fcinfo->args[1], none, &isnull);
	state.isnull = isnull;
	total = call(fcinfo, "evaluate_combine", INTERNALOID, fcinfo->args[0], state, &isnull);
	if (isnull)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(total);
}
