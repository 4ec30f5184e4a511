-- nnet.features and the layers that read what is no number: what comes of NULL,
-- of unseen values, of other tables, and what is refused.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_features CASCADE;
CREATE SCHEMA test_features;
SET search_path = test_features;
RESET client_min_messages;

-- an error as one line a part
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

-- ---- lookups ----

SELECT nnet.create_model('words', nnet.input(1), nnet.string_lookup(mask_token => '-'));
SELECT nnet.compile('words', 'mse');
SELECT pg_temp.fails($$SELECT nnet.predict('words', 'a')$$);
SELECT nnet.fit('words', w, 0, nnet.options(epochs => 1, validation_split => 0.25, verbose => false)) ->> 'samples'
FROM unnest('{a,b,b,c,-,b,late,late}'::text[]) AS w;
SELECT * FROM nnet.vocabulary('words', 'string_lookup');
SELECT w, nnet.predict('words', w) FROM unnest('{a,b,late,-}'::text[]) AS w;
SELECT nnet.predict('words', 'b'::varchar), nnet.predict('words', 'b '::char(3)), nnet.predict('words', 7), nnet.predict('words', true);
SELECT pg_temp.fails($$SELECT nnet.predict('words', 1.5::float8)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('words', now())$$);
SELECT pg_temp.fails($$SELECT nnet.predict('words', '{a,b}'::text[])$$);
SELECT pg_temp.fails($$SELECT * FROM nnet.vocabulary('words', 'nobody')$$);
SELECT nnet.create_model('tags', nnet.input(NULL), nnet.string_lookup(vocabulary => '{red,green}', num_oov_indices => 0, output_mode => 'multi_hot'));
SELECT nnet.predict('tags', '{green,red,red}'::text[]), nnet.predict('tags', '{}'::text[]);
SELECT pg_temp.fails($$SELECT nnet.predict('tags', '{green,blue}'::text[])$$);
SELECT pg_temp.fails($$SELECT nnet.predict('tags', '{green,NULL}'::text[])$$);
SELECT nnet.create_model('keys', nnet.input(1), nnet.integer_lookup(vocabulary => '{9007199254740993,9007199254740992,-5}', output_mode => 'one_hot'));
SELECT nnet.predict('keys', 9007199254740993), nnet.predict('keys', 9007199254740992::numeric), nnet.predict('keys', '-5'), nnet.predict('keys', 4);
SELECT pg_temp.fails($$SELECT nnet.predict('keys', 1.5)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('keys', 'a'::text)$$);
SELECT pg_temp.fails($$SELECT nnet.string_lookup(output_mode => 'one_hot')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(1), nnet.string_lookup(output_mode => 'one_hot'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(1), nnet.string_lookup(max_tokens => 2, num_oov_indices => 2))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(1), nnet.string_lookup(max_tokens => 2, vocabulary => '{a,b}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(1), nnet.rescaling(1), nnet.string_lookup())$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input('{1}', name => 'x'), nnet.string_lookup(inputs => '{x}'), nnet.hashing(3, inputs => '{x}'))$$);
UPDATE tags SET config = config || '{"vocabulary": ["red", "red"]}' WHERE kind = 'string_lookup';
SELECT pg_temp.fails($$SELECT nnet.predict('tags', '{green}'::text[])$$);
UPDATE tags SET config = config || '{"vocabulary": ["red", 3]}' WHERE kind = 'string_lookup';
SELECT pg_temp.fails($$SELECT nnet.predict('tags', '{green}'::text[])$$);
UPDATE tags SET config = config || '{"vocabulary": "red"}' WHERE kind = 'string_lookup';
SELECT pg_temp.fails($$SELECT nnet.predict('tags', '{green}'::text[])$$);
UPDATE tags SET config = config || '{"vocabulary": ["red", "[UNK]"]}' WHERE kind = 'string_lookup';
SELECT pg_temp.fails($$SELECT nnet.predict('tags', '{green}'::text[])$$);
SELECT nnet.create_model('narrow', nnet.input(1), nnet.string_lookup(), nnet.embedding(3, 2), nnet.flatten(), nnet.dense(1));
SELECT nnet.compile('narrow', 'mse');
SELECT pg_temp.fails($$SELECT nnet.fit('narrow', w, 0, nnet.options(epochs => 1)) FROM unnest('{a,b,c}'::text[]) AS w$$);

-- ---- hashing ----

SELECT nnet.create_model('bins', nnet.input(1), nnet.hashing(1000));
SELECT nnet.predict('bins', 'a'), nnet.predict('bins', 12), nnet.predict('bins', '12');
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(1), nnet.hashing(10, salt => 1.5))$$);
SELECT pg_temp.fails($$SELECT nnet.hashing(0)$$);

