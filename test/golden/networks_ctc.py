"""networks_ctc.py
The loss of sequences that do not say which step is of which class.
"""
import alone
import random_steps
from spec import PADDED, SEQUENCE, Call as L, Dataset, Loss, Network as N

import numpy as np

x = np.random.default_rng(150).normal(0, 1, (60, 9, 2))
rng = np.random.default_rng(151)


def sequences(reals):
    """Classes from 1 to 3, none to four of them, equal ones beside each other, zeros behind."""
    ids = 1 + np.digitize(reals, (-0.3, 0.3))
    lengths = np.arange(len(reals)) % 5
    ids[::3, 1] = ids[::3, 0]
    return np.where(np.arange(reals.shape[1]) < lengths[:, None], ids, 0).astype(float)


DATASETS = [
    Dataset("sequences", x, seed=152, reals=4, made=sequences, weighted=True),
    alone.Steps("mixed", random_steps.lengths(rng, 33, 2, 9), seed=153),
]
INPUTS = {"sequences": (9, 2), "mixed": (None, 2)}


def net(name, *layers, data="sequences", y=SEQUENCE, loss="ctc", optimizer=None, **options):
    return N(name, data, [L("input", *INPUTS[data]), *layers], y, loss,
             optimizer or L("sgd", learning_rate=0.05, momentum=0.5), **options)


def mixed(name, *layers):
    return net(name, *layers, data="mixed", y="sequence")


def dense(units, activation="linear", **options):
    return L("dense", units, activation=activation, **options)


NETWORKS = [
    net("recurrent", L("gru", 5, return_sequences=True), dense(4)),
    net("padded_with_zeros", L("lstm", 4, return_sequences=True), dense(4), y=PADDED, loss=Loss("ctc"),
        optimizer=L("adam", learning_rate=0.02)),
    net("convolution", L("conv1d", 6, 2, activation="tanh"), dense(5), metrics=("ctc",), validation_split=0.2),
    net("bidirectional", L("bidirectional", L("gru", 3, return_sequences=True)), dense(4), metrics=("ctc",)),
    net("one_layer", dense(4)),
    net("weighted", L("gru", 5, return_sequences=True), dense(4), weight="weight"),
    net("weighted_held", L("conv1d", 5, 2, activation="tanh"), dense(4), weight="weight", held=True,
        optimizer=L("adam", learning_rate=0.03)),
    # as logits, whatever they are
    net("of_softmax", L("gru", 5, return_sequences=True), dense(4, "softmax"),
        optimizer=L("sgd", learning_rate=0.5)),
    net("far", L("conv1d", 5, 2, activation="tanh"), dense(4, kernel_initializer="random_normal"), L("rescaling", 20.0),
        optimizer=L("sgd", learning_rate=0.001)),
    mixed("own_lengths", L("gru", 4, return_sequences=True), dense(4)),
    mixed("own_lengths_strides", L("conv1d", 4, 3, strides=2, padding="same", activation="tanh"), dense(4)),
]
