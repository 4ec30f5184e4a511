-- Models as tables: create, copy, compile, summary, parameters, history, models, info.
\pset format unaligned
\t on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
DROP SCHEMA IF EXISTS test_model CASCADE;
CREATE SCHEMA test_model;
SET search_path = test_model;
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

-- ---- create_model: a typed table that reads like a summary ----

SELECT nnet.create_model('digits',
    nnet.input(28, 28, 1),
    nnet.rescaling(1.0 / 255),
    nnet.flatten(),
    nnet.dense(64, activation => 'relu'),
    nnet.dropout(0.25),
    nnet.dense(10, activation => 'softmax', name => 'classes'));
SELECT layer, part, kind, name, inputs, config - 'seed', array_length(weights, 1), slots
    FROM digits ORDER BY layer, part;
SELECT config ? 'seed' FROM digits WHERE layer = -1;
SELECT reloftype::regtype, relkind FROM pg_class WHERE oid = 'digits'::regclass;
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'digits'::regclass AND contype <> 'n';
SELECT attname, attstorage FROM pg_attribute
    WHERE attrelid = 'digits'::regclass AND attname IN ('weights', 'slots', 'config') ORDER BY attnum;
SELECT * FROM nnet.summary('digits');

-- biases begin at zero, kernels do not
SELECT parameter, (SELECT bool_and(v = 0) FROM unnest(value) v) FROM nnet.parameters('digits');

-- setseed fixes the weights, another seed gives others
SELECT setseed(0.5);
SELECT nnet.create_model('a', nnet.input(3), nnet.dense(4), nnet.dense(2));
SELECT setseed(0.5);
SELECT nnet.create_model('b', nnet.input(3), nnet.dense(4), nnet.dense(2));
SELECT setseed(0.25);
SELECT nnet.create_model('c', nnet.input(3), nnet.dense(4), nnet.dense(2));
SELECT layer, a.weights = b.weights, a.weights = c.weights
    FROM a JOIN b USING (layer) JOIN c USING (layer) WHERE layer > 0 ORDER BY layer;
-- two layers of one shape do not begin alike
SELECT nnet.create_model('d', nnet.input(3), nnet.dense(3), nnet.dense(3));
SELECT x.weights = y.weights FROM d x, d y WHERE x.layer = 1 AND y.layer = 2;

-- names as Keras makes them; a name given is kept
SELECT nnet.create_model('names', nnet.input(3), nnet.dense(4), nnet.dense(4, name => 'middle'),
    nnet.dense(4), nnet.dense(4));
SELECT layer, name FROM names ORDER BY layer;

-- qualified and quoted names
SELECT nnet.create_model('test_model.qualified', nnet.input(3), nnet.dense(1));
SELECT nnet.create_model('"With Space"', nnet.input(3), nnet.dense(1));
SELECT nnet.create_model('Folded', nnet.input(3), nnet.dense(1));
SELECT nnet.create_model('pg_temp.mine', nnet.input(3), nnet.dense(1));
SELECT relpersistence FROM pg_class WHERE oid = 'mine'::regclass;
SELECT * FROM nnet.summary('"With Space"');
SELECT pg_temp.fails($$SELECT nnet.create_model('With Space', nnet.input(3), nnet.dense(1))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('nowhere.m', nnet.input(3), nnet.dense(1))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('', nnet.input(3), nnet.dense(1))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model(NULL, nnet.input(3), nnet.dense(1))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('a', nnet.input(3), nnet.dense(1))$$);

-- a table of the same name elsewhere in the path is not touched
SET search_path = test_model, public;
CREATE TABLE pg_temp.shadow (i int);
SELECT nnet.create_model('test_model.shadow', nnet.input(3), nnet.dense(1));
SELECT count(*) FROM test_model.shadow;
SELECT count(*) FROM pg_temp.shadow;
DROP TABLE pg_temp.shadow;

-- a model of branches, drawn with its inputs
SELECT nnet.create_model('branches',
    nnet.input(4),
    nnet.dense(8, 'relu', name => 'left'),
    nnet.dense(8, 'tanh', name => 'right', inputs => '{input}'),
    nnet.add('{left,right}'),
    nnet.concatenate('{add,input}', name => 'both'),
    nnet.dense(1));
SELECT * FROM nnet.summary('branches');
SELECT layer, inputs FROM branches ORDER BY layer;

-- variable steps
SELECT nnet.create_model('steps', nnet.input(NULL, 5), nnet.dense(2));
SELECT * FROM nnet.summary('steps');

