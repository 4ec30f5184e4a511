-- Labels: what a model knows of classes, and what values of y mean to it.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_labels;
SET search_path = test_labels;
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on

-- one line: what came of it
CREATE FUNCTION pg_temp.outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result jsonb;
BEGIN
    EXECUTE query INTO result;
    RETURN coalesce(round((result->'accuracy')::numeric, 1)::text, 'done');
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ': ' || SQLERRM;
END $$;

CREATE TYPE stars AS ENUM ('3', '1', '2');
CREATE TYPE place AS ENUM ('low', 'high');
CREATE DOMAIN word AS text;
CREATE DOMAIN digit AS integer;
CREATE TABLE rows AS
    SELECT i, ARRAY[i % 3 = 0, i % 3 = 1, i % 3 = 2]::int[]::real[] AS x, 1 + i % 3 AS star, i % 3 AS class FROM generate_series(1, 300) AS i;
CREATE PROCEDURE pg_temp.make(name text, outputs integer, VARIADIC given text[] DEFAULT NULL) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(0.3);
    PERFORM nnet.create_model(name, nnet.input(3), nnet.dense(outputs, activation => 'softmax'));
    PERFORM nnet.compile(name, 'sparse_categorical_crossentropy', nnet.adam(0.1), 'accuracy', given);
END $$;
SET client_min_messages = warning;

-- every way to learn y, and every type of y afterwards
CREATE TABLE types (number serial, type text, labels text, classes text);
INSERT INTO types (type, labels, classes) SELECT t, format('star::%s', t), format('class::%s', t)
    FROM unnest('{text,varchar,char(4),word,smallint,integer,bigint,real,float8,numeric,digit}'::text[]) AS t;
INSERT INTO types (type, labels, classes) VALUES ('name', 'star::text::name', 'class::text::name'),
    ('enum', 'star::text::stars', NULL), ('numeric(4,1)', 'star::numeric(4,1)', 'class::numeric(4,1)');
-- learned as text: looked up as text, whatever the type
CALL pg_temp.make('learned', 3);
SELECT nnet.fit('learned', x, star::text, nnet.options(epochs => 30, seed => 1))->'samples' FROM rows;
SELECT * FROM nnet.labels('learned');
SELECT type, pg_temp.outcome(format('SELECT nnet.evaluate(''learned'', x, %s) FROM rows', labels)) FROM types ORDER BY number;
SELECT type, pg_temp.outcome(format('SELECT nnet.fit(''learned'', x, %s) FROM rows', labels)) FROM types ORDER BY number;
-- and never taken as numbers of classes
SELECT type, pg_temp.outcome(format('SELECT nnet.evaluate(''learned'', x, %s) FROM rows', classes)) FROM types WHERE classes <> '' ORDER BY number;
SELECT pg_temp.outcome($$SELECT nnet.evaluate('learned', x, '2') FROM rows WHERE star = 2$$), pg_temp.outcome($$SELECT nnet.evaluate('learned', x, star = 1) FROM rows$$),
    pg_temp.outcome($$SELECT nnet.evaluate('learned', x, star + 0.5) FROM rows$$), pg_temp.outcome($$SELECT nnet.evaluate('learned', x, date '2024-01-01') FROM rows$$);
-- trained on numbers: text that is a class number passes, no other
CALL pg_temp.make('numbers', 3);
SELECT nnet.fit('numbers', x, class, nnet.options(epochs => 30, seed => 1))->'samples' FROM rows;
SELECT count(*) FROM nnet.labels('numbers');
SELECT type, pg_temp.outcome(format('SELECT nnet.evaluate(''numbers'', x, %s) FROM rows', classes)) FROM types WHERE classes <> '' ORDER BY number;
SELECT type, pg_temp.outcome(format('SELECT nnet.fit(''numbers'', x, %s) FROM rows', labels)) FROM types ORDER BY number;
SELECT pg_temp.outcome($$SELECT nnet.fit('numbers', x, 'a'::text) FROM rows$$), pg_temp.outcome($$SELECT nnet.evaluate('numbers', x, '01'::text) FROM rows$$),
    pg_temp.outcome($$SELECT nnet.evaluate('numbers', x, class = 1) FROM rows WHERE class < 2$$);
-- booleans count as 0 and 1, and 0 and 1 as booleans
CALL pg_temp.make('truth', 2);
SELECT nnet.fit('truth', x, class = 1, nnet.options(epochs => 30, seed => 1))->'samples' FROM rows;
SELECT pg_temp.outcome($$SELECT nnet.evaluate('truth', x, (class = 1)::int) FROM rows$$), pg_temp.outcome($$SELECT nnet.evaluate('truth', x, (class = 1)::text) FROM rows$$),
    pg_temp.outcome($$SELECT nnet.evaluate('truth', x, class) FROM rows$$);
CALL pg_temp.make('zeroone', 2);
SELECT nnet.fit('zeroone', x, (class = 1)::int, nnet.options(epochs => 30, seed => 1))->'samples' FROM rows;
SELECT pg_temp.outcome($$SELECT nnet.evaluate('zeroone', x, class = 1) FROM rows$$);

