-- Labels of a type whose values differ and are equal, as citext's: one label each,
-- by the spelling that came first.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
CREATE SCHEMA test_labels_equality;
SET search_path = test_labels_equality;
\set SHOW_CONTEXT never

CREATE TYPE loud;
CREATE FUNCTION loud_in(cstring) RETURNS loud LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION loud_out(loud) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE loud (INPUT = loud_in, OUTPUT = loud_out, LIKE = text, CATEGORY = 'S');
CREATE FUNCTION loud_equal(loud, loud) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT lower($1::text) = lower($2::text)';
CREATE FUNCTION loud_hash(loud) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT hashtext(lower($1::text))';
CREATE OPERATOR = (FUNCTION = loud_equal, LEFTARG = loud, RIGHTARG = loud, HASHES);
CREATE OPERATOR CLASS loud_ops DEFAULT FOR TYPE loud USING hash AS OPERATOR 1 =, FUNCTION 1 loud_hash(loud);
RESET client_min_messages;

CREATE TABLE rows AS SELECT i, ARRAY[i % 2 * 2 - 1]::real[] AS x, (ARRAY['Red', 'blue', 'RED', 'BLUE', 'red', 'Blue'])[1 + i % 6]::loud AS y FROM generate_series(0, 59) AS i;
SELECT setseed(0.5);
SELECT nnet.create_model('m', nnet.input(1), nnet.dense(2, activation => 'softmax'));
SELECT nnet.compile('m', 'sparse_categorical_crossentropy', nnet.adam(0.1), 'accuracy');
SELECT nnet.fit('m', x, y, nnet.options(epochs => 20, seed => 1)) ->> 'accuracy' AS accuracy FROM rows;
SELECT * FROM nnet.labels('m');
SELECT nnet.evaluate('m', x, y) ->> 'accuracy' AS accuracy FROM rows;
SELECT nnet.evaluate('m', x, (CASE i % 2 WHEN 0 THEN 'rEd' ELSE 'bLUE' END)::loud) ->> 'accuracy' AS other_spellings FROM rows;
SELECT nnet.classify('m', ARRAY[-1]), nnet.classify('m', ARRAY[1]);
-- many spellings of one
SELECT nnet.create_model('long', nnet.input(1), nnet.dense(2, activation => 'softmax'));
SELECT nnet.compile('long', 'sparse_categorical_crossentropy', 'sgd', labels => '{abcdefgh,x}');
SELECT nnet.fit('long', ARRAY[1], (SELECT string_agg(CASE WHEN i >> k::int & 1 = 1 THEN upper(c) ELSE c END, '' ORDER BY k) FROM unnest('{a,b,c,d,e,f,g,h}'::text[]) WITH ORDINALITY AS u (c, k))::loud)
    ->> 'samples' AS samples FROM generate_series(0, 511) AS i;
SELECT * FROM nnet.labels('long');
-- another type of the same text is not equal
SELECT nnet.evaluate('m', x, 'rEd'::text) FROM rows;
-- labels that are equal to one another name no class
SELECT nnet.compile('long', 'sparse_categorical_crossentropy', 'sgd', labels => '{Red,RED}');
SELECT nnet.fit('long', ARRAY[1], 'red'::loud);
-- a long list is cut
SELECT nnet.create_model('twelve', nnet.input(1), nnet.dense(12, activation => 'softmax'));
SELECT nnet.compile('twelve', 'sparse_categorical_crossentropy', 'sgd');
SELECT nnet.fit('twelve', i, ('L' || lpad(i::text, 2, '0'))::loud) FROM generate_series(1, 13) AS i;

SET client_min_messages = warning;
DROP SCHEMA test_labels_equality CASCADE;
