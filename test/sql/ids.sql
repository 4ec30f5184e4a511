-- Ids that an embedding does not have: refused wherever they come from.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_ids;
SET search_path = test_ids;
\set SHOW_CONTEXT never

CREATE FUNCTION try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
    EXECUTE query;
    RETURN 'goes well';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ': ' || SQLERRM || coalesce(' -- ' || nullif(detail, ''), '');
END $$;
CREATE FUNCTION weights(model regclass) RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE w real[];
BEGIN
    EXECUTE format('SELECT array_agg(v) FROM (SELECT unnest(weights) v FROM %s ORDER BY layer) s', model) INTO w;
    RETURN w;
END $$;

-- passed on unchanged, computed, under another shape, in branches, step by step
SELECT nnet.create_model('m_direct', nnet.input(2), nnet.embedding(5, 3), nnet.flatten(), nnet.dense(1)),
    nnet.create_model('m_linear', nnet.input(2), nnet.activation('linear'), nnet.embedding(5, 3), nnet.flatten(), nnet.dense(1)),
    nnet.create_model('m_scaled', nnet.input(2), nnet.rescaling(0.1), nnet.embedding(5, 3), nnet.flatten(), nnet.dense(1)),
    nnet.create_model('m_repeated', nnet.input(2), nnet.repeat_vector(2), nnet.permute('{2,1}'), nnet.embedding(5, 3), nnet.flatten(), nnet.dense(1)),
    nnet.create_model('m_branches', nnet.input(2), nnet.rescaling(2, name => 'twice'), nnet.concatenate('{input,twice}'),
        nnet.embedding(5, 3), nnet.flatten(), nnet.dense(1)),
    nnet.create_model('m_stepwise', nnet.input(2, 1), nnet.time_distributed(nnet.embedding(5, 3)), nnet.flatten(), nnet.dense(1)),
    nnet.create_model('m_variable', nnet.input(NULL, 1), nnet.rescaling(1, -1), nnet.embedding(5, 3), nnet.reshape('{-1,3}'), nnet.lstm(2), nnet.dense(1)),
    nnet.create_model('m_apart', nnet.input(NULL, 1), nnet.rescaling(1, -1), nnet.time_distributed(nnet.embedding(5, 3)), nnet.reshape('{-1,3}'),
        nnet.gru(2), nnet.dense(1)),
    nnet.create_model('m_masked', nnet.input(NULL, 1), nnet.masking(-1), nnet.reshape('{-1,1}'), nnet.embedding(5, 3), nnet.reshape('{-1,3}'),
        nnet.global_average_pooling1d(), nnet.dense(1)) \g /dev/null
SELECT nnet.compile(m, 'mse', 'sgd') FROM unnest('{m_direct,m_linear,m_scaled,m_repeated,m_branches,m_stepwise,m_variable,m_apart,m_masked}'::regclass[]) m \g /dev/null

CREATE TABLE cases (n serial, model regclass, good real[], bad real[]);
INSERT INTO cases (model, good, bad) VALUES
    ('m_direct', '{4,0}', '{5,0}'), ('m_direct', '{0,0}', '{-1,0}'), ('m_direct', '{0,0}', '{0,1.5}'),
    ('m_linear', '{4,0}', '{40,0}'), ('m_linear', '{0,1.5}', '{0,-1}'), ('m_linear', '{-0.5,0}', '{0,5}'),
    ('m_scaled', '{49,-9}', '{50,0}'), ('m_scaled', '{0,0}', '{0,-10}'),
    ('m_repeated', '{4,0}', '{0,5}'), ('m_branches', '{2,1}', '{3,0}'), ('m_stepwise', '{4,0}', '{0,7}'),
    ('m_variable', '{5,1}', '{1,6}'), ('m_variable', '{1,1}', '{0,1}'), ('m_apart', '{5,1}', '{1,6}'), ('m_apart', '{1,1}', '{1,0}'),
    ('m_masked', '{4,-1}', '{-1,5}');
CREATE TABLE calls (n serial, call text);
INSERT INTO calls (call) VALUES
    ('SELECT nnet.predict(%L::regclass, %L::real[])'),
    ('SELECT nnet.predict_batch(%L::regclass, %L::real[]) OVER () FROM generate_series(1, 100)'),
    ('SELECT nnet.evaluate(%L::regclass, %L::real[], 1) FROM generate_series(1, 3)'),
    ('SELECT nnet.fit(%L::regclass, %L::real[], 1, nnet.options(epochs => 2, batch_size => 2, seed => 1)) FROM generate_series(1, 5)'),
    ('SELECT nnet.fit(%L::regclass, %L::real[], 1, nnet.options(shuffle => false)) FROM generate_series(1, 5)'),
    ('SELECT nnet.fit(%L::regclass, %L::real[], 1, nnet.options(validation_split => 0.5)) FROM generate_series(1, 5)');
