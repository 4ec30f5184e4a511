#!/usr/bin/env python3
"""make.py
Writes the reference values in data/*.sql by training with Keras on TensorFlow.

Run as `python3 test/golden/make.py`, only when a network is added or changed:
the files are committed, so that tests need no Keras.  Each network is described once
(networks_*.py), by a list of layers from which both the Keras model and the
text of nnet's constructors come.

Each network is also trained in double precision from the same weights.  If
that differs from single precision by more than a tenth of what the tests
allow, the network is too sensitive to compare anything with and is refused;
so is a network with a trainable tensor that training hardly moves, since a
comparison of it would prove nothing.

usage: make.py [family ...]
"""
import importlib
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow as tf

import alone
import ports
from spec import Metric, fit_options, keras_model, sql_value

HERE = os.path.dirname(os.path.abspath(__file__))
FAMILIES = ["dense", "optimizers", "layers", "activations", "conv", "conv1d", "transpose", "resize", "volumes",
            "images", "recurrent", "sequence", "losses", "metrics", "masks", "steps", "weights",
            "ports", "steering", "averages", "arguments", "attention", "wrappers", "conv_lstm",
            "rules", "constraints", "activity", "ctc"]
BATCH = 13          # neither 2 nor 3 threads divide it, nor the 60 rows
ROWS = 60
EPOCHS = 4          # 5 steps each: 20 steps
SHOWN = 8           # rows whose predictions are kept
CONDITION = 1e-5    # the tests allow ten times as much
FLOOR = 1e-3        # of a tensor's magnitude, as in golden.sql
MOVE = 3e-3         # at least, of a trainable tensor: thirty times what the tests allow


def number(value):
    """The shortest text that reads back as the same single-precision number."""
    text = np.format_float_positional(np.float32(value), unique=True, trim="-")
    science = np.format_float_scientific(np.float32(value), unique=True, trim="-")
    return text if len(text) <= len(science) else science


def array(values):
    """An array literal; nested lists stay nested."""
    values = np.asarray(values)
    if values.ndim > 1:
        return "{" + ",".join(array(v) for v in values) + "}"
    return "{" + ",".join(number(v) for v in values) + "}"


