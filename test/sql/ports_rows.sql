-- Rows for models of several inputs and outputs whose types come with each row, and models that change, or leave the
-- cache, while rows are read.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_ports_rows;
SET search_path = test_ports_rows;
\set SHOW_CONTEXT never

-- texts for texts, where the type of x is known with its first row only
SELECT nnet.create_model('next', nnet.input('{NULL}', name => 'note', dtype => 'text'), nnet.text_vectorization(max_tokens => 20),
    nnet.embedding(20, 4), nnet.lstm(4, return_sequences => true), nnet.dense(20, activation => 'softmax'));
SELECT nnet.compile('next', 'sparse_categorical_crossentropy');
SELECT nnet.fit('next', q, y, nnet.options(epochs => 2)) ->> 'samples'
FROM (SELECT 'a b w' || i % 3 AS note, 'b w' || i % 3 || ' c' AS y FROM generate_series(1, 9) i) q;
SELECT array_agg(token ORDER BY token) FROM nnet.vocabulary('next');
SELECT nnet.fit('next', ROW(3, 4), 'b c', nnet.options(epochs => 2));

-- bytes of records stay bytes: another type than that of the rows before is refused
SELECT nnet.create_model('seen', nnet.input('{4}', name => 'photo'), nnet.input('{1}', name => 'fact'), nnet.concatenate('{photo,fact}'), nnet.dense(1));
SELECT nnet.compile('seen', 'mse');
CREATE TYPE shot AS (photo bytea, fact real);
CREATE FUNCTION later(i int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF i = 3 THEN
        EXECUTE 'ALTER TYPE shot DROP ATTRIBUTE photo';
        EXECUTE 'ALTER TYPE shot ADD ATTRIBUTE photo int';
    END IF;
    RETURN i >= 3;
END $$;
CREATE FUNCTION given(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(query, $q$CASE WHEN later(i) THEN jsonb_populate_record(NULL::shot, '{"photo": 1, "fact": 2}')
        ELSE jsonb_populate_record(NULL::shot, '{"photo": "\\x01020304", "fact": 2}') END$q$);
    RETURN 'taken';
EXCEPTION WHEN datatype_mismatch THEN
    RETURN SQLERRM;
END $$;
SELECT given($$SELECT nnet.fit('seen', %s, 1) FROM generate_series(1, 5) i$$);
SELECT given($$SELECT nnet.evaluate('seen', %s, 1) FROM generate_series(1, 5) i$$);

-- columns named as those of ROW(...)
SELECT nnet.create_model('turned', nnet.input('{1}', name => 'f2'), nnet.input('{1}', name => 'f1'), nnet.concatenate('{f2,f1}'));
CREATE TABLE two (f1 int, f2 int);
INSERT INTO two VALUES (1, 2);
SELECT nnet.predict('turned', t) FROM two t;
SELECT nnet.predict('turned', q) FROM (SELECT 1 AS f1, 2 AS f2) q;
SELECT nnet.predict('turned', ROW(1, 2));
SELECT nnet.predict('turned', q) FROM (SELECT 1 AS f1, 2 AS f2, 3 AS f3) q;
SELECT nnet.predict('turned', ROW(1, 2)::two);

-- class weights by the labels of the only output with a loss, which is not the first
SELECT nnet.create_model('part', nnet.input(2), nnet.dense(3, name => 'h'), nnet.dense(1, name => 'price', inputs => '{h}'),
    nnet.dense(3, activation => 'softmax', name => 'kind', inputs => '{h}'));
SELECT nnet.compile('part', '{"kind": "sparse_categorical_crossentropy"}');
SELECT nnet.fit('part', ARRAY[i % 3, 1], (ARRAY['x','y','z'])[1 + i % 3], nnet.options(epochs => 1, class_weight => '{"x": 5}')) ->> 'samples' FROM generate_series(1, 30) i;
SELECT nnet.fit('part', ARRAY[i % 3, 1], (ARRAY['x','y','z'])[1 + i % 3], nnet.options(epochs => 1, class_weight => '{"w": 5}')) FROM generate_series(1, 30) i;

-- a cast of x and of y predicts with other models, which the cache has no room beside
SELECT nnet.create_model('other', nnet.input(2), nnet.dense(300), nnet.dense(2)), nnet.create_model('another', nnet.input(2), nnet.dense(200));
CREATE TYPE pushing AS (i int);
CREATE FUNCTION push(p pushing) RETURNS real[] LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nnet.predict('other', ARRAY[1, 2]), nnet.predict('another', ARRAY[1, 2]);
    RETURN ARRAY[p.i / 60.0, 1];
END $$;
CREATE CAST (pushing AS real[]) WITH FUNCTION push(pushing);
SELECT nnet.create_model('judge', nnet.input('{2}', name => 'a'), nnet.input('{NULL}', name => 'note', dtype => 'text'),
    nnet.text_vectorization(max_tokens => 20, inputs => '{note}'), nnet.embedding(20, 4), nnet.global_average_pooling1d(name => 'g'),
    nnet.concatenate('{a,g}'), nnet.dense(2, name => 'p'), nnet.dense(3, name => 'k', activation => 'softmax', inputs => '{g}'));
SELECT nnet.compile('judge', '{"p": "mse", "k": "sparse_categorical_crossentropy"}', metrics => '{"k": "accuracy"}');
SELECT nnet.create_model('words', nnet.input('{NULL}', name => 'note', dtype => 'text'), nnet.text_vectorization(max_tokens => 20), nnet.embedding(20, 4, name => 'e'),
    nnet.global_average_pooling1d(name => 'g'), nnet.dense(2, name => 'p', inputs => '{g}'),
    nnet.lstm(4, return_sequences => true, inputs => '{e}'), nnet.dense(20, activation => 'softmax', name => 'k'));
SELECT nnet.compile('words', '{"p": "mse", "k": "sparse_categorical_crossentropy"}');
CREATE TABLE notes AS SELECT i, ROW(i)::pushing AS a, 'w' || i % 5 || ' and w' || i % 7 AS note, ROW(i)::pushing AS p, 'k' || i % 3 AS k FROM generate_series(1, 30) i;
SELECT nnet.fit('judge', n, n, nnet.options(epochs => 2)) ->> 'samples' FROM notes n;
SELECT nnet.fit('words', n, ROW(p, note), nnet.options(epochs => 2)) ->> 'samples' FROM notes n;
CREATE VIEW judge_view AS SELECT * FROM judge;
CREATE TABLE results (v jsonb);
SET nnet.cache_size = 0;
INSERT INTO results SELECT nnet.evaluate('judge', n, n) FROM notes n;
INSERT INTO results SELECT nnet.evaluate('judge', ROW(a, note), ROW(p, k)) FROM notes n;
INSERT INTO results SELECT nnet.evaluate('judge_view', n, n) FROM notes n;
SELECT count(DISTINCT round((v ->> 'loss')::numeric, 5)), count(DISTINCT v -> 'k_accuracy'), bool_and(v -> 'samples' = '30') FROM results;
SELECT sum((v -> 'samples')::int), count(*) FROM (SELECT nnet.evaluate('judge', n, n) AS v FROM notes n GROUP BY i % 3) q;
SELECT nnet.evaluate('words', n, ROW(p, note)) -> 'samples' FROM notes n;
SELECT count(*), bool_and(abs(v.p - v.b) < 1e-5) FROM (SELECT nnet.predict('judge', n), nnet.predict_batch('judge', n) OVER () FROM notes n) q, LATERAL unnest(predict, predict_batch) v(p, b);
RESET nnet.cache_size;

-- a view that shows a model of other inputs, at a row that is not predicted
SELECT nnet.create_model('ab', nnet.input('{2}', name => 'a'), nnet.input('{3}', name => 'b'), nnet.concatenate('{a,b}')),
    nnet.create_model('ba', nnet.input('{3}', name => 'b'), nnet.input('{2}', name => 'a'), nnet.concatenate('{a,b}')),
    nnet.create_model('wide', nnet.input('{3}', name => 'a'), nnet.input('{2}', name => 'b'), nnet.concatenate('{a,b}'));
CREATE FUNCTION turn(what text, i int) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    IF i < 10 THEN RETURN '{"a": [1, 2], "b": [3, 4, 5]}'; END IF;
    EXECUTE 'CREATE OR REPLACE VIEW shown AS SELECT * FROM ' || what;
    RETURN NULL;
END $$;
CREATE VIEW shown AS SELECT * FROM ab;
SELECT count(p) FROM (SELECT nnet.predict_batch('shown', turn('ab', i)) OVER () AS p FROM generate_series(1, 10) i) q;
SELECT count(p) FROM (SELECT nnet.predict_batch('shown', turn('ba', i)) OVER () AS p FROM generate_series(1, 10) i) q;
SELECT count(p) FROM (SELECT nnet.predict_batch('shown', turn('wide', i)) OVER () AS p FROM generate_series(1, 10) i) q;

-- an input that is missing has as many values as the model wants of it now
SELECT nnet.create_model('gaps', nnet.input('{2}', name => 'a'), nnet.input('{1}', name => 'b'), nnet.imputation('constant', inputs => '{a}', name => 'i'), nnet.concatenate('{i,b}'));
CREATE FUNCTION again(change text) RETURNS SETOF real[] LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..3 LOOP
        RETURN NEXT nnet.predict('gaps', '{"a": null, "b": 3}'::jsonb);
        IF i = 1 THEN EXECUTE change; END IF;
    END LOOP;
END $$;
SELECT again($$UPDATE gaps SET config = '{"shape": [3]}' WHERE name = 'a'$$);
SELECT again($$UPDATE gaps SET kind = 'activation', config = '{"activation": "relu"}' WHERE name = 'i'$$);

SET client_min_messages = warning;
DROP SCHEMA test_ports_rows CASCADE;
