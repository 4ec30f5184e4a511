-- Layers of categories, gaps and ranges: what they refuse, and what comes of NULL.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_categories CASCADE;
CREATE SCHEMA test_categories;
SET search_path = test_categories;
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

-- ---- category_encoding ----

SELECT nnet.create_model('together', nnet.input(3), nnet.category_encoding(5));
SELECT nnet.predict('together', '{1,1,4}'::int[]);
SELECT nnet.create_model('each', nnet.input(2), nnet.category_encoding(3, output_mode => 'one_hot'));
SELECT nnet.predict('each', '{1,0}'::int[]);
SELECT nnet.create_model('bag', nnet.input(NULL), nnet.category_encoding(5, output_mode => 'count'));
SELECT nnet.predict('bag', '{1,1,4,4,4}'::int[]);
-- texts as bags of words: rows of other length do not change each other
SELECT nnet.create_model('words', nnet.input(1),
    nnet.text_vectorization(vocabulary => '{a,b,c}'), nnet.category_encoding(5, output_mode => 'count'));
SELECT t, nnet.predict_batch('words', t) OVER () FROM unnest('{a b b,c,a a a a a d}'::text[]) AS t;
SELECT pg_temp.fails($$SELECT nnet.predict('together', '{1,1,5}'::int[])$$);
SELECT pg_temp.fails($$SELECT nnet.predict('together', '{1,-1,2}'::int[])$$);
SELECT nnet.create_model('inside', nnet.input(1), nnet.rescaling(2), nnet.category_encoding(5));
SELECT nnet.predict('inside', 2);
SELECT pg_temp.fails($$SELECT nnet.predict('inside', 3)$$);
SELECT pg_temp.fails($$SELECT nnet.category_encoding(0)$$);
SELECT pg_temp.fails($$SELECT nnet.category_encoding(NULL)$$);
SELECT pg_temp.fails($$SELECT nnet.category_encoding(5, output_mode => 'int')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(2, 3), nnet.category_encoding(5))$$);

-- ---- discretization ----

SELECT nnet.create_model('ages', nnet.input(1), nnet.discretization('{18,40,65}'));
SELECT age, nnet.predict('ages', age) FROM unnest('{0,17.9,18,64,65,900}'::real[]) AS age;
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(1), nnet.discretization())$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(1), nnet.discretization('{1,2}', 3))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(1), nnet.discretization('{2,1}'))$$);
SELECT pg_temp.fails($$SELECT nnet.discretization(num_bins => 1)$$);
SELECT pg_temp.fails($$SELECT nnet.discretization(num_bins => 4, epsilon => 0)$$);
SELECT pg_temp.fails($$SELECT nnet.discretization(array_fill(1, '{129}'))$$);
SELECT nnet.create_model('quarters', nnet.input(1), nnet.discretization(num_bins => 4, output_mode => 'one_hot'));
SELECT nnet.compile('quarters', 'mse');
SELECT nnet.fit('quarters', x, '{0,0,0,0}', nnet.options(epochs => 1, verbose => false)) ->> 'samples' FROM generate_series(1, 1000) AS x;
SELECT x, nnet.predict('quarters', x) FROM unnest('{-5,249,250,500,751,9999}'::int[]) AS x;
UPDATE quarters SET weights = '{3,2,1}' WHERE kind = 'discretization';
SELECT pg_temp.fails($$SELECT nnet.predict('quarters', 1)$$);

-- ---- imputation ----

CREATE TABLE gaps (id int, a real, b float8, c int);
INSERT INTO gaps VALUES (1, 1, NULL, 7), (2, NULL, 10, 7), (3, 3, 'NaN', 7), (4, 8, 30, 7);
SELECT nnet.create_model('filled', nnet.input(3), nnet.imputation(add_indicator => true));
SELECT nnet.compile('filled', 'mse');
-- before it has learned it puts 0
SELECT nnet.predict('filled', ROW(a, b, c)) FROM gaps ORDER BY id;
SELECT nnet.fit('filled', ROW(a, b, c), '{0,0,0,0,0,0}', nnet.options(epochs => 1, verbose => false)) ->> 'samples' FROM gaps;
SELECT parameter, value FROM nnet.parameters('filled');
-- NULL and NaN, in rows and arrays of any type; what training never missed tells nothing
SELECT nnet.predict('filled', ROW(a, b, c)) FROM gaps ORDER BY id;
SELECT nnet.predict('filled', '{NULL,NULL,NULL}'::int[]), nnet.predict('filled', '{NULL,NaN,1}'::numeric[]),
       nnet.predict('filled', '{NULL,NaN,1}'), nnet.predict('filled', '{{1,2,NULL}}'::float8[]);
SELECT nnet.predict('filled', NULL::real[]);
SELECT nnet.predict_batch('filled', ARRAY[a, b, c]) OVER () FROM gaps;
SELECT pg_temp.fails($$SELECT nnet.predict('filled', '{1,2,Infinity}'::real[])$$);
SELECT pg_temp.fails($$SELECT nnet.predict('filled', ROW(1, NULL::real[], 2))$$);
SELECT pg_temp.fails($$SELECT nnet.predict('filled', '{NULL,1}'::real[])$$);
-- rows for validation teach nothing
SELECT nnet.create_model('part', nnet.input(1), nnet.imputation('median'));
SELECT nnet.compile('part', 'mse');
SELECT nnet.fit('part', ROW(x), 0, nnet.options(epochs => 1, validation_split => 0.25, verbose => false)) ->> 'samples'
FROM unnest('{1,NULL,2,3,100,100}'::real[]) AS x;
SELECT parameter, value FROM nnet.parameters('part');
-- as soon as the input feeds something else, nothing may be missing
SELECT nnet.create_model('both', nnet.input(1), nnet.imputation(), nnet.add('{input,imputation}'));
SELECT pg_temp.fails($$SELECT nnet.predict('both', '{NULL}'::real[])$$);
SELECT pg_temp.fails($$SELECT nnet.predict('both', 'NaN'::real)$$);
SELECT nnet.create_model('constant', nnet.input(1), nnet.imputation('constant', -1));
SELECT nnet.predict('constant', ROW(NULL::int)), nnet.predict('constant', 5);
SELECT nnet.create_model('where_missing', nnet.input(2), nnet.missing_indicator());
SELECT nnet.compile('where_missing', 'mse');
SELECT nnet.fit('where_missing', ROW(a, c), '{0,0}', nnet.options(epochs => 1, verbose => false)) ->> 'samples' FROM gaps;
SELECT nnet.predict('where_missing', '{NULL,NULL}'::real[]), nnet.predict('where_missing', '{1,2}'::real[]);
SELECT pg_temp.fails($$SELECT nnet.imputation('mode')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(NULL), nnet.imputation())$$);
UPDATE filled SET weights = '{0,0,0,2,0,0,1}' WHERE kind = 'imputation';
SELECT pg_temp.fails($$SELECT nnet.predict('filled', '{1,2,3}')$$);

-- a column that did not vary, behind imputation too, is named and gives nothing
SELECT nnet.create_model('scaled', nnet.input(2), nnet.imputation(), nnet.normalization());
SELECT nnet.compile('scaled', 'mse');
SELECT nnet.fit('scaled', x, '{0,0}', nnet.options(epochs => 1, verbose => false)) ->> 'samples' FROM (SELECT a, c FROM gaps) AS x;
SELECT (nnet.predict('scaled', '{1,1e30}'::real[]))[2];

\t off
SET client_min_messages = warning;
DROP SCHEMA test_categories CASCADE;
