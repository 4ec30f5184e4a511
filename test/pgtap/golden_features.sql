-- Layers of columns against Keras and scikit-learn (test/golden/features.py).
\set ON_ERROR_STOP true
\set QUIET true
\pset format unaligned
\pset tuples_only true
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS nnet;
\ir ../golden/data/features.sql
SELECT plan(count(*)::integer) FROM golden_features;

-- Learn from the rows, if there are some, and compare what comes out for others.
CREATE FUNCTION pg_temp.check_features(c golden_features) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    worst float8;
    width int = cardinality(c.outputs[1]::real[]);
BEGIN
    PERFORM nnet.create_model('golden', c.model);
    IF cardinality(c.train) > 0 THEN
        PERFORM nnet.compile('golden', 'mse');
        EXECUTE format('SELECT nnet.fit(%L, t::%s, array_fill(0::real, ARRAY[%s]), nnet.options(epochs => 1, verbose => false)) FROM unnest($1) t',
                       'golden', c.x_type, width) USING c.train;
    END IF;
    EXECUTE format('SELECT max(coalesce(d, ''inf''::float8)) FROM unnest($1, $2) AS r(q, o), '
                   'LATERAL (SELECT max(abs(p - e) / greatest(abs(e), 1)) + CASE WHEN count(p) <> count(e) THEN ''inf''::float8 ELSE 0 END AS d '
                   'FROM unnest(nnet.predict(%L, q::%s), o::real[]) AS u(p, e)) AS v',
                   'golden', c.x_type) INTO worst USING c.query, c.outputs;
    DROP TABLE golden;
    RETURN is(worst < 1e-5, true, format('%s (off by %s)', c.name, worst));
END $$;
SELECT pg_temp.check_features(c) FROM golden_features c ORDER BY c.ctid;
SELECT * FROM finish();
ROLLBACK;
