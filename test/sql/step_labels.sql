-- Labels where the output has several rows of classes: y is an array of them, one for each step.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
SET max_parallel_workers_per_gather = 0; -- errors tell of the first bad row, which a worker may not have
CREATE SCHEMA test_step_labels;
SET search_path = test_step_labels;

-- the tag of a step is that of its number; noun, verb, adverb, so that sorting moves them all
CREATE TYPE tag AS ENUM ('verb', 'noun', 'adverb');
CREATE DOMAIN word AS text;
CREATE TABLE tags AS
    SELECT i, array_agg(v::real ORDER BY k) AS x, array_agg((ARRAY['verb', 'noun', 'adverb'])[c + 1] ORDER BY k) AS t,
           array_agg((ARRAY[2, 1, 0])[c + 1] ORDER BY k) AS n, array_agg(c = 0 ORDER BY k) AS b
    FROM generate_series(1, 300) i, generate_series(1, i % 5 + 1) k, LATERAL (SELECT sin(i * 100 + k) AS v) s,
        LATERAL (SELECT CASE WHEN v < -0.4 THEN 0 WHEN v < 0.4 THEN 1 ELSE 2 END AS c) u
    GROUP BY i ORDER BY i;
CREATE FUNCTION new_model(name text, loss text DEFAULT 'sparse_categorical_crossentropy', units integer DEFAULT 3, activation text DEFAULT 'softmax')
RETURNS regclass LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(0.25);
    PERFORM nnet.create_model(name, nnet.input(NULL, 1), nnet.dense(16, activation => 'tanh'), nnet.dense(units, activation => activation));
    PERFORM nnet.compile(name::regclass, loss, nnet.adam(learning_rate => 0.03), metrics => '{accuracy}');
    RETURN name::regclass;
END $$;
CREATE FUNCTION weights(model regclass) RETURNS real[] LANGUAGE plpgsql AS $$
DECLARE w real[];
BEGIN
    EXECUTE format('SELECT array_agg(v) FROM (SELECT unnest(weights) v, layer FROM %s ORDER BY layer) s', model) INTO w;
    RETURN w;
END $$;

-- learned, sorted, and the same as the numbers they stand for
SELECT new_model('a'), new_model('b');
SELECT (r ->> 'accuracy')::float8 > 0.9 AS learned, (r ->> 'val_accuracy')::float8 > 0.9 AS validated
FROM (SELECT nnet.fit('a', x, t, nnet.options(epochs => 20, seed => 1, validation_split => 0.2) ORDER BY i) AS r FROM tags) s;
SELECT * FROM nnet.labels('a');
SELECT nnet.fit('b', x, n, nnet.options(epochs => 20, seed => 1, validation_split => 0.2) ORDER BY i) ->> 'samples' AS samples FROM tags;
SELECT weights('a') = weights('b') AS as_numbers;
SELECT count(*) FROM nnet.labels('b');
-- by other types, and by weights of their classes
SELECT nnet.evaluate('a', x, t) = nnet.evaluate('a', x, t::tag[]) AS enum, nnet.evaluate('a', x, t) = nnet.evaluate('a', x, t::varchar(9)[]) AS varchar,
       nnet.evaluate('a', x, t) = nnet.evaluate('a', x, t::word[]) AS domain, nnet.evaluate('a', x, t) = nnet.evaluate('b', x, n) AS numbers,
       nnet.evaluate('b', x, n) = nnet.evaluate('b', x, n::text[]) AS numbers_as_text FROM tags;
