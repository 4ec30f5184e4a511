-- Rows that a stranger wrote: each fault is an error that names model and layer.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_corrupt CASCADE;
CREATE SCHEMA test_corrupt;
SET search_path = test_corrupt;
RESET client_min_messages;

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


SELECT nnet.create_model('good', nnet.input(2), nnet.dense(3, name => 'hidden'), nnet.dense(1, name => 'out'));
SELECT nnet.compile('good', 'mse', 'adam');

-- what happens to a model when its rows are changed so: predict, and fit
CREATE FUNCTION pg_temp.try(change text, fit bool DEFAULT false) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    DROP TABLE IF EXISTS m;
    CREATE TABLE m AS TABLE good;
    EXECUTE change;
    RETURN QUERY SELECT pg_temp.fails(CASE WHEN fit
        THEN $q$SELECT nnet.fit('m', '{1,2}'::real[], 1)$q$ ELSE $q$SELECT nnet.predict('m', '{1,2}'::real[])$q$ END);
END $$;
SET client_min_messages = warning;

SELECT pg_temp.try('');
SELECT pg_temp.try('', true);

-- ---- which rows there are ----

SELECT pg_temp.try('DELETE FROM m');
SELECT pg_temp.try('DELETE FROM m WHERE layer >= 0');
SELECT pg_temp.try('DELETE FROM m WHERE layer = -1');
SELECT pg_temp.try('DELETE FROM m WHERE layer = -1', true);
SELECT pg_temp.try('DELETE FROM m WHERE layer = 0');
SELECT pg_temp.try('DELETE FROM m WHERE layer > 0');
SELECT pg_temp.try('DELETE FROM m WHERE layer = 1');
SELECT pg_temp.try('UPDATE m SET layer = NULL WHERE layer = 1');
SELECT pg_temp.try('UPDATE m SET part = NULL WHERE layer = 1');
SELECT pg_temp.try('UPDATE m SET layer = -2 WHERE layer = 1');
SELECT pg_temp.try('UPDATE m SET layer = 1 WHERE layer = 2');
SELECT pg_temp.try('INSERT INTO m SELECT * FROM good WHERE layer = -1');
SELECT pg_temp.try('UPDATE m SET part = 1 WHERE layer = 1');
SELECT pg_temp.try('UPDATE m SET part = -1 WHERE layer = 1');
SELECT pg_temp.try('INSERT INTO m (layer, part) VALUES (1, 2)');
-- numbers may have gaps
SELECT pg_temp.try('UPDATE m SET layer = layer * 10 WHERE layer > 0');
SELECT pg_temp.try('UPDATE m SET layer = layer * 10 WHERE layer > 0', true);
SELECT pg_temp.try('INSERT INTO m (layer, part, kind) SELECT -1, i, NULL FROM generate_series(1, 5000) i');

-- ---- kinds, names, inputs, configs ----

SELECT pg_temp.try('UPDATE m SET kind = NULL WHERE layer = 1');
SELECT pg_temp.try('UPDATE m SET kind = NULL WHERE layer = -1');
SELECT pg_temp.try($$UPDATE m SET kind = 'dense' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET kind = 'dnse' WHERE layer = 1$$) LIMIT 1;
SELECT pg_temp.try($$UPDATE m SET kind = 'training' WHERE layer = 1$$) LIMIT 1;
SELECT pg_temp.try($$UPDATE m SET kind = 'input' WHERE layer = 1$$) LIMIT 1;
SELECT pg_temp.try('UPDATE m SET name = NULL');
SELECT pg_temp.try($$UPDATE m SET name = 'hidden'$$);
SELECT pg_temp.try($$UPDATE m SET name = repeat('x', 1000) WHERE layer = 1$$);
SELECT pg_temp.try($$UPDATE m SET inputs = '{nobody}' WHERE layer = 1$$);
SELECT pg_temp.try($$UPDATE m SET inputs = '{NULL}' WHERE layer = 1$$);
SELECT pg_temp.try($$UPDATE m SET inputs = '{hidden}' WHERE layer = 1$$);
SELECT pg_temp.try($$UPDATE m SET inputs = array_fill('input'::text, '{1000}') WHERE layer = 1$$);
SELECT pg_temp.try('UPDATE m SET config = NULL WHERE layer = 1');
SELECT pg_temp.try($$UPDATE m SET config = '[]' WHERE layer = 1$$);
SELECT pg_temp.try($$UPDATE m SET config = '7' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = '{"units": "three"}' WHERE layer = 1$$);
SELECT pg_temp.try($$UPDATE m SET config = '{"units": 1e400}' WHERE layer = 1$$);
SELECT pg_temp.try($$UPDATE m SET config = '{"units": 3.5}' WHERE layer = 1$$);
SELECT pg_temp.try($$UPDATE m SET config = '{"units": 3, "unit": 3}' WHERE layer = 1$$) LIMIT 1;
SELECT pg_temp.try($$UPDATE m SET config = '{"units": 3, "trainable": 1}' WHERE layer = 1$$);
SELECT pg_temp.try($$UPDATE m SET config = ('{"units": ' || repeat('[', 2000) || repeat(']', 2000) || '}')::jsonb WHERE layer = 1$$);
SELECT pg_temp.try($$UPDATE m SET config = '{"units": 1000000}' WHERE layer > 0$$);

