"""networks_recurrent.py
simple_rnn, lstm and gru with their options, stacked and bidirectional.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(14)
DATASETS = [Dataset("steps", rng.normal(0, 1, (60, 7, 3)), seed=15)]


def net(name, *layers, y="reals", loss="mean_squared_error", optimizer=None, flat=False, **options):
    head = [L("flatten")] if flat else []
    return N(name, "steps", [L("input", 7, 3), *layers, *head, L("dense", 2)], y, loss,
             optimizer or L("sgd", learning_rate=0.2, momentum=0.5), **options)


def both(kind, units, *args, merge_mode="concat", **options):
    return L("bidirectional", L(kind, units, *args, **options), merge_mode=merge_mode)


NETWORKS = []
for kind in ("simple_rnn", "lstm", "gru"):
    NETWORKS += [
        net(kind, L(kind, 5)),
        net(kind + "_sequences", L(kind, 4, return_sequences=True), flat=True),
        net(kind + "_backwards", L(kind, 5, go_backwards=True)),
        net(kind + "_backwards_sequences", L(kind, 4, go_backwards=True, return_sequences=True), flat=True),
        net(kind + "_stacked", L(kind, 5, return_sequences=True), L(kind, 6)),
        net(kind + "_no_bias", L(kind, 5, use_bias=False)),
        net(kind + "_sigmoid", L(kind, 5, activation="sigmoid", return_sequences=True), L(kind, 4)),
        net(kind + "_regularized",
            L(kind, 5, kernel_regularizer={"l2": 0.02}, recurrent_regularizer={"l2": 0.02},
              bias_regularizer={"l1": 0.01})),
        net(kind + "_bidirectional", both(kind, 4)),
        net(kind + "_bidirectional_sequences", both(kind, 3, return_sequences=True), L(kind, 4)),
    ]
NETWORKS += [
    net("lstm_gates", L("lstm", 5, activation="relu", recurrent_activation="hard_sigmoid")),
    net("gru_gates", L("gru", 5, activation="softsign", recurrent_activation="hard_sigmoid")),
    net("gru_reset_before", L("gru", 5, reset_after=False)),
    net("gru_reset_before_stacked", L("gru", 4, reset_after=False, return_sequences=True),
        L("gru", 5, reset_after=False, go_backwards=True)),
    net("gru_reset_before_no_bias", L("gru", 5, reset_after=False, use_bias=False)),
    net("gru_reset_before_bidirectional", both("gru", 4, reset_after=False)),
    net("bidirectional_sum", both("lstm", 4, merge_mode="sum")),
    net("bidirectional_mul", both("lstm", 5, merge_mode="mul", return_sequences=True), flat=True),
    net("bidirectional_ave", both("gru", 4, merge_mode="ave", return_sequences=True), L("lstm", 3)),
    net("lstm_adam", L("lstm", 8, return_sequences=True), L("lstm", 8),
        optimizer=L("adam", learning_rate=0.01, clipnorm=0.5)),
    net("classic_lstm", L("lstm", 12, return_sequences=True), L("lstm", 12),
        L("dense", 3, activation="softmax"), optimizer=L("rmsprop", learning_rate=0.01)),
]
