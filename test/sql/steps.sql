-- Rows of different length: a model whose first dimension is any number of steps.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_steps;
SET search_path = test_steps;
\set SHOW_CONTEXT never

-- 1 to 5 steps of two numbers; y is their difference, at each step
CREATE TABLE rows AS
    SELECT i, x::real[], (SELECT array_agg(x[2 * k - 1] - x[2 * k] ORDER BY k) FROM generate_series(1, cardinality(x) / 2) k) AS y
    FROM generate_series(1, 3000) i,
        LATERAL (SELECT array_agg(sin(i * 100 + k) ORDER BY k) AS x FROM generate_series(1, 2 * (i % 5 + 1)) k) s;
CREATE FUNCTION new_model(name text) RETURNS regclass LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(0.25);
    PERFORM nnet.create_model(name, nnet.input(NULL, 2), nnet.dense(8, activation => 'tanh'), nnet.dense(1));
    PERFORM nnet.compile(name::regclass, 'mse', nnet.adam(learning_rate => 0.01), metrics => '{mae}');
    RETURN name::regclass;
END $$;
CREATE FUNCTION weights(model regclass) RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE w real[];
BEGIN
    EXECUTE format('SELECT array_agg(v) FROM (SELECT unnest(weights) v, layer FROM %s ORDER BY layer) s', model) INTO w;
    RETURN w;
END $$;
SELECT new_model('a'), new_model('b'), new_model('c');
SELECT (r->'mae')::float8 < 0.05 AS learned, (r->'val_mae')::float8 < 0.05 AS validated, r->'samples' AS samples, r->'steps' AS steps
FROM (SELECT nnet.fit('a', x, y, nnet.options(epochs => 10, seed => 1, validation_split => 0.2)) AS r FROM rows) s;

-- the error is that of every step
SELECT abs((nnet.evaluate('a', x, y)->'mae')::float8 - (SELECT avg(abs(p - t)) FROM
        (SELECT unnest(nnet.predict('a', x)) AS p, unnest(y) AS t FROM rows) s)) < 1e-5 AS same FROM rows;
SELECT i, array_dims(nnet.predict('a', x)) FROM rows WHERE i <= 5;
CREATE FUNCTION far(p real[], q real[]) RETURNS boolean LANGUAGE sql AS
    'SELECT array_dims(p) <> array_dims(q) OR max(abs(a - b)) > 1e-5 FROM unnest(p, q) u(a, b)';
SELECT count(*) FILTER (WHERE far(p, nnet.predict('a', x))) AS wrong, count(p) AS rows
FROM (SELECT x, nnet.predict_batch('a', x) OVER () AS p FROM rows) s;
SELECT count(*) FILTER (WHERE far(p, nnet.predict('a', x))) AS wrong, count(p) AS rows
FROM (SELECT x, nnet.predict_batch('a', x) OVER (PARTITION BY i % 5) AS p FROM rows) s;

-- streamed, kept, and kept in a file
CREATE VIEW many AS SELECT * FROM (SELECT r.*, g FROM rows r, generate_series(1, 10) g ORDER BY g, i) s;
SELECT new_model('d');
SELECT nnet.fit('b', x, y, nnet.options(shuffle => false, seed => 1))->'steps' AS steps FROM many WHERE g <= 5;
SELECT nnet.fit('c', x, y, nnet.options(shuffle => false, seed => 1, validation_split => 0.5))->'steps' AS steps FROM many;
SET maintenance_work_mem = '1MB';
SELECT nnet.fit('d', x, y, nnet.options(shuffle => false, seed => 1, validation_split => 0.5))->'steps' AS steps FROM many;
RESET maintenance_work_mem;
SELECT weights('b') = weights('c') AS same, weights('c') = weights('d') AS same;

-- refused
SELECT nnet.predict('a', '{1,2,3}');
SELECT nnet.predict('a', '{}');
SELECT nnet.predict('a', array_fill(0, '{2097154}'));
SELECT nnet.fit('a', x, 1.0) FROM rows;
SELECT nnet.fit('a', x, y || 1::float8) FROM rows;

-- y has the steps of the output, whatever lies between
CREATE FUNCTION ones(n integer) RETURNS real[] LANGUAGE sql AS 'SELECT array_fill(1::real, ARRAY[n])';
SELECT nnet.create_model('up', nnet.input(NULL, 1), nnet.conv1d_transpose(1, 1, strides => 5000));
SELECT nnet.compile('up', 'mse');
SELECT nnet.evaluate('up', ones(5000), ones(5000));
SELECT nnet.evaluate('up', ones(2), ones(2));
SELECT nnet.evaluate('up', ones(i), ones(i * 5000))->'samples' AS samples FROM generate_series(1, 5) i;
SELECT nnet.fit('up', ones(5000), ones(5000));
SELECT nnet.fit('up', ones(i), ones(i * 5000))->'samples' AS samples FROM generate_series(1, 5) i;
SELECT array_dims(nnet.predict('up', ones(2))), array_dims(nnet.predict_batch('up', ones(2)) OVER ());