-- ---- dates ----

SELECT nnet.create_model('days', nnet.input(1), nnet.date_features('{weekday,missing}'));
SELECT round(p[1]::numeric, 6), round(p[2]::numeric, 6), p[3] FROM nnet.predict('days', date '2024-06-02') AS p;
SELECT nnet.predict('days', '2024-06-09') = nnet.predict('days', timestamp '2024-06-02 13:00'), nnet.predict('days', timestamptz '2024-06-02 01:00+0') = nnet.predict('days', date '2024-06-02');
SELECT pg_temp.fails($$SELECT nnet.predict('days', 'infinity'::date)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('days', 3)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('days', 'no day'::text)$$) LIMIT 1;
-- what the server says of a value comes with whose it is
SELECT nnet.predict('days', 'no day'::text);
SELECT nnet.predict('days', '5874897-12-31'::date);
SELECT nnet.predict('days', 'infinity'::date);
SELECT nnet.predict('keys', '12x');
SELECT nnet.predict('keys', 1e30);
SELECT pg_temp.fails($$SELECT nnet.date_features('{month}')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(2), nnet.date_features())$$);

-- ---- a table as it is ----

CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN grams AS int8;
CREATE TABLE people (
    gone int, id int, "Height, cm" float8, weight grams, member bool, town text, state mood, born date, seen timestamptz,
    bought numeric, marks real[], code char(2), wakes time);
ALTER TABLE people DROP COLUMN gone;
INSERT INTO people
SELECT i, CASE WHEN i % 11 > 0 THEN 150 + i % 50 END, 4000000000000 + i % 97, i % 3 = 0, CASE WHEN i % 13 > 0 THEN 'town ' || i % 7 END,
       (ARRAY['sad', 'ok', 'happy'])[1 + i % 3]::mood, date '1960-01-01' + i * 7, timestamptz '2024-01-01 00:00+0' + i * interval '1 hour',
       CASE WHEN i % 17 > 0 THEN i / 7.0 END, ARRAY[i % 2, i % 5, NULL], 'c' || i % 4, time '06:00' + i % 60 * interval '1 minute'
FROM generate_series(1, 200) AS i;
SELECT nnet.create_model('buys', nnet.features('people', exclude => '{id,bought}', embedding_from => 5), nnet.dense(4), nnet.dense(1));
SELECT layer, name, kind, inputs, output_shape FROM nnet.summary('buys') WHERE kind <> 'input';
SELECT nnet.compile('buys', 'mse');
SET client_min_messages = warning; -- the third of the marks is constant
SELECT nnet.fit('buys', p, bought, nnet.options(epochs => 2, seed => 1, verbose => false)) ->> 'skipped' FROM people AS p;
RESET client_min_messages;
-- large numbers that differ by little have an origin
SELECT name, config ? 'origin' FROM buys WHERE kind = 'input' AND config ? 'origin';
CREATE VIEW base AS SELECT p, nnet.predict('buys', p) AS y FROM people AS p WHERE id = 5;
-- columns by name: the order, further columns and a missing y do not matter
SELECT nnet.predict('buys', r) = y AS same FROM base, LATERAL (SELECT 7 AS more, (p).wakes, (p).town, (p).state, (p).seen, (p).member, (p).marks, (p)."Height, cm", (p).born, (p).code, (p).weight) AS r;
SELECT abs((nnet.predict('buys', to_jsonb(p)))[1] - y[1]) < 1e-3 AS same FROM base;
-- NULL everywhere, and values that training never saw
SELECT pg_temp.fails(format($$SELECT nnet.predict('buys', jsonb_populate_record(p, '{"%s": null}')) FROM people AS p WHERE id = 5$$, c))
FROM unnest('{member,town,state,born,seen,weight,code,wakes,marks}'::text[]) AS c;
SELECT abs((nnet.predict('buys', jsonb_populate_record(p, '{"town": "elsewhere", "code": "zz"}')))[1]) < 1000 AS bounded FROM base;
-- what a row must have
SELECT pg_temp.fails($$SELECT nnet.predict('buys', r) FROM (SELECT town FROM people) AS r$$) LIMIT 1;
SELECT pg_temp.fails($$SELECT nnet.predict('buys', to_jsonb(p) - 'born') FROM people AS p WHERE id = 5$$) LIMIT 1;
ALTER TABLE people RENAME COLUMN born TO birthday;
SELECT pg_temp.fails($$SELECT nnet.predict('buys', p) FROM people AS p$$) LIMIT 1;
ALTER TABLE people RENAME COLUMN birthday TO born;
ALTER TABLE people ALTER COLUMN member TYPE text;
SELECT pg_temp.fails($$SELECT nnet.predict('buys', p) FROM people AS p WHERE id = 5$$) LIMIT 1;
ALTER TABLE people ALTER COLUMN member TYPE bool USING member::bool;
ALTER TABLE people ALTER COLUMN town TYPE varchar(30), ALTER COLUMN "Height, cm" TYPE numeric, ADD COLUMN further xml;
SELECT nnet.predict('buys', p) = (SELECT y FROM base) AS same FROM people AS p WHERE id = 5;

