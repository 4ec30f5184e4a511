-- Recurrent layers and what stands around them: options, rows of different
-- length, ids, and what is refused.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_recurrent CASCADE;
CREATE SCHEMA test_recurrent;
SET search_path = test_recurrent;
RESET client_min_messages;
-- an error as one line a part: SQLSTATE and message, detail, hint
CREATE FUNCTION pg_temp.fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
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

-- ---- constructors and their defaults ----

SELECT nnet.lstm(64, return_sequences => true);
SELECT nnet.gru(8, reset_after => false, go_backwards => true, dropout => 0.1, recurrent_dropout => 0.2);
SELECT nnet.simple_rnn(4, activation => 'relu', recurrent_initializer => nnet.orthogonal(gain => 0.5), name => 'r');
SELECT nnet.bidirectional(nnet.lstm(3), merge_mode => 'sum');
SELECT nnet.time_distributed(nnet.dense(3, activation => 'tanh'));
SELECT nnet.embedding(1000, 16, mask_zero => true);
SELECT nnet.masking(), nnet.masking(-1), nnet.repeat_vector(3);
SELECT nnet.permute(ARRAY[2, 1]), nnet.permute('{2,1}');
SELECT * FROM pg_temp.fails($$SELECT nnet.lstm(0)$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.lstm(8, dropout => 2)$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.gru(8, activation => 'tahn')$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.bidirectional(nnet.lstm(3), merge_mode => 'max')$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.time_distributed(NULL)$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.time_distributed('{"kind": "lsmt", "units": 3}')$$) LIMIT 1;
SELECT * FROM pg_temp.fails($$SELECT nnet.time_distributed('{"units": 3}')$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.time_distributed('3')$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.time_distributed(nnet.input(3))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.time_distributed(nnet.time_distributed(nnet.bidirectional(nnet.lstm(3))))$$);

-- ---- models: shapes and parameters ----

SELECT nnet.create_model('shapes', nnet.input(6, 3), nnet.lstm(4, return_sequences => true), nnet.gru(5, return_sequences => true),
    nnet.gru(5, reset_after => false, return_sequences => true), nnet.bidirectional(nnet.simple_rnn(2, return_sequences => true)),
    nnet.time_distributed(nnet.dense(3)), nnet.permute('{2,1}'), nnet.lstm(2), nnet.repeat_vector(4), nnet.bidirectional(nnet.lstm(2), 'ave'));
SELECT layer, name, output_shape, parameters FROM nnet.summary('shapes');
SELECT name, parameter, shape FROM nnet.parameters('shapes') WHERE name IN ('lstm', 'gru', 'gru_1', 'bidirectional');
-- unit_forget_bias
SELECT value FROM nnet.parameters('shapes') WHERE name = 'lstm' AND parameter = 'bias';
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(6), nnet.lstm(4))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(NULL), nnet.lstm(4))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(28, 28, 1), nnet.lstm(4))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(6, 3), nnet.lstm(4), nnet.lstm(4))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(6, 3), nnet.bidirectional(nnet.dense(4)))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(6, 3), nnet.time_distributed(nnet.batch_normalization()))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(6), nnet.time_distributed(nnet.dense(4)))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(2, 2, 2, 2), nnet.time_distributed(nnet.embedding(5, 2)))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(2, 2, 2, 2), nnet.embedding(5, 2))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(6, 3), nnet.lstm(1000000))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(1000000, 16), nnet.lstm(16384))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(6), nnet.masking())$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(6, 3), nnet.permute('{1,1}'))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(NULL, 3), nnet.permute('{2,1}'))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(6, 3), nnet.repeat_vector(2))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(6, 3), nnet.embedding(10, 2, mask_zero => true))$$);

-- ---- rows of different length ----

CREATE TABLE series AS
    SELECT i AS id, (SELECT array_agg(ARRAY[sin(i * t), cos(i + t)] ORDER BY t)::real[] FROM generate_series(1, 1 + i % 7) t) AS x, i % 3 AS y
    FROM generate_series(1, 60) i;
