-- nnet.precision: what products are rounded to.  What is expected is the same on
-- a processor that multiplies bfloat16 and on one that does not.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_precision;
SET search_path = test_precision;
\set SHOW_CONTEXT never

SELECT nnet.info() ->> 'precision' AS precision, jsonb_typeof(nnet.info() -> 'bfloat16') AS bfloat16;
SHOW nnet.precision;
SET nnet.precision = 'float16';

CREATE FUNCTION pg_temp.has() RETURNS boolean LANGUAGE sql AS $$ SELECT (nnet.info() -> 'bfloat16')::boolean $$;
-- Use bfloat16 if it can be had; whether it is refused where it cannot.
CREATE FUNCTION pg_temp.bfloat16() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('nnet.precision', 'bfloat16', false);
    RETURN pg_temp.has() AND nnet.info() ->> 'precision' = 'bfloat16';
EXCEPTION WHEN feature_not_supported THEN
    RETURN NOT pg_temp.has() AND nnet.info() ->> 'precision' = 'float32';
END $$;
SELECT pg_temp.bfloat16();
RESET nnet.precision;
SELECT nnet.info() ->> 'precision' AS precision;

-- ---- prediction ----

SELECT setseed(0.5);
CREATE TABLE rows AS
    SELECT i, ARRAY(SELECT sin(i * j) FROM generate_series(1, 24) AS j)::real[] AS x, i % 3 AS y
    FROM generate_series(1, 200) AS i;
SELECT nnet.create_model('dense', nnet.input(24), nnet.dense(70, 'relu'), nnet.dense(3, 'softmax')) IS NOT NULL,
    nnet.create_model('conv', nnet.input(24, 1), nnet.conv1d(16, 3, activation => 'relu'), nnet.flatten(),
        nnet.dense(3, 'softmax')) IS NOT NULL,
    nnet.create_model('lstm', nnet.input(24, 1), nnet.lstm(20), nnet.dense(3, 'softmax')) IS NOT NULL;
SELECT nnet.compile(m, 'sparse_categorical_crossentropy', metrics => '{accuracy}') IS NOT NULL
    FROM unnest('{dense,conv,lstm}'::regclass[]) AS m;

CREATE TABLE answers (precision text, call text, model regclass, i integer, p real[]);
CREATE PROCEDURE pg_temp.answer(named text) LANGUAGE sql AS $$
    INSERT INTO answers SELECT named, 'predict', m, i, nnet.predict(m, x)
        FROM rows, unnest('{dense,conv,lstm}'::regclass[]) AS m;
    INSERT INTO answers SELECT named, 'predict_batch', m, i, nnet.predict_batch(m, x) OVER (PARTITION BY m)
        FROM rows, unnest('{dense,conv,lstm}'::regclass[]) AS m;
$$;
CALL pg_temp.answer('float32');
SELECT pg_temp.bfloat16();
CALL pg_temp.answer('bfloat16');
-- rows alone and in batches round alike
SELECT count(*), bool_and(abs(a.v - b.v) < 1e-5) AS alike
    FROM (SELECT model, i, n, v FROM answers, unnest(p) WITH ORDINALITY AS u(v, n)
        WHERE precision = 'bfloat16' AND call = 'predict') AS a
    JOIN (SELECT model, i, n, v FROM answers, unnest(p) WITH ORDINALITY AS u(v, n)
        WHERE precision = 'bfloat16' AND call = 'predict_batch') AS b USING (model, i, n);
SET nnet.precision = 'float32';
CALL pg_temp.answer('float32 again');
SELECT call, model, count(*), bool_and(a.p = c.p) AS same_again, bool_or(a.p <> b.p) = pg_temp.has() AS rounded,
        bool_and((SELECT max(abs(u - v)) FROM unnest(a.p, b.p) AS q(u, v)) < 0.02) AS near
    FROM answers a JOIN answers b USING (call, model, i) JOIN answers c USING (call, model, i)
    WHERE a.precision = 'float32' AND b.precision = 'bfloat16' AND c.precision = 'float32 again'
    GROUP BY call, model ORDER BY call, model;

-- ---- a change is there at the next call: prepared statements, functions with settings of their own ----

PREPARE one AS SELECT nnet.predict('dense', x) = (SELECT p FROM answers a
    WHERE a.precision = $1 AND call = 'predict' AND model = 'dense'::regclass AND a.i = rows.i) AS same FROM rows WHERE i = 7;
