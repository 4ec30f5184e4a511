-- What is no ordinary table is read as it is for the query that asks, from whatever language and
-- while settings change between the calls.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_cache_calls CASCADE;
CREATE SCHEMA test_cache_calls;
SET search_path = test_cache_calls;
RESET client_min_messages;

-- y = w x; predict shows w, which for v is a setting
SELECT nnet.create_model('m', nnet.input(1), nnet.dense(1, use_bias => false));
UPDATE m SET weights = '{1}' WHERE layer = 1;
CREATE VIEW v AS SELECT layer, part, kind, name, inputs, config,
    CASE WHEN layer = 1 THEN ARRAY[current_setting('test.w')::real] ELSE weights END AS weights FROM m;
-- the same by row security
CREATE TABLE shared AS SELECT m.*, t AS tenant FROM m, generate_series(1, 99) t;
UPDATE shared SET weights = ARRAY[tenant]::real[] WHERE layer = 1;
ALTER TABLE shared ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON shared USING (tenant = current_setting('test.w')::int);
SET client_min_messages = warning;
DROP ROLE IF EXISTS nnet_calls_user;
RESET client_min_messages;
CREATE ROLE nnet_calls_user;
GRANT USAGE ON SCHEMA test_cache_calls TO nnet_calls_user;

CREATE FUNCTION volatile_w(model regclass) RETURNS real LANGUAGE plpgsql VOLATILE
    AS $$ BEGIN RETURN (nnet.predict(model, '{1}'::real[]))[1]; END $$;
CREATE FUNCTION stable_w(model regclass) RETURNS real LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$ BEGIN RETURN (nnet.predict(model, '{1}'::real[]))[1]; END $$;
CREATE FUNCTION sql_w(model regclass) RETURNS real LANGUAGE sql STABLE
    AS $$ SELECT (nnet.predict(model, '{1}'::real[]))[1] $$;
-- settings of their own
CREATE FUNCTION w_of_5(model regclass) RETURNS real LANGUAGE plpgsql STABLE PARALLEL SAFE SET test.w = 5
    AS $$ BEGIN RETURN (nnet.predict(model, '{1}'::real[]))[1]; END $$;
CREATE FUNCTION w_of_6(model regclass) RETURNS real LANGUAGE plpgsql STABLE PARALLEL SAFE SET test.w = 6
    AS $$ BEGIN RETURN (nnet.predict(model, '{1}'::real[]))[1]; END $$;
CREATE FUNCTION sql_w_of_7(model regclass) RETURNS real LANGUAGE sql STABLE PARALLEL SAFE SET test.w = 7
    AS $$ SELECT (nnet.predict(model, '{1}'::real[]))[1] $$;
-- settings made where they should not be
CREATE FUNCTION set_and_w(model regclass, w int) RETURNS real LANGUAGE plpgsql STABLE
    AS $$ BEGIN PERFORM set_config('test.w', w::text, true); RETURN (nnet.predict(model, '{1}'::real[]))[1]; END $$;
CREATE FUNCTION sql_set_and_w(model regclass, w int) RETURNS real LANGUAGE sql STABLE
    AS $$ SELECT set_config('test.w', w::text, true); SELECT (nnet.predict(model, '{1}'::real[]))[1] $$;
CREATE FUNCTION loop_w(model regclass, times int) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    r text := '';
    n real[];
BEGIN
    FOR i IN 1..times LOOP
        PERFORM set_config('test.w', i::text, true);
        r := r || (nnet.predict(model, '{1}'::real[]))[1] || ' ';
        SELECT nnet.predict(model, '{1}'::real[]) INTO n;
        r := r || n[1] || ' ';
        EXECUTE 'SELECT nnet.predict($1, $2)' INTO n USING model, '{1}'::real[];
        r := r || n[1] || ' ' || stable_w(model) || ' ' || sql_w(model) || ' ' || w_of_5(model) || '; ';
    END LOOP;
    RETURN r;
END $$;

