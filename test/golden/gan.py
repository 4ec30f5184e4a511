#!/usr/bin/env python3
"""gan.py
Writes ../unit/gan_keras.h: what three steps of adversarial training by Keras
come to, for the unit test run_gan.c.

Run by hand, only when a case is added or changed; the file is committed, so
that tests need no Keras.  Weights, rows and noise are not in it: both sides
compute them by the same formula (`pseudo`).

train_step is that of Keras's own DCGAN example: the discriminator first, on
generated and real rows, then the generator by other noise.  Where the
discriminator normalizes batches, real and generated rows go through it one
after the other; without that it makes no difference.
"""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
import tensorflow as tf

L = keras.layers
STEPS = 3
SHOWN = 8           # values of each tensor, and rows


def pseudo(seed, n, scale):
    """n numbers within [-scale, scale), as run_gan.c makes them."""
    x = np.sin(np.arange(n) * 12.9898 + seed * 78.233) * 43758.5453
    return ((2 * (x - np.floor(x)) - 1) * scale).astype(np.float32)


def dense(units, activation="linear"):
    return L.Dense(units, activation=activation)


# name, generator, discriminator, loss, optimizers, batch, smoothing, clip, discriminator_steps
CASES = {
    "dense": dict(
        generator=lambda: [L.Input((100,))] + [dense(n, "relu") for n in (256, 256, 128, 64, 32)]
        + [dense(10, "tanh")],
        discriminator=lambda: [L.Input((10,))] + [dense(n, "relu") for n in (128, 128, 64, 32)]
        + [dense(1, "sigmoid")],
        optimizer=lambda: keras.optimizers.Adam(), batch=128),
    "smoothed": dict(
        generator=lambda: [L.Input((5,)), dense(16, "relu"), L.BatchNormalization(), dense(3, "tanh")],
        discriminator=lambda: [L.Input((3,)), dense(16, "tanh"), L.BatchNormalization(),
                               dense(1, "sigmoid")],
        optimizer=lambda: keras.optimizers.SGD(0.1), batch=13, smoothing=0.1),
    "squares": dict(
        generator=lambda: [L.Input((5,)), dense(16, "relu"), dense(3, "tanh")],
        discriminator=lambda: [L.Input((3,)), dense(16, "tanh"), dense(1)],
        optimizer=lambda: keras.optimizers.RMSprop(0.01), batch=13, loss="squares"),
    "critic": dict(
        generator=lambda: [L.Input((5,)), dense(16, "relu"), dense(3, "tanh")],
        discriminator=lambda: [L.Input((3,)), dense(16, "tanh"), dense(1)],
        optimizer=lambda: keras.optimizers.RMSprop(0.01), batch=13, loss="critic", clip=0.15,
        discriminator_steps=2),
}


def losses(case):
    """(discriminator's from outputs for real and generated rows, generator's)."""
    smoothing = case.get("smoothing", 0)
    kind = case.get("loss", "crossentropy")
    if kind == "critic":
        return (lambda real, fake: tf.reduce_mean(fake) - tf.reduce_mean(real),
                lambda fake: -tf.reduce_mean(fake))
    one = (keras.losses.BinaryCrossentropy() if kind == "crossentropy"
           else keras.losses.MeanSquaredError())
    return (lambda real, fake: one(tf.concat([tf.ones_like(real) - smoothing, tf.zeros_like(fake)], 0),
                                   tf.concat([real, fake], 0)),
            lambda fake: one(tf.ones_like(fake), fake))


