-- Options by class: class_weight, and validation_split spread over the classes (stratify).
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_class_weights;
SET search_path = test_class_weights;

CREATE TABLE rows AS
    SELECT i, ARRAY[sin(i), cos(3 * i)]::real[] AS x, c, (ARRAY['ham', 'spam', 'eggs'])[c + 1] AS label,
           (ARRAY['{1,0,0}', '{0,1,0}', '{0,0,1}'])[c + 1]::real[] AS hot, c = 1 AS bit, (i % 4)::real AS w
    FROM generate_series(1, 80) i, LATERAL (SELECT CASE WHEN i % 8 = 0 THEN 1 WHEN i % 3 = 0 THEN 2 ELSE 0 END AS c) s;
CREATE FUNCTION new_model(name text, loss text, units integer, activation text) RETURNS regclass LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(0.25);
    PERFORM nnet.create_model(name, nnet.input(2), nnet.dense(5, activation => 'tanh'), nnet.dense(units, activation => activation));
    PERFORM nnet.compile(name::regclass, loss, nnet.sgd(learning_rate => 0.1));
    RETURN name::regclass;
END $$;
CREATE FUNCTION weights(model regclass) RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE w real[];
BEGIN
    EXECUTE format('SELECT array_agg(v) FROM (SELECT unnest(weights) v, layer FROM %s ORDER BY layer) s', model) INTO w;
    RETURN w;
