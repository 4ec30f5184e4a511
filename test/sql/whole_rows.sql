-- Whole rows: arrays in jsonb for lookups, intervals, keys that nnet.features leaves out, labels of steps,
-- and what is told of several columns at once.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_whole_rows;
SET search_path = test_whole_rows;

CREATE FUNCTION fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
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
CREATE FUNCTION kinds(spec jsonb) RETURNS text LANGUAGE sql AS
$$SELECT string_agg(coalesce(l ->> 'name', '?') || ':' || (l ->> 'kind'), ' ' ORDER BY o) FROM jsonb_array_elements(spec) WITH ORDINALITY AS u (l, o)$$;

-- ---- jsonb: arrays of strings and of integers, to layers that look them up ----

SELECT nnet.create_model('tags', nnet.input('{NULL}', name => 'tags'), nnet.string_lookup(vocabulary => '{red,green}', output_mode => 'multi_hot'));
SELECT nnet.predict('tags', v) FROM (VALUES ('{"tags": ["green", "red", "blue"]}'::jsonb), ('{"tags": []}'), ('{"tags": "green"}'), ('["red"]')) AS u (v);
SELECT fails($$SELECT nnet.predict('tags', '{"tags": [["green"]]}'::jsonb)$$);
SELECT nnet.create_model('pairs', nnet.input('{2}', name => 'p'), nnet.string_lookup(vocabulary => '{red,green}'));
SELECT nnet.predict('pairs', '{"p": ["green", "red"]}'::jsonb);
SELECT fails($$SELECT nnet.predict('pairs', '{"p": ["green"]}'::jsonb)$$);
SELECT nnet.create_model('ids', nnet.input('{NULL}', name => 'ids'), nnet.integer_lookup(vocabulary => '{9007199254740993,-5}', output_mode => 'count'));
SELECT nnet.predict('ids', v) FROM (VALUES ('{"ids": [9007199254740993, -5, 9007199254740993]}'::jsonb), ('{"ids": 7}')) AS u (v);
SELECT fails($$SELECT nnet.predict('ids', '{"ids": ["a"]}'::jsonb)$$);
SELECT fails($$SELECT nnet.predict('ids', '{"ids": [1.5]}'::jsonb)$$);
-- learned from jsonb
SELECT nnet.create_model('learned', nnet.input('{NULL}', name => 'tags'), nnet.string_lookup(max_tokens => 5, output_mode => 'multi_hot'), nnet.dense(1));
SELECT nnet.compile('learned', 'mse');
SELECT nnet.fit('learned', jsonb_build_object('tags', jsonb_build_array('a', 'b' || i % 2, i)), i, nnet.options(epochs => 1, verbose => false)) ->> 'samples'
FROM generate_series(1, 8) AS i;
SELECT token FROM nnet.vocabulary('learned', 'string_lookup') WHERE token IS NOT NULL ORDER BY token DESC LIMIT 3;
-- millions of values are counted, and refused, before there is room made for them
SELECT nnet.create_model('four', nnet.input('{4}', name => 'v'), nnet.dense(1));
SELECT fails($$SELECT nnet.predict('four', jsonb_build_object('v', to_jsonb(array_fill(true, '{2000000}'))))$$);
SELECT fails($$SELECT nnet.predict('four', '{"v": [1, 2, [3, {}]]}'::jsonb)$$);
SELECT fails($$SELECT nnet.predict('four', '{"v": [1, 2, null, 4]}'::jsonb)$$);
SELECT nnet.create_model('gaps', nnet.input('{4}', name => 'v'), nnet.imputation(strategy => 'constant', fill_value => 9));
SELECT nnet.predict('gaps', '{"v": [1, [null, true], 4]}'::jsonb);

-- ---- intervals are their seconds ----

