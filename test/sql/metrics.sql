-- Metrics whose state is more than a sum and a count: auc.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_metrics;
SET search_path = test_metrics;
\set SHOW_CONTEXT never

CREATE TABLE rows AS
    SELECT i, ARRAY[(i * 7919 % 1000) / 1000.0, (i * 104729 % 1000) / 1000.0]::real[] AS x,
        (i * 7919 % 1000 + i % 400 > i * 104729 % 1000 + 200)::int AS y
    FROM generate_series(1, 4000) i;
-- the share of pairs of a positive and a negative that are in order, scikit-learn's roc_auc_score
CREATE FUNCTION pg_temp.area(scores real[], positive boolean[]) RETURNS float8 LANGUAGE sql AS $$
    SELECT (sum(rank) FILTER (WHERE p) - n * (n + 1) / 2.0) / (n * (count(*) - n))
    FROM (SELECT p, (rank() OVER (ORDER BY s) + rank() OVER (ORDER BY s) + count(*) OVER (PARTITION BY s) - 1) / 2.0 AS rank,
            count(*) FILTER (WHERE p) OVER () AS n
        FROM unnest(scores, positive) AS u (s, p)) r
    GROUP BY n
$$;
SELECT setseed(0.25);
SELECT nnet.create_model('m', nnet.input(2), nnet.dense(8, activation => 'relu'), nnet.dense(1, activation => 'sigmoid'));
SELECT nnet.compile('m', 'binary_crossentropy', metrics => '{accuracy,auc,mae}');
SELECT nnet.fit('m', x, y, nnet.options(epochs => 3, validation_split => 0.25, seed => 1)) AS fitted FROM rows \gset
SELECT key FROM jsonb_object_keys(:'fitted'::jsonb) AS key WHERE key ~ 'auc|mae' ORDER BY key COLLATE "C";
SELECT epoch, metrics ? 'auc' AND metrics ? 'val_auc' AND (metrics->'auc')::float8 BETWEEN 0.5 AND 1 AS has FROM nnet.history('m') ORDER BY epoch;

-- against the definition
SELECT abs((nnet.evaluate('m', x, y)->'auc')::float8
        - pg_temp.area(array_agg((nnet.predict('m', x))[1]), array_agg(y = 1))) < 1e-3 AS auc,
    abs((nnet.evaluate('m', x, y)->'mae')::float8 - avg(abs((nnet.predict('m', x))[1] - y))) < 1e-6 AS mae
FROM rows;
-- of one class there is no curve
SELECT nnet.evaluate('m', x, y)->'auc' AS auc FROM rows WHERE y = 1;
-- groups, and parallel workers
SELECT nnet.evaluate('m', x, y) AS r FROM rows \gset serial_
SELECT bool_and((r->'auc')::float8 BETWEEN 0.5 AND 1) AS groups FROM (SELECT nnet.evaluate('m', x, y) AS r FROM rows GROUP BY i % 7) g;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SELECT nnet.evaluate('m', x, y) AS r FROM rows \gset parallel_
SELECT abs((:'serial_r'::jsonb->'auc')::float8 - (:'parallel_r'::jsonb->'auc')::float8) < 1e-4 AS auc,
    abs((:'serial_r'::jsonb->'mae')::float8 - (:'parallel_r'::jsonb->'mae')::float8) < 1e-6 AS mae;
RESET ALL;
SET search_path = test_metrics;

-- several outputs are scores of one curve, labels of classes too
SELECT nnet.create_model('classes', nnet.input(2), nnet.dense(3, activation => 'softmax'));
SELECT nnet.compile('classes', 'categorical_crossentropy', optimizer => nnet.adam(0.05), metrics => '{auc}');
SELECT (nnet.fit('classes', x, CASE WHEN i % 3 = 0 THEN 'none' WHEN y = 1 THEN 'yes' ELSE 'no' END,
    nnet.options(seed => 1))->'auc')::float8 BETWEEN 0.5 AND 1 AS auc FROM rows;

-- where it has no meaning
SELECT nnet.compile('classes', 'sparse_categorical_crossentropy', metrics => '{r2_score}');
SELECT nnet.compile('m', 'hinge', metrics => '{auc}');
SELECT nnet.compile('m', 'mse', metrics => '{mae,auc}');
SELECT nnet.fit('m', x, y + 1) FROM rows;
SELECT nnet.evaluate('m', x, 0.5 - y) FROM rows;
SELECT (nnet.fit('m', x, y, nnet.options(seed => 1))->'auc')::float8 BETWEEN 0.5 AND 1 AS auc FROM rows;
SELECT nnet.create_model('line', nnet.input(2), nnet.dense(1));
SELECT nnet.compile('line', 'mse', metrics => '{auc}');
SELECT (nnet.fit('line', x, y, nnet.options(seed => 1))->'auc')::float8 BETWEEN 0 AND 1 AS auc FROM rows;

SET client_min_messages = warning;
DROP SCHEMA test_metrics CASCADE;
