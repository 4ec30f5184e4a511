-- A model's rights are its table's: who may read it predicts, who may update it
-- trains, and nobody sees more than that.
BEGIN;
SELECT no_plan();

CREATE ROLE nnet_owner;
CREATE ROLE nnet_reader;
CREATE ROLE nnet_trainer;
CREATE ROLE nnet_stranger;
CREATE SCHEMA lab AUTHORIZATION nnet_owner;
GRANT USAGE ON SCHEMA lab TO PUBLIC;

-- What a user may do, asserted from outside: a subtransaction gives the role back.
CREATE FUNCTION pg_temp.run_as(role text, query text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('role', role, true);
    EXECUTE query;
    PERFORM set_config('role', 'none', true);
END $$;
CREATE FUNCTION pg_temp.may(role text, query text, what text) RETURNS text LANGUAGE sql AS
$$ SELECT lives_ok(format('SELECT pg_temp.run_as(%L, %L)', role, query), what) $$;
CREATE FUNCTION pg_temp.may_not(role text, query text, what text) RETURNS text LANGUAGE sql AS
$$ SELECT throws_ok(format('SELECT pg_temp.run_as(%L, %L)', role, query), '42501', NULL, what) $$;

CREATE TABLE lab.rows AS SELECT ARRAY[i / 10.0, 1]::real[] AS x, i / 5.0 AS y FROM generate_series(1, 50) AS i;
GRANT SELECT ON lab.rows TO PUBLIC;

SELECT pg_temp.may('nnet_owner',
    $$ SELECT nnet.create_model('lab.m', nnet.input(2), nnet.dense(4, activation => 'tanh'), nnet.dense(1)) $$,
    'who may create tables creates models');
SELECT pg_temp.may('nnet_owner', $$ SELECT nnet.compile('lab.m', 'mse') $$,
    'its owner compiles it');

-- no such right in the schema
SELECT pg_temp.may_not('nnet_stranger', $$ SELECT nnet.create_model('lab.other', nnet.input(2), nnet.dense(1)) $$,
    'who may not create tables creates no models');

-- nothing granted
SELECT pg_temp.may_not('nnet_stranger', $$ SELECT nnet.predict('lab.m', '{1,1}'::real[]) $$,
    'without SELECT: no predict');
SELECT pg_temp.may_not('nnet_stranger', $$ SELECT nnet.classify('lab.m', '{1,1}'::real[]) $$,
    'no classify');
SELECT pg_temp.may_not('nnet_stranger', $$ SELECT nnet.predict_batch('lab.m', x) OVER () FROM lab.rows $$,
    'no predict_batch');
SELECT pg_temp.may_not('nnet_stranger', $$ SELECT nnet.evaluate('lab.m', x, y) FROM lab.rows $$,
    'no evaluate');
SELECT pg_temp.may_not('nnet_stranger', $$ SELECT * FROM nnet.summary('lab.m') $$,
    'no summary');
SELECT pg_temp.may_not('nnet_stranger', $$ SELECT * FROM nnet.history('lab.m') $$,
    'no history');
SELECT pg_temp.may_not('nnet_stranger', $$ SELECT * FROM nnet.parameters('lab.m') $$,
    'no parameters');
SELECT pg_temp.may_not('nnet_stranger', $$ SELECT nnet.copy_model('lab.m', 'pg_temp.stolen') $$,
    'no copy');
SELECT pg_temp.may_not('nnet_stranger', $$ SELECT nnet.fit('lab.m', x, y) FROM lab.rows $$,
    'no fit');
SELECT pg_temp.may_not('nnet_stranger', $$ SELECT nnet.compile('lab.m', 'mae') $$,
    'no compile');
SELECT pg_temp.may('nnet_stranger', $$ DO $d$ BEGIN ASSERT NOT EXISTS (SELECT FROM nnet.models WHERE model = 'lab.m'::regclass); END $d$ $$,
    'nnet.models does not show it');

-- SELECT
GRANT SELECT ON lab.m TO nnet_reader;
SELECT pg_temp.may('nnet_reader', $$ SELECT nnet.predict('lab.m', '{1,1}'::real[]) $$,
    'GRANT SELECT: predict');
SELECT pg_temp.may('nnet_reader', $$ SELECT nnet.predict_batch('lab.m', x) OVER () FROM lab.rows $$,
    'predict_batch');
SELECT pg_temp.may('nnet_reader', $$ SELECT nnet.evaluate('lab.m', x, y) FROM lab.rows $$,
    'evaluate');
SELECT pg_temp.may('nnet_reader', $$ SELECT * FROM nnet.summary('lab.m') $$,
    'summary');
SELECT pg_temp.may('nnet_reader', $$ SELECT nnet.copy_model('lab.m', 'pg_temp.mine') $$,
    'a copy of one''s own');
SELECT pg_temp.may('nnet_reader', $$ SELECT nnet.fit('pg_temp.mine', x, y) FROM lab.rows $$,
    'which one may train');
SELECT pg_temp.may('nnet_reader', $$ DO $d$ BEGIN ASSERT EXISTS (SELECT FROM nnet.models WHERE model = 'lab.m'::regclass); END $d$ $$,
    'nnet.models shows it');
SELECT pg_temp.may_not('nnet_reader', $$ SELECT nnet.fit('lab.m', x, y) FROM lab.rows $$,
    'but fit is refused');
SELECT pg_temp.may_not('nnet_reader', $$ SELECT nnet.compile('lab.m', 'mae') $$,
    'and compile');

-- SELECT and UPDATE
GRANT SELECT, UPDATE ON lab.m TO nnet_trainer;
SELECT pg_temp.may('nnet_trainer', $$ SELECT nnet.fit('lab.m', x, y, nnet.options(epochs => 2)) FROM lab.rows $$,
    'GRANT SELECT, UPDATE: fit');
SELECT pg_temp.may('nnet_trainer', $$ SELECT nnet.compile('lab.m', 'mae') $$,
    'and compile');
SELECT is((SELECT count(*) FROM nnet.history('lab.m')), 2::bigint, 'the training is in the history');
SELECT pg_temp.may_not('nnet_trainer', $$ DROP TABLE lab.m $$,
    'but not what is the owner''s');

-- REVOKE holds at once, also for a model that this session has loaded
SELECT pg_temp.may('nnet_reader', $$ SELECT nnet.predict('lab.m', '{1,1}'::real[]) $$,
    'loaded by the reader');
REVOKE SELECT ON lab.m FROM nnet_reader;
REVOKE UPDATE ON lab.m FROM nnet_trainer;
SELECT pg_temp.may_not('nnet_reader', $$ SELECT nnet.predict('lab.m', '{1,1}'::real[]) $$,
    'REVOKE SELECT: no predict any more');
SELECT pg_temp.may_not('nnet_trainer', $$ SELECT nnet.fit('lab.m', x, y) FROM lab.rows $$,
    'REVOKE UPDATE: no fit any more');
SELECT pg_temp.may('nnet_trainer', $$ SELECT nnet.predict('lab.m', '{1,1}'::real[]) $$,
    'while predict goes on');

-- what one user loaded is not another's
SELECT pg_temp.may_not('nnet_stranger', $$ SELECT nnet.predict('lab.m', '{1,1}'::real[]) $$,
    'a model cached for one user is not served to another');

-- a view hands out predictions without the model, as views do
CREATE VIEW lab.v AS SELECT * FROM lab.m;
ALTER VIEW lab.v OWNER TO nnet_owner;
GRANT SELECT ON lab.v TO nnet_stranger;
SELECT pg_temp.may('nnet_stranger', $$ SELECT nnet.predict('lab.v', '{1,1}'::real[]) $$,
    'a view with the owner''s rights predicts');
SELECT throws_ok($$ SELECT pg_temp.run_as('nnet_stranger', $q$ SELECT nnet.fit('lab.v', x, y) FROM lab.rows $q$) $$, NULL, NULL,
    'but does not train');

-- row security: each user has the rows the policy shows
SELECT nnet.copy_model('lab.m', 'lab.secured');
ALTER TABLE lab.secured OWNER TO nnet_owner;
ALTER TABLE lab.secured ENABLE ROW LEVEL SECURITY;
CREATE POLICY readers ON lab.secured FOR SELECT TO nnet_reader USING (true);
CREATE POLICY trainers ON lab.secured TO nnet_trainer USING (true);
GRANT SELECT ON lab.secured TO nnet_reader, nnet_stranger;
GRANT SELECT, UPDATE ON lab.secured TO nnet_trainer;
SELECT pg_temp.may('nnet_owner', $$ SELECT nnet.predict('lab.secured', '{1,1}'::real[]) $$,
    'row security: the owner predicts');
SELECT pg_temp.may('nnet_reader', $$ SELECT nnet.predict('lab.secured', '{1,1}'::real[]) $$,
    'who sees all rows predicts');
SELECT throws_ok($$ SELECT pg_temp.run_as('nnet_stranger', $q$ SELECT nnet.predict('lab.secured', '{1,1}'::real[]) $q$) $$, NULL, NULL,
    'who sees none gets an error');
SELECT pg_temp.may('nnet_trainer', $$ SELECT nnet.fit('lab.secured', x, y) FROM lab.rows $$,
    'who may update all rows trains');

CREATE POLICY half ON lab.secured AS RESTRICTIVE TO nnet_trainer USING (layer < 2);
SELECT throws_ok($$ SELECT pg_temp.run_as('nnet_trainer', $q$ SELECT nnet.fit('lab.secured', x, y) FROM lab.rows $q$) $$, NULL, NULL,
    'who sees half a model does not train it');

SELECT * FROM finish();
ROLLBACK;
