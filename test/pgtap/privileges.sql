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
GRANT SELECT ON pg_temp.__tcache__ TO PUBLIC;

SET ROLE nnet_owner;
CREATE TABLE lab.rows AS SELECT ARRAY[i / 10.0, 1]::real[] AS x, i / 5.0 AS y FROM generate_series(1, 50) AS i;
GRANT SELECT ON lab.rows TO PUBLIC;
SELECT lives_ok($$ SELECT nnet.create_model('lab.m', nnet.input(2), nnet.dense(4, activation => 'tanh'), nnet.dense(1)) $$,
    'who may create tables creates models');
SELECT lives_ok($$ SELECT nnet.compile('lab.m', 'mse') $$, 'its owner compiles it');

-- no such right in the schema
SET ROLE nnet_stranger;
SELECT throws_ok($$ SELECT nnet.create_model('lab.other', nnet.input(2), nnet.dense(1)) $$, '42501', NULL,
    'who may not create tables creates no models');

-- nothing granted
SELECT throws_ok($$ SELECT nnet.predict('lab.m', '{1,1}'::real[]) $$, '42501', NULL, 'without SELECT: no predict');
SELECT throws_ok($$ SELECT nnet.classify('lab.m', '{1,1}'::real[]) $$, '42501', NULL, 'no classify');
SELECT throws_ok($$ SELECT nnet.predict_batch('lab.m', x) OVER () FROM lab.rows $$, '42501', NULL, 'no predict_batch');
SELECT throws_ok($$ SELECT nnet.evaluate('lab.m', x, y) FROM lab.rows $$, '42501', NULL, 'no evaluate');
SELECT throws_ok($$ SELECT * FROM nnet.summary('lab.m') $$, '42501', NULL, 'no summary');
SELECT throws_ok($$ SELECT * FROM nnet.history('lab.m') $$, '42501', NULL, 'no history');
SELECT throws_ok($$ SELECT * FROM nnet.parameters('lab.m') $$, '42501', NULL, 'no parameters');
SELECT throws_ok($$ SELECT nnet.copy_model('lab.m', 'pg_temp.stolen') $$, '42501', NULL, 'no copy');
SELECT throws_ok($$ SELECT nnet.fit('lab.m', x, y) FROM lab.rows $$, '42501', NULL, 'no fit');
SELECT throws_ok($$ SELECT nnet.compile('lab.m', 'mae') $$, '42501', NULL, 'no compile');
SELECT is_empty($$ SELECT model FROM nnet.models WHERE model = 'lab.m'::regclass $$, 'nnet.models does not show it');

-- SELECT
SET ROLE nnet_owner;
GRANT SELECT ON lab.m TO nnet_reader;
SET ROLE nnet_reader;
SELECT lives_ok($$ SELECT nnet.predict('lab.m', '{1,1}'::real[]) $$, 'GRANT SELECT: predict');
SELECT lives_ok($$ SELECT nnet.predict_batch('lab.m', x) OVER () FROM lab.rows $$, 'predict_batch');
SELECT lives_ok($$ SELECT nnet.evaluate('lab.m', x, y) FROM lab.rows $$, 'evaluate');
SELECT lives_ok($$ SELECT * FROM nnet.summary('lab.m') $$, 'summary');
SELECT lives_ok($$ SELECT nnet.copy_model('lab.m', 'pg_temp.mine') $$, 'a copy of one''s own');
SELECT lives_ok($$ SELECT nnet.fit('pg_temp.mine', x, y) FROM lab.rows $$, 'which one may train');
SELECT isnt_empty($$ SELECT model FROM nnet.models WHERE model = 'lab.m'::regclass $$, 'nnet.models shows it');
SELECT throws_ok($$ SELECT nnet.fit('lab.m', x, y) FROM lab.rows $$, '42501', NULL, 'but fit is refused');
SELECT throws_ok($$ SELECT nnet.compile('lab.m', 'mae') $$, '42501', NULL, 'and compile');

