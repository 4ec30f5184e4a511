"""networks_arguments.py
Losses with arguments, and those that are little without.
"""
import numpy as np

from spec import IGNORED, Call as L, Dataset, Loss, Network as N

x = np.random.default_rng(130).normal(0, 1, (60, 5))
steps = np.random.default_rng(131).normal(0, 1, (60, 4, 3))
gaps = np.random.default_rng(132).normal(0, 1, (60, 5, 2))
gaps[np.random.default_rng(133).random((60, 5)) < 0.3] = 0.0
gaps[:, 2] = np.random.default_rng(134).normal(0, 1, (60, 2))   # no row without a step


def largest(reals):
    """1 for the largest of a row, 0 for the others."""
    return np.eye(reals.shape[-1])[np.argmax(reals, axis=-1)]


def bits(reals):
    return (reals > 0).astype(float)


DATASETS = [
    Dataset("table", x, seed=135, weighted=True),
    Dataset("bits", x, seed=136, made=bits, weighted=True),
    Dataset("one_hot", x, seed=137, reals=3, made=largest, weighted=True),
    Dataset("steps", steps, seed=138, step_reals=True, made=bits, weighted=True),
    Dataset("gaps", gaps, seed=139, step_reals=True, made=bits),
]
INPUTS = {"steps": (4, 3), "gaps": (5, 2)}


def dense(units, activation="linear", **options):
    return L("dense", units, activation=activation, **options)


def net(name, data, loss, *layers, y="reals", rate=0.3, **options):
    return N(name, data, [L("input", *INPUTS.get(data, (5,))), *layers], y, loss,
             L("sgd", learning_rate=rate, momentum=0.5), **options)


def binary(name, activation="sigmoid", data="bits", kind="binary_crossentropy", metrics=("binary_accuracy",),
           options={}, **arguments):
    return net("binary_" + name, data, Loss(kind, **arguments), dense(8, "tanh"), dense(2, activation),
               metrics=metrics, **options)


def classes(name, activation="softmax", kind="categorical_crossentropy", data="one_hot", y="reals",
            options={}, **arguments):
    return net("classes_" + name, data, Loss(kind, **arguments), dense(8, "tanh"), dense(3, activation), y=y,
               metrics=("accuracy",), **options)


def sparse(name, activation="softmax", y="class", kind="sparse_categorical_crossentropy", options={},
           **arguments):
    return classes(name, activation, kind, "table", y, options, **arguments)


def focal(name, activation="sigmoid", **arguments):
    return binary("focal_" + name, activation, kind="binary_focal_crossentropy", **arguments)


def many_focal(name, activation="softmax", **arguments):
    return classes("focal_" + name, activation, "categorical_focal_crossentropy", **arguments)


def overlap(name, kind="dice", data="bits", activation="sigmoid", layers=(), options={}, **arguments):
    return net(name, data, Loss(kind, **arguments), *layers, dense(8, "tanh"), dense(2, activation), rate=1.0,
               **options)