-- layers as plain jsonb
SELECT nnet.create_model('plain_jsonb', '{"kind": "input", "shape": [2]}', '{"kind": "dense", "units": 2}');
SELECT * FROM nnet.summary('plain_jsonb');

-- ---- create_model: what it refuses, with nothing created ----

SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.dense(3))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.input(3), nnet.dense(1))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), NULL)$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', VARIADIC NULL)$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', VARIADIC '{}')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), '[1]')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), '{"units": 3}')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), '{"kind": "dense", "units": 3, "inputs": "input"}')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), '{"kind": "dnse", "units": 3}')$$) LIMIT 1;
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), '{"kind": "dense", "unit": 3}')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.dense(1, name => 'x'), nnet.dense(1, name => 'x'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.dense(1, inputs => '{nobody}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.dense(1, inputs => '{NULL}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.dense(1, inputs => '{}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.dense(4), nnet.add('{input,dense}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), nnet.dense(1), nnet.reshape('{2,2}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(1000000), nnet.dense(1000000))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(1), nnet.dense(1048576), nnet.dense(1024), nnet.dense(1048576))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', VARIADIC nnet.input(3) || array_fill(nnet.rescaling(1), '{4096}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('e', VARIADIC nnet.input(3) || array_fill(nnet.rescaling(1, inputs => '{input}'), '{60}'))$$);
SELECT to_regclass('e') IS NULL;

-- ---- parameters: true shapes, and the same values as the table's ----

SELECT layer, name, parameter, shape, array_dims(value) FROM nnet.parameters('digits');
SELECT p.layer, w.weights = array_agg(v.v ORDER BY v.n)
    FROM a w,
         (SELECT layer, string_agg(parameter, ',') FROM nnet.parameters('a') GROUP BY layer) p,
         LATERAL (SELECT x.v, row_number() OVER () AS n
                  FROM nnet.parameters('a') q, unnest(q.value) WITH ORDINALITY x(v, i)
                  WHERE q.layer = p.layer) v
    WHERE w.layer = p.layer GROUP BY p.layer, w.weights ORDER BY p.layer;
-- row-major: kernel[input][unit]
UPDATE d SET weights = '{1,2,3, 4,5,6, 7,8,9, 10,11,12}' WHERE layer = 1;
SELECT value[2][1], value[1][2] FROM nnet.parameters('d') WHERE layer = 1 AND parameter = 'kernel';

-- ---- compile ----

SELECT nnet.compile('digits', 'sparse_categorical_crossentropy');
SELECT config - 'seed' FROM digits WHERE layer = -1;
SELECT nnet.compile('digits', loss => 'sparse_categorical_crossentropy', optimizer => 'sgd', metrics => '{accuracy}');
SELECT config - 'seed' FROM digits WHERE layer = -1;
SELECT nnet.compile('digits', 'sparse_categorical_crossentropy', nnet.sgd(0.1, momentum => 0.9), '{accuracy}');
SELECT config->'optimizer' FROM digits WHERE layer = -1;
SELECT nnet.compile('digits', 'sparse_categorical_crossentropy', '{"kind": "adam", "beta_1": 0.5}'::jsonb);
SELECT config->'optimizer' FROM digits WHERE layer = -1;
-- weights and everything else in the row stay; steps begin anew
UPDATE digits SET config = config || '{"steps": 7, "labels": ["a","b"], "label_type": "text", "mine": [1, {"x": null}], "history": [{"loss": 0.5}]}'
    WHERE layer = -1;
SELECT nnet.compile('digits', 'sparse_categorical_crossentropy', 'adam');
SELECT config - 'seed' FROM digits WHERE layer = -1;

SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'sparse')$$) LIMIT 1;
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse', 'adan')$$) LIMIT 1;
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse', '{"rate": 1}'::jsonb)$$) LIMIT 1;
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse', '{"kind": "sgd", "rate": 1}'::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse', '3'::jsonb)$$) LIMIT 1;
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse', metrics => '{precission}')$$) LIMIT 1;
-- with a hint of what there is
SELECT count(*) FROM pg_temp.fails($$SELECT nnet.compile('digits', 'sparse')$$) f WHERE f LIKE 'HINT: Losses are: %huber%';
SELECT count(*) FROM pg_temp.fails($$SELECT nnet.compile('digits', 'mse', 'adan')$$) f WHERE f LIKE 'HINT: Optimizers are: %rmsprop%';
SELECT count(*) FROM pg_temp.fails($$SELECT nnet.compile('digits', 'mse', metrics => '{precission}')$$) f WHERE f LIKE 'HINT: Metrics are: %accuracy%';
SELECT count(*) FROM pg_temp.fails($$SELECT nnet.create_model('e', nnet.input(3), '{"kind": "dnse"}')$$) f WHERE f LIKE 'HINT: The kinds are: %dense%';
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse', metrics => '{NULL}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse', metrics => '{mae,accuracy,mae}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse', metrics => array_fill('mae'::text, '{13}'))$$);
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse', metrics => '{sparse_top_k_categorical_accuracy}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'sparse_categorical_crossentropy', metrics => '{mae}')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('branches', 'sparse_categorical_crossentropy')$$);
SELECT nnet.create_model('as_long', nnet.input(NULL), nnet.activation('relu'));
SELECT pg_temp.fails($$SELECT nnet.compile('as_long', 'mse')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('digits', NULL)$$);
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse', NULL::jsonb)$$);
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse', NULL::text)$$);
SELECT nnet.compile(NULL, 'mse') IS NULL;
SELECT pg_temp.fails($$SELECT nnet.compile('nowhere', 'mse')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('pg_class', 'mse')$$);
CREATE TABLE without_training AS SELECT * FROM digits WHERE layer >= 0;
SELECT pg_temp.fails($$SELECT nnet.compile('without_training', 'mse')$$);
INSERT INTO without_training (layer, part, kind, name, config) VALUES (-1, 0, 'training', 'training', '{}');
SELECT nnet.compile('without_training', 'mse');
-- a rule of the table that drops the update is noticed
CREATE FUNCTION pg_temp.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER nothing BEFORE UPDATE ON without_training FOR EACH ROW EXECUTE FUNCTION pg_temp.nothing();
SELECT pg_temp.fails($$SELECT nnet.compile('without_training', 'mse')$$);
BEGIN READ ONLY;
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse')$$);
ROLLBACK;

