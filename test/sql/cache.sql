-- Predictions see the weights of their own snapshot, whatever happened to the table.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_cache CASCADE;
CREATE SCHEMA test_cache;
SET search_path = test_cache;
RESET client_min_messages;

-- whether a line of the query's plan matches
CREATE FUNCTION pg_temp.plan_has(query text, pattern text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    line text;
    found boolean := false;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP
        found := found OR line ~ pattern;
    END LOOP;
    RETURN found;
END $$;
-- an error as one line a part: SQLSTATE and message, detail, hint
CREATE FUNCTION pg_temp.fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text; detail text; hint text;
BEGIN
    EXECUTE query;
    RETURN NEXT 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN NEXT SQLSTATE || ': ' || message;
    IF detail <> '' THEN RETURN NEXT 'DETAIL: ' || detail; END IF;
    IF hint <> '' THEN RETURN NEXT 'HINT: ' || hint; END IF;
END $$;


-- y = w x; predict shows w
SELECT nnet.create_model('m', nnet.input(1), nnet.dense(1, use_bias => false));
CREATE FUNCTION pg_temp.w(model regclass) RETURNS real LANGUAGE sql VOLATILE
    AS $$ SELECT (nnet.predict(model, '{1}'::real[]))[1] $$;
CREATE FUNCTION pg_temp.w() RETURNS real LANGUAGE plpgsql VOLATILE
    AS $$ BEGIN RETURN (nnet.predict('m', '{1}'::real[]))[1]; END $$;
CREATE FUNCTION pg_temp.cached() RETURNS int LANGUAGE sql AS $$ SELECT (nnet.info()->>'cached_models')::int $$;
UPDATE m SET weights = '{1}' WHERE layer = 1;
SELECT pg_temp.w();
SELECT pg_temp.cached();

-- ---- own changes, one transaction ----

BEGIN;
UPDATE m SET weights = '{2}' WHERE layer = 1;
SELECT pg_temp.w();
SAVEPOINT s;
UPDATE m SET weights = '{3}' WHERE layer = 1;
SELECT pg_temp.w();
ROLLBACK TO s;
SELECT pg_temp.w();
ROLLBACK;
SELECT pg_temp.w();

-- the command id stays when a subtransaction is undone
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT pg_temp.w();
SAVEPOINT s;
UPDATE m SET weights = '{3}' WHERE layer = 1;
SELECT pg_temp.w();
ROLLBACK TO s;
SELECT pg_temp.w();
COMMIT;
DO $$
DECLARE
    r text := '';
BEGIN
    r := r || nnet.predict('m', '{1}'::real[])::text;
    BEGIN
        UPDATE m SET weights = '{4}' WHERE layer = 1;
        r := r || nnet.predict('m', '{1}'::real[])::text;
        RAISE division_by_zero;
    EXCEPTION WHEN division_by_zero THEN NULL;
    END;
    RAISE NOTICE '%', r || nnet.predict('m', '{1}'::real[])::text;
END $$;

-- TRUNCATE and INSERT twice in one transaction: the same places, the same xmin
CREATE TABLE saved AS TABLE m;
BEGIN;
TRUNCATE m;
INSERT INTO m SELECT * FROM saved;
SELECT pg_temp.w();
TRUNCATE m;
INSERT INTO m SELECT layer, part, kind, name, inputs, config, CASE WHEN layer = 1 THEN '{5}' ELSE weights END, slots FROM saved;
SELECT pg_temp.w();
COMMIT;
SELECT pg_temp.w();
-- and where the table itself is new
BEGIN;
CREATE TABLE fresh OF nnet.layer;
INSERT INTO fresh SELECT * FROM saved;
SELECT pg_temp.w('fresh');
TRUNCATE fresh;
INSERT INTO fresh SELECT layer, part, kind, name, inputs, config, CASE WHEN layer = 1 THEN '{6}' ELSE weights END, slots FROM saved;
SELECT pg_temp.w('fresh');
COMMIT;
SELECT pg_temp.w('fresh');

-- ---- training and predicting in turn ----

UPDATE m SET weights = '{0}' WHERE layer = 1;
SELECT nnet.compile('m', 'mse', nnet.sgd(0.25));
DO $$
DECLARE
    before real; after real; r text := '';
BEGIN
    FOR i IN 1..3 LOOP
        before := (nnet.predict('m', '{1}'::real[]))[1];
        PERFORM nnet.fit('m', '{1}'::real[], 8);
        after := (nnet.predict('m', '{1}'::real[]))[1];
        r := r || before || ' to ' || after || '; ';
    END LOOP;
    RAISE NOTICE '%', r;
END $$;
-- one statement has one snapshot: it predicts by the weights from before its fit
SELECT (f.fit->>'steps')::int, (nnet.predict('m', '{1}'::real[]))[1]
    FROM (SELECT nnet.fit('m', '{1}'::real[], 8) OFFSET 0) f;
SELECT pg_temp.w();
-- a cursor keeps its snapshot
BEGIN;
DECLARE c CURSOR FOR SELECT (nnet.predict('m', '{1}'::real[]))[1] FROM generate_series(1, 3);
FETCH c;
UPDATE m SET weights = '{1}' WHERE layer = 1;
FETCH c;
SELECT pg_temp.w();
FETCH c;
COMMIT;

-- ---- the table rewritten, renamed, dropped, altered ----

VACUUM FULL m;
SELECT pg_temp.w();
VACUUM m;
SELECT pg_temp.w();
CLUSTER m USING m_pkey;
SELECT pg_temp.w();
ALTER TABLE m RENAME TO m2;
SELECT pg_temp.w('m2');
ALTER TABLE m2 RENAME TO m;
ALTER TABLE m SET UNLOGGED;
SELECT pg_temp.w();
BEGIN;
DROP TABLE m;
SELECT nnet.create_model('m', nnet.input(1), nnet.dense(1, use_bias => false, kernel_initializer => nnet.constant(7)));
SELECT pg_temp.w();
ROLLBACK;
SELECT pg_temp.w();
ALTER TABLE saved ADD COLUMN more int;
SELECT pg_temp.w('saved');
ALTER TABLE saved RENAME COLUMN weights TO weight;
SELECT pg_temp.fails($$SELECT pg_temp.w('saved')$$);
ALTER TABLE saved RENAME COLUMN weight TO weights;
SELECT pg_temp.w('saved');
CREATE FUNCTION pg_temp.of(oid) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT replace(f, $1::text, 'N') FROM pg_temp.fails(format('SELECT nnet.predict(%s::oid::regclass, ''{1}''::real[])', $1)) f;
END $$;
SELECT 'fresh'::regclass::oid AS fresh \gset
SELECT pg_temp.w('fresh');
DROP TABLE fresh;
SELECT pg_temp.of(:fresh);

-- ---- what is not an ordinary table ----

CREATE VIEW v AS SELECT layer, part, kind, name, inputs, config,
    CASE WHEN layer = 1 THEN ARRAY[current_setting('test.w')::real] ELSE weights END AS weights FROM m;
SET test.w = 11;
SELECT pg_temp.w('v');
SET test.w = 12;
SELECT pg_temp.w('v');
-- read once a statement, also where nothing was written in between
BEGIN ISOLATION LEVEL REPEATABLE READ;
SET LOCAL test.w = 13;
SELECT pg_temp.w('v');
SET LOCAL test.w = 14;
SELECT pg_temp.w('v');
COMMIT;
DO $$
DECLARE
    r text := '';
BEGIN
    FOR i IN 1..3 LOOP
        PERFORM set_config('test.w', i::text, true);
        r := r || nnet.predict('v', '{1}'::real[])::text;
    END LOOP;
    RAISE NOTICE '%', r;
END $$;
CREATE MATERIALIZED VIEW mv AS TABLE m;
SELECT pg_temp.w('mv');
CREATE TABLE child () INHERITS (saved);
SELECT pg_temp.w('saved');
INSERT INTO child SELECT * FROM saved WHERE layer = 1;
SELECT pg_temp.fails($$SELECT pg_temp.w('saved')$$);
DROP TABLE child;
SELECT pg_temp.w('saved');
CREATE TABLE parts (LIKE m) PARTITION BY LIST (layer);
CREATE TABLE parts_a PARTITION OF parts FOR VALUES IN (-1, 0);
CREATE TABLE parts_b PARTITION OF parts DEFAULT;
INSERT INTO parts SELECT * FROM m;
SELECT pg_temp.w('parts');
UPDATE parts SET weights = '{15}' WHERE layer = 1;
SELECT pg_temp.w('parts');
-- a view that predicts by itself ends
CREATE VIEW loop AS TABLE m;
CREATE OR REPLACE VIEW loop AS SELECT layer, part, kind, name, inputs, config,
    CASE WHEN layer = 1 THEN nnet.predict('loop', '{1}'::real[]) ELSE weights END AS weights, slots FROM m;
SELECT pg_temp.fails($$SELECT pg_temp.w('loop')$$) LIMIT 1;
SELECT pg_temp.w();

-- ---- users: privileges and row security count though the model is in memory ----

SET client_min_messages = warning;
DROP ROLE IF EXISTS nnet_test_user;
RESET client_min_messages;
CREATE ROLE nnet_test_user;
SELECT pg_temp.w();
GRANT SELECT ON m TO nnet_test_user;
SELECT 'm'::regclass::oid AS m \gset
SET ROLE nnet_test_user;
SELECT pg_temp.fails(format('SELECT pg_temp.w(%s)', :m)) LIMIT 1;
RESET ROLE;
GRANT USAGE ON SCHEMA test_cache TO nnet_test_user;
SET ROLE nnet_test_user;
SELECT pg_temp.w();
RESET ROLE;
REVOKE SELECT ON m FROM nnet_test_user;
SET ROLE nnet_test_user;
SELECT pg_temp.fails('SELECT pg_temp.w()') LIMIT 1;
RESET ROLE;
GRANT SELECT (layer, part, kind, name, inputs, config) ON m TO nnet_test_user;
SET ROLE nnet_test_user;
SELECT pg_temp.fails('SELECT pg_temp.w()') LIMIT 1;
RESET ROLE;
GRANT SELECT (weights) ON m TO nnet_test_user;
SET ROLE nnet_test_user;
SELECT pg_temp.w();
RESET ROLE;
-- two versions in one table, each tenant sees one
CREATE TABLE shared AS SELECT m.*, t AS tenant FROM m, (VALUES ('a'), ('b')) t(t);
UPDATE shared SET weights = CASE tenant WHEN 'a' THEN '{21}' ELSE '{22}' END::real[] WHERE layer = 1;
ALTER TABLE shared ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON shared FOR SELECT USING (tenant = current_setting('test.tenant'));
GRANT SELECT ON shared TO nnet_test_user;
SELECT pg_temp.fails($$SELECT pg_temp.w('shared')$$);
SET ROLE nnet_test_user;
SET test.tenant = 'a';
SELECT pg_temp.w('shared');
SET test.tenant = 'b';
SELECT pg_temp.w('shared');
SET test.tenant = 'c';
SELECT pg_temp.fails($$SELECT pg_temp.w('shared')$$);
DO $$
DECLARE
    r text := '';
BEGIN
    FOR i IN 1..4 LOOP
        PERFORM set_config('test.tenant', CASE i % 2 WHEN 0 THEN 'a' ELSE 'b' END, true);
        r := r || nnet.predict('shared', '{1}'::real[])::text;
    END LOOP;
    RAISE NOTICE '%', r;
END $$;
RESET ROLE;

-- ---- many models, and room for few ----

SELECT nnet.create_model('n' || i, nnet.input(1),
    nnet.dense(1, use_bias => false, kernel_initializer => nnet.constant(i)))::text COLLATE "C" FROM generate_series(1, 20) i;
SELECT string_agg((nnet.predict(('n' || i)::regclass, '{1}'::real[]))[1]::text, ' ' ORDER BY i) FROM generate_series(1, 20) i;
SELECT pg_temp.cached() >= 20;
SET nnet.cache_size = '100kB';
SELECT string_agg((nnet.predict(('n' || i)::regclass, '{1}'::real[]))[1]::text, ' ' ORDER BY i) FROM generate_series(1, 20) i;
SELECT pg_temp.cached() BETWEEN 1 AND 19, (nnet.info()->>'cached_bytes')::int <= 100 * 1024;
SET nnet.cache_size = 0;
SELECT string_agg((nnet.predict(('n' || i % 2 + 1)::regclass, '{1}'::real[]))[1]::text, ' ' ORDER BY i) FROM generate_series(1, 20) i;
SELECT pg_temp.cached();
RESET nnet.cache_size;

-- ---- parallel workers ----

CREATE TEMP TABLE t AS TABLE m;
SELECT nnet.create_model('pg_temp.temporary', nnet.input(1), nnet.dense(1));
CREATE TABLE many AS SELECT i::real AS x FROM generate_series(1, 10000) i;
ALTER TABLE many SET (parallel_workers = 2);
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
SELECT pg_temp.plan_has($$SELECT count(nnet.predict('m', x)) FROM many$$, 'Partial Aggregate') AS parallel;
SELECT count(nnet.predict('m', x)) FROM many;
SELECT pg_temp.fails($$SELECT count(nnet.predict('temporary', x)) FROM many$$);
SET max_parallel_workers_per_gather = 0;
SELECT count(nnet.predict('temporary', x)) FROM many;
RESET ALL;
SET search_path = test_cache;

DROP OWNED BY nnet_test_user;
DROP ROLE nnet_test_user;

SET client_min_messages = warning;
DROP SCHEMA test_cache CASCADE;
