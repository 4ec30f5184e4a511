-- The epochs a model was trained: the newest in its training row's config, older ones beside it,
-- so that no fit reads and writes them all.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_history CASCADE;
CREATE SCHEMA test_history;
SET search_path = test_history;
RESET client_min_messages;

-- an error as one line a part: SQLSTATE and message, detail, hint, where
CREATE FUNCTION pg_temp.fails(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    message text; detail text; hint text; context text;
BEGIN
    EXECUTE query;
    RETURN NEXT 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
    RETURN NEXT SQLSTATE || ': ' || message;
    IF detail <> '' THEN RETURN NEXT 'DETAIL: ' || detail; END IF;
    IF hint <> '' THEN RETURN NEXT 'HINT: ' || hint; END IF;
    IF context LIKE '%older epochs%' THEN RETURN NEXT 'CONTEXT: ' || substring(context from 'older epochs[^.]*"m"'); END IF;
END $$;

SELECT nnet.create_model('m', nnet.input(1), nnet.dense(1));
SELECT nnet.compile('m', 'mse', 'sgd');
CREATE VIEW kept AS
    SELECT jsonb_array_length(config->'history') AS newest, config->'history_dropped' AS before, cardinality(inputs) AS chunks
    FROM m WHERE layer = -1;
CREATE FUNCTION fit(times int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..times LOOP
        PERFORM nnet.fit('m', 1.0, 1.0, nnet.options(seed => 9007199254740993 + i));
    END LOOP;
END $$;

-- ---- as every version before kept them: all in config ----

UPDATE m SET config = config || jsonb_build_object('history_dropped', 1000, 'history', (
    SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('loss', 1.0 / i, 'val_loss', CASE WHEN i % 3 > 0 THEN i / 7.0 END,
        'metrics', CASE WHEN i > 150 THEN jsonb_build_object('mae', i / 10, 'val_mae', 0.1) ELSE '{}' END,
        'samples', CASE WHEN i <> 70 THEN i / 50 END, 'seconds', 0.25, 'learning_rate', 0.01,
        'seed', 9007199254740993 + i, 'mine', CASE WHEN i IN (5, 6) THEN 'a "b"' END)) ORDER BY i)
    FROM generate_series(1, 300) i)) WHERE layer = -1;
CREATE TABLE before AS SELECT * FROM nnet.history('m');
SELECT count(*), min(epoch), max(epoch), count(val_loss), count(samples) FROM before;
SELECT fit(1);
SELECT * FROM kept;
CREATE TABLE after AS SELECT * FROM nnet.history('m');
SELECT count(*), min(epoch), max(epoch) FROM after;
-- nothing of them changed
SELECT count(*) FROM (SELECT * FROM before INTERSECT SELECT * FROM after) AS same;
-- nor of what nnet.history does not show
SELECT jsonb_path_query_array(inputs[1]::jsonb, '$.seed[0 to 2]'), jsonb_path_query_array(inputs[1]::jsonb, '$.mine[*]'),
    jsonb_array_length(inputs[1]::jsonb->'loss'), jsonb_array_length(inputs[2]::jsonb->'learning_rate') FROM m WHERE layer = -1;

-- ---- one training row, whatever it holds ----

SELECT count(*), count(*) FILTER (WHERE layer = -1) FROM m;
SELECT nnet.copy_model('m', 'copied');
CREATE TABLE plain AS TABLE m;
SELECT count(*) FROM (SELECT * FROM nnet.history('copied') INTERSECT SELECT * FROM nnet.history('m') INTERSECT SELECT * FROM nnet.history('plain')) alike;

-- ---- a fit leaves older epochs alone, and its config stays small ----

-- the row's largest value, stored apart
CREATE FUNCTION largest() RETURNS oid LANGUAGE plpgsql AS $$
DECLARE
    id oid;
BEGIN
    EXECUTE format('SELECT chunk_id FROM %s GROUP BY 1 ORDER BY count(*) DESC, 1 DESC LIMIT 1',
        (SELECT reltoastrelid::regclass FROM pg_class WHERE oid = 'm'::regclass)) INTO id;
    RETURN id;
