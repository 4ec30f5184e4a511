-- A model is a table: copying, renaming, editing, transferring, averaging and
-- freezing are SQL.
BEGIN;
SELECT no_plan();

CREATE SCHEMA algebra;
SET LOCAL search_path = algebra, public;
CREATE TABLE rows AS
SELECT i AS id, ARRAY[sin(i), cos(i)]::real[] AS x, sin(i) * cos(i) AS y FROM generate_series(1, 200) AS i;
SELECT setseed(0.25);
SELECT nnet.create_model('m', nnet.input(2), nnet.dense(8, activation => 'tanh'), nnet.dense(1));
SELECT nnet.compile('m', 'mse', 'adam');
SELECT nnet.fit('m', x, y, nnet.options(epochs => 3, seed => 1)) FROM rows;

-- a fingerprint of the predictions; equal text is equal numbers
CREATE FUNCTION predictions(model regclass) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT md5(string_agg(nnet.predict(model, x)::text, ',' ORDER BY id)) FROM algebra.rows $$;
CREATE TABLE kept AS SELECT predictions('m') AS p;

-- ---- copies ----

SELECT is(nnet.copy_model('m', 'm_v1')::text, 'm_v1', 'copy_model returns the copy');
SELECT is(predictions('m_v1'), p, 'a copy predicts alike') FROM kept;
SELECT is((SELECT reloftype::regtype FROM pg_class WHERE oid = 'm_v1'::regclass), 'nnet.layer'::regtype, 'a copy is a typed table');
SELECT col_is_pk('algebra', 'm_v1', ARRAY['layer', 'part'], 'with its key');
SELECT is((SELECT string_agg(attstorage::text, '' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = 'm_v1'::regclass AND attname IN ('weights', 'slots')), 'ee', 'and its storage');
SELECT bag_eq('SELECT * FROM m', 'SELECT * FROM m_v1', 'row by row the same');
SELECT nnet.fit('m', x, y, nnet.options(epochs => 1, seed => 2)) FROM rows;
SELECT isnt(predictions('m'), p, 'the original trains on') FROM kept;
SELECT is(predictions('m_v1'), p, 'the copy stays') FROM kept;
SELECT nnet.fit('m_v1', x, y, nnet.options(epochs => 1, seed => 2)) FROM rows;
SELECT is(predictions('m_v1'), predictions('m'), 'and trained with the same rows follows exactly');

CREATE TABLE plain AS TABLE m;
SELECT is(predictions('plain'), predictions('m'), 'a plain CREATE TABLE AS predicts');
SELECT is_empty($$ SELECT model FROM nnet.models WHERE model = 'plain'::regclass $$, 'but is not listed');
ALTER TABLE plain OF nnet.layer;
ALTER TABLE plain ADD PRIMARY KEY (layer, part);
SELECT isnt_empty($$ SELECT model FROM nnet.models WHERE model = 'plain'::regclass $$, 'with the type given back it is');
SELECT lives_ok($$ SELECT nnet.fit('plain', x, y) FROM rows $$, 'and trains');

CREATE TABLE m_v2 OF nnet.layer (PRIMARY KEY (layer, part));
INSERT INTO m_v2 TABLE m;
SELECT is(predictions('m_v2'), predictions('m'), 'INSERT INTO a table of the type is a copy too');

CREATE VIEW shown AS SELECT * FROM m;
SELECT is(predictions('shown'), predictions('m'), 'a view predicts');
CREATE TABLE reordered AS SELECT slots, weights, name, config, 'mine' AS owner, kind, inputs, part, layer FROM m;
SELECT is(predictions('reordered'), predictions('m'), 'columns are found by name, others are passed over');

-- ---- names and versions ----

CREATE VIEW bound AS SELECT id, nnet.predict('m', x) AS p FROM rows;
ALTER TABLE m RENAME TO renamed;
SELECT is(predictions('renamed'), predictions('m_v2'), 'a renamed model predicts');
SELECT lives_ok('SELECT * FROM bound', 'a view bound to it follows the table, not the name');
ALTER TABLE renamed RENAME TO m;

CREATE TABLE other_rows AS SELECT id, x, -y AS y FROM rows;
SELECT nnet.fit('m_v2', x, y, nnet.options(epochs => 5, seed => 3)) FROM other_rows;
SELECT isnt(predictions('m'), predictions('m_v2'), 'another version');
DELETE FROM m;
INSERT INTO m TABLE m_v2;
SELECT is((SELECT md5(string_agg(p::text, ',' ORDER BY id)) FROM bound), predictions('m_v2'),
    'rows replaced in place: what is bound to the table sees the new version');

TRUNCATE m;
INSERT INTO m TABLE m_v1;
SELECT is(predictions('m'), predictions('m_v1'), 'TRUNCATE and INSERT in one transaction');
TRUNCATE m;
INSERT INTO m TABLE m_v2;
SELECT is(predictions('m'), predictions('m_v2'), 'and once more, other weights in the same places');

SAVEPOINT before;
SELECT nnet.fit('m', x, y, nnet.options(epochs => 1, seed => 4)) FROM rows;
SELECT isnt(predictions('m'), predictions('m_v2'), 'trained within a savepoint');
ROLLBACK TO before;
SELECT is(predictions('m'), predictions('m_v2'), 'rolled back');

-- ---- weights ----

UPDATE m SET weights = (SELECT array_agg(2 * w ORDER BY i) FROM unnest(weights) WITH ORDINALITY AS u (w, i))
WHERE layer = 2;
SELECT ok(bool_and(abs((nnet.predict('m', x))[1] - 2 * (nnet.predict('m_v2', x))[1]) < 1e-5),
    'the last layer''s weights doubled: twice the output') FROM rows;
SELECT is((SELECT string_agg(name || '.' || parameter || ' ' || shape::text, ', ' ORDER BY layer, parameter DESC)
    FROM nnet.parameters('m')),
    'dense.kernel {2,8}, dense.bias {8}, dense_1.kernel {8,1}, dense_1.bias {1}', 'parameters by name and shape');
SELECT is((SELECT array_agg(v ORDER BY layer, part, o, i) FROM
    (SELECT layer, 0 AS part, CASE parameter WHEN 'kernel' THEN 0 ELSE 1 END AS o, i, v
     FROM nnet.parameters('m'), unnest(value) WITH ORDINALITY AS u (v, i)) AS p),
    (SELECT array_agg(w ORDER BY layer, part, i) FROM m, unnest(weights) WITH ORDINALITY AS u (w, i)),
    'which are the weights of the table, in order');

-- ---- transfer ----

SELECT nnet.create_model('student', nnet.input(2), nnet.dense(8, activation => 'tanh'), nnet.dense(3, activation => 'softmax'));
DELETE FROM student WHERE layer BETWEEN 0 AND 1;
INSERT INTO student SELECT * FROM m WHERE layer BETWEEN 0 AND 1;
SELECT lives_ok($$ SELECT nnet.compile('student', 'sparse_categorical_crossentropy') $$, 'layers transferred: compiles');
UPDATE student SET config = config || '{"trainable": false}' WHERE layer = 1;
SELECT lives_ok($$ SELECT nnet.fit('student', x, id % 3, nnet.options(epochs => 2, seed => 1)) FROM rows $$, 'and trains');

-- ---- freezing ----

SELECT is(s.weights, m.weights, 'a frozen layer keeps its weights')
FROM student AS s JOIN m USING (layer, part) WHERE layer = 1;
CREATE TABLE student_before AS TABLE student;
UPDATE student SET config = config - 'trainable' WHERE layer = 1;
SELECT nnet.fit('student', x, id % 3, nnet.options(epochs => 1, seed => 1)) FROM rows;
SELECT isnt(s.weights, b.weights, 'thawed, layer ' || layer || ' learns')
FROM student AS s JOIN student_before AS b USING (layer, part) WHERE layer IN (1, 2);

-- ---- averages ----

SELECT is(nnet.average(v), '{2,3,4}'::real[], 'average is element by element')
FROM (VALUES ('{1,2,3}'::real[]), ('{3,4,5}')) AS t (v);
SELECT is(nnet.average(v), '{2,3,4}'::real[], 'without the NULLs')
FROM (VALUES ('{1,2,3}'::real[]), (NULL), ('{3,4,5}')) AS t (v);
SELECT is(nnet.average(v), NULL, 'of nothing: NULL') FROM (SELECT NULL::real[] WHERE false) AS t (v);
SELECT throws_ok($$ SELECT nnet.average(v) FROM (VALUES ('{1,2,3}'::real[]), ('{3,4}')) AS t (v) $$, NULL, NULL,
    'of different lengths: an error');

SELECT nnet.copy_model('m_v2', 'mean');
UPDATE mean SET weights = a.w FROM
    (SELECT layer, part, nnet.average(weights) AS w FROM (TABLE m_v1 UNION ALL TABLE m_v2) AS both_models GROUP BY layer, part) AS a
WHERE mean.layer = a.layer AND mean.part = a.part;
SELECT ok(bool_and(abs(w - (w1 + w2) / 2) < 1e-6), 'two models averaged: each weight is the mean')
FROM (SELECT unnest(a.weights) AS w, unnest(b.weights) AS w1, unnest(c.weights) AS w2
      FROM mean AS a JOIN m_v1 AS b USING (layer, part) JOIN m_v2 AS c USING (layer, part)) AS u;
SELECT lives_ok($$ SELECT predictions('mean') $$, 'and the mean predicts');

SELECT * FROM finish();
ROLLBACK;
