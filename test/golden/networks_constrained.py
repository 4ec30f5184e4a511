"""networks_constrained.py
Constraints of other kinds, optimizers and layers.
"""
from networks_constraints import DATASETS, L, MAX, POS, UNIT, dense, held, net, pooled

NETWORKS = [
    held("min_max_norm_rate", L("min_max_norm", min_value=0.9, max_value=1.1, rate=0.3, axis=1)),
    held("non_neg", POS, bias=POS),
    held("unit_norm_rows", L("unit_norm", axis=1)),
    held("with_accumulation", UNIT, optimizer=L("sgd", learning_rate=0.3, gradient_accumulation_steps=3)),
    held("with_ema_overwrites", UNIT, optimizer=L("adam", learning_rate=0.05, use_ema=True, ema_momentum=0.8,
                                                  ema_overwrite_frequency=4)),
    pooled("conv2d_filters", L("conv2d", 4, 3, activation="tanh", kernel_constraint=L("max_norm", 0.5, axis=[0, 1, 2]))),
    net("lstm", L("lstm", 4, kernel_constraint=L("max_norm", 0.6), recurrent_constraint=L("unit_norm"),
                  bias_constraint=POS), data="steps"),
    net("embedding", L("embedding", 9, 4, embeddings_constraint=L("unit_norm", axis=1)), L("flatten"), data="words",
        optimizer=L("adam", learning_rate=0.05)),
]
