"""networks_images.py
Images resized and cropped, and changed in training by draws that are certain, since both
ends of their ranges are the same.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(61)
DATASETS = [Dataset("colors", rng.uniform(0.02, 0.98, (60, 6, 5, 3)), seed=62)]


def net(name, *layers, start=(), filters=3):
    return N(name, "colors", [L("input", 6, 5, 3), *start, *layers, L("conv2d", filters, 3, activation="tanh"),
                              L("flatten"), L("dense", 3, activation="softmax")], "class",
             "sparse_categorical_crossentropy", L("sgd", learning_rate=0.1, momentum=0.5))


def inner(name, kind, *args, **options):
    """After a layer that is trained, so that gradients pass through."""
    return net(name, L(kind, *args, **options), start=[L("dense", 3, activation="sigmoid")])


def resized(name, height, width, **options):
    return inner(name, "resizing", height, width, **options)


NETWORKS = [
    resized("resizing", 4, 7),
    resized("resizing_nearest", 4, 7, interpolation="nearest"),
    resized("resizing_bicubic", 4, 7, interpolation="bicubic"),
    resized("resizing_lanczos3", 4, 7, interpolation="lanczos3"),
    resized("resizing_lanczos5", 7, 3, interpolation="lanczos5", antialias=True),
    net("resizing_area", L("resizing", 4, 3, interpolation="area")),    # which has no gradient in TensorFlow
    resized("resizing_antialias", 3, 4, antialias=True),
    resized("resizing_bicubic_antialias", 3, 4, interpolation="bicubic", antialias=True),
    resized("resizing_crop", 3, 6, crop_to_aspect_ratio=True),
    resized("resizing_pad", 4, 8, pad_to_aspect_ratio=True, fill_value=0.25),
    resized("resizing_pad_rows", 8, 3, pad_to_aspect_ratio=True, interpolation="nearest"),
    inner("center_crop", "center_crop", 3, 4),
    inner("center_crop_larger", "center_crop", 4, 8),
    inner("adaptive_max", "adaptive_max_pooling2d", [4, 3]),
    inner("adaptive_average", "adaptive_average_pooling2d", [3, 4]),
    inner("upsampling_bicubic", "upsampling2d", [1, 2], interpolation="bicubic"),
    inner("upsampling_lanczos3", "upsampling2d", [2, 1], interpolation="lanczos3"),
    # the gradients of these are no derivatives in TensorFlow
    net("rotation", L("random_rotation", [0.07, 0.07])),
    net("rotation_wrap", L("random_rotation", [-0.31, -0.31], fill_mode="wrap")),
    net("rotation_constant", L("random_rotation", [0.13, 0.13], fill_mode="constant", fill_value=0.5)),
    net("rotation_nearest", L("random_rotation", [0.07, 0.07], fill_mode="nearest", interpolation="nearest")),
    net("zoom", L("random_zoom", [0.6, 0.6])),
    net("zoom_both", L("random_zoom", [-0.3, -0.3], width_factor=[0.9, 0.9], fill_mode="nearest")),
    net("zoom_wrap", L("random_zoom", [0.8, 0.8], width_factor=[0.8, 0.8], fill_mode="wrap")),
    net("translation", L("random_translation", [0.3, 0.3], [-0.45, -0.45])),
    net("translation_wrap", L("random_translation", [-0.95, -0.95], [0.7, 0.7], fill_mode="wrap")),
    inner("brightness", "random_brightness", [0.2, 0.2], value_range=[0, 1]),
    net("saturation", L("random_saturation", [0.3, 0.3], value_range=[0, 1])),  # no gradient in TensorFlow
    net("saturation_clipped", L("random_saturation", [0.7, 0.7], value_range=[0, 1])),
    inner("grayscale", "random_grayscale", factor=1.0),
]
# which Keras or TensorFlow has in single precision alone
for n in NETWORKS:
    n.single = not n.name.startswith(("resizing", "center", "adaptive", "upsampling")) or \
        "lanczos" in n.name or "antialias" in n.name
