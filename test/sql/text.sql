-- Models that take texts: tokens, vocabularies, next tokens, and all that is refused.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
SET client_encoding = 'UTF8';
CREATE SCHEMA test_text;
SET search_path = test_text;
SET extra_float_digits = 0;
\set SHOW_CONTEXT never

-- ---- tokens and their order, as Keras has them ----

CREATE TABLE texts (id serial, body text);
INSERT INTO texts (body) VALUES
    ('The cat sat on the mat.'), ('The DOG sat; on the log!'), ('A cat -- and a dog.'),
    ('Ünïcode Ärger, über-ärger'), (E'it''s tab\tand\nnewline');

-- a vocabulary learned by a first fit, and the ids that a model with it makes
CREATE FUNCTION learn(standardize text, split text, OUT vocabulary text[], OUT ids real[])
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nnet.create_model('learner', nnet.input(1),
        nnet.text_vectorization(12, standardize, split, output_sequence_length => 6),
        nnet.dense(1));
    PERFORM nnet.compile('learner', 'mse', 'sgd');
    PERFORM nnet.fit('learner', body, 0, nnet.options(seed => 1)) FROM texts;
    SELECT array_agg(token ORDER BY id) INTO vocabulary FROM nnet.vocabulary('learner');
    PERFORM nnet.create_model('reader', nnet.input(1),
        nnet.text_vectorization(12, standardize, split, 6, vocabulary), nnet.rescaling(1));
    SELECT array_agg(nnet.predict('reader', t) ORDER BY n) INTO ids
    FROM unnest('{The dog ate the cat!,"",ÜBER}'::text[]) WITH ORDINALITY AS u (t, n);
    DROP TABLE learner, reader;
END $$;
SELECT standardize, split, l.* FROM
    unnest(ARRAY['lower_and_strip_punctuation', 'lower', 'strip_punctuation', NULL]) WITH ORDINALITY AS a (standardize, i),
    unnest(ARRAY['whitespace', 'character']) WITH ORDINALITY AS b (split, k),
    LATERAL learn(standardize, split) AS l ORDER BY i, k;

-- ---- the input becomes that of tokens ----

SELECT nnet.create_model('reviews', nnet.input(1), nnet.text_vectorization(30),
    nnet.embedding(30, 8, mask_zero => true), nnet.lstm(8), nnet.dense(2, activation => 'softmax'));
SELECT layer, name, output_shape FROM nnet.summary('reviews');
SELECT nnet.create_model('short', nnet.input(1), nnet.text_vectorization(30, output_sequence_length => 4),
    nnet.embedding(30, 8), nnet.flatten(), nnet.dense(1, activation => 'sigmoid'));
SELECT layer, name, output_shape FROM nnet.summary('short');

-- ---- fit learns, and keeps what it learned ----

CREATE TABLE review (id serial, body text, label text);
INSERT INTO review (body, label)
SELECT b, l FROM (VALUES
    ('A good, good film!', 'praise'), ('bad acting; bad film', 'blame'), ('I loved it', 'praise'),
    ('I hated it.', 'blame'), ('great GOOD fun', 'praise'), ('awful, bad', 'blame')) AS v (b, l),
    generate_series(1, 20);
SELECT setseed(0.5);
SELECT nnet.compile('reviews', 'sparse_categorical_crossentropy', nnet.adam(0.01), '{accuracy}');
SELECT * FROM nnet.vocabulary('reviews');
SELECT f->'samples' AS samples, f->'skipped' AS skipped, f->'accuracy' AS accuracy
FROM (SELECT nnet.fit('reviews', body, label, nnet.options(epochs => 20, seed => 1)) AS f
      FROM (SELECT body, label FROM review UNION ALL VALUES (NULL, 'praise'), ('x', NULL)) AS r) AS s;
