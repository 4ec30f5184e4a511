-- nnet.predict_batch: the same as nnet.predict, however the rows are read ahead.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_predict_batch;
SET search_path = test_predict_batch;
\set SHOW_CONTEXT never

SELECT setseed(0.5);
SELECT nnet.create_model('m', nnet.input(20), nnet.dense(16, activation => 'relu'), nnet.dense(3, activation => 'softmax'));
SELECT nnet.create_model('m2', nnet.input(20), nnet.dense(4));
CREATE TABLE rows AS
    SELECT i, CASE WHEN i % 10 <> 3 THEN (SELECT array_agg(sin(i * k))::real[] FROM generate_series(1, 20) k) END AS x
    FROM generate_series(1, 6000) i;
-- how far two arrays are apart; NULL like NULL
CREATE FUNCTION differ(a real[], b real[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (a IS NULL) <> (b IS NULL) OR array_dims(a) <> array_dims(b)
        OR (SELECT max(abs(p - q) / (1 + abs(q))) > 1e-5 FROM unnest(a, b) u(p, q)) IS TRUE $$;
CREATE VIEW batched AS SELECT i, x, nnet.predict_batch('m', x) OVER () AS y FROM rows;

SELECT count(*) AS rows, count(y) AS predicted, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong FROM batched;
SET work_mem = '64kB';
SELECT count(*) AS rows, count(y) AS predicted, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong FROM batched;
RESET work_mem;
SET nnet.threads = 1;
SELECT count(*) AS rows, count(y) AS predicted, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong FROM batched;
SET nnet.threads = 2;
SELECT count(*) AS rows, count(y) AS predicted, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong FROM batched;
RESET nnet.threads;
SET nnet.cache_size = 0;
SELECT count(*) AS rows, count(y) AS predicted, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong FROM batched;
RESET nnet.cache_size;

-- LIMIT
SELECT count(*) AS rows, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong FROM (SELECT * FROM batched LIMIT 1) s;
SELECT count(*) AS rows, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong FROM (SELECT * FROM batched LIMIT 100 OFFSET 17) s;
-- a cursor
BEGIN;
DECLARE c CURSOR FOR SELECT i, differ(y, nnet.predict('m', x)) IS TRUE AS wrong FROM batched;
FETCH 2 FROM c;
MOVE 3000 FROM c;
FETCH 2 FROM c;
ROLLBACK;

-- PARTITION BY and ORDER BY, partitions of one row and of many
SELECT count(*) AS rows, count(y) AS predicted, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong
FROM (SELECT x, nnet.predict_batch('m', x) OVER (PARTITION BY i % 7 ORDER BY i DESC) AS y FROM rows) s;
SELECT count(*) AS rows, count(y) AS predicted, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong
FROM (SELECT x, nnet.predict_batch('m', x) OVER (PARTITION BY i) AS y FROM rows) s;
SELECT count(*) AS rows, count(y) AS predicted, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong
FROM (SELECT x, nnet.predict_batch('m', x) OVER (PARTITION BY i < 100 ROWS 3 PRECEDING) AS y FROM rows) s;

-- two of them, two models, beside other window functions
SELECT count(*) AS rows, count(*) FILTER (WHERE differ(y, nnet.predict('m', x)) OR differ(z, nnet.predict('m2', x)) OR n <> i) AS wrong
FROM (SELECT i, x, nnet.predict_batch('m', x) OVER w AS y, nnet.predict_batch('m2', x) OVER w AS z, row_number() OVER w AS n
    FROM rows WINDOW w AS (ORDER BY i)) s;
-- the model changes from row to row, or is NULL
SELECT count(*) AS rows, count(y) AS predicted, count(*) FILTER (WHERE differ(y, nnet.predict(m, x))) AS wrong
FROM (SELECT x, m, nnet.predict_batch(m, x) OVER (ORDER BY i) AS y
    FROM (SELECT *, (CASE WHEN i % 11 = 1 THEN 'm2' WHEN i % 13 <> 1 THEN 'm' END)::regclass AS m FROM rows) r) s;
-- run again by a nested loop
SELECT g, count(*) AS rows, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong
FROM generate_series(1, 3) g, LATERAL (SELECT x, nnet.predict_batch('m', x) OVER () AS y FROM rows WHERE i <= g * 20) s
GROUP BY g ORDER BY g;

-- x itself is predicted upon: each call ends what threads have begun, without a cache it unloads m as well
SELECT count(*) AS rows, count(y) AS predicted, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong
FROM (SELECT x, nnet.predict_batch('m', CASE WHEN nnet.predict('m2', x) IS NOT NULL THEN x END) OVER () AS y FROM rows) s;
SET nnet.cache_size = 0;
SELECT count(*) AS rows, count(y) AS predicted, count(*) FILTER (WHERE differ(y, nnet.predict('m', x))) AS wrong
FROM (SELECT x, nnet.predict_batch('m', CASE WHEN i % 500 = 499 AND nnet.predict('m2', x) IS NULL THEN NULL ELSE x END) OVER () AS y FROM rows) s;
RESET nnet.cache_size;

-- weights are packed for many rows, anew when they change, also within one transaction
CREATE TABLE wide AS
    SELECT i, (SELECT array_agg(sin(i * k))::real[] FROM generate_series(1, 300) k) AS x, i % 2 AS y FROM generate_series(1, 400) i;
SELECT nnet.create_model('p', nnet.input(300), nnet.reshape('{12,25}'), nnet.conv1d(33, 3, activation => 'relu'), nnet.lstm(8, return_sequences => true),
    nnet.gru(32, return_sequences => true), nnet.flatten(), nnet.dense(70, activation => 'tanh'), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('p', loss => 'binary_crossentropy', optimizer => nnet.adam(0.01));
CREATE VIEW packed AS
    SELECT count(*) AS rows, count(*) FILTER (WHERE differ(y, nnet.predict('p', x))) AS wrong, sum(y[1]) AS total
    FROM (SELECT x, nnet.predict_batch('p', x) OVER () AS y FROM wide) s;
CREATE TABLE totals AS SELECT total FROM packed;
SELECT rows, wrong FROM packed;
BEGIN;
SELECT nnet.fit('p', x, y) ->> 'samples' AS samples FROM wide;
INSERT INTO totals SELECT total FROM packed;
SELECT rows, wrong FROM packed;
SELECT nnet.fit('p', x, y) ->> 'samples' AS samples FROM wide;
INSERT INTO totals SELECT total FROM packed;
SELECT rows, wrong FROM packed;
COMMIT;
SELECT count(DISTINCT total) AS different FROM totals;
-- not where both copies would not fit the cache
CREATE FUNCTION cached() RETURNS integer LANGUAGE sql AS $$ SELECT (nnet.info() ->> 'cached_bytes')::integer $$;
SET nnet.cache_size = 0;
RESET nnet.cache_size;
SELECT rows, wrong FROM packed;
SELECT cached() AS both \gset
SET nnet.cache_size = 0;
SELECT cached();
SET nnet.cache_size = '370kB';
SELECT rows, wrong FROM packed;
SELECT cached() AS one \gset
RESET nnet.cache_size;
SELECT :one > 0 AS loaded, :both - :one > 90000 AS packed_before;
-- nor from the shapes of steps that a layer refused
SELECT nnet.create_model(m, nnet.input(NULL, 3), nnet.conv1d(256, 5, activation => 'relu'), nnet.conv1d(64, 1), nnet.global_average_pooling1d(), nnet.dense(1))
FROM unnest('{a,b}'::text[]) m;
CREATE TABLE series AS
    SELECT i, CASE WHEN i <= 200 THEN 'a' ELSE 'b' END::regclass AS m,
        (SELECT array_agg(ARRAY[sin(i * k), cos(i + k), sin(k)]::real[] ORDER BY k) FROM generate_series(1, 8) k) AS x
    FROM generate_series(1, 600) i;
SELECT nnet.predict('b', '{{1,2,3},{4,5,6},{7,8,9}}'::real[]);
SELECT m, count(*) AS rows, count(*) FILTER (WHERE differ(y, nnet.predict(m, x))) AS wrong
FROM (SELECT m, x, nnet.predict_batch(m, x) OVER (ORDER BY i) AS y FROM series) s GROUP BY m ORDER BY m::text;

-- no rows, only NULLs
SELECT nnet.predict_batch('m', x) OVER () FROM rows WHERE false;
SELECT count(*) AS rows, count(y) AS predicted FROM (SELECT nnet.predict_batch('m', NULL::real[]) OVER () AS y FROM rows) s;
SELECT count(*) AS rows, count(y) AS predicted FROM (SELECT nnet.predict_batch(NULL, x) OVER () AS y FROM rows) s;

-- rows wider than work_mem has room for
SELECT nnet.create_model('large', nnet.input(30000), nnet.dense(2));
SET work_mem = '64kB';
SELECT count(*) AS rows, count(*) FILTER (WHERE differ(y, nnet.predict('large', x))) AS wrong
FROM (SELECT x, nnet.predict_batch('large', x) OVER () AS y
    FROM (SELECT array_fill(i / 100.0::real, '{30000}')::real[] AS x FROM generate_series(1, 20) i) r) s;
RESET work_mem;

-- other types of x
SELECT count(*) AS rows, count(*) FILTER (WHERE differ(y, nnet.predict('m2', x))) AS wrong
FROM (SELECT x, nnet.predict_batch('m2', x) OVER () AS y
    FROM (SELECT decode(repeat(lpad(to_hex(i), 2, '0'), 20), 'hex') AS x FROM generate_series(1, 50) i) r) s;
SELECT count(*) AS rows, count(*) FILTER (WHERE differ(y, nnet.predict('m2', x))) AS wrong
FROM (SELECT x, nnet.predict_batch('m2', x) OVER () AS y
    FROM (SELECT array_fill(i::numeric, '{4,5}') AS x FROM generate_series(1, 50) i) r) s;

-- refused
SELECT nnet.predict_batch('m', x) FROM rows;
SELECT nnet.predict_batch('rows', x) OVER () FROM rows;
SELECT count(y) FROM (SELECT nnet.predict_batch('m', CASE WHEN i = 2500 THEN '{1,2}' ELSE x END) OVER () AS y FROM rows) s;
SELECT count(y) FROM (SELECT nnet.predict_batch('m', CASE WHEN i = 2500 THEN array_fill('NaN'::real, '{20}') ELSE x END) OVER () AS y FROM rows) s;
SELECT nnet.predict_batch('m', 'sun'::text) OVER () FROM rows;
CREATE OPERATOR @@@ (FUNCTION = nnet.predict_batch, LEFTARG = regclass, RIGHTARG = "any");
SELECT 'm'::regclass @@@ x FROM rows;
-- no oid stands for "none yet"
SELECT nnet.predict_batch(0::regclass, x) OVER () FROM rows;
SELECT nnet.predict_batch('-'::regclass, NULL::real[]) OVER ();
SELECT nnet.predict_batch(v.m, r.x) OVER () FROM rows r, (VALUES (NULL::regclass), ('-')) v(m) WHERE r.i <= 2;
SELECT nnet.predict_batch(CASE r.i WHEN 1 THEN 'm' ELSE '-' END::regclass, r.x) OVER (ORDER BY r.i) FROM rows r;

SET client_min_messages = warning;
DROP SCHEMA test_predict_batch CASCADE;
