-- Attention: constructors, refusals, and models of it that train, predict and are restored.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_attention CASCADE;
CREATE SCHEMA test_attention;
SET search_path = test_attention;
RESET client_min_messages;

-- an error as one line a part: SQLSTATE and message, hint
CREATE FUNCTION pg_temp.fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
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
-- the same of a model of layers after an input of that shape
CREATE FUNCTION pg_temp.refused(shape text, layers text) RETURNS SETOF text LANGUAGE sql AS
    $$ SELECT pg_temp.fails(format('SELECT nnet.create_model(''refused'', nnet.input(%s), %s)', shape, layers)) $$;

-- ---- constructors: with their defaults, and with arguments ----

SELECT nnet.attention(), nnet.attention(true, 'concat', 0.5, 7, true, 'found', '{q,v,k}', false);
SELECT nnet.additive_attention(), nnet.additive_attention(false, 0.5, 7, true, 'found', '{q,v}');
SELECT nnet.multi_head_attention(2, 8);
SELECT nnet.multi_head_attention(2, 8, 4, 0.5, false, '{2,3}', 3, 'he_normal', 'ones', 'l2', nnet.l1(0.5), true, 7, true, 'found', '{q,v,k}', false);
SELECT nnet.group_query_attention(8, 4, 2);
SELECT nnet.group_query_attention(8, 4, 2, dropout => 0.5, use_gate => true, sliding_window => 3, use_causal_mask => true, inputs => '{q,v}');

-- ---- refusals ----

SELECT pg_temp.fails('SELECT nnet.attention(score_mode => ''sum'')');
SELECT pg_temp.fails('SELECT nnet.additive_attention(dropout => 1)');
SELECT pg_temp.fails('SELECT nnet.multi_head_attention(0, 8)');
SELECT pg_temp.fails('SELECT nnet.multi_head_attention(2, 8, sliding_window => 0)');
SELECT pg_temp.fails('SELECT nnet.multi_head_attention(2, NULL)');
SELECT pg_temp.fails('SELECT nnet.group_query_attention(8, 4, NULL)');
SELECT pg_temp.refused('5', 'nnet.attention()');
SELECT pg_temp.refused('5, 3', 'nnet.dense(4), nnet.attention(inputs => ''{input,input,dense}'')');
SELECT pg_temp.refused('5, 3', 'nnet.conv1d(3, 2), nnet.attention(inputs => ''{input,input,conv1d}'')');
SELECT pg_temp.refused('5, 3', 'nnet.attention(inputs => ''{input,input,input,input}'')');
SELECT pg_temp.refused('5, 4, 3', 'nnet.group_query_attention(8, 4, 2)');
SELECT pg_temp.refused('5, 3', 'nnet.reshape(''{5,3,1}''), nnet.multi_head_attention(2, 8, inputs => ''{input,reshape}'')');
SELECT pg_temp.refused('5, 3', 'nnet.group_query_attention(8, 4, 3)');
SELECT pg_temp.refused('5, 3', 'nnet.multi_head_attention(2, 1048576)');
SELECT pg_temp.refused('5, 4, 3', 'nnet.multi_head_attention(2, 8, sliding_window => 2)');
SELECT pg_temp.refused('5, 4, 3', 'nnet.multi_head_attention(2, 8, output_shape => ''{2,2}'')');
SELECT pg_temp.refused('5, 4, 3', 'nnet.multi_head_attention(2, 8, output_shape => ''{2,NULL}'')');
SELECT pg_temp.refused('5, 4, 3', 'nnet.multi_head_attention(2, 8, output_shape => ''{2000,2000}'')');
SELECT pg_temp.refused('1000000, 2', 'nnet.multi_head_attention(1000, 1)');

-- ---- a transformer over rows of any length, and a reader of two sequences ----

-- whether a step is larger than the mean of the steps up to it
CREATE TABLE rows AS
SELECT i, array_agg(ARRAY[v]::real[] ORDER BY s) AS x, array_agg((v > mean)::integer ORDER BY s) AS y
FROM (SELECT i, s, v, avg(v) OVER (PARTITION BY i ORDER BY s) AS mean
      FROM (SELECT i, s, sin(i * 7 + s * s * 3) + cos(i) AS v FROM generate_series(1, 120) i, generate_series(1, 2 + i % 7) s) a) b
