/*
 * versions.c
 *	  What identifies the rows of a model: the versions MVCC itself goes by.
 *
 * A version is (ctid, raw xmin, raw command id) within a relation's file.
 * Command ids matter: TRUNCATE and INSERT in one transaction put other rows at
 * the same places under the same xmin.
 *
 * The versions that stand for a model are read in the query that reads its
 * rows, with the oid of the table they came from: whatever hook sends the
 * query elsewhere, the key is that of the rows read.  A scan of the heap, which
 * no hook sees and no value is detoasted for, says later whether they are still
 * what the active snapshot sees.
 */
#include "pg/model/model.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/relscan.h"
#include "access/tableam.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

bool
nnet_versions_tell_all(Relation relation)
{
	return relation->rd_rel->relkind == RELKIND_RELATION &&
		relation->rd_rel->relam == HEAP_TABLE_AM_OID && !relation->rd_rel->relhassubclass &&
		check_enable_rls(RelationGetRelid(relation), InvalidOid, true) != RLS_ENABLED &&
		nnet_may_read(relation);
}

static int
compare_places(const void *a, const void *b)
{
	NnetRowVersion x = *(const NnetRowVersion *) a;
	NnetRowVersion y = *(const NnetRowVersion *) b;

	return ItemPointerCompare(&x.tid, &y.tid);
}

/*
 * column is the first of NNET_VERSION_COLUMNS in the n tuples.  NULL if a row
 * is not that relation's own.
 */
NnetRowVersion *
nnet_versions_read(Oid relid, HeapTuple *tuples, TupleDesc desc, int column, int n)
{
	NnetRowVersion *versions = palloc0(sizeof(NnetRowVersion) * n);

	for (int i = 0; i < n; i++)
	{
		Datum values[4];

		for (int k = 0; k < (int) lengthof(values); k++)
		{
			bool isnull;

			values[k] = SPI_getbinval(tuples[i], desc, column + k, &isnull);
			if (isnull)
				return NULL;
		}
		if (DatumGetObjectId(values[0]) != relid)
			return NULL;
		versions[i].tid = *(ItemPointer) DatumGetPointer(values[1]);
		versions[i].xmin = DatumGetTransactionId(values[2]);
		versions[i].command = DatumGetCommandId(values[3]);
	}
	qsort(versions, n, sizeof(NnetRowVersion), compare_places);
	return versions;
}

bool
nnet_versions_visible(Relation relation, NnetRowVersion *versions, int n)
{
	TableScanDesc scan = table_beginscan_strat(relation, GetActiveSnapshot(), 0, NULL, true, false);
	HeapTuple tuple;
	int seen = 0;

	Assert(n > 0);
	/* in the order of their places, as versions are */
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		nnet_check_interrupts();
		if (seen == n || !ItemPointerEquals(&tuple->t_self, &versions[seen].tid) ||
			HeapTupleHeaderGetRawXmin(tuple->t_data) != versions[seen].xmin ||
			HeapTupleHeaderGetRawCommandId(tuple->t_data) != versions[seen].command)
		{
			seen = -1;
			break;
		}
		seen++;
	}
	table_endscan(scan);
	return seen == n;
}
