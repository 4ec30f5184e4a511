"""networks_activations.py
Activations with arguments as layers, normalizations by length and by groups, and
the merging layers average and dot.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(41)
DATASETS = [Dataset("image", rng.normal(0, 1, (60, 4, 3, 2)), seed=42),
            Dataset("row", rng.normal(0, 1, (60, 7)), seed=43)]


def net(name, *layers, data="row"):
    shape = {"image": (4, 3, 2), "row": (7,)}[data]
    return N(name, data, [L("input", *shape), *layers, L("dense", 3, activation="softmax")], "class",
             "sparse_categorical_crossentropy", L("sgd", learning_rate=0.1, momentum=0.5))


def row(name, kind, **options):
    return net(name, L("dense", 6), L(kind, **options))


def image(name, kind, **options):
    return net(name, L("conv2d", 4, 2, activation="tanh"), L(kind, **options), L("flatten"), data="image")


def pair(name, merge, first=(12,), second=(12,)):
    """Two dense layers of these shapes, merged."""
    def side(n, shape):
        return [L("dense", int(np.prod(shape)), activation="tanh", name=f"d{n}", inputs=["input"]),
                L("reshape", list(shape), name=f"s{n}")]
    return net(name, *side(1, first), *side(2, second), merge, L("flatten"))


NETWORKS = [
    row("elu", "elu"),
    row("elu_alpha", "elu", alpha=0.4),
    row("relu", "relu"),
    row("relu_most", "relu", max_value=0.5),
    row("relu_slope", "relu", negative_slope=0.2, threshold=0.25),
    row("relu_all", "relu", max_value=0.75, negative_slope=0.1, threshold=0.2),
    row("prelu", "prelu"),
    image("prelu_channels", "prelu", shared_axes=[1, 2]),
    image("prelu_rows", "prelu", alpha_initializer="ones", shared_axes=[2]),
    row("softmax", "softmax"),
    image("softmax_cells", "softmax", axis=[1, 2]),
    image("softmax_rows", "softmax", axis=1),
    row("identity", "identity", name="same"),
    row("unit", "unit_normalization"),
    image("unit_cells", "unit_normalization", axis=[1, 2]),
    image("unit_rows", "unit_normalization", axis=1),
    row("rms", "rms_normalization"),
    image("rms_columns", "rms_normalization", axis=[2, 3], epsilon=0.1),
    image("group", "group_normalization", groups=2),
    image("group_each", "group_normalization", groups=-1, epsilon=0.1),
    image("group_plain", "group_normalization", groups=1, center=False, scale=False),
    row("group_row", "group_normalization", groups=2, scale=False),
    pair("average", L("average", inputs=["s1", "s2"], name="both")),
    pair("dot", L("dot", inputs=["s1", "s2"], axes=1)),
    pair("dot_cosine", L("dot", inputs=["s1", "s2"], axes=-1, normalize=True), (3, 4), (2, 4)),
    pair("dot_matrices", L("dot", inputs=["s1", "s2"], axes=[2, 1]), (3, 4), (4, 2)),
    pair("dot_turned", L("dot", inputs=["s1", "s2"], axes=[1, 2]), (4, 3), (2, 4)),
    pair("dot_vector", L("dot", inputs=["s1", "s2"], axes=[1, 1], normalize=True), (4, 3), (4,)),
]
