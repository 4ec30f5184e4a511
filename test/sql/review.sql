-- What a review found: bounds, strangers' rows, privileges.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_review CASCADE;
CREATE SCHEMA test_review;
SET search_path = test_review;
\set SHOW_CONTEXT never

-- an error as one line a part: SQLSTATE and message, detail, hint
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

-- ---- the history is the latest 10000 epochs ----

SELECT nnet.create_model('h', nnet.input(1), nnet.dense(1));
SELECT nnet.compile('h', 'mse', 'sgd');
SELECT nnet.fit('h', 1.0, 1.0, nnet.options(epochs => 3)) IS NOT NULL;
SELECT config ? 'history_dropped' FROM h WHERE layer = -1;
SELECT nnet.fit('h', 1.0, 1.0, nnet.options(epochs => 10005, seed => 1))->'epochs';
SELECT count(*), min(epoch), max(epoch) FROM nnet.history('h');
-- compile keeps both; a longer training leaves its own epochs alone
SELECT nnet.compile('h', 'mse', 'sgd');
SELECT nnet.fit('h', 1.0, 1.0, nnet.options(batch_size => 7, seed => 2))->'steps';
SELECT count(*), min(epoch), max(epoch) FROM nnet.history('h');
SELECT config#>'{history,-2,seed}', config#>'{history,-1,seed}' FROM h WHERE layer = -1;
-- the last epoch is the one that fit reports
SELECT nnet.fit('h', 5.0, 1.0, nnet.options(epochs => 10001, seed => 3))->>'loss' AS fitted \gset
SELECT loss = :fitted AS same FROM nnet.history('h') WHERE epoch = 20010;
SELECT count(*), min(epoch), max(epoch) FROM nnet.history('h');
SELECT round((nnet.predict('h', 5.0))[1]::numeric, 2);
SELECT pg_temp.fails($$UPDATE h SET config = config || '{"history_dropped": "1"}' WHERE layer = -1; SELECT nnet.predict('h', 1.0)$$);
SELECT pg_temp.fails($$UPDATE h SET config = config || '{"history_dropped": 1e10}' WHERE layer = -1; SELECT nnet.predict('h', 1.0)$$);

