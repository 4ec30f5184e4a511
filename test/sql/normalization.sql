-- What normalization learns: its range, features that never vary, what it says of them.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_normalization;
SET search_path = test_normalization;
\set SHOW_CONTEXT never

CREATE FUNCTION learned(model regclass, parameter text, OUT value real[]) LANGUAGE plpgsql AS $$
BEGIN
    SELECT p.value INTO value FROM nnet.parameters(model) AS p WHERE p.parameter = learned.parameter;
END
$$;
CREATE FUNCTION close(a real[], b float8[], tolerance float8 DEFAULT 1e-5) RETURNS boolean LANGUAGE sql AS
    'SELECT bool_and(abs(x - y) <= tolerance * greatest(1e-30, abs(y))) FROM unnest(a, b) AS u(x, y)';

-- ---- range ----

-- sums of squares that no real holds, variances that do
SELECT nnet.create_model('hashes', nnet.input(1), nnet.normalization(), nnet.dense(1));
SELECT nnet.compile('hashes', 'mse');
SELECT nnet.fit('hashes', hashint8extended(i, 0), i % 2, nnet.options(seed => 1))->'samples' AS samples
FROM generate_series(1, 1000) AS i;
SELECT close(learned('hashes', 'variance'), ARRAY[(SELECT var_pop(hashint8extended(i, 0)::float8) FROM generate_series(1, 1000) AS i)]) AS variance;
SELECT abs((nnet.predict('hashes', hashint8extended(7, 0)))[1]) < 100 AS is_there;
SELECT nnet.fit('hashes', hashint8extended(i, 0), i % 2)->'samples' AS samples FROM generate_series(1, 100) AS i;

SELECT nnet.create_model('wide', nnet.input(5), nnet.normalization(), nnet.dense(1));
SELECT nnet.compile('wide', 'mse');
CREATE VIEW wide_rows AS SELECT i, ARRAY[3e38, i * 1e17, i * 1e-12, 1e30 + i * 1e28, -5e6 + i]::float8[] AS x FROM generate_series(1, 50) AS i;
-- the fourth column's variance is 2e58: nothing changes
SELECT nnet.fit('wide', x, i) FROM wide_rows;
SELECT learned('wide', 'count') AS count, config ? 'history' AS has_history FROM wide WHERE layer = -1;
SELECT nnet.fit('wide', ARRAY[x[1] * (-1) ^ i, x[2], x[3], x[4] / 1e20, x[5]], i) FROM wide_rows;
-- the first is constant, which takes no variance
SELECT nnet.fit('wide', ARRAY[x[1], x[2], x[3], x[4] / 1e20, x[5]], i, nnet.options(seed => 1))->'samples' AS samples FROM wide_rows;
SELECT close(learned('wide', 'mean'), ARRAY[3e38, 25.5e17, 25.5e-12, 1.255e10, -5e6 + 25.5]) AS mean,
    close(learned('wide', 'variance'), ARRAY[0, 208.25e34, 208.25e-24, 208.25e16, 208.25]) AS variance;

-- the same of bytes, and of rows of different length, on several threads
SELECT nnet.create_model('bytes', nnet.input(4), nnet.normalization(), nnet.dense(1));
SELECT nnet.compile('bytes', 'mse');
SELECT nnet.fit('bytes', set_byte('\x00ff0700', 0, i), i, nnet.options(seed => 1))->'samples' AS samples
FROM generate_series(0, 255) AS i;
SELECT close(learned('bytes', 'mean'), '{127.5,255,7,0}') AS mean, close(learned('bytes', 'variance'), '{5461.25,0,0,0}') AS variance;
SET nnet.threads = 3;
SELECT nnet.create_model('lengths', nnet.input(NULL, 2), nnet.normalization(), nnet.lstm(2), nnet.dense(1));
SELECT nnet.compile('lengths', 'mse');
SELECT nnet.fit('lengths', (SELECT array_agg(ARRAY[1e17 * (k - i), 4]) FROM generate_series(1, i) AS k), i, nnet.options(seed => 1))->'samples' AS samples
FROM generate_series(1, 40) AS i;
SELECT close(learned('lengths', 'mean'), '{-1.3e18,4}') AS mean, close(learned('lengths', 'variance'), '{0.91e36,0}') AS variance;
RESET nnet.threads;

-- what comes before overflows
SELECT nnet.create_model('after', nnet.input(1), nnet.dense(1, kernel_initializer => nnet.constant(1e30)),
    nnet.normalization(name => 'standard'), nnet.dense(1));
SELECT nnet.compile('after', 'mse');
SELECT nnet.fit('after', i * 1e20, i) FROM generate_series(1, 10) AS i;
SELECT nnet.fit('after', i * 1e-25, i, nnet.options(seed => 1))->'samples' AS samples FROM generate_series(1, 10) AS i;

