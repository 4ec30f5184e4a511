-- Moving averages of weights, and updates by the gradients of several steps: options,
-- what is saved, fits that follow each other, two models.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_averages CASCADE;
RESET client_min_messages;
CREATE SCHEMA test_averages;
SET search_path = test_averages;
\set SHOW_CONTEXT never

SELECT nnet.adam(use_ema => true, ema_momentum => 0.9, ema_overwrite_frequency => 10, gradient_accumulation_steps => 4);
SELECT nnet.sgd(gradient_accumulation_steps => 1);
SELECT nnet.sgd(ema_momentum => 1.5);
SELECT nnet.lion(ema_overwrite_frequency => 0);
SELECT nnet.adamw(ema_momentum => -0.1);

CREATE TABLE rows AS
    SELECT i, ARRAY[(i * 7919 % 1000) / 1000.0, (i * 104729 % 1000) / 1000.0]::real[] AS x,
        (i * 7919 % 1000 > i * 104729 % 1000)::int AS y
    FROM generate_series(1, 300) i;
CREATE FUNCTION new_model(name text, optimizer jsonb) RETURNS regclass LANGUAGE plpgsql SET client_min_messages = warning AS $$
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS %I', name);
    PERFORM setseed(0.25);
    PERFORM nnet.create_model(name, nnet.input(2), nnet.dense(8, activation => 'tanh', name => 'first'), nnet.batch_normalization(), nnet.dropout(0.3),
        nnet.dense(2, activation => 'softmax', name => 'last'));
    PERFORM nnet.compile(name::regclass, 'sparse_categorical_crossentropy', optimizer);
    RETURN name::regclass;
END $$;
CREATE FUNCTION whole(model regclass) RETURNS text LANGUAGE plpgsql AS $$
DECLARE t text;
BEGIN
    EXECUTE format('SELECT string_agg(concat_ws(''|'', layer, weights, slots, config - ''history''), E''\n'' ORDER BY layer, part) FROM %s', model) INTO t;
    RETURN t;
END $$;
CREATE FUNCTION weights(model regclass) RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE w real[];
BEGIN
    EXECUTE format('SELECT array_agg(v ORDER BY layer, n) FROM %s, unnest(weights) WITH ORDINALITY AS u(v, n) WHERE layer >= 0', model) INTO w;
    RETURN w;
END $$;
CREATE FUNCTION fit(model regclass, options jsonb) RETURNS jsonb LANGUAGE sql AS
    $$ SELECT nnet.fit(model, x, y, options) FROM (SELECT * FROM rows ORDER BY i) r $$;

-- ---- fits that follow each other are one: also in the midst of an update, and as text and back ----
CREATE FUNCTION in_parts(optimizer jsonb, options jsonb DEFAULT '{}') RETURNS boolean LANGUAGE plpgsql SET client_min_messages = warning AS $$
BEGIN
    PERFORM new_model('m', optimizer), new_model('n', optimizer);
    PERFORM fit('m', nnet.options(epochs => 10, seed => 7) || options);
    PERFORM fit('n', nnet.options(epochs => 5, seed => 7) || options);
    CREATE TABLE dumped AS TABLE n;
    DELETE FROM n;
    INSERT INTO n SELECT layer, part, kind, name, inputs, config::text::jsonb, weights::text::real[], slots::text::real[] FROM dumped;
    DROP TABLE dumped;
    PERFORM fit('n', nnet.options(epochs => 3, seed => 7) || options);
    PERFORM fit('n', nnet.options(epochs => 2, seed => 7) || options);
    RETURN whole('m') = whole('n');
END $$;
-- 10 steps an epoch: 7 and 4 do not divide them
SELECT in_parts(nnet.adam(0.05, gradient_accumulation_steps => 7)), in_parts(nnet.sgd(0.1, momentum => 0.9, clipnorm => 0.5, gradient_accumulation_steps => 4)),
    in_parts(nnet.adam(0.05, use_ema => true)), in_parts(nnet.sgd(0.1, use_ema => true, ema_momentum => 0.9, ema_overwrite_frequency => 3)),
    in_parts(nnet.rmsprop(use_ema => true, gradient_accumulation_steps => 7, ema_overwrite_frequency => 2), '{"validation_split": 0.2}');

