"""networks_activity.py
Regularizers of outputs: by layers that take one, under clipping and accumulation, and behind
masks.  Not by simple_rnn nor in time_distributed: Keras 3.15 passes over them there.
"""
from networks_rules import DATASETS, L, dense, net, pooled, sgd

ROWS = "rules"
SUMS, L1, L2 = {"l1": 0.01, "l2": 0.02}, {"l1": 0.02}, {"l2": 0.05}
ADAM = L("adam", learning_rate=0.05)


def active(name, optimizer, regularizer=SUMS, **options):
    return net(name, dense(8, "tanh", activity_regularizer=regularizer), optimizer=optimizer, **options)


NETWORKS = [
    net("activity", dense(8, "tanh", activity_regularizer=SUMS)),
    net("l1", dense(8, "relu", activity_regularizer={"l1": 0.05}), validation_split=0.2),
    net("of_output", dense(8, "tanh"), dense(2, activity_regularizer={"l2": 0.3}), head=None, validation_split=0.2),
    net("of_probabilities", dense(8, "tanh"), dense(3, "softmax", activity_regularizer={"l2": 0.5}), head=None,
        y="class", loss="sparse_categorical_crossentropy", metrics=("accuracy",)),
    net("weighted", dense(8, "tanh", activity_regularizer=SUMS), weight="weight"),

    active("with_clipnorm", sgd(0.5, clipnorm=0.2)),
    active("with_clipvalue", sgd(0.5, clipvalue=0.05), L1),
    active("with_global_clipnorm", L("adam", learning_rate=0.05, global_clipnorm=0.2), L2),
    active("with_accumulation", L("sgd", learning_rate=0.5, gradient_accumulation_steps=3)),
    active("with_accumulation_clipped", L("adam", learning_rate=0.05, gradient_accumulation_steps=2, clipnorm=0.2)),
    active("with_ema", L("adam", learning_rate=0.05, use_ema=True, ema_momentum=0.8), L2),
    active("with_muon", L("muon", learning_rate=0.05), L2),
    active("with_lamb", L("lamb", learning_rate=0.1), L1, weight="weight"),

    pooled("conv1d", L("conv1d", 4, 3, activation="tanh", activity_regularizer=SUMS), data="steps"),
    pooled("conv2d", L("conv2d", 4, 3, activation="tanh", activity_regularizer=SUMS), optimizer=sgd(0.3, clipnorm=0.3)),
    net("conv3d", L("reshape", [3, 2, 5, 2]), L("conv3d", 3, 2, activation="tanh", activity_regularizer=SUMS),
        L("flatten"), data="image"),
    pooled("conv1d_transpose", L("conv1d_transpose", 3, 2, activation="tanh", activity_regularizer=L1), data="steps"),
    pooled("conv2d_transpose", L("conv2d_transpose", 3, 2, activation="tanh", activity_regularizer=L2)),
    pooled("depthwise_conv1d", L("depthwise_conv1d", 3, depth_multiplier=2, activity_regularizer=L2), data="steps"),
    pooled("depthwise_conv2d", L("depthwise_conv2d", 2, activation="tanh", activity_regularizer=SUMS)),
    pooled("separable_conv1d", L("separable_conv1d", 4, 2, activation="tanh", activity_regularizer=SUMS), data="steps"),
    pooled("separable_conv2d", L("separable_conv2d", 4, 2, activation="tanh", activity_regularizer=L1),
           optimizer=L("sgd", learning_rate=0.3, gradient_accumulation_steps=2)),

    net("lstm", L("lstm", 4, return_sequences=True, activity_regularizer=SUMS), L("gru", 3, activity_regularizer=L1),
        data="steps"),
    net("bidirectional", L("bidirectional", L("gru", 3, activity_regularizer=SUMS)), data="steps"),
    net("conv_lstm1d", L("conv_lstm1d", 3, 2, return_sequences=True, activity_regularizer=SUMS), L("flatten"), data="image"),
    net("conv_lstm2d", L("reshape", [3, 2, 5, 2]), L("conv_lstm2d", 2, 2, activity_regularizer=L1), L("flatten"),
        data="image"),
    net("einsum_dense", L("einsum_dense", "abc,cd->abd", [6, 4], bias_axes="d", activation="tanh",
                          activity_regularizer=SUMS), L("flatten"), data="steps", optimizer=sgd(0.1)),
    net("spectral_normalization", L("spectral_normalization", dense(6, "tanh", activity_regularizer=SUMS)),
        optimizer=sgd(0.1)),
    pooled("attention", L("multi_head_attention", 2, 3), L("activity_regularization", l1=0.01, l2=0.02), data="steps"),

    net("masked", L("masking", 0.0), L("lstm", 4, return_sequences=True, activity_regularizer=SUMS), data="gaps",
        optimizer=sgd(0.3, clipnorm=0.3)),
    net("masked_dense", L("masking", 0.0), dense(4, "tanh", activity_regularizer=L2), L("gru", 3, return_sequences=True),
        data="gaps", metrics=("mean_absolute_error",)),
    net("masked_output", L("masking", 0.0), L("gru", 3, return_sequences=True), dense(2, activity_regularizer=SUMS),
        head=None, data="gaps"),
    net("lengths", L("lstm", 4, activity_regularizer=SUMS), data="lengths", optimizer=ADAM),
    # what Keras pads with comes out as 0
    net("lengths_dense", dense(4, "tanh", use_bias=False, activity_regularizer=SUMS), L("gru", 3), data="lengths",
        optimizer=ADAM),
    net("lengths_bidirectional", L("bidirectional", L("gru", 3, return_sequences=True, activity_regularizer=SUMS)),
        L("lstm", 3), data="lengths", optimizer=L("adam", learning_rate=0.05, gradient_accumulation_steps=2)),
    net("embedding_masked", L("embedding", 9, 4, mask_zero=True, activity_regularizer=L2), L("lstm", 3), data="words",
        optimizer=sgd(0.3, clipvalue=0.05)),
    net("embedding_clipped", L("embedding", 9, 4, activity_regularizer=L2), L("flatten"), data="words",
        optimizer=sgd(0.3, global_clipnorm=0.3)),
]
