-- Weights of models of several outputs: of rows for all or by output, of classes by output; labels for each step within y.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_port_weights;
SET search_path = test_port_weights;

CREATE TABLE rows AS
    SELECT i, ARRAY[sin(i), cos(3 * i)]::real[] AS x, (sin(i) - 2 * cos(3 * i))::real AS price,
           (ARRAY['hut', 'villa', 'flat'])[CASE WHEN i % 8 = 0 THEN 2 WHEN i % 3 = 0 THEN 3 ELSE 1 END] AS kind,
           (1 + i % 3)::real AS w, (i % 2)::real AS u
    FROM generate_series(1, 60) i;
CREATE FUNCTION new_model(name text) RETURNS regclass LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(0.25);
    PERFORM nnet.create_model(name, nnet.input(2), nnet.dense(5, activation => 'tanh', name => 'both'),
        nnet.dense(1, name => 'price', inputs => '{both}'), nnet.dense(3, activation => 'softmax', name => 'kind', inputs => '{both}'));
    PERFORM nnet.compile(name::regclass, loss => '{"price": "mse", "kind": "sparse_categorical_crossentropy"}'::jsonb, optimizer => nnet.sgd(0.1),
        loss_weights => '{"price": 0.5}', metrics => '{"kind": "accuracy"}'::jsonb);
    RETURN name::regclass;
END $$;
CREATE FUNCTION weights(model regclass) RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE w real[];
BEGIN
    EXECUTE format('SELECT array_agg(v) FROM (SELECT unnest(weights) v, layer FROM %s ORDER BY layer) s', model) INTO w;
    RETURN w;
END $$;
CREATE FUNCTION close(a float8, b float8) RETURNS boolean LANGUAGE sql AS 'SELECT abs(a - b) < 1e-5 * greatest(abs(b), 1)';

-- ---- of rows ----

SELECT new_model('a'), new_model('b'), new_model('c'), new_model('d'), new_model('e');
CREATE TYPE weight AS (kind real, price numeric);
DO $$
DECLARE o jsonb := nnet.options(epochs => 2, seed => 1, batch_size => 11);
BEGIN
    PERFORM nnet.fit('a', x, r, o, w ORDER BY i) FROM rows r;
    PERFORM nnet.fit('b', x, r, o, ROW(w, w) ORDER BY i) FROM rows r;
    PERFORM nnet.fit('c', x, r, o, ROW(u, w) ORDER BY i) FROM rows r;
    PERFORM nnet.fit('d', x, r, o, ROW(w, u)::weight ORDER BY i) FROM rows r;
    PERFORM nnet.fit('e', x, r, o, jsonb_build_object('price', u, 'kind', w) ORDER BY i) FROM rows r;
END $$;
SELECT weights('a') = weights('b') AS both, weights('c') = weights('d') AS by_name, weights('c') = weights('e') AS by_key, weights('a') <> weights('c') AS by_output;
SELECT close((r ->> 'price_loss')::float8, price) AS price, close((r ->> 'kind_loss')::float8, kind) AS kind,
       close((r ->> 'loss')::float8, price / 2 + kind) AS loss, close((r ->> 'kind_accuracy')::float8, hits) AS accuracy
FROM (SELECT nnet.evaluate('a', x, r, ROW(u, w)) AS r, sum(u * ((nnet.predict('a', x, 'price'))[1] - price) ^ 2) / count(*) AS price,
             sum(w * -ln((nnet.predict('a', x, 'kind'))[l.class + 1])) / count(*) AS kind, avg((nnet.classify('a', x, 'kind') = kind)::int) AS hits
      FROM rows r JOIN nnet.labels('a') l ON l.label = kind) s;
-- NULLs count 1, as a whole or in a part
SELECT close((nnet.evaluate('a', x, r, NULL::weight) ->> 'loss')::float8, (nnet.evaluate('a', x, r) ->> 'loss')::float8) AS whole,
       close((nnet.evaluate('a', x, r, ROW(NULL::real, 2)) ->> 'kind_loss')::float8, 2 * (nnet.evaluate('a', x, r) ->> 'kind_loss')::float8) AS part,
       close((nnet.evaluate('a', x, r, '{"price": null, "kind": 2}'::jsonb) ->> 'price_loss')::float8, (nnet.evaluate('a', x, r) ->> 'price_loss')::float8) AS json
FROM rows r;
-- values of a record may have other types in each row
SELECT close((nnet.evaluate('a', x, r, CASE WHEN i % 2 = 0 THEN ROW(1, 2.5) ELSE ROW(1::real, 2.5::float8) END) ->> 'kind_loss')::float8,
             2.5 * (nnet.evaluate('a', x, r) ->> 'kind_loss')::float8) AS any_type
FROM rows r;
-- in weighted metrics, too
SELECT nnet.compile('a', loss => '{"price": "mse", "kind": "sparse_categorical_crossentropy"}'::jsonb, optimizer => nnet.sgd(0.1), weighted_metrics => '{"price": "mae"}'::jsonb);
SELECT close((r ->> 'price_mae')::float8, mae) AS weighted
FROM (SELECT nnet.evaluate('a', x, r, ROW(w, 1)) AS r, sum(w * abs((nnet.predict('a', x, 'price'))[1] - price)) / sum(w) AS mae FROM rows r) s;

