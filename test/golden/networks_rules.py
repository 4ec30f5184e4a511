"""networks_rules.py
What networks of constraints and of regularizers of activity share: rows, and forms.
"""
import numpy as np

from spec import Call as L, Dataset, Hidden, Network as N

x = np.random.default_rng(150).normal(0, 1, (60, 5))
steps = np.random.default_rng(151).normal(0, 1, (60, 6, 3))
image = np.random.default_rng(152).normal(0, 1, (60, 6, 5, 2))
gaps = np.random.default_rng(153).normal(0, 1, (60, 5, 2))
gaps[np.random.default_rng(154).random((60, 5)) < 0.3] = 0.0
gaps[:, 2] = np.random.default_rng(155).normal(0, 1, (60, 2))   # no row without a step
words = np.random.default_rng(156).integers(0, 9, (60, 4)).astype(float)
lengths = np.random.default_rng(162).integers(1, 7, 60)
lengths[3] = 6

DATASETS = [
    Dataset("table", x, seed=157, weighted=True),
    Dataset("steps", steps, seed=158),
    Dataset("image", image, seed=159),
    Dataset("gaps", gaps, seed=160, step_reals=True),
    Dataset("words", words, seed=161),
    Dataset("lengths", np.random.default_rng(163).normal(0, 1, (60, 6, 2)), seed=164, lengths=lengths),
]
INPUTS = {"table": (5,), "steps": (6, 3), "image": (6, 5, 2), "gaps": (5, 2), "words": (4,), "lengths": (None, 2)}
NETWORKS = []


def dense(units, activation="linear", **options):
    return L("dense", units, activation=activation, **options)


def sgd(rate, **options):
    return L("sgd", learning_rate=rate, momentum=0.5, **options)


def net(name, *layers, data="table", loss="mean_squared_error", optimizer=None, head=2, activation="linear", **options):
    first = [L("input", *INPUTS[data])]
    if data == "lengths":
        first.append(Hidden("masking", inputs=["input"], mask_value=0.0))
    last = [dense(head, activation)] if head else []
    return N(name, data, [*first, *layers, *last], options.pop("y", "reals"), loss, optimizer or sgd(0.3), **options)


def pooled(name, *layers, data="image", rate=0.2, optimizer=None):
    """Of images, or of steps: their mean before the head."""
    pool = "global_average_pooling2d" if data == "image" else "global_average_pooling1d"
    return net(name, *layers, L(pool), data=data, optimizer=optimizer or sgd(rate))
