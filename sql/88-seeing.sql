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

-- The state of other sessions: only as they allow, see the function.
CREATE FUNCTION nnet.progress_rows(
    OUT pid pg_catalog.int4, OUT datid pg_catalog.oid, OUT model pg_catalog.regclass,
    OUT epoch pg_catalog.int4, OUT epochs pg_catalog.int4, OUT step pg_catalog.int8,
    OUT loss pg_catalog.float8, OUT started pg_catalog.timestamptz,
    OUT estimated_end pg_catalog.timestamptz)
RETURNS SETOF pg_catalog.record
LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 100 ROWS 10 AS 'MODULE_PATHNAME', 'nnet_progress';
COMMENT ON FUNCTION nnet.progress_rows() IS
'implementation of the view nnet.progress';

CREATE VIEW nnet.progress AS
    SELECT p.pid, d.datname, p.model, p.epoch, p.epochs, p.step, p.loss, p.started, p.estimated_end
    FROM nnet.progress_rows() AS p
    LEFT JOIN pg_catalog.pg_database AS d ON d.oid OPERATOR(pg_catalog.=) p.datid;
GRANT SELECT ON nnet.progress TO PUBLIC;
COMMENT ON VIEW nnet.progress IS 'trainings that are under way, where the library is preloaded; of other roles the pid alone, but to members of pg_read_all_stats';
COMMENT ON COLUMN nnet.progress.pid IS 'of the session';
COMMENT ON COLUMN nnet.progress.datname IS 'its database';
COMMENT ON COLUMN nnet.progress.model IS 'that is trained, if it is of this database';
COMMENT ON COLUMN nnet.progress.epoch IS 'the epoch under way';
COMMENT ON COLUMN nnet.progress.epochs IS 'that are asked for';
COMMENT ON COLUMN nnet.progress.step IS 'steps of the optimizer over the model''s life';
COMMENT ON COLUMN nnet.progress.loss IS 'of the epoch so far';
COMMENT ON COLUMN nnet.progress.started IS 'when its rows were read';
COMMENT ON COLUMN nnet.progress.estimated_end IS 'if it goes on as it did';
