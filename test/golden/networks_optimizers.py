"""networks_optimizers.py
Optimizers that are not in networks_dense.py, each with each of its options; the
activations that are not, one a layer; without sparsemax, which Keras 3.15 gets wrong (its rows do not sum to 1).
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(12)
DATASETS = [
    Dataset("optimizers", rng.normal(0, 1, (60, 6)) * [1, 2, 0.5, 1, 3, 1] + [0, 1, 0, -2, 0, 0.5], seed=3),
    Dataset("tokens", rng.integers(0, 7, (60, 4)), seed=4),
    Dataset("images", rng.normal(0, 1, (60, 4, 4, 2)), seed=5),
]


def dense(units, activation="linear", **options):
    return L("dense", units, activation=activation, **options)


def net(name, optimizer, *layers, dataset="optimizers", **options):
    layers = layers or (dense(8, "tanh"), dense(2))
    start = {"optimizers": L("input", 6), "tokens": L("input", 4), "images": L("input", 4, 4, 2)}[dataset]
    return N(name, dataset, [start, *layers], "reals", "mean_squared_error", optimizer, **options)


ADAM = L("adam", learning_rate=0.01)
EMBEDDED = (L("embedding", 7, 3), L("flatten"), dense(5, "tanh"), dense(2))
CONVOLVED = (L("conv2d", 3, 3, activation="tanh"), L("flatten"), dense(2))

NETWORKS = [
    net("ftrl", L("ftrl", learning_rate=0.1)),
    net("ftrl_options",
        L("ftrl", learning_rate=0.2, learning_rate_power=-0.7, initial_accumulator_value=0.3,
          l1_regularization_strength=0.01, l2_regularization_strength=0.02,
          l2_shrinkage_regularization_strength=0.03, beta=0.1, weight_decay=0.01)),
    net("ftrl_embedding", L("ftrl", learning_rate=0.1), *EMBEDDED, dataset="tokens"),
    net("lamb", L("lamb", learning_rate=0.02)),
    net("lamb_options", L("lamb", learning_rate=0.02, beta_1=0.8, beta_2=0.95, epsilon=1e-4,
                          weight_decay=0.05, clipnorm=0.5)),
    net("lamb_embedding", L("lamb", learning_rate=0.02), *EMBEDDED, dataset="tokens"),
    net("lamb_conv", L("lamb", learning_rate=0.02), *CONVOLVED, dataset="images"),
    net("adafactor", L("adafactor", learning_rate=0.2)),
    net("adafactor_options",
        L("adafactor", learning_rate=0.1, beta_2_decay=-0.6, epsilon_1=1e-4, epsilon_2=0.01,
          clip_threshold=0.7, relative_step=False, weight_decay=0.01, global_clipnorm=1.0)),
    net("adafactor_embedding", L("adafactor", learning_rate=0.2), *EMBEDDED, dataset="tokens"),
    net("adafactor_conv", L("adafactor", learning_rate=0.2), *CONVOLVED, dataset="images"),
    net("muon", L("muon", learning_rate=0.02)),
    net("muon_options",
        L("muon", learning_rate=0.02, adam_beta_1=0.8, adam_beta_2=0.95, adam_weight_decay=0.02,
          epsilon=1e-4, weight_decay=0.03, muon_a=3.0, muon_b=-3.2, muon_c=1.2, adam_lr_ratio=0.5,
          momentum=0.8, ns_steps=3, nesterov=False, rms_rate=0.4, clipvalue=0.1)),
    net("muon_exclude", L("muon", learning_rate=0.02, exclude_layers=["first"]),
        dense(8, "tanh", name="first"), dense(2, name="second")),
    net("muon_embedding", L("muon", learning_rate=0.02), *EMBEDDED, dataset="tokens"),
    net("muon_embedding_too", L("muon", learning_rate=0.02, exclude_embeddings=False), *EMBEDDED,
        dataset="tokens"),
    net("muon_conv", L("muon", learning_rate=0.02), *CONVOLVED, dataset="images"),
    net("muon_accumulated", L("muon", learning_rate=0.02, gradient_accumulation_steps=2)),
    net("lamb_averaged", L("lamb", learning_rate=0.02, use_ema=True, ema_momentum=0.8,
                           gradient_accumulation_steps=2)),
    net("schedule_free_adamw", L("schedule_free_adamw", learning_rate=0.02)),
    net("schedule_free_adamw_options",
        L("schedule_free_adamw", learning_rate=0.03, beta_1=0.8, beta_2=0.95, epsilon=1e-4,
          warmup_steps=6, weight_decay=0.05)),
    net("schedule_free_adamw_embedding", L("schedule_free_adamw", learning_rate=0.02), *EMBEDDED,
        dataset="tokens"),
] + [net(name, ADAM, dense(8, name), dense(2)) for name in (
    "celu", "hard_shrink", "hard_silu", "hard_tanh", "log_sigmoid", "mish", "soft_shrink",
    "sparse_plus", "sparse_sigmoid", "squareplus", "tanh_shrink", "log_softmax")]
