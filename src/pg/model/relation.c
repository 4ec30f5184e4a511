/*
 * relation.c
 *	  Which relations are models, and who may do what with them.
 *
 * A model is any relation with the columns of nnet.layer, found by name: the
 * typed table that create_model makes, a plain copy, a view, a foreign table.
 * Everything happens as the calling user.
 */
#include "pg/model/model.h"

#include "access/parallel.h"
#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static const struct
{
	const char *name;
	Oid type;
} columns[COLUMN_COUNT] = {
	[COLUMN_LAYER] = {"layer", INT4OID},
	[COLUMN_PART] = {"part", INT4OID},
	[COLUMN_KIND] = {"kind", TEXTOID},
	[COLUMN_NAME] = {"name", TEXTOID},
	[COLUMN_INPUTS] = {"inputs", TEXTARRAYOID},
	[COLUMN_CONFIG] = {"config", JSONBOID},
	[COLUMN_WEIGHTS] = {"weights", FLOAT4ARRAYOID},
	[COLUMN_SLOTS] = {"slots", FLOAT4ARRAYOID},
};

const char *
nnet_column_name(ModelColumn column)
{
	return columns[column].name;
}

Oid
nnet_column_type(ModelColumn column)
{
	return columns[column].type;
}

char *
nnet_relation_name(Relation relation)
{
	if (RelationIsVisible(RelationGetRelid(relation)))
		return pstrdup(RelationGetRelationName(relation));
	return psprintf("%s.%s", get_namespace_name(RelationGetNamespace(relation)),
					RelationGetRelationName(relation));
}

char *
nnet_relation_sql(Relation relation)
{
	return quote_qualified_identifier(get_namespace_name(RelationGetNamespace(relation)),
									  RelationGetRelationName(relation));
}

static void
not_a_model(Relation relation, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("relation \"%s\" is not a model", nnet_relation_name(relation)),
			 errdetail("%s", detail),
			 errhint("A model has the columns of the type nnet.layer; "
					 "nnet.create_model() makes one.")));
}

static void
check_relkind(Relation relation)
{
	switch (relation->rd_rel->relkind)
	{
		case RELKIND_RELATION:
		case RELKIND_PARTITIONED_TABLE:
		case RELKIND_VIEW:
		case RELKIND_MATVIEW:
		case RELKIND_FOREIGN_TABLE:
			return;
		default:
			not_a_model(relation, "It is not a table or view.");
	}
}

static void
check_column(Relation relation, ModelColumn column)
{
	AttrNumber number = get_attnum(RelationGetRelid(relation), columns[column].name);
	Oid type;

	if (number <= 0)
		not_a_model(relation, psprintf("It has no column \"%s\".", columns[column].name));
	type = TupleDescAttr(RelationGetDescr(relation), number - 1)->atttypid;
	if (getBaseType(type) != columns[column].type)
		not_a_model(relation,
					psprintf("Its column \"%s\" has type %s instead of %s.", columns[column].name,
							 format_type_be(type), format_type_be(columns[column].type)));
}

Relation
nnet_model_open(Oid relid, LOCKMODE lock, bool slots)
{
	Relation relation;

	nnet_check_lockable(relid, lock, slots);
	relation = try_relation_open(relid, lock);
	if (relation == NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE), errmsg("model with OID %u does not exist", relid)));
	check_relkind(relation);
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (i != COLUMN_SLOTS || slots)
			check_column(relation, i);

	if (relation->rd_rel->relpersistence == RELPERSISTENCE_TEMP && IsParallelWorker())
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TRANSACTION_STATE),
				 errmsg("model \"%s\" is a temporary table, which a parallel worker cannot read",
						nnet_relation_name(relation)),
				 errhint("SET max_parallel_workers_per_gather = 0, or make the model permanent.")));
	return relation;
}

/* ---- privileges ---- */

static bool
may(Relation relation, ModelColumn column, AclMode mode)
{
	AttrNumber number = get_attnum(RelationGetRelid(relation), columns[column].name);

	return number > 0 &&
		pg_attribute_aclcheck(RelationGetRelid(relation), number, GetUserId(), mode) == ACLCHECK_OK;
}

static bool
may_table(Relation relation, AclMode mode)
{
	return pg_class_aclcheck(RelationGetRelid(relation), GetUserId(), mode) == ACLCHECK_OK;
}

bool
nnet_may_read_all(Relation relation)
{
	return may_table(relation, ACL_SELECT);
}

/* What a query that names the table would check, without running one. */
bool
nnet_may_read(Relation relation)
{
	if (object_aclcheck(NamespaceRelationId, RelationGetNamespace(relation), GetUserId(),
						ACL_USAGE) != ACLCHECK_OK)
		return false;
	if (may_table(relation, ACL_SELECT))
		return true;
	for (int i = 0; i < COLUMN_SLOTS; i++)
		if (!may(relation, i, ACL_SELECT))
			return false;
	return true;
}

static void
refuse_training(const char *relation)
{
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("permission denied for table %s", relation),
			 errdetail("Training needs the privileges SELECT and UPDATE.")));
}

/* Any column will do: for those that are needed, what reads and writes them asks again. */
static bool
may_any(Oid relid, AclMode mode)
{
	return pg_class_aclcheck(relid, GetUserId(), mode) == ACLCHECK_OK ||
		pg_attribute_aclcheck_all(relid, GetUserId(), mode, ACLMASK_ANY) == ACLCHECK_OK;
}

void
nnet_check_lockable(Oid relid, LOCKMODE lock, bool slots)
{
	Oid schema = get_rel_namespace(relid);
	bool reads = lock == AccessShareLock;
	char kind = get_rel_relkind(relid);
	AclResult acl;

	/* gone: opening it says so */
	if (!OidIsValid(schema))
		return;
	acl = object_aclcheck(NamespaceRelationId, schema, GetUserId(), ACL_USAGE);
	if (acl != ACLCHECK_OK)
		aclcheck_error(acl, OBJECT_SCHEMA, get_namespace_name(schema));
	if (may_any(relid, ACL_SELECT) && (reads || may_any(relid, ACL_UPDATE)))
		return;
	if (slots && !reads && kind == RELKIND_RELATION)
		refuse_training(get_rel_name(relid));
	aclcheck_error(ACLCHECK_NO_PRIV, get_relkind_objtype(kind), get_rel_name(relid));
}

static void
check_privileges(Relation relation)
{
	bool reads = may_table(relation, ACL_SELECT);
	bool writes = may_table(relation, ACL_UPDATE);

	if (!reads)
		reads = nnet_may_read(relation) && may(relation, COLUMN_SLOTS, ACL_SELECT);
	if (!writes)
		writes = may(relation, COLUMN_CONFIG, ACL_UPDATE) &&
			may(relation, COLUMN_WEIGHTS, ACL_UPDATE) && may(relation, COLUMN_SLOTS, ACL_UPDATE);
	if (!reads || !writes)
		refuse_training(RelationGetRelationName(relation));
}

bool
nnet_may_write_history(Relation relation)
{
	return may_table(relation, ACL_UPDATE) || may(relation, COLUMN_INPUTS, ACL_UPDATE);
}

void
nnet_check_trainable(Relation relation)
{
	if (relation->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("model \"%s\" cannot be trained", nnet_relation_name(relation)),
				 errdetail("It is not an ordinary table."),
				 errhint("nnet.copy_model() makes a table of it.")));
	check_privileges(relation);
}
