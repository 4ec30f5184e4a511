-- Training in rounds, where the rows are: nnet.fit_rounds.

CREATE FUNCTION nnet.outer(
    learning_rate pg_catalog.float8 DEFAULT 0.7, momentum pg_catalog.float8 DEFAULT 0.9,
    nesterov pg_catalog.bool DEFAULT true)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_outer';
COMMENT ON FUNCTION nnet.outer(pg_catalog.float8, pg_catalog.float8, pg_catalog.bool) IS
'outer optimizer of nnet.fit_rounds(): how far a model goes towards the average of those that buckets have trained, and with which momentum';

CREATE FUNCTION nnet.round_report(model nnet.model, bucket pg_catalog.text)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_round_report';
COMMENT ON FUNCTION nnet.round_report(nnet.model, pg_catalog.text) IS
'implementation of nnet.fit_rounds()';

-- fit_value for few buckets and a small model: without its SSPACE the planner hashes
-- the rows' buckets, where sorting would write all rows to disk.
CREATE AGGREGATE nnet.fit_bucket(model nnet.model, x "any", y "any", options pg_catalog.jsonb) (
    SFUNC = nnet.fit_value_transition,
    STYPE = pg_catalog.internal,
    FINALFUNC = nnet.fit_value_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.fit_bucket(nnet.model, "any", "any", pg_catalog.jsonb) IS
'implementation of nnet.fit_rounds()';

CREATE AGGREGATE nnet.fit_bucket(model nnet.model, x "any", y "any", options pg_catalog.jsonb, weight "any") (
    SFUNC = nnet.fit_value_transition,
    STYPE = pg_catalog.internal,
    FINALFUNC = nnet.fit_value_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.fit_bucket(nnet.model, "any", "any", pg_catalog.jsonb, "any") IS
'implementation of nnet.fit_rounds()';

CREATE PROCEDURE nnet.fit_rounds(
    model pg_catalog.regclass, query pg_catalog.text, rounds pg_catalog.int4,
    options pg_catalog.jsonb DEFAULT NULL, "outer" pg_catalog.jsonb DEFAULT NULL,
    validation pg_catalog.text DEFAULT NULL, steps pg_catalog.int4 DEFAULT NULL,
    divide_batch pg_catalog.bool DEFAULT NULL)
LANGUAGE C AS 'MODULE_PATHNAME', 'nnet_fit_rounds';
COMMENT ON PROCEDURE nnet.fit_rounds(
    pg_catalog.regclass, pg_catalog.text, pg_catalog.int4, pg_catalog.jsonb, pg_catalog.jsonb,
    pg_catalog.text, pg_catalog.int4, pg_catalog.bool) IS
'train a model in rounds: on each bucket of the rows of a query (bucket, x, y, weight) for itself, in parallel or where a bucket''s rows are, then the average of what came out; each round is committed';