-- a class that the first fit did not see
RESET client_min_messages;
CALL pg_temp.make('partial', 3);
SELECT nnet.fit('partial', x, 'c' || class, nnet.options(epochs => 30, seed => 1))->'samples' FROM rows WHERE class > 0;
SELECT string_agg(label, ',') FROM nnet.labels('partial');
SELECT DISTINCT nnet.classify('partial', x) FROM rows ORDER BY 1;
SELECT pg_temp.outcome($$SELECT nnet.evaluate('partial', x, 'c' || class) FROM rows$$);
SELECT nnet.evaluate('partial', x, 'c' || class) FROM rows;
-- is learned later, and moves none that was trained
SELECT nnet.fit('partial', x, 'c' || class, nnet.options(epochs => 30, seed => 1))->'samples' FROM rows;
SELECT string_agg(label, ',') FROM nnet.labels('partial');
SELECT pg_temp.outcome($$SELECT nnet.evaluate('partial', x, 'c' || class) FROM rows$$);
SELECT nnet.fit('partial', x, 'c3') FROM rows;

-- labels given to compile
CALL pg_temp.make('given', 3, 'c2', 'c0', 'c1');
SELECT * FROM nnet.labels('given');
SELECT nnet.fit('given', x, 'c' || class, nnet.options(epochs => 30, seed => 1))->'samples' FROM rows WHERE class > 0;
SELECT * FROM nnet.labels('given');
SELECT pg_temp.outcome($$SELECT nnet.evaluate('given', x, 'c' || class) FROM rows WHERE class > 0$$), pg_temp.outcome($$SELECT nnet.fit('given', x, 'c7') FROM rows$$);
SELECT nnet.compile('given', 'sparse_categorical_crossentropy', labels => '{a,b}');
SELECT nnet.fit('given', x, 'c') FROM rows;
SELECT nnet.compile('given', 'sparse_categorical_crossentropy', labels => '{a,b,c,d}');
SELECT nnet.compile('given', 'sparse_categorical_crossentropy', labels => '{a,b,a}');
SELECT nnet.compile('given', 'sparse_categorical_crossentropy', labels => '{a,NULL}');
SELECT nnet.compile('given', 'mse', labels => '{a}');
SELECT string_agg(label, ',') FROM nnet.labels('given');
SELECT nnet.compile('given', 'sparse_categorical_crossentropy', 'adam', labels => '{}');
SELECT count(*) FROM nnet.labels('given');
UPDATE given SET config = config || '{"labels": ["a", "a"]}' WHERE layer = -1;
SELECT * FROM nnet.labels('given');

-- classes that only rows held back have
CALL pg_temp.make('held', 3);
SELECT nnet.fit('held', x, 'c' || class, nnet.options(validation_split => 0.4, seed => 1))->'samples' FROM (SELECT * FROM rows ORDER BY class) s;
SELECT nnet.fit('held', x, 'c' || class, nnet.options(validation_split => 0.2, seed => 1))->'samples' FROM (SELECT * FROM rows ORDER BY i) s;

-- metrics: one name will do
SELECT nnet.compile('held', 'sparse_categorical_crossentropy', metrics => 'accuracy');
SELECT nnet.compile('held', 'sparse_categorical_crossentropy', metrics => 'accuracy'::varchar);
SELECT nnet.compile('held', 'sparse_categorical_crossentropy', metrics => ARRAY['accuracy']);
SELECT nnet.compile('held', 'sparse_categorical_crossentropy', metrics => ' {accuracy}');
SELECT nnet.compile('held', 'sparse_categorical_crossentropy', 'sgd', 'accuracy');
SELECT config->'metrics' FROM held WHERE layer = -1;
SELECT nnet.compile('held', 'sparse_categorical_crossentropy', metrics => 1);
SELECT nnet.compile('held', 'sparse_categorical_crossentropy', metrics => '{accuracy,NULL}');
SELECT nnet.compile('held', 'sparse_categorical_crossentropy', metrics => 'acuracy');

-- targets that a loss cannot mean
SELECT nnet.create_model('number', nnet.input(3), nnet.dense(1, activation => 'softplus'));
SELECT nnet.create_model('share', nnet.input(3), nnet.dense(2, activation => 'softmax'));
SELECT nnet.create_model('three', nnet.input(3), nnet.dense(3, activation => 'sigmoid'));
CREATE FUNCTION pg_temp.target(model regclass, loss text, y text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nnet.compile(model, loss);
    RETURN format('%s %s: ', loss, y) || pg_temp.outcome(format('SELECT nnet.fit(%L, x, %s) FROM rows', model, y));
END $$;
SET client_min_messages = error;
SELECT pg_temp.target('number', loss, y) FROM (VALUES ('hinge', '7'), ('hinge', '1 - 2 * (i % 2)'), ('squared_hinge', 'i % 2'), ('hinge', 'i % 3 - 1'),
    ('poisson', '-5'), ('poisson', '5'), ('msle', '-2'), ('msle', '-0.5'), ('binary_crossentropy', '1.5')) AS v(loss, y);
SELECT pg_temp.target('share', loss, y) FROM (VALUES ('kl_divergence', '''{-1,2}''::real[]'), ('kl_divergence', '''{0.5,0.5}''::real[]'),
    ('categorical_crossentropy', '''{0.9,0.9}''::real[]'), ('categorical_crossentropy', '''{-1,2}''::real[]'), ('categorical_crossentropy', '''{0.25,0.75}''::real[]')) AS v(loss, y);
SELECT pg_temp.target('three', 'binary_crossentropy', y) FROM unnest('{class,"ARRAY[class = 0, true, false]::int[]"}'::text[]) AS y;

SET client_min_messages = warning;
DROP SCHEMA test_labels CASCADE;
