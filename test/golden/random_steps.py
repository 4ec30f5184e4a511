"""random_steps.py
Networks of variable steps drawn at random: layers that keep the steps, change
them or end them, branches that meet again, in any order.
"""
import numpy as np

import alone
from spec import Call as L, Network

ACTIVATIONS = ["linear", "tanh", "sigmoid", "relu", "gelu", "softplus", "elu"]
MOST_STEPS = 24         # of an output: what a row has targets for
MOST_VALUES = 96


class Draft:
    """A network in the making: its layers, and the steps that each length has come to."""

    def __init__(self, rng, lengths, features, later):
        self.rng, self.features = rng, features
        self.later = later      # with layers that came later than the networks of networks_steps.py
        self.layers, self.names = [], 0
        self.masked = False     # then no merge that leaves hidden steps out in Keras, as nnet does not
        self.steps = {n: n for n in lengths}

    def pick(self, *values):
        return values[self.rng.integers(len(values))]

    def add(self, kind, *args, **options):
        self.layers.append(L(kind, *args, **options))

    def name(self):
        self.names += 1
        return f"branch_{self.names}"

    def change(self, f):
        """Whether all rows have steps left, and not too many; then that is how many they have."""
        steps = {n: f(s) for n, s in self.steps.items()}
        if min(steps.values()) < 1 or max(steps.values()) > MOST_STEPS:
            return False
        self.steps = steps
        return True


