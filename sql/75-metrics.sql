-- Metrics for any query: aggregates over truth and what was predicted, without a model.

CREATE TYPE nnet.confusion_cell AS (
    truth pg_catalog.text, predicted pg_catalog.text, count pg_catalog.float8);
COMMENT ON TYPE nnet.confusion_cell IS
'a pair of labels, and how many rows (or what weight) have it: of nnet.confusion_matrix()';

CREATE TYPE nnet.class_report AS (
    label pg_catalog.text, precision pg_catalog.float8, recall pg_catalog.float8,
    f1_score pg_catalog.float8, support pg_catalog.float8);
COMMENT ON TYPE nnet.class_report IS
'a class, or all of them, and how well it was predicted: of nnet.classification_report()';

CREATE TYPE nnet.roc_point AS (
    fpr pg_catalog.float8, tpr pg_catalog.float8, threshold pg_catalog.float8);
COMMENT ON TYPE nnet.roc_point IS
'rates of false and true positives of those that score at least a threshold: of nnet.roc_curve()';

CREATE TYPE nnet.precision_recall_point AS (
    precision pg_catalog.float8, recall pg_catalog.float8, threshold pg_catalog.float8);
COMMENT ON TYPE nnet.precision_recall_point IS
'precision and recall of those that score at least a threshold: of nnet.precision_recall_curve()';

CREATE TYPE nnet.calibration_bin AS (
    prob_true pg_catalog.float8, prob_pred pg_catalog.float8, count pg_catalog.int8);
COMMENT ON TYPE nnet.calibration_bin IS
'rows of similar probability: which share is of the class, and what was predicted in the mean: of nnet.calibration_curve()';

-- ---- steps that they share ----