SELECT new_model('c'), new_model('d');
SELECT nnet.fit('c', x, t, nnet.options(epochs => 2, seed => 1, class_weight => '{"noun": 3}') ORDER BY i) ->> 'samples' AS samples FROM tags;
SELECT nnet.fit('d', x, t, nnet.options(epochs => 2, seed => 1), (SELECT array_agg(CASE v WHEN 'noun' THEN 3 ELSE 1 END ORDER BY o) FROM unnest(t) WITH ORDINALITY u(v, o)) ORDER BY i) ->> 'samples' AS samples FROM tags;
SELECT weights('c') = weights('d') AS by_class;
-- one-hot: of labels, and of numbers
SELECT new_model('e', 'categorical_crossentropy'), new_model('f', 'categorical_crossentropy');
SELECT nnet.fit('e', x, t, nnet.options(epochs => 2, seed => 1) ORDER BY i) ->> 'samples' AS samples FROM tags;
SELECT nnet.fit('f', x, (SELECT array_agg((n.v = c)::int ORDER BY o, c) FROM unnest(n) WITH ORDINALITY n(v, o), generate_series(0, 2) c), nnet.options(epochs => 2, seed => 1) ORDER BY i) ->> 'samples' AS samples FROM tags;
SELECT weights('e') = weights('f') AS one_hot;
SELECT count(*) FROM nnet.labels('e');
-- booleans: learned where a class is counted, 0 and 1 else
SELECT new_model('g', units => 2), new_model('h', 'binary_crossentropy', 1, 'sigmoid'), new_model('i', 'binary_crossentropy', 1, 'sigmoid');
SELECT nnet.fit('g', x, b, nnet.options(epochs => 2)) ->> 'samples' AS samples FROM tags;
SELECT nnet.fit('h', x, b, nnet.options(epochs => 2, seed => 1) ORDER BY i) ->> 'samples' AS samples FROM tags;
SELECT nnet.fit('i', x, b::int[], nnet.options(epochs => 2, seed => 1) ORDER BY i) ->> 'samples' AS samples FROM tags;
SELECT * FROM nnet.labels('g');
SELECT weights('h') = weights('i') AS booleans, nnet.evaluate('g', x, b) = nnet.evaluate('g', x, b::text[]) AS as_text FROM tags;
-- a step is a class of texts, too
SELECT nnet.create_model('j', nnet.input(1), nnet.text_vectorization(output_sequence_length => 2), nnet.embedding(8, 4), nnet.dense(2, activation => 'softmax'));
SELECT nnet.compile('j', 'sparse_categorical_crossentropy', nnet.adam(learning_rate => 0.1), metrics => '{accuracy}');
SELECT nnet.fit('j', x, y, nnet.options(epochs => 30, batch_size => 1)) ->> 'accuracy' AS accuracy
FROM (VALUES ('time flies', '{noun,verb}'::text[]), ('flies time', '{verb,noun}')) r(x, y);
-- training in rounds learns them before, for all buckets
SELECT new_model('rounds');
CALL nnet.fit_rounds('rounds', 'SELECT i % 2 AS bucket, x, t FROM tags', 8, nnet.options(epochs => 4, verbose => false));
SELECT string_agg(label, ', ' ORDER BY class) AS labels FROM nnet.labels('rounds');
SELECT (nnet.evaluate('rounds', x, t) ->> 'accuracy')::float8 > 0.9 AS learned FROM tags;
-- given to compile
SELECT new_model('k');
SELECT nnet.compile('k', 'sparse_categorical_crossentropy', labels => '{noun,verb,adverb}');
SELECT nnet.fit('k', x, t, nnet.options(epochs => 1)) ->> 'samples' AS samples FROM tags;
SELECT * FROM nnet.labels('k');
SELECT nnet.compile('k', 'sparse_categorical_crossentropy', labels => '{a,b,c,d}');

-- ---- what is refused ----

SELECT nnet.fit('a', x, t || 'noun'::text) FROM tags;
SELECT nnet.fit('a', x, CASE WHEN i = 3 THEN t[1:1] ELSE t END) FROM tags;
SELECT nnet.fit('a', x, CASE WHEN i = 3 THEN ARRAY[NULL] || t[2:] ELSE t END) FROM tags;
SELECT nnet.fit('a', x, CASE WHEN i = 3 THEN 'article'::text || t[2:] ELSE t END) FROM tags;
SELECT nnet.evaluate('a', x, n) FROM tags;
SELECT nnet.evaluate('a', x, ROW(2, 1)) FROM tags WHERE i = 1;
SELECT nnet.evaluate('b', x, t) FROM tags;
SELECT nnet.evaluate('g', x, t) FROM tags;
SELECT nnet.fit('a', x, t[1]) FROM tags;
SELECT new_model('l', units => 2);
SELECT nnet.fit('l', x, t) FROM tags;
SELECT nnet.evaluate('l', x, t) FROM tags;
SELECT new_model('m', 'mse', 1, 'linear');
SELECT nnet.fit('m', x, t) FROM tags;
SELECT nnet.create_model('o', nnet.input(3, 1), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('o', 'sparse_categorical_crossentropy');
SELECT nnet.fit('o', '{1,2,3}', '{noun,verb}'::text[]);

SET client_min_messages = warning;
DROP SCHEMA test_step_labels CASCADE;
