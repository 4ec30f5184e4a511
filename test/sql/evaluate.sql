-- nnet.evaluate: sums that add up whichever way the rows come.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_evaluate;
SET search_path = test_evaluate;
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
\set SHOW_CONTEXT never

CREATE TABLE rows AS
    SELECT i, ARRAY[(i * 7919 % 1000) / 1000.0, (i * 104729 % 1000) / 1000.0]::real[] AS x,
        (i * 7919 % 1000 > i * 104729 % 1000)::int AS y,
        CASE WHEN i * 7919 % 1000 > i * 104729 % 1000 THEN 'below' ELSE 'above' END AS label
    FROM generate_series(1, 5000) i;
SELECT setseed(0.25);
SELECT nnet.create_model('m', nnet.input(2), nnet.dense(8, activation => 'relu'), nnet.dropout(0.5),
    nnet.dense(2, activation => 'softmax'));
SELECT nnet.evaluate('m', x, label) FROM rows;
SELECT nnet.compile('m', 'sparse_categorical_crossentropy', metrics => '{accuracy}');
SELECT nnet.evaluate('m', x, label) FROM rows;
SELECT nnet.fit('m', x, label, nnet.options(seed => 1))->'samples' AS samples FROM rows;

-- against the definition, by predictions
SELECT abs((nnet.evaluate('m', x, label)->'loss')::float8
        - avg(-ln((nnet.predict('m', x))[1 + y]))) < 1e-5 AS loss,
    abs((nnet.evaluate('m', x, label)->'accuracy')::float8
        - avg((nnet.classify('m', x) = CASE y WHEN 0 THEN 'above' ELSE 'below' END)::int)) < 1e-9 AS accuracy
FROM rows;
SELECT nnet.evaluate('m', x, label) - 'loss' - 'accuracy' AS rest FROM rows;
SELECT nnet.evaluate('m', CASE WHEN i > 10 THEN x END, nullif(label, 'below')) - 'loss' - 'accuracy' AS rest FROM rows;
-- labels and classes are the same thing; "above" sorts first
SELECT abs((nnet.evaluate('m', x, label)->'loss')::float8 - (nnet.evaluate('m', x, label)->'loss')::float8) < 1e-6 AS same FROM rows;
SELECT nnet.evaluate('m', x, 'left'::text) FROM rows;
SELECT nnet.evaluate('m', x, i) FROM rows WHERE i = 1;
SELECT nnet.evaluate('m', x, i = 1) FROM rows;

-- parallel: the same sums
SELECT nnet.evaluate('m', x, label) AS r FROM rows \gset serial_
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SELECT pg_temp.plan_has($$SELECT nnet.evaluate('m', x, label) FROM rows$$, 'Partial Aggregate') AS parallel;
SELECT nnet.evaluate('m', x, label) AS r FROM rows \gset parallel_
SELECT abs((:'serial_r'::jsonb->'loss')::float8 - (:'parallel_r'::jsonb->'loss')::float8) < 1e-6 AS loss,
    :'serial_r'::jsonb - 'loss' = :'parallel_r'::jsonb - 'loss' AS rest;
SET parallel_leader_participation = off;
SELECT nnet.evaluate('m', x, label) AS r FROM rows \gset parallel_
SELECT abs((:'serial_r'::jsonb->'loss')::float8 - (:'parallel_r'::jsonb->'loss')::float8) < 1e-6 AS loss,
    :'serial_r'::jsonb - 'loss' = :'parallel_r'::jsonb - 'loss' AS rest;
SELECT nnet.evaluate('m', x, label) FROM rows WHERE i < 0;
SELECT nnet.evaluate('m', x, CASE WHEN i = 4000 THEN 'seven' ELSE label END) FROM rows;
RESET ALL;
SET search_path = test_evaluate;

-- groups, sorted and hashed, rows of several groups mixed
SET enable_sort = off;
SELECT sum((r->'samples')::int) AS samples, count(*) AS groups, bool_and(r->'samples' = '50') AS equal,
    abs(avg((r->'loss')::float8) - (:'serial_r'::jsonb->'loss')::float8) < 1e-6 AS loss
