-- nnet.average_value(nnet.model [, weight]): models between models, by a state that is a bytea.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_average_value;
SET search_path = test_average_value;

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
CREATE FUNCTION numbers(m nnet.model, which text DEFAULT 'weights') RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE
    r real[];
BEGIN
    SET LOCAL client_min_messages = warning;
    DROP TABLE IF EXISTS looked_at;
    PERFORM nnet.unpack(m, 'looked_at');
    EXECUTE format('SELECT array_agg(w ORDER BY layer, part, i) FROM looked_at, unnest(%I) WITH ORDINALITY AS u (w, i)', which) INTO r;
    RETURN r;
END $$;
CREATE FUNCTION near(a real[], b float8[]) RETURNS boolean LANGUAGE sql AS $$
    SELECT cardinality(a) > 0 AND cardinality(a) = cardinality(b) AND
        (SELECT bool_and(abs(u - v) <= 1e-6 * (1 + abs(v))) FROM unnest(a, b) AS t (u, v))$$;

SELECT setseed(0.5) \g /dev/null
CREATE TABLE rows AS SELECT i AS id, ARRAY[sin(i), cos(3 * i), i / 100.0]::real[] AS x, sin(i) + i / 50.0 AS y, ('{red,green,blue}'::text[])[1 + i % 3] AS color
FROM generate_series(1, 400) AS i;
SELECT nnet.create_model('line', nnet.input(3), nnet.dense(4, activation => 'relu'), nnet.dense(1));
SELECT nnet.compile('line', 'mse', nnet.adam());
CREATE TABLE models AS SELECT id % 4 AS part, count(*) AS n, nnet.fit_value(nnet.pack('line'), x, y, nnet.options(epochs => 1 + id % 2, seed => 1)) AS m
FROM (SELECT * FROM rows ORDER BY id) AS r GROUP BY id % 4;
CREATE VIEW by_hand AS
    SELECT which, array_agg(v ORDER BY i) AS v, array_agg(w ORDER BY i) AS w
    FROM (SELECT which, i, avg(x) AS v, sum(x * n) / sum(n) AS w
        FROM (SELECT n * (part + 1) AS n, numbers(m, 'weights') AS weights, numbers(m, 'slots') AS slots FROM models) AS k,
            LATERAL (VALUES ('weights', weights), ('slots', slots)) AS l (which, list), unnest(list) WITH ORDINALITY AS u (x, i)
        GROUP BY which, i) AS s GROUP BY which;

-- ---- number by number ----

CREATE TABLE averages AS SELECT nnet.average_value(m) AS plain, nnet.average_value(m, n * (part + 1)) AS weighted FROM models;
SELECT which, near(numbers(plain, which), v), near(numbers(weighted, which), w), near(numbers(plain, which), w) FROM averages, by_hand ORDER BY which;
SELECT nnet.average_value(m) = (SELECT m FROM models WHERE part = 1) FROM models WHERE part = 1;
SELECT nnet.average_value(m, part) = (SELECT m FROM models WHERE part = 1) FROM models WHERE part < 2;
-- a weight that is NULL is 1, a model that is NULL is none
SELECT near(numbers(nnet.average_value(CASE WHEN part <> 2 THEN m END, NULL)), numbers(nnet.average_value(m) FILTER (WHERE part <> 2))::float8[]) FROM models;
SELECT nnet.average_value(m) IS NULL FROM models WHERE false;
SELECT nnet.average_value(NULL) IS NULL, nnet.average_value(NULL, 2) IS NULL FROM models;
SELECT nnet.average_value(m, 0) IS NULL FROM models;
SELECT part, nnet.average_value(m, part) IS NULL FROM models WHERE part < 2 GROUP BY part ORDER BY part;
SELECT nnet.average_value(m, 0) FILTER (WHERE false) IS NULL FROM models;
SELECT nnet.average_value(m, (part = 1)::int) = (SELECT m FROM models WHERE part = 1) FROM models WHERE part < 3;
-- the rest is that of the model of the most weight, in any order
SELECT nnet.unpack(nnet.average_value(m, part ORDER BY part), 'forth'), nnet.unpack(nnet.average_value(m, part ORDER BY part DESC), 'back') FROM models;
SELECT nnet.unpack(m, 'heaviest') FROM models WHERE part = 3;
SELECT (SELECT count(*) FROM nnet.history('forth')) = (SELECT count(*) FROM nnet.history('heaviest')), f.config = b.config, f.config = h.config
FROM forth AS f, back AS b, heaviest AS h WHERE f.layer = -1 AND b.layer = -1 AND h.layer = -1;
SELECT nnet.fit('forth', x, y, nnet.options(seed => 1)) ? 'loss' FROM rows;
-- by group, as a window, and two averages of which one is of the others
SELECT part % 2, near(numbers(nnet.average_value(m)), CASE part % 2
    WHEN 0 THEN (SELECT numbers(nnet.average_value(k.m)) FROM models AS k WHERE k.part IN (0, 2))
    ELSE (SELECT numbers(nnet.average_value(k.m)) FROM models AS k WHERE k.part IN (1, 3)) END::float8[])
