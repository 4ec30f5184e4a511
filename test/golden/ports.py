"""ports.py
Models of several inputs and outputs: tables whose columns have the names of the
ports, and their training by Keras's functional models.
"""
import json

import keras
import numpy as np

from spec import Call, Hidden, Loss, METRICS, Network, fit_options, keras_model

# How a row is given: whole, by name; some of its columns by name; by position; by key.
WHOLE, KEYS = "golden_row", "to_jsonb(golden_row)"


def named(*columns):
    return f"(SELECT q FROM (SELECT {', '.join(reversed(columns))}) q)"


def by_position(*columns):
    return f"ROW({', '.join(columns)})"


class Table:
    """Rows of columns x, second and steps, which hang together with class, bit, reals,
    other and step_reals (targets of each step).

    lengths: how many steps each row has; Keras sees them padded with pad.
    """

    def __init__(self, name, x, second, steps=None, lengths=None, pad=0.0, classes=3, reals=2, seed=1):
        rng = np.random.default_rng(seed)
        self.name, self.lengths = name, lengths
        self.columns = {"x": np.round(x, 2), "second": np.round(second, 2)}
        seen = [self.columns["x"], self.columns["second"]]
        n = len(x)
        if steps is not None:
            steps = np.round(steps, 2)
            shown = steps.copy()
            for i, length in enumerate(lengths if lengths is not None else [steps.shape[1]] * n):
                steps[i, length:], shown[i, length:] = pad, 0
            self.columns["steps"] = steps
            seen.append(shown)
            self.columns["step_reals"] = np.round(np.tanh(shown @ rng.normal(0, 1, (steps.shape[-1], reals))), 3)
        flat = np.concatenate([s.reshape(n, -1) for s in seen], axis=1)
        flat = (flat - flat.mean()) / flat.std()
        scale = 1.5 / np.sqrt(flat.shape[1])
        draw = lambda *shape: flat @ rng.normal(0, scale, (flat.shape[1], *shape))
        self.columns["class"] = np.argmax(draw(classes), axis=1)
        self.columns["bit"] = (draw() > 0).astype(int)
        self.columns["reals"] = np.round(np.tanh(draw(reals)), 3)
        self.columns["other"] = np.round(np.tanh(draw(1)), 3)
        self.weight = np.maximum(np.round(rng.uniform(-0.3, 2, n), 1), 0)   # some are 0
        self.held = np.isin(np.arange(n), rng.choice(n, 11, replace=False))

    def __len__(self):
        return len(self.weight)

    def literal(self, column, i, array):
        """What the table has in a row's column."""
        if column not in self.columns:
            return None
        value = self.columns[column][i]
        if column in ("class", "bit"):
            return int(value)
        if column in ("steps", "step_reals") and self.lengths is not None:
            return array(value[:self.lengths[i]])
        return array(value)

    def write(self, copy, out, array):
        columns = ("x", "second", "steps", "class", "bit", "reals", "other", "step_reals")
        copy(out, "golden_row", "dataset, row, weight, held, " + ", ".join(columns),
             [(self.name, i + 1, array(self.weight[i:i + 1])[1:-1], "t" if self.held[i] else "f",
               *(self.literal(c, i, array) for c in columns)) for i in range(len(self))])


class Ports(Network):
    """loss, loss_weights, metrics and weighted_metrics are by output, or one for all; outputs
    have the names of columns, but for those in targets.  y may leave out outputs without a loss."""

    def __init__(self, name, dataset, layers, x, y, loss, optimizer, loss_weights=None, metrics=None,
                 weighted_metrics=None, targets=None, **options):
        super().__init__(name, dataset, layers, y, loss, optimizer, metrics or {}, **options)
        self.x, self.loss_weights, self.weighted_metrics = x, loss_weights, weighted_metrics
        self.targets = targets or {}
        if isinstance(loss, dict):      # what feeds an output without a loss only is to stay
            self.still = [layer.options["name"] for layer in layers
                          if layer.options.get("name") in self.targets and layer.options["name"] not in loss]

    def inputs(self):
        return [layer.options["name"] for layer in self.layers if layer.kind == "input"]

    def target_of(self, data, output):
        """As Keras takes it: two dimensions, or for class indexes one."""
        column = self.targets.get(output, output)
        y = data.columns[column]
        return y[:, None] if column == "bit" else y

    def compile_sql(self):
        given = {"loss_weights": self.loss_weights, "weighted_metrics": self.weighted_metrics}
        return "".join(f", {k} => {quoted(v)}" for k, v in given.items() if v is not None)