END $$;
SELECT largest() AS id \gset
SELECT fit(15);
SELECT largest() = :id AS same FROM kept;
SELECT * FROM kept;
SELECT fit(5);
SELECT largest() = :id AS same, newest, before, chunks FROM kept;
SELECT nnet.fit('m', 1.0, 1.0, nnet.options(epochs => 500, seed => 1))->'epochs';
SELECT * FROM kept;
SELECT bool_and(pg_column_size(config) < 10000) FROM m;
SELECT count(*), min(epoch), max(epoch), count(loss) FROM nnet.history('m');
-- never more than the latest 10000
SELECT nnet.fit('m', 1.0, 1.0, nnet.options(epochs => 9600, seed => 2))->'epochs';
SELECT count(*), min(epoch), max(epoch) FROM nnet.history('m');
SELECT newest + 64 * chunks BETWEEN 10000 AND 10064 AS room, newest <= 64 AS few FROM kept;
SELECT nnet.fit('m', 1.0, 1.0, nnet.options(epochs => 9990, seed => 3))->'epochs';
SELECT count(*), min(epoch), max(epoch) FROM nnet.history('m');

-- ---- taken away by hand ----

UPDATE m SET config = config - 'history' - 'history_dropped' WHERE layer = -1;
SELECT count(*) FROM nnet.history('m');
SELECT fit(2);
SELECT epoch FROM nnet.history('m');
SELECT nnet.fit('m', 1.0, 1.0, nnet.options(epochs => 100, seed => 4))->'epochs';
SELECT count(*), min(epoch), max(epoch) FROM nnet.history('m');
UPDATE m SET inputs = NULL WHERE layer = -1;
SELECT count(*), min(epoch), max(epoch) FROM nnet.history('m');

-- ---- privileges for columns: what may not be written stays where it is ----

SET client_min_messages = warning;
DROP ROLE IF EXISTS nnet_history_user;
RESET client_min_messages;
CREATE ROLE nnet_history_user;
GRANT USAGE ON SCHEMA test_history TO nnet_history_user;
GRANT SELECT ON m, kept TO nnet_history_user;
GRANT UPDATE (config, weights, slots) ON m TO nnet_history_user;
SET ROLE nnet_history_user;
SELECT nnet.fit('m', 1.0, 1.0, nnet.options(epochs => 100, seed => 5))->'epochs';
RESET ROLE;
SELECT * FROM kept;
SELECT count(*), min(epoch), max(epoch) FROM nnet.history('m');
SELECT fit(1);
SELECT * FROM kept;
SELECT count(*), min(epoch), max(epoch) FROM nnet.history('m');

-- ---- a stranger's ----

CREATE TABLE good AS TABLE m;
CREATE FUNCTION pg_temp.try(VARIADIC elements text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    UPDATE m SET inputs = elements WHERE layer = -1;
    RETURN QUERY SELECT * FROM pg_temp.fails($f$SELECT count(*) FROM nnet.history('m')$f$);
    PERFORM nnet.predict('m', 1.0), nnet.fit('m', 1.0, 1.0);
END $$;
SELECT pg_temp.try('no json');
SELECT pg_temp.try(NULL::text);
SELECT pg_temp.try('7');
SELECT pg_temp.try('[1]');
SELECT pg_temp.try('{"loss": 1}');
SELECT pg_temp.try('{"loss": []}');
SELECT pg_temp.try((SELECT json_build_object('loss', array_agg(i)) FROM generate_series(1, 65) i)::text);
SELECT pg_temp.try('{"loss": ["x", {}, [], null, true, 1e400], "metrics": [7, {"a": [1]}], "samples": [-1, 1e30]}');
SELECT pg_temp.try('{}');
-- those that are not shown are not looked at
UPDATE m SET config = config || '{"history_dropped": 64}', inputs = ARRAY['no json', '{"loss": [1]}'] WHERE layer = -1;
SELECT count(*), min(epoch) FROM nnet.history('m');
UPDATE m SET inputs = ARRAY[ARRAY['{"loss": [1]}', '{"loss": [2]}'], ARRAY['{"loss": [3]}', '{"loss": [4]}']], config = config || '{"history_dropped": 130}' WHERE layer = -1;
SELECT min(epoch), count(*) FILTER (WHERE loss = 2), count(*) FILTER (WHERE loss = 3), count(*) FILTER (WHERE loss = 4) FROM nnet.history('m') WHERE epoch <= 130;
SELECT nnet.fit('m', 1.0, 1.0, nnet.options(epochs => 100))->'epochs';
SELECT array_ndims(inputs), cardinality(inputs) FROM m WHERE layer = -1;
SELECT min(epoch), count(*) FILTER (WHERE loss = 2), count(*) FILTER (WHERE loss = 3), count(*) FILTER (WHERE loss = 4) FROM nnet.history('m') WHERE epoch <= 130;

SET client_min_messages = warning;
DROP OWNED BY nnet_history_user;
DROP ROLE nnet_history_user;
DROP SCHEMA test_history CASCADE;