-- no function answers, and all say the same
SELECT model, good, bad, try(format('SELECT nnet.predict(%L::regclass, %L::real[])', model, good)) AS good_is,
    count(DISTINCT said) AS sayings, min(said) AS bad_is
FROM cases, LATERAL (SELECT try(format(call, model, bad)) AS said FROM calls) s GROUP BY cases.n, 1, 2, 3 ORDER BY cases.n;
SELECT call, string_agg(DISTINCT try(format(call, model, good)), '; ') AS good_is FROM cases, calls GROUP BY calls.n, call ORDER BY calls.n;

-- the rows are of several lengths: padding is no id, whatever becomes of it
SELECT try($$SELECT nnet.fit('m_variable', array_fill(1 + i % 5, ARRAY[i]), 1) FROM generate_series(1, 7) i$$),
    try($$SELECT nnet.fit('m_apart', array_fill(1 + i % 5, ARRAY[i]), 1) FROM generate_series(1, 7) i$$),
    try($$SELECT nnet.evaluate('m_variable', array_fill(1 + i % 5, ARRAY[i]), 1) FROM generate_series(1, 7) i$$);

-- a refused fit changes nothing, whichever row it is, and the session goes on
SELECT weights('m_linear') AS before \gset
SET nnet.force_threads = on;
SET nnet.threads = 3;
SELECT try($$SELECT nnet.fit('m_linear', ARRAY[CASE i WHEN 90 THEN 9 ELSE i % 5 END, 0], 1, nnet.options(epochs => 3, shuffle => false)) FROM generate_series(1, 100) i$$),
    weights('m_linear') = :'before' AS unchanged;
SELECT try($$SELECT nnet.predict_batch('m_linear', ARRAY[CASE i WHEN 900 THEN 9 ELSE i % 5 END, 0]) OVER () FROM generate_series(1, 1000) i$$);
SELECT count(nnet.predict('m_linear', ARRAY[i % 5, 0])) FROM generate_series(1, 10) i;
SELECT try($$SELECT nnet.evaluate('m_linear', ARRAY[CASE i WHEN 2900 THEN -3 ELSE i % 5 END, 0], 1) FROM generate_series(1, 3000) i$$);
SELECT nnet.evaluate('m_linear', ARRAY[i % 5, 0], 1)->'samples' AS samples FROM generate_series(1, 3000) i;
RESET nnet.threads;
RESET nnet.force_threads;

-- learning from rows comes before training
SELECT nnet.create_model('m_adapted', nnet.input(2), nnet.activation('linear'), nnet.embedding(5, 3), nnet.flatten(), nnet.normalization(), nnet.dense(1));
SELECT nnet.compile('m_adapted', 'mse');
SELECT try($$SELECT nnet.fit('m_adapted', '{5,0}'::real[], 1)$$);

-- two models against each other, and what they make
SELECT nnet.create_model('noisy', nnet.input(50), nnet.embedding(2, 2), nnet.flatten(), nnet.dense(2)),
    nnet.create_model('judge', nnet.input(2), nnet.dense(1, activation => 'sigmoid')) \g /dev/null
SELECT nnet.compile(m, 'binary_crossentropy') FROM unnest('{noisy,judge}'::regclass[]) m \g /dev/null
SELECT try($$SELECT nnet.fit_gan('noisy', 'judge', '{1,0}'::real[], nnet.gan_options(seed => 1)) FROM generate_series(1, 9)$$)
    ~ 'model "noisy": layer "embedding" takes ids from 0 to 1, not' AS refused;
SELECT try($$SELECT nnet.generate('noisy', 3, 1)$$) ~ 'model "noisy": layer "embedding" takes ids from 0 to 1, not' AS refused;
-- a series that leaves them on its way
SELECT nnet.create_model('counter', nnet.input(1), nnet.embedding(5, 1), nnet.flatten(), nnet.rescaling(1, 1)) \g /dev/null
UPDATE counter SET weights = '{0,1,2,3,4}' WHERE kind = 'embedding';
SELECT nnet.forecast('counter', ARRAY[2], 2), try($$SELECT nnet.forecast('counter', ARRAY[2], 4)$$);
CREATE TABLE counter_linear AS TABLE counter;
UPDATE counter_linear SET layer = layer + 1 WHERE layer > 0;
INSERT INTO counter_linear VALUES (1, 0, 'activation', 'activation', NULL, '{"activation": "linear"}', '{}', NULL);
SELECT nnet.forecast('counter_linear', ARRAY[2], 3), try($$SELECT nnet.forecast('counter_linear', ARRAY[2], 4)$$);

SET client_min_messages = warning;
DROP SCHEMA test_ids CASCADE;