-- ---- what is saved ----
SELECT new_model('m', nnet.adam(0.05, use_ema => true)), new_model('n', nnet.adam(0.05));
SELECT fit('m', nnet.options(epochs => 3, seed => 7)) ->> 'loss' = fit('n', nnet.options(epochs => 3, seed => 7)) ->> 'loss' AS same_losses;
SELECT weights('m') <> weights('n') AS averaged;
-- the averages are the weights; what was trained is in the slots, after those of adam, of what learns alone
SELECT name, cardinality(slots) / cardinality(weights) AS slots, slots[2 * cardinality(weights) + 1 :] = (SELECT weights FROM n WHERE n.layer = m.layer) AS trained
FROM m WHERE kind = 'dense' ORDER BY layer;
SELECT weights[17 :] = (SELECT weights[17 :] FROM n WHERE layer = 2) AS moving_mean, slots[65 : 80] = (SELECT weights[1 : 16] FROM n WHERE layer = 2) AS trained,
    (SELECT bool_and(v = 0) FROM unnest(slots[81 :]) v) AS none
FROM m WHERE layer = 2;
SELECT (SELECT count(*) FROM jsonb_object_keys(config -> 'averaged')) AS layers FROM m WHERE layer = -1;
-- who changes weights in between has a training that begins with those
UPDATE m SET weights = (SELECT array_agg(0.5 ORDER BY n) FROM generate_series(1, cardinality(weights)) n) WHERE name = 'first';
SELECT fit('m', nnet.options(seed => 7, batch_size => 300, shuffle => false)) IS NOT NULL AS trained;
SELECT (SELECT min(v) FROM unnest(weights) v) BETWEEN 0.49 AND 0.51 AS begins_there FROM m WHERE name = 'first';
-- so has a layer without slots, such as one that was frozen
UPDATE m SET weights = (SELECT array_agg(0.5 ORDER BY n) FROM generate_series(1, cardinality(weights)) n), slots = NULL WHERE name = 'first';
SELECT fit('m', nnet.options(seed => 7, batch_size => 300, shuffle => false)) IS NOT NULL AS trained;
SELECT (SELECT min(v) FROM unnest(weights) v) BETWEEN 0.49 AND 0.51 AS begins_there FROM m WHERE name = 'first';
UPDATE m SET config = config || '{"trainable": false}' WHERE name = 'first';
CREATE TABLE frozen AS SELECT weights FROM m WHERE name = 'first';
SELECT fit('m', nnet.options(epochs => 2, seed => 7)) IS NOT NULL AS trained;
SELECT weights = (SELECT weights FROM frozen) AS frozen FROM m WHERE name = 'first';
-- a new compile begins anew
SELECT nnet.compile('m', 'sparse_categorical_crossentropy', nnet.adam(0.05));
SELECT config ? 'averaged' AS averaged FROM m WHERE layer = -1;
SELECT fit('m', nnet.options(seed => 7)) IS NOT NULL AS trained;
-- a stranger's bytes
UPDATE m SET config = config || '{"averaged": 3}' WHERE layer = -1;
SELECT fit('m', nnet.options(seed => 7)) IS NOT NULL AS trained;
UPDATE m SET config = config || '{"averaged": {"first": "x", "nobody": [1]}}' WHERE layer = -1;
SELECT fit('m', nnet.options(seed => 7)) IS NOT NULL AS trained;

-- weights that no loss depends on, and so no step averages, stay what they are
SET client_min_messages = warning;
SELECT nnet.create_model('idle', nnet.input(2), nnet.dense(3, name => 'both'), nnet.dense(1, name => 'price'), nnet.dense(2, name => 'kind', inputs => '{both}'));
RESET client_min_messages;
SELECT nnet.compile('idle', '{"price": "mse"}'::jsonb, nnet.adam(0.05, use_ema => true));
CREATE TABLE idle_before AS TABLE idle;
SELECT nnet.fit('idle', x, y, nnet.options(epochs => 2, seed => 7)) IS NOT NULL AS trained FROM rows;
SELECT nnet.fit('idle', x, y, nnet.options(epochs => 2, seed => 7)) IS NOT NULL AS trained FROM rows;
SELECT name, a.weights = b.weights AS same FROM idle a JOIN idle_before b USING (layer, name) WHERE cardinality(a.weights) > 0 ORDER BY layer;

