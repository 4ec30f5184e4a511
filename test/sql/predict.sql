-- nnet.predict and nnet.classify.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_predict;
SET search_path = test_predict;
\set SHOW_CONTEXT never

SELECT setseed(0.5);
SELECT nnet.create_model('m', nnet.input(2), nnet.dense(3, activation => 'softmax'));
-- weights by hand: y = softmax(x W + b)
UPDATE m SET weights = '{1,2,3, 4,5,6, 0.5,0,-0.5}' WHERE layer = 1;
SELECT max(abs(p - e)) < 1e-6 AS right, count(*)
FROM unnest(nnet.predict('m', '{0.5,-0.25}'),
    ARRAY[exp(0.5 * 1 - 0.25 * 4 + 0.5), exp(0.5 * 2 - 0.25 * 5), exp(0.5 * 3 - 0.25 * 6 - 0.5)]) u(p, e0),
    LATERAL (SELECT e0 / (exp(0.5 * 1 - 0.25 * 4 + 0.5) + exp(0.5 * 2 - 0.25 * 5) + exp(0.5 * 3 - 0.25 * 6 - 0.5)) AS e) l;
-- the same once compiled, though the loss then works with logits
SELECT nnet.predict('m', '{0.5,-0.25}') AS before \gset
SELECT nnet.compile('m', 'sparse_categorical_crossentropy');
SELECT (SELECT max(abs(a - b)) < 1e-6 FROM unnest(nnet.predict('m', '{0.5,-0.25}'), :'before'::real[]) u(a, b)) AS same;

-- dimensions of the output
SELECT nnet.create_model('deep', nnet.input(2, 3), nnet.rescaling(2));
SELECT array_dims(nnet.predict('deep', '{1,2,3,4,5,6}')), array_dims(nnet.predict('m', '{1,2}'));

-- classes: their numbers, then their labels
SELECT nnet.classify('m', '{0.5,-0.25}'), nnet.classify('m', '{9,9}'), nnet.classify('m', '{-9,-9}');
UPDATE m SET config = config || '{"labels": ["earth", "moon", "sun"], "label_type": "text"}' WHERE layer = -1;
SELECT nnet.classify('m', '{0.5,-0.25}'), nnet.classify('m', '{9,9}'), nnet.classify('m', '{-9,-9}');
SELECT nnet.create_model('binary', nnet.input(1), nnet.dense(1, activation => 'sigmoid'));
UPDATE "binary" SET weights = '{1,0}' WHERE layer = 1;
SELECT nnet.classify('binary', -3), nnet.classify('binary', 3), nnet.classify('binary', 0);
UPDATE "binary" SET config = config || '{"labels": ["no", "yes"], "label_type": "text"}' WHERE layer = -1;
SELECT nnet.classify('binary', -3), nnet.classify('binary', 3), nnet.classify('binary', 0);
SELECT nnet.classify('deep', '{1,2,3,4,5,6}');
SELECT nnet.classify('m', NULL::real[]) IS NULL AS t;

-- several models in one call
SELECT nnet.copy_model('m', 'm2');
UPDATE m2 SET weights = '{0,0,0, 0,0,0, 0,5,0}' WHERE layer = 1;
SELECT i, nnet.classify(CASE i % 2 WHEN 0 THEN 'm' ELSE 'm2' END::regclass, '{9,9}') FROM generate_series(1, 4) i;
-- with no cache at all
SET nnet.cache_size = 0;
SELECT i, nnet.classify(CASE i % 2 WHEN 0 THEN 'm' ELSE 'm2' END::regclass, '{9,9}') FROM generate_series(1, 4) i;
RESET nnet.cache_size;

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
-- each statement sees its own weights
CREATE FUNCTION in_turn() RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text := '';
BEGIN
    FOR i IN 0..2 LOOP
        UPDATE m2 SET weights = ARRAY[0,0,0, 0,0,0, (i = 0)::int, (i = 1)::int, (i = 2)::int] WHERE layer = 1;
        result := result || nnet.classify('m2', '{0,0}') || ' ';
    END LOOP;
    RETURN result;
END $$;
SELECT in_turn();
BEGIN;
UPDATE m2 SET weights = '{0,0,0, 0,0,0, 1,0,0}' WHERE layer = 1;
SELECT nnet.classify('m2', '{0,0}');
ROLLBACK;
SELECT nnet.classify('m2', '{0,0}');
-- a query does not see what it does itself
SELECT nnet.classify('m2', '{0,0}') FROM m2 WHERE layer = 1 FOR UPDATE;
WITH u AS (UPDATE m2 SET weights = '{0,0,0, 0,0,0, 1,0,0}' WHERE layer = 1 RETURNING nnet.classify('m2', '{0,0}') AS c)
SELECT c, nnet.classify('m2', '{0,0}') FROM u;

-- a prepared statement, its plan generic
PREPARE p(real[]) AS SELECT nnet.classify('m', $1);
EXECUTE p('{9,9}');
EXECUTE p('{-9,-9}');
EXECUTE p('{9}');
EXECUTE p('{9,9}');
-- a cast that predicts, inside a prediction
CREATE FUNCTION by_model(point) RETURNS real[] LANGUAGE sql STABLE
    AS $$SELECT (nnet.predict('test_predict.m2', ARRAY[$1[0], $1[1]]))[1:2]$$;
CREATE CAST (point AS real[]) WITH FUNCTION by_model(point);
SET nnet.cache_size = 0;
SELECT nnet.classify('m', point(0, 0)) FROM generate_series(1, 2);
RESET nnet.cache_size;

-- in parallel workers
CREATE TABLE rows AS SELECT ARRAY[i % 7 - 3, i % 5 - 2]::real[] AS x FROM generate_series(1, 2000) i;
SELECT md5(string_agg(nnet.classify('m', x), ',' ORDER BY x)) AS serial FROM rows \gset
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_has($$SELECT string_agg(c, ',' ORDER BY x) FROM (SELECT x, nnet.classify('m', x) AS c FROM rows OFFSET 0) s$$, 'Gather') AS parallel;
SELECT md5(string_agg(c, ',' ORDER BY x)) = :'serial' AS same FROM (SELECT x, nnet.classify('m', x) AS c FROM rows OFFSET 0) s;
RESET ALL;
SET search_path = test_predict;

-- refused
SELECT nnet.predict('rows', '{1,2}');
SELECT nnet.predict('nothing', '{1,2}');
SELECT nnet.predict(0, '{1,2}');
SELECT nnet.predict('m');
SELECT nnet.predict('m', x) FROM (VALUES (ARRAY[]::text[])) v(x);

SET client_min_messages = warning;
DROP SCHEMA test_predict CASCADE;