FROM (SELECT i % 100, nnet.evaluate('m', x, label) AS r FROM rows GROUP BY 1) s;
RESET enable_sort;
SET enable_hashagg = off;
SELECT sum((r->'samples')::int) AS samples, count(*) AS groups, bool_and(r->'samples' = '50') AS equal,
    abs(avg((r->'loss')::float8) - (:'serial_r'::jsonb->'loss')::float8) < 1e-6 AS loss
FROM (SELECT i % 100, nnet.evaluate('m', x, label) AS r FROM rows GROUP BY 1) s;
RESET enable_hashagg;
-- several models in turn
SELECT nnet.copy_model('m', 'm2');
SELECT g, abs((nnet.evaluate(CASE i % 2 WHEN 0 THEN 'm' ELSE 'm2' END::regclass, x, label)->'loss')::float8
        - avg(-ln((nnet.predict('m', x))[1 + y]))) < 1e-5 AS loss
FROM (SELECT i % 2 AS g, * FROM rows) s GROUP BY g, i % 2 ORDER BY g;
SELECT nnet.evaluate(CASE i % 2 WHEN 0 THEN 'm' ELSE 'm2' END::regclass, x, label) FROM rows;
-- with a small cache, a model comes and goes
SET nnet.cache_size = 0;
SELECT abs((nnet.evaluate('m', x, label)->'loss')::float8 - (nnet.evaluate('m2', x, label)->'loss')::float8) < 1e-6 AS same FROM rows;
RESET nnet.cache_size;
-- an aggregate left half-way
SELECT count(*) FROM generate_series(1, 3) g, LATERAL
    (SELECT nnet.evaluate('m', x, label) AS r FROM rows WHERE i % 10 < g GROUP BY i % 10 ORDER BY 1 LIMIT 1) s WHERE r IS NOT NULL;

-- rows as they are: bytes, one row, none
SELECT nnet.create_model('b', nnet.input(2), nnet.rescaling(1.0 / 255), nnet.dense(1));
SELECT nnet.compile('b', 'mse', metrics => '{mae}');
SELECT abs((nnet.evaluate('b', '\x01ff'::bytea, 3)->'mae')::float8 - abs((nnet.predict('b', ARRAY[1, 255]))[1] - 3)) < 1e-6 AS same;
SELECT nnet.evaluate('b', '\x01'::bytea, 3);
SELECT nnet.evaluate('m', x, label) FROM rows WHERE false;
SELECT nnet.evaluate('m', NULL::real[], y) FROM rows;
SELECT nnet.evaluate(NULL, x, y) FROM rows;
SELECT nnet.evaluate('rows', x, y) FROM rows;
SELECT nnet.evaluate('m', x, label) OVER () FROM rows;
-- a view that says something else each time it is read
CREATE VIEW fickle AS
    SELECT layer, part, kind, name, inputs, weights,
        CASE WHEN layer = -1 THEN config || current_setting('test.config')::jsonb ELSE config END AS config FROM m;
CREATE FUNCTION turn(y text, config text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('test.config', config, false);
    RETURN y;
END $$;
SET nnet.cache_size = 0;
SET enable_sort = off;
SELECT nnet.evaluate(CASE i WHEN 1 THEN 'fickle' ELSE 'm' END::regclass, x, turn(label, CASE i WHEN 1 THEN '{}' ELSE '{"metrics": []}' END))
FROM rows WHERE i <= 2 GROUP BY i;
SELECT nnet.evaluate(CASE i WHEN 1 THEN 'fickle' ELSE 'm' END::regclass, x, turn(label, CASE i WHEN 1 THEN '{}' ELSE '{"loss": "mse", "metrics": []}' END))
FROM rows WHERE i <= 2 GROUP BY i;
RESET enable_sort;
RESET nnet.cache_size;

SET client_min_messages = warning;
DROP SCHEMA test_evaluate CASCADE;
