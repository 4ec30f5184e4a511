"""networks_steering.py
Trainings that end early, learn slower on plateaus or keep their best weights.
"""
import numpy as np

from spec import Call as L, Dataset, Network as N

rng = np.random.default_rng(91)
DATASETS = [Dataset("table", rng.normal(0, 1, (60, 6)), seed=92, weighted=True)]


def dense(units, activation="linear", **options):
    return L("dense", units, activation=activation, **options)


def net(name, *layers, loss="mean_squared_error", y="reals", optimizer=None, epochs=12, split=0.25, **options):
    return N(name, "table", [L("input", 6), *(layers or (dense(8, "tanh"), dense(2)))], y, loss,
             optimizer or L("sgd", learning_rate=0.3, momentum=0.8), epochs=epochs,
             **({"validation_split": split} if split else {}), **options)


def stop(*args, **options):
    return L("early_stopping", *args, **options)


def plateau(*args, **options):
    return L("reduce_lr_on_plateau", *args, **options)


def classes(name, **options):
    return net(name, dense(8, "tanh"), dense(3, "softmax"), y="class", loss="sparse_categorical_crossentropy",
               metrics=("accuracy",), **options)


NETWORKS = [
    net("stops", early_stopping=stop(patience=2)),
    net("stops_at_once", early_stopping=stop()),
    net("keeps_last", early_stopping=stop(patience=2, restore_best_weights=False)),
    net("never_stops", early_stopping=stop(patience=50)),
    net("minimal", early_stopping=stop(min_delta=0.01, patience=1)),
    net("baseline", early_stopping=stop(patience=3, baseline=0.05)),
    net("start_late", early_stopping=stop(patience=1, start_from_epoch=4)),
    net("loss", early_stopping=stop(monitor="loss", min_delta=0.005, patience=1), split=0),
    classes("accuracy", early_stopping=stop("val_accuracy", patience=2)),
    classes("worst_accuracy", early_stopping=stop("val_accuracy", patience=2, mode="min")),
    net("freq", early_stopping=stop(patience=2), validation_freq=2),
    net("freq_list", early_stopping=stop(patience=1), validation_freq=[1, 3, 4, 6, 9]),
    net("later_epochs", early_stopping=stop(patience=2), initial_epoch=3),
    net("held", early_stopping=stop(patience=2), split=0, held=True),
    net("moving_mean", dense(8, "tanh"), L("batch_normalization", momentum=0.8), dense(2),
        optimizer=L("adam", learning_rate=0.1), early_stopping=stop(patience=2)),
    net("plateau", reduce_lr_on_plateau=plateau(patience=1, factor=0.5)),
    net("plateau_cooldown", reduce_lr_on_plateau=plateau(patience=1, factor=0.3, cooldown=2, min_delta=0.01)),
    net("plateau_least", reduce_lr_on_plateau=plateau(patience=0, factor=0.2, min_lr=0.05)),
    classes("plateau_accuracy", reduce_lr_on_plateau=plateau("val_accuracy", patience=2, factor=0.5),
            optimizer=L("adam", learning_rate=0.05)),
    net("both", early_stopping=stop(patience=4), reduce_lr_on_plateau=plateau(patience=1, factor=0.5)),
]
