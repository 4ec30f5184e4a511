"""networks_layers.py
Activations, normalizing layers, branches and merges.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(4)
DATASETS = [Dataset("small", rng.normal(0, 1.5, (60, 5)), seed=5),
            Dataset("grid", rng.normal(0, 1, (60, 4, 3)), seed=6)]

ACTIVATIONS = ["linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus",
               "softsign", "tanh", "sigmoid", "hard_sigmoid", "exponential", "softmax"]


def net(name, *layers, y="reals", loss="mean_squared_error", optimizer=None, data="small", **options):
    first = L("input", 5) if data == "small" else L("input", 4, 3)
    return N(name, data, [first, *layers], y, loss, optimizer or L("adam", learning_rate=0.01),
             **options)


def activations():
    layers = [L("dense", 5, activation="tanh", name="start")]
    for a in ACTIVATIONS:
        layers.append(L("dense", 3, activation=a, name="d_" + a, inputs=["start"]))
    layers.append(L("concatenate", inputs=["d_" + a for a in ACTIVATIONS]))
    return layers + [L("dense", 2)]


def activation_layers():
    layers = [L("dense", 3, activation="tanh", name="start")]
    for a in ACTIVATIONS:
        layers.append(L("activation", a, name="a_" + a, inputs=["start"]))
    layers.append(L("concatenate", inputs=["a_" + a for a in ACTIVATIONS]))
    return layers + [L("dense", 2)]


def merge(kind, **options):
    return [L("dense", 6, activation="tanh", name="a"),
            L("dense", 6, activation="sigmoid", name="b", inputs=["input"]),
            L("dense", 6, activation="tanh", name="c", inputs=["a"]),
            L(kind, inputs=["a", "b", "c"], **options),
            L("dense", 2)]


NETWORKS = [
    net("every_activation", *activations(), optimizer=L("sgd", learning_rate=0.05, momentum=0.7)),
    net("every_activation_layer", *activation_layers(), optimizer=L("sgd", learning_rate=0.05, momentum=0.7)),
    net("leaky", L("dense", 8), L("leaky_relu", negative_slope=0.1), L("dense", 8), L("leaky_relu"),
        L("dense", 2)),
    net("batch_norm", L("dense", 8, use_bias=False), L("batch_normalization", momentum=0.8),
        L("activation", "relu"), L("dense", 2), optimizer=L("sgd", learning_rate=0.1)),
    net("batch_norm_default", L("batch_normalization"), L("dense", 8, activation="tanh"),
        L("batch_normalization", momentum=0.7, epsilon=0.01, center=False), L("dense", 3, activation="softmax"),
        y="class", loss="sparse_categorical_crossentropy", optimizer=L("sgd", learning_rate=0.1)),
    net("batch_norm_no_scale", L("dense", 8, activation="tanh"),
        L("batch_normalization", momentum=0.5, scale=False), L("dense", 2),
        optimizer=L("sgd", learning_rate=0.1)),
    net("batch_norm_renorm", L("dense", 8, use_bias=False),
        L("batch_normalization", momentum=0.8, renorm=True, renorm_momentum=0.6), L("activation", "relu"), L("dense", 2),
        optimizer=L("sgd", learning_rate=0.1)),
    net("batch_norm_renorm_clipped", L("dense", 4, activation="tanh"),
        L("batch_normalization", momentum=0.5, center=False, renorm=True, renorm_momentum=0.9,
          renorm_clipping={"rmin": 0.8, "rmax": 1.1, "dmax": 0.2}), L("flatten"), L("dense", 2),
        optimizer=L("sgd", learning_rate=0.1), data="grid"),
    net("batch_norm_renorm_no_scale", L("batch_normalization", scale=False, renorm=True, renorm_clipping={"dmax": 0.5}),
        L("dense", 8, activation="tanh"), L("dense", 2), optimizer=L("sgd", learning_rate=0.1)),
    # wider than one tile of any kernel
    net("batch_norm_wide", L("dense", 48, use_bias=False), L("batch_normalization", momentum=0.8),
        L("activation", "tanh"), L("dense", 36, use_bias=False), L("batch_normalization", momentum=0.8),
        L("activation", "tanh"), L("dense", 2), optimizer=L("sgd", learning_rate=0.1)),
    net("layer_norm", L("dense", 8, activation="tanh"), L("layer_normalization"), L("dense", 2)),
    net("layer_norm_plain", L("dense", 8), L("layer_normalization", epsilon=0.01, center=False),
        L("dense", 6, activation="tanh"), L("layer_normalization", scale=False), L("dense", 2)),
    net("normalization", L("normalization"), L("dense", 8, activation="relu"), L("dense", 1),
        y="reals[1]", loss="huber", optimizer=L("adamw", learning_rate=0.01)),
    net("add", *merge("add")),
    net("multiply", *merge("multiply")),
    net("concatenate", *merge("concatenate")),
    net("residual", L("dense", 8, activation="relu", name="r0"), L("dense", 8, activation="relu"),
        L("dense", 8, name="r2"), L("add", inputs=["r0", "r2"], name="sum"), L("activation", "relu"),
        L("dense", 3, activation="softmax"), y="class", loss="sparse_categorical_crossentropy"),
    net("last_axis", L("dense", 5, activation="tanh"), L("layer_normalization"), L("flatten"),
        L("dense", 2), data="grid"),
    net("reshaped", L("reshape", [6, 2]), L("dense", 3, activation="tanh"), L("reshape", [18]),
        L("dense", 2), data="grid"),
    net("batch_norm_rows", L("dense", 4, use_bias=False), L("batch_normalization", momentum=0.8),
        L("activation", "softmax"), L("flatten"), L("dense", 2), data="grid",
        optimizer=L("sgd", learning_rate=0.1)),
    net("normalization_rows", L("normalization"), L("dense", 4, activation="tanh"), L("flatten"),
        L("dense", 2), data="grid"),
]