def window(size, stride, padding, dilation=1):
    """TensorFlow's arithmetic of windows."""
    if padding == "valid":
        extent = (size - 1) * dilation + 1
        return lambda n: (n - extent) // stride + 1 if n >= extent else 0
    return lambda n: -(-n // stride)


def convolution(d, **extra):
    size, stride = int(d.rng.integers(1, 5)), int(d.rng.integers(1, 4))
    padding = d.pick("valid", "same", "causal")
    dilation = int(d.rng.integers(1, 3)) if stride == 1 else 1
    if d.change(window(size, stride, padding, dilation)):
        d.features = int(d.rng.integers(1, 5))
        d.add("conv1d", d.features, size, strides=stride, padding=padding, dilation_rate=dilation,
              activation=d.pick(*ACTIVATIONS), use_bias=bool(d.rng.integers(2)), **extra)


def transposed(d):
    size, stride = int(d.rng.integers(1, 5)), int(d.rng.integers(1, 4))
    padding, more = d.pick("valid", "same"), {}
    out = (lambda n: n * stride) if padding == "same" else (lambda n: (n - 1) * stride + max(size, stride))
    if stride > 1 and d.rng.random() < 0.3:
        extra = int(d.rng.integers(0, stride))
        more["output_padding"] = extra
        out = lambda n: (n - 1) * stride + (size % 2 if padding == "same" else size) + extra
    if d.change(out):
        d.features = int(d.rng.integers(1, 5))
        d.add("conv1d_transpose", d.features, size, strides=stride, padding=padding,
              activation=d.pick(*ACTIVATIONS), use_bias=bool(d.rng.integers(2)), **more)


def pooling(d):
    size, stride = int(d.rng.integers(1, 4)), int(d.rng.integers(1, 4))
    padding = d.pick("valid", "same")
    if d.change(window(size, stride, padding)):
        d.add(d.pick("max_pooling1d", "average_pooling1d"), size, strides=stride, padding=padding)


def recurrent(d):
    kind, units = d.pick("simple_rnn", "lstm", "gru"), int(d.rng.integers(1, 5))
    layer = dict(return_sequences=True)
    if d.rng.random() < 0.4:
        merge = d.pick("concat", "sum", "mul", "ave")
        d.add("bidirectional", L(kind, units, **layer), merge_mode=merge)
        d.features = units * (2 if merge == "concat" else 1)
    else:
        d.add(kind, units, go_backwards=bool(d.rng.integers(2)), **layer)
        d.features = units


def borders(d):
    """Steps more, fewer, or each several times."""
    a, b = (int(n) for n in d.rng.integers(0, 3, 2))
    kind = d.pick("zero_padding1d", "cropping1d", "upsampling1d")
    if kind == "upsampling1d":
        if d.change(lambda n: n * (a + 1)):
            d.add(kind, a + 1)
    elif d.change(lambda n: n + (a + b if kind == "zero_padding1d" else -a - b)):
        d.add(kind, [a, b])


def by_channel(d):
    size, stride, multiplier = int(d.rng.integers(1, 4)), int(d.rng.integers(1, 3)), int(d.rng.integers(1, 3))
    padding = d.pick("valid", "same")
    if not d.change(window(size, stride, padding)):
        return
    options = dict(strides=stride, padding=padding, depth_multiplier=multiplier, activation=d.pick(*ACTIVATIONS))
    if d.rng.random() < 0.5:
        d.add("depthwise_conv1d", size, **options)
        d.features *= multiplier
    else:
        d.features = int(d.rng.integers(1, 5))
        d.add("separable_conv1d", d.features, size, **options)


def each_step(d):
    units = int(d.rng.integers(1, 5))
    kinds = ["dense", "time_distributed", "activation", "leaky_relu", "layer_normalization",
             "rescaling", "reshape", "masking", "spatial"]
    if d.later:
        kinds += ["elu", "relu", "prelu", "unit_normalization", "identity"]
    kind = d.pick(*kinds)
    if kind == "dense":
        d.add("dense", units, activation=d.pick(*ACTIVATIONS))
        d.features = units
    elif kind == "time_distributed":
        d.add("time_distributed", L("dense", units, activation=d.pick(*ACTIVATIONS)))
        d.features = units
    elif kind == "activation":
        d.add("activation", d.pick(*ACTIVATIONS))
    elif kind == "leaky_relu":
        d.add("leaky_relu", 0.3)
    elif kind == "elu":
        d.add("elu", alpha=0.5)
    elif kind == "relu":
        d.add("relu", max_value=2.0, negative_slope=0.1, threshold=0.25)
    elif kind == "prelu":
        d.add("prelu", alpha_initializer="ones", shared_axes=[1])
    elif kind == "identity":
        d.add("identity", name=d.name())
    elif kind == "unit_normalization" and d.features > 2:
        d.add("unit_normalization")
    elif kind == "layer_normalization" and d.features > 2:
        d.add("layer_normalization")
    elif kind == "rescaling":
        d.add("rescaling", 0.7, offset=0.1)
    elif kind == "reshape":
        d.add("reshape", [-1, d.features])
    elif kind == "masking" and not d.layers:
        d.add("masking", 0.0)
        d.masked = True


def branches(d):
    """Two ways from one layer to as many steps, and together again."""
    start, left, right = d.name(), d.name(), d.name()
    stride = int(d.rng.integers(1, 4))
    if not d.change(window(1, stride, "same")):
        return
    d.add("dense", 3, activation="tanh", name=start)
    d.add("conv1d", 3, int(d.rng.integers(1, 4)), strides=stride, padding="same", name=left)
    if stride == 1:
        d.add("gru", 3, return_sequences=True, inputs=[start], name=right)
    else:
        d.add("average_pooling1d", stride, padding="same", inputs=[start], name=right)
    merge = d.pick("add", "concatenate", *(("add", "concatenate") if d.masked else ("multiply", "maximum")))
    d.add(merge, inputs=[left, right])
    d.features = 6 if merge == "concatenate" else 3


def gate(d):
    """One step beside all of them."""
    whole, mean = d.name(), d.name()
    d.add("dense", 3, activation="tanh", name=whole)
    d.add(d.pick("global_average_pooling1d", "global_max_pooling1d"), keepdims=True, name=mean)
    d.add(d.pick("add" if d.masked else "multiply", "add"), inputs=[whole, mean])
    d.features = 3


def ending(d):
    """Leave the steps, or end them, perhaps in a fixed number; returns how targets look."""
    how = d.pick("steps", "steps", "steps", "vector", "repeated", "grid")
    if how in ("vector", "repeated"):
        d.add(*d.pick(("lstm", 3), ("gru", 3), ("global_average_pooling1d",), ("global_max_pooling1d",)))
        if how == "repeated":
            d.add("repeat_vector", int(d.rng.integers(1, 5)))
    elif how == "grid":
        d.add("time_distributed", L("repeat_vector", 2))
    if d.rng.random() < 0.3:
        d.add("dense", 3, activation="softmax")
        return "classes", "sparse_categorical_crossentropy", ("sparse_categorical_accuracy",)
    last = d.layers[-1].kind if d.layers else None
    if how != "steps" or last not in ("conv1d", "conv1d_transpose") or d.rng.random() < 0.3:
        d.add("dense", 2)
    return "reals", d.pick("mean_squared_error", "mean_absolute_error", "huber", "log_cosh"), \
        ("mean_squared_error",)


def lengths(rng, rows, least, most):
    return [int(n) for n in rng.integers(least, most + 1, rows)]


def draw(seed, rows=20, later=True):
    """The data and the network of that seed."""
    rng = np.random.default_rng(seed)
    least = int(rng.integers(1, 6))
    ids = rng.random() < 0.2
    data = alone.Steps(f"rows_{seed}", lengths(rng, rows, least, least + 6),
                       0 if ids else int(rng.integers(1, 4)), seed=seed, reals=MOST_VALUES,
                       gaps=0.2 if rng.random() < 0.3 else 0)
    d = Draft(rng, data.lengths, data.features, later)
    if ids:
        d.features = 3
        d.masked = bool(rng.integers(2))
        d.add("embedding", 8, 3, mask_zero=d.masked)
    makers = [convolution, convolution, transposed, pooling, recurrent, each_step, each_step, branches, gate]
    if later:
        makers += [borders, by_channel]
    for _ in range(rng.integers(1, 6)):
        d.pick(*makers)(d)
    y, loss, metrics = ending(d)
    first = L("input", None) if ids else L("input", None, data.features)
    optimizer = d.pick(L("sgd", learning_rate=0.1, momentum=0.5), L("adam", learning_rate=0.01))
    return data, Network(f"random_{seed}", data.name, [first, *d.layers], y, loss, optimizer,
                         metrics=metrics, seed=seed)