CREATE FUNCTION nnet.tally_combine(state pg_catalog.bytea, other pg_catalog.bytea)
RETURNS pg_catalog.bytea
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_tally_combine';
COMMENT ON FUNCTION nnet.tally_combine(pg_catalog.bytea, pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.confusion_transition(state pg_catalog.bytea, truth "any", predicted "any")
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_confusion_transition';
COMMENT ON FUNCTION nnet.confusion_transition(pg_catalog.bytea, "any", "any") IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.confusion_transition(state pg_catalog.bytea, truth "any", predicted "any", weight pg_catalog.float8)
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_confusion_transition';
COMMENT ON FUNCTION nnet.confusion_transition(pg_catalog.bytea, "any", "any", pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.scores_transition(state pg_catalog.bytea, truth "any", score "any")
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_scores_transition';
COMMENT ON FUNCTION nnet.scores_transition(pg_catalog.bytea, "any", "any") IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.scores_transition(state pg_catalog.bytea, truth "any", score "any", weight pg_catalog.float8)
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_scores_transition';
COMMENT ON FUNCTION nnet.scores_transition(pg_catalog.bytea, "any", "any", pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.calibration_curve_transition(state pg_catalog.bytea, truth "any", probability "any")
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_calibration_curve_transition';
COMMENT ON FUNCTION nnet.calibration_curve_transition(pg_catalog.bytea, "any", "any") IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.calibration_curve_transition(state pg_catalog.bytea, truth "any", probability "any", n_bins pg_catalog.int4)
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_calibration_curve_transition';
COMMENT ON FUNCTION nnet.calibration_curve_transition(pg_catalog.bytea, "any", "any", pg_catalog.int4) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.calibration_curve_transition(state pg_catalog.bytea, truth "any", probability "any", n_bins pg_catalog.int4, strategy pg_catalog.text)
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_calibration_curve_transition';
COMMENT ON FUNCTION nnet.calibration_curve_transition(pg_catalog.bytea, "any", "any", pg_catalog.int4, pg_catalog.text) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.log_loss_transition(state pg_catalog.bytea, truth "any", probability "any")
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_log_loss_transition';
COMMENT ON FUNCTION nnet.log_loss_transition(pg_catalog.bytea, "any", "any") IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.log_loss_transition(state pg_catalog.bytea, truth "any", probability "any", weight pg_catalog.float8)
RETURNS pg_catalog.bytea
LANGUAGE C STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_log_loss_transition';
COMMENT ON FUNCTION nnet.log_loss_transition(pg_catalog.bytea, "any", "any", pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_transition(state pg_catalog.float8[], truth pg_catalog.float8, predicted pg_catalog.float8)
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_transition';
COMMENT ON FUNCTION nnet.regression_transition(pg_catalog.float8[], pg_catalog.float8, pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_transition(state pg_catalog.float8[], truth pg_catalog.float8, predicted pg_catalog.float8, weight pg_catalog.float8)
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_transition';
COMMENT ON FUNCTION nnet.regression_transition(pg_catalog.float8[], pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_transition(state pg_catalog.float8[], truth pg_catalog.float8, predicted pg_catalog.float4[])
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_array_transition';
COMMENT ON FUNCTION nnet.regression_transition(pg_catalog.float8[], pg_catalog.float8, pg_catalog.float4[]) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_transition(state pg_catalog.float8[], truth pg_catalog.float8, predicted pg_catalog.float4[], weight pg_catalog.float8)
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_array_transition';
COMMENT ON FUNCTION nnet.regression_transition(pg_catalog.float8[], pg_catalog.float8, pg_catalog.float4[], pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_transition(state pg_catalog.float8[], truth "any", predicted "any")
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_any_transition';
COMMENT ON FUNCTION nnet.regression_transition(pg_catalog.float8[], "any", "any") IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_transition(state pg_catalog.float8[], truth "any", predicted "any", weight pg_catalog.float8)
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_any_transition';
COMMENT ON FUNCTION nnet.regression_transition(pg_catalog.float8[], "any", "any", pg_catalog.float8) IS
'implementation of the metrics of queries';

CREATE FUNCTION nnet.regression_combine(state pg_catalog.float8[], other pg_catalog.float8[])
RETURNS pg_catalog.float8[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_regression_combine';
COMMENT ON FUNCTION nnet.regression_combine(pg_catalog.float8[], pg_catalog.float8[]) IS
'implementation of the metrics of queries';

-- ---- labels ----

CREATE FUNCTION nnet.confusion_matrix_final(state pg_catalog.bytea)
RETURNS nnet.confusion_cell[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_confusion_matrix_final';
COMMENT ON FUNCTION nnet.confusion_matrix_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.confusion_matrix(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.confusion_matrix_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.confusion_matrix("any", "any") IS
'pairs of labels and how many rows have each, in the order of the labels: SELECT * FROM unnest((SELECT nnet.confusion_matrix(...) FROM ...)); labels of any type, predicted ones also as text beside numbers; rows with NULL are passed over';

CREATE AGGREGATE nnet.confusion_matrix(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.confusion_matrix_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.confusion_matrix("any", "any", pg_catalog.float8) IS
'pairs of labels and how many rows have each, in the order of the labels: SELECT * FROM unnest((SELECT nnet.confusion_matrix(...) FROM ...)); labels of any type, predicted ones also as text beside numbers; rows with NULL are passed over, rows counted by their weights';

CREATE FUNCTION nnet.classification_report_final(state pg_catalog.bytea)
RETURNS nnet.class_report[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_classification_report_final';
COMMENT ON FUNCTION nnet.classification_report_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.classification_report(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.classification_report_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.classification_report("any", "any") IS
'precision, recall, F1 and support of each class, then accuracy and the means over classes, plain (macro avg) and by support (weighted avg), for unnest()';

CREATE AGGREGATE nnet.classification_report(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.classification_report_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.classification_report("any", "any", pg_catalog.float8) IS
'precision, recall, F1 and support of each class, then accuracy and the means over classes, plain (macro avg) and by support (weighted avg), for unnest(), rows counted by their weights';

CREATE FUNCTION nnet.accuracy_score_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_accuracy_score_final';
COMMENT ON FUNCTION nnet.accuracy_score_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.accuracy_score(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.accuracy_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.accuracy_score("any", "any") IS
'the share of rows whose label was predicted';

CREATE AGGREGATE nnet.accuracy_score(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.accuracy_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.accuracy_score("any", "any", pg_catalog.float8) IS
'the share of rows whose label was predicted, rows counted by their weights';

CREATE FUNCTION nnet.balanced_accuracy_score_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_balanced_accuracy_score_final';
COMMENT ON FUNCTION nnet.balanced_accuracy_score_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.balanced_accuracy_score(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.balanced_accuracy_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.balanced_accuracy_score("any", "any") IS
'the mean of the recalls of the classes';

CREATE AGGREGATE nnet.balanced_accuracy_score(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.balanced_accuracy_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.balanced_accuracy_score("any", "any", pg_catalog.float8) IS
'the mean of the recalls of the classes, rows counted by their weights';

CREATE FUNCTION nnet.precision_score_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_precision_score_final';
COMMENT ON FUNCTION nnet.precision_score_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.precision_score(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.precision_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.precision_score("any", "any") IS
'of two labels: which share of what was predicted to be the greater one is';

CREATE AGGREGATE nnet.precision_score(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.precision_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.precision_score("any", "any", pg_catalog.float8) IS
'of two labels: which share of what was predicted to be the greater one is, rows counted by their weights';

CREATE FUNCTION nnet.recall_score_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_recall_score_final';
COMMENT ON FUNCTION nnet.recall_score_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.recall_score(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.recall_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.recall_score("any", "any") IS
'of two labels: which share of what is the greater one was predicted to be';

CREATE AGGREGATE nnet.recall_score(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.recall_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.recall_score("any", "any", pg_catalog.float8) IS
'of two labels: which share of what is the greater one was predicted to be, rows counted by their weights';

CREATE FUNCTION nnet.f1_score_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_f1_score_final';
COMMENT ON FUNCTION nnet.f1_score_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.f1_score(truth "any", predicted "any") (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.f1_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.f1_score("any", "any") IS
'of two labels: the harmonic mean of precision and recall of the greater one';

CREATE AGGREGATE nnet.f1_score(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.confusion_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.f1_score_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.f1_score("any", "any", pg_catalog.float8) IS
'of two labels: the harmonic mean of precision and recall of the greater one, rows counted by their weights';

-- ---- scores ----

CREATE FUNCTION nnet.roc_auc_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_roc_auc_final';
COMMENT ON FUNCTION nnet.roc_auc_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.roc_auc(truth "any", score "any") (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.roc_auc_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.roc_auc("any", "any") IS
'the area under the curve of true against false positives, of two labels and the score of the greater (a number, or what nnet.predict() gives of one or two classes); NULL where there is one label only';

CREATE AGGREGATE nnet.roc_auc(truth "any", score "any", weight pg_catalog.float8) (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.roc_auc_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.roc_auc("any", "any", pg_catalog.float8) IS
'the area under the curve of true against false positives, of two labels and the score of the greater (a number, or what nnet.predict() gives of one or two classes); NULL where there is one label only, rows counted by their weights';

CREATE FUNCTION nnet.average_precision_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_average_precision_final';
COMMENT ON FUNCTION nnet.average_precision_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.average_precision(truth "any", score "any") (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.average_precision_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.average_precision("any", "any") IS
'precision summed over the steps of recall, of two labels and the score of the greater';

CREATE AGGREGATE nnet.average_precision(truth "any", score "any", weight pg_catalog.float8) (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.average_precision_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.average_precision("any", "any", pg_catalog.float8) IS
'precision summed over the steps of recall, of two labels and the score of the greater, rows counted by their weights';

CREATE FUNCTION nnet.roc_curve_final(state pg_catalog.bytea)
RETURNS nnet.roc_point[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_roc_curve_final';
COMMENT ON FUNCTION nnet.roc_curve_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.roc_curve(truth "any", score "any") (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.roc_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.roc_curve("any", "any") IS
'the rates of false and true positives by falling threshold, without points between two others on a line, for unnest()';

CREATE AGGREGATE nnet.roc_curve(truth "any", score "any", weight pg_catalog.float8) (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.roc_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.roc_curve("any", "any", pg_catalog.float8) IS
'the rates of false and true positives by falling threshold, without points between two others on a line, for unnest(), rows counted by their weights';

CREATE FUNCTION nnet.precision_recall_curve_final(state pg_catalog.bytea)
RETURNS nnet.precision_recall_point[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_precision_recall_curve_final';
COMMENT ON FUNCTION nnet.precision_recall_curve_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.precision_recall_curve(truth "any", score "any") (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.precision_recall_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.precision_recall_curve("any", "any") IS
'precision and recall by rising threshold, for unnest()';

CREATE AGGREGATE nnet.precision_recall_curve(truth "any", score "any", weight pg_catalog.float8) (
    SFUNC = nnet.scores_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.precision_recall_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.precision_recall_curve("any", "any", pg_catalog.float8) IS
'precision and recall by rising threshold, for unnest(), rows counted by their weights';

CREATE FUNCTION nnet.calibration_curve_final(state pg_catalog.bytea)
RETURNS nnet.calibration_bin[]
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_calibration_curve_final';
COMMENT ON FUNCTION nnet.calibration_curve_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.calibration_curve(truth "any", probability "any") (
    SFUNC = nnet.calibration_curve_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.calibration_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.calibration_curve("any", "any") IS
'of rows in bins by their probability (5, unless n_bins says otherwise): the share that is of the greater label, and the mean probability, for unnest()';

CREATE AGGREGATE nnet.calibration_curve(truth "any", probability "any", n_bins pg_catalog.int4) (
    SFUNC = nnet.calibration_curve_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.calibration_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.calibration_curve("any", "any", pg_catalog.int4) IS
'of rows in bins by their probability (5, unless n_bins says otherwise): the share that is of the greater label, and the mean probability, for unnest(); n_bins bins';

CREATE AGGREGATE nnet.calibration_curve(truth "any", probability "any", n_bins pg_catalog.int4, strategy pg_catalog.text) (
    SFUNC = nnet.calibration_curve_transition, STYPE = pg_catalog.bytea, SSPACE = 65536,
    FINALFUNC = nnet.calibration_curve_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.calibration_curve("any", "any", pg_catalog.int4, pg_catalog.text) IS
'of rows in bins by their probability (5, unless n_bins says otherwise): the share that is of the greater label, and the mean probability, for unnest(); bins of equal width (uniform) or of as many rows each (quantile)';

CREATE FUNCTION nnet.log_loss_final(state pg_catalog.bytea)
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_log_loss_final';
COMMENT ON FUNCTION nnet.log_loss_final(pg_catalog.bytea) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.log_loss(truth "any", probability "any") (
    SFUNC = nnet.log_loss_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.log_loss_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.log_loss("any", "any") IS
'the mean of the negative logarithm of the probability that the true label was given: of the greater of two, or an array of all labels in their order';

CREATE AGGREGATE nnet.log_loss(truth "any", probability "any", weight pg_catalog.float8) (
    SFUNC = nnet.log_loss_transition, STYPE = pg_catalog.bytea, SSPACE = 4096,
    FINALFUNC = nnet.log_loss_final, COMBINEFUNC = nnet.tally_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.log_loss("any", "any", pg_catalog.float8) IS
'the mean of the negative logarithm of the probability that the true label was given: of the greater of two, or an array of all labels in their order, rows counted by their weights';

-- ---- numbers ----

CREATE FUNCTION nnet.mse_final(state pg_catalog.float8[])
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_mse_final';
COMMENT ON FUNCTION nnet.mse_final(pg_catalog.float8[]) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.mse(truth pg_catalog.float8, predicted pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mse(pg_catalog.float8, pg_catalog.float8) IS
'the mean of the squared differences';

CREATE AGGREGATE nnet.mse(truth pg_catalog.float8, predicted pg_catalog.float8, weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mse(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'the mean of the squared differences, rows counted by their weights';

CREATE AGGREGATE nnet.mse(truth pg_catalog.float8, predicted pg_catalog.float4[]) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mse(pg_catalog.float8, pg_catalog.float4[]) IS
'the mean of the squared differences, of predictions as nnet.predict() gives them';

CREATE AGGREGATE nnet.mse(truth pg_catalog.float8, predicted pg_catalog.float4[], weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mse(pg_catalog.float8, pg_catalog.float4[], pg_catalog.float8) IS
'the mean of the squared differences, of predictions as nnet.predict() gives them, rows counted by their weights';

CREATE AGGREGATE nnet.mse(truth "any", predicted "any") (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mse("any", "any") IS
'the mean of the squared differences, of numbers of any type, alone or in arrays of one';

CREATE AGGREGATE nnet.mse(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mse("any", "any", pg_catalog.float8) IS
'the mean of the squared differences, of numbers of any type, alone or in arrays of one, rows counted by their weights';

CREATE FUNCTION nnet.rmse_final(state pg_catalog.float8[])
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_rmse_final';
COMMENT ON FUNCTION nnet.rmse_final(pg_catalog.float8[]) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.rmse(truth pg_catalog.float8, predicted pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.rmse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.rmse(pg_catalog.float8, pg_catalog.float8) IS
'the root of the mean of the squared differences';

CREATE AGGREGATE nnet.rmse(truth pg_catalog.float8, predicted pg_catalog.float8, weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.rmse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.rmse(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'the root of the mean of the squared differences, rows counted by their weights';

CREATE AGGREGATE nnet.rmse(truth pg_catalog.float8, predicted pg_catalog.float4[]) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.rmse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.rmse(pg_catalog.float8, pg_catalog.float4[]) IS
'the root of the mean of the squared differences, of predictions as nnet.predict() gives them';

CREATE AGGREGATE nnet.rmse(truth pg_catalog.float8, predicted pg_catalog.float4[], weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.rmse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.rmse(pg_catalog.float8, pg_catalog.float4[], pg_catalog.float8) IS
'the root of the mean of the squared differences, of predictions as nnet.predict() gives them, rows counted by their weights';

CREATE AGGREGATE nnet.rmse(truth "any", predicted "any") (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.rmse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.rmse("any", "any") IS
'the root of the mean of the squared differences, of numbers of any type, alone or in arrays of one';

CREATE AGGREGATE nnet.rmse(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.rmse_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.rmse("any", "any", pg_catalog.float8) IS
'the root of the mean of the squared differences, of numbers of any type, alone or in arrays of one, rows counted by their weights';

CREATE FUNCTION nnet.mae_final(state pg_catalog.float8[])
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_mae_final';
COMMENT ON FUNCTION nnet.mae_final(pg_catalog.float8[]) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.mae(truth pg_catalog.float8, predicted pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mae_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mae(pg_catalog.float8, pg_catalog.float8) IS
'the mean of the absolute differences';

CREATE AGGREGATE nnet.mae(truth pg_catalog.float8, predicted pg_catalog.float8, weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mae_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mae(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'the mean of the absolute differences, rows counted by their weights';

CREATE AGGREGATE nnet.mae(truth pg_catalog.float8, predicted pg_catalog.float4[]) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mae_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mae(pg_catalog.float8, pg_catalog.float4[]) IS
'the mean of the absolute differences, of predictions as nnet.predict() gives them';

CREATE AGGREGATE nnet.mae(truth pg_catalog.float8, predicted pg_catalog.float4[], weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mae_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mae(pg_catalog.float8, pg_catalog.float4[], pg_catalog.float8) IS
'the mean of the absolute differences, of predictions as nnet.predict() gives them, rows counted by their weights';

CREATE AGGREGATE nnet.mae(truth "any", predicted "any") (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mae_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mae("any", "any") IS
'the mean of the absolute differences, of numbers of any type, alone or in arrays of one';

CREATE AGGREGATE nnet.mae(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mae_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mae("any", "any", pg_catalog.float8) IS
'the mean of the absolute differences, of numbers of any type, alone or in arrays of one, rows counted by their weights';

CREATE FUNCTION nnet.mape_final(state pg_catalog.float8[])
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_mape_final';
COMMENT ON FUNCTION nnet.mape_final(pg_catalog.float8[]) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.mape(truth pg_catalog.float8, predicted pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mape_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mape(pg_catalog.float8, pg_catalog.float8) IS
'the mean of the absolute differences, each relative to truth (0.1 is ten per cent)';

CREATE AGGREGATE nnet.mape(truth pg_catalog.float8, predicted pg_catalog.float8, weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mape_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mape(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'the mean of the absolute differences, each relative to truth (0.1 is ten per cent), rows counted by their weights';

CREATE AGGREGATE nnet.mape(truth pg_catalog.float8, predicted pg_catalog.float4[]) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mape_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mape(pg_catalog.float8, pg_catalog.float4[]) IS
'the mean of the absolute differences, each relative to truth (0.1 is ten per cent), of predictions as nnet.predict() gives them';

CREATE AGGREGATE nnet.mape(truth pg_catalog.float8, predicted pg_catalog.float4[], weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mape_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mape(pg_catalog.float8, pg_catalog.float4[], pg_catalog.float8) IS
'the mean of the absolute differences, each relative to truth (0.1 is ten per cent), of predictions as nnet.predict() gives them, rows counted by their weights';

CREATE AGGREGATE nnet.mape(truth "any", predicted "any") (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mape_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mape("any", "any") IS
'the mean of the absolute differences, each relative to truth (0.1 is ten per cent), of numbers of any type, alone or in arrays of one';

CREATE AGGREGATE nnet.mape(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.mape_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.mape("any", "any", pg_catalog.float8) IS
'the mean of the absolute differences, each relative to truth (0.1 is ten per cent), of numbers of any type, alone or in arrays of one, rows counted by their weights';

CREATE FUNCTION nnet.r2_score_final(state pg_catalog.float8[])
RETURNS pg_catalog.float8
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_r2_score_final';
COMMENT ON FUNCTION nnet.r2_score_final(pg_catalog.float8[]) IS
'implementation of the metrics of queries';

CREATE AGGREGATE nnet.r2_score(truth pg_catalog.float8, predicted pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.r2_score_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.r2_score(pg_catalog.float8, pg_catalog.float8) IS
'which share of the variance of truth is predicted: 1 at best, 0 by its mean';

CREATE AGGREGATE nnet.r2_score(truth pg_catalog.float8, predicted pg_catalog.float8, weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.r2_score_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.r2_score(pg_catalog.float8, pg_catalog.float8, pg_catalog.float8) IS
'which share of the variance of truth is predicted: 1 at best, 0 by its mean, rows counted by their weights';

CREATE AGGREGATE nnet.r2_score(truth pg_catalog.float8, predicted pg_catalog.float4[]) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.r2_score_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.r2_score(pg_catalog.float8, pg_catalog.float4[]) IS
'which share of the variance of truth is predicted: 1 at best, 0 by its mean, of predictions as nnet.predict() gives them';

CREATE AGGREGATE nnet.r2_score(truth pg_catalog.float8, predicted pg_catalog.float4[], weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.r2_score_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.r2_score(pg_catalog.float8, pg_catalog.float4[], pg_catalog.float8) IS
'which share of the variance of truth is predicted: 1 at best, 0 by its mean, of predictions as nnet.predict() gives them, rows counted by their weights';

CREATE AGGREGATE nnet.r2_score(truth "any", predicted "any") (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.r2_score_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.r2_score("any", "any") IS
'which share of the variance of truth is predicted: 1 at best, 0 by its mean, of numbers of any type, alone or in arrays of one';

CREATE AGGREGATE nnet.r2_score(truth "any", predicted "any", weight pg_catalog.float8) (
    SFUNC = nnet.regression_transition, STYPE = pg_catalog.float8[], SSPACE = 128,
    FINALFUNC = nnet.r2_score_final, COMBINEFUNC = nnet.regression_combine, PARALLEL = SAFE);
COMMENT ON AGGREGATE nnet.r2_score("any", "any", pg_catalog.float8) IS
'which share of the variance of truth is predicted: 1 at best, 0 by its mean, of numbers of any type, alone or in arrays of one, rows counted by their weights';
