"""random_ports.py
Networks of several inputs and outputs drawn at random: layers that several others take,
vectors and sequences that meet, heads with losses, weights and metrics of their own.
"""
import numpy as np

from ports import KEYS, WHOLE, Ports, Table, by_position, named
from spec import Call as L, Hidden

PAD = -9.0
LOSSES = {"class": ["sparse_categorical_crossentropy"],
          "bit": ["binary_crossentropy", "binary_crossentropy", "mean_squared_error"],
          "reals": ["mean_squared_error", "mean_absolute_error", "huber", "log_cosh"],
          "other": ["mean_squared_error", "huber", "log_cosh"],
          "step_reals": ["mean_squared_error", "mean_absolute_error", "huber"]}
METRICS = {"class": ["accuracy", "sparse_categorical_crossentropy"],
           "bit": ["accuracy", "binary_accuracy", "mean_absolute_error"],
           "reals": ["mean_squared_error", "mean_absolute_error", "log_cosh"],
           "other": ["mean_squared_error", "mean_absolute_error"],
           "step_reals": ["mean_squared_error", "mean_absolute_error"]}
HEADS = {"class": (3, "softmax"), "bit": (1, "sigmoid"), "reals": (2, "linear"), "other": (1, "linear"),
         "step_reals": (2, "linear")}
ACTIVATIONS = ["tanh", "sigmoid", "gelu", "softplus", "elu", "linear"]


class Draft:
    """A network in the making: vectors and sequences, each a name and its width, and those nothing takes yet."""

    def __init__(self, rng):
        self.rng, self.layers, self.loose = rng, [], []
        self.vectors, self.sequences, self.width = [], [], {}

    def pick(self, *values):
        return values[self.rng.integers(len(values))]

    def chance(self, p):
        return bool(self.rng.random() < p)

    def some(self, names, most):
        return [str(n) for n in self.rng.choice(names, size=int(self.rng.integers(2, most + 1)))]

    def add(self, kind, inputs, width, where, *args, name=None, **options):
        name = name or f"layer_{len(self.layers)}"
        self.layers.append(L(kind, *args, inputs=inputs, name=name, **options))
        self.loose = [n for n in self.loose if n not in inputs] + [name]
        self.width[name] = width
        where.append(name)
        return name

    def dense(self, fed, where, units=None):
        units = units or int(self.rng.integers(2, 6))
        more = {"kernel_regularizer": {"l2": 0.01}} if self.chance(0.15) else {}
        return self.add("dense", [fed], units, where, units, activation=self.pick(*ACTIVATIONS), **more)

    def merge(self, where, masked):
        """Of layers picked with repetition: one may meet itself."""
        names = self.some(where, 3)
        kind = self.pick("concatenate", "add") if masked else self.pick("concatenate", "add", "multiply")
        if kind != "concatenate":
            units = self.width[names[0]]
            names = [n if self.width[n] == units else self.dense(n, where, units) for n in names]
        self.add(kind, names, sum(self.width[n] for n in names) if kind == "concatenate" else self.width[names[0]], where)


def inputs(d, data):
    """All columns in some order; a sequence perhaps behind a mask."""
    names = [str(n) for n in d.rng.permutation([n for n in ("x", "second", "steps") if n in data.columns])]
    for name in names:
        width = data.columns[name].shape[-1]
        d.width[name] = width
        d.loose.append(name)
        if name == "steps":
            d.layers.append(L("input", [None if data.lengths is not None else data.columns[name].shape[1], width],
                              name=name))
            d.sequences.append(name)
        else:
            d.layers.append(L("input", [width], name=name))
            d.vectors.append(name)
    return names


def sequence(d, masked):
    fed = d.pick(*d.sequences)
    kind = d.pick("simple_rnn", "lstm", "gru", "dense", "merge")
    if kind == "merge" and len(d.sequences) > 1:
        d.merge(d.sequences, masked)
    elif kind in ("dense", "merge"):
        d.dense(fed, d.sequences)
    else:
        units = int(d.rng.integers(2, 5))
        d.add(kind, [fed], units, d.sequences, units, return_sequences=True)


def ending(d, fed):
    """A sequence becomes a vector."""
    kind = d.pick("lstm", "gru", "global_average_pooling1d")
    if kind == "global_average_pooling1d":
        return d.add(kind, [fed], d.width[fed], d.vectors)
    units = int(d.rng.integers(2, 5))
    return d.add(kind, [fed], units, d.vectors, units)


def vector(d):
    if d.chance(0.5):
        d.merge(d.vectors, False)
    elif d.chance(0.15):
        fed = d.pick(*d.vectors)
        d.add("batch_normalization", [fed], d.width[fed], d.vectors)
    else:
        d.dense(d.pick(*d.vectors), d.vectors)