FROM models GROUP BY part % 2 ORDER BY 1;
SELECT count(DISTINCT a) FROM (SELECT nnet.average_value(m) OVER (ORDER BY part) AS a FROM models) AS w;
SELECT near(numbers(nnet.average_value(a, n)), (SELECT numbers(nnet.average_value(m, n))::float8[] FROM models))
FROM (SELECT nnet.average_value(m, n) AS a, sum(n) AS n FROM models GROUP BY part % 2) AS halves;
-- in parallel
CREATE TABLE many AS SELECT m, n FROM models, generate_series(1, 50);
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
DO $$
DECLARE
    line text; found boolean := false;
BEGIN
    FOR line IN EXPLAIN (COSTS OFF) SELECT nnet.average_value(m, n) FROM many LOOP
        found := found OR line LIKE '%Partial Aggregate%';
    END LOOP;
    ASSERT found, 'parallel';
END $$;
SELECT near(numbers(a), numbers(b)::float8[]) FROM (SELECT nnet.average_value(m, n) AS a FROM many) AS p, (SELECT nnet.average_value(m, n ORDER BY n) AS b FROM models) AS s;
RESET max_parallel_workers_per_gather;

-- ---- models with and without the optimizer's state ----

CREATE TABLE lone AS SELECT part, nnet.fit_value(nnet.pack('line'), x, y, nnet.options(seed => part)) AS m
FROM rows, generate_series(1, 2) AS part WHERE id < 100 GROUP BY part;
SELECT nnet.unpack(m, 'lone_' || part) FROM lone ORDER BY part;
SELECT near(numbers(nnet.average_value(m), 'slots'), (SELECT array_agg(s / 2) FROM (SELECT unnest(numbers(m, 'slots')) AS s FROM lone WHERE part = 1) AS u))
FROM (SELECT nnet.pack('lone_1') AS m UNION ALL SELECT nnet.pack('lone_2', false)) AS both_of;
SELECT near(numbers(nnet.average_value(m), 'slots'), (SELECT array_agg(s / 2) FROM (SELECT unnest(numbers(m, 'slots')) AS s FROM lone WHERE part = 1) AS u))
FROM (SELECT nnet.pack('lone_2', false) AS m UNION ALL SELECT nnet.pack('lone_1')) AS both_of;
SELECT numbers(nnet.average_value(nnet.pack(m::regclass, false)), 'slots') IS NULL FROM unnest('{lone_1,lone_2}'::text[]) AS m;
-- not compiled: weights are all there is
SELECT nnet.create_model('raw', nnet.input(2), nnet.dense(1));
SELECT nnet.unpack(nnet.average_value(nnet.pack('raw')), 'raw_again') FROM generate_series(1, 3);
SELECT bool_and(r.weights IS NOT DISTINCT FROM a.weights) FROM raw AS r JOIN raw_again AS a USING (layer);

