"""networks_dense.py
Dense networks: losses, optimizers, clipping, regularizers, schedules.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(2)
DATASETS = [Dataset("table", rng.normal(0, 1, (60, 6)) * [1, 2, 0.5, 1, 3, 1] + [0, 1, 0, -2, 0, 0.5],
                    seed=3)]


def dense(units, activation="linear", **options):
    return L("dense", units, activation=activation, **options)


def net(name, *layers, loss="mean_squared_error", y="reals", optimizer=None, **options):
    return N(name, "table", [L("input", 6), *layers], y, loss,
             optimizer or L("adam", learning_rate=0.01), **options)


NETWORKS = [
    net("softmax_adam", dense(8, "relu"), dense(3, "softmax"), y="class",
        loss="sparse_categorical_crossentropy", metrics=("accuracy",)),
    net("softmax_batch", dense(8, "relu"), dense(3, "softmax"), y="class",
        loss="sparse_categorical_crossentropy", metrics=("accuracy",), validation_split=0.2),
    net("tanh_nesterov", dense(8, "tanh"), dense(2),
        optimizer=L("sgd", learning_rate=0.05, momentum=0.9, nesterov=True),
        metrics=("mean_absolute_error", "root_mean_squared_error")),
    net("momentum", dense(8, "tanh"), dense(2), loss="mean_absolute_error",
        optimizer=L("sgd", learning_rate=0.05, momentum=0.8), metrics=("mean_squared_error",)),
    net("plain_sgd", dense(7, "elu"), dense(2), optimizer=L("sgd", learning_rate=0.1)),
    net("sigmoid_rmsprop", dense(8, "sigmoid"), dense(1, "sigmoid"), y="bit",
        loss="binary_crossentropy", optimizer=L("rmsprop", learning_rate=0.02),
        metrics=("accuracy",)),
    net("rmsprop_centered", dense(8, "tanh"), dense(2),
        optimizer=L("rmsprop", learning_rate=0.01, rho=0.8, momentum=0.5, centered=True)),
    net("three_layers_adamw", L("normalization"), dense(9, "tanh"), dense(7, "silu"), dense(2),
        loss="huber", optimizer=L("adamw", learning_rate=0.01, weight_decay=0.02)),
    net("adam_amsgrad", dense(8, "tanh"), dense(2),
        optimizer=L("adam", learning_rate=0.02, beta_1=0.8, beta_2=0.95, epsilon=1e-5, amsgrad=True)),
    net("huber_delta", dense(8, "softplus"), dense(1), loss="huber", y="reals[1]"),
    net("no_bias", dense(8, "tanh", use_bias=False), dense(2, use_bias=False)),
    net("frozen", dense(8, "tanh"), dense(5, "tanh", trainable=False), dense(2)),
    net("regularized",
        dense(8, "tanh", kernel_regularizer={"l2": 0.02}, bias_regularizer={"l1": 0.01}),
        dense(2, kernel_regularizer={"l1": 0.01, "l2": 0.01}),
        optimizer=L("sgd", learning_rate=0.1)),
    net("clipnorm", dense(8, "tanh"), dense(2),
        optimizer=L("sgd", learning_rate=0.2, clipnorm=0.2)),
    net("global_clipnorm", dense(8, "tanh"), dense(2),
        optimizer=L("sgd", learning_rate=0.2, global_clipnorm=0.3)),
    net("clipvalue", dense(8, "tanh"), dense(2),
        optimizer=L("sgd", learning_rate=0.2, clipvalue=0.05)),
    net("rescaled", L("rescaling", 0.25, offset=-0.5), dense(8, "tanh"), dense(2)),
    net("adagrad", dense(8, "tanh"), dense(2), optimizer=L("adagrad", learning_rate=0.05)),
    net("adadelta", dense(8, "tanh"), dense(2), optimizer=L("adadelta", learning_rate=1.0)),
    net("adamax", dense(8, "tanh"), dense(2), optimizer=L("adamax", learning_rate=0.01)),
    net("nadam", dense(8, "tanh"), dense(2), optimizer=L("nadam", learning_rate=0.01)),
    net("exponential_decay", dense(8, "tanh"), dense(2),
        optimizer=L("sgd", learning_rate=L("exponential_decay", 0.2, 5, 0.5))),
    net("staircase", dense(8, "tanh"), dense(2),
        optimizer=L("sgd", learning_rate=L("exponential_decay", 0.2, 5, 0.5, staircase=True))),
    net("inverse_time_decay", dense(8, "tanh"), dense(2),
        optimizer=L("sgd", learning_rate=L("inverse_time_decay", 0.2, 5, 0.5))),
    net("polynomial_decay", dense(8, "tanh"), dense(2),
        optimizer=L("sgd", learning_rate=L("polynomial_decay", 0.2, 12, 0.05, power=2.0))),
    net("piecewise_decay", dense(8, "tanh"), dense(2),
        optimizer=L("sgd", learning_rate=L("piecewise_constant_decay", [5, 11], [0.2, 0.1, 0.02]))),
    net("cosine_decay", dense(8, "tanh"), dense(2),
        optimizer=L("adam", learning_rate=L("cosine_decay", 0.0, 15, alpha=0.1, warmup_target=0.05,
                                            warmup_steps=4))),
    # wider than one tile of any kernel
    net("wide", dense(48, "tanh"), dense(40, "tanh"), dense(3, "softmax"), y="class",
        loss="sparse_categorical_crossentropy",
        optimizer=L("sgd", learning_rate=0.1, momentum=0.5)),
]