WEIGHT = {"weight": "weight"}
NETWORKS = [
    net("huber_small", "table", Loss("huber", delta=0.3), dense(8, "tanh"), dense(2)),
    net("huber_large", "table", Loss("huber", delta=2.5), dense(8, "tanh"), dense(2),
        metrics=("mean_absolute_error",), validation_split=0.2),
    net("huber_weighted", "table", Loss("huber", delta=0.5), dense(8, "tanh"), dense(2), **WEIGHT),

    binary("logits", "linear", from_logits=True),
    binary("logits_metric", "linear", metrics=("binary_crossentropy", "binary_accuracy"), from_logits=True,
           options={"validation_split": 0.2}),
    binary("logits_of_sigmoid", "sigmoid", from_logits=True),
    binary("smoothed", label_smoothing=0.2, metrics=("binary_crossentropy",)),
    binary("smoothed_logits", "linear", label_smoothing=0.4, from_logits=True),
    binary("smoothed_outputs", "hard_sigmoid", label_smoothing=0.2),
    binary("smoothed_softmax", "softmax", label_smoothing=0.2),
    binary("smoothed_weighted", label_smoothing=0.1, options=WEIGHT),
    binary("smoothed_steps", data="steps", label_smoothing=0.3, options={"weight": "step_weights"}),

    focal("default"),
    focal("gamma", gamma=0.5),
    focal("balanced", gamma=3, alpha=0.7, apply_class_balancing=True),
    focal("logits", "linear", from_logits=True, gamma=1.0),
    focal("logits_of_sigmoid", "sigmoid", from_logits=True),
    focal("outputs", "hard_sigmoid", label_smoothing=0.1),
    focal("smoothed", label_smoothing=0.2, metrics=("binary_crossentropy",)),
    focal("weighted", alpha=0.3, apply_class_balancing=True, options=WEIGHT),

    classes("logits", "linear", from_logits=True),
    classes("logits_of_softmax", from_logits=True),
    classes("smoothed", label_smoothing=0.1),
    classes("smoothed_logits", "linear", label_smoothing=0.3, from_logits=True),
    classes("smoothed_outputs", "softplus", label_smoothing=0.2),
    classes("smoothed_weighted", label_smoothing=0.1,
            options={"weight": "weight", "validation_split": 0.2}),
    many_focal("default"),
    many_focal("alphas", alpha=[0.5, 1.5, 0.25], gamma=1.0),
    many_focal("logits", "linear", from_logits=True, gamma=0.5, alpha=0.8),
    many_focal("logits_of_softmax", from_logits=True, alpha=1.0),
    many_focal("smoothed", label_smoothing=0.2, alpha=1.0),
    many_focal("sigmoid", "sigmoid", alpha=1.0),
    many_focal("weighted", alpha=1.0, options=WEIGHT),
    classes("hinge", "linear", "categorical_hinge"),
    classes("hinge_softmax", "softmax", "categorical_hinge", options=WEIGHT),

    sparse("sparse_logits", "linear", from_logits=True),
    sparse("ignored", ignore_class=1),
    sparse("ignored_outside", y=IGNORED, ignore_class=-1, options={"validation_split": 0.2}),
    sparse("ignored_logits", "linear", y=IGNORED, ignore_class=-1, from_logits=True),
    sparse("ignored_weighted", ignore_class=2, options=WEIGHT),
    sparse("generalized", kind="categorical_generalized_cross_entropy"),
    sparse("generalized_q", kind="categorical_generalized_cross_entropy", q=0.9),
    sparse("generalized_weighted", kind="categorical_generalized_cross_entropy", q=0.2, options=WEIGHT),

    overlap("dice"),
    overlap("dice_validated", options={"validation_split": 0.2}),
    overlap("dice_weighted", options=WEIGHT),
    overlap("dice_rows", axis=-1, options={"weight": "weight", "metrics": ("mean_absolute_error",)}),
    overlap("dice_steps", data="steps"),
    overlap("dice_samples", data="steps", axis=[1, 2]),
    overlap("dice_each_step", data="steps", axis=-1, options={"weight": "step_weights"}),
    overlap("tversky", "tversky"),
    overlap("tversky_missed", "tversky", alpha=0.8, beta=0.3, options=WEIGHT),
    overlap("tversky_rows", "tversky", alpha=0.2, beta=1.5, axis=[-1]),
    overlap("tversky_samples", "tversky", data="steps", alpha=0.3, beta=0.7, axis=[1, -1]),
    # behind a mask each loss of rows divides by the rows that it leaves
    net("masked_smoothed", "gaps", Loss("binary_crossentropy", label_smoothing=0.2), L("masking", 0.0),
        L("lstm", 4, return_sequences=True), dense(2, "sigmoid")),
    net("masked_focal", "gaps", Loss("binary_focal_crossentropy", gamma=1.0), L("masking", 0.0),
        L("lstm", 4, return_sequences=True), dense(2, "sigmoid"), rate=1.0),
]
