-- What is saved and what is answered is finite, or it is an error.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_finite;
SET search_path = test_finite;
\set SHOW_CONTEXT never

-- ---- what training made ----

SELECT nnet.create_model('line', nnet.input(1), nnet.dense(1, kernel_initializer => 'zeros'));
SELECT nnet.compile('line', 'mse', nnet.sgd(1e6));
CREATE TABLE before AS SELECT * FROM line;
-- the loss of the only step is finite, the weights after it are not
SELECT nnet.fit('line', 1e18, 1e15);
-- the same where rows stream
SELECT nnet.fit('line', 1e18::real, 1e15::real, nnet.options(shuffle => false));
-- weights stay, the square of a gradient does not
SELECT nnet.compile('line', 'mse', nnet.adam());
SELECT nnet.fit('line', 1e5, 1e15);
SELECT count(*) AS changed FROM (SELECT layer, weights, slots FROM line WHERE layer >= 0
    EXCEPT SELECT layer, weights, slots FROM before) AS c;
SELECT config ? 'history' AS has_history FROM line WHERE layer = -1;
-- it is an error that a block catches, and the model trains on
DO $$
BEGIN
    PERFORM nnet.fit('line', 1e5, 1e15);
EXCEPTION WHEN numeric_value_out_of_range THEN
    RAISE NOTICE 'caught';
END
$$;
SELECT nnet.fit('line', i, i, nnet.options(seed => 1))->'samples' AS samples FROM generate_series(1, 10) AS i;

-- averages of batch normalization
SELECT nnet.create_model('averages', nnet.input(2), nnet.batch_normalization(), nnet.dense(1));
SELECT nnet.compile('averages', 'mse');
SELECT nnet.fit('averages', ARRAY[i, i * 1e25], i) FROM generate_series(1, 100) AS i;

-- what an epoch came to
SELECT nnet.compile('line', 'mae', metrics => '{mse}');
SELECT nnet.fit('line', i, 1e30) FROM generate_series(1, 100) AS i;
SELECT nnet.compile('line', 'mse');
SELECT nnet.fit('line', CASE WHEN i > 90 THEN 3e38 ELSE i END, i, nnet.options(validation_split => 0.1))
FROM generate_series(1, 100) AS i;

-- two models
SELECT nnet.create_model('generator', nnet.input(2), nnet.dense(1, kernel_initializer => nnet.constant(1e15)));
SELECT nnet.create_model('discriminator', nnet.input(1), nnet.dense(1));
SELECT nnet.compile('generator', 'mse');
SELECT nnet.compile('discriminator', 'mse', nnet.sgd(1e6));
SELECT nnet.fit_gan('generator', 'discriminator', i * 1e14) FROM generate_series(1, 10) AS i;
SELECT nnet.compile('discriminator', 'mse', nnet.adam());
SELECT nnet.compile('generator', 'mse', nnet.adam());
SELECT nnet.fit_gan('generator', 'discriminator', i * 1e14) FROM generate_series(1, 10) AS i;

-- ---- what is answered: weights that are finite, sums of them that are not ----

SELECT nnet.create_model('large', nnet.input(1), nnet.dense(1));
SELECT nnet.compile('large', 'mse');
UPDATE large SET weights = '{3e38,0}' WHERE layer = 1;
SELECT nnet.predict('large', 1) = '{3e38}' AS largest;
SELECT nnet.predict('large', 10);
SELECT nnet.predict('large', -10);
SELECT nnet.forecast('large', '{1}', 3);
SELECT count(y) FROM nnet.generate('large', 100, 1) AS y;
SELECT nnet.evaluate('large', 10, 1);
-- a batch is read ahead: only rows that are asked for are answered
SELECT nnet.predict_batch('large', i) OVER () IS NOT NULL AS is_there FROM generate_series(1, 9) AS i LIMIT 1;
SELECT nnet.predict_batch('large', i) OVER () IS NOT NULL AS is_there FROM generate_series(1, 9) AS i;

-- partial sums of parallel workers are looked at when they are joined
CREATE TABLE many AS SELECT i FROM generate_series(1, 20000) AS i;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT nnet.evaluate('large', i, 1) FROM many;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- NaN, and no label for it
SELECT nnet.create_model('classes', nnet.input(1), nnet.dense(2), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('classes', 'sparse_categorical_crossentropy', metrics => '{accuracy}');
UPDATE classes SET weights = '{3e38,3e38,0,0}' WHERE layer = 1;
UPDATE classes SET weights = '{1,1,1,-1,1,1,0,0,0}' WHERE layer = 2;
SELECT nnet.predict('classes', 10);
SELECT nnet.classify('classes', 10);
SELECT nnet.evaluate('classes', 10, 1);
SELECT nnet.create_model('sides', nnet.input(1), nnet.dense(2), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('sides', 'binary_crossentropy');
UPDATE sides SET weights = '{3e38,3e38,0,0}' WHERE layer = 1;
UPDATE sides SET weights = '{1,-1,0}' WHERE layer = 2;
SELECT nnet.classify('sides', 10);
SELECT nnet.evaluate('sides', 10, 1);

-- on the way through what takes the larger of two numbers, and losses that limit outputs
SELECT nnet.create_model('way', nnet.input(2), nnet.dense(2), nnet.dense(4, name => 'to_nan'), nnet.reshape('{4,1}'),
    nnet.max_pooling1d(4), nnet.flatten(), nnet.activation('relu'));
SELECT nnet.compile('way', 'hinge');
UPDATE way SET weights = '{3e38,3e38,3e38,3e38,0,0}' WHERE layer = 1;
UPDATE way SET weights = '{1,1,1,1,1,1,1,-1,0,0,0,0}' WHERE layer = 2;
SELECT nnet.predict('way', '{1,1}');
SELECT nnet.create_model('limited', nnet.input(1), nnet.dense(1));
SELECT nnet.compile('limited', 'hinge');
UPDATE limited SET weights = '{3e38,0}' WHERE layer = 1;
SELECT nnet.evaluate('limited', 10, 1);
SELECT nnet.fit('limited', 10, 1);

-- a text goes no further
SELECT nnet.create_model('words', nnet.input(1), nnet.text_vectorization(), nnet.embedding(8, 2),
    nnet.global_average_pooling1d(), nnet.dense(8, activation => 'softmax'));
SELECT nnet.compile('words', 'sparse_categorical_crossentropy');
SELECT nnet.fit('words', 'a b c', 1, nnet.options(seed => 1))->'samples' AS samples;
UPDATE words SET weights = array_fill(3e38::real, ARRAY[16]) WHERE kind = 'embedding';
UPDATE words SET weights = array_fill(3e38::real, ARRAY[24]) WHERE kind = 'dense';
SELECT nnet.generate_text('words', 'a b', 3);

SET client_min_messages = warning;
DROP SCHEMA test_finite CASCADE;
