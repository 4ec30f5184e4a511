"""networks_sequence.py
Embeddings, masks, rows of different length, and layers that work on steps.

Keras needs rows of one length: it is given them padded, behind a masking
layer that nnet does not see.
"""
import numpy as np

from spec import Call as L, Dataset, Hidden, Network as N

PAD = -9.0
rng = np.random.default_rng(16)
tokens = rng.integers(1, 8, (60, 8))
ends = rng.integers(2, 9, 60)
tokens = np.where(np.arange(8) < ends[:, None], tokens, 0)
gaps = rng.normal(0, 1, (60, 7, 3))
gaps[rng.random((60, 7)) < 0.3] = 0.0
gaps[:, 3] = rng.normal(0, 1, (60, 3))      # no row without a step
lengths = rng.integers(1, 9, 60)
lengths[3] = 8

DATASETS = [
    Dataset("steps", rng.normal(0, 1, (60, 7, 3)), seed=17),
    Dataset("tokens", tokens.astype(float), seed=18, x_sql="x::integer[]"),
    Dataset("gaps", gaps, seed=19),
    Dataset("lengths", rng.normal(0, 1, (60, 8, 3)), seed=20, lengths=lengths, pad=PAD),
    Dataset("each_step", rng.normal(0, 1, (60, 8, 3)), seed=21, lengths=lengths, pad=PAD,
            step_reals=True),
    Dataset("fixed_steps", rng.normal(0, 1, (60, 5, 3)), seed=22, step_reals=True),
]
INPUTS = {"steps": (7, 3), "tokens": (8,), "gaps": (7, 3), "lengths": (None, 3),
          "each_step": (None, 3), "fixed_steps": (5, 3)}


def net(name, data, *layers, y="reals", loss="mean_squared_error", optimizer=None, **options):
    first = [L("input", *INPUTS[data])]
    if data in ("lengths", "each_step"):
        first.append(Hidden("masking", mask_value=PAD))
    return N(name, data, first + list(layers), y, loss,
             optimizer or L("sgd", learning_rate=0.2, momentum=0.5), **options)


def both(kind, units, merge_mode="concat", **options):
    return L("bidirectional", L(kind, units, **options), merge_mode=merge_mode)


