-- Errors say which row it was, which column, and of which model.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
SET max_parallel_workers_per_gather = 0; -- errors tell of the first bad row, which a worker may not have
CREATE SCHEMA test_rows;
SET search_path = test_rows;
\set SHOW_CONTEXT errors

SELECT nnet.create_model('m', nnet.input(3), nnet.dense(2, activation => 'softmax'));
SELECT nnet.compile('m', 'sparse_categorical_crossentropy');
CREATE TABLE r AS SELECT i AS id, ARRAY[i, 1, 2]::real[] AS x, i % 2 AS y FROM generate_series(1, 699) AS i;
CREATE FUNCTION break(n int, new real[]) RETURNS void LANGUAGE sql AS $$
    UPDATE r SET x = ARRAY[id, 1, 2] WHERE x[2:] IS DISTINCT FROM '{1,2}'; UPDATE r SET x = new WHERE id = n $$;
-- the message, and what of its context is nnet's
CREATE FUNCTION tell(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text;
    context text;
BEGIN
    EXECUTE query;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, context = PG_EXCEPTION_CONTEXT;
    RETURN QUERY SELECT concat_ws(' | ', message, string_agg(line, ' | ' ORDER BY n))
    FROM unnest(string_to_array(context, E'\n')) WITH ORDINALITY AS t (line, n) WHERE line ~ '^(x|y|history|column .*|position .*) for model|^(row|call|picture|array) [0-9]+ of nnet';
END $$;

-- ---- whatever reads rows ----

SELECT break(431, '{1,NULL,3}');
SELECT nnet.fit('m', x, y ORDER BY id) FROM r;
SELECT nnet.fit('m', x, y, nnet.options(shuffle => false) ORDER BY id DESC) FROM r;
SELECT nnet.evaluate('m', x, y ORDER BY id) FROM r;
SELECT nnet.predict('m', x) FROM (SELECT x FROM r ORDER BY id) AS s;
SELECT nnet.classify('m', x) FROM (SELECT x FROM r ORDER BY id) AS s;
SELECT nnet.predict_batch('m', x) OVER (ORDER BY id) FROM r;
SELECT nnet.predict_batch('m', x) OVER (PARTITION BY y ORDER BY id) FROM r;
-- groups count their own rows, and rows that are passed over count
SELECT nnet.copy_model('m', 'm' || k) FROM generate_series(0, 1) AS k;
SELECT y, nnet.fit(('m' || y)::regclass, x, y ORDER BY id) FROM r GROUP BY y;
SELECT y, nnet.evaluate('m', x, y ORDER BY id) FROM r GROUP BY y;
SELECT nnet.fit('m', CASE WHEN id > 400 THEN x END, y ORDER BY id) FROM r;
SELECT nnet.evaluate('m', CASE WHEN id > 400 THEN x END, y ORDER BY id) FROM r;
SELECT nnet.fit('m', x, y ORDER BY id) FILTER (WHERE id > 400) FROM r;
SELECT nnet.predict_batch('m', CASE WHEN id > 400 THEN x END) OVER (ORDER BY id) FROM r;
-- one value for all rows: no row is told
SELECT nnet.predict('m', '{1,NULL,3}'::real[]);

-- ---- whatever is wrong with a row ----

SELECT break(77, '{1,NaN,3}');
SELECT nnet.fit('m', x, y ORDER BY id) FROM r;
SELECT break(78, '{1,2,3,4}');
SELECT nnet.fit('m', x, y ORDER BY id) FROM r;
SELECT nnet.evaluate('m', x, y ORDER BY id) FROM r;
SELECT nnet.predict('m', x) FROM (SELECT x FROM r ORDER BY id) AS s;
SELECT nnet.predict_batch('m', x) OVER (ORDER BY id) FROM r;
SELECT break(1, '{1,1,2}');
SELECT nnet.fit('m', x, CASE id WHEN 79 THEN 2 ELSE y END ORDER BY id) FROM r;
SELECT nnet.fit('m', x, CASE id WHEN 80 THEN 'c' ELSE chr(97 + y) END ORDER BY id) FROM r;
SELECT nnet.fit('m', x, CASE id WHEN 81 THEN ARRAY[1, 2] ELSE ARRAY[y] END ORDER BY id) FROM r;
SELECT nnet.fit('m', x, y, nnet.options(epochs => id) ORDER BY id) FROM r;
SELECT nnet.evaluate(CASE id WHEN 82 THEN 0 ELSE 'm'::regclass END, x, y ORDER BY id) FROM r;
SELECT nnet.create_model('ids', nnet.input(3), nnet.embedding(1000, 2), nnet.flatten(), nnet.dense(1));
SELECT nnet.compile('ids', 'mse');
SELECT break(83, '{1,1000,3}');
SELECT nnet.fit('ids', x, y ORDER BY id) FROM r;
SELECT nnet.predict_batch('ids', x) OVER (ORDER BY id) FROM r;
SELECT break(1, '{1,1,2}');
SELECT nnet.copy_model('m', 'large');
UPDATE large SET weights = '{1,1,1,1,1,1,3e38,3e38}' WHERE layer = 1;
UPDATE large SET config = '{"units": 2}' WHERE layer = 1;
SELECT nnet.predict('large', CASE id WHEN 84 THEN '{3e38,3e38,3e38}' ELSE x END) FROM (SELECT * FROM r ORDER BY id) AS s;
SELECT nnet.predict_batch('large', CASE id WHEN 84 THEN '{3e38,3e38,3e38}' ELSE x END) OVER (ORDER BY id) FROM r;
-- what is wrong with the model or the training is no row's
SELECT nnet.predict_batch('r', x) OVER () FROM r;
SELECT nnet.fit('r', x, y) FROM r;
SELECT nnet.evaluate('r', x, y) FROM r;

-- ---- columns ----

CREATE TABLE cars (id int, age int, price numeric, size real[], "Old Name" float8);
INSERT INTO cars SELECT i, i % 9, i * 1000, ARRAY[4.5, 1.8], i / 7.0 FROM generate_series(1, 100) AS i;
SELECT nnet.create_model('car', nnet.input(6), nnet.dense(1));
SELECT nnet.compile('car', 'mse');
CREATE FUNCTION drive() RETURNS SETOF text LANGUAGE sql AS $$
    SELECT tell(query) FROM unnest(ARRAY[
        'SELECT nnet.fit(''car'', c, id ORDER BY id) FROM cars AS c',
        'SELECT nnet.evaluate(''car'', c, id ORDER BY id) FROM (SELECT age, price, size, "Old Name", id FROM cars) AS c',
        'SELECT nnet.fit(''car'', ROW(id, age, price, size, "Old Name"), id ORDER BY id) FROM cars',
        'SELECT nnet.predict_batch(''car'', c) OVER (ORDER BY id) FROM cars AS c',
        'SELECT nnet.predict(''car'', c) FROM (SELECT * FROM cars ORDER BY id) AS c',
        'SELECT nnet.predict(''car'', ROW(id, c)) FROM (SELECT * FROM cars WHERE id > 16 ORDER BY id) AS c',
        'SELECT nnet.predict(''car'', w) FROM (SELECT c AS whole FROM (SELECT * FROM cars ORDER BY id) AS c) AS w']) AS query $$;
UPDATE cars SET price = NULL WHERE id = 17;
SELECT drive();
UPDATE cars SET price = 'NaN' WHERE id = 17;
SELECT drive();
UPDATE cars SET price = 18, size = '{1,NULL}' WHERE id = 17;
SELECT drive();
UPDATE cars SET size = '{1,Infinity}' WHERE id = 17;
SELECT drive();
UPDATE cars SET size = '{1,1}', "Old Name" = 1e300 WHERE id = 17;
SELECT drive();
UPDATE cars SET "Old Name" = 1;
ALTER TABLE cars ADD colour text, ADD sold date, ADD "On Sale" timestamp[];
SELECT nnet.predict('car', c) FROM cars AS c;
ALTER TABLE cars DROP colour;
SELECT nnet.predict('car', c) FROM cars AS c;
ALTER TABLE cars DROP sold;
SELECT nnet.predict('car', c) FROM cars AS c;
SELECT nnet.predict('car', ROW(1, colour)) FROM (SELECT 'red'::text AS colour) AS c;

-- ---- text that is no number, and other people's functions ----

SELECT nnet.predict('m', 'abc');
SELECT nnet.predict('m', '{1,abc}');
SELECT nnet.fit('m', x, 'abc') FROM r;
SELECT nnet.fit('m', ROW(id, 'abc', 3), y ORDER BY id) FROM r;
SELECT nnet.predict('m', c) FROM (SELECT NULL::int AS id, 'x') AS c;
SELECT nnet.forecast('m', '{1,x}', 2);
CREATE TYPE sensor AS (v text);
CREATE FUNCTION values_of(sensor) RETURNS real[] LANGUAGE plpgsql AS $$ BEGIN RETURN string_to_array($1.v, ' ')::real[]; END $$;
CREATE CAST (sensor AS real[]) WITH FUNCTION values_of(sensor);
SELECT tell($$ SELECT nnet.fit('m', ROW(CASE id WHEN 6 THEN '1 two 3' ELSE '1 2 3' END)::sensor, y ORDER BY id) FROM r $$);
SELECT tell($$ SELECT nnet.fit('car', s, 1 ORDER BY id) FROM (SELECT id, ROW(CASE id WHEN 7 THEN 'two' ELSE '1 2 3 4 5' END)::sensor AS reading FROM r) AS s $$);
-- a function that predicts, within a row that is read
CREATE FUNCTION nested(sensor) RETURNS real[] LANGUAGE plpgsql AS $$ BEGIN RETURN nnet.predict('car', string_to_array($1.v, ' ')::real[]); END $$;
DROP CAST (sensor AS real[]);
CREATE CAST (sensor AS real[]) WITH FUNCTION nested(sensor);
SELECT tell($$ SELECT nnet.predict_batch('m', ROW(CASE id WHEN 6 THEN '1 2' ELSE '1 2 3' END)::sensor) OVER (ORDER BY id) FROM r WHERE id = 6 $$);

-- an error that was caught leaves no row behind
DO $$
BEGIN
    FOR i IN 1..3 LOOP
        BEGIN
            PERFORM nnet.fit('m', ARRAY[1, NULL, 3]::real[], 0);
        EXCEPTION WHEN null_value_not_allowed THEN NULL;
        END;
        BEGIN
            PERFORM nnet.predict_batch('m', ARRAY[1, NULL, i]::real[]) OVER ();
        EXCEPTION WHEN null_value_not_allowed THEN NULL;
        END;
    END LOOP;
END $$;
SELECT 1 / 0;

-- ---- other aggregates ----

SELECT nnet.create_model('g', nnet.input(2), nnet.dense(3)), nnet.create_model('d', nnet.input(3), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('g', 'mse'), nnet.compile('d', 'mse');
SELECT break(55, '{1,NULL,3}');
SELECT nnet.fit_gan('g', 'd', x ORDER BY id) FROM r;
SELECT nnet.fit_gan('g', 'd', NULL::real[]) FROM r;
SELECT nnet.png_grid(x, 1, 3, 1, 9 ORDER BY id) FROM r;
SELECT nnet.average(x ORDER BY id) FROM r;

-- ---- nothing but NULLs ----

SELECT nnet.evaluate('m', NULL::real[], y) FROM r;
SELECT nnet.evaluate('m', x, NULL::int) FROM r;
SELECT nnet.evaluate('m', x, y) FROM r WHERE false;

-- ---- types that are no numbers: each has a way ----

CREATE FUNCTION way(type text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text;
    hint text;
BEGIN
    EXECUTE format('SELECT nnet.predict(''m'', v) FROM (SELECT NULL::%s AS v) AS s WHERE nnet.predict(''m'', NULL::%s) IS NULL', type, type);
    EXECUTE format('SELECT nnet.fit(''m'', v, 1) FROM (SELECT NULL::%s AS v) AS s', type);
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
    RETURN NEXT message || ': ' || hint;
END $$;
SELECT way(t) FROM unnest('{date,timestamp,timestamptz,time,timetz,money,uuid,json,inet,oid,point,box,bit(3),xml,tsvector,text,text[],date[],int4range,daterange,jsonpath}'::text[]) AS t;
-- and what a way gives can be read
SELECT cardinality(nnet.predict('m', ROW(d - date '2024-01-01', extract(epoch from i), m::numeric))),
    cardinality(nnet.predict('m', ROW(extract(epoch from ts - timestamp '2024-01-01') / 86400, extract(hour from ts), (j ->> 'k')::real))),
    cardinality(nnet.predict('m', ARRAY(SELECT v::real FROM jsonb_array_elements_text(a) AS v))),
    cardinality(nnet.predict('m', string_to_array(b::text, NULL)::real[])),
    cardinality(nnet.predict('m', ROW(lower(r), upper(r), extract(epoch from t)))),
    cardinality(nnet.predict('m', ROW(ARRAY[p[0], p[1]], 1)))
FROM (SELECT date '2024-02-01' AS d, interval '1 hour' AS i, money '3' AS m, timestamptz '2024-02-01 12:00' AS ts,
      '{"k": 1}'::jsonb AS j, '[1,2,3]'::jsonb AS a, b'101' AS b, int4range(1, 5) AS r, time '10:00' AS t, point '(1,2)' AS p) AS v;

-- ---- names ----

SELECT nnet.create_model('two words', nnet.input(1), nnet.dense(1));
SELECT nnet.copy_model('m', 'two "words"');
SELECT nnet.create_model('  ', nnet.input(1), nnet.dense(1));
SELECT nnet.create_model('a.', nnet.input(1), nnet.dense(1));
SELECT nnet.create_model('a.b.c.d', nnet.input(1), nnet.dense(1));
SELECT nnet.create_model(format('%I', 'two words'), nnet.input(1), nnet.dense(1));
SELECT nnet.copy_model('m', format('%I', 'two "words"'));
SELECT nnet.create_model(repeat('Long', 16), nnet.input(1), nnet.dense(1));
SELECT nnet.copy_model('m', format('test_rows.%I', repeat('Lo"ng', 13)));
SELECT nnet.copy_model('m', ' test_rows . ' || repeat('fits', 15) || '123 ');
SELECT nnet.create_model(repeat('s', 70) || '.m', nnet.input(1), nnet.dense(1));
SELECT nnet.create_model('n', nnet.input(1), nnet.dense(1, name => repeat('layer', 13)));

SET client_min_messages = warning;
DROP SCHEMA test_rows CASCADE;
