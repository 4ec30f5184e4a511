-- What real cannot tell apart is told: columns whose own range is lost by rounding.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_rounding;
SET search_path = test_rounding;
\set SHOW_CONTEXT never

SELECT nnet.create_model('one', nnet.input(1), nnet.dense(1, kernel_initializer => 'zeros'));
SELECT nnet.compile('one', 'mse', nnet.sgd(0));
CREATE TABLE numbers AS SELECT i, 1700000000 + i AS seconds FROM generate_series(1, 10000) AS i;

-- seconds of an epoch, of each type that holds them
SELECT nnet.fit('one', seconds, 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('one', seconds::bigint, 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('one', seconds::numeric, 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('one', ARRAY[seconds::numeric], 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('one', seconds::float8, 0, nnet.options(shuffle => false))->'samples' AS samples FROM numbers;
CREATE DOMAIN instant AS float8;
SELECT nnet.fit('one', (seconds + 0.5)::instant, 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('one', 1e8 + i % 100 / 64.0::float8, 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('one', -1048576 - i / 128.0::float8, 0)->'samples' AS samples FROM numbers WHERE i <= 100;
-- the remedy
SELECT nnet.fit('one', seconds - 1700000000, 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('one', 1e8 + i % 100 / 64.0 - 1e8, 0)->'samples' AS samples FROM numbers;
-- real to begin with, a wide range, a constant, constants but for doubles' own rounding
SELECT nnet.fit('one', seconds::real, 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('one', ARRAY[seconds]::real[], 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('one', seconds + i * 1000000::bigint, 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('one', sqrt(i), 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('one', 1234567.891, 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('one', 0.1 + i::float8 - i, 0)->'samples' AS samples FROM numbers WHERE i <= 2;
SELECT nnet.fit('one', 0.1::float8 * 3 * i / i, 0)->'samples' AS samples FROM numbers;

-- by its own range: beside other columns, by name or position
SELECT nnet.create_model('table', nnet.input(4), nnet.dense(1, kernel_initializer => 'zeros'));
SELECT nnet.compile('table', 'mse', nnet.sgd(0));
SELECT nnet.fit('table', t, 0)->'samples' AS samples
FROM (SELECT sqrt(i) AS size, seconds, 1024 + i::float8 / 2 ^ 27 AS lat, 1e9 * i AS large FROM numbers) AS t;
SELECT nnet.fit('table', ARRAY[i, i, seconds, 0]::float8[], 0)->'samples' AS samples FROM numbers;
SELECT nnet.fit('table', ARRAY[[i, i], [seconds, 0]], 0)->'samples' AS samples FROM numbers;
SELECT nnet.create_model('wide', nnet.input(700), nnet.dense(1, kernel_initializer => 'zeros'));
SELECT nnet.compile('wide', 'mse', nnet.sgd(0));
SELECT nnet.fit('wide', array_fill(0::float8, ARRAY[600]) || array_fill(seconds::float8, ARRAY[100]), 0)->'samples' AS samples
FROM numbers WHERE i <= 100;
-- steps share columns
SELECT nnet.create_model('steps', nnet.input(NULL, 2), nnet.global_average_pooling1d(), nnet.dense(1, kernel_initializer => 'zeros'));
SELECT nnet.compile('steps', 'mse', nnet.sgd(0));
SELECT nnet.fit('steps', (SELECT array_agg(ARRAY[k, seconds + k]) FROM generate_series(1, 1 + i % 3) AS k), 0)->'samples' AS samples
FROM numbers WHERE i <= 1000;

-- y, and rows of two models
SELECT nnet.fit('one', i, 1e9 + i)->'samples' AS samples FROM numbers WHERE i <= 100;
SELECT nnet.create_model('two', nnet.input(1), nnet.dense(2, kernel_initializer => 'zeros'));
SELECT nnet.compile('two', 'mse', nnet.sgd(0));
SELECT nnet.fit('two', i, ARRAY[i, 1e9 + i])->'samples' AS samples FROM numbers WHERE i <= 100;
SELECT nnet.create_model('generator', nnet.input(2), nnet.dense(1));
SELECT nnet.create_model('discriminator', nnet.input(1), nnet.dense(1, activation => 'sigmoid', kernel_initializer => 'zeros'));
SELECT nnet.compile('generator', 'binary_crossentropy', nnet.sgd(0));
SELECT nnet.compile('discriminator', 'binary_crossentropy', nnet.sgd(0));
SELECT nnet.fit_gan('generator', 'discriminator', seconds)->'samples' AS samples FROM numbers WHERE i <= 100;

-- what was rounded away is constant to a normalization, too
SELECT nnet.create_model('both', nnet.input(1), nnet.rescaling(1), nnet.normalization(), nnet.dense(1));
SELECT nnet.compile('both', 'mse');
SELECT nnet.fit('both', 1e8 + i % 100 / 64.0::float8, 0)->'samples' AS samples FROM numbers;

SET client_min_messages = warning;
DROP SCHEMA test_rounding CASCADE;
