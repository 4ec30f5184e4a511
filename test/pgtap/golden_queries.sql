-- Metrics of queries against scikit-learn (test/golden/queries.py).
\set ON_ERROR_STOP true
\set QUIET true
\pset format unaligned
\pset tuples_only true
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS nnet;
\ir ../golden/data/queries.sql
SELECT no_plan();

-- The largest difference relative to what is expected; what is not defined must be NULL.
CREATE FUNCTION pg_temp.distance(got float8[], expected float8[])
RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN coalesce(cardinality(got), -1) <> cardinality(expected) THEN 'Infinity'
                ELSE coalesce((SELECT max(CASE WHEN g IS NULL OR e IS NULL THEN CASE WHEN g IS NULL AND e IS NULL THEN 0 ELSE 'Infinity'::float8 END
                                               WHEN g = e THEN 0
                                               ELSE abs(g - e) / greatest(abs(e), 1e-3) END)
                               FROM unnest(got, expected) AS u(g, e)), 0) END $$;
CREATE FUNCTION pg_temp.check_metric(c golden_metric, source text, what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    got float8[];
    far float8;
BEGIN
    EXECUTE format('SELECT %s FROM (SELECT %s AS a FROM %s WHERE %s) AS s', c.reading, c.call, source, c.condition) INTO got;
    far := pg_temp.distance(got, c.expected);
    RETURN CASE WHEN far <= c.tolerance THEN ok(true, c.name || what)
                ELSE ok(false, format('%s%s: off by %s: %s', c.name, what, far, got)) END;
EXCEPTION WHEN OTHERS THEN
    RETURN ok(false, c.name || what || ': ' || SQLERRM);
END $$;
SELECT pg_temp.check_metric(c, 'golden_query', '') FROM golden_metric c ORDER BY c.ctid;
SELECT pg_temp.check_metric(c, '(SELECT * FROM golden_query ORDER BY md5(i::text)) AS q', ', in another order')
FROM golden_metric c ORDER BY c.ctid;

-- a row with NULL is as if it were not there
CREATE TEMP VIEW with_nulls AS
    SELECT * FROM golden_query
    UNION ALL SELECT NULL, NULL, 1, 1, 1, 1, 1, NULL, 'spam', NULL, NULL, 1, '{1}', NULL, 1, NULL, 'bee'
    UNION ALL SELECT NULL, 1, NULL, NULL, NULL, NULL, 1, 'spam', NULL, 1, 1, NULL, NULL, 1, NULL, 'bee', NULL;
SELECT pg_temp.check_metric(c, 'with_nulls', ', with NULLs')
FROM golden_metric c WHERE condition = 'true' AND call !~ '5, |ARRAY' ORDER BY c.ctid;

-- by parallel workers, as many as there are
CREATE TABLE golden_query_wide AS SELECT q.* FROM golden_query q;
ALTER TABLE golden_query_wide SET (parallel_workers = 4);
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE FUNCTION pg_temp.check_workers(c golden_metric) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    plan text;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT json) SELECT %s FROM golden_query_wide', c.call) INTO plan;
    RETURN ok(plan LIKE '%"Partial"%', c.name || ' has a parallel plan');
END $$;
SET LOCAL max_parallel_workers_per_gather = 4;
SELECT pg_temp.check_workers(c) FROM golden_metric c WHERE condition = 'true' ORDER BY c.ctid;
SELECT pg_temp.check_metric(c, 'golden_query_wide', ', four workers') FROM golden_metric c ORDER BY c.ctid;
SET LOCAL max_parallel_workers_per_gather = 1;
SELECT pg_temp.check_metric(c, 'golden_query_wide', ', one worker') FROM golden_metric c ORDER BY c.ctid;
SELECT * FROM finish();
ROLLBACK;
