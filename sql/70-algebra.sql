-- Arithmetic on models: nnet.average.

CREATE FUNCTION nnet.average_transition(internal, real[])
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_average_transition'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_transition(internal, real[]) IS
'implementation of nnet.average()';

CREATE FUNCTION nnet.average_combine(internal, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_average_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_combine(internal, internal) IS
'implementation of nnet.average()';

CREATE FUNCTION nnet.average_serialize(internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'nnet_average_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_serialize(internal) IS
'implementation of nnet.average()';

CREATE FUNCTION nnet.average_deserialize(bytea, internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_average_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_deserialize(bytea, internal) IS
'implementation of nnet.average()';

CREATE FUNCTION nnet.average_final(internal)
RETURNS real[]
AS 'MODULE_PATHNAME', 'nnet_average_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.average_final(internal) IS
'implementation of nnet.average()';

CREATE AGGREGATE nnet.average(real[]) (
    SFUNC = nnet.average_transition,
    STYPE = internal,
    SSPACE = 65536,
    FINALFUNC = nnet.average_final,
    COMBINEFUNC = nnet.average_combine,
    SERIALFUNC = nnet.average_serialize,
    DESERIALFUNC = nnet.average_deserialize,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.average(real[]) IS
'average of arrays, element by element';
