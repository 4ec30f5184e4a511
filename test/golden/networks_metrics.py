"""networks_metrics.py
Metrics whose state is more than a sum and a count, and those with arguments.
"""
import numpy as np

from spec import Call as L, Dataset, Loss, Metric as M, Network as N

x = np.random.default_rng(50).normal(0, 1, (60, 5))


def bits(reals):
    return (reals > 0).astype(float)


def largest(reals):
    """1 for the largest of a row, 0 for the others."""
    return np.eye(reals.shape[-1])[np.argmax(reals, axis=-1)]


DATASETS = [
    Dataset("table", x, seed=51),
    Dataset("bits", x, seed=52, reals=3, made=bits),
    # of these any that is not 0 is positive
    Dataset("parts", x, seed=53, made=lambda r: np.clip(r, 0, 1)),
    Dataset("one_hot", x, seed=54, reals=3, made=largest),
    Dataset("steps", np.random.default_rng(55).normal(0, 1, (60, 4, 3)), seed=56, step_reals=True,
            made=bits),
    Dataset("numbers", x, seed=58, reals=3),
    Dataset("bit", x, seed=60, reals=1, made=bits),
    Dataset("wide", x, seed=59, classes=8, reals=8, made=largest),
    # targets of one class only have no curve
    Dataset("one_class", x, seed=57, made=np.ones_like),
]


def dense(units, activation="linear"):
    return L("dense", units, activation=activation)


def net(name, data, loss, *layers, y="reals", **options):
    first = L("input", 4, 3) if data == "steps" else L("input", 5)
    return N(name, data, [first, *layers], y, loss,
             L("sgd", learning_rate=0.2, momentum=0.5), **options)


def with_metrics(name, data, loss, activation, units, metrics, options, y="reals"):
    return net(name, data, loss, dense(8, "tanh"), dense(units, activation), y=y, metrics=metrics, **options)


def binary(name, *metrics, options={}):
    return with_metrics(name, "table", "binary_crossentropy", "sigmoid", 1, metrics, options, "bit")


def labels(name, *metrics, options={}):
    return with_metrics(name, "bits", "binary_crossentropy", "sigmoid", 3, metrics, options)


def many(name, *metrics, options={}):
    return with_metrics(name, "one_hot", "categorical_crossentropy", "softmax", 3, metrics, options)


