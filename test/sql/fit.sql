-- nnet.fit: options, refusals, one training a statement, groups, and that
-- where the rows are kept makes no difference.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_fit;
SET search_path = test_fit;
\set SHOW_CONTEXT never

-- options: one table makes, checks and lists them
SELECT nnet.options();
SELECT nnet.options(epochs => 5, seed => 7, validation_split => 0.25, verbose => true);
SELECT nnet.options(epochs => NULL, batch_size => NULL, validation_split => NULL, shuffle => NULL, seed => NULL, verbose => NULL);
SELECT nnet.options(epochs => 0);
SELECT nnet.options(epochs => 2000000);
SELECT nnet.options(batch_size => -1);
SELECT nnet.options(validation_split => 1);
SELECT nnet.options(validation_split => -0.1);
SELECT nnet.options(validation_split => 'NaN');
SELECT nnet.options(seed => 9223372036854775807), nnet.options(seed => -9223372036854775808);

CREATE TABLE rows AS
    SELECT i, ARRAY[(i * 7919 % 1000) / 1000.0, (i * 104729 % 1000) / 1000.0]::real[] AS x,
        (i * 7919 % 1000 > i * 104729 % 1000)::int AS y
    FROM generate_series(1, 3000) i;
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
CREATE FUNCTION new_model(name text) RETURNS regclass LANGUAGE plpgsql SET client_min_messages = warning AS $$
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS %I', name);
    PERFORM setseed(0.25);
    PERFORM nnet.create_model(name, nnet.input(2), nnet.dense(8, activation => 'relu'),
        nnet.dense(2, activation => 'softmax'));
    PERFORM nnet.compile(name::regclass, 'sparse_categorical_crossentropy', metrics => '{accuracy}');
    RETURN name::regclass;
END $$;
CREATE FUNCTION weights(model regclass) RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE w real[];
BEGIN
    EXECUTE format('SELECT array_agg(v) FROM (SELECT unnest(weights) v, layer FROM %s ORDER BY layer) s', model) INTO w;
    RETURN w;
END $$;
SELECT new_model('m'), new_model('n');
SELECT weights('m') = weights('n') AS same_start;

-- options that fit refuses
SELECT nnet.fit('m', x, y, '{"epoch": 5}') FROM rows;
SELECT nnet.fit('m', x, y, '[5]') FROM rows;
SELECT nnet.fit('m', x, y, '5') FROM rows;
SELECT nnet.fit('m', x, y, '{"epochs": "5"}') FROM rows;
SELECT nnet.fit('m', x, y, '{"epochs": 1.5}') FROM rows;
SELECT nnet.fit('m', x, y, '{"epochs": 1e400}') FROM rows;
SELECT nnet.fit('m', x, y, '{"seed": 9223372036854775808}') FROM rows;
SELECT nnet.fit('m', x, y, '{"shuffle": 1}') FROM rows;
SELECT nnet.fit('m', x, y, '{"validation_split": [0.5]}') FROM rows;
SELECT nnet.fit('m', x, y, nnet.options(epochs => i)) FROM rows WHERE i < 3;
SELECT nnet.fit('m', x, y, CASE WHEN i = 2 THEN NULL ELSE nnet.options() END) FROM rows WHERE i < 3;
SELECT weights('m') = weights('n') AS unchanged;

-- what it returns
SELECT nnet.fit('m', x, y, nnet.options(epochs => 4, validation_split => 0.1, seed => 5)) AS r FROM rows \gset
SELECT jsonb_object_agg(key, CASE WHEN key ~ 'loss|accuracy|seconds' THEN to_jsonb(value::float8 >= 0) ELSE value END)
FROM jsonb_each(:'r');
SELECT epoch, loss > 0 AS loss, val_loss > 0 AS val_loss, samples, learning_rate,
    (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(metrics) k) AS metrics
