"""networks_averages.py
Optimizers that keep moving averages of the weights, or take several steps for an
update; warm-up.  20 steps: of 3 or 6 to an update some are left over.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(93)
DATASETS = [
    Dataset("table", rng.normal(0, 1, (60, 6)), seed=94),
    Dataset("words", rng.integers(0, 7, (60, 5)), seed=95),
]


def dense(units, activation="linear", **options):
    return L("dense", units, activation=activation, **options)


def net(name, optimizer, *layers, epochs=None, **options):
    return N(name, "table", [L("input", 6), *(layers or (dense(8, "tanh"), dense(2)))], "reals",
             "mean_squared_error", optimizer, epochs=epochs, **options)


def words(name, optimizer, **options):
    return N(name, "words", [L("input", 5), L("embedding", 7, 4, **options), L("flatten"), dense(2)], "reals",
             "mean_squared_error", optimizer)


def summed(kind, steps=3, **options):
    return net(f"{kind}_summed", L(kind, gradient_accumulation_steps=steps, **options))


SMALL = (dense(8, "tanh", kernel_regularizer={"l2": 0.02}, bias_regularizer={"l1": 0.01}), dense(2))
EMA = {"use_ema": True, "ema_momentum": 0.8}
NETWORKS = [
    summed("sgd", learning_rate=0.3),
    summed("adam", learning_rate=0.05),
    summed("adamw", learning_rate=0.05, weight_decay=0.1),
    summed("rmsprop", learning_rate=0.03),
    summed("adagrad", learning_rate=0.1),
    summed("adadelta", learning_rate=3.0),
    summed("adamax", learning_rate=0.05),
    summed("nadam", learning_rate=0.05),
    summed("lion", learning_rate=0.01),
    net("momentum_summed", L("sgd", learning_rate=0.3, momentum=0.9, nesterov=True, gradient_accumulation_steps=2)),
    net("amsgrad_summed", L("adam", learning_rate=0.05, amsgrad=True, gradient_accumulation_steps=6)),
    net("regularized_summed", L("sgd", learning_rate=0.3, gradient_accumulation_steps=3), *SMALL),
    net("clipnorm_summed", L("sgd", learning_rate=0.5, clipnorm=0.2, gradient_accumulation_steps=3)),
    net("global_clipnorm_summed", L("adam", learning_rate=0.05, global_clipnorm=0.2, gradient_accumulation_steps=3)),
    net("clipvalue_summed", L("sgd", learning_rate=0.5, clipvalue=0.05, gradient_accumulation_steps=3)),
    net("schedule_summed", L("sgd", learning_rate=L("exponential_decay", 0.5, 5, 0.5), gradient_accumulation_steps=3)),
    net("decay_summed", L("sgd", learning_rate=0.3, weight_decay=0.2, gradient_accumulation_steps=3)),
    words("words_summed", L("adam", learning_rate=0.05, gradient_accumulation_steps=3)),
    words("words_clipped", L("adamax", learning_rate=0.05, clipvalue=0.01, gradient_accumulation_steps=3)),
    net("ema", L("sgd", learning_rate=0.3, **EMA)),
    net("ema_default", L("adam", learning_rate=0.05, use_ema=True)),
    net("ema_overwrites", L("adam", learning_rate=0.05, ema_overwrite_frequency=4, **EMA)),
    net("ema_each", L("sgd", learning_rate=0.5, momentum=0.5, ema_overwrite_frequency=1, **EMA)),
    net("ema_summed", L("adam", learning_rate=0.05, gradient_accumulation_steps=3, **EMA)),
    net("ema_summed_overwrites", L("adam", learning_rate=0.05, gradient_accumulation_steps=3,
                                   ema_overwrite_frequency=2, **EMA)),
    net("ema_regularized", L("rmsprop", learning_rate=0.03, clipnorm=0.5, weight_decay=0.05, **EMA), *SMALL),
    net("ema_moving_mean", L("sgd", learning_rate=0.3, **EMA), dense(8, "tanh"),
        L("batch_normalization", momentum=0.8), dense(2)),
    net("ema_frozen", L("adam", learning_rate=0.05, **EMA), dense(8, "tanh"), dense(5, "tanh", trainable=False), dense(2)),
    words("ema_words", L("adam", learning_rate=0.05, **EMA)),
    net("ema_restored", L("sgd", learning_rate=0.3, momentum=0.8, **EMA), epochs=12, validation_split=0.25,
        early_stopping=L("early_stopping", patience=2)),
    net("ema_stopped", L("sgd", learning_rate=0.3, momentum=0.8, **EMA), epochs=12, validation_split=0.25,
        early_stopping=L("early_stopping", patience=2, restore_best_weights=False)),
    net("warmup", L("adam", learning_rate=L("cosine_decay", 0.001, 8, alpha=0.1, warmup_target=0.08, warmup_steps=6))),
    net("warmup_down", L("sgd", learning_rate=L("cosine_decay", 0.5, 20, warmup_target=0.1, warmup_steps=9))),
    net("warmup_summed", L("adam", learning_rate=L("cosine_decay", 0.0, 10, warmup_target=0.08, warmup_steps=6),
                           gradient_accumulation_steps=3)),
    net("no_warmup", L("sgd", learning_rate=L("cosine_decay", 0.5, 12, alpha=0.2))),
]