-- ---- learning anew ----

SELECT config ->> 'vocabulary' FROM buys WHERE name = 'code_lookup';
SELECT nnet.readapt('buys');
SELECT config ->> 'vocabulary' FROM buys WHERE name = 'code_lookup';
SELECT pg_temp.fails($$SELECT nnet.predict('buys', p) FROM people AS p WHERE id = 5$$) LIMIT 1;
UPDATE people SET code = 'n' || id % 4;
SET client_min_messages = warning;
SELECT nnet.fit('buys', p, bought, nnet.options(epochs => 1, verbose => false)) ->> 'samples' FROM people AS p;
RESET client_min_messages;
SELECT config ->> 'vocabulary' FROM buys WHERE name = 'code_lookup';
SELECT nnet.create_model('plain', nnet.input(1), nnet.dense(1));
SELECT nnet.compile('plain', 'mse');
SELECT nnet.readapt('plain');
BEGIN READ ONLY;
SELECT nnet.readapt('plain');
ROLLBACK;

-- ---- what nnet.features refuses ----

SELECT pg_temp.fails($$SELECT nnet.features('people', columns => '{nobody}')$$);
SELECT pg_temp.fails($$SELECT nnet.features('people', exclude => '{"height, cm"}')$$);
-- all that is no feature is named at once, with what was left out
CREATE TABLE mixed (id int, u uuid, p point, "a, ""b""" jsonb, y int);
SELECT pg_temp.fails($$SELECT nnet.features('mixed', exclude => '{y}')$$);
SELECT jsonb_array_length(nnet.features('mixed', exclude => '{u,p,"a, \"b\"",y}')) > 0 AS taken;
SELECT pg_temp.fails($$SELECT nnet.features('people', columns => '{NULL}')$$);
SELECT pg_temp.fails($$SELECT nnet.features(0::regclass)$$);
SELECT pg_temp.fails($$SELECT nnet.features('people', columns => '{id}', exclude => '{id}')$$);
SELECT pg_temp.fails($$SELECT nnet.features('people')$$);
SELECT pg_temp.fails($$SELECT nnet.features('people', max_categories => 0)$$);
SELECT pg_temp.fails($$SELECT nnet.features('people', embedding_from => 0)$$);
CREATE TABLE odd (u uuid, b bytea, name text, arrays real[], empty real[]);
INSERT INTO odd SELECT NULL, NULL, 'name ' || i, array_fill(1, ARRAY[i]) FROM generate_series(1, 150) AS i;
SELECT c, pg_temp.fails(format($$SELECT nnet.features('odd', columns => '{%s}')$$, c)) FROM unnest('{u,b,name,arrays,empty}'::text[]) AS c;
-- of no rows the most there may be
CREATE TABLE nothing (word text, n int);
SELECT jsonb_path_query(nnet.features('nothing', max_categories => 20), '$[*] ? (@.kind == "string_lookup").max_tokens');
SELECT nnet.features('nothing', '{word}', embedding_from => 2, max_categories => 9, name => 'block');
-- more columns than a layer takes inputs
SELECT format('CREATE TABLE wide (%s)', string_agg('c' || i || ' int', ', ')) FROM generate_series(1, 100) AS i \gexec
SELECT nnet.create_model('wide_model', nnet.features('wide'), nnet.dense(1));
SELECT name, kind, cardinality(inputs), output_shape FROM nnet.summary('wide_model') WHERE kind = 'concatenate' ORDER BY layer;

\t off
SET client_min_messages = warning;
DROP SCHEMA test_features CASCADE;