FROM nnet.history('m');
SELECT weights('m') <> weights('n') AS changed;
SELECT config->'steps' AS steps FROM m WHERE layer = -1;
-- goes on from there
SELECT nnet.fit('m', x, y, nnet.options(seed => 6))->'steps' FROM rows;
SELECT config->'steps' AS steps, jsonb_array_length(config->'history') AS epochs,
    config#>'{history,4,seed}' AS seed FROM m WHERE layer = -1;

-- it learns
SELECT (nnet.fit('m', x, y, nnet.options(epochs => 60, seed => 1))->'accuracy')::float8 > 0.95 AS learned FROM rows;
SELECT (nnet.evaluate('m', x, y)->'accuracy')::float8 > 0.95 AS learned FROM rows;

-- the same seed and order: the same weights, bit for bit
SELECT new_model('a'), new_model('b');
SELECT nnet.fit('a', x, y, nnet.options(epochs => 2, seed => 3)) IS NOT NULL AS t FROM (SELECT * FROM rows ORDER BY i) s;
SELECT nnet.fit('b', x, y, nnet.options(epochs => 2, seed => 3)) IS NOT NULL AS t FROM (SELECT * FROM rows ORDER BY i) s;
SELECT weights('a') = weights('b') AS same;
SELECT nnet.fit('b', x, y, nnet.options(epochs => 2, seed => 4)) IS NOT NULL AS t FROM (SELECT * FROM rows ORDER BY i) s;
SELECT weights('a') = weights('b') AS other_seed;
-- every bigint is a seed of its own, recorded as it is
SELECT new_model('a'), new_model('b');
SELECT nnet.fit('a', x, y, nnet.options(seed => 9223372036854775807))->'seed' AS seed FROM (SELECT * FROM rows ORDER BY i) s;
SELECT nnet.fit('b', x, y, nnet.options(seed => 9223372036854775806))->'seed' AS seed FROM (SELECT * FROM rows ORDER BY i) s;
SELECT weights('a') = weights('b') AS other_seed;
SELECT nnet.fit('b', x, y, nnet.options(seed => -9007199254740993))->'seed' AS seed FROM rows;
SELECT config#>'{history,0,seed}' AS first, config#>'{history,1,seed}' AS second FROM b WHERE layer = -1;

-- one pass in order is streamed: the same as kept rows, here kept for their validation part
SELECT new_model('a'), new_model('b');
SELECT nnet.fit('a', x, y, nnet.options(shuffle => false, seed => 3))->'samples' AS t FROM (SELECT * FROM rows ORDER BY i LIMIT 2100) s;
SELECT nnet.fit('b', x, y, nnet.options(shuffle => false, seed => 3, validation_split => 0.3))->'samples' AS t FROM (SELECT * FROM rows ORDER BY i) s;
SELECT weights('a') = weights('b') AS same;
-- batches that do not fit windows and rows
SELECT new_model('a'), new_model('b');
SELECT nnet.fit('a', x, y, nnet.options(shuffle => false, seed => 3, batch_size => 7))->'steps' AS t FROM (SELECT * FROM rows ORDER BY i LIMIT 1050) s;
SELECT nnet.fit('b', x, y, nnet.options(shuffle => false, seed => 3, batch_size => 7, validation_split => 0.65))->'steps' AS t FROM (SELECT * FROM rows ORDER BY i) s;
SELECT weights('a') = weights('b') AS same;

-- rows in a temporary file: in their order, the same as in memory
CREATE TABLE wide AS
    SELECT i, (SELECT array_agg((i * k % 211) / 211.0)::real[] FROM generate_series(1, 200) k) AS x, i % 3 AS y,
        ('{sun,moon,earth}'::text[])[1 + i % 3] AS label
    FROM generate_series(1, 4000) i;
CREATE FUNCTION new_wide(name text, loss text) RETURNS regclass LANGUAGE plpgsql SET client_min_messages = warning AS $$
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS %I', name);
    PERFORM setseed(0.25);
    PERFORM nnet.create_model(name, nnet.input(200), nnet.normalization(), nnet.dense(3, activation => 'softmax'));
    PERFORM nnet.compile(name::regclass, loss);
    RETURN name::regclass;
