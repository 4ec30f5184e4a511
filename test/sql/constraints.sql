-- Constraints of parameters, regularizers of activity and of matrices to be orthogonal.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_constraints;
SET search_path = test_constraints;
\set VERBOSITY terse
\set SHOW_CONTEXT never

CREATE TABLE rows AS
    SELECT i, ARRAY[(i * 7919 % 1000) / 1000.0, (i * 104729 % 1000) / 500.0 - 1, i % 7]::real[] AS x,
        ARRAY[i % 5, i % 3]::real[] AS y
    FROM generate_series(1, 200) i;
CREATE FUNCTION pg_temp.fails(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    hint text;
BEGIN
    EXECUTE query;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(E'\n', SQLSTATE || ': ' || SQLERRM, 'HINT: ' || nullif(hint, ''));
END $$;
-- A matrix of rows of so many columns: its rows' norms, or those of its columns.
CREATE FUNCTION pg_temp.norms(w float8[], columns int, by_column boolean) RETURNS float8[] LANGUAGE sql AS $$
    SELECT array_agg(norm ORDER BY place) FROM (
        SELECT CASE WHEN by_column THEN (i - 1) % columns ELSE (i - 1) / columns END AS place, sqrt(sum(v * v)) AS norm
        FROM unnest(w) WITH ORDINALITY AS u (v, i) GROUP BY 1) n
$$;
CREATE FUNCTION pg_temp.kernel(model regclass, layer text, parameter text) RETURNS float8[] LANGUAGE sql AS $$
    SELECT value::float8[] FROM nnet.parameters($1) p WHERE name = $2 AND p.parameter = $3
$$;

SELECT nnet.max_norm(), nnet.min_max_norm(), nnet.non_neg(), nnet.unit_norm();
SELECT nnet.max_norm(3, axis => '{0,1,2}'), nnet.orthogonal_regularizer(), nnet.activity_regularization(0.1);

-- ---- after a training they hold ----
SELECT nnet.create_model('m', nnet.input(3),
    nnet.dense(8, activation => 'tanh', kernel_constraint => nnet.max_norm(0.6), bias_constraint => 'non_neg'),
    nnet.dense(5, activation => 'tanh', kernel_constraint => nnet.unit_norm(axis => 1)),
    nnet.dense(2, kernel_constraint => '{"kind": "min_max_norm", "min_value": 0.3, "max_value": 0.4}'));
SELECT nnet.compile('m', 'mse', nnet.adam(0.05));
SELECT nnet.fit('m', x, y, nnet.options(epochs => 5, seed => 1)) ? 'loss' AS fitted FROM rows;
SELECT (SELECT max(n) < 0.6001 FROM unnest(pg_temp.norms(pg_temp.kernel('m', 'dense', 'kernel'), 8, true)) n) AS max_norm,
    (SELECT min(b) >= 0 AND max(b) > 0 FROM unnest(pg_temp.kernel('m', 'dense', 'bias')) b) AS non_neg,
    (SELECT bool_and(abs(n - 1) < 1e-5) FROM unnest(pg_temp.norms(pg_temp.kernel('m', 'dense_1', 'kernel'), 5, false)) n) AS unit_norm,
    (SELECT bool_and(n BETWEEN 0.2999 AND 0.4001) FROM unnest(pg_temp.norms(pg_temp.kernel('m', 'dense_2', 'kernel'), 2, true)) n) AS min_max_norm;
-- layers that are frozen stay as they are
UPDATE m SET config = config || '{"trainable": false}', weights = array_fill(-1::real, '{32}') WHERE name = 'dense';
SELECT nnet.fit('m', x, y, nnet.options(epochs => 1, seed => 1)) ? 'loss' AS fitted FROM rows;
SELECT DISTINCT v FROM unnest(pg_temp.kernel('m', 'dense', 'kernel') || pg_temp.kernel('m', 'dense', 'bias')) v;
-- a generator and its discriminator
SELECT nnet.create_model('gen', nnet.input(4), nnet.dense(3, kernel_constraint => nnet.max_norm(0.5))),
    nnet.create_model('judge', nnet.input(3), nnet.dense(6, 'tanh', kernel_constraint => nnet.unit_norm()), nnet.dense(1, 'sigmoid'));
SELECT nnet.compile('gen', 'mse'), nnet.compile('judge', 'binary_crossentropy');
SELECT nnet.fit_gan('gen', 'judge', x, nnet.gan_options(epochs => 2, seed => 1)) ? 'epochs' AS fitted FROM rows;
SELECT (SELECT max(n) < 0.5001 FROM unnest(pg_temp.norms(pg_temp.kernel('gen', 'dense', 'kernel'), 3, true)) n) AS max_norm,
    (SELECT bool_and(abs(n - 1) < 1e-5) FROM unnest(pg_temp.norms(pg_temp.kernel('judge', 'dense', 'kernel'), 6, true)) n) AS unit_norm;

-- ---- activity ----
SELECT nnet.create_model('active', nnet.input(3), nnet.dense(4, 'tanh', activity_regularizer => nnet.l1_l2(0.1, 0.2), name => 'hidden'), nnet.dense(2));
SELECT nnet.create_model('hidden', nnet.input(3), nnet.dense(4, 'tanh', name => 'hidden'));
SELECT nnet.compile('active', 'mse', nnet.sgd(0.01), metrics => 'mse');
SELECT nnet.fit('active', x, y, nnet.options(epochs => 2, validation_split => 0.25, batch_size => 32, seed => 1)) AS r FROM (SELECT * FROM rows ORDER BY i) r \gset
UPDATE hidden SET weights = a.weights FROM active a WHERE a.name = 'hidden' AND hidden.name = 'hidden';
SELECT nnet.evaluate('active', x, y) AS e FROM rows WHERE i > 150 \gset
SELECT abs((:'e'::jsonb->'loss')::float8 - (:'e'::jsonb->'mse')::float8 - (
    SELECT avg(s) FROM (SELECT (SELECT sum(0.1 * abs(h) + 0.2 * h * h) FROM unnest(nnet.predict('hidden', x)) h) AS s FROM rows WHERE i > 150) p)) < 1e-5 AS evaluated,
    abs((:'e'::jsonb->'loss')::float8 - (:'r'::jsonb->'val_loss')::float8) < 1e-6 AS validated;
-- one step in a batch of all rows, or of each alone, of samples whose steps differ
SELECT nnet.create_model('varied', nnet.input(NULL, 1), nnet.lstm(3, return_sequences => true, activity_regularizer => 'l2'), nnet.global_average_pooling1d(), nnet.dense(1));
SELECT nnet.compile('varied', 'mse');
CREATE TABLE varied_rows AS SELECT i, array_fill(i / 10.0::real, ARRAY[1 + i % 4])::real[] AS x, i % 2 AS y FROM generate_series(1, 8) i;
SELECT abs((nnet.evaluate('varied', x, y)->'loss')::float8
    - (SELECT avg((e->'loss')::float8) FROM (SELECT nnet.evaluate('varied', x, y) AS e FROM varied_rows GROUP BY i) s)) < 1e-6 AS padding
FROM varied_rows;

-- ---- a matrix whose columns become orthogonal ----
SELECT nnet.create_model('square', nnet.input(3), nnet.dense(3, kernel_regularizer => nnet.orthogonal_regularizer(5, 'columns')));
SELECT nnet.compile('square', 'mse', nnet.adam(0.01), loss_weights => 0.001);
SELECT nnet.fit('square', x, x, nnet.options(epochs => 100, batch_size => 50, seed => 1)) ? 'loss' AS fitted FROM rows;
SELECT max(abs(cosine)) < 0.05 AS orthogonal FROM (
    SELECT (w[1] * w[2] + w[4] * w[5] + w[7] * w[8]) / (n[1] * n[2]) AS cosine
    FROM (SELECT ARRAY(SELECT unnest(w)) AS w, pg_temp.norms(w, 3, true) AS n FROM pg_temp.kernel('square', 'dense', 'kernel') AS w) k) c;

-- ---- what is refused ----
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, kernel_constraint => 'norm'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, kernel_constraint => 3))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, kernel_constraint => '{"max_value": 3}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, kernel_constraint => '{"kind": "non_neg", "axis": 0}'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, kernel_constraint => nnet.max_norm(-1)))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, kernel_constraint => nnet.max_norm(axis => 2)))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, bias_constraint => nnet.unit_norm('{0,1}')))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, kernel_constraint => nnet.min_max_norm(2, 1)))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, kernel_constraint => nnet.min_max_norm(rate => 2)))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, bias_regularizer => nnet.orthogonal_regularizer()))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(1, kernel_regularizer => nnet.orthogonal_regularizer(mode => 'columns')))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, kernel_regularizer => nnet.orthogonal_regularizer(mode => 'both')))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, activity_regularizer => nnet.orthogonal_regularizer()))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(3), nnet.dense(2, activity_regularizer => 'orthogonal_regularizer'))$$);
SELECT pg_temp.fails($$SELECT nnet.create_model('bad', nnet.input(5, 2), nnet.bidirectional(nnet.lstm(2, activity_regularizer => 'l2'), merge_mode => 'sum'))$$);
SELECT nnet.create_model('loud', nnet.input(4), nnet.dense(3, activity_regularizer => 'l1'));
SELECT nnet.compile('loud', 'mse');
SELECT pg_temp.fails($$SELECT nnet.fit_gan('loud', 'judge', x) FROM rows$$);

SET client_min_messages = warning;
DROP SCHEMA test_constraints CASCADE;
