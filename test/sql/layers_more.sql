-- Activations with arguments, noise, further normalizations, average and dot: constructors,
-- refusals, and models of them that train, predict and are restored.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_layers_more CASCADE;
CREATE SCHEMA test_layers_more;
SET search_path = test_layers_more;
RESET client_min_messages;

-- an error as one line a part: SQLSTATE and message, hint
CREATE FUNCTION pg_temp.fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text; hint text;
BEGIN
    EXECUTE query;
    RETURN NEXT 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
    RETURN NEXT SQLSTATE || ': ' || message;
    IF hint <> '' THEN RETURN NEXT 'HINT: ' || hint; END IF;
END $$;
-- the same of a model of one layer after an input of that shape
CREATE FUNCTION pg_temp.refused(shape text, layer text) RETURNS SETOF text LANGUAGE sql AS
    $$ SELECT pg_temp.fails(format('SELECT nnet.create_model(''refused'', nnet.input(%s), %s)', shape, layer)) $$;

-- ---- constructors: with their defaults, and with arguments ----

SELECT nnet.elu(), nnet.elu(0.5);
SELECT nnet.relu(), nnet.relu(6, 0.25, 1);
SELECT nnet.prelu(), nnet.prelu('ones', shared_axes => '{1,2}');
SELECT nnet.softmax(), nnet.softmax(1), nnet.softmax('{1,2}');
SELECT nnet.identity('here'), nnet.identity(name => 'here', inputs => '{there}');
SELECT nnet.dropout(0.5, '{NULL,1,NULL}', 7), nnet.alpha_dropout(0.5), nnet.gaussian_dropout(0.5, 7), nnet.gaussian_noise(0.5);
SELECT nnet.spatial_dropout1d(0.5, 7), nnet.spatial_dropout2d(0.5, seed => 7), nnet.spatial_dropout3d(0.5, 7);
SELECT nnet.simple_rnn(2, seed => 7) -> 'seed', nnet.lstm(2, seed => 7) -> 'seed', nnet.gru(2, seed => 7) -> 'seed', nnet.gru(2) ? 'seed';
SELECT nnet.random_flip('vertical', 7), nnet.random_translation(0.5, 0.25, 'wrap', 'nearest', 7, 1);
SELECT nnet.group_normalization();
SELECT nnet.rms_normalization(), nnet.unit_normalization(), nnet.unit_normalization(ARRAY[1, 2]);
SELECT nnet.average('{a,b}', 'both'), nnet.average(ARRAY['a', 'b'], name => 'both');
SELECT nnet.dot('{a,b}', -1), nnet.dot('{a,b}', '{2,1}', true);
-- the aggregate of weights, and the initializer, are what they were
SELECT nnet.average(w) FROM (VALUES ('{1,2}'::real[]), ('{3,4}')) v(w);
SELECT nnet.identity(), nnet.identity(2);

-- ---- refusals ----

SELECT pg_temp.fails('SELECT nnet.relu(-1)');
SELECT pg_temp.fails('SELECT nnet.relu(threshold => -1)');
SELECT pg_temp.fails('SELECT nnet.gaussian_noise(2)');
SELECT pg_temp.fails('SELECT nnet.gaussian_dropout(1)');
SELECT pg_temp.fails('SELECT nnet.alpha_dropout(1)');
SELECT pg_temp.fails('SELECT nnet.dropout(0.5, seed => -1)');
SELECT pg_temp.fails($$SELECT nnet.dropout(0.5, '{NULL,0}')$$);
SELECT pg_temp.fails($$SELECT nnet.softmax('{1,NULL}')$$);
SELECT pg_temp.fails($$SELECT nnet.softmax('{1,1,1,1,1}')$$);
SELECT pg_temp.fails('SELECT nnet.softmax(5)');
SELECT pg_temp.fails($$SELECT nnet.dot('{a,b}', NULL)$$);
SELECT pg_temp.fails('SELECT nnet.rms_normalization(epsilon => 0)') LIMIT 1;
SELECT pg_temp.refused('3, 4', $$nnet.dropout(0.5, '{NULL,4}')$$);
SELECT pg_temp.refused('3, 4', 'nnet.softmax(0)');
SELECT pg_temp.refused('3, 4', 'nnet.softmax(3)');
SELECT pg_temp.refused('3, 4', $$nnet.softmax('{1,-2}')$$);
SELECT pg_temp.refused('3, 4, 5', $$nnet.unit_normalization('{1,3}')$$);
SELECT pg_temp.refused('NULL, 4', 'nnet.rms_normalization(1)');
SELECT pg_temp.refused('NULL, 4', 'nnet.prelu()');
SELECT pg_temp.refused('3, 4', 'nnet.prelu(shared_axes => 3)');
SELECT pg_temp.refused('3, 4', 'nnet.group_normalization()');
SELECT pg_temp.refused('3, 4', 'nnet.group_normalization(2, axis => 1)');
SELECT pg_temp.refused('3', $$nnet.dense(4), nnet.dot('{input,dense}', 1)$$);
SELECT pg_temp.refused('3', $$nnet.dense(3), nnet.dot('{input,dense}', 2)$$);
SELECT pg_temp.refused('3', $$nnet.dense(3), nnet.dot('{input,dense,input}', 1)$$);
SELECT pg_temp.refused('NULL, 3', $$nnet.dense(3), nnet.dot('{input,dense}', 2)$$);

