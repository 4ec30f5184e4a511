-- What the system catalogs say of the extension: comments, labels, rights.
BEGIN;
SELECT no_plan();

-- all objects of the extension, by catalog
CREATE TEMPORARY VIEW members AS
SELECT d.classid::regclass::text AS class, d.objid AS oid
FROM pg_depend AS d JOIN pg_extension AS e ON d.refobjid = e.oid
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'nnet';

CREATE TEMPORARY VIEW functions AS
SELECT p.*, p.oid::regprocedure::text AS signature
FROM pg_proc AS p JOIN members AS m ON m.class = 'pg_proc' AND m.oid = p.oid;

-- ---- the extension ----

SELECT is(extversion, '0.1.0', 'the version is the one of the control file')
FROM pg_extension WHERE extname = 'nnet';
SELECT is(extnamespace::regnamespace::text, 'nnet', 'it lives in schema nnet')
FROM pg_extension WHERE extname = 'nnet';
SELECT is(extrelocatable, false, 'and stays there') FROM pg_extension WHERE extname = 'nnet';
SELECT ok(trusted AND superuser, 'it is trusted')
FROM pg_available_extension_versions WHERE name = 'nnet' AND version = '0.1.0';
SELECT is_empty($$ SELECT signature FROM functions WHERE pronamespace <> 'nnet'::regnamespace $$,
    'every function is in schema nnet');
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc AS p WHERE pronamespace = 'nnet'::regnamespace
    AND oid NOT IN (SELECT oid FROM functions) $$,
    'and nothing else is');
SELECT cmp_ok(count(*), '>', 40::bigint, 'there are functions to look at') FROM functions;

-- ---- comments ----

SELECT is_empty($$ SELECT signature FROM functions WHERE coalesce(obj_description(oid, 'pg_proc'), '') = '' $$,
    'every function and aggregate has a comment');
SELECT is_empty($$ SELECT m.oid::regclass FROM members AS m JOIN pg_class AS c USING (oid)
    WHERE m.class = 'pg_class' AND coalesce(obj_description(m.oid, 'pg_class'), '') = '' $$,
    'every relation has a comment');
SELECT is_empty($$ SELECT m.oid::regtype FROM members AS m JOIN pg_type AS t USING (oid)
    WHERE m.class = 'pg_type' AND t.typelem = 0 AND t.typrelid NOT IN (SELECT oid FROM pg_class WHERE relkind = 'v')
    AND coalesce(obj_description(m.oid, 'pg_type'), '') = '' $$,
    'every type has a comment');
SELECT is_empty($$ SELECT a.attrelid::regclass, a.attname FROM pg_attribute AS a
    WHERE (a.attrelid = 'nnet.models'::regclass OR a.attrelid = (SELECT typrelid FROM pg_type WHERE oid = 'nnet.layer'::regtype))
    AND a.attnum > 0 AND coalesce(col_description(a.attrelid, a.attnum), '') = '' $$,
    'every column of nnet.layer and nnet.models has a comment');
SELECT isnt(obj_description('nnet'::regnamespace, 'pg_namespace'), NULL, 'the schema has a comment');

-- ---- rights ----

SELECT is_empty($$ SELECT signature FROM functions WHERE prosecdef $$, 'no function is SECURITY DEFINER');
SELECT is_empty($$ SELECT signature FROM functions WHERE proleakproof $$, 'none claims to be leakproof');
SELECT ok(has_schema_privilege('public', 'nnet', 'USAGE'), 'PUBLIC may use the schema');
SELECT ok(NOT has_schema_privilege('public', 'nnet', 'CREATE'), 'but not create in it');
SELECT is_empty($$ SELECT signature FROM functions WHERE NOT has_function_privilege('public', oid, 'EXECUTE') $$,
    'PUBLIC may call every function');
SELECT ok(has_table_privilege('public', 'nnet.models', 'SELECT'), 'PUBLIC may read nnet.models');
SELECT ok(has_type_privilege('public', 'nnet.layer', 'USAGE'), 'PUBLIC may make tables of nnet.layer');