-- what is refused
SELECT nnet.fit('a', x, r, NULL, ROW(1)) FROM rows r;
SELECT nnet.fit('a', x, r, NULL, '{"price": 1}'::jsonb) FROM rows r;
SELECT nnet.fit('a', x, r, NULL, '{"price": 1, "kind": "2"}'::jsonb) FROM rows r;
SELECT nnet.fit('a', x, r, NULL, '{"price": 1, "kind": -2}'::jsonb) FROM rows r;
SELECT nnet.fit('a', x, r, NULL, '{"price": 1, "kind": [1, 2]}'::jsonb) FROM rows r;
SELECT nnet.fit('a', x, r, NULL, ROW(1, 'b'::text)) FROM rows r;
SELECT nnet.fit('a', x, r, NULL, ROW(1, CASE WHEN i = 3 THEN 'NaN'::real ELSE 1 END)) FROM rows r;

-- ---- of classes ----

SELECT new_model('f'), new_model('g');
SELECT nnet.fit('f', x, r, nnet.options(epochs => 2, seed => 1, class_weight => '{"kind": {"villa": 5}}') ORDER BY i) ->> 'samples' AS samples FROM rows r;
SELECT nnet.fit('g', x, r, nnet.options(epochs => 2, seed => 1), ROW(1, CASE kind WHEN 'villa' THEN 5 ELSE 1 END) ORDER BY i) ->> 'samples' AS samples FROM rows r;
SELECT weights('f') = weights('g') AS by_row;
SELECT nnet.fit('f', x, r, nnet.options(seed => 1, class_weight => '{"kind": "balanced"}', validation_split => 0.25, stratify => true)) ->> 'val_samples' AS val_samples FROM rows r;
SELECT nnet.fit('f', x, r, nnet.options(class_weight => 'balanced')) FROM rows r;
SELECT nnet.fit('f', x, r, nnet.options(class_weight => '{"villa": 5}')) FROM rows r;
SELECT nnet.fit('f', x, r, nnet.options(class_weight => '{"sort": {"villa": 5}}')) FROM rows r;
SELECT nnet.fit('f', x, r, nnet.options(class_weight => '{"price": "balanced"}')) FROM rows r;
SELECT nnet.fit('f', x, r, nnet.options(class_weight => '{"kind": {"castle": 5}}')) FROM rows r;
SELECT nnet.options(class_weight => '{"kind": {"villa": 5}, "price": 2}');
SELECT nnet.options(class_weight => '{"kind": {"villa": -5}}');

-- ---- steps ----

CREATE TABLE tags AS
    SELECT i, array_agg(v::real ORDER BY k) AS x, array_agg(CASE WHEN v < 0 THEN 'down' ELSE 'up' END ORDER BY k) AS tag, max(v)::real AS most,
           array_agg(k % 2 ORDER BY k) AS w
    FROM generate_series(1, 60) i, generate_series(1, i % 3 + 1) k, LATERAL (SELECT sin(i * 100 + k) AS v) s GROUP BY i ORDER BY i;
SELECT nnet.create_model('t', nnet.input(NULL, 1), nnet.lstm(4, return_sequences => true, name => 'each'), nnet.dense(2, activation => 'softmax', name => 'tag'),
    nnet.global_max_pooling1d(inputs => '{each}'), nnet.dense(1, name => 'most'));
SELECT nnet.compile('t', loss => '{"tag": "sparse_categorical_crossentropy", "most": "mse"}'::jsonb, optimizer => nnet.sgd(0.1));
SELECT nnet.copy_model('t', 't1');
SELECT nnet.fit('t', x, r, nnet.options(epochs => 2, seed => 1), ROW(w, i % 3) ORDER BY i) ->> 'samples' AS samples FROM tags r;
SELECT nnet.fit('t1', x, jsonb_build_object('tag', tag, 'most', most), nnet.options(epochs => 2, seed => 1), jsonb_build_object('tag', w, 'most', i % 3) ORDER BY i) ->> 'samples' AS samples FROM tags r;
SELECT weights('t') = weights('t1') AS json, label FROM nnet.labels('t') ORDER BY label;
SELECT nnet.fit('t', x, r, NULL, w) FROM tags r;
SELECT nnet.fit('t', x, '{"tag": ["up", 3], "most": 1}'::jsonb) FROM tags WHERE i = 1;
SELECT nnet.fit('t', x, '{"tag": ["up", null], "most": 1}'::jsonb) FROM tags WHERE i = 1;
SELECT nnet.fit('t', x, '{"tag": ["up"], "most": 1}'::jsonb) FROM tags WHERE i = 1;
SELECT nnet.fit('t', x, r, nnet.options(validation_split => 0.5, stratify => true)) FROM tags r;

-- an output without a loss: its weights have no gradient, and so do not decay, but for those that a regularizer is for
SELECT nnet.create_model('idle', nnet.input(2), nnet.dense(4, name => 'both'), nnet.dense(1, name => 'price'), nnet.dense(2, bias_initializer => 'ones', name => 'none', inputs => '{both}'),
    nnet.dense(2, bias_initializer => 'ones', kernel_regularizer => '{"l2": 0.01}', name => 'regular', inputs => '{both}'));
SELECT nnet.compile('idle', '{"price": "mse"}'::jsonb, nnet.adamw(0.01));
CREATE TABLE weights_before AS SELECT name, weights FROM idle;
SELECT nnet.fit('idle', x, ROW(price), nnet.options(epochs => 2, seed => 1, verbose => false)) ->> 'samples' AS samples FROM rows;
SELECT b.name, i.weights = b.weights AS same, i.weights[9:10] = b.weights[9:10] AS same_bias FROM idle AS i JOIN weights_before AS b USING (name) WHERE i.weights IS NOT NULL ORDER BY 1;

SET client_min_messages = warning;
DROP SCHEMA test_port_weights CASCADE;