SELECT * FROM nnet.vocabulary('reviews');
SELECT nnet.evaluate('reviews', body, label)->'accuracy' AS accuracy FROM review;
SELECT nnet.classify('reviews', 'good film'), nnet.classify('reviews', 'BAD, bad ...');
SELECT nnet.classify('reviews', t) FROM (SELECT 'good film'::varchar(20) AS t UNION ALL SELECT 'bad') AS s ORDER BY t DESC;
SELECT nnet.classify('reviews', 'bad      '::char(9)), nnet.classify('reviews', 'bad'::name);
SELECT nnet.predict('reviews', NULL::text) IS NULL AS nothing;
SELECT bool_and(abs(one[1] - many[1]) < 1e-5) AS same FROM
    (SELECT nnet.predict('reviews', body) AS one, nnet.predict_batch('reviews', body) OVER () AS many FROM review) AS s;
-- a second fit keeps the vocabulary: a new word is an unknown one
SELECT nnet.fit('reviews', 'brilliant'::text, 'praise'::text, nnet.options(seed => 2)) IS NOT NULL AS fitted;
SELECT count(*) FROM nnet.vocabulary('reviews');
SELECT nnet.predict('reviews', 'brilliant') = nnet.predict('reviews', 'unheard') AS both_unknown;
-- so is a text without tokens, as one unknown token, in whatever reads texts
SELECT t, abs((nnet.predict('reviews', t))[1] - (nnet.predict('reviews', 'unheard'))[1]) < 1e-5 AS unknown,
    nnet.classify('reviews', t) = nnet.classify('reviews', 'unheard') AS as_class
FROM unnest(ARRAY['', ' ', ':)', '...', E'\t!\n']) AS t;
SELECT count(*), count(*) FILTER (WHERE near) AS unknown FROM
    (SELECT t, (SELECT max(abs(a - b)) < 1e-5 FROM unnest(p, nnet.predict('reviews', coalesce(nullif(t, ':)'), 'unheard'))) AS u (a, b)) AS near
     FROM (SELECT t, nnet.predict_batch('reviews', t) OVER () AS p FROM unnest('{good,:),bad film,:),:),acting}'::text[]) AS t) AS s) AS n;
SELECT nnet.evaluate('reviews', ':)'::text, 'praise'::text) = nnet.evaluate('reviews', 'unheard'::text, 'praise'::text) AS same,
    nnet.evaluate('reviews', ''::text, 'praise'::text) ->> 'skipped' AS skipped;
SELECT nnet.copy_model('reviews', 'silent'), nnet.copy_model('reviews', 'unheard');
SELECT nnet.fit('silent', t, 'praise'::text, nnet.options(seed => 3)) ->> 'samples' AS samples
FROM unnest('{good,:),a film}'::text[]) AS t;
SELECT nnet.fit('unheard', t, 'praise'::text, nnet.options(seed => 3)) ->> 'samples' AS samples
FROM unnest('{good,unheard,a film}'::text[]) AS t;
SELECT bool_and(a.weights = b.weights) AS same FROM silent AS a JOIN unheard AS b USING (layer, part);
DROP TABLE silent, unheard;
-- a copy knows it too
SELECT nnet.copy_model('reviews', 'reviews_copy');
SELECT nnet.predict('reviews', 'good') = nnet.predict('reviews_copy', 'good') AS same;
-- a failed fit learns nothing
SELECT nnet.compile('short', 'binary_crossentropy');
SELECT nnet.fit('short', body, 7) FROM review;
SELECT count(*) FROM nnet.vocabulary('short');
-- rows for validation teach no words
SELECT nnet.fit('short', body, label, nnet.options(validation_split => 0.5, seed => 1)) IS NOT NULL AS fitted
FROM (VALUES (1, 'one two', 'a'), (2, 'two', 'b'), (3, 'three', 'a'), (4, 'three two', 'b')) AS v (n, body, label);
SELECT string_agg(token, ' ' ORDER BY id) AS words FROM nnet.vocabulary('short');
-- texts shorter and longer than the model sees
SELECT nnet.predict('short', 'one two one two one') = nnet.predict('short', 'one two one two') AS cut,
    nnet.predict('short', 'one') = nnet.predict('short', '  ONE.  ') AS same;