-- ---- the best weights are those that were trained, not averages ----
SELECT new_model('m', nnet.adam(0.1, use_ema => true)), new_model('n', nnet.adam(0.1));
SELECT fit('m', nnet.options(epochs => 40, seed => 5, validation_split => 0.3, early_stopping => nnet.early_stopping(patience => 3))) -> 'best_epoch' =
    fit('n', nnet.options(epochs => 40, seed => 5, validation_split => 0.3, early_stopping => nnet.early_stopping(patience => 3))) -> 'best_epoch' AS same_epoch;
SELECT weights('m') = weights('n') AS same, (SELECT config ? 'averaged' FROM m WHERE layer = -1) AS averaged;
SELECT fit('m', nnet.options(seed => 5)) ->> 'loss' = fit('n', nnet.options(seed => 5)) ->> 'loss' AS goes_on_there;

-- ---- one thread or several ----
SET nnet.force_threads = on;
CREATE FUNCTION by_threads(threads integer, optimizer jsonb) RETURNS real[] LANGUAGE plpgsql SET client_min_messages = warning AS $$
BEGIN
    PERFORM set_config('nnet.threads', threads::text, true);
    PERFORM new_model('m', optimizer);
    PERFORM fit('m', nnet.options(epochs => 3, seed => 7, batch_size => 13));
    RETURN weights('m');
END $$;
SELECT threads, (SELECT max(abs(a - b)) FROM unnest(by_threads(1, nnet.adam(0.01, use_ema => true, gradient_accumulation_steps => 3, clipnorm => 0.5)),
        by_threads(threads, nnet.adam(0.01, use_ema => true, gradient_accumulation_steps => 3, clipnorm => 0.5))) AS u(a, b)) < 1e-4 AS alike,
    by_threads(threads, nnet.sgd(gradient_accumulation_steps => 3)) = by_threads(threads, nnet.sgd(gradient_accumulation_steps => 3)) AS same
FROM generate_series(1, 3) threads;
RESET nnet.force_threads;
RESET nnet.threads;

-- ---- two models against each other ----
SET client_min_messages = warning;
CREATE FUNCTION new_pair(suffix text, ema boolean, steps integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(0.5);
    PERFORM nnet.create_model('g' || suffix, nnet.input(3), nnet.dense(8, activation => 'relu'), nnet.dense(2)),
        nnet.create_model('d' || suffix, nnet.input(2), nnet.dense(8, activation => 'relu'), nnet.dense(1, activation => 'sigmoid'));
    PERFORM nnet.compile(('g' || suffix)::regclass, 'binary_crossentropy', nnet.adam(0.01, use_ema => ema, gradient_accumulation_steps => steps)),
        nnet.compile(('d' || suffix)::regclass, 'binary_crossentropy', nnet.adam(0.01, gradient_accumulation_steps => steps));
    RETURN suffix;
END $$;
SELECT new_pair('1', true, 3), new_pair('2', NULL, 3), new_pair('3', true, 3);
SELECT nnet.fit_gan('g1', 'd1', x, nnet.gan_options(epochs => 4, seed => 3)) ->> 'generator_loss' AS one FROM rows \gset
SELECT nnet.fit_gan('g2', 'd2', x, nnet.gan_options(epochs => 4, seed => 3)) ->> 'generator_loss' AS two FROM rows \gset
SELECT nnet.fit_gan('g3', 'd3', x, nnet.gan_options(epochs => 1, seed => 3)) IS NOT NULL AS trained FROM rows;
SELECT nnet.fit_gan('g3', 'd3', x, nnet.gan_options(epochs => 3, seed => 3)) IS NOT NULL AS trained FROM rows;
SELECT :one = :two AS same_losses, weights('g1') <> weights('g2') AS averaged, weights('d1') = weights('d2') AS not_averaged,
    whole('g1') = whole('g3') AND whole('d1') = whole('d3') AS in_parts;

DROP SCHEMA test_averages CASCADE;
