"""networks_attention.py
Attention of a sequence to itself and to others, of one head and of several, behind masks.
"""
import numpy as np

from spec import Call as L, Dataset, Hidden, Network as N

PAD = -9.0
rng = np.random.default_rng(140)
gaps = rng.normal(0, 1, (60, 6, 3))
gaps[rng.random((60, 6)) < 0.3] = 0.0
gaps[:, 3] = rng.normal(0, 1, (60, 3))      # no row without a step
lengths = rng.integers(1, 8, 60)
lengths[3] = 7
tokens = rng.integers(1, 8, (60, 6))
tokens = np.where(np.arange(6) < rng.integers(2, 7, 60)[:, None], tokens, 0)

DATASETS = [
    Dataset("steps", rng.normal(0, 1, (60, 5, 3)), seed=141),
    Dataset("gaps", gaps, seed=142),
    Dataset("lengths", rng.normal(0, 1, (60, 7, 3)), seed=143, lengths=lengths, pad=PAD),
    Dataset("each_step", rng.normal(0, 1, (60, 7, 3)), seed=144, lengths=lengths, pad=PAD, step_reals=True),
    Dataset("image", rng.normal(0, 1, (60, 3, 2, 4)), seed=145),
    Dataset("tokens", tokens.astype(float), seed=146, x_sql="x::integer[]"),
]
SHAPES = {"steps": (5, 3), "gaps": (6, 3), "lengths": (None, 3), "each_step": (None, 3), "image": (3, 2, 4),
          "tokens": (6,)}
MHA, GQA = "multi_head_attention", "group_query_attention"


def net(name, data, *layers, y="reals", loss="mean_squared_error", optimizer=None, **options):
    first = [L("input", *SHAPES[data])]
    if data in ("lengths", "each_step"):
        first.append(Hidden("masking", inputs=["input"], mask_value=PAD))
    return N(name, data, first + list(layers), y, loss, optimizer or L("sgd", learning_rate=0.3, momentum=0.5),
             **options)


def itself(name, kind, *args, data="steps", optimizer=None, **options):
    """A layer's attention to itself."""
    mask = [L("masking", 0.0)] if data == "gaps" else []
    return net(name, data, *mask, L("dense", 4, activation="tanh", name="x"), L(kind, *args, **options),
               L("global_average_pooling1d"), L("dense", 2), optimizer=optimizer)


def fewer(name, kind, *args, key=False, data="steps", head=None, **options):
    """A query of fewer steps than value and key; of the gaps only these have a mask."""
    mask = [L("masking", 0.0)] if data == "gaps" else []
    return net(name, data, L("conv1d", 4, 2, activation="tanh", name="query"),
               *([L("masking", 0.0, inputs=["input"], name="shown")] if mask else []),
               L("dense", 4, activation="tanh", inputs=["shown" if mask else "input"], name="value"),
               *([L("dense", 4, activation="tanh", inputs=["shown" if mask else "input"], name="key")] if key else []),
               L(kind, *args, inputs=["query", "value"] + (["key"] if key else []), **options),
               *(head or [L("global_average_pooling1d")]), L("dense", 2))


def masked_query(name, kind, *args, **options):
    """Only the query has a mask."""
    return net(name, "gaps", L("masking", 0.0), L("dense", 4, activation="tanh", name="query"),
               L("dense", 4, activation="tanh", inputs=["input"], name="value"),
               L(kind, *args, inputs=["query", "value"], **options), L("lstm", 4), L("dense", 2))


ADAM, SLOW = L("adam", learning_rate=0.01), L("sgd", learning_rate=0.1)
NETWORKS = []
for kind, options in (("attention", {}), ("attention", {"use_scale": True}),
                      ("attention", {"score_mode": "concat"}),
                      ("attention", {"score_mode": "concat", "use_scale": True}),
                      ("additive_attention", {}), ("additive_attention", {"use_scale": False})):
    name = "_".join([kind, *(k if v is True else f"no_{k}" if v is False else v for k, v in options.items())])
    NETWORKS += [itself(name + "_itself", kind, **options), itself(name + "_gaps", kind, data="gaps", **options)]
    if options.get("use_scale", kind != "attention"):
        NETWORKS += [
            itself(name + "_lengths", kind, data="lengths", use_causal_mask="score_mode" in options, **options),
            fewer(name + "_value", kind, use_causal_mask=True, **options),
            fewer(name + "_key", kind, key=True, data="gaps", **options),
        ]
