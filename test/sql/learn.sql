-- nnet.learn(): what a first fit learns from rows before it trains, by states that are put together.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_learn;
SET search_path = test_learn;

CREATE FUNCTION fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
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
-- whether two tables of one model have learned the same, numbers but for rounding
CREATE FUNCTION near(a real[], b real[], tolerance float8) RETURNS boolean LANGUAGE sql AS $$
    SELECT coalesce(cardinality(a), 0) = coalesce(cardinality(b), 0) AND
        coalesce((SELECT bool_and(abs(u - v) <= tolerance * (1 + abs(v))) FROM unnest(a, b) AS t (u, v)), true)$$;
CREATE FUNCTION same(a text, b text, tolerance float8) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    -- "seen" is of the size of epoch seconds: its origin may be another, and so the mean from there
    RETURN QUERY EXECUTE format($q$
        SELECT a.name || CASE WHEN near(a.weights, b.weights, $1) THEN ': ' || a.config::text || b.config ELSE ': ' || a.weights::text || b.weights::text END
        FROM %1$I AS a JOIN %2$I AS b USING (layer, part)
        WHERE a.layer >= 0 AND a.kind NOT IN ('dense', 'embedding') AND a.name !~ '^since' AND (a.name !~ '^seen' OR $1 < 1e-5)
            AND (NOT near(a.weights, b.weights, $1) OR a.config <> b.config)
        UNION ALL SELECT 'labels' FROM %1$I AS a, %2$I AS b WHERE a.layer = -1 AND b.layer = -1
            AND (a.config -> 'labels', a.config -> 'label_type') IS DISTINCT FROM (b.config -> 'labels', b.config -> 'label_type')$q$, a, b) USING tolerance;
END $$;

SELECT setseed(0.5) \g /dev/null
CREATE TABLE rows AS SELECT i AS id, ARRAY[sin(i), cos(3 * i) + 5, i / 100.0]::real[] AS x, ('{red,green,blue}'::text[])[1 + i % 3] AS color,
    'word' || i % 40 || ' and ' || i % 3 AS remark, sin(i) + i / 50.0 AS y FROM generate_series(1, 3000) AS i;
CREATE TABLE people AS SELECT i AS id, CASE WHEN i % 7 > 0 THEN 20 + i % 50 + sin(i) END AS age, ('{nurse,clerk,cook,driver}'::text[])[1 + i % 4] AS job,
    CASE WHEN i % 5 > 0 THEN '2020-01-01'::timestamp + i * '1 hour'::interval END AS since, 1700000000 + i::float8 / 3 AS seen, i % 2 = 0 AS member,
    CASE WHEN i % 3 > 0 THEN (i * i % 1000)::float8 END AS pay FROM generate_series(1, 3000) AS i;
CREATE TABLE models (name text PRIMARY KEY, x text, y text, source text, m nnet.model);