-- ---- variances are those of all rows together ----

SELECT nnet.create_model('norm', nnet.input(3), nnet.normalization(), nnet.dense(2), nnet.batch_normalization(), nnet.dense(1));
SELECT nnet.compile('norm', 'mse');
CREATE TABLE shards AS SELECT id % 3 AS part, count(*) AS n, nnet.fit_value(nnet.pack('norm'), x, y, nnet.options(seed => 1)) AS m FROM rows WHERE id % 3 < 2 OR id < 100 GROUP BY id % 3;
SELECT nnet.unpack(nnet.average_value(m, n), 'norm_of_all') FROM shards;
SELECT abs(p.value[1] - w.mean) < 1e-5 * (1 + abs(w.mean)), abs(v.value[1] - w.variance) < 1e-5 * w.variance
FROM (SELECT value FROM nnet.parameters('norm_of_all') WHERE name = 'normalization' AND parameter = 'mean') AS p,
    (SELECT value FROM nnet.parameters('norm_of_all') WHERE name = 'normalization' AND parameter = 'variance') AS v,
    (SELECT avg(x[1]::float8) AS mean, var_pop(x[1]::float8) AS variance FROM rows WHERE id % 3 < 2 OR id < 100) AS w;
DO $$
DECLARE
    k record; mean float8[] := '{0,0}'; square float8[] := '{0,0}'; n float8 := 0;
    a real[]; b real[];
BEGIN
    FOR k IN SELECT * FROM shards LOOP
        SET LOCAL client_min_messages = warning;
        DROP TABLE IF EXISTS shard_at_hand;
        PERFORM nnet.unpack(k.m, 'shard_at_hand');
        SELECT value INTO a FROM nnet.parameters('shard_at_hand') WHERE name = 'batch_normalization' AND parameter = 'moving_mean';
        SELECT value INTO b FROM nnet.parameters('shard_at_hand') WHERE name = 'batch_normalization' AND parameter = 'moving_variance';
        FOR i IN 1 .. 2 LOOP
            mean[i] := mean[i] + k.n * a[i];
            square[i] := square[i] + k.n * (b[i] + a[i]::float8 ^ 2);
        END LOOP;
        n := n + k.n;
    END LOOP;
    SELECT value INTO a FROM nnet.parameters('norm_of_all') WHERE name = 'batch_normalization' AND parameter = 'moving_mean';
    SELECT value INTO b FROM nnet.parameters('norm_of_all') WHERE name = 'batch_normalization' AND parameter = 'moving_variance';
    FOR i IN 1 .. 2 LOOP
        ASSERT abs(a[i] - mean[i] / n) < 1e-6 * (1 + abs(a[i])), 'mean';
        ASSERT abs(b[i] - (square[i] / n - (mean[i] / n) ^ 2)) < 1e-5 * b[i], 'variance';
    END LOOP;
END $$;

-- ---- errors ----