-- many tokens: those being learned count as memory, and rows go to a file
SET maintenance_work_mem = '1MB';
SELECT nnet.create_model('many', nnet.input(1), nnet.text_vectorization(output_sequence_length => 200),
    nnet.dense(1));
SELECT nnet.compile('many', 'mse', nnet.sgd(1e-12));
SELECT nnet.fit('many', (SELECT string_agg('w' || (i * k) % 2003, ' ') FROM generate_series(1, 200) AS k), 0,
    nnet.options(seed => 1))->'samples' AS samples FROM generate_series(1, 3000) AS i;
SELECT count(*) FROM nnet.vocabulary('many');
-- the most frequent one first
SELECT token = (SELECT w FROM (SELECT 'w' || (i * k) % 2003 AS w
        FROM generate_series(1, 3000) AS i, generate_series(1, 200) AS k) AS s
    GROUP BY w ORDER BY count(*) DESC, w COLLATE "C" DESC LIMIT 1) AS right_order
FROM nnet.vocabulary('many') WHERE id = 2;
SELECT nnet.create_model('more', nnet.input(1), nnet.text_vectorization(output_sequence_length => 2), nnet.dense(1));
SELECT nnet.compile('more', 'mse');
SELECT nnet.fit('more', 'w' || i, 0) FROM generate_series(1, 30000) AS i;
RESET maintenance_work_mem;

-- ---- the next token ----

-- at each step: y is x one character further
SELECT setseed(0.5);
SELECT nnet.create_model('chant', nnet.input(1),
    nnet.text_vectorization(standardize => 'none', split => 'character'),
    nnet.embedding(20, 8), nnet.lstm(32, return_sequences => true), nnet.dense(20, activation => 'softmax'));
SELECT nnet.compile('chant', 'sparse_categorical_crossentropy', nnet.adam(0.02), '{accuracy}');
SELECT (nnet.fit('chant', left(w, 12), substr(w, 2), nnet.options(epochs => 40, seed => 1))->>'accuracy')::float > 0.9 AS learned
FROM (SELECT substr(repeat('row, row, row your boat; ', 20), i, 13) AS w FROM generate_series(1, 400, 3) AS i) AS s;
SELECT nnet.generate_text('chant', 'row your b', 10, 0);
SELECT nnet.generate_text('chant', 'row', 50, 1.0, 7) = nnet.generate_text('chant', 'row', 50, 1.0, 7) AS repeatable,
    nnet.generate_text('chant', 'row', 200, 1.5, 7) <> nnet.generate_text('chant', 'row', 200, 1.5, 8) AS by_seed;
SELECT setseed(0.1);
SELECT length(nnet.generate_text('chant', 'row', 30)), nnet.generate_text('chant', 'row', 0) = '' AS nothing;
SELECT length(nnet.generate_text('chant', 'row', 10, 1e6, 1)), length(nnet.generate_text('chant', 'row', 10, steps => 2));
SELECT (nnet.evaluate('chant', 'row, row'::text, 'ow, row,'::text)->>'accuracy')::float > 0.5 AS evaluated;
-- the output has fewer steps than the text: each is what follows three characters
SELECT nnet.create_model('window', nnet.input(1), nnet.text_vectorization(30, 'none', 'character'), nnet.embedding(30, 8),
    nnet.conv1d(32, 3, activation => 'relu'), nnet.dense(30, activation => 'softmax'));
SELECT nnet.compile('window', 'sparse_categorical_crossentropy', nnet.adam(0.02), '{accuracy}');
SELECT (nnet.fit('window', left(w, 12), substr(w, 4), nnet.options(epochs => 40, seed => 1))->>'accuracy')::float > 0.8 AS learned
FROM (SELECT substr(repeat('row row row your boat ', 3), i, 13) AS w FROM generate_series(1, 40) i) s;
SELECT nnet.generate_text('window', 'our b', 8, 0);
-- the same with a fixed number of characters
SELECT nnet.create_model('window5', nnet.input(1), nnet.text_vectorization(30, 'none', 'character', 5), nnet.embedding(30, 8),
    nnet.conv1d(32, 3, activation => 'relu'), nnet.dense(30, activation => 'softmax'));
