"""alone.py
Networks of variable steps whose output may have other steps than the input,
trained by Keras without any padding: each row goes through the model alone, and
a batch's loss is the mean over the entries of all its rows.  That is what nnet
promises for rows of different length that share a batch.
"""
import keras
import numpy as np
import tensorflow as tf

from spec import METRICS, keras_model

BATCH = 13
THRESHOLDS = (-0.30005, 0.30005)    # between three decimals: what makes classes of reals


class Steps:
    """Rows of `lengths` steps of `features` numbers, or of ids where features is 0.

    Targets are the first of the row's reals, as many as its output has.
    """

    def __init__(self, name, lengths, features=2, reals=48, seed=1, ids=8, gaps=0.0):
        rng = np.random.default_rng(seed)
        shape = (len(lengths), max(lengths)) + ((features,) if features else ())
        self.name, self.x_sql, self.lengths, self.features = name, "x", lengths, features
        if features:
            self.x = np.round(rng.normal(0, 1, shape), 2).astype(np.float32)
            self.x[rng.random(shape[:2]) < gaps] = 0
        else:
            self.x = rng.integers(0, ids, shape).astype(np.float32)
        self.reals = np.round(np.tanh(rng.normal(0, 1, (len(lengths), reals))), 3)
        # rows of like content have like targets: something can be learned
        level = np.array([r[:n].mean() for r, n in zip(self.x, lengths)])
        level = (level - level.mean()) / (level.std() + 1e-6)
        self.reals = np.clip(np.round(0.5 * self.reals + 0.4 * np.tanh(level)[:, None], 3), -0.95, 0.95)
        self.classes = self.bits = np.zeros(len(lengths), int)

    def row(self, i):
        return self.x[i, :self.lengths[i]]

    def cut(self, i, y):
        return np.asarray(y).ravel()

    def steps_sql(self):
        return f"cardinality(x) / {max(self.features, 1)}"


def spelled(shape):
    """How many classes a sequence has that an output of that shape is to spell."""
    return shape[0] // 2


def values(model, data, n, network):
    """How many targets a row of n steps has."""
    shape = model(data.x[:1, :n], training=False).shape[1:]
    if network.y == "sequence":
        return spelled(shape)
    return int(np.prod(shape[:-1] if network.y == "classes" else shape))


def target_sql(network, data):
    """The targets of a row, from its number of steps alone."""
    model, _ = keras_model(network)
    counts = [0] * max(data.lengths)
    for n in set(data.lengths):
        counts[n - 1] = values(model, data, n, network)
    first = f"reals[1:('{{{','.join(map(str, counts))}}}'::integer[])[{data.steps_sql()}]]"
    if network.y in ("classes", "sequence"):
        tests = " + ".join(["0" if network.y == "classes" else "1", *(f"(v > {t})::integer" for t in THRESHOLDS)])
        return f"ARRAY(SELECT {tests} FROM unnest({first}) WITH ORDINALITY u(v, o) ORDER BY o)"
    return first


def targets(network, data, i, shape, dtype):
    """Those of row i for an output of that shape; of sequences with a zero behind, so that there is one."""
    if network.y == "sequence":
        reals = data.reals[i, :spelled(shape)].astype(np.float32)
        return np.append(1 + sum((reals > t).astype(np.int32) for t in THRESHOLDS), 0).astype(np.int32)
    if network.y == "classes":
        n = int(np.prod(shape[:-1]))
        reals = data.reals[i, :n].astype(np.float32)
        return sum((reals > t).astype(np.int32) for t in THRESHOLDS).reshape(shape[:-1])
    return data.reals[i, :int(np.prod(shape))].reshape(shape).astype(dtype)


def all_targets(network, data, model):
    """Those of all rows, one below the other, as one sample: what a last layer that denormalizes is to learn."""
    out = []
    for i, n in enumerate(data.lengths):
        shape = tuple(model(data.x[i:i + 1, :n], training=False).shape[1:])
        out.append(targets(network, data, i, shape, np.float32).reshape(-1, shape[-1]))
    return np.concatenate(out)[None]


def entries(network, data, model, rows, dtype, functions):
    """For each function its sum over the rows' entries that no mask hides, and their number."""
    sums, count = [0.0] * len(functions), 0.0
    groups = {}
    for i in rows:
        groups.setdefault(data.lengths[i], []).append(i)
    for n, members in groups.items():
        out = model(data.x[members, :n].astype(dtype), training=True)
        y = np.stack([targets(network, data, i, tuple(out.shape[1:]), dtype) for i in members])
        mask = getattr(out, "_keras_mask", None)
        for k, function in enumerate(functions):
            each = function(y, out)
            shown = tf.ones_like(each) if mask is None else tf.cast(mask, each.dtype)
            while len(shown.shape) < len(each.shape):
                shown = shown[..., None]
            shown = tf.broadcast_to(shown, tf.shape(each))
            sums[k] += tf.reduce_sum(each * shown)
        count += float(tf.reduce_sum(shown))
    return sums, count


def metric(name):
    return METRICS.get(name) or getattr(keras.metrics, name)


def train(network, data, weights, precision, epochs):
    """As make.train: (layers, history, evaluation, predictions of the first rows)."""
    keras.config.set_floatx(precision)
    keras.utils.set_random_seed(network.seed)
    model, layers = keras_model(network)
    if weights is None:
        return layers, None, None, None
    for layer, first in zip(layers, weights):
        if isinstance(layer, keras.layers.Normalization):
            layer.adapt(all_targets(network, data, model))
        elif first:
            layer.set_weights([v.astype(w.dtype) for v, w in zip(first, layer.weights)])
    loss = metric(network.loss)
    functions = [loss] + [metric(m) for m in network.metrics]
    optimizer = network.optimizer.keras()
    optimizer.build(model.trainable_variables)
    history = {k: [] for k in ("loss", *network.metrics)}
    rows = range(len(data.lengths))
    for _ in range(epochs):
        mean, totals, number = 0.0, [0.0] * len(network.metrics), 0.0
        for at in range(0, len(rows), BATCH):
            batch = rows[at:at + BATCH]
            with tf.GradientTape() as tape:
                sums, count = entries(network, data, model, batch, precision, functions)
                value = sums[0] / count if count else sums[0]
            gradients = tape.gradient(value, model.trainable_variables,
                                      unconnected_gradients=tf.UnconnectedGradients.ZERO)
            optimizer.apply(gradients, model.trainable_variables)
            mean += float(value) * len(batch) / len(rows)
            totals = [t + float(s) for t, s in zip(totals, sums[1:])]
            number += count
        history["loss"].append(mean)
        for name, total in zip(network.metrics, totals):
            history[name].append(total / number)
    sums, count = entries(network, data, model, rows, precision, functions)
    predictions = [model(data.x[i:i + 1, :data.lengths[i]].astype(precision), training=False).numpy()
                   for i in range(min(8, len(rows)))]
    return layers, history, np.array([float(s) / count for s in sums]), predictions