-- ---- a model of all of them ----

CREATE TABLE rows AS
SELECT i, ARRAY(SELECT sin(i * k)::real FROM generate_series(1, 24) k) AS x, i % 3 AS y FROM generate_series(1, 60) i;

SELECT setseed(0.5);
SELECT nnet.create_model('all_of_them', nnet.input(4, 6),
    nnet.gaussian_noise(0.1), nnet.dense(6), nnet.prelu(shared_axes => 1), nnet.group_normalization(3),
    nnet.dropout(0.2, '{NULL,1,NULL}'), nnet.identity('a'),
    nnet.dense(6, inputs => '{a}'), nnet.relu(6, 0.1), nnet.rms_normalization(), nnet.gaussian_dropout(0.1, name => 'b'),
    nnet.dense(6, inputs => '{a}'), nnet.elu(), nnet.alpha_dropout(0.1), nnet.unit_normalization(name => 'c'),
    nnet.average('{b,c}', 'd'), nnet.softmax(1, name => 'e'),
    nnet.dot('{d,e}', 1, true), nnet.flatten(), nnet.dense(3, activation => 'softmax'));
SELECT name, output_shape, parameters FROM nnet.summary('all_of_them') WHERE name IN ('prelu', 'group_normalization', 'rms_normalization', 'dot');
SELECT nnet.compile('all_of_them', 'sparse_categorical_crossentropy', nnet.adam(0.02), '{accuracy}');
CREATE TABLE of_one AS TABLE all_of_them;
ALTER TABLE of_one OF nnet.layer; ALTER TABLE of_one ADD PRIMARY KEY (layer, part);

-- the loss falls, and a seed gives the same again
SELECT nnet.fit('all_of_them', x, y, nnet.options(epochs => 30, seed => 3, verbose => false)) ->> 'epochs' AS epochs FROM rows;
SELECT bool_and(loss = loss) AND min(loss) FILTER (WHERE epoch > 25) < max(loss) FILTER (WHERE epoch < 3) FROM nnet.history('all_of_them');
SELECT nnet.fit('of_one', x, y, nnet.options(epochs => 30, seed => 3, verbose => false)) ->> 'epochs' AS epochs FROM rows;
SELECT count(*) AS differ FROM all_of_them a JOIN of_one b USING (layer, part)
WHERE a.weights IS DISTINCT FROM b.weights OR a.slots IS DISTINCT FROM b.slots;

-- predictions draw nothing, alone or in batches, and from a copy
SELECT count(*) AS differ FROM (SELECT nnet.predict('all_of_them', x) AS p, nnet.predict('all_of_them', x) AS again,
    nnet.predict_batch('all_of_them', x) OVER () AS q FROM rows) r, unnest(p, again, q) u(a, b, c)
WHERE a <> b OR abs(a - c) > 1e-5;
SELECT nnet.copy_model('all_of_them', 'a_copy');
SELECT count(*) AS differ FROM rows WHERE nnet.predict('all_of_them', x) <> nnet.predict('a_copy', x);

-- ---- seeds: a layer's own draws alike whatever the training's ----

CREATE FUNCTION pg_temp.losses(model text, layer text, seed integer) RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE losses float8[];
BEGIN
    PERFORM setseed(0.25);
    EXECUTE format('SELECT nnet.create_model(%L, nnet.input(24), %s, nnet.dense(3, activation => ''softmax''))', model, layer);
    EXECUTE format('SELECT nnet.compile(%L, ''sparse_categorical_crossentropy'', nnet.sgd(0.1))', model);
    EXECUTE format('SELECT nnet.fit(%L, x, y, nnet.options(epochs => 3, shuffle => false, seed => %s, verbose => false)) FROM rows', model, seed);
    SELECT array_agg(loss ORDER BY epoch) INTO losses FROM nnet.history(model::regclass);
    EXECUTE format('DROP TABLE %I', model);
    RETURN losses;
END $$;
SELECT layer, pg_temp.losses('seeded', format(layer, ', seed => 5'), 1) = pg_temp.losses('seeded', format(layer, ', seed => 5'), 2) AS own,
    pg_temp.losses('seeded', format(layer, ''), 1) = pg_temp.losses('seeded', format(layer, ''), 2) AS training
FROM unnest(ARRAY['nnet.dropout(0.3%s)', 'nnet.alpha_dropout(0.3%s)', 'nnet.gaussian_dropout(0.3%s)', 'nnet.gaussian_noise(0.3%s)']) layer;

-- ---- rows of any length: softmax along their steps ----

SELECT nnet.create_model('attending', nnet.input(NULL, 2), nnet.dense(1), nnet.softmax(1, name => 'share'),
    nnet.multiply('{input,share}'), nnet.global_average_pooling1d());
SELECT count(*) AS differ FROM (SELECT nnet.predict('attending', x) AS p, nnet.predict_batch('attending', x) OVER () AS q
    FROM (SELECT array_fill(0.5::real, ARRAY[n, 2]) AS x FROM generate_series(1, 9) n) r) r, unnest(p, q) u(a, b) WHERE abs(a - b) > 1e-6;
SELECT n, round((nnet.predict('attending', array_fill(0.5::real, ARRAY[n, 2])))[1]::numeric * n, 5) AS mean FROM generate_series(1, 3) n;

SET client_min_messages = warning;
DROP SCHEMA test_layers_more CASCADE;
