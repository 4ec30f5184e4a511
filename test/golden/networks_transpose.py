"""networks_transpose.py
Transposed convolutions.  (Dilated ones TensorFlow cannot do on a CPU.)
"""
from networks_conv import DATASETS, image, signal

NETWORKS = [
    image("transpose", "conv2d_transpose", 3, 3),
    image("transpose_strides", "conv2d_transpose", 2, 3, strides=2),
    image("transpose_same", "conv2d_transpose", 2, 3, strides=2, padding="same"),
    image("transpose_wide_strides", "conv2d_transpose", 2, 2, strides=3, padding="valid"),
    image("transpose_output_padding", "conv2d_transpose", 2, [3, 4], strides=2, padding="same",
          output_padding=1),
    signal("conv1d_transpose", "conv1d_transpose", 3, 3, strides=2),
    signal("conv1d_transpose_same", "conv1d_transpose", 3, 4, strides=3, padding="same"),
    signal("conv1d_transpose_output_padding", "conv1d_transpose", 3, 3, strides=2, padding="same",
           output_padding=1),
]