END $$;
CREATE FUNCTION options(VARIADIC rest jsonb[] DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS
    $$ SELECT nnet.options(epochs => 2, seed => 3, batch_size => 9) || coalesce((SELECT jsonb_object_agg(k, v) FROM unnest(rest) r, jsonb_each(r) e(k, v)), '{}') $$;

-- ---- weights of classes are weights of their rows ----

CREATE PROCEDURE compare(loss text, units integer, activation text, y text, class_weight text, w text) LANGUAGE plpgsql AS $$
DECLARE o jsonb := nnet.options(epochs => 2, seed => 3, batch_size => 9); equal boolean;
BEGIN
    PERFORM new_model('by_class', loss, units, activation), new_model('by_row', loss, units, activation);
    EXECUTE format('SELECT nnet.fit(''by_class'', x, %s, $1 || jsonb_build_object(''class_weight'', $2::jsonb) ORDER BY i) FROM rows', y) USING o, class_weight;
    EXECUTE format('SELECT nnet.fit(''by_row'', x, %s, $1, %s ORDER BY i) FROM rows', y, w) USING o;
    equal := weights('by_class') = weights('by_row');
    RAISE INFO '% of % by %: %', loss, y, class_weight, CASE WHEN equal THEN 'as by row' ELSE 'differs' END;
    DROP TABLE by_class, by_row;
END $$;
CALL compare('sparse_categorical_crossentropy', 3, 'softmax', 'c', '{"1": 5, "0": 0.5}', '(ARRAY[0.5, 5, 1])[c + 1]');
CALL compare('sparse_categorical_crossentropy', 3, 'softmax', 'label', '{"spam": 5, "ham": 0.5}', '(ARRAY[0.5, 5, 1])[c + 1]');
CALL compare('sparse_categorical_crossentropy', 3, 'softmax', 'label', '{"2": 5, "ham": 0}', '(ARRAY[0, 5, 1])[c + 1]');
CALL compare('categorical_crossentropy', 3, 'softmax', 'hot', '{"1": 5, "2": 2}', '(ARRAY[1, 5, 2])[c + 1]');
CALL compare('categorical_crossentropy', 3, 'softmax', 'label', '{"spam": 5}', '(ARRAY[1, 5, 1])[c + 1]');
CALL compare('binary_crossentropy', 3, 'sigmoid', 'hot', '{"1": 5, "2": 2}', '(ARRAY[1, 5, 2])[c + 1]');
CALL compare('binary_crossentropy', 1, 'sigmoid', 'bit::int', '{"1": 5}', '(ARRAY[1, 5, 1])[c + 1]');
CALL compare('binary_crossentropy', 1, 'sigmoid', 'bit', '{"1": 5}', '(ARRAY[1, 5, 1])[c + 1]');
CALL compare('sparse_categorical_crossentropy', 2, 'softmax', 'bit', '{"true": 5, "false": 2}', '(ARRAY[2, 5, 2])[c + 1]');
CALL compare('hinge', 1, 'tanh', '2 * bit::int - 1', '{"1": 5}', '(ARRAY[1, 5, 1])[c + 1]');
-- n / (classes * rows of the class)
CALL compare('sparse_categorical_crossentropy', 3, 'softmax', 'label', '"balanced"', '(SELECT (80.0 / (3 * count(*)))::real FROM rows s WHERE s.c = rows.c)');
CALL compare('sparse_categorical_crossentropy', 5, 'softmax', 'c', '"balanced"', '(SELECT (80.0 / (3 * count(*)))::real FROM rows s WHERE s.c = rows.c)');
CALL compare('binary_crossentropy', 1, 'sigmoid', 'bit', '"balanced"', '(SELECT (80.0 / (2 * count(*)))::real FROM rows s WHERE s.bit = rows.bit)');

-- times the weights of rows; not in validation, neither for the counts nor for the loss
SELECT new_model('a', 'sparse_categorical_crossentropy', 3, 'softmax'), new_model('b', 'sparse_categorical_crossentropy', 3, 'softmax'), new_model('c', 'sparse_categorical_crossentropy', 3, 'softmax');
CREATE TEMPORARY TABLE results AS
    SELECT (SELECT nnet.fit('a', x, label, options('{"class_weight": "balanced"}'), w, i > 50 ORDER BY i) FROM rows) AS a,
           (SELECT nnet.fit('b', x, label, options(), w * (50.0 / (3 * (SELECT count(*) FROM rows s WHERE s.c = r.c AND i <= 50)))::real ORDER BY i) FROM rows r WHERE i <= 50) AS b,
           (SELECT nnet.fit('c', x, label, options('{"class_weight": "balanced", "validation_split": 0.375}'), w ORDER BY i) FROM rows) AS c;
SELECT weights('a') = weights('b') AS by_row, weights('a') = weights('c') AS by_split, a -> 'val_samples' AS val_samples,
       abs((a ->> 'val_loss')::float8 - (SELECT nnet.evaluate('a', x, label, w) ->> 'loss' FROM rows WHERE i > 50)::float8) < 1e-5 AS val_loss,
       abs((a ->> 'loss')::float8 - (b ->> 'loss')::float8) < 1e-5 AS loss
FROM results;

-- each step has its class, and its weight
CREATE TABLE tags AS
    SELECT i, (SELECT array_agg(sin(i * 100 + k) ORDER BY k) FROM generate_series(1, i % 4 + 1) k)::real[] AS x,
           (SELECT array_agg((sin(i * 100 + k) > 0.5)::int ORDER BY k) FROM generate_series(1, i % 4 + 1) k) AS y
    FROM generate_series(1, 40) i;
SELECT nnet.create_model('t', nnet.input(NULL, 1), nnet.gru(4, return_sequences => true), nnet.dense(2, activation => 'softmax'));
SELECT nnet.compile('t', 'sparse_categorical_crossentropy');
SELECT nnet.copy_model('t', 't1');
SELECT nnet.fit('t', x, y, options('{"class_weight": {"1": 3}}'), i % 2 + 1 ORDER BY i) -> 'samples' AS samples FROM tags;
SELECT nnet.fit('t1', x, y, options(), (SELECT array_agg((1 + 2 * c) * (i % 2 + 1) ORDER BY o) FROM unnest(y) WITH ORDINALITY u(c, o)) ORDER BY i) -> 'samples' AS samples FROM tags;
SELECT weights('t') = weights('t1') AS by_step;

-- ---- how it is written ----

SELECT nnet.options(class_weight => '{"spam": 5}') -> 'class_weight' AS literal, nnet.options(class_weight => 'balanced') -> 'class_weight' AS word,
       nnet.options(class_weight => '"balanced"') -> 'class_weight' AS quoted, nnet.options(class_weight => jsonb_build_object('spam', 5)) -> 'class_weight' AS jsonb,
       nnet.options(class_weight => '{"spam": 5}'::json) -> 'class_weight' AS json, nnet.options(class_weight => 'balanced'::text) -> 'class_weight' AS text,
       nnet.options(class_weight => NULL) ? 'class_weight' AS none;
SELECT nnet.options(class_weight => 'even');
SELECT nnet.options(class_weight => '{"spam": -1}');
SELECT nnet.options(class_weight => '{"spam": "5"}');
SELECT nnet.options(class_weight => '{"spam": 1e39}');
SELECT nnet.options(class_weight => ARRAY[1, 2]);
SELECT nnet.options(class_weight => now());
SELECT nnet.fit('a', x, label, '{"class_weight": 3}') FROM rows;

-- ---- what is no class ----

SELECT nnet.fit('a', x, label, options('{"class_weight": {"spam": 2, "bacon": 3}}')) FROM rows;
SELECT nnet.fit('a', x, label, options('{"class_weight": {"spam": 2, "3": 3}}')) FROM rows;
SELECT nnet.fit('a', x, label, options('{"class_weight": {"spam": 2, "2": 3}}')) FROM rows;
SELECT new_model('d', 'sparse_categorical_crossentropy', 3, 'softmax');
SELECT nnet.fit('d', x, c, options('{"class_weight": {"01": 2}}')) FROM rows;
SELECT nnet.fit('d', x, label, options('{"class_weight": {"Spam": 2}}')) FROM rows;
SELECT new_model('e', 'mse', 1, 'linear'), new_model('f', 'binary_crossentropy', 3, 'sigmoid');
SELECT nnet.fit('e', x, c, options('{"class_weight": {"1": 2}}')) FROM rows;
SELECT nnet.fit('f', x, CASE WHEN i = 7 THEN '{1,1,0}' ELSE hot END, options('{"class_weight": {"1": 2}}')) FROM rows;
SELECT nnet.fit('d', x, label, options('{"class_weight": {"spam": 1e38}}'), 1e20) FROM rows;

-- ---- stratify ----

-- each class has its share, to the row where that is whole, wherever its rows stand
CREATE TABLE few AS SELECT i, ARRAY[i, i % 2] AS x, CASE WHEN i > 90 THEN 'last' WHEN i = 90 THEN 'once' WHEN i > 50 THEN 'middle' ELSE 'first' END AS label FROM generate_series(1, 100) i;
SELECT nnet.create_model('s', nnet.input(2), nnet.normalization(), nnet.dense(4, activation => 'softmax'));
SELECT nnet.compile('s', 'sparse_categorical_crossentropy', metrics => '{accuracy}');
SELECT nnet.copy_model('s', 's1'), nnet.copy_model('s', 's2'), nnet.copy_model('s', 's3');
SELECT nnet.fit('s', x, label, nnet.options(epochs => 2, validation_split => 0.2, seed => 1, stratify => true) ORDER BY i) - '{seconds,loss,val_loss,accuracy,val_accuracy}'::text[] AS fit FROM few;
DO $$
DECLARE share float8; n integer;
BEGIN
    FOREACH share IN ARRAY '{0.1,0.3,0.5,0.7,0.8,0.95}'::float8[] LOOP
        SELECT nnet.fit('s3', x, 'first'::text, nnet.options(validation_split => share, seed => 9, stratify => true)) -> 'val_samples' INTO n FROM few;
        RAISE INFO '% of 100: %', share, n;
    END LOOP;
END $$;
SELECT nnet.fit('s3', x, 'first'::text, nnet.options(validation_split => 0.003, seed => 1, stratify => true)) ? 'val_samples' AS validated FROM few;
SELECT nnet.fit('s3', x, 'first'::text, nnet.options(validation_split => 1e-300, seed => 1, stratify => true)) ? 'val_samples' AS validated FROM few;
-- the same seed, the same rows; another seed, others
SELECT nnet.fit('s1', x, label, nnet.options(epochs => 2, validation_split => 0.2, seed => 1, stratify => true) ORDER BY i) -> 'val_samples' AS val_samples FROM few;
SELECT nnet.fit('s2', x, label, nnet.options(epochs => 2, validation_split => 0.2, seed => 2, stratify => true) ORDER BY i) -> 'val_samples' AS val_samples FROM few;
SELECT weights('s') = weights('s1') AS same, weights('s') <> weights('s2') AS other;
-- by one-hot targets, numbers, booleans, beside weights
SELECT nnet.fit('b', x, label, options('{"validation_split": 0.25, "stratify": true, "class_weight": "balanced"}'), w) -> 'val_samples' AS val_samples FROM rows;
SELECT nnet.fit('f', x, hot, options('{"validation_split": 0.5, "stratify": true}')) -> 'val_samples' AS val_samples FROM rows;
SELECT nnet.fit('d', x, c, options('{"validation_split": 0.1, "stratify": true}')) -> 'val_samples' AS val_samples FROM rows WHERE c = 0 AND i <= 43;
SELECT new_model('g', 'binary_crossentropy', 1, 'sigmoid');
SELECT nnet.fit('g', x, bit, options('{"validation_split": 0.5, "stratify": true}')) -> 'val_samples' AS val_samples FROM rows;
-- what it cannot be
SELECT nnet.options(stratify => true);
SELECT nnet.fit('a', x, label, '{"stratify": true}') FROM rows;
SELECT nnet.fit('e', x, c, options('{"validation_split": 0.1, "stratify": true}')) FROM rows;
SELECT nnet.fit('t', x, y, options('{"validation_split": 0.1, "stratify": true}')) FROM tags;
SELECT nnet.fit('f', x, CASE WHEN i = 7 THEN '{1,1,0}' ELSE hot END, options('{"validation_split": 0.1, "stratify": true}')) FROM rows;
SELECT nnet.fit('a', x, label, options('{"validation_split": 0.1, "stratify": true}'), i > 50) FROM rows;

SET client_min_messages = warning;
DROP SCHEMA test_class_weights CASCADE;
