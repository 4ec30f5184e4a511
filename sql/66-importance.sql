-- Which features a model needs: nnet.permutation_importance.

CREATE TYPE nnet.feature_importance AS (
    feature pg_catalog.text, importance_mean pg_catalog.float8, importance_std pg_catalog.float8);
COMMENT ON TYPE nnet.feature_importance IS
'how much worse a model gets without a feature: of nnet.permutation_importance()';

CREATE FUNCTION nnet.permutation_importance_transition(internal, pg_catalog.regclass, "any", "any")
RETURNS internal
LANGUAGE C VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'nnet_permutation_importance_transition';
COMMENT ON FUNCTION nnet.permutation_importance_transition(internal, pg_catalog.regclass, "any", "any") IS
'implementation of nnet.permutation_importance()';

CREATE FUNCTION nnet.permutation_importance_transition(internal, pg_catalog.regclass, "any", "any", pg_catalog.jsonb)
RETURNS internal
LANGUAGE C VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'nnet_permutation_importance_transition';
COMMENT ON FUNCTION nnet.permutation_importance_transition(internal, pg_catalog.regclass, "any", "any", pg_catalog.jsonb) IS
'implementation of nnet.permutation_importance()';

CREATE FUNCTION nnet.permutation_importance_final(internal)
RETURNS nnet.feature_importance[]
LANGUAGE C VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'nnet_permutation_importance_final';
COMMENT ON FUNCTION nnet.permutation_importance_final(internal) IS
'implementation of nnet.permutation_importance()';

CREATE AGGREGATE nnet.permutation_importance(model pg_catalog.regclass, x "any", y "any") (
    SFUNC = nnet.permutation_importance_transition, STYPE = internal, SSPACE = 1073741824,
    FINALFUNC = nnet.permutation_importance_final, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = RESTRICTED);
COMMENT ON AGGREGATE nnet.permutation_importance(pg_catalog.regclass, "any", "any") IS
'how much the loss of a model grows over these rows when one feature (a value of x, a column of a row) is taken from other rows, for unnest()';

CREATE AGGREGATE nnet.permutation_importance(model pg_catalog.regclass, x "any", y "any", options pg_catalog.jsonb) (
    SFUNC = nnet.permutation_importance_transition, STYPE = internal, SSPACE = 1073741824,
    FINALFUNC = nnet.permutation_importance_final, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = RESTRICTED);
COMMENT ON AGGREGATE nnet.permutation_importance(pg_catalog.regclass, "any", "any", pg_catalog.jsonb) IS
'the same with options: repeats (5), seed, and metric, one of the model or loss';
