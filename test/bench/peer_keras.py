"""peer_keras.py
Keras on TensorFlow as the peer in training: model.fit as people write it, and
loops of compiled functions over batches in memory, which are faster.
"""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

import lines
import peer


def network(name):
    d = L.Dense
    body = {
        "mlp": [d(64, "relu"), d(64, "relu"), d(10)],
        "wide": [d(1024, "relu"), d(1024, "relu"), d(10)],
        "cnn": [L.Conv2D(32, 3, activation="relu"), L.MaxPooling2D(2),
                L.Conv2D(64, 3, activation="relu"), L.MaxPooling2D(2), L.Flatten(), d(64, "relu"), d(10)],
        "lstm28": [L.LSTM(64, return_sequences=True), L.LSTM(64), d(10)],
        "lstm100": [L.LSTM(64, return_sequences=True), L.LSTM(64), d(10)],
        "generator": [d(n, "relu") for n in (256, 256, 128, 64, 32)] + [d(10, "tanh")],
        "discriminator": [d(n, "relu") for n in (128, 128, 64, 32)] + [d(1)],
    }[name]
    shape = {"generator": (100,), "discriminator": (10,)}.get(name) or lines.SHAPES[name]
    return keras.Sequential([keras.Input(shape), *body])


def loop(step, stacked, rest, sums):
    """train(first, last) by a compiled loop over the full batches, and the
    last, smaller one after it."""
    full = len(stacked[0])

    @tf.function
    def many(first, last):
        for i in tf.range(first, last):
            step(*[t[i] for t in stacked])

    def train(first, last):
        many(tf.constant(first), tf.constant(min(last, full)))
        if last > full and rest is not None:
            step(*rest)
        values = [v.numpy() for v in sums]
        for v in sums:
            v.assign(tf.zeros_like(v))
        return (values[0] / max(values[1], 1)).tolist()
    return train


def stack(data):
    """Full batches as one tensor, and the last if it is smaller."""
    full = [b for b in data if len(b[0]) == len(data[0][0])]
    return [tf.stack(t) for t in zip(*full)], None if len(full) == len(data) else data[-1]


def classifier(args, data, jit):
    stacked, rest = stack(data)

    def make():
        model, optimizer = network(args.line.network), keras.optimizers.Adam()
        optimizer.build(model.trainable_variables)
        criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        sums = [tf.Variable(0.0), tf.Variable(0.0)]

        @tf.function(jit_compile=jit)
        def step(x, y):
            with tf.GradientTape() as tape:
                loss = criterion(y, model(x, training=True))
            optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
            n = tf.cast(tf.shape(x)[0], tf.float32)
            sums[0].assign_add(loss * n)
            sums[1].assign_add(n)

        train = loop(step, stacked, rest, sums)
        train(0, 1)
        if rest is not None:
            train(len(data), len(data))
        reset([model], [optimizer])
        return train
    return make


def reset(models, optimizers):
    """New weights after warming up."""
    for model in models:
        model.set_weights(keras.models.clone_model(model).get_weights())
    for optimizer in optimizers:
        for v in optimizer.variables:
            if v is not optimizer._learning_rate:
                v.assign(np.zeros(v.shape))


def fit(args, data):
    x, y = tf.concat([x for x, _ in data], 0), tf.concat([y for _, y in data], 0)

    def make():
        model = network(args.line.network)
        model.compile(keras.optimizers.Adam(),
                      keras.losses.SparseCategoricalCrossentropy(from_logits=True))

        def train(first, last):
            rows = slice(first * args.line.batch, last * args.line.batch)
            return model.fit(x[rows], y[rows], batch_size=args.line.batch, shuffle=False,
                             verbose=0).history["loss"][-1]
        train(0, 2)
        reset([model], [model.optimizer])
        return train
    return make


def gan(args, data, jit):
    stacked, rest = stack(data)
    n = args.line.batch

    def make():
        g, d = network("generator"), network("discriminator")
        g_adam, d_adam = keras.optimizers.Adam(), keras.optimizers.Adam()
        g_adam.build(g.trainable_variables)
        d_adam.build(d.trainable_variables)
        criterion = keras.losses.BinaryCrossentropy(from_logits=True)
        sums = [tf.Variable([0.0, 0.0]), tf.Variable(0.0)]
        target = tf.concat([tf.ones((n, 1)), tf.zeros((n, 1))], 0)

        @tf.function(jit_compile=jit)
        def step(real, _):
            fake = g(tf.random.normal((n, 100)))
            with tf.GradientTape() as tape:
                d_loss = criterion(target, d(tf.concat([real, fake], 0)))
            d_adam.apply(tape.gradient(d_loss, d.trainable_variables), d.trainable_variables)
            with tf.GradientTape() as tape:
                g_loss = criterion(target[:n], d(g(tf.random.normal((n, 100)))))
            g_adam.apply(tape.gradient(g_loss, g.trainable_variables), g.trainable_variables)
            sums[0].assign_add(tf.stack([d_loss, g_loss]))
            sums[1].assign_add(1.0)

        train = loop(step, stacked, rest, sums)
        train(0, 1)
        reset([g, d], [g_adam, d_adam])
        return train
    return make


def main():
    args = peer.arguments()
    tf.config.threading.set_intra_op_parallelism_threads(args.threads)
    tf.config.threading.set_inter_op_parallelism_threads(args.threads)
    shape = None if args.line.kind == "gan" else lines.SHAPES[args.line.network]

    def convert(x):
        return tf.constant(np.array(x).reshape(-1, *shape) if shape else np.array(x))
    data = peer.batches(args.line, args.data, convert, lambda y: tf.constant(np.array(y)))
    if args.line.kind == "gan":
        variants = {"compiled": gan(args, data, False), "compiled, XLA": gan(args, data, True)}
    else:
        variants = {"compiled": classifier(args, data, False),
                    "compiled, XLA": classifier(args, data, True),
                    "fit": fit(args, data)}
    peer.main(variants, args, f"{keras.__version__}, TensorFlow {tf.__version__}")


main()
