-- Pictures: nnet.png, nnet.png_grid.

CREATE FUNCTION nnet.png(
    pixels "any",
    height pg_catalog.int4,
    width pg_catalog.int4,
    channels pg_catalog.int4 DEFAULT 1,
    low pg_catalog.float8 DEFAULT 0,
    high pg_catalog.float8 DEFAULT NULL)
RETURNS pg_catalog.bytea
AS 'MODULE_PATHNAME', 'nnet_png'
LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION nnet.png("any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.float8, pg_catalog.float8) IS
'a picture in a PNG file; low is black, high is white: 1 unless given, of bytea 255';

CREATE FUNCTION nnet.png_grid_transition(
    internal, "any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.int4)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_png_grid_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.png_grid_transition(internal, "any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.int4) IS
'implementation of nnet.png_grid()';

CREATE FUNCTION nnet.png_grid_transition(
    internal, "any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.int4,
    pg_catalog.float8, pg_catalog.float8)
RETURNS internal
AS 'MODULE_PATHNAME', 'nnet_png_grid_transition'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.png_grid_transition(internal, "any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.float8, pg_catalog.float8) IS
'implementation of nnet.png_grid()';

CREATE FUNCTION nnet.png_grid_final(internal)
RETURNS pg_catalog.bytea
AS 'MODULE_PATHNAME', 'nnet_png_grid_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION nnet.png_grid_final(internal) IS
'implementation of nnet.png_grid()';

CREATE AGGREGATE nnet.png_grid(
    pixels "any", height pg_catalog.int4, width pg_catalog.int4,
    channels pg_catalog.int4, columns pg_catalog.int4) (
    SFUNC = nnet.png_grid_transition,
    STYPE = internal,
    FINALFUNC = nnet.png_grid_final,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.png_grid("any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.int4) IS
'pictures of one size on a sheet, in a PNG file; 0 is black, 1 is white, of bytea 255';

CREATE AGGREGATE nnet.png_grid(
    pixels "any", height pg_catalog.int4, width pg_catalog.int4,
    channels pg_catalog.int4, columns pg_catalog.int4,
    low pg_catalog.float8, high pg_catalog.float8) (
    SFUNC = nnet.png_grid_transition,
    STYPE = internal,
    FINALFUNC = nnet.png_grid_final,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.png_grid("any", pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.int4, pg_catalog.float8, pg_catalog.float8) IS
'pictures of one size on a sheet, in a PNG file; low is black, high is white';
