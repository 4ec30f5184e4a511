"""lines.py
What the benchmark measures: one table of lines, the networks as SQL, and the
data, made from a seed.  Both sides read the same rows.

BENCH_QUICK=yes: fewer rows and epochs, for a first look.
"""
import os

import numpy as np

DENSE = "nnet.dense({}, activation => '{}')"
NETWORKS = {
    "mlp": ["nnet.input(100)", DENSE.format(64, "relu"), DENSE.format(64, "relu"),
            DENSE.format(10, "softmax")],
    "wide": ["nnet.input(784)", DENSE.format(1024, "relu"), DENSE.format(1024, "relu"),
             DENSE.format(10, "softmax")],
    "cnn": ["nnet.input(28, 28, 1)", "nnet.conv2d(32, 3, activation => 'relu')",
            "nnet.max_pooling2d(2)", "nnet.conv2d(64, 3, activation => 'relu')",
            "nnet.max_pooling2d(2)", "nnet.flatten()", DENSE.format(64, "relu"),
            DENSE.format(10, "softmax")],
    "lstm28": ["nnet.input(28, 28)", "nnet.lstm(64, return_sequences => true)", "nnet.lstm(64)",
               DENSE.format(10, "softmax")],
    "lstm100": ["nnet.input(100, 16)", "nnet.lstm(64, return_sequences => true)", "nnet.lstm(64)",
                DENSE.format(10, "softmax")],
    "generator": ["nnet.input(100)"] + [DENSE.format(n, "relu") for n in (256, 256, 128, 64, 32)]
                 + [DENSE.format(10, "tanh")],
    "discriminator": ["nnet.input(10)"] + [DENSE.format(n, "relu") for n in (128, 128, 64, 32)]
                     + [DENSE.format(1, "sigmoid")],
}
SHAPES = {"mlp": (100,), "wide": (784,), "cnn": (28, 28, 1), "lstm28": (28, 28), "lstm100": (100, 16)}


QUICK = os.environ.get("BENCH_QUICK") == "yes"


# ---- arithmetic ----

def chain(*sizes):
    return [(a * b, 0) for a, b in zip(sizes, sizes[1:])]


def lstms(steps, width):
    return [(steps * width * 256, steps * 64 * 256), (steps * 64 * 256, steps * 64 * 256), (640, 0)]


# Multiply-adds of a sample in each layer's products: with its input, and with its own state.
PRODUCTS = {
    "mlp": chain(100, 64, 64, 10),
    "wide": chain(784, 1024, 1024, 10),
    "cnn": [(26 * 26 * 9 * 32, 0), (11 * 11 * 9 * 32 * 64, 0), *chain(1600, 64, 10)],
    "lstm28": lstms(28, 28),
    "lstm100": lstms(100, 16),
    "generator": chain(100, 256, 256, 128, 64, 32, 10),
    "discriminator": chain(10, 128, 128, 64, 32, 1),
}


def forward_flops(network):
    return 2 * sum(x + state for x, state in PRODUCTS[network])


def backward_flops(network, weights=True, inputs=False):
    """Of the gradients of weights, and of inputs: the first layer's only if they are wanted."""
    flops = forward_flops(network) * weights
    for i, (x, state) in enumerate(PRODUCTS[network]):
        flops += 2 * state + 2 * x * (i > 0 or inputs)
    return flops


def gan_flops(batch):
    """Of one step: the discriminator learns from as many real and made rows, then the generator."""
    made = 2 * forward_flops("generator") + backward_flops("generator")
    judged = 3 * forward_flops("discriminator") + 2 * backward_flops("discriminator")
    return batch * (made + judged + backward_flops("discriminator", weights=False, inputs=True))


