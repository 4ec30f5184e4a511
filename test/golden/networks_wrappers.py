"""networks_wrappers.py
Layers around others: spectral_normalization, and bidirectional with a layer of its own for
the way back; and einsum_dense, which stands for several.
"""
import numpy as np

from spec import Call as L, Dataset, Hidden, Network as N

PAD = -9.0
rng = np.random.default_rng(150)
lengths = rng.integers(1, 8, 60)
lengths[3] = 7
gaps = rng.normal(0, 1, (60, 6, 3))
gaps[rng.random((60, 6)) < 0.3] = 0.0
gaps[:, 3] = rng.normal(0, 1, (60, 3))      # no row without a step
DATASETS = [
    Dataset("row", rng.normal(0, 1, (60, 5)), seed=151),
    Dataset("steps", rng.normal(0, 1, (60, 5, 4)), seed=152),
    Dataset("gaps", gaps, seed=153),
    Dataset("lengths", rng.normal(0, 1, (60, 7, 3)), seed=154, lengths=lengths, pad=PAD),
    Dataset("image", rng.normal(0, 1, (60, 5, 4, 2)), seed=155),
    Dataset("tokens", rng.integers(0, 8, (60, 6)).astype(float), seed=156, x_sql="x::integer[]"),
]
SHAPES = {"row": (5,), "steps": (5, 4), "gaps": (6, 3), "lengths": (None, 3), "image": (5, 4, 2), "tokens": (6,)}


def net(name, data, *layers, y="reals", loss="mean_squared_error", optimizer=None, **options):
    first = [L("input", *SHAPES[data])]
    if data == "lengths":
        first.append(Hidden("masking", inputs=["input"], mask_value=PAD))
    return N(name, data, first + list(layers), y, loss, optimizer or L("sgd", learning_rate=0.1, momentum=0.5),
             **options)


def spectral(kind, *args, power_iterations=2, **options):
    return L("spectral_normalization", L(kind, *args, **options), power_iterations=power_iterations)


def both(forward, backward, **options):
    return L("bidirectional", forward, backward_layer=backward, **options)


def einsum(name, data, equation, shape, *head, **options):
    return net("einsum_" + name, data, L("einsum_dense", equation, shape, **options), *head, L("dense", 2))


MASK, FLAT = L("masking", 0.0), L("flatten")
ADAM = L("adam", learning_rate=0.01)
NETWORKS = [
    net("spectral", "row", spectral("dense", 6, activation="tanh"), L("dense", 2)),
    net("spectral_once", "row", spectral("dense", 6, activation="tanh", power_iterations=1), L("dense", 2)),
    net("spectral_adam", "row", spectral("dense", 6, activation="gelu", power_iterations=5), spectral("dense", 2),
        optimizer=ADAM),
    net("spectral_regularized", "row",
        spectral("dense", 6, activation="tanh", kernel_regularizer={"l2": 0.02}, bias_regularizer={"l1": 0.01}),
        L("dense", 2), optimizer=L("sgd", learning_rate=0.1, clipnorm=0.2)),
    net("spectral_decay", "row", spectral("dense", 6, activation="tanh", use_bias=False), L("dense", 2),
        optimizer=L("lamb", learning_rate=0.02, weight_decay=0.02)),
    net("spectral_conv", "image", spectral("conv2d", 4, 2, activation="tanh", power_iterations=3), FLAT, L("dense", 2)),
    net("spectral_transpose", "image", L("conv2d", 3, 2, strides=2, activation="tanh"),
        spectral("conv2d_transpose", 2, 2, activation="tanh", power_iterations=3), FLAT, L("dense", 2)),
    net("spectral_embedding", "tokens", spectral("embedding", 8, 4, mask_zero=True), L("lstm", 3), L("dense", 2)),
    net("spectral_masked", "gaps", MASK, spectral("dense", 4, activation="tanh"), L("gru", 3), L("dense", 2)),
    net("spectral_einsum", "steps", spectral("einsum_dense", "abc,cd->abd", [5, 3], bias_axes="d"), FLAT,
        L("dense", 2)),
    net("spectral_last", "row", L("dense", 6, activation="tanh"),
        spectral("dense", 3, activation="softmax", power_iterations=3), y="class",
        loss="sparse_categorical_crossentropy", metrics=("accuracy",)),
    net("einsum_last", "row", L("dense", 6, activation="tanh"),
        L("einsum_dense", "ab,bc->ac", 1, bias_axes="c", activation="sigmoid"), y="bit", loss="binary_crossentropy",
        metrics=("accuracy",)),
    net("both_kinds", "steps", both(L("lstm", 4), L("gru", 4, go_backwards=True)), L("dense", 2)),
    net("both_kinds_sequences", "gaps", MASK,
        both(L("gru", 4, return_sequences=True), L("simple_rnn", 4, go_backwards=True, return_sequences=True)),
        L("lstm", 3), L("dense", 2)),
    net("both_sum", "steps", both(L("lstm", 4, activation="relu"), L("simple_rnn", 4, go_backwards=True),
                                  merge_mode="sum"), L("dense", 2)),
    net("both_mul", "gaps", MASK, both(L("gru", 4), L("lstm", 4, go_backwards=True, use_bias=False),
                                       merge_mode="mul"), L("dense", 2)),
    net("both_lengths", "lengths",
        both(L("lstm", 3, return_sequences=True), L("lstm", 3, go_backwards=True, return_sequences=True),
             merge_mode="ave"), L("gru", 3), L("dense", 2), optimizer=ADAM),
    einsum("rows", "row", "ab,bc->ac", 6, bias_axes="c", activation="tanh"),
    einsum("dots", "image", "...x,xy->...y", 4, FLAT, bias_axes="y", activation="gelu"),
    einsum("heads", "steps", "abc,cde->abde", [5, 2, 3], FLAT, bias_axes="d", activation="tanh"),
    einsum("heads_both", "steps", "abc,cde->abde", [5, 2, 3], FLAT, bias_axes="de"),
    einsum("steps_too", "steps", "abc,bcd->ad", 6, activation="tanh"),
    einsum("by_step", "steps", "abc,bcd->abd", [5, 3], FLAT, bias_axes="bd", activation="silu"),
    einsum("turned", "steps", "abc,bd->adc", [3, 4], FLAT, bias_axes="d", activation="tanh"),
    einsum("elided", "image", "ab...,bc->ac...", 3, FLAT, bias_axes="c"),
    einsum("summed", "image", "abcd,de->abe", [5, 4], FLAT, bias_axes="e", activation="tanh"),
    einsum("scaled", "steps", "abc,b->abc", [5, 4], FLAT, bias_axes="c", kernel_regularizer={"l2": 0.02},
           bias_regularizer={"l2": 0.01}),
    net("einsum_gaps", "gaps", MASK, L("einsum_dense", "abc,cd->abd", [None, 4], bias_axes="d", activation="tanh"),
        L("lstm", 3), L("dense", 2)),
]
