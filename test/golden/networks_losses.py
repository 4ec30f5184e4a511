"""networks_losses.py
Every loss and every metric, cross-entropies with an activation that is not
theirs, and what of optimizers, schedules and regularizers dense leaves out.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

x = np.random.default_rng(30).normal(0, 1, (60, 5))


def largest(reals):
    """1 for the largest of a row, 0 for the others."""
    return np.eye(reals.shape[-1])[np.argmax(reals, axis=-1)]


def shares(reals):
    """Probabilities.  They sum to 1 exactly: for others TensorFlow's gradient
    of the categorical cross-entropy is not that of the loss."""
    e = np.exp(2 * reals)
    p = np.round(e / e.sum(axis=-1, keepdims=True), 3)
    p[:, -1] = 1 - p[:, :-1].sum(axis=-1)
    return p


DATASETS = [
    Dataset("table", x, seed=31),
    Dataset("positive", x, seed=32, made=lambda r: 1.25 + r),
    Dataset("counts", x, seed=33, made=lambda r: np.round(3 * np.abs(r))),
    Dataset("signs", x, seed=34, made=lambda r: np.where(r > 0, 1.0, -1.0)),
    Dataset("bits", x, seed=35, made=lambda r: (r > 0).astype(float)),
    Dataset("one_hot", x, seed=36, reals=3, made=largest),
    Dataset("shares", x, seed=37, reals=3, made=shares),
    Dataset("many", x, seed=38, classes=8, reals=8, made=largest),
    Dataset("steps", np.random.default_rng(39).normal(0, 1, (60, 4, 3)), seed=40, step_reals=True),
]


def dense(units, activation="linear", **options):
    return L("dense", units, activation=activation, **options)


def net(name, data, loss, *layers, y="reals", optimizer=None, **options):
    first = L("input", 4, 3) if data == "steps" else L("input", 5)
    return N(name, data, [first, *layers], y, loss,
             optimizer or L("sgd", learning_rate=0.1, momentum=0.5), **options)


def crossed(activation, loss, metrics=("accuracy",)):
    """One cross-entropy behind any activation."""
    y = "class" if loss.startswith("sparse") else "reals"
    return net(f"{activation}_{loss}", "table" if y == "class" else "one_hot", loss,
               dense(8, "tanh"), dense(3, activation), y=y, metrics=metrics)


SCALES = ("mean_squared_error", "root_mean_squared_error", "mean_absolute_error",
          "mean_absolute_percentage_error", "mean_squared_logarithmic_error", "huber", "log_cosh",
          "poisson")
ENTROPIES = ("binary_crossentropy", "categorical_crossentropy", "kl_divergence")

NETWORKS = [
    net("mse", "table", "mean_squared_error", dense(8, "tanh"), dense(2),
        metrics=("mean_squared_error", "mean_absolute_error", "huber", "log_cosh")),
    net("mae", "table", "mean_absolute_error", dense(8, "tanh"), dense(2),
        metrics=("root_mean_squared_error", "cosine_similarity")),
    net("mape", "positive", "mean_absolute_percentage_error", dense(8, "tanh"), dense(2),
        optimizer=L("adam", learning_rate=0.01), metrics=SCALES[:-1]),
    net("msle", "positive", "mean_squared_logarithmic_error", dense(8, "tanh"), dense(2, "softplus"),
        optimizer=L("adam", learning_rate=0.02), metrics=SCALES),
    # negative numbers count as 0
    net("msle_negative", "table", "mean_squared_logarithmic_error", dense(8, "tanh"), dense(2),
        optimizer=L("adam", learning_rate=0.02), metrics=("mean_squared_logarithmic_error",)),
    net("huber", "counts", "huber", dense(8, "tanh"), dense(2), metrics=("huber", "log_cosh")),
    net("log_cosh", "counts", "log_cosh", dense(8, "tanh"), dense(2), metrics=("huber", "log_cosh")),
    net("poisson", "counts", "poisson", dense(8, "tanh"), dense(2, "exponential"),
        optimizer=L("sgd", learning_rate=0.05), metrics=("poisson",)),
    net("poisson_validated", "counts", "poisson", dense(8, "tanh"), dense(2, "softplus"),
        metrics=("poisson", "mean_absolute_error"), validation_split=0.2),
    net("cosine", "table", "cosine_similarity", dense(8, "tanh"), dense(2),
        metrics=("cosine_similarity",)),
    net("hinge", "signs", "hinge", dense(8, "tanh"), dense(2, "tanh"),
        metrics=("hinge", "squared_hinge")),
    net("squared_hinge", "signs", "squared_hinge", dense(8, "tanh"), dense(2),
        metrics=("hinge", "squared_hinge")),
    # 0 and 1 stand for -1 and 1; as metrics of one output a row Keras would compare every row
    # with every other
    net("hinge_bits", "bits", "hinge", dense(8, "tanh"), dense(2, "tanh"),
        metrics=("hinge", "squared_hinge")),
    net("squared_hinge_bit", "table", "squared_hinge", dense(8, "tanh"), dense(1, "tanh"), y="bit",
        metrics=("binary_accuracy",)),
    net("kl_divergence", "shares", "kl_divergence", dense(8, "tanh"), dense(3, "softmax"),
        metrics=("kl_divergence", "categorical_crossentropy", "categorical_accuracy")),
    net("kl_divergence_sigmoid", "shares", "kl_divergence", dense(8, "tanh"), dense(3, "sigmoid"),
        optimizer=L("sgd", learning_rate=0.05), metrics=("kl_divergence",)),
    net("binary", "bits", "binary_crossentropy", dense(8, "tanh"), dense(2, "sigmoid"),
        metrics=("binary_accuracy", "binary_crossentropy")),
    net("categorical", "one_hot", "categorical_crossentropy", dense(8, "tanh"), dense(3, "softmax"),
        metrics=("accuracy", "categorical_accuracy", "categorical_crossentropy",
                 "binary_crossentropy")),
    net("categorical_shares", "shares", "categorical_crossentropy", dense(8, "tanh"),
        dense(3, "softmax"), metrics=ENTROPIES),
    net("sparse", "table", "sparse_categorical_crossentropy", dense(8, "tanh"), dense(3, "softmax"),
        y="class", metrics=("sparse_categorical_accuracy", "sparse_categorical_crossentropy")),
    net("top_k", "many", "categorical_crossentropy", dense(8, "tanh"), dense(8, "softmax"),
        metrics=("top_k_categorical_accuracy", "categorical_accuracy")),
    net("sparse_top_k", "many", "sparse_categorical_crossentropy", dense(8, "tanh"),
        dense(8, "softmax"), y="class",
        metrics=("sparse_top_k_categorical_accuracy", "accuracy")),

    crossed("softmax", "binary_crossentropy", ("accuracy", *ENTROPIES)),
    crossed("sigmoid", "categorical_crossentropy", ("accuracy", *ENTROPIES)),
    crossed("sigmoid", "sparse_categorical_crossentropy",
            ("accuracy", "sparse_categorical_crossentropy")),
    crossed("softplus", "categorical_crossentropy", ("accuracy", *ENTROPIES)),
    crossed("softplus", "sparse_categorical_crossentropy"),
    crossed("hard_sigmoid", "binary_crossentropy", ("accuracy", *ENTROPIES)),
    net("activation_binary", "one_hot", "binary_crossentropy", dense(8, "tanh"), dense(3),
        L("activation", "softmax"), metrics=ENTROPIES),
    net("activation_categorical", "one_hot", "categorical_crossentropy", dense(8, "tanh"), dense(3),
        L("activation", "sigmoid"), metrics=ENTROPIES),
    net("mse_softmax", "one_hot", "mean_squared_error", dense(8, "tanh"), dense(3, "softmax"),
        optimizer=L("sgd", learning_rate=0.5), metrics=ENTROPIES),
    net("mse_sigmoid", "one_hot", "mean_squared_error", dense(8, "tanh"), dense(3, "sigmoid"),
        optimizer=L("sgd", learning_rate=0.5), metrics=("mean_absolute_error", *ENTROPIES)),
    net("steps_huber", "steps", "huber", dense(6, "tanh"), dense(2, "softmax"),
        metrics=("log_cosh", "mean_absolute_error", "cosine_similarity")),

    net("lion", "table", "mean_squared_error", dense(8, "tanh"), dense(2),
        optimizer=L("lion", learning_rate=0.003, beta_1=0.8, beta_2=0.9, weight_decay=0.1)),
    net("restarts", "table", "mean_squared_error", dense(8, "tanh"), dense(2),
        optimizer=L("sgd", learning_rate=L("cosine_decay_restarts", 0.2, 4))),
    net("restarts_smaller", "table", "mean_squared_error", dense(8, "tanh"), dense(2),
        optimizer=L("adam", learning_rate=L("cosine_decay_restarts", 0.05, 3, t_mul=1.5, m_mul=0.8,
                                            alpha=0.1))),
    net("regularized_l1", "table", "mean_squared_error",
        dense(8, "tanh", kernel_regularizer={"l1": 0.01}, bias_regularizer={"l2": 0.05}),
        dense(2, kernel_regularizer={"l2": 0.05}, bias_regularizer={"l1": 0.01, "l2": 0.02}),
        metrics=("mean_squared_error",)),
    net("regularized_binary", "bits", "binary_crossentropy",
        dense(8, "tanh", kernel_regularizer={"l1": 0.002, "l2": 0.01},
              bias_regularizer={"l1": 0.002}),
        dense(2, "sigmoid", kernel_regularizer={"l2": 0.02}), validation_split=0.2,
        optimizer=L("adam", learning_rate=0.02), metrics=("binary_crossentropy",)),
    net("regularized_steps", "steps", "mean_squared_error",
        L("lstm", 4, return_sequences=True, kernel_regularizer={"l1": 0.005, "l2": 0.005},
          recurrent_regularizer={"l1": 0.005}, bias_regularizer={"l2": 0.02}),
        L("conv1d", 2, 1, kernel_regularizer={"l1": 0.005}, bias_regularizer={"l2": 0.02}),
        optimizer=L("sgd", learning_rate=0.2, momentum=0.5)),
]