SELECT nnet.create_model('colors', nnet.input(3), nnet.normalization(), nnet.dense(4, activation => 'relu'), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('colors', 'sparse_categorical_crossentropy', metrics => '{accuracy}');
SELECT nnet.create_model('remarks', nnet.input(1), nnet.text_vectorization(12, output_sequence_length => 3), nnet.embedding(12, 4), nnet.flatten(), nnet.dense(1));
SELECT nnet.compile('remarks', 'mse');
SELECT nnet.create_model('people_model', nnet.features('people', exclude => '{id,member}'), nnet.dense(4), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('people_model', 'binary_crossentropy');
SELECT nnet.create_model('scaled', nnet.input(1), nnet.normalization(), nnet.dense(1), nnet.normalization(invert => true));
SELECT nnet.compile('scaled', 'mse');
SELECT nnet.create_model('filled', nnet.input(3), nnet.imputation('median', add_indicator => true), nnet.normalization(), nnet.dense(1));
SELECT nnet.compile('filled', 'mse');
SELECT nnet.create_model('frequent', nnet.input(1), nnet.imputation('most_frequent'), nnet.dense(1));
SELECT nnet.compile('frequent', 'mse');
SELECT nnet.create_model('bins', nnet.input(3), nnet.discretization(num_bins => 8, output_mode => 'one_hot'), nnet.flatten(), nnet.dense(1));
SELECT nnet.compile('bins', 'mse');
INSERT INTO models VALUES ('colors', 'x', 'color', 'rows'), ('remarks', 'remark', 'y', 'rows'), ('people_model', 'r', 'member', 'people'), ('scaled', 'id', 'y * 100 + 7', 'rows'),
    ('filled', 'CASE WHEN id % 9 > 0 THEN x ELSE array_fill(NULL::real, ARRAY[3]) END', 'y', 'rows'), ('frequent', 'CASE WHEN id % 4 > 0 THEN id % 6 END', 'y', 'rows'), ('bins', 'x', 'y', 'rows');
UPDATE models SET m = nnet.pack(name::regclass);

-- ---- what fit learns alone ----

CREATE FUNCTION learn(which text, suffix text, call text DEFAULT 'nnet.learn(m, %s, %s)') RETURNS regclass LANGUAGE plpgsql AS $$
DECLARE
    k models; v nnet.model;
BEGIN
    SELECT * INTO k FROM models WHERE name = which;
    EXECUTE format('SELECT ' || call || ' FROM %I AS r, (SELECT $1 AS m OFFSET 0) AS one', k.x, k.y, k.source) INTO v USING k.m;
    RETURN nnet.unpack(v, which || suffix);
END $$;
SELECT learn(name, '_learned') FROM models ORDER BY name;
DO $$
DECLARE
    k models;
BEGIN
    SET client_min_messages = warning;
    FOR k IN SELECT * FROM models LOOP
        EXECUTE format('SELECT nnet.unpack($1, %L)', k.name || '_fit') USING k.m;
        EXECUTE format('SELECT nnet.fit(%L, %s, %s, nnet.options(seed => 1)) FROM %I AS r', k.name || '_fit', k.x, k.y, k.source);
    END LOOP;
END $$;
SELECT name, same(name || '_learned', name || '_fit', 1e-5) FROM models ORDER BY name;
SELECT l.name, near(l.weights[2:2], f.weights[2:2], 1e-5), abs((l.weights[1] + (m.config #>> '{origin,0}')::float8) - (f.weights[1] + (g.config #>> '{origin,0}')::float8)) < 1e-2
FROM people_model_learned AS l JOIN people_model_fit AS f USING (layer) JOIN people_model_learned AS m ON m.name = 'seen' JOIN people_model_fit AS g ON g.name = 'seen'
WHERE l.name = 'seen_normalization';
SELECT abs((l.config ->> 'origin')::float8 - (f.config ->> 'origin')::float8) < 1, abs((l.config ->> 'deviation')::float8 / (f.config ->> 'deviation')::float8 - 1) < 1e-6
FROM people_model_learned AS l JOIN people_model_fit AS f USING (layer) WHERE l.name = 'since_date';
-- steps and weights stay as they were; what follows learns nothing anew
SELECT l.config -> 'steps', (l.config -> 'history') IS NOT DISTINCT FROM (c.config -> 'history') FROM colors_learned AS l JOIN colors AS c USING (layer) WHERE layer = -1;
SELECT bool_and(l.weights = c.weights) FROM colors_learned AS l JOIN colors AS c USING (layer) WHERE c.kind = 'dense';
SELECT nnet.copy_model('colors_learned', 'colors_on');
SELECT nnet.fit('colors_on', x, color, nnet.options(seed => 1)) ->> 'epochs' FROM rows;
SELECT same('colors_on', 'colors_learned', 0), near(f.weights, o.weights, 1e-4) FROM colors_fit AS f JOIN colors_on AS o USING (layer) WHERE layer = 2;

-- ---- in parts ----

ALTER TABLE rows SET (parallel_workers = 4);
ALTER TABLE people SET (parallel_workers = 4);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE FUNCTION is_parallel(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    line text; found boolean := false;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        found := found OR line LIKE '%Partial Aggregate%';
    END LOOP;
    RETURN found;
END $$;
SELECT is_parallel('SELECT nnet.learn(nnet.pack(''colors''), x, color) FROM rows'),
    is_parallel('SELECT nnet.learn(nnet.pack(''colors''), ROW(x, color)) FROM rows');
CREATE FUNCTION learn_table(which text, suffix text, call text) RETURNS regclass LANGUAGE plpgsql AS $$
DECLARE
    k models; v nnet.model;
BEGIN
    SELECT * INTO k FROM models WHERE name = which;
    EXECUTE format('SELECT ' || call || ' FROM %I AS r', k.x, k.y, k.source) INTO v USING k.m;
    RETURN nnet.unpack(v, which || suffix);
END $$;
SET max_parallel_workers_per_gather = 0;
SELECT count(learn_table(name, '_serial', 'nnet.learn($1, %s, %s)')) FROM models;
SELECT count(learn_table(name, '_sorted', 'nnet.learn($1, %s, %s ORDER BY id DESC)')) FROM models;
SELECT count(learn_table(name, '_row', 'nnet.learn($1, ROW(%s, %s))')) FROM models;
SET max_parallel_workers_per_gather = 2;
SELECT count(learn_table(name, '_two', 'nnet.learn($1, %s, %s)')) FROM models;
SELECT count(learn_table(name, '_two_row', 'nnet.learn($1, ROW(%s, %s))')) FROM models;
SET max_parallel_workers_per_gather = 4;
SET parallel_leader_participation = off;
SELECT count(learn_table(name, '_four', 'nnet.learn($1, %s, %s)')) FROM models;
RESET max_parallel_workers_per_gather;
SELECT name, way, same(name || '_serial', name || way, 1e-12) FROM models, unnest('{_sorted,_row,_two,_two_row,_four}'::text[]) AS way WHERE name <> 'people_model' ORDER BY 1, 2;
-- parts take other origins from epoch seconds, and round from there
SELECT way, same('people_model_serial', 'people_model' || way, 1e-6) FROM unnest('{_sorted,_row,_two,_two_row,_four}'::text[]) AS way ORDER BY 1;
SELECT count(DISTINCT config ->> 'origin') FROM (TABLE people_model_serial UNION ALL TABLE people_model_two UNION ALL TABLE people_model_sorted UNION ALL TABLE people_model_four) AS t WHERE name = 'seen';
SELECT count(DISTINCT round((config ->> 'origin')::numeric, 3)), count(DISTINCT round((config ->> 'deviation')::numeric, 3))
FROM (TABLE people_model_serial UNION ALL TABLE people_model_two UNION ALL TABLE people_model_four) AS t WHERE name = 'since_date';
-- by group; and states that were stored
SELECT part, nnet.unpack(m, 'part_' || part) FROM (SELECT id % 2 AS part, nnet.learn(nnet.pack('colors'), x, color) AS m FROM rows GROUP BY 1) AS g ORDER BY 1;
CREATE TABLE states AS SELECT id % 2 AS part, nnet.learn_row_transition(NULL, nnet.pack('colors'), ROW(x, color)) AS s FROM rows WHERE id <= 4;
SELECT nnet.unpack(nnet.learn_row_final(nnet.learn_row_combine(a.s, b.s)), 'stored') FROM states AS a, states AS b WHERE a.part = 0 AND b.part = 1 LIMIT 1;
SELECT config ->> 'label_type' FROM stored WHERE layer = -1;

-- ---- into a table ----

SELECT nnet.copy_model(name::regclass, name || '_from') FROM models ORDER BY name;
SELECT name, nnet.learn_from((name || '_from')::regclass, format('SELECT %s, %s FROM %I AS r', x, y, source)) FROM models ORDER BY name;
SELECT name, same(name || '_serial', name || '_from', 1e-6) FROM models ORDER BY 1, 2;
SELECT nnet.learn_from('colors_from', 'SELECT x, color FROM rows'), nnet.learn_from('colors_from', 'SELECT x, color FROM rows WHERE false -- none');
SELECT nnet.fit('colors_from', x, color, nnet.options(seed => 1)) ->> 'epochs' FROM rows;
SELECT same('colors_from', 'colors_serial', 1e-12);
-- the history stays, with its times
SELECT nnet.readapt('colors_from');
SELECT nnet.learn_from('colors_from', 'SELECT x, color FROM rows WHERE id > 10'), (SELECT count(seconds) FROM nnet.history('colors_from'));
SET client_min_messages = warning;
SELECT nnet.unpack(nnet.pack('people_model'), 'chain_from') \g /dev/null
SET client_min_messages = notice;
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$;
CREATE TRIGGER keep BEFORE UPDATE ON chain_from FOR EACH ROW EXECUTE FUNCTION keep();
SELECT fails($$SELECT nnet.learn_from('chain_from', 'SELECT r, member FROM people AS r')$$);
SELECT fails($$SELECT nnet.learn_from('colors_from', 'SELECT x FROM rows')$$);
SELECT fails($$SELECT nnet.learn_from('colors_from', 'x, y')$$);
SELECT fails($$SELECT nnet.learn_from('colors_from', 'SELECT x, color FROM rows) AS q (x, y); SELECT 1 FROM (SELECT 1, 2')$$);
SELECT fails($$SELECT nnet.learn_from('colors_from', 'SELECT x, color FROM rows; SELECT x, color FROM rows')$$);
-- an error tells which model learns, in a training by rounds as well
DO $$
DECLARE
    context text;
BEGIN
    PERFORM nnet.learn_from('colors_from', 'SELECT x[1:2], color FROM rows');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
    RAISE NOTICE '%', substring(context FROM 'pass[^\n]*');
END $$;
CREATE VIEW seen_from AS TABLE colors_from;
SELECT fails($$SELECT nnet.learn_from('seen_from', 'SELECT x, color FROM rows')$$);

-- ---- layers that learn from what others learn ----

SET client_min_messages = notice;
SELECT nnet.create_model('chain', nnet.input(2), nnet.normalization(name => 'first'), nnet.dense(2, name => 'middle'), nnet.normalization(name => 'second'), nnet.dense(1));
SELECT nnet.compile('chain', 'mse');
SELECT nnet.unpack(nnet.learn(nnet.pack('chain'), x[1:2], y), 'chain_once') FROM rows;
SELECT nnet.unpack(nnet.learn(nnet.pack('chain_once'), x[1:2], y), 'chain_twice') FROM rows;
SELECT nnet.unpack(nnet.pack('chain'), 'chain_fit');
SELECT nnet.fit('chain_fit', x[1:2], y, nnet.options(seed => 1, epochs => 1)) ? 'loss' FROM rows;
SELECT same('chain_twice', 'chain_fit', 1e-5);

-- ---- classes as numbers, booleans, labels that are known, NULLs, no rows ----

SELECT nnet.unpack(nnet.learn(nnet.pack('colors'), x, id % 3), 'numbered') FROM rows;
SELECT config ->> 'label_type', config -> 'labels' FROM numbered WHERE layer = -1;
SELECT config ->> 'label_type', config -> 'labels' FROM people_model_learned WHERE layer = -1;
SELECT nnet.learn(nnet.pack('colors_learned'), x, color) = nnet.pack('colors_learned') FROM rows;
SELECT nnet.learn(nnet.pack('colors'), CASE WHEN id > 5 THEN x END, color) IS NULL FROM rows WHERE id <= 5;
SELECT nnet.learn(nnet.pack('colors'), ROW(NULL::real[], color)) IS NULL, nnet.learn(nnet.pack('colors'), NULL::record) IS NULL FROM rows WHERE id <= 5;
SELECT nnet.learn(nnet.pack('colors'), x, color) IS NULL FROM rows WHERE false;

-- ---- errors ----

SET max_parallel_workers_per_gather = 0;
SELECT nnet.create_model('raw', nnet.input(3), nnet.dense(1));
SELECT fails($$SELECT nnet.learn(nnet.pack('raw'), x, y) FROM rows$$);
SELECT fails($$SELECT nnet.learn(NULL, x, y) FROM rows$$);
SELECT fails($$SELECT nnet.learn(nnet.pack('colors'), x[1:2], color) FROM rows$$);
SELECT fails($$SELECT nnet.learn(nnet.pack('colors'), x, color || id % 2 ORDER BY id) FROM rows WHERE id < 3 OR id > 2990$$);
SELECT fails($$SELECT nnet.learn(m, x, color) FROM rows, (VALUES (nnet.pack('colors')), (nnet.pack('colors_learned'))) AS t (m)$$);
SELECT fails($$SELECT nnet.learn(nnet.pack('colors'), ROW(x, color, 1)) FROM rows$$);
SELECT fails($$SELECT nnet.learn(nnet.pack('colors'), CASE WHEN id < 3 THEN ROW(x, color) ELSE ROW(x, id) END ORDER BY id) FROM rows$$);
SELECT fails($$SELECT nnet.learn_row_combine(a.s, b.s) FROM states AS a, (SELECT nnet.learn_row_transition(NULL, nnet.pack('colors_learned'), ROW(x, color)) AS s FROM rows LIMIT 1) AS b$$);
SELECT fails($$SELECT nnet.learn_row_final(nnet.learn_row_combine(a.s, b.s)) FROM states AS a, (SELECT nnet.learn_row_transition(NULL, nnet.pack('colors'), ROW(x, 1)) AS s FROM rows LIMIT 1) AS b$$);
SELECT fails($$SELECT nnet.learn_row_final('\x0102')$$);
SELECT fails($$SELECT nnet.learn_row_final('\x010203040506070809')$$);
CREATE TABLE outcomes (state text);
CREATE FUNCTION try(b bytea, seed integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(seed / 1000.0);
    FOR i IN 0 .. floor(random() * 3)::integer LOOP
        -- what was learned is at the end
        b := set_byte(b, length(b) - 1 - floor(random() * CASE WHEN random() < 0.9 THEN 200 ELSE length(b) END)::integer, floor(random() * 256)::integer);
    END LOOP;
    BEGIN
        PERFORM nnet.learn_row_final(nnet.learn_row_combine(b, b));
        RAISE EXCEPTION USING errcode = 'F0000';
    EXCEPTION WHEN assert_failure OR OTHERS THEN
        INSERT INTO outcomes VALUES (SQLSTATE);
    END;
END $$;
SET client_min_messages = warning;
SELECT count(try(s, i)) FROM (SELECT s FROM states LIMIT 1) AS s, generate_series(1, 500) AS i;
SELECT count(*), count(*) FILTER (WHERE state = '22P03') > 50 FROM outcomes;
SELECT DISTINCT state FROM outcomes WHERE state ~ '^(XX|53|57|58)';

-- a table of counts that has no place left
SELECT nnet.create_model('shelves', nnet.input(1), nnet.discretization(num_bins => 4), nnet.category_encoding(4, 'one_hot'), nnet.dense(1)) \g /dev/null
SELECT nnet.compile('shelves', 'mse') \g /dev/null
CREATE TABLE bins_states AS SELECT nnet.learn_row_transition(NULL, nnet.pack('shelves'), ROW(1.0, 1)) AS s;
CREATE TABLE full_states AS SELECT substr(s, 1, length(s) - 48) || int4send(1) || int4send(1 + 262144) || float8send(65536)
    || (SELECT string_agg(float8send(i) || float8send(1), '' ORDER BY i) FROM generate_series(1, 131072) AS i) || int4send(394880) || int4send(0) AS s FROM bins_states;
SET statement_timeout = '60s';
SELECT fails($$SELECT nnet.learn_row_final(nnet.learn_row_combine(f.s, b.s)) FROM full_states AS f, bins_states AS b$$);
RESET statement_timeout;

DROP SCHEMA test_learn CASCADE;