END $$;
CREATE FUNCTION temporary_bytes() RETURNS bigint LANGUAGE sql AS
    'SELECT coalesce(sum(size), 0)::bigint FROM pg_ls_tmpdir()';
SELECT new_wide('a', 'sparse_categorical_crossentropy'), new_wide('b', 'sparse_categorical_crossentropy'),
    new_wide('c', 'categorical_crossentropy'), new_wide('d', 'categorical_crossentropy');
SELECT nnet.fit('a', x, label, nnet.options(epochs => 3, seed => 3, shuffle => false, validation_split => 0.2))->'samples' AS t FROM (SELECT * FROM wide ORDER BY i) s;
SELECT nnet.fit('c', x, label, nnet.options(epochs => 3, seed => 3, shuffle => false, validation_split => 0.2))->'samples' AS t FROM (SELECT * FROM wide ORDER BY i) s;
SET maintenance_work_mem = '1MB';
SELECT nnet.fit('b', x, label, nnet.options(epochs => 3, seed => 3, shuffle => false, validation_split => 0.2))->'samples' AS t FROM (SELECT * FROM wide ORDER BY i) s;
SELECT nnet.fit('d', x, label, nnet.options(epochs => 3, seed => 3, shuffle => false, validation_split => 0.2))->'samples' AS t FROM (SELECT * FROM wide ORDER BY i) s;
SELECT weights('a') = weights('b') AS same, weights('c') = weights('d') AS same;
SELECT config->'labels' AS labels, config->'label_type' AS type FROM b WHERE layer = -1;
SELECT temporary_bytes() AS left_behind;
-- the limit on temporary files holds
SET temp_file_limit = '1MB';
DO $$
BEGIN
    PERFORM nnet.fit('b', x, label, nnet.options(epochs => 3, seed => 3)) FROM wide;
EXCEPTION WHEN configuration_limit_exceeded THEN
    RAISE NOTICE 'over the limit';
END $$;
RESET temp_file_limit;
SELECT weights('a') = weights('b') AS unchanged, temporary_bytes() AS left_behind;
RESET maintenance_work_mem;

-- labels: learned once
SELECT nnet.fit('a', x, 'mars'::text) FROM wide;
SELECT nnet.fit('a', x, label, nnet.options(seed => 3))->'samples' AS t FROM wide WHERE y = 1;
SELECT nnet.fit('a', x, y, nnet.options(seed => 3))->'samples' AS t FROM wide;
SELECT config->'labels' AS labels FROM a WHERE layer = -1;

-- few rows, no rows, NULLs
SELECT new_model('a'), new_model('b');
SELECT nnet.fit('a', x, y) FROM rows WHERE false;
SELECT i % 2 AS g, nnet.fit('a', x, y) FROM rows WHERE false GROUP BY i % 2;
SELECT nnet.fit('a', NULL::real[], y) FROM rows;
SELECT nnet.fit('a', x, NULL::int, nnet.options(shuffle => false)) FROM rows;
SELECT weights('a') = weights('b') AS unchanged;
SELECT r->'samples' AS samples, r->'steps' AS steps, r->'skipped' AS skipped
FROM (SELECT nnet.fit('a', CASE WHEN i <> 2 THEN x END, nullif(y, 3), nnet.options(batch_size => 100)) AS r FROM rows WHERE i <= 2) s;
SELECT nnet.fit('a', x, y, nnet.options(batch_size => 1000000))->'steps' AS steps FROM rows;
SELECT nnet.fit('a', x, y, nnet.options(validation_split => 0.5)) FROM rows WHERE i = 1;
SELECT nnet.fit('a', x, y, nnet.options(validation_split => 0.999)) FROM rows WHERE i < 10;
-- a batch whose buffers nobody has; how many bytes is of no interest
SELECT nnet.create_model('whole', nnet.input(1, 1, 2), nnet.upsampling2d(10000), nnet.batch_normalization(),
    nnet.global_average_pooling2d(), nnet.dense(1));
