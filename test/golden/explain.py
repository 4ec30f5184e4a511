#!/usr/bin/env python3
"""explain.py
Writes data/explain.sql: integrated gradients by Keras on TensorFlow, with
GradientTape and the trapezoidal rule.

Run by hand, only when a case is added or changed; the file is committed, so
that tests need neither.
"""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow as tf

L = keras.layers
HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(5)
CASES = []


def array(values):
    return "'{" + ",".join(np.format_float_positional(np.float32(v), unique=True, trim="-")
                           for v in np.asarray(values).reshape(-1)) + "}'::real[]"


def text(value):
    return "'" + value.replace("'", "''") + "'"


def integrate(model, x, baseline, unit, steps):
    alphas = tf.reshape(tf.linspace(0.0, 1.0, steps + 1), [-1] + [1] * x.ndim)
    path = baseline[None] + alphas * (x - baseline)[None]
    with tf.GradientTape() as tape:
        tape.watch(path)
        y = tf.reshape(model(path, training=False), [steps + 1, -1])[:, unit]
    gradients = tape.gradient(y, path)
    return (x - baseline) * tf.reduce_mean((gradients[:-1] + gradients[1:]) / 2, axis=0).numpy()


def case(name, sql, layers, shape, ids=None, units=(None,), steps=50, loss=""):
    model = keras.Sequential([keras.Input(shape)] + layers)
    weights = []
    for number, layer in enumerate(model.layers, 1):
        new = [w + rng.normal(size=w.shape) * 0.3 for w in layer.get_weights()]
        if isinstance(layer, L.BatchNormalization):
            new[3] = np.abs(new[3]) + 0.1
        layer.set_weights(new)
        if new:
            weights.append(f"({number}, {array(np.concatenate([w.reshape(-1) for w in layer.get_weights()]))})")
    after = model if ids is None else keras.Sequential(model.layers[1:])
    for unit in units:
        for given in (False, True):
            if ids is None:
                x = rng.normal(size=shape).astype(np.float32)
                baseline = (rng.normal(size=shape) if given else np.zeros(shape)).astype(np.float32)
                at_x, at_baseline = x, baseline
            else:
                x, baseline = (rng.integers(0, ids, shape) for _ in range(2))
                at_x, at_baseline = (model.layers[0](v[None]).numpy()[0] for v in (x, baseline))
                at_baseline = at_baseline if given else np.zeros_like(at_baseline)
            y = np.asarray(model(x[None].astype(np.float32), training=False)).reshape(-1)
            expected = integrate(after, at_x, at_baseline, int(np.argmax(y)) if unit is None else unit, steps)
            if ids is not None:
                expected = expected.sum(-1)
            CASES.append("(" + ", ".join([
                text(name + (f", unit {unit}" if unit is not None else "") + (", baseline" if given else "")),
                text(sql), text(loss), text(", ".join(weights)), array(x), array(baseline) if given else "NULL",
                text(str(unit)) if unit is not None else "NULL", str(steps), array(expected)]) + ")")


for loss in ("", "sparse_categorical_crossentropy"):
    case("dense" + (", compiled" if loss else ""),
         "nnet.input(5), nnet.dense(8, activation => 'tanh'), nnet.batch_normalization(), nnet.dropout(0.5), "
         "nnet.dense(6, activation => 'gelu'), nnet.dense(4, activation => 'softmax')",
         [L.Dense(8, activation="tanh"), L.BatchNormalization(), L.Dropout(0.5),
          L.Dense(6, activation="gelu"), L.Dense(4, activation="softmax")],
         (5,), units=(None, 0, 3), loss=loss)
case("sigmoid", "nnet.input(4), nnet.layer_normalization(), nnet.dense(6, activation => 'relu'), nnet.dense(1, activation => 'sigmoid')",
     [L.LayerNormalization(), L.Dense(6, activation="relu"), L.Dense(1, activation="sigmoid")], (4,),
     loss="binary_crossentropy")
case("convolution", "nnet.input(6, 6, 2), nnet.conv2d(3, 3, activation => 'silu'), nnet.max_pooling2d(2), nnet.flatten(), nnet.dense(3, activation => 'softmax')",
     [L.Conv2D(3, 3, activation="silu"), L.MaxPooling2D(2), L.Flatten(), L.Dense(3, activation="softmax")], (6, 6, 2),
     steps=20)
case("sequence", "nnet.input(5, 3), nnet.bidirectional(nnet.gru(4, return_sequences => true)), nnet.lstm(3), nnet.dense(2)",
     [L.Bidirectional(L.GRU(4, return_sequences=True)), L.LSTM(3), L.Dense(2)], (5, 3), units=(0, 1))
case("ids", "nnet.input(4), nnet.embedding(9, 3), nnet.lstm(5), nnet.dense(2, activation => 'softmax')",
     [L.Embedding(9, 3), L.LSTM(5), L.Dense(2, activation="softmax")], (4,), ids=9, units=(None, 1))

with open(os.path.join(HERE, "data", "explain.sql"), "w") as file:
    file.write("-- Made by explain.py, with Keras on TensorFlow.\n")
    file.write("CREATE TEMP TABLE golden_explain (name text, layers text, loss text, weights text, x real[], baseline real[], "
               "class text, steps integer, expected real[]);\n")
    file.write("INSERT INTO golden_explain VALUES\n" + ",\n".join(CASES) + ";\n")