class Line:
    """target: the ratio to reach beside the fastest peer; peak: the part of the
    FMA peak; pulled: the ratio where the peer has to pull the rows."""

    def __init__(self, name, what, kind, network, data, rows, epochs=1, batch=0, target=None,
                 peak=None, pulled=None):
        self.name, self.what, self.kind, self.network = name, what, kind, network
        self.data, self.batch = data, batch
        self.rows = rows // 4 if QUICK and data in ("image", "series") and rows > 20_000 else rows
        self.epochs = 1 if QUICK and network != "mlp" and kind == "train" else epochs
        self.target, self.peak, self.pulled = target, peak, pulled

    def steps(self):
        return -(-self.rows // self.batch) * self.epochs

    def flops(self):
        """Of what its rates count: a sample, a row, or a step of a GAN."""
        if self.kind == "gan":
            return gan_flops(self.batch)
        return forward_flops(self.network) + (backward_flops(self.network) if self.kind == "train" else 0)


LINES = [
    Line("mlp32", "MLP 100-64-64-10, batch 32", "train", "mlp", "table", 100_000, 3, 32, 3),
    Line("mlp128", "MLP 100-64-64-10, batch 128", "train", "mlp", "table", 100_000, 3, 128, 3, 0.30),
    Line("wide128", "MLP 784-1024-1024-10, batch 128", "train", "wide", "image", 20_000, 5, 128, 1.3, 0.65),
    Line("cnn32", "CNN 28x28x1, batch 32", "train", "cnn", "image", 60_000, 1, 32, 1.5, 0.62),
    Line("cnn128", "CNN 28x28x1, batch 128", "train", "cnn", "image", 60_000, 1, 128, 1.5, 0.62),
    Line("lstm28_32", "LSTM 28x28, batch 32", "train", "lstm28", "image", 60_000, 1, 32, 2),
    Line("lstm28_128", "LSTM 28x28, batch 128", "train", "lstm28", "image", 60_000, 1, 128, 2, 0.50),
    Line("lstm100_32", "LSTM 100x16, batch 32", "train", "lstm100", "series", 60_000, 1, 32, 2),
    Line("lstm100_128", "LSTM 100x16, batch 128", "train", "lstm100", "series", 60_000, 1, 128, 2),
    Line("gan", "GAN 100..10 / 10..1, batch 128", "gan", "gan", "features", 51_200, 5, 128, 2, 0.50),
    Line("predict_mlp", "MLP 100-64-64-10", "predict", "mlp", "table", 100_000, target=1, pulled=4),
    Line("predict_cnn", "CNN 28x28x1", "predict", "cnn", "image", 60_000, target=1, pulled=4),
    Line("predict_lstm28", "LSTM 28x28", "predict", "lstm28", "image", 60_000, target=1, pulled=4),
    Line("predict_wide", "MLP 784-1024-1024-10", "predict", "wide", "image", 20_000, target=1, pulled=4),
    Line("predict_one", "MLP 100-64-64-10, one row, prepared", "one", "mlp", "table", 1),
]


def by_name(name):
    for line in LINES:
        if line.name == name:
            return line
    raise SystemExit(f"no line \"{name}\"; there are " + ", ".join(line.name for line in LINES))


# ---- data ----

SIZES = {"table": (100_000, 100), "image": (60_000, 784), "series": (60_000, 1600)}
NOISE = 0.2         # of the labels: keeps the best loss near 0.87, so that 5 % of it means something


def prototypes(name, rng, width):
    """Ten classes; of images and series smooth, as real ones are."""
    if name == "table":
        return rng.standard_normal((10, width)).astype(np.float32) * 0.35
    shape, keep = ((28, 28), (7, 7)) if name == "image" else ((100, 16), (10, 8))
    out = np.empty((10, width), np.float32)
    for c in range(10):
        coarse = rng.standard_normal(keep)
        fine = np.kron(coarse, np.ones((shape[0] // keep[0], shape[1] // keep[1])))
        out[c] = fine.ravel() * 0.5
    return out


def make_classes(name):
    rows, width = SIZES[name]
    rng = np.random.default_rng(sum(map(ord, name)))
    shown = rng.integers(0, 10, rows)
    x = rng.standard_normal((rows, width), np.float32)
    x += prototypes(name, rng, width)[shown]
    y = np.where(rng.random(rows) < NOISE, rng.integers(0, 10, rows), shown)
    return x, y.astype(np.int32)


def make_features():
    """Ten correlated features within (-1, 1), for the GAN."""
    rng = np.random.default_rng(7)
    mix = rng.standard_normal((3, 10)).astype(np.float32)
    x = rng.standard_normal((51_200, 3), np.float32) @ mix
    x += 0.1 * rng.standard_normal(x.shape, np.float32)
    return np.tanh(0.5 * x), np.zeros(len(x), np.int32)


def make(name, folder):
    """Writes NAME.x.npy and NAME.y.npy, unless they are there."""
    path = os.path.join(folder, name)
    if not os.path.exists(path + ".y.npy"):
        x, y = make_features() if name == "features" else make_classes(name)
        np.save(path + ".x.npy", x)
        np.save(path + ".y.npy", y)


def load(line, folder):
    """x (rows, width) float32 and y (rows) int32 of a line."""
    path = os.path.join(folder, line.data)
    return (np.load(path + ".x.npy", mmap_mode="r")[:line.rows],
            np.load(path + ".y.npy", mmap_mode="r")[:line.rows])


def binary_copy(x, y):
    """Rows (real[], integer) as PostgreSQL's binary COPY, in pieces."""
    width = x.shape[1]
    row = np.dtype([("fields", ">i2"), ("xlen", ">i4"), ("ndim", ">i4"), ("flags", ">i4"),
                    ("type", ">i4"), ("dim", ">i4"), ("lower", ">i4"),
                    ("x", np.dtype([("len", ">i4"), ("v", ">f4")]), (width,)),
                    ("ylen", ">i4"), ("y", ">i4")])
    yield b"PGCOPY\n\377\r\n\0" + bytes(8)
    for i in range(0, len(x), 10_000):
        part = np.empty(len(x[i:i + 10_000]), row)
        part["fields"], part["xlen"], part["ndim"], part["flags"] = 2, 20 + 8 * width, 1, 0
        part["type"], part["dim"], part["lower"] = 700, width, 1
        part["x"]["len"], part["x"]["v"] = 4, x[i:i + 10_000]
        part["ylen"], part["y"] = 4, y[i:i + 10_000]
        yield part.tobytes()
    yield b"\377\377"
