"""networks_conv_lstm.py
LSTM layers of signals and images at each step.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(160)
gaps = rng.normal(0, 1, (60, 5, 8))
gaps[rng.random((60, 5)) < 0.3] = 0.0
gaps[:, 3] = rng.normal(0, 1, (60, 8))      # no row without a step
DATASETS = [
    Dataset("signals", rng.normal(0, 1, (60, 4, 5, 2)), seed=161),
    Dataset("film", rng.normal(0, 1, (60, 3, 4, 3, 2)), seed=162),
    Dataset("gaps", gaps, seed=163),
]
SHAPES = {"signals": (4, 5, 2), "film": (3, 4, 3, 2), "gaps": (5, 8)}


def net(name, data, *layers, optimizer=None):
    return N(name, data, [L("input", *SHAPES[data]), *layers, L("flatten"), L("dense", 2)], "reals",
             "mean_squared_error", optimizer or L("sgd", learning_rate=0.3, momentum=0.5))


def signals(name, *args, **options):
    return net(name, "signals", L("conv_lstm1d", *args, **options))


def film(name, *args, **options):
    return net(name, "film", L("conv_lstm2d", *args, **options))


def masked(name, **options):
    """Steps of two places, hidden where all of a step is 0; the mask passes dense, and a reshape of each step."""
    return net(name, "gaps", L("masking", 0.0), L("time_distributed", L("reshape", [4, 2])),
               L("conv_lstm1d", 3, 2, **options))


ADAM = L("adam", learning_rate=0.01)
NETWORKS = [
    signals("signals", 3, 2),
    signals("signals_same", 3, 3, padding="same", return_sequences=True),
    signals("signals_strides", 3, 2, strides=2, use_bias=False),
    signals("signals_dilated", 3, 2, dilation_rate=2, activation="softsign"),
    signals("signals_backwards", 3, 2, go_backwards=True, return_sequences=True),
    signals("signals_gelu", 3, 2, activation="gelu", recurrent_activation="hard_sigmoid", unit_forget_bias=False),
    signals("signals_regularized", 3, 2, kernel_regularizer={"l2": 0.01}, recurrent_regularizer={"l1": 0.001},
            bias_regularizer={"l2": 0.01}),
    net("signals_two", "signals", L("conv_lstm1d", 3, 2, return_sequences=True), L("conv_lstm1d", 2, 2),
        optimizer=ADAM),
    film("film", 3, 2),
    film("film_same", 3, 3, padding="same", return_sequences=True),
    film("film_strides", 4, [2, 1], strides=[1, 2], padding="same", activation="relu"),
    film("film_backwards", 3, [1, 2], go_backwards=True),
    masked("masked"),
    masked("masked_sequences", return_sequences=True),
    masked("masked_backwards", go_backwards=True),
]
