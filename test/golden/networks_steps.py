"""networks_steps.py
Variable steps through layers that change their number, rows of mixed lengths
in each batch, and targets with the steps of the output.
"""
import alone
import random_steps
from spec import Call as L, Network

import numpy as np

rng = np.random.default_rng(70)
DATASETS = [
    alone.Steps("mixed", random_steps.lengths(rng, 33, 4, 9), seed=71),
    alone.Steps("short", random_steps.lengths(rng, 33, 1, 8), seed=72, gaps=0.15),
    alone.Steps("ids", random_steps.lengths(rng, 33, 3, 8), features=0, seed=73),
]
INPUTS = {"mixed": (None, 2), "short": (None, 2), "ids": (None,)}


def net(name, *layers, data="mixed", y="reals", loss="mean_squared_error", optimizer=None,
        metrics=("mean_absolute_error",)):
    return Network(name, data, [L("input", *INPUTS[data]), *layers], y, loss,
                   optimizer or L("sgd", learning_rate=0.1, momentum=0.5), metrics=metrics)


CLASSES = {"y": "classes", "loss": "sparse_categorical_crossentropy",
           "metrics": ("sparse_categorical_accuracy",)}
NETWORKS = [
    net("conv1d_valid", L("conv1d", 2, 4)),
    net("conv1d_valid_strides", L("conv1d", 2, 3, strides=2, activation="tanh")),
    net("conv1d_strides_same", L("conv1d", 2, 3, strides=3, padding="same"), data="short"),
    net("conv1d_causal_strides", L("conv1d", 2, 3, strides=2, padding="causal"), data="short"),
    net("conv1d_dilation", L("conv1d", 2, 2, dilation_rate=3, activation="gelu")),
    net("max_pooling1d", L("dense", 3, activation="tanh"), L("max_pooling1d", 2), L("dense", 2)),
    net("max_pooling1d_overlap", L("dense", 3, activation="tanh"),
        L("max_pooling1d", 3, strides=2), L("dense", 2)),
    net("average_pooling1d", L("average_pooling1d", 3, padding="same"), L("dense", 2), data="short"),
    net("average_pooling1d_last", L("dense", 2), L("average_pooling1d", 3, strides=1)),
    net("transpose_valid", L("conv1d_transpose", 2, 3, strides=2), data="short"),
    net("transpose_gap", L("conv1d_transpose", 2, 1, strides=2), data="short"),
    net("transpose_same", L("conv1d_transpose", 2, 4, strides=3, padding="same", activation="tanh"),
        data="short"),
    net("transpose_output_padding", L("conv1d_transpose", 2, 2, strides=3, output_padding=1),
        data="short"),
    net("transpose_one", L("conv1d_transpose", 2, 3), data="short"),
    net("down_and_up", L("conv1d", 4, 2, strides=2, activation="tanh"),
        L("gru", 3, return_sequences=True),
        L("conv1d_transpose", 2, 2, strides=2), optimizer=L("adam", learning_rate=0.02)),
    net("masked", L("masking", 0.0), L("lstm", 4, return_sequences=True), L("dense", 2), data="short"),
    net("masked_conv1d", L("masking", 0.0), L("lstm", 4, return_sequences=True),
        L("conv1d", 2, 2, strides=2, padding="same"), data="short"),
    net("conv1d_masking", L("conv1d", 3, 3), L("activation", "relu"), L("masking", 0.0),
        L("gru", 4, return_sequences=True), L("dense", 2)),
    net("ids_classes", L("embedding", 8, 4, mask_zero=True), L("lstm", 4, return_sequences=True),
        L("dense", 3, activation="softmax"), data="ids", **CLASSES),
    net("ids_strided_classes", L("embedding", 8, 4), L("conv1d", 4, 3, strides=2, activation="tanh"),
        L("dense", 3, activation="softmax"), data="ids", **CLASSES),
    net("bidirectional_strides", L("conv1d", 3, 2, strides=2),
        L("bidirectional", L("gru", 3, return_sequences=True)), L("dense", 2)),
    net("repeat_vector", L("conv1d", 3, 3), L("lstm", 4), L("repeat_vector", 3), L("dense", 2)),
    net("repeat_vector_conv1d", L("gru", 4), L("repeat_vector", 5), L("conv1d", 2, 2, strides=2),
        data="short"),
    net("global_average", L("conv1d", 4, 3, strides=2, activation="tanh"),
        L("global_average_pooling1d"), L("dense", 2)),
    net("global_max", L("conv1d_transpose", 4, 3, strides=2, activation="tanh"),
        L("global_max_pooling1d"), L("dense", 2), data="short"),
    net("global_max_ties", L("embedding", 8, 4), L("global_max_pooling1d"),
        L("dense", 2, use_bias=False), data="ids", optimizer=L("adam", learning_rate=0.05)),
    net("inverse", L("conv1d", 2, 2, strides=2), L("normalization", invert=True)),
    net("keepdims", L("dense", 3, activation="tanh", name="a"),
        L("global_average_pooling1d", keepdims=True), data="short"),
    net("keepdims_gate", L("conv1d", 3, 2, strides=2, activation="tanh", name="a"),
        L("global_max_pooling1d", keepdims=True, name="b"), L("multiply", inputs=["a", "b"]),
        L("dense", 2)),
    net("branches", L("conv1d", 3, 3, strides=2, padding="same", name="a"),
        L("max_pooling1d", 2, padding="same", inputs=["input"], name="p"),
        L("dense", 3, inputs=["p"], name="b"), L("add", inputs=["a", "b"], name="c"),
        L("concatenate", inputs=["c", "p"]), L("dense", 2), data="short"),
    net("reshaped", L("dense", 4), L("reshape", [-1, 2, 2]), L("time_distributed", L("flatten")),
        L("conv1d", 2, 2)),
    net("grid", L("conv1d", 4, 2, strides=2, activation="tanh"), L("reshape", [-1, 2, 2]),
        L("dense", 2)),
    net("grid_padded", L("conv1d", 2, 2, activation="tanh"),
        L("time_distributed", L("repeat_vector", 3)), L("dense", 2)),
    net("grid_classes", L("gru", 3, return_sequences=True),
        L("time_distributed", L("repeat_vector", 2)), L("dense", 3, activation="softmax"),
        data="short", **CLASSES),
]

# the shorter form of test/fuzz/steps.py
for seed in (2, 3, 5, 8, 13, 21, 34):
    rows, drawn = random_steps.draw(seed, rows=14, later=False)
    DATASETS.append(rows)
    NETWORKS.append(drawn)
