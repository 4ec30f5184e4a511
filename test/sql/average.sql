-- nnet.average(real[]): element by element, and models averaged with it.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_average;
SET search_path = test_average;
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

SELECT nnet.average(x) FROM (VALUES ('{1,2,3}'::real[]), ('{3,2,1.5}')) v(x);
SELECT nnet.average(x) FROM (VALUES ('{1,2,3}'::real[]), (NULL), ('{3,2,1.5}'), (NULL)) v(x);
SELECT nnet.average(x) FROM (VALUES ('{{1,2},{3,4}}'::real[]), ('{{3,2},{1,0}}')) v(x);
SELECT nnet.average(x) FROM (VALUES ('{}'::real[]), ('{}')) v(x);
SELECT nnet.average(x) IS NULL AS t FROM (VALUES (NULL::real[])) v(x);
SELECT nnet.average(x) IS NULL AS t FROM (VALUES ('{1}'::real[])) v(x) WHERE false;
SELECT nnet.average(x) FROM (VALUES ('{1,NaN,Infinity}'::real[]), ('{3,2,1.5}')) v(x);
-- sums that a real cannot hold
SELECT nnet.average('{3e38,1}') FROM generate_series(1, 10);
SELECT nnet.average(ARRAY[16777216, i]::real[]) FROM generate_series(0, 1) i;

SELECT nnet.average(x) FROM (VALUES ('{1,2,3}'::real[]), ('{3,2}')) v(x);
SELECT nnet.average(x) FROM (VALUES ('{1,2,3,4}'::real[]), ('{{1,2},{3,4}}')) v(x);
SELECT nnet.average(x) FROM (VALUES ('{1,2,3}'::real[]), ('{3,NULL,1}')) v(x);

-- in parallel, in groups, over a window
CREATE TABLE rows AS SELECT i, ARRAY[i, -i, i % 10]::real[] AS x FROM generate_series(1, 10000) i;
SELECT nnet.average(x) FROM rows;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_has($$SELECT nnet.average(x) FROM rows$$, 'Partial Aggregate') AS parallel;
SELECT nnet.average(x) FROM rows;
SELECT nnet.average(x) FROM rows WHERE i < 0;
-- which of the two comes first is chance
DO $$
BEGIN
    PERFORM nnet.average(CASE WHEN i = 1 THEN '{1}' ELSE x END) FROM rows;
EXCEPTION WHEN array_subscript_error THEN
    RAISE NOTICE 'refused';
END $$;
RESET ALL;
SET search_path = test_average;
SELECT i % 3 AS g, nnet.average(x) FROM rows WHERE i <= 12 GROUP BY 1 ORDER BY 1;
SELECT i, nnet.average(x) OVER (ORDER BY i ROWS 1 PRECEDING) FROM rows WHERE i <= 3;

-- the average of two linear models is the model of the average
SELECT nnet.create_model('a', nnet.input(2), nnet.dense(3));
SELECT nnet.create_model('b', nnet.input(2), nnet.dense(3));
SELECT nnet.copy_model('a', 'c');
UPDATE c SET weights = m.weights
FROM (SELECT layer, nnet.average(weights) AS weights FROM (SELECT * FROM a UNION ALL SELECT * FROM b) u GROUP BY layer) m
WHERE c.layer = m.layer;
SELECT max(abs(c - (a + b) / 2)) < 1e-6 AS same
FROM unnest(nnet.predict('a', '{1,2}'), nnet.predict('b', '{1,2}'), nnet.predict('c', '{1,2}')) u(a, b, c);

SET client_min_messages = warning;
DROP SCHEMA test_average CASCADE;