CREATE FUNCTION differ(a real[], b real[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (a IS NULL) <> (b IS NULL) OR array_dims(a) <> array_dims(b)
        OR (SELECT max(abs(p - q) / (1 + abs(q))) > 1e-5 FROM unnest(a, b) u(p, q)) IS TRUE $$;
SELECT setseed(0.4);
SELECT nnet.create_model('variable', nnet.input(NULL, 2), nnet.bidirectional(nnet.lstm(6, return_sequences => true)), nnet.gru(5),
    nnet.dense(3, activation => 'softmax'));
SELECT layer, output_shape FROM nnet.summary('variable');
SELECT nnet.compile('variable', 'sparse_categorical_crossentropy', nnet.adam(0.02), '{accuracy}');
SELECT f -> 'samples' AS samples, f -> 'steps' AS steps, (f ->> 'loss')::real < 1.2 AS learns
FROM (SELECT nnet.fit('variable', x, y, nnet.options(epochs => 5, batch_size => 16, seed => 1, verbose => false)) AS f FROM series) t;
-- the whole and row by row
SELECT bool_and(abs((e ->> 'loss')::float8 - l) < 1e-5) AS same
FROM (SELECT nnet.evaluate('variable', x, y) AS e FROM series) a,
     (SELECT avg(-ln((nnet.predict('variable', x))[y + 1])) AS l FROM series) b;
SELECT count(*) AS rows, count(*) FILTER (WHERE differ(p, nnet.predict('variable', x))) AS wrong
FROM (SELECT x, nnet.predict_batch('variable', x) OVER (ORDER BY id) AS p FROM series) s;
-- what is trained together is trained alone: one step on a pair and on its parts
SELECT nnet.create_model('pair', nnet.input(NULL, 2), nnet.gru(3), nnet.dense(1));
SELECT nnet.compile('pair', 'mean_squared_error', nnet.sgd(1));
SELECT nnet.copy_model('pair', 'first');
SELECT nnet.copy_model('pair', 'second');
SELECT nnet.copy_model('pair', 'start');
SELECT nnet.fit('pair', x, y, nnet.options(verbose => false)) -> 'steps' FROM series WHERE id IN (1, 6);
SELECT nnet.fit('first', x, y, nnet.options(verbose => false)) -> 'steps' FROM series WHERE id = 1;
SELECT nnet.fit('second', x, y, nnet.options(verbose => false)) -> 'steps' FROM series WHERE id = 6;
SELECT max(abs(p.v - (a.v + b.v) / 2)) < 1e-5 AS same, max(abs(p.v - s.v)) > 1e-3 AS moved
FROM (SELECT layer, i, v FROM pair, unnest(weights) WITH ORDINALITY u(v, i)) p
JOIN (SELECT layer, i, v FROM "first", unnest(weights) WITH ORDINALITY u(v, i)) a USING (layer, i)
JOIN (SELECT layer, i, v FROM "second", unnest(weights) WITH ORDINALITY u(v, i)) b USING (layer, i)
JOIN (SELECT layer, i, v FROM start, unnest(weights) WITH ORDINALITY u(v, i)) s USING (layer, i);
-- a target for each step
SELECT nnet.create_model('steps', nnet.input(NULL, 2), nnet.lstm(4, return_sequences => true), nnet.dense(1));
SELECT nnet.compile('steps', 'mean_squared_error');
SELECT nnet.fit('steps', x, (SELECT array_agg(v)::real[] FROM unnest(x[:][1:1]) v), nnet.options(epochs => 2, seed => 1, verbose => false)) -> 'samples' FROM series;
SELECT id, array_dims(nnet.predict('steps', x)) FROM series WHERE id < 4 ORDER BY id;
SELECT * FROM pg_temp.fails($$SELECT nnet.fit('steps', x, ARRAY[1, 2, 3]::real[], nnet.options(verbose => false)) FROM series WHERE id = 5$$);
-- under another shape steps are still steps: rows of different length train together
SELECT nnet.create_model('reshaped', nnet.input(NULL, 2), nnet.reshape('{-1,2}'), nnet.lstm(4), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('reshaped', 'sparse_categorical_crossentropy');
SELECT nnet.fit('reshaped', x, y, nnet.options(epochs => 1, batch_size => 16, shuffle => false, verbose => false)) -> 'steps' FROM series;
SELECT bool_and(abs((e ->> 'loss')::float8 - l) < 1e-5) AS same
FROM (SELECT nnet.evaluate('reshaped', x, y) AS e FROM series) a,
     (SELECT avg(-ln((nnet.predict('reshaped', x))[y + 1])) AS l FROM series) b;
-- what does not fit
SELECT * FROM pg_temp.fails($$SELECT nnet.predict('variable', '{}'::real[])$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.predict('variable', '{1,2,3}'::real[])$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.predict('variable', '{{1,2},{3,NULL}}'::real[])$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.predict('variable', '{{1,2},{3,NaN}}'::real[])$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.predict('shapes', array_fill(0::real, ARRAY[7, 3]))$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.fit('variable', '{}'::real[], 1)$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.evaluate('variable', '{1,2,3}'::real[], 1)$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.predict_batch('variable', x) OVER () FROM (VALUES ('{1,2}'::real[]), ('{}')) v(x)$$);

-- ---- ids ----

CREATE TABLE sentences AS
    SELECT i AS id, (SELECT array_agg(1 + (i * w) % 19 ORDER BY w) FROM generate_series(1, 2 + i % 5) w)::integer[] AS x, i % 2 AS y
    FROM generate_series(1, 40) i;
SELECT setseed(0.4);
SELECT nnet.create_model('ids', nnet.input(NULL), nnet.embedding(20, 4, mask_zero => true), nnet.lstm(5), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('ids', 'binary_crossentropy', metrics => '{accuracy}');
SELECT nnet.fit('ids', x, y, nnet.options(epochs => 2, seed => 1, verbose => false)) -> 'samples' FROM sentences;
-- id 0 is as if it were not there
SELECT differ(nnet.predict('ids', ARRAY[3, 4, 5]), nnet.predict('ids', ARRAY[0, 3, 0, 4, 5, 0, 0])) AS differs;
SELECT differ(nnet.predict('ids', ARRAY[3, 4, 5]), nnet.predict('ids', '\x030405'::bytea)) AS differs;
SELECT * FROM pg_temp.fails($$SELECT nnet.predict('ids', ARRAY[3, 20])$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.predict('ids', ARRAY[3, -1])$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.predict('ids', ARRAY[3, 1.5])$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.predict('ids', ARRAY[3, NULL])$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.predict('ids', '{}'::integer[])$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.predict('ids', '\x03ff'::bytea)$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.predict_batch('ids', ARRAY[20]) OVER ()$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.fit('ids', ARRAY[20], 1)$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.fit('ids', '\x14'::bytea, 1)$$);
SELECT * FROM pg_temp.fails($$SELECT nnet.evaluate('ids', ARRAY[0.5], 1)$$);
-- the weights are a table's: a model whose embedding was made smaller by hand is refused
SELECT * FROM pg_temp.fails($$UPDATE ids SET config = jsonb_set(config, '{input_dim}', '10') WHERE kind = 'embedding'; SELECT nnet.predict('ids', ARRAY[3])$$);

SET client_min_messages = warning;
DROP SCHEMA test_recurrent CASCADE;
