"""networks_metrics.py
Metrics whose state is more than a sum and a count.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

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
    # targets of one class only have no curve
    Dataset("one_class", x, seed=57, made=np.ones_like),
]


def dense(units, activation="linear"):
    return L("dense", units, activation=activation)


def net(name, data, loss, *layers, y="reals", **options):
    first = L("input", 4, 3) if data == "steps" else L("input", 5)
    return N(name, data, [first, *layers], y, loss,
             L("sgd", learning_rate=0.2, momentum=0.5), **options)


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
]
