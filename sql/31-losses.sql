-- Losses and metrics with arguments, as jsonb, for nnet.compile().  Names and defaults are Keras's;
-- name is what a metric is called in results.  Those without arguments are names alone, and so are
-- those that are aggregates here ({"kind": "f1_score", ...}).

-- ---- losses, which are metrics as well ----

CREATE FUNCTION nnet.huber(
    delta pg_catalog.float8 DEFAULT 1, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.huber(pg_catalog.float8, pg_catalog.text) IS
'loss, metric: squared errors up to delta, then linear';

CREATE FUNCTION nnet.binary_crossentropy(
    from_logits pg_catalog.bool DEFAULT false, label_smoothing pg_catalog.float8 DEFAULT 0,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.binary_crossentropy(pg_catalog.bool, pg_catalog.float8, pg_catalog.text) IS
'loss, metric: binary cross-entropy; from_logits: outputs go through a sigmoid first; label_smoothing: targets of 0 and 1 are moved to the middle by half of it';

CREATE FUNCTION nnet.categorical_crossentropy(
    from_logits pg_catalog.bool DEFAULT false, label_smoothing pg_catalog.float8 DEFAULT 0,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.categorical_crossentropy(
    pg_catalog.bool, pg_catalog.float8, pg_catalog.text) IS
'loss, metric: categorical cross-entropy; from_logits: outputs go through a softmax first; label_smoothing: so much of a target is shared out among all classes';

CREATE FUNCTION nnet.sparse_categorical_crossentropy(
    from_logits pg_catalog.bool DEFAULT false, ignore_class pg_catalog.int4 DEFAULT NULL,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.sparse_categorical_crossentropy(
    pg_catalog.bool, pg_catalog.int4, pg_catalog.text) IS
'loss, metric: categorical cross-entropy of numbers of classes; rows of ignore_class, which may be none of an output, do not count';

CREATE FUNCTION nnet.binary_focal_crossentropy(
    apply_class_balancing pg_catalog.bool DEFAULT false, alpha pg_catalog.float8 DEFAULT 0.25,
    gamma pg_catalog.float8 DEFAULT 2, from_logits pg_catalog.bool DEFAULT false,
    label_smoothing pg_catalog.float8 DEFAULT 0, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.binary_focal_crossentropy(
    pg_catalog.bool, pg_catalog.float8, pg_catalog.float8, pg_catalog.bool, pg_catalog.float8,
    pg_catalog.text) IS
'loss, metric: binary cross-entropy that counts less what is easy, by (1 - p) ^ gamma; apply_class_balancing: classes weigh alpha and 1 - alpha';

CREATE FUNCTION nnet.categorical_focal_crossentropy(
    alpha "any" DEFAULT 0.25::pg_catalog.float8, gamma pg_catalog.float8 DEFAULT 2,
    from_logits pg_catalog.bool DEFAULT false, label_smoothing pg_catalog.float8 DEFAULT 0,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.categorical_focal_crossentropy(
    "any", pg_catalog.float8, pg_catalog.bool, pg_catalog.float8, pg_catalog.text) IS
'loss, metric: categorical cross-entropy that counts less what is easy, by (1 - p) ^ gamma; alpha: a number, or an array of one for each class';

CREATE FUNCTION nnet.categorical_generalized_cross_entropy(
    q pg_catalog.float8 DEFAULT 0.5, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.categorical_generalized_cross_entropy(
    pg_catalog.float8, pg_catalog.text) IS
'loss, metric: (1 - p ^ q) / q of the probability p of the class, by its number: bears with wrong labels';

CREATE FUNCTION nnet.dice(
    axis "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.dice("any", pg_catalog.text) IS
'loss, metric: 1 - 2 |common| / (|targets| + |outputs|), of a batch; axis -1: of each row of the last dimension, all dimensions from 1 on: of each sample';

CREATE FUNCTION nnet.tversky(
    alpha pg_catalog.float8 DEFAULT 0.5, beta pg_catalog.float8 DEFAULT 0.5,
    axis "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_loss_spec';
COMMENT ON FUNCTION nnet.tversky(pg_catalog.float8, pg_catalog.float8, "any", pg_catalog.text) IS
'loss, metric: as dice, what is missed weighing alpha and what is said falsely beta';

-- ---- metrics ----

CREATE FUNCTION nnet.binary_accuracy(
    threshold pg_catalog.float8 DEFAULT 0.5, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.binary_accuracy(pg_catalog.float8, pg_catalog.text) IS
'metric: how often outputs are above threshold where targets are 1, and not where they are 0';

CREATE FUNCTION nnet.top_k_categorical_accuracy(
    k pg_catalog.int4 DEFAULT 5, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.top_k_categorical_accuracy(pg_catalog.int4, pg_catalog.text) IS
'metric: how often the class is among the k largest outputs';

CREATE FUNCTION nnet.sparse_top_k_categorical_accuracy(
    k pg_catalog.int4 DEFAULT 5, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.sparse_top_k_categorical_accuracy(pg_catalog.int4, pg_catalog.text) IS
'metric: the same, of numbers of classes';

CREATE FUNCTION nnet.true_positives(
    thresholds "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.true_positives("any", pg_catalog.text) IS
'metric: how many outputs above 0.5, or above each of thresholds, have a target that is not 0';

CREATE FUNCTION nnet.true_negatives(
    thresholds "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.true_negatives("any", pg_catalog.text) IS
'metric: how many outputs not above 0.5, or each of thresholds, have a target of 0';

CREATE FUNCTION nnet.false_positives(
    thresholds "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.false_positives("any", pg_catalog.text) IS
'metric: how many outputs above 0.5, or above each of thresholds, have a target of 0';

CREATE FUNCTION nnet.false_negatives(
    thresholds "any" DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.false_negatives("any", pg_catalog.text) IS
'metric: how many outputs not above 0.5, or each of thresholds, have a target that is not 0';

CREATE FUNCTION nnet.precision(
    thresholds "any" DEFAULT NULL, top_k pg_catalog.int4 DEFAULT NULL,
    class_id pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.precision("any", pg_catalog.int4, pg_catalog.int4, pg_catalog.text) IS
'metric: of the outputs above 0.5, or above each of thresholds, the share whose target is not 0; top_k: of the k largest of a row, class_id: of one output alone';

CREATE FUNCTION nnet.recall(
    thresholds "any" DEFAULT NULL, top_k pg_catalog.int4 DEFAULT NULL,
    class_id pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.recall("any", pg_catalog.int4, pg_catalog.int4, pg_catalog.text) IS
'metric: of the outputs whose target is not 0, the share above 0.5, or above each of thresholds; top_k: among the k largest of a row, class_id: of one output alone';

CREATE FUNCTION nnet.sensitivity_at_specificity(
    specificity pg_catalog.float8, num_thresholds pg_catalog.int4 DEFAULT 200,
    class_id pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.sensitivity_at_specificity(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.int4, pg_catalog.text) IS
'metric: the best recall at thresholds where specificity is at least that';

CREATE FUNCTION nnet.specificity_at_sensitivity(
    sensitivity pg_catalog.float8, num_thresholds pg_catalog.int4 DEFAULT 200,
    class_id pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.specificity_at_sensitivity(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.int4, pg_catalog.text) IS
'metric: the best specificity at thresholds where recall is at least that';

CREATE FUNCTION nnet.precision_at_recall(
    recall pg_catalog.float8, num_thresholds pg_catalog.int4 DEFAULT 200,
    class_id pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.precision_at_recall(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.int4, pg_catalog.text) IS
'metric: the best precision at thresholds where recall is at least that';

CREATE FUNCTION nnet.recall_at_precision(
    "precision" pg_catalog.float8, num_thresholds pg_catalog.int4 DEFAULT 200,
    class_id pg_catalog.int4 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.recall_at_precision(
    pg_catalog.float8, pg_catalog.int4, pg_catalog.int4, pg_catalog.text) IS
'metric: the best recall at thresholds where precision is at least that; by name it is "precision" => 0.8, a keyword of SQL';

CREATE FUNCTION nnet.auc(
    num_thresholds pg_catalog.int4 DEFAULT 200, curve pg_catalog.text DEFAULT 'ROC',
    summation_method pg_catalog.text DEFAULT 'interpolation', thresholds "any" DEFAULT NULL,
    multi_label pg_catalog.bool DEFAULT false, num_labels pg_catalog.int4 DEFAULT NULL,
    label_weights "any" DEFAULT NULL, from_logits pg_catalog.bool DEFAULT false,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.auc(
    pg_catalog.int4, pg_catalog.text, pg_catalog.text, "any", pg_catalog.bool, pg_catalog.int4,
    "any", pg_catalog.bool, pg_catalog.text) IS
'metric: the area below a curve, ''ROC'', ''PR'' or ''PRGAIN'', summed up by ''interpolation'', ''minoring'' or ''majoring''; multi_label: the mean over outputs, by label_weights';

CREATE FUNCTION nnet.fbeta_score(
    average pg_catalog.text DEFAULT NULL, beta pg_catalog.float8 DEFAULT 1,
    threshold pg_catalog.float8 DEFAULT NULL, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.fbeta_score(
    pg_catalog.text, pg_catalog.float8, pg_catalog.float8, pg_catalog.text) IS
'metric: the mean of precision and recall, which weighs beta times as much, of each output, or their average: ''micro'', ''macro'' or ''weighted''; without threshold a row says its largest output. For beta 1 there is also {"kind": "f1_score"}';

CREATE FUNCTION nnet.iou(
    num_classes pg_catalog.int4, target_class_ids "any", ignore_class pg_catalog.int4 DEFAULT NULL,
    sparse_y_true pg_catalog.bool DEFAULT true, sparse_y_pred pg_catalog.bool DEFAULT true,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.iou(
    pg_catalog.int4, "any", pg_catalog.int4, pg_catalog.bool, pg_catalog.bool, pg_catalog.text) IS
'metric: the intersection over the union of what is of a class and what is said to be of it, the mean of the target classes; sparse_y_pred false: a row says its largest output';

CREATE FUNCTION nnet.mean_iou(
    num_classes pg_catalog.int4, ignore_class pg_catalog.int4 DEFAULT NULL,
    sparse_y_true pg_catalog.bool DEFAULT true, sparse_y_pred pg_catalog.bool DEFAULT true,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.mean_iou(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.bool, pg_catalog.bool, pg_catalog.text) IS
'metric: iou of all classes';

CREATE FUNCTION nnet.binary_iou(
    target_class_ids "any" DEFAULT NULL, threshold pg_catalog.float8 DEFAULT 0.5,
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.binary_iou("any", pg_catalog.float8, pg_catalog.text) IS
'metric: iou of two classes, the second of which is said by outputs from threshold on';

CREATE FUNCTION nnet.one_hot_iou(
    num_classes pg_catalog.int4, target_class_ids "any", ignore_class pg_catalog.int4 DEFAULT NULL,
    sparse_y_pred pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.one_hot_iou(
    pg_catalog.int4, "any", pg_catalog.int4, pg_catalog.bool, pg_catalog.text) IS
'metric: iou of targets whose largest value is the class';

CREATE FUNCTION nnet.one_hot_mean_iou(
    num_classes pg_catalog.int4, ignore_class pg_catalog.int4 DEFAULT NULL,
    sparse_y_pred pg_catalog.bool DEFAULT false, name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.one_hot_mean_iou(
    pg_catalog.int4, pg_catalog.int4, pg_catalog.bool, pg_catalog.text) IS
'metric: one_hot_iou of all classes';

CREATE FUNCTION nnet.pearson_correlation(
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.pearson_correlation(pg_catalog.text) IS
'metric: how a row''s outputs and targets correlate';

CREATE FUNCTION nnet.concordance_correlation(
    name pg_catalog.text DEFAULT NULL)
RETURNS pg_catalog.jsonb
LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'nnet_metric_spec';
COMMENT ON FUNCTION nnet.concordance_correlation(pg_catalog.text) IS
'metric: how a row''s outputs and targets agree, their means and variances too';
