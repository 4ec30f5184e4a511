-- models.sql
--	Rows, and models of each family trained on them, with what they then predict
--	and how they are evaluated, all in the schema lab.
--
-- make.sh runs it with the version of nnet that it dumps; test/t/033_version.pl also
-- with today's, which has to understand the SQL of all versions since 0.1.0.  So it
-- is written for 0.1.0, and is not changed for later ones.

\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET nnet.threads = 1;

CREATE SCHEMA lab;
SET search_path = lab;

CREATE TABLE rows AS
SELECT i AS id, i % 3 AS y, ARRAY[sin(i), cos(i), i % 3, (i % 7) / 7.0]::real[] AS x,
    ('{red,grün,blue}'::text[])[1 + i % 3] AS colour,
    decode(substr(md5(i::text), 1, 32) || md5('a' || i), 'hex') || decode(md5('b' || i) || md5('c' || i), 'hex') AS pixels,
    (SELECT array_agg(ARRAY[sin(i + k), cos(i * k)]::real[]) FROM generate_series(1, 6) AS k) AS series,
    (SELECT array_agg(sin(i + k)::real) FROM generate_series(1, 6) AS k) AS before,
    (ARRAY['a good film', 'bad acting', 'really good, really'])[1 + i % 3] || ' ' || i % 4 AS remark
FROM generate_series(1, 24) AS i;

-- What each is made of, how it is compiled, and its x and y; models that fit does
-- not train have no y.  Then how it is trained, and what 0.1.0 says of it.
CREATE TABLE models (
    name text PRIMARY KEY, layers text, compile text, x text, y text,
    fit text, evaluation jsonb);
INSERT INTO models VALUES
('dense', $$nnet.input(4), nnet.normalization(), nnet.dense(6, activation => 'relu', kernel_regularizer => nnet.l2(0.001)),
    nnet.batch_normalization(), nnet.dropout(0.2), nnet.dense(3, activation => 'softmax')$$,
 $$'sparse_categorical_crossentropy', metrics => '{accuracy}', optimizer => nnet.adam(nnet.exponential_decay(0.01, 10, 0.9), clipnorm => 1)$$,
 'x', 'colour'),
('given', $$nnet.input(4), nnet.dense(3, activation => 'softmax')$$,
 $$'sparse_categorical_crossentropy', nnet.sgd(0.1), '{accuracy}', '{red,grün,blue}'$$, 'x', 'colour'),
('numbered', $$nnet.input(4), nnet.dense(3, activation => 'softmax')$$,
 $$'sparse_categorical_crossentropy', 'adam', 'accuracy'$$, 'x', 'y'),
('long', $$nnet.input(4), nnet.dense(1)$$, $$'mse', optimizer => 'rmsprop', metrics => '{mae}'$$, 'x', 'x[1]'),
('conv', $$nnet.input(8, 8, 1), nnet.rescaling(1 / 255.0), nnet.conv2d(3, 3, activation => 'relu', padding => 'same', name => 'stem'),
    nnet.separable_conv2d(3, 3, padding => 'same', name => 'branch'), nnet.add('{stem,branch}'), nnet.max_pooling2d(2),
    nnet.conv2d_transpose(2, 2, strides => 2), nnet.layer_normalization(), nnet.random_flip(), nnet.global_average_pooling2d(),
    nnet.dense(3, activation => 'softmax')$$,
 $$'sparse_categorical_crossentropy', metrics => '{accuracy}', optimizer => nnet.sgd(0.05, momentum => 0.9, nesterov => true)$$, 'pixels', 'y'),
('signal', $$nnet.input(6, 2), nnet.conv1d(3, 3, padding => 'causal'), nnet.bidirectional(nnet.gru(3)), nnet.dense(1)$$,
 $$'huber', optimizer => nnet.rmsprop(0.01, centered => true)$$, 'series', 'x[1]'),
('steps', $$nnet.input(NULL, 2), nnet.masking(), nnet.lstm(4, return_sequences => true), nnet.simple_rnn(3), nnet.dense(1)$$,
 $$'mse', optimizer => nnet.adamw(0.01)$$, 'series[:2 + id % 4]', 'x[1]'),
