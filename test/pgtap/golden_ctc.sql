-- Networks of test/golden/networks_ctc.py against Keras, with 1, 2 and 3 threads.
\set ON_ERROR_STOP true
\set QUIET true
\pset format unaligned
\pset tuples_only true
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS nnet;
\ir ../golden/golden.sql
\ir ../golden/data/ctc.sql
SELECT plan((SELECT count(*) * 3 * 5 FROM golden_network)::integer);
SELECT pg_temp.check_golden(name, threads)
FROM golden_network, generate_series(1, 3) AS threads ORDER BY golden_network.ctid, threads;
SELECT * FROM finish();
ROLLBACK;
