/*
 * weights.c
 *	  Arrays of real between tables and memory, without a step per element and
 *	  without a copy of the whole.
 *
 * A row of a model holds up to 2^24 values, and as many of each slot: 64 MB,
 * 128 MB.  Out of a TOAST table they are fetched slice by slice; what cannot
 * be sliced (compressed, computed by a view) is there in one piece for as long
 * as it is read.  Into a table they go from where they are, straight into the
 * row that PostgreSQL forms.
 */
#include "pg/model/model.h"

#include "access/detoast.h"
#include "access/relation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/params.h"
#include "utils/expandeddatum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define SLICE_VALUES ((size_t) 1 << 20) /* fetched at a time: 4 MB */

static void
bad_values(int sqlstate, const char *model, const char *what, const char *contains)
{
	ereport(
		ERROR,
		(errcode(sqlstate), errmsg("model \"%s\": %s contain %s", model, what, contains),
		 errhint("Put the values right with UPDATE, or take the row from a copy of the model.")));
}

/* ---- out of a table ---- */

/* Bytes of an array before its values; 0: it has a map of NULL elements, or is none of reals. */
static size_t
plain_header(const ArrayType *array)
{
	if (ARR_NDIM(array) < 0 || ARR_NDIM(array) > MAXDIM || ARR_HASNULL(array) ||
		ARR_ELEMTYPE(array) != FLOAT4OID)
		return 0;
	return ARR_DATA_OFFSET(array);
}

/*
 * The beginning of a value that lies in a TOAST table as it is, so that parts
 * of it can be fetched: the array's header and dimensions.  NULL of another.
 */
static const ArrayType *
stored_beginning(Datum datum, size_t *bytes)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);
	struct varatt_external pointer;

	if (!VARATT_IS_EXTERNAL_ONDISK(value))
		return NULL;
	VARATT_EXTERNAL_GET_POINTER(pointer, value);
	if (VARATT_EXTERNAL_IS_COMPRESSED(pointer))
		return NULL;
	*bytes = (size_t) pointer.va_rawsize;
	/* a slice begins after the length, where its own is */
	return (const ArrayType *) PG_DETOAST_DATUM_SLICE(datum, 0,
													  ARR_OVERHEAD_NONULLS(MAXDIM) - VARHDRSZ);
}

void
nnet_stored_open(NnetStored *stored, Datum datum, const char *model, const char *what)
{
	size_t bytes = 0;
	const ArrayType *array = stored_beginning(datum, &bytes);

	*stored = (NnetStored){.datum = datum, .model = model, .what = what};
	if (array != NULL && VARSIZE(array) >= ARR_OVERHEAD_NONULLS(0))
		stored->header = plain_header(array);
	if (stored->header > 0 && stored->header <= VARSIZE(array))
	{
		stored->n = (size_t) ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
		if (stored->header + stored->n * sizeof(float4) == bytes)
			return;
	}
	bytes = toast_raw_datum_size(datum);
	nnet_memory_check(&(NnetMemoryNeed){
		.model = model,
		.action = psprintf("read %s in one piece", what),
		.bytes = {[NNET_MEMORY_COPIES] = bytes},
	});
	stored->whole = DatumGetArrayTypeP(datum);
	stored->n = (size_t) ArrayGetNItems(ARR_NDIM(stored->whole), ARR_DIMS(stored->whole));
	if (ARR_HASNULL(stored->whole) && array_contains_nulls(stored->whole))
		bad_values(ERRCODE_NULL_VALUE_NOT_ALLOWED, model, what, "NULL");
}

void
nnet_stored_read(const NnetStored *stored, size_t from, size_t n, float4 *to)
{
	size_t count;

	for (size_t i = 0; i < n; i += count)
	{
		const float4 *values;
		struct varlena *slice = NULL;

		nnet_check_interrupts();
		count = Min(n - i, SLICE_VALUES);
		if (stored->whole != NULL)
			values = (const float4 *) ARR_DATA_PTR(stored->whole) + from + i;
		else
		{
			slice = PG_DETOAST_DATUM_SLICE(stored->datum,
										   stored->header - VARHDRSZ + (from + i) * sizeof(float4),
										   count * sizeof(float4));
			if (VARSIZE_ANY_EXHDR(slice) != count * sizeof(float4))
				ereport(ERROR,
						(errcode(ERRCODE_DATA_CORRUPTED),
						 errmsg("model \"%s\": %s end before their length", stored->model,
								stored->what)));
			values = (const float4 *) VARDATA_ANY(slice);
		}
		memcpy(to + i, values, count * sizeof(float4));
		if (slice != NULL)
			pfree(slice);
		if (!nn_all_finite(to + i, count))
			bad_values(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, stored->model, stored->what,
					   "NaN or infinity");
	}
}

