/*
 * ahead.c
 *	  Whose code may read rows that nobody has asked for yet.
 *
 * A batched scan reads ahead and forgets what fails (predict/scan_batch.c), without
 * a subtransaction: that is sound for code of the server and ours, and for no other.
 */
#include "pg/data/data.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "utils/syscache.h"

bool
nnet_function_is_servers(Oid function)
{
	HeapTuple tuple;
	bool internal;

	if (function < FirstNormalObjectId)
		return true;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	internal =
		HeapTupleIsValid(tuple) && ((Form_pg_proc) GETSTRUCT(tuple))->prolang == INTERNALlanguageId;
	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	return internal;
}

void
nnet_refuse_ahead(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg_internal("%s is read by code of users, not before it is wanted", what)));
}
