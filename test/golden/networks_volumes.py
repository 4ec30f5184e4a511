"""networks_volumes.py
Layers of volumes, and those of signals that images have too.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(51)
DATASETS = [Dataset("volume", rng.normal(0, 1, (60, 4, 3, 4, 2)), seed=52),
            Dataset("signal", rng.normal(0, 1, (60, 9, 3)), seed=53)]


def net(name, data, *layers):
    shape = {"volume": (4, 3, 4, 2), "signal": (9, 3)}[data]
    return N(name, data, [L("input", *shape), *layers, L("dense", 3, activation="softmax")], "class",
             "sparse_categorical_crossentropy", L("sgd", learning_rate=0.1, momentum=0.5))


def volume(name, kind, *args, flat=True, **options):
    """After a convolution, so that gradients pass through."""
    head = [L("flatten")] if flat else []
    return net(name, "volume", L("conv3d", 3, 2, activation="tanh"), L(kind, *args, **options), *head)


def signal(name, kind, *args, **options):
    return net(name, "signal", L("conv1d", 3, 2, activation="tanh"), L(kind, *args, **options), L("flatten"))


NETWORKS = [
    net("conv3d", "volume", L("conv3d", 3, [2, 1, 3], activation="relu"), L("flatten")),
    net("conv3d_same", "volume", L("conv3d", 4, 3, strides=2, padding="same", activation="elu"), L("flatten")),
    net("conv3d_dilated", "volume", L("conv3d", 3, 2, dilation_rate=[2, 1, 3]), L("flatten")),
    net("conv3d_groups", "volume", L("conv3d", 4, [1, 2, 2], groups=2, use_bias=False), L("flatten")),
    volume("conv3d_transpose", "conv3d_transpose", 2, 2, strides=[1, 2, 1], activation="tanh"),
    volume("conv3d_transpose_same", "conv3d_transpose", 2, [2, 3, 2], padding="same"),
    volume("max_pool_3d", "max_pooling3d", [2, 1, 2]),
    volume("max_pool_3d_same", "max_pooling3d", 2, strides=[2, 1, 1], padding="same"),
    volume("average_pool_3d", "average_pooling3d", [1, 2, 3]),
    volume("average_pool_3d_same", "average_pooling3d", 3, strides=2, padding="same"),
    volume("global_max_3d", "global_max_pooling3d", flat=False),
    volume("global_average_3d", "global_average_pooling3d", flat=False),
    volume("zero_padding_3d", "zero_padding3d", [[1, 0], [0, 1], [0, 0]]),
    volume("cropping_3d", "cropping3d", [[0, 1], [1, 0], [0, 2]]),
    net("upsampling_3d", "volume", L("conv3d", 2, 3, activation="tanh"), L("upsampling3d", [2, 1, 2]),
        L("flatten")),
    signal("adaptive_max_1d", "adaptive_max_pooling1d", 5),
    signal("adaptive_average_1d", "adaptive_average_pooling1d", 3),
    signal("zero_padding_1d", "zero_padding1d", [0, 2]),
    signal("cropping_1d", "cropping1d", [2, 1]),
    signal("upsampling_1d", "upsampling1d", 2),
    signal("depthwise_1d", "depthwise_conv1d", 3, depth_multiplier=2, activation="tanh"),
    signal("depthwise_1d_same", "depthwise_conv1d", 2, strides=2, padding="same", use_bias=False),
    signal("separable_1d", "separable_conv1d", 4, 3, depth_multiplier=2, activation="relu"),
    signal("separable_1d_same", "separable_conv1d", 3, 2, dilation_rate=2, padding="same"),
]
# there is no pooling of volumes in double precision
for n in NETWORKS:
    n.single = any(w in n.name for w in ("pool_3d", "global"))