-- ---- labels: what planners and parallel queries rely on ----

CREATE TEMPORARY TABLE expected (name text, kind "char", volatility "char", parallel "char", strict boolean);
INSERT INTO expected VALUES
    ('create_model', 'f', 'v', 'u', NULL),
    ('copy_model', 'f', 'v', 'u', NULL),
    ('compile', 'f', 'v', 'u', NULL),
    ('options', 'f', 'i', 's', NULL),
    ('fit', 'a', NULL, 'u', NULL),
    ('evaluate', 'a', NULL, 's', NULL),
    ('average', 'a', NULL, 's', NULL),
    ('predict', 'f', 's', 's', true),
    ('classify', 'f', 's', 's', true),
    ('predict_batch', 'w', NULL, NULL, NULL),
    ('summary', 'f', 's', NULL, NULL),
    ('history', 'f', 's', NULL, NULL),
    ('parameters', 'f', 's', NULL, NULL),
    ('info', 'f', NULL, NULL, NULL);
SELECT has_function('nnet', name, 'nnet.' || name || ' exists') FROM expected;
SELECT is_empty(format($$ SELECT signature, prokind, provolatile, proparallel, proisstrict FROM functions
    WHERE proname = %L AND (prokind <> %L OR provolatile <> coalesce(%L, provolatile)
    OR proparallel <> coalesce(%L, proparallel) OR proisstrict <> coalesce(%L, proisstrict)) $$,
    name, kind, volatility, parallel, strict), 'nnet.' || name || ' is labelled as it behaves')
FROM expected;

-- those that describe a layer, an optimizer or a schedule compute from their arguments alone
SELECT is_empty($$ SELECT signature FROM functions
    WHERE prorettype = 'jsonb'::regtype AND prokind = 'f' AND proname NOT IN ('info')
    AND pronargs > 0 AND NOT ('internal'::regtype = ANY (proargtypes))
    AND (provolatile <> 'i' OR proparallel <> 's') $$,
    'constructors are immutable and parallel safe');
SELECT is_empty($$ SELECT signature FROM functions
    WHERE prokind = 'f' AND pronargs > 0 AND proargnames IS NULL AND NOT ('internal'::regtype = ANY (proargtypes)) $$,
    'arguments have names');

-- aggregates
SELECT is_empty($$ SELECT aggfnoid FROM pg_aggregate JOIN functions ON oid = aggfnoid
    WHERE proname = 'evaluate' AND (aggcombinefn = 0 OR aggserialfn = 0 OR aggdeserialfn = 0) $$,
    'evaluate runs in parallel workers: combine, serialize, deserialize');
SELECT is_empty($$ SELECT aggfnoid FROM pg_aggregate JOIN functions ON oid = aggfnoid
    WHERE proname = 'fit' AND (aggfinalmodify <> 'w' OR aggtransspace < 1000000) $$,
    'fit: the final function changes the state, and groups are sorted instead of hashed');
SELECT is_empty($$ SELECT aggfnoid FROM pg_aggregate JOIN functions ON oid = aggfnoid
    WHERE proname = 'average' AND aggcombinefn = 0 $$, 'average can be combined');

-- "any" has no overload beside it that differs in that argument alone
SELECT is_empty($$ SELECT a.signature, b.signature FROM functions AS a JOIN functions AS b
    ON a.proname = b.proname AND a.pronargs = b.pronargs AND a.oid < b.oid AND a.proname <> 'compile'
    AND a.prokind <> 'f' $$,
    'one declaration an aggregate and number of arguments');

-- ---- the type ----

SELECT is((SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
           FROM pg_attribute WHERE attrelid = (SELECT typrelid FROM pg_type WHERE oid = 'nnet.layer'::regtype) AND attnum > 0),
    'layer integer, part integer, kind text, name text, inputs text[], config jsonb, weights real[], slots real[]',
    'nnet.layer has the columns it is known by');

SELECT * FROM finish();
ROLLBACK;