SELECT nnet.compile('window5', 'sparse_categorical_crossentropy', nnet.adam(0.02), '{accuracy}');
SELECT (nnet.fit('window5', left(w, 5), substr(w, 4), nnet.options(epochs => 40, seed => 1))->>'accuracy')::float > 0.8 AS learned
FROM (SELECT substr(repeat('row row row your boat ', 3), i, 6) AS w FROM generate_series(1, 40) i) s;
SELECT nnet.generate_text('window5', 'our b', 8, 0);
-- of one window: y is a label, the word that follows
SELECT setseed(0.5);
SELECT nnet.create_model('words', nnet.input(1), nnet.text_vectorization(10, output_sequence_length => 3),
    nnet.embedding(10, 8), nnet.flatten(), nnet.dense(5, activation => 'softmax'));
SELECT nnet.compile('words', 'sparse_categorical_crossentropy', nnet.adam(0.02));
SELECT nnet.fit('words', x, y, nnet.options(epochs => 200, seed => 1)) IS NOT NULL AS fitted
FROM (VALUES ('one two three', 'four'), ('two three four', 'Five!'), ('three four five', 'one'),
    ('four five one', 'two'), ('five one two', 'three')) AS v (x, y);
SELECT nnet.generate_text('words', 'one two three', 12, 0);

-- ---- what is refused ----

SELECT nnet.text_vectorization(standardize => 'upper');
SELECT nnet.text_vectorization(split => 'sentence');
SELECT nnet.text_vectorization(2);
SELECT nnet.text_vectorization(output_sequence_length => 0);
SELECT nnet.create_model('e', nnet.input(1), nnet.rescaling(1), nnet.text_vectorization(), nnet.dense(1));
SELECT nnet.create_model('e', nnet.input(28, 28), nnet.text_vectorization(), nnet.dense(1));
SELECT nnet.create_model('e', nnet.input(5), nnet.text_vectorization(output_sequence_length => 4), nnet.dense(1));
SELECT nnet.create_model('e', nnet.input(1), nnet.text_vectorization(), nnet.embedding(5, 2), nnet.lstm(2), nnet.dense(1));
SELECT nnet.predict('e', 'new');
SELECT nnet.generate_text('e', 'new', 3);
SELECT nnet.compile('e', 'mse');
SELECT nnet.fit('e', 'one two three four five'::text, 1);
SELECT nnet.create_model('counted', nnet.input(1), nnet.text_vectorization(), nnet.category_encoding(4), nnet.dense(1));
SELECT nnet.compile('counted', 'mse');
SELECT nnet.fit('counted', 'one two three'::text, 1);
SELECT nnet.create_model('shaped', nnet.input(1), nnet.text_vectorization(output_sequence_length => 4), nnet.reshape('{2,2}'), nnet.embedding(4, 2), nnet.flatten(), nnet.dense(1));
SELECT nnet.compile('shaped', 'mse');
SELECT nnet.fit('shaped', 'one two three'::text, 1);
SELECT nnet.fit('e', ' '::text, 1);
SELECT nnet.create_model('padded', nnet.input(1), nnet.text_vectorization(output_sequence_length => 3), nnet.dense(1));
SELECT nnet.compile('padded', 'mse');
SELECT nnet.fit('padded', ' '::text, 1);
SELECT nnet.fit('e', ARRAY[1, 2], 1);
SELECT nnet.fit('e', 3, 1);
SELECT nnet.predict('reviews', '{1,2}'::real[]);
SELECT nnet.evaluate('reviews', 1.5, 'praise'::text);
SELECT nnet.predict_batch('reviews', ARRAY[1]) OVER ();
SELECT nnet.forecast('reviews', ARRAY[1, 2], 3);
-- outputs for padding and unknown tokens only
SELECT nnet.create_model('silent', nnet.input(1), nnet.text_vectorization(vocabulary => '{a,b}', output_sequence_length => 3),
    nnet.dense(2, activation => 'softmax'));