-- SELECT and UPDATE
SET ROLE nnet_owner;
GRANT SELECT, UPDATE ON lab.m TO nnet_trainer;
SET ROLE nnet_trainer;
SELECT lives_ok($$ SELECT nnet.fit('lab.m', x, y, nnet.options(epochs => 2)) FROM lab.rows $$, 'GRANT SELECT, UPDATE: fit');
SELECT lives_ok($$ SELECT nnet.compile('lab.m', 'mae') $$, 'and compile');
SELECT is((SELECT count(*) FROM nnet.history('lab.m')), 2::bigint, 'the training is in the history');
SELECT throws_ok($$ DROP TABLE lab.m $$, '42501', NULL, 'but not what is the owner''s');

-- REVOKE holds at once, also for a model that this session has loaded
SET ROLE nnet_reader;
SELECT lives_ok($$ SELECT nnet.predict('lab.m', '{1,1}'::real[]) $$, 'loaded by the reader');
SET ROLE nnet_owner;
REVOKE SELECT ON lab.m FROM nnet_reader;
REVOKE UPDATE ON lab.m FROM nnet_trainer;
SET ROLE nnet_reader;
SELECT throws_ok($$ SELECT nnet.predict('lab.m', '{1,1}'::real[]) $$, '42501', NULL, 'REVOKE SELECT: no predict any more');
SET ROLE nnet_trainer;
SELECT throws_ok($$ SELECT nnet.fit('lab.m', x, y) FROM lab.rows $$, '42501', NULL, 'REVOKE UPDATE: no fit any more');
SELECT lives_ok($$ SELECT nnet.predict('lab.m', '{1,1}'::real[]) $$, 'while predict goes on');

-- what one user loaded is not another's
SET ROLE nnet_stranger;
SELECT throws_ok($$ SELECT nnet.predict('lab.m', '{1,1}'::real[]) $$, '42501', NULL,
    'a model cached for one user is not served to another');

-- a view hands out predictions without the model, as views do
SET ROLE nnet_owner;
CREATE VIEW lab.v AS SELECT * FROM lab.m;
GRANT SELECT ON lab.v TO nnet_stranger;
SET ROLE nnet_stranger;
SELECT lives_ok($$ SELECT nnet.predict('lab.v', '{1,1}'::real[]) $$, 'a view with the owner''s rights predicts');
SELECT throws_ok($$ SELECT nnet.fit('lab.v', x, y) FROM lab.rows $$, NULL, NULL, 'but does not train');

-- row security: each user has the rows the policy shows
SET ROLE nnet_owner;
SELECT nnet.copy_model('lab.m', 'lab.secured');
ALTER TABLE lab.secured ENABLE ROW LEVEL SECURITY;
CREATE POLICY readers ON lab.secured FOR SELECT TO nnet_reader USING (true);
CREATE POLICY trainers ON lab.secured TO nnet_trainer USING (true);
GRANT SELECT ON lab.secured TO nnet_reader, nnet_stranger;
GRANT SELECT, UPDATE ON lab.secured TO nnet_trainer;
SELECT lives_ok($$ SELECT nnet.predict('lab.secured', '{1,1}'::real[]) $$, 'row security: the owner predicts');
SET ROLE nnet_reader;
SELECT lives_ok($$ SELECT nnet.predict('lab.secured', '{1,1}'::real[]) $$, 'who sees all rows predicts');
SET ROLE nnet_stranger;
SELECT throws_ok($$ SELECT nnet.predict('lab.secured', '{1,1}'::real[]) $$, NULL, NULL, 'who sees none gets an error');
SET ROLE nnet_trainer;
SELECT lives_ok($$ SELECT nnet.fit('lab.secured', x, y) FROM lab.rows $$, 'who may update all rows trains');
SET ROLE nnet_owner;
CREATE POLICY half ON lab.secured AS RESTRICTIVE TO nnet_trainer USING (layer < 2);
SET ROLE nnet_trainer;
SELECT throws_ok($$ SELECT nnet.fit('lab.secured', x, y) FROM lab.rows $$, NULL, NULL, 'who sees half a model does not train it');

RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