SELECT nnet.compile('whole', 'mse');
DO $$
DECLARE hint text;
BEGIN
    PERFORM nnet.fit('whole', x, y, nnet.options(batch_size => 1000)) FROM rows;
EXCEPTION WHEN program_limit_exceeded THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RAISE NOTICE '%', regexp_replace(SQLERRM, '\d+ MB', '... MB') USING HINT = hint;
END $$;
SELECT nnet.fit('a', x, y) FILTER (WHERE i < 100)->'samples' AS samples FROM rows;
SELECT nnet.fit('a', x, y ORDER BY i)->'samples' AS samples FROM rows;

-- not a model, not compiled, not there
SELECT nnet.fit('nothing', x, y) FROM rows;
SELECT nnet.fit('rows', x, y) FROM rows;
SELECT nnet.fit(NULL, x, y) FROM rows;
SELECT nnet.create_model('raw', nnet.input(2), nnet.dense(2));
SELECT nnet.fit('raw', x, y) FROM rows;
CREATE VIEW seen AS SELECT * FROM a;
SELECT nnet.fit('seen', x, y) FROM rows;
DROP VIEW seen;
BEGIN READ ONLY;
SELECT nnet.fit('a', x, y) FROM rows;
ROLLBACK;
SELECT nnet.fit('a', x, y) OVER () FROM rows;
SELECT nnet.fit('a', x) FROM rows;
SELECT nnet.fit('a', ARRAY[i], y) FROM rows;
SELECT nnet.fit('a', x, i) FROM rows;
SELECT nnet.fit('a', CASE WHEN i = 1000 THEN x || 'NaN'::real ELSE x END, y) FROM rows;
SELECT nnet.fit('a', CASE WHEN i = 1000 THEN ARRAY[1, 'NaN']::real[] ELSE x END, y) FROM rows;

-- divergence
SELECT nnet.create_model('line', nnet.input(1), nnet.dense(1));
SELECT nnet.copy_model('line', 'line_before');
SELECT nnet.compile('line', 'mse', nnet.sgd(learning_rate => 1000));
SELECT nnet.fit('line', i, 2 * i, nnet.options(epochs => 30, seed => 3)) FROM rows;
SELECT nnet.fit('line', i, 2 * i, nnet.options(shuffle => false)) FROM rows;
SELECT weights('line') = weights('line_before') AS unchanged;

