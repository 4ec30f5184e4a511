"""networks_constraints.py
What parameters are held to after each step, by all layers that have some and by optimizers
that clip, wait, average or look at whole tensors; and matrices that are to be orthogonal.
"""
from networks_rules import DATASETS, L, dense, net, pooled, sgd

ROWS = "rules"
MAX, UNIT, POS = L("max_norm", 0.7), L("unit_norm"), L("non_neg")
BAND = L("min_max_norm", min_value=0.9, max_value=1.1, rate=0.3)
ADAM = L("adam", learning_rate=0.05)
KERNEL = {"kernel_constraint": MAX, "bias_constraint": L("max_norm", 0.05)}
DEPTHWISE = {"depthwise_constraint": MAX, "bias_constraint": L("max_norm", 0.05)}
RECURRENT = {"kernel_constraint": L("max_norm", 0.6), "recurrent_constraint": UNIT}


def held(name, constraint, bias=None, optimizer=None, **options):
    return net(name, dense(8, "tanh", kernel_constraint=constraint, bias_constraint=bias), optimizer=optimizer, **options)


def both(layer, **options):
    return L("bidirectional", layer, **options)


NETWORKS = [
    held("max_norm", MAX),
    held("max_norm_default", L("max_norm"), bias=L("max_norm", 0.1)),
    held("max_norm_rows", L("max_norm", 0.9, axis=1)),
    held("max_norm_all", L("max_norm", 1.5, axis=[0, 1])),
    held("max_norm_negative_axis", L("max_norm", 0.8, axis=-1)),
    held("min_max_norm_rate", L("min_max_norm", min_value=0.9, max_value=1.1, rate=0.3, axis=1)),
    held("non_neg", POS, bias=POS),
    held("unit_norm_rows", L("unit_norm", axis=1)),
    net("frozen", dense(8, "tanh", kernel_constraint=MAX, trainable=False)),

    held("with_accumulation", UNIT, optimizer=L("sgd", learning_rate=0.3, gradient_accumulation_steps=3)),
    held("with_accumulation_clipped", MAX, bias=POS,
         optimizer=L("adam", learning_rate=0.05, gradient_accumulation_steps=2, clipnorm=0.1)),
    held("with_ema_overwrites", UNIT, optimizer=L("adam", learning_rate=0.05, use_ema=True, ema_momentum=0.8,
                                                  ema_overwrite_frequency=4)),
    held("with_clipnorm", MAX, bias=L("max_norm", 0.1), optimizer=sgd(0.5, clipnorm=0.2)),
    held("with_clipvalue", BAND, bias=POS, optimizer=sgd(0.5, clipvalue=0.05)),
    held("with_global_clipnorm", UNIT, bias=POS, optimizer=sgd(0.5, global_clipnorm=0.3)),
    held("with_lamb", MAX, bias=POS, optimizer=L("lamb", learning_rate=0.1)),
    held("with_lamb_clipped", UNIT, optimizer=L("lamb", learning_rate=0.05, global_clipnorm=0.2)),
    held("with_muon", MAX, bias=L("max_norm", 0.1), optimizer=L("muon", learning_rate=0.05)),
    held("with_muon_clipped", BAND, optimizer=L("muon", learning_rate=0.05, clipnorm=0.1)),
    held("with_adafactor", MAX, bias=POS, optimizer=L("adafactor", learning_rate=0.05)),
    held("with_ftrl", MAX, bias=POS, optimizer=L("ftrl", learning_rate=0.3)),
    held("with_schedule_free", MAX, bias=POS, optimizer=L("schedule_free_adamw", learning_rate=0.05)),
    held("with_adamw", UNIT, bias=POS, optimizer=L("adamw", learning_rate=0.05, weight_decay=0.1)),

    net("simple_rnn", L("simple_rnn", 4, **RECURRENT, bias_constraint=POS), data="steps", optimizer=sgd(0.1)),
    net("lstm", L("lstm", 4, kernel_constraint=L("max_norm", 0.6), recurrent_constraint=UNIT, bias_constraint=POS),
        data="steps"),
    net("gru", L("gru", 4, **RECURRENT, bias_constraint=L("max_norm", 0.1)), data="steps"),
    net("gru_before", L("gru", 4, reset_after=False, kernel_constraint=L("unit_norm", axis=1),
                        recurrent_constraint=L("max_norm", 0.5, axis=1), bias_constraint=POS), data="steps"),
    net("bidirectional", both(L("lstm", 3, **RECURRENT, bias_constraint=POS)), data="steps"),
    net("bidirectional_two", both(L("gru", 3, kernel_constraint=MAX), merge_mode="sum",
                                  backward_layer=L("simple_rnn", 3, go_backwards=True, recurrent_constraint=UNIT)),
        data="steps", optimizer=sgd(0.1)),
    pooled("time_distributed", L("time_distributed", dense(4, "tanh", **KERNEL)), data="steps"),
    net("masked", L("masking", 0.0), L("gru", 4, return_sequences=True, **RECURRENT), data="gaps"),
    net("lengths", L("lstm", 4, **RECURRENT, bias_constraint=POS), data="lengths", optimizer=ADAM),
    net("conv_lstm1d", L("conv_lstm1d", 3, 2, **RECURRENT, bias_constraint=POS), L("flatten"), data="image"),
    net("conv_lstm2d", L("reshape", [3, 2, 5, 2]),
        L("conv_lstm2d", 2, 2, kernel_constraint=L("max_norm", 0.6, axis=[0, 1, 2]), recurrent_constraint=UNIT),
        L("flatten"), data="image"),

    pooled("conv1d", L("conv1d", 4, 3, activation="tanh", kernel_constraint=L("unit_norm", axis=[0, 1]),
                       bias_constraint=POS), data="steps"),
    pooled("conv2d_filters", L("conv2d", 4, 3, activation="tanh", kernel_constraint=L("max_norm", 0.5, axis=[0, 1, 2]))),
    net("conv3d", L("reshape", [3, 2, 5, 2]), L("conv3d", 3, 2, activation="tanh", **KERNEL), L("flatten"), data="image"),
    pooled("conv1d_transpose", L("conv1d_transpose", 3, 2, activation="tanh", **KERNEL), data="steps"),
    pooled("conv2d_transpose", L("conv2d_transpose", 3, 2, activation="tanh",
                                 kernel_constraint=L("min_max_norm", 0.2, 0.6, axis=[0, 1, 3]), bias_constraint=POS)),
    net("conv3d_transpose", L("reshape", [3, 2, 5, 2]), L("conv3d_transpose", 2, 2, activation="tanh", **KERNEL),
        L("flatten"), data="image", optimizer=ADAM),
    pooled("depthwise_conv1d", L("depthwise_conv1d", 3, depth_multiplier=2, activation="tanh", **DEPTHWISE),
           data="steps"),
    pooled("depthwise_conv2d", L("depthwise_conv2d", 2, depth_multiplier=2, activation="tanh",
                                 depthwise_constraint=L("unit_norm", axis=[0, 1]), bias_constraint=POS)),
    pooled("separable_conv1d", L("separable_conv1d", 4, 2, activation="tanh", pointwise_constraint=UNIT, **DEPTHWISE),
           data="steps"),
    pooled("separable_conv2d", L("separable_conv2d", 4, 2, activation="tanh", depthwise_constraint=POS,
                                 pointwise_constraint=L("max_norm", 0.5, axis=2), bias_constraint=POS)),

    net("batch_normalization", dense(6, "tanh"),
        L("batch_normalization", beta_constraint=POS, gamma_constraint=L("max_norm", 2.0))),
    net("layer_normalization", dense(6, "tanh"),
        L("layer_normalization", beta_constraint=L("max_norm", 0.2), gamma_constraint=L("unit_norm"))),
    pooled("group_normalization", L("conv2d", 4, 2, activation="tanh"),
           L("group_normalization", 2, beta_constraint=POS, gamma_constraint=L("min_max_norm", 0.5, 1.5))),
    net("prelu", dense(6), L("prelu", alpha_constraint=POS), dense(4), L("prelu", alpha_constraint=L("unit_norm"))),
    pooled("prelu_shared", L("conv2d", 4, 2), L("prelu", alpha_constraint=L("max_norm", 0.2, axis=2), shared_axes=[1, 2])),
    net("einsum_dense", L("einsum_dense", "abc,cde->abde", [6, 2, 2], bias_axes="de", activation="tanh",
                          kernel_constraint=L("max_norm", 0.7, axis=[0, 2]), bias_constraint=L("unit_norm", axis=-1)),
        L("flatten"), data="steps", optimizer=sgd(0.1)),
    net("spectral_normalization", L("spectral_normalization", dense(6, "tanh", kernel_constraint=L("max_norm", 0.5),
                                                                    bias_constraint=POS)), optimizer=sgd(0.1)),
    pooled("multi_head_attention", L("multi_head_attention", 2, 3, kernel_constraint=MAX,
                                     bias_constraint=L("max_norm", 0.1)), data="steps"),
    pooled("multi_head_attention_clipped", L("multi_head_attention", 2, 2, use_gate=True, kernel_constraint=UNIT),
           data="steps", optimizer=sgd(0.2, clipnorm=0.1)),
    pooled("group_query_attention", L("group_query_attention", 3, 4, 2, kernel_constraint=L("unit_norm", axis=[0, 1])),
           data="steps"),
    net("embedding", L("embedding", 9, 4, embeddings_constraint=L("unit_norm", axis=1)), L("flatten"), data="words",
        optimizer=ADAM),
    net("embedding_clipped", L("embedding", 9, 4, mask_zero=True, embeddings_constraint=L("max_norm", 0.5, axis=1)),
        L("gru", 3, recurrent_constraint=UNIT), data="words", optimizer=sgd(0.3, global_clipnorm=0.2)),

    net("orthogonal", dense(6, "tanh", kernel_regularizer=L("orthogonal_regularizer", 0.5))),
    net("orthogonal_columns", dense(6, "tanh", kernel_regularizer=L("orthogonal_regularizer", factor=0.3, mode="columns")),
        optimizer=ADAM),
    net("orthogonal_recurrent", L("lstm", 4, recurrent_regularizer=L("orthogonal_regularizer", 0.5)), data="steps"),
    net("orthogonal_constrained", dense(6, "tanh", kernel_regularizer=L("orthogonal_regularizer", 0.3),
                                        kernel_constraint=MAX), optimizer=sgd(0.3, clipnorm=0.3)),
]

for network in NETWORKS:
    # its factor is a tensor of single precision in Keras
    network.single = network.name.startswith("orthogonal")
    if network.name == "frozen":
        network.still = ("dense",)
