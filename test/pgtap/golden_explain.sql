-- Integrated gradients against Keras on TensorFlow (test/golden/explain.py).
\set ON_ERROR_STOP true
\set QUIET true
\pset format unaligned
\pset tuples_only true
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS nnet;
\ir ../golden/data/explain.sql
SELECT plan(count(*)::integer) FROM golden_explain;
CREATE FUNCTION pg_temp.check_explain(c golden_explain) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    got real[];
    far float8;
BEGIN
    EXECUTE format('SELECT nnet.create_model(''golden'', %s)', c.layers);
    IF c.loss <> '' THEN
        PERFORM nnet.compile('golden', c.loss);
    END IF;
    EXECUTE format('UPDATE golden SET weights = w FROM (VALUES %s) AS v (n, w) WHERE layer = n', c.weights);
    got := nnet.explain('golden', c.x, c.baseline, class => c.class, steps => c.steps);
    SELECT max(coalesce(abs(g - e), 'Infinity')) / greatest(max(abs(e)), 1e-3) INTO far FROM unnest(got, c.expected) AS u (g, e);
    DROP TABLE golden;
    RETURN ok(far < 1e-4, format('%s: relative difference %s', c.name, far));
END $$;
SELECT pg_temp.check_explain(c) FROM golden_explain c ORDER BY c.ctid;
SELECT * FROM finish();
ROLLBACK;