def relative(a, b):
    """Largest difference relative to the tensor's magnitude."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if a.size == 0:
        return 0.0
    return float(np.abs(a - b).max() / max(np.abs(b).max(), FLOOR))


def initial_weights(network, layers):
    """Keras's own draw, rounded to keep the file small; state such as a moving
    mean keeps its start, and what starts at 0 or 1 moves off it, so that a
    bias or gamma that is ignored shows."""
    rng = np.random.default_rng(network.seed)
    out = []
    for layer in layers:
        state = {id(v) for v in layer.non_trainable_variables} if layer.trainable else set()
        values = []
        for variable in layer.weights:
            value = variable.numpy()
            if id(variable) not in state and value.ndim and np.unique(value).size <= 2:
                value = value + rng.normal(0, 0.1, value.shape)
            values.append(np.round(value, 4))
        out.append(values)
    return out


def keras_arguments(network, data, x, y):
    """x, y and the further arguments of fit.  Keras refuses weights of rows and of classes at once."""
    options = fit_options(network)
    weight = data.weights(network.weight) if network.weight else None
    if weight is not None and "class_weight" in options:
        by_class = options.pop("class_weight")
        options["sample_weight"] = weight * [by_class.get(int(c), 1.0) for c in y]
    elif weight is not None:
        options["sample_weight"] = weight
    if network.held:
        held = data.held
        options["validation_data"] = (x[held], y[held]) + (() if weight is None else (weight[held],))
        if "sample_weight" in options:
            options["sample_weight"] = options["sample_weight"][~held]
        x, y = x[~held], y[~held]
    return x, y, options


def flat(values):
    """Numbers, and what is in arrays, one after the other."""
    return np.concatenate([np.ravel(v).astype(float) for v in values]) if len(values) else np.zeros(0)


class Unsuitable(Exception):
    """A network that would prove nothing."""


def train(network, data, weights, precision):
    """Returns what is compared: (layers, history, evaluation, predictions), of ports a little more."""
    if isinstance(data, ports.Table):
        return ports.train(network, data, weights, precision, BATCH, EPOCHS, SHOWN)
    if isinstance(data, alone.Steps):
        return alone.train(network, data, weights, precision, EPOCHS)
    keras.config.set_floatx(precision)
    keras.utils.set_random_seed(network.seed)
    model, layers = keras_model(network)
    x, y = data.x.astype(precision), data.target(network.y)
    train_x, train_y, options = keras_arguments(network, data, x, y)
    for layer, values in zip(layers, weights or []):
        if isinstance(layer, keras.layers.Normalization):
            layer.adapt(train_x)
        elif values:
            layer.set_weights([v.astype(w.dtype) for v, w in zip(values, layer.weights)])
    if weights is None:
        return layers, None, None, None
    # some metrics do not take double precision, whose metrics are not looked at but by callbacks
    wanted = precision == "float32" or "callbacks" in options
    metrics = network.keras_metrics() if wanted else None
    model.compile(loss=network.keras_loss(), optimizer=network.optimizer.keras(), metrics=metrics)
    # within the function that fit makes of a step, an optimizer's first values may come to nothing
    model.optimizer.build(model.trainable_variables)
    history = model.fit(train_x, train_y, batch_size=BATCH, epochs=network.epochs or EPOCHS, shuffle=False,
                        verbose=0, **options).history
    evaluation = model.evaluate(x, y, batch_size=ROWS, verbose=0,
                                sample_weight=data.weights(network.weight) if network.weight else None)
    return layers, history, flat(np.atleast_1d(np.array(evaluation, object))), model.predict(x[:SHOWN], verbose=0)


def check(network, weights, single, double):
    """Refuse a network that would prove nothing."""
    for layer, other, start in zip(single[0], double[0], weights):
        moving = {id(v) for v in layer.trainable_variables}
        for variable, twin, first in zip(layer.weights, other.weights, start):
            name = f"{network.name}: {variable.path}"
            if not np.isfinite(variable.numpy()).all():
                raise Unsuitable(f"{name} is not finite")
            if relative(variable.numpy(), twin.numpy()) > CONDITION:
                raise Unsuitable(f"{name} is ill-conditioned: "
                                 f"{relative(variable.numpy(), twin.numpy()):.1e}")
            if layer.name in network.still and relative(variable.numpy(), first) > 1e-6:
                raise Unsuitable(f"{name} moves, though nothing trains it")
            if variable.path.endswith("key/bias"):
                continue        # it adds the same to all scores of a query, which softmax takes out
            if id(variable) in moving and layer.name not in network.still and \
                    relative(variable.numpy(), first) < MOVE:
                raise Unsuitable(f"{name} hardly moves: "
                                 f"{relative(variable.numpy(), first):.1e}")
    if relative(*(np.concatenate([np.ravel(p) for p in t[3]]) for t in (single, double))) > CONDITION:
        raise Unsuitable(f"{network.name}: predictions are ill-conditioned")
    if single[1]["loss"][-1] >= single[1]["loss"][0]:
        print(f"note: {network.name}: the loss does not fall", file=sys.stderr)


def copy(out, table, columns, rows):
    out.write(f"COPY {table} ({columns}) FROM stdin;\n")
    for row in rows:
        out.write("\t".join("\\N" if v is None else str(v).replace("\\", "\\\\").replace("\n", "\\n")
                            for v in row) + "\n")
    out.write("\\.\n\n")


def expressions(network, data):
    """x and y as SQL."""
    if isinstance(data, ports.Table):
        return network.x, network.y
    return data.x_sql, alone.target_sql(network, data) if isinstance(data, alone.Steps) else network.y


def write_rows(out, data):
    if isinstance(data, ports.Table):
        data.write(copy, out, array)
        return
    weighted = getattr(data, "weighted", False)
    copy(out, "golden_row", "dataset, row, x, class, bit, reals" +
         (", weight, step_weights, held" if weighted else ""),
         [(data.name, i + 1, array(data.row(i)), data.classes[i], data.bits[i],
           array(data.cut(i, data.reals[i])),
           *((number(data.weight[i]), array(data.cut(i, data.step_weights[i][:, None])),
              "t" if data.held[i] else "f") if weighted else ()))
          for i in range(len(data.x))])


def validated(network, epochs):
    """Which epochs of a history, from 0 on, have figures of validation."""
    first, freq = network.options.get("initial_epoch", 0), network.options.get("validation_freq", 1)
    return [e for e in range(epochs)
            if ((first + e + 1) in freq if isinstance(freq, list) else (first + e + 1) % freq == 0)]


def write_figures(out, network, history, evaluation):
    """Losses and metrics: of each epoch, and of evaluate; by the names of results."""
    names = network.names()
    if isinstance(network, ports.Ports):
        names = sorted(set(history) - {"loss", "val_loss", "learning_rate"})
        evaluation = [evaluation["loss"], *(evaluation[n] for n in names if not n.startswith("val_"))]
    rates = "learning_rate" in history
    val = dict(zip(validated(network, len(history["loss"])), history.get("val_loss", [])))
    copy(out, "golden_epoch", "network, epoch, loss, val_loss, metrics" + (", rate" if rates else ""),
         [(network.name, e + 1, number(history["loss"][e]),
           number(val[e]) if e in val else None,
           array(flat([history[m][e] for m in names])),
           *([number(history["learning_rate"][e])] if rates else []))
          for e in range(len(history["loss"]))])
    copy(out, "golden_evaluation", "network, loss, metrics",
         [(network.name, number(evaluation[0]), array(evaluation[1:]))])


def write_network(out, network, data):
    keras.config.set_floatx("float32")
    weights = initial_weights(network, train(network, data, None, "float32")[0])
    single = train(network, data, weights, "float32")
    double = single if network.single else train(network, data, weights, "float64")
    check(network, weights, single, double)
    layers, history, evaluation, predictions = single[:4]

    x, y = expressions(network, data)
    row = {"name": network.name, "dataset": data.name, "layers": network.sql(), "loss": ports.text(network.loss),
           "optimizer": network.optimizer.sql(), "metrics": ports.text(network.metrics), "x": x, "y": y,
           "options": ", ".join(f"{k} => {sql_value(v)}" for k, v in network.options.items()),
           "weight": network.weight, "held": "t" if network.held else "f"}
    if network.epochs:
        row["epochs"] = network.epochs
    if isinstance(network, ports.Ports):
        row["compile"] = network.compile_sql()
        row["results"] = "{" + ",".join(sorted(set(history) - {"loss", "val_loss", "learning_rate"})) + "}"
    elif any(isinstance(m, Metric) for m in network.metrics):
        row["results"] = "{" + ",".join(network.names()) + "}"
    copy(out, "golden_network", ", ".join(row), [row.values()])
    tensors = []
    for row, (layer, first) in enumerate(zip(layers, weights), 1):
        learned = isinstance(layer, keras.layers.Normalization)
        for i, variable in enumerate(layer.weights):
            if learned and i > 1:
                continue        # a count that Keras itself leaves at zero
            path = variable.path.split("/", 1)[-1]
            tensors.append((network.name, row, i, path,
                            None if learned else array(first[i].ravel()),
                            array(variable.numpy().ravel())))
    copy(out, "golden_tensor", "network, layer, i, tensor, initial, final", tensors)
    write_figures(out, network, history, evaluation)
    copy(out, "golden_prediction", "network, row, y",
         [(network.name, i + 1, array(p if isinstance(data, ports.Table) else data.cut(i, p)))
          for i, p in enumerate(predictions)])
    if isinstance(data, ports.Table):
        copy(out, "golden_output", "network, row, output, y",
             [(network.name, i, output, array(p)) for i, output, p in single[4]])


def write_family(family):
    """The rows and networks of a module; rows that several share are a family of their own, their ROWS."""
    module = importlib.import_module("networks_" + family)
    path = os.path.join(HERE, "data", family + ".sql")
    with open(path + ".new", "w") as out:
        out.write(f"-- Made by make.py with Keras {keras.__version__} on TensorFlow "
                  f"{tf.__version__}.  Do not edit.\n\n")
        for data in [] if hasattr(module, "ROWS") else module.DATASETS:
            write_rows(out, data)
        for network in module.NETWORKS:
            data = next(d for d in module.DATASETS if d.name == network.dataset)
            write_network(out, network, data)
            print(f"{family}: {network.name}", flush=True)
    os.replace(path + ".new", path)
    size = os.path.getsize(path)
    print(f"{path}: {size / 1000:.0f} kB, {len(module.NETWORKS)} networks")
    if size > 300_000:
        raise SystemExit(f"{path} is too large to commit")


if __name__ == "__main__":
    tf.config.threading.set_intra_op_parallelism_threads(1)
    for family in sys.argv[1:] or FAMILIES:
        write_family(family)
