-- Seeing models and their training: summary with totals, rounded histories, pictures, pages.

CREATE FUNCTION nnet.summary(
    model pg_catalog.regclass, totals pg_catalog.bool,
    OUT layer pg_catalog.int4, OUT name pg_catalog.text, OUT kind pg_catalog.text,
    OUT inputs pg_catalog.text[], OUT output_shape pg_catalog.text,
    OUT parameters pg_catalog.int8, OUT trainable pg_catalog.int8, OUT size pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 20 AS 'MODULE_PATHNAME', 'nnet_summary_totals';
COMMENT ON FUNCTION nnet.summary(pg_catalog.regclass, pg_catalog.bool) IS
'the layers of a model, with how many parameters of each are trained, and what it takes; with totals also rows, whose layer is NULL, of all parameters, those that are trained and those that are not, and the state of the optimizer';

CREATE FUNCTION nnet.history(
    model pg_catalog.regclass, digits pg_catalog.int4,
    OUT epoch pg_catalog.int4, OUT loss pg_catalog.float8, OUT val_loss pg_catalog.float8,
    OUT metrics pg_catalog.jsonb, OUT samples pg_catalog.int8, OUT seconds pg_catalog.float8,
    OUT learning_rate pg_catalog.float8)
RETURNS SETOF pg_catalog.record
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 100 AS 'MODULE_PATHNAME', 'nnet_history_rounded';
COMMENT ON FUNCTION nnet.history(pg_catalog.regclass, pg_catalog.int4) IS
'the epochs a model was trained, figures rounded to so many significant digits, to be read';

CREATE FUNCTION nnet.plot(model pg_catalog.regclass)
RETURNS pg_catalog.text
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_plot';
COMMENT ON FUNCTION nnet.plot(pg_catalog.regclass) IS
'loss and metrics of a model by epoch, of training and validation, as a picture in SVG, for light and dark pages';

CREATE FUNCTION nnet.report(
    model pg_catalog.regclass, evaluation pg_catalog.jsonb DEFAULT NULL)
RETURNS pg_catalog.text
LANGUAGE C STABLE PARALLEL SAFE COST 10000 AS 'MODULE_PATHNAME', 'nnet_report';
COMMENT ON FUNCTION nnet.report(pg_catalog.regclass, pg_catalog.jsonb) IS
'a page of HTML that needs nothing else: the layers of a model, their graph, its training, and what an evaluation says: figures, confusion_matrix, feature_importances, tables';