NETWORKS = [
    net("time_distributed", "steps", L("time_distributed", L("dense", 4, activation="tanh")),
        L("lstm", 4), L("dense", 2)),
    net("dense_steps", "fixed_steps", L("lstm", 4, return_sequences=True), L("dense", 2)),
    net("time_distributed_output", "fixed_steps", L("gru", 4, return_sequences=True),
        L("time_distributed", L("dense", 2))),
    net("repeat_vector", "fixed_steps", L("lstm", 5), L("repeat_vector", 5),
        L("lstm", 4, return_sequences=True), L("dense", 2)),
    net("permute", "steps", L("permute", [2, 1]), L("lstm", 4), L("dense", 2)),
    net("convolved", "steps", L("conv1d", 4, 3, padding="causal", activation="tanh"),
        L("lstm", 4), L("dense", 2)),
    net("normalized_steps", "steps", L("normalization"), L("lstm", 4, return_sequences=True),
        L("layer_normalization"), L("gru", 4), L("dense", 2)),
    net("embedding", "tokens", L("embedding", 8, 4), L("flatten"), L("dense", 2)),
    net("embedding_adam", "tokens", L("embedding", 8, 4), L("lstm", 4), L("dense", 2),
        optimizer=L("adam", learning_rate=0.02)),
    net("embedding_masked", "tokens", L("embedding", 8, 4, mask_zero=True), L("lstm", 4), L("dense", 2)),
    net("embedding_masked_gru", "tokens", L("embedding", 8, 4, mask_zero=True), both("gru", 3),
        L("dense", 3, activation="softmax"), y="class", loss="sparse_categorical_crossentropy"),
    net("embedding_masked_average", "tokens", L("embedding", 8, 6, mask_zero=True),
        L("global_average_pooling1d"), L("dense", 2)),
    net("embedding_rmsprop", "tokens", L("embedding", 8, 4), L("gru", 4), L("dense", 2),
        optimizer=L("rmsprop", learning_rate=0.005, momentum=0.5)),
    net("embedding_adagrad", "tokens", L("embedding", 8, 4), L("lstm", 4), L("dense", 2),
        optimizer=L("adagrad", learning_rate=0.2)),
    net("embedding_adadelta", "tokens", L("embedding", 8, 4), L("flatten"), L("dense", 2),
        optimizer=L("adadelta", learning_rate=5.0)),
    net("embedding_adamax", "tokens", L("embedding", 8, 4), L("lstm", 4), L("dense", 2),
        optimizer=L("adamax", learning_rate=0.02, clipnorm=0.05)),
    net("embedding_nadam", "tokens", L("embedding", 8, 4, mask_zero=True), L("lstm", 4),
        L("dense", 2), optimizer=L("nadam", learning_rate=0.02)),
    net("embedding_adamw", "tokens", L("embedding", 8, 4), L("gru", 4), L("dense", 2),
        optimizer=L("adamw", learning_rate=0.02, weight_decay=0.1, amsgrad=True)),
    net("embedding_clipnorm", "tokens", L("embedding", 8, 4), L("flatten"), L("dense", 2),
        optimizer=L("sgd", learning_rate=0.2, clipnorm=0.3)),
    net("embedding_global_clipnorm", "tokens", L("embedding", 8, 4), L("lstm", 4), L("dense", 2),
        optimizer=L("adam", learning_rate=0.02, global_clipnorm=0.1)),
    net("embedding_clipvalue", "tokens", L("embedding", 8, 4), L("flatten"), L("dense", 2),
        optimizer=L("adam", learning_rate=0.02, clipvalue=0.01)),
    net("embedding_regularized", "tokens",
        L("embedding", 8, 4, embeddings_regularizer={"l1": 0.001, "l2": 0.01}), L("lstm", 4),
        L("dense", 2), optimizer=L("adam", learning_rate=0.02, clipnorm=0.5)),
    net("embedding_of_parts", "tokens", L("reshape", [2, 4]),
        L("time_distributed", L("embedding", 8, 3)), L("flatten"), L("dense", 2),
        optimizer=L("adam", learning_rate=0.02)),
    net("embedding_frozen", "tokens", L("embedding", 8, 4, trainable=False), L("lstm", 4),
        L("dense", 2), optimizer=L("adam", learning_rate=0.02)),
    net("masking", "gaps", L("masking", 0.0), L("lstm", 5), L("dense", 2)),
    net("masking_rnn", "gaps", L("masking", 0.0), L("simple_rnn", 5), L("dense", 2)),
    net("masking_gru", "gaps", L("masking", 0.0), L("gru", 5, reset_after=False), L("dense", 2)),
    net("masking_stacked", "gaps", L("masking", 0.0), L("gru", 4, return_sequences=True),
        L("lstm", 4), L("dense", 2)),
    net("masking_bidirectional", "gaps", L("masking", 0.0), both("lstm", 3, return_sequences=True),
        both("gru", 3, merge_mode="sum"), L("dense", 2)),
    net("variable", "lengths", L("lstm", 5), L("dense", 2)),
    net("variable_gru", "lengths", L("gru", 5), L("dense", 2)),
    net("variable_rnn_backwards", "lengths", L("simple_rnn", 5, go_backwards=True), L("dense", 2)),
    net("variable_stacked", "lengths", L("lstm", 4, return_sequences=True), L("lstm", 4),
        L("dense", 3, activation="softmax"), y="class", loss="sparse_categorical_crossentropy"),
    net("variable_bidirectional", "lengths", both("lstm", 3, return_sequences=True), L("gru", 4),
        L("dense", 2)),
    net("variable_steps", "each_step", L("lstm", 4, return_sequences=True), L("dense", 2)),
    net("variable_steps_bidirectional", "each_step", both("gru", 3, return_sequences=True),
        L("dense", 2)),
]