EXECUTE one('float32');
SELECT pg_temp.bfloat16();
EXECUTE one('bfloat16');
RESET nnet.precision;
EXECUTE one('float32');
DO $$ BEGIN IF pg_temp.has() THEN
    EXECUTE 'CREATE FUNCTION pg_temp.rounded(x real[]) RETURNS real[] LANGUAGE plpgsql SET nnet.precision = ''bfloat16'' AS
        ''BEGIN RETURN nnet.predict(''''dense'''', x); END''';
ELSE
    EXECUTE 'CREATE FUNCTION pg_temp.rounded(x real[]) RETURNS real[] LANGUAGE sql AS ''SELECT nnet.predict(''''dense'''', x)''';
END IF; END $$;
SELECT bool_and(pg_temp.rounded(x) = b.p AND nnet.predict('dense', x) = a.p) AS each_its_own
    FROM rows JOIN answers a USING (i) JOIN answers b USING (i, call, model)
    WHERE a.precision = 'float32' AND b.precision = 'bfloat16' AND call = 'predict' AND model = 'dense'::regclass;
-- as one pass over a model's rows is under way another begins with the other precision
SELECT bool_and(r.p = a.p) AS one, bool_and(q = b.p) AS other
    FROM (SELECT i, nnet.predict_batch('dense', x) OVER () AS p, pg_temp.rounded(x) AS q FROM rows) AS r
    JOIN answers a USING (i) JOIN answers b USING (i, model)
    WHERE a.precision = 'float32' AND a.call = 'predict_batch' AND b.precision = 'bfloat16' AND b.call = 'predict'
        AND model = 'dense'::regclass;

-- what is computed from values stands in indexes: in float32 always
CREATE TABLE packed AS SELECT nnet.pack('dense', slots => false) AS model;
CREATE TABLE of_value AS
    SELECT i, nnet.predict_value(model, x) AS p, nnet.classify_value(model, x) AS class FROM packed, rows;
CREATE TABLE of_scores AS SELECT nnet.evaluate(nnet.score_value(model, x, y)) AS scores FROM packed, rows;
SELECT pg_temp.bfloat16();
SELECT count(*), bool_and(nnet.predict_value(model, x) = p) AS the_same, bool_and(nnet.classify_value(model, x) = class) AS as_well
    FROM packed, rows JOIN of_value USING (i);
SELECT scores = (SELECT nnet.evaluate(nnet.score_value(model, x, y)) FROM packed, rows) AS the_same FROM of_scores;
RESET nnet.precision;

-- ---- training ----

CREATE TABLE fits (name text, model text, weights real[]);
CREATE FUNCTION pg_temp.fit(named text, model text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    result jsonb;
BEGIN
    PERFORM nnet.copy_model(model::regclass, 'trained');
    SELECT nnet.fit('trained', x, y, nnet.options(epochs => 3, seed => 4, verbose => false)) INTO result FROM rows;
    INSERT INTO fits SELECT named, model, array_agg(w ORDER BY layer, part, n)
        FROM trained, unnest(weights) WITH ORDINALITY AS u(w, n) WHERE layer > 0;
    DROP TABLE trained;
    RETURN (result ->> 'loss')::float < 1.5;
END $$;
SELECT m, pg_temp.fit('float32', m) FROM unnest('{dense,conv,lstm}'::text[]) AS m;
SELECT pg_temp.bfloat16();
SELECT m, pg_temp.fit('bfloat16', m) AND pg_temp.fit('again', m) AS trains FROM unnest('{dense,conv,lstm}'::text[]) AS m;
SELECT (nnet.evaluate('dense', x, y) ->> 'loss')::float BETWEEN 0.5 AND 3 AS evaluated FROM rows;
RESET nnet.precision;
SELECT pg_temp.fit('float32 again', 'dense');
SELECT a.model, b.weights = c.weights AS same_again, (a.weights <> b.weights) = pg_temp.has() AS rounded,
        (SELECT max(abs(u - v)) FROM unnest(a.weights, b.weights) AS q(u, v)) < 0.1 AS near
    FROM fits a, fits b, fits c
    WHERE a.model = b.model AND b.model = c.model AND a.name = 'float32' AND b.name = 'bfloat16' AND c.name = 'again'
    ORDER BY a.model;
SELECT a.weights = b.weights AS float32_again FROM fits a, fits b
    WHERE a.model = 'dense' AND b.model = 'dense' AND a.name = 'float32' AND b.name = 'float32 again';
