"""networks_weights.py
Weights of rows, of steps and of classes, and rows chosen for validation, which keep
their own weights: also behind masks, where a batch's loss is divided by the steps shown.
"""
import numpy as np

from spec import Call as L, Dataset, Hidden, Network as N

PAD = -9.0
rng = np.random.default_rng(70)
lengths = rng.integers(1, 7, 60)
lengths[3] = 6
gaps = rng.normal(0, 1, (60, 5, 2))
gaps[rng.random((60, 5)) < 0.3] = 0.0
gaps[:, 2] = rng.normal(0, 1, (60, 2))      # no row without a step


def largest(reals):
    """1 for the largest of a row, 0 for the others."""
    return np.eye(reals.shape[-1])[np.argmax(reals, axis=-1)]


DATASETS = [
    Dataset("table", rng.normal(0, 1, (60, 5)), seed=71, weighted=True),
    Dataset("one_hot", rng.normal(0, 1, (60, 5)), seed=72, reals=3, made=largest, weighted=True),
    Dataset("gaps", gaps, seed=73, weighted=True),
    Dataset("fixed_steps", gaps, seed=74, step_reals=True, weighted=True),
    Dataset("lengths", rng.normal(0, 1, (60, 6, 2)), seed=75, lengths=lengths, pad=PAD,
            step_reals=True, weighted=True),
]
INPUTS = {"table": (5,), "one_hot": (5,), "gaps": (5, 2), "fixed_steps": (5, 2), "lengths": (None, 2)}
METRICS = ("mean_squared_error", "mean_absolute_error")
CLASSES = {0: 0.5, 1: 3}


def net(name, data, *layers, y="reals", loss="mean_squared_error", optimizer=None, **options):
    first = [L("input", *INPUTS[data])]
    if data == "lengths":
        first.append(Hidden("masking", mask_value=PAD))
    return N(name, data, first + list(layers), y, loss,
             optimizer or L("sgd", learning_rate=0.2, momentum=0.5), **options)


def sparse(name, **options):
    return net(name, "table", L("dense", 6, activation="tanh"), L("dense", 3, activation="softmax"),
               y="class", loss="sparse_categorical_crossentropy",
               metrics=("accuracy", "sparse_categorical_crossentropy"), **options)


def masked(name, *layers, **options):
    return net(name, "gaps", L("masking", 0.0), *layers, **options)


NETWORKS = [
    net("rows", "table", L("dense", 6, activation="tanh"), L("dense", 2), metrics=METRICS, weight="weight"),
    net("rows_regularized", "table", L("dense", 6, activation="tanh", kernel_regularizer={"l2": 0.02}),
        L("batch_normalization"), L("dense", 2), loss="huber", optimizer=L("adam", learning_rate=0.01),
        metrics=METRICS, weight="weight", validation_split=0.2),
    net("rows_clipped", "table", L("dense", 6, activation="relu"), L("dense", 2), loss="mean_absolute_error",
        optimizer=L("adamw", learning_rate=0.01, clipnorm=0.1), weight="weight"),
    net("held", "table", L("dense", 6, activation="tanh"), L("dense", 2), metrics=METRICS, held=True),
    net("rows_held", "table", L("normalization"), L("dense", 6, activation="tanh"), L("dense", 2),
        metrics=METRICS, weight="weight", held=True),
    sparse("sparse_rows", weight="weight"),
    sparse("sparse_classes", class_weight=CLASSES),
    sparse("sparse_classes_split", class_weight=CLASSES, validation_split=0.25),
    sparse("sparse_both_held", class_weight=CLASSES, weight="weight", held=True),
    net("one_hot_classes", "one_hot", L("dense", 6, activation="tanh"), L("dense", 3, activation="softmax"),
        loss="categorical_crossentropy", metrics=("accuracy",), class_weight={1: 4, 2: 0}),
    net("one_hot_sigmoid", "one_hot", L("dense", 6, activation="tanh"), L("dense", 3, activation="sigmoid"),
        loss="binary_crossentropy", metrics=("binary_accuracy",), class_weight={1: 4, 2: 0.25}),
    net("binary_classes", "table", L("dense", 6, activation="tanh"), L("dense", 1, activation="sigmoid"),
        y="bit", loss="binary_crossentropy", metrics=("accuracy",), class_weight={0: 1, 1: 2.5}, held=True),
    masked("masked_rows", L("lstm", 5), L("dense", 2), weight="weight", metrics=METRICS),
    masked("masked_classes", L("gru", 5), L("dense", 3, activation="softmax"), y="class",
           loss="sparse_categorical_crossentropy", metrics=("accuracy",), class_weight=CLASSES, held=True),
    net("steps", "fixed_steps", L("lstm", 4, return_sequences=True), L("dense", 2), weight="step_weights",
        metrics=METRICS, held=True),
    net("steps_masked", "fixed_steps", L("masking", 0.0), L("lstm", 4, return_sequences=True), L("dense", 2),
        weight="step_weights", metrics=METRICS, held=True),
    net("steps_by_row", "fixed_steps", L("masking", 0.0), L("gru", 4, return_sequences=True), L("dense", 2),
        weight="weight", metrics=METRICS),
    net("lengths", "lengths", L("lstm", 4, return_sequences=True), L("dense", 2), weight="step_weights",
        metrics=METRICS, held=True),
    net("lengths_by_row", "lengths", L("simple_rnn", 4, return_sequences=True), L("dense", 2), loss="huber",
        weight="weight", metrics=METRICS),
]