NETWORKS += [masked_query(kind + "_masked_query", kind) for kind in ("attention", "additive_attention")]
for kind, short, args in ((MHA, "heads", (2, 3)), (GQA, "groups", (3, 4, 2))):
    NETWORKS += [
        itself(short + "_itself", kind, *args),
        itself(short + "_causal_window", kind, *args, sliding_window=3, use_causal_mask=True),
        itself(short + "_gate", kind, *args, use_gate=True),
        itself(short + "_gaps", kind, *args, data="gaps"),
        itself(short + "_gaps_causal", kind, *args, data="gaps", use_causal_mask=True, use_gate=True, optimizer=SLOW),
        itself(short + "_lengths", kind, *args, data="lengths"),
        fewer(short + "_key", kind, *args, key=True, use_causal_mask=True),
        fewer(short + "_key_gaps", kind, *args, key=True, data="gaps", sliding_window=2),
        masked_query(short + "_masked_query", kind, *args),
        net(short + "_each_step", "each_step", L(kind, *args), L("dense", 2)),
    ]
NETWORKS += [
    itself("heads_no_bias", MHA, 2, 3, use_bias=False),
    itself("heads_causal", MHA, 2, 3, use_causal_mask=True),
    itself("heads_window", MHA, 2, 3, sliding_window=2),
    itself("heads_lengths_causal", MHA, 2, 3, data="lengths", use_causal_mask=True, sliding_window=2),
    itself("heads_regularized", MHA, 2, 3, kernel_regularizer={"l1": 0.001, "l2": 0.01},
           bias_regularizer={"l2": 0.02}),
    fewer("heads_value_gaps", MHA, 2, 3, data="gaps"),
    itself("one_group", GQA, 2, 4, 1),
    masked_query("heads_masked_query_causal", MHA, 2, 3, use_causal_mask=True, use_gate=True),
]
NETWORKS += [
    itself("heads_value_dim", MHA, 2, 3, value_dim=5),
    itself("heads_value_dim_gate", MHA, 3, 2, value_dim=4, use_gate=True, output_shape=7),
    fewer("heads_output_shape", MHA, 2, 3, output_shape=6),
    net("heads_output_shapes", "steps", L(MHA, 2, 3, output_shape=[2, 3]), L("flatten"), L("dense", 2)),
    net("heads_image", "image", L("conv2d", 4, 1, activation="tanh"), L(MHA, 2, 3), L("flatten"), L("dense", 2),
        optimizer=SLOW),
    net("heads_image_key", "image", L("conv2d", 4, 1, activation="tanh", name="key"),
        L("conv2d", 3, [1, 2], inputs=["input"], name="query"),
        L(MHA, 2, 3, value_dim=2, inputs=["query", "input", "key"]), L("flatten"), L("dense", 2)),
    # a block of a transformer, and two that read each other
    net("transformer", "tokens", L("embedding", 8, 4, mask_zero=True, name="x"),
        L(MHA, 2, 2, use_bias=False, inputs=["x", "x"], name="found"), L("add", inputs=["x", "found"]),
        L("layer_normalization", name="y"), L("dense", 8, activation="relu"), L("dense", 4, name="z"),
        L("add", inputs=["y", "z"]), L("layer_normalization"), L("global_average_pooling1d"), L("dense", 3),
        L("activation", "softmax"), y="class", loss="sparse_categorical_crossentropy", optimizer=ADAM),
    net("decoder", "lengths", L("dense", 4, activation="tanh", name="x"),
        L(MHA, 2, 2, use_bias=False, use_causal_mask=True, inputs=["x", "x", "x"], name="own"),
        L("gru", 4, return_sequences=True, inputs=["input"], name="other"),
        L(GQA, 2, 4, 2, use_bias=False, inputs=["own", "other"]), L("lstm", 3), L("dense", 2), optimizer=ADAM),
]