def text(value):
    """As a jsonb object, a name or an array of names."""
    if isinstance(value, Loss):
        return json.dumps(value.json())
    if isinstance(value, (tuple, list)) and any(isinstance(v, Loss) for v in value):
        return json.dumps([v.json() if isinstance(v, Loss) else v for v in value])
    if isinstance(value, (tuple, list)):
        return "{" + ",".join(value) + "}"
    return json.dumps(value) if isinstance(value, (dict, float, int)) else value


def quoted(value):
    return "'" + text(value) + "'"


def of(value, output):
    """What a value by output is for one; anything else is for all."""
    return value.get(output) if isinstance(value, dict) else value


def metrics_of(value, output):
    value = of(value, output) or ()
    return [METRICS.get(m, m) for m in ((value,) if isinstance(value, str) else value)]


def adapt(model, network, columns):
    """Normalization that reads an input learns from its column."""
    for spec in network.layers:
        if spec.kind == "normalization":
            model.get_layer(spec.options["name"]).adapt(columns[spec.options["inputs"][0]])


def rows_weights(network, data, outputs, target):
    """A list for each output; where it has steps, each step has the row's weight."""
    if network.weight is None:
        return None
    out = []
    for name in outputs:
        y = target(name)
        out.append(np.repeat(data.weight[:, None], y.shape[1], axis=1) if y.ndim > 2 else data.weight)
    return out


def take(columns, rows):
    if columns is None:
        return None
    return [c[rows] for c in columns] if len(columns) > 1 else columns[0][rows]


def end_to_end(data, predictions, i):
    """A row's outputs, as predict gives them."""
    parts = []
    for p in predictions:
        parts.append(p[i, :data.lengths[i]] if p.ndim > 2 and data.lengths is not None else p[i])
    return [np.ravel(p) for p in parts]


def train(network, data, weights, precision, batch, epochs, shown):
    """As make.train, with what each output predicts before: (layers, history, evaluation,
    predictions, predictions of each output of the untrained)."""
    keras.config.set_floatx(precision)
    keras.utils.set_random_seed(network.seed)
    model, layers = keras_model(network)
    if weights is None:
        return layers, None, None, None, None
    outputs = model.output_names
    target = lambda name: network.target_of(data, name)
    held = data.held if network.held else np.zeros(len(data), bool)
    columns = {n: data.columns[n].astype(precision) for n in network.inputs()}
    x, y = list(columns.values()), [target(n) for n in outputs]
    row_weights = rows_weights(network, data, outputs, target)
    for layer, values in zip(layers, weights):
        if values and not isinstance(layer, keras.layers.Normalization):
            layer.set_weights([v.astype(w.dtype) for v, w in zip(values, layer.weights)])
    losses = [of(network.loss, n) for n in outputs]
    parts = {"loss": losses}
    if network.loss_weights is not None:
        parts["loss_weights"] = [1.0 if of(network.loss_weights, n) is None else of(network.loss_weights, n)
                                 for n in outputs]
    if precision == "float32":      # some metrics do not take double precision
        parts["metrics"] = [metrics_of(network.metrics, n) for n in outputs]
        parts["weighted_metrics"] = [metrics_of(network.weighted_metrics, n) for n in outputs]
    if len(outputs) == 1:
        parts = {k: v[0] for k, v in parts.items()}
    # Eagerly: else Keras on TensorFlow does not know how many rows a batch has when it takes
    # the mean of an output's loss, and a smaller last batch counts like the others there.
    model.compile(optimizer=network.optimizer.keras(), run_eagerly=True, **parts)
    options = fit_options(network)
    if network.held:
        options["validation_data"] = (take(x, held), take(y, held)) + \
            (() if row_weights is None else (take(row_weights, held),))
    lists = lambda p: p if isinstance(p, list) else [p]
    untrained = lists(model.predict(take(x, slice(shown)), verbose=0))
    adapt(model, network, {k: v[~held] for k, v in columns.items()})
    history = model.fit(take(x, ~held), take(y, ~held), sample_weight=take(row_weights, ~held), batch_size=batch,
                        epochs=network.epochs or epochs, shuffle=False, verbose=0, **options).history
    everything = slice(None)
    evaluation = model.evaluate(take(x, everything), take(y, everything), batch_size=len(data), verbose=0,
                                sample_weight=take(row_weights, everything), return_dict=True)
    predictions = lists(model.predict(take(x, slice(shown)), verbose=0))
    return (layers, history, evaluation,
            [np.concatenate(end_to_end(data, predictions, i)) for i in range(shown)],
            [(i + 1, name, part) for i in range(shown)
             for name, part in zip(outputs, end_to_end(data, untrained, i))])