-- ---- weights ----

SELECT pg_temp.try('UPDATE m SET weights = NULL WHERE layer = 1');
SELECT pg_temp.try($$UPDATE m SET weights = '{}' WHERE layer = 1$$);
SELECT pg_temp.try('UPDATE m SET weights = weights[1:5] WHERE layer = 1');
SELECT pg_temp.try('UPDATE m SET weights = weights || 1::real WHERE layer = 2');
SELECT pg_temp.try($$UPDATE m SET weights = '{1}' WHERE layer = 0$$);
SELECT pg_temp.try('UPDATE m SET weights[3] = NULL WHERE layer = 1');
SELECT pg_temp.try($$UPDATE m SET weights[3] = 'NaN' WHERE layer = 1$$);
SELECT pg_temp.try($$UPDATE m SET weights[4] = '-Infinity' WHERE layer = 2$$);
-- any dimensions and bounds will do, and a layer may be cut in parts anywhere
SELECT pg_temp.try($$UPDATE m SET weights = '{{1,2,3},{4,5,6},{7,8,9}}' WHERE layer = 1$$);
SELECT pg_temp.try($$UPDATE m SET weights = '[-3:5]={1,2,3,4,5,6,7,8,9}' WHERE layer = 1$$);
SELECT pg_temp.try($$INSERT INTO m (layer, part, weights) SELECT layer, 1, weights[6:9] FROM m WHERE layer = 1;
    UPDATE m SET weights = weights[1:5] WHERE layer = 1 AND part = 0$$);
SELECT pg_temp.try($$INSERT INTO m (layer, part, weights) SELECT layer, 1, weights[6:9] FROM m WHERE layer = 1;
    UPDATE m SET weights = weights[1:5] WHERE layer = 1 AND part = 0$$, true);
SELECT layer, part, array_length(weights, 1) AS weights, array_length(slots, 1) AS slots FROM m ORDER BY 1, 2;

-- ---- slots: of interest to training only ----

SELECT nnet.fit('good', '{1,2}'::real[], 1) ? 'loss';
SELECT array_length(slots, 1) FROM good WHERE layer = 1;
SELECT pg_temp.try('UPDATE m SET slots = slots[1:5] WHERE layer = 1');
SELECT pg_temp.try('UPDATE m SET slots = slots[1:5] WHERE layer = 1', true);
SELECT pg_temp.try('UPDATE m SET slots[1] = NULL WHERE layer = 1', true);
SELECT pg_temp.try($$UPDATE m SET slots[1] = 'NaN' WHERE layer = 1$$, true);
SELECT pg_temp.try('UPDATE m SET slots = NULL', true);
-- a new optimizer does not read what the last one left
SELECT nnet.compile('good', 'mse', 'sgd');
SELECT nnet.fit('good', '{1,2}'::real[], 1) ? 'loss';
SELECT slots IS NULL FROM good WHERE layer = 1;

-- ---- the training row ----

SELECT pg_temp.try($$UPDATE m SET config = '{}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = '{}' WHERE layer = -1$$, true);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"format": 3}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"format": "1"}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"format": 2.5}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"format": 0}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"loss": 3}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"loss": "mze"}' WHERE layer = -1$$) LIMIT 1;
SELECT pg_temp.try($$UPDATE m SET config = config || '{"optimizer": "adam"}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"optimizer": {"kind": "adan"}}' WHERE layer = -1$$) LIMIT 1;
SELECT pg_temp.try($$UPDATE m SET config = config || '{"metrics": "mse"}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"metrics": [1]}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"labels": {"a": 1}}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"label_type": 1}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"steps": -1}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"steps": 1e300}' WHERE layer = -1$$);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"history": 1}' WHERE layer = -1$$, true);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"history": [1]}' WHERE layer = -1$$, true);
SELECT pg_temp.try($$UPDATE m SET config = config || '{"history": null, "labels": null, "unknown": 1}' WHERE layer = -1$$);

-- ---- what training needs ----

CREATE VIEW a_view AS TABLE good;
SELECT pg_temp.fails($$SELECT nnet.fit('a_view', '{1,2}'::real[], 1)$$);
CREATE TABLE slotless AS SELECT layer, part, kind, name, inputs, config, weights FROM good;
SELECT pg_temp.fails($$SELECT nnet.predict('slotless', '{1,2}'::real[])$$);
SELECT pg_temp.fails($$SELECT nnet.fit('slotless', '{1,2}'::real[], 1)$$);
CREATE FUNCTION pg_temp.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TABLE guarded AS TABLE good;
CREATE TRIGGER nothing BEFORE UPDATE ON guarded FOR EACH ROW EXECUTE FUNCTION pg_temp.nothing();
SELECT pg_temp.fails($$SELECT nnet.fit('guarded', '{1,2}'::real[], 1)$$);
BEGIN READ ONLY;
SELECT pg_temp.fails($$SELECT nnet.fit('good', '{1,2}'::real[], 1)$$);
ROLLBACK;

SET client_min_messages = warning;
DROP SCHEMA test_corrupt CASCADE;