-- the same of two models
SELECT nnet.create_model('g', nnet.input(1), nnet.dense(1));
SELECT nnet.create_model('d', nnet.input(1), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('g', 'binary_crossentropy', nnet.sgd(1e-6)), nnet.compile('d', 'binary_crossentropy', nnet.sgd(1e-6));
SELECT nnet.fit_gan('g', 'd', ARRAY[0.5]::real[], nnet.gan_options(epochs => 10003, seed => 1))->>'generator_loss' AS fitted \gset
SELECT loss = :fitted AS same FROM nnet.history('g') WHERE epoch = 10003;
SELECT count(*), min(epoch), max(epoch) FROM nnet.history('d');

-- ---- a vocabulary is learned from whole texts, and from none for validation ----

CREATE FUNCTION learned(cut int, split float8, texts text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    DROP TABLE IF EXISTS tx;
    PERFORM nnet.create_model('tx', nnet.input(1),
        nnet.text_vectorization(output_sequence_length => cut), nnet.dense(1));
    PERFORM nnet.compile('tx', 'mse', 'sgd');
    PERFORM nnet.fit('tx', t, 1.0, nnet.options(validation_split => split) ORDER BY n)
    FROM unnest(texts) WITH ORDINALITY AS s (t, n);
    RETURN (SELECT string_agg(token, ' ' ORDER BY id) FROM nnet.vocabulary('tx') WHERE id > 1);
END $$;
SELECT learned(1, 0.5, '{train1 train2,val1 val2}');
SELECT learned(2, 0.5, '{a b c b,a c d c e,v a w b,v w c x}');
SELECT learned(2, 0, '{a b c b,a c d c e,v a w b}');
SELECT learned(5, 0.5, '{a b b,v a w a}');
-- more than memory holds
SET maintenance_work_mem = '1MB';
SELECT learned(1, 0.1, array_agg((SELECT string_agg(CASE WHEN i > 900 THEN 'v' ELSE 't' END || (i * k) % 7, ' ' ORDER BY k)
    FROM generate_series(1, 1000) AS k) ORDER BY i)) FROM generate_series(1, 1000) AS i;
RESET maintenance_work_mem;
-- an abandoned training leaves no temporary file behind
SELECT nnet.copy_model('tx', 'ty');
UPDATE tx SET config = config - 'vocabulary';
UPDATE ty SET config = config - 'vocabulary';
SET maintenance_work_mem = '1MB';
SET enable_sort = off; -- both groups at a time
BEGIN;
DECLARE c CURSOR FOR
    SELECT nnet.fit(m, t, 1.0, nnet.options(validation_split => 0.1))->'samples'
    FROM unnest('{tx,ty}'::regclass[]) AS m,
        (SELECT string_agg('w' || k % 7, ' ') AS t FROM generate_series(1, 1000) AS k) AS s, generate_series(1, 500)
    GROUP BY m;
FETCH c;
CLOSE c;
COMMIT;
RESET enable_sort;
RESET maintenance_work_mem;

-- ---- casts to real[] ----

SELECT nnet.create_model('two', nnet.input(2), nnet.dense(1));
CREATE TYPE pair AS (a real, b real);
CREATE FUNCTION pair_reals(pair) RETURNS real[] LANGUAGE sql AS
$$ SELECT CASE WHEN ($1).a > 0 THEN ARRAY[($1).a, ($1).b] END $$;
CREATE CAST (pair AS real[]) WITH FUNCTION pair_reals(pair);
SELECT nnet.predict('two', (1, 2)::pair) = nnet.predict('two', '{1,2}'::real[]);
SELECT pg_temp.fails($$SELECT nnet.predict('two', (-1, 2)::pair)$$);
SELECT pg_temp.fails($$SELECT nnet.predict('two', ROW((-1, 2)::pair))$$);
CREATE ROLE regress_nnet_review;
GRANT USAGE ON SCHEMA test_review TO regress_nnet_review;
GRANT SELECT ON two TO regress_nnet_review;
SET ROLE regress_nnet_review;
SELECT nnet.predict('two', (1, 2)::pair) IS NOT NULL;
RESET ROLE;
REVOKE EXECUTE ON FUNCTION pair_reals(pair) FROM PUBLIC;
SET ROLE regress_nnet_review;
SELECT pg_temp.fails($$SELECT nnet.predict('two', (1, 2)::pair)$$);
RESET ROLE;

-- ---- a row type that is altered between two rows ----

CREATE TABLE r (a float8, b float8);
INSERT INTO r VALUES (1, 2);
CREATE FUNCTION altered() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    v r; w r[]; y real[]; z real[];
BEGIN
    FOR i IN 1 .. 4 LOOP
        SELECT * INTO v FROM r;
        w := array_append(NULL, v);
        y := nnet.predict('two', v);
        z := nnet.predict('two', w[1]);
        RETURN NEXT format('%s %s', y = nnet.predict('two', '{1,2}'::real[]), y = z);
        IF i = 1 THEN ALTER TABLE r ALTER a TYPE real; END IF;
        IF i = 2 THEN ALTER TABLE r DROP b, ADD c bytea; UPDATE r SET c = '\x02'; END IF;
        IF i = 3 THEN ALTER TABLE r ALTER a TYPE numeric; END IF;
    END LOOP;
END $$;
SELECT altered();

-- ---- rules that keep a model from being written ----

CREATE TABLE other (n int);
CREATE RULE nothing AS ON UPDATE TO two DO INSTEAD NOTHING;
SELECT pg_temp.fails($$SELECT nnet.compile('two', 'mse')$$);
DROP RULE nothing ON two;
SELECT nnet.compile('two', 'mse');
CREATE RULE nothing AS ON UPDATE TO two DO INSTEAD NOTHING;
SELECT pg_temp.fails($$SELECT nnet.fit('two', '{1,2}'::real[], 1)$$);
CREATE OR REPLACE RULE nothing AS ON UPDATE TO two DO INSTEAD INSERT INTO other VALUES (1);
SELECT pg_temp.fails($$SELECT nnet.fit('two', '{1,2}'::real[], 1)$$);
DROP RULE nothing ON two;
CREATE RULE also AS ON UPDATE TO two DO ALSO INSERT INTO other VALUES (1);
SELECT pg_temp.fails($$SELECT nnet.fit('two', '{1,2}'::real[], 1)$$);
SELECT count(*) FROM other;
DROP RULE also ON two;

-- ---- long histories: only the end of one is looked at ----

SELECT nnet.create_model('s2', nnet.input(2), nnet.dense(1));
SELECT nnet.forecast('s2', decode(repeat('00', 100000) || '0102', 'hex'), 3) = nnet.forecast('s2', '{1,2}'::real[], 3);
SELECT nnet.create_model('sv', nnet.input(NULL, 1), nnet.global_average_pooling1d(), nnet.dense(1));
SELECT nnet.forecast('sv', '{1,2,3}'::real[], 2) IS NOT NULL;
SELECT pg_temp.fails($$SELECT nnet.forecast('sv', decode(repeat('00', 1048577), 'hex'), 3)$$);

-- ---- labels are different ----

SELECT nnet.create_model('three', nnet.input(1), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('three', 'sparse_categorical_crossentropy');
SELECT nnet.fit('three', x, y) IS NOT NULL FROM (VALUES (1, 'x'), (2, 'y'), (3, 'z')) AS s (x, y);
UPDATE three SET config = config || '{"labels": ["x", "y", "x"]}' WHERE layer = -1;
SELECT pg_temp.fails($$SELECT nnet.classify('three', 1)$$);
SELECT pg_temp.fails($$SELECT nnet.fit('three', 1, 'x')$$);
UPDATE three SET config = config || '{"labels": ["x", "y", "X"]}' WHERE layer = -1;
SELECT nnet.classify('three', 1) IN ('x', 'y', 'X');

-- ---- rows too large to be written back are refused before training ----

SELECT nnet.create_model('big', nnet.input(1), nnet.embedding(100, 64, name => 'tokens'), nnet.flatten(), nnet.dense(1));
SELECT nnet.compile('big', 'mse', 'adam');
UPDATE big SET config = config || '{"input_dim": 1048576}' WHERE name = 'tokens';
SELECT pg_temp.fails($$SELECT nnet.fit('big', 3, 1)$$);
-- while one slot, or none, would do
SELECT nnet.compile('big', 'mse', nnet.sgd(momentum => 0.9));
SELECT pg_temp.fails($$SELECT nnet.fit('big', 3, 1)$$);

-- ---- names are cut between characters, in any encoding ----

SET client_encoding = 'UTF8';
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(2, 2), nnet.bidirectional('{"kind": "lstm", "units": 2, "activation": "x"}', name => 'a' || repeat('ü', 25)), nnet.dense(1))$$) LIMIT 1;
SELECT current_database() AS here, quote_ident(current_database() || '_euc') AS euc \gset
CREATE DATABASE :euc ENCODING 'EUC_KR' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C';
ALTER DATABASE :euc SET lc_messages = 'C';
\c :euc
SET client_encoding = 'UTF8';
CREATE EXTENSION nnet;
\set VERBOSITY terse
SELECT nnet.create_model('e', nnet.input(2, 2), nnet.bidirectional('{"kind": "lstm", "units": 2, "activation": "x"}', name => 'a' || repeat('가', 24)), nnet.dense(1));
SELECT nnet.create_model('e', nnet.input(2), jsonb_build_object('kind', repeat('가', 40)));
SELECT nnet.create_model('e', nnet.input(2), jsonb_build_object('kind', 'a' || repeat('가', 40)));
\set VERBOSITY default
\c :here
DROP DATABASE :euc;

-- ---- the end ----

DROP OWNED BY regress_nnet_review;
DROP ROLE regress_nnet_review;