SELECT fails($$SELECT nnet.average_value(m, -1) FROM models$$);
SELECT fails($$SELECT nnet.average_value(m, 'NaN') FROM models$$);
SELECT fails($$SELECT nnet.average_value(m, 1e31) FROM models$$);
SELECT nnet.create_model('wider', nnet.input(3), nnet.dense(5, activation => 'relu'), nnet.dense(1));
SELECT nnet.compile('wider', 'mse');
SELECT fails($$SELECT nnet.average_value(nnet.pack(m)) FROM unnest('{line,wider}'::regclass[]) AS m$$);
SELECT nnet.copy_model('line', 'other_optimizer');
SELECT nnet.compile('other_optimizer', 'mse', nnet.sgd());
SELECT fails($$SELECT nnet.average_value(nnet.pack(m)) FROM unnest('{line,other_optimizer}'::regclass[]) AS m$$);
SELECT nnet.create_model('colors', nnet.input(3), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('colors', 'sparse_categorical_crossentropy');
SELECT fails($$SELECT nnet.average_value(m) FROM (SELECT nnet.fit_value(nnet.pack('colors'), x, color) AS m FROM rows WHERE color <> 'red' OR id % 2 = 0 GROUP BY id % 2) AS k$$);
SELECT fails($$SELECT nnet.average_value(m) FROM (SELECT nnet.fit_value(nnet.pack('colors'), x, color) AS m FROM rows GROUP BY id % 2) AS k$$);
SELECT nnet.copy_model('norm_of_all', 'norm_far');
UPDATE norm_of_all SET weights = array_fill(3e38::real, ARRAY[7]) WHERE kind = 'normalization';
SELECT fails($$SELECT nnet.average_value(nnet.pack(m)) FROM unnest('{norm_of_all,norm_far}'::regclass[]) AS m$$);
CREATE TABLE state AS SELECT nnet.average_value_transition(nnet.average_value_transition(NULL, m), m, 2) AS b FROM models WHERE part = 0;
SELECT nnet.average_value_final(b) = m FROM state, models WHERE part = 0;
SELECT nnet.average_value_final(NULL) IS NULL;
-- of one model it is the value, and some more
SELECT length(nnet.average_value_transition(NULL, m)) - length(nnet.model_send(m)) BETWEEN 1 AND 100 FROM models WHERE part = 0;
SELECT nnet.average_value_final(nnet.average_value_combine(nnet.average_value_transition(NULL, a.m, 3), nnet.average_value_transition(NULL, b.m, 5))) = (SELECT nnet.average_value(m, 3 + part) FROM models WHERE part IN (0, 2)) FROM models AS a, models AS b WHERE a.part = 0 AND b.part = 2;
SELECT fails(format('SELECT nnet.average_value_final(%L)', substr(b, 1, 70))) FROM state;
SELECT fails(format('SELECT nnet.average_value_final(%L)', substr(b, 1, length(b) - 4))) FROM state;
SELECT fails(format('SELECT nnet.average_value_final(%L)', overlay(b PLACING '\x00'::bytea FROM 1))) FROM state;
SELECT fails(format('SELECT nnet.average_value_final(%L)', overlay(b PLACING '\x03'::bytea FROM 5))) FROM state;
SELECT fails(format('SELECT nnet.average_value_final(%L)', overlay(b PLACING '\xffffffffffffffff'::bytea FROM 45))) FROM state;
SELECT fails(format('SELECT nnet.average_value_final(%L)', overlay(b PLACING '\x01'::bytea FROM 69))) FROM state;
SELECT fails(format('SELECT nnet.average_value_final(%L)', overlay(b PLACING '\x000000000000f07f'::bytea FROM 85))) FROM state;
CREATE TABLE outcomes (state text);
CREATE FUNCTION try(b bytea, seed integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(seed / 1000.0);
    FOR i IN 0 .. floor(random() * 3)::integer LOOP
        b := set_byte(b, floor(random() * CASE WHEN random() < 0.8 THEN 120 ELSE length(b) END)::integer, floor(random() * 256)::integer);
    END LOOP;
    BEGIN
        PERFORM nnet.average_value_final(nnet.average_value_combine(b, b));
        RAISE EXCEPTION USING errcode = 'F0000';
    EXCEPTION WHEN assert_failure OR OTHERS THEN
        INSERT INTO outcomes VALUES (SQLSTATE);
    END;
END $$;
SELECT count(try(b, i)) FROM state, generate_series(1, 1000) AS i;
SELECT count(try(nnet.average_value_transition(NULL, m), i)) FROM models, generate_series(1, 1000) AS i WHERE part = 0;
SELECT count(*), count(*) FILTER (WHERE state = '22P03') > 100 FROM outcomes;
SELECT DISTINCT state FROM outcomes WHERE state ~ '^(XX|53|57|58)';

SET client_min_messages = warning;
DROP SCHEMA test_average_value CASCADE;