-- outputs that do not depend on their place in a batch, in memory and in a file
SELECT nnet.create_model('down', nnet.input(NULL, 1), nnet.conv1d(1, 3, strides => 2, use_bias => false, kernel_initializer => 'ones'));
SELECT nnet.compile('down', 'mse', nnet.sgd(0.0001), '{mae}');
CREATE VIEW sums AS
    SELECT i, x, (SELECT array_agg(x[k] + x[k + 1] + x[k + 2] ORDER BY k) FROM generate_series(1, n - 2, 2) k) AS y
    FROM generate_series(1, 2000) i, LATERAL (SELECT 3 + i % 6 AS n) s, LATERAL (SELECT array_agg(i % 10 + k) AS x FROM generate_series(1, n) k) t;
SELECT nnet.evaluate('down', x, y) - 'skipped' AS exact FROM sums;
SELECT (nnet.fit('down', x, y, nnet.options(epochs => 2, seed => 1))->'loss')::float8 < 1e-9 AS exact FROM sums;
SET maintenance_work_mem = '1MB';
SELECT (nnet.fit('down', x, y, nnet.options(epochs => 2, seed => 1))->'loss')::float8 < 1e-9 AS exact FROM sums, generate_series(1, 12);
RESET maintenance_work_mem;
SELECT nnet.fit('down', x, y || 1) FROM sums;
SELECT nnet.fit('down', x, x) FROM sums;

-- rows that are too short for a layer
SELECT nnet.fit('down', ones(i), ones(1)) FROM generate_series(2, 3) i;
SELECT nnet.evaluate('down', ones(i), ones(1)) FROM generate_series(3, 1, -1) i;
SELECT nnet.predict('down', ones(2));
SELECT nnet.predict_batch('down', ones(i)) OVER () FROM generate_series(3, 2, -1) i;
SELECT nnet.forecast('down', ones(2), 1);
SELECT nnet.create_model('pooled', nnet.input(NULL, 1), nnet.max_pooling1d(2), nnet.conv1d(1, 2), nnet.global_max_pooling1d());
SELECT nnet.compile('pooled', 'mse');
SELECT nnet.fit('pooled', ones(i), 1) FROM generate_series(5, 1, -1) i;

-- branches of steps that differ, which a single step must not hide
SELECT nnet.create_model('branches', nnet.input(NULL, 1), nnet.conv1d(1, 1, strides => 2, name => 'a'),
    nnet.max_pooling1d(2, inputs => '{input}', name => 'b'), nnet.add('{a,b}'));
SELECT nnet.compile('branches', 'mse');
SELECT nnet.fit('branches', ones(i), ones(i / 2)) FROM generate_series(4, 3, -1) i;
SELECT array_dims(nnet.predict('branches', ones(4)));
SELECT nnet.predict('branches', ones(3));

-- several rows a step, classes at each, and labels for none of them
SELECT nnet.create_model('grid', nnet.input(NULL, 2, 3), nnet.dense(2, kernel_initializer => 'zeros', activation => 'softmax'));
SELECT nnet.compile('grid', 'sparse_categorical_crossentropy', 'sgd', '{accuracy}');
SELECT nnet.evaluate('grid', ones(6 * n), array_fill(0, ARRAY[2 * n]))->'accuracy' AS accuracy FROM generate_series(1, 4) n;
SELECT abs((nnet.evaluate('grid', ones(6 * n), array_fill(0, ARRAY[2 * n]))->'loss')::float8 - ln(2)) < 1e-6 AS none_is_padding FROM generate_series(1, 4) n;
SELECT nnet.evaluate('grid', ones(6 * n), array_fill(0, ARRAY[n])) FROM generate_series(2, 4) n;
SELECT nnet.fit('grid', ones(6), 'a'::text);

-- as many steps for any input
SELECT nnet.create_model('same', nnet.input(NULL, 1), nnet.conv1d(2, 2), nnet.gru(2), nnet.repeat_vector(3), nnet.dense(1));
SELECT nnet.compile('same', 'mse');
SELECT nnet.fit('same', ones(n), ones(3))->'samples' AS samples FROM generate_series(2, 9) n;
SELECT nnet.fit('same', ones(n), ones(n)) FROM generate_series(3, 9) n;

-- a series goes on from the last step
SELECT nnet.create_model('next', nnet.input(NULL, 1), nnet.conv1d(1, 2, use_bias => false, kernel_initializer => 'ones'));
SELECT nnet.forecast('next', ARRAY[5, 7, 1, 2], 4), nnet.predict('next', ARRAY[5, 7, 1, 2]);

SET client_min_messages = warning;
DROP SCHEMA test_steps CASCADE;