NETWORKS = [
    net("auc_binary", "table", "binary_crossentropy", dense(8, "tanh"), dense(1, "sigmoid"),
        y="bit", metrics=("auc", "accuracy")),
    net("auc_validated", "table", "binary_crossentropy", dense(8, "tanh"), dense(1, "sigmoid"),
        y="bit", metrics=("auc",), validation_split=0.2),
    net("auc_labels", "bits", "binary_crossentropy", dense(8, "tanh"), dense(3, "sigmoid"),
        metrics=("binary_accuracy", "auc", "mean_absolute_error")),
    net("auc_parts", "parts", "binary_crossentropy", dense(8, "tanh"), dense(2, "sigmoid"),
        metrics=("auc",)),
    net("auc_classes", "one_hot", "categorical_crossentropy", dense(8, "tanh"),
        dense(3, "softmax"), metrics=("auc", "categorical_crossentropy")),
    net("auc_crossed", "one_hot", "binary_crossentropy", dense(8, "tanh"), dense(3, "softmax"),
        metrics=("auc",)),
    net("auc_squares", "table", "mean_squared_error", dense(8, "tanh"), dense(1, "sigmoid"),
        y="bit", metrics=("auc", "root_mean_squared_error")),
    # beyond 0 and 1 outputs are cut
    net("auc_linear", "bits", "mean_squared_error", dense(8, "tanh"), dense(3), metrics=("auc",)),
    net("auc_steps", "steps", "binary_crossentropy", dense(6, "tanh"), dense(2, "sigmoid"),
        metrics=("auc",)),
    net("auc_one_class", "one_class", "binary_crossentropy", dense(8, "tanh"), dense(2, "sigmoid"),
        metrics=("auc",)),

    binary("counts", M("true_positives"), M("true_negatives"), M("false_positives"), M("false_negatives")),
    # in any order, as often as they are given
    binary("counts_thresholds", M("true_positives", thresholds=[0.7, 0.3, 0.5]),
           M("false_positives", thresholds=[0.4]), M("true_negatives", thresholds=[0.2, 0.8]),
           M("false_negatives", thresholds=[0.6, 0.6, 0.1, 0.9])),
    binary("precision", M("precision"), M("recall"), M("binary_accuracy", threshold=0.4)),
    binary("precision_thresholds", M("precision", thresholds=[0.25, 0.5, 0.75]),
           M("recall", thresholds=[0.9, 0.1]), M("recall", thresholds=[0.45], name="at"),
           options={"validation_split": 0.2}),
    labels("precision_labels", M("precision"), M("recall", class_id=1), M("precision", class_id=2, name="third"),
           M("recall", class_id=0, thresholds=[0.3, 0.6], name="first")),
    many("precision_top", M("precision", top_k=2), M("recall", top_k=3),
         M("recall", top_k=2, class_id=1, name="top"), M("precision", top_k=1, thresholds=[0.1, 0.3], name="sure")),
    binary("curves", M("sensitivity_at_specificity", specificity=0.6),
           M("specificity_at_sensitivity", sensitivity=0.7), M("precision_at_recall", recall=0.5),
           M("recall_at_precision", precision=0.6)),
    labels("curves_labels", M("sensitivity_at_specificity", specificity=0.4, num_thresholds=11, class_id=1),
           M("specificity_at_sensitivity", sensitivity=0.9, num_thresholds=1),
           M("precision_at_recall", recall=0.2, num_thresholds=50),
           M("recall_at_precision", precision=0.99, num_thresholds=2, class_id=2)),
    binary("areas", M("auc", curve="PR"), M("auc", curve="PRGAIN", name="gain"),
           M("auc", num_thresholds=20, summation_method="minoring", name="below"),
           M("auc", num_thresholds=20, summation_method="majoring", name="above"),
           M("auc", curve="PR", summation_method="majoring", num_thresholds=30, name="above_pr"),
           M("auc", thresholds=[0.5, 0.2, 0.7], name="chosen")),
    labels("areas_labels", M("auc", multi_label=True), M("auc", multi_label=True, num_labels=3, curve="PR", name="pr"),
           M("auc", multi_label=True, label_weights=[0.5, 2.0, 1.0], name="weighted"),
           M("auc", label_weights=[0.5, 2.0, 1.0], num_thresholds=40, name="all")),
    net("areas_logits", "bits", "mean_squared_error", dense(8, "tanh"), dense(3),
        metrics=(M("auc", from_logits=True),)),
    many("scores", M("f1_score"), M("f1_score", average="macro", name="macro"),
         M("f1_score", average="micro", name="micro"), M("f1_score", average="weighted", name="weighted")),
    labels("scores_labels", M("fbeta_score", beta=2.0, threshold=0.5),
           M("fbeta_score", beta=0.5, threshold=0.4, average="weighted", name="half"),
           M("f1_score", threshold=0.6, average="macro"), M("f1_score", threshold=0.3, average="micro", name="low")),
    net("scores_bit", "bit", "binary_crossentropy", dense(8, "tanh"), dense(1, "sigmoid"),
        metrics=(M("f1_score", threshold=0.5), M("fbeta_score", threshold=0.5, beta=3.0, average="micro")),
        validation_split=0.2),
    many("unions", M("one_hot_mean_iou", num_classes=3), M("one_hot_iou", num_classes=3, target_class_ids=[0, 2]),
         M("mean_iou", num_classes=3, sparse_y_true=False, sparse_y_pred=False),
         M("iou", num_classes=3, target_class_ids=[1], sparse_y_true=False, sparse_y_pred=False),
         M("one_hot_mean_iou", num_classes=3, ignore_class=1, name="without")),
    net("unions_class", "table", "sparse_categorical_crossentropy", dense(8, "tanh"), dense(3, "softmax"),
        y="class", metrics=(M("mean_iou", num_classes=3, sparse_y_pred=False),
                            M("iou", num_classes=4, target_class_ids=[2, 0], sparse_y_pred=False, ignore_class=1),
                            "accuracy")),
    binary("unions_binary", M("binary_iou", threshold=0.4),
           M("binary_iou", target_class_ids=[1], name="second"), M("mean_iou", num_classes=2)),
    net("squares", "numbers", "mean_squared_error", dense(8, "tanh"), dense(3),
        metrics=(M("r2_score"), M("r2_score", class_aggregation="variance_weighted_average", name="weighted"),
                 M("r2_score", class_aggregation=None, name="each"), M("log_cosh_error")),
        validation_split=0.2),
    net("correlations", "numbers", "mean_squared_error", dense(8, "tanh"), dense(3),
        metrics=(M("pearson_correlation"), M("concordance_correlation"))),
    net("top", "wide", "categorical_crossentropy", dense(8, "tanh"), dense(8, "softmax"),
        metrics=(M("top_k_categorical_accuracy", k=2), M("top_k_categorical_accuracy", k=4, name="four"))),
    net("top_class", "wide", "sparse_categorical_crossentropy", dense(8, "tanh"), dense(8, "softmax"),
        y="class", metrics=(M("sparse_top_k_categorical_accuracy", k=3), "accuracy")),
    many("losses", M("categorical_crossentropy", label_smoothing=0.2), M("categorical_hinge"),
         M("binary_crossentropy", label_smoothing=0.1, name="binary"),
         M("categorical_crossentropy", name="plain")),
    net("losses_logits", "one_hot", "mean_squared_error", dense(8, "tanh"), dense(3),
        metrics=(M("categorical_crossentropy", from_logits=True),
                 M("binary_crossentropy", from_logits=True, label_smoothing=0.2))),
    net("losses_class", "table", Loss("sparse_categorical_crossentropy", from_logits=True), dense(8, "tanh"), dense(3),
        y="class", metrics=(M("sparse_categorical_crossentropy", from_logits=True),)),
]