-- ---- history ----

SELECT count(*) FROM nnet.history('a');
UPDATE a SET config = config || '{"history": [{"loss": 2.5, "metrics": {"accuracy": 0.5}, "samples": 10, "seconds": 1, "learning_rate": 0.25},
    {"loss": 1.5, "val_loss": 1.75, "metrics": {"accuracy": 0.75, "val_accuracy": 0.5}, "samples": 10, "more": 1}, {}]}' WHERE layer = -1;
SELECT * FROM nnet.history('a');

-- ---- copy_model ----

SELECT nnet.copy_model('a', 'a_v1');
SELECT count(*) FROM (TABLE a EXCEPT TABLE a_v1) x;
SELECT reloftype::regtype FROM pg_class WHERE oid = 'a_v1'::regclass;
SELECT attstorage FROM pg_attribute WHERE attrelid = 'a_v1'::regclass AND attname = 'weights';
-- of a plain copy, and of a view without slots
CREATE TABLE a_plain AS TABLE a;
SELECT nnet.copy_model('a_plain', 'a_v2');
CREATE VIEW a_view AS SELECT * FROM a;
SELECT nnet.copy_model('a_view', 'a_v3');
SELECT count(*) FROM (TABLE a EXCEPT TABLE a_v3) x;
CREATE VIEW a_slotless AS SELECT layer, part, kind, name, inputs, config, weights FROM a;
SELECT pg_temp.fails($$SELECT nnet.copy_model('a_slotless', 'a_v4')$$);
SELECT pg_temp.fails($$SELECT nnet.copy_model('a', 'b')$$);
SELECT pg_temp.fails($$SELECT nnet.copy_model('a', NULL)$$);
SELECT pg_temp.fails($$SELECT nnet.copy_model('pg_class', 'x')$$);
SELECT nnet.copy_model(NULL, 'x') IS NULL;
-- CREATE TABLE AS loses the type; ALTER TABLE gives it back
ALTER TABLE a_plain OF nnet.layer;
SELECT reloftype::regtype FROM pg_class WHERE oid = 'a_plain'::regclass;

-- ---- going back and renaming ----

BEGIN;
SELECT nnet.create_model('short', nnet.input(1), nnet.dense(1));
ROLLBACK;
SELECT to_regclass('short') IS NULL;
ALTER TABLE a RENAME TO renamed;
SELECT kind FROM nnet.summary('renamed');
ALTER TABLE renamed RENAME TO a;

-- ---- layers of more than 16 million values ----

SELECT nnet.create_model('large', nnet.input(4100),
    nnet.dense(4100, kernel_initializer => 'zeros', bias_initializer => 'ones'));
