/*
 * compat.h
 *	  What differs between PostgreSQL 13 and 18, behind the newest names.  No
 *	  other file asks for the version.
 */
#ifndef NNET_COMPAT_H
#define NNET_COMPAT_H

#include "postgres.h"

#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/shmem.h" /* add_size, mul_size */
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/numeric.h"
#include "utils/rel.h"

#if PG_VERSION_NUM >= 140000
#include "utils/wait_event.h"
#else
#include "pgstat.h"
#endif

#if PG_VERSION_NUM < 130000 || PG_VERSION_NUM >= 190000
#error nnet is for PostgreSQL 13 to 18
#endif

/* ---- 18 ---- */

#if PG_VERSION_NUM < 180000
#define pg_noreturn pg_attribute_noreturn()
#else
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif

/* ---- 17: random() of a range beside the plain one ---- */

#if PG_VERSION_NUM >= 170000
#define NNET_F_RANDOM F_RANDOM_
#elif PG_VERSION_NUM >= 140000
#define NNET_F_RANDOM F_RANDOM
#else
#define NNET_F_RANDOM F_DRANDOM
#endif

/* ---- 17 too: intervals have infinities ---- */

#if PG_VERSION_NUM >= 170000
#define NNET_HAS_INFINITE_INTERVALS
#endif

/* ---- 16 ---- */

#if PG_VERSION_NUM < 160000

typedef RelFileNode RelFileLocator;
#define RelFileLocatorEquals(a, b) RelFileNodeEquals(a, b)
#define rd_locator rd_node

static inline AclResult
object_aclcheck(Oid class, Oid object, Oid role, AclMode mode)
{
	if (class == NamespaceRelationId)
		return pg_namespace_aclcheck(object, role, mode);
	Assert(class == ProcedureRelationId);
	return pg_proc_aclcheck(object, role, mode);
}

#endif

/* ---- 15 ---- */

#if PG_VERSION_NUM < 150000

#define MarkGUCPrefixReserved(prefix) EmitWarningsOnPlaceholders(prefix)

/* Let a function return its rows by rsinfo->setResult; flags are none. */
static inline void
InitMaterializedSRF(FunctionCallInfo fcinfo, bits32 flags)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext old;
	TupleDesc row;

	if (rsinfo == NULL || !IsA(rsinfo, ReturnSetInfo) || !(rsinfo->allowedModes & SFRM_Materialize))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a function that returns rows was called where they cannot be taken")));
	old = MemoryContextSwitchTo(rsinfo->econtext->ecxt_per_query_memory);
	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	rsinfo->returnMode = SFRM_Materialize;
	rsinfo->setResult = tuplestore_begin_heap((rsinfo->allowedModes & SFRM_Materialize_Random) != 0,
											  false, work_mem);
	rsinfo->setDesc = CreateTupleDescCopy(row);
	MemoryContextSwitchTo(old);
}

#endif

/* ---- 15: when shared memory may be asked for ---- */

typedef void (*NnetShmemRequest)(void);

#if PG_VERSION_NUM >= 150000
#define NNET_AT_SHMEM_REQUEST(next, request) \
	((next) = shmem_request_hook, shmem_request_hook = (request))
#else
#define NNET_AT_SHMEM_REQUEST(next, request) request()
#endif

/* ---- 14: the role's name ---- */

#if PG_VERSION_NUM < 140000
#define ROLE_PG_READ_ALL_STATS DEFAULT_ROLE_READ_ALL_STATS
#endif

/* ---- 14: kinds of plan nodes, and what is under ModifyTable ---- */

#if PG_VERSION_NUM >= 140000
#define NNET_HAS_TID_RANGE
#define NNET_HAS_MEMOIZE
#define NNET_MODIFY_PLANS(node) NIL
#else
#define NNET_MODIFY_PLANS(node) ((node)->plans)
#endif

#if PG_VERSION_NUM >= 150000
#define NNET_HAS_RUN_CONDITION
#endif

#if PG_VERSION_NUM < 140000

#define pg_encoding_verifymbchar(encoding, text, length) \
	pg_encoding_verifymb(encoding, text, length)

static inline Numeric
int64_to_numeric(int64 value)
{
	return DatumGetNumeric(DirectFunctionCall1(int8_numeric, Int64GetDatum(value)));
}

#endif

/* SQL's random(), from 0 to below 1: setseed() fixes what it gives. */
static inline double
nnet_random(void)
{
	return DatumGetFloat8(OidFunctionCall0(NNET_F_RANDOM));
}

#endif /* NNET_COMPAT_H */