CREATE TABLE many AS SELECT i::real AS x FROM generate_series(1, 10000) i;
GRANT SELECT ON ALL TABLES IN SCHEMA test_cache_calls TO nnet_calls_user;
GRANT UPDATE, INSERT, TRUNCATE ON m, many TO nnet_calls_user;

-- ---- several statements of a transaction ----

SET ROLE nnet_calls_user;
SET test.w = 1;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT stable_w('v'), volatile_w('v'), sql_w('v'), stable_w('shared'), volatile_w('shared'), sql_w('shared'), stable_w('m');
SET LOCAL test.w = 2;
SELECT stable_w('v'), volatile_w('v'), sql_w('v'), stable_w('shared'), volatile_w('shared'), sql_w('shared'), stable_w('m');
SAVEPOINT s;
SET LOCAL test.w = 3;
SELECT stable_w('v'), volatile_w('v'), sql_w('v'), stable_w('shared'), volatile_w('shared'), sql_w('shared'), stable_w('m');
ROLLBACK TO s;
SELECT stable_w('v'), volatile_w('v'), sql_w('v'), stable_w('shared'), volatile_w('shared'), sql_w('shared'), stable_w('m');
COMMIT;
BEGIN;
SET LOCAL test.w = 4;
SELECT stable_w('v'), stable_w('shared');
SET LOCAL test.w = 8;
SELECT stable_w('v'), stable_w('shared');
COMMIT;
PREPARE p(regclass) AS SELECT (nnet.predict($1, '{1}'::real[]))[1], stable_w($1);
EXECUTE p('v');
SET test.w = 9;
EXECUTE p('v');
EXECUTE p('shared');

-- ---- within a statement ----

-- each function has a setting of its own
SELECT w_of_5('v'), stable_w('v'), w_of_6('v'), sql_w_of_7('v'), w_of_5('v'), sql_w('v');
SELECT w_of_5('shared'), stable_w('shared'), w_of_6('shared'), sql_w_of_7('shared'), w_of_5('shared'), sql_w('shared');
SELECT string_agg(set_and_w('v', i)::text || sql_set_and_w('v', i + 1)::text, ' ' ORDER BY i) FROM generate_series(1, 3) i;
SELECT string_agg(set_and_w('shared', i)::text || sql_set_and_w('shared', i + 1)::text, ' ' ORDER BY i) FROM generate_series(1, 3) i;
SELECT loop_w('v', 3);
SELECT loop_w('shared', 3);
-- a query itself reads the rows once
SELECT string_agg((nnet.predict('v', ARRAY[i]::real[]))[1]::text || ' ' || w_of_5('v'), ' ' ORDER BY i) FROM generate_series(1, 3) i;
SELECT string_agg(p, ' ') FROM (SELECT (nnet.predict_batch('v', x) OVER ())[1]::text || ' ' || w_of_5('v') AS p FROM generate_series(1, 3) x) s;

-- ---- blocks, loops, cursors ----

DO $$
DECLARE
    r text := '';
    one real[];
    c refcursor;
    d refcursor;
    x real;
BEGIN
    FOR i IN 1..3 LOOP
        PERFORM set_config('test.w', i::text, false);
        r := r || (nnet.predict('v', '{1}'::real[]))[1] || (nnet.predict('shared', '{1}'::real[]))[1];
        BEGIN
            PERFORM set_config('test.w', (i + 3)::text, false);
            r := r || (nnet.predict('v', '{1}'::real[]))[1] || stable_w('shared');
            RAISE division_by_zero;
        EXCEPTION WHEN division_by_zero THEN
            r := r || (nnet.predict('v', '{1}'::real[]))[1] || stable_w('shared') || ' ';
        END;
        COMMIT;
    END LOOP;
    RAISE NOTICE '%', r;

    -- each keeps what its query began with
    r := '';
    OPEN c FOR SELECT (nnet.predict('v', ARRAY[i]::real[]))[1] FROM generate_series(1, 9) i;
    FETCH c INTO x; r := r || x || ' ';
    PERFORM set_config('test.w', '2', false);
    OPEN d FOR EXECUTE 'SELECT (nnet.predict($1, ARRAY[i]::real[]))[1] FROM generate_series(1, 9) i' USING 'v'::regclass;
    FETCH d INTO x; r := r || x || ' ';
    PERFORM set_config('test.w', '1', false);
    FETCH c INTO x; r := r || x || ' ';
    FETCH d INTO x; r := r || x || ' ';
    r := r || volatile_w('v');
    FETCH c INTO x; r := r || ' ' || x;
    CLOSE c;
    FETCH d INTO x; r := r || ' ' || x;
    FOR x IN SELECT i * 10 FROM generate_series(1, 2) i LOOP
        PERFORM set_config('test.w', x::text, false);
        r := r || ' ' || (nnet.predict('v', '{1}'::real[]))[1];
        SELECT nnet.predict('v', '{1}'::real[]) INTO one;
        r := r || ' ' || one[1];
    END LOOP;
    RAISE NOTICE '%', r;
