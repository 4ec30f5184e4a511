-- Explanations: of arrays, rows, texts and columns; their sums; what is refused.
-- Their numbers are compared with Keras's in test/pgtap/golden_explain.sql.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
SELECT setseed(0.4) \g /dev/null
SELECT nnet.create_model('judge', nnet.input(3), nnet.dense(8, activation => 'tanh'), nnet.batch_normalization(), nnet.dropout(0.5),
    nnet.dense(6, activation => 'gelu'), nnet.dense(3, activation => 'softmax')) \g /dev/null

-- the sum is what the output differs by from that of the baseline, for any class
SELECT class, abs((SELECT sum(v) FROM unnest(nnet.explain('judge', x, b, class => class::text, steps => 2000)) AS v)
    - (nnet.predict('judge', x))[class + 1] + (nnet.predict('judge', b))[class + 1]) < 1e-4 AS complete
FROM generate_series(0, 2) AS class, (VALUES ('{1,2,3}'::real[], '{0.5,-1,0}'::real[])) AS v (x, b);
SELECT nnet.explain('judge', x) = nnet.explain('judge', x, '{0,0,0}') AS zeros,
       nnet.explain('judge', x) = nnet.explain('judge', x, class => nnet.classify('judge', x)) AS predicted,
       nnet.explain('judge', x, x) = '{0,0,0}' AS nothing,
       nnet.explain('judge', '{1,2,3}'::integer[]) = nnet.explain('judge', x) AS integers,
       nnet.explain('judge', '{1,2,3}'::numeric[]) = nnet.explain('judge', x) AS numerics,
       nnet.explain('judge', '\x010203'::bytea) = nnet.explain('judge', x) AS bytes,
       nnet.explain('judge', '{1,2,3}') = nnet.explain('judge', x) AS literal,
       nnet.explain('judge', NULL::real[]) IS NULL AS none
FROM (VALUES ('{1,2,3}'::real[])) AS v (x);

-- of rows, by column
SELECT (SELECT string_agg(key, ' ' ORDER BY key) FROM jsonb_each(nnet.explain('judge', p))) AS columns,
       ARRAY[(nnet.explain('judge', p) ->> 'age')::real, (nnet.explain('judge', p) ->> 'height')::real, (nnet.explain('judge', p) ->> 'weight')::real]
           = nnet.explain('judge', '{1,2,3}'::real[]) AS same
FROM (SELECT 1 AS age, 2 AS height, 3 AS weight) AS p;
SELECT (SELECT string_agg(key, ' ' ORDER BY key) FROM jsonb_each(nnet.explain('judge', p))) AS columns
FROM (SELECT 1 AS age, '{2,3}'::real[] AS facts) AS p;

-- of tables as they are: categories, dates and what is missing
CREATE TABLE people AS
    SELECT i AS id, 20 + i % 40 AS age, (ARRAY['smith', 'clerk', 'cook'])[1 + i % 3] AS job, CASE WHEN i % 5 > 0 THEN i % 7 END AS hours,
           timestamp '2020-01-01' + i * interval '30 hours' AS since, i % 40 > 20 AS rich
    FROM generate_series(1, 200) AS i;
SELECT nnet.create_model('income', nnet.features('people', exclude => '{id,rich}'), nnet.dense(6, activation => 'tanh'),
    nnet.dense(1, activation => 'sigmoid')) \g /dev/null
SELECT nnet.compile('income', 'binary_crossentropy');
SELECT (nnet.fit('income', p, rich, nnet.options(epochs => 3, seed => 1, verbose => false)) ->> 'epochs') AS epochs FROM people AS p;
SELECT (SELECT string_agg(key, ' ' ORDER BY key) FROM jsonb_each(nnet.explain('income', p))) AS columns FROM people AS p WHERE id = 5;
SELECT bool_and(abs((SELECT sum(value::float8) FROM jsonb_each_text(nnet.explain('income', p, q, steps => 500)))
    - (nnet.predict('income', p))[1] + (nnet.predict('income', q))[1]) < 1e-3) AS complete,
    bool_and((nnet.explain('income', p, q) ->> 'job')::float8 = 0) AS no_job,
    bool_and(abs((nnet.explain('income', p, q) ->> 'age')::float8 + (nnet.explain('income', p, q, class => 'false') ->> 'age')::float8) < 1e-6) AS otherwise
FROM people AS p, people AS q WHERE p.id BETWEEN 4 AND 6 AND q.id = p.id + 3;

-- of texts, token by token
SELECT nnet.create_model('mood', nnet.input(1), nnet.text_vectorization(20, output_sequence_length => 4, vocabulary => '{good,bad,day}'),
    nnet.embedding(20, 3, mask_zero => true), nnet.lstm(3), nnet.dense(1, activation => 'sigmoid')) \g /dev/null
SELECT cardinality(a) AS tokens, a[4] = 0 AS padding, abs((SELECT sum(v) FROM unnest(a) AS v)) > 0 AS something
FROM nnet.explain('mood', 'good day bad'::text) AS a;

-- of steps, as many as there are
SELECT nnet.create_model('signal', nnet.input(NULL, 2), nnet.bidirectional(nnet.gru(3, return_sequences => true)),
    nnet.time_distributed(nnet.dense(3, activation => 'gelu')), nnet.layer_normalization(), nnet.lstm(2), nnet.dense(1)) \g /dev/null
SELECT n, abs((SELECT sum(v) FROM unnest(nnet.explain('signal', array_fill(0.7::real, ARRAY[n, 2]), steps => 500)) AS v)
    - (nnet.predict('signal', array_fill(0.7::real, ARRAY[n, 2])))[1] + (nnet.predict('signal', array_fill(0::real, ARRAY[n, 2])))[1]) < 1e-3 AS complete