GROUP BY i;

SELECT setseed(0.5);
SELECT nnet.create_model('transformer', nnet.input(NULL, 1), nnet.dense(8, name => 'x'),
    nnet.multi_head_attention(2, 4, dropout => 0.1, use_causal_mask => true, inputs => '{x,x}', name => 'found'),
    nnet.add('{x,found}'), nnet.layer_normalization(name => 'y'),
    nnet.dense(16, activation => 'relu'), nnet.dense(8, name => 'z'), nnet.add('{y,z}'), nnet.layer_normalization(),
    nnet.dense(1, activation => 'sigmoid'));
SELECT name, output_shape, parameters FROM nnet.summary('transformer') WHERE kind = 'multi_head_attention';
SELECT name, parameter, shape FROM nnet.parameters('transformer') WHERE name = 'found';
SELECT nnet.compile('transformer', 'binary_crossentropy', nnet.adam(0.01), '{accuracy}');
SELECT nnet.copy_model('transformer', 'again');
SELECT nnet.fit('transformer', x, y, nnet.options(epochs => 30, seed => 3, verbose => false)) ->> 'epochs' AS epochs FROM rows;
SELECT max(accuracy) > 0.85 FROM (SELECT (metrics ->> 'accuracy')::float8 AS accuracy FROM nnet.history('transformer') WHERE epoch > 25) h;

-- rows of different length in a batch give what each gives alone; later steps change nothing before them
SELECT max(abs(a - b)) < 1e-5 FROM (SELECT nnet.predict('transformer', x) AS p, nnet.predict_batch('transformer', x) OVER () AS q FROM rows) r, unnest(p, q) u(a, b);
SELECT max(abs(a - b)) < 1e-5 FROM rows, LATERAL (SELECT nnet.predict('transformer', x) AS p, nnet.predict('transformer', x[1:2]) AS q) r,
    unnest(p[1:2], q) u(a, b);

-- from a value, and from a copy that is trained on in two fits
SELECT nnet.unpack(nnet.pack('transformer'), 'unpacked');
SELECT count(*) AS differ FROM rows WHERE nnet.predict('transformer', x) <> nnet.predict('unpacked', x);
SELECT nnet.fit('again', x, y, nnet.options(epochs => 10, seed => 3, verbose => false) ORDER BY i) ->> 'epochs' AS epochs FROM rows;
SELECT nnet.fit('again', x, y, nnet.options(epochs => 20, seed => 3, verbose => false) ORDER BY i) ->> 'epochs' AS epochs FROM rows;
SELECT count(*) AS epochs FROM nnet.history('again');

-- which of the items that a row has is the one asked for: a query of one step, keys and values of several
CREATE TABLE asked AS
SELECT i, ARRAY[sin(q * 2), cos(q * 2)]::real[] AS question, keys, items, (items)[q][1] AS answer
FROM (SELECT i, 1 + i % 3 AS q, array_agg(ARRAY[sin(k * 2), cos(k * 2)]::real[] ORDER BY k) AS keys,
             array_agg(ARRAY[sin(i * k * 5)]::real[] ORDER BY k) AS items
      FROM generate_series(1, 90) i, generate_series(1, 3) k GROUP BY i) r;
SELECT setseed(0.5);
SELECT nnet.create_model('reader', nnet.input('{2}', name => 'question'), nnet.input('{3,2}', name => 'keys'), nnet.input('{3,1}', name => 'items'),
    nnet.reshape('{1,2}', inputs => '{question}', name => 'query'),
    nnet.attention(true, inputs => '{query,items,keys}'), nnet.flatten(), nnet.dense(1));
SELECT nnet.compile('reader', 'mse', nnet.adam(0.1));
SELECT nnet.fit('reader', a, answer, nnet.options(epochs => 60, seed => 3, verbose => false)) ->> 'epochs' AS epochs FROM asked a;
SELECT loss < 0.02 AS learned FROM nnet.history('reader') ORDER BY epoch DESC LIMIT 1;
SELECT corr((nnet.predict('reader', a))[1], answer) > 0.98 AS answered FROM asked a;

SET client_min_messages = warning;
DROP SCHEMA test_attention CASCADE;
