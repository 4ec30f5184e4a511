-- Importances of features by shuffling them, as scikit-learn's.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE TABLE lines AS
    SELECT i, ARRAY[a, b, c]::real[] AS x, 3 * a - b AS y, a, b, c
    FROM (SELECT i, sin(i * 1.7) AS a, sin(i * 2.3 + 1) AS b, sin(i * 0.7) * 5 AS c FROM generate_series(1, 3000) AS i) AS r;
SELECT nnet.create_model('line', nnet.input(3), nnet.dense(1)) \g /dev/null
UPDATE line SET weights = '{3,-1,0,0.5}' WHERE layer = 1;
SELECT nnet.compile('line', 'mse', metrics => '{mae}');

-- of a linear model and squares it is known what shuffling costs: twice the square of the weight times the variance
CREATE FUNCTION pg_temp.near(a float8, b float8) RETURNS boolean LANGUAGE sql AS 'SELECT abs(a - b) < 0.03 * abs(b) + 1e-6';
SELECT feature, pg_temp.near(importance_mean, expected) AS near, (importance_std > 0) = (expected > 0) AS varies
FROM unnest((SELECT nnet.permutation_importance('line', x, y, '{"repeats": 40, "seed": 1}') FROM lines)),
    LATERAL (SELECT CASE feature WHEN '1' THEN 2 * 9 * var_pop(a) WHEN '2' THEN 2 * var_pop(b) ELSE 0 END AS expected FROM lines) AS e;
SELECT feature, pg_temp.near(importance_mean, expected) AS near
FROM unnest((SELECT nnet.permutation_importance('line', r, y, '{"repeats": 40, "seed": 1}') FROM (SELECT y, a AS first, ARRAY[b, c] AS others FROM lines) AS l, LATERAL (SELECT l.first, l.others) AS r)),
    LATERAL (SELECT CASE feature WHEN 'first' THEN 2 * 9 * var_pop(a) ELSE 2 * var_pop(b) END AS expected FROM lines) AS e;

-- the same seed, the same shuffles; another, others; rows with NULL are passed over
SELECT nnet.permutation_importance('line', x, y, '{"seed": 5}') = nnet.permutation_importance('line', x, y, '{"seed": 5}') AS same,
       nnet.permutation_importance('line', x, y, '{"seed": 5}') = nnet.permutation_importance('line', x, y, '{"seed": 6}') AS other
FROM lines;
SELECT nnet.permutation_importance('line', x, y, '{"seed": 5}' ORDER BY i) = (SELECT nnet.permutation_importance('line', x, y, '{"seed": 5}' ORDER BY i) FROM lines WHERE i <= 100) AS same
FROM (SELECT x, y, i FROM lines WHERE i <= 100 UNION ALL SELECT NULL, 1, 101 UNION ALL SELECT '{1,1,1}', NULL, 102 ORDER BY i) AS l;
-- one row has nobody to change with
SELECT bool_and(importance_mean = 0 AND importance_std = 0) FROM unnest((SELECT nnet.permutation_importance('line', x, y) FROM lines WHERE i = 1));

-- of labels, by a metric of which more is better; columns of a table; a group each
SELECT nnet.create_model('kind', nnet.features('lines', columns => '{a,c}'), nnet.dense(8, activation => 'relu'), nnet.dense(1, activation => 'sigmoid')) \g /dev/null
SELECT nnet.compile('kind', 'binary_crossentropy', nnet.adam(0.02), metrics => '{accuracy}');
SELECT nnet.fit('kind', l, a > 0, nnet.options(epochs => 5, seed => 1, verbose => false)) ->> 'epochs' AS epochs FROM lines AS l;
SELECT i % 2 AS half, feature, importance_mean > 0.3 AS needed, abs(importance_mean) < 0.1 AS idle
FROM (SELECT i % 2 AS i, nnet.permutation_importance('kind', l, a > 0, '{"metric": "accuracy", "repeats": 3, "seed": 1}') AS p FROM lines AS l GROUP BY i % 2) AS g, unnest(p)
ORDER BY 1, 2;
SELECT string_agg(feature, ' ' ORDER BY importance_mean DESC) FROM unnest((SELECT nnet.permutation_importance('kind', l, a > 0) FROM lines AS l));

-- what is refused
SELECT nnet.permutation_importance('line', x, y) FROM lines WHERE i < 0;
SELECT nnet.permutation_importance('line', NULL::real[], y) FROM lines;
SELECT nnet.permutation_importance('line', x, y, '{"metric": "accuracy"}') FROM lines;
SELECT nnet.permutation_importance('line', x, y, '{"repeats": 0}') FROM lines;
SELECT nnet.permutation_importance('line', x, y, '{"repeat": 3}') FROM lines;
SELECT nnet.permutation_importance(NULL, x, y) FROM lines;
SELECT nnet.permutation_importance((CASE WHEN i < 3 THEN 'line' ELSE 'kind' END)::regclass, x, y ORDER BY i) FROM lines;
SELECT nnet.permutation_importance('line', x, y, jsonb_build_object('repeats', i) ORDER BY i) FROM lines;
SELECT nnet.permutation_importance('line', x, y, CASE WHEN i < 3 THEN '{"repeats": 2}'::jsonb END ORDER BY i) FROM lines;
SELECT nnet.permutation_importance('line', x, y, CASE WHEN i > 2 THEN '{"repeats": 2}'::jsonb END ORDER BY i) FROM lines;
SELECT nnet.permutation_importance('line', x[1:2], y ORDER BY i) FROM lines;
SELECT nnet.create_model('raw', nnet.input(3), nnet.dense(1)) \g /dev/null
SELECT nnet.permutation_importance('raw', x, y) FROM lines;
SELECT nnet.create_model('signal', nnet.input(NULL, 1), nnet.lstm(2), nnet.dense(1)) \g /dev/null
SELECT nnet.compile('signal', 'mse');
SELECT nnet.permutation_importance('signal', x, y) FROM lines;
-- an error lets go what was counted as the session's memory
SELECT nnet.info() ->> 'memory_used' AS used \gset
SELECT nnet.permutation_importance('line', x, CASE WHEN i < 100 THEN y ELSE 'NaN' END ORDER BY i) FROM lines;
SELECT nnet.info() ->> 'memory_used' = :'used' AS let_go;
DROP TABLE lines, line, kind, raw, signal;
