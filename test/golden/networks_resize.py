"""networks_resize.py
Pooling, padding, cropping, upsampling, and normalization over channels.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(11)
DATASETS = [Dataset("image", rng.normal(0, 1, (60, 8, 7, 2)), seed=12),
            Dataset("signal", rng.normal(0, 1, (60, 11, 3)), seed=13)]
INPUTS = {"image": (8, 7, 2), "signal": (11, 3)}


def net(name, data, layers):
    return N(name, data, [L("input", *INPUTS[data]), *layers], "class",
             "sparse_categorical_crossentropy", L("sgd", learning_rate=0.1, momentum=0.5))


def image(name, kind, *args, flat=True, channels=3, shrink=False, **options):
    """Between a convolution and a dense layer, so that gradients pass through.
    shrink: fewer weights in the dense layer, to keep the file small."""
    head = [L("average_pooling2d", [4, 3])] if shrink else []
    head += [L("flatten")] if flat else []
    return net(name, "image", [L("conv2d", channels, 2, activation="tanh"), L(kind, *args, **options),
                               *head, L("dense", 3, activation="softmax")])


def signal(name, kind, *args, flat=True, **options):
    head = [L("flatten")] if flat else []
    return net(name, "signal", [L("conv1d", 4, 2, activation="tanh"), L(kind, *args, **options),
                                *head, L("dense", 3, activation="softmax")])


NETWORKS = [
    image("max_pool", "max_pooling2d", 2),
    image("max_pool_overlap", "max_pooling2d", [3, 2], strides=[2, 1]),
    image("max_pool_same", "max_pooling2d", 3, strides=2, padding="same"),
    image("average_pool", "average_pooling2d", 2),
    image("average_pool_overlap", "average_pooling2d", [2, 3], strides=1),
    image("average_pool_same", "average_pooling2d", 3, strides=2, padding="same"),
    image("global_max", "global_max_pooling2d", flat=False, channels=6),
    image("global_average", "global_average_pooling2d", flat=False, channels=6),
    signal("max_pool_1d", "max_pooling1d", 2),
    signal("max_pool_1d_same", "max_pooling1d", 3, strides=2, padding="same"),
    signal("average_pool_1d", "average_pooling1d", 3, strides=2),
    signal("average_pool_1d_same", "average_pooling1d", 3, strides=2, padding="same"),
    signal("global_max_1d", "global_max_pooling1d", flat=False),
    signal("global_average_1d", "global_average_pooling1d", flat=False),
    image("zero_padding", "zero_padding2d", 1),
    image("zero_padding_sides", "zero_padding2d", [[1, 0], [2, 3]]),
    image("cropping", "cropping2d", 1),
    image("cropping_sides", "cropping2d", [[1, 2], [0, 3]]),
    image("upsampling_nearest", "upsampling2d", 2, shrink=True),
    image("upsampling_uneven", "upsampling2d", [3, 2], shrink=True),
    image("upsampling_bilinear", "upsampling2d", 2, interpolation="bilinear", shrink=True),
    image("upsampling_bilinear_uneven", "upsampling2d", [2, 3], interpolation="bilinear", shrink=True),
    image("batch_norm_channels", "batch_normalization", momentum=0.8),
    image("layer_norm_channels", "layer_normalization", epsilon=0.1, channels=6),
    signal("batch_norm_signal", "batch_normalization", momentum=0.8),
    net("normalized_image", "image", [L("normalization"), L("conv2d", 3, 3, activation="tanh"),
                                      L("flatten"), L("dense", 3, activation="softmax")]),
]
