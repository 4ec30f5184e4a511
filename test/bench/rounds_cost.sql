-- What the parts of a round of nnet.fit_rounds() take for a model of 4 million weights,
-- which goes without Adam's state as in long rounds, and comes back as sums of two buckets:
-- psql -f rounds_cost.sql in a private server; the processor times are those of log_statement_stats.  rounds_model.pl reckons with them.
\set VERBOSITY default
\pset tuples_only on
CREATE EXTENSION nnet;
SELECT nnet.create_model('m', nnet.input(2000), nnet.dense(2000), nnet.dense(1));
SELECT nnet.compile('m', 'mse', nnet.adam());
CREATE TABLE r AS SELECT array_fill(0.1::real, '{2000}') AS x, 1.0 AS y FROM generate_series(1,2);
SELECT nnet.fit('m', x, y) ->> 'steps' FROM r;
CREATE TABLE v AS SELECT nnet.pack('m', slots => false) AS model;
CREATE TABLE t AS SELECT model::text AS t FROM v;
CREATE TABLE s AS SELECT nnet.average_value_transition(nnet.average_value_transition(NULL, model, 10.0), model, 10.0) AS s FROM v;
CREATE TABLE st AS SELECT s::text AS t FROM s;
SELECT 'bytes', pg_column_size(model), (SELECT length(t) FROM t), (SELECT octet_length(s) FROM s) , (SELECT length(t) FROM st) FROM v;
SET client_min_messages = log;
SET log_statement_stats = on;
\echo pack2
SELECT nnet.pack('m', slots => false) IS NULL;
\echo out
SELECT length(model::text) FROM v;
\echo in
SELECT t::nnet.model IS NULL FROM t;
\echo state out
SELECT length(s::text) FROM s;
\echo state in
SELECT octet_length(t::bytea) FROM st;
\echo fit_value of 2 rows
SELECT nnet.fit_value(model, x, y, nnet.options(slots => false)) IS NULL FROM v, r;
\echo combine
SELECT nnet.average_value_combine(s, s) IS NULL FROM s;
\echo transition
SELECT nnet.average_value_transition(s, model, 10.0) IS NULL FROM v, s;
\echo final
SELECT nnet.average_value_final(s) IS NULL FROM s;
\echo load and save of a table
SELECT nnet.fit('m', x, y, nnet.options(slots => false)) IS NULL FROM r;