SELECT nnet.generate_text('silent', 'a', 3);
-- text for a model of numbers
SELECT nnet.create_model('numbers', nnet.input(2), nnet.dense(2));
SELECT nnet.predict('numbers', 'two words'::text);
-- and a model that becomes one while a loop predicts
CREATE TABLE becomes AS TABLE silent;
DO $$
BEGIN
    FOR i IN 1..2 LOOP
        IF nnet.predict('becomes', 'a'::text) IS NULL THEN RAISE 'nothing'; END IF;
        DELETE FROM becomes;
        INSERT INTO becomes SELECT * FROM numbers;
    END LOOP;
END $$;
SELECT nnet.generate_text('numbers', 'one', 3);
SELECT * FROM nnet.vocabulary('numbers');
-- next tokens
SELECT nnet.fit('chant', 'row, row'::text, 'row'::text);
SELECT nnet.fit('window', 'row, row'::text, 'ow, row,'::text);
SELECT nnet.generate_text('window', 'r', 3);
SELECT nnet.generate_text('window5', 'row', 3), nnet.generate_text('window5', 'row your', 3, steps => 4);
SELECT nnet.fit('chant', 'row'::text, 3);
SELECT nnet.generate_text('chant', '', 3);
SELECT nnet.generate_text('chant', 'row', -1);
SELECT nnet.generate_text('chant', 'row', 3, -0.5);
SELECT nnet.generate_text('chant', 'row', 3, 'NaN');
SELECT nnet.generate_text('chant', 'row', 3, steps => 0);
SELECT nnet.generate_text('many', 'w1', 3);
SELECT nnet.generate_text('chant', NULL, 3) IS NULL AS nothing;
-- more ids than outputs
SELECT nnet.create_model('narrow', nnet.input(1), nnet.text_vectorization(split => 'character'),
    nnet.embedding(20, 4), nnet.simple_rnn(4, return_sequences => true), nnet.dense(4, activation => 'softmax'));
SELECT nnet.compile('narrow', 'sparse_categorical_crossentropy');
SELECT nnet.fit('narrow', 'abcdef'::text, 'bcdefg'::text);
-- vocabularies from strangers
UPDATE reviews_copy SET config = config || '{"vocabulary": ["a", "b", "a"]}' WHERE layer = 1;
SELECT nnet.predict('reviews_copy', 'a');
UPDATE reviews_copy SET config = config || '{"vocabulary": ["a", 3]}' WHERE layer = 1;
SELECT nnet.predict('reviews_copy', 'a');
UPDATE reviews_copy SET config = config || '{"vocabulary": ["a", ""]}' WHERE layer = 1;
SELECT nnet.predict('reviews_copy', 'a');
UPDATE reviews_copy SET config = config || '{"vocabulary": "a"}' WHERE layer = 1;
SELECT nnet.predict('reviews_copy', 'a');
UPDATE reviews_copy SET config = config || jsonb_build_object('vocabulary',
    (SELECT jsonb_agg('t' || i) FROM generate_series(1, 29) AS i)) WHERE layer = 1;
SELECT nnet.predict('reviews_copy', 'a');
UPDATE reviews_copy SET config = config - 'max_tokens' WHERE layer = 1;
SELECT nnet.predict('reviews_copy', 'a');
UPDATE reviews_copy SET config = config || '{"vocabulary": ["", "[UNK]", "a"]}' WHERE layer = 1;
SELECT nnet.predict('reviews_copy', 'a') IS NOT NULL AS works;

SET client_min_messages = warning;
DROP SCHEMA test_text CASCADE;
