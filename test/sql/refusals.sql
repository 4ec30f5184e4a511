-- What is said of values that are refused: how each type becomes numbers, and
-- which labels and targets a model takes.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_refusals;
SET search_path = test_refusals;
\set SHOW_CONTEXT never

-- an error as lines: SQLSTATE and message, hint
CREATE FUNCTION pg_temp.said(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
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

-- ---- types ----

SELECT nnet.create_model('m', nnet.input(1), nnet.dense(1));
SELECT string_agg(t, ', ' ORDER BY t), said
FROM (VALUES
    ('date', '2024-05-01'),
    ('timestamp', '2024-05-01 12:00'),
    ('timestamptz', '2024-05-01 12:00+00'),
    ('time', '12:00'),
    ('timetz', '12:00+00'),
    ('money', '1'),
    ('json', '{}'),
    ('jsonb', '[]'),
    ('uuid', '00000000-0000-0000-0000-000000000000'),
    ('inet', '10.0.0.1'),
    ('cidr', '10.0.0.0/8'),
    ('macaddr', '08:00:2b:01:02:03'),
    ('macaddr8', '08:00:2b:01:02:03:04:05'),
    ('oid', '1'),
    ('xid', '1'),
    ('tid', '(1,1)'),
    ('regclass', 'pg_class'),
    ('point', '(1,2)'),
    ('lseg', '(1,2),(3,4)'),
    ('box', '(1,2),(3,4)'),
    ('circle', '<(1,2),3>'),
    ('line', '{1,2,3}'),
    ('path', '(1,2),(3,4)'),
    ('polygon', '(1,2),(3,4)'),
    ('bit(3)', '101'),
    ('varbit', '101'),
    ('tsvector', 'a b'),
    ('tsquery', 'a'),
    ('text', 'x'),
    ('int4range', '[1,2)'),
    ('text[]', '{x}'),
    ('date[]', '{2024-05-01}'),
    ('uuid[]', '{00000000-0000-0000-0000-000000000000}'),
    ('point[]', '{"(1,2)"}')) AS v (t, value),
    LATERAL (SELECT string_agg(regexp_replace(s, 'has type .*, which', 'has type ..., which'), E'\n') AS said FROM pg_temp.said(format('SELECT nnet.predict(''m'', %L::%s)', value, t)) AS s) AS h
GROUP BY said ORDER BY 1;

-- ---- labels and targets ----

SELECT nnet.create_model(name, nnet.input(1), nnet.dense(units, activation => activation))
FROM (VALUES ('three', 3, 'softmax'), ('one', 1, 'sigmoid'), ('two', 1, 'sigmoid'), ('many', 3, 'sigmoid'), ('sides', 1, 'tanh'), ('numbers', 3, 'softmax'), ('held', 3, 'softmax'), ('held_number', 3, 'softmax')) AS v (name, units, activation);
SELECT nnet.compile('three', 'sparse_categorical_crossentropy');
SELECT nnet.fit('three', i, 'a'::text) IS NOT NULL FROM generate_series(1, 3) AS i;
SELECT nnet.fit('three', i, 'b' || i) IS NOT NULL FROM generate_series(1, 2) AS i;
SELECT pg_temp.said($$SELECT nnet.fit('three', 1, 'z')$$);
SELECT pg_temp.said($$SELECT nnet.fit('three', 1, ARRAY[0])$$);
SELECT nnet.compile('one', 'binary_crossentropy', labels => '{no,yes}');
UPDATE one SET config = jsonb_set(config, '{labels}', '["only"]') WHERE layer = -1;
UPDATE one SET weights = '{1,0}' WHERE layer = 1;
SELECT pg_temp.said($$SELECT nnet.classify('one', 5)$$);
SELECT nnet.compile('two', 'binary_crossentropy');
SELECT nnet.fit('two', i, i > 1) IS NOT NULL FROM generate_series(1, 3) AS i;
SELECT pg_temp.said($$SELECT nnet.fit('two', 1, 2)$$);
SELECT pg_temp.said($$SELECT nnet.fit('two', 1, 'x')$$);
SELECT nnet.compile('many', 'binary_crossentropy');
SELECT pg_temp.said($$SELECT nnet.fit('many', 1, 1)$$);
SELECT nnet.compile('sides', 'hinge');
SELECT pg_temp.said($$SELECT nnet.fit('sides', 1, i - 1) FROM generate_series(0, 2) AS i$$);
SELECT nnet.compile('numbers', 'sparse_categorical_crossentropy');
SELECT nnet.fit('numbers', i, i % 3) IS NOT NULL FROM generate_series(1, 6) AS i;
SELECT pg_temp.said($$SELECT nnet.fit('numbers', 1, 'a')$$);
SELECT nnet.compile('held', 'sparse_categorical_crossentropy');
SELECT nnet.fit('held', i, CASE WHEN i < 9 THEN 'a' ELSE i::text END, nnet.options(validation_split => 0.2)) IS NOT NULL FROM generate_series(1, 10) AS i;
SELECT nnet.compile('held_number', 'sparse_categorical_crossentropy');
SELECT nnet.fit('held_number', i, CASE WHEN i < 9 THEN 0 ELSE i - 8 END, nnet.options(validation_split => 0.2)) IS NOT NULL FROM generate_series(1, 10) AS i;