-- once in a statement
SELECT new_model('a'), new_model('b');
SELECT nnet.fit('a', x, y, nnet.options(seed => 1)), nnet.fit('a', x, y, nnet.options(seed => 2)) FROM rows;
SELECT y, nnet.fit('a', x, y) FROM rows GROUP BY y;
CREATE FUNCTION train_again(i integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nnet.fit('a', x, y) FROM rows;
    RETURN i;
END $$;
SELECT nnet.fit('a', x, train_again(y)) FROM rows WHERE i < 10;
SELECT weights('a') = weights('b') AS unchanged;
-- one after the other is fine, after an error too
DO $$
BEGIN
    FOR k IN 1..3 LOOP
        PERFORM nnet.fit('a', x, y) FROM rows;
        BEGIN
            PERFORM nnet.fit('a', x, i) FROM rows;
        EXCEPTION WHEN numeric_value_out_of_range THEN
            NULL;
        END;
    END LOOP;
END $$;
SELECT jsonb_array_length(config->'history') AS epochs FROM a WHERE layer = -1;
-- a loop that trains and predicts in turn predicts with what it trained
DO $$
DECLARE before real[]; after real[];
BEGIN
    before := nnet.predict('a', '{0.5,0.25}');
    FOR k IN 1..4 LOOP
        PERFORM nnet.fit('b', x, y) FROM rows;
        IF nnet.predict('a', '{0.5,0.25}') <> before THEN RAISE 'changed without training'; END IF;
        PERFORM nnet.fit('a', x, y) FROM rows;
        after := nnet.predict('a', '{0.5,0.25}');
        IF after = before THEN RAISE 'stale'; END IF;
        before := after;
    END LOOP;
END $$;
SELECT new_model('a');
SELECT nnet.fit('a', x, y, nnet.options(epochs => 3))->'steps' AS steps FROM rows;
-- the same call written twice is one aggregate
SELECT nnet.fit('a', x, y, nnet.options(seed => 1)) = nnet.fit('a', x, y, nnet.options(seed => 1)) AS same FROM rows;
SELECT jsonb_array_length(config->'history') AS epochs FROM a WHERE layer = -1;
-- an aggregate that a nested loop runs again would train again: refused
SET enable_material = off;
-- PostgreSQL 13 has none
SELECT count(set_config(name, 'off', false)) >= 0 AS off FROM pg_settings WHERE name = 'enable_memoize';
SELECT count(DISTINCT f.r) AS results FROM generate_series(1, 3) g
    LEFT JOIN (SELECT nnet.fit('a', x, y) AS r, count(*) AS n FROM rows) f ON f.n > g;
SELECT jsonb_array_length(config->'history') AS epochs FROM a WHERE layer = -1;
-- one whose final function alone is called again returns what it has
SET enable_sort = off;
SELECT count(*) AS calls, count(DISTINCT f.r) AS results FROM generate_series(1, 3) g
    LEFT JOIN (SELECT nnet.fit('a', x, y) AS r, i / 10000 AS n FROM rows GROUP BY 2) f ON f.n < g;
SELECT jsonb_array_length(config->'history') AS epochs FROM a WHERE layer = -1;
RESET enable_material;
SELECT count(set_config(name, 'on', false)) >= 0 AS on FROM pg_settings WHERE name = 'enable_memoize';
RESET enable_sort;
-- a fit that nobody reads trains nothing
SELECT n FROM (SELECT count(*) AS n, nnet.fit('a', x, y) AS r FROM rows) s;
SELECT jsonb_array_length(config->'history') AS epochs FROM a WHERE layer = -1;
-- EXPLAIN does not train, EXPLAIN ANALYZE does
SELECT pg_temp.plan_has($$SELECT nnet.fit('a', x, y) FROM rows$$, 'Aggregate') AS planned;
SELECT jsonb_array_length(config->'history') AS epochs FROM a WHERE layer = -1;
DO $$ BEGIN EXECUTE 'EXPLAIN ANALYZE SELECT nnet.fit(''a'', x, y) FROM rows'; END $$;
SELECT jsonb_array_length(config->'history') AS epochs FROM a WHERE layer = -1;
-- ROLLBACK takes it back
BEGIN;
SELECT nnet.fit('a', x, y)->'steps' AS steps FROM rows;
ROLLBACK;
SELECT jsonb_array_length(config->'history') AS epochs FROM a WHERE layer = -1;

-- one model a group: sorted, not hashed
SELECT new_model('group_' || g) FROM generate_series(0, 4) g;
ANALYZE rows;
SELECT pg_temp.plan_has($$SELECT i % 5, nnet.fit(('group_' || i % 5)::regclass, x, y) FROM rows GROUP BY i % 5$$, 'GroupAggregate') AS sorted;
SELECT i % 5 AS g, nnet.fit(('group_' || i % 5)::regclass, x, y, nnet.options(seed => 1))->'samples' AS samples
FROM rows GROUP BY i % 5 ORDER BY 1;
SELECT bool_and(jsonb_array_length(config->'history') = 1) AS each_once
FROM (SELECT * FROM group_0 UNION ALL SELECT * FROM group_1 UNION ALL SELECT * FROM group_4) s WHERE layer = -1;
SELECT nnet.fit(('group_' || i % 5)::regclass, x, y) FROM rows;
-- hashed all the same, and with little memory: several states at a time share it
SELECT new_wide('wide_' || g, 'sparse_categorical_crossentropy') FROM generate_series(0, 3) g;
SELECT i % 4 AS g, nnet.fit(('wide_' || i % 4)::regclass, x, y, nnet.options(epochs => 2, seed => 1))->'samples' AS samples
FROM (SELECT * FROM wide WHERE i <= 2000 ORDER BY i % 4, i OFFSET 0) s GROUP BY 1 ORDER BY 1;
SELECT weights('wide_0') || weights('wide_1') || weights('wide_2') || weights('wide_3') AS sorted \gset
SELECT new_wide('wide_' || g, 'sparse_categorical_crossentropy') FROM generate_series(0, 3) g;
SET enable_sort = off;
SET maintenance_work_mem = '1MB';
SELECT pg_temp.plan_has($$SELECT nnet.fit(('wide_' || i % 4)::regclass, x, y) FROM wide GROUP BY i % 4$$, 'HashAggregate') AS hashed;
SELECT i % 4 AS g, nnet.fit(('wide_' || i % 4)::regclass, x, y, nnet.options(epochs => 2, seed => 1))->'samples' AS samples
FROM (SELECT * FROM wide WHERE i <= 2000 ORDER BY i % 4, i OFFSET 0) s GROUP BY 1 ORDER BY 1;
SELECT weights('wide_0') || weights('wide_1') || weights('wide_2') || weights('wide_3') = :'sorted' AS same;
RESET maintenance_work_mem;
RESET enable_sort;
-- 200 groups, all of their states at a time
SELECT count(new_wide('many_' || g, 'sparse_categorical_crossentropy')) FROM generate_series(0, 199) g;
SET enable_sort = off;
SET maintenance_work_mem = '1MB';
SELECT count(*) AS groups, sum(samples::int) AS samples, count(DISTINCT samples) AS sizes
FROM (SELECT nnet.fit(('many_' || i % 200)::regclass, x, y, nnet.options(epochs => 2))->'samples' AS samples FROM wide GROUP BY i % 200) s;
RESET maintenance_work_mem;
RESET enable_sort;
SELECT temporary_bytes() AS left_behind;
-- locks that a savepoint took are gone with it, though the cursor goes on
SET enable_sort = off;
BEGIN;
DECLARE trainings CURSOR FOR SELECT nnet.fit(('group_' || g)::regclass, x, y)->'samples' AS samples
FROM (SELECT i % 2 AS g, x, y FROM rows) s GROUP BY g;
SAVEPOINT first;
FETCH trainings;
ROLLBACK TO first;
\set VERBOSITY terse
\set SHOW_CONTEXT never
DO $$
BEGIN
    EXECUTE 'FETCH trainings';
EXCEPTION WHEN object_not_in_prerequisite_state THEN
    RAISE NOTICE '%', regexp_replace(SQLERRM, 'group_.', 'group');
END $$;
\set VERBOSITY default
\set SHOW_CONTEXT errors
ROLLBACK;
RESET enable_sort;
-- the model must follow from the group, also where the rows are grouped twice
SELECT g, nnet.fit(coalesce('group_' || g, 'a')::regclass, x, y, nnet.options(seed => 1))->'samples' AS samples
FROM (SELECT i % 5 AS g, x, y FROM rows) s GROUP BY ROLLUP (g) ORDER BY 1;

-- a model of one column, a number for x and y
SELECT nnet.compile('line', 'mse', nnet.sgd(learning_rate => 0.1));
SELECT (nnet.fit('line', i / 100.0, i / 50.0 + 1, nnet.options(epochs => 200, seed => 1))->'loss')::float8 < 1e-6 AS learned
FROM generate_series(1, 100) i;
SELECT abs((nnet.predict('line', 0.5))[1] - 2) < 0.01 AS learned;

SET client_min_messages = warning;
DROP SCHEMA test_fit CASCADE;