FROM generate_series(1, 5, 2) AS n;

-- several outputs
SELECT nnet.create_model('both', nnet.input(2), nnet.dense(4, activation => 'tanh', name => 'seen'), nnet.dense(1, name => 'price', inputs => '{seen}'),
    nnet.dense(2, activation => 'softmax', name => 'kind', inputs => '{seen}')) \g /dev/null
SELECT abs((SELECT sum(v) FROM unnest(nnet.explain('both', '{1,2}'::real[], output => 'price', steps => 500)) AS v)
    - (nnet.predict('both', '{1,2}'::real[], 'price'))[1] + (nnet.predict('both', '{0,0}'::real[], 'price'))[1]) < 1e-4 AS price,
    abs((SELECT sum(v) FROM unnest(nnet.explain('both', '{1,2}'::real[], output => 'kind', class => '1', steps => 500)) AS v)
    - (nnet.predict('both', '{1,2}'::real[], 'kind'))[2] + (nnet.predict('both', '{0,0}'::real[], 'kind'))[2]) < 1e-4 AS kind;
SELECT nnet.explain('both', '{1,2}'::real[]);
SELECT nnet.explain('both', '{1,2}'::real[], output => 'size');

-- what is refused
SELECT nnet.explain('judge', '{1,2}'::real[]);
SELECT nnet.explain('judge', '{1,2,3}'::real[], '{1,2}'::real[]);
SELECT nnet.explain('judge', '{1,2,3}'::real[], 'black');
SELECT nnet.explain('signal', '{{1,2},{1,2}}'::real[], '{{1,2}}'::real[]);
SELECT nnet.explain('judge', '{1,2,3}'::real[], steps => 0);
SELECT nnet.explain('judge', '{1,2,3}'::real[], class => '3');
SELECT nnet.explain('judge', '{1,2,3}'::real[], class => 'spam');
SELECT nnet.explain('income', p, class => 'perhaps') FROM people AS p WHERE id = 1;
SELECT nnet.explain('pg_class', '{1}'::real[]);
SELECT nnet.create_model('counts', nnet.input(3), nnet.category_encoding(5, output_mode => 'multi_hot'), nnet.dense(1)) \g /dev/null
SELECT nnet.explain('counts', '{1,2,3}'::real[]);
SELECT nnet.create_model('mixed', nnet.input('{1}', name => 'a'), nnet.input('{1}', name => 'b'), nnet.concatenate('{a,b}'), nnet.embedding(5, 2), nnet.flatten(), nnet.dense(1)) \g /dev/null
SELECT nnet.explain('mixed', p) FROM (SELECT 1 AS a, 2 AS b) AS p;

-- which row it was, of functions that are called for each
CREATE FUNCTION pg_temp.told(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    context text;
BEGIN
    EXECUTE query;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
    RETURN SQLERRM || coalesce(' | ' || (SELECT string_agg(m[1], ' | ') FROM regexp_matches(context, '((?:the baseline|call|row|picture) [^\n]*)', 'g') AS m), '');
END $$;
SELECT nnet.create_model('huge', nnet.input(1), nnet.dense(1, kernel_initializer => nnet.constant(1e30)), nnet.dense(1, kernel_initializer => nnet.constant(1e30))) \g /dev/null
SELECT nnet.create_model('next', nnet.input(2), nnet.dense(1)) \g /dev/null
SELECT pg_temp.told(query) FROM (VALUES
    ($$SELECT nnet.explain('judge', x) FROM (VALUES ('{1,2,3}'::real[]), (NULL), ('{1,2}')) AS v (x)$$),
    ($$SELECT nnet.explain('judge', x, b) FROM (VALUES ('{1,2,3}'::real[], '{1,2,3}'::real[]), ('{1,2,3}', '{1}')) AS v (x, b)$$),
    ($$SELECT nnet.explain('judge', x, class => c) FROM (VALUES ('{1,2,3}'::real[], '1'), ('{1,2,3}', '7')) AS v (x, c)$$),
    ($$SELECT nnet.explain('judge', p) FROM (SELECT i AS a, 2 AS b, CASE WHEN i = 4 THEN 'NaN'::float8 ELSE 3 END AS c FROM generate_series(1, 5) AS i) AS p$$),
    ($$SELECT nnet.explain('huge', ARRAY[i]) FROM generate_series(0, 2) AS i$$),
    ($$SELECT nnet.explain('judge', '{1,2}'::real[])$$),
    ($$SELECT nnet.forecast('next', x, 2) FROM (VALUES ('{1,2,3}'::real[]), ('{1,2}'), ('{1}')) AS v (x)$$),
    ($$SELECT nnet.forecast('next', x, 2) FROM (VALUES ('{1,2,3}'::real[]), ('{1,2,NULL}')) AS v (x)$$),
    ($$SELECT nnet.forecast('next', x, s) FROM (VALUES ('{1,2,3}'::real[], 1), ('{1,2}', 0)) AS v (x, s)$$),
    ($$SELECT nnet.generate_text('mood', x, 1) FROM (VALUES (NULL), ('')) AS v (x)$$),
    ($$SELECT nnet.generate('huge', 3, 1)$$),
    ($$SELECT nnet.png(x, 2, 1) FROM (VALUES ('{0,1}'::real[]), (NULL), ('{1}')) AS v (x)$$),
    ($$SELECT nnet.png('{1}'::real[], 2, 1)$$)) AS v (query);
DROP TABLE huge, next, judge, income, people, mood, signal, "both", counts, mixed;
