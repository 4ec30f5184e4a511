-- Time series: windows made by SQL, one step ahead, many steps ahead.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS nnet;
RESET client_min_messages;
CREATE SCHEMA test_series;
SET search_path = test_series;
SET extra_float_digits = 0;
\set SHOW_CONTEXT never

-- ---- what forecast feeds back ----

-- the sum of the last three: 1, 1, 1, 3, 5, 9, ...
SELECT nnet.create_model('sum3', nnet.input(3), nnet.dense(1, use_bias => false, kernel_initializer => 'ones'));
SELECT nnet.forecast('sum3', ARRAY[1, 1, 1], 5);
SELECT nnet.forecast('sum3', '{9,9,1,1,1}'::real[], 5), nnet.forecast('sum3', '{9,9,1,1,1}'::numeric[], 1);
-- the same with one feature a step
SELECT nnet.create_model('sum31', nnet.input(3, 1), nnet.flatten(), nnet.dense(1, use_bias => false, kernel_initializer => 'ones'));
SELECT nnet.forecast('sum31', ARRAY[1, 1, 1], 5);
-- two values at a time
SELECT nnet.create_model('pairs', nnet.input(2), nnet.dense(2, use_bias => false, kernel_initializer => 'ones'));
SELECT nnet.forecast('pairs', ARRAY[1, 2], 3), nnet.forecast('pairs', ARRAY[1, 2], 4);
-- any number of steps: as many as the history has
SELECT nnet.create_model('any', nnet.input(NULL, 1), nnet.global_max_pooling1d(), nnet.rescaling(0.5));
SELECT nnet.forecast('any', ARRAY[8, 2], 4), nnet.forecast('any', ARRAY[8, 2, 2, 2], 4);
-- the same by a recursive query
WITH RECURSIVE f (i, x) AS (
    SELECT 0, ARRAY[1, 1, 1]::real[]
    UNION ALL
    SELECT i + 1, x[2:] || nnet.predict('sum3', x) FROM f WHERE i < 5)
SELECT array_agg(x[3] ORDER BY i) = nnet.forecast('sum3', ARRAY[1, 1, 1], 5) AS same FROM f WHERE i > 0;
SELECT nnet.forecast('sum3', NULL::real[], 5) IS NULL AS nothing;

-- ---- what is refused ----

SELECT nnet.forecast('sum3', ARRAY[1, 2], 1);
SELECT nnet.forecast('sum3', '{}'::real[], 1);
SELECT nnet.forecast('any', '{}'::real[], 1);
SELECT nnet.forecast('sum3', ARRAY[1, NULL, 2], 1);
SELECT nnet.forecast('sum3', '{1,NaN,2}'::real[], 1);
SELECT nnet.forecast('sum3', ARRAY[1, 1, 1], 0);
SELECT nnet.forecast('sum3', ARRAY[1, 1, 1], 1000001);
SELECT nnet.forecast('sum3', 'one two'::text, 1);
SELECT nnet.create_model('two', nnet.input(3, 2), nnet.flatten(), nnet.dense(1));
SELECT nnet.forecast('two', ARRAY[1, 1, 1, 1, 1, 1], 1);
SELECT nnet.create_model('image', nnet.input(3, 3, 1), nnet.flatten(), nnet.dense(1));
SELECT nnet.forecast('image', ARRAY[1, 1, 1, 1, 1, 1], 1);

-- ---- airline passengers, 1949 to 1960 ----

CREATE TABLE airline AS
SELECT m::date AS month, p AS passengers
FROM unnest('{112,118,132,129,121,135,148,148,136,119,104,118,115,126,141,135,125,149,170,170,158,133,114,140,
    145,150,178,163,172,178,199,199,184,162,146,166,171,180,193,181,183,218,230,242,209,191,172,194,
    196,196,236,235,229,243,264,272,237,211,180,201,204,188,235,227,234,264,302,293,259,229,203,229,
    242,233,267,269,270,315,364,347,312,274,237,278,284,277,317,313,318,374,413,405,355,306,271,306,
    315,301,356,348,355,422,465,467,404,347,305,336,340,318,362,348,363,435,491,505,404,359,310,337,
    360,342,406,396,420,472,548,559,463,407,362,405,417,391,419,461,472,535,622,606,508,461,390,432}'::integer[]) WITH ORDINALITY AS u (p, n),
    LATERAL (SELECT timestamp '1949-01-01' + (n - 1) * interval '1 month') AS d (m);

-- what happened in a month, and the growth over a year in logarithms
CREATE VIEW growth AS
SELECT month, passengers, lag(passengers, 12) OVER w AS year_before,
    (ln(passengers) - ln(lag(passengers, 12) OVER w))::real AS g
FROM airline WINDOW w AS (ORDER BY month);
-- the year before, and the one that begins
CREATE VIEW windows AS
SELECT *, array_agg(g) OVER (ORDER BY month ROWS BETWEEN 12 PRECEDING AND 1 PRECEDING) AS x,
    array_agg(g) OVER (ORDER BY month ROWS BETWEEN CURRENT ROW AND 11 FOLLOWING) AS y FROM growth;

CREATE FUNCTION try(s integer, OUT naive numeric, OUT one_step float8, OUT naive_24 numeric, OUT steps_24 float8)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setseed(s / 10.0);
    PERFORM nnet.create_model('airline_lstm', nnet.input(12, 1), nnet.normalization(), nnet.lstm(16), nnet.dense(12));
    PERFORM nnet.compile('airline_lstm', 'mae', nnet.adam(0.005));
    PERFORM nnet.fit('airline_lstm', x, y, nnet.options(epochs => 30, batch_size => 8, seed => s))
    FROM windows WHERE month BETWEEN '1951-01-01' AND '1958-01-01';
    SELECT avg(abs(passengers - year_before)),
        avg(abs(passengers - year_before * exp((nnet.predict('airline_lstm', x))[1]))) INTO naive, one_step
    FROM windows WHERE month >= '1959-01-01';
    -- 24 months from the end of 1958 on: the second year grows from the first
    SELECT avg(abs(a.passengers - b.passengers)), avg(abs(a.passengers - b.passengers * exp(f))) INTO naive_24, steps_24
    FROM (SELECT n, sum(g) OVER (PARTITION BY n % 12 ORDER BY n) AS f
        FROM unnest(nnet.forecast('airline_lstm', (SELECT array_agg(g ORDER BY month) FROM growth
            WHERE month BETWEEN '1958-01-01' AND '1958-12-01'), 24)) WITH ORDINALITY AS u (g, n)) AS s
        JOIN airline AS a ON a.month = date '1958-12-01' + n * interval '1 month'
        JOIN airline AS b ON b.month = date '1958-01-01' + (n - 1) % 12 * interval '1 month';
    DROP TABLE airline_lstm;
END $$;
-- the mean absolute error is below that of "as a year before"
SELECT round(naive, 2) AS naive, one_step < naive / 2 AS one_step, round(naive_24, 2) AS naive_24, steps_24 < naive AS steps_24
FROM generate_series(1, 3) AS s, LATERAL try(s);

SET client_min_messages = warning;
DROP SCHEMA test_series CASCADE;