def heads(d):
    """The outputs, one of them of all that nothing else takes."""
    wanted = [str(n) for n in d.rng.permutation(["class", "bit", "reals", "other"])][:int(d.rng.integers(1, 4))]
    read = d.sequences[-1] if len(d.sequences) > 1 and d.chance(0.5) else None
    for name in [n for n in d.loose if n in d.sequences and n != read]:
        ending(d, name)
    inner = [n for n in d.vectors if n not in ("x", "second")]
    loose = [n for n in d.loose if n != read]
    body = d.add("concatenate", loose, sum(d.width[n] for n in loose), d.vectors) if len(loose) > 1 else \
        loose[0] if loose else d.dense(d.pick(*d.vectors), d.vectors)
    if d.width[body] > 6:
        body = d.dense(body, d.vectors, 5)
    out = []
    for name in wanted:
        fed = body if not out or d.chance(0.5) or not inner else d.pick(*inner)
        units, activation = HEADS[name]
        out.append(d.add("dense", [fed], units, [], units, activation=activation, name=name))
    if read is not None:
        out.append(d.add("dense", [read], 2, [], 2, name="step_reals"))
    if d.chance(0.12) and len(out) < 3:
        d.add("dense", [body], 2, [], 2, name="idle")
        return out, {"idle": "reals"}
    return out, {}


def named_metrics(d, outputs, p):
    drawn = {n: [str(m) for m in d.rng.permutation(METRICS[n])][:int(d.rng.integers(1, 3))]
             for n in outputs if d.chance(p)}
    return drawn or None


def table(rng, seed, rows):
    more = {}
    if rng.random() < 0.6:
        steps = rng.normal(0, 1, (rows, 5, 2))
        if rng.random() < 0.4:
            steps[rng.random((rows, 5)) < 0.3] = 0
            steps[:, 2] = rng.normal(0, 1, (rows, 2))
        elif rng.random() < 0.6:
            lengths = rng.integers(1, 6, rows)
            lengths[3] = 5
            more = {"lengths": lengths, "pad": PAD}
        more["steps"] = steps
    return Table(f"rows_{seed}", rng.normal(0, 1, (rows, rng.integers(2, 6))),
                 rng.normal(0, 1, (rows, rng.integers(1, 4))), seed=seed, **more)


def draw(seed, rows=30):
    """The data and the network of that seed."""
    rng = np.random.default_rng(seed + 100_000)
    data = table(rng, seed, rows)
    d = Draft(rng)
    columns = inputs(d, data)
    masked = data.lengths is not None
    if masked:
        d.layers.append(Hidden("masking", inputs=["steps"], mask_value=PAD))
    elif d.sequences and d.chance(0.6):
        d.add("masking", ["steps"], 2, d.sequences, 0.0)
        d.sequences.remove("steps")
        masked = True
    for _ in range(rng.integers(1, 4) if d.sequences else 0):
        sequence(d, masked)
    if d.sequences and d.chance(0.7):
        ending(d, d.pick(*d.sequences))
    for _ in range(rng.integers(1, 5)):
        vector(d)
    outputs, idle = heads(d)
    loss = {n: d.pick(*LOSSES[n]) for n in outputs}
    options = {"weight": "weight" if d.chance(0.4) else None, "held": d.chance(0.3)}
    if not options["held"] and d.chance(0.4):
        options["validation_split"] = d.pick(0.2, 0.25, 0.3)
    only = len(outputs) == 1 and not idle
    if only and outputs[0] in ("class", "bit") and options["weight"] is None and d.chance(0.5):
        options["class_weight"] = {0: 0.5, 1: 2}
    if (len(outputs) > 1 or idle) and d.chance(0.6):
        options["loss_weights"] = {n: d.pick(0.25, 0.5, 2, 3) for n in outputs if d.chance(0.7)} or None
    optimizer = d.pick(L("sgd", learning_rate=0.1, momentum=0.5), L("adam", learning_rate=0.01),
                       L("rmsprop", learning_rate=0.01), L("adamw", learning_rate=0.01, global_clipnorm=0.3))
    x = d.pick(WHOLE, KEYS, named(*columns), by_position(*columns))
    # y by position has nothing for an output without a loss
    y = outputs[0] if len(outputs) == 1 else d.pick(WHOLE, KEYS, named(*outputs), by_position(*outputs))
    metrics, weighted = (named_metrics(d, outputs, p) for p in (0.6, 0.4 if options["weight"] else 0))
    if only:
        loss = loss[outputs[0]]
        metrics, weighted = ((m or {}).get(outputs[0]) for m in (metrics, weighted))
    return data, Ports(f"random_{seed}", data.name, d.layers, x, y, loss, optimizer, metrics=metrics,
                       weighted_metrics=weighted, targets=idle, seed=seed, **options)