SELECT layer, part, kind, name, inputs, config IS NULL, array_length(weights, 1), slots FROM large ORDER BY 1, 2;
SELECT layer, parameters FROM nnet.summary('large');
SELECT parameter, shape, array_dims(value) FROM nnet.parameters('large');
SELECT sum(v) FROM nnet.parameters('large') p, unnest(value) v WHERE parameter = 'bias';
DROP TABLE large;

-- ---- not models ----

CREATE TABLE not_a_model (layer int);
CREATE TABLE wrong_type AS SELECT layer, part, kind, name, inputs, config, weights::float8[], slots FROM a;
CREATE SEQUENCE a_sequence;
SELECT pg_temp.fails($$SELECT nnet.summary('not_a_model')$$);
SELECT pg_temp.fails($$SELECT nnet.summary('wrong_type')$$);
SELECT pg_temp.fails($$SELECT nnet.summary('a_sequence')$$);
SELECT pg_temp.fails($$SELECT nnet.summary('a_pkey')$$);
SELECT pg_temp.fails($$SELECT nnet.summary(1::regclass)$$);
SELECT count(*) FROM nnet.summary(NULL);

-- ---- privileges: all as the calling user ----

SET client_min_messages = warning;
DROP ROLE IF EXISTS nnet_test_reader;
RESET client_min_messages;
CREATE ROLE nnet_test_reader;
GRANT USAGE ON SCHEMA test_model TO nnet_test_reader;
SET ROLE nnet_test_reader;
SELECT pg_temp.fails($$SELECT nnet.summary('digits')$$);
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse')$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('theirs', nnet.input(1), nnet.dense(1))$$);
SELECT pg_temp.fails($$SELECT nnet.copy_model('digits', 'pg_temp.theirs')$$);
SELECT model FROM nnet.models WHERE model::text = 'digits';
RESET ROLE;
GRANT SELECT ON digits TO nnet_test_reader;
SET ROLE nnet_test_reader;
SELECT count(*) FROM nnet.summary('digits');
SELECT model, writable FROM nnet.models WHERE model = 'digits'::regclass;
SELECT pg_temp.fails($$SELECT nnet.compile('digits', 'mse')$$);
SELECT nnet.copy_model('digits', 'pg_temp.my_digits');
RESET ROLE;
GRANT UPDATE ON digits TO nnet_test_reader;
SET ROLE nnet_test_reader;
SELECT nnet.compile('digits', 'sparse_categorical_crossentropy');
SELECT model, writable FROM nnet.models WHERE model = 'digits'::regclass;
DROP TABLE my_digits;
RESET ROLE;

-- ---- the view models ----

COMMENT ON TABLE a IS 'the first';
SELECT model, owner = current_user, bytes > 0, writable, description
    FROM nnet.models WHERE model::text IN ('a', 'a_plain', 'a_view', 'mine') ORDER BY model::text;

-- ---- the extension stays while there are models ----

SELECT (ARRAY(SELECT pg_temp.fails('DROP EXTENSION nnet')))[1];

-- ---- info and settings ----

SELECT jsonb_object_agg(key, jsonb_typeof(value)) FROM jsonb_each(nnet.info());
SELECT nnet.info()->>'version' = extversion FROM pg_extension WHERE extname = 'nnet';
SELECT nnet.info()->>'blas' ~ '^OpenBLAS', nnet.info()->>'kernels' <> '', nnet.info()->'blas_threads';
SET nnet.threads = 1;
SELECT nnet.info()->'threads';
SET nnet.threads = 3;
SELECT nnet.info()->'threads';
SELECT pg_temp.fails('SET nnet.threads = 65');
SELECT pg_temp.fails('SET nnet.threads = -1');
RESET nnet.threads;
-- the range is written with units since PostgreSQL 17
SELECT split_part(f, '(', 1) AS out_of_range FROM pg_temp.fails('SET nnet.cache_size = ''-1''') f;
-- a prefix can be reserved since PostgreSQL 15
SELECT bool_or(f ~ '^42602.*nnet.treads') OR current_setting('server_version_num')::int < 150000 AS refused
FROM pg_temp.fails('SET nnet.treads = 1') f;
SELECT name, setting, unit, vartype, context FROM pg_settings WHERE name LIKE 'nnet.%' ORDER BY name;

DROP OWNED BY nnet_test_reader;
DROP ROLE nnet_test_reader;
SET client_min_messages = warning;
DROP SCHEMA test_model CASCADE;
