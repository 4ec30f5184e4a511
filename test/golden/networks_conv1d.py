"""networks_conv1d.py
Convolutions in one dimension, causal too, and blocks with branches.
"""
from networks_conv import DATASETS, net, signal
from spec import Call as L

NETWORKS = [
    signal("conv1d_valid", "conv1d", 5, 3),
    signal("conv1d_same", "conv1d", 5, 4, padding="same"),
    signal("conv1d_causal", "conv1d", 5, 3, padding="causal"),
    signal("conv1d_causal_dilation", "conv1d", 5, 2, padding="causal", dilation_rate=3),
    signal("conv1d_strides", "conv1d", 5, 3, strides=2, padding="same"),
    signal("conv1d_groups", "conv1d", 6, 3, groups=2),
    signal("conv1d_dilation", "conv1d", 4, 3, dilation_rate=2, use_bias=False),
    net("residual_block",
        L("conv2d", 6, 3, padding="same", use_bias=False, name="stem"),
        L("batch_normalization", momentum=0.8), L("activation", "relu", name="in"),
        L("conv2d", 8, 3, strides=2, padding="same", use_bias=False),
        L("batch_normalization", momentum=0.8), L("activation", "relu"),
        L("conv2d", 8, 3, padding="same", use_bias=False),
        L("batch_normalization", momentum=0.8, name="main"),
        L("conv2d", 8, 1, strides=2, inputs=["in"], use_bias=False),
        L("batch_normalization", momentum=0.8, name="short"),
        L("add", inputs=["main", "short"]), L("activation", "relu"),
        L("global_average_pooling2d")),
    net("inception",
        L("conv2d", 4, 1, activation="tanh", name="one"),
        L("conv2d", 4, 3, padding="same", activation="tanh", inputs=["input"], name="three"),
        L("concatenate", inputs=["one", "three"], name="both"),
        L("conv2d", 3, 2, activation="tanh")),
    net("classic", L("conv2d", 8, 3, activation="relu"), L("max_pooling2d", 2),
        L("conv2d", 12, 2, activation="relu"), L("flatten"), L("dense", 16, activation="relu"),
        optimizer=L("adam", learning_rate=0.01), metrics=("accuracy",)),
]
