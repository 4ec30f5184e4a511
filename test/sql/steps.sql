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

SET client_min_messages = warning;
DROP SCHEMA test_steps CASCADE;
