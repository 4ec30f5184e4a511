"""networks_conv.py
Convolutions in two dimensions: strides, padding, dilation, groups, depthwise,
separable.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(8)
DATASETS = [Dataset("image", rng.normal(0, 1, (60, 7, 6, 2)), seed=9),
            Dataset("signal", rng.normal(0, 1, (60, 12, 3)), seed=10)]
INPUTS = {"image": (7, 6, 2), "signal": (12, 3)}


def net(name, *layers, data="image", y="class", loss="sparse_categorical_crossentropy",
        optimizer=None, **options):
    """Layers under test, then a small head."""
    head = [L("flatten"), L("dense", 3, activation="softmax")]
    return N(name, data, [L("input", *INPUTS[data]), *layers, *head], y, loss,
             optimizer or L("sgd", learning_rate=0.1, momentum=0.5), **options)


def image(name, kind, *args, after=(), **options):
    """A layer between two others, so that the gradient of its input counts."""
    options.setdefault("activation", "tanh")
    return net(name, L("conv2d", 4, 2, activation="tanh"), L(kind, *args, **options), *after)


def signal(name, kind, *args, after=(), **options):
    options.setdefault("activation", "tanh")
    return net(name, L("conv1d", 4, 2, activation="tanh"), L(kind, *args, **options), *after,
               data="signal")


NETWORKS = [
    image("conv2d_valid", "conv2d", 5, 3),
    image("conv2d_same", "conv2d", 5, 3, padding="same"),
    image("conv2d_even_same", "conv2d", 3, [2, 4], padding="same"),
    image("conv2d_strides", "conv2d", 5, [3, 2], strides=[2, 1]),
    image("conv2d_strides_same", "conv2d", 5, 3, strides=2, padding="same"),
    image("conv2d_strides_gap", "conv2d", 4, 1, strides=2),
    image("conv2d_dilation", "conv2d", 4, [3, 2], dilation_rate=[2, 3]),
    image("conv2d_dilation_same", "conv2d", 4, 3, dilation_rate=2, padding="same"),
    image("conv2d_groups", "conv2d", 6, 3, groups=2),
    image("conv2d_groups_strides", "conv2d", 8, 3, groups=4, strides=2, padding="same"),
    image("conv2d_pointwise", "conv2d", 7, 1),
    image("conv2d_no_bias", "conv2d", 5, 3, use_bias=False),
    image("conv2d_relu", "conv2d", 5, 3, activation="relu"),
    net("conv2d_regularized", L("conv2d", 4, 3, activation="tanh", kernel_regularizer={"l2": 0.05})),
    image("depthwise", "depthwise_conv2d", 3),
    image("depthwise_multiplier", "depthwise_conv2d", [3, 2], depth_multiplier=2, padding="same"),
    image("depthwise_strides", "depthwise_conv2d", 3, strides=2, padding="same"),
    image("depthwise_dilation", "depthwise_conv2d", 2, dilation_rate=2),
    image("separable", "separable_conv2d", 5, 3),
    image("separable_same", "separable_conv2d", 5, 3, depth_multiplier=2, strides=2, padding="same"),
    image("separable_dilation", "separable_conv2d", 4, 2, dilation_rate=2, use_bias=False),
]
