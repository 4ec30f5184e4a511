"""networks_masks.py
Masks where branches meet, at global pooling, and under recurrent layers that
go backwards.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(50)
STEPS = 6
# Steps of zeros, hidden in both of the branches below; of the others, that of
# negative numbers is hidden in the one, that of positive numbers in the other.
gaps = rng.normal(0, 1, (60, STEPS, 2))
gaps[rng.random((60, STEPS)) < 0.3] = 0.0
gaps[:, 2] = [0.7, -0.6] * np.sign(rng.normal(0, 1, (60, 1))) + rng.normal(0, 0.1, (60, 2))
gaps[:, 4] = [-0.5, 0.8] + rng.normal(0, 0.1, (60, 2))      # no row without a step in either
hidden = gaps.copy()
hidden[::7] = 0.0                   # rows without any step

DATASETS = [
    Dataset("gaps", gaps, seed=51),
    Dataset("hidden", hidden, seed=52),
    Dataset("each_step", gaps, seed=53, step_reals=True),
    Dataset("image", rng.normal(0, 1, (60, 4, 3, 2)), seed=54),
]


def net(name, *layers, data="gaps", y="reals", loss="mean_squared_error", optimizer=None, **options):
    first = L("input", 4, 3, 2) if data == "image" else L("input", STEPS, 2)
    return N(name, data, [first, *layers], y, loss,
             optimizer or L("sgd", learning_rate=0.2, momentum=0.5), **options)


def both(kind, units, merge_mode="concat", **options):
    return L("bidirectional", L(kind, units, **options), merge_mode=merge_mode)


def one_masked(merge, head, first=True, **options):
    """A masked and an unmasked branch."""
    names = ["masked", "plain"] if first else ["plain", "masked"]
    return [L("masking", 0.0), L("lstm", 4, return_sequences=True, name="masked"),
            L("dense", 4, activation="tanh", inputs=["input"], name="plain"),
            L(merge, inputs=names, **options), *head, L("dense", 2)]


def two_masked(merge, head, **options):
    """Branches that hide different steps, and some the same."""
    return [L("activation", "relu"), L("masking", 0.0),
            L("lstm", 4, return_sequences=True, name="a"),
            L("rescaling", -1.0, inputs=["input"]), L("activation", "relu"), L("masking", 0.0),
            L("gru", 4, return_sequences=True, name="b"),
            L(merge, inputs=["a", "b"], **options), *head, L("dense", 2)]


AVERAGE = [L("global_average_pooling1d")]
LSTM = [L("lstm", 4)]
ADAM = L("adam", learning_rate=0.01)
NETWORKS = []
# Not maximum and minimum (and multiply): Keras leaves a hidden step out of them.
for merge, options in (("add", {}), ("concatenate", {}), ("concatenate", {"axis": 1})):
    name = merge + "_steps" if options else merge
    NETWORKS += [
        net(name + "_one_average", *one_masked(merge, AVERAGE, **options)),
        net(name + "_one_lstm", *one_masked(merge, LSTM, first=False, **options),
            optimizer=ADAM if options else None),
        net(name + "_two_average", *two_masked(merge, AVERAGE, **options)),
        net(name + "_two_lstm", *two_masked(merge, LSTM, **options),
            optimizer=ADAM if options else None),
    ]
NETWORKS += [
    # what is hidden in some of three branches
    net("three", L("masking", 0.0), L("gru", 4, return_sequences=True, name="zeros"),
        L("activation", "relu", inputs=["input"]), L("masking", 0.0),
        L("dense", 4, activation="tanh", name="positive"),
        L("rescaling", -1.0, inputs=["input"]), L("activation", "relu"), L("masking", 0.0),
        L("simple_rnn", 4, return_sequences=True, name="negative"),
        L("concatenate", inputs=["positive", "negative"]), L("dense", 4, name="joined"),
        L("add", inputs=["zeros", "joined", "negative"]), L("lstm", 4), L("dense", 2)),
    *[net(merge + "_same_mask", L("masking", 0.0, name="shown"),
          L("lstm", 4, return_sequences=True, name="a"),
          L("dense", 4, activation="tanh", inputs=["shown"], name="b"),
          L(merge, inputs=["a", "b"]), L("global_average_pooling1d"), L("dense", 2))
      for merge in ("multiply", "maximum", "minimum")],
    net("global_max", L("masking", 0.0), L("dense", 5, activation="tanh"),
        L("global_max_pooling1d"), L("dense", 2)),
    net("global_max_lstm", L("masking", 0.0), L("lstm", 5, return_sequences=True),
        L("global_max_pooling1d"), L("dense", 2)),
    net("global_max_input", L("masking", 0.0), L("global_max_pooling1d"),
        L("dense", 6, activation="tanh"), L("dense", 2)),
    net("keepdims_average", L("masking", 0.0), L("lstm", 4, return_sequences=True, name="a"),
        L("global_average_pooling1d", keepdims=True, name="mean"),
        L("add", inputs=["a", "mean"]), L("gru", 4), L("dense", 2)),
    net("keepdims_max", L("masking", 0.0), L("gru", 4, return_sequences=True, name="a"),
        L("global_max_pooling1d", keepdims=True, name="most"),
        L("concatenate", inputs=["a", "most"], axis=1), L("lstm", 4), L("dense", 2)),
    net("keepdims_image", L("conv2d", 4, 2, activation="tanh", name="a"),
        L("global_average_pooling2d", keepdims=True, name="mean"),
        L("dense", 4, activation="sigmoid", name="gate"), L("multiply", inputs=["a", "gate"], name="gated"),
        L("global_max_pooling2d", keepdims=True, name="most"), L("add", inputs=["gated", "most"]),
        L("flatten"), L("dense", 2), data="image"),
]
for kind in ("lstm", "gru", "simple_rnn"):
    NETWORKS += [
        net(kind + "_backwards", L("masking", 0.0), L(kind, 5, go_backwards=True), L("dense", 2)),
        net(kind + "_backwards_sequences", L("masking", 0.0),
            L(kind, 4, go_backwards=True, return_sequences=True), L(kind, 4), L("dense", 2)),
        net(kind + "_backwards_average", L("masking", 0.0),
            L(kind, 4, go_backwards=True, return_sequences=True), L("global_average_pooling1d"),
            L("dense", 2)),
        net(kind + "_backwards_both", L("masking", 0.0), L(kind, 4, go_backwards=True, return_sequences=True),
            both(kind, 3), L("dense", 2)),
        net(kind + "_nothing_shown", L("masking", 0.0), both(kind, 3, return_sequences=True),
            L(kind, 4), L("dense", 2), data="hidden"),
    ]
NETWORKS += [
    net("output_steps", L("masking", 0.0), L("lstm", 4, return_sequences=True), L("dense", 2),
        data="each_step", metrics=("mean_squared_error", "mean_absolute_error", "cosine_similarity")),
    net("output_backwards", L("masking", 0.0), L("gru", 4, go_backwards=True, return_sequences=True),
        L("dense", 2), data="each_step", loss="huber", metrics=("mean_absolute_error",)),
    net("output_two_masked", *two_masked("add", []), data="each_step", loss="log_cosh",
        metrics=("mean_squared_error",)),
    net("output_unmasked", *one_masked("add", []), data="each_step", loss="mean_absolute_error"),
]