class GAN(keras.Model):
    def __init__(self, case):
        super().__init__()
        self.case = case
        self.generator = keras.Sequential(case["generator"]())
        self.discriminator = keras.Sequential(case["discriminator"]())
        self.d_loss, self.g_loss = losses(case)
        self.seen = []

    def compile(self):
        super().compile()
        self.d_optimizer = self.case["optimizer"]()
        self.g_optimizer = self.case["optimizer"]()

    def train_step(self, data):
        real, noise = data
        real, noise = real[0], noise[0]
        steps = self.case.get("discriminator_steps", 1)
        clip = self.case.get("clip", 0)
        for i in range(steps):
            generated = self.generator(noise[i], training=True)
            with tf.GradientTape() as tape:
                d_loss = self.d_loss(self.discriminator(real, training=True),
                                     self.discriminator(generated, training=True))
            weights = self.discriminator.trainable_weights
            self.d_optimizer.apply_gradients(zip(tape.gradient(d_loss, weights), weights))
            if clip:
                for w in weights:
                    w.assign(tf.clip_by_value(w, -clip, clip))
        with tf.GradientTape() as tape:
            g_loss = self.g_loss(self.discriminator(self.generator(noise[steps], training=True),
                                                    training=True))
        weights = self.generator.trainable_weights
        self.g_optimizer.apply_gradients(zip(tape.gradient(g_loss, weights), weights))
        return {"d": d_loss, "g": g_loss}


class Losses(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        self.model.seen.append((float(logs["d"]), float(logs["g"])))


def set_weights(model, seed):
    for layer in model.layers:
        values = []
        for w in layer.weights:
            n = int(np.prod(w.shape))
            if len(w.shape) == 2:
                value = pseudo(seed, n, float(np.float32(np.sqrt(6 / sum(w.shape)))))
            elif "gamma" in w.path:
                value = 1 + pseudo(seed, n, 0.1)
            elif "moving" in w.path:
                value = w.numpy()
            else:
                value = pseudo(seed, n, 0.1)
            values.append(value.reshape(w.shape))
            seed += 1
        layer.set_weights(values)


def text(values):
    return ", ".join(f"{float(v):.9g}" for v in np.ravel(values))


def run(name, case, out):
    keras.utils.set_random_seed(1)
    gan = GAN(case)
    gan.compile()
    set_weights(gan.generator, 1)
    set_weights(gan.discriminator, 101)
    batch = case["batch"]
    draws = case.get("discriminator_steps", 1) + 1
    wide = gan.generator.input_shape[1]
    real = pseudo(1000, STEPS * batch * gan.discriminator.input_shape[1], 1)
    noise = np.stack([pseudo(2000 + i, batch * wide, 1.5) for i in range(STEPS * draws)])
    data = tf.data.Dataset.from_tensor_slices(
        (real.reshape(STEPS, batch, -1), noise.reshape(STEPS, draws, batch, wide))).batch(1)
    gan.fit(data, epochs=1, verbose=0, callbacks=[Losses()])
    shown = gan.generator(noise.reshape(-1, wide)[:SHOWN], training=True).numpy()
    out.write(f"/* {name} */\n")
    for i, column in enumerate(("discriminator", "generator")):
        out.write(f"static const double {name}_{column}_losses[] = {{{text([s[i] for s in gan.seen])}}};\n")
    for what, model in (("generator", gan.generator), ("discriminator", gan.discriminator)):
        values = []
        for w in model.trainable_weights:
            flat = np.ravel(w.numpy())
            values += [flat[i * len(flat) // SHOWN] for i in range(SHOWN)]
        out.write(f"static const double {name}_{what}_weights[] = {{\n\t")
        out.write(",\n\t".join(text(values[i:i + 4]) for i in range(0, len(values), 4)) + "\n};\n")
    out.write(f"static const double {name}_rows[] = {{\n\t")
    flat = np.ravel(shown)
    out.write(",\n\t".join(text(flat[i:i + 4]) for i in range(0, len(flat), 4)) + "\n};\n\n")


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "unit", "gan_keras.h")
    with open(path + ".new", "w") as out:
        out.write(f"/*\n * gan_keras.h\n *\t  Made by test/golden/gan.py with Keras {keras.__version__} on TensorFlow "
                  f"{tf.__version__}.\n *\t  Do not edit.\n */\n#ifndef GAN_KERAS_H\n#define GAN_KERAS_H\n\n")
        for name, case in CASES.items():
            run(name, case, out)
        out.write("#endif\t\t\t\t\t\t\t/* GAN_KERAS_H */\n")
    os.replace(path + ".new", path)


if __name__ == "__main__":
    main()