('weather', $$nnet.input(6, 1), nnet.lstm(4), nnet.dense(1)$$, $$'mae', optimizer => 'nadam'$$, 'before', 'x[1]'),
('mood', $$nnet.input(1), nnet.text_vectorization(20), nnet.embedding(20, 4, mask_zero => true), nnet.lstm(4),
    nnet.dense(1, activation => 'sigmoid')$$,
 $$'binary_crossentropy', optimizer => nnet.adam(0.01), metrics => '{accuracy,hinge}'$$, 'remark', 'y = 1'),
('writer', $$nnet.input(1), nnet.text_vectorization(24, split => 'character', standardize => 'none', output_sequence_length => 8),
    nnet.embedding(24, 4), nnet.gru(6, return_sequences => true), nnet.dense(24, activation => 'softmax')$$,
 $$'sparse_categorical_crossentropy', optimizer => nnet.lion(0.001)$$, 'left(remark, -1)', 'substr(remark, 2)'),
('scaled', $$nnet.input(4), nnet.dense(4, activation => 'tanh', kernel_initializer => nnet.orthogonal()), nnet.dense(1),
    nnet.normalization(invert => true)$$, $$'mse', optimizer => nnet.adadelta()$$, 'x', '1000 + 100 * x[2]'),
('maker', $$nnet.input(3), nnet.dense(6, activation => 'relu'), nnet.dense(4)$$, $$'binary_crossentropy'$$, 'x[:3]', NULL),
('judge', $$nnet.input(4), nnet.dense(6, activation => 'leaky_relu'), nnet.dense(1, activation => 'sigmoid')$$,
 $$'binary_crossentropy', optimizer => nnet.adam(0.0002, beta_1 => 0.5)$$, 'x', NULL),
('untrained', $$nnet.input(4), nnet.dense(2)$$, $$'mse'$$, 'x', NULL),
('bare', $$nnet.input(4), nnet.dense(2)$$, NULL, 'x', NULL);
UPDATE models SET fit = format('SELECT nnet.fit(%L, %s, %s, nnet.options(epochs => %s, batch_size => 8, validation_split => 0.2, seed => 5))
    FROM (SELECT * FROM lab.rows ORDER BY id) AS r', 'lab.' || name, x, y, CASE name WHEN 'long' THEN 150 ELSE 3 END)
WHERE y IS NOT NULL;
UPDATE models SET fit = 'SELECT nnet.fit_gan(''lab.maker'', ''lab.judge'', x, nnet.gan_options(epochs => 2, batch_size => 8, seed => 5))
    FROM (SELECT * FROM lab.rows ORDER BY id) AS r'
WHERE name = 'maker';

CREATE TABLE answers (name text, id integer, prediction real[], class text, PRIMARY KEY (name, id));
CREATE TABLE made (name text PRIMARY KEY, value real[]);

\o /dev/null
SELECT setseed(0.5);
SELECT format('SELECT nnet.create_model(%L, %s)', 'lab.' || name, layers) FROM models ORDER BY name \gexec
SELECT format('SELECT nnet.compile(%L, %s)', 'lab.' || name, compile) FROM models WHERE compile IS NOT NULL ORDER BY name \gexec
SELECT fit FROM models WHERE fit IS NOT NULL ORDER BY name \gexec
SELECT format('INSERT INTO answers SELECT %L, id, nnet.predict(%L, %s), %s FROM rows', name, 'lab.' || name, x,
    CASE WHEN compile ~ 'cross' AND y IS NOT NULL AND name <> 'writer' THEN format('nnet.classify(%L, %s)', 'lab.' || name, x) ELSE 'NULL' END) || ' WHERE id <= 8'
FROM models ORDER BY name \gexec
SELECT format('UPDATE models SET evaluation = (SELECT nnet.evaluate(%L, %s, %s) FROM rows) WHERE name = %L', 'lab.' || name, x, y, name)
FROM models WHERE y IS NOT NULL ORDER BY name \gexec
INSERT INTO made SELECT 'generate ' || n, value FROM nnet.generate('lab.maker', 3, seed => 1) WITH ORDINALITY AS g (value, n);
INSERT INTO made SELECT 'forecast', nnet.forecast('lab.weather', before, 5) FROM rows WHERE id = 1;
\o
