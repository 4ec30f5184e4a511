-- Choosing among models: nnet.search, nnet.cross_validate.

CREATE FUNCTION nnet.search(
    name pg_catalog.text, candidates pg_catalog.text, rows pg_catalog.text,
    folds pg_catalog.int4 DEFAULT 5, scoring pg_catalog.text DEFAULT 'loss',
    stratify pg_catalog.bool DEFAULT NULL, options pg_catalog.jsonb DEFAULT NULL,
    OUT rank pg_catalog.int4, OUT candidate pg_catalog.text, OUT params pg_catalog.jsonb,
    OUT score pg_catalog.float8, OUT std pg_catalog.float8, OUT scores pg_catalog.float8[],
    OUT metrics pg_catalog.jsonb, OUT seconds pg_catalog.float8, OUT error pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000 ROWS 10 AS 'MODULE_PATHNAME', 'nnet_search';
COMMENT ON FUNCTION nnet.search(
    pg_catalog.text, pg_catalog.text, pg_catalog.text, pg_catalog.int4, pg_catalog.text,
    pg_catalog.bool, pg_catalog.jsonb) IS
'train each candidate of a query (columns name, layers, loss, and optimizer, metrics, options, ...) on the rows of another (x, y, and weight, fold or group), without each fold, which scores it; the best becomes a model of that name, trained on all rows (NULL: none does)';

CREATE FUNCTION nnet.cross_validate(
    layers pg_catalog.jsonb[], rows pg_catalog.text, k pg_catalog.int4 DEFAULT 5,
    loss "any" DEFAULT NULL, optimizer "any" DEFAULT nnet.adam(), metrics "any" DEFAULT NULL,
    scoring pg_catalog.text DEFAULT 'loss', stratify pg_catalog.bool DEFAULT NULL,
    options pg_catalog.jsonb DEFAULT NULL,
    OUT fold pg_catalog.int4, OUT score pg_catalog.float8, OUT figures pg_catalog.jsonb,
    OUT epochs pg_catalog.int4, OUT samples pg_catalog.int8, OUT val_samples pg_catalog.int8,
    OUT seconds pg_catalog.float8)
RETURNS SETOF pg_catalog.record
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000 ROWS 5 AS 'MODULE_PATHNAME', 'nnet_cross_validate';
COMMENT ON FUNCTION nnet.cross_validate(
    pg_catalog.jsonb[], pg_catalog.text, pg_catalog.int4, "any", "any", "any", pg_catalog.text,
    pg_catalog.bool, pg_catalog.jsonb) IS
'train a model of these layers k times on the rows of a query (x, y, and weight, fold or group), each time without one fold, which scores it';