void
nnet_stored_close(NnetStored *stored)
{
	if (stored->whole != NULL && (Pointer) stored->whole != DatumGetPointer(stored->datum))
		pfree(stored->whole);
	stored->whole = NULL;
}

/* ---- into a table ---- */

/*
 * An array that is made where a row is formed, out of the values where they
 * are: an "expanded object" of PostgreSQL's, whose flat form has not been
 * asked for yet.
 */
typedef struct Lent
{
	ExpandedObjectHeader header;
	NNShape shape;
	int n_sources;
	const nn_real *sources[NN_MAX_SLOTS];
	size_t n; /* values of each */
} Lent;

static Size
lent_size(ExpandedObjectHeader *header)
{
	const Lent *lent = (const Lent *) header;

	return ARR_OVERHEAD_NONULLS(lent->shape.rank) +
		lent->n * (size_t) lent->n_sources * sizeof(float4);
}

static void
lent_flatten(ExpandedObjectHeader *header, void *result, Size allocated)
{
	const Lent *lent = (const Lent *) header;
	ArrayType *array = result;
	char *to;

	Assert(allocated == lent_size(header));
	memset(array, 0, ARR_OVERHEAD_NONULLS(lent->shape.rank));
	SET_VARSIZE(array, allocated);
	array->ndim = lent->shape.rank;
	array->elemtype = FLOAT4OID;
	for (int i = 0; i < lent->shape.rank; i++)
	{
		ARR_DIMS(array)[i] = lent->shape.dim[i];
		ARR_LBOUND(array)[i] = 1;
	}
	to = ARR_DATA_PTR(array);
	for (int i = 0; i < lent->n_sources; i++, to += lent->n * sizeof(float4))
		memcpy(to, lent->sources[i], lent->n * sizeof(float4));
}

static const ExpandedObjectMethods lent_methods = {lent_size, lent_flatten};

Datum
nnet_weights_lend(const NNShape *shape, size_t n, const nn_real *const *sources, int n_sources)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "nnet lent weights", ALLOCSET_SMALL_SIZES);
	Lent *lent = MemoryContextAllocZero(context, sizeof(Lent));

	EOH_init_header(&lent->header, &lent_methods, context);
	lent->n = n;
	lent->n_sources = n_sources;
	for (int i = 0; i < n_sources; i++)
		lent->sources[i] = sources[i];
	if (shape != NULL)
		lent->shape = *shape;
	else if (n > 0)
		lent->shape = (NNShape){1, {(int) (n * (size_t) n_sources)}};
	return EOHPGetRODatum(&lent->header);
}

typedef struct Parameters
{
	SPIPlanPtr plan;
	const Datum *values;
	const char *nulls;
} Parameters;

static ParamExternData *
fetch_parameter(ParamListInfo list, int number, bool speculative, ParamExternData *parameter)
{
	const Parameters *parameters = list->paramFetchArg;

	parameter->value = parameters->values[number - 1];
	parameter->isnull = parameters->nulls != NULL && parameters->nulls[number - 1] == 'n';
	parameter->pflags = 0;
	parameter->ptype = SPI_getargtypeid(parameters->plan, number - 1);
	return parameter;
}

/*
 * Extensions write out the parameters of queries, and an output function takes
 * what is lent for an expanded array of PostgreSQL's own.  So the list of
 * parameters is empty, which all know from PL/pgSQL, and the executor fetches
 * them.
 */
int
nnet_execute_lending(SPIPlanPtr plan, const Datum *values, const char *nulls)
{
	Parameters parameters = {.plan = plan, .values = values, .nulls = nulls};
	ParamListInfo list = makeParamList(SPI_getargcount(plan));
	int result;

	for (int i = 0; i < list->numParams; i++)
		list->params[i] = (ParamExternData){.isnull = true, .ptype = InvalidOid};
	list->paramFetch = fetch_parameter;
	list->paramFetchArg = &parameters;
	result = SPI_execute_plan_with_paramlist(plan, list, false, 0);
	pfree(list);
	return result;
}

bool
nnet_may_lend(Oid relid)
{
	Relation relation = relation_open(relid, NoLock); /* locked by whoever asks */
	bool may = relation->rd_rules == NULL;

	for (int i = 0; i < RelationGetNumberOfAttributes(relation) && may; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation), i);

		may = attribute->attisdropped || getBaseType(attribute->atttypid) == attribute->atttypid;
	}
	relation_close(relation, NoLock);
	return may;
}

Datum
nnet_weights_flat(Datum lent)
{
	ExpandedObjectHeader *header = DatumGetEOHP(lent);
	Size bytes = EOH_get_flat_size(header);
	void *flat = palloc(bytes);

	EOH_flatten_into(header, flat, bytes);
	return PointerGetDatum(flat);
}

int
nnet_parts(size_t n)
{
	return n > PART_VALUES ? (int) ((n + PART_VALUES - 1) / PART_VALUES) : 1;
}