SELECT nnet.create_model('lasts', nnet.input(1), nnet.rescaling(1));
SELECT nnet.predict('lasts', v) FROM unnest('{1 hour,-2 days 1 minute,1 year 1 month}'::interval[]) AS v;
SELECT extract(epoch FROM interval '1 year 1 month')::real;
SELECT nnet.create_model('both', nnet.input(2), nnet.rescaling(1));
SELECT nnet.predict('both', '{00:00:01.5,1 day}'::interval[]);
CREATE TABLE visits (id serial, began timestamp, lasted interval, pages int, buys boolean);
INSERT INTO visits (began, lasted, pages, buys)
SELECT '2024-01-01'::timestamp + i * interval '7 hours', CASE WHEN i % 9 > 0 THEN i % 50 * interval '1 minute' END, i % 4, i % 50 > 25 FROM generate_series(1, 300) AS i;
SELECT kinds(nnet.features('visits', exclude => '{buys}'));
SELECT nnet.create_model('visit', nnet.features('visits', columns => '{lasted}'), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('visit', 'binary_crossentropy', nnet.adam(0.1), metrics => '{accuracy}');
SELECT (nnet.fit('visit', v, buys, nnet.options(epochs => 30, seed => 1, verbose => false)) ->> 'accuracy')::float8 > 0.85 FROM visits AS v;

-- ---- keys are left out, unless they are named ----

CREATE TABLE keyed (k text PRIMARY KEY, n real, s text);
CREATE TABLE numbered (id bigint GENERATED ALWAYS AS IDENTITY, other serial, n real);
CREATE TABLE two (a int, b int, n real, PRIMARY KEY (a, b));
CREATE TABLE "Odd one" ("Id" serial PRIMARY KEY, "it's" real);
CREATE TABLE only_key (id int PRIMARY KEY);
INSERT INTO keyed SELECT i, i, i % 3 FROM generate_series(1, 200) AS i;
SELECT kinds(nnet.features('keyed'));
SELECT kinds(nnet.features('keyed', exclude => '{k}'));
SELECT kinds(nnet.features('numbered'));
SELECT kinds(nnet.features('numbered', columns => '{id,n}'));
SELECT kinds(nnet.features('two'));
SELECT kinds(nnet.features('"Odd one"'));
SELECT kinds(nnet.features('only_key'));
SELECT fails($$SELECT nnet.features('keyed', columns => '{k}')$$);

-- ---- one notice for all columns that do not vary ----

CREATE TABLE flat AS SELECT 1 AS a, 2.5 AS b, i AS c, 'x'::text AS s FROM generate_series(1, 40) AS i;
SELECT nnet.create_model('flat_m', nnet.features('flat', exclude => '{c}'), nnet.dense(1));
SELECT nnet.compile('flat_m', 'mse');
SELECT nnet.fit('flat_m', f, c, nnet.options(epochs => 1, verbose => false)) ->> 'samples' FROM flat AS f;

-- ---- labels of steps ----

SELECT nnet.create_model('steps', nnet.input(NULL, 1), nnet.dense(8, activation => 'tanh'), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('steps', 'sparse_categorical_crossentropy', nnet.adam(0.05), metrics => '{accuracy}');
CREATE TABLE said AS
SELECT i, array_agg(v ORDER BY k)::real[] AS x, array_agg((ARRAY['low', 'mid', 'up'])[v + 2] ORDER BY k) AS y
FROM generate_series(1, 200) AS i, generate_series(1, i % 4 + 1) AS k, LATERAL (SELECT (i * 7 + k * 5) % 3 - 1 AS v) AS w GROUP BY i;
SELECT (nnet.fit('steps', x, y, nnet.options(epochs => 20, seed => 1, verbose => false) ORDER BY i) ->> 'accuracy')::float8 FROM said;
SELECT count(*), count(*) FILTER (WHERE nnet.classify_steps('steps', x) = y) FROM said;
SELECT nnet.classify_steps('steps', '{-1,0,1}'::real[]);
SELECT fails($$SELECT nnet.classify('steps', '{-1,0,1}'::real[])$$);
-- a literal for y, and what is none
SELECT nnet.evaluate('steps', x, '{low,mid}') -> 'accuracy' FROM (VALUES ('{-1,0}'::real[])) AS v (x);
SELECT fails($$SELECT nnet.evaluate('steps', '{-1,0}'::real[], '{low}')$$);
SELECT fails($$SELECT nnet.evaluate('steps', '{-1,0}'::real[], '{low,none}')$$);
SELECT fails($$SELECT nnet.evaluate('steps', '{-1,0}'::real[], '{0,1}')$$);
SELECT nnet.create_model('bare', nnet.input(2, 1), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('bare', 'sparse_categorical_crossentropy');
SELECT nnet.evaluate('bare', '{-1,0}'::real[], '{0,1}') ? 'loss';
SELECT fails($$SELECT nnet.evaluate('bare', '{-1,0}'::real[], '{low,mid}')$$);
SELECT cardinality(nnet.classify_steps('bare', '{-1,0}'::real[]));
SELECT nnet.create_model('rows', nnet.input(2), nnet.dense(3, activation => 'softmax'));
SELECT fails($$SELECT nnet.classify_steps('rows', '{-1,0}'::real[])$$);
SELECT nnet.create_model('number', nnet.input(2, 1), nnet.dense(1));
SELECT fails($$SELECT nnet.classify_steps('number', '{-1,0}'::real[])$$);
-- of several outputs that of steps is meant; jsonb with no steps
SELECT nnet.create_model('more', nnet.input('{NULL,1}', name => 'x'), nnet.dense(3, activation => 'softmax', name => 'tag', inputs => '{x}'),
    nnet.global_average_pooling1d(inputs => '{x}'), nnet.dense(2, activation => 'softmax', name => 'mood'));
SELECT nnet.compile('more', '{"tag": "sparse_categorical_crossentropy", "mood": "sparse_categorical_crossentropy"}'::jsonb,
    labels => '{"tag": ["low", "mid", "up"], "mood": ["bad", "good"]}'::jsonb);
SELECT cardinality(nnet.classify_steps('more', r)), nnet.classify_steps('more', r) = nnet.classify_steps('more', r, 'tag'), nnet.classify('more', r) IN ('bad', 'good')
FROM (SELECT ARRAY[1, 2, 3] AS x OFFSET 0) AS r;
SELECT fails($$SELECT nnet.classify_steps('more', '{"x": [1]}'::jsonb, 'mood')$$);
SELECT fails($$SELECT nnet.evaluate('more', '{"x": [1]}'::jsonb, v) FROM (VALUES ('{"tag": ["low"], "mood": "bad"}'::jsonb), ('{"tag": [], "mood": "bad"}')) AS u (v)$$);
SELECT fails($$SELECT nnet.evaluate('more', '{"x": [1, 2]}'::jsonb, '{"tag": [null, "low"], "mood": "bad"}'::jsonb)$$);

-- ---- outputs that change their names while rows are evaluated ----

SELECT nnet.create_model('swap', nnet.input('{1}', name => 'x'), nnet.dense(1, name => 'a', inputs => '{x}'), nnet.dense(1, name => 'b', inputs => '{x}'));
SELECT nnet.compile('swap', 'mse');
CREATE VIEW shown AS SELECT * FROM swap;
CREATE FUNCTION swaps(i int) RETURNS real LANGUAGE plpgsql AS $$
BEGIN
    IF i = 10 THEN
        CREATE OR REPLACE VIEW shown AS SELECT layer, part, kind, CASE name WHEN 'a' THEN 'b' WHEN 'b' THEN 'a' ELSE name END AS name, inputs, config, weights, slots FROM swap;
    END IF;
    RETURN i;
END $$;
SELECT fails($$SELECT nnet.evaluate('shown', swaps(i), ROW(1, 2)) FROM generate_series(1, 20) AS i$$);

-- ---- a vocabulary of texts learned anew ----

SELECT nnet.create_model('texts', nnet.input(1), nnet.text_vectorization(max_tokens => 10, output_sequence_length => 3), nnet.embedding(10, 2), nnet.flatten(), nnet.dense(1));
SELECT nnet.create_model('fixed', nnet.input(1), nnet.text_vectorization(vocabulary => '{day}', output_sequence_length => 3), nnet.embedding(10, 2), nnet.flatten(), nnet.dense(1));
SELECT nnet.compile('texts', 'mse'), nnet.compile('fixed', 'mse');
SELECT nnet.fit('texts', t, 1, nnet.options(epochs => 1, verbose => false)) ->> 'samples' FROM unnest('{good day,good night}'::text[]) AS t;
SELECT array_agg(token ORDER BY id) FROM nnet.vocabulary('texts');
SELECT nnet.readapt('texts');
SELECT count(*) FROM nnet.vocabulary('texts');
SELECT fails($$SELECT nnet.predict('texts', 'good'::text)$$);
SELECT nnet.fit('texts', t, 1, nnet.options(epochs => 1, verbose => false)) ->> 'samples' FROM unnest('{bad day,bad week}'::text[]) AS t;
SELECT array_agg(token ORDER BY id) FROM nnet.vocabulary('texts');
SELECT nnet.readapt('fixed');
SELECT array_agg(token ORDER BY id) FROM nnet.vocabulary('fixed');
