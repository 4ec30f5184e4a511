"""networks_constraints.py
What parameters are held to after each step.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

x = np.random.default_rng(150).normal(0, 1, (60, 5))
steps = np.random.default_rng(151).normal(0, 1, (60, 6, 3))
image = np.random.default_rng(152).normal(0, 1, (60, 6, 5, 2))
gaps = np.random.default_rng(153).normal(0, 1, (60, 5, 2))
gaps[np.random.default_rng(154).random((60, 5)) < 0.3] = 0.0
gaps[:, 2] = np.random.default_rng(155).normal(0, 1, (60, 2))   # no row without a step
words = np.random.default_rng(156).integers(0, 9, (60, 4)).astype(float)

DATASETS = [
    Dataset("table", x, seed=157, weighted=True),
    Dataset("steps", steps, seed=158),
    Dataset("image", image, seed=159),
    Dataset("gaps", gaps, seed=160, step_reals=True),
    Dataset("words", words, seed=161),
]
INPUTS = {"table": (5,), "steps": (6, 3), "image": (6, 5, 2), "gaps": (5, 2), "words": (4,)}


def dense(units, activation="linear", **options):
    return L("dense", units, activation=activation, **options)


def net(name, *layers, data="table", loss="mean_squared_error", optimizer=None, head=2, activation="linear", **options):
    last = [dense(head, activation)] if head else []
    return N(name, data, [L("input", *INPUTS[data]), *layers, *last], options.pop("y", "reals"), loss,
             optimizer or L("sgd", learning_rate=0.3, momentum=0.5), **options)


def held(name, constraint, bias=None, optimizer=None, **options):
    return net(name, dense(8, "tanh", kernel_constraint=constraint, bias_constraint=bias), optimizer=optimizer, **options)


def pooled(name, *layers, data="image", rate=0.2):
    pool = "global_average_pooling2d" if data == "image" else "global_average_pooling1d"
    return net(name, *layers, L(pool), data=data, optimizer=L("sgd", learning_rate=rate, momentum=0.5))


MAX, UNIT, POS = L("max_norm", 0.7), L("unit_norm"), L("non_neg")
NETWORKS = [
    held("max_norm", L("max_norm", 0.7)),
    held("max_norm_default", L("max_norm"), bias=L("max_norm", 0.1)),
    held("max_norm_rows", L("max_norm", 0.9, axis=1)),
    held("max_norm_all", L("max_norm", 1.5, axis=[0, 1])),
    held("max_norm_negative_axis", L("max_norm", 0.8, axis=-1)),
]