END $$;
SET test.w = 3;
BEGIN;
DECLARE c CURSOR FOR SELECT (nnet.predict('v', '{1}'::real[]))[1], stable_w('v') FROM generate_series(1, 3);
FETCH c;
SET LOCAL test.w = 4;
FETCH c;
SELECT (nnet.predict('v', '{1}'::real[]))[1], stable_w('v');
FETCH c;
COMMIT;

-- ---- an ordinary table: what a transaction writes it sees, what it takes back not ----

RESET ROLE;
CREATE PROCEDURE writes() LANGUAGE plpgsql AS $$
DECLARE
    r text := '';
BEGIN
    FOR i IN 1..3 LOOP
        r := r || (nnet.predict('m', '{1}'::real[]))[1] || ' ';
        BEGIN
            UPDATE m SET weights = ARRAY[10 * i]::real[] WHERE layer = 1;
            r := r || (nnet.predict('m', '{1}'::real[]))[1] || stable_w('m') || ' ';
            RAISE division_by_zero;
        EXCEPTION WHEN division_by_zero THEN
            r := r || (nnet.predict('m', '{1}'::real[]))[1] || stable_w('m') || ' ';
        END;
        UPDATE m SET weights = ARRAY[i]::real[] WHERE layer = 1;
        r := r || (nnet.predict('m', '{1}'::real[]))[1] || stable_w('m') || '; ';
        COMMIT;
    END LOOP;
    RAISE NOTICE '%', r;
END $$;
CALL writes();
-- a privilege, row security or a column that goes within the transaction
BEGIN ISOLATION LEVEL REPEATABLE READ;
SET LOCAL ROLE nnet_calls_user;
SELECT stable_w('m'), volatile_w('m');
RESET ROLE;
REVOKE SELECT ON m FROM nnet_calls_user;
SET LOCAL ROLE nnet_calls_user;
SELECT volatile_w('m');
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SET LOCAL ROLE nnet_calls_user;
SELECT stable_w('m'), volatile_w('m');
RESET ROLE;
ALTER TABLE m ENABLE ROW LEVEL SECURITY;
SET LOCAL ROLE nnet_calls_user;
SELECT volatile_w('m');
ROLLBACK;
SELECT stable_w('m'), volatile_w('m');

-- ---- parallel workers ----

ALTER TABLE many SET (parallel_workers = 2);
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
SET test.w = 8;
GRANT SELECT ON v, shared TO nnet_calls_user;
SET ROLE nnet_calls_user;
SELECT count(*) FROM many WHERE x < 100 AND w_of_5('v') + 0 * x = 5 AND w_of_6('v') + 0 * x = 6 AND stable_w('v') + 0 * x = 8 AND sql_w_of_7('v') + 0 * x = 7;
SELECT count(*) FROM many WHERE x < 100 AND w_of_5('shared') + 0 * x = 5 AND w_of_6('shared') + 0 * x = 6 AND stable_w('shared') + 0 * x = 8;
SELECT bool_and((nnet.predict('v', x))[1] = 8 * x) FROM many;
RESET ALL;
RESET ROLE;
SET search_path = test_cache_calls;

SET client_min_messages = warning;
DROP SCHEMA test_cache_calls CASCADE;
DROP ROLE nnet_calls_user;