-- ---- what never varies contributes nothing ----

SELECT nnet.create_model('shop', nnet.input(3), nnet.normalization(), nnet.dense(1));
SELECT nnet.compile('shop', 'mse');
CREATE TABLE sales AS SELECT i AS size, 7.5 AS price, i % 3 AS shelf FROM generate_series(1, 60) AS i;
SELECT nnet.fit('shop', s, size, nnet.options(seed => 1))->'samples' AS samples FROM (SELECT size, price, shelf FROM sales) AS s;
SELECT nnet.predict('shop', ROW(5, price, 1)) = nnet.predict('shop', ROW(5, 7.5, 1)) AS same
FROM unnest('{0,7.6,-1e6,3e38,-3e38}'::float8[]) AS price;
SELECT nnet.predict('shop', ROW(5, 7.5, 1)) = nnet.predict('shop', ROW(6, 7.5, 1)) AS same;
-- told once
SELECT nnet.fit('shop', ARRAY[size, price, shelf], size, nnet.options(seed => 1))->'samples' AS samples FROM sales;

-- a category that training never saw, through a layer that scales, behind a view
SELECT nnet.create_model('hot', nnet.input(2, 2), nnet.rescaling(0.5), nnet.flatten(), nnet.normalization(), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('hot', 'sparse_categorical_crossentropy');
SELECT nnet.fit('hot', ARRAY[i % 3 = 0, i % 3 = 1, i % 3 = 2, false]::int[], i % 3, nnet.options(seed => 1))->'samples' AS samples
FROM generate_series(1, 90) AS i;
SELECT nnet.predict('hot', '{0,0,0,1}') = nnet.predict('hot', '{0,0,0,0}') AS nothing;

-- names: of arrays in rows, of rows in rows; beyond ten, of a layer further in, of a single x
CREATE TYPE place AS (lat float8, lon float8);
CREATE TABLE houses (id integer, tags integer[], at place, "Big one" boolean, gone integer);
ALTER TABLE houses DROP COLUMN gone;
INSERT INTO houses SELECT i, ARRAY[1, i], ROW(52.5, i)::place, true FROM generate_series(1, 20) AS i;
SELECT nnet.create_model('house', nnet.input(6), nnet.normalization(), nnet.dense(1));
SELECT nnet.compile('house', 'mse');
SELECT nnet.fit('house', houses, id, nnet.options(seed => 1))->'samples' AS samples FROM houses;
SELECT nnet.create_model('many', nnet.input(12), nnet.normalization(), nnet.dense(2), nnet.normalization(name => 'second'), nnet.dense(1));
SELECT nnet.compile('many', 'mse');
SELECT nnet.fit('many', array_fill(0, ARRAY[12]), i, nnet.options(seed => 1))->'samples' AS samples FROM generate_series(1, 10) AS i;
SELECT nnet.create_model('single', nnet.input(1), nnet.normalization(), nnet.dense(1));
SELECT nnet.compile('single', 'mse');
SELECT nnet.fit('single', 5, i, nnet.options(seed => 1))->'samples' AS samples FROM generate_series(1, 10) AS i;
SELECT nnet.create_model('series', nnet.input(NULL, 2), nnet.normalization(), nnet.gru(2), nnet.dense(1));
SELECT nnet.compile('series', 'mse');
SELECT nnet.fit('series', ARRAY[i, 0, i + 1, 0], i, nnet.options(seed => 1))->'samples' AS samples FROM generate_series(1, 10) AS i;

-- as Keras
SELECT nnet.create_model('keras', nnet.input(1), nnet.normalization(keep_constant => true));
SELECT nnet.compile('keras', 'mse');
SELECT nnet.fit('keras', 5, 0, nnet.options(seed => 1))->'samples' AS samples FROM generate_series(1, 10) AS i;
SELECT close(nnet.predict('keras', 5.5), '{5e6}') AS as_keras;
SELECT nnet.create_model('given', nnet.input(2), nnet.normalization(mean => '{1,2}', variance => '{4,0}'));
SELECT nnet.predict('given', '{5,3}') = '{2,0}' AS given;
-- what can be learned can be given
SELECT nnet.create_model('hashed', nnet.input(1), nnet.normalization(mean => 1e35, variance => 2.25e38));
SELECT nnet.predict('hashed', 1e35 + 3e19) = '{0}' AS rounded;
SELECT nnet.create_model('over', nnet.input(1), nnet.normalization(mean => 0, variance => 1e39));
SELECT nnet.create_model('back', nnet.input(2), nnet.normalization(mean => '{1,2}', variance => '{4,0}', invert => true));
SELECT nnet.predict('back', '{5,3}') = '{11,2}' AS back;

SET client_min_messages = warning;
DROP SCHEMA test_normalization CASCADE;
