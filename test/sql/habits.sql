-- What users of Keras and of SQL write out of habit, and what is said where it
-- would go wrong in silence.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_habits;
SET search_path = test_habits;
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on

-- merging layers, and regularizers by name
SELECT nnet.subtract('{a,b}'), nnet.maximum('{a,b,c}'), nnet.minimum(inputs => '{a,b}', name => 'least');
SELECT nnet.dense(3, kernel_regularizer => 'l2') ->> 'kernel_regularizer', nnet.lstm(3, bias_regularizer => 'l1_l2') ->> 'bias_regularizer';
SELECT nnet.conv2d(3, 3, kernel_regularizer => 'l3');
SELECT nnet.create_model('merged', nnet.input(2), nnet.dense(3, name => 'a', kernel_regularizer => 'l1'),
    nnet.dense(3, name => 'b', inputs => '{input}', kernel_regularizer => 'l1_l2'),
    nnet.subtract('{a,b}'), nnet.maximum('{subtract,a}'), nnet.minimum('{maximum,b}'));
UPDATE merged SET weights = '{1,0,0, 0,1,0, 0,0,5}' WHERE name = 'a';
UPDATE merged SET weights = '{1,1,1, 1,1,1, 0,0,0}' WHERE name = 'b';
-- a = (1, 2, 5), b = 3: a - b = (-2, -1, 2), max (1, 2, 5), min (1, 2, 3)
SELECT nnet.predict('merged', '{1,2}');

-- 1 / 255 is 0 in SQL
SELECT nnet.create_model('dark', nnet.input(2), nnet.rescaling(1 / 255), nnet.dense(1));

-- a loss of probabilities over an output that gives none
CREATE TABLE rows AS SELECT ARRAY[sin(i), cos(i)]::real[] AS x, i % 2 AS y FROM generate_series(1, 64) AS i;
SELECT nnet.create_model('logits', nnet.input(2), nnet.dense(2, name => 'last'));
SELECT nnet.compile('logits', 'sparse_categorical_crossentropy');
SELECT nnet.fit('logits', x, y) ->> 'samples' FROM rows;
SELECT nnet.create_model('one', nnet.input(2), nnet.dense(1, activation => 'softmax'));
SELECT nnet.compile('one', 'binary_crossentropy');
SELECT nnet.fit('one', x, y) ->> 'samples' FROM rows;
SELECT nnet.create_model('right', nnet.input(2), nnet.dense(2), nnet.activation('softmax'));
SELECT nnet.compile('right', 'sparse_categorical_crossentropy');
SELECT nnet.fit('right', x, y) ->> 'samples' FROM rows;

-- rows that are all passed over
SELECT nnet.fit('right', x, NULL::integer) IS NULL FROM rows;

-- a number is no class
SELECT nnet.create_model('price', nnet.input(2), nnet.dense(1, activation => 'relu'));
SELECT nnet.classify('price', '{1,2}');
-- hinge losses put the classes at -1 and 1
SELECT nnet.compile('price', 'hinge');
UPDATE price SET weights = '{0.25,0,0}' WHERE layer = 1;
SELECT nnet.classify('price', '{1,2}'), nnet.classify('price', '{-1,2}');

DROP TABLE merged, logits, one, "right", price, rows;
DROP SCHEMA test_habits;
